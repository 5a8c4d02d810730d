// SPDX-License-Identifier: Apache-2.0
#pragma once

// The simulator: one plant, one clock, everything that happens.
//
// It owns the present instant, the state and the queue of events, and lets an engine carry the
// plant from event to event. At an event the units concerned react; then all guards are looked at
// again and again until none is raised (a reaction may raise another: a bus dies, its pumps drop
// out), and the engine restarts. Loads (job schedules, step-wise series) are asked for their next
// change like any other event.
//
// Recording hangs on the engine's dense output: samples and account integrals are taken at exact
// instants inside steps and never shorten them.
//
// A snapshot is a plain value: instant, state, integrals, queue and the loads' own words. Taking
// one is itself an event (the engine restarts), and a run that takes a snapshot and a run that
// starts from it do the same from there on, bit for bit.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/sim/event_queue.hpp"
#include "twin/sim/external_table.hpp"
#include "twin/solve/cvode_engine.hpp"

namespace ampacity {

// A line of the list of events.
struct EventRecord {
  Time at;
  Severity severity;
  std::string path;
  std::string text;
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_event(const EventRecord& event) = 0;
};

// Receives evaluated samples. `signals` are the plant's outputs followed by the external inputs;
// `integrals` the account lines (J, kg).
class SampleSink {
 public:
  virtual ~SampleSink() = default;
  virtual void on_sample(std::int64_t index, Time at, const Plant& plant, const PlantState& state,
                         std::span<const double> signals, std::span<const double> integrals) = 0;
  // Signals right after events, which may last much less than a sampling interval.
  virtual void on_change(Time, std::span<const double>) {}
};

// Something that changes held external inputs at instants of its own: a job manager, an hourly
// price.
class Load {
 public:
  virtual ~Load() = default;
  virtual Time next_change() const = 0;
  // Brings the load to `now` and writes the inputs that changed. `signals` are the plant's present
  // outputs.
  virtual void advance(Time now, const Plant& plant, std::span<const double> signals,
                       ExternalTable& externals, EventSink& events) = 0;
  // For snapshots.
  virtual std::unique_ptr<Load> clone() const = 0;
};

struct Snapshot {
  Time at;
  PlantState state;
  std::vector<double> integrals;
  EventQueue queue;
  std::vector<std::unique_ptr<Load>> loads;
  ExternalTable externals;
};

struct SimulatorSettings {
  Time start;
  Duration sample_every = seconds(1.0);
  EngineSettings engine;
};

// How a run ended.
struct Outcome {
  bool finished = false;
  std::string message;  // of a solver failure
};

class Simulator {
 public:
  // The plant, its accounts and the sinks must outlive the simulator.
  Simulator(const Plant& plant, const Accounts& accounts, ExternalTable externals,
            SimulatorSettings settings);

  void add_load(std::unique_ptr<Load> load) { loads_.push_back(std::move(load)); }
  void schedule_order(Time at, std::size_t unit, int order, double value) {
    queue_.schedule(at, ScheduledEvent::Kind::order, unit, order, value);
  }

  // Puts the plant where it would stand had the inputs of the start lasted: first the steady state
  // of operating_point.hpp with the initial modes, then two hours of simulation up to the start,
  // events included, so that staging, timers and latches settle too. States that are kept at the
  // start (charges, ages) are put back. What a user must know of that time is told at the start:
  // limits and trips of units that are not as they were. Call once, before run_until.
  Outcome find_operating_point(EventSink& events);

  // Runs to `end`. Samples at start + k*sample_every, the first (k = 0) only at the very start.
  // `progress` is called now and then with the present instant and may be empty.
  Outcome run_until(Time end, SampleSink& samples, EventSink& events,
                    const std::function<void(Time)>& progress);

  Snapshot snapshot() const;
  void restore(const Snapshot& snapshot);

  Time now() const { return now_; }
  const PlantState& state() const { return state_; }
  const std::vector<double>& integrals() const { return engine_.integrals(); }
  EngineStatistics statistics() const { return engine_.statistics(); }
  // Next scheduled event, for display.
  Time next_event() const;

 private:
  class Sampler;
  class SpinUp;
  class UnitAgenda;

  void evaluate_now();
  void react(const Happening& happening, std::size_t unit, EventSink& events);
  void handle_guard(const GuardHit& hit, EventSink& events);
  // The following return false, with a message, when the run cannot go on.
  bool run_segments(Time end, StepObserver& observer, EventSink& events, std::string& message);
  bool settle_guards(EventSink& events, std::string& message, bool& reacted);
  bool empty_queue(EventSink& events, std::string& message, bool& reacted);
  void ask_loads(bool all, EventSink& events);
  // Everything that is due at the present instant. `reacted`: some unit has reacted already.
  bool happen(EventSink& events, std::string& message, bool reacted = false);
  Time sample_time(std::int64_t index) const;
  double seconds_since_start(Time t) const { return to_seconds(t - settings_.start); }

  const Plant& plant_;
  ExternalTable externals_;
  SimulatorSettings settings_;
  CvodeEngine engine_;
  PlantState state_;
  Workspace work_;
  EventQueue queue_;
  std::vector<std::unique_ptr<Load>> loads_;
  std::vector<double> guard_values_;
  Time now_;
  std::int64_t next_sample_ = 0;
};

}  // namespace ampacity
