// SPDX-License-Identifier: Apache-2.0
#include "app/report/html.hpp"

#include <fstream>
#include <memory>
#include <stdexcept>

#include "app/report/axis.hpp"
#include "app/report/script.hpp"
#include "app/report/sections.hpp"
#include "app/report/style.hpp"
#include "app/report/text.hpp"

namespace ampacity {

namespace report {

namespace {

namespace fs = std::filesystem;

// The results, or nothing where a run has none or was killed while it wrote them.
std::unique_ptr<ResultsReader> open_results(const fs::path& directory, RunFiles& run) {
  const fs::path path = directory / "results.nc";
  if (!fs::exists(path)) {
    run.missing.emplace_back("results.nc: the run recorded no quantities");
    return nullptr;
  }
  try {
    auto results = std::make_unique<ResultsReader>(path);
    if (results->sample_count() > 1) return results;
    run.missing.emplace_back("results.nc: holds no samples yet");
  } catch (const std::runtime_error& error) {
    run.missing.emplace_back(std::string(error.what()) + " (charts are left out)");
  }
  return nullptr;
}

std::string period(const RunFiles& run) {
  const Result<Time> start = parse_time(run.text("simulated_start"));
  const Result<Time> end = parse_time(run.text("simulated_end"));
  if (!start || !end) return {};
  std::string out = local_clock(start.value(), run.zone, true).substr(0, 16) + " to " +
                    local_clock(end.value(), run.zone, true).substr(0, 16);
  if (!run.zone.name().empty()) out += ", " + run.zone.name();
  return out + " \u00b7 " + format_duration(end.value() - start.value());
}

std::string head(const RunFiles& run, const std::string& title) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
         escape(title) + " \u00b7 " + escape(run.text("simulated_start").substr(0, 10)) +
         "</title><style>" + style + "</style></head>\n<body>\n";
}

struct Page {
  std::string links;
  std::string body;
  std::string data = "{";  // members of "charts" for the script

  void link(const std::string& id, const std::string& title) {
    links += "<a href=\"#" + id + "\">" + title + "</a>";
  }
};

void add_section(Page& page, const Section& section, const Frame& frame) {
  std::string charts;
  for (const Chart& chart : section.charts) {
    if (!chart.empty()) charts += draw(chart, frame, page.data);
  }
  if (charts.empty()) return;
  page.link(section.id, section.title);
  page.body += "<h2 id=\"" + section.id + "\">" + section.title + "</h2>" +
               (section.intro.empty() ? "" : "<p>" + section.intro + "</p>") + charts;
}

void add_expects(Page& page, const RunFiles& run) {
  const std::string table = expect_table(run);
  if (table.empty()) return;
  page.link("expected", "Expected");
  page.body += "<h2 id=\"expected\">What was expected</h2>" + table;
}

void add_events(Page& page, const RunFiles& run, const Frame* frame, Time start) {
  if (run.events.empty()) return;
  page.link("events", "Events");
  page.body += "<h2 id=\"events\">What happened</h2>";
  const std::string timeline = frame == nullptr ? std::string() : draw_timeline(run, *frame, start);
  if (!timeline.empty()) page.body += "<div class=\"chart\">" + timeline + "</div>";
  page.body += event_table(run);
}

std::string labels_json(const std::vector<std::string>& labels) {
  nlohmann::json out = labels;
  return out.dump();
}

std::string script_block(const Page& page, const Frame& frame, Time start, const RunFiles& run) {
  return "<script type=\"application/json\" id=\"data\">{\"left\":" + number(plot_left, 0) +
         ",\"right\":" + number(plot_right, 0) + ",\"width\":" + number(chart_width, 0) +
         ",\"labels\":" + labels_json(column_labels(frame, start, run.zone)) +
         ",\"charts\":" + page.data + "}}</script>\n<script>" + script + "</script>\n";
}

std::string page_text(RunFiles& run, const ResultsReader* results) {
  const std::string title = run.text("title").empty() ? run.text("site") : run.text("title");
  Page page;
  std::string scripts;
  if (results != nullptr) {
    const Frame frame = make_frame(results->columns(), results->start(), run);
    add_expects(page, run);
    add_events(page, run, &frame, results->start());
    add_section(page, power_section(*results, run), frame);
    add_section(page, temperature_section(*results, run), frame);
    add_section(page, cooling_section(*results, run), frame);
    add_section(page, supply_section(*results, run), frame);
    scripts = script_block(page, frame, results->start(), run);
  } else {
    add_expects(page, run);
    add_events(page, run, nullptr, Time{});
  }
  if (const std::string tables = energy_tables(run); !tables.empty()) {
    page.link("energy", "Energy");
    page.body += "<h2 id=\"energy\">Energy</h2>" + tables;
  }
  page.link("about", "Configuration");
  std::string out = head(run, title);
  out += "<nav><div><strong>" + escape(run.text("site")) + "</strong>" + page.links +
         "<output id=\"clock\"></output></div></nav>\n<header><h1>" + escape(title) +
         "</h1><p class=\"when\">" + escape(period(run));
  if (!run.text("scenario").empty()) out += " \u00b7 scenario " + escape(run.text("scenario"));
  out += "</p>" + verdict(run) + tiles(run, results) + "</header>\n<main>" + page.body +
         about(run) + "</main>\n<footer>Made by Ampacity " + escape(run.text("version")) +
         " from manifest.json, kpi.json, events.csv and results.nc of this run.</footer>\n" +
         scripts + "</body></html>\n";
  return out;
}

}  // namespace

}  // namespace report

void write_report(const std::filesystem::path& directory) {
  report::RunFiles run = report::read_run_files(directory);
  const auto results = report::open_results(directory, run);
  const std::string text = report::page_text(run, results.get());
  const std::filesystem::path path = directory / "report.html";
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) {
    throw std::runtime_error(path.string() +
                             ": cannot be written (is the disk full or the folder read-only?)");
  }
}

}  // namespace ampacity
