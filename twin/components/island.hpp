// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hydraulic island: the secondary manifold that several cooling units (CDUs) share with their
// racks, and the group control of those units.
//
//   CDUs m_c -----> supply header T_s -----> racks m_r -----> return header T_r -----> CDUs
//                        |        m_c - m_r (bypass)               ^
//                        +-----------------------------------------+
//
// Headers and pressure difference follow the same equations as a loop (loop.hpp). The units of an
// island are controlled as one (N+1): each gets the same commands, and when one is lost the others
// turn faster and open further without being told.
//
//   pressure   e = (dp_set - dp)/dp_set          speed command by PI (pi_control.hpp), n_min..n_max
//   supply     e = T_s - T_set                   valve command by PI, v_min..v_max
//   T_set = max(set-point, dew point of the hall + margin), smoothed over 0.1 K
//
// The set-point rises with the hall's dew point, so that nothing ever condenses on the racks.
// Protection and alarms are local: a supply that is more than 2 K off for two minutes (Lenovo
// RM100, Coolcentric and Vertiv CDU manuals) and a pressure difference below 90 % of its set-point
// for two seconds are noted; both clear with hysteresis. That alarm is the first tier against loss
// of flow; the second, which cuts power, is the flow switch of each rack (liquid_rack.hpp).
//
// Defaults: one Frontier CDU with three cabinets (ORNL data centre cooling library): 28 degC
// supply, 27.5 psi, 15 kg/s, two pumps at 52 to 75 % speed, integral time of the valve control 35
// s. Volumes are those of the CDU's pipework outside its exchanger; racks bring their own. An
// island of several units states its own design flow and volumes.

#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/instant.hpp"
#include "twin/components/pi_control.hpp"

namespace ampacity {

struct Island {
  static constexpr const char* name = "island";
  static constexpr const char* summary = "secondary manifold of CDUs and racks, with group control";

  struct Parameters {
    double supply_volume_m3;
    double return_volume_m3;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double design_flow_kg_s;
    double compliance_time_s;
    double bypass_flow_kg_s;
    double supply_set_point_k;
    double dew_point_margin_k;
    double pressure_set_point_pa;
    double speed_gain;
    double speed_integral_time_s;
    double minimum_speed;
    double maximum_speed;
    double start_speed;
    double valve_gain_per_k;
    double valve_integral_time_s;
    double minimum_valve;
    double maximum_valve;
    double start_valve;
    double supply_band_k;
    double supply_alarm_delay_s;
    double pressure_share;
    double pressure_alarm_delay_s;
    double start_return_k;
  };
  template <class V>
  struct States {
    V supply_k;
    V return_k;
    V pressure_difference_pa;
    V speed_integral;
    V valve_integral;
  };
  template <class V>
  struct Inputs {
    V dew_point_k;
    V cdu_flow_kg_s;
    V cdu_enthalpy_flow_w;
    V rack_flow_kg_s;
    V rack_enthalpy_flow_w;
  };
  template <class V>
  struct Outputs {
    V supply_k;
    V return_k;
    V pressure_difference_pa;
    V speed_command;
    V valve_command;
    V set_point_k;
    V bypass_flow_kg_s;
    V supply_limit_k;
  };
  struct Modes {
    std::int64_t supply_alarm;
    std::int64_t supply_timer_ns;
    std::int64_t pressure_alarm;
    std::int64_t pressure_timer_ns;
    std::int64_t supply_set_point_uk;
    std::int64_t pressure_set_point_upa;
  };

  static constexpr std::array parameters{
      ParameterRow{"supply_volume", "m3", 0.049, 1e-4, 1e3, "coolant in the supply header",
                   "Frontier CDU, 26.4 gal per side less exchanger, ORNL cooling library"},
      ParameterRow{"return_volume", "m3", 0.049, 1e-4, 1e3, "coolant in the return header",
                   "Frontier CDU, 26.4 gal per side less exchanger, ORNL cooling library"},
      ParameterRow{"density", "kg/m3", 996.0, 500.0, 1500.0, "density of the coolant",
                   "water at 30 degC, IAPWS SR6-08"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the coolant", "water at 30 degC, IAPWS SR6-08"},
      ParameterRow{"design_flow", "kg/s", 15.0, 1e-3, 1e5, "flow of all racks at design",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"compliance_time", "s", 1.0, 0.05, 60.0, "settling time of the pressure",
                   "assumed"},
      ParameterRow{"bypass_flow", "kg/s", 0.0, 0.0, 1e5,
                   "flow of a fixed bypass at the pressure set-point", "assumed (none)"},
      ParameterRow{"supply_set_point", "K", 301.15, 278.15, 343.15, "supply temperature to hold",
                   "Frontier CDU, 28 degC, ORNL cooling library"},
      ParameterRow{"dew_point_margin", "delta_K", 2.0, 0.0, 20.0,
                   "supply stays this far above dew point", "2 to 3 K, CDU checklists"},
      ParameterRow{"pressure_set_point", "Pa", 189606.0, 1e3, 2e6, "pressure difference to hold",
                   "Frontier CDU, 27.5 psi, ORNL cooling library"},
      ParameterRow{"speed_gain", "1", 0.15, 0.0, 100.0, "speed per relative pressure error",
                   "assumed"},
      ParameterRow{"speed_integral_time", "s", 10.0, 0.5, 3600.0,
                   "integral time of the speed control", "assumed"},
      ParameterRow{"minimum_speed", "1", 0.52, 0.0, 1.0, "lowest relative speed of the pumps",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"maximum_speed", "1", 0.75, 0.05, 1.2, "highest relative speed of the pumps",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"start_speed", "1", 0.64, 0.0, 1.2, "speed command at the start",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"valve_gain", "1/K", 0.12, 0.0, 10.0, "stroke per kelvin of supply error",
                   "assumed (tuned on one Frontier CDU)"},
      ParameterRow{"valve_integral_time", "s", 35.0, 0.5, 3600.0,
                   "integral time of the valve control", "Frontier CDU, ORNL cooling library"},
      ParameterRow{"minimum_valve", "1", 0.05, 0.0, 1.0, "lowest valve command",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"maximum_valve", "1", 1.0, 0.05, 1.0, "highest valve command",
                   "Frontier CDU, ORNL cooling library"},
      ParameterRow{"start_valve", "1", 0.7, 0.0, 1.0, "valve command at the start", "assumed"},
      ParameterRow{"supply_band", "delta_K", 2.0, 0.1, 20.0,
                   "deviation of the supply that is an alarm",
                   "Lenovo RM100 p. 26, Coolcentric CDU p. 34, Vertiv CDU 600 p. 47"},
      ParameterRow{"supply_alarm_delay", "s", 120.0, 0.0, 3600.0, "time before the alarm",
                   "Lenovo RM100 p. 26, Coolcentric CDU p. 34, Vertiv CDU 600 p. 47"},
      ParameterRow{"pressure_share", "1", 0.9, 0.1, 1.0,
                   "low pressure: below this share of set-point",
                   "Vertiv CDU 600 manual, P204 to P206"},
      ParameterRow{"pressure_alarm_delay", "s", 2.0, 0.0, 3600.0, "time before the alarm",
                   "assumed (2 to 5 s for dense racks)"},
      ParameterRow{"start_return_temperature", "K", 311.15, 263.15, 373.15,
                   "return temperature at the start", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"supply_temperature", "K", 301.15, 263.15, 393.15, 1e-3, "coolant to the racks"},
      StateRow{"return_temperature", "K", 311.15, 263.15, 393.15, 1e-3, "coolant from the racks"},
      StateRow{"pressure_difference", "Pa", 189606.0, 0.0, 1e6, 1.0,
               "pressure of the supply above the return header"},
      StateRow{"speed_integral", "1", 0.64, -1.0, 2.0, 1e-4, "integral part of the speed control"},
      StateRow{"valve_integral", "1", 0.7, -1.0, 2.0, 1e-4, "integral part of the valve control"}};
  static constexpr std::array inputs{
      InputRow{"dew_point", "K", 263.15, 243.15, 313.15, "dew point of the hall"},
      InputRow{"cdu_flow", "kg/s", required, 0.0, 1000.0, "flow of all CDUs"},
      InputRow{"cdu_enthalpy_flow", "W", required, -1e8, 2e8,
               "enthalpy flow that the CDUs deliver"},
      InputRow{"rack_flow", "kg/s", required, 0.0, 1000.0, "flow of all racks"},
      InputRow{"rack_enthalpy_flow", "W", required, -1e8, 2e8,
               "enthalpy flow that the racks give back"}};
  static constexpr std::array outputs{
      OutputRow{"supply_temperature", "K", "coolant to the racks"},
      OutputRow{"return_temperature", "K", "coolant from the racks"},
      OutputRow{"pressure_difference", "Pa", "pressure of the supply above the return header"},
      OutputRow{"speed_command", "1", "relative speed that all CDU pumps are asked for"},
      OutputRow{"valve_command", "1", "stroke that all CDU valves are asked for"},
      OutputRow{"set_point", "K", "supply set-point, dew-point reset included"},
      OutputRow{"bypass_flow", "kg/s", "flow from supply to return past the racks"},
      OutputRow{"supply_limit", "K", "supply temperature that is an alarm"}};
  static constexpr std::array modes{
      ModeRow{"supply_alarm", "normal|waiting|alarm", "supply temperature off its set-point"},
      ModeRow{"supply_alarm_timer", "", "instant at which the wait is over, ns"},
      ModeRow{"pressure_alarm", "normal|waiting|alarm", "pressure difference too low"},
      ModeRow{"pressure_alarm_timer", "", "instant at which the wait is over, ns"},
      ModeRow{"supply_set_point", "", "supply temperature to hold, microkelvin"},
      ModeRow{"pressure_set_point", "", "pressure difference to hold, micropascal"}};
  static constexpr std::array guards{
      GuardRow{"supply_off", Severity::information, "the supply left its band"},
      GuardRow{"supply_back", Severity::information, "the supply is back in its band"},
      GuardRow{"pressure_low", Severity::information, "the pressure difference is low"},
      GuardRow{"pressure_back", Severity::information, "the pressure difference is back"}};
  static constexpr std::array orders{
      OrderRow{"supply_set_point", "K", 278.15, 343.15, "supply temperature to hold"},
      OrderRow{"pressure_set_point", "Pa", 1e3, 2e6, "pressure difference to hold"}};
  static constexpr std::size_t offered = 6;
  static constexpr std::size_t early_inputs = 1;

  template <class V>
  static void offer(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.supply_k = x.supply_k;
    w.return_k = x.return_k;
    w.pressure_difference_pa = x.pressure_difference_pa;
    const double asked_k = from_millionths(m.supply_set_point_uk);
    w.set_point_k = smooth_positive(u.dew_point_k + p.dew_point_margin_k - asked_k, 0.1) + asked_k;
    w.speed_command = speed_control(p, m, x).command;
    w.valve_command = valve_control(p, x, w).command;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double cp = p.heat_capacity_j_kg_k;
    const V supply_j_kg = (x.supply_k - enthalpy_reference_k) * cp;
    const V return_j_kg = (x.return_k - enthalpy_reference_k) * cp;
    w.bypass_flow_kg_s = u.cdu_flow_kg_s - u.rack_flow_kg_s;
    w.supply_limit_k = w.set_point_k + p.supply_band_k;
    const V forward_kg_s = smooth_positive(w.bypass_flow_kg_s, 1e-3 * p.design_flow_kg_s);
    const V backward_kg_s = forward_kg_s - w.bypass_flow_kg_s;
    const V mixed_w = forward_kg_s * supply_j_kg - backward_kg_s * return_j_kg;

    rate.supply_k = (u.cdu_enthalpy_flow_w - u.rack_flow_kg_s * supply_j_kg - mixed_w) /
                    (p.supply_volume_m3 * p.density_kg_m3 * cp);
    rate.return_k = (u.rack_enthalpy_flow_w - u.cdu_flow_kg_s * return_j_kg + mixed_w) /
                    (p.return_volume_m3 * p.density_kg_m3 * cp);

    const double compliance_kg_pa =
        p.compliance_time_s * p.design_flow_kg_s / p.pressure_set_point_pa;
    const double bypass = conductance_at(p.bypass_flow_kg_s, p.pressure_set_point_pa);
    rate.pressure_difference_pa =
        (w.bypass_flow_kg_s - turbulent_flow(bypass, x.pressure_difference_pa)) / compliance_kg_pa;

    rate.speed_integral = speed_control(p, m, x).integral_rate;
    rate.valve_integral = valve_control(p, x, w).integral_rate;
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.supply_set_point_uk = to_millionths(p.supply_set_point_k);
    m.pressure_set_point_upa = to_millionths(p.pressure_set_point_pa);
    x.supply_k = p.supply_set_point_k;
    x.return_k = p.start_return_k;
    x.pressure_difference_pa = p.pressure_set_point_pa;
    x.speed_integral = p.start_speed;
    x.valve_integral = p.start_valve;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>&, const Outputs<double>& w, double* guard) {
    const double off = (math::abs(x.supply_k - w.set_point_k) - p.supply_band_k) / p.supply_band_k;
    guard[0] = m.supply_alarm == 0 ? off : -1.0;
    guard[1] = m.supply_alarm != 0 ? -off - 0.5 : -1.0;
    const double set_pa = from_millionths(m.pressure_set_point_upa);
    const double low = p.pressure_share - x.pressure_difference_pa / set_pa;
    guard[2] = m.pressure_alarm == 0 ? low : -1.0;
    guard[3] = m.pressure_alarm != 0 ? -low - 0.03 : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    const bool timer = happening.kind == Happening::Kind::timer;
    if (happening.kind == Happening::Kind::order) {
      const std::int64_t value = to_millionths(happening.value);
      (happening.index == 0 ? m.supply_set_point_uk : m.pressure_set_point_upa) = value;
    } else if (timer && happening.index == 0) {
      raise(agenda, m.supply_alarm, m.supply_timer_ns, "supply temperature off its set-point");
    } else if (timer) {
      raise(agenda, m.pressure_alarm, m.pressure_timer_ns, "pressure difference too low");
    } else if (happening.index == 0) {
      wait(agenda, m.supply_alarm, m.supply_timer_ns, p.supply_alarm_delay_s, 0);
    } else if (happening.index == 2) {
      wait(agenda, m.pressure_alarm, m.pressure_timer_ns, p.pressure_alarm_delay_s, 1);
    } else {
      (happening.index == 1 ? m.supply_alarm : m.pressure_alarm) = 0;
    }
  }

  // Racks take coolant at supply temperature, CDUs at return temperature.
  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                       const Outputs<V>&) {
    const double cp = p.heat_capacity_j_kg_k;
    return u.cdu_enthalpy_flow_w + u.rack_enthalpy_flow_w -
           u.rack_flow_kg_s * (x.supply_k - enthalpy_reference_k) * cp -
           u.cdu_flow_kg_s * (x.return_k - enthalpy_reference_k) * cp;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    const double capacity_j_m3k = p.density_kg_m3 * p.heat_capacity_j_kg_k;
    return (x.supply_k - enthalpy_reference_k) * (p.supply_volume_m3 * capacity_j_m3k) +
           (x.return_k - enthalpy_reference_k) * (p.return_volume_m3 * capacity_j_m3k);
  }

 private:
  template <class V>
  static PiControl<V> speed_control(const Parameters& p, const Modes& m, const States<V>& x) {
    const double set_pa = from_millionths(m.pressure_set_point_upa);
    const V error = (V(set_pa) - x.pressure_difference_pa) / set_pa;
    return pi_control({p.speed_gain, p.speed_integral_time_s, p.minimum_speed, p.maximum_speed},
                      x.speed_integral, error);
  }
  template <class V>
  static PiControl<V> valve_control(const Parameters& p, const States<V>& x, const Outputs<V>& w) {
    const V error_k = x.supply_k - w.set_point_k;
    return pi_control(
        {p.valve_gain_per_k, p.valve_integral_time_s, p.minimum_valve, p.maximum_valve},
        x.valve_integral, error_k);
  }

  static void wait(Agenda& agenda, std::int64_t& alarm, std::int64_t& timer_ns, double delay_s,
                   int tag) {
    alarm = 1;
    timer_ns = instant_after(agenda, delay_s);
    agenda.wake_after(delay_s, tag);
  }
  static void raise(Agenda& agenda, std::int64_t& alarm, std::int64_t timer_ns, const char* text) {
    if (alarm != 1 || agenda.now_ns() < timer_ns) return;
    alarm = 2;
    agenda.note(Severity::limit, text);
  }
};

}  // namespace ampacity
