// SPDX-License-Identifier: Apache-2.0

// `ampacity describe`: components, sections of site files, and sites.

#include "twin/site/describe.hpp"

#include <cstdio>
#include <string_view>

#include "app/commands.hpp"
#include "app/shipped.hpp"
#include "twin/components/list.hpp"
#include "twin/core/text.hpp"
#include "twin/site/document.hpp"
#include "twin/site/schema.hpp"

namespace ampacity {

namespace {

// What ships in a folder, with the title that each file gives itself.
std::vector<ShippedFile> shipped_files(const std::string& folder, const char* section) {
  std::vector<ShippedFile> files;
  for (const std::string& name : shipped_names(folder)) {
    ShippedFile file{name, ""};
    try {
      const ConfigNode document = load_document(find_shipped(name, folder), {});
      const ConfigNode* table = section == nullptr ? &document : document.find(section);
      const ConfigNode* title = table == nullptr ? nullptr : table->find("title");
      if (title != nullptr) file.title = title->text;
    } catch (const ConfigurationError& error) {
      file.title = error.findings().front().text();
    }
    files.push_back(std::move(file));
  }
  return files;
}

// A site by path or name; a word that is nothing at all gets the nearest name of anything.
std::filesystem::path find_described(const std::string& what) {
  try {
    return find_shipped(what, "sites");
  } catch (const ConfigurationError&) {
    std::vector<std::string> names = shipped_names("sites");
    for (const ComponentType* type : component_list()) names.emplace_back(type->name);
    for (const SettingRow& row : setting_rows()) names.emplace_back(row.section);
    const std::vector<std::string_view> views(names.begin(), names.end());
    throw ConfigurationError(
        {what, 0, 0}, "",
        "no component, section, site or file of that name " +
            nearest_hint(what, views, "(`ampacity describe` lists what there is)"));
  }
}

}  // namespace

int describe_command(const std::string& what) {
  std::string text;
  if (what.empty()) {
    text = describe_everything(shipped_files("sites", "site"), shipped_files("scenarios", nullptr));
  } else if (const ComponentType* type = find_component(what)) {
    text = describe_component(*type);
  } else {
    text = describe_section(what);
    if (text.empty()) text = describe_site(read_site(find_described(what), {}));
  }
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace ampacity
