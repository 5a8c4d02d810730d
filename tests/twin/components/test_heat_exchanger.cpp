// SPDX-License-Identifier: Apache-2.0
//
// Plate exchangers as a component: conservation and Jacobian, the published plate exchanger in
// steady state, stages and consumers, free cooling, staging, faults.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/heat_exchanger.hpp"

using namespace ampacity;
using tests::Bench;
using tests::check_component;
using tests::relative;

namespace {

using Kind = Happening::Kind;
enum Guard { worth_while, not_worth_while, stage };
enum Order { run, standby, fail, repair, fail_plates, repair_plates, foul, clean, stick };

HeatExchanger::Parameters defaults() { return tests::standard_parameters<HeatExchanger>(); }

// The plate exchanger of the Modelica Buildings library's reference results.
HeatExchanger::Parameters small_plate() {
  auto p = defaults();
  p.plate_count = 1;
  p.transfer_w_k = 16.96466;
  p.film_ratio = 1.741101;
  p.design_hot_flow_kg_s = 0.01;
  p.design_cold_flow_kg_s = 0.005;
  p.hot_heat_capacity_j_kg_k = p.cold_heat_capacity_j_kg_k = 4184;
  p.hot_water_kg = p.cold_water_kg = 0.1;
  return p;
}

Bench<HeatExchanger> frontier() {
  Bench<HeatExchanger> bench(defaults());
  bench.u.hot_flow_per_share_kg_s = 300;
  bench.u.cold_flow_per_share_kg_s = 500;
  bench.u.hot_inlet_k = 273.15 + 29;
  bench.u.cold_inlet_k = 273.15 + 20;
  return bench;
}

// The same law with fouling, a lost plate and closing valves.
struct WornExchanger : HeatExchanger {
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    HeatExchanger::start(p, m, x);
    x.fouling = 0.4;
    m.available_plates = 1;
    m.use = 0;
  }
};

}  // namespace

TEST_CASE("heat exchanger: Jacobian and conservation") {
  check_component<WornExchanger>(defaults());
  check_component<HeatExchanger>(defaults());
  check_component<HeatExchanger>(small_plate());
}

TEST_CASE("the published plate exchanger, settled") {
  const auto heat_at = [](double hot_kg_s, double cold_kg_s) {
    Bench<HeatExchanger> bench(small_plate());
    bench.u.hot_flow_per_share_kg_s = hot_kg_s;
    bench.u.cold_flow_per_share_kg_s = cold_kg_s;
    bench.u.hot_inlet_k = 333.15;
    bench.u.cold_inlet_k = 293.15;
    bench.integrate(3000, 3000);
    CHECK(bench.x.hot_k == relative(333.15 - bench.w.heat_w / (hot_kg_s * 4184), 1e-5));
    CHECK(bench.x.cold_k == relative(293.15 + bench.w.heat_w / (cold_kg_s * 4184), 1e-5));
    return bench.w.heat_w;
  };
  CHECK(heat_at(0.00904534, 0.00645497) == relative(466.621, 1e-5));
  CHECK(heat_at(0.00164899, 0.00645497) == relative(181.5443, 1e-5));
  CHECK(heat_at(0.00174336, 0.00645497) == relative(189.0532, 1e-5));
}

TEST_CASE("Frontier at its nominal point") {
  auto bench = frontier();
  bench.integrate(600, 1200);
  // Nominal 29 -> 21 degC at 300 kg/s: 10 MW; the four exchangers reach it at 20 degC tower water.
  CHECK(bench.w.heat_w > 10.0e6);
  CHECK(bench.w.heat_w == relative(300 * 4180 * (302.15 - bench.x.hot_k), 1e-6));
  CHECK(bench.w.approach_k > 0);
  CHECK(bench.w.effectiveness <= 1.0);
  CHECK(bench.w.hot_open == 1.0);
}

TEST_CASE("as a consumer the flow follows the pressure difference") {
  auto bench = frontier();
  bench.u.cold_flow_per_share_kg_s = 0;
  bench.u.cold_pressure_difference_pa = 36542;
  bench.evaluate();
  CHECK(bench.w.cold_flow_kg_s == relative(4 * 251.5, 1e-3));
  bench.u.cold_pressure_difference_pa = 4 * 36542;
  bench.evaluate();
  CHECK(bench.w.cold_flow_kg_s == relative(8 * 251.5, 1e-3));
}

TEST_CASE("without flow nothing is exchanged") {
  auto bench = frontier();
  bench.u.hot_flow_per_share_kg_s = 0;
  bench.evaluate();
  CHECK(bench.w.heat_w == 0.0);
  bench.u.cold_flow_per_share_kg_s = 0;
  bench.evaluate();
  CHECK(std::isfinite(bench.w.heat_w));
}

TEST_CASE("fouling lowers UA by the given resistance") {
  Bench<HeatExchanger> bench(small_plate());
  bench.u.hot_flow_per_share_kg_s = 0.01;
  bench.u.cold_flow_per_share_kg_s = 0.005;
  bench.u.hot_inlet_k = 333.15;
  bench.u.cold_inlet_k = 293.15;
  bench.evaluate();
  CHECK(bench.w.effectiveness == relative(0.5, 1e-5));
  bench.react(Kind::order, foul, 0.25);
  const double units = 0.810930 / 1.25;
  CHECK(bench.w.effectiveness == relative(exchanger::counterflow_effectiveness(units, 0.5), 1e-5));
  bench.react(Kind::order, foul, 0.25);
  const double fewer = 0.810930 / 1.5;
  CHECK(bench.w.effectiveness == relative(exchanger::counterflow_effectiveness(fewer, 0.5), 1e-5));
  bench.react(Kind::order, clean, 1.0);
  CHECK(bench.w.effectiveness == relative(0.5, 1e-5));
}

TEST_CASE("fouling grows towards its limit as the water's quality lets it") {
  // R = R_inf (1 - exp(-(1 - q) t/tau)).
  for (const double quality : {0.0, 0.6, 1.0}) {
    auto p = small_plate();
    p.fouling_limit = 0.4;
    p.fouling_time_s = 1000.0;
    p.water_quality = quality;
    Bench<HeatExchanger> bench(p);
    bench.u.hot_inlet_k = 333.15;
    bench.u.cold_inlet_k = 293.15;
    bench.integrate(1500.0, 15000);
    CHECK(bench.x.fouling == doctest::Approx(0.4 * (1.0 - std::exp(-1.5 * (1.0 - quality)))));
    // A thicker layer than the limit's stays.
    bench.x.fouling = 0.7;
    bench.integrate(10.0, 100);
    CHECK(bench.x.fouling == 0.7);
  }
}

TEST_CASE("free cooling opens after its delay and closes at once") {
  auto p = defaults();
  p.enable_difference_k = 3;
  p.disable_difference_k = 1;
  Bench<HeatExchanger> bench(p);
  bench.u.hot_flow_per_share_kg_s = 300;
  bench.u.cold_flow_per_share_kg_s = 500;
  bench.u.hot_inlet_k = 295;
  bench.u.cold_inlet_k = 294;
  CHECK(bench.x.open_plates == 0.0);
  CHECK(bench.guards()[worth_while] < 0);
  bench.evaluate();
  CHECK(bench.w.hot_open == 0.0);
  CHECK(bench.w.hot_flow_kg_s == 0.0);
  bench.u.cold_inlet_k = 291;
  CHECK(bench.guards()[worth_while] > 0);
  bench.react(Kind::guard, worth_while);
  CHECK(bench.guards()[worth_while] < 0);
  bench.agenda.time_ns = 299'000'000'000;
  bench.react(Kind::timer, 0);
  CHECK(bench.m.use == 1);
  bench.agenda.time_ns = 300'000'000'000;
  bench.react(Kind::timer, 0);
  CHECK(bench.m.use == 2);
  bench.integrate(300, 300);
  CHECK(bench.w.hot_open == 1.0);
  CHECK(bench.w.heat_w > 1e6);
  bench.u.cold_inlet_k = 294.5;
  CHECK(bench.guards()[not_worth_while] > 0);
  bench.react(Kind::guard, not_worth_while);
  CHECK(bench.guards()[not_worth_while] < 0);
  bench.integrate(300, 300);
  CHECK(bench.w.hot_open < 1e-5);
}

TEST_CASE("plates follow the running tower cells: 1, 4, 8, 12") {
  auto p = defaults();
  p.stage_step = 4;
  Bench<HeatExchanger> bench(p);
  bench.u.hot_inlet_k = 302;
  bench.u.cold_inlet_k = 293;
  CHECK(bench.m.wanted_plates == 3);
  bench.u.signal = 11;
  CHECK(bench.guards()[stage] < 0);
  bench.u.signal = 11.999;  // a lag that never quite arrives
  CHECK(bench.guards()[stage] >= 0);
  bench.react(Kind::guard, stage);
  bench.agenda.time_ns = 300'000'000'000;
  bench.react(Kind::timer, 1);
  CHECK(bench.m.wanted_plates == 4);
  bench.u.signal = 2;
  for (int expected = 3; expected >= 1; --expected) {
    if (bench.m.staging == 0) {
      CHECK(bench.guards()[stage] > 0);
      bench.react(Kind::guard, stage);
    }
    bench.agenda.time_ns += 300'000'000'000;
    bench.react(Kind::timer, 1);
    CHECK(bench.m.wanted_plates == expected);
  }
  CHECK(bench.guards()[stage] < 0);
}

TEST_CASE("valves stay while they are stuck or without voltage") {
  auto bench = frontier();
  bench.u.voltage = 0.3;
  CHECK(bench.guards()[3] > 0);
  bench.react(Kind::guard, 3);
  bench.react(Kind::order, standby);
  bench.integrate(100, 200);
  CHECK(bench.x.open_plates == 4.0);
  bench.u.voltage = 1.0;
  CHECK(bench.guards()[4] > 0);
  bench.react(Kind::guard, 4);
  bench.react(Kind::order, stick, 1);
  CHECK(bench.rate.open_plates == 0.0);
  bench.react(Kind::order, stick, 0);
  bench.integrate(20, 40);
  CHECK(bench.x.open_plates == relative(4.0 * std::exp(-1.0), 1e-4));
}

TEST_CASE("a fault takes plates in use; a spare one opens after the changeover") {
  auto p = tests::standard_parameters<HeatExchanger>();
  p.stage_step = 4.0;
  Bench<HeatExchanger> bench(p);
  CHECK(bench.m.plates_in_use == 3);
  bench.react(Kind::order, fail_plates, 1);
  CHECK(bench.m.plates_in_use == 2);
  REQUIRE(bench.agenda.timers.size() == 1);
  bench.agenda.time_ns = bench.agenda.timers[0].first;
  bench.react(Kind::timer, 2);
  CHECK(bench.m.plates_in_use == 3);
  bench.react(Kind::order, fail_plates, 1);
  CHECK(bench.m.plates_in_use == 2);
  CHECK(bench.agenda.timers.size() == 1);  // no spare is left
}

TEST_CASE("lost exchangers and standby") {
  auto bench = frontier();
  bench.integrate(600, 1200);
  const double before = bench.w.heat_w;
  bench.react(Kind::order, fail_plates, 3);
  bench.integrate(600, 1200);
  CHECK(bench.x.open_plates == relative(1.0, 1e-6));
  CHECK(bench.w.heat_w < before);
  CHECK(bench.w.hot_flow_kg_s == relative(300.0, 1e-6));
  bench.react(Kind::order, repair_plates, 3);
  CHECK(bench.m.available_plates == 4);
  bench.react(Kind::order, standby);
  bench.integrate(600, 1200);
  CHECK(bench.w.hot_open < 1e-9);
}
