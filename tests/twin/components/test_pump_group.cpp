// SPDX-License-Identifier: Apache-2.0

// Hot-water pumps of Frontier on a loop: pressure control, staging, trips, drop-out.

#include "tests/support/component_check.hpp"
#include "twin/components/loop.hpp"
#include "twin/components/pump_group.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

// A pump group on a loop whose consumers are one resistance; simple Euler steps of 10 ms, guards
// and timers looked at after each.
struct Circuit {
  Bench<PumpGroup> pumps{standard_parameters<PumpGroup>()};
  Bench<Loop> loop{standard_parameters<Loop>()};
  double conductance = conductance_at(300.0, 164095.0);

  void run(double duration_s, double step_s = 0.01) {
    const auto steps = static_cast<int>(duration_s / step_s + 0.5);
    for (int i = 0; i < steps; ++i) {
      pumps.u.pressure_difference_pa = loop.x.pressure_difference_pa;
      pumps.evaluate();
      loop.u.pump_flow_kg_s = pumps.w.flow_kg_s;
      loop.u.consumer_flow_kg_s = turbulent_flow(conductance, loop.x.pressure_difference_pa);
      loop.evaluate();
      pumps.x.speed += step_s * pumps.rate.speed;
      pumps.x.integral += step_s * pumps.rate.integral;
      loop.x.pressure_difference_pa += step_s * loop.rate.pressure_difference_pa;
      pumps.agenda.time_ns += static_cast<std::int64_t>(step_s * 1e9);
      events();
    }
  }

  void events() {
    auto& timers = pumps.agenda.timers;
    for (std::size_t i = 0; i < timers.size();) {
      if (timers[i].first <= pumps.agenda.time_ns) {
        const int tag = timers[i].second;
        timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(i));
        pumps.react(Happening::Kind::timer, tag);
      } else {
        ++i;
      }
    }
    const auto guards = pumps.guards();
    for (std::size_t g = 0; g < PumpGroup::guards.size(); ++g) {
      if (guards[g] > 0.0) {
        pumps.react(Happening::Kind::guard, static_cast<int>(g));
        CHECK(pumps.guards()[g] <= 0.0);
      }
    }
  }
};

}  // namespace

TEST_CASE("pump group: Jacobian, energy, bounds") {
  check_component<PumpGroup>(standard_parameters<PumpGroup>());
}

TEST_CASE("pump group: published curve point and power by hand") {
  auto p = standard_parameters<PumpGroup>();
  p.series_pressure_pa = 0.0;
  p.start_running = 1.0;
  Bench<PumpGroup> bench(p);
  bench.x.speed = 1.0;
  // 219.6 kg/s (0.220305 m3/s) at 68.989 m of head: 674.5 kPa.
  bench.u.pressure_difference_pa = 68.9890528 * 9.80665 * 997.0;
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(219.64).epsilon(0.02));
  const double hydraulic = bench.w.flow_kg_s / 997.0 * bench.u.pressure_difference_pa;
  CHECK(bench.w.added_heat_w == doctest::Approx(hydraulic / 0.835).epsilon(1e-3));
  CHECK(bench.w.power_w == doctest::Approx(hydraulic / 0.835 / 0.95).epsilon(1e-3));
  CHECK(bench.w.power_a_w == bench.w.power_w);  // one feeder
  bench.u.pressure_difference_pa = 400e3;
  bench.evaluate();
  // Affinity: half speed, half flow, an eighth of the power.
  const double full_w = bench.w.power_w;
  const double full_kg_s = bench.w.flow_kg_s;
  bench.x.speed = 0.5;
  bench.u.pressure_difference_pa *= 0.25;
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(0.5 * full_kg_s).epsilon(2e-3));
  CHECK(bench.w.power_w == doctest::Approx(full_w / 8.0).epsilon(2e-3));
}

TEST_CASE("pump group: holds the loop's pressure and answers a change of the consumers") {
  Circuit circuit;
  circuit.pumps.u.voltage_b = 1.0;
  circuit.run(300.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.005));
  CHECK(circuit.pumps.w.power_a_w == doctest::Approx(0.5 * circuit.pumps.w.power_w));
  circuit.conductance *= 0.8;
  circuit.run(600.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.005));
}

TEST_CASE("pump group: a pump is added at full speed and taken away at the lowest") {
  Circuit circuit;
  circuit.conductance = conductance_at(620.0, 164095.0);
  circuit.run(900.0);
  CHECK(circuit.pumps.m.running > 2);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.01));
  circuit.conductance = conductance_at(120.0, 164095.0);
  circuit.run(900.0);
  CHECK(circuit.pumps.m.running == 1);
}

TEST_CASE("pump group: lost pumps, stopped group, drop-out and restart") {
  Circuit circuit;
  circuit.run(60.0);
  circuit.pumps.react(Happening::Kind::order, 4, 3.0);
  CHECK(circuit.pumps.m.available == 1);
  circuit.pumps.evaluate();
  CHECK(circuit.pumps.w.running == 1.0);
  circuit.pumps.react(Happening::Kind::order, 5, 3.0);
  CHECK(circuit.pumps.w.running == 2.0);

  circuit.pumps.u.voltage_a = 0.5;
  circuit.run(1.0);
  CHECK(circuit.pumps.m.supply == static_cast<std::int64_t>(Supply::stopped));
  circuit.run(60.0);
  CHECK(circuit.pumps.x.speed < 1e-3);
  CHECK(circuit.pumps.w.flow_kg_s < 0.1);
  CHECK(circuit.pumps.w.power_w < 10.0);
  CHECK(circuit.loop.x.pressure_difference_pa < 200.0);
  CHECK(circuit.loop.x.pressure_difference_pa >= 0.0);
  circuit.pumps.u.voltage_a = 1.0;
  circuit.run(14.0);
  CHECK(circuit.pumps.w.flow_kg_s < 0.1);
  circuit.run(120.0);
  CHECK(circuit.pumps.m.supply == static_cast<std::int64_t>(Supply::powered));
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.03));

  circuit.pumps.react(Happening::Kind::order, 1);  // standby
  circuit.run(60.0);
  CHECK(circuit.pumps.w.flow_kg_s < 0.1);
  circuit.pumps.react(Happening::Kind::order, 6, 140e3);
  circuit.pumps.react(Happening::Kind::order, 0);
  circuit.run(900.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(140e3).epsilon(0.01));
}
