// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the parts of a run's set-up share: the site and its plant, the span of time, and the setup
// that they fill one after the other.
//
// An external input of the plant exists only where a unit reads it (no sun without photovoltaics).
// The parts know inputs by path and need not know which exist: `hold` and `follow` pass over one
// that nobody reads.
//
// Weather and sun are laid on one grid of minutes from `from` to `to`, whose last step may be
// shorter: a minute moves the sun by a quarter of a degree.

#include <map>
#include <optional>

#include "twin/inputs/reading.hpp"
#include "twin/sim/run_setup.hpp"
#include "twin/site/description.hpp"

namespace ampacity {

struct RunContext {
  // Refers to site, assembly and inputs, which must outlive it. `from` lies before `to`.
  RunContext(const SiteDescription& site, const Assembly& assembly, const RunInputs& inputs,
             Time from, Time to);

  // Settings of the site file: a quantity (SI), a text.
  double value(const char* key) const { return site.setting(key).value; }
  const std::string& word(const char* key) const { return site.setting(key).text; }

  // The file that an option names, else the setting `key`; empty where neither names one. It is
  // listed under `role`. Throws ConfigurationError where the setting's file is missing.
  std::filesystem::path file(const char* role, const std::filesystem::path& option,
                             const char* key);

  void note(const std::vector<Notice>& notices);

  // Number of an external input; empty where no unit reads it.
  std::optional<std::size_t> external(const std::string& path) const;

  // Holds an external input at a value, or lets it follow one value per instant of the grid.
  void hold(const std::string& path, double held);
  void follow(const std::string& path, std::vector<double> values);

  // Values of `law(i)` at all instants `times[i]`, in their order.
  template <class Law>
  std::vector<double> on_grid(const Law& law) const {
    std::vector<double> values;
    values.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) values.push_back(law(i));
    return values;
  }

  const SiteDescription& site;
  const Assembly& assembly;
  const RunInputs& inputs;
  Time from;
  Time to;
  std::map<std::string, std::size_t> external_numbers;
  RunSetup setup;
  std::vector<Time> times;  // the grid's instants
  std::size_t grid;         // its number in the external table
};

}  // namespace ampacity
