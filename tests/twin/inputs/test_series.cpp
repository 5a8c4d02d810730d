// SPDX-License-Identifier: Apache-2.0

// Courses over time: values, means and kinks against closed forms worked out by hand.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {
namespace {

const Time origin = parse_time("2024-04-07T00:00:00Z").value();

// v = 0, 10, 10, 10, 40 at 0, 10, 30, 40, 100 s; w = twice that.
Series ramp(Interpolation interpolation, Duration tail = {}) {
  std::vector<Time> times;
  for (const int at_s : {0, 10, 30, 40, 100}) times.push_back(origin + seconds(at_s));
  return Series("ramp.csv", interpolation, {{"v", "W"}, {"w", "W"}}, times,
                {0, 0, 10, 20, 10, 20, 10, 20, 40, 80}, tail);
}

Time at(double offset_s) { return origin + seconds(offset_s); }

// A cheap counter-based sequence, so that the sampled checks are the same on every machine.
std::uint64_t scrambled(std::uint64_t n) {
  n += 0x9E3779B97F4A7C15U;
  n = (n ^ (n >> 30U)) * 0xBF58476D1CE4E5B9U;
  n = (n ^ (n >> 27U)) * 0x94D049BB133111EBU;
  return n ^ (n >> 31U);
}

TEST_CASE("a linear series joins its rows by straight lines") {
  const Series series = ramp(Interpolation::linear);
  CHECK(series.value(0, at(0)) == 0.0);
  CHECK(series.value(0, at(2.5)) == doctest::Approx(2.5));
  CHECK(series.value(1, at(2.5)) == doctest::Approx(5.0));
  CHECK(series.value(0, at(10)) == 10.0);
  CHECK(series.value(0, at(35)) == 10.0);
  CHECK(series.value(0, at(70)) == doctest::Approx(25.0));
  CHECK(series.value(0, at(100)) == 40.0);
  std::vector<double> both(2);
  series.values(at(70), both);
  CHECK(both[0] == doctest::Approx(25.0));
  CHECK(both[1] == doctest::Approx(50.0));
}

TEST_CASE("a step series keeps each row until the next and the last for its tail") {
  const Series series = ramp(Interpolation::step, seconds(60));
  CHECK(series.value(0, at(9.999999999)) == 0.0);
  CHECK(series.value(0, at(10)) == 10.0);
  CHECK(series.value(0, at(99)) == 10.0);
  CHECK(series.value(0, at(100)) == 40.0);
  CHECK(series.value(0, at(160)) == 40.0);
  CHECK(series.end() == at(160));
  CHECK_THROWS_AS((void)series.value(0, at(160.000000001)), ConfigurationError);
}

TEST_CASE("a nanosecond before a jump is still before it, decades from 1970") {
  const Time start = parse_time("2149-06-01T00:00:00Z").value();
  const Series series("far.csv", Interpolation::step, {{"v", "W"}}, {start, start + seconds(1)},
                      {1, 2}, seconds(1));
  CHECK(series.value(0, start + Duration{999'999'999}) == 1.0);
  CHECK(series.value(0, start + Duration{1'000'000'000}) == 2.0);
}

TEST_CASE("outside of its range a series refuses, and says what it covers") {
  const Series series = ramp(Interpolation::linear);
  CHECK(series.covers(at(0), at(100)));
  CHECK_FALSE(series.covers(at(-1), at(100)));
  CHECK_NOTHROW(series.require_range(at(3), at(99)));
  try {
    series.require_range(at(3), at(101));
    FAIL("the range was accepted");
  } catch (const ConfigurationError& error) {
    const std::string text = error.what();
    CHECK(text.find("ramp.csv: the data covers 2024-04-07T00:00:00Z to 2024-04-07T00:01:40Z") == 0);
    CHECK(text.find("2024-04-07T00:01:41Z") != std::string::npos);
  }
  CHECK_THROWS_AS((void)series.value(0, at(-0.000000001)), ConfigurationError);
}

TEST_CASE("held and repeated series answer outside of their range") {
  Series held = ramp(Interpolation::linear);
  held.hold();
  CHECK(held.value(0, at(-1e6)) == 0.0);
  CHECK(held.value(0, at(1e6)) == 40.0);
  CHECK(held.mean(0, at(90), at(110)) == doctest::Approx((37.5 * 10 + 40.0 * 10) / 20));

  // With a period of 120 s the last row runs back to the first in 20 s.
  Series repeated = ramp(Interpolation::linear);
  repeated.cycle(seconds(120));
  CHECK(repeated.value(0, at(110)) == doctest::Approx(20.0));
  CHECK(repeated.value(0, at(120)) == 0.0);
  CHECK(repeated.value(0, at(125)) == doctest::Approx(5.0));
  CHECK(repeated.value(0, at(-10)) == doctest::Approx(20.0));
  CHECK(repeated.value(0, at(-120 * 1000 + 70)) == doctest::Approx(25.0));

  // Period = span: the first row wins at the seam.
  Series seamed = ramp(Interpolation::linear);
  seamed.cycle(seconds(100));
  CHECK(seamed.value(0, at(99.999999999)) == doctest::Approx(40.0));
  CHECK(seamed.value(0, at(100)) == 0.0);

  Series stepped = ramp(Interpolation::step, seconds(20));
  stepped.cycle(seconds(120));
  CHECK(stepped.value(0, at(119)) == 40.0);
  CHECK(stepped.value(0, at(120)) == 0.0);
}

TEST_CASE("means are exact integrals") {
  const Series linear = ramp(Interpolation::linear);
  // 0.5*10*10 + 10*30 + 0.5*(10+40)*60 = 50 + 300 + 1500
  CHECK(linear.mean(0, at(0), at(100)) == doctest::Approx(18.5).epsilon(1e-14));
  CHECK(linear.mean(1, at(0), at(100)) == doctest::Approx(37.0).epsilon(1e-14));
  CHECK(linear.mean(0, at(5), at(20)) == doctest::Approx((7.5 * 5 + 10 * 10) / 15).epsilon(1e-14));
  CHECK(linear.mean(0, at(50), at(51)) == doctest::Approx(15.25).epsilon(1e-14));
  const Series step = ramp(Interpolation::step, seconds(60));
  CHECK(step.mean(0, at(0), at(160)) ==
        doctest::Approx((0 * 10 + 10 * 90 + 40 * 60) / 160.0).epsilon(1e-14));
  Series repeated = ramp(Interpolation::linear);
  repeated.cycle(seconds(120));
  // One period holds 1850 + 0.5*40*20 = 2250.
  CHECK(repeated.mean(0, at(-130), at(-130 + 360)) == doctest::Approx(18.75).epsilon(1e-13));
}

TEST_CASE("kinks are named, flat stretches are not") {
  const Series linear = ramp(Interpolation::linear);
  CHECK(linear.breaks(at(0), at(100)) == std::vector<Time>{at(10), at(40)});
  CHECK(linear.next_break(at(10)) == at(40));
  CHECK_FALSE(linear.next_break(at(100)).has_value());
  const Series step = ramp(Interpolation::step, seconds(60));
  CHECK(step.breaks(at(-1), at(160)) == std::vector<Time>{at(0), at(10), at(100)});
  Series repeated = ramp(Interpolation::linear);
  repeated.cycle(seconds(120));
  CHECK(repeated.breaks(at(95), at(245)) ==
        std::vector<Time>{at(100), at(120), at(130), at(160), at(220), at(240)});
  Series seamed = ramp(Interpolation::linear);
  seamed.cycle(seconds(100));
  CHECK(seamed.breaks(at(50), at(150)) == std::vector<Time>{at(100), at(110), at(140)});
}

TEST_CASE("between two neighbouring kinks a linear series is straight") {
  Series series = ramp(Interpolation::linear);
  series.cycle(seconds(130));
  std::vector<Time> corners = series.breaks(at(-400), at(400));
  for (std::size_t i = 1; i < corners.size(); ++i) {
    const Time middle = corners[i - 1] + (corners[i] - corners[i - 1]) / 2;
    const double left = series.value(0, corners[i - 1]);
    const double right = series.value(0, corners[i] - Duration{1});
    CHECK(series.value(0, middle) == doctest::Approx(0.5 * (left + right)).epsilon(1e-6));
  }
}

TEST_CASE("a cursor gives the same bits as the look-up, forward and at random") {
  for (const bool repeats : {false, true}) {
    for (const auto kind : {Interpolation::linear, Interpolation::step}) {
      Series series = ramp(kind, kind == Interpolation::step ? seconds(10) : Duration{});
      if (repeats) {
        series.cycle(seconds(127));
      } else {
        series.hold();
      }
      SeriesCursor cursor(series);
      for (int i = -2000; i < 4000; ++i) {
        const Time t = origin + milliseconds(100) * i;
        REQUIRE(cursor.value(0, t) == series.value(0, t));
      }
      std::vector<double> row(2);
      for (std::uint64_t i = 0; i < 2000; ++i) {
        const Time t =
            at(-300) + Duration{static_cast<std::int64_t>(scrambled(i) % 700'000'000'000)};
        cursor.values(t, row);
        REQUIRE(row[1] == series.value(1, t));
      }
    }
  }
}

TEST_CASE("a mean equals a fine sum of values") {
  const Series series = ramp(Interpolation::linear);
  double sum = 0;
  constexpr int count = 97'000;
  for (int i = 0; i < count; ++i) sum += series.value(0, at(2 + (i + 0.5) * 1e-3));
  CHECK(series.mean(0, at(2), at(99)) == doctest::Approx(sum / count).epsilon(1e-9));
}

TEST_CASE("one row is a constant at one instant, held for ever when asked to") {
  Series series("one.csv", Interpolation::linear, {{"v", "W"}}, {origin}, {7});
  CHECK(series.value(0, origin) == 7.0);
  CHECK_THROWS_AS((void)series.value(0, origin + seconds(1)), ConfigurationError);
  series.hold();
  CHECK(series.value(0, origin + days(9)) == 7.0);
  CHECK(series.mean(0, origin - days(1), origin + days(9)) == 7.0);
  series.cycle(hours(1));
  CHECK(series.value(0, origin + minutes(90)) == 7.0);
}

TEST_CASE("a wrong column name gives the nearest one") {
  const Series series("w.csv", Interpolation::linear, {{"dry_bulb", "K"}, {"wind", "m/s"}},
                      {origin}, {300, 2});
  CHECK(series.column("wind") == 1);
  CHECK_FALSE(series.find("dew").has_value());
  CHECK_THROWS_WITH_AS((void)series.column("drybulb"), doctest::Contains("(nearest: 'dry_bulb')"),
                       ConfigurationError);
}

}  // namespace
}  // namespace ampacity
