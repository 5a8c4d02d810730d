// SPDX-License-Identifier: Apache-2.0
#include "twin/site/plant_builder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace ampacity {

namespace {

template <class Rows>
std::size_t row_index(const Rows& rows, const std::string& name, const std::string& place) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (name == rows[i].name) return i;
  }
  throw std::logic_error(place + ": no row named '" + name + "'");
}

std::size_t align(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

PlantBuilder::PlantBuilder() { blocks_.push_back({"site", 0, 0, 0}); }

BlockId PlantBuilder::add_block(BlockId parent, std::string path) {
  blocks_.push_back({std::move(path), parent.index, 0, 0});
  return {blocks_.size() - 1};
}

UnitId PlantBuilder::add(const ComponentType& type, std::string path, BlockId block,
                         const std::byte* parameters) {
  Draft draft{std::move(path), &type, block.index, {}, {}, {}, {}, {}};
  draft.parameters.assign(parameters, parameters + type.parameter_bytes);
  for (const StateRow& row : type.states) draft.initial.push_back(row.initial);
  for (const InputRow& row : type.inputs) draft.constants.push_back(row.standard);
  draft.set.assign(type.inputs.size(), false);
  draft.inputs.resize(type.inputs.size());
  drafts_.push_back(std::move(draft));
  return {drafts_.size() - 1};
}

Curve PlantBuilder::add_curve(CurveTable table) {
  curves_.push_back(std::move(table));
  return curves_.back().view();
}

ExternalId PlantBuilder::external(const std::string& path, const std::string& unit) {
  const auto [at, is_new] = external_index_.try_emplace(path, externals_.size());
  if (is_new) externals_.push_back({path, unit});
  return {at->second};
}

std::size_t PlantBuilder::input_index(UnitId unit, const std::string& input) const {
  const Draft& draft = drafts_[unit.index];
  return row_index(draft.type->inputs, input, draft.path + " (" + draft.type->name + ") inputs");
}

void PlantBuilder::connect(UnitId from, const std::string& output, UnitId to,
                           const std::string& input, double gain) {
  const Draft& source = drafts_[from.index];
  const std::size_t row =
      row_index(source.type->outputs, output, source.path + " (" + source.type->name + ") outputs");
  drafts_[to.index].inputs[input_index(to, input)].push_back({false, from.index, row, gain});
}

void PlantBuilder::connect(ExternalId from, UnitId to, const std::string& input, double gain) {
  drafts_[to.index].inputs[input_index(to, input)].push_back({true, from.index, 0, gain});
}

void PlantBuilder::set_constant(UnitId to, const std::string& input, double value) {
  const std::size_t row = input_index(to, input);
  drafts_[to.index].constants[row] = value;
  drafts_[to.index].set[row] = true;
}

void PlantBuilder::set_initial(UnitId unit, const std::string& state, double value) {
  Draft& draft = drafts_[unit.index];
  draft.initial[row_index(draft.type->states, state, draft.path + " states")] = value;
}

void PlantBuilder::lay_out(Plant& plant, const std::vector<std::size_t>& order) const {
  std::size_t parameters = 0;
  for (std::size_t index : order) {
    const Draft& draft = drafts_[index];
    Unit unit{draft.path,
              draft.type,
              draft.block,
              parameters,
              plant.mode_count_,
              plant.state_count_,
              plant.input_constant_.size(),
              plant.output_count_};
    const auto owner = static_cast<std::uint32_t>(plant.units_.size());
    parameters += align(draft.type->parameter_bytes);
    plant.mode_count_ += draft.type->modes.size();
    plant.state_count_ += draft.type->states.size();
    plant.output_count_ += draft.type->outputs.size();
    plant.input_constant_.resize(plant.input_constant_.size() + draft.type->inputs.size());
    plant.output_owner_.resize(plant.output_count_, owner);
    plant.state_owner_.resize(plant.state_count_, owner);
    plant.initial_states_.insert(plant.initial_states_.end(), draft.initial.begin(),
                                 draft.initial.end());
    plant.units_.push_back(std::move(unit));
  }
  plant.parameters_.resize(parameters);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& bytes = drafts_[order[i]].parameters;
    std::copy(
        bytes.begin(), bytes.end(),
        plant.parameters_.begin() + static_cast<std::ptrdiff_t>(plant.units_[i].parameter_at));
  }
  for (Block& block : plant.blocks_) block.first_state = plant.state_count_;
  for (const Unit& unit : plant.units_) {
    Block& block = plant.blocks_[unit.block];
    block.first_state = std::min(block.first_state, unit.state_at);
    block.state_count += unit.type->states.size();
  }
}

void PlantBuilder::wire(Plant& plant, const std::vector<std::size_t>& order,
                        const std::vector<std::size_t>& place) const {
  plant.term_begin_.push_back(0);
  for (std::size_t index : order) {
    const Draft& draft = drafts_[index];
    for (std::size_t i = 0; i < draft.inputs.size(); ++i) {
      const std::string where = draft.path + "/" + draft.type->inputs[i].name;
      const bool open = draft.inputs[i].empty() && !draft.set[i];
      if (open && std::isnan(draft.constants[i])) {
        throw std::logic_error(where + ": a required input is not connected");
      }
      // A default stands in for a missing connection; it is not added to one.
      const double constant = draft.inputs[i].empty() || draft.set[i] ? draft.constants[i] : 0.0;
      plant.input_constant_[plant.term_begin_.size() - 1] = constant;
      for (const Link& link : draft.inputs[i]) {
        std::size_t signal = plant.output_count_ + link.source;
        if (!link.external) {
          const Draft& source = drafts_[link.source];
          if (i < draft.type->early_inputs && link.output >= source.type->offered) {
            throw std::logic_error(where + ": an early input needs an offered output, not " +
                                   source.path + "/" + source.type->outputs[link.output].name);
          }
          signal = plant.units_[place[link.source]].output_at + link.output;
        }
        plant.terms_.push_back({static_cast<std::uint32_t>(signal), link.gain});
      }
      plant.term_begin_.push_back(plant.terms_.size());
    }
  }
}

void PlantBuilder::sort_passes(Plant& plant) const {
  // Node 2u is unit u's offer, 2u+1 its balance. The level of a node is one more than the highest
  // level it reads from.
  const std::size_t n = plant.units_.size();
  std::vector<int> level(2 * n, -1);
  std::vector<int> mark(2 * n, 0);  // 1 while on the path
  const auto reads = [&](std::size_t node) {
    std::vector<std::size_t> sources;
    const Unit& unit = plant.units_[node / 2];
    const bool balance = node % 2 == 1;
    if (balance) sources.push_back(node - 1);
    const std::size_t count = balance ? unit.type->inputs.size() : unit.type->early_inputs;
    for (std::size_t i = unit.input_at; i < unit.input_at + count; ++i) {
      for (const Term& term : plant.terms(i)) {
        if (term.signal >= plant.output_count_) continue;
        const std::size_t owner = plant.output_owner_[term.signal];
        const Unit& source = plant.units_[owner];
        const bool offered = term.signal - source.output_at < source.type->offered;
        sources.push_back(2 * owner + (offered ? 0 : 1));
      }
    }
    return sources;
  };
  const auto name = [&](std::size_t node) {
    return plant.units_[node / 2].path + (node % 2 == 1 ? " (balance)" : " (offer)");
  };
  const auto visit = [&](const auto& self, std::size_t node) -> int {
    if (level[node] >= 0) return level[node];
    if (mark[node] == 1) throw std::logic_error("a circle through " + name(node));
    mark[node] = 1;
    int highest = 0;
    for (std::size_t source : reads(node)) {
      try {
        highest = std::max(highest, self(self, source) + 1);
      } catch (const std::logic_error& error) {
        throw std::logic_error(std::string(error.what()) + " <- " + name(node));
      }
    }
    mark[node] = 0;
    return level[node] = highest;
  };
  for (std::size_t node = 0; node < 2 * n; ++node) visit(visit, node);

  std::vector<std::size_t> nodes(2 * n);
  std::iota(nodes.begin(), nodes.end(), std::size_t{0});
  std::stable_sort(nodes.begin(), nodes.end(), [&](std::size_t a, std::size_t b) {
    if (level[a] != level[b]) return level[a] < level[b];
    if (a % 2 != b % 2) return a % 2 < b % 2;
    return a / 2 < b / 2;
  });
  for (std::size_t node : nodes) {
    const Pass pass = node % 2 == 1 ? Pass::balance : Pass::offer;
    const std::size_t unit = node / 2;
    const ComponentType* type = plant.units_[unit].type;
    if (pass == Pass::offer && type->offered == 0) continue;
    if (!plant.schedule_.empty()) {
      Run& last = plant.schedule_.back();
      // Parameter records are padded to eight bytes; a run needs them without gaps.
      const bool dense = align(type->parameter_bytes) == type->parameter_bytes;
      if (dense && last.pass == pass && last.first_unit + last.count == unit &&
          plant.units_[last.first_unit].type == type) {
        ++last.count;
        continue;
      }
    }
    plant.schedule_.push_back({pass, unit, 1});
  }
}

Plant PlantBuilder::compile() && {
  Plant plant;
  plant.blocks_ = blocks_;
  plant.externals_ = externals_;
  std::vector<std::size_t> order(drafts_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::map<const ComponentType*, std::size_t> first_of_type;
  for (std::size_t i = 0; i < drafts_.size(); ++i) first_of_type.try_emplace(drafts_[i].type, i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (drafts_[a].block != drafts_[b].block) return drafts_[a].block < drafts_[b].block;
    return first_of_type[drafts_[a].type] < first_of_type[drafts_[b].type];
  });
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  lay_out(plant, order);
  wire(plant, order, place);
  sort_passes(plant);
  plant.curves_ = std::move(curves_);
  return plant;
}

}  // namespace ampacity
