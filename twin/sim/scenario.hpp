// SPDX-License-Identifier: Apache-2.0
#pragma once

// Scenarios: what happens to a site in a run, and what must come of it.
//
//   title = "A sag on feed A at noon"          description: for the reader
//   site = "demo"                              a file beside this one, or the name of a shipped one
//   start = "2024-07-15"  duration = "24 h"    instead of the site file's
//   set = ["battery.bess.control=0"]           instead of values of the site file; files that are
//                                              named here are relative to this file
//
//   [[event]]
//   at = "12:00"            the first 12:00 local time at or after the start of the run; also
//                           "3 h" (after the start) or an instant, "2024-07-15T12:00"
//   unit = "board-a"        path of a unit, or a pattern that selects several ("*/cdu-1")
//   order = "voltage"       a row of the component's table of orders
//   value = 0.5             quantity in the row's unit; left out: 1
//   for = "150 ms"          then the event ends, in one of three ways:
//                             an order with a partner is answered by it: open by close, standby by
//                             run (and the other way round), trip_x and fail_x by repair_x with the
//                             same value, fail by repair and then run (a unit that was out of
//                             service before the fault is in service after it)
//                             `then` = quantity: the same order again, with this value
//                             without `then`, an order that its table calls a fault goes to 0
//
//   [[expect]]
//   signal = "**/rack-1/die_temperature"  as --record selects: path/name or component.name
//   statistic = "max"       max, min, mean (over time), final, or integral (over time)
//   below = "80 degC"       and/or above; strict
//   during = ["11:00", "13:00"]           left out: the whole run
//
//   [[expect]]
//   event = "*: trip*"      patterns of path and text of the list of events
//   below = 1               and/or above: how many there are; 1 means none
//
// Clauses are judged by expect.hpp.
//
// Reading is in two steps, each of which collects every finding before it gives up: the file alone,
// and the file against a plant.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "twin/sim/simulator.hpp"
#include "twin/site/document.hpp"

namespace ampacity {

// Statistics of a signal over a window of time.
enum class Statistic { max, min, mean, final, integral };

struct ScenarioEvent {
  std::string key_path;  // "event[0]"
  Place place;
  ConfigNode at;
  ConfigNode unit;
  ConfigNode order;
  std::optional<ConfigNode> value;
  std::optional<ConfigNode> lasts;  // `for`, and its length
  Duration length;
  std::optional<ConfigNode> then;
};

struct ScenarioExpect {
  std::string key_path;
  Place place;
  std::optional<ConfigNode> signal;  // this one or `event`
  std::optional<ConfigNode> event;
  Statistic statistic = Statistic::max;
  std::optional<ConfigNode> below;
  std::optional<ConfigNode> above;
  std::vector<ConfigNode> during;  // none, or from and to
};

// A scenario file, checked as far as that goes without a plant.
struct Scenario {
  std::string file;
  std::string title;
  std::string description;
  std::string site;
  Place site_place;
  std::filesystem::path site_folder;  // where a relative path of the site starts
  std::vector<Override> set;          // start and duration included, as settings of the site
  std::vector<ScenarioEvent> events;
  std::vector<ScenarioExpect> expects;
};

// Whether a file is a scenario, and not a site: a site has a table [site] (or only units, as a file
// for inclusion), a scenario at most names one.
bool is_scenario(const ConfigNode& root);

// The site that a scenario names: the file where it lies, relative to the scenario's; empty where
// there is none of that name (which may then be that of a shipped site).
std::filesystem::path local_site(const Scenario& scenario);

// Throws ConfigurationError with every finding.
Scenario read_scenario(const std::filesystem::path& path);

// One order to one unit.
struct PlannedOrder {
  Time at;
  std::size_t unit;  // in Plant::units()
  int order;         // row of the component's table
  double value;      // SI
};

// A signal that a clause looks at.
struct WatchedSignal {
  std::string path;  // "pod-1/rack-3/die_temperature"
  bool is_state;
  std::size_t index;  // into signals or states
};

// One clause against a plant.
struct PlannedExpect {
  std::string text;  // "max of **/rack-1/die_temperature below 80 degC"
  std::string unit;  // of `below`, `above` and the value, SI
  std::optional<double> below;
  std::optional<double> above;
  Time from;
  Time to;
  bool counts_events = false;
  // of a signal
  Statistic statistic = Statistic::max;
  std::vector<WatchedSignal> signals;
  // of events
  std::string path_pattern;
  std::string text_pattern;
};

// A scenario against a plant and a span of time.
struct ScenarioPlan {
  std::vector<PlannedOrder> orders;  // in the order of the file
  std::vector<PlannedExpect> expects;
};

// Throws ConfigurationError with every finding: patterns that select nothing, unknown orders,
// values out of bounds, instants outside of [start, end].
ScenarioPlan plan_scenario(const Scenario& scenario, const Plant& plant, Time start, Time end,
                           const TimeZone& zone);

// Puts the orders into the simulator's queue. Call after find_operating_point, which runs through
// everything that is due up to the start.
void schedule(const ScenarioPlan& plan, Simulator& simulator);

}  // namespace ampacity
