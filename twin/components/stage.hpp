// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stage of a loop: units in parallel between two temperatures.
//
// The loop's flow m arrives at T_in and is shared among the units in proportion to how far they are
// open: a unit with share a_i takes a_i m / max(1, sum a). When the open units cannot take all of
// it (sum a < 1), the rest goes around them and mixes behind:
//
//   M cp dT/dt = sum H_i + m (1 - min(1, sum a)) h(T_in) - m h(T)
//
// with H_i the enthalpy flow that leaves unit i and h(T) = cp (T - T0). Stages in series hand their
// temperature on; the last one feeds the loop's supply header. The mixing volume is the pipework
// behind the units; it also keeps the loop free of algebraic circles.

#include "twin/components/component.hpp"

namespace ampacity {

struct Stage {
  static constexpr const char* name = "stage";
  static constexpr const char* summary = "parallel units of a loop, with bypass and mixing";

  struct Parameters {
    double volume_m3;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double start_k;
  };
  template <class V>
  struct States {
    V temperature_k;
  };
  template <class V>
  struct Inputs {
    V flow_kg_s;
    V open;
    V inlet_k;
    V enthalpy_flow_w;
  };
  template <class V>
  struct Outputs {
    V temperature_k;
    V flow_per_share_kg_s;
    V enthalpy_flow_w;
    V bypass_flow_kg_s;
  };
  using Modes = NoModes;

  static constexpr std::array parameters{
      ParameterRow{"volume", "m3", 1.0, 1e-4, 1e5, "water behind the units", "assumed"},
      ParameterRow{"density", "kg/m3", 997.0, 500.0, 1500.0, "density of the liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the liquid", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"start_temperature", "K", 295.15, 263.15, 373.15, "temperature at the start",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"temperature", "K", 295.15, 263.15, 393.15, 1e-3, "water behind the units"}};
  static constexpr std::array inputs{
      InputRow{"flow", "kg/s", required, 0.0, 1000.0, "flow of the loop's pumps"},
      InputRow{"open", "1", 0.0, 0.0, 8.0, "shares of all units that are open"},
      InputRow{"inlet_temperature", "K", required, 263.15, 373.15, "water before the units"},
      InputRow{"enthalpy_flow", "W", 0.0, -1e8, 2e8, "enthalpy flow that leaves the units"}};
  static constexpr std::array outputs{
      OutputRow{"temperature", "K", "water behind the units"},
      OutputRow{"flow_per_share", "kg/s", "flow of a unit that is fully open"},
      OutputRow{"enthalpy_flow", "W", "enthalpy flow that leaves the stage"},
      OutputRow{"bypass_flow", "kg/s", "flow around the units"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 4;
  static constexpr std::size_t early_inputs = 2;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.temperature_k = x.temperature_k;
    w.flow_per_share_kg_s = u.flow_kg_s / max(u.open, V(1.0));
    w.enthalpy_flow_w =
        u.flow_kg_s * (x.temperature_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
    w.bypass_flow_kg_s = u.flow_kg_s * (V(1.0) - min(u.open, V(1.0)));
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    rate.temperature_k = (u.enthalpy_flow_w + bypass_enthalpy_w(p, u, w) - w.enthalpy_flow_w) /
                         (p.volume_m3 * p.density_kg_m3 * p.heat_capacity_j_kg_k);
  }

  static void start(const Parameters& p, Modes&, States<double>& x) { x.temperature_k = p.start_k; }
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return u.enthalpy_flow_w + bypass_enthalpy_w(p, u, w) - w.enthalpy_flow_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.temperature_k - enthalpy_reference_k) *
           (p.volume_m3 * p.density_kg_m3 * p.heat_capacity_j_kg_k);
  }

 private:
  template <class V>
  static V bypass_enthalpy_w(const Parameters& p, const Inputs<V>& u, const Outputs<V>& w) {
    return w.bypass_flow_kg_s * (u.inlet_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
  }
};

}  // namespace ampacity
