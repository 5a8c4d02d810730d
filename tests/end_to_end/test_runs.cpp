// SPDX-License-Identifier: Apache-2.0

// What a run leaves behind, and what it promises: the same bytes for the same question, key figures
// and a manifest with agreed names, books that close, and an honest directory when it is killed.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/end_to_end/program.hpp"
#include "tests/end_to_end/results.hpp"
#include "tests/end_to_end/small_plant.hpp"

namespace fs = std::filesystem;
using namespace ampacity::tests;

namespace {

using Words = std::vector<std::string>;

Words names_in(const fs::path& folder) {
  Words names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Words lines_of(const fs::path& file) {
  Words lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Names of the shipped files of a folder of site-configs.
Words shipped(const std::string& folder) {
  Words names;
  for (const auto& entry : fs::directory_iterator("site-configs/" + folder)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The small plant, run with options into `out`; its folder.
struct SmallRun {
  TemporaryDirectory folder;
  ProgramResult result;

  explicit SmallRun(Words options) {
    folder.write("small.toml", small_plant_text);
    options.insert(options.begin(), {"run", "small.toml", "-o", "out"});
    result = run_program(folder.path(), options, 60.0);
  }
  fs::path out(const std::string& name = "") const { return folder.path() / "out" / name; }
};

}  // namespace

TEST_CASE("a run leaves a directory with agreed contents") {
  const SmallRun run({});
  REQUIRE_MESSAGE(run.result.exit_code == 0, run.result.err);
  CHECK(names_in(run.out()) ==
        Words{"events.csv", "kpi.json", "log.txt", "manifest.json", "report.html", "results.nc"});

  const auto kpi = json_of(run.out("kpi.json"));
  CHECK(kpi.contains("energy_balance_relative_error"));
  CHECK(kpi["duration_s"] == 600.0);
  for (const auto& [key, value] : kpi.items()) CHECK_MESSAGE(!value.is_structured(), key);

  const auto manifest = json_of(run.out("manifest.json"));
  for (const char* key : {"version", "configuration", "seed", "simulated_start", "simulated_end",
                          "host", "wall_s", "sim_speed", "peak_rss_mb", "solver", "exit_status",
                          "status", "site", "notices", "energy_balance"}) {
    CHECK_MESSAGE((manifest.contains(key) && !manifest[key].is_null()), key);
  }
  CHECK(manifest["status"] == "finished");
  CHECK(manifest["exit_status"] == 0);
  CHECK(manifest["wall_s"] > 0.0);
  CHECK(manifest["peak_rss_mb"] > 1.0);
  CHECK(manifest["solver"]["steps"] > 0);
  CHECK(manifest["simulated_end"] == "2024-07-15T04:10:00Z");

  const Results results(run.out("results.nc"));
  CHECK(results.times_s().size() == 601);
  CHECK(results.unit_of_measure("loop_return_temperature") == "K");
  CHECK(results.paths("loop_return_temperature") == Words{"water"});
  CHECK(lines_of(run.out("events.csv")).front() == "time,severity,path,text");
  CHECK(lines_of(run.out("log.txt")).back().find("finished") != std::string::npos);
}

TEST_CASE("--output says how much is left") {
  const SmallRun none({"--output", "none"});
  CHECK(none.result.exit_code == 0);
  CHECK_FALSE(fs::exists(none.out()));
  CHECK(none.result.out.find("it_energy_mwh") != std::string::npos);

  const SmallRun figures({"--output", "kpi"});
  CHECK(figures.result.exit_code == 0);
  CHECK(names_in(figures.out()) == Words{"events.csv", "kpi.json", "log.txt", "manifest.json"});

  const SmallRun full({"--output", "full"});
  CHECK(full.result.exit_code == 0);
  CHECK(bytes_of(full.out("kpi.json")) == bytes_of(figures.out("kpi.json")));
}

TEST_CASE("options reach the run") {
  const SmallRun run({"--for", "90 s", "--every", "30s", "--record", "liquid_rack.power", "--set",
                      "site.title=Renamed", "--from", "2024-01-10T06:00"});
  REQUIRE_MESSAGE(run.result.exit_code == 0, run.result.err);
  const auto manifest = json_of(run.out("manifest.json"));
  CHECK(manifest["title"] == "Renamed");
  CHECK(manifest["simulated_start"] == "2024-01-10T11:00:00Z");
  const Results results(run.out("results.nc"));
  CHECK(results.times_s() == std::vector<double>{0.0, 30.0, 60.0, 90.0});
  CHECK(results.variables() == Words{"liquid_rack_power"});
}

TEST_CASE("without -o each run has a directory of its own below runs/") {
  const TemporaryDirectory folder;
  folder.write("small.toml", small_plant_text);
  const Words words{"run", "small.toml", "--for", "2s"};
  CHECK(run_program(folder.path(), words, 60.0).exit_code == 0);
  CHECK(run_program(folder.path(), words, 60.0).exit_code == 0);
  CHECK(names_in(folder.path() / "runs").size() == 2);
}

TEST_CASE("a broken expect clause gives exit code 3, a kept one 0") {
  const auto code = [](const std::string& below) {
    const TemporaryDirectory folder;
    folder.write("small.toml", small_plant_text);
    folder.write("s.toml",
                 "[[expect]]\nsignal = \"liquid_rack.die_temperature\"\nstatistic = \"max\"\n"
                 "below = \"" +
                     below + "\"\n");
    const ProgramResult result =
        run_program(folder.path(), {"run", "small.toml", "s.toml", "-o", "out"}, 60.0);
    const auto manifest = json_of(folder.path() / "out/manifest.json");
    CHECK(manifest["exit_status"] == result.exit_code);
    CHECK(manifest["expect"].size() == 1);
    return result.exit_code;
  };
  CHECK(code("200 degC") == 0);
  CHECK(code("20 degC") == 3);
}

TEST_CASE("without clauses a limit that is broken gives exit code 3, even before the start") {
  const SmallRun over({"--set", "economy.contract=\"10 kW\"", "--set", "record.every=\"10s\""});
  CHECK(over.result.exit_code == 3);
  const auto manifest = json_of(over.out("manifest.json"));
  CHECK(manifest["status"] == "limit");
  CHECK(manifest["exit_status"] == 3);
  CHECK(json_of(over.out("kpi.json"))["over_limit_kw_s"] > 0.0);
  const Words events = lines_of(over.out("events.csv"));
  CHECK(std::any_of(events.begin(), events.end(), [](const std::string& line) {
    return line.find("before the start: contract_exceeded") != std::string::npos;
  }));
  CHECK(bytes_of(over.out("report.html")).find("above the contract") != std::string::npos);
}

TEST_CASE("a trace with a gap says how it was filled") {
  std::string rows = "time,power[1],power[2]\n";
  for (const char* minute : {"00", "01", "02", "05", "06", "07", "08", "09", "10"}) {
    rows += std::string("2024-07-15T04:") + minute + ":00Z,90000,60000\n";
  }
  const TemporaryDirectory folder;
  folder.write("small.toml", small_plant_text);
  folder.write("t.csv", rows);
  const ProgramResult result =
      run_program(folder.path(), {"run", "small.toml", "--measured", "t.csv", "-o", "out"}, 60.0);
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  const std::string notice =
      "t.csv:5: 2 rows missing between 2024-07-15T04:02:00Z and 2024-07-15T04:05:00Z, filled "
      "linearly";
  const auto notices = json_of(folder.path() / "out/manifest.json")["notices"];
  CHECK(std::find(notices.begin(), notices.end(), notice) != notices.end());
  CHECK(result.err.find("note: " + notice) != std::string::npos);
  CHECK(bytes_of(folder.path() / "out/log.txt").find(notice) != std::string::npos);
}

TEST_CASE("a killed run leaves its events and says that it is unfinished") {
  const TemporaryDirectory folder;
  folder.write("small.toml", small_plant_text);
  // Events all the time: the bus is told its voltage again and again.
  std::string orders;
  for (int minute = 1; minute < 600; ++minute) {
    orders += "[[event]]\nat = \"" + std::to_string(minute) +
              " min\"\nunit = \"main\"\norder = \"voltage\"\nvalue = 1\n";
  }
  folder.write("orders.toml", orders);
  Program program(folder.path(),
                  {"run", "small.toml", "orders.toml", "--for", "30 d", "-o", "out"});
  const fs::path events = folder.path() / "out/events.csv";
  for (int wait = 0; wait < 6000 && lines_of(events).size() < 20 && program.running(); ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  REQUIRE(program.running());
  const ProgramResult result = program.end(SIGKILL);
  CHECK(result.signal == SIGKILL);

  const auto manifest = json_of(folder.path() / "out/manifest.json");
  CHECK(manifest["status"] == "unfinished");
  CHECK(manifest["exit_status"].is_null());
  CHECK(manifest["wall_s"].is_null());
  CHECK_FALSE(manifest["configuration"].get<std::string>().empty());
  CHECK_FALSE(fs::exists(folder.path() / "out/kpi.json"));
  const Words lines = lines_of(events);
  CHECK(lines.size() >= 20);
  CHECK(lines.front() == "time,severity,path,text");
  const std::regex row(
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*Z,(information|warning|limit|trip),.+,.+)");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CHECK_MESSAGE(std::regex_match(lines[i], row), lines[i]);
  }
  CHECK(bytes_of(events).back() == '\n');
}

TEST_CASE("every shipped site passes its check and closes its books" *
          doctest::test_suite("full")) {
  const TemporaryDirectory folder;
  for (const std::string& name : shipped("sites")) {
    CAPTURE(name);
    const ProgramResult checked = run_program(folder.path(), {"check", name}, 60.0);
    CHECK_MESSAGE(checked.exit_code == 0, checked.err);
    const ProgramResult run =
        run_program(folder.path(), {"run", name, "--for", "10min", "-o", name}, 300.0);
    CHECK_MESSAGE(run.exit_code == 0, run.err);
    if (run.exit_code != 0) continue;
    const auto kpi = json_of(folder.path() / name / "kpi.json");
    const double error = kpi["energy_balance_relative_error"];
    MESSAGE(name << ": books open by " << error << ", "
                 << json_of(folder.path() / name / "manifest.json")["wall_s"] << " s");
    CHECK(error < 1e-6);
    CHECK(kpi["it_energy_mwh"] > 0.0);
  }
}

TEST_CASE("every shipped scenario keeps its clauses" * doctest::test_suite("full")) {
  const TemporaryDirectory folder;
  for (const std::string& name : shipped("scenarios")) {
    CAPTURE(name);
    const ProgramResult checked = run_program(folder.path(), {"check", name}, 60.0);
    CHECK_MESSAGE(checked.exit_code == 0, checked.err);
    // A scenario names the site that it is written for.
    const std::string text = bytes_of("site-configs/scenarios/" + name + ".toml");
    std::smatch site;
    REQUIRE_MESSAGE(std::regex_search(text, site, std::regex("\nsite = \"([^\"]+)\"")),
                    name << " names no site");
    const ProgramResult run =
        run_program(folder.path(), {"run", site[1], name, "--output", "kpi", "-o", name}, 600.0);
    CHECK_MESSAGE(run.exit_code == 0, run.out << run.err);
    const auto manifest = json_of(folder.path() / name / "manifest.json");
    CHECK_MESSAGE(!manifest["expect"].empty(), name << " expects nothing");
    MESSAGE(name << ": " << manifest["expect"].size() << " clauses, " << manifest["wall_s"]
                 << " s");
  }
}

TEST_CASE("the same run twice gives the same bytes" * doctest::test_suite("full")) {
  const TemporaryDirectory folder;
  for (const char* name : {"first", "second"}) {
    const ProgramResult run = run_program(
        folder.path(), {"run", "demo", "--for", "20min", "--seed", "7", "-o", name}, 300.0);
    REQUIRE_MESSAGE(run.exit_code == 0, run.err);
  }
  const ProgramResult other = run_program(
      folder.path(), {"run", "demo", "--for", "20min", "--seed", "8", "-o", "other"}, 300.0);
  REQUIRE(other.exit_code == 0);
  for (const char* name : {"results.nc", "kpi.json", "events.csv"}) {
    CAPTURE(name);
    const std::string first = bytes_of(folder.path() / "first" / name);
    CHECK(first.size() > 100);
    CHECK((first == bytes_of(folder.path() / "second" / name)));
    // Another seed draws other jobs: the comparison can fail.
    CHECK((first != bytes_of(folder.path() / "other" / name)));
  }
}
