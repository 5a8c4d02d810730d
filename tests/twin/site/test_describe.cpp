// SPDX-License-Identifier: Apache-2.0

// Descriptions are complete: every row of every table is in them, every value of a site says where
// it came from, and what is assumed is listed.

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/components/list.hpp"
#include "twin/site/describe.hpp"
#include "twin/site/schema.hpp"

namespace ampacity::tests {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The words of a line that are two blanks or more apart: its cells.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t at = line.find_first_not_of(' ');
  while (at != std::string::npos) {
    const std::size_t end = line.find("  ", at);
    cells.push_back(line.substr(at, end == std::string::npos ? end : end - at));
    at = end == std::string::npos ? end : line.find_first_not_of(' ', end);
  }
  return cells;
}

// The first line whose first cell is `name`, at or after a line that begins with `after`.
std::vector<std::string> row_of(const std::string& text, const std::string& name,
                                const std::string& after = "") {
  bool begun = after.empty();
  for (const std::string& line : lines_of(text)) {
    begun = begun || line.rfind(after, 0) == 0;
    const std::vector<std::string> cells = cells_of(line);
    if (begun && !cells.empty() && cells.front() == name) return cells;
  }
  return {};
}

bool contains(const std::vector<std::string>& cells, const std::string& cell) {
  return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

TEST_CASE("a component's description holds every row of its tables") {
  for (const ComponentType* type : component_list()) {
    INFO(std::string(type->name));
    const std::string text = describe_component(*type);
    CHECK(text.rfind(std::string(type->name) + ": " + type->summary, 0) == 0);
    for (const ParameterRow& row : type->parameters) {
      INFO(std::string(row.name));
      const auto cells = row_of(text, row.name, "parameters");
      CHECK(contains(cells, row.description));
      CHECK(contains(cells, row.source));
    }
    for (const CurveRow& row : type->curves) {
      CHECK(contains(row_of(text, row.name), row.standard));
      CHECK(contains(row_of(text, row.name), row.source));
    }
    const auto shown = [&](const auto& rows, const char* title) {
      for (const auto& row : rows) {
        INFO(std::string(row.name));
        CHECK(contains(row_of(text, row.name, title), row.description));
      }
    };
    shown(type->inputs, "inputs");
    shown(type->outputs, "outputs");
    shown(type->states, "states");
    shown(type->modes, "modes");
    shown(type->guards, "events");
    shown(type->orders, "orders");
  }
}

TEST_CASE("quantities are shown in the units that people like, with bounds and defaults") {
  const std::string text = describe_component(*find_component("transformer"));
  CHECK(row_of(text, "rated_power") ==
        std::vector<std::string>{"rated_power", "63 MW", "1 kW to 2 GW",
                                 "rated apparent power (1 VA = 1 W)",
                                 "63 MVA 110/20 kV, pandapower std_types.py (BSD-3)"});
  CHECK(row_of(text, "hot_spot_limit")[2] == "70 degC to 180 degC");
  CHECK(row_of(text, "oil_rise")[1] == "55 K");
  CHECK(row_of(text, "voltage_in")[2] == "not allowed");
  CHECK(row_of(text, "fed_by")[1] == "1");
  CHECK(row_of(describe_component(*find_component("bus")), "rated_power")[1] == "required");
  CHECK(row_of(text, "overload")[1] == "warning");
}

TEST_CASE("sections of site files, and what there is at all") {
  for (const SettingRow& row : setting_rows()) {
    INFO(std::string(row.key));
    const auto cells = row_of(describe_section(row.section), row.key);
    CHECK(contains(cells, row.description));
    CHECK(contains(cells, row.source));
  }
  CHECK(row_of(describe_section("sensors"), "delay")[1] == "0 s");
  CHECK(describe_section("wether").empty());
  const std::vector<ShippedFile> sites{{"demo", "A demo"}};
  const std::string all = describe_everything(sites, {});
  for (const ComponentType* type : component_list()) {
    CHECK(contains(row_of(all, type->name), type->summary));
  }
  CHECK(row_of(all, "demo") == std::vector<std::string>{"demo", "A demo"});
  CHECK(contains(row_of(all, "solver"), "relative_tolerance, tolerance_factor"));
}

TEST_CASE("a site's description says where each value came from, and what is assumed") {
  const TemporaryFolder folder;
  const std::vector<std::string> set{"battery.store.initial_charge=0.7"};
  const SiteDescription site =
      read_site(folder.write("small.toml", small_site_text), command_line_overrides(set));
  const std::string text = describe_site(site);

  CHECK(row_of(text, "rated_power", "  feed-a") ==
        std::vector<std::string>{"rated_power", "2 MW", "small.toml:17"});
  CHECK(row_of(text, "site.duration") ==
        std::vector<std::string>{"site.duration", "4 h", "small.toml:6"});
  CHECK(row_of(text, "weather.hottest_hour").back() == "assumed");
  CHECK(
      row_of(text, "initial_charge", "  store") ==
      std::vector<std::string>{"initial_charge", "0.7", "--set battery.store.initial_charge=0.7"});
  // A default has the source of its table.
  const ComponentType& battery = *find_component("battery");
  for (std::size_t i = 0; i < battery.parameters.size(); ++i) {
    const ParameterRow& row = battery.parameters[i];
    const UnitDescription& unit = *site.find("store");
    if (!unit.parameter_places[i].file.empty()) continue;
    INFO(std::string(row.name));
    CHECK(row_of(text, row.name, "  store").back() == row.source);
    // ... and is in the last list exactly when that says 'assumed'.
    const bool listed = !row_of(text, std::string("battery.") + row.name, "assumed: ").empty();
    CHECK(listed == is_assumed(row));
  }
  CHECK(row_of(text, "battery.rated_power", "assumed: ").empty());
  // So are the settings that are left at an assumed default, and no others.
  for (const SettingRow& row : setting_rows()) {
    const std::string key = std::string(row.section) + "." + row.key;
    INFO(key);
    const bool listed = !row_of(text, key, "assumed: ").empty();
    CHECK(listed == (is_assumed(row) && !site.setting(key).given));
  }
  CHECK(row_of(text, "weather.dry_bulb_max", "assumed: ") ==
        std::vector<std::string>{"weather.dry_bulb_max", "30 degC",
                                 "highest dry bulb of the design day", "assumed"});
  CHECK(row_of(text, "workload.utilisation", "assumed: ").empty());
  CHECK(row_of(text, "economy.price").back() == "assumed");
  // Four racks are alike and shown once.
  CHECK(text.find("  pod/rack-1 ... pod/rack-4 (4 units)") != std::string::npos);
  CHECK(row_of(text, "liquid_rack.die_temperature", "signals")[2] == "4");
  CHECK(row_of(text, "liquid_rack.junction_resistance", "assumed: ")[2] == "4");
}

}  // namespace
}  // namespace ampacity::tests
