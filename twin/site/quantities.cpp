// SPDX-License-Identifier: Apache-2.0
#include "twin/site/quantities.hpp"

#include <algorithm>

#include "twin/core/text.hpp"

namespace ampacity {

std::vector<Quantity> quantities_of(const ComponentType& type) {
  std::vector<Quantity> out;
  for (std::size_t i = 0; i < type.outputs.size(); ++i) {
    out.push_back(
        {type.outputs[i].name, type.outputs[i].unit, type.outputs[i].description, false, i});
  }
  for (std::size_t i = 0; i < type.states.size(); ++i) {
    const bool shown = std::any_of(out.begin(), out.end(), [&](const Quantity& known) {
      return known.name == type.states[i].name;
    });
    if (!shown) {
      out.push_back(
          {type.states[i].name, type.states[i].unit, type.states[i].description, true, i});
    }
  }
  return out;
}

bool selects(const std::string& pattern, const ComponentType& type, const std::string& quantity,
             const std::string& path) {
  const std::size_t dot = pattern.find('.');
  if (pattern.find('/') == std::string::npos && dot != std::string::npos) {
    return matches_pattern(pattern.substr(0, dot), type.name) &&
           matches_pattern(pattern.substr(dot + 1), quantity);
  }
  return matches_pattern(pattern, path + "/" + quantity);
}

}  // namespace ampacity
