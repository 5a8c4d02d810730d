// SPDX-License-Identifier: Apache-2.0

// [sensors."<pattern>"] of a site file: values in the unit of the quantity, temperatures as
// differences, and what is refused.

#include <doctest/doctest.h>

#include <string>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/site/description.hpp"

namespace ampacity::tests {
namespace {

SiteDescription site_with(const std::string& sections) {
  const TemporaryFolder folder;
  return read_site(folder.write("small.toml", small_site_text + ("\n" + sections)), {});
}

std::string refusal_of(const std::string& sections) {
  try {
    site_with(sections);
  } catch (const ConfigurationError& error) {
    return error.findings().front().text();
  }
  return "";
}

bool refused(const std::string& sections, const std::string& text) {
  const std::string refusal = refusal_of(sections);
  INFO(refusal);
  CHECK(refusal.find(text) != std::string::npos);
  return refusal.find("small.toml:") != std::string::npos;
}

TEST_CASE("a site without sensors has none") { CHECK(site_with("").sensors.empty()); }

TEST_CASE("a sensor's values are read in the unit of its quantity") {
  const SiteDescription site = site_with(R"(
[sensors."island.supply_temperature"]
every = "5 s"
delay = "1.5 s"
resolution = "0.18 degF"
noise = "50 mK"

[sensors."*.power"]
average = "1 s"
resolution = "0.1 kW"
)");
  REQUIRE(site.sensors.size() == 2);
  const SensorRequest& power = site.sensors[1];
  CHECK(power.pattern == "*.power");
  CHECK(power.settings.every == seconds(1.0));
  CHECK(power.settings.average == seconds(1.0));
  CHECK(power.settings.resolution == doctest::Approx(100.0));
  const SensorRequest& supply = site.sensors[0];
  CHECK(supply.settings.every == seconds(5.0));
  CHECK(supply.settings.delay == seconds(1.5));
  CHECK(supply.settings.resolution == doctest::Approx(0.1));  // a difference, not a level
  CHECK(supply.settings.noise == doctest::Approx(0.05));
}

TEST_CASE("sensors that cannot be are refused with place, key and remedy") {
  const std::string power = "[sensors.\"liquid_rack.power\"]\n";
  CHECK(refused(power + "every = \"0 s\"\n", "sensors.\"liquid_rack.power\".every: 0 s is out of"));
  CHECK(refused(power + "delay = -1\n", "delay: -1 s is out of bounds"));
  CHECK(refused(power + "noise = nan\n", "noise: "));
  CHECK(refused(power + "resolution = \"0.1 K\"\n", "resolution: "));
  CHECK(refused(power + "evry = 1\n", "unknown key (nearest: 'every')"));
  CHECK(refused("[sensors.\"liquid_rack.pover\"]\n",
                "selects no quantity of this site (nearest: 'liquid_rack.power')"));
  CHECK(refused("[sensors.\"island.*\"]\nnoise = \"0.1 K\"\n", "different units"));
  CHECK(refused("[sensors.\"island.supply_temperature\"]\n[sensors.\"island.supply_*\"]\n",
                "has a sensor already, by 'island.supply_temperature'"));
  CHECK(refused("[sensors]\nevery = 1\n", "a table is wanted"));
}

}  // namespace
}  // namespace ampacity::tests
