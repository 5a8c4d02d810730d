// SPDX-License-Identifier: Apache-2.0

// Measured heat as demand: values, slopes and kinks by hand.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tests/support/reference.hpp"
#include "twin/inputs/trace.hpp"
#include "twin/workload/manager.hpp"
#include "twin/workload/trace_player.hpp"

using namespace ampacity;

namespace {

Time at(double n_s) { return Time{1'712'448'000 * ns_per_second} + seconds(n_s); }

// Heat of two cooling units every 15 s.
Series heat() {
  return Series("day.csv", Interpolation::linear, {{"cdu-1", "W"}, {"cdu-2", "W"}},
                {at(0), at(15), at(30), at(45)},
                {945e3, 189e3, 945e3, 283.5e3, 472.5e3, 283.5e3, 472.5e3, 283.5e3});
}

// Three cabinets behind the first unit, two, of 1 to 2, behind the second; rack 5 is not measured.
std::vector<TraceChannel> channels() {
  return {{"cdu-1", 0.945, {{0, 1.0}, {1, 1.0}, {2, 1.0}}}, {"cdu-2", 0.945, {{3, 1.0}, {4, 2.0}}}};
}

doctest::Approx close(double value) { return doctest::Approx(value).epsilon(1e-12); }

}  // namespace

TEST_CASE("demand is heat over capture, shared by weight, linear between samples") {
  const TracePlayer player(heat(), 6, channels());
  std::array<double, 6> demand_w{};
  std::array<double, 6> slope_w_s{};
  player.demand(at(0), demand_w, slope_w_s);
  CHECK(demand_w[0] == close(1e6 / 3));
  CHECK(demand_w[2] == close(1e6 / 3));
  CHECK(demand_w[3] == close(200e3 / 3));
  CHECK(demand_w[4] == close(400e3 / 3));
  CHECK(demand_w[5] == 0.0);
  CHECK(slope_w_s[0] == 0.0);
  CHECK(slope_w_s[4] == close(2.0 / 3 * 100e3 / 15));

  player.demand(at(22.5), demand_w, slope_w_s);
  CHECK(demand_w[1] == close(750e3 / 3));
  CHECK(slope_w_s[1] == close(-500e3 / 3 / 15));
  CHECK(demand_w[3] == close(100e3));
  CHECK(slope_w_s[3] == 0.0);

  // Value and slope of a segment give every instant inside.
  std::array<double, 6> later_w{};
  std::array<double, 6> unused{};
  player.demand(at(29), later_w, unused);
  for (std::size_t r = 0; r < 6; ++r) {
    CHECK(later_w[r] == close(demand_w[r] + 6.5 * slope_w_s[r]));
  }
  double sum_w = 0.0;
  for (double w : later_w) sum_w += w;
  CHECK(sum_w == close((500e3 + 500e3 / 15) + 300e3));

  player.demand(at(45), demand_w, slope_w_s);
  CHECK(demand_w[0] == close(500e3 / 3));
  CHECK(slope_w_s[0] == 0.0);
}

TEST_CASE("kinks are events") {
  const TracePlayer player(heat(), 6, channels());
  CHECK(player.next_event(at(0)) == at(15));
  CHECK(player.next_event(at(15)) == at(30));
  const Time last = player.next_event(at(30));
  CHECK((last == at(45) || last == never));  // flat there
  CHECK(player.next_event(at(45)) == never);
}

TEST_CASE("held outside of its range a trace is flat") {
  Series series = heat();
  series.hold();
  const TracePlayer player(series, 6, channels());
  std::array<double, 6> demand_w{};
  std::array<double, 6> slope_w_s{};
  for (double t : {-1e6, 1e6}) {
    player.demand(at(t), demand_w, slope_w_s);
    CHECK(demand_w[0] == close(t < 0 ? 1e6 / 3 : 500e3 / 3));
    for (double slope : slope_w_s) CHECK(slope == 0.0);
  }
}

TEST_CASE("a step series has no slope") {
  const Series series("power.csv", Interpolation::step, {{"rack", "W"}}, {at(0), at(60)},
                      {100e3, 40e3}, seconds(60));
  const TracePlayer player(series, 1, {{"rack", 1.0, {{0, 5.0}}}});
  std::array<double, 1> demand_w{};
  std::array<double, 1> slope_w_s{1.0};
  player.demand(at(59), demand_w, slope_w_s);
  CHECK(demand_w[0] == close(100e3));
  CHECK(slope_w_s[0] == 0.0);
  CHECK(player.next_event(at(0)) == at(60));
}

TEST_CASE("a trace that cannot be meant is refused") {
  const auto with = [](auto change) {
    std::vector<TraceChannel> spoiled = channels();
    change(spoiled);
    return TracePlayer(heat(), 6, spoiled);
  };
  CHECK_THROWS_AS(with([](auto& c) { c[0].column = "cdu-3"; }), ConfigurationError);
  CHECK_THROWS_AS(with([](auto& c) { c[0].capture_fraction = 0.0; }), ConfigurationError);
  CHECK_THROWS_AS(with([](auto& c) { c[0].capture_fraction = 1.01; }), ConfigurationError);
  CHECK_THROWS_AS(with([](auto& c) { c[1].racks[0].rack = 1; }), ConfigurationError);
  CHECK_THROWS_AS(with([](auto& c) { c[1].racks.clear(); }), ConfigurationError);
  const Series negative("p.csv", Interpolation::linear, {{"rack", "W"}}, {at(0), at(60)},
                        {1.0, -1.0});
  CHECK_THROWS_WITH_AS(TracePlayer(negative, 1, {{"rack", 1.0, {{0, 1.0}}}}),
                       "p.csv: rack: -1 W at 2024-04-07T00:01:00Z is negative (mend the sign or "
                       "the meter's zero)",
                       ConfigurationError);
}

TEST_CASE("Frontier's measured day, rack by rack") {
  const auto file =
      tests::reference_file("series/frontier_2024-04-07_cdu_heatload_wetbulb_15s.csv.gz");
  if (!file) return;
  TraceOptions options;
  options.start = at(0);
  const UnitTrace trace = read_trace(*file, options);
  REQUIRE(trace.units.size() == 25);
  // 74 cabinets: three behind each unit, two behind unit 14.
  std::vector<TraceChannel> by_unit;
  std::size_t rack = 0;
  for (std::size_t c = 0; c < trace.units.size(); ++c) {
    TraceChannel channel{trace.power_w.columns()[c].name, 0.945, {}};
    const int cabinets = trace.units[c] == 14 ? 2 : 3;
    for (int i = 0; i < cabinets; ++i) channel.racks.push_back({rack++, 1.0});
    by_unit.push_back(channel);
  }
  REQUIRE(rack == 74);
  const TracePlayer player(trace.power_w, rack, by_unit);
  std::vector<double> demand_w(rack);
  std::vector<double> slope_w_s(rack);
  // From kink to kink with value and slope: exact for straight lines.
  double heat_j = 0.0;
  Time now = trace.power_w.start();
  const Time end = trace.power_w.end();
  while (now < end) {
    const Time next = std::min(end, player.next_event(now));
    const double step_s = to_seconds(next - now);
    player.demand(now, demand_w, slope_w_s);
    for (std::size_t r = 0; r < rack; ++r) {
      heat_j += 0.945 * (demand_w[r] + 0.5 * slope_w_s[r] * step_s) * step_s;
    }
    now = next;
  }
  // The file's description: mean heat 16.1 MW.
  CHECK(heat_j / to_seconds(end - trace.power_w.start()) == doctest::Approx(16.1e6).epsilon(0.004));
  double expected_j = 0.0;
  for (std::size_t c = 0; c < 25; ++c) {
    expected_j +=
        trace.power_w.mean(c, trace.power_w.start(), end) * to_seconds(end - trace.power_w.start());
  }
  CHECK(heat_j == doctest::Approx(expected_j).epsilon(1e-12));
}
