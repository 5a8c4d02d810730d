// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads single values of a configuration tree and collects what is wrong with them: for site files,
// scenarios, and the parameters of a single component.
//
// A user mends a file once, so reading never stops at the first mistake: each function returns
// nothing for a value that is not good, notes one finding with its place, its key and the remedy,
// and the caller goes on.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/core/time.hpp"
#include "twin/site/document.hpp"

namespace ampacity {

// The longest length of time that a file may name: an instant (until 2199) and a length together
// stay inside of what a Time holds.
inline constexpr Duration longest_duration = days(50 * 365);

class ValueReader {
 public:
  std::vector<Finding> findings;

  void find(const Place& place, const std::string& path, const std::string& message) {
    findings.push_back({place, path, message});
  }

  // Throws ConfigurationError with all findings, each once, in the order of the files' lines.
  void give_up_if_any();

  // A quantity in SI inside [low, high]: a number, or a text with a unit that converts to `unit`.
  std::optional<double> quantity(const ConfigNode& node, const std::string& path,
                                 const std::string& unit, double low, double high);

  // A length of time, at most longest_duration either way: a number of seconds, or a text such as
  // "1h30min".
  std::optional<Duration> duration(const ConfigNode& node, const std::string& path);
  // One above 0.
  std::optional<Duration> positive_duration(const ConfigNode& node, const std::string& path);

  // An instant as a text: local time of the zone, or with an offset.
  std::optional<Time> instant(const ConfigNode& node, const std::string& path,
                              const TimeZone& zone);

  std::optional<std::string> text(const ConfigNode& node, const std::string& path);

  // A text that may be a segment of a path: letters, digits, '-', '_' and '.', but not "." or "..".
  std::optional<std::string> name(const ConfigNode& node, const std::string& path);
  bool good_name(const std::string& name, const Place& place, const std::string& path);

  // A whole number from `least` on.
  std::optional<int> count(const ConfigNode& node, const std::string& path, int least);

  bool table(const ConfigNode& node, const std::string& path);

  // A key that nobody knows: names the nearest of `known`, else all of them or where they are
  // listed. `subject` is what `ampacity describe` tells about, empty for everything.
  void unknown(const ConfigNode& node, const std::string& path, const std::string& key,
               const std::vector<std::string>& known, const std::string& subject);

  // From here on, money in another currency is a finding.
  void expect_currency(const std::string& currency) { currency_ = currency; }

 private:
  void check_currency(const ConfigNode& node, const std::string& path);

  std::string currency_;
};

// What stands behind a word that is unknown, as in ValueReader::unknown.
std::string known_hint(const std::string& word, const std::vector<std::string>& known,
                       const std::string& subject);

// The items of a list; a value that is no list is a list of one.
std::span<const ConfigNode> items_of(const ConfigNode& node);

}  // namespace ampacity
