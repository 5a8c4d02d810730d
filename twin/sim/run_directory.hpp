// SPDX-License-Identifier: Apache-2.0
#pragma once

// The directory of a run: what was asked, what came out, and whether it came to an end.
//
//   manifest.json  what ran (version, compiler, merged configuration, seed), where, how long it
//                  took, how it ended
//   results.nc     recorded quantities (results_file.hpp)
//   events.csv     what happened when: time, severity, path, text
//   kpi.json       key figures (kpi.hpp)
//   report.html    the page, made from the files above
//   log.txt        messages of the program: notices about its inputs, and how it ended
//
// A run may be killed at any instant, and what it leaves must be readable and honest. So the
// manifest is written before the run starts, with status "unfinished", and only a run that reaches
// its end replaces it; a file is replaced by renaming a complete one over it, so that no reader
// sees half of it; events are handed to the operating system line by line. Nothing is ever written
// into a directory that already holds something.
//
// results.nc and kpi.json say nothing about the host or the hour of the run; the manifest does.

#include <spdlog/logger.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "twin/sim/kpi.hpp"
#include "twin/sim/run_setup.hpp"

namespace ampacity {

// What is known before a run starts.
struct RunDescription {
  std::string site;              // short name; part of the default directory's name
  std::string title;             // one line for the report
  std::string scenario;          // empty: none
  std::string engine;            // "cvode"
  std::string sundials;          // version; empty: not used
  std::string configuration;     // merged text, as `check --print` shows it
  std::vector<std::string> set;  // --set arguments, in order
  std::string scenario_text;     // the file as it was; empty: none
  std::vector<InputFile> inputs;
  std::vector<std::string> record;  // patterns of --record; empty: those of the site
  std::uint64_t seed = 0;
  Time start;
  Time end;
  Duration sample_every;
  TimeZone zone;
  std::string currency;
  std::vector<std::string> notices;  // assumptions and how gaps were filled, for the reader
};

// How a run ended.
struct RunEnding {
  // "finished"; "limit": it reached its end, and a limit or an `expect` clause was violated;
  // "failed": the solver gave up
  std::string status = "finished";
  std::string message;
  int exit_status = 0;
  Time reached;  // simulated instant
  EngineStatistics solver;
  LedgerBalance balance;
  std::vector<StoredChange> stored;
  nlohmann::ordered_json extra;  // further members of the manifest, such as `expect` clauses
};

// Name of an account in manifests: that of the enumerator.
const char* account_name(Account account);

class RunDirectory final : public EventSink {
 public:
  // Makes the directory and writes the manifest of an unfinished run. `wanted` empty: a new
  // directory ./runs/<site>-<UTC stamp>. Throws ConfigurationError when `wanted` is a file, holds
  // something, or cannot be made.
  RunDirectory(const std::filesystem::path& wanted, RunDescription description);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path results_path() const { return path_ / "results.nc"; }
  std::filesystem::path kpi_path() const { return path_ / "kpi.json"; }
  std::filesystem::path report_path() const { return path_ / "report.html"; }

  // Adds a line to events.csv; it is in the hands of the operating system on return.
  void on_event(const EventRecord& event) override;

  void write_kpi(const nlohmann::ordered_json& figures) const;

  // Writes the final manifest. Without this call the manifest says "unfinished" for ever.
  void finish(const RunEnding& ending);

  double wall_s() const;

 private:
  nlohmann::ordered_json manifest(const RunEnding* ending) const;
  void write(const nlohmann::ordered_json& content, const std::filesystem::path& to) const;

  std::filesystem::path path_;
  RunDescription description_;
  nlohmann::ordered_json inputs_ = nlohmann::ordered_json::array();
  std::chrono::system_clock::time_point started_;
  std::chrono::steady_clock::time_point started_steady_;
  std::ofstream events_;
  std::shared_ptr<spdlog::logger> log_;
};

// A field of a CSV line by RFC 4180: quoted where it holds a comma, a quote or a line end.
std::string csv_field(const std::string& text);

}  // namespace ampacity
