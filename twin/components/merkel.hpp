// SPDX-License-Identifier: Apache-2.0
#pragma once

// Evaporative cooling of water by Merkel's method, and the York approach correlation.
//
// Water that falls through a fill exchanges heat and mass with air. Merkel's insight: with equal
// coefficients for both, the driving potential is the enthalpy of moist air, and the enthalpy of
// saturated air depends on the wet bulb alone. So the air may be replaced by a gas whose
// temperature is its wet bulb and whose heat capacity is the slope of the saturation enthalpy,
//
//   c_e = (h_s(T_o) - h_s(T_wb)) / (T_o - T_wb)                    T_o wet bulb of the leaving air
//
// and the tower becomes a counterflow exchanger with UA_e = UA c_e/c_p:
//
//   Q = G(UA_e, m_a c_e, m_w c_w) (T_w - T_wb) = m_a c_e (T_o - T_wb)
//
// T_o appears on both sides: a root in one dimension, solved for theta = (T_o - T_wb)/(T_w - T_wb)
// in 0..1 with exact derivatives (root.hpp). c_e is taken as the mean of h_s' over the interval by
// Gauss-Legendre quadrature with three points (error below 5e-5 over 25 K), which leaves no 0/0
// where water and wet bulb meet.
//
//   UA = UA_0 (1.3 x - 0.3 x^2) (0.1082 + 1.667 y - 0.7713 y^2) (1 + 0.0081 (T_wb,0 - T_wb))
//
// with x, y the flows of air and water relative to design (Scheier's factors, as in EnergyPlus'
// CoolingTower:VariableSpeed:Merkel). y stops at 1.0807, where the polynomial peaks; below x = 0.2
// the air factor is used on, which gives 13 % of UA at 10 % of air, close to the 10 % that
// EnergyPlus assumes for free convection. UA_0 follows from the design point. The leaving air is
// saturated, so water evaporates at m_a (W_s(T_o) - W_in). Ice is not considered: the film is
// liquid.
//
// Range: wet bulb -25 to 35 degC, water up to 60 degC. Held against 240 points of EnergyPlus.

#include "twin/components/exchanger.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/root.hpp"

namespace ampacity::merkel {

using namespace math;

// One cell at its design point.
struct Design {
  double water_kg_s;
  double air_m3_s;  // at the state of the entering air
  double wet_bulb_k;
  double dry_bulb_k;
  double pressure_pa;
  double inlet_k;   // water
  double outlet_k;  // water
  double heat_capacity_j_kg_k;
};

// d h_s/dT over water, J/(kg K).
template <class V>
V saturation_enthalpy_slope_j_kg_k(const V& temperature_k, const V& pressure_pa) {
  using namespace psychrometrics;
  const V& t = temperature_k;
  const V inverse = V(1.0) / t;
  const V saturation_pa = saturation_pressure_over_water_pa(t);
  const V log_slope = ((t * (-3.0 * 1.4452093e-8) + 2.0 * 4.1764768e-5) * t - 4.8640239e-2) +
                      (inverse * 5.8002206e3 + 6.5459673) * inverse;
  // Far from use the boiling point would be reached; the share of dry air stays above a fifth.
  const V dry_pa = max(pressure_pa - saturation_pa, pressure_pa * 0.2);
  const V ratio = saturation_pa * molar_mass_ratio / dry_pa;
  const V ratio_slope = ratio * log_slope * pressure_pa / dry_pa;
  const V celsius = t - zero_celsius_k;
  return ratio_slope * (celsius * vapour_heat_capacity_j_kg_k + evaporation_heat_j_kg) +
         ratio * vapour_heat_capacity_j_kg_k + air_heat_capacity_j_kg_k;
}

// c_e between two wet bulbs, J/(kg K).
template <class V>
V equivalent_heat_capacity_j_kg_k(const V& from_k, const V& to_k, const V& pressure_pa) {
  constexpr double offset = 0.3872983346207417;  // sqrt(3/5)/2
  const V middle = (from_k + to_k) * 0.5;
  const V reach = (to_k - from_k) * offset;
  return (saturation_enthalpy_slope_j_kg_k(middle - reach, pressure_pa) +
          saturation_enthalpy_slope_j_kg_k(middle + reach, pressure_pa)) *
             (5.0 / 18.0) +
         saturation_enthalpy_slope_j_kg_k(middle, pressure_pa) * (8.0 / 18.0);
}

// kg/s of dry air that a volume flow carries.
template <class V>
V dry_air_kg_s(const V& air_m3_s, const V& dry_bulb_k, const V& humidity_ratio,
               const V& pressure_pa) {
  return air_m3_s / psychrometrics::specific_volume_m3_kg(dry_bulb_k, humidity_ratio, pressure_pa);
}

// UA of a cell at design, W/K, for the entering air as a gas of heat capacity c_p.
inline double design_transfer_w_k(const Design& d) {
  using namespace psychrometrics;
  const double humidity =
      humidity_ratio_from_wet_bulb_over_water(d.dry_bulb_k, d.wet_bulb_k, d.pressure_pa);
  const double air_kg_s = dry_air_kg_s(d.air_m3_s, d.dry_bulb_k, humidity, d.pressure_pa);
  const double water_w_k = d.water_kg_s * d.heat_capacity_j_kg_k;
  const double heat_w = water_w_k * (d.inlet_k - d.outlet_k);
  const auto excess = [](const auto& t, const auto& pressure, const auto& target) {
    return enthalpy_j_kg(t, saturated_humidity_ratio_over_water(t, pressure)) - target;
  };
  const double entering_j_kg =
      enthalpy_j_kg(d.wet_bulb_k, saturated_humidity_ratio_over_water(d.wet_bulb_k, d.pressure_pa));
  const double air_out_k =
      implicit_root<double>(excess, d.inlet_k, 5, d.pressure_pa, entering_j_kg + heat_w / air_kg_s);
  const double air_j_kg_k = heat_w / air_kg_s / (air_out_k - d.wet_bulb_k);
  const double air_w_k = air_kg_s * air_j_kg_k;
  const double small = min(air_w_k, water_w_k);
  const double effectiveness = heat_w / (small * (d.inlet_k - d.wet_bulb_k));
  const double units =
      exchanger::counterflow_transfer_units(effectiveness, small / max(air_w_k, water_w_k));
  return units * small * air_heat_capacity_j_kg_k / air_j_kg_k;
}

// A design point that a tower can have: outlet between wet bulb and inlet, effectiveness below 1.
inline bool is_possible(const Design& d) {
  const double transfer = design_transfer_w_k(d);
  return d.wet_bulb_k < d.outlet_k && d.outlet_k < d.inlet_k && transfer > 0.0 && transfer < 1e30;
}

// What a cell does.
template <class V>
struct Cell {
  V heat_w;            // out of the water
  V air_out_k;         // wet bulb of the leaving, saturated air
  V evaporation_kg_s;  // not below 0
};

// A cell with `water_kg_s` at `inlet_k` and `air_ratio` of the design volume flow of air. All
// arguments above 0.
template <class V>
Cell<V> cell(const Design& d, double design_transfer_w_k, const V& water_kg_s, const V& inlet_k,
             const V& air_ratio, const V& wet_bulb_k, const V& dry_bulb_k, const V& pressure_pa) {
  using namespace psychrometrics;
  const V humidity = humidity_ratio_from_wet_bulb_over_water(dry_bulb_k, wet_bulb_k, pressure_pa);
  const V air_kg_s = dry_air_kg_s(air_ratio * d.air_m3_s, dry_bulb_k, humidity, pressure_pa);
  const V water_ratio = min(water_kg_s / d.water_kg_s, V(1.0807));
  const V air_factor = (V(1.3) - air_ratio * 0.3) * air_ratio;
  const V water_factor = (V(1.667) - water_ratio * 0.7713) * water_ratio + 0.1082;
  const V climate_factor = V(1.0) + clamp(d.wet_bulb_k - wet_bulb_k, -10.0, 60.0) * 0.0081;
  const V transfer_w_k = air_factor * water_factor * climate_factor * design_transfer_w_k;
  const V water_w_k = water_kg_s * d.heat_capacity_j_kg_k;

  const auto imbalance = [](const auto& theta, const auto& transfer, const auto& water,
                            const auto& air, const auto& inlet, const auto& wet,
                            const auto& pressure) {
    const auto to = wet + theta * (inlet - wet);
    const auto heat_capacity = equivalent_heat_capacity_j_kg_k(wet, to, pressure);
    const auto air_w_k = air * heat_capacity;
    const auto exchange = exchanger::counterflow_conductance_w_k(
        transfer * heat_capacity * (1.0 / air_heat_capacity_j_kg_k), air_w_k, water);
    return theta - exchange / air_w_k;
  };
  const V theta = implicit_root<V>(imbalance, 0.5, 3, transfer_w_k, water_w_k, air_kg_s, inlet_k,
                                   wet_bulb_k, pressure_pa);
  const V out_k = wet_bulb_k + theta * (inlet_k - wet_bulb_k);
  const V air_j_kg_k = equivalent_heat_capacity_j_kg_k(wet_bulb_k, out_k, pressure_pa);
  const V evaporation =
      air_kg_s * (saturated_humidity_ratio_over_water(out_k, pressure_pa) - humidity);
  return {air_kg_s * air_j_kg_k * (out_k - wet_bulb_k), out_k, max(evaporation, V(0.0))};
}

// Approach (leaving water above wet bulb), K, of a York tower: polynomial in wet bulb, range and
// the ratio of liquid to gas, relative to design (27 coefficients, EnergyPlus CoolingTower:
// VariableSpeed:YorkCalc). Wet bulb -34.4 to 26.7 degC, range 1.1 to 22.2 K, ratios above 0.25.
inline double york_approach_k(double wet_bulb_k, double range_k, double water_ratio,
                              double air_ratio) {
  constexpr double c[3][3][3] = {// [liquid/gas][range][wet bulb]
                                 {{-0.359741205, -0.055053608, 0.0023850432},
                                  {0.173926877, -0.0248473764, 0.00048430224},
                                  {-0.005589849456, 0.0005770079712, -0.00001342427256}},
                                 {{2.84765801111111, -0.121765149, 0.0014599242},
                                  {1.680428651, -0.0166920786, -0.0007190532},
                                  {-0.025485194448, 0.0000487491696, 0.00002719234152}},
                                 {{-0.0653766255555556, -0.002278167, 0.0002500254},
                                  {-0.0910565458, 0.00318176316, 0.000038621772},
                                  {-0.0034285382352, 0.00000856589904, -0.000001516821552}}};
  const double t = wet_bulb_k - psychrometrics::zero_celsius_k;
  const double liquid_to_gas = water_ratio / air_ratio;
  double approach = 0.0;
  for (int l = 2; l >= 0; --l) {
    double by_range = 0.0;
    for (int r = 2; r >= 0; --r) {
      by_range = by_range * range_k + (c[l][r][0] + (c[l][r][1] + c[l][r][2] * t) * t);
    }
    approach = approach * liquid_to_gas + by_range;
  }
  return approach;
}

}  // namespace ampacity::merkel
