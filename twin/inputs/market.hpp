// SPDX-License-Identifier: Apache-2.0
#pragma once

// Price of electricity and carbon intensity of the grid, from hourly CSV files.
//
// Both are set for whole market intervals, so both are step courses: the value of a row holds from
// its stamp until the next, the last one for one interval more. The unit stands in the header,
//
//   Price (USD/MWh)                              -> currency/J, the currency is kept by name
//   Carbon Intensity gCO2eq/kWh (direct)         -> kg/J (carbon dioxide equivalent)
//
// with 1 USD/MWh = 1/3.6e9 USD/J and 1 g/kWh = 1/3.6e9 kg/J. Prices may be negative; carbon
// intensities may not.
//
// Stamps have an offset from UTC, or the header says UTC, or they are local times of the zone that
// the caller names (default UTC, with a notice), or they are seconds since 1970. In a zone with
// daylight saving the hour that the clocks repeat cannot be told apart without an offset: such a
// file is refused and not shifted. Rows keep one interval; missing ones are filled linearly up to
// the policy's length, with a notice. The layout of carbon files is that of Electricity Maps
// (ODbL), whose column `Data Estimated` is counted into a notice.

#include <filesystem>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/inputs/reading.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {

struct MarketOptions {
  TimeZone zone;       // for stamps without an offset
  GapPolicy gaps{4};   // rows and values
  std::string column;  // name of the value column; empty: the one whose header has a fitting unit
};

struct PriceData {
  Series price;          // column "price" in currency/J, step
  std::string currency;  // ISO code from the header: "USD"
  std::vector<Notice> notices;
};

// What an intensity counts: emissions of the plants that run, or also those of building them and
// of their fuel's way (life-cycle assessment).
enum class CarbonBasis { direct, life_cycle };

struct CarbonData {
  Series intensity;  // column "carbon_intensity" in kg/J, step
  std::vector<Notice> notices;
};

// Within 100,000 currency units per MWh either way; ConfigurationError otherwise, and on all that
// cannot be meant.
PriceData read_price(const std::filesystem::path& path, const MarketOptions& options = {});

// 0 to 3 kg/kWh.
CarbonData read_carbon(const std::filesystem::path& path, CarbonBasis basis = CarbonBasis::direct,
                       const MarketOptions& options = {});

}  // namespace ampacity
