// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time.
//
// A day of a site is 86,400,000,000,000 ns, and an int64 holds 292 years of them. A double that
// counts seconds since 1970 resolves 0.2 us today and loses more with every sum, so two clocks that
// should agree drift apart by rounding alone. Hence: an instant (Time) and a length (Duration) are
// integers of nanoseconds, and a double holds only seconds since the start of a short segment,
// where `to_seconds` is exact to the last bit of the double.
//
// Instants are UTC since 1970-01-01T00:00:00Z in POSIX count: each day has 86,400 s, leap seconds
// do not exist (all that we read and talk to counts this way). Only bills, displays and some input
// files know local time. There a day has 23 or 25 hours twice a year, some local times do not exist
// and some exist twice; TimeZone carries these rules (IANA names, by Howard Hinnant's date library
// on the system's tzdata) or a fixed offset, as weather files use ("UTC-07:00").
//
// Text: ISO 8601 for instants ("2024-04-07", "2024-04-07T06:30Z", "2024-04-07 06:30:15.25+02:00"),
// numbers with units for lengths ("24h", "15 min", "1h30min"). Parsing accepts the years 1900 to
// 2199, so that no later arithmetic comes near the ends of the int64.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/errors.hpp"

namespace date {
class time_zone;
}

namespace ampacity {

inline constexpr std::int64_t ns_per_second = 1'000'000'000;

// A length of time; may be negative.
struct Duration {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

// An instant: nanoseconds since 1970-01-01T00:00:00Z.
struct Time {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(const Time&, const Time&) = default;
};

// An instant after all others: of what does not happen again.
inline constexpr Time never{INT64_MAX};

namespace time_detail {
constexpr std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  AMPACITY_ASSERT(!__builtin_add_overflow(a, b, &sum), "a time stays within 292 years of 1970");
  return sum;
}
constexpr std::int64_t subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  AMPACITY_ASSERT(!__builtin_sub_overflow(a, b, &difference),
                  "a time stays within 292 years of 1970");
  return difference;
}
constexpr std::int64_t multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  AMPACITY_ASSERT(!__builtin_mul_overflow(a, b, &product), "a duration stays within 292 years");
  return product;
}
}  // namespace time_detail

constexpr Duration operator-(Duration a) { return {time_detail::subtract(0, a.ns)}; }
constexpr Duration operator+(Duration a, Duration b) { return {time_detail::add(a.ns, b.ns)}; }
constexpr Duration operator-(Duration a, Duration b) { return {time_detail::subtract(a.ns, b.ns)}; }
constexpr Duration operator*(Duration a, std::int64_t n) {
  return {time_detail::multiply(a.ns, n)};
}
constexpr Duration operator*(std::int64_t n, Duration a) { return a * n; }
// Whole number of `b` in `a`, towards zero, and what is left. `b` must not be zero.
constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns / b.ns; }
constexpr Duration operator%(Duration a, Duration b) { return {a.ns % b.ns}; }
constexpr Duration operator/(Duration a, std::int64_t n) { return {a.ns / n}; }
constexpr Time operator+(Time t, Duration d) { return {time_detail::add(t.ns, d.ns)}; }
constexpr Time operator+(Duration d, Time t) { return t + d; }
constexpr Time operator-(Time t, Duration d) { return {time_detail::subtract(t.ns, d.ns)}; }
constexpr Duration operator-(Time a, Time b) { return {time_detail::subtract(a.ns, b.ns)}; }
constexpr Duration& operator+=(Duration& a, Duration b) { return a = a + b; }
constexpr Duration& operator-=(Duration& a, Duration b) { return a = a - b; }
constexpr Time& operator+=(Time& t, Duration d) { return t = t + d; }
constexpr Time& operator-=(Time& t, Duration d) { return t = t - d; }

// `value_s` seconds, rounded to the nearest nanosecond. Must be finite and below 292 years. The
// whole seconds are split off first: so 1712448000.25 s keeps every bit that the double has.
constexpr Duration seconds(double value_s) {
  AMPACITY_ASSERT(value_s > -9.2e9 && value_s < 9.2e9, "seconds are finite and below 292 years");
  const auto whole = static_cast<std::int64_t>(value_s);
  const double rest_ns = (value_s - static_cast<double>(whole)) * 1e9;
  return {whole * ns_per_second + static_cast<std::int64_t>(rest_ns + (rest_ns < 0 ? -0.5 : 0.5))};
}
constexpr Duration milliseconds(std::int64_t n) { return Duration{1'000'000} * n; }
constexpr Duration minutes(std::int64_t n) { return Duration{60 * ns_per_second} * n; }
constexpr Duration hours(std::int64_t n) { return Duration{3600 * ns_per_second} * n; }
constexpr Duration days(std::int64_t n) { return Duration{86'400 * ns_per_second} * n; }

// Seconds as a double: correctly rounded up to 104 days (2^53 ns).
constexpr double to_seconds(Duration d) { return static_cast<double>(d.ns) / 1e9; }

// A local calendar time. `weekday` counts from 1 = Monday to 7 = Sunday, `day_of_year` from 1.
struct LocalTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int nanosecond = 0;
  int weekday = 4;
  int day_of_year = 1;
  Duration utc_offset;  // local minus UTC
};

// The rules of local time at a place. A cheap value; copies share the zone's rules, which live as
// long as the program. Safe to use from several threads.
class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // An IANA name ("Europe/Berlin"), "UTC", or a fixed offset ("UTC-07:00", "UTC+5:30", "UTC+1").
  static Result<TimeZone> find(std::string_view name);
  // A fixed offset (local minus UTC), whole minutes, at most 18 h either way.
  static TimeZone fixed(Duration utc_offset);

  const std::string& name() const { return name_; }
  Duration utc_offset(Time t) const;
  LocalTime local(Time t) const;

  // The instant of a local calendar time; `weekday`, `day_of_year`, `utc_offset` are not read. An
  // expected failure when the date is none, or when the clock change skips or repeats that time.
  Result<Time> to_utc(const LocalTime& local) const;

  // First instant of the local day that holds `t` (00:00, or 01:00 where the clock change skips
  // midnight), and of the day, month and year after or around it.
  Time start_of_day(Time t) const;
  Time start_of_next_day(Time t) const;
  Time start_of_month(Time t) const;
  Time start_of_year(Time t) const;

  // First instant of the billing window that holds `t`. Windows are counted in elapsed time from
  // the start of the local day: a day of 23 hours has 92 of 15 minutes, one of 25 hours has 100.
  Time start_of_window(Time t, Duration window = minutes(15)) const;

 private:
  Time start_of_date(int year, int month, int day) const;

  const date::time_zone* zone_ = nullptr;  // none: fixed offset
  Duration fixed_offset_;
  std::string name_ = "UTC";
};

// ISO 8601 instant. Without an offset ("Z", "+02:00", "-0700", "+02") the text is UTC, or local
// time where a zone is given; a local time that the clock change skips or repeats is refused.
Result<Time> parse_time(std::string_view text);
Result<Time> parse_time(std::string_view text, const TimeZone& zone);

// "2024-04-07T06:30:15Z", in a zone "2024-04-07T08:30:15+02:00"; as many digits of a second (0, 3,
// 6 or 9) as it needs.
std::string format_time(Time t);
std::string format_time(Time t, const TimeZone& zone);

// "24h", "15 min", "90s", "1d", "250 ms", "1h30min", "-5 min". Units: ns, us, ms, s, min, h, d, in
// falling order, each with a number that may have decimals. A bare number is refused.
Result<Duration> parse_duration(std::string_view text);

// "1 d 2 h 5 min 0.25 s"; parse_duration reads it back exactly.
std::string format_duration(Duration d);

}  // namespace ampacity
