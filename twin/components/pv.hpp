// SPDX-License-Identifier: Apache-2.0
#pragma once

// A field of photovoltaic modules with its inverters.
//
// The chain from sky to bus, each link a plain function below:
//
//   1. Plane of array (Hay and Davies). With aoi the angle between sun and module normal, z the
//      zenith angle, A = DNI/I0 the anisotropy index, Rb = max(cos aoi, 0)/max(cos z, 0.01745):
//        G = DNI max(cos aoi, 0) + DHI (A Rb + (1 - A)(1 + cos tilt)/2)
//            + GHI albedo (1 - cos tilt)/2
//   2. Cell temperature (Sandia): T_target = T_air + G exp(a + b v) + (G/1000) d; the module warms
//      towards it with a time constant:  dT/dt = (T_target - T)/tau. (PVsyst's balance is given
//      too: T_air + G alpha (1 - eta)/(u0 + u1 v).)
//   3. Direct current (PVWatts): P_dc = P_rated (G/1000)(1 + gamma (T - 298.15)) (1 - losses)
//   4. Inverter (PVWatts): with x = P_dc/P_i, P_i = P_ac,rated/eta the input at rated output,
//        P_ac = (eta/0.9637) P_i (-0.0162 x^2 + 0.9858 x - 0.0059), between 0 and the limit
//
// Under a limit (inverter rating, or an order to curtail) the inverter moves the modules off their
// best point: less is taken from the sun, nothing is burnt. What it takes follows from the same
// law, solved for x. The inverter disconnects below its drop-out voltage and comes back after its
// restart delay.
//
// Position of the sun and irradiance come as inputs, because they depend on the time and the place:
// sun.hpp and clear_sky.hpp give them; angles in radians, azimuth clockwise from north.
//
// Electric energy counts as entering the site at the inverter's terminals; heat of modules and
// inverters never comes in. Sources: J. Hay, J. Davies 1980 (First Canadian Solar Radiation Data
// Workshop); D. King et al., SAND2004-3535; A. Dobos, NREL/TP-6A20-62641 (PVWatts version 5);
// PVsyst thermal model. No shading by neighbours, snow, spectrum or angle-of-incidence loss beyond
// the loss factor: the honest spread between versions of such chains is 2 % of a year's energy.

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"

namespace ampacity {

namespace pv {

using namespace math;

// Sine for any value type, |angle| up to 1e6 rad: reduction to [-pi/2, pi/2], Taylor polynomial of
// degree 21 (truncation 1e-18).
template <class V>
V sine(const V& angle) {
  constexpr double pi_high = 3.14159265160560607910;  // 27 bits: products with small k are exact
  constexpr double pi_low = 1.98418714791870343106e-9;
  const double k = __builtin_floor(value_of(angle) * (1.0 / (pi_high + pi_low)) + 0.5);
  const V r = (angle - k * pi_high) - k * pi_low;
  const V z = r * r;
  V p(1.0);
  for (int n = 20; n >= 2; n -= 2) p = V(1.0) - p * z * (1.0 / (n * (n + 1)));
  const bool odd = k - 2.0 * __builtin_floor(k * 0.5) != 0.0;
  return odd ? -(r * p) : r * p;
}
template <class V>
V cosine(const V& angle) {
  return sine(angle + 1.57079632679489661923);
}

// A fixed plane; azimuth of its normal clockwise from north (south: pi).
struct Plane {
  double tilt_rad;
  double azimuth_rad;
};

// Cosine of the angle between the sun and the normal of the plane; negative behind it.
template <class V>
V incidence_cosine(const Plane& plane, const V& zenith_rad, const V& azimuth_rad) {
  return cosine(zenith_rad) * cosine(plane.tilt_rad) +
         sine(zenith_rad) * cosine(azimuth_rad - plane.azimuth_rad) * sine(plane.tilt_rad);
}

// Parts of the irradiance on a plane, W/m2.
template <class V>
struct PlaneIrradiance {
  V beam_w_m2;
  V sky_w_m2;
  V ground_w_m2;
  V total_w_m2() const { return beam_w_m2 + sky_w_m2 + ground_w_m2; }
};

// Hay and Davies.
template <class V>
PlaneIrradiance<V> hay_davies(const Plane& plane, double albedo, const V& zenith_rad,
                              const V& azimuth_rad, const V& global_w_m2, const V& direct_w_m2,
                              const V& diffuse_w_m2, const V& extraterrestrial_w_m2) {
  const V facing = max(incidence_cosine(plane, zenith_rad, azimuth_rad), V(0.0));
  const V ratio = facing / max(cosine(zenith_rad), V(0.01745));
  const V anisotropy = direct_w_m2 / extraterrestrial_w_m2;
  const double open_sky = 0.5 * (1.0 + cosine(plane.tilt_rad));
  return {direct_w_m2 * facing,
          diffuse_w_m2 * (anisotropy * ratio + (V(1.0) - anisotropy) * open_sky),
          global_w_m2 * (albedo * (1.0 - open_sky))};
}

// Sandia cell temperature, K. `a`, `b` (s/m) and `rise_k` describe the mounting.
template <class V>
V sandia_cell_k(double a, double b, double rise_k, const V& plane_w_m2, const V& air_k,
                const V& wind_m_s) {
  return air_k + plane_w_m2 * exp(wind_m_s * b + a) + plane_w_m2 * (rise_k / 1000.0);
}

// PVsyst cell temperature, K; free-standing modules: u0 29 W/(m2 K), u1 0; absorption 0.9,
// efficiency 0.1.
template <class V>
V pvsyst_cell_k(double u0_w_m2k, double u1_w_s_m3k, double absorption, double efficiency,
                const V& plane_w_m2, const V& air_k, const V& wind_m_s) {
  return air_k +
         plane_w_m2 * (absorption * (1.0 - efficiency)) / (wind_m_s * u1_w_s_m3k + u0_w_m2k);
}

// Direct current at the best point, W, before losses. `coefficient_per_k` is negative.
template <class V>
V direct_current_w(double rated_w, double coefficient_per_k, const V& plane_w_m2, const V& cell_k) {
  return plane_w_m2 * (rated_w / 1000.0) * ((cell_k - 298.15) * coefficient_per_k + 1.0);
}

// Total of the eight default losses of PVWatts (soiling 2, shading 3, mismatch 2, wiring 2,
// connections 0.5, light-induced 1.5, nameplate 1, availability 3 %): 0.1407566.
constexpr double standard_losses() {
  double kept = 1.0;
  for (const double percent : {2.0, 3.0, 0.0, 2.0, 2.0, 0.5, 1.5, 1.0, 0.0, 3.0}) {
    kept *= 1.0 - percent / 100.0;
  }
  return 1.0 - kept;
}

// PVWatts inverter.
struct Inverter {
  double input_rated_w;
  double efficiency;  // nominal

  static constexpr double reference_efficiency = 0.9637;

  // Alternating current for direct current at hand, W; at most efficiency * input_rated_w.
  template <class V>
  V output_w(const V& input_w) const {
    const V x = input_w * (1.0 / input_rated_w);
    const V y = (x * (V(0.9858) - x * 0.0162) - 0.0059) * scale();
    return min(max(y, V(0.0)), V(efficiency * input_rated_w));
  }
  // Direct current that an output needs, W (the inverse; own consumption at 0 left out).
  template <class V>
  V input_w(const V& output) const {
    const V y = output * (1.0 / scale()) + 0.0059;
    return (V(0.9858) - sqrt(V(0.9858 * 0.9858) - y * (4.0 * 0.0162))) *
           (input_rated_w / (2.0 * 0.0162));
  }

 private:
  double scale() const { return efficiency / reference_efficiency * input_rated_w; }
};

}  // namespace pv

struct Pv {
  static constexpr const char* name = "pv";
  static constexpr const char* summary = "photovoltaic field with inverters";

  struct Parameters {
    double rated_direct_w;
    double rated_w;
    double tilt_rad;
    double azimuth_rad;
    double albedo;
    double temperature_coefficient_per_k;
    double losses;
    double inverter_efficiency;
    double current_limit;
    double mounting_a;
    double mounting_b;
    double mounting_rise_k;
    double warming_time_s;
    double drop_out_voltage;
    double ride_through_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V cell_k;
  };
  template <class V>
  struct Inputs {
    V global_w_m2;
    V direct_w_m2;
    V diffuse_w_m2;
    V extraterrestrial_w_m2;
    V apparent_zenith_rad;
    V azimuth_rad;
    V dry_bulb_k;
    V wind_m_s;
    V voltage;
  };
  template <class V>
  struct Outputs {
    V power_w;
    V available_w;
    V curtailed_w;
    V direct_current_w;
    V loss_w;
    V plane_w_m2;
    V cell_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t limit_millionths;
  };

  static constexpr std::array parameters{
      ParameterRow{"rated_direct_power", "W", required, 1.0, 1e10,
                   "power of the modules at 1000 W/m2 and 25 degC", "site"},
      ParameterRow{"rated_power", "W", required, 1.0, 1e10, "largest output of the inverters",
                   "site"},
      ParameterRow{"tilt", "rad", 0.4363323129985824, 0.0, 1.5707963267948966,
                   "tilt of the modules (0: horizontal)", "assumed: 25 degrees"},
      ParameterRow{"azimuth", "rad", 3.141592653589793, 0.0, 6.283185307179586,
                   "azimuth of the modules' normal, clockwise from north", "assumed: south"},
      ParameterRow{"albedo", "1", 0.2, 0.0, 1.0, "reflectance of the ground",
                   "0.2: PVWatts, NREL/TP-6A20-62641"},
      ParameterRow{"temperature_coefficient", "1/K", -0.0035, -0.01, 0.0,
                   "change of power with cell temperature",
                   "-0.0035 1/K: PVWatts premium module, NREL/TP-6A20-62641"},
      ParameterRow{"losses", "1", pv::standard_losses(), 0.0, 0.9,
                   "losses between modules and inverter",
                   "14.08 %: PVWatts defaults, NREL/TP-6A20-62641"},
      ParameterRow{"inverter_efficiency", "1", 0.96, 0.5, 1.0, "nominal efficiency of the inverter",
                   "0.96: PVWatts, NREL/TP-6A20-62641"},
      ParameterRow{"current_limit", "1", 1.1, 1.0, 5.0,
                   "highest current of the inverters over that at rated power and voltage",
                   "assumed (1.1 to 1.2)"},
      ParameterRow{"mounting_a", "1", -3.56, -6.0, -1.0, "Sandia temperature model, coefficient a",
                   "open rack, glass and polymer: SAND2004-3535"},
      ParameterRow{"mounting_b", "s/m", -0.075, -0.5, 0.0,
                   "Sandia temperature model, coefficient b",
                   "open rack, glass and polymer: SAND2004-3535"},
      ParameterRow{"mounting_rise", "delta_K", 3.0, 0.0, 20.0,
                   "cell over module back at 1000 W/m2 (a difference)",
                   "open rack, glass and polymer: SAND2004-3535"},
      ParameterRow{"warming_time", "s", 300.0, 1.0, 3600.0,
                   "time constant of the module temperature", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.5, 0.0, 1.0,
                   "voltage below which the inverter disconnects, pu", "assumed"},
      ParameterRow{"ride_through", "s", 0.16, 0.0, 10.0, "time that it stays on below that voltage",
                   "assumed"},
      ParameterRow{"restart_delay", "s", 300.0, 0.0, 3600.0,
                   "time from the return of voltage to feeding", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"cell_temperature", "K", 293.15, 200.0, 400.0, 1e-3, "temperature of the cells"}};
  static constexpr std::array inputs{
      InputRow{"global_irradiance", "W/m2", 0.0, 0.0, 1500.0, "global horizontal irradiance"},
      InputRow{"direct_irradiance", "W/m2", 0.0, 0.0, 1200.0, "direct normal irradiance"},
      InputRow{"diffuse_irradiance", "W/m2", 0.0, 0.0, 800.0, "diffuse horizontal irradiance"},
      InputRow{"extraterrestrial_irradiance", "W/m2", 1366.1, 1300.0, 1420.0,
               "irradiance outside the atmosphere, facing the sun"},
      InputRow{"apparent_zenith", "rad", 3.141592653589793, 0.0, 3.141592653589793,
               "zenith angle of the sun with refraction"},
      InputRow{"sun_azimuth", "rad", 3.141592653589793, 0.0, 6.283185307179586,
               "azimuth of the sun, clockwise from north"},
      InputRow{"dry_bulb", "K", 288.15, 220.0, 330.0, "outdoor air temperature"},
      InputRow{"wind_speed", "m/s", 3.0, 0.0, 40.0, "wind at 10 m"},
      InputRow{"voltage", "1", 1.0, 0.0, 1.5, "voltage of the bus, pu"}};
  static constexpr std::array outputs{
      OutputRow{"power", "W", "power delivered to the bus", Account::enters_solar},
      OutputRow{"available_power", "W", "power that could be delivered without curtailment"},
      OutputRow{"curtailed_power", "W", "available power that is not taken"},
      OutputRow{"direct_current_power", "W", "power taken from the modules"},
      OutputRow{"loss", "W", "loss of the inverters (before the point where energy is counted)"},
      OutputRow{"plane_irradiance", "W/m2", "irradiance on the modules"},
      OutputRow{"cell_temperature", "K", "temperature of the cells"}};
  static constexpr std::array modes{condition_row, supply_row, supply_timer_row,
                                    ModeRow{"limit", "",
                                            "curtailment: largest output as parts "
                                            "per million of rated power"}};
  static constexpr std::array guards{voltage_lost_row, voltage_back_row};
  static constexpr std::array orders{
      run_order, standby_order, fail_order, repair_order,
      OrderRow{"limit", "1", 0.0, 1.0, "largest output as a share of rated power"}};
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;
  static constexpr int supply_timer = 0;

  static SupplyRules supply_rules(const Parameters& p) {
    return {p.drop_out_voltage, p.ride_through_s, p.restart_delay_s};
  }

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const auto plane = pv::hay_davies<V>({p.tilt_rad, p.azimuth_rad}, p.albedo,
                                         u.apparent_zenith_rad, u.azimuth_rad, u.global_w_m2,
                                         u.direct_w_m2, u.diffuse_w_m2, u.extraterrestrial_w_m2);
    w.plane_w_m2 = plane.total_w_m2();
    w.cell_k = x.cell_k;
    const V target_k = pv::sandia_cell_k(p.mounting_a, p.mounting_b, p.mounting_rise_k,
                                         w.plane_w_m2, u.dry_bulb_k, u.wind_m_s);
    rate.cell_k = (target_k - x.cell_k) / p.warming_time_s;

    const pv::Inverter inverter{p.rated_w / p.inverter_efficiency, p.inverter_efficiency};
    const V direct_w = max(pv::direct_current_w(p.rated_direct_w, p.temperature_coefficient_per_k,
                                                w.plane_w_m2, x.cell_k),
                           V(0.0)) *
                       (1.0 - p.losses);
    w.available_w = inverter.output_w(direct_w);
    const bool feeds = is_running(m.condition) && is_powered(m.supply);
    const double limit_w = feeds ? from_millionths(m.limit_millionths) * p.rated_w : 0.0;
    const V ceiling_w = u.voltage * (p.current_limit * p.rated_w);
    w.power_w = min(min(w.available_w, V(limit_w)), ceiling_w);
    w.curtailed_w = w.available_w - w.power_w;
    const double on = feeds ? 1.0 : 0.0;
    w.direct_current_w = min(direct_w, inverter.input_w(w.power_w)) * on;
    w.loss_w = w.direct_current_w - w.power_w;
  }

  static void start(const Parameters&, Modes& m, States<double>&) {
    m = {static_cast<std::int64_t>(UnitCondition::running),
         static_cast<std::int64_t>(Supply::powered), 0, to_millionths(1.0)};
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    guard[0] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    using Kind = Happening::Kind;
    SupplyChange change = SupplyChange::none;
    if (happening.kind == Kind::guard && happening.index == 0) {
      change = on_voltage_lost(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns);
    } else if (happening.kind == Kind::guard) {
      change = on_voltage_back(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns);
    } else if (happening.kind == Kind::timer) {
      change = on_supply_timer(agenda, m.supply, m.supply_timer_ns);
    } else if (happening.index < 4) {
      follow_condition_order(happening.index, agenda, m.condition);
    } else {
      m.limit_millionths = to_millionths(happening.value);
    }
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "inverter disconnected");
    if (change == SupplyChange::started) agenda.note(Severity::information, "inverter feeds again");
  }

  // Sunlight is counted where it becomes alternating current: what enters leaves.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.direct_current_w - w.loss_w - w.power_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity
