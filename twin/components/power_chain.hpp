// SPDX-License-Identifier: Apache-2.0
#pragma once

// The electric chain inside a rack: alternating current in, direct current at the nodes.
//
// Two stages. N equal units share a stage's output; each loses a constant power k, a share of what
// it carries (1/eta - 1), and a part that grows with the square of its current:
//
//   P_in = (P_out + N k)/eta + c P_out^2/N
//
//   converters   step the rack's bus down to what the processors work on, one or more per node:
//                voltage regulators (VR); on Frontier the SIVOC stage. No square part.
//   auxiliaries  constant loads on the bus between the stages: switches
//   rectifiers   from the feeders to the bus
//
//   bus = (nodes + N_c k_c)/eta_c + auxiliary      input = (bus + N_r k_r)/eta_r + c bus^2/N_r
//
// A rectifier of rating P_r with its best efficiency at the load share b loses a + s x + q x^2
// (relative to P_r, x = P_out/P_r) with a = q b^2, so that
//
//   1/eta_peak - 1 = s + 2 b q          1/eta_full - 1 = s + (1 + b^2) q
//
// Open Rack v3 (OCP) publishes eta_peak = 97.5 % and eta_full = 96.5 % with fan. The share b is not
// published; 0.4 is assumed (s >= 0 wants at most 0.41). Then q = 0.029523, s = 0.002022,
// a = 0.004724, and eta = 1/(1 + s), k = a eta P_r, c = q/P_r. Regulators from 50 V to below 1 V
// reach 88 to 92 %; 90 % is assumed.
//
// Frontier's own figures are not those of other machines: SIVOC k = 13 W, eta = 0.98 per node,
// rectifier k = 17 W, eta = 0.96, c = 0, switches of 250 W (ExaDigiT/RAPS, raps/power.py and
// config/frontier.yaml, commit 6c142bf). A cabinet has 128 nodes, 32 switches, 32 rectifiers; the
// machine (74 cabinets and 25 cooling units of 8473.47 W) draws 7.306524 MW idle and 28.227884 MW
// at peak. Its efficiencies are almost flat; a rectifier that is nearly unloaded is worse.

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
  double rectifier_curvature_per_w;
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

// Square part of the rectifiers' loss over the square of the bus power, 1/W.
inline double rectifier_square_per_w(const PowerChain& chain) {
  return chain.rectifier_count > 0.0 ? chain.rectifier_curvature_per_w / chain.rectifier_count
                                     : 0.0;
}

// Power drawn from the feeders while the nodes take `nodes_w` of direct current.
template <class V>
V chain_input(const PowerChain& chain, const V& nodes_w) {
  const V bus_w = chain_bus(chain, nodes_w);
  return stage_input(bus_w, chain.rectifier_count, chain.rectifier_loss_w,
                     chain.rectifier_efficiency) +
         bus_w * bus_w * rectifier_square_per_w(chain);
}

// The inverse: power at the nodes while the feeders give `input_w`. Negative below the chain's own
// consumption.
template <class V>
V chain_output(const PowerChain& chain, const V& input_w) {
  // The root of square bus^2 + bus/eta = rest that stays finite without a square part.
  const double slope = 1.0 / chain.rectifier_efficiency;
  const V rest_w = input_w - chain.rectifier_count * chain.rectifier_loss_w * slope;
  const V root = sqrt(max(rest_w, V(0.0)) * (4.0 * rectifier_square_per_w(chain)) + slope * slope);
  const V bus_w = rest_w * 2.0 / (root + slope);
  return (bus_w - chain.auxiliary_power_w) * chain.converter_efficiency -
         chain.converter_count * chain.converter_loss_w;
}

}  // namespace ampacity
