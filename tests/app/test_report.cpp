// SPDX-License-Identifier: Apache-2.0
// The report: what is on the page, that it stands alone, that its numbers are those of the results,
// and what becomes of it when a run left less than it should.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "app/report/axis.hpp"
#include "app/report/html.hpp"
#include "app/report/results_reader.hpp"
#include "app/report/text.hpp"
#include "tests/app/synthetic_run.hpp"

namespace ampacity::tests {
namespace {

namespace fs = std::filesystem;
using namespace report;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "ampacity-report-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path path;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find(from);
  REQUIRE(start != std::string::npos);
  const std::size_t begin = start + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

// The first tag that is closed wrongly or left open; empty when all is well.
std::string tag_fault(std::string html) {
  for (const char* raw : {"style", "script"}) {  // their content is no markup
    const std::string open = std::string("<") + raw;
    const std::string close = std::string("</") + raw + ">";
    for (std::size_t at = html.find(open); at != std::string::npos; at = html.find(open, at)) {
      html.erase(at, html.find(close, at) + close.size() - at);
    }
  }
  std::vector<std::string> open;
  const std::set<std::string> single{"meta", "!doctype"};
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "a tag without an end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    const bool closes = tag.front() == '/';
    const std::string name =
        tag.substr(closes ? 1 : 0, tag.find_first_of(" /\n", 1) - (closes ? 1 : 0));
    if (closes) {
      const std::string closed = tag.substr(1);
      if (open.empty() || open.back() != closed) return "</" + closed + ">";
      open.pop_back();
    } else if (tag.back() != '/' && !single.contains(name)) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

TEST_CASE("a column keeps the dip of one sample, and the mean of all") {
  std::vector<double> values(1000, 1.0);
  std::vector<std::uint32_t> columns(1000);
  for (std::size_t k = 0; k < 1000; ++k) columns[k] = static_cast<std::uint32_t>(k / 100);
  values[437] = 0.5;
  values[520] = std::nan("");
  for (std::size_t k = 700; k < 800; ++k) values[k] = std::nan("");
  const Trace trace = reduce(values, columns, 10);
  CHECK(trace.low[4] == 0.5F);
  CHECK(trace.high[4] == 1.0F);
  CHECK(trace.low_first[4] == 0);  // the samples before the dip were the greatest
  CHECK(trace.mean[4] == doctest::Approx(0.995));
  CHECK(trace.mean[5] == 1.0F);
  CHECK(std::isnan(trace.mean[7]));
  CHECK(std::isnan(trace.low[7]));
}

TEST_CASE("ticks are round and few") {
  CHECK(round_ticks(0.0, 8.4) == std::vector<double>{0.0, 2.0, 4.0, 6.0, 8.0});
  CHECK(round_ticks(-1.3, 1.7) == std::vector<double>{-1.0, 0.0, 1.0});
  for (const double span : {1e-3, 0.7, 3.0, 9.0, 123.0, 4567.0, 1e9}) {
    const auto ticks = round_ticks(17.0, 17.0 + span);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 7);
  }
  CHECK(round_ticks(1.0, 1.0).empty());
}

TEST_CASE("numbers and text for a page") {
  CHECK(number(-1.25, 1) == "\u22121.2");
  CHECK(number(-0.001, 1) == "0.0");
  CHECK(number(std::nan(""), 1) == "\u2013");
  CHECK(significant(1234.5, 3) == "1234");
  CHECK(significant(0.01234, 3) == "0.0123");
  CHECK(significant(123456.7, 5) == "123\u202f457");
  CHECK(significant(-10000.0, 3) == "\u221210\u202f000");
  CHECK(escape("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST_CASE("time ticks stand at round local times") {
  RunFiles run;
  run.zone = TimeZone::fixed(hours(5) + minutes(30));
  Columns columns;
  columns.end_s = 86'400.0;
  columns.count = 800;
  // 18:30 UTC is local midnight.
  const Frame frame = make_frame(columns, parse_time("2024-07-15T18:30Z").value(), run);
  REQUIRE(frame.ticks.size() == 13);
  CHECK(frame.ticks[0].label == "00:00");
  CHECK(frame.ticks[0].x == doctest::Approx(plot_left));
  CHECK(frame.ticks[6].label == "12:00");
  CHECK(frame.ticks[6].x == doctest::Approx((plot_left + plot_right) / 2));
}

TEST_CASE("the same event of many units is one line") {
  const Time at = parse_time("2024-07-16T18:00Z").value();
  std::vector<Event> events;
  for (int i = 0; i < 30; ++i) {
    events.push_back({at + milliseconds(i), Severity::limit, "rack-" + std::to_string(i), "hot"});
  }
  events.push_back({at + milliseconds(40), Severity::trip, "pump", "off"});
  events.push_back({at + seconds(100.0), Severity::limit, "rack-1", "hot"});
  const auto groups = group_events(events);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].count == 30);
  CHECK(groups[1].first.text == "off");
  CHECK(groups[2].count == 1);
}

TEST_CASE("the page stands alone, is well-formed and small, and shows every part") {
  const Folder folder;
  const fs::path run = write_synthetic_run(folder.path / "run", 64, 30.0);
  write_report(run);
  const std::string page = text_of(run / "report.html");
  CHECK(page.size() < 1'500'000);
  CHECK(tag_fault(page) == "");
  for (const char* foreign : {"http:", "https:", " src=", "@import", "url(", "<link"}) {
    const std::string own = between(page, "<body>", "<script");
    CHECK_MESSAGE(count_of(page.substr(0, page.find("<body>")), foreign) == 0, foreign);
    CHECK_MESSAGE((count_of(own, foreign) == 0 || count_of(own, foreign) == count_of(own, "url(#")),
                  foreign);
  }
  CHECK(page.find("AI site &lt;with&gt; two feeds") != std::string::npos);
  CHECK(page.find("<with>") == std::string::npos);
  for (const char* id :
       {"power-by-source", "power-by-use",  "grid-import",    "cooling-power", "pue",
        "die-liquid",      "secondary",     "hall-0",         "loop-0",        "loop-1",
        "outdoor",         "heat-rejected", "running",        "speeds",        "make-up",
        "voltage",         "battery-power", "battery-charge", "reactor-power", "reactor-core",
        "solar",           "ups-charge",    "loading",        "hot-spot"}) {
    CHECK_MESSAGE(
        page.find("<figure class=\"chart\" id=\"" + std::string(id) + "\"") != std::string::npos,
        id);
  }
  CHECK(page.find("id=\"die-air\"") == std::string::npos);  // not recorded, so not there
  CHECK(page.find("hall-1/pod-2/rack-4 was the hottest of 64") != std::string::npos);
  CHECK(page.find("slowdown 79 \u00b0C") != std::string::npos);
  CHECK(page.find("4 trips. The first at 14:00:00: facility-pumps") != std::string::npos);
  CHECK(page.find("class=\"line over\"") != std::string::npos);  // the part above slowdown
  CHECK(page.find("design day of Greensboro") != std::string::npos);
  CHECK(page.find("electricity out of sunlight") != std::string::npos);
}

TEST_CASE("the values behind the cursor are those of the results") {
  const Folder folder;
  const fs::path run = write_synthetic_run(folder.path / "run", 16, 60.0);
  write_report(run);
  const std::string page = text_of(run / "report.html");
  const auto data = nlohmann::json::parse(
      between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
  const std::size_t columns = data["labels"].size();
  CHECK(columns == 800);
  CHECK(data["labels"][0] == "00:00");
  CHECK(data["labels"][400] == "12:01");
  for (const auto& [id, rows] : data["charts"].items()) {
    const std::string figure = between(page, "id=\"" + id + "\"", "</figure>");
    CHECK_MESSAGE(rows.size() == count_of(figure, "<b data-unit"), id);
    for (const auto& row : rows) CHECK_MESSAGE(row.size() == columns, id);
  }
  // The reactor is the first source: 2.45 MW, 2.05 MW around noon.
  CHECK(data["charts"]["power-by-source"][0][10] == 2.45);
  CHECK(data["charts"]["power-by-source"][0][400] == 2.05);
  // Wet bulb: 297.1 K + 1.5 K at 15:00.
  CHECK(data["charts"]["outdoor"][1][500].get<double>() == doctest::Approx(25.45).epsilon(0.005));
  // Sources and uses are stacks of the same power: the synthetic site balances.
  double given = 0.0;
  double voltage_min = 1.0;
  for (const auto& row : data["charts"]["power-by-source"]) given += row[200].get<double>();
  CHECK(given > 2.0);
  for (const auto& v : data["charts"]["voltage"][0]) {
    voltage_min = std::min(voltage_min, v.get<double>());
  }
  CHECK(voltage_min < 0.8);
}

TEST_CASE("a site with little shows little") {
  const Folder folder;
  RunDescription d;
  d.site = "small";
  d.start = parse_time("2024-07-16").value();
  d.end = d.start + minutes(10);
  d.sample_every = seconds(1.0);
  RunDirectory run(folder.path / "run", d);
  {
    ResultsWriter out(run.results_path(), d.start, 600.0, 1.0);
    out.component("grid", {"utility"});
    out.variable("grid", "import_power", [](std::size_t, double t_s) {
      return t_s > 100.0 && t_s < 130.0 ? std::nan("") : 5e4;
    });
  }
  RunEnding ending;
  ending.reached = d.end;
  run.finish(ending);
  write_report(run.path());
  const std::string page = text_of(run.report_path());
  CHECK(tag_fault(page) == "");
  CHECK(count_of(page, "<figure") == 2);
  CHECK(page.find("Nothing tripped and no limit was reached.") != std::string::npos);
  CHECK(page.find("kpi.json: the run wrote no key figures") != std::string::npos);
  const auto data = nlohmann::json::parse(
      between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
  CHECK(data["charts"]["grid-import"][0][50] == 50.0);
  CHECK(data["labels"][0] == "00:00:00");
}

TEST_CASE("a run that was killed still gets its page") {
  const Folder folder;
  const fs::path run = write_synthetic_run(folder.path / "run", 16, 300.0);
  fs::remove(run / "kpi.json");
  nlohmann::json manifest = nlohmann::json::parse(text_of(run / "manifest.json"));
  manifest["status"] = "unfinished";
  manifest["energy_balance"] = nullptr;
  std::ofstream(run / "manifest.json") << manifest.dump();
  SUBCASE("without results") { fs::remove(run / "results.nc"); }
  SUBCASE("with results cut short") { fs::resize_file(run / "results.nc", 5000); }
  SUBCASE("with an event cut short") {
    const std::string text = text_of(run / "events.csv");
    std::ofstream(run / "events.csv") << text.substr(0, text.rfind(','));
  }
  write_report(run);
  const std::string page = text_of(run / "report.html");
  CHECK(tag_fault(page) == "");
  CHECK(page.find("<b>unfinished</b>") != std::string::npos);
  CHECK(page.find("kpi.json") != std::string::npos);
  CHECK(page.find("facility-pumps") != std::string::npos);
}

TEST_CASE("a folder that holds no run is refused with a remedy") {
  const Folder folder;
  CHECK_THROWS_WITH_AS(write_report(folder.path), doctest::Contains("name the directory of a run"),
                       ConfigurationError);
  std::ofstream(folder.path / "manifest.json") << "{ \"status\": ";
  CHECK_THROWS_AS(write_report(folder.path), ConfigurationError);
}

TEST_CASE("a campus of 640 racks stays below 2 MB" * doctest::test_suite("full")) {
  const Folder folder;
  const fs::path run = write_synthetic_run(folder.path / "run", 640, 20.0);
  write_report(run);
  CHECK(fs::file_size(run / "report.html") < 2'000'000);
}

}  // namespace
}  // namespace ampacity::tests
