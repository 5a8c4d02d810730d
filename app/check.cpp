// SPDX-License-Identifier: Apache-2.0

// `ampacity check`: every finding of every file, or `ok`.

#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/shipped.hpp"
#include "twin/sim/record_plan.hpp"
#include "twin/sim/run_setup.hpp"
#include "twin/sim/scenario.hpp"
#include "twin/site/assembly.hpp"
#include "twin/site/description.hpp"
#include "twin/site/site_checks.hpp"

namespace ampacity {

namespace {

// All that `run` would find before it starts: the units and what they name, the inputs and whether
// they cover the run.
Assembly check_plant(const SiteDescription& site) {
  std::vector<Finding> findings;
  check_files(site, findings);
  if (!findings.empty()) throw ConfigurationError(std::move(findings));
  Assembly assembly = assemble(site);
  const Setting& patterns = site.setting("record.patterns");
  plan_records(assembly.plant, patterns.texts, patterns.place);
  prepare_run(site, assembly, {}, site.start, site.start + site.duration);
  return assembly;
}

void check_site(const std::filesystem::path& path, const CheckOptions& options) {
  const SiteDescription site = read_site(path, command_line_overrides(options.set));
  const Assembly assembly = check_plant(site);
  if (options.print) std::fputs(print_document(site.document).c_str(), stdout);
  std::printf("%s: ok (%zu units, %zu racks, %zu states)\n", path.c_str(),
              assembly.plant.units().size(), assembly.racks.size(), assembly.plant.state_count());
}

// A scenario that names its site is checked against it: paths, orders, bounds.
void check_scenario(const std::filesystem::path& path, const CheckOptions& options) {
  const Scenario scenario = read_scenario(path);
  if (options.print) std::fputs(print_document(load_document(path, {})).c_str(), stdout);
  const std::vector<Override> overrides = overrides_of(scenario, options.set);
  if (!scenario.site.empty()) {
    const SiteDescription site = read_site(find_site_of(scenario), overrides);
    if (options.print) std::fputs(print_document(site.document).c_str(), stdout);
    const Assembly assembly = check_plant(site);
    plan_scenario(scenario, assembly.plant, site.start, site.start + site.duration, site.zone);
  } else if (!options.set.empty()) {
    throw ConfigurationError(
        command_line_overrides(options.set).front().place, "",
        path.string() + " names no site whose setting this could be (add site = \"...\" there)");
  }
  std::printf("%s: ok (scenario%s)\n", path.c_str(),
              scenario.site.empty() ? "" : (" of " + scenario.site).c_str());
}

void check_file(const std::string& name, const CheckOptions& options) {
  const std::vector<std::string> scenarios = shipped_names("scenarios");
  const bool shipped = std::find(scenarios.begin(), scenarios.end(), name) != scenarios.end();
  const std::filesystem::path path = find_shipped(name, shipped ? "scenarios" : "sites");
  if (is_scenario(load_document(path, {}))) {
    check_scenario(path, options);
  } else {
    check_site(path, options);
  }
}

}  // namespace

int check_command(const CheckOptions& options) {
  std::vector<std::string> files = options.files;
  if (files.empty()) files = shipped_names("sites");
  int code = exit_ok;
  for (const std::string& name : files) {
    try {
      check_file(name, options);
    } catch (const ConfigurationError& error) {
      std::fprintf(stderr, "%s\n", error.what());
      code = exit_bad_input;
    }
  }
  return code;
}

}  // namespace ampacity
