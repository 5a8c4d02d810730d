// SPDX-License-Identifier: Apache-2.0
#pragma once

// The starting operating point.
//
// A run that starts from the tables' default states spends its first hour warming up cold water.
// Instead it should start where the plant would stand had the first instant's weather and load
// lasted for a while. A true steady state f(x) = 0 does not exist: a battery integrates, filters
// foul, cells age. So we ask for one implicit Euler step of length T (one hour) from the default
// states x0,
//
//   F(x) = x - x0 - T f(x) = 0,
//
// which puts all that is faster than an hour at rest and hardly moves what is slower. KINSOL solves
// it by Newton with line search, with the same Jacobian and block solver as the integrator (its
// matrix I - T J is the integrator's Newton matrix with gamma = T). Where Newton does not converge
// from cold states, the plant is first integrated for a while, events left out, and Newton
// polishes.

#include "twin/core/errors.hpp"
#include "twin/solve/engine.hpp"

namespace ampacity {

// Moves `state.states` to the operating point under the external inputs at `t_s`. Modes stay. Fails
// with the worst states named.
Result<EngineStatistics> find_steady_state(const Plant& plant, const Externals& externals,
                                           double t_s, PlantState& state);

}  // namespace ampacity
