// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs jobs on racks: queue, placement, progress, losses, and the power that they want.
//
// The manager is constant (racks, jobs, resolution); everything that changes is in its State, a
// value, so that a copy is a snapshot. It draws no random number: what chance decides is in the
// jobs already. The simulator asks for the next instant at which anything changes by itself, goes
// there and calls advance.
//
//   progress   a gang computes at the pace of its slowest rank: with delivered fraction d_r of the
//              power that rack r wants (1 unless it throttles), v = min over its racks of d_r, and
//              its position on the profile moves by v dt while it computes, by dt while it starts
//              up or writes a checkpoint. v = d is the linear law; measured throughput falls less
//              than power, so it errs on the side of lost work.
//   power      rack r wants   P_r = idle_r + (full_r - idle_r) sum_j (n_jr / N_r) a_j,
//              a_j = (f_j - f_idle) / (1 - f_idle), with n_jr of its N_r GPUs working for job j at
//              fraction f_j of their peak power (profile.hpp), at least 0. A rack without jobs
//              wants idle_r; a rack that is not available wants nothing. Ranks that wait for a
//              slower one are taken to draw what their profile says (they poll).
//   losses     a failure of the gang's own hardware (Job::failures) or a rack that becomes
//              unavailable kills the gang: it keeps the work of its last finished checkpoint, goes
//              back to the queue in the order of its first submission and starts up again. A job
//              that ends as failed by itself loses the work since its last checkpoint, too.
//   accounts   served: compute time times GPUs, at full-speed equivalent, after losses. Lost: what
//              was rolled back. Allocated: time on the racks times GPUs, start-up, checkpoints and
//              slow running included.
//
// Order within one instant: ends and failures of running jobs in the order of their start, then
// submissions, then one scheduling pass. Between two calls the delivered fractions of the earlier
// call hold, so that events land exactly where next_event said; internal events up to `now` are
// handled each at its own instant, and the result does not depend on how often advance is called.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/workload/job.hpp"
#include "twin/workload/placement.hpp"

namespace ampacity {

// GPUs and compute power (DC, behind the rectifiers) of one rack. 0 <= idle_w <= full_w.
struct RackGpus {
  std::string path;  // "hall-1/row-3/cdu-7/rack-12", for messages
  int gpus = 0;      // a multiple of the GPUs per node
  double idle_w = 0.0;
  double full_w = 0.0;  // every GPU at its peak
};

// What a rack reports.
struct RackReport {
  double delivered = 1.0;  // power that its GPUs get over what they want, 0 to 1
  bool available = true;
  friend bool operator==(const RackReport&, const RackReport&) = default;
};

enum class JobEventKind { submitted, started, checkpoint, finished, cancelled, failed, requeued };

std::string_view name_of(JobEventKind kind);

struct JobEvent {
  Time time;
  JobEventKind kind = JobEventKind::submitted;
  std::size_t job = 0;          // index in JobManager::jobs()
  double lost_gpu_hours = 0.0;  // failed, requeued
  int rack = -1;                // requeued: the rack that was lost; -1: the gang's own hardware
};

struct JobAccounts {
  double gpu_hours_served = 0.0;
  double gpu_hours_lost = 0.0;
  double gpu_hours_allocated = 0.0;
  std::array<double, job_tiers> gpu_hours_served_by_tier{};
  std::int64_t submitted = 0;
  std::int64_t started = 0;  // restarts included
  std::int64_t finished = 0;
  std::int64_t cancelled = 0;
  std::int64_t failed = 0;
  std::int64_t requeued = 0;
  double wait_total_s = 0.0;    // from submission, or from requeueing, to start; of those started
  double wait_longest_s = 0.0;  // of those started
};

struct QueueStatus {
  int waiting_jobs = 0;
  std::int64_t waiting_gpus = 0;
  double longest_wait_s = 0.0;  // of those that wait now
  int running_jobs = 0;
  std::int64_t running_gpus = 0;
};

class JobManager {
 public:
  class State;

  // Racks in the order in which they are filled. Throws ConfigurationError where a rack does not
  // hold whole nodes, its power figures are not in order, or a job is larger than the site or not
  // sound; every finding, not only the first. Jobs may come in any order.
  JobManager(std::vector<RackGpus> racks, int gpus_per_node, std::vector<Job> jobs,
             Resolution resolution);

  // Sorted by submission, then identity.
  const std::vector<Job>& jobs() const { return jobs_; }
  const std::vector<RackGpus>& racks() const { return racks_; }

  // The site at `start`. Jobs submitted before are played up to there on undisturbed racks, without
  // record, so that a run begins with a site at work; accounts count from `start`.
  State initial(Time start) const;

  // The next instant, not before the state's, at which something changes by itself; `never` when
  // nothing will.
  Time next_event(const State& state) const;

  // Moves to `now` (not before the state's instant) and then takes the reports, one per rack; they
  // hold until the next call. Appends what happened to `events`.
  void advance(State& state, Time now, std::span<const RackReport> reports,
               std::vector<JobEvent>& events) const;

  // Power that each rack wants, in W, from the state's instant until the next event.
  std::span<const double> demand_w(const State& state) const;

  JobAccounts accounts(const State& state) const;
  QueueStatus queue(const State& state) const;

  // "job 17 (pretraining, 1024 GPUs) requeued: rack hall-1/... lost; 12.5 GPU-h of work lost"
  std::string text(const JobEvent& event) const;

 private:
  struct Running;

  Duration position_at(const Running& running, Time t) const;
  void plan_next(Running& running) const;
  void set_speeds(State& state) const;
  static double delivered(const State& state, const Running& running);
  static void remove(State& state, const std::vector<std::uint8_t>& gone);
  void step(State& state, Time t, std::vector<JobEvent>& events) const;
  bool step_running(State& state, Time t, std::vector<JobEvent>& events) const;
  bool submit(State& state, Time t, std::vector<JobEvent>& events) const;
  void start(State& state, std::size_t job, Allocation allocation,
             std::vector<JobEvent>& events) const;
  void schedule(State& state, std::vector<JobEvent>& events) const;
  void leave(State& state, Running& running, Duration kept, JobEvent event) const;
  void requeue(State& state, Running& running, int rack, std::vector<JobEvent>& events) const;
  void take_reports(State& state, std::span<const RackReport> reports,
                    std::vector<JobEvent>& events) const;
  void update_demand(State& state) const;
  JobAccounts totals(const State& state) const;

  std::vector<RackGpus> racks_;
  std::vector<Job> jobs_;
  Resolution resolution_;
  GpuPool empty_pool_;
};

// A gang on its racks: one attempt at a job.
struct JobManager::Running {
  Running(std::size_t index, Allocation placed, ProfileTimeline attempt)
      : job(index), allocation(std::move(placed)), timeline(attempt) {}

  std::size_t job;
  Allocation allocation;
  ProfileTimeline timeline;
  Time started;
  // Position on the timeline at the anchor, the instant at which speed or phase last changed.
  Time anchor;
  Duration position;
  double delivered = 1.0;     // of the slowest rack
  double speed = 1.0;         // 1 in start-up and checkpoints, else `delivered`
  Duration edge;              // next change on the timeline
  Time edge_time = never;     // when it is reached; `never` at speed 0
  Time failure_time = never;  // of the gang's own hardware
  double fraction = 0.0;      // of peak power

  Time due() const { return edge_time < failure_time ? edge_time : failure_time; }
};

class JobManager::State {
 public:
  Time now() const { return now_; }
  // True while the job with this index in jobs() is on racks.
  bool is_running(std::size_t job) const;
  // Where it runs; nullptr when it does not.
  const Allocation* allocation(std::size_t job) const;

 private:
  friend class JobManager;
  struct Progress {
    Duration saved;            // work of finished checkpoints
    Duration ran;              // on racks, over all attempts that ended
    Time waiting_since;        // while in the queue
    std::size_t failures = 0;  // of Job::failures, used up
  };

  Time now_;
  std::size_t submitted_ = 0;       // jobs before this index have been submitted
  std::vector<std::size_t> queue_;  // indices of jobs, rising
  std::vector<Running> running_;    // in order of start
  std::vector<Time> due_;           // of each: when it next needs attention
  std::vector<Progress> progress_;  // per job
  GpuPool pool_;
  std::vector<RackReport> reports_;
  std::vector<double> demand_w_;
  // In GPU-seconds, not GPU-hours, until they are asked for.
  JobAccounts done_;      // of attempts that have ended, and counts
  JobAccounts baseline_;  // totals at the start of the run
};

}  // namespace ampacity
