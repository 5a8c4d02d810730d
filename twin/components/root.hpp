// SPDX-License-Identifier: Apache-2.0
#pragma once

// A root that is found by iteration and differentiated exactly.
//
// Some laws give their result only implicitly: f(x, a) = 0, where a are states and inputs. An
// iteration that runs until it is content would make the result a staircase, and derivatives that
// are carried through the iteration lag one step behind it. Here a fixed number of Newton steps
// runs on plain numbers, and one last step is done in the value type of the kernel:
//
//   x = x0 - f(x0, a) / f_x        f_x as a plain number
//
// Since f(x0, a) is zero to rounding, the value does not move, while the derivative of the step is
//   dx = -(f_a / f_x) da,          the implicit function theorem.
//
// f_x comes from Ray, a dual number (dual.hpp) with one direction only: the iteration runs in every
// evaluation of a kernel and needs no other direction.

#include "twin/core/dual.hpp"

namespace ampacity {

namespace math {

// A value and its derivative in one direction. In `math`, so that kernels' functions are found.
struct Ray {
  double value = 0.0;
  double slope = 0.0;

  Ray() = default;
  Ray(double v) : value(v) {}  // NOLINT(google-explicit-constructor): constants mix freely
  Ray(double v, double s) : value(v), slope(s) {}

  friend Ray operator+(const Ray& a, const Ray& b) {
    return {a.value + b.value, a.slope + b.slope};
  }
  friend Ray operator-(const Ray& a, const Ray& b) {
    return {a.value - b.value, a.slope - b.slope};
  }
  friend Ray operator*(const Ray& a, const Ray& b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
  friend Ray operator/(const Ray& a, const Ray& b) {
    const double quotient = a.value / b.value;
    return {quotient, (a.slope - quotient * b.slope) / b.value};
  }
  friend Ray operator-(const Ray& a) { return {-a.value, -a.slope}; }
};

inline double value_of(const Ray& x) { return x.value; }
inline Ray exp(const Ray& x) {
  const double e = exp(x.value);
  return {e, e * x.slope};
}
inline Ray log(const Ray& x) { return {log(x.value), x.slope / x.value}; }
inline Ray sqrt(const Ray& x) {
  const double root = sqrt(x.value);
  return {root, 0.5 * x.slope / root};
}
inline Ray min(const Ray& a, const Ray& b) { return b.value < a.value ? b : a; }
inline Ray max(const Ray& a, const Ray& b) { return a.value < b.value ? b : a; }
inline Ray select(bool condition, const Ray& a, const Ray& b) { return condition ? a : b; }

}  // namespace math

// `function(x, arguments...)` is callable with all arguments of one type, for Ray and V. `steps`
// Newton steps start at `guess`; the caller chooses both so that the root is reached to rounding in
// the whole range of use (a test says so).
template <class V, class Function, class... Arguments>
V implicit_root(const Function& function, double guess, int steps, const Arguments&... arguments) {
  using math::Ray;
  using math::value_of;
  double x = guess;
  double slope = 1.0;
  for (int step = 0; step <= steps; ++step) {
    const Ray residual = function(Ray(x, 1.0), Ray(value_of(arguments))...);
    slope = residual.slope;
    if (step < steps) x -= residual.value / slope;
  }
  return V(x) - function(V(x), arguments...) / slope;
}

}  // namespace ampacity
