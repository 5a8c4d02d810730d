// SPDX-License-Identifier: Apache-2.0

// From weather files to courses: the picture is in the header.
//
// Both readers bring their rows into one table of SI columns (WeatherBuilder), which checks ranges,
// fills what may be filled and says so. A typical year's rows carry stamps of a reference year, so
// that gaps are found and filled by the same code as those of dated files.

#include "twin/inputs/weather.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "twin/core/errors.hpp"
#include "twin/core/files.hpp"
#include "twin/core/math.hpp"
#include "twin/core/text.hpp"
#include "twin/core/units.hpp"

namespace ampacity {
namespace {

enum Quantity : std::size_t {
  dry_bulb,
  dew_point,
  relative_humidity,
  pressure,
  wet_bulb,
  ghi,
  dni,
  dhi,
  wind,
  quantity_count
};

struct QuantityRow {
  const char* name;
  const char* unit;
  double minimum;
  double maximum;
  const char* column;  // usual name in CSV files
};

constexpr double zero_celsius_k = 273.15;
constexpr double night_offset_w_m2 = -20;  // thermal offset of a pyranometer at night

constexpr std::array<QuantityRow, quantity_count> quantities = {{
    {"dry bulb", "K", zero_celsius_k - 70, zero_celsius_k + 70, "Tdb_C"},
    {"dew point", "K", zero_celsius_k - 90, zero_celsius_k + 70, "Tdp_C"},
    {"relative humidity", "1", 0, 1.1, "RH_pct"},
    {"pressure", "Pa", 31'000, 120'000, "p_Pa"},
    {"wet bulb", "K", zero_celsius_k - 70, zero_celsius_k + 70, "Twb_C"},
    {"GHI", "W/m2", night_offset_w_m2, 2000, "GHI_W_m2"},
    {"DNI", "W/m2", night_offset_w_m2, 2000, "DNI_W_m2"},
    {"DHI", "W/m2", night_offset_w_m2, 2000, "DHI_W_m2"},
    {"wind", "m/s", 0, 120, "wind_m_s"},
}};

bool is_sun(std::size_t quantity) { return quantity >= ghi && quantity <= dhi; }

// 1 January of the year whose calendar a typical year's rows use.
Time reference_start(bool leap) { return parse_time(leap ? "2000-01-01" : "2001-01-01").value(); }

std::string range_text(std::size_t quantity) {
  const QuantityRow& row = quantities[quantity];
  return format_quantity(row.minimum, row.unit) + " to " + format_quantity(row.maximum, row.unit);
}

}  // namespace

// Collects rows of either format and finishes them.
class WeatherBuilder {
 public:
  WeatherBuilder(std::string file, const WeatherOptions& options) : options_(options) {
    out_.rows_.file = std::move(file);
    for (const QuantityRow& row : quantities) out_.rows_.columns.push_back({row.name, row.unit});
  }

  using Row = std::array<double, quantity_count>;  // SI; missing_value where there is none

  static Row empty_row() {
    Row row;
    row.fill(missing_value);
    return row;
  }

  // Checks a value against its range and cuts what may be cut; a message when it cannot be.
  std::string check(std::size_t quantity, double& value) {
    const QuantityRow& row = quantities[quantity];
    if (value < row.minimum || value > row.maximum) {
      return std::string(row.name) + " of " + format_quantity(value, row.unit) +
             " is out of range (" + range_text(quantity) + "; check the column and its unit)";
    }
    if (is_sun(quantity) && value < 0) {
      value = 0;
      ++night_offsets_;
    }
    if (quantity == relative_humidity && value > 1) {
      value = 1;
      ++over_saturated_;
    }
    return "";
  }

  void add(Time begin, int line, const Row& row) {
    out_.rows_.times.push_back(begin);
    out_.rows_.lines.push_back(line);
    out_.rows_.rows.insert(out_.rows_.rows.end(), row.begin(), row.end());
  }
  std::size_t size() const { return out_.rows_.times.size(); }
  void note(std::string message, int line = 0) {
    out_.notices_.push_back({{out_.rows_.file, line, 0}, std::move(message)});
  }
  [[noreturn]] void fail(int line, int column, std::string message) const {
    throw ConfigurationError({out_.rows_.file, line, column}, "", std::move(message));
  }

  void set_calendar(Duration interval, Duration state_at, Duration sun_at, Duration utc_offset) {
    out_.rows_.calendar = true;
    out_.interval_ = interval;
    out_.state_at_ = state_at;
    out_.sun_at_ = sun_at;
    out_.utc_offset_ = utc_offset;
  }
  void set_location(WeatherLocation location) { out_.location_ = std::move(location); }
  Course& rows() { return out_.rows_; }
  const WeatherOptions& options() const { return options_; }
  std::vector<Notice>& notices() { return out_.notices_; }

  WeatherFile finish() {
    if (!out_.rows_.calendar) out_.interval_ = usual_interval(out_.rows_.times);
    report_cuts();
    fill_values();
    fill_missing_rows(out_.rows_, out_.interval_, options_.rows, out_.notices_);
    return std::move(out_);
  }

 private:
  void report_cuts() {
    if (night_offsets_ > 0) {
      note(counted(night_offsets_, "irradiance value") + " between -20 and 0 W/m2 set to 0");
    }
    if (over_saturated_ > 0) {
      note(counted(over_saturated_, "relative humidity value") + " above 100 % set to 100 %");
    }
  }

  bool is_absent(std::size_t quantity) const {
    return longest_missing_run(out_.rows_, quantity) == out_.rows_.times.size();
  }

  void fill_values() {
    Course& rows = out_.rows_;
    if (is_absent(dry_bulb)) fail(0, 0, "there is no dry-bulb temperature (add a column Tdb_C)");
    choose_humidity();
    if (is_absent(pressure)) supply_pressure();
    for (std::size_t q = 0; q < quantity_count; ++q) {
      if (!is_absent(q)) fill_missing_cells(rows, q, options_.values, out_.notices_);
    }
  }

  // One of dew point and relative humidity is enough; a column with long gaps gives way to a whole
  // one.
  void choose_humidity() {
    Course& rows = out_.rows_;
    if (is_absent(dew_point) && is_absent(relative_humidity)) {
      fail(0, 0, "there is neither dew point nor relative humidity (add a column Tdp_C or RH_pct)");
    }
    const auto longest = static_cast<std::size_t>(std::max(options_.values.longest_filled, 0));
    const auto usable = [&](std::size_t q) { return longest_missing_run(rows, q) <= longest; };
    for (const auto& [q, other] :
         {std::pair{dew_point, relative_humidity}, std::pair{relative_humidity, dew_point}}) {
      if (is_absent(q) || usable(q) || !usable(other)) continue;
      for (std::size_t i = 0; i < rows.times.size(); ++i) rows.at(i, q) = missing_value;
      note(std::string(quantities[q].name) + " has long gaps and is not used, " +
           quantities[other].name + " is complete");
    }
  }

  void supply_pressure() {
    Course& rows = out_.rows_;
    double value_pa = 0;
    if (options_.pressure_pa) {
      value_pa = *options_.pressure_pa;
      note("no pressure in the file: " + format_number(value_pa) + " Pa as given");
    } else if (out_.location_) {
      const double z_m = out_.location_->elevation_m;
      value_pa = 101'325 * math::pow(1 - 2.25577e-5 * z_m, 5.25588);
      note("no pressure in the file: " + format_number(value_pa) + " Pa, standard atmosphere at " +
           format_number(z_m) + " m");
    } else {
      fail(0, 0, "there is no pressure (add a column p_Pa, or give the site's pressure)");
    }
    for (std::size_t i = 0; i < rows.times.size(); ++i) rows.at(i, pressure) = value_pa;
  }

  WeatherOptions options_;
  WeatherFile out_;
  std::size_t night_offsets_ = 0;
  std::size_t over_saturated_ = 0;
};

namespace {

// --- EPW ----------------------------------------------------------------------------------------

struct EpwField {
  Quantity quantity;
  std::size_t index;  // from 0
  double missing;     // this and above
  double scale;
  double offset;
};

constexpr std::array<EpwField, 8> epw_fields = {{
    {dry_bulb, 6, 99.9, 1, zero_celsius_k},
    {dew_point, 7, 99.9, 1, zero_celsius_k},
    {relative_humidity, 8, 999, 0.01, 0},
    {pressure, 9, 999'999, 1, 0},
    {ghi, 13, 9999, 1, 0},
    {dni, 14, 9999, 1, 0},
    {dhi, 15, 9999, 1, 0},
    {wind, 21, 999, 1, 0},
}};
constexpr std::size_t epw_smallest_width = 22;

// The header lines of an EPW file, as far as we need them.
struct EpwHeader {
  WeatherLocation location;
  Duration utc_offset;
  int records_per_hour = 1;
};

class EpwReader {
 public:
  EpwReader(std::string text, std::string file, const WeatherOptions& options)
      : text_(std::move(text)), lines_(text_), builder_(std::move(file), options) {}

  WeatherFile read() {
    const EpwHeader header = read_header();
    std::optional<Duration> offset = builder_.options().utc_offset;
    if (offset && *offset != header.utc_offset) {
      builder_.note("the file's year is of " + TimeZone::fixed(header.utc_offset).name() +
                    ", laid onto the site's " + TimeZone::fixed(*offset).name());
    }
    const Duration interval = hours(1) / header.records_per_hour;
    builder_.set_location(header.location);
    builder_.set_calendar(interval, interval, interval / 2, offset.value_or(header.utc_offset));
    read_rows(interval);
    return builder_.finish();
  }

 private:
  double number(const CsvField& field) const {
    const Result<double> read = parse_double(field.text);
    if (!read) builder_.fail(field.line, field.column, read.error() + " (write a number)");
    return read.value();
  }
  int integer(const CsvField& field) const {
    const double value = number(field);
    if (value != std::floor(value) || std::abs(value) > 1e6) {
      builder_.fail(field.line, field.column, in_quotes(field.text) + " is not a whole number");
    }
    return static_cast<int>(value);
  }
  double number_within(const CsvField& field, double minimum, double maximum) const {
    const double value = number(field);
    if (value < minimum || value > maximum) {
      builder_.fail(field.line, field.column,
                    in_quotes(field.text) + " is out of range (" + format_number(minimum) + " to " +
                        format_number(maximum) + ")");
    }
    return value;
  }

  EpwHeader read_header() {
    static constexpr std::array<std::string_view, 8> first_words = {"LOCATION",
                                                                    "DESIGN CONDITIONS",
                                                                    "TYPICAL/EXTREME PERIODS",
                                                                    "GROUND TEMPERATURES",
                                                                    "HOLIDAYS/DAYLIGHT SAVING",
                                                                    "COMMENTS 1",
                                                                    "COMMENTS 2",
                                                                    "DATA PERIODS"};
    EpwHeader out;
    for (const std::string_view word : first_words) {
      const std::optional<std::string_view> line = lines_.next();
      const std::vector<CsvField> fields = split_line(line.value_or(""), ',', lines_.line());
      if (!line || !folded(fields.front().text).starts_with(folded(word))) {
        builder_.fail(lines_.line(), 1,
                      "the header line '" + std::string(word) +
                          "' is missing (an EPW file begins with eight header lines)");
      }
      if (word == "LOCATION") read_location(fields, out);
      if (word == "DATA PERIODS") read_periods(fields, out);
    }
    return out;
  }

  void read_location(const std::vector<CsvField>& fields, EpwHeader& out) const {
    if (fields.size() < 10) {
      builder_.fail(lines_.line(), 1,
                    "LOCATION has " + std::to_string(fields.size()) +
                        " fields (city, state, country, source, WMO, latitude, longitude, time "
                        "zone, elevation are needed)");
    }
    std::string_view city = fields[1].text;
    if (city.size() > 1 && city.front() == '"' && city.back() == '"') {
      city = city.substr(1, city.size() - 2);
    }
    out.location.city = city;
    out.location.latitude_deg = number_within(fields[6], -90, 90);
    out.location.longitude_deg = number_within(fields[7], -180, 180);
    out.location.elevation_m = number_within(fields[9], -1000, 9999);
    const double zone_h = number_within(fields[8], -12, 14);
    const double zone_min = zone_h * 60;
    if (zone_min != std::floor(zone_min)) {
      builder_.fail(fields[8].line, fields[8].column, "the time zone is not in whole minutes");
    }
    out.utc_offset = minutes(static_cast<std::int64_t>(zone_min));
  }

  void read_periods(const std::vector<CsvField>& fields, EpwHeader& out) const {
    if (fields.size() < 3) {
      builder_.fail(lines_.line(), 1, "DATA PERIODS names no records per hour");
    }
    if (integer(fields[1]) != 1) {
      builder_.fail(fields[1].line, fields[1].column,
                    "the file has several data periods (use a file with one whole year)");
    }
    out.records_per_hour = integer(fields[2]);
    if (out.records_per_hour < 1 || out.records_per_hour > 60 || 60 % out.records_per_hour != 0) {
      builder_.fail(fields[2].line, fields[2].column,
                    "records per hour do not divide 60 (1, 2, 4, 6 or 12 are usual)");
    }
  }

  void read_rows(Duration interval) {
    std::size_t width = 0;
    Time begin = reference_start(false);
    while (const std::optional<std::string_view> line = lines_.next()) {
      const std::vector<CsvField> fields = split_line(*line, ',', lines_.line());
      if (fields.size() == 1 && fields.front().text.empty()) continue;
      if (fields.size() < epw_smallest_width || (width > 0 && fields.size() != width)) {
        builder_.fail(lines_.line(), 1,
                      "the row has " + counted(fields.size(), "field") + ", " +
                          (width > 0 ? "the rows before it have " + std::to_string(width)
                                     : "at least 22 are needed") +
                          " (the file may be cut short)");
      }
      width = fields.size();
      begin = place_row(fields, begin, interval);
      builder_.add(begin, lines_.line(), values(fields));
      begin += interval;
    }
    const Time end = builder_.size() > 0 && leap_ ? reference_start(true) + days(366)
                                                  : reference_start(false) + days(365);
    if (begin != end) missing_hour(begin, "the file ends");
  }

  // Begin of the row's interval in the reference year. Rows stand in order; one that is not the
  // next is an error (or, where the caller fills missing rows, a gap).
  Time place_row(const std::vector<CsvField>& fields, Time expected, Duration interval) {
    const int month = integer(fields[1]);
    const int day = integer(fields[2]);
    const int hour = integer(fields[3]);
    const int minute = integer(fields[4]);
    if (hour < 1 || hour > 24 || minute < 0 || minute > 60) {
      const CsvField& wrong = hour < 1 || hour > 24 ? fields[3] : fields[4];
      builder_.fail(wrong.line, wrong.column,
                    in_quotes(wrong.text) +
                        " is no hour or minute (hours go from 1 to 24, minutes "
                        "from 0 to 60)");
    }
    if (month == 2 && day == 29 && !leap_) {
      become_leap(fields[2]);
      expected += reference_start(true) - reference_start(false);
    }
    const Time found = row_begin(fields, month, day, hour, minute, interval);
    if (found < expected) {
      builder_.fail(fields[1].line, fields[1].column,
                    "the row of " + stamp_text(found) + " stands behind that of " +
                        stamp_text(expected - interval) + " (sort the rows, one per hour)");
    }
    const std::int64_t missing = (found - expected) / interval;
    if (missing > builder_.options().rows.longest_filled || (missing > 0 && builder_.size() == 0)) {
      missing_hour(expected, "the row is that of " + stamp_text(found));
    }
    return found;
  }

  Time row_begin(const std::vector<CsvField>& fields, int month, int day, int hour, int minute,
                 Duration interval) const {
    LocalTime local;
    local.year = leap_ ? 2000 : 2001;
    local.month = month;
    local.day = day;
    local.hour = hour - 1;
    const Result<Time> begin = TimeZone().to_utc(local);
    if (!begin) {
      builder_.fail(
          fields[1].line, fields[1].column,
          "month " + std::to_string(month) + ", day " + std::to_string(day) + ": " + begin.error());
    }
    if (interval == hours(1)) return begin.value();
    // With several records per hour the minute is that of the record's end; 0 stands for 60.
    const Duration end = minutes(minute == 0 ? 60 : minute);
    if (end % interval != Duration{}) {
      builder_.fail(fields[4].line, fields[4].column,
                    in_quotes(fields[4].text) +
                        " is no minute at which a record ends (the header "
                        "promises one every " +
                        format_duration(interval) + ")");
    }
    return begin.value() + end - interval;
  }

  // Rows before 29 February were stamped in a year without it.
  void become_leap(const CsvField& day) {
    if (builder_.size() == 0) {
      builder_.fail(day.line, day.column, "the file begins on 29 February (start on 1 January)");
    }
    leap_ = true;
    const Duration shift = reference_start(true) - reference_start(false);
    for (Time& time : builder_.rows().times) time += shift;
  }

  std::string stamp_text(Time begin) const {
    const LocalTime local = TimeZone().local(begin);
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(local.month) + "-" + two(local.day) + " hour " + std::to_string(local.hour + 1);
  }

  [[noreturn]] void missing_hour(Time expected, const std::string& found) const {
    builder_.fail(lines_.line(), 1,
                  stamp_text(expected) + " is missing: " + found +
                      " (a weather year has every hour from 01-01 hour 1 to 12-31 hour 24; "
                      "complete it or take another file)");
  }

  WeatherBuilder::Row values(const std::vector<CsvField>& fields) {
    WeatherBuilder::Row row = WeatherBuilder::empty_row();
    for (const EpwField& epw : epw_fields) {
      const CsvField& field = fields[epw.index];
      if (field.text.empty()) continue;
      const double given = number(field);
      if (given >= epw.missing) continue;
      double& value = row[epw.quantity];
      value = given * epw.scale + epw.offset;
      const std::string wrong = builder_.check(epw.quantity, value);
      if (!wrong.empty()) builder_.fail(field.line, field.column, wrong);
    }
    return row;
  }

  std::string text_;
  LineReader lines_;
  WeatherBuilder builder_;
  bool leap_ = false;
};

// --- CSV ----------------------------------------------------------------------------------------

struct CsvName {
  Quantity quantity;
  std::string_view name;  // folded, without unit
};

constexpr std::array<CsvName, 20> csv_names = {{
    {dry_bulb, "tdb"},
    {dry_bulb, "drybulb"},
    {dry_bulb, "tair"},
    {dry_bulb, "temperature"},
    {dew_point, "tdp"},
    {dew_point, "dewpoint"},
    {wet_bulb, "twb"},
    {wet_bulb, "wetbulb"},
    {relative_humidity, "rh"},
    {relative_humidity, "relativehumidity"},
    {pressure, "p"},
    {pressure, "pressure"},
    {ghi, "ghi"},
    {dni, "dni"},
    {dhi, "dhi"},
    {wind, "wind"},
    {wind, "windspeed"},
    {ghi, "globalhorizontal"},
    {dni, "directnormal"},
    {dhi, "diffusehorizontal"},
}};

struct CsvUnit {
  std::string_view suffix;  // folded
  const char* unit;
};

constexpr std::array<CsvUnit, 14> csv_units = {{
    {"c", "degC"},
    {"degc", "degC"},
    {"k", "K"},
    {"f", "degF"},
    {"degf", "degF"},
    {"pct", "%"},
    {"frac", "1"},
    {"pa", "Pa"},
    {"hpa", "hPa"},
    {"kpa", "kPa"},
    {"mbar", "hPa"},
    {"wm2", "W/m2"},
    {"ms", "m/s"},
    {"kmh", "km/h"},
}};

// A column of the file that holds a quantity.
struct CsvColumn {
  std::size_t index = 0;
  Quantity quantity = dry_bulb;
  UnitConversion to_si;
};

class CsvWeatherReader {
 public:
  CsvWeatherReader(std::string text, std::string file, const WeatherOptions& options)
      : table_(std::move(text), file), builder_(std::move(file), options) {}

  WeatherFile read() {
    match_columns();
    if (hour_column_) {
      read_typical_year();
    } else {
      read_dated();
    }
    for (const CsvColumn& column : columns_) {
      const Course& rows = builder_.rows();
      if (longest_missing_run(rows, column.quantity) == rows.times.size()) {
        builder_.note("the column " + table_.columns()[column.index] + " is empty and not used");
      }
    }
    return builder_.finish();
  }

 private:
  [[noreturn]] void fail_header(const std::string& message) const {
    throw ConfigurationError({table_.file(), 1, 0}, "", message);
  }

  void match_columns() {
    for (std::size_t i = 0; i < table_.columns().size(); ++i) {
      const std::string& header = table_.columns()[i];
      if (folded(header) == "hour") {
        if (hour_column_) fail_header("two columns hold the hour");
        hour_column_ = i;
      } else if (const auto column = match_column(i)) {
        for (const CsvColumn& other : columns_) {
          if (other.quantity == column->quantity) {
            fail_header("the columns " + in_quotes(table_.columns()[other.index]) + " and " +
                        in_quotes(header) + " hold the same quantity (keep one)");
          }
        }
        columns_.push_back(*column);
      }
    }
    require(dry_bulb, quantities[dry_bulb].column);
    if (!has(dew_point) && !has(relative_humidity)) require(dew_point, "Tdp_C or RH_pct");
  }

  bool has(Quantity quantity) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const CsvColumn& column) { return column.quantity == quantity; });
  }

  void require(Quantity quantity, const std::string& name) const {
    if (has(quantity)) return;
    fail_header(std::string("there is no column for the ") + quantities[quantity].name + " (add " +
                name + ")");
  }

  // The quantity that a header names, with its unit. A name that is nearly one of ours is an error,
  // one that has nothing to do with us is noted and left alone.
  std::optional<CsvColumn> match_column(std::size_t index) {
    const std::string& header = table_.columns()[index];
    const std::string text = folded(header);
    for (const CsvName& known : csv_names) {
      if (!text.starts_with(known.name)) continue;
      const std::string_view suffix = std::string_view(text).substr(known.name.size());
      const auto unit = std::find_if(csv_units.begin(), csv_units.end(),
                                     [&](const CsvUnit& row) { return row.suffix == suffix; });
      if (unit == csv_units.end()) {
        if (suffix.size() > 1) continue;  // perhaps another quantity, as in "wind direction"
        fail_header("the column " + in_quotes(header) + " has no unit in its name that fits " +
                    "(write '" + quantities[known.quantity].column + "')");
      }
      const Result<UnitConversion> to_si =
          unit_conversion(unit->unit, quantities[known.quantity].unit);
      if (!to_si) fail_header("column " + in_quotes(header) + ": " + to_si.error());
      return CsvColumn{index, known.quantity, to_si.value()};
    }
    if (is_time(text)) return std::nullopt;
    std::vector<std::string_view> names = {"hour", "time"};
    for (const QuantityRow& row : quantities) names.emplace_back(row.column);
    if (const auto near = nearest(header, names)) {
      fail_header("the column " + in_quotes(header) + " is not known (nearest: '" +
                  std::string(*near) + "'; the unit belongs to the name)");
    }
    builder_.note("the column " + in_quotes(header) + " is not used");
    return std::nullopt;
  }

  static bool is_time(std::string_view name) {
    return name.starts_with("time") || name.starts_with("date") || name == "seconds";
  }

  WeatherBuilder::Row values(const CsvRow& row) {
    WeatherBuilder::Row out = WeatherBuilder::empty_row();
    for (const CsvColumn& column : columns_) {
      if (row.fields[column.index].text.empty()) continue;
      double& value = out[column.quantity];
      value = column.to_si(table_.number(row, column.index));
      const std::string wrong = builder_.check(column.quantity, value);
      if (!wrong.empty()) table_.fail(row, column.index, wrong);
    }
    return out;
  }

  // An `hour` column counts the hours of a year from 0.
  void read_typical_year() {
    if (!builder_.options().utc_offset) {
      throw ConfigurationError({table_.file()}, "",
                               "a typical year by hour needs the site's standard offset from UTC "
                               "(give the site a time zone)");
    }
    builder_.set_calendar(hours(1), builder_.options().csv_state_at, minutes(30),
                          *builder_.options().utc_offset);
    CsvRow row;
    std::int64_t expected = 0;
    int last_line = 1;
    while (table_.next(row)) {
      const std::int64_t hour = table_.integer(row, *hour_column_);
      if (hour < 0 || hour > 8783) {
        table_.fail(row, *hour_column_, "an hour of the year goes from 0 to 8759 (leap: 8783)");
      }
      if (hour < expected) {
        table_.fail(row, *hour_column_,
                    "hour " + std::to_string(hour) + " stands behind hour " +
                        std::to_string(expected - 1) + " (sort the rows, one per hour)");
      }
      const std::int64_t missing = hour - expected;
      if (missing > builder_.options().rows.longest_filled || (missing > 0 && expected == 0)) {
        table_.fail(row, *hour_column_,
                    "hour " + std::to_string(expected) + " is missing: the row is that of hour " +
                        std::to_string(hour) + " (complete the file)");
      }
      builder_.add(reference_start(false) + hours(hour), row.line, values(row));
      expected = hour + 1;
      last_line = row.line;
    }
    if (expected == 8784) {
      for (Time& time : builder_.rows().times)
        time += reference_start(true) - reference_start(false);
    } else if (expected != 8760) {
      throw ConfigurationError({table_.file(), last_line, 0}, "",
                               "hour " + std::to_string(expected) +
                                   " is missing: the file ends (a weather year has 8760 hours, or "
                                   "8784; for a shorter file use a column 'time' with dates)");
    }
  }

  void read_dated() {
    const std::size_t time_column = find_time_column(table_);
    StampReader stamps(table_, time_column, builder_.options().zone, Time{});
    CsvRow row;
    while (table_.next(row)) {
      if (parse_double(row.fields[time_column].text)) {
        table_.fail(row, time_column,
                    "a weather file needs dates (write '2024-04-07T06:00Z', or name the column "
                    "'hour' when it counts the hours of a year from 0)");
      }
      const Time stamp = stamps.read(row);
      builder_.add(stamp, row.line, values(row));
    }
    if (builder_.size() == 0) builder_.fail(0, 0, "the file has no rows (add data)");
    check_rising(builder_.rows());
    stamps.report(builder_.notices());
  }

  CsvTable table_;
  WeatherBuilder builder_;
  std::optional<std::size_t> hour_column_;
  std::vector<CsvColumn> columns_;
};

}  // namespace

// --- Onto days ----------------------------------------------------------------------------------

Course WeatherFile::on_calendar(std::size_t column, Time from, Time to) const {
  const std::size_t per_day = static_cast<std::size_t>(days(1) / interval_);
  const std::size_t year_days = rows_.times.size() / per_day;
  const bool leap = year_days == 366;
  const Duration at = is_sun(column) ? sun_at_ : state_at_;
  const TimeZone zone = TimeZone::fixed(utc_offset_);
  Course out{rows_.file, {rows_.columns[column]}, {}, {}, {}};
  // A day more on either side, so that the ends lie between two rows.
  const Time last = to + days(1);
  for (Time midnight = zone.start_of_day(from - days(1)); midnight <= last; midnight += days(1)) {
    const LocalTime date = zone.local(midnight);
    const bool leap_year = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    const bool after_february = date.month > 2;
    const bool leap_day = date.month == 2 && date.day == 29;
    int day = date.day_of_year - 1;  // in the file's year
    if (leap_year && !leap && (after_february || leap_day)) --day;
    if (!leap_year && leap && after_february) ++day;
    for (std::size_t k = 0; k < per_day; ++k) {
      out.times.push_back(midnight + interval_ * static_cast<std::int64_t>(k) + at);
      out.rows.push_back(rows_.at(static_cast<std::size_t>(day) * per_day + k, column));
    }
  }
  return out;
}

Weather WeatherFile::assemble(const std::optional<std::pair<Time, Time>>& span) const {
  const auto course = [&](std::size_t column) -> Series {
    if (longest_missing_run(rows_, column) == rows_.times.size()) return {};
    if (span && typical_year()) {
      return to_series(on_calendar(column, span->first, span->second), Interpolation::linear);
    }
    Course out{rows_.file, {rows_.columns[column]}, rows_.times, {}, {}};
    for (std::size_t i = 0; i < rows_.times.size(); ++i) out.rows.push_back(rows_.at(i, column));
    return to_series(std::move(out), Interpolation::linear);
  };
  Weather out;
  out.dry_bulb_k = course(dry_bulb);
  out.dew_point_k = course(dew_point);
  out.relative_humidity = course(relative_humidity);
  out.pressure_pa = course(pressure);
  out.wet_bulb_k = course(wet_bulb);
  out.ghi_w_m2 = course(ghi);
  out.dni_w_m2 = course(dni);
  out.dhi_w_m2 = course(dhi);
  out.wind_m_s = course(wind);
  if (span) out.dry_bulb_k.require_range(span->first, span->second);
  return out;
}

Weather WeatherFile::between(Time from, Time to) const {
  AMPACITY_ASSERT(from <= to, "weather is asked for a span of time");
  if (from < earliest_input_time + days(2) || to > latest_input_time - days(2)) {
    throw ConfigurationError({rows_.file}, "",
                             "weather is given for the years 1950 to 2149 (correct the run's start "
                             "or length)");
  }
  return assemble(std::pair{from, to});
}

Weather WeatherFile::dated() const {
  AMPACITY_ASSERT(!typical_year(), "only a dated weather file is a course in time");
  return assemble(std::nullopt);
}

WeatherFile read_weather(const std::filesystem::path& path, const WeatherOptions& options) {
  AMPACITY_ASSERT(options.csv_state_at >= Duration{} && options.csv_state_at <= hours(1),
                  "an hour's temperature stands within the hour");
  std::string text = read_text_file(path);
  if (folded(std::string_view(text).substr(0, 9)).starts_with("location")) {
    return EpwReader(std::move(text), path.string(), options).read();
  }
  return CsvWeatherReader(std::move(text), path.string(), options).read();
}

}  // namespace ampacity
