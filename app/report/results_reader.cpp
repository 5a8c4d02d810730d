// SPDX-License-Identifier: Apache-2.0
#include "app/report/results_reader.hpp"

#include <netcdf.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ampacity::report {

namespace {

std::string attribute_text(int file, int variable, const char* name) {
  std::size_t length = 0;
  if (nc_inq_attlen(file, variable, name, &length) != NC_NOERR) return {};
  std::string text(length, '\0');
  if (nc_get_att_text(file, variable, name, text.data()) != NC_NOERR) return {};
  return text;
}

float median_of(std::vector<float>& values) {
  if (values.empty()) return no_value;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5F * (*middle + *std::max_element(values.begin(), middle));
}

}  // namespace

ResultsReader::ResultsReader(const std::filesystem::path& path, std::size_t most_columns)
    : path_(path) {
  check(nc_open(path.c_str(), NC_NOWRITE, &file_));
  try {
    read_times();
    read_variables();
  } catch (...) {
    nc_close(file_);
    throw;
  }
  columns_.start_s = times_s_.empty() ? 0.0 : times_s_.front();
  columns_.count = std::max<std::size_t>(1, std::min(most_columns, times_s_.size()));
  // A sample stands for the time until the next one, the last for as long as the one before.
  const double every_s =
      times_s_.size() > 1 ? times_s_.back() - times_s_[times_s_.size() - 2] : 1.0;
  columns_.end_s = (times_s_.empty() ? 0.0 : times_s_.back()) + every_s;
  for (const double t_s : times_s_) {
    column_of_.push_back(static_cast<std::uint32_t>(columns_.at(t_s)));
  }
}

ResultsReader::~ResultsReader() { nc_close(file_); }

void ResultsReader::check(int status) const {
  if (status == NC_NOERR) return;
  throw std::runtime_error(path_.string() + ": " + nc_strerror(status));
}

void ResultsReader::read_times() {
  int dimension = 0;
  int variable = 0;
  std::size_t count = 0;
  check(nc_inq_dimid(file_, "time", &dimension));
  check(nc_inq_dimlen(file_, dimension, &count));
  check(nc_inq_varid(file_, "time", &variable));
  times_s_.resize(count);
  if (count > 0) check(nc_get_var_double(file_, variable, times_s_.data()));
  const std::string units = attribute_text(file_, variable, "units");
  const std::string prefix = "seconds since ";
  const Result<Time> start =
      parse_time(units.starts_with(prefix) ? units.substr(prefix.size()) : units);
  if (!start) throw std::runtime_error(path_.string() + ": time: " + start.error());
  start_ = start.value();
}

std::vector<std::string> ResultsReader::read_paths(int dimension, std::size_t count) const {
  std::array<char, NC_MAX_NAME + 1> name{};
  check(nc_inq_dimname(file_, dimension, name.data()));
  int variable = 0;
  if (nc_inq_varid(file_, (std::string(name.data()) + "_path").c_str(), &variable) != NC_NOERR) {
    return std::vector<std::string>(count);
  }
  std::vector<char*> texts(count, nullptr);
  check(nc_get_var_string(file_, variable, texts.data()));
  std::vector<std::string> out(texts.begin(), texts.end());
  nc_free_string(count, texts.data());
  return out;
}

void ResultsReader::read_variables() {
  int count = 0;
  int time = 0;
  check(nc_inq_nvars(file_, &count));
  check(nc_inq_dimid(file_, "time", &time));
  for (int id = 0; id < count; ++id) {
    int dimensions = 0;
    check(nc_inq_varndims(file_, id, &dimensions));
    if (dimensions != 1 && dimensions != 2) continue;
    std::array<int, 2> ids{};
    std::array<char, NC_MAX_NAME + 1> name{};
    check(nc_inq_vardimid(file_, id, ids.data()));
    check(nc_inq_varname(file_, id, name.data()));
    if (dimensions == 2) {
      std::size_t units = 0;
      check(nc_inq_dimlen(file_, ids[1], &units));
      variables_[name.data()] = {id, units, read_paths(ids[1], units)};
    } else if (ids[0] == time) {
      variables_[name.data()] = {id, 1, {""}};
    }
  }
}

bool ResultsReader::has(const std::string& variable) const {
  const auto found = variables_.find(variable);
  return found != variables_.end() && found->second.units > 0 && !times_s_.empty();
}

std::vector<std::string> ResultsReader::units(const std::string& variable) const {
  const auto found = variables_.find(variable);
  return found == variables_.end() ? std::vector<std::string>{} : found->second.paths;
}

std::vector<double> ResultsReader::samples(const std::string& variable, std::size_t unit) const {
  std::vector<double> out(times_s_.size());
  const std::array<std::size_t, 2> from{0, unit};
  const std::array<std::size_t, 2> count{times_s_.size(), 1};
  check(
      nc_get_vara_double(file_, variables_.at(variable).id, from.data(), count.data(), out.data()));
  return out;
}

std::vector<double> ResultsReader::total(const std::string& variable) const {
  std::vector<double> sum(times_s_.size(), 0.0);
  for (std::size_t unit = 0; unit < variables_.at(variable).units; ++unit) {
    const std::vector<double> one = samples(variable, unit);
    for (std::size_t k = 0; k < one.size(); ++k) sum[k] += std::isnan(one[k]) ? 0.0 : one[k];
  }
  return sum;
}

Trace ResultsReader::reduced(const std::vector<double>& samples) const {
  return reduce(samples, column_of_, columns_.count);
}

Spread ResultsReader::spread(const std::string& variable) const {
  Spread out;
  out.units = variables_.at(variable).units;
  out.highest = -std::numeric_limits<double>::infinity();
  out.low.assign(columns_.count, no_value);
  out.high.assign(columns_.count, no_value);
  std::vector<std::vector<float>> means;
  for (std::size_t unit = 0; unit < out.units; ++unit) {
    const std::vector<double> one = samples(variable, unit);
    Trace trace = reduced(one);
    bool hotter = false;
    for (std::size_t k = 0; k < one.size(); ++k) {
      if (one[k] > out.highest) {
        hotter = true;
        out.highest = one[k];
        out.highest_at_s = times_s_[k];
      }
    }
    for (std::size_t c = 0; c < columns_.count; ++c) {
      if (std::isnan(trace.mean[c])) continue;
      if (!(out.low[c] <= trace.low[c])) out.low[c] = trace.low[c];
      if (!(out.high[c] >= trace.high[c])) out.high[c] = trace.high[c];
    }
    means.push_back(trace.mean);
    if (hotter || unit == 0) {
      out.highest_unit = unit;
      out.of_highest = std::move(trace);
    }
  }
  std::vector<float> row;
  for (std::size_t c = 0; c < columns_.count; ++c) {
    row.clear();
    for (const auto& mean : means) {
      if (!std::isnan(mean[c])) row.push_back(mean[c]);
    }
    out.median.push_back(median_of(row));
  }
  return out;
}

}  // namespace ampacity::report
