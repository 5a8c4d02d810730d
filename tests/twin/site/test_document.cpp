// SPDX-License-Identifier: Apache-2.0

// Merging of configuration files: what is read first, what wins, and what each value remembers of
// where it came from.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/twin/inputs/temporary_folder.hpp"
#include "twin/site/document.hpp"

namespace ampacity::tests {
namespace {

const ConfigNode& at(const ConfigNode& root, const std::vector<std::string>& keys) {
  const ConfigNode* node = &root;
  for (const std::string& key : keys) {
    node = node->find(key);
    REQUIRE(node != nullptr);
  }
  return *node;
}

std::string refusal_of(const std::filesystem::path& path,
                       const std::vector<Override>& overrides = {}) {
  try {
    load_document(path, overrides);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("included files come first and in order, later wins key by key") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "parts");
  folder.write("parts/deep.toml", "[a]\nw = \"deep\"\nx = \"deep\"\n");
  folder.write("parts/one.toml",
               "include = \"deep.toml\"\n[a]\nx = \"one\"\ny = \"one\"\nlist = [1, 2, 3]\n");
  folder.write("parts/two.toml", "[a]\ny = \"two\"\nz = \"two\"\nlist = [4]\n");
  const auto top = folder.write("top.toml", R"(include = ["parts/one.toml", "parts/two.toml"]

[a]
z = "top"
[b]
only = true
)");
  const ConfigNode root = load_document(top, {});
  CHECK(at(root, {"a", "w"}).text == "deep");  // an include of an include
  CHECK(at(root, {"a", "x"}).text == "one");   // over its own include
  CHECK(at(root, {"a", "y"}).text == "two");   // the second include over the first
  CHECK(at(root, {"a", "z"}).text == "top");   // the file over its includes
  CHECK(at(root, {"b", "only"}).flag);
  CHECK(at(root, {"a", "list"}).items.size() == 1);  // lists are replaced, not joined
  CHECK(root.find("include") == nullptr);

  // Each value knows its file and line, and the folder in which a file name of it starts.
  CHECK(at(root, {"a", "y"}).place.file == (folder.path() / "parts/two.toml").string());
  CHECK(at(root, {"a", "y"}).place.line == 2);
  CHECK(at(root, {"a", "y"}).folder == folder.path() / "parts");
  CHECK(at(root, {"a", "z"}).place.line == 4);
  CHECK(at(root, {"a", "z"}).folder == folder.path());
}

TEST_CASE("overrides win over files, and the last of them over the others") {
  const TemporaryFolder folder;
  const auto file = folder.write("f.toml", "[a]\nx = 1\n[a.b]\ny = \"2 MW\"\n");
  std::vector<Override> overrides{{"a.x=5", {"s.toml", 7, 3}, "elsewhere"}};
  for (Override& change : command_line_overrides(std::vector<std::string>{
           "a.b.y=3 MW", "a.b.y=4 MW", "new.\"dotted.key\".list=[\"p\", \"q\"]",
           "new.'other.key'=false"})) {
    overrides.push_back(change);
  }
  const ConfigNode root = load_document(file, overrides);
  CHECK(at(root, {"a", "x"}).number == 5.0);
  CHECK(at(root, {"a", "x"}).place.file == "s.toml");
  CHECK(at(root, {"a", "x"}).place.line == 7);
  CHECK(at(root, {"a", "x"}).folder == "elsewhere");
  CHECK(at(root, {"a", "b", "y"}).text == "4 MW");  // no inner quotes needed
  CHECK(at(root, {"a", "b", "y"}).place.file == "--set a.b.y=4 MW");
  CHECK(at(root, {"a", "b", "y"}).folder.empty());
  const ConfigNode& list = at(root, {"new", "dotted.key", "list"});
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[1].text == "q");
  CHECK(list.items[1].place.file == list.place.file);
  CHECK(list.items[1].place.line == 0);
  CHECK(at(root, {"new", "other.key"}).kind == ConfigNode::Kind::boolean);
}

TEST_CASE("the merged result prints one value per line with its origin") {
  const TemporaryFolder folder;
  const std::string base = folder.write("base.toml", "[a]\nx = 1\ny = \"2 MW\"\n").string();
  const std::string top =
      folder.write("top.toml", "include = [\"base.toml\"]\n[a]\nx = 2.5\nz = [1, \"two\", true]\n")
          .string();
  const std::vector<std::string> sets{"b.\"c\".d=true"};
  CHECK(print_document(load_document(top, command_line_overrides(sets))) ==
        "a.x = 2.5  # " + top + ":3\n" + "a.y = \"2 MW\"  # " + base + ":3\n" +
            "a.z = [1, \"two\", true]  # " + top + ":4\n" +
            "b.c.d = true  # --set b.\"c\".d=true\n");
}

TEST_CASE("a file that is there and cannot be read is not an empty one") {
  // The kernel refuses to read the first page of a process.
  if (!std::filesystem::is_regular_file("/proc/self/mem")) return;
  const std::string refusal = refusal_of("/proc/self/mem");
  INFO(refusal);
  CHECK(refusal.rfind("/proc/self/mem: ", 0) == 0);
  CHECK(refusal.find('(') != std::string::npos);
}

TEST_CASE("values of one file, each in its kind") {
  const TemporaryFolder folder;
  const ConfigNode root = load_document(folder.write("f.toml", R"(
text = "a"
whole = 1_000
real = 2.5e3
flag = false
day = 2024-07-15
instant = 2024-07-15T12:00:00
nested = { deep = { deeper = 1 } }
)"),
                                        {});
  CHECK(at(root, {"whole"}).number == 1000.0);
  CHECK(at(root, {"real"}).number == 2500.0);
  CHECK(at(root, {"flag"}).text == "false");
  CHECK(at(root, {"day"}).text == "2024-07-15");  // time.hpp judges dates, as texts
  CHECK(at(root, {"instant"}).text == "2024-07-15T12:00:00");
  CHECK(at(root, {"nested", "deep", "deeper"}).number == 1.0);
  CHECK(root.members.front().first == "text");  // the order of the file
}

}  // namespace
}  // namespace ampacity::tests
