// SPDX-License-Identifier: Apache-2.0

// Generated jobs against the published figures of the Kalos cluster: first the laws themselves, by
// integration, then samples, within four standard errors.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "twin/workload/generator.hpp"
#include "twin/workload/manager.hpp"

using namespace ampacity;

namespace {

// InternLM/AcmeTrace, cluster_summary.csv, row Kalos, columns of GPU jobs.
constexpr double jobs = 19'907;
constexpr double mean_gpus = 26.77;
constexpr double mean_run_s = 1259.689;
constexpr double median_run_s = 124.0;
constexpr double longest_run_s = 625'740.0;
constexpr int largest_gpus = 1024;
constexpr std::array<double, 3> share_of_jobs = {0.541, 0.062, 0.397};
constexpr std::array<double, 3> gpu_time_s = {1'667'685'146.0, 3'239'202'064.0, 426'292'851.0};
constexpr double total_gpu_time_s = gpu_time_s[0] + gpu_time_s[1] + gpu_time_s[2];

struct Sums {
  double weight = 0, gpus = 0, gpus2 = 0, run = 0, run2 = 0, gpu_s = 0, gpu_s2 = 0;
  std::array<double, 11> sizes{};  // jobs of 2^k GPUs
  std::array<double, 3> count{};
  std::array<double, 3> time{};
  std::array<double, 3> time2{};

  void add(const JobDraw& draw, double w) {
    const double product = draw.gpus * draw.run_s;
    const auto end = static_cast<std::size_t>(draw.end);
    weight += w;
    gpus += w * draw.gpus;
    gpus2 += w * draw.gpus * draw.gpus;
    run += w * draw.run_s;
    run2 += w * draw.run_s * draw.run_s;
    gpu_s += w * product;
    gpu_s2 += w * product * product;
    sizes[static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(draw.gpus)) - 1)] += w;
    count[end] += w;
    time[end] += w * product;
    time2[end] += w * product * product;
  }
};

// |mean - expected| within four standard errors of the sample.
void check_mean(double sum, double sum2, double n, double expected) {
  const double mean = sum / n;
  const double error = std::sqrt((sum2 / n - mean * mean) / n);
  CAPTURE(mean);
  CAPTURE(expected);
  CAPTURE(error);
  CHECK(std::abs(mean - expected) < 4.0 * error);
}

void check_share(double count, double n, double expected) {
  CAPTURE(count / n);
  CHECK(std::abs(count / n - expected) < 4.0 * std::sqrt(expected * (1.0 - expected) / n));
}

Time at(std::int64_t n) { return Time{19'000 * 86'400 * ns_per_second + n * ns_per_second}; }

GeneratorOptions options() {
  GeneratorOptions out;
  out.from = at(0);
  out.to = at(9 * 86'400);
  out.site_gpus = 4608;
  return out;
}

}  // namespace

TEST_CASE("the laws, integrated, give the published figures") {
  // Midpoint rule over both scores and the chance of the end.
  constexpr double step = 0.08;
  constexpr int ends = 64;
  Sums sums;
  for (double run = -7 + step / 2; run < 7; run += step) {
    for (double size = -6 + step / 2; size < 6; size += step) {
      const double weight =
          std::exp(-0.5 * (run * run + size * size)) * step * step / (2.0 * std::acos(-1.0));
      for (int u = 0; u < ends; ++u) sums.add(draw_job(run, size, (u + 0.5) / ends), weight / ends);
    }
  }
  CHECK(sums.weight == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(sums.gpus == doctest::Approx(mean_gpus).epsilon(5e-3));
  CHECK(sums.run == doctest::Approx(mean_run_s).epsilon(2e-3));
  CHECK(sums.gpu_s == doctest::Approx(total_gpu_time_s / jobs).epsilon(5e-3));
  for (std::size_t end = 0; end < 3; ++end) {
    CAPTURE(end);
    CHECK(sums.count[end] == doctest::Approx(share_of_jobs[end]).epsilon(2e-3));
    CHECK(sums.time[end] / sums.gpu_s ==
          doctest::Approx(gpu_time_s[end] / total_gpu_time_s).epsilon(5e-3));
  }
  CHECK(sums.sizes[0] > 0.5);  // the median job has one GPU
  CHECK(draw_job(0.0, 0.0, 0.5).run_s == doctest::Approx(median_run_s).epsilon(1e-12));
  CHECK(draw_job(6.0, 6.0, 0.5).run_s == longest_run_s);
  CHECK(draw_job(6.0, 6.0, 0.5).gpus == largest_gpus);
  CHECK(draw_job(-6.0, -6.0, 0.5).gpus == 1);
}

TEST_CASE("a large sample has the published means, medians and shares") {
  constexpr std::uint64_t n = 300'000;
  const RandomStream random(20'230'301, "sample");
  Sums sums;
  std::vector<double> runs;
  for (std::uint64_t i = 0; i < n; ++i) {
    const JobDraw draw = draw_job(random, i);
    sums.add(draw, 1.0);
    runs.push_back(draw.run_s);
  }
  check_mean(sums.gpus, sums.gpus2, n, mean_gpus);
  check_mean(sums.run, sums.run2, n, mean_run_s);
  check_mean(sums.gpu_s, sums.gpu_s2, n, total_gpu_time_s / jobs);
  for (std::size_t end = 0; end < 3; ++end) {
    check_share(sums.count[end], n, share_of_jobs[end]);
    check_mean(sums.time[end], sums.time2[end], n, gpu_time_s[end] / jobs);
  }
  // Quantiles: the median is published, the others are those of the log-normal law. A quantile is
  // off by sqrt(p (1 - p) / n) in probability.
  std::sort(runs.begin(), runs.end());
  for (const auto& [p, score] :
       {std::pair{0.1, -1.2815515655}, {0.5, 0.0}, {0.9, 1.2815515655}, {0.99, 2.3263478740}}) {
    const double expected = median_run_s * std::exp(2.1616 * score);
    const auto below = std::lower_bound(runs.begin(), runs.end(), expected) - runs.begin();
    check_share(static_cast<double>(below), n, p);
  }
  CHECK(runs.back() <= longest_run_s);
  // The law of sizes: 0.6, then falling by the same factor.
  double falling = 0.0;
  for (int k = 1; k <= 10; ++k) falling += std::pow(0.763643, k);
  for (int k = 0; k <= 10; ++k) {
    CAPTURE(k);
    check_share(sums.sizes[static_cast<std::size_t>(k)], n,
                k == 0 ? 0.6 : 0.4 * std::pow(0.763643, k) / falling);
  }
  // Heavy tail: the largest tenth of the jobs (64 GPUs and more) has most of the GPU-time.
  double large_s = 0.0;
  double large = 0.0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const JobDraw draw = draw_job(random, i);
    if (draw.gpus < 64) continue;
    large += 1.0;
    large_s += draw.gpus * draw.run_s;
  }
  CHECK(large / n < 0.12);
  CHECK(large_s / sums.gpu_s > 0.9);
}

TEST_CASE("the mean GPU-time of cut sizes is that of a sample") {
  const RandomStream random(7, "sample");
  for (int cut : {1, 8, 64, 1024}) {
    double sum = 0.0;
    double sum2 = 0.0;
    constexpr std::uint64_t n = 100'000;
    for (std::uint64_t i = 0; i < n; ++i) {
      const JobDraw draw = draw_job(random, i);
      const double gpu_s = std::min(draw.gpus, cut) * draw.run_s;
      sum += gpu_s;
      sum2 += gpu_s * gpu_s;
    }
    CAPTURE(cut);
    check_mean(sum, sum2, n, mean_gpu_seconds(cut));
  }
  CHECK(mean_gpu_seconds(1024) == doctest::Approx(total_gpu_time_s / jobs).epsilon(1e-4));
}

TEST_CASE("profiles stay in their ranges with the means of their laws") {
  const RandomStream random(3, "profile");
  constexpr std::uint64_t n = 20'000;
  double log_period = 0.0, duty = 0.0, low = 0.0, startup_s = 0.0, dip_s = 0.0, interval_s = 0.0;
  for (std::uint64_t i = 0; i < n; ++i) {
    Job job;
    job.gpus = 64;
    draw_profile(job, 20'000.0, random, i);
    const PowerProfile& p = job.profile;
    REQUIRE(profile_fault(p).empty());
    const double period_s = to_seconds(p.iteration_time);
    const double d = to_seconds(p.high_time) / period_s;
    CHECK((period_s >= 0.2 && period_s <= 8.0));
    CHECK((d > 0.6 - 1e-8 && d < 0.9 + 1e-8));
    CHECK((p.low_level >= 0.3 && p.low_level <= 0.7));
    CHECK((p.startup_time >= seconds(60) && p.startup_time <= seconds(180)));
    CHECK((p.checkpoint_time >= seconds(10) && p.checkpoint_time <= seconds(60)));
    CHECK((p.checkpoint_interval >= minutes(15) &&
           p.checkpoint_interval <= minutes(30) + seconds(8)));
    CHECK(p.checkpoint_interval % p.iteration_time == Duration{});
    // The time on racks is the one asked for, but for a run that would end within a checkpoint.
    const double run_s = to_seconds(undisturbed_run(job));
    CHECK((run_s <= 20'000.0 + 1e-6 && run_s > 20'000.0 - 60.0));
    CHECK((job.walltime >= seconds(1.1 * 20'000.0) && job.walltime <= seconds(60'300)));
    CHECK(job.walltime % minutes(5) == Duration{});
    log_period += std::log(period_s);
    duty += d;
    low += p.low_level;
    startup_s += to_seconds(p.startup_time);
    dip_s += to_seconds(p.checkpoint_time);
    interval_s += to_seconds(p.checkpoint_interval);
  }
  // Uniform laws: mean and standard error (b - a) / sqrt(12 n). The interval is rounded up to whole
  // iterations, by half of one on the mean: (8 - 0.2) / ln 40 / 2.
  const auto check_uniform = [&](double sum, double a, double b, double shift = 0.0) {
    const double error = (b - a) / std::sqrt(12.0 * n);
    CHECK(std::abs(sum / n - 0.5 * (a + b) - shift) < 4.0 * error);
  };
  check_uniform(log_period, std::log(0.2), std::log(8.0));
  check_uniform(duty, 0.6, 0.9);
  check_uniform(low, 0.3, 0.7);
  check_uniform(startup_s, 60.0, 180.0);
  check_uniform(dip_s, 10.0, 60.0);
  check_uniform(interval_s, 900.0, 1800.0, 7.8 / std::log(40.0) / 2.0);
}

TEST_CASE("a job that is shorter than its start-up does nothing else; small ones are constant") {
  const RandomStream random(3, "profile");
  Job job;
  job.gpus = 64;
  draw_profile(job, 20.0, random, 0);
  CHECK(undisturbed_run(job) == seconds(20));
  CHECK(job.work == Duration{});
  Job small;
  small.kind = kind_by_size(7, 8);
  draw_profile(small, 20.0, random, 0);
  CHECK(small.work == seconds(20));
  CHECK(small.profile.iteration_time == Duration{});
  CHECK((small.profile.high_level >= 0.3 && small.profile.high_level <= 0.9));
  CHECK(kind_by_size(8, 8) == JobKind::training);
}

TEST_CASE("arrivals offer the wanted share of the site") {
  GeneratorOptions wanted = options();
  wanted.to = wanted.from + days(200);
  const std::vector<Job> made = generate_jobs(wanted);
  // Pretraining: 0.85 x 0.7 x 4,608 GPUs in the ratio 3:2:1, whole nodes.
  std::vector<int> gangs;
  double count = 0.0;
  double gpu_s2 = 0.0;
  double gpu_s = 0.0;
  Time last = wanted.from;
  for (const Job& job : made) {
    CHECK(job.submit >= last);
    CHECK(job.submit < wanted.to);
    last = job.submit;
    if (job.owner == "pretraining") {
      gangs.push_back(job.gpus);
      continue;
    }
    CHECK(job.gpus <= 512);  // two of them beside the pretraining gangs in 4,608
    const double x = job.gpus * to_seconds(undisturbed_run(job));
    count += 1.0;
    gpu_s += x;
    gpu_s2 += x * x;
  }
  std::sort(gangs.begin(), gangs.end());
  CHECK(gangs == std::vector<int>{456, 912, 1368});  // 456.96, 913.9, 1370.9
  // The rest of 0.85 x 4,608; a random sum over a Poisson number of jobs: variance N E[x^2].
  const double expected = (0.85 * 4608 - 2736) * 200 * 86'400;
  CAPTURE(gpu_s / expected);
  CAPTURE(std::sqrt(gpu_s2) / expected);
  CHECK(std::abs(gpu_s - expected) < 4.0 * std::sqrt(gpu_s2));
  const double expected_count = expected / mean_gpu_seconds(512);
  CHECK(std::abs(count - expected_count) < 4.0 * std::sqrt(expected_count));
}

TEST_CASE("hardware of pretraining gangs fails at the published rate") {
  // 419 interruptions of 16,384 GPUs in 54 days: 3.09 h between two.
  GeneratorOptions wanted = options();
  wanted.site_gpus = 40'000;
  wanted.utilisation = 0.8;
  wanted.pretraining_share = 16'384.0 / 32'000.0;
  wanted.pretraining_gangs = 1;
  wanted.to = wanted.from + hours(2);
  double failures = 0.0;
  double expected = 0.0;
  for (wanted.seed = 1; wanted.seed <= 20; ++wanted.seed) {
    for (const Job& job : generate_jobs(wanted)) {
      if (job.owner != "pretraining") {
        CHECK(job.failures.empty());
        continue;
      }
      CHECK(job.gpus == 16'384);
      // Young: 10 to 60 s of writing, 11,135 s between failures.
      const double young_s =
          std::sqrt(2.0 * to_seconds(job.profile.checkpoint_time) * 54.0 * 86'400.0 / 419.0);
      const double interval_s = to_seconds(job.profile.checkpoint_interval);
      CHECK(interval_s <= young_s + to_seconds(job.profile.iteration_time) + 1e-9);
      CHECK(interval_s >= std::min(young_s, 900.0) - 1e-9);
      failures += static_cast<double>(std::count_if(job.failures.begin(), job.failures.end(),
                                                    [](Duration d) { return d < days(54); }));
      expected += 419.0;
    }
  }
  CHECK(std::abs(failures - expected) < 4.0 * std::sqrt(expected));
}

TEST_CASE("the seed decides, and a longer horizon changes nothing that was there") {
  const std::vector<Job> first = generate_jobs(options());
  const std::vector<Job> again = generate_jobs(options());
  GeneratorOptions longer_options = options();
  longer_options.to = longer_options.from + days(12);
  const std::vector<Job> longer = generate_jobs(longer_options);
  GeneratorOptions other_options = options();
  other_options.seed = 2;
  const std::vector<Job> other = generate_jobs(other_options);
  REQUIRE(first.size() == again.size());
  REQUIRE(longer.size() > first.size());
  std::size_t same_as_other = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (const std::vector<Job>* jobs_made : {&again, &longer}) {
      const Job& job = (*jobs_made)[i];
      CHECK(job.id == first[i].id);
      CHECK(job.submit == first[i].submit);
      CHECK(job.gpus == first[i].gpus);
      CHECK(job.work == first[i].work);
      CHECK(job.profile.low_level == first[i].profile.low_level);
    }
    if (i < other.size() && other[i].submit == first[i].submit) ++same_as_other;
  }
  CHECK(same_as_other == 0);
}

TEST_CASE("a site under generated load is busy, and most of it trains large gangs") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    GeneratorOptions wanted = options();
    wanted.seed = seed;
    const std::vector<RackGpus> racks(64, RackGpus{"rack", 72, 40e3, 132e3});
    const JobManager manager(racks, 8, generate_jobs(wanted), Resolution::average);
    JobManager::State state = manager.initial(wanted.from + days(8));
    std::vector<JobEvent> events;
    manager.advance(state, wanted.to, std::vector<RackReport>(64), events);
    const JobAccounts accounts = manager.accounts(state);
    const double share = accounts.gpu_hours_allocated / (4608 * 24.0);
    CAPTURE(seed);
    CAPTURE(share);
    CAPTURE(accounts.gpu_hours_served / accounts.gpu_hours_allocated);
    CHECK(share > 0.59);  // the pretraining gangs alone: 2,736 of 4,608
    CHECK(share <= 1.0);
    CHECK(accounts.gpu_hours_served > 0.9 * accounts.gpu_hours_allocated);
    CHECK(accounts.gpu_hours_served_by_tier[1] > 0.5 * accounts.gpu_hours_served);
    CHECK(accounts.finished > 100);
  }
}

TEST_CASE("options that cannot be met are refused") {
  const auto refused = [](auto spoil) {
    GeneratorOptions spoiled = options();
    spoil(spoiled);
    try {
      generate_jobs(spoiled);
    } catch (const ConfigurationError&) {
      return true;
    }
    return false;
  };
  CHECK(refused([](auto& o) { o.utilisation = 0.0; }));
  CHECK(refused([](auto& o) { o.utilisation = 1.2; }));
  CHECK(refused([](auto& o) { o.utilisation = std::nan(""); }));
  CHECK(refused([](auto& o) { o.pretraining_share = -0.1; }));
  CHECK(refused([](auto& o) { o.to = o.from; }));
  CHECK(refused([](auto& o) { o.site_gpus = 4; }));
  CHECK(refused([](auto& o) { o.site_gpus = 16; }));  // three gangs do not fit
  CHECK_FALSE(refused([](auto& o) { o.pretraining_gangs = 0; }));
}
