// SPDX-License-Identifier: Apache-2.0

// A scenario against a plant: units, orders, signals and instants of the run.

#include <algorithm>
#include <limits>
#include <set>

#include "twin/core/text.hpp"
#include "twin/core/units.hpp"
#include "twin/sim/record_plan.hpp"
#include "twin/sim/scenario.hpp"
#include "twin/sim/scenario_text.hpp"
#include "twin/site/value_reader.hpp"

namespace ampacity {

namespace {

using scenario_text::instant;
using scenario_text::joined;
using scenario_text::statistic_names;

// The orders, by row and value, that end another after its time.
using Ending = std::vector<std::pair<int, double>>;

std::optional<int> order_row(const ComponentType& type, const std::string& name) {
  for (std::size_t i = 0; i < type.orders.size(); ++i) {
    if (name == type.orders[i].name) return static_cast<int>(i);
  }
  return std::nullopt;
}

// The order that takes back `name`; empty when it has no partner by its name.
std::string partner_of(const std::string& name) {
  if (name == "open") return "close";
  if (name == "close") return "open";
  if (name == "run") return "standby";
  if (name == "standby") return "run";
  if (name == "fail") return "repair";
  for (const std::string prefix : {"fail_", "trip_"}) {
    if (name.rfind(prefix, 0) == 0) return "repair_" + name.substr(prefix.size());
  }
  return "";
}

class Planner {
 public:
  Planner(const Scenario& scenario, const Plant& plant, Time start, Time end, const TimeZone& zone)
      : scenario_(scenario), plant_(plant), start_(start), end_(end), zone_(zone) {}

  ScenarioPlan run() {
    for (const ScenarioEvent& event : scenario_.events) plan_event(event);
    for (const ScenarioExpect& expect : scenario_.expects) plan_expect(expect);
    reader_.give_up_if_any();
    return std::move(plan_);
  }

 private:
  // The instant of a node, inside of the run.
  std::optional<Time> inside(const ConfigNode& node, const std::string& path, Time from) {
    const Result<Time> at = instant(node, start_, from, zone_);
    if (!at) {
      reader_.find(node.place, path, at.error());
      return std::nullopt;
    }
    if (at.value() < start_ || at.value() > end_) {
      reader_.find(node.place, path,
                   format_time(at.value(), zone_) + " is outside of the run (" +
                       format_time(start_, zone_) + " to " + format_time(end_, zone_) + ")");
      return std::nullopt;
    }
    return at.value();
  }

  // Units by path, else by pattern; a finding where there is none.
  std::vector<std::size_t> units_of(const ConfigNode& node, const std::string& path) {
    std::vector<std::size_t> out;
    const Unit* exact = plant_.find(node.text);
    if (exact != nullptr) return {static_cast<std::size_t>(exact - plant_.units().data())};
    std::vector<std::string> paths;
    for (std::size_t u = 0; u < plant_.units().size(); ++u) {
      paths.push_back(plant_.units()[u].path);
      if (matches_pattern(node.text, plant_.units()[u].path)) out.push_back(u);
    }
    if (out.empty()) {
      reader_.find(node.place, path,
                   "'" + node.text + "' is no unit" + known_hint(node.text, paths, "SITE"));
    }
    return out;
  }

  void plan_event(const ScenarioEvent& event) {
    const auto at = inside(event.at, event.key_path + ".at", start_);
    std::set<const ComponentType*> told;  // findings are told once per component
    for (const std::size_t u : units_of(event.unit, event.key_path + ".unit")) {
      const ComponentType& type = *plant_.units()[u].type;
      const std::size_t before = reader_.findings.size();
      if (told.contains(&type)) continue;
      plan_order(event, type, at, u);
      if (reader_.findings.size() > before) told.insert(&type);
    }
  }

  void plan_order(const ScenarioEvent& event, const ComponentType& type, std::optional<Time> at,
                  std::size_t unit) {
    const auto index = order_row(type, event.order.text);
    if (!index) {
      std::vector<std::string_view> names;
      for (const OrderRow& row : type.orders) names.emplace_back(row.name);
      reader_.find(event.order.place, event.key_path + ".order",
                   "'" + event.order.text + "' is no order of " + type.name + " '" +
                       plant_.units()[unit].path + "' " +
                       nearest_hint(event.order.text, names, "(one of " + joined(names) + ")"));
      return;
    }
    const OrderRow& row = type.orders[static_cast<std::size_t>(*index)];
    const auto value = order_value(event, row);
    if (!value) return;
    const std::optional<Ending> ending = ending_of(event, type, *index, *value);
    if (!ending || !at) return;
    plan_.orders.push_back({*at, unit, *index, *value});
    for (const auto& [order, end_value] : *ending) {
      // An event may last beyond the end of the run.
      const Time over = *at + event.length;
      plan_.orders.push_back({over, unit, order, end_value});
    }
  }

  std::optional<double> order_value(const ScenarioEvent& event, const OrderRow& row) {
    const std::string path = event.key_path + ".value";
    if (event.value) {
      return reader_.quantity(*event.value, path, row.unit, row.minimum, row.maximum);
    }
    const bool plain = std::string(row.unit) == "1" && row.minimum <= 1.0 && row.maximum >= 1.0;
    if (plain) return 1.0;
    reader_.find(event.place, path,
                 std::string("missing: ") + row.description +
                     " (allowed: " + format_quantity(row.minimum, row.unit) + " to " +
                     format_quantity(row.maximum, row.unit) + ")");
    return std::nullopt;
  }

  std::optional<Ending> ending_of(const ScenarioEvent& event, const ComponentType& type, int index,
                                  double value) {
    if (!event.lasts) return Ending{};
    const OrderRow& row = type.orders[static_cast<std::size_t>(index)];
    const std::string partner = partner_of(row.name);
    const auto back = order_row(type, partner);
    if (back) {
      if (event.then) {
        reader_.find(
            event.then->place, event.key_path + ".then",
            std::string("'") + row.name + "' ends with '" + partner + "' (leave `then` out)");
        return std::nullopt;
      }
      Ending ending{{*back, value}};
      const auto run = order_row(type, "run");
      if (std::string(row.name) == "fail" && run) ending.emplace_back(*run, 1.0);
      return ending;
    }
    if (event.then) {
      const auto then = reader_.quantity(*event.then, event.key_path + ".then", row.unit,
                                         row.minimum, row.maximum);
      if (!then) return std::nullopt;
      return Ending{{index, *then}};
    }
    const bool fault = std::string(row.description).rfind("fault", 0) == 0;
    if (fault && row.minimum <= 0.0 && row.maximum >= 0.0) return Ending{{index, 0.0}};
    reader_.find(event.lasts->place, event.key_path + ".for",
                 std::string("what comes after is not clear: nothing takes '") + row.name +
                     "' back (add `then`, the value afterwards)");
    return std::nullopt;
  }

  void plan_expect(const ScenarioExpect& expect) {
    PlannedExpect out;
    out.from = start_;
    out.to = end_;
    plan_window(expect, out);
    if (expect.event) {
      plan_count(expect, out);
    } else if (!plan_signals(expect, out)) {
      return;
    }
    constexpr double all = std::numeric_limits<double>::max();
    const auto bound = [&](const std::optional<ConfigNode>& node, const char* key) {
      if (!node) return std::optional<double>();
      const auto value = reader_.quantity(*node, expect.key_path + "." + key, out.unit, -all, all);
      if (value) out.text += std::string(" ") + key + " " + format_quantity(*value, out.unit);
      return value;
    };
    out.above = bound(expect.above, "above");
    if (expect.above && expect.below) out.text += " and";
    out.below = bound(expect.below, "below");
    if (out.above && out.below && *out.above >= *out.below) {
      reader_.find(expect.place, expect.key_path,
                   "nothing is above and below these bounds (let `above` be less than `below`)");
    }
    if (!expect.during.empty()) {
      out.text += " during " + expect.during[0].text + " to " + expect.during[1].text;
    }
    plan_.expects.push_back(std::move(out));
  }

  void plan_window(const ScenarioExpect& expect, PlannedExpect& out) {
    if (expect.during.empty()) return;
    const std::string path = expect.key_path + ".during";
    const auto from = inside(expect.during[0], path, start_);
    if (!from) return;
    const auto to = inside(expect.during[1], path, *from);
    if (!to) return;
    if (*to < *from) {
      reader_.find(expect.during[1].place, path,
                   "the end is before the beginning (write the earlier instant first)");
      return;
    }
    out.from = *from;
    out.to = *to;
  }

  static void plan_count(const ScenarioExpect& expect, PlannedExpect& out) {
    const std::size_t colon = expect.event->text.find(": ");
    out.counts_events = true;
    out.path_pattern = expect.event->text.substr(0, colon);
    out.text_pattern = expect.event->text.substr(colon + 2);
    out.unit = "1";
    out.text = "events '" + expect.event->text + "'";
  }

  bool plan_signals(const ScenarioExpect& expect, PlannedExpect& out) {
    const std::string path = expect.key_path + ".signal";
    std::vector<RecordVariable> variables;
    std::string problem = "selects no quantity of this site";
    try {
      variables = plan_records(plant_, {expect.signal->text});
    } catch (const ConfigurationError& error) {
      problem = error.findings().front().message;
    }
    if (variables.empty()) {
      reader_.find(expect.signal->place, path, "'" + expect.signal->text + "' " + problem);
      return false;
    }
    for (const RecordVariable& variable : variables) {
      if (variable.unit != variables.front().unit) {
        reader_.find(expect.signal->place, path,
                     "'" + expect.signal->text + "' selects quantities of different units (" +
                         variables.front().quantity + " and " + variable.quantity + ")");
        return false;
      }
      for (const RecordColumn& column : variable.columns) {
        out.signals.push_back({plant_.units()[column.unit].path + "/" + variable.quantity,
                               column.is_state, column.index});
      }
    }
    out.statistic = expect.statistic;
    out.unit = variables.front().unit;
    if (out.statistic == Statistic::integral) out.unit = integral_unit(out.unit);
    out.text = std::string(statistic_names()[static_cast<std::size_t>(out.statistic)]) + " of " +
               expect.signal->text;
    return true;
  }

  static std::string integral_unit(const std::string& unit) {
    if (unit == "W") return "J";
    if (unit == "1") return "s";
    if (unit.size() > 2 && unit.ends_with("/s")) return unit.substr(0, unit.size() - 2);
    return unit + " s";
  }

  const Scenario& scenario_;
  const Plant& plant_;
  Time start_;
  Time end_;
  const TimeZone& zone_;
  ValueReader reader_;
  ScenarioPlan plan_;
};

}  // namespace

ScenarioPlan plan_scenario(const Scenario& scenario, const Plant& plant, Time start, Time end,
                           const TimeZone& zone) {
  return Planner(scenario, plant, start, end, zone).run();
}

void schedule(const ScenarioPlan& plan, Simulator& simulator) {
  for (const PlannedOrder& order : plan.orders) {
    simulator.schedule_order(order.at, order.unit, order.order, order.value);
  }
}

}  // namespace ampacity
