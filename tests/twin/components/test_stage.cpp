// SPDX-License-Identifier: Apache-2.0

// Shares, bypass and mixing of a stage, by hand.

#include "tests/support/component_check.hpp"
#include "twin/components/stage.hpp"

using namespace ampacity;
using namespace ampacity::tests;

TEST_CASE("stage: Jacobian, energy, bounds") {
  check_component<Stage>(standard_parameters<Stage>());
}

TEST_CASE("stage: half of the flow goes around a half-open stage") {
  Bench<Stage> bench(standard_parameters<Stage>());
  const double cp = bench.p.heat_capacity_j_kg_k;
  bench.u.flow_kg_s = 100.0;
  bench.u.open = 0.5;
  bench.u.inlet_k = 303.15;
  bench.evaluate();
  CHECK(bench.w.flow_per_share_kg_s == 100.0);
  CHECK(bench.w.bypass_flow_kg_s == 50.0);
  // The units cool their 50 kg/s to 20 degC: the mixture is 25 degC.
  bench.u.enthalpy_flow_w = 50.0 * cp * 20.0;
  bench.integrate(200.0, 2000);
  CHECK(bench.x.temperature_k - 273.15 == doctest::Approx(25.0).epsilon(1e-6));
  CHECK(bench.w.enthalpy_flow_w == doctest::Approx(100.0 * cp * 25.0).epsilon(1e-6));
}

TEST_CASE("stage: three open units share the flow; without units it passes unchanged") {
  Bench<Stage> bench(standard_parameters<Stage>());
  bench.u.flow_kg_s = 90.0;
  bench.u.open = 3.0;
  bench.u.inlet_k = 303.15;
  bench.evaluate();
  CHECK(bench.w.flow_per_share_kg_s == 30.0);
  CHECK(bench.w.bypass_flow_kg_s == 0.0);
  bench.u.open = 0.0;
  bench.u.enthalpy_flow_w = 0.0;
  bench.integrate(200.0, 2000);
  CHECK(bench.x.temperature_k == doctest::Approx(303.15).epsilon(1e-9));
}

TEST_CASE("stage: first-order mixing with time constant M/m") {
  Bench<Stage> bench(standard_parameters<Stage>());
  bench.x.temperature_k = 293.15;
  bench.u.flow_kg_s = 99.7;  // 997 kg: time constant 10 s
  bench.u.inlet_k = 303.15;
  bench.integrate(10.0, 1000);
  CHECK(bench.x.temperature_k ==
        doctest::Approx(293.15 + 10.0 * (1.0 - std::exp(-1.0))).epsilon(1e-9));
}

TEST_CASE("stage: without flow nothing moves") {
  Bench<Stage> bench(standard_parameters<Stage>());
  bench.u.flow_kg_s = 0.0;
  bench.u.inlet_k = 353.15;
  bench.evaluate();
  CHECK(bench.rate.temperature_k == 0.0);
}
