// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the sun stands, how far away it is, and how much air lies before it.
//
// Textbook declination and equation of time (Cooper, Spencer) miss the sun by 0.16 to 1.35 degrees;
// for irradiance on a tilted plane in the morning that is several per cent. The classical low-
// precision theory is hardly longer. With T in Julian centuries of terrestrial time since J2000:
//
//   L0 = 280.46646 + 36000.76983 T + 0.0003032 T^2      mean longitude, degrees
//   M  = 357.52911 + 35999.05029 T - 0.0001537 T^2      mean anomaly
//   e  = 0.016708634 - 0.000042037 T                    eccentricity of the orbit
//   C  = (1.914602 - 0.004817 T) sin M + (0.019993 - 0.000101 T) sin 2M + 0.000289 sin 3M
//   R  = 1.000001018 (1 - e^2)/(1 + e cos(M + C))       distance, astronomical units
//
// The longitude L0 + C is corrected for the pull of Venus, Jupiter and the Moon (five terms of
// 0.001 to 0.002 degrees), for aberration (20.4898 arc seconds / R) and for nutation (two terms of
// 18.6 years and half a year). Right ascension and declination follow by turning through the
// obliquity; Greenwich sidereal time turns them to the place; parallax lowers the sun by
// 8.794 arc seconds sin z; refraction lifts it, with p in hPa and t in degC and the elevation e in
// degrees, by
//
//   p/1010 . 283/(273 + t) . 1.02 / (60 tan(e + 10.3/(e + 5.11)))      e > -0.8333
//
// Sources: J. Meeus, Astronomical Algorithms, chapters 12, 16, 22, 25 (low precision) and
// Astronomical Formulae for Calculators (planetary terms); refraction as in I. Reda, A. Andreas,
// Solar Position Algorithm, NREL/TP-560-34302 (doi 10.2172/15003974); relative air mass F. Kasten,
// A. Young 1989 (doi 10.1364/AO.28.004735); pressure over altitude: standard atmosphere.
// Valid 1950 to 2100 within 0.01 degrees of that algorithm (checked 2010 to 2034), UTC taken as UT1
// (less than 0.9 s apart, 0.004 degrees). This file runs once per sample of a series, never inside
// an integrator, and uses the C library.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "twin/core/time.hpp"

namespace ampacity {

// A place on Earth; longitude positive towards east, latitude positive towards north.
struct GeographicPlace {
  double latitude_rad;
  double longitude_rad;
  double altitude_m;
};

// Topocentric position of the sun's centre. Azimuth clockwise from north, 0 to 2 pi: it jumps when
// the sun passes north, so whoever interpolates between samples must take the jump out first.
struct SunPosition {
  double zenith_rad;           // without refraction
  double apparent_zenith_rad;  // with refraction
  double azimuth_rad;
  double declination_rad;     // geocentric
  double distance_au;         // of Earth from sun
  double equation_of_time_s;  // apparent minus mean solar time
};

// Air through which the sun is seen.
struct AirColumn {
  double pressure_pa = 101325.0;
  double temperature_k = 285.15;
};

namespace sun_detail {

inline constexpr double degree = std::numbers::pi / 180.0;

inline double wrapped(double angle, double period) {
  return angle - period * std::floor(angle / period);
}
inline double sine(double degrees) { return std::sin(degrees * degree); }
inline double cosine(double degrees) { return std::cos(degrees * degree); }

// Geocentric apparent place of the sun, degrees and astronomical units.
struct ApparentPlace {
  double right_ascension;
  double declination;
  double distance;
  double mean_longitude;
  double nutation_in_right_ascension;  // of the equinox: added to mean sidereal time
};

inline ApparentPlace apparent_place(double centuries) {
  const double t = centuries;
  const double mean_longitude = 280.46646 + t * (36000.76983 + t * 0.0003032);
  const double anomaly = 357.52911 + t * (35999.05029 - t * 0.0001537);
  const double eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
  const double centre = (1.914602 - t * (0.004817 + t * 0.000014)) * sine(anomaly) +
                        (0.019993 - t * 0.000101) * sine(2.0 * anomaly) +
                        0.000289 * sine(3.0 * anomaly);
  const double distance = 1.000001018 * (1.0 - eccentricity * eccentricity) /
                          (1.0 + eccentricity * cosine(anomaly + centre));
  const double c = t + 1.0;  // the planetary terms count from 1900.0
  const double pull = 0.00134 * cosine(153.23 + 22518.7541 * c) +  // Venus
                      0.00154 * cosine(216.57 + 45037.5082 * c) +  // Venus
                      0.00200 * cosine(312.69 + 32964.3577 * c) +  // Jupiter
                      0.00179 * sine(350.74 + 445267.1142 * c) +   // Moon
                      0.00178 * sine(231.19 + 20.20 * c);          // long period
  const double node = 125.04452 - 1934.136261 * t;
  const double moon_longitude = 218.3165 + 481267.8813 * t;
  const double nutation = (-17.20 * sine(node) - 1.32 * sine(2.0 * mean_longitude) -
                           0.23 * sine(2.0 * moon_longitude) + 0.21 * sine(2.0 * node)) /
                          3600.0;
  const double obliquity = 23.439291 - 0.0130042 * t +
                           (9.20 * cosine(node) + 0.57 * cosine(2.0 * mean_longitude) +
                            0.10 * cosine(2.0 * moon_longitude) - 0.09 * cosine(2.0 * node)) /
                               3600.0;
  const double longitude = mean_longitude + centre + pull + nutation - 20.4898 / 3600.0 / distance;
  return {std::atan2(cosine(obliquity) * sine(longitude), cosine(longitude)) / degree,
          std::asin(sine(obliquity) * sine(longitude)) / degree, distance, mean_longitude,
          nutation * cosine(obliquity)};
}

}  // namespace sun_detail

// Lift by refraction, rad, of the sun at true elevation `elevation_rad`; 0 when its upper rim is
// below the horizon.
inline double refraction_rad(double elevation_rad, const AirColumn& air) {
  const double e = elevation_rad / sun_detail::degree;
  if (e < -(0.26667 + 0.5667)) return 0.0;
  const double lift = air.pressure_pa / 101000.0 * 283.0 / (air.temperature_k - 0.15) * 1.02 /
                      (60.0 * std::tan((e + 10.3 / (e + 5.11)) * sun_detail::degree));
  return lift * sun_detail::degree;
}

// Position of the sun at an instant. `terrestrial_minus_universal_s` is Delta T: 67 s in 2012, 69 s
// in 2024; a second is worth 0.00001 degrees.
inline SunPosition sun_position(Time t, const GeographicPlace& place, const AirColumn& air = {},
                                double terrestrial_minus_universal_s = 69.0) {
  using namespace sun_detail;
  // Days since J2000 (2000-01-01 12:00), whole days split off so that no bits are lost.
  constexpr std::int64_t j2000_s = 946'728'000;
  const double days_of_time = to_seconds(t - Time{j2000_s * ns_per_second}) / 86400.0;
  const double centuries = (days_of_time + terrestrial_minus_universal_s / 86400.0) / 36525.0;
  const ApparentPlace sun = apparent_place(centuries);

  const double universal = days_of_time / 36525.0;
  const double sidereal =
      wrapped(280.46061837 + 360.98564736629 * days_of_time + universal * universal * 0.000387933 +
                  sun.nutation_in_right_ascension,
              360.0);
  const double hour_angle = (sidereal - sun.right_ascension) * degree + place.longitude_rad;
  const double declination = sun.declination * degree;
  const double sin_elevation =
      std::sin(place.latitude_rad) * std::sin(declination) +
      std::cos(place.latitude_rad) * std::cos(declination) * std::cos(hour_angle);
  const double parallax = 8.794 / 3600.0 * degree / sun.distance *
                          std::sqrt(std::max(0.0, 1.0 - sin_elevation * sin_elevation));
  const double elevation = std::asin(std::clamp(sin_elevation, -1.0, 1.0)) - parallax;
  const double azimuth =
      std::atan2(std::sin(hour_angle), std::cos(hour_angle) * std::sin(place.latitude_rad) -
                                           std::tan(declination) * std::cos(place.latitude_rad)) +
      std::numbers::pi;
  const double equation_deg = wrapped(sun.mean_longitude - 0.0057183 - sun.right_ascension +
                                          sun.nutation_in_right_ascension + 180.0,
                                      360.0) -
                              180.0;
  constexpr double right_angle = std::numbers::pi / 2.0;
  return {right_angle - elevation,
          right_angle - elevation - refraction_rad(elevation, air),
          wrapped(azimuth, 2.0 * std::numbers::pi),
          declination,
          sun.distance,
          equation_deg * 240.0};
}

// Irradiance outside the atmosphere on a plane that faces the sun, W/m2, by day of the year (UTC):
// Spencer's Fourier series (Search 2, 1971). The solar constant of the day is 1361 W/m2 by newer
// measurement (G. Kopp, J. Lean 2011); 1366.1 W/m2 (ASTM E490) is what the reference tables use.
inline double extraterrestrial_w_m2(Time t, double solar_constant_w_m2 = 1366.1) {
  const double day = static_cast<double>(TimeZone().local(t).day_of_year);
  const double b = 2.0 * std::numbers::pi * (day - 1.0) / 365.0;
  return solar_constant_w_m2 * (1.00011 + 0.034221 * std::cos(b) + 0.00128 * std::sin(b) +
                                0.000719 * std::cos(2.0 * b) + 0.000077 * std::sin(2.0 * b));
}

// Pressure of the standard atmosphere at an altitude, Pa; -500 to 11000 m.
inline double pressure_at_altitude_pa(double altitude_m) {
  return 100.0 * std::pow((44331.514 - altitude_m) / 11880.516, 1.0 / 0.1902632);
}

// Path through the air relative to the vertical one; infinite below the horizon (zenith over 90
// degrees). `apparent_zenith_rad` with refraction.
inline double relative_air_mass(double apparent_zenith_rad) {
  const double zenith = apparent_zenith_rad / sun_detail::degree;
  if (zenith > 90.0) return std::numeric_limits<double>::infinity();
  return 1.0 /
         (sun_detail::cosine(zenith) + 0.50572 * std::pow(6.07995 + (90.0 - zenith), -1.6364));
}

// The same weighted with the pressure of the place.
inline double absolute_air_mass(double relative, double pressure_pa) {
  return relative * pressure_pa / 101325.0;
}

}  // namespace ampacity
