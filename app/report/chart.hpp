// SPDX-License-Identifier: Apache-2.0
#pragma once

// Charts over the time of a run, as inline SVG.
//
// All charts of a report share one horizontal axis, pixel for pixel, so that the eye can go down
// the page from an event to the power and to the temperature. They are drawn when the page is
// written: without a script, in print and in a mail they look the same. What the script adds is a
// cursor through all charts and values in the legends (script.hpp); it reads the same columns.
//
// Colours are CSS classes ("tone"), so that a light and a dark page need only one drawing. Grey is
// the normal state; red appears only where a limit is crossed: the part of a line above a limit is
// drawn again in the alarm colour through a clip path.
//
// Paths are written as whole tenths of a pixel, relative to the last point: a line of 800 columns
// takes some 5 kB.

#include <optional>
#include <string>
#include <vector>

#include "app/report/trace.hpp"

namespace ampacity::report {

// Geometry that all charts share, in units of the SVG's view box.
inline constexpr double chart_width = 1000.0;
inline constexpr double plot_left = 54.0;
inline constexpr double plot_right = 990.0;

// A line. `low` and `high` may be empty: then the line follows `mean` alone.
struct Line {
  std::string label;
  std::string tone;
  Trace trace;
  bool stepped = false;
};

// A layer of a stack, from zero upwards where positive and downwards where negative.
struct Layer {
  std::string label;
  std::string tone;
  std::vector<float> value;
};

// A shaded range, for "all racks".
struct Range {
  std::string label;
  std::vector<float> low;
  std::vector<float> high;
};

// A level that should not be crossed (`is_limit`), or one that control aims at.
struct Level {
  std::string label;
  double value = 0.0;
  bool is_limit = true;
};

// What a legend shows of a series while nothing is pointed at.
enum class Summary { mean, highest, lowest, none };

struct Chart {
  std::string id;  // unique in the page, lower case and dashes
  std::string title;
  std::string note;  // one line on how to read it; may be empty
  std::string unit;
  int decimals = 1;
  double height = 150.0;  // of the plot
  bool from_zero = false;
  std::optional<double> top;  // at least this much is shown
  Summary summary = Summary::mean;
  std::vector<Layer> layers;
  std::optional<Range> range;
  std::vector<Line> lines;
  std::vector<Level> levels;

  bool empty() const { return layers.empty() && lines.empty(); }
};

// A tick of the common axis, and an event that is marked in all charts.
struct TimeTick {
  double x = 0.0;
  std::string label;
};
struct EventMark {
  double x = 0.0;
  const char* tone = "limit";
};

// What all charts have in common.
struct Frame {
  Columns columns;
  std::vector<TimeTick> ticks;
  std::vector<EventMark> marks;

  double x_of(double t_s) const {
    return plot_left +
           (plot_right - plot_left) * (t_s - columns.start_s) / (columns.end_s - columns.start_s);
  }
};

// The figure: caption, legend, drawing. Its values go to `data` as a member "id": [[...], ...] of a
// JSON object for the script.
std::string draw(const Chart& chart, const Frame& frame, std::string& data);

// Round numbers for an axis between two values: 4 to 6 of them.
std::vector<double> round_ticks(double low, double high);

}  // namespace ampacity::report
