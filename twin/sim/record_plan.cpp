// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/record_plan.hpp"

#include <algorithm>
#include <set>

#include "twin/core/text.hpp"

namespace ampacity {

namespace {

// All quantities of one component as variables with the columns of `units`.
struct Quantity {
  std::string name;
  std::string unit;
  std::string description;
  bool is_state;
  std::size_t row;
};

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

[[noreturn]] void refuse(const Plant& plant, const std::string& pattern, const Place& place) {
  std::set<std::string> names;
  for (const Unit& unit : plant.units()) {
    for (const Quantity& quantity : quantities_of(*unit.type)) {
      names.insert(std::string(unit.type->name) + "." + quantity.name);
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const bool option = place.file.empty();
  throw ConfigurationError(place, option ? "--record " + pattern : "record.patterns",
                           (option ? "" : "'" + pattern + "' ") +
                               "selects no quantity of this site " +
                               nearest_hint(pattern, known, "(see 'ampacity describe SITE')"));
}

}  // namespace

const std::vector<std::string>& default_record_patterns() {
  static const std::vector<std::string> patterns{
      "liquid_rack.power",
      "liquid_rack.die_temperature",
      "liquid_rack.die_margin",
      "liquid_rack.coolant_outlet_temperature",
      "air_rack.power",
      "air_rack.die_temperature",
      "air_rack.die_margin",
      "air_rack.outlet_temperature",
      "island.supply_temperature",
      "island.return_temperature",
      "cdu.heat_exchanged",
      "cdu.primary_flow",
      "cdu.secondary_flow",
      "cdu.primary_outlet_temperature",
      "cdu.secondary_outlet_temperature",
      "cdu.valve_position",
      "cdu.power",
      "hall.*",
      "crah.*",
      "loop.*",
      "pump_group.*",
      "stage.*",
      "heat_exchanger.*",
      "cooling_tower.*",
      "chiller.*",
      "dry_cooler.*",
      "tank.*",
      "pipe.outlet_temperature",
      "grid.*",
      "transformer.*",
      "bus.*",
      "breaker.*",
      "transfer_switch.*",
      "ups.*",
      "meter.*",
      "battery.*",
      "pv.*",
      "smr.*",
  };
  return patterns;
}

std::vector<RecordVariable> plan_records(const Plant& plant,
                                         const std::vector<std::string>& patterns,
                                         const Place& place) {
  std::vector<RecordVariable> variables;
  std::vector<bool> used(patterns.size(), false);
  std::vector<const ComponentType*> types;
  for (const Unit& unit : plant.units()) {
    if (std::find(types.begin(), types.end(), unit.type) == types.end()) types.push_back(unit.type);
  }
  for (const ComponentType* type : types) {
    for (const Quantity& quantity : quantities_of(*type)) {
      RecordVariable variable{std::string(type->name) + "_" + quantity.name,
                              type,
                              quantity.name,
                              quantity.unit,
                              quantity.description,
                              {}};
      for (std::size_t u = 0; u < plant.units().size(); ++u) {
        const Unit& unit = plant.units()[u];
        if (unit.type != type) continue;
        bool wanted = false;
        for (std::size_t p = 0; p < patterns.size(); ++p) {
          if (!selects(patterns[p], *type, quantity.name, unit.path)) continue;
          wanted = true;
          used[p] = true;
        }
        if (!wanted) continue;
        const std::size_t at = quantity.is_state ? unit.state_at : unit.output_at;
        variable.columns.push_back({static_cast<std::uint32_t>(u), quantity.is_state,
                                    static_cast<std::uint32_t>(at + quantity.row)});
      }
      if (!variable.columns.empty()) variables.push_back(std::move(variable));
    }
  }
  // The defaults name components that a small site need not have; a pattern that a user gives must
  // hit something.
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    const auto& standard = default_record_patterns();
    const bool shipped = std::find(standard.begin(), standard.end(), patterns[p]) != standard.end();
    if (!used[p] && !shipped) refuse(plant, patterns[p], place);
  }
  return variables;
}

}  // namespace ampacity
