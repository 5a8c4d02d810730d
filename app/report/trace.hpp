// SPDX-License-Identifier: Apache-2.0
#pragma once

// A day on a thousand pixels.
//
// A day at one second has 86,400 samples and a chart some 800 columns of pixels. Taking every
// hundredth sample would lose exactly what a chart is looked at for: the dip of 150 ms, the one hot
// minute. So a trace keeps, for each column of pixels, the least, the mean and the greatest of its
// samples and which of the extremes came first. The line drawn through them looks like the line
// through all samples, and stacked means keep the energy under the curve.
//
// Samples that are missing (fill values, NaN) leave a gap; a column without any sample is NaN.

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace ampacity::report {

inline constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

// Columns of equal width over the recorded time.
struct Columns {
  double start_s = 0.0;  // seconds since the start of the results
  double end_s = 1.0;
  std::size_t count = 1;

  double width_s() const { return (end_s - start_s) / static_cast<double>(count); }
  double centre_s(std::size_t i) const {
    return start_s + (static_cast<double>(i) + 0.5) * width_s();
  }
  // Column that holds an instant; instants outside go to the first or last.
  std::size_t at(double t_s) const {
    const double place = (t_s - start_s) / width_s();
    if (!(place > 0.0)) return 0;
    return place >= static_cast<double>(count) ? count - 1 : static_cast<std::size_t>(place);
  }
};

struct Trace {
  std::vector<float> mean;
  std::vector<float> low;
  std::vector<float> high;
  std::vector<std::uint8_t> low_first;  // 1: the least sample came before the greatest
};

// Reduces samples to columns. `columns_of` holds the column of each sample, in rising order.
inline Trace reduce(std::span<const double> values, std::span<const std::uint32_t> columns_of,
                    std::size_t count) {
  Trace out{std::vector<float>(count, no_value), std::vector<float>(count, no_value),
            std::vector<float>(count, no_value), std::vector<std::uint8_t>(count, 1)};
  std::vector<double> sum(count, 0.0);
  std::vector<std::uint32_t> samples(count, 0);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double value = values[k];
    if (std::isnan(value)) continue;
    const std::size_t c = columns_of[k];
    const auto shown = static_cast<float>(value);
    if (samples[c] == 0 || shown < out.low[c]) {
      out.low[c] = shown;
      out.low_first[c] = samples[c] == 0 ? 1 : 0;
    }
    if (samples[c] == 0 || shown > out.high[c]) {
      out.high[c] = shown;
      if (samples[c] > 0) out.low_first[c] = 1;
    }
    sum[c] += value;
    ++samples[c];
  }
  for (std::size_t c = 0; c < count; ++c) {
    if (samples[c] > 0) out.mean[c] = static_cast<float>(sum[c] / samples[c]);
  }
  return out;
}

// Least and greatest of a row, gaps left out; NaN where there is nothing.
inline float least(std::span<const float> values) {
  float out = no_value;
  for (const float v : values) {
    if (!std::isnan(v) && !(v >= out)) out = v;
  }
  return out;
}
inline float greatest(std::span<const float> values) {
  float out = no_value;
  for (const float v : values) {
    if (!std::isnan(v) && !(v <= out)) out = v;
  }
  return out;
}

}  // namespace ampacity::report
