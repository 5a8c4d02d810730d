// SPDX-License-Identifier: Apache-2.0

// `ampacity check`: every finding of every file, or `ok`.

#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/shipped.hpp"
#include "twin/sim/record_plan.hpp"
#include "twin/sim/scenario.hpp"
#include "twin/site/assembly.hpp"
#include "twin/site/description.hpp"

namespace ampacity {

namespace {

// A scenario has events or expect clauses and no units; everything else is a site.
bool is_scenario(const std::filesystem::path& path) {
  const ConfigNode root = load_document(path, {});
  return root.find("event") != nullptr || root.find("expect") != nullptr;
}

void check_site(const std::filesystem::path& path, const CheckOptions& options) {
  const SiteDescription site = read_site(path, options.set);
  const Assembly assembly = assemble(site);
  const Setting& patterns = site.setting("record.patterns");
  plan_records(assembly.plant, patterns.texts, patterns.place);
  if (options.print) std::fputs(print_document(site.document).c_str(), stdout);
  std::printf("%s: ok (%zu units, %zu racks, %zu states)\n", path.c_str(),
              assembly.plant.units().size(), assembly.racks.size(), assembly.plant.state_count());
}

// A scenario that names its site is checked against it: paths, orders, bounds.
void check_scenario(const std::filesystem::path& path, const CheckOptions& options) {
  const Scenario scenario = read_scenario(path);
  if (options.print) std::fputs(print_document(load_document(path, {})).c_str(), stdout);
  if (!scenario.site.empty()) {
    const SiteDescription site = read_site(find_shipped(scenario.site, "sites"), scenario.set);
    const Assembly assembly = assemble(site);
    plan_scenario(scenario, assembly.plant, site.start, site.start + site.duration, site.zone);
  }
  std::printf("%s: ok (scenario%s)\n", path.c_str(),
              scenario.site.empty() ? "" : (" of " + scenario.site).c_str());
}

void check_file(const std::string& name, const CheckOptions& options) {
  const std::vector<std::string> scenarios = shipped_names("scenarios");
  const bool shipped = std::find(scenarios.begin(), scenarios.end(), name) != scenarios.end();
  const std::filesystem::path path = find_shipped(name, shipped ? "scenarios" : "sites");
  if (is_scenario(path)) {
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
