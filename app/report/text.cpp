// SPDX-License-Identifier: Apache-2.0
#include "app/report/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace ampacity::report {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "\u2013";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, std::abs(value));
  std::string out = text.data();
  const bool zero = out.find_first_not_of("0.") == std::string::npos;
  return value < 0.0 && !zero ? "\u2212" + out : out;
}

std::string significant(double value, int digits) {
  if (value == 0.0 || !std::isfinite(value)) return number(value, 0);
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  std::string out = number(value, std::clamp(digits - 1 - magnitude, 0, 9));
  // Thousands apart by a narrow space, from five digits on.
  if (magnitude >= 4) {
    const std::size_t end = std::min(out.find('.'), out.size());
    for (std::size_t i = end - 3; i > 0 && i < end; i -= std::min<std::size_t>(i, 3)) {
      if (out[i - 1] >= '0' && out[i - 1] <= '9') out.insert(i, "\u202f");
    }
  }
  return out;
}

PowerUnit power_unit(double largest_w) {
  if (largest_w >= 0.95e6) return {1e6, "MW", largest_w >= 100e6 ? 1 : 2};
  return {1e3, "kW", largest_w >= 100e3 ? 0 : 1};
}

}  // namespace ampacity::report
