// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a component's law to entry points that a plant can call.
//
// A plant holds instances of many components in flat arrays; it must evaluate them without knowing
// their types and without paying for that in the inner loop. `component_type<C>()` returns one
// constant record per component: its tables, and function pointers that work on whole runs of
// instances, so that one indirect call serves all racks of an island. The records are the only
// place where the static types and the flat arrays meet.
//
// Layout of a run: instance i of a run has its parameters at parameters + i*parameter_bytes, its
// modes at modes + i*modes_count, and likewise states, inputs, outputs, rates, each contiguous in
// the order of its table.
//
// Jacobians are local: d(outputs, rates) / d(states, inputs) of one instance, row by row, by
// forward differentiation in chunks of Dual::directions columns (dual.hpp). Rows: all outputs, then
// all rates; columns: all states, then all inputs. The offer pass fills the rows of the offered
// outputs only.

#include <algorithm>
#include <span>
#include <type_traits>

#include "twin/components/component.hpp"

namespace ampacity {

// Flat slices of one instance.
struct Slice {
  const std::byte* parameters;
  const std::int64_t* modes;
  const double* states;
  const double* inputs;
  double* outputs;
  double* rates;
};

// The tables and entry points of one component.
struct ComponentType {
  const char* name;
  const char* summary;
  std::span<const ParameterRow> parameters;
  std::span<const CurveRow> curves;
  std::span<const StateRow> states;
  std::span<const InputRow> inputs;
  std::span<const OutputRow> outputs;
  std::span<const ModeRow> modes;
  std::span<const GuardRow> guards;
  std::span<const OrderRow> orders;
  std::size_t parameter_bytes;
  std::size_t offered;
  std::size_t early_inputs;

  // `count` neighbouring instances, the first at the slice.
  void (*offer)(const Slice& first, std::size_t count);
  void (*balance)(const Slice& first, std::size_t count);

  // One instance. `jacobian` is (outputs + rates) x (states + inputs), row-major; untouched rows
  // stay as they are.
  void (*offer_jacobian)(const Slice& at, double* jacobian);
  void (*balance_jacobian)(const Slice& at, double* jacobian);

  // One instance, at events.
  void (*start)(const std::byte* parameters, std::int64_t* modes, double* states);
  void (*watch)(const Slice& at, double* guard);
  void (*react)(const Happening& happening, Agenda& agenda, const std::byte* parameters,
                std::int64_t* modes, double* states, const double* inputs, const double* outputs);
  double (*net_power_w)(const Slice& at);
  double (*stored_energy_j)(const std::byte* parameters, const double* states);
  // d(stored energy)/dt along the given rates.
  double (*stored_power_w)(const std::byte* parameters, const double* states, const double* rates);
};

namespace kernel {

// A record of `count` equal fields out of a flat array, and back.
template <class Record, class V>
Record load(const V* from, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<Record>);
  Record record{};
  if (count > 0) std::memcpy(static_cast<void*>(&record), from, count * sizeof(V));
  return record;
}

template <class Record, class V>
void store(const Record& record, V* to, std::size_t count) {
  if (count > 0) std::memcpy(static_cast<void*>(to), &record, count * sizeof(V));
}

template <class C>
struct Of {
  static constexpr std::size_t states = C::states.size();
  static constexpr std::size_t inputs = C::inputs.size();
  static constexpr std::size_t outputs = C::outputs.size();
  static constexpr std::size_t modes = C::modes.size();
  static constexpr std::size_t columns = states + inputs;

  using Parameters = typename C::Parameters;
  using Modes = typename C::Modes;
  template <class V>
  using States = typename C::template States<V>;
  template <class V>
  using Inputs = typename C::template Inputs<V>;
  template <class V>
  using Outputs = typename C::template Outputs<V>;

  static constexpr bool fits(std::size_t bytes, std::size_t rows, std::size_t size) {
    return rows == 0 ? bytes <= size : bytes == rows * size;
  }
  static_assert(fits(sizeof(States<double>), states, sizeof(double)), "one row per state");
  static_assert(fits(sizeof(Inputs<double>), inputs, sizeof(double)), "one row per input");
  static_assert(fits(sizeof(Outputs<double>), outputs, sizeof(double)), "one row per output");
  static_assert(fits(sizeof(Modes), modes, sizeof(std::int64_t)), "one row per mode");
  static_assert(fits(sizeof(Parameters) - C::curves.size() * sizeof(Curve), C::parameters.size(),
                     sizeof(double)),
                "one row per parameter: doubles first, then curves");
  static_assert(std::is_trivially_copyable_v<Parameters>);
  static_assert(C::offered <= outputs && C::early_inputs <= inputs);

  static const Parameters& parameters_at(const std::byte* at) {
    return *reinterpret_cast<const Parameters*>(at);
  }
  static Modes modes_at(const std::int64_t* at) { return load<Modes>(at, modes); }

  static void offer(const Slice& first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = load<States<double>>(first.states + i * states, states);
      const auto u = load<Inputs<double>>(first.inputs + i * inputs, inputs);
      auto w = load<Outputs<double>>(first.outputs + i * outputs, outputs);
      C::template offer<double>(parameters_at(first.parameters + i * sizeof(Parameters)),
                                modes_at(first.modes + i * modes), x, u, w);
      store(w, first.outputs + i * outputs, outputs);
    }
  }

  static void balance(const Slice& first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = load<States<double>>(first.states + i * states, states);
      const auto u = load<Inputs<double>>(first.inputs + i * inputs, inputs);
      auto w = load<Outputs<double>>(first.outputs + i * outputs, outputs);
      States<double> rate{};
      C::template balance<double>(parameters_at(first.parameters + i * sizeof(Parameters)),
                                  modes_at(first.modes + i * modes), x, u, w, rate);
      store(w, first.outputs + i * outputs, outputs);
      store(rate, first.rates + i * states, states);
    }
  }

  // Evaluates with `Dual::directions` columns at a time and scatters the slopes.
  template <bool with_balance>
  static void jacobian(const Slice& at, double* jacobian) {
    const Parameters& p = parameters_at(at.parameters);
    const Modes m = modes_at(at.modes);
    for (std::size_t first = 0; first < columns; first += Dual::directions) {
      std::array<Dual, columns> seeds;
      for (std::size_t i = 0; i < columns; ++i) {
        seeds[i] = Dual(i < states ? at.states[i] : at.inputs[i - states]);
        if (i >= first && i < first + Dual::directions) seeds[i].slope[i - first] = 1.0;
      }
      const auto x = load<States<Dual>>(seeds.data(), states);
      const auto u = load<Inputs<Dual>>(seeds.data() + states, inputs);
      Outputs<Dual> w{};
      C::template offer<Dual>(p, m, x, u, w);
      std::array<Dual, outputs + states> rows{};
      if constexpr (with_balance) {
        States<Dual> rate{};
        C::template balance<Dual>(p, m, x, u, w, rate);
        store(rate, rows.data() + outputs, states);
      }
      store(w, rows.data(), outputs);
      const std::size_t row_count = with_balance ? outputs + states : C::offered;
      const std::size_t width = std::min<std::size_t>(Dual::directions, columns - first);
      for (std::size_t r = 0; r < row_count; ++r) {
        for (std::size_t d = 0; d < width; ++d) {
          jacobian[r * columns + first + d] = rows[r].slope[d];
        }
      }
    }
  }

  static void start(const std::byte* parameters, std::int64_t* modes_out, double* states_out) {
    auto m = load<Modes>(modes_out, modes);
    auto x = load<States<double>>(states_out, states);
    C::start(parameters_at(parameters), m, x);
    store(m, modes_out, modes);
    store(x, states_out, states);
  }

  static void watch(const Slice& at, double* guard) {
    C::watch(parameters_at(at.parameters), modes_at(at.modes),
             load<States<double>>(at.states, states), load<Inputs<double>>(at.inputs, inputs),
             load<Outputs<double>>(at.outputs, outputs), guard);
  }

  static void react(const Happening& happening, Agenda& agenda, const std::byte* parameters,
                    std::int64_t* modes_inout, double* states_inout, const double* inputs_in,
                    const double* outputs_in) {
    auto m = load<Modes>(modes_inout, modes);
    auto x = load<States<double>>(states_inout, states);
    C::react(happening, agenda, parameters_at(parameters), m, x,
             load<Inputs<double>>(inputs_in, inputs), load<Outputs<double>>(outputs_in, outputs));
    store(m, modes_inout, modes);
    store(x, states_inout, states);
  }

  static double net_power_w(const Slice& at) {
    return C::template net_power_w<double>(
        parameters_at(at.parameters), modes_at(at.modes), load<States<double>>(at.states, states),
        load<Inputs<double>>(at.inputs, inputs), load<Outputs<double>>(at.outputs, outputs));
  }

  static double stored_energy_j(const std::byte* parameters, const double* states_in) {
    return C::template stored_energy_j<double>(parameters_at(parameters),
                                               load<States<double>>(states_in, states));
  }

  static double stored_power_w(const std::byte* parameters, const double* states_in,
                               const double* rates_in) {
    std::array<Dual, states> seeds{};
    for (std::size_t i = 0; i < states; ++i) {
      seeds[i] = Dual(states_in[i]);
      seeds[i].slope[0] = rates_in[i];
    }
    return C::template stored_energy_j<Dual>(parameters_at(parameters),
                                             load<States<Dual>>(seeds.data(), states))
        .slope[0];
  }
};

}  // namespace kernel

// The record of component C; one constant object per component.
template <class C>
const ComponentType& component_type() {
  using K = kernel::Of<C>;
  static const ComponentType type{
      C::name,
      C::summary,
      C::parameters,
      C::curves,
      C::states,
      C::inputs,
      C::outputs,
      C::modes,
      C::guards,
      C::orders,
      sizeof(typename C::Parameters),
      C::offered,
      C::early_inputs,
      &K::offer,
      &K::balance,
      &K::template jacobian<false>,
      &K::template jacobian<true>,
      &K::start,
      &K::watch,
      &K::react,
      &K::net_power_w,
      &K::stored_energy_j,
      &K::stored_power_w,
  };
  return type;
}

}  // namespace ampacity
