// SPDX-License-Identifier: Apache-2.0
#pragma once

// A measured or given course of quantities over time: weather, price, carbon intensity, heat.
//
// Rows of values v_i stand at instants t_0 < t_1 < ... (int64 ns UTC, spacing free). Between two
// rows the course is either
//
//   linear:  v(t) = v_i + (v_{i+1} - v_i) (t - t_i) / (t_{i+1} - t_i)     weather, heat, power
//   step:    v(t) = v_i for t_i <= t < t_{i+1}                            price, carbon intensity
//
// A step series covers [t_0, t_n + tail), where the tail is the length of its last interval; a
// linear one covers [t_0, t_n]. Outside, asking is an error of the input (the run is longer than
// its data, which must not pass silently), unless the caller chose to hold the end values or to
// repeat the series with a stated period. A repeated linear series joins its last row to its first
// by a straight line; when the period equals the span, the two rows meet in one instant and the
// series jumps there.
//
// The series is constant after its construction and holds no cursor, so that threads and ensemble
// members share it. A SeriesCursor, owned by the reader, remembers the last segment: forward
// reading then costs O(1) per row passed, any other access O(log n). Both give the same bits.
//
// Kinks matter to the integrator: a method of order p loses its order across one. `next_break`
// names them, so that steps can end there; rows at which nothing bends (flat on both sides) are
// left out.
//
// Validity: finite values, stamps between 1950 and 2150 (the readers check both), so that no
// difference of instants comes near the ends of the int64.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/time.hpp"

namespace ampacity {

enum class Interpolation { linear, step };

// The years within which instants of input files must lie.
inline constexpr Time earliest_input_time{-631'152'000 * ns_per_second};  // 1950-01-01
inline constexpr Time latest_input_time{5'680'281'600 * ns_per_second};   // 2150-01-01

// Name and unit of one course; the values are in this unit (SI by the readers' doing).
struct SeriesColumn {
  std::string name;
  std::string unit;
};

class Series {
 public:
  // A stretch of time with a value at its begin and, reached from the left, at its end. `begin` and
  // `end` are instants of the caller's time, also where the series repeats itself.
  struct Segment {
    Time begin;
    Time end;
    std::size_t left = 0;   // row at begin
    std::size_t right = 0;  // row at end; the same row where the value is constant
  };

  Series() = default;

  // `rows` holds times.size() rows of columns.size() finite values each, row by row; `times` rise
  // strictly and are not empty. `tail` is how long the last row of a step series counts; `source`
  // names the file in messages.
  Series(std::string source, Interpolation interpolation, std::vector<SeriesColumn> columns,
         std::vector<Time> times, std::vector<double> rows, Duration tail = {});

  // Outside of the range: hold the first and the last row; or repeat every `period`, which is at
  // least the length of the range.
  void hold();
  void cycle(Duration period);

  // The same course with every value multiplied by `factor`.
  Series scaled(double factor) const;

  const std::string& source() const { return source_; }
  Interpolation interpolation() const { return interpolation_; }
  const std::vector<SeriesColumn>& columns() const { return columns_; }
  const std::vector<Time>& times() const { return times_; }
  std::size_t size() const { return times_.size(); }
  bool empty() const { return times_.empty(); }
  Time start() const { return times_.front(); }
  Time end() const { return times_.back() + tail_; }

  // Index of a column; ConfigurationError that names the nearest column when there is none.
  std::size_t column(std::string_view name) const;
  std::optional<std::size_t> find(std::string_view name) const;

  // Value of row `row`, as it was read.
  double at(std::size_t row, std::size_t column) const {
    return rows_[row * columns_.size() + column];
  }

  // Value at `t`. ConfigurationError outside of the range (see hold, cycle).
  double value(std::size_t column, Time t) const;

  // All columns at `t`; `out` has columns().size() places.
  void values(Time t, std::span<double> out) const;

  // Exact mean of the course over [from, to], from < to.
  double mean(std::size_t column, Time from, Time to) const;

  // Does the series answer in the whole of [from, to]? `require_range` throws a ConfigurationError
  // that says what is covered and what to do.
  bool covers(Time from, Time to) const;
  void require_range(Time from, Time to) const;

  // First instant after `after` at which the course bends or jumps; none when there is none.
  std::optional<Time> next_break(Time after) const;
  // All of them with from < t < to.
  std::vector<Time> breaks(Time from, Time to) const;

  // The segment that holds `t` (begin <= t < end; the last one of the range includes its end).
  Segment segment(Time t) const;
  // Value within a segment of this series.
  double value(const Segment& segment, std::size_t column, Time t) const;

 private:
  enum class Outside { refuse, hold, repeat };

  Segment segment_in_range(Time t) const;
  void find_breaks();
  [[noreturn]] void fail_outside(Time from, Time to) const;

  std::string source_;
  Interpolation interpolation_ = Interpolation::linear;
  Outside outside_ = Outside::refuse;
  Duration tail_;
  Duration period_;
  std::vector<SeriesColumn> columns_;
  std::vector<Time> times_;
  std::vector<double> rows_;
  std::vector<Time> breaks_;  // within [start, end], rising
};

// Reads a series forward at O(1) per row passed. Refers to the series, which must outlive it.
class SeriesCursor {
 public:
  explicit SeriesCursor(const Series& series) : series_(&series) {}

  double value(std::size_t column, Time t) {
    seek(t);
    return series_->value(segment_, column, t);
  }
  void values(Time t, std::span<double> out);

 private:
  void seek(Time t) {
    if (t < segment_.begin || t >= segment_.end) move(t);
  }
  void move(Time t);

  const Series* series_;
  Series::Segment segment_;  // empty until the first use
};

}  // namespace ampacity
