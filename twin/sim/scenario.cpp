// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/scenario.hpp"

#include <algorithm>

#include "twin/sim/scenario_text.hpp"
#include "twin/site/value_reader.hpp"

namespace ampacity {

namespace {

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
    scenario_.title = text(root, "title");
    scenario_.description = text(root, "description");
    scenario_.site = text(root, "site");
    if (const ConfigNode* site = root.find("site")) {
      scenario_.site_place = site->place;
      scenario_.site_folder = site->folder;
    }
    read_span(root);
    each_text(root, "set", [&](const ConfigNode& item, const std::string& path) {
      if (!reader_.text(item, path)) return;
      if (item.text.find('=') == std::string::npos || item.text.front() == '=') {
        reader_.find(item.place, path,
                     "'" + item.text + "': key.path=value is wanted (such as \"record.every=5s\")");
      }
      scenario_.set.push_back({item.text, item.place, item.folder});
    });
    each_table(root, "event",
               [&](const ConfigNode& item, const std::string& path) { read_event(item, path); });
    each_table(root, "expect",
               [&](const ConfigNode& item, const std::string& path) { read_expect(item, path); });
    reader_.give_up_if_any();
  }

 private:
  std::string text(const ConfigNode& root, const std::string& key) {
    const ConfigNode* node = root.find(key);
    return node == nullptr ? "" : reader_.text(*node, key).value_or("");
  }

  template <class F>
  void each_text(const ConfigNode& root, const std::string& key, const F& visit) {
    const ConfigNode* list = root.find(key);
    if (list == nullptr) return;
    if (list->kind == Kind::text) return visit(*list, key);
    if (list->kind == Kind::list) return each_item(*list, key, visit);
    reader_.find(list->place, key, "a list of texts is wanted (write it in square brackets)");
  }

  template <class F>
  void each_table(const ConfigNode& root, const std::string& key, const F& visit) {
    const ConfigNode* list = root.find(key);
    if (list == nullptr) return;
    const auto is_table = [](const ConfigNode& item) { return item.kind == Kind::table; };
    const std::vector<ConfigNode>& items = list->items;
    if (list->kind == Kind::list && std::all_of(items.begin(), items.end(), is_table)) {
      return each_item(*list, key, visit);
    }
    reader_.find(list->place, key, "tables are wanted (write [[" + key + "]] above each)");
  }

  template <class F>
  static void each_item(const ConfigNode& list, const std::string& key, const F& visit) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      visit(list.items[i], key + "[" + std::to_string(i) + "]");
    }
  }

  void keys(const ConfigNode& table, const std::string& path,
            const std::vector<std::string>& known) {
    for (const auto& [key, node] : table.members) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      reader_.unknown(node, path.empty() ? key : path + "." + key, key, known, "");
    }
  }

  // An instant, a local time or a time after the start.
  bool moment(const ConfigNode& node, const std::string& path) {
    if (is_instant(node)) return true;
    if (node.kind != Kind::number && !reader_.text(node, path)) return false;
    reader_.find(node.place, path, "'" + node.text + "': " + instant_forms);
    return false;
  }

  void read_span(const ConfigNode& root) {
    if (const ConfigNode* start = root.find("start")) {
      // In the zone of the site, which is not known yet; this finds what is no instant at all.
      if (reader_.instant(*start, "start", TimeZone())) set_site("start", *start);
    }
    if (const ConfigNode* duration = root.find("duration")) {
      if (reader_.positive_duration(*duration, "duration")) set_site("duration", *duration);
    }
  }

  void set_site(const std::string& key, const ConfigNode& node) {
    const bool text = node.kind == Kind::text;
    scenario_.set.push_back({"site." + key + "=" + (text ? '"' + node.text + '"' : node.text),
                             node.place, node.folder});
  }

  const ConfigNode* present(const ConfigNode& table, const std::string& path,
                            const std::string& key, const char* meaning) {
    const ConfigNode* node = table.find(key);
    if (node == nullptr) {
      reader_.find(table.place, path + "." + key,
                   std::string("missing: ") + meaning + " (add " + key + " = ...)");
    }
    return node;
  }

  // As above, and a text.
  const ConfigNode* wanted(const ConfigNode& table, const std::string& path, const std::string& key,
                           const char* meaning) {
    const ConfigNode* node = present(table, path, key, meaning);
    return node != nullptr && reader_.text(*node, path + "." + key) ? node : nullptr;
  }

  static std::optional<ConfigNode> copy(const ConfigNode* node) {
    return node == nullptr ? std::nullopt : std::optional<ConfigNode>(*node);
  }

  void read_event(const ConfigNode& table, const std::string& path) {
    const std::size_t before = reader_.findings.size();
    keys(table, path, {"at", "unit", "order", "value", "for", "then"});
    const ConfigNode* at = present(table, path, "at", instant_forms);
    if (at != nullptr) moment(*at, path + ".at");
    const ConfigNode* unit = wanted(table, path, "unit", "path of a unit, or a pattern");
    const ConfigNode* order = wanted(table, path, "order", "what the unit is told to do");
    const ConfigNode* lasts = table.find("for");
    Duration length;
    if (lasts != nullptr) {
      length = reader_.positive_duration(*lasts, path + ".for").value_or(Duration{});
    }
    const ConfigNode* then = table.find("then");
    if (then != nullptr && lasts == nullptr) {
      reader_.find(then->place, path + ".then", "without `for` nothing comes after (add `for`)");
    }
    if (reader_.findings.size() > before) return;
    scenario_.events.push_back({path, table.place, *at, *unit, *order, copy(table.find("value")),
                                copy(lasts), length, copy(then)});
  }

  void read_expect(const ConfigNode& table, const std::string& path) {
    const std::size_t before = reader_.findings.size();
    ScenarioExpect out;
    out.key_path = path;
    out.place = table.place;
    out.signal = copy(table.find("signal"));
    out.event = copy(table.find("event"));
    out.below = copy(table.find("below"));
    out.above = copy(table.find("above"));
    if (out.signal.has_value() == out.event.has_value()) {
      reader_.find(table.place, path, "either `signal` or `event` is wanted (give one of them)");
    }
    if (!out.below && !out.above) {
      reader_.find(table.place, path, "a bound is wanted (give `below`, `above` or both)");
    }
    if (out.event) {
      keys(table, path, {"event", "below", "above", "during"});
      if (reader_.text(*out.event, path + ".event") &&
          out.event->text.find(": ") == std::string::npos) {
        reader_.find(out.event->place, path + ".event",
                     "'" + out.event->text +
                         "': patterns of path and text are wanted (such as \"*: *trip*\")");
      }
    } else {
      keys(table, path, {"signal", "statistic", "below", "above", "during"});
      if (out.signal) reader_.text(*out.signal, path + ".signal");
      if (out.signal) read_statistic(table, path, out);
    }
    read_window(table, path, out);
    if (reader_.findings.size() == before) scenario_.expects.push_back(std::move(out));
  }

  void read_statistic(const ConfigNode& table, const std::string& path, ScenarioExpect& out) {
    const ConfigNode* node = wanted(table, path, "statistic", "max, min, mean, final or integral");
    if (node == nullptr) return;
    const auto names = statistic_names();
    const auto found = std::find(names.begin(), names.end(), node->text);
    if (found == names.end()) {
      reader_.find(node->place, path + ".statistic",
                   "'" + node->text + "' is no statistic (one of " + joined(names) + ")");
      return;
    }
    out.statistic = static_cast<Statistic>(found - names.begin());
  }

  void read_window(const ConfigNode& table, const std::string& path, ScenarioExpect& out) {
    const ConfigNode* during = table.find("during");
    if (during == nullptr) return;
    if (during->kind != Kind::list || during->items.size() != 2) {
      reader_.find(during->place, path + ".during", "two instants are wanted (write [from, to])");
      return;
    }
    for (const ConfigNode& item : during->items) {
      if (moment(item, path + ".during")) out.during.push_back(item);
    }
  }

  Scenario& scenario_;
  ValueReader reader_;
};

}  // namespace

bool is_scenario(const ConfigNode& root) {
  const ConfigNode* site = root.find("site");
  if (site != nullptr) return site->kind == Kind::text;
  for (const char* key : {"event", "expect", "set", "start", "duration"}) {
    if (root.find(key) != nullptr) return true;
  }
  return false;
}

std::filesystem::path local_site(const Scenario& scenario) {
  const std::filesystem::path path = scenario.site_folder / scenario.site;
  std::error_code ignored;
  const bool there = !scenario.site.empty() && std::filesystem::is_regular_file(path, ignored);
  return there ? path : std::filesystem::path();
}

Scenario read_scenario(const std::filesystem::path& path) {
  Scenario scenario;
  scenario.file = path.string();
  FileReader(scenario).read(load_document(path, {}));
  return scenario;
}

}  // namespace ampacity
