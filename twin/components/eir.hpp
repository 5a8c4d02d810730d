// SPDX-License-Identifier: Apache-2.0
#pragma once

// Vapour-compression chiller by the curves of DOE-2 (energy input ratio, EIR).
//
// Manufacturers' tables of water-cooled chillers condense into three curves around a reference
// point (Hydeman et al., ASHRAE Transactions 108 (1), 2002; Chiller:Electric:EIR of EnergyPlus),
// with x the chilled water that leaves and y the condenser water that enters, both in degC:
//
//   Q_av    = Q_ref capFT(x, y)                                   most that the machine can do now
//   P       = Q_av / COP_ref  EIRFT(x, y)  EIRFPLR(PLR)  CR,      PLR = Q/Q_av
//   f(x, y) = a0 + a1 x + a2 x^2 + a3 y + a4 y^2 + a5 x y,        EIRFPLR = b0 + b1 PLR + b2 PLR^2
//
// Below PLR_unl the machine cannot unload further and hot gas is led past the condenser: power
// stays at PLR_unl while cooling falls. Below PLR_min it cycles; then CR = PLR/PLR_min is the share
// of time in which it runs. The condenser takes Q + eta P, where 1 - eta is the motor's heat to the
// room (eta = 1 for hermetic machines).
//
// The sets below are four of the 154 of EnergyPlus' data set (Chillers.idf), as published in the
// Modelica Buildings library (Fluid/Chillers/Data/ElectricEIR, BSD-3), chosen with curves within 5
// % of 1 at their own reference point, plus the small machine that is used for validation. No set
// reaches warm chilled water: 12.8 degC is the highest. Colder curves are pessimistic for warmer
// water, so temperatures are clamped to the range of the set and the clamping is reported.

#include <string_view>

#include "twin/components/component.hpp"

namespace ampacity::eir {

using namespace math;

struct Curves {
  double capacity[6];
  double temperature[6];
  double part_load[3];
};

// a0 + a1 x + a2 x^2 + a3 y + a4 y^2 + a5 x y; x, y in degC.
template <class V>
V biquadratic(const double (&a)[6], const V& x, const V& y) {
  return (x * a[2] + a[1]) * x + (y * a[4] + a[3]) * y + x * y * a[5] + a[0];
}

template <class V>
V part_load_factor(const double (&b)[3], const V& load) {
  return (load * b[2] + b[1]) * load + b[0];
}

// Heat and power of one moment.
template <class V>
struct Point {
  V available_w;
  V heat_w;
  V power_w;
};

// `load` = PLR, 0 and above; temperatures in K, not clamped here.
template <class V>
Point<V> point(const Curves& curves, double reference_heat_w, double reference_cop,
               double minimum_load, double unloaded_load, const V& load, const V& chilled_k,
               const V& condenser_inlet_k) {
  const V x = chilled_k - 273.15;
  const V y = condenser_inlet_k - 273.15;
  const V available_w = max(biquadratic(curves.capacity, x, y), V(0.01)) * reference_heat_w;
  const V cycling = min(load / minimum_load, V(1.0));
  const V power_w = available_w * (1.0 / reference_cop) * biquadratic(curves.temperature, x, y) *
                    part_load_factor(curves.part_load, max(load, V(unloaded_load))) * cycling;
  return {available_w, available_w * load, power_w};
}

// A published set: reference point, limits, curves.
struct Set {
  std::string_view name;
  double reference_heat_w;
  double reference_cop;
  double minimum_load;
  double unloaded_load;
  double maximum_load;
  double evaporator_flow_kg_s;
  double condenser_flow_kg_s;
  double reference_chilled_c;
  double reference_condenser_c;
  double chilled_minimum_c;
  double chilled_maximum_c;
  double condenser_minimum_c;
  double condenser_maximum_c;
  double motor_heat_to_condenser;
  Curves curves;
};

inline constexpr std::array<Set, 5> sets{{
    // Two megawatt, inlet vanes; the warmest chilled and condenser water together.
    {"york_yk_1997kw_vanes",
     1997400.0,
     7.24,
     0.18,
     0.18,
     1.06,
     43.97,
     104.1,
     8.89,
     26.67,
     7.22,
     12.78,
     12.78,
     26.67,
     1.0,
     {{0.9058272, 0.1309175, -0.00344662, -0.03166792, 0.00023252, -0.0004892256},
      {0.1188194, 0.08769791, -0.001692086, 0.002209962, 0.001327958, -0.003249833},
      {0.09359332, 0.5873752, 0.320899}}},
    // Four megawatt for cool condenser water.
    {"mcquay_pfh_4020kw_vanes",
     4019500.0,
     7.35,
     0.14,
     0.14,
     1.03,
     78.74,
     98.42,
     6.67,
     12.78,
     6.67,
     12.22,
     12.78,
     23.89,
     1.0,
     {{0.8958422, 0.03762768, -0.00355008, -0.004322645, -0.001194933, 0.003006034},
      {0.9322623, -0.02157964, -0.001435883, 0.01379036, -0.0001491048, 0.001302075},
      {0.05763566, 0.5964012, 0.3473613}}},
    // Five megawatt, the widest range of condenser water.
    {"york_yk_4969kw_vanes",
     4969000.0,
     7.14,
     0.16,
     0.16,
     1.07,
     176.65,
     264.98,
     6.67,
     26.11,
     4.44,
     8.89,
     12.78,
     29.44,
     1.0,
     {{0.7817577, -0.1012013, -0.001584389, 0.07928475, -0.003674093, 0.007999392},
      {0.7382162, -0.05847442, 0.001117191, 0.02168089, -0.0002189722, 0.001036877},
      {0.2259512, 0.2320151, 0.5423771}}},
    // The largest, rated at hot condenser water.
    {"carrier_19fa_5651kw_vanes",
     5651300.0,
     5.5,
     0.19,
     0.19,
     1.02,
     189.27,
     189.27,
     6.67,
     29.44,
     4.44,
     8.89,
     15.56,
     29.44,
     1.0,
     {{1.299676, 0.01790645, -0.0025223, 0.002536423, -0.001128041, 0.003003265},
      {0.7853207, -0.01652255, -0.0003294526, 0.004569179, 0.0001964013, 0.0001761497},
      {0.1629327, 0.5709336, 0.2659304}}},
    // The machine of the validation data.
    {"mcquay_wsc_471kw_vanes",
     471200.0,
     5.89,
     0.1,
     0.1,
     1.15,
     10.35,
     19.24,
     8.89,
     26.67,
     7.22,
     12.78,
     12.78,
     26.67,
     1.0,
     {{0.252113, 0.01324053, -0.008637329, 0.08581056, -0.004261176, 0.008661899},
      {0.4475238, -0.0258821, -0.001459053, 0.04342595, -0.001000651, 0.001920106},
      {0.2778889, 0.2338363, 0.4883748}}},
}};

// The set of that name, or the first when there is none (names are checked by whoever reads them).
constexpr const Set& set_of(std::string_view name) {
  for (const Set& set : sets) {
    if (set.name == name) return set;
  }
  return sets[0];
}

}  // namespace ampacity::eir
