// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `ampacity describe` says: the tables of components and sites as text for people.
//
// A twin is believed when everyone can see what stands in it and why. So every value of a site is
// shown with where it came from: the line of the file that gives it, or the publication that the
// table names for its default. What nobody has published says 'assumed', and a site's assumed
// values stand in a list of their own at the end, as the list of what to measure first.
//
// Values are shown in the units that people like (units.hpp), signals in the SI units in which
// results are recorded. Units of a site that share all values are shown once, with their number.

#include <span>
#include <string>

#include "twin/site/description.hpp"

namespace ampacity {

// A file that ships: its name and its title.
struct ShippedFile {
  std::string name;
  std::string title;
};

// All components with their summaries, the sections of a site file, and what ships.
std::string describe_everything(std::span<const ShippedFile> sites,
                                std::span<const ShippedFile> scenarios);

// Parameters, curves, reference keys, inputs, outputs, states, modes, guards and orders.
std::string describe_component(const ComponentType& type);

// The keys of a section of site files that holds no units ("weather"); empty when there is none of
// that name.
std::string describe_section(const std::string& section);

// Header, settings, units with the origin of each value, signals, and what is assumed.
std::string describe_site(const SiteDescription& site);

// Whether the source of a table row (of parameters, curves or settings) says that the value is not
// published.
template <class Row>
bool is_assumed(const Row& row) {
  return std::string(row.source).find("assumed") != std::string::npos;
}

}  // namespace ampacity
