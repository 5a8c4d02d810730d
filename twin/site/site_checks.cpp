// SPDX-License-Identifier: Apache-2.0
#include "twin/site/site_checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "twin/components/list.hpp"
#include "twin/core/text.hpp"
#include "twin/core/units.hpp"
#include "twin/site/schema.hpp"
#include "twin/site/wiring.hpp"

namespace ampacity {

namespace {

// "bus|ups" as "bus or ups".
std::string in_words(std::string kinds) {
  const std::size_t last = kinds.rfind('|');
  if (last != std::string::npos) kinds.replace(last, 1, " or ");
  for (std::size_t at = kinds.find('|'); at != std::string::npos; at = kinds.find('|')) {
    kinds.replace(at, 1, ", ");
  }
  return kinds;
}

class Checker {
 public:
  Checker(const SiteDescription& site, std::vector<Finding>& findings)
      : site_(site), findings_(findings) {
    for (const UnitDescription& unit : site.units) by_path_.try_emplace(unit.path, &unit);
  }

  void check_names() {
    for (const UnitDescription& unit : site_.units) {
      const UnitDescription* first_of_name = by_path_.at(unit.path);
      if (first_of_name != &unit) {
        find(unit.place, unit.key_path,
             "duplicate name '" + unit.path + "' (also at line " +
                 std::to_string(first_of_name->place.line) + "; names are unique in a site)");
      }
      check_parameters(unit);
      check_curves(unit);
      for (const ReferenceRule* rule : rules_for(*unit.type)) check_references(unit, *rule);
    }
  }

  void check_connections() {
    if (site_.units.empty()) {
      find({site_.file, 0, 0}, "", "a site without units (add [grid.<name>], racks, ...)");
      return;
    }
    check_grid();
    check_feeds();
    for (const UnitDescription& unit : site_.units) {
      if (unit.is("loop")) check_loop(unit);
      check_sides(unit);
      check_air_heat(unit);
      if (unit.is("hall") && count("crah", "hall", unit.path) == 0) {
        find(unit.place, unit.key_path,
             "a hall without air handlers (add a [crah.<name>] with hall = \"" + unit.path + "\")");
      }
    }
  }

 private:
  // Once: the members of a group share their findings.
  void find(const Place& place, const std::string& path, const std::string& message) {
    if (told_.insert(path + message).second) findings_.push_back({place, path, message});
  }

  // --- names ---

  void check_parameters(const UnitDescription& unit) {
    for (std::size_t i = 0; i < unit.parameters.size(); ++i) {
      if (!std::isnan(unit.parameters[i])) continue;
      const ParameterRow& row = unit.type->parameters[i];
      find(unit.place, unit.key_path + "." + row.name,
           std::string("missing: ") + row.description +
               " (allowed: " + format_quantity(row.minimum, row.unit) + " to " +
               format_quantity(row.maximum, row.unit) + ")");
    }
  }

  void check_curves(const UnitDescription& unit) {
    for (std::size_t i = 0; i < unit.curves.size(); ++i) {
      const auto own = std::find_if(site_.curves.begin(), site_.curves.end(),
                                    [&](const auto& c) { return c.name() == unit.curves[i]; });
      if (own != site_.curves.end() || shipped_curve(unit.curves[i]) != nullptr) continue;
      find(unit.place, unit.key_path + "." + unit.type->curves[i].name,
           "no curve '" + unit.curves[i] + "' (define [curve." + unit.curves[i] + "])");
    }
  }

  void check_references(const UnitDescription& unit, const ReferenceRule& rule) {
    const std::string path = unit.key_path + "." + rule.key;
    if (!unit.references.contains(rule.key)) {
      if (rule.least > 0) {
        find(unit.place, path,
             std::string("missing: ") + rule.meaning + " (name a " + in_words(rule.targets) + ")");
      }
      return;
    }
    std::set<std::string> named;
    for (const Reference& reference : unit.neighbours(rule.key)) {
      const auto target = by_path_.find(reference.path);
      if (target == by_path_.end()) {
        std::vector<std::string_view> names;
        for (const auto& [name, other] : by_path_) {
          if (is_target(rule.targets, other->type->name)) names.push_back(name);
        }
        find(reference.place, path,
             "no unit named '" + reference.path + "' " +
                 nearest_hint(reference.path, names,
                              "(wanted: the name of a " + in_words(rule.targets) + ")"));
      } else if (!is_target(rule.targets, target->second->type->name)) {
        find(reference.place, path,
             "'" + reference.path + "' is a " + target->second->type->name +
                 " (wanted: " + in_words(rule.targets) + ")");
      } else if (!named.insert(reference.path).second) {
        find(reference.place, path,
             "'" + reference.path + "' stands here twice (name another, or only one)");
      }
    }
  }

  // --- connections ---

  std::ptrdiff_t count(const char* component, const char* key, const std::string& target) const {
    return std::count_if(site_.units.begin(), site_.units.end(), [&](const UnitDescription& unit) {
      return unit.is(component) && unit.first(key) == target;
    });
  }

  void check_grid() {
    const UnitDescription* grid = nullptr;
    for (const UnitDescription& unit : site_.units) {
      if (!unit.is("grid")) continue;
      if (grid != nullptr) {
        find(unit.place, unit.key_path,
             "a second grid connection (a site has exactly one; '" + grid->path + "' is at line " +
                 std::to_string(grid->place.line) + ")");
      }
      grid = &unit;
    }
    if (grid == nullptr) {
      find({site_.file, 0, 0}, "grid", "a site without grid connection (add [grid.<name>])");
    }
  }

  // Depth first along `fed_by`; a way back to a unit on the way is a circle.
  void check_feeds() {
    std::set<std::string> done;
    std::vector<std::string> way;
    for (const UnitDescription& unit : site_.units) follow_feeds(unit, done, way);
  }

  void follow_feeds(const UnitDescription& unit, std::set<std::string>& done,
                    std::vector<std::string>& way) {
    if (!done.insert(unit.path).second) return;
    way.push_back(unit.path);
    for (const Reference& feed : unit.neighbours("fed_by")) {
      const auto begin = std::find(way.begin(), way.end(), feed.path);
      if (begin == way.end()) {
        follow_feeds(*by_path_.at(feed.path), done, way);
        continue;
      }
      std::string circle;
      for (auto at = begin; at != way.end(); ++at) circle += *at + " <- ";
      find(feed.place, unit.key_path + ".fed_by",
           "power in a circle: " + circle + feed.path + " (feed one of them from the grid)");
    }
    way.pop_back();
  }

  void check_loop(const UnitDescription& loop) {
    if (count("pump_group", "loop", loop.path) == 0) {
      find(loop.place, loop.key_path,
           "a loop without pumps (add a [pump_group.<name>] with loop = \"" + loop.path + "\")");
    }
    if (count("stage", "loop", loop.path) == 0) {
      find(loop.place, loop.key_path,
           "a loop without a stage that cools it (add a [stage.<name>] with loop = \"" + loop.path +
               "\")");
      return;
    }
    check_line(loop);
  }

  // Stages, pipes and tanks of a loop form one line from the return to the supply header.
  void check_line(const UnitDescription& loop) {
    std::vector<const UnitDescription*> elements;
    std::map<std::string, const UnitDescription*> followers;
    bool good = true;
    const auto refuse = [&](const UnitDescription& element, const std::string& message) {
      const std::vector<Reference>& after = element.neighbours("after");
      find(after.empty() ? element.place : after.front().place, element.key_path + ".after",
           message);
      good = false;
    };
    for (const UnitDescription& unit : site_.units) {
      const bool element = unit.is("stage") || unit.is("pipe") || unit.is("tank");
      if (!element || unit.first("loop") != loop.path) continue;
      elements.push_back(&unit);
      const std::string before = unit.first("after");
      if (!before.empty() && by_path_.at(before)->first("loop") != loop.path) {
        refuse(unit, "'" + before + "' stands in another loop (name an element of '" + loop.path +
                         "', or leave `after` out)");
      }
      const auto [other, alone] = followers.try_emplace(before, &unit);
      if (!alone) {
        refuse(unit, "'" + unit.path + "' and '" + other->second->path + "' both come " +
                         (before.empty() ? "first" : "after '" + before + "'") + " in loop '" +
                         loop.path + "' (let one name the other by `after`: one line)");
      }
    }
    if (!good) return;
    // With one follower each, what the line from the return header does not reach is a circle.
    std::set<const UnitDescription*> reached;
    for (auto next = followers.find(""); next != followers.end();
         next = followers.find(next->second->path)) {
      reached.insert(next->second);
    }
    for (const UnitDescription* element : elements) {
      if (reached.contains(element)) continue;
      refuse(*element, "the elements of loop '" + loop.path +
                           "' stand in a circle (leave `after` out at the first of the line)");
      return;
    }
  }

  // A side of a machine stands in a stage or between the headers of a loop.
  void check_sides(const UnitDescription& unit) {
    struct Side {
      const char* component;
      const char* stage;
      const char* loop;
    };
    static constexpr std::array sides{Side{"heat_exchanger", "hot_stage", "hot_loop"},
                                      Side{"heat_exchanger", "cold_stage", "cold_loop"},
                                      Side{"chiller", "condenser_stage", "condenser_loop"}};
    for (const Side& side : sides) {
      if (!unit.is(side.component)) continue;
      const bool in_stage = !unit.neighbours(side.stage).empty();
      const bool in_loop = !unit.neighbours(side.loop).empty();
      if (in_stage != in_loop) continue;
      find(unit.place, unit.key_path,
           std::string(in_stage ? "both " : "neither ") + side.stage +
               (in_stage ? " and " : " nor ") + side.loop +
               (in_stage ? " are given" : " is given") + " (give one of them)");
    }
  }

  // Heat that racks and cooling units give to the air goes to their hall or to a sink.
  void check_air_heat(const UnitDescription& unit) {
    if (unit.parent == no_parent) return;
    const bool in_hall = !site_.units[unit.parent].first("hall").empty();
    const std::vector<Reference>& vents = unit.neighbours("vents");
    if (in_hall && !vents.empty()) {
      find(vents.front().place, unit.key_path + ".vents",
           "the hall takes this air heat already (leave `vents` out, or the island's `hall`)");
    }
    if (!in_hall && vents.empty()) {
      find(unit.place, unit.key_path + ".vents",
           "missing: where its air heat goes (name a heat_sink, or give the island a `hall`)");
    }
  }

  const SiteDescription& site_;
  std::vector<Finding>& findings_;
  std::map<std::string, const UnitDescription*> by_path_;
  std::set<std::string> told_;
};

}  // namespace

void check_names(const SiteDescription& site, std::vector<Finding>& findings) {
  Checker(site, findings).check_names();
}

void check_connections(const SiteDescription& site, std::vector<Finding>& findings) {
  Checker(site, findings).check_connections();
}

std::optional<Finding> missing_file(const SiteDescription& site, const std::string& key) {
  const Setting& setting = site.setting(key);
  std::error_code ignored;
  if (setting.text.empty() || std::filesystem::is_regular_file(setting.file(), ignored)) {
    return std::nullopt;
  }
  const bool folder = std::filesystem::is_directory(setting.file(), ignored);
  const char* start = setting.place.line > 0 ? "the file that names them" : "the current folder";
  return Finding{setting.place, key,
                 setting.file().string() + (folder ? " is a folder" : ": there is no such file") +
                     " (paths are relative to " + start + ")"};
}

void check_files(const SiteDescription& site, std::vector<Finding>& findings) {
  for (const SettingRow& row : setting_rows()) {
    if (row.kind != SettingRow::Kind::file) continue;
    const std::string key = std::string(row.section) + "." + row.key;
    if (auto finding = missing_file(site, key)) findings.push_back(std::move(*finding));
  }
}

}  // namespace ampacity
