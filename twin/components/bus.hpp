// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bus bar: where one source feeds many branches.
//
// The bar hands its voltage down and the sum of its branches' power up. Generation that feeds into
// the bar is connected to `load` with gain -1. Exactly one live source may be connected to
// `voltage_in` (inputs sum what is connected to them); two sources need a transfer switch. The bar
// itself loses nothing; its conductors' loss belongs to the transformer's resistance.
//
// A bar that has failed, or is switched off, has no voltage. Machines behind it stop by their own
// guards; what they draw from their hold-up stores in the meantime is still passed up, so that
// power in equals power out in every condition.
//
// A short circuit on one of the branches pulls the bar, and with it everything that the bar feeds,
// down to the voltage that is left until the fault is cleared; neighbouring bars keep theirs. The
// order `voltage` gives what is left, relative to the source: 0.5 and, 150 ms later, 1 is a sag on
// this feed alone. What the fault itself draws for these milliseconds is not modelled.
//
//   voltage = voltage_in * ordered_voltage

#include "twin/components/condition.hpp"
#include "twin/components/fraction.hpp"

namespace ampacity {

struct Bus {
  static constexpr const char* name = "bus";
  static constexpr const char* summary = "joins one source with the branches that it feeds";

  struct Parameters {
    double rated_power_w;
  };
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V voltage_in;
    V load_w;
  };
  template <class V>
  struct Outputs {
    V voltage;
    V power_w;
    V load_factor;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t overloaded;
    std::int64_t voltage_millionths;
  };

  static constexpr std::array parameters{ParameterRow{"rated_power", "W", required, 1.0, 1e11,
                                                      "power at which the bar is fully loaded",
                                                      "required"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{
      InputRow{"voltage_in", "1", required, 0.0, 1.2, "voltage of the source, pu"},
      InputRow{"load", "W", 0.0, -1e10, 1e10, "power of all branches; generation negative"}};
  static constexpr std::array outputs{
      OutputRow{"voltage", "1", "voltage of the bar, pu"},
      OutputRow{"power", "W", "power drawn from the source"},
      OutputRow{"load_factor", "1", "power over rated power, without sign"}};
  static constexpr std::array modes{
      condition_row, ModeRow{"overloaded", "no|yes", "more power than rated"},
      ModeRow{"ordered_voltage", "", "ordered voltage in millionths of the source's"}};
  static constexpr std::array guards{
      GuardRow{"overload", Severity::limit, "the bar carries more than its rated power"},
      GuardRow{"overload_over", Severity::information, "the bar is within its rating again"}};
  static constexpr std::array orders{
      run_order, standby_order, fail_order, repair_order,
      OrderRow{"voltage", "1", 0.0, 1.2, "voltage relative to the source: below 1 a sag"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 1;

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage =
        u.voltage_in * (is_running(m.condition) ? from_millionths(m.voltage_millionths) : 0.0);
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                      Outputs<V>& w, States<V>&) {
    w.power_w = u.load_w;
    w.load_factor = abs(u.load_w) / p.rated_power_w;
  }

  static void start(const Parameters&, Modes& m, States<double>&) {
    m.voltage_millionths = 1'000'000;
  }

  static void watch(const Parameters&, const Modes& m, const States<double>&, const Inputs<double>&,
                    const Outputs<double>& w, double* guard) {
    guard[0] = m.overloaded == 0 ? w.load_factor - 1.0 : -1.0;
    guard[1] = m.overloaded != 0 ? 0.98 - w.load_factor : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters&, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) {
      m.overloaded = happening.index == 0 ? 1 : 0;
    } else if (happening.kind == Happening::Kind::order) {
      follow_condition_order(happening.index, agenda, m.condition);
      if (happening.index == 4) m.voltage_millionths = to_millionths(happening.value);
    }
  }

  // What flows in flows out.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_w - u.load_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity
