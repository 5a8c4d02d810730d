// SPDX-License-Identifier: Apache-2.0
#pragma once

// A distribution header pair: supply and return of a water loop that pumps feed and consumers
// share.
//
//            stages                        pumps                    consumers
//   return ---------> (exchangers, ...) ----------> supply ------------------------> return
//              m_p                                    |     m_c                        ^
//                                                     +--------- m_p - m_c ------------+
//
// Both headers are well-mixed volumes. What the pumps deliver beyond what the consumers take passes
// from supply to return (the bypass that a real decoupled loop has; backwards when consumers take
// more). With h(T) = cp (T - T0), b = m_p - m_c and its one-sided parts b+ - b- = b:
//
//   M_s cp dT_s/dt = H_supply - m_c h(T_s) - b+ h(T_s) + b- h(T_r)
//   M_r cp dT_r/dt = H_return - m_p h(T_r) + b+ h(T_s) - b- h(T_r)
//   C dp/dt        = m_p - m_c - K_b sqrt(dp)
//
// H are the enthalpy flows that enter the headers. The sum closes exactly. b+ and b- are smoothed
// over a thousandth of the design flow, so that a balanced loop does not sit on a kink; the price
// is a mixing of half a thousandth.
//
// The pressure difference between the headers is a state: pumps and consumers see it and answer
// with flows, and nothing has to be solved. Its compliance stands for the elasticity of pipes and
// vessels and is chosen so that pressure settles within about a second: C = t m_0/dp_0.
//
// Bypass valve. K_b = z K_open (a linear valve at stroke z) guarantees the pumps a minimum flow
// m_min: a PI (pi_control.hpp) with command c opens it when less passes the pumps, and it never
// closes below its lower limit z_min, so that a share of the cold water always goes back unused and
// the return header is colder than the consumers' own return.
//
//   e = (m_min - m_p)/m_0,   z_min <= c <= 1,   dz/dt = clamp((c - z)/T_z, +-1/stroke time)
//
// Without a size (bypass_flow 0, the default) there is no valve.
//
// The same component serves chilled, hot and condenser water. Defaults: the hot-temperature water
// loop of Frontier (ORNL data centre cooling library).

#include "twin/components/hydraulics.hpp"
#include "twin/components/pi_control.hpp"

namespace ampacity {

struct Loop {
  static constexpr const char* name = "loop";
  static constexpr const char* summary = "supply and return header of a water loop";

  struct Parameters {
    double supply_volume_m3;
    double return_volume_m3;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double design_flow_kg_s;
    double design_pressure_difference_pa;
    double compliance_time_s;
    double bypass_flow_kg_s;
    double bypass_minimum;
    double minimum_pump_flow_kg_s;
    double bypass_gain;
    double bypass_integral_time_s;
    double bypass_time_s;
    double bypass_stroke_time_s;
    double start_supply_k;
    double start_return_k;
  };
  template <class V>
  struct States {
    V supply_k;
    V return_k;
    V pressure_difference_pa;
    V bypass_valve;
    V bypass_integral;
  };
  template <class V>
  struct Inputs {
    V pump_flow_kg_s;
    V supply_enthalpy_flow_w;
    V consumer_flow_kg_s;
    V consumer_enthalpy_flow_w;
  };
  template <class V>
  struct Outputs {
    V supply_k;
    V return_k;
    V pressure_difference_pa;
    V bypass_flow_kg_s;
  };
  using Modes = NoModes;

  static constexpr std::array parameters{
      ParameterRow{"supply_volume", "m3", 100.0, 1e-3, 1e6, "water in the supply header",
                   "Frontier hot-water loop, ORNL data centre cooling library"},
      ParameterRow{"return_volume", "m3", 125.0, 1e-3, 1e6, "water in the return header",
                   "Frontier hot-water loop, ORNL data centre cooling library"},
      ParameterRow{"density", "kg/m3", 997.0, 500.0, 1500.0, "density of the liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the liquid", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"design_flow", "kg/s", 300.0, 1e-3, 1e6, "flow at design",
                   "Frontier hot-water loop, ORNL data centre cooling library"},
      ParameterRow{"design_pressure_difference", "Pa", 164095.0, 1e3, 2e6,
                   "pressure difference between the headers at design",
                   "Frontier hot-water loop, 23.8 psi, ORNL data centre cooling library"},
      ParameterRow{"compliance_time", "s", 1.0, 0.05, 60.0, "settling time of the pressure",
                   "assumed"},
      ParameterRow{"bypass_flow", "kg/s", 0.0, 0.0, 1e6,
                   "flow of the open bypass valve at the design pressure difference",
                   "assumed (none)"},
      ParameterRow{"bypass_minimum", "1", 0.0, 0.0, 1.0, "lowest stroke of the bypass valve",
                   "assumed (shuts; Frontier: 0.2, ORNL data centre cooling library)"},
      ParameterRow{"minimum_pump_flow", "kg/s", 0.0, 0.0, 1e6,
                   "flow of the pumps below which the bypass opens",
                   "assumed (none; Frontier: about 3000 gpm, ORNL data centre cooling library)"},
      ParameterRow{"bypass_gain", "1", 0.1, 0.0, 100.0,
                   "stroke of the bypass per flow that is missing, relative to the design flow",
                   "Frontier, ORNL data centre cooling library; the scale of its error is assumed"},
      ParameterRow{"bypass_integral_time", "s", 100.0, 0.5, 3600.0,
                   "integral time of the bypass control",
                   "Frontier, ORNL data centre cooling library"},
      ParameterRow{"bypass_time", "s", 2.0, 0.05, 60.0, "lag of the bypass valve's positioner",
                   "assumed"},
      ParameterRow{"bypass_stroke_time", "s", 60.0, 1.0, 600.0, "full stroke of the bypass valve",
                   "assumed (30 to 90 s)"},
      ParameterRow{"start_supply_temperature", "K", 295.65, 263.15, 373.15,
                   "supply temperature at the start",
                   "Frontier hot-water loop, 22.5 degC, ORNL data centre cooling library"},
      ParameterRow{"start_return_temperature", "K", 303.15, 263.15, 373.15,
                   "return temperature at the start",
                   "Frontier hot-water loop, 30 degC, ORNL data centre cooling library"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"supply_temperature", "K", 295.65, 263.15, 393.15, 1e-3,
               "water in the supply header"},
      StateRow{"return_temperature", "K", 303.15, 263.15, 393.15, 1e-3,
               "water in the return header"},
      StateRow{"pressure_difference", "Pa", 164095.0, 0.0, 2e6, 1.0,
               "pressure of the supply above the return header"},
      StateRow{"bypass_valve", "1", 0.0, 0.0, 1.0, 1e-4, "stroke of the bypass valve"},
      StateRow{"bypass_integral", "1", 0.0, -1.0, 2.0, 1e-4,
               "integral part of the bypass control"}};
  static constexpr std::array inputs{
      InputRow{"pump_flow", "kg/s", required, 0.0, 1000.0, "flow of all pumps"},
      InputRow{"supply_enthalpy_flow", "W", required, -1e8, 2e8,
               "enthalpy flow into the supply header, heat of the pumps included"},
      InputRow{"consumer_flow", "kg/s", required, 0.0, 1000.0, "flow that the consumers take"},
      InputRow{"consumer_enthalpy_flow", "W", required, -1e8, 2e8,
               "enthalpy flow that the consumers give back"}};
  static constexpr std::array outputs{
      OutputRow{"supply_temperature", "K", "water in the supply header"},
      OutputRow{"return_temperature", "K", "water in the return header"},
      OutputRow{"pressure_difference", "Pa", "pressure of the supply above the return header"},
      OutputRow{"bypass_flow", "kg/s", "flow from supply to return past the consumers"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 3;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.supply_k = x.supply_k;
    w.return_k = x.return_k;
    w.pressure_difference_pa = x.pressure_difference_pa;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double cp = p.heat_capacity_j_kg_k;
    const V supply_j_kg = (x.supply_k - enthalpy_reference_k) * cp;
    const V return_j_kg = (x.return_k - enthalpy_reference_k) * cp;
    const V bypass_kg_s = u.pump_flow_kg_s - u.consumer_flow_kg_s;
    const V forward_kg_s = smooth_positive(bypass_kg_s, 1e-3 * p.design_flow_kg_s);
    const V backward_kg_s = forward_kg_s - bypass_kg_s;
    const V mixed_w = forward_kg_s * supply_j_kg - backward_kg_s * return_j_kg;
    w.bypass_flow_kg_s = bypass_kg_s;

    rate.supply_k = (u.supply_enthalpy_flow_w - u.consumer_flow_kg_s * supply_j_kg - mixed_w) /
                    (p.supply_volume_m3 * p.density_kg_m3 * cp);
    rate.return_k = (u.consumer_enthalpy_flow_w - u.pump_flow_kg_s * return_j_kg + mixed_w) /
                    (p.return_volume_m3 * p.density_kg_m3 * cp);
    const double open = conductance_at(p.bypass_flow_kg_s, p.design_pressure_difference_pa);
    rate.pressure_difference_pa =
        (bypass_kg_s - turbulent_flow(x.bypass_valve * open, x.pressure_difference_pa)) /
        compliance_kg_pa(p);
    move_bypass(p, x, u, rate);
  }

  static void start(const Parameters& p, Modes&, States<double>& x) {
    x.supply_k = p.start_supply_k;
    x.return_k = p.start_return_k;
    x.pressure_difference_pa = p.design_pressure_difference_pa;
    x.bypass_valve = p.bypass_minimum;
    x.bypass_integral = p.bypass_minimum;
  }
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}

  // Consumers take water at supply temperature, the first stage at return temperature.
  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                       const Outputs<V>&) {
    const double cp = p.heat_capacity_j_kg_k;
    return u.supply_enthalpy_flow_w + u.consumer_enthalpy_flow_w -
           u.consumer_flow_kg_s * (x.supply_k - enthalpy_reference_k) * cp -
           u.pump_flow_kg_s * (x.return_k - enthalpy_reference_k) * cp;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    const double capacity_j_m3k = p.density_kg_m3 * p.heat_capacity_j_kg_k;
    return (x.supply_k - enthalpy_reference_k) * (p.supply_volume_m3 * capacity_j_m3k) +
           (x.return_k - enthalpy_reference_k) * (p.return_volume_m3 * capacity_j_m3k);
  }

 private:
  template <class V>
  static void move_bypass(const Parameters& p, const States<V>& x, const Inputs<V>& u,
                          States<V>& rate) {
    const V missing = (p.minimum_pump_flow_kg_s - u.pump_flow_kg_s) / p.design_flow_kg_s;
    const PiControl<V> control =
        pi_control({p.bypass_gain, p.bypass_integral_time_s, p.bypass_minimum, 1.0},
                   x.bypass_integral, missing);
    const double stroke_hz = 1.0 / p.bypass_stroke_time_s;
    rate.bypass_integral = control.integral_rate;
    rate.bypass_valve =
        clamp((control.command - x.bypass_valve) / p.bypass_time_s, -stroke_hz, stroke_hz);
  }

  static double compliance_kg_pa(const Parameters& p) {
    return p.compliance_time_s * p.design_flow_kg_s / p.design_pressure_difference_pa;
  }
};

}  // namespace ampacity
