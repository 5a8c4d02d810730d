// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plate heat exchangers between two loops: n equal plates in parallel, also as free cooling.
//
//   hot loop   T_h,in --> [ plates ] --> T_h,out          m_h
//   cold loop  T_c,out <-- [ plates ] <-- T_c,in          m_c
//
// Each plate is a counterflow exchanger (exchanger.hpp), its UA follows the flows of both sides and
// falls with fouling R_f (fouling.hpp), which is a state:
//
//   1/UA = 1/hA_h + 1/hA_c + R_f,   hA ~ m^0.8,      Q = G (T_h,in - T_c,in)
//
// The water inside is the state, so that two loops which exchange heat do not form a circle of
// equations:
//
//   M_h cp_h dT_h,out/dt = m_h cp_h (T_h,in - T_h,out) - Q,     and + Q on the cold side
//
// Flow comes to each side in one of two ways (or both): as a unit of a stage (open x flow per
// share) or as a consumer between two headers (open x K sqrt(dp), K for all plates that are open).
//
// Local control:
//   in use      Free cooling is worth while only when the cold side is colder. The plates open when
//               T_h,in - T_c,in has stood above `enable_difference` for a delay and close below
//               `disable_difference`. The default, -100 K, keeps them open: a plain exchanger.
//   staging     Plates follow a signal (tower cells that run, say): 1 + floor(signal/stage_step) of
//               them, one step at a time with a delay; stage_step 0 keeps all open.
// Valves move with a lag; stuck ones, and all while their feeder (if one is named) is dead, keep
// their place. Lost plates are orders; plates in use are lost first, a spare one opens after the
// changeover time.
//
// Defaults: the exchangers between hot-water and tower loop of Frontier (4 of 4.0368 MW/K; 2572 gpm
// hot at 2.3 psi, 3992 gpm cold at 5.3 psi; ORNL data centre cooling library).

#include "twin/components/condition.hpp"
#include "twin/components/exchanger.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fouling.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/staging.hpp"

namespace ampacity {

struct HeatExchanger {
  static constexpr const char* name = "heat_exchanger";
  static constexpr const char* summary = "plate heat exchangers between two loops, staged";

  struct Parameters {
    double plate_count;
    double start_plates;
    double transfer_w_k;
    double design_hot_flow_kg_s;
    double design_cold_flow_kg_s;
    double film_ratio;
    double flow_exponent;
    double fouling;
    double fouling_limit;
    double fouling_time_s;
    double water_quality;
    double hot_heat_capacity_j_kg_k;
    double cold_heat_capacity_j_kg_k;
    double hot_water_kg;
    double cold_water_kg;
    double hot_design_pressure_pa;
    double cold_design_pressure_pa;
    double hot_share;
    double cold_share;
    double enable_difference_k;
    double disable_difference_k;
    double enable_delay_s;
    double stage_step;
    double stage_delay_s;
    double valve_time_s;
    double changeover_s;
    double drop_out_voltage;
    double start_hot_k;
    double start_cold_k;
  };
  template <class V>
  struct States {
    V hot_k;
    V cold_k;
    V open_plates;
    V fouling;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V hot_flow_per_share_kg_s;
    V cold_flow_per_share_kg_s;
    V hot_pressure_difference_pa;
    V cold_pressure_difference_pa;
    V hot_inlet_k;
    V cold_inlet_k;
    V signal;
  };
  template <class V>
  struct Outputs {
    V hot_open;
    V cold_open;
    V hot_outlet_k;
    V cold_outlet_k;
    V plates;
    V hot_flow_kg_s;
    V cold_flow_kg_s;
    V hot_enthalpy_flow_w;
    V cold_enthalpy_flow_w;
    V heat_w;
    V effectiveness;
    V approach_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t use;
    std::int64_t use_timer_ns;
    std::int64_t wanted_plates;
    std::int64_t available_plates;
    std::int64_t plates_in_use;
    std::int64_t changeover_timer_ns;
    std::int64_t valves;
    std::int64_t staging;
    std::int64_t staging_timer_ns;
  };

  static constexpr std::array parameters{
      ParameterRow{"plate_count", "1", 4.0, 1.0, 512.0, "exchangers in parallel",
                   "Frontier exchangers, ORNL data centre cooling library"},
      ParameterRow{"start_plates", "1", 3.0, 1.0, 512.0, "exchangers that are open at the start",
                   "Frontier exchangers, ORNL data centre cooling library"},
      ParameterRow{"transfer", "W/K", 4.0368e6, 1e-3, 1e9, "UA of one exchanger at design flows",
                   "Frontier exchangers, ORNL data centre cooling library"},
      ParameterRow{"design_hot_flow", "kg/s", 162.0, 1e-4, 1e5,
                   "hot flow of one exchanger at design",
                   "Frontier exchangers, 2572 gpm, ORNL data centre cooling library"},
      ParameterRow{"design_cold_flow", "kg/s", 251.5, 1e-4, 1e5,
                   "cold flow of one exchanger at design",
                   "Frontier exchangers, 3992 gpm, ORNL data centre cooling library"},
      ParameterRow{"film_ratio", "1", 0.7, 0.01, 100.0,
                   "film coefficient times area at design, hot over cold side",
                   "assumed (ratio of flows to the power 0.8)"},
      ParameterRow{"flow_exponent", "1", 0.8, 0.0, 1.0, "exponent of the film coefficients",
                   "Dittus-Boelter"},
      fouling::start_row,
      fouling::limit_row,
      fouling::time_row,
      fouling::quality_row,
      ParameterRow{"hot_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the hot liquid", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"cold_heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the cold liquid", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"hot_water", "kg", 1000.0, 1e-4, 1e7, "liquid in the hot side of one exchanger",
                   "assumed"},
      ParameterRow{"cold_water", "kg", 1000.0, 1e-4, 1e7,
                   "liquid in the cold side of one exchanger", "assumed"},
      ParameterRow{"hot_design_pressure", "Pa", 15858.0, 1.0, 1e7,
                   "pressure lost at the design hot flow",
                   "Frontier exchangers, 2.3 psi, ORNL data centre cooling library"},
      ParameterRow{"cold_design_pressure", "Pa", 36542.0, 1.0, 1e7,
                   "pressure lost at the design cold flow",
                   "Frontier exchangers, 5.3 psi, ORNL data centre cooling library"},
      ParameterRow{"hot_share", "1", 1.0, 0.0, 1.0, "share of the hot stage's flow when open",
                   "assumed"},
      ParameterRow{"cold_share", "1", 1.0, 0.0, 1.0, "share of the cold stage's flow when open",
                   "assumed"},
      ParameterRow{"enable_difference", "delta_K", -100.0, -100.0, 50.0,
                   "hot above cold inlet from which the plates open", "assumed (always open)"},
      ParameterRow{"disable_difference", "delta_K", -101.0, -101.0, 50.0,
                   "hot above cold inlet below which the plates close", "assumed (always open)"},
      ParameterRow{"enable_delay", "s", 300.0, 0.0, 86400.0, "time before the plates open",
                   "assumed"},
      ParameterRow{"stage_step", "1", 0.0, 0.0, 1e6,
                   "signal per exchanger of the staging; 0 keeps all open",
                   "assumed (Frontier: 4 tower cells, ORNL data centre cooling library)"},
      ParameterRow{"stage_delay", "s", 300.0, 0.0, 86400.0, "time before the next step of staging",
                   "assumed"},
      ParameterRow{"valve_time", "s", 20.0, 0.5, 600.0, "lag of the valves", "assumed"},
      ParameterRow{"changeover", "s", 30.0, 0.0, 3600.0,
                   "from the loss of an exchanger to the opening of a spare one", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                   "voltage below which the valves do not move, pu", "assumed"},
      ParameterRow{"start_hot_temperature", "K", 295.65, 263.15, 373.15, "hot side at the start",
                   "Frontier hot-water loop, 22.5 degC, ORNL data centre cooling library"},
      ParameterRow{"start_cold_temperature", "K", 297.95, 263.15, 373.15, "cold side at the start",
                   "Frontier tower loop, 24.8 degC, ORNL data centre cooling library"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"hot_outlet_temperature", "K", 295.65, 263.15, 373.15, 1e-3,
               "water that leaves the hot side"},
      StateRow{"cold_outlet_temperature", "K", 297.95, 263.15, 373.15, 1e-3,
               "water that leaves the cold side"},
      StateRow{"open_plates", "1", 4.0, 0.0, 512.0, 1e-3, "exchangers whose valves are open"},
      fouling::state_row};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the valves' feed, pu"},
      InputRow{"hot_flow_per_share", "kg/s", 0.0, 0.0, 2000.0,
               "flow of a unit of the hot stage that is fully open"},
      InputRow{"cold_flow_per_share", "kg/s", 0.0, 0.0, 2000.0,
               "flow of a unit of the cold stage that is fully open"},
      InputRow{"hot_pressure_difference", "Pa", 0.0, 0.0, 6e5,
               "pressure difference over the hot side, as a consumer"},
      InputRow{"cold_pressure_difference", "Pa", 0.0, 0.0, 6e5,
               "pressure difference over the cold side, as a consumer"},
      InputRow{"hot_inlet_temperature", "K", required, 263.15, 373.15, "water to the hot side"},
      InputRow{"cold_inlet_temperature", "K", required, 263.15, 373.15, "water to the cold side"},
      InputRow{"signal", "1", 0.0, 0.0, 512.0, "what the staging follows"}};
  static constexpr std::array outputs{
      OutputRow{"hot_open", "1", "share of the hot stage's flow that the plates take"},
      OutputRow{"cold_open", "1", "share of the cold stage's flow that the plates take"},
      OutputRow{"hot_outlet_temperature", "K", "water that leaves the hot side"},
      OutputRow{"cold_outlet_temperature", "K", "water that leaves the cold side"},
      OutputRow{"plates", "1", "exchangers whose valves are open"},
      OutputRow{"hot_flow", "kg/s", "flow of the hot side"},
      OutputRow{"cold_flow", "kg/s", "flow of the cold side"},
      OutputRow{"hot_enthalpy_flow", "W", "enthalpy flow that leaves the hot side"},
      OutputRow{"cold_enthalpy_flow", "W", "enthalpy flow that leaves the cold side"},
      OutputRow{"heat", "W", "heat from the hot to the cold side"},
      OutputRow{"effectiveness", "1", "heat over the most that the smaller flow could carry"},
      OutputRow{"approach", "delta_K", "hot outlet above cold inlet"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"use", "closed|opening|open", "free cooling: waits, or is in use"},
      ModeRow{"use_timer", "", "instant at which the plates open, ns"},
      ModeRow{"wanted_plates", "", "exchangers that the staging wants open"},
      ModeRow{"available_plates", "", "exchangers that have not failed"},
      ModeRow{"plates_in_use", "", "exchangers that are open or opening"},
      ModeRow{"changeover_timer", "", "instant at which a spare one opens, ns"},
      ModeRow{"valves", "free|stuck", "whether the valves obey"},
      ModeRow{"staging", "steady|waiting", "what the staging waits for"},
      ModeRow{"staging_timer", "", "instant of the next step of staging, ns"}};
  static constexpr std::array guards{
      GuardRow{"worth_while", Severity::information, "the cold side is cold enough to be used"},
      GuardRow{"not_worth_while", Severity::information, "the cold side is too warm to be used"},
      GuardRow{"stage", Severity::information, "the signal asks for another number of plates"},
      voltage_lost_row, voltage_back_row};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"fail_plates", "1", 1.0, 512.0,
               "fault: so many exchangers are lost, open ones first"},
      OrderRow{"repair_plates", "1", 1.0, 512.0, "so many exchangers are available again"},
      fouling::foul_order,
      fouling::clean_order,
      OrderRow{"stick_valve", "1", 0.0, 1.0,
               "fault: the valves stay where they are (1), or are free (0)"}};
  static constexpr std::size_t offered = 5;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    // Full share as soon as one exchanger is open; the flow divides among those that are.
    const V some = clamp(x.open_plates, 0.0, 1.0);
    w.hot_open = some * p.hot_share;
    w.cold_open = some * p.cold_share;
    w.hot_outlet_k = x.hot_k;
    w.cold_outlet_k = x.cold_k;
    w.plates = x.open_plates;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double hot_k = conductance_at(p.design_hot_flow_kg_s, p.hot_design_pressure_pa);
    const double cold_k = conductance_at(p.design_cold_flow_kg_s, p.cold_design_pressure_pa);
    const V open = max(x.open_plates, V(0.0));
    w.hot_flow_kg_s = w.hot_open * u.hot_flow_per_share_kg_s +
                      open * turbulent_flow(hot_k, u.hot_pressure_difference_pa);
    w.cold_flow_kg_s = w.cold_open * u.cold_flow_per_share_kg_s +
                       open * turbulent_flow(cold_k, u.cold_pressure_difference_pa);
    exchange(p, x.fouling, open, u, w);
    rate.fouling = fouling::rate_1_s(p.fouling_limit, p.fouling_time_s, p.water_quality, x.fouling);

    const double hot_cp = p.hot_heat_capacity_j_kg_k;
    const double cold_cp = p.cold_heat_capacity_j_kg_k;
    w.hot_enthalpy_flow_w = w.hot_flow_kg_s * (x.hot_k - enthalpy_reference_k) * hot_cp;
    w.cold_enthalpy_flow_w = w.cold_flow_kg_s * (x.cold_k - enthalpy_reference_k) * cold_cp;
    w.approach_k = x.hot_k - u.cold_inlet_k;
    rate.hot_k = (w.hot_flow_kg_s * (u.hot_inlet_k - x.hot_k) * hot_cp - w.heat_w) /
                 (p.plate_count * p.hot_water_kg * hot_cp);
    rate.cold_k = (w.cold_flow_kg_s * (u.cold_inlet_k - x.cold_k) * cold_cp + w.heat_w) /
                  (p.plate_count * p.cold_water_kg * cold_cp);
    const bool moves = is_live(m.supply) && m.valves == 0;
    rate.open_plates =
        moves ? (V(static_cast<double>(plates(m))) - x.open_plates) / p.valve_time_s : V(0.0);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.available_plates = static_cast<std::int64_t>(p.plate_count);
    const double first = p.stage_step > 0.0 ? p.start_plates : p.plate_count;
    m.wanted_plates = static_cast<std::int64_t>(math::min(first, p.plate_count));
    m.plates_in_use = m.wanted_plates;
    m.use = p.enable_difference_k <= always_k ? 2 : 0;
    x.hot_k = p.start_hot_k;
    x.cold_k = p.start_cold_k;
    x.open_plates = static_cast<double>(plates(m));
    x.fouling = p.fouling;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    const double difference_k = u.hot_inlet_k - u.cold_inlet_k;
    const bool ready = is_running(m.condition);
    guard[0] = ready && m.use == 0 ? difference_k - p.enable_difference_k : -1.0;
    guard[1] = m.use != 0 ? p.disable_difference_k - difference_k : -1.0;
    guard[2] = ready && m.staging == 0 ? staging_distance(p, m, u.signal) : -1.0;
    guard[3] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[4] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>& u, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m, x);
    } else if (happening.kind == Happening::Kind::timer && happening.index == use_timer) {
      if (m.use != 1 || agenda.now_ns() < m.use_timer_ns) return;
      m.use = 2;
      agenda.note(Severity::information, "free cooling in use");
    } else if (happening.kind == Happening::Kind::timer && happening.index == changeover_timer) {
      if (agenda.now_ns() < m.changeover_timer_ns) return;
      m.plates_in_use = machines_in_use(m.wanted_plates, m.available_plates);
    } else if (happening.kind == Happening::Kind::timer) {
      change_stage(agenda, p, m, u.signal);
    } else if (happening.index == 0) {
      m.use = 1;
      m.use_timer_ns = instant_after(agenda, p.enable_delay_s);
      agenda.wake_after(p.enable_delay_s, use_timer);
    } else if (happening.index == 1) {
      if (m.use == 2) agenda.note(Severity::information, "free cooling ended");
      m.use = 0;
    } else if (happening.index == 3) {
      on_voltage_lost(supply_rules(p), agenda, no_timer, m.supply, m.supply_timer_ns);
    } else if (happening.index == 4) {
      on_voltage_back(supply_rules(p), agenda, no_timer, m.supply, m.supply_timer_ns);
    } else {
      wait_for_stage(agenda, p, m);
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const V hot_w =
        w.hot_flow_kg_s * (u.hot_inlet_k - enthalpy_reference_k) * p.hot_heat_capacity_j_kg_k;
    const V cold_w =
        w.cold_flow_kg_s * (u.cold_inlet_k - enthalpy_reference_k) * p.cold_heat_capacity_j_kg_k;
    return hot_w - w.hot_enthalpy_flow_w + cold_w - w.cold_enthalpy_flow_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.hot_k - enthalpy_reference_k) *
               (p.plate_count * p.hot_water_kg * p.hot_heat_capacity_j_kg_k) +
           (x.cold_k - enthalpy_reference_k) *
               (p.plate_count * p.cold_water_kg * p.cold_heat_capacity_j_kg_k);
  }

 private:
  static constexpr int use_timer = 0;
  static constexpr int stage_timer = 1;
  static constexpr int changeover_timer = 2;
  static constexpr int no_timer = -1;  // the valves' drives wait for nothing
  static constexpr double always_k = -100.0;

  static SupplyRules supply_rules(const Parameters& p) { return {p.drop_out_voltage, 0.0, 0.0}; }

  // Heat by the law of one exchanger, times those that are open.
  template <class V>
  static void exchange(const Parameters& p, const V& layer, const V& open, const Inputs<V>& u,
                       Outputs<V>& w) {
    const V divisor = max(open, V(1.0));
    const V hot_kg_s = w.hot_flow_kg_s / divisor;
    const V cold_kg_s = w.cold_flow_kg_s / divisor;
    const V clean_w_k = exchanger::transfer_from_flows_w_k(
        p.transfer_w_k, p.film_ratio, hot_kg_s / p.design_hot_flow_kg_s,
        cold_kg_s / p.design_cold_flow_kg_s, p.flow_exponent, p.flow_exponent);
    const V transfer_w_k = fouling::transfer_w_k(clean_w_k, p.transfer_w_k, layer);
    const V hot_w_k =
        exchanger::capacity_flow_w_k(hot_kg_s, p.hot_heat_capacity_j_kg_k, p.design_hot_flow_kg_s);
    const V cold_w_k = exchanger::capacity_flow_w_k(cold_kg_s, p.cold_heat_capacity_j_kg_k,
                                                    p.design_cold_flow_kg_s);
    const V conductance_w_k =
        exchanger::counterflow_conductance_w_k(transfer_w_k, hot_w_k, cold_w_k);
    w.heat_w = conductance_w_k * (u.hot_inlet_k - u.cold_inlet_k) * divisor *
               exchanger::flow_presence(hot_kg_s, p.design_hot_flow_kg_s) *
               exchanger::flow_presence(cold_kg_s, p.design_cold_flow_kg_s);
    w.effectiveness = conductance_w_k / min(hot_w_k, cold_w_k);
  }

  // Exchangers that shall be open.
  static std::int64_t plates(const Modes& m) {
    return is_running(m.condition) && m.use == 2 ? m.plates_in_use : 0;
  }

  // Positive when the signal asks for more plates, or clearly for fewer, than are wanted now.
  static double staging_distance(const Parameters& p, const Modes& m, double signal) {
    if (p.stage_step <= 0.0) return -1.0;
    // A little early: a signal that settles at the limit through a lag never quite arrives.
    const double steps = signal / p.stage_step + 0.02;
    const double wanted = static_cast<double>(m.wanted_plates);
    const double more = wanted < p.plate_count ? steps - wanted : -1.0;
    const double fewer = wanted > 1.0 ? wanted - 1.0 - 0.2 - steps : -1.0;
    return max(more, fewer);
  }

  static void wait_for_stage(Agenda& agenda, const Parameters& p, Modes& m) {
    m.staging = 1;
    m.staging_timer_ns = instant_after(agenda, p.stage_delay_s);
    agenda.wake_after(p.stage_delay_s, stage_timer);
  }

  static void change_stage(Agenda& agenda, const Parameters& p, Modes& m, double signal) {
    if (m.staging != 1 || agenda.now_ns() < m.staging_timer_ns) return;
    m.staging = 0;
    // Given up when the signal has come back to what is open now.
    if (staging_distance(p, m, signal) < -0.01) return;
    m.wanted_plates += signal / p.stage_step + 0.5 > static_cast<double>(m.wanted_plates) ? 1 : -1;
    m.plates_in_use = machines_in_use(m.wanted_plates, m.available_plates);
  }

  // A spare exchanger takes over when there is one.
  static void change_over(Agenda& agenda, const Parameters& p, Modes& m) {
    if (m.plates_in_use >= machines_in_use(m.wanted_plates, m.available_plates)) return;
    m.changeover_timer_ns = instant_after(agenda, p.changeover_s);
    agenda.wake_after(p.changeover_s, changeover_timer);
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m,
                   States<double>& x) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    const auto all = static_cast<std::int64_t>(p.plate_count);
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      lose_machines(count, m.available_plates, m.plates_in_use);
      agenda.note(Severity::warning, "exchangers lost");
      change_over(agenda, p, m);
    } else if (order.index == 5) {
      m.available_plates = m.available_plates + count < all ? m.available_plates + count : all;
      change_over(agenda, p, m);
    } else if (order.index == 8) {
      m.valves = order.value >= 0.5 ? 1 : 0;
    } else {
      x.fouling = order.index == 6 ? x.fouling + order.value : 0.0;
    }
  }
};

}  // namespace ampacity
