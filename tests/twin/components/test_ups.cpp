// SPDX-License-Identifier: Apache-2.0

// UPS: loss table, sag logic (a sag of 0.5 pu for 150 ms; six sags in 82 s as on 10 July 2024),
// walk-in, run time, overload table, bypass.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/component_check.hpp"
#include "twin/components/ups.hpp"

namespace ampacity {
namespace {

using tests::Bench;
using Operation = Ups::Operation;

std::int64_t code(Operation operation) { return static_cast<std::int64_t>(operation); }

// A UPS on a bench with a clock: moves on in steps of 1 ms and delivers timers and guards at their
// millisecond.
class Rig {
 public:
  explicit Rig(const Ups::Parameters& p) : bench(p) {
    bench.u.voltage_in = 1.0;
    bench.u.load_w = 2.0e6;
    bench.evaluate();
  }

  // Runs until `until_s`.
  void run(double until_s) {
    const auto until_ns = static_cast<std::int64_t>(std::llround(until_s * 1e9));
    deliver();
    while (bench.agenda.time_ns < until_ns) {
      bench.integrate(1e-3, 1);
      bench.agenda.time_ns += 1'000'000;
      deliver();
      lowest_output = std::min(lowest_output, bench.w.voltage_out);
      highest_ramp_w_per_s =
          std::max(highest_ramp_w_per_s, std::abs(bench.w.power_w - last_power_w_) / 1e-3);
      last_power_w_ = bench.w.power_w;
    }
  }

  bool is(Operation operation) const { return bench.m.operation == code(operation); }

  Bench<Ups> bench;
  double lowest_output = 1.0;
  double highest_ramp_w_per_s = 0.0;
  void forget_ramp() {
    last_power_w_ = bench.w.power_w;
    highest_ramp_w_per_s = 0.0;
  }

 private:
  void deliver() {
    for (int round = 0; round < 10; ++round) {
      bool quiet = true;
      auto& timers = bench.agenda.timers;
      for (std::size_t i = 0; i < timers.size();) {
        if (timers[i].first > bench.agenda.time_ns) {
          ++i;
          continue;
        }
        const int tag = timers[i].second;
        timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(i));
        bench.react(Happening::Kind::timer, tag);
        quiet = false;
      }
      const auto guards = bench.guards();
      for (std::size_t i = 0; i < Ups::guards.size(); ++i) {
        if (bench.guards()[i] >= 0.0 && guards[i] >= 0.0) {
          bench.react(Happening::Kind::guard, static_cast<int>(i));
          quiet = false;
        }
      }
      if (quiet) return;
    }
    FAIL("events do not come to rest");
  }

  double last_power_w_ = 0.0;
};

TEST_CASE("ups: laws of all components") {
  tests::check_component<Ups>(tests::standard_parameters<Ups>());
}

TEST_CASE("ups: energy closes in every operation") {
  for (std::int64_t operation = 0; operation < 6; ++operation) {
    CAPTURE(operation);
    Bench<Ups> bench(tests::standard_parameters<Ups>());
    bench.u = {0.97, 1.7e6};
    bench.m.operation = operation;
    bench.x = {0.5 * bench.p.capacity_j, operation == 2 ? 0.37 : (operation == 1 ? 0.0 : 1.0), 0.2};
    bench.evaluate();
    const double net_w = Ups::net_power_w<double>(bench.p, bench.m, bench.x, bench.u, bench.w);
    CHECK(std::abs(net_w - bench.rate.energy_j) <= 1e-9 * 1.7e6);
  }
}

TEST_CASE("ups: efficiencies of the stand-in loss curve") {
  Bench<Ups> bench(tests::standard_parameters<Ups>());
  bench.u.voltage_in = 1.0;
  const std::array<double, 4> percent{94.56, 96.15, 96.54, 96.62};
  for (std::size_t i = 0; i < 4; ++i) {
    bench.u.load_w = bench.p.rated_power_w * 0.25 * static_cast<double>(i + 1);
    bench.evaluate();
    CHECK(std::abs(100.0 * bench.u.load_w / bench.w.power_w - percent[i]) <= 0.006);
  }
}

TEST_CASE("ups: rides through 0.5 pu for 150 ms and walks in") {
  Rig rig(tests::standard_parameters<Ups>());
  rig.run(1.0);
  const double before_w = rig.bench.w.power_w;
  rig.bench.u.voltage_in = 0.5;
  rig.run(1.004);
  CHECK(rig.is(Operation::battery));  // within 4 ms
  CHECK(rig.bench.w.power_w == 0.0);
  rig.run(1.150);
  rig.bench.u.voltage_in = 0.9;
  rig.run(6.140);
  CHECK(rig.is(Operation::battery));
  rig.run(6.160);
  CHECK(rig.is(Operation::walk_in));
  rig.forget_ramp();
  rig.run(26.0);
  CHECK(rig.highest_ramp_w_per_s <= 1.01 * before_w / rig.bench.p.walk_in_time_s);
  rig.run(27.0);
  CHECK(rig.is(Operation::normal));
  CHECK(rig.bench.w.power_w >= before_w);
  CHECK(rig.lowest_output >= 0.9);
  // What the battery gave: the demand for 5 s of hold and the sag, and half of it over the walk-in.
  const double given_j = before_w * (0.147 + 5.0 + 0.5 * 20.0) / rig.bench.p.battery_efficiency;
  CHECK(rig.bench.p.capacity_j - rig.bench.x.energy_j == doctest::Approx(given_j).epsilon(0.01));
}

TEST_CASE("ups: fast return gives 90 % of the power back within 1 s") {
  auto p = tests::standard_parameters<Ups>();
  p.hold_time_s = 0.1;
  p.walk_in_time_s = 0.5;
  Rig rig(p);
  rig.run(0.1);
  const double before_w = rig.bench.w.power_w;
  rig.bench.u.voltage_in = 0.5;
  rig.run(0.25);
  rig.bench.u.voltage_in = 0.9;
  rig.run(1.25);
  CHECK(rig.bench.w.power_w >= 0.9 * before_w);
  CHECK(rig.lowest_output >= 0.9);
}

// Six sags within 82 s, 42 to 66 ms at 0.25 to 0.40 pu. Only range and number are published; the
// instants between are spread evenly.
void play_july_2024(Rig& rig) {
  const std::array<double, 6> start_s{0.0, 16.0, 32.0, 49.0, 65.0, 81.9};
  const std::array<double, 6> length_s{0.042, 0.066, 0.050, 0.060, 0.045, 0.055};
  const std::array<double, 6> depth{0.25, 0.40, 0.30, 0.35, 0.28, 0.33};
  for (std::size_t i = 0; i < 6; ++i) {
    rig.run(10.0 + start_s[i]);
    rig.bench.u.voltage_in = depth[i];
    rig.run(10.0 + start_s[i] + length_s[i]);
    rig.bench.u.voltage_in = 1.0;
    rig.run(10.0 + start_s[i] + length_s[i] + 0.5);
    if (i == 1) CHECK(rig.bench.m.locked == 0);
  }
}

TEST_CASE("ups: the third sag within a minute locks out until an order") {
  Rig rig(tests::standard_parameters<Ups>());
  play_july_2024(rig);
  CHECK(rig.is(Operation::lockout));
  CHECK(rig.bench.m.counted == 3);
  CHECK(rig.bench.w.power_w == 0.0);  // all of the load is lost to the grid
  CHECK(rig.lowest_output == 1.0);    // and none to the IT
  rig.run(200.0);
  CHECK(rig.is(Operation::lockout));
  rig.bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(rig.is(Operation::walk_in));
  rig.run(225.0);
  CHECK(rig.is(Operation::normal));
}

TEST_CASE("ups: without counting the load is kept through all six sags") {
  auto p = tests::standard_parameters<Ups>();
  p.lockout_count = 0.0;
  Rig rig(p);
  play_july_2024(rig);
  rig.run(140.0);
  CHECK(rig.is(Operation::normal));
  CHECK(rig.bench.w.power_w > 0.0);
  CHECK(rig.lowest_output == 1.0);
}

TEST_CASE(
    "ups: sags further apart than the window do not lock out, dips too short are not counted") {
  Rig rig(tests::standard_parameters<Ups>());
  for (const double at_s : {1.0, 31.5, 62.0, 92.5}) {
    rig.run(at_s);
    rig.bench.u.voltage_in = 0.3;
    rig.run(at_s + 0.05);
    rig.bench.u.voltage_in = 1.0;
  }
  rig.run(120.0);
  CHECK(rig.bench.m.counted == 4);
  CHECK(rig.bench.m.locked == 0);
  rig.run(200.0);
  rig.bench.u.voltage_in = 0.3;
  rig.run(200.002);
  rig.bench.u.voltage_in = 1.0;
  rig.run(200.1);
  CHECK(rig.bench.m.counted == 4);
  CHECK(rig.is(Operation::normal));
}

TEST_CASE("ups: run time, drop and return") {
  auto p = tests::standard_parameters<Ups>();
  p.capacity_j = 2e7;
  Rig rig(p);
  rig.bench.u.voltage_in = 0.0;
  const double beta = 0.8;
  const double demand_w = 2.0e6 + 2.5e6 * (0.010 + 0.015 * beta + 0.010 * beta * beta);
  const double run_s = p.capacity_j * p.battery_efficiency / demand_w;
  rig.run(run_s - 0.01);
  CHECK(rig.is(Operation::battery));
  CHECK(rig.bench.w.voltage_out == 1.0);
  rig.run(run_s + 0.02);
  CHECK(rig.is(Operation::off));
  CHECK(rig.bench.w.voltage_out == 0.0);
  rig.bench.u.load_w = 0.0;
  rig.bench.u.voltage_in = 1.0;
  rig.run(run_s + 6.0);
  CHECK(rig.is(Operation::normal));
  CHECK(rig.bench.w.battery_w > 0.0);
}

TEST_CASE("ups: overload table of 125 % for 10 min, 150 % for 1 min, 165 % for 1 s") {
  struct Row {
    double load_factor, time_s;
  };
  for (const Row& row : {Row{1.25, 600.0}, Row{1.5, 60.0}, Row{1.65, 1.0}}) {
    CAPTURE(row.load_factor);
    CHECK(1.0 / Ups::overload_rate(row.load_factor) == doctest::Approx(row.time_s).epsilon(1e-12));
    Bench<Ups> bench(tests::standard_parameters<Ups>());
    bench.u = {1.0, row.load_factor * bench.p.rated_power_w};
    bench.integrate(0.999 * row.time_s, 100);
    CHECK(bench.guards()[4] < 0.0);
    bench.integrate(0.002 * row.time_s, 2);
    CHECK(bench.guards()[4] > 0.0);
  }
  CHECK(Ups::overload_rate(1.0) == 0.0);
}

TEST_CASE("ups: overload goes to the bypass on good mains, drops the load on bad ones") {
  Rig rig(tests::standard_parameters<Ups>());
  rig.bench.u.load_w = 1.65 * rig.bench.p.rated_power_w;
  rig.run(1.1);
  CHECK(rig.is(Operation::bypass));
  rig.bench.u.voltage_in = 0.93;
  rig.run(1.2);
  CHECK(rig.bench.w.voltage_out == 0.93);
  rig.bench.u.load_w = 1e6;
  rig.bench.x.overload = 0.0999;
  rig.run(1.3);
  CHECK(rig.is(Operation::normal));

  Rig weak(tests::standard_parameters<Ups>());
  weak.bench.u.voltage_in = 0.89;
  weak.bench.u.load_w = 1.65 * weak.bench.p.rated_power_w;
  weak.run(1.1);
  CHECK(weak.is(Operation::off));
}

TEST_CASE("ups: an empty battery and a used-up overload at one instant drop the load once") {
  Bench<Ups> bench(tests::standard_parameters<Ups>());
  bench.u = {0.0, 2e6};
  bench.m.operation = code(Operation::battery);
  bench.m.mains = 1;
  bench.x = {-1e-3, 0.0, 1.0 + 1e-9};
  REQUIRE(bench.guards()[3] > 0.0);
  REQUIRE(bench.guards()[4] > 0.0);
  bench.react(Happening::Kind::guard, 3);
  bench.react(Happening::Kind::guard, 4);
  CHECK(bench.m.operation == code(Operation::off));
  CHECK(bench.m.locked == 0);
}

TEST_CASE("ups: orders") {
  Rig rig(tests::standard_parameters<Ups>());
  rig.bench.react(Happening::Kind::order, 4, 1.0);
  CHECK(rig.is(Operation::bypass));
  rig.run(1.0);
  CHECK(rig.is(Operation::bypass));
  rig.bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(rig.is(Operation::normal));
  rig.bench.react(Happening::Kind::order, 2, 1.0);
  CHECK(rig.bench.w.voltage_out == 0.0);
  rig.bench.react(Happening::Kind::order, 3, 1.0);
  rig.bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(rig.is(Operation::normal));
  CHECK(rig.bench.w.voltage_out == 1.0);
}

}  // namespace
}  // namespace ampacity
