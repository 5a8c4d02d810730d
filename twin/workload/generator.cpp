// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/generator.hpp"

// Constants of the laws of generator.hpp, found by numerical integration over the two normal scores
// (step 0.02) and Newton's method on the published figures.

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/errors.hpp"
#include "twin/core/math.hpp"
#include "twin/core/text.hpp"

namespace ampacity {

namespace {

constexpr double median_run_s = 124.0;
constexpr double sigma_run = 2.1616167594;
constexpr double shortest_run_s = 1.0;
constexpr double longest_run_s = 625'740.0;
constexpr double copula = 0.5870733849;

// Score of the normal law at which the size doubles: quantiles of P(1), P(1)+P(2), ...
constexpr std::array<double, 10> doubling_scores = {
    0.2533471031, 0.5283724056, 0.7681378926, 0.9859327822, 1.1904398409,
    1.3887056361, 1.5880806567, 1.7987445604, 2.0399654883, 2.3675594286};
// Mean of run time x [size is 2^k], s.
constexpr std::array<double, 11> run_s_by_size = {198.604668, 95.547758,  100.880696, 102.773745,
                                                  102.380173, 100.685417, 98.607016,  97.170587,
                                                  97.976573,  105.163696, 159.916828};

constexpr double cancelled_intercept = -1.0198320125;
constexpr double cancelled_slope = 0.2967170081;
constexpr double failed_intercept = -0.8990384366;
constexpr double failed_slope = -0.0973560665;
constexpr double end_scale_gpu_s = 1e5;

constexpr double gpu_hours_between_failures = 54.0 * 24.0 * 16'384.0 / 419.0;
constexpr Duration pretraining_work = days(30);
constexpr Duration pretraining_stagger = hours(1);

JobEnd draw_end(double gpu_s, double u) {
  const double x = math::log(gpu_s / end_scale_gpu_s);
  const double cancelled = math::exp(cancelled_intercept + cancelled_slope * x);
  const double failed = math::exp(failed_intercept + failed_slope * x);
  const double at = u * (1.0 + cancelled + failed);
  if (at < cancelled) return JobEnd::cancelled;
  return at < cancelled + failed ? JobEnd::failed : JobEnd::completed;
}

Duration rounded_up(Duration d, Duration step) { return (d + step - Duration{1}) / step * step; }

// Largest compute time whose attempt, start-up excluded, takes at most `room`.
Duration work_within(const PowerProfile& profile, Duration room) {
  if (profile.checkpoint_interval.ns == 0) return room;
  const Duration cycle = profile.checkpoint_interval + profile.checkpoint_time;
  return room / cycle * profile.checkpoint_interval +
         std::min(room % cycle, profile.checkpoint_interval);
}

PowerProfile draw_training(const RandomStream& random, std::uint64_t index) {
  PowerProfile profile;
  profile.startup_time = seconds(random.child("startup").uniform(index, 60.0, 180.0));
  const double iteration_s = random.child("iteration").log_uniform(index, 0.2, 8.0);
  profile.iteration_time = seconds(iteration_s);
  profile.high_time = seconds(iteration_s * random.child("duty").uniform(index, 0.6, 0.9));
  profile.low_level = random.child("low").uniform(index, 0.3, 0.7);
  // Whole iterations, so that the mean over an interval is the mean over an iteration.
  profile.checkpoint_interval = rounded_up(
      seconds(random.child("interval").uniform(index, 900.0, 1800.0)), profile.iteration_time);
  profile.checkpoint_time = seconds(random.child("checkpoint").uniform(index, 10.0, 60.0));
  return profile;
}

double seconds_between_failures(int gpus) { return gpu_hours_between_failures * 3600.0 / gpus; }

// Down to Young's interval, where that is the shorter one.
void shorten_interval(PowerProfile& profile, int gpus) {
  const double young_s =
      math::sqrt(2.0 * to_seconds(profile.checkpoint_time) * seconds_between_failures(gpus));
  profile.checkpoint_interval =
      std::min(profile.checkpoint_interval, rounded_up(seconds(young_s), profile.iteration_time));
}

std::vector<Duration> draw_failures(const RandomStream& random, int gpus, Duration horizon) {
  const double mean_s = seconds_between_failures(gpus);
  std::vector<Duration> out;
  Duration at;
  for (std::uint64_t i = 0; at < horizon; ++i) {
    // A second at least, so that two never coincide.
    at += seconds(1.0 + mean_s * random.exponential(i));
    out.push_back(at);
  }
  return out;
}

void check(const GeneratorOptions& options) {
  std::vector<Finding> findings;
  const auto refuse = [&](const char* key, const std::string& message) {
    findings.push_back({{}, std::string("workload.") + key, message});
  };
  if (!(options.utilisation > 0.0 && options.utilisation <= 1.0)) {
    refuse("utilisation", format_number(options.utilisation) + " is not above 0 and at most 1");
  }
  if (!(options.pretraining_share >= 0.0 && options.pretraining_share <= 1.0)) {
    refuse("pretraining_share", format_number(options.pretraining_share) + " is not from 0 to 1");
  }
  if (options.pretraining_gangs < 0 || options.pretraining_gangs > 1000) {
    refuse("pretraining_gangs", "the number of gangs is from 0 to 1000");
  }
  if (options.gpus_per_node < 1 || options.site_gpus < options.gpus_per_node) {
    refuse("gpus_per_node", "the site needs one node of GPUs at least");
  }
  if (options.to <= options.from) refuse("to", "the end is not after the beginning");
  if (!findings.empty()) throw ConfigurationError(std::move(findings));
}

std::vector<Job> pretraining_jobs(const GeneratorOptions& options, const RandomStream& random) {
  const int count = options.pretraining_share > 0.0 ? options.pretraining_gangs : 0;
  const double gpus =
      options.utilisation * options.pretraining_share * static_cast<double>(options.site_gpus);
  std::vector<Job> out;
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    const double part = 2.0 * (count - i) / (static_cast<double>(count) * (count + 1));
    Job job;
    job.id = index + 1;
    job.owner = "pretraining";
    job.tier = 1;
    job.gpus = static_cast<int>(gpus * part) / options.gpus_per_node * options.gpus_per_node;
    if (job.gpus < options.gpus_per_node) {
      throw ConfigurationError({}, "workload.pretraining_gangs",
                               "the site has less than a node for gang " + std::to_string(i + 1) +
                                   " (take fewer gangs or a larger share)");
    }
    job.submit = options.from +
                 seconds(random.child("submit").uniform(index) * to_seconds(pretraining_stagger));
    job.profile = draw_training(random, index);
    shorten_interval(job.profile, job.gpus);
    job.work = pretraining_work;
    job.walltime = 2 * pretraining_work;
    job.failures =
        draw_failures(random.child("failure/" + std::to_string(i)), job.gpus, 2 * pretraining_work);
    out.push_back(std::move(job));
  }
  return out;
}

}  // namespace

JobDraw draw_job(double run_score, double size_score, double end_chance) {
  JobDraw out;
  const double run_s = median_run_s * math::exp(sigma_run * run_score);
  out.run_s = math::clamp(run_s, shortest_run_s, longest_run_s);
  const double mixed = copula * run_score + math::sqrt(1.0 - copula * copula) * size_score;
  for (double score : doubling_scores) {
    if (mixed > score) out.gpus *= 2;
  }
  out.end = draw_end(out.gpus * out.run_s, end_chance);
  return out;
}

JobDraw draw_job(const RandomStream& random, std::uint64_t index) {
  return draw_job(random.child("run").normal(index), random.child("gpus").normal(index),
                  random.child("end").uniform(index));
}

double mean_gpu_seconds(int largest_gpus) {
  double sum = 0.0;
  for (std::size_t k = 0; k < run_s_by_size.size(); ++k) {
    sum += std::min(1 << k, largest_gpus) * run_s_by_size[k];
  }
  return sum;
}

void draw_profile(Job& job, double run_s, const RandomStream& random, std::uint64_t index) {
  AMPACITY_ASSERT(run_s > 0.0, "a job takes time");
  const Duration run = std::max(seconds(run_s), Duration{1});
  job.profile = PowerProfile{};
  if (job.kind == JobKind::training) {
    job.profile = draw_training(random, index);
    job.profile.startup_time = std::min(job.profile.startup_time, run);
  } else {
    job.profile.high_level = job.profile.low_level = random.child("level").uniform(index, 0.3, 0.9);
  }
  job.work = work_within(job.profile, run - job.profile.startup_time);
  if (job.walltime.ns == 0) {
    const double factor = random.child("walltime").uniform(index, 1.1, 3.0);
    job.walltime = rounded_up(seconds(factor * run_s), minutes(5));
  }
}

std::vector<Job> generate_jobs(const GeneratorOptions& options) {
  check(options);
  std::vector<Job> jobs =
      pretraining_jobs(options, RandomStream(options.seed, "workload/pretraining"));
  std::int64_t rest = options.site_gpus;
  for (const Job& job : jobs) rest -= job.gpus;
  double wanted = options.utilisation * options.site_gpus;
  for (const Job& job : jobs) wanted -= job.gpus;
  if (rest < 1 || wanted <= 0.0) return jobs;

  // The largest jobs of the stream leave room for another one beside the pretraining gangs.
  int largest = 1;
  while (largest < 1024 && largest * 4 <= rest) largest *= 2;
  const double gap_s = mean_gpu_seconds(largest) / wanted;
  const RandomStream random(options.seed, "workload/jobs");
  const RandomStream gaps = random.child("gap");
  double at_s = 0.0;
  for (std::uint64_t i = 0;; ++i) {
    at_s += gap_s * gaps.exponential(i);
    if (at_s >= to_seconds(options.to - options.from)) break;
    const JobDraw draw = draw_job(random, i);
    Job job;
    job.id = static_cast<std::uint64_t>(options.pretraining_gangs) + i + 1;
    job.owner = "research";
    job.gpus = std::min(draw.gpus, largest);
    job.kind = kind_by_size(job.gpus, options.gpus_per_node);
    job.tier = job.kind == JobKind::training ? 2 : 0;
    job.submit = options.from + seconds(at_s);
    job.end = draw.end;
    draw_profile(job, draw.run_s, random, i);
    jobs.push_back(std::move(job));
  }
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const Job& a, const Job& b) { return a.submit < b.submit; });
  return jobs;
}

}  // namespace ampacity
