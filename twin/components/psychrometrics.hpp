// SPDX-License-Identifier: Apache-2.0
#pragma once

// Moist air: a mixture of dry air and water vapour, both taken as ideal gases.
//
// Symbols: T temperature, p total pressure, p_w vapour pressure, W humidity ratio (kg of vapour per
// kg of dry air), h enthalpy per kg of dry air (zero for dry air at 0 degC and liquid water at 0
// degC), t* thermodynamic wet bulb.
//
//   ln p_ws = c1/T + c2 + c3 T + c4 T^2 + c5 T^3 + c6 T^4 + c7 ln T     saturation (Hyland, Wexler)
//   W  = 0.621945 p_w / (p - p_w)
//   h  = 1006 t + W (2501000 + 1860 t)                                  t in degC
//   v  = 287.042 T (1 + 1.607858 W) / p                                 m3 per kg of dry air
//   W  = [(2501 - 2.326 t*) Ws* - 1.006 (t - t*)] / (2501 + 1.86 t - 4.186 t*)       t* >= 0 degC
//   W  = [(2830 - 0.24 t*)  Ws* - 1.006 (t - t*)] / (2830 + 1.86 t - 2.1 t*)         t* <  0 degC
//
// All from ASHRAE Handbook, Fundamentals 2017, chapter 1, eq. 5, 6, 20, 26, 30, 33 and 35; range
// -100 to 200 degC. The saturation curve changes from ice to water at the triple point. The
// psychrometer equation jumps there (the wick freezes), so a wet bulb near 0 degC is not unique;
// it is only computed for weather data, outside kernels.
//
// Kernels: functions that are templates on V may be called in kernels. Towers and sprayed coils
// hold liquid water also below freezing and use the curve over water throughout
// (`..._over_water`), which is smooth.

#include "twin/components/component.hpp"
#include "twin/components/root.hpp"

namespace ampacity::psychrometrics {

// Here, because names of this namespace would otherwise hide the kernels' functions.
using namespace math;

inline constexpr double zero_celsius_k = 273.15;
inline constexpr double triple_point_k = 273.16;
inline constexpr double standard_pressure_pa = 101325.0;
inline constexpr double air_heat_capacity_j_kg_k = 1006.0;
inline constexpr double vapour_heat_capacity_j_kg_k = 1860.0;
inline constexpr double evaporation_heat_j_kg = 2501000.0;  // at 0 degC
inline constexpr double molar_mass_ratio = 0.621945;
inline constexpr double air_gas_constant_j_kg_k = 287.042;

// Saturation pressure over liquid water, Pa (also of water below freezing).
template <class V>
V saturation_pressure_over_water_pa(const V& temperature_k) {
  const V& t = temperature_k;
  const V polynomial =
      ((t * -1.4452093e-8 + 4.1764768e-5) * t - 4.8640239e-2) * t + 1.3914993 - 5.8002206e3 / t;
  return exp(polynomial + log(t) * 6.5459673);
}

// Saturation pressure over ice, Pa.
template <class V>
V saturation_pressure_over_ice_pa(const V& temperature_k) {
  const V& t = temperature_k;
  const V polynomial =
      (((t * -9.484024e-13 + 2.0747825e-9) * t + 6.2215701e-7) * t - 9.677843e-3) * t + 6.3925247 -
      5.6745359e3 / t;
  return exp(polynomial + log(t) * 4.1635019);
}

// Saturation pressure, Pa: over ice up to the triple point, over water above it.
template <class V>
V saturation_pressure_pa(const V& temperature_k) {
  return select(value_of(temperature_k) <= triple_point_k,
                saturation_pressure_over_ice_pa(temperature_k),
                saturation_pressure_over_water_pa(temperature_k));
}

// Humidity ratio of air with the given vapour pressure.
template <class V>
V humidity_ratio(const V& vapour_pressure_pa, const V& pressure_pa) {
  return vapour_pressure_pa * molar_mass_ratio / (pressure_pa - vapour_pressure_pa);
}

// Vapour pressure of air with the given humidity ratio, Pa.
template <class V>
V vapour_pressure_pa(const V& humidity_ratio, const V& pressure_pa) {
  return pressure_pa * humidity_ratio / (humidity_ratio + molar_mass_ratio);
}

// Humidity ratio of saturated air.
template <class V>
V saturated_humidity_ratio(const V& temperature_k, const V& pressure_pa) {
  return humidity_ratio(saturation_pressure_pa(temperature_k), pressure_pa);
}

// Humidity ratio of air that is saturated over liquid water, smooth through 0 degC.
template <class V>
V saturated_humidity_ratio_over_water(const V& temperature_k, const V& pressure_pa) {
  return humidity_ratio(saturation_pressure_over_water_pa(temperature_k), pressure_pa);
}

// Enthalpy, J per kg of dry air.
template <class V>
V enthalpy_j_kg(const V& temperature_k, const V& humidity_ratio) {
  const V t = temperature_k - zero_celsius_k;
  return t * air_heat_capacity_j_kg_k +
         humidity_ratio * (t * vapour_heat_capacity_j_kg_k + evaporation_heat_j_kg);
}

// Volume, m3 per kg of dry air.
template <class V>
V specific_volume_m3_kg(const V& temperature_k, const V& humidity_ratio, const V& pressure_pa) {
  return temperature_k * air_gas_constant_j_kg_k * (humidity_ratio * 1.607858 + 1.0) / pressure_pa;
}

// Relative humidity, 1.
template <class V>
V relative_humidity(const V& temperature_k, const V& humidity_ratio, const V& pressure_pa) {
  return vapour_pressure_pa(humidity_ratio, pressure_pa) / saturation_pressure_pa(temperature_k);
}

// Humidity ratio from dry and wet bulb, below 0 degC with an ice-covered wick. Not below 0.
inline double humidity_ratio_from_wet_bulb(double dry_bulb_k, double wet_bulb_k,
                                           double pressure_pa) {
  const double t = dry_bulb_k - zero_celsius_k;
  const double wet = wet_bulb_k - zero_celsius_k;
  const double saturated = saturated_humidity_ratio(wet_bulb_k, pressure_pa);
  const double over_water =
      ((2501.0 - 2.326 * wet) * saturated - 1.006 * (t - wet)) / (2501.0 + 1.86 * t - 4.186 * wet);
  const double over_ice =
      ((2830.0 - 0.24 * wet) * saturated - 1.006 * (t - wet)) / (2830.0 + 1.86 * t - 2.1 * wet);
  return max(wet >= 0.0 ? over_water : over_ice, 0.0);
}

// The same with a wet wick throughout: smooth, for kernels. Not below 0.
template <class V>
V humidity_ratio_from_wet_bulb_over_water(const V& dry_bulb_k, const V& wet_bulb_k,
                                          const V& pressure_pa) {
  const V t = dry_bulb_k - zero_celsius_k;
  const V wet = wet_bulb_k - zero_celsius_k;
  const V saturated = saturated_humidity_ratio_over_water(wet_bulb_k, pressure_pa);
  const V ratio =
      ((wet * -2.326 + 2501.0) * saturated - (t - wet) * 1.006) / (t * 1.86 - wet * 4.186 + 2501.0);
  return max(ratio, V(0.0));
}

// Dew point (frost point below 0.01 degC), K. Smooth but for a kink at the triple point; to 1e-8 K
// for humidity ratios of 1e-6 to 0.3.
template <class V>
V dew_point_k(const V& humidity_ratio, const V& pressure_pa) {
  const V logarithm = log(max(vapour_pressure_pa(humidity_ratio, pressure_pa), V(1e-3)));
  // Magnus' formula (Alduchov and Eskridge 1996) is within a few tenths of a kelvin over water.
  const double start = value_of(logarithm) - 6.41532;
  const double guess = zero_celsius_k + 243.04 * start / (17.625 - start);
  const auto residual = [](const auto& temperature, const auto& target) {
    return log(saturation_pressure_pa(temperature)) - target;
  };
  return implicit_root<V>(residual, guess, 5, logarithm);
}

// Saturation temperature over water at the given pressure, K (the boiling point at p).
inline double saturation_temperature_k(double pressure_pa) {
  const double start = log(pressure_pa) - 6.41532;
  const auto residual = [](const auto& temperature, const auto& target) {
    return log(saturation_pressure_pa(temperature)) - target;
  };
  return implicit_root<double>(residual, zero_celsius_k + 243.04 * start / (17.625 - start), 6,
                               log(pressure_pa));
}

// Wet bulb, K, by bisection to rounding. For weather data; not for kernels.
inline double wet_bulb_k(double dry_bulb_k, double humidity_ratio, double pressure_pa) {
  double low = dew_point_k(max(humidity_ratio, 1e-7), pressure_pa);
  double high = dry_bulb_k;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    const bool too_wet =
        humidity_ratio_from_wet_bulb(dry_bulb_k, middle, pressure_pa) > humidity_ratio;
    (too_wet ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

// Pressure of the standard atmosphere at an altitude, Pa (Fundamentals 2017, ch. 1, eq. 3; -5 to 11
// km).
inline double standard_atmosphere_pa(double altitude_m) {
  return standard_pressure_pa * pow(1.0 - 2.25577e-5 * altitude_m, 5.2559);
}

}  // namespace ampacity::psychrometrics
