// SPDX-License-Identifier: Apache-2.0
#pragma once

// External inputs of a run as functions of the seconds since its start.
//
// Each input is either held (a set-point, a job's power, an hourly price: it jumps only at events,
// between which it is constant) or a polyline (weather, a measured trace: linear between samples,
// as the weather is). Polylines that share their instants share one grid, so that 74 racks driven
// by one trace cost one search. Outside its grid a polyline keeps its end values.

#include <algorithm>
#include <memory>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/solve/engine.hpp"

namespace ampacity {

class ExternalTable final : public Externals {
 public:
  explicit ExternalTable(std::size_t count) : entries_(count) {}

  // Holds input `index` at `value` from now on.
  void hold(std::size_t index, double value) { entries_[index] = {value, none, {}}; }

  // Instants (s, strictly rising, two or more) for polylines; returns the grid's number.
  std::size_t add_grid(std::vector<double> times_s) {
    AMPACITY_ASSERT(times_s.size() >= 2, "a grid has two instants or more");
    grids_.push_back(std::make_shared<const std::vector<double>>(std::move(times_s)));
    return grids_.size() - 1;
  }

  // Lets input `index` follow `values` on a grid, one value per instant.
  void follow(std::size_t index, std::size_t grid, std::vector<double> values) {
    AMPACITY_ASSERT(values.size() == grids_[grid]->size(), "one value per instant of the grid");
    entries_[index] = {0.0, grid, std::make_shared<const std::vector<double>>(std::move(values))};
  }

  void evaluate(double t_s, double* values) const override {
    std::size_t known_grid = none;
    std::size_t low = 0;
    double fraction = 0.0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (entry.grid == none) {
        values[i] = entry.held;
        continue;
      }
      if (entry.grid != known_grid) {
        locate(*grids_[entry.grid], t_s, low, fraction);
        known_grid = entry.grid;
      }
      const std::vector<double>& y = *entry.values;
      values[i] = y[low] + fraction * (y[low + 1] - y[low]);
    }
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Entry {
    double held = 0.0;
    std::size_t grid = none;
    std::shared_ptr<const std::vector<double>> values;
  };

  static void locate(const std::vector<double>& times, double t_s, std::size_t& low,
                     double& fraction) {
    const auto after = std::upper_bound(times.begin() + 1, times.end() - 1, t_s);
    low = static_cast<std::size_t>(after - times.begin()) - 1;
    fraction = std::clamp((t_s - times[low]) / (times[low + 1] - times[low]), 0.0, 1.0);
  }

  std::vector<Entry> entries_;
  std::vector<std::shared_ptr<const std::vector<double>>> grids_;
};

}  // namespace ampacity
