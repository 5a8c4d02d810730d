// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small modular reactor with its turbine: one integral pressurised-water module.
//
// Heat goes round three circles. Neutrons in the core heat fuel and coolant (kinetics.hpp: six
// groups, Mann's core, xenon, eleven decay-heat groups). Coolant rises, gives its heat to a
// once-through steam generator and sinks back; buoyancy drives it:
//
//   M_i c dT_i/dt = m c (T_(i-1) - T_i)          riser r, behind the generator g, downcomer d
//   tau dm/dt = m0 ((1 - N) + N (T_r - T_d)/(T_r - T_d)_0 - (m/m0)^2)
//
// so that flow follows the cube root of power (N = 1). The steam generator has one pressure, that
// of saturation at T_s, and an inventory M; the more tube is wet, the more heat passes, the less
// superheat is left:
//
//   Q  = m c (T_r - T_s)(1 - exp(-UA M/(M0 m c)))
//   h  = h''(T_s) + dh_0 (T_r - T_s)/(T_r - T_s)_0
//   dM/dt = m_f - m_t - m_b
//   (C_s + M c_w) dT_s/dt = Q + m_f c_w (T_f - T_s) - (m_t + m_b)(h - c_w T_s) - Q_passive
//
// with feed m_f, turbine steam m_t ~ valve p and bypass m_b ~ valve p. The turbine follows a
// Willans line with the Carnot lever of the condenser, W = W_0 (m_t/m_0 - i)/(1 - i) (T_h -
// T_c)/(T_h - T_c0) (h - h_f0)/(h_0 - h_f0), behind a lag that holds tau W of energy. It bleeds the
// heat that warms the feed, so the cycle is closed: what is neither electricity nor loss goes
// through the condenser, whose temperature is a state, and its heat flux Q_c through a cooling
// tower. The tower is the least that is honest: circulating water leaves it above the wet bulb by
// an approach that grows with the heat, a share of the heat evaporates water, and blowdown keeps
// the salt at CoC times that of the make-up:
//
//   Q_c = UA_c (T_c - T_sink),  T_sink = max(T_wet + a Q_c/Q_c0, T_min)
//   make-up = Q_c e/h_fg CoC/(CoC - 1),  h_fg = 2.43 MJ/kg (30 degC, psychrometrics.hpp)
//
// Its fans and pumps are a part of the house load.
// Every flux has its own law; stored energy is computed from temperatures and inventories, and the
// sum closes.
//
// Control, as such plants are run: feed flow follows the accepted load and its power error (PI),
// the governor valve holds steam pressure (PI), rods hold the average temperature (PI through a
// drive of limited speed), the shim (boron) slowly brings the rods back to their position.
//
//   at_power    follows requests between minimum load and 1, at most `ramp`; upwards only while
//               rods have room (xenon!) and no hold is set; never above rated core power, so warm
//               cooling water costs electricity
//   house_load  the bus is lost: valve to house load, bypass takes the steam, reactor runs back
//   tripped     rods fall in `scram_time`, valve shuts, bypass removes decay heat; without the bus
//               a passive system does
//   starting    rods out with bounded reactivity until `start_level`, then the turbine is put on
//               line
//
// A trip starts a lockout; a `run` order during it is remembered, not lost. After the lockout xenon
// may still hold the core down: rods go out, nothing happens, and the plant waits.
//
// `share` scales what crosses the border of the site (power, heat, energy), not the physics.
// Validity: 20 to 105 % load and decay-heat operation; no boiling in the core, no cold shutdown, no
// burn-up, no limit of dilution. Sources and what is assumed: smr_tables.hpp.

#include "twin/components/smr_tables.hpp"
#include "twin/components/steam.hpp"

namespace ampacity::smr {

using namespace math;

inline constexpr double pool_k = 311.0;             // pool of the passive heat removal
inline constexpr double evaporation_j_kg = 2.43e6;  // of water at 30 degC

// What follows from the parameters: the plant at full load.
struct Design {
  double core_rise_k;
  double core_inlet_k;
  double core_outlet_k;
  double fuel_conductance_w_k;
  double steam_k;
  double superheat_j_kg;
  double rated_feed_j_kg;
  double steam_kg_s;
  double generator_conductance_w_k;
  double shaft_w;
  double gross_w;
  double bleed_j_kg;
  double condenser_conductance_w_k;
  double tower_resistance_k_w;
  double passive_conductance_w_k;
  double burn_per_s;

  explicit Design(const Parameters& p) {
    const double stream_w_k = p.primary_flow_kg_s * p.coolant_heat_capacity_j_kgk;
    core_rise_k = p.rated_thermal_w / stream_w_k;
    core_inlet_k = p.average_k - 0.5 * core_rise_k;
    core_outlet_k = p.average_k + 0.5 * core_rise_k;
    fuel_conductance_w_k = p.fuel_share * p.rated_thermal_w / (p.fuel_k - p.average_k);
    steam_k = steam::saturation_temperature_k(p.steam_pressure_pa);
    superheat_j_kg = p.steam_enthalpy_j_kg - steam::vapour_enthalpy_j_kg(steam_k);
    rated_feed_j_kg = steam::liquid_enthalpy_j_kg(p.feed_k);
    steam_kg_s = p.rated_thermal_w / (p.steam_enthalpy_j_kg - rated_feed_j_kg);
    generator_conductance_w_k = -log(1.0 - core_rise_k / (core_outlet_k - steam_k)) * stream_w_k;
    gross_w = p.efficiency * p.rated_thermal_w;
    shaft_w = gross_w / p.generator_efficiency;
    bleed_j_kg = steam::liquid_heat_capacity_j_kgk * (p.feed_k - p.condensing_k);
    condenser_conductance_w_k = (p.rated_thermal_w - shaft_w) / (p.condensing_k - p.sink_k);
    tower_resistance_k_w = p.tower_approach_k / (p.rated_thermal_w - shaft_w);
    passive_conductance_w_k = p.decay_heat_removal_w / (steam_k - pool_k);
    burn_per_s = kinetics::XenonChain{}.absorption_m2 * p.flux_per_m2_s;
  }
};

// Reactivity of the rods at withdrawn share z: HYBRID's logistic curve, 224 steps, zero when
// withdrawn.
template <class V>
V rod_reactivity(double worth, const V& position) {
  constexpr double steps = 224.0;
  constexpr double middle = 76.053;
  constexpr double width = 36.967;
  const double withdrawn = 1.0 / (1.0 + exp((middle - steps) / width));
  const V now = V(1.0) / (exp((position * steps - middle) * (-1.0 / width)) + 1.0);
  return (now - withdrawn) * worth;
}

// Shaft work of the steam, W.
template <class V>
V steam_work_w(const Parameters& p, const Design& d, const V& flow_kg_s, const V& enthalpy_j_kg,
               const V& condenser_k) {
  constexpr double rounding = 0.004;  // of the corner of the Willans line at no load
  const V flow = flow_kg_s * (1.0 / d.steam_kg_s);
  const V load = smooth_positive(flow - p.idle_steam, rounding) * (1.0 / (1.0 - p.idle_steam));
  const V lever =
      (V(p.heat_addition_k) - condenser_k) * (1.0 / (p.heat_addition_k - p.condensing_k));
  const V heat =
      (enthalpy_j_kg - d.rated_feed_j_kg) * (1.0 / (p.steam_enthalpy_j_kg - d.rated_feed_j_kg));
  return load * lever * heat * d.shaft_w;
}

// Heat bled from the turbine for the feedwater, W: saturation temperatures of the bleeds fall with
// the fourth root of flow.
template <class V>
V bleed_w(const Design& d, const V& flow_kg_s) {
  const V flow = flow_kg_s * (1.0 / d.steam_kg_s);
  return flow * sqrt(sqrt(max(flow, V(1e-4)))) * (d.bleed_j_kg * d.steam_kg_s);
}

template <class V>
V steam_enthalpy_j_kg(const Design& d, const V& steam_k, const V& riser_k) {
  return steam::vapour_enthalpy_j_kg(steam_k) +
         (riser_k - steam_k) * (d.superheat_j_kg / (d.core_outlet_k - d.steam_k));
}

// Heat from the condenser to the tower, W: through condenser and tower in series, or, while the
// fans hold the circulating water at its minimum, through the condenser alone.
template <class V, class W>
V rejected_w(const Parameters& p, const Design& d, const V& condenser_k, const W& wet_bulb_k) {
  const double through_both_k_w = 1.0 / d.condenser_conductance_w_k + d.tower_resistance_k_w;
  return min((condenser_k - wet_bulb_k) * (1.0 / through_both_k_w),
             (condenser_k - p.minimum_sink_k) * d.condenser_conductance_w_k);
}

// Limits a speed at both ends of a stroke 0..1, within the last per cent.
template <class V>
V within_stroke(const V& speed, const V& position) {
  return max(speed, V(0.0)) * clamp((V(1.0) - position) * 100.0, 0.0, 1.0) +
         min(speed, V(0.0)) * clamp(position * 100.0, 0.0, 1.0);
}

}  // namespace ampacity::smr

namespace ampacity {

struct Smr {
  static constexpr const char* name = "smr";
  static constexpr const char* summary = "small modular reactor with steam generator and turbine";

  using Parameters = smr::Parameters;
  template <class V>
  using States = smr::States<V>;
  template <class V>
  using Inputs = smr::Inputs<V>;
  template <class V>
  using Outputs = smr::Outputs<V>;
  using Modes = smr::Modes;
  using Operation = smr::Operation;
  using Design = smr::Design;

  static constexpr auto parameters = smr::parameters;
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr auto states = smr::states;
  static constexpr auto inputs = smr::inputs;
  static constexpr auto outputs = smr::outputs;
  static constexpr auto modes = smr::modes;
  static constexpr auto guards = smr::guards;
  static constexpr auto orders = smr::orders;
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;
  static constexpr int supply_timer = 0;
  static constexpr int lockout_timer = 1;

  static bool is(const Modes& m, Operation operation) {
    return m.operation == static_cast<std::int64_t>(operation);
  }
  static SupplyRules supply_rules(const Parameters& p) {
    return {p.drop_out_voltage, p.ride_through_s, p.reconnect_delay_s};
  }
  // Circulating and condensate pumps have electricity.
  static bool condenser_runs(const Modes& m) {
    return is_powered(m.supply) || is(m, Operation::house_load);
  }

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const Design d(p);
    core(p, d, x, w, rate);
    const V steam_w = primary_loop(p, d, x, rate);
    secondary_side(p, d, m, x, u, steam_w, w, rate);
    control_power(p, d, m, x, u, w, rate);
    control_rods(p, m, x, w, rate);
  }

 private:
  // Neutrons, poisons, fuel and coolant of the core.
  template <class V>
  static void core(const Parameters& p, const Design& d, const States<V>& x, Outputs<V>& w,
                   States<V>& rate) {
    const V coolant_k = (x.core_first_k + x.core_second_k) * 0.5;
    const double rated_coolant_k = p.average_k + 0.25 * d.core_rise_k;
    w.reactivity = x.shim + smr::rod_reactivity(p.rod_worth, x.rod) - x.xenon * p.xenon_worth +
                   (x.fuel_k - p.fuel_k) * p.fuel_feedback_per_k +
                   (coolant_k - rated_coolant_k) * p.coolant_feedback_per_k;
    kinetics::neutron_rates(kinetics::trace_six_groups(p.generation_time_s), w.reactivity,
                            p.source_per_s, x.level, x.precursor, rate.level, rate.precursor);
    kinetics::xenon_rates({}, d.burn_per_s, x.level, x.iodine, x.xenon, rate.iodine, rate.xenon);
    kinetics::decay_heat_rates(x.level, x.decay, rate.decay);
    const V heat_w = kinetics::thermal_power(x.level, x.decay) * p.rated_thermal_w;
    const auto mann = kinetics::mann_rates<V>(
        {p.fuel_mass_kg, p.fuel_heat_capacity_j_kgk, p.fuel_share, d.fuel_conductance_w_k,
         p.core_coolant_kg, p.coolant_heat_capacity_j_kgk},
        heat_w, x.flow_kg_s, x.downcomer_k, x.fuel_k, x.core_first_k, x.core_second_k);
    rate.fuel_k = mann.fuel_k_s;
    rate.core_first_k = mann.first_k_s;
    rate.core_second_k = mann.second_k_s;
    w.fission_w = heat_w * p.share;
    w.decay_heat_w = kinetics::decay_power(x.decay) * (p.rated_thermal_w * p.share);
    w.hot_k = x.core_second_k;
    w.cold_k = x.downcomer_k;
    w.average_k = (w.hot_k + w.cold_k) * 0.5;
  }

  // Riser, steam generator's primary side, downcomer, flow. Returns the heat that passes the tubes.
  template <class V>
  static V primary_loop(const Parameters& p, const Design& d, const States<V>& x, States<V>& rate) {
    const double c = p.coolant_heat_capacity_j_kgk;
    const V wet = x.inventory_kg * (d.generator_conductance_w_k / (c * p.inventory_kg));
    const V steam_w =
        x.flow_kg_s * c * (x.riser_k - x.steam_k) * (V(1.0) - exp(-(wet / x.flow_kg_s)));
    rate.riser_k = x.flow_kg_s * (x.core_second_k - x.riser_k) * (1.0 / p.riser_kg);
    rate.generator_k = (x.flow_kg_s * (x.riser_k - x.generator_k) - steam_w * (1.0 / c)) *
                       (1.0 / p.generator_coolant_kg);
    rate.downcomer_k = x.flow_kg_s * (x.generator_k - x.downcomer_k) * (1.0 / p.downcomer_kg);
    const V relative = x.flow_kg_s * (1.0 / p.primary_flow_kg_s);
    const V head = (x.riser_k - x.downcomer_k) * (p.natural_circulation / d.core_rise_k) +
                   (1.0 - p.natural_circulation);
    rate.flow_kg_s =
        (head - relative * abs(relative)) * (p.primary_flow_kg_s / p.circulation_time_s);
    return steam_w;
  }

  // Steam generator, turbine, generator, condenser, feed train.
  template <class V>
  static void secondary_side(const Parameters& p, const Design& d, const Modes& m,
                             const States<V>& x, const Inputs<V>& u, const V& steam_w,
                             Outputs<V>& w, States<V>& rate) {
    constexpr double cw = steam::liquid_heat_capacity_j_kgk;
    const double share = p.share;
    w.steam_pressure_pa = steam::saturation_pressure_pa(x.steam_k);
    const V pressure = w.steam_pressure_pa * (1.0 / p.steam_pressure_pa);
    const V turbine_kg_s = x.valve * pressure * (d.steam_kg_s / p.valve_opening);
    const V bypass_kg_s = x.bypass * pressure * (d.steam_kg_s * p.bypass_capacity);
    w.steam_kg_s = turbine_kg_s + bypass_kg_s;
    const V enthalpy = smr::steam_enthalpy_j_kg(d, x.steam_k, x.riser_k);

    const bool passive = is(m, Operation::tripped) && !condenser_runs(m);
    // Throttled so that the plant stays in hot shutdown.
    constexpr double hold_k = 430.0;
    constexpr double band_k = 30.0;
    const V throttle = clamp((x.steam_k - hold_k) * (1.0 / band_k), 0.0, 1.0);
    const V passive_w =
        passive ? (x.steam_k - smr::pool_k) * throttle * d.passive_conductance_w_k : V(0.0);
    rate.inventory_kg = x.feed_kg_s - w.steam_kg_s;
    rate.steam_k =
        (steam_w + x.feed_kg_s * (x.feed_k - x.steam_k) * cw -
         w.steam_kg_s * (enthalpy - steam::liquid_enthalpy_j_kg(x.steam_k)) - passive_w) /
        (x.inventory_kg * cw + p.generator_metal_j_k);

    const V work_w = smr::steam_work_w(p, d, turbine_kg_s, enthalpy, x.condenser_k);
    const V bled_w = smr::bleed_w(d, turbine_kg_s);
    rate.turbine_w = (work_w - x.turbine_w) * (1.0 / p.turbine_time_s);
    rate.feed_k =
        (x.feed_kg_s * (x.condenser_k - x.feed_k) * cw + bled_w) * (1.0 / p.feed_train_j_k);

    const V reject_w =
        condenser_runs(m) ? smr::rejected_w(p, d, x.condenser_k, u.wet_bulb_k) : V(0.0);
    const V hotwell_kg = V(p.hotwell_kg + p.inventory_kg) - x.inventory_kg;
    rate.condenser_k = (w.steam_kg_s * (enthalpy - steam::liquid_enthalpy_j_kg(x.condenser_k)) -
                        work_w - bled_w - reject_w) /
                       (hotwell_kg * cw + p.condenser_j_k);

    const bool bus = is_powered(m.supply);
    const double house_w = bus ? p.house_load_w : 0.0;
    const V gross_w = bus ? x.turbine_w * p.generator_efficiency : V(0.0);
    w.power_w = (gross_w - house_w) * share;
    w.loss_w = (x.turbine_w - gross_w + house_w) * share;
    w.condenser_w = reject_w * share;
    w.sink_k = max(u.wet_bulb_k + reject_w * d.tower_resistance_k_w, V(p.minimum_sink_k));
    w.make_up_kg_s =
        max(reject_w, V(0.0)) * (share * p.evaporated_share / smr::evaporation_j_kg *
                                 p.cycles_of_concentration / (p.cycles_of_concentration - 1.0));
    w.decay_heat_removed_w = passive_w * share;
    w.shortfall = u.dispatch - gross_w * (1.0 / d.gross_w);
  }

  // Load reference, feed flow, governor valve, bypass.
  template <class V>
  static void control_power(const Parameters& p, const Design& d, const Modes& m,
                            const States<V>& x, const Inputs<V>& u, Outputs<V>& w,
                            States<V>& rate) {
    const bool at_power = is(m, Operation::at_power);
    const bool house_load = is(m, Operation::house_load);
    w.accepted_load = x.load;

    constexpr double response_s = 10.0;
    const V target = at_power ? clamp(u.dispatch, p.minimum_load, 1.0) : V(p.minimum_load);
    // The licence is for heat: with warm cooling water full electric power would take more.
    constexpr double relief_s = 150.0;
    const V heat_room = V(1.0) - kinetics::thermal_power(x.level, x.decay);
    const V wanted = min(clamp((target - x.load) * (1.0 / response_s), -p.ramp_per_s, p.ramp_per_s),
                         max(heat_room * (1.0 / relief_s), V(-p.ramp_per_s)));
    const V room = clamp((V(0.99) - x.rod) * 50.0, 0.0, 1.0);
    const V ramp = max(wanted, V(0.0)) * room + min(wanted, V(0.0));
    rate.load = (at_power && m.hold == 0) || house_load ? ramp : V(0.0);

    // Feed: load and power error; without the turbine, what boils off and an inventory.
    const V error = clamp(x.load - x.turbine_w * (1.0 / d.shaft_w), -0.05, 0.05);
    const V following =
        (x.load + x.feed_integral + (at_power ? error * p.feed_gain : V(0.0))) * d.steam_kg_s;
    constexpr double refill_s = 60.0;
    const double keep = is(m, Operation::starting) ? p.start_level : 0.5;
    const bool steaming = condenser_runs(m) || !is(m, Operation::tripped);
    const V keeping =
        steaming ? w.steam_kg_s + (V(keep * p.inventory_kg) - x.inventory_kg) * (1.0 / refill_s)
                 : V(0.0);
    const V command = clamp(at_power || house_load ? following : keeping, 0.0, 1.15 * d.steam_kg_s);
    rate.feed_kg_s = (command - x.feed_kg_s) * (1.0 / p.feed_time_s);
    rate.feed_integral = at_power ? error * (p.feed_gain / p.feed_integral_s)
                                  : x.feed_integral * (house_load ? 0.0 : -0.1);

    // Valve: pressure; on house load a fixed opening; otherwise shut.
    const V pressure = w.steam_pressure_pa * (1.0 / p.steam_pressure_pa);
    const V high = pressure - 1.0;
    const V asked = x.valve_integral + high * p.valve_gain;
    const double house_opening =
        (p.idle_steam + (1.0 - p.idle_steam) * p.house_load_w / d.gross_w) * p.valve_opening;
    const V opening = at_power ? clamp(asked, 0.0, 1.0) : V(house_load ? house_opening : 0.0);
    rate.valve = (opening - x.valve) * (1.0 / p.valve_time_s);
    constexpr double tracking_s = 5.0;
    rate.valve_integral = at_power ? high * (p.valve_gain / p.valve_integral_s) +
                                         (opening - asked) * (1.0 / tracking_s)
                                   : (x.valve - x.valve_integral) * (1.0 / tracking_s);

    // Bypass: opens over 5 % above its pressure, which lies 5 % above the valve's.
    constexpr double stroke_s = 1.0;
    constexpr double band = 0.05;
    const V over = pressure * (at_power ? 1.0 / 1.05 : 1.0) - 1.0;
    const V wide = condenser_runs(m) ? clamp(over * (1.0 / band), 0.0, 1.0) : V(0.0);
    rate.bypass = (wide - x.bypass) * (1.0 / stroke_s);
  }

  // Rods, temperature reference, shim.
  template <class V>
  static void control_rods(const Parameters& p, const Modes& m, const States<V>& x,
                           const Outputs<V>& w, States<V>& rate) {
    constexpr double drive_s = 2.0;
    constexpr double tracking_s = 20.0;
    const bool starting = is(m, Operation::starting);
    const bool regulating = is(m, Operation::at_power) || is(m, Operation::house_load);
    const V error = x.reference_k - w.average_k;
    const V asked = x.rod_integral + error * p.rod_gain_per_k;
    const V fast = clamp((asked - x.rod) * (1.0 / drive_s), -p.rod_speed_per_s, p.rod_speed_per_s);
    // Rod stop: no withdrawal above 106 % flux.
    const V flux_room = clamp((V(1.06) - x.level) * 33.0, 0.0, 1.0);
    const V regulated = max(fast, V(0.0)) * flux_room + min(fast, V(0.0));
    // Start-up: reactivity towards a bound that shrinks as the level comes near its target.
    const V bound =
        clamp((V(p.start_level) - x.level) * (3.0 / p.start_level), -1.0, 1.0) * p.start_reactivity;
    constexpr double seek_per_s = 10.0;  // drive speed over reactivity
    const V sought =
        clamp((bound - w.reactivity) * seek_per_s, -p.rod_speed_per_s, 0.2 * p.rod_speed_per_s);
    const V falling = clamp(x.rod * 50.0, 0.0, 1.0) * (-1.0 / p.scram_time_s);
    rate.rod = regulating ? smr::within_stroke(regulated, x.rod)
                          : (starting ? smr::within_stroke(sought, x.rod) : falling);
    rate.rod_integral = regulating ? error * (p.rod_gain_per_k / p.rod_integral_s) +
                                         (x.rod - asked) * (1.0 / tracking_s)
                                   : (x.rod - x.rod_integral) * (1.0 / tracking_s);

    constexpr double reference_s = 30.0;
    rate.reference_k = regulating ? clamp((V(p.average_k) - x.reference_k) * (1.0 / reference_s),
                                          -p.heating_rate_k_s, p.heating_rate_k_s)
                                  : (w.average_k - x.reference_k) * (1.0 / 10.0);

    constexpr double dead_stroke = 0.05;  // full shim rate at this distance of the rods
    const V shim = clamp((x.rod - p.rod_position) * (1.0 / dead_stroke), -1.0, 1.0);
    rate.shim = regulating || starting ? shim * p.shim_rate_per_s : V(0.0);
  }

 public:
  // Equilibrium at the initial load and the design wet bulb, poisons and decay heat included: the
  // fixed point of heat, condenser temperature and natural circulation, then everything else in
  // closed form.
  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m = {};
    m.condition = static_cast<std::int64_t>(UnitCondition::running);
    m.supply = static_cast<std::int64_t>(Supply::powered);
    const Design d(p);
    const double c = p.coolant_heat_capacity_j_kgk;
    constexpr double cw = steam::liquid_heat_capacity_j_kgk;
    const double work_w = p.initial_load * d.shaft_w;
    double heat_w = p.initial_load * p.rated_thermal_w;
    double steam_kg_s = p.initial_load * d.steam_kg_s;
    double flow_kg_s = p.primary_flow_kg_s;
    double rise_k = d.core_rise_k;
    double enthalpy = p.steam_enthalpy_j_kg;
    x.condenser_k = p.condensing_k;
    x.feed_k = p.feed_k;
    for (int round = 0; round < 400; ++round) {
      const double relative =
          sqrt(1.0 - p.natural_circulation + p.natural_circulation * rise_k / d.core_rise_k);
      flow_kg_s = 0.5 * (flow_kg_s + p.primary_flow_kg_s * relative);
      rise_k = heat_w / (flow_kg_s * c);
      x.riser_k = p.average_k + 0.5 * rise_k;
      enthalpy = smr::steam_enthalpy_j_kg(d, d.steam_k, x.riser_k);
      const double now_w = smr::steam_work_w(p, d, steam_kg_s, enthalpy, x.condenser_k);
      steam_kg_s += (work_w - now_w) * d.steam_kg_s * (1.0 - p.idle_steam) / d.shaft_w;
      x.feed_k = x.condenser_k + smr::bleed_w(d, steam_kg_s) / (steam_kg_s * cw);
      heat_w = steam_kg_s * (enthalpy - steam::liquid_enthalpy_j_kg(x.feed_k));
      const double reject_w = heat_w - work_w;
      const double design_wet_k = p.sink_k - p.tower_approach_k;
      const double sink_k = max(design_wet_k + reject_w * d.tower_resistance_k_w, p.minimum_sink_k);
      x.condenser_k = sink_k + reject_w / d.condenser_conductance_w_k;
    }
    x.level = heat_w / p.rated_thermal_w;
    x.precursor.fill(x.level);
    x.decay.fill(x.level);
    x.iodine = x.level;
    x.xenon = kinetics::xenon_equilibrium({}, d.burn_per_s, x.level);
    x.flow_kg_s = flow_kg_s;
    x.downcomer_k = p.average_k - 0.5 * rise_k;
    x.generator_k = x.downcomer_k;
    x.core_first_k = p.average_k;
    x.core_second_k = x.riser_k;
    x.fuel_k = p.average_k + p.fuel_share * heat_w / d.fuel_conductance_w_k;
    x.steam_k = d.steam_k;
    x.inventory_kg = p.inventory_kg * -log(1.0 - rise_k / (x.riser_k - d.steam_k)) * flow_kg_s * c /
                     d.generator_conductance_w_k;
    x.feed_kg_s = steam_kg_s;
    x.turbine_w = work_w;
    x.valve = p.valve_opening * steam_kg_s / d.steam_kg_s;
    x.valve_integral = x.valve;
    x.bypass = 0.0;
    x.rod = p.rod_position;
    x.rod_integral = p.rod_position;
    x.load = p.initial_load;
    x.reference_k = p.average_k;
    x.feed_integral = steam_kg_s / d.steam_kg_s - p.initial_load;
    x.shim = 0.0;
    Outputs<double> w{};
    States<double> rate{};
    core(p, d, x, w, rate);
    x.shim = -w.reactivity - p.source_per_s * p.generation_time_s / x.level;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    const bool tripped = is(m, Operation::tripped);
    const bool at_power = is(m, Operation::at_power);
    const bool steaming = at_power || is(m, Operation::house_load);
    constexpr double hysteresis = 0.01;
    guard[0] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
    guard[2] = tripped ? -1.0 : x.level - p.high_flux;
    guard[3] = tripped ? -1.0 : (w.hot_k - p.high_temperature_k) / 10.0;
    guard[4] = tripped ? -1.0 : w.steam_pressure_pa / p.high_pressure_pa - 1.0;
    guard[5] = steaming ? p.low_inventory - x.inventory_kg / p.inventory_kg : -1.0;
    guard[6] = is(m, Operation::starting) ? x.level / p.start_level - 0.95 : -1.0;
    const bool refused = m.request == static_cast<std::int64_t>(smr::Request::below_minimum);
    guard[7] = at_power && !refused ? p.minimum_load - hysteresis - u.dispatch : -1.0;
    guard[8] = refused ? u.dispatch - p.minimum_load : -1.0;
    guard[9] = !tripped && m.rods_limited == 0 ? x.rod - 0.98 : -1.0;
    guard[10] = m.rods_limited != 0 ? 0.95 - x.rod : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>& w) {
    using Kind = Happening::Kind;
    if (happening.kind == Kind::order) {
      follow_order(happening, agenda, p, m, x, w);
    } else if (happening.kind == Kind::timer && happening.index == lockout_timer) {
      if (m.start_wanted != 0) begin_start(agenda, m, x, w);
    } else if (happening.kind == Kind::timer) {
      on_supply(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda, p, m, x, w);
    } else {
      on_guard(happening.index, agenda, p, m, x, w);
    }
  }

 private:
  static void set(Modes& m, Operation operation) {
    m.operation = static_cast<std::int64_t>(operation);
  }

  static void trip(Agenda& agenda, const Parameters& p, Modes& m, const char* why) {
    if (is(m, Operation::tripped)) return;
    set(m, Operation::tripped);
    if (m.condition == static_cast<std::int64_t>(UnitCondition::running)) {
      m.condition = static_cast<std::int64_t>(UnitCondition::standby);
    }
    m.lockout_until_ns = instant_after(agenda, p.restart_lockout_s);
    m.start_wanted = 0;
    m.rods_limited = 0;
    agenda.wake_after(p.restart_lockout_s, lockout_timer);
    agenda.note(Severity::trip, why);
  }

  // Starts, or remembers the wish until the lockout is over. A stale timer finds the later instant.
  static void begin_start(Agenda& agenda, Modes& m, States<double>& x, const Outputs<double>& w) {
    if (!is(m, Operation::tripped) ||
        m.condition == static_cast<std::int64_t>(UnitCondition::failed)) {
      return;
    }
    m.start_wanted = 1;
    if (agenda.now_ns() < m.lockout_until_ns || !is_powered(m.supply)) {
      agenda.note(Severity::information, "start delayed: lockout or no voltage");
      return;
    }
    m.start_wanted = 0;
    m.condition = static_cast<std::int64_t>(UnitCondition::running);
    set(m, Operation::starting);
    x.rod_integral = x.rod;
    x.reference_k = w.average_k;
    agenda.note(Severity::information, "start-up begins");
  }

  static void on_supply(SupplyChange change, Agenda& agenda, const Parameters& p, Modes& m,
                        States<double>& x, const Outputs<double>& w) {
    if (change == SupplyChange::stopped) {
      if (is(m, Operation::at_power) && p.house_load_operation > 0.5) {
        set(m, Operation::house_load);
        agenda.note(Severity::warning, "bus lost: on house load");
      } else if (!is(m, Operation::house_load)) {
        trip(agenda, p, m, "reactor trip: bus lost");
      }
    }
    if (change == SupplyChange::started) {
      if (is(m, Operation::house_load)) {
        set(m, Operation::at_power);
        agenda.note(Severity::information, "back on the bus");
      }
      if (m.start_wanted != 0) begin_start(agenda, m, x, w);
    }
  }

  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                       const Outputs<double>& w) {
    const SupplyRules rules = supply_rules(p);
    if (index == 0) {
      on_supply(on_voltage_lost(rules, agenda, supply_timer, m.supply, m.supply_timer_ns), agenda,
                p, m, x, w);
    }
    if (index == 1) {
      on_supply(on_voltage_back(rules, agenda, supply_timer, m.supply, m.supply_timer_ns), agenda,
                p, m, x, w);
    }
    if (index == 2) trip(agenda, p, m, "reactor trip: high neutron flux");
    if (index == 3) trip(agenda, p, m, "reactor trip: high core outlet temperature");
    if (index == 4) trip(agenda, p, m, "reactor trip: high steam pressure");
    if (index == 5) trip(agenda, p, m, "reactor trip: steam generator dry");
    if (index == 6) synchronise(agenda, p, m, x, w);
    if (index == 7) m.request = static_cast<std::int64_t>(smr::Request::below_minimum);
    if (index == 8) m.request = static_cast<std::int64_t>(smr::Request::followed);
    if (index == 9) m.rods_limited = 1;
    if (index == 10) m.rods_limited = 0;
  }

  // Turbine on line: references take over from where the plant is.
  static void synchronise(Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                          const Outputs<double>& w) {
    const Design d(p);
    set(m, Operation::at_power);
    const double flow = x.feed_kg_s / d.steam_kg_s;
    x.load = max(0.0, (flow - p.idle_steam) / (1.0 - p.idle_steam));
    x.feed_integral = flow - x.load;
    x.valve_integral = x.valve;
    x.rod_integral = x.rod;
    x.reference_k = w.average_k;
    agenda.note(Severity::information, "turbine on line");
  }

  static void follow_order(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m,
                           States<double>& x, const Outputs<double>& w) {
    if (order.index == 0) begin_start(agenda, m, x, w);
    if (order.index == 1) trip(agenda, p, m, "shut down by order");
    if (order.index == 2 || order.index == 3) {
      if (order.index == 2) trip(agenda, p, m, "reactor trip: failure");
      follow_condition_order(order.index, agenda, m.condition);
    }
    if (order.index == 4) trip(agenda, p, m, "reactor trip: manual");
    if (order.index == 5) m.hold = order.value > 0.5 ? 1 : 0;
  }

 public:
  // Fission heat in; electricity, condenser, passive removal and loss out.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.fission_w - w.power_w - w.condenser_w - w.decay_heat_removed_w - w.loss_w;
  }

  // Fuel, primary coolant, steam generator, steam in the turbine, feed train, condenser, hotwell.
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    constexpr double cw = steam::liquid_heat_capacity_j_kgk;
    const V coolant = (x.core_first_k + x.core_second_k) * (0.5 * p.core_coolant_kg) +
                      x.riser_k * p.riser_kg + x.generator_k * p.generator_coolant_kg +
                      x.downcomer_k * p.downcomer_kg;
    const V hotwell_kg = V(p.hotwell_kg + p.inventory_kg) - x.inventory_kg;
    const V total = x.fuel_k * (p.fuel_mass_kg * p.fuel_heat_capacity_j_kgk) +
                    coolant * p.coolant_heat_capacity_j_kgk + x.steam_k * p.generator_metal_j_k +
                    x.inventory_kg * (x.steam_k - 273.15) * cw + x.turbine_w * p.turbine_time_s +
                    x.feed_k * p.feed_train_j_k + x.condenser_k * p.condenser_j_k +
                    hotwell_kg * (x.condenser_k - 273.15) * cw;
    return total * p.share;
  }
};

}  // namespace ampacity
