// SPDX-License-Identifier: Apache-2.0
// The books: where energy came from, where it went, what electricity was used for, and about the
// run itself. The energy tables show the ledger of the manifest, whose lines are integrals that the
// engine carried along; the sums are those of the lines, and the difference is printed, not hidden.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "app/report/sections.hpp"
#include "app/report/text.hpp"
#include "twin/core/text.hpp"

namespace ampacity::report {

namespace {

constexpr double joules_per_mwh = 3.6e9;

struct Row {
  std::string account;
  std::string component;
  double mwh = 0.0;
};

std::vector<Row> ledger_rows(const RunFiles& run) {
  std::vector<Row> out;
  const auto balance = run.manifest.find("energy_balance");
  if (balance == run.manifest.end() || !balance->is_object()) return out;
  for (const auto& line : balance->value("lines", nlohmann::ordered_json::array())) {
    out.push_back({line.value("account", ""), line.value("component", ""),
                   line.value("total", 0.0) / joules_per_mwh});
  }
  return out;
}

std::string readable(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

constexpr std::array labels{std::pair{"liquid_rack", "liquid-cooled racks"},
                            std::pair{"air_rack", "air-cooled racks"},
                            std::pair{"cdu", "coolant distribution units"},
                            std::pair{"pump_group", "pumps"},
                            std::pair{"crah", "room air handlers"},
                            std::pair{"cooling_tower", "cooling towers"},
                            std::pair{"dry_cooler", "dry coolers"},
                            std::pair{"chiller", "chillers"},
                            std::pair{"heat_sink", "heat sink"},
                            std::pair{"transformer", "transformers"},
                            std::pair{"ups", "UPS"},
                            std::pair{"battery", "batteries"},
                            std::pair{"loop", "water loops"},
                            std::pair{"island", "secondary loops"},
                            std::pair{"hall", "halls"},
                            std::pair{"tank", "tanks"},
                            std::pair{"pipe", "pipes"},
                            std::pair{"pv", "solar field"},
                            std::pair{"smr", "reactor"},
                            std::pair{"grid", "grid"}};

std::string table_row(const std::string& label, double mwh, const char* classes = "") {
  return std::string("<tr class=\"") + classes + "\"><td>" + escape(label) +
         "</td><td class=\"n\">" + number(mwh, 3) + "</td></tr>\n";
}

std::string heading(const std::string& text) {
  return "<tr class=\"gap\"><td colspan=\"2\">" + text + "</td></tr>\n";
}

// What a border account is called, by its name in the manifest.
std::string entry_label(const Row& row) {
  const std::string component = component_label(row.component);
  if (row.account == "enters_grid") return "electricity from the " + component;
  if (row.account == "enters_solar") return "electricity out of sunlight";
  if (row.account == "enters_fission") return "heat of fission and decay";
  if (row.account == "leaves_water") return component + ": heat to the air and water";
  if (row.account == "leaves_turbine") return component + ": condenser heat";
  return component + ": heat to outdoor air and plant rooms";
}

std::string rows_of(const std::vector<Row>& rows, const std::string& prefix, double& sum) {
  std::string out;
  for (const Row& row : rows) {
    if (!row.account.starts_with(prefix)) continue;
    sum += row.mwh;
    out += table_row(entry_label(row), row.mwh);
  }
  return out;
}

std::string balance_table(const RunFiles& run, const std::vector<Row>& rows) {
  const auto& balance = run.manifest["energy_balance"];
  double entered = 0.0;
  double left = 0.0;
  double stored = 0.0;
  std::string out =
      "<div class=\"card\"><h3>Energy over the border of the site</h3><table>"
      "<thead><tr><th></th><th class=\"n\">MWh</th></tr></thead><tbody>";
  out += heading("entered") + rows_of(rows, "enters_", entered);
  out += table_row("entered, sum", entered, "sum");
  out += heading("left") + rows_of(rows, "leaves_", left);
  out += table_row("left, sum", left, "sum") + heading("stored, at the end more than at the start");
  for (const auto& line : balance.value("stored", nlohmann::ordered_json::array())) {
    const double mwh = line.value("change_j", 0.0) / joules_per_mwh;
    stored += mwh;
    if (std::abs(mwh) >= 0.0005)
      out += table_row(component_label(line.value("component", "")), mwh);
  }
  out += table_row("stored, sum", stored, "sum");
  const double gap = entered - left - stored;
  out += "<tr class=\"sum\"><td>entered \u2212 left \u2212 stored</td><td class=\"n\">" +
         escape(format_number(gap, 2)) +
         "</td></tr><tr><td>relative to the larger of entered and left</td>"
         "<td class=\"n\">" +
         escape(format_number(balance.value("relative_error", 0.0), 2)) +
         "</td></tr></tbody></table></div>";
  return out;
}

// Electricity has its own books inside the site: what sources gave is what users, losses and
// storage took.
std::string source_table(const std::vector<Row>& rows) {
  double given = 0.0;
  double used = 0.0;
  std::string lines;
  for (const Row& row : rows) {
    const bool source = row.account == "enters_grid" || row.account == "enters_solar" ||
                        row.account == "source_generator";
    if (row.account.starts_with("use_")) used += row.mwh;
    if (!source) continue;
    given += row.mwh;
    lines += table_row(component_label(row.component), row.mwh);
  }
  if (lines.empty()) return {};
  return "<div class=\"card\"><h3>Where electricity came from</h3><table><thead><tr><th></th>"
         "<th class=\"n\">MWh</th></tr></thead><tbody>" +
         lines + table_row("sum", given, "sum") +
         table_row("used and stored, as listed below", used) + "</tbody></table></div>";
}

std::string use_table(const std::vector<Row>& rows) {
  double most = 0.0;
  double it = 0.0;
  for (const Row& row : rows) {
    if (!row.account.starts_with("use_")) continue;
    most = std::max(most, std::abs(row.mwh));
    if (row.account == "use_it") it += row.mwh;
  }
  if (most <= 0.0) return {};
  std::string out =
      "<div class=\"card\"><h3>What electricity was used for</h3><table><thead><tr><th></th>"
      "<th class=\"n\">MWh</th><th class=\"n\">of racks</th><th></th></tr></thead><tbody>";
  for (const char* account : {"use_it", "use_cooling", "use_loss", "use_other", "use_storage"}) {
    const char* tone = account == std::string("use_it")        ? "t-it"
                       : account == std::string("use_cooling") ? "t-cool"
                       : account == std::string("use_storage") ? "t-battery"
                                                               : "t-loss";
    for (const Row& row : rows) {
      if (row.account != account) continue;
      const std::string suffix = account == std::string("use_loss")      ? ", losses"
                                 : account == std::string("use_storage") ? ", net into storage"
                                                                         : "";
      const double width = 110.0 * std::max(0.0, row.mwh) / most;
      out += "<tr><td>" + escape(component_label(row.component) + suffix) +
             "</td><td class=\"n\">" + number(row.mwh, 3) + "</td><td class=\"n\">" +
             (it > 0.0 ? number(100.0 * row.mwh / it, 2) + " %" : "") +
             "</td><td><span class=\"bar " + tone +
             "\" style=\"width:" + std::to_string(std::lround(width)) + "px\"></span></td></tr>\n";
    }
  }
  return out + "</tbody></table></div>";
}

std::string fact(const std::string& name, const std::string& value) {
  if (value.empty()) return {};
  return "<tr><td>" + escape(name) + "</td><td>" + escape(value) + "</td></tr>\n";
}

std::string number_of(const RunFiles& run, const char* key, int digits, const char* unit) {
  const auto found = run.manifest.find(key);
  if (found == run.manifest.end() || !found->is_number()) return {};
  return significant(found->get<double>(), digits) + unit;
}

std::string facts_table(const RunFiles& run) {
  std::string out = "<div class=\"card\"><h3>The run</h3><table><tbody>";
  out += fact("status",
              run.text("status") + (run.text("message").empty() ? "" : ": " + run.text("message")));
  out += fact("site", run.text("site")) + fact("scenario", run.text("scenario"));
  out += fact("seed", number_of(run, "seed", 20, ""));
  out += fact("program", "ampacity " + run.text("version") + ", " + run.text("compiler"));
  out += fact("engine",
              run.text("engine") +
                  (run.text("sundials").empty() ? "" : ", SUNDIALS " + run.text("sundials")));
  out += fact("started", run.text("started")) + fact("ended", run.text("ended"));
  out += fact("host", run.text("host")) + fact("processor", run.text("processor"));
  out += fact("wall time", number_of(run, "wall_s", 3, " s"));
  out += fact("speed", number_of(run, "sim_speed", 3, " times real time"));
  out += fact("memory", number_of(run, "peak_rss_mb", 3, " MB"));
  const auto solver = run.manifest.find("solver");
  if (solver != run.manifest.end() && solver->is_object()) {
    for (const auto& [key, value] : solver->items()) {
      out += fact("solver, " + readable(key), value.dump());
    }
  }
  return out + "</tbody></table></div>";
}

std::string list_of(const RunFiles& run, const char* key) {
  std::string out;
  const auto found = run.manifest.find(key);
  if (found == run.manifest.end() || !found->is_array()) return out;
  for (const auto& item : *found) {
    if (item.is_string()) out += "<li>" + escape(item.get<std::string>()) + "</li>\n";
  }
  return out;
}

}  // namespace

std::string component_label(const std::string& component) {
  for (const auto& [name, label] : labels) {
    if (component == name) return label;
  }
  return readable(component);
}

std::string energy_tables(const RunFiles& run) {
  const std::vector<Row> rows = ledger_rows(run);
  if (rows.empty()) return {};
  return "<div class=\"two\">" + balance_table(run, rows) + "<div>" + source_table(rows) +
         use_table(rows) + "</div></div>";
}

std::string about(const RunFiles& run) {
  std::string out;
  std::string notices = list_of(run, "notices");
  for (const std::string& text : run.missing) notices += "<li>" + escape(text) + "</li>\n";
  if (!notices.empty()) {
    out +=
        "<h2 id=\"notices\">Assumptions and notices</h2><ul class=\"plain\">" + notices + "</ul>";
  }
  out += "<h2 id=\"about\">Configuration and run</h2>";
  const std::string set = list_of(run, "set");
  if (!set.empty()) {
    out += "<p>Changed on the command line:</p><ul class=\"plain\">" + set + "</ul>";
  }
  if (!run.text("configuration").empty()) {
    out += "<details><summary>The site as it was run: all files merged</summary><pre>" +
           escape(run.text("configuration")) + "</pre></details>";
  }
  return out + facts_table(run);
}

}  // namespace ampacity::report
