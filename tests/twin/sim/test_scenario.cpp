// SPDX-License-Identifier: Apache-2.0

// Scenarios: what a file may say, what is found wrong with it, what orders and clauses become on a
// real plant, and that a run restored from a snapshot goes on bit for bit.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "tests/twin/sim/small_site.hpp"
#include "twin/sim/expect.hpp"

namespace ampacity::tests {
namespace {

// What is wrong with a file, line by line without its folder; empty where nothing is.
template <class F>
std::string complaints(const F& read) {
  try {
    read();
    return "";
  } catch (const ConfigurationError& error) {
    std::string out;
    for (const Finding& finding : error.findings()) {
      Finding shown = finding;
      shown.place.file = std::filesystem::path(finding.place.file).filename().string();
      out += shown.text() + "\n";
    }
    return out;
  }
}

bool holds(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) MESSAGE("not in: " << text);
  return found;
}

const SmallSite& small_site() {
  static const SmallSite site;
  return site;
}

ScenarioPlan plan_of(const std::string& text) {
  const TemporaryFolder folder;
  const SmallSite& small = small_site();
  const Scenario scenario = read_scenario(folder.write("scenario.toml", text));
  return plan_scenario(scenario, small.plant(), small.site.start, small.end(), small.site.zone);
}

std::string findings_of(const std::string& text) {
  return complaints([&] { plan_of(text); });
}

struct Nothing final : SampleSink, EventSink {
  void on_sample(std::int64_t, Time, const Plant&, const PlantState&, std::span<const double>,
                 std::span<const double>) override {}
  void on_event(const EventRecord&) override {}
};

TEST_CASE("a scenario: header, settings, span") {
  const TemporaryFolder folder;
  const Scenario scenario = read_scenario(folder.write("s.toml", R"(
title = "Noon"
description = "what happens at noon"
site = "demo"
start = 2024-07-16T00:00:00
duration = "6 h"
set = ["battery.bess.control=0"]
)"));
  CHECK(scenario.title == "Noon");
  CHECK(scenario.description == "what happens at noon");
  CHECK(scenario.site == "demo");
  REQUIRE(scenario.set.size() == 3);
  CHECK(scenario.set[0].text == "site.start=\"2024-07-16T00:00:00\"");
  CHECK(scenario.set[1].text == "site.duration=\"6 h\"");
  CHECK(scenario.set[2].text == "battery.bess.control=0");
}

TEST_CASE("a scenario is told from a site by its [site]") {
  const TemporaryFolder folder;
  const auto judged = [&](const std::string& text) {
    return is_scenario(load_document(folder.write("f.toml", text), {}));
  };
  CHECK(judged("site = \"demo\"\nset = [\"site.duration=60\"]\n"));
  CHECK(judged("site = \"demo\"\n"));
  CHECK(judged("[[event]]\n"));
  CHECK(judged("[[expect]]\n"));
  CHECK_FALSE(judged("[site]\nname = \"x\"\n[[event]]\n"));
  CHECK_FALSE(judged("[bus.a]\nfed_by = \"b\"\n"));  // for inclusion
  CHECK_FALSE(judged(""));
}

TEST_CASE("what a scenario names is beside it, and its settings know their place") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "sites");
  folder.write("sites/edge.toml", "");
  const auto path = folder.write("s.toml", R"(site = "sites/edge.toml"
duration = 3600
set = ["weather.file=w.csv"]
)");
  const Scenario scenario = read_scenario(path);
  CHECK(local_site(scenario) == folder.path() / "sites/edge.toml");
  CHECK(scenario.site_place.line == 1);
  REQUIRE(scenario.set.size() == 2);
  CHECK(scenario.set[0].text == "site.duration=3600");
  CHECK(scenario.set[1].folder == folder.path());
  CHECK(scenario.set[1].place.file == path.string());
  CHECK(scenario.set[1].place.line == 3);
  CHECK(local_site(read_scenario(folder.write("t.toml", "site = \"demo\"\n"))).empty());
}

TEST_CASE("times of a scenario may be numbers of seconds") {
  const ScenarioPlan plan = plan_of(R"([[event]]
at = 600
unit = "feed-a"
order = "voltage"
value = 0.5
for = 0.15
then = 1
)");
  REQUIRE(plan.orders.size() == 2);
  CHECK(plan.orders[0].at == small_site().site.start + minutes(10));
  CHECK(plan.orders[1].at == plan.orders[0].at + milliseconds(150));
  CHECK(holds(findings_of("duration = \"100000 d\"\n"), "duration: '100000 d' is out of bounds"));
  CHECK(holds(findings_of("[[event]]\nat = nan\nunit = \"feed-a\"\norder = \"voltage\"\n"),
              "event[0].at: 'nan': a local time"));
}

TEST_CASE("a scenario file: every finding, with its line") {
  const std::string found = findings_of(R"(titel = "x"
start = "yesterday"
duration = "-1 h"
set = ["no equals sign"]
[[event]]
at = "25:00"
order = "voltage"
vale = 1
[[event]]
at = "12:00"
unit = "feed-a"
order = "voltage"
then = 1
[[expect]]
signal = "feed-a/voltage"
[[expect]]
signal = "feed-a/voltage"
statistic = "maximum"
below = 1
during = ["11:00"]
[[expect]]
event = "no colon"
below = 1
)");
  CHECK(holds(found, "scenario.toml:1:9: titel: unknown key (nearest: 'title')"));
  CHECK(holds(found, "scenario.toml:2:"));
  CHECK(holds(found, "scenario.toml:3:12: duration: '-1 h' is not positive"));
  CHECK(holds(found, "set[0]: 'no equals sign': key.path=value is wanted"));
  CHECK(holds(found, "scenario.toml:6:6: event[0].at: '25:00': a local time"));
  CHECK(holds(found, "event[0].unit: missing: path of a unit"));
  CHECK(holds(found, "event[0].vale: unknown key (nearest: 'value')"));
  CHECK(holds(found, "event[1].then: without `for` nothing comes after"));
  CHECK(holds(found, "expect[0].statistic: missing"));
  CHECK(holds(found, "expect[0]: a bound is wanted"));
  CHECK(holds(found, "'maximum' is no statistic (one of max, min, mean, final, integral)"));
  CHECK(holds(found, "expect[1].during: two instants are wanted"));
  CHECK(holds(found, "expect[2].event: 'no colon': patterns of path and text"));
  CHECK(std::count(found.begin(), found.end(), '\n') == 13);
}

TEST_CASE("a scenario against a plant: every finding, with its line") {
  const std::string found = findings_of(R"([[event]]
at = "11:00"
unit = "pod/rak-1"
order = "fail"
[[event]]
at = "11:00"
unit = "pod/rack-*"
order = "blok"
[[event]]
at = "11:00"
unit = "roof"
order = "set_point"
value = "10 degF"
[[event]]
at = "11:00"
unit = "roof"
order = "set_point"
[[event]]
at = "11:00"
unit = "roof"
order = "set_point"
value = "3 kW"
[[event]]
at = "5 h"
unit = "feed-a"
order = "fail"
[[event]]
at = "11:00"
unit = "feed-a"
order = "voltage"
value = 0.5
for = "150 ms"
[[event]]
at = "11:00"
unit = "pumps"
order = "fail"
for = "1 min"
then = 1
[[expect]]
signal = "pod/rack-1/dye_temperature"
statistic = "max"
below = "80 degC"
[[expect]]
signal = "roof/*"
statistic = "max"
below = 1
[[expect]]
signal = "liquid_rack.die_temperature"
statistic = "max"
below = "80 kW"
[[expect]]
signal = "feed-a/voltage"
statistic = "min"
above = 2
below = 1
during = ["13:00", "2024-07-15T12:00"]
)");
  CHECK(holds(found,
              "scenario.toml:3:8: event[0].unit: 'pod/rak-1' is no unit (nearest: "
              "'pod/rack-1')"));
  CHECK(holds(found,
              "event[1].order: 'blok' is no order of liquid_rack 'pod/rack-1' (nearest: "
              "'block')"));
  CHECK(holds(found,
              "scenario.toml:13:9: event[2].value: -12.2222 degC is out of bounds (allowed: "
              "-10 degC to 70 degC)"));
  CHECK(holds(found, "event[3].value: missing: set-point of the leaving liquid"));
  CHECK(holds(found, "event[4].value: "));
  CHECK(holds(found, "event[5].at: 2024-07-15T15:00:00+00:00 is outside of the run"));
  CHECK(holds(found, "event[6].for: what comes after is not clear: nothing takes 'voltage' back"));
  CHECK(holds(found, "event[7].then: 'fail' ends with 'repair'"));
  CHECK(holds(found, "expect[0].signal: 'pod/rack-1/dye_temperature' selects no quantity"));
  CHECK(holds(found, "expect[1].signal: 'roof/*' selects quantities of different units"));
  CHECK(holds(found, "expect[2].below: "));
  CHECK(holds(found, "expect[3]: nothing is above and below these bounds"));
  CHECK(holds(found, "expect[3].during: the end is before the beginning"));
  CHECK(std::count(found.begin(), found.end(), '\n') == 13);
}

TEST_CASE("events become orders: patterns, values, endings") {
  const SmallSite& small = small_site();
  const ScenarioPlan plan = plan_of(R"(
[[event]]
at = "12:00"
unit = "feed-a"
order = "voltage"
value = 0.5
for = "150 ms"
then = 1
[[event]]
at = "90 min"
unit = "*/cdu-*"
order = "fail"
for = "10 min"
[[event]]
at = "2024-07-15T13:00:00+00:00"
unit = "roof"
order = "fail_units"
value = 2
for = "1 h"
[[event]]
at = "12:30"
unit = "pod/rack-2"
order = "block"
value = "50 %"
for = "5 min"
[[event]]
at = "13:59:30"
unit = "roof"
order = "set_point"
value = "25 degC"
)");
  const Time start = small.site.start;
  struct Wanted {
    double after_s;
    const char* unit;
    const char* order;
    double value;
  };
  const std::vector<Wanted> wanted{
      {7200.0, "feed-a", "voltage", 0.5},     {7200.15, "feed-a", "voltage", 1.0},
      {5400.0, "pod/cdu-1", "fail", 1.0},     {6000.0, "pod/cdu-1", "repair", 1.0},
      {6000.0, "pod/cdu-1", "run", 1.0},      {5400.0, "pod/cdu-2", "fail", 1.0},
      {6000.0, "pod/cdu-2", "repair", 1.0},   {6000.0, "pod/cdu-2", "run", 1.0},
      {10800.0, "roof", "fail_units", 2.0},   {14400.0, "roof", "repair_units", 2.0},
      {9000.0, "pod/rack-2", "block", 0.5},   {9300.0, "pod/rack-2", "block", 0.0},
      {14370.0, "roof", "set_point", 298.15},
  };
  REQUIRE(plan.orders.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    INFO(i);
    const PlannedOrder& order = plan.orders[i];
    const Unit& unit = small.plant().units()[order.unit];
    CHECK(order.at == start + seconds(wanted[i].after_s));
    CHECK(unit.path == wanted[i].unit);
    CHECK(std::string(unit.type->orders[static_cast<std::size_t>(order.order)].name) ==
          wanted[i].order);
    CHECK(order.value == doctest::Approx(wanted[i].value).epsilon(1e-12));
  }
}

TEST_CASE("a clock time is the first at or after the start of the run") {
  const auto order_at = [](const std::string& at) {
    return "[[event]]\nat = \"" + at + "\"\nunit = \"feed-a\"\norder = \"voltage\"\n";
  };
  const ScenarioPlan plan = plan_of(order_at("14:00") + order_at("10:00") + order_at("11:30:15"));
  const Time start = small_site().site.start;
  REQUIRE(plan.orders.size() == 3);
  CHECK(plan.orders[0].at == start + hours(4));
  CHECK(plan.orders[1].at == start);
  CHECK(plan.orders[2].at == start + seconds(5415.0));
  // 09:00 of that day has passed, the next one is outside of the run.
  CHECK(holds(findings_of(order_at("09:00")), "2024-07-16T09:00:00+00:00 is outside"));
}

// A clause over one signal (index 0) and one state (index 0) between 10 s and 20 s.
PlannedExpect clause(Statistic statistic, std::optional<double> below,
                     std::optional<double> above) {
  PlannedExpect out;
  out.text = "clause";
  out.unit = "1";
  out.statistic = statistic;
  out.below = below;
  out.above = above;
  out.from = Time{} + seconds(10.0);
  out.to = Time{} + seconds(20.0);
  out.signals.push_back({"a/signal", false, 0});
  return out;
}

// The value of a clause on y(t), sampled every second from 0 to 30 s.
template <class F>
ExpectResult judged(const PlannedExpect& expect, const F& y) {
  ExpectWatcher watcher({expect});
  const Plant& plant = small_site().plant();
  for (int i = 0; i <= 30; ++i) {
    PlantState state;
    state.states = {-y(i)};
    const std::vector<double> signals{y(i)};
    watcher.on_sample(i, Time{} + seconds(i), plant, state, signals, {});
  }
  return watcher.results().front();
}

TEST_CASE("statistics of a clause: closed forms over its window") {
  const auto ramp = [](int i) { return 2.0 * i; };
  CHECK(judged(clause(Statistic::max, 41.0, {}), ramp).value == 40.0);
  CHECK(judged(clause(Statistic::min, {}, 19.0), ramp).value == 20.0);
  CHECK(judged(clause(Statistic::final, 41.0, {}), ramp).value == 40.0);
  CHECK(judged(clause(Statistic::mean, 31.0, {}), ramp).value == doctest::Approx(30.0));
  CHECK(judged(clause(Statistic::integral, 301.0, {}), ramp).value == doctest::Approx(300.0));
  CHECK(judged(clause(Statistic::max, 41.0, {}), ramp).passed);
  // Bounds are strict.
  CHECK_FALSE(judged(clause(Statistic::max, 40.0, {}), ramp).passed);
  CHECK_FALSE(judged(clause(Statistic::max, {}, 40.0), ramp).passed);
  CHECK(judged(clause(Statistic::mean, 31.0, 29.0), ramp).passed);
  CHECK_FALSE(judged(clause(Statistic::mean, 31.0, 30.5), ramp).passed);
}

TEST_CASE("a clause holds for each of its signals and tells the worst") {
  PlannedExpect two = clause(Statistic::max, 41.0, {});
  two.signals.push_back({"b/state", true, 0});
  const auto ramp = [](int i) { return 2.0 * i; };
  const ExpectResult good = judged(two, ramp);
  CHECK(good.passed);
  CHECK(good.value == 40.0);
  CHECK(good.text == "clause: 40 (a/signal)");
  two.below.reset();
  two.above = 0.0;
  const ExpectResult bad = judged(two, ramp);
  CHECK_FALSE(bad.passed);
  CHECK(bad.value == -20.0);
  CHECK(bad.text == "clause: -20 (b/state)");
}

TEST_CASE("a clause fails for want of evidence") {
  const auto hole = [](int i) { return i == 15 ? std::numeric_limits<double>::quiet_NaN() : 1.0; };
  const ExpectResult not_finite = judged(clause(Statistic::final, 2.0, {}), hole);
  CHECK_FALSE(not_finite.passed);
  CHECK(std::isnan(not_finite.value));
  ExpectWatcher no_sample({clause(Statistic::max, 2.0, {})});
  CHECK_FALSE(no_sample.all_passed());
  CHECK(no_sample.results().front().text ==
        "clause: the run has no sample in that time (a/signal)");
}

TEST_CASE("events are counted by patterns of path and text") {
  const ScenarioPlan plan = plan_of(R"(
[[expect]]
event = "*/cdu-?: *lost*"
below = 3
above = 1
during = ["11:00", "12:00"]
[[expect]]
event = "**: limit a/b"
below = 1
)");
  ExpectWatcher watcher(plan.expects);
  const Time eleven = small_site().site.start + hours(1);
  const auto tell = [&](Time at, const char* path, const char* text) {
    watcher.on_event({at, Severity::warning, path, text});
  };
  tell(eleven, "pod/cdu-1", "voltage_lost: drop-out");
  tell(eleven + hours(1), "pod/cdu-2", "pumps lost");
  tell(eleven - seconds(1.0), "pod/cdu-1", "voltage_lost: too early");
  tell(eleven, "pod/rack-1", "voltage_lost: not a cdu");
  tell(eleven, "pod/cdu-1", "voltage_back");
  CHECK(watcher.all_passed());
  tell(eleven, "pod/rack-1", "limit a/b");
  const auto results = watcher.results();
  CHECK(results[0].value == 2.0);
  CHECK(results[0].passed);
  CHECK(results[0].text == "events '*/cdu-?: *lost*' above 1 and below 3 during 11:00 to 12:00: 2");
  CHECK_FALSE(results[1].passed);
}

TEST_CASE("a sag on one feed: what hangs on it alone drops out, the clauses see it") {
  const SmallSite& small = small_site();
  const ScenarioPlan plan = plan_of(R"(
[[event]]
at = "10 min"
unit = "feed-a"
order = "voltage"
value = 0.5
for = "150 ms"
then = 1
[[expect]]
event = "pumps: voltage_lost*"
above = 0
below = 2
[[expect]]
event = "**/rack-*: voltage_lost*"
below = 1
[[expect]]
signal = "pumps/power"
statistic = "min"
below = "1 W"
[[expect]]
signal = "pumps/power"
statistic = "final"
above = "100 W"
[[expect]]
signal = "pod/rack-*/die_temperature"
statistic = "max"
below = "80 degC"
[[expect]]
signal = "utility/import_power"
statistic = "integral"
above = "1 kWh"
[[expect]]
signal = "feed-b/voltage"
statistic = "min"
above = 0.999
[[expect]]
signal = "pumps/speed_a"
statistic = "max"
below = 0.1
)");
  const auto simulator = small.simulator();
  Nothing ignored;
  const Outcome settled = simulator->find_operating_point(ignored);
  INFO(settled.message);
  REQUIRE(settled.finished);
  schedule(plan, *simulator);
  auto expects = plan.expects;
  const Time end = small.site.start + minutes(20);
  for (PlannedExpect& expect : expects) expect.to = end;
  ExpectWatcher watcher(expects);
  REQUIRE(simulator->run_until(end, watcher, watcher, {}).finished);
  const auto results = watcher.results();
  for (std::size_t i = 0; i + 1 < results.size(); ++i) {
    INFO(results[i].text);
    CHECK(results[i].passed);
  }
  CHECK_FALSE(results.back().passed);
}

bool same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// Keeps every sample and event from an instant on.
struct Afternoon final : SampleSink, EventSink {
  explicit Afternoon(Time first_at) : first(first_at) {}
  void on_sample(std::int64_t, Time at, const Plant&, const PlantState& state,
                 std::span<const double> signals, std::span<const double> integrals) override {
    if (at <= first) return;
    values.insert(values.end(), signals.begin(), signals.end());
    values.insert(values.end(), state.states.begin(), state.states.end());
    values.insert(values.end(), integrals.begin(), integrals.end());
  }
  void on_event(const EventRecord& event) override {
    if (event.at > first) events.push_back(event.path + " " + event.text);
  }
  Time first;
  std::vector<double> values;
  std::vector<std::string> events;
};

TEST_CASE("a snapshot at noon, restored in another simulator, gives the same afternoon") {
  const SmallSite& small = small_site();
  const ScenarioPlan plan = plan_of(R"(
[[event]]
at = "11:50"
unit = "pod/cdu-1"
order = "fail"
for = "30 min"
[[event]]
at = "12:30"
unit = "feed-a"
order = "voltage"
value = 0.4
for = "200 ms"
then = 1
)");
  const Time noon = small.site.start + hours(2);
  const Time end = small.site.start + hours(3);

  const auto whole = small.simulator();
  Afternoon first(noon);
  REQUIRE(whole->find_operating_point(first).finished);
  schedule(plan, *whole);
  REQUIRE(whole->run_until(noon, first, first, {}).finished);
  const Snapshot snapshot = whole->snapshot();
  CHECK(snapshot.at == noon);
  REQUIRE(whole->run_until(end, first, first, {}).finished);

  const auto again = small.simulator();
  again->restore(snapshot);
  Afternoon second(noon);
  REQUIRE(again->run_until(end, second, second, {}).finished);

  CHECK(first.values.size() > 3000 * small.plant().state_count());
  CHECK_FALSE(first.events.empty());
  CHECK(same_bytes(first.values, second.values));
  CHECK(first.events == second.events);
  CHECK(same_bytes(whole->state().states, again->state().states));
  CHECK(whole->state().modes == again->state().modes);
}

}  // namespace
}  // namespace ampacity::tests
