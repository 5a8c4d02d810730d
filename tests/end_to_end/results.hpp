// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run leaves: results.nc read with the NetCDF library itself, and the JSON files.

#include <doctest/doctest.h>
#include <netcdf.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ampacity::tests {

inline nlohmann::ordered_json json_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  REQUIRE_MESSAGE(stream.good(), file << " is missing");
  return nlohmann::ordered_json::parse(stream);
}

class Results {
 public:
  explicit Results(const std::filesystem::path& file) {
    REQUIRE_MESSAGE(nc_open(file.c_str(), NC_NOWRITE, &file_) == NC_NOERR, file << " opens");
    times_s_.resize(length(dimensions(id_of("time")).front()));
    REQUIRE(nc_get_var_double(file_, id_of("time"), times_s_.data()) == NC_NOERR);
  }
  ~Results() { nc_close(file_); }
  Results(const Results&) = delete;
  Results& operator=(const Results&) = delete;

  // Seconds since the start of the run.
  const std::vector<double>& times_s() const { return times_s_; }

  // Names of all variables with a value per instant and unit.
  std::vector<std::string> variables() const {
    int count = 0;
    REQUIRE(nc_inq_nvars(file_, &count) == NC_NOERR);
    std::vector<std::string> names;
    for (int id = 0; id < count; ++id) {
      char name[NC_MAX_NAME + 1] = {};
      REQUIRE(nc_inq_varname(file_, id, name) == NC_NOERR);
      if (dimensions(id).size() == 2) names.emplace_back(name);
    }
    return names;
  }

  std::string unit_of_measure(const std::string& variable) const {
    const int id = id_of(variable);
    std::size_t size = 0;
    REQUIRE(nc_inq_attlen(file_, id, "units", &size) == NC_NOERR);
    std::string text(size, '\0');
    REQUIRE(nc_get_att_text(file_, id, "units", text.data()) == NC_NOERR);
    return text;
  }

  // Paths of the units along a variable's second dimension.
  std::vector<std::string> paths(const std::string& variable) const {
    const int dimension = dimensions(id_of(variable)).at(1);
    char name[NC_MAX_NAME + 1] = {};
    REQUIRE(nc_inq_dimname(file_, dimension, name) == NC_NOERR);
    std::vector<char*> texts(length(dimension));
    REQUIRE(nc_get_var_string(file_, id_of(std::string(name) + "_path"), texts.data()) == NC_NOERR);
    std::vector<std::string> out(texts.begin(), texts.end());
    nc_free_string(texts.size(), texts.data());
    return out;
  }

  // One unit over all instants.
  std::vector<float> series(const std::string& variable, std::size_t unit) const {
    std::vector<float> out(times_s_.size());
    const std::size_t start[2] = {0, unit};
    const std::size_t count[2] = {out.size(), 1};
    REQUIRE(nc_get_vara_float(file_, id_of(variable), start, count, out.data()) == NC_NOERR);
    return out;
  }

  std::vector<float> series(const std::string& variable, const std::string& path) const {
    const std::vector<std::string> all = paths(variable);
    const auto found = std::find(all.begin(), all.end(), path);
    REQUIRE_MESSAGE(found != all.end(), variable << " has no " << path);
    return series(variable, static_cast<std::size_t>(found - all.begin()));
  }

 private:
  int id_of(const std::string& variable) const {
    int id = 0;
    REQUIRE_MESSAGE(nc_inq_varid(file_, variable.c_str(), &id) == NC_NOERR,
                    "no variable " << variable);
    return id;
  }

  std::vector<int> dimensions(int id) const {
    int count = 0;
    REQUIRE(nc_inq_varndims(file_, id, &count) == NC_NOERR);
    std::vector<int> out(static_cast<std::size_t>(count));
    REQUIRE(nc_inq_vardimid(file_, id, out.data()) == NC_NOERR);
    return out;
  }

  std::size_t length(int dimension) const {
    std::size_t out = 0;
    REQUIRE(nc_inq_dimlen(file_, dimension, &out) == NC_NOERR);
    return out;
  }

  int file_ = -1;
  std::vector<double> times_s_;
};

}  // namespace ampacity::tests
