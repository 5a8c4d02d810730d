// SPDX-License-Identifier: Apache-2.0
#include "twin/components/pi_control.hpp"

// Off its limits the integral counts the error; on a limit it comes to rest where the error's count
// and the back-calculation balance, with the tracking time T_i/2.

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

namespace ampacity::tests {

namespace {

constexpr PiRules rules{0.2, 30.0, 0.1, 1.0};

}  // namespace

TEST_CASE("PI control off its limits: command I + k e, rate k e/T_i") {
  const PiControl<double> control = pi_control(rules, 0.5, -1.5);
  CHECK(control.command == doctest::Approx(0.2).epsilon(1e-14));
  CHECK(control.integral_rate == doctest::Approx(-0.01).epsilon(1e-14));
}

TEST_CASE("PI control on a limit: wanted rests k e/2 beyond it, for either sign") {
  for (const double error : {4.0, -3.0}) {
    const double limit = error > 0.0 ? rules.high : rules.low;
    const double at_rest = limit - 0.5 * rules.gain * error;
    const PiControl<double> control = pi_control(rules, at_rest, error);
    CHECK(control.command == limit);
    CHECK(std::abs(control.integral_rate) < 1e-15);
  }
}

TEST_CASE("PI control on a limit: the integral comes to rest with the time constant T_i/2") {
  const double error = 4.0;
  const double at_rest = rules.high - 0.5 * rules.gain * error;
  const double start = at_rest + 2.0;
  double integral = start;
  const double step_s = 0.001;
  for (int i = 0; i < 15000; ++i) {  // one T_w
    integral += step_s * pi_control(rules, integral, error).integral_rate;
  }
  CHECK((integral - at_rest) / (start - at_rest) == doctest::Approx(std::exp(-1.0)).epsilon(1e-4));
}

}  // namespace ampacity::tests
