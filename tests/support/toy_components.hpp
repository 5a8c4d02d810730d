// SPDX-License-Identifier: Apache-2.0
#pragma once

// Toy components with closed-form solutions, for the tests of plant, engines and simulator.
//
//   Node   a heat capacity C at temperature T: C dT/dt = heat + sum of g (T_neighbour - T) through
//   its inputs Leaky  the same, but a part of its heat vanishes: the energy ledger must notice
//   Relay  opens when the value it watches passes its limit, tells its time, and closes again after
//   a delay

#include "twin/components/component.hpp"

namespace ampacity::tests {

template <bool leaks>
struct NodeOf {
  static constexpr const char* name = leaks ? "leaky" : "node";
  static constexpr const char* summary = "a heat capacity";
  struct Parameters {
    double capacity_j_k;
    double conductance_w_k;  // sum over the neighbours
  };
  template <class V>
  struct States {
    V node_k;
  };
  template <class V>
  struct Inputs {
    V heat_w;
    V neighbours_w;  // sum of g * T_neighbour
  };
  template <class V>
  struct Outputs {
    V node_k;
    V heat_w;      // enters
    V exchange_w;  // to the neighbours
  };
  using Modes = NoModes;
  static constexpr std::array parameters{
      ParameterRow{"capacity", "J/K", 1000.0, 1e-3, 1e12, "heat capacity", "assumed"},
      ParameterRow{"conductance", "W/K", 0.0, 0.0, 1e9, "sum of conductances", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"temperature", "K", 300.0, 200.0, 500.0, 1e-4, "temperature"}};
  static constexpr std::array inputs{
      InputRow{"heat", "W", 0.0, -1e4, 1e4, "heat from outside"},
      InputRow{"neighbours", "W", 0.0, 0.0, 1e4, "sum of conductance * temperature"}};
  static constexpr std::array outputs{
      OutputRow{"temperature", "K", "temperature"},
      OutputRow{"heat", "W", "heat from outside", Account::enters_fission},
      OutputRow{"exchange", "W", "heat to the neighbours"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.node_k = x.node_k;
  }
  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    w.heat_w = u.heat_w;
    w.exchange_w = x.node_k * p.conductance_w_k - u.neighbours_w;
    rate.node_k = (u.heat_w * (leaks ? 0.999 : 1.0) - w.exchange_w) / p.capacity_j_k;
  }
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.heat_w - w.exchange_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.node_k - enthalpy_reference_k) * p.capacity_j_k;
  }
};

using Node = NodeOf<false>;
using Leaky = NodeOf<true>;

struct Relay {
  static constexpr const char* name = "relay";
  static constexpr const char* summary = "opens above a limit, closes after a delay";
  struct Parameters {
    double limit;
    double delay_s;
  };
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V value;
  };
  template <class V>
  struct Outputs {
    V closed;
  };
  struct Modes {
    std::int64_t open;
    std::int64_t opened_at_ns;
    std::int64_t count;
  };
  static constexpr std::array parameters{
      ParameterRow{"limit", "1", 1.0, -1e9, 1e9, "limit", "assumed"},
      ParameterRow{"delay", "s", 10.0, 0.0, 1e6, "time until it closes", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{InputRow{"value", "1", 0.0, -1e3, 1e3, "watched value"}};
  static constexpr std::array outputs{OutputRow{"closed", "1", "1 when closed"}};
  static constexpr std::array modes{ModeRow{"open", "closed|open", "position"},
                                    ModeRow{"opened_at", "", "instant of the last opening"},
                                    ModeRow{"count", "", "number of openings"}};
  static constexpr std::array guards{GuardRow{"over", Severity::limit, "value above its limit"}};
  static constexpr std::array orders{OrderRow{"open", "1", 0.0, 1.0, "opens the relay"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>&,
                    Outputs<V>& w) {
    w.closed = V(m.open == 1 ? 0.0 : 1.0);
  }
  template <class V>
  static void balance(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                      Outputs<V>&, States<V>&) {}
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    guard[0] = m.open == 1 ? -1.0 : u.value - p.limit;
  }
  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::timer) {
      m.open = 0;
      return;
    }
    m.open = 1;
    m.opened_at_ns = agenda.now_ns();
    ++m.count;
    agenda.wake_after(p.delay_s, 0);
  }
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>&) {
    return V(0.0);
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity::tests
