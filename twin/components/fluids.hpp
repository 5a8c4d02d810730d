// SPDX-License-Identifier: Apache-2.0
#pragma once

// Liquids in the loops: water, and water with propylene glycol against frost and growth.
//
// Propylene glycol (the usual "PG25" of liquid-cooled racks is 25 % by volume = 26.005 % by mass at
// 20 degC): the two-variable polynomials of Melinder (Properties of Secondary Working Fluids,
// International Institute of Refrigeration, Paris 2010),
//
//   f(x, t) = sum_i sum_j a_ij (x - 30.7031)^i (t - 32.7083)^j,     i = 0..5, j = 0..(3,3,3,2,1,0)
//
// with x in per cent by mass and t in degC, for density, heat capacity, conductivity and the
// logarithm of viscosity in mPa s. Mass fraction 0 to 0.6, from the freezing point to 100 degC.
//
// Water: the correlations of IAPWS SR6-08 (2011) for liquid water at 0.1 MPa, 253 to 383 K:
//
//   v  = (R Tr / p0) (a5 + sum a_i alpha^n_i + sum b_i beta^m_i)     alpha = 10/(593 - T)
//   cp = -R (c3 + tau sum n_i (n_i + 1) a_i alpha^(n_i + 2)          beta  = 10/(T - 232)
//               + tau sum m_i (m_i + 1) b_i beta^(m_i + 2))          tau   = T/10
//   mu = 1e-6 sum a_i (T/300)^b_i,   lambda = sum c_i (T/300)^d_i
//
// Loops take these figures once, at their mean temperature, as parameters: density and heat
// capacity move by less than 1 % over the range of a loop. Only viscosity moves by a factor of two.
//
// Films of heat exchangers: for equal channels hA ~ (m/mu)^n k Pr^(1/3) with Pr = mu cp/k
// (Dittus-Boelter, n = 0.8), so at the same mass flow another liquid changes the conductance by
//
//   film_factor = (mu/mu_0)^(1/3 - n) (k/k_0)^(2/3) (cp/cp_0)^(1/3)
//
// relative to water of 30 degC. PG25 of 40 degC has 0.64 of its film (0.58 of that of water of 40
// degC).

#include <array>

#include "twin/components/component.hpp"

namespace ampacity::fluids {

using namespace math;

// Mass fraction of propylene glycol in PG25.
inline constexpr double pg25_mass_fraction = 0.26005;

namespace detail {

using MelinderTable = std::array<double, 18>;

inline constexpr MelinderTable glycol_density{
    1.018e3,  -5.406e-1, -2.666e-3, 1.347e-5,  7.604e-1, -9.450e-3, 5.541e-5,  -1.343e-7, -2.498e-3,
    2.700e-5, -4.018e-7, 3.376e-9,  -1.550e-4, 2.829e-6, -7.175e-9, -1.131e-6, -2.221e-8, 2.342e-8};
inline constexpr MelinderTable glycol_heat_capacity{
    3.882e3,  2.699e0,  -1.659e-3, -1.032e-5, -1.304e1, 5.070e-2,  -4.752e-5, 1.522e-6,  -1.598e-1,
    9.534e-5, 1.167e-5, -4.870e-8, 3.539e-4,  3.102e-5, -2.950e-7, 5.000e-5,  -7.135e-7, -4.959e-7};
inline constexpr MelinderTable glycol_conductivity{
    4.513e-1,  7.955e-4,  3.482e-8,  -5.966e-9,  -4.795e-3,  -1.678e-5,
    8.941e-8,  1.493e-10, 2.076e-5,  1.563e-7,   -4.615e-9,  9.897e-12,
    -9.083e-8, -2.518e-9, 6.543e-11, -5.952e-10, -3.605e-11, 2.104e-11};
inline constexpr MelinderTable glycol_log_viscosity{
    6.837e-1,  -3.045e-2, 2.525e-4,  -1.399e-6, 3.328e-2,  -3.984e-4,
    4.332e-6,  -1.860e-8, 5.453e-5,  -8.600e-8, -1.593e-8, -4.465e-11,
    -3.900e-6, 1.054e-7,  -1.589e-9, -1.587e-8, 4.475e-10, 3.564e-9};
inline constexpr MelinderTable glycol_freezing{
    -1.325e1,  -3.820e-5,  7.865e-7,  -1.733e-9, -6.631e-1, 6.774e-6,
    -6.242e-8, -7.819e-10, -1.094e-2, 5.332e-8,  -4.169e-9, 3.288e-11,
    -2.283e-4, -1.131e-8,  1.918e-10, -3.409e-6, 8.035e-11, 1.465e-8};

// The polynomial above; powers of t in each row 0..count-1.
template <class V>
V melinder(const MelinderTable& a, double mass_fraction, const V& temperature_k) {
  constexpr std::array<std::size_t, 6> counts{4, 4, 4, 3, 2, 1};
  const double x = 100.0 * mass_fraction - 30.7031;
  const V t = temperature_k - (273.15 + 32.7083);
  V sum(0.0);
  double power = 1.0;
  std::size_t first = 0;
  for (const std::size_t count : counts) {
    V row(a[first + count - 1]);
    for (std::size_t j = count - 1; j-- > 0;) row = row * t + a[first + j];
    sum += row * power;
    power *= x;
    first += count;
  }
  return sum;
}

struct Term {
  double coefficient;
  double exponent;
};

// sum c z^n
template <class V, std::size_t count>
V series(const std::array<Term, count>& terms, const V& z) {
  V sum(0.0);
  for (const Term& term : terms) sum += pow(z, term.exponent) * term.coefficient;
  return sum;
}

// sum c n (n + 1) z^(n + 2), the second derivative of the series above by 1/z, up to a factor.
template <class V, std::size_t count>
V curvature(const std::array<Term, count>& terms, const V& z) {
  V sum(0.0);
  for (const Term& term : terms) {
    const double n = term.exponent;
    sum += pow(z, n + 2.0) * (term.coefficient * n * (n + 1.0));
  }
  return sum;
}

}  // namespace detail

// Propylene glycol and water. Mass fraction 0..0.6, temperature in K, from freezing to 373 K.
template <class V>
V glycol_density_kg_m3(double mass_fraction, const V& temperature_k) {
  return detail::melinder(detail::glycol_density, mass_fraction, temperature_k);
}
template <class V>
V glycol_heat_capacity_j_kg_k(double mass_fraction, const V& temperature_k) {
  return detail::melinder(detail::glycol_heat_capacity, mass_fraction, temperature_k);
}
template <class V>
V glycol_conductivity_w_m_k(double mass_fraction, const V& temperature_k) {
  return detail::melinder(detail::glycol_conductivity, mass_fraction, temperature_k);
}
template <class V>
V glycol_viscosity_pa_s(double mass_fraction, const V& temperature_k) {
  return exp(detail::melinder(detail::glycol_log_viscosity, mass_fraction, temperature_k)) * 1e-3;
}
// The freezing point in K (of practical use above a mass fraction of 0.15).
inline double glycol_freezing_point_k(double mass_fraction) {
  return 273.15 + detail::melinder(detail::glycol_freezing, mass_fraction, 273.15 + 32.7083);
}

// Liquid water at 0.1 MPa, 253 to 383 K; T in K.
template <class V>
V water_density_kg_m3(const V& temperature_k) {
  constexpr std::array<detail::Term, 5> a{{{6.74458446e3, 4.0},
                                           {-2.22521604e5, 5.0},
                                           {1.00231247e8, 7.0},
                                           {-1.63552118e9, 8.0},
                                           {8.32299658e9, 9.0}}};
  constexpr std::array<detail::Term, 6> b{{{5.78545292e-3, 1.0},
                                           {-1.53195665e-2, 2.0},
                                           {3.11337859e-2, 3.0},
                                           {-4.23546241e-2, 4.0},
                                           {3.38713507e-2, 5.0},
                                           {-1.19946761e-2, 6.0}}};
  const V alpha = 10.0 / (593.0 - temperature_k);
  const V beta = 10.0 / (temperature_k - 232.0);
  const V ratio = detail::series(a, alpha) + detail::series(b, beta) + 1.93763157e-2;
  return 1e5 / (ratio * (461.51805 * 10.0));
}
template <class V>
V water_heat_capacity_j_kg_k(const V& temperature_k) {
  constexpr std::array<detail::Term, 3> a{
      {{-1.661470539e5, 4.0}, {2.708781640e6, 5.0}, {-1.557191544e8, 7.0}}};
  constexpr std::array<detail::Term, 4> b{
      {{-8.237426256e-1, 2.0}, {1.908956353, 3.0}, {-2.017597384, 4.0}, {8.546361348e-1, 5.0}}};
  const V alpha = 10.0 / (593.0 - temperature_k);
  const V beta = 10.0 / (temperature_k - 232.0);
  const V sum = detail::curvature(a, alpha) + detail::curvature(b, beta);
  return (temperature_k * 0.1 * sum - 8.983025854) * -461.51805;
}
template <class V>
V water_viscosity_pa_s(const V& temperature_k) {
  constexpr std::array<detail::Term, 4> a{
      {{280.68, -1.9}, {511.45, -7.7}, {61.131, -19.6}, {0.45903, -40.0}}};
  return detail::series(a, temperature_k * (1.0 / 300.0)) * 1e-6;
}
template <class V>
V water_conductivity_w_m_k(const V& temperature_k) {
  constexpr std::array<detail::Term, 4> c{
      {{1.6630, -1.15}, {-1.7781, -3.4}, {1.1567, -6.0}, {-0.432115, -7.6}}};
  return detail::series(c, temperature_k * (1.0 / 300.0));
}

// What a loop or an island needs to know of its liquid.
struct Liquid {
  double density_kg_m3;
  double heat_capacity_j_kg_k;
  double viscosity_pa_s;
  double conductivity_w_m_k;
};

inline Liquid water_at(double temperature_k) {
  return {water_density_kg_m3(temperature_k), water_heat_capacity_j_kg_k(temperature_k),
          water_viscosity_pa_s(temperature_k), water_conductivity_w_m_k(temperature_k)};
}

inline Liquid pg25_at(double temperature_k) {
  return {glycol_density_kg_m3(pg25_mass_fraction, temperature_k),
          glycol_heat_capacity_j_kg_k(pg25_mass_fraction, temperature_k),
          glycol_viscosity_pa_s(pg25_mass_fraction, temperature_k),
          glycol_conductivity_w_m_k(pg25_mass_fraction, temperature_k)};
}

// Film conductance relative to water of 30 degC at the same mass flow; `exponent` is n above.
inline double film_factor(const Liquid& liquid, double exponent) {
  const Liquid water = water_at(303.15);
  return pow(liquid.viscosity_pa_s / water.viscosity_pa_s, 1.0 / 3.0 - exponent) *
         pow(liquid.conductivity_w_m_k / water.conductivity_w_m_k, 2.0 / 3.0) *
         pow(liquid.heat_capacity_j_kg_k / water.heat_capacity_j_kg_k, 1.0 / 3.0);
}

}  // namespace ampacity::fluids
