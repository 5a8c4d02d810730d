// SPDX-License-Identifier: Apache-2.0
#pragma once

// A group of equal pumps in parallel that holds the pressure difference of a loop.
//
// Every running pump turns at the common relative speed n. With N running pumps, the loop's
// pressure difference dp and the resistance r m^2 of what lies between pumps and header (strainers,
// exchangers, pipes), the flow follows from the pump law of hydraulics.hpp:
//
//   H0 n^2 - H2 (m/N)^2 - r m^2 = dp + static lift          m = 0 behind the check valve
//
// Local control (proportional-integral, with back-calculation against windup), speed drive:
//
//   e = (dp_set - dp)/dp_set,  c = clamp(I + k e, n_min, n_max)
//   dI/dt = k e / T_i + (c - (I + k e))/T_w              dn/dt = clamp((c - n)/T_n, +-ramp)
//
// Staging: when the command has stood at its upper limit for a while one more pump starts, at the
// lower limit one stops, between the minimum number and the number that is available.
//
// Power: hydraulic power over efficiencies. All shaft power warms the water in the end (friction in
// pump and pipes; `added_heat` goes to the supply header), the motors' loss warms the plant room.
//
//   P = m dp_pump / (rho eta eta_m),  added heat = P eta_m,  loss = P (1 - eta_m)
//
// Without voltage all pumps stop (the drives drop out); they run up again after the restart delay.
// Defaults: hot-water pumps of Frontier (ORNL data centre cooling library: 4 pumps, 53 to 72 % of
// 1785 rpm, efficiency 0.835, integral time 30 s; curve fitted to reference points up to 250 kg/s).

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"

namespace ampacity {

struct PumpGroup {
  static constexpr const char* name = "pump_group";
  static constexpr const char* summary = "equal pumps in parallel, speed-controlled and staged";

  struct Parameters {
    double pump_count;
    double minimum_running;
    double start_running;
    double shut_off_pressure_pa;
    double curvature_pa_s2_kg2;
    double series_pressure_pa;
    double series_flow_kg_s;
    double static_lift_pa;
    double density_kg_m3;
    double efficiency;
    double motor_efficiency;
    double set_point_pa;
    double gain;
    double integral_time_s;
    double minimum_speed;
    double maximum_speed;
    double start_speed;
    double speed_time_s;
    double speed_ramp_hz;
    double stage_delay_s;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V speed;
    V integral;
  };
  template <class V>
  struct Inputs {
    V voltage_a;
    V voltage_b;
    V pressure_difference_pa;
  };
  template <class V>
  struct Outputs {
    V flow_kg_s;
    V power_a_w;
    V power_b_w;
    V power_w;
    V added_heat_w;
    V loss_w;
    V speed_command;
    V running;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t running;
    std::int64_t available;
    std::int64_t staging;
    std::int64_t staging_timer_ns;
    std::int64_t set_point_upa;
  };

  static constexpr std::array parameters{
      ParameterRow{"pump_count", "1", 4.0, 1.0, 64.0, "pumps of the group",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"minimum_running", "1", 1.0, 0.0, 64.0, "pumps that never stop",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"start_running", "1", 2.0, 0.0, 64.0, "pumps that run at the start",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"shut_off_pressure", "Pa", 707500.0, 1e3, 1e7,
                   "pressure of one pump at full speed without flow",
                   "fit to Frontier hot-water pump curve, 60 to 250 kg/s"},
      ParameterRow{"curvature", "Pa s2/kg2", 0.6834, 1e-9, 1e9,
                   "pressure that a pump loses per square of its flow",
                   "fit to Frontier hot-water pump curve, 60 to 250 kg/s"},
      ParameterRow{"series_pressure", "Pa", 36500.0, 0.0, 1e7,
                   "pressure lost between pumps and header at series_flow",
                   "Frontier exchanger cold side 5.3 psi, ORNL data centre cooling library"},
      ParameterRow{"series_flow", "kg/s", 300.0, 1e-3, 1e6, "flow at which series_pressure is lost",
                   "Frontier hot-water loop, ORNL data centre cooling library"},
      ParameterRow{"static_lift", "Pa", 0.0, 0.0, 1e6, "height to a tower basin",
                   "assumed (closed)"},
      ParameterRow{"density", "kg/m3", 997.0, 500.0, 1500.0, "density of the liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"efficiency", "1", 0.835, 0.05, 1.0, "hydraulic over shaft power",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"motor_efficiency", "1", 0.95, 0.05, 1.0,
                   "shaft over electric power, with drive", "assumed"},
      ParameterRow{"set_point", "Pa", 164095.0, 1e3, 2e6, "pressure difference to hold",
                   "Frontier hot-water loop, 23.8 psi, ORNL data centre cooling library"},
      ParameterRow{"gain", "1", 0.3, 0.0, 100.0, "speed per relative error", "assumed"},
      ParameterRow{"integral_time", "s", 30.0, 0.5, 3600.0, "integral time of the speed control",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"minimum_speed", "1", 0.53, 0.0, 1.0, "lowest relative speed",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"maximum_speed", "1", 0.72, 0.05, 1.2, "highest relative speed",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"start_speed", "1", 0.6, 0.0, 1.2, "relative speed at the start", "assumed"},
      ParameterRow{"speed_time", "s", 2.0, 0.05, 60.0, "lag of drive and rotor",
                   "assumed (1 to 3 s)"},
      ParameterRow{"speed_ramp", "1/s", 0.1, 1e-3, 10.0, "fastest change of relative speed",
                   "assumed"},
      ParameterRow{"stage_delay", "s", 120.0, 1.0, 7200.0,
                   "time at a limit of speed before a pump is added or taken away", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                   "voltage below which the drives stop, pu", "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drives ride through", "assumed"},
      ParameterRow{"restart_delay", "s", 15.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"speed", "1", 0.6, 0.0, 1.2, 1e-4, "relative speed"},
      StateRow{"integral", "1", 0.6, -1.0, 2.0, 1e-4, "integral part of the speed control"}};
  static constexpr std::array inputs{
      InputRow{"voltage_a", "1", 1.0, 0.0, 1.2, "voltage of feed A, pu"},
      InputRow{"voltage_b", "1", 0.0, 0.0, 1.2, "voltage of feed B, pu"},
      InputRow{"pressure_difference", "Pa", required, 0.0, 6e5, "pressure difference of the loop"}};
  static constexpr std::array outputs{
      OutputRow{"flow", "kg/s", "flow of all running pumps"},
      OutputRow{"power_a", "W", "power drawn from feed A"},
      OutputRow{"power_b", "W", "power drawn from feed B"},
      OutputRow{"power", "W", "electric power of the group", Account::use_cooling},
      OutputRow{"added_heat", "W", "shaft power, which warms the water"},
      OutputRow{"loss", "W", "heat of motors and drives", Account::leaves_loss},
      OutputRow{"speed_command", "1", "relative speed that the control asks for"},
      OutputRow{"running", "1", "running pumps"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"running", "", "pumps that run"},
      ModeRow{"available", "", "pumps that have not failed"},
      ModeRow{"staging", "steady|adding|taking", "what the staging waits for"},
      ModeRow{"staging_timer", "", "instant at which the wait is over, ns"},
      ModeRow{"set_point", "", "pressure difference to hold, micropascal"}};
  static constexpr std::array guards{
      voltage_lost_row, voltage_back_row,
      GuardRow{"speed_at_maximum", Severity::information, "the control asks for its highest speed"},
      GuardRow{"speed_at_minimum", Severity::information, "the control asks for its lowest speed"},
      GuardRow{"speed_inside", Severity::information, "the speed command left its limit"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"trip_pumps", "1", 1.0, 64.0, "fault: so many pumps more are lost"},
      OrderRow{"repair_pumps", "1", 1.0, 64.0, "so many pumps are available again"},
      OrderRow{"set_point", "Pa", 1e3, 2e6, "pressure difference to hold"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 3;

  template <class V>
  static void offer(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    const double series = p.series_pressure_pa / (p.series_flow_kg_s * p.series_flow_kg_s);
    w.flow_kg_s = pump_flow(law(p), pumps(m), x.speed, u.pressure_difference_pa + p.static_lift_pa,
                            V(series));
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const V pump_pa = pump_pressure(law(p), pumps(m), x.speed, w.flow_kg_s);
    w.added_heat_w = w.flow_kg_s * pump_pa / (p.density_kg_m3 * p.efficiency);
    w.power_w = w.added_heat_w / p.motor_efficiency;
    w.loss_w = w.power_w - w.added_heat_w;
    const auto share = share_feeds(w.power_w, u.voltage_a, u.voltage_b, p.drop_out_voltage);
    w.power_a_w = share.a_w;
    w.power_b_w = share.b_w;
    w.running = V(pumps(m));

    const double set_pa = from_millionths(m.set_point_upa);
    const V error = (V(set_pa) - u.pressure_difference_pa) / set_pa;
    const V wanted = x.integral + error * p.gain;
    const bool on = is_on(m);
    w.speed_command = on ? clamp(wanted, p.minimum_speed, p.maximum_speed) : V(0.0);
    rate.integral = on ? error * (p.gain / p.integral_time_s) +
                             (w.speed_command - wanted) / (0.5 * p.integral_time_s)
                       : V(0.0);
    rate.speed =
        clamp((w.speed_command - x.speed) / p.speed_time_s, -p.speed_ramp_hz, p.speed_ramp_hz);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.available = static_cast<std::int64_t>(p.pump_count);
    m.running = static_cast<std::int64_t>(math::min(p.start_running, p.pump_count));
    m.set_point_upa = to_millionths(p.set_point_pa);
    x.speed = p.start_speed;
    x.integral = p.start_speed;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    const double voltage = live_voltage(u.voltage_a, u.voltage_b);
    guard[0] = voltage_lost_guard(rules(p), m.supply, voltage);
    guard[1] = voltage_back_guard(rules(p), m.supply, voltage);
    const double band = 0.01 * (p.maximum_speed - p.minimum_speed);
    const double above = w.speed_command - (p.maximum_speed - band);
    const double below = p.minimum_speed + band - w.speed_command;
    const bool steady = is_on(m) && m.staging == 0;
    guard[2] = steady && m.running < m.available ? above : -1.0;
    guard[3] = steady && m.running > minimum(p) ? below : -1.0;
    const double left = m.staging == 1 ? -above : -below;
    guard[4] = m.staging != 0 ? left - band : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer && happening.index == supply_timer) {
      note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda, p, m, x);
    } else if (happening.kind == Happening::Kind::timer) {
      change_stage(agenda, p, m);
    } else if (happening.index == 0) {
      note_change(on_voltage_lost(rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
                  agenda, p, m, x);
    } else if (happening.index == 1) {
      note_change(on_voltage_back(rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
                  agenda, p, m, x);
    } else if (happening.index == 4) {
      m.staging = 0;
    } else {
      m.staging = happening.index == 2 ? 1 : 2;
      m.staging_timer_ns = agenda.now_ns() + static_cast<std::int64_t>(p.stage_delay_s * 1e9);
      agenda.wake_after(p.stage_delay_s, stage_timer);
    }
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.power_a_w + w.power_b_w - w.added_heat_w - w.loss_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }

 private:
  static constexpr int supply_timer = 0;
  static constexpr int stage_timer = 1;

  static PumpLaw law(const Parameters& p) {
    return {p.shut_off_pressure_pa, p.curvature_pa_s2_kg2};
  }
  static SupplyRules rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static bool is_on(const Modes& m) { return is_running(m.condition) && is_powered(m.supply); }
  // Stopped pumps coast down: they keep moving water until their speed is gone.
  static double pumps(const Modes& m) {
    return static_cast<double>(m.running < m.available ? m.running : m.available);
  }
  static std::int64_t minimum(const Parameters& p) {
    return static_cast<std::int64_t>(p.minimum_running);
  }

  static void note_change(SupplyChange change, Agenda& agenda, const Parameters& p, Modes& m,
                          States<double>& x) {
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "pumps dropped out");
    if (change == SupplyChange::started) {
      agenda.note(Severity::information, "pumps run up again");
      x.integral = p.minimum_speed;
    }
    if (change == SupplyChange::stopped) m.staging = 0;
  }

  static void change_stage(Agenda& agenda, const Parameters& p, Modes& m) {
    if (m.staging == 0 || agenda.now_ns() < m.staging_timer_ns) return;
    if (m.staging == 1 && m.running < m.available) ++m.running;
    if (m.staging == 2 && m.running > minimum(p)) --m.running;
    m.staging = 0;
    agenda.note(Severity::information, "number of running pumps changed");
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    const auto all = static_cast<std::int64_t>(p.pump_count);
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      // A standing-by pump takes over for each one that is lost.
      m.available = m.available > count ? m.available - count : 0;
      agenda.note(Severity::warning, "pump lost");
    } else if (order.index == 5) {
      m.available = m.available + count < all ? m.available + count : all;
    } else {
      m.set_point_upa = to_millionths(order.value);
    }
  }
};

}  // namespace ampacity
