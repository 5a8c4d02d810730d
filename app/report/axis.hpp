// SPDX-License-Identifier: Apache-2.0
#pragma once

// The time axis of a report, and what happened along it.
//
// Ticks stand at round local times (00:00, 03:00, ...), a few per page width. Events of the same
// severity that fall into a few pixels are one mark with a number; the same text from many units
// within two seconds (a hall of racks that slows down) is one line of the table.

#include <string>
#include <vector>

#include "app/report/chart.hpp"
#include "app/report/run_files.hpp"

namespace ampacity::report {

// Axis over the columns, with marks for what crossed a limit or tripped.
Frame make_frame(const Columns& columns, Time start, const RunFiles& run);

// Local time of each column, as the cursor shows it.
std::vector<std::string> column_labels(const Frame& frame, Time start, const TimeZone& zone);

// Whether an event is about jobs, of which a day has thousands, and not about the plant.
inline bool is_about_jobs(const Event& event) { return event.path == "workload"; }

// Several events that a reader takes for one.
struct EventGroup {
  Event first;
  std::vector<std::string> paths;
  std::size_t count = 0;
};
std::vector<EventGroup> group_events(const std::vector<Event>& events);

// The strip of events, aligned with the charts; empty without events.
std::string draw_timeline(const RunFiles& run, const Frame& frame, Time start);

}  // namespace ampacity::report
