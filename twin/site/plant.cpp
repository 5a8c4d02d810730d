// SPDX-License-Identifier: Apache-2.0
#include "twin/site/plant.hpp"

namespace ampacity {

std::string Plant::state_path(std::size_t state) const {
  const Unit& unit = owner_of_state(state);
  return unit.path + "/" + unit.type->states[state - unit.state_at].name;
}

const Unit* Plant::find(const std::string& path) const {
  for (const Unit& unit : units_) {
    if (unit.path == path) return &unit;
  }
  return nullptr;
}

PlantState Plant::start_state() const {
  PlantState state{initial_states_, std::vector<std::int64_t>(mode_count_, 0)};
  for (const Unit& unit : units_) {
    unit.type->start(parameters(unit), state.modes.data() + unit.mode_at,
                     state.states.data() + unit.state_at);
  }
  return state;
}

Workspace Plant::workspace() const {
  return {std::vector<double>(output_count_ + externals_.size(), 0.0),
          std::vector<double>(input_count(), 0.0), std::vector<double>(state_count_, 0.0)};
}

void Plant::gather(std::size_t first_input, std::size_t count, Workspace& work) const {
  for (std::size_t i = first_input; i < first_input + count; ++i) {
    double sum = input_constant_[i];
    for (std::size_t k = term_begin_[i]; k < term_begin_[i + 1]; ++k) {
      sum += terms_[k].gain * work.signals[terms_[k].signal];
    }
    work.inputs[i] = sum;
  }
}

Slice Plant::slice(const Unit& unit, const double* states, const std::int64_t* modes,
                   Workspace& work) const {
  return {parameters(unit),
          modes + unit.mode_at,
          states + unit.state_at,
          work.inputs.data() + unit.input_at,
          work.signals.data() + unit.output_at,
          work.rates.data() + unit.state_at};
}

void Plant::evaluate(const double* states, const std::int64_t* modes, Workspace& work) const {
  for (const Run& run : schedule_) {
    const Unit& first = units_[run.first_unit];
    const std::size_t inputs = first.type->inputs.size();
    if (run.pass == Pass::offer) {
      const std::size_t early = first.type->early_inputs;
      for (std::size_t i = 0; early > 0 && i < run.count; ++i) {
        gather(first.input_at + i * inputs, early, work);
      }
      first.type->offer(slice(first, states, modes, work), run.count);
    } else {
      gather(first.input_at, inputs * run.count, work);
      first.type->balance(slice(first, states, modes, work), run.count);
    }
  }
}

double Plant::stored_energy_j(const double* states) const {
  double sum = 0.0;
  for (const Unit& unit : units_) {
    sum += unit.type->stored_energy_j(parameters(unit), states + unit.state_at);
  }
  return sum;
}

}  // namespace ampacity
