// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/sensors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ampacity {

Sensor::Sensor(const std::string& path, const SensorSettings& settings, std::uint64_t seed,
               Time start)
    : settings_(settings), noise_(seed, path + "/noise"), start_(start) {}

Sensor::Point Sensor::at_instant(Time at) const {
  const auto after = std::lower_bound(history_.begin(), history_.end(), at,
                                      [](const Point& point, Time t) { return point.at < t; });
  AMPACITY_ASSERT(after != history_.end(), "a sensor looks back only");
  if (after->at == at || after == history_.begin()) return *after;
  const Point& before = *(after - 1);
  const double piece_s = to_seconds(after->at - before.at);
  const double into_s = to_seconds(at - before.at);
  const double value = before.value + (after->value - before.value) * (into_s / piece_s);
  const double area = (0.5 * (before.value + value) - reference_) * into_s;
  return {at, value, before.integral + area};
}

double Sensor::averaged(Time at) const {
  const Point end = at_instant(at);
  const Time from = std::max(at - settings_.average, history_.front().at);
  if (from >= at) return end.value;
  const Point begin = at_instant(from);
  return reference_ + (end.integral - begin.integral) / to_seconds(at - from);
}

void Sensor::forget_before(Time at) {
  while (history_.size() > 1 && history_[1].at <= at) history_.pop_front();
}

void Sensor::observe(Time at, double value) {
  if (history_.empty()) {
    reference_ = value;
    history_.push_back({at, value, 0.0});
    // The first sampling instant at or after the first observation.
    if (at > start_) next_sample_ = ((at - start_).ns - 1) / settings_.every.ns + 1;
  } else {
    const Point& last = history_.back();
    AMPACITY_ASSERT(at >= last.at, "a sensor observes in order of time");
    const double area = (0.5 * (last.value + value) - reference_) * to_seconds(at - last.at);
    history_.push_back({at, value, last.integral + area});
  }
  for (Time sample = start_ + settings_.every * next_sample_; sample <= at;
       sample = start_ + settings_.every * next_sample_) {
    double seen = averaged(sample);
    if (settings_.noise > 0.0) {
      seen += settings_.noise * noise_.normal(static_cast<std::uint64_t>(next_sample_));
    }
    if (settings_.resolution > 0.0) {
      seen = settings_.resolution * std::floor(seen / settings_.resolution + 0.5);
    }
    readings_.push_back({sample + settings_.delay, seen});
    ++next_sample_;
  }
  // The next sample looks back from its own instant; nothing older is needed.
  forget_before(start_ + settings_.every * next_sample_ - settings_.average);
  while (readings_.size() > 1 && readings_[1].arrives <= at) readings_.pop_front();
}

double Sensor::reading(Time at) const {
  double out = std::numeric_limits<double>::quiet_NaN();
  for (const Reading& reading : readings_) {
    if (reading.arrives > at) break;
    out = reading.value;
  }
  return out;
}

SensorBank::SensorBank(const Plant& plant, const std::vector<SensorRequest>& requests,
                       std::uint64_t seed, Time start) {
  const std::size_t signal_count = plant.output_count() + plant.externals().size();
  for (const SensorRequest& request : requests) {
    for (RecordVariable variable : plan_records(plant, {request.pattern})) {
      if (variable.component.empty()) continue;  // weather has no sensor of the site
      for (RecordColumn& column : variable.columns) {
        const std::string& path = plant.units()[column.unit].path;
        sources_.push_back({column.is_state, column.index});
        column.is_state = false;
        column.index = static_cast<std::uint32_t>(signal_count + sensors_.size());
        sensors_.emplace_back(path + "/" + variable.quantity, request.settings, seed, start);
      }
      variable.name += "_sensor";
      variable.quantity += "_sensor";
      variable.description += ", as its sensor shows it";
      add(std::move(variable));
    }
  }
}

// Patterns may share a quantity, each for units of its own.
void SensorBank::add(RecordVariable variable) {
  const auto known = std::find_if(
      variables_.begin(), variables_.end(),
      [&](const RecordVariable& candidate) { return candidate.name == variable.name; });
  if (known == variables_.end()) {
    variables_.push_back(std::move(variable));
    return;
  }
  auto& columns = known->columns;
  columns.insert(columns.end(), variable.columns.begin(), variable.columns.end());
  std::sort(columns.begin(), columns.end(),
            [](const RecordColumn& a, const RecordColumn& b) { return a.unit < b.unit; });
}

std::span<const double> SensorBank::observe(Time at, std::span<const double> signals,
                                            std::span<const double> states) {
  if (sensors_.empty()) return signals;
  extended_.assign(signals.begin(), signals.end());
  for (std::size_t i = 0; i < sensors_.size(); ++i) {
    const Source& source = sources_[i];
    sensors_[i].observe(at, source.is_state ? states[source.index] : signals[source.index]);
    extended_.push_back(sensors_[i].reading(at));
  }
  return extended_;
}

}  // namespace ampacity
