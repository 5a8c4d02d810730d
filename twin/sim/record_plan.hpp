// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run records: a selection of the plant's quantities, grouped as the results file groups
// them.
//
// A quantity is an output or a state of a component ("liquid_rack" + "die_temperature"); the
// results file has one variable per quantity with one column per unit. The weather is a quantity
// too, one column without a unit. A pattern selects quantities: "liquid_rack.die_temperature" by
// component (either part may be a glob), or "hall-1/pod-3/**", "**/rack-5/power" and "weather/*" by
// path and name. Patterns that select nothing are an error of the user, with the nearest name.

#include <string>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/site/plant.hpp"

namespace ampacity {

// One column of a variable: where its value stands in an evaluation.
struct RecordColumn {
  std::uint32_t unit;  // of no meaning for weather
  bool is_state;
  std::uint32_t index;  // into signals or states
};

// One variable of the results file.
struct RecordVariable {
  std::string name;       // "liquid_rack_die_temperature"
  std::string component;  // "liquid_rack"; empty: weather, one column that belongs to no unit
  std::string quantity;
  std::string unit;
  std::string description;
  std::vector<RecordColumn> columns;
};

// The quantities that a run records when nothing else is said: what the report shows and what an
// operator would chart.
const std::vector<std::string>& default_record_patterns();

// Selected variables, in the order of components and rows. Throws ConfigurationError for a pattern
// that selects nothing; `place` is where the patterns stand in a file, empty for --record, and
// `key` their key there.
std::vector<RecordVariable> plan_records(const Plant& plant,
                                         const std::vector<std::string>& patterns,
                                         const Place& place = {},
                                         const std::string& key = "record.patterns");

}  // namespace ampacity
