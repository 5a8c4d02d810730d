// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all readers of input files share: notices, gaps, names.
//
// A measured file is rarely whole. Three things may be wrong with it, and each has one answer:
//
//   wrong      a value that cannot be meant (NaN, a negative power, stamps that run backwards):
//              a finding with file, line and column; the file is refused. Up to 20 findings are
//              collected, so that a user mends a file in one go and not in twenty.
//   missing    rows that the regular interval of the file lets expect, or cells with the file's own
//              code for 'missing': filled by a straight line between the neighbours when the gap is
//              short enough (GapPolicy), else refused. Every filling is reported as a Notice.
//   not used   columns or rows that the twin has no use for: counted and reported as a Notice,
//              never dropped without a word.
//
// The straight line is the least arbitrary filling for quantities that change over hours. It is
// stated in the notice, which the run writes to its log, because a filled hour of weather or price
// is not a measured one. The default of four intervals (four hours of hourly weather, one minute of
// a 15 s trace) is assumed: short against the daily course, long enough for a station's restart.

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/core/files.hpp"
#include "twin/core/time.hpp"
#include "twin/inputs/series.hpp"

namespace ampacity {

// Something that a reader did with the input and that the user should know.
struct Notice {
  Place place;
  std::string message;

  std::string text() const { return Finding{place, "", message}.text(); }
};

// How many missing intervals in a row are filled by a straight line; longer gaps are refused. 0
// refuses every gap.
struct GapPolicy {
  int longest_filled = 4;
};

// "(nearest: 'dry_bulb')" when a known name is near, else "(known: a, b, c)".
std::string nearest_or_known(std::string_view name, const std::vector<std::string>& known);

// `text` in quotes, shortened and with control characters replaced, for messages.
std::string in_quotes(std::string_view text);

// "1 row", "2 rows"
std::string counted(std::size_t count, const std::string& thing);

// Findings of one file, in the order of the file. Throws by itself when 20 have come together.
class FindingList {
 public:
  void add(Place place, std::string message);
  // ConfigurationError when anything was found.
  void throw_if_any() const;
  bool empty() const { return findings_.empty(); }

 private:
  std::vector<Finding> findings_;
};

// The mark for a cell that is missing, until fill_missing_cells has removed it.
inline constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

// Rows of a file on their way to a Series.
struct Course {
  std::string file;
  std::vector<SeriesColumn> columns;
  std::vector<Time> times;
  std::vector<int> lines;    // of each row in the file
  std::vector<double> rows;  // times.size() * columns.size()
  bool calendar = false;     // the stamps stand for month, day and hour of any year

  std::size_t width() const { return columns.size(); }
  std::string stamp(std::size_t row) const;  // for messages
  double& at(std::size_t row, std::size_t column) { return rows[row * columns.size() + column]; }
  double at(std::size_t row, std::size_t column) const {
    return rows[row * columns.size() + column];
  }
};

// The lines of a text, without their ends (LF or CR LF), counted from 1.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}
  // The next line; nothing at the end of the text.
  std::optional<std::string_view> next();
  int line() const { return line_; }

 private:
  std::string_view rest_;
  int line_ = 0;
};

// The parts of a line between separators, blanks around them dropped; a blank as separator means
// any number of blanks and tabs. No quoting.
std::vector<CsvField> split_line(std::string_view text, char separator, int line);

// Name of a column without its unit, and the unit: "Price (USD/MWh)", "Tdb [degC]". The unit is
// empty where there is none in brackets.
struct HeaderName {
  std::string name;
  std::string unit;
};
HeaderName split_header(std::string_view header);

// Letters and digits only, in lower case: "OA Wetbulb Temp" and "oa_wetbulb_temp" are one name.
std::string folded(std::string_view name);

// The column of time stamps: the first of the usual names (time, timestamp, datetime, date; with
// "UTC" or a unit behind them). Throws ConfigurationError when there is none.
std::size_t find_time_column(const CsvTable& table);

// Reads the stamps of one file. Without an offset they are local times of `zone`; a file in which
// some have an offset and some have none is refused. `relative` stamps are seconds since `start`.
class StampReader {
 public:
  // A header that says "UTC" overrules the zone.
  StampReader(const CsvTable& table, std::size_t column, TimeZone zone, Time start);
  Time read(const CsvRow& row);
  // That stamps had no offset, and what they were taken for.
  void report(std::vector<Notice>& notices) const;

 private:
  enum class Kind { unknown, seconds, with_offset, without_offset };
  static Kind kind_of(std::string_view text);

  const CsvTable* table_;
  std::size_t column_;
  TimeZone zone_;
  Time start_;
  bool stated_utc_ = false;
  Kind kind_ = Kind::unknown;
};

// Instant of a cell, or an expected failure: text in ISO 8601 with the rules of `zone` where it has
// no offset; refused outside of 1950 to 2150.
Result<Time> read_stamp(std::string_view text, const TimeZone& zone);

// The instant `offset_s` seconds after `origin`; nothing outside of 1950 to 2150.
std::optional<Time> instant_after(Time origin, double offset_s);

// Stamps must rise; the message tells a repeated stamp from one that runs backwards, and mentions
// daylight saving, the usual reason.
void check_rising(const Course& course);

// The usual distance of rows: the most frequent one, provided that more than half of the rows keep
// it within a tenth. Zero when the rows are irregular (then nothing is called missing).
Duration usual_interval(const std::vector<Time>& times);

// Puts in the rows that are missing against `interval` (nothing to do when it is zero).
void fill_missing_rows(Course& course, Duration interval, GapPolicy policy,
                       std::vector<Notice>& notices);

// Fills cells of one column that hold `missing_value`. At either end of the file, where there is no
// line to draw, the nearest value is repeated. False, and nothing changed, when every cell is
// missing; ConfigurationError when a gap is longer than the policy allows.
bool fill_missing_cells(Course& course, std::size_t column, GapPolicy policy,
                        std::vector<Notice>& notices);

// Length of the longest run of missing cells in a column.
std::size_t longest_missing_run(const Course& course, std::size_t column);

// The finished series; `tail` is the interval after the last row of a step series.
Series to_series(Course course, Interpolation interpolation, Duration tail = {});

}  // namespace ampacity
