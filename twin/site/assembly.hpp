// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a checked description to a compiled plant.
//
// Units become instances, references become connections by the wiring table, and the few things
// that a table cannot say are here: the inside of an island, the chain of stages that a loop's
// water passes, which block of the tree a unit lives in, and the external inputs.
//
//   blocks   An island with its CDUs is a block below the site, each of its racks a leaf below it;
//            an air-cooled rack, a battery and a reactor module are blocks of their own below the
//            site; everything else (water loops, plant, halls, electrical graph) is the site block.
//
//   loop     return header -> first chain element -> ... -> last -> supply header. Elements
//            (stages, pipes, tanks) name what they come `after`. Units in a stage see the stage's
//            inlet; all elements carry the flow of the loop's pumps.
//
//   inputs   Neighbours give them, or the surroundings (weather, prices), which give way to a
//            constant of the site file. A constant for what neighbours give is a finding.

#include <string>
#include <vector>

#include "twin/site/description.hpp"
#include "twin/site/plant_builder.hpp"

namespace ampacity {

// A rack and the external input that tells it how much power its jobs want.
struct RackSlot {
  std::size_t unit;    // in Plant::units()
  std::size_t demand;  // in Plant::externals()
  std::string island;  // path of its island; empty for an air-cooled rack
};

struct Assembly {
  Plant plant;
  std::vector<RackSlot> racks;  // in the order of the site file
};

// Throws ConfigurationError for `inputs` that are given already.
Assembly assemble(const SiteDescription& site);

}  // namespace ampacity
