// SPDX-License-Identifier: Apache-2.0
#pragma once

// Proportional-integral control with back-calculation, as all local controls have it.
//
//   wanted  = I + k e                    e: positive where more is wanted; k: its gain
//   command = clamp(wanted, low, high)
//   dI/dt   = k e/T_i + (command - wanted)/T_w,   T_w = T_i/2
//
// An actuator at its limit leaves the loop open, and an integral that went on counting would have
// to be counted back before the command moves again. The last term draws the integral to where
// `wanted` meets the limit, within the tracking time T_w; off the limits it is zero. At rest on a
// limit `wanted` lies k e/2 beyond it, so when the error falls quickly the command leaves the limit
// as soon as less than half of it is left. That T_w is half of T_i is assumed.
//
// Whether the integral runs at all (a machine that is off, in hand) is the machine's affair.

#include "twin/components/component.hpp"

namespace ampacity {

// Gain in command per unit of the error; limits of the command, low <= high.
struct PiRules {
  double gain;
  double integral_time_s;
  double low;
  double high;
};

template <class V>
struct PiControl {
  V command;
  V integral_rate;  // dI/dt, 1/s
};

template <class V>
PiControl<V> pi_control(const PiRules& rules, const V& integral, const V& error) {
  const V wanted = integral + error * rules.gain;
  const V command = clamp(wanted, rules.low, rules.high);
  return {command, error * (rules.gain / rules.integral_time_s) +
                       (command - wanted) / (0.5 * rules.integral_time_s)};
}

}  // namespace ampacity
