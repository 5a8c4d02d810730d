// SPDX-License-Identifier: Apache-2.0

// Whether the answer depends on how accurately it is computed: half an hour of the demo site, once
// as it ships and once with relative and absolute tolerances ten times tighter. No temperature of
// the plant may differ by more than 0.05 K at an instant that is more than 5 s away from every
// event of either run; at an event itself the two may act a moment apart.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/end_to_end/program.hpp"
#include "tests/end_to_end/results.hpp"
#include "twin/core/time.hpp"

namespace fs = std::filesystem;
using namespace ampacity::tests;

namespace {

constexpr double most_k = 0.05;
constexpr double away_s = 5.0;

// Instants of the events of a run, in seconds since its start.
std::vector<double> event_times_s(const fs::path& run) {
  const auto start =
      ampacity::parse_time(json_of(run / "manifest.json")["simulated_start"].get<std::string>());
  REQUIRE(start);
  std::ifstream stream(run / "events.csv");
  std::string line;
  std::getline(stream, line);
  std::vector<double> times_s;
  while (std::getline(stream, line)) {
    const auto at = ampacity::parse_time(line.substr(0, line.find(',')));
    REQUIRE_MESSAGE(at, line);
    times_s.push_back(ampacity::to_seconds(at.value() - start.value()));
  }
  return times_s;
}

// Which samples are far enough from every event of both runs.
std::vector<bool> quiet_samples(const std::vector<double>& times_s, const fs::path& one,
                                const fs::path& other) {
  std::vector<bool> quiet(times_s.size(), true);
  for (const fs::path& run : {one, other}) {
    for (const double event_s : event_times_s(run)) {
      for (std::size_t i = 0; i < times_s.size(); ++i) {
        if (std::abs(times_s[i] - event_s) <= away_s) quiet[i] = false;
      }
    }
  }
  return quiet;
}

struct Difference {
  double kelvin = 0.0;
  std::string where;
};

Difference largest_difference(const std::string& variable, const Results& one, const Results& other,
                              const std::vector<bool>& quiet) {
  Difference worst;
  const std::vector<std::string> paths = one.paths(variable);
  for (std::size_t unit = 0; unit < paths.size(); ++unit) {
    const std::vector<float> a = one.series(variable, unit);
    const std::vector<float> b = other.series(variable, unit);
    for (std::size_t i = 0; i < quiet.size(); ++i) {
      const double kelvin = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
      // A value that is no number in one run only is the largest difference of all.
      const bool alike = kelvin <= worst.kelvin || (std::isnan(a[i]) && std::isnan(b[i]));
      if (!quiet[i] || alike) continue;
      worst = {kelvin, paths[unit] + "/" + variable + " after " +
                           std::to_string(static_cast<int>(one.times_s()[i])) + " s"};
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("tenfold tighter tolerances change no temperature" * doctest::test_suite("full")) {
  const TemporaryDirectory folder;
  const auto run = [&](const char* name, std::vector<std::string> more) {
    std::vector<std::string> words{"run", "demo", "--for", "30min", "--record", "*.*temperature*",
                                   "-o",  name};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramResult result = run_program(folder.path(), words, 300.0);
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return folder.path() / name;
  };
  const fs::path shipped = run("shipped", {});
  const fs::path tight = run(
      "tight", {"--set", "solver.relative_tolerance=1e-7", "--set", "solver.tolerance_factor=0.1"});
  const Results one(shipped / "results.nc");
  const Results other(tight / "results.nc");
  REQUIRE(one.times_s() == other.times_s());
  REQUIRE(one.variables() == other.variables());
  const std::vector<bool> quiet = quiet_samples(one.times_s(), shipped, tight);
  MESSAGE(std::count(quiet.begin(), quiet.end(), true)
          << " of " << quiet.size() << " samples are away from events");
  CHECK(std::count(quiet.begin(), quiet.end(), true) > 900);
  std::size_t compared = 0;
  Difference worst;
  for (const std::string& variable : one.variables()) {
    if (one.unit_of_measure(variable) != "K") continue;
    ++compared;
    const Difference here = largest_difference(variable, one, other, quiet);
    CHECK_MESSAGE(here.kelvin <= most_k, here.where << ": " << here.kelvin << " K");
    if (!(here.kelvin <= worst.kelvin)) worst = here;
  }
  CHECK(compared > 20);
  MESSAGE(compared << " temperatures, worst " << worst.where << ": " << worst.kelvin << " K");
}
