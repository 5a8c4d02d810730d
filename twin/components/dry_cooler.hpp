// SPDX-License-Identifier: Apache-2.0
#pragma once

// Dry cooler: finned coils that give the heat of a liquid to outdoor air, without water.
//
// n equal units in parallel. Air crosses the tubes; both streams are unmixed (exchanger.hpp):
//
//   Q = G (T_in - T_air),  T_air = T_dry + recirculation,   1/UA = 1/hA_w + 1/hA_a
//   hA_w ~ m_w^0.8,  hA_a ~ m_a^0.65,  m_a = V_0 x rho(T_air, p)
//   M cp dT/dt = m_w cp (T_in - T) - Q
//
// `recirculation` is the warming of the entering air by the units' own exhaust. Air share x is the
// speed of the fans, or the share of fans that run, above a natural draught f:
//   x = f + (n - f)+   (smoothed over 0.01).
//
// Control of the leaving liquid, at a fixed set-point:
//   variable speed   all fans at one speed by a PI (pi_control.hpp), minimum speed, lag and ramp of
//                    the drives; they stop when even the minimum cools too much.
//                    Power P_0 (0.02 + 0.98 n^3).
//   fixed speed      fans are staged one by one on the temperature, with delays. Power P_0 n.
// The power of the fans leaves with the air, and so does what changes their kinetic energy
// (rotor.hpp; of fixed fans the share that runs counts as speed). The group has one feeder; units
// on two boards are two groups of a stage. Isolation valves open and close with a lag; stuck ones,
// and all without voltage, keep their place. Without voltage the fans coast down, the natural
// draught stays.
//
// Ports: a unit of a loop's stage (open, flow per share, inlet temperature, enthalpy flow). A loop
// that can freeze needs glycol: there is no frost protection here. The design point of the defaults
// is assumed: 1 MW per unit, 45 to 39 degC in air of 35 degC, fans of 36 kW.

#include "twin/components/condition.hpp"
#include "twin/components/exchanger.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/pi_control.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/rotor.hpp"
#include "twin/components/staging.hpp"

namespace ampacity {

struct DryCooler {
  static constexpr const char* name = "dry_cooler";
  static constexpr const char* summary = "dry coolers in parallel, fans by speed or by stages";

  struct Parameters {
    double unit_count;
    double design_flow_kg_s;
    double design_air_flow_m3_s;
    double design_dry_bulb_k;
    double design_pressure_pa;
    double transfer_w_k;
    double film_ratio;
    double liquid_exponent;
    double air_exponent;
    double heat_capacity_j_kg_k;
    double liquid_kg;
    double recirculation_k;
    double fan_count;
    double fan_power_w;
    double drive_share;
    double free_convection;
    double variable_speed;
    double set_point_k;
    double gain_1_k;
    double integral_time_s;
    double minimum_speed;
    double speed_time_s;
    double speed_ramp_hz;
    double coasting_time_s;
    double fan_band_k;
    double stage_delay_s;
    double valve_time_s;
    double share;
    double start_k;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V fan_speed;
    V integral;
    V leaving_k;
    V open_units;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V flow_per_share_kg_s;
    V inlet_k;
    V dry_bulb_k;
    V pressure_pa;
  };
  template <class V>
  struct Outputs {
    V open;
    V leaving_k;
    V units;
    V flow_kg_s;
    V enthalpy_flow_w;
    V power_w;
    V heat_w;
    V heat_rejected_w;
    V speed_command;
    V approach_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t available_units;
    std::int64_t valves;
    std::int64_t fans;
    std::int64_t running_fans;
    std::int64_t staging;
    std::int64_t staging_timer_ns;
    std::int64_t set_point_uk;
    std::int64_t hand_speed_millionths;
  };

  static constexpr std::array parameters{
      ParameterRow{"unit_count", "1", 10.0, 1.0, 4096.0, "dry coolers of the group", "assumed"},
      ParameterRow{"design_flow", "kg/s", 40.0, 1e-3, 1e4, "liquid through one unit at design",
                   "assumed"},
      ParameterRow{"design_air_flow", "m3/s", 120.0, 1e-3, 1e4,
                   "air that enters one unit at full speed", "assumed"},
      ParameterRow{"design_dry_bulb", "K", 308.15, 253.15, 333.15,
                   "entering air at which the film coefficient of the air is given", "assumed"},
      ParameterRow{"design_pressure", "Pa", 101325.0, 5e4, 1.1e5, "air pressure at design",
                   "standard atmosphere"},
      ParameterRow{"transfer", "W/K", 3.9e5, 1.0, 1e9, "UA of one unit at design flows", "assumed"},
      ParameterRow{"film_ratio", "1", 4.0, 0.01, 1000.0,
                   "film coefficient times area at design, liquid over air side", "assumed"},
      ParameterRow{"liquid_exponent", "1", 0.8, 0.0, 1.0,
                   "exponent of the liquid's film coefficient", "Dittus-Boelter"},
      ParameterRow{"air_exponent", "1", 0.65, 0.0, 1.0, "exponent of the air's film coefficient",
                   "assumed (finned tubes: 0.6 to 0.7)"},
      ParameterRow{"heat_capacity", "J/(kg K)", 3960.0, 1500.0, 5000.0,
                   "specific heat capacity of the liquid",
                   "25 % propylene glycol at 40 degC, Melinder (2010)"},
      ParameterRow{"liquid", "kg", 400.0, 0.1, 1e6, "liquid in one unit", "assumed"},
      ParameterRow{"recirculation", "delta_K", 1.0, 0.0, 15.0,
                   "warming of the entering air by the units' own exhaust", "assumed"},
      ParameterRow{"fan_count", "1", 12.0, 1.0, 512.0,
                   "fans of one unit: the steps of a unit with fixed speed", "assumed"},
      ParameterRow{"fan_power", "W", 36000.0, 0.0, 1e7,
                   "electric power of all fans of one unit at full speed", "assumed"},
      ParameterRow{"drive_share", "1", 0.02, 0.0, 0.5,
                   "share of the fan power that does not depend on speed",
                   "fan curve of EnergyPlus tower validation data: 0.02 + 0.98 n^3"},
      ParameterRow{"free_convection", "1", 0.05, 0.001, 0.5, "share of air with stopped fans",
                   "assumed"},
      ParameterRow{"variable_speed", "1", 1.0, 0.0, 1.0,
                   "1: fans with variable speed, 0: fixed speed, staged", "assumed"},
      ParameterRow{"set_point", "K", 303.15, 263.15, 343.15, "set-point of the leaving liquid",
                   "assumed"},
      ParameterRow{"gain", "1/K", 0.05, 0.0, 10.0, "fan speed per kelvin of error", "assumed"},
      ParameterRow{"integral_time", "s", 60.0, 1.0, 7200.0, "integral time of the fan control",
                   "assumed"},
      ParameterRow{"minimum_speed", "1", 0.2, 0.0, 1.0, "lowest relative speed of running fans",
                   "assumed"},
      ParameterRow{"speed_time", "s", 3.0, 0.05, 300.0, "lag of drive and fan", "assumed"},
      ParameterRow{"speed_ramp", "1/s", 0.033, 1e-4, 10.0, "fastest change of relative speed",
                   "assumed (30 s from rest to full speed)"},
      ParameterRow{"coasting_time", "s", 3.0, 0.01, 600.0,
                   "a coasting fan falls from full to half speed; says its inertia", "assumed"},
      ParameterRow{"fan_band", "delta_K", 1.0, 0.05, 10.0,
                   "band around the set-point: slow fans stop below it, fixed fans are staged at "
                   "both sides",
                   "assumed"},
      ParameterRow{"stage_delay", "s", 30.0, 0.0, 86400.0,
                   "time outside of the band before a fixed fan starts or stops", "assumed"},
      ParameterRow{"valve_time", "s", 20.0, 0.5, 600.0, "lag of the isolation valves", "assumed"},
      ParameterRow{"share", "1", 1.0, 0.0, 1.0, "share of the loop's flow when in service",
                   "assumed"},
      ParameterRow{"start_temperature", "K", 303.15, 253.15, 343.15, "liquid at the start",
                   "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0, "voltage below which the fans stop, pu",
                   "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drives ride through", "assumed"},
      ParameterRow{"restart_delay", "s", 30.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"fan_speed", "1", 0.5, 0.0, 1.0, 1e-4,
               "relative speed of the fans, or the share of fixed fans that run"},
      StateRow{"integral", "1", 0.5, -1.0, 2.0, 1e-4, "integral part of the fan control"},
      StateRow{"leaving_temperature", "K", 303.15, 253.15, 373.15, 1e-3, "liquid that leaves"},
      StateRow{"open_units", "1", 1.0, 0.0, 4096.0, 1e-3, "units whose valves are open"}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the feed, pu"},
      InputRow{"flow_per_share", "kg/s", required, 0.0, 2000.0,
               "flow of a unit that is fully open"},
      InputRow{"inlet_temperature", "K", required, 253.15, 373.15, "liquid before the units"},
      InputRow{"dry_bulb", "K", required, 233.15, 328.15, "temperature of outdoor air"},
      InputRow{"pressure", "Pa", 101325.0, 7e4, 1.05e5, "pressure of outdoor air"}};
  static constexpr std::array outputs{
      OutputRow{"open", "1", "share of the loop's flow that the group takes"},
      OutputRow{"leaving_temperature", "K", "liquid that leaves"},
      OutputRow{"units", "1", "units whose valves are open"},
      OutputRow{"flow", "kg/s", "liquid through the units"},
      OutputRow{"enthalpy_flow", "W", "enthalpy flow that leaves"},
      OutputRow{"power", "W", "electric power of the fans", Account::use_cooling},
      OutputRow{"heat", "W", "heat out of the liquid"},
      OutputRow{"heat_rejected", "W", "heat to the atmosphere, power of the fans included",
                Account::leaves_water},
      OutputRow{"speed_command", "1", "relative speed that the control asks for"},
      OutputRow{"approach", "delta_K", "leaving liquid above outdoor air"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"available_units", "", "units that have not failed"},
      ModeRow{"valves", "free|stuck", "whether the isolation valves obey"},
      ModeRow{"fans", "stopped|running", "fans with variable speed"},
      ModeRow{"running_fans", "", "fans of one unit that run, fixed speed"},
      staging_row,
      staging_timer_row,
      ModeRow{"set_point", "", "set-point of the leaving liquid, microkelvin"},
      ModeRow{"hand_speed", "", "fan speed in hand, millionths"}};
  static constexpr std::array guards{
      voltage_lost_row,
      voltage_back_row,
      signal_high_row,
      signal_low_row,
      signal_inside_row,
      GuardRow{"liquid_warm", Severity::information, "leaving liquid is above its set-point"},
      GuardRow{"liquid_cold", Severity::information, "even slow fans cool too much"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"fail_units", "1", 1.0, 4096.0, "fault: so many units more are lost"},
      OrderRow{"repair_units", "1", 1.0, 4096.0, "so many units are available again"},
      OrderRow{"set_point", "K", 263.15, 343.15, "set-point of the leaving liquid"},
      OrderRow{"hand_speed", "1", 0.0, 1.0, "takes the fans in hand at this relative speed"},
      OrderRow{"stick_valve", "1", 0.0, 1.0,
               "fault: the isolation valves stay where they are (1), or are free (0)"}};
  static constexpr std::size_t offered = 3;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.open = clamp(x.open_units, 0.0, 1.0) * p.share;
    w.leaving_k = x.leaving_k;
    w.units = x.open_units;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    w.flow_kg_s = w.open * u.flow_per_share_kg_s;
    w.heat_w =
        unit_heat_w(p, x, u, w.flow_kg_s / max(x.open_units, V(1.0))) * max(x.open_units, V(1.0));
    const bool moves = is_live(m.supply) && m.valves == 0;
    rate.open_units =
        moves ? (V(static_cast<double>(units(m))) - x.open_units) / p.valve_time_s : V(0.0);
    control(p, m, x, w, rate);
    const V speed = max(x.fan_speed, V(0.0));
    const V load = is_variable(p) ? speed * speed * speed * (1.0 - p.drive_share) : speed;
    const auto fans = rotor::power(
        driven(p, m), rotor::Motion<V>{x.open_units, rate.open_units, x.fan_speed, rate.fan_speed},
        x.open_units * load * p.fan_power_w, rotor_j(p), 1.0);
    const bool standing = driven(p, m) && is_variable(p);
    const V standing_w = x.open_units * (standing ? p.drive_share * p.fan_power_w : 0.0);
    w.power_w = fans.electric_w + standing_w;
    w.heat_rejected_w = w.heat_w + fans.load_w + fans.braking_w + standing_w;
    w.enthalpy_flow_w = w.flow_kg_s * (x.leaving_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
    w.approach_k = x.leaving_k - u.dry_bulb_k;
    const V through_w = w.flow_kg_s * (u.inlet_k - x.leaving_k) * p.heat_capacity_j_kg_k;
    rate.leaving_k = (through_w - w.heat_w) / liquid_j_k(p);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.available_units = static_cast<std::int64_t>(p.unit_count);
    m.fans = 1;
    m.running_fans = static_cast<std::int64_t>(0.5 * p.fan_count + 0.5);
    m.set_point_uk = to_millionths(p.set_point_k);
    x.leaving_k = p.start_k;
    x.open_units = p.unit_count;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    guard[0] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
    const auto staging = staging_guards(staging_rules(p, m), m.staging, error_k(m, x));
    guard[2] = staging[0];
    guard[3] = staging[1];
    guard[4] = staging[2];
    const bool by_speed = is_automatic(m) && is_variable(p);
    guard[5] = by_speed && m.fans == 0 ? error_k(m, x) : -1.0;
    guard[6] = by_speed && m.fans == 1 ? -p.fan_band_k - error_k(m, x) : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer && happening.index == supply_timer) {
      note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda, p, x);
    } else if (happening.kind == Happening::Kind::timer) {
      m.running_fans += end_staging(agenda, m.staging, m.staging_timer_ns);
    } else if (happening.index == 0) {
      note_change(
          on_voltage_lost(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
          agenda, p, x);
    } else if (happening.index == 1) {
      note_change(
          on_voltage_back(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
          agenda, p, x);
    } else if (happening.index == 2 || happening.index == 3) {
      begin_staging(staging_rules(p, m), agenda, staging_timer,
                    happening.index == 2 ? Staging::adding : Staging::taking, m.staging,
                    m.staging_timer_ns);
    } else if (happening.index == 4) {
      m.staging = static_cast<std::int64_t>(Staging::steady);
    } else {
      m.fans = happening.index == 5 ? 1 : 0;
      x.integral = p.minimum_speed;
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const V inlet_w = w.flow_kg_s * (u.inlet_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
    return inlet_w - w.enthalpy_flow_w + w.power_w - w.heat_rejected_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.leaving_k - enthalpy_reference_k) * liquid_j_k(p) +
           rotor::stored_j(x.open_units, x.fan_speed, rotor_j(p));
  }

 private:
  static constexpr int supply_timer = 0;
  static constexpr int staging_timer = 1;

  static SupplyRules supply_rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static StagingRules staging_rules(const Parameters& p, const Modes& m) {
    const bool free = is_automatic(m) && !is_variable(p);
    return {p.fan_band_k,
            -p.fan_band_k,
            0.1 * p.fan_band_k,
            p.stage_delay_s,
            p.stage_delay_s,
            free && m.running_fans < static_cast<std::int64_t>(p.fan_count),
            free && m.running_fans > 0};
  }
  static bool is_variable(const Parameters& p) { return p.variable_speed >= 0.5; }
  static bool is_automatic(const Modes& m) {
    return m.condition == static_cast<std::int64_t>(UnitCondition::running) && is_powered(m.supply);
  }
  static double rotor_j(const Parameters& p) {
    const double share = is_variable(p) ? 1.0 - p.drive_share : 1.0;
    return rotor::energy_j(share * p.fan_power_w, p.coasting_time_s);
  }
  static bool fans_on(const Modes& m) { return is_running(m.condition) && is_powered(m.supply); }
  // Fans that the drives move; the others coast.
  static bool driven(const Parameters& p, const Modes& m) {
    const bool by_hand = m.condition == static_cast<std::int64_t>(UnitCondition::in_hand);
    return fans_on(m) && (by_hand || !is_variable(p) || m.fans == 1);
  }
  static std::int64_t units(const Modes& m) {
    return is_running(m.condition) ? m.available_units : 0;
  }
  static double liquid_j_k(const Parameters& p) {
    return p.unit_count * p.liquid_kg * p.heat_capacity_j_kg_k;
  }
  template <class V>
  static V error_k(const Modes& m, const States<V>& x) {
    return x.leaving_k - from_millionths(m.set_point_uk);
  }

  // Heat out of the liquid of one unit.
  template <class V>
  static V unit_heat_w(const Parameters& p, const States<V>& x, const Inputs<V>& u,
                       const V& flow_kg_s) {
    const double design_air_kg_s = p.design_air_flow_m3_s * p.design_pressure_pa /
                                   (psychrometrics::air_gas_constant_j_kg_k * p.design_dry_bulb_k);
    const V air_k = u.dry_bulb_k + p.recirculation_k;
    const V share = smooth_positive(x.fan_speed - p.free_convection, 0.01) + p.free_convection;
    const V air_kg_s = share * p.design_air_flow_m3_s * u.pressure_pa /
                       (air_k * psychrometrics::air_gas_constant_j_kg_k);
    const V transfer_w_k = exchanger::transfer_from_flows_w_k(
        p.transfer_w_k, p.film_ratio, flow_kg_s / p.design_flow_kg_s, air_kg_s / design_air_kg_s,
        p.liquid_exponent, p.air_exponent);
    const V liquid_w_k =
        exchanger::capacity_flow_w_k(flow_kg_s, p.heat_capacity_j_kg_k, p.design_flow_kg_s);
    const V air_w_k = air_kg_s * psychrometrics::air_heat_capacity_j_kg_k;
    return exchanger::crossflow_conductance_w_k(transfer_w_k, liquid_w_k, air_w_k) *
           (u.inlet_k - air_k) * exchanger::flow_presence(flow_kg_s, p.design_flow_kg_s);
  }

  template <class V>
  static void control(const Parameters& p, const Modes& m, const States<V>& x, Outputs<V>& w,
                      States<V>& rate) {
    const PiControl<V> control = pi_control({p.gain_1_k, p.integral_time_s, p.minimum_speed, 1.0},
                                            x.integral, error_k(m, x));
    const V by_speed = m.fans == 1 ? control.command : V(0.0);
    const V by_stage(static_cast<double>(m.running_fans) / p.fan_count);
    const bool by_hand = m.condition == static_cast<std::int64_t>(UnitCondition::in_hand);
    w.speed_command = !fans_on(m)      ? V(0.0)
                      : by_hand        ? V(from_millionths(m.hand_speed_millionths))
                      : is_variable(p) ? by_speed
                                       : by_stage;
    const bool integrates = fans_on(m) && !by_hand && is_variable(p) && m.fans == 1;
    rate.integral = integrates ? control.integral_rate : V(0.0);
    rate.fan_speed = driven(p, m) ? rotor::driven_rate_hz(w.speed_command, x.fan_speed,
                                                          p.speed_time_s, p.speed_ramp_hz)
                                  : rotor::coasting_rate_hz(x.fan_speed, x.open_units,
                                                            rate.open_units, p.coasting_time_s);
  }

  static void note_change(SupplyChange change, Agenda& agenda, const Parameters& p,
                          States<double>& x) {
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "fans dropped out");
    if (change == SupplyChange::started) {
      agenda.note(Severity::information, "fans run up again");
      x.integral = p.minimum_speed;
    }
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    const auto all = static_cast<std::int64_t>(p.unit_count);
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      m.available_units = m.available_units > count ? m.available_units - count : 0;
      agenda.note(Severity::warning, "dry coolers lost");
    } else if (order.index == 5) {
      m.available_units = m.available_units + count < all ? m.available_units + count : all;
    } else if (order.index == 6) {
      m.set_point_uk = to_millionths(order.value);
    } else if (order.index == 8) {
      m.valves = order.value >= 0.5 ? 1 : 0;
    } else if (is_running(m.condition)) {
      m.condition = static_cast<std::int64_t>(UnitCondition::in_hand);
      m.hand_speed_millionths = to_millionths(order.value);
    }
  }
};

}  // namespace ampacity
