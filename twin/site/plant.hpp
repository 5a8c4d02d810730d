// SPDX-License-Identifier: Apache-2.0
#pragma once

// The compiled plant: a constant system in flat arrays.
//
// A site description becomes a graph of component instances (units) whose inputs are sums of other
// units' outputs, of external inputs (weather, price, job power: functions of time) and of
// constants. PlantBuilder (plant_builder.hpp) collects units and connections; `compile` sorts them
// once and returns a Plant, which never changes again. What changes in time is outside: PlantState
// (states and modes: all that a snapshot must hold) and Workspace (scratch of one evaluation). So
// one Plant serves any number of runs and ensemble members.
//
//   outputs = offer(states, modes, early inputs);  outputs, rates = balance(states, modes, inputs)
//
// The schedule is a list of runs: neighbours in storage of the same component and pass, evaluated
// by one call (kernel.hpp).
//
// Blocks. Every unit belongs to a block of a tree: rack -> island -> site (assembly.hpp). Storage
// is ordered by block, so a block's states are contiguous, and units of different branches may see
// each other only through states of common ancestors. The block solver lives on this and checks it
// against the structure of the Jacobian when it is made (solve/tree_solver.hpp).

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "twin/components/kernel.hpp"

namespace ampacity {

// One unit: where its slices begin in the plant's arrays.
struct Unit {
  std::string path;
  const ComponentType* type;
  std::size_t block;
  std::size_t parameter_at;  // bytes
  std::size_t mode_at;
  std::size_t state_at;
  std::size_t input_at;
  std::size_t output_at;
};

// A node of the block tree; the root (index 0, the site) is its own parent. Parents come before
// their children.
struct Block {
  std::string path;
  std::size_t parent;
  std::size_t first_state;
  std::size_t state_count;
};

// One term of an input: gain * signal. Signals are all outputs, then all external inputs.
struct Term {
  std::uint32_t signal;
  double gain;
};

// A function of time outside the plant.
struct ExternalInput {
  std::string path;  // for example "weather/dry_bulb" or "hall-1/cdu-2/rack-3/demand"
  std::string unit;
};

enum class Pass { offer, balance };

// Neighbouring units of one component, evaluated in one call.
struct Run {
  Pass pass;
  std::size_t first_unit;
  std::size_t count;
};

// States and modes: everything that evolves.
struct PlantState {
  std::vector<double> states;
  std::vector<std::int64_t> modes;
};

// Scratch of one evaluation. `signals` holds outputs, then external inputs; the caller fills the
// external part.
struct Workspace {
  std::vector<double> signals;
  std::vector<double> inputs;
  std::vector<double> rates;
};

class Plant {
 public:
  const std::vector<Unit>& units() const { return units_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  const std::vector<ExternalInput>& externals() const { return externals_; }
  const std::vector<Run>& schedule() const { return schedule_; }

  std::size_t state_count() const { return state_count_; }
  std::size_t output_count() const { return output_count_; }
  std::size_t input_count() const { return input_constant_.size(); }
  std::size_t mode_count() const { return mode_count_; }

  // Terms of input `index` (counted over the whole plant).
  std::span<const Term> terms(std::size_t index) const {
    return {terms_.data() + term_begin_[index], term_begin_[index + 1] - term_begin_[index]};
  }
  double constant(std::size_t index) const { return input_constant_[index]; }
  const std::byte* parameters(const Unit& unit) const {
    return parameters_.data() + unit.parameter_at;
  }

  // The unit that owns an output or a state. Index below the respective count.
  const Unit& owner_of_output(std::size_t output) const { return units_[output_owner_[output]]; }
  const Unit& owner_of_state(std::size_t state) const { return units_[state_owner_[state]]; }

  // Path of a state, for messages: "hall-1/cdu-3/pump_speed".
  std::string state_path(std::size_t state) const;

  // The unit with this path; nullptr when there is none.
  const Unit* find(const std::string& path) const;

  // Initial states and modes: table defaults, then each component's own start.
  PlantState start_state() const;
  Workspace workspace() const;

  // Outputs and rates at the given states and modes; external signals must be set in the workspace.
  // Does not allocate.
  void evaluate(const double* states, const std::int64_t* modes, Workspace& work) const;

  // Flat slices of one unit for event functions; rates may be nullptr.
  Slice slice(const Unit& unit, const double* states, const std::int64_t* modes,
              Workspace& work) const;

  // Energy held by all units (J), summed in storage order.
  double stored_energy_j(const double* states) const;

 private:
  friend class PlantBuilder;

  void gather(std::size_t first_input, std::size_t count, Workspace& work) const;

  std::vector<Unit> units_;
  std::vector<Block> blocks_;
  std::vector<ExternalInput> externals_;
  std::vector<Run> schedule_;
  std::vector<std::byte> parameters_;
  std::list<CurveTable> curves_;  // parameter records point into these
  std::vector<double> initial_states_;
  std::vector<double> input_constant_;
  std::vector<std::size_t> term_begin_;
  std::vector<Term> terms_;
  std::vector<std::uint32_t> output_owner_;
  std::vector<std::uint32_t> state_owner_;
  std::size_t state_count_ = 0;
  std::size_t output_count_ = 0;
  std::size_t mode_count_ = 0;
};

}  // namespace ampacity
