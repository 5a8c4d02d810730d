// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/scenario_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/text.hpp"
#include "twin/core/units.hpp"

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

std::string hint(std::string_view word, const std::vector<std::string_view>& names) {
  const std::string all = names.empty()        ? "(there is none)"
                          : names.size() <= 16 ? "(one of " + joined(names) + ")"
                                               : "(see 'ampacity describe SITE')";
  return " " + nearest_hint(word, names, all);
}

void Findings::add(const Place& place, const std::string& path, const std::string& message) {
  findings_.push_back({place, path, message});
}

void Findings::give_up_if_any() {
  if (findings_.empty()) return;
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    if (a.place.file != b.place.file) return a.place.file < b.place.file;
    return a.place.line < b.place.line;
  });
  throw ConfigurationError(std::move(findings_));
}

bool Findings::is(const ConfigNode& node, const std::string& path, Kind kind) {
  if (node.kind == kind) return true;
  add(node.place, path,
      std::string("a ") + kind_name(kind) + " is wanted, not a " + kind_name(node.kind) +
          (kind == Kind::text ? " (write it in quotes)" : " (see docs/tutorial.md)"));
  return false;
}

std::string Findings::text(const ConfigNode* node, const std::string& path) {
  return node != nullptr && is(*node, path, Kind::text) ? node->text : "";
}

std::optional<double> Findings::quantity(const ConfigNode& node, const std::string& path,
                                         const std::string& unit, double low, double high) {
  double value = node.number;
  if (node.kind == Kind::text) {
    const Result<double> converted = to_si(node.text, unit);
    if (!converted) {
      add(node.place, path, converted.error());
      return std::nullopt;
    }
    value = converted.value();
  } else if (node.kind == Kind::boolean) {
    value = node.flag ? 1.0 : 0.0;
  } else if (node.kind != Kind::number) {
    add(node.place, path,
        std::string("a quantity is wanted, not a ") + kind_name(node.kind) + " (a number in " +
            unit + ", or a text with its unit)");
    return std::nullopt;
  }
  if (!std::isfinite(value)) {
    add(node.place, path,
        "'" + node.text + "' is no finite number (allowed: " + format_quantity(low, unit) + " to " +
            format_quantity(high, unit) + ")");
    return std::nullopt;
  }
  if (value < low || value > high) {
    add(node.place, path,
        format_quantity(value, unit) + " is out of bounds (allowed: " + format_quantity(low, unit) +
            " to " + format_quantity(high, unit) + ")");
    return std::nullopt;
  }
  return value;
}

const char* const instant_forms =
    "a local time (\"12:00\"), a time after the start (\"3 h\") or an instant "
    "(\"2024-07-15T12:00\") is wanted";

bool is_instant(const std::string& text) {
  return clock_time(text) || parse_duration(text) || parse_time(text);
}

Result<Time> instant(const std::string& text, Time start, Time from, const TimeZone& zone) {
  if (const auto clock = clock_time(text)) {
    const Result<Time> today = local_instant(from, *clock, zone);
    if (today && today.value() >= from) return today;
    const Result<Time> tomorrow = local_instant(zone.start_of_next_day(from), *clock, zone);
    return today ? tomorrow : today;
  }
  if (const Result<Duration> length = parse_duration(text)) return start + length.value();
  return parse_time(text, zone);
}

}  // namespace ampacity::scenario_text
