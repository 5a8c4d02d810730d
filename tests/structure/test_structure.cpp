// SPDX-License-Identifier: Apache-2.0

// The structure of the project, read from its files: first each rule is shown to catch what it is
// meant to catch, then the rules are applied to every file below the root (the working directory of
// the tests). Build and run folders, and hidden folders other than .ci, are no part of the project.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/structure/source_rules.hpp"

namespace fs = std::filesystem;
using namespace ampacity::tests;

namespace {

bool is_foreign_folder(const std::string& name) {
  return name.starts_with("build") || name == "runs" || name == "node_modules" ||
         (name.starts_with(".") && name != ".ci");
}

// Every file of the project with its text, by its path relative to the root. Binary files (those
// with a zero byte) are left out.
const std::map<std::string, std::string>& project() {
  static const std::map<std::string, std::string> files = [] {
    std::map<std::string, std::string> found;
    REQUIRE_MESSAGE(fs::exists("CMakePresets.json"), "run the tests in the root of the project");
    for (auto at = fs::recursive_directory_iterator("."); at != fs::end(at); ++at) {
      if (at->is_directory() && is_foreign_folder(at->path().filename())) {
        at.disable_recursion_pending();
      }
      if (!at->is_regular_file()) continue;
      std::ifstream stream(at->path(), std::ios::binary);
      std::string text(std::istreambuf_iterator<char>(stream), {});
      if (text.find('\0') != text.npos) continue;
      found.emplace(at->path().lexically_relative("."), std::move(text));
    }
    return found;
  }();
  return files;
}

bool is_cpp(const fs::path& path) {
  return path.extension() == ".cpp" || path.extension() == ".hpp";
}

bool is_source(const fs::path& path) {
  const fs::path folder = path.parent_path();
  return is_cpp(path) || path.extension() == ".cmake" || path.extension() == ".sh" ||
         path.extension() == ".py" || path.extension() == ".ts" ||
         path.filename() == "CMakeLists.txt" || folder == "script" || folder == ".ci";
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace

TEST_CASE("include lines are found, others are not") {
  const auto found = includes_of(
      "// #include \"no.hpp\"\n#include \"twin/core/time.hpp\"\n"
      "  #  include <cvode/cvode.h> // why\n#define X\n#include MACRO\n#include \"open\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].path == "twin/core/time.hpp");
  CHECK(found[0].ours);
  CHECK(found[0].line == 2);
  CHECK(found[1].path == "cvode/cvode.h");
  CHECK_FALSE(found[1].ours);
  CHECK(includes_of("").empty());
}

TEST_CASE("an include against the direction is a fault") {
  CHECK_FALSE(direction_fault("twin/site/plant.cpp", "twin/components/rack.hpp"));
  CHECK_FALSE(direction_fault("twin/core/time.cpp", "twin/core/time.hpp"));
  CHECK_FALSE(direction_fault("twin/workload/jobs.cpp", "twin/inputs/swf.hpp"));
  CHECK_FALSE(direction_fault("app/main.cpp", "live/loop.hpp"));
  CHECK_FALSE(direction_fault("tests/twin/core/test_time.cpp", "tests/support/reference.hpp"));

  CHECK(direction_fault("twin/core/time.cpp", "twin/components/rack.hpp"));
  CHECK(direction_fault("twin/components/rack.hpp", "twin/site/plant.hpp"));
  CHECK(direction_fault("twin/inputs/swf.cpp", "twin/workload/jobs.hpp"));
  CHECK(direction_fault("twin/solve/cvode.cpp", "twin/sim/clock.hpp"));
  CHECK(direction_fault("twin/estimate/filter.cpp", "controllers/policy.hpp"));
  CHECK(direction_fault("controllers/guard/guard.cpp", "twin/components/rack.hpp"));
  CHECK(direction_fault("protocols/mqtt/link.cpp", "controllers/policy.hpp"));
  CHECK(direction_fault("twin/sim/sim.cpp", "tests/support/reference.hpp"));
  CHECK(direction_fault("twin/cored/time.cpp", "twin/core/time.hpp"));
  CHECK(direction_fault("elsewhere/a.cpp", "twin/core/time.hpp"));
}

TEST_CASE("a guarded library outside its folder is a fault") {
  CHECK_FALSE(library_fault("twin/solve/cvode.cpp", "cvodes/cvodes.h"));
  CHECK_FALSE(library_fault("tests/twin/solve/test_cvode.cpp", "sundials/sundials_types.h"));
  CHECK_FALSE(library_fault("twin/core/time.cpp", "vector"));

  CHECK(library_fault("twin/sim/sim.cpp", "cvodes/cvodes.h"));
  CHECK(library_fault("tests/twin/sim/test_sim.cpp", "nvector/nvector_serial.h"));
  CHECK(library_fault("twin/solver/cvode.cpp", "cvodes/cvodes.h"));
  CHECK(library_fault("live/loop.cpp", "mqtt/async_client.h"));
  CHECK(library_fault("protocols/mqtt/link.cpp", "sparkplug_b.pb.h"));
  CHECK(library_fault("controllers/shield/shield.cpp", "coin/ClpSimplex.hpp"));
}

TEST_CASE("a circle of includes is found") {
  CHECK(find_circle({{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}).empty());
  CHECK(find_circle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}) ==
        std::vector<std::string>{"b", "c", "b"});
  CHECK(find_circle({{"a", {"a"}}}) == std::vector<std::string>{"a", "a"});
}

TEST_CASE("a missing licence line is noticed") {
  CHECK(has_licence_line("// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"));
  CHECK(has_licence_line("#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"));
  CHECK_FALSE(has_licence_line("#pragma once\n// SPDX-License-Identifier: Apache-2.0\n"));
  CHECK_FALSE(has_licence_line("// SPDX-License-Identifier: MIT\n"));
  CHECK_FALSE(has_licence_line(""));
}

TEST_CASE("a path of a machine is noticed") {
  CHECK(machine_path("see /"
                     "home/ann/site.toml")
            .value_or("") ==
        "/"
        "home/ann/site.toml");
  CHECK(
      machine_path("\"/"
                   "tmp/x\""));
  CHECK_FALSE(
      machine_path("twin/"
                   "work/x and build/"
                   "tmp/y and ${HOME}/"
                   "work/z"));
  CHECK_FALSE(machine_path("twin/workload/jobs.hpp"));
}

TEST_CASE("words of a CMake file leave comments out") {
  const auto words = cmake_words("set(x\n  core/a.cpp # core/b.cpp\n)\nadd_library(t main.cpp)");
  CHECK(words.contains("core/a.cpp"));
  CHECK(words.contains("main.cpp"));
  CHECK_FALSE(words.contains("core/b.cpp"));
}

TEST_CASE("the project keeps its include directions, without circles") {
  std::vector<std::string> faults;
  IncludeGraph graph;
  for (const auto& [file, text] : project()) {
    if (!is_cpp(file)) continue;
    for (const Include& include : includes_of(text)) {
      const std::string place = file + ":" + std::to_string(include.line) + ": ";
      if (const auto fault = library_fault(file, include.path)) faults.push_back(place + *fault);
      if (!include.ours || include.path.ends_with(".pb.h")) continue;
      graph[file].push_back(include.path);
      if (!project().contains(include.path)) {
        faults.push_back(place + include.path + " is not in the project (from its root)");
      } else if (const auto fault = direction_fault(file, include.path)) {
        faults.push_back(place + *fault);
      }
    }
  }
  CHECK_MESSAGE(faults.empty(), joined(faults));
  CHECK_MESSAGE(find_circle(graph).empty(), joined(find_circle(graph)));
  CHECK(graph.size() > 3);
}

TEST_CASE("every source has its licence line, every header its guard") {
  std::vector<std::string> faults;
  for (const auto& [file, text] : project()) {
    if (is_source(file) && !has_licence_line(text)) faults.push_back(file + ": no SPDX line");
    if (file.ends_with(".hpp") && text.find("\n#pragma once\n") == text.npos) {
      faults.push_back(file + ": no #pragma once");
    }
  }
  CHECK_MESSAGE(faults.empty(), joined(faults));
}

TEST_CASE("every C++ source is named in the CMake file above it") {
  std::vector<std::string> faults;
  for (const auto& [file, text] : project()) {
    if (!file.ends_with(".cpp")) continue;
    fs::path folder = fs::path(file).parent_path();
    while (!folder.empty() && !project().contains(folder / "CMakeLists.txt")) {
      folder = folder.parent_path();
    }
    const std::string list = folder / "CMakeLists.txt";
    const std::string name = fs::path(file).lexically_relative(folder);
    if (folder.empty() || !cmake_words(project().at(list)).contains(name)) {
      faults.push_back(file + " is not named in " + list);
    }
  }
  CHECK_MESSAGE(faults.empty(), joined(faults));
}

TEST_CASE("tests mirror the tree") {
  std::vector<std::string> faults;
  for (const auto& [file, text] : project()) {
    const fs::path path(file);
    if (!is_below(file, "tests") || !path.filename().string().starts_with("test_")) continue;
    const fs::path mirrored = path.parent_path().lexically_relative("tests");
    const std::string top = *mirrored.begin();
    const bool is_mirror = top == "twin" || top == "app" || top == "controllers" ||
                           top == "protocols" || top == "live" || top == "hil";
    if (is_mirror && !fs::is_directory(mirrored)) {
      faults.push_back(file + ": there is no folder " + mirrored.string());
    }
  }
  CHECK_MESSAGE(faults.empty(), joined(faults));
}

TEST_CASE("no file names a path of a machine") {
  std::vector<std::string> faults;
  for (const auto& [file, text] : project()) {
    if (const auto path = machine_path(text)) faults.push_back(file + ": " + *path);
  }
  CHECK_MESSAGE(faults.empty(), joined(faults));
}
