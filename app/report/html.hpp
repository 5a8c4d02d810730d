// SPDX-License-Identifier: Apache-2.0
#pragma once

// report.html: a run on one page, for a person who would rather look at it than at numbers.
//
// The page is one file without references to others: style, script and drawings are inside, so that
// it can be mailed, archived and opened in ten years. Size is kept below 2 MB by drawing one point
// (or one swing) per column of pixels.

#include <filesystem>

namespace ampacity {

// Reads manifest.json, kpi.json, events.csv and results.nc of a run directory and writes
// report.html next to them. What a run does not have, the page leaves out and says so. Throws
// ConfigurationError when there is no manifest, std::runtime_error when the page cannot be written.
void write_report(const std::filesystem::path& directory);

}  // namespace ampacity
