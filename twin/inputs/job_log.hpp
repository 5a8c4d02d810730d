// SPDX-License-Identifier: Apache-2.0
#pragma once

// Job logs: what a cluster was asked to run, when, for how long, on how many GPUs.
//
// Two formats. SWF, the Standard Workload Format 2.2 of the Parallel Workloads Archive
// (cs.huji.ac.il/labs/parallel/workload/swf.html): one job per line, 18 numbers apart by blanks, -1
// for what is not known, comments after ';' with `UnixStartTime` for second 0. And CSV with any
// columns: a JobColumns names those that matter.
//
// A record needs an instant of submission, a run time and at least one GPU. Real logs hold much
// else: jobs that never started, jobs without a GPU, partial executions, clocks that ran backwards.
// Such rows cannot be run and are left out, but each kind is counted into a notice and into
// `JobLog::left_out`, so that rows = jobs + left out always holds. A row that cannot be read at all
// (letters for numbers, too few fields) refuses the file.
//
// Times: seconds since `origin` (SWF: the header's instant unless the caller gives one, which is
// how a log of 2023 is replayed today), or ISO 8601 instants. Jobs are returned in the order of
// submission; the order of the file decides between equals.
//
// The log's own start times come along for checks of queueing; a simulation that schedules by
// itself does not use them.
//
// Preset: Alibaba cluster-trace-gpu-v2023 (openb pods; Weng et al., USENIX ATC 2023, "Beware of
// Fragmentation"), times in s from the trace's start, shares of one GPU in thousandths. Pods that
// were deleted before they were scheduled have no run time.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/inputs/reading.hpp"

namespace ampacity {

struct JobRecord {
  std::string id;
  Time submit;
  std::optional<Time> start;  // as the log has it
  double duration_s = 0;      // run time, more than 0
  int gpus = 1;               // whole devices of the gang, 1 or more
  double gpu_share = 1;       // of each device, in (0, 1]
  double requested_s = 0;     // run time that the user asked for; 0: not known
  std::string user;
  std::string job_class;  // queue, quality of service or kind, as the log names it
  std::string status;
};

struct JobLog {
  std::string file;
  std::vector<JobRecord> jobs;
  std::size_t rows = 0;      // of the file
  std::size_t left_out = 0;  // rows that are no jobs for us
  std::vector<Notice> notices;
};

// What to do with a job that was asked for but never started.
enum class NeverStarted {
  leave_out,
  // Take the time from submission to end for its run time: demand that the logged cluster did not
  // serve.
  use_lifetime,
};

// Names of the columns of a CSV log; empty where it has none. Needed: submit, gpus, and either
// duration or end. With an end, the run time is end - start, or end - submit without a start
// column.
struct JobColumns {
  std::string id;
  std::string submit;
  std::string start;
  std::string end;
  std::string duration;
  std::string gpus;
  std::string gpu_share;
  double gpu_share_unit = 1;  // what one unit of that column is of a GPU
  std::string requested;
  std::string user;
  std::string job_class;
  std::string status;
  NeverStarted never_started = NeverStarted::leave_out;
};

// submit, duration, gpus: the least that a log must say.
JobColumns plain_columns();

// The columns of the Alibaba file.
JobColumns alibaba_gpu_2023_columns();

struct JobLogOptions {
  std::optional<Time> origin;  // instant of second 0
  TimeZone zone;               // for stamps without an offset
  int processors_per_gpu = 1;  // SWF logs count processors; a part of a GPU counts as one
};

// Reads a log of either format, also gzipped: SWF by its name (*.swf, *.swf.gz) or its first
// character ';', CSV with the columns of either preset otherwise (ConfigurationError when they are
// not there: then the columns must be named).
JobLog read_job_log(const std::filesystem::path& path, const JobLogOptions& options = {});

JobLog read_swf(const std::filesystem::path& path, const JobLogOptions& options = {});

JobLog read_job_csv(const std::filesystem::path& path, const JobColumns& columns,
                    const JobLogOptions& options = {});

}  // namespace ampacity
