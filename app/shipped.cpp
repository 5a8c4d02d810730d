// SPDX-License-Identifier: Apache-2.0
#include "app/shipped.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "twin/core/errors.hpp"
#include "twin/core/text.hpp"

namespace ampacity {

namespace {

// Where site-configs/ is: named by AMPACITY_DATA, else the source tree that the binary was built
// from.
std::filesystem::path data_folder() {
  const char* named = std::getenv("AMPACITY_DATA");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(AMPACITY_DATA_FOLDER);
}

}  // namespace

std::vector<std::string> shipped_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() / folder, missing)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::filesystem::path find_shipped(const std::string& name, const std::string& folder) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(name, ignored)) return name;
  const std::filesystem::path shipped = data_folder() / folder / (name + ".toml");
  if (std::filesystem::is_regular_file(shipped, ignored)) return shipped;
  if (folder == "sites" &&
      std::filesystem::is_regular_file(data_folder() / "scenarios" / (name + ".toml"), ignored)) {
    throw ConfigurationError(
        {name, 0, 0}, "", "is a scenario (name its site first: `ampacity run SITE " + name + "`)");
  }
  const std::vector<std::string> names = shipped_names(folder);
  const std::vector<std::string_view> views(names.begin(), names.end());
  throw ConfigurationError({name, 0, 0}, "",
                           "no such file, and no shipped one of that name " +
                               nearest_hint(name, views, "(`ampacity describe` lists them)"));
}

std::filesystem::path find_site_of(const Scenario& scenario) {
  const std::filesystem::path local = local_site(scenario);
  if (!local.empty()) return local;
  try {
    return find_shipped(scenario.site, "sites");
  } catch (const ConfigurationError& error) {
    throw ConfigurationError(scenario.site_place, "site",
                             "'" + scenario.site + "': " + error.findings().front().message);
  }
}

std::vector<Override> overrides_of(const Scenario& scenario, const std::vector<std::string>& sets) {
  std::vector<Override> out = scenario.set;
  for (Override& change : command_line_overrides(sets)) out.push_back(std::move(change));
  return out;
}

}  // namespace ampacity
