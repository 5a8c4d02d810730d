// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the two readers of scenarios share (scenario.cpp: the file alone; scenario_plan.cpp: the
// file against a plant): findings collected in the style of site files, and the three ways in which
// a scenario names an instant.

#include <optional>
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

// The nearest name in brackets after a blank, or all of them where none is near and they are few.
std::string hint(std::string_view word, const std::vector<std::string_view>& names);

class Findings {
 public:
  void add(const Place& place, const std::string& path, const std::string& message);
  std::size_t size() const { return findings_.size(); }

  // Throws ConfigurationError with all of them, in the order of the file.
  void give_up_if_any();

  // Whether a value is of a kind; a finding where it is not.
  bool is(const ConfigNode& node, const std::string& path, ConfigNode::Kind kind);

  // The text of a node, empty without one; a finding where it is no text.
  std::string text(const ConfigNode* node, const std::string& path);

  // A quantity in SI; nothing (and a finding) when it is not good.
  std::optional<double> quantity(const ConfigNode& node, const std::string& path,
                                 const std::string& unit, double low, double high);

 private:
  std::vector<Finding> findings_;
};

// What an instant may look like, for messages.
extern const char* const instant_forms;

// Whether a text is a local time, a length or an instant.
bool is_instant(const std::string& text);

// The instant that a text means in a run from `start`: a local time is the first at or after
// `from`, a length counts from `start`.
Result<Time> instant(const std::string& text, Time start, Time from, const TimeZone& zone);

}  // namespace ampacity::scenario_text
