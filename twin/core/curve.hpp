// SPDX-License-Identifier: Apache-2.0
#pragma once

// Named curves: parameters that are a function instead of a number (a pump's head over flow, a
// cell's open-circuit voltage over charge).
//
// A curve is a table of points with strictly rising abscissae, joined by a cubic Hermite
// interpolant whose slopes follow Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5, 1984,
// doi 10.1137/0905021): it passes through every point, keeps the table's monotonicity, never
// overshoots, and has a continuous derivative, which a BDF integrator needs. Outside the table it
// goes on along the end slopes.
//
// Curve is a view (pointers into storage that the plant owns), so that parameter records stay
// trivially copyable.

#include <cstddef>
#include <string>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/core/math.hpp"

namespace ampacity {

struct Curve {
  const double* x = nullptr;
  const double* y = nullptr;
  const double* slope = nullptr;
  std::size_t size = 0;

  // Value at `at`, with derivative when V carries one.
  template <class V>
  V operator()(const V& at) const {
    using math::value_of;
    const double a = value_of(at);
    if (a <= x[0]) return (at - x[0]) * slope[0] + y[0];
    if (a >= x[size - 1]) return (at - x[size - 1]) * slope[size - 1] + y[size - 1];
    std::size_t low = 0;
    std::size_t high = size - 1;
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (a < x[middle] ? high : low) = middle;
    }
    const double h = x[high] - x[low];
    const V s = (at - x[low]) * (1.0 / h);
    const double rise = y[high] - y[low];
    const double start = h * slope[low];
    const double end = h * slope[high];
    // Hermite basis in Horner form: y0 + s (start + s (c2 + s c3)).
    const double c3 = start + end - 2.0 * rise;
    const double c2 = 3.0 * rise - 2.0 * start - end;
    return (((s * c3) + c2) * s + start) * s + y[low];
  }
};

// The points of a curve and their slopes; hand out `view()` to parameter records while this object
// stays alive and unmoved.
class CurveTable {
 public:
  CurveTable() = default;

  // Two points or more, abscissae strictly rising, all finite; otherwise ConfigurationError.
  CurveTable(std::string name, std::vector<double> x, std::vector<double> y)
      : name_(std::move(name)), x_(std::move(x)), y_(std::move(y)) {
    bool good = x_.size() >= 2 && x_.size() == y_.size();
    for (std::size_t i = 0; good && i < x_.size(); ++i) {
      good = std::isfinite(x_[i]) && std::isfinite(y_[i]) && (i == 0 || x_[i] > x_[i - 1]);
    }
    if (!good) {
      throw ConfigurationError({}, "curve." + name_,
                               "needs two or more finite points with strictly rising x "
                               "(sort the points and drop duplicates)");
    }
    set_slopes();
  }

  const std::string& name() const { return name_; }
  Curve view() const { return {x_.data(), y_.data(), slope_.data(), x_.size()}; }

 private:
  void set_slopes() {
    const std::size_t n = x_.size();
    slope_.assign(n, 0.0);
    std::vector<double> secant(n - 1);
    for (std::size_t i = 0; i + 1 < n; ++i) secant[i] = (y_[i + 1] - y_[i]) / (x_[i + 1] - x_[i]);
    slope_.front() = secant.front();
    slope_.back() = secant.back();
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const double left = secant[i - 1];
      const double right = secant[i];
      if (left * right <= 0.0) continue;  // a local extremum of the table stays one
      const double w1 = 2.0 * (x_[i + 1] - x_[i]) + (x_[i] - x_[i - 1]);
      const double w2 = (x_[i + 1] - x_[i]) + 2.0 * (x_[i] - x_[i - 1]);
      slope_[i] = (w1 + w2) / (w1 / left + w2 / right);
    }
  }

  std::string name_;
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<double> slope_;
};

}  // namespace ampacity
