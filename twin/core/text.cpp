// SPDX-License-Identifier: Apache-2.0

// Edit distance by dynamic programming over three rows; patterns by a set of live positions in the
// pattern (a nondeterministic automaton run directly), so that "*a*a*a*" on a long name is not
// exponential.

#include "twin/core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <tuple>
#include <vector>

#include "twin/core/errors.hpp"

namespace ampacity {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Positions of the pattern that are live: those reached, and those after a star there, which may
// stand for nothing.
class LivePositions {
 public:
  explicit LivePositions(std::string_view pattern)
      : pattern_(pattern), live_(pattern.size() + 1, false) {}

  void reach(std::size_t at) {
    for (; !live_[at]; ++at) {
      live_[at] = true;
      if (at == pattern_.size() || pattern_[at] != '*') return;
    }
  }
  bool at_end() const { return live_[pattern_.size()]; }

  LivePositions after(char c) const {
    LivePositions next(pattern_);
    for (std::size_t at = 0; at < pattern_.size(); ++at) {
      if (!live_[at]) continue;
      if (pattern_[at] == '*') {
        const bool across = (at + 1 < pattern_.size() && pattern_[at + 1] == '*') ||
                            (at > 0 && pattern_[at - 1] == '*');
        if (c != '/' || across) next.reach(at);
      } else if (pattern_[at] == c || (pattern_[at] == '?' && c != '/')) {
        next.reach(at + 1);
      }
    }
    return next;
  }

 private:
  std::string_view pattern_;
  std::vector<bool> live_;
};

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 200;  // longer words are no typing errors
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  if (word.empty() || word.size() > longest) return std::nullopt;
  const std::string lower_word = lower_case(word);
  std::optional<std::string_view> best;
  auto best_score = std::tuple<std::size_t, std::size_t>(limit + 1, 0);
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - std::min(candidate.size(), word.size()) > limit) continue;
    const std::size_t distance = edit_distance(lower_word, lower_case(candidate));
    // A word with no letter in common with the candidate is not a misspelling of it.
    if (distance > limit || distance >= longer) continue;
    const auto score = std::tuple(distance, edit_distance(word, candidate));
    if (score < best_score) {
      best_score = score;
      best = candidate;
    }
  }
  return best;
}

std::string nearest_hint(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view otherwise) {
  const std::optional<std::string_view> found = nearest(word, candidates);
  if (!found) return std::string(otherwise);
  return "(nearest: '" + std::string(*found) + "')";
}

std::string format_number(double value, int digits) {
  AMPACITY_ASSERT(digits >= 1 && digits <= 17, "a double has 1 to 17 significant digits");
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return "0";
  std::array<char, 40> buffer{};
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  const auto general = std::chars_format::general;
  std::string out(begin, std::to_chars(begin, end, value, general, digits).ptr);
  // Short enough to be written out: "132000" rather than "1.32e+05".
  const std::size_t exponent_at = out.find('e');
  if (exponent_at == std::string::npos) return out;
  int exponent = 0;
  const std::size_t sign = out[exponent_at + 1] == '+' ? 2 : 1;
  std::from_chars(out.data() + exponent_at + sign, out.data() + out.size(), exponent);
  if (exponent >= 0 && exponent < 9) {
    double rounded = 0;
    std::from_chars(out.data(), out.data() + out.size(), rounded);
    return {begin, std::to_chars(begin, end, rounded, std::chars_format::fixed, 0).ptr};
  }
  return out.substr(0, exponent_at) + "e" + std::to_string(exponent);
}

bool matches_pattern(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  }
  LivePositions live(pattern);
  live.reach(0);
  for (const char c : path) live = live.after(c);
  return live.at_end();
}

}  // namespace ampacity
