// SPDX-License-Identifier: Apache-2.0
#include "twin/site/describe.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "twin/components/list.hpp"
#include "twin/core/text.hpp"
#include "twin/core/units.hpp"
#include "twin/site/fluids.hpp"
#include "twin/site/schema.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

// Rows of cells; all columns but the last are padded to the width of their widest cell.
class Columns {
 public:
  explicit Columns(std::vector<std::string> title) { rows_.push_back(std::move(title)); }

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }

  std::string text(const std::string& indent) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows_) {
      std::string line = indent;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

// A titled table, or nothing where the table is empty.
void add_table(std::string& out, const std::string& title, const Columns& columns) {
  if (!columns.empty()) out += "\n" + title + "\n" + columns.text("  ");
}

std::string value_text(double value, const char* unit) {
  if (std::isnan(value)) return "required";
  if (std::isinf(value)) return "any";
  return format_quantity(value, unit);
}

std::string range(double low, double high, const char* unit) {
  if (std::isinf(low) && std::isinf(high)) return "any";
  if (std::isinf(low)) return "up to " + value_text(high, unit);
  if (std::isinf(high)) return "from " + value_text(low, unit);
  return value_text(low, unit) + " to " + value_text(high, unit);
}

std::string count_text(int least, int most) {
  return least == most ? std::to_string(least)
                       : std::to_string(least) + " to " + std::to_string(most);
}

// "<file>:<line>" as short as it stays clear, or what the command line said.
std::string origin(const Place& place) {
  if (place.file.rfind("--set", 0) == 0) return place.file;
  const std::string name = std::filesystem::path(place.file).filename().string();
  return place.line > 0 ? name + ":" + std::to_string(place.line) : name;
}

std::string setting_text(const SettingRow& row, const Setting& setting) {
  std::string out;
  const auto append = [&](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  switch (row.kind) {
    case SettingRow::Kind::quantity:
    case SettingRow::Kind::quantities:
      if (setting.values.size() > 1) {
        const auto [low, high] = std::minmax_element(setting.values.begin(), setting.values.end());
        return range(*low, *high, row.unit) + " (" + std::to_string(setting.values.size()) +
               " values)";
      }
      for (const double value : setting.values) append(format_quantity(value, row.unit));
      break;
    case SettingRow::Kind::texts:
      for (const std::string& text : setting.texts) append(text);
      break;
    case SettingRow::Kind::duration:
      out = format_duration(setting.duration);
      break;
    case SettingRow::Kind::instant:
    case SettingRow::Kind::text:
    case SettingRow::Kind::name:
    case SettingRow::Kind::file:
    case SettingRow::Kind::choice:
      out = setting.text;
      break;
  }
  return out;
}

std::string setting_choices(const SettingRow& row) {
  switch (row.kind) {
    case SettingRow::Kind::quantity:
    case SettingRow::Kind::quantities:
      return range(row.minimum, row.maximum, row.unit);
    case SettingRow::Kind::choice:
      return row.unit;
    case SettingRow::Kind::duration:
      return "above 0 s";
    case SettingRow::Kind::instant:
      return "instant";
    case SettingRow::Kind::text:
      return "text";
    case SettingRow::Kind::name:
      return "name";
    case SettingRow::Kind::file:
      return "file";
    case SettingRow::Kind::texts:
      return "list of texts";
  }
  return "";
}

void add_parameters(std::string& out, const ComponentType& type) {
  Columns parameters({"name", "default", "allowed", "description", "source"});
  for (const ParameterRow& row : type.parameters) {
    parameters.add({row.name, value_text(row.standard, row.unit),
                    range(row.minimum, row.maximum, row.unit), row.description, row.source});
  }
  add_table(out, "parameters", parameters);
  if (names_coolant(type)) {
    std::string names;
    for (const char* name : coolant_names()) {
      names += (names.empty() ? "" : "|") + std::string(name);
    }
    out += "\n  coolant = " + names +
           " gives density and heat_capacity by name, and the films of the cooling units\n";
  }
  Columns curves({"name", "default", "of", "gives", "allowed", "description", "source"});
  for (const CurveRow& row : type.curves) {
    curves.add({row.name, row.standard, row.x_unit, row.y_unit,
                range(row.minimum, row.maximum, row.y_unit), row.description, row.source});
  }
  add_table(out, "curves (shipped name, or a name of [curve.<name>])", curves);
}

void add_signals(std::string& out, const ComponentType& type) {
  Columns inputs({"name", "unit", "unconnected", "range of use", "description"});
  for (const InputRow& row : type.inputs) {
    inputs.add({row.name, row.unit,
                std::isnan(row.standard) ? "not allowed" : value_text(row.standard, row.unit),
                range(row.minimum, row.maximum, row.unit), row.description});
  }
  add_table(out, "inputs", inputs);
  Columns outputs({"name", "unit", "description"});
  for (const OutputRow& row : type.outputs) outputs.add({row.name, row.unit, row.description});
  add_table(out, "outputs", outputs);
  Columns states({"name", "unit", "initial", "range of validity", "description"});
  for (const StateRow& row : type.states) {
    states.add({row.name, row.unit, value_text(row.initial, row.unit),
                range(row.minimum, row.maximum, row.unit), row.description});
  }
  add_table(out, "states", states);
}

void add_discrete(std::string& out, const ComponentType& type) {
  Columns modes({"name", "values", "description"});
  for (const ModeRow& row : type.modes) {
    modes.add({row.name, *row.labels == '\0' ? "number" : row.labels, row.description});
  }
  add_table(out, "modes", modes);
  Columns guards({"name", "severity", "description"});
  for (const GuardRow& row : type.guards) {
    guards.add({row.name, severity_name(row.severity), row.description});
  }
  add_table(out, "events", guards);
  Columns orders({"name", "allowed", "description"});
  for (const OrderRow& row : type.orders) {
    orders.add({row.name, range(row.minimum, row.maximum, row.unit), row.description});
  }
  add_table(out, "orders", orders);
}

// --- a site ---

// Units that share component, table and every value.
struct Alike {
  const UnitDescription* first;
  const UnitDescription* last;
  std::size_t count;
  std::set<std::string> varied;  // reference keys that name other neighbours in other members
};

bool same_place(const Place& a, const Place& b) { return a.file == b.file && a.line == b.line; }

bool same_target(const Reference& a, const Reference& b) { return a.path == b.path; }

bool alike(const UnitDescription& a, const UnitDescription& b) {
  return a.type == b.type && a.key_path == b.key_path && a.parameters == b.parameters &&
         a.curves == b.curves && a.initial == b.initial && a.inputs == b.inputs &&
         std::equal(a.parameter_places.begin(), a.parameter_places.end(),
                    b.parameter_places.begin(), b.parameter_places.end(), same_place);
}

std::vector<Alike> groups_of(const SiteDescription& site, const ComponentType& type) {
  std::vector<Alike> groups;
  for (const UnitDescription& unit : site.units) {
    if (unit.type != &type) continue;
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Alike& group) { return alike(*group.first, unit); });
    if (known == groups.end()) {
      groups.push_back({&unit, &unit, 1, {}});
      continue;
    }
    known->last = &unit;
    ++known->count;
    for (const auto& [key, references] : known->first->references) {
      const auto own = unit.references.find(key);
      const bool same = own != unit.references.end() &&
                        std::equal(references.begin(), references.end(), own->second.begin(),
                                   own->second.end(), same_target);
      if (!same) known->varied.insert(key);
    }
  }
  return groups;
}

std::size_t count_of(const SiteDescription& site, const ComponentType& type) {
  return static_cast<std::size_t>(
      std::count_if(site.units.begin(), site.units.end(),
                    [&](const UnitDescription& unit) { return unit.type == &type; }));
}

// "3 units" where a value belongs to several.
std::string units_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " unit" : " units");
}

void add_group(std::string& out, const Alike& group) {
  const UnitDescription& unit = *group.first;
  out += "\n  " + unit.path;
  if (group.count > 1) {
    out += " ... " + group.last->path + " (" + units_text(group.count) + ")";
  }
  out += "  [" + unit.key_path + ", " + origin(unit.place) + "]\n";
  Columns values({"name", "value", "from"});
  for (const auto& [key, references] : unit.references) {
    std::string names;
    for (const Reference& reference : references) {
      names += (names.empty() ? "" : ", ") + reference.path;
    }
    if (group.varied.contains(key)) names += " (the first; others differ)";
    values.add({key, names, references.empty() ? "" : origin(references.front().place)});
  }
  if (!unit.coolant.path.empty()) {
    values.add({"coolant", unit.coolant.path, origin(unit.coolant.place)});
  }
  for (std::size_t i = 0; i < unit.parameters.size(); ++i) {
    const ParameterRow& row = unit.type->parameters[i];
    const Place& place = unit.parameter_places[i];
    values.add({row.name, value_text(unit.parameters[i], row.unit),
                place.file.empty() ? row.source : origin(place)});
  }
  for (std::size_t i = 0; i < unit.curves.size(); ++i) {
    const CurveRow& row = unit.type->curves[i];
    values.add({row.name, unit.curves[i],
                unit.curves[i] == row.standard ? row.source : origin(unit.place)});
  }
  for (const auto& [state, value] : unit.initial) {
    const auto row = std::find_if(unit.type->states.begin(), unit.type->states.end(),
                                  [&](const StateRow& known) { return state == known.name; });
    values.add({"initial." + state, value_text(value, row->unit), origin(unit.place)});
  }
  for (const auto& [input, value] : unit.inputs) {
    const auto row = std::find_if(unit.type->inputs.begin(), unit.type->inputs.end(),
                                  [&](const InputRow& known) { return input == known.name; });
    values.add({"inputs." + input, value_text(value, row->unit), origin(unit.place)});
  }
  if (!values.empty()) out += values.text("    ");
}

// "0.05 currency/kWh" with the site's own currency.
std::string with_currency(std::string value, const SiteDescription& site) {
  const std::string placeholder = "currency/";
  const std::string money = site.setting("site.currency").text + "/";
  for (std::size_t at = value.find(placeholder); at != std::string::npos;
       at = value.find(placeholder, at + money.size())) {
    value.replace(at, placeholder.size(), money);
  }
  return value;
}

void add_header(std::string& out, const SiteDescription& site) {
  out += site.name + ": " + site.setting("site.title").text + "\n";
  out += site.file + "\n";
  out += "from " + format_time(site.start, site.zone) + " for " + format_duration(site.duration) +
         ", " + units_text(site.units.size()) + "\n";
  Columns settings({"name", "value", "from"});
  for (const SettingRow& row : setting_rows()) {
    const std::string key = std::string(row.section) + "." + row.key;
    const Setting& setting = site.setting(key);
    const std::string value = with_currency(setting_text(row, setting), site);
    if (value.empty()) continue;
    settings.add({key, value, setting.given ? origin(setting.place) : row.source});
  }
  add_table(out, "settings", settings);
}

void add_site_signals(std::string& out, const SiteDescription& site) {
  Columns signals({"name", "unit", "units", "description"});
  for (const ComponentType* type : component_list()) {
    const std::size_t count = count_of(site, *type);
    if (count == 0) continue;
    const std::string number = std::to_string(count);
    std::set<std::string> shown;
    for (const OutputRow& row : type->outputs) {
      shown.insert(row.name);
      signals.add({std::string(type->name) + "." + row.name, row.unit, number, row.description});
    }
    for (const StateRow& row : type->states) {
      if (!shown.insert(row.name).second) continue;
      signals.add({std::string(type->name) + "." + row.name, row.unit, number, row.description});
    }
  }
  add_table(out, "signals (for --record; of one unit: <path>/<name>)", signals);
}

void add_assumed(std::string& out, const SiteDescription& site) {
  Columns assumed({"name", "value", "units", "description", "source"});
  for (const SettingRow& row : setting_rows()) {
    const std::string key = std::string(row.section) + "." + row.key;
    const Setting& setting = site.setting(key);
    if (setting.given || !is_assumed(row)) continue;
    assumed.add(
        {key, with_currency(setting_text(row, setting), site), "", row.description, row.source});
  }
  for (const ComponentType* type : component_list()) {
    for (std::size_t i = 0; i < type->parameters.size(); ++i) {
      const ParameterRow& row = type->parameters[i];
      const auto count =
          std::count_if(site.units.begin(), site.units.end(), [&](const UnitDescription& unit) {
            return unit.type == type && unit.parameter_places[i].file.empty();
          });
      if (count == 0 || !is_assumed(row)) continue;
      assumed.add({std::string(type->name) + "." + row.name, value_text(row.standard, row.unit),
                   std::to_string(count), row.description, row.source});
    }
    for (std::size_t i = 0; i < type->curves.size(); ++i) {
      const CurveRow& row = type->curves[i];
      const auto count =
          std::count_if(site.units.begin(), site.units.end(), [&](const UnitDescription& unit) {
            return unit.type == type && unit.curves[i] == row.standard;
          });
      if (count == 0 || !is_assumed(row)) continue;
      assumed.add({std::string(type->name) + "." + row.name, row.standard, std::to_string(count),
                   row.description, row.source});
    }
  }
  add_table(out, "assumed: defaults that this site uses and that no publication gives", assumed);
}

}  // namespace

std::string describe_everything(std::span<const ShippedFile> sites,
                                std::span<const ShippedFile> scenarios) {
  std::string out = "ampacity describe NAME tells more of each of these.\n";
  Columns components({"name", "summary"});
  for (const ComponentType* type : component_list()) components.add({type->name, type->summary});
  add_table(out, "components", components);
  Columns sections({"name", "keys"});
  std::string section;
  std::string keys;
  for (const SettingRow& row : setting_rows()) {
    if (section != row.section) {
      if (!section.empty()) sections.add({section, keys});
      section = row.section;
      keys.clear();
    }
    keys += (keys.empty() ? "" : ", ") + std::string(row.key);
  }
  sections.add({section, keys});
  keys.clear();
  for (const SensorKey& row : sensor_keys()) {
    keys += std::string(keys.empty() ? "" : ", ") + row.key;
  }
  sections.add({"sensors", keys});
  add_table(out, "sections of a site file beside its units", sections);
  const auto shipped = [&](const char* title, std::span<const ShippedFile> files) {
    Columns list({"name", "title"});
    for (const ShippedFile& file : files) list.add({file.name, file.title});
    add_table(out, title, list);
  };
  shipped("sites", sites);
  shipped("scenarios", scenarios);
  return out;
}

std::string describe_component(const ComponentType& type) {
  std::string out = std::string(type.name) + ": " + type.summary + "\n";
  Columns references({"key", "names", "of", "meaning"});
  for (const ReferenceRule* rule : rules_for(type)) {
    references.add({rule->key, count_text(rule->least, rule->most), rule->targets, rule->meaning});
  }
  add_table(out, "neighbours, by name", references);
  add_parameters(out, type);
  add_signals(out, type);
  add_discrete(out, type);
  return out;
}

std::string describe_section(const std::string& section) {
  Columns keys({"key", "default", "allowed", "description", "source"});
  for (const SettingRow& row : setting_rows()) {
    if (section != row.section) continue;
    std::string standard = row.standard == nullptr ? "required" : row.standard;
    if (standard.empty()) standard = "none";
    keys.add({row.key, standard, setting_choices(row), row.description, row.source});
  }
  if (section == "sensors") {
    for (const SensorKey& row : sensor_keys()) {
      const bool own = *row.unit == '\0';
      keys.add({row.key, own ? format_number(row.standard) : value_text(row.standard, row.unit),
                own ? "unit of the quantity" : row.unit, row.description, "a choice"});
    }
  }
  return keys.empty() ? "" : "[" + section + "] of a site file\n\n" + keys.text("  ");
}

std::string describe_site(const SiteDescription& site) {
  std::string out;
  add_header(out, site);
  for (const ComponentType* type : component_list()) {
    const std::vector<Alike> groups = groups_of(site, *type);
    if (groups.empty()) continue;
    out += "\n" + std::string(type->name) + ": " + type->summary + "\n";
    for (const Alike& group : groups) add_group(out, group);
  }
  add_site_signals(out, site);
  add_assumed(out, site);
  return out;
}

}  // namespace ampacity
