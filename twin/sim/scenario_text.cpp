// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/scenario_text.hpp"

#include <array>
#include <optional>

#include "twin/site/value_reader.hpp"

namespace ampacity::scenario_text {

namespace {

using Kind = ConfigNode::Kind;

constexpr std::array<std::string_view, 5> names_of_statistics{"max", "min", "mean", "final",
                                                              "integral"};

// "12:00", "06:30:15": hours, minutes and seconds of a day; nothing for anything else.
std::optional<Duration> clock_time(const std::string& text) {
  const bool shape = text.size() >= 5 && text[2] == ':' && (text.size() == 5 || text.size() >= 8);
  if (!shape) return std::nullopt;
  const Result<Time> read = parse_time("2000-01-01T" + text + "Z");
  if (!read) return std::nullopt;
  return read.value() - parse_time("2000-01-01T00:00Z").value();
}

// A length of time; nothing for anything else.
std::optional<Duration> length_of(const ConfigNode& node) {
  return ValueReader().duration(node, "");
}

Result<Time> local_instant(Time day, Duration clock, const TimeZone& zone) {
  LocalTime local = zone.local(day);
  const std::int64_t whole_s = clock.ns / ns_per_second;
  local.hour = static_cast<int>(whole_s / 3600);
  local.minute = static_cast<int>(whole_s / 60 % 60);
  local.second = static_cast<int>(whole_s % 60);
  local.nanosecond = static_cast<int>(clock.ns % ns_per_second);
  return zone.to_utc(local);
}

}  // namespace

std::span<const std::string_view> statistic_names() { return names_of_statistics; }

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

const char* const instant_forms =
    "a local time (\"12:00\"), a time after the start (\"3 h\") or an instant "
    "(\"2024-07-15T12:00\") is wanted";

bool is_instant(const ConfigNode& node) {
  if (node.kind != Kind::number && node.kind != Kind::text) return false;
  return length_of(node) || clock_time(node.text) || parse_time(node.text);
}

Result<Time> instant(const ConfigNode& node, Time start, Time from, const TimeZone& zone) {
  if (const auto length = length_of(node)) return start + *length;
  const std::string& text = node.text;
  if (const auto clock = clock_time(text)) {
    const Result<Time> today = local_instant(from, *clock, zone);
    if (today && today.value() >= from) return today;
    const Result<Time> tomorrow = local_instant(zone.start_of_next_day(from), *clock, zone);
    return today ? tomorrow : today;
  }
  return parse_time(text, zone);
}

}  // namespace ampacity::scenario_text
