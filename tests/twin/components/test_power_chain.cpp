// SPDX-License-Identifier: Apache-2.0

// The electric chain of Frontier, all 32 utilisations, as computed by RAPS (ExaDigiT/RAPS, commit
// 6c142bf, PowerManager with all 9472 nodes at equal utilisation, no load sharing); and the generic
// chain of the racks against the published efficiencies of an Open Rack v3 rectifier.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/air_rack.hpp"
#include "twin/components/liquid_rack.hpp"
#include "twin/components/power_chain.hpp"

using namespace ampacity;

namespace {

// One Frontier cabinet: 128 nodes, 32 switches of 250 W, 32 rectifiers.
constexpr PowerChain cabinet{128, 13.0, 0.98, 32 * 250.0, 32, 17.0, 0.96, 0.0};
constexpr PowerChain empty_cabinet{0, 13.0, 0.98, 32 * 250.0, 32, 17.0, 0.96, 0.0};
constexpr double cdu_w = 8473.47;

double node_w(double cpu, double gpu) {
  return cpu * 280.0 + (1.0 - cpu) * 90.0 + gpu * 560.0 + (4.0 - gpu) * 88.0 + 74.26 + 4 * 20.0 +
         30.0;
}

struct Row {
  double cpu;
  double gpu;
  double node;
  double after_converter;
  double converter_loss;
  double system_mw;
  double rectifier_loss_mw;
  double converter_loss_mw;
};

constexpr Row rows[] = {
    {0, 0, 626.26, 652.3061, 26.0461, 7.306524, 0.324943, 0.246709},
    {0, 0.5, 862.26, 893.1224, 30.8624, 9.682578, 0.419986, 0.292329},
    {0, 1, 1098.26, 1133.9388, 35.6788, 12.058633, 0.515028, 0.337949},
    {0, 2, 1570.26, 1615.5714, 45.3114, 16.810742, 0.705112, 0.42919},
    {0, 3, 2042.26, 2097.2041, 54.9441, 21.56285, 0.895197, 0.52043},
    {0, 3.16, 2117.78, 2174.2653, 56.4853, 22.323188, 0.92561, 0.535029},
    {0, 3.5, 2278.26, 2338.0204, 59.7604, 23.938905, 0.990239, 0.566051},
    {0, 4, 2514.26, 2578.8367, 64.5767, 26.314959, 1.085281, 0.611671},
    {0.33, 0, 688.96, 716.2857, 27.3257, 7.937789, 0.350194, 0.258829},
    {0.33, 0.5, 924.96, 957.102, 32.142, 10.313844, 0.445236, 0.304449},
    {0.33, 1, 1160.96, 1197.9184, 36.9584, 12.689898, 0.540278, 0.35007},
    {0.33, 2, 1632.96, 1679.551, 46.591, 17.442007, 0.730363, 0.44131},
    {0.33, 3, 2104.96, 2161.1837, 56.2237, 22.194116, 0.920447, 0.532551},
    {0.33, 3.16, 2180.48, 2238.2449, 57.7649, 22.954453, 0.950861, 0.547149},
    {0.33, 3.5, 2340.96, 2402.0, 61.04, 24.57017, 1.015489, 0.578171},
    {0.33, 4, 2576.96, 2642.8163, 65.8563, 26.946225, 1.110532, 0.623791},
    {0.5, 0, 721.26, 749.2449, 27.9849, 8.262986, 0.363202, 0.265073},
    {0.5, 0.5, 957.26, 990.0612, 32.8012, 10.639041, 0.458244, 0.310693},
    {0.5, 1, 1193.26, 1230.8776, 37.6176, 13.015095, 0.553286, 0.356313},
    {0.5, 2, 1665.26, 1712.5102, 47.2502, 17.767204, 0.743371, 0.447554},
    {0.5, 3, 2137.26, 2194.1429, 56.8829, 22.519313, 0.933455, 0.538794},
    {0.5, 3.16, 2212.78, 2271.2041, 58.4241, 23.27965, 0.963869, 0.553393},
    {0.5, 3.5, 2373.26, 2434.9592, 61.6992, 24.895367, 1.028497, 0.584415},
    {0.5, 4, 2609.26, 2675.7755, 66.5155, 27.271422, 1.123539, 0.630035},
    {1.0, 0, 816.26, 846.1837, 29.9237, 9.219449, 0.40146, 0.283437},
    {1.0, 0.5, 1052.26, 1087.0, 34.74, 11.595503, 0.496503, 0.329057},
    {1.0, 1, 1288.26, 1327.8163, 39.5563, 13.971558, 0.591545, 0.374678},
    {1.0, 2, 1760.26, 1809.449, 49.189, 18.723667, 0.781629, 0.465918},
    {1.0, 3, 2232.26, 2291.0816, 58.8216, 23.475776, 0.971714, 0.557159},
    {1.0, 3.16, 2307.78, 2368.1429, 60.3629, 24.236113, 1.002127, 0.571757},
    {1.0, 3.5, 2468.26, 2531.898, 63.638, 25.85183, 1.066756, 0.602779},
    {1.0, 4, 2704.26, 2772.7143, 68.4543, 28.227884, 1.161798, 0.648399},
};

}  // namespace

TEST_CASE("Frontier's chain reproduces all rows of RAPS") {
  for (const Row& row : rows) {
    INFO("cpu " << row.cpu << " gpu " << row.gpu);
    const double node = node_w(row.cpu, row.gpu);
    CHECK(node == doctest::Approx(row.node).epsilon(1e-9));
    const double converted = stage_input(node, 1.0, 13.0, 0.98);
    CHECK(std::abs(converted - row.after_converter) < 5.1e-5);
    CHECK(std::abs(converted - node - row.converter_loss) < 5.1e-5);

    const double bus_w = chain_bus(cabinet, 128 * node);
    const double input_w = chain_input(cabinet, 128 * node);
    const double system_mw = (74 * input_w + 25 * cdu_w) / 1e6;
    CHECK(std::abs(system_mw - row.system_mw) <= 1e-6 * row.system_mw);
    // RAPS books 75 cabinets' rectifiers here: the missing one feeds its switches and no node.
    const double empty_w = chain_input(empty_cabinet, 0.0) - chain_bus(empty_cabinet, 0.0);
    const double loss_mw = (74 * (input_w - bus_w) + empty_w) / 1e6;
    CHECK(std::abs(loss_mw - row.rectifier_loss_mw) < 6e-7);
    CHECK(std::abs(9472 * (converted - node) / 1e6 - row.converter_loss_mw) < 6e-7);
    CHECK(chain_output(cabinet, input_w) == doctest::Approx(128 * node).epsilon(1e-12));
  }
  CHECK((74 * chain_input(cabinet, 128 * node_w(0, 0)) + 25 * cdu_w) / 1e6 ==
        doctest::Approx(7.306524).epsilon(1e-6));
  CHECK((74 * chain_input(cabinet, 128 * node_w(1, 4)) + 25 * cdu_w) / 1e6 ==
        doctest::Approx(28.227884).epsilon(1e-6));
}

TEST_CASE("one node of the chain, four printed points") {
  // One node and a quarter of what a rectifier of four nodes loses.
  const PowerChain node{1, 13.0, 0.98, 0.0, 0.25, 17.0, 0.96, 0.0};
  const double direct[] = {500, 1000, 2000, 2700};
  const double converted[] = {523.5, 1033.7, 2054.1, 2768.4};
  const double input[] = {549.7, 1081.2, 2144.1, 2888.1};
  for (int i = 0; i < 4; ++i) {
    CHECK(std::abs(chain_bus(node, direct[i]) - converted[i]) < 0.051);
    CHECK(std::abs(chain_input(node, direct[i]) - input[i]) < 0.06);
  }
}

namespace {

// One rectifier of `rated_w` alone, at its best and at full load.
void check_rectifier(PowerChain chain, double rated_w) {
  chain.converter_count = chain.converter_loss_w = chain.auxiliary_power_w = 0.0;
  chain.converter_efficiency = 1.0;
  chain.rectifier_count = 1.0;
  const auto efficiency = [&](double share) {
    return share * rated_w / chain_input(chain, share * rated_w);
  };
  // OCP, ORv3 rectifier of 3 kW: 97.5 % at its peak, 96.5 % at full load, fan included.
  CHECK(std::abs(efficiency(1.0) - 0.965) < 2e-5);
  double best = 0.0;
  double best_share = 0.0;
  for (int i = 1; i <= 100; ++i) {
    if (efficiency(0.01 * i) <= best) continue;
    best = efficiency(0.01 * i);
    best_share = 0.01 * i;
  }
  CHECK(std::abs(best - 0.975) < 2e-5);
  CHECK(best_share == doctest::Approx(0.4).epsilon(0.03));
}

}  // namespace

TEST_CASE("the racks' own chain: rectifiers as published, regulators of 90 %, the inverse") {
  const PowerChain liquid = LiquidRack::chain(tests::standard_parameters<LiquidRack>());
  const PowerChain air = AirRack::chain(tests::standard_parameters<AirRack>());
  check_rectifier(liquid, 5500.0);
  check_rectifier(air, 3000.0);
  CHECK(108e3 / chain_bus(liquid, 108e3) == doctest::Approx(0.90).epsilon(1e-3));
  CHECK(38e3 / (chain_bus(air, 38e3) - air.auxiliary_power_w) ==
        doctest::Approx(0.90).epsilon(1e-3));
  for (const PowerChain& chain : {liquid, air}) {
    for (const double nodes_w : {-300.0, 0.0, 1e3, 20e3, 40e3, 120e3, 400e3}) {
      CHECK(chain_output(chain, chain_input(chain, nodes_w)) ==
            doctest::Approx(nodes_w).epsilon(1e-12));
    }
  }
}
