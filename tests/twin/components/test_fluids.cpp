// SPDX-License-Identifier: Apache-2.0
//
// Coolants: 25 % propylene glycol at three temperatures and, where the files are at hand, the whole
// range; water against the check values of its own standard and steam-table figures.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "twin/components/fluids.hpp"

using namespace ampacity;
using namespace ampacity::fluids;

namespace {
constexpr double zero = 273.15;
}

TEST_CASE("PG25 at 25, 40 and 60 degC") {
  struct Row {
    double celsius, density, heat_capacity, conductivity, viscosity;
  };
  // Melinder (2010), evaluated independently.
  for (const Row& row : {Row{25, 1018.03, 3920.71, 0.46750, 2.14623e-3},
                         Row{40, 1010.62, 3957.59, 0.48067, 1.39415e-3},
                         Row{60, 998.956, 4005.61, 0.49776, 0.900088e-3}}) {
    const double t = zero + row.celsius;
    const double x = pg25_mass_fraction;
    CHECK(glycol_density_kg_m3(x, t) == doctest::Approx(row.density).epsilon(1e-5));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == doctest::Approx(row.heat_capacity).epsilon(1e-5));
    CHECK(glycol_conductivity_w_m_k(x, t) == doctest::Approx(row.conductivity).epsilon(2e-5));
    CHECK(glycol_viscosity_pa_s(x, t) == doctest::Approx(row.viscosity).epsilon(1e-4));
  }
  CHECK(glycol_freezing_point_k(pg25_mass_fraction) - zero ==
        doctest::Approx(-10.35).epsilon(1e-3));
}

TEST_CASE("PG25 carries 0.666 kW per litre per minute at 10 K") {
  for (double celsius = 20; celsius <= 60; celsius += 5) {
    const double product = glycol_density_kg_m3(pg25_mass_fraction, zero + celsius) *
                           glycol_heat_capacity_j_kg_k(pg25_mass_fraction, zero + celsius);
    CHECK(product * 1e-3 / 60 * 10 * 1e-3 == doctest::Approx(0.666).epsilon(0.003));
  }
}

TEST_CASE("PG25, 0 to 100 degC") {
  const auto path = tests::reference_file("reference/thermal/pg25_properties.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    const double t = zero + row["T_C"];
    const double x = pg25_mass_fraction;
    INFO(row["T_C"]);
    CHECK(glycol_density_kg_m3(x, t) == doctest::Approx(row["rho_kg_m3"]).epsilon(1e-5));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == doctest::Approx(row["cp_J_kgK"]).epsilon(2e-5));
    CHECK(glycol_conductivity_w_m_k(x, t) == doctest::Approx(row["lambda_W_mK"]).epsilon(1e-5));
    CHECK(glycol_viscosity_pa_s(x, t) == doctest::Approx(row["mu_Pa_s"]).epsilon(1e-4));
  }
}

TEST_CASE("propylene glycol at all concentrations") {
  const auto path = tests::reference_file("reference/thermal/propylene_glycol_melinder_dymola.csv");
  if (!path) return;
  const auto rows = tests::read_reference_table(*path);
  REQUIRE(rows.size() > 100);
  for (const auto& row : rows) {
    const double t = zero + row["T_C"];
    const double x = row["mass_frac_PG"];
    INFO(x << " at " << row["T_C"]);
    CHECK(glycol_density_kg_m3(x, t) == doctest::Approx(row["rho_kg_m3"]).epsilon(1e-6));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == doctest::Approx(row["cp_J_kgK"]).epsilon(1e-6));
    CHECK(glycol_conductivity_w_m_k(x, t) == doctest::Approx(row["lambda_W_mK"]).epsilon(1e-6));
    CHECK(glycol_viscosity_pa_s(x, t) == doctest::Approx(row["mu_Pa_s"]).epsilon(1e-6));
  }
}

TEST_CASE("liquid water") {
  // Density at 260 K: value printed with the public `iapws` package's implementation of SR6-08.
  CHECK(water_density_kg_m3(260.0) == doctest::Approx(997.0683602710492).epsilon(1e-9));
  // Steam-table figures at 0.1 MPa (rounded, IAPWS-95): 25 degC and 60 degC.
  CHECK(water_density_kg_m3(298.15) == doctest::Approx(997.047).epsilon(1e-5));
  CHECK(water_heat_capacity_j_kg_k(298.15) == doctest::Approx(4181.4).epsilon(1e-4));
  CHECK(water_heat_capacity_j_kg_k(300.0) == doctest::Approx(4180.6).epsilon(1e-4));
  CHECK(water_viscosity_pa_s(298.15) == doctest::Approx(890.0e-6).epsilon(1e-3));
  CHECK(water_conductivity_w_m_k(298.15) == doctest::Approx(0.6065).epsilon(1e-3));
  CHECK(water_density_kg_m3(333.15) == doctest::Approx(983.2).epsilon(1e-4));
}

TEST_CASE("derivatives of the properties") {
  const double t = 311.0;
  const double h = 1e-3;
  const auto check = [&](auto property) {
    const Dual exact = property(Dual::variable(t, 0));
    CHECK(exact.slope[0] ==
          doctest::Approx((property(t + h) - property(t - h)) / (2 * h)).epsilon(1e-5));
  };
  check([](const auto& k) { return glycol_density_kg_m3(0.26, k); });
  check([](const auto& k) { return glycol_viscosity_pa_s(0.26, k); });
  check([](const auto& k) { return water_heat_capacity_j_kg_k(k); });
  check([](const auto& k) { return water_viscosity_pa_s(k); });
}
