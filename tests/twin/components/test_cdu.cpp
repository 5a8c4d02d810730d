// SPDX-License-Identifier: Apache-2.0

// The Frontier CDU: exchanger against the published map, flows at the published operating point,
// power, actuators, faults. Source: ORNL data centre cooling library.

#include "tests/support/component_check.hpp"
#include "twin/components/cdu.hpp"
#include "twin/components/fluids.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

Bench<Cdu> at_design() {
  Bench<Cdu> bench(standard_parameters<Cdu>());
  bench.u.pressure_difference_pa = 189606.0;  // 27.5 psi
  bench.u.speed_command = 0.64;
  bench.u.valve_command = 0.8;
  bench.x.valve_position = 0.8;
  bench.u.loop_pressure_difference_pa = 138000.0;  // exchanger 88 kPa and valve 50 kPa
  bench.u.return_k = 313.15;
  bench.u.loop_supply_k = 294.15;
  bench.evaluate();
  return bench;
}

void deliver(Bench<Cdu>& bench, double duration_s) {
  bench.integrate(duration_s, static_cast<int>(duration_s * 50.0 + 0.5));
  bench.agenda.time_ns += static_cast<std::int64_t>(duration_s * 1e9);
  const auto due = bench.agenda.timers;
  bench.agenda.timers.clear();
  for (const auto& [instant, tag] : due) {
    if (instant <= bench.agenda.time_ns) {
      bench.react(Happening::Kind::timer, tag);
    } else {
      bench.agenda.timers.emplace_back(instant, tag);
    }
  }
}

struct LamedCdu : Cdu {
  static void start(const Parameters&, Modes& m, States<double>&) { m.pumps_available = 0; }
};
struct StandbyCdu : Cdu {
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    Cdu::start(p, m, x);
    m.condition = static_cast<std::int64_t>(UnitCondition::standby);
    m.valve = 1;
  }
};
struct DeadCdu : Cdu {
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    Cdu::start(p, m, x);
    m.supply = static_cast<std::int64_t>(Supply::stopped);
    x.fouling = 0.3;
  }
};

}  // namespace

TEST_CASE("cdu: Jacobian, energy, bounds") { check_component<Cdu>(standard_parameters<Cdu>()); }

TEST_CASE("cdu: fitted exchanger against the published map of conductance") {
  // kW per kelvin of inlet temperature difference; flows in m3/s.
  const double secondary[] = {0.010094431, 0.011356235, 0.012618039, 0.015141647, 0.017665255};
  const double primary[] = {0.005047216, 0.00630902,  0.007570824, 0.008832627,
                            0.010094431, 0.011356235, 0.012618039, 0.013879843,
                            0.015141647, 0.016403451, 0.017665255, 0.018927059};
  const double map[5][12] = {
      {22.119, 25.856, 29.76867213, 32.48863283, 34.70803172, 36.41105267, 37.61214661, 38.46681669,
       39.28388439, 39.73142072, 40.13370388, 40.51062231},
      {22.22, 26.058, 30.56191078, 33.82317734, 36.59470307, 38.74652132, 40.37633069, 41.62089713,
       42.66829202, 43.42684015, 44.05515986, 44.57649754},
      {22.22, 26.058, 31.007404, 34.777936, 38.0769192, 40.674316, 42.7401296, 44.3860256,
       45.6842392, 46.7688176, 47.6419424, 48.333752},
      {22.321, 26.159, 31.108, 35.81942861, 39.99646153, 43.40858477, 46.30273217, 48.72382337,
       50.57555382, 52.30725166, 53.70194757, 54.81817436},
      {22.422, 26.159, 31.12924394, 36.15577638, 40.80361022, 44.81726166, 48.37227485, 51.42900349,
       53.8874314, 56.17633316, 58.09464022, 59.75544091}};
  const auto p = standard_parameters<Cdu>();
  double sum = 0.0;
  double worst = 0.0;
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 12; ++j) {
      const double w_k =
          Cdu::inlet_conductance_w_k(p, 0.0, secondary[i] * 998.0, primary[j] * 998.0);
      const double off = w_k / (1e3 * map[i][j]) - 1.0;
      sum += off * off;
      worst = std::max(worst, std::abs(off));
    }
  }
  const double rms = std::sqrt(sum / 60.0);
  MESSAGE("fit of the CDU map, 10..18 kg/s secondary, 5..19 kg/s primary: rms " << rms << ", worst "
                                                                                << worst);
  CHECK(rms < 0.019);
  CHECK(worst < 0.065);
}

TEST_CASE("cdu: 25 % propylene glycol takes 30 % of the exchanger's conductance") {
  // hA ~ (m/mu)^0.8 k Pr^(1/3) with the tabled properties: PG25 at 40 degC (Melinder 2010), water
  // at 30 degC (IAPWS).
  const auto film = [](double mu, double k, double cp) {
    return std::pow(1.0 / mu, 0.8) * k * std::cbrt(mu * cp / k);
  };
  const double factor = film(1.39415e-3, 0.48067, 3957.59) / film(0.79735e-3, 0.6155, 4179.8);
  CHECK(fluids::film_factor(fluids::pg25_at(313.15), 0.8) == doctest::Approx(factor).epsilon(1e-3));
  CHECK(fluids::film_factor(fluids::water_at(303.15), 0.8) == doctest::Approx(1.0).epsilon(1e-12));
  auto p = standard_parameters<Cdu>();
  const double clean = 1.0 / (1.0 / p.secondary_film_w_k + 1.0 / p.primary_film_w_k);
  const double glycol = 1.0 / (1.0 / (factor * p.secondary_film_w_k) + 1.0 / p.primary_film_w_k);
  MESSAGE("film factor " << factor << ", conductance " << glycol / clean << " of that with water");
  CHECK(glycol / clean == doctest::Approx(0.70).epsilon(0.01));
  // Against water of its own 40 degC (0.65298 mPa s, 0.6285 W/(m K)) it is 36 % less.
  const double same = film(1.39415e-3, 0.48067, 3957.59) / film(0.65298e-3, 0.6285, 4179.4);
  const double less = (1.0 / p.secondary_film_w_k + 1.0 / p.primary_film_w_k) /
                      (1.0 / (same * p.secondary_film_w_k) + 1.0 / p.primary_film_w_k);
  CHECK(less == doctest::Approx(0.64).epsilon(0.01));
  CHECK(fluids::film_factor(fluids::pg25_at(313.15), 0.8) /
            fluids::film_factor(fluids::water_at(313.15), 0.8) ==
        doctest::Approx(same).epsilon(1e-3));
  // At design flows: counterflow with the smaller UA, by the law of effectiveness.
  p.secondary_film_factor = factor;
  p.secondary_heat_capacity_j_kg_k = 3957.59;
  const double c_s = p.secondary_flow_kg_s * 3957.59;
  const double c_p = p.primary_flow_kg_s * p.primary_heat_capacity_j_kg_k;
  const double z = c_p / c_s;
  const double fade = std::exp(-glycol / c_p * (1.0 - z));
  const double expected = c_p * (1.0 - fade) / (1.0 - z * fade);
  CHECK(Cdu::inlet_conductance_w_k(p, 0.0, p.secondary_flow_kg_s, p.primary_flow_kg_s) ==
        doctest::Approx(expected).epsilon(1e-6));
}

TEST_CASE("cdu: published operating point and electric power") {
  auto bench = at_design();
  CHECK(bench.w.secondary_flow_kg_s == doctest::Approx(15.0).epsilon(0.005));
  CHECK(bench.w.primary_flow_kg_s == doctest::Approx(11.0).epsilon(0.03));
  CHECK(bench.w.power_w == doctest::Approx(8473.47).epsilon(0.005));
  CHECK(bench.w.air_heat_w > bench.p.auxiliary_power_w);
  // One pump left: less flow, but more than half, since its head falls with flow. It coasts first.
  bench.react(Happening::Kind::order, 4, 1.0);
  CHECK(bench.w.secondary_flow_kg_s > 14.9);
  bench.integrate(10.0, 1000);
  CHECK(bench.w.secondary_flow_kg_s > 7.6);
  CHECK(bench.w.secondary_flow_kg_s < 15.0);
  bench.react(Happening::Kind::order, 4, 1.0);
  bench.integrate(20.0, 2000);
  CHECK(bench.w.secondary_flow_kg_s < 1e-6);
  bench.react(Happening::Kind::order, 5, 2.0);
  bench.integrate(30.0, 3000);
  CHECK(bench.w.secondary_flow_kg_s == doctest::Approx(15.0).epsilon(0.005));
}

TEST_CASE("cdu: steady heat balance and second law") {
  auto bench = at_design();
  bench.integrate(300.0, 15000);
  const double secondary_w =
      bench.w.secondary_flow_kg_s * 4180.0 * (bench.u.return_k - bench.w.secondary_outlet_k);
  const double shaft_w = bench.w.power_w - bench.w.air_heat_w;
  CHECK(bench.w.heat_exchanged_w == doctest::Approx(secondary_w + shaft_w).epsilon(1e-6));
  const double primary_w =
      bench.w.primary_flow_kg_s * 4180.0 * (bench.w.primary_outlet_k - bench.u.loop_supply_k);
  CHECK(bench.w.heat_exchanged_w == doctest::Approx(primary_w).epsilon(1e-6));
  CHECK(bench.w.approach_k > 0.0);
  CHECK(bench.w.primary_outlet_k < bench.u.return_k);
  // Fouling costs heat.
  const double clean_w = bench.w.heat_exchanged_w;
  bench.react(Happening::Kind::order, 7, 0.5);
  CHECK(bench.w.heat_exchanged_w < 0.97 * clean_w);
  CHECK(bench.w.heat_exchanged_w > 0.7 * clean_w);
}

TEST_CASE("cdu: the valve takes its stroke time, a stuck one stays, a standby one closes") {
  auto bench = at_design();
  bench.x.valve_position = 0.0;
  bench.u.valve_command = 1.0;
  bench.integrate(30.0, 3000);
  CHECK(bench.x.valve_position == doctest::Approx(0.5).epsilon(1e-3));
  bench.react(Happening::Kind::order, 6, 1.0);
  bench.integrate(30.0, 3000);
  CHECK(bench.x.valve_position == doctest::Approx(0.5).epsilon(1e-3));
  bench.react(Happening::Kind::order, 6, 0.0);
  bench.react(Happening::Kind::order, 1);
  bench.integrate(60.0, 6000);
  CHECK(bench.x.valve_position < 1e-3);
  CHECK(bench.w.secondary_flow_kg_s == 0.0);
  CHECK(bench.w.power_w == 0.0);
}

TEST_CASE("cdu: where one side stands still no heat passes") {
  auto bench = at_design();
  bench.x.pump_speed = 0.0;
  bench.evaluate();
  CHECK(bench.w.secondary_flow_kg_s == 0.0);
  CHECK(bench.w.heat_exchanged_w == 0.0);
  bench.x.pump_speed = 0.64;
  bench.u.loop_pressure_difference_pa = 0.0;
  bench.evaluate();
  CHECK(bench.w.heat_exchanged_w == 0.0);
  CHECK(std::isfinite(bench.rate.secondary_outlet_k));
}

TEST_CASE("cdu: Jacobian and energy with lost pumps, in standby, without voltage") {
  check_component<LamedCdu>(standard_parameters<Cdu>());
  check_component<StandbyCdu>(standard_parameters<Cdu>());
  check_component<DeadCdu>(standard_parameters<Cdu>());
}

TEST_CASE("cdu: drop-out and restart") {
  auto bench = at_design();
  bench.u.voltage_a = 0.5;
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  deliver(bench, 0.05);
  CHECK(bench.m.supply == static_cast<std::int64_t>(Supply::stopped));
  CHECK(bench.w.power_w == 0.0);
  const double speed = bench.x.pump_speed;
  deliver(bench, 20.0);
  CHECK(bench.x.pump_speed == doctest::Approx(speed / (1.0 + speed * 20.0 / 0.7)).epsilon(1e-3));
  CHECK(bench.w.secondary_flow_kg_s == 0.0);
  CHECK(bench.x.valve_position == doctest::Approx(0.8));  // stays where it was
  bench.u.voltage_a = 1.0;
  CHECK(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  deliver(bench, 5.0);
  CHECK(bench.m.supply == static_cast<std::int64_t>(Supply::powered));
  deliver(bench, 20.0);
  CHECK(bench.w.secondary_flow_kg_s == doctest::Approx(15.0).epsilon(0.01));
}

TEST_CASE("cdu: a filter clogs slowly, takes flow, and is renewed") {
  auto bench = at_design();
  const double clean = bench.w.secondary_flow_kg_s;
  bench.p.filter_fouling_pa_s = 1000.0;
  bench.integrate(60.0, 600);
  CHECK(bench.x.filter_pressure_pa == doctest::Approx(70e3).epsilon(1e-6));
  CHECK(bench.w.secondary_flow_kg_s < clean);
  CHECK(bench.guards()[2] > 0.0);
  bench.react(Happening::Kind::guard, 2);
  CHECK(bench.guards()[2] < 0.0);
  bench.react(Happening::Kind::order, 8, 1.0);
  CHECK(bench.x.filter_pressure_pa == doctest::Approx(10e3));
  CHECK(bench.m.filter_alarm == 0);
}
