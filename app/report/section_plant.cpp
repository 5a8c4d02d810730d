// SPDX-License-Identifier: Apache-2.0
// The cooling plant at work: heat, machines that run, speeds, water. Sources and storage: battery,
// reactor, sun, transformers, UPS, voltage.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/report/sections.hpp"
#include "app/report/text.hpp"

namespace ampacity::report {

namespace {

constexpr std::array tones{"t-middle", "t-warm",   "t-third", "t-second",
                           "t-cold",   "t-it-air", "t-c1",    "t-dark"};
constexpr std::size_t most_lines = tones.size();

Chart plain_chart(const char* id, const char* title, const char* unit, int decimals) {
  Chart chart;
  chart.id = id;
  chart.title = title;
  chart.unit = unit;
  chart.decimals = decimals;
  chart.height = 110;
  chart.from_zero = true;
  return chart;
}

// A line per unit, as long as there are tones for them.
void add_units(Chart& chart, const ResultsReader& results, const char* variable,
               const std::string& label, double factor, bool stepped) {
  if (!results.has(variable)) return;
  const auto paths = results.units(variable);
  for (std::size_t i = 0; i < paths.size() && chart.lines.size() < most_lines; ++i) {
    const std::string name = label.empty() ? short_name(paths[i]) : label;
    chart.lines.push_back({paths.size() > 1 && !label.empty() ? short_name(paths[i]) : name,
                           tones[chart.lines.size()], scaled(results.trace(variable, i), factor),
                           stepped});
  }
}

// Mean over all units.
void add_mean(Chart& chart, const ResultsReader& results, const char* variable,
              const std::string& label, double factor) {
  if (!results.has(variable) || chart.lines.size() >= most_lines) return;
  const double units = static_cast<double>(results.units(variable).size());
  chart.lines.push_back({label, tones[chart.lines.size()],
                         scaled(results.reduced(results.total(variable)), factor / units)});
}

Chart heat_chart(const ResultsReader& results) {
  Chart chart = plain_chart("heat-rejected", "Heat to the open air", "MW", 2);
  if (results.has("smr_power")) {
    chart.note = "condenser heat of a reactor's turbine is not part of it";
  }
  chart.height = 130;
  const auto add = [&](const char* variable, const char* label, const char* tone) {
    if (!results.has(variable)) return;
    chart.layers.push_back(
        {label, tone, scaled(results.reduced(results.total(variable)).mean, 1e-6)});
  };
  add("cooling_tower_heat_rejected", "cooling towers", "t-c4");
  add("dry_cooler_heat_rejected", "dry coolers", "t-c6");
  add("heat_sink_heat_rejected", "fixed sink", "t-c2");
  return chart;
}

// Chillers that take power, at every sample.
std::vector<double> running_chillers(const ResultsReader& results) {
  constexpr double least_w = 1000.0;
  std::vector<double> sum(results.sample_count(), 0.0);
  for (std::size_t unit = 0; unit < results.units("chiller_power").size(); ++unit) {
    const std::vector<double> power_w = results.samples("chiller_power", unit);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += power_w[k] > least_w ? 1.0 : 0.0;
  }
  return sum;
}

Chart running_chart(const ResultsReader& results) {
  Chart chart = plain_chart("running", "Machines that run", "", 0);
  chart.summary = Summary::highest;
  if (results.has("chiller_power")) {
    chart.lines.push_back({"chillers", tones[0], results.reduced(running_chillers(results)), true});
  }
  add_units(chart, results, "cooling_tower_cells", "tower cells", 1.0, true);
  add_units(chart, results, "dry_cooler_units", "dry coolers", 1.0, true);
  add_units(chart, results, "pump_group_running", "", 1.0, true);
  return chart;
}

Chart speed_chart(const ResultsReader& results) {
  Chart chart = plain_chart("speeds", "Speed and stroke", "%", 0);
  chart.top = 100.0;
  add_units(chart, results, "cooling_tower_fan_speed", "tower fans", 100.0, false);
  add_units(chart, results, "dry_cooler_fan_speed", "dry-cooler fans", 100.0, false);
  add_mean(chart, results, "crah_fan_speed", "room air handlers, average", 100.0);
  add_mean(chart, results, "cdu_valve_position", "CDU valves, average", 100.0);
  add_units(chart, results, "pump_group_speed_command", "", 100.0, false);
  return chart;
}

Chart water_chart(const ResultsReader& results) {
  Chart chart = plain_chart("make-up", "Make-up water", "m\u00b3/h", 1);
  const auto add = [&](const char* variable, const char* label, const char* tone) {
    if (!results.has(variable)) return;
    chart.lines.push_back({label, tone, scaled(results.reduced(results.total(variable)), 3.6)});
  };
  add("cooling_tower_make_up", "cooling towers", "t-cold");
  add("smr_make_up", "tower of the reactor's turbine (not in L/kWh)", "t-warm");
  return chart;
}

void add_battery(const ResultsReader& results, std::vector<Chart>& charts) {
  if (results.has("battery_power")) {
    Trace power = scaled(results.reduced(results.total("battery_power")), -1.0);
    const PowerUnit unit =
        power_unit(std::max(std::abs(greatest(power.high)), std::abs(least(power.low))));
    Chart chart = plain_chart("battery-power", "Battery power", unit.name, unit.decimals);
    chart.note = "above zero it discharges";
    chart.lines.push_back({"to the site", "t-battery", scaled(std::move(power), 1.0 / unit.watt)});
    charts.push_back(std::move(chart));
  }
  if (results.has("battery_charge")) {
    Chart chart = plain_chart("battery-charge", "Battery charge", "%", 1);
    chart.top = 100.0;
    chart.summary = Summary::lowest;
    add_units(chart, results, "battery_charge", "state of charge", 100.0, false);
    charts.push_back(std::move(chart));
  }
}

void add_reactor(const ResultsReader& results, std::vector<Chart>& charts) {
  if (results.has("smr_power")) {
    const PowerUnit unit = power_unit(greatest(results.spread("smr_power").high));
    Chart chart =
        plain_chart("reactor-power", "Reactor: electricity to the site", unit.name, unit.decimals);
    add_units(chart, results, "smr_power", "net power", 1.0 / unit.watt, false);
    charts.push_back(std::move(chart));
  }
  Chart inner = plain_chart("reactor-core", "Reactor core", "%", 1);
  inner.from_zero = false;
  inner.note = "xenon: 100 % is its equilibrium at full power";
  add_units(inner, results, "smr_neutron_level", "neutron level", 100.0, false);
  add_units(inner, results, "smr_xenon", "xenon-135", 100.0, false);
  add_units(inner, results, "smr_accepted_load", "accepted load", 100.0, false);
  if (!inner.empty() && results.units("smr_power").size() < 2) charts.push_back(std::move(inner));
  if (results.units("smr_power").size() >= 2 && results.has("smr_xenon")) {
    Chart xenon = plain_chart("reactor-xenon", "Reactor: xenon-135", "%", 1);
    xenon.from_zero = false;
    xenon.note = inner.note;
    add_units(xenon, results, "smr_xenon", "", 100.0, false);
    charts.push_back(std::move(xenon));
  }
}

Chart solar_chart(const ResultsReader& results) {
  Chart chart = plain_chart("solar", "Solar power", "MW", 2);
  if (!results.has("pv_power")) return chart;
  const std::vector<double> given = results.total("pv_power");
  const Trace trace = results.reduced(given);
  const PowerUnit unit = power_unit(greatest(trace.high));
  chart.unit = unit.name;
  chart.decimals = unit.decimals;
  chart.layers.push_back({"delivered", "t-solar", scaled(trace.mean, 1.0 / unit.watt)});
  if (results.has("pv_curtailed_power")) {
    auto lost = results.reduced(results.total("pv_curtailed_power")).mean;
    if (greatest(lost) > 0.01F * greatest(trace.high)) {
      chart.layers.push_back({"curtailed", "t-loss", scaled(std::move(lost), 1.0 / unit.watt)});
    }
  }
  return chart;
}

Chart loading_chart(const ResultsReader& results) {
  Chart chart = plain_chart("loading", "Loading of transformers and UPS", "%", 0);
  chart.summary = Summary::highest;
  chart.top = 100.0;
  add_units(chart, results, "transformer_load_factor", "", 100.0, false);
  add_units(chart, results, "ups_load_factor", "", 100.0, false);
  if (!chart.empty()) chart.levels.push_back({"rating", 100.0, true});
  return chart;
}

Chart hot_spot_chart(const ResultsReader& results) {
  Chart chart = plain_chart("hot-spot", "Transformer hot spot", "\u00b0C", 1);
  chart.from_zero = false;
  chart.summary = Summary::highest;
  if (!results.has("transformer_hot_spot_temperature")) return chart;
  const auto paths = results.units("transformer_hot_spot_temperature");
  for (std::size_t i = 0; i < std::min(paths.size(), most_lines); ++i) {
    chart.lines.push_back(
        {short_name(paths[i]), tones[i],
         scaled(results.trace("transformer_hot_spot_temperature", i), 1.0, kelvin_to_celsius)});
  }
  return chart;
}

// Voltage is drawn only where it was disturbed: the grid's and that of the bus that fell lowest.
Chart voltage_chart(const ResultsReader& results) {
  constexpr float disturbed = 0.95F;
  Chart chart = plain_chart("voltage", "Voltage", "pu", 2);
  chart.from_zero = true;
  chart.summary = Summary::lowest;
  const auto add_lowest = [&](const char* variable, const std::string& label, const char* tone) {
    if (!results.has(variable)) return;
    const auto paths = results.units(variable);
    Trace lowest;
    std::string name;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      Trace trace = results.trace(variable, i);
      if (lowest.low.empty() || least(trace.low) < least(lowest.low)) {
        lowest = std::move(trace);
        name = short_name(paths[i]);
      }
    }
    chart.lines.push_back({label + name, tone, std::move(lowest)});
  };
  add_lowest("grid_voltage", "grid: ", "t-dark");
  add_lowest("bus_voltage", "lowest bus: ", "t-warm");
  const bool dipped = std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) {
    return least(line.trace.low) < disturbed;
  });
  if (!dipped) chart.lines.clear();
  return chart;
}

Chart ups_chart(const ResultsReader& results) {
  Chart chart = plain_chart("ups-charge", "UPS batteries: charge left", "%", 1);
  chart.summary = Summary::lowest;
  chart.top = 100.0;
  if (!results.has("ups_charge_left")) return chart;
  add_units(chart, results, "ups_charge_left", "", 100.0, false);
  const bool used = std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) {
    return greatest(line.trace.high) - least(line.trace.low) > 0.5F;
  });
  if (!used) chart.lines.clear();
  return chart;
}

}  // namespace

Section cooling_section(const ResultsReader& results, const RunFiles&) {
  Section out{"cooling", "Cooling plant", "", {}};
  out.charts.push_back(heat_chart(results));
  out.charts.push_back(running_chart(results));
  out.charts.push_back(speed_chart(results));
  out.charts.push_back(water_chart(results));
  return out;
}

Section supply_section(const ResultsReader& results, const RunFiles&) {
  Section out{"supply", "Sources, storage and feeders", "", {}};
  out.charts.push_back(voltage_chart(results));
  add_battery(results, out.charts);
  add_reactor(results, out.charts);
  out.charts.push_back(solar_chart(results));
  out.charts.push_back(ups_chart(results));
  out.charts.push_back(loading_chart(results));
  out.charts.push_back(hot_spot_chart(results));
  return out;
}

}  // namespace ampacity::report
