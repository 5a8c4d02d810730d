// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/profile.hpp"

// The attempt as integer arithmetic: the cycle 'interval + checkpoint' divides the position, the
// remainder says where in the cycle it lies (see profile.hpp for the picture).

#include <algorithm>

namespace ampacity {

double PowerProfile::mean_level() const {
  if (iteration_time.ns == 0) return high_level;
  const double duty = static_cast<double>(high_time.ns) / static_cast<double>(iteration_time.ns);
  return low_level + (high_level - low_level) * duty;
}

std::string_view profile_fault(const PowerProfile& profile) {
  for (double level : {profile.idle_level, profile.startup_level, profile.checkpoint_level,
                       profile.high_level, profile.low_level}) {
    if (!(level >= 0.0 && level <= 1.0)) return "a level is a fraction of peak power, 0 to 1";
  }
  if (profile.idle_level >= 1.0) return "the idle level is below 1";
  const Duration zero;
  if (profile.startup_time < zero || profile.iteration_time < zero || profile.high_time < zero ||
      profile.checkpoint_interval < zero || profile.checkpoint_time < zero) {
    return "times are not negative";
  }
  if (profile.high_time > profile.iteration_time) return "the high part is within the iteration";
  if (profile.checkpoint_interval > zero && profile.checkpoint_time == zero) {
    return "a checkpoint takes time";
  }
  return {};
}

ProfileTimeline::ProfileTimeline(const PowerProfile& profile, Duration work)
    : profile_(profile), work_(work) {
  AMPACITY_ASSERT(profile_fault(profile).empty(), "the power profile is sound");
  AMPACITY_ASSERT(work.ns >= 0, "the work of an attempt is not negative");
  if (profile.checkpoint_interval.ns > 0 && work.ns > 0) {
    checkpoints_ = (work.ns - 1) / profile.checkpoint_interval.ns;
  }
  length_ = profile.startup_time + work + checkpoints_ * profile.checkpoint_time;
}

ProfileTimeline::Place ProfileTimeline::locate(Duration position) const {
  AMPACITY_ASSERT(position.ns >= 0, "a position on a profile is not negative");
  if (position >= length_) return {ProfilePhase::ended, length_, length_, checkpoints_};
  const Duration begin = profile_.startup_time;
  if (position < begin) return {ProfilePhase::startup, Duration{}, begin, 0};
  if (checkpoints_ == 0) return {ProfilePhase::compute, begin, length_, 0};

  const Duration cycle = profile_.checkpoint_interval + profile_.checkpoint_time;
  const std::int64_t done = std::min((position - begin) / cycle, checkpoints_);
  const Duration cycle_begin = begin + done * cycle;
  if (done == checkpoints_) return {ProfilePhase::compute, cycle_begin, length_, done};
  const Duration compute_end = cycle_begin + profile_.checkpoint_interval;
  if (position < compute_end) return {ProfilePhase::compute, cycle_begin, compute_end, done};
  return {ProfilePhase::checkpoint, compute_end, cycle_begin + cycle, done};
}

double ProfileTimeline::fraction(Duration position, Resolution resolution) const {
  const Place place = locate(position);
  switch (place.phase) {
    case ProfilePhase::startup:
      return profile_.startup_level;
    case ProfilePhase::checkpoint:
      return profile_.checkpoint_level;
    case ProfilePhase::ended:
      return profile_.idle_level;
    case ProfilePhase::compute:
      break;
  }
  if (resolution == Resolution::average || profile_.iteration_time.ns == 0) {
    return profile_.mean_level();
  }
  const Duration within = (position - place.begin) % profile_.iteration_time;
  return within < profile_.high_time ? profile_.high_level : profile_.low_level;
}

Duration ProfileTimeline::next_change(Duration position, Resolution resolution) const {
  const Place place = locate(position);
  if (place.phase != ProfilePhase::compute || resolution == Resolution::average ||
      profile_.iteration_time.ns == 0) {
    return place.end;
  }
  const Duration within = (position - place.begin) % profile_.iteration_time;
  const Duration edge = within < profile_.high_time ? profile_.high_time : profile_.iteration_time;
  return std::min(place.end, position - within + edge);
}

Duration ProfileTimeline::work_done(Duration position) const {
  const Place place = locate(position);
  switch (place.phase) {
    case ProfilePhase::startup:
      return {};
    case ProfilePhase::checkpoint:
      return (place.checkpoints + 1) * profile_.checkpoint_interval;
    case ProfilePhase::ended:
      return work_;
    case ProfilePhase::compute:
      break;
  }
  return place.checkpoints * profile_.checkpoint_interval + (position - place.begin);
}

Duration ProfileTimeline::work_saved(Duration position) const {
  const Place place = locate(position);
  if (place.phase == ProfilePhase::ended) return work_;
  return place.checkpoints * profile_.checkpoint_interval;
}

}  // namespace ampacity
