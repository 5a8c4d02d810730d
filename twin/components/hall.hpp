// SPDX-License-Identifier: Apache-2.0
#pragma once

// Air of a data hall: cold aisle, hot aisle, the mass of racks and building, and moisture.
//
//   CRAHs m_c ----> cold aisle T_c ----> racks' fans m_r ----> hot aisle T_h ----> CRAHs
//                      |  m_c - m_r (over the racks, or back)  ^
//                      +---------------------------------------+
//
// With h(T) = cp (T - T0), b = m_c - m_r = b+ - b-, and leaks of containment that exchange a share
// s of the racks' air in both directions, e = s m_r:
//
//   C_c dT_c/dt = H_crah - m_r h(T_c) - (b+ + e) h(T_c) + (b- + e) h(T_h)
//   C_h dT_h/dt = H_rack + heat + (b+ + e) h(T_c) - (b- + e) h(T_h) - m_c h(T_h)
//                 - G_m (T_h - T_m) - m_i cp (T_h - T_out)
//   C_m dT_m/dt = G_m (T_h - T_m) - UA (T_m - T_out)
//
// m_r and H_rack are those of all racks: liquid-cooled ones draw air for their air share. `heat` is
// what other machines give to the hot aisle (losses of cooling units, UPS and pumps in the room).
// When the racks draw more than the CRAHs deliver, hot air comes back to their inlets: the first
// thing that goes wrong in a hall. When all cooling stops the hall heats first at P/C_air, then
// more slowly as its mass takes part (Khankari, ASHRAE Transactions 117-1): 1 MW in 10,000 m3 of
// air alone is 4.97 K/min.
//
// Moisture W (kg per kg of dry air) is mixed over the whole hall; coils run dry since water is kept
// above the dew point, so only humidification, infiltration m_i and a dehumidifier act, which works
// the harder the moister the air is, within its capacity D (a make-up unit outside of the model;
// 0: none):
//
//   M_air dW/dt = humidification + m_i (W_out - W) - D min((W - W_set)+/w, 1)
//
// All terms that take water away vanish before W does.
//
// The dew point (psychrometrics.hpp) is offered to the islands, which keep their supply above it.
// Heat of the vapour itself is left out (below 2 % of the air's).

#include "twin/components/component.hpp"
#include "twin/components/psychrometrics.hpp"

namespace ampacity {

struct Hall {
  static constexpr const char* name = "hall";
  static constexpr const char* summary = "air of a data hall: aisles, mass, moisture";

  struct Parameters {
    double cold_volume_m3;
    double hot_volume_m3;
    double air_density_kg_m3;
    double mass_capacity_j_k;
    double mass_conductance_w_k;
    double leakage_share;
    double design_flow_kg_s;
    double envelope_w_k;
    double infiltration_kg_s;
    double dehumidification_kg_s;
    double humidity_set_point;
    double humidity_band;
    double warm_limit_k;
    double start_cold_k;
    double start_hot_k;
    double start_humidity_ratio;
  };
  template <class V>
  struct States {
    V cold_aisle_k;
    V hot_aisle_k;
    V mass_k;
    V humidity_ratio;
  };
  template <class V>
  struct Inputs {
    V pressure_pa;
    V crah_flow_kg_s;
    V crah_enthalpy_flow_w;
    V rack_flow_kg_s;
    V rack_enthalpy_flow_w;
    V heat_w;
    V outdoor_k;
    V outdoor_humidity_ratio;
    V humidification_kg_s;
  };
  template <class V>
  struct Outputs {
    V cold_aisle_k;
    V hot_aisle_k;
    V dew_point_k;
    V envelope_loss_w;
    V recirculation_kg_s;
    V relative_humidity;
  };
  struct Modes {
    std::int64_t warm_alarm;
  };

  static constexpr double air_j_kg_k = psychrometrics::air_heat_capacity_j_kg_k;

  static constexpr std::array parameters{
      ParameterRow{"cold_volume", "m3", 1000.0, 0.1, 1e6, "air of the cold aisles", "assumed"},
      ParameterRow{"hot_volume", "m3", 2000.0, 0.1, 1e6, "air of the hot aisles and plenum",
                   "assumed"},
      ParameterRow{"air_density", "kg/m3", 1.2, 0.3, 2.0, "density of the air",
                   "at 20 degC, sea level"},
      ParameterRow{"mass_capacity", "J/K", 5e7, 1.0, 1e12, "heat capacity of racks and building",
                   "assumed"},
      ParameterRow{"mass_conductance", "W/K", 2e4, 0.0, 1e9, "hot-aisle air to the mass",
                   "assumed"},
      ParameterRow{"leakage_share", "1", 0.03, 0.0, 1.0,
                   "share of the racks' air that leaks through the containment", "assumed"},
      ParameterRow{"design_flow", "kg/s", 100.0, 0.01, 1e5, "air flow at design", "assumed"},
      ParameterRow{"envelope", "W/K", 500.0, 0.0, 1e7, "conductance of the hall's envelope",
                   "assumed"},
      ParameterRow{"infiltration", "kg/s", 0.1, 0.0, 1e3, "outdoor air through doors and leaks",
                   "assumed"},
      ParameterRow{"dehumidification", "kg/s", 0.0, 0.0, 10.0, "most water that is taken away",
                   "assumed (none)"},
      ParameterRow{"humidity_set_point", "kg/kg", 0.009, 1e-4, 0.04,
                   "humidity ratio from which water is taken away",
                   "assumed (dew point of 12 degC at sea level)"},
      ParameterRow{"humidity_band", "kg/kg", 0.001, 1e-5, 0.04,
                   "excess at which the dehumidifier works at its capacity", "assumed"},
      ParameterRow{"warm_limit", "K", 300.15, 283.15, 333.15, "cold aisle that is an alarm",
                   "assumed (27 degC)"},
      ParameterRow{"start_cold_temperature", "K", 297.15, 263.15, 333.15, "cold aisle at the start",
                   "assumed"},
      ParameterRow{"start_hot_temperature", "K", 308.15, 263.15, 343.15, "hot aisle at the start",
                   "assumed"},
      ParameterRow{"start_humidity_ratio", "kg/kg", 0.008, 1e-4, 0.04,
                   "humidity ratio at the start", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"cold_aisle_temperature", "K", 297.15, 253.15, 353.15, 1e-3, "air to the racks"},
      StateRow{"hot_aisle_temperature", "K", 308.15, 253.15, 373.15, 1e-3, "air from the racks"},
      StateRow{"mass_temperature", "K", 305.15, 253.15, 373.15, 1e-3, "racks and building"},
      StateRow{"humidity_ratio", "kg/kg", 0.008, 1e-4, 0.04, 1e-6, "water per dry air"}};
  static constexpr std::array inputs{
      InputRow{"pressure", "Pa", 101325.0, 5e4, 1.1e5, "air pressure"},
      InputRow{"crah_flow", "kg/s", 0.0, 0.0, 1000.0, "air of all CRAHs"},
      InputRow{"crah_enthalpy_flow", "W", 0.0, -1e7, 1e8, "enthalpy flow that the CRAHs deliver"},
      InputRow{"rack_flow", "kg/s", 0.0, 0.0, 1000.0, "air of all racks"},
      InputRow{"rack_enthalpy_flow", "W", 0.0, -1e7, 1e8, "enthalpy flow that leaves the racks"},
      InputRow{"heat", "W", 0.0, 0.0, 1e7, "heat of other machines to the hot aisle"},
      InputRow{"outdoor_temperature", "K", 293.15, 233.15, 333.15, "outdoor air"},
      InputRow{"outdoor_humidity_ratio", "kg/kg", 0.008, 1e-5, 0.04, "humidity ratio outdoors"},
      InputRow{"humidification", "kg/s", 0.0, 0.0, 10.0, "water added to the air"}};
  static constexpr std::array outputs{
      OutputRow{"cold_aisle_temperature", "K", "air to the racks"},
      OutputRow{"hot_aisle_temperature", "K", "air from the racks"},
      OutputRow{"dew_point", "K", "dew point of the hall's air"},
      OutputRow{"envelope_loss", "W", "heat through envelope and infiltration",
                Account::leaves_loss},
      OutputRow{"recirculation", "kg/s", "hot air that comes back to the cold aisle"},
      OutputRow{"relative_humidity", "1", "relative humidity of the cold aisle"}};
  static constexpr std::array modes{ModeRow{"warm_alarm", "no|yes", "cold aisle above its limit"}};
  static constexpr std::array guards{
      GuardRow{"cold_aisle_warm", Severity::warning, "the cold aisle is above its limit"},
      GuardRow{"cold_aisle_back", Severity::information,
               "the cold aisle is 1 K below its limit again"}};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 3;
  static constexpr std::size_t early_inputs = 1;

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.cold_aisle_k = x.cold_aisle_k;
    w.hot_aisle_k = x.hot_aisle_k;
    w.dew_point_k = psychrometrics::dew_point_k(x.humidity_ratio, u.pressure_pa);
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const V cold_j_kg = (x.cold_aisle_k - enthalpy_reference_k) * air_j_kg_k;
    const V hot_j_kg = (x.hot_aisle_k - enthalpy_reference_k) * air_j_kg_k;
    const V excess_kg_s = u.crah_flow_kg_s - u.rack_flow_kg_s;
    const V over_kg_s = smooth_positive(excess_kg_s, 1e-3 * p.design_flow_kg_s);
    const V leak_kg_s = u.rack_flow_kg_s * p.leakage_share;
    w.recirculation_kg_s = over_kg_s - excess_kg_s + leak_kg_s;
    const V to_hot_w = (over_kg_s + leak_kg_s) * cold_j_kg - w.recirculation_kg_s * hot_j_kg;

    const V to_mass_w = (x.hot_aisle_k - x.mass_k) * p.mass_conductance_w_k;
    const V wall_w = (x.mass_k - u.outdoor_k) * p.envelope_w_k;
    const V drafts_w = (x.hot_aisle_k - u.outdoor_k) * (p.infiltration_kg_s * air_j_kg_k);
    w.envelope_loss_w = wall_w + drafts_w;

    rate.cold_aisle_k = (u.crah_enthalpy_flow_w - u.rack_flow_kg_s * cold_j_kg - to_hot_w) /
                        air_capacity_j_k(p, p.cold_volume_m3);
    rate.hot_aisle_k = (u.rack_enthalpy_flow_w + u.heat_w + to_hot_w - u.crah_flow_kg_s * hot_j_kg -
                        to_mass_w - drafts_w) /
                       air_capacity_j_k(p, p.hot_volume_m3);
    rate.mass_k = (to_mass_w - wall_w) / p.mass_capacity_j_k;
    const V moist = (x.humidity_ratio - p.humidity_set_point) * (1.0 / p.humidity_band);
    const V dried_kg_s = clamp(moist, 0.0, 1.0) * p.dehumidification_kg_s;
    rate.humidity_ratio = (u.humidification_kg_s - dried_kg_s +
                           (u.outdoor_humidity_ratio - x.humidity_ratio) * p.infiltration_kg_s) /
                          ((p.cold_volume_m3 + p.hot_volume_m3) * p.air_density_kg_m3);
    w.relative_humidity =
        psychrometrics::relative_humidity(x.cold_aisle_k, x.humidity_ratio, u.pressure_pa);
  }

  static void start(const Parameters& p, Modes&, States<double>& x) {
    x.cold_aisle_k = p.start_cold_k;
    x.hot_aisle_k = p.start_hot_k;
    x.mass_k = p.start_hot_k;
    x.humidity_ratio = p.start_humidity_ratio;
  }
  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>&, const Outputs<double>&, double* guard) {
    const double above = (x.cold_aisle_k - p.warm_limit_k) / 10.0;
    guard[0] = m.warm_alarm == 0 ? above : -1.0;
    guard[1] = m.warm_alarm != 0 ? -above - 0.1 : -1.0;
  }
  static void react(const Happening& happening, Agenda&, const Parameters&, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) m.warm_alarm = happening.index == 0 ? 1 : 0;
  }

  // Racks take air at cold-aisle temperature, CRAHs at hot-aisle temperature.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>& x, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return u.crah_enthalpy_flow_w + u.rack_enthalpy_flow_w + u.heat_w - w.envelope_loss_w -
           u.rack_flow_kg_s * (x.cold_aisle_k - enthalpy_reference_k) * air_j_kg_k -
           u.crah_flow_kg_s * (x.hot_aisle_k - enthalpy_reference_k) * air_j_kg_k;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.cold_aisle_k - enthalpy_reference_k) * air_capacity_j_k(p, p.cold_volume_m3) +
           (x.hot_aisle_k - enthalpy_reference_k) * air_capacity_j_k(p, p.hot_volume_m3) +
           (x.mass_k - enthalpy_reference_k) * p.mass_capacity_j_k;
  }

 private:
  static double air_capacity_j_k(const Parameters& p, double volume_m3) {
    return volume_m3 * p.air_density_kg_m3 * air_j_kg_k;
  }
};

}  // namespace ampacity
