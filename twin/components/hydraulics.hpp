// SPDX-License-Identifier: Apache-2.0
#pragma once

// Flow laws of liquid circuits.
//
// Turbulent resistance: dp = (m/K)^2, so m = K sqrt(dp). The square root has an infinite slope at
// dp = 0, where a tripped pump brings every circuit; an implicit integrator would stumble there.
// The smooth law
//
//   m = K dp / (dp^2 + d^2)^(1/4)
//
// is odd in dp, laminar (m = K dp / sqrt(d)) for |dp| << d, and differs from the square root by the
// relative amount (d/dp)^2 / 4: with d = 1 kPa less than 1e-5 at 150 kPa and less than 1 % at 5
// kPa.
//
// Pump, at relative speed n (affinity: flow ~ n, pressure ~ n^2, power ~ n^3):
//
//   dp = H0 n^2 - H2 m^2                     (m of one pump, kg/s)
//
// Real curves are flatter at low and steeper at high flow than a parabola. `fit_pump` fits H0 and
// H2 by least squares to a published curve over the range in which the pump runs, and says how far
// off the fit is there. With N equal pumps in parallel and a common resistance r m^2 behind them,
//
//   m = sqrt((H0 n^2 - dp) / (H2/N^2 + r)),  0 when the pressure difference exceeds the pump's own
//                                            (a check valve keeps water from running backwards).
//
// Pumps in two sets at different speeds (on two feeders, one of which is dead) meet at the pressure
// P = dp + r m^2 behind their check valves. With E = H0 n^2 - dp of each set, the slower one pushes
// z = sqrt(E_s - r m^2) sqrt(1/H2) per pump when that is positive, and
//
//   z^2 + (r/H2) (N_s z + N_f sqrt(E_f - E_s + z^2))^2 = E_s       (per pump z/sqrt(H2) kg/s)
//
// has one root: the left side is convex and rises. Otherwise the faster set is alone. N need not be
// an integer (rotor.hpp): pumps that start or stop count in part.
//
// Valve: an equal-percentage body that shuts tight, K(x) = K_open (R^x - 1)/(R - 1) with the
// rangeability R: over most of its stroke each percent changes the flow by the same fraction (the
// inherent equal-percentage characteristic of IEC 60534-2-4, R^(x-1), shifted to pass through 0).

#include <cstddef>

#include "twin/components/component.hpp"
#include "twin/components/root.hpp"
#include "twin/core/errors.hpp"

namespace ampacity {

// Below this pressure difference flow is laminar in the smooth law, Pa.
inline constexpr double laminar_pressure_pa = 1000.0;

// Flow through a resistance, kg/s; conductance in kg/s per sqrt(Pa), any sign of pressure.
template <class V, class W>
V turbulent_flow(const W& conductance, const V& pressure_pa) {
  const double d = laminar_pressure_pa;
  return conductance * pressure_pa / sqrt(sqrt(pressure_pa * pressure_pa + d * d));
}

// Conductance of a resistance that takes `pressure_pa` at `flow_kg_s`.
inline double conductance_at(double flow_kg_s, double pressure_pa) {
  return flow_kg_s / math::sqrt(pressure_pa);
}

// Two resistances in series.
template <class V, class W>
V in_series(const V& conductance_1, const W& conductance_2) {
  return conductance_1 * conductance_2 /
         sqrt(conductance_1 * conductance_1 + conductance_2 * conductance_2);
}

// Conductance of an equal-percentage valve at stroke 0..1.
template <class V>
V equal_percentage(double conductance_open, double rangeability, const V& stroke) {
  return (exp(stroke * log(rangeability)) - 1.0) * (conductance_open / (rangeability - 1.0));
}

// A pump's parabola at full speed.
struct PumpLaw {
  double shut_off_pressure_pa;  // H0
  double curvature_pa_s2_kg2;   // H2
};

// Flow of `count` equal pumps at relative speed `speed` against `pressure_pa`, behind which a
// common resistance `series_pa_s2_kg2` (Pa per (kg/s)^2) lies; 0 without a pump.
template <class V, class C, class W>
V pump_flow(const PumpLaw& pump, const C& count, const V& speed, const V& pressure_pa,
            const W& series_pa_s2_kg2) {
  if (value_of(count) <= 0.0) return V(0.0);
  const V excess_pa = max(speed * speed * pump.shut_off_pressure_pa - pressure_pa, V(0.0));
  const V resistance = V(pump.curvature_pa_s2_kg2) + V(count) * V(count) * series_pa_s2_kg2;
  return turbulent_flow(V(count) / sqrt(resistance), excess_pa);
}

// Pumps of one kind that turn at one speed.
template <class V>
struct PumpSet {
  V count;
  V speed;
};

// Flows of two sets, kg/s.
template <class V>
struct TwoFlows {
  V first;
  V second;
};

// Flows of two sets of pumps behind one resistance (see above).
template <class V>
TwoFlows<V> parallel_flow(const PumpLaw& pump, const PumpSet<V>& first, const PumpSet<V>& second,
                          const V& pressure_pa, const V& series_pa_s2_kg2) {
  const V zero(0.0);
  if (value_of(second.speed) > value_of(first.speed)) {
    const auto swapped = parallel_flow(pump, second, first, pressure_pa, series_pa_s2_kg2);
    return {swapped.second, swapped.first};
  }
  constexpr double none = 1e-9;  // pumps
  const V fast_pa = first.speed * first.speed * pump.shut_off_pressure_pa - pressure_pa;
  const V slow_pa = second.speed * second.speed * pump.shut_off_pressure_pa - pressure_pa;
  if (value_of(first.count) <= none) {
    return {zero, pump_flow(pump, second.count, second.speed, pressure_pa, series_pa_s2_kg2)};
  }
  const auto alone = [&] {
    return TwoFlows<V>{pump_flow(pump, first.count, first.speed, pressure_pa, series_pa_s2_kg2),
                       zero};
  };
  if (value_of(second.count) <= none || value_of(slow_pa) <= 0.0) return alone();
  // Relative to the faster set: lag of pressure, and the resistance over that of one pump.
  const V lag = (fast_pa - slow_pa) / fast_pa;
  const V ratio = series_pa_s2_kg2 / pump.curvature_pa_s2_kg2;
  const auto balance = [](const auto& z, const auto& d, const auto& slow, const auto& fast,
                          const auto& r) {
    const auto flow = slow * z + fast * sqrt(d + z * z);
    return z * z + r * flow * flow - (1.0 - d);
  };
  if (value_of(balance(zero, lag, second.count, first.count, ratio)) >= 0.0) return alone();
  const double all = value_of(first.count) + value_of(second.count);
  const double guess = sqrt((1.0 - value_of(lag)) / (1.0 + value_of(ratio) * all * all));
  const V z = implicit_root<V>(balance, guess, 10, lag, second.count, first.count, ratio);
  const V scale = turbulent_flow(1.0 / sqrt(pump.curvature_pa_s2_kg2), fast_pa);
  return {scale * first.count * sqrt(lag + z * z), scale * second.count * z};
}

// Pressure that each pump makes while `count` of them carry `flow_kg_s` together.
template <class V, class C>
V pump_pressure(const PumpLaw& pump, const C& count, const V& speed, const V& flow_kg_s) {
  if (value_of(count) <= 0.0) return V(0.0);
  const V each = flow_kg_s / count;
  return max(speed * speed * pump.shut_off_pressure_pa - each * each * pump.curvature_pa_s2_kg2,
             V(0.0));
}

// The most shaft power that one pump takes at full speed, W: at m^2 = H0/(3 H2) with constant
// efficiency. Its hydraulic power over the efficiency never exceeds this times n^3.
inline double full_shaft_power_w(const PumpLaw& pump, double density_kg_m3, double efficiency) {
  const double flow_kg_s = math::sqrt(pump.shut_off_pressure_pa / (3.0 * pump.curvature_pa_s2_kg2));
  return flow_kg_s * pump.shut_off_pressure_pa * (2.0 / 3.0) / (density_kg_m3 * efficiency);
}

// A fitted parabola and its worst deviation from the curve in the range, relative to H0.
struct PumpFit {
  PumpLaw law;
  double worst_relative;
};

// Least squares over `samples` equal steps of flow from `low_kg_s` to `high_kg_s`. The curve gives
// pressure (Pa) over flow (kg/s) at full speed. Throws ConfigurationError when the curve does not
// fall over that range.
inline PumpFit fit_pump(const Curve& pressure_over_flow, double low_kg_s, double high_kg_s,
                        int samples = 64) {
  double n = 0.0;
  double sum_x = 0.0;
  double sum_y = 0.0;
  double sum_xx = 0.0;
  double sum_xy = 0.0;
  for (int i = 0; i <= samples; ++i) {
    const double flow = low_kg_s + (high_kg_s - low_kg_s) * i / samples;
    const double x = flow * flow;
    const double y = pressure_over_flow(flow);
    n += 1.0;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const double slope = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
  const double level = (sum_y - slope * sum_x) / n;
  if (!(slope < 0.0) || !(level > 0.0)) {
    throw ConfigurationError({}, "pump_curve",
                             "pressure must fall with flow over the range of the fit (give the "
                             "points of rising flow, or a wider range)");
  }
  PumpFit fit{{level, -slope}, 0.0};
  for (int i = 0; i <= samples; ++i) {
    const double flow = low_kg_s + (high_kg_s - low_kg_s) * i / samples;
    const double off = math::abs(level + slope * flow * flow - pressure_over_flow(flow)) / level;
    fit.worst_relative = math::max(fit.worst_relative, off);
  }
  return fit;
}

}  // namespace ampacity
