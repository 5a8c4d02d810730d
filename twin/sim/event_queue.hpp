// SPDX-License-Identifier: Apache-2.0
#pragma once

// What will happen when: timers of units, orders of the scenario.
//
// Instants are integer nanoseconds, so two things meant for the same instant happen at the same
// instant; their order is the order in which they were scheduled. The queue is a plain value and
// part of a snapshot.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "twin/core/time.hpp"

namespace ampacity {

struct ScheduledEvent {
  enum class Kind { timer, order };
  Time at;
  std::uint64_t sequence;
  Kind kind;
  std::size_t unit;  // in Plant::units()
  int index;         // timer tag or order row
  double value;      // of an order, SI
};

class EventQueue {
 public:
  void schedule(Time at, ScheduledEvent::Kind kind, std::size_t unit, int index, double value) {
    events_.push_back({at, next_sequence_++, kind, unit, index, value});
    std::push_heap(events_.begin(), events_.end(), later);
  }

  bool empty() const { return events_.empty(); }
  Time next() const { return empty() ? never : events_.front().at; }

  ScheduledEvent pop() {
    std::pop_heap(events_.begin(), events_.end(), later);
    const ScheduledEvent event = events_.back();
    events_.pop_back();
    return event;
  }

 private:
  static bool later(const ScheduledEvent& a, const ScheduledEvent& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
  std::vector<ScheduledEvent> events_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace ampacity
