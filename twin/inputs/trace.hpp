// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measured heat or power per cooling unit or rack, over time.
//
// A trace is what a real plant did: for each unit the heat that its coolant carried away, or the
// power that it drew. The two differ: a liquid-cooled rack gives the share `capture` of its
// electrical power to the coolant and the rest to the room,
//
//   heat_w = capture * power_w      (Frontier: 0.945)
//
// so that a heat trace drives a plant model as power_w = heat_w / capture. Heat calculated from
// flow and temperatures is already smoothed by the water it was measured in.
//
// Layout: a time column (seconds from the start of the trace, or instants), one column per unit in
// W, optionally the outdoor wet bulb in degC; other units stand in brackets, "heat (kW)", "wetbulb
// (degF)". Unit columns share one name and end in the unit's number, in brackets or not:
// `power[1]`, `cdu-7`, `rack_12 (kW)`. The number maps the column to the unit; numbers need not be
// dense. Files with other names are read with an explicit mapping.
//
// Values are finite and not negative, up to 1 GW. Between rows the course is linear. Rows that the
// usual interval lets expect are filled linearly up to the policy's length, with a notice.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/inputs/reading.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {

struct TraceOptions {
  Time start;         // instant of second 0, for traces in seconds
  TimeZone zone;      // for stamps without an offset
  GapPolicy gaps{4};  // missing rows
  // Header and unit number, for files whose headers carry no number; empty: found by the rule.
  std::vector<std::pair<std::string, int>> units;
};

struct UnitTrace {
  Series power_w;          // one column per unit, linear, W; named by the header
  std::vector<int> units;  // number of the unit of each column
  Series wet_bulb_k;       // one column; empty when the file has none
  std::vector<Notice> notices;
};

// Reads a .csv or .csv.gz file; ConfigurationError with file, line and column on everything that
// cannot be meant (NaN, negative values, stamps that do not rise, rows of another length, a file
// cut short).
UnitTrace read_trace(const std::filesystem::path& path, const TraceOptions& options = {});

// The trace with every value divided by `capture_fraction` (0 to 1]: electrical power from heat.
UnitTrace power_from_heat(const UnitTrace& heat, double capture_fraction);

}  // namespace ampacity
