// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the two readers of scenarios share (scenario.cpp: the file alone; scenario_plan.cpp: the
// file against a plant): the words for statistics, and the three ways in which a scenario names an
// instant. Single values are read by ValueReader, as in site files.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/site/document.hpp"

namespace ampacity::scenario_text {

// In the order of enum Statistic.
std::span<const std::string_view> statistic_names();

// "max, min, mean"
std::string joined(std::span<const std::string_view> words);

// What an instant may look like, for messages.
extern const char* const instant_forms;

// Whether a value is a local time, a length or an instant.
bool is_instant(const ConfigNode& node);

// The instant that a value means in a run from `start`: a local time is the first at or after
// `from`, a length (a text, or a number of seconds) counts from `start`.
Result<Time> instant(const ConfigNode& node, Time start, Time from, const TimeZone& zone);

}  // namespace ampacity::scenario_text
