// SPDX-License-Identifier: Apache-2.0

// What a user gets who makes a mistake: exit code 2 and, for every mistake, the place (file, line
// and column, or the option) and what to do about it in brackets; and no half-made run directory.
//
// Every row spoils a small site that is valid (shown first) or one of the files that a run reads.
// '@' in a file marks a place that must be named, and is taken out before the file is written.

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/end_to_end/program.hpp"
#include "tests/end_to_end/small_plant.hpp"
#include "tests/twin/inputs/temporary_folder.hpp"
#include "tests/twin/inputs/weather_files.hpp"

namespace fs = std::filesystem;
using namespace ampacity::tests;

namespace {

using Words = std::vector<std::string>;

struct File {
  std::string name;
  std::string content;
};

struct Malformed {
  std::string name;
  std::vector<File> files;
  Words arguments;
  Words expected;  // besides the marked places
};

// --- how rows are written

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, "the site has no '" << from << "'");
  return text.replace(at, from.size(), to);
}

// The small site with one piece of text in place of another.
std::string with(const std::string& from, const std::string& to) {
  return replaced(small_plant_text, from, to);
}

// The small site with more at its end.
std::string plus(const std::string& text) { return small_plant_text + text; }

Malformed site(std::string name, std::string text, Words expected) {
  return {std::move(name),
          {{"small.toml", std::move(text)}},
          {"check", "small.toml"},
          std::move(expected)};
}

// A run of the valid site with options.
Malformed run(std::string name, Words options, Words expected, std::vector<File> files = {}) {
  options.insert(options.begin(), {"run", "small.toml", "-o", "out"});
  files.push_back({"small.toml", small_plant_text});
  return {std::move(name), std::move(files), std::move(options), std::move(expected)};
}

Malformed run_with_file(std::string name, const std::string& option, const File& file,
                        Words expected) {
  return run(std::move(name), {option, file.name}, std::move(expected), {file});
}

Malformed scenario(std::string name, std::string text, Words expected) {
  Malformed out = run(std::move(name), {}, std::move(expected), {{"s.toml", std::move(text)}});
  out.arguments = {"run", "small.toml", "s.toml", "-o", "out"};
  return out;
}

Malformed command(std::string name, Words arguments, Words expected) {
  return {std::move(name), {}, std::move(arguments), std::move(expected)};
}

// Minute values of two racks over twenty minutes from the start of the site's run, from row `first`
// up to but not including row `end`.
std::string trace(int first = 0, int end = 20) {
  std::string rows = first == 0 ? "time,power[1],power[2]\n" : "";
  for (int minute = first; minute < end; ++minute) {
    rows += "2024-07-15T04:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) +
            ":00Z,100000,100000\n";
  }
  return rows;
}

std::string hours(const std::string& header, const std::string& value) {
  std::string rows = "time," + header + "\n";
  for (int hour = 0; hour < 24; ++hour) {
    rows += "2024-07-15T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00Z," +
            value + "\n";
  }
  return rows;
}

// --- the rows

std::vector<Malformed> bad_texts() {
  const std::string volume = "supply_volume = \"4 m3\"";
  return {
      site("syntax error", with(volume, "supply_volume = @= 3"), {"syntax error", "(TOML wants"}),
      site("text without end", with("\"Two racks\"", "\"Two racks@"), {"syntax error"}),
      site("duplicate key", with(volume, volume + "\nsupply_volume = @\"5 m3\""),
           {"cannot redefine", "supply_volume", "each key and each [table] once"}),
      site("duplicate table", plus("@[bus.main]\n"), {"cannot redefine", "bus.main"}),
      site("binary file", std::string("\x01\x02\0\x03", 4), {"small.toml:1:1", "(TOML wants"}),
      site("no UTF-8",
           with("Two racks",
                "Z\xfc"
                "rich"),
           {"small.toml:3:", "utf-8"}),
      site("empty file", "", {"small.toml: site.name: missing", "(add [site] name = ...)"}),
      site("no name", with("name = \"small\"\n", ""), {"small.toml:1:1: site.name: missing"}),
      site("name is a number", with("\"small\"", "@3"), {"a text is wanted", "in quotes"}),
      site("section is a number", replaced(plus(""), "[site]", "curve = @3\n[site]"),
           {"curve: a table is wanted", "(write [curve]"}),
      site("unknown section", plus("@[buss.x]\n"), {"buss: unknown key (nearest: 'bus')"}),
      site("section like nothing", plus("@[zebra.x]\n"), {"(`ampacity describe` lists"}),
      site("unknown key", with("supply_volume = ", "suply_volume = @"),
           {"loop.water.suply_volume: unknown key (nearest: 'supply_volume')"}),
      site("unknown key of a rack", with("[island.pod.rack]", "[island.pod.rack]\ngpu_cont = @72"),
           {"island.pod.rack.gpu_cont: unknown key (nearest: 'gpu_count')"}),
      site("unknown setting", plus("[workload]\nutilization = @0.5\n"),
           {"workload.utilization: unknown key (nearest: 'utilisation')"}),
      site("unknown state", with("[loop.water]", "[loop.water]\ninitial = { supply_temp = @3 }"),
           {"loop.water.initial.supply_temp: unknown key (known: supply_temperature return"}),
  };
}

std::vector<Malformed> bad_values() {
  const std::string volume = "supply_volume = \"4 m3\"";
  const auto value = [&](const std::string& text) {
    return with(volume, "supply_volume = @" + text);
  };
  return {
      site("unit of another dimension", value("\"4 m2\""),
           {"loop.water.supply_volume: '4 m2'", "of another kind (write a unit such as m3)"}),
      site("unit that nobody knows", value("\"4 flurbs\""),
           {"'flurbs' is not a known unit (write"}),
      site("unit without number", value("\"m3\""), {"does not begin with a number (write"}),
      site("negative volume", value("\"-4 m3\""),
           {"-4 m3 is out of bounds (allowed: 0.001 m3 to 1000000 m3)"}),
      site("negative area", with("design_flow = \"8 kg/s\"", "design_flow = @\"-8 kg/s\""),
           {"hall.room.design_flow", "out of bounds (allowed: "}),
      site("no number", value("nan"), {"'nan' is no finite number (allowed: "}),
      site("infinite", value("inf"), {"'inf' is no finite number (allowed: "}),
      site("true", value("true"), {"a quantity is wanted, not a true or false (a number in m3"}),
      site("list", value("[4]"), {"a quantity is wanted, not a list"}),
      site("ambiguous ton", with("\"2 MW\"", "@\"600 ton\""),
           {"bus.main.rated_power: '600 ton'", "ambiguous (write refrigeration_ton"}),
      site("ambiguous deg", with("\"32 degC\"", "@\"32 deg\""),
           {"'deg' is ambiguous (write degC, degF or arc_degree)"}),
      site("temperature out of bounds", with("\"32 degC\"", "@\"320 degC\""),
           {"320 degC is out of bounds (allowed: "}),
      site("latitude out of bounds", with("latitude = 36.0", "latitude = @96.0"),
           {"site.latitude: 96 is out of bounds (allowed: -90 to 90)"}),
      site("missing parameter", with("rated_power = \"2 MW\"\n", ""),
           {"small.toml:14:1: bus.main.rated_power: missing: ", "(allowed: "}),
      site("time zone", with("\"America/New_York\"", "@\"America/New_Yrok\""),
           {"there is no time zone 'America/New_Yrok' (nearest: 'America/New_York')"}),
      site("start in a thirteenth month", with("\"2024-07-15\"", "@\"2024-13-15\""),
           {"site.start: '2024-13-15' is not a time", "(write "}),
      site("start in a skipped hour", with("\"2024-07-15\"", "@\"2024-03-10T02:30\""),
           {"America/New_York skips that local time", "(write "}),
      site("duration", with("\"10 min\"", "@\"10 parsec\""),
           {"site.duration: '10 parsec' is not a duration", "(write '24h'"}),
      site("negative duration", with("\"10 min\"", "@\"-10 min\""),
           {"'-10 min' is not positive (write '24 h')"}),
      site("interval of the results", plus("[record]\nevery = @\"1.5 s\"\n"),
           {"record.every: '1.5 s' is neither whole seconds nor a part of one (write '1s'"}),
      site("record of nothing", plus("[record]\npatterns = @[\"liquid_rack.powr\"]\n"),
           {"record.patterns: 'liquid_rack.powr' selects no quantity", "'liquid_rack.power')"}),
      site("unknown currency", with("\"USD\"", "@\"Taler\""),
           {"site.currency: 'Taler' is no known currency (write an ISO code"}),
      site("two currencies", plus("[economy]\nprice = @\"50 EUR/MWh\"\n"),
           {"economy.price: EUR in a site that counts in USD (set site.currency"}),
      site("default price in another currency", with("\"USD\"", "@\"EUR\""),
           {"the default price is in USD (add [economy] price = \"... EUR/MWh\")"}),
      site("two prices a day", plus("[economy]\nprice = @[\"50 USD/MWh\", \"40 USD/MWh\"]\n"),
           {"economy.price: 2 values (give one, or 24 by local hour)"}),
      site("no choice", plus("[workload]\nsource = @\"generater\"\n"),
           {"'generater' is no choice (one of "}),
      site("points of a curve", plus("@[curve.c]\nx = [2, 1]\ny = [1, 2]\n"),
           {"curve.c: needs two or more finite points with strictly rising x (sort"}),
  };
}

std::vector<Malformed> bad_structures() {
  const std::string rack_fed = "[island.pod.rack]\nfed_by = ";
  const auto racks_fed = [&](const std::string& names) {
    return with(rack_fed + "\"main\"", rack_fed + names);
  };
  return {
      site("no site", "[site]\nname = \"x\"\n",
           {"small.toml: a site without units (add [grid.<name>]"}),
      site("no grid", with("[grid.utility]", "") + "[grid]\n",
           {"bus.main.fed_by: no unit named 'utility' (wanted: the name of a grid"}),
      site("second grid", plus("@[grid.other]\n"),
           {"grid.other: a second grid connection (a site has exactly one"}),
      site("duplicate unit", plus("@[loop.main]\n"),
           {"loop.main: duplicate name 'main' (also at line 14; names are unique in a site)"}),
      site("duplicate rack", plus("@[air_rack.\"pod\"]\nhall = \"room\"\nfed_by = \"main\"\n"),
           {"duplicate name 'room/pod' (also at line 26"}),
      site("no name of a unit", plus("@[bus.\"\"]\nfed_by = \"main\"\nrated_power = \"1 MW\"\n"),
           {"'' is no name (letters, digits"}),
      site("slash in a name", plus("@[bus.\"a/b\"]\nfed_by = \"main\"\nrated_power = \"1 MW\"\n"),
           {"'a/b' is no name (letters, digits"}),
      site("rack fed by no bus", with("[island.pod.rack]\nfed_by = \"main\"", "@[island.pod.rack]"),
           {"island.pod.rack.fed_by: missing: ", "(name a grid, transformer, bus"}),
      site("rack fed by nobody", racks_fed("@[]"), {"0 names given (wanted: 1 to 2"}),
      site("rack fed three times", racks_fed("@[\"main\", \"main\", \"main\"]"),
           {"3 names given (wanted: 1 to 2"}),
      site("the same feed twice", racks_fed("[\"main\", @\"main\"]"),
           {"'main' stands here twice (name another, or only one)"}),
      site("dangling feed", racks_fed("@\"mian\""), {"no unit named 'mian' (nearest: 'main')"}),
      site("fed by water", racks_fed("@\"water\""),
           {"'water' is a loop (wanted: grid, transformer, bus"}),
      site("bus fed by itself", with("fed_by = \"utility\"", "fed_by = @\"main\""),
           {"bus.main.fed_by: power in a circle: main <- main (feed one of them from the grid)"}),
      site("buses in a circle",
           with("[bus.main]\nfed_by = \"utility\"",
                "[bus.b]\nfed_by = \"main\"\nrated_power = \"2 MW\"\n[bus.main]\nfed_by = @\"b\""),
           {"power in a circle: b <- main <- b (feed one of them from the grid)"}),
      site("count 0", with("cdus = 1", "cdus = 1\ncount = @0"),
           {"island.pod.count: this is no count (a whole number from 1 to"}),
      site("half a rack", with("racks = 2", "racks = @2.5"),
           {"island.pod.racks: this is no count (a whole number from 1 to"}),
      site("island without racks",
           with("[island.pod]\ncdus = 1\nracks = 2", "@[island.pod]\ncdus = 1"),
           {"island.pod.racks: missing: an island has one rack or more (add racks = ...)"}),
      site("more units than memory",
           with("[island.pod]\ncdus = 1\nracks = 2",
                "@[island.pod]\ncdus = 1\nracks = 100000\ncount = 99999"),
           {"island.pod: ", "(a site has 100000 at most; lower the counts)"}),
      site("member out of range", plus("@[island.pod.member.9]\nracks = 3\n"),
           {"island.pod.member.9: no such member (1 to 1)"}),
      site("unknown unit", plus("@[unit.\"room/pod/rack-3\"]\ngpu_count = 8\n"),
           {"no such unit (nearest: 'room/pod/rack-"}),
      site("loop without pumps",
           with("[pump_group.pumps]\nloop = \"water\"\nfed_by = \"main\"\n", ""),
           {"small.toml:39:1: loop.water: a loop without pumps (add a [pump_group.<name>]"}),
      site("loop without stage",
           with("[stage.cooling]\nloop = \"water\"\n\n[cooling_tower.towers]\nstage = "
                "\"cooling\"\nfed_by = \"main\"\n",
                ""),
           {"small.toml:39:1: loop.water: a loop without a stage that cools it (add a [stage"}),
      site("two lines in a loop", plus("@[stage.other]\nloop = \"water\"\n"),
           {"'other' and 'cooling' both come first in loop 'water' (let one name the other"}),
      site("pipes in a circle",
           plus("[pipe.p]\nloop = \"water\"\nlength = \"1 m\"\ndiameter = \"0.1 m\"\nafter = "
                "@\"q\"\n[pipe.q]\nloop = \"water\"\nlength = \"1 m\"\ndiameter = \"0.1 m\"\n"
                "after = \"p\"\n"),
           {"pipe.p.after: the elements of loop 'water' stand in a circle (leave `after` out"}),
      site("hall without air handlers",
           with("[crah.room-air]\nhall = \"room\"\nloop = \"water\"\nfed_by = \"main\"\n", ""),
           {"small.toml:18:1: hall.room: a hall without air handlers (add a [crah.<name>]"}),
      site("exchanger with one side", plus("@[heat_exchanger.x]\nhot_stage = \"cooling\"\n"),
           {"heat_exchanger.x: neither cold_stage nor cold_loop is given (give one of them)"}),
      site("chiller without condenser",
           plus("@[chiller.c]\nevaporator_stage = \"cooling\"\nfed_by = \"main\"\n"),
           {"chiller.c: neither condenser_stage nor condenser_loop is given (give one of them)"}),
      site("air heat that goes nowhere", with("hall = \"room\"\nsupply_set", "supply_set"),
           {"small.toml:32:1: island.pod.cdu.vents: missing: where its air heat goes (name a heat",
            "small.toml:35:1: island.pod.rack.vents: missing"}),
      site("input given twice",
           plus("[pump_group.more]\nloop = \"water\"\nfed_by = \"main\"\n"
                "inputs = { voltage_a = @1 }\n"),
           {"pump_group.more.inputs.voltage_a: a neighbour of 'more' gives this input already"}),
      site("battery that follows a bus",
           plus("[battery.b]\nfed_by = \"main\"\nfollows = @\"main\"\n"),
           {"battery.b.follows: 'main' is a bus (wanted: meter)"}),
      site("several errors",
           replaced(replaced(with("\"2 MW\"", "@\"2 ton\""), "\"32 degC\"", "@\"320 degC\""),
                    "supply_volume = ", "suply_volume = @"),
           {"bus.main.rated_power", "island.pod.supply_set_point", "loop.water.suply_volume"}),
  };
}

std::vector<Malformed> bad_includes() {
  const std::string spoiled = with("\"2 MW\"", "@\"2 m2\"");
  return {
      {"include that is missing",
       {{"a.toml", "include = [@\"base.toml\"]\n"}},
       {"check", "a.toml"},
       {"include: ", "base.toml: no such file (paths are relative to the file that includes)"}},
      {"circular include",
       {{"a.toml", "include = [\"b.toml\"]\n"}, {"b.toml", "include = [@\"a.toml\"]\n"}},
       {"check", "a.toml"},
       {"circle of includes: a.toml -> b.toml -> a.toml (remove one of them)"}},
      {"include of a number",
       {{"a.toml", "include = @3\n"}},
       {"check", "a.toml"},
       {"a file name is wanted, not a number (write include = "}},
      {"error in an included file",
       {{"a.toml", "include = [\"b.toml\"]\n"}, {"b.toml", spoiled}},
       {"check", "a.toml"},
       {"bus.main.rated_power: '2 m2'"}},
      {"good and bad file",
       {{"good.toml", small_plant_text}, {"bad.toml", spoiled}},
       {"check", "good.toml", "bad.toml"},
       {"bus.main.rated_power: '2 m2'"}},
      command("missing file", {"check", "nowhere.toml"}, {"nowhere.toml: no such file", "(`amp"}),
      command("folder for a file", {"check", "."}, {".: no such file"}),
      command("nearest site", {"run", "deno"}, {"deno: no such file", "(nearest: 'demo')"}),
      command("unknown component", {"describe", "chillr"}, {"chillr: no", "(nearest: 'chiller')"}),
      command("no run directory", {"report", "nowhere"},
              {"nowhere: no run directory", "(name the directory of a run)"}),
  };
}

std::vector<Malformed> bad_options() {
  return {
      run("--set without value", {"--set", "loop"}, {"--set loop: no setting (write key.path="}),
      run("--set of an unknown key", {"--set", "loop.water.suply_volume=3"},
          {"--set loop.water.suply_volume=3: ", "unknown key (nearest: 'supply_volume')"}),
      run("--set of a bad value", {"--set", "loop.water.supply_volume=3 m2"},
          {"--set loop.water.supply_volume=3 m2: loop.water.supply_volume: ", "(write a unit"}),
      run("--set inside a value", {"--set", "site.name.x=3"},
          {"--set site.name.x=3: ", "no table (shorten the path)"}),
      run("--every", {"--every", "soon"}, {"--every soon: 'soon' is not a duration", "(write "}),
      run("--every 0", {"--every", "0s"}, {"--every 0s: '0s' is not positive (write "}),
      run("--for", {"--for", "long"}, {"--for long: 'long' is not a duration", "(write "}),
      run("negative --for", {"--for", "-3h"}, {"--for -3h: '-3h' is not positive (write "}),
      run("--from", {"--from", "yesterday"}, {"--from yesterday: ", "is not a time", "(write "}),
      run("--record near a name", {"--record", "liquid_rack.powr"},
          {"--record liquid_rack.powr: ", "(nearest: 'liquid_rack.power')"}),
      run("--record of nothing", {"--record", "zebra"},
          {"--record zebra: selects no quantity of this site (see "}),
      run("--seed", {"--seed", "-1"}, {"--seed: '-1' is no whole number", "--help`)"}),
      run("--output", {"--output", "lots"}, {"--output: lots not in {none,kpi,full}", "--help`)"}),
      run("unknown option", {"--wether", "x.epw"}, {"--wether", "(see `ampacity run --help`)"}),
      command("option without value", {"run", "--for"}, {"--for: ", "(see `ampacity run --help`)"}),
      command("unknown command", {"rnu"}, {"rnu", "(see `ampacity --help`)"}),
      {"output directory with files",
       {{"small.toml", small_plant_text}},
       {"run", "small.toml", "-o", "."},
       {".: -o: is not empty (name a new directory"}},
      {"output directory that is a file",
       {{"small.toml", small_plant_text}},
       {"run", "small.toml", "-o", "small.toml"},
       {"small.toml: -o: is a file (name a new"}},
      {"unknown scenario",
       {{"small.toml", small_plant_text}},
       {"run", "small.toml", "nothing", "-o", "out"},
       {"nothing: no such file", "(`ampacity describe` lists them)"}},
      run("--heat and --measured", {"--heat", "a.csv", "--measured", "b.csv"},
          {"--measured: replaces the work of the site, as --heat does (leave one out)"}),
      run("--heat and --jobs", {"--heat", "a.csv", "--jobs", "b.swf"},
          {"--jobs: replaces the work of the site", "(leave one out)"}),
  };
}

std::vector<Malformed> bad_traces() {
  const auto measured = [](const char* name, std::string content, Words expected) {
    return run_with_file(name, "--measured", {"t.csv", std::move(content)}, std::move(expected));
  };
  const auto row_5 = [](const std::string& row) { return trace(0, 5) + row + "\n" + trace(6); };
  const std::string zipped = gzipped(trace());
  return {
      measured("NaN in a trace", row_5("2024-07-15T04:05:00Z,100000,@nan"),
               {"power[2]: 'nan' is not a number (write a finite decimal number)"}),
      measured("empty cell", row_5("2024-07-15T04:05:00Z,@,100000"),
               {"power[1]: a number is missing (write"}),
      measured("negative power", row_5("2024-07-15T04:05:00Z,@-5,100000"),
               {"the value is negative (heat and power are 0 or more)"}),
      measured("short row", row_5("2024-07-15T04:05:00Z,100000"),
               {"t.csv:7: the row has 2 fields, the first row has 3 (the file may be cut short"}),
      measured("bad stamp", row_5("@2024-07-15T25:05:00Z,100000,100000"),
               {"is not a time", "(write "}),
      measured("gap in time", trace(0, 5) + "@" + trace(12),
               {"7 rows missing between 2024-07-15T04:04:00Z and 2024-07-15T04:12:00Z (complete"}),
      measured("time that stands still", trace(0, 6) + "@" + trace(5),
               {"the time stamp 2024-07-15T04:05:00Z repeats that of line 7 (sort the rows"}),
      measured("trace that ends too early", trace(0, 5),
               {"t.csv: the data covers 2024-07-15T04:00:00Z to 2024-07-15T04:04:00Z", "(choose"}),
      measured("wrong number of columns",
               "time,power[1],power[2],power[3]\n2024-07-15T04:00:00Z,1,2,3\n"
               "2024-07-15T04:10:00Z,1,2,3\n",
               {"t.csv:1: 3 columns for a site of 1 islands and 2 racks (one column per island"}),
      measured("column of a rack that is missing", replaced(trace(), "power[2]", "power[3]"),
               {"t.csv:1: no column for number 2 (numbers run from 1)"}),
      measured("no time column", "power[1],power[2]\n1,2\n",
               {"t.csv: no column holds the time (name it 'time'"}),
      measured("unit of a column", replaced(trace(), "power[1]", "power[1] (kelvin)"),
               {"t.csv:1: column 'power[1] (kelvin)'", "(write a unit such as kW)"}),
      measured("empty trace", "", {"t.csv: the file is empty (its first row names the columns)"}),
      measured("only a header", trace(0, 0), {"t.csv: the file has no rows (add data)"}),
      measured("zero byte", trace() + '\0', {"t.csv:22:1: a zero byte", "(check the file)"}),
      run_with_file("cut gzip", "--measured", {"t.csv.gz", zipped.substr(0, zipped.size() / 2)},
                    {"t.csv.gz: the gzip file ends too early, it was cut short (copy it again)"}),
      run_with_file("damaged gzip", "--measured", {"t.csv.gz", "\x1f\x8b no gzip at all"},
                    {"t.csv.gz: the gzip file is damaged", "(copy it again)"}),
      run("trace that is missing", {"--heat", "no.csv"}, {"no.csv: there is no such file ("}),
      run("trace that is a folder", {"--heat", "."}, {".: this is a folder (name a file in it)"}),
      {"site without its trace",
       {{"small.toml", plus("[workload]\nsource = @\"trace\"\n")}},
       {"run", "small.toml", "-o", "out"},
       {"workload.file: missing: a trace of heat or power (or give --heat)"}},
  };
}

std::vector<Malformed> bad_inputs() {
  const std::string epw_gap = made_epw_year([](int month, int day, int hour, Words& fields) {
    if (month == 7 && day == 15 && hour == 5) fields.clear();
  });
  const std::string job = " 0 10 3600 16 -1 -1 16 7200 -1 1 7 1 -1 2 -1 -1 -1\n";
  return {
      run_with_file("weather with a missing hour", "--weather", {"w.epw", epw_gap},
                    {"w.epw:4693:1: 07-15 hour 5 is missing", "; complete it or take another"}),
      run_with_file("no weather at all", "--weather", {"w.epw", "hello\n"}, {"w.epw:1: ", "("}),
      run("weather file that is missing", {"--weather", "no.epw"},
          {"no.epw: there is no such file ("}),
      run_with_file("price in another currency", "--price",
                    {"p.csv", hours("Price (EUR/MWh)", "50")},
                    {"p.csv:1: prices in EUR for a site that counts in USD (set site.currency)"}),
      run_with_file("price without unit", "--price", {"p.csv", hours("Price", "50")},
                    {"p.csv:1: no column names a price with its unit (write 'Price (USD/MWh)')"}),
      run_with_file("price that is a word", "--price",
                    {"p.csv", replaced(hours("Price (USD/MWh)", "50"), "05:00Z,50", "05:00Z,@n/a")},
                    {"Price (USD/MWh): 'n/a' is not a number (write"}),
      run_with_file("carbon of another planet", "--carbon",
                    {"c.csv", hours("Carbon Intensity gCO2eq/kWh", "50000")},
                    {"c.csv:2:19: ", "out of range (0 to 3000 kg/MWh; check the unit"}),
      run_with_file("no job log", "--jobs", {"j.swf", "@hello world\n"},
                    {"the row has 2 fields, an SWF job has 18 (the file may be cut short)"}),
      run_with_file("word in a job log", "--jobs",
                    {"j.swf", replaced("1" + job, "3600 16", "3600 @x")},
                    {"'x' is not a number (SWF fields are numbers)"}),
      run_with_file("job larger than the site", "--jobs",
                    {"j.swf", replaced("1" + job, "7200", "7200") +
                                  replaced("2" + job, "16 -1 -1 16", "1600 -1 -1 1600")},
                    {"job 2: it asks for 1600 GPUs, the site has 144 (leave it out or scale"}),
      run_with_file("CSV of unknown jobs", "--jobs", {"j.csv", "a,b\n1,2\n"},
                    {"j.csv:1: the columns are not those of a log", "write the header"}),
      {"nodes that do not fit racks",
       {{"small.toml", plus("[workload]\nsource = \"generator\"\ngpus_per_node = 7\n")}},
       {"run", "small.toml", "-o", "out"},
       {"room/pod/rack-1: 72 GPUs are no whole nodes of 7 (make one a multiple of the other)"}},
  };
}

std::vector<Malformed> bad_scenarios() {
  const std::string event = "[[event]]\nat = \"1 min\"\nunit = \"main\"\norder = \"voltage\"\n";
  return {
      scenario("order that nobody knows", replaced(event, "\"voltage\"", "@\"explode\""),
               {"event[0].order: 'explode' is no order of bus 'main' (one of "}),
      scenario("order to nobody", replaced(event, "\"main\"", "@\"mian\""),
               {"event[0].unit: 'mian' is no unit (nearest: 'main')"}),
      scenario("order after the end", replaced(event, "\"1 min\"", "@\"3 h\""),
               {"event[0].at: ", "is outside of the run ("}),
      scenario("order out of bounds", event + "value = @7\n",
               {"event[0].value: 7 is out of bounds (allowed: 0 to 1.2)"}),
      scenario("clause about nothing",
               "[[expect]]\nsignal = @\"liquid_rack.powr\"\nstatistic = \"max\"\nbelow = 3\n",
               {"expect[0].signal: ", "(nearest: 'liquid_rack.power')"}),
      scenario("unknown statistic",
               "[[expect]]\nsignal = \"liquid_rack.power\"\nstatistic = @\"maximum\"\nbelow = 3\n",
               {"'maximum' is no statistic (one of max, min"}),
      scenario("unknown key of a scenario", "@[[evnt]]\n",
               {"evnt: unknown key (nearest: 'event')"}),
      scenario("clause without bound", "[[expect]]\nsignal = \"a/b\"\nstatistic = \"max\"\n",
               {"s.toml:1:1: expect[0]: ", "below", "("}),
      scenario("setting of a scenario", "set = [@\"foo\"]\n", {"set[0]: ", "(such as "}),
  };
}

// --- the judge

// Takes the marks out of a text; returns "line:column" of each.
Words take_marks(std::string& text) {
  Words places;
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at)) {
    text.erase(at, 1);
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    const std::size_t column = before == std::string::npos ? at + 1 : at - before;
    places.push_back(std::to_string(line + 1) + ":" + std::to_string(column));
  }
  return places;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) found.push_back(entry.path());
  return found;
}

void judge(const Malformed& row) {
  CAPTURE(row.name);
  const TemporaryDirectory folder;
  Words expected = row.expected;
  for (const File& file : row.files) {
    std::string content = file.content;
    // Compressed files may hold the mark's byte.
    if (!file.name.ends_with(".gz")) {
      for (const std::string& place : take_marks(content)) {
        expected.push_back(file.name + ":" + place + ": ");
      }
    }
    folder.write(file.name, content);
  }
  const ProgramResult result = run_program(folder.path(), row.arguments, 60.0);
  CAPTURE(result.err);
  CHECK_FALSE(result.timed_out);
  CHECK(result.exit_code == 2);
  for (const std::string& piece : expected) {
    CHECK_MESSAGE(result.err.find(piece) != std::string::npos, "not told: " << piece);
  }
  std::istringstream lines(result.err);
  int told = 0;
  for (std::string line; std::getline(lines, line); ++told) {
    const std::size_t open = line.find('(');
    CHECK_MESSAGE((open != std::string::npos && line.find(')', open) != std::string::npos),
                  "no remedy: " << line);
  }
  CHECK(told > 0);
  CHECK_MESSAGE(entries(folder.path()).size() == row.files.size(), "something is left behind");
}

void judge(const std::vector<Malformed>& rows) {
  for (const Malformed& row : rows) judge(row);
}

}  // namespace

TEST_CASE("the site that the other cases spoil is good") {
  const TemporaryDirectory folder;
  folder.write("small.toml", small_plant_text);
  const ProgramResult result = run_program(folder.path(), {"check", "small.toml"}, 60.0);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(result.out.find("small.toml: ok") != std::string::npos);
}

TEST_CASE("texts that are no site") { judge(bad_texts()); }
TEST_CASE("values that are no good") { judge(bad_values()); }
TEST_CASE("units that do not fit together") { judge(bad_structures()); }
TEST_CASE("files that are not there or include each other") { judge(bad_includes()); }
TEST_CASE("options that are no good") { judge(bad_options()); }
TEST_CASE("traces that are no good") { judge(bad_traces()); }
TEST_CASE("weather, prices, carbon and jobs that are no good") { judge(bad_inputs()); }
TEST_CASE("scenarios that are no good") { judge(bad_scenarios()); }

TEST_CASE("there are many ways to be wrong, and each is different") {
  Words names;
  for (const auto& rows : {bad_texts(), bad_values(), bad_structures(), bad_includes(),
                           bad_options(), bad_traces(), bad_inputs(), bad_scenarios()}) {
    for (const Malformed& row : rows) names.push_back(row.name);
  }
  MESSAGE(names.size() << " malformed inputs");
  CHECK(names.size() >= 40);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  CHECK_MESSAGE(twice == names.end(), "twice: " << *twice);
}
