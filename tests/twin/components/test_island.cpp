// SPDX-License-Identifier: Apache-2.0

// The island alone, then coupled by hand with CDUs and racks: group control in its real company.

#include "tests/support/component_check.hpp"
#include "twin/components/cdu.hpp"
#include "twin/components/island.hpp"
#include "twin/components/liquid_rack.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

// `count` Frontier CDUs with three cabinets each on one manifold; facility water of constant
// temperature and pressure. All heat goes to the coolant. Heun steps.
struct Plant {
  Bench<Island> island;
  std::vector<Bench<Cdu>> cdus;
  Bench<LiquidRack> racks;  // one stands for all: flow and heat are multiplied
  double rack_count;
  double heat_w = 600e3;  // per CDU
  double worst_k = 0.0;
  double over_k_s = 0.0;  // time with more than 1 K of deviation

  explicit Plant(int count, double stroke_time_s = 60.0)
      : island(island_parameters(count)),
        cdus(static_cast<std::size_t>(count), Bench<Cdu>(cdu_parameters(stroke_time_s))),
        racks(rack_parameters()),
        rack_count(3.0 * count) {
    for (auto& cdu : cdus) {
      cdu.u.loop_pressure_difference_pa = 164095.0;  // 23.8 psi
      cdu.u.loop_supply_k = 294.15;                  // 21 degC
    }
    racks.x = {306.0, 308.0};
  }

  static Island::Parameters island_parameters(int count) {
    auto p = standard_parameters<Island>();
    p.supply_volume_m3 *= count;
    p.return_volume_m3 *= count;
    p.design_flow_kg_s *= count;
    return p;
  }
  static Cdu::Parameters cdu_parameters(double stroke_time_s) {
    auto p = standard_parameters<Cdu>();
    p.stroke_time_s = stroke_time_s;
    return p;
  }
  // A Frontier cabinet: 82.9 litres, 5 kg/s at 27.5 psi; 512 GPUs and 128 CPUs.
  static LiquidRack::Parameters rack_parameters() {
    auto p = standard_parameters<LiquidRack>();
    p.rated_power_w = 430e3;
    p.gpu_count = 512.0;
    p.package_count = 640.0;
    p.leakage_per_k = 0.0;
    p.capture = 1.0;
    p.coolant_volume_m3 = 0.0829;
    p.density_kg_m3 = 996.0;
    p.heat_capacity_j_kg_k = 4180.0;
    p.design_flow_kg_s = 5.0;
    p.design_pressure_pa = 189606.0;
    p.converter_count = p.rectifier_count = 0.0;
    p.converter_efficiency = p.rectifier_efficiency = 1.0;
    return p;
  }

  void evaluate() {
    const double cdu_count = static_cast<double>(cdus.size());
    Island::offer<double>(island.p, island.m, island.x, island.u, island.w);
    racks.u.pressure_difference_pa = island.w.pressure_difference_pa;
    racks.u.supply_k = island.w.supply_k;
    racks.u.demand_w = heat_w * cdu_count / rack_count;
    racks.evaluate();
    island.u.rack_flow_kg_s = racks.w.flow_kg_s * rack_count;
    island.u.rack_enthalpy_flow_w = racks.w.return_enthalpy_flow_w * rack_count;
    island.u.cdu_flow_kg_s = 0.0;
    island.u.cdu_enthalpy_flow_w = 0.0;
    for (auto& cdu : cdus) {
      cdu.u.pressure_difference_pa = island.w.pressure_difference_pa;
      cdu.u.speed_command = island.w.speed_command;
      cdu.u.valve_command = island.w.valve_command;
      cdu.u.return_k = island.w.return_k;
      cdu.evaluate();
      island.u.cdu_flow_kg_s += cdu.w.secondary_flow_kg_s;
      island.u.cdu_enthalpy_flow_w += cdu.w.secondary_enthalpy_flow_w;
    }
    island.evaluate();
  }

  template <class B>
  static void add(B& bench, const decltype(B::x)& from, const decltype(B::rate)& slope, double h) {
    const auto* start = reinterpret_cast<const double*>(&from);
    const auto* rate = reinterpret_cast<const double*>(&slope);
    auto* state = reinterpret_cast<double*>(&bench.x);
    for (std::size_t i = 0; i < sizeof(from) / sizeof(double); ++i)
      state[i] = start[i] + h * rate[i];
  }
  template <class S>
  static S mean(const S& a, const S& b) {
    S out = a;
    auto* to = reinterpret_cast<double*>(&out);
    const auto* other = reinterpret_cast<const double*>(&b);
    for (std::size_t i = 0; i < sizeof(S) / sizeof(double); ++i) to[i] = 0.5 * (to[i] + other[i]);
    return out;
  }

  void step(double h) {
    evaluate();
    const auto island_x = island.x;
    const auto island_rate = island.rate;
    const auto racks_x = racks.x;
    const auto racks_rate = racks.rate;
    std::vector<Cdu::States<double>> cdu_x;
    std::vector<Cdu::States<double>> cdu_rate;
    for (auto& cdu : cdus) {
      cdu_x.push_back(cdu.x);
      cdu_rate.push_back(cdu.rate);
      add(cdu, cdu.x, cdu.rate, h);
    }
    add(island, island_x, island_rate, h);
    add(racks, racks_x, racks_rate, h);
    evaluate();
    add(island, island_x, mean(island_rate, island.rate), h);
    add(racks, racks_x, mean(racks_rate, racks.rate), h);
    for (std::size_t i = 0; i < cdus.size(); ++i) {
      add(cdus[i], cdu_x[i], mean(cdu_rate[i], cdus[i].rate), h);
    }
  }

  // Runs and keeps the worst deviation of the supply.
  void run(double duration_s, double step_s = 0.02) {
    const auto steps = static_cast<int>(duration_s / step_s + 0.5);
    worst_k = 0.0;
    over_k_s = 0.0;
    for (int i = 0; i < steps; ++i) {
      step(step_s);
      const double off = std::abs(island.x.supply_k - 301.15);
      worst_k = std::max(worst_k, off);
      if (off > 1.0) over_k_s += step_s;
    }
  }
  // Heat moves linearly.
  void ramp(double to_w, double duration_s) {
    const double from_w = heat_w;
    const int pieces = 15;
    double worst = 0.0;
    double over = 0.0;
    for (int i = 1; i <= pieces; ++i) {
      heat_w = from_w + (to_w - from_w) * i / pieces;
      run(duration_s / pieces);
      worst = std::max(worst, worst_k);
      over += over_k_s;
    }
    worst_k = worst;
    over_k_s = over;
  }
};

}  // namespace

TEST_CASE("island: Jacobian, energy, bounds") {
  check_component<Island>(standard_parameters<Island>());
}

TEST_CASE("island: commands by hand, limits, dew-point reset") {
  Bench<Island> bench(standard_parameters<Island>());
  bench.x.supply_k = 302.15;  // 1 K too warm: 12 % more stroke
  bench.x.valve_integral = 0.5;
  bench.x.pressure_difference_pa = 0.9 * 189606.0;
  bench.x.speed_integral = 0.6;
  bench.evaluate();
  CHECK(bench.w.valve_command == doctest::Approx(0.5 + bench.p.valve_gain_per_k).epsilon(1e-4));
  CHECK(bench.w.speed_command == doctest::Approx(0.6 + 0.1 * bench.p.speed_gain).epsilon(1e-6));
  CHECK(bench.w.set_point_k == doctest::Approx(301.15).epsilon(1e-6));
  bench.u.dew_point_k = 301.15;  // 28 degC: the supply goes to 30 degC
  bench.evaluate();
  CHECK(bench.w.set_point_k == doctest::Approx(303.15).epsilon(1e-5));
  // Against a limit the integral comes back by itself.
  bench.x.valve_integral = 3.0;
  bench.evaluate();
  CHECK(bench.w.valve_command == 1.0);
  CHECK(bench.rate.valve_integral < -0.05);
  bench.react(Happening::Kind::order, 0, 305.15);
  CHECK(bench.w.set_point_k == doctest::Approx(305.15).epsilon(1e-5));
}

TEST_CASE("island: alarms wait, then speak, then clear") {
  Bench<Island> bench(standard_parameters<Island>());
  bench.x.supply_k = 303.65;
  bench.x.pressure_difference_pa = 100e3;
  CHECK(bench.guards()[0] > 0.0);
  CHECK(bench.guards()[2] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  bench.react(Happening::Kind::guard, 2);
  CHECK(bench.agenda.timers.size() == 2);
  bench.agenda.time_ns = 120'000'000'000;
  bench.react(Happening::Kind::timer, 0);
  bench.react(Happening::Kind::timer, 1);
  CHECK(bench.agenda.notes.size() == 2);
  bench.x.supply_k = 301.15;
  bench.x.pressure_difference_pa = 189e3;
  CHECK(bench.guards()[1] > 0.0);
  CHECK(bench.guards()[3] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  bench.react(Happening::Kind::guard, 3);
  bench.react(Happening::Kind::timer, 0);  // a late timer says nothing
  CHECK(bench.agenda.notes.size() == 2);
}

TEST_CASE("group control holds 28 degC from 300 kW to 1.2 MW" * doctest::test_suite("full")) {
  Plant plant(1);
  for (const double heat_w :
       {300e3, 450e3, 600e3, 750e3, 900e3, 1050e3, 1200e3, 900e3, 600e3, 300e3}) {
    plant.ramp(heat_w, 300.0);  // 150 kW in 5 minutes: must stay within 1 K all the time
    MESSAGE(heat_w << " W: worst " << plant.worst_k << " K, valve "
                   << plant.cdus[0].x.valve_position << ", speed " << plant.cdus[0].x.pump_speed);
    if (heat_w != 300e3) CHECK(plant.worst_k < 1.0);
    plant.run(900.0);
    plant.run(300.0);
    CHECK(plant.worst_k < 0.1);
    CHECK(plant.island.x.pressure_difference_pa == doctest::Approx(189606.0).epsilon(0.002));
  }
}

TEST_CASE("664 kW within 15 s: back within 1 K in less than ten minutes" *
          doctest::test_suite("full")) {
  for (const double stroke_s : {30.0, 60.0, 90.0}) {
    Plant plant(1, stroke_s);
    plant.heat_w = 500e3;
    plant.run(1800.0);
    CHECK(plant.worst_k < 3.0);
    plant.ramp(1164e3, 15.0);
    plant.run(600.0);
    MESSAGE("stroke " << stroke_s << " s, up: worst " << plant.worst_k << " K, " << plant.over_k_s
                      << " s beyond 1 K");
    CHECK(plant.over_k_s == 0.0);
    plant.run(600.0);
    CHECK(plant.worst_k < 0.2);
    plant.ramp(500e3, 15.0);
    plant.run(600.0);
    MESSAGE("stroke " << stroke_s << " s, down: worst " << plant.worst_k << " K, " << plant.over_k_s
                      << " s beyond 1 K");
    CHECK(plant.over_k_s == 0.0);
    plant.run(600.0);
    CHECK(plant.worst_k < 0.2);
  }
}

TEST_CASE("a lost CDU is picked up by the others (N+1)") {
  Plant plant(3);
  plant.run(1200.0);
  const double speed = plant.cdus[0].x.pump_speed;
  plant.cdus[2].react(Happening::Kind::order, 2);
  plant.run(600.0);
  MESSAGE("CDU lost: worst " << plant.worst_k << " K, speed " << plant.cdus[0].x.pump_speed
                             << ", pressure " << plant.island.x.pressure_difference_pa);
  CHECK(plant.worst_k < 1.5);
  CHECK(plant.over_k_s < 60.0);
  CHECK(plant.cdus[0].x.pump_speed > speed + 0.05);
  CHECK(plant.cdus[2].w.secondary_flow_kg_s == 0.0);
  CHECK(plant.cdus[2].w.primary_flow_kg_s < 0.01);
  CHECK(plant.island.x.pressure_difference_pa > 0.97 * 189606.0);
  plant.cdus[2].react(Happening::Kind::order, 3);
  plant.cdus[2].react(Happening::Kind::order, 0);
  plant.run(1200.0);
  plant.run(60.0);
  CHECK(plant.worst_k < 0.1);
}

TEST_CASE("a stuck valve and a lost pump are made up for by the group") {
  Plant plant(3);
  plant.run(1200.0);
  plant.cdus[0].react(Happening::Kind::order, 6, 1.0);
  plant.cdus[1].react(Happening::Kind::order, 4, 1.0);
  plant.ramp(900e3, 15.0);
  plant.run(1200.0);
  plant.run(60.0);
  CHECK(plant.worst_k < 0.1);
  CHECK(plant.cdus[1].x.valve_position > plant.cdus[0].x.valve_position);
}

TEST_CASE("all pumps lost: flow ends, racks heat up, nothing breaks; then everything returns") {
  Plant plant(1);
  plant.run(1200.0);
  plant.cdus[0].react(Happening::Kind::order, 4, 2.0);
  plant.run(30.0, 0.01);
  CHECK(plant.cdus[0].w.secondary_flow_kg_s < 1e-9);
  CHECK(plant.island.x.pressure_difference_pa < 1.0);
  CHECK(plant.island.x.pressure_difference_pa > -1.0);
  CHECK(std::isfinite(plant.racks.x.plate_k));
  CHECK(plant.racks.x.plate_k > 315.0);
  plant.cdus[0].react(Happening::Kind::order, 5, 2.0);
  plant.run(1200.0);
  plant.run(60.0);
  CHECK(plant.worst_k < 0.1);
  CHECK(plant.island.x.pressure_difference_pa == doctest::Approx(189606.0).epsilon(0.002));
}

TEST_CASE("facility water lost for a minute and back, then 3 K warmer") {
  Plant plant(1);
  plant.run(1200.0);
  const double valve = plant.cdus[0].x.valve_position;
  plant.cdus[0].u.loop_pressure_difference_pa = 0.0;
  plant.run(60.0);
  CHECK(plant.island.x.supply_k > 303.15);
  plant.cdus[0].u.loop_pressure_difference_pa = 164095.0;
  plant.run(900.0);
  plant.run(60.0);
  CHECK(plant.worst_k < 0.1);
  plant.cdus[0].u.loop_supply_k += 3.0;
  plant.run(900.0);
  CHECK(plant.worst_k < 1.0);
  plant.run(60.0);
  CHECK(plant.worst_k < 0.1);
  CHECK(plant.cdus[0].x.valve_position > valve);
}
