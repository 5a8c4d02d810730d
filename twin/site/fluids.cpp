// SPDX-License-Identifier: Apache-2.0
#include "twin/site/fluids.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "twin/components/fluids.hpp"
#include "twin/core/text.hpp"
#include "twin/site/value_reader.hpp"

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

constexpr std::array<const char*, 2> coolants{"water", "pg25"};

// Films that follow a named liquid: parameter, and the key by which its loop or island is reached.
struct FilmRule {
  const char* key;
  const char* parameter;
};
constexpr std::array<FilmRule, 2> film_rules{
    {{"", "secondary_film_factor"}, {"^loop", "primary_film_factor"}}};

// The liquid that a loop or an island names, at the temperature about which it works.
std::optional<fluids::Liquid> liquid_of(UnitDescription& unit) {
  const std::string& name = unit.coolant.path;
  const bool island = std::string(unit.type->name) == "island";
  const double temperature_k = island ? *parameter_of(unit, "supply_set_point") + 5.0
                                      : 0.5 * (*parameter_of(unit, "start_supply_temperature") +
                                               *parameter_of(unit, "start_return_temperature"));
  if (name == "water") return fluids::water_at(temperature_k);
  if (name == "pg25") return fluids::pg25_at(temperature_k);
  return std::nullopt;
}

// Sets a property that follows from the name of a liquid.
void follow_coolant(UnitDescription& unit, const char* parameter, double value,
                    const Reference& coolant, std::vector<Finding>& findings) {
  Place* place = nullptr;
  double* own = parameter_of(unit, parameter, &place);
  if (place->line > 0 || !place->file.empty()) {
    findings.push_back({*place, unit.key_path + "." + parameter,
                        "coolant = \"" + coolant.path + "\" gives this already (leave one out)"});
  }
  *own = value;
  *place = coolant.place;
}

void name_coolants(SiteDescription& site, std::vector<Finding>& findings) {
  for (UnitDescription& unit : site.units) {
    const Reference& coolant = unit.coolant;
    if (coolant.path.empty()) continue;
    const auto liquid = liquid_of(unit);
    if (!liquid) {
      findings.push_back({coolant.place, unit.key_path + ".coolant",
                          "'" + coolant.path + "' is no liquid that is known" +
                              known_hint(coolant.path, {coolants.begin(), coolants.end()}, "")});
      continue;
    }
    follow_coolant(unit, "density", liquid->density_kg_m3, coolant, findings);
    follow_coolant(unit, "heat_capacity", liquid->heat_capacity_j_kg_k, coolant, findings);
  }
  for (UnitDescription& unit : site.units) {
    if (std::string(unit.type->name) != "cdu") continue;
    for (const FilmRule& rule : film_rules) {
      UnitDescription* source = source_of(site, unit, rule.key);
      if (source == nullptr || source->coolant.path.empty()) continue;
      const auto liquid = liquid_of(*source);
      if (!liquid) continue;
      const double exponent = *parameter_of(unit, "film_exponent");
      follow_coolant(unit, rule.parameter, fluids::film_factor(*liquid, exponent), source->coolant,
                     findings);
    }
  }
}

}  // namespace

bool names_coolant(const ComponentType& type) {
  return std::string(type.name) == "loop" || std::string(type.name) == "island";
}

std::span<const char* const> coolant_names() { return coolants; }

void share_fluids(SiteDescription& site, std::vector<Finding>& findings) {
  name_coolants(site, findings);
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
