// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/work_setup.hpp"

#include <algorithm>

#include "twin/components/power_chain.hpp"
#include "twin/inputs/job_log.hpp"
#include "twin/sim/job_load.hpp"
#include "twin/workload/generator.hpp"
#include "twin/workload/log_jobs.hpp"

namespace ampacity {

namespace {

// What the workload must know of a rack, from its parameters.
struct RackFacts {
  double full_w;
  double idle_w;
  int gpus;
  double capture;
  PowerChain chain;
};

RackFacts facts(const RunContext& run, const RackSlot& slot) {
  const Unit& unit = run.assembly.plant.units()[slot.unit];
  const UnitDescription& description = *run.site.find(unit.path);
  const auto parameter = [&](const std::string& name) {
    for (std::size_t i = 0; i < unit.type->parameters.size(); ++i) {
      if (name == unit.type->parameters[i].name) return description.parameters[i];
    }
    AMPACITY_ASSERT(false, "racks of all kinds have these parameters");
    return 0.0;
  };
  RackFacts out{};
  out.full_w = parameter("rated_power");
  out.idle_w = run.value("workload.idle_share") * out.full_w;
  out.gpus = static_cast<int>(parameter("gpu_count"));
  out.capture = slot.island.empty() ? 1.0 : parameter("capture");
  out.chain = {parameter("converter_count"),      parameter("converter_loss"),
               parameter("converter_efficiency"), parameter("auxiliary_power"),
               parameter("rectifier_count"),      parameter("rectifier_loss"),
               parameter("rectifier_efficiency"), parameter("rectifier_curvature")};
  return out;
}

// Constant work.
void hold_share(RunContext& run, const RackSlot& slot) {
  const RackFacts rack = facts(run, slot);
  const double share = run.value("workload.utilisation");
  run.setup.externals.hold(slot.demand, rack.idle_w + share * (rack.full_w - rack.idle_w));
}

bool uses_trace(const RunContext& run) {
  if (!run.inputs.heat.empty() || !run.inputs.power.empty()) return true;
  return run.inputs.jobs.empty() && run.word("workload.source") == "trace";
}

// Which column of a trace a rack takes, and which share of it.
struct RackShare {
  std::size_t column;
  double share;
};

// How the columns of a trace lie over the racks: by island, or rack by rack.
class TraceColumns {
 public:
  TraceColumns(const UnitTrace& trace, const std::vector<RackSlot>& racks)
      : trace_(trace), racks_(racks) {
    for (const RackSlot& slot : racks) {
      if (slot.island.empty()) continue;
      if (racks_of_[slot.island]++ == 0) islands_.push_back(slot.island);
    }
    if (!by_island() && trace.units.size() != racks.size()) {
      throw ConfigurationError({trace.power_w.source(), 1, 0}, "",
                               std::to_string(trace.units.size()) + " columns for a site of " +
                                   std::to_string(islands_.size()) + " islands and " +
                                   std::to_string(racks.size()) +
                                   " racks (one column per island or per rack is wanted)");
    }
  }

  bool by_island() const { return trace_.units.size() == islands_.size(); }
  bool covers(const RackSlot& slot) const { return !by_island() || !slot.island.empty(); }

  RackShare of(std::size_t rack) const {
    if (!by_island()) return {column_of(rack + 1), 1.0};
    const std::string& name = racks_[rack].island;
    const auto island = std::find(islands_.begin(), islands_.end(), name);
    return {column_of(static_cast<std::size_t>(island - islands_.begin()) + 1),
            1.0 / static_cast<double>(racks_of_.at(name))};
  }

 private:
  std::size_t column_of(std::size_t number) const {
    const auto column =
        std::find(trace_.units.begin(), trace_.units.end(), static_cast<int>(number));
    if (column == trace_.units.end()) {
      throw ConfigurationError(
          {trace_.power_w.source(), 1, 0}, "",
          "no column for number " + std::to_string(number) + " (numbers run from 1)");
    }
    return static_cast<std::size_t>(column - trace_.units.begin());
  }

  const UnitTrace& trace_;
  const std::vector<RackSlot>& racks_;
  std::vector<std::string> islands_;  // in the order of the site file
  std::map<std::string, int> racks_of_;
};

void follow_trace(RunContext& run, const UnitTrace& trace) {
  const TraceColumns columns(trace, run.assembly.racks);
  const Series& series = trace.power_w;
  std::vector<double> times_s;
  for (const Time t : series.times()) times_s.push_back(to_seconds(t - run.from));
  const std::size_t grid = run.setup.externals.add_grid(times_s);
  const bool heat = run.inputs.power.empty();
  bool left_out = false;
  for (std::size_t r = 0; r < run.assembly.racks.size(); ++r) {
    const RackSlot& slot = run.assembly.racks[r];
    if (!columns.covers(slot)) {
      hold_share(run, slot);
      left_out = true;
      continue;
    }
    const RackFacts rack = facts(run, slot);
    const RackShare part = columns.of(r);
    std::vector<double> demand_w;
    demand_w.reserve(times_s.size());
    for (std::size_t i = 0; i < times_s.size(); ++i) {
      const double power_w = part.share * series.at(i, part.column) / (heat ? rack.capture : 1.0);
      demand_w.push_back(std::max(chain_output(rack.chain, power_w), 0.0));
    }
    run.setup.externals.follow(slot.demand, grid, std::move(demand_w));
  }
  if (left_out) {
    run.setup.notices.push_back(series.source() +
                                ": has a column per island; air-cooled racks draw the constant "
                                "share of workload.utilisation");
  }
}

int gpus_per_node(const RunContext& run) {
  return static_cast<int>(run.value("workload.gpus_per_node"));
}

std::vector<Job> log_jobs(RunContext& run) {
  const std::filesystem::path path = run.file("jobs", run.inputs.jobs, "workload.file");
  if (path.empty()) {
    throw ConfigurationError(run.site.setting("workload.source").place, "workload.file",
                             "missing: a job log (or give --jobs)");
  }
  JobLogOptions options;
  options.zone = run.site.zone;
  options.origin = run.from - seconds(run.value("workload.log_offset"));
  JobLog log = read_job_log(path, options);
  run.note(log.notices);
  std::erase_if(log.jobs, [&](const JobRecord& job) { return job.submit >= run.to; });
  return jobs_from_log(log.jobs, run.inputs.seed, gpus_per_node(run));
}

std::vector<Job> generated_jobs(const RunContext& run) {
  GeneratorOptions options;
  options.seed = run.inputs.seed;
  options.from = run.from - days(8);
  options.to = run.to;
  options.site_gpus = 0;
  for (const RackSlot& slot : run.assembly.racks) options.site_gpus += facts(run, slot).gpus;
  options.gpus_per_node = gpus_per_node(run);
  options.utilisation = run.value("workload.utilisation");
  return generate_jobs(options);
}

void run_jobs(RunContext& run, std::vector<Job> jobs) {
  std::vector<RackGpus> racks;
  for (const RackSlot& slot : run.assembly.racks) {
    const RackFacts rack = facts(run, slot);
    racks.push_back(
        {run.assembly.plant.units()[slot.unit].path, rack.gpus, rack.idle_w, rack.full_w});
  }
  const bool phases = run.word("workload.resolution") == "phases";
  run.setup.manager =
      std::make_shared<const JobManager>(std::move(racks), gpus_per_node(run), std::move(jobs),
                                         phases ? Resolution::phases : Resolution::average);
  run.setup.loads.push_back(std::make_unique<JobLoad>(
      run.setup.manager, run.assembly.racks, run.from, seconds(run.value("workload.gather"))));
}

}  // namespace

std::optional<UnitTrace> read_work_trace(RunContext& run) {
  if (!uses_trace(run)) return std::nullopt;
  const bool power = !run.inputs.power.empty();
  const std::filesystem::path path = run.file(
      power ? "power" : "heat", power ? run.inputs.power : run.inputs.heat, "workload.file");
  if (path.empty()) {
    throw ConfigurationError(run.site.setting("workload.source").place, "workload.file",
                             "missing: a trace of heat or power (or give --heat)");
  }
  TraceOptions options;
  options.start = run.from;
  options.zone = run.site.zone;
  UnitTrace trace = read_trace(path, options);
  run.note(trace.notices);
  trace.power_w.require_range(run.from, run.to);
  return trace;
}

void set_work(RunContext& run, const std::optional<UnitTrace>& trace) {
  const std::string& source = run.word("workload.source");
  if (trace) {
    follow_trace(run, *trace);
  } else if (!run.inputs.jobs.empty() || source == "jobs") {
    run_jobs(run, log_jobs(run));
  } else if (source == "generator") {
    run_jobs(run, generated_jobs(run));
  } else {
    for (const RackSlot& slot : run.assembly.racks) hold_share(run, slot);
  }
}

}  // namespace ampacity
