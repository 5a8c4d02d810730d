// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rotating mass of pumps and fans.
//
// A rotor that turns at the relative speed s stores E_k = J w^2/2 = e s^2, with e its kinetic
// energy at full speed. By affinity the load takes P_0 s^3 at the shaft (P_0 at full speed). A
// rotor whose drive is off gives what it stores to the load:
//
//   d(e s^2)/dt = -P_0 s^3   ->   ds/dt = -s^2/t_c,   s = s_0/(1 + s_0 t/t_c),   t_c = 2 e/P_0
//
// t_c, the coasting time, is the time in which a coasting machine falls from full to half speed; it
// says the inertia: e = P_0 t_c/2. (Bearings are left out: the last few per cent of speed last
// longer than in truth, at a thousandth of the power.)
//
// A group of n equal rotors at one speed stores n e s^2. n is not an integer while machines join
// and leave: one that joins is brought up to speed by its drive; one that leaves gives its energy
// to the load, as a coasting machine does. With the shaft power P_s that the load takes,
//
//   drive on     mechanical power of the drives   P_m = P_s + 2 n e s ds/dt + e s^2 (dn/dt)+
//                electric                         P   = (P_m)+ / eta
//                braking (ramp down): heat of the drive  (-P_m)+
//                to the load                      P_s + e s^2 (-dn/dt)+
//   drive off    electric 0; to the load          -d(n e s^2)/dt
//                rotors that join stand still: the mean s^2 falls, -(dn/dt)+ s/(2 n) in ds/dt
//
// In both cases eta P - braking - to the load = d(n e s^2)/dt: nothing is left over.

#include "twin/components/component.hpp"

namespace ampacity::rotor {

// Kinetic energy of one machine at full speed, J.
inline double energy_j(double full_shaft_w, double coasting_time_s) {
  return 0.5 * full_shaft_w * coasting_time_s;
}

// Rotors of one drive group.
template <class V>
struct Motion {
  V count;
  V count_rate_hz;
  V speed;
  V speed_rate_hz;
};

template <class V>
V stored_j(const V& count, const V& speed, double energy_j) {
  return count * speed * speed * energy_j;
}

// dn/dt towards the machines that run: `up_s` for those that join, `down_s` for those that leave.
template <class V>
V count_rate_hz(const V& count, std::int64_t running, double up_s, double down_s) {
  const V missing = V(static_cast<double>(running)) - count;
  return missing / (value_of(missing) > 0.0 ? up_s : down_s);
}

// ds/dt without drive, 1/s.
template <class V>
V coasting_rate_hz(const V& speed, const V& count, const V& count_rate_hz, double coasting_time_s) {
  const V dilution = max(count_rate_hz, V(0.0)) / (max(count, V(1.0)) * 2.0);
  return -(speed * speed / coasting_time_s) - speed * dilution;
}

// ds/dt towards a command: the lag of the drive within its ramp, 1/s.
template <class V>
V driven_rate_hz(const V& command, const V& speed, double lag_s, double ramp_hz) {
  return clamp((command - speed) / lag_s, -ramp_hz, ramp_hz);
}

template <class V>
struct Power {
  V electric_w;
  V load_w;     // to water or air
  V braking_w;  // heat of the drives, their efficiency aside
};

// Power of the group while its load takes `shaft_w`; `energy_j` of one machine at full speed.
template <class V>
Power<V> power(bool driven, const Motion<V>& r, const V& shaft_w, double energy_j,
               double efficiency) {
  const V each_j = r.speed * r.speed * energy_j;
  const V speeding_w = r.count * r.speed * r.speed_rate_hz * (2.0 * energy_j);
  if (!driven) return {V(0.0), -(speeding_w + each_j * r.count_rate_hz), V(0.0)};
  const V zero(0.0);
  const V drives_w = shaft_w + speeding_w + each_j * max(r.count_rate_hz, zero);
  return {max(drives_w, zero) / efficiency, shaft_w + each_j * max(-r.count_rate_hz, zero),
          max(-drives_w, zero)};
}

}  // namespace ampacity::rotor
