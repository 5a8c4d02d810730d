// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instants of timers. A unit keeps the instant that it waits for as a mode and compares it with the
// present one when a timer comes; both must come from the same rounding of seconds to nanoseconds.

#include "twin/components/component.hpp"
#include "twin/core/time.hpp"

namespace ampacity {

// The instant at which a timer of `delay_s` seconds that is asked for now will come.
inline std::int64_t instant_after(const Agenda& agenda, double delay_s) {
  return agenda.now_ns() + seconds(delay_s).ns;
}

}  // namespace ampacity
