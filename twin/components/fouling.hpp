// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fouling of an exchanger's plates by the water that passes them.
//
// What the water carries settles on the plates until as much is torn off as arrives: the resistance
// R grows towards a limit (the usual law of asymptotic fouling). Cleaner water fouls slower:
//
//   dR/dt = (1 - q) (R_inf - R)/tau,         1/UA = 1/UA_clean + R/UA_design
//
// R is relative to the resistance of the clean exchanger at its design flows, q is the quality of
// the water between 0 (untreated) and 1 (nothing settles). An order may add a layer at once, a
// cleaning takes everything off. A layer above the limit does not wash off by itself.
//
// The state moves within months and its tolerance is far above what a step changes: the integrator
// does not see it. How fast a plant fouls is known for that plant only; the defaults are assumed.

#include "twin/components/component.hpp"

namespace ampacity::fouling {

inline constexpr StateRow state_row{
    "fouling", "1", 0.0, 0.0, 2.0, 1e-5, "resistance of the layer, of the clean exchanger's", true};
inline constexpr ParameterRow start_row{
    "fouling",
    "1",
    0.0,
    0.0,
    10.0,
    "resistance of the layer at the start, of the clean exchanger's",
    "assumed (clean)"};
inline constexpr ParameterRow limit_row{
    "fouling_limit", "1", 0.3, 0.0, 10.0, "resistance of the layer in the end", "assumed"};
inline constexpr ParameterRow time_row{"fouling_time",
                                       "s",
                                       180.0 * 86400.0,
                                       3600.0,
                                       1e10,
                                       "time constant of the layer in untreated water",
                                       "assumed (half a year)"};
inline constexpr ParameterRow quality_row{
    "water_quality", "1", 0.8, 0.0, 1.0, "0: untreated water, 1: nothing settles", "assumed"};
inline constexpr OrderRow foul_order{
    "foul", "1", 0.0, 10.0, "fault: adds a layer, relative to the clean exchanger's resistance"};
inline constexpr OrderRow clean_order{"clean", "1", 0.0, 1.0, "takes the layer off"};

// Growth of the layer, 1/s.
template <class V>
V rate_1_s(double limit, double time_s, double water_quality, const V& layer) {
  return max(limit - layer, V(0.0)) * ((1.0 - water_quality) / time_s);
}

// UA behind a layer, W/K.
template <class V, class W>
V transfer_w_k(const V& clean_w_k, double design_w_k, const W& layer) {
  return clean_w_k / (clean_w_k * (layer / design_w_k) + 1.0);
}

}  // namespace ampacity::fouling
