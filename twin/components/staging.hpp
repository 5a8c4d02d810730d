// SPDX-License-Identifier: Apache-2.0
#pragma once

// Staging: how a group of equal machines (tower cells, fans of a dry cooler, plates) takes one more
// into use or one out of it.
//
// A signal of the group, for example the speed command of its fans, is watched against two limits.
// When it has stood above the upper one for a whole delay, one machine is added; below the lower
// one, one is taken away; when it comes back in between, the wait is given up. After a change the
// guards look again, so that a signal that still stands outside starts the next wait.
//
//                above upper                       delay over
//   steady ---------------------> adding -----------------------> one more, steady
//      ^                             |
//      +------- back below ----------+            and the same for taking
//
// Of the machines that have not failed, those that are wanted are in use, the others stand by. A
// fault takes machines that are in use first, at once; a spare takes over after a changeover time.
//
// Use in a component: two modes `std::int64_t staging, staging_timer_ns` (rows below), three guards
// (signal high, low, inside) and one timer tag.

#include "twin/components/component.hpp"
#include "twin/components/instant.hpp"

namespace ampacity {

enum class Staging : std::int64_t { steady, adding, taking };

inline constexpr ModeRow staging_row{"staging", "steady|adding|taking",
                                     "what the staging waits for"};
inline constexpr ModeRow staging_timer_row{"staging_timer", "",
                                           "instant at which the present wait is over, ns"};
inline constexpr GuardRow signal_high_row{"signal_high", Severity::information,
                                          "the group works hard: one more machine is wanted"};
inline constexpr GuardRow signal_low_row{"signal_low", Severity::information,
                                         "the group has little to do: one machine can rest"};
inline constexpr GuardRow signal_inside_row{"signal_inside", Severity::information,
                                            "the staging gives up its wait"};

// Limits of one moment: `may_add` and `may_take` say whether there is a machine left for it.
struct StagingRules {
  double upper;
  double lower;
  double return_band;  // the wait is given up this far inside of the limit
  double add_delay_s;
  double take_delay_s;
  bool may_add;
  bool may_take;
};

// Guard values (high, low, inside) for the signal.
inline std::array<double, 3> staging_guards(const StagingRules& rules, std::int64_t staging,
                                            double signal) {
  std::array<double, 3> guard{-1.0, -1.0, -1.0};
  if (staging == static_cast<std::int64_t>(Staging::steady)) {
    if (rules.may_add) guard[0] = signal - rules.upper;
    if (rules.may_take) guard[1] = rules.lower - signal;
  } else if (staging == static_cast<std::int64_t>(Staging::adding)) {
    guard[2] = rules.may_add ? rules.upper - rules.return_band - signal : 1.0;
  } else {
    guard[2] = rules.may_take ? signal - rules.lower - rules.return_band : 1.0;
  }
  return guard;
}

// Answer to the guards `signal_high` and `signal_low`. Does not look at the signal again: on the
// instant of the crossing it is equal to the limit but for rounding.
inline void begin_staging(const StagingRules& rules, Agenda& agenda, int tag, Staging direction,
                          std::int64_t& staging, std::int64_t& staging_timer_ns) {
  const double delay_s = direction == Staging::adding ? rules.add_delay_s : rules.take_delay_s;
  staging = static_cast<std::int64_t>(direction);
  staging_timer_ns = instant_after(agenda, delay_s);
  agenda.wake_after(delay_s, tag);
}

// Answer to the timer: +1, -1 or 0 (the wait was given up or overtaken). The caller changes its
// count.
inline int end_staging(const Agenda& agenda, std::int64_t& staging, std::int64_t staging_timer_ns) {
  if (agenda.now_ns() < staging_timer_ns) return 0;
  const int step = staging == static_cast<std::int64_t>(Staging::adding)   ? 1
                   : staging == static_cast<std::int64_t>(Staging::taking) ? -1
                                                                           : 0;
  staging = static_cast<std::int64_t>(Staging::steady);
  return step;
}

// `count` machines are lost, those in use first.
inline void lose_machines(std::int64_t count, std::int64_t& available, std::int64_t& in_use) {
  const std::int64_t lost = count < available ? count : available;
  available -= lost;
  in_use -= lost < in_use ? lost : in_use;
}

// Machines that are in use as soon as every changeover is over.
inline std::int64_t machines_in_use(std::int64_t wanted, std::int64_t available) {
  return wanted < available ? wanted : available;
}

}  // namespace ampacity
