// SPDX-License-Identifier: Apache-2.0
#pragma once

// Weather and sun over a run, minute by minute.
//
//   design day   dry and wet bulb swing as a cosine of the hour h of local standard time,
//                T = T_max - range (1 - s),  s = (1 + cos(2 pi (h - hottest_hour)/24))/2;
//                irradiance is the clear sky of the date and place (clear_sky.hpp), pressure the
//                standard atmosphere at the site's altitude. An assumption, except for the extremes
//                that the site file sources.
//   file         EPW or CSV (twin/inputs/weather.hpp). What it lacks follows from what it has: wet
//                bulb from dew point or relative humidity (psychrometrics.hpp); diffuse irradiance
//                from global and direct, G = D + B cos z, or both from global alone by Erbs' split.
//   trace        a wet bulb measured with the work (work_setup.hpp) replaces the one above, unless
//                the command line names a weather file. The dry bulb of a design day then keeps its
//                distance from it.
//   sun          extraterrestrial irradiance, zenith and azimuth (sun.hpp); the azimuth is unwound,
//                so that a polyline may pass north.
//
// Weather files count in standard time: the zone's offset in January (north) or July (south),
// whichever is less.

#include <optional>

#include "twin/inputs/trace.hpp"
#include "twin/sim/run_context.hpp"

namespace ampacity {

// Throws ConfigurationError where a file is bad or does not cover the run.
void set_weather(RunContext& run, const std::optional<UnitTrace>& trace);

void set_sun(RunContext& run);

}  // namespace ampacity
