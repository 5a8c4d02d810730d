// SPDX-License-Identifier: Apache-2.0

// Profiles against timelines that were laid out by hand, and against the measured node.

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "twin/workload/profile.hpp"

using namespace ampacity;

namespace {

Duration s(std::int64_t n) { return Duration{ns_per_second} * n; }

// Start-up 10 s, a checkpoint of 5 s after each 30 s of computing, iterations of 4 s of which 3
// are high. With 100 s of work:
//   0 start-up 10 compute 40 checkpoint 45 compute 75 checkpoint 80 compute 110 checkpoint 115
//   compute 125 end
PowerProfile by_hand() {
  PowerProfile profile;
  profile.startup_time = s(10);
  profile.checkpoint_interval = s(30);
  profile.checkpoint_time = s(5);
  profile.iteration_time = s(4);
  profile.high_time = s(3);
  profile.low_level = 0.4;
  return profile;
}

// Integral of the fraction over the whole attempt, edge by edge, in seconds of peak power.
double energy_s(const ProfileTimeline& timeline, Resolution resolution) {
  double sum = 0.0;
  for (Duration at; at < timeline.length();) {
    const Duration next = timeline.next_change(at, resolution);
    sum += timeline.fraction(at, resolution) * to_seconds(next - at);
    at = next;
  }
  return sum;
}

}  // namespace

TEST_CASE("phases of an attempt lie where they were laid by hand") {
  const ProfileTimeline timeline(by_hand(), s(100));
  CHECK(timeline.length() == s(125));
  std::vector<std::int64_t> edges;
  for (Duration at; at < timeline.length();) {
    at = timeline.next_change(at, Resolution::average);
    edges.push_back(at / s(1));
  }
  CHECK(edges == std::vector<std::int64_t>{10, 40, 45, 75, 80, 110, 115, 125});

  CHECK(timeline.phase(s(0)) == ProfilePhase::startup);
  CHECK(timeline.phase(s(10)) == ProfilePhase::compute);
  CHECK(timeline.phase(s(40)) == ProfilePhase::checkpoint);
  CHECK(timeline.phase(s(45)) == ProfilePhase::compute);
  CHECK(timeline.phase(s(45) - Duration{1}) == ProfilePhase::checkpoint);
  CHECK(timeline.phase(s(125)) == ProfilePhase::ended);
  CHECK(timeline.next_change(s(125), Resolution::average) == s(125));
}

TEST_CASE("work done and work saved follow the checkpoints") {
  const ProfileTimeline timeline(by_hand(), s(100));
  const struct {
    std::int64_t at, done, saved;
  } rows[] = {{0, 0, 0},     {10, 0, 0},      {25, 15, 0},    {40, 30, 0},  {43, 30, 0},
              {45, 30, 30},  {60, 45, 30},    {75, 60, 30},   {80, 60, 60}, {115, 90, 90},
              {124, 99, 90}, {125, 100, 100}, {999, 100, 100}};
  for (const auto& row : rows) {
    CAPTURE(row.at);
    CHECK(timeline.work_done(s(row.at)) == s(row.done));
    CHECK(timeline.work_saved(s(row.at)) == s(row.saved));
  }
}

TEST_CASE("iterations are a square wave that starts afresh after a checkpoint") {
  const ProfileTimeline timeline(by_hand(), s(100));
  const Resolution fine = Resolution::phases;
  // First interval: high 10-13, low 13-14, ..., the eighth iteration is cut at 40 (high 38-40).
  CHECK(timeline.next_change(s(10), fine) == s(13));
  CHECK(timeline.next_change(s(13), fine) == s(14));
  CHECK(timeline.next_change(s(13) - Duration{1}, fine) == s(13));
  CHECK(timeline.next_change(s(38), fine) == s(40));
  CHECK(timeline.next_change(s(45), fine) == s(48));
  CHECK(timeline.fraction(s(10), fine) == 1.0);
  CHECK(timeline.fraction(s(13), fine) == 0.4);
  CHECK(timeline.fraction(s(14), fine) == 1.0);
  CHECK(timeline.fraction(s(48), fine) == 0.4);
  CHECK(timeline.fraction(s(5), fine) == 0.27);
  CHECK(timeline.fraction(s(42), fine) == 0.27);
  CHECK(timeline.fraction(s(125), fine) == 0.13);
  // The mean of an iteration: 0.4 + 0.6 * 3/4.
  CHECK(timeline.fraction(s(13), Resolution::average) == doctest::Approx(0.85).epsilon(1e-15));
}

TEST_CASE("both resolutions hold the same energy where intervals are whole iterations") {
  PowerProfile profile = by_hand();
  profile.checkpoint_interval = s(32);
  const ProfileTimeline timeline(profile, s(96));
  // 10 s start-up and 2 checkpoints of 5 s at 0.27, 96 s at 0.85.
  const double expected_s = 20.0 * 0.27 + 96.0 * 0.85;
  CHECK(timeline.length() == s(116));
  CHECK(energy_s(timeline, Resolution::average) == doctest::Approx(expected_s).epsilon(1e-14));
  CHECK(energy_s(timeline, Resolution::phases) == doctest::Approx(expected_s).epsilon(1e-14));
}

TEST_CASE("edges of a period that is no whole number of anything stay exact for a month") {
  PowerProfile profile;
  profile.iteration_time = Duration{233'333'333};
  profile.high_time = Duration{163'333'331};
  const ProfileTimeline timeline(profile, days(30));
  const std::int64_t n = 10'000'000;  // 27 days
  const Duration begin = n * profile.iteration_time;
  CHECK(timeline.next_change(begin - Duration{1}, Resolution::phases) == begin);
  CHECK(timeline.next_change(begin, Resolution::phases) == begin + profile.high_time);
  CHECK(timeline.fraction(begin - Duration{1}, Resolution::phases) == profile.low_level);
  CHECK(timeline.fraction(begin, Resolution::phases) == profile.high_level);
}

TEST_CASE("a checkpoint is not written at the very end, and short attempts are whole") {
  PowerProfile profile = by_hand();
  CHECK(ProfileTimeline(profile, s(30)).length() == s(40));
  CHECK(ProfileTimeline(profile, s(30) + Duration{1}).length() == s(45) + Duration{1});
  CHECK(ProfileTimeline(profile, s(60)).length() == s(75));
  const ProfileTimeline startup_only(profile, s(0));
  CHECK(startup_only.length() == s(10));
  CHECK(startup_only.phase(s(9)) == ProfilePhase::startup);
  CHECK(startup_only.phase(s(10)) == ProfilePhase::ended);
}

TEST_CASE("the levels are those of the measured node") {
  // Eight H100 boards, sum: idle 575-610 W, loaded or writing 1,212-1,250 W, compute 4,375-4,468 W.
  const PowerProfile profile;
  CHECK(profile.idle_level >= 575.0 / 4468.0);
  CHECK(profile.idle_level <= 610.0 / 4375.0);
  CHECK(profile.startup_level >= 1212.0 / 4468.0 - 0.005);
  CHECK(profile.startup_level <= 1250.0 / 4375.0);
  CHECK(profile.checkpoint_level == profile.startup_level);
}

TEST_CASE("what is wrong with a profile is named") {
  CHECK(profile_fault(by_hand()).empty());
  const auto fault_of = [](auto spoil) {
    PowerProfile profile = by_hand();
    spoil(profile);
    return !profile_fault(profile).empty();
  };
  CHECK(fault_of([](PowerProfile& p) { p.low_level = -0.1; }));
  CHECK(fault_of([](PowerProfile& p) { p.high_level = 1.1; }));
  CHECK(fault_of(
      [](PowerProfile& p) { p.startup_level = std::numeric_limits<double>::quiet_NaN(); }));
  CHECK(fault_of([](PowerProfile& p) { p.idle_level = 1.0; }));
  CHECK(fault_of([](PowerProfile& p) { p.high_time = p.iteration_time + Duration{1}; }));
  CHECK(fault_of([](PowerProfile& p) { p.checkpoint_time = Duration{}; }));
  CHECK(fault_of([](PowerProfile& p) { p.startup_time = Duration{-1}; }));
}
