// SPDX-License-Identifier: Apache-2.0
#include "twin/site/fluids.hpp"

#include <array>
#include <cmath>

#include "twin/core/text.hpp"

namespace ampacity {

namespace {

// Which parameter of a component follows which one of the loop (or island) that it reaches by a
// key. A key that names a stage reaches the stage's loop; "" is the island that a unit is part of;
// "^loop" is the loop of that island.
struct FluidRule {
  const char* component;
  const char* key;
  const char* parameter;
  const char* source;
};

constexpr std::array<FluidRule, 23> rules{{
    {"pump_group", "loop", "density", "density"},
    {"stage", "loop", "density", "density"},
    {"stage", "loop", "heat_capacity", "heat_capacity"},
    {"pipe", "loop", "density", "density"},
    {"pipe", "loop", "heat_capacity", "heat_capacity"},
    {"tank", "loop", "density", "density"},
    {"tank", "loop", "heat_capacity", "heat_capacity"},
    {"crah", "loop", "water_heat_capacity", "heat_capacity"},
    {"heat_exchanger", "hot_stage", "hot_heat_capacity", "heat_capacity"},
    {"heat_exchanger", "hot_loop", "hot_heat_capacity", "heat_capacity"},
    {"heat_exchanger", "cold_stage", "cold_heat_capacity", "heat_capacity"},
    {"heat_exchanger", "cold_loop", "cold_heat_capacity", "heat_capacity"},
    {"cooling_tower", "stage", "heat_capacity", "heat_capacity"},
    {"dry_cooler", "stage", "heat_capacity", "heat_capacity"},
    {"chiller", "evaporator_stage", "evaporator_heat_capacity", "heat_capacity"},
    {"chiller", "condenser_stage", "condenser_heat_capacity", "heat_capacity"},
    {"chiller", "condenser_loop", "condenser_heat_capacity", "heat_capacity"},
    {"cdu", "^loop", "primary_density", "density"},
    {"cdu", "^loop", "primary_heat_capacity", "heat_capacity"},
    {"cdu", "", "secondary_density", "density"},
    {"cdu", "", "secondary_heat_capacity", "heat_capacity"},
    {"liquid_rack", "", "density", "density"},
    {"liquid_rack", "", "heat_capacity", "heat_capacity"},
}};

double* parameter_of(UnitDescription& unit, const std::string& name, Place** place = nullptr) {
  for (std::size_t i = 0; i < unit.parameters.size(); ++i) {
    if (name != unit.type->parameters[i].name) continue;
    if (place != nullptr) *place = &unit.parameter_places[i];
    return &unit.parameters[i];
  }
  return nullptr;
}

UnitDescription* named(SiteDescription& site, const UnitDescription& unit, const std::string& key) {
  const auto found = unit.references.find(key);
  if (found == unit.references.end() || found->second.empty()) return nullptr;
  for (UnitDescription& other : site.units) {
    if (other.path == found->second.front().path) return &other;
  }
  return nullptr;
}

// The loop or island whose liquid a rule means; nullptr when the unit does not use the key.
UnitDescription* source_of(SiteDescription& site, UnitDescription& unit, const std::string& key) {
  if (key.empty()) return &site.units[unit.parent];
  if (key == "^loop") return named(site, site.units[unit.parent], "loop");
  UnitDescription* target = named(site, unit, key);
  if (target != nullptr && std::string(target->type->name) == "stage") {
    return named(site, *target, "loop");
  }
  return target;
}

}  // namespace

void share_fluids(SiteDescription& site, std::vector<Finding>& findings) {
  for (UnitDescription& unit : site.units) {
    for (const FluidRule& rule : rules) {
      if (std::string(unit.type->name) != rule.component) continue;
      UnitDescription* source = source_of(site, unit, rule.key);
      if (source == nullptr) continue;
      Place* place = nullptr;
      double* own = parameter_of(unit, rule.parameter, &place);
      const double* shared = parameter_of(*source, rule.source);
      AMPACITY_ASSERT(own != nullptr && shared != nullptr, "fluid rules name parameters");
      const bool given = place->line > 0 || !place->file.empty();
      if (given && std::abs(*own - *shared) > 1e-9 * std::abs(*shared)) {
        findings.push_back({*place, unit.key_path + "." + rule.parameter,
                            format_number(*own) + " differs from " + source->path + "." +
                                rule.source + " = " + format_number(*shared) +
                                " (one liquid per loop: set it there)"});
      }
      *own = *shared;
    }
  }
}

}  // namespace ampacity
