// SPDX-License-Identifier: Apache-2.0
#pragma once

// Heat exchangers by effectiveness and number of transfer units.
//
// Two streams with heat capacity flows C = m cp (W/K) exchange Q = G (T1_in - T2_in), where
// G = eps C_min. With N = UA/C_min and Z = C_min/C_max (Kays and London, Compact Heat Exchangers):
//
//   counterflow            eps = (1 - e^{-N(1-Z)}) / (1 - Z e^{-N(1-Z)}),      N/(1+N) at Z = 1
//   crossflow, unmixed     eps = 1 - exp[(e^{-N Z N^-0.22} - 1) / (Z N^-0.22)]
//
// Both are written with phi(d) = (1 - e^{-d})/d, phi(0) = 1, which removes the 0/0 at Z = 1 and
// Z = 0. For counterflow, with C1 <= C2 and d = UA (1/C1 - 1/C2),
//
//   G = UA phi(d) / (1 + UA phi(d)/C2)
//
// is symmetric in the two streams, so G is smooth where they are equal. The crossflow correlation
// is not symmetric; its C_min is blended over a relative width of 1e-3.
//
// UA follows the flows (both film coefficients as in turbulent flow):
//
//   1/UA = 1/hA1 + 1/hA2,   hA_i = hA_i0 (m_i/m_i0)^n,   r = hA1_0/hA2_0,
//   hA1_0 = UA0 (1 + r),  hA2_0 = UA0 (1 + r)/r
//
// where for equal channels on both sides r = (m1/mu1)^0.8 k1 Pr1^(1/3) / (the same for side 2)
// (Dittus-Boelter).

#include "twin/components/component.hpp"

namespace ampacity::exchanger {

using namespace math;

// (1 - e^{-d})/d for d >= 0, smooth through 0.
template <class V>
V decay_ratio(const V& d) {
  const bool small = value_of(d) < 0.01;
  const V divisor = select(small, V(1.0), d);
  const V series =
      1.0 - d * (1.0 / 2) * (1.0 - d * (1.0 / 3) * (1.0 - d * (1.0 / 4) * (1.0 - d * (1.0 / 5))));
  return select(small, series, (1.0 - exp(-d)) / divisor);
}

// Effectiveness of counterflow; N >= 0, Z in 0..1.
template <class V>
V counterflow_effectiveness(const V& transfer_units, const V& capacity_ratio) {
  const V reach = transfer_units * decay_ratio(transfer_units * (1.0 - capacity_ratio));
  return reach / (reach * capacity_ratio + 1.0);
}

// Effectiveness of crossflow with both streams unmixed; N > 0, Z in 0..1.
template <class V>
V crossflow_effectiveness(const V& transfer_units, const V& capacity_ratio) {
  const V damped = capacity_ratio * pow(max(transfer_units, V(1e-12)), 0.78);
  return 1.0 - exp(-transfer_units * decay_ratio(damped));
}

// N of counterflow for a wanted effectiveness; eps in 0..1 (below 1/(1+Z e^..) always reachable), Z
// in 0..1.
inline double counterflow_transfer_units(double effectiveness, double capacity_ratio) {
  const double gap = 1.0 - capacity_ratio;
  if (abs(gap) < 1e-9) return effectiveness / (1.0 - effectiveness);
  return log((1.0 - effectiveness * capacity_ratio) / (1.0 - effectiveness)) / gap;
}

// G of counterflow, W/K; capacity flows above 0.
template <class V>
V counterflow_conductance_w_k(const V& transfer_w_k, const V& first_w_k, const V& second_w_k) {
  const bool ordered = value_of(first_w_k) <= value_of(second_w_k);
  const V small = select(ordered, first_w_k, second_w_k);
  const V large = select(ordered, second_w_k, first_w_k);
  const V reach = transfer_w_k * decay_ratio(transfer_w_k / small - transfer_w_k / large);
  return reach / (reach / large + 1.0);
}

// G of crossflow, W/K; capacity flows above 0.
template <class V>
V crossflow_conductance_w_k(const V& transfer_w_k, const V& first_w_k, const V& second_w_k) {
  const V sum = first_w_k + second_w_k;
  const V gap = first_w_k - second_w_k;
  const V spread = sqrt(gap * gap + sum * sum * 1e-6);
  const V large = (sum + spread) * 0.5;
  const V small = first_w_k * second_w_k / large;
  return small * crossflow_effectiveness(transfer_w_k / small, small / large);
}

// A capacity flow that never reaches zero: m cp, blended into a floor of half of 1e-4 of nominal.
template <class V>
V capacity_flow_w_k(const V& flow_kg_s, double heat_capacity_j_kg_k, double nominal_kg_s) {
  return smooth_positive(flow_kg_s, 1e-4 * nominal_kg_s) * heat_capacity_j_kg_k;
}

// What is missing from the blend: 1 at any working flow, 0 without flow. Heat that is multiplied by
// it for both streams vanishes where a stream stands still, instead of pumping a stagnant volume.
template <class V>
V flow_presence(const V& flow_kg_s, double nominal_kg_s) {
  return max(flow_kg_s, V(0.0)) / smooth_positive(flow_kg_s, 1e-4 * nominal_kg_s);
}

// N of crossflow for a wanted effectiveness, by bisection; for configuration. eps must be below the
// limit of the arrangement, otherwise the largest N looked at, 1000, comes back.
inline double crossflow_transfer_units(double effectiveness, double capacity_ratio) {
  double low = 0.0;
  double high = 1000.0;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (crossflow_effectiveness(middle, capacity_ratio) < effectiveness ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// UA from the flows relative to design; `ratio` is r above.
template <class V>
V transfer_from_flows_w_k(double nominal_w_k, double ratio, const V& first_share,
                          const V& second_share, double first_exponent, double second_exponent) {
  const V first = pow(max(first_share, V(1e-6)), first_exponent) * (nominal_w_k * (1.0 + ratio));
  const V second =
      pow(max(second_share, V(1e-6)), second_exponent) * (nominal_w_k * (1.0 + ratio) / ratio);
  return first * second / (first + second);
}

}  // namespace ampacity::exchanger
