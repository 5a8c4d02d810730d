// SPDX-License-Identifier: Apache-2.0

// Records of a log become jobs with the log's sizes, times and ends.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "tests/support/reference.hpp"
#include "twin/workload/log_jobs.hpp"
#include "twin/workload/manager.hpp"

using namespace ampacity;

namespace {

JobRecord record(const char* job_class, const char* status, int gpus) {
  JobRecord out;
  out.id = "x";
  out.submit = Time{1'700'000'000 * ns_per_second};
  out.duration_s = 5000.0;
  out.gpus = gpus;
  out.user = "ann";
  out.job_class = job_class;
  out.status = status;
  return out;
}

}  // namespace

TEST_CASE("sizes, times and ends are those of the log") {
  std::vector<JobRecord> records = {record("", "COMPLETED", 16), record("LS", "Failed", 16),
                                    record("queue-3", "cancelled", 2)};
  records[2].requested_s = 7200.0;
  records[1].gpu_share = 0.5;
  const std::vector<Job> jobs = jobs_from_log(records, 1, 8);
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[0].id == 1);
  CHECK(jobs[2].id == 3);
  CHECK(jobs[0].owner == "ann");
  CHECK(jobs[1].owner == "LS");
  CHECK(jobs[0].kind == JobKind::training);
  CHECK(jobs[1].kind == JobKind::inference);
  CHECK(jobs[2].kind == JobKind::other);
  CHECK(jobs[0].end == JobEnd::completed);
  CHECK(jobs[1].end == JobEnd::failed);
  CHECK(jobs[2].end == JobEnd::cancelled);
  CHECK(jobs[1].gpus == 16);
  CHECK(jobs[0].submit == records[0].submit);
  CHECK(jobs[2].walltime == seconds(7200));
  CHECK(jobs[0].walltime >= seconds(5500));
  CHECK(jobs[1].work == seconds(5000));
  CHECK(jobs[2].work == seconds(5000));
  CHECK(undisturbed_run(jobs[0]) <= seconds(5000));
  CHECK(undisturbed_run(jobs[0]) > seconds(4940));

  // Half a GPU draws half of what a whole one draws above idle.
  records[1].gpu_share = 1.0;
  const Job whole = jobs_from_log(records, 1, 8)[1];
  CHECK(jobs[1].profile.high_level - 0.13 ==
        doctest::Approx(0.5 * (whole.profile.high_level - 0.13)).epsilon(1e-12));
}

TEST_CASE("the Alibaba pods run on their own cluster") {
  const auto file = tests::reference_file("series/alibaba_gpu2023_openb_pods.csv");
  if (!file) return;
  JobLogOptions options;
  options.origin = Time{1'700'000'000 * ns_per_second};
  const JobLog log = read_job_log(*file, options);
  const std::vector<Job> jobs = jobs_from_log(log.jobs, 1, 8);
  // 1,213 nodes hold 6,212 GPUs; here 777 nodes of 8.
  const std::vector<RackGpus> racks(111, RackGpus{"rack", 56, 10e3, 60e3});
  const JobManager manager(racks, 8, jobs, Resolution::average);
  JobManager::State state = manager.initial(*options.origin);
  std::vector<JobEvent> events;
  manager.advance(state, *options.origin + days(400), std::vector<RackReport>(111), events);
  CHECK(manager.queue(state).running_jobs == 0);
  const JobAccounts accounts = manager.accounts(state);
  CHECK(accounts.started == static_cast<std::int64_t>(jobs.size()));
  CHECK(accounts.finished + accounts.failed + accounts.cancelled == accounts.started);
  double gpu_hours = 0.0;
  for (const Job& job : jobs) gpu_hours += job.gpus * to_seconds(undisturbed_run(job)) / 3600.0;
  CHECK(accounts.gpu_hours_allocated == doctest::Approx(gpu_hours).epsilon(1e-9));
}
