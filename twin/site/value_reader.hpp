// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads single values of a configuration tree and collects what is wrong with them.
//
// A user mends a file once, so reading never stops at the first mistake: each function returns
// nothing for a value that is not good, notes a finding with its place, its key and the remedy, and
// the caller goes on.

#include <optional>
#include <string>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/site/document.hpp"

namespace ampacity {

class ValueReader {
 public:
  std::vector<Finding> findings;

  void find(const Place& place, const std::string& path, const std::string& message) {
    findings.push_back({place, path, message});
  }

  // A quantity in SI inside [low, high]: a number, or a text with a unit that converts to `unit`.
  std::optional<double> quantity(const ConfigNode& node, const std::string& path,
                                 const std::string& unit, double low, double high);

  std::optional<std::string> text(const ConfigNode& node, const std::string& path);

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

}  // namespace ampacity
