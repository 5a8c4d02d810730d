// SPDX-License-Identifier: Apache-2.0

// One component on a table, against closed forms: losses and temperature rises of a transformer at
// rest and on their way, a meter's lag behind a ramp and behind a step.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/sim/component_table.hpp"

namespace ampacity::tests {
namespace {

// Runs a component on the text of a table.
ComponentTable run(const char* component, const std::string& table,
                   std::vector<std::string> set = {}, bool hold = false, bool clamp = false,
                   const std::string& params = "") {
  const TemporaryFolder folder;
  ComponentTableOptions options;
  options.component = component;
  options.set = std::move(set);
  options.table = folder.write("table.csv", table);
  if (!params.empty()) options.params = folder.write("params.toml", params);
  options.hold = hold;
  options.clamp = clamp;
  return run_component_table(options);
}

std::string complaint(const char* component, const std::string& table,
                      std::vector<std::string> set = {}, const std::string& params = "") {
  try {
    run(component, table, std::move(set), false, false, params);
    return "";
  } catch (const ConfigurationError& error) {
    return error.what();
  }
}

double value(const ComponentTable& table, std::size_t row, const std::string& column) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), column);
  REQUIRE(found != table.columns.end());
  REQUIRE(row < table.rows.size());
  return table.rows[row][static_cast<std::size_t>(found - table.columns.begin())];
}

bool holds(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) MESSAGE("not in: " << text);
  return found;
}

// 63 MVA: core 22 kW, winding 0.0032 * 63 MW = 201.6 kW at rated load; oil rises by 55 K and the
// hot spot by 23 K more. At half load K = 0.5, R = 201.6/22: oil 55 ((1 + R K^2)/(1 + R))^0.8.
TEST_CASE("static: each row is an operating point at rest") {
  const ComponentTable table = run("transformer",
                                   "voltage_in,load [MW],ambient_temperature [degC]\n"
                                   "1,63,20\n1,31.5,20\n1,63,30\n");
  REQUIRE(table.outcome.finished);
  REQUIRE(table.rows.size() == 3);
  CHECK(value(table, 0, "load [W]") == doctest::Approx(63e6));
  CHECK(value(table, 0, "loss [W]") == doctest::Approx(22e3 + 201.6e3).epsilon(1e-9));
  CHECK(value(table, 1, "loss [W]") == doctest::Approx(22e3 + 50.4e3).epsilon(1e-9));
  const double ratio = 201.6 / 22.0;
  const double half_k = 55.0 * std::pow((1.0 + ratio * 0.25) / (1.0 + ratio), 0.8);
  CHECK(std::abs(value(table, 0, "oil_temperature [K]") - (293.15 + 55.0)) < 1e-3);
  CHECK(std::abs(value(table, 1, "oil_temperature [K]") - (293.15 + half_k)) < 1e-3);
  CHECK(std::abs(value(table, 2, "hot_spot_temperature [K]") - (303.15 + 78.0)) < 1e-3);
}

TEST_CASE("dynamic: a course from a given initial state") {
  const ComponentTable table =
      run("transformer", "time [min],voltage_in,load [MW]\n0,1,63\n60,1,63\n180,1,63\n",
          {"initial.oil_rise=0"});
  REQUIRE(table.outcome.finished);
  REQUIRE(table.rows.size() == 3);
  CHECK(value(table, 1, "time [s]") == 3600.0);
  for (std::size_t row = 0; row < 3; ++row) {
    const double t_s = value(table, row, "time [s]");
    const double rise_k = 55.0 * (1.0 - std::exp(-t_s / 10800.0));
    CHECK(std::abs(value(table, row, "oil_temperature [K]") - (293.15 + rise_k)) < 2e-3);
    // The winding was not given a start: it begins at rest.
    CHECK(std::abs(value(table, row, "hot_spot_temperature [K]") -
                   value(table, row, "oil_temperature [K]") - 23.0) < 2e-3);
  }
}

// d(averaged)/dt = (power - averaged)/T with T = 10 s, from rest at 0.
TEST_CASE("between rows inputs are linear, or held") {
  const std::string table = "time_s,power [kW]\n0,0\n10,10\n20,10\n";
  const ComponentTable ramp = run("meter", table, {"interval=10 s"});
  REQUIRE(ramp.outcome.finished);
  const double at_ten_w = 1e3 * (10.0 - 10.0 * (1.0 - std::exp(-1.0)));
  CHECK(value(ramp, 0, "averaged_power [W]") == doctest::Approx(0.0));
  CHECK(value(ramp, 1, "averaged_power [W]") == doctest::Approx(at_ten_w).epsilon(1e-4));
  CHECK(value(ramp, 2, "averaged_power [W]") ==
        doctest::Approx(1e4 + (at_ten_w - 1e4) * std::exp(-1.0)).epsilon(1e-4));
  const ComponentTable held = run("meter", table, {"interval=10 s"}, true);
  REQUIRE(held.outcome.finished);
  CHECK(std::abs(value(held, 1, "averaged_power [W]")) < 1e-3);
  CHECK(value(held, 1, "power [W]") == 1e4);
  CHECK(value(held, 1, "power_out [W]") == 1e4);
  CHECK(value(held, 2, "averaged_power [W]") ==
        doctest::Approx(1e4 * (1.0 - std::exp(-1.0))).epsilon(1e-4));
}

TEST_CASE("parameters come from a file, then from --set") {
  const std::string table = "voltage_in,load [MW]\n1,63\n";
  const std::string params = "no_load_loss = \"30 kW\"\nresistance = 0.004\n";
  CHECK(value(run("transformer", table, {}, false, false, params), 0, "loss [W]") ==
        doctest::Approx(30e3 + 252e3));
  CHECK(value(run("transformer", table, {"no_load_loss=40 kW"}, false, false, params), 0,
              "loss [W]") == doctest::Approx(40e3 + 252e3));
}

TEST_CASE("a battery keeps the charge that it is given") {
  const ComponentTable table = run("battery", "voltage\n1\n", {"initial.charge=0.8", "control=0"});
  REQUIRE(table.outcome.finished);
  CHECK(value(table, 0, "charge [1]") == 0.8);
}

TEST_CASE("what is wrong is said with place and remedy") {
  const std::string good = "voltage_in,load [MW]\n1,63\n";
  CHECK(holds(complaint("transfomer", good), "(nearest: 'transformer')"));
  CHECK(holds(complaint("transformer", good, {"rated_powr=3 MW"}),
              "--set rated_powr=3 MW: rated_powr: unknown parameter (nearest: 'rated_power')"));
  CHECK(holds(complaint("transformer", good, {"rated_power=3 K"}), "rated_power: "));
  CHECK(holds(complaint("transformer", good, {"rated_power=1 W"}), "is out of bounds"));
  CHECK(holds(complaint("transformer", good, {"initial.oil=3"}), "unknown state"));
  CHECK(holds(complaint("transformer", good, {}, "oil_rise = \"3 kW\"\n"), "params.toml:1:12:"));
  CHECK(holds(complaint("bus", good), "rated_power: missing: "));
  CHECK(holds(complaint("transformer", "load [MW]\n63\n"),
              "voltage_in: missing column: voltage of the upper side, pu (1)"));
  CHECK(holds(complaint("transformer", "voltage_in,lod\n1,63\n"),
              "lod: no input of this component (nearest: 'load')"));
  CHECK(holds(complaint("transformer", "voltage_in,load [K]\n1,63\n"), "load [K]: "));
  CHECK(holds(complaint("transformer", "voltage_in,voltage_in [1]\n1,1\n"),
              "two columns for one input"));
  CHECK(holds(complaint("transformer", "voltage_in\n"), "a table without rows"));
  CHECK(holds(complaint("transformer", "voltage_in\nx\n"), "table.csv:2:1:"));
  CHECK(holds(complaint("transformer", "time_s,voltage_in\n0,1\n0,1\n"),
              "table.csv:3:1: time_s: time must rise"));
  CHECK(holds(complaint("transformer", "time_s,voltage_in\n0,1\n"), "two rows or more"));
  CHECK(holds(complaint("transformer", "voltage_in\n1.3\n"),
              "table.csv:2:1: voltage_in: 1.3 is outside of the range of use (0 to 1.2"));
  const ComponentTable clamped = run("transformer", "voltage_in\n1.3\n", {}, false, true);
  CHECK(value(clamped, 0, "voltage_out [1]") == 1.2);
}

}  // namespace
}  // namespace ampacity::tests
