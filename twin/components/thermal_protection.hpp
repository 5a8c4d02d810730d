// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the hardware of a processor does when it gets too hot, for racks of any kind of cooling.
//
//   normal ---- die above slowdown ----> slowdown: the clock is cut for a minimum time
//     ^  ^                                  |   |
//     |  +---- cool again, time over -------+   +---- die above shutdown ----> shutdown: power off
//     +------------------------- cool again, restart delay over ------------------+
//
// "Cool again" is a hysteresis below the maximum operating temperature. Margins as GPUs report them
// (T.Limit of nvidia-smi): maximum operating temperature 87 degC for a 700 W part, slowdown 2 K and
// shutdown 8 K above it; 88 degC, 3 K and 5 K for nodes of eight B200.
//
// The air at the rack's front is watched too (`inlet_guards`): power supplies, memory and network
// live on it, also where processors are cooled by liquid. It raises an alarm and clears 1 K lower.
//
// Use: two modes (thermal, thermal_timer_ns), three guards, one timer tag. A timer instant of 0
// means that the wait is over and the temperature alone decides.

#include "twin/components/instant.hpp"

namespace ampacity {

enum class Thermal : std::int64_t { normal, slowdown, shutdown };

inline constexpr ModeRow thermal_row{"thermal", "normal|slowdown|shutdown",
                                     "hardware protection of the processors"};
inline constexpr ModeRow thermal_timer_row{"thermal_timer", "",
                                           "instant from which recovery is possible, ns; 0: now"};
inline constexpr GuardRow slowdown_row{"slowdown", Severity::limit,
                                       "a die reached the slowdown temperature"};
inline constexpr GuardRow recovery_row{"recovery", Severity::information, "dies are cool again"};
inline constexpr GuardRow shutdown_row{"shutdown", Severity::trip,
                                       "a die reached the shutdown temperature"};

struct ThermalRules {
  double maximum_k;
  double slowdown_above_k;
  double shutdown_above_k;
  double hysteresis_k;
  double slowdown_hold_s;
  double restart_delay_s;
};

// Guard values, in the order slowdown, recovery, shutdown.
inline void thermal_guards(const ThermalRules& rules, std::int64_t thermal, std::int64_t timer_ns,
                           double die_k, double* guard) {
  const auto state = static_cast<Thermal>(thermal);
  const double above_k = die_k - rules.maximum_k;
  const bool may_recover = state != Thermal::normal && timer_ns == 0;
  guard[0] = state == Thermal::normal ? (above_k - rules.slowdown_above_k) / 10.0 : -1.0;
  guard[1] = may_recover ? -(above_k + rules.hysteresis_k) / 10.0 : -1.0;
  guard[2] = state != Thermal::shutdown ? (above_k - rules.shutdown_above_k) / 10.0 : -1.0;
}

// Answers guard `index` (0..2 as above).
inline void on_thermal_guard(const ThermalRules& rules, int index, Agenda& agenda, int tag,
                             std::int64_t& thermal, std::int64_t& timer_ns) {
  if (index == 1) {
    thermal = static_cast<std::int64_t>(Thermal::normal);
    agenda.note(Severity::information, "thermal protection released");
    return;
  }
  const bool slow = index == 0;
  const double wait_s = slow ? rules.slowdown_hold_s : rules.restart_delay_s;
  thermal = static_cast<std::int64_t>(slow ? Thermal::slowdown : Thermal::shutdown);
  timer_ns = instant_after(agenda, wait_s);
  agenda.wake_after(wait_s, tag);
  agenda.note(slow ? Severity::limit : Severity::trip,
              slow ? "thermal slowdown" : "thermal shutdown");
}

inline void on_thermal_timer(const Agenda& agenda, std::int64_t& timer_ns) {
  if (agenda.now_ns() >= timer_ns) timer_ns = 0;
}

inline constexpr ModeRow inlet_alarm_row{"inlet_alarm", "no|yes", "inlet air above its limit"};
inline constexpr GuardRow inlet_warm_row{"inlet_warm", Severity::limit,
                                         "the inlet air is above its limit"};
inline constexpr GuardRow inlet_back_row{"inlet_back", Severity::information,
                                         "the inlet air is 1 K below its limit again"};

// Guard values, in the order inlet_warm, inlet_back.
inline void inlet_guards(double limit_k, std::int64_t alarm, double inlet_k, double* guard) {
  guard[0] = alarm == 0 ? (inlet_k - limit_k) / 10.0 : -1.0;
  guard[1] = alarm != 0 ? (limit_k - 1.0 - inlet_k) / 10.0 : -1.0;
}

// Share of the clock that is left: 1, `slowdown_fraction` or 0.
inline double clock_share(std::int64_t thermal, double slowdown_fraction) {
  const auto state = static_cast<Thermal>(thermal);
  return state == Thermal::normal ? 1.0 : (state == Thermal::slowdown ? slowdown_fraction : 0.0);
}

}  // namespace ampacity
