// SPDX-License-Identifier: Apache-2.0
#include "twin/site/description.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "twin/components/list.hpp"
#include "twin/core/text.hpp"
#include "twin/site/fluids.hpp"
#include "twin/site/schema.hpp"
#include "twin/site/sections.hpp"
#include "twin/site/site_checks.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

using Kind = ConfigNode::Kind;

constexpr int most_units = 100000;

std::string substitute_number(std::string text, int number) {
  const std::string mark = "{n}";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
    text.replace(at, mark.size(), std::to_string(number));
  }
  return text;
}

// Keys of one unit that are no rows of its component.
struct UnitKeys {
  std::set<std::string> structural;  // handled by the caller: count, member, cdus, ...
};

void read_references(ValueReader& reader, const ReferenceRule& rule, const ConfigNode& node,
                     const std::string& path, int number, UnitDescription& unit) {
  std::vector<Reference> references;
  for (const ConfigNode& item : items_of(node)) {
    if (const auto name = reader.text(item, path)) {
      references.push_back({substitute_number(*name, number), item.place});
    }
  }
  const int count = static_cast<int>(references.size());
  if (count < rule.least || count > rule.most) {
    reader.find(node.place, path,
                std::to_string(count) + " names given (wanted: " + std::to_string(rule.least) +
                    (rule.most > rule.least ? " to " + std::to_string(rule.most) : "") + ", " +
                    rule.meaning + ")");
  }
  unit.references[rule.key] = std::move(references);
}

template <class Rows>
void read_values(ValueReader& reader, const ConfigNode& node, const std::string& path,
                 const Rows& rows, std::map<std::string, double>& out) {
  if (!reader.table(node, path)) return;
  for (const auto& [key, value] : node.members) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& candidate) { return key == candidate.name; });
    if (row == rows.end()) {
      std::vector<std::string> known;
      for (const auto& candidate : rows) known.emplace_back(candidate.name);
      reader.unknown(value, path + "." + key, key, known, "");
      continue;
    }
    if (const auto number =
            reader.quantity(value, path + "." + key, row->unit, row->minimum, row->maximum)) {
      out[key] = *number;
    }
  }
}

// Reads the keys of one table into a unit; later tables overwrite earlier ones.
void read_unit(ValueReader& reader, const ConfigNode& node, const std::string& path,
               const UnitKeys& keys, int number, UnitDescription& unit) {
  if (!reader.table(node, path)) return;
  const ComponentType& type = *unit.type;
  const auto rules = rules_for(type);
  for (const auto& [key, value] : node.members) {
    if (keys.structural.contains(key)) continue;
    const std::string here = path + "." + key;
    const auto parameter = std::find_if(type.parameters.begin(), type.parameters.end(),
                                        [&](const ParameterRow& row) { return key == row.name; });
    const auto curve = std::find_if(type.curves.begin(), type.curves.end(),
                                    [&](const CurveRow& row) { return key == row.name; });
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const ReferenceRule* row) { return key == row->key; });
    if (parameter != type.parameters.end()) {
      const auto at = static_cast<std::size_t>(parameter - type.parameters.begin());
      if (const auto number_si = reader.quantity(value, here, parameter->unit, parameter->minimum,
                                                 parameter->maximum)) {
        unit.parameters[at] = *number_si;
      } else if (std::isnan(unit.parameters[at])) {
        unit.parameters[at] = 0.0;  // already found to be wrong; not also missing
      }
      unit.parameter_places[at] = value.place;
    } else if (curve != type.curves.end()) {
      if (const auto name = reader.text(value, here)) {
        unit.curves[static_cast<std::size_t>(curve - type.curves.begin())] = *name;
      }
    } else if (rule != rules.end()) {
      read_references(reader, **rule, value, here, number, unit);
    } else if (key == "coolant" && names_coolant(type)) {
      if (const auto name = reader.text(value, here)) unit.coolant = {*name, value.place};
    } else if (key == "initial") {
      read_values(reader, value, here, type.states, unit.initial);
    } else if (key == "inputs") {
      read_values(reader, value, here, type.inputs, unit.inputs);
      for (const auto& [input, given] : value.members) unit.input_places[input] = given.place;
    } else {
      std::vector<std::string> known(keys.structural.begin(), keys.structural.end());
      for (const ParameterRow& row : type.parameters) known.emplace_back(row.name);
      for (const CurveRow& row : type.curves) known.emplace_back(row.name);
      for (const ReferenceRule* row : rules) known.emplace_back(row->key);
      if (names_coolant(type)) known.emplace_back("coolant");
      known.emplace_back("initial");
      known.emplace_back("inputs");
      reader.unknown(value, here, key, known, type.name);
    }
  }
}

UnitDescription fresh_unit(const ComponentType& type, std::string path, const ConfigNode& node,
                           std::string key_path) {
  UnitDescription unit;
  unit.path = std::move(path);
  unit.type = &type;
  unit.place = node.place;
  unit.key_path = std::move(key_path);
  for (const ParameterRow& row : type.parameters) {
    unit.parameters.push_back(row.standard);
    unit.parameter_places.emplace_back();
  }
  for (const CurveRow& row : type.curves) unit.curves.emplace_back(row.standard);
  return unit;
}

// The part of a group's table for one member: the shared keys, then `member.<n>`.
const ConfigNode* member_table(ValueReader& reader, const ConfigNode& node, const std::string& path,
                               int number, int count) {
  const ConfigNode* members = node.find("member");
  if (members == nullptr || !reader.table(*members, path + ".member")) return nullptr;
  if (number == 1) {
    for (const auto& [key, value] : members->members) {
      const int which = std::atoi(key.c_str());
      if (which < 1 || which > count || std::to_string(which) != key) {
        reader.find(value.place, path + ".member." + key,
                    "no such member (1 to " + std::to_string(count) + ")");
      }
    }
  }
  return members->find(std::to_string(number));
}

struct IslandPart {
  const char* count_key;
  const char* table_key;
  const char* component;
};
constexpr std::array<IslandPart, 2> island_parts{
    {{"cdus", "cdu", "cdu"}, {"racks", "rack", "liquid_rack"}}};

void add_island_parts(ValueReader& reader, SiteDescription& site, std::size_t island,
                      const ConfigNode& node, const ConfigNode* member, const std::string& path,
                      int number) {
  for (const IslandPart& part : island_parts) {
    const ConfigNode* count_node = node.find(part.count_key);
    if (member != nullptr && member->find(part.count_key) != nullptr) {
      count_node = member->find(part.count_key);
    }
    if (count_node == nullptr) {
      if (number == 1) {
        reader.find(node.place, path + "." + part.count_key,
                    std::string("missing: an island has one ") + part.table_key + " or more (add " +
                        part.count_key + " = ...)");
      }
      continue;
    }
    const auto count = reader.count(*count_node, path + "." + part.count_key, 1);
    if (!count) continue;
    const ComponentType& type = *find_component(part.component);
    for (int i = 1; i <= *count; ++i) {
      const std::string key_path = path + "." + part.table_key;
      UnitDescription unit =
          fresh_unit(type, site.units[island].path + "/" + part.table_key + "-" + std::to_string(i),
                     node, key_path);
      unit.parent = island;
      for (const ConfigNode* from : {&node, member}) {
        const ConfigNode* table = from == nullptr ? nullptr : from->find(part.table_key);
        if (table == nullptr) continue;
        unit.place = table->place;
        read_unit(reader, *table, key_path, {}, number, unit);
      }
      site.units.push_back(std::move(unit));
    }
  }
}

// How many units a group is: an island brings its cooling units and racks, of which members may
// have their own numbers. Counts that are none at all are found later.
double units_of(const ConfigNode& node, int count) {
  double units = count;
  const ConfigNode* members = node.find("member");
  for (const IslandPart& part : island_parts) {
    const ConfigNode* shared = node.find(part.count_key);
    const double standard = shared == nullptr ? 0.0 : shared->number;
    units += count * standard;
    if (members == nullptr) continue;
    for (const auto& [number, member] : members->members) {
      const ConfigNode* own = member.find(part.count_key);
      if (own != nullptr) units += own->number - standard;
    }
  }
  return units;
}

void read_group(ValueReader& reader, SiteDescription& site, const ComponentType& type,
                const std::string& name, const ConfigNode& node) {
  const std::string path = std::string(type.name) + "." + name;
  if (!reader.table(node, path)) return;
  if (!reader.good_name(name, node.place, path)) return;
  int count = 1;
  const ConfigNode* count_node = node.find("count");
  if (count_node != nullptr) {
    const auto given = reader.count(*count_node, path + ".count", 1);
    if (!given) return;
    count = *given;
  }
  const double units = static_cast<double>(site.units.size()) + units_of(node, count);
  if (units > most_units) {
    reader.find(node.place, path,
                "brings the site to " + format_number(units) + " units (a site has " +
                    std::to_string(most_units) + " at most; lower the counts)");
    return;
  }
  const bool island = std::string_view(type.name) == "island";
  UnitKeys keys{{"count", "member"}};
  if (island) keys.structural.insert({"cdus", "racks", "cdu", "rack"});
  for (int number = 1; number <= count; ++number) {
    const std::string own = count_node == nullptr ? name : name + "-" + std::to_string(number);
    // Findings in a shared table are told once, for its first member.
    const std::size_t told = reader.findings.size();
    UnitDescription unit = fresh_unit(type, own, node, path);
    read_unit(reader, node, path, keys, number, unit);
    const ConfigNode* member = member_table(reader, node, path, number, count);
    if (member != nullptr) {
      read_unit(reader, *member, path + ".member." + std::to_string(number), keys, number, unit);
    }
    if (!unit.first("hall").empty()) unit.path = unit.first("hall") + "/" + own;
    site.units.push_back(std::move(unit));
    if (island) {
      add_island_parts(reader, site, site.units.size() - 1, node, member, path, number);
    }
    if (number > 1 && member == nullptr) reader.findings.resize(told);
  }
}

void read_overrides(ValueReader& reader, SiteDescription& site) {
  const ConfigNode* section = site.document.find("unit");
  if (section == nullptr || !reader.table(*section, "unit")) return;
  for (const auto& [path, node] : section->members) {
    const auto unit = std::find_if(site.units.begin(), site.units.end(),
                                   [&](const auto& candidate) { return candidate.path == path; });
    if (unit == site.units.end()) {
      std::vector<std::string> paths;
      for (const UnitDescription& candidate : site.units) paths.push_back(candidate.path);
      reader.find(node.place, "unit.\"" + path + "\"",
                  "no such unit" + known_hint(path, paths, "SITE"));
      continue;
    }
    read_unit(reader, node, "unit.\"" + path + "\"", {}, 0, *unit);
  }
}

void check_sections(ValueReader& reader, const SiteDescription& site) {
  std::vector<std::string> known{"curve", "unit", "sensors"};
  for (const SettingRow& row : setting_rows()) known.emplace_back(row.section);
  for (const ComponentType* type : component_list()) known.emplace_back(type->name);
  for (const auto& [key, node] : site.document.members) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      reader.unknown(node, key, key, known, "");
    }
  }
}

}  // namespace

const Setting& SiteDescription::setting(const std::string& key) const {
  const auto found = settings.find(key);
  AMPACITY_ASSERT(found != settings.end(), "a setting has a row in the schema");
  return found->second;
}

const UnitDescription* SiteDescription::find(const std::string& path) const {
  for (const UnitDescription& unit : units) {
    if (unit.path == path) return &unit;
  }
  return nullptr;
}

const std::vector<Reference>& UnitDescription::neighbours(const std::string& key) const {
  static const std::vector<Reference> none;
  const auto found = references.find(key);
  return found == references.end() ? none : found->second;
}

std::string UnitDescription::first(const std::string& key) const {
  const std::vector<Reference>& all = neighbours(key);
  return all.empty() ? "" : all.front().path;
}

SiteDescription read_site(const std::filesystem::path& path, std::span<const Override> overrides) {
  SiteDescription site;
  site.file = path.string();
  site.document = load_document(path, overrides);
  ValueReader reader;
  check_sections(reader, site);
  read_sections(reader, site);
  for (const auto& [key, node] : site.document.members) {
    const ComponentType* type = find_component(key);
    if (type == nullptr || !reader.table(node, key)) continue;
    for (const auto& [name, table] : node.members) read_group(reader, site, *type, name, table);
  }
  read_overrides(reader, site);
  read_curves(reader, site);
  read_sensors(reader, site);
  check_names(site, reader.findings);
  if (reader.findings.empty()) check_connections(site, reader.findings);
  if (reader.findings.empty()) share_fluids(site, reader.findings);
  reader.give_up_if_any();
  return site;
}

}  // namespace ampacity
