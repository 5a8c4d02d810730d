// SPDX-License-Identifier: Apache-2.0
#pragma once

// The commands of `ampacity`, one function and one file each. Each returns the exit code of the
// process:
//
//   0 ok   2 bad input   3 a limit or an `expect` clause was violated   4 solver failure   1
//   anything else
//
// Bad input arrives as ConfigurationError and is printed by main.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ampacity {

inline constexpr int exit_ok = 0;
inline constexpr int exit_other = 1;
inline constexpr int exit_bad_input = 2;
inline constexpr int exit_violated = 3;
inline constexpr int exit_solver = 4;

struct RunOptions {
  std::string site = "demo";
  std::string scenario;
  std::filesystem::path directory;  // empty: runs/<site>-<stamp>
  std::string from;
  std::string length;
  std::vector<std::string> set;
  std::filesystem::path weather;
  std::filesystem::path price;
  std::filesystem::path carbon;
  std::filesystem::path heat;
  std::filesystem::path measured;
  std::filesystem::path jobs;
  std::string engine = "cvode";
  std::uint64_t seed = 1;
  std::string output = "full";  // none | kpi | full
  std::string every;
  std::vector<std::string> record;
};

struct CheckOptions {
  std::vector<std::string> files;
  std::vector<std::string> set;
  bool print = false;
};

int run_command(const RunOptions& options);
int check_command(const CheckOptions& options);
int describe_command(const std::string& what);
int report_command(const std::string& directory);

// Adds `ampacity component`, which reads its own options; `code` is its exit code.
void add_component_command(CLI::App& app, int& code);

// A file or the name of a shipped one: looks for `name`, then for <shipped>/<folder>/<name>.toml.
// ConfigurationError with the nearest shipped name.
std::filesystem::path find_shipped(const std::string& name, const std::string& folder);

}  // namespace ampacity
