// SPDX-License-Identifier: Apache-2.0
#pragma once

// The electric chain inside a rack: alternating current in, direct current at the nodes.
//
// Two stages, each with a constant loss k per unit and a proportional one:
//
//   P_in = (P_out + N k) / eta
//
//   converters   one per node (a regulator stage that steps the rack's bus down; Frontier calls it
//                SIVOC): k = 13 W, eta = 0.98
//   auxiliaries  constant loads on the bus between the stages: switches, 250 W each on Frontier
//   rectifiers   N of them share the bus equally: k = 17 W, eta = 0.96
//
//   bus = (nodes + N_c k_c) / eta_c + auxiliary        input = (bus + N_r k_r) / eta_r
//
// Source of the figures and of the law: ExaDigiT/RAPS, raps/power.py and config/frontier.yaml
// (commit 6c142bf). A Frontier cabinet has 128 nodes, 32 switches, 32 rectifiers; the whole machine
// (74 cabinets and 25 cooling units of 8473.47 W) draws 7.306524 MW idle and 28.227884 MW at peak.
// The implied efficiencies are almost flat; a rectifier that is nearly unloaded is worse than this.

#include "twin/components/component.hpp"

namespace ampacity {

struct PowerChain {
  double converter_count;
  double converter_loss_w;
  double converter_efficiency;
  double auxiliary_power_w;
  double rectifier_count;
  double rectifier_loss_w;
  double rectifier_efficiency;
};

// Input of a stage of `count` units that delivers `output_w` in all.
template <class V>
V stage_input(const V& output_w, double count, double loss_w, double efficiency) {
  return (output_w + count * loss_w) / efficiency;
}

// Power on the bus between the stages, W.
template <class V>
V chain_bus(const PowerChain& chain, const V& nodes_w) {
  return stage_input(nodes_w, chain.converter_count, chain.converter_loss_w,
                     chain.converter_efficiency) +
         chain.auxiliary_power_w;
}

// Power drawn from the feeders while the nodes take `nodes_w` of direct current.
template <class V>
V chain_input(const PowerChain& chain, const V& nodes_w) {
  return stage_input(chain_bus(chain, nodes_w), chain.rectifier_count, chain.rectifier_loss_w,
                     chain.rectifier_efficiency);
}

// The inverse: power at the nodes while the feeders give `input_w`. Negative below the chain's own
// consumption.
template <class V>
V chain_output(const PowerChain& chain, const V& input_w) {
  const V bus_w =
      input_w * chain.rectifier_efficiency - chain.rectifier_count * chain.rectifier_loss_w;
  return (bus_w - chain.auxiliary_power_w) * chain.converter_efficiency -
         chain.converter_count * chain.converter_loss_w;
}

}  // namespace ampacity
