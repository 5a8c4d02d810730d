// SPDX-License-Identifier: Apache-2.0

// Instants against known epoch seconds, clock changes against the published dates of the EU and US
// rules (last Sunday of March and October at 01:00 UTC; second Sunday of March and first Sunday of
// November at 02:00 local), and a text reader that must refuse rather than guess.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "twin/core/time.hpp"

using namespace ampacity;

namespace {

Time at(const char* text) {
  const Result<Time> time = parse_time(text);
  REQUIRE_MESSAGE(time, std::string(text));
  return time.value();
}

TimeZone zone(const char* name) {
  const Result<TimeZone> found = TimeZone::find(name);
  REQUIRE_MESSAGE(found, std::string(name));
  return found.value();
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("arithmetic is exact integers") {
  static_assert(seconds(1.5).ns == 1'500'000'000);
  static_assert(hours(1) == minutes(60));
  static_assert(days(1) / minutes(15) == 96);
  static_assert((Time{100} + Duration{5}) - Time{100} == Duration{5});
  static_assert(Time{1} < Time{2});
  static_assert(-minutes(1) < Duration{});
  static_assert(milliseconds(1500) % seconds(1.0) == milliseconds(500));

  Time t = at("2024-04-07");
  for (int i = 0; i < 864'000; ++i) t += milliseconds(100);
  CHECK(t == at("2024-04-08"));
}

TEST_CASE("seconds round to the nearest nanosecond") {
  CHECK(seconds(0.1).ns == 100'000'000);
  CHECK(seconds(-0.1).ns == -100'000'000);
  CHECK(seconds(1e-9 * 0.49).ns == 0);
  CHECK(seconds(1e-9 * 0.51).ns == 1);
  CHECK(seconds(-1e-9 * 0.51).ns == -1);
  // The nearest double to 1712448000.1 is 1712448000.099999904632568359375.
  CHECK(seconds(1712448000.1).ns == 1'712'448'000'099'999'905);
  CHECK(to_seconds(seconds(86400.25)) == 86400.25);
  CHECK(to_seconds(Duration{1}) == 1e-9);
}

TEST_CASE("instants parse to known epoch seconds") {
  CHECK(at("1970-01-01").ns == 0);
  CHECK(at("2024-04-07T00:00:00Z").ns == 1'712'448'000 * ns_per_second);
  CHECK(at("2001-09-09T01:46:40Z").ns == 1'000'000'000 * ns_per_second);
  CHECK(at("1969-12-31T23:59:59.999999999Z").ns == -1);
  CHECK(at("2024-04-07") == at("2024-04-07T00:00:00Z"));
  CHECK(at("2024-04-07 06:30") == at("2024-04-07T06:30:00Z"));
  CHECK(at(" 2024-04-07t06:30z ") == at("2024-04-07T06:30:00Z"));
  CHECK(at("2024-04-07T06:30:00+02:00") == at("2024-04-07T04:30:00Z"));
  CHECK(at("2024-04-07T06:30:00-0730") == at("2024-04-07T14:00:00Z"));
  CHECK(at("2024-04-07T06:30:00+02") == at("2024-04-07T04:30:00Z"));
  CHECK(at("2024-04-07 06:30:00 +02:00") == at("2024-04-07T04:30:00Z"));
  CHECK(at("2024-04-07T00:00:00.5Z") - at("2024-04-07") == milliseconds(500));
  CHECK(at("2024-04-07T00:00:00,000000001Z") - at("2024-04-07") == Duration{1});
  CHECK(at("2024-04-07T24:00") == at("2024-04-08"));
  CHECK(at("2024-02-29T12:00Z") - at("2024-02-28T12:00Z") == days(1));
  CHECK(at("2199-12-31T23:59:59.999999999Z") > at("1900-01-01"));
}

TEST_CASE("what is no instant is refused with place and remedy") {
  for (const char* text : {"",
                           " ",
                           "2024",
                           "2024-04",
                           "2024-4-7",
                           "24-04-07",
                           "2024/04/07",
                           "2024-02-30",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-01",
                           "2024-01-00",
                           "2024-04-07T",
                           "2024-04-07T6:30",
                           "2024-04-07T06",
                           "2024-04-07T25:00",
                           "2024-04-07T24:01",
                           "2024-04-07T06:60",
                           "2024-04-07T06:30:60Z",
                           "2024-04-07T06:30:00.Z",
                           "2024-04-07T06:30:00.1234567891Z",
                           "2024-04-07T06:30Z ?",
                           "2024-04-07T06:30+",
                           "2024-04-07T06:30+25:00",
                           "2024-04-07T06:30+02:60",
                           "2024-04-07T06:30 Europe/Berlin",
                           "1899-12-31",
                           "2200-01-01",
                           "-2024-04-07",
                           "+2024-04-07",
                           "nan",
                           "2024-04-07T06:30:00ZZ",
                           "07.04.2024"}) {
    const Result<Time> time = parse_time(text);
    CHECK_MESSAGE(!time, std::string(text));
    if (!time) CHECK(contains(time.error(), "write '2024-04-07T06:30:00Z'"));
  }
  CHECK(contains(parse_time("2016-12-31T23:59:60Z").error(), "leap seconds"));
}

TEST_CASE("instants are written as they are read") {
  CHECK(format_time(at("2024-04-07")) == "2024-04-07T00:00:00Z");
  CHECK(format_time(at("2024-04-07T06:30:15.25Z")) == "2024-04-07T06:30:15.250Z");
  CHECK(format_time(Time{-1}) == "1969-12-31T23:59:59.999999999Z");
  CHECK(format_time(at("2024-07-01T12:00Z"), zone("Europe/Berlin")) == "2024-07-01T14:00:00+02:00");
  CHECK(format_time(at("2024-01-01T12:00Z"), zone("UTC-07:00")) == "2024-01-01T05:00:00-07:00");
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(at("1900-01-01").ns, at("2199-12-31").ns);
  for (int i = 0; i < 2000; ++i) {
    const Time t{any(random)};
    CHECK(at(format_time(t).c_str()) == t);
    CHECK(at(format_time(t, TimeZone::fixed(minutes(345))).c_str()) == t);
  }
}

TEST_CASE("local calendar fields") {
  const LocalTime berlin = zone("Europe/Berlin").local(at("2024-07-01T22:30:15.5Z"));
  CHECK(berlin.year == 2024);
  CHECK(berlin.month == 7);
  CHECK(berlin.day == 2);
  CHECK(berlin.hour == 0);
  CHECK(berlin.minute == 30);
  CHECK(berlin.second == 15);
  CHECK(berlin.nanosecond == 500'000'000);
  CHECK(berlin.weekday == 2);        // a Tuesday
  CHECK(berlin.day_of_year == 184);  // 31+29+31+30+31+30+2
  CHECK(berlin.utc_offset == hours(2));
  CHECK(zone("Europe/Berlin").utc_offset(at("2024-01-01")) == hours(1));
  CHECK(zone("America/New_York").utc_offset(at("2024-07-01")) == hours(-4));
  CHECK(zone("Asia/Kolkata").utc_offset(at("2024-07-01")) == minutes(330));
  CHECK(TimeZone().local(Time{-1}).year == 1969);
  CHECK(TimeZone().local(Time{-1}).nanosecond == 999'999'999);
}

TEST_CASE("days of 23 and 25 hours") {
  struct Case {
    const char* name;
    const char* noon_utc;  // about noon of the day
    int hours_of_day;
    const char* start;
  };
  for (const Case& c :
       std::vector<Case>{{"Europe/Berlin", "2024-03-31T10:00Z", 23, "2024-03-30T23:00Z"},
                         {"Europe/Berlin", "2024-10-27T11:00Z", 25, "2024-10-26T22:00Z"},
                         {"Europe/Berlin", "2024-04-01T10:00Z", 24, "2024-03-31T22:00Z"},
                         {"America/New_York", "2024-03-10T16:00Z", 23, "2024-03-10T05:00Z"},
                         {"America/New_York", "2024-11-03T17:00Z", 25, "2024-11-03T04:00Z"},
                         {"UTC", "2024-03-31T10:00Z", 24, "2024-03-31T00:00Z"},
                         {"UTC-07:00", "2024-03-31T18:00Z", 24, "2024-03-31T07:00Z"}}) {
    const TimeZone local = zone(c.name);
    const Time noon = at(c.noon_utc);
    const Time start = local.start_of_day(noon);
    const Time end = local.start_of_next_day(noon);
    CHECK(start == at(c.start));
    CHECK(end - start == hours(c.hours_of_day));
    CHECK(local.start_of_day(end - Duration{1}) == start);
    CHECK(local.start_of_day(end) == end);

    // Every instant of the day lies in one window of 15 minutes; the windows start on the quarter
    // hours of the local clock, before and after the change.
    int windows = 0;
    for (Time t = start; t < end; t += minutes(15)) {
      ++windows;
      CHECK(local.start_of_window(t) == t);
      CHECK(local.start_of_window(t + minutes(15) - Duration{1}) == t);
      CHECK(local.local(t).minute % 15 == 0);
    }
    CHECK(windows == 4 * c.hours_of_day);
  }
}

TEST_CASE("a day that starts at 01:00 because the clock change skips midnight") {
  // Chile moved the clock from 00:00 to 01:00 on Sunday 2024-09-08 (UTC-4 to UTC-3).
  const TimeZone santiago = zone("America/Santiago");
  const Time start = santiago.start_of_day(at("2024-09-08T15:00Z"));
  CHECK(start == at("2024-09-08T04:00Z"));
  CHECK(santiago.local(start).hour == 1);
  CHECK(santiago.start_of_next_day(start) - start == hours(23));
  CHECK(santiago.start_of_day(start - Duration{1}) == at("2024-09-07T04:00Z"));
}

TEST_CASE("months and years start in local time") {
  const TimeZone berlin = zone("Europe/Berlin");
  CHECK(berlin.start_of_month(at("2024-04-07")) == at("2024-03-31T22:00Z"));
  CHECK(berlin.start_of_month(at("2024-03-31T22:00Z")) == at("2024-03-31T22:00Z"));
  CHECK(berlin.start_of_month(at("2024-03-31T21:59Z")) == at("2024-02-29T23:00Z"));
  CHECK(berlin.start_of_year(at("2024-04-07")) == at("2023-12-31T23:00Z"));
}

TEST_CASE("local times that the clock change skips or repeats are refused") {
  const TimeZone berlin = zone("Europe/Berlin");
  const Result<Time> skipped = parse_time("2024-03-31T02:30", berlin);
  REQUIRE(!skipped);
  CHECK(contains(skipped.error(), "skips"));
  const Result<Time> repeated = parse_time("2024-10-27T02:30", berlin);
  REQUIRE(!repeated);
  CHECK(contains(repeated.error(), "repeats"));
  CHECK(parse_time("2024-10-27T02:30+01:00", berlin).value() == at("2024-10-27T01:30Z"));
  CHECK(parse_time("2024-10-27T03:00", berlin).value() == at("2024-10-27T02:00Z"));
  CHECK(parse_time("2024-07-01", berlin).value() == at("2024-06-30T22:00Z"));
}

TEST_CASE("zones are found by name, or refused") {
  CHECK(zone("UTC").name() == "UTC");
  CHECK(zone("UTC-07:00").name() == "UTC-07:00");
  CHECK(zone("UTC-7").name() == "UTC-07:00");
  CHECK(zone("UTC+5:30").utc_offset(Time{}) == minutes(330));
  CHECK(zone("UTC+00:00").name() == "UTC");
  for (const char* name : {"", "Europe/Berlim", "CESTX", "UTC+19:00", "UTC7", "UTC+7:5", "UTC+",
                           "../passwd", "/etc/passwd", "Europe", "+01", "GMT+5:30"}) {
    const Result<TimeZone> found = TimeZone::find(name);
    CHECK_MESSAGE(!found, std::string(name));
  }
  CHECK(contains(TimeZone::find("Europe/Berlim").error(), "nearest: 'Europe/Berlin'"));
  CHECK(contains(TimeZone::find("america/new_york").error(), "nearest: 'America/New_York'"));
  CHECK(contains(TimeZone::find("xyzzy42").error(), "IANA name"));
}

TEST_CASE("durations") {
  const auto length = [](const char* text) {
    const Result<Duration> d = parse_duration(text);
    REQUIRE_MESSAGE(d, std::string(text));
    return d.value();
  };
  CHECK(length("24h") == hours(24));
  CHECK(length("15 min") == minutes(15));
  CHECK(length("90s") == seconds(90));
  CHECK(length("1d") == days(1));
  CHECK(length("0.1 s") == milliseconds(100));
  CHECK(length(" 250 ms ") == milliseconds(250));
  CHECK(length("1h30min") == minutes(90));
  CHECK(length("1 d 2 h 5 min 0.25 s") == days(1) + hours(2) + minutes(5) + milliseconds(250));
  CHECK(length("-5 min") == -minutes(5));
  CHECK(length("1.5 hours") == minutes(90));
  CHECK(length("3 ns") == Duration{3});
  CHECK(length("0 s") == Duration{});
  for (const char* text :
       {"", "24", "h", "1 m", "1 month", "1e3 s", "nan s", "inf s", "1 h 2 d", "1 h 1 h", "1..5 s",
        "--1 s", "1 s x", "300 y", "1000000 d", ". s", "0x10 s", "15:00"}) {
    const Result<Duration> d = parse_duration(text);
    CHECK_MESSAGE(!d, std::string(text));
    if (!d) CHECK(contains(d.error(), "write '24h'"));
  }
}

TEST_CASE("durations are written as they are read") {
  CHECK(format_duration(Duration{}) == "0 s");
  CHECK(format_duration(hours(24)) == "1 d");
  CHECK(format_duration(minutes(90)) == "1 h 30 min");
  CHECK(format_duration(milliseconds(-250)) == "-0.25 s");
  CHECK(format_duration(Duration{1}) == "0.000000001 s");
  CHECK(
      format_duration(Duration{std::numeric_limits<std::int64_t>::min()}).starts_with("-106751 d"));
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int64_t> any(-days(90).ns, days(90).ns);
  for (int i = 0; i < 2000; ++i) {
    const Duration d{any(random)};
    CHECK(parse_duration(format_duration(d)).value() == d);
  }
}

TEST_CASE("no text makes the readers fall over") {
  std::mt19937_64 random(3);
  const std::string alphabet = "0123456789-:+TZz. ,hmdsinUTC/\xff\x01";
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? "" : "2024-04-07T06:30:15.25+02:00";
    for (int change = 0; change < 6; ++change) {
      const char c = alphabet[random() % alphabet.size()];
      const std::size_t where = text.empty() ? 0 : random() % text.size();
      if (text.empty() || random() % 2 == 0) {
        text.insert(text.begin() + static_cast<std::ptrdiff_t>(where), c);
      } else {
        text[where] = c;
      }
    }
    const Result<Time> time = parse_time(text);
    if (time) CHECK(at(format_time(time.value()).c_str()) == time.value());
    const Result<Duration> duration = parse_duration(text);
    if (!duration) CHECK(!duration.error().empty());
    if (i % 50 == 0) static_cast<void>(TimeZone::find(text));  // no crash is all that is asked
  }
}
