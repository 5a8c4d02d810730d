// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything outside the plant that a run needs: weather, sun, prices and work as functions of
// time.
//
// The site file says where each comes from (a design day, a file, a generator); options of the
// command line replace it. Courses that bend (weather, sun, measured power) become polylines of the
// external table; courses that jump (prices, job power) become loads, whose jumps are events.
//
//   design day   dry and wet bulb swing as a cosine with their highest value at `hottest_hour`;
//                irradiance is the clear sky of the date and place (clear_sky.hpp). An assumption,
//                except for the extremes that the site file sources.
//   trace        heat or power per CDU (or per rack); a CDU's power is spread evenly over its
//                racks. Heat becomes power through the racks' capture fraction; the
//                alternating-current power becomes the direct-current demand through the inverse of
//                their electric chain. A wet bulb in the file replaces the weather's; the dry bulb
//                then keeps the design day's distance from it.
//   generator    jobs by published statistics, through the job manager
//   jobs         a job log, through the job manager
//   constant     a share of every rack's range

#include <filesystem>
#include <memory>
#include <optional>
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

// Work through the job manager, as a load of the simulator. With `gather` above zero what happens
// to jobs reaches the racks, and the events, only at multiples of it from `start`: a large site
// changes every few seconds, and each change is a restart of the engine. The manager still handles
// each change at its own instant.
class JobLoad final : public Load {
 public:
  JobLoad(std::shared_ptr<const JobManager> manager, std::vector<RackSlot> slots, Time start,
          Duration gather);

  Time next_change() const override;
  void advance(Time now, const Plant& plant, std::span<const double> signals,
               ExternalTable& externals, EventSink& events) override;
  std::unique_ptr<Load> clone() const override { return std::make_unique<JobLoad>(*this); }

  JobAccounts accounts() const { return manager_->accounts(state_); }

 private:
  std::shared_ptr<const JobManager> manager_;
  std::vector<RackSlot> slots_;
  JobManager::State state_;
  Time start_;
  Duration gather_;
  std::vector<RackReport> reports_;
  bool started_ = false;
  bool disturbed_ = false;  // some rack gives less than it is asked for
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
