// SPDX-License-Identifier: Apache-2.0

// Transformer: efficiencies of four standard types (computed from P0 and vkr of pandapower's
// std_types.py, BSD-3, as eta = S/(S + P0 + K^2 Pk)), the load of best efficiency, and the closed
// forms of the temperature rises.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/component_check.hpp"
#include "twin/components/transformer.hpp"

namespace ampacity {
namespace {

using tests::Bench;

Transformer::Parameters of_type(double rated_w, double no_load_w, double resistance) {
  auto p = tests::standard_parameters<Transformer>();
  p.rated_power_w = rated_w;
  p.no_load_loss_w = no_load_w;
  p.resistance = resistance;
  return p;
}

double efficiency(Bench<Transformer>& bench, double load_factor) {
  bench.u.voltage_in = 1.0;
  bench.u.load_w = load_factor * bench.p.rated_power_w;
  bench.evaluate();
  return bench.u.load_w / bench.w.power_w;
}

TEST_CASE("transformer: laws of all components") {
  tests::check_component<Transformer>(tests::standard_parameters<Transformer>());
}

TEST_CASE("transformer: table of efficiencies") {
  struct Row {
    double rated_w, no_load_w, resistance;
    std::array<double, 4> percent;  // at 25, 50, 75, 100 % load
  };
  const std::array rows{Row{63e6, 22e3, 0.0032, {99.7808, 99.7707, 99.7143, 99.6463}},
                        Row{40e6, 18e3, 0.0034, {99.7357, 99.7407, 99.6860, 99.6165}},
                        Row{25e6, 14e3, 0.0041, {99.6746, 99.6840, 99.6193, 99.5362}},
                        Row{0.63e6, 1.65e3, 0.01206, {98.6688, 98.8857, 98.7618, 98.5533}}};
  for (const Row& row : rows) {
    CAPTURE(row.rated_w);
    Bench<Transformer> bench(of_type(row.rated_w, row.no_load_w, row.resistance));
    for (std::size_t i = 0; i < 4; ++i) {
      const double load = 0.25 * static_cast<double>(i + 1);
      CHECK(std::abs(100.0 * efficiency(bench, load) - row.percent[i]) <= 0.6e-4);
    }
  }
}

TEST_CASE("transformer: best efficiency of the 63 MVA type is at 0.330 of its rating") {
  Bench<Transformer> bench(of_type(63e6, 22e3, 0.0032));
  double best = 0.0;
  double best_load = 0.0;
  for (int i = 100; i <= 600; ++i) {
    const double eta = efficiency(bench, i * 1e-3);
    if (eta > best) {
      best = eta;
      best_load = i * 1e-3;
    }
  }
  CHECK(best_load == doctest::Approx(0.330).epsilon(0.002));
}

TEST_CASE("transformer: rises approach their final values exponentially") {
  auto p = tests::standard_parameters<Transformer>();
  Bench<Transformer> bench(p);
  bench.u.voltage_in = 1.0;
  bench.u.load_w = 1.2 * p.rated_power_w;
  bench.x = {0.0, 0.0};
  const double r = p.resistance * p.rated_power_w / p.no_load_loss_w;
  const double oil_end = p.oil_rise_k * std::pow((1.0 + r * 1.44) / (1.0 + r), p.oil_exponent);
  const double winding_end = p.winding_rise_k * std::pow(1.2, p.winding_exponent);
  bench.integrate(p.winding_time_s, 500);
  CHECK(bench.x.winding_rise_k ==
        doctest::Approx(winding_end * (1.0 - std::exp(-1.0))).epsilon(1e-6));
  CHECK(
      bench.x.oil_rise_k ==
      doctest::Approx(oil_end * (1.0 - std::exp(-p.winding_time_s / p.oil_time_s))).epsilon(1e-6));
  bench.integrate(20.0 * p.oil_time_s, 4000);
  CHECK(bench.x.oil_rise_k == doctest::Approx(oil_end).epsilon(1e-6));
  CHECK(bench.w.hot_spot_k ==
        doctest::Approx(bench.u.ambient_k + oil_end + winding_end).epsilon(1e-8));
}

TEST_CASE("transformer: rated load at 20 degC gives the rated rises") {
  auto p = tests::standard_parameters<Transformer>();
  Bench<Transformer> bench(p);
  bench.u.voltage_in = 1.0;
  bench.u.load_w = p.rated_power_w;
  bench.integrate(20.0 * p.oil_time_s, 4000);
  CHECK(bench.x.oil_rise_k == doctest::Approx(p.oil_rise_k).epsilon(1e-6));
  CHECK(bench.x.winding_rise_k == doctest::Approx(p.winding_rise_k).epsilon(1e-6));
  bench.u.ambient_k = p.hot_spot_limit_k - p.oil_rise_k - p.winding_rise_k + 1.0;
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  bench.u.ambient_k -= 2.0;
  CHECK(bench.guards()[1] < 0.0);
  bench.u.ambient_k -= 3.0;
  CHECK(bench.guards()[1] > 0.0);
}

TEST_CASE("transformer: power sent upstream pays the same loss") {
  auto p = tests::standard_parameters<Transformer>();
  p.room_fraction = 0.25;
  Bench<Transformer> bench(p);
  bench.u.voltage_in = 1.0;
  bench.u.load_w = -30e6;
  bench.evaluate();
  const double loss_w = 22e3 + 0.0032 * 63e6 * (30.0 / 63.0) * (30.0 / 63.0);
  CHECK(bench.w.power_w == doctest::Approx(-30e6 + loss_w).epsilon(1e-12));
  CHECK(bench.w.heat_to_room_w == doctest::Approx(0.25 * loss_w).epsilon(1e-12));
}

}  // namespace
}  // namespace ampacity
