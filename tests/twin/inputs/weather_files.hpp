// SPDX-License-Identifier: Apache-2.0
#pragma once

// Made-up weather years in the two formats, with values that name their own hour: the dry bulb of
// day d (from 0) and hour h is (d mod 50) + h / 100 degC, so that a test sees at once which row it
// was given.

#include <array>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace ampacity::tests {

inline double made_dry_bulb_c(int day, int hour) { return day % 50 + hour / 100.0; }

// Triangle over the day, zero at 6 and 18 o'clock; hour is that of the interval's begin.
inline double made_ghi_w_m2(int hour) {
  return hour < 6 || hour >= 18 ? 0 : 100.0 * (hour < 12 ? hour - 5 : 18 - hour);
}

inline std::string made_csv_year(int days = 365) {
  std::string out = "hour,Tdb_C,Tdp_C,RH_pct,p_Pa,Twb_C,GHI_W_m2,DNI_W_m2,wind_m_s\n";
  for (int day = 0; day < days; ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      char line[128];
      std::snprintf(line, sizeof line, "%d,%.2f,-5.0,40,98000,3.5,%.0f,%.0f,2.5\n", 24 * day + hour,
                    made_dry_bulb_c(day, hour), made_ghi_w_m2(hour), made_ghi_w_m2(hour) / 2);
      out += line;
    }
  }
  return out;
}

// The 35 fields of one EPW row; `change` may alter them. Month and day from 1, hour from 1 to 24.
using EpwChange = std::function<void(int month, int day, int hour, std::vector<std::string>&)>;

inline std::string made_epw_year(const EpwChange& change = {}, bool leap = false,
                                 int records_per_hour = 1) {
  std::string out =
      "LOCATION,Test City,AZ,USA,TMY3,722780,33.45,-111.98,-7.0,337.0\n"
      "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
      "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,made up, with \"quotes\"\nCOMMENTS 2,none\n"
      "DATA PERIODS,1," +
      std::to_string(records_per_hour) + ",Data,Sunday,1/1,12/31\n";
  constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int day_of_year = 0;
  for (int month = 1; month <= 12; ++month) {
    const int length = lengths[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
    for (int day = 1; day <= length; ++day, ++day_of_year) {
      for (int hour = 1; hour <= 24; ++hour) {
        for (int part = 1; part <= records_per_hour; ++part) {
          char dry_bulb[16];
          std::snprintf(dry_bulb, sizeof dry_bulb, "%.2f", made_dry_bulb_c(day_of_year, hour));
          std::vector<std::string> fields(35, "0");
          fields[0] = std::to_string(1980 + month);
          fields[1] = std::to_string(month);
          fields[2] = std::to_string(day);
          fields[3] = std::to_string(hour);
          fields[4] = std::to_string(part * 60 / records_per_hour % 60);
          fields[5] = "?9?9?9?9E0";
          fields[6] = dry_bulb;
          fields[7] = "-5.0";
          fields[8] = "40";
          fields[9] = "98000";
          fields[13] = std::to_string(static_cast<int>(made_ghi_w_m2(hour - 1)));
          fields[14] = "9999";  // direct normal: missing throughout
          fields[15] = "12";
          fields[21] = "2.5";
          if (change) change(month, day, hour, fields);
          for (std::size_t i = 0; i < fields.size(); ++i) out += (i == 0 ? "" : ",") + fields[i];
          if (!fields.empty()) out += "\n";
        }
      }
    }
  }
  return out;
}

}  // namespace ampacity::tests
