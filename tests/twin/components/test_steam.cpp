// SPDX-License-Identifier: Apache-2.0

// Saturated water and steam against the verification values of IAPWS-IF97 (R7-97, tables 35 and
// 36) and values computed from the equations of IAPWS SR1-86 (1992), an independent formulation.

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "twin/components/steam.hpp"
#include "twin/core/dual.hpp"

namespace ampacity::tests {

TEST_CASE("steam: saturation line, verification values of IF97") {
  CHECK(steam::saturation_pressure_pa(300.0) == doctest::Approx(3.53658941e3).epsilon(1e-8));
  CHECK(steam::saturation_pressure_pa(500.0) == doctest::Approx(2.63889776e6).epsilon(1e-8));
  CHECK(steam::saturation_pressure_pa(600.0) == doctest::Approx(1.23443146e7).epsilon(1e-8));
  CHECK(steam::saturation_temperature_k(0.1e6) == doctest::Approx(372.755919).epsilon(1e-8));
  CHECK(steam::saturation_temperature_k(1e6) == doctest::Approx(453.035632).epsilon(1e-8));
  CHECK(steam::saturation_temperature_k(10e6) == doctest::Approx(584.149488).epsilon(1e-8));
  for (double kelvin = 290.0; kelvin < 640.0; kelvin += 10.0) {
    CHECK(steam::saturation_temperature_k(steam::saturation_pressure_pa(kelvin)) ==
          doctest::Approx(kelvin).epsilon(1e-9));
  }
}

TEST_CASE("steam: enthalpies against SR1-86") {
  struct Row {
    double kelvin;
    double pressure_pa;
    double vapour_j_kg;
    double liquid_j_kg;
  };
  for (const Row& row :
       {Row{420, 437290.825, 2742229.39, 618571.93}, Row{450, 932203.215, 2774416.64, 749096.44},
        Row{480, 1790487.301, 2795713.05, 883177.07},
        Row{514.9, 3451136.701, 2802686.66, 1045778.90},
        Row{540, 5236923.951, 2792046.60, 1169114.67},
        Row{560, 7106231.723, 2771008.35, 1272899.31},
        Row{590, 10821156.116, 2709575.11, 1442715.67}}) {
    CAPTURE(row.kelvin);
    CHECK(steam::saturation_pressure_pa(row.kelvin) ==
          doctest::Approx(row.pressure_pa).epsilon(1e-3));
    CHECK(std::abs(steam::vapour_enthalpy_j_kg(row.kelvin) - row.vapour_j_kg) < 1500.0);
    if (row.kelvin < 515.0) {
      CHECK(steam::liquid_enthalpy_j_kg(row.kelvin) ==
            doctest::Approx(row.liquid_j_kg).epsilon(0.03));
    }
  }
  CHECK(steam::liquid_enthalpy_j_kg(421.65) == doctest::Approx(625679.55).epsilon(1e-5));
  const Dual slope = steam::saturation_pressure_pa(Dual::variable(515.0, 0));
  const double difference =
      (steam::saturation_pressure_pa(515.01) - steam::saturation_pressure_pa(514.99)) / 0.02;
  CHECK(slope.slope[0] == doctest::Approx(difference).epsilon(1e-6));
}

}  // namespace ampacity::tests
