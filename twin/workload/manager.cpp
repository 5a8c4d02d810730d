// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/manager.hpp"

// How time moves here: a gang's position on its timeline is an integer of nanoseconds, known at an
// anchor instant. At full speed all arithmetic is exact. At speed v < 1 an edge at distance D is
// reached after ceil(D / v); the edge then sets the position, so that rounding never adds up, and
// since the position is always computed from the anchor, it does not matter how often it is asked
// for.

#include <algorithm>
#include <cmath>

#include "twin/core/errors.hpp"
#include "twin/core/text.hpp"

namespace ampacity {

namespace {

double gpu_seconds(const Job& job, Duration d) { return job.gpus * to_seconds(d); }

std::string job_fault(const Job& job, const GpuPool& pool) {
  if (job.gpus < 1) return "it asks for no GPU (give it 1 or more)";
  if (!pool.fits_empty(job.gpus)) {
    return "it asks for " + std::to_string(job.gpus) + " GPUs, the site has " +
           std::to_string(pool.total_gpus()) + " (leave it out or scale the jobs to the site)";
  }
  if (job.tier < 0 || job.tier >= job_tiers) return "its tier is not 0 to 3";
  if (job.walltime.ns <= 0) return "its requested time is not above zero";
  if (job.work.ns < 0) return "its work is negative";
  if (job.work.ns + job.profile.startup_time.ns <= 0) return "it takes no time";
  const std::string_view fault = profile_fault(job.profile);
  if (!fault.empty()) return "its power profile is not sound: " + std::string(fault);
  Duration last;
  for (Duration failure : job.failures) {
    if (failure <= last) return "its failures do not rise from above zero";
    last = failure;
  }
  return {};
}

}  // namespace

std::string_view name_of(JobEventKind kind) {
  constexpr std::array<std::string_view, 7> names = {
      "submitted", "started", "checkpoint", "finished", "cancelled", "failed", "requeued"};
  return names[static_cast<std::size_t>(kind)];
}

JobManager::JobManager(std::vector<RackGpus> racks, int gpus_per_node, std::vector<Job> jobs,
                       Resolution resolution)
    : racks_(std::move(racks)), jobs_(std::move(jobs)), resolution_(resolution) {
  std::stable_sort(jobs_.begin(), jobs_.end(), [](const Job& a, const Job& b) {
    return a.submit != b.submit ? a.submit < b.submit : a.id < b.id;
  });
  std::vector<Finding> findings;
  std::vector<int> gpus;
  if (gpus_per_node < 1) {
    throw ConfigurationError({}, "workload.gpus_per_node", "a node has 1 GPU or more");
  }
  for (const RackGpus& rack : racks_) {
    if (rack.gpus < 0 || rack.gpus % gpus_per_node != 0) {
      findings.push_back({{},
                          rack.path,
                          std::to_string(rack.gpus) + " GPUs are no whole nodes of " +
                              std::to_string(gpus_per_node) +
                              " (make one a multiple of the other)"});
    }
    if (!(rack.idle_w >= 0.0 && rack.idle_w <= rack.full_w && std::isfinite(rack.full_w))) {
      findings.push_back({{},
                          rack.path,
                          "idle power " + format_number(rack.idle_w) + " W and full power " +
                              format_number(rack.full_w) +
                              " W are not in order (0 <= idle <= full)"});
    }
    gpus.push_back(rack.gpus);
  }
  if (!findings.empty()) throw ConfigurationError(std::move(findings));

  empty_pool_ = GpuPool(gpus, gpus_per_node);
  constexpr std::size_t most_findings = 20;
  for (const Job& job : jobs_) {
    std::string fault = job_fault(job, empty_pool_);
    if (fault.empty()) continue;
    findings.push_back({{}, "job " + std::to_string(job.id), std::move(fault)});
    if (findings.size() == most_findings) break;
  }
  if (!findings.empty()) throw ConfigurationError(std::move(findings));
}

JobManager::State JobManager::initial(Time start) const {
  State state;
  state.now_ = start;
  if (!jobs_.empty()) state.now_ = std::min(start, jobs_.front().submit);
  state.progress_.resize(jobs_.size());
  state.pool_ = empty_pool_;
  state.reports_.resize(racks_.size());
  state.demand_w_.resize(racks_.size());
  // Steps of which each handles its own instant: the one at `start` belongs to the run itself.
  std::vector<JobEvent> unrecorded;
  for (Time t = next_event(state); t < start; t = next_event(state)) {
    step(state, t, unrecorded);
    unrecorded.clear();
  }
  state.now_ = start;
  state.baseline_ = totals(state);
  state.done_.wait_longest_s = 0.0;
  update_demand(state);
  return state;
}

Time JobManager::next_event(const State& state) const {
  Time next = state.submitted_ < jobs_.size() ? jobs_[state.submitted_].submit : never;
  for (Time due : state.due_) next = std::min(next, due);
  return next;
}

void JobManager::advance(State& state, Time now, std::span<const RackReport> reports,
                         std::vector<JobEvent>& events) const {
  AMPACITY_ASSERT(now >= state.now_, "time does not run backwards");
  AMPACITY_ASSERT(reports.size() == racks_.size(), "every rack reports");
  bool changed = false;
  for (Time t = next_event(state); t <= now; t = next_event(state)) {
    step(state, t, events);
    changed = true;
  }
  state.now_ = now;
  if (!std::equal(reports.begin(), reports.end(), state.reports_.begin())) {
    take_reports(state, reports, events);
    changed = true;
  }
  if (changed) update_demand(state);
}

std::span<const double> JobManager::demand_w(const State& state) const { return state.demand_w_; }

Duration JobManager::position_at(const Running& running, Time t) const {
  if (t >= running.edge_time) return running.edge;
  const Duration passed = t - running.anchor;
  if (running.speed == 1.0) return running.position + passed;
  const auto moved = static_cast<std::int64_t>(running.speed * static_cast<double>(passed.ns));
  return std::min(running.position + Duration{moved}, running.edge);
}

// After a change of position, anchor or delivered fraction: speed, next edge, power.
void JobManager::plan_next(Running& running) const {
  const bool computes = running.timeline.phase(running.position) == ProfilePhase::compute;
  running.speed = computes ? running.delivered : 1.0;
  running.edge = running.timeline.next_change(running.position, resolution_);
  running.fraction = running.timeline.fraction(running.position, resolution_);
  const Duration distance = running.edge - running.position;
  running.edge_time = never;
  if (running.speed == 1.0) {
    running.edge_time = running.anchor + distance;
  } else if (running.speed > 0.0) {
    const double wait_ns = std::ceil(static_cast<double>(distance.ns) / running.speed);
    if (wait_ns < 4e18) {  // 127 years: as good as never
      running.edge_time = running.anchor + Duration{static_cast<std::int64_t>(wait_ns)};
    }
  }
}

// What the slowest rank of a gang gets of its power.
double JobManager::delivered(const State& state, const Running& running) {
  double out = 1.0;
  for (const RackShare& share : running.allocation.shares) {
    out = std::min(out, state.reports_[static_cast<std::size_t>(share.rack)].delivered);
  }
  return out;
}

void JobManager::set_speeds(State& state) const {
  for (std::size_t i = 0; i < state.running_.size(); ++i) {
    Running& running = state.running_[i];
    const double now = delivered(state, running);
    if (now == running.delivered) continue;
    running.position = position_at(running, state.now_);
    running.anchor = state.now_;
    running.delivered = now;
    plan_next(running);
    state.due_[i] = running.due();
  }
}

// Takes the marked gangs off the list of those that run.
void JobManager::remove(State& state, const std::vector<std::uint8_t>& gone) {
  std::size_t i = 0;
  std::erase_if(state.running_, [&](const Running&) { return gone[i++] != 0; });
  i = 0;
  std::erase_if(state.due_, [&](Time) { return gone[i++] != 0; });
}

void JobManager::step(State& state, Time t, std::vector<JobEvent>& events) const {
  state.now_ = std::max(state.now_, t);
  const bool freed = step_running(state, t, events);
  const bool arrived = submit(state, t, events);
  if (freed || arrived) schedule(state, events);
}

// Handles what is due for the gangs on racks; true when any of them left.
bool JobManager::step_running(State& state, Time t, std::vector<JobEvent>& events) const {
  std::vector<std::uint8_t> gone(state.running_.size(), 0);
  bool freed = false;
  for (std::size_t i = 0; i < state.running_.size(); ++i) {
    if (state.due_[i] > t) continue;
    Running& running = state.running_[i];
    const Job& job = jobs_[running.job];
    const Duration position = position_at(running, t);
    if (position == running.timeline.length()) {
      const auto kind = job.end == JobEnd::completed   ? JobEventKind::finished
                        : job.end == JobEnd::cancelled ? JobEventKind::cancelled
                                                       : JobEventKind::failed;
      const Duration kept = job.end == JobEnd::failed
                                ? running.timeline.work_saved(position - Duration{1})
                                : running.timeline.work_done(position);
      leave(state, running, kept, {t, kind, running.job});
      events.push_back({t, kind, running.job,
                        gpu_seconds(job, running.timeline.work_done(position) - kept) / 3600.0});
      gone[i] = 1;
    } else if (running.failure_time <= t) {
      ++state.progress_[running.job].failures;
      requeue(state, running, -1, events);
      gone[i] = 1;
    } else {
      if (running.timeline.phase(running.position) == ProfilePhase::checkpoint) {
        events.push_back({t, JobEventKind::checkpoint, running.job});
      }
      running.position = position;
      running.anchor = t;
      plan_next(running);
      state.due_[i] = running.due();
    }
    freed = freed || gone[i] != 0;
  }
  if (freed) remove(state, gone);
  return freed;
}

bool JobManager::submit(State& state, Time t, std::vector<JobEvent>& events) const {
  bool any = false;
  for (; state.submitted_ < jobs_.size() && jobs_[state.submitted_].submit <= t;
       ++state.submitted_) {
    state.queue_.push_back(state.submitted_);
    state.progress_[state.submitted_].waiting_since = jobs_[state.submitted_].submit;
    ++state.done_.submitted;
    events.push_back({t, JobEventKind::submitted, state.submitted_});
    any = true;
  }
  return any;
}

void JobManager::start(State& state, std::size_t job, Allocation allocation,
                       std::vector<JobEvent>& events) const {
  State::Progress& progress = state.progress_[job];
  const double wait_s = to_seconds(state.now_ - progress.waiting_since);
  ++state.done_.started;
  state.done_.wait_total_s += wait_s;
  state.done_.wait_longest_s = std::max(state.done_.wait_longest_s, wait_s);

  Running running(job, std::move(allocation),
                  ProfileTimeline(jobs_[job].profile, jobs_[job].work - progress.saved));
  running.started = running.anchor = state.now_;
  const std::vector<Duration>& failures = jobs_[job].failures;
  if (progress.failures < failures.size()) {
    running.failure_time = state.now_ + (failures[progress.failures] - progress.ran);
  }
  running.delivered = delivered(state, running);
  plan_next(running);
  state.due_.push_back(running.due());
  state.running_.push_back(std::move(running));
  events.push_back({state.now_, JobEventKind::started, job});
}

void JobManager::schedule(State& state, std::vector<JobEvent>& events) const {
  if (state.queue_.empty()) return;
  std::vector<QueuedGang> queue;
  for (std::size_t job : state.queue_) queue.push_back({jobs_[job].gpus, jobs_[job].walltime});
  std::vector<RunningGang> planned;
  for (const Running& running : state.running_) {
    planned.push_back({&running.allocation, running.started + jobs_[running.job].walltime});
  }
  ScheduleResult result = schedule_easy(state.pool_, state.now_, queue, planned);
  if (result.starts.empty()) return;
  std::vector<std::uint8_t> started(state.queue_.size(), 0);
  for (GangStart& next : result.starts) {
    started[next.queue_index] = 1;
    start(state, state.queue_[next.queue_index], std::move(next.allocation), events);
  }
  std::size_t i = 0;
  std::erase_if(state.queue_, [&](std::size_t) { return started[i++] != 0; });
}

// Books the end of an attempt and frees its GPUs; the caller removes it from the running ones.
// `kept` is the work of the attempt that counts as served.
void JobManager::leave(State& state, Running& running, Duration kept, JobEvent event) const {
  const Job& job = jobs_[running.job];
  const Duration done = running.timeline.work_done(position_at(running, state.now_));
  State::Progress& progress = state.progress_[running.job];
  progress.saved += kept;
  progress.ran += state.now_ - running.started;
  const double served = gpu_seconds(job, kept);
  state.done_.gpu_hours_served += served;
  state.done_.gpu_hours_served_by_tier[static_cast<std::size_t>(job.tier)] += served;
  state.done_.gpu_hours_lost += gpu_seconds(job, done - kept);
  state.done_.gpu_hours_allocated += gpu_seconds(job, state.now_ - running.started);
  if (event.kind == JobEventKind::finished) ++state.done_.finished;
  if (event.kind == JobEventKind::cancelled) ++state.done_.cancelled;
  if (event.kind == JobEventKind::failed) ++state.done_.failed;
  if (event.kind == JobEventKind::requeued) ++state.done_.requeued;
  state.pool_.release(running.allocation);
}

void JobManager::requeue(State& state, Running& running, int rack,
                         std::vector<JobEvent>& events) const {
  const Duration position = position_at(running, state.now_);
  const Duration kept = running.timeline.work_saved(position);
  const Duration lost = running.timeline.work_done(position) - kept;
  JobEvent event{state.now_, JobEventKind::requeued, running.job,
                 gpu_seconds(jobs_[running.job], lost) / 3600.0, rack};
  leave(state, running, kept, event);
  state.progress_[running.job].waiting_since = state.now_;
  const auto place = std::lower_bound(state.queue_.begin(), state.queue_.end(), running.job);
  state.queue_.insert(place, running.job);
  events.push_back(event);
}

void JobManager::take_reports(State& state, std::span<const RackReport> reports,
                              std::vector<JobEvent>& events) const {
  bool lost = false;
  bool back = false;
  for (std::size_t rack = 0; rack < reports.size(); ++rack) {
    AMPACITY_ASSERT(reports[rack].delivered >= 0.0 && reports[rack].delivered <= 1.0,
                    "a delivered fraction is from 0 to 1");
    lost = lost || (state.reports_[rack].available && !reports[rack].available);
    back = back || (!state.reports_[rack].available && reports[rack].available);
  }
  state.reports_.assign(reports.begin(), reports.end());
  if (lost) {
    std::vector<std::uint8_t> gone(state.running_.size(), 0);
    for (std::size_t i = 0; i < gone.size(); ++i) {
      const std::vector<RackShare>& shares = state.running_[i].allocation.shares;
      const auto dark = std::find_if(shares.begin(), shares.end(), [&](const RackShare& share) {
        return !reports[static_cast<std::size_t>(share.rack)].available;
      });
      if (dark == shares.end()) continue;
      requeue(state, state.running_[i], dark->rack, events);
      gone[i] = 1;
    }
    remove(state, gone);
  }
  if (lost || back) {
    for (int rack = 0; rack < state.pool_.racks(); ++rack) {
      state.pool_.set_available(rack, reports[static_cast<std::size_t>(rack)].available);
    }
    schedule(state, events);
  }
  set_speeds(state);
}

void JobManager::update_demand(State& state) const {
  for (std::size_t rack = 0; rack < racks_.size(); ++rack) {
    state.demand_w_[rack] = state.reports_[rack].available ? racks_[rack].idle_w : 0.0;
  }
  for (const Running& running : state.running_) {
    const double idle = jobs_[running.job].profile.idle_level;
    const double activity = std::max(0.0, (running.fraction - idle) / (1.0 - idle));
    for (const RackShare& share : running.allocation.shares) {
      const auto r = static_cast<std::size_t>(share.rack);
      state.demand_w_[r] +=
          (racks_[r].full_w - racks_[r].idle_w) * activity * share.gpus / racks_[r].gpus;
    }
  }
}

// Everything up to the state's instant, in GPU-seconds.
JobAccounts JobManager::totals(const State& state) const {
  JobAccounts out = state.done_;
  for (const Running& running : state.running_) {
    const Job& job = jobs_[running.job];
    const double served =
        gpu_seconds(job, running.timeline.work_done(position_at(running, state.now_)));
    out.gpu_hours_served += served;
    out.gpu_hours_served_by_tier[static_cast<std::size_t>(job.tier)] += served;
    out.gpu_hours_allocated += gpu_seconds(job, state.now_ - running.started);
  }
  return out;
}

JobAccounts JobManager::accounts(const State& state) const {
  JobAccounts out = totals(state);
  const JobAccounts& from = state.baseline_;
  const auto to_hours = [](double& value, double before) { value = (value - before) / 3600.0; };
  to_hours(out.gpu_hours_served, from.gpu_hours_served);
  to_hours(out.gpu_hours_lost, from.gpu_hours_lost);
  to_hours(out.gpu_hours_allocated, from.gpu_hours_allocated);
  for (std::size_t tier = 0; tier < job_tiers; ++tier) {
    to_hours(out.gpu_hours_served_by_tier[tier], from.gpu_hours_served_by_tier[tier]);
  }
  out.submitted -= from.submitted;
  out.started -= from.started;
  out.finished -= from.finished;
  out.cancelled -= from.cancelled;
  out.failed -= from.failed;
  out.requeued -= from.requeued;
  out.wait_total_s -= from.wait_total_s;
  return out;
}

QueueStatus JobManager::queue(const State& state) const {
  QueueStatus out;
  for (std::size_t job : state.queue_) {
    ++out.waiting_jobs;
    out.waiting_gpus += jobs_[job].gpus;
    out.longest_wait_s =
        std::max(out.longest_wait_s, to_seconds(state.now_ - state.progress_[job].waiting_since));
  }
  for (const Running& running : state.running_) {
    ++out.running_jobs;
    out.running_gpus += jobs_[running.job].gpus;
  }
  return out;
}

std::string JobManager::text(const JobEvent& event) const {
  const Job& job = jobs_[event.job];
  std::string out = "job " + std::to_string(job.id) + " (" + job.owner + ", " +
                    std::to_string(job.gpus) + " GPUs) " + std::string(name_of(event.kind));
  if (event.kind == JobEventKind::requeued) {
    out += event.rack < 0 ? ": hardware of the gang failed"
                          : ": rack " + racks_[static_cast<std::size_t>(event.rack)].path + " lost";
  }
  if (event.lost_gpu_hours > 0.0) {
    out += "; " + format_number(event.lost_gpu_hours, 4) + " GPU-h of work lost";
  }
  return out;
}

bool JobManager::State::is_running(std::size_t job) const { return allocation(job) != nullptr; }

const Allocation* JobManager::State::allocation(std::size_t job) const {
  for (const Running& running : running_) {
    if (running.job == job) return &running.allocation;
  }
  return nullptr;
}

}  // namespace ampacity
