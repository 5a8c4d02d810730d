// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a run has come, for the person who waits for it.
//
// On a terminal one line is redrawn, at most five times a second; elsewhere (a file, a pipe, CI)
// a plain line is added every ten seconds, so that a log stays short and shows that the run lives.
//
//    42 %  2024-04-07 10:05  4321 x real time  12 s left  next event 10:15
//
// The speed is that of the last few seconds of wall time (a lag of 3 s), because a day has quiet
// and busy hours and what is asked for is how long the rest takes.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <ostream>
#include <string>

#include "twin/core/text.hpp"
#include "twin/core/time.hpp"

namespace ampacity {

// What a line of progress says.
struct ProgressState {
  Time start;
  Time end;
  Time now;
  Time next_event;     // at or after `end`: none is shown
  double speed = 0.0;  // simulated over wall time; 0: not known yet
};

// "12 s", "3 min 20 s", "2 h 5 min".
inline std::string format_waiting(double waiting_s) {
  const auto whole = static_cast<std::int64_t>(std::min(std::ceil(waiting_s), 1e9));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

inline std::string progress_line(const ProgressState& state, const TimeZone& zone) {
  const auto clock = [&zone](Time at, bool with_date) {
    const std::string text = format_time(at, zone);  // "2024-04-07T08:30:15+02:00"
    return with_date ? text.substr(0, 10) + " " + text.substr(11, 5) : text.substr(11, 5);
  };
  const double whole_s = to_seconds(state.end - state.start);
  const double done_s = to_seconds(state.now - state.start);
  const int percent = whole_s > 0.0 ? static_cast<int>(100.0 * done_s / whole_s) : 100;
  std::string line = std::to_string(std::clamp(percent, 0, 100)) + " %";
  line.insert(0, 5 - std::min<std::size_t>(line.size(), 5), ' ');
  line += "  " + clock(state.now, true);
  if (state.speed > 0.0 && done_s >= 0.01 * whole_s) {
    line += "  " + format_number(state.speed, state.speed < 100.0 ? 2 : 3) + " x real time";
    if (state.now < state.end) {
      line += "  " + format_waiting((whole_s - done_s) / state.speed) + " left";
    }
  }
  if (state.next_event < state.end && state.now < state.end) {
    line += "  next event " + clock(state.next_event, false);
  }
  return line;
}

// Draws progress. Call `update` as often as convenient and `finish` once.
class Progress {
 public:
  using Clock = std::function<double()>;  // seconds of wall time, from any origin

  Progress(std::ostream& to, bool terminal, Time start, Time end, TimeZone zone,
           Clock clock = steady_seconds)
      : to_(to),
        terminal_(terminal),
        zone_(std::move(zone)),
        clock_(std::move(clock)),
        state_{start, end, start, end} {
    drawn_s_ = measured_s_ = clock_();
    measured_at_ = start;
  }

  void update(Time now, Time next_event) {
    const double wall_s = clock_();
    state_.now = now;
    state_.next_event = next_event;
    if (wall_s - drawn_s_ < (terminal_ ? 0.2 : 10.0)) return;
    measure(wall_s);
    draw(wall_s);
  }

  // The last line, on a line of its own.
  void finish() {
    if (terminal_) {
      draw(clock_());
      to_ << '\n';
      to_.flush();
    }
  }

  static bool is_terminal(std::FILE* file) { return isatty(fileno(file)) == 1; }

  static double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

 private:
  void measure(double wall_s) {
    constexpr double lag_s = 3.0;
    const double interval_s = wall_s - measured_s_;
    if (interval_s <= 0.0) return;
    const double speed = to_seconds(state_.now - measured_at_) / interval_s;
    const double weight = state_.speed > 0.0 ? 1.0 - std::exp(-interval_s / lag_s) : 1.0;
    state_.speed += weight * (speed - state_.speed);
    measured_s_ = wall_s;
    measured_at_ = state_.now;
  }

  void draw(double wall_s) {
    std::string line = progress_line(state_, zone_);
    if (terminal_) {
      const std::size_t length = line.size();
      if (length < drawn_length_) line.append(drawn_length_ - length, ' ');
      drawn_length_ = length;
      to_ << '\r' << line;
    } else {
      to_ << line << '\n';
    }
    to_.flush();
    drawn_s_ = wall_s;
  }

  std::ostream& to_;
  bool terminal_;
  TimeZone zone_;
  Clock clock_;
  ProgressState state_;
  double drawn_s_ = 0.0;
  double measured_s_ = 0.0;
  Time measured_at_;
  std::size_t drawn_length_ = 0;
};

}  // namespace ampacity
