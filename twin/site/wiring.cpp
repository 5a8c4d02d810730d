// SPDX-License-Identifier: Apache-2.0
#include "twin/site/wiring.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ampacity {

namespace {

constexpr const char* sources = "grid|transformer|bus|breaker|transfer_switch|ups";
constexpr const char* chain = "stage|pipe|tank";

// Water units in a stage: the stage tells how much flows through a unit that is fully open, the
// unit answers with its share and its enthalpy.
std::vector<Connection> in_stage(const char* flow, const char* open, const char* enthalpy) {
  return {
      {true, "flow_per_share", flow}, {false, open, "open"}, {false, enthalpy, "enthalpy_flow"}};
}

// A motor hangs on one bus.
ReferenceRule motor(const char* component) {
  return {component,
          "fed_by",
          sources,
          1,
          1,
          "bus that feeds the motors",
          {{true, "$voltage", "voltage"}, {false, "power", "$load"}}};
}

std::vector<ReferenceRule> make_rules() {
  return {
      {"*",
       "fed_by",
       sources,
       1,
       2,
       "buses that feed the unit: feed A, and feed B if it has one",
       {{true, "$voltage", "voltage_a", 1.0, 0},
        {false, "power_a", "$load", 1.0, 0},
        {true, "$voltage", "voltage_b", 1.0, 1},
        {false, "power_b", "$load", 1.0, 1}}},
      motor("crah"),
      motor("cooling_tower"),
      motor("dry_cooler"),
      motor("chiller"),
      {"heat_exchanger",
       "fed_by",
       sources,
       0,
       1,
       "bus that feeds the valves' drives; without one they always have voltage",
       {{true, "$voltage", "voltage"}}},
      {"transformer",
       "fed_by",
       sources,
       1,
       1,
       "what feeds the upper side",
       {{true, "$voltage", "voltage_in"}, {false, "power", "$load"}}},
      {"bus",
       "fed_by",
       sources,
       1,
       1,
       "what feeds the bar",
       {{true, "$voltage", "voltage_in"}, {false, "power", "$load"}}},
      {"breaker",
       "fed_by",
       sources,
       1,
       1,
       "what feeds the breaker",
       {{true, "$voltage", "voltage_in"}, {false, "power", "$load"}}},
      {"ups",
       "fed_by",
       sources,
       1,
       1,
       "the mains of the unit",
       {{true, "$voltage", "voltage_in"}, {false, "power", "$load"}}},
      {"transfer_switch",
       "fed_by",
       sources,
       2,
       2,
       "source 1 and source 2",
       {{true, "$voltage", "voltage_1", 1.0, 0},
        {false, "power_1", "$load", 1.0, 0},
        {true, "$voltage", "voltage_2", 1.0, 1},
        {false, "power_2", "$load", 1.0, 1}}},
      {"meter",
       "measures",
       "grid|bus|transformer|breaker|ups",
       1,
       1,
       "whose power it averages",
       {{true, "$metered", "power"}}},
      {"battery",
       "fed_by",
       sources,
       1,
       1,
       "bus to which the storage is connected",
       {{true, "$voltage", "voltage"}, {false, "power", "$load"}}},
      {"battery",
       "follows",
       "meter",
       0,
       1,
       "meter for peak shaving and smoothing",
       {{true, "averaged_power", "measured_power"}}},
      {"pv",
       "feeds",
       sources,
       1,
       1,
       "bus into which the plant feeds",
       {{true, "$voltage", "voltage"}, {false, "power", "$load", -1.0}}},
      {"smr",
       "feeds",
       sources,
       1,
       1,
       "bus into which the module feeds",
       {{true, "$voltage", "voltage"}, {false, "power", "$load", -1.0}}},
      {"*",
       "heats",
       "hall",
       0,
       1,
       "hall that takes the unit's heat",
       {{false, "$room_heat", "heat"}}},

      {"pump_group",
       "loop",
       "loop",
       1,
       1,
       "loop that the pumps drive",
       {{true, "pressure_difference", "pressure_difference"},
        {false, "flow", "pump_flow"},
        {false, "added_heat", "supply_enthalpy_flow"}}},
      {"pump_group",
       "through",
       "cooling_tower|dry_cooler|heat_exchanger",
       0,
       1,
       "parallel units behind the pumps: their resistance follows the number that is open",
       {{true, "$open", "open_units"}}},
      {"stage", "loop", "loop", 1, 1, "loop that the stage belongs to", {}},
      {"stage", "after", chain, 0, 1, "what the water passed before", {}},
      {"pipe", "loop", "loop", 1, 1, "loop that the pipe belongs to", {}},
      {"pipe", "after", chain, 0, 1, "what the water passed before", {}},
      {"tank", "loop", "loop", 1, 1, "loop that the tank belongs to", {}},
      {"tank", "after", chain, 0, 1, "what the water passed before", {}},
      {"heat_exchanger", "hot_stage", "stage", 0, 1, "stage whose water gives heat",
       in_stage("hot_flow_per_share", "hot_open", "hot_enthalpy_flow")},
      {"heat_exchanger", "cold_stage", "stage", 0, 1, "stage whose water takes heat",
       in_stage("cold_flow_per_share", "cold_open", "cold_enthalpy_flow")},
      {"heat_exchanger",
       "hot_loop",
       "loop",
       0,
       1,
       "loop between whose headers the warm side stands",
       {{true, "pressure_difference", "hot_pressure_difference"},
        {true, "supply_temperature", "hot_inlet_temperature"},
        {false, "hot_flow", "consumer_flow"},
        {false, "hot_enthalpy_flow", "consumer_enthalpy_flow"}}},
      {"heat_exchanger",
       "cold_loop",
       "loop",
       0,
       1,
       "loop between whose headers the cold side stands",
       {{true, "pressure_difference", "cold_pressure_difference"},
        {true, "supply_temperature", "cold_inlet_temperature"},
        {false, "cold_flow", "consumer_flow"},
        {false, "cold_enthalpy_flow", "consumer_enthalpy_flow"}}},
      {"heat_exchanger",
       "staged_by",
       "cooling_tower",
       0,
       1,
       "towers whose running cells stage the plates",
       {{true, "cells", "signal"}}},
      {"cooling_tower", "stage", "stage", 1, 1, "stage whose water is cooled",
       in_stage("flow_per_share", "open", "enthalpy_flow")},
      {"dry_cooler", "stage", "stage", 1, 1, "stage whose water is cooled",
       in_stage("flow_per_share", "open", "enthalpy_flow")},
      {"chiller", "evaporator_stage", "stage", 1, 1, "stage whose water is chilled",
       in_stage("evaporator_flow_per_share", "evaporator_open", "evaporator_enthalpy_flow")},
      {"chiller", "condenser_stage", "stage", 0, 1, "stage whose water takes the condenser's heat",
       in_stage("condenser_flow_per_share", "condenser_open", "condenser_enthalpy_flow")},
      {"chiller",
       "condenser_loop",
       "loop",
       0,
       1,
       "loop between whose headers the condenser stands",
       {{true, "pressure_difference", "condenser_pressure_difference"},
        {true, "supply_temperature", "condenser_inlet_temperature"},
        {false, "condenser_flow", "consumer_flow"},
        {false, "condenser_enthalpy_flow", "consumer_enthalpy_flow"}}},
      {"island", "loop", "loop", 1, 1, "facility water loop of its CDUs", {}},
      {"island", "hall", "hall", 0, 1, "hall in which it stands", {}},
      {"liquid_rack",
       "vents",
       "heat_sink",
       0,
       1,
       "where air heat goes when there is no hall",
       {{false, "air_heat", "heat"}}},
      {"cdu",
       "vents",
       "heat_sink",
       0,
       1,
       "where air heat goes when there is no hall",
       {{false, "air_heat", "heat"}}},
      {"crah",
       "hall",
       "hall",
       1,
       1,
       "hall that it cools",
       {{true, "hot_aisle_temperature", "hot_aisle_temperature"},
        {true, "cold_aisle_temperature", "cold_aisle_temperature"},
        {false, "air_flow", "crah_flow"},
        {false, "air_enthalpy_flow", "crah_enthalpy_flow"}}},
      {"crah",
       "loop",
       "loop",
       1,
       1,
       "chilled-water loop",
       {{true, "pressure_difference", "pressure_difference"},
        {true, "supply_temperature", "supply_temperature"},
        {false, "water_flow", "consumer_flow"},
        {false, "water_enthalpy_flow", "consumer_enthalpy_flow"}}},
      {"air_rack",
       "hall",
       "hall",
       1,
       1,
       "hall in which it stands",
       {{true, "cold_aisle_temperature", "cold_aisle_temperature"},
        {false, "air_flow", "rack_flow"},
        {false, "air_enthalpy_flow", "rack_enthalpy_flow"}}},
  };
}

}  // namespace

const std::vector<ReferenceRule>& reference_rules() {
  static const std::vector<ReferenceRule> rules = make_rules();
  return rules;
}

bool has_input(const ComponentType& type, const std::string& name) {
  return std::any_of(type.inputs.begin(), type.inputs.end(),
                     [&](const InputRow& row) { return name == row.name; });
}

bool has_output(const ComponentType& type, const std::string& name) {
  return std::any_of(type.outputs.begin(), type.outputs.end(),
                     [&](const OutputRow& row) { return name == row.name; });
}

std::vector<const ReferenceRule*> rules_for(const ComponentType& type) {
  std::vector<const ReferenceRule*> out;
  for (const ReferenceRule& rule : reference_rules()) {
    const std::string_view component = rule.component;
    const std::string_view key = rule.key;
    const bool machine = component == "*" && key == "fed_by" && has_input(type, "voltage_a");
    const bool heater = component == "*" && key == "heats" && has_output(type, "heat_to_room");
    if (machine || heater || component == type.name) out.push_back(&rule);
  }
  return out;
}

bool is_target(const char* targets, const std::string& component) {
  const std::string all = "|" + std::string(targets) + "|";
  return all.find("|" + component + "|") != std::string::npos;
}

std::string resolve_port(const ComponentType& target, const std::string& port) {
  if (port == "$voltage") return has_output(target, "voltage") ? "voltage" : "voltage_out";
  if (port == "$load") return has_input(target, "load") ? "load" : "power";
  if (port == "$metered") return has_output(target, "import_power") ? "import_power" : "power";
  if (port == "$open") {
    return has_output(target, "cells") ? "cells" : has_output(target, "units") ? "units" : "plates";
  }
  if (port == "$room_heat") return "heat_to_room";
  return port;
}

std::span<const Surrounding> surroundings() {
  static constexpr std::array<Surrounding, 18> table{{
      {"dry_bulb", "weather/dry_bulb", "K"},
      {"wet_bulb", "weather/wet_bulb", "K"},
      {"pressure", "weather/pressure", "Pa"},
      {"outdoor_humidity_ratio", "weather/humidity_ratio", "kg/kg"},
      {"wind_speed", "weather/wind_speed", "m/s"},
      {"global_irradiance", "weather/global_irradiance", "W/m2"},
      {"direct_irradiance", "weather/direct_irradiance", "W/m2"},
      {"diffuse_irradiance", "weather/diffuse_irradiance", "W/m2"},
      {"extraterrestrial_irradiance", "sun/extraterrestrial_irradiance", "W/m2"},
      {"apparent_zenith", "sun/apparent_zenith", "rad"},
      {"sun_azimuth", "sun/azimuth", "rad"},
      {"ambient_temperature", "weather/dry_bulb", "K"},
      {"outdoor_temperature", "weather/dry_bulb", "K"},
      {"price", "grid/price", "currency/J"},
      {"carbon", "grid/carbon", "kg/J"},
      {"contract", "grid/contract", "W"},
      {"import_limit", "grid/contract", "W"},
      {"export_limit", "grid/export_limit", "W"},
  }};
  return table;
}

}  // namespace ampacity
