// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of the report, each from what a run recorded.
//
// A chart appears only if its variables exist; a section only if it has a chart. Quantities come in
// SI and are shown in what facility people use: degC, kW and MW, kPa, percent, m3/h.

#include <string>
#include <vector>

#include "app/report/chart.hpp"
#include "app/report/results_reader.hpp"
#include "app/report/run_files.hpp"

namespace ampacity::report {

struct Section {
  std::string id;
  std::string title;
  std::string intro;
  std::vector<Chart> charts;
};

Section power_section(const ResultsReader& results, const RunFiles& run);
Section temperature_section(const ResultsReader& results, const RunFiles& run);
Section cooling_section(const ResultsReader& results, const RunFiles& run);
Section supply_section(const ResultsReader& results, const RunFiles& run);

// Markup that is no chart.
std::string verdict(const RunFiles& run);
std::string tiles(const RunFiles& run, const ResultsReader* results);
std::string expect_table(const RunFiles& run);
std::string event_table(const RunFiles& run);
std::string energy_tables(const RunFiles& run);
std::string about(const RunFiles& run);

// value * factor + offset, everywhere.
Trace scaled(Trace trace, double factor, double offset = 0.0);
std::vector<float> scaled(std::vector<float> values, double factor, double offset = 0.0);

inline constexpr double kelvin_to_celsius = -273.15;

// What a component is called in a sentence: "cooling towers" for "cooling_tower".
std::string component_label(const std::string& component);

// The last part of a path: "facility-pumps" of "plant/facility-pumps".
std::string short_name(const std::string& path);

}  // namespace ampacity::report
