// SPDX-License-Identifier: Apache-2.0

// Distances counted by hand, numbers as a person would write them, and patterns by the .gitignore
// rules, with the exponential case of naive matchers.

#include <doctest/doctest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "twin/core/text.hpp"

using namespace ampacity;

TEST_CASE("edit distance counts typing errors") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("supply", "supply") == 0);
  CHECK(edit_distance("suply", "supply") == 1);    // a letter dropped
  CHECK(edit_distance("supplly", "supply") == 1);  // a letter too many
  CHECK(edit_distance("suppky", "supply") == 1);   // a wrong letter
  CHECK(edit_distance("spuply", "supply") == 1);   // two letters swapped
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ca", "abc") == 3);  // restricted form: 3, the full one would say 2
}

TEST_CASE("the nearest known name") {
  const std::vector<std::string_view> names = {"supply", "return", "capacity", "kW", "MW"};
  CHECK(nearest("suply", names) == "supply");
  CHECK(nearest("capcaity", names) == "capacity");
  CHECK(nearest("Supply", names) == "supply");
  CHECK(nearest("kw", names) == "kW");
  CHECK(nearest("mw", names) == "MW");
  CHECK(!nearest("voltage", names));
  CHECK(!nearest("", names));
  CHECK(!nearest("x", names));
  CHECK(!nearest(std::string(10000, 'x'), names));
  CHECK(nearest_hint("suply", names) == "(nearest: 'supply')");
  CHECK(nearest_hint("zzzzz", names, "(see describe)") == "(see describe)");
}

TEST_CASE("numbers for messages") {
  CHECK(format_number(0) == "0");
  CHECK(format_number(-0.0) == "0");
  CHECK(format_number(132000) == "132000");
  CHECK(format_number(28227884) == "28227900");
  CHECK(format_number(28227884, 9) == "28227884");
  CHECK(format_number(0.1 + 0.2) == "0.3");
  CHECK(format_number(-40.5) == "-40.5");
  CHECK(format_number(1.2e9) == "1.2e9");
  CHECK(format_number(1e-7) == "1e-7");
  CHECK(format_number(999999.7) == "1000000");
  CHECK(format_number(1.0 / 3, 3) == "0.333");
  CHECK(format_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(format_number(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("patterns choose signals") {
  const char* power = "hall-1/row-3/cdu-7/rack-12.power";
  CHECK(matches_pattern("*", power));
  CHECK(matches_pattern("*.power", power));
  CHECK(matches_pattern("rack-??.power", power));
  CHECK(!matches_pattern("rack-?.power", power));
  CHECK(!matches_pattern("cdu-*", power));
  CHECK(matches_pattern("hall-1/**", power));
  CHECK(matches_pattern("**/cdu-7/*", power));
  CHECK(!matches_pattern("hall-1/*", power));
  CHECK(!matches_pattern("hall-1/*.power", power));
  CHECK(matches_pattern("hall-1/*/cdu-7/rack-12.power", power));
  CHECK(matches_pattern("hall-1/**.power", power));
  CHECK(!matches_pattern("hall-?row-3/cdu-7/rack-12.power", power));
  CHECK(matches_pattern(power, power));
  CHECK(!matches_pattern("", power));
  CHECK(matches_pattern("", ""));
  CHECK(matches_pattern("***", "anything"));
  CHECK(!matches_pattern("a[b]c", "abc"));
  CHECK(matches_pattern("a[b]c", "a[b]c"));

  std::string stars;
  for (int i = 0; i < 200; ++i) stars += "*a";
  CHECK(!matches_pattern(stars + "b", std::string(2000, 'a')));
}

TEST_CASE("random patterns agree with a plain recursive matcher") {
  struct Plain {
    static bool match(std::string_view p, std::string_view s) {
      if (p.empty()) return s.empty();
      if (p.starts_with("**")) {
        return match(p.substr(2), s) || (!s.empty() && match(p, s.substr(1)));
      }
      if (p[0] == '*') {
        return match(p.substr(1), s) || (!s.empty() && s[0] != '/' && match(p, s.substr(1)));
      }
      if (s.empty()) return false;
      if (p[0] == '?' ? s[0] == '/' : p[0] != s[0]) return false;
      return match(p.substr(1), s.substr(1));
    }
  };
  std::mt19937 random(5);
  const std::string pattern_letters = "ab/*?";
  int matched = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string pattern = "/";  // a slash: held against the whole path
    std::string path = "/";
    const std::size_t length = random() % 7;
    while (pattern.size() <= length) pattern += pattern_letters[random() % 5];
    while (path.size() <= random() % 8) path += "ab/"[random() % 3];
    if (pattern.find("***") != std::string::npos) continue;
    const bool expected = Plain::match(pattern, path);
    CHECK(matches_pattern(pattern, path) == expected);
    if (expected) ++matched;
  }
  CHECK(matched > 100);
}
