// SPDX-License-Identifier: Apache-2.0
#pragma once

// Availability of a machine, and the four orders that change it: run, standby, fail, repair.
//
// A unit is in service while its condition is `running` or `in_hand` (local automatic control off).
// The orders stand first in a unit's order table, in the order below, so that their index is the
// row. A failed unit listens to `repair` only, which leaves it in standby; `run` then starts it.

#include "twin/components/component.hpp"

namespace ampacity {

inline constexpr ModeRow condition_row{"condition", unit_condition_labels,
                                       "availability of the unit"};

inline constexpr OrderRow run_order{"run", "1", 0.0, 1.0, "take the unit into service"};
inline constexpr OrderRow standby_order{"standby", "1", 0.0, 1.0, "out of service, ready to start"};
inline constexpr OrderRow fail_order{"fail", "1", 0.0, 1.0,
                                     "fault: out of service until it is repaired"};
inline constexpr OrderRow repair_order{"repair", "1", 0.0, 1.0,
                                       "end of the fault: ready to start, in standby"};

// The unit is in service.
inline bool is_running(std::int64_t condition) {
  return condition == static_cast<std::int64_t>(UnitCondition::running) ||
         condition == static_cast<std::int64_t>(UnitCondition::in_hand);
}

// Answers one of the four orders (index 0..3); true when the unit went in or out of service.
inline bool follow_condition_order(int index, Agenda& agenda, std::int64_t& condition) {
  const bool was_running = is_running(condition);
  const bool failed = condition == static_cast<std::int64_t>(UnitCondition::failed);
  if (index == 0 && !failed) condition = static_cast<std::int64_t>(UnitCondition::running);
  if (index == 1 && !failed) condition = static_cast<std::int64_t>(UnitCondition::standby);
  if (index == 2 && !failed) {
    condition = static_cast<std::int64_t>(UnitCondition::failed);
    agenda.note(Severity::warning, "failed");
  }
  if (index == 3 && failed) condition = static_cast<std::int64_t>(UnitCondition::standby);
  return was_running != is_running(condition);
}

}  // namespace ampacity
