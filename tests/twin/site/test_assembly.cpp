// SPDX-License-Identifier: Apache-2.0

// From a description to a plant: the tree of blocks, the racks and their demand, and who gives an
// input.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/end_to_end/small_plant.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/site/assembly.hpp"

namespace ampacity::tests {
namespace {

SiteDescription read(const std::string& text) {
  const TemporaryFolder folder;
  return read_site(folder.write("small.toml", text), {});
}

std::string refusal_of(const std::string& text) {
  const SiteDescription site = read(text);
  try {
    assemble(site);
  } catch (const ConfigurationError& error) {
    const std::string all = error.what();
    return all.substr(all.find("small.toml"));
  }
  return "";
}

std::size_t unit_of(const Plant& plant, const std::string& path) {
  const Unit* unit = plant.find(path);
  REQUIRE(unit != nullptr);
  return static_cast<std::size_t>(unit - plant.units().data());
}

std::size_t input_of(const Plant& plant, const std::string& path, const std::string& name) {
  const Unit& unit = plant.units()[unit_of(plant, path)];
  for (std::size_t i = 0; i < unit.type->inputs.size(); ++i) {
    if (name == unit.type->inputs[i].name) return unit.input_at + i;
  }
  FAIL("no input " << name);
  return 0;
}

const std::string air_rack = "\n[air_rack.row]\nhall = \"room\"\nfed_by = \"main\"\ncount = 2\n";

TEST_CASE("blocks form the tree rack, island, site") {
  const Assembly assembly = assemble(read(small_plant_text + air_rack));
  const Plant& plant = assembly.plant;
  const auto block = [&](const std::string& path) {
    return plant.units()[unit_of(plant, path)].block;
  };
  const std::size_t island = block("room/pod");
  CHECK(plant.blocks()[island].parent == 0);
  CHECK(block("room/pod/cdu-1") == island);
  for (const char* rack : {"room/pod/rack-1", "room/pod/rack-2"}) {
    CHECK(block(rack) != island);
    CHECK(plant.blocks()[block(rack)].parent == island);
  }
  CHECK(plant.blocks()[block("room/row-2")].parent == 0);
  CHECK(block("room/row-2") != 0);
  for (const char* path : {"room", "room/room-air", "water", "pumps", "main", "towers"}) {
    INFO(path);
    CHECK(block(path) == 0);
  }
}

TEST_CASE("every rack has its demand, in the order of the file") {
  const Assembly assembly = assemble(read(small_plant_text + air_rack));
  const Plant& plant = assembly.plant;
  std::vector<std::string> paths;
  for (const RackSlot& slot : assembly.racks) {
    paths.push_back(plant.units()[slot.unit].path);
    CHECK(plant.externals()[slot.demand].path == paths.back() + "/demand");
    CHECK(slot.island == (paths.back().find("pod") != std::string::npos ? "room/pod" : ""));
    const auto terms = plant.terms(input_of(plant, paths.back(), "demand"));
    REQUIRE(terms.size() == 1);
    CHECK(terms[0].signal == plant.output_count() + slot.demand);
  }
  CHECK(paths ==
        std::vector<std::string>{"room/pod/rack-1", "room/pod/rack-2", "room/row-1", "room/row-2"});
}

TEST_CASE("an input of the site file stands in for the surroundings") {
  const std::string key = "control = 3\n";
  std::string text = small_site_text;
  text.insert(text.find(key) + key.size(), "inputs = { import_limit = \"1.5 MW\" }\n");
  const Plant plant = assemble(read(text)).plant;
  const std::size_t limit = input_of(plant, "store", "import_limit");
  CHECK(plant.terms(limit).empty());
  CHECK(plant.constant(limit) == 1.5e6);
  // Without it the contract is the limit.
  const Plant other = assemble(read(small_site_text)).plant;
  const auto terms = other.terms(input_of(other, "store", "import_limit"));
  REQUIRE(terms.size() == 1);
  CHECK(other.externals()[terms[0].signal - other.output_count()].path == "grid/contract");
}

TEST_CASE("an input that is given already is refused, with place and remedy") {
  const auto spoiled = [](const std::string& header, const std::string& inputs) {
    std::string text = small_plant_text + air_rack;
    const std::size_t at = text.find(header + "\n");
    REQUIRE(at != std::string::npos);
    text.insert(at + header.size() + 1, "inputs = { " + inputs + " }\n");
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::string place = "small.toml:" + std::to_string(line + 2) + ":";
    const std::string refusal = refusal_of(text);
    INFO(refusal);
    CHECK(refusal.rfind(place, 0) == 0);
    return refusal;
  };
  const auto holds = [](const std::string& text, const std::string& piece) {
    INFO(text);
    return text.find(piece) != std::string::npos;
  };
  CHECK(holds(spoiled("[air_rack.row]", "demand = \"30 kW\""),
              "air_rack.row.inputs.demand: the workload gives 'room/row-1' its power (set "));
  CHECK(holds(spoiled("[island.pod.rack]", "demand = \"30 kW\""),
              "island.pod.rack.inputs.demand: the workload gives 'room/pod/rack-1' its power"));
  CHECK(holds(spoiled("[island.pod.rack]", "voltage_b = 1"),
              "voltage_b: 'room/pod/rack-1' has one feed (name the second bus in fed_by, or "));
  CHECK(holds(spoiled("[island.pod.rack]", "voltage_a = 1"),
              "voltage_a: a neighbour of 'room/pod/rack-1' gives this input already (leave it"));
  CHECK(holds(spoiled("[loop.water]", "consumer_flow = 1"), "(leave it out)"));
}

}  // namespace
}  // namespace ampacity::tests
