// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text files of a run directory, as the report wants them.
//
// A run that was killed leaves a manifest that says "unfinished", events up to the last one, and
// perhaps neither key figures nor results: whatever is there is shown, what is not is said.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "twin/core/tables.hpp"
#include "twin/core/time.hpp"

namespace ampacity::report {

struct Event {
  Time at;
  Severity severity = Severity::information;
  std::string path;
  std::string text;
};

struct RunFiles {
  nlohmann::ordered_json manifest;
  nlohmann::ordered_json kpi;  // an empty object where the file is not there
  std::vector<Event> events;   // in order of time
  TimeZone zone;
  std::vector<std::string> missing;  // what could not be read, in words

  std::string text(const char* key) const;              // of the manifest; empty when absent
  std::optional<double> figure(const char* key) const;  // of kpi.json
};

// Throws ConfigurationError where the directory holds no readable manifest.
RunFiles read_run_files(const std::filesystem::path& directory);

// Local date and time with seconds; with milliseconds where the instant has a fraction.
std::string local_clock(Time at, const TimeZone& zone, bool with_date);

}  // namespace ampacity::report
