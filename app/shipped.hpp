// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files that ship with Ampacity: sites and scenarios by name.

#include <string>
#include <vector>

#include "app/commands.hpp"
#include "twin/sim/scenario.hpp"

namespace ampacity {

// Names (without .toml) of what ships in a folder of site-configs/, sorted.
std::vector<std::string> shipped_names(const std::string& folder);

// The site that a scenario names: a file beside it, else a shipped one. ConfigurationError, at the
// place of its name, where there is neither.
std::filesystem::path find_site_of(const Scenario& scenario);

// The settings of a scenario, then those of the command line, which win.
std::vector<Override> overrides_of(const Scenario& scenario, const std::vector<std::string>& sets);

}  // namespace ampacity
