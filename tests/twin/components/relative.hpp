// SPDX-License-Identifier: Apache-2.0
#pragma once

// Relative tolerance for tests. doctest::Approx adds 1 to the scale of its tolerance, so that small
// quantities (a viscosity, a humidity ratio) would be compared to an absolute 1e-4 or so.

#include <doctest/doctest.h>

namespace ampacity::tests {

// Equal within `tolerance` times the larger of both magnitudes.
inline doctest::Approx relative(double expected, double tolerance) {
  return doctest::Approx(expected).epsilon(tolerance).scale(0.0);
}

}  // namespace ampacity::tests
