// SPDX-License-Identifier: Apache-2.0
#include "twin/site/value_reader.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "twin/core/text.hpp"
#include "twin/core/units.hpp"

namespace ampacity {

namespace {

using Kind = ConfigNode::Kind;

constexpr int largest_count = 100000;

std::string range_text(double low, double high, const std::string& unit) {
  if (std::isinf(low) && std::isinf(high)) return "any finite value is allowed";
  return "allowed: " + format_quantity(low, unit) + " to " + format_quantity(high, unit);
}

}  // namespace

std::string known_hint(const std::string& word, const std::vector<std::string>& known,
                       const std::string& subject) {
  constexpr std::size_t most_listed = 12;
  std::string otherwise =
      "(`ampacity describe" + (subject.empty() ? "" : " " + subject) + "` lists what there is)";
  if (known.size() <= most_listed && !known.empty()) {
    otherwise = "(known:";
    for (const std::string& name : known) otherwise += " " + name;
    otherwise += ")";
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  return " " + nearest_hint(word, views, otherwise);
}

std::span<const ConfigNode> items_of(const ConfigNode& node) {
  if (node.kind == Kind::list) return node.items;
  return {&node, 1};
}

void ValueReader::give_up_if_any() {
  if (findings.empty()) return;
  // Members of a group that share a table find the same in it.
  std::set<std::string> told;
  std::erase_if(findings,
                [&](const Finding& finding) { return !told.insert(finding.text()).second; });
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    if (a.place.file != b.place.file) return a.place.file < b.place.file;
    return a.place.line < b.place.line;
  });
  throw ConfigurationError(std::move(findings));
}

std::optional<double> ValueReader::quantity(const ConfigNode& node, const std::string& path,
                                            const std::string& unit, double low, double high) {
  double value = 0.0;
  if (node.kind == Kind::number) {
    value = node.number;
  } else if (node.kind == Kind::text) {
    const Result<double> converted = to_si(node.text, unit);
    if (!converted) {
      find(node.place, path, converted.error());
      return std::nullopt;
    }
    value = converted.value();
    check_currency(node, path);
  } else {
    find(node.place, path,
         std::string("a quantity is wanted, not a ") + kind_name(node.kind) + " (a number in " +
             unit + ", or a text with its unit)");
    return std::nullopt;
  }
  if (!std::isfinite(value)) {
    find(node.place, path,
         "'" + node.text + "' is no finite number (" + range_text(low, high, unit) + ")");
    return std::nullopt;
  }
  if (value < low || value > high) {
    find(node.place, path,
         format_quantity(value, unit) + " is out of bounds (" + range_text(low, high, unit) + ")");
    return std::nullopt;
  }
  return value;
}

std::optional<Duration> ValueReader::duration(const ConfigNode& node, const std::string& path) {
  if (node.kind == Kind::text) {
    const Result<Duration> read = parse_duration(node.text);
    const bool good = read && read.value() <= longest_duration && -longest_duration <= read.value();
    if (good) return read.value();
    find(node.place, path,
         read ? "'" + node.text + "' is out of bounds (allowed: up to 50 years)" : read.error());
    return std::nullopt;
  }
  const double longest_s = to_seconds(longest_duration);
  const auto value_s = quantity(node, path, "s", -longest_s, longest_s);
  return value_s ? std::optional(seconds(*value_s)) : std::nullopt;
}

std::optional<Duration> ValueReader::positive_duration(const ConfigNode& node,
                                                       const std::string& path) {
  const auto read = duration(node, path);
  if (!read || *read > Duration{}) return read;
  find(node.place, path, "'" + node.text + "' is not positive (write '24 h')");
  return std::nullopt;
}

std::optional<Time> ValueReader::instant(const ConfigNode& node, const std::string& path,
                                         const TimeZone& zone) {
  const auto written = text(node, path);
  if (!written) return std::nullopt;
  const Result<Time> read = parse_time(*written, zone);
  if (read) return read.value();
  find(node.place, path, read.error());
  return std::nullopt;
}

std::optional<std::string> ValueReader::text(const ConfigNode& node, const std::string& path) {
  if (node.kind == Kind::text) return node.text;
  find(node.place, path,
       std::string("a text is wanted, not a ") + kind_name(node.kind) + " (write it in quotes)");
  return std::nullopt;
}

std::optional<std::string> ValueReader::name(const ConfigNode& node, const std::string& path) {
  auto read = text(node, path);
  if (read && !good_name(*read, node.place, path)) read.reset();
  return read;
}

bool ValueReader::good_name(const std::string& name, const Place& place, const std::string& path) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || std::isalnum(u) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (letters && !name.empty() && name != "." && name != "..") return true;
  find(place, path, "'" + name + "' is no name (letters, digits, '-', '_' and '.' make one)");
  return false;
}

std::optional<int> ValueReader::count(const ConfigNode& node, const std::string& path, int least) {
  const bool whole = node.kind == Kind::number && node.number == std::floor(node.number);
  if (whole && node.number >= least && node.number <= largest_count) {
    return static_cast<int>(node.number);
  }
  find(node.place, path,
       "this is no count (a whole number from " + std::to_string(least) + " to " +
           std::to_string(largest_count) + " is wanted)");
  return std::nullopt;
}

bool ValueReader::table(const ConfigNode& node, const std::string& path) {
  if (node.kind == Kind::table) return true;
  find(node.place, path,
       std::string("a table is wanted, not a ") + kind_name(node.kind) + " (write [" + path +
           "], its keys below)");
  return false;
}

void ValueReader::unknown(const ConfigNode& node, const std::string& path, const std::string& key,
                          const std::vector<std::string>& known, const std::string& subject) {
  find(node.place, path, "unknown key" + known_hint(key, known, subject));
}

void ValueReader::check_currency(const ConfigNode& node, const std::string& path) {
  if (node.place.file.empty() || currency_.empty()) return;  // a default; no currency yet
  const std::string found = currency_of(node.text);
  if (found.empty() || found == currency_) return;
  find(node.place, path,
       found + " in a site that counts in " + currency_ + " (set site.currency, or convert)");
}

}  // namespace ampacity
