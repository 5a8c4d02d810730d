// SPDX-License-Identifier: Apache-2.0
#pragma once

// A configuration as a tree of values that know where they came from.
//
// TOML files (toml++ reads them) are merged: a file's `include = [...]` list is read first, in
// order, paths relative to the file that names them; then the file itself; then the overrides, each
// "key.path=value". What comes later wins, tables are merged key by key. Every value keeps its
// Place, so a finding about the merged result still points into the right file, and its folder, so
// a file that it names is found from where it was written: in a file, the folder of that file; on
// the command line, the folder in which the user stands. A circle of includes, a file that is
// missing or cannot be read, or a syntax error (the first of each file) is a ConfigurationError.

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
  std::filesystem::path folder;  // where relative file names start; empty: the current folder
  std::string text;              // of a text; of a number, as it was written
  double number = 0.0;
  bool flag = false;
  std::vector<ConfigNode> items;                            // of a list
  std::vector<std::pair<std::string, ConfigNode>> members;  // of a table, in the order of the file

  const ConfigNode* find(const std::string& key) const;
  ConfigNode* find(const std::string& key);
};

// A value that replaces one of a file: "key.path=value".
struct Override {
  std::string text;
  Place place;                   // for findings
  std::filesystem::path folder;  // as in ConfigNode
};

// The `--set` options of a command line.
std::vector<Override> command_line_overrides(std::span<const std::string> sets);

// "table", "list", "text", ... for messages.
const char* kind_name(ConfigNode::Kind kind);

// Reads a file with its includes and applies the overrides.
ConfigNode load_document(const std::filesystem::path& path, std::span<const Override> overrides);

// The merged result as text, one `key.path = value  # file:line` per line.
std::string print_document(const ConfigNode& root);

}  // namespace ampacity
