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
// Outside of the range of a fit. The default set (one of the 154 of EnergyPlus' data set,
// Chillers.idf, as published in the Modelica Buildings library, Fluid/Chillers/Data/ElectricEIR,
// BSD-3) ends at 12.8 degC of chilled and 26.7 degC of condenser water, and no set of the data
// reaches warm chilled water; a polynomial of second degree means nothing beyond its fit. There the
// power follows the lift of an ideal machine between evaporation and condensation, from the nearest
// point (x_c, y_c) of the range:
//
//   EIRFT(x, y) = EIRFT(x_c, y_c) max(L(x, y)/L(x_c, y_c), 1/2)
//   L(x, y)     = ((y + d_c) - (x - d_e))/(x - d_e in kelvin)
//
// d_c: condensation above the condenser water that enters (its rise and the approach), d_e:
// evaporation below the chilled water that leaves, both assumed; below half of the lift of the edge
// a machine gains nothing more (assumed). At the corner of the default set the curve's own slopes
// are 3.7 %/K in y and -4.9 %/K in x, those of the lift 4.2 and -4.5. Capacity falls on along its
// slope at the edge when the condenser water is too hot, and is held everywhere else: chilled water
// that is warmer, or condenser water that is colder, gives no more than the edge. So nothing that
// is extrapolated is better than the fit but the energy for a smaller lift.

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

// Range of the fit and the approaches of the lift beyond it.
struct Range {
  double chilled_minimum_k;
  double chilled_maximum_k;
  double condenser_minimum_k;
  double condenser_maximum_k;
  double evaporating_approach_k;
  double condensing_approach_k;
};

// Lift over the temperature of evaporation: power over heat of an ideal machine.
template <class V>
V ideal_lift(const Range& range, const V& chilled_k, const V& condenser_inlet_k) {
  constexpr double positive_k = 1.0;
  const V evaporating_k = chilled_k - range.evaporating_approach_k;
  const V condensing_k = condenser_inlet_k + range.condensing_approach_k;
  return max(condensing_k - evaporating_k, V(positive_k)) / evaporating_k;
}

// Least lift that saves energy, relative to that of the nearest point of the range.
inline constexpr double least_lift = 0.5;

// Heat and power of one moment.
template <class V>
struct Point {
  V available_w;
  V heat_w;
  V power_w;
};

// `load` = PLR, 0 and above; any temperatures, K.
template <class V>
Point<V> point(const Curves& curves, const Range& range, double reference_heat_w,
               double reference_cop, double minimum_load, double unloaded_load, const V& load,
               const V& chilled_k, const V& condenser_inlet_k) {
  const V edge_chilled_k = clamp(chilled_k, range.chilled_minimum_k, range.chilled_maximum_k);
  const V edge_condenser_k =
      clamp(condenser_inlet_k, range.condenser_minimum_k, range.condenser_maximum_k);
  const V x = edge_chilled_k - 273.15;
  const V y = edge_condenser_k - 273.15;
  const auto& c = curves.capacity;
  const V slope_1_k = min(y * (2.0 * c[4]) + x * c[5] + c[3], V(0.0));
  const V too_hot_k = max(condenser_inlet_k - range.condenser_maximum_k, V(0.0));
  const V capacity = max(biquadratic(c, x, y) + slope_1_k * too_hot_k, V(0.01));
  const V lift = ideal_lift(range, chilled_k, condenser_inlet_k) /
                 ideal_lift(range, edge_chilled_k, edge_condenser_k);
  const V input = biquadratic(curves.temperature, x, y) * max(lift, V(least_lift));
  const V available_w = capacity * reference_heat_w;
  const V cycling = min(load / minimum_load, V(1.0));
  const V power_w = available_w * (1.0 / reference_cop) * input *
                    part_load_factor(curves.part_load, max(load, V(unloaded_load))) * cycling;
  return {available_w, available_w * load, power_w};
}

// A published set: reference point, limits, curves.
struct Set {
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

// York YK, two megawatt, inlet vanes: of the sets whose curves are within 5 % of 1 at their own
// reference point, the one with the warmest chilled and condenser water together. Other machines
// are parameters of the site.
inline constexpr Set york_yk_1997kw_vanes{
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
     {0.09359332, 0.5873752, 0.320899}}};

}  // namespace ampacity::eir
