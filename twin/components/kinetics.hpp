// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reactor physics of a point: delayed neutrons, iodine and xenon, decay heat, and Mann's core.
//
// A reactor without spatial shape is its neutron level n. Most fission neutrons appear at once and
// live for the generation time Lambda; a share beta of some 0.65 % waits in precursors for
// seconds to a minute, and this share is what makes a reactor steerable:
//
//   dn/dt   = ((rho - beta)/Lambda) n + (1/Lambda) sum_i beta_i c_i + q
//   dc_i/dt = lambda_i (n - c_i)
//
// c_i is the precursor concentration divided by its equilibrium at n = 1 (beta_i/(Lambda
// lambda_i)): all states are of the order of one, and equilibrium reads c_i = n. A step rho answers
// with residues at the roots of the inhour equation
//
//   rho = s Lambda + sum_i beta_i s/(s + lambda_i)
//
// (one root above -lambda_1, the others between the poles). The prompt mode, beta/Lambda of
// 100 to 1000 1/s, is stiff against everything else in a plant.
//
// Iodine-135 (yield gamma_i, tellurium lumped in) decays to xenon-135 (yield gamma_x), which
// decays or burns in the flux phi n:
//
//   di/dt = lambda_i (n - i)
//   dx/dt = (lambda_x + sigma phi) (gamma_i i + gamma_x n)/(gamma_i + gamma_x)
//           - (lambda_x + sigma phi n) x
//
// both again relative to their equilibrium at n = 1.
//
// Decay heat is a sum of exponentials: group j holds the fraction e_j of the power at
// equilibrium, dd_j/dt = lambda_j (n - d_j), and
//
//   P/P0 = (1 - sum e_j) n + sum e_j d_j.
//
// Mann's core: one fuel node, two equal coolant nodes in the direction of flow, the fuel giving its
// heat against the first, f the share of power released in the fuel:
//
//   M_f c_f dT_f/dt   = f P - UA (T_f - T_1)
//   (M_c/2) c dT_1/dt = (1-f) P/2 + UA (T_f - T_1)/2 + m c (T_in - T_1)
//   (M_c/2) c dT_2/dt = (1-f) P/2 + UA (T_f - T_1)/2 + m c (T_1 - T_2)
//
// Sources. Six groups: TRACE manual, table 9-1, through ORNL TRANSFORM-Library
// precursorGroups_6_TRACEdefault. Xenon: TRANSFORM fissionProducts_TeIXe_U235 (W. Stacey, Nuclear
// Reactor Physics, ch. 6). Decay heat: TRANSFORM decayHeat_11_TRACEdefault. Valid for thermal
// reactors with uranium-235; no spatial xenon oscillation, no burn-up.

#include <array>
#include <cmath>
#include <cstddef>

#include "twin/core/math.hpp"

namespace ampacity::kinetics {

// Delayed neutrons of N groups: decay constants in rising order, fractions, generation time.
template <std::size_t N>
struct DelayedNeutrons {
  std::array<double, N> decay_per_s;
  std::array<double, N> fraction;
  double generation_time_s;

  constexpr double beta() const {
    double sum = 0.0;
    for (const double b : fraction) sum += b;
    return sum;
  }
};

// Rates of the neutron level and the relative precursors. `source_per_s` is q above, relative
// neutrons per second.
template <std::size_t N, class V>
void neutron_rates(const DelayedNeutrons<N>& groups, const V& reactivity, double source_per_s,
                   const V& level, const std::array<V, N>& precursor, V& level_rate,
                   std::array<V, N>& precursor_rate) {
  V delayed(0.0);
  for (std::size_t i = 0; i < N; ++i) {
    delayed += (precursor[i] - level) * groups.fraction[i];
    precursor_rate[i] = (level - precursor[i]) * groups.decay_per_s[i];
  }
  level_rate = (reactivity * level + delayed) * (1.0 / groups.generation_time_s) + source_per_s;
}

// Right-hand side of the inhour equation, and its derivative.
template <std::size_t N>
double inhour_reactivity(const DelayedNeutrons<N>& groups, double root_per_s) {
  double sum = root_per_s * groups.generation_time_s;
  for (std::size_t i = 0; i < N; ++i) {
    sum += groups.fraction[i] * root_per_s / (root_per_s + groups.decay_per_s[i]);
  }
  return sum;
}
template <std::size_t N>
double inhour_slope(const DelayedNeutrons<N>& groups, double root_per_s) {
  double sum = groups.generation_time_s;
  for (std::size_t i = 0; i < N; ++i) {
    const double gap = root_per_s + groups.decay_per_s[i];
    sum += groups.fraction[i] * groups.decay_per_s[i] / (gap * gap);
  }
  return sum;
}

// The N + 1 roots of the inhour equation, largest first, to the last bits of a double. Between two
// poles the right-hand side rises from minus to plus infinity, so bisection cannot fail; the poles'
// distances are kept as offsets so that roots close to a pole stay accurate.
template <std::size_t N>
std::array<double, N + 1> inhour_roots(const DelayedNeutrons<N>& groups, double reactivity) {
  std::array<double, N + 1> roots{};
  for (std::size_t k = 0; k <= N; ++k) {
    double low = k < N ? -groups.decay_per_s[k] : 0.0;
    double high = k == 0 ? 0.0 : -groups.decay_per_s[k - 1];
    const double reach = (std::abs(reactivity) + groups.beta()) / groups.generation_time_s + 1.0;
    if (k == 0) high = reach;
    if (k == N) low = high - reach - groups.decay_per_s[N - 1];
    for (int step = 0; step < 2000; ++step) {
      const double middle = 0.5 * (low + high);
      if (!(middle > low && middle < high)) break;
      (inhour_reactivity(groups, middle) < reactivity ? low : high) = middle;
    }
    roots[k] = 0.5 * (low + high);
  }
  return roots;
}

// Neutron level at time t after a step of reactivity from the critical reactor at n = 1, without
// feedback or source: n(t) = sum_k A_k exp(s_k t), A_k = (Lambda + sum beta_i/(s_k + lambda_i)) /
// (Lambda + sum beta_i lambda_i/(s_k + lambda_i)^2).
template <std::size_t N>
double level_after_step(const DelayedNeutrons<N>& groups, double reactivity, double time_s) {
  double level = 0.0;
  for (const double root : inhour_roots(groups, reactivity)) {
    double numerator = groups.generation_time_s;
    for (std::size_t i = 0; i < N; ++i) {
      numerator += groups.fraction[i] / (root + groups.decay_per_s[i]);
    }
    level += numerator / inhour_slope(groups, root) * std::exp(root * time_s);
  }
  return level;
}

// The TRACE six-group set; `generation_time_s` belongs to the reactor.
constexpr DelayedNeutrons<6> trace_six_groups(double generation_time_s) {
  constexpr double beta = 0.006488;
  return {{0.0127, 0.0317, 0.115, 0.311, 1.40, 3.87},
          {0.038070 * beta, 0.212700 * beta, 0.188039 * beta, 0.406905 * beta, 0.128237 * beta,
           0.026048 * beta},
          generation_time_s};
}

// Constants of the iodine-xenon chain.
struct XenonChain {
  double iodine_yield = 0.061;
  double xenon_yield = 0.003;
  double iodine_decay_per_s = 0.69314718055994530942 / 23760.0;
  double xenon_decay_per_s = 0.69314718055994530942 / 32760.0;
  double absorption_m2 = 2.6e6 * 1e-28;  // microscopic cross-section, 2.6e6 barn
};

// Rates of relative iodine and xenon; `burn_per_s` is sigma phi at n = 1.
template <class V>
void xenon_rates(const XenonChain& chain, double burn_per_s, const V& level, const V& iodine,
                 const V& xenon, V& iodine_rate, V& xenon_rate) {
  const double total = chain.iodine_yield + chain.xenon_yield;
  iodine_rate = (level - iodine) * chain.iodine_decay_per_s;
  xenon_rate = (iodine * chain.iodine_yield + level * chain.xenon_yield) *
                   ((chain.xenon_decay_per_s + burn_per_s) / total) -
               xenon * (level * burn_per_s + chain.xenon_decay_per_s);
}

// Equilibrium xenon at level n, relative to that at n = 1.
inline double xenon_equilibrium(const XenonChain& chain, double burn_per_s, double level) {
  return level * (chain.xenon_decay_per_s + burn_per_s) /
         (chain.xenon_decay_per_s + burn_per_s * level);
}

// Exponential groups of decay heat: decay constants and shares of the power at equilibrium.
struct DecayHeat {
  static constexpr std::size_t groups = 11;
  static constexpr std::array<double, groups> decay_per_s{1.772,    0.5774,   0.06743,  6.214e-3,
                                                          4.739e-4, 4.81e-5,  5.344e-6, 5.726e-7,
                                                          1.036e-7, 2.959e-8, 7.585e-10};
  static constexpr std::array<double, groups> share{2.99e-3, 8.25e-3, 0.0155,  0.01935,
                                                    0.01165, 6.45e-3, 2.31e-3, 1.64e-3,
                                                    8.5e-4,  4.3e-4,  5.7e-4};

  static constexpr double total() {
    double sum = 0.0;
    for (const double e : share) sum += e;
    return sum;
  }
};

// Rates of the relative group contents, and the thermal power relative to rated.
template <class V>
void decay_heat_rates(const V& level, const std::array<V, DecayHeat::groups>& content,
                      std::array<V, DecayHeat::groups>& rate) {
  for (std::size_t j = 0; j < DecayHeat::groups; ++j) {
    rate[j] = (level - content[j]) * DecayHeat::decay_per_s[j];
  }
}
template <class V>
V decay_power(const std::array<V, DecayHeat::groups>& content) {
  V sum(0.0);
  for (std::size_t j = 0; j < DecayHeat::groups; ++j) sum += content[j] * DecayHeat::share[j];
  return sum;
}
template <class V>
V thermal_power(const V& level, const std::array<V, DecayHeat::groups>& content) {
  return level * (1.0 - DecayHeat::total()) + decay_power(content);
}

// Mann's core: constants, and the rates of fuel and both coolant nodes.
struct MannCore {
  double fuel_mass_kg;
  double fuel_heat_capacity_j_kgk;
  double fuel_share;            // f, released in the fuel itself
  double fuel_conductance_w_k;  // UA
  double coolant_mass_kg;       // both nodes together
  double coolant_heat_capacity_j_kgk;
};
template <class V>
struct MannRates {
  V fuel_k_s;
  V first_k_s;
  V second_k_s;
};
template <class V>
MannRates<V> mann_rates(const MannCore& core, const V& power_w, const V& flow_kg_s,
                        const V& inlet_k, const V& fuel_k, const V& first_k, const V& second_k) {
  const V to_coolant_w = (fuel_k - first_k) * core.fuel_conductance_w_k;
  const V half_w = (power_w * (1.0 - core.fuel_share) + to_coolant_w) * 0.5;
  const V stream_w_k = flow_kg_s * core.coolant_heat_capacity_j_kgk;
  const double node_j_k = 0.5 * core.coolant_mass_kg * core.coolant_heat_capacity_j_kgk;
  return {(power_w * core.fuel_share - to_coolant_w) *
              (1.0 / (core.fuel_mass_kg * core.fuel_heat_capacity_j_kgk)),
          (half_w + stream_w_k * (inlet_k - first_k)) * (1.0 / node_j_k),
          (half_w + stream_w_k * (first_k - second_k)) * (1.0 / node_j_k)};
}

}  // namespace ampacity::kinetics
