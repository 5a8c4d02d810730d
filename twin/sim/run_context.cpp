// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/run_context.hpp"

#include <cmath>

#include "twin/site/site_checks.hpp"

namespace ampacity {

namespace {

constexpr double grid_step_s = 60.0;

std::vector<double> grid_times_s(double length_s) {
  const auto steps = static_cast<std::size_t>(std::ceil(length_s / grid_step_s));
  std::vector<double> times_s;
  for (std::size_t i = 0; i < steps; ++i) times_s.push_back(grid_step_s * static_cast<double>(i));
  times_s.push_back(length_s);
  return times_s;
}

}  // namespace

RunContext::RunContext(const SiteDescription& of_site, const Assembly& of_assembly,
                       const RunInputs& of_inputs, Time start, Time end)
    : site(of_site),
      assembly(of_assembly),
      inputs(of_inputs),
      from(start),
      to(end),
      setup{ExternalTable(of_assembly.plant.externals().size()), {}, {}, {}, nullptr} {
  for (std::size_t i = 0; i < assembly.plant.externals().size(); ++i) {
    external_numbers[assembly.plant.externals()[i].path] = i;
  }
  const std::vector<double> times_s = grid_times_s(to_seconds(to - from));
  for (const double t_s : times_s) times.push_back(from + seconds(t_s));
  grid = setup.externals.add_grid(times_s);
}

std::filesystem::path RunContext::file(const char* role, const std::filesystem::path& option,
                                       const char* key) {
  if (option.empty()) {
    if (auto finding = missing_file(site, key)) throw ConfigurationError({std::move(*finding)});
  }
  const std::filesystem::path path = option.empty() ? site.setting(key).file() : option;
  if (!path.empty()) setup.files.push_back({role, path});
  return path;
}

void RunContext::note(const std::vector<Notice>& notices) {
  for (const Notice& notice : notices) setup.notices.push_back(notice.text());
}

std::optional<std::size_t> RunContext::external(const std::string& path) const {
  const auto found = external_numbers.find(path);
  if (found == external_numbers.end()) return std::nullopt;
  return found->second;
}

void RunContext::hold(const std::string& path, double held) {
  if (const auto number = external(path)) setup.externals.hold(*number, held);
}

void RunContext::follow(const std::string& path, std::vector<double> values) {
  if (const auto number = external(path)) setup.externals.follow(*number, grid, std::move(values));
}

}  // namespace ampacity
