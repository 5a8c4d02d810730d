// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files that ship with Ampacity: sites and scenarios by name.

#include <string>
#include <vector>

#include "app/commands.hpp"

namespace ampacity {

// Names (without .toml) of what ships in a folder of site-configs/, sorted.
std::vector<std::string> shipped_names(const std::string& folder);

}  // namespace ampacity
