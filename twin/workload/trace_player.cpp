// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/trace_player.hpp"

// Channels are flattened to one list of (column, rack, factor); a demand is then a single pass over
// it on the series' own segment.

#include <algorithm>

#include "twin/core/errors.hpp"
#include "twin/core/text.hpp"
#include "twin/workload/manager.hpp"

namespace ampacity {

namespace {

void check_channel(const Series& series, const TraceChannel& channel) {
  const Place place{series.source(), 0, 0};
  if (!(channel.capture_fraction > 0.0 && channel.capture_fraction <= 1.0)) {
    throw ConfigurationError(place, channel.column,
                             "the capture fraction " + format_number(channel.capture_fraction) +
                                 " is not above 0 and at most 1 (0.945 where unknown)");
  }
  if (channel.racks.empty()) {
    throw ConfigurationError(place, channel.column, "no rack takes this column (name its racks)");
  }
  const std::size_t column = series.column(channel.column);
  for (std::size_t row = 0; row < series.size(); ++row) {
    if (series.at(row, column) >= 0.0) continue;
    throw ConfigurationError(place, channel.column,
                             format_number(series.at(row, column)) + " W at " +
                                 format_time(series.times()[row]) +
                                 " is negative (mend the sign or the meter's zero)");
  }
}

}  // namespace

TracePlayer::TracePlayer(Series series, std::size_t racks,
                         const std::vector<TraceChannel>& channels)
    : series_(std::move(series)), racks_(racks) {
  std::vector<std::uint8_t> taken(racks, 0);
  for (const TraceChannel& channel : channels) {
    check_channel(series_, channel);
    double sum = 0.0;
    for (const TraceShare& share : channel.racks) {
      AMPACITY_ASSERT(share.rack < racks && share.weight > 0.0, "a share names a rack, weight > 0");
      if (taken[share.rack]++ != 0) {
        throw ConfigurationError({series_.source(), 0, 0}, channel.column,
                                 "rack number " + std::to_string(share.rack) +
                                     " has a column already (give each rack to one column)");
      }
      sum += share.weight;
    }
    for (const TraceShare& share : channel.racks) {
      draws_.push_back({series_.column(channel.column), share.rack,
                        share.weight / sum / channel.capture_fraction});
    }
  }
}

Time TracePlayer::next_event(Time now) const { return series_.next_break(now).value_or(never); }

void TracePlayer::demand(Time t, std::span<double> demand_w, std::span<double> slope_w_s) const {
  AMPACITY_ASSERT(demand_w.size() == racks_ && slope_w_s.size() == racks_, "one place per rack");
  std::fill(demand_w.begin(), demand_w.end(), 0.0);
  std::fill(slope_w_s.begin(), slope_w_s.end(), 0.0);
  const Series::Segment segment = series_.segment(t);
  const bool sloped = segment.left != segment.right;
  const double span_s = sloped ? to_seconds(segment.end - segment.begin) : 1.0;
  for (const Draw& draw : draws_) {
    const double left = series_.at(segment.left, draw.column);
    const double right = series_.at(segment.right, draw.column);
    demand_w[draw.rack] = draw.factor * series_.value(segment, draw.column, t);
    slope_w_s[draw.rack] = draw.factor * (right - left) / span_s;
  }
}

}  // namespace ampacity
