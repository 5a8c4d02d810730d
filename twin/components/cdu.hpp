// SPDX-License-Identifier: Apache-2.0
#pragma once

// Coolant distribution unit: pumps, a plate exchanger and a control valve between the racks'
// coolant (secondary) and facility water (primary).
//
// Secondary. Two pumps (or N) at a common relative speed n push m_s through filter and exchanger
// against the island's pressure difference:
//
//   H0 n^2 - H2 (m_s/N)^2 - (r + dp_filter/m_0^2) m_s^2 = dp,       m_s = 0 behind the check valve
//
// dp_filter, the filter's pressure drop at design flow, is a state that creeps up as it clogs.
// Primary. The equal-percentage valve at stroke v in series with the exchanger takes
// m_p = K(v) sqrt(dp_loop).
//
// Exchange, counterflow (exchanger.hpp), with the conductance
//
//   1/UA = 1/(f_s h_s (m_s/m_s0)^0.8) + 1/(f_p h_p (m_p/m_p0)^0.8) + R_fouling    (fouling.hpp)
//   Q = G(UA, m_s c_s, m_p c_p) (T_return - T_loop)
//
// and one mixed volume per side behind it, so that outlet temperatures are states:
//
//   M_s c_s dT_s,out/dt = m_s c_s (T_return - T_s,out) - Q + shaft power of the pumps
//   M_p c_p dT_p,out/dt = m_p c_p (T_loop - T_p,out) + Q
//
// h_s, h_p are the films of water, f_s, f_p what the liquids make of them (fluids.hpp): 0.58 for 25
// % propylene glycol of 40 degC, which takes 30 % of the conductance of the default exchanger.
//
// Default UA: fitted to the map of the Frontier CDU (conductance per inlet temperature difference,
// ORNL data centre cooling library); over 10 to 17.6 kg/s secondary and 5 to 19 kg/s primary the
// test finds a root mean square of 1.84 %, at worst 6.12 %. Outside, below 4 kg/s of
// primary flow, the published map exceeds an effectiveness of one (up to 1.25) and is not followed.
//
// What turns, N, follows the pumps that have not failed, with a lag: the run-up time for a pump
// that joins, the coasting time for one that trips.
//
// Actuators: dn/dt and dv/dt follow the island's commands with a lag and a rate limit (full stroke
// in stroke_time). A stuck valve, and one without voltage, keeps its place; in standby it closes.
// Electricity: pumps (shaft power and kinetic energy over motor efficiency, rotor.hpp; without
// voltage they coast) and a constant part for controls. Shaft power warms the coolant, the rest the
// hall's air (`air_heat`). A unit with two feeders has a transfer switch of its own; its drives
// ride through the transfer. With the default auxiliary power the unit draws the 8.47 kW at its
// design point that RAPS gives for a Frontier CDU.

#include "twin/components/condition.hpp"
#include "twin/components/exchanger.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fouling.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/rotor.hpp"

namespace ampacity {

struct Cdu {
  static constexpr const char* name = "cdu";
  static constexpr const char* summary = "coolant distribution unit: pumps, exchanger, valve";

  struct Parameters {
    double pump_count;
    double shut_off_pressure_pa;
    double curvature_pa_s2_kg2;
    double efficiency;
    double motor_efficiency;
    double auxiliary_power_w;
    double speed_time_s;
    double speed_ramp_hz;
    double coasting_time_s;
    double run_up_time_s;
    double start_speed;
    double secondary_flow_kg_s;
    double secondary_pressure_pa;
    double filter_pressure_pa;
    double filter_fouling_pa_s;
    double filter_limit_pa;
    double primary_flow_kg_s;
    double primary_pressure_pa;
    double valve_flow_kg_s;
    double valve_pressure_pa;
    double valve_rangeability;
    double valve_time_s;
    double stroke_time_s;
    double start_valve;
    double secondary_film_w_k;
    double primary_film_w_k;
    double secondary_film_factor;
    double primary_film_factor;
    double film_exponent;
    double fouling;
    double fouling_limit;
    double fouling_time_s;
    double water_quality;
    double secondary_volume_m3;
    double primary_volume_m3;
    double secondary_density_kg_m3;
    double primary_density_kg_m3;
    double secondary_heat_capacity_j_kg_k;
    double primary_heat_capacity_j_kg_k;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V pump_speed;
    V turning;
    V valve_position;
    V filter_pressure_pa;
    V secondary_outlet_k;
    V primary_outlet_k;
    V fouling;
  };
  template <class V>
  struct Inputs {
    V voltage_a;
    V voltage_b;
    V pressure_difference_pa;
    V speed_command;
    V valve_command;
    V loop_pressure_difference_pa;
    V return_k;
    V loop_supply_k;
  };
  template <class V>
  struct Outputs {
    V secondary_flow_kg_s;
    V primary_flow_kg_s;
    V secondary_enthalpy_flow_w;
    V primary_enthalpy_flow_w;
    V heat_exchanged_w;
    V power_a_w;
    V power_b_w;
    V power_w;
    V air_heat_w;
    V approach_k;
    V secondary_outlet_k;
    V primary_outlet_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t pumps_available;
    std::int64_t valve;
    std::int64_t filter_alarm;
  };

  static constexpr std::array parameters{
      ParameterRow{"pump_count", "1", 2.0, 1.0, 16.0, "pumps of the unit, all running",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"shut_off_pressure", "Pa", 657000.0, 1e3, 1e7,
                   "pressure of one pump at full speed without flow",
                   "fit to Frontier CDU pump curve, 0 to 20 kg/s"},
      ParameterRow{"curvature", "Pa s2/kg2", 125.7, 1e-9, 1e9,
                   "pressure that a pump loses per square of its flow",
                   "fit to Frontier CDU pump curve, 0 to 20 kg/s"},
      ParameterRow{"efficiency", "1", 0.85, 0.05, 1.0, "hydraulic over shaft power",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"motor_efficiency", "1", 0.95, 0.05, 1.0,
                   "shaft over electric power, with drive", "assumed"},
      ParameterRow{"auxiliary_power", "W", 3586.0, 0.0, 1e5, "controls, fans and sensors",
                   "so that the unit draws 8473.47 W at design, RAPS config/frontier.yaml"},
      ParameterRow{"speed_time", "s", 2.0, 0.05, 60.0, "lag of drive and rotor",
                   "assumed (1 to 3 s)"},
      ParameterRow{"speed_ramp", "1/s", 0.1, 1e-3, 10.0, "fastest change of relative speed",
                   "assumed"},
      ParameterRow{"coasting_time", "s", 0.7, 0.01, 600.0,
                   "a coasting pump falls from full to half speed; says its inertia",
                   "assumed (0.5 to 2 s)"},
      ParameterRow{"run_up_time", "s", 3.0, 0.05, 60.0,
                   "lag with which a started pump joins those that turn", "assumed"},
      ParameterRow{"start_speed", "1", 0.64, 0.0, 1.2, "relative speed at the start",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"secondary_flow", "kg/s", 15.0, 1e-3, 1e4, "design flow of the coolant",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"secondary_pressure", "Pa", 62400.0, 1.0, 2e6,
                   "pressure lost in exchanger and pipes at design flow",
                   "so that 64 % speed gives 15 kg/s at 27.5 psi, ORNL cooling library"},
      ParameterRow{"filter_pressure", "Pa", 10000.0, 0.0, 2e5,
                   "pressure lost in the clean filter at design flow", "assumed"},
      ParameterRow{"filter_fouling", "Pa/s", 4e-4, 0.0, 100.0,
                   "growth of the filter's pressure drop", "assumed (1 kPa in a month)"},
      ParameterRow{"filter_limit", "Pa", 60000.0, 1e3, 1e6, "filter pressure drop that is an alarm",
                   "0.6 bar, Vertiv CDU 600 p. 47"},
      ParameterRow{"primary_flow", "kg/s", 11.0, 1e-3, 1e4, "design flow of facility water",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"primary_pressure", "Pa", 88000.0, 1.0, 2e6,
                   "pressure lost in the exchanger at design flow",
                   "Frontier CDU, 8000 Pa s/kg, ORNL cooling library"},
      ParameterRow{"valve_flow", "kg/s", 22.0, 1e-3, 1e4,
                   "flow of the open valve at valve_pressure", "assumed (11 kg/s at 80 % stroke)"},
      ParameterRow{"valve_pressure", "Pa", 50000.0, 1e3, 2e6,
                   "pressure at which valve_flow is given", "Frontier CDU, ORNL cooling library"},
      ParameterRow{"valve_rangeability", "1", 30.0, 2.0, 100.0, "open over closed conductance",
                   "assumed (equal-percentage valve)"},
      ParameterRow{"valve_time", "s", 2.0, 0.05, 60.0, "lag of the positioner", "assumed"},
      ParameterRow{"stroke_time", "s", 60.0, 1.0, 600.0, "full stroke of the valve",
                   "assumed (30 to 90 s)"},
      ParameterRow{"start_valve", "1", 0.7, 0.0, 1.0, "stroke at the start", "assumed"},
      ParameterRow{"secondary_film", "W/K", 323307.0, 1.0, 1e9, "hA of water at design flow",
                   "fit to Frontier CDU map, ORNL cooling library"},
      ParameterRow{"primary_film", "W/K", 1123800.0, 1.0, 1e9, "hA of the water at design flow",
                   "fit to Frontier CDU map, ORNL cooling library"},
      ParameterRow{"secondary_film_factor", "1", 1.0, 0.01, 10.0,
                   "film of the coolant over that of water of 30 degC",
                   "water; follows the coolant that the island names"},
      ParameterRow{"primary_film_factor", "1", 1.0, 0.01, 10.0,
                   "film of the facility water over that of water of 30 degC",
                   "water; follows the coolant that the loop names"},
      ParameterRow{"film_exponent", "1", 0.8, 0.2, 1.0, "hA over flow",
                   "turbulent plates, Modelica Buildings PlateHeatExchangerEffectivenessNTU"},
      fouling::start_row,
      fouling::limit_row,
      fouling::time_row,
      fouling::quality_row,
      ParameterRow{"secondary_volume", "m3", 0.051, 1e-4, 100.0, "coolant in the exchanger",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"primary_volume", "m3", 0.051, 1e-4, 100.0, "water in the exchanger",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"secondary_density", "kg/m3", 996.0, 500.0, 1500.0, "density of the coolant",
                   "water at 30 degC, IAPWS SR6-08"},
      ParameterRow{"primary_density", "kg/m3", 997.0, 500.0, 1500.0, "density of the water",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"secondary_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the coolant", "water at 30 degC, IAPWS SR6-08"},
      ParameterRow{"primary_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the water", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                   "voltage below which the drives stop, pu", "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drives ride through", "assumed"},
      ParameterRow{"restart_delay", "s", 5.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"pump_speed", "1", 0.64, 0.0, 1.2, 1e-4, "relative speed of the pumps"},
      StateRow{"turning", "1", 2.0, 0.0, 16.0, 1e-4, "pumps that turn"},
      StateRow{"valve_position", "1", 0.7, 0.0, 1.0, 1e-4, "stroke of the primary valve"},
      StateRow{"filter_pressure_drop", "Pa", 10000.0, 0.0, 5e5, 1.0,
               "pressure lost in the filter at design flow"},
      StateRow{"secondary_outlet_temperature", "K", 301.15, 263.15, 393.15, 1e-3,
               "coolant to the island"},
      StateRow{"primary_outlet_temperature", "K", 308.15, 263.15, 393.15, 1e-3,
               "water to the loop"},
      fouling::state_row};
  static constexpr std::array inputs{
      InputRow{"voltage_a", "1", 1.0, 0.0, 1.2, "voltage of feed A, pu"},
      InputRow{"voltage_b", "1", 0.0, 0.0, 1.2, "voltage of feed B, pu"},
      InputRow{"pressure_difference", "Pa", required, 0.0, 1e6,
               "pressure difference of the island"},
      InputRow{"speed_command", "1", required, 0.0, 1.2, "relative speed that the island asks for"},
      InputRow{"valve_command", "1", required, 0.0, 1.0, "stroke that the island asks for"},
      InputRow{"loop_pressure_difference", "Pa", required, 0.0, 1e6,
               "pressure difference of the facility loop"},
      InputRow{"return_temperature", "K", required, 273.15, 373.15, "coolant from the island"},
      InputRow{"loop_supply_temperature", "K", required, 273.15, 353.15, "water from the loop"}};
  static constexpr std::array outputs{
      OutputRow{"secondary_flow", "kg/s", "coolant through the unit"},
      OutputRow{"primary_flow", "kg/s", "facility water through the unit"},
      OutputRow{"secondary_enthalpy_flow", "W", "enthalpy flow to the island"},
      OutputRow{"primary_enthalpy_flow", "W", "enthalpy flow to the loop's return"},
      OutputRow{"heat_exchanged", "W", "heat from coolant to water"},
      OutputRow{"power_a", "W", "power drawn from feed A"},
      OutputRow{"power_b", "W", "power drawn from feed B"},
      OutputRow{"power", "W", "electric power of the unit", Account::use_cooling},
      OutputRow{"air_heat", "W", "heat of motors and controls to the hall"},
      OutputRow{"approach", "delta_K", "coolant outlet above water inlet"},
      OutputRow{"secondary_outlet_temperature", "K", "coolant to the island"},
      OutputRow{"primary_outlet_temperature", "K", "water to the loop"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"pumps_available", "", "pumps that have not failed"},
      ModeRow{"valve", "free|stuck", "whether the primary valve obeys"},
      ModeRow{"filter_alarm", "no|yes", "the filter is clogged"}};
  static constexpr std::array guards{
      voltage_lost_row, voltage_back_row,
      GuardRow{"filter_clogged", Severity::warning, "the filter takes more than its limit"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"trip_pumps", "1", 1.0, 16.0, "fault: so many pumps more are lost"},
      OrderRow{"repair_pumps", "1", 1.0, 16.0, "so many pumps are available again"},
      OrderRow{"stick_valve", "1", 0.0, 1.0,
               "fault: the valve stays where it is (1), or is free (0)"},
      fouling::foul_order,
      OrderRow{"clean_filter", "1", 0.0, 1.0, "a new filter"},
      fouling::clean_order};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 6;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    const double flow_square = p.secondary_flow_kg_s * p.secondary_flow_kg_s;
    const V series = (x.filter_pressure_pa + p.secondary_pressure_pa) / flow_square;
    w.secondary_flow_kg_s =
        pump_flow(law(p), x.turning, x.pump_speed, u.pressure_difference_pa, series);
    const V valve = equal_percentage(conductance_at(p.valve_flow_kg_s, p.valve_pressure_pa),
                                     p.valve_rangeability, x.valve_position);
    const double plates = conductance_at(p.primary_flow_kg_s, p.primary_pressure_pa);
    w.primary_flow_kg_s = turbulent_flow(in_series(valve, plates), u.loop_pressure_difference_pa);
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double c_s = p.secondary_heat_capacity_j_kg_k;
    const double c_p = p.primary_heat_capacity_j_kg_k;
    w.heat_exchanged_w =
        inlet_conductance_w_k(p, x.fouling, w.secondary_flow_kg_s, w.primary_flow_kg_s) *
        (u.return_k - u.loop_supply_k);
    const auto pumps = drive(p, m, x, u, w.secondary_flow_kg_s, rate);

    rate.secondary_outlet_k = (w.secondary_flow_kg_s * c_s * (u.return_k - x.secondary_outlet_k) -
                               w.heat_exchanged_w + pumps.load_w) /
                              (p.secondary_volume_m3 * p.secondary_density_kg_m3 * c_s);
    rate.primary_outlet_k =
        (w.primary_flow_kg_s * c_p * (u.loop_supply_k - x.primary_outlet_k) + w.heat_exchanged_w) /
        (p.primary_volume_m3 * p.primary_density_kg_m3 * c_p);
    rate.filter_pressure_pa = V(is_on(m) ? p.filter_fouling_pa_s : 0.0);
    rate.fouling = fouling::rate_1_s(p.fouling_limit, p.fouling_time_s, p.water_quality, x.fouling);
    move_valve(p, m, x, u, rate);

    w.secondary_enthalpy_flow_w =
        w.secondary_flow_kg_s * (x.secondary_outlet_k - enthalpy_reference_k) * c_s;
    w.primary_enthalpy_flow_w =
        w.primary_flow_kg_s * (x.primary_outlet_k - enthalpy_reference_k) * c_p;
    const double auxiliary_w = is_on(m) ? p.auxiliary_power_w : 0.0;
    w.power_w = pumps.electric_w + auxiliary_w;
    const auto share = share_feeds(w.power_w, u.voltage_a, u.voltage_b, p.drop_out_voltage);
    w.power_a_w = share.a_w;
    w.power_b_w = share.b_w;
    w.air_heat_w = pumps.electric_w * (1.0 - p.motor_efficiency) + pumps.braking_w + auxiliary_w;
    w.approach_k = x.secondary_outlet_k - u.loop_supply_k;
    w.secondary_outlet_k = x.secondary_outlet_k;
    w.primary_outlet_k = x.primary_outlet_k;
  }

  // Heat per kelvin of inlet temperature difference, W/K.
  template <class V>
  static V inlet_conductance_w_k(const Parameters& p, const V& layer, const V& secondary_kg_s,
                                 const V& primary_kg_s) {
    const double secondary_w_k = p.secondary_film_w_k * p.secondary_film_factor;
    const double ratio = secondary_w_k / (p.primary_film_w_k * p.primary_film_factor);
    const double clean_w_k = secondary_w_k / (1.0 + ratio);
    const V clean = exchanger::transfer_from_flows_w_k(
        clean_w_k, ratio, secondary_kg_s * (1.0 / p.secondary_flow_kg_s),
        primary_kg_s * (1.0 / p.primary_flow_kg_s), p.film_exponent, p.film_exponent);
    const V transfer = fouling::transfer_w_k(clean, clean_w_k, layer);
    const V moving = exchanger::flow_presence(secondary_kg_s, p.secondary_flow_kg_s) *
                     exchanger::flow_presence(primary_kg_s, p.primary_flow_kg_s);
    return moving *
           exchanger::counterflow_conductance_w_k(
               transfer,
               exchanger::capacity_flow_w_k(secondary_kg_s, p.secondary_heat_capacity_j_kg_k,
                                            p.secondary_flow_kg_s),
               exchanger::capacity_flow_w_k(primary_kg_s, p.primary_heat_capacity_j_kg_k,
                                            p.primary_flow_kg_s));
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.pumps_available = static_cast<std::int64_t>(p.pump_count);
    x.fouling = p.fouling;
    x.pump_speed = p.start_speed;
    x.turning = static_cast<double>(m.pumps_available);
    x.valve_position = p.start_valve;
    x.filter_pressure_pa = p.filter_pressure_pa;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    const double voltage = live_voltage(u.voltage_a, u.voltage_b);
    guard[0] = voltage_lost_guard(rules(p), m.supply, voltage);
    guard[1] = voltage_back_guard(rules(p), m.supply, voltage);
    guard[2] = m.filter_alarm == 0 ? x.filter_pressure_pa / p.filter_limit_pa - 1.0 : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m, x);
    } else if (happening.kind == Happening::Kind::timer) {
      note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda);
    } else if (happening.index == 0) {
      note_change(on_voltage_lost(rules(p), agenda, 0, m.supply, m.supply_timer_ns), agenda);
    } else if (happening.index == 1) {
      note_change(on_voltage_back(rules(p), agenda, 0, m.supply, m.supply_timer_ns), agenda);
    } else {
      m.filter_alarm = 1;
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const double c_s = p.secondary_heat_capacity_j_kg_k;
    const double c_p = p.primary_heat_capacity_j_kg_k;
    return w.power_a_w + w.power_b_w - w.air_heat_w - w.secondary_enthalpy_flow_w -
           w.primary_enthalpy_flow_w +
           w.secondary_flow_kg_s * (u.return_k - enthalpy_reference_k) * c_s +
           w.primary_flow_kg_s * (u.loop_supply_k - enthalpy_reference_k) * c_p;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.secondary_outlet_k - enthalpy_reference_k) *
               (p.secondary_volume_m3 * p.secondary_density_kg_m3 *
                p.secondary_heat_capacity_j_kg_k) +
           (x.primary_outlet_k - enthalpy_reference_k) *
               (p.primary_volume_m3 * p.primary_density_kg_m3 * p.primary_heat_capacity_j_kg_k) +
           rotor::stored_j(x.turning, x.pump_speed, rotor_j(p));
  }

 private:
  static PumpLaw law(const Parameters& p) {
    return {p.shut_off_pressure_pa, p.curvature_pa_s2_kg2};
  }
  static SupplyRules rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static bool is_on(const Modes& m) { return is_running(m.condition) && is_powered(m.supply); }
  static double rotor_j(const Parameters& p) {
    return rotor::energy_j(full_shaft_power_w(law(p), p.secondary_density_kg_m3, p.efficiency),
                           p.coasting_time_s);
  }

  // The pumps: sets the rates of what turns and how fast, gives the power.
  template <class V>
  static rotor::Power<V> drive(const Parameters& p, const Modes& m, const States<V>& x,
                               const Inputs<V>& u, const V& flow_kg_s, States<V>& rate) {
    const V pump_pa = pump_pressure(law(p), x.turning, x.pump_speed, flow_kg_s);
    const V shaft_w = flow_kg_s * pump_pa / (p.secondary_density_kg_m3 * p.efficiency);
    rate.turning = is_on(m) ? rotor::count_rate_hz(x.turning, m.pumps_available, p.run_up_time_s,
                                                   p.coasting_time_s)
                            : V(0.0);
    rate.pump_speed =
        is_on(m)
            ? rotor::driven_rate_hz(u.speed_command, x.pump_speed, p.speed_time_s, p.speed_ramp_hz)
            : rotor::coasting_rate_hz(x.pump_speed, x.turning, rate.turning, p.coasting_time_s);
    return rotor::power(is_on(m),
                        rotor::Motion<V>{x.turning, rate.turning, x.pump_speed, rate.pump_speed},
                        shaft_w, rotor_j(p), p.motor_efficiency);
  }

  template <class V>
  static void move_valve(const Parameters& p, const Modes& m, const States<V>& x,
                         const Inputs<V>& u, States<V>& rate) {
    const bool moves = is_live(m.supply) && m.valve == 0;
    const V valve_goal = is_running(m.condition) ? u.valve_command : V(0.0);
    const double stroke_hz = 1.0 / p.stroke_time_s;
    rate.valve_position =
        moves ? clamp((valve_goal - x.valve_position) / p.valve_time_s, -stroke_hz, stroke_hz)
              : V(0.0);
  }

  static void note_change(SupplyChange change, Agenda& agenda) {
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "pumps dropped out");
    if (change == SupplyChange::started) agenda.note(Severity::information, "pumps run up again");
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m,
                   States<double>& x) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    const auto all = static_cast<std::int64_t>(p.pump_count);
    switch (order.index) {
      case 4:
        m.pumps_available = m.pumps_available > count ? m.pumps_available - count : 0;
        agenda.note(Severity::warning, "pump lost");
        break;
      case 5:
        m.pumps_available = m.pumps_available + count < all ? m.pumps_available + count : all;
        break;
      case 6:
        m.valve = order.value >= 0.5 ? 1 : 0;
        break;
      case 7:
        x.fouling += order.value;
        break;
      case 8:
        x.filter_pressure_pa = p.filter_pressure_pa;
        m.filter_alarm = 0;
        break;
      case 9:
        x.fouling = 0.0;
        break;
      default:
        follow_condition_order(order.index, agenda, m.condition);
    }
  }
};

}  // namespace ampacity
