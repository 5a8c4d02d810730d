// SPDX-License-Identifier: Apache-2.0
#pragma once

// What can be seen of a unit, and how a user chooses from it.
//
// The quantities of a component are its outputs, then those states that no output of the same name
// shows. A pattern selects by component, "liquid_rack.die_temperature" (either part may be a glob),
// or by path and name: "hall-1/pod-3/**", "**/rack-5/power".

#include <string>
#include <vector>

#include "twin/components/kernel.hpp"

namespace ampacity {

struct Quantity {
  std::string name;
  std::string unit;
  std::string description;
  bool is_state;
  std::size_t row;  // in the table of states or outputs
};

std::vector<Quantity> quantities_of(const ComponentType& type);

bool selects(const std::string& pattern, const ComponentType& type, const std::string& quantity,
             const std::string& path);

}  // namespace ampacity
