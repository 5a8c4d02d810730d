// SPDX-License-Identifier: Apache-2.0
#include "twin/site/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "twin/core/files.hpp"
#include "twin/core/text.hpp"

namespace ampacity {

namespace {

Place place_of(const toml::node& node, const std::filesystem::path& file) {
  const auto& begin = node.source().begin;
  return {file.string(), static_cast<int>(begin.line), static_cast<int>(begin.column)};
}

template <class T>
std::string written(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

ConfigNode convert(const toml::node& node, const std::filesystem::path& file) {
  ConfigNode out;
  out.place = place_of(node, file);
  out.folder = file.parent_path();
  if (const auto* table = node.as_table()) {
    // toml++ sorts keys; the order of the file is easier to follow in messages and listings.
    for (const auto& [key, value] : *table) {
      out.members.emplace_back(std::string(key.str()), convert(value, file));
    }
    std::stable_sort(out.members.begin(), out.members.end(), [](const auto& a, const auto& b) {
      return a.second.place.line < b.second.place.line;
    });
  } else if (const auto* array = node.as_array()) {
    out.kind = ConfigNode::Kind::list;
    for (const auto& value : *array) out.items.push_back(convert(value, file));
  } else if (const auto* text = node.as_string()) {
    out.kind = ConfigNode::Kind::text;
    out.text = text->get();
  } else if (const auto* flag = node.as_boolean()) {
    out.kind = ConfigNode::Kind::boolean;
    out.flag = flag->get();
    out.text = out.flag ? "true" : "false";
  } else if (const auto* integer = node.as_integer()) {
    out.kind = ConfigNode::Kind::number;
    out.number = static_cast<double>(integer->get());
    out.text = std::to_string(integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    out.kind = ConfigNode::Kind::number;
    out.number = real->get();
    out.text = format_number(real->get(), 12);
  } else {
    // Dates and times are read as text, so that one parser (core/time) judges them all.
    out.kind = ConfigNode::Kind::text;
    if (const auto* instant = node.as_date_time()) out.text = written(instant->get());
    if (const auto* date = node.as_date()) out.text = written(date->get());
    if (const auto* time = node.as_time()) out.text = written(time->get());
  }
  return out;
}

void merge(ConfigNode& into, ConfigNode&& from) {
  if (into.kind != ConfigNode::Kind::table || from.kind != ConfigNode::Kind::table) {
    into = std::move(from);
    return;
  }
  for (auto& [key, value] : from.members) {
    if (ConfigNode* known = into.find(key)) {
      merge(*known, std::move(value));
    } else {
      into.members.emplace_back(key, std::move(value));
    }
  }
}

constexpr const char* syntax_remedy =
    " (TOML wants key = value, texts in double quotes, and each key and each [table] once)";

ConfigNode read_file(const std::filesystem::path& path, const Place& from,
                     std::vector<std::filesystem::path>& open) {
  std::error_code ignored;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, ignored);
  const auto circle = std::find(open.begin(), open.end(), whole);
  if (circle != open.end()) {
    std::string chain;
    for (auto at = circle; at != open.end(); ++at) chain += at->filename().string() + " -> ";
    throw ConfigurationError(
        from, "include",
        "circle of includes: " + chain + whole.filename().string() + " (remove one of them)");
  }
  if (!std::filesystem::is_regular_file(path, ignored)) {
    const bool top = open.empty();
    throw ConfigurationError(top ? Place{path.string(), 0, 0} : from, top ? "" : "include",
                             top ? "no such file (give a path, or the name of a shipped site)"
                                 : path.string() +
                                       ": no such file (paths are relative to the "
                                       "file that includes)");
  }
  open.push_back(whole);
  const std::string name = path.string();
  ConfigNode own;
  try {
    const toml::table table = toml::parse(read_text_file(path), name);
    own = convert(table, path);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw ConfigurationError(Place{name, static_cast<int>(at.line), static_cast<int>(at.column)},
                             "",
                             "syntax error: " + std::string(error.description()) + syntax_remedy);
  }
  ConfigNode merged;
  merged.place = own.place;
  if (const ConfigNode* include = own.find("include")) {
    const bool list = include->kind == ConfigNode::Kind::list;
    const std::vector<ConfigNode> names = list ? include->items : std::vector{*include};
    for (const ConfigNode& entry : names) {
      if (entry.kind != ConfigNode::Kind::text) {
        throw ConfigurationError(entry.place, "include",
                                 std::string("a file name is wanted, not a ") +
                                     kind_name(entry.kind) + " (write include = [\"base.toml\"])");
      }
      merge(merged, read_file(path.parent_path() / entry.text, entry.place, open));
    }
  }
  std::erase_if(own.members, [](const auto& member) { return member.first == "include"; });
  merge(merged, std::move(own));
  open.pop_back();
  return merged;
}

// Splits a.b."c.d".e at the dots outside quotes.
std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts(1);
  char quote = '\0';
  for (const char c : path) {
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '.' && quote == '\0') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Everything inside an override comes from where the override stands.
void set_origin(ConfigNode& node, const Override& from) {
  node.place = from.place;
  node.folder = from.folder;
  for (ConfigNode& item : node.items) set_origin(item, from);
  for (auto& [key, member] : node.members) set_origin(member, from);
}

void apply(ConfigNode& root, const Override& change) {
  const Place& place = change.place;
  const std::size_t equals = change.text.find('=');
  const std::string path = change.text.substr(0, equals);
  if (equals == std::string::npos || path.empty()) {
    throw ConfigurationError(place, "", "no setting (write key.path=value)");
  }
  const std::string text = change.text.substr(equals + 1);
  ConfigNode value;
  try {
    value = convert(*toml::parse("v = " + text).get("v"), {});
  } catch (const toml::parse_error&) {
    // What is no TOML value is a text: --set battery.main.power="2 MW" need not carry inner quotes.
    value.kind = ConfigNode::Kind::text;
    value.text = text;
  }
  set_origin(value, change);
  ConfigNode* at = &root;
  for (const std::string& key : split_path(path)) {
    if (at->kind != ConfigNode::Kind::table) {
      throw ConfigurationError(
          place, path, "'" + key + "' is inside something that is no table (shorten the path)");
    }
    ConfigNode* next = at->find(key);
    if (next == nullptr) {
      ConfigNode fresh;
      fresh.place = place;
      at->members.emplace_back(key, std::move(fresh));
      next = &at->members.back().second;
    }
    at = next;
  }
  *at = std::move(value);
}

void print(const ConfigNode& node, const std::string& path, std::string& out) {
  const auto line = [&](const std::string& value) {
    out += path + " = " + value;
    out += "  # " + node.place.file;
    if (node.place.line > 0) out += ":" + std::to_string(node.place.line);
    out += '\n';
  };
  switch (node.kind) {
    case ConfigNode::Kind::table:
      for (const auto& [key, value] : node.members) {
        print(value, path.empty() ? key : path + "." + key, out);
      }
      break;
    case ConfigNode::Kind::list: {
      const bool plain = std::all_of(node.items.begin(), node.items.end(), [](const auto& item) {
        return item.kind != ConfigNode::Kind::table && item.kind != ConfigNode::Kind::list;
      });
      if (plain) {
        std::string list;
        for (const ConfigNode& item : node.items) {
          const bool text = item.kind == ConfigNode::Kind::text;
          list += (list.empty() ? "" : ", ") + (text ? '"' + item.text + '"' : item.text);
        }
        line("[" + list + "]");
      } else {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
          print(node.items[i], path + "[" + std::to_string(i) + "]", out);
        }
      }
      break;
    }
    case ConfigNode::Kind::text:
      line('"' + node.text + '"');
      break;
    case ConfigNode::Kind::number:
    case ConfigNode::Kind::boolean:
      line(node.text);
      break;
  }
}

}  // namespace

const ConfigNode* ConfigNode::find(const std::string& key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

ConfigNode* ConfigNode::find(const std::string& key) {
  return const_cast<ConfigNode*>(std::as_const(*this).find(key));
}

const char* kind_name(ConfigNode::Kind kind) {
  switch (kind) {
    case ConfigNode::Kind::table:
      return "table";
    case ConfigNode::Kind::list:
      return "list";
    case ConfigNode::Kind::text:
      return "text";
    case ConfigNode::Kind::number:
      return "number";
    case ConfigNode::Kind::boolean:
      return "true or false";
  }
  return "";
}

std::vector<Override> command_line_overrides(std::span<const std::string> sets) {
  std::vector<Override> out;
  for (const std::string& set : sets) out.push_back({set, {"--set " + set, 0, 0}, {}});
  return out;
}

ConfigNode load_document(const std::filesystem::path& path, std::span<const Override> overrides) {
  std::vector<std::filesystem::path> open;
  ConfigNode root = read_file(path, {}, open);
  for (const Override& change : overrides) apply(root, change);
  return root;
}

std::string print_document(const ConfigNode& root) {
  std::string out;
  print(root, "", out);
  return out;
}

}  // namespace ampacity
