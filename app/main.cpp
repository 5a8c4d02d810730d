// SPDX-License-Identifier: Apache-2.0

// The command line. This file only reads options and says what went wrong; each command lives in a
// file of its own.

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <exception>

#include "app/commands.hpp"
#include "twin/core/errors.hpp"
#include "twin/core/version.hpp"

namespace {

using namespace ampacity;

// Words that the conversion to an unsigned number would wrap or cut; empty for a good one.
std::string seed_fault(const std::string& text) {
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc() && stop == end) return "";
  return "'" + text + "' is no whole number from 0 to 18446744073709551615";
}

void add_run(CLI::App& app, RunOptions& options, int& code) {
  CLI::App* run = app.add_subcommand("run", "simulate a site and write a run directory");
  run->add_option("site", options.site, "path of a site file, or name of a shipped site")
      ->capture_default_str();
  run->add_option("scenario", options.scenario,
                  "path of a scenario file, or name of a shipped one");
  run->add_option("-o,--out", options.directory, "run directory (default: runs/<site>-<time>)");
  run->add_option("--from", options.from, "start: 2024-07-15T06:00, local unless it has an offset");
  run->add_option("--for", options.length, "length: 24h, 90min, 2d");
  run->add_option("--set", options.set, "override key.path=value; may be repeated, later wins")
      ->allow_extra_args(false);
  run->add_option("--weather", options.weather, "EPW or CSV weather");
  run->add_option("--price", options.price, "hourly prices (CSV)");
  run->add_option("--carbon", options.carbon, "hourly carbon intensity (CSV)");
  run->add_option("--heat", options.heat, "measured heat per CDU or rack (CSV, .gz)");
  run->add_option("--measured", options.measured, "measured power per CDU or rack (CSV, .gz)");
  run->add_option("--jobs", options.jobs, "job log (SWF or CSV)");
  run->add_option("--engine", options.engine, "engine: cvode, the reference")
      ->check(CLI::IsMember({"cvode"}))
      ->capture_default_str();
  run->add_option("--seed", options.seed, "seed of all random streams")
      ->check(CLI::Validator(seed_fault, "WHOLE NUMBER"))
      ->capture_default_str();
  run->add_option("--output", options.output, "none, kpi or full")
      ->check(CLI::IsMember({"none", "kpi", "full"}))
      ->capture_default_str();
  run->add_option("--every", options.every, "interval of the results: 1s, 15s, 1min");
  run->add_option("--record", options.record,
                  "quantities to record: liquid_rack.power, 'hall-1/*', ...; may be repeated")
      ->allow_extra_args(false);
  run->callback([&] { code = run_command(options); });
}

// What is wrong with the command line, and where its words are listed.
std::string usage_message(const CLI::App* app, const CLI::Error& error) {
  const auto commands = app->get_subcommands();
  const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
  return std::string("ampacity") + command + ": " + error.what() + " (see `ampacity" + command +
         " --help`)\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Ampacity: a digital twin of the power and heat of AI data centres"};
  app.set_version_flag("--version", std::string(ampacity::version()));
  app.require_subcommand(0, 1);
  app.failure_message(usage_message);
  int code = exit_ok;

  RunOptions run;
  add_run(app, run, code);

  CheckOptions check;
  CLI::App* check_app = app.add_subcommand("check", "check site and scenario files");
  check_app->add_option("files", check.files, "files, or names of shipped sites (default: all)");
  check_app->add_option("--set", check.set, "override key.path=value")->allow_extra_args(false);
  check_app->add_flag("--print", check.print,
                      "print the merged result with the origin of each value");
  check_app->callback([&] { code = check_command(check); });

  std::string what;
  CLI::App* describe =
      app.add_subcommand("describe", "parameters, states and signals with sources");
  describe->add_option("what", what, "component or site (default: list of both)");
  describe->callback([&] { code = describe_command(what); });

  add_component_command(app, code);

  std::string directory;
  CLI::App* report = app.add_subcommand("report", "write report.html of a run directory");
  report->add_option("directory", directory, "run directory (default: the newest below runs/)");
  report->callback([&] { code = report_command(directory); });

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) std::fputs(app.help().c_str(), stdout);
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_bad_input;
  } catch (const ampacity::ConfigurationError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return exit_bad_input;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ampacity: %s\n", error.what());
    return exit_other;
  }
}
