// SPDX-License-Identifier: Apache-2.0
#pragma once

// One liquid per loop.
//
// Enthalpy flows are flow * cp * (T - reference). Two units that share a loop but disagree about cp
// would create or lose energy at every joint, silently and by a tenth of a percent. So the liquid
// is a property of the loop (facility side) and of the island (rack side) alone; all units that
// touch it take its density and specific heat from there. A unit that says something else in the
// site file is an error.
//
// A loop or an island may name its liquid, `coolant = "pg25"`, instead of giving its properties.
// They are then taken at the temperature about which it works: an island's at 5 K above its supply
// set-point (half of the usual rise of 10 K), a loop's half-way between its two temperatures at the
// start. The exchangers of the cooling units, whose films are given for water, follow (film_factor
// in components/fluids.hpp); all other exchangers are sized for the liquid that they carry.

#include "twin/site/description.hpp"

namespace ampacity {

// Whether units of this kind have a key `coolant`.
bool names_coolant(const ComponentType& type);

// What `coolant` may be: "water", "pg25" (25 % propylene glycol by volume).
std::span<const char* const> coolant_names();

// Copies the liquids' properties to the units and appends a finding for every unit that
// contradicts. All references must be valid.
void share_fluids(SiteDescription& site, std::vector<Finding>& findings);

}  // namespace ampacity
