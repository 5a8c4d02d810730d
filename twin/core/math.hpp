// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elementary functions of the kernels.
//
// Component kernels are templates on their value type V: double for a plain evaluation, Dual
// (dual.hpp) when derivatives travel along. They call the functions of this file unqualified
// through `using namespace math` or argument-dependent lookup, and never the C library, for two
// reasons. First, results must be bit-identical for one binary on one class of processor, while
// libm picks its code path at run time. Second, a call that the compiler cannot inline costs as
// much as sixty rack states.
//
//   exp   x = k ln2 + r, |r| <= ln2/2; Taylor polynomial of degree 13 in r (truncation 4e-18);
//   scaled by 2^k through the exponent bits. log   x = 2^k m, m in [1/sqrt2, sqrt2); s =
//   (m-1)/(m+1); log m = 2 s (1 + s^2/3 + s^4/5 + ...), 12 terms (truncation 3e-18). pow   exp(a
//   log x), x > 0. The error grows with |a log x|: about 1e-15 relative for the exponents of heat
//   transfer.
//
// Measured against the C library in tests/twin/core/test_math.cpp: exp and log within 2 ulp over
// their range.
//
// Kernels never branch on a value of type V: `select(condition, a, b)` evaluates both sides, so
// that the same source also compiles for SIMD lanes, where the condition differs from lane to lane.

#include <bit>
#include <cmath>
#include <cstdint>

namespace ampacity::math {

// e^x. Saturates at x = -708 and 709 (no infinities, no denormals).
inline double exp(double x) {
  constexpr double log2_e = 1.4426950408889634074;
  constexpr double ln2_high = 6.93145751953125e-1;  // 20 bits: k * ln2_high is exact
  constexpr double ln2_low = 1.42860682030941723212e-6;
  x = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
  const double k = __builtin_floor(x * log2_e + 0.5);
  const double r = (x - k * ln2_high) - k * ln2_low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  const double fraction = 1.0 + (r + r * r * p);
  const auto bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52;
  return fraction * std::bit_cast<double>(bits);
}

// Natural logarithm; x must be a positive normal number (smaller ones are treated as 1e-300).
inline double log(double x) {
  constexpr double ln2_high = 6.93145751953125e-1;
  constexpr double ln2_low = 1.42860682030941723212e-6;
  x = x < 1e-300 ? 1e-300 : x;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // Adding the distance from sqrt(1/2) to 1 rounds the exponent so that the mantissa falls into
  // [1/sqrt2, sqrt2).
  const auto shifted = bits + (0x3ff0000000000000ULL - 0x3fe6a09e667f3bcdULL);
  const auto exponent = static_cast<std::int64_t>(shifted >> 52) - 1023;
  const double m = std::bit_cast<double>((shifted & 0x000fffffffffffffULL) + 0x3fe6a09e667f3bcdULL);
  const double k = static_cast<double>(exponent);
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const double series = 2.0 * s + 2.0 * s * z * p;
  return k * ln2_high + (series + k * ln2_low);
}

inline double sqrt(double x) { return __builtin_sqrt(x); }

// x^a for x > 0.
inline double pow(double x, double a) { return exp(a * log(x)); }

inline double abs(double x) { return x < 0.0 ? -x : x; }
inline double min(double a, double b) { return b < a ? b : a; }
inline double max(double a, double b) { return a < b ? b : a; }

// `a` where the condition holds, else `b`; both are evaluated.
inline double select(bool condition, double a, double b) { return condition ? a : b; }

// The plain number in a value: for comparisons, table look-ups and messages, where derivatives do
// not matter.
inline double value_of(double x) { return x; }

// Functions that follow from the ones above, for any value type.
template <class V>
V clamp(const V& x, double low, double high) {
  return min(max(x, V(low)), V(high));
}

template <class V>
V square(const V& x) {
  return x * x;
}

// Hyperbolic tangent through exp; |x| above 20 gives +-1 to double precision.
template <class V>
V tanh(const V& x) {
  const V e = exp(clamp(x, -20.0, 20.0) * 2.0);
  return (e - 1.0) / (e + 1.0);
}

// A smooth stand-in for max(x, 0) that differs from it by at most width/2, at x = 0. It keeps f'
// continuous where a flow or a margin passes through zero, so that an implicit integrator does not
// stumble.
template <class V>
V smooth_positive(const V& x, double width) {
  return (x + sqrt(x * x + width * width)) * 0.5;
}

}  // namespace ampacity::math
