// SPDX-License-Identifier: Apache-2.0

// Reads traces of heat or power; the picture is in the header.

#include "twin/inputs/trace.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include "twin/core/errors.hpp"
#include "twin/core/files.hpp"
#include "twin/core/units.hpp"

namespace ampacity {
namespace {

constexpr double largest_power_w = 1e9;
constexpr double lowest_wet_bulb_k = 203.15;   // -70 degC
constexpr double highest_wet_bulb_k = 323.15;  // 50 degC

struct UnitColumn {
  std::size_t index = 0;
  int unit = 0;
  UnitConversion to_w;
};

struct NumberedName {
  std::string name;  // folded, without the number
  int number = 0;
};

// "power[12]" as {"power", 12}: digits at the end, brackets and blanks around them aside.
std::optional<NumberedName> numbered_name(std::string_view header) {
  const std::string text = folded(header);
  std::size_t first = text.size();
  while (first > 0 && text[first - 1] >= '0' && text[first - 1] <= '9') --first;
  const std::string digits = text.substr(first);
  if (digits.empty() || digits.size() > 6 || first == 0) return std::nullopt;
  return NumberedName{text.substr(0, first), std::stoi(digits)};
}

bool is_wet_bulb(std::string_view header) {
  const std::string name = folded(header);
  return name.find("wetbulb") != std::string::npos || name.starts_with("twb");
}

class TraceReader {
 public:
  TraceReader(const std::filesystem::path& path, const TraceOptions& options)
      : table_(path), options_(options), time_column_(find_time_column(table_)) {}

  UnitTrace read() {
    find_columns();
    read_rows();
    if (power_.times.empty()) {
      throw ConfigurationError({table_.file()}, "", "the file has no rows (add data)");
    }
    check_rising(power_);
    const Duration interval = usual_interval(power_.times);
    fill_missing_rows(power_, interval, options_.gaps, out_.notices);
    if (wet_bulb_column_) {
      std::vector<Notice> told_already;
      fill_missing_rows(wet_bulb_, interval, options_.gaps, told_already);
      out_.wet_bulb_k = to_series(std::move(wet_bulb_), Interpolation::linear);
    }
    out_.power_w = to_series(std::move(power_), Interpolation::linear);
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail_header(const std::string& message) const {
    throw ConfigurationError({table_.file(), 1, 0}, "", message);
  }

  UnitConversion conversion(std::size_t index, const char* standard, const char* wanted) const {
    const std::string& header = table_.columns()[index];
    std::string unit = split_header(header).unit;
    // In "power[1]" the brackets hold the number and no unit.
    if (unit.empty() || unit.find_first_not_of("0123456789 ") == std::string::npos) unit = standard;
    const Result<UnitConversion> out = unit_conversion(unit, wanted);
    if (!out) fail_header("column " + in_quotes(header) + ": " + out.error());
    return out.value();
  }

  void find_columns() {
    for (std::size_t i = 0; i < table_.columns().size(); ++i) {
      if (i == time_column_ || !is_wet_bulb(table_.columns()[i])) continue;
      if (wet_bulb_column_) fail_header("two columns hold a wet bulb (keep one)");
      wet_bulb_column_ = i;
      wet_bulb_to_k_ = conversion(i, "degC", "K");
    }
    if (options_.units.empty()) {
      find_numbered_columns();
    } else {
      find_mapped_columns();
    }
    check_units();
    for (const UnitColumn& column : columns_) {
      power_.columns.push_back({table_.columns()[column.index], "W"});
      out_.units.push_back(column.unit);
    }
    power_.file = table_.file();
    wet_bulb_.file = table_.file();
    wet_bulb_.columns = {{"wet_bulb", "K"}};
    note_unused();
  }

  void find_mapped_columns() {
    for (const auto& [header, unit] : options_.units) {
      const std::size_t index = table_.require(header);
      columns_.push_back({index, unit, conversion(index, "W", "W")});
    }
  }

  // The numbered columns, which must agree in their name: a file of "power[1]" and "flow[1]" would
  // otherwise be read as nonsense.
  void find_numbered_columns() {
    std::optional<std::string> name;
    std::string first_header;
    for (std::size_t i = 0; i < table_.columns().size(); ++i) {
      if (i == time_column_ || i == wet_bulb_column_) continue;
      const std::string& header = table_.columns()[i];
      auto numbered = numbered_name(header);
      if (!numbered) numbered = numbered_name(split_header(header).name);
      if (!numbered) continue;
      if (!name) {
        name = numbered->name;
        first_header = header;
      }
      if (*name != numbered->name) {
        fail_header("the columns " + in_quotes(first_header) + " and " + in_quotes(header) +
                    " are numbered but named differently (say which column is which unit)");
      }
      columns_.push_back({i, numbered->number, conversion(i, "W", "W")});
    }
    if (columns_.empty()) {
      fail_header(
          "no column belongs to a unit (number them, as in 'power[1]', or say which column "
          "is which unit)");
    }
  }

  void check_units() const {
    std::map<int, std::size_t> seen;
    for (const UnitColumn& column : columns_) {
      const auto [other, is_new] = seen.emplace(column.unit, column.index);
      if (is_new) continue;
      fail_header("the columns " + in_quotes(table_.columns()[other->second]) + " and " +
                  in_quotes(table_.columns()[column.index]) + " both belong to unit " +
                  std::to_string(column.unit) + " (number each unit once)");
    }
  }

  void note_unused() {
    for (std::size_t i = 0; i < table_.columns().size(); ++i) {
      const bool used = i == time_column_ || i == wet_bulb_column_ ||
                        std::any_of(columns_.begin(), columns_.end(),
                                    [&](const UnitColumn& column) { return column.index == i; });
      if (used) continue;
      out_.notices.push_back(
          {{table_.file()}, "the column " + in_quotes(table_.columns()[i]) + " is not used"});
    }
  }

  void read_rows() {
    StampReader stamps(table_, time_column_, options_.zone, options_.start);
    CsvRow row;
    while (table_.next(row)) {
      power_.times.push_back(stamps.read(row));
      power_.lines.push_back(row.line);
      for (const UnitColumn& column : columns_) power_.rows.push_back(power(row, column));
      if (wet_bulb_column_) add_wet_bulb(row);
    }
    stamps.report(out_.notices);
  }

  double power(const CsvRow& row, const UnitColumn& column) const {
    const double value_w = column.to_w(table_.number(row, column.index));
    if (value_w < 0) {
      table_.fail(row, column.index, "the value is negative (heat and power are 0 or more)");
    }
    if (value_w > largest_power_w) {
      table_.fail(row, column.index, "more than 1 GW in one unit (check the unit of the column)");
    }
    return value_w;
  }

  void add_wet_bulb(const CsvRow& row) {
    const double value_k = wet_bulb_to_k_(table_.number(row, *wet_bulb_column_));
    if (value_k < lowest_wet_bulb_k || value_k > highest_wet_bulb_k) {
      table_.fail(row, *wet_bulb_column_,
                  "the wet bulb is out of range (-70 to 50 degC; check the unit of the column)");
    }
    wet_bulb_.times.push_back(power_.times.back());
    wet_bulb_.lines.push_back(row.line);
    wet_bulb_.rows.push_back(value_k);
  }

  CsvTable table_;
  const TraceOptions& options_;
  std::size_t time_column_;
  std::optional<std::size_t> wet_bulb_column_;
  UnitConversion wet_bulb_to_k_;
  std::vector<UnitColumn> columns_;
  Course power_;
  Course wet_bulb_;
  UnitTrace out_;
};

}  // namespace

UnitTrace read_trace(const std::filesystem::path& path, const TraceOptions& options) {
  return TraceReader(path, options).read();
}

UnitTrace power_from_heat(const UnitTrace& heat, double capture_fraction) {
  AMPACITY_ASSERT(capture_fraction > 0 && capture_fraction <= 1, "a capture fraction is in (0, 1]");
  UnitTrace out = heat;
  out.power_w = heat.power_w.scaled(1 / capture_fraction);
  return out;
}

}  // namespace ampacity
