// SPDX-License-Identifier: Apache-2.0
// Engine and simulator on toy plants with closed-form solutions: accuracy, exact events, ledger,
// snapshots.
#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "tests/support/toy_components.hpp"
#include "twin/sim/simulator.hpp"
#include "twin/site/plant_builder.hpp"
#include "twin/solve/operating_point.hpp"

namespace ampacity::tests {
namespace {

struct Samples final : SampleSink {
  std::vector<Time> times;
  std::vector<std::vector<double>> signals;
  void on_sample(std::int64_t, Time at, const Plant&, const PlantState&,
                 std::span<const double> values, std::span<const double>) override {
    times.push_back(at);
    signals.emplace_back(values.begin(), values.end());
  }
};

struct Events final : EventSink {
  std::vector<EventRecord> records;
  void on_event(const EventRecord& event) override { records.push_back(event); }
};

// One heat capacity of 1000 J/K that loses 2 W/K to surroundings at 290 K, heated by an external
// input; a relay watches its temperature.
struct Site {
  explicit Site(bool leaks) {
    PlantBuilder builder;
    UnitId node;
    if (leaks) {
      node = builder.add<Leaky>("tank", site_block, {1000.0, 0.0});
    } else {
      node = builder.add<Node>("tank", site_block, {1000.0, 0.0});
    }
    const UnitId relay = builder.add<Relay>("relay", site_block, {310.0, 60.0});
    builder.connect(builder.external("heat", "W"), node, "heat");
    builder.connect(node, "temperature", relay, "value");
    plant = std::make_unique<Plant>(std::move(builder).compile());
    accounts = std::make_unique<Accounts>(*plant);
  }
  Simulator simulator(double heat_w, double relative_tolerance = 1e-6) const {
    ExternalTable externals(1);
    externals.hold(0, heat_w);
    SimulatorSettings settings;
    settings.start = Time{1'700'000'000LL * ns_per_second};
    settings.engine.relative_tolerance = relative_tolerance;
    return {*plant, *accounts, externals, settings};
  }
  std::size_t relay() const {
    return static_cast<std::size_t>(plant->find("relay") - plant->units().data());
  }
  std::unique_ptr<Plant> plant;
  std::unique_ptr<Accounts> accounts;
};

TEST_CASE("a steadily heated capacity warms linearly, and its relay opens on the instant") {
  const Site site(false);
  Simulator simulator = site.simulator(500.0);  // 0.5 K/s from 300 K: 310 K after 20 s
  Samples samples;
  Events events;
  const Time start = simulator.now();
  REQUIRE(simulator.run_until(start + seconds(50.0), samples, events, {}).finished);
  REQUIRE(samples.times.size() == 51);
  CHECK(samples.times[30] == start + seconds(30.0));
  CHECK(samples.signals[30][0] == doctest::Approx(315.0).epsilon(1e-9));
  REQUIRE(events.records.size() == 1);
  CHECK(std::abs((events.records[0].at - start - seconds(20.0)).ns) < 1000);
  CHECK(events.records[0].path == "relay");
}

TEST_CASE("the ledger closes, and a unit that loses energy is caught") {
  for (const bool leaks : {false, true}) {
    const Site site(leaks);
    Simulator simulator = site.simulator(500.0);
    Samples samples;
    Events events;
    const double before = site.plant->stored_energy_j(simulator.state().states.data());
    REQUIRE(simulator.run_until(simulator.now() + hours(1), samples, events, {}).finished);
    const double after = site.plant->stored_energy_j(simulator.state().states.data());
    const double entered = simulator.integrals().at(0);
    CHECK(entered == doctest::Approx(500.0 * 3600.0).epsilon(1e-9));
    const double error = std::abs(entered - (after - before)) / entered;
    if (leaks) {
      CHECK(error > 5e-4);
    } else {
      CHECK(error < 1e-9);
    }
  }
}

// A load without changes of its own that remembers when it was asked.
struct Asked final : Load {
  explicit Asked(std::vector<Time>& times_in) : times(&times_in) {}
  Time next_change() const override { return never; }
  void advance(Time now, const Plant&, std::span<const double>, ExternalTable&,
               EventSink&) override {
    times->push_back(now);
  }
  std::unique_ptr<Load> clone() const override { return std::make_unique<Asked>(*this); }
  std::vector<Time>* times;
};

TEST_CASE("loads are asked again whenever a unit has reacted: to a guard, a timer, an order") {
  const Site site(false);
  Simulator simulator = site.simulator(500.0);  // the relay opens after 20 s and closes 60 s later
  std::vector<Time> asked;
  simulator.add_load(std::make_unique<Asked>(asked));
  const Time start = simulator.now();
  Samples samples;
  Events events;
  REQUIRE(simulator.run_until(start + seconds(50.0), samples, events, {}).finished);
  REQUIRE(asked.size() == 1);  // the guard
  CHECK(std::abs((asked[0] - start - seconds(20.0)).ns) < 1000);
  REQUIRE(simulator.run_until(start + seconds(81.0), samples, events, {}).finished);
  REQUIRE(asked.size() >= 2);  // the timer
  CHECK(asked[1] - asked[0] == seconds(60.0));
  asked.clear();
  simulator.schedule_order(start + seconds(100.25), site.relay(), 0, 1.0);
  REQUIRE(simulator.run_until(start + seconds(101.0), samples, events, {}).finished);
  CHECK(std::find(asked.begin(), asked.end(), start + seconds(100.25)) != asked.end());
}

TEST_CASE("what was serious before the start is told at the start, once") {
  const Site site(false);
  // Warm enough for the relay from the first minutes of the spin-up, again after each closing.
  Simulator simulator = site.simulator(500.0);
  const Time start = simulator.now();
  Events events;
  REQUIRE(simulator.find_operating_point(events).finished);
  std::vector<EventRecord> limits;
  for (const EventRecord& event : events.records) {
    if (event.severity == Severity::limit) limits.push_back(event);
  }
  REQUIRE(limits.size() == 1);
  CHECK(limits[0].at == start);
  CHECK(limits[0].path == "relay");
  CHECK(limits[0].text == "before the start: over: value above its limit");
}

TEST_CASE("an order lands exactly, its timer too") {
  const Site site(false);
  Simulator simulator = site.simulator(0.0);
  const Time start = simulator.now();
  simulator.schedule_order(start + seconds(12.25), site.relay(), 0, 1.0);
  Samples samples;
  Events events;
  REQUIRE(simulator.run_until(start + seconds(100.0), samples, events, {}).finished);
  CHECK(simulator.state().modes[1] == (start + seconds(12.25)).ns);
  CHECK(simulator.state().modes[0] == 0);
  CHECK(samples.signals[72][3] == 0.0);
  CHECK(samples.signals[73][3] == 1.0);
}

TEST_CASE("from a snapshot the same afternoon, bit for bit") {
  const Site site(false);
  Events events;
  Samples whole;
  Simulator first = site.simulator(37.0);
  const Time start = first.now();
  REQUIRE(first.run_until(start + seconds(1000.0), whole, events, {}).finished);
  const Snapshot noon = first.snapshot();
  REQUIRE(first.run_until(start + seconds(2000.0), whole, events, {}).finished);
  Simulator second = site.simulator(0.0);
  second.restore(noon);
  Samples afternoon;
  REQUIRE(second.run_until(start + seconds(2000.0), afternoon, events, {}).finished);
  REQUIRE(afternoon.times.size() == 1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    CHECK(afternoon.times[i] == whole.times[i + 1001]);
    CHECK(afternoon.signals[i] == whole.signals[i + 1001]);
  }
  CHECK(second.integrals() == first.integrals());
}

TEST_CASE("the operating point is the steady state of a relaxing node") {
  PlantBuilder builder;
  const UnitId node = builder.add<Node>("node", site_block, {1000.0, 50.0});
  builder.connect(builder.external("heat", "W"), node, "heat");
  builder.set_constant(node, "neighbours", 50.0 * 290.0);
  const Plant plant = std::move(builder).compile();
  ExternalTable externals(1);
  externals.hold(0, 1000.0);
  PlantState state = plant.start_state();
  const auto found = find_steady_state(plant, externals, 0.0, state);
  REQUIRE(found);
  // One implicit Euler step of 3600 s, time constant 20 s: within 10 K * 20/3620 of 310 K.
  CHECK(state.states[0] == doctest::Approx(310.0 - 10.0 * 20.0 / 3620.0).epsilon(1e-9));
}

}  // namespace
}  // namespace ampacity::tests
