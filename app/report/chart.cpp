// SPDX-License-Identifier: Apache-2.0
#include "app/report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/report/text.hpp"

namespace ampacity::report {

namespace {

constexpr double margin_top = 16.0;
constexpr double margin_bottom = 20.0;

// Vertical axis: from value to view box.
struct Scale {
  double low = 0.0;
  double high = 1.0;
  double top = margin_top;
  double height = 150.0;

  double y(double value) const { return top + height * (high - value) / (high - low); }
  double bottom() const { return top + height; }
};

long tenths(double value) { return std::lround(value * 10.0); }

// A path in whole tenths of a pixel, relative to the last point.
class Path {
 public:
  void move(double x, double y) { go('M', x, y); }
  void line(double x, double y) { go('l', x, y); }
  void close() { text_ += 'z'; }
  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  void go(char command, double x, double y) {
    const long next_x = tenths(x);
    const long next_y = tenths(y);
    if (command == 'M') {
      text_ += 'M' + std::to_string(next_x) + ' ' + std::to_string(next_y);
    } else {
      const long rise = next_y - y_;
      if (next_x == x_ && rise == 0) return;
      if (last_ != 'l') text_ += 'l';
      if (last_ == 'l' && next_x >= x_) text_ += ' ';
      text_ += std::to_string(next_x - x_);
      if (rise >= 0) text_ += ' ';
      text_ += std::to_string(rise);
    }
    last_ = command;
    x_ = next_x;
    y_ = next_y;
  }
  std::string text_;
  char last_ = ' ';
  long x_ = 0;
  long y_ = 0;
};

std::string at(double value) { return significant(std::round(value * 10.0) / 10.0, 5); }

std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// A line through all columns: vertical where a column holds a swing, broken where it holds nothing.
std::string line_path(const Line& line, const Frame& frame, const Scale& scale) {
  Path path;
  bool open = false;
  const Trace& trace = line.trace;
  const bool has_range = trace.low.size() == trace.mean.size();
  double last_y = 0.0;
  for (std::size_t c = 0; c < trace.mean.size(); ++c) {
    if (std::isnan(trace.mean[c])) {
      open = false;
      continue;
    }
    const double x = frame.x_of(frame.columns.centre_s(c));
    double first = scale.y(trace.mean[c]);
    double second = first;
    if (has_range && std::abs(scale.y(trace.low[c]) - scale.y(trace.high[c])) > 0.8) {
      first = scale.y(trace.low_first[c] == 1 ? trace.low[c] : trace.high[c]);
      second = scale.y(trace.low_first[c] == 1 ? trace.high[c] : trace.low[c]);
    }
    if (!open) {
      path.move(x, first);
    } else {
      if (line.stepped) path.line(x, last_y);
      path.line(x, first);
    }
    path.line(x, second);
    last_y = second;
    open = true;
  }
  return path.text();
}

std::string area_path(const std::vector<float>& upper, const std::vector<float>& lower,
                      const Frame& frame, const Scale& scale) {
  Path path;
  const auto x_of = [&](std::size_t c) { return frame.x_of(frame.columns.centre_s(c)); };
  const auto whole = [](float v) { return std::isnan(v) ? 0.0 : static_cast<double>(v); };
  const std::size_t n = upper.size();
  for (std::size_t c = 0; c < n; ++c) {
    const double y = scale.y(whole(upper[c]));
    if (c == 0) path.move(plot_left, y);
    path.line(x_of(c), y);
    if (c + 1 == n) path.line(plot_right, y);
  }
  for (std::size_t c = n; c-- > 0;) {
    const double y = scale.y(whole(lower[c]));
    if (c + 1 == n) path.line(plot_right, y);
    path.line(x_of(c), y);
    if (c == 0) path.line(plot_left, y);
  }
  path.close();
  return path.text();
}

// Running sums of the layers: one pair of borders per layer, positive and negative parts apart.
struct Stacked {
  std::vector<float> lower;
  std::vector<float> upper;
  std::vector<float> lower_negative;
  std::vector<float> upper_negative;
  bool has_negative = false;
};

std::vector<Stacked> stack(const std::vector<Layer>& layers) {
  std::vector<Stacked> out;
  if (layers.empty()) return out;
  const std::size_t n = layers.front().value.size();
  std::vector<float> above(n, 0.0F);
  std::vector<float> below(n, 0.0F);
  for (const Layer& layer : layers) {
    Stacked next{above, {}, below, {}, false};
    for (std::size_t c = 0; c < n; ++c) {
      const float v = std::isnan(layer.value[c]) ? 0.0F : layer.value[c];
      (v < 0.0F ? below : above)[c] += v;
      next.has_negative = next.has_negative || v < 0.0F;
    }
    next.upper = above;
    next.upper_negative = below;
    out.push_back(std::move(next));
  }
  return out;
}

Scale scale_of(const Chart& chart, const std::vector<Stacked>& stacks) {
  float low = chart.from_zero ? 0.0F : no_value;
  float high = chart.from_zero ? 0.0F : no_value;
  const auto take = [&](std::span<const float> values) {
    const float l = least(values);
    const float h = greatest(values);
    if (!std::isnan(l) && !(l >= low)) low = l;
    if (!std::isnan(h) && !(h <= high)) high = h;
  };
  if (!stacks.empty()) {
    take(stacks.back().upper);
    take(stacks.back().upper_negative);
  }
  if (chart.range) {
    take(chart.range->low);
    take(chart.range->high);
  }
  for (const Line& line : chart.lines) {
    take(line.trace.mean);
    take(line.trace.low);
    take(line.trace.high);
  }
  for (const Level& level : chart.levels) {
    const auto value = static_cast<float>(level.value);
    take(std::span(&value, 1));
  }
  if (chart.top && !(high >= *chart.top)) high = static_cast<float>(*chart.top);
  if (std::isnan(low)) low = high = 0.0F;
  Scale scale;
  scale.height = chart.height;
  double span = static_cast<double>(high) - static_cast<double>(low);
  if (span <= 0.0) span = std::max(1.0, std::abs(static_cast<double>(high)) * 0.02);
  scale.high = high + 0.06 * span;
  scale.low = chart.from_zero && low >= 0.0F ? 0.0 : low - 0.06 * span;
  return scale;
}

std::string grid(const Chart& chart, const Frame& frame, const Scale& scale) {
  std::string out;
  const std::vector<double> ticks = round_ticks(scale.low, scale.high);
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
  int decimals = 0;
  while (decimals < 6 && std::abs(step * std::pow(10.0, decimals) -
                                  std::round(step * std::pow(10.0, decimals))) > 1e-6) {
    ++decimals;
  }
  for (const double value : ticks) {
    const std::string y = coordinate(scale.y(value));
    out += "<line class=\"" + std::string(std::abs(value) < 1e-9 * step ? "zero" : "grid") +
           "\" x1=\"" + at(plot_left) + "\" x2=\"" + at(plot_right) + "\" y1=\"" + y + "\" y2=\"" +
           y + "\"/><text class=\"tick\" x=\"" + at(plot_left - 7) + "\" y=\"" +
           coordinate(scale.y(value) + 3.6) + "\" text-anchor=\"end\">" + number(value, decimals) +
           "</text>";
  }
  for (const TimeTick& tick : frame.ticks) {
    const std::string x = coordinate(tick.x);
    out += "<line class=\"tick\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" +
           coordinate(scale.bottom()) + "\" y2=\"" + coordinate(scale.bottom() + 4) +
           "\"/><text class=\"tick\" x=\"" + x + "\" y=\"" + coordinate(scale.bottom() + 15) +
           "\" text-anchor=\"middle\">" + tick.label + "</text>";
  }
  out += "<text class=\"unit\" x=\"" + at(plot_left - 7) + "\" y=\"9\" text-anchor=\"end\">" +
         escape(chart.unit) + "</text>";
  return out;
}

// Events go over the drawing, so that a stack does not hide them.
std::string marks(const Frame& frame, const Scale& scale) {
  std::string out;
  for (const EventMark& mark : frame.marks) {
    const std::string x = coordinate(mark.x);
    out += "<line class=\"mark " + std::string(mark.tone) + "\" x1=\"" + x + "\" x2=\"" + x +
           "\" y1=\"" + coordinate(scale.top) + "\" y2=\"" + coordinate(scale.bottom()) + "\"/>";
  }
  return out;
}

// Limits carry their name at the line; what control aims at is named in the legend.
std::string levels(const Chart& chart, const Scale& scale) {
  std::string out;
  for (const Level& level : chart.levels) {
    const std::string y = coordinate(scale.y(level.value));
    out += std::string("<line class=\"level ") + (level.is_limit ? "limit" : "aim") + "\" x1=\"" +
           at(plot_left) + "\" x2=\"" + at(plot_right) + "\" y1=\"" + y + "\" y2=\"" + y + "\"/>";
    if (!level.is_limit) continue;
    out += "<text class=\"level limit\" x=\"" + at(plot_right - 4) + "\" y=\"" +
           coordinate(scale.y(level.value) - 4) + "\" text-anchor=\"end\">" + escape(level.label) +
           "</text>";
  }
  return out;
}

// The lowest limit of a chart: what lies above it is drawn in the alarm colour.
std::optional<double> alarm_level(const Chart& chart) {
  std::optional<double> out;
  for (const Level& level : chart.levels) {
    if (level.is_limit && (!out || level.value < *out)) out = level.value;
  }
  return out;
}

std::string drawn_path(const std::string& classes, const std::string& path,
                       const std::string& more = "") {
  return "<path class=\"" + classes + "\" d=\"" + path + "\"" + more + "/>";
}

std::string plot(const Chart& chart, const Frame& frame, const Scale& scale,
                 const std::vector<Stacked>& stacks) {
  std::string out;
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    const std::string tone = "area " + chart.layers[i].tone;
    out += drawn_path(tone, area_path(stacks[i].upper, stacks[i].lower, frame, scale));
    if (stacks[i].has_negative) {
      out += drawn_path(
          tone, area_path(stacks[i].lower_negative, stacks[i].upper_negative, frame, scale));
    }
  }
  if (chart.range) {
    out += drawn_path("range", area_path(chart.range->high, chart.range->low, frame, scale));
  }
  const std::optional<double> alarm = alarm_level(chart);
  for (const Line& line : chart.lines) {
    const std::string path = line_path(line, frame, scale);
    out += drawn_path("line " + line.tone, path);
    const float most = greatest(line.trace.high.empty() ? line.trace.mean : line.trace.high);
    if (alarm && most > *alarm) {
      out += drawn_path("line over", path, " clip-path=\"url(#" + chart.id + "-over)\"");
    }
  }
  return "<g transform=\"scale(.1)\">" + out + "</g>";
}

std::string clip(const Chart& chart, const Scale& scale) {
  const std::optional<double> alarm = alarm_level(chart);
  if (!alarm) return {};
  const double bottom = std::clamp(scale.y(*alarm), scale.top, scale.bottom());
  return "<clipPath id=\"" + chart.id + "-over\"><rect x=\"0\" y=\"0\" width=\"" +
         std::to_string(tenths(chart_width)) + "\" height=\"" + std::to_string(tenths(bottom)) +
         "\"/></clipPath>";
}

double mean_of(const std::vector<float>& values) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const float v : values) {
    if (std::isnan(v)) continue;
    sum += v;
    ++count;
  }
  return count == 0 ? no_value : sum / static_cast<double>(count);
}

// Word and value: "max", "66.6 degC".
std::pair<std::string, std::string> summary_of(const Chart& chart, const Trace& trace) {
  const auto shown = [&](const char* word, double value) {
    return std::pair<std::string, std::string>(
        word, number(value, chart.decimals) + " " + escape(chart.unit));
  };
  switch (chart.summary) {
    case Summary::mean:
      return shown("mean", mean_of(trace.mean));
    case Summary::highest:
      return shown("max", greatest(trace.high.empty() ? trace.mean : trace.high));
    case Summary::lowest:
      return shown("min", least(trace.low.empty() ? trace.mean : trace.low));
    case Summary::none:
      break;
  }
  return {};
}

// Values for the script: one row per legend entry, in the order of the legend.
void add_values(const std::vector<float>& values, int decimals, std::string& data) {
  data += data.back() == '[' ? "[" : ",[";
  for (std::size_t c = 0; c < values.size(); ++c) {
    if (c > 0) data += ',';
    if (std::isnan(values[c])) {
      data += "null";
      continue;
    }
    char text[48];
    std::snprintf(text, sizeof text, "%.*f", decimals, static_cast<double>(values[c]));
    data += text;
  }
  data += ']';
}

std::string legend(const Chart& chart, std::string& data) {
  std::string out = "<ul class=\"legend\">";
  const auto entry = [&](const std::string& key, const std::string& label, const Trace& trace) {
    const auto [word, value] = summary_of(chart, trace);
    out += "<li><i class=\"" + key + "\"></i>" + escape(label) + " <em>" + word +
           "</em> <b data-unit=\"" + escape(chart.unit) + "\" data-decimals=\"" +
           std::to_string(chart.decimals) + "\">" + value + "</b></li>";
    add_values(trace.mean, chart.decimals, data);
  };
  for (const Layer& layer : chart.layers) {
    entry("box " + layer.tone, layer.label, {layer.value, {}, {}, {}});
  }
  for (const Line& line : chart.lines) entry("dash " + line.tone, line.label, line.trace);
  for (const Level& level : chart.levels) {
    if (!level.is_limit) out += "<li><i class=\"dash aim\"></i>" + escape(level.label) + "</li>";
  }
  if (chart.range) out += "<li><i class=\"box range\"></i>" + escape(chart.range->label) + "</li>";
  return out + "</ul>";
}

}  // namespace

std::vector<double> round_ticks(double low, double high) {
  std::vector<double> out;
  const double span = high - low;
  if (!(span > 0.0) || !std::isfinite(span)) return out;
  const double power = std::pow(10.0, std::floor(std::log10(span / 4.0)));
  double step = power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    step = factor * power;
    if (span / step <= 5.5) break;
  }
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * span; k += 1.0) {
    out.push_back(k * step);
  }
  return out;
}

std::string draw(const Chart& chart, const Frame& frame, std::string& data) {
  if (data.size() > 1) data += ',';
  data += "\"" + chart.id + "\":[";
  const std::vector<Stacked> stacks = stack(chart.layers);
  const Scale scale = scale_of(chart, stacks);
  std::string out = "<figure class=\"chart\" id=\"" + chart.id + "\"><figcaption><h3>" +
                    escape(chart.title) + "</h3>";
  if (!chart.note.empty()) out += "<p>" + escape(chart.note) + "</p>";
  out += "</figcaption>" + legend(chart, data);
  data += ']';
  const double height = scale.bottom() + margin_bottom;
  out += "<svg class=\"plot\" viewBox=\"0 0 " + at(chart_width) + " " + at(height) +
         "\" role=\"img\" aria-label=\"" + escape(chart.title) + "\">" + clip(chart, scale) +
         grid(chart, frame, scale) + plot(chart, frame, scale, stacks) + marks(frame, scale) +
         levels(chart, scale) + "<line class=\"cursor\" y1=\"" + at(scale.top) + "\" y2=\"" +
         at(scale.bottom()) + "\"/></svg></figure>\n";
  return out;
}

}  // namespace ampacity::report
