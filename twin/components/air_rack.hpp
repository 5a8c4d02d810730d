// SPDX-License-Identifier: Apache-2.0
#pragma once

// A rack whose processors sit on heat sinks in an air stream that its own fans draw.
//
// One state holds the heat: the mass T_m of heat sinks, boards and sheet metal. Dies follow it
// algebraically (device_heat.hpp). Air enters at cold-aisle temperature T_in with mass flow m:
//
//   C dT_m/dt = P - Q,   Q = m cp (1 - exp(-G/(m cp))) (T_m - T_in),   G = G_0 (m/m_0)^n
//   T_out = T_in + Q/(m cp)
//
// P is all alternating-current power, fans included: everything ends in the air.
// Fans follow the mass: m/m_0 rises linearly from the lowest share at one temperature to full speed
// at another, fan power with its cube. Stopped fans leave a small natural draught, so m never
// vanishes. The flow follows from the state, so that the hall knows it before it knows the heat.
//
// Power, leakage, software cap, slowdown, shutdown, power supplies: as in the liquid-cooled rack
// (device_heat.hpp, thermal_protection.hpp, power_chain.hpp, feed.hpp).
//
// Defaults: four nodes of eight B200. Resistances are chosen so that the rack meets the published
// operating points of such a node, 628 W at 43 degC to 988 W at 54 degC (linear fit of the
// background notes: 25.5 degC + 0.0306 K/W); the test shows by how much it misses each.

#include "twin/components/fraction.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/rack_protection.hpp"

namespace ampacity {

struct AirRack {
  static constexpr const char* name = "air_rack";
  static constexpr const char* summary = "rack with fans: heat, throttling, power supplies";

  struct Parameters {
    double rated_power_w;
    double gpu_count;
    double gpu_share;
    double mass_capacity_j_k;
    double junction_resistance_k_w;
    double sink_conductance_w_k;
    double flow_exponent;
    double air_flow_kg_s;
    double lowest_flow_share;
    double draught_share;
    double fan_low_k;
    double fan_high_k;
    double fan_power_w;
    double leakage_per_k;
    double reference_die_k;
    double maximum_die_k;
    double slowdown_above_k;
    double shutdown_above_k;
    double cap_floor;
    double slowdown_fraction;
    double slowdown_hold_s;
    double thermal_hysteresis_k;
    double thermal_restart_s;
    double converter_count;
    double converter_loss_w;
    double converter_efficiency;
    double auxiliary_power_w;
    double rectifier_count;
    double rectifier_loss_w;
    double rectifier_efficiency;
    double rectifier_curvature_per_w;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
    double inlet_limit_k;
  };
  template <class V>
  struct States {
    V mass_k;
  };
  template <class V>
  struct Inputs {
    V voltage_a;
    V voltage_b;
    V cold_aisle_k;
    V demand_w;
  };
  template <class V>
  struct Outputs {
    V air_flow_kg_s;
    V power_a_w;
    V power_b_w;
    V power_w;
    V fan_power_w;
    V air_enthalpy_flow_w;
    V outlet_k;
    V die_k;
    V die_margin_k;
    V shutdown_margin_k;
    V delivered;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t thermal;
    std::int64_t thermal_timer_ns;
    std::int64_t lost_fans_ppm;
    std::int64_t inlet_alarm;
  };

  static constexpr double air_j_kg_k = psychrometrics::air_heat_capacity_j_kg_k;

  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", 38e3, 1.0, 5e6,
                   "largest demand behind the regulators, without fans",
                   "assumed (four nodes of 8 B200: 42 kW before the regulators)"},
      ParameterRow{"gpu_count", "1", 32.0, 1.0, 1e4, "processors whose dies are watched",
                   "assumed (four nodes of 8 B200)"},
      ParameterRow{"gpu_share", "1", 0.76, 0.01, 1.0, "share of the demand that they draw",
                   "assumed (32 x 1 kW of 42 kW before the regulators)"},
      ParameterRow{"mass_capacity", "J/K", 150e3, 1e2, 1e8, "heat sinks, boards, sheet metal",
                   "assumed"},
      ParameterRow{"junction_resistance", "K/W", 0.0055, 1e-5, 1.0, "die to heat sink, one GPU",
                   "fit to 8 x B200 points, public GitHub note"},
      ParameterRow{"sink_conductance", "W/K", 3800.0, 1.0, 1e7,
                   "all heat sinks to air at full flow",
                   "fit to 8 x B200 points, public GitHub note"},
      ParameterRow{"flow_exponent", "1", 0.6, 0.0, 1.0, "heat-sink conductance over flow",
                   "assumed (0.5 to 0.8)"},
      ParameterRow{"air_flow", "kg/s", 2.8, 1e-3, 1e3, "air at full fan speed",
                   "assumed (15 K rise)"},
      ParameterRow{"lowest_flow", "1", 0.5, 0.01, 1.0, "lowest share of the flow", "assumed"},
      ParameterRow{"draught", "1", 0.02, 1e-3, 0.5, "share of the flow with stopped fans",
                   "assumed"},
      ParameterRow{"fan_low_temperature", "K", 308.15, 273.15, 373.15,
                   "mass temperature up to which fans run slowest", "assumed"},
      ParameterRow{"fan_high_temperature", "K", 323.15, 273.15, 373.15,
                   "mass temperature from which fans run fastest", "assumed"},
      ParameterRow{"fan_power", "W", 4000.0, 0.0, 1e6, "fans at full speed", "assumed"},
      ParameterRow{"leakage", "1/K", 0.004, 0.0, 0.02, "growth of GPU power with die temperature",
                   "assumed"},
      ParameterRow{"reference_die_temperature", "K", 327.15, 273.15, 400.0,
                   "die temperature at which demand is quoted", "assumed (54 degC)"},
      ParameterRow{"maximum_die_temperature", "K", 361.15, 300.0, 420.0,
                   "maximum operating temperature", "88 degC, T.Limit of 8 x B200 (nvidia-smi)"},
      ParameterRow{"slowdown_above", "delta_K", 3.0, 0.0, 30.0, "slowdown above the maximum",
                   "T.Limit slowdown of 8 x B200 (nvidia-smi)"},
      ParameterRow{"shutdown_above", "delta_K", 5.0, 0.1, 50.0, "shutdown above the maximum",
                   "T.Limit shutdown of 8 x B200 (nvidia-smi)"},
      ParameterRow{"cap_floor", "1", 0.4, 0.0, 1.0,
                   "the software cap goes no lower than this share of power", "assumed"},
      ParameterRow{"slowdown_fraction", "1", 0.5, 0.01, 1.0, "clock and power under slowdown",
                   "core clock cut by two or more, nvml.h"},
      ParameterRow{"slowdown_hold", "s", 2.0, 0.1, 600.0, "shortest slowdown", "assumed"},
      ParameterRow{"thermal_hysteresis", "delta_K", 5.0, 0.5, 50.0,
                   "recovery this far below the maximum", "assumed"},
      ParameterRow{"thermal_restart_delay", "s", 600.0, 1.0, 1e5, "from shutdown to restart",
                   "assumed"},
      ParameterRow{"converter_count", "1", 4.0, 0.0, 1e4, "regulators, one per node", "assumed"},
      ParameterRow{"converter_loss", "W", 30.0, 0.0, 1e4, "constant loss of a regulator",
                   "assumed"},
      ParameterRow{"converter_efficiency", "1", 0.903, 0.1, 1.0, "proportional part of a regulator",
                   "assumed (90 % at 9.5 kW; 88 to 92 %)"},
      ParameterRow{"auxiliary_power", "W", 500.0, 0.0, 1e6, "constant loads: switches", "assumed"},
      ParameterRow{"rectifier_count", "1", 24.0, 0.0, 1e4, "rectifiers",
                   "assumed (24 ORv3 modules of 3 kW)"},
      ParameterRow{"rectifier_loss", "W", 14.143, 0.0, 1e4, "constant loss of a rectifier",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"rectifier_efficiency", "1", 0.997981, 0.1, 1.0,
                   "proportional part of a rectifier",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"rectifier_curvature", "1/W", 9.8411e-6, 0.0, 1.0,
                   "loss of a rectifier over the square of its output",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.75, 0.0, 1.0, "voltage below which supplies stop, pu",
                   "ORv3 rectifier: 200 V - 10 % of 240 V"},
      ParameterRow{"hold_up", "s", 0.02, 0.0, 1.0, "time that the supplies ride through",
                   "ORv3 rectifier: 20 ms at full load"},
      ParameterRow{"restart_delay", "s", 120.0, 0.0, 1e4, "from return of voltage to work",
                   "assumed"},
      ParameterRow{"inlet_limit", "K", 305.15, 283.15, 333.15, "inlet air that is an alarm",
                   "32 degC, allowable of ASHRAE class A1"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"mass_temperature", "K", 313.15, 263.15, 423.15, 1e-3, "heat sinks and boards"}};
  static constexpr std::array inputs{
      InputRow{"voltage_a", "1", 1.0, 0.0, 1.2, "voltage of feed A, pu"},
      InputRow{"voltage_b", "1", 0.0, 0.0, 1.2, "voltage of feed B, pu"},
      InputRow{"cold_aisle_temperature", "K", required, 263.15, 333.15, "air at the rack's front"},
      InputRow{"demand", "W", required, 0.0, 2e5,
               "power behind the regulators that the workload wants"}};
  static constexpr std::array outputs{
      OutputRow{"air_flow", "kg/s", "air through the rack"},
      OutputRow{"power_a", "W", "power drawn from feed A"},
      OutputRow{"power_b", "W", "power drawn from feed B"},
      OutputRow{"power", "W", "power drawn from both feeds", Account::use_it},
      OutputRow{"fan_power", "W", "part of the power that drives fans"},
      OutputRow{"air_enthalpy_flow", "W", "enthalpy flow to the hot aisle"},
      OutputRow{"outlet_temperature", "K", "air that leaves"},
      OutputRow{"die_temperature", "K", "hottest part of a GPU"},
      OutputRow{"die_margin", "delta_K", "distance of the die from slowdown"},
      OutputRow{"shutdown_margin", "delta_K", "distance of the die from shutdown"},
      OutputRow{"delivered", "1", "share of the demand that is served"}};
  static constexpr std::array modes{
      condition_row,     supply_row,
      supply_timer_row,  thermal_row,
      thermal_timer_row, ModeRow{"lost_fans", "", "share of the fans that have failed, millionths"},
      inlet_alarm_row};
  static constexpr std::array guards{voltage_lost_row, voltage_back_row, slowdown_row,
                                     recovery_row,     shutdown_row,     inlet_warm_row,
                                     inlet_back_row};
  static constexpr std::array orders{
      run_order, standby_order, fail_order, repair_order,
      OrderRow{"lose_fans", "1", 0.0, 1.0, "fault: share of the fans that stand still"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.air_flow_kg_s = max(fan_speed(p, x) * turning_fans(m), V(p.draught_share)) * p.air_flow_kg_s;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const V speed = fan_speed(p, x);
    w.fan_power_w = speed * speed * speed * (p.fan_power_w * turning_fans(m));
    rack::draw_power(p, m, u, rack::is_supplied(m), w.fan_power_w, x.mass_k, w);
    const V capacity_w_k = w.air_flow_kg_s * air_j_kg_k;
    const V conductance_w_k =
        pow(w.air_flow_kg_s / p.air_flow_kg_s, p.flow_exponent) * p.sink_conductance_w_k;
    const V reach = V(1.0) - exp(-conductance_w_k / capacity_w_k);
    w.outlet_k = u.cold_aisle_k + reach * (x.mass_k - u.cold_aisle_k);
    w.air_enthalpy_flow_w = capacity_w_k * (w.outlet_k - enthalpy_reference_k);
    rate.mass_k = (w.power_w - capacity_w_k * (w.outlet_k - u.cold_aisle_k)) / p.mass_capacity_j_k;
  }

  static void start(const Parameters& p, Modes&, States<double>&) {
    require_no_runaway(rack::device_law(p), p.gpu_count / p.sink_conductance_w_k,
                       p.rated_power_w * p.gpu_share / p.gpu_count);
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    rack::set_guards(p, m, live_voltage(u.voltage_a, u.voltage_b), w.die_k, u.cold_aisle_k, guard);
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) {
      rack::on_guard(happening.index, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer) {
      rack::on_timer(happening.index, agenda, m);
    } else if (happening.index == 4) {
      m.lost_fans_ppm = to_millionths(happening.value);
    } else {
      follow_condition_order(happening.index, agenda, m.condition);
    }
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_a_w + w.power_b_w - w.air_enthalpy_flow_w +
           w.air_flow_kg_s * (u.cold_aisle_k - enthalpy_reference_k) * air_j_kg_k;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.mass_k - enthalpy_reference_k) * p.mass_capacity_j_k;
  }

  static PowerChain chain(const Parameters& p) { return rack::power_chain(p); }

 private:
  static double turning_fans(const Modes& m) {
    return rack::is_supplied(m) ? 1.0 - from_millionths(m.lost_fans_ppm) : 0.0;
  }

  template <class V>
  static V fan_speed(const Parameters& p, const States<V>& x) {
    const V reach = (x.mass_k - p.fan_low_k) / (p.fan_high_k - p.fan_low_k);
    return clamp(reach, 0.0, 1.0) * (1.0 - p.lowest_flow_share) + p.lowest_flow_share;
  }
};

}  // namespace ampacity
