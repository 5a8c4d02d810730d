// SPDX-License-Identifier: Apache-2.0
#include "twin/site/sections.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "twin/core/units.hpp"
#include "twin/site/quantities.hpp"
#include "twin/site/schema.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

using Kind = ConfigNode::Kind;

void read_setting(ValueReader& reader, const SettingRow& row, const ConfigNode& node,
                  const std::string& path, Setting& out) {
  out.place = node.place;
  out.text = node.text;
  switch (row.kind) {
    case SettingRow::Kind::quantity:
      if (const auto value = reader.quantity(node, path, row.unit, row.minimum, row.maximum)) {
        out.value = *value;
        out.values = {*value};
      }
      break;
    case SettingRow::Kind::quantities: {
      const std::vector<ConfigNode> items =
          node.kind == Kind::list ? node.items : std::vector<ConfigNode>{node};
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
      break;
    }
    case SettingRow::Kind::text:
      if (const auto value = reader.text(node, path)) out.text = *value;
      break;
    case SettingRow::Kind::texts: {
      const std::vector<ConfigNode> items =
          node.kind == Kind::list ? node.items : std::vector<ConfigNode>{node};
      out.texts.clear();
      for (const ConfigNode& item : items) {
        if (const auto value = reader.text(item, path)) out.texts.push_back(*value);
      }
      break;
    }
    case SettingRow::Kind::choice: {
      const auto value = reader.text(node, path);
      if (value && !is_target(row.unit, *value)) {
        reader.find(node.place, path, "'" + *value + "' is no choice (one of " + row.unit + ")");
      }
      break;
    }
  }
}

void read_settings(ValueReader& reader, SiteDescription& site) {
  std::map<std::string, std::vector<std::string>> keys;
  for (const SettingRow& row : setting_rows()) {
    keys[row.section].push_back(row.key);
    const std::string path = std::string(row.section) + "." + row.key;
    Setting& setting = site.settings[path];
    if (row.standard != nullptr) {
      ConfigNode standard;
      standard.kind = Kind::text;
      standard.text = row.standard;
      const bool plain = row.kind == SettingRow::Kind::quantity && std::string(row.unit) == "1";
      if (plain) {
        standard.kind = Kind::number;
        standard.number = std::strtod(row.standard, nullptr);
      }
      if (row.kind == SettingRow::Kind::texts) standard.kind = Kind::list;
      read_setting(reader, row, standard, path, setting);
    }
    setting.place = {};
    const ConfigNode* section = site.document.find(row.section);
    const ConfigNode* node = section == nullptr ? nullptr : section->find(row.key);
    if (node != nullptr) {
      setting.given = true;
      read_setting(reader, row, *node, path, setting);
    } else if (row.standard == nullptr) {
      reader.find(section == nullptr ? Place{site.file, 0, 0} : section->place, path,
                  std::string("missing: ") + row.description + " (add [" + row.section + "] " +
                      row.key + " = ...)");
    }
    if (path == "site.currency") reader.expect_currency(setting.text);
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

void check_currency(ValueReader& reader, const SiteDescription& site) {
  const Setting& currency = site.setting("site.currency");
  const Setting& price = site.setting("economy.price");
  if (currency_of("1 " + currency.text + "/J") != currency.text) {
    reader.find(currency.place, "site.currency",
                "'" + currency.text + "' is no known currency (write an ISO code: USD, EUR, ...)");
  } else if (!price.given && !site.setting("economy.price_file").given &&
             currency_of(price.text) != currency.text) {
    reader.find(currency.place, "site.currency",
                "the default price is in " + currency_of(price.text) +
                    " (add [economy] price = \"... " + currency.text + "/MWh\")");
  }
}

// Samples of a run are taken every second, or as often as the results want them.
void read_interval(ValueReader& reader, SiteDescription& site) {
  const Setting& every = site.setting("record.every");
  const Result<Duration> length = parse_duration(every.text);
  if (!length) {
    reader.find(every.place, "record.every", length.error());
    return;
  }
  const std::int64_t ns = length.value().ns;
  if (ns <= 0 || (ns > ns_per_second && ns % ns_per_second != 0)) {
    reader.find(every.place, "record.every",
                "'" + every.text + "' is neither whole seconds nor a part of one (write '1s', " +
                    "'15s' or '0.1s')");
  }
  site.record_every = length.value();
}

void read_header(ValueReader& reader, SiteDescription& site) {
  site.name = site.setting("site.name").text;
  const Setting& zone = site.setting("site.time_zone");
  if (const Result<TimeZone> found = TimeZone::find(zone.text)) {
    site.zone = found.value();
  } else {
    reader.find(zone.place, "site.time_zone", found.error());
  }
  check_currency(reader, site);
  const Setting& start = site.setting("site.start");
  if (const Result<Time> found = parse_time(start.text, site.zone)) {
    site.start = found.value();
  } else {
    reader.find(start.place, "site.start", found.error());
  }
  const Setting& duration = site.setting("site.duration");
  const Result<Duration> length = parse_duration(duration.text);
  if (length && length.value() > Duration{}) {
    site.duration = length.value();
  } else {
    reader.find(duration.place, "site.duration",
                length ? "'" + duration.text + "' is not positive (write '24 h')" : length.error());
  }
}

void read_curves(ValueReader& reader, SiteDescription& site) {
  const ConfigNode* section = site.document.find("curve");
  if (section == nullptr || !reader.table(*section, "curve")) return;
  for (const auto& [name, node] : section->members) {
    const std::string path = "curve." + name;
    if (!reader.table(node, path)) continue;
    std::array<std::vector<double>, 2> points;
    for (const auto& [key, value] : node.members) {
      if (key != "x" && key != "y") {
        reader.unknown(value, path + "." + key, key, {"x", "y"}, "");
        continue;
      }
      for (const ConfigNode& item : value.items) {
        if (const auto number = reader.quantity(item, path + "." + key, "1", -1e30, 1e30)) {
          points[key == "x" ? 0 : 1].push_back(*number);
        }
      }
    }
    try {
      site.curves.emplace_back(name, points[0], points[1]);
    } catch (const ConfigurationError& error) {
      reader.find(node.place, path, error.findings().front().message);
    }
  }
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
  read_header(reader, site);
  read_interval(reader, site);
  read_curves(reader, site);
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
