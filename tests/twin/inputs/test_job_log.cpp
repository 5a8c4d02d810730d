// SPDX-License-Identifier: Apache-2.0

// Job logs: made-up ones, and the statistics of the Alibaba pods.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/core/errors.hpp"
#include "twin/inputs/job_log.hpp"

namespace ampacity {
namespace {

using tests::gzipped;
using tests::TemporaryFolder;

Time at(const std::string& text) { return parse_time(text).value(); }

bool told(const std::vector<Notice>& notices, const std::string& part) {
  return std::any_of(notices.begin(), notices.end(), [&](const Notice& notice) {
    return notice.text().find(part) != std::string::npos;
  });
}

JobLogOptions from(const std::string& origin) {
  JobLogOptions out;
  out.origin = at(origin);
  return out;
}

const std::string swf =
    "; Version: 2.2\n"
    "; UnixStartTime: 1672531200\n"
    ";\n"
    "  1    0   10  3600  16  -1  -1  16  7200 -1  1  7  1 -1  2 -1 -1 -1\n"
    "  2   60   -1  1800   8  -1  -1   8    -1 -1  0  7  1 -1 -1 -1 -1 -1\n"
    "  3   50    0    90  -1  -1  -1   3   600 -1  5 -1  1 -1  1 -1 -1 -1\r\n"
    "  4  100    0    -1   4  -1  -1   4   600 -1  5  9  1 -1  1 -1 -1 -1\n"
    "  5  110    0    60  -1  -1  -1  -1   600 -1  1  9  1 -1  1 -1 -1 -1\n"
    "  6  120    0    60   4  -1  -1   4   600 -1  3  9  1 -1  1 -1 -1 -1\n"
    "  7  -10    0    60   4  -1  -1   4   600 -1  1  9  1 -1  1 -1 -1 -1\n";

TEST_CASE("SWF: fields, unknowns, comments, the start of the log") {
  const TemporaryFolder folder;
  for (const auto& path : {folder.write("log.swf", swf), folder.write("log.swf.gz", gzipped(swf)),
                           folder.write("log.txt", swf)}) {
    const JobLog log = read_job_log(path);
    CHECK(log.rows == 7);
    CHECK(log.left_out == 4);
    REQUIRE(log.jobs.size() == 3);
    const JobRecord& first = log.jobs[0];
    CHECK(first.id == "1");
    CHECK(first.submit == at("2023-01-01T00:00:00Z"));
    CHECK(first.start == at("2023-01-01T00:00:10Z"));
    CHECK(first.duration_s == 3600.0);
    CHECK(first.gpus == 16);
    CHECK(first.requested_s == 7200.0);
    CHECK(first.user == "7");
    CHECK(first.job_class == "2");
    CHECK(first.status == "completed");
    const JobRecord& second = log.jobs[1];  // sorted by submission
    CHECK(second.id == "3");
    CHECK(second.gpus == 3);  // as requested, the allocation is not known
    CHECK(second.user.empty());
    CHECK(second.status == "cancelled");
    CHECK_FALSE(log.jobs[2].start.has_value());
    CHECK(log.jobs[2].requested_s == 0.0);
    CHECK(told(log.notices, "1 of 7 rows without a run time, left out"));
    CHECK(told(log.notices, "1 of 7 rows without a GPU, left out"));
    CHECK(told(log.notices, "1 of 7 rows that are parts of another job, left out"));
    CHECK(told(log.notices, "1 of 7 rows without a time of submission, left out"));
    CHECK(told(log.notices, "do not stand in the order of submission, sorted"));
  }
}

TEST_CASE("SWF: replayed from another instant, several processors to a GPU") {
  const TemporaryFolder folder;
  JobLogOptions options = from("2024-04-07");
  options.processors_per_gpu = 6;
  const JobLog log = read_swf(folder.write("log.swf", swf), options);
  CHECK(log.jobs[0].submit == at("2024-04-07"));
  CHECK(log.jobs[0].gpus == 3);  // 16 / 6, rounded up
  CHECK(log.jobs[1].gpus == 1);
}

TEST_CASE("CSV: columns by name, seconds or instants") {
  const TemporaryFolder folder;
  JobColumns columns;
  columns.id = "job";
  columns.submit = "submitted";
  columns.duration = "seconds";
  columns.gpus = "n";
  columns.user = "who";
  const auto path = folder.write("jobs.csv",
                                 "job;who;n;submitted;seconds\n"
                                 "b;x;8;2024-04-07T01:00Z;600.5\n"
                                 "a;y;16;2024-04-07T00:00Z;60\n"
                                 "c;y;0;2024-04-07T00:30Z;60\n"
                                 "d;y;1;2024-04-07T00:30Z;0\n"
                                 "e;y;1;;60\n"
                                 "f;y;1;2024-04-07T00:30Z;-1\n");
  const JobLog log = read_job_csv(path, columns);
  CHECK(log.rows == 6);
  CHECK(log.left_out == 4);
  REQUIRE(log.jobs.size() == 2);
  CHECK(log.jobs[0].id == "a");
  CHECK(log.jobs[1].duration_s == 600.5);
  CHECK(log.jobs[1].user == "x");
  CHECK(log.jobs[1].gpu_share == 1.0);
  columns.gpus = "gpu";
  CHECK_THROWS_WITH_AS((void)read_job_csv(path, columns),
                       doctest::Contains("there is no column 'gpu'"), ConfigurationError);
}

const std::string pods =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
    "deletion_time,scheduled_time\n"
    "p0,1,1,1,460,,LS,Running,100,700,200\n"
    "p1,1,1,8,1000,,BE,Failed,110,900,150\n"
    "p2,1,1,0,0,,BE,Running,120,900,150\n"
    "p3,1,1,1,1000,,BE,Pending,130,400,\n"
    "p4,1,1,1,1000,,BE,Running,140,400,100\n";

TEST_CASE("a plain log needs three columns; others are refused with the header to write") {
  const TemporaryFolder folder;
  const JobLog log = read_job_log(folder.write(
      "jobs.csv", "submit,duration,gpus\n2024-07-16T00:10:00Z,3600,8\n2024-07-16T01:00Z,90,64\n"));
  REQUIRE(log.jobs.size() == 2);
  CHECK(log.jobs[0].submit == at("2024-07-16T00:10:00Z"));
  CHECK(log.jobs[0].duration_s == 3600.0);
  CHECK(log.jobs[1].gpus == 64);
  CHECK_THROWS_WITH_AS(read_job_log(folder.write("j.csv", "when,long,devices\n1,2,3\n")),
                       doctest::Contains("'submit,duration,gpus'"), ConfigurationError);
}

TEST_CASE("the preset knows the pods; what never started is left out or kept") {
  const TemporaryFolder folder;
  const auto path = folder.write("pods.csv", pods);
  const JobLog log = read_job_log(path, from("2024-04-07"));
  CHECK(log.rows == 5);
  REQUIRE(log.jobs.size() == 2);
  CHECK(log.jobs[0].submit == at("2024-04-07T00:01:40Z"));
  CHECK(log.jobs[0].duration_s == 500.0);
  CHECK(log.jobs[0].gpu_share == doctest::Approx(0.46));
  CHECK(log.jobs[1].gpus == 8);
  CHECK(log.jobs[1].job_class == "BE");
  CHECK(told(log.notices, "1 of 5 rows that never started, left out"));
  CHECK(told(log.notices, "1 of 5 rows whose times run backwards, left out"));
  JobColumns columns = alibaba_gpu_2023_columns();
  columns.never_started = NeverStarted::use_lifetime;
  const JobLog kept = read_job_csv(path, columns, from("2024-04-07"));
  REQUIRE(kept.jobs.size() == 3);
  CHECK(kept.jobs[2].duration_s == 270.0);
  CHECK_FALSE(kept.jobs[2].start.has_value());
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const double place = static_cast<double>(values.size() - 1) * percent / 100;
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (place - static_cast<double>(low));
}

// 8,152 pods, of which 7,064 ask for GPUs: 6,989 for one, 16 for two, 15 for four, 44 for eight.
// Time from creation to deletion of these: 74, 545, 6,255, 113,363 s at 10, 50, 90, 99 %. Queueing
// time of those that were scheduled: 2, 139, 1,109 s at 50, 90, 99 %.
TEST_CASE("statistics of the Alibaba pods") {
  const auto path = tests::reference_file("series/alibaba_gpu2023_openb_pods.csv");
  if (!path) return;
  JobColumns columns = alibaba_gpu_2023_columns();
  columns.never_started = NeverStarted::use_lifetime;
  const JobLog all = read_job_csv(*path, columns, from("2023-01-01"));
  CHECK(all.rows == 8152);
  // One pod with a GPU was deleted in the second of its creation: it is no job, but it counts
  // below.
  CHECK(all.jobs.size() == 7064 - 1);
  CHECK(all.left_out == 1088 + 1);
  CHECK(told(all.notices, "1 of 8152 rows without a run time, left out"));
  CHECK(told(all.notices, "1088 of 8152 rows without a GPU, left out"));
  std::map<int, int> sizes{{1, 1}};
  std::vector<double> lifetime_s{0};
  std::vector<double> queue_s;
  for (const JobRecord& job : all.jobs) {
    ++sizes[job.gpus];
    const double queued_s = job.start ? to_seconds(*job.start - job.submit) : 0.0;
    lifetime_s.push_back(job.duration_s + queued_s);
    if (job.start) queue_s.push_back(queued_s);
  }
  CHECK(sizes == std::map<int, int>{{1, 6989}, {2, 16}, {4, 15}, {8, 44}});
  CHECK(std::abs(percentile(lifetime_s, 10) - 74) < 0.51);
  CHECK(std::abs(percentile(lifetime_s, 50) - 545) < 0.51);
  CHECK(std::abs(percentile(lifetime_s, 90) - 6255) < 0.51);
  CHECK(std::abs(percentile(lifetime_s, 99) - 113'363) < 0.51);
  CHECK(std::abs(percentile(queue_s, 50) - 2) < 0.51);
  CHECK(std::abs(percentile(queue_s, 90) - 139) < 0.51);
  CHECK(std::abs(percentile(queue_s, 99) - 1109) < 0.51);

  // By default the 861 pods with GPUs that were never scheduled are no jobs.
  const JobLog run = read_job_log(*path, from("2023-01-01"));
  CHECK(run.rows == 8152);
  CHECK(run.jobs.size() == 6203);
  CHECK(run.rows == run.jobs.size() + run.left_out);
  CHECK(told(run.notices, "861 of 8152 rows that never started, left out"));
  CHECK(std::is_sorted(run.jobs.begin(), run.jobs.end(),
                       [](const auto& a, const auto& b) { return a.submit < b.submit; }));
}

}  // namespace
}  // namespace ampacity
