// SPDX-License-Identifier: Apache-2.0

// Weather: made-up years whose values name their own hour, and published statistics of real ones.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/inputs/weather_files.hpp"
#include "twin/core/errors.hpp"
#include "twin/inputs/weather.hpp"

namespace ampacity {
namespace {

using tests::made_csv_year;
using tests::made_dry_bulb_c;
using tests::made_epw_year;
using tests::TemporaryFolder;

Time at(const std::string& text) { return parse_time(text).value(); }

WeatherOptions at_offset(int hours_of_offset) {
  WeatherOptions out;
  out.utc_offset = hours(hours_of_offset);
  return out;
}

bool told(const std::vector<Notice>& notices, const std::string& part) {
  return std::any_of(notices.begin(), notices.end(), [&](const Notice& notice) {
    return notice.text().find(part) != std::string::npos;
  });
}

TEST_CASE("a typical year by hour is laid onto any day in the standard offset") {
  const TemporaryFolder folder;
  const WeatherFile file = read_weather(folder.write("year.csv", made_csv_year()), at_offset(-7));
  CHECK(file.typical_year());
  CHECK(file.size() == 8760);
  CHECK(file.notices().empty());

  const Weather weather = file.between(at("2023-07-04T00:00-07:00"), at("2023-07-05T00:00-07:00"));
  const auto dry_bulb_c = [&](const std::string& t) {
    return weather.dry_bulb_k.value(0, at(t)) - 273.15;
  };
  // 4 July is day 184 from 0: 184 mod 50 = 34.
  CHECK(dry_bulb_c("2023-07-04T00:00-07:00") == doctest::Approx(34.00));
  CHECK(dry_bulb_c("2023-07-04T13:00-07:00") == doctest::Approx(34.13));
  CHECK(dry_bulb_c("2023-07-04T13:30-07:00") == doctest::Approx(34.135));
  CHECK(dry_bulb_c("2023-07-05T00:00-07:00") == doctest::Approx(35.00));
  // Daylight saving does not exist here: 20:00Z is hour 13 of UTC-7.
  CHECK(dry_bulb_c("2023-07-04T20:00Z") == doctest::Approx(34.13));
  CHECK(weather.dew_point_k.value(0, at("2023-07-04T12:00Z")) == doctest::Approx(268.15));
  CHECK(weather.relative_humidity.value(0, at("2023-07-04T12:00Z")) == doctest::Approx(0.4));
  CHECK(weather.pressure_pa.value(0, at("2023-07-04T12:00Z")) == doctest::Approx(98'000.0));
  CHECK(weather.wet_bulb_k.value(0, at("2023-07-04T12:00Z")) == doctest::Approx(276.65));
  CHECK(weather.wind_m_s.value(0, at("2023-07-04T12:00Z")) == doctest::Approx(2.5));
  CHECK(weather.dhi_w_m2.empty());
}

TEST_CASE("irradiance stands in the middle of its hour and keeps its daily sum") {
  const TemporaryFolder folder;
  const WeatherFile file = read_weather(folder.write("year.csv", made_csv_year()), at_offset(0));
  const Weather weather = file.between(at("2023-07-04"), at("2023-07-06"));
  CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T06:30Z")) == doctest::Approx(100.0));
  CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T11:30Z")) == doctest::Approx(600.0));
  CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T07:00Z")) == doctest::Approx(150.0));
  // Mean of 100, 200, ..., 600, 600, ..., 100 over 24 h.
  CHECK(weather.ghi_w_m2.mean(0, at("2023-07-04"), at("2023-07-05")) ==
        doctest::Approx(4200.0 / 24).epsilon(1e-12));
  // Symmetric about noon.
  for (int minute = 0; minute < 360; minute += 7) {
    const Duration d = minutes(minute);
    CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T12:00Z") + d) ==
          doctest::Approx(weather.ghi_w_m2.value(0, at("2023-07-04T12:00Z") - d)));
  }
}

TEST_CASE("temperatures at the end of their hour, as counted TMY rows have them") {
  const TemporaryFolder folder;
  WeatherOptions options = at_offset(0);
  options.csv_state_at = hours(1);
  const WeatherFile file = read_weather(folder.write("year.csv", made_csv_year()), options);
  const Weather weather = file.between(at("2023-07-04"), at("2023-07-06"));
  CHECK(weather.dry_bulb_k.value(0, at("2023-07-04T14:00Z")) - 273.15 == doctest::Approx(34.13));
  CHECK(weather.dry_bulb_k.value(0, at("2023-07-05T00:00Z")) - 273.15 == doctest::Approx(34.23));
  CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T11:30Z")) == doctest::Approx(600.0));
}

TEST_CASE("leap days and the turn of the year") {
  const TemporaryFolder folder;
  const WeatherFile file = read_weather(folder.write("year.csv", made_csv_year()), at_offset(0));
  const auto dry_bulb_c = [&](const Weather& weather, const std::string& t) {
    return weather.dry_bulb_k.value(0, at(t)) - 273.15;
  };
  const Weather leap = file.between(at("2024-02-27"), at("2024-03-02"));
  CHECK(dry_bulb_c(leap, "2024-02-28T05:00Z") == doctest::Approx(made_dry_bulb_c(58, 5)));
  CHECK(dry_bulb_c(leap, "2024-02-29T05:00Z") == doctest::Approx(made_dry_bulb_c(58, 5)));
  CHECK(dry_bulb_c(leap, "2024-03-01T05:00Z") == doctest::Approx(made_dry_bulb_c(59, 5)));
  const Weather plain = file.between(at("2023-02-27"), at("2023-03-02"));
  CHECK(dry_bulb_c(plain, "2023-03-01T05:00Z") == doctest::Approx(made_dry_bulb_c(59, 5)));
  // Between 31 December 23:00 and 1 January 0:00 lies a straight line.
  const Weather turn = file.between(at("2023-12-31T12:00Z"), at("2024-01-01T12:00Z"));
  CHECK(dry_bulb_c(turn, "2023-12-31T23:30Z") ==
        doctest::Approx((made_dry_bulb_c(364, 23) + made_dry_bulb_c(0, 0)) / 2));

  // A year that has a 29 February uses it in leap years and passes over it in others.
  const WeatherFile long_year =
      read_weather(folder.write("leap.csv", made_csv_year(366)), at_offset(0));
  const Weather in_leap = long_year.between(at("2024-02-27"), at("2024-03-02"));
  CHECK(dry_bulb_c(in_leap, "2024-02-29T05:00Z") == doctest::Approx(made_dry_bulb_c(59, 5)));
  CHECK(dry_bulb_c(in_leap, "2024-03-01T05:00Z") == doctest::Approx(made_dry_bulb_c(60, 5)));
  const Weather in_plain = long_year.between(at("2023-02-27"), at("2023-03-02"));
  CHECK(dry_bulb_c(in_plain, "2023-02-28T05:00Z") == doctest::Approx(made_dry_bulb_c(58, 5)));
  CHECK(dry_bulb_c(in_plain, "2023-03-01T05:00Z") == doctest::Approx(made_dry_bulb_c(60, 5)));
}

TEST_CASE("several years in one run repeat the typical year") {
  const TemporaryFolder folder;
  const WeatherFile file = read_weather(folder.write("year.csv", made_csv_year()), at_offset(3));
  const Weather weather = file.between(at("2022-12-01"), at("2025-02-01"));
  for (const char* year : {"2023", "2024", "2025"}) {
    const std::string t = std::string(year) + "-01-15T09:00+03:00";
    CHECK(weather.dry_bulb_k.value(0, at(t)) - 273.15 == doctest::Approx(made_dry_bulb_c(14, 9)));
  }
  CHECK_THROWS_AS((void)file.between(at("1900-01-01"), at("1900-01-02")), ConfigurationError);
  CHECK_THROWS_AS((void)file.between(at("2199-01-01"), at("2199-01-02")), ConfigurationError);
}

TEST_CASE("EPW: hour h ends at h o'clock of the header's offset") {
  const TemporaryFolder folder;
  const WeatherFile file = read_weather(folder.write("test.epw", made_epw_year()));
  CHECK(file.size() == 8760);
  CHECK(file.utc_offset() == hours(-7));
  REQUIRE(file.location().has_value());
  CHECK(file.location()->city == "Test City");
  CHECK(file.location()->latitude_deg == doctest::Approx(33.45));
  CHECK(file.location()->elevation_m == doctest::Approx(337.0));

  const Weather weather = file.between(at("2023-07-04T00:00-07:00"), at("2023-07-05T00:00-07:00"));
  const auto dry_bulb_c = [&](const std::string& t) {
    return weather.dry_bulb_k.value(0, at(t)) - 273.15;
  };
  CHECK(dry_bulb_c("2023-07-04T13:00-07:00") == doctest::Approx(34.13));
  CHECK(dry_bulb_c("2023-07-05T00:00-07:00") == doctest::Approx(34.24));  // hour 24 of the 4th
  CHECK(dry_bulb_c("2023-07-04T00:30-07:00") == doctest::Approx((33.24 + 34.01) / 2));
  CHECK(weather.ghi_w_m2.value(0, at("2023-07-04T11:30-07:00")) == doctest::Approx(600.0));
  CHECK(weather.dhi_w_m2.value(0, at("2023-07-04T11:30-07:00")) == doctest::Approx(12.0));
  CHECK(weather.dni_w_m2.empty());
  CHECK(weather.wet_bulb_k.empty());

  // Laid onto a site elsewhere: the sun stands high at the site's noon.
  const WeatherFile moved = read_weather(folder.write("test.epw", made_epw_year()), at_offset(3));
  const Weather there = moved.between(at("2023-07-04"), at("2023-07-05"));
  CHECK(there.ghi_w_m2.value(0, at("2023-07-04T11:30+03:00")) == doctest::Approx(600.0));
  CHECK(told(moved.notices(), "laid onto the site's UTC+03:00"));
}

TEST_CASE("EPW: leap years and several records per hour") {
  const TemporaryFolder folder;
  const WeatherFile leap = read_weather(folder.write("leap.epw", made_epw_year({}, true)));
  CHECK(leap.size() == 8784);
  const Weather weather = leap.between(at("2024-02-27T00:00-07:00"), at("2024-03-02T00:00-07:00"));
  CHECK(weather.dry_bulb_k.value(0, at("2024-02-29T05:00-07:00")) - 273.15 ==
        doctest::Approx(made_dry_bulb_c(59, 5)));
  CHECK(weather.dry_bulb_k.value(0, at("2024-03-01T05:00-07:00")) - 273.15 ==
        doctest::Approx(made_dry_bulb_c(60, 5)));

  const WeatherFile fine = read_weather(folder.write("fine.epw", made_epw_year({}, false, 4)));
  CHECK(fine.size() == 8760 * 4);
  CHECK(fine.interval() == minutes(15));
  const Weather quarter = fine.between(at("2023-07-04T00:00-07:00"), at("2023-07-05T00:00-07:00"));
  for (const char* minute : {"12:15", "12:30", "12:45", "13:00"}) {
    CHECK(quarter.dry_bulb_k.value(0, at(std::string("2023-07-04T") + minute + "-07:00")) -
              273.15 ==
          doctest::Approx(34.13));
  }
}

TEST_CASE("EPW: codes for missing values are filled and reported") {
  const TemporaryFolder folder;
  const std::string text =
      made_epw_year([](int month, int day, int hour, std::vector<std::string>& fields) {
        if (month == 3 && day == 2 && hour >= 10 && hour <= 12) fields[6] = "99.9";
        if (month == 3 && day == 2 && hour == 5) fields[9] = "999999.";
        if (month >= 5) fields[7] = "99.9";  // the dew point ends in May; there is a humidity
        fields[21] = "999";
      });
  const WeatherFile file = read_weather(folder.write("gaps.epw", text));
  const Weather weather = file.between(at("2023-03-02T00:00-07:00"), at("2023-03-03T00:00-07:00"));
  // 2 March is day 60: between 10.09 and 10.13 the line has the made-up values themselves.
  CHECK(weather.dry_bulb_k.value(0, at("2023-03-02T11:00-07:00")) - 273.15 ==
        doctest::Approx(10.11));
  CHECK(weather.pressure_pa.value(0, at("2023-03-02T05:00-07:00")) == doctest::Approx(98'000.0));
  CHECK(weather.dew_point_k.empty());
  CHECK(weather.relative_humidity.value(0, at("2023-03-02T05:00-07:00")) == doctest::Approx(0.4));
  CHECK(weather.wind_m_s.empty());
  CHECK(told(file.notices(),
             "gaps.epw:1458: 3 values missing of dry bulb from 03-02 09:00 on, "
             "filled linearly"));
  CHECK(told(file.notices(), "1 value missing of pressure"));
  CHECK(told(file.notices(), "dew point has long gaps and is not used"));
}

TEST_CASE("EPW: without any pressure the standard atmosphere at the header's elevation") {
  const TemporaryFolder folder;
  const std::string text =
      made_epw_year([](int, int, int, std::vector<std::string>& fields) { fields[9] = "999999"; });
  const WeatherFile file = read_weather(folder.write("p.epw", text));
  const Weather weather = file.between(at("2023-03-02"), at("2023-03-03"));
  // ISO 2533 at 337 m: 101325 (1 - 2.25577e-5 * 337)^5.25588 = 97,340 Pa.
  CHECK(weather.pressure_pa.value(0, at("2023-03-02")) == doctest::Approx(97'340.0).epsilon(2e-4));
  CHECK(told(file.notices(), "standard atmosphere at 337 m"));
}

TEST_CASE("missing rows are filled only when the caller says so") {
  const TemporaryFolder folder;
  std::string text = made_csv_year();
  const std::size_t first = text.find("\n4000,") + 1;
  const std::size_t after = text.find("\n4002,") + 1;
  text.erase(first, after - first);
  const auto path = folder.write("hole.csv", text);
  CHECK_THROWS_WITH_AS((void)read_weather(path, at_offset(0)),
                       doctest::Contains("hole.csv:4002:1: hour: hour 4000 is missing"),
                       ConfigurationError);
  WeatherOptions options = at_offset(0);
  options.rows.longest_filled = 4;
  const WeatherFile file = read_weather(path, options);
  CHECK(file.size() == 8760);
  CHECK(told(file.notices(),
             "hole.csv:4002: 2 rows missing between 06-16 15:00 and 06-16 18:00, "
             "filled linearly"));
  const Weather weather = file.between(at("2023-06-16"), at("2023-06-17"));
  CHECK(weather.dry_bulb_k.value(0, at("2023-06-16T16:00Z")) - 273.15 ==
        doctest::Approx(made_dry_bulb_c(166, 16)));
}

TEST_CASE("a dated file is used as it is, in its own units") {
  const TemporaryFolder folder;
  const WeatherFile file =
      read_weather(folder.write("dated.csv",
                                "time,tdb_F,RH_frac,p_hPa,ghi_Wm2,cloud cover\n"
                                "2024-04-07T00:00-05:00,50,0.5,980,-2,3\n"
                                "2024-04-07T01:00-05:00,68,1.02,990,0,3\n"
                                "2024-04-07T02:00-05:00,68,0.5,990,,3\n"));
  CHECK_FALSE(file.typical_year());
  const Weather weather = file.dated();
  CHECK(weather.dry_bulb_k.value(0, at("2024-04-07T05:30Z")) == doctest::Approx(288.15));
  CHECK(weather.relative_humidity.value(0, at("2024-04-07T06:00Z")) == doctest::Approx(1.0));
  CHECK(weather.pressure_pa.value(0, at("2024-04-07T05:30Z")) == doctest::Approx(98'500.0));
  CHECK(weather.ghi_w_m2.value(0, at("2024-04-07T07:00Z")) == doctest::Approx(0.0));
  CHECK(told(file.notices(), "1 irradiance value between -20 and 0 W/m2 set to 0"));
  CHECK(told(file.notices(), "1 relative humidity value above 100 % set to 100 %"));
  CHECK(told(file.notices(), "the column 'cloud cover' is not used"));
  CHECK(told(file.notices(), "filled with the nearest value"));
  CHECK_NOTHROW((void)file.between(at("2024-04-07T05:00Z"), at("2024-04-07T07:00Z")));
  CHECK_THROWS_WITH_AS((void)file.between(at("2024-04-07T05:00Z"), at("2024-04-07T08:00Z")),
                       doctest::Contains("the data covers 2024-04-07T05:00:00Z to "
                                         "2024-04-07T07:00:00Z"),
                       ConfigurationError);
}

// --- real years ---------------------------------------------------------------------------------

// Statistics of the hourly values: mean, 99.6 % and maximum of the wet bulb, 99.6 % of the dry
// bulb, hours at which the wet bulb is 20 degC or less and the dry bulb 30 degC or less. Computed
// from the same files by an independent program (table of the weather set, rounded to 0.01 K).
struct YearStatistics {
  const char* file;
  double wet_bulb_mean_c;
  double wet_bulb_996_c;
  double wet_bulb_maximum_c;
  double dry_bulb_996_c;
  int hours_wet_bulb_20;
  int hours_dry_bulb_30;
};

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const double at = static_cast<double>(values.size() - 1) * percent / 100;
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (at - static_cast<double>(low));
}

TEST_CASE("published statistics of six weather years") {
  const YearStatistics years[] = {
      {"weather_phoenix_az_hot_desert_nsrdb.csv", 11.83, 24.30, 26.47, 43.00, 7465, 6830},
      {"weather_greensboro_nc_temperate_humid_tmy3.csv", 11.11, 25.52, 27.14, 33.30, 7066, 8526},
      {"weather_singapore_2023_hot_humid.csv", 24.78, 26.70, 27.18, 32.40, 0, 8080},
      {"weather_chicago_il_cold_winter.csv", 7.09, 25.41, 26.89, 32.20, 7907, 8612},
      {"weather_san_francisco_ca_marine.csv", 11.11, 17.94, 20.07, 27.20, 8759, 8757},
      {"weather_fargo_nd_very_cold.csv", 2.83, 24.29, 26.87, 32.20, 8302, 8659},
  };
  for (const YearStatistics& year : years) {
    const auto path = tests::reference_file(std::string("series/") + year.file);
    if (!path) continue;
    CAPTURE(year.file);
    const WeatherFile file = read_weather(*path, at_offset(-7));
    const Time start = at("2023-01-01T00:00-07:00");
    const Weather weather = file.between(start, start + days(365));
    std::vector<double> wet_bulb_c;
    std::vector<double> dry_bulb_c;
    for (int hour = 0; hour < 8760; ++hour) {
      wet_bulb_c.push_back(weather.wet_bulb_k.value(0, start + hours(hour)) - 273.15);
      dry_bulb_c.push_back(weather.dry_bulb_k.value(0, start + hours(hour)) - 273.15);
    }
    double sum = 0;
    for (const double value : wet_bulb_c) sum += value;
    const auto at_most = [](const std::vector<double>& values, double limit) {
      return std::count_if(values.begin(), values.end(),
                           [&](double value) { return value <= limit + 1e-9; });
    };
    CHECK(std::abs(sum / 8760 - year.wet_bulb_mean_c) < 0.006);
    CHECK(std::abs(percentile(wet_bulb_c, 99.6) - year.wet_bulb_996_c) < 0.011);
    CHECK(std::abs(percentile(wet_bulb_c, 100) - year.wet_bulb_maximum_c) < 0.006);
    CHECK(std::abs(percentile(dry_bulb_c, 99.6) - year.dry_bulb_996_c) < 0.051);
    // The file rounds the wet bulb to 0.01 K, the table was counted before rounding.
    CHECK(std::abs(at_most(wet_bulb_c, 20) - year.hours_wet_bulb_20) <= 1);
    CHECK(at_most(dry_bulb_c, 30) == year.hours_dry_bulb_30);
    const bool has_sun = !weather.ghi_w_m2.empty();
    CHECK(has_sun == (std::string(year.file).find("singapore") == std::string::npos));
    if (!has_sun) CHECK(told(file.notices(), "the column GHI_W_m2 is empty and not used"));
  }
}

// Solar noon in local standard time, averaged over a year, is 12 h - (longitude - meridian)/15
// (the equation of time averages out). The irradiance-weighted mean hour must lie there.
TEST_CASE("the sun of real years stands where the longitude puts it") {
  struct Place {
    const char* file;
    double longitude_deg;
    int offset_h;
  };
  for (const Place& place : {Place{"weather_phoenix_az_hot_desert_nsrdb.csv", -112.0, -7},
                             Place{"weather_greensboro_nc_temperate_humid_tmy3.csv", -79.95, -5},
                             Place{"weather_chicago_il_cold_winter.csv", -87.9, -6},
                             Place{"weather_fargo_nd_very_cold.csv", -96.8, -6}}) {
    const auto path = tests::reference_file(std::string("series/") + place.file);
    if (!path) continue;
    CAPTURE(place.file);
    const WeatherFile file = read_weather(*path, at_offset(place.offset_h));
    const Time start = at("2023-01-01") - hours(place.offset_h);
    const Weather weather = file.between(start, start + days(365));
    double weight = 0;
    double moment = 0;
    for (int quarter = 0; quarter < 365 * 96; ++quarter) {
      const double ghi = weather.ghi_w_m2.value(0, start + minutes(15) * quarter);
      weight += ghi;
      moment += ghi * (quarter % 96) / 4.0;
    }
    const double noon = 12 - (place.longitude_deg - 15 * place.offset_h) / 15;
    CHECK(std::abs(moment / weight - noon) < 0.05);
  }
}

TEST_CASE("a minute file of irradiance with universal time reads as dated weather") {
  const auto path = tests::reference_file("series/surfrad_alamosa_2016-01-01_1min.csv");
  if (!path) return;
  WeatherOptions options;
  options.pressure_pa = 77'000;
  const WeatherFile file = read_weather(*path, options);
  CHECK(file.size() == 1440);
  CHECK(file.interval() == minutes(1));
  const Weather weather = file.dated();
  CHECK(weather.dry_bulb_k.value(0, at("2016-01-01T00:00Z")) == doctest::Approx(265.55));
  CHECK(weather.ghi_w_m2.value(0, at("2016-01-01T00:00Z")) == doctest::Approx(0.0));
  CHECK(weather.dhi_w_m2.value(0, at("2016-01-01T00:00Z")) == doctest::Approx(2.3));
  CHECK(weather.pressure_pa.value(0, at("2016-01-01T12:00Z")) == doctest::Approx(77'000.0));
}

}  // namespace
}  // namespace ampacity
