// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the racks are asked for over a run: the direct-current demand of each.
//
//   trace        heat or power per island (CDU) or per rack, linear between samples; an island's
//                power is spread evenly over its racks. Heat becomes power through the racks'
//                capture fraction, P = heat/capture; the alternating-current power becomes the
//                demand through the inverse of their electric chain (power_chain.hpp). Air-cooled
//                racks beside a trace per island draw the constant share. The file may bring the
//                wet bulb that was measured with it (weather_setup.hpp).
//   generator    jobs by published statistics, through the job manager; those of the eight days
//                before the start are laid too, so that a run begins with a filled site
//   jobs         a job log, through the job manager
//   constant     idle + utilisation (full - idle) for each rack
//
// Traces and logs of the command line come before the site's own source.

#include <optional>

#include "twin/inputs/trace.hpp"
#include "twin/sim/run_context.hpp"

namespace ampacity {

// The trace that the work follows; empty where it follows none. Throws ConfigurationError where the
// file is bad or does not cover the run.
std::optional<UnitTrace> read_work_trace(RunContext& run);

// Throws ConfigurationError where a job log is bad or the trace's columns do not fit the site.
void set_work(RunContext& run, const std::optional<UnitTrace>& trace);

}  // namespace ampacity
