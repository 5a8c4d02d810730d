// SPDX-License-Identifier: Apache-2.0
#pragma once

// Water-cooled chiller between a chilled-water and a condenser-water loop.
//
// Capacity and power follow the DOE-2 curves (eir.hpp). What the curves leave out is time: water in
// the evaporator and condenser, a load that moves slowly, and a machine that starts and stops by
// rules. Leaving temperatures are states:
//
//   M_e cp dT_e/dt = m_e cp (T_e,in - T_e) - Q              Q = PLR Q_av(T_e, T_c,in)
//   M_c cp dT_c/dt = m_c cp (T_c,in - T_c) + Q + eta P
//
// Capacity control: a PI (pi_control.hpp) on the leaving chilled water, e = T_e - T_set, commands
// the load PLR between PLR_min and the limit; the actuator (vanes or compressor speed) loads slowly
// and unloads faster:
//
//   dPLR/dt = clamp((command - PLR)/T_l, -unloading, +loading)
//
// Life of the machine:
//
//   off --- inlet water too warm ---> starting --- flow proven after the start delay ---> running
//    ^                                                                                     |
//    +---- chilled water too cold, no flow, no voltage, standby (rests for its minimum) ----+
//    +---- reset ---- tripped <---- evaporator close to freezing, condenser too hot --------+
//
// A machine that lost its voltage waits its restart delay, then rests out its minimum off time,
// starts at its lowest load and ramps: minutes, while its water keeps warming. That is the coupling
// between a 150 ms sag and a hot hall.
//
// Temperatures outside of the range of the curves: power follows the lift from the edge on,
// capacity falls on with hot condenser water (eir.hpp); a mode and a note say so.
//
// Flow comes to each side as to a unit of a stage (open x flow per share) or as to a consumer
// between two headers (open x K sqrt(dp)), or both.

#include "twin/components/condition.hpp"
#include "twin/components/eir.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/pi_control.hpp"

namespace ampacity {

struct Chiller {
  static constexpr const char* name = "chiller";
  static constexpr const char* summary = "water-cooled chiller (DOE-2 EIR) with its sequences";

  struct Parameters {
    double reference_heat_w;
    double reference_cop;
    double minimum_load;
    double unloaded_load;
    double maximum_load;
    double capacity_0;
    double capacity_1;
    double capacity_2;
    double capacity_3;
    double capacity_4;
    double capacity_5;
    double temperature_0;
    double temperature_1;
    double temperature_2;
    double temperature_3;
    double temperature_4;
    double temperature_5;
    double part_load_0;
    double part_load_1;
    double part_load_2;
    double chilled_minimum_k;
    double chilled_maximum_k;
    double condenser_minimum_k;
    double condenser_maximum_k;
    double evaporating_approach_k;
    double condensing_approach_k;
    double motor_heat_to_condenser;
    double evaporator_flow_kg_s;
    double condenser_flow_kg_s;
    double evaporator_pressure_pa;
    double condenser_pressure_pa;
    double evaporator_water_kg;
    double condenser_water_kg;
    double evaporator_heat_capacity_j_kg_k;
    double condenser_heat_capacity_j_kg_k;
    double evaporator_share;
    double condenser_share;
    double set_point_k;
    double gain_1_k;
    double integral_time_s;
    double load_time_s;
    double loading_hz;
    double unloading_hz;
    double start_band_k;
    double stop_band_k;
    double start_delay_s;
    double minimum_off_s;
    double low_flow;
    double frost_trip_k;
    double hot_trip_k;
    double valve_time_s;
    double start_running;
    double start_chilled_k;
    double start_condenser_k;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V evaporator_k;
    V condenser_k;
    V load;
    V integral;
    V valve;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V evaporator_flow_per_share_kg_s;
    V condenser_flow_per_share_kg_s;
    V evaporator_pressure_difference_pa;
    V condenser_pressure_difference_pa;
    V evaporator_inlet_k;
    V condenser_inlet_k;
  };
  template <class V>
  struct Outputs {
    V evaporator_open;
    V condenser_open;
    V evaporator_outlet_k;
    V condenser_outlet_k;
    V evaporator_flow_kg_s;
    V condenser_flow_kg_s;
    V evaporator_enthalpy_flow_w;
    V condenser_enthalpy_flow_w;
    V power_w;
    V heat_w;
    V available_w;
    V condenser_heat_w;
    V motor_heat_w;
    V cop;
    V extrapolation_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t phase;
    std::int64_t start_timer_ns;
    std::int64_t resting;
    std::int64_t rest_timer_ns;
    std::int64_t validity;
    std::int64_t set_point_uk;
    std::int64_t load_limit_millionths;
  };

 private:
  static constexpr const eir::Set& standard = eir::york_yk_1997kw_vanes;
  static constexpr const char* from_set =
      "York YK 1997 kW, COP 7.24, vanes: EnergyPlus chillers data set, via Modelica Buildings";

 public:
  static constexpr std::array parameters{
      ParameterRow{"reference_heat", "W", standard.reference_heat_w, 1e3, 1e8,
                   "cooling at the reference point", from_set},
      ParameterRow{"reference_cop", "1", standard.reference_cop, 1.0, 20.0,
                   "coefficient of performance at the reference point", from_set},
      ParameterRow{"minimum_load", "1", standard.minimum_load, 0.01, 1.0,
                   "lowest load relative to what is available", from_set},
      ParameterRow{"unloaded_load", "1", standard.unloaded_load, 0.01, 1.0,
                   "load below which hot gas is by-passed", from_set},
      ParameterRow{"maximum_load", "1", standard.maximum_load, 0.1, 1.5,
                   "highest load relative to what is available", from_set},
      ParameterRow{"capacity_0", "1", standard.curves.capacity[0], -10.0, 10.0,
                   "capacity curve, constant (temperatures in degC)", from_set},
      ParameterRow{"capacity_1", "1/K", standard.curves.capacity[1], -10.0, 10.0,
                   "capacity curve, chilled water", from_set},
      ParameterRow{"capacity_2", "1/K2", standard.curves.capacity[2], -10.0, 10.0,
                   "capacity curve, chilled water squared", from_set},
      ParameterRow{"capacity_3", "1/K", standard.curves.capacity[3], -10.0, 10.0,
                   "capacity curve, condenser water", from_set},
      ParameterRow{"capacity_4", "1/K2", standard.curves.capacity[4], -10.0, 10.0,
                   "capacity curve, condenser water squared", from_set},
      ParameterRow{"capacity_5", "1/K2", standard.curves.capacity[5], -10.0, 10.0,
                   "capacity curve, chilled times condenser water", from_set},
      ParameterRow{"temperature_0", "1", standard.curves.temperature[0], -10.0, 10.0,
                   "energy input curve, constant (temperatures in degC)", from_set},
      ParameterRow{"temperature_1", "1/K", standard.curves.temperature[1], -10.0, 10.0,
                   "energy input curve, chilled water", from_set},
      ParameterRow{"temperature_2", "1/K2", standard.curves.temperature[2], -10.0, 10.0,
                   "energy input curve, chilled water squared", from_set},
      ParameterRow{"temperature_3", "1/K", standard.curves.temperature[3], -10.0, 10.0,
                   "energy input curve, condenser water", from_set},
      ParameterRow{"temperature_4", "1/K2", standard.curves.temperature[4], -10.0, 10.0,
                   "energy input curve, condenser water squared", from_set},
      ParameterRow{"temperature_5", "1/K2", standard.curves.temperature[5], -10.0, 10.0,
                   "energy input curve, chilled times condenser water", from_set},
      ParameterRow{"part_load_0", "1", standard.curves.part_load[0], -10.0, 10.0,
                   "part-load curve, constant", from_set},
      ParameterRow{"part_load_1", "1", standard.curves.part_load[1], -10.0, 10.0,
                   "part-load curve, load", from_set},
      ParameterRow{"part_load_2", "1", standard.curves.part_load[2], -10.0, 10.0,
                   "part-load curve, load squared", from_set},
      ParameterRow{"chilled_minimum", "K", standard.chilled_minimum_c + 273.15, 263.15, 323.15,
                   "coldest chilled water of the curves", from_set},
      ParameterRow{"chilled_maximum", "K", standard.chilled_maximum_c + 273.15, 263.15, 323.15,
                   "warmest chilled water of the curves", from_set},
      ParameterRow{"condenser_minimum", "K", standard.condenser_minimum_c + 273.15, 263.15, 343.15,
                   "coldest condenser water of the curves", from_set},
      ParameterRow{"condenser_maximum", "K", standard.condenser_maximum_c + 273.15, 263.15, 343.15,
                   "warmest condenser water of the curves", from_set},
      ParameterRow{"evaporating_approach", "delta_K", 2.0, 0.0, 20.0,
                   "evaporation below leaving chilled water, for the lift beyond the curves",
                   "assumed"},
      ParameterRow{"condensing_approach", "delta_K", 8.0, 0.0, 30.0,
                   "condensation above entering condenser water, for the lift beyond the curves",
                   "assumed (5.5 K rise and 2.5 K approach)"},
      ParameterRow{"motor_heat_to_condenser", "1", standard.motor_heat_to_condenser, 0.5, 1.0,
                   "share of the power that reaches the condenser; the rest warms the plant room",
                   from_set},
      ParameterRow{"evaporator_flow", "kg/s", standard.evaporator_flow_kg_s, 0.01, 1e5,
                   "chilled-water flow at design", from_set},
      ParameterRow{"condenser_flow", "kg/s", standard.condenser_flow_kg_s, 0.01, 1e5,
                   "condenser-water flow at design", from_set},
      ParameterRow{"evaporator_pressure", "Pa", 6e4, 1.0, 1e7,
                   "pressure lost at the design flow of the evaporator", "assumed"},
      ParameterRow{"condenser_pressure", "Pa", 6e4, 1.0, 1e7,
                   "pressure lost at the design flow of the condenser", "assumed"},
      ParameterRow{"evaporator_water", "kg", 2000.0, 0.1, 1e6, "water in the evaporator",
                   "assumed (about 45 s of flow)"},
      ParameterRow{"condenser_water", "kg", 2500.0, 0.1, 1e6, "water in the condenser",
                   "assumed (about 25 s of flow)"},
      ParameterRow{"evaporator_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the chilled liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"condenser_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the condenser liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"evaporator_share", "1", 1.0, 0.0, 1.0,
                   "share of the chilled stage's flow when open", "assumed"},
      ParameterRow{"condenser_share", "1", 1.0, 0.0, 1.0,
                   "share of the condenser stage's flow when open", "assumed"},
      ParameterRow{"set_point", "K", 285.15, 275.15, 313.15,
                   "set-point of the leaving chilled water", "assumed"},
      ParameterRow{"gain", "1/K", 0.05, 0.0, 10.0, "load per kelvin of error", "assumed"},
      ParameterRow{"integral_time", "s", 120.0, 1.0, 7200.0, "integral time of the load control",
                   "assumed"},
      ParameterRow{"load_time", "s", 10.0, 0.1, 600.0, "lag of the load's actuator", "assumed"},
      ParameterRow{"loading", "1/s", 0.00333, 1e-5, 1.0, "fastest rise of the load",
                   "assumed (300 s from rest to full load)"},
      ParameterRow{"unloading", "1/s", 0.02, 1e-5, 1.0, "fastest fall of the load", "assumed"},
      ParameterRow{"start_band", "delta_K", 1.0, 0.0, 20.0,
                   "starts when the water that enters is this far above the set-point", "assumed"},
      ParameterRow{"stop_band", "delta_K", 2.0, 0.1, 20.0,
                   "stops when the water that leaves is this far below the set-point", "assumed"},
      ParameterRow{"start_delay", "s", 60.0, 0.0, 3600.0,
                   "from opening the valves to the start of the compressor", "assumed"},
      ParameterRow{"minimum_off", "s", 900.0, 0.0, 86400.0, "rest after a stop", "assumed"},
      ParameterRow{"low_flow", "1", 0.3, 0.0, 1.0,
                   "share of the design flow below which the flow switches stop the machine",
                   "assumed"},
      ParameterRow{"frost_trip", "K", 276.15, 263.15, 283.15,
                   "leaving chilled water at which the machine trips", "assumed"},
      ParameterRow{"hot_trip", "K", 321.15, 303.15, 353.15,
                   "leaving condenser water at which the machine trips (high pressure)", "assumed"},
      ParameterRow{"valve_time", "s", 15.0, 0.5, 600.0, "lag of the isolation valves", "assumed"},
      ParameterRow{"start_running", "1", 1.0, 0.0, 1.0, "1: the machine runs at the start",
                   "assumed"},
      ParameterRow{"start_chilled_temperature", "K", 285.15, 273.15, 323.15,
                   "evaporator at the start", "assumed"},
      ParameterRow{"start_condenser_temperature", "K", 298.15, 273.15, 333.15,
                   "condenser at the start", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.8, 0.0, 1.0,
                   "voltage below which the machine stops, pu", "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the machine rides through",
                   "assumed"},
      ParameterRow{"restart_delay", "s", 300.0, 0.0, 7200.0,
                   "from return of voltage until the machine may start", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"evaporator_temperature", "K", 285.15, 270.15, 323.15, 1e-3,
               "chilled water that leaves"},
      StateRow{"condenser_temperature", "K", 298.15, 273.15, 333.15, 1e-3,
               "condenser water that leaves"},
      StateRow{"load", "1", 0.0, 0.0, 1.2, 1e-4, "load relative to what is available"},
      StateRow{"integral", "1", 0.0, -1.0, 2.0, 1e-4, "integral part of the load control"},
      StateRow{"valve", "1", 1.0, 0.0, 1.0, 1e-4, "isolation valves"}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the feed, pu"},
      InputRow{"evaporator_flow_per_share", "kg/s", 0.0, 0.0, 1000.0,
               "flow of a unit of the chilled stage that is fully open"},
      InputRow{"condenser_flow_per_share", "kg/s", 0.0, 0.0, 1000.0,
               "flow of a unit of the condenser stage that is fully open"},
      InputRow{"evaporator_pressure_difference", "Pa", 0.0, 0.0, 6e5,
               "pressure difference over the evaporator, as a consumer"},
      InputRow{"condenser_pressure_difference", "Pa", 0.0, 0.0, 6e5,
               "pressure difference over the condenser, as a consumer"},
      InputRow{"evaporator_inlet_temperature", "K", required, 273.15, 323.15,
               "water to the evaporator"},
      InputRow{"condenser_inlet_temperature", "K", required, 273.15, 323.15,
               "water to the condenser"}};
  static constexpr std::array outputs{
      OutputRow{"evaporator_open", "1", "share of the chilled stage's flow"},
      OutputRow{"condenser_open", "1", "share of the condenser stage's flow"},
      OutputRow{"evaporator_outlet_temperature", "K", "chilled water that leaves"},
      OutputRow{"condenser_outlet_temperature", "K", "condenser water that leaves"},
      OutputRow{"evaporator_flow", "kg/s", "flow through the evaporator"},
      OutputRow{"condenser_flow", "kg/s", "flow through the condenser"},
      OutputRow{"evaporator_enthalpy_flow", "W", "enthalpy flow that leaves the evaporator"},
      OutputRow{"condenser_enthalpy_flow", "W", "enthalpy flow that leaves the condenser"},
      OutputRow{"power", "W", "electric power of the compressor", Account::use_cooling},
      OutputRow{"heat", "W", "heat out of the chilled water"},
      OutputRow{"available", "W", "most heat that the machine can take now"},
      OutputRow{"condenser_heat", "W", "heat into the condenser water"},
      OutputRow{"motor_heat", "W", "heat of the motor to the plant room", Account::leaves_loss},
      OutputRow{"cop", "1", "heat over power"},
      OutputRow{"extrapolation", "delta_K",
                "distance of the temperatures from the range of the curves"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"phase", "off|starting|running|tripped", "life of the machine"},
      ModeRow{"start_timer", "", "instant at which the compressor starts, ns"},
      ModeRow{"resting", "ready|resting", "minimum time between stop and start"},
      ModeRow{"rest_timer", "", "instant at which the rest is over, ns"},
      ModeRow{"validity", "inside|outside", "temperatures against the range of the curves"},
      ModeRow{"set_point", "", "set-point of the leaving chilled water, microkelvin"},
      ModeRow{"load_limit", "", "highest load that is allowed, millionths"}};
  static constexpr std::array guards{
      voltage_lost_row,
      voltage_back_row,
      GuardRow{"water_warm", Severity::information, "the water that enters asks for a start"},
      GuardRow{"water_cold", Severity::information, "even the lowest load cools too much"},
      GuardRow{"low_flow", Severity::warning, "too little water through evaporator or condenser"},
      GuardRow{"frost_trip", Severity::trip, "the evaporator is close to freezing"},
      GuardRow{"hot_trip", Severity::trip, "the condenser is too hot (high pressure)"},
      GuardRow{"outside_curves", Severity::warning, "temperatures left the range of the curves"},
      GuardRow{"inside_curves", Severity::information, "temperatures are inside of the curves"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"set_point", "K", 275.15, 313.15, "set-point of the leaving chilled water"},
      OrderRow{"load_limit", "1", 0.0, 1.5, "highest load that is allowed"},
      OrderRow{"reset", "1", 0.0, 1.0, "takes a tripped machine back to off"}};
  static constexpr std::size_t offered = 4;
  static constexpr std::size_t early_inputs = 0;

  enum class Phase : std::int64_t { off, starting, running, tripped };

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.evaporator_open = x.valve * p.evaporator_share;
    w.condenser_open = x.valve * p.condenser_share;
    w.evaporator_outlet_k = x.evaporator_k;
    w.condenser_outlet_k = x.condenser_k;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double evaporator_k = conductance_at(p.evaporator_flow_kg_s, p.evaporator_pressure_pa);
    const double condenser_k = conductance_at(p.condenser_flow_kg_s, p.condenser_pressure_pa);
    w.evaporator_flow_kg_s =
        w.evaporator_open * u.evaporator_flow_per_share_kg_s +
        x.valve * turbulent_flow(evaporator_k, u.evaporator_pressure_difference_pa);
    w.condenser_flow_kg_s =
        w.condenser_open * u.condenser_flow_per_share_kg_s +
        x.valve * turbulent_flow(condenser_k, u.condenser_pressure_difference_pa);
    compress(p, x, u, w);

    const double cold_cp = p.evaporator_heat_capacity_j_kg_k;
    const double hot_cp = p.condenser_heat_capacity_j_kg_k;
    w.evaporator_enthalpy_flow_w =
        w.evaporator_flow_kg_s * (x.evaporator_k - enthalpy_reference_k) * cold_cp;
    w.condenser_enthalpy_flow_w =
        w.condenser_flow_kg_s * (x.condenser_k - enthalpy_reference_k) * hot_cp;
    const V cold_w = w.evaporator_flow_kg_s * (u.evaporator_inlet_k - x.evaporator_k) * cold_cp;
    const V hot_w = w.condenser_flow_kg_s * (u.condenser_inlet_k - x.condenser_k) * hot_cp;
    rate.evaporator_k = (cold_w - w.heat_w) / (p.evaporator_water_kg * cold_cp);
    rate.condenser_k = (hot_w + w.condenser_heat_w) / (p.condenser_water_kg * hot_cp);
    control(p, m, x, rate);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    const bool runs = p.start_running >= 0.5;
    m.phase = static_cast<std::int64_t>(runs ? Phase::running : Phase::off);
    m.set_point_uk = to_millionths(p.set_point_k);
    m.load_limit_millionths = to_millionths(p.maximum_load);
    x.evaporator_k = p.start_chilled_k;
    x.condenser_k = p.start_condenser_k;
    x.load = runs ? 0.5 * (p.minimum_load + p.maximum_load) : 0.0;
    x.integral = x.load;
    x.valve = runs ? 1.0 : 0.0;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    guard[0] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
    const double set_k = from_millionths(m.set_point_uk);
    const bool runs = is_in(m, Phase::running);
    guard[2] = may_start(m) ? warmth_k(p, m, u) : -1.0;
    guard[3] = runs ? set_k - p.stop_band_k - x.evaporator_k : -1.0;
    guard[4] = runs ? -flow_margin(p, w) : -1.0;
    guard[5] = runs ? p.frost_trip_k - x.evaporator_k : -1.0;
    guard[6] = runs ? x.condenser_k - p.hot_trip_k : -1.0;
    const double outside_k = distance_outside_k(p, x.evaporator_k, u.condenser_inlet_k);
    guard[7] = runs && m.validity == 0 ? outside_k : -1.0;
    guard[8] = runs && m.validity == 1 ? -outside_k - 0.2 : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>& u, const Outputs<double>& w) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m, x, u);
    } else if (happening.kind == Happening::Kind::timer) {
      on_timer(happening.index, agenda, p, m, x, u, w);
    } else {
      on_guard(happening.index, agenda, p, m, x, u);
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const V cold_w = w.evaporator_flow_kg_s * (u.evaporator_inlet_k - enthalpy_reference_k) *
                     p.evaporator_heat_capacity_j_kg_k;
    const V hot_w = w.condenser_flow_kg_s * (u.condenser_inlet_k - enthalpy_reference_k) *
                    p.condenser_heat_capacity_j_kg_k;
    return cold_w - w.evaporator_enthalpy_flow_w + hot_w - w.condenser_enthalpy_flow_w + w.power_w -
           w.motor_heat_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.evaporator_k - enthalpy_reference_k) *
               (p.evaporator_water_kg * p.evaporator_heat_capacity_j_kg_k) +
           (x.condenser_k - enthalpy_reference_k) *
               (p.condenser_water_kg * p.condenser_heat_capacity_j_kg_k);
  }

 private:
  static constexpr int supply_timer = 0;
  static constexpr int rest_timer = 1;
  static constexpr int start_timer = 2;

  static SupplyRules supply_rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static bool is_in(const Modes& m, Phase phase) {
    return m.phase == static_cast<std::int64_t>(phase);
  }
  static bool may_start(const Modes& m) {
    return is_in(m, Phase::off) && is_running(m.condition) && is_powered(m.supply) &&
           m.resting == 0;
  }
  // Positive when the entering water asks for a start.
  static double warmth_k(const Parameters& p, const Modes& m, const Inputs<double>& u) {
    return u.evaporator_inlet_k - from_millionths(m.set_point_uk) - p.start_band_k;
  }
  // Positive while both flows are proven.
  static double flow_margin(const Parameters& p, const Outputs<double>& w) {
    return min(w.evaporator_flow_kg_s / p.evaporator_flow_kg_s,
               w.condenser_flow_kg_s / p.condenser_flow_kg_s) -
           p.low_flow;
  }

  // Positive outside of the range of the curves.
  template <class V>
  static V distance_outside_k(const Parameters& p, const V& chilled_k, const V& condenser_k) {
    const V chilled = max(chilled_k - p.chilled_maximum_k, p.chilled_minimum_k - chilled_k);
    const V condenser =
        max(condenser_k - p.condenser_maximum_k, p.condenser_minimum_k - condenser_k);
    return max(chilled, condenser);
  }

  template <class V>
  static void compress(const Parameters& p, const States<V>& x, const Inputs<V>& u, Outputs<V>& w) {
    const eir::Curves law{
        {p.capacity_0, p.capacity_1, p.capacity_2, p.capacity_3, p.capacity_4, p.capacity_5},
        {p.temperature_0, p.temperature_1, p.temperature_2, p.temperature_3, p.temperature_4,
         p.temperature_5},
        {p.part_load_0, p.part_load_1, p.part_load_2}};
    const eir::Range range{p.chilled_minimum_k,      p.chilled_maximum_k,
                           p.condenser_minimum_k,    p.condenser_maximum_k,
                           p.evaporating_approach_k, p.condensing_approach_k};
    const auto now =
        eir::point(law, range, p.reference_heat_w, p.reference_cop, p.minimum_load, p.unloaded_load,
                   max(x.load, V(0.0)), x.evaporator_k, u.condenser_inlet_k);
    w.available_w = now.available_w;
    w.heat_w = now.heat_w;
    w.power_w = now.power_w;
    w.condenser_heat_w = w.heat_w + w.power_w * p.motor_heat_to_condenser;
    w.motor_heat_w = w.power_w * (1.0 - p.motor_heat_to_condenser);
    w.cop = w.heat_w / max(w.power_w, V(1.0));
    w.extrapolation_k = max(distance_outside_k(p, x.evaporator_k, u.condenser_inlet_k), V(0.0));
  }

  template <class V>
  static void control(const Parameters& p, const Modes& m, const States<V>& x, States<V>& rate) {
    const bool runs = is_in(m, Phase::running);
    const V error_k = x.evaporator_k - from_millionths(m.set_point_uk);
    const double limit = math::min(p.maximum_load, from_millionths(m.load_limit_millionths));
    const PiControl<V> capacity = pi_control(
        {p.gain_1_k, p.integral_time_s, p.minimum_load, math::max(limit, p.minimum_load)},
        x.integral, error_k);
    rate.integral = runs ? capacity.integral_rate : V(0.0);
    rate.load =
        runs ? clamp((capacity.command - x.load) / p.load_time_s, -p.unloading_hz, p.loading_hz)
             : V(0.0);
    const bool open = runs || is_in(m, Phase::starting);
    rate.valve = is_live(m.supply) ? (V(open ? 1.0 : 0.0) - x.valve) / p.valve_time_s : V(0.0);
  }

  static void begin_start(Agenda& agenda, const Parameters& p, Modes& m) {
    m.phase = static_cast<std::int64_t>(Phase::starting);
    m.start_timer_ns = instant_after(agenda, p.start_delay_s);
    agenda.wake_after(p.start_delay_s, start_timer);
  }
  static void start_if_wanted(Agenda& agenda, const Parameters& p, Modes& m,
                              const Inputs<double>& u) {
    if (may_start(m) && warmth_k(p, m, u) >= 0.0) begin_start(agenda, p, m);
  }

  // Stops the compressor; one that ran must rest.
  static void stop(Agenda& agenda, const Parameters& p, Modes& m, States<double>& x, Phase next,
                   Severity severity, const char* why) {
    const bool ran = is_in(m, Phase::running);
    m.phase = static_cast<std::int64_t>(next);
    x.load = 0.0;
    x.integral = p.minimum_load;
    agenda.note(severity, why);
    if (!ran) return;
    m.resting = 1;
    m.rest_timer_ns = instant_after(agenda, p.minimum_off_s);
    agenda.wake_after(p.minimum_off_s, rest_timer);
  }
  static bool is_active(const Modes& m) {
    return is_in(m, Phase::running) || is_in(m, Phase::starting);
  }

  static void follow_supply(SupplyChange change, Agenda& agenda, const Parameters& p, Modes& m,
                            States<double>& x, const Inputs<double>& u) {
    if (change == SupplyChange::stopped && is_active(m)) {
      stop(agenda, p, m, x, Phase::off, Severity::warning, "dropped out: no voltage");
    }
    if (change == SupplyChange::started) {
      agenda.note(Severity::information, "restart delay over");
      start_if_wanted(agenda, p, m, u);
    }
  }

  static void on_timer(int tag, Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                       const Inputs<double>& u, const Outputs<double>& w) {
    if (tag == supply_timer) {
      follow_supply(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda, p, m, x, u);
    } else if (tag == rest_timer) {
      if (m.resting == 0 || agenda.now_ns() < m.rest_timer_ns) return;
      m.resting = 0;
      start_if_wanted(agenda, p, m, u);
    } else {
      if (!is_in(m, Phase::starting) || agenda.now_ns() < m.start_timer_ns) return;
      // From here on the machine counts as having run: a failed start rests as well.
      m.phase = static_cast<std::int64_t>(Phase::running);
      if (flow_margin(p, w) < 0.0) {
        stop(agenda, p, m, x, Phase::off, Severity::warning, "start given up: flow not proven");
        return;
      }
      x.load = p.minimum_load;
      x.integral = p.minimum_load;
      agenda.note(Severity::information, "compressor started");
    }
  }

  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                       const Inputs<double>& u) {
    // Another guard of the same instant may have stopped the machine already.
    const bool needs_running = index >= 3 && index <= 6;
    if (needs_running && !is_in(m, Phase::running)) return;
    if (index == 2 && !may_start(m)) return;
    switch (index) {
      case 0:
        follow_supply(
            on_voltage_lost(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
            agenda, p, m, x, u);
        break;
      case 1:
        follow_supply(
            on_voltage_back(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
            agenda, p, m, x, u);
        break;
      case 2:
        begin_start(agenda, p, m);
        break;
      case 3:
        stop(agenda, p, m, x, Phase::off, Severity::information, "stopped: water cold enough");
        break;
      case 4:
        stop(agenda, p, m, x, Phase::off, Severity::warning, "stopped: too little flow");
        break;
      case 5:
        stop(agenda, p, m, x, Phase::tripped, Severity::trip, "tripped: evaporator freezing");
        break;
      case 6:
        stop(agenda, p, m, x, Phase::tripped, Severity::trip, "tripped: condenser too hot");
        break;
      default:
        m.validity = index == 7 ? 1 : 0;
        agenda.note(index == 7 ? Severity::warning : Severity::information,
                    index == 7 ? "outside of the curves: extrapolated by the lift"
                               : "inside of the curves again");
    }
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m,
                   States<double>& x, const Inputs<double>& u) {
    if (order.index < 4) {
      const bool changed = follow_condition_order(order.index, agenda, m.condition);
      if (changed && !is_running(m.condition) && is_active(m)) {
        stop(agenda, p, m, x, Phase::off, Severity::information, "stopped by order");
      }
      if (changed) start_if_wanted(agenda, p, m, u);
    } else if (order.index == 4) {
      m.set_point_uk = to_millionths(order.value);
      start_if_wanted(agenda, p, m, u);
    } else if (order.index == 5) {
      m.load_limit_millionths = to_millionths(order.value);
    } else if (is_in(m, Phase::tripped)) {
      m.phase = static_cast<std::int64_t>(Phase::off);
      start_if_wanted(agenda, p, m, u);
    }
  }
};

}  // namespace ampacity
