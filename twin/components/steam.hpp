// SPDX-License-Identifier: Apache-2.0
#pragma once

// Saturated water and steam, as little of them as a lumped steam generator needs.
//
// Saturation line: IAPWS-IF97 (release R7-97), region 4, the quadratic in both directions:
//
//   theta = T + n9/(T - n10),  A = theta^2 + n1 theta + n2,  B = n3 theta^2 + n4 theta + n5,
//   C = n6 theta^2 + n7 theta + n8,  p = (2 C/(-B + sqrt(B^2 - 4 A C)))^4 MPa
//
// valid from 273.15 to 647.096 K. Enthalpy of saturated steam: a polynomial of fourth degree in
// (T - 500 K)/100 K through the values of IAPWS SR1-86 (1992) between 400 and 600 K, within
// 1.4 kJ/kg (0.05 %); liquid water has the constant heat capacity that gives its enthalpy at
// 148.5 degC, the feed temperature of the plants modelled here, exactly (elsewhere between 40 and
// 240 degC within 3 %).

#include "twin/core/math.hpp"

namespace ampacity::steam {

using namespace math;

inline constexpr double liquid_heat_capacity_j_kgk = 4213.33;

// Saturation pressure, Pa.
template <class V>
V saturation_pressure_pa(const V& temperature_k) {
  const V theta = temperature_k - 0.23855557567849 / (temperature_k - 0.65017534844798e3);
  const V a = theta * theta + theta * 0.11670521452767e4 - 0.72421316703206e6;
  const V b = theta * theta * -0.17073846940092e2 + theta * 0.12020824702470e5 - 0.32325550322333e7;
  const V c = theta * theta * 0.14915108613530e2 - theta * 0.48232657361591e4 + 0.40511340542057e6;
  const V root = c * 2.0 / (sqrt(b * b - a * c * 4.0) - b);
  return square(square(root)) * 1e6;
}

// Saturation temperature, K.
inline double saturation_temperature_k(double pressure_pa) {
  const double beta = sqrt(sqrt(pressure_pa * 1e-6));
  const double e = beta * beta - 0.17073846940092e2 * beta + 0.14915108613530e2;
  const double f =
      0.11670521452767e4 * beta * beta + 0.12020824702470e5 * beta - 0.48232657361591e4;
  const double g =
      -0.72421316703206e6 * beta * beta - 0.32325550322333e7 * beta + 0.40511340542057e6;
  const double d = 2.0 * g / (-f - sqrt(f * f - 4.0 * e * g));
  const double sum = 0.65017534844798e3 + d;
  return 0.5 * (sum - sqrt(sum * sum - 4.0 * (-0.23855557567849 + 0.65017534844798e3 * d)));
}

// Enthalpy of saturated steam over that of liquid water at 0 degC, J/kg; 400 to 600 K.
template <class V>
V vapour_enthalpy_j_kg(const V& temperature_k) {
  const V x = (temperature_k - 500.0) * 0.01;
  return ((((x * -15350.406) - 36113.121) * x - 89901.964) * x + 18008.135) * x + 2802314.314;
}

// Enthalpy of liquid water over 0 degC, J/kg.
template <class V>
V liquid_enthalpy_j_kg(const V& temperature_k) {
  return (temperature_k - 273.15) * liquid_heat_capacity_j_kgk;
}

}  // namespace ampacity::steam
