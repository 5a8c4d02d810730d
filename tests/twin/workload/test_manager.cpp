// SPDX-License-Identifier: Apache-2.0

// The manager against timelines, energies and accounts worked out by hand.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "twin/core/random.hpp"
#include "twin/workload/manager.hpp"

using namespace ampacity;

namespace {

constexpr std::int64_t day_ns = 86'400 * ns_per_second;
Time at(std::int64_t n) { return Time{19'000 * day_ns + n * ns_per_second}; }
Duration s(std::int64_t n) { return Duration{ns_per_second} * n; }

// Racks of 8 GPUs: 10 kW idle, 50 kW at full power.
std::vector<RackGpus> racks(int count) {
  std::vector<RackGpus> out;
  for (int i = 0; i < count; ++i) out.push_back({"rack-" + std::to_string(i + 1), 8, 10e3, 50e3});
  return out;
}

Job plain_job(std::uint64_t id, std::int64_t submit_s, int gpus, std::int64_t work_s) {
  Job job;
  job.id = id;
  job.owner = "test";
  job.submit = at(submit_s);
  job.gpus = gpus;
  job.work = s(work_s);
  job.walltime = s(work_s);
  return job;
}

// Undisturbed, from its start: start-up 0-10, compute -40, checkpoint -45, compute -75, checkpoint
// -80, compute -110, checkpoint -115, compute -125.
Job training_job(std::uint64_t id, std::int64_t submit_s, int gpus) {
  Job job = plain_job(id, submit_s, gpus, 100);
  job.walltime = s(125);
  job.profile.startup_time = s(10);
  job.profile.checkpoint_interval = s(30);
  job.profile.checkpoint_time = s(5);
  return job;
}

std::vector<RackReport> reports(std::size_t racks_count) {
  return std::vector<RackReport>(racks_count);
}

// "12 started 1", seconds since at(0) and identity of the job.
std::vector<std::string> lines(const JobManager& manager, const std::vector<JobEvent>& events) {
  std::vector<std::string> out;
  for (const JobEvent& event : events) {
    out.push_back(std::to_string((event.time - at(0)) / s(1)) + " " +
                  std::string(name_of(event.kind)) + " " +
                  std::to_string(manager.jobs()[event.job].id));
  }
  return out;
}

using Lines = std::vector<std::string>;

struct Run {
  JobManager manager;
  JobManager::State state;
  std::vector<RackReport> report;
  std::vector<JobEvent> events;

  Run(int rack_count, std::vector<Job> jobs, Resolution resolution = Resolution::average,
      int gpus_per_node = 8)
      : manager(racks(rack_count), gpus_per_node, std::move(jobs), resolution),
        state(manager.initial(at(0))),
        report(reports(static_cast<std::size_t>(rack_count))) {}

  void to(std::int64_t second) { manager.advance(state, at(second), report, events); }
  Lines lines_so_far() const { return lines(manager, events); }
  double demand(std::size_t rack) const { return manager.demand_w(state)[rack]; }
  JobAccounts accounts() const { return manager.accounts(state); }
};

doctest::Approx close(double value) { return doctest::Approx(value).epsilon(1e-12); }

}  // namespace

TEST_CASE("a rack wants its idle power and the share of its GPUs at work") {
  Job half = plain_job(1, 0, 4, 100);
  Job quarter = plain_job(2, 0, 2, 200);
  quarter.profile.high_level = 0.565;  // half way from idle, 0.13, to the peak
  Run run(2, {half, quarter});
  CHECK(run.demand(0) == 10e3);
  run.to(0);
  // 40 kW x (4/8 x 1 + 2/8 x 1/2)
  CHECK(run.demand(0) == close(10e3 + 40e3 * 0.625));
  CHECK(run.demand(1) == 10e3);
  CHECK(run.manager.next_event(run.state) == at(100));
  run.to(100);
  CHECK(run.demand(0) == close(10e3 + 40e3 * 0.125));
  run.to(200);
  CHECK(run.demand(0) == 10e3);
  CHECK(run.manager.next_event(run.state) == never);
}

TEST_CASE("start-up and checkpoints draw 0.27 of the peak") {
  Run run(2, {training_job(1, 5, 16)});
  const double dip_w = 10e3 + 40e3 * (0.27 - 0.13) / 0.87;
  std::vector<std::pair<std::int64_t, double>> seen;
  for (Time t = at(0); t != never && run.state.now() < at(200);
       t = run.manager.next_event(run.state)) {
    run.manager.advance(run.state, t, run.report, run.events);
    seen.push_back({(t - at(0)) / s(1), run.demand(1)});
  }
  const std::vector<std::pair<std::int64_t, double>> expected = {
      {0, 10e3},   {5, dip_w}, {15, 50e3},   {45, dip_w}, {50, 50e3},
      {80, dip_w}, {85, 50e3}, {115, dip_w}, {120, 50e3}, {130, 10e3}};
  REQUIRE(seen.size() == expected.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].first == expected[i].first);
    CHECK(seen[i].second == close(expected[i].second));
  }
  CHECK(run.lines_so_far() == Lines{"5 submitted 1", "5 started 1", "50 checkpoint 1",
                                    "85 checkpoint 1", "120 checkpoint 1", "130 finished 1"});
  CHECK(run.accounts().gpu_hours_served == close(16 * 100 / 3600.0));
  CHECK(run.accounts().gpu_hours_allocated == close(16 * 125 / 3600.0));
  CHECK(run.accounts().gpu_hours_lost == 0.0);
}

TEST_CASE("the energy of the square wave is that of its mean") {
  Job job = training_job(1, 0, 8);
  job.profile.iteration_time = Duration{750'000'000};  // 40 of them in an interval of 30 s
  job.profile.high_time = Duration{500'000'000};
  job.profile.low_level = 0.4;
  job.work = s(90);
  // 90 s at 0.4 + 0.6 * 2/3 = 0.8, 20 s at 0.27, above idle 0.13; 110 s of idle rack power.
  const double expected_j = 110.0 * 10e3 + 40e3 * (90.0 * 0.67 + 20.0 * 0.14) / 0.87;
  for (Resolution resolution : {Resolution::average, Resolution::phases}) {
    Run run(1, {job}, resolution);
    double energy_j = 0.0;
    int events = 0;
    run.to(0);
    while (run.manager.next_event(run.state) != never) {
      const Time next = run.manager.next_event(run.state);
      energy_j += run.demand(0) * to_seconds(next - run.state.now());
      run.manager.advance(run.state, next, run.report, run.events);
      ++events;
    }
    CHECK(run.state.now() == at(110));
    CHECK(energy_j == doctest::Approx(expected_j).epsilon(1e-12));
    // Average: start-up, two checkpoints of two edges, end; phases: 3 x 80 edges instead of 3 ends.
    CHECK(events == (resolution == Resolution::average ? 6 : 6 - 3 + 240));
  }
}

TEST_CASE("a gang runs at its slowest rank, start-up and checkpoints at their own pace") {
  Run run(2, {training_job(1, 0, 16)});
  run.to(0);
  run.report[1].delivered = 0.5;
  run.to(4);  // start-up goes on: ends at 10
  // 30 s of computing at half speed: 10-70, checkpoint 70-75, compute 75-135 ...
  run.to(72);
  run.report[0].delivered = 0.8;  // rack 2 is still the slowest
  run.to(105);                    // half of the second interval
  CHECK(run.accounts().gpu_hours_served == close(16 * 45 / 3600.0));
  run.report[1].delivered = 1.0;  // now rack 1 is, at 0.8: 15 s of work take 18.75 s
  run.to(110);
  CHECK(run.accounts().gpu_hours_served == close(16 * (45 + 2.5) / 3600.0));
  // From 110: 12.5 s left at 0.8: 15.625 s.
  CHECK(run.manager.next_event(run.state) == at(110) + seconds(15.625));
  run.report[0].delivered = 1.0;
  run.to(110);
  CHECK(run.manager.next_event(run.state) == at(122) + seconds(0.5));
  run.to(300);
  // 122.5 + 5 + 30 + 5 + 10
  CHECK(run.events.back().time == at(172) + seconds(0.5));
  CHECK(run.events.back().kind == JobEventKind::finished);
  CHECK(run.accounts().gpu_hours_served == close(16 * 100 / 3600.0));
  CHECK(run.accounts().gpu_hours_allocated == close(16 * 172.5 / 3600.0));
}

TEST_CASE("a stalled gang waits and carries on") {
  Run run(1, {plain_job(1, 0, 8, 100)});
  run.to(0);
  run.to(30);
  run.report[0].delivered = 0.0;
  run.to(30);
  CHECK(run.manager.next_event(run.state) == never);
  run.to(1000);
  CHECK(run.accounts().gpu_hours_served == close(8 * 30 / 3600.0));
  run.report[0].delivered = 1.0;
  run.to(1000);
  CHECK(run.manager.next_event(run.state) == at(1070));
  // 70 s at 0.7 of full speed, and 70 s at 0.3: 233.3... s, up to the next nanosecond.
  run.report[0].delivered = 0.7;
  run.to(1000);
  CHECK(run.manager.next_event(run.state) == at(1100));
  run.report[0].delivered = 0.3;
  run.to(1000);
  CHECK(run.manager.next_event(run.state) == at(1233) + Duration{333'333'334});
}

TEST_CASE("a lost rack kills the gang; it carries on from its checkpoint elsewhere") {
  Run run(3, {training_job(1, 0, 16)});
  run.to(60);  // 45 s of work done, 30 s saved
  run.report[1].available = false;
  run.to(60);
  CHECK(run.lines_so_far() ==
        Lines{"0 submitted 1", "0 started 1", "45 checkpoint 1", "60 requeued 1", "60 started 1"});
  CHECK(run.demand(1) == 0.0);
  CHECK(run.demand(2) > 10e3);  // racks 1 and 3
  const JobEvent requeued = run.events[3];
  CHECK(requeued.rack == 1);
  CHECK(requeued.lost_gpu_hours == close(16 * 15 / 3600.0));
  CHECK(run.manager.text(requeued) ==
        "job 1 (test, 16 GPUs) requeued: rack rack-2 lost; 0.06667 GPU-h of work lost");
  // 70 s left: start-up to 70, compute to 100, checkpoint to 105, compute to 135, checkpoint to
  // 140, compute to 150.
  run.events.clear();
  run.to(500);
  CHECK(run.lines_so_far() == Lines{"105 checkpoint 1", "140 checkpoint 1", "150 finished 1"});
  CHECK(run.accounts().gpu_hours_served == close(16 * 100 / 3600.0));
  CHECK(run.accounts().gpu_hours_lost == close(16 * 15 / 3600.0));
  CHECK(run.accounts().gpu_hours_allocated == close(16 * 150 / 3600.0));
  CHECK(run.accounts().requeued == 1);
  CHECK(run.accounts().started == 2);
  CHECK(run.accounts().finished == 1);
}

TEST_CASE("a checkpoint that is being written does not count yet; losses wait for racks") {
  Run run(2, {training_job(1, 0, 16)});
  run.to(43);
  run.report[0].available = false;
  run.to(43);
  CHECK(run.accounts().gpu_hours_lost == close(16 * 30 / 3600.0));
  CHECK(run.accounts().gpu_hours_served == 0.0);
  CHECK(run.manager.queue(run.state).waiting_gpus == 16);
  CHECK_FALSE(run.state.is_running(0));
  run.to(90);
  CHECK(run.manager.queue(run.state).longest_wait_s == 47.0);
  run.report[0].available = true;
  run.to(93);
  CHECK(run.state.is_running(0));
  CHECK(run.accounts().wait_total_s == 50.0);
  CHECK(run.accounts().wait_longest_s == 50.0);
  run.to(1000);
  CHECK(run.events.back().time == at(93 + 125));
}

TEST_CASE("hardware failures are counted in running time and restart the gang at once") {
  Job job = training_job(1, 0, 8);
  job.failures = {s(60), s(100)};
  Run run(1, {job});
  run.to(1000);
  // Attempt 1: 0-60, saved 30, lost 15. Attempt 2, 70 s of work: start-up 60-70, compute; the
  // second failure comes after 40 s of this attempt, at 100, its first checkpoint would begin: 30
  // s lost. Attempt 3: start-up 100-110, compute -140, checkpoint -145, -175, -180, -190.
  CHECK(run.lines_so_far() == Lines{"0 submitted 1", "0 started 1", "45 checkpoint 1",
                                    "60 requeued 1", "60 started 1", "100 requeued 1",
                                    "100 started 1", "145 checkpoint 1", "180 checkpoint 1",
                                    "190 finished 1"});
  CHECK(run.events[3].rack == -1);
  CHECK(run.accounts().gpu_hours_lost == close(8 * 45 / 3600.0));
  CHECK(run.accounts().gpu_hours_served == close(8 * 100 / 3600.0));
  CHECK(run.accounts().gpu_hours_allocated == close(8 * 190 / 3600.0));
}

TEST_CASE("jobs end as their owners made them end") {
  Job cancelled = training_job(1, 0, 8);
  cancelled.end = JobEnd::cancelled;
  Job failed = training_job(2, 0, 8);
  failed.end = JobEnd::failed;
  Job failed_early = plain_job(3, 0, 8, 20);
  failed_early.end = JobEnd::failed;
  failed_early.tier = 2;
  cancelled.tier = 3;
  Run run(3, {cancelled, failed, failed_early});
  run.to(200);
  const JobAccounts accounts = run.accounts();
  CHECK(accounts.cancelled == 1);
  CHECK(accounts.failed == 2);
  CHECK(accounts.finished == 0);
  // Cancelled: all counts. Failed: the last 10 s of 100, and all 20 s, are lost.
  CHECK(accounts.gpu_hours_served == close(8 * 190 / 3600.0));
  CHECK(accounts.gpu_hours_lost == close(8 * 30 / 3600.0));
  CHECK(accounts.gpu_hours_served_by_tier[3] == close(8 * 100 / 3600.0));
  CHECK(accounts.gpu_hours_served_by_tier[2] == 0.0);
  CHECK(accounts.gpu_hours_served_by_tier[0] == close(8 * 90 / 3600.0));
}

TEST_CASE("jobs wait their turn, and EASY lets a short one pass") {
  // Racks 1 to 3; 1 takes two until 100, 2 wants all three, 3 (one rack, 50 s) ends in time, 4 (one
  // rack, 200 s) does not.
  Run run(3, {plain_job(4, 30, 8, 200), plain_job(1, 0, 16, 100), plain_job(2, 10, 24, 60),
              plain_job(3, 20, 8, 50)});
  run.to(1000);
  CHECK(run.lines_so_far() == Lines{"0 submitted 1", "0 started 1", "10 submitted 2",
                                    "20 submitted 3", "20 started 3", "30 submitted 4",
                                    "70 finished 3", "100 finished 1", "100 started 2",
                                    "160 finished 2", "160 started 4", "360 finished 4"});
  CHECK(run.accounts().wait_total_s == 90.0 + 130.0);
  CHECK(run.accounts().wait_longest_s == 130.0);
}

TEST_CASE("a requeued job goes before those that were submitted later") {
  Run run(1, {plain_job(1, 0, 8, 100), plain_job(2, 5, 8, 100)});
  run.to(50);
  run.report[0].available = false;
  run.to(50);
  run.report[0].available = true;
  run.to(60);
  run.to(400);
  CHECK(run.lines_so_far() == Lines{"0 submitted 1", "0 started 1", "5 submitted 2",
                                    "50 requeued 1", "60 started 1", "160 finished 1",
                                    "160 started 2", "260 finished 2"});
}

TEST_CASE("a run begins with a site at work") {
  std::vector<Job> jobs = {training_job(1, -60, 8), plain_job(2, -100, 8, 30),
                           plain_job(3, -10, 16, 10), plain_job(4, 0, 8, 10)};
  Run run(2, jobs);
  // Job 1 is 60 s into its attempt, job 2 is done, job 3 waits for both racks, job 4 is of the run.
  CHECK(run.state.is_running(1));
  CHECK(run.manager.jobs()[1].id == 1);
  CHECK(run.demand(0) == close(50e3));
  CHECK(run.accounts().gpu_hours_served == 0.0);
  CHECK(run.accounts().submitted == 0);
  CHECK(run.manager.queue(run.state).waiting_jobs == 1);
  run.to(0);
  CHECK(run.lines_so_far() == Lines{"0 submitted 4", "0 started 4"});
  run.to(1000);
  CHECK(run.events.front().time == at(0));
  CHECK(run.accounts().finished == 3);
  // 55 s of job 1 (45 s were before), all of 3 and 4.
  CHECK(run.accounts().gpu_hours_served == close((8 * 55 + 16 * 10 + 8 * 10) / 3600.0));
  CHECK(run.accounts().gpu_hours_allocated == close((8 * 65 + 16 * 10 + 8 * 10) / 3600.0));
}

namespace {

// A day's worth of trouble for the properties below.
std::vector<Job> random_jobs(std::uint64_t seed) {
  RandomCursor random{RandomStream(seed, "jobs")};
  std::vector<Job> out;
  for (std::uint64_t i = 0; i < 80; ++i) {
    Job job = training_job(i, random.below(3000), 1 + static_cast<int>(random.below(30)));
    job.work = seconds(random.uniform(0.0, 400.0));
    job.profile.startup_time = seconds(random.uniform(1.0, 20.0));
    job.profile.iteration_time = seconds(random.uniform(0.7, 8.0));
    job.profile.high_time = seconds(0.5);
    job.profile.low_level = 0.5;
    job.walltime = s(600);
    if (i % 5 == 0) job.failures = {seconds(random.uniform(1.0, 100.0))};
    if (i % 7 == 0) job.end = JobEnd::failed;
    out.push_back(job);
  }
  return out;
}

std::vector<RackReport> random_reports(std::uint64_t seed, std::int64_t minute) {
  RandomStream random(seed, "reports");
  std::vector<RackReport> out = reports(6);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto index = static_cast<std::uint64_t>(minute) * 100 + i;
    if (random.uniform(index) < 0.2) out[i].delivered = random.child("depth").uniform(index);
    out[i].available = random.child("loss").uniform(index) > 0.05;
  }
  return out;
}

void check_same(const Run& a, const Run& b) {
  REQUIRE(a.events.size() == b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    CHECK(a.events[i].time == b.events[i].time);
    CHECK(a.events[i].kind == b.events[i].kind);
    CHECK(a.events[i].job == b.events[i].job);
    CHECK(a.events[i].lost_gpu_hours == b.events[i].lost_gpu_hours);
  }
  CHECK(a.accounts().gpu_hours_served == b.accounts().gpu_hours_served);
  CHECK(a.accounts().gpu_hours_lost == b.accounts().gpu_hours_lost);
  CHECK(a.accounts().gpu_hours_allocated == b.accounts().gpu_hours_allocated);
  for (std::size_t r = 0; r < 6; ++r) CHECK(a.demand(r) == b.demand(r));
}

}  // namespace

TEST_CASE("how often it is asked changes no bit, and a copy is a snapshot") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    for (Resolution resolution : {Resolution::average, Resolution::phases}) {
      CAPTURE(seed);
      Run coarse(6, random_jobs(seed), resolution);
      Run fine = coarse;
      Run restored = coarse;
      for (std::int64_t minute = 0; minute < 90; ++minute) {
        // Reports change on the minute; in between `fine` stops at events and odd instants.
        coarse.report = random_reports(seed, minute);
        coarse.to(minute * 60);
        std::int64_t asked = 0;
        while (fine.state.now() < at(minute * 60)) {
          const Time odd = fine.state.now() + seconds(0.777'777'777) + Duration{++asked};
          fine.manager.advance(
              fine.state, std::min({odd, fine.manager.next_event(fine.state), at(minute * 60)}),
              fine.report, fine.events);
        }
        fine.report = random_reports(seed, minute);
        fine.to(minute * 60);
        if (minute == 30) restored = coarse;
      }
      check_same(coarse, fine);
      for (std::int64_t minute = 31; minute < 90; ++minute) {
        restored.report = random_reports(seed, minute);
        restored.to(minute * 60);
      }
      check_same(coarse, restored);
      CHECK(coarse.accounts().requeued > 5);
    }
  }
}

TEST_CASE("accounts close: what was allocated was served, lost, or overhead") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Run run(6, random_jobs(seed));
    std::int64_t minute = 0;
    double lost = 0.0;
    for (; minute < 60; ++minute) {
      run.report = random_reports(seed, minute);
      run.to(minute * 60);
      int used = 0;
      for (std::size_t job = 0; job < run.manager.jobs().size(); ++job) {
        const Allocation* allocation = run.state.allocation(job);
        if (allocation == nullptr) continue;
        for (const RackShare& share : allocation->shares) {
          CHECK(run.report[static_cast<std::size_t>(share.rack)].available);
          used += share.gpus;
        }
      }
      CHECK(used <= 48);
      CHECK(run.manager.queue(run.state).running_gpus == used);
      for (std::size_t r = 0; r < 6; ++r) {
        CHECK(run.demand(r) >= (run.report[r].available ? 10e3 : 0.0));
        CHECK(run.demand(r) <= 50e3 * (1 + 1e-12));
      }
    }
    run.report = reports(6);
    run.to(minute * 60);
    run.to(100'000);
    CHECK(run.manager.queue(run.state).waiting_jobs == 0);
    CHECK(run.manager.queue(run.state).running_jobs == 0);
    // Every job ended once, with all of its work served, except what failing took.
    double work = 0.0;
    for (const Job& job : run.manager.jobs()) work += job.gpus * to_seconds(job.work) / 3600.0;
    double lost_at_end = 0.0;
    for (const JobEvent& event : run.events) {
      lost += event.lost_gpu_hours;
      if (event.kind == JobEventKind::failed) lost_at_end += event.lost_gpu_hours;
    }
    const JobAccounts accounts = run.accounts();
    CHECK(accounts.finished + accounts.failed == 80);
    CHECK(accounts.started == accounts.submitted + accounts.requeued);
    CHECK(accounts.gpu_hours_served + lost_at_end == doctest::Approx(work).epsilon(1e-12));
    CHECK(accounts.gpu_hours_lost == doctest::Approx(lost).epsilon(1e-12));
    CHECK(accounts.gpu_hours_allocated > accounts.gpu_hours_served + accounts.gpu_hours_lost);
  }
}

TEST_CASE("what cannot run is refused with all findings") {
  const auto text_of = [](std::vector<RackGpus> site, std::vector<Job> jobs) -> std::string {
    try {
      JobManager(std::move(site), 8, std::move(jobs), Resolution::average);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return {};
  };
  CHECK(text_of(racks(2), {plain_job(1, 0, 16, 1)}).empty());
  Job no_time = plain_job(8, 0, 1, 0);
  no_time.walltime = s(1);
  Job no_request = plain_job(9, 0, 1, 1);
  no_request.walltime = Duration{};
  CHECK(text_of(racks(2), {plain_job(7, 0, 17, 1), no_time, no_request}) ==
        "job 7: it asks for 17 GPUs, the site has 16 (leave it out or scale the jobs to the site)\n"
        "job 8: it takes no time\n"
        "job 9: its requested time is not above zero");
  std::vector<RackGpus> bad = racks(2);
  bad[0].gpus = 7;
  bad[1].idle_w = 60e3;
  CHECK(text_of(bad, {}) ==
        "rack-1: 7 GPUs are no whole nodes of 8 (make one a multiple of the other)\n"
        "rack-2: idle power 60000 W and full power 50000 W are not in order (0 <= idle <= full)");
}
