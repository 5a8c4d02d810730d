// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything outside the plant that a run needs: weather, sun, prices and work as functions of
// time.
//
// The site file says where each comes from (a design day, a file, a generator); options of the
// command line replace it. Courses that bend (weather, sun, measured power) become polylines of the
// external table; courses that jump (prices, job power) become loads, whose jumps are events.
//
//   weather_setup   weather and sun: a design day or a file, the clear sky, the sun's path
//   market_setup    price and carbon of electricity, contract and limit of export
//   work_setup      what the racks are asked for: a trace, jobs or a constant share
//   run_context     what these share: site, span of time, minute grid, the result

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "twin/sim/simulator.hpp"
#include "twin/site/assembly.hpp"
#include "twin/workload/manager.hpp"

namespace ampacity {

// Files and choices of the command line; empty: as the site file says.
struct RunInputs {
  std::filesystem::path weather;
  std::filesystem::path price;
  std::filesystem::path carbon;
  std::filesystem::path heat;
  std::filesystem::path power;
  std::filesystem::path jobs;
  std::uint64_t seed = 1;
};

// A file that a run takes from outside, and what for.
struct InputFile {
  std::string role;  // "weather", "price", "carbon", "heat", "power", "jobs"
  std::filesystem::path path;
};

struct RunSetup {
  ExternalTable externals;
  std::vector<std::unique_ptr<Load>> loads;
  std::vector<std::string> notices;
  std::vector<InputFile> files;
  std::shared_ptr<const JobManager> manager;  // null without jobs
};

// Throws ConfigurationError where a file is bad or does not cover [from, to].
RunSetup prepare_run(const SiteDescription& site, const Assembly& assembly, const RunInputs& inputs,
                     Time from, Time to);

}  // namespace ampacity
