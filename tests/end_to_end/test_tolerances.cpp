// SPDX-License-Identifier: Apache-2.0

// What a run's figures owe to its tolerances: ten times tighter ones move no recorded temperature
// by more than 0.05 K.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/end_to_end/program.hpp"
#include "tests/end_to_end/results.hpp"

namespace {

using namespace ampacity::tests;

// Largest difference of a variable between two runs, over all units and instants.
double largest_difference(const Results& a, const Results& b, const std::string& variable) {
  double worst = 0.0;
  for (std::size_t unit = 0; unit < a.paths(variable).size(); ++unit) {
    const std::vector<float> x = a.series(variable, unit);
    const std::vector<float> y = b.series(variable, unit);
    for (std::size_t i = 0; i < x.size(); ++i) {
      worst = std::max(worst, std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("ten times tighter tolerances move no temperature by 0.05 K" *
          doctest::test_suite("full")) {
  const TemporaryDirectory folder;
  const auto run = [&](const std::string& name, std::vector<std::string> extra) {
    // Half an hour without an event, so that no instant has to be left out: constant work, and no
    // staging at that time of the day.
    std::vector<std::string> words{"run",   "demo",  "--from", "2024-07-16T03:00",
                                   "--for", "30min", "--set",  "workload.source=constant",
                                   "-o",    name};
    words.insert(words.end(), extra.begin(), extra.end());
    const ProgramResult result = run_program(folder.path(), words, 300.0);
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  };
  run("loose", {});
  run("tight", {"--set", "solver.relative_tolerance=1e-7", "--set", "solver.tolerance_factor=0.1"});
  const Results loose(folder.path() / "loose/results.nc");
  const Results tight(folder.path() / "tight/results.nc");
  for (const char* name : {"loose", "tight"}) {
    const std::string events = bytes_of(folder.path() / name / "events.csv");
    CHECK_MESSAGE(std::count(events.begin(), events.end(), '\n') == 1, events);
  }
  double worst_k = 0.0;
  int compared = 0;
  for (const std::string& name : loose.variables()) {
    if (loose.unit_of_measure(name) != "K") continue;
    const double difference_k = largest_difference(loose, tight, name);
    CHECK_MESSAGE(difference_k <= 0.05, name << " moves by " << difference_k << " K");
    worst_k = std::max(worst_k, difference_k);
    ++compared;
  }
  MESSAGE(compared << " kinds of temperature, largest difference " << worst_k << " K");
  CHECK(compared > 20);
  CHECK(worst_k > 0.0);  // the tolerances reach the engine
}
