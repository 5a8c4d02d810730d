// SPDX-License-Identifier: Apache-2.0
//
// Coolants: 25 % propylene glycol at three temperatures and, where the files are at hand, the whole
// range; water against the check values of its own standard and steam-table figures.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/reference.hpp"
#include "tests/twin/components/reference_table.hpp"
#include "tests/twin/components/relative.hpp"
#include "twin/components/fluids.hpp"

using namespace ampacity;
using namespace ampacity::fluids;
using tests::relative;

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
    CHECK(glycol_density_kg_m3(x, t) == relative(row.density, 1e-5));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == relative(row.heat_capacity, 1e-5));
    CHECK(glycol_conductivity_w_m_k(x, t) == relative(row.conductivity, 2e-5));
    CHECK(glycol_viscosity_pa_s(x, t) == relative(row.viscosity, 1e-4));
  }
  CHECK(glycol_freezing_point_k(pg25_mass_fraction) - zero == relative(-10.35, 1e-3));
}

TEST_CASE("PG25 carries 0.666 kW per litre per minute at 10 K") {
  for (double celsius = 20; celsius <= 60; celsius += 5) {
    const double product = glycol_density_kg_m3(pg25_mass_fraction, zero + celsius) *
                           glycol_heat_capacity_j_kg_k(pg25_mass_fraction, zero + celsius);
    CHECK(product * 1e-3 / 60 * 10 * 1e-3 == relative(0.666, 0.003));
  }
}

TEST_CASE("other concentrations of propylene glycol") {
  struct Row {
    double fraction, celsius, density, heat_capacity, conductivity, viscosity;
  };
  // Modelica Buildings library, reference results of its antifreeze media.
  for (const Row& row : {Row{0.05, 10, 1003.9395, 4126.1675, 0.55521697, 0.001603962},
                         Row{0.05, 77.5, 976.78583, 4178.0806, 0.63691359, 0.00042115736},
                         Row{0.3, 47.5, 1009.0183, 3930.094, 0.46659786, 0.0013023316},
                         Row{0.5, 10, 1045.2631, 3491.6938, 0.35457104, 0.010578569},
                         Row{0.5, 77.5, 996.85913, 3750.25, 0.38960445, 0.0011417373}}) {
    const double t = zero + row.celsius;
    CHECK(glycol_density_kg_m3(row.fraction, t) == relative(row.density, 1e-6));
    CHECK(glycol_heat_capacity_j_kg_k(row.fraction, t) == relative(row.heat_capacity, 1e-6));
    CHECK(glycol_conductivity_w_m_k(row.fraction, t) == relative(row.conductivity, 1e-6));
    CHECK(glycol_viscosity_pa_s(row.fraction, t) == relative(row.viscosity, 1e-6));
  }
}

TEST_CASE("PG25, 0 to 100 degC") {
  const auto path = tests::reference_file("reference/thermal/pg25_properties.csv");
  if (!path) return;
  for (const auto& row : tests::read_reference_table(*path)) {
    const double t = zero + row["T_C"];
    const double x = pg25_mass_fraction;
    INFO(row["T_C"]);
    CHECK(glycol_density_kg_m3(x, t) == relative(row["rho_kg_m3"], 1e-5));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == relative(row["cp_J_kgK"], 2e-5));
    CHECK(glycol_conductivity_w_m_k(x, t) == relative(row["lambda_W_mK"], 1e-5));
    CHECK(glycol_viscosity_pa_s(x, t) == relative(row["mu_Pa_s"], 1e-4));
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
    CHECK(glycol_density_kg_m3(x, t) == relative(row["rho_kg_m3"], 1e-6));
    CHECK(glycol_heat_capacity_j_kg_k(x, t) == relative(row["cp_J_kgK"], 1e-6));
    CHECK(glycol_conductivity_w_m_k(x, t) == relative(row["lambda_W_mK"], 1e-6));
    CHECK(glycol_viscosity_pa_s(x, t) == relative(row["mu_Pa_s"], 1e-6));
  }
}

TEST_CASE("liquid water") {
  // Density at 260 K: value printed with the public `iapws` package's implementation of SR6-08.
  CHECK(water_density_kg_m3(260.0) == relative(997.0683602710492, 1e-12));
  // Heat capacity at 300 K, 0.1 MPa: check value of IAPWS 2009 (Feistel's formulation).
  CHECK(water_heat_capacity_j_kg_k(300.0) == relative(4180.6428606, 5e-5));
  // Steam-table figures at 0.1 MPa (rounded, IAPWS-95 and its transport releases).
  CHECK(water_density_kg_m3(298.15) == relative(997.047, 1e-6));
  CHECK(water_density_kg_m3(333.15) == relative(983.2, 1e-4));
  CHECK(water_heat_capacity_j_kg_k(298.15) == relative(4181.4, 1e-4));
  CHECK(water_viscosity_pa_s(298.15) == relative(890.0e-6, 1e-3));
  CHECK(water_conductivity_w_m_k(298.15) == relative(0.6065, 1e-3));
  CHECK(water_conductivity_w_m_k(373.15) == relative(0.677, 2e-3));
}

TEST_CASE("derivatives of the properties") {
  const double t = 311.0;
  const double h = 1e-3;
  const auto check = [&](auto property) {
    const Dual exact = property(Dual::variable(t, 0));
    CHECK(exact.slope[0] == relative((property(t + h) - property(t - h)) / (2 * h), 1e-5));
  };
  check([](const auto& k) { return glycol_density_kg_m3(0.26, k); });
  check([](const auto& k) { return glycol_viscosity_pa_s(0.26, k); });
  check([](const auto& k) { return water_heat_capacity_j_kg_k(k); });
  check([](const auto& k) { return water_viscosity_pa_s(k); });
}
