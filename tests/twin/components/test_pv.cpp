// SPDX-License-Identifier: Apache-2.0

// The photovoltaic chain against tables computed with pvlib 0.16 (BSD-3), link by link and over a
// whole day: Ashburn, 2024-06-21, 10 MW of modules at 25 degrees to the south.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/component_check.hpp"
#include "tests/support/reference.hpp"
#include "twin/components/clear_sky.hpp"
#include "twin/components/pv.hpp"

namespace ampacity::tests {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

bool near(double value, double expected, double relative) {
  return std::abs(value - expected) <= relative * std::abs(expected) + 1e-7;
}

struct PlaneRow {
  double tilt_deg;
  double surface_azimuth_deg;
  double zenith_deg;
  double azimuth_deg;
  double direct;
  double diffuse;
  double global;
  double extraterrestrial;
  double albedo;
  double incidence_deg;
  double beam;
  double ground;
  double sky;
  double total;
};
constexpr std::array<PlaneRow, 40> plane_rows{{
    {10, 0, 49.62679647, 133.18385996, 62.25241628, 20.77008973, 61.09494329, 1376.29471604, 0.25,
     56.81189455, 34.07631903, 0.11602118, 20.47387832, 54.66621854},
    {90, 270, 26.26702917, 84.35914598, 794.63837871, 163.89946317, 876.48447382, 1412.14877746,
     0.25, 116.13018348, 0, 109.56055923, 35.83532574, 145.39588496},
    {60, 90, 24.01760444, 54.58405549, 14.38940047, 257.54928423, 270.69285677, 1405.75921715, 0.25,
     41.92881294, 10.70536302, 16.91830355, 193.33198805, 220.95565462},
    {10, 0, 8.50870041, 280.82753607, 565.01203986, 325.08938208, 883.88256438, 1396.39903825, 0.25,
     11.8202996, 553.03088917, 1.67852028, 322.26271806, 876.97212751},
    {30, 270, 37.38699913, 288.32715755, 834.92332732, 46.44379234, 709.83414136, 1361.71428725,
     0.25, 12.49872262, 815.13633934, 11.88746781, 51.75404825, 878.77785541},
    {10, 270, 22.79292918, 347.57285, 285.9748885, 177.75706644, 441.40045259, 1360.94002864, 0.25,
     22.72319416, 263.77803055, 0.83823309, 176.70960947, 441.32587312},
    {30, 0, 33.77466008, 210.62667867, 647.8830298, 276.43999572, 814.98007747, 1374.49450708, 0.25,
     61.27035622, 311.42263466, 13.64832835, 211.69823964, 536.76920265},
    {90, 225, 86.26115088, 241.65847518, 0, 25.7722819, 25.7722819, 1335.94699637, 0.25,
     17.06128793, 0, 3.22153524, 12.88614095, 16.10767619},
    {40, 180, 63.53299565, 76.00499412, 270.70958889, 23.24712301, 143.89761195, 1397.13469277,
     0.25, 78.33114365, 54.75236785, 4.20820574, 18.5943921, 77.55496569},
    {90, 270, 12.25848363, 288.21431565, 279.19668448, 272.46084483, 545.29175532, 1358.58773746,
     0.25, 78.36456327, 56.30943092, 68.16146942, 119.7905565, 244.26145684},
    {90, 180, 8.62358501, 221.23171027, 314.40643872, 312.1862222, 623.03821536, 1325.13202206,
     0.25, 83.52531734, 35.45378179, 77.87977692, 127.50581798, 240.83937668},
    {20, 0, 24.34802774, 12.96462172, 508.7992607, 308.50577656, 772.0514174, 1321.68070271, 0.25,
     6.52242099, 505.50604777, 5.8200497, 313.53489209, 824.86098956},
    {30, 225, 55.05830408, 56.23163676, 298.13899392, 197.64632303, 368.40321718, 1324.90279587,
     0.25, 84.60670217, 28.02263765, 6.16958403, 150.20891594, 184.40113762},
    {90, 270, 35.89359985, 313.16094747, 646.92229503, 48.62348544, 572.69985266, 1356.3664382,
     0.25, 64.68119685, 276.65925612, 71.58748158, 24.95874502, 373.20548273},
    {90, 0, 27.24665182, 228.34454759, 415.57347163, 98.54239664, 468.00545519, 1386.51859495, 0.25,
     107.71552609, 0, 58.5006819, 34.50341734, 93.00409924},
    {20, 0, 32.79046104, 283.82272772, 357.69073468, 185.26794987, 485.96309069, 1411.39925769,
     0.25, 33.46599812, 298.39033931, 3.66339505, 180.73734048, 482.79107484},
    {10, 180, 56.94969363, 119.68230253, 578.4207219, 66.10659325, 381.56290298, 1353.32062972,
     0.25, 52.47085389, 352.35361599, 0.72459973, 69.12385036, 422.20206608},
    {30, 180, 53.32891045, 343.74277356, 596.57087575, 75.80047866, 432.0848407, 1322.96392031,
     0.25, 82.4029537, 78.86982635, 7.23604901, 46.39800039, 132.50387575},
    {40, 225, 19.54852374, 66.68857629, 250.93038556, 268.68097195, 505.14734174, 1390.40725993,
     0.25, 58.53116012, 130.99438911, 14.77275346, 221.29549354, 367.0626361},
    {0, 180, 84.65270909, 246.14382613, 621.03711898, 15.14816733, 73.02411269, 1333.04747301, 0.25,
     84.65270909, 57.87594537, 0, 15.14816733, 73.02411269},
    {20, 90, 60.60121618, 233.83403697, 901.69161385, 124.150636, 566.77775905, 1329.89903347, 0.25,
     77.24857122, 199.02295724, 4.27261016, 76.61816598, 279.91373338},
    {10, 270, 71.4007296, 345.84866837, 207.11874396, 71.20468117, 137.26463301, 1328.33626748,
     0.25, 69.24708523, 73.39016784, 0.26066978, 71.98010261, 145.63094023},
    {20, 90, 69.53456891, 12.2072094, 794.3947613, 78.31844331, 356.0723631, 1408.6648468, 0.25,
     66.65223585, 314.82739827, 2.68422388, 83.18379932, 400.69542147},
    {90, 225, 32.88899271, 298.0607199, 560.00671367, 138.53284933, 608.78403903, 1328.84751832,
     0.25, 80.89691295, 88.59937225, 76.09800488, 51.07543607, 215.7728132},
    {40, 225, 43.10710524, 228.30458723, 33.76704771, 119.16781595, 143.82037902, 1347.59852074,
     0.25, 3.80164941, 33.69274535, 4.20594711, 106.67210781, 144.57080026},
    {10, 180, 44.14290741, 299.71424875, 530.92792483, 252.78939972, 633.7859037, 1378.01000431,
     0.25, 49.70243727, 343.38153039, 1.203579, 241.99329346, 586.57840284},
    {60, 90, 7.65008835, 164.4016479, 915.19777458, 202.69873492, 1109.75083023, 1389.97463411,
     0.25, 58.22736979, 481.89715727, 69.35942689, 122.83292464, 674.08950879},
    {10, 180, 75.35445, 349.54708892, 33.38726765, 77.05260799, 85.49419816, 1332.00180743, 0.25,
     85.19415462, 2.7971688, 0.16235612, 75.19058429, 78.15010921},
    {40, 90, 78.51850753, 323.88294097, 708.03335395, 20.26746563, 161.20248987, 1373.82649503,
     0.25, 102.63966026, 0, 4.71427729, 8.67318294, 13.38746023},
    {20, 90, 59.35748055, 188.98708875, 581.55571414, 72.60721017, 369.01454744, 1358.88874061,
     0.25, 64.34346654, 251.79930161, 2.78178753, 66.6784126, 321.25950175},
    {20, 0, 44.13019473, 281.63704024, 507.90518853, 212.82551257, 577.37926328, 1353.22230702,
     0.25, 43.73790815, 366.96651922, 4.35252877, 209.34538809, 580.66443608},
    {10, 90, 69.91709735, 331.83594406, 7.12948414, 83.09835212, 85.54647046, 1394.79550375, 0.25,
     74.85962945, 1.86211228, 0.16245539, 82.36867934, 84.39324701},
    {90, 270, 9.09441188, 97.70293213, 401.83480418, 178.84383174, 575.62726197, 1345.6020376, 0.25,
     99.01166034, 0, 71.95340775, 62.71800413, 134.67141187},
    {90, 180, 75.27584027, 279.08838664, 458.672308, 12.85211154, 129.43091956, 1325.24593961, 0.25,
     98.78752643, 0, 16.17886494, 4.20197514, 20.38084008},
    {60, 180, 47.26317298, 176.39695461, 366.50724794, 105.8310542, 354.55456356, 1335.39251865,
     0.25, 13.05954443, 357.02781618, 22.15966022, 99.28261662, 478.47009303},
    {20, 225, 26.72429819, 355.68819164, 3.31447259, 235.97924512, 238.93966827, 1360.25702241,
     0.25, 42.35004739, 2.44953757, 1.80122815, 228.7817099, 233.03247562},
    {90, 180, 51.47220041, 15.46615999, 514.25748141, 148.32997913, 468.65802294, 1363.19675858,
     0.25, 138.9360845, 0, 58.58225287, 46.18670946, 104.76896233},
    {0, 0, 77.6960337, 19.10331588, 299.20117631, 76.08851561, 139.8476944, 1378.44785981, 0.25,
     77.6960337, 63.75917879, 0, 76.08851561, 139.8476944},
    {30, 270, 6.46986251, 78.71364678, 762.98047568, 98.46643754, 856.58769118, 1345.73975651, 0.25,
     36.36470749, 614.397027, 14.34512376, 85.02654233, 713.76869309},
    {10, 180, 81.79169383, 134.72485087, 249.07073949, 29.7235089, 65.28394116, 1403.19812755, 0.25,
     74.83804862, 65.14402322, 0.12397622, 33.92702553, 99.19502497},
}};

struct CellRow {
  double plane;
  double air_c;
  double wind;
  double sandia_open_c;
  double sandia_close_c;
  double pvsyst_c;
  double rated;
  double direct_current;
  double after_losses;
  double inverter_rated;
  double alternating;
};
constexpr std::array<CellRow, 25> cell_rows{{
    {271.4553032, -12.7783776, 5.94087364, -7.01972862, -2.08426161, -5.19635017, 1000,
     306.22300377, 263.12009281, 946.96969697, 251.64242562},
    {103.61528081, -18.61279765, 8.24102773, -16.71374158, -14.93930083, -15.71871567, 5000000,
     604520.02500331, 519429.83749123, 4734848.48484848, 481340.03334602},
    {920.52020422, 33.56138218, 3.32892264, 56.71753447, 74.45260269, 59.27246374, 50000000,
     40186683.94988965, 34530142.67523795, 47348484.84848485, 33224457.18004869},
    {414.28164593, 34.58218852, 12.40307519, 40.47246824, 46.72895182, 46.15350346, 5000000,
     1943209.03746139, 1669689.52688464, 4734848.48484848, 1602330.17561019},
    {246.56049747, 44.9232942, 12.43380073, 48.42253869, 52.14236539, 51.80998396, 5000000,
     1117301.03148452, 960033.52942628, 4734848.48484848, 911797.80716454},
    {920.51501432, -6.45950674, 4.64774936, 14.7758124, 32.02418833, 19.25142987, 50000000,
     47908054.3560318, 41164679.18252746, 47348484.84848485, 39568507.50464586},
    {997.41990113, 47.2646074, 12.72793918, 61.17665348, 76.08010012, 75.12357705, 5000000,
     4265433.2228843, 3665045.3155466, 4734848.48484848, 3525519.43811751},
    {99.72599053, 22.40963186, 10.07552185, 24.04091722, 25.66082861, 25.19508194, 50000000,
     5005428.62252134, 4300881.47362197, 47348484.84848485, 3938942.71785772},
    {286.20457168, -2.68744459, 4.19996393, 4.11117158, 9.52675953, 5.30654517, 50000000,
     15505924.22247837, 13323362.94234291, 47348484.84848485, 12744959.26502833},
    {966.53208133, -19.4952066, 4.37912504, 3.19643512, 21.41449581, 7.5010343, 50000000,
     52541373.05473758, 45145827.66259751, 47348484.84848485, 43360941.21360642},
    {1014.66482586, 39.36308618, 7.62558563, 58.69452774, 76.36441887, 67.70372442, 5000000,
     4389551.08682776, 3771692.77010786, 4734848.48484848, 3627545.6971204},
    {487.29073993, 0.17424993, 6.77058591, 9.97615374, 18.65424482, 13.78478439, 1000, 516.57466457,
     443.86336758, 946.96969697, 426.95745168},
    {350.8783359, 36.8814623, 0.64857704, 47.43889095, 54.51824796, 46.6818572, 1000, 319.38505304,
     274.42949669, 946.96969697, 262.64482995},
    {532.07020365, 49.8230388, 7.78308129, 59.85977302, 69.08634142, 64.68431, 50000000,
     22893940.87686169, 19671467.44086276, 47348484.84848485, 18907505.55384937},
    {541.92609903, 3.99902858, 14.95918311, 10.64360712, 18.1475159, 19.13558514, 1000,
     573.04651499, 492.38643195, 946.96969697, 473.83364476},
    {76.40423979, 43.94722733, 9.52528659, 45.24002124, 46.50149629, 46.08127679, 5000000,
     351092.7302448, 301674.10883438, 4734848.48484848, 268110.01384315},
    {317.7505602, 4.90815282, 11.20414021, 9.76132496, 14.74739643, 13.78325468, 5000000,
     1685594.75163924, 1448336.15381931, 4734848.48484848, 1387310.17165732},
    {729.59701376, -6.09014606, 4.85301321, 10.51720628, 24.12544652, 14.28825329, 1000,
     771.86342596, 663.21854914, 946.96969697, 638.22912988},
    {814.3868615, -0.5764847, 8.73300697, 13.89735512, 27.65346625, 22.17018281, 1000, 850.55425397,
     730.83312321, 946.96969697, 703.02136288},
    {140.46721221, 45.42065265, 4.36386382, 48.72174906, 51.37028061, 49.34404719, 1000,
     127.13870037, 109.2430883, 946.96969697, 101.50932316},
    {49.23286595, 28.8104317, 13.43891669, 29.46914478, 30.18755087, 30.18555658, 5000000,
     241763.75362486, 207733.90799742, 4734848.48484848, 176022.41403389},
    {845.10964995, 47.19073141, 0.27281288, 73.27322501, 90.41331286, 70.79551819, 5000000,
     3409624.88386219, 2929697.65446711, 4734848.48484848, 2819925.2212726},
    {369.9275379, -9.29632608, 9.77883902, -3.13398766, 2.92829448, 1.03613273, 50000000,
     20577884.2520372, 17681411.08789664, 47348484.84848485, 16978575.46524963},
    {782.05027611, -14.55705985, 9.26594464, -1.1105974, 11.89935579, 7.28641338, 5000000,
     4318647.37866032, 3710769.22731747, 4734848.48484848, 3569271.55799819},
    {335.79463256, -2.49668385, 8.982145, 3.37945811, 9.01144688, 6.88240762, 1000, 364.83488024,
     313.48196043, 946.96969697, 300.60367808},
}};

// A row of the day: minute of the day's quarter hour (UTC) and each stage.
struct DayRow {
  const char* time;
  double global;
  double direct;
  double diffuse;
  double plane;
  double air_c;
  double cell_c;
  double direct_current;
  double alternating;
};
constexpr std::array<DayRow, 12> day_rows{{
    {"01:07", 0, 0, 0, 0, 19.337124, 19.337124, 0, 0},
    {"03:07", 0, 0, 0, 0, 18.07387, 18.07387, 0, 0},
    {"05:07", 0, 0, 0, 0, 18.398517, 18.398517, 0, 0},
    {"07:07", 0, 0, 0, 0, 20.224078, 20.224078, 0, 0},
    {"09:07", 0, 0, 0, 0, 23.061393, 23.061393, 0, 0},
    {"11:07", 167.777872, 524.496031, 42.919082, 74.277292, 26.150208, 28.059792, 631387.81871,
     568272.638791},
    {"13:07", 562.153379, 812.518065, 78.494634, 505.008937, 28.662876, 41.646081, 4086445.30091,
     3930887.795701},
    {"15:07", 864.404249, 890.699441, 97.706597, 869.007926, 29.92613, 52.267336, 6754285.199177,
     6496980.070941},
    {"17:07", 981.332757, 910.427396, 104.580878, 1012.064984, 29.601483, 55.620522, 7764124.408983,
     7461401.09607},
    {"19:07", 880.083154, 893.587086, 98.641017, 888.147877, 27.775922, 50.609194, 6947337.245956,
     6681642.617997},
    {"21:07", 589.05457, 821.837798, 80.331659, 536.903938, 24.938607, 38.741796, 4391428.455305,
     4225579.033812},
    {"23:07", 196.462212, 564.552374, 46.646864, 100.720097, 21.849792, 24.439191, 867129.468163,
     799117.767797},
}};

constexpr GeographicPlace ashburn{39.0438 * degree, -77.4874 * degree, 90.0};

Pv::Parameters field() {
  auto p = standard_parameters<Pv>();
  p.rated_direct_w = 10e6;
  p.rated_w = 10e6 / 1.2;
  return p;
}

// Quarter hours of the day, middle of each: 00:07:30, 00:22:30, ...
Time quarter(int index) { return parse_time("2024-06-21T00:07:30Z").value() + minutes(15) * index; }

// The component's inputs at an instant under a clear sky.
Pv::Inputs<double> clear_inputs(Time t, double air_c) {
  const SunPosition sun = sun_position(t, ashburn);
  const Irradiance sky = clear_sky(t, ashburn);
  return {sky.global_w_m2,
          sky.direct_w_m2,
          sky.diffuse_w_m2,
          extraterrestrial_w_m2(t),
          sun.apparent_zenith_rad,
          sun.azimuth_rad,
          air_c + 273.15,
          3.0,
          1.0};
}

// The module at its settled temperature.
Pv::Outputs<double> settled(const Pv::Inputs<double>& u) {
  Bench<Pv> bench(field());
  bench.u = u;
  bench.evaluate();
  bench.x.cell_k += bench.rate.cell_k * bench.p.warming_time_s;
  bench.evaluate();
  return bench.w;
}

}  // namespace

TEST_CASE("pv: sine and cosine of the kernels") {
  for (double angle = -40.0; angle < 40.0; angle += 0.0137) {
    CHECK(std::abs(pv::sine(angle) - std::sin(angle)) < 4e-16);
    CHECK(std::abs(pv::cosine(angle) - std::cos(angle)) < 2e-15);
  }
  const Dual slope = pv::sine(Dual::variable(2.5, 0));
  CHECK(std::abs(slope.slope[0] - std::cos(2.5)) < 1e-15);
}

TEST_CASE("pv: forty rows of the plane of array") {
  for (const PlaneRow& row : plane_rows) {
    const pv::Plane plane{row.tilt_deg * degree, row.surface_azimuth_deg * degree};
    const double zenith = row.zenith_deg * degree;
    const double azimuth = row.azimuth_deg * degree;
    CHECK(near(std::acos(pv::incidence_cosine(plane, zenith, azimuth)) / degree, row.incidence_deg,
               1e-7));
    const auto parts = pv::hay_davies(plane, row.albedo, zenith, azimuth, row.global, row.direct,
                                      row.diffuse, row.extraterrestrial);
    CHECK(near(parts.beam_w_m2, row.beam, 1e-6));
    CHECK(near(parts.ground_w_m2, row.ground, 1e-6));
    CHECK(near(parts.sky_w_m2, row.sky, 1e-6));
    CHECK(near(parts.total_w_m2(), row.total, 1e-6));
  }
}

TEST_CASE("pv: twenty-five rows of cell temperature, modules and inverter") {
  CHECK(near(pv::standard_losses(), 0.14075660688, 1e-10));
  for (const CellRow& row : cell_rows) {
    const double air = row.air_c + 273.15;
    const double open = pv::sandia_cell_k(-3.56, -0.075, 3.0, row.plane, air, row.wind);
    CHECK(near(open - 273.15, row.sandia_open_c, 1e-6));
    CHECK(near(pv::sandia_cell_k(-2.98, -0.0471, 1.0, row.plane, air, row.wind) - 273.15,
               row.sandia_close_c, 1e-6));
    CHECK(near(pv::pvsyst_cell_k(29.0, 0.0, 0.9, 0.1, row.plane, air, row.wind) - 273.15,
               row.pvsyst_c, 1e-6));
    const double direct = pv::direct_current_w(row.rated, -0.004, row.plane, open);
    CHECK(near(direct, row.direct_current, 1e-6));
    const double kept = direct * (1.0 - pv::standard_losses());
    CHECK(near(kept, row.after_losses, 1e-6));
    const pv::Inverter inverter{row.inverter_rated, 0.96};
    const double alternating = inverter.output_w(kept);
    CHECK(near(alternating, row.alternating, 1e-6));
    if (alternating < 0.95 * row.inverter_rated) {
      CHECK(near(inverter.input_w(alternating), kept, 1e-10));
    }
  }
}

TEST_CASE("pv: published single values") {
  CHECK(near(pv::pvsyst_cell_k(29.0, 0.0, 0.9, 0.1, 900.0, 293.15, 5.0) - 273.15, 45.137, 3e-5));
  // (open rack, glass on both sides)
  CHECK(near(pv::sandia_cell_k(-3.47, -0.0594, 3.0, 900.0, 293.15, 5.0) - 273.15, 43.509, 3e-5));
  CHECK(near(pv::Inverter{100.0, 0.95}.output_w(90.0), 85.58556604752516, 1e-13));
}

TEST_CASE("pv: Ashburn, twelve quarter hours of a clear day") {
  for (const DayRow& row : day_rows) {
    CAPTURE(row.time);
    const Time t = parse_time("2024-06-21T" + std::string(row.time) + ":30Z").value();
    const auto u = clear_inputs(t, row.air_c);
    CHECK(std::abs(u.global_w_m2 - row.global) < 1.0);
    CHECK(std::abs(u.direct_w_m2 - row.direct) < 1.0);
    CHECK(std::abs(u.diffuse_w_m2 - row.diffuse) < 1.0);
    const auto w = settled(u);
    CHECK(std::abs(w.plane_w_m2 - row.plane) < 1.0);
    CHECK(std::abs(w.cell_k - 273.15 - row.cell_c) < 0.05);
    // 1 W/m2 on the modules is 10 kW of this field.
    CHECK(std::abs(w.available_w - row.alternating) < 10e3);
  }
}

TEST_CASE("pv: Ashburn, energy of the whole day") {
  // 60.449 MWh. The day's air temperature is a sine between 18 and 30 degC with its maximum at
  // 15:45 UTC, read off the table's rows.
  double energy_mwh = 0.0;
  for (int i = 0; i < 96; ++i) {
    const double hour = (i + 0.5) * 0.25;
    const double air = 24.0 + 6.0 * std::cos((hour - 15.75) * std::numbers::pi / 12.0);
    energy_mwh += settled(clear_inputs(quarter(i), air)).power_w * 0.25e-6;
  }
  CAPTURE(energy_mwh);
  CHECK(near(energy_mwh, 60.4490818, 1e-3));
}

TEST_CASE("pv: Ashburn, all rows of the file") {
  const auto file = reference_file("reference/pv/chain_ashburn_20240621.csv");
  if (!file) return;
  std::ifstream stream(*file);
  std::string line;
  std::getline(stream, line);
  double energy_mwh = 0.0;
  double worst = 0.0;
  int rows = 0;
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    std::string field;
    std::vector<std::string> row;
    while (std::getline(fields, field, ',')) row.push_back(field);
    REQUIRE(row.size() == 12);
    CAPTURE(row[0]);
    ++rows;
    const Time t = parse_time(row[0]).value();
    const auto u = clear_inputs(t, std::stod(row[8]));
    const auto w = settled(u);
    energy_mwh += w.power_w * 0.25e-6;
    CHECK(std::abs(u.apparent_zenith_rad / degree - std::stod(row[1])) < 0.01);
    CHECK(std::abs(std::remainder(u.azimuth_rad / degree - std::stod(row[2]), 360.0)) *
              std::sin(u.apparent_zenith_rad) <
          0.01);
    CHECK(near(u.extraterrestrial_w_m2, std::stod(row[3]), 1e-9));
    const double misses[] = {u.global_w_m2 - std::stod(row[4]), u.direct_w_m2 - std::stod(row[5]),
                             u.diffuse_w_m2 - std::stod(row[6]), w.plane_w_m2 - std::stod(row[7])};
    // With the sun on the horizon within the accuracy of its position, rise or set decides between
    // nothing and the last 1.3 W/m2 of the beam.
    if (std::abs(std::stod(row[1]) - 90.0) < 0.01) continue;
    for (const double miss : misses) {
      CHECK(std::abs(miss) < 1.0);
      worst = std::max(worst, std::abs(miss));
    }
    CHECK(std::abs(w.available_w - std::stod(row[11])) < 10e3);
  }
  CHECK(rows == 96);
  CHECK(near(energy_mwh, 60.4490818, 1e-3));
  MESSAGE("day " << energy_mwh << " MWh, largest miss of a row " << worst << " W/m2");
}

TEST_CASE("pv: the checks of all components") { check_component<Pv>(field()); }

TEST_CASE("pv: cells warm up with their time constant") {
  Bench<Pv> bench(field());
  bench.u = clear_inputs(quarter(68), 30.0);
  bench.x.cell_k = 303.15;
  bench.evaluate();
  const double target = bench.x.cell_k + bench.rate.cell_k * 300.0;
  bench.integrate(300.0, 300);
  CHECK(near(bench.x.cell_k, target + (303.15 - target) * std::exp(-1.0), 1e-8));
}

TEST_CASE("pv: curtailment takes less from the sun") {
  Bench<Pv> bench(field());
  bench.u = clear_inputs(quarter(68), 30.0);
  bench.x.cell_k = 328.0;
  bench.evaluate();
  const double free_w = bench.w.power_w;
  CHECK(free_w > 7e6);
  CHECK(bench.w.curtailed_w == 0.0);
  bench.react(Happening::Kind::order, 4, 0.3);
  CHECK(bench.w.power_w == doctest::Approx(0.3 * 10e6 / 1.2));
  CHECK(bench.w.curtailed_w == doctest::Approx(free_w - bench.w.power_w));
  CHECK(bench.w.direct_current_w < 1.06 * bench.w.power_w);
  CHECK(bench.w.loss_w > 0.0);
  bench.react(Happening::Kind::order, 4, 1.0);
  CHECK(bench.w.power_w == free_w);
}

TEST_CASE("pv: a sag disconnects, the restart delay brings it back") {
  Bench<Pv> bench(field());
  bench.u = clear_inputs(quarter(68), 30.0);
  bench.evaluate();
  const double free_w = bench.w.power_w;
  bench.u.voltage = 0.4;
  REQUIRE(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  CHECK(bench.guards()[0] < 0.0);
  // Rides through, with 1.1 of its rated current at 0.4 of the voltage.
  CHECK(bench.w.power_w == doctest::Approx(1.1 * 0.4 * bench.p.rated_w));
  CHECK(bench.w.curtailed_w == doctest::Approx(free_w - bench.w.power_w));
  bench.u.voltage = 0.95;
  bench.evaluate();
  CHECK(bench.w.power_w == free_w);
  bench.u.voltage = 0.4;
  REQUIRE(bench.agenda.timers.size() == 1);
  bench.agenda.time_ns = bench.agenda.timers[0].first;
  bench.react(Happening::Kind::timer, bench.agenda.timers[0].second);
  CHECK(bench.w.power_w == 0.0);
  CHECK(bench.w.direct_current_w == 0.0);
  CHECK(bench.w.available_w == free_w);
  bench.u.voltage = 1.0;
  REQUIRE(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 1);
  CHECK(bench.guards()[1] < 0.0);
  CHECK(bench.w.power_w == 0.0);
  REQUIRE(bench.agenda.timers.size() == 2);
  CHECK(bench.agenda.timers[1].first - bench.agenda.time_ns == 300'000'000'000);
  bench.agenda.time_ns = bench.agenda.timers[1].first;
  bench.react(Happening::Kind::timer, bench.agenda.timers[1].second);
  CHECK(bench.w.power_w == free_w);
}

TEST_CASE("pv: orders") {
  Bench<Pv> bench(field());
  bench.u = clear_inputs(quarter(68), 30.0);
  bench.react(Happening::Kind::order, 2);
  CHECK(bench.w.power_w == 0.0);
  bench.react(Happening::Kind::order, 0);
  CHECK(bench.w.power_w == 0.0);  // failed: listens to repair only
  bench.react(Happening::Kind::order, 3);
  bench.react(Happening::Kind::order, 0);
  CHECK(bench.w.power_w > 7e6);
}

TEST_CASE("pv: night") {
  Bench<Pv> bench(field());
  bench.u = clear_inputs(quarter(20), 18.0);
  bench.evaluate();
  CHECK(bench.w.power_w == 0.0);
  CHECK(bench.w.plane_w_m2 == 0.0);
  CHECK(bench.w.loss_w == 0.0);
}

}  // namespace ampacity::tests
