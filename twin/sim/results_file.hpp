// SPDX-License-Identifier: Apache-2.0
#pragma once

// results.nc: the recorded day, as NetCDF-4 with CF units.
//
// Layout: unlimited dimension `time` (CF seconds since the start); per component with recorded
// quantities a dimension of its name and a string variable `<component>_path` with the units'
// paths; per quantity a float variable `<component>_<quantity>(time, <component>)`; the weather is
// `weather_<quantity>(time)`. A quantity recorded for some units only is NaN in the other columns,
// and so is a sensor before its first reading arrives; `_FillValue` says so. Chunks run along time
// (one column each), deflated with shuffle, because a reader wants one unit's day, not all units'
// second (background measurement: 9 ms against 1.1 s). Values are rounded to 16 significant bits
// (BitRound): 300 K to 0.005 K, and the file shrinks by half.
//
// The file holds nothing about the host or the hour of the run: same binary, inputs and seed give
// the same bytes. It is written in blocks of rows and synchronised after each, so that a reader
// sees a long run growing; events and key figures go to text files of their own, because an HDF5
// file may be damaged when its writer is killed.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "twin/core/time.hpp"
#include "twin/sim/record_plan.hpp"

namespace ampacity {

class ResultsFile {
 public:
  // Creates the file; global attributes are written as text. Throws std::runtime_error with the
  // path when the disk refuses.
  ResultsFile(const std::filesystem::path& path, const Plant& plant,
              std::vector<RecordVariable> variables, Time start, Duration every,
              const std::map<std::string, std::string>& attributes);
  ~ResultsFile();
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  // Adds one row.
  void add(Time at, std::span<const double> signals, std::span<const double> states);

  // Writes what is buffered and closes. Called by the destructor too, where errors are swallowed.
  void close();

  const std::vector<RecordVariable>& variables() const { return variables_; }

 private:
  void define(const Plant& plant, const std::map<std::string, std::string>& attributes);
  void flush();
  void check(int status) const;

  std::filesystem::path path_;
  std::vector<RecordVariable> variables_;
  std::vector<int> ids_;
  std::vector<std::vector<std::size_t>>
      places_;                               // column of each unit along the component's dimension
  std::vector<std::vector<float>> buffers_;  // per variable: column-major blocks of rows
  std::vector<double> times_;
  Time start_;
  Duration every_;
  int file_ = -1;
  int time_id_ = -1;
  std::size_t rows_written_ = 0;
};

}  // namespace ampacity
