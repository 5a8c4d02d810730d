// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stratified storage tank of ten layers, cold at the bottom and warm at the top, between the
// supply (cold) and the return (warm) header of a loop.
//
// The flow m through it is signed: positive charges (cold water from the supply enters at the
// bottom, warm water leaves at the top into the return), negative discharges the other way. Layers
// count from the bottom, each is mixed:
//
//   M cp dT_i/dt = m+ cp (T_{i-1} - T_i) + m- cp (T_{i+1} - T_i)     m+ = max(m, 0), m- = max(-m,
//   0)
//                + G (T_{i-1} - T_i) + G (T_{i+1} - T_i) + overturning - L (T_i - T_a)
//
// where the water that enters takes the place of T_0 and T_11. While charging, the tank is a
// consumer of the loop; while discharging, it stands beside the pumps: four outputs fit the loop's
// inputs, and two of them are always zero.
//
// Ten mixed layers behave as ten stirred vessels in a row: the thermocline is spread over about a
// third of the height, of the order of what diffusers achieve. Conduction G is that of still water.
// Warm water below cold overturns through a large exchange that grows with the square of small
// inversions, then linearly.
//
// Size by hand: V = P t/(rho c dT): 7.18 m3 for a megawatt over five minutes at 10 K.

#include "twin/components/device_heat.hpp"
#include "twin/components/fraction.hpp"

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
    V cold_k;
    V warm_k;
    V ambient_k;
  };
  template <class V>
  struct Outputs {
    V bottom_k;
    V top_k;
    V consumer_flow_kg_s;
    V consumer_enthalpy_flow_w;
    V pump_flow_kg_s;
    V supply_enthalpy_flow_w;
    V loss_w;
    V mean_k;
  };
  struct Modes {
    std::int64_t flow_mg_s;
  };

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
      InputRow{"flow", "kg/s", 0.0, -1000.0, 1000.0,
               "flow through the tank, positive while charging; the ordered flow is added"},
      InputRow{"cold_temperature", "K", required, 263.15, 373.15, "water of the supply header"},
      InputRow{"warm_temperature", "K", required, 263.15, 373.15, "water of the return header"},
      InputRow{"ambient_temperature", "K", 293.15, 233.15, 333.15, "surroundings"}};
  static constexpr std::array outputs{
      OutputRow{"bottom_temperature", "K", "lowest layer"},
      OutputRow{"top_temperature", "K", "highest layer"},
      OutputRow{"consumer_flow", "kg/s", "flow taken from the supply header, charging"},
      OutputRow{"consumer_enthalpy_flow", "W", "enthalpy flow into the return header, charging"},
      OutputRow{"pump_flow", "kg/s", "flow taken from the return header, discharging"},
      OutputRow{"supply_enthalpy_flow", "W", "enthalpy flow into the supply header, discharging"},
      OutputRow{"loss", "W", "heat to the surroundings", Account::leaves_loss},
      OutputRow{"mean_temperature", "K", "mean of all layers"}};
  static constexpr std::array modes{ModeRow{"flow", "", "ordered flow, mg/s, positive charges"}};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array orders{
      OrderRow{"flow", "kg/s", -1e5, 1e5, "flow through the tank, positive charges"}};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.bottom_k = x.water_k.front();
    w.top_k = x.water_k.back();
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double cp = p.heat_capacity_j_kg_k;
    const V flow_kg_s = u.flow_kg_s + from_millionths(m.flow_mg_s);
    const V up_w_k = max(flow_kg_s, V(0.0)) * cp;
    const V down_w_k = max(-flow_kg_s, V(0.0)) * cp;
    const double still_w_k =
        p.conductivity_w_m_k * (p.volume_m3 / p.height_m) / (p.height_m / layers);

    std::array<V, layers> gain_w{};
    V sum_k(0.0);
    w.loss_w = V(0.0);
    for (std::size_t i = 0; i < layers; ++i) {
      const V below_k = i == 0 ? u.cold_k : x.water_k[i - 1];
      const V above_k = i + 1 == layers ? u.warm_k : x.water_k[i + 1];
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

    w.consumer_flow_kg_s = up_w_k / cp;
    w.consumer_enthalpy_flow_w = up_w_k * (x.water_k.back() - enthalpy_reference_k);
    w.pump_flow_kg_s = down_w_k / cp;
    w.supply_enthalpy_flow_w = down_w_k * (x.water_k.front() - enthalpy_reference_k);
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
  static void react(const Happening& happening, Agenda&, const Parameters&, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) m.flow_mg_s = to_millionths(happening.value);
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const double cp = p.heat_capacity_j_kg_k;
    return w.consumer_flow_kg_s * (u.cold_k - enthalpy_reference_k) * cp +
           w.pump_flow_kg_s * (u.warm_k - enthalpy_reference_k) * cp - w.consumer_enthalpy_flow_w -
           w.supply_enthalpy_flow_w - w.loss_w;
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
