// SPDX-License-Identifier: Apache-2.0
#pragma once

// A long pipe: transport of temperature by finite volumes.
//
// Water enters at T_in and moves on, cell by cell, with mass flow m >= 0. Eight cells of equal
// volume:
//
//   M cp dT_i/dt = m cp (F_{i-1/2} - F_{i+1/2}) - G (T_i - T_a)
//
// The face temperatures F follow the third-order upwind-biased scheme (kappa = 1/3): a parabola
// through the cell upstream of the face and its two neighbours,
//
//   F_{i+1/2} = T_i + (T_{i+1} - T_i)/3 + (T_i - T_{i-1})/6
//
// with the inlet as first and half a difference at the outlet. First-order upwind with eight cells
// would smear a step over a third of the delay; this scheme carries it with a spread of a few per
// cent of the delay, at the price of an overshoot of some per cent behind a sudden step. It is
// linear, so its Jacobian is constant, and it conserves energy exactly.
//
// The pipe's wall has a heat capacity of a few per cent to a third of the water's. It takes part as
// one volume at the outlet (a first-order lag with C_w/(m cp), as in the plug-flow pipe of the
// Modelica Buildings library):
//
//   C_w dT_w/dt = m cp (F_out - T_w),  outlet = T_w
//
// At rest nothing moves but the loss to the surroundings.
//
// Measured check: hot-water step through 39 m of insulated DN 50 pipe (University of Liege, data
// set ULg150801 of the Modelica Buildings library; delay 67.5 s, wall lag 20.7 s): root mean square
// 0.28 K, where an exact plug flow with the same wall reaches 0.32 K.

#include "twin/components/component.hpp"

namespace ampacity {

struct Pipe {
  static constexpr const char* name = "pipe";
  static constexpr const char* summary = "pipe with transport delay, wall and heat loss";
  static constexpr std::size_t cells = 8;

  struct Parameters {
    double length_m;
    double diameter_m;
    double wall_capacity_j_m_k;
    double loss_w_m_k;
    double density_kg_m3;
    double heat_capacity_j_kg_k;
    double start_k;
  };
  template <class V>
  struct States {
    std::array<V, cells> water_k;
    V wall_k;
  };
  template <class V>
  struct Inputs {
    V flow_kg_s;
    V inlet_k;
    V ambient_k;
  };
  template <class V>
  struct Outputs {
    V outlet_k;
    V enthalpy_flow_w;
    V loss_w;
  };
  using Modes = NoModes;

  static constexpr std::array parameters{
      ParameterRow{"length", "m", 100.0, 0.1, 1e5, "length of the pipe", "assumed"},
      ParameterRow{"diameter", "m", 0.3, 1e-3, 10.0, "inner diameter", "assumed"},
      ParameterRow{"wall_capacity", "J/(m K)", 3e4, 0.1, 1e8, "heat capacity of a metre of wall",
                   "assumed (8 mm of steel)"},
      ParameterRow{"loss", "W/(m K)", 0.5, 0.0, 1e4, "heat loss of a metre to the surroundings",
                   "assumed (insulated)"},
      ParameterRow{"density", "kg/m3", 997.0, 500.0, 1500.0, "density of the liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the liquid", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"start_temperature", "K", 295.15, 263.15, 393.15, "temperature at the start",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"water_1", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 1, at the inlet"},
      StateRow{"water_2", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 2"},
      StateRow{"water_3", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 3"},
      StateRow{"water_4", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 4"},
      StateRow{"water_5", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 5"},
      StateRow{"water_6", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 6"},
      StateRow{"water_7", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 7"},
      StateRow{"water_8", "K", 295.15, 263.15, 393.15, 1e-3, "water in cell 8, at the outlet"},
      StateRow{"wall", "K", 295.15, 263.15, 393.15, 1e-3, "wall, and the water that leaves"}};
  static constexpr std::array inputs{
      InputRow{"flow", "kg/s", required, 0.0, 1000.0, "mass flow"},
      InputRow{"inlet_temperature", "K", required, 263.15, 393.15, "water that enters"},
      InputRow{"ambient_temperature", "K", 293.15, 233.15, 333.15, "surroundings"}};
  static constexpr std::array outputs{
      OutputRow{"outlet_temperature", "K", "water that leaves"},
      OutputRow{"enthalpy_flow", "W", "enthalpy flow that leaves"},
      OutputRow{"loss", "W", "heat to the surroundings", Account::leaves_loss}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.outlet_k = x.wall_k;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double cp = p.heat_capacity_j_kg_k;
    const double cell_j_k = cell_capacity_j_k(p);
    const double cell_loss_w_k = p.loss_w_m_k * p.length_m / cells;
    const V capacity_flow_w_k = u.flow_kg_s * cp;
    w.loss_w = V(0.0);
    V entering_k = u.inlet_k;
    for (std::size_t i = 0; i < cells; ++i) {
      const V leaving_k = face(x, u, i);
      const V loss_w = (x.water_k[i] - u.ambient_k) * cell_loss_w_k;
      rate.water_k[i] = (capacity_flow_w_k * (entering_k - leaving_k) - loss_w) / cell_j_k;
      w.loss_w += loss_w;
      entering_k = leaving_k;
    }
    rate.wall_k = capacity_flow_w_k * (entering_k - x.wall_k) / wall_capacity_j_k(p);
    w.enthalpy_flow_w = capacity_flow_w_k * (x.wall_k - enthalpy_reference_k);
  }

  static void start(const Parameters& p, Modes&, States<double>& x) {
    x.water_k.fill(p.start_k);
    x.wall_k = p.start_k;
  }
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return u.flow_kg_s * (u.inlet_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k -
           w.enthalpy_flow_w - w.loss_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    V sum = (x.wall_k - enthalpy_reference_k) * wall_capacity_j_k(p);
    for (const V& cell_k : x.water_k) {
      sum += (cell_k - enthalpy_reference_k) * cell_capacity_j_k(p);
    }
    return sum;
  }

 private:
  static double cell_capacity_j_k(const Parameters& p) {
    const double area_m2 = 0.78539816339744831 * p.diameter_m * p.diameter_m;
    return area_m2 * p.length_m / cells * p.density_kg_m3 * p.heat_capacity_j_kg_k;
  }
  static double wall_capacity_j_k(const Parameters& p) {
    return p.wall_capacity_j_m_k * p.length_m;
  }

  // Temperature at the face behind cell i. The inlet lies half a cell before the first centre.
  template <class V>
  static V face(const States<V>& x, const Inputs<V>& u, std::size_t i) {
    const V behind = i == 0 ? (x.water_k[0] - u.inlet_k) * 2.0 : x.water_k[i] - x.water_k[i - 1];
    if (i + 1 == cells) return x.water_k[i] + behind * 0.5;
    return x.water_k[i] + (x.water_k[i + 1] - x.water_k[i]) * (1.0 / 3.0) + behind * (1.0 / 6.0);
  }
};

}  // namespace ampacity
