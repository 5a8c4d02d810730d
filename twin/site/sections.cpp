// SPDX-License-Identifier: Apache-2.0
#include "twin/site/sections.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "twin/core/units.hpp"
#include "twin/site/quantities.hpp"
#include "twin/site/schema.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

using Kind = ConfigNode::Kind;

// One value, or 24 by local hour.
void read_hours(ValueReader& reader, const SettingRow& row, const ConfigNode& node,
                const std::string& path, Setting& out) {
  const auto items = items_of(node);
  out.values.clear();
  for (const ConfigNode& item : items) {
    if (const auto value = reader.quantity(item, path, row.unit, row.minimum, row.maximum)) {
      out.values.push_back(*value);
    }
  }
  if (items.size() != 1 && items.size() != 24) {
    reader.find(node.place, path,
                std::to_string(items.size()) + " values (give one, or 24 by local hour)");
  }
  if (!out.values.empty()) out.value = out.values.front();
}

void read_setting(ValueReader& reader, const SettingRow& row, const ConfigNode& node,
                  const std::string& path, const TimeZone& zone, Setting& out) {
  out.place = node.place;
  out.folder = node.folder;
  out.text = node.text;
  switch (row.kind) {
    case SettingRow::Kind::quantity:
      if (const auto value = reader.quantity(node, path, row.unit, row.minimum, row.maximum)) {
        out.value = *value;
        out.values = {*value};
      }
      break;
    case SettingRow::Kind::quantities:
      read_hours(reader, row, node, path, out);
      break;
    case SettingRow::Kind::duration:
      if (const auto value = reader.positive_duration(node, path)) out.duration = *value;
      break;
    case SettingRow::Kind::instant:
      if (const auto value = reader.instant(node, path, zone)) out.instant = *value;
      break;
    case SettingRow::Kind::text:
    case SettingRow::Kind::file:
      reader.text(node, path);
      break;
    case SettingRow::Kind::name:
      reader.name(node, path);
      break;
    case SettingRow::Kind::texts:
      out.texts.clear();
      for (const ConfigNode& item : items_of(node)) {
        if (const auto value = reader.text(item, path)) out.texts.push_back(*value);
      }
      break;
    case SettingRow::Kind::choice: {
      const auto value = reader.text(node, path);
      if (value && !is_target(row.unit, *value)) {
        reader.find(node.place, path, "'" + *value + "' is no choice (one of " + row.unit + ")");
      }
      break;
    }
  }
}

// The default of a row as a user would write it.
ConfigNode standard_node(const SettingRow& row) {
  ConfigNode out;
  out.kind = row.kind == SettingRow::Kind::texts ? Kind::list : Kind::text;
  out.text = row.standard;
  if (row.kind == SettingRow::Kind::quantity && std::string(row.unit) == "1") {
    out.kind = Kind::number;
    out.number = std::strtod(row.standard, nullptr);
  }
  return out;
}

// What the reading of later rows depends on.
void use_setting(ValueReader& reader, const std::string& path, const Setting& setting,
                 SiteDescription& site) {
  if (path == "site.time_zone") {
    if (const Result<TimeZone> found = TimeZone::find(setting.text)) {
      site.zone = found.value();
    } else {
      reader.find(setting.place, path, found.error());
    }
  }
  if (path == "site.currency") {
    if (currency_of("1 " + setting.text + "/J") == setting.text) {
      reader.expect_currency(setting.text);
    } else {
      reader.find(setting.place, path,
                  "'" + setting.text + "' is no known currency (write an ISO code: USD, EUR, ...)");
    }
  }
}

// A section that is there but is no table has its finding elsewhere.
const ConfigNode* section_table(const SiteDescription& site, const char* name) {
  const ConfigNode* section = site.document.find(name);
  return section != nullptr && section->kind == Kind::table ? section : nullptr;
}

void read_settings(ValueReader& reader, SiteDescription& site) {
  std::map<std::string, std::vector<std::string>> keys;
  for (const SettingRow& row : setting_rows()) {
    keys[row.section].push_back(row.key);
    const std::string path = std::string(row.section) + "." + row.key;
    Setting& setting = site.settings[path];
    const ConfigNode* section = section_table(site, row.section);
    const ConfigNode* node = section == nullptr ? nullptr : section->find(row.key);
    if (row.standard != nullptr) {
      read_setting(reader, row, standard_node(row), path, site.zone, setting);
    }
    if (node != nullptr) {
      setting.given = true;
      read_setting(reader, row, *node, path, site.zone, setting);
    } else if (row.standard == nullptr) {
      reader.find(section == nullptr ? Place{site.file, 0, 0} : section->place, path,
                  std::string("missing: ") + row.description + " (add [" + row.section + "] " +
                      row.key + " = ...)");
    }
    use_setting(reader, path, setting, site);
  }
  for (const auto& [section, known] : keys) {
    const ConfigNode* node = site.document.find(section);
    if (node == nullptr || !reader.table(*node, section)) continue;
    for (const auto& [key, value] : node->members) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        reader.unknown(value, section + "." + key, key, known, section);
      }
    }
  }
}

void check_default_price(ValueReader& reader, const SiteDescription& site) {
  const Setting& currency = site.setting("site.currency");
  const Setting& price = site.setting("economy.price");
  const std::string wanted = currency_of("1 " + currency.text + "/J");
  if (wanted != currency.text) return;  // no currency at all
  if (price.given || site.setting("economy.price_file").given) return;
  const std::string found = currency_of(price.text);
  if (found == wanted) return;
  reader.find(
      currency.place, "site.currency",
      "the default price is in " + found + " (add [economy] price = \"... " + wanted + "/MWh\")");
}

// Samples of a run are taken every second, or as often as the results want them.
void check_interval(ValueReader& reader, const SiteDescription& site) {
  const Setting& every = site.setting("record.every");
  const std::int64_t ns = every.duration.ns;
  if (ns > ns_per_second && ns % ns_per_second != 0) {
    reader.find(every.place, "record.every",
                "'" + every.text + "' is neither whole seconds nor a part of one (write '1s', " +
                    "'15s' or '0.1s')");
  }
}

// The row of a curve that a unit uses, and where.
struct CurveUse {
  const CurveRow* row;
  std::string key_path;
};

// Reads the points of one axis; `use` is null where no unit needs the curve.
std::vector<double> read_points(ValueReader& reader, const ConfigNode& node,
                                const std::string& path, const CurveUse* use, bool is_y) {
  std::vector<double> points;
  if (node.kind != Kind::list) {
    reader.find(node.place, path, "a list of quantities is wanted (write it in square brackets)");
    return points;
  }
  const std::string unit = use == nullptr ? "1" : is_y ? use->row->y_unit : use->row->x_unit;
  const double low = use != nullptr && is_y ? use->row->minimum : -unbounded;
  const double high = use != nullptr && is_y ? use->row->maximum : unbounded;
  for (const ConfigNode& item : node.items) {
    if (use == nullptr && item.kind == Kind::text) {
      reader.find(item.place, path,
                  "no unit uses this curve, so its units are not known (name it in a unit, or "
                  "leave the curve out)");
      return points;
    }
    if (const auto number = reader.quantity(item, path, unit, low, high)) {
      points.push_back(*number);
    }
  }
  return points;
}

// The one use of a curve whose units all others share; a finding where they differ.
std::optional<CurveUse> use_of(ValueReader& reader, const SiteDescription& site,
                               const std::string& name, const Place& place) {
  std::optional<CurveUse> use;
  for (const UnitDescription& unit : site.units) {
    for (std::size_t i = 0; i < unit.curves.size(); ++i) {
      if (unit.curves[i] != name) continue;
      const CurveRow& row = unit.type->curves[i];
      const CurveUse here{&row, unit.key_path + "." + row.name};
      if (!use) use = here;
      const bool same = std::string_view(row.x_unit) == use->row->x_unit &&
                        std::string_view(row.y_unit) == use->row->y_unit;
      if (same) continue;
      reader.find(place, "curve." + name,
                  use->key_path + " wants " + use->row->y_unit + " over " + use->row->x_unit +
                      ", " + here.key_path + " wants " + row.y_unit + " over " + row.x_unit +
                      " (define a curve for each)");
      return use;
    }
  }
  return use;
}

// Signals that have a sensor, with the pattern that gave it.
using Sensed = std::map<std::string, std::string>;

// Units of all quantities that a pattern selects, temperatures as differences.
std::set<std::string> sensed_units(ValueReader& reader, const SiteDescription& site,
                                   const std::string& pattern, const Place& place,
                                   const std::string& path, Sensed& sensed) {
  std::set<std::string> units;
  for (const UnitDescription& unit : site.units) {
    for (const Quantity& quantity : quantities_of(*unit.type)) {
      if (!selects(pattern, *unit.type, quantity.name, unit.path)) continue;
      units.insert(quantity.unit == "K" ? "delta_K" : quantity.unit);
      const std::string signal = unit.path + "/" + quantity.name;
      const auto [known, is_new] = sensed.emplace(signal, pattern);
      if (!is_new && known->second != pattern) {
        reader.find(place, path,
                    signal + " has a sensor already, by '" + known->second +
                        "' (let one pattern select it)");
        return units;
      }
    }
  }
  return units;
}

void read_sensor(ValueReader& reader, const std::set<std::string>& units, const ConfigNode& node,
                 const std::string& path, SensorSettings& out) {
  std::map<std::string, double> values;
  for (const auto& [key, value] : node.members) {
    const auto rows = sensor_keys();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const SensorKey& candidate) { return key == candidate.key; });
    const std::string here = path + "." + key;
    if (row == rows.end()) {
      std::vector<std::string> known;
      for (const SensorKey& candidate : rows) known.emplace_back(candidate.key);
      reader.unknown(value, here, key, known, "sensors");
      continue;
    }
    std::string unit = row->unit;
    if (unit.empty()) {
      if (units.size() > 1 && value.kind == Kind::text) {
        reader.find(value.place, here,
                    "the pattern selects quantities in " + std::to_string(units.size()) +
                        " different units (write a table for each, or a bare number in SI)");
        continue;
      }
      unit = units.size() == 1 ? *units.begin() : "1";
    }
    if (const auto number = reader.quantity(value, here, unit, row->minimum, row->maximum)) {
      values[key] = *number;
    }
  }
  const auto length = [&](const char* key, Duration& to) {
    if (values.contains(key)) to = seconds(values[key]);
  };
  length("every", out.every);
  length("average", out.average);
  length("delay", out.delay);
  if (values.contains("resolution")) out.resolution = values["resolution"];
  if (values.contains("noise")) out.noise = values["noise"];
}

}  // namespace

void read_sections(ValueReader& reader, SiteDescription& site) {
  read_settings(reader, site);
  check_default_price(reader, site);
  check_interval(reader, site);
  site.name = site.setting("site.name").text;
  site.start = site.setting("site.start").instant;
  site.duration = site.setting("site.duration").duration;
  site.record_every = site.setting("record.every").duration;
}

void read_curves(ValueReader& reader, SiteDescription& site) {
  const ConfigNode* section = site.document.find("curve");
  if (section == nullptr || !reader.table(*section, "curve")) return;
  for (const auto& [name, node] : section->members) {
    const std::string path = "curve." + name;
    if (!reader.table(node, path)) continue;
    const std::size_t before = reader.findings.size();
    const std::optional<CurveUse> use = use_of(reader, site, name, node.place);
    std::array<std::vector<double>, 2> points;
    for (const auto& [key, value] : node.members) {
      const std::string here = path + "." + key;
      if (key != "x" && key != "y") {
        reader.unknown(value, here, key, {"x", "y"}, "");
        continue;
      }
      const bool is_y = key == "y";
      points[is_y ? 1 : 0] = read_points(reader, value, here, use ? &*use : nullptr, is_y);
    }
    // A curve that is not good is not also missing.
    if (reader.findings.size() > before) points = {{{0.0, 1.0}, {0.0, 1.0}}};
    try {
      site.curves.emplace_back(name, points[0], points[1]);
    } catch (const ConfigurationError& error) {
      reader.find(node.place, path, error.findings().front().message);
    }
  }
}

void read_sensors(ValueReader& reader, SiteDescription& site) {
  const ConfigNode* section = site.document.find("sensors");
  if (section == nullptr || !reader.table(*section, "sensors")) return;
  Sensed sensed;
  for (const auto& [pattern, node] : section->members) {
    const std::string path = "sensors.\"" + pattern + '"';
    if (!reader.table(node, path)) continue;
    const std::set<std::string> units =
        sensed_units(reader, site, pattern, node.place, path, sensed);
    if (units.empty()) {
      std::vector<std::string> known;
      for (const UnitDescription& unit : site.units) {
        for (const Quantity& quantity : quantities_of(*unit.type)) {
          known.push_back(std::string(unit.type->name) + "." + quantity.name);
        }
      }
      reader.find(node.place, path,
                  "selects no quantity of this site" + known_hint(pattern, known, "SITE"));
      continue;
    }
    SensorRequest request{pattern, {}};
    read_sensor(reader, units, node, path, request.settings);
    site.sensors.push_back(std::move(request));
  }
}

}  // namespace ampacity
