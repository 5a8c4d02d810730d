// SPDX-License-Identifier: Apache-2.0

// Text and calendar of instants. The calendar itself (days of a date, zone rules) is the date
// library's; what is ours is the strict reading: a text that can be meant in two ways is refused
// with a remedy, and nothing is left over at its end.
//
// ISO 8601 leaves much open. Accepted here: year of four digits, month, day; optionally 'T', 't' or
// blanks and hour, minute, optionally second with up to nine decimals; optionally an offset. 24:00
// is midnight at the end of the day, as weather files write it. A second of 60 is refused: POSIX
// time has no leap seconds.

#include "twin/core/time.hpp"

// Debian builds the library to read the system's tzdata, and the header must be told the same: its
// classes differ in layout. Its CMake target says so; a compilation without it must not fail
// silently.
#ifndef USE_OS_TZDB
#define USE_OS_TZDB 1
#endif
#include <date/date.h>
#include <date/tz.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "twin/core/text.hpp"

namespace ampacity {
namespace {

using ChronoSeconds = std::chrono::seconds;  // `seconds` alone is ours

Time to_time(date::sys_seconds t) {
  return {time_detail::multiply(t.time_since_epoch().count(), ns_per_second)};
}

date::sys_seconds floor_seconds(Time t) {
  return date::floor<ChronoSeconds>(
      date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(t.ns)));
}

date::year_month_day calendar_date(int year, int month, int day) {
  return {date::year{year}, date::month{static_cast<unsigned>(month)},
          date::day{static_cast<unsigned>(day)}};
}

Duration to_duration(ChronoSeconds s) { return {s.count() * ns_per_second}; }

std::string two_digits(std::int64_t n) {
  return std::string(n < 10 ? "0" : "") + std::to_string(n);
}

// "+02:00"
std::string offset_text(Duration offset) {
  const std::int64_t minutes_of_offset = std::abs(offset.ns) / minutes(1).ns;
  return (offset.ns < 0 ? "-" : "+") + two_digits(minutes_of_offset / 60) + ":" +
         two_digits(minutes_of_offset % 60);
}

// Reads a text from the left; every reader either consumes what it wants or leaves the text alone.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_blanks() {
    const std::size_t from = at_;
    while (take(' ') || take('\t')) {
    }
    return at_ > from;
  }
  // Exactly `count` decimal digits.
  std::optional<int> digits(int count) {
    if (text_.size() - at_ < static_cast<std::size_t>(count)) return std::nullopt;
    int value = 0;
    for (int i = 0; i < count; ++i) {
      const char c = text_[at_ + static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    at_ += static_cast<std::size_t>(count);
    return value;
  }
  // One to nine decimals of a second, in nanoseconds.
  std::optional<int> fraction_ns() {
    int value = 0;
    int count = 0;
    for (; count < 9; ++count) {
      const std::optional<int> digit = digits(1);
      if (!digit) break;
      value = 10 * value + *digit;
    }
    if (count == 0 || (peek() >= '0' && peek() <= '9')) return std::nullopt;
    for (; count < 9; ++count) value *= 10;
    return value;
  }
  // A decimal number without sign, exponent, inf or nan.
  std::optional<double> number() {
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    if (begin == end || !((*begin >= '0' && *begin <= '9') || *begin == '.')) return std::nullopt;
    double value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    at_ += static_cast<std::size_t>(stop - begin);
    return value;
  }
  std::string_view word() {
    const std::size_t from = at_;
    while ((peek() >= 'a' && peek() <= 'z') || (peek() >= 'A' && peek() <= 'Z')) ++at_;
    return text_.substr(from, at_ - from);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// "+02:00", "-0700", "+02", "+5" (one digit only where the caller allows it).
std::optional<Duration> scan_offset(Scanner& scan, bool one_digit_hour) {
  const bool negative = scan.peek() == '-';
  if (!scan.take('+') && !scan.take('-')) return std::nullopt;
  std::optional<int> hour = scan.digits(2);
  if (!hour && one_digit_hour) hour = scan.digits(1);
  if (!hour || *hour > 18) return std::nullopt;
  int minute = 0;
  if (scan.take(':') || (scan.peek() >= '0' && scan.peek() <= '9')) {
    const std::optional<int> read = scan.digits(2);
    if (!read || *read > 59) return std::nullopt;
    minute = *read;
  }
  const Duration offset = hours(*hour) + minutes(minute);
  return negative ? -offset : offset;
}

// The clock part "06:30", "06:30:15.25"; what is wrong, if anything.
std::optional<std::string> scan_clock(Scanner& scan, LocalTime& out) {
  const std::optional<int> hour = scan.digits(2);
  if (!hour || !scan.take(':')) return "a time of day reads 'HH:MM' or 'HH:MM:SS'";
  const std::optional<int> minute = scan.digits(2);
  if (!minute) return "a time of day reads 'HH:MM' or 'HH:MM:SS'";
  out.hour = *hour;
  out.minute = *minute;
  if (scan.take(':')) {
    const std::optional<int> second = scan.digits(2);
    if (!second) return "seconds have two digits";
    out.second = *second;
    if (scan.take('.') || scan.take(',')) {
      const std::optional<int> fraction = scan.fraction_ns();
      if (!fraction) return "a second has one to nine decimals";
      out.nanosecond = *fraction;
    }
  }
  return std::nullopt;
}

struct Parsed {
  LocalTime local;
  std::optional<Duration> utc_offset;
};

Failure no_time(std::string_view text, const std::string& why) {
  return {"'" + std::string(text) + "' is not a time: " + why + " (write '2024-04-07T06:30:00Z')"};
}

Result<Parsed> scan_time(std::string_view whole) {
  Scanner scan(trimmed(whole));
  Parsed out;
  const std::optional<int> year = scan.digits(4);
  const bool dash = year && scan.take('-');
  const std::optional<int> month = dash ? scan.digits(2) : std::nullopt;
  const bool second_dash = month && scan.take('-');
  const std::optional<int> day = second_dash ? scan.digits(2) : std::nullopt;
  if (!day) return no_time(whole, "a date reads 'YYYY-MM-DD'");
  out.local.year = *year;
  out.local.month = *month;
  out.local.day = *day;
  if (scan.at_end()) return out;

  if (!scan.take('T') && !scan.take('t') && !scan.take_blanks()) {
    return no_time(whole, "after the date comes 'T' and the time of day");
  }
  if (const auto wrong = scan_clock(scan, out.local)) return no_time(whole, *wrong);
  scan.take_blanks();
  if (scan.at_end()) return out;
  if (scan.take('Z') || scan.take('z')) {
    out.utc_offset = Duration{};
  } else {
    out.utc_offset = scan_offset(scan, false);
    if (!out.utc_offset) return no_time(whole, "an offset reads 'Z' or '+02:00'");
  }
  if (!scan.at_end()) return no_time(whole, "there is text after its end");
  return out;
}

// Local seconds since 1970 of a calendar time, or what is wrong with it.
Result<date::local_seconds> local_seconds_of(const LocalTime& local) {
  if (local.year < 1900 || local.year > 2199) {
    return Failure{"the year " + std::to_string(local.year) + " is outside 1900 to 2199"};
  }
  const date::year_month_day ymd = calendar_date(local.year, local.month, local.day);
  if (local.month < 1 || local.month > 12 || local.day < 1 || local.day > 31 || !ymd.ok()) {
    return Failure{"there is no such date"};
  }
  const bool end_of_day =
      local.hour == 24 && local.minute == 0 && local.second == 0 && local.nanosecond == 0;
  if (local.hour < 0 || (local.hour > 23 && !end_of_day) || local.minute < 0 || local.minute > 59) {
    return Failure{"the time of day goes from 00:00 to 24:00"};
  }
  if (local.second < 0 || local.second > 59) {
    return Failure{"seconds go from 0 to 59; leap seconds are not counted"};
  }
  if (local.nanosecond < 0 || local.nanosecond >= ns_per_second) {
    return Failure{"nanoseconds go from 0 to 999999999"};
  }
  return date::local_days{ymd} + std::chrono::hours(local.hour) +
         std::chrono::minutes(local.minute) + ChronoSeconds(local.second);
}

Result<Time> parse_in(std::string_view text, const TimeZone& zone) {
  const Result<Parsed> parsed = scan_time(text);
  if (!parsed) return Failure{parsed.error()};
  const auto& [local, offset] = parsed.value();
  Result<Time> time = (offset ? TimeZone::fixed(*offset) : zone).to_utc(local);
  if (!time) return no_time(text, time.error());
  return time;
}

struct DurationUnit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array<DurationUnit, 24> duration_units = {{
    {"d", 86'400 * ns_per_second},
    {"day", 86'400 * ns_per_second},
    {"days", 86'400 * ns_per_second},
    {"h", 3600 * ns_per_second},
    {"hr", 3600 * ns_per_second},
    {"hour", 3600 * ns_per_second},
    {"hours", 3600 * ns_per_second},
    {"min", 60 * ns_per_second},
    {"mins", 60 * ns_per_second},
    {"minute", 60 * ns_per_second},
    {"minutes", 60 * ns_per_second},
    {"s", ns_per_second},
    {"sec", ns_per_second},
    {"second", ns_per_second},
    {"seconds", ns_per_second},
    {"ms", 1'000'000},
    {"millisecond", 1'000'000},
    {"milliseconds", 1'000'000},
    {"us", 1000},
    {"microsecond", 1000},
    {"microseconds", 1000},
    {"ns", 1},
    {"nanosecond", 1},
    {"nanoseconds", 1},
}};

Failure no_duration(std::string_view text, const std::string& why) {
  return {"'" + std::string(text) + "' is not a duration: " + why +
          " (write '24h', '15 min', '90s' or '1d')"};
}

}  // namespace

namespace {

// What to write instead of a name that is none.
std::string nearest_zone(std::string_view name) {
  std::vector<std::string_view> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {
    return "(the system has no time zones: install tzdata)";
  }
  return nearest_hint(name, names, "(write an IANA name such as 'Europe/Berlin', or 'UTC-07:00')");
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  TimeZone out;
  if (name == "UTC" || name == "Z") return out;
  if (name.starts_with("UTC")) {
    Scanner scan(name.substr(3));
    const std::optional<Duration> offset = scan_offset(scan, true);
    if (!offset || !scan.at_end()) {
      return Failure{"'" + std::string(name) + "' is not a fixed offset (write 'UTC-07:00')"};
    }
    return fixed(*offset);
  }
  // The library looks the name up by file name: keep path tricks away from it.
  if (!name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos) {
    try {
      out.zone_ = date::locate_zone(std::string(name));
      out.zone_->get_info(date::sys_seconds{});  // reads the zone's file now, not when in use
      out.name_ = name;
      return out;
    } catch (const std::exception&) {
      // falls through to the one message for every reason
    }
  }
  return Failure{"there is no time zone '" + std::string(name) + "' " + nearest_zone(name)};
}

TimeZone TimeZone::fixed(Duration utc_offset) {
  AMPACITY_ASSERT(utc_offset.ns % minutes(1).ns == 0 && std::abs(utc_offset.ns) < hours(19).ns,
                  "a fixed offset is in whole minutes, below 19 hours");
  TimeZone out;
  out.fixed_offset_ = utc_offset;
  if (utc_offset.ns != 0) out.name_ = "UTC" + offset_text(utc_offset);
  return out;
}

Duration TimeZone::utc_offset(Time t) const {
  if (zone_ == nullptr) return fixed_offset_;
  return to_duration(zone_->get_info(floor_seconds(t)).offset);
}

LocalTime TimeZone::local(Time t) const {
  LocalTime out;
  out.utc_offset = utc_offset(t);
  const date::sys_seconds utc_second = floor_seconds(t);
  const date::local_seconds local_second{utc_second.time_since_epoch() +
                                         ChronoSeconds(out.utc_offset.ns / ns_per_second)};
  const auto day = date::floor<date::days>(local_second);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss<ChronoSeconds> clock{local_second - day};
  out.year = static_cast<int>(ymd.year());
  out.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  out.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
  out.hour = static_cast<int>(clock.hours().count());
  out.minute = static_cast<int>(clock.minutes().count());
  out.second = static_cast<int>(clock.seconds().count());
  out.nanosecond = static_cast<int>(t.ns - utc_second.time_since_epoch().count() * ns_per_second);
  out.weekday = static_cast<int>(date::weekday{day}.iso_encoding());
  out.day_of_year =
      static_cast<int>((day - date::local_days{ymd.year() / date::January / 1}).count()) + 1;
  return out;
}

Result<Time> TimeZone::to_utc(const LocalTime& local) const {
  const Result<date::local_seconds> read = local_seconds_of(local);
  if (!read) return Failure{read.error()};
  const Duration rest{local.nanosecond};
  const ChronoSeconds count = read.value().time_since_epoch();
  if (zone_ == nullptr) return to_time(date::sys_seconds(count)) - fixed_offset_ + rest;

  const date::local_info info = zone_->get_info(read.value());
  if (info.result == date::local_info::nonexistent) {
    return Failure{"the clock change in " + name_ +
                   " skips that local time; give its offset from UTC"};
  }
  if (info.result == date::local_info::ambiguous) {
    return Failure{"the clock change in " + name_ +
                   " repeats that local time; give its offset from UTC"};
  }
  return to_time(date::sys_seconds(count - info.first.offset)) + rest;
}

Time TimeZone::start_of_date(int year, int month, int day) const {
  const date::local_days midnight{calendar_date(year, month, day)};
  const date::local_seconds local_second{midnight};
  const ChronoSeconds count = local_second.time_since_epoch();
  if (zone_ == nullptr) return to_time(date::sys_seconds(count)) - fixed_offset_;
  const date::local_info info = zone_->get_info(local_second);
  // Where the clock change skips midnight, the day starts at the change itself; where it repeats
  // midnight, at the first of the two.
  if (info.result == date::local_info::nonexistent) return to_time(info.first.end);
  return to_time(date::sys_seconds(count - info.first.offset));
}

Time TimeZone::start_of_day(Time t) const {
  const LocalTime now = local(t);
  return start_of_date(now.year, now.month, now.day);
}

Time TimeZone::start_of_next_day(Time t) const {
  const LocalTime now = local(t);
  const date::local_days today{calendar_date(now.year, now.month, now.day)};
  const date::year_month_day next{today + date::days(1)};
  return start_of_date(static_cast<int>(next.year()),
                       static_cast<int>(static_cast<unsigned>(next.month())),
                       static_cast<int>(static_cast<unsigned>(next.day())));
}

Time TimeZone::start_of_month(Time t) const {
  const LocalTime now = local(t);
  return start_of_date(now.year, now.month, 1);
}

Time TimeZone::start_of_year(Time t) const { return start_of_date(local(t).year, 1, 1); }

Time TimeZone::start_of_window(Time t, Duration window) const {
  AMPACITY_ASSERT(window.ns > 0 && window <= days(1), "a billing window is at most a day");
  const Time day = start_of_day(t);
  return day + (t - day) / window * window;
}

Result<Time> parse_time(std::string_view text) { return parse_in(text, TimeZone()); }

Result<Time> parse_time(std::string_view text, const TimeZone& zone) {
  return parse_in(text, zone);
}

std::string format_time(Time t) {
  std::string out = format_time(t, TimeZone());
  out.replace(out.size() - 6, 6, "Z");
  return out;
}

std::string format_time(Time t, const TimeZone& zone) {
  const LocalTime local = zone.local(t);
  std::string year = std::to_string(local.year);
  std::string out = year + "-" + two_digits(local.month) + "-" + two_digits(local.day) + "T" +
                    two_digits(local.hour) + ":" + two_digits(local.minute) + ":" +
                    two_digits(local.second);
  if (local.nanosecond != 0) {
    std::string digits = std::to_string(ns_per_second + local.nanosecond).substr(1);
    while (digits.ends_with("000")) digits.resize(digits.size() - 3);
    out += "." + digits;
  }
  return out + offset_text(local.utc_offset);
}

Result<Duration> parse_duration(std::string_view text) {
  Scanner scan(trimmed(text));
  if (scan.at_end()) return no_duration(text, "it is empty");
  const bool negative = scan.take('-');
  double total_ns = 0;
  std::int64_t last_unit_ns = INT64_MAX;
  while (!scan.at_end()) {
    const std::optional<double> number = scan.number();
    if (!number) return no_duration(text, "a number was expected");
    scan.take_blanks();
    const std::string_view word = scan.word();
    scan.take_blanks();
    if (word.empty()) return no_duration(text, "a number needs a unit");
    std::int64_t unit_ns = 0;
    for (const DurationUnit& unit : duration_units) {
      if (unit.name == word) unit_ns = unit.ns;
    }
    if (unit_ns == 0) {
      return no_duration(
          text, "the unit '" + std::string(word) + "' is not one of d, h, min, s, " + "ms, us, ns");
    }
    if (unit_ns >= last_unit_ns) return no_duration(text, "units must fall from left to right");
    last_unit_ns = unit_ns;
    total_ns += *number * static_cast<double>(unit_ns);
  }
  if (!(total_ns < 9.2e18)) return no_duration(text, "it is longer than 292 years");
  const auto ns = static_cast<std::int64_t>(std::llround(total_ns));
  return Duration{negative ? -ns : ns};
}

std::string format_duration(Duration d) {
  if (d.ns == 0) return "0 s";
  // Unsigned, so that the most negative value has a magnitude too.
  std::uint64_t rest =
      d.ns < 0 ? 0 - static_cast<std::uint64_t>(d.ns) : static_cast<std::uint64_t>(d.ns);
  std::string out;
  const std::array<DurationUnit, 3> large = {
      {{"d", days(1).ns}, {"h", hours(1).ns}, {"min", minutes(1).ns}}};
  for (const auto& [name, ns] : large) {
    const std::uint64_t count = rest / static_cast<std::uint64_t>(ns);
    rest %= static_cast<std::uint64_t>(ns);
    if (count > 0)
      out += (out.empty() ? "" : " ") + std::to_string(count) + " " + std::string(name);
  }
  if (rest > 0) {
    const auto per_second = static_cast<std::uint64_t>(ns_per_second);
    out += (out.empty() ? "" : " ") + std::to_string(rest / per_second);
    std::string digits = std::to_string(per_second + rest % per_second).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (!digits.empty()) out += "." + digits;
    out += " s";
  }
  return (d.ns < 0 ? "-" : "") + out;
}

}  // namespace ampacity
