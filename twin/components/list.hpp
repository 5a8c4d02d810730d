// SPDX-License-Identifier: Apache-2.0
#pragma once

// All components, in one visible list (list.cpp). Site files, `describe` and the tests that run
// over all components go by it.

#include <span>
#include <string>

#include "twin/components/kernel.hpp"

namespace ampacity {

// Every component, in the order in which `describe` lists them.
std::span<const ComponentType* const> component_list();

// The component with this name; nullptr when there is none.
const ComponentType* find_component(const std::string& name);

// A curve that ships with a component, by name; nullptr when there is none.
const CurveTable* shipped_curve(const std::string& name);

}  // namespace ampacity
