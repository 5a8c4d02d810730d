// SPDX-License-Identifier: Apache-2.0

// Battery system: equivalent-circuit step, energy, limits, set-point, peak shaving and smoothing
// through a meter, anti-windup, return of charge, drop-out.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/component_check.hpp"
#include "twin/components/battery.hpp"
#include "twin/components/meter.hpp"

namespace ampacity {
namespace {

using tests::Bench;

const Curve& ocv() {
  static const CurveTable table = lfp_ocv_table();
  static const Curve curve = table.view();
  return curve;
}

// 40 MW and 10 MWh.
Battery::Parameters standard() {
  auto p = tests::standard_parameters<Battery>();
  p.open_circuit_voltage = ocv();
  p.rated_power_w = 40e6;
  p.discharge_rate_per_s = 4.0 / 3600.0;
  p.charge_rate_per_s = 4.0 / 3600.0;
  return p;
}

Battery::Parameters controlled(Battery::Control control) {
  auto p = standard();
  p.control = static_cast<double>(control);
  p.meter_interval_s = 0.02;
  return p;
}

// A load and a battery behind one meter.
class Feeder {
 public:
  explicit Feeder(const Battery::Parameters& p)
      : battery(p), meter(Meter::Parameters{p.meter_interval_s}) {}

  // All averages at a load, battery at rest.
  void settle_at(double load) {
    meter.x.averaged_w = load;
    battery.x.import_target_w = load;
    load_w = load;
  }

  void run(double duration_s, double step_s) {
    const auto steps = static_cast<int>(std::lround(duration_s / step_s));
    for (int i = 0; i < steps; ++i) {
      battery.u.measured_w = meter.x.averaged_w;
      battery.integrate(step_s, 1);
      meter.u.power_w = import_w();
      meter.integrate(step_s, 1);
    }
  }

  double import_w() const { return load_w - battery.w.delivered_w; }

  Bench<Battery> battery;
  Bench<Meter> meter;
  double load_w = 0.0;
};

TEST_CASE("battery: laws of all components") {
  for (const auto control : {Battery::Control::off, Battery::Control::set_point,
                             Battery::Control::peak_shaving, Battery::Control::smoothing}) {
    tests::check_component<Battery>(controlled(control), 25);
  }
}

TEST_CASE("battery: voltage after a step of 100 A") {
  auto p = standard();
  p.resistance_ohm = 0.4e-3;
  p.resistance_1_ohm = 0.6e-3;
  p.time_1_s = 30.0;
  p.resistance_2_ohm = 1e-12;
  p.resistance_rise = 0.0;
  p.activation_j_per_mol = 0.0;
  p.inverter_time_s = 1e15;  // holds the current
  Bench<Battery> bench(p);
  bench.x.current_a = 100.0;
  double at_s = 0.0;
  struct Row {
    double time_s, drop_mv;
  };
  for (const Row& row : {Row{1.0, -41.967}, Row{10.0, -57.008}, Row{30.0, -77.927},
                         Row{60.0, -91.880}, Row{300.0, -99.997}}) {
    bench.integrate(row.time_s - at_s, 400);
    at_s = row.time_s;
    const double drop_mv = 1e3 * (bench.w.pack_v / p.series_cells - ocv()(bench.x.soc));
    CHECK(std::abs(drop_mv - row.drop_mv) <= 0.6e-3);
  }
  CHECK(bench.x.soc == doctest::Approx(0.5 - 100.0 * 300.0 / 9e5).epsilon(1e-10));
}

TEST_CASE("battery: gives exactly the power that is ordered, and energy closes") {
  for (const double power_w : {7.5e6, -7.5e6, 30e6, -3e5}) {
    CAPTURE(power_w);
    Bench<Battery> bench(standard());
    bench.react(Happening::Kind::order, 5, power_w);
    bench.integrate(2.0, 400);
    CHECK(bench.w.delivered_w == doctest::Approx(power_w).epsilon(1e-4));
    // What is drawn is stored or lost.
    CHECK(bench.w.stored_w + bench.w.loss_w == doctest::Approx(bench.w.power_w).epsilon(1e-9));
    CHECK(bench.w.loss_w > 0.0);
  }
  Bench<Battery> bench(standard());
  bench.u.set_point_w = 2e6;
  const double before_j = Battery::stored_energy_j<double>(bench.p, bench.x);
  // Simpson over each step of the net power.
  double given_j = 0.0;
  for (int i = 0; i < 20000; ++i) {
    bench.evaluate();
    given_j +=
        0.05 / 6.0 * Battery::net_power_w<double>(bench.p, bench.m, bench.x, bench.u, bench.w);
    bench.integrate(0.025, 1);
    given_j +=
        0.2 / 6.0 * Battery::net_power_w<double>(bench.p, bench.m, bench.x, bench.u, bench.w);
    bench.integrate(0.025, 1);
    given_j +=
        0.05 / 6.0 * Battery::net_power_w<double>(bench.p, bench.m, bench.x, bench.u, bench.w);
  }
  const double after_j = Battery::stored_energy_j<double>(bench.p, bench.x);
  CHECK(bench.x.soc < 0.45);
  CHECK(std::abs(after_j - before_j - given_j) <= 1e-6 * std::abs(given_j));
}

TEST_CASE("battery: a four-hour system gives back some nine tenths of what it took" *
          doctest::test_suite("full")) {
  auto p = standard();
  p.rated_power_w = 10e6;
  p.rated_energy_j = 40e6 * 3600.0;
  Bench<Battery> bench(p);
  double taken_j = 0.0;
  double given_j = 0.0;
  bench.u.set_point_w = -10e6;
  while (bench.x.soc < 0.9) {
    bench.integrate(2.0, 100);
    taken_j += 2.0 * bench.w.power_w;
  }
  bench.u.set_point_w = 10e6;
  while (bench.x.soc > 0.5) {
    bench.integrate(2.0, 100);
    given_j -= 2.0 * bench.w.power_w;
  }
  CHECK(given_j / taken_j > 0.88);
  CHECK(given_j / taken_j < 0.96);
}

TEST_CASE("battery: limits at the ends of charge, voltage and temperature") {
  Bench<Battery> bench(standard());
  bench.evaluate();
  CHECK(bench.w.discharge_limit_w == doctest::Approx(40e6).epsilon(0.2));
  bench.x.soc = bench.p.minimum_soc;
  bench.evaluate();
  CHECK(bench.w.discharge_limit_w == 0.0);
  CHECK(bench.w.charge_limit_w > 30e6);
  CHECK(bench.guards()[2] > 0.0);
  bench.react(Happening::Kind::guard, 2);
  CHECK(bench.guards()[2] < 0.0);
  CHECK(bench.guards()[4] < 0.0);
  bench.x.soc = bench.p.minimum_soc + 1.1 * bench.p.soc_band;
  CHECK(bench.guards()[4] > 0.0);
  bench.react(Happening::Kind::guard, 4);

  bench.x.soc = bench.p.maximum_soc;
  bench.evaluate();
  // What is left is the idle loss of the inverter.
  CHECK(bench.w.charge_limit_w ==
        doctest::Approx(bench.p.inverter_loss_constant * 40e6).epsilon(1e-9));
  CHECK(bench.guards()[3] > 0.0);

  bench.x.soc = 0.5;
  bench.x.temperature_k = bench.p.cold_limit_k;
  bench.evaluate();
  CHECK(bench.w.charge_limit_w < 0.1e6);
  CHECK(bench.w.discharge_limit_w > 10e6);
  bench.x.temperature_k = bench.p.hot_limit_k;
  bench.evaluate();
  CHECK(bench.w.discharge_limit_w == 0.0);
  CHECK(bench.guards()[5] > 0.0);

  // Voltage: the cell never goes below its lowest voltage.
  auto p = standard();
  p.minimum_cell_v = 3.2;
  Bench<Battery> weak(p);
  weak.u.set_point_w = 40e6;
  weak.x.soc = 0.3;
  weak.integrate(1.0, 200);
  CHECK(weak.w.pack_v / p.series_cells >= 3.2 - 1e-3);
  CHECK(weak.w.delivered_w < 5e6);
}

TEST_CASE("battery: a long discharge ends at the empty mark and takes nothing more") {
  Bench<Battery> bench(standard());
  bench.u.set_point_w = 40e6;
  bench.integrate(1800.0, 36000);
  CHECK(bench.x.soc >= bench.p.minimum_soc);
  CHECK(bench.x.soc <= bench.p.minimum_soc + bench.p.soc_band);
  CHECK(bench.x.full_cycles == doctest::Approx(0.5 * (0.5 - bench.x.soc)).epsilon(1e-6));
}

TEST_CASE("battery: peak shaving holds the import at its limit") {
  Feeder feeder(controlled(Battery::Control::peak_shaving));
  feeder.battery.react(Happening::Kind::order, 6, 30e6);
  feeder.settle_at(25e6);
  feeder.run(2.0, 2e-3);
  CHECK(feeder.import_w() == doctest::Approx(25e6).epsilon(1e-4));
  feeder.load_w = 50e6;
  feeder.run(2.0, 2e-3);
  CHECK(feeder.import_w() == doctest::Approx(30e6).epsilon(1e-4));
  feeder.load_w = 20e6;
  feeder.run(2.0, 2e-3);
  // Below the limit it brings back the charge.
  CHECK(feeder.import_w() > 20e6);
  CHECK(feeder.import_w() < 30e6);
}

TEST_CASE("battery: smoothing leaves of a square load what a first-order filter leaves") {
  // Closed form as in test_meter.cpp: duty 0.7, period 28 s, lag 30 s: 0.1931.
  auto p = controlled(Battery::Control::smoothing);
  p.smoothing_time_s = 30.0;
  p.ramp_limit_w_per_s = 1e12;
  p.restoring_gain = 0.0;
  Feeder feeder(p);
  feeder.settle_at(0.7 * 20e6);
  double high = 0.0;
  double low = 0.0;
  for (int i = 0; i < 12; ++i) {
    feeder.load_w = 20e6;
    feeder.run(19.6, 4e-3);
    high = feeder.import_w();
    feeder.load_w = 0.0;
    feeder.run(8.4, 4e-3);
    low = feeder.import_w();
  }
  CHECK((high - low) / 20e6 == doctest::Approx(0.1931).epsilon(0.002));
}

// Checkpoints: 17 s at 27 % of 50 MW every 67 s, then steady. Returns the largest change of the
// import within 60 s after the first second, W.
double largest_change_w(Feeder& feeder, int dips) {
  feeder.settle_at(50e6);
  std::vector<double> seen_w;
  const auto watch = [&](double load, int seconds) {
    feeder.load_w = load;
    for (int i = 0; i < seconds; ++i) {
      feeder.run(1.0, 5e-3);
      seen_w.push_back(feeder.import_w());
    }
  };
  for (int i = 0; i < dips; ++i) {
    watch(13.5e6, 17);
    watch(50e6, 50);
  }
  double largest = 0.0;
  for (std::size_t i = 0; i + 60 < seen_w.size(); ++i) {
    const auto [least, most] =
        std::minmax_element(seen_w.begin() + static_cast<std::ptrdiff_t>(i),
                            seen_w.begin() + static_cast<std::ptrdiff_t>(i) + 60);
    largest = std::max(largest, *most - *least);
  }
  return largest;
}

TEST_CASE("battery: smoothing keeps 20 MW per minute through checkpoints, and brings charge back" *
          doctest::test_suite("full")) {
  auto p = controlled(Battery::Control::smoothing);
  p.smoothing_time_s = 60.0;
  Feeder feeder(p);
  CHECK(largest_change_w(feeder, 8) <= 20e6);
  CHECK(std::abs(feeder.battery.x.soc - 0.5) > 0.005);
  feeder.run(900.0, 20e-3);
  CHECK(std::abs(feeder.battery.x.soc - 0.5) <= 0.02);

  // The same without a battery must fail, or the measure is blind.
  Feeder bare(controlled(Battery::Control::off));
  CHECK(largest_change_w(bare, 8) > 35e6);
}

TEST_CASE("battery: without the restoring term a drift of charge stays") {
  auto p = controlled(Battery::Control::smoothing);
  p.restoring_gain = 0.0;
  Feeder feeder(p);
  feeder.battery.x.soc = 0.37;
  feeder.settle_at(50e6);
  feeder.run(900.0, 20e-3);
  CHECK(feeder.battery.x.soc < 0.371);
  auto restoring = controlled(Battery::Control::smoothing);
  Feeder other(restoring);
  other.battery.x.soc = 0.37;
  other.settle_at(50e6);
  other.run(900.0, 20e-3);
  CHECK(std::abs(other.battery.x.soc - 0.5) <= 0.02);
}

TEST_CASE("battery: no wind-up while it cannot give what is asked") {
  auto p = controlled(Battery::Control::smoothing);
  p.rated_power_w = 10e6;
  p.rated_energy_j = 10e6 * 3600.0;
  p.smoothing_time_s = 60.0;
  Feeder feeder(p);
  feeder.settle_at(20e6);
  feeder.load_w = 50e6;  // asks for 30 MW of a battery of 10 MW
  feeder.run(2.0, 5e-3);
  CHECK(feeder.battery.w.delivered_w == doctest::Approx(10e6).epsilon(1e-4));
  feeder.run(28.0, 5e-3);
  // The target has come to what the battery can add to the real import; wound up, it would still be
  // at 20 MW plus 30 s of ramp.
  CHECK(std::abs(feeder.battery.x.import_target_w - feeder.import_w()) < 2.5e6);
  CHECK(feeder.battery.x.import_target_w > 38e6);
  feeder.load_w = 40e6;
  feeder.run(1.0, 5e-3);
  CHECK(feeder.import_w() > 36e6);
  CHECK(feeder.import_w() < 45e6);
}

TEST_CASE("battery: stops on low voltage and comes back") {
  Bench<Battery> bench(standard());
  bench.u.set_point_w = 10e6;
  bench.integrate(1.0, 200);
  bench.u.voltage = 0.4;
  REQUIRE(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  CHECK(bench.w.delivered_w > 9e6);
  bench.agenda.time_ns = bench.agenda.timers.back().first;
  bench.react(Happening::Kind::timer, 0);
  CHECK(bench.w.delivered_w == 0.0);
  CHECK(bench.w.power_w == 0.0);
  bench.integrate(1.0, 200);
  CHECK(bench.w.delivered_w == 0.0);
  bench.u.voltage = 1.0;
  REQUIRE(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  bench.agenda.time_ns = bench.agenda.timers.back().first;
  bench.react(Happening::Kind::timer, 0);
  bench.integrate(1.0, 200);
  CHECK(bench.w.delivered_w == doctest::Approx(10e6).epsilon(1e-4));
}

TEST_CASE("battery: in a sag the inverter's current is limited, at once") {
  for (const double sign : {1.0, -1.0}) {
    auto p = standard();
    p.rated_power_w = 30e6;
    Bench<Battery> bench(p);
    bench.u.set_point_w = sign * 30e6;
    bench.integrate(1.0, 200);
    CHECK(bench.w.delivered_w == doctest::Approx(sign * 30e6).epsilon(1e-4));
    for (const double voltage : {0.95, 0.8, 0.6}) {
      bench.u.voltage = voltage;
      bench.evaluate();
      const double most_w = std::min(1.0, 1.1 * voltage) * 30e6;
      CHECK(bench.w.delivered_w == doctest::Approx(sign * most_w).epsilon(1e-4));
      // Direct current follows: what is not given is not taken from the cells.
      CHECK(std::abs(bench.w.pack_v * bench.w.pack_a) < 1.03 * most_w);
    }
    bench.u.voltage = 1.0;
    bench.integrate(0.5, 200);
    CHECK(bench.w.delivered_w == doctest::Approx(sign * 30e6).epsilon(1e-4));
  }
  // Half of the rating is not touched at 0.6 pu.
  Bench<Battery> half(standard());
  half.u.set_point_w = 20e6;
  half.u.voltage = 0.6;
  half.integrate(1.0, 200);
  CHECK(half.w.delivered_w == doctest::Approx(20e6).epsilon(1e-4));
}

TEST_CASE("battery: the climate of its cells costs electricity") {
  Bench<Battery> bench(standard());
  const double conductance_w_k = bench.p.cell_cooling_w_per_k * Battery::cells(bench.p);
  const double auxiliary_w = 0.001 * 40e6;
  const auto power_at = [&](double dry_bulb_k, double cell_k) {
    bench.u.dry_bulb_k = dry_bulb_k;
    bench.x.temperature_k = cell_k;
    bench.evaluate();
    return bench.w.power_w + bench.w.delivered_w - auxiliary_w;
  };
  // Warm cells on a mild day: 5 K to coolant at its set-point, at COP 3.
  CHECK(power_at(293.15, 303.15) == doctest::Approx(5.0 * conductance_w_k / 3.0).epsilon(1e-9));
  CHECK(bench.w.coolant_k == 298.15);
  // In the desert the coolant is 10 K below the air.
  CHECK(power_at(316.15, 308.15) == doctest::Approx(2.0 * conductance_w_k / 3.0).epsilon(1e-9));
  CHECK(bench.w.coolant_k == doctest::Approx(306.15));
  // Cold cells are warmed, watt for watt, and nothing of it leaves.
  CHECK(power_at(263.15, 296.15) == doctest::Approx(2.0 * conductance_w_k).epsilon(1e-9));
  const double inverter_w = bench.w.loss_w - bench.w.climate_w - auxiliary_w;
  CHECK(bench.w.heat_to_outdoors_w == doctest::Approx(inverter_w + auxiliary_w).epsilon(1e-9));
}

TEST_CASE("battery: the range of its ageing law is watched, once") {
  Bench<Battery> bench(tests::standard_parameters<Battery>());
  bench.p.open_circuit_voltage = ocv();
  bench.u.set_point_w = 10e6;
  bench.integrate(5.0, 500);
  CHECK(bench.x.current_a <= 250.0 + 1e-6);  // 1 C of 250 Ah
  CHECK(bench.guards()[7] < 0.0);
  bench.u.set_point_w = -10e6;
  bench.integrate(5.0, 500);
  CHECK(bench.x.current_a == doctest::Approx(-0.65 * 250.0).epsilon(1e-6));
  CHECK(bench.guards()[7] < 0.0);
  bench.x.temperature_k = 273.15 + 46.0;
  CHECK(bench.guards()[7] > 0.0);
  bench.react(Happening::Kind::guard, 7);
  CHECK(bench.guards()[7] < 0.0);
  CHECK(lfp_ageing::distance_outside(298.15, 1.01) > 0.0);
  CHECK(lfp_ageing::distance_outside(298.15, -0.7) > 0.0);
  CHECK(lfp_ageing::distance_outside(282.0, 0.0) > 0.0);
  CHECK(lfp_ageing::distance_outside(283.5, 0.99) < 0.0);
}

TEST_CASE("battery: a used battery has less charge and its age goes on from there") {
  auto p = standard();
  p.calendar_loss = 0.05;
  p.cycle_loss = 0.07;
  Bench<Battery> bench(p);
  bench.evaluate();
  CHECK(bench.w.capacity_left == doctest::Approx(0.88).epsilon(1e-9));
  bench.x.current_a = 100.0;
  bench.evaluate();
  CHECK(bench.rate.soc == doctest::Approx(-100.0 / (9e5 * 0.88)).epsilon(1e-12));
  CHECK(bench.rate.calendar_age_s > 0.0);
}

}  // namespace
}  // namespace ampacity
