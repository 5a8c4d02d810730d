// SPDX-License-Identifier: Apache-2.0

// Closed forms of the rack, its protection in the order in which it acts, faults and feeders.

#include "tests/support/component_check.hpp"
#include "twin/components/liquid_rack.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

using Rack = Bench<LiquidRack>;

// At its rated demand, 40 degC supply, design pressure.
Rack at_full_power(const LiquidRack::Parameters& p) {
  Rack rack(p);
  rack.u.pressure_difference_pa = p.design_pressure_pa;
  rack.u.supply_k = 313.15;
  rack.u.demand_w = p.rated_power_w;
  rack.integrate(300.0, 6000);
  return rack;
}

LiquidRack::Parameters without_feedback() {
  auto p = standard_parameters<LiquidRack>();
  p.leakage_per_k = 0.0;
  p.cap_floor = 1.0;  // no software cap
  return p;
}

// Steps of 50 ms with guards and timers.
void run(Rack& rack, double duration_s) {
  const auto steps = static_cast<int>(duration_s / 0.05 + 0.5);
  for (int i = 0; i < steps; ++i) {
    rack.integrate(0.05, 1);
    rack.agenda.time_ns += 50'000'000;
    auto& timers = rack.agenda.timers;
    for (std::size_t t = 0; t < timers.size();) {
      if (timers[t].first <= rack.agenda.time_ns) {
        const int tag = timers[t].second;
        timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(t));
        rack.react(Happening::Kind::timer, tag);
      } else {
        ++t;
      }
    }
    const auto guards = rack.guards();
    for (std::size_t g = 0; g < LiquidRack::guards.size(); ++g) {
      if (guards[g] > 0.0) {
        rack.react(Happening::Kind::guard, static_cast<int>(g));
        CHECK(rack.guards()[g] <= 0.0);
      }
    }
  }
}

}  // namespace

TEST_CASE("liquid rack: Jacobian, energy, bounds") {
  check_component<LiquidRack>(standard_parameters<LiquidRack>());
  check_component<LiquidRack>(without_feedback());
}

TEST_CASE("plate as RC: 250 J/K behind 0.02 K/W") {
  // One package of 1 kW on coolant of 40 degC: 40 + 20 (1 - exp(-t/5 s)) minus start.
  auto p = without_feedback();
  p.rated_power_w = 1000.0;
  p.package_count = p.gpu_count = p.gpu_share = p.capture = 1.0;
  p.package_capacity_j_k = 250.0;
  p.plate_resistance_k_w = 0.02;
  p.flow_exponent = 0.0;
  p.design_flow_kg_s = 1e6;  // so much coolant that it stays at 40 degC
  p.coolant_volume_m3 = 24.0;
  p.converter_count = p.rectifier_count = 0.0;
  p.converter_efficiency = p.rectifier_efficiency = 1.0;
  Rack rack(p);
  rack.u.pressure_difference_pa = p.design_pressure_pa;
  rack.u.supply_k = 313.15;
  rack.u.demand_w = 1000.0;
  rack.x = {313.15, 313.15};
  rack.integrate(5.0, 20000);
  CHECK(rack.x.plate_k - 273.15 == doctest::Approx(60.0 - 20.0 * std::exp(-1.0)).epsilon(1e-6));
  CHECK(std::abs(rack.x.plate_k - 273.15 - 52.6424) < 5.1e-5);
  rack.integrate(5.0, 20000);
  CHECK(rack.x.plate_k - 273.15 == doctest::Approx(57.2933).epsilon(1e-6));
}

TEST_CASE("device: closed forms of leakage, cap and blend") {
  const DeviceLaw law{0.012, 0.004, 348.15, 360.15, 0.4};
  const DeviceHeat<double> free = device_heat(law, 1000.0, 330.0);
  // The fixed point by iteration.
  double q = 1000.0;
  for (int i = 0; i < 100; ++i) q = 1000.0 * (1.0 + 0.004 * (330.0 + 0.012 * q - 348.15));
  CHECK(free.power_w == doctest::Approx(q).epsilon(1e-9));
  CHECK(free.die_k == doctest::Approx(330.0 + 0.012 * q).epsilon(1e-9));
  CHECK(free.served == doctest::Approx(1.0).epsilon(1e-9));
  // Capped: the die stands at its maximum operating temperature.
  const DeviceHeat<double> capped = device_heat(law, 1000.0, 353.15);
  CHECK(capped.die_k == doctest::Approx(360.15).epsilon(1e-9));
  CHECK(capped.power_w == doctest::Approx(7.0 / 0.012).epsilon(1e-9));
  // At the floor: 40 % of what it would draw.
  const DeviceHeat<double> floor = device_heat(law, 1000.0, 362.15);
  CHECK(floor.served == doctest::Approx(0.4).epsilon(1e-6));
  CHECK(device_heat(law, 0.0, 330.0).power_w == doctest::Approx(0.0));
  // Runaway: 0.03 K/W at 4 W/K is a loop gain of 0.12; at 20 W/K it is refused.
  CHECK_NOTHROW(require_no_runaway({0.012, 0.004, 0, 0, 0}, 0.018, 1000.0));
  CHECK_THROWS_AS(require_no_runaway({0.012, 0.02, 0, 0, 0}, 0.018, 1000.0), ConfigurationError);
}

TEST_CASE("steady state by hand at 1.5 L/min per kW") {
  Rack rack = at_full_power(without_feedback());
  const auto& p = rack.p;
  CHECK(rack.w.flow_kg_s == doctest::Approx(p.design_flow_kg_s).epsilon(1e-4));
  // 108 kW behind 18 regulators, then 24 rectifiers, each with a square part.
  const double bus = (108e3 + 18 * 20.0) / 0.903;
  const double power = (bus + 24 * 25.928) / 0.997981 + 5.3679e-6 * bus * bus / 24.0;
  CHECK(rack.w.power_w == doctest::Approx(power).epsilon(1e-9));
  CHECK(rack.w.coolant_heat_w == doctest::Approx(0.87 * power).epsilon(1e-6));
  CHECK(rack.w.air_heat_w == doctest::Approx(0.13 * power).epsilon(1e-9));
  const double rise = 0.87 * power / (p.design_flow_kg_s * p.heat_capacity_j_kg_k);
  CHECK(rack.w.coolant_outlet_k == doctest::Approx(313.15 + rise).epsilon(1e-5));
  const double plate = 313.15 + 0.5 * rise + 0.87 * power * 0.018 / 108.0;
  CHECK(rack.x.plate_k == doctest::Approx(plate).epsilon(2e-4));
  CHECK(rack.w.die_k == doctest::Approx(rack.x.plate_k + 0.012 * 1080.0).epsilon(1e-9));
  CHECK(rack.w.die_margin_k == doctest::Approx(362.15 - rack.w.die_k).epsilon(1e-9));
  // Margins as NVIDIA's T.Limit counts them: slowdown 2 K and shutdown 8 K above 87 degC.
  CHECK(rack.w.shutdown_margin_k == doctest::Approx(368.15 - rack.w.die_k).epsilon(1e-9));
  CHECK(rack.w.delivered == doctest::Approx(1.0));
  // Outlet above inlet, plate above outlet's mean, die above plate.
  CHECK(rack.w.coolant_outlet_k > rack.u.supply_k);
  CHECK(rack.x.plate_k > 0.5 * (rack.w.coolant_outlet_k + rack.u.supply_k));
}

TEST_CASE("leakage makes a warmer rack draw more") {
  Rack cool = at_full_power(standard_parameters<LiquidRack>());
  const double cool_w = cool.w.power_w;
  cool.u.supply_k += 5.0;
  cool.integrate(300.0, 6000);
  // 0.4 %/K of 72 % of the demand, amplified by the path's resistance (loop gain about 0.14).
  const double growth = (cool.w.power_w - cool_w) / cool_w;
  CHECK(growth > 5.0 * 0.004 * 0.72);
  CHECK(growth < 5.0 * 0.004 * 0.72 * 1.3);
}

TEST_CASE("loss of flow: slowdown within 3 to 9 s, then shutdown, then recovery") {
  auto p = without_feedback();
  p.low_flow_share = 0.0;  // without the flow switch, which is faster than the firmware's shutdown
  Rack rack = at_full_power(p);
  // The notes' check: packages of 1 kW, dies at 75 degC.
  rack.u.demand_w = 100e3;
  rack.integrate(300.0, 6000);
  CHECK(rack.w.die_k - 273.15 == doctest::Approx(73.0).epsilon(0.05));
  rack.react(Happening::Kind::order, 4, 1.0);  // isolation valve closes
  CHECK(rack.w.flow_kg_s == 0.0);
  double to_slowdown_s = 0.0;
  while (rack.m.thermal == 0 && to_slowdown_s < 60.0) {
    run(rack, 0.05);
    to_slowdown_s += 0.05;
  }
  MESSAGE("loss of flow to slowdown: " << to_slowdown_s << " s");
  CHECK(to_slowdown_s > 3.0);
  CHECK(to_slowdown_s < 9.0);
  CHECK(rack.w.delivered == doctest::Approx(0.5));
  run(rack, 60.0);
  CHECK(rack.m.thermal == 2);
  CHECK(rack.w.delivered == 0.0);
  // Only regulators and rectifiers still draw.
  CHECK(rack.w.power_w == doctest::Approx((18 * 20.0 / 0.903 + 24 * 25.928) / 0.998).epsilon(1e-3));
  rack.react(Happening::Kind::order, 4, 0.0);
  run(rack, 300.0);
  CHECK(rack.m.thermal == 2);  // the restart delay holds it down
  run(rack, 400.0);
  CHECK(rack.m.thermal == 0);
  CHECK(rack.w.delivered == doctest::Approx(1.0));
}

TEST_CASE("flow switch: trips its delay after the flow fell below its share, until it is reset") {
  // The pressure difference falls as exp(-t/5 s) and the flow with its root: half of the design
  // flow is left after 2 ln 2 * 5 s = 6.93 s, the trip comes 4 s later.
  Rack rack = at_full_power(without_feedback());
  const double start_pa = rack.u.pressure_difference_pa;
  double elapsed_s = 0.0;
  while (rack.m.flow_switch != 2 && elapsed_s < 60.0) {
    run(rack, 0.05);
    elapsed_s += 0.05;
    rack.u.pressure_difference_pa = start_pa * std::exp(-elapsed_s / 5.0);
  }
  CHECK(std::abs(elapsed_s - (10.0 * std::log(2.0) + 4.0)) < 0.15);
  CHECK(rack.agenda.notes.back() == "rack tripped: too little coolant");
  CHECK(rack.w.power_w == 0.0);
  CHECK(rack.w.delivered == 0.0);
  rack.u.pressure_difference_pa = start_pa;  // coolant alone does not bring it back
  run(rack, 10.0);
  CHECK(rack.w.power_w == 0.0);
  rack.react(Happening::Kind::order, 8, 1.0);
  CHECK(rack.w.power_w > 100e3);
  // A dip that is shorter than the delay does nothing; a reset without coolant trips again.
  rack.u.pressure_difference_pa = 0.0;
  run(rack, 3.9);
  rack.u.pressure_difference_pa = start_pa;
  run(rack, 10.0);
  CHECK(rack.m.flow_switch == 0);
  rack.u.pressure_difference_pa = 0.0;
  run(rack, 5.0);
  CHECK(rack.m.flow_switch == 2);
  rack.react(Happening::Kind::order, 8, 1.0);
  CHECK(rack.m.flow_switch == 0);
  run(rack, 4.2);
  CHECK(rack.m.flow_switch == 2);
  // A rack that does not work is not watched.
  rack.react(Happening::Kind::order, 8, 1.0);
  rack.react(Happening::Kind::order, 1);
  run(rack, 10.0);
  CHECK(rack.m.flow_switch == 0);
}

TEST_CASE("warm coolant: the software cap holds the die without a jump") {
  Rack rack = at_full_power(standard_parameters<LiquidRack>());
  double last = rack.w.delivered;
  for (int k = 0; k < 30; ++k) {
    rack.u.supply_k += 0.5;
    run(rack, 60.0);
    CHECK(rack.w.delivered <= last + 1e-9);
    CHECK(rack.w.die_k < 360.15 + 0.5);
    last = rack.w.delivered;
  }
  CHECK(last < 0.95);
  CHECK(rack.m.thermal == 0);
}

TEST_CASE("both feeds lost: hold-up, stop, restart after the delay") {
  Rack rack = at_full_power(standard_parameters<LiquidRack>());
  rack.u.voltage_b = 1.0;
  rack.evaluate();
  CHECK(rack.w.power_a_w == doctest::Approx(rack.w.power_b_w));
  rack.u.voltage_a = 0.5;  // one feeder sags: the other carries all
  rack.evaluate();
  CHECK(rack.w.power_a_w == 0.0);
  CHECK(rack.guards()[0] < 0.0);
  rack.u.voltage_b = 0.5;
  CHECK(rack.guards()[0] > 0.0);
  rack.react(Happening::Kind::guard, 0);
  CHECK(rack.m.supply == static_cast<std::int64_t>(Supply::holding));
  rack.u.voltage_a = 1.0;  // back within 20 ms: nothing happened
  rack.react(Happening::Kind::guard, 1);
  CHECK(rack.m.supply == static_cast<std::int64_t>(Supply::powered));
  rack.agenda.timers.clear();
  rack.u.voltage_a = 0.0;
  run(rack, 1.0);
  CHECK(rack.m.supply == static_cast<std::int64_t>(Supply::stopped));
  CHECK(rack.w.power_w == 0.0);
  CHECK(rack.w.delivered == 0.0);
  rack.u.voltage_a = 1.0;
  run(rack, 100.0);
  CHECK(rack.w.power_w == 0.0);
  run(rack, 30.0);
  CHECK(rack.w.power_w > 100e3);
}

TEST_CASE("leak, stuck valve, blockage, failure") {
  Rack rack = at_full_power(standard_parameters<LiquidRack>());
  rack.react(Happening::Kind::order, 7, 1.0);
  run(rack, 9.0);
  CHECK(rack.w.power_w > 100e3);
  run(rack, 2.0);
  CHECK(rack.w.power_w == 0.0);
  CHECK(rack.w.flow_kg_s == 0.0);
  rack.react(Happening::Kind::order, 7, 0.0);
  CHECK(rack.w.flow_kg_s > 3.0);

  rack.react(Happening::Kind::order, 5, 1.0);  // stuck open
  rack.react(Happening::Kind::order, 4, 1.0);
  CHECK(rack.w.flow_kg_s > 3.0);
  rack.react(Happening::Kind::order, 6, 0.5);
  CHECK(rack.w.flow_kg_s == doctest::Approx(0.5 * rack.p.design_flow_kg_s).epsilon(1e-3));
  rack.react(Happening::Kind::order, 2);
  CHECK(rack.w.power_w == 0.0);
  rack.react(Happening::Kind::order, 0);  // a failed rack does not start
  CHECK(rack.w.power_w == 0.0);
  rack.react(Happening::Kind::order, 3);
  rack.react(Happening::Kind::order, 0);
  CHECK(rack.w.power_w > 100e3);
}

TEST_CASE("inlet air above its limit raises an alarm that clears 1 K lower") {
  Rack rack = at_full_power(standard_parameters<LiquidRack>());
  CHECK(rack.guards()[5] < 0.0);
  rack.u.inlet_air_k = 306.15;
  CHECK(rack.guards()[5] > 0.0);
  rack.react(Happening::Kind::guard, 5);
  rack.u.inlet_air_k = 304.65;
  CHECK(rack.guards()[6] < 0.0);
  rack.u.inlet_air_k = 303.65;
  CHECK(rack.guards()[6] > 0.0);
  rack.react(Happening::Kind::guard, 6);
  CHECK(rack.m.inlet_alarm == 0);
}

namespace {

// The same laws in other modes: Jacobian and energy must hold there, too.
struct SlowRack : LiquidRack {
  static void start(const Parameters&, Modes& m, States<double>&) { m.thermal = 1; }
};
struct HotStoppedRack : LiquidRack {
  static void start(const Parameters&, Modes& m, States<double>&) {
    m.thermal = 2;
    m.isolation = 1;
  }
};
struct DeadRack : LiquidRack {
  static void start(const Parameters&, Modes& m, States<double>&) { m.supply = 2; }
};

}  // namespace

TEST_CASE("liquid rack: Jacobian and energy in other modes") {
  check_component<SlowRack>(standard_parameters<LiquidRack>());
  check_component<HotStoppedRack>(standard_parameters<LiquidRack>());
  check_component<DeadRack>(standard_parameters<LiquidRack>());
}
