// SPDX-License-Identifier: Apache-2.0
#pragma once

// External reference files for tests. The project must pass on a machine that has none of them, so
// a test that needs one asks here and, when the file is not at hand, says so plainly and returns.
// The folder is named by the environment variable AMPACITY_REFERENCE.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace ampacity::tests {

// Path of `name` (for example "reference/thermal/pg25_properties.csv"), or nothing, with a message,
// when it is not there.
inline std::optional<std::filesystem::path> reference_file(const std::string& name) {
  const char* folder = std::getenv("AMPACITY_REFERENCE");
  if (folder != nullptr) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::filesystem::exists(path)) return path;
  }
  MESSAGE("skipped: " << name << " not found (set AMPACITY_REFERENCE to the folder that holds it)");
  return std::nullopt;
}

}  // namespace ampacity::tests
