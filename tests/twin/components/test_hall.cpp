// SPDX-License-Identifier: Apache-2.0

// The hall against closed forms (Khankari's two-node model, rate of rise, dew points of the ASHRAE
// Handbook), then with CRAHs and air-cooled racks in a loop by hand.

#include "tests/support/component_check.hpp"
#include "twin/components/air_rack.hpp"
#include "twin/components/crah.hpp"
#include "twin/components/hall.hpp"
#include "twin/components/liquid_rack.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

Hall::Parameters closed() {
  auto p = standard_parameters<Hall>();
  p.envelope_w_k = 0.0;
  p.infiltration_kg_s = 0.0;
  return p;
}

}  // namespace

TEST_CASE("hall: Jacobian, energy, bounds") { check_component<Hall>(standard_parameters<Hall>()); }

TEST_CASE("hall: 1 MW in 10,000 m3 of air alone rises by 4.97 K/min") {
  auto p = closed();
  p.mass_conductance_w_k = 0.0;
  p.cold_volume_m3 = 1.0;
  p.hot_volume_m3 = 9999.0;
  Bench<Hall> bench(p);
  bench.u.heat_w = 1e6;
  const double before = bench.x.hot_aisle_k;
  bench.integrate(60.0, 6000);
  CHECK(bench.x.hot_aisle_k - before == doctest::Approx(4.97).epsilon(0.01));
}

TEST_CASE("hall: Khankari's two nodes: P/C_air at first, P/(C_air + C_mass) in the end") {
  auto p = closed();
  p.cold_volume_m3 = 0.1;
  p.mass_capacity_j_k = 2e7;
  p.mass_conductance_w_k = 1e4;
  p.start_hot_k = 300.0;
  p.start_cold_k = 300.0;
  Bench<Hall> bench(p);
  bench.u.heat_w = 200e3;
  const double air = p.hot_volume_m3 * p.air_density_kg_m3 * 1006.0;
  bench.evaluate();
  CHECK(bench.rate.hot_aisle_k == doctest::Approx(200e3 / air).epsilon(1e-9));
  // One time constant: C_air C_mass/((C_air + C_mass) G).
  const double tau = air * 2e7 / ((air + 2e7) * 1e4);
  const double slow = 200e3 / (air + 2e7);
  bench.integrate(600.0, 12000);
  const double rate = slow + (200e3 / air - slow) * std::exp(-600.0 / tau);
  CHECK(bench.rate.hot_aisle_k == doctest::Approx(rate).epsilon(1e-3));
  bench.integrate(10.0 * tau, 60000);
  CHECK(bench.rate.hot_aisle_k == doctest::Approx(slow).epsilon(1e-3));
}

TEST_CASE("hall: too little CRAH air lets hot air come back, in proportion") {
  auto p = closed();
  p.leakage_share = 0.0;
  p.mass_conductance_w_k = 0.0;
  Bench<Hall> bench(p);
  const double cp = Hall::air_j_kg_k;
  // Racks draw 100 kg/s and heat it by 12 K; CRAHs deliver 80 kg/s at 22 degC.
  for (int i = 0; i < 60000; ++i) {
    bench.u.rack_flow_kg_s = 100.0;
    bench.u.rack_enthalpy_flow_w = 100.0 * cp * (bench.x.cold_aisle_k + 12.0 - 273.15);
    bench.u.crah_flow_kg_s = 80.0;
    bench.u.crah_enthalpy_flow_w = 80.0 * cp * 22.0;
    bench.integrate(0.05, 1);
  }
  // Heat leaves in 80 kg/s: hot = 22 + 12/0.8 = 37; cold = 0.8 * 22 + 0.2 * 37 = 25 degC.
  CHECK(bench.x.hot_aisle_k - 273.15 == doctest::Approx(37.0).epsilon(1e-3));
  CHECK(bench.x.cold_aisle_k - 273.15 == doctest::Approx(25.0).epsilon(1e-3));
  CHECK(bench.w.recirculation_kg_s == doctest::Approx(20.0).epsilon(1e-3));
}

TEST_CASE("hall of liquid-cooled racks: without CRAHs the inlets follow the hot aisle") {
  // Racks draw m and heat it by P/(m cp); nothing else moves, so all of it comes back. With the
  // leaks s m in both directions M = (1 + s) m cp, and the two nodes are linear in their difference
  // D:
  //   C_c dT_c/dt = M D,   C_h dT_h/dt = P - M D
  //   D(t) = D_1 + (D_0 - D_1) exp(-t/tau),  tau = C_c C_h/((C_c + C_h) M),  D_1 = P tau/C_h
  auto p = closed();
  p.mass_conductance_w_k = 0.0;
  p.cold_volume_m3 = 800.0;
  p.hot_volume_m3 = 1600.0;
  Bench<Hall> hall(p);
  auto rack_parameters = standard_parameters<LiquidRack>();
  rack_parameters.leakage_per_k = 0.0;
  Bench<LiquidRack> rack(rack_parameters);
  rack.u.pressure_difference_pa = rack_parameters.design_pressure_pa;
  rack.u.supply_k = 309.15;
  rack.u.demand_w = rack_parameters.rated_power_w;
  const double racks = 64.0;
  const double cp = Hall::air_j_kg_k;
  hall.x.cold_aisle_k = 297.15;
  hall.x.hot_aisle_k = 309.15;
  rack.u.inlet_air_k = 297.15;
  rack.integrate(60.0, 1200);
  // The design flow carries the air share at the design rise.
  CHECK(rack.w.air_flow_kg_s * cp * rack_parameters.air_rise_k ==
        doctest::Approx(0.13 * rack.w.power_w).epsilon(1e-9));
  const double heat_w = racks * rack.w.air_heat_w;
  const double moved_w_k = (1.0 + p.leakage_share) * racks * rack.w.air_flow_kg_s * cp;
  const double cold_j_k = 800.0 * p.air_density_kg_m3 * cp;
  const double hot_j_k = 1600.0 * p.air_density_kg_m3 * cp;
  const double tau_s = cold_j_k * hot_j_k / ((cold_j_k + hot_j_k) * moved_w_k);
  const double last_k = heat_w * tau_s / hot_j_k;
  const auto run = [&](double duration_s) {
    for (int i = 0; i < static_cast<int>(duration_s / 0.01 + 0.5); ++i) {
      rack.u.inlet_air_k = hall.x.cold_aisle_k;
      rack.evaluate();
      hall.u.rack_flow_kg_s = racks * rack.w.air_flow_kg_s;
      hall.u.rack_enthalpy_flow_w = racks * rack.w.air_enthalpy_flow_w;
      hall.integrate(0.01, 1);
    }
  };
  double elapsed_s = 0.0;
  for (const double until_s : {5.0, 10.0, 30.0, 60.0}) {
    run(until_s - elapsed_s);
    elapsed_s = until_s;
    const double difference_k = last_k + (12.0 - last_k) * std::exp(-until_s / tau_s);
    const double mean_k =
        (cold_j_k * 297.15 + hot_j_k * 309.15 + heat_w * until_s) / (cold_j_k + hot_j_k);
    const double cold_k = mean_k - difference_k * hot_j_k / (cold_j_k + hot_j_k);
    CHECK(std::abs(hall.x.hot_aisle_k - hall.x.cold_aisle_k - difference_k) < 0.02);
    CHECK(std::abs(hall.x.cold_aisle_k - cold_k) < 0.02);
  }
  MESSAGE("a minute without CRAHs: inlet " << hall.x.cold_aisle_k - 273.15 << ", hot aisle "
                                           << hall.x.hot_aisle_k - 273.15 << " degC, tau " << tau_s
                                           << " s");
  // Within a minute the inlet has left 24 degC for the hot aisle's mean rise, a few kelvin behind
  // it.
  CHECK(hall.x.cold_aisle_k > 305.15);
  CHECK(hall.x.hot_aisle_k - hall.x.cold_aisle_k < 5.0);
  // Racks that stop leave a draught and no heat.
  rack.react(Happening::Kind::order, 2);
  CHECK(rack.w.air_flow_kg_s ==
        doctest::Approx(rack_parameters.draught_share * LiquidRack::design_air_flow_kg_s(rack.p)));
  CHECK(rack.w.air_heat_w == 0.0);
}

TEST_CASE("hall: dew points of saturated air and drift of moisture") {
  // ASHRAE Handbook, Fundamentals 2017, chapter 1, table 2: saturation at 5 and 25 degC.
  auto p = closed();
  Bench<Hall> bench(p);
  bench.x.humidity_ratio = 0.005425;
  bench.evaluate();
  CHECK(bench.w.dew_point_k - 273.15 == doctest::Approx(5.0).epsilon(0.01));
  bench.x.humidity_ratio = 0.020173;
  bench.evaluate();
  CHECK(bench.w.dew_point_k - 273.15 == doctest::Approx(25.0).epsilon(0.01));
  p.infiltration_kg_s = 0.36;  // 3600 kg of air: time constant 10,000 s
  Bench<Hall> drift(p);
  drift.u.outdoor_humidity_ratio = 0.004;
  drift.integrate(10000.0, 20000);
  CHECK(drift.x.humidity_ratio == doctest::Approx(0.004 + 0.004 * std::exp(-1.0)).epsilon(1e-6));
}

TEST_CASE("hall: the dehumidifier holds moisture near its set-point and never dries the air out") {
  auto p = closed();
  p.infiltration_kg_s = 0.02;
  p.dehumidification_kg_s = 0.4e-3;
  // At rest m_i (W_out - W) = D (W - W_set)/w:  W = (m_i W_out + D W_set/w)/(m_i + D/w).
  const double gain = p.dehumidification_kg_s / p.humidity_band;
  Bench<Hall> bench(p);
  bench.u.outdoor_humidity_ratio = 0.018;
  bench.integrate(1e6, 20000);
  const double rest = (0.02 * 0.018 + gain * p.humidity_set_point) / (0.02 + gain);
  CHECK(bench.x.humidity_ratio == doctest::Approx(rest).epsilon(1e-9));
  CHECK(bench.w.dew_point_k < 289.15);
  // Air moister than its capacity can bear: all of it, no more.
  bench.u.outdoor_humidity_ratio = 0.034;
  bench.integrate(1e7, 20000);
  CHECK(bench.x.humidity_ratio == doctest::Approx(0.034 - 0.4e-3 / 0.02).epsilon(1e-9));
  // A cold day: the air goes to what is outdoors, and the dehumidifier rests.
  bench.u.outdoor_humidity_ratio = 0.0015;
  bench.integrate(1e7, 20000);
  CHECK(bench.x.humidity_ratio == doctest::Approx(0.0015).epsilon(1e-9));
}

TEST_CASE("hall: thinner air has a lower dew point at the same humidity ratio") {
  // p W/(0.621945 + W) is the vapour pressure: at 85 % of the pressure that of 5 degC, 872.6 Pa
  // (ASHRAE Handbook, Fundamentals 2017, chapter 1, table 2), belongs to a larger ratio.
  Bench<Hall> bench(standard_parameters<Hall>());
  bench.u.pressure_pa = 0.85 * 101325.0;
  bench.x.humidity_ratio = 0.621945 * 872.6 / (bench.u.pressure_pa - 872.6);
  bench.evaluate();
  CHECK(bench.w.dew_point_k - 273.15 == doctest::Approx(5.0).epsilon(0.01));
}

TEST_CASE("hall: alarm above 27 degC, clear below 26 degC") {
  Bench<Hall> bench(standard_parameters<Hall>());
  CHECK(bench.guards()[0] < 0.0);
  bench.x.cold_aisle_k = 300.2;
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  CHECK(bench.guards()[0] < 0.0);
  CHECK(bench.guards()[1] < 0.0);
  bench.x.cold_aisle_k = 299.1;
  CHECK(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  CHECK(bench.m.warm_alarm == 0);
}

TEST_CASE("a hall of ten racks and six CRAHs: control, loss of a CRAH, loss of all" *
          doctest::test_suite("full")) {
  Bench<Hall> hall(standard_parameters<Hall>());
  Bench<Crah> crah(standard_parameters<Crah>());
  Bench<AirRack> rack(standard_parameters<AirRack>());
  hall.p.cold_volume_m3 = 300.0;
  hall.p.hot_volume_m3 = 600.0;
  hall.p.design_flow_kg_s = 30.0;
  hall.p.mass_capacity_j_k = 1e7;
  double crahs = 6.0;
  const double racks = 10.0;
  crah.u.pressure_difference_pa = 100e3;
  crah.u.supply_k = 291.15;
  rack.u.demand_w = 36e3;
  const auto run = [&](double duration_s) {
    for (int i = 0; i < static_cast<int>(duration_s / 0.05); ++i) {
      rack.u.cold_aisle_k = crah.u.cold_aisle_k = hall.x.cold_aisle_k;
      crah.u.hot_aisle_k = hall.x.hot_aisle_k;
      rack.integrate(0.05, 1);
      crah.integrate(0.05, 1);
      hall.u.crah_flow_kg_s = crahs * crah.w.air_flow_kg_s;
      hall.u.crah_enthalpy_flow_w = crahs * crah.w.air_enthalpy_flow_w;
      hall.u.rack_flow_kg_s = racks * rack.w.air_flow_kg_s;
      hall.u.rack_enthalpy_flow_w = racks * rack.w.air_enthalpy_flow_w;
      hall.integrate(0.05, 1);
    }
  };
  run(7200.0);
  MESSAGE("cold " << hall.x.cold_aisle_k - 273.15 << ", hot " << hall.x.hot_aisle_k - 273.15
                  << " degC, fan " << crah.x.fan_speed << ", valve " << crah.x.valve_position
                  << ", die " << rack.w.die_k - 273.15);
  CHECK(std::abs(hall.x.cold_aisle_k - 298.15) < 0.3);
  CHECK(std::abs(crah.x.leaving_k - 297.15) < 0.3);
  const double fan = crah.x.fan_speed;
  crahs = 5.0;
  run(3600.0);
  CHECK(std::abs(hall.x.cold_aisle_k - 298.15) < 0.5);
  CHECK(crah.x.fan_speed > fan);
  // All fans stand: the aisle is above 32 degC within minutes.
  crah.react(Happening::Kind::order, 2);
  run(120.0);
  CHECK(hall.x.cold_aisle_k > 305.15);
  CHECK(rack.w.die_margin_k < 40.0);
}
