// SPDX-License-Identifier: Apache-2.0
#pragma once

// What electricity costs, and what it emits, in the course of a run.
//
//   price, carbon   one value, 24 by local hour, or a file; they jump from hour to hour and never
//                   bend, so each jump is an event and no step of the engine straddles one
//   contract        power that the grid connection may take, held
//   export limit    power that it may give back, held
//
// Carbon counts what the generators emit directly, without their construction and fuel supply.

#include "twin/sim/run_context.hpp"

namespace ampacity {

// Throws ConfigurationError where a file is bad, does not cover the run, or has prices in another
// currency than the site's.
void set_market(RunContext& run);

}  // namespace ampacity
