// SPDX-License-Identifier: Apache-2.0

// Ten stirred vessels in a row have a closed form; energy, overturning and sizes by hand.

#include "tests/support/component_check.hpp"
#include "twin/components/tank.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

Tank::Parameters bare() {
  auto p = standard_parameters<Tank>();
  p.loss_w_k = 0.0;
  p.conductivity_w_m_k = 0.0;
  return p;
}

// 1 - (share of a step that has passed n stirred vessels after `turns` fillings of one vessel).
double remaining(int vessels, double turns) {
  double term = std::exp(-turns);
  double sum = 0.0;
  for (int k = 0; k < vessels; ++k) {
    sum += term;
    term *= turns / (k + 1);
  }
  return sum;
}

}  // namespace

TEST_CASE("tank: Jacobian, energy, bounds") { check_component<Tank>(standard_parameters<Tank>()); }

TEST_CASE("tank: charging a warm tank follows the law of stirred vessels in a row") {
  auto p = bare();
  p.start_bottom_k = p.start_top_k = 298.15;
  Bench<Tank> bench(p);
  bench.u.cold_k = 288.15;
  bench.u.inlet_k = 298.15;
  const double layer_kg = p.volume_m3 / 10.0 * p.density_kg_m3;
  bench.u.flow_kg_s = -layer_kg / 60.0;  // one layer a minute
  for (int minute = 1; minute <= 15; ++minute) {
    bench.integrate(60.0, 600);
    CHECK(bench.x.water_k[0] ==
          doctest::Approx(288.15 + 10.0 * remaining(1, minute)).epsilon(1e-8));
    CHECK(bench.x.water_k[4] ==
          doctest::Approx(288.15 + 10.0 * remaining(5, minute)).epsilon(1e-8));
    CHECK(bench.x.water_k[9] ==
          doctest::Approx(288.15 + 10.0 * remaining(10, minute)).epsilon(1e-8));
    CHECK(bench.w.up_flow_kg_s == doctest::Approx(layer_kg / 60.0));
    CHECK(bench.w.down_flow_kg_s == 0.0);
  }
  // Discharging is the mirror image: warm water from the top.
  auto q = bare();
  q.start_bottom_k = q.start_top_k = 288.15;
  Bench<Tank> mirror(q);
  mirror.u = bench.u;
  mirror.u.flow_kg_s = layer_kg / 60.0;
  mirror.integrate(300.0, 3000);
  CHECK(mirror.w.outlet_k == doctest::Approx(298.15 - 10.0 * remaining(10, 5.0)).epsilon(1e-8));
  CHECK(mirror.w.top_k == doctest::Approx(298.15 - 10.0 * remaining(1, 5.0)).epsilon(1e-8));
  CHECK(mirror.w.enthalpy_flow_w ==
        doctest::Approx(layer_kg / 60.0 * p.heat_capacity_j_kg_k * (mirror.w.outlet_k - 273.15)));
}

TEST_CASE(
    "tank: 7.18 m3 carry a megawatt for five minutes at 10 K, less what the thermocline takes") {
  auto p = bare();
  p.volume_m3 = 7.18;
  p.start_bottom_k = p.start_top_k = 288.15;
  Bench<Tank> bench(p);
  bench.u.cold_k = 288.15;
  bench.u.inlet_k = 298.15;
  bench.u.flow_kg_s = 1e6 / (p.heat_capacity_j_kg_k * 10.0);
  double cold_j = 0.0;
  for (int i = 0; i < 300; ++i) {
    bench.integrate(1.0, 20);
    cold_j += bench.u.flow_kg_s * p.heat_capacity_j_kg_k * (298.15 - bench.w.outlet_k);
  }
  MESSAGE("share of 300 MJ given in five minutes: " << cold_j / 300e6);
  CHECK(cold_j / 300e6 > 0.85);  // the notes divide the volume by 0.9 for mixing
  CHECK(cold_j / 300e6 < 1.0);
}

TEST_CASE("tank: warm water below cold overturns, energy is kept, stable layers stay") {
  auto p = bare();
  p.start_bottom_k = 298.15;
  p.start_top_k = 288.15;
  Bench<Tank> bench(p);
  bench.u.flow_kg_s = 0.0;
  bench.u.cold_k = bench.u.inlet_k = 293.15;
  bench.integrate(3600.0, 36000);
  CHECK(bench.w.mean_k == doctest::Approx(293.15).epsilon(1e-9));
  for (std::size_t i = 0; i + 1 < Tank::layers; ++i) {
    CHECK(bench.x.water_k[i] - bench.x.water_k[i + 1] < 0.1);
  }
  p.start_bottom_k = 288.15;
  p.start_top_k = 298.15;
  Bench<Tank> stable(p);
  stable.u = bench.u;
  const auto before = stable.x.water_k;
  stable.integrate(3600.0, 3600);
  for (std::size_t i = 0; i < Tank::layers; ++i) CHECK(stable.x.water_k[i] == before[i]);
}

TEST_CASE("tank: still water conducts with lambda A/dz") {
  auto p = bare();
  p.conductivity_w_m_k = 0.6;
  p.start_bottom_k = 288.15;
  p.start_top_k = 298.15;
  Bench<Tank> bench(p);
  bench.u.flow_kg_s = 0.0;
  bench.u.cold_k = bench.u.inlet_k = 293.15;
  bench.evaluate();
  // Layers differ by 1 K over 0.5 m on 14.4 m2: 17.28 W into the lowest layer.
  const double layer_j_k = 7.2 * 998.0 * 4183.0;
  CHECK(bench.rate.water_k[0] * layer_j_k == doctest::Approx(17.28).epsilon(1e-6));
  CHECK(bench.rate.water_k[5] * layer_j_k == doctest::Approx(0.0).epsilon(1e-6));
}
