// SPDX-License-Identifier: Apache-2.0
#pragma once

// Weather files: EPW and CSV.
//
// Two kinds of files come in. A typical year (TMY, EPW) is stitched from months of different years;
// its rows stand for month, day and hour and are laid onto whatever days are simulated, in the
// fixed standard offset of the place (never daylight saving, or the sun would jump by an hour).
// 29 February repeats the 28th when the file has none. A dated file carries instants and is used as
// it is. Either way everything is interpolated linearly: the published years change by up to 8.7 K
// of wet bulb in an hour, and a step of that size would be an artefact.
//
// Where a value stands in its hour. In EPW, hour h runs from h-1 to h o'clock: temperatures,
// pressure and wind are those at its end, irradiance is the mean over it (EnergyPlus Auxiliary
// Programs, EPW data dictionary). An hourly mean belongs to the middle of the hour; drawn from
// middle to middle its daily sum is kept and the sun does not run half an hour late. In CSV files
// with an `hour` column, index h stands for h:00 to h+1:00: states are taken at h:00, irradiance at
// the half hour. (For the five years with irradiance that we hold, the centroid of GHI lies 0.39 to
// 0.52 h behind the index against solar noon: the index is the hour's begin.) Files made from TMY
// rows by counting them from 0 carry the temperature of the hour's end: a row of the Chicago TMY3
// year equals that of hour h+1 in its EPW edition. `csv_state_at` puts such files right.
//
// EPW codes for missing values (>= 99.9 degC, 999 %, 999999 Pa, 9999 Wh/m2, 999 m/s) are filled
// linearly up to the policy's length. A column that is missing throughout is simply absent, except
// dry bulb and all of {dew point, relative humidity}, without which there is no weather; station
// pressure is then taken from the standard atmosphere,
//
//   p(z) = 101325 Pa (1 - 2.25577e-5 z/m)^5.25588       (ISO 2533; -5000 m to 11,000 m)
//
// Ranges are those of the EPW dictionary: dry bulb and dew point -70 to 70 degC (here -90 for dew
// point in CSV files too), pressure 31 to 120 kPa, relative humidity up to 110 % (above 100 %
// counted and cut), irradiance 0 to 2000 W/m2 (a pyranometer's night offset down to -20 W/m2 is
// counted and set to 0).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/inputs/reading.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {

// Courses of the weather, each with one column, linear; empty where the file has none.
struct Weather {
  Series dry_bulb_k;
  Series dew_point_k;
  Series relative_humidity;  // 0 to 1
  Series pressure_pa;
  Series wet_bulb_k;
  Series ghi_w_m2;  // global horizontal, direct normal, diffuse horizontal irradiance
  Series dni_w_m2;
  Series dhi_w_m2;
  Series wind_m_s;
};

struct WeatherLocation {
  std::string city;
  double latitude_deg = 0;   // north positive
  double longitude_deg = 0;  // east positive
  double elevation_m = 0;
};

struct WeatherOptions {
  // Standard offset of the site from UTC, onto which a typical year is laid. Without one the offset
  // in an EPW header counts; a CSV typical year needs it.
  std::optional<Duration> utc_offset;
  // Where stamps of a dated CSV file have no offset.
  TimeZone zone;
  // Station pressure for files that have none.
  std::optional<double> pressure_pa;
  // From the begin of an hour to its temperatures, for CSV files with an `hour` column: 0 to 1 h.
  Duration csv_state_at;
  // Missing rows are refused, missing values filled.
  GapPolicy rows{0};
  GapPolicy values{4};
};

// What a weather file holds, not yet laid onto days.
class WeatherFile {
 public:
  bool typical_year() const { return rows_.calendar; }
  Duration utc_offset() const { return utc_offset_; }
  Duration interval() const { return interval_; }
  const std::optional<WeatherLocation>& location() const { return location_; }
  const std::vector<Notice>& notices() const { return notices_; }
  std::size_t size() const { return rows_.times.size(); }

  // The weather of [from, to]: a typical year is laid onto these days, a dated file must cover
  // them (ConfigurationError otherwise).
  Weather between(Time from, Time to) const;
  // All of a dated file; a typical year is no course in time and refuses (assertion).
  Weather dated() const;

 private:
  friend class WeatherBuilder;

  Course on_calendar(std::size_t column, Time from, Time to) const;
  Weather assemble(const std::optional<std::pair<Time, Time>>& days) const;

  Course rows_;  // typical year: stamps are the begins of the intervals of 2001 or, with a leap
                 // day, 2000
  Duration interval_;
  Duration utc_offset_;
  Duration state_at_;  // from the begin of an interval to its temperature
  Duration sun_at_;    // and to its irradiance
  std::optional<WeatherLocation> location_;
  std::vector<Notice> notices_;
};

// Reads an EPW file (told by its first word, LOCATION) or a CSV file, also gzipped.
//
// CSV columns carry their unit in the name, in any case: hour (or time), then Tdb_C, Tdp_C, RH_pct,
// p_Pa, Twb_C, GHI_W_m2, DNI_W_m2, DHI_W_m2, wind_m_s, or in other units (_K, _F; _hPa, _kPa,
// _mbar; _km_h). Needed: a time, Tdb, one of Tdp and RH, and a pressure here or in the options.
//
// ConfigurationError on everything that cannot be meant.
WeatherFile read_weather(const std::filesystem::path& path, const WeatherOptions& options = {});

}  // namespace ampacity
