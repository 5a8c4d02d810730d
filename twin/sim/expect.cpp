// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/expect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/text.hpp"
#include "twin/core/units.hpp"

namespace ampacity {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Patterns know slashes as borders; in the text of an event they are letters like all others.
std::string without_slashes(std::string text) {
  std::replace(text.begin(), text.end(), '/', '\\');
  return text;
}

// How far a value is from failing; below or at zero it fails.
double margin_of(const PlannedExpect& expect, double value) {
  double margin = std::numeric_limits<double>::infinity();
  if (expect.below) margin = std::min(margin, *expect.below - value);
  if (expect.above) margin = std::min(margin, value - *expect.above);
  return margin;
}

}  // namespace

bool matches_event(const PlannedExpect& expect, const EventRecord& event) {
  return matches_pattern(expect.path_pattern, event.path) &&
         matches_pattern(without_slashes(expect.text_pattern), without_slashes(event.text));
}

ExpectWatcher::ExpectWatcher(std::vector<PlannedExpect> expects) {
  for (PlannedExpect& expect : expects) {
    Clause& clause = clauses_.emplace_back();
    clause.tracks.resize(expect.signals.size());
    clause.plan = std::move(expect);
  }
}

void ExpectWatcher::on_sample(std::int64_t, Time at, const Plant&, const PlantState& state,
                              std::span<const double> signals, std::span<const double>) {
  for (Clause& clause : clauses_) {
    if (at < clause.plan.from || at > clause.plan.to) continue;
    for (std::size_t i = 0; i < clause.tracks.size(); ++i) {
      const WatchedSignal& signal = clause.plan.signals[i];
      const double value = signal.is_state ? state.states[signal.index] : signals[signal.index];
      follow(clause.tracks[i], clause.plan.statistic, at, value);
    }
  }
}

void ExpectWatcher::on_event(const EventRecord& event) {
  for (Clause& clause : clauses_) {
    const PlannedExpect& plan = clause.plan;
    if (!plan.counts_events || event.at < plan.from || event.at > plan.to) continue;
    if (matches_event(plan, event)) ++clause.count;
  }
}

void ExpectWatcher::follow(Track& track, Statistic statistic, Time at, double value) {
  track.finite = track.finite && std::isfinite(value);
  if (!track.seen) {
    track.seen = true;
    track.extreme = value;
    track.first_at = at;
  } else {
    const bool least = statistic == Statistic::min;
    track.extreme = least ? std::min(track.extreme, value) : std::max(track.extreme, value);
    track.integral += to_seconds(at - track.last_at) * 0.5 * (track.last + value);
  }
  track.last = value;
  track.last_at = at;
}

double ExpectWatcher::statistic_of(const Track& track, Statistic statistic) {
  if (!track.seen || !track.finite) return nothing;
  switch (statistic) {
    case Statistic::max:
    case Statistic::min:
      return track.extreme;
    case Statistic::final:
      return track.last;
    case Statistic::integral:
      return track.integral;
    case Statistic::mean:
      if (track.last_at == track.first_at) return track.last;
      return track.integral / to_seconds(track.last_at - track.first_at);
  }
  return nothing;
}

ExpectResult ExpectWatcher::judge(const Clause& clause) {
  const PlannedExpect& plan = clause.plan;
  if (plan.counts_events) {
    const auto count = static_cast<double>(clause.count);
    return {plan.text + ": " + std::to_string(clause.count), margin_of(plan, count) > 0.0, count,
            "1"};
  }
  double worst = nothing;
  double least_margin = std::numeric_limits<double>::infinity();
  std::string which;
  for (std::size_t i = 0; i < clause.tracks.size(); ++i) {
    const double value = statistic_of(clause.tracks[i], plan.statistic);
    const double margin = margin_of(plan, value);
    if (!std::isnan(value) && margin >= least_margin) continue;
    least_margin = margin;
    worst = value;
    which = plan.signals[i].path;
    if (std::isnan(value)) {
      const char* why = clause.tracks[i].seen ? "a value that is no finite number"
                                              : "the run has no sample in that time";
      return {plan.text + ": " + why + " (" + which + ")", false, nothing, plan.unit};
    }
  }
  return {plan.text + ": " + format_quantity(worst, plan.unit) + " (" + which + ")",
          least_margin > 0.0, worst, plan.unit};
}

std::vector<ExpectResult> ExpectWatcher::results() const {
  std::vector<ExpectResult> out;
  for (const Clause& clause : clauses_) out.push_back(judge(clause));
  return out;
}

bool ExpectWatcher::all_passed() const {
  return std::all_of(clauses_.begin(), clauses_.end(),
                     [](const Clause& clause) { return judge(clause).passed; });
}

}  // namespace ampacity
