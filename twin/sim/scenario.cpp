// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/scenario.hpp"

#include <algorithm>

#include "twin/sim/scenario_text.hpp"

namespace ampacity {

namespace {

using scenario_text::Findings;
using scenario_text::hint;
using scenario_text::instant_forms;
using scenario_text::is_instant;
using scenario_text::joined;
using scenario_text::statistic_names;
using Kind = ConfigNode::Kind;

class FileReader {
 public:
  explicit FileReader(Scenario& scenario) : scenario_(scenario) {}

  void read(const ConfigNode& root) {
    keys(root, "", {"title", "description", "site", "start", "duration", "set", "event", "expect"});
    scenario_.title = findings_.text(root.find("title"), "title");
    scenario_.description = findings_.text(root.find("description"), "description");
    scenario_.site = findings_.text(root.find("site"), "site");
    read_span(root);
    each(root, "set", [&](const ConfigNode& item, const std::string& path) {
      if (!findings_.is(item, path, Kind::text)) return;
      if (item.text.find('=') == std::string::npos || item.text.front() == '=') {
        findings_.add(
            item.place, path,
            "'" + item.text + "': key.path=value is wanted (such as \"record.every=5s\")");
      }
      scenario_.set.push_back(item.text);
    });
    each(root, "event", [&](const ConfigNode& item, const std::string& path) {
      if (findings_.is(item, path, Kind::table)) read_event(item, path);
    });
    each(root, "expect", [&](const ConfigNode& item, const std::string& path) {
      if (findings_.is(item, path, Kind::table)) read_expect(item, path);
    });
    findings_.give_up_if_any();
  }

 private:
  template <class F>
  void each(const ConfigNode& root, const std::string& key, const F& visit) {
    const ConfigNode* list = root.find(key);
    if (list == nullptr) return;
    if (list->kind != Kind::list) {
      const bool one = list->kind == Kind::text && key != "event" && key != "expect";
      if (one) return visit(*list, key);
      findings_.add(list->place, key,
                    key == "event" || key == "expect"
                        ? "tables are wanted (write [[" + key + "]] above each)"
                        : "a list of texts is wanted (write it in square brackets)");
      return;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      visit(list->items[i], key + "[" + std::to_string(i) + "]");
    }
  }

  void keys(const ConfigNode& table, const std::string& path,
            const std::vector<std::string_view>& known) {
    for (const auto& [key, node] : table.members) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      findings_.add(node.place, path.empty() ? key : path + "." + key,
                    "unknown key" + hint(key, known));
    }
  }

  // An instant, a local time or a time after the start.
  bool moment(const ConfigNode& node, const std::string& path) {
    if (!findings_.is(node, path, Kind::text)) return false;
    if (is_instant(node.text)) return true;
    findings_.add(node.place, path, "'" + node.text + "': " + instant_forms);
    return false;
  }

  void read_span(const ConfigNode& root) {
    if (const ConfigNode* start = root.find("start")) {
      if (findings_.is(*start, "start", Kind::text)) {
        const Result<Time> read = parse_time(start->text);
        if (!read) findings_.add(start->place, "start", read.error());
        scenario_.set.push_back("site.start=\"" + start->text + '"');
      }
    }
    if (const ConfigNode* duration = root.find("duration")) {
      if (length(*duration, "duration")) {
        scenario_.set.push_back("site.duration=\"" + duration->text + '"');
      }
    }
  }

  bool length(const ConfigNode& node, const std::string& path) {
    if (!findings_.is(node, path, Kind::text)) return false;
    const Result<Duration> read = parse_duration(node.text);
    if (read && read.value() > Duration{}) return true;
    findings_.add(
        node.place, path,
        read ? "'" + node.text + "': a positive length is wanted (write '24 h')" : read.error());
    return false;
  }

  const ConfigNode* wanted(const ConfigNode& table, const std::string& path, const std::string& key,
                           const char* meaning) {
    const ConfigNode* node = table.find(key);
    if (node == nullptr) {
      findings_.add(table.place, path + "." + key,
                    std::string("missing: ") + meaning + " (add " + key + " = ...)");
    } else if (!findings_.is(*node, path + "." + key, Kind::text)) {
      return nullptr;
    }
    return node;
  }

  static std::optional<ConfigNode> copy(const ConfigNode* node) {
    return node == nullptr ? std::nullopt : std::optional<ConfigNode>(*node);
  }

  void read_event(const ConfigNode& table, const std::string& path) {
    const std::size_t before = findings_.size();
    keys(table, path, {"at", "unit", "order", "value", "for", "then"});
    const ConfigNode* at = wanted(table, path, "at", instant_forms);
    if (at != nullptr) moment(*at, path + ".at");
    const ConfigNode* unit = wanted(table, path, "unit", "path of a unit, or a pattern");
    const ConfigNode* order = wanted(table, path, "order", "what the unit is told to do");
    const ConfigNode* lasts = table.find("for");
    if (lasts != nullptr) length(*lasts, path + ".for");
    const ConfigNode* then = table.find("then");
    if (then != nullptr && lasts == nullptr) {
      findings_.add(then->place, path + ".then", "without `for` nothing comes after (add `for`)");
    }
    if (findings_.size() > before) return;
    scenario_.events.push_back({path, table.place, *at, *unit, *order, copy(table.find("value")),
                                copy(lasts), copy(then)});
  }

  void read_expect(const ConfigNode& table, const std::string& path) {
    const std::size_t before = findings_.size();
    ScenarioExpect out;
    out.key_path = path;
    out.place = table.place;
    out.signal = copy(table.find("signal"));
    out.event = copy(table.find("event"));
    out.below = copy(table.find("below"));
    out.above = copy(table.find("above"));
    if (out.signal.has_value() == out.event.has_value()) {
      findings_.add(table.place, path, "either `signal` or `event` is wanted (give one of them)");
    }
    if (!out.below && !out.above) {
      findings_.add(table.place, path, "a bound is wanted (give `below`, `above` or both)");
    }
    if (out.event) {
      keys(table, path, {"event", "below", "above", "during"});
      if (findings_.is(*out.event, path + ".event", Kind::text) &&
          out.event->text.find(": ") == std::string::npos) {
        findings_.add(out.event->place, path + ".event",
                      "'" + out.event->text +
                          "': patterns of path and text are wanted (such as \"*: *trip*\")");
      }
    } else {
      keys(table, path, {"signal", "statistic", "below", "above", "during"});
      if (out.signal) findings_.is(*out.signal, path + ".signal", Kind::text);
      if (out.signal) read_statistic(table, path, out);
    }
    read_window(table, path, out);
    if (findings_.size() == before) scenario_.expects.push_back(std::move(out));
  }

  void read_statistic(const ConfigNode& table, const std::string& path, ScenarioExpect& out) {
    const ConfigNode* node = wanted(table, path, "statistic", "max, min, mean, final or integral");
    if (node == nullptr) return;
    const auto names = statistic_names();
    const auto found = std::find(names.begin(), names.end(), node->text);
    if (found == names.end()) {
      findings_.add(node->place, path + ".statistic",
                    "'" + node->text + "' is no statistic (one of " + joined(names) + ")");
      return;
    }
    out.statistic = static_cast<Statistic>(found - names.begin());
  }

  void read_window(const ConfigNode& table, const std::string& path, ScenarioExpect& out) {
    const ConfigNode* during = table.find("during");
    if (during == nullptr) return;
    if (during->kind != Kind::list || during->items.size() != 2) {
      findings_.add(during->place, path + ".during", "two instants are wanted (write [from, to])");
      return;
    }
    for (const ConfigNode& item : during->items) {
      if (moment(item, path + ".during")) out.during.push_back(item);
    }
  }

  Scenario& scenario_;
  Findings findings_;
};

}  // namespace

Scenario read_scenario(const std::filesystem::path& path) {
  Scenario scenario;
  scenario.file = path.string();
  FileReader(scenario).read(load_document(path, {}));
  return scenario;
}

}  // namespace ampacity
