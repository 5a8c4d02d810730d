// SPDX-License-Identifier: Apache-2.0
#pragma once

// One liquid per loop.
//
// Enthalpy flows are flow * cp * (T - reference). Two units that share a loop but disagree about cp
// would create or lose energy at every joint, silently and by a tenth of a percent. So the liquid
// is a property of the loop (facility side) and of the island (rack side) alone; all units that
// touch it take its density and specific heat from there. A unit that says something else in the
// site file is an error.

#include "twin/site/description.hpp"

namespace ampacity {

// Copies the liquids' properties to the units and appends a finding for every unit that
// contradicts. All references must be valid.
void share_fluids(SiteDescription& site, std::vector<Finding>& findings);

}  // namespace ampacity
