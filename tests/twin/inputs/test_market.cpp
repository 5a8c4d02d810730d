// SPDX-License-Identifier: Apache-2.0

// Price and carbon files: made-up ones, and published statistics of the real ones.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/core/errors.hpp"
#include "twin/inputs/market.hpp"

namespace ampacity {
namespace {

using tests::TemporaryFolder;

Time at(const std::string& text) { return parse_time(text).value(); }

bool told(const std::vector<Notice>& notices, const std::string& part) {
  return std::any_of(notices.begin(), notices.end(), [&](const Notice& notice) {
    return notice.text().find(part) != std::string::npos;
  });
}

TEST_CASE("a price holds through its hour, in currency per joule") {
  const TemporaryFolder folder;
  const PriceData data = read_price(folder.write("price.csv",
                                                 "Datetime,Price (EUR/MWh)\n"
                                                 "2023-01-01T00:00Z,36\n"
                                                 "2023-01-01T01:00Z,-7.2\n"));
  CHECK(data.currency == "EUR");
  CHECK(data.notices.empty());
  CHECK(data.price.interpolation() == Interpolation::step);
  CHECK(data.price.value(0, at("2023-01-01T00:59:59.999999999Z")) == doctest::Approx(1e-8));
  CHECK(data.price.value(0, at("2023-01-01T01:00Z")) == doctest::Approx(-2e-9));
  CHECK(data.price.value(0, at("2023-01-01T02:00Z")) == doctest::Approx(-2e-9));
  CHECK_FALSE(data.price.covers(at("2023-01-01T00:00Z"), at("2023-01-01T02:01Z")));
}

TEST_CASE("stamps without an offset are UTC with a notice, or local times of a zone") {
  const TemporaryFolder folder;
  const auto path = folder.write("price.csv",
                                 "Datetime,Price (EUR/MWh)\n"
                                 "2023-07-01 00:00:00,36\n2023-07-01 01:00:00,36\n");
  CHECK(read_price(path).price.start() == at("2023-07-01T00:00Z"));
  CHECK(told(read_price(path).notices, "no offset from UTC, read as times of UTC"));
  MarketOptions options;
  options.zone = TimeZone::find("Europe/Berlin").value();
  CHECK(read_price(path, options).price.start() == at("2023-06-30T22:00Z"));
  CHECK(told(read_price(path, options).notices, "read as times of Europe/Berlin"));
}

TEST_CASE("a day of 25 hours reads with offsets and is refused without") {
  const TemporaryFolder folder;
  const std::string header = "Datetime,Price (EUR/MWh)\n";
  const auto with = folder.write("with.csv", header +
                                                 "2023-10-29T01:00+02:00,1\n"
                                                 "2023-10-29T02:00+02:00,2\n"
                                                 "2023-10-29T02:00+01:00,3\n"
                                                 "2023-10-29T03:00+01:00,4\n");
  const PriceData data = read_price(with);
  CHECK(data.price.size() == 4);
  CHECK(data.notices.empty());
  const auto without = folder.write("without.csv", header +
                                                       "2023-10-29T01:00,1\n2023-10-29T02:00,2\n"
                                                       "2023-10-29T02:00,3\n2023-10-29T03:00,4\n");
  MarketOptions options;
  options.zone = TimeZone::find("Europe/Berlin").value();
  CHECK_THROWS_WITH_AS((void)read_price(without, options),
                       doctest::Contains("without.csv:3:1: Datetime: '2023-10-29T02:00' is not a "
                                         "time: the clock change"),
                       ConfigurationError);
  CHECK_THROWS_WITH_AS((void)read_price(without),
                       doctest::Contains("without.csv:4:1: the time stamp 2023-10-29T02:00:00Z "
                                         "repeats that of line 3"),
                       ConfigurationError);
}

TEST_CASE("missing hours are filled by a line up to four, and told") {
  const TemporaryFolder folder;
  const PriceData data = read_price(folder.write("price.csv",
                                                 "time,Price (USD/MWh)\n"
                                                 "2023-01-01T00:00Z,36\n"
                                                 "2023-01-01T01:00Z,36\n"
                                                 "2023-01-01T04:00Z,144\n"
                                                 "2023-01-01T05:00Z,\n"
                                                 "2023-01-01T06:00Z,72\n"));
  CHECK(data.price.size() == 7);
  CHECK(data.price.value(0, at("2023-01-01T02:30Z")) == doctest::Approx(2e-8));
  CHECK(data.price.value(0, at("2023-01-01T03:30Z")) == doctest::Approx(3e-8));
  CHECK(data.price.value(0, at("2023-01-01T05:30Z")) == doctest::Approx(3e-8));
  CHECK(told(data.notices,
             "price.csv:4: 2 rows missing between 2023-01-01T01:00:00Z and "
             "2023-01-01T04:00:00Z, filled linearly"));
  CHECK(told(data.notices, "1 value missing of price"));

  std::string text = "time,Price (USD/MWh)\n";
  for (int hour = 0; hour < 24; ++hour) {
    if (hour >= 10 && hour < 15) continue;
    text += "2023-01-01T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00Z,1\n";
  }
  CHECK_THROWS_WITH_AS((void)read_price(folder.write("hole.csv", text)),
                       doctest::Contains("hole.csv:12:1: 5 rows missing between"),
                       ConfigurationError);
  MarketOptions options;
  options.gaps.longest_filled = 5;
  CHECK(read_price(folder.write("hole.csv", text), options).price.size() == 24);
}

TEST_CASE("many gaps are told in few words") {
  const TemporaryFolder folder;
  std::string text = "time,Price (USD/MWh)\n";
  for (int i = 0; i < 300; ++i) {
    if (i % 10 == 5) continue;
    text += format_time(at("2023-01-01") + hours(i)) + ",1\n";
  }
  const PriceData data = read_price(folder.write("price.csv", text));
  CHECK(data.price.size() == 300);
  CHECK(data.notices.size() == 9);
  CHECK(told(data.notices, "22 rows missing in 22 further gaps, filled likewise"));
}

TEST_CASE("carbon intensity by basis, with either spelling of CO2") {
  const TemporaryFolder folder;
  const auto path = folder.write("carbon.csv",
                                 "Datetime (UTC),Zone Id,Carbon Intensity gCO\xE2\x82\x82"
                                 "eq/kWh (direct),Carbon Intensity gCO\xE2\x82\x82"
                                 "eq/kWh (LCA),Data Estimated\n"
                                 "2023-01-01 00:00:00,DE,360,720,false\n"
                                 "2023-01-01 01:00:00,DE,180,540,true\n");
  const CarbonData direct = read_carbon(path);
  CHECK(direct.intensity.value(0, at("2023-01-01T00:30Z")) == doctest::Approx(1e-7));
  CHECK(told(direct.notices, "1 row of 2 are the publisher's estimates"));
  CHECK_FALSE(told(direct.notices, "no offset"));
  const CarbonData life = read_carbon(path, CarbonBasis::life_cycle);
  CHECK(life.intensity.value(0, at("2023-01-01T00:30Z")) == doctest::Approx(2e-7));
  const CarbonData plain = read_carbon(folder.write("plain.csv",
                                                    "time,ci [kgCO2/MWh]\n2023-01-01T00:00Z,360\n"
                                                    "2023-01-01T01:00Z,1\n"));
  CHECK(plain.intensity.value(0, at("2023-01-01T00:30Z")) == doctest::Approx(1e-7));
}

// --- real files ---------------------------------------------------------------------------------

struct Statistics {
  double mean = 0;
  double minimum = 0;
  double maximum = 0;
  int negative = 0;
};

Statistics statistics(const Series& series, double unit) {
  Statistics out{0, series.at(0, 0) / unit, series.at(0, 0) / unit, 0};
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double value = series.at(i, 0) / unit;
    out.mean += value / static_cast<double>(series.size());
    out.minimum = std::min(out.minimum, value);
    out.maximum = std::max(out.maximum, value);
    out.negative += value < 0 ? 1 : 0;
  }
  return out;
}

TEST_CASE("statistics of three markets of 2023") {
  constexpr double per_mwh = 1 / 3.6e9;
  if (const auto path = tests::reference_file("series/price_pjm_dom_rt_hourly_2023.csv")) {
    const PriceData data = read_price(*path);
    CHECK(data.currency == "USD");
    CHECK(data.price.size() == 8736);
    CHECK(data.price.start() == at("2023-01-01T05:00Z"));
    const Statistics found = statistics(data.price, per_mwh);
    CHECK(std::abs(found.mean - 35.8) < 0.05);
    CHECK(std::abs(found.minimum + 4.9) < 0.1);
    CHECK(std::abs(found.maximum - 704) < 0.5);
  }
  if (const auto path = tests::reference_file("series/price_ercot_hubavg_dam_hourly_2023.csv")) {
    const PriceData data = read_price(*path);
    CHECK(data.price.size() == 8760);
    CHECK(data.price.start() == at("2023-01-01T06:00Z"));
    CHECK(data.price.end() == at("2024-01-01T06:00Z"));
    CHECK(data.notices.empty());
    const Statistics found = statistics(data.price, per_mwh);
    CHECK(std::abs(found.mean - 55.9) < 0.05);
    CHECK(std::abs(found.maximum - 4192) < 0.5);
  }
  if (const auto path = tests::reference_file("series/price_de-lu_dam_hourly_2023.csv")) {
    const PriceData data = read_price(*path);
    CHECK(data.currency == "EUR");
    const Statistics found = statistics(data.price, per_mwh);
    CHECK(std::abs(found.mean - 95.2) < 0.05);
    CHECK(std::abs(found.minimum + 500) < 0.5);
    CHECK(found.negative == 301);
    // The mean of the series over its range is the mean of its rows.
    CHECK(data.price.mean(0, data.price.start(), data.price.end()) / per_mwh ==
          doctest::Approx(found.mean).epsilon(1e-10));
  }
}

TEST_CASE("statistics of three grids' carbon of 2023") {
  struct Grid {
    const char* file;
    double mean;
    double minimum;
    double maximum;
    const char* estimates;
  };
  constexpr double g_per_kwh = 1 / 3.6e9;
  for (const Grid& grid :
       {Grid{"carbon_US-MIDA-PJM_2023_hourly.csv", 322, 245, 424, "16 rows of 8760"},
        Grid{"carbon_US-TEX-ERCO_2023_hourly.csv", 317, 124, 494, ""},
        Grid{"carbon_DE-LU_2023_hourly.csv", 308, 84, 640, "30 rows of 8760"}}) {
    const auto path = tests::reference_file(std::string("series/") + grid.file);
    if (!path) continue;
    CAPTURE(grid.file);
    const CarbonData data = read_carbon(*path);
    CHECK(data.intensity.size() == 8760);
    const Statistics found = statistics(data.intensity, g_per_kwh);
    CHECK(std::abs(found.mean - grid.mean) < 0.51);
    CHECK(std::abs(found.minimum - grid.minimum) < 0.51);
    CHECK(std::abs(found.maximum - grid.maximum) < 0.51);
    if (*grid.estimates != '\0') CHECK(told(data.notices, grid.estimates));
    CHECK(read_carbon(*path, CarbonBasis::life_cycle).intensity.at(0, 0) > data.intensity.at(0, 0));
  }
}

}  // namespace
}  // namespace ampacity
