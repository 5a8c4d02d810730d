// SPDX-License-Identifier: Apache-2.0
//
// DOE-2 curves against the Modelica Buildings library's reference run, published sets against their
// own reference points, the lift beyond their range, and the chiller as a machine: control,
// sequences, trips.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/chiller.hpp"

using namespace ampacity;
using tests::Bench;
using tests::check_component;
using tests::relative;

namespace {

using Kind = Happening::Kind;
using Phase = Chiller::Phase;
enum Guard { lost, back, warm, cold, low_flow, frost, hot, outside, inside };
enum Order { run, standby, fail, repair, set_point, load_limit, reset };
enum Timer { supply_timer, rest_timer, start_timer };
constexpr double zero = 273.15;
constexpr std::int64_t second = 1'000'000'000;

Chiller::Parameters defaults() { return tests::standard_parameters<Chiller>(); }

// The machine of the validation data: McQuay WSC 471 kW, COP 5.89, vanes. EnergyPlus' data set, by
// way of the Modelica Buildings library.
constexpr eir::Set mcquay_wsc_471kw_vanes{
    471200.0,
    5.89,
    0.1,
    0.1,
    1.15,
    10.35,
    19.24,
    8.89,
    26.67,
    7.22,
    12.78,
    12.78,
    26.67,
    1.0,
    {{0.252113, 0.01324053, -0.008637329, 0.08581056, -0.004261176, 0.008661899},
     {0.4475238, -0.0258821, -0.001459053, 0.04342595, -0.001000651, 0.001920106},
     {0.2778889, 0.2338363, 0.4883748}}};

// A range that never ends: the reference run follows the polynomials beyond their fit.
constexpr eir::Range boundless{0.0, 1e3, 0.0, 1e3, 2.0, 8.0};

eir::Range range_of(const eir::Set& set) {
  return {zero + set.chilled_minimum_c,
          zero + set.chilled_maximum_c,
          zero + set.condenser_minimum_c,
          zero + set.condenser_maximum_c,
          2.0,
          8.0};
}

eir::Point<double> mcquay(double load, double chilled_c, double condenser_c) {
  const eir::Set& set = mcquay_wsc_471kw_vanes;
  return eir::point(set.curves, boundless, set.reference_heat_w, set.reference_cop,
                    set.minimum_load, set.unloaded_load, load, zero + chilled_c,
                    zero + condenser_c);
}

// Running at 60 % of its capacity with chilled water of 18 to 10 degC.
Bench<Chiller> running(Chiller::Parameters p = defaults()) {
  p.set_point_k = zero + 10;
  p.start_chilled_k = zero + 10;
  Bench<Chiller> bench(p);
  bench.u.evaporator_flow_per_share_kg_s = p.evaporator_flow_kg_s;
  bench.u.condenser_flow_per_share_kg_s = p.condenser_flow_kg_s;
  bench.u.evaporator_inlet_k = zero + 17;
  bench.u.condenser_inlet_k = zero + 22;
  bench.evaluate();
  return bench;
}

// The same law while the valves open, with a lower limit of load.
struct StartingChiller : Chiller {
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    Chiller::start(p, m, x);
    m.phase = static_cast<std::int64_t>(Phase::starting);
    m.load_limit_millionths = 300'000;
  }
};

bool is_in(const Bench<Chiller>& bench, Phase phase) {
  return bench.m.phase == static_cast<std::int64_t>(phase);
}

}  // namespace

TEST_CASE("DOE-2 curves: McQuay 471 kW") {
  struct Row {
    double chilled, condenser, load, cop, capacity;
  };
  for (const Row& row :
       {Row{5, 20, 0.4687399, 5.923911, 0.98031}, Row{10, 20, 0.3632775, 5.594652, 1.26491},
        Row{10, 21.6, 0.7310262, 6.531867, 1.25717}, Row{11.8533, 30, 0.7316481, 5.942992, 1.01493},
        Row{14.7334, 30, 0.4191693, 5.345358, 1.14009}}) {
    const auto now = mcquay(row.load, row.chilled, row.condenser);
    CHECK(now.heat_w / now.power_w == relative(row.cop, 1e-6));
    CHECK(now.available_w / 471200.0 == relative(row.capacity, 2e-5));
  }
  const auto path = tests::reference_file("reference/thermal/chiller_eir_mcquay471_dymola.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    const auto now = mcquay(row["PLR"], row["T_eva_out_C"], row["T_con_in_C"]);
    // Temperatures and load are printed with five digits.
    CHECK(now.heat_w / now.power_w == relative(row["COP_eqn"], 2e-5));
    CHECK(now.available_w / 471200.0 == relative(row["cap_frac_eqn"], 2e-5));
  }
}

TEST_CASE("cycling and hot gas at low load") {
  const auto full = mcquay(0.1, 8.89, 26.67);
  const auto half = mcquay(0.05, 8.89, 26.67);
  // Below the minimum load the machine runs half of the time: the same COP.
  CHECK(half.heat_w / half.power_w == relative(full.heat_w / full.power_w, 1e-5));
  const eir::Set& set = mcquay_wsc_471kw_vanes;
  const auto at = [&](double load) {
    return eir::point(set.curves, boundless, set.reference_heat_w, set.reference_cop, 0.1, 0.25,
                      load, zero + 8.89, zero + 26.67);
  };
  // Between minimum and unloaded load power stays.
  CHECK(at(0.12).power_w == relative(at(0.25).power_w, 1e-5));
  CHECK(at(0.12).heat_w < at(0.25).heat_w);
}

TEST_CASE("the curves are within 5 % of 1 at their reference point") {
  for (const eir::Set& set : {eir::york_yk_1997kw_vanes, mcquay_wsc_471kw_vanes}) {
    const double x = set.reference_chilled_c;
    const double y = set.reference_condenser_c;
    CHECK(eir::biquadratic(set.curves.capacity, x, y) == relative(1.0, 0.05));
    CHECK(eir::biquadratic(set.curves.temperature, x, y) == relative(1.0, 0.05));
    CHECK(eir::part_load_factor(set.curves.part_load, 1.0) == relative(1.0, 0.01));
  }
}

TEST_CASE("the curves are those of the data set") {
  const auto path = tests::reference_file("reference/thermal/chillers_eir_energyplus.csv");
  if (!path) return;
  int found = 0;
  for (const auto& row : tests::read_reference_table(*path)) {
    for (const eir::Set& set : {eir::york_yk_1997kw_vanes, mcquay_wsc_471kw_vanes}) {
      if (row["Q_ref_W"] != set.reference_heat_w || row["COP_ref"] != set.reference_cop) continue;
      if (row["T_con_max_C"] != set.condenser_maximum_c) continue;
      ++found;
      for (std::size_t i = 0; i < 6; ++i) {
        CHECK(row["cap" + std::to_string(i)] == set.curves.capacity[i]);
        CHECK(row["eir" + std::to_string(i)] == set.curves.temperature[i]);
      }
      for (std::size_t i = 0; i < 3; ++i) {
        CHECK(row["plr" + std::to_string(i)] == set.curves.part_load[i]);
      }
      CHECK(row["PLRmin"] == set.minimum_load);
      CHECK(row["PLRmax"] == set.maximum_load);
      CHECK(row["T_chw_max_C"] == set.chilled_maximum_c);
      CHECK(row["T_chw_min_C"] == set.chilled_minimum_c);
      CHECK(row["T_con_min_C"] == set.condenser_minimum_c);
      CHECK(row["m_eva_kg_s"] == relative(set.evaporator_flow_kg_s, 1e-5));
      CHECK(row["m_con_kg_s"] == relative(set.condenser_flow_kg_s, 1e-5));
    }
  }
  CHECK(found == 2);
}

TEST_CASE("chiller: Jacobian and conservation") {
  check_component<Chiller>(defaults());
  auto off = defaults();
  off.start_running = 0;
  check_component<Chiller>(off);
  check_component<StartingChiller>(defaults());
  auto open_motor = defaults();
  open_motor.motor_heat_to_condenser = 0.95;
  check_component<Chiller>(open_motor);
}

TEST_CASE("the load control holds the chilled water; steady state follows the curves") {
  auto bench = running();
  bench.integrate(7200, 7200);
  CHECK(std::abs(bench.x.evaporator_k - (zero + 10)) < 1e-3);
  const double heat = bench.p.evaporator_flow_kg_s * 4180 * 7;
  CHECK(bench.w.heat_w == relative(heat, 1e-4));
  const auto& set = eir::york_yk_1997kw_vanes;
  const double available = set.reference_heat_w * eir::biquadratic(set.curves.capacity, 10.0, 22.0);
  const double load = heat / available;
  const double power = available / set.reference_cop *
                       eir::biquadratic(set.curves.temperature, 10.0, 22.0) *
                       eir::part_load_factor(set.curves.part_load, load);
  CHECK(bench.w.power_w == relative(power, 1e-4));
  CHECK(bench.w.cop == relative(heat / power, 1e-4));
  CHECK(bench.w.condenser_heat_w == relative(heat + power, 1e-4));
  CHECK(bench.x.condenser_k ==
        relative(zero + 22 + (heat + power) / (bench.p.condenser_flow_kg_s * 4180), 1e-6));
  // A new set-point, and a limit that keeps it from being reached.
  bench.react(Kind::order, set_point, zero + 9);
  bench.integrate(7200, 7200);
  CHECK(std::abs(bench.x.evaporator_k - (zero + 9)) < 1e-3);
  bench.react(Kind::order, load_limit, 0.3);
  bench.integrate(7200, 7200);
  CHECK(bench.x.load == relative(0.3, 1e-5));
  CHECK(bench.x.evaporator_k > zero + 10);
  // The integral did not wind up: with the limit gone the load moves at its ramp at once.
  bench.react(Kind::order, load_limit, 1.06);
  CHECK(bench.rate.load == relative(bench.p.loading_hz, 1e-5));
  bench.integrate(7200, 7200);
  CHECK(std::abs(bench.x.evaporator_k - (zero + 9)) < 1e-2);
}

TEST_CASE("inside of the range the law is the curves, beyond it the lift") {
  const eir::Set& set = eir::york_yk_1997kw_vanes;
  const auto at = [&](double chilled_c, double condenser_c, double load = 1.0) {
    return eir::point(set.curves, range_of(set), 1.0, 1.0, set.minimum_load, set.unloaded_load,
                      load, zero + chilled_c, zero + condenser_c);
  };
  const auto curves = [&](double x, double y) {
    return eir::biquadratic(set.curves.capacity, x, y) *
           eir::biquadratic(set.curves.temperature, x, y) *
           eir::part_load_factor(set.curves.part_load, 1.0);
  };
  for (const double x : {7.22, 9.0, 12.78}) {
    for (const double y : {12.78, 20.0, 26.67}) {
      CAPTURE(x);
      CAPTURE(y);
      CHECK(at(x, y).power_w == relative(curves(x, y), 1e-9));
      CHECK(at(x, y).available_w == relative(eir::biquadratic(set.curves.capacity, x, y), 1e-9));
    }
  }
  // Worked by hand, capacity on its slope -0.025515 1/K at the corner: 18 degC from 29.44 degC of
  // condenser water. Lift 21.44 K over 289.15 K, at the corner 23.89 K over 283.93 K.
  const double capacity = 1.1700686 - 0.0255156 * 2.77;
  CHECK(at(18.0, 29.44).available_w == relative(capacity, 1e-5));
  const double factor = (21.44 / 289.15) / (23.89 / 283.93);
  CHECK(factor == relative(0.88125, 1e-4));
  CHECK(at(18.0, 29.44).power_w ==
        relative(curves(12.78, 26.67) / 1.1700686 * capacity * factor, 1e-5));

  // No jump at any edge.
  const double tiny = 1e-7;
  for (const double edge : {7.22, 12.78}) {
    CHECK(at(edge - tiny, 22.0).power_w == relative(at(edge + tiny, 22.0).power_w, 1e-6));
  }
  for (const double edge : {12.78, 26.67}) {
    CHECK(at(10.0, edge - tiny).power_w == relative(at(10.0, edge + tiny).power_w, 1e-6));
    CHECK(at(10.0, edge - tiny).available_w == relative(at(10.0, edge + tiny).available_w, 1e-6));
  }
  // Hotter condenser water costs more energy for each watt of heat and leaves less capacity, in the
  // range and beyond; warmer chilled water never costs more.
  for (const double x : {10.0, 12.78, 18.0, 24.0}) {
    for (double y = 22.0; y < 40.0; y += 0.5) {
      const auto here = at(x, y);
      const auto hotter = at(x, y + 0.5);
      CAPTURE(x);
      CAPTURE(y);
      CHECK(hotter.power_w / hotter.heat_w > 1.005 * here.power_w / here.heat_w);
      CHECK(hotter.available_w < here.available_w);
    }
  }
  CHECK(at(20.0, 24.0).power_w < at(15.0, 24.0).power_w);
  // Never less than half of the lift of the edge: 30 degC from 15 degC of condenser water.
  CHECK(at(30.0, 15.0).power_w == relative(0.5 * at(12.78, 15.0).power_w, 1e-6));
}

TEST_CASE("temperatures beyond the curves are reported") {
  auto bench = running();
  bench.react(Kind::order, set_point, zero + 20);
  bench.u.evaporator_inlet_k = zero + 28;
  bench.x.evaporator_k = zero + 20;
  CHECK(bench.guards()[outside] > 0);
  CHECK(bench.w.extrapolation_k == relative(20 - 12.78, 1e-5));
  const double warm_available = bench.w.available_w;
  bench.react(Kind::guard, outside);
  CHECK(bench.m.validity == 1);
  CHECK(bench.agenda.notes.size() == 1);
  CHECK(bench.guards()[outside] < 0);
  bench.x.evaporator_k = zero + 12.78;
  bench.evaluate();
  CHECK(bench.w.available_w == relative(warm_available, 1e-5));
  CHECK(bench.guards()[inside] < 0);
  bench.x.evaporator_k = zero + 12.5;
  CHECK(bench.guards()[inside] > 0);
  bench.react(Kind::guard, inside);
  CHECK(bench.m.validity == 0);
}

TEST_CASE("after a sag the machine waits, rests, proves its flow and ramps") {
  auto bench = running();
  bench.integrate(3600, 3600);
  const double load = bench.x.load;
  // 150 ms at 0.5 pu: longer than the hold-up.
  bench.u.voltage = 0.5;
  CHECK(bench.guards()[lost] > 0);
  bench.react(Kind::guard, lost);
  CHECK(bench.w.power_w > 0);
  bench.agenda.time_ns = 50'000'000;
  bench.react(Kind::timer, supply_timer);
  CHECK(is_in(bench, Phase::off));
  CHECK(bench.x.load == 0.0);
  CHECK(bench.w.power_w == 0.0);
  CHECK(bench.rate.valve == 0.0);  // without voltage it stays where it is
  bench.agenda.time_ns = 150'000'000;
  bench.u.voltage = 0.95;
  CHECK(bench.guards()[back] > 0);
  bench.react(Kind::guard, back);
  // The water that enters is warm, but nothing may start yet.
  CHECK(bench.guards()[warm] < 0);
  bench.agenda.time_ns = 301 * second;
  bench.react(Kind::timer, supply_timer);
  CHECK(bench.m.supply == static_cast<std::int64_t>(Supply::powered));
  CHECK(is_in(bench, Phase::off));
  CHECK(bench.guards()[warm] < 0);  // still resting
  bench.integrate(300, 300);
  CHECK(bench.w.evaporator_open < 1e-6);
  bench.agenda.time_ns = 901 * second;
  bench.react(Kind::timer, rest_timer);
  CHECK(is_in(bench, Phase::starting));
  bench.integrate(60, 60);
  CHECK(bench.w.power_w == 0.0);
  CHECK(bench.w.evaporator_open > 0.95);
  bench.agenda.time_ns = 961 * second;
  bench.react(Kind::timer, start_timer);
  CHECK(is_in(bench, Phase::running));
  CHECK(bench.x.load == bench.p.minimum_load);
  bench.integrate(30, 30);
  CHECK(bench.x.load <= bench.p.minimum_load + 30 * bench.p.loading_hz + 1e-9);
  CHECK(bench.x.load < load);
  bench.integrate(7200, 7200);
  CHECK(bench.x.load == relative(load, 1e-3));
}

TEST_CASE("a start without flow is given up") {
  auto p = defaults();
  p.start_running = 0;
  auto bench = running(p);
  CHECK(bench.guards()[warm] > 0);
  bench.react(Kind::guard, warm);
  CHECK(bench.guards()[warm] < 0);
  bench.u.condenser_flow_per_share_kg_s = 0;
  bench.agenda.time_ns = 60 * second;
  bench.react(Kind::timer, start_timer);
  CHECK(is_in(bench, Phase::off));
  CHECK(bench.m.resting == 1);
  CHECK(bench.x.load == 0.0);
}

TEST_CASE("it stops when the water is cold enough and starts again after its rest") {
  auto bench = running();
  bench.u.evaporator_inlet_k = zero + 9;
  bench.x.evaporator_k = zero + 7.9;
  CHECK(bench.guards()[cold] > 0);
  bench.react(Kind::guard, cold);
  CHECK(is_in(bench, Phase::off));
  CHECK(bench.guards()[cold] < 0);
  bench.agenda.time_ns = 900 * second;
  bench.react(Kind::timer, rest_timer);
  CHECK(is_in(bench, Phase::off));
  bench.u.evaporator_inlet_k = zero + 11.2;
  CHECK(bench.guards()[warm] > 0);
}

TEST_CASE("flow switches, frost and high pressure") {
  auto bench = running();
  bench.u.evaporator_flow_per_share_kg_s = 10;
  CHECK(bench.guards()[low_flow] > 0);
  bench.react(Kind::guard, low_flow);
  CHECK(is_in(bench, Phase::off));

  bench = running();
  bench.x.evaporator_k = 276.1;
  CHECK(bench.guards()[frost] > 0);
  bench.react(Kind::guard, frost);
  CHECK(is_in(bench, Phase::tripped));
  bench.agenda.time_ns = 1000 * second;
  bench.react(Kind::timer, rest_timer);
  CHECK(is_in(bench, Phase::tripped));
  bench.react(Kind::order, reset);
  CHECK(is_in(bench, Phase::starting));

  bench = running();
  bench.u.condenser_flow_per_share_kg_s = 0.31 * bench.p.condenser_flow_kg_s;
  bench.u.condenser_inlet_k = zero + 45;
  bench.integrate(600, 600);
  CHECK(bench.guards()[hot] > 0);
  bench.react(Kind::guard, hot);
  CHECK(is_in(bench, Phase::tripped));
  CHECK(bench.agenda.notes.back() == "tripped: condenser too hot");
}

TEST_CASE("orders take the machine out of service and back") {
  auto bench = running();
  bench.react(Kind::order, standby);
  CHECK(is_in(bench, Phase::off));
  CHECK(bench.guards()[warm] < 0);
  bench.agenda.time_ns = 900 * second;
  bench.react(Kind::timer, rest_timer);
  bench.react(Kind::order, run);
  CHECK(is_in(bench, Phase::starting));
  bench.react(Kind::order, fail);
  CHECK(is_in(bench, Phase::off));
  bench.react(Kind::order, run);
  CHECK(is_in(bench, Phase::off));
  bench.react(Kind::order, repair);
  bench.react(Kind::order, run);
  CHECK(is_in(bench, Phase::starting));
}
