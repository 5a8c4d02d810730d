// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/vector_kernels.hpp"

#include <cmath>
#include <cstddef>

namespace ampacity {

namespace {

double* data(N_Vector v) { return NV_DATA_S(v); }
std::size_t size(N_Vector v) { return static_cast<std::size_t>(NV_LENGTH_S(v)); }

void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z) {
  const double* u = data(x);
  const double* v = data(y);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = a * u[i] + b * v[i];
}

void constant(double c, N_Vector z) {
  double* out = data(z);
  const std::size_t n = size(z);
  for (std::size_t i = 0; i < n; ++i) out[i] = c;
}

void product(N_Vector x, N_Vector y, N_Vector z) {
  const double* u = data(x);
  const double* v = data(y);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = u[i] * v[i];
}

void scale(double c, N_Vector x, N_Vector z) {
  const double* u = data(x);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = c * u[i];
}

void absolute(N_Vector x, N_Vector z) {
  const double* u = data(x);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = std::abs(u[i]);
}

void inverse(N_Vector x, N_Vector z) {
  const double* u = data(x);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = 1.0 / u[i];
}

void add_constant(N_Vector x, double b, N_Vector z) {
  const double* u = data(x);
  double* out = data(z);
  const std::size_t n = size(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = u[i] + b;
}

double weighted_rms_norm(N_Vector x, N_Vector w) {
  const double* u = data(x);
  const double* v = data(w);
  const std::size_t n = size(x);
  double part[4] = {0.0, 0.0, 0.0, 0.0};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double term = u[i + k] * v[i + k];
      part[k] += term * term;
    }
  }
  for (; i < n; ++i) part[0] += u[i] * v[i] * u[i] * v[i];
  const double sum = (part[0] + part[1]) + (part[2] + part[3]);
  return std::sqrt(sum / static_cast<double>(n));
}

double largest(N_Vector x) {
  const double* u = data(x);
  const std::size_t n = size(x);
  double out = 0.0;
  for (std::size_t i = 0; i < n; ++i) out = std::abs(u[i]) > out ? std::abs(u[i]) : out;
  return out;
}

}  // namespace

void install_vector_kernels(N_Vector vector) {
  auto* ops = vector->ops;
  ops->nvlinearsum = linear_sum;
  ops->nvconst = constant;
  ops->nvprod = product;
  ops->nvscale = scale;
  ops->nvabs = absolute;
  ops->nvinv = inverse;
  ops->nvaddconst = add_constant;
  ops->nvwrmsnorm = weighted_rms_norm;
  ops->nvmaxnorm = largest;
}

}  // namespace ampacity
