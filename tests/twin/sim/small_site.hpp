// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real site, as small as one can be: four racks and two cooling units on one water loop with dry
// coolers, two feeds, a battery that smooths the import, and jobs from the generator.

#include <memory>
#include <string>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/sim/run_setup.hpp"

namespace ampacity::tests {

inline const char* const small_site_text = R"(
[site]
name = "small"
title = "Four racks"
start = "2024-07-15T10:00"
duration = "4 h"

[workload]
source = "generator"
utilisation = 0.8
gpus_per_node = 4

[grid.utility]

[bus.feed-a]
fed_by = "utility"
rated_power = "2 MW"

[bus.feed-b]
fed_by = "utility"
rated_power = "2 MW"

[meter.connection]
measures = "utility"

[battery.store]
fed_by = "feed-b"
follows = "connection"
rated_power = "0.5 MW"
rated_energy = "1 MWh"
control = 3

[loop.facility]
supply_volume = "5 m3"
return_volume = "5 m3"
design_flow = "40 kg/s"

[pump_group.pumps]
loop = "facility"
fed_by = "feed-a"
pump_count = 2
curvature = 125
series_flow = "40 kg/s"

[stage.coolers]
loop = "facility"

[dry_cooler.roof]
stage = "coolers"
fed_by = "feed-b"
unit_count = 2
design_flow = "20 kg/s"
design_air_flow = "60 m3/s"
transfer = "200 kW/K"
fan_power = "18 kW"

[heat_sink.room]

[island.pod]
loop = "facility"
cdus = 2
racks = 4
supply_set_point = "36 degC"
pressure_set_point = "150 kPa"
design_flow = "12 kg/s"

[island.pod.cdu]
fed_by = ["feed-a", "feed-b"]
vents = "room"

[island.pod.rack]
fed_by = ["feed-a", "feed-b"]
vents = "room"
)";

// The small site, ready to run from its start to its end.
struct SmallSite {
  TemporaryFolder folder;
  SiteDescription site;
  Assembly assembly;
  Accounts accounts;

  SmallSite()
      : site(read_site(folder.write("small.toml", small_site_text), {})),
        assembly(assemble(site)),
        accounts(assembly.plant) {}

  const Plant& plant() const { return assembly.plant; }
  Time end() const { return site.start + site.duration; }

  std::size_t unit(const std::string& path) const {
    const Unit* found = plant().find(path);
    REQUIRE(found != nullptr);
    return static_cast<std::size_t>(found - plant().units().data());
  }

  // Before find_operating_point.
  std::unique_ptr<Simulator> simulator() const {
    RunSetup setup = prepare_run(site, assembly, {}, site.start, end());
    SimulatorSettings settings;
    settings.start = site.start;
    auto out = std::make_unique<Simulator>(plant(), accounts, std::move(setup.externals), settings);
    for (auto& load : setup.loads) out->add_load(std::move(load));
    return out;
  }
};

}  // namespace ampacity::tests
