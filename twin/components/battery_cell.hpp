// SPDX-License-Identifier: Apache-2.0
#pragma once

// One LFP cell: open-circuit voltage, stored energy, resistance, ageing.
//
// Open-circuit voltage over state of charge comes as a curve; `lfp_ocv` below is computed from
// published half-cell fits (LFP: Afshar 2017, graphite: Chen 2020, stoichiometry window: Prada
// 2013). Between 50 and 70 % it rises by 8 mV only: charge cannot be read from voltage there.
//
// The chemical energy of a charge Q s is Q times the integral of the curve from 0 to s. The
// integral here is that of the very interpolant that gives the voltage, so energy closes to
// rounding.
//
// Resistance follows R = R25 (1 + rise (2 s - 1)^2) exp(Ea/Rg (1/T - 1/298.15 K)): a generic set
// (PyBaMM's example, BSD-3: 100 Ah, 1 mOhm at 25 degC and 50 %, 40 % of it at once, 60 % with 30 s,
// 1.2 mOhm at both ends, Ea = 20 kJ/mol).
//
// Ageing of a 250 Ah prismatic LFP cell (BLAST-Lite lfp_gr_250AhPrismatic_2019, BSD-3, data doi
// 10.1016/j.est.2023.109042), lost fraction of the capacity:
//
//   calendar  q = k t^0.526 (t in days),   k = 8.37e4 exp(-5210/T) exp(-3560 Ua/T)
//   cycle     q = k n^0.828 (n full cycles), k = (4.38e-8 + 1.55e-8 D + 1.68e-7 C)(e^(2190/T) +
//                                               e^(-1.55e5/T))
//   Ua        potential of the graphite at X = 0.0085 + 0.7715 s
//
// Valid from 10 to 45 degC, depth D 0.8 to 1, charging up to 0.65 C, discharging up to 1 C
// (`distance_outside`). Depth matters little: D = 0.8 for 1 lowers k by 2 % at C/2.
//
// Conditions change while a cell ages. The published increment dq = k p (q/k)^((p-1)/p) dx is
// singular for a new cell (p < 1). Written for the age a that a cell under reference conditions
// would need for the same loss, q = k_ref a^p, it becomes
//
//   da/dx = (k/k_ref)^(1/p)
//
// which is regular, and exact for any course of k. The choice of k_ref only scales the age.

#include "twin/components/component.hpp"

namespace ampacity {

// Open-circuit voltage of the default cell, V over state of charge.
inline constexpr const char* lfp_ocv_name = "lfp_prada2013";
inline constexpr std::array lfp_ocv_soc{0.00, 0.01, 0.02, 0.03, 0.05, 0.10, 0.15, 0.20, 0.25,
                                        0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70,
                                        0.75, 0.80, 0.85, 0.90, 0.95, 0.97, 0.99, 1.00};
inline constexpr std::array lfp_ocv_v{2.0000, 2.2655, 2.4600, 2.6027, 2.7853, 2.9781, 3.1080,
                                      3.1685, 3.1857, 3.2058, 3.2324, 3.2525, 3.2621, 3.2660,
                                      3.2678, 3.2688, 3.2700, 3.2740, 3.2926, 3.3097, 3.3132,
                                      3.3142, 3.3164, 3.3273, 3.4145, 3.5984};

// The same as points for a plant's storage.
inline CurveTable lfp_ocv_table() {
  return {
      lfp_ocv_name, {lfp_ocv_soc.begin(), lfp_ocv_soc.end()}, {lfp_ocv_v.begin(), lfp_ocv_v.end()}};
}

// Integral of a curve from its first abscissa to `at`.
template <class V>
V integral(const Curve& curve, const V& at) {
  const double a = value_of(at);
  if (a <= curve.x[0]) {
    const V d = at - curve.x[0];
    return d * (d * (0.5 * curve.slope[0]) + curve.y[0]);
  }
  double whole = 0.0;
  for (std::size_t i = 0; i + 1 < curve.size; ++i) {
    const double h = curve.x[i + 1] - curve.x[i];
    const double rise = curve.y[i + 1] - curve.y[i];
    const double start = h * curve.slope[i];
    const double end = h * curve.slope[i + 1];
    const double c3 = start + end - 2.0 * rise;
    const double c2 = 3.0 * rise - 2.0 * start - end;
    if (a <= curve.x[i + 1]) {
      const V s = (at - curve.x[i]) * (1.0 / h);
      return s * (s * (s * (s * (0.25 * c3) + c2 / 3.0) + 0.5 * start) + curve.y[i]) * h + whole;
    }
    whole += h * (0.25 * c3 + c2 / 3.0 + 0.5 * start + curve.y[i]);
  }
  const std::size_t last = curve.size - 1;
  const V d = at - curve.x[last];
  return d * (d * (0.5 * curve.slope[last]) + curve.y[last]) + whole;
}

// Factor by which a resistance differs from its value at 25 degC and half charge.
template <class V>
V resistance_factor(const V& soc, const V& temperature_k, double rise,
                    double activation_j_per_mol) {
  constexpr double gas_j_per_mol_k = 8.31446;
  const V thermal =
      exp((1.0 / temperature_k - 1.0 / 298.15) * (activation_j_per_mol / gas_j_per_mol_k));
  return (square(soc * 2.0 - 1.0) * rise + 1.0) * thermal;
}

// Potential of a graphite electrode against lithium at a cell's state of charge, V.
template <class V>
V graphite_potential(const V& soc) {
  const V x = soc * 0.7715 + 0.0085;
  const auto step = [&](double middle, double width) { return tanh((x - middle) / width); };
  return exp(x * -305.5309) * 0.5416 - step(0.1958, 0.1088) * 0.044 -
         step(1.0571, 0.0854) * 0.1978 - step(-0.0117, 0.0529) * 0.6875 -
         step(0.5692, 0.0875) * 0.0175 + 0.6379;
}

namespace lfp_ageing {

inline constexpr double calendar_exponent = 0.526;
inline constexpr double cycle_exponent = 0.828;
// Reference conditions of the ages: near 25 degC and half charge, and near 25 degC and C/2.
inline constexpr double calendar_reference = 5e-4;  // per day^0.526
inline constexpr double cycle_reference = 2e-4;     // per cycle^0.828
inline constexpr double day_s = 86400.0;

// k of the calendar law, per day^0.526.
template <class V>
V calendar_factor(const V& temperature_k, const V& soc) {
  return exp((graphite_potential(soc) * -3560.0 - 5210.0) / temperature_k) * 8.37e4;
}

// k of the cycle law, per cycle^0.828. `c_rate` is current over capacity, 1/h.
template <class V>
V cycle_factor(const V& temperature_k, double depth, const V& c_rate) {
  return (c_rate * 1.68e-7 + (4.38e-8 + 1.55e-8 * depth)) *
         (exp(2190.0 / temperature_k) + exp(-1.55e5 / temperature_k));
}

// Above zero outside of the range of both laws, relative to its width; `c_rate` out positive, 1/h.
inline double distance_outside(double temperature_k, double c_rate) {
  const double thermal = max((temperature_k - 318.15) / 35.0, (283.15 - temperature_k) / 35.0);
  return max(thermal, max(c_rate - 1.0, -c_rate - 0.65)) - 1e-3;
}

// Seconds of reference age per second.
template <class V>
V calendar_pace(const V& temperature_k, const V& soc) {
  return pow(calendar_factor(temperature_k, soc) / calendar_reference, 1.0 / calendar_exponent);
}

// Reference cycles per cycle.
template <class V>
V cycle_pace(const V& temperature_k, double depth, const V& c_rate) {
  return pow(cycle_factor(temperature_k, depth, c_rate) / cycle_reference, 1.0 / cycle_exponent);
}

// Lost fraction of the capacity after a reference age (s), or a number of reference cycles.
template <class V>
V calendar_loss(const V& age_s) {
  return pow(max(age_s, V(1e-3)) / day_s, calendar_exponent) * calendar_reference;
}
template <class V>
V cycle_loss(const V& cycles) {
  return pow(max(cycles, V(1e-9)), cycle_exponent) * cycle_reference;
}

// The age (s), or number of cycles, that has made a given loss. For a cell that starts used.
inline double calendar_age_s(double loss) {
  return loss <= 0.0 ? 0.0 : day_s * pow(loss / calendar_reference, 1.0 / calendar_exponent);
}
inline double cycle_age(double loss) {
  return loss <= 0.0 ? 0.0 : pow(loss / cycle_reference, 1.0 / cycle_exponent);
}

}  // namespace lfp_ageing

}  // namespace ampacity
