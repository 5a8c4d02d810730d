// SPDX-License-Identifier: Apache-2.0

// The pipe against a measured hot-water step and against closed forms. Measured: University of
// Liege, 39 m of insulated DN 50 steel pipe, 1.245 kg/s (Modelica Buildings library,
// PlugFlowPipes/PipeDataULg150801, BSD-3). A thinned transcription stands here; the whole file is
// read when it is at hand.

#include <fstream>
#include <sstream>

#include "tests/support/component_check.hpp"
#include "tests/support/reference.hpp"
#include "twin/components/pipe.hpp"

using namespace ampacity;
using namespace ampacity::tests;

namespace {

struct Sample {
  double time_s;
  double outlet_c;
  double inlet_c;
};

// Inner diameter 52.48 mm, wall 3.9 mm of steel (8000 kg/m3, 500 J/(kg K)), 13 mm of insulation
// with 0.04 W/(m K), 5 W/(m2 K) outside.
Pipe::Parameters rig() {
  constexpr double pi = 3.14159265358979323846;
  constexpr double inner_m = 0.05248;
  constexpr double outer_m = inner_m + 2 * 0.0039;
  constexpr double jacket_m = outer_m + 2 * 0.013;
  auto p = standard_parameters<Pipe>();
  p.length_m = 39.0;
  p.diameter_m = inner_m;
  p.wall_capacity_j_m_k = 8000.0 * 500.0 * pi / 4 * (outer_m * outer_m - inner_m * inner_m);
  const double resistance =
      std::log(jacket_m / outer_m) / (2 * pi * 0.04) + 1 / (5.0 * pi * jacket_m);
  p.loss_w_m_k = 1 / resistance;
  p.density_kg_m3 = 994.0;
  p.start_k = 273.15 + 16.8;
  return p;
}

// Root mean square of outlet errors, K.
double deviation_k(const std::vector<Sample>& samples, double flow_kg_s) {
  Bench<Pipe> bench(rig());
  bench.u.flow_kg_s = flow_kg_s;
  bench.u.ambient_k = 291.15;
  double sum = 0.0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double span_s = samples[i].time_s - samples[i - 1].time_s;
    const int pieces = 4 + static_cast<int>(span_s);
    for (int k = 0; k < pieces; ++k) {
      const double share = (k + 0.5) / pieces;
      bench.u.inlet_k =
          273.15 + samples[i - 1].inlet_c + share * (samples[i].inlet_c - samples[i - 1].inlet_c);
      bench.integrate(span_s / pieces, 2);
    }
    const double off = bench.w.outlet_k - 273.15 - samples[i].outlet_c;
    sum += off * off;
  }
  return std::sqrt(sum / static_cast<double>(samples.size() - 1));
}

}  // namespace

TEST_CASE("pipe: Jacobian, energy, bounds") { check_component<Pipe>(standard_parameters<Pipe>()); }

TEST_CASE("pipe: the measured step, thinned") {
  const std::vector<Sample> samples{
      {0, 16.8, 16.6},      {2.87, 16.8, 19.7},   {5.66, 16.8, 29.1},   {8.78, 16.8, 34.9},
      {11.62, 16.8, 38.5},  {16.06, 16.8, 42.4},  {23.02, 16.8, 46.2},  {28.58, 16.8, 48.1},
      {41.47, 16.8, 50},    {63.69, 16.7, 51.1},  {66.51, 16.9, 51.1},  {72.18, 18.7, 51.2},
      {82.28, 24.7, 51.3},  {97.42, 34.7, 51.3},  {106.65, 39.7, 51.4}, {118.64, 44.5, 51.4},
      {132.26, 47.7, 51.4}, {148.98, 49.8, 51.4}, {179.69, 51.1, 51.3}, {236.81, 51.4, 51},
      {295.03, 51.1, 50.9}, {353.86, 50.9, 50.5}, {407.07, 50.8, 48.6}, {458.22, 50, 46},
      {464.62, 49.8, 45.8}, {473.5, 49.5, 40.4},  {480.24, 49.3, 37.3}, {491.23, 48.8, 34.5},
      {506.8, 48.1, 32.9},  {530.65, 46.9, 32.2}, {541.3, 45.7, 32.3},  {559.68, 41, 32.1},
      {578.32, 36.7, 32},   {598.69, 33.9, 31.9}, {625.52, 32.5, 31.8}, {682.64, 31.9, 31.5},
      {740.46, 31.7, 31.4}, {796.65, 31.6, 31},   {854.41, 31.3, 30.5}, {874.88, 31.1, 30.1},
  };
  const double off_k = deviation_k(samples, 1.245);
  MESSAGE("measured step, thinned: RMSE " << off_k << " K");
  CHECK(off_k < 0.4);
}

TEST_CASE("pipe: the measured step, whole file") {
  const auto path = reference_file("reference/thermal/plugflow_pipe_ULg150801_measured.csv");
  if (!path) return;
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  std::vector<Sample> samples;
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    double time = 0.0;
    double flow = 0.0;
    double wall_out = 0.0;
    double water_out = 0.0;
    double wall_in = 0.0;
    double water_in = 0.0;
    words >> time >> flow >> wall_out >> water_out >> wall_in >> water_in;
    CHECK(flow == doctest::Approx(1.245));
    samples.push_back({time, water_out, water_in});
  }
  REQUIRE(samples.size() == 274);
  const double off_k = deviation_k(samples, 1.245);
  MESSAGE("measured step, whole file: RMSE " << off_k << " K");
  CHECK(off_k < 0.4);
}

TEST_CASE("pipe: delay and wall lag of the rig") {
  auto p = rig();
  p.loss_w_m_k = 0.0;
  Bench<Pipe> bench(p);
  bench.u.flow_kg_s = 1.245;
  // The outlet follows a slow ramp with the sum of both lags: 67.5 + 20.7 s.
  double lag_s = 0.0;
  for (int i = 0; i < 12000; ++i) {
    const double time = 0.1 * (i + 0.5);
    bench.u.inlet_k = p.start_k + 0.01 * time;
    bench.integrate(0.1, 1);
    lag_s = (p.start_k + 0.01 * 0.1 * (i + 1) - bench.w.outlet_k) / 0.01;
  }
  CHECK(lag_s == doctest::Approx(67.5 + 20.7).epsilon(0.01));
}

TEST_CASE("pipe: steady loss follows the exponential law") {
  auto p = rig();
  p.loss_w_m_k = 20.0;  // bare
  Bench<Pipe> bench(p);
  bench.u.flow_kg_s = 1.245;
  bench.u.inlet_k = 353.15;
  bench.u.ambient_k = 293.15;
  bench.integrate(1500.0, 15000);
  const double fade = std::exp(-20.0 * 39.0 / (1.245 * p.heat_capacity_j_kg_k));
  CHECK(bench.w.outlet_k == doctest::Approx(293.15 + 60.0 * fade).epsilon(1e-4));
  const double given_w = 1.245 * p.heat_capacity_j_kg_k * (353.15 - bench.w.outlet_k);
  CHECK(bench.w.loss_w == doctest::Approx(given_w).epsilon(1e-6));
}

TEST_CASE("pipe: at rest only the loss acts") {
  Bench<Pipe> bench(standard_parameters<Pipe>());
  bench.u.flow_kg_s = 0.0;
  bench.u.inlet_k = 353.15;
  bench.u.ambient_k = bench.p.start_k;
  bench.evaluate();
  for (const double rate : bench.rate.water_k) CHECK(rate == 0.0);
  CHECK(bench.rate.wall_k == 0.0);
}
