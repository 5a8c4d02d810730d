// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/record_plan.hpp"

#include <algorithm>
#include <set>

#include "twin/core/text.hpp"
#include "twin/site/quantities.hpp"

namespace ampacity {

namespace {

constexpr const char* weather_prefix = "weather/";

std::string readable(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

[[noreturn]] void refuse(const Plant& plant, const std::string& pattern, const Place& place,
                         const std::string& key) {
  std::set<std::string> names;
  for (const Unit& unit : plant.units()) {
    for (const Quantity& quantity : quantities_of(*unit.type)) {
      names.insert(std::string(unit.type->name) + "." + quantity.name);
    }
  }
  for (const ExternalInput& external : plant.externals()) {
    if (external.path.starts_with(weather_prefix)) names.insert(external.path);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const bool option = place.file.empty();
  throw ConfigurationError(place, option ? "--record " + pattern : key,
                           (option ? "" : "'" + pattern + "' ") +
                               "selects no quantity of this site " +
                               nearest_hint(pattern, known, "(see 'ampacity describe SITE')"));
}

// Patterns of a run, and which of them have selected something.
class Selection {
 public:
  explicit Selection(const std::vector<std::string>& patterns)
      : patterns_(patterns), used_(patterns.size(), false) {}

  // Whether some pattern fulfils `condition`.
  template <class Condition>
  bool wants(const Condition& condition) {
    bool wanted = false;
    for (std::size_t p = 0; p < patterns_.size(); ++p) {
      if (!condition(patterns_[p])) continue;
      wanted = true;
      used_[p] = true;
    }
    return wanted;
  }

  bool used(std::size_t pattern) const { return used_[pattern]; }

 private:
  const std::vector<std::string>& patterns_;
  std::vector<bool> used_;
};

void add_quantities(const Plant& plant, const ComponentType& type, Selection& selection,
                    std::vector<RecordVariable>& variables) {
  const std::string component = type.name;
  for (const Quantity& quantity : quantities_of(type)) {
    RecordVariable variable{component + "_" + quantity.name,
                            component,
                            quantity.name,
                            quantity.unit,
                            quantity.description,
                            {}};
    for (std::size_t u = 0; u < plant.units().size(); ++u) {
      const Unit& unit = plant.units()[u];
      if (unit.type != &type) continue;
      if (!selection.wants([&](const std::string& pattern) {
            return selects(pattern, type, quantity.name, unit.path);
          })) {
        continue;
      }
      const std::size_t at = quantity.is_state ? unit.state_at : unit.output_at;
      variable.columns.push_back({static_cast<std::uint32_t>(u), quantity.is_state,
                                  static_cast<std::uint32_t>(at + quantity.row)});
    }
    if (!variable.columns.empty()) variables.push_back(std::move(variable));
  }
}

void add_weather(const Plant& plant, Selection& selection, std::vector<RecordVariable>& variables) {
  const std::string prefix = weather_prefix;
  for (std::size_t e = 0; e < plant.externals().size(); ++e) {
    const ExternalInput& external = plant.externals()[e];
    if (!external.path.starts_with(prefix)) continue;
    if (!selection.wants(
            [&](const std::string& pattern) { return matches_pattern(pattern, external.path); })) {
      continue;
    }
    const std::string quantity = external.path.substr(prefix.size());
    const auto index = static_cast<std::uint32_t>(plant.output_count() + e);
    variables.push_back({"weather_" + quantity,
                         "",
                         quantity,
                         external.unit,
                         "weather: " + readable(quantity),
                         {{0, false, index}}});
  }
}

}  // namespace

const std::vector<std::string>& default_record_patterns() {
  static const std::vector<std::string> patterns{
      "liquid_rack.power",
      "liquid_rack.die_temperature",
      "liquid_rack.die_margin",
      "liquid_rack.shutdown_margin",
      "liquid_rack.coolant_outlet_temperature",
      "air_rack.power",
      "air_rack.die_temperature",
      "air_rack.die_margin",
      "air_rack.shutdown_margin",
      "air_rack.outlet_temperature",
      "island.supply_temperature",
      "island.return_temperature",
      "island.set_point",
      "island.supply_limit",
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
      "weather/*",
  };
  return patterns;
}

std::vector<RecordVariable> plan_records(const Plant& plant,
                                         const std::vector<std::string>& patterns,
                                         const Place& place, const std::string& key) {
  std::vector<RecordVariable> variables;
  Selection selection(patterns);
  std::vector<const ComponentType*> types;
  for (const Unit& unit : plant.units()) {
    if (std::find(types.begin(), types.end(), unit.type) == types.end()) types.push_back(unit.type);
  }
  for (const ComponentType* type : types) add_quantities(plant, *type, selection, variables);
  add_weather(plant, selection, variables);
  // The defaults name components that a small site need not have; a pattern that a user gives must
  // hit something.
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    const auto& standard = default_record_patterns();
    const bool shipped = std::find(standard.begin(), standard.end(), patterns[p]) != standard.end();
    if (!selection.used(p) && !shipped) refuse(plant, patterns[p], place, key);
  }
  return variables;
}

}  // namespace ampacity
