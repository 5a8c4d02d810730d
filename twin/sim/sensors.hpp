// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sensors: what the plant does, as somebody outside can see it.
//
// A controller or an estimator never sees a state. It sees readings: taken at instants of their
// own, averaged over some time before, late, in steps, with noise. For GPU power this decides what
// can be known at all: the reading is a mean over one second (NVML, nvmlDeviceGetPowerUsage), so a
// swing of the load at 1 Hz does not exist in telemetry while the grid meter shows all of it.
//
// A sensor has, in this order,
//
//   average     y(t_k) = 1/T * integral of x over [t_k - T, t_k]; T = 0: y(t_k) = x(t_k)
//   noise       + sigma n_k, n_k normal with mean 0 and deviation 1
//   resolution  rounded to the nearest multiple of q
//   delay       known to the reader from t_k + tau on
//
// at t_k = start + k every. Between observations of the plant the quantity is taken as linear, so
// the integral is a sum of trapezoids and exact for what was observed. Near the start the average
// is over the time since then. The gain of the average is
//
//   |H(f)| = |sin(pi f T) / (pi f T)|
//
// 0.935 at f T = 0.2, 0.637 at 0.5, nothing at 1, 2, 3, ...
//
// n_k comes from the counter-based stream "<unit path>/<quantity>/noise" at index k
// (core/random.hpp): a sensor more or less, another sampling of its neighbour or a restored
// snapshot changes no other noise. All state is in the value; a copy goes on from there.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "twin/core/random.hpp"
#include "twin/core/time.hpp"
#include "twin/sim/record_plan.hpp"
#include "twin/site/description.hpp"

namespace ampacity {

// One sensor on one quantity of one unit.
class Sensor {
 public:
  // `path` names the noise: "<unit path>/<quantity>".
  Sensor(const std::string& path, const SensorSettings& settings, std::uint64_t seed, Time start);

  // The true value at an instant, at or after the last one.
  void observe(Time at, double value);

  // The latest reading that has arrived by `at`, which is not before the last observation; NaN
  // before the first arrives.
  double reading(Time at) const;

 private:
  struct Point {
    Time at;
    double value;
    double integral;  // of value - reference_ since the first observation
  };
  struct Reading {
    Time arrives;
    double value;
  };
  // Value and integral at an instant between the first and the last point.
  Point at_instant(Time at) const;
  double averaged(Time at) const;
  void forget_before(Time at);

  SensorSettings settings_;
  RandomStream noise_;
  Time start_;
  std::int64_t next_sample_ = 0;
  double reference_ = 0.0;        // first observed value; keeps the integral small
  std::deque<Point> history_;     // from before the averaging window to now
  std::deque<Reading> readings_;  // the newest arrived one, and those on their way
};

// All sensors of a run, between the plant and the recorder. Readings stand behind the signals of a
// sample, so that the results file records them as variables `<component>_<quantity>_sensor`. A
// bank without sensors hands samples through.
class SensorBank {
 public:
  // The requests are those of a checked site.
  SensorBank(const Plant& plant, const std::vector<SensorRequest>& requests, std::uint64_t seed,
             Time start);

  // The variables to append to those of plan_records.
  const std::vector<RecordVariable>& variables() const { return variables_; }
  std::size_t size() const { return sensors_.size(); }

  // Takes a sample and returns its signals with the readings appended; valid until the next call.
  std::span<const double> observe(Time at, std::span<const double> signals,
                                  std::span<const double> states);

  double reading(std::size_t sensor, Time at) const { return sensors_[sensor].reading(at); }

 private:
  struct Source {
    bool is_state;
    std::uint32_t index;
  };
  void add(RecordVariable variable);

  std::vector<Sensor> sensors_;
  std::vector<Source> sources_;
  std::vector<RecordVariable> variables_;
  std::vector<double> extended_;
};

}  // namespace ampacity
