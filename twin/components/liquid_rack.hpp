// SPDX-License-Identifier: Apache-2.0
#pragma once

// A rack whose processors sit on cold plates.
//
// Two states hold the heat: the plates with their packages (T_p) and the coolant in the rack (T_c,
// which is also what leaves it); dies are algebraic (device_heat.hpp).
//
//   C_p dT_p/dt = phi P - G(m) (T_p - T_m)              G = G_0 ((m/m_0)^2 + s^2)^(n/2)
//   C_c dT_c/dt = G(m) (T_p - T_m) - m c (T_c - T_in)
//   T_m = T_c - (T_c - T_in)/2 * m^2/(m^2 + (s m_0)^2)   mean coolant; that in the rack when it
//   rests
//
// phi is the capture fraction: the share of the rack's power P that the coolant takes. Flow follows
// the island's pressure difference, m = K sqrt(dp). At rest the plates still see the trapped
// coolant through a small conductance s^n G_0.
//
// The rest, Q = (1 - phi) P, goes to the air that the rack's fans draw from the cold aisle:
//
//   m_a = m_a0 while the rack works, a small natural draught otherwise
//   m_a0 = (1 - phi) P_full/(cp dT_air),   T_out = T_air + Q/(m_a cp)
//
// with P_full the power drawn at the rated demand and dT_air the design rise. When the room's air
// handlers give less than the racks draw, the difference comes back from the hot aisle (hall.hpp).
//
// Power. `demand` is the power behind the voltage regulators that the workload wants with dies at
// the reference temperature. A share of it belongs to the GPUs; leakage and throttling act on that
// share. The electric chain (power_chain.hpp) adds what rectifiers and regulators lose.
//
// Protection in the rack, in the order in which it acts (margins as GPUs report them, a 700 W part
// and 8-GPU nodes: maximum operating temperature 87 to 88 degC, slowdown 2 to 3 K and shutdown 5 to
// 8 K above):
//   software cap    continuous: holds the die at the maximum operating temperature, down to a floor
//   slowdown        mode: hardware halves the clock, for a minimum time and until it is cool again
//   shutdown        mode: power off; restarts after a delay once it is cool
//   flow switch     trip: the coolant stays below a share of its design flow for some seconds, and
//                   power is cut until an order resets it (watched while the rack works)
//   leak            an ordered leak is found after a delay, then coolant and electricity are cut
//   power supply    rides through its hold-up time, then stops; restarts after voltage is back
//
// A leak itself loses grams; its coolant is not counted. What is lost is the rack.
//
// Check from the background notes: a rack that loses flow at full power reaches slowdown within 3 s
// (plates alone) to 9 s (all trapped coolant takes part); the model lies between.
//
// Defaults: a GB200-class rack of 132 kW with PG25 coolant; what no open source states is
// 'assumed'.

#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/rack_protection.hpp"

namespace ampacity {

struct LiquidRack {
  static constexpr const char* name = "liquid_rack";
  static constexpr const char* summary = "rack with cold plates: heat, throttling, power supplies";

  struct Parameters {
    double rated_power_w;
    double gpu_count;
    double gpu_share;
    double package_count;
    double package_capacity_j_k;
    double junction_resistance_k_w;
    double plate_resistance_k_w;
    double flow_exponent;
    double stagnant_share;
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
    double capture;
    double coolant_volume_m3;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double design_flow_kg_s;
    double design_pressure_pa;
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
    double leak_delay_s;
    double inlet_limit_k;
    double air_rise_k;
    double draught_share;
    double low_flow_share;
    double low_flow_delay_s;
  };
  template <class V>
  struct States {
    V plate_k;
    V coolant_k;
  };
  template <class V>
  struct Inputs {
    V voltage_a;
    V voltage_b;
    V pressure_difference_pa;
    V supply_k;
    V inlet_air_k;
    V demand_w;
  };
  template <class V>
  struct Outputs {
    V flow_kg_s;
    V air_flow_kg_s;
    V power_a_w;
    V power_b_w;
    V power_w;
    V return_enthalpy_flow_w;
    V coolant_heat_w;
    V air_heat_w;
    V air_enthalpy_flow_w;
    V die_k;
    V die_margin_k;
    V shutdown_margin_k;
    V coolant_outlet_k;
    V delivered;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t thermal;
    std::int64_t thermal_timer_ns;
    std::int64_t isolation;
    std::int64_t isolation_stuck;
    std::int64_t blockage_ppm;
    std::int64_t leak;
    std::int64_t leak_timer_ns;
    std::int64_t inlet_alarm;
    std::int64_t flow_switch;
    std::int64_t flow_timer_ns;
  };

  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", 108e3, 1.0, 5e6, "largest demand behind the regulators",
                   "GB200 NVL72, about 120 kW (ai-infrastructure.net), less 10 % assumed"},
      ParameterRow{"gpu_count", "1", 72.0, 1.0, 1e4, "processors whose dies are watched",
                   "GB200 NVL72"},
      ParameterRow{"gpu_share", "1", 0.72, 0.01, 1.0, "share of the demand that they draw",
                   "72 x 1.2 kW of 120 kW before the regulators, fibermall.com"},
      ParameterRow{"package_count", "1", 108.0, 1.0, 1e4, "packages on cold plates",
                   "GB200 NVL72: 72 GPUs and 36 CPUs"},
      ParameterRow{"package_capacity", "J/K", 250.0, 1.0, 1e5,
                   "heat capacity of a package and plate", "assumed"},
      ParameterRow{"junction_resistance", "K/W", 0.012, 1e-5, 1.0, "die to plate, one GPU",
                   "assumed"},
      ParameterRow{"plate_resistance", "K/W", 0.018, 1e-5, 1.0,
                   "plate to mean coolant at design flow, one package",
                   "assumed (0.01 to 0.03 K/W, rackmountnts.com)"},
      ParameterRow{"flow_exponent", "1", 0.6, 0.0, 1.0, "plate conductance over flow",
                   "assumed (0.5 to 0.8)"},
      ParameterRow{"stagnant_share", "1", 0.05, 1e-3, 0.5,
                   "flow share at which trapped coolant takes over", "assumed"},
      ParameterRow{"leakage", "1/K", 0.004, 0.0, 0.02, "growth of GPU power with die temperature",
                   "assumed"},
      ParameterRow{"reference_die_temperature", "K", 348.15, 273.15, 400.0,
                   "die temperature at which demand is quoted", "assumed (75 degC)"},
      ParameterRow{"maximum_die_temperature", "K", 360.15, 300.0, 420.0,
                   "maximum operating temperature",
                   "87 degC, T.Limit of a 700 W part (nvidia-smi)"},
      ParameterRow{"slowdown_above", "delta_K", 2.0, 0.0, 30.0, "slowdown above the maximum",
                   "T.Limit slowdown -2 (nvidia-smi, NVSentinel PR 1371)"},
      ParameterRow{"shutdown_above", "delta_K", 8.0, 0.1, 50.0, "shutdown above the maximum",
                   "T.Limit shutdown -8 (nvidia-smi)"},
      ParameterRow{"cap_floor", "1", 0.4, 0.0, 1.0,
                   "the software cap goes no lower than this share of power", "assumed"},
      ParameterRow{"slowdown_fraction", "1", 0.5, 0.01, 1.0, "clock and power under slowdown",
                   "core clock cut by two or more, nvml.h"},
      ParameterRow{"slowdown_hold", "s", 2.0, 0.1, 600.0, "shortest slowdown", "assumed"},
      ParameterRow{"thermal_hysteresis", "delta_K", 5.0, 0.5, 50.0,
                   "recovery this far below the maximum", "assumed"},
      ParameterRow{"thermal_restart_delay", "s", 600.0, 1.0, 1e5, "from shutdown to restart",
                   "assumed"},
      ParameterRow{"capture", "1", 0.87, 0.0, 1.0, "share of power that the coolant takes",
                   "assumed (GB200: 115 kW of 132 kW)"},
      ParameterRow{"coolant_volume", "m3", 0.024, 1e-5, 10.0, "coolant in the rack",
                   "assumed (0.2 L/kW)"},
      ParameterRow{"density", "kg/m3", 1010.62, 500.0, 1500.0, "density of the coolant",
                   "PG25 at 40 degC, Melinder 2010"},
      ParameterRow{"heat_capacity", "J/(kg K)", 3957.59, 1500.0, 5000.0,
                   "specific heat capacity of the coolant", "PG25 at 40 degC, Melinder 2010"},
      ParameterRow{"design_flow", "kg/s", 3.032, 1e-4, 1e3, "coolant flow at design",
                   "1.5 L/min per kW, OCP OAI guideline"},
      ParameterRow{"design_pressure", "Pa", 150e3, 1e3, 2e6, "pressure difference at design flow",
                   "assumed (at most 276 kPa, OCP reservoir and pumping unit)"},
      ParameterRow{"converter_count", "1", 18.0, 0.0, 1e4, "regulators, one per node",
                   "GB200 NVL72: 18 compute trays"},
      ParameterRow{"converter_loss", "W", 20.0, 0.0, 1e4, "constant loss of a regulator",
                   "assumed"},
      ParameterRow{"converter_efficiency", "1", 0.903, 0.1, 1.0, "proportional part of a regulator",
                   "assumed (90 % at 6 kW; 88 to 92 %)"},
      ParameterRow{"auxiliary_power", "W", 0.0, 0.0, 1e6,
                   "constant loads on the rack's bus: switches", "assumed (part of the demand)"},
      ParameterRow{"rectifier_count", "1", 24.0, 0.0, 1e4, "rectifiers",
                   "assumed (24 ORv3 modules of 5.5 kW)"},
      ParameterRow{"rectifier_loss", "W", 25.928, 0.0, 1e4, "constant loss of a rectifier",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"rectifier_efficiency", "1", 0.997981, 0.1, 1.0,
                   "proportional part of a rectifier",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"rectifier_curvature", "1/W", 5.3679e-6, 0.0, 1.0,
                   "loss of a rectifier over the square of its output",
                   "ORv3 rectifier: 97.5 % at its peak, 96.5 % at full load, OCP; peak at 40 % "
                   "load assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.75, 0.0, 1.0, "voltage below which supplies stop, pu",
                   "ORv3 rectifier: 200 V - 10 % of 240 V"},
      ParameterRow{"hold_up", "s", 0.02, 0.0, 1.0, "time that the supplies ride through",
                   "ORv3 rectifier: 20 ms at full load"},
      ParameterRow{"restart_delay", "s", 120.0, 0.0, 1e4, "from return of voltage to work",
                   "assumed"},
      ParameterRow{"leak_delay", "s", 10.0, 0.0, 3600.0, "from leak to isolation", "assumed"},
      ParameterRow{"inlet_limit", "K", 305.15, 283.15, 333.15, "inlet air that is an alarm",
                   "32 degC, allowable of ASHRAE class A1"},
      ParameterRow{"air_rise", "delta_K", 12.0, 1.0, 60.0,
                   "rise of the rack's air at the rated demand", "assumed"},
      ParameterRow{"draught", "1", 0.02, 1e-3, 0.5, "share of the air flow with stopped fans",
                   "assumed"},
      ParameterRow{"low_flow", "1", 0.5, 0.0, 0.95, "share of the design flow that is too little",
                   "assumed"},
      ParameterRow{"low_flow_delay", "s", 4.0, 0.1, 300.0, "from too little flow to the trip",
                   "assumed (2 to 5 s for dense racks)"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"plate_temperature", "K", 318.15, 263.15, 423.15, 1e-3, "packages and cold plates"},
      StateRow{"coolant_temperature", "K", 313.15, 263.15, 393.15, 1e-3, "coolant that leaves"}};
  static constexpr std::array inputs{
      InputRow{"voltage_a", "1", 1.0, 0.0, 1.2, "voltage of feed A, pu"},
      InputRow{"voltage_b", "1", 0.0, 0.0, 1.2, "voltage of feed B, pu"},
      InputRow{"pressure_difference", "Pa", required, 0.0, 1e6,
               "pressure difference of the island"},
      InputRow{"supply_temperature", "K", required, 273.15, 363.15, "coolant from the island"},
      InputRow{"inlet_air_temperature", "K", 298.15, 263.15, 333.15, "air at the rack's front"},
      InputRow{"demand", "W", required, 0.0, 1e6,
               "power behind the regulators that the workload wants"}};
  static constexpr std::array outputs{
      OutputRow{"flow", "kg/s", "coolant through the rack"},
      OutputRow{"air_flow", "kg/s", "air through the rack"},
      OutputRow{"power_a", "W", "power drawn from feed A"},
      OutputRow{"power_b", "W", "power drawn from feed B"},
      OutputRow{"power", "W", "power drawn from both feeds", Account::use_it},
      OutputRow{"return_enthalpy_flow", "W", "enthalpy flow back to the island"},
      OutputRow{"coolant_heat", "W", "heat that the plates give to the coolant"},
      OutputRow{"air_heat", "W", "heat to the air"},
      OutputRow{"air_enthalpy_flow", "W", "enthalpy flow to the hot aisle"},
      OutputRow{"die_temperature", "K", "hottest part of a GPU"},
      OutputRow{"die_margin", "delta_K", "distance of the die from slowdown"},
      OutputRow{"shutdown_margin", "delta_K", "distance of the die from shutdown"},
      OutputRow{"coolant_outlet_temperature", "K", "coolant that leaves"},
      OutputRow{"delivered", "1", "share of the demand that is served"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      thermal_row,
      thermal_timer_row,
      ModeRow{"isolation", "open|closed", "coolant isolation valve"},
      ModeRow{"isolation_stuck", "free|stuck", "whether that valve obeys"},
      ModeRow{"blockage", "", "blocked share of the coolant path, millionths"},
      ModeRow{"leak", "none|leaking|isolated", "coolant leak"},
      ModeRow{"leak_timer", "", "instant of isolation, ns"},
      inlet_alarm_row,
      ModeRow{"flow_switch", "normal|waiting|tripped", "protection against too little coolant"},
      ModeRow{"flow_timer", "", "instant of the trip, ns"}};
  static constexpr std::array guards{
      voltage_lost_row,
      voltage_back_row,
      slowdown_row,
      recovery_row,
      shutdown_row,
      inlet_warm_row,
      inlet_back_row,
      GuardRow{"flow_low", Severity::limit, "too little coolant flows through the rack"},
      GuardRow{"flow_back", Severity::information, "enough coolant flows again"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"isolate", "1", 0.0, 1.0, "close (1) or open (0) the coolant isolation valve"},
      OrderRow{"stick_isolation", "1", 0.0, 1.0, "fault: that valve stays where it is (1)"},
      OrderRow{"block", "1", 0.0, 1.0, "fault: blocked share of the coolant path"},
      OrderRow{"leak", "1", 0.0, 1.0, "fault: the rack leaks (1); it is dry and tight again (0)"},
      OrderRow{"reset", "1", 0.0, 1.0, "end of a trip for want of flow: power on again"}};
  static constexpr double air_j_kg_k = psychrometrics::air_heat_capacity_j_kg_k;
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 3;

  template <class V>
  static void offer(const Parameters& p, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    const double open = m.isolation == 0 ? 1.0 - from_millionths(m.blockage_ppm) : 0.0;
    w.flow_kg_s = turbulent_flow(open * conductance_at(p.design_flow_kg_s, p.design_pressure_pa),
                                 u.pressure_difference_pa);
    w.air_flow_kg_s = V(design_air_flow_kg_s(p) * (is_on(m) ? 1.0 : p.draught_share));
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    rack::draw_power(p, m, u, is_on(m), V(0.0), x.plate_k, w);
    w.air_heat_w = w.power_w * (1.0 - p.capture);
    w.air_enthalpy_flow_w =
        w.air_flow_kg_s * (u.inlet_air_k - enthalpy_reference_k) * air_j_kg_k + w.air_heat_w;

    const V ratio = w.flow_kg_s / p.design_flow_kg_s;
    const double stagnant = p.stagnant_share * p.stagnant_share;
    const V moving = ratio * ratio + stagnant;
    const V conductance_w_k =
        pow(moving, 0.5 * p.flow_exponent) * (p.package_count / p.plate_resistance_k_w);
    const V rise_k = x.coolant_k - u.supply_k;
    const V mean_k = x.coolant_k - rise_k * ratio * ratio * 0.5 / moving;
    w.coolant_heat_w = conductance_w_k * (x.plate_k - mean_k);

    const double cp = p.heat_capacity_j_kg_k;
    rate.plate_k = (w.power_w * p.capture - w.coolant_heat_w) / plate_capacity_j_k(p);
    rate.coolant_k = (w.coolant_heat_w - w.flow_kg_s * rise_k * cp) / coolant_capacity_j_k(p);
    w.return_enthalpy_flow_w = w.flow_kg_s * (x.coolant_k - enthalpy_reference_k) * cp;
    w.coolant_outlet_k = x.coolant_k;
  }

  static void start(const Parameters& p, Modes&, States<double>&) {
    require_no_runaway(rack::device_law(p), p.plate_resistance_k_w,
                       p.rated_power_w * p.gpu_share / p.gpu_count);
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    rack::set_guards(p, m, live_voltage(u.voltage_a, u.voltage_b), w.die_k, u.inlet_air_k, guard);
    const double missing = p.low_flow_share - w.flow_kg_s / p.design_flow_kg_s;
    guard[rack::guard_count] = m.flow_switch == flowing && is_on(m) ? missing : -1.0;
    guard[rack::guard_count + 1] = m.flow_switch == waiting ? -missing - flow_hysteresis : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer) {
      on_timer(happening.index, agenda, m);
    } else {
      on_guard(happening.index, agenda, p, m);
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_a_w + w.power_b_w - w.air_enthalpy_flow_w +
           w.air_flow_kg_s * (u.inlet_air_k - enthalpy_reference_k) * air_j_kg_k -
           w.return_enthalpy_flow_w +
           w.flow_kg_s * (u.supply_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.plate_k - enthalpy_reference_k) * plate_capacity_j_k(p) +
           (x.coolant_k - enthalpy_reference_k) * coolant_capacity_j_k(p);
  }

  static PowerChain chain(const Parameters& p) { return rack::power_chain(p); }

  // Air through the rack while it works: its air share at the rated demand warms it by `air_rise`.
  static double design_air_flow_kg_s(const Parameters& p) {
    return (1.0 - p.capture) * chain_input(chain(p), p.rated_power_w) / (p.air_rise_k * air_j_kg_k);
  }

 private:
  enum Leak : std::int64_t { tight, leaking, isolated };
  enum Flow : std::int64_t { flowing, waiting, tripped };
  enum Timer { leak_timer = rack::first_own_timer, flow_timer };
  static constexpr double flow_hysteresis = 0.05;  // of the design flow

  static double plate_capacity_j_k(const Parameters& p) {
    return p.package_count * p.package_capacity_j_k;
  }
  static double coolant_capacity_j_k(const Parameters& p) {
    return p.coolant_volume_m3 * p.density_kg_m3 * p.heat_capacity_j_kg_k;
  }
  static bool is_on(const Modes& m) {
    return rack::is_supplied(m) && m.leak != isolated && m.flow_switch != tripped;
  }

  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m) {
    if (index < rack::guard_count) {
      rack::on_guard(index, agenda, p, m);
    } else if (index == rack::guard_count) {
      m.flow_switch = waiting;
      m.flow_timer_ns = instant_after(agenda, p.low_flow_delay_s);
      agenda.wake_after(p.low_flow_delay_s, flow_timer);
    } else {
      m.flow_switch = flowing;
    }
  }

  static void on_timer(int tag, Agenda& agenda, Modes& m) {
    if (tag < rack::first_own_timer) {
      rack::on_timer(tag, agenda, m);
    } else if (tag == flow_timer && m.flow_switch == waiting &&
               agenda.now_ns() >= m.flow_timer_ns) {
      m.flow_switch = is_on(m) ? tripped : flowing;
      if (m.flow_switch == tripped) agenda.note(Severity::trip, "rack tripped: too little coolant");
    } else if (tag == leak_timer && m.leak == leaking && agenda.now_ns() >= m.leak_timer_ns) {
      m.leak = isolated;
      if (m.isolation_stuck == 0) m.isolation = 1;
      agenda.note(Severity::trip, "rack isolated after a leak");
    }
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m) {
    const bool set = order.value >= 0.5;
    switch (order.index) {
      case 4:
        if (m.isolation_stuck == 0) m.isolation = set ? 1 : 0;
        break;
      case 5:
        m.isolation_stuck = set ? 1 : 0;
        break;
      case 6:
        m.blockage_ppm = to_millionths(order.value);
        break;
      case 7:
        m.leak = set ? leaking : tight;
        if (set) {
          m.leak_timer_ns = instant_after(agenda, p.leak_delay_s);
          agenda.wake_after(p.leak_delay_s, leak_timer);
          agenda.note(Severity::warning, "coolant leak");
        } else if (m.isolation_stuck == 0) {
          m.isolation = 0;
        }
        break;
      case 8:
        if (m.flow_switch == tripped) m.flow_switch = flowing;
        break;
      default:
        follow_condition_order(order.index, agenda, m.condition);
    }
  }
};

}  // namespace ampacity
