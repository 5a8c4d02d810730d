// SPDX-License-Identifier: Apache-2.0
// What a reader wants first: how the run ended, the key figures with their meaning, what happened.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/report/axis.hpp"
#include "app/report/sections.hpp"
#include "app/report/text.hpp"
#include "twin/core/text.hpp"
#include "twin/sim/run_directory.hpp"

namespace ampacity::report {

namespace {

std::string tile(const std::string& name, const std::string& value, const std::string& unit,
                 const std::string& what, bool bad = false) {
  return std::string("<div class=\"tile") + (bad ? " bad" : "") + "\"><p class=\"name\">" +
         escape(name) + "</p><p class=\"value\">" + value + "<small>" + escape(unit) +
         "</small></p><p class=\"what\">" + escape(what) + "</p></div>";
}

// A figure of kpi.json with its meaning. `alarm`: a value above 0 is abnormal.
struct Figure {
  const char* key;
  const char* name;
  const char* unit;
  int digits;
  bool alarm;
  const char* what;
};

constexpr std::array figures{
    Figure{"pue", "PUE", "", 4, false, "all electricity of the facility over that of the racks"},
    Figure{"it_energy_mwh", "Energy of the racks", "MWh", 4, false,
           "electricity drawn by all racks"},
    Figure{"facility_energy_mwh", "Energy of the facility", "MWh", 4, false,
           "racks, cooling, losses and what batteries lost"},
    Figure{"grid_energy_mwh", "Energy from the grid", "MWh", 4, false, "imported less exported"},
    Figure{"peak_grid_mw_15min", "Peak demand", "MW", 4, false,
           "highest mean import of a 15-minute window"},
    Figure{"max_ramp_mw_per_min", "Largest ramp", "MW/min", 3, false,
           "largest swing of the import within any minute"},
    Figure{"min_power_headroom_mw", "Least power headroom", "MW", 3, false,
           "contract less import, at its smallest"},
    Figure{"min_cooling_headroom_mw", "Least cooling headroom", "MW", 3, false,
           "what the chillers could take more, at its smallest"},
    Figure{"wue_l_per_kwh", "Water", "L/kWh", 3, false, "make-up water per kWh of the racks"},
    Figure{"cost", "Energy cost", "", 4, false, "imported energy at its price, no demand charge"},
    Figure{"carbon_location_t", "Carbon", "t", 4, false, "imported energy at the grid's intensity"},
    Figure{"gpu_hours_served", "GPU-hours served", "h", 5, false,
           "weighted by throughput, lost work taken off"},
    Figure{"gpu_hours_lost", "GPU-hours lost", "h", 4, false, "capped, paused, rolled back"},
    Figure{"battery_equivalent_full_cycles", "Battery cycles", "", 3, false,
           "equivalent full cycles"},
    Figure{"over_temperature_k_min", "Time over slowdown", "K min", 3, true,
           "dies beyond slowdown, depth times time, all racks"},
    Figure{"over_limit_kw_s", "Over the contract", "kW s", 3, true,
           "import above the contract, depth times time"},
};

std::string figure_tile(const Figure& figure, double value, const RunFiles& run) {
  std::string unit = figure.unit;
  if (std::string(figure.key) == "cost") unit = run.text("currency");
  const bool negative_headroom = value < 0.0 && std::string(figure.key).starts_with("min_");
  return tile(figure.name, significant(value, figure.digits), unit, figure.what,
              (figure.alarm && value > 0.0) || negative_headroom);
}

// The smallest distance of any die from slowdown.
std::string margin_tile(const ResultsReader& results) {
  double least_k = std::numeric_limits<double>::infinity();
  for (const char* variable : {"liquid_rack_die_margin", "air_rack_die_margin"}) {
    if (!results.has(variable)) continue;
    const Spread spread = results.spread(variable);
    const float low = least(spread.low);
    if (!std::isnan(low)) least_k = std::min(least_k, static_cast<double>(low));
  }
  if (!std::isfinite(least_k)) return {};
  return tile("Least die margin", number(least_k, 1), "K",
              "distance of the hottest GPU from slowdown, at its smallest", least_k < 0.0);
}

std::size_t count_of(const RunFiles& run, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(run.events.begin(), run.events.end(),
                    [severity](const Event& event) { return event.severity == severity; }));
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::size_t broken_clauses(const RunFiles& run) {
  const auto clauses = run.manifest.find("expect");
  if (clauses == run.manifest.end() || !clauses->is_array()) return 0;
  return static_cast<std::size_t>(std::count_if(
      clauses->begin(), clauses->end(),
      [](const nlohmann::ordered_json& clause) { return !clause.value("passed", false); }));
}

// " The first at 14:00:00: chiller-1, dropped out."
std::string first_of(const RunFiles& run, Severity severity) {
  const auto found =
      std::find_if(run.events.begin(), run.events.end(),
                   [severity](const Event& event) { return event.severity == severity; });
  if (found == run.events.end()) return {};
  return " The first at " + local_clock(found->at, run.zone, false).substr(0, 8) + ": " +
         escape(found->path) + ", " + escape(found->text) + ".";
}

std::string event_row(const EventGroup& group, const TimeZone& zone, bool with_date) {
  constexpr std::size_t most_paths = 3;
  std::string paths;
  for (std::size_t i = 0; i < std::min(most_paths, group.paths.size()); ++i) {
    paths += (i > 0 ? ", " : "") + group.paths[i];
  }
  if (group.paths.size() > most_paths) {
    paths += " and " + std::to_string(group.paths.size() - most_paths) + " more";
  }
  const char* severity = severity_name(group.first.severity);
  return "<tr><td>" + local_clock(group.first.at, zone, with_date) + "</td><td class=\"sev " +
         severity + "\">" + severity + "</td><td>" + escape(group.first.text) +
         "</td><td class=\"path\">" + escape(paths) + "</td></tr>\n";
}

std::string event_rows(const std::vector<const EventGroup*>& groups, std::size_t most,
                       const RunFiles& run, bool with_date) {
  std::string out =
      "<table><thead><tr><th>local time</th><th>severity</th><th>what</th><th>where</th></tr>"
      "</thead><tbody>";
  for (std::size_t i = 0; i < std::min(most, groups.size()); ++i) {
    out += event_row(*groups[i], run.zone, with_date);
  }
  out += "</tbody></table>";
  if (groups.size() > most) {
    out += "<p class=\"plain\">and " + std::to_string(groups.size() - most) +
           " more, see events.csv</p>";
  }
  return out;
}

}  // namespace

std::vector<float> scaled(std::vector<float> values, double factor, double offset) {
  for (float& v : values) v = static_cast<float>(v * factor + offset);
  return values;
}

Trace scaled(Trace trace, double factor, double offset) {
  trace.mean = scaled(std::move(trace.mean), factor, offset);
  trace.low = scaled(std::move(trace.low), factor, offset);
  trace.high = scaled(std::move(trace.high), factor, offset);
  if (factor < 0.0) {
    std::swap(trace.low, trace.high);
    for (auto& first : trace.low_first) first = first == 0 ? 1 : 0;
  }
  return trace;
}

std::string short_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string verdict(const RunFiles& run) {
  const std::string status = run.text("status");
  if (status == "unfinished") {
    return "<p class=\"verdict note\">This run is <b>unfinished</b>: it still goes on, or it was "
           "stopped. What follows is what it left.</p>";
  }
  const std::size_t trips = count_of(run, Severity::trip);
  const std::size_t limits = count_of(run, Severity::limit);
  const std::size_t warnings = count_of(run, Severity::warning);
  const bool failed = status == "failed";
  const bool too_hot = run.figure("over_temperature_k_min").value_or(0.0) > 0.0;
  const bool too_much = run.figure("over_limit_kw_s").value_or(0.0) > 0.0;
  const std::size_t broken = broken_clauses(run);
  std::string text;
  if (failed) text += "The run <b>failed</b>: " + escape(run.text("message")) + ". ";
  if (broken > 0) {
    text += counted(broken, "expectation", "expectations") + " of the scenario not met. ";
  }
  if (trips == 0 && limits == 0) {
    text += "Nothing tripped and no limit was reached.";
  } else {
    text += trips == 0 ? "Nothing tripped." : counted(trips, "trip", "trips") + ".";
    text += trips > 0 ? first_of(run, Severity::trip) : "";
    if (limits > 0) text += " " + counted(limits, "limit event", "limit events") + ".";
    text += trips == 0 ? first_of(run, Severity::limit) : "";
  }
  if (warnings > 0) text += " " + counted(warnings, "warning", "warnings") + ".";
  if (too_hot) text += " Dies were beyond slowdown.";
  if (too_much) text += " The import was above the contract.";
  const bool bad = failed || trips > 0 || too_hot || too_much || broken > 0;
  const char* tone = bad ? " bad" : limits > 0 ? " note" : "";
  return std::string("<p class=\"verdict") + tone + "\">" + text + "</p>";
}

std::string tiles(const RunFiles& run, const ResultsReader* results) {
  std::string out;
  for (const Figure& figure : figures) {
    const auto value = run.figure(figure.key);
    if (value) out += figure_tile(figure, *value, run);
    if (results != nullptr && std::string(figure.key) == "min_power_headroom_mw") {
      out += margin_tile(*results);
    }
  }
  if (const auto trips = run.figure("trips")) {
    out += tile("Trips", number(*trips, 0), "", "protective shutdowns of any machine", *trips > 0);
  }
  if (const auto error = run.figure("energy_balance_relative_error")) {
    out += tile("Energy balance", escape(format_number(*error, 2)), "",
                "what entered less what left and what is stored, over what entered", *error > 1e-6);
  }
  return out.empty() ? "" : "<div class=\"tiles\">" + out + "</div>";
}

std::string expect_table(const RunFiles& run) {
  const auto clauses = run.manifest.find("expect");
  if (clauses == run.manifest.end() || !clauses->is_array() || clauses->empty()) return {};
  std::string out = "<div class=\"card\"><table><tbody>";
  for (const auto& clause : *clauses) {
    out += std::string("<tr><td class=\"sev ") +
           (clause.value("passed", false) ? "information\">met" : "trip\">not met") + "</td><td>" +
           escape(clause.value("text", std::string())) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>";
}

std::string event_table(const RunFiles& run) {
  const std::vector<EventGroup> groups = group_events(run.events);
  std::vector<const EventGroup*> notable;
  std::vector<const EventGroup*> others;
  std::size_t jobs = 0;
  for (const EventGroup& group : groups) {
    if (group.first.severity != Severity::information) {
      notable.push_back(&group);
    } else if (is_about_jobs(group.first)) {
      jobs += group.count;
    } else {
      others.push_back(&group);
    }
  }
  const bool with_date =
      !run.events.empty() && run.events.back().at - run.events.front().at > hours(24);
  std::string out;
  if (!notable.empty()) {
    out += "<div class=\"card\">" + event_rows(notable, 120, run, with_date) + "</div>";
  }
  if (!others.empty()) {
    out += "<details><summary>" + counted(others.size(), "message", "messages") +
           " of information: control actions, orders, recoveries</summary><div class=\"card\">" +
           event_rows(others, 300, run, with_date) + "</div></details>";
  }
  if (jobs > 0) {
    out += "<p class=\"plain\">" + counted(jobs, "message", "messages") +
           " about jobs that were submitted, started and ended are in events.csv.</p>";
  }
  return out;
}

}  // namespace ampacity::report
