// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/results_file.hpp"

#include <netcdf.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "twin/core/units.hpp"

namespace ampacity {

namespace {

constexpr std::size_t block_rows = 3600;
constexpr int significant_bits = 16;
// Where there is no value: said in the file, so that every reader masks it.
constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

}  // namespace

ResultsFile::ResultsFile(const std::filesystem::path& path, const Plant& plant,
                         std::vector<RecordVariable> variables, Time start, Duration every,
                         const std::map<std::string, std::string>& attributes)
    : path_(path), variables_(std::move(variables)), start_(start), every_(every) {
  check(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
  define(plant, attributes);
}

ResultsFile::~ResultsFile() {
  try {
    close();
  } catch (const std::exception&) {
    // The run has already reported what mattered; a destructor must not throw.
  }
}

void ResultsFile::check(int status) const {
  if (status == NC_NOERR) return;
  throw std::runtime_error(path_.string() + ": " + nc_strerror(status) +
                           " (is the disk full or the folder read-only?)");
}

void ResultsFile::define(const Plant& plant, const std::map<std::string, std::string>& attributes) {
  const auto text = [&](int variable, const char* name, const std::string& value) {
    check(nc_put_att_text(file_, variable, name, value.size(), value.c_str()));
  };
  for (const auto& [name, value] : attributes) text(NC_GLOBAL, name.c_str(), value);
  int time_dimension = 0;
  check(nc_def_dim(file_, "time", NC_UNLIMITED, &time_dimension));
  check(nc_def_var(file_, "time", NC_DOUBLE, 1, &time_dimension, &time_id_));
  const std::size_t chunk = block_rows;
  check(nc_def_var_chunking(file_, time_id_, NC_CHUNKED, &chunk));
  check(nc_def_var_deflate(file_, time_id_, 1, 1, 1));
  text(time_id_, "units", "seconds since " + format_time(start_));
  text(time_id_, "standard_name", "time");
  text(time_id_, "calendar", "standard");

  // Units of each component with recorded quantities, and the dimension that they make.
  std::map<std::string, std::vector<std::size_t>> members;
  for (const RecordVariable& variable : variables_) {
    if (variable.component.empty()) continue;
    auto& units = members[variable.component];
    for (const RecordColumn& column : variable.columns) units.push_back(column.unit);
  }
  std::map<std::string, int> dimension;
  std::vector<std::pair<int, std::vector<std::string>>> paths;
  for (auto& [component, units] : members) {
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    int id = 0;
    check(nc_def_dim(file_, component.c_str(), units.size(), &id));
    dimension[component] = id;
    int path_id = 0;
    check(nc_def_var(file_, (component + "_path").c_str(), NC_STRING, 1, &id, &path_id));
    text(path_id, "long_name", "path of each " + component);
    std::vector<std::string> names;
    for (std::size_t unit : units) names.push_back(plant.units()[unit].path);
    paths.emplace_back(path_id, std::move(names));
  }
  for (const RecordVariable& variable : variables_) {
    const bool of_units = !variable.component.empty();
    const int dimensions[2] = {time_dimension, of_units ? dimension[variable.component] : 0};
    int id = 0;
    check(nc_def_var(file_, variable.name.c_str(), NC_FLOAT, of_units ? 2 : 1, dimensions, &id));
    const std::size_t chunks[2] = {block_rows, 1};
    check(nc_def_var_chunking(file_, id, NC_CHUNKED, chunks));
    // Blocks of rows fill whole chunks: what is written is not needed again.
    check(nc_set_var_chunk_cache(file_, id, 4 * block_rows * sizeof(float), 11, 1.0F));
    check(nc_def_var_fill(file_, id, NC_FILL, &nothing));
    check(nc_def_var_quantize(file_, id, NC_QUANTIZE_BITROUND, significant_bits));
    check(nc_def_var_deflate(file_, id, 1, 1, 1));
    text(id, "units", cf_unit(variable.unit));
    text(id, "long_name", variable.description);
    if (of_units) text(id, "coordinates", variable.component + "_path");
    ids_.push_back(id);
    std::vector<std::size_t> place(variable.columns.size(), 0);
    if (of_units) {
      const auto& units = members[variable.component];
      for (std::size_t c = 0; c < place.size(); ++c) {
        place[c] = static_cast<std::size_t>(
            std::lower_bound(units.begin(), units.end(), variable.columns[c].unit) - units.begin());
      }
    }
    places_.push_back(std::move(place));
    buffers_.emplace_back(variable.columns.size() * block_rows);
  }
  check(nc_enddef(file_));
  for (const auto& [id, names] : paths) {
    std::vector<const char*> pointers;
    for (const std::string& name : names) pointers.push_back(name.c_str());
    check(nc_put_var_string(file_, id, pointers.data()));
  }
}

void ResultsFile::add(Time at, std::span<const double> signals, std::span<const double> states) {
  const std::size_t row = times_.size();
  times_.push_back(to_seconds(at - start_));
  for (std::size_t v = 0; v < variables_.size(); ++v) {
    const auto& columns = variables_[v].columns;
    float* to = buffers_[v].data() + row;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const double value =
          columns[c].is_state ? states[columns[c].index] : signals[columns[c].index];
      to[c * block_rows] = static_cast<float>(value);
    }
  }
  if (times_.size() == block_rows) flush();
}

void ResultsFile::flush() {
  const std::size_t rows = times_.size();
  if (rows == 0) return;
  check(nc_put_vara_double(file_, time_id_, &rows_written_, &rows, times_.data()));
  for (std::size_t v = 0; v < variables_.size(); ++v) {
    for (std::size_t c = 0; c < variables_[v].columns.size(); ++c) {
      const std::size_t start[2] = {rows_written_, places_[v][c]};
      const std::size_t count[2] = {rows, 1};
      check(nc_put_vara_float(file_, ids_[v], start, count, buffers_[v].data() + c * block_rows));
    }
  }
  rows_written_ += rows;
  times_.clear();
  check(nc_sync(file_));
}

void ResultsFile::close() {
  if (file_ < 0) return;
  flush();
  const int file = std::exchange(file_, -1);
  check(nc_close(file));
}

}  // namespace ampacity
