// SPDX-License-Identifier: Apache-2.0
//
// Dry coolers: conservation and Jacobian, steady state against the crossflow law, both kinds of fan
// control, faults and the loss of voltage.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/dry_cooler.hpp"

using namespace ampacity;
using tests::Bench;
using tests::check_component;
using tests::relative;

namespace {

using Kind = Happening::Kind;
enum Guard { lost, back, high, low, inside, warm, cold };
enum Order { run, standby, fail, repair, fail_units, repair_units, set_point, hand };
constexpr double zero = 273.15;
constexpr std::int64_t second = 1'000'000'000;

DryCooler::Parameters defaults() { return tests::standard_parameters<DryCooler>(); }

Bench<DryCooler> bench_at(double inlet_celsius, double dry_celsius,
                          DryCooler::Parameters p = defaults()) {
  Bench<DryCooler> bench(p);
  bench.u.flow_per_share_kg_s = p.unit_count * p.design_flow_kg_s;
  bench.u.inlet_k = zero + inlet_celsius;
  bench.u.dry_bulb_k = zero + dry_celsius;
  return bench;
}

// The same law with stopped fans.
struct StoppedCooler : DryCooler {
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    DryCooler::start(p, m, x);
    m.fans = 0;
    m.available_units = 3;
  }
};

}  // namespace

TEST_CASE("dry cooler: Jacobian and conservation") {
  check_component<StoppedCooler>(defaults());
  check_component<DryCooler>(defaults());
  auto fixed = defaults();
  fixed.variable_speed = 0;
  fixed.unit_count = 1;
  check_component<DryCooler>(fixed);
}

TEST_CASE("at full speed the liquid leaves as the crossflow law says") {
  auto p = defaults();
  p.recirculation_k = 0;
  auto bench = bench_at(45, 35, p);
  bench.react(Kind::order, hand, 1.0);
  bench.integrate(1200, 2400);
  const double air_w_k = 120.0 * 101325.0 / (287.042 * 308.15) * 1006.0;
  const double liquid_w_k = 40.0 * 3960.0;
  const double effectiveness =
      exchanger::crossflow_effectiveness(3.9e5 / air_w_k, air_w_k / liquid_w_k);
  const double heat = effectiveness * air_w_k * 10.0;
  // The smoothing of the smaller capacity flow and of the fan share cost less than 1e-4.
  CHECK(bench.w.heat_w == relative(10 * heat, 1e-4));
  CHECK(bench.x.leaving_k == relative(zero + 45 - heat / liquid_w_k, 1e-6));
  CHECK(heat == relative(1.0e6, 0.05));  // the design point of the defaults
  CHECK(bench.w.power_w == relative(10 * 36000.0, 1e-5));
  CHECK(bench.w.heat_rejected_w == relative(bench.w.heat_w + bench.w.power_w, 1e-5));
}

TEST_CASE("recirculation warms the entering air") {
  auto bench = bench_at(45, 35);
  bench.react(Kind::order, hand, 1.0);
  bench.integrate(1200, 2400);
  auto warmer = defaults();
  warmer.recirculation_k = 0;
  auto other = bench_at(45, 36, warmer);
  other.react(Kind::order, hand, 1.0);
  other.integrate(1200, 2400);
  CHECK(bench.x.leaving_k == relative(other.x.leaving_k, 1e-9));
}

TEST_CASE("speed control holds the set-point and recovers from saturation") {
  auto bench = bench_at(36, 20);
  bench.integrate(3000, 3000);
  CHECK(std::abs(bench.x.leaving_k - (zero + 30)) < 1e-3);
  CHECK(bench.x.fan_speed < 0.9);
  bench.u.dry_bulb_k = zero + 40;  // out of reach
  bench.integrate(3600, 3600);
  CHECK(bench.w.speed_command == 1.0);
  bench.u.dry_bulb_k = zero + 20;
  bench.integrate(300, 300);
  CHECK(bench.w.speed_command < 1.0);
  bench.integrate(3000, 3000);
  CHECK(std::abs(bench.x.leaving_k - (zero + 30)) < 1e-2);
  bench.react(Kind::order, set_point, zero + 32);
  bench.integrate(3000, 3000);
  CHECK(std::abs(bench.x.leaving_k - (zero + 32)) < 1e-2);
}

TEST_CASE("fans stop when it is cold enough") {
  auto bench = bench_at(31, -5);
  bench.x.leaving_k = zero + 28.9;
  CHECK(bench.guards()[cold] > 0);
  bench.react(Kind::guard, cold);
  CHECK(bench.w.speed_command == 0.0);
  CHECK(bench.guards()[cold] < 0);
  bench.x.leaving_k = zero + 30.1;
  CHECK(bench.guards()[warm] > 0);
  bench.react(Kind::guard, warm);
  CHECK(bench.w.speed_command >= bench.p.minimum_speed);
}

TEST_CASE("fans of fixed speed are staged one by one") {
  auto p = defaults();
  p.variable_speed = 0;
  auto bench = bench_at(36, 20, p);
  CHECK(bench.m.running_fans == 6);
  CHECK(bench.guards()[high] < 0);
  bench.x.leaving_k = zero + 31.2;
  CHECK(bench.guards()[high] > 0);
  bench.react(Kind::guard, high);
  CHECK(bench.guards()[high] < 0);
  bench.agenda.time_ns = 30 * second;
  bench.react(Kind::timer, 1);
  CHECK(bench.m.running_fans == 7);
  CHECK(bench.guards()[high] > 0);  // still too warm: the next wait begins
  bench.react(Kind::guard, high);
  bench.x.leaving_k = zero + 30.5;
  CHECK(bench.guards()[inside] > 0);
  bench.react(Kind::guard, inside);
  bench.agenda.time_ns = 60 * second;
  bench.react(Kind::timer, 1);
  CHECK(bench.m.running_fans == 7);
  bench.integrate(120, 240);
  CHECK(bench.x.fan_speed == relative(7.0 / 12, 1e-3));
  CHECK(bench.w.power_w == relative(10 * 36000.0 * 7 / 12, 1e-3));
  bench.x.leaving_k = zero + 28;
  CHECK(bench.guards()[low] > 0);
  bench.react(Kind::guard, low);
  bench.agenda.time_ns = 90 * second;
  bench.react(Kind::timer, 1);
  CHECK(bench.m.running_fans == 6);
}

TEST_CASE("lost units, standby and no flow") {
  auto bench = bench_at(45, 35);
  bench.react(Kind::order, hand, 1.0);
  bench.integrate(600, 600);
  const double before = bench.w.heat_w;
  bench.react(Kind::order, fail_units, 4);
  bench.integrate(600, 600);
  CHECK(bench.w.units == relative(6.0, 1e-6));
  CHECK(bench.w.heat_w < before);
  CHECK(bench.w.flow_kg_s == relative(400.0, 1e-5));
  bench.react(Kind::order, standby);
  bench.integrate(600, 600);
  CHECK(bench.w.open < 1e-9);
  CHECK(bench.w.heat_w < 1.0);
  bench.u.flow_per_share_kg_s = 0;
  bench.evaluate();
  CHECK(bench.w.heat_w == 0.0);
}

TEST_CASE("loss of voltage stops the fans, the natural draught stays") {
  auto bench = bench_at(45, 25);
  bench.integrate(600, 600);
  bench.u.voltage = 0.0;
  CHECK(bench.guards()[lost] > 0);
  bench.react(Kind::guard, lost);
  bench.agenda.time_ns = 50'000'000;
  bench.react(Kind::timer, 0);
  CHECK(bench.w.speed_command == 0.0);
  CHECK(bench.w.power_w == 0.0);
  const double speed = bench.x.fan_speed;
  bench.react(Kind::order, fail_units, 2);  // valves without voltage stay
  bench.integrate(120, 120);
  CHECK(bench.x.fan_speed == relative(speed / (1 + speed * 120 / 3.0), 1e-4));
  CHECK(bench.x.open_units == 10.0);
  CHECK(bench.w.heat_w > 0);
  CHECK(bench.w.power_w == 0.0);
  bench.u.voltage = 1.0;
  bench.react(Kind::guard, back);
  bench.agenda.time_ns += 30 * second;
  bench.react(Kind::timer, 0);
  CHECK(bench.w.speed_command >= bench.p.minimum_speed);
}
