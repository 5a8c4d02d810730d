// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work through the job manager, as a load of the simulator.
//
// The manager knows when jobs next change; the simulator comes back at that instant and tells which
// racks are there and what share of their demand they get. A rack that delivers less slows its
// gang down; one that delivers nothing is lost to it, and the job goes back to the queue.
//
// A large site changes every few seconds, and each change is a restart of the engine. With `gather`
// above zero what happens to jobs therefore reaches the racks, and the events, only at multiples of
// it from `start`. The manager still handles each change at its own instant.

#include <memory>
#include <span>
#include <vector>

#include "twin/sim/simulator.hpp"
#include "twin/site/assembly.hpp"
#include "twin/workload/manager.hpp"

namespace ampacity {

class JobLoad final : public Load {
 public:
  JobLoad(std::shared_ptr<const JobManager> manager, std::vector<RackSlot> slots, Time start,
          Duration gather);

  Time next_change() const override;
  void advance(Time now, const Plant& plant, std::span<const double> signals,
               ExternalTable& externals, EventSink& events) override;
  std::unique_ptr<Load> clone() const override { return std::make_unique<JobLoad>(*this); }

  JobAccounts accounts() const { return manager_->accounts(state_); }

 private:
  void report_racks(const Plant& plant, std::span<const double> signals);

  std::shared_ptr<const JobManager> manager_;
  std::vector<RackSlot> slots_;
  JobManager::State state_;
  Time start_;
  Duration gather_;
  std::vector<RackReport> reports_;
  bool started_ = false;
  bool disturbed_ = false;  // some rack gives less than it is asked for
};

}  // namespace ampacity
