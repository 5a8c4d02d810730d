// SPDX-License-Identifier: Apache-2.0

// Clear-sky irradiance and its decomposition against tables computed with pvlib 0.16 (BSD-3).

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "twin/components/clear_sky.hpp"

namespace ampacity::tests {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

struct Row {
  double apparent_zenith_deg;
  double altitude_m;
  double linke_turbidity;
  double extraterrestrial_w_m2;
  double relative_mass;
  double pressure_pa;
  double absolute_mass;
  double global_w_m2;
  double direct_w_m2;
  double diffuse_w_m2;
  double haurwitz_w_m2;
};
constexpr std::array<Row, 30> rows{{
    {84.13101593, 0, 2, 1330, 9.01037733, 101324.99874788, 9.01037722, 58.77241866, 488.84706374,
     8.78582204, 63.05180107},
    {31.77305771, 100, 4.5, 1364, 1.17550786, 100129.45709897, 1.16163794, 821.59979756,
     784.29593891, 154.83814193, 870.86898093},
    {53.32308658, 2500, 2, 1412, 1.67116268, 74682.92247747, 1.23175241, 725.37666031,
     1120.76054665, 55.9441067, 594.15233937},
    {59.94966428, 1830.14, 6, 1412, 1.99128518, 81186.4656173, 1.5955135, 481.81660372,
     598.39620203, 182.16334394, 488.723937},
    {75.70148104, 2500, 4.5, 1412, 3.99013649, 74682.92247747, 2.94098252, 213.78344768,
     495.81903695, 91.32905445, 213.55228339},
    {82.34262829, 2500, 4.5, 1330, 7.13283801, 74682.92247747, 5.25735197, 74.17438519,
     225.14090338, 44.17461808, 93.96555226},
    {76.65090122, 500, 6, 1364, 4.25851703, 95460.93322536, 4.0120603, 103.12986113, 187.80998437,
     59.76761505, 196.34317708},
    {79.8820097, 1830.14, 3, 1412, 5.52542259, 81186.4656173, 4.42723445, 128.88086379,
     552.98559614, 31.73465377, 137.86638541},
    {15.61440632, 100, 2, 1330, 1.03790425, 100129.45709897, 1.02565792, 1028.74107279,
     989.71575837, 75.55085391, 994.64061472},
    {28.61257773, 100, 4.5, 1412, 1.13844433, 100129.45709897, 1.12501172, 884.06454078,
     821.31709107, 163.04844188, 901.25686084},
    {59.35421337, 100, 6, 1364, 1.95649145, 100129.45709897, 1.93340663, 382.55557836, 473.74508917,
     141.07392244, 498.50917027},
    {64.62734889, 500, 4.5, 1364, 2.32398649, 95460.93322536, 2.18948847, 343.32154041,
     573.16234241, 97.71924295, 409.97730867},
    {86.32593843, 1830.14, 3, 1364, 13.1150475, 81186.4656173, 10.50840713, 19.50867339,
     178.77629797, 8.0525927, 28.01988859},
    {62.93327904, 1830.14, 3, 1364, 2.18975727, 81186.4656173, 1.7545389, 467.48929447,
     864.22363769, 74.24354062, 438.86259775},
    {24.56099738, 1830.14, 4.5, 1412, 1.09891765, 81186.4656173, 0.8805057, 1055.98065401,
     929.71199893, 210.38967472, 935.92663825},
    {77.69088084, 1830.14, 4.5, 1412, 4.59776553, 81186.4656173, 3.68395098, 150.58642627,
     384.44071797, 68.6290898, 177.48765782},
    {63.87789799, 2500, 6, 1364, 2.26239713, 74682.92247747, 1.66752953, 433.57368597, 571.14701254,
     182.1059072, 422.80450251},
    {57.98190656, 500, 3, 1412, 1.88148175, 95460.93322536, 1.77259318, 528.44906294, 859.52221548,
     72.74152111, 520.83782478},
    {23.59610114, 1830.14, 4.5, 1364, 1.09069469, 81186.4656173, 0.87391707, 1028.99027027,
     899.97294378, 204.26409095, 943.45557523},
    {84.24783062, 2500, 6, 1364, 9.16621499, 74682.92247747, 6.75607919, 37.05667955, 57.84686704,
     31.25893484, 61.08364502},
    {64.32182904, 1830.14, 4.5, 1412, 2.29843398, 81186.4656173, 1.8416159, 424.28698605,
     686.85633262, 126.66131703, 415.21549772},
    {54.84732763, 0, 4.5, 1412, 1.73338096, 101324.99874788, 1.73338094, 521.78792001, 676.40826567,
     132.34103209, 570.60803449},
    {0.7411204, 100, 2, 1330, 0.99979193, 100129.45709897, 0.9879953, 1071.35312355, 992.75588592,
     78.68028745, 1035.00033217},
    {50.54851634, 0, 4.5, 1412, 1.57133285, 101324.99874788, 1.57133283, 592.3451007, 711.83204586,
     140.02950499, 635.8307978},
    {19.94225457, 0, 3, 1364, 1.06331124, 101324.99874788, 1.06331123, 983.70557065, 931.53171153,
     108.03143698, 969.36955817},
    {21.54521406, 100, 2, 1364, 1.07461647, 100129.45709897, 1.06193697, 1015.91976378,
     1012.02248272, 74.60925561, 958.51047657},
    {79.02117281, 0, 2, 1364, 5.11977806, 101324.99874788, 5.119778, 151.70792245, 711.55038824,
     16.19582898, 153.40194311},
    {31.69922637, 100, 2, 1330, 1.17457343, 100129.45709897, 1.16071453, 898.87089026, 978.89033407,
     66.01317388, 871.6115107},
    {10.139631, 0, 2, 1330, 1.01550945, 101324.99874788, 1.01550944, 1050.5074578, 987.91610389,
     78.02097852, 1017.97222414},
    {64.18926865, 0, 4.5, 1364, 2.28753996, 101324.99874788, 2.28753993, 346.10680766, 548.75450673,
     107.17924962, 417.48440064},
}};

bool near(double value, double expected, double relative) {
  return std::abs(value - expected) <= relative * std::abs(expected) + 1e-8;
}

}  // namespace

TEST_CASE("clear sky: thirty rows of Ineichen and Haurwitz") {
  for (const Row& row : rows) {
    CAPTURE(row.apparent_zenith_deg);
    const double zenith = row.apparent_zenith_deg * degree;
    CHECK(near(relative_air_mass(zenith), row.relative_mass, 1e-8));
    CHECK(near(pressure_at_altitude_pa(row.altitude_m), row.pressure_pa, 1e-9));
    const double mass = absolute_air_mass(relative_air_mass(zenith), row.pressure_pa);
    CHECK(near(mass, row.absolute_mass, 1e-8));
    const Irradiance sky = ineichen_clear_sky(zenith, mass, row.linke_turbidity, row.altitude_m,
                                              row.extraterrestrial_w_m2);
    CHECK(near(sky.global_w_m2, row.global_w_m2, 1e-6));
    CHECK(near(sky.direct_w_m2, row.direct_w_m2, 1e-6));
    CHECK(near(sky.diffuse_w_m2, row.diffuse_w_m2, 1e-6));
    CHECK(near(haurwitz_global_w_m2(zenith), row.haurwitz_w_m2, 1e-6));
    CHECK(!sky.decomposed);
  }
}

TEST_CASE("clear sky: published single values") {
  // pvlib's own tests: zenith 10 degrees, absolute air mass 1, turbidity 3.
  const Irradiance sea = ineichen_clear_sky(10 * degree, 1.0, 3.0, 0.0, 1364.0);
  CHECK(near(sea.global_w_m2, 1038.159219, 1e-8));
  CHECK(near(sea.direct_w_m2, 942.2081860378, 1e-8));
  CHECK(near(sea.diffuse_w_m2, 110.2652929361, 1e-8));
  const Irradiance brighter = ineichen_clear_sky(10 * degree, 1.0, 3.0, 0.0, 1370.0);
  CHECK(near(brighter.global_w_m2, 1042.72590228, 1e-8));
  const Irradiance mountain = ineichen_clear_sky(10 * degree, 1.0, 3.0, 2000.0, 1364.0);
  CHECK(near(mountain.global_w_m2, 1134.24312405, 1e-8));
  CHECK(near(mountain.direct_w_m2, 994.95377835, 1e-8));
  CHECK(near(mountain.diffuse_w_m2, 154.40492924, 1e-8));
  for (const auto& [zenith, global] :
       {std::pair{20.0, 968.992311}, {50.0, 643.882976}, {80.0, 135.741748}}) {
    CHECK(near(haurwitz_global_w_m2(zenith * degree), global, 1e-8));
  }
}

TEST_CASE("clear sky: night is dark") {
  const Irradiance night =
      ineichen_clear_sky(95 * degree, relative_air_mass(95 * degree), 3.0, 0.0, 1366.1);
  CHECK(night.global_w_m2 == 0.0);
  CHECK(night.direct_w_m2 == 0.0);
  CHECK(night.diffuse_w_m2 == 0.0);
  CHECK(haurwitz_global_w_m2(95 * degree) == 0.0);
}

TEST_CASE("clear sky: decomposition keeps the global irradiance and its limits") {
  for (const double zenith_deg : {0.0, 30.0, 60.0, 80.0, 86.0}) {
    const double cos_zenith = std::cos(zenith_deg * degree);
    for (double clearness = 0.0; clearness < 1.05; clearness += 0.05) {
      const double global = clearness * 1366.1 * cos_zenith;
      const Irradiance parts = decompose_global(global, zenith_deg * degree, 1366.1);
      CAPTURE(zenith_deg);
      CAPTURE(clearness);
      CHECK(parts.decomposed);
      CHECK(parts.direct_w_m2 >= 0.0);
      CHECK(std::abs(parts.direct_w_m2 * cos_zenith + parts.diffuse_w_m2 - global) < 1e-9);
    }
  }
  // The published pieces meet within 1 % of the global irradiance; overcast is diffuse.
  CHECK(std::abs(erbs_diffuse_share(0.22) - erbs_diffuse_share(0.2200001)) < 0.002);
  CHECK(std::abs(erbs_diffuse_share(0.80) - erbs_diffuse_share(0.8000001)) < 0.01);
  CHECK(erbs_diffuse_share(0.0) == 1.0);
  // Close to the horizon nothing is trusted to be direct.
  CHECK(decompose_global(20.0, 88.0 * degree, 1366.1).direct_w_m2 == 0.0);
}

}  // namespace ampacity::tests
