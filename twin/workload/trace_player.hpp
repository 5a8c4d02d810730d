// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measured power or heat in the place of jobs.
//
// A plant's own record seldom has the power of its racks; it has the heat that each cooling unit
// carries away. The power of the racks behind it follows from the share of their power that reaches
// the coolant (capture fraction eta; the rest warms the air of the hall):
//
//   P_cdu(t) = Q_cdu(t) / eta,      P_r(t) = w_r P_cdu(t),      sum of w_r over the unit's racks =
//   1
//
// (a column that is power already has eta = 1). Between two samples the course is a straight line,
// as the series says, so that a player hands out value and slope of a stretch: exact at any instant
// inside, with an event at each kink.
//
// Limits: heat that was computed from water temperatures is low-pass filtered by the water (some
// tens of seconds), so that the racks of the twin see slower swings than the real ones did. Within
// a unit the split is constant.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {

// What one rack draws of a column.
struct TraceShare {
  std::size_t rack = 0;
  double weight = 1.0;  // above 0; the weights of a channel are scaled to sum to 1
};

// A column of the series (W) and the racks behind it.
struct TraceChannel {
  std::string column;
  double capture_fraction = 1.0;  // heat in the column over power of the racks, above 0, at most 1
  std::vector<TraceShare> racks;
};

class TracePlayer {
 public:
  // `racks` is the number of racks of the site; those in no channel want nothing. Throws
  // ConfigurationError where a column is missing, a rack is named twice or a value is negative.
  TracePlayer(Series series, std::size_t racks, const std::vector<TraceChannel>& channels);

  const Series& series() const { return series_; }

  // First instant after `now` at which a course bends or jumps; `never` (manager.hpp) when none
  // does.
  Time next_event(Time now) const;

  // Power that each rack wants at `t`, in W, and its slope in W/s until the next event. Throws
  // ConfigurationError outside of the series.
  void demand(Time t, std::span<double> demand_w, std::span<double> slope_w_s) const;

 private:
  struct Draw {
    std::size_t column;
    std::size_t rack;
    double factor;  // weight / capture fraction
  };
  Series series_;
  std::size_t racks_;
  std::vector<Draw> draws_;
};

}  // namespace ampacity
