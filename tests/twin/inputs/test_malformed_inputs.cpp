// SPDX-License-Identifier: Apache-2.0

// What readers do with files that are wrong: each ends as a ConfigurationError that says where and
// what to do; no bytes whatever crash a reader or keep it busy.

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/inputs/weather_files.hpp"
#include "twin/core/errors.hpp"
#include "twin/inputs/job_log.hpp"
#include "twin/inputs/market.hpp"
#include "twin/inputs/trace.hpp"
#include "twin/inputs/weather.hpp"

namespace ampacity {
namespace {

using tests::gzipped;
using tests::made_csv_year;
using tests::made_epw_year;
using tests::TemporaryFolder;

using Fields = std::vector<std::string>;

enum class Reader { weather, price, carbon, trace, jobs };

const Time start = parse_time("2024-04-07").value();

void read(Reader reader, const std::filesystem::path& path) {
  WeatherOptions weather;
  weather.utc_offset = hours(-7);
  TraceOptions trace;
  trace.start = start;
  JobLogOptions jobs;
  jobs.origin = start;
  switch (reader) {
    case Reader::weather: {
      const WeatherFile file = read_weather(path, weather);
      if (file.typical_year()) (void)file.between(start, start + days(1));
      return;
    }
    case Reader::price:
      (void)read_price(path);
      return;
    case Reader::carbon:
      (void)read_carbon(path);
      return;
    case Reader::trace:
      (void)read_trace(path, trace);
      return;
    case Reader::jobs:
      (void)read_job_log(path, jobs);
      return;
  }
}

struct Malformed {
  const char* what;
  Reader reader;
  const char* file;
  std::string content;
  // What the message must hold: the place after the folder, then words of the cause or the remedy.
  std::vector<const char*> expected;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string without_line(std::string text, int line) {
  std::size_t at = 0;
  for (int i = 1; i < line; ++i) at = text.find('\n', at) + 1;
  return text.erase(at, text.find('\n', at) + 1 - at);
}

// An EPW year in which one row is changed.
std::string epw_with(int month, int day, int hour, const std::function<void(Fields&)>& change) {
  return made_epw_year([&](int m, int d, int h, Fields& fields) {
    if (m == month && d == day && h == hour) change(fields);
  });
}

const std::string trace_header = "time,power[1],power[2]\n";
const std::string price_header = "time,Price (USD/MWh)\n";
const std::string carbon_header = "time,Carbon Intensity gCO2eq/kWh\n";
const std::string swf_job = "1 0 10 3600 16 -1 -1 16 7200 -1 1 7 1 -1 2 -1 -1 -1\n";
const std::string pod_header =
    "name,num_gpu,gpu_milli,qos,pod_phase,creation_time,deletion_time,scheduled_time\n";
const std::string dated_header = "time,Tdb_C,RH_pct,p_Pa\n";

std::vector<Malformed> malformed_weather() {
  return {
      {"missing hour, by its line and name",
       Reader::weather,
       "a.epw",
       epw_with(2, 13, 5, [](Fields& f) { f.clear(); }),
       {"a.epw:1045:1: 02-13 hour 5 is missing", "the row is that of 02-13 hour 6", "complete it"}},
      {"missing last hour",
       Reader::weather,
       "a.epw",
       epw_with(12, 31, 24, [](Fields& f) { f.clear(); }),
       {"a.epw:8767:1: 12-31 hour 24 is missing: the file ends"}},
      {"missing first hour",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 1, [](Fields& f) { f.clear(); }),
       {"a.epw:9:1: 01-01 hour 1 is missing"}},
      {"repeated hour",
       Reader::weather,
       "a.epw",
       epw_with(2, 13, 5, [](Fields& f) { f[3] = "4"; }),
       {"a.epw:1045:6: the row of 02-13 hour 4 stands behind", "sort the rows"}},
      {"hours from 0 to 23",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 1, [](Fields& f) { f[3] = "0"; }),
       {"a.epw:9:10: '0' is no hour or minute", "from 1 to 24"}},
      {"a day that does not exist",
       Reader::weather,
       "a.epw",
       epw_with(4, 30, 1, [](Fields& f) { f[2] = "31"; }),
       {"month 4, day 31", "there is no such date"}},
      {"29 February cut off its year",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 1, [](Fields& f) { f[1] = "2", f[2] = "29"; }),
       {"begins on 29 February"}},
      {"long gap in the dry bulb",
       Reader::weather,
       "a.epw",
       made_epw_year([](int m, int d, int h, Fields& f) {
         if (m == 6 && d == 1 && h >= 3 && h <= 7) f[6] = "99.9";
       }),
       {"a.epw:3635: 5 values of dry bulb missing from 06-01 02:00 on", "at most 4 in a row"}},
      {"no dry bulb at all",
       Reader::weather,
       "a.epw",
       made_epw_year([](int, int, int, Fields& f) { f[6] = "99.9"; }),
       {"there is no dry-bulb temperature"}},
      {"absurd dry bulb",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 1, [](Fields& f) { f[6] = "-75"; }),
       {"a.epw:9:25: dry bulb of", "out of range", "check the column and its unit"}},
      {"pressure in hPa",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 1, [](Fields& f) { f[9] = "980"; }),
       {"a.epw:9:", "pressure of 0.98 kPa"}},
      {"letters for a number",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 2, [](Fields& f) { f[6] = "warm"; }),
       {"a.epw:10:25: 'warm' is not a number"}},
      {"NaN",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 2, [](Fields& f) { f[6] = "nan"; }),
       {"a.epw:10:25: 'nan' is not a number"}},
      {"row cut short",
       Reader::weather,
       "a.epw",
       epw_with(1, 1, 2, [](Fields& f) { f.resize(30); }),
       {"a.epw:10:1: the row has 30 fields, the rows before it have 35", "cut short"}},
      {"header line missing",
       Reader::weather,
       "a.epw",
       without_line(made_epw_year(), 4),
       {"a.epw:4:1: the header line 'GROUND TEMPERATURES' is missing", "eight header lines"}},
      {"no time zone",
       Reader::weather,
       "a.epw",
       replaced(made_epw_year(), ",-7.0,", ",,"),
       {"a.epw:1:", "a number is missing"}},
      {"time zone out of range",
       Reader::weather,
       "a.epw",
       replaced(made_epw_year(), ",-7.0,", ",-700,"),
       {"a.epw:1:53: '-700' is out of range"}},
      {"several data periods",
       Reader::weather,
       "a.epw",
       replaced(made_epw_year(), "DATA PERIODS,1,", "DATA PERIODS,2,"),
       {"a.epw:8:14: the file has several data periods"}},
      {"seven records per hour",
       Reader::weather,
       "a.epw",
       replaced(made_epw_year(), "DATA PERIODS,1,1", "DATA PERIODS,1,7"),
       {"a.epw:8:16: records per hour do not divide 60"}},
      {"header only", Reader::weather, "a.epw", made_epw_year().substr(0, 60), {"a.epw:"}},

      {"empty file", Reader::weather, "w.csv", "", {"w.csv: the file is empty"}},
      {"missing hour",
       Reader::weather,
       "w.csv",
       without_line(made_csv_year(), 4002),
       {"w.csv:4002:1: hour: hour 4000 is missing", "complete the file"}},
      {"file ends in November",
       Reader::weather,
       "w.csv",
       made_csv_year(320),
       {"w.csv:7681: hour 7680 is missing: the file ends", "8760"}},
      {"hours out of order",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "\n12,", "\n10,"),
       {"w.csv:14:1: hour: hour 10 stands behind"}},
      {"hour beyond the year",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "\n12,", "\n9000,"),
       {"w.csv:14:1", "goes from 0 to 8759"}},
      {"misspelt column",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "Tdb_C", "Tbd_C"),
       {"w.csv:1: the column 'Tbd_C' is not known", "nearest: 'Tdb_C'"}},
      {"column without its unit",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "Tdb_C", "Tdb"),
       {"w.csv:1: the column 'Tdb' has no unit in its name that fits", "write 'Tdb_C'"}},
      {"wrong kind of unit",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "wind_m_s", "wind_C"),
       {"w.csv:1: column 'wind_C'"}},
      {"no dry bulb",
       Reader::weather,
       "w.csv",
       "hour,Tdp_C,p_Pa\n0,1,98000\n",
       {"w.csv:1: there is no column for the dry bulb", "add Tdb_C"}},
      {"no humidity",
       Reader::weather,
       "w.csv",
       "hour,Tdb_C,p_Pa\n0,1,98000\n",
       {"w.csv:1: there is no column for the dew point", "Tdp_C or RH_pct"}},
      {"two dry bulbs",
       Reader::weather,
       "w.csv",
       "hour,Tdb_C,tdb_K,RH_pct,p_Pa\n0,1,274,5,98000\n",
       {"'Tdb_C' and 'tdb_K' hold the same quantity"}},
      {"no pressure",
       Reader::weather,
       "w.csv",
       "time,Tdb_C,RH_pct\n2024-01-01T00:00Z,1,50\n",
       {"there is no pressure", "p_Pa"}},
      {"fractions taken for per cent",
       Reader::weather,
       "w.csv",
       dated_header + "2024-01-01T00:00Z,1,150,98000\n",
       {"w.csv:2:21: RH_pct: relative humidity of 1.5 is out of range"}},
      {"infinite wind",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), ",2.5\n", ",inf\n"),
       {"w.csv:2:", "wind_m_s: 'inf' is not a number"}},
      {"kelvin for celsius",
       Reader::weather,
       "w.csv",
       replaced(made_csv_year(), "\n0,0.00,", "\n0,273.15,"),
       {"w.csv:2:3: Tdb_C: dry bulb of"}},
      {"decimal comma",
       Reader::weather,
       "w.csv",
       "time;Tdb_C;RH_pct;p_Pa\n2024-01-01T00:00Z;1,5;50;98000\n",
       {"w.csv:2:20: Tdb_C: ", "write a decimal point"}},
      {"no date",
       Reader::weather,
       "w.csv",
       dated_header + "0,1,50,98000\n",
       {"w.csv:2:1: time: a weather file needs dates"}},
      {"dates run backwards",
       Reader::weather,
       "w.csv",
       dated_header + "2024-01-02T00:00Z,1,50,98000\n2024-01-01T00:00Z,1,50,98000\n",
       {"w.csv:3:1: the time stamp 2024-01-01T00:00:00Z is earlier than that of line 2"}},
      {"hole in dated weather",
       Reader::weather,
       "w.csv",
       dated_header + "2024-01-01T00:00Z,1,50,98000\n2024-01-01T01:00Z,1,50,98000\n" +
           "2024-01-01T02:00Z,1,50,98000\n2024-01-01T04:00Z,1,50,98000\n",
       {"w.csv:5:1: 1 row missing between 2024-01-01T02:00:00Z and 2024-01-01T04:00:00Z"}},
  };
}

std::vector<Malformed> malformed_markets() {
  return {
      {"no unit",
       Reader::price,
       "p.csv",
       "time,Price\n2024-01-01T00:00Z,1\n",
       {"p.csv:1: no column names a price with its unit", "Price (USD/MWh)"}},
      {"two prices",
       Reader::price,
       "p.csv",
       "time,a (USD/MWh),b (EUR/MWh)\n2024-01-01T00:00Z,1,1\n",
       {"p.csv:1: several columns name a price"}},
      {"no time",
       Reader::price,
       "p.csv",
       "when,Price (USD/MWh)\n2024-01-01T00:00Z,1\n",
       {"p.csv: no column holds the time", "name it 'time'"}},
      {"one row",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n",
       {"p.csv: the file has 1 row"}},
      {"repeated hour",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,1\n",
       {"p.csv:3:1: the time stamp 2024-01-01T00:00:00Z repeats that of line 2",
        "daylight saving"}},
      {"hour runs backwards",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T01:00Z,1\n2024-01-01T00:00Z,1\n",
       {"p.csv:3:1: the time stamp", "is earlier than that of line 2"}},
      {"month 13",
       Reader::price,
       "p.csv",
       price_header + "2024-12-31T23:00Z,1\n2024-13-01T00:00Z,1\n",
       {"p.csv:3:1: time: '2024-13-01T00:00Z' is not a time", "no such date"}},
      {"offsets now and then",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00,1\n",
       {"p.csv:3:1: time: '2024-01-01T01:00' is written in another way"}},
      {"price in another unit than said",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,3e5\n",
       {"p.csv:3:19: Price (USD/MWh): the value is out of range", "check the unit"}},
      {"words for a price",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,n/a\n",
       {"p.csv:3:19: Price (USD/MWh): 'n/a' is not a number"}},
      {"long gap",
       Reader::price,
       "p.csv",
       price_header +
           "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,1\n2024-01-01T02:00Z,1\n2024-01-01T08:00Z,1\n",
       {"p.csv:5:1: 5 rows missing between", "at most 4 in a row are filled"}},
      {"no interval",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,1\n2024-01-01T03:30Z,1\n" +
           "2024-01-01T09:00Z,1\n",
       {"p.csv: the rows keep no regular interval"}},
      {"empty price column",
       Reader::price,
       "p.csv",
       price_header + "2024-01-01T00:00Z,\n2024-01-01T01:00Z,\n",
       {"p.csv: Price (USD/MWh): the column is empty"}},
      {"quote left open",
       Reader::price,
       "p.csv",
       price_header + "\"2024-01-01T00:00Z,1\n",
       {"p.csv:2:1: a quote is not closed"}},
      {"year 1800",
       Reader::price,
       "p.csv",
       price_header + "1800-01-01T00:00Z,1\n",
       {"p.csv:2:1: time: "}},
      {"not there", Reader::price, "", "", {"there is no such file"}},

      {"negative carbon",
       Reader::carbon,
       "c.csv",
       carbon_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,-1\n",
       {"c.csv:3:19: ", "the value is out of range (0 to 3000 kg/MWh"}},
      {"carbon without a unit",
       Reader::carbon,
       "c.csv",
       "time,carbon\n2024-01-01T00:00Z,1\n",
       {"c.csv:1: no column names a carbon intensity with its unit"}},
      {"two carbons of unknown basis",
       Reader::carbon,
       "c.csv",
       "time,a gCO2/kWh,b gCO2/kWh\n2024-01-01T00:00Z,1,1\n",
       {"c.csv:1: several columns name a carbon intensity"}},
  };
}

std::vector<Malformed> malformed_traces() {
  const std::string good = trace_header + "0,1,2\n15,1,2\n30,1,2\n";
  const std::string packed = gzipped(made_csv_year());
  return {
      {"NaN in a trace",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,1,nan\n",
       {"t.csv:3:6: power[2]: 'nan' is not a number"}},
      {"negative heat",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,-1,2\n",
       {"t.csv:3:4: power[1]: the value is negative"}},
      {"empty cell",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,,2\n",
       {"t.csv:3:4: power[1]: a number is missing"}},
      {"time stands still",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,1,2\n15,1,2\n",
       {"t.csv:4:1: the time stamp 2024-04-07T00:00:15Z repeats that of line 3"}},
      {"time runs backwards",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,1,2\n5,1,2\n",
       {"t.csv:4:1: the time stamp 2024-04-07T00:00:05Z is earlier than that of line 3"}},
      {"gap in time",
       Reader::trace,
       "t.csv",
       trace_header + "0,1,2\n15,1,2\n30,1,2\n300,1,2\n315,1,2\n",
       {"t.csv:5:1: 17 rows missing between 2024-04-07T00:00:30Z and 2024-04-07T00:05:00Z"}},
      {"a field too few",
       Reader::trace,
       "t.csv",
       good + "45,1\n",
       {"t.csv:5: the row has 2 fields, the first row has 3"}},
      {"a field too many",
       Reader::trace,
       "t.csv",
       good + "45,1,2,3\n",
       {"t.csv:5: the row has 4 fields, the first row has 3"}},
      {"cut gzip",
       Reader::trace,
       "t.csv.gz",
       packed.substr(0, packed.size() / 2),
       {"t.csv.gz: the gzip file ends too early", "copy it again"}},
      {"damaged gzip",
       Reader::trace,
       "t.csv.gz",
       packed.substr(0, 2000) + std::string(200, 'x') + packed.substr(2200),
       {"t.csv.gz: the gzip file"}},
      {"same unit twice",
       Reader::trace,
       "t.csv",
       "time,power[1],power[01]\n0,1,2\n",
       {"t.csv:1: the columns 'power[1]' and 'power[01]' both belong to unit 1"}},
      {"numbered columns of two kinds",
       Reader::trace,
       "t.csv",
       "time,power[1],flow[1]\n0,1,2\n",
       {"t.csv:1: the columns 'power[1]' and 'flow[1]' are numbered but named differently"}},
      {"no unit column",
       Reader::trace,
       "t.csv",
       "time,heat\n0,1\n",
       {"t.csv:1: no column belongs to a unit", "power[1]"}},
      {"unit of another kind",
       Reader::trace,
       "t.csv",
       "time,power 1 (degC)\n0,1\n",
       {"t.csv:1: column 'power 1 (degC)'"}},
      {"kilowatts taken for watts",
       Reader::trace,
       "t.csv",
       "time,power 1 (kW)\n0,1e7\n",
       {"t.csv:2:3: power 1 (kW): more than 1 GW"}},
      {"wet bulb in kelvin",
       Reader::trace,
       "t.csv",
       "time,power 1,wet bulb\n0,1,290\n",
       {"t.csv:2:5: wet bulb: the wet bulb is out of range"}},
      {"time beyond measure",
       Reader::trace,
       "t.csv",
       "time,power 1\n1e18,1\n",
       {"t.csv:2:1: time: the time lies outside of the years 1950 to 2150"}},
      {"no rows", Reader::trace, "t.csv", trace_header, {"t.csv: the file has no rows"}},
      {"binary",
       Reader::trace,
       "t.csv",
       trace_header + std::string("0,\0,1\n", 6),
       {"t.csv:2:3: a zero byte"}},
      {"UTF-16", Reader::trace, "t.csv", "\xff\xfet\0i\0", {"t.csv: the file is UTF-16"}},
  };
}

std::vector<Malformed> malformed_jobs() {
  return {
      {"17 fields",
       Reader::jobs,
       "j.swf",
       swf_job.substr(0, swf_job.size() - 4) + "\n",
       {"j.swf:1:1: the row has 17 fields, an SWF job has 18"}},
      {"letters",
       Reader::jobs,
       "j.swf",
       "; a comment\n" + replaced(swf_job, "3600", "long"),
       {"j.swf:2:8: 'long' is not a number", "SWF fields are numbers"}},
      {"beyond measure",
       Reader::jobs,
       "j.swf",
       replaced(swf_job, "3600", "1e300"),
       {"j.swf:1:8: '1e300' is out of range"}},
      {"too many processors",
       Reader::jobs,
       "j.swf",
       replaced(swf_job, " 16 ", " 90000000 "),
       {"j.swf:1:13: more than ten million processors"}},
      {"no jobs", Reader::jobs, "j.swf", "; nothing\n", {"j.swf: the file has no jobs"}},
      {"empty", Reader::jobs, "j.csv", "", {"j.csv: the file is empty"}},
      {"columns of another log",
       Reader::jobs,
       "j.csv",
       "a,b,c\n1,2,3\n",
       {"j.csv:1: the columns are not those of a log that is known", "use SWF"}},
      {"half a GPU too many",
       Reader::jobs,
       "j.csv",
       pod_header + "p,1,1500,LS,R,1,3,2\n",
       {"j.csv:2:5: gpu_milli: a share of a GPU is more than 0 and at most 1"}},
      {"half a GPU",
       Reader::jobs,
       "j.csv",
       pod_header + "p,0.5,1000,LS,R,1,3,2\n",
       {"j.csv:2:4: num_gpu: '0.5' is not an integer"}},
      {"instants and seconds mixed",
       Reader::jobs,
       "j.csv",
       pod_header + "p,1,1000,LS,R,1,2024-04-07T00:00Z,2\n",
       {"j.csv:2:21: deletion_time: '2024-04-07T00:00Z' is not a number"}},
      {"time beyond measure",
       Reader::jobs,
       "j.csv",
       pod_header + "p,1,1000,LS,R,1e17,3,2\n",
       {"j.csv:2:15: creation_time: the time lies outside of the years 1950 to 2150"}},
  };
}

void check_table(const std::vector<Malformed>& table) {
  const TemporaryFolder folder;
  for (const Malformed& input : table) {
    CAPTURE(std::string(input.what));
    const std::string name = *input.file == '\0' ? "absent.csv" : input.file;
    const auto path =
        *input.file == '\0' ? folder.path() / name : folder.write(name, input.content);
    std::string message;
    try {
      read(input.reader, path);
    } catch (const ConfigurationError& error) {
      message = error.what();
      CHECK(error.findings().front().place.file == path.string());
    }
    CAPTURE(message);
    CHECK_FALSE(message.empty());
    for (const char* part : input.expected) {
      CAPTURE(std::string(part));
      CHECK(message.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("malformed weather") { check_table(malformed_weather()); }
TEST_CASE("malformed price and carbon") { check_table(malformed_markets()); }
TEST_CASE("malformed traces") { check_table(malformed_traces()); }
TEST_CASE("malformed job logs") { check_table(malformed_jobs()); }

TEST_CASE("a log without a start asks for one") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS((void)read_job_log(folder.write("j.swf", swf_job)),
                       doctest::Contains("j.swf:1:1: the log does not say when its second 0 is"),
                       ConfigurationError);
  CHECK_THROWS_WITH_AS(
      (void)read_job_log(folder.write("j.csv", pod_header + "p,1,1000,LS,R,1,3,2\n")),
      doctest::Contains("j.csv:2:15: creation_time: the log counts seconds"), ConfigurationError);
  CHECK_THROWS_WITH_AS(
      (void)read_job_log(folder.write("j.swf", "; UnixStartTime: soon\n" + swf_job)),
      doctest::Contains("j.swf:1:1: UnixStartTime: 'soon' is not an integer"), ConfigurationError);
  CHECK_THROWS_WITH_AS((void)read_weather(folder.write("w.csv", made_csv_year())),
                       doctest::Contains("needs the site's standard offset"), ConfigurationError);
}

TEST_CASE("many findings of one kind come together") {
  const TemporaryFolder folder;
  std::string text = price_header;
  for (int i = 0; i < 50; ++i) text += "2024-01-01T00:00Z,1\n";
  try {
    (void)read_price(folder.write("p.csv", text));
    FAIL("the file was accepted");
  } catch (const ConfigurationError& error) {
    CHECK(error.findings().size() == 20);
  }
}

// --- any bytes ----------------------------------------------------------------------------------

// SplitMix64 (Steele, Lea, Flood 2014): the same bytes on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

 private:
  std::uint64_t state_;
};

// Cuts, doubles, overwrites and inserts at random places.
std::string mutated(std::string text, Dice& dice) {
  static const std::vector<std::string> splinters = {
      ",",    "\n",     "\r\n", "\"", "nan",    "inf",  "-1",  "1e308",  "9999999999999999999",
      "\xff", "(",      ")",    "[",  "]",      ";",    "0",   "#",      "2024-02-30T25:61Z",
      "-",    "+99:99", "\t",   " ",  "1e-320", "99.9", "999", "999999", std::string(1, '\0')};
  const std::size_t changes = 1 + dice.below(3);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = dice.below(text.size());
    switch (dice.below(5)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        text.erase(at, 1 + dice.below(20));
        break;
      case 2:
        text.insert(at, splinters[dice.below(splinters.size())]);
        break;
      case 3:
        text[at] = static_cast<char>(dice.below(256));
        break;
      default:
        text.insert(at, text.substr(dice.below(text.size()), dice.below(60)));
    }
  }
  return text;
}

TEST_CASE("random damage never crashes a reader") {
  const TemporaryFolder folder;
  const std::vector<std::pair<Reader, std::string>> seeds = {
      {Reader::trace, trace_header + "0,1,2\n15,1,2\n30,4,5\n"},
      {Reader::trace,
       "timestamp,rack-1 (kW),wet bulb (degF)\n2024-01-01T00:00Z,1,50\n"
       "2024-01-01T00:01Z,1,50\n2024-01-01T00:03Z,1,50\n"},
      {Reader::price, price_header + "2024-01-01T00:00Z,1\n2024-01-01T01:00Z,\n"
                                     "2024-01-01T02:00Z,3\n2024-01-01T04:00Z,3\n"},
      {Reader::carbon,
       "Datetime (UTC),Carbon Intensity gCO\xE2\x82\x82"
       "eq/kWh (direct),Data "
       "Estimated\n2023-01-01 00:00:00,140,true\n2023-01-01 01:00:00,140,false\n"},
      {Reader::weather, dated_header + "2024-01-01T00:00Z,1,50,98000\n"
                                       "2024-01-01T01:00Z,1,,98000\n2024-01-01T02:00Z,1,5,98000\n"},
      {Reader::weather, "hour,Tdb_C,RH_pct,p_Pa\n0,1,50,98000\n1,1,50,98000\n2,1,50,98000\n"},
      {Reader::jobs, "; UnixStartTime: 1672531200\n" + swf_job + swf_job},
      {Reader::jobs, pod_header + "p,1,460,LS,R,1,30,2\nq,8,1000,BE,F,2,60,\n"},
  };
  Dice dice(20240407);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto& [reader, seed] = seeds[dice.below(seeds.size())];
    const std::string name = reader == Reader::jobs && seed.front() == ';' ? "f.swf" : "f.csv";
    const auto path = folder.write(name, mutated(seed, dice));
    try {
      read(reader, path);
      ++accepted;
    } catch (const ConfigurationError& error) {
      ++refused;
      CHECK(error.findings().size() <= 20);
    }
  }
  // The damage is neither all harmless nor all fatal, or it would test little.
  CHECK(accepted > 100);
  CHECK(refused > 100);
}

TEST_CASE("random damage to whole weather years never crashes a reader") {
  const TemporaryFolder folder;
  const std::string epw = made_epw_year();
  const std::string csv = made_csv_year();
  Dice dice(7);
  for (int i = 0; i < 60; ++i) {
    const bool is_epw = dice.below(2) == 0;
    // Half of the damage goes to the first kilobyte, where the headers are.
    const std::string& whole = is_epw ? epw : csv;
    const std::size_t cut = dice.below(2) == 0 ? 1000 : whole.size();
    const auto path = folder.write(is_epw ? "f.epw" : "f.csv",
                                   mutated(whole.substr(0, cut), dice) + whole.substr(cut));
    try {
      read(Reader::weather, path);
    } catch (const ConfigurationError&) {
      continue;
    }
  }
}

TEST_CASE("random bytes and cut gzip files never crash a reader") {
  const TemporaryFolder folder;
  Dice dice(42);
  const std::string packed = gzipped(trace_header + "0,1,2\n15,1,2\n");
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    if (dice.below(2) == 0) {
      bytes.resize(dice.below(300));
      for (char& byte : bytes) byte = static_cast<char>(dice.below(256));
    } else {
      bytes = mutated(packed, dice);
    }
    const auto path = folder.write("f.csv", bytes);
    for (const Reader reader :
         {Reader::weather, Reader::price, Reader::carbon, Reader::trace, Reader::jobs}) {
      try {
        read(reader, path);
      } catch (const ConfigurationError&) {
        continue;
      }
    }
  }
}

TEST_CASE("a start far from 1970 is refused, not overflown") {
  const TemporaryFolder folder;
  const auto trace = folder.write("t.csv", "time,power 1\n3.1e9,1\n3.2e9,1\n");
  const auto jobs = folder.write("j.swf", swf_job + replaced(swf_job, "1 0 10", "2 3e9 3e9"));
  for (const char* date : {"1900-01-01", "1970-01-01", "2149-12-31", "2199-12-31"}) {
    TraceOptions trace_options;
    trace_options.start = parse_time(date).value();
    JobLogOptions job_options;
    job_options.origin = trace_options.start;
    for (const bool is_trace : {true, false}) {
      try {
        if (is_trace) {
          (void)read_trace(trace, trace_options);
        } else {
          (void)read_job_log(jobs, job_options);
        }
      } catch (const ConfigurationError& error) {
        CHECK(std::string(error.what()).find("1950 to 2150") != std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace ampacity
