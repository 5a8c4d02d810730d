// SPDX-License-Identifier: Apache-2.0

// Coil by the closed form of unmixed cross-flow, fan laws, drop-out, stuck valve, rest.

#include "tests/support/component_check.hpp"
#include "twin/components/crah.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

Bench<Crah> at_design() {
  Bench<Crah> bench(standard_parameters<Crah>());
  bench.u.pressure_difference_pa = 100e3;
  bench.u.hot_aisle_k = 308.15;
  bench.u.cold_aisle_k = 298.15;
  bench.u.supply_k = 291.15;
  bench.x.fan_speed = 1.0;
  bench.x.valve_position = 1.0;
  bench.evaluate();
  return bench;
}

}  // namespace

TEST_CASE("crah: Jacobian, energy, bounds") { check_component<Crah>(standard_parameters<Crah>()); }

TEST_CASE("crah: design heat by effectiveness and transfer units") {
  auto bench = at_design();
  CHECK(bench.w.air_flow_kg_s == doctest::Approx(10.0));
  CHECK(bench.w.water_flow_kg_s == doctest::Approx(6.0).epsilon(1e-4));
  const double air = 10.0 * 1006.0;
  const double water = 6.0 * 4183.0;
  const double n = 18e3 / air;
  const double z = air / water;
  const double damp = std::pow(n, -0.22);
  const double eps = 1.0 - std::exp((std::exp(-n * z * damp) - 1.0) / (z * damp));
  CHECK(bench.w.heat_w == doctest::Approx(eps * air * 17.0).epsilon(2e-3));
  MESSAGE("design heat " << bench.w.heat_w << " W");
  // Where the command is what turns already, no kinetic energy is given or taken.
  bench.p.minimum_fan = 1.0;
  bench.evaluate();
  CHECK(bench.w.power_w == doctest::Approx(5000.0));
  bench.x.fan_speed = 0.5;
  bench.p.minimum_fan = 0.5;
  bench.x.fan_integral = 0.5;
  bench.u.cold_aisle_k = bench.p.aisle_set_point_k;
  bench.evaluate();
  CHECK(bench.w.power_w == doctest::Approx(625.0));
  CHECK(bench.w.air_flow_kg_s == doctest::Approx(5.0));
}

TEST_CASE("crah: at rest of air or water nothing is exchanged") {
  auto bench = at_design();
  bench.x.fan_speed = 0.0;
  bench.evaluate();
  CHECK(bench.w.heat_w == 0.0);
  CHECK(std::isfinite(bench.rate.leaving_k));
  bench.x.fan_speed = 1.0;
  bench.u.pressure_difference_pa = 0.0;
  bench.evaluate();
  CHECK(bench.w.water_flow_kg_s == 0.0);
  CHECK(bench.w.heat_w == 0.0);
}

TEST_CASE("crah: holds leaving temperature; stuck valve; standby; drop-out") {
  auto bench = at_design();
  bench.integrate(1800.0, 18000);
  CHECK(bench.x.leaving_k == doctest::Approx(297.15).epsilon(1e-4));
  bench.react(Happening::Kind::order, 5, 298.15);
  bench.integrate(1800.0, 18000);
  CHECK(bench.x.leaving_k == doctest::Approx(298.15).epsilon(1e-4));
  const double stroke = bench.x.valve_position;
  bench.react(Happening::Kind::order, 4, 1.0);
  bench.u.hot_aisle_k += 5.0;
  bench.integrate(300.0, 3000);
  CHECK(bench.x.valve_position == stroke);
  CHECK(bench.x.leaving_k > 298.5);
  bench.react(Happening::Kind::order, 4, 0.0);
  bench.integrate(1800.0, 18000);
  CHECK(bench.x.leaving_k == doctest::Approx(298.15).epsilon(1e-4));

  bench.u.voltage = 0.6;
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  bench.agenda.time_ns = 50'000'000;
  bench.react(Happening::Kind::timer, 0);
  CHECK(bench.w.power_w == 0.0);
  const double speed = bench.x.fan_speed;
  bench.integrate(120.0, 1200);
  // Hyperbolic coast-down; what the fan loses warms the air.
  CHECK(bench.x.fan_speed == doctest::Approx(speed / (1.0 + speed * 120.0 / 4.0)).epsilon(1e-5));
  CHECK(bench.w.air_flow_kg_s < 0.04 * 10.0);
  CHECK(bench.w.power_w == 0.0);
  bench.u.voltage = 1.0;
  bench.react(Happening::Kind::guard, 1);
  bench.agenda.time_ns += 20'000'000'000;
  bench.react(Happening::Kind::timer, 0);
  bench.integrate(300.0, 3000);
  CHECK(bench.w.air_flow_kg_s > 2.9);
  bench.react(Happening::Kind::order, 1);
  bench.integrate(120.0, 1200);
  CHECK(bench.w.air_flow_kg_s < 0.04 * 10.0);
  CHECK(bench.w.water_flow_kg_s < 0.01);
}
