// SPDX-License-Identifier: Apache-2.0

// Shared parts of the readers; what they decide and why is in the header.

#include "twin/inputs/reading.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "twin/core/text.hpp"

namespace ampacity {
namespace {

constexpr std::size_t most_findings = 20;
constexpr std::size_t most_gap_notices = 8;
constexpr std::size_t most_filled_rows = 10'000'000;

std::string between(const Course& course, std::size_t row) {
  return "between " + course.stamp(row - 1) + " and " + course.stamp(row);
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

std::string nearest_or_known(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string hint = nearest_hint(name, names);
  if (!hint.empty()) return hint;
  std::string out = "(known:";
  std::size_t listed = 0;
  for (const std::string& candidate : known) {
    if (listed == 24) return out + ", ...)";
    out += (listed++ == 0 ? " " : ", ") + candidate;
  }
  return out + ")";
}

std::string in_quotes(std::string_view text) {
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

std::string Course::stamp(std::size_t row) const {
  const std::string text = format_time(times[row]);
  return calendar ? text.substr(5, 2) + "-" + text.substr(8, 2) + " " + text.substr(11, 5) : text;
}

std::optional<std::string_view> LineReader::next() {
  if (rest_.empty()) return std::nullopt;
  ++line_;
  const std::size_t end = rest_.find('\n');
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::vector<CsvField> split_line(std::string_view text, char separator, int line) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  const auto ends = [&](char c) { return separator == ' ' ? blank(c) : c == separator; };
  std::vector<CsvField> out;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && blank(text[at])) ++at;
    if (separator == ' ' && at == text.size()) return out;
    const std::size_t start = at;
    while (at < text.size() && !ends(text[at])) ++at;
    std::size_t end = at;
    while (end > start && blank(text[end - 1])) --end;
    out.push_back({text.substr(start, end - start), line, static_cast<int>(start) + 1});
    if (at == text.size()) return out;
    ++at;
  }
}

HeaderName split_header(std::string_view header) {
  const std::size_t open = header.find_last_of("([");
  const std::size_t close = header.find_last_of(")]");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return {std::string(header), ""};
  }
  std::string_view name = header.substr(0, open);
  while (name.ends_with(' ')) name.remove_suffix(1);
  return {std::string(name), std::string(header.substr(open + 1, close - open - 1))};
}

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t find_time_column(const CsvTable& table) {
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const std::string name = folded(split_header(table.columns()[i]).name);
    for (const std::string_view known : {"time", "timeutc", "times", "seconds", "timestamp",
                                         "timestamputc", "datetime", "datetimeutc", "date"}) {
      if (name == known) return i;
    }
  }
  throw ConfigurationError({table.file()}, "",
                           "no column holds the time (name it 'time', 'timestamp' or 'datetime')");
}

StampReader::StampReader(const CsvTable& table, std::size_t column, TimeZone zone, Time start)
    : table_(&table), column_(column), zone_(std::move(zone)), start_(start) {
  const std::string name = folded(table.columns()[column]);
  stated_utc_ = name.ends_with("utc");
  if (stated_utc_) zone_ = TimeZone();
}

StampReader::Kind StampReader::kind_of(std::string_view text) {
  if (parse_double(text)) return Kind::seconds;
  const std::string_view clock = text.substr(std::min<std::size_t>(text.size(), 10));
  const bool offset = clock.find_first_of("+-Zz") != std::string_view::npos;
  return offset ? Kind::with_offset : Kind::without_offset;
}

Time StampReader::read(const CsvRow& row) {
  const std::string_view text = row.fields[column_].text;
  if (text.empty()) table_->fail(row, column_, "the time stamp is missing (complete the row)");
  const Kind kind = kind_of(text);
  if (kind_ == Kind::unknown) kind_ = kind;
  if (kind != kind_) {
    table_->fail(row, column_,
                 in_quotes(text) +
                     " is written in another way than the stamps before it (write all stamps as "
                     "seconds, or all with or all without an offset from UTC)");
  }
  if (kind == Kind::seconds) {
    const double offset_s = table_->number(row, column_);
    const std::optional<Time> stamp = instant_after(start_, offset_s);
    if (!stamp) {
      table_->fail(row, column_, "the time lies outside of the years 1950 to 2150 (write seconds)");
    }
    return *stamp;
  }
  const Result<Time> stamp = read_stamp(text, zone_);
  if (!stamp) table_->fail(row, column_, stamp.error());
  return stamp.value();
}

void StampReader::report(std::vector<Notice>& notices) const {
  if (kind_ != Kind::without_offset || stated_utc_) return;
  notices.push_back({{table_->file()},
                     "the time stamps have no offset from UTC, read as times of " + zone_.name()});
}

Result<Time> read_stamp(std::string_view text, const TimeZone& zone) {
  if (text.size() > 64) return Failure{in_quotes(text) + " is not a time stamp"};
  const Result<Time> read = parse_time(text, zone);
  if (!read) return Failure{read.error()};
  if (read.value() < earliest_input_time || read.value() > latest_input_time) {
    return Failure{in_quotes(text) + " lies outside of the years 1950 to 2150 (correct the date)"};
  }
  return read.value();
}

std::optional<Time> instant_after(Time origin, double offset_s) {
  // In doubles first: the sum may be far outside of what an int64 holds.
  const double at_s = to_seconds(origin - Time{}) + offset_s;
  if (!(at_s >= to_seconds(earliest_input_time - Time{}) &&
        at_s <= to_seconds(latest_input_time - Time{}))) {
    return std::nullopt;
  }
  const Time out = origin + seconds(offset_s);
  if (out < earliest_input_time || out > latest_input_time) return std::nullopt;
  return out;
}

void check_rising(const Course& course) {
  FindingList findings;
  for (std::size_t i = 1; i < course.times.size(); ++i) {
    if (course.times[i - 1] < course.times[i]) continue;
    const bool repeated = course.times[i - 1] == course.times[i];
    findings.add({course.file, course.lines[i], 1},
                 "the time stamp " + course.stamp(i) +
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
  if (2 * near <= times.size() - 1) return {};
  return {usual_ns};
}

void fill_missing_rows(Course& course, Duration interval, GapPolicy policy,
                       std::vector<Notice>& notices) {
  if (interval <= Duration{} || course.times.empty()) return;
  const std::size_t width = course.columns.size();
  Course out{course.file, course.columns, {}, {}, {}, course.calendar};
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
            counted(static_cast<std::size_t>(missing), "row") + " missing " + between(course, i) +
                " (complete the file" +
                (policy.longest_filled > 0 ? "; at most " + std::to_string(policy.longest_filled) +
                                                 " in a row are filled)"
                                           : ")"));
      } else if (missing > 0 && out.times.size() < most_filled_rows) {
        for (std::int64_t k = 1; k <= missing; ++k) {
          out.times.push_back(left + Duration{step.ns / intervals} * k);
          out.lines.push_back(course.lines[i]);
          const double share = static_cast<double>(k) / static_cast<double>(intervals);
          for (std::size_t c = 0; c < width; ++c) {
            const double from = course.at(i - 1, c);
            out.rows.push_back(from + (course.at(i, c) - from) * share);
          }
        }
        gap_notices.add(course.lines[i], static_cast<std::size_t>(missing), between(course, i),
                        "filled linearly");
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
                       course.stamp(first) + " on (complete the file; at most " +
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
                    "of " + name + " from " + course.stamp(first) + " on",
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
