// SPDX-License-Identifier: Apache-2.0
#pragma once

// Jobs from a job log.
//
// A log says when a job was submitted, how many GPUs it had and how long it ran; it does not say
// what it drew. So sizes, times and ends are the log's, and the power profile is drawn as for
// generated jobs (generator.hpp), from a stream by the record's place in the log:
//
//   kind       inference where the log's class says so ("inference", "serving", or "LS", latency
//              sensitive, in the Alibaba logs), else training from a whole node up, else other
//   power      of a job on a share of its GPUs: idle + share (level - idle). It still takes whole
//              GPUs, as the racks here do not split them
//   owner      the log's class, else its user
//   requested  the log's; where that is unknown, drawn
//   end        by the log's status: failed, cancelled; completed else
//
// The log's own start times are not used: the site's own queue decides.

#include <cstdint>
#include <span>
#include <vector>

#include "twin/inputs/job_log.hpp"
#include "twin/workload/job.hpp"

namespace ampacity {

// One job per record, in the order of the records; identities are places in the log, from 1.
std::vector<Job> jobs_from_log(std::span<const JobRecord> records, std::uint64_t seed,
                               int gpus_per_node);

}  // namespace ampacity
