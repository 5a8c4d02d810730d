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
  Bench<PumpGroup> pumps;
  Bench<Loop> loop{standard_parameters<Loop>()};
  double conductance = conductance_at(450.0, 164095.0);  // two pumps

  explicit Circuit(double pumps_on_b = 0.0) : pumps(parameters(pumps_on_b)) {}

  static PumpGroup::Parameters parameters(double pumps_on_b) {
    auto p = standard_parameters<PumpGroup>();
    p.pumps_on_b = pumps_on_b;
    return p;
  }

  void run(double duration_s, double step_s = 0.01) {
    const auto steps = static_cast<int>(duration_s / step_s + 0.5);
    for (int i = 0; i < steps; ++i) {
      pumps.u.pressure_difference_pa = loop.x.pressure_difference_pa;
      pumps.evaluate();
      loop.u.pump_flow_kg_s = pumps.w.flow_kg_s;
      loop.u.consumer_flow_kg_s = turbulent_flow(conductance, loop.x.pressure_difference_pa);
      loop.evaluate();
      pumps.x.speed_a += step_s * pumps.rate.speed_a;
      pumps.x.speed_b += step_s * pumps.rate.speed_b;
      pumps.x.turning_a += step_s * pumps.rate.turning_a;
      pumps.x.turning_b += step_s * pumps.rate.turning_b;
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
  auto p = standard_parameters<PumpGroup>();
  p.pumps_on_b = 2.0;
  p.series_units = 3.0;
  check_component<PumpGroup>(p);
}

TEST_CASE("pump group: energy while one feed coasts, and in standby") {
  auto p = standard_parameters<PumpGroup>();
  p.pumps_on_b = 2.0;
  p.hold_up_s = 0.0;
  Bench<PumpGroup> bench(p);
  bench.u.pressure_difference_pa = 100e3;
  bench.u.voltage_b = 1.0;
  bench.u.voltage_a = 0.0;
  bench.react(Happening::Kind::guard, 0);
  const double start_j = PumpGroup::stored_energy_j(bench.p, bench.x);
  CHECK(bench.w.power_a_w == 0.0);
  CHECK(bench.w.power_b_w > 0.0);
  const double shaft_w = full_shaft_power_w({707500.0, 0.6834}, 997.0, 0.835);
  const double speed = bench.x.speed_a;
  double net_j = 0.0;
  for (int i = 0; i < 5000; ++i) {
    net_j += 1e-3 * (bench.w.power_a_w + bench.w.power_b_w - bench.w.added_heat_w - bench.w.loss_w);
    bench.integrate(1e-3, 1);
  }
  CHECK(bench.x.speed_a == doctest::Approx(speed / (1.0 + speed * 5.0)).epsilon(1e-6));
  CHECK(PumpGroup::stored_energy_j(bench.p, bench.x) - start_j ==
        doctest::Approx(net_j).epsilon(1e-3));
  CHECK(start_j == doctest::Approx(2.0 * 0.5 * shaft_w * 1.0 * 0.36).epsilon(1e-6));
  bench.react(Happening::Kind::order, 1);  // standby
  CHECK(bench.w.power_w == 0.0);
}

TEST_CASE("pump group: published curve point and power by hand") {
  auto p = standard_parameters<PumpGroup>();
  p.series_pressure_pa = 0.0;
  p.start_running = 1.0;
  p.maximum_speed = 1.0;
  p.minimum_speed = 1.0;  // the command is what turns already: no kinetic energy to give or take
  Bench<PumpGroup> bench(p);
  bench.x.speed_a = 1.0;
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
  bench.p.minimum_speed = bench.p.maximum_speed = 0.5;
  bench.x.speed_a = 0.5;
  bench.u.pressure_difference_pa *= 0.25;
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(0.5 * full_kg_s).epsilon(2e-3));
  CHECK(bench.w.power_w == doctest::Approx(full_w / 8.0).epsilon(2e-3));
}

TEST_CASE("pump group: holds the loop's pressure and answers a change of the consumers") {
  Circuit circuit(2.0);
  circuit.pumps.u.voltage_b = 1.0;
  circuit.run(300.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.005));
  CHECK(circuit.pumps.m.a.running == 1);
  CHECK(circuit.pumps.m.b.running == 1);
  CHECK(circuit.pumps.w.power_a_w == doctest::Approx(0.5 * circuit.pumps.w.power_w));
  circuit.conductance *= 0.8;
  circuit.run(600.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.005));
}

TEST_CASE("pump group: a pump is added at full speed and taken away at the lowest") {
  Circuit circuit;
  circuit.conductance = conductance_at(1000.0, 164095.0);
  circuit.run(900.0);
  CHECK(circuit.pumps.m.wanted > 2);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.01));
  circuit.conductance = conductance_at(120.0, 164095.0);
  circuit.run(900.0);
  CHECK(circuit.pumps.m.a.running == 1);
}

TEST_CASE("pump group: the resistance of parallel units follows the number that is open") {
  auto p = standard_parameters<PumpGroup>();
  p.series_units = 3.0;
  p.shut_off_pressure_pa = 1e5;
  p.curvature_pa_s2_kg2 = 1e-6;  // all that counts is the resistance
  Bench<PumpGroup> bench(p);
  bench.x.speed_a = 1.0;
  bench.u.pressure_difference_pa = 1e5 - 15858.0;
  bench.u.open_units = 3.0;
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(486.0).epsilon(2e-3));
  bench.u.open_units = 2.0;
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(324.0).epsilon(2e-3));
  bench.u.open_units = 0.0;  // a by-pass carries it
  bench.evaluate();
  CHECK(bench.w.flow_kg_s == doctest::Approx(486.0 / 4).epsilon(2e-3));
}

TEST_CASE("pump group: a running pump trips, the flow dips, the standby pump restores it") {
  Circuit circuit;
  circuit.run(300.0);
  const double flow_kg_s = circuit.pumps.w.flow_kg_s;
  const double pressure_pa = circuit.loop.x.pressure_difference_pa;
  REQUIRE(circuit.pumps.m.a.running == 2);
  circuit.pumps.react(Happening::Kind::order, 4, 1.0);
  CHECK(circuit.pumps.m.a.running == 1);
  CHECK(circuit.pumps.m.changeover == 1);
  CHECK(circuit.pumps.w.flow_kg_s == doctest::Approx(flow_kg_s));  // not at once: it coasts
  double lowest_kg_s = flow_kg_s;
  double lowest_pa = pressure_pa;
  const auto watch = [&](double duration_s) {
    for (int i = 0; i < static_cast<int>(duration_s * 100.0 + 0.5); ++i) {
      circuit.run(0.01);
      lowest_kg_s = std::min(lowest_kg_s, circuit.pumps.w.flow_kg_s);
      lowest_pa = std::min(lowest_pa, circuit.loop.x.pressure_difference_pa);
    }
  };
  watch(0.24);
  CHECK(circuit.pumps.m.a.running == 1);
  watch(0.02);
  CHECK(circuit.pumps.m.a.running == 2);  // after the changeover of 250 ms
  watch(10.0);
  CHECK(lowest_kg_s < 0.97 * flow_kg_s);
  CHECK(lowest_kg_s > 0.5 * flow_kg_s);
  CHECK(lowest_pa < 0.98 * pressure_pa);
  // Recovered within three run-up times.
  CHECK(circuit.pumps.w.flow_kg_s == doctest::Approx(flow_kg_s).epsilon(0.02));
  watch(60.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(pressure_pa).epsilon(0.01));
}

TEST_CASE("pump group: without a spare the others carry what they can") {
  Circuit circuit;
  circuit.run(60.0);
  circuit.pumps.react(Happening::Kind::order, 4, 3.0);
  CHECK(circuit.pumps.m.a.available == 1);
  CHECK(circuit.pumps.m.a.running == 0);  // running pumps are lost first
  circuit.run(20.0);
  CHECK(circuit.pumps.m.a.running == 1);
  CHECK(circuit.pumps.m.changeover == 0);
  CHECK(circuit.pumps.x.turning_a == doctest::Approx(1.0).epsilon(0.01));
  circuit.pumps.react(Happening::Kind::order, 5, 3.0);
  circuit.run(20.0);
  CHECK(circuit.pumps.w.running == 2.0);
}

TEST_CASE("pump group: a sag on feed A drops out the pumps of A only") {
  Circuit circuit(1.0);  // three on A, one on B
  circuit.pumps.u.voltage_b = 1.0;
  circuit.run(300.0);
  const double flow_kg_s = circuit.pumps.w.flow_kg_s;
  REQUIRE(circuit.pumps.m.a.running == 1);
  REQUIRE(circuit.pumps.m.b.running == 1);
  circuit.pumps.u.voltage_a = 0.5;
  circuit.run(0.06);
  CHECK(circuit.pumps.m.a.supply == static_cast<std::int64_t>(Supply::stopped));
  CHECK(circuit.pumps.m.b.supply == static_cast<std::int64_t>(Supply::powered));
  CHECK(circuit.pumps.m.changeover == 0);  // the standby pumps hang on A as well
  circuit.run(0.09);
  CHECK(circuit.pumps.w.power_a_w == 0.0);
  CHECK(circuit.pumps.w.power_b_w > 0.0);
  circuit.pumps.u.voltage_a = 1.0;
  circuit.run(10.0);
  CHECK(circuit.pumps.w.flow_a_kg_s == 0.0);
  CHECK(circuit.pumps.w.flow_b_kg_s > 0.3 * flow_kg_s);
  CHECK(circuit.pumps.w.flow_kg_s < 0.95 * flow_kg_s);
  circuit.run(120.0);
  CHECK(circuit.pumps.m.a.running == 1);
  CHECK(circuit.pumps.w.flow_kg_s == doctest::Approx(flow_kg_s).epsilon(0.02));
  CHECK(circuit.pumps.agenda.notes ==
        std::vector<std::string>{"pumps on feed A dropped out", "pumps on feed A run up again"});
  // With a standby pump on the live feed the changeover takes it.
  Circuit spare(2.0);
  spare.pumps.u.voltage_b = 1.0;
  spare.run(300.0);
  spare.pumps.u.voltage_a = 0.0;
  spare.run(0.5);
  CHECK(spare.pumps.m.b.running == 2);
  spare.pumps.u.voltage_a = 1.0;
  spare.run(60.0);
  CHECK(spare.pumps.m.a.running == 0);  // the first pump stands by now
  CHECK(spare.pumps.w.flow_kg_s == doctest::Approx(flow_kg_s).epsilon(0.02));
}

TEST_CASE("pump group: drop-out, coasting and restart of all pumps; standby") {
  Circuit circuit;
  circuit.run(60.0);
  circuit.pumps.u.voltage_a = 0.5;
  circuit.run(1.0);
  CHECK(circuit.pumps.m.a.supply == static_cast<std::int64_t>(Supply::stopped));
  CHECK(circuit.pumps.w.power_w == 0.0);
  circuit.run(60.0);
  CHECK(circuit.pumps.x.speed_a < 0.02);  // 1/60: it takes long to come to rest
  CHECK(circuit.pumps.w.flow_kg_s < 0.02 * 450.0);
  CHECK(circuit.pumps.w.added_heat_w < 10.0);
  CHECK(circuit.loop.x.pressure_difference_pa < 500.0);
  CHECK(circuit.loop.x.pressure_difference_pa >= 0.0);
  circuit.pumps.u.voltage_a = 1.0;
  circuit.run(14.0);
  CHECK(circuit.pumps.w.power_w == 0.0);
  circuit.run(120.0);
  CHECK(circuit.pumps.m.a.supply == static_cast<std::int64_t>(Supply::powered));
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(164095.0).epsilon(0.03));

  circuit.pumps.react(Happening::Kind::order, 1);  // standby
  CHECK(circuit.pumps.w.power_w == 0.0);
  circuit.run(60.0);
  CHECK(circuit.pumps.w.flow_kg_s < 0.02 * 450.0);
  circuit.pumps.react(Happening::Kind::order, 6, 140e3);
  circuit.pumps.react(Happening::Kind::order, 0);
  circuit.run(900.0);
  CHECK(circuit.loop.x.pressure_difference_pa == doctest::Approx(140e3).epsilon(0.01));
}
