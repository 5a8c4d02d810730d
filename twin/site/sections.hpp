// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sections of a site file that describe no unit: the settings of schema.hpp, curves and
// sensors. Findings go to the reader; the description is filled as far as the values are good.
//
// Settings come first, since money and local times are judged by them. Curves and sensors come
// after the units: the points of a curve are in the units of the rows that use it, a sensor's noise
// in the unit of its quantity.

#include "twin/site/description.hpp"
#include "twin/site/value_reader.hpp"

namespace ampacity {

// The settings.
void read_sections(ValueReader& reader, SiteDescription& site);

// [curve.<name>], after all units are known. A curve that two rows of different units use is a
// finding.
void read_curves(ValueReader& reader, SiteDescription& site);

// [sensors."<pattern>"], after all units are known.
void read_sensors(ValueReader& reader, SiteDescription& site);

}  // namespace ampacity
