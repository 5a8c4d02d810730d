// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sections of a site file that describe no unit: the settings of schema.hpp, curves and
// sensors. Findings go to the reader; the description is filled as far as the values are good.

#include "twin/site/description.hpp"
#include "twin/site/value_reader.hpp"

namespace ampacity {

// Settings and curves.
void read_sections(ValueReader& reader, SiteDescription& site);

// [sensors."<pattern>"], after all units are known.
void read_sensors(ValueReader& reader, SiteDescription& site);

}  // namespace ampacity
