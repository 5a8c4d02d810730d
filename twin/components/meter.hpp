// SPDX-License-Identifier: Apache-2.0
#pragma once

// Power meter: the mean power of the last moments.
//
// A revenue or panel meter reports the average of its last measuring interval, not the instant. As
// a continuous model the average is a first-order lag with the interval's time constant:
//
//   d(averaged)/dt = (power - averaged) / interval
//
// Besides, the state stands between a meter and a battery that follows it, so that evaluating one
// does not need the other at the same instant. The battery averages its own power in the same way
// and adds it to what it reads (battery.hpp): what is left is the average of the load, and the loop
// through the meter cannot oscillate. The lag neither stores nor converts energy: the power passes
// through.

#include "twin/components/component.hpp"

namespace ampacity {

struct Meter {
  static constexpr const char* name = "meter";
  static constexpr const char* summary = "averages the power that passes through it";

  struct Parameters {
    double interval_s;
  };
  template <class V>
  struct States {
    V averaged_w;
  };
  template <class V>
  struct Inputs {
    V power_w;
  };
  template <class V>
  struct Outputs {
    V averaged_w;
    V power_w;
  };
  using Modes = NoModes;

  static constexpr std::array parameters{
      ParameterRow{"interval", "s", 1.0, 0.02, 3600.0, "time constant of the average", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"averaged_power", "W", 0.0, -1e10, 1e10, 1.0, "mean power of the last interval"}};
  static constexpr std::array inputs{
      InputRow{"power", "W", required, -1e10, 1e10, "power that passes the meter"}};
  static constexpr std::array outputs{OutputRow{"averaged_power", "W", "what the meter shows"},
                                      OutputRow{"power", "W", "power that passes the meter"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    w.averaged_w = x.averaged_w;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    w.power_w = u.power_w;
    rate.averaged_w = (u.power_w - x.averaged_w) / p.interval_s;
  }

  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}

  // What flows in flows out.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return u.power_w - w.power_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity
