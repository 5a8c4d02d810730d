// SPDX-License-Identifier: Apache-2.0

// Meter: what a first-order average leaves of a square load. In the periodic state the average of a
// load that is A for d T and 0 for (1 - d) T swings by
//
//   Delta = A (1 - e^(-d T/tau)) (1 - e^(-(1-d) T/tau))/(1 - e^(-T/tau))
//
// The table holds Delta/A for d = 0.7, evaluated from this form.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "twin/components/meter.hpp"

namespace ampacity {
namespace {

using tests::Bench;

// Swing of the averaged power over the last of `periods` periods of the square load.
double swing(double period_s, double interval_s, int periods) {
  constexpr double duty = 0.7;
  Bench<Meter> bench(Meter::Parameters{interval_s});
  bench.x.averaged_w = duty;
  double high = 0.0;
  double low = 1.0;
  for (int i = 0; i < periods; ++i) {
    bench.u.power_w = 1.0;
    bench.integrate(duty * period_s, 200);
    high = bench.x.averaged_w;
    bench.u.power_w = 0.0;
    bench.integrate((1.0 - duty) * period_s, 200);
    low = bench.x.averaged_w;
  }
  return high - low;
}

TEST_CASE("meter: laws of all components") {
  tests::check_component<Meter>(tests::standard_parameters<Meter>());
}

TEST_CASE("meter: what is left of a square load") {
  constexpr std::array<double, 5> intervals_s{1.0, 5.0, 10.0, 30.0, 60.0};
  struct Row {
    double period_s;
    std::array<double, 5> left;
  };
  for (const Row& row : {Row{1.0, {0.2064, 0.0420, 0.0210, 0.0070, 0.0035}},
                         Row{5.0, {0.7585, 0.2064, 0.1045, 0.0350, 0.0175}},
                         Row{28.0, {0.9998, 0.8004, 0.5199, 0.1931, 0.0976}}}) {
    for (std::size_t i = 0; i < intervals_s.size(); ++i) {
      CAPTURE(row.period_s);
      CAPTURE(intervals_s[i]);
      const int periods = static_cast<int>(12.0 * intervals_s[i] / row.period_s) + 3;
      CHECK(std::abs(swing(row.period_s, intervals_s[i], periods) - row.left[i]) <= 0.6e-4);
    }
  }
}

TEST_CASE("meter: power passes at once, the average follows") {
  Bench<Meter> bench(tests::standard_parameters<Meter>());
  bench.u.power_w = 5e6;
  bench.evaluate();
  CHECK(bench.w.power_w == 5e6);
  CHECK(bench.w.averaged_w == 0.0);
  bench.integrate(1.0, 100);
  CHECK(bench.w.averaged_w == doctest::Approx(5e6 * (1.0 - std::exp(-1.0))).epsilon(1e-8));
}

}  // namespace
}  // namespace ampacity
