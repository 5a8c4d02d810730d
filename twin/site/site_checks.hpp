// SPDX-License-Identifier: Apache-2.0
#pragma once

// What no single key of a site file shows: whether its units fit together.
//
//   names        one unit per name; what is missing; whether each neighbour exists and is of a kind
//                that the key allows
//   connections  power comes from outside and not in circles; a loop has pumps, and its stages,
//                pipes and tanks stand in one line; each side of an exchanger has one place; the
//                air heat of racks and cooling units has one way out
//   files        what the settings name is there
//
// The second part asks what neighbours are, so it looks only at a site whose names are good.

#include <optional>
#include <string>
#include <vector>

#include "twin/site/description.hpp"

namespace ampacity {

// Each appends a finding, with its remedy, for everything that is wrong.
void check_names(const SiteDescription& site, std::vector<Finding>& findings);
void check_connections(const SiteDescription& site, std::vector<Finding>& findings);

// What is wrong with the file that a setting names; nothing where it is there or none is named.
std::optional<Finding> missing_file(const SiteDescription& site, const std::string& key);
// That of all settings.
void check_files(const SiteDescription& site, std::vector<Finding>& findings);

}  // namespace ampacity
