// SPDX-License-Identifier: Apache-2.0

// Grid connection: ordered sags, contract and ramp watching, cost and carbon.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/grid.hpp"

namespace ampacity {
namespace {

using tests::Bench;

TEST_CASE("grid: laws of all components") {
  tests::check_component<Grid>(tests::standard_parameters<Grid>());
}

TEST_CASE("grid: an ordered voltage multiplies the series and marks the disturbance") {
  Bench<Grid> bench(tests::standard_parameters<Grid>());
  bench.u.voltage = 1.02;
  bench.evaluate();
  CHECK(bench.w.voltage == doctest::Approx(1.02).epsilon(1e-12));
  bench.react(Happening::Kind::order, 0, 0.5);
  CHECK(bench.w.voltage == doctest::Approx(0.51).epsilon(1e-12));
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  CHECK(bench.m.disturbed == 1);
  CHECK(bench.guards()[0] < 0.0);
  CHECK(bench.guards()[1] < 0.0);
  bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  CHECK(bench.m.disturbed == 0);
}

TEST_CASE("grid: contract and export limit are watched with a hysteresis") {
  Bench<Grid> bench(tests::standard_parameters<Grid>());
  bench.u.contract_w = 100e6;
  bench.u.export_limit_w = 10e6;
  bench.u.power_w = 101e6;
  CHECK(bench.guards()[2] > 0.0);
  CHECK(bench.w.over_contract_w == 1e6);
  bench.react(Happening::Kind::guard, 2);
  bench.u.power_w = 99.5e6;
  CHECK(bench.guards()[3] < 0.0);
  bench.u.power_w = 98.5e6;
  CHECK(bench.guards()[3] > 0.0);
  bench.react(Happening::Kind::guard, 3);
  bench.u.power_w = -11e6;
  CHECK(bench.guards()[4] > 0.0);
  CHECK(bench.guards()[2] < 0.0);
}

TEST_CASE("grid: a steady ramp is read exactly, a step as the change within the window") {
  Bench<Grid> bench(tests::standard_parameters<Grid>());
  constexpr double slope = 21e6 / 60.0;  // just above 20 MW/min
  // Ramp by small steps for 12 windows; the lag follows with a constant distance slope * T.
  const double step_s = 0.5;
  for (int i = 0; i < 1440; ++i) {
    bench.u.power_w = slope * step_s * (i + 0.5);
    bench.integrate(step_s, 1);
  }
  bench.u.power_w = slope * step_s * 1440;
  bench.evaluate();
  CHECK(bench.w.ramp_w_per_s == doctest::Approx(slope).epsilon(1e-4));
  CHECK(bench.guards()[6] > 0.0);
  bench.x.averaged_w = bench.u.power_w;
  bench.u.power_w += 30e6;
  bench.evaluate();
  CHECK(bench.w.ramp_w_per_s == doctest::Approx(30e6 / 60.0).epsilon(1e-12));
}

TEST_CASE("grid: cost and carbon") {
  auto p = tests::standard_parameters<Grid>();
  p.export_price_share = 0.5;
  Bench<Grid> bench(p);
  bench.u.price_per_j = 36.0 / 3.6e9;  // 36 per MWh
  bench.u.carbon_kg_per_j = 0.36 / 3.6e6;
  bench.u.power_w = 10e6;
  bench.evaluate();
  CHECK(bench.w.cost_per_s * 3600.0 == doctest::Approx(360.0).epsilon(1e-12));
  CHECK(bench.w.carbon_kg_per_s * 3600.0 == doctest::Approx(3600.0).epsilon(1e-12));
  bench.u.power_w = -10e6;
  bench.evaluate();
  CHECK(bench.w.cost_per_s * 3600.0 == doctest::Approx(-180.0).epsilon(1e-12));
  CHECK(bench.w.carbon_kg_per_s == 0.0);
  CHECK(bench.w.import_w == -10e6);
}

}  // namespace
}  // namespace ampacity
