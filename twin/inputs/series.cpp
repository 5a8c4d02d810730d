// SPDX-License-Identifier: Apache-2.0

// Look-up, means and kinks of a course over time; the picture is in the header.
//
// Everything rests on one question: which segment holds t? Repetition folds t into the first period
// and shifts the segment back, so that values, means and cursors know nothing of it. A mean walks
// over the segments and adds exact trapezoids; it takes no difference of running integrals, which
// would lose digits late in a long series.

#include "twin/inputs/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/errors.hpp"
#include "twin/inputs/reading.hpp"

namespace ampacity {
namespace {

constexpr Time beginning_of_time{std::numeric_limits<std::int64_t>::min()};
constexpr Time end_of_time{std::numeric_limits<std::int64_t>::max()};

std::int64_t floor_ratio(Duration a, Duration b) {
  const std::int64_t quotient = a / b;
  return quotient - ((a % b).ns < 0 ? 1 : 0);
}

}  // namespace

Series::Series(std::string source, Interpolation interpolation, std::vector<SeriesColumn> columns,
               std::vector<Time> times, std::vector<double> rows, Duration tail)
    : source_(std::move(source)),
      interpolation_(interpolation),
      tail_(tail),
      columns_(std::move(columns)),
      times_(std::move(times)),
      rows_(std::move(rows)) {
  AMPACITY_ASSERT(!times_.empty() && !columns_.empty(), "a series has rows and columns");
  AMPACITY_ASSERT(rows_.size() == times_.size() * columns_.size(), "a series has whole rows");
  AMPACITY_ASSERT(tail_ >= Duration{}, "the tail of a series is not negative");
  for (std::size_t i = 1; i < times_.size(); ++i) {
    AMPACITY_ASSERT(times_[i - 1] < times_[i], "the stamps of a series rise");
  }
  AMPACITY_ASSERT(times_.front() >= earliest_input_time && times_.back() <= latest_input_time,
                  "the stamps of a series lie between 1950 and 2150");
  for (const double value : rows_) AMPACITY_ASSERT(std::isfinite(value), "a series is finite");
  find_breaks();
}

void Series::hold() { outside_ = Outside::hold; }

void Series::cycle(Duration period) {
  AMPACITY_ASSERT(period > Duration{} && period >= end() - start(),
                  "a series repeats after its own length at the earliest");
  outside_ = Outside::repeat;
  period_ = period;
}

Series Series::scaled(double factor) const {
  AMPACITY_ASSERT(std::isfinite(factor) && factor != 0, "a series is scaled by a finite factor");
  Series out = *this;
  for (double& value : out.rows_) value *= factor;
  return out;
}

void Series::find_breaks() {
  const auto same = [&](std::size_t a, std::size_t b) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (at(a, c) != at(b, c)) return false;
    }
    return true;
  };
  const std::size_t last = times_.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const bool flat_before = i > 0 && same(i - 1, i);
    const bool flat_after = interpolation_ == Interpolation::step || i == last || same(i, i + 1);
    if (i == 0 || i == last || !flat_before || !flat_after) breaks_.push_back(times_[i]);
  }
}

std::optional<std::size_t> Series::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
  }
  return std::nullopt;
}

std::size_t Series::column(std::string_view name) const {
  if (const auto index = find(name)) return *index;
  std::vector<std::string> known;
  for (const SeriesColumn& column : columns_) known.push_back(column.name);
  throw ConfigurationError({source_}, std::string(name),
                           "there is no such column " + nearest_or_known(name, known));
}

bool Series::covers(Time from, Time to) const {
  if (empty()) return false;
  return outside_ != Outside::refuse || (from >= start() && to <= end());
}

void Series::require_range(Time from, Time to) const {
  if (!covers(from, to)) fail_outside(from, to);
}

void Series::fail_outside(Time from, Time to) const {
  AMPACITY_ASSERT(!empty(), "an empty series is not read");
  const std::string asked =
      from == to ? format_time(from) : format_time(from) + " to " + format_time(to);
  throw ConfigurationError(
      {source_}, "",
      "the data covers " + format_time(start()) + " to " + format_time(end()) + ", but " + asked +
          " is asked for (choose a span within the data with --from and --for)");
}

Series::Segment Series::segment_in_range(Time t) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), t);
  const auto next = static_cast<std::size_t>(after - times_.begin());
  const std::size_t last = times_.size() - 1;
  if (next <= last) {
    const std::size_t left = next - 1;
    const bool step = interpolation_ == Interpolation::step;
    return {times_[left], times_[next], left, step ? left : next};
  }
  return {times_[last], end(), last, last};
}

Series::Segment Series::segment(Time t) const {
  AMPACITY_ASSERT(!empty(), "an empty series is not read");
  if (outside_ == Outside::repeat) {
    const std::int64_t turns = floor_ratio(t - start(), period_);
    const Duration shift = period_ * turns;
    Segment out = segment_in_range(t - shift);
    if (out.left == times_.size() - 1) {
      out.end = start() + period_;
      out.right = interpolation_ == Interpolation::step ? out.left : 0;
    }
    return {out.begin + shift, out.end + shift, out.left, out.right};
  }
  if (t >= start() && t <= end()) {
    Segment out = segment_in_range(t);
    if (outside_ == Outside::hold && out.left == times_.size() - 1) out.end = end_of_time;
    return out;
  }
  if (outside_ == Outside::refuse) fail_outside(t, t);
  const std::size_t last = times_.size() - 1;
  if (t < start()) return {beginning_of_time, start(), 0, 0};
  return {times_[last], end_of_time, last, last};
}

double Series::value(const Segment& segment, std::size_t column, Time t) const {
  const double left = at(segment.left, column);
  if (segment.left == segment.right) return left;
  const double fraction = static_cast<double>((t - segment.begin).ns) /
                          static_cast<double>((segment.end - segment.begin).ns);
  return left + (at(segment.right, column) - left) * fraction;
}

double Series::value(std::size_t column, Time t) const { return value(segment(t), column, t); }

void Series::values(Time t, std::span<double> out) const {
  AMPACITY_ASSERT(out.size() == columns_.size(), "one place for each column");
  const Segment here = segment(t);
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = value(here, c, t);
}

double Series::mean(std::size_t column, Time from, Time to) const {
  AMPACITY_ASSERT(from < to, "a mean is taken over a length of time");
  require_range(from, to);
  double integral = 0;
  for (Time t = from; t < to;) {
    const Segment here = segment(t);
    const Time until = std::min(here.end, to);
    const double mean = 0.5 * (value(here, column, t) + value(here, column, until));
    integral += mean * to_seconds(until - t);
    t = until;
  }
  return integral / to_seconds(to - from);
}

std::optional<Time> Series::next_break(Time after) const {
  AMPACITY_ASSERT(!empty(), "an empty series is not read");
  Duration shift;
  if (outside_ == Outside::repeat) {
    shift = period_ * floor_ratio(after - start(), period_);
  }
  const auto found = std::upper_bound(breaks_.begin(), breaks_.end(), after - shift);
  if (outside_ == Outside::repeat) {
    // A break at the very end of a period is the first one of the next.
    const bool next_turn = found == breaks_.end() || *found >= start() + period_;
    return next_turn ? start() + period_ + shift : *found + shift;
  }
  if (found == breaks_.end()) return std::nullopt;
  return *found;
}

std::vector<Time> Series::breaks(Time from, Time to) const {
  std::vector<Time> out;
  for (auto t = next_break(from); t && *t < to; t = next_break(*t)) out.push_back(*t);
  return out;
}

void SeriesCursor::move(Time t) {
  // Reading forward, the new segment is nearly always the one behind the last.
  const std::size_t rows = series_->size();
  const std::size_t next = segment_.left + 1;
  const std::size_t after = next + 1;
  if (after < rows && segment_.begin == series_->times()[segment_.left] &&
      t >= series_->times()[next] && t < series_->times()[after]) {
    const bool step = series_->interpolation() == Interpolation::step;
    segment_ = {series_->times()[next], series_->times()[after], next, step ? next : after};
    return;
  }
  segment_ = series_->segment(t);
}

void SeriesCursor::values(Time t, std::span<double> out) {
  AMPACITY_ASSERT(out.size() == series_->columns().size(), "one place for each column");
  seek(t);
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = series_->value(segment_, c, t);
}

}  // namespace ampacity
