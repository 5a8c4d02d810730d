// SPDX-License-Identifier: Apache-2.0

// One liquid per loop: every unit that touches a loop or a manifold has its density and heat
// capacity, whatever its own table says.

#include <doctest/doctest.h>

#include <string>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/site/fluids.hpp"

namespace ampacity::tests {
namespace {

// The small site with more keys below some of its headers.
SiteDescription site_with(const std::vector<std::pair<std::string, std::string>>& keys) {
  std::string text = small_site_text;
  for (const auto& [header, lines] : keys) {
    const std::size_t at = text.find(header + "\n");
    REQUIRE(at != std::string::npos);
    text.insert(at + header.size() + 1, lines + "\n");
  }
  const TemporaryFolder folder;
  return read_site(folder.write("small.toml", text), {});
}

double value_of(const SiteDescription& site, const std::string& path, const std::string& name) {
  const UnitDescription* unit = site.find(path);
  REQUIRE(unit != nullptr);
  for (std::size_t i = 0; i < unit->parameters.size(); ++i) {
    if (name == unit->type->parameters[i].name) return unit->parameters[i];
  }
  FAIL("no parameter " << name);
  return 0.0;
}

const std::string glycol = "density = \"1010 kg/m3\"\nheat_capacity = \"3950 J/(kg K)\"";
const std::string brine = "density = \"1100 kg/m3\"\nheat_capacity = \"3600 J/(kg K)\"";

TEST_CASE("units take the liquid of their loop and of their island") {
  const SiteDescription site = site_with({{"[loop.facility]", glycol}, {"[island.pod]", brine}});
  CHECK(value_of(site, "pumps", "density") == 1010.0);
  CHECK(value_of(site, "coolers", "density") == 1010.0);
  CHECK(value_of(site, "coolers", "heat_capacity") == 3950.0);
  CHECK(value_of(site, "roof", "heat_capacity") == 3950.0);  // through its stage
  // A cooling unit stands between both.
  for (const char* path : {"pod/cdu-1", "pod/cdu-2"}) {
    CHECK(value_of(site, path, "primary_density") == 1010.0);
    CHECK(value_of(site, path, "primary_heat_capacity") == 3950.0);
    CHECK(value_of(site, path, "secondary_density") == 1100.0);
    CHECK(value_of(site, path, "secondary_heat_capacity") == 3600.0);
  }
  CHECK(value_of(site, "pod/rack-4", "density") == 1100.0);
  CHECK(value_of(site, "pod/rack-4", "heat_capacity") == 3600.0);
}

TEST_CASE("a unit that says the same is good, one that says something else is not") {
  CHECK_NOTHROW(site_with(
      {{"[loop.facility]", glycol}, {"[stage.coolers]", "heat_capacity = \"3.95 kJ/(kg K)\""}}));
  try {
    site_with({{"[loop.facility]", glycol}, {"[stage.coolers]", "heat_capacity = 4000"}});
    FAIL("two liquids in one loop");
  } catch (const ConfigurationError& error) {
    REQUIRE(error.findings().size() == 1);
    const Finding& finding = error.findings().front();
    CHECK(finding.path == "stage.coolers.heat_capacity");
    CHECK(finding.place.line > 0);
    CHECK(finding.message ==
          "4000 differs from facility.heat_capacity = 3950 (one liquid per loop: set it there)");
  }
}

}  // namespace
}  // namespace ampacity::tests
