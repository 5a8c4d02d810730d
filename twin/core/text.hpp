// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small services on text that messages and the command line need.
//
// A message that refuses a name offers the nearest known one. Near is the Damerau-Levenshtein
// distance in its restricted form (optimal string alignment): the number of letters inserted,
// dropped, replaced or swapped with their neighbour, which is what typing errors are made of.
// Letters that differ in case only cost nothing at first, since "kw" for "kW" is the commonest slip
// of all.
//
// Numbers in messages carry as many digits as a reader needs, never a tail of binary rounding.
//
// Patterns choose signals by path ("hall-1/row-3/cdu-7/rack-12.power"), with the rules that people
// know from .gitignore.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ampacity {

// Restricted Damerau-Levenshtein distance of two byte strings.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, or nothing where none is near enough to be meant (more than one
// error per three letters). Among equals the first in order; case counts only between equals.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// "(nearest: 'supply')", or what `otherwise` says where nothing is near.
std::string nearest_hint(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view otherwise = "");

// At most `digits` significant digits (1 to 17), no trailing zeros: "132000", "0.945", "1.2e9",
// "nan", "inf".
std::string format_number(double value, int digits = 6);

// Whether `path` matches `pattern`. '?' is one character and '*' any number of them, within one
// segment between slashes; '**' goes across slashes. A pattern without a slash is held against the
// last segment of the path ("*.power" is the power of every unit), one with a slash against the
// whole path. Everything else stands for itself. Time grows with the product of the lengths only.
bool matches_pattern(std::string_view pattern, std::string_view path);

}  // namespace ampacity
