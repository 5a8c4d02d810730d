// SPDX-License-Identifier: Apache-2.0

// LFP cell: open-circuit voltage, its integral, graphite potential, and the ageing laws against
// tables that were evaluated from the published coefficients.

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <string>

#include "tests/support/reference.hpp"
#include "twin/components/battery_cell.hpp"

namespace ampacity {
namespace {

TEST_CASE("battery cell: open-circuit voltage of LFP") {
  const CurveTable table = lfp_ocv_table();
  const Curve ocv = table.view();
  CHECK(ocv(0.0) == doctest::Approx(2.0000).epsilon(1e-12));
  CHECK(ocv(0.5) == doctest::Approx(3.2660).epsilon(1e-12));
  CHECK(ocv(1.0) == doctest::Approx(3.5984).epsilon(1e-12));
  CHECK(std::abs(ocv(0.7) - ocv(0.5) - 0.008) < 1e-9);
  for (double soc = 0.0; soc < 1.0; soc += 1e-3) CHECK(ocv(soc + 1e-3) > ocv(soc));
}

TEST_CASE("battery cell: the whole file of open-circuit voltages") {
  const auto path = tests::reference_file("reference/battery/lfp_ocv_prada2013_computed.csv");
  if (!path) return;
  const CurveTable table = lfp_ocv_table();
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    const auto comma = line.find(',');
    REQUIRE(comma != std::string::npos);
    const double soc = std::stod(line.substr(0, comma));
    CHECK(std::abs(table.view()(soc) - std::stod(line.substr(comma + 1))) < 1e-12);
    ++rows;
  }
  CHECK(rows == 26);
}

TEST_CASE("battery cell: the integral is that of the interpolant") {
  const CurveTable table = lfp_ocv_table();
  const Curve ocv = table.view();
  for (const double end : {-0.02, 0.004, 0.5, 0.507, 0.999, 1.0, 1.03}) {
    CAPTURE(end);
    // Composite Simpson rule, knots included.
    constexpr int steps = 200000;
    const double h = end / steps;
    double sum = ocv(0.0) + ocv(end);
    for (int i = 1; i < steps; ++i) sum += (i % 2 == 1 ? 4.0 : 2.0) * ocv(i * h);
    CHECK(integral(ocv, end) == doctest::Approx(sum * h / 3.0).epsilon(1e-10));
    const Dual slope = integral(ocv, Dual::variable(end, 0));
    CHECK(slope.slope[0] == doctest::Approx(ocv(end)).epsilon(1e-13));
  }
}

TEST_CASE("battery cell: potential of graphite") {
  CHECK(std::abs(graphite_potential(0.1) - 0.23325) <= 0.6e-5);
  CHECK(std::abs(graphite_potential(0.5) - 0.12330) <= 0.6e-5);
  CHECK(std::abs(graphite_potential(0.9) - 0.08818) <= 0.6e-5);
}

TEST_CASE("battery cell: calendar ageing over ten years") {
  struct Row {
    double celsius;
    std::array<double, 3> lost;  // at 20, 50, 90 % charge
  };
  constexpr std::array<double, 3> soc{0.2, 0.5, 0.9};
  for (const Row& row : {Row{25.0, {0.0187, 0.0370, 0.0563}}, Row{35.0, {0.0353, 0.0684, 0.1026}},
                         Row{45.0, {0.0642, 0.1217, 0.1803}}}) {
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(row.celsius);
      CAPTURE(soc[i]);
      const double pace = lfp_ageing::calendar_pace(row.celsius + 273.15, soc[i]);
      const double lost = lfp_ageing::calendar_loss(pace * 3650.0 * 86400.0);
      CHECK(std::abs(lost - row.lost[i]) <= 0.6e-4);
    }
  }
}

TEST_CASE("battery cell: cycle ageing") {
  struct Row {
    double celsius, c_rate, cycles, lost;
  };
  for (const Row& row : {Row{25.0, 0.5, 1000.0, 0.0676}, Row{25.0, 0.5, 4000.0, 0.2132},
                         Row{35.0, 1.0, 4000.0, 0.2664}}) {
    CAPTURE(row.cycles);
    const double pace = lfp_ageing::cycle_pace(row.celsius + 273.15, 1.0, row.c_rate);
    CHECK(std::abs(lfp_ageing::cycle_loss(pace * row.cycles) - row.lost) <= 0.6e-4);
  }
}

TEST_CASE("battery cell: changing conditions agree with the published increment") {
  // dq = k p (q/k)^((p-1)/p) dx, solved piecewise: t_eq = (q/k)^(1/p), q = k (t_eq + x)^p.
  const double p = lfp_ageing::calendar_exponent;
  const double cool = lfp_ageing::calendar_factor(298.15, 0.5);
  const double warm = lfp_ageing::calendar_factor(318.15, 0.9);
  const double first = cool * std::pow(1000.0, p);
  const double expected = warm * std::pow(std::pow(first / warm, 1.0 / p) + 500.0, p);
  const double age_s = 86400.0 * (1000.0 * lfp_ageing::calendar_pace(298.15, 0.5) +
                                  500.0 * lfp_ageing::calendar_pace(318.15, 0.9));
  CHECK(lfp_ageing::calendar_loss(age_s) == doctest::Approx(expected).epsilon(1e-10));
  CHECK(lfp_ageing::calendar_loss(lfp_ageing::calendar_age_s(0.07)) ==
        doctest::Approx(0.07).epsilon(1e-12));
  CHECK(lfp_ageing::cycle_loss(lfp_ageing::cycle_age(0.03)) ==
        doctest::Approx(0.03).epsilon(1e-12));
}

TEST_CASE("battery cell: resistance of the generic cell") {
  CHECK(resistance_factor(0.5, 298.15, 0.2, 20e3) == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(resistance_factor(0.0, 298.15, 0.2, 20e3) == doctest::Approx(1.2).epsilon(1e-12));
  CHECK(resistance_factor(1.0, 298.15, 0.2, 20e3) == doctest::Approx(1.2).epsilon(1e-12));
  CHECK(resistance_factor(0.5, 273.15, 0.0, 20e3) ==
        doctest::Approx(std::exp(20e3 / 8.31446 * (1.0 / 273.15 - 1.0 / 298.15))).epsilon(1e-12));
}

}  // namespace
}  // namespace ampacity
