// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stratified storage tank of ten layers, cold at the bottom and warm at the top.
//
// The flow m through it is signed. Positive: water enters at the top (T_in) and leaves at the
// bottom, which gives cold water away; negative: cold water enters at the bottom (T_cold) and
// leaves at the top, which charges the tank. Layers count from the bottom, each is mixed:
//
//   M cp dT_i/dt = m+ cp (T_{i+1} - T_i) + m- cp (T_{i-1} - T_i)     m+ = max(m, 0), m- = max(-m,
//   0)
//                + G (T_{i-1} - T_i) + G (T_{i+1} - T_i) + overturning - L (T_i - T_a)
//
// where the water that enters takes the place of T_11 and T_0. A site file puts it in line: an
// element of a loop's chain, all pump flow passes from top to bottom, a buffer that keeps the
// supply cold for a while when rejection is lost. The law holds for either direction of flow; a
// store beside the loop that is charged and discharged is not wired by site files.
//
// Ten mixed layers behave as ten stirred vessels in a row: the thermocline is spread over about a
// third of the height, of the order of what diffusers achieve. Conduction G is that of still water.
// Warm water below cold overturns through a large exchange, with a soft onset over 0.2 K.
//
// Size by hand: V = P t/(rho c dT): 7.18 m3 for a megawatt over five minutes at 10 K.

#include "twin/components/device_heat.hpp"

namespace ampacity {

struct Tank {
  static constexpr const char* name = "tank";
  static constexpr const char* summary = "stratified storage of cold water, ten layers";
  static constexpr std::size_t layers = 10;

  struct Parameters {
    double volume_m3;
    double height_m;
    double conductivity_w_m_k;
    double loss_w_k;
    double overturning_w_k;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double start_bottom_k;
    double start_top_k;
  };
  template <class V>
  struct States {
    std::array<V, layers> water_k;
  };
  template <class V>
  struct Inputs {
    V flow_kg_s;
    V inlet_k;
    V cold_k;
    V ambient_k;
  };
  template <class V>
  struct Outputs {
    V outlet_k;
    V top_k;
    V enthalpy_flow_w;
    V top_enthalpy_flow_w;
    V down_flow_kg_s;
    V up_flow_kg_s;
    V loss_w;
    V mean_k;
  };
  using Modes = NoModes;

  static constexpr std::array parameters{
      ParameterRow{"volume", "m3", 72.0, 0.01, 1e6, "water in the tank",
                   "7.18 m3 per MW for 5 minutes at 10 K, 10 MW"},
      ParameterRow{"height", "m", 5.0, 0.1, 100.0, "height of the water", "assumed"},
      ParameterRow{"conductivity", "W/(m K)", 0.6, 0.0, 100.0, "conductivity of still water",
                   "water at 20 degC, IAPWS SR6-08"},
      ParameterRow{"loss", "W/K", 50.0, 0.0, 1e6, "heat loss to the surroundings", "assumed"},
      ParameterRow{"overturning", "W/K", 1e6, 0.0, 1e9,
                   "exchange between two layers of inverted temperatures", "assumed"},
      ParameterRow{"density", "kg/m3", 998.0, 500.0, 1500.0, "density of the liquid",
                   "water at 20 degC, IAPWS SR6-08"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4183.0, 1500.0, 5000.0,
                   "specific heat capacity of the liquid", "water at 20 degC, IAPWS SR6-08"},
      ParameterRow{"start_bottom_temperature", "K", 291.15, 263.15, 373.15,
                   "lowest layer at the start", "assumed"},
      ParameterRow{"start_top_temperature", "K", 291.15, 263.15, 373.15,
                   "highest layer at the start", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"layer_1", "K", 291.15, 263.15, 373.15, 1e-3, "lowest layer"},
      StateRow{"layer_2", "K", 291.15, 263.15, 373.15, 1e-3, "layer 2 from below"},
      StateRow{"layer_3", "K", 291.15, 263.15, 373.15, 1e-3, "layer 3 from below"},
      StateRow{"layer_4", "K", 291.15, 263.15, 373.15, 1e-3, "layer 4 from below"},
      StateRow{"layer_5", "K", 291.15, 263.15, 373.15, 1e-3, "layer 5 from below"},
      StateRow{"layer_6", "K", 291.15, 263.15, 373.15, 1e-3, "layer 6 from below"},
      StateRow{"layer_7", "K", 291.15, 263.15, 373.15, 1e-3, "layer 7 from below"},
      StateRow{"layer_8", "K", 291.15, 263.15, 373.15, 1e-3, "layer 8 from below"},
      StateRow{"layer_9", "K", 291.15, 263.15, 373.15, 1e-3, "layer 9 from below"},
      StateRow{"layer_10", "K", 291.15, 263.15, 373.15, 1e-3, "highest layer"}};
  static constexpr std::array inputs{
      InputRow{"flow", "kg/s", required, -1000.0, 1000.0,
               "flow from top to bottom; negative charges the tank"},
      InputRow{"inlet_temperature", "K", required, 263.15, 373.15, "water that enters at the top"},
      InputRow{"cold_temperature", "K", 288.15, 263.15, 373.15,
               "water that enters at the bottom while charging"},
      InputRow{"ambient_temperature", "K", 293.15, 233.15, 333.15, "surroundings"}};
  static constexpr std::array outputs{
      OutputRow{"outlet_temperature", "K", "lowest layer"},
      OutputRow{"top_temperature", "K", "highest layer"},
      OutputRow{"enthalpy_flow", "W", "enthalpy flow that leaves at the bottom"},
      OutputRow{"top_enthalpy_flow", "W", "enthalpy flow that leaves at the top"},
      OutputRow{"down_flow", "kg/s", "flow from top to bottom"},
      OutputRow{"up_flow", "kg/s", "flow from bottom to top"},
      OutputRow{"loss", "W", "heat to the surroundings", Account::leaves_loss},
      OutputRow{"mean_temperature", "K", "mean of all layers"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.outlet_k = x.water_k.front();
    w.top_k = x.water_k.back();
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double cp = p.heat_capacity_j_kg_k;
    const V down_w_k = max(u.flow_kg_s, V(0.0)) * cp;
    const V up_w_k = max(-u.flow_kg_s, V(0.0)) * cp;
    const double still_w_k =
        p.conductivity_w_m_k * (p.volume_m3 / p.height_m) / (p.height_m / layers);

    std::array<V, layers> gain_w{};
    V sum_k(0.0);
    w.loss_w = V(0.0);
    for (std::size_t i = 0; i < layers; ++i) {
      const V below_k = i == 0 ? u.cold_k : x.water_k[i - 1];
      const V above_k = i + 1 == layers ? u.inlet_k : x.water_k[i + 1];
      const V loss_w = (x.water_k[i] - u.ambient_k) * (p.loss_w_k / layers);
      gain_w[i] += up_w_k * (below_k - x.water_k[i]) + down_w_k * (above_k - x.water_k[i]) - loss_w;
      w.loss_w += loss_w;
      sum_k += x.water_k[i];
    }
    for (std::size_t i = 0; i + 1 < layers; ++i) {
      const V inversion_k = x.water_k[i] - x.water_k[i + 1];
      const V exchange_w =
          inversion_k * still_w_k + soft_positive(inversion_k - 0.1, V(0.1)) * p.overturning_w_k;
      gain_w[i] -= exchange_w;
      gain_w[i + 1] += exchange_w;
    }
    for (std::size_t i = 0; i < layers; ++i) rate.water_k[i] = gain_w[i] / layer_capacity_j_k(p);

    w.enthalpy_flow_w = down_w_k * (x.water_k.front() - enthalpy_reference_k);
    w.top_enthalpy_flow_w = up_w_k * (x.water_k.back() - enthalpy_reference_k);
    w.down_flow_kg_s = down_w_k / cp;
    w.up_flow_kg_s = up_w_k / cp;
    w.mean_k = sum_k / static_cast<double>(layers);
  }

  static void start(const Parameters& p, Modes&, States<double>& x) {
    for (std::size_t i = 0; i < layers; ++i) {
      const double height = (static_cast<double>(i) + 0.5) / layers;
      x.water_k[i] = p.start_bottom_k + (p.start_top_k - p.start_bottom_k) * height;
    }
  }
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const double cp = p.heat_capacity_j_kg_k;
    return w.up_flow_kg_s * (u.cold_k - enthalpy_reference_k) * cp +
           w.down_flow_kg_s * (u.inlet_k - enthalpy_reference_k) * cp - w.enthalpy_flow_w -
           w.top_enthalpy_flow_w - w.loss_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    V sum(0.0);
    for (const V& layer_k : x.water_k) {
      sum += (layer_k - enthalpy_reference_k) * layer_capacity_j_k(p);
    }
    return sum;
  }

 private:
  static double layer_capacity_j_k(const Parameters& p) {
    return p.volume_m3 / layers * p.density_kg_m3 * p.heat_capacity_j_kg_k;
  }
};

}  // namespace ampacity
