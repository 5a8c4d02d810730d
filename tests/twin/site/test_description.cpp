// SPDX-License-Identifier: Apache-2.0

// What a good site file becomes: groups expanded to units, different keys for members and single
// units, settings in SI with the folder in which their files start, curves in the units of their
// rows, lists by local hour. And the mistakes that belong to these, one finding for each.

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/sim/small_site.hpp"
#include "twin/site/description.hpp"
#include "twin/site/site_checks.hpp"

namespace ampacity::tests {
namespace {

namespace fs = std::filesystem;

SiteDescription read(const std::string& text, const std::vector<std::string>& sets = {}) {
  const TemporaryFolder folder;
  return read_site(folder.write("small.toml", text), command_line_overrides(sets));
}

// The small site with one piece in place of another, and more at its end.
std::string with(const std::string& from, const std::string& to, const std::string& more = "") {
  std::string text = small_site_text;
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, "the site has no '" << from << "'");
  return text.replace(at, from.size(), to) + "\n" + more;
}

std::string plus(const std::string& more) { return std::string(small_site_text) + "\n" + more; }

// All findings, each "line: path: message", of a site that must not be read.
std::vector<std::string> findings_of(const std::string& text,
                                     const std::vector<std::string>& sets = {}) {
  std::vector<std::string> out;
  try {
    read(text, sets);
  } catch (const ConfigurationError& error) {
    for (const Finding& finding : error.findings()) {
      out.push_back(std::to_string(finding.place.line) + ": " + finding.path + ": " +
                    finding.message);
    }
  }
  return out;
}

// The only finding; a mistake is told once.
std::string finding_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  const auto all = findings_of(text, sets);
  for (const std::string& finding : all) INFO(finding);
  CHECK(all.size() == 1);
  return all.empty() ? "" : all.front();
}

bool holds(const std::string& text, const std::string& piece) {
  INFO(text << " should hold " << piece);
  const bool found = text.find(piece) != std::string::npos;
  CHECK(found);
  return found;
}

double value_of(const SiteDescription& site, const std::string& path, const std::string& name) {
  const UnitDescription* unit = site.find(path);
  REQUIRE_MESSAGE(unit != nullptr, path);
  for (std::size_t i = 0; i < unit->parameters.size(); ++i) {
    if (name == unit->type->parameters[i].name) return unit->parameters[i];
  }
  FAIL("no parameter " << name);
  return 0.0;
}

TEST_CASE("a group becomes numbered units, and {n} their number") {
  const SiteDescription site = read(plus(R"(
[bus.board]
count = 3
fed_by = "utility"
rated_power = "1 MW"

[bus.panel]
count = 3
fed_by = "board-{n}"
rated_power = "0.5 MW"

[bus.panel.member.2]
fed_by = ["board-{n}"]
rated_power = "0.4 MW"
)"));
  for (int n = 1; n <= 3; ++n) {
    const std::string number = std::to_string(n);
    REQUIRE(site.find("panel-" + number) != nullptr);
    CHECK(site.find("panel-" + number)->first("fed_by") == "board-" + number);
    CHECK(value_of(site, "panel-" + number, "rated_power") == (n == 2 ? 0.4e6 : 0.5e6));
  }
  CHECK(site.find("board") == nullptr);
  CHECK(site.find("board-4") == nullptr);
  CHECK(site.find("feed-a") != nullptr);  // without a count the name stays
}

TEST_CASE("an island brings its CDUs and racks, members may have other numbers and keys") {
  const SiteDescription site = read(with("[island.pod]\n", "[island.pod]\ncount = 3\n", R"(
[island.pod.member.2]
racks = 2
supply_set_point = "30 degC"
rack = { gpu_count = 36 }

[unit."pod-3/rack-4"]
gpu_count = 8
[unit.'pod-1/cdu-2']
fed_by = "feed-b"
[unit.pod-1]
supply_set_point = 308.15
)"));
  std::set<std::string> paths;
  for (const UnitDescription& unit : site.units) paths.insert(unit.path);
  for (const char* pod : {"pod-1", "pod-2", "pod-3"}) {
    const int racks = pod == std::string("pod-2") ? 2 : 4;
    for (int i = 1; i <= 4; ++i) {
      const std::string rack = std::string(pod) + "/rack-" + std::to_string(i);
      CHECK(paths.contains(rack) == (i <= racks));
    }
    CHECK(paths.contains(std::string(pod) + "/cdu-2"));
    CHECK_FALSE(paths.contains(std::string(pod) + "/cdu-3"));
  }
  CHECK(value_of(site, "pod-1", "supply_set_point") == 308.15);
  CHECK(value_of(site, "pod-2", "supply_set_point") == doctest::Approx(303.15));
  CHECK(value_of(site, "pod-3", "supply_set_point") == doctest::Approx(309.15));
  CHECK(value_of(site, "pod-2/rack-1", "gpu_count") == 36.0);
  CHECK(value_of(site, "pod-3/rack-4", "gpu_count") == 8.0);
  CHECK(value_of(site, "pod-3/rack-3", "gpu_count") == value_of(site, "pod-1/rack-1", "gpu_count"));
  CHECK(site.find("pod-1/cdu-2")->neighbours("fed_by").size() == 1);
  CHECK(site.find("pod-1/cdu-1")->neighbours("fed_by").size() == 2);
  // A part knows its island.
  const UnitDescription& rack = *site.find("pod-2/rack-2");
  REQUIRE(rack.parent != no_parent);
  CHECK(site.units[rack.parent].path == "pod-2");
}

TEST_CASE("a site has a largest size, over all groups and their members") {
  const std::string big = "[bus.many]\ncount = 99990\nfed_by = \"utility\"\nrated_power = 1e6\n";
  holds(finding_of(plus(big)), "island.pod: brings the site to 100007 units (");
  const std::string member = "[island.pod.member.2]\nracks = 99990\n";
  holds(
      finding_of(with("[island.pod]\n", "[island.pod]\ncount = 2\n", member)),
      "island.pod: brings the site to 100010 units (a site has 100000 at most; lower the counts)");
}

TEST_CASE("lengths of time are texts or seconds, and instants are texts") {
  const SiteDescription site =
      read(with("duration = \"4 h\"", "duration = 3600", "[record]\nevery = 0.5\n"));
  CHECK(site.duration == hours(1));
  CHECK(site.record_every == milliseconds(500));
  CHECK(read(with("\"4 h\"", "\"1h30min\"")).duration == minutes(90));
  CHECK(read(small_site_text, {"site.duration=90"}).duration == seconds(90.0));
  const SiteDescription berlin =
      read(with("start = \"2024-07-15T10:00\"",
                "start = 2024-07-15T10:00:00\ntime_zone = \"Europe/Berlin\""));
  CHECK(berlin.start == parse_time("2024-07-15T08:00Z").value());

  holds(finding_of(with("\"4 h\"", "0")), "6: site.duration: '0' is not positive (write '24 h')");
  holds(finding_of(with("\"4 h\"", "true")), "6: site.duration: a quantity is wanted");
  holds(finding_of(with("\"4 h\"", "\"100000 d\"")), "site.duration: '100000 d' is out of bounds");
  holds(finding_of(with("\"4 h\"", "nan")), "site.duration: 'nan' is no finite number");
  holds(finding_of(plus("[record]\nevery = 1.5\n")), "record.every: '1.5' is neither whole");
  holds(finding_of(plus("[record]\nevery = \"soon\"\n")), "record.every: 'soon' is not a duration");
  holds(finding_of(with("\"2024-07-15T10:00\"", "3")), "5: site.start: a text is wanted");
  holds(finding_of(with("\"2024-07-15T10:00\"", "\"2024-07-15T10:00\"\ntime_zone = \"Mars\"")),
        "6: site.time_zone: ");
}

TEST_CASE("a site's name stays inside of the folder of runs") {
  for (const char* name : {"../esc", "a/b", ".", "..", "", "a b"}) {
    holds(finding_of(with("name = \"small\"", "name = \"" + std::string(name) + "\"")),
          "3: site.name: '" + std::string(name) + "' is no name (letters, digits");
  }
  holds(finding_of(with("name = \"small\"", "name = 3")), "3: site.name: a text is wanted");
  CHECK(read(with("\"small\"", "\"small-2.b_c\"")).name == "small-2.b_c");
  holds(finding_of(plus("[heat_sink.\"..\"]\n")), "heat_sink...: '..' is no name");
}

TEST_CASE("money is counted in the currency of the site, one finding per mistake") {
  holds(finding_of(with("name = \"small\"", "name = \"small\"\ncurrency = \"Taler\"",
                        "[economy]\nprice = \"50 USD/MWh\"\n")),
        "4: site.currency: 'Taler' is no known currency");
  holds(finding_of(plus("[economy]\nprice = [\"50 EUR/MWh\"]\n")), "EUR in a site that counts in");
}

TEST_CASE("files are named relative to where their names are written") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "parts/data");
  folder.write("parts/weather.toml", "[weather]\nfile = \"data/w.csv\"\n");
  const auto site = folder.write("small.toml", "include = [\"parts/weather.toml\"]\n" +
                                                   plus("[economy]\nprice_file = \"p.csv\"\n"));
  const SiteDescription plain = read_site(site, {});
  CHECK(plain.setting("weather.file").file() == folder.path() / "parts/data/w.csv");
  CHECK(plain.setting("economy.price_file").file() == folder.path() / "p.csv");
  CHECK(plain.setting("economy.carbon_file").file().empty());

  // The command line: from where the user stands; a scenario: from where it lies.
  const std::vector<Override> overrides{
      {"weather.file=data/w.csv", {"--set weather.file=data/w.csv", 0, 0}, {}},
      {"economy.price_file=\"p.csv\"", {"s/scenario.toml", 3, 1}, folder.path() / "s"},
      {"economy.carbon_file=/elsewhere/c.csv", {"--set x", 0, 0}, {}}};
  const SiteDescription set = read_site(site, overrides);
  CHECK(set.setting("weather.file").file() == "data/w.csv");
  CHECK(set.setting("economy.price_file").file() == folder.path() / "s/p.csv");
  CHECK(set.setting("economy.carbon_file").file() == "/elsewhere/c.csv");

  // What is not there is told at the place of its name.
  std::vector<Finding> findings;
  check_files(set, findings);
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].text() ==
        "--set weather.file=data/w.csv: weather.file: data/w.csv: there is no such file (paths are "
        "relative to the current folder)");
  CHECK(findings[1].place.file == "s/scenario.toml");
  CHECK(findings[1].place.line == 3);
  folder.write("parts/data/w.csv", "");
  folder.write("p.csv", "");
  findings.clear();
  check_files(plain, findings);
  CHECK(findings.empty());
  CHECK_FALSE(missing_file(plain, "weather.file"));
}

TEST_CASE("the points of a curve are quantities of the rows that use it") {
  const std::string use = "control = 3\nopen_circuit_voltage = \"cell\"";
  const auto curve = [](const std::string& x, const std::string& y) {
    return "[curve.cell]\nx = " + x + "\ny = " + y + "\n";
  };
  const SiteDescription site = read(with(
      "control = 3", use, curve("[\"0 %\", 0.5, \"100 %\"]", "[\"3000 mV\", \"3.2 V\", 3.4]")));
  REQUIRE(site.curves.size() == 1);
  const Curve view = site.curves.front().view();
  REQUIRE(view.size == 3);
  CHECK(view.x[2] == doctest::Approx(1.0));
  CHECK(view.y[0] == doctest::Approx(3.0));
  CHECK(view.y[1] == doctest::Approx(3.2));

  holds(finding_of(with("control = 3", use, curve("[0, 1]", "[\"3 A\", \"4 V\"]"))),
        "curve.cell.y: '3 A'");
  holds(finding_of(with("control = 3", use, curve("[0, 1]", "[3, -4]"))),
        "curve.cell.y: -4 V is out of bounds (allowed: 0.5 V to 6 V)");
  holds(finding_of(with("control = 3", use, curve("[0, nan]", "[3, 4]"))),
        "curve.cell.x: 'nan' is no finite number (any finite value is allowed)");
  holds(finding_of(with("control = 3", use, curve("3", "[3, 4]"))), "a list of quantities");
  holds(finding_of(with("control = 3", use)), "no curve 'cell' (define [curve.cell])");
  // A curve that nobody uses has no units.
  CHECK(read(plus(curve("[0, 1]", "[3, 4]"))).curves.size() == 1);
  holds(finding_of(plus(curve("[0, 1]", "[\"3 V\", \"4 V\"]"))), "no unit uses this curve");
}

// Prices of a run, hour by hour of elapsed time.
std::vector<double> prices_of(const SiteDescription& site, int count) {
  const Assembly assembly = assemble(site);
  RunSetup setup = prepare_run(site, assembly, {}, site.start, site.start + site.duration);
  const auto& externals = assembly.plant.externals();
  std::size_t price = 0;
  while (externals[price].path != "grid/price") ++price;
  struct : EventSink {
    void on_event(const EventRecord&) override {}
  } events;
  const std::vector<double> signals(assembly.plant.output_count() + externals.size(), 0.0);
  std::vector<double> values(externals.size());
  std::vector<double> out;
  for (int hour = 0; hour < count; ++hour) {
    const Time now = site.start + hours(hour);
    for (const auto& load : setup.loads) {
      while (load->next_change() <= now) {
        load->advance(load->next_change(), assembly.plant, signals, setup.externals, events);
      }
    }
    setup.externals.evaluate(to_seconds(now - site.start), values.data());
    out.push_back(values[price] * 3.6e9);  // per MWh
  }
  return out;
}

TEST_CASE("a list of 24 is by local hour, on days of 23 and of 25 hours too") {
  std::string list = "[economy]\nprice = [";
  for (int hour = 0; hour < 24; ++hour) list += "\"" + std::to_string(hour) + " USD/MWh\", ";
  list += "]\n";
  const auto site_of = [&](const std::string& day) {
    std::string text = with("start = \"2024-07-15T10:00\"",
                            "time_zone = \"America/New_York\"\nstart = \"" + day + "\"", "");
    const std::string workload = "[workload]\nsource = \"generator\"\n";
    text.replace(text.find(workload), workload.size(), "[workload]\nsource = \"constant\"\n");
    text.replace(text.find("\"4 h\""), 5, "\"26 h\"");
    return read(text + list);
  };
  const auto check = [](const std::vector<double>& prices, const std::vector<int>& local_hours) {
    REQUIRE(prices.size() == local_hours.size());
    for (std::size_t i = 0; i < prices.size(); ++i) {
      INFO("hour " << i);
      CHECK(prices[i] == doctest::Approx(local_hours[i]));
    }
  };
  // In March the clock goes from 2 to 3, in November it strikes 1 twice.
  check(prices_of(site_of("2024-03-10"), 25),
        {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1});
  check(prices_of(site_of("2024-11-03"), 26), {0,  1,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                               12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0});
}

}  // namespace
}  // namespace ampacity::tests
