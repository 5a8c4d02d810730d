// SPDX-License-Identifier: Apache-2.0
#pragma once

// Power of a GPU that works for a job, as a fraction of its peak.
//
// A synchronous training job is not a steady load. Measured on a node of eight H100 (sum of the
// boards, 0.1 s polling of a 1 s mean):
//
//   fraction
//   1.0          +--+ +--+ +--+        +--+ +--+
//                |  | |  | |  |        |  | |  |
//   low          |  +-+  +-+  |        |  +-+  |
//   0.27 --------+            +--------+       |
//   0.13 (idle)                                +-----
//        start-up    compute  checkpoint         end
//
//   idle        575-610 W of 4,375-4,468 W: 0.13 of the compute plateau
//   start-up    loading and compiling: 113-116 s at about 1.2 kW: 0.26-0.27
//   compute     iterations: computing at the peak, then communication at a lower power; the period
//               runs from 0.2 s (8 GPUs, measured 0.22 s) to 8 s (10^4 GPUs)
//   checkpoint  15.8-18.1 s, once 56, 100 s: as low as the start-up, 73 % below the plateau
//
// Time on the profile ('position') is counted from the start of an attempt, at full speed. With W
// the compute time of the attempt, tau_0 the start-up time, I the compute time between two
// checkpoints and c the duration of one, the attempt is tau_0, then n = ceil(W/I) - 1 times
// (I compute, c checkpoint), then the rest of W; none is written at the very end. An iteration
// starts afresh after each checkpoint, as a checkpoint is written between two of them. All times
// are integers of nanoseconds, so that edges are exact, and every function is a closed form of the
// position: no state, no accumulated rounding.
//
// `Resolution::average` replaces the square wave of the iterations by its mean, for studies of a
// day; `Resolution::phases` makes every edge an event. Edges are vertical (real ones take 10 to
// 100 ms, assumed), so a study below 0.1 s needs more than this profile.
//
// Other jobs (inference, small interactive work) are a constant fraction: iteration time zero.

#include <string_view>

#include "twin/core/time.hpp"

namespace ampacity {

enum class Resolution { average, phases };

enum class ProfilePhase { startup, compute, checkpoint, ended };

// Fractions are of the peak power of a GPU (board), 0 to 1; times are not negative.
struct PowerProfile {
  double idle_level = 0.13;        // without a job
  double startup_level = 0.27;     // loading, compiling
  double checkpoint_level = 0.27;  // writing a checkpoint
  double high_level = 1.0;         // computing
  double low_level = 1.0;          // communicating

  Duration startup_time;
  Duration iteration_time;       // zero: constant at high_level
  Duration high_time;            // part of the iteration, at most all of it
  Duration checkpoint_interval;  // compute time between two checkpoints; zero: none is written
  Duration checkpoint_time;      // duration of one; above zero where there are checkpoints

  // Mean over one iteration.
  double mean_level() const;
};

// Names the rule that a profile breaks, or nothing when it is sound.
std::string_view profile_fault(const PowerProfile& profile);

// One attempt at a job: its profile with the compute time that is left.
class ProfileTimeline {
 public:
  // `work` is the compute time of this attempt at full speed; not negative. The profile is sound.
  ProfileTimeline(const PowerProfile& profile, Duration work);

  // From the start of the attempt to its end.
  Duration length() const { return length_; }
  ProfilePhase phase(Duration position) const { return locate(position).phase; }

  // Fraction of peak power at `position`; an edge belongs to what follows it. Idle level at the
  // end and after it.
  double fraction(Duration position, Resolution resolution) const;

  // First edge after `position`: of a phase, of an iteration where the resolution shows them, or
  // the end. At or after the end: the end.
  Duration next_change(Duration position, Resolution resolution) const;

  // Compute time done up to `position`, and the part of it that a finished checkpoint holds.
  Duration work_done(Duration position) const;
  Duration work_saved(Duration position) const;

 private:
  struct Place {
    ProfilePhase phase;
    Duration begin;            // of the phase
    Duration end;              // of the phase
    std::int64_t checkpoints;  // written before the phase
  };
  Place locate(Duration position) const;

  PowerProfile profile_;
  Duration work_;
  std::int64_t checkpoints_ = 0;
  Duration length_;
};

}  // namespace ampacity
