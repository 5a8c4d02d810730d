// SPDX-License-Identifier: Apache-2.0
#pragma once

// A configuration as a tree of values that know where they came from.
//
// TOML files (toml++ reads them) are merged: a file's `include = [...]` list is read first, in
// order, paths relative to the file that names them; then the file itself; then the `--set
// key.path=value` options. What comes later wins, tables are merged key by key. Every value keeps
// its Place, so a finding about the merged result still points into the right file. A circle of
// includes, a missing file or a syntax error (the first of each file) is a ConfigurationError.

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/errors.hpp"

namespace ampacity {

struct ConfigNode {
  enum class Kind { table, list, text, number, boolean };

  Kind kind = Kind::table;
  Place place;
  std::string text;  // of a text; of a number, as it was written
  double number = 0.0;
  bool flag = false;
  std::vector<ConfigNode> items;                            // of a list
  std::vector<std::pair<std::string, ConfigNode>> members;  // of a table, in the order of the file

  const ConfigNode* find(const std::string& key) const;
  ConfigNode* find(const std::string& key);
};

// "table", "list", "text", ... for messages.
const char* kind_name(ConfigNode::Kind kind);

// Reads a file with its includes and applies `sets`, each "key.path=value".
ConfigNode load_document(const std::filesystem::path& path, std::span<const std::string> sets);

// The merged result as text, one `key.path = value  # file:line` per line.
std::string print_document(const ConfigNode& root);

}  // namespace ampacity
