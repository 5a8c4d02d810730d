// SPDX-License-Identifier: Apache-2.0
#pragma once

// Heat that leaves the site by a way that is not modelled.
//
// Some published plants give the heat that reaches the liquid and nothing about the rest: the share
// of a rack's heat that its air carries away goes to a building whose air handling is not
// described. Leaving such heat out would open the energy balance; inventing an air system would be
// a guess. A heat sink takes it, counts it as heat that leaves, and says by its presence in the
// site file that something is not modelled there.

#include "twin/components/component.hpp"

namespace ampacity {

struct HeatSink {
  static constexpr const char* name = "heat_sink";
  static constexpr const char* summary = "takes heat whose way out of the site is not modelled";

  using Parameters = NoFields<double>;
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V heat_w;
  };
  template <class V>
  struct Outputs {
    V heat_rejected_w;
  };
  using Modes = NoModes;

  static constexpr std::array<ParameterRow, 0> parameters{};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{
      InputRow{"heat", "W", 0.0, -1e9, 1e9, "heat of all that vents here"}};
  static constexpr std::array outputs{
      OutputRow{"heat_rejected", "W", "heat that leaves the site", Account::leaves_water}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}
  template <class V>
  static void balance(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                      Outputs<V>& w, States<V>&) {
    w.heat_rejected_w = u.heat_w;
  }
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return u.heat_w - w.heat_rejected_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity
