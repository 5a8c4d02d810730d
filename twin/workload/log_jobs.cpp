// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/log_jobs.hpp"

// Words of logs are compared without case; everything else is a plain translation of fields.

#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "twin/workload/generator.hpp"

namespace ampacity {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

JobKind kind_of(const JobRecord& record, int gpus_per_node) {
  const std::string name = lower(record.job_class);
  for (std::string_view word : {"inference", "serving", "ls"}) {
    if (name == word) return JobKind::inference;
  }
  return kind_by_size(record.gpus, gpus_per_node);
}

JobEnd end_of(const JobRecord& record) {
  const std::string status = lower(record.status);
  if (status == "failed") return JobEnd::failed;
  return status == "cancelled" || status == "canceled" ? JobEnd::cancelled : JobEnd::completed;
}

void scale_levels(PowerProfile& profile, double share) {
  for (double* level : {&profile.startup_level, &profile.checkpoint_level, &profile.high_level,
                        &profile.low_level}) {
    *level = profile.idle_level + share * (*level - profile.idle_level);
  }
}

}  // namespace

std::vector<Job> jobs_from_log(std::span<const JobRecord> records, std::uint64_t seed,
                               int gpus_per_node) {
  const RandomStream random(seed, "workload/log");
  std::vector<Job> out;
  out.reserve(records.size());
  for (const JobRecord& record : records) {
    const std::uint64_t index = out.size();
    Job job;
    job.id = index + 1;
    job.owner = !record.job_class.empty() ? record.job_class
                : !record.user.empty()    ? record.user
                                          : "log";
    job.kind = kind_of(record, gpus_per_node);
    job.gpus = record.gpus;
    job.submit = record.submit;
    job.end = end_of(record);
    if (record.requested_s > 0.0) job.walltime = seconds(record.requested_s);
    draw_profile(job, record.duration_s, random, index);
    scale_levels(job.profile, record.gpu_share);
    out.push_back(std::move(job));
  }
  return out;
}

}  // namespace ampacity
