// SPDX-License-Identifier: Apache-2.0

// A loop or an island names its liquid; everything that touches it follows.

#include <doctest/doctest.h>

#include <string>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/components/fluids.hpp"
#include "twin/site/description.hpp"

namespace ampacity::tests {
namespace {

std::string with_pod(const std::string& keys) {
  std::string text = small_site_text;
  const std::string head = "[island.pod]\n";
  return text.replace(text.find(head), head.size(), head + keys);
}

SiteDescription site_of(const std::string& text) {
  const TemporaryFolder folder;
  return read_site(folder.write("small.toml", text), {});
}

std::string refusal_of(const std::string& text) {
  try {
    site_of(text);
  } catch (const ConfigurationError& error) {
    return error.findings().front().text();
  }
  return "";
}

double parameter(const SiteDescription& site, const std::string& path, const std::string& name) {
  const UnitDescription* unit = site.find(path);
  REQUIRE(unit != nullptr);
  for (std::size_t i = 0; i < unit->parameters.size(); ++i) {
    if (name == unit->type->parameters[i].name) return unit->parameters[i];
  }
  FAIL("no parameter " << name);
  return 0.0;
}

TEST_CASE("one key sets the liquid of an island, its racks and its cooling units") {
  const SiteDescription site = site_of(with_pod("coolant = \"pg25\"\n"));
  // The supply set-point is 36 degC, so properties are those at 41 degC.
  const fluids::Liquid liquid = fluids::pg25_at(314.15);
  for (const char* path : {"pod", "pod/rack-3"}) {
    CHECK(parameter(site, path, "density") == liquid.density_kg_m3);
    CHECK(parameter(site, path, "heat_capacity") == liquid.heat_capacity_j_kg_k);
  }
  CHECK(parameter(site, "pod/cdu-2", "secondary_density") == liquid.density_kg_m3);
  CHECK(parameter(site, "pod/cdu-2", "secondary_heat_capacity") == liquid.heat_capacity_j_kg_k);
  CHECK(parameter(site, "pod/cdu-2", "secondary_film_factor") ==
        doctest::Approx(0.645).epsilon(0.02));
  CHECK(parameter(site, "pod/cdu-2", "primary_film_factor") == 1.0);
  CHECK(parameter(site, "facility", "density") == 997.0);
}

TEST_CASE("a loop's liquid reaches the other side of the exchangers") {
  std::string text = small_site_text;
  const std::string head = "[loop.facility]\n";
  text.replace(text.find(head), head.size(),
               head + "coolant = \"water\"\nstart_supply_temperature = \"20 degC\"\n" +
                   "start_return_temperature = \"40 degC\"\n");
  const SiteDescription site = site_of(text);
  CHECK(parameter(site, "pod/cdu-1", "primary_film_factor") == doctest::Approx(1.0).epsilon(1e-9));
  CHECK(parameter(site, "pod/cdu-1", "primary_density") == doctest::Approx(995.65).epsilon(1e-5));
}

TEST_CASE("a liquid that is unknown, or given twice, is refused") {
  CHECK(refusal_of(with_pod("coolant = \"pg52\"\n")).find("'pg52' is no liquid that is known") !=
        std::string::npos);
  CHECK(refusal_of(with_pod("coolant = \"pg25\"\ndensity = \"1010 kg/m3\"\n"))
            .find("coolant = \"pg25\" gives this already") != std::string::npos);
}

}  // namespace
}  // namespace ampacity::tests
