// SPDX-License-Identifier: Apache-2.0
#pragma once

// Computer-room air handler: fan, coil and water valve, with local control.
//
//   air     m_a = n m_a0 at relative fan speed n; the fan takes P_0 n^3, all of it ends in the air
//   water   m_w = K(v) sqrt(dp_loop), equal-percentage valve in series with the coil
//   coil    cross-flow, both streams unmixed (exchanger.hpp), hA ~ m^0.8 on both sides:
//           Q = G(UA, m_a c_a, m_w c_w) (T_hot - T_w)
//   outlet  C dT_l/dt = m_a c_a (T_hot - T_l) - Q + P        C: coil, casing and the air in it
//   water leaves with the enthalpy it came with, and Q
//
// Control by PI (pi_control.hpp): the valve holds the leaving temperature, the fan holds the cold
// aisle (more air when hot air comes back into it). Valve and fan follow with their lags and rate
// limits. The unit has one feeder. Without voltage the fan coasts down on its kinetic energy
// (rotor.hpp) and the valve keeps its place; with a failed fan the coil gives next to nothing, and
// nothing divides by the vanished flow.
//
// Condensation is left out: water below the hall's dew point is outside of this model.
// Defaults describe a unit of about 110 kW with water of 18 degC; all are assumed.

#include "twin/components/condition.hpp"
#include "twin/components/exchanger.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/pi_control.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/rotor.hpp"

namespace ampacity {

struct Crah {
  static constexpr const char* name = "crah";
  static constexpr const char* summary = "room air handler: fan, coil, valve, local control";

  struct Parameters {
    double air_flow_kg_s;
    double fan_power_w;
    double water_flow_kg_s;
    double water_pressure_pa;
    double valve_pressure_pa;
    double valve_rangeability;
    double transfer_w_k;
    double film_ratio;
    double film_exponent;
    double coil_capacity_j_k;
    double water_heat_capacity_j_kg_k;
    double leaving_set_point_k;
    double valve_gain_per_k;
    double valve_integral_time_s;
    double aisle_set_point_k;
    double fan_gain_per_k;
    double fan_integral_time_s;
    double minimum_fan;
    double fan_time_s;
    double fan_ramp_hz;
    double coasting_time_s;
    double valve_time_s;
    double stroke_time_s;
    double start_fan;
    double start_valve;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V valve_position;
    V fan_speed;
    V leaving_k;
    V valve_integral;
    V fan_integral;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V pressure_difference_pa;
    V hot_aisle_k;
    V cold_aisle_k;
    V supply_k;
  };
  template <class V>
  struct Outputs {
    V air_flow_kg_s;
    V water_flow_kg_s;
    V air_enthalpy_flow_w;
    V water_enthalpy_flow_w;
    V heat_w;
    V power_w;
    V leaving_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t valve;
    std::int64_t leaving_set_point_uk;
    std::int64_t aisle_set_point_uk;
  };

  static constexpr double air_j_kg_k = psychrometrics::air_heat_capacity_j_kg_k;

  static constexpr std::array parameters{
      ParameterRow{"air_flow", "kg/s", 10.0, 0.01, 1e3, "air flow at full fan speed", "assumed"},
      ParameterRow{"fan_power", "W", 5000.0, 0.0, 1e6, "electric power at full fan speed",
                   "assumed"},
      ParameterRow{"water_flow", "kg/s", 6.0, 1e-3, 1e3, "water flow with the valve open",
                   "assumed"},
      ParameterRow{"water_pressure", "Pa", 40e3, 1.0, 1e6, "pressure lost in the coil at that flow",
                   "assumed"},
      ParameterRow{"valve_pressure", "Pa", 60e3, 1e3, 1e6,
                   "pressure lost in the open valve at that flow", "assumed"},
      ParameterRow{"valve_rangeability", "1", 30.0, 2.0, 100.0, "open over closed conductance",
                   "assumed (equal-percentage valve)"},
      ParameterRow{"transfer", "W/K", 18e3, 1.0, 1e7, "UA of the coil at design flows", "assumed"},
      ParameterRow{"film_ratio", "1", 0.3, 0.01, 100.0, "hA of air over hA of water", "assumed"},
      ParameterRow{"film_exponent", "1", 0.8, 0.2, 1.0, "hA over flow", "assumed (turbulent)"},
      ParameterRow{"coil_capacity", "J/K", 150e3, 1e3, 1e8, "coil, casing and water", "assumed"},
      ParameterRow{"water_heat_capacity", "J/(kg K)", 4183.0, 1500.0, 5000.0,
                   "specific heat capacity of the water", "water at 20 degC, IAPWS SR6-08"},
      ParameterRow{"leaving_set_point", "K", 297.15, 278.15, 318.15, "leaving air to hold",
                   "assumed (24 degC)"},
      ParameterRow{"valve_gain", "1/K", 0.05, 0.0, 10.0, "stroke per kelvin", "assumed"},
      ParameterRow{"valve_integral_time", "s", 90.0, 0.5, 3600.0,
                   "integral time of the valve control", "assumed"},
      ParameterRow{"aisle_set_point", "K", 298.15, 278.15, 318.15, "cold aisle to hold",
                   "assumed (25 degC)"},
      ParameterRow{"fan_gain", "1/K", 0.05, 0.0, 10.0, "fan speed per kelvin", "assumed"},
      ParameterRow{"fan_integral_time", "s", 120.0, 0.5, 3600.0, "integral time of the fan control",
                   "assumed"},
      ParameterRow{"minimum_fan", "1", 0.3, 0.0, 1.0, "lowest relative fan speed", "assumed"},
      ParameterRow{"fan_time", "s", 5.0, 0.05, 60.0, "lag of fan and drive", "assumed"},
      ParameterRow{"fan_ramp", "1/s", 0.05, 1e-3, 10.0, "fastest change of relative speed",
                   "assumed"},
      ParameterRow{"coasting_time", "s", 4.0, 0.01, 600.0,
                   "the coasting fan falls from full to half speed; says its inertia", "assumed"},
      ParameterRow{"valve_time", "s", 2.0, 0.05, 60.0, "lag of the positioner", "assumed"},
      ParameterRow{"stroke_time", "s", 60.0, 1.0, 600.0, "full stroke of the valve",
                   "assumed (30 to 90 s)"},
      ParameterRow{"start_fan", "1", 0.7, 0.0, 1.2, "relative fan speed at the start", "assumed"},
      ParameterRow{"start_valve", "1", 0.7, 0.0, 1.0, "stroke at the start", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0, "voltage below which the fan stops, pu",
                   "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drive rides through", "assumed"},
      ParameterRow{"restart_delay", "s", 20.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"valve_position", "1", 0.7, 0.0, 1.0, 1e-4, "stroke of the water valve"},
      StateRow{"fan_speed", "1", 0.7, 0.0, 1.2, 1e-4, "relative speed of the fan"},
      StateRow{"leaving_temperature", "K", 297.15, 263.15, 353.15, 1e-3, "air that leaves"},
      StateRow{"valve_integral", "1", 0.7, -1.0, 2.0, 1e-4, "integral part of the valve control"},
      StateRow{"fan_integral", "1", 0.7, -1.0, 2.0, 1e-4, "integral part of the fan control"}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the feed, pu"},
      InputRow{"pressure_difference", "Pa", required, 0.0, 1e6, "pressure difference of the loop"},
      InputRow{"hot_aisle_temperature", "K", required, 263.15, 353.15, "air that enters"},
      InputRow{"cold_aisle_temperature", "K", required, 263.15, 333.15, "air in the cold aisle"},
      InputRow{"supply_temperature", "K", required, 273.15, 333.15, "water from the loop"}};
  static constexpr std::array outputs{
      OutputRow{"air_flow", "kg/s", "air through the unit"},
      OutputRow{"water_flow", "kg/s", "water through the coil"},
      OutputRow{"air_enthalpy_flow", "W", "enthalpy flow to the cold aisle"},
      OutputRow{"water_enthalpy_flow", "W", "enthalpy flow to the loop's return"},
      OutputRow{"heat", "W", "heat from air to water"},
      OutputRow{"power", "W", "electric power of the unit", Account::use_cooling},
      OutputRow{"leaving_temperature", "K", "air that leaves"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"valve", "free|stuck", "whether the valve obeys"},
      ModeRow{"leaving_set_point", "", "leaving air to hold, microkelvin"},
      ModeRow{"aisle_set_point", "", "cold aisle to hold, microkelvin"}};
  static constexpr std::array guards{voltage_lost_row, voltage_back_row};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"stick_valve", "1", 0.0, 1.0,
               "fault: the valve stays where it is (1), or is free (0)"},
      OrderRow{"leaving_set_point", "K", 278.15, 318.15, "leaving air to hold"},
      OrderRow{"aisle_set_point", "K", 278.15, 318.15, "cold aisle to hold"}};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 2;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.air_flow_kg_s = x.fan_speed * p.air_flow_kg_s;
    const V valve = equal_percentage(conductance_at(p.water_flow_kg_s, p.valve_pressure_pa),
                                     p.valve_rangeability, x.valve_position);
    const double coil = conductance_at(p.water_flow_kg_s, p.water_pressure_pa);
    w.water_flow_kg_s = turbulent_flow(in_series(valve, coil), u.pressure_difference_pa);
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double c_w = p.water_heat_capacity_j_kg_k;
    w.heat_w =
        coil_conductance_w_k(p, w.air_flow_kg_s, w.water_flow_kg_s) * (u.hot_aisle_k - u.supply_k);
    control(p, m, x, u, rate);
    const V load_w = x.fan_speed * x.fan_speed * x.fan_speed * p.fan_power_w;
    const auto fan =
        rotor::power(is_on(m), rotor::Motion<V>{V(1.0), V(0.0), x.fan_speed, rate.fan_speed},
                     load_w, rotor_j(p), 1.0);
    w.power_w = fan.electric_w;
    rate.leaving_k = (w.air_flow_kg_s * air_j_kg_k * (u.hot_aisle_k - x.leaving_k) - w.heat_w +
                      fan.load_w + fan.braking_w) /
                     p.coil_capacity_j_k;
    w.air_enthalpy_flow_w = w.air_flow_kg_s * (x.leaving_k - enthalpy_reference_k) * air_j_kg_k;
    w.water_enthalpy_flow_w =
        w.water_flow_kg_s * (u.supply_k - enthalpy_reference_k) * c_w + w.heat_w;
    w.leaving_k = x.leaving_k;
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.leaving_set_point_uk = to_millionths(p.leaving_set_point_k);
    m.aisle_set_point_uk = to_millionths(p.aisle_set_point_k);
    x.valve_position = p.start_valve;
    x.valve_integral = p.start_valve;
    x.fan_speed = p.start_fan;
    x.fan_integral = p.start_fan;
    x.leaving_k = p.leaving_set_point_k;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    guard[0] = voltage_lost_guard(rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(rules(p), m.supply, u.voltage);
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, m);
    } else if (happening.kind == Happening::Kind::timer) {
      note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda);
    } else if (happening.index == 0) {
      note_change(on_voltage_lost(rules(p), agenda, 0, m.supply, m.supply_timer_ns), agenda);
    } else {
      note_change(on_voltage_back(rules(p), agenda, 0, m.supply, m.supply_timer_ns), agenda);
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_w - w.air_enthalpy_flow_w - w.water_enthalpy_flow_w +
           w.air_flow_kg_s * (u.hot_aisle_k - enthalpy_reference_k) * air_j_kg_k +
           w.water_flow_kg_s * (u.supply_k - enthalpy_reference_k) * p.water_heat_capacity_j_kg_k;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.leaving_k - enthalpy_reference_k) * p.coil_capacity_j_k +
           rotor::stored_j(V(1.0), x.fan_speed, rotor_j(p));
  }

 private:
  static SupplyRules rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static double rotor_j(const Parameters& p) {
    return rotor::energy_j(p.fan_power_w, p.coasting_time_s);
  }
  static bool is_on(const Modes& m) { return is_running(m.condition) && is_powered(m.supply); }

  template <class V>
  static V coil_conductance_w_k(const Parameters& p, const V& air_kg_s, const V& water_kg_s) {
    const V transfer = exchanger::transfer_from_flows_w_k(
        p.transfer_w_k, p.film_ratio, air_kg_s * (1.0 / p.air_flow_kg_s),
        water_kg_s * (1.0 / p.water_flow_kg_s), p.film_exponent, p.film_exponent);
    const V moving = exchanger::flow_presence(air_kg_s, p.air_flow_kg_s) *
                     exchanger::flow_presence(water_kg_s, p.water_flow_kg_s);
    return moving * exchanger::crossflow_conductance_w_k(
                        transfer,
                        exchanger::capacity_flow_w_k(air_kg_s, air_j_kg_k, p.air_flow_kg_s),
                        exchanger::capacity_flow_w_k(water_kg_s, p.water_heat_capacity_j_kg_k,
                                                     p.water_flow_kg_s));
  }

  template <class V>
  static void control(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      States<V>& rate) {
    const bool on = is_on(m);
    const V warm_k = x.leaving_k - from_millionths(m.leaving_set_point_uk);
    const PiControl<V> valve = pi_control({p.valve_gain_per_k, p.valve_integral_time_s, 0.0, 1.0},
                                          x.valve_integral, warm_k);
    rate.valve_integral = on ? valve.integral_rate : V(0.0);
    const V aisle_k = u.cold_aisle_k - from_millionths(m.aisle_set_point_uk);
    const PiControl<V> fan = pi_control(
        {p.fan_gain_per_k, p.fan_integral_time_s, p.minimum_fan, 1.0}, x.fan_integral, aisle_k);
    rate.fan_integral = on ? fan.integral_rate : V(0.0);

    const double stroke_hz = 1.0 / p.stroke_time_s;
    const bool moves = is_live(m.supply) && m.valve == 0;
    const V valve_goal = is_running(m.condition) ? valve.command : V(0.0);
    rate.valve_position =
        moves ? clamp((valve_goal - x.valve_position) / p.valve_time_s, -stroke_hz, stroke_hz)
              : V(0.0);
    rate.fan_speed =
        on ? rotor::driven_rate_hz(fan.command, x.fan_speed, p.fan_time_s, p.fan_ramp_hz)
           : rotor::coasting_rate_hz(x.fan_speed, V(1.0), V(0.0), p.coasting_time_s);
  }

  static void note_change(SupplyChange change, Agenda& agenda) {
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "fan dropped out");
    if (change == SupplyChange::started) agenda.note(Severity::information, "fan runs up again");
  }

  static void obey(const Happening& order, Agenda& agenda, Modes& m) {
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      m.valve = order.value >= 0.5 ? 1 : 0;
    } else {
      (order.index == 5 ? m.leaving_set_point_uk : m.aisle_set_point_uk) =
          to_millionths(order.value);
    }
  }
};

}  // namespace ampacity
