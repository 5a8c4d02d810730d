// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a small table of numbers with a header line (comma-separated; a first column of names is
// allowed) for tests against external reference files.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ampacity::tests {

// One row by column name. Texts that are not numbers are kept under `names`.
struct ReferenceRow {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> names;

  double operator[](const std::string& column) const {
    // No assertion of doctest here: rows are read inside of assertions, and those do not nest.
    const auto found = numbers.find(column);
    if (found == numbers.end()) throw std::out_of_range("no column " + column);
    return found->second;
  }
};

inline std::vector<ReferenceRow> read_reference_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream stream(line.substr(0, line.find('\r')));
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
  };
  std::string line;
  std::getline(file, line);
  const auto header = split(line);
  std::vector<ReferenceRow> rows;
  while (std::getline(file, line)) {
    const auto cells = split(line);
    ReferenceRow row;
    for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i) {
      char* end = nullptr;
      const double number = std::strtod(cells[i].c_str(), &end);
      if (end != cells[i].c_str() && *end == '\0') {
        row.numbers[header[i]] = number;
      } else {
        row.names[header[i]] = cells[i];
      }
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace ampacity::tests
