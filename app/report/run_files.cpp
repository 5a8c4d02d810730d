// SPDX-License-Identifier: Apache-2.0
#include "app/report/run_files.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <optional>

#include "twin/core/files.hpp"

namespace ampacity::report {

namespace {

namespace fs = std::filesystem;

std::optional<nlohmann::ordered_json> read_json(const fs::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  nlohmann::ordered_json out = nlohmann::ordered_json::parse(file, nullptr, false);
  if (out.is_discarded() || !out.is_object()) return std::nullopt;
  return out;
}

Severity severity_of(std::string_view name) {
  if (name == "trip") return Severity::trip;
  if (name == "limit") return Severity::limit;
  if (name == "warning") return Severity::warning;
  return Severity::information;
}

// Adds what can be read to `out`: the last line of a run that was killed may be cut.
void read_events(const fs::path& path, std::vector<Event>& out) {
  CsvTable table(path);
  const std::size_t time = table.require("time");
  const std::size_t severity = table.require("severity");
  const std::size_t where = table.require("path");
  const std::size_t text = table.require("text");
  for (CsvRow row; table.next(row);) {
    const Result<Time> at = parse_time(row.fields[time].text);
    if (!at) table.fail(row, time, at.error());
    out.push_back({at.value(), severity_of(row.fields[severity].text),
                   std::string(row.fields[where].text), std::string(row.fields[text].text)});
  }
}

}  // namespace

std::string RunFiles::text(const char* key) const {
  const auto found = manifest.find(key);
  return found != manifest.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> RunFiles::figure(const char* key) const {
  const auto found = kpi.find(key);
  if (found == kpi.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

RunFiles read_run_files(const fs::path& directory) {
  RunFiles out;
  const auto manifest = read_json(directory / "manifest.json");
  if (!manifest) {
    throw ConfigurationError({directory.string(), 0, 0}, "",
                             "holds no readable manifest.json (name the directory of a run)");
  }
  out.manifest = *manifest;
  const Result<TimeZone> zone = TimeZone::find(out.text("time_zone"));
  if (zone) out.zone = zone.value();
  if (const auto kpi = read_json(directory / "kpi.json")) {
    out.kpi = *kpi;
  } else {
    out.kpi = nlohmann::ordered_json::object();
    out.missing.emplace_back("kpi.json: the run wrote no key figures");
  }
  try {
    read_events(directory / "events.csv", out.events);
  } catch (const ConfigurationError& error) {
    out.missing.emplace_back(error.what());
  }
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return out;
}

std::string local_clock(Time at, const TimeZone& zone, bool with_date) {
  const LocalTime t = zone.local(at);
  std::array<char, 64> text{};
  if (with_date) {
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d ", t.year, t.month, t.day);
  }
  std::string out = text.data();
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", t.hour, t.minute, t.second);
  out += text.data();
  if (t.nanosecond >= 1'000'000) {
    std::snprintf(text.data(), text.size(), ".%03d", t.nanosecond / 1'000'000);
    out += text.data();
  }
  return out;
}

}  // namespace ampacity::report
