// SPDX-License-Identifier: Apache-2.0
//
// The Merkel cell against operating points of EnergyPlus' CoolingTower:VariableSpeed:Merkel (a
// different code), the York correlation against the Modelica Buildings library's reference.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/merkel.hpp"

using namespace ampacity;
using namespace ampacity::merkel;
using tests::relative;

namespace {

constexpr double zero = 273.15;

// The tower of the validation data: 35 -> 29.5 degC at a wet bulb of 25.6 degC.
const Design small_tower{1.0884, 0.56124,   zero + 25.6, zero + 35.0,
                         101325, zero + 35, zero + 29.5, 4184};

double outlet_celsius(double wet, double dry, double inlet, double water_kg_s, double fan) {
  const auto c = cell(small_tower, design_transfer_w_k(small_tower), water_kg_s, zero + inlet, fan,
                      zero + wet, zero + dry, 101325.0);
  return inlet - c.heat_w / (water_kg_s * 4184);
}

}  // namespace

TEST_CASE("the design point reproduces itself") {
  REQUIRE(is_possible(small_tower));
  const auto c = cell(small_tower, design_transfer_w_k(small_tower), small_tower.water_kg_s,
                      small_tower.inlet_k, 1.0, small_tower.wet_bulb_k, small_tower.dry_bulb_k,
                      small_tower.pressure_pa);
  // The water factor of Scheier is 1.0039 at design.
  CHECK(c.heat_w == relative(1.0884 * 4184 * 5.5, 2e-3));
}

TEST_CASE("Merkel tower at points of EnergyPlus") {
  CHECK(std::abs(outlet_celsius(18.78, 22.79, 30.66, 1.089, 0.2000) - 29.28) < 0.15);
  CHECK(std::abs(outlet_celsius(19.20, 21.11, 32.63, 1.089, 0.3218) - 30.00) < 0.15);
  CHECK(std::abs(outlet_celsius(23.78, 26.19, 35.94, 1.089, 0.7099) - 30.36) < 0.15);
  CHECK(std::abs(outlet_celsius(24.83, 27.83, 37.36, 1.089, 0.6506) - 31.78) < 0.15);
  const auto path = tests::reference_file("reference/thermal/merkel_tower_energyplus.csv");
  if (!path) return;
  const auto rows = tests::read_reference_table(*path);
  REQUIRE(rows.size() == 240);
  double worst_k = 0;
  double worst_share = 0;
  for (const auto& row : rows) {
    const double outlet = outlet_celsius(row["T_wb_C"], row["T_db_C"], row["T_water_in_C"],
                                         row["m_water_kg_s"], row["fan_speed_ratio"]);
    const double heat = (row["T_water_in_C"] - outlet) * row["m_water_kg_s"] * 4184;
    worst_k = std::max(worst_k, std::abs(outlet - row["T_water_out_C"]));
    worst_share = std::max(worst_share, std::abs(heat / row["Q_W"] - 1));
  }
  MESSAGE("worst of 240: " << worst_k << " K, " << 100 * worst_share << " % of heat");
  CHECK(worst_k < 0.15);
  CHECK(worst_share < 0.02);
}

TEST_CASE("York approach") {
  struct Row {
    double water, air, approach;
  };
  for (const Row& row :
       {Row{0.25, 1, 0.2102214}, Row{0.75, 1, 2.6336210}, Row{1.25, 1, 5.0548716},
        Row{1, 0.25, 18.3333359}, Row{1, 0.75, 5.4582047}, Row{1, 1.25, 2.8758428}}) {
    CHECK(std::abs(york_approach_k(zero + 25.55, 5.56, row.water, row.air) - row.approach) < 1e-5);
  }
  const auto path = tests::reference_file("reference/thermal/yorkcalc_approach_dymola.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    CHECK(
        std::abs(york_approach_k(zero + row["T_wb_C"], row["range_K"], row["FRWat"], row["FRAir"]) -
                 row["T_approach_K"]) < 1e-5);
  }
}

TEST_CASE("root and derivatives of the Merkel balance over its range") {
  const double transfer = design_transfer_w_k(small_tower);
  for (const double wet : {-25.0, -5.0, 0.0, 12.0, 25.0, 35.0}) {
    for (const double above : {-8.0, 0.0, 1e-6, 5.0, 15.0, 25.0}) {
      for (const double water : {0.05, 0.4, 1.1}) {
        for (const double air : {0.1, 0.35, 1.0}) {
          const auto at = [&](const auto& m, const auto& in, const auto& x, const auto& wb) {
            using V = std::decay_t<decltype(m)>;
            return cell<V>(small_tower, transfer, m, in, x, wb, V(zero + 36.0), V(95000.0));
          };
          const double in = zero + wet + above;
          const auto plain = at(water, in, air, zero + wet);
          INFO("wet " << wet << ", water above " << above << ", flow " << water << ", air " << air);
          // Second law: the water leaves between its inlet and the wet bulb, so does the air.
          const double outlet = in - plain.heat_w / (water * 4184);
          CHECK((outlet - (zero + wet)) * above >= -1e-9);
          CHECK((in - plain.air_out_k) * above >= -1e-9);
          // Energy of the air side with the full enthalpy difference, to the quadrature's error.
          const double humidity = psychrometrics::humidity_ratio_from_wet_bulb_over_water(
              zero + 36.0, zero + wet, 95000.0);
          const double air_kg_s = dry_air_kg_s(air * 0.56124, zero + 36.0, humidity, 95000.0);
          const auto enthalpy = [](double t) {
            return psychrometrics::enthalpy_j_kg(
                t, psychrometrics::saturated_humidity_ratio_over_water(t, 95000.0));
          };
          const double air_side_w = air_kg_s * (enthalpy(plain.air_out_k) - enthalpy(zero + wet));
          CHECK(std::abs(plain.heat_w - air_side_w) <= 5e-5 * std::abs(air_side_w) + 1e-6);
          // Value and slopes of the dual evaluation.
          const auto dual = at(Dual::variable(water, 0), Dual::variable(in, 1),
                               Dual::variable(air, 2), Dual::variable(zero + wet, 3));
          CHECK(dual.heat_w.value == plain.heat_w);
          const double h = 1e-5;
          const double by_inlet = (at(water, in + h, air, zero + wet).heat_w -
                                   at(water, in - h, air, zero + wet).heat_w) /
                                  (2 * h);
          const double by_air = (at(water, in, air + h, zero + wet).heat_w -
                                 at(water, in, air - h, zero + wet).heat_w) /
                                (2 * h);
          const double by_wet = (at(water, in, air, zero + wet + h).heat_w -
                                 at(water, in, air, zero + wet - h).heat_w) /
                                (2 * h);
          CHECK(dual.heat_w.slope[1] == relative(by_inlet, 1e-5));
          CHECK(std::abs(dual.heat_w.slope[2] - by_air) <= 1e-5 * std::abs(by_air) + 1e-3);
          CHECK(dual.heat_w.slope[3] == relative(by_wet, 1e-5));
        }
      }
    }
  }
}

TEST_CASE("evaporation stays within its bound") {
  // 1.481 L per kWh at 30 degC if all heat leaves as vapour; only air that is hotter than the water
  // can take up more.
  const double transfer = design_transfer_w_k(small_tower);
  for (const double wet : {5.0, 15.0, 24.0}) {
    const auto c = cell(small_tower, transfer, 1.0884, zero + wet + 12, 0.8, zero + wet,
                        zero + wet + 2, 101325.0);
    const double litre_per_kwh = c.evaporation_kg_s / c.heat_w * 3.6e6;
    CHECK(litre_per_kwh > 0.6);
    CHECK(litre_per_kwh < 1.481);
    // Water closes: what the air gains is what evaporates.
    const double humidity =
        psychrometrics::humidity_ratio_from_wet_bulb(zero + wet + 2, zero + wet, 101325.0);
    const double air_kg_s = dry_air_kg_s(0.8 * 0.56124, zero + wet + 2, humidity, 101325.0);
    const double leaving = psychrometrics::saturated_humidity_ratio(c.air_out_k, 101325.0);
    CHECK(c.evaporation_kg_s == relative(air_kg_s * (leaving - humidity), 1e-9));
  }
}
