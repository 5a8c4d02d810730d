// SPDX-License-Identifier: Apache-2.0
#pragma once

// Dual numbers: a value and its derivatives in eight directions.
//
// A Jacobian written by hand doubles every equation and is wrong in one place out of fifty. Kernels
// are therefore written once, for any value type; with V = Dual the chain rule runs along, term by
// term, and gives the exact analytic derivative at machine precision (forward mode). Components are
// small (a few states and inputs), so eight directions, two AVX2 registers of four, cover most in
// one pass, and no tape, allocation or branch is needed.
//
//   (a, a') + (b, b') = (a + b, a' + b')        (a, a') (b, b') = (a b, a' b + a b')        f(a,
//   a') = (f(a), f'(a) a')
//
// Comparisons look at the value only. At a kink (min, max, select) the derivative is that of the
// side taken.

#include <array>

#include "twin/core/math.hpp"

namespace ampacity::math {

// Lives in `math` so that argument-dependent lookup finds its functions from any kernel.
struct Dual {
  static constexpr int directions = 8;
  using Directions = std::array<double, directions>;

  double value = 0.0;
  Directions slope{};

  Dual() = default;
  Dual(double v)
      : value(v) {}  // NOLINT(google-explicit-constructor): constants mix freely with duals

  // A variable whose own direction is `direction`.
  static Dual variable(double v, int direction) {
    Dual out(v);
    out.slope[static_cast<std::size_t>(direction)] = 1.0;
    return out;
  }

  // f(x) with derivative `slope_of_f` at x.
  static Dual chain(double f, double slope_of_f, const Dual& x) {
    Dual out(f);
    for (std::size_t i = 0; i < directions; ++i) out.slope[i] = slope_of_f * x.slope[i];
    return out;
  }

  // f(x, y) with partial derivatives fx and fy.
  static Dual chain(double f, double fx, const Dual& x, double fy, const Dual& y) {
    Dual out(f);
    for (std::size_t i = 0; i < directions; ++i) out.slope[i] = fx * x.slope[i] + fy * y.slope[i];
    return out;
  }

  Dual& operator+=(const Dual& b) { return *this = chain(value + b.value, 1.0, *this, 1.0, b); }
  Dual& operator-=(const Dual& b) { return *this = chain(value - b.value, 1.0, *this, -1.0, b); }
  Dual& operator*=(const Dual& b) {
    return *this = chain(value * b.value, b.value, *this, value, b);
  }
  Dual& operator/=(const Dual& b) {
    const double quotient = value / b.value;
    return *this = chain(quotient, 1.0 / b.value, *this, -quotient / b.value, b);
  }

  friend Dual operator+(Dual a, const Dual& b) { return a += b; }
  friend Dual operator-(Dual a, const Dual& b) { return a -= b; }
  friend Dual operator*(Dual a, const Dual& b) { return a *= b; }
  friend Dual operator/(Dual a, const Dual& b) { return a /= b; }
  friend Dual operator-(const Dual& a) { return chain(-a.value, -1.0, a); }

  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend bool operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
  friend bool operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }
};

inline double value_of(const Dual& x) { return x.value; }

inline Dual exp(const Dual& x) {
  const double e = exp(x.value);
  return Dual::chain(e, e, x);
}
inline Dual log(const Dual& x) { return Dual::chain(log(x.value), 1.0 / x.value, x); }
inline Dual sqrt(const Dual& x) {
  const double root = sqrt(x.value);
  return Dual::chain(root, 0.5 / root, x);
}
inline Dual pow(const Dual& x, double a) {
  const double y = pow(x.value, a);
  return Dual::chain(y, a * y / x.value, x);
}
inline Dual abs(const Dual& x) { return x.value < 0.0 ? -x : x; }
inline Dual min(const Dual& a, const Dual& b) { return b.value < a.value ? b : a; }
inline Dual max(const Dual& a, const Dual& b) { return a.value < b.value ? b : a; }
inline Dual select(bool condition, const Dual& a, const Dual& b) { return condition ? a : b; }

}  // namespace ampacity::math

namespace ampacity {
using math::Dual;
}
