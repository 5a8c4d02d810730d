// SPDX-License-Identifier: Apache-2.0

// `ampacity report`: the HTML report of a run directory, made again.

#include <algorithm>
#include <cstdio>
#include <vector>

#include "app/commands.hpp"
#include "app/report/html.hpp"
#include "twin/core/errors.hpp"

namespace ampacity {

namespace {

std::filesystem::path newest_run() {
  std::vector<std::filesystem::path> runs;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator("runs", missing)) {
    if (std::filesystem::exists(entry.path() / "manifest.json")) runs.push_back(entry.path());
  }
  if (runs.empty()) {
    throw ConfigurationError({"runs", 0, 0}, "",
                             "no run directory here (name one, or `ampacity run`)");
  }
  return *std::max_element(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return std::filesystem::last_write_time(a) < std::filesystem::last_write_time(b);
  });
}

}  // namespace

int report_command(const std::string& directory) {
  const std::filesystem::path run =
      directory.empty() ? newest_run() : std::filesystem::path(directory);
  if (!std::filesystem::exists(run / "manifest.json")) {
    throw ConfigurationError(
        {run.string(), 0, 0}, "",
        "no run directory: manifest.json is missing (name the directory of a run)");
  }
  write_report(run);
  std::printf("report: %s\n", (run / "report.html").c_str());
  return exit_ok;
}

}  // namespace ampacity
