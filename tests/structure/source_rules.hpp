// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules that keep the tree readable, as plain functions on text, so that each of them can be
// shown to fail (test_structure.cpp does both: it tries the rules on small wrong texts, then
// applies them to the whole project).
//
//   directions   who may include whom: app -> live, hil -> controllers, protocols -> twin, and
//   inside
//                the twin core <- components <- site <- solve <- sim <- estimate, with inputs and
//                workload beside site. A folder that is not in the table is a mistake: a new folder
//                starts with deciding what it may see.
//   libraries    a library with a wide interface is seen by one folder only, so that it can be
//                replaced: SUNDIALS by twin/solve, Paho by protocols/mqtt, Protobuf by
//                protocols/sparkplug, the LP solver by controllers/scheduler (and their tests).
//   circles      no file includes itself through others.
//   licence      the first line (the second after #!) is the SPDX line.
//   machines     nothing names a folder of somebody's machine.

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ampacity::tests {

struct Include {
  std::string path;
  bool ours;  // quotes, not angle brackets
  int line;
};

// The #include lines of a source text.
inline std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  std::istringstream stream(text);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const auto skip_blanks = [&line](std::size_t at) {
      return std::min(line.find_first_not_of(" \t", at), line.size());
    };
    std::size_t at = skip_blanks(0);
    if (at >= line.size() || line[at] != '#') continue;
    at = skip_blanks(at + 1);
    if (line.compare(at, 7, "include") != 0) continue;
    at = skip_blanks(at + 7);
    if (at >= line.size() || (line[at] != '"' && line[at] != '<')) continue;
    const bool ours = line[at] == '"';
    const std::size_t end = line.find(ours ? '"' : '>', at + 1);
    if (end != std::string::npos)
      found.push_back({line.substr(at + 1, end - at - 1), ours, number});
  }
  return found;
}

inline bool is_below(std::string_view file, std::string_view folder) {
  return file.size() > folder.size() && file.starts_with(folder) && file[folder.size()] == '/';
}

struct Direction {
  std::string_view folder;
  std::vector<std::string_view> sees;  // besides itself
};

inline const std::vector<Direction>& directions() {
  static const std::vector<Direction> table{
      {"twin/core", {}},
      {"twin/components", {"twin/core"}},
      {"twin/inputs", {"twin/core"}},
      {"twin/workload", {"twin/core", "twin/inputs"}},
      {"twin/site", {"twin/core", "twin/components"}},
      {"twin/solve", {"twin/core", "twin/components", "twin/site"}},
      {"twin/sim",
       {"twin/core", "twin/components", "twin/inputs", "twin/workload", "twin/site", "twin/solve"}},
      {"twin/estimate", {"twin"}},
      {"controllers", {"twin/core"}},
      {"protocols", {"twin/core"}},
      {"live", {"twin", "controllers", "protocols"}},
      {"hil", {"twin", "controllers", "protocols"}},
      {"app", {"twin", "controllers", "protocols", "live", "hil"}},
      {"tests", {"twin", "controllers", "protocols", "live", "hil", "app"}},
  };
  return table;
}

// What is wrong with `file` including `path` (both relative to the root), or nothing.
inline std::optional<std::string> direction_fault(std::string_view file, std::string_view path) {
  for (const Direction& direction : directions()) {
    if (!is_below(file, direction.folder)) continue;
    if (is_below(path, direction.folder)) return std::nullopt;
    const auto seen = [path](std::string_view folder) { return is_below(path, folder); };
    if (std::ranges::any_of(direction.sees, seen)) return std::nullopt;
    return std::string(direction.folder) + " may not include " + std::string(path);
  }
  return "the folder is not in the table of include directions";
}

struct Library {
  std::string_view name;
  std::string_view owner;                 // the folder that may include it
  std::vector<std::string_view> headers;  // beginnings of its headers' names
};

inline const std::vector<Library>& guarded_libraries() {
  static const std::vector<Library> table{
      {"SUNDIALS",
       "twin/solve",
       {"sundials/", "cvode/", "cvodes/", "kinsol/", "ida/", "arkode/", "nvector/", "sunmatrix/",
        "sunlinsol/", "sunnonlinsol/", "suitesparse/", "klu.h", "amd.h"}},
      {"Paho", "protocols/mqtt", {"mqtt/", "MQTTAsync", "MQTTClient"}},
      {"Protobuf", "protocols/sparkplug", {"google/protobuf/"}},
      {"the LP solver", "controllers/scheduler", {"coin/", "Clp", "Cbc", "Coin", "Osi"}},
  };
  return table;
}

// What is wrong with `file` including the header `path` of a library, or nothing.
inline std::optional<std::string> library_fault(std::string_view file, std::string_view path) {
  const std::string_view tested = is_below(file, "tests") ? file.substr(6) : file;
  for (const Library& library : guarded_libraries()) {
    const bool generated = library.name == "Protobuf" && path.ends_with(".pb.h");
    const auto begins = [path](std::string_view header) { return path.starts_with(header); };
    if (!generated && !std::ranges::any_of(library.headers, begins)) continue;
    if (is_below(tested, library.owner)) return std::nullopt;
    return "only " + std::string(library.owner) + " includes " + std::string(library.name) + " (" +
           std::string(path) + ")";
  }
  return std::nullopt;
}

using IncludeGraph = std::map<std::string, std::vector<std::string>>;

// The first circle found, as the files along it, the first repeated at the end; empty if none.
inline std::vector<std::string> find_circle(const IncludeGraph& graph) {
  std::set<std::string> done;
  std::vector<std::string> trail;
  const auto visit = [&](const auto& self, const std::string& file) -> bool {
    const auto again = std::ranges::find(trail, file);
    if (again != trail.end()) {
      trail.erase(trail.begin(), again);
      trail.push_back(file);
      return true;
    }
    if (done.contains(file)) return false;
    trail.push_back(file);
    if (const auto node = graph.find(file); node != graph.end()) {
      for (const std::string& next : node->second) {
        if (self(self, next)) return true;
      }
    }
    trail.pop_back();
    done.insert(file);
    return false;
  };
  for (const auto& [file, unused] : graph) {
    if (visit(visit, file)) return trail;
  }
  return {};
}

inline bool has_licence_line(const std::string& text) {
  std::istringstream stream(text);
  std::string line;
  std::getline(stream, line);
  if (line.starts_with("#!")) std::getline(stream, line);
  return line == "// SPDX-License-Identifier: Apache-2.0" ||
         line == "# SPDX-License-Identifier: Apache-2.0";
}

// The first path of somebody's machine in a text, or nothing. The literals are cut in two so that
// this file does not find itself.
inline std::optional<std::string> machine_path(std::string_view text) {
  static constexpr std::array<std::string_view, 5> roots{
      "/"
      "home/",
      "/"
      "root/",
      "/"
      "Users/",
      "/"
      "work/",
      "/"
      "tmp/"};
  for (const std::string_view root : roots) {
    for (std::size_t at = text.find(root); at != text.npos; at = text.find(root, at + 1)) {
      const char before = at == 0 ? ' ' : text[at - 1];
      const bool inside_a_path = std::isalnum(static_cast<unsigned char>(before)) != 0 ||
                                 std::string_view("_-.})*").find(before) != text.npos;
      if (!inside_a_path) return std::string(text.substr(at, text.find_first_of(" \n\"", at) - at));
    }
  }
  return std::nullopt;
}

// The words of a CMake file outside comments: what could be the name of a source.
inline std::set<std::string> cmake_words(const std::string& text) {
  std::set<std::string> words;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    std::ranges::replace_if(
        line, [](char c) { return c == '(' || c == ')' || c == '"'; }, ' ');
    std::istringstream line_stream(line);
    for (std::string word; line_stream >> word;) words.insert(word);
  }
  return words;
}

}  // namespace ampacity::tests
