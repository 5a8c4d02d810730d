// SPDX-License-Identifier: Apache-2.0

// Shared parts of the readers; what they decide and why is in the header.

#include "twin/inputs/reading.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <utility>

namespace ampacity {
namespace {

constexpr std::size_t most_findings = 20;
constexpr std::size_t most_gap_notices = 8;
constexpr std::size_t most_filled_rows = 10'000'000;

// Letters and digits in lower case: 'Tdb (C)' and 'tdb_c' mean the same.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 80)) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
  }
  return out;
}

// Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({replaced, last[j] + 1, now[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string time_range(Time from, Time to) {
  return "between " + format_time(from) + " and " + format_time(to);
}

// One notice per gap, but not hundreds.
class GapNotices {
 public:
  GapNotices(std::string file, std::string thing, std::vector<Notice>& notices)
      : file_(std::move(file)), thing_(std::move(thing)), notices_(&notices) {}

  void add(int line, std::size_t missing, const std::string& where, const std::string& how) {
    ++gaps_;
    if (gaps_ > most_gap_notices) {
      unlisted_ += missing;
      return;
    }
    notices_->push_back(
        {{file_, line, 0}, counted(missing, thing_) + " missing " + where + ", " + how});
  }
  void finish() const {
    if (gaps_ <= most_gap_notices) return;
    notices_->push_back({{file_, 0, 0},
                         counted(unlisted_, thing_) + " missing in " +
                             counted(gaps_ - most_gap_notices, "further gap") +
                             ", filled likewise"});
  }

 private:
  std::string file_;
  std::string thing_;
  std::vector<Notice>* notices_;
  std::size_t gaps_ = 0;
  std::size_t unlisted_ = 0;
};

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  const std::string asked = folded(name);
  std::string best;
  std::size_t best_distance = asked.size() / 3 + 1;  // one in three letters may be wrong
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(asked, folded(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string nearest_name_hint(std::string_view name, const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(name, known);
  if (!nearest.empty()) return "did you mean '" + nearest + "'?";
  std::string out = "known:";
  std::size_t listed = 0;
  for (const std::string& candidate : known) {
    if (listed == 24) return out + ", ...";
    out += (listed++ == 0 ? " " : ", ") + candidate;
  }
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "'";
  for (const char c : text.substr(0, longest)) {
    const auto u = static_cast<unsigned char>(c);
    out += u < 0x20 || u == 0x7F ? '?' : c;
  }
  return out + (text.size() > longest ? "...'" : "'");
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

void FindingList::add(Place place, std::string message) {
  findings_.push_back({std::move(place), "", std::move(message)});
  if (findings_.size() >= most_findings) throw_if_any();
}

void FindingList::throw_if_any() const {
  if (!findings_.empty()) throw ConfigurationError(findings_);
}

Result<Time> read_stamp(std::string_view text, const TimeZone& zone) {
  if (text.size() > 64) return Failure{quoted(text) + " is not a time stamp"};
  const Result<Time> read = parse_time(text, zone);
  if (!read) return Failure{read.error()};
  if (read.value() < earliest_input_time || read.value() > latest_input_time) {
    return Failure{quoted(text) + " lies outside of the years 1950 to 2150 (correct the date)"};
  }
  return read.value();
}

void check_rising(const Course& course) {
  FindingList findings;
  for (std::size_t i = 1; i < course.times.size(); ++i) {
    if (course.times[i - 1] < course.times[i]) continue;
    const bool repeated = course.times[i - 1] == course.times[i];
    findings.add({course.file, course.lines[i], 1},
                 "the time stamp " + format_time(course.times[i]) +
                     (repeated ? " repeats" : " is earlier than") + " that of line " +
                     std::to_string(course.lines[i - 1]) +
                     " (sort the rows and keep one per instant; local times with daylight saving "
                     "need their offset from UTC)");
  }
  findings.throw_if_any();
}

Duration usual_interval(const std::vector<Time>& times) {
  if (times.size() < 2) return {};
  std::map<std::int64_t, std::size_t> counts;
  for (std::size_t i = 1; i < times.size(); ++i) ++counts[(times[i] - times[i - 1]).ns];
  std::int64_t usual_ns = 0;
  std::size_t most = 0;
  for (const auto& [length_ns, count] : counts) {
    if (count > most) {
      most = count;
      usual_ns = length_ns;
    }
  }
  std::size_t near = 0;
  for (const auto& [length_ns, count] : counts) {
    if (std::abs(length_ns - usual_ns) * 10 <= usual_ns) near += count;
  }
  if (2 * near < times.size() - 1) return {};
  return {usual_ns};
}

void fill_missing_rows(Course& course, Duration interval, GapPolicy policy,
                       std::vector<Notice>& notices) {
  if (interval <= Duration{} || course.times.empty()) return;
  const std::size_t width = course.columns.size();
  Course out{course.file, course.columns, {}, {}, {}};
  out.times.reserve(course.times.size());
  out.lines.reserve(course.times.size());
  out.rows.reserve(course.rows.size());
  GapNotices gap_notices(course.file, "row", notices);
  FindingList findings;
  for (std::size_t i = 0; i < course.times.size(); ++i) {
    if (i > 0) {
      const Time left = course.times[i - 1];
      const Duration step = course.times[i] - left;
      const std::int64_t intervals = (step + interval / 2) / interval;
      const std::int64_t missing = intervals - 1;
      if (missing > policy.longest_filled) {
        findings.add(
            {course.file, course.lines[i], 1},
            counted(static_cast<std::size_t>(missing), "row") + " missing " +
                time_range(left, course.times[i]) + " (complete the file" +
                (policy.longest_filled > 0 ? "; at most " + std::to_string(policy.longest_filled) +
                                                 " in a row are filled)"
                                           : ")"));
      } else if (missing > 0 && out.times.size() < most_filled_rows) {
        for (std::int64_t k = 1; k <= missing; ++k) {
          out.times.push_back(left + Duration{step.ns / intervals} * k);
          out.lines.push_back(0);
          const double share = static_cast<double>(k) / static_cast<double>(intervals);
          for (std::size_t c = 0; c < width; ++c) {
            const double from = course.at(i - 1, c);
            out.rows.push_back(from + (course.at(i, c) - from) * share);
          }
        }
        gap_notices.add(course.lines[i], static_cast<std::size_t>(missing),
                        time_range(left, course.times[i]), "filled linearly");
      }
    }
    out.times.push_back(course.times[i]);
    out.lines.push_back(course.lines[i]);
    for (std::size_t c = 0; c < width; ++c) out.rows.push_back(course.at(i, c));
  }
  findings.throw_if_any();
  gap_notices.finish();
  course = std::move(out);
}

std::size_t longest_missing_run(const Course& course, std::size_t column) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < course.times.size(); ++i) {
    run = std::isnan(course.at(i, column)) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool fill_missing_cells(Course& course, std::size_t column, GapPolicy policy,
                        std::vector<Notice>& notices) {
  const std::size_t rows = course.times.size();
  const std::string& name = course.columns[column].name;
  GapNotices gap_notices(course.file, "value", notices);
  FindingList findings;
  for (std::size_t first = 0; first < rows; ++first) {
    if (!std::isnan(course.at(first, column))) continue;
    std::size_t after = first;
    while (after < rows && std::isnan(course.at(after, column))) ++after;
    if (first == 0 && after == rows) return false;
    const std::size_t missing = after - first;
    if (missing > static_cast<std::size_t>(std::max(policy.longest_filled, 0))) {
      findings.add({course.file, course.lines[first], 0},
                   counted(missing, "value") + " of " + name + " missing from " +
                       format_time(course.times[first]) + " on (complete the file; at most " +
                       std::to_string(policy.longest_filled) + " in a row are filled)");
      first = after;
      continue;
    }
    const bool inside = first > 0 && after < rows;
    const double left = course.at(first > 0 ? first - 1 : after, column);
    const double right = course.at(after < rows ? after : first - 1, column);
    for (std::size_t i = first; i < after; ++i) {
      const double share = inside ? to_seconds(course.times[i] - course.times[first - 1]) /
                                        to_seconds(course.times[after] - course.times[first - 1])
                                  : 0.0;
      course.at(i, column) = left + (right - left) * share;
    }
    gap_notices.add(course.lines[first], missing,
                    "of " + name + " from " + format_time(course.times[first]) + " on",
                    inside ? "filled linearly" : "filled with the nearest value");
    first = after;
  }
  findings.throw_if_any();
  gap_notices.finish();
  return true;
}

Series to_series(Course course, Interpolation interpolation, Duration tail) {
  return Series(std::move(course.file), interpolation, std::move(course.columns),
                std::move(course.times), std::move(course.rows), tail);
}

}  // namespace ampacity
