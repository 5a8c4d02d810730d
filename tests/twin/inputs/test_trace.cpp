// SPDX-License-Identifier: Apache-2.0

// Traces of heat and power: made-up ones, and the measured day of Frontier.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/core/errors.hpp"
#include "twin/inputs/trace.hpp"

namespace ampacity {
namespace {

using tests::gzipped;
using tests::TemporaryFolder;

Time at(const std::string& text) { return parse_time(text).value(); }

bool told(const std::vector<Notice>& notices, const std::string& part) {
  return std::any_of(notices.begin(), notices.end(), [&](const Notice& notice) {
    return notice.text().find(part) != std::string::npos;
  });
}

TraceOptions from(const std::string& start) {
  TraceOptions out;
  out.start = at(start);
  return out;
}

TEST_CASE("a trace in seconds starts where the caller says, packed or not") {
  const TemporaryFolder folder;
  const std::string text =
      "time,power[2],power[1],OA Wetbulb Temp\n"
      "0.0,1000,10,4.5\n15.0,1300,10,5.0\n30.0,1300,40,5.5\n";
  for (const auto& path :
       {folder.write("day.csv", text), folder.write("day.csv.gz", gzipped(text))}) {
    const UnitTrace trace = read_trace(path, from("2024-04-07"));
    CHECK(trace.units == std::vector<int>{2, 1});
    CHECK(trace.notices.empty());
    CHECK(trace.power_w.columns()[0].name == "power[2]");
    CHECK(trace.power_w.value(0, at("2024-04-07T00:00:05Z")) == doctest::Approx(1100.0));
    CHECK(trace.power_w.value(1, at("2024-04-07T00:00:20Z")) == doctest::Approx(20.0));
    CHECK(trace.wet_bulb_k.value(0, at("2024-04-07T00:00:15Z")) == doctest::Approx(278.15));
    CHECK(trace.power_w.end() == at("2024-04-07T00:00:30Z"));
  }
}

TEST_CASE("instants, other units, other names, columns without a use") {
  const TemporaryFolder folder;
  const UnitTrace trace =
      read_trace(folder.write("rack.csv",
                              "timestamp,rack-01 (kW),rack-07 (kW),wetbulb (degF),note\n"
                              "2024-04-07T00:00:00Z,1,2,41,a\n2024-04-07T00:01:00Z,1,3,41,b\n"));
  CHECK(trace.units == std::vector<int>{1, 7});
  CHECK(trace.power_w.value(1, at("2024-04-07T00:00:30Z")) == doctest::Approx(2500.0));
  CHECK(trace.wet_bulb_k.value(0, at("2024-04-07T00:00:30Z")) == doctest::Approx(278.15));
  CHECK(told(trace.notices, "the column 'note' is not used"));
}

TEST_CASE("an explicit mapping reads files without numbers") {
  const TemporaryFolder folder;
  TraceOptions options = from("2024-04-07");
  options.units = {{"north", 3}, {"south (MW)", 9}};
  const auto path = folder.write("named.csv", "time,north,south (MW),flow 1\n0,5,1,9\n60,6,1,9\n");
  const UnitTrace trace = read_trace(path, options);
  CHECK(trace.units == std::vector<int>{3, 9});
  CHECK(trace.power_w.at(1, 0) == 6.0);
  CHECK(trace.power_w.at(1, 1) == doctest::Approx(1e6));
  CHECK(told(trace.notices, "'flow 1' is not used"));
  options.units = {{"norht", 3}};
  CHECK_THROWS_WITH_AS((void)read_trace(path, options), doctest::Contains("nearest: 'north'"),
                       ConfigurationError);
}

TEST_CASE("missing rows lie on the line between their neighbours, also of the wet bulb") {
  const TemporaryFolder folder;
  const UnitTrace trace = read_trace(
      folder.write("gap.csv",
                   "time,power[1],wet bulb\n0,0,0\n15,0,0\n30,0,0\n75,90,3\n90,90,3\n105,90,3\n"),
      from("2024-04-07"));
  CHECK(trace.power_w.size() == 8);
  CHECK(trace.wet_bulb_k.size() == 8);
  CHECK(trace.power_w.value(0, at("2024-04-07T00:00:45Z")) == doctest::Approx(30.0));
  CHECK(trace.wet_bulb_k.value(0, at("2024-04-07T00:01:00Z")) == doctest::Approx(275.15));
  REQUIRE(trace.notices.size() == 1);
  CHECK(trace.notices.front().text().find(
            "gap.csv:5: 2 rows missing between 2024-04-07T00:00:30Z and 2024-04-07T00:01:15Z, "
            "filled linearly") != std::string::npos);
}

TEST_CASE("uneven spacing is no gap") {
  const TemporaryFolder folder;
  const UnitTrace trace = read_trace(
      folder.write("free.csv", "time,power[1]\n0,1\n3,2\n50,3\n51,4\n400,5\n"), from("2024-04-07"));
  CHECK(trace.power_w.size() == 5);
  CHECK(trace.notices.empty());
}

TEST_CASE("power from heat") {
  const TemporaryFolder folder;
  UnitTrace heat =
      read_trace(folder.write("heat.csv", "time,power[1]\n0,945\n15,1890\n"), from("2024-04-07"));
  heat.power_w.hold();
  const UnitTrace power = power_from_heat(heat, 0.945);
  CHECK(power.power_w.value(0, at("2024-04-07T00:00:00Z")) == doctest::Approx(1000.0));
  CHECK(power.power_w.value(0, at("2024-04-07T01:00:00Z")) == doctest::Approx(2000.0));
}

TEST_CASE("the measured day of Frontier") {
  const auto path =
      tests::reference_file("series/frontier_2024-04-07_cdu_heatload_wetbulb_15s.csv.gz");
  if (!path) return;
  const UnitTrace trace = read_trace(*path, from("2024-04-07"));
  CHECK(trace.notices.empty());
  REQUIRE(trace.units.size() == 25);
  for (int i = 0; i < 25; ++i) CHECK(trace.units[static_cast<std::size_t>(i)] == i + 1);
  CHECK(trace.power_w.size() == 5761);
  CHECK(trace.power_w.end() - trace.power_w.start() == days(1));
  // 5.2 to 26.6 MW, mean 16.1 MW, as published with the file.
  double minimum_w = 1e12;
  double maximum_w = 0;
  double mean_w = 0;
  double cdu_14_w = 0;
  for (std::size_t i = 0; i < trace.power_w.size(); ++i) {
    double sum_w = 0;
    for (std::size_t c = 0; c < 25; ++c) sum_w += trace.power_w.at(i, c);
    minimum_w = std::min(minimum_w, sum_w);
    maximum_w = std::max(maximum_w, sum_w);
    mean_w += sum_w / 5761;
    cdu_14_w += trace.power_w.at(i, 13) / 5761;
  }
  CHECK(minimum_w / 1e6 == doctest::Approx(5.2).epsilon(0.01));
  CHECK(maximum_w / 1e6 == doctest::Approx(26.6).epsilon(0.002));
  CHECK(mean_w / 1e6 == doctest::Approx(16.1).epsilon(0.005));
  // Two cabinets instead of three.
  CHECK(cdu_14_w / (mean_w / 25) == doctest::Approx(2.0 / 3).epsilon(0.1));
  // First row of the file.
  CHECK(trace.power_w.at(0, 13) == doctest::Approx(669'357.612));
  CHECK(trace.wet_bulb_k.at(0, 0) == doctest::Approx(273.15 + 4.8333333333));
  CHECK(trace.wet_bulb_k.at(5760, 0) == doctest::Approx(273.15 + 8.3888888889));
}

}  // namespace
}  // namespace ampacity
