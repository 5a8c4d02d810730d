// SPDX-License-Identifier: Apache-2.0

// Closed forms of a header pair: mixing, bypass, pressure, loss of rejection.

#include "tests/support/component_check.hpp"
#include "twin/components/loop.hpp"

using namespace ampacity;
using namespace ampacity::tests;

TEST_CASE("loop: Jacobian, energy, bounds") {
  check_component<Loop>(standard_parameters<Loop>());
  auto p = standard_parameters<Loop>();
  p.bypass_flow_kg_s = 190.0;
  p.minimum_pump_flow_kg_s = 190.0;  // about 3000 gpm, as Frontier's bypass valve keeps
  p.bypass_minimum = 0.2;
  check_component<Loop>(p);
}

TEST_CASE("loop: excess of the pumps passes from supply to return") {
  auto p = standard_parameters<Loop>();
  p.supply_volume_m3 = 2.0;
  p.return_volume_m3 = 3.0;
  Bench<Loop> bench(p);
  const double cp = p.heat_capacity_j_kg_k;
  bench.u = {300.0, 300.0 * cp * 20.0, 200.0, 200.0 * cp * 35.0};
  bench.p.compliance_time_s = 1e9;  // hold the pressure
  bench.integrate(600.0, 6000);
  CHECK(bench.x.supply_k - 273.15 == doctest::Approx(20.0).epsilon(1e-4));
  // 200 kg/s at 35 degC and 100 kg/s at 20 degC mix to 30 degC.
  CHECK(bench.x.return_k - 273.15 == doctest::Approx(30.0).epsilon(1e-4));

  // Consumers that take more than the pumps draw the difference from the return.
  bench.u = {200.0, 200.0 * cp * 20.0, 300.0, 300.0 * cp * 35.0};
  bench.integrate(600.0, 6000);
  CHECK(bench.x.return_k - 273.15 == doctest::Approx(35.0).epsilon(1e-4));
  CHECK(bench.x.supply_k - 273.15 == doctest::Approx(25.0).epsilon(1e-4));
}

TEST_CASE("loop: pressure integrates the excess and settles at the bypass") {
  auto p = standard_parameters<Loop>();
  Bench<Loop> bench(p);
  bench.u = {310.0, 0.0, 300.0, 0.0};
  bench.evaluate();
  CHECK(bench.rate.pressure_difference_pa ==
        doctest::Approx(10.0 / 300.0 * p.design_pressure_difference_pa / p.compliance_time_s));
  bench.p.bypass_flow_kg_s = 20.0;  // at the design pressure: 10 kg/s flow at a quarter of it
  bench.p.bypass_minimum = 1.0;
  bench.x.bypass_valve = 1.0;
  bench.integrate(300.0, 30000);
  CHECK(bench.x.pressure_difference_pa ==
        doctest::Approx(0.25 * p.design_pressure_difference_pa).epsilon(2e-3));
}

TEST_CASE("loop: the bypass keeps its lowest stroke while the pumps carry enough") {
  auto p = standard_parameters<Loop>();
  p.bypass_flow_kg_s = 200.0;
  p.bypass_minimum = 0.2;
  p.minimum_pump_flow_kg_s = 190.0;
  Bench<Loop> bench(p);
  // 250 kg/s of the pumps, 210 of the consumers: 40 kg/s are 0.2 of the valve at design pressure.
  bench.u = {250.0, 0.0, 210.0, 0.0};
  bench.integrate(3600.0, 36000);
  CHECK(bench.x.bypass_valve == doctest::Approx(0.2).epsilon(1e-6));
  CHECK(bench.x.pressure_difference_pa ==
        doctest::Approx(p.design_pressure_difference_pa).epsilon(1e-4));
  // Anti-windup: I rests where k e = 2 (I + k e - z_min), e = -60/300, and not where an hour of
  // that error would have brought it.
  CHECK(bench.x.bypass_integral == doctest::Approx(0.2 + 0.5 * 0.1 * 0.2).epsilon(1e-6));
}

TEST_CASE("loop: the bypass opens until the pumps have their minimum flow") {
  auto p = standard_parameters<Loop>();
  p.bypass_flow_kg_s = 200.0;
  p.bypass_minimum = 0.2;
  p.minimum_pump_flow_kg_s = 190.0;
  p.compliance_time_s = 5.0;
  Bench<Loop> bench(p);
  // The pumps hold the pressure, as a pressure control does, so that they carry what consumers and
  // valve take: 90 kg/s + 200 z = 190 kg/s at z = 0.5. One second open loop at a time.
  bench.u = {0.0, 0.0, 90.0, 0.0};
  double widest_step = 0.0;
  for (int second = 0; second < 28800; ++second) {
    const double before = bench.x.bypass_valve;
    bench.x.pressure_difference_pa = p.design_pressure_difference_pa;
    bench.u.pump_flow_kg_s = 90.0 + 200.0 * bench.x.bypass_valve;
    bench.integrate(1.0, 10);
    widest_step = std::max(widest_step, std::abs(bench.x.bypass_valve - before));
  }
  CHECK(bench.x.bypass_valve == doctest::Approx(0.5).epsilon(1e-4));
  CHECK(bench.u.pump_flow_kg_s == doctest::Approx(190.0).epsilon(1e-4));
  CHECK(widest_step < 1.0 / p.bypass_stroke_time_s + 1e-9);

  // Without any flow the valve opens at the speed of its drive and no faster.
  bench.x.bypass_valve = 0.2;
  bench.x.bypass_integral = 5.0;
  bench.u.pump_flow_kg_s = 0.0;
  bench.integrate(30.0, 3000);
  CHECK(bench.x.bypass_valve == doctest::Approx(0.7).epsilon(1e-3));
}

TEST_CASE("loop: loss of rejection warms v litres per kW by 1/(4 v) K/s") {
  // rho c = 4.0 MJ/(m3 K); all heat of 1 MW enters and none leaves.
  const double volumes_l_kw[] = {0.2, 0.5, 1.0, 5.0};
  const double rises_k_s[] = {1.25, 0.50, 0.25, 0.05};
  for (int i = 0; i < 4; ++i) {
    auto p = standard_parameters<Loop>();
    p.density_kg_m3 = 1000.0;
    p.heat_capacity_j_kg_k = 4000.0;
    p.supply_volume_m3 = 0.5 * volumes_l_kw[i];
    p.return_volume_m3 = 0.5 * volumes_l_kw[i];
    p.design_flow_kg_s = 25.0;
    p.start_supply_k = p.start_return_k = 303.15;
    Bench<Loop> bench(p);
    const double flow = 25.0;
    const int steps = 4000;
    for (int step = 0; step < steps;
         ++step) {  // water circles: what the consumers take returns 1 MW warmer
      const double supply_w = flow * 4000.0 * (bench.x.return_k - 273.15);
      const double return_w = flow * 4000.0 * (bench.x.supply_k - 273.15) + 1e6;
      bench.u = {flow, supply_w, flow, return_w};
      bench.integrate(0.01, 1);
    }
    const double mean_rise = 0.5 * (bench.x.supply_k + bench.x.return_k) - 303.15;
    CHECK(mean_rise / (steps * 0.01) == doctest::Approx(rises_k_s[i]).epsilon(0.01));
  }
}

TEST_CASE("loop: at rest nothing happens and nothing divides by zero") {
  Bench<Loop> bench(standard_parameters<Loop>());
  bench.x.pressure_difference_pa = 0.0;
  bench.u = {0.0, 0.0, 0.0, 0.0};
  bench.evaluate();
  CHECK(std::isfinite(bench.rate.supply_k));
  CHECK(bench.rate.pressure_difference_pa == 0.0);
  CHECK(std::abs(bench.rate.supply_k) < 1e-4);  // half a thousandth of the flow mixes
}
