// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/job_load.hpp"

#include <algorithm>
#include <string_view>

namespace ampacity {

namespace {

// Failures of jobs are everyday; a gang that lost its rack is the plant's doing.
Severity severity_of(const JobEvent& event) {
  const bool rack_lost = event.kind == JobEventKind::requeued && event.rack >= 0;
  return rack_lost ? Severity::warning : Severity::information;
}

}  // namespace

JobLoad::JobLoad(std::shared_ptr<const JobManager> manager, std::vector<RackSlot> slots, Time start,
                 Duration gather)
    : manager_(std::move(manager)),
      slots_(std::move(slots)),
      state_(manager_->initial(start)),
      start_(start),
      gather_(gather),
      reports_(slots_.size()) {}

Time JobLoad::next_change() const {
  if (!started_) return state_.now();
  Time next = manager_->next_event(state_);
  // While racks are throttled their share changes without an event of its own.
  if (disturbed_) next = std::min(next, state_.now() + seconds(30.0));
  if (gather_.ns <= 0 || next == never) return next;
  const std::int64_t steps = ((next - start_).ns + gather_.ns - 1) / gather_.ns;
  return start_ + gather_ * steps;
}

void JobLoad::advance(Time now, const Plant& plant, std::span<const double> signals,
                      ExternalTable& externals, EventSink& events) {
  disturbed_ = false;
  if (started_) report_racks(plant, signals);
  started_ = true;
  std::vector<JobEvent> happened;
  manager_->advance(state_, now, reports_, happened);
  for (const JobEvent& event : happened) {
    if (event.kind == JobEventKind::checkpoint) continue;  // too many to tell
    const Time seen = gather_.ns > 0 ? now : event.time;
    events.on_event({seen, severity_of(event), "workload", manager_->text(event)});
  }
  const std::span<const double> demand = manager_->demand_w(state_);
  for (std::size_t r = 0; r < slots_.size(); ++r) externals.hold(slots_[r].demand, demand[r]);
}

void JobLoad::report_racks(const Plant& plant, std::span<const double> signals) {
  for (std::size_t r = 0; r < slots_.size(); ++r) {
    const Unit& unit = plant.units()[slots_[r].unit];
    double delivered = 1.0;
    for (std::size_t i = 0; i < unit.type->outputs.size(); ++i) {
      if (std::string_view(unit.type->outputs[i].name) == "delivered") {
        delivered = signals[unit.output_at + i];
      }
    }
    reports_[r].available = delivered > 1e-3;
    reports_[r].delivered = std::clamp(delivered, 0.0, 1.0);
    if (delivered < 0.999) disturbed_ = true;
  }
}

}  // namespace ampacity
