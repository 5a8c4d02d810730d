// SPDX-License-Identifier: Apache-2.0
// Temperatures from the die to the open air: racks, secondary loops, halls, facility water,
// outdoor.
#include <algorithm>
#include <cmath>

#include "app/report/sections.hpp"
#include "app/report/text.hpp"

namespace ampacity::report {

namespace {

// Charts of single loops and halls are drawn for at most this many.
constexpr std::size_t most_single = 5;

Trace celsius(Trace trace) { return scaled(std::move(trace), 1.0, kelvin_to_celsius); }

Chart celsius_chart(const char* id, const std::string& title) {
  Chart chart;
  chart.id = id;
  chart.title = title;
  chart.unit = "\u00b0C";
  chart.decimals = 1;
  chart.summary = Summary::highest;
  return chart;
}

std::string when(const Spread& spread, const ResultsReader& results, const RunFiles& run) {
  const Time at = results.start() + seconds(spread.highest_at_s);
  return number(spread.highest + kelvin_to_celsius, 1) + " \u00b0C at " +
         local_clock(at, run.zone, false).substr(0, 5);
}

// The hottest of all units at each instant, their median and their range, in degC.
void add_spread(Chart& chart, const Spread& spread, const std::string& hottest,
                const std::string& median, const std::string& all) {
  const auto line = [](const std::vector<float>& values) {
    return Trace{scaled(values, 1.0, kelvin_to_celsius), {}, {}, {}};
  };
  chart.lines.push_back({hottest, "t-warm", line(spread.high)});
  if (spread.units < 3) return;
  chart.lines.push_back({median, "t-middle", line(spread.median)});
  chart.range = Range{all, scaled(spread.low, 1.0, kelvin_to_celsius),
                      scaled(spread.high, 1.0, kelvin_to_celsius)};
}

float mean_of(const std::vector<float>& values) {
  double sum = 0.0;
  double count = 0.0;
  for (const float v : values) {
    if (std::isnan(v)) continue;
    sum += v;
    count += 1.0;
  }
  return count > 0.0 ? static_cast<float>(sum / count) : no_value;
}

Chart die_chart(const ResultsReader& results, const RunFiles& run, const std::string& component,
                const char* id, const std::string& kind) {
  Chart chart = celsius_chart(id, "Hottest part of a GPU, " + kind + " racks");
  const std::string variable = component + "_die_temperature";
  if (!results.has(variable)) return chart;
  const Spread spread = results.spread(variable);
  const std::string path = results.units(variable)[spread.highest_unit];
  chart.note = path + " was the hottest of " + std::to_string(spread.units) + ": " +
               when(spread, results, run);
  add_spread(chart, spread, "hottest rack", "median rack", "all racks");
  // Temperature plus its distance from slowdown is the slowdown temperature, at any instant.
  for (const auto& [quantity, name] :
       {std::pair{"_die_margin", "slowdown "}, std::pair{"_shutdown_margin", "shutdown "}}) {
    if (!results.has(component + quantity)) continue;
    const Trace margin = results.trace(component + quantity, spread.highest_unit);
    const double level =
        static_cast<double>(mean_of(spread.of_highest.mean)) + mean_of(margin.mean);
    if (std::isfinite(level)) {
      chart.levels.push_back({name + number(level + kelvin_to_celsius, 0) + " \u00b0C",
                              level + kelvin_to_celsius, true});
    }
  }
  return chart;
}

Chart secondary_chart(const ResultsReader& results, const RunFiles& run) {
  Chart chart = celsius_chart("secondary", "Coolant to and from the racks");
  const bool cdus = results.has("cdu_secondary_outlet_temperature");
  const std::string supply =
      cdus ? "cdu_secondary_outlet_temperature" : "island_supply_temperature";
  if (!results.has(supply)) return chart;
  const Spread spread = results.spread(supply);
  const std::string unit = cdus ? "CDU" : "loop";
  chart.note = results.units(supply)[spread.highest_unit] + " had the warmest supply of " +
               std::to_string(spread.units) + ": " + when(spread, results, run);
  add_spread(chart, spread, "supply, warmest " + unit, "supply, median " + unit,
             "all " + unit + " supplies");
  if (results.has("island_return_temperature")) {
    const Spread back = results.spread("island_return_temperature");
    chart.lines.push_back({"return, median loop",
                           "t-second",
                           {scaled(back.median, 1.0, kelvin_to_celsius), {}, {}, {}}});
  }
  if (results.has("island_supply_limit")) {
    // The nearest to be reached, where loops differ.
    const double limit_c =
        static_cast<double>(least(results.spread("island_supply_limit").low)) + kelvin_to_celsius;
    chart.levels.push_back({"alarm " + number(limit_c, 1) + " \u00b0C", limit_c, true});
  }
  if (results.has("island_set_point")) {
    const Spread aim = results.spread("island_set_point");
    const float low = least(aim.low);
    if (greatest(aim.high) - low < 0.2F) {
      chart.levels.push_back(
          {"set-point " + number(static_cast<double>(low) + kelvin_to_celsius, 1) + " \u00b0C",
           static_cast<double>(low) + kelvin_to_celsius, false});
    } else {
      chart.lines.push_back({"set-point, median",
                             "t-third",
                             {scaled(aim.median, 1.0, kelvin_to_celsius), {}, {}, {}}});
    }
  }
  return chart;
}

// Supply and return of each loop of facility water.
void add_loop_charts(const ResultsReader& results, std::vector<Chart>& charts) {
  if (!results.has("loop_supply_temperature") || !results.has("loop_return_temperature")) return;
  const auto paths = results.units("loop_supply_temperature");
  for (std::size_t i = 0; i < std::min(paths.size(), most_single); ++i) {
    Chart chart = celsius_chart("", "Water loop: " + paths[i]);
    chart.id = "loop-" + std::to_string(i);
    chart.height = 115;
    chart.lines.push_back(
        {"supply", "t-cold", celsius(results.trace("loop_supply_temperature", i))});
    chart.lines.push_back(
        {"return", "t-warm", celsius(results.trace("loop_return_temperature", i))});
    charts.push_back(std::move(chart));
  }
}

void add_hall_charts(const ResultsReader& results, std::vector<Chart>& charts) {
  if (!results.has("hall_cold_aisle_temperature")) return;
  const auto paths = results.units("hall_cold_aisle_temperature");
  for (std::size_t i = 0; i < std::min(paths.size(), most_single); ++i) {
    Chart chart = celsius_chart("", "Hall air: " + paths[i]);
    chart.id = "hall-" + std::to_string(i);
    chart.height = 115;
    chart.lines.push_back(
        {"cold aisle", "t-cold", celsius(results.trace("hall_cold_aisle_temperature", i))});
    if (results.has("hall_hot_aisle_temperature")) {
      chart.lines.push_back(
          {"hot aisle", "t-warm", celsius(results.trace("hall_hot_aisle_temperature", i))});
    }
    chart.levels.push_back({"27 \u00b0C, usual limit of the cold aisle", 27.0, false});
    charts.push_back(std::move(chart));
  }
}

Chart outdoor_chart(const ResultsReader& results) {
  Chart chart = celsius_chart("outdoor", "Outdoor air");
  chart.height = 115;
  const auto add = [&](const char* variable, const char* label, const char* tone) {
    if (!results.has(variable)) return;
    chart.lines.push_back({label, tone, celsius(results.trace(variable, 0))});
  };
  add("weather_dry_bulb", "dry bulb", "t-warm");
  add("weather_wet_bulb", "wet bulb", "t-cold");
  if (!chart.empty() && results.has("cooling_tower_leaving_temperature")) {
    chart.lines.push_back({"water that leaves the towers", "t-second",
                           celsius(results.trace("cooling_tower_leaving_temperature", 0))});
    chart.title = "Outdoor air and tower water";
  }
  return chart;
}

}  // namespace

Section temperature_section(const ResultsReader& results, const RunFiles& run) {
  Section out{"temperatures", "Temperatures", "", {}};
  out.charts.push_back(die_chart(results, run, "liquid_rack", "die-liquid", "liquid-cooled"));
  out.charts.push_back(die_chart(results, run, "air_rack", "die-air", "air-cooled"));
  out.charts.push_back(secondary_chart(results, run));
  add_hall_charts(results, out.charts);
  add_loop_charts(results, out.charts);
  out.charts.push_back(outdoor_chart(results));
  return out;
}

}  // namespace ampacity::report
