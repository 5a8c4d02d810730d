// SPDX-License-Identifier: Apache-2.0

// Over all consumers: when the voltages are gone and hold-up times are over, no unit draws electric
// power, in whatever state it was. (Sources and storage have tests of their own.)

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/component_check.hpp"
#include "twin/components/list.hpp"

using namespace ampacity;

namespace {

// One instance of any component, by its entry points.
struct Unit {
  const ComponentType& type;
  std::vector<std::byte> parameters;
  std::vector<std::int64_t> modes;
  std::vector<double> states, inputs, outputs, rates;
  tests::RecordingAgenda agenda;

  explicit Unit(const ComponentType& of)
      : type(of),
        parameters(of.parameter_bytes),
        modes(of.modes.size()),
        outputs(of.outputs.size()),
        rates(of.states.size()) {
    auto* at = reinterpret_cast<double*>(parameters.data());
    for (const ParameterRow& row : of.parameters) {
      *at++ = std::isnan(row.standard) ? row.minimum : row.standard;
    }
    auto* curve = reinterpret_cast<Curve*>(at);
    for (const CurveRow& row : of.curves) *curve++ = shipped_curve(row.standard)->view();
    for (const StateRow& row : of.states) states.push_back(row.initial);
    for (const InputRow& row : of.inputs) {
      const bool given = !std::isnan(row.standard);
      inputs.push_back(given ? row.standard : 0.5 * (row.minimum + row.maximum));
      if (std::string(row.name).starts_with("voltage")) inputs.back() = 1.0;
    }
    type.start(parameters.data(), modes.data(), states.data());
  }

  void evaluate() {
    const Slice at{parameters.data(), modes.data(),   states.data(),
                   inputs.data(),     outputs.data(), rates.data()};
    type.offer(at, 1);
    type.balance(at, 1);
  }
  void react(Happening::Kind kind, std::size_t index) {
    evaluate();
    type.react({kind, static_cast<int>(index), 0.0}, agenda, parameters.data(), modes.data(),
               states.data(), inputs.data(), outputs.data());
  }

  // All feeds die; guards that fire and timers that they ask for are delivered.
  void lose_voltage() {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (std::string(type.inputs[i].name).starts_with("voltage")) inputs[i] = 0.0;
    }
    for (std::size_t g = 0; g < type.guards.size(); ++g) {
      if (std::string(type.guards[g].name).starts_with("voltage_lost")) {
        react(Happening::Kind::guard, g);
      }
    }
    const auto timers = agenda.timers;
    for (const auto& [instant_ns, tag] : timers) {
      agenda.time_ns = std::max(agenda.time_ns, instant_ns);
      react(Happening::Kind::timer, static_cast<std::size_t>(tag));
    }
  }
};

bool is_consumer(const ComponentType& type) {
  const bool uses = std::any_of(type.outputs.begin(), type.outputs.end(), [](const OutputRow& row) {
    return row.account == Account::use_it || row.account == Account::use_cooling;
  });
  return uses && std::any_of(type.guards.begin(), type.guards.end(), [](const GuardRow& row) {
           return std::string(row.name).starts_with("voltage_lost");
         });
}

}  // namespace

TEST_CASE("no consumer draws electric power without voltage") {
  int checked = 0;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (const ComponentType* type : component_list()) {
    if (!is_consumer(*type)) continue;
    for (int sample = 0; sample < 20; ++sample) {
      Unit dead(*type);
      for (std::size_t i = 0; i < dead.states.size(); ++i) {
        const StateRow& row = type->states[i];
        dead.states[i] = row.minimum + (row.maximum - row.minimum) * unit(random);
      }
      dead.lose_voltage();
      dead.evaluate();
      for (std::size_t i = 0; i < dead.outputs.size(); ++i) {
        const std::string name = type->outputs[i].name;
        if (name != "power" && name != "power_a" && name != "power_b") continue;
        CAPTURE(std::string(type->name));
        CAPTURE(name);
        CHECK(dead.outputs[i] == 0.0);
        ++checked;
      }
    }
  }
  CHECK(checked >= 20 * 12);
}
