// SPDX-License-Identifier: Apache-2.0

// Breaker: table of inverse times (constants as recalled from IEC 60255-151 and IEEE C37.112, time
// multiplier 1: the times check the law and its integral, not the constants),
// the closed form of the thermal image, changing currents, and selectivity of two in series.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "twin/components/breaker.hpp"

namespace ampacity {
namespace {

using tests::Bench;

// t(M) = TMS (factor/(M^exponent - 1) + offset_s), factor in seconds.
struct IdmtCurve {
  const char* name;
  double factor_s;
  double exponent;
  double offset_s;
};

constexpr std::array idmt_curves{IdmtCurve{"iec_standard_inverse", 0.14, 0.02, 0.0},
                                 IdmtCurve{"iec_very_inverse", 13.5, 1.0, 0.0},
                                 IdmtCurve{"iec_extremely_inverse", 80.0, 2.0, 0.0},
                                 IdmtCurve{"ieee_moderately_inverse", 0.0515, 0.02, 0.114},
                                 IdmtCurve{"ieee_very_inverse", 19.61, 2.0, 0.491},
                                 IdmtCurve{"ieee_extremely_inverse", 28.2, 2.0, 0.1217}};

Breaker::Parameters with_curve(const IdmtCurve& curve) {
  auto p = tests::standard_parameters<Breaker>();
  p.rated_power_w = 1e6;
  p.pickup = 1.0;
  p.curve_factor_s = curve.factor_s;
  p.curve_exponent = curve.exponent;
  p.curve_offset_s = curve.offset_s;
  return p;
}

void set_current(Bench<Breaker>& bench, double current) {
  bench.u.voltage_in = 1.0;
  bench.u.load_w = current * bench.p.rated_power_w;
}

// Time until guard `index` rises through zero, by steps of `step_s` and a last secant. At most
// 1e6 steps.
double time_to_guard(Bench<Breaker>& bench, std::size_t index, double step_s) {
  double before = bench.guards()[index];
  for (int i = 1; i < 1'000'000; ++i) {
    bench.integrate(step_s, 1);
    const double after = bench.guards()[index];
    if (after >= 0.0) return step_s * (i - after / (after - before));
    before = after;
  }
  return -1.0;
}

TEST_CASE("breaker: laws of all components") {
  tests::check_component<Breaker>(with_curve(idmt_curves[1]));
  tests::check_component<Breaker>(with_curve(idmt_curves[5]));
}

TEST_CASE("breaker: table of inverse times, formula and integrated travel") {
  struct Row {
    std::size_t curve;
    std::array<double, 4> time_s;  // at M = 1.5, 2, 5, 10
  };
  const std::array<double, 4> multiples{1.5, 2.0, 5.0, 10.0};
  const std::array rows{
      Row{0, {17.194, 10.029, 4.280, 2.971}}, Row{1, {27.0, 13.5, 3.375, 1.5}},
      Row{2, {64.0, 26.667, 3.333, 0.808}},   Row{3, {6.439, 3.803, 1.688, 1.207}},
      Row{4, {16.179, 7.028, 1.308, 0.689}},  Row{5, {22.682, 9.522, 1.297, 0.407}}};
  for (const Row& row : rows) {
    CAPTURE(idmt_curves[row.curve].name);
    const auto p = with_curve(idmt_curves[row.curve]);
    for (std::size_t i = 0; i < multiples.size(); ++i) {
      CAPTURE(multiples[i]);
      CHECK(std::abs(Breaker::trip_time_s(p, multiples[i]) - row.time_s[i]) <= 0.6e-3);
      Bench<Breaker> bench(p);
      set_current(bench, multiples[i]);
      const double seen_s = time_to_guard(bench, 0, row.time_s[i] / 97.0);
      CHECK(std::abs(seen_s - row.time_s[i]) <= 0.6e-3);
    }
  }
}

TEST_CASE("breaker: thermal image from a preload of 0.8 and from cold") {
  struct Row {
    double preload, current, time_s;
  };
  for (const Row& row :
       {Row{0.8, 1.2, 258.9}, Row{0.8, 1.5, 101.6}, Row{0.8, 2.0, 44.4}, Row{0.0, 1.2, 435.2}}) {
    CAPTURE(row.current);
    Bench<Breaker> bench(with_curve(idmt_curves[1]));
    bench.x.heat = row.preload * row.preload;
    set_current(bench, row.current);
    const double seen_s = time_to_guard(bench, 1, 0.5);
    CHECK(std::abs(seen_s - row.time_s) <= 0.06);
    const double closed_s =
        300.0 * std::log((row.current * row.current - row.preload * row.preload) /
                         (row.current * row.current - 1.05 * 1.05));
    CHECK(seen_s == doctest::Approx(closed_s).epsilon(1e-5));
  }
}

TEST_CASE("breaker: the travel adds up over a changing current and runs back") {
  const auto p = with_curve(idmt_curves[1]);
  Bench<Breaker> bench(p);
  set_current(bench, 1.5);
  bench.integrate(13.5, 200);  // half of 27 s
  CHECK(bench.x.travel == doctest::Approx(0.5).epsilon(1e-9));
  set_current(bench, 2.0);
  CHECK(time_to_guard(bench, 0, 0.05) == doctest::Approx(6.75).epsilon(1e-6));
  bench.x.travel = 0.5;
  set_current(bench, 0.0);
  bench.integrate(p.reset_time_s, 600);
  CHECK(bench.x.travel == doctest::Approx(0.5 * std::exp(-1.0)).epsilon(1e-6));
}

TEST_CASE("breaker: a sag at constant power raises the current") {
  Bench<Breaker> bench(with_curve(idmt_curves[1]));
  set_current(bench, 0.8);
  bench.u.voltage_in = 0.5;
  bench.evaluate();
  CHECK(bench.w.current == doctest::Approx(1.6).epsilon(1e-12));
}

TEST_CASE("breaker: trip, opening time, closing") {
  Bench<Breaker> bench(with_curve(idmt_curves[1]));
  set_current(bench, 12.0);
  REQUIRE(bench.guards()[2] > 0.0);
  bench.react(Happening::Kind::guard, 2);
  CHECK(bench.w.voltage_out == 1.0);
  for (const double guard : bench.guards()) CHECK(guard <= 0.0);
  REQUIRE(bench.agenda.timers.size() == 1);
  bench.agenda.time_ns = bench.agenda.timers[0].first;
  CHECK(bench.agenda.time_ns == 50'000'000);
  bench.react(Happening::Kind::timer, 0);
  CHECK(bench.w.voltage_out == 0.0);
  bench.x.heat = 1.2;
  bench.react(Happening::Kind::order, 1, 1.0);
  CHECK(bench.w.voltage_out == 0.0);
  bench.x.heat = 1.0;
  bench.react(Happening::Kind::order, 1, 1.0);
  CHECK(bench.w.voltage_out == 1.0);
}

TEST_CASE("breaker: two in series are selective, and the upper one backs up a stuck one") {
  auto lower = with_curve(idmt_curves[1]);
  auto upper = lower;
  lower.time_multiplier = 0.1;
  upper.time_multiplier = 0.4;
  upper.rated_power_w = 2e6;
  Bench<Breaker> branch(lower);
  Bench<Breaker> feeder(upper);
  set_current(branch, 6.0);
  feeder.u.voltage_in = 1.0;
  feeder.u.load_w = 6e6;
  const double branch_s = time_to_guard(branch, 0, 1e-3);
  feeder.integrate(branch_s + lower.opening_time_s, 400);
  CHECK(feeder.guards()[0] < 0.0);
  CHECK(Breaker::trip_time_s(upper, 3.0) > branch_s + lower.opening_time_s + 0.3);

  branch.react(Happening::Kind::order, 2, 1.0);
  branch.react(Happening::Kind::guard, 0);
  branch.agenda.time_ns = branch.agenda.timers.back().first;
  branch.react(Happening::Kind::timer, 0);
  CHECK(branch.w.voltage_out == 1.0);
  CHECK(branch.agenda.notes.size() == 1);
  CHECK(time_to_guard(feeder, 0, 1e-3) > 0.0);
  branch.react(Happening::Kind::order, 2, 0.0);
  CHECK(branch.w.voltage_out == 0.0);
}

}  // namespace
}  // namespace ampacity
