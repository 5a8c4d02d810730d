// SPDX-License-Identifier: Apache-2.0
#pragma once

// An implicit integrator for tests of stiff closed forms: Radau IIA collocation.
//
// The tables of reactor kinetics hold 7 to 13 digits over stiff transients of 40 decades. This is
// the classical collocation method with S stages (order 2S-1, L-stable): over a step h the solution
// is the polynomial of degree S that satisfies the equations at the nodes x_1 < ... < x_S = 1. The
// nodes are the roots of P_S(2x-1) - P_(S-1)(2x-1) (Legendre); the weights a_ij integrate the
// Lagrange polynomials. Stage values solve
//
//   Z_i = h sum_j a_ij f(t + x_j h, y + Z_j)
//
// by Newton's method with the dense matrix I - h (A x J); J comes from the caller. Step size by
// doubling: a step of h against two of h/2. Slow and simple on purpose; nothing of the product uses
// it. (E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, sections IV.5 and IV.8.)

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <vector>

namespace ampacity::tests {

class Radau {
 public:
  // Fills `slope` with f(t, y).
  using Slope = std::function<void(double, const double*, double*)>;
  // Fills the row-major n x n matrix df/dy.
  using Jacobian = std::function<void(double, const double*, double*)>;

  Radau(std::size_t size, std::size_t stages, Slope slope, Jacobian jacobian)
      : n_(size), s_(stages), slope_(std::move(slope)), jacobian_(std::move(jacobian)) {
    find_nodes();
    find_weights();
  }

  double relative = 1e-11;
  double absolute = 1e-14;
  double longest_step_s = 1e30;
  std::size_t steps = 0;

  // Called after each accepted step with the time, the state and the step just made.
  std::function<void(double, const std::vector<double>&)> watch;

  // From `from_s` to `to_s`; `first_step_s` is a guess.
  void advance(std::vector<double>& y, double from_s, double to_s, double first_step_s) {
    double t = from_s;
    double h = std::min(first_step_s, to_s - from_s);
    while (t < to_s) {
      h = std::min(h, longest_step_s);
      const bool last = t + h * (1.0 + 1e-12) >= to_s;
      if (last) h = to_s - t;
      std::vector<double> coarse = y;
      std::vector<double> fine = y;
      double error = 1e9;
      if (step(coarse, t, h) && step(fine, t, 0.5 * h) && step(fine, t + 0.5 * h, 0.5 * h)) {
        error = 0.0;
        for (std::size_t i = 0; i < n_; ++i) {
          const double scale = absolute + relative * std::max(std::abs(y[i]), std::abs(fine[i]));
          error = std::max(error, std::abs(fine[i] - coarse[i]) / scale);
        }
      }
      if (error <= 1.0) {
        y = fine;
        t = last ? to_s : t + h;
        ++steps;
        if (watch) watch(t, y);
      } else if (h < 1e-14 * (1.0 + std::abs(t))) {
        throw std::runtime_error("Radau: step too small");
      }
      const double order = static_cast<double>(2 * s_ - 1);
      h *= std::clamp(0.9 * std::pow(std::max(error, 1e-12), -1.0 / (order + 1.0)), 0.2, 4.0);
    }
  }

 private:
  // Legendre polynomial P_k at z.
  static double legendre(std::size_t k, double z) {
    double before = 1.0;
    double now = z;
    if (k == 0) return 1.0;
    for (std::size_t i = 2; i <= k; ++i) {
      const double order = static_cast<double>(i);
      const double next = ((2.0 * order - 1.0) * z * now - (order - 1.0) * before) / order;
      before = now;
      now = next;
    }
    return now;
  }
  double node_function(double x) const {
    return legendre(s_, 2.0 * x - 1.0) - legendre(s_ - 1, 2.0 * x - 1.0);
  }

  void find_nodes() {
    const int grid = 4000;
    for (int k = 0; k < grid; ++k) {
      double low = static_cast<double>(k) / grid;
      double high = static_cast<double>(k + 1) / grid;
      if (k == grid - 1) break;  // the root at 1 is known
      const bool rising = node_function(low) < 0.0;
      if (rising == (node_function(high) < 0.0)) continue;
      for (int bisection = 0; bisection < 80; ++bisection) {
        const double middle = 0.5 * (low + high);
        ((node_function(middle) < 0.0) == rising ? low : high) = middle;
      }
      node_.push_back(0.5 * (low + high));
    }
    node_.push_back(1.0);
    if (node_.size() != s_) throw std::runtime_error("Radau: nodes");
  }

  // a_ij from sum_j a_ij x_j^k = x_i^(k+1)/(k+1), k = 0..S-1.
  void find_weights() {
    weight_.assign(s_ * s_, 0.0);
    for (std::size_t i = 0; i < s_; ++i) {
      std::vector<double> matrix(s_ * s_);
      std::vector<double> right(s_);
      for (std::size_t k = 0; k < s_; ++k) {
        for (std::size_t j = 0; j < s_; ++j) {
          matrix[k * s_ + j] = std::pow(node_[j], static_cast<double>(k));
        }
        right[k] = std::pow(node_[i], static_cast<double>(k + 1)) / static_cast<double>(k + 1);
      }
      factor(matrix, s_, pivot_);
      solve(matrix, s_, pivot_, right);
      for (std::size_t j = 0; j < s_; ++j) weight_[i * s_ + j] = right[j];
    }
  }

  static void factor(std::vector<double>& a, std::size_t n, std::vector<std::size_t>& pivot) {
    pivot.assign(n, 0);
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t best = k;
      for (std::size_t i = k + 1; i < n; ++i) {
        if (std::abs(a[i * n + k]) > std::abs(a[best * n + k])) best = i;
      }
      pivot[k] = best;
      if (best != k) std::swap_ranges(&a[k * n], &a[k * n] + n, &a[best * n]);
      for (std::size_t i = k + 1; i < n; ++i) {
        const double ratio = a[i * n + k] / a[k * n + k];
        a[i * n + k] = ratio;
        if (ratio == 0.0) continue;
        for (std::size_t j = k + 1; j < n; ++j) a[i * n + j] -= ratio * a[k * n + j];
      }
    }
  }
  static void solve(const std::vector<double>& a, std::size_t n,
                    const std::vector<std::size_t>& pivot, std::vector<double>& b) {
    for (std::size_t k = 0; k < n; ++k) {
      if (pivot[k] != k) std::swap(b[k], b[pivot[k]]);
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) b[i] -= a[i * n + j] * b[j];
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i * n + j] * b[j];
      b[i] /= a[i * n + i];
    }
  }

  bool step(std::vector<double>& y, double t, double h) {
    const std::size_t m = n_ * s_;
    std::vector<double> jacobian(n_ * n_);
    jacobian_(t, y.data(), jacobian.data());
    std::vector<double> matrix(m * m, 0.0);
    for (std::size_t i = 0; i < s_; ++i) {
      for (std::size_t j = 0; j < s_; ++j) {
        const double weight = h * weight_[i * s_ + j];
        for (std::size_t r = 0; r < n_; ++r) {
          for (std::size_t c = 0; c < n_; ++c) {
            matrix[(i * n_ + r) * m + j * n_ + c] = -weight * jacobian[r * n_ + c];
          }
        }
      }
    }
    for (std::size_t k = 0; k < m; ++k) matrix[k * m + k] += 1.0;
    factor(matrix, m, pivot_);

    std::vector<double> z(m, 0.0);
    std::vector<double> f(m);
    std::vector<double> stage(n_);
    double previous = 1e300;
    for (int iteration = 0; iteration < 40; ++iteration) {
      for (std::size_t j = 0; j < s_; ++j) {
        for (std::size_t r = 0; r < n_; ++r) stage[r] = y[r] + z[j * n_ + r];
        slope_(t + node_[j] * h, stage.data(), &f[j * n_]);
      }
      std::vector<double> residual(m);
      for (std::size_t i = 0; i < s_; ++i) {
        for (std::size_t r = 0; r < n_; ++r) {
          double sum = -z[i * n_ + r];
          for (std::size_t j = 0; j < s_; ++j) sum += h * weight_[i * s_ + j] * f[j * n_ + r];
          residual[i * n_ + r] = sum;
        }
      }
      solve(matrix, m, pivot_, residual);
      double change = 0.0;
      for (std::size_t k = 0; k < m; ++k) {
        z[k] += residual[k];
        const double scale = absolute + relative * std::abs(y[k % n_] + z[k]);
        change = std::max(change, std::abs(residual[k]) / scale);
      }
      if (!std::isfinite(change)) return false;
      if (change < 1e-3 || (change < 0.1 && change > 0.5 * previous)) {
        for (std::size_t r = 0; r < n_; ++r) y[r] += z[(s_ - 1) * n_ + r];
        return true;
      }
      if (iteration > 8 && change > 0.9 * previous) return false;
      previous = change;
    }
    return false;
  }

  std::size_t n_;
  std::size_t s_;
  Slope slope_;
  Jacobian jacobian_;
  std::vector<double> node_;
  std::vector<double> weight_;
  std::vector<std::size_t> pivot_;
};

}  // namespace ampacity::tests
