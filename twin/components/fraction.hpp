// SPDX-License-Identifier: Apache-2.0
#pragma once

// Set-points and shares that an order changes are modes, because they jump; modes are integers.
// They are kept in millionths: a valve's blockage in millionths of its area, a temperature in
// microkelvin. The rounding, half a millionth, is far below what a sensor could see.

#include <cstdint>

namespace ampacity {

inline std::int64_t to_millionths(double value) {
  return static_cast<std::int64_t>(value * 1e6 + (value < 0.0 ? -0.5 : 0.5));
}

inline double from_millionths(std::int64_t count) { return static_cast<double>(count) * 1e-6; }

}  // namespace ampacity
