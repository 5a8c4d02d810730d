// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which key of a site file connects which ports.
//
// In a site file a unit names its neighbours: `fed_by = ["it-a", "it-b"]`, `loop = "facility"`.
// Each such key is one row here: which component has it, what it may point to, how many, and the
// connections that follow. A new component that meets its neighbours by existing keys needs rows,
// no code. What a row cannot say (the order of stages in a loop, the inside of an island) is code
// in assembly.cpp.
//
// In connections, `self` is the unit that has the key, `target` the unit that it names. Port names
// "$voltage" and "$load" stand for what the target calls its voltage output and its load input.

#include <span>
#include <string>
#include <vector>

#include "twin/components/kernel.hpp"

namespace ampacity {

struct Connection {
  bool from_target;  // target's output to self's input, or the other way
  const char* output;
  const char* input;
  double gain = 1.0;
  int position = -1;  // for which entry of the list; -1: for every entry
};

struct ReferenceRule {
  const char* component;  // "*": every component that has an input voltage_a
  const char* key;
  const char* targets;  // component names separated by '|'
  int least;
  int most;
  const char* meaning;
  std::vector<Connection> connections;
};

// All rows, in the order in which `describe` lists them.
const std::vector<ReferenceRule>& reference_rules();

// The rows that apply to a component.
std::vector<const ReferenceRule*> rules_for(const ComponentType& type);

// Whether `targets` ("bus|ups") names `component`.
bool is_target(const char* targets, const std::string& component);

bool has_input(const ComponentType& type, const std::string& name);
bool has_output(const ComponentType& type, const std::string& name);

// What a component calls the voltage that it hands on and the load that it carries.
std::string resolve_port(const ComponentType& target, const std::string& port);

// Inputs that the surroundings feed wherever a component has them: input name and path of the
// external input.
struct Surrounding {
  const char* input;
  const char* external;
  const char* unit;
};
std::span<const Surrounding> surroundings();

}  // namespace ampacity
