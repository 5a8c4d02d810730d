// SPDX-License-Identifier: Apache-2.0
#pragma once

// A job: a gang of GPUs that start together, run in step and stop together.
//
// All ranks of a training job exchange gradients in every iteration, so that the gang runs at the
// pace of its slowest rank, and the loss of one rank loses the gang. What it has computed since its
// last checkpoint is then gone; it goes back to the queue, starts up again and carries on from the
// checkpoint.
//
//   work        compute time at full speed until the job ends as `end` says (start-up and
//               checkpoints come on top, see profile.hpp)
//   end         how the job ends when nothing interrupts it: completed, cancelled by its owner, or
//               failed by its own fault (published shares in generator.hpp); not started again
//   failures    instants, counted in time that the gang has been running over all its attempts, at
//               which a part of its own hardware fails: the gang is lost and goes back to the
//               queue. They belong to the job, not to a rack, since public figures are per GPU-hour
//               of a gang; the part is taken to be replaced from spares at once.
//   walltime    what the owner asked for. The scheduler plans with it; a job that overruns it,
//               because its racks throttle, is not killed.
//   tier        flexibility tier 0 to 3: 0 is never slowed, then at most 10, 25, 50 % mean loss of
//               throughput. Results are accounted by it.

#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/workload/profile.hpp"

namespace ampacity {

enum class JobKind { training, inference, other };

enum class JobEnd { completed, cancelled, failed };

inline constexpr int job_tiers = 4;

struct Job {
  std::uint64_t id = 0;
  std::string owner;  // class of the owner: "pretraining", "research", a user or group of a log
  JobKind kind = JobKind::training;
  int tier = 0;  // 0 to job_tiers - 1
  int gpus = 1;  // 1 or more
  Time submit;
  Duration walltime;  // requested; above zero
  Duration work;      // not negative; work and start-up together are above zero
  JobEnd end = JobEnd::completed;
  PowerProfile profile;
  std::vector<Duration> failures;  // rising, above zero
};

// Running time of a job that nothing slows or interrupts.
inline Duration undisturbed_run(const Job& job) {
  return ProfileTimeline(job.profile, job.work).length();
}

}  // namespace ampacity
