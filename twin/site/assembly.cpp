// SPDX-License-Identifier: Apache-2.0
#include "twin/site/assembly.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "twin/components/list.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

class Assembler {
 public:
  explicit Assembler(const SiteDescription& site) : site_(site) {
    for (std::size_t i = 0; i < site.units.size(); ++i) index_[site.units[i].path] = i;
  }

  Assembly run() {
    add_units();
    for (std::size_t i = 0; i < site_.units.size(); ++i) wire_references(i);
    for (std::size_t i = 0; i < site_.units.size(); ++i) {
      const UnitDescription& unit = site_.units[i];
      if (unit.is("loop")) wire_loop(i);
      if (unit.parent != no_parent) wire_island_part(i);
      if (unit.is("air_rack")) add_demand(ids_[i], unit.path, "");
      if (unit.is("island") && !unit.first("hall").empty()) {
        builder_.connect(id(unit.first("hall")), "dew_point", ids_[i], "dew_point");
      }
    }
    for (std::size_t i = 0; i < site_.units.size(); ++i) {
      wire_surroundings(i);
      // A loop without consumers (towers and exchangers may all stand in its stages) gets none.
      if (!site_.units[i].is("loop")) continue;
      for (const char* input : {"consumer_flow", "consumer_enthalpy_flow"}) {
        if (!builder_.is_given(ids_[i], input)) builder_.set_constant(ids_[i], input, 0.0);
      }
    }
    set_inputs();
    Assembly out{std::move(builder_).compile(), {}};
    for (const auto& [path, island] : racks_) {
      const auto unit = static_cast<std::size_t>(out.plant.find(path) - out.plant.units().data());
      std::size_t demand = 0;
      while (out.plant.externals()[demand].path != path + "/demand") ++demand;
      out.racks.push_back({unit, demand, island});
    }
    return out;
  }

 private:
  UnitId id(const std::string& path) const { return ids_[index_.at(path)]; }
  const UnitDescription& unit(const std::string& path) const {
    return site_.units[index_.at(path)];
  }
  const ComponentType& type(UnitId id) const { return builder_.type_of(id); }

  Curve curve(const std::string& name) {
    const auto known = curves_.find(name);
    if (known != curves_.end()) return known->second;
    const auto own = std::find_if(site_.curves.begin(), site_.curves.end(),
                                  [&](const CurveTable& table) { return table.name() == name; });
    const CurveTable& table = own != site_.curves.end() ? *own : *shipped_curve(name);
    return curves_[name] = builder_.add_curve(table);
  }

  BlockId block_of(std::size_t index) {
    const UnitDescription& unit = site_.units[index];
    if (unit.is("island")) {
      return island_blocks_[index] = builder_.add_block(site_block, unit.path);
    }
    if (unit.is("cdu")) return island_blocks_.at(unit.parent);
    if (unit.is("liquid_rack")) {
      return builder_.add_block(island_blocks_.at(unit.parent), unit.path);
    }
    const bool own = unit.is("air_rack") || unit.is("battery") || unit.is("smr");
    return own ? builder_.add_block(site_block, unit.path) : site_block;
  }

  void add_units() {
    for (std::size_t i = 0; i < site_.units.size(); ++i) {
      const UnitDescription& unit = site_.units[i];
      std::vector<std::byte> record(unit.type->parameter_bytes);
      if (!unit.parameters.empty()) {
        std::memcpy(record.data(), unit.parameters.data(), unit.parameters.size() * sizeof(double));
      }
      for (std::size_t k = 0; k < unit.curves.size(); ++k) {
        const Curve view = curve(unit.curves[k]);
        std::memcpy(record.data() + unit.parameters.size() * sizeof(double) + k * sizeof(Curve),
                    &view, sizeof(Curve));
      }
      ids_.push_back(builder_.add(*unit.type, unit.path, block_of(i), record.data()));
      for (const auto& [state, value] : unit.initial) {
        builder_.set_initial(ids_.back(), state, value);
      }
    }
  }

  void wire_references(std::size_t index) {
    const UnitDescription& self = site_.units[index];
    for (const ReferenceRule* rule : rules_for(*self.type)) {
      const auto given = self.references.find(rule->key);
      if (given == self.references.end()) continue;
      for (std::size_t entry = 0; entry < given->second.size(); ++entry) {
        const UnitId target = id(given->second[entry].path);
        for (const Connection& connection : rule->connections) {
          if (connection.position >= 0 && connection.position != static_cast<int>(entry)) continue;
          const UnitId from = connection.from_target ? target : ids_[index];
          const UnitId to = connection.from_target ? ids_[index] : target;
          const std::string output = resolve_port(type(from), connection.output);
          const std::string input = resolve_port(type(to), connection.input);
          builder_.connect(from, output, to, input, connection.gain);
        }
        if (is_target("stage", unit(given->second[entry].path).type->name) &&
            std::string(rule->key) != "after") {
          wire_stage_inlet(ids_[index], rule->key, given->second[entry].path);
        }
      }
      // A unit with one feed has nothing on feed B.
      const bool one_feed = std::string(rule->key) == "fed_by" && given->second.size() == 1;
      if (one_feed && has_input(*self.type, "voltage_b")) {
        builder_.set_constant(ids_[index], "voltage_b", 0.0);
      }
    }
  }

  // The temperature before a chain element: the element that it comes after, or the loop's return
  // header.
  void connect_before(const UnitDescription& element, UnitId to, const std::string& input) {
    const std::string after = element.first("after");
    if (after.empty()) {
      builder_.connect(id(element.first("loop")), "return_temperature", to, input);
      return;
    }
    builder_.connect(id(after), chain_temperature(type(id(after))), to, input);
  }

  static std::string chain_temperature(const ComponentType& type) {
    return has_output(type, "outlet_temperature") ? "outlet_temperature" : "temperature";
  }

  void wire_stage_inlet(UnitId self, const std::string& key, const std::string& stage) {
    std::string prefix = key.substr(0, key.size() - std::string("stage").size());
    const std::string input = prefix + "inlet_temperature";
    connect_before(unit(stage), self, input);
  }

  void wire_loop(std::size_t index) {
    const UnitDescription& loop = site_.units[index];
    std::vector<std::size_t> elements;
    std::vector<std::size_t> pumps;
    for (std::size_t i = 0; i < site_.units.size(); ++i) {
      const UnitDescription& other = site_.units[i];
      if (other.first("loop") != loop.path) continue;
      if (other.is("stage") || other.is("pipe") || other.is("tank")) elements.push_back(i);
      if (other.is("pump_group")) pumps.push_back(i);
    }
    int last_count = 0;
    for (std::size_t i : elements) {
      const UnitDescription& element = site_.units[i];
      connect_before(element, ids_[i], "inlet_temperature");
      for (std::size_t pump : pumps) builder_.connect(ids_[pump], "flow", ids_[i], "flow");
      const bool last = std::none_of(elements.begin(), elements.end(), [&](std::size_t other) {
        return site_.units[other].first("after") == element.path;
      });
      if (!last) continue;
      builder_.connect(ids_[i], "enthalpy_flow", ids_[index], "supply_enthalpy_flow");
      ++last_count;
    }
    AMPACITY_ASSERT(last_count == 1, "a checked loop has one line of elements");
  }

  void wire_island_part(std::size_t index) {
    const UnitDescription& self = site_.units[index];
    const UnitDescription& island = site_.units[self.parent];
    const UnitId own = ids_[index];
    const UnitId manifold = ids_[self.parent];
    const std::string hall = island.first("hall");
    builder_.connect(manifold, "pressure_difference", own, "pressure_difference");
    if (self.is("cdu")) {
      const UnitId loop = id(island.first("loop"));
      builder_.connect(manifold, "speed_command", own, "speed_command");
      builder_.connect(manifold, "valve_command", own, "valve_command");
      builder_.connect(manifold, "return_temperature", own, "return_temperature");
      builder_.connect(loop, "pressure_difference", own, "loop_pressure_difference");
      builder_.connect(loop, "supply_temperature", own, "loop_supply_temperature");
      builder_.connect(own, "secondary_flow", manifold, "cdu_flow");
      builder_.connect(own, "secondary_enthalpy_flow", manifold, "cdu_enthalpy_flow");
      builder_.connect(own, "primary_flow", loop, "consumer_flow");
      builder_.connect(own, "primary_enthalpy_flow", loop, "consumer_enthalpy_flow");
      if (!hall.empty()) builder_.connect(own, "air_heat", id(hall), "heat");
      return;
    }
    builder_.connect(manifold, "supply_temperature", own, "supply_temperature");
    builder_.connect(own, "flow", manifold, "rack_flow");
    builder_.connect(own, "return_enthalpy_flow", manifold, "rack_enthalpy_flow");
    if (!hall.empty()) {
      builder_.connect(id(hall), "cold_aisle_temperature", own, "inlet_air_temperature");
      builder_.connect(own, "air_flow", id(hall), "rack_flow");
      builder_.connect(own, "air_enthalpy_flow", id(hall), "rack_enthalpy_flow");
    }
    add_demand(own, self.path, island.path);
  }

  // The `inputs` of the site file. Surroundings give way to them; to what neighbours or the
  // workload give a constant would add, as a second voltage or heat from nowhere.
  void set_inputs() {
    std::vector<Finding> findings;
    std::set<std::string> told;  // once for all units of a group
    for (std::size_t i = 0; i < site_.units.size(); ++i) {
      const UnitDescription& self = site_.units[i];
      for (const auto& [input, value] : self.inputs) {
        const std::string key = self.key_path + ".inputs." + input;
        if (!builder_.is_given(ids_[i], input)) {
          builder_.set_constant(ids_[i], input, value);
        } else if (told.insert(key).second) {
          findings.push_back({self.input_places.at(input), key, given_by(self, input)});
        }
      }
    }
    if (!findings.empty()) throw ConfigurationError(std::move(findings));
  }

  static std::string given_by(const UnitDescription& unit, const std::string& input) {
    const std::string name = "'" + unit.path + "'";
    const bool rack = unit.is("air_rack") || unit.is("liquid_rack");
    if (rack && input == "demand") {
      return "the workload gives " + name + " its power (set [workload], or leave this out)";
    }
    if (input == "voltage_b" && unit.neighbours("fed_by").size() == 1) {
      return name + " has one feed (name the second bus in fed_by, or leave this out)";
    }
    return "a neighbour of " + name + " gives this input already (leave it out)";
  }

  void add_demand(UnitId rack, const std::string& path, const std::string& island) {
    builder_.connect(builder_.external(path + "/demand", "W"), rack, "demand");
    racks_.emplace_back(path, island);
  }

  void wire_surroundings(std::size_t index) {
    const UnitDescription& self = site_.units[index];
    for (const Surrounding& row : surroundings()) {
      if (!has_input(*self.type, row.input) || self.inputs.contains(row.input)) continue;
      builder_.connect(builder_.external(row.external, row.unit), ids_[index], row.input);
    }
  }

  const SiteDescription& site_;
  PlantBuilder builder_;
  std::map<std::string, std::size_t> index_;
  std::vector<UnitId> ids_;
  std::map<std::size_t, BlockId> island_blocks_;
  std::map<std::string, Curve> curves_;
  std::vector<std::pair<std::string, std::string>> racks_;
};

}  // namespace

Assembly assemble(const SiteDescription& site) { return Assembler(site).run(); }

}  // namespace ampacity
