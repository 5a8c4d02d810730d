// SPDX-License-Identifier: Apache-2.0

// `ampacity run`: from a site file to a run directory.

#include <cmath>
#include <cstdio>
#include <iostream>

#include "app/commands.hpp"
#include "app/report/html.hpp"
#include "app/shipped.hpp"
#include "twin/core/files.hpp"
#include "twin/sim/expect.hpp"
#include "twin/sim/job_load.hpp"
#include "twin/sim/kpi.hpp"
#include "twin/sim/progress.hpp"
#include "twin/sim/results_file.hpp"
#include "twin/sim/run_directory.hpp"
#include "twin/sim/run_setup.hpp"
#include "twin/sim/sensors.hpp"

namespace ampacity {

namespace {

// Hands every sample and event to those who want it.
class Recorder final : public SampleSink, public EventSink {
 public:
  Recorder(KpiCollector& kpi, ExpectWatcher& watcher, SensorBank& sensors, RunDirectory* directory,
           ResultsFile* results, Duration every, Duration sample_every)
      : kpi_(kpi),
        watcher_(watcher),
        sensors_(sensors),
        directory_(directory),
        results_(results),
        stride_(every.ns / sample_every.ns) {}

  void on_sample(std::int64_t index, Time at, const Plant& plant, const PlantState& state,
                 std::span<const double> signals, std::span<const double> integrals) override {
    kpi_.on_sample(index, at, plant, state, signals, integrals);
    watcher_.on_sample(index, at, plant, state, signals, integrals);
    if (results_ == nullptr) return;
    const std::span<const double> seen = sensors_.observe(at, signals, state.states);
    if (index % stride_ == 0) results_->add(at, seen, state.states);
  }

  void on_change(Time at, std::span<const double> signals) override { kpi_.on_change(at, signals); }

  void on_event(const EventRecord& event) override {
    kpi_.on_event(event);
    watcher_.on_event(event);
    if (directory_ != nullptr) directory_->on_event(event);
  }

 private:
  KpiCollector& kpi_;
  ExpectWatcher& watcher_;
  SensorBank& sensors_;
  RunDirectory* directory_;
  ResultsFile* results_;
  std::int64_t stride_;
};

Duration positive_length(const std::string& text, const Place& place, const std::string& key) {
  const Result<Duration> length = parse_duration(text);
  if (length && length.value() > Duration{}) return length.value();
  throw ConfigurationError(
      place, key, length ? "'" + text + "' is not positive (write '1s' or more)" : length.error());
}

[[noreturn]] void refuse_option(const std::string& option, const std::string& message) {
  throw ConfigurationError({option, 0, 0}, "", message);
}

// Options that become settings of the site are judged by their own names first.
void check_options(const RunOptions& options) {
  const auto given = [](const std::string& option, const std::string& text) {
    return Place{option + " " + text, 0, 0};
  };
  if (!options.length.empty()) {
    positive_length(options.length, given("--for", options.length), "");
  }
  if (!options.every.empty()) positive_length(options.every, given("--every", options.every), "");
  if (!options.from.empty()) {
    const Result<Time> from = parse_time(options.from);
    if (!from) refuse_option("--from " + options.from, from.error());
  }
  if (!options.heat.empty() && !options.measured.empty()) {
    refuse_option("--measured", "replaces the work of the site, as --heat does (leave one out)");
  }
  if (!options.jobs.empty() && !(options.heat.empty() && options.measured.empty())) {
    refuse_option("--jobs",
                  "replaces the work of the site, as --heat and --measured do (leave one out)");
  }
}

// Without a scenario nothing happens and nothing is expected.
Scenario scenario_of(const RunOptions& options) {
  if (options.scenario.empty()) return {};
  return read_scenario(find_shipped(options.scenario, "scenarios"));
}

// The scenario's settings, then those of the command line; the options that only change a setting
// are among them. Files and patterns of options stand beside them in the manifest.
std::vector<Override> settings_of(const RunOptions& options, const Scenario& scenario) {
  std::vector<std::string> set = options.set;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) set.push_back(std::string(key) + "=\"" + value + '"');
  };
  add("site.start", options.from);
  add("site.duration", options.length);
  add("record.every", options.every);
  return overrides_of(scenario, set);
}

// The truth that is wanted, then all that the sensors show of it.
std::vector<RecordVariable> records_of(const RunOptions& options, const SiteDescription& site,
                                       const Plant& plant, const SensorBank& sensors) {
  const Setting& own = site.setting("record.patterns");
  const auto& site_patterns = own.texts.empty() ? default_record_patterns() : own.texts;
  std::vector<RecordVariable> records = options.record.empty()
                                            ? plan_records(plant, site_patterns, own.place)
                                            : plan_records(plant, options.record);
  records.insert(records.end(), sensors.variables().begin(), sensors.variables().end());
  return records;
}

SimulatorSettings simulator_settings(const SiteDescription& site, Duration every) {
  SimulatorSettings settings;
  settings.start = site.start;
  // Key figures look at every second; a finer record needs finer samples.
  settings.sample_every = std::min(every, seconds(1.0));
  settings.engine.relative_tolerance = site.setting("solver.relative_tolerance").value;
  settings.engine.tolerance_factor = site.setting("solver.tolerance_factor").value;
  return settings;
}

RunDescription describe_run(const RunOptions& options, const Scenario& scenario,
                            const SiteDescription& site, const std::vector<Override>& set, Time end,
                            Duration every) {
  RunDescription out;
  out.site = site.name;
  out.title = site.setting("site.title").text;
  out.scenario = options.scenario;
  out.engine = options.engine;
  out.sundials = sundials_version();
  out.configuration = print_document(site.document);
  for (const Override& change : set) out.set.push_back(change.text);
  out.record = options.record;
  if (!scenario.file.empty()) out.scenario_text = read_text_file(scenario.file);
  out.seed = options.seed;
  out.start = site.start;
  out.end = end;
  out.sample_every = every;
  out.zone = site.zone;
  out.currency = site.setting("site.currency").text;
  return out;
}

// Further members of the manifest: what the report needs beside the key figures.
nlohmann::ordered_json extra_members(const std::vector<ExpectResult>& results,
                                     const KpiCollector& kpi) {
  nlohmann::ordered_json clauses = nlohmann::ordered_json::array();
  for (const ExpectResult& result : results) {
    nlohmann::ordered_json clause;
    clause["text"] = result.text;
    clause["passed"] = result.passed;
    clause["value"] = nullptr;
    if (std::isfinite(result.value)) clause["value"] = result.value;
    clause["unit"] = result.unit;
    clauses.push_back(std::move(clause));
  }
  nlohmann::ordered_json members = nlohmann::ordered_json::object();
  if (!clauses.empty()) members["expect"] = std::move(clauses);
  if (kpi.contract_w()) members["contract_w"] = *kpi.contract_w();
  return members;
}

// A scenario's clauses say what may happen; a run without clauses allows nothing that hurts.
bool violated(const ExpectWatcher& watcher, const ScenarioPlan& plan, const KpiCollector& kpi) {
  return plan.expects.empty() ? !kpi.limits_kept() : !watcher.all_passed();
}

void print_expects(const std::vector<ExpectResult>& results) {
  for (const ExpectResult& result : results) {
    std::printf("  expect %-6s %s\n", result.passed ? "ok" : "FAILED", result.text.c_str());
  }
}

void print_summary(const nlohmann::ordered_json& kpi, const RunDirectory* directory) {
  for (const char* key : {"it_energy_mwh", "facility_energy_mwh", "pue", "grid_energy_mwh", "cost",
                          "carbon_location_t", "trips", "over_temperature_k_min", "over_limit_kw_s",
                          "energy_balance_relative_error"}) {
    if (kpi.contains(key) && !kpi[key].is_null()) {
      std::printf("  %-32s %s\n", key, format_number(kpi[key].get<double>()).c_str());
    }
  }
  if (directory != nullptr) std::printf("report: %s\n", directory->report_path().c_str());
}

}  // namespace

int run_command(const RunOptions& options) {
  check_options(options);
  const Scenario scenario = scenario_of(options);
  const std::vector<Override> set = settings_of(options, scenario);
  const SiteDescription site = read_site(find_shipped(options.site, "sites"), set);
  const Duration every = site.record_every;
  const Time end = site.start + site.duration;
  Assembly assembly = assemble(site);
  const ScenarioPlan plan = plan_scenario(scenario, assembly.plant, site.start, end, site.zone);
  const RunInputs inputs{options.weather,  options.price, options.carbon, options.heat,
                         options.measured, options.jobs,  options.seed};
  RunSetup setup = prepare_run(site, assembly, inputs, site.start, end);
  const Accounts accounts(assembly.plant);
  const SimulatorSettings settings = simulator_settings(site, every);

  RunDescription description = describe_run(options, scenario, site, set, end, every);
  description.notices = setup.notices;
  description.inputs = setup.files;
  if (!scenario.site.empty() && !std::filesystem::equivalent(find_site_of(scenario), site.file)) {
    description.notices.push_back("the scenario is written for the site '" + scenario.site + "'");
  }
  // Planned before the directory is made: bad input leaves none behind.
  SensorBank sensors(assembly.plant, site.sensors, options.seed, site.start);
  std::vector<RecordVariable> records = records_of(options, site, assembly.plant, sensors);
  std::unique_ptr<RunDirectory> directory;
  std::unique_ptr<ResultsFile> results;
  if (options.output != "none") {
    directory = std::make_unique<RunDirectory>(options.directory, description);
  }
  if (options.output == "full") {
    results = std::make_unique<ResultsFile>(
        directory->results_path(), assembly.plant, std::move(records), site.start, every,
        std::map<std::string, std::string>{{"Conventions", "CF-1.8"},
                                           {"title", description.title},
                                           {"site", site.name},
                                           {"time_zone", site.zone.name()},
                                           {"seed", std::to_string(options.seed)}});
  }
  for (const std::string& notice : description.notices) {
    std::fprintf(stderr, "note: %s\n", notice.c_str());
  }

  Simulator simulator(assembly.plant, accounts, std::move(setup.externals), settings);
  const JobLoad* jobs = nullptr;
  for (auto& load : setup.loads) {
    if (const auto* job_load = dynamic_cast<const JobLoad*>(load.get())) jobs = job_load;
    simulator.add_load(std::move(load));
  }
  KpiCollector kpi(assembly.plant, accounts, site.zone);
  ExpectWatcher watcher(plan.expects);
  Recorder recorder(kpi, watcher, sensors, directory.get(), results.get(), every,
                    settings.sample_every);
  Progress progress(std::cerr, Progress::is_terminal(stderr), site.start, end, site.zone);
  Outcome outcome = simulator.find_operating_point(recorder);
  if (outcome.finished) {
    schedule(plan, simulator);
    outcome = simulator.run_until(end, recorder, recorder,
                                  [&](Time now) { progress.update(now, simulator.next_event()); });
  }
  progress.finish();

  kpi.close_books(simulator.now(), simulator.state(), simulator.integrals());
  WorkloadFigures work;
  if (jobs != nullptr) {
    const JobAccounts books = jobs->accounts();
    work.gpu_hours_served = books.gpu_hours_served;
    work.gpu_hours_lost = books.gpu_hours_lost;
  }
  const nlohmann::ordered_json figures = kpi.figures(work);
  if (results) results->close();
  const int kept = violated(watcher, plan, kpi) ? exit_violated : exit_ok;
  const int code = outcome.finished ? kept : exit_solver;
  if (directory) {
    directory->write_kpi(figures);
    RunEnding ending;
    ending.status = !outcome.finished ? "failed" : kept == exit_ok ? "finished" : "limit";
    ending.extra = extra_members(watcher.results(), kpi);
    ending.message = outcome.message;
    ending.exit_status = code;
    ending.reached = simulator.now();
    ending.solver = simulator.statistics();
    ending.balance = kpi.balance();
    ending.stored = kpi.stored_changes();
    directory->finish(ending);
    if (results) write_report(directory->path());
  }
  print_expects(watcher.results());
  print_summary(figures, results ? directory.get() : nullptr);
  if (!outcome.finished) std::fprintf(stderr, "%s\n", outcome.message.c_str());
  return code;
}

}  // namespace ampacity
