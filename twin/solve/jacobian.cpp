// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/jacobian.hpp"

#include <algorithm>

namespace ampacity {

namespace {
constexpr std::size_t none = static_cast<std::size_t>(-1);
}

JacobianPlan::JacobianPlan(const Plant& plant)
    : node_of_(2 * plant.units().size(), none),
      row_value_(plant.state_count(), 0),
      row_node_(plant.state_count(), 0) {
  std::size_t largest = 0;
  for (const Run& run : plant.schedule()) {
    for (std::size_t unit = run.first_unit; unit < run.first_unit + run.count; ++unit) {
      add_node(plant, unit, run.pass);
      const ComponentType& type = *plant.units()[unit].type;
      largest = std::max(largest, (type.outputs.size() + type.states.size()) *
                                      (type.states.size() + type.inputs.size()));
    }
  }
  local_.resize(largest);
}

void JacobianPlan::add_node(const Plant& plant, std::size_t unit_index, Pass pass) {
  const Unit& unit = plant.units()[unit_index];
  const ComponentType& type = *unit.type;
  const bool balance = pass == Pass::balance;
  const std::size_t inputs = balance ? type.inputs.size() : type.early_inputs;

  struct Reading {
    std::size_t input;
    double gain;
    std::size_t node;
    std::size_t row;
  };
  std::vector<Reading> readings;
  std::vector<std::uint32_t> set;
  for (std::size_t i = 0; i < type.states.size(); ++i) {
    set.push_back(static_cast<std::uint32_t>(unit.state_at + i));
  }
  for (std::size_t input = 0; input < inputs; ++input) {
    for (const Term& term : plant.terms(unit.input_at + input)) {
      if (term.signal >= plant.output_count()) continue;
      const Unit& source = plant.owner_of_output(term.signal);
      const auto source_index = static_cast<std::size_t>(&source - plant.units().data());
      const std::size_t output = term.signal - source.output_at;
      const bool offered = output < source.type->offered;
      const std::size_t node = node_of_[2 * source_index + (offered ? 0 : 1)];
      const std::size_t row = offered ? output : output - source.type->offered;
      const Node& from = nodes_[node];
      readings.push_back({input, term.gain, node, row});
      set.insert(
          set.end(), columns_.begin() + static_cast<std::ptrdiff_t>(from.column_begin),
          columns_.begin() + static_cast<std::ptrdiff_t>(from.column_begin + from.column_count));
    }
  }
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
  const auto position = [&](std::uint32_t column) {
    return static_cast<std::uint32_t>(std::lower_bound(set.begin(), set.end(), column) -
                                      set.begin());
  };

  Node node{};
  node.unit = unit_index;
  node.pass = pass;
  node.first_row = balance ? type.offered : 0;
  node.row_count = balance ? type.outputs.size() - type.offered + type.states.size() : type.offered;
  node.column_begin = columns_.size();
  node.column_count = set.size();
  node.value_begin = value_count_;
  node.own_begin = map_.size();
  for (std::size_t i = 0; i < type.states.size(); ++i) {
    map_.push_back(position(static_cast<std::uint32_t>(unit.state_at + i)));
  }
  node.chain_begin = chains_.size();
  for (const Reading& reading : readings) {
    const Node& from = nodes_[reading.node];
    if (from.column_count == 0) continue;
    chains_.push_back({type.states.size() + reading.input, reading.gain,
                       from.value_begin + reading.row * from.column_count, map_.size(),
                       from.column_count});
    for (std::size_t k = 0; k < from.column_count; ++k) {
      map_.push_back(position(columns_[from.column_begin + k]));
    }
  }
  node.chain_end = chains_.size();
  columns_.insert(columns_.end(), set.begin(), set.end());
  value_count_ += node.row_count * node.column_count;
  node_of_[2 * unit_index + (balance ? 1 : 0)] = nodes_.size();
  if (balance) {
    for (std::size_t i = 0; i < type.states.size(); ++i) {
      const std::size_t row = type.outputs.size() - type.offered + i;
      row_value_[unit.state_at + i] = node.value_begin + row * node.column_count;
      row_node_[unit.state_at + i] = nodes_.size();
    }
  }
  nodes_.push_back(node);
}

std::span<const std::uint32_t> JacobianPlan::columns(std::size_t state) const {
  const Node& node = nodes_[row_node_[state]];
  return {columns_.data() + node.column_begin, node.column_count};
}

void JacobianPlan::evaluate(const Plant& plant, const double* states, const std::int64_t* modes,
                            Workspace& work, std::vector<double>& values) {
  std::fill(values.begin(), values.end(), 0.0);
  for (const Node& node : nodes_) {
    if (node.column_count == 0) continue;
    const Unit& unit = plant.units()[node.unit];
    const ComponentType& type = *unit.type;
    const std::size_t width = type.states.size() + type.inputs.size();
    const Slice slice = plant.slice(unit, states, modes, work);
    if (node.pass == Pass::offer) {
      type.offer_jacobian(slice, local_.data());
    } else {
      type.balance_jacobian(slice, local_.data());
    }
    for (std::size_t r = 0; r < node.row_count; ++r) {
      const double* local = local_.data() + (node.first_row + r) * width;
      double* row = values.data() + node.value_begin + r * node.column_count;
      for (std::size_t i = 0; i < type.states.size(); ++i)
        row[map_[node.own_begin + i]] += local[i];
      for (std::size_t c = node.chain_begin; c < node.chain_end; ++c) {
        const Chain& chain = chains_[c];
        const double factor = local[chain.column] * chain.gain;
        if (factor == 0.0) continue;
        const double* source = values.data() + chain.source_value;
        const std::uint32_t* to = map_.data() + chain.map_begin;
        for (std::size_t k = 0; k < chain.count; ++k) row[to[k]] += factor * source[k];
      }
    }
  }
}

}  // namespace ampacity
