// SPDX-License-Identifier: Apache-2.0
#pragma once

// What racks of every kind of cooling have in common: the heat of their processors, their power
// supplies, and the protection that acts on its own.
//
// A rack is a record of parameters, modes and inputs; the functions here take those records as they
// are, by the names of their fields, so that a rack adds only what its cooling brings. In the order
// of the passes:
//
//   draw_power   demand -> power from the feeders, die temperature, margins. Leakage and the
//   software
//                cap act on the share of the processors (device_heat.hpp), slowdown and shutdown on
//                the clock (thermal_protection.hpp); power_chain.hpp adds the losses
//   set_guards   the first seven guards: supply, protection of the processors, inlet air
//   on_guard, on_timer   the answers, with what they say
//
// Use: the guard table begins with voltage_lost_row, voltage_back_row, slowdown_row, recovery_row,
// shutdown_row, inlet_warm_row, inlet_back_row; the modes have the rows condition, supply,
// supply_timer, thermal, thermal_timer and inlet_alarm; timers of the rack's own have tags from
// `first_own_timer` on.

#include "twin/components/condition.hpp"
#include "twin/components/device_heat.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/power_chain.hpp"
#include "twin/components/thermal_protection.hpp"

namespace ampacity {

namespace rack {

inline constexpr int guard_count = 7;

enum Timer { supply_timer, thermal_timer, first_own_timer };

template <class Parameters>
DeviceLaw device_law(const Parameters& p) {
  return {p.junction_resistance_k_w, p.leakage_per_k, p.reference_die_k, p.maximum_die_k,
          p.cap_floor};
}
template <class Parameters>
SupplyRules supply_rules(const Parameters& p) {
  return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
}
template <class Parameters>
ThermalRules thermal_rules(const Parameters& p) {
  return {p.maximum_die_k,        p.slowdown_above_k, p.shutdown_above_k,
          p.thermal_hysteresis_k, p.slowdown_hold_s,  p.thermal_restart_s};
}
template <class Parameters>
PowerChain power_chain(const Parameters& p) {
  return {p.converter_count,      p.converter_loss_w,         p.converter_efficiency,
          p.auxiliary_power_w,    p.rectifier_count,          p.rectifier_loss_w,
          p.rectifier_efficiency, p.rectifier_curvature_per_w};
}

// In service and supplied with electricity.
template <class Modes>
bool is_supplied(const Modes& m) {
  return is_running(m.condition) && is_powered(m.supply);
}

// Takes the power through the chain and sets what all racks show of their processors. `on` says
// whether the rack works, `extra_w` is alternating-current power beside the chain, `sink_k` what
// the dies sit on.
template <class Parameters, class Modes, class Inputs, class Outputs, class V>
void draw_power(const Parameters& p, const Modes& m, const Inputs& u, bool on, const V& extra_w,
                const V& sink_k, Outputs& w) {
  const double clock = on ? clock_share(m.thermal, p.slowdown_fraction) : 0.0;
  const V wanted_w = u.demand_w * (clock * p.gpu_share / p.gpu_count);
  const DeviceHeat<V> device = device_heat(device_law(p), wanted_w, sink_k);
  const V others_w = u.demand_w * (clock > 0.0 ? 1.0 - p.gpu_share : 0.0);
  const V nodes_w = others_w + device.power_w * p.gpu_count;
  w.power_w = on ? chain_input(power_chain(p), nodes_w) + extra_w : V(0.0);
  const auto share = share_feeds(w.power_w, u.voltage_a, u.voltage_b, p.drop_out_voltage);
  w.power_a_w = share.a_w;
  w.power_b_w = share.b_w;
  w.die_k = device.die_k;
  w.die_margin_k = V(p.maximum_die_k + p.slowdown_above_k) - device.die_k;
  w.shutdown_margin_k = V(p.maximum_die_k + p.shutdown_above_k) - device.die_k;
  w.delivered = device.served * clock;
}

// The first seven guard values.
template <class Parameters, class Modes>
void set_guards(const Parameters& p, const Modes& m, double voltage, double die_k, double inlet_k,
                double* guard) {
  guard[0] = voltage_lost_guard(supply_rules(p), m.supply, voltage);
  guard[1] = voltage_back_guard(supply_rules(p), m.supply, voltage);
  thermal_guards(thermal_rules(p), m.thermal, m.thermal_timer_ns, die_k, guard + 2);
  inlet_guards(p.inlet_limit_k, m.inlet_alarm, inlet_k, guard + 5);
}

inline void note_change(SupplyChange change, Agenda& agenda) {
  if (change == SupplyChange::stopped) agenda.note(Severity::trip, "rack lost both feeds");
  if (change == SupplyChange::started) agenda.note(Severity::information, "rack works again");
}

// Answers one of the first seven guards.
template <class Parameters, class Modes>
void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m) {
  const SupplyRules rules = supply_rules(p);
  if (index == 0) {
    note_change(on_voltage_lost(rules, agenda, supply_timer, m.supply, m.supply_timer_ns), agenda);
  } else if (index == 1) {
    note_change(on_voltage_back(rules, agenda, supply_timer, m.supply, m.supply_timer_ns), agenda);
  } else if (index >= 5) {
    m.inlet_alarm = index == 5 ? 1 : 0;
  } else {
    on_thermal_guard(thermal_rules(p), index - 2, agenda, thermal_timer, m.thermal,
                     m.thermal_timer_ns);
  }
}

// Answers one of the two timers above.
template <class Modes>
void on_timer(int tag, Agenda& agenda, Modes& m) {
  if (tag == supply_timer) {
    note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda);
  } else {
    on_thermal_timer(agenda, m.thermal_timer_ns);
  }
}

}  // namespace rack

}  // namespace ampacity
