// SPDX-License-Identifier: Apache-2.0

// The documents, held to what they say: first the reader of their blocks, then every command of
// README.md and docs/, then every link between them. Runs in the root of the project.

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/end_to_end/documents.hpp"
#include "tests/support/reference.hpp"

namespace fs = std::filesystem;
using namespace ampacity::tests;

namespace {

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found{"README.md"};
  for (const auto& entry : fs::directory_iterator("docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  std::sort(found.begin() + 1, found.end());
  return found;
}

// An empty directory that goes when the test ends.
class WorkingDirectory {
 public:
  WorkingDirectory() {
    std::string name = (fs::temp_directory_path() / "ampacity-documents-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~WorkingDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

  // Runs a bash script here with `ampacity` on the PATH; returns its exit status and, in `output`,
  // what it wrote.
  int run(const std::string& script, std::string& output) const {
    const char* command = std::getenv("AMPACITY_COMMAND");
    REQUIRE_MESSAGE(command != nullptr, "AMPACITY_COMMAND names the program");
    const fs::path own = path_ / ".script";
    std::ofstream(own) << script;
    const std::string line = "cd '" + path_.string() + "' && PATH='" +
                             fs::path(command).parent_path().string() +
                             "':\"$PATH\" bash .script > .output 2>&1 < /dev/null";
    const int status = std::system(line.c_str());
    output = read(path_ / ".output");
    fs::remove(own);
    fs::remove(path_ / ".output");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The end of a long text.
std::string tail(const std::string& text) {
  constexpr std::size_t most = 3000;
  return text.size() <= most ? text : "...\n" + text.substr(text.size() - most);
}

// GitHub's anchor of a heading: lower case, blanks to hyphens, no other punctuation.
std::string anchor_of(const std::string& heading) {
  std::string out;
  for (const char c : heading) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0 || c == '_' || c == '-' || letter >= 0x80) {
      out += static_cast<char>(std::tolower(letter));
    } else if (c == ' ') {
      out += '-';
    }
  }
  return out;
}

bool has_anchor(const std::string& markdown, const std::string& anchor) {
  std::istringstream stream(markdown);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t text = line.find_first_not_of('#');
    if (text == 0 || text == line.npos || line[text] != ' ') continue;
    if (anchor_of(line.substr(text + 1)) == anchor) return true;
  }
  return false;
}

// Targets of Markdown links and images that are no web addresses.
std::vector<std::string> local_links(const std::string& markdown) {
  std::vector<std::string> links;
  for (std::size_t at = markdown.find("]("); at != markdown.npos;
       at = markdown.find("](", at + 2)) {
    const std::size_t end = markdown.find(')', at);
    if (end == markdown.npos) break;
    const std::string target = markdown.substr(at + 2, end - at - 2);
    if (target.find("://") == target.npos && target.find(' ') == target.npos) {
      links.push_back(target);
    }
  }
  return links;
}

void run_document(const fs::path& document) {
  const WorkingDirectory here;
  for (const CommandBlock& block : command_blocks(read(document))) {
    if (!block.tested) continue;
    if (block.needed) {
      const auto file = reference_file("series/" + *block.needed);
      if (!file) continue;
      fs::create_symlink(fs::absolute(*file), here.path() / *block.needed);
    }
    std::string output;
    const int status = here.run(script_of(block), output);
    const std::string place = document.string() + ":" + std::to_string(block.line);
    CHECK_MESSAGE(status == 0, place << ": exit " << status << "\n" << tail(output));
  }
}

}  // namespace

TEST_CASE("blocks of commands are found with their marks") {
  const auto blocks = command_blocks(
      "text\n```sh\na\nb  # exit 2\n```\n```toml\nx = 1\n```\n```sh no-test\nc\n```\n"
      "```sh needs day.csv.gz\nd\n```\n");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].line == 3);
  CHECK(blocks[0].tested);
  CHECK(blocks[0].commands == std::vector<std::string>{"a", "b  # exit 2"});
  CHECK_FALSE(blocks[1].tested);
  CHECK(blocks[2].needed.value_or("") == "day.csv.gz");
  CHECK_FALSE(mark_fault("sh"));
  CHECK_FALSE(mark_fault("sh no-test"));
  CHECK(mark_fault("sh notest"));
  CHECK(mark_fault("sh needs"));
  CHECK(mark_fault("sh needs a b"));
}

TEST_CASE("a stated exit is held, an unstated failure is none") {
  CHECK(stated_exit("ampacity check x.toml  # exit 2").value_or(-1) == 2);
  CHECK_FALSE(stated_exit("# exit 2"));
  CHECK_FALSE(stated_exit("echo # exit early"));
  const WorkingDirectory here;
  std::string output;
  const auto status = [&](std::vector<std::string> commands) {
    return here.run(script_of({1, true, {}, std::move(commands)}), output);
  };
  CHECK(status({"true", "cat > x <<'END'", "two  words", "END", "grep -q 'two  words' x"}) == 0);
  CHECK(status({"false", "true"}) != 0);
  CHECK(status({"(exit 3)  # exit 3"}) == 0);
  CHECK(status({"(exit 3)  # exit 2"}) == 99);
  CHECK(status({"true  # exit 2"}) == 99);
  CHECK(status({"false | cat"}) != 0);
  CHECK(status({"ls -A | grep -v '^\\.' | grep -qx x"}) == 0);  // what an earlier block wrote
}

TEST_CASE("documents mark their blocks and link to what there is") {
  std::vector<std::string> faults;
  for (const fs::path& document : documents()) {
    const std::string text = read(document);
    std::istringstream stream(text);
    int fences = 0;
    for (std::string line; std::getline(stream, line);) {
      if (!line.starts_with("```")) continue;
      ++fences;
      const std::string info = line.substr(3);
      if (info != "sh" && !info.starts_with("sh ")) continue;
      if (const auto fault = mark_fault(info)) faults.push_back(document.string() + ": " + *fault);
    }
    if (fences % 2 != 0) faults.push_back(document.string() + ": a fence stays open");
    for (const std::string& link : local_links(text)) {
      const std::size_t hash = link.find('#');
      const std::string file = link.substr(0, hash);
      const fs::path target =
          file.empty() ? document : (document.parent_path() / file).lexically_normal();
      const bool known = fs::exists(target) && (hash == link.npos || fs::is_directory(target) ||
                                                has_anchor(read(target), link.substr(hash + 1)));
      if (!known) faults.push_back(document.string() + ": no " + link);
    }
  }
  std::string all;
  for (const std::string& fault : faults) all += "\n  " + fault;
  CHECK_MESSAGE(faults.empty(), all);
}

TEST_CASE("the commands of the documents do what they say" * doctest::test_suite("full")) {
  for (const fs::path& document : documents()) run_document(document);
}
