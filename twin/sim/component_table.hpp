// SPDX-License-Identifier: Apache-2.0
#pragma once

// One component on a table of inputs, as on a test bench.
//
// An engineer who doubts a model wants to hold it against a data sheet or a measurement without
// building a site around it. Here a single unit becomes a plant whose inputs are the columns of a
// table, and the same simulator runs it:
//
//   static   a row is an operating point, settled on its own from the component's start: the
//            operating point, then up to two days in steps of two hours until no state moves by
//            more than a tenth of its tolerance. States that keep their start value (a charge, an
//            age) are put back after each step.
//   dynamic  a table with a column of time (`time_s`, or `time [min]`) is a course. The unit starts
//            settled at the first row, except for states whose initial value is given; between
//            rows inputs are linear, or held until the next row. Guards, timers and local control
//            act as they do in a site.
//
// A column is named like an input and may say its unit: "dry_bulb [degC]"; without one it is SI.
// Inputs without a column have the value that holds while nothing is connected. Results are SI.

#include <filesystem>
#include <string>
#include <vector>

#include "twin/sim/simulator.hpp"

namespace ampacity {

struct ComponentTableOptions {
  std::string component;
  std::vector<std::string> set;  // "parameter=quantity" or "initial.state=quantity"; later wins
  std::filesystem::path params;  // TOML with the keys of a unit of a site file; may be empty
  std::filesystem::path table;   // CSV
  bool hold = false;             // dynamic: hold inputs until the next row
  bool clamp = false;            // take inputs beyond their range of use as at its border
};

struct ComponentTable {
  std::vector<std::string> columns;       // with units: "outlet_temperature [K]"
  std::vector<std::vector<double>> rows;  // time (if any), inputs of the table, outputs, states
  std::vector<std::string> events;        // "row 3: unit: text" or "12.5 s: text", in order
  Outcome outcome;                        // of the solver; after a failure rows are missing
};

// Throws ConfigurationError with every finding in the parameters or the table.
ComponentTable run_component_table(const ComponentTableOptions& options);

}  // namespace ampacity
