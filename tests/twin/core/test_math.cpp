// SPDX-License-Identifier: Apache-2.0
// Elementary functions of the kernels against the C library, and dual numbers against closed-form
// derivatives.
#include <doctest/doctest.h>

#include <cmath>

#include "twin/core/dual.hpp"
#include "twin/core/math.hpp"

namespace ampacity::tests {
namespace {

TEST_CASE("exp is within 2 ulp of the C library and saturates outside its range") {
  double worst = 0.0;
  for (double x = -707.9; x < 708.9; x += 0.0137) {
    worst = std::max(worst, std::abs(math::exp(x) / std::exp(x) - 1.0));
  }
  CHECK(worst <= 2.0 * 2.3e-16);
  CHECK(std::isfinite(math::exp(1e6)));
  CHECK(math::exp(-1e6) > 0.0);
}

TEST_CASE("log is within 2 ulp of the C library") {
  double worst = 0.0;
  for (double decade = -299.0; decade < 300.0; decade += 0.0137) {
    const double y = std::pow(10.0, decade);
    const double exact = std::log(y);
    if (exact != 0.0) worst = std::max(worst, std::abs(math::log(y) / exact - 1.0));
  }
  for (double y = 0.5001; y < 2.0; y += 1.31e-5) {
    worst = std::max(worst, std::abs(math::log(y) / std::log(y) - 1.0));
  }
  CHECK(worst <= 2.0 * 2.3e-16);
}

TEST_CASE("powers of heat transfer are good to 1e-14") {
  for (double x = 1e-6; x < 1e6; x *= 1.7) {
    for (const double a : {0.25, 0.5, 0.6, 0.8, 1.6, -0.22}) {
      CHECK(math::pow(x, a) / std::pow(x, a) == doctest::Approx(1.0).epsilon(1e-14));
    }
  }
}

TEST_CASE("dual numbers carry exact derivatives") {
  const Dual x = Dual::variable(0.7, 0);
  const Dual y = Dual::variable(1.3, 1);
  const Dual f = exp(x * y) / (sqrt(y) + 1.0) + math::tanh(x) * pow(y, 0.8) - log(x + y);
  const double e = std::exp(0.91);
  const double root = std::sqrt(1.3);
  const double t = std::tanh(0.7);
  const double by_x = 1.3 * e / (root + 1.0) + (1.0 - t * t) * std::pow(1.3, 0.8) - 0.5;
  const double by_y = 0.7 * e / (root + 1.0) - e * 0.5 / root / ((root + 1.0) * (root + 1.0)) +
                      t * 0.8 * std::pow(1.3, -0.2) - 0.5;
  CHECK(f.slope[0] == doctest::Approx(by_x).epsilon(1e-13));
  CHECK(f.slope[1] == doctest::Approx(by_y).epsilon(1e-13));
  CHECK(f.slope[2] == 0.0);
}

}  // namespace
}  // namespace ampacity::tests
