// SPDX-License-Identifier: Apache-2.0

// `ampacity component`: one component on a table of inputs.

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/commands.hpp"
#include "twin/core/errors.hpp"
#include "twin/sim/component_table.hpp"
#include "twin/sim/run_directory.hpp"

namespace ampacity {

namespace {

// The shortest text that reads back as the same double, so that tables can be compared.
std::string exact(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

void write_table(std::ostream& out, const ComponentTable& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out << (i == 0 ? "" : ",") << csv_field(table.columns[i]);
  }
  out << '\n';
  for (const std::vector<double>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << (i == 0 ? "" : ",") << exact(row[i]);
    }
    out << '\n';
  }
}

int component_command(const ComponentTableOptions& options, const std::string& output) {
  // Without a table: what it could have in its columns.
  if (options.table.empty()) return describe_command(options.component);
  const ComponentTable table = run_component_table(options);
  std::ostringstream text;
  write_table(text, table);
  if (output.empty()) {
    std::fputs(text.str().c_str(), stdout);
  } else {
    std::ofstream file(output);
    file << text.str();
    if (!file.flush()) {
      throw ConfigurationError({output, 0, 0}, "", "cannot be written (is the folder there?)");
    }
  }
  for (const std::string& event : table.events) std::fprintf(stderr, "%s\n", event.c_str());
  if (table.outcome.finished) return exit_ok;
  std::fprintf(stderr, "%s\n", table.outcome.message.c_str());
  return exit_solver;
}

}  // namespace

void add_component_command(CLI::App& app, int& code) {
  const auto options = std::make_shared<ComponentTableOptions>();
  const auto output = std::make_shared<std::string>();
  CLI::App* component = app.add_subcommand("component", "run one component on a table of inputs");
  component->add_option("name", options->component, "component (default: a list of them)");
  component->add_option("--table", options->table,
                        "CSV: a column per input, `time_s` for a course (default: describe NAME)");
  component
      ->add_option("--set", options->set, "parameter=quantity or initial.state=quantity; repeats")
      ->allow_extra_args(false);
  component->add_option("--params", options->params, "TOML with parameters and [initial] states");
  component->add_flag("--hold", options->hold, "hold inputs until the next row, else linear");
  component->add_flag("--clamp", options->clamp, "take inputs beyond their range as at its border");
  component->add_option("-o,--out", *output, "CSV to write (default: standard output)");
  component->callback([&code, options, output] { code = component_command(*options, *output); });
}

}  // namespace ampacity
