// SPDX-License-Identifier: Apache-2.0
#pragma once

// Commands in documents: found, and turned into scripts that can be run.
//
// A document that shows a command promises that it works. So every fenced block of a Markdown file
// whose first word is `sh` is a piece of a script, and its mark says how it may be tested:
//
//   ```sh                 run as it stands
//   ```sh no-test         not run: it installs software or builds this very program
//   ```sh needs FILE      run where the reference files (tests/support/reference.hpp) hold
//                         series/FILE, which then lies in the working directory
//
// The blocks of one document run in order, in one empty directory, so that a later one finds what
// an earlier one wrote. Within a block the first command that fails ends it (errexit, pipefail). A
// command that is meant to fail says so in one line: `ampacity check bad.toml  # exit 2`.

#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ampacity::tests {

// A fenced block of shell commands.
struct CommandBlock {
  int line = 0;                       // of its first command, from 1
  bool tested = true;                 // false: no-test
  std::optional<std::string> needed;  // file among the reference series
  std::vector<std::string> commands;  // lines
};

// The mark behind `sh`, or what is wrong with it.
inline std::optional<std::string> mark_fault(std::string_view info) {
  if (info == "sh" || info == "sh no-test") return std::nullopt;
  const std::string_view needs = "sh needs ";
  if (info.starts_with(needs) && info.size() > needs.size() &&
      info.find(' ', needs.size()) == info.npos) {
    return std::nullopt;
  }
  return "'" + std::string(info) + "' is no mark (sh, sh no-test, sh needs FILE)";
}

// All blocks that begin with ```sh. Marks must have been checked with mark_fault.
inline std::vector<CommandBlock> command_blocks(const std::string& markdown) {
  std::vector<CommandBlock> blocks;
  std::istringstream stream(markdown);
  bool inside = false;
  bool shell = false;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.starts_with("```")) {
      const std::string info = line.substr(3);
      inside = !inside;
      shell = inside && (info == "sh" || info.starts_with("sh "));
      if (!shell) continue;
      CommandBlock& block = blocks.emplace_back();
      block.line = number + 1;
      block.tested = info != "sh no-test";
      if (info.starts_with("sh needs ")) block.needed = info.substr(9);
    } else if (shell) {
      blocks.back().commands.push_back(line);
    }
  }
  return blocks;
}

// The exit status that a line states: `command  # exit 2`.
inline std::optional<int> stated_exit(const std::string& line) {
  const std::size_t mark = line.rfind("# exit ");
  if (mark == line.npos || mark == 0) return std::nullopt;
  const std::string digits = line.substr(mark + 7);
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  return std::stoi(digits);
}

// A bash script that ends with status 0 when every command of the block does what it should.
inline std::string script_of(const CommandBlock& block) {
  std::string script = "set -euo pipefail\n";
  for (const std::string& line : block.commands) {
    const std::optional<int> wanted = stated_exit(line);
    if (!wanted) {
      script += line + '\n';
      continue;
    }
    const std::string number = std::to_string(*wanted);
    script += "status=0\n" + line.substr(0, line.rfind("# exit ")) + "|| status=$?\n";
    script += "if [ $status != " + number + " ]; then echo \"exit $status, not " + number +
              "\" >&2; exit 99; fi\n";
  }
  return script;
}

}  // namespace ampacity::tests
