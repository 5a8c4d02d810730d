// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/component_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <list>
#include <map>

#include "twin/components/list.hpp"
#include "twin/core/files.hpp"
#include "twin/core/text.hpp"
#include "twin/core/units.hpp"
#include "twin/inputs/reading.hpp"
#include "twin/site/plant_builder.hpp"
#include "twin/site/value_reader.hpp"

namespace ampacity {

namespace {

constexpr double step_s = 7200.0;
constexpr int most_steps = 24;

// A unit as the user wants it.
struct Bench {
  std::vector<double> parameters;
  std::vector<std::string> curves;
  std::map<std::string, double> initial;
};

template <class Rows>
auto find_row(const Rows& rows, const std::string& name) {
  return std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return name == row.name; });
}

template <class Rows>
void add_names(const Rows& rows, std::vector<std::string>& names) {
  for (const auto& row : rows) names.emplace_back(row.name);
}

class BenchReader {
 public:
  BenchReader(const ComponentType& type, Bench& bench) : type_(type), bench_(bench) {
    for (const ParameterRow& row : type.parameters) bench.parameters.push_back(row.standard);
    for (const CurveRow& row : type.curves) bench.curves.emplace_back(row.standard);
  }

  void read(const ComponentTableOptions& options) {
    if (!options.params.empty()) {
      for (const auto& [key, node] : load_document(options.params, {}).members) take(key, node);
    }
    for (const std::string& set : options.set) take_set(set);
    for (std::size_t i = 0; i < bench_.parameters.size(); ++i) {
      if (!std::isnan(bench_.parameters[i])) continue;
      const ParameterRow& row = type_.parameters[i];
      reader_.find({}, row.name,
                   std::string("missing: ") + row.description + " (give --set " + row.name +
                       "=..., allowed: " + format_quantity(row.minimum, row.unit) + " to " +
                       format_quantity(row.maximum, row.unit) + ")");
    }
    reader_.give_up_if_any();
  }

 private:
  void take_set(const std::string& set) {
    const std::size_t equals = set.find('=');
    ConfigNode node;
    node.place.file = "--set " + set;
    if (equals == std::string::npos || equals == 0) {
      reader_.find(node.place, "", "parameter=quantity is wanted");
      return;
    }
    node.kind = ConfigNode::Kind::text;
    node.text = set.substr(equals + 1);
    if (const Result<double> number = parse_double(node.text)) {
      node.kind = ConfigNode::Kind::number;
      node.number = number.value();
    }
    take(set.substr(0, equals), node);
  }

  void take(const std::string& key, const ConfigNode& node) {
    const std::string initial = "initial";
    if (key == initial) {
      if (!reader_.table(node, key)) return;
      for (const auto& [state, value] : node.members) take_initial(state, value);
    } else if (key.rfind(initial + ".", 0) == 0) {
      take_initial(key.substr(initial.size() + 1), node);
    } else {
      take_parameter(key, node);
    }
  }

  void take_initial(const std::string& state, const ConfigNode& node) {
    const auto row = find_row(type_.states, state);
    if (row == type_.states.end()) {
      std::vector<std::string> names;
      add_names(type_.states, names);
      reader_.find(node.place, "initial." + state,
                   "unknown state" + known_hint(state, names, type_.name));
      return;
    }
    if (const auto value =
            reader_.quantity(node, "initial." + state, row->unit, row->minimum, row->maximum)) {
      bench_.initial[state] = *value;
    }
  }

  void take_parameter(const std::string& key, const ConfigNode& node) {
    const auto row = find_row(type_.parameters, key);
    const auto curve = find_row(type_.curves, key);
    if (row != type_.parameters.end()) {
      const auto value = reader_.quantity(node, key, row->unit, row->minimum, row->maximum);
      const auto at = static_cast<std::size_t>(row - type_.parameters.begin());
      if (value) bench_.parameters[at] = *value;
      if (!value && std::isnan(bench_.parameters[at])) bench_.parameters[at] = 0.0;
    } else if (curve != type_.curves.end()) {
      const std::string name = reader_.text(node, key).value_or("");
      if (!name.empty() && shipped_curve(name) == nullptr) {
        reader_.find(node.place, key, "no shipped curve '" + name + "'");
      }
      bench_.curves[static_cast<std::size_t>(curve - type_.curves.begin())] = name;
    } else {
      std::vector<std::string> names;
      add_names(type_.parameters, names);
      add_names(type_.curves, names);
      reader_.find(node.place, key, "unknown parameter" + known_hint(key, names, type_.name));
    }
  }

  const ComponentType& type_;
  Bench& bench_;
  ValueReader reader_;
};

// The table in SI.
struct InputTable {
  std::vector<std::size_t> inputs;        // row of the component's input table, per column
  std::vector<std::vector<double>> rows;  // values of these inputs
  std::vector<double> times_s;            // empty: static
};

class TableReader {
 public:
  TableReader(const ComponentType& type, const ComponentTableOptions& options)
      : type_(type), options_(options), table_(options.table) {}

  InputTable read() {
    read_header();
    reader_.give_up_if_any();
    CsvRow row;
    while (table_.next(row)) read_row(row);
    if (course_.rows.empty()) {
      reader_.find({table_.file(), 0, 0}, "", "a table without rows (one row at least)");
    } else if (has_time_ && course_.rows.size() < 2) {
      reader_.find({table_.file(), 0, 0}, "", "a course needs two rows or more");
    }
    reader_.give_up_if_any();
    return std::move(course_);
  }

 private:
  static constexpr std::size_t time_column = static_cast<std::size_t>(-1);

  void read_header() {
    std::vector<std::string> names;
    add_names(type_.inputs, names);
    std::vector<bool> given(type_.inputs.size(), false);
    for (const std::string& column : table_.columns()) {
      const HeaderName header = split_header(column);
      const Place place{table_.file(), 1, 0};
      if (header.name == "time_s" || header.name == "time") {
        take_unit(header.unit.empty() ? "s" : header.unit, "s", column);
        meaning_.push_back(time_column);
        has_time_ = true;
        continue;
      }
      const auto row = find_row(type_.inputs, header.name);
      if (row == type_.inputs.end()) {
        reader_.find(place, column,
                     "no input of this component" + known_hint(header.name, names, type_.name));
        continue;
      }
      const auto index = static_cast<std::size_t>(row - type_.inputs.begin());
      if (given[index]) reader_.find(place, column, "two columns for one input");
      given[index] = true;
      meaning_.push_back(index);
      course_.inputs.push_back(index);
      take_unit(header.unit.empty() ? row->unit : header.unit, row->unit, column);
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i] || !std::isnan(type_.inputs[i].standard)) continue;
      reader_.find({table_.file(), 1, 0}, type_.inputs[i].name,
                   std::string("missing column: ") + type_.inputs[i].description + " (" +
                       type_.inputs[i].unit + ")");
    }
  }

  void take_unit(const std::string& from, const std::string& to, const std::string& column) {
    const Result<UnitConversion> conversion = unit_conversion(from, to);
    if (!conversion) reader_.find({table_.file(), 1, 0}, column, conversion.error());
    conversions_.push_back(conversion ? conversion.value() : UnitConversion{});
  }

  void read_row(const CsvRow& row) {
    std::vector<double> values;
    for (std::size_t i = 0; i < meaning_.size(); ++i) {
      const double value = conversions_[i](table_.number(row, i));
      const Place place{table_.file(), row.fields[i].line, row.fields[i].column};
      if (meaning_[i] == time_column) {
        if (!course_.times_s.empty() && value <= course_.times_s.back()) {
          reader_.find(place, table_.columns()[i], "time must rise (sort the rows)");
        }
        course_.times_s.push_back(value);
        continue;
      }
      values.push_back(in_range(value, type_.inputs[meaning_[i]], place));
    }
    course_.rows.push_back(std::move(values));
  }

  double in_range(double value, const InputRow& row, const Place& place) {
    if (value >= row.minimum && value <= row.maximum) return value;
    if (!options_.clamp) {
      reader_.find(place, row.name,
                   format_quantity(value, row.unit) + " is outside of the range of use (" +
                       format_quantity(row.minimum, row.unit) + " to " +
                       format_quantity(row.maximum, row.unit) + "; --clamp takes its border)");
    }
    return std::clamp(value, row.minimum, row.maximum);
  }

  const ComponentType& type_;
  const ComponentTableOptions& options_;
  CsvTable table_;
  InputTable course_;
  ValueReader reader_;
  std::vector<std::size_t> meaning_;  // per column
  std::vector<UnitConversion> conversions_;
  bool has_time_ = false;
};

Plant make_plant(const ComponentType& type, const Bench& bench, const InputTable& course) {
  PlantBuilder builder;
  std::vector<std::byte> record(type.parameter_bytes);
  const std::size_t numbers = bench.parameters.size() * sizeof(double);
  if (numbers > 0) std::memcpy(record.data(), bench.parameters.data(), numbers);
  for (std::size_t i = 0; i < bench.curves.size(); ++i) {
    const Curve view = builder.add_curve(*shipped_curve(bench.curves[i]));
    std::memcpy(record.data() + numbers + i * sizeof(Curve), &view, sizeof(Curve));
  }
  const UnitId unit = builder.add(type, type.name, site_block, record.data());
  for (const auto& [state, value] : bench.initial) builder.set_initial(unit, state, value);
  for (const std::size_t input : course.inputs) {
    const InputRow& row = type.inputs[input];
    builder.connect(builder.external(row.name, row.unit), unit, row.name);
  }
  return std::move(builder).compile();
}

// Steps from row to row: each value holds until the next row.
class HeldRows final : public Load {
 public:
  HeldRows(const InputTable& course, Time start) : course_(course), start_(start) {}

  Time next_change() const override {
    if (next_ >= course_.rows.size()) return Time{std::numeric_limits<std::int64_t>::max()};
    return at(next_);
  }
  void advance(Time now, const Plant&, std::span<const double>, ExternalTable& externals,
               EventSink&) override {
    while (next_ < course_.rows.size() && at(next_) <= now) ++next_;
    const std::vector<double>& row = course_.rows[next_ == 0 ? 0 : next_ - 1];
    for (std::size_t i = 0; i < row.size(); ++i) externals.hold(i, row[i]);
  }
  std::unique_ptr<Load> clone() const override { return std::make_unique<HeldRows>(*this); }

 private:
  Time at(std::size_t row) const {
    return start_ + seconds(course_.times_s[row] - course_.times_s.front());
  }
  const InputTable& course_;
  Time start_;
  std::size_t next_ = 0;
};

struct NoSamples final : SampleSink {
  void on_sample(std::int64_t, Time, const Plant&, const PlantState&, std::span<const double>,
                 std::span<const double>) override {}
};

struct EventList final : EventSink {
  std::vector<EventRecord> records;
  void on_event(const EventRecord& event) override { records.push_back(event); }
};

class Rig {
 public:
  Rig(const ComponentType& type, const Bench& bench, const InputTable& course, bool hold)
      : type_(type),
        bench_(bench),
        course_(course),
        hold_(hold),
        plant_(make_plant(type, bench, course)),
        accounts_(plant_),
        work_(plant_.workspace()),
        start_(plant_.start_state().states) {
    // A component's own start may have its opinion (a battery of its charge); the user's counts.
    for (std::size_t i = 0; i < type.states.size(); ++i) {
      const auto given = bench.initial.find(type.states[i].name);
      if (given != bench.initial.end()) start_[i] = given->second;
    }
  }

  ComponentTable run() {
    name_columns();
    if (course_.times_s.empty()) {
      for (std::size_t i = 0; i < course_.rows.size() && out_.outcome.finished; ++i) settle(i);
    } else {
      follow();
    }
    return std::move(out_);
  }

 private:
  void name_columns() {
    const auto add = [&](const std::string& name, const std::string& unit) {
      out_.columns.push_back(name + " [" + unit + "]");
    };
    out_.outcome.finished = true;
    if (!course_.times_s.empty()) add("time", "s");
    for (const std::size_t input : course_.inputs) {
      add(type_.inputs[input].name, type_.inputs[input].unit);
    }
    for (const OutputRow& row : type_.outputs) {
      // A grid shows the voltage that it is given; two columns of one name would be no table.
      const bool taken = std::any_of(
          course_.inputs.begin(), course_.inputs.end(),
          [&](std::size_t input) { return std::string(type_.inputs[input].name) == row.name; });
      add(taken ? std::string(row.name) + "_out" : row.name, row.unit);
    }
    for (const StateRow& row : type_.states) {
      // A state that is also an output is shown once.
      if (find_row(type_.outputs, row.name) == type_.outputs.end()) add(row.name, row.unit);
    }
  }

  // Inputs, outputs and states of a row.
  void record(std::size_t row, const PlantState& state) {
    std::vector<double> line;
    if (!course_.times_s.empty()) line.push_back(course_.times_s[row]);
    line.insert(line.end(), course_.rows[row].begin(), course_.rows[row].end());
    std::copy(course_.rows[row].begin(), course_.rows[row].end(),
              work_.signals.begin() + static_cast<std::ptrdiff_t>(plant_.output_count()));
    plant_.evaluate(state.states.data(), state.modes.data(), work_);
    for (std::size_t i = 0; i < type_.outputs.size(); ++i) line.push_back(work_.signals[i]);
    for (std::size_t i = 0; i < type_.states.size(); ++i) {
      if (find_row(type_.outputs, type_.states[i].name) == type_.outputs.end()) {
        line.push_back(state.states[i]);
      }
    }
    out_.rows.push_back(std::move(line));
  }

  SimulatorSettings settings() const {
    SimulatorSettings out;
    out.sample_every = hours(1);
    // One unit is cheap; a bench should show the model, not the integrator.
    out.engine.relative_tolerance = 1e-9;
    out.engine.tolerance_factor = 1e-3;
    return out;
  }

  // Puts the states that keep their start where they were, and those for which the user gave one.
  enum class Which { kept, kept_and_given };
  void put_back(Simulator& simulator, Which which) const {
    Snapshot snapshot = simulator.snapshot();
    for (std::size_t i = 0; i < type_.states.size(); ++i) {
      const StateRow& row = type_.states[i];
      const bool given = which == Which::kept_and_given && bench_.initial.contains(row.name);
      if (row.kept_at_start || given) {
        snapshot.state.states[i] = start_[i];
      }
    }
    simulator.restore(snapshot);
  }

  void settle(std::size_t row) {
    ExternalTable externals(plant_.externals().size());
    for (std::size_t i = 0; i < course_.rows[row].size(); ++i) {
      externals.hold(i, course_.rows[row][i]);
    }
    Simulator simulator(plant_, accounts_, externals, settings());
    NoSamples samples;
    EventList events;
    put_back(simulator, Which::kept_and_given);
    out_.outcome = simulator.find_operating_point(events);
    bool at_rest = false;
    for (int step = 0; step < most_steps && out_.outcome.finished && !at_rest; ++step) {
      const std::vector<double> before = simulator.state().states;
      out_.outcome = simulator.run_until(simulator.now() + seconds(step_s), samples, events, {});
      put_back(simulator, Which::kept);
      at_rest = rests(before, simulator.state().states);
    }
    const std::string name = "row " + std::to_string(row + 1) + ": ";
    for (const EventRecord& event : events.records) out_.events.push_back(name + event.text);
    if (!out_.outcome.finished) return;
    if (!at_rest) out_.events.push_back(name + "does not come to rest; its values are not steady");
    record(row, simulator.state());
  }

  bool rests(const std::vector<double>& before, const std::vector<double>& now) const {
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (std::abs(now[i] - before[i]) > 0.1 * type_.states[i].tolerance) return false;
    }
    return true;
  }

  void follow() {
    ExternalTable externals(plant_.externals().size());
    if (!hold_) {
      std::vector<double> times;
      for (const double t : course_.times_s) times.push_back(t - course_.times_s.front());
      const std::size_t grid = externals.add_grid(std::move(times));
      for (std::size_t i = 0; i < course_.inputs.size(); ++i) {
        std::vector<double> values;
        for (const auto& row : course_.rows) values.push_back(row[i]);
        externals.follow(i, grid, std::move(values));
      }
    }
    Simulator simulator(plant_, accounts_, std::move(externals), settings());
    if (hold_) simulator.add_load(std::make_unique<HeldRows>(course_, simulator.now()));
    NoSamples samples;
    EventList events;
    const Time start = simulator.now();
    out_.outcome = simulator.find_operating_point(events);
    put_back(simulator, Which::kept_and_given);
    for (std::size_t i = 0; i < course_.rows.size() && out_.outcome.finished; ++i) {
      const Time at = start + seconds(course_.times_s[i] - course_.times_s.front());
      out_.outcome = simulator.run_until(at, samples, events, {});
      if (out_.outcome.finished) record(i, simulator.state());
    }
    for (const EventRecord& event : events.records) {
      out_.events.push_back(format_number(to_seconds(event.at - start)) + " s: " + event.text);
    }
  }

  const ComponentType& type_;
  const Bench& bench_;
  const InputTable& course_;
  bool hold_;
  Plant plant_;
  Accounts accounts_;
  Workspace work_;
  std::vector<double> start_;
  ComponentTable out_;
};

}  // namespace

ComponentTable run_component_table(const ComponentTableOptions& options) {
  const ComponentType* type = find_component(options.component);
  if (type == nullptr) {
    std::vector<std::string> names;
    for (const ComponentType* known : component_list()) names.emplace_back(known->name);
    throw ConfigurationError(
        {options.component, 0, 0}, "",
        "no component of that name" + known_hint(options.component, names, ""));
  }
  Bench bench;
  BenchReader(*type, bench).read(options);
  const InputTable course = TableReader(*type, options).read();
  return Rig(*type, bench, course, options.hold).run();
}

}  // namespace ampacity
