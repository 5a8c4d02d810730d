// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a component is.
//
// A component is one physics in one header: a struct without data members or virtual functions that
// holds tables (tables.hpp), plain records, and a few static functions, all templates on the value
// type V (math.hpp). An instance of it in a plant is nothing but a slice of the plant's arrays; the
// struct itself is only the law.
//
//   struct Tank {
//     static constexpr const char* name = "tank";                      // type name in site files
//     static constexpr const char* summary = "one sentence";
//
//     struct Parameters { double volume_m3; ... };                     // doubles, then Curves, in
//     table order; constant template <class V> struct States  { V water_k; ... };            //
//     advanced by the integrator template <class V> struct Inputs  { V inlet_k; V flow_kg_s; }; //
//     sums of what is connected template <class V> struct Outputs { V outlet_k; V heat_w; }; struct
//     Modes { std::int64_t running; ... };                      // discrete: conditions, counters,
//     instants in ns
//
//     static constexpr std::array parameters{ParameterRow{...}, ...};  // one row per field, in the
//     order of the fields; static constexpr std::array<CurveRow, 0> curves{};               //
//     empty tables are written like this static constexpr std::array states{...}, inputs{...},
//     outputs{...}, modes{...}, guards{...}, orders{...};
//
//     static constexpr std::size_t offered = 1;       // the first outputs, set by offer()
//     static constexpr std::size_t early_inputs = 0;  // the first inputs, the only ones that
//     offer() may read
//
//     template <class V> static void offer(const Parameters&, const Modes&, const States<V>&, const
//     Inputs<V>&, Outputs<V>&); template <class V> static void balance(const Parameters&, const
//     Modes&, const States<V>&, const Inputs<V>&, Outputs<V>&,
//                                            States<V>& rate);
//     static void start(const Parameters&, Modes&, States<double>&);   // initial modes, and states
//     that depend on parameters static void watch(const Parameters&, const Modes&, const
//     States<double>&, const Inputs<double>&, const Outputs<double>&,
//                       double* guard);                                // one value per guard row,
//                       positive = it happens
//     static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
//     const Inputs<double>&,
//                       const Outputs<double>&);                       // the answer to a guard, a
//                       timer or an order
//     template <class V> static V net_power_w(const Parameters&, const Modes&, const States<V>&,
//     const Inputs<V>&, const Outputs<V>&); template <class V> static V stored_energy_j(const
//     Parameters&, const States<V>&);
//   };
//
// Why two passes. Neighbours exchange in both directions: a cooling unit tells its racks the supply
// temperature and they answer with heat; a transformer tells its bus the voltage and the bus
// answers with load. Evaluated component by component that is a circle; evaluated in two passes it
// is not. `offer` sets what follows from the unit's own states and modes (and, where something must
// be handed through, like a voltage, from its early inputs). `balance` then sees all inputs, sets
// the other outputs and the rates. The plant sorts both passes of all instances once, when it is
// compiled, and refuses a circle by naming its members.
//
// Rules. Kernels are smooth between events (kinks of min and max are allowed, jumps are not):
// whatever jumps is a mode, and changes in `react`. No allocation, exception, library
// transcendental or branch on a V. A guard that has fired must be negative (or irrelevant by mode)
// after `react`. Inactive guards return -1. Guard values are scaled to the order of one.
//
// Energy. `net_power_w` is all power that flows into the unit through its ports and borders,
// `stored_energy_j` what it holds; the tests over all components check d(stored)/dt = net for
// sampled states, and the ledger of a run integrates the border accounts and compares.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "twin/core/curve.hpp"
#include "twin/core/dual.hpp"
#include "twin/core/math.hpp"
#include "twin/core/tables.hpp"

namespace ampacity {

// Kernels write exp(x), min(a, b), ... without qualification; they never mean the C library's.
using namespace math;

// Fields of an empty table: struct NoModes and the like would have size 1, so record sizes come
// from the tables, never from sizeof.
struct NoModes {};
template <class V>
struct NoFields {};

// What a unit is asked to react to.
struct Happening {
  enum class Kind { guard, timer, order };
  Kind kind;
  int index;     // row of the guard or order table, or the tag of the timer
  double value;  // value of an order, SI
};

// What a unit may ask for in `react`. Implemented by the simulator.
class Agenda {
 public:
  virtual std::int64_t now_ns() const = 0;

  // Calls `react` with a timer `tag` after a delay (seconds, 0 or more).
  virtual void wake_after(double delay_s, int tag) = 0;

  // Adds a line to the list of events, with the unit's path and the present time.
  virtual void note(Severity severity, const char* text) = 0;

 protected:
  ~Agenda() = default;
};

// Availability of a machine: the same five words everywhere. `in_hand` means that local automatic
// control is off.
enum class UnitCondition : std::int64_t { running, standby, in_hand, maintenance, failed };
inline constexpr const char* unit_condition_labels = "running|standby|in_hand|maintenance|failed";

// Reference of all water and air enthalpy flows: 0 degC. Enthalpy flow = flow * cp * (T -
// enthalpy_reference_k).
inline constexpr double enthalpy_reference_k = 273.15;

}  // namespace ampacity
