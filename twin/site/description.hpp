// SPDX-License-Identifier: Apache-2.0
#pragma once

// A checked site: what a site file says, in SI, with every group expanded to single units.
//
//   [site] [weather] [economy] [workload] [record] [solver]
//                               settings: name, place, time zone, start, duration, ... (schema.hpp)
//   [<component>.<name>]        a unit: parameters, curves, `initial`, `inputs`, and references to
//                               its neighbours (wiring.hpp)
//     count = 8                 name-1 .. name-8; "{n}" in a reference stands for the number
//     member.3 = { ... }        different keys for member 3
//   [island.<name>]             a group of CDUs and racks on one manifold:
//     cdus = 2, racks = 8       with tables `cdu` and `rack`; paths <hall>/<name>-3/rack-5
//   [unit."<path>"]             different keys for any unit by its path
//   [curve.<name>]              x = [...], y = [...], in the units of the rows that use the curve
//   [sensors."<pattern>"]       every, average, delay, resolution, noise (sim/sensors.hpp)
//
// Reading collects every finding of a file before it gives up, so that a user mends a file once.
// What comes out is complete and inside its bounds; nothing behind this point checks user input
// again.

#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/components/kernel.hpp"
#include "twin/core/time.hpp"
#include "twin/site/document.hpp"

namespace ampacity {

// A neighbour by name.
struct Reference {
  std::string path;
  Place place;
};

inline constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

struct UnitDescription {
  std::string path;
  const ComponentType* type;
  Place place;
  std::string key_path;
  std::vector<double> parameters;       // SI, by row
  std::vector<Place> parameter_places;  // line 0: the table's default
  std::vector<std::string> curves;      // names, by row
  std::map<std::string, std::vector<Reference>> references;
  Reference coolant;  // name of the liquid of a loop or an island; empty: given by its properties
  std::map<std::string, double> initial;
  std::map<std::string, double> inputs;
  std::map<std::string, Place> input_places;
  std::size_t parent = no_parent;  // island of a CDU or rack

  bool is(std::string_view component) const { return component == type->name; }

  // The neighbours under a reference key, and the path of the first; empty when there is none.
  const std::vector<Reference>& neighbours(const std::string& key) const;
  std::string first(const std::string& key) const;
};

// A value of a section that is not a component.
struct Setting {
  double value = 0.0;  // quantities and switches (1 or 0)
  std::string text;    // texts; of quantities, as written
  std::vector<double> values;
  std::vector<std::string> texts;
  Duration duration;
  Time instant;
  Place place;
  std::filesystem::path folder;  // where a relative file name starts
  bool given = false;

  // The file that `text` names; empty where it names none.
  std::filesystem::path file() const {
    return text.empty() ? std::filesystem::path() : folder / text;
  }
};

// How a quantity is seen from outside (sim/sensors.hpp).
struct SensorSettings {
  Duration every = seconds(1.0);  // above 0
  Duration average;               // 0 or more
  Duration delay;                 // 0 or more
  double resolution = 0.0;        // 0: none; in the unit of the quantity
  double noise = 0.0;             // standard deviation, in the unit of the quantity
};

// Sensors on all quantities that a pattern selects (quantities.hpp).
struct SensorRequest {
  std::string pattern;
  SensorSettings settings;
};

struct SiteDescription {
  std::string file;
  std::string name;
  TimeZone zone;
  Time start;
  Duration duration;
  std::map<std::string, Setting> settings;  // "weather.dry_bulb_max"
  std::vector<UnitDescription> units;
  std::list<CurveTable> curves;
  std::vector<SensorRequest> sensors;
  ConfigNode document;
  Duration record_every;  // interval of the results

  const Setting& setting(const std::string& key) const;
  const UnitDescription* find(const std::string& path) const;
};

// Reads, merges, checks. Throws ConfigurationError with every finding.
SiteDescription read_site(const std::filesystem::path& path, std::span<const Override> overrides);

}  // namespace ampacity
