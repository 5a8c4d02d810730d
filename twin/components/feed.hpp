// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a machine hangs on its feeders.
//
// A motor has one feeder. Pumps of a group hang on A or on B one by one (pump_group.hpp); a fan, a
// compressor, a tower cell on one. Two feeders, A and B, belong to what can draw from both: a rack
// (one power supply on each) and a cooling unit with a transfer switch of its own. One that has
// only one feeder leaves B at 0 pu. Voltages are rms values relative to nominal and come down from
// the sources; power goes up. A feeder is alive while its voltage is at or above the drop-out
// voltage.
//
//   both alive   half of the power from each
//   one alive    all of it from that one
//   none alive   all of it is booked to the feeder with the higher voltage. Only a machine that
//                rides on its hold-up store (the capacitor of a power supply or of a drive) asks
//                for power then; the store is refilled from the same feeder some milliseconds
//                later. Booking it at once keeps every joule in the account. What has dropped out
//                draws nothing: a coasting rotor lives on its own inertia (rotor.hpp).
//
// Motor loads drop out and come back in a sequence; the same four conditions serve a contactor, a
// variable-speed drive, a chiller and a rack's power supply:
//
//            voltage lost              hold-up over              voltage back
//   powered --------------> holding ----------------> stopped ----------------> restarting
//      ^                       |                         ^                          |
//      |<---- voltage back ----+                         +----- voltage lost -------+
//      |                                                                            |
//      +------------------------------ restart delay over --------------------------+
//
// A timer that was overtaken by another event is recognised by its instant and ignored, so nothing
// needs to be cancelled. A hold-up or restart delay of 0 takes effect at once, without a timer.
//
// Use in a component: two modes `std::int64_t supply, supply_timer_ns` (rows SupplyRows below), two
// guards (voltage lost, voltage back) and one timer tag.

#include "twin/components/instant.hpp"

namespace ampacity {

// The better of two feeders, pu.
template <class V>
V live_voltage(const V& voltage_a, const V& voltage_b) {
  return max(voltage_a, voltage_b);
}

// Power taken from each feeder, W.
template <class V>
struct FeedShare {
  V a_w;
  V b_w;
};

// Divides `power_w` over the two feeders (see above). `drop_out` in pu.
template <class V>
FeedShare<V> share_feeds(const V& power_w, const V& voltage_a, const V& voltage_b,
                         double drop_out) {
  const bool a_alive = value_of(voltage_a) >= drop_out;
  const bool b_alive = value_of(voltage_b) >= drop_out;
  const bool all_from_a =
      a_alive ? !b_alive : !b_alive && value_of(voltage_a) >= value_of(voltage_b);
  const double share_a = a_alive && b_alive ? 0.5 : (all_from_a ? 1.0 : 0.0);
  return {power_w * share_a, power_w * (1.0 - share_a)};
}

enum class Supply : std::int64_t { powered, holding, stopped, restarting };
inline constexpr const char* supply_labels = "powered|holding|stopped|restarting";

inline constexpr ModeRow supply_row{"supply", supply_labels, "what the feeders let the unit do"};
inline constexpr ModeRow supply_timer_row{"supply_timer", "",
                                          "instant at which the present wait is over, ns"};
inline constexpr GuardRow voltage_lost_row{"voltage_lost", Severity::warning,
                                           "no feeder is above the drop-out voltage"};
inline constexpr GuardRow voltage_back_row{"voltage_back", Severity::information,
                                           "a feeder is above the drop-out voltage again"};

// When a unit drops out and how it comes back.
struct SupplyRules {
  double drop_out;         // pu
  double hold_up_s;        // 0: drops out at once
  double restart_delay_s;  // from the return of voltage to the start of the machine

  // Voltage counts as back this far above the drop-out voltage, pu.
  static constexpr double return_margin = 0.02;
};

// What happened; `stopped` and `started` are the two that a machine must act upon.
enum class SupplyChange { none, held, stopped, waiting, started };

// The unit may draw power.
inline bool is_powered(std::int64_t supply) {
  return supply == static_cast<std::int64_t>(Supply::powered) ||
         supply == static_cast<std::int64_t>(Supply::holding);
}

// What needs no restart sequence, like the drive of a valve, may move.
inline bool is_live(std::int64_t supply) {
  return supply != static_cast<std::int64_t>(Supply::stopped);
}

// Guard: positive when voltage is lost while the unit relies on it.
inline double voltage_lost_guard(const SupplyRules& rules, std::int64_t supply, double voltage) {
  const bool relies = supply == static_cast<std::int64_t>(Supply::powered) ||
                      supply == static_cast<std::int64_t>(Supply::restarting);
  return relies ? rules.drop_out - voltage : -1.0;
}

// Guard: positive when voltage is back while the unit waits for it.
inline double voltage_back_guard(const SupplyRules& rules, std::int64_t supply, double voltage) {
  const bool waits = supply == static_cast<std::int64_t>(Supply::holding) ||
                     supply == static_cast<std::int64_t>(Supply::stopped);
  return waits ? voltage - rules.drop_out - SupplyRules::return_margin : -1.0;
}

// Answer to the guard `voltage_lost`. Asks for a timer `tag` when there is a hold-up time.
inline SupplyChange on_voltage_lost(const SupplyRules& rules, Agenda& agenda, int tag,
                                    std::int64_t& supply, std::int64_t& supply_timer_ns) {
  if (supply == static_cast<std::int64_t>(Supply::restarting) || rules.hold_up_s <= 0.0) {
    const bool was_running = is_powered(supply);
    supply = static_cast<std::int64_t>(Supply::stopped);
    return was_running ? SupplyChange::stopped : SupplyChange::none;
  }
  supply = static_cast<std::int64_t>(Supply::holding);
  supply_timer_ns = instant_after(agenda, rules.hold_up_s);
  agenda.wake_after(rules.hold_up_s, tag);
  return SupplyChange::held;
}

// Answer to the guard `voltage_back`. Asks for a timer `tag` when there is a restart delay.
inline SupplyChange on_voltage_back(const SupplyRules& rules, Agenda& agenda, int tag,
                                    std::int64_t& supply, std::int64_t& supply_timer_ns) {
  if (supply == static_cast<std::int64_t>(Supply::holding)) {
    supply = static_cast<std::int64_t>(Supply::powered);
    return SupplyChange::none;
  }
  if (rules.restart_delay_s <= 0.0) {
    supply = static_cast<std::int64_t>(Supply::powered);
    return SupplyChange::started;
  }
  supply = static_cast<std::int64_t>(Supply::restarting);
  supply_timer_ns = instant_after(agenda, rules.restart_delay_s);
  agenda.wake_after(rules.restart_delay_s, tag);
  return SupplyChange::waiting;
}

// Answer to the timer. One that was overtaken changes nothing.
inline SupplyChange on_supply_timer(const Agenda& agenda, std::int64_t& supply,
                                    std::int64_t supply_timer_ns) {
  if (agenda.now_ns() < supply_timer_ns) return SupplyChange::none;
  if (supply == static_cast<std::int64_t>(Supply::holding)) {
    supply = static_cast<std::int64_t>(Supply::stopped);
    return SupplyChange::stopped;
  }
  if (supply == static_cast<std::int64_t>(Supply::restarting)) {
    supply = static_cast<std::int64_t>(Supply::powered);
    return SupplyChange::started;
  }
  return SupplyChange::none;
}

}  // namespace ampacity
