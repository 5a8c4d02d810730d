// SPDX-License-Identifier: Apache-2.0

// `ampacity check`: every finding of every file, or `ok`.

#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/shipped.hpp"
#include "twin/site/assembly.hpp"
#include "twin/site/description.hpp"

namespace ampacity {

int check_command(const CheckOptions& options) {
  std::vector<std::string> files = options.files;
  if (files.empty()) files = shipped_names("sites");
  int code = exit_ok;
  for (const std::string& name : files) {
    try {
      const std::filesystem::path path = find_shipped(name, "sites");
      const SiteDescription site = read_site(path, options.set);
      const Assembly assembly = assemble(site);
      if (options.print) std::fputs(print_document(site.document).c_str(), stdout);
      std::printf("%s: ok (%zu units, %zu racks, %zu states)\n", path.c_str(),
                  assembly.plant.units().size(), assembly.racks.size(),
                  assembly.plant.state_count());
    } catch (const ConfigurationError& error) {
      std::fprintf(stderr, "%s\n", error.what());
      code = exit_bad_input;
    }
  }
  return code;
}

}  // namespace ampacity
