// SPDX-License-Identifier: Apache-2.0
//
// Moist air against the tables of the ASHRAE Handbook, Fundamentals 2017, chapter 1, as quoted in
// the tests of PsychroLib 2.5.0 (MIT), against figures of EnergyPlus' psychrometric unit tests,
// and, where the file is at hand, against a grid of 144 states computed with PsychroLib.

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/psychrometrics.hpp"

using namespace ampacity;
using namespace ampacity::psychrometrics;
using tests::relative;

namespace {
constexpr double zero = 273.15;

bool near(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance;
}
}  // namespace

TEST_CASE("saturation pressure follows table 3 of the handbook") {
  struct Row {
    double celsius;
    double pascal;
  };
  for (const Row& row : {Row{-20, 103.24}, Row{-5, 401.74}, Row{5, 872.6}, Row{25, 3169.7},
                         Row{50, 12351.3}, Row{100, 101418}}) {
    CHECK(saturation_pressure_pa(zero + row.celsius) == relative(row.pascal, 3e-4));
  }
  // Both curves meet at the triple point, and water below freezing has the higher pressure.
  CHECK(saturation_pressure_over_ice_pa(triple_point_k) ==
        relative(saturation_pressure_over_water_pa(triple_point_k), 1e-4));
  CHECK(saturation_pressure_over_water_pa(zero - 10) > saturation_pressure_pa(zero - 10));
}

TEST_CASE("humidity ratio at saturation follows table 2 of the handbook") {
  CHECK(saturated_humidity_ratio(zero + 5, standard_pressure_pa) == relative(0.005425, 0.005));
  CHECK(saturated_humidity_ratio(zero + 25, standard_pressure_pa) == relative(0.020173, 0.005));
  CHECK(saturated_humidity_ratio(zero + 50, standard_pressure_pa) == relative(0.086863, 0.01));
}

TEST_CASE("example 1 of the handbook: 40 degC, wet bulb 20 degC") {
  const double ratio = humidity_ratio_from_wet_bulb(zero + 40, zero + 20, standard_pressure_pa);
  CHECK(near(ratio, 0.0065, 1e-4));
  CHECK(near(relative_humidity(zero + 40, ratio, standard_pressure_pa), 0.14, 0.01));
  CHECK(near(enthalpy_j_kg(zero + 40, ratio), 56700, 100));
  CHECK(specific_volume_m3_kg(zero + 40, ratio, standard_pressure_pa) == relative(0.896, 0.01));
  CHECK(near(dew_point_k(ratio, standard_pressure_pa) - zero, 7.0, 0.5));
}

TEST_CASE("single states of PsychroLib and EnergyPlus") {
  CHECK(humidity_ratio_from_wet_bulb(zero + 30, zero + 25, 95461) == relative(0.0192281274, 3e-4));
  CHECK(humidity_ratio_from_wet_bulb(zero - 1, zero - 5, 95461) == relative(0.00120399820, 3e-4));
  const double at_seven = humidity_ratio(0.61 * saturation_pressure_pa(zero + 7), 100000.0);
  CHECK(near(wet_bulb_k(zero + 7, at_seven, 100000) - zero, 3.92667, 3e-4 * 3.92667));
  CHECK(specific_volume_m3_kg(zero + 30, 0.02, 95461.0) == relative(0.9408554, 3e-4));
  CHECK(near(standard_atmosphere_pa(500), 95461, 1));
  CHECK(near(standard_atmosphere_pa(1000), 89875, 1));
  CHECK(near(standard_atmosphere_pa(4000), 61640, 1));
  // EnergyPlus' own saturation curve shifts this ice-covered wick by 1.04 mK.
  CHECK(near(wet_bulb_k(zero + 1, 0.002, 101325) - zero, -2.200, 0.0011));
  CHECK(near(saturation_temperature_k(101325) - zero, 99.974, 0.001));
}

TEST_CASE("states of the grid computed with PsychroLib 2.5.0") {
  struct Row {
    double dry, humidity, pressure, ratio, dew, wet, enthalpy, volume;
  };
  for (const Row& row : {Row{-5, 0.5, 101325, 0.00123549, -12.8697, -7.2522, -1951.54, 0.761147},
                         Row{30, 0.5, 101325, 0.01331020, 18.4466, 22.0052, 64211.53, 0.877168},
                         Row{45, 1.0, 101325, 0.06504240, 45.0000, 45.0000, 213385.09, 0.995537},
                         Row{-5, 0.5, 84000, 0.00149092, -12.8697, -7.5443, -1315.08, 0.918510},
                         Row{45, 0.5, 84000, 0.03766540, 32.1410, 34.1577, 142623.77, 1.153011}}) {
    const double dry = zero + row.dry;
    const double ratio = humidity_ratio(row.humidity * saturation_pressure_pa(dry), row.pressure);
    CHECK(ratio == relative(row.ratio, 1e-5));
    CHECK(near(dew_point_k(ratio, row.pressure) - zero, row.dew, 1e-3));
    CHECK(near(wet_bulb_k(dry, ratio, row.pressure) - zero, row.wet, 1.1e-3));
    CHECK(enthalpy_j_kg(dry, ratio) == relative(row.enthalpy, 1e-5));
    CHECK(specific_volume_m3_kg(dry, ratio, row.pressure) == relative(row.volume, 1e-6));
  }
}

TEST_CASE("grid of states at two pressures") {
  const auto path = tests::reference_file("reference/thermal/psychrometrics_psychrolib250.csv");
  if (!path) return;
  const auto rows = tests::read_reference_table(*path);
  REQUIRE(rows.size() == 144);
  for (const auto& row : rows) {
    const double dry = zero + row["T_db_C"];
    const double pressure = row["p_Pa"];
    const double vapour = row["RH"] * saturation_pressure_pa(dry);
    const double ratio = humidity_ratio(vapour, pressure);
    INFO("state " << row["T_db_C"] << " degC, RH " << row["RH"] << ", " << pressure << " Pa");
    // Half of the last printed digit is added to each tolerance.
    CHECK(near(vapour, row["p_vapour_Pa"], 1e-4 * row["p_vapour_Pa"] + 5e-4));
    CHECK(near(ratio, row["W_kg_kg"], 1e-4 * row["W_kg_kg"] + 5e-9));
    CHECK(near(dew_point_k(ratio, pressure) - zero, row["T_dp_C"],
               1e-4 * std::abs(row["T_dp_C"]) + 1e-4));
    // PsychroLib stops its bisection at 1e-3 K.
    CHECK(near(wet_bulb_k(dry, ratio, pressure) - zero, row["T_wb_C"],
               1e-4 * std::abs(row["T_wb_C"]) + 1e-3));
    CHECK(
        near(enthalpy_j_kg(dry, ratio), row["h_J_kgda"], 1e-4 * std::abs(row["h_J_kgda"]) + 5e-3));
    CHECK(near(specific_volume_m3_kg(dry, ratio, pressure), row["v_m3_kgda"],
               1e-4 * row["v_m3_kgda"]));
  }
}

TEST_CASE("dew point inverts the saturation curve, with its derivative") {
  for (double celsius = -60; celsius <= 90; celsius += 1.7) {
    const double pressure = 98000;
    const double ratio = saturated_humidity_ratio(zero + celsius, pressure);
    INFO(celsius);
    CHECK(near(dew_point_k(ratio, pressure) - zero, celsius, 1e-8));
    const Dual found = dew_point_k(Dual::variable(ratio, 0), Dual::variable(pressure, 1));
    const Dual slope = saturated_humidity_ratio(Dual::variable(zero + celsius, 0), Dual(pressure));
    CHECK(found.value == dew_point_k(ratio, pressure));
    CHECK(found.slope[0] == relative(1.0 / slope.slope[0], 1e-9));
    const double step = 1.0;
    const double difference =
        (dew_point_k(ratio, pressure + step) - dew_point_k(ratio, pressure - step)) / (2 * step);
    CHECK(found.slope[1] == relative(difference, 1e-4));
  }
}

TEST_CASE("wet bulb lies between dew point and dry bulb") {
  for (double celsius = -15; celsius <= 50; celsius += 5) {
    for (double humidity = 0.05; humidity < 1.0; humidity += 0.19) {
      const double dry = zero + celsius;
      const double ratio = humidity_ratio(humidity * saturation_pressure_pa(dry), 101325.0);
      const double wet = wet_bulb_k(dry, ratio, 101325);
      CHECK(wet <= dry);
      CHECK(wet >= dew_point_k(ratio, 101325.0));
      if (std::abs(wet - zero) > 0.01) {  // the wick freezes at 0 degC: a jump
        CHECK(near(humidity_ratio_from_wet_bulb(dry, wet, 101325), ratio, 1e-9));
      }
    }
  }
}
