// SPDX-License-Identifier: Apache-2.0
#include "app/report/axis.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/report/text.hpp"
#include "twin/sim/run_directory.hpp"

namespace ampacity::report {

namespace {

constexpr double mark_distance = 7.0;  // pixels within which events are one mark
constexpr double lane_height = 20.0;
constexpr Duration same_moment = seconds(2.0);

// Tick distances that read well on a clock.
constexpr std::array tick_steps{
    milliseconds(100), milliseconds(500), seconds(1.0), seconds(2.0), seconds(5.0), seconds(10.0),
    seconds(30.0),     minutes(1),        minutes(2),   minutes(5),   minutes(10),  minutes(15),
    minutes(30),       hours(1),          hours(2),     hours(3),     hours(6),     hours(12),
    days(1),           days(2),           days(7),      days(30)};

std::string tick_label(Time at, Duration step, const TimeZone& zone) {
  const LocalTime t = zone.local(at);
  std::array<char, 32> text{};
  if (step >= days(1) || (t.hour == 0 && t.minute == 0 && t.second == 0 && step >= hours(6))) {
    std::snprintf(text.data(), text.size(), "%02d-%02d", t.month, t.day);
  } else if (step < minutes(1)) {
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", t.hour, t.minute, t.second);
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d", t.hour, t.minute);
  }
  return text.data();
}

std::vector<TimeTick> time_ticks(const Frame& frame, Time start, const TimeZone& zone) {
  const double span_s = frame.columns.end_s - frame.columns.start_s;
  Duration step = tick_steps.back();
  for (const Duration candidate : tick_steps) {
    if (span_s / to_seconds(candidate) <= 12.5) {
      step = candidate;
      break;
    }
  }
  std::vector<TimeTick> out;
  const Time first = start + seconds(frame.columns.start_s);
  const Time last = start + seconds(frame.columns.end_s);
  // Round in local time: shift by the offset, round up, shift back.
  const Duration offset = zone.utc_offset(first);
  const Time local{first.ns + offset.ns};
  std::int64_t k = local.ns / step.ns + (local.ns % step.ns > 0 ? 1 : 0);
  for (; Time{k * step.ns - offset.ns} <= last; ++k) {
    const Time at{k * step.ns - offset.ns};
    out.push_back({frame.x_of(to_seconds(at - start)), tick_label(at, step, zone)});
  }
  return out;
}

// Events of one severity that stand together.
struct Cluster {
  double x = 0.0;
  std::vector<const Event*> events;
};

std::vector<Cluster> clusters(const std::vector<Event>& events, Severity severity,
                              const Frame& frame, Time start) {
  std::vector<Cluster> out;
  for (const Event& event : events) {
    if (event.severity != severity || is_about_jobs(event)) continue;
    const double x = std::clamp(frame.x_of(to_seconds(event.at - start)), plot_left, plot_right);
    if (out.empty() || x - out.back().x > mark_distance) out.push_back({x, {}});
    out.back().events.push_back(&event);
  }
  return out;
}

std::string cluster_title(const Cluster& cluster, const TimeZone& zone) {
  constexpr std::size_t most = 8;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, cluster.events.size()); ++i) {
    const Event& event = *cluster.events[i];
    out += local_clock(event.at, zone, false) + "  " + event.path + "  " + event.text + "\n";
  }
  if (cluster.events.size() > most) {
    out += "and " + std::to_string(cluster.events.size() - most) + " more\n";
  }
  return out;
}

std::string coordinate(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

std::string draw_cluster(const Cluster& cluster, const char* tone, double y, const TimeZone& zone) {
  const std::size_t count = cluster.events.size();
  std::string out = "<g class=\"event " + std::string(tone) + "\"><title>" +
                    escape(cluster_title(cluster, zone)) + "</title>";
  if (count == 1) {
    out += "<circle cx=\"" + coordinate(cluster.x) + "\" cy=\"" + coordinate(y) + "\" r=\"4\"/>";
  } else {
    const std::string text = count > 999 ? "999+" : std::to_string(count);
    const double width = 8.0 + 6.0 * static_cast<double>(text.size());
    out += "<rect x=\"" + coordinate(cluster.x - width / 2) + "\" y=\"" + coordinate(y - 7) +
           "\" width=\"" + coordinate(width) + "\" height=\"14\" rx=\"7\"/><text x=\"" +
           coordinate(cluster.x) + "\" y=\"" + coordinate(y + 3.6) + "\" text-anchor=\"middle\">" +
           text + "</text>";
  }
  return out + "</g>";
}

// Information is many and calm: a tick, no number.
std::string draw_tick(const Cluster& cluster, double y, const TimeZone& zone) {
  const std::string x = coordinate(cluster.x);
  return "<line class=\"event\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" + coordinate(y - 5) +
         "\" y2=\"" + coordinate(y + 5) + "\"><title>" + escape(cluster_title(cluster, zone)) +
         "</title></line>";
}

}  // namespace

Frame make_frame(const Columns& columns, Time start, const RunFiles& run) {
  Frame frame;
  frame.columns = columns;
  frame.ticks = time_ticks(frame, start, run.zone);
  for (const Severity severity : {Severity::limit, Severity::trip}) {
    const char* tone = severity == Severity::trip ? "trip" : "limit";
    const auto found = clusters(run.events, severity, frame, start);
    // A line through all charts helps with a few events; with many it is a fence.
    if (found.size() > 40) continue;
    for (const Cluster& cluster : found) frame.marks.push_back({cluster.x, tone});
  }
  return frame;
}

std::vector<std::string> column_labels(const Frame& frame, Time start, const TimeZone& zone) {
  std::vector<std::string> out;
  const double span_s = frame.columns.end_s - frame.columns.start_s;
  for (std::size_t c = 0; c < frame.columns.count; ++c) {
    const Time at = start + seconds(frame.columns.centre_s(c));
    const std::string text = local_clock({at.ns - at.ns % ns_per_second}, zone, span_s > 90'000.0);
    out.push_back(span_s > 7200.0 ? text.substr(0, text.size() - 3) : text);
  }
  return out;
}

std::vector<EventGroup> group_events(const std::vector<Event>& events) {
  constexpr std::size_t look_back = 50;
  std::vector<EventGroup> out;
  for (const Event& event : events) {
    EventGroup* same = nullptr;
    for (std::size_t i = out.size(); i-- > 0 && out.size() - i <= look_back;) {
      if (event.at - out[i].first.at > same_moment) break;
      if (out[i].first.severity == event.severity && out[i].first.text == event.text) {
        same = &out[i];
        break;
      }
    }
    if (same == nullptr) same = &out.emplace_back(EventGroup{event, {}, 0});
    same->paths.push_back(event.path);
    ++same->count;
  }
  return out;
}

std::string draw_timeline(const RunFiles& run, const Frame& frame, Time start) {
  std::string lanes;
  double y = 14.0;
  for (const Severity severity :
       {Severity::trip, Severity::limit, Severity::warning, Severity::information}) {
    const auto found = clusters(run.events, severity, frame, start);
    if (found.empty()) continue;
    const char* name = severity_name(severity);
    const std::string short_name = severity == Severity::information ? "info" : name;
    lanes += "<line class=\"lane\" x1=\"" + coordinate(plot_left) + "\" x2=\"" +
             coordinate(plot_right) + "\" y1=\"" + coordinate(y) + "\" y2=\"" + coordinate(y) +
             "\"/><text class=\"tick\" x=\"" + coordinate(plot_left - 9) + "\" y=\"" +
             coordinate(y + 3.6) + "\" text-anchor=\"end\">" + short_name + "</text>";
    for (const Cluster& cluster : found) {
      lanes += severity == Severity::information ? draw_tick(cluster, y, run.zone)
                                                 : draw_cluster(cluster, name, y, run.zone);
    }
    y += lane_height;
  }
  if (lanes.empty()) return {};
  const double bottom = y - 4.0;
  for (const TimeTick& tick : frame.ticks) {
    lanes += "<line class=\"tick\" x1=\"" + coordinate(tick.x) + "\" x2=\"" + coordinate(tick.x) +
             "\" y1=\"" + coordinate(bottom) + "\" y2=\"" + coordinate(bottom + 4) +
             "\"/><text class=\"tick\" x=\"" + coordinate(tick.x) + "\" y=\"" +
             coordinate(bottom + 15) + "\" text-anchor=\"middle\">" + tick.label + "</text>";
  }
  return "<svg class=\"plot timeline\" viewBox=\"0 0 " + coordinate(chart_width) + " " +
         coordinate(bottom + 20) + "\" role=\"img\" aria-label=\"events\">" + lanes +
         "<line class=\"cursor\" y1=\"4\" y2=\"" + coordinate(bottom) + "\"/></svg>";
}

}  // namespace ampacity::report
