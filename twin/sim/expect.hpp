// SPDX-License-Identifier: Apache-2.0
#pragma once

// Judges the `expect` clauses of a scenario (scenario.hpp) while a run goes on.
//
// The watcher hangs on the run's samples and events and keeps one number per clause and signal:
// the extreme, the last value, or the integral by the trapezoidal rule over the samples,
//
//   integral = sum of (t_i - t_{i-1}) (y_i + y_{i-1})/2,    mean = integral/(t_n - t_0)
//
// so its memory does not grow with the run. A clause that selects several signals must hold for
// each of them; the value that is told is the one nearest to failing. Bounds are strict. A value
// that is not finite, and a window without a sample, fail: a clause never passes for want of
// evidence.

#include <string>
#include <vector>

#include "twin/sim/scenario.hpp"

namespace ampacity {

// The outcome of a clause.
struct ExpectResult {
  std::string text;  // the clause and what came of it
  bool passed;
  double value;      // SI; NaN where there was nothing to judge
  std::string unit;  // SI
};

class ExpectWatcher final : public SampleSink, public EventSink {
 public:
  explicit ExpectWatcher(std::vector<PlannedExpect> expects);

  void on_sample(std::int64_t index, Time at, const Plant& plant, const PlantState& state,
                 std::span<const double> signals, std::span<const double> integrals) override;
  void on_event(const EventRecord& event) override;

  // One per clause, in the order of the file.
  std::vector<ExpectResult> results() const;
  bool all_passed() const;

 private:
  // What is known of one signal in the clause's window.
  struct Track {
    bool seen = false;
    bool finite = true;
    double extreme = 0.0;
    double last = 0.0;
    double integral = 0.0;
    Time first_at;
    Time last_at;
  };
  struct Clause {
    PlannedExpect plan;
    std::vector<Track> tracks;  // one per signal
    std::size_t count = 0;      // of events
  };

  static void follow(Track& track, Statistic statistic, Time at, double value);
  static double statistic_of(const Track& track, Statistic statistic);
  static ExpectResult judge(const Clause& clause);

  std::vector<Clause> clauses_;
};

// Whether an event is meant by patterns of its path and text. In the text '*' is any number of any
// characters.
bool matches_event(const PlannedExpect& expect, const EventRecord& event);

}  // namespace ampacity
