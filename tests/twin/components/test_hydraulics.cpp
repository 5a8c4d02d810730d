// SPDX-License-Identifier: Apache-2.0

// Published pump curves and the limits of the smooth laws. Sources: Wilo Stratos 25/1-6 as in the
// Modelica Buildings library (Pump_stratos); Frontier pumps from the ORNL data centre cooling
// library.

#include <doctest/doctest.h>

#include <vector>

#include "twin/components/hydraulics.hpp"

using namespace ampacity;

namespace {

constexpr double gravity = 9.80665;
constexpr double water = 997.0;

// Head in metres over flow in m3/s, falling flow first, as published; pressure over mass flow.
CurveTable published(const char* name, std::vector<double> flow_m3_s, std::vector<double> head_m) {
  std::vector<double> x(flow_m3_s.rbegin(), flow_m3_s.rend());
  std::vector<double> y(head_m.rbegin(), head_m.rend());
  for (double& v : x) v *= water;
  for (double& v : y) v *= water * gravity;
  return CurveTable(name, x, y);
}

}  // namespace

TEST_CASE("smooth square-root law: odd, exact far from zero, finite slope at zero") {
  CHECK(turbulent_flow(0.01, 0.0) == 0.0);
  CHECK(turbulent_flow(0.01, -150e3) == -turbulent_flow(0.01, 150e3));
  CHECK(turbulent_flow(0.01, 150e3) == doctest::Approx(0.01 * std::sqrt(150e3)).epsilon(2e-5));
  CHECK(turbulent_flow(0.01, 5e3) == doctest::Approx(0.01 * std::sqrt(5e3)).epsilon(0.011));
  const Dual at_rest = turbulent_flow(0.01, Dual::variable(0.0, 0));
  CHECK(at_rest.slope[0] == doctest::Approx(0.01 / std::sqrt(laminar_pressure_pa)));
  CHECK(conductance_at(3.0, 90e3) == doctest::Approx(0.01));
  // Two equal resistances in series pass 1/sqrt(2) of one.
  CHECK(in_series(0.01, 0.01) == doctest::Approx(0.01 / std::sqrt(2.0)));
  CHECK(equal_percentage(2.0, 30.0, 1.0) == doctest::Approx(2.0));
  CHECK(equal_percentage(2.0, 30.0, 0.0) == 0.0);
}

TEST_CASE("a pump pushes nothing backwards and obeys affinity") {
  const PumpLaw pump{400e3, 100.0};
  CHECK(pump_flow(pump, 2.0, 0.5, 100e3, 0.0) == 0.0);  // shut-off at half speed: 100 kPa
  CHECK(pump_flow(pump, 2.0, 0.5, 300e3, 0.0) == 0.0);
  CHECK(pump_flow(pump, 0.0, 1.0, 0.0, 0.0) == 0.0);
  // Without series resistance: each carries sqrt((400 - 300) kPa / 100).
  const double flow = pump_flow(pump, 2.0, 1.0, 300e3, 0.0);
  CHECK(flow == doctest::Approx(2.0 * std::sqrt(1000.0)).epsilon(1e-4));
  CHECK(pump_pressure(pump, 2.0, 1.0, flow) == doctest::Approx(300e3).epsilon(1e-4));
  // Half speed, half flow, a quarter of the pressure.
  CHECK(pump_flow(pump, 2.0, 0.5, 75e3, 0.0) == doctest::Approx(0.5 * flow).epsilon(1e-3));
}

TEST_CASE("two sets of pumps at different speeds meet at one pressure") {
  const PumpLaw pump{280e3, 16.6};
  constexpr double series = 36e3 / (130.0 * 130.0);
  for (const double slow : {0.8, 0.7999, 0.79, 0.78, 0.76, 0.7, 0.2}) {
    for (const double count : {1.0, 0.4, 0.01}) {
      CAPTURE(slow);
      CAPTURE(count);
      const double dp = 140e3;
      const auto flow =
          parallel_flow(pump, PumpSet<double>{2.0, 0.8}, PumpSet<double>{count, slow}, dp, series);
      const double total = flow.first + flow.second;
      const double header = dp + series * total * total;
      // Each pump's own curve leads to the common pressure; the slower set may be shut off by it.
      const auto pressure = [&](double n, double m, double of) {
        return 280e3 * n * n - 16.6 * (m / of) * (m / of);
      };
      CHECK(pressure(0.8, flow.first, 2.0) == doctest::Approx(header).epsilon(1e-4));
      if (flow.second > 0.0) {
        CHECK(pressure(slow, flow.second, count) == doctest::Approx(header).epsilon(1e-4));
      } else {
        CHECK(280e3 * slow * slow <= header);
      }
      // The order of the sets does not matter.
      const auto swapped =
          parallel_flow(pump, PumpSet<double>{count, slow}, PumpSet<double>{2.0, 0.8}, dp, series);
      CHECK(swapped.first == flow.second);
      CHECK(swapped.second == flow.first);
    }
  }
  // Equal speeds are one set; no pump, no flow; nothing flows backwards.
  const auto equal =
      parallel_flow(pump, PumpSet<double>{1.0, 0.8}, PumpSet<double>{2.0, 0.8}, 140e3, series);
  CHECK(equal.first + equal.second ==
        doctest::Approx(pump_flow(pump, 3.0, 0.8, 140e3, series)).epsilon(1e-12));
  const auto none =
      parallel_flow(pump, PumpSet<double>{0.0, 0.8}, PumpSet<double>{0.0, 0.8}, 140e3, series);
  CHECK(none.first + none.second == 0.0);
  const auto shut =
      parallel_flow(pump, PumpSet<double>{1.0, 0.7}, PumpSet<double>{2.0, 0.6}, 140e3, series);
  CHECK(shut.first + shut.second == 0.0);
  // The most shaft power is that of the parabola's best point.
  double most_w = 0.0;
  for (double m = 1.0; m < 129.0; m += 0.25) {
    most_w = std::max(most_w, m * (280e3 - 16.6 * m * m) / (1000.0 * 0.75));
  }
  CHECK(full_shaft_power_w(pump, 1000.0, 0.75) == doctest::Approx(most_w).epsilon(1e-4));
}

TEST_CASE("Wilo Stratos 25/1-6: published curve and affinity") {
  const std::vector<double> flow_m3_s{8.46e-6,   2.745e-4,  5.558e-4,  8.371e-4,
                                      1.1029e-3, 1.3866e-3, 1.6676e-3, 1.8720e-3};
  const std::vector<double> pressure_pa{34808, 34739, 34508, 32431, 29084, 24006, 18004, 13041};
  std::vector<double> flow_kg_s = flow_m3_s;
  for (double& v : flow_kg_s) v *= 1000.0;
  const CurveTable table("stratos", flow_kg_s, pressure_pa);
  const Curve curve = table.view();
  // Affinity of the library's own evaluation, between the points of the table.
  CHECK(curve(0.7728186) == doctest::Approx(33061.0).epsilon(1e-3));
  CHECK(0.25 * curve(0.3863946 / 0.5) == doctest::Approx(8264.6).epsilon(1e-3));
  for (std::size_t i = 0; i < flow_kg_s.size(); ++i) {
    CHECK(curve(flow_kg_s[i]) == doctest::Approx(pressure_pa[i]).epsilon(1e-12));
  }
  // The parabola over the working range (0.8 to 1.9 kg/s) is within 1.5 % of the shut-off pressure.
  const PumpFit fit = fit_pump(curve, 0.8, 1.87);
  MESSAGE("Stratos parabola: worst " << fit.worst_relative);
  CHECK(fit.worst_relative < 0.015);
  // Affinity of the law itself is exact: the same point at half speed.
  const double each = 1.2;
  const double full = pump_pressure(fit.law, 1.0, 1.0, each);
  CHECK(pump_pressure(fit.law, 1.0, 0.5, 0.5 * each) ==
        doctest::Approx(0.25 * full).epsilon(1e-12));
}

TEST_CASE("parabolas of Frontier's pumps over their working range") {
  const CurveTable htwp =
      published("HTWP",
                {0.477445061, 0.46209522, 0.439577949, 0.409885084, 0.378135051, 0.346382298,
                 0.316664942, 0.28489314, 0.252090034, 0.220304627, 0.18953964, 0.157748791,
                 0.125952499, 0.095179349, 0.063380336, 0.031581323, 0.002857176},
                {37.82413483, 41.21240825, 45.80996943, 50.88917518, 55.48229951, 59.83287611,
                 62.72915232, 65.38189484, 67.54904892, 68.9890528, 69.94445421, 70.89936264,
                 71.36917561, 71.59693384, 71.82419909, 72.03766081, 72.05146434});
  const CurveTable cdup = published("CDUP", {0.0573, 0.04, 0.03, 0.02, 0.008, 0.0},
                                    {0.0, 38.5036, 53.2157, 62.3878, 66.0815, 68.0});
  const PumpFit htwp_fit = fit_pump(htwp.view(), 60.0, 250.0);
  const PumpFit cdup_fit = fit_pump(cdup.view(), 0.0, 20.0);
  MESSAGE("HTWP " << htwp_fit.law.shut_off_pressure_pa << " Pa, "
                  << htwp_fit.law.curvature_pa_s2_kg2 << ", worst " << htwp_fit.worst_relative);
  MESSAGE("CDUP " << cdup_fit.law.shut_off_pressure_pa << " Pa, "
                  << cdup_fit.law.curvature_pa_s2_kg2 << ", worst " << cdup_fit.worst_relative);
  // These are the defaults of pump group and CDU.
  CHECK(htwp_fit.law.shut_off_pressure_pa == doctest::Approx(707500.0).epsilon(1e-4));
  CHECK(htwp_fit.law.curvature_pa_s2_kg2 == doctest::Approx(0.6834).epsilon(1e-4));
  CHECK(cdup_fit.law.shut_off_pressure_pa == doctest::Approx(657000.0).epsilon(1e-4));
  CHECK(cdup_fit.law.curvature_pa_s2_kg2 == doctest::Approx(125.7).epsilon(1e-3));
  CHECK(htwp_fit.worst_relative < 0.01);
  CHECK(cdup_fit.worst_relative < 0.015);
  CHECK_THROWS_AS(fit_pump(CurveTable("rising", {0.0, 1.0}, {1.0, 2.0}).view(), 0.0, 1.0),
                  ConfigurationError);
  // A parabola is found exactly.
  std::vector<double> flow;
  std::vector<double> pressure;
  for (int i = 0; i <= 400; ++i) {
    flow.push_back(0.1 * i);
    pressure.push_back(500e3 - 120.0 * flow.back() * flow.back());
  }
  const PumpFit exact = fit_pump(CurveTable("parabola", flow, pressure).view(), 0.0, 40.0);
  CHECK(exact.law.shut_off_pressure_pa == doctest::Approx(500e3).epsilon(1e-5));
  CHECK(exact.law.curvature_pa_s2_kg2 == doctest::Approx(120.0).epsilon(1e-4));
  CHECK(exact.worst_relative < 1e-5);
}
