// SPDX-License-Identifier: Apache-2.0

// `ampacity check` says ok to what `run` takes, and refuses, with the same words, what `run`
// refuses: files that settings name, scenarios with their site beside them, options.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/end_to_end/program.hpp"
#include "tests/end_to_end/small_plant.hpp"

using namespace ampacity::tests;

namespace {

using Words = std::vector<std::string>;

ProgramResult check(const TemporaryDirectory& folder, Words arguments) {
  arguments.insert(arguments.begin(), "check");
  return run_program(folder.path(), arguments, 60.0);
}

void accepts(const TemporaryDirectory& folder, const Words& arguments, const std::string& said) {
  const ProgramResult result = check(folder, arguments);
  INFO(result.err);
  INFO(result.out);
  CHECK(result.exit_code == 0);
  CHECK(result.out.find(said) != std::string::npos);
}

void refuses(const TemporaryDirectory& folder, const Words& arguments, const std::string& said) {
  const ProgramResult result = check(folder, arguments);
  INFO(result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.err.rfind(said, 0) == 0);
}

// A day of hourly prices from the start of the small site.
std::string prices() {
  std::string rows = "time,Price (USD/MWh)\n";
  for (int hour = 0; hour < 24; ++hour) {
    rows += "2024-07-15T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00Z,50\n";
  }
  return rows;
}

TEST_CASE("files that settings name are looked for where the names are written") {
  const TemporaryDirectory folder;
  folder.write("sub/site.toml",
               std::string(small_plant_text) + "[economy]\nprice_file = \"p.csv\"\n");
  refuses(folder, {"sub/site.toml"},
          "sub/site.toml:54:14: economy.price_file: sub/p.csv: there is no such file (paths are");
  folder.write("sub/p.csv", prices());
  accepts(folder, {"sub/site.toml"}, "sub/site.toml: ok");
  refuses(folder, {"sub/site.toml", "--set", "economy.price_file=p.csv"},
          "--set economy.price_file=p.csv: economy.price_file: p.csv: there is no such file");
  const Words set{"--set", "economy.price_file=sub/p.csv"};
  accepts(folder, {"sub/site.toml", set[0], set[1]}, "sub/site.toml: ok");
  const ProgramResult run = run_program(
      folder.path(), {"run", "sub/site.toml", "--for", "60s", "-o", "out", set[0], set[1]}, 60.0);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  // What stands in the file counts too.
  folder.write("sub/p.csv", "time,Price\n2024-07-15T00:00Z,50\n");
  refuses(folder, {"sub/site.toml"}, "sub/p.csv:1: no column names a price with its unit");
}

TEST_CASE("a scenario is checked against the site beside it, with its settings and the options") {
  const TemporaryDirectory folder;
  folder.write("sub/small.toml", small_plant_text);
  folder.write("sub/p.csv", prices());
  folder.write("sub/s.toml", "site = \"small.toml\"\nset = [\"economy.price_file=p.csv\"]\n");
  accepts(folder, {"sub/s.toml"}, "sub/s.toml: ok (scenario of small.toml)");
  accepts(folder, {"sub/s.toml", "--print", "--set", "site.duration=60"},
          "economy.price_file = \"p.csv\"  # sub/s.toml:2\n");
  refuses(folder, {"sub/s.toml", "--set", "bad.key=1"}, "--set bad.key=1: bad: unknown key");
  const ProgramResult run =
      run_program(folder.path(), {"run", "sub/small.toml", "sub/s.toml", "--for", "60s"}, 60.0);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("written for the site") == std::string::npos);

  folder.write("sub/gone.toml", "site = \"smal.toml\"\n");
  refuses(folder, {"sub/gone.toml"}, "sub/gone.toml:1:8: site: 'smal.toml': no such file");
  folder.write("sub/set.toml", "site = \"small.toml\"\n\nset = [\"economy.price_file=q.csv\"]\n");
  refuses(folder, {"sub/set.toml"}, "sub/set.toml:3:8: economy.price_file: sub/q.csv: there is no");
  folder.write("sub/free.toml", "title = \"no site\"\nset = [\"site.duration=60\"]\n");
  accepts(folder, {"sub/free.toml"}, "sub/free.toml: ok (scenario)");
  refuses(folder, {"sub/free.toml", "--set", "site.duration=60"},
          "--set site.duration=60: sub/free.toml names no site");
}

TEST_CASE("the merged result shows where each value came from") {
  const TemporaryDirectory folder;
  folder.write("base.toml", small_plant_text);
  folder.write("top.toml", "include = [\"base.toml\"]\n[site]\nname = \"top\"\n");
  const ProgramResult result = check(folder, {"top.toml", "--print", "--set", "site.duration=300"});
  INFO(result.out);
  CHECK(result.exit_code == 0);
  for (const char* line :
       {"site.name = \"top\"  # top.toml:3\n", "site.title = \"Two racks\"  # base.toml:3\n",
        "site.duration = 300  # --set site.duration=300\n",
        "island.pod.racks = 2  # base.toml:", "top.toml: ok (12 units, 2 racks"}) {
    INFO(line);
    CHECK(result.out.find(line) != std::string::npos);
  }
}

}  // namespace
