// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/run_directory.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <system_error>

#include "twin/core/files.hpp"
#include "twin/core/version.hpp"

namespace ampacity {

namespace {

namespace fs = std::filesystem;

Time wall_time(std::chrono::system_clock::time_point at) {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count()};
}

// Whole seconds: "20240407T063015Z".
std::string stamp(Time at) {
  std::string out;
  for (const char c : format_time({at.ns - at.ns % ns_per_second})) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& message) {
  throw ConfigurationError({path.string(), 0, 0}, "-o", message);
}

// The directory that the user named: new, or empty.
fs::path make_wanted(const fs::path& wanted) {
  std::error_code error;
  if (fs::exists(wanted, error)) {
    if (!fs::is_directory(wanted, error)) {
      refuse(wanted, "is a file (name a new or an empty directory)");
    }
    const bool empty = fs::is_empty(wanted, error);
    if (error) refuse(wanted, "cannot be read: " + error.message() + " (name another directory)");
    if (!empty) refuse(wanted, "is not empty (name a new directory, or move its files away)");
    return wanted;
  }
  fs::create_directories(wanted, error);
  if (error) refuse(wanted, "cannot be made: " + error.message() + " (name another directory)");
  return wanted;
}

// A new directory below ./runs; two runs that start in one second get different ones.
fs::path make_new(const std::string& site, Time now) {
  const std::string name = site + "-" + stamp(now);
  std::error_code error;
  fs::create_directories("runs", error);
  for (int attempt = 1; !error && attempt < 1000; ++attempt) {
    const fs::path path =
        fs::path("runs") / (attempt == 1 ? name : name + "-" + std::to_string(attempt));
    if (fs::create_directory(path, error)) return path;
  }
  refuse(fs::path("runs") / name,
         "cannot be made" + (error ? ": " + error.message() : "") + " (name a directory with -o)");
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0 / 1e6;  // Linux counts KiB
}

nlohmann::ordered_json solver_json(const EngineStatistics& s) {
  nlohmann::ordered_json out;
  out["steps"] = s.steps;
  out["evaluations"] = s.evaluations;
  out["jacobians"] = s.jacobians;
  out["factorisations"] = s.factorisations;
  out["newton_iterations"] = s.newton_iterations;
  out["error_test_failures"] = s.error_test_failures;
  out["newton_failures"] = s.newton_failures;
  out["restarts"] = s.restarts;
  return out;
}

nlohmann::ordered_json balance_json(const LedgerBalance& balance,
                                    const std::vector<StoredChange>& stored) {
  nlohmann::ordered_json out;
  out["entered_j"] = balance.entered_j;
  out["left_j"] = balance.left_j;
  out["stored_change_j"] = balance.stored_change_j;
  out["relative_error"] = balance.relative_error;
  out["lines"] = nlohmann::ordered_json::array();
  for (const LedgerLine& line : balance.lines) {
    out["lines"].push_back({{"account", account_name(line.account)},
                            {"component", line.component},
                            {"total", line.total}});
  }
  out["stored"] = nlohmann::ordered_json::array();
  for (const StoredChange& line : stored) {
    out["stored"].push_back({{"component", line.component}, {"change_j", line.change_j}});
  }
  return out;
}

}  // namespace

const char* account_name(Account account) {
  switch (account) {
    case Account::none:
      return "none";
    case Account::enters_grid:
      return "enters_grid";
    case Account::enters_solar:
      return "enters_solar";
    case Account::enters_fission:
      return "enters_fission";
    case Account::leaves_water:
      return "leaves_water";
    case Account::leaves_loss:
      return "leaves_loss";
    case Account::leaves_turbine:
      return "leaves_turbine";
    case Account::use_it:
      return "use_it";
    case Account::use_cooling:
      return "use_cooling";
    case Account::use_other:
      return "use_other";
    case Account::use_loss:
      return "use_loss";
    case Account::use_storage:
      return "use_storage";
    case Account::source_generator:
      return "source_generator";
    case Account::water_use:
      return "water_use";
  }
  return "none";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

RunDirectory::RunDirectory(const fs::path& wanted, RunDescription description)
    : description_(std::move(description)),
      started_(std::chrono::system_clock::now()),
      started_steady_(std::chrono::steady_clock::now()) {
  for (const InputFile& file : description_.inputs) {
    const Fingerprint print = fingerprint(file.path);
    std::array<char, 16> crc{};
    std::snprintf(crc.data(), crc.size(), "%08x", static_cast<unsigned>(print.crc32));
    inputs_.push_back({{"role", file.role},
                       {"path", file.path.string()},
                       {"bytes", print.bytes},
                       {"crc32", crc.data()}});
  }
  path_ = wanted.empty() ? make_new(description_.site, wall_time(started_)) : make_wanted(wanted);
  write(manifest(nullptr), path_ / "manifest.json");
  events_.open(path_ / "events.csv");
  events_ << "time,severity,path,text" << std::endl;
  if (!events_) refuse(path_ / "events.csv", "cannot be written (is the disk full?)");
  log_ = std::make_shared<spdlog::logger>(
      "run", std::make_shared<spdlog::sinks::basic_file_sink_mt>((path_ / "log.txt").string()));
  log_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc);
  log_->flush_on(spdlog::level::info);
  for (const std::string& notice : description_.notices) log_->info("{}", notice);
}

void RunDirectory::on_event(const EventRecord& event) {
  events_ << format_time(event.at) << ',' << severity_name(event.severity) << ','
          << csv_field(event.path) << ',' << csv_field(event.text) << std::endl;
}

double RunDirectory::wall_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_steady_).count();
}

nlohmann::ordered_json RunDirectory::manifest(const RunEnding* ending) const {
  const RunDescription& d = description_;
  nlohmann::ordered_json out;
  out["program"] = "ampacity";
  out["version"] = version();
  out["status"] = ending == nullptr ? "unfinished" : ending->status;
  out["message"] = ending == nullptr ? "" : ending->message;
  out["exit_status"] = nullptr;
  if (ending != nullptr) out["exit_status"] = ending->exit_status;
  out["site"] = d.site;
  out["title"] = d.title;
  out["scenario"] = d.scenario;
  out["engine"] = d.engine;
  out["seed"] = d.seed;
  out["simulated_start"] = format_time(d.start);
  out["simulated_end"] = format_time(ending == nullptr ? d.end : ending->reached);
  out["wanted_end"] = format_time(d.end);
  out["sample_every_s"] = to_seconds(d.sample_every);
  out["time_zone"] = d.zone.name();
  out["currency"] = d.currency;
  out["started"] = format_time(wall_time(started_));
  out["ended"] = nullptr;
  out["wall_s"] = nullptr;
  out["sim_speed"] = nullptr;
  out["peak_rss_mb"] = nullptr;
  if (ending != nullptr) {
    const double wall = wall_s();
    out["ended"] = format_time(wall_time(std::chrono::system_clock::now()));
    out["wall_s"] = wall;
    if (wall > 0.0) out["sim_speed"] = to_seconds(ending->reached - d.start) / wall;
    out["peak_rss_mb"] = peak_rss_mb();
  }
  out["host"] = host_name();
  out["processor"] = processor();
  out["compiler"] = "g++ " __VERSION__;
  out["sundials"] = d.sundials;
  out["solver"] = nullptr;
  out["energy_balance"] = nullptr;
  if (ending != nullptr) {
    out["solver"] = solver_json(ending->solver);
    out["energy_balance"] = balance_json(ending->balance, ending->stored);
    if (ending->extra.is_object()) out.update(ending->extra);
  }
  out["notices"] = d.notices;
  out["set"] = d.set;
  out["record"] = d.record;
  out["inputs"] = inputs_;
  out["scenario_text"] = d.scenario_text;
  out["configuration"] = d.configuration;
  return out;
}

void RunDirectory::write(const nlohmann::ordered_json& content, const fs::path& to) const {
  fs::path draft = to;
  draft += ".part";
  {
    std::ofstream file(draft);
    // Text from outside may hold bytes that are no UTF-8; they must not cost the run its manifest.
    file << content.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    file.flush();
    if (!file) {
      throw std::runtime_error(draft.string() +
                               ": cannot be written (is the disk full or the folder read-only?)");
    }
  }
  fs::rename(draft, to);
}

void RunDirectory::write_kpi(const nlohmann::ordered_json& figures) const {
  write(figures, kpi_path());
}

void RunDirectory::finish(const RunEnding& ending) {
  log_->info("{}{}{}", ending.status, ending.message.empty() ? "" : ": ", ending.message);
  log_->flush();
  write(manifest(&ending), path_ / "manifest.json");
}

}  // namespace ampacity
