// SPDX-License-Identifier: Apache-2.0

// Rotating mass: the closed form of the coast-down, and where the energy goes.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/twin/components/relative.hpp"
#include "twin/components/rotor.hpp"

using namespace ampacity;
using namespace ampacity::tests;

TEST_CASE("rotor: coasting is hyperbolic and gives the load what it stored") {
  constexpr double full_w = 20e3;
  constexpr double coasting_s = 1.5;
  constexpr double step_s = 1e-4;
  const double energy_j = rotor::energy_j(full_w, coasting_s);
  CHECK(energy_j == relative(15e3, 1e-12));
  double speed = 0.8;
  double given_j = 0.0;
  for (int i = 0; i < 60'000; ++i) {
    // Midpoint rule.
    const double half = speed + 0.5 * step_s * rotor::coasting_rate_hz(speed, 2.0, 0.0, coasting_s);
    const double rate = rotor::coasting_rate_hz(half, 2.0, 0.0, coasting_s);
    const auto power =
        rotor::power(false, rotor::Motion<double>{2.0, 0.0, half, rate}, 1e9, energy_j, 0.9);
    CHECK(power.electric_w == 0.0);
    CHECK(power.braking_w == 0.0);
    CHECK(power.load_w == relative(2.0 * full_w * half * half * half, 1e-12));
    given_j += step_s * power.load_w;
    speed += step_s * rate;
  }
  CHECK(speed == relative(0.8 / (1.0 + 0.8 * 6.0 / coasting_s), 1e-6));
  const double lost_j = rotor::stored_j(2.0, 0.8, energy_j) - rotor::stored_j(2.0, speed, energy_j);
  CHECK(given_j == relative(lost_j, 1e-6));
  // Half of full speed after the coasting time, from full speed.
  CHECK(1.0 / (1.0 + coasting_s / coasting_s) == 0.5);
}

TEST_CASE("rotor: a drive speeds up, brakes and takes machines in; nothing is left over") {
  struct Case {
    bool driven;
    double count, count_rate, speed, speed_rate, shaft_w;
  };
  constexpr double energy_j = 12e3;
  constexpr double efficiency = 0.95;
  for (const Case& c :
       {Case{true, 2.0, 0.0, 0.7, 0.05, 9e3}, Case{true, 2.0, 0.0, 0.7, -0.1, 1e3},
        Case{true, 1.6, 0.2, 0.7, 0.0, 9e3}, Case{true, 1.6, -0.4, 0.7, -0.02, 9e3},
        Case{false, 1.6, 0.0, 0.7, -0.3, 9e3}, Case{false, 3.0, 0.5, 0.7, -0.3, 9e3}}) {
    CAPTURE(c.count);
    CAPTURE(c.speed_rate);
    const auto power =
        rotor::power(c.driven, rotor::Motion<double>{c.count, c.count_rate, c.speed, c.speed_rate},
                     c.shaft_w, energy_j, efficiency);
    const double stored_w =
        energy_j * (2.0 * c.count * c.speed * c.speed_rate + c.count_rate * c.speed * c.speed);
    CHECK(power.electric_w * efficiency - power.braking_w - power.load_w ==
          doctest::Approx(stored_w).epsilon(1e-12));
    CHECK(power.electric_w >= 0.0);
    CHECK(power.braking_w >= 0.0);
    CHECK((power.electric_w == 0.0 || power.braking_w == 0.0));
  }
  // Machines that join a coasting group stand still: the mean of s^2 falls, energy does not rise.
  const double rate = rotor::coasting_rate_hz(0.6, 4.0, 0.3, 5.0);
  const double stored_hz = 2.0 * 4.0 * 0.6 * rate + 0.3 * 0.36;
  CHECK(stored_hz == relative(-4.0 * 2.0 * 0.6 * 0.36 / 5.0, 1e-12));
}
