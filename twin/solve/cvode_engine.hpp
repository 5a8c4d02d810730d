// SPDX-License-Identifier: Apache-2.0
#pragma once

// The reference engine: the whole plant in CVODE's BDF.
//
// One variable-order, variable-step BDF over all states, Newton with the exact Jacobian
// (jacobian.hpp), the block-bordered solver (tree_solver.hpp) and our vector kernels. It is the
// referee: every faster engine is compared with it. Events are exact: a jump of an input or a mode
// ends the segment (`restart`), a guard that rises through zero is found by CVODE's root search.
//
// Energy. The account lines (site/accounts.hpp) are integrated as quadratures, that is with the
// same BDF formula and steps as the states, so that a linear energy balance of the plant holds for
// the discrete solution too, up to the tolerance of Newton's iteration.
//
// SUNDIALS 6.4 notes. One SUNContext per engine, declared first. advance() uses one-step mode with
// a stop time that is set anew before each call, so the stop time never lies behind. Callbacks
// never throw. CVodeReInit clears the counters: statistics are accumulated here.

#include <memory>
#include <string>

#include "twin/solve/engine.hpp"

namespace ampacity {

// Version of the SUNDIALS library that is linked, for manifests.
std::string sundials_version();

class CvodeEngine {
 public:
  CvodeEngine(const Plant& plant, const Accounts& accounts, const Externals& externals,
              EngineSettings settings = {});
  ~CvodeEngine();
  CvodeEngine(const CvodeEngine&) = delete;
  CvodeEngine& operator=(const CvodeEngine&) = delete;

  // Begins a new segment at `t_s`: after the start, and after every jump of states, modes or
  // external inputs.
  void restart(double t_s, const PlantState& state);

  // Carries `state` to `until_s` or to the first guard. Modes are only read.
  Stop advance(double until_s, PlantState& state, StepObserver& observer);

  // Integrals of the account lines since construction (J, kg); to be saved and restored with a
  // snapshot.
  const std::vector<double>& integrals() const;
  void set_integrals(const std::vector<double>& integrals);

  EngineStatistics statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ampacity
