// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sunshine without clouds, and sunshine taken apart.
//
// When a site has no measured irradiance, a clear sky is the honest default: an upper bound with
// the right shape. With I0 the irradiance outside the atmosphere, z the apparent zenith angle, m
// the absolute air mass and TL the Linke turbidity (2 very clear, 3 to 4 temperate, 6 hazy), the
// model of Ineichen and Perez gives at altitude h (metres)
//
//   GHI = c1 I0 cos z exp(-c2 m (f1 + f2 (TL - 1)))        f1 = exp(-h/8000), f2 = exp(-h/1250)
//   DNI = min(I0 b exp(-0.09 m (TL - 1)), GHI (1 - (0.1 - 0.2 exp(-TL))/(0.1 + 0.882/f1))/cos z)
//   DHI = GHI - DNI cos z
//
// with c1 = 5.09e-5 h + 0.868, c2 = 3.92e-5 h + 0.0387, b = 0.664 + 0.163/f1. Haurwitz needs no
// atmosphere at all: GHI = 1098 cos z exp(-0.059/cos z).
//
// Weather files often know only the global horizontal irradiance. The correlation of Erbs, Klein
// and Duffie splits it by the clearness index kt = GHI/(I0 cos z) into a diffuse share
//
//   kt <= 0.22        1 - 0.09 kt
//   kt <= 0.80        0.9511 - 0.1604 kt + 4.388 kt^2 - 16.638 kt^3 + 12.336 kt^4
//   above             0.165
//
// and the rest, divided by cos z, is direct. Values from it are an estimate (some 10 % of the
// direct beam, hour by hour): `Irradiance::decomposed` says so, and what uses it reports it.
//
// Sources: P. Ineichen, R. Perez, Solar Energy 73 (2002) 151, doi 10.1016/S0038-092X(02)00045-2;
// B. Haurwitz, J. Meteorology 2 (1945) 154; D. Erbs, S. Klein, J. Duffie, Solar Energy 28 (1982)
// 293, doi 10.1016/0038-092X(82)90302-4. Valid in daylight; below 3 degrees of elevation the split
// is not trusted and all is diffuse.

#include <algorithm>
#include <cmath>

#include "twin/components/sun.hpp"

namespace ampacity {

// Global horizontal, direct normal and diffuse horizontal irradiance, W/m2.
struct Irradiance {
  double global_w_m2 = 0.0;
  double direct_w_m2 = 0.0;
  double diffuse_w_m2 = 0.0;
  bool decomposed = false;  // direct and diffuse are estimated from the global one
};

// Ineichen and Perez. `absolute_mass` is infinite below the horizon: all zero there.
inline Irradiance ineichen_clear_sky(double apparent_zenith_rad, double absolute_mass,
                                     double linke_turbidity, double altitude_m,
                                     double extraterrestrial_irradiance_w_m2) {
  const double cos_zenith = std::cos(apparent_zenith_rad);
  if (!(cos_zenith > 0.0) || !std::isfinite(absolute_mass)) return {};
  const double f1 = std::exp(-altitude_m / 8000.0);
  const double f2 = std::exp(-altitude_m / 1250.0);
  const double c1 = 5.09e-5 * altitude_m + 0.868;
  const double c2 = 3.92e-5 * altitude_m + 0.0387;
  const double turbidity = linke_turbidity - 1.0;
  const double global = c1 * extraterrestrial_irradiance_w_m2 * cos_zenith *
                        std::exp(-c2 * absolute_mass * (f1 + f2 * turbidity));
  const double b = 0.664 + 0.163 / f1;
  const double beam =
      extraterrestrial_irradiance_w_m2 * b * std::exp(-0.09 * absolute_mass * turbidity);
  const double share = 1.0 - (0.1 - 0.2 * std::exp(-linke_turbidity)) / (0.1 + 0.882 / f1);
  const double direct = std::min(beam, global * std::max(share / cos_zenith, 0.0));
  return {global, direct, global - direct * cos_zenith, false};
}

// The same at a place and an instant, with the atmosphere of the altitude.
inline Irradiance clear_sky(Time t, const GeographicPlace& place, double linke_turbidity = 3.0,
                            const AirColumn& air = {}) {
  const double zenith = sun_position(t, place, air).apparent_zenith_rad;
  const double mass =
      absolute_air_mass(relative_air_mass(zenith), pressure_at_altitude_pa(place.altitude_m));
  return ineichen_clear_sky(zenith, mass, linke_turbidity, place.altitude_m,
                            extraterrestrial_w_m2(t));
}

// Haurwitz: global irradiance only, W/m2.
inline double haurwitz_global_w_m2(double apparent_zenith_rad) {
  const double cos_zenith = std::cos(apparent_zenith_rad);
  return cos_zenith > 0.0 ? 1098.0 * cos_zenith * std::exp(-0.059 / cos_zenith) : 0.0;
}

// Diffuse share of global irradiance by Erbs, Klein and Duffie.
inline double erbs_diffuse_share(double clearness) {
  const double k = clearness;
  if (k <= 0.22) return 1.0 - 0.09 * k;
  if (k <= 0.80) return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)));
  return 0.165;
}

// Splits measured global irradiance. `zenith_rad` without refraction.
inline Irradiance decompose_global(double global_w_m2, double zenith_rad,
                                   double extraterrestrial_irradiance_w_m2) {
  constexpr double trusted_cosine = 0.0523;  // 3 degrees of elevation
  const double cos_zenith = std::cos(zenith_rad);
  if (cos_zenith < trusted_cosine) return {global_w_m2, 0.0, global_w_m2, true};
  const double clearness = global_w_m2 / (extraterrestrial_irradiance_w_m2 * cos_zenith);
  const double diffuse = global_w_m2 * erbs_diffuse_share(std::max(clearness, 0.0));
  return {global_w_m2, (global_w_m2 - diffuse) / cos_zenith, diffuse, true};
}

}  // namespace ampacity
