// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every integration engine offers to the simulator.
//
// The simulator owns time, events and state; an engine only carries the plant from one instant to
// the next. It stops early, on the instant, when a guard rises through zero, and after every
// internal step it lets an observer look at any instant inside the step (dense output), so that
// recording never shortens a step. Seconds count from the start of the simulation segment; the
// calendar is the simulator's.

#include <string>
#include <vector>

#include "twin/site/accounts.hpp"
#include "twin/site/plant.hpp"

namespace ampacity {

// External inputs as functions of time. Must be continuous between two restarts of the engine.
class Externals {
 public:
  virtual ~Externals() = default;
  // Writes one value per Plant::externals() entry.
  virtual void evaluate(double t_s, double* values) const = 0;
};

// Dense output of the step that was just taken.
class StepView {
 public:
  virtual double from_s() const = 0;
  virtual double to_s() const = 0;
  // States, and integrals of the account lines since the engine was made, at an instant inside the
  // step.
  virtual void states_at(double t_s, double* states) = 0;
  virtual void integrals_at(double t_s, double* integrals) = 0;

 protected:
  ~StepView() = default;
};

class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void on_step(StepView& step) = 0;
  // Everything that was due at an instant has happened; the next step starts anew.
  virtual void on_restart() {}
};

struct EngineStatistics {
  long steps = 0;
  long evaluations = 0;
  long jacobians = 0;
  long factorisations = 0;
  long newton_iterations = 0;
  long error_test_failures = 0;
  long newton_failures = 0;
  long restarts = 0;
};

// A guard that fired: index of the unit in Plant::units() and of the guard row.
struct GuardHit {
  std::size_t unit;
  std::size_t guard;
};

// Why advance() came back. A failure is an expected result of a hard problem: the message names the
// worst states by their paths.
struct Stop {
  enum class Kind { reached, guard, failed };
  Kind kind = Kind::reached;
  double t_s = 0.0;
  std::vector<GuardHit> hits;
  std::string message;
};

struct EngineSettings {
  double relative_tolerance = 1e-6;
  double tolerance_factor = 1.0;  // multiplies the absolute tolerances of the state tables
};

}  // namespace ampacity
