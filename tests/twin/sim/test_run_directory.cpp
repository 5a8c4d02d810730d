// SPDX-License-Identifier: Apache-2.0
// The directory of a run: what it holds at its start, in the middle of a kill, and at its end.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "twin/core/files.hpp"
#include "twin/sim/progress.hpp"
#include "twin/sim/run_directory.hpp"

namespace ampacity::tests {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "ampacity-run-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path path;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::json json_of(const fs::path& path) { return nlohmann::json::parse(text_of(path)); }

RunDescription description() {
  RunDescription d;
  d.site = "demo";
  d.engine = "cvode";
  d.sundials = "6.4.1";
  d.configuration = "[site]\nname = \"demo\"\n";
  d.set = {"battery.main.count=2"};
  d.notices = {"weather: design day"};
  d.seed = 7;
  d.start = Time{1'712'448'000LL * ns_per_second};
  d.end = d.start + hours(24);
  d.sample_every = seconds(1.0);
  return d;
}

TEST_CASE("a run says that it is unfinished until it has finished") {
  const Folder folder;
  const fs::path heat = folder.path / "heat.csv";
  std::ofstream(heat) << "123456789";
  RunDescription asked = description();
  asked.inputs = {{"heat", heat}};
  asked.scenario_text = "title = \"x\"";
  RunDirectory run(folder.path / "run", asked);
  auto manifest = json_of(run.path() / "manifest.json");
  CHECK(manifest["inputs"][0]["role"] == "heat");
  CHECK(manifest["inputs"][0]["bytes"] == 9);
  CHECK(manifest["inputs"][0]["crc32"] == "cbf43926");  // the check value of this polynomial
  CHECK(manifest["scenario_text"] == "title = \"x\"");
  CHECK(manifest["status"] == "unfinished");
  CHECK(manifest["exit_status"].is_null());
  CHECK(manifest["configuration"] == "[site]\nname = \"demo\"\n");
  CHECK(manifest["set"] == nlohmann::json{"battery.main.count=2"});
  CHECK(manifest["simulated_start"] == "2024-04-07T00:00:00Z");

  RunEnding ending;
  ending.reached = description().end;
  ending.solver.steps = 42;
  ending.balance.entered_j = 5.0;
  ending.balance.lines.push_back({Account::enters_grid, "grid", 5.0});
  ending.stored.push_back({"loop", 5.0});
  run.finish(ending);
  manifest = json_of(run.path() / "manifest.json");
  CHECK(manifest["status"] == "finished");
  CHECK(manifest["exit_status"] == 0);
  CHECK(manifest["seed"] == 7);
  CHECK(manifest["simulated_end"] == "2024-04-08T00:00:00Z");
  CHECK(manifest["solver"]["steps"] == 42);
  CHECK(manifest["energy_balance"]["lines"][0]["account"] == "enters_grid");
  CHECK(manifest["energy_balance"]["stored"][0]["component"] == "loop");
  CHECK(manifest["notices"][0] == "weather: design day");
  CHECK(manifest["wall_s"].get<double>() > 0.0);
  CHECK(manifest["sim_speed"].get<double>() > 1.0);
  CHECK(manifest["peak_rss_mb"].get<double>() > 1.0);
  for (const char* key : {"version", "compiler", "sundials", "host", "processor", "started"}) {
    CHECK_MESSAGE(!manifest[key].get<std::string>().empty(), key);
  }
  CHECK(text_of(run.path() / "log.txt").find("finished") != std::string::npos);
  CHECK_FALSE(fs::exists(run.path() / "manifest.json.part"));
}

TEST_CASE("nothing is written over what is there") {
  const Folder folder;
  std::ofstream(folder.path / "precious.txt") << "keep me";
  CHECK_THROWS_WITH_AS(RunDirectory(folder.path, description()),
                       doctest::Contains("is not empty (name a new directory"), ConfigurationError);
  CHECK_THROWS_WITH_AS(RunDirectory(folder.path / "precious.txt", description()),
                       doctest::Contains("is a file"), ConfigurationError);
  CHECK_THROWS_AS(RunDirectory(folder.path / "precious.txt" / "run", description()),
                  ConfigurationError);
  CHECK(text_of(folder.path / "precious.txt") == "keep me");
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
  fs::create_directory(folder.path / "empty");
  CHECK_NOTHROW(RunDirectory(folder.path / "empty", description()));
}

TEST_CASE("without a name a run goes to ./runs/<site>-<stamp>, each run to its own") {
  const Folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path);
  fs::path first;
  fs::path second;
  try {
    first = RunDirectory({}, description()).path();
    second = RunDirectory({}, description()).path();
  } catch (const std::exception& error) {
    FAIL_CHECK(error.what());
  }
  fs::current_path(before);
  CHECK(first != second);
  CHECK(first.parent_path() == "runs");
  const std::string name = first.filename().string();
  CHECK(name.starts_with("demo-2"));
  CHECK(name.size() == std::string("demo-20240407T063015Z").size());
  CHECK(fs::exists(folder.path / second / "manifest.json"));
}

TEST_CASE("events read back as they were, whatever their text") {
  const Folder folder;
  RunDirectory run(folder.path / "run", description());
  run.on_event({description().start + milliseconds(1250), Severity::trip, "hall-1/pod-2/rack-3",
                "shutdown: \"hot\", then\ncold"});
  run.on_event({description().start + hours(1), Severity::information, "grid", "plain"});
  CsvTable table(run.path() / "events.csv");
  CHECK(table.columns() == std::vector<std::string>{"time", "severity", "path", "text"});
  CsvRow row;
  REQUIRE(table.next(row));
  CHECK(row.fields[0].text == "2024-04-07T00:00:01.250Z");
  CHECK(row.fields[1].text == "trip");
  CHECK(row.fields[2].text == "hall-1/pod-2/rack-3");
  CHECK(row.fields[3].text == "shutdown: \"hot\", then\ncold");
  REQUIRE(table.next(row));
  CHECK(row.fields[3].text == "plain");
  CHECK_FALSE(table.next(row));
}

TEST_CASE("a run that is killed leaves its events and says that it is unfinished") {
  const Folder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    RunDirectory run(folder.path / "run", description());
    for (int i = 0; i < 100; ++i) {
      run.on_event({description().start + minutes(i), Severity::warning, "grid", "event, again"});
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(json_of(folder.path / "run" / "manifest.json")["status"] == "unfinished");
  CsvTable table(folder.path / "run" / "events.csv");
  CsvRow row;
  int count = 0;
  while (table.next(row)) ++count;
  CHECK(count == 100);
}

TEST_CASE("kpi.json is written with numbers that read back exactly") {
  const Folder folder;
  const RunDirectory run(folder.path / "run", description());
  nlohmann::ordered_json figures;
  figures["pue"] = 0.1 + 0.2;
  figures["wue_l_per_kwh"] = nullptr;
  run.write_kpi(figures);
  CHECK(text_of(run.kpi_path()) ==
        "{\n  \"pue\": 0.30000000000000004,\n  \"wue_l_per_kwh\": null\n}\n");
}

TEST_CASE("a line of progress: percent, clock, speed, time left, next event") {
  const Time start = parse_time("2024-04-07T00:00Z").value();
  ProgressState state{start, start + hours(24), start + hours(6), start + hours(7), 4321.0};
  const TimeZone zone = TimeZone::fixed(hours(-5));
  CHECK(progress_line(state, zone) ==
        " 25 %  2024-04-07 01:00  4320 x real time  15 s left  next event 02:00");
  state.now = state.end;
  CHECK(progress_line(state, zone) == "100 %  2024-04-07 19:00  4320 x real time");
  state.speed = 0.0;
  state.now = start;
  state.next_event = state.end;
  CHECK(progress_line(state, zone) == "  0 %  2024-04-06 19:00");
  CHECK(format_waiting(59.5) == "1 min 0 s");
  CHECK(format_waiting(7260) == "2 h 1 min");
}

TEST_CASE("a terminal is redrawn at most five times a second, a log every ten seconds") {
  const Time start{};
  for (const bool terminal : {true, false}) {
    std::ostringstream out;
    double wall_s = 0.0;
    Progress progress(out, terminal, start, start + seconds(1e5), TimeZone(),
                      [&wall_s] { return wall_s; });
    for (int i = 1; i <= 3000; ++i) {  // 30 s of wall time, 100 calls a second, speed 1000
      wall_s = 0.01 * i;
      progress.update(start + seconds(10.0 * i), start + seconds(1e6));
    }
    progress.finish();
    const std::string text = out.str();
    const auto redraws = std::count(text.begin(), text.end(), '\r');
    const auto lines = std::count(text.begin(), text.end(), '\n');
    if (terminal) {
      CHECK(redraws > 100);
      CHECK(redraws <= 151);
      CHECK(lines == 1);
    } else {
      CHECK(redraws == 0);
      CHECK(lines >= 2);
      CHECK(lines <= 3);
    }
    CHECK(text.find("1000 x real time") != std::string::npos);
  }
}

}  // namespace
}  // namespace ampacity::tests
