// SPDX-License-Identifier: Apache-2.0
#pragma once

// Heat and temperature of a processor on a cold plate or heat sink.
//
// The die follows its sink within tens of milliseconds, so it is algebraic (background: 2 J/K times
// 0.015 K/W is 0.03 s against 2 to 5 s of the plate):
//
//   T_die = T_plate + R q
//
// Leakage makes power rise with temperature. A power q0 that is quoted at the die temperature T_ref
// becomes q = q0 (1 + k (T_die - T_ref)), and with the line above, in closed form,
//
//   q = q0 (1 + k (T_plate - T_ref)) / (1 - k R q0)
//
// A fixed point exists only while k R q0 < 1; beyond it is thermal runaway. `require_no_runaway`
// refuses parameters that come near it, with the plate's resistance included, since then the whole
// path runs away.
//
// Software thermal cap. Firmware of GPUs lowers power so that the die stays at its maximum
// operating temperature T_cap: q <= (T_cap - T_plate)/R, but not below a fraction of the wanted
// power that clock and voltage cannot go under. The blend between "free" and "capped" is a parabola
// over +-0.5 K so that the slope is continuous, and exactly nothing outside.
//
// Validity: linear leakage over 20 to 110 degC. 0.4 %/K is assumed (0.2 to 0.6 % per K near 60 to
// 80 degC is the usual range; no measured slope of present GPUs was found).

#include "twin/components/component.hpp"
#include "twin/core/errors.hpp"

namespace ampacity {

struct DeviceLaw {
  double resistance_k_w;  // die to plate, one device
  double leakage_per_k;
  double reference_k;  // die temperature at which power is quoted
  double cap_k;        // maximum operating temperature
  double cap_floor;    // the software cap goes no lower than this fraction
};

template <class V>
struct DeviceHeat {
  V power_w;  // one device
  V die_k;
  V served;  // power granted over power wanted, 0..1
};

// max(x, 0) with a parabola over |x| < width: C1, and exact outside.
template <class V>
V soft_positive(const V& x, const V& width) {
  const V inner = min(max(x, -width), width);
  return (inner + width) * (inner + width) / (width * 4.0) + max(x - width, V(0.0));
}

// One device that is asked for `wanted_w` (at the reference temperature) on a plate of `plate_k`.
template <class V>
DeviceHeat<V> device_heat(const DeviceLaw& law, const V& wanted_w, const V& plate_k) {
  const V feedback = min(wanted_w * (law.leakage_per_k * law.resistance_k_w), V(0.75));
  const V warmth = max((plate_k - law.reference_k) * law.leakage_per_k + 1.0, V(0.1));
  const V free_w = wanted_w * warmth / (V(1.0) - feedback);
  const V capped_w =
      max((V(law.cap_k) - plate_k) * (1.0 / law.resistance_k_w), free_w * law.cap_floor);
  const V width = min(V(0.5 / law.resistance_k_w), free_w * (1.0 - law.cap_floor)) + 1e-6;
  const V power_w = free_w - soft_positive(free_w - capped_w, width);
  return {power_w, plate_k + power_w * law.resistance_k_w, (power_w + 1e-3) / (free_w + 1e-3)};
}

// Throws ConfigurationError unless the loop gain k R_total q of one device stays below one half.
inline void require_no_runaway(const DeviceLaw& law, double plate_resistance_k_w, double power_w) {
  const double gain = law.leakage_per_k * (law.resistance_k_w + plate_resistance_k_w) * power_w;
  if (gain < 0.5) return;
  throw ConfigurationError({}, "leakage",
                           "thermal runaway: leakage x resistance x power of a device must stay "
                           "below 0.5 (lower the resistances, the leakage or the device's power)");
}

}  // namespace ampacity
