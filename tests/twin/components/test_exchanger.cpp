// SPDX-License-Identifier: Apache-2.0
//
// Effectiveness-NTU laws against closed forms and the reference results of the Modelica Buildings
// library.

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/exchanger.hpp"

using namespace ampacity;
using namespace ampacity::exchanger;
using tests::relative;

TEST_CASE("effectiveness of counterflow") {
  constexpr std::array units{0.5, 1.0, 2.0, 3.0, 5.0};
  struct Row {
    double ratio;
    std::array<double, 5> effectiveness;
  };
  for (const Row& row : {Row{0.5, {0.362266, 0.564733, 0.774600, 0.874425, 0.957201}},
                         Row{0.75, {0.347511, 0.531857, 0.721827, 0.817118, 0.908771}},
                         Row{1.0, {0.333333, 0.5, 0.666667, 0.75, 0.833333}}}) {
    for (std::size_t i = 0; i < units.size(); ++i) {
      CHECK(std::abs(counterflow_effectiveness(units[i], row.ratio) - row.effectiveness[i]) < 1e-6);
    }
  }
  // Condensing or boiling on one side.
  CHECK(counterflow_effectiveness(1.7, 0.0) == relative(1 - std::exp(-1.7), 1e-12));
}

TEST_CASE("counterflow and crossflow, inverted") {
  // Z, eps, N counterflow, N crossflow: rows of the Buildings library's EpsilonNTUZ reference.
  struct Row {
    double ratio, effectiveness, counterflow, crossflow;
  };
  for (const Row& row : {Row{0.9689124217, 0.1331420338, 0.15322600, 0.16010399},
                         Row{0.8253356149, 0.3131495246, 0.43867732, 0.46785012},
                         Row{0.5403023059, 0.5453764400, 0.95540762, 1.02526462}}) {
    CHECK(std::abs(counterflow_transfer_units(row.effectiveness, row.ratio) - row.counterflow) <
          2e-6);
    CHECK(std::abs(counterflow_effectiveness(row.counterflow, row.ratio) - row.effectiveness) <
          1e-6);
    CHECK(std::abs(crossflow_effectiveness(row.crossflow, row.ratio) - row.effectiveness) < 1e-6);
    CHECK(crossflow_transfer_units(row.effectiveness, row.ratio) == relative(row.crossflow, 1e-6));
  }
  const auto path = tests::reference_file("reference/thermal/eps_ntu_dymola.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    if (row["Z"] >= 0.97) continue;  // the reference blends there
    CHECK(std::abs(counterflow_effectiveness(row["NTU_counterflow"], row["Z"]) - row["eps"]) <
          1e-6);
    CHECK(std::abs(crossflow_effectiveness(row["NTU_crossflow_both_unmixed"], row["Z"]) -
                   row["eps"]) < 1e-6);
  }
}

TEST_CASE("counterflow conductance is the same law, symmetric and smooth at equal streams") {
  for (const double first : {1.0, 3.0, 3.999, 4.0, 4.001, 9.0}) {
    const double second = 4.0;
    const double transfer = 6.0;
    const double small = std::min(first, second);
    const double ratio = small / std::max(first, second);
    const double g = counterflow_conductance_w_k(transfer, first, second);
    CHECK(g == relative(small * counterflow_effectiveness(transfer / small, ratio), 1e-12));
    CHECK(g == counterflow_conductance_w_k(transfer, second, first));
    const Dual exact =
        counterflow_conductance_w_k(Dual(transfer), Dual::variable(first, 0), Dual(second));
    const double h = 1e-6;
    const double difference = (counterflow_conductance_w_k(transfer, first + h, second) -
                               counterflow_conductance_w_k(transfer, first - h, second)) /
                              (2 * h);
    CHECK(exact.slope[0] == relative(difference, 1e-6));
  }
  // Extremes stay finite and within the second law: G below both capacity flows.
  for (const double first : {1e-4, 1.0, 1e8}) {
    for (const double second : {1e-4, 1.0, 1e8}) {
      const double g = counterflow_conductance_w_k(1e5, first, second);
      CHECK(std::isfinite(g));
      CHECK(g <= std::min(first, second) * (1 + 1e-12));
      CHECK(crossflow_conductance_w_k(1e5, first, second) <= std::min(first, second) * (1 + 1e-12));
    }
  }
}

TEST_CASE("decay ratio joins its series") {
  for (const double d : {0.0, 0.0099999, 0.01, 0.0100001, 0.5, 40.0}) {
    const double exact = d == 0.0 ? 1.0 : -std::expm1(-d) / d;
    CHECK(decay_ratio(d) == relative(exact, 1e-12));
  }
  CHECK(decay_ratio(Dual::variable(0.0, 0)).slope[0] == relative(-0.5, 1e-5));
}

namespace {
// The plate exchanger of the Buildings library's reference: 60/50 and 20/40 degC at 0.01 and 0.005
// kg/s of water (4184 J/(kg K)), UA 16.96466 W/K, r = 1.741101.
double plate_heat_w(double first_kg_s, double second_kg_s) {
  const double c1 = first_kg_s * 4184.0;
  const double c2 = second_kg_s * 4184.0;
  const double transfer =
      transfer_from_flows_w_k(16.96466, 1.741101, first_kg_s / 0.01, second_kg_s / 0.005, 0.8, 0.8);
  return counterflow_conductance_w_k(transfer, c1, c2) * 40.0;
}
}  // namespace

TEST_CASE("plate heat exchanger whose UA follows the flows") {
  CHECK(counterflow_transfer_units(0.5, 0.5) * 0.005 * 4184.0 == relative(16.96466, 1e-6));
  const double heat = plate_heat_w(0.00904534, 0.00645497);
  CHECK(heat == relative(466.621, 1e-5));
  CHECK(std::abs(60 - heat / (0.00904534 * 4184) - 47.670) < 6e-4);  // three printed decimals
  CHECK(std::abs(20 + heat / (0.00645497 * 4184) - 37.277) < 6e-4);
  CHECK(plate_heat_w(0.00164899, 0.00645497) == relative(181.5443, 1e-5));
  const auto path = tests::reference_file("reference/thermal/plate_hx_ntu_dymola.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    if (row["m1_kg_s"] < 0.1 * 0.01) continue;  // the reference blends towards zero flow
    CHECK(plate_heat_w(row["m1_kg_s"], row["m2_kg_s"]) == relative(row["Q_W_dymola"], 1e-5));
  }
}
