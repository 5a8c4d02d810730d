// SPDX-License-Identifier: Apache-2.0

// Reads the two kinds of market files; the picture is in the header. The work that is particular to
// them is finding the value column by the unit in its header, since every publisher names it
// otherwise.

#include "twin/inputs/market.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "twin/core/errors.hpp"
#include "twin/core/files.hpp"
#include "twin/core/text.hpp"
#include "twin/core/units.hpp"

namespace ampacity {
namespace {

constexpr double joule_per_mwh = 3.6e9;
constexpr double joule_per_kwh = 3.6e6;

// The column that holds the value, and how to get to SI.
struct ValueColumn {
  std::size_t index = 0;
  std::string unit;
  UnitConversion to_si;
};

[[noreturn]] void fail_header(const CsvTable& table, const std::string& message) {
  throw ConfigurationError({table.file(), 1, 0}, "", message);
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// "gCO2eq/kWh" as "g/kWh", wherever it stands in the header; empty when there is no such word.
std::string carbon_unit(const std::string& header) {
  const std::string text = replace_all(header, "\xE2\x82\x82", "2");  // subscript two
  const std::size_t gas = text.find("CO2");
  if (gas == std::string::npos) return "";
  const std::size_t slash = text.find('/', gas);
  if (slash == std::string::npos || slash > gas + 5) return "";
  const auto is_word = [](char c) { return c != ' ' && c != '(' && c != '['; };
  std::size_t first = gas;
  while (first > 0 && is_word(text[first - 1])) --first;
  std::size_t last = slash + 1;
  while (last < text.size() && is_word(text[last]) && text[last] != ')' && text[last] != ']')
    ++last;
  return text.substr(first, gas - first) + text.substr(slash, last - slash);
}

std::string price_unit(const std::string& header) { return split_header(header).unit; }

// All columns whose header has a unit that converts to `wanted`.
template <class UnitOf>
std::vector<ValueColumn> fitting_columns(const CsvTable& table, const char* wanted,
                                         UnitOf unit_of) {
  std::vector<ValueColumn> out;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const std::string unit = unit_of(table.columns()[i]);
    if (unit.empty()) continue;
    const Result<UnitConversion> to_si = unit_conversion(unit, wanted);
    if (to_si) out.push_back({i, unit, to_si.value()});
  }
  return out;
}

// The named column among the fitting ones.
ValueColumn named_column(const CsvTable& table, const std::vector<ValueColumn>& fitting,
                         const std::string& name, const std::string& example) {
  const std::size_t index = table.require(name);
  for (const ValueColumn& column : fitting) {
    if (column.index == index) return column;
  }
  fail_header(table, "the column " + in_quotes(name) + " has no unit that fits (write it as '" +
                         example + "')");
}

// What stands in a market file besides its rows.
struct MarketTable {
  Course course;
  Duration interval;
  std::vector<Notice> notices;
};

struct Range {
  double minimum;
  double maximum;
  const char* unit;  // in which the range is said
};

// Rows of a market file. `visit` sees every row, for columns of the publisher's own.
template <class Visit>
MarketTable read_rows(CsvTable& table, const ValueColumn& column, SeriesColumn name, Range range,
                      const MarketOptions& options, Visit visit) {
  MarketTable out{{table.file(), {std::move(name)}, {}, {}, {}}, {}, {}};
  StampReader stamps(table, find_time_column(table), options.zone, Time{});
  CsvRow row;
  while (table.next(row)) {
    out.course.times.push_back(stamps.read(row));
    out.course.lines.push_back(row.line);
    double value = missing_value;
    if (!row.fields[column.index].text.empty()) {
      value = column.to_si(table.number(row, column.index));
      if (value < range.minimum || value > range.maximum) {
        const auto shown = [&](double si) { return format_number(si * joule_per_mwh); };
        table.fail(row, column.index,
                   "the value is out of range (" + shown(range.minimum) + " to " +
                       shown(range.maximum) + " " + range.unit + "; check the unit in the header)");
      }
    }
    out.course.rows.push_back(value);
    visit(row);
  }
  if (out.course.times.size() < 2) {
    throw ConfigurationError({table.file()}, "",
                             "the file has " + counted(out.course.times.size(), "row") +
                                 " (two are needed to know the interval)");
  }
  check_rising(out.course);
  out.interval = usual_interval(out.course.times);
  if (out.interval == Duration{}) {
    throw ConfigurationError({table.file()}, "",
                             "the rows keep no regular interval (sort and complete the file)");
  }
  stamps.report(out.notices);
  if (!fill_missing_cells(out.course, 0, options.gaps, out.notices)) {
    throw ConfigurationError({table.file()}, table.columns()[column.index],
                             "the column is empty (name the column that holds the values)");
  }
  fill_missing_rows(out.course, out.interval, options.gaps, out.notices);
  return out;
}

}  // namespace

PriceData read_price(const std::filesystem::path& path, const MarketOptions& options) {
  CsvTable table(path);
  const std::vector<ValueColumn> fitting = fitting_columns(table, "currency/J", price_unit);
  ValueColumn column;
  if (!options.column.empty()) {
    column = named_column(table, fitting, options.column, "Price (USD/MWh)");
  } else if (fitting.size() == 1) {
    column = fitting.front();
  } else {
    fail_header(table, fitting.empty()
                           ? "no column names a price with its unit (write 'Price (USD/MWh)')"
                           : "several columns name a price (say which one is meant)");
  }
  constexpr double highest = 100'000 / joule_per_mwh;
  MarketTable rows = read_rows(table, column, {"price", "currency/J"},
                               {-highest, highest, "per MWh"}, options, [](const CsvRow&) {});
  PriceData out;
  out.currency = currency_of(column.unit);
  out.notices = std::move(rows.notices);
  out.price = to_series(std::move(rows.course), Interpolation::step, rows.interval);
  return out;
}

CarbonData read_carbon(const std::filesystem::path& path, CarbonBasis basis,
                       const MarketOptions& options) {
  CsvTable table(path);
  const std::vector<ValueColumn> fitting = fitting_columns(table, "kg/J", carbon_unit);
  std::optional<ValueColumn> column;
  if (!options.column.empty()) {
    column = named_column(table, fitting, options.column, "Carbon Intensity gCO2eq/kWh");
  } else if (fitting.size() == 1) {
    column = fitting.front();
  } else {
    const auto says = [&](const ValueColumn& candidate) {
      const std::string name = folded(table.columns()[candidate.index]);
      if (basis == CarbonBasis::direct) return name.find("direct") != std::string::npos;
      return name.ends_with("lca") || name.find("lifecycle") != std::string::npos;
    };
    const auto found = std::find_if(fitting.begin(), fitting.end(), says);
    if (found != fitting.end()) column = *found;
  }
  if (!column) {
    fail_header(table, fitting.empty() ? "no column names a carbon intensity with its unit (write "
                                         "'Carbon Intensity gCO2eq/kWh')"
                                       : "several columns name a carbon intensity, none of the "
                                         "basis that is asked for (say which one is meant)");
  }
  const std::optional<std::size_t> estimated = table.find("Data Estimated");
  std::size_t estimates = 0;
  const auto count_estimates = [&](const CsvRow& row) {
    if (estimated && folded(row.fields[*estimated].text) == "true") ++estimates;
  };
  MarketTable rows = read_rows(table, *column, {"carbon_intensity", "kg/J"},
                               {0, 3 / joule_per_kwh, "kg/MWh"}, options, count_estimates);
  if (estimates > 0) {
    rows.notices.push_back({{table.file()},
                            counted(estimates, "row") + " of " +
                                std::to_string(rows.course.times.size()) +
                                " are the publisher's estimates"});
  }
  CarbonData out;
  out.notices = std::move(rows.notices);
  out.intensity = to_series(std::move(rows.course), Interpolation::step, rows.interval);
  return out;
}

}  // namespace ampacity
