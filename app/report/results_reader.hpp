// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads results.nc for the report: whole columns, reduced to the columns of a chart.
//
// Variables are asked for by name, and what a run did not record is simply not there; the report
// then leaves the chart out. The file stores one unit's time series together (results_file.hpp), so
// reading goes unit by unit and never holds more than a few series of samples.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/report/trace.hpp"
#include "twin/core/time.hpp"

namespace ampacity::report {

// One variable over all its units at once: what the hottest and the middle one do.
struct Spread {
  std::size_t units = 0;
  std::size_t highest_unit = 0;  // the unit with the greatest sample of the run
  double highest = 0.0;          // that sample
  double highest_at_s = 0.0;     // when, seconds since the start of the results
  Trace of_highest;              // that unit over the run
  std::vector<float> median;     // of all units' means, per column
  std::vector<float> low;        // least and greatest sample of all units, per column
  std::vector<float> high;
};

class ResultsReader {
 public:
  // Throws std::runtime_error with the path where the file is not there or cannot be read.
  explicit ResultsReader(const std::filesystem::path& path, std::size_t most_columns = 800);
  ~ResultsReader();
  ResultsReader(const ResultsReader&) = delete;
  ResultsReader& operator=(const ResultsReader&) = delete;

  Time start() const { return start_; }
  const Columns& columns() const { return columns_; }
  std::size_t sample_count() const { return times_s_.size(); }
  const std::vector<double>& times_s() const { return times_s_; }

  // Whether the variable was recorded with at least one sample.
  bool has(const std::string& variable) const;
  // Paths of the units that it was recorded for; one empty path for what belongs to no unit.
  std::vector<std::string> units(const std::string& variable) const;

  // Samples of one unit, and their sum over all units. The variable must be there.
  std::vector<double> samples(const std::string& variable, std::size_t unit) const;
  std::vector<double> total(const std::string& variable) const;

  Trace reduced(const std::vector<double>& samples) const;
  Trace trace(const std::string& variable, std::size_t unit) const {
    return reduced(samples(variable, unit));
  }
  Spread spread(const std::string& variable) const;

 private:
  struct Variable {
    int id;
    std::size_t units;
    std::vector<std::string> paths;
  };
  void check(int status) const;
  void read_times();
  void read_variables();
  std::vector<std::string> read_paths(int dimension, std::size_t count) const;

  std::filesystem::path path_;
  int file_ = -1;
  Time start_;
  std::vector<double> times_s_;
  std::vector<std::uint32_t> column_of_;
  Columns columns_;
  std::map<std::string, Variable> variables_;
};

}  // namespace ampacity::report
