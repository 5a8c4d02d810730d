// SPDX-License-Identifier: Apache-2.0
#pragma once

// Battery system: cells, inverter, limits, ageing, and its own control.
//
// All cells are equal and share current equally. N = rated_energy/(cell capacity * nominal voltage)
// cells (a real number) of capacity Q carry the current I each, positive out of the cell:
//
//   U = OCV(s) - V1 - V2,   V = U - I R0,          ds/dt = -I/Q
//   C1 dV1/dt = I - V1/R1,  C2 dV2/dt = I - V2/R2  (C constant, R with temperature and charge)
//   C_th dT/dt = I^2 R0 + V1^2/R1 + V2^2/R2 - h (T - T_coolant)
//
// The inverter controls the current with a first-order lag and loses, with p the direct power over
// rated power,
//
//   P_dc = N V I,  loss = rated (a + b |p| + c p^2),  P_ac = P_dc - loss
//
// Both are inverted in closed form (two quadratics) to find the current that an alternating power
// asks for. The current is then held within what C-rate, cell voltage, charge and temperature
// allow; towards empty, full, hot and cold the limits go to zero over a band, not at an edge. The
// inverter's own current is limited at once and without lag, so that in a sag its power falls with
// the voltage:
//
//   |P_ac| <= min(rated, i_max V rated)
//
// Climate control keeps the coolant at its set-point, or, in air so hot that it no longer can, a
// fixed distance from the dry bulb (below it for a refrigerating machine). It takes Q/COP of
// electricity for the heat Q that the cells give, and the heat itself when they need warming:
//
//   T_coolant = max(T_set, T_dry + approach),   P_climate = Q+/COP + Q-
//
// Control, by mode:
//   off           no power asked for
//   set_point     gives the ordered power (input and order add up)
//   peak_shaving  keeps the import at or below the limit
//   smoothing     lets the import follow the load through a lag with a ramp limit, below the limit
//
// Peak shaving and smoothing read the meter of the whole feeder, which averages over
// `meter_interval` and contains the battery's own power. The battery averages its own power in the
// same way and adds the two: load = measured + own, exactly the average of the load, whatever the
// battery does. There is no loop around the meter that could oscillate.
//
//   d(target)/dt = clamp((load - target)/smoothing_time, +-ramp_limit) + (asked -
//   given)/windup_time import = min(target + restoring, limit),  restoring = clamp(gain rated
//   (s_target - s), +-most) asked = load - import
//
// The second term of the target is the anti-windup: while the battery cannot give what it is asked
// for, the target follows what really happens, so that nothing has to be caught up later. The
// restoring term brings the charge back, slowly, from where a run of steps in one direction left
// it.
//
// Ageing: battery_cell.hpp. The losses are counted during a run; the capacity that the run works
// with is the one at its start (a run lasts days, the loss per day is some 1e-5), so that stored
// energy is a function of charge alone. Outside of the law's range (10 to 45 degC, 0.65 C of
// charging, 1 C of discharging) it is extrapolated, and a mode and a note say so once a run.
//
// Energy: stored = N (Q integral of OCV + C1 V1^2/2 + C2 V2^2/2 + C_th T). The entropic heat is
// left out (small for LFP). Losses and the power of the auxiliaries leave as heat.

#include "twin/components/battery_cell.hpp"
#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"

namespace ampacity {

struct Battery {
  static constexpr const char* name = "battery";
  static constexpr const char* summary = "battery system with inverter, limits, ageing and control";

  struct Parameters {
    double rated_power_w;
    double rated_energy_j;
    double series_cells;
    double cell_capacity_c;
    double nominal_cell_v;
    double resistance_ohm;
    double resistance_1_ohm;
    double time_1_s;
    double resistance_2_ohm;
    double time_2_s;
    double resistance_rise;
    double activation_j_per_mol;
    double cell_heat_capacity_j_per_k;
    double cell_cooling_w_per_k;
    double minimum_soc;
    double maximum_soc;
    double soc_band;
    double minimum_cell_v;
    double maximum_cell_v;
    double discharge_rate_per_s;
    double charge_rate_per_s;
    double hot_limit_k;
    double cold_limit_k;
    double temperature_band_k;
    double inverter_time_s;
    double inverter_loss_constant;
    double inverter_loss_linear;
    double inverter_loss_quadratic;
    double current_limit;
    double auxiliary_fraction;
    double coolant_set_point_k;
    double coolant_approach_k;
    double climate_cop;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
    double control;
    double meter_interval_s;
    double smoothing_time_s;
    double ramp_limit_w_per_s;
    double soc_target;
    double restoring_gain;
    double restoring_limit;
    double windup_time_s;
    double initial_soc;
    double calendar_loss;
    double cycle_loss;
    double cycle_depth;
    double room_fraction;
    Curve open_circuit_voltage;
  };
  template <class V>
  struct States {
    V soc;
    V polarisation_1_v;
    V polarisation_2_v;
    V temperature_k;
    V current_a;
    V own_average_w;
    V import_target_w;
    V calendar_age_s;
    V cycle_age;
    V full_cycles;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V dry_bulb_k;
    V measured_w;
    V set_point_w;
    V import_limit_w;
  };
  template <class V>
  struct Outputs {
    V power_w;
    V delivered_w;
    V pack_v;
    V pack_a;
    V stored_w;
    V loss_w;
    V heat_to_room_w;
    V heat_to_outdoors_w;
    V discharge_limit_w;
    V charge_limit_w;
    V capacity_left;
    V climate_w;
    V coolant_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t control;
    std::int64_t set_point_millionths;
    std::int64_t import_limit_millionths;
    std::int64_t charge;
    std::int64_t hot;
    std::int64_t ageing;
  };
  enum class Control : std::int64_t { off, set_point, peak_shaving, smoothing };
  enum class Charge : std::int64_t { normal, empty, full };

  static constexpr const char* generic_cell =
      "generic 100 Ah cell of PyBaMM's example (BSD-3), scaled to 250 Ah";
  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", 10e6, 100.0, 1e10, "power of the inverter", "assumed (1 C)"},
      ParameterRow{"rated_energy", "J", 36e9, 1e4, 1e14, "energy of the new cells", "assumed"},
      ParameterRow{"series_cells", "1", 400.0, 1.0, 2000.0, "cells in one string", "assumed"},
      ParameterRow{"cell_capacity", "A s", 9e5, 100.0, 1e8, "charge of a new cell",
                   "250 Ah prismatic LFP cell (doi 10.1016/j.est.2023.109042)"},
      ParameterRow{"nominal_cell_voltage", "V", 3.2, 1.0, 5.0, "energy over charge of a cell",
                   "assumed"},
      ParameterRow{"resistance", "ohm", 1.6e-4, 1e-9, 1.0, "resistance at 25 degC, half charge",
                   generic_cell},
      ParameterRow{"resistance_1", "ohm", 2.4e-4, 1e-12, 1.0, "resistance of the first RC pair",
                   generic_cell},
      ParameterRow{"time_1", "s", 30.0, 0.1, 1e4, "time constant of the first RC pair at 25 degC",
                   generic_cell},
      ParameterRow{"resistance_2", "ohm", 5e-5, 1e-12, 1.0, "resistance of the second RC pair",
                   "assumed"},
      ParameterRow{"time_2", "s", 600.0, 0.1, 1e5, "time constant of the second RC pair at 25 degC",
                   "assumed"},
      ParameterRow{"resistance_rise", "1", 0.2, 0.0, 5.0,
                   "rise of the resistances from half charge to either end", generic_cell},
      ParameterRow{"activation_energy", "J/mol", 20e3, 0.0, 1e5,
                   "temperature dependence of the resistances", generic_cell},
      ParameterRow{"cell_heat_capacity", "J/K", 4500.0, 1.0, 1e6, "heat capacity of a cell",
                   "assumed"},
      ParameterRow{"cell_cooling", "W/K", 2.0, 0.0, 1e4, "heat flow from a cell to the coolant",
                   "assumed"},
      ParameterRow{"minimum_charge", "1", 0.05, 0.0, 0.9, "state of charge that counts as empty",
                   "assumed"},
      ParameterRow{"maximum_charge", "1", 0.95, 0.1, 1.0, "state of charge that counts as full",
                   "assumed"},
      ParameterRow{"charge_band", "1", 0.03, 1e-3, 0.2,
                   "band over which a power limit goes to zero", "assumed"},
      ParameterRow{"minimum_cell_voltage", "V", 2.5, 0.5, 4.0, "lowest cell voltage", "assumed"},
      ParameterRow{"maximum_cell_voltage", "V", 3.65, 2.0, 5.0, "highest cell voltage", "assumed"},
      ParameterRow{"discharge_rate", "1/s", 1.0 / 3600.0, 1e-6, 1.0,
                   "highest discharge current over capacity",
                   "assumed (1 C, to which the ageing law holds)"},
      ParameterRow{"charge_rate", "1/s", 0.65 / 3600.0, 1e-6, 1.0,
                   "highest charging current over capacity",
                   "assumed (0.65 C, to which the ageing law holds)"},
      ParameterRow{"hot_limit", "K", 328.15, 303.15, 353.15, "no power at this temperature",
                   "assumed"},
      ParameterRow{"cold_limit", "K", 273.15, 233.15, 293.15, "no charging at this temperature",
                   "assumed"},
      ParameterRow{"temperature_band", "delta_K", 10.0, 0.1, 40.0,
                   "band over which a power limit goes to zero", "assumed"},
      ParameterRow{"inverter_time", "s", 0.05, 1e-3, 10.0, "lag of the inverter",
                   "assumed (range 20 to 100 ms)"},
      ParameterRow{"inverter_loss_constant", "1", 0.002, 0.0, 0.05, "inverter loss without power",
                   "assumed"},
      ParameterRow{"inverter_loss_linear", "1", 0.008, 0.0, 0.05, "loss that grows with power",
                   "assumed"},
      ParameterRow{"inverter_loss_quadratic", "1", 0.007, 0.0, 0.05,
                   "loss that grows with power squared", "assumed"},
      ParameterRow{"current_limit", "1", 1.1, 1.0, 5.0,
                   "highest current of the inverter over that at rated power and voltage",
                   "assumed (1.1 to 1.2)"},
      ParameterRow{"auxiliary_fraction", "1", 0.001, 0.0, 0.1,
                   "power of controls and coolant pumps over rated power", "assumed"},
      ParameterRow{"coolant_set_point", "K", 298.15, 273.15, 318.15,
                   "coolant of the cells that climate control keeps", "assumed"},
      ParameterRow{"coolant_approach", "delta_K", -10.0, -40.0, 40.0,
                   "coolant above dry bulb that it can always keep; below 0: refrigeration",
                   "assumed"},
      ParameterRow{"climate_cop", "1", 3.0, 0.5, 20.0, "heat out of the coolant over electricity",
                   "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.5, 0.0, 1.0, "the inverter stops below this, pu",
                   "assumed"},
      ParameterRow{"hold_up", "s", 0.15, 0.0, 10.0, "low voltage that is ridden through",
                   "assumed (0.15 s at 0.5 pu is asked of loads by SPP)"},
      ParameterRow{"restart_delay", "s", 5.0, 0.0, 3600.0, "from the return of voltage to power",
                   "assumed"},
      ParameterRow{"control", "1", 1.0, 0.0, 3.0, "0 off, 1 set-point, 2 peak shaving, 3 smoothing",
                   "assumed"},
      ParameterRow{"meter_interval", "s", 1.0, 0.02, 3600.0,
                   "averaging time of the meter that is followed", "assumed"},
      ParameterRow{"smoothing_time", "s", 30.0, 0.1, 1e5, "lag of the smoothed import", "assumed"},
      ParameterRow{"ramp_limit", "W/s", 20e6 / 60.0, 1.0, 1e12, "fastest change of the import",
                   "20 MW/min: Southern Company (CIGRE US GOTF 2025)"},
      ParameterRow{"charge_target", "1", 0.5, 0.0, 1.0, "state of charge that is restored",
                   "assumed"},
      ParameterRow{"restoring_gain", "1", 3.0, 0.0, 100.0,
                   "restoring power over rated power per deviation of charge", "assumed"},
      ParameterRow{"restoring_limit", "1", 0.2, 0.0, 1.0, "highest restoring over rated power",
                   "assumed"},
      ParameterRow{"windup_time", "s", 5.0, 0.05, 1e4, "anti-windup of the smoothed import",
                   "assumed"},
      ParameterRow{"initial_charge", "1", 0.5, 0.0, 1.0, "state of charge at the start", "assumed"},
      ParameterRow{"calendar_loss", "1", 0.0, 0.0, 0.5, "capacity lost by age before the start",
                   "assumed (new)"},
      ParameterRow{"cycle_loss", "1", 0.0, 0.0, 0.5, "capacity lost by use before the start",
                   "assumed (new)"},
      ParameterRow{"cycle_depth", "1", 1.0, 0.8, 1.0,
                   "depth of cycles in the ageing law, not counted from the run",
                   "assumed (upper end; the lower end of the data ages 2 % less at C/2)"},
      ParameterRow{"room_fraction", "1", 0.0, 0.0, 1.0, "share of the heat that heats a room",
                   "assumed (containers outdoors)"}};
  static constexpr std::array curves{
      CurveRow{"open_circuit_voltage", "1", "V", lfp_ocv_name,
               "voltage of a resting cell over its state of charge",
               "computed from half-cell fits: LFP Afshar 2017, graphite Chen 2020, window Prada "
               "2013",
               0.5, 6.0}};
  static constexpr std::array states{
      StateRow{"charge", "1", 0.5, 0.0, 1.0, 1e-8, "state of charge", true},
      StateRow{"polarisation_1", "V", 0.0, -0.2, 0.2, 1e-6, "voltage of the first RC pair", true},
      StateRow{"polarisation_2", "V", 0.0, -0.1, 0.1, 1e-6, "voltage of the second RC pair", true},
      StateRow{"temperature", "K", 298.15, 263.15, 333.15, 1e-4, "cell temperature"},
      StateRow{"current", "A", 0.0, -1000.0, 1000.0, 1e-4, "current of a cell, out positive"},
      StateRow{"own_average", "W", 0.0, -1e8, 1e8, 1.0, "averaged power of the battery"},
      StateRow{"import_target", "W", 0.0, -1e9, 1e9, 1.0, "smoothed import"},
      StateRow{"calendar_age", "s", 0.0, 0.0, 1e9, 1.0, "age under reference conditions", true},
      StateRow{"cycle_age", "1", 0.0, 0.0, 1e5, 1e-6, "full cycles under reference conditions",
               true},
      StateRow{"full_cycles", "1", 0.0, 0.0, 1e5, 1e-6, "equivalent full cycles of this run",
               true}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the bus, pu"},
      InputRow{"dry_bulb", "K", 298.15, 243.15, 328.15, "outdoor air temperature"},
      InputRow{"measured_power", "W", 0.0, -1e9, 1e9,
               "averaged power of the meter that is followed"},
      InputRow{"set_point", "W", 0.0, -1e8, 1e8, "power that the battery is asked to give"},
      InputRow{"import_limit", "W", 1e12, 0.0, 1e12,
               "highest import in peak shaving and smoothing"}};
  static constexpr std::array outputs{
      OutputRow{"power", "W", "power drawn from the bus, negative when discharging"},
      OutputRow{"delivered_power", "W", "power that the inverter gives, negative when charging"},
      OutputRow{"voltage", "V", "voltage of a string"},
      OutputRow{"current", "A", "current of all strings, out positive"},
      OutputRow{"stored_power", "W", "flow into the charge of the cells, negative out of it",
                Account::use_storage},
      OutputRow{"loss", "W", "loss of cells and inverter, and auxiliaries", Account::use_loss},
      OutputRow{"heat_to_room", "W", "part of the heat that heats a room"},
      OutputRow{"heat_to_outdoors", "W", "part of the heat that leaves the site",
                Account::leaves_loss},
      OutputRow{"discharge_limit", "W", "power that the battery could give now"},
      OutputRow{"charge_limit", "W", "power that the battery could take now"},
      OutputRow{"capacity_left", "1", "remaining part of the capacity when new"},
      OutputRow{"climate_power", "W", "power that cools or warms the coolant"},
      OutputRow{"coolant_temperature", "K", "coolant of the cells"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"control", "off|set_point|peak_shaving|smoothing", "what the battery does"},
      ModeRow{"ordered_power", "", "ordered power, millionths of a watt"},
      ModeRow{"ordered_import_limit", "", "ordered import limit, millionths of a watt"},
      ModeRow{"charge", "normal|empty|full", "end of the usable charge"},
      ModeRow{"hot", "no|yes", "temperature above its limit"},
      ModeRow{"ageing", "inside|has_left", "this run against the range of the ageing law"}};
  static constexpr std::array guards{
      voltage_lost_row,
      voltage_back_row,
      GuardRow{"empty", Severity::limit, "no usable charge left"},
      GuardRow{"full", Severity::limit, "no room for charge left"},
      GuardRow{"charge_normal", Severity::information, "charge is within its band again"},
      GuardRow{"too_hot", Severity::limit, "cells at their temperature limit: no power"},
      GuardRow{"hot_over", Severity::information, "cells are 5 K below their limit"},
      GuardRow{"outside_ageing_law", Severity::warning,
               "temperature or current left the range of the ageing law: extrapolated"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"control", "1", 0.0, 3.0, "0 off, 1 set-point, 2 peak shaving, 3 smoothing"},
      OrderRow{"set_point", "W", -1e12, 1e12, "power to give; below 0 to take"},
      OrderRow{"import_limit", "W", 0.0, 1e12, "highest import in peak shaving and smoothing"}};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 2;
  static constexpr int supply_timer = 0;

  // Number of cells.
  static double cells(const Parameters& p) {
    return p.rated_energy_j / (p.cell_capacity_c * p.nominal_cell_v);
  }
  // Charge that a cell holds during the run, C.
  static double capacity_c(const Parameters& p) {
    return p.cell_capacity_c * (1.0 - p.calendar_loss - p.cycle_loss);
  }

  template <class V>
  static void offer(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    const Cell<V> cell = cell_at(p, x);
    w.delivered_w = alternating_w(p, m, direct_w(p, cell, flowing_a(p, cell, x, u)));
    w.power_w = auxiliary_w(p, m) + climate_w(p, cooling_w(p, m, x, u)) - w.delivered_w;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const Cell<V> cell = cell_at(p, x);
    const double count = cells(p);
    const V resistance_1_ohm = cell.factor * p.resistance_1_ohm;
    const V resistance_2_ohm = cell.factor * p.resistance_2_ohm;
    const V drop_1_a = x.polarisation_1_v / resistance_1_ohm;
    const V drop_2_a = x.polarisation_2_v / resistance_2_ohm;
    const V current_a = flowing_a(p, cell, x, u);
    const V cell_heat_w = square(current_a) * cell.resistance_ohm + x.polarisation_1_v * drop_1_a +
                          x.polarisation_2_v * drop_2_a;
    const V cooled_w = cooling_w(p, m, x, u);
    w.climate_w = climate_w(p, cooled_w);
    w.coolant_k = coolant_k(p, u);

    rate.soc = -current_a / capacity_c(p);
    rate.polarisation_1_v = (current_a - drop_1_a) * (p.resistance_1_ohm / p.time_1_s);
    rate.polarisation_2_v = (current_a - drop_2_a) * (p.resistance_2_ohm / p.time_2_s);
    rate.temperature_k = (cell_heat_w - cooled_w / count) / p.cell_heat_capacity_j_per_k;
    rate.own_average_w = (w.delivered_w - x.own_average_w) / p.meter_interval_s;
    set_ageing(p, x, current_a, rate);

    const V own_w = w.climate_w + auxiliary_w(p, m);
    const V inverter_loss_w = direct_w(p, cell, current_a) - w.delivered_w;
    const V heat_w = cooled_w + inverter_loss_w + own_w;
    w.stored_w =
        (current_a * cell.rest_v + x.polarisation_1_v * drop_1_a + x.polarisation_2_v * drop_2_a) *
        -count;
    w.loss_w = cell_heat_w * count + inverter_loss_w + own_w;
    w.heat_to_room_w = heat_w * p.room_fraction;
    w.heat_to_outdoors_w = heat_w * (1.0 - p.room_fraction);
    w.pack_v = (cell.rest_v - current_a * cell.resistance_ohm) * p.series_cells;
    w.pack_a = current_a * (count / p.series_cells);
    w.capacity_left =
        1.0 - lfp_ageing::calendar_loss(x.calendar_age_s) - lfp_ageing::cycle_loss(x.cycle_age);
    set_control(p, m, x, u, cell, w, rate);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.control = static_cast<std::int64_t>(p.control + 0.5);
    m.import_limit_millionths = to_millionths(1e12);
    x.soc = p.initial_soc;
    x.calendar_age_s = lfp_ageing::calendar_age_s(p.calendar_loss);
    x.cycle_age = lfp_ageing::cycle_age(p.cycle_loss);
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    const bool normal = m.charge == static_cast<std::int64_t>(Charge::normal);
    const bool empty = m.charge == static_cast<std::int64_t>(Charge::empty);
    const double near = 0.1 * p.soc_band;
    const double above = x.soc - p.minimum_soc;
    const double below = p.maximum_soc - x.soc;
    guard[0] = voltage_lost_guard(rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(rules(p), m.supply, u.voltage);
    guard[2] = normal ? (near - above) / p.soc_band : -1.0;
    guard[3] = normal ? (near - below) / p.soc_band : -1.0;
    guard[4] = normal ? -1.0 : (empty ? above : below) / p.soc_band - 1.0;
    guard[5] = m.hot == 0 ? (x.temperature_k - p.hot_limit_k + 0.5) / 10.0 : -1.0;
    guard[6] = m.hot != 0 ? (p.hot_limit_k - 5.0 - x.temperature_k) / 10.0 : -1.0;
    const double c_rate = x.current_a * 3600.0 / capacity_c(p);
    guard[7] = m.ageing == 0 ? lfp_ageing::distance_outside(x.temperature_k, c_rate) : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      on_order(happening, agenda, m);
    } else if (happening.kind == Happening::Kind::timer) {
      const SupplyChange change = on_supply_timer(agenda, m.supply, m.supply_timer_ns);
      if (change == SupplyChange::stopped) agenda.note(Severity::warning, "inverter stopped");
      if (change == SupplyChange::started) agenda.note(Severity::information, "inverter runs");
    } else if (happening.index == 0) {
      on_voltage_lost(rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns);
    } else if (happening.index == 1) {
      on_voltage_back(rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns);
    } else if (happening.index <= 4) {
      constexpr std::array next{Charge::empty, Charge::full, Charge::normal};
      m.charge = static_cast<std::int64_t>(next[static_cast<std::size_t>(happening.index) - 2]);
    } else if (happening.index == 7) {
      m.ageing = 1;
    } else {
      m.hot = happening.index == 5 ? 1 : 0;
    }
    if (on(m) == 0.0) x.current_a = 0.0;
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.power_w - w.heat_to_room_w - w.heat_to_outdoors_w;
  }

  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    const V chemical_j = integral(p.open_circuit_voltage, x.soc) * capacity_c(p);
    const V pairs_j = square(x.polarisation_1_v) * (0.5 * p.time_1_s / p.resistance_1_ohm) +
                      square(x.polarisation_2_v) * (0.5 * p.time_2_s / p.resistance_2_ohm);
    return (chemical_j + pairs_j + x.temperature_k * p.cell_heat_capacity_j_per_k) * cells(p);
  }

 private:
  // What the electric side needs to know of a cell.
  template <class V>
  struct Cell {
    V factor;          // of all resistances
    V resistance_ohm;  // in series
    V rest_v;          // voltage without current
  };

  template <class V>
  static Cell<V> cell_at(const Parameters& p, const States<V>& x) {
    const V factor =
        resistance_factor(x.soc, x.temperature_k, p.resistance_rise, p.activation_j_per_mol);
    return {factor, factor * p.resistance_ohm,
            p.open_circuit_voltage(x.soc) - x.polarisation_1_v - x.polarisation_2_v};
  }

  static SupplyRules rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static double on(const Modes& m) {
    return is_running(m.condition) && is_powered(m.supply) ? 1.0 : 0.0;
  }

  // Highest alternating power at the present voltage, W.
  template <class V>
  static V ceiling_w(const Parameters& p, const Inputs<V>& u) {
    return min(V(p.rated_power_w), u.voltage * (p.current_limit * p.rated_power_w));
  }
  // Current of a cell, A: what its lag has reached, within the inverter's own limit.
  template <class V>
  static V flowing_a(const Parameters& p, const Cell<V>& cell, const States<V>& x,
                     const Inputs<V>& u) {
    const V most_w = ceiling_w(p, u);
    return min(max(x.current_a, current_for(p, cell, -most_w)), current_for(p, cell, most_w));
  }

  static double auxiliary_w(const Parameters& p, const Modes& m) {
    return p.auxiliary_fraction * p.rated_power_w * on(m);
  }
  template <class V>
  static V coolant_k(const Parameters& p, const Inputs<V>& u) {
    return max(u.dry_bulb_k + p.coolant_approach_k, V(p.coolant_set_point_k));
  }
  // Heat from all cells to the coolant, W; without voltage it stands still.
  template <class V>
  static V cooling_w(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u) {
    if (!is_powered(m.supply)) return V(0.0);
    return (x.temperature_k - coolant_k(p, u)) * (p.cell_cooling_w_per_k * cells(p));
  }
  template <class V>
  static V climate_w(const Parameters& p, const V& cooled_w) {
    return max(cooled_w, V(0.0)) / p.climate_cop + max(-cooled_w, V(0.0));
  }

  // Direct power of all cells at a current, W.
  template <class V>
  static V direct_w(const Parameters& p, const Cell<V>& cell, const V& current_a) {
    return (cell.rest_v - current_a * cell.resistance_ohm) * current_a * cells(p);
  }

  // Alternating power that the inverter gives at a direct power, W.
  template <class V>
  static V alternating_w(const Parameters& p, const Modes& m, const V& direct) {
    const V part = direct / p.rated_power_w;
    return direct - ((part * p.inverter_loss_quadratic) * part +
                     abs(part) * p.inverter_loss_linear + p.inverter_loss_constant * on(m)) *
                        p.rated_power_w;
  }

  // The current at which the inverter would give `asked` (W).
  template <class V>
  static V current_for(const Parameters& p, const Cell<V>& cell, const V& asked) {
    const V need = asked / p.rated_power_w + p.inverter_loss_constant;
    const V gain = select(value_of(need) < 0.0, V(1.0 + p.inverter_loss_linear),
                          V(1.0 - p.inverter_loss_linear));
    const V root = sqrt(max(square(gain) - need * (4.0 * p.inverter_loss_quadratic), V(1e-3)));
    const V cell_w = need * 2.0 / (gain + root) * (p.rated_power_w / cells(p));
    const V rest_v = max(cell.rest_v, V(0.1));
    const V reach = max(square(rest_v) - cell_w * cell.resistance_ohm * 4.0, square(rest_v) * 0.01);
    return cell_w * 2.0 / (rest_v + sqrt(reach));
  }

  // Highest currents of a cell in both directions, A, both 0 or more.
  template <class V>
  struct CurrentLimits {
    V discharge_a;
    V charge_a;
  };

  template <class V>
  static CurrentLimits<V> current_limits(const Parameters& p, const States<V>& x,
                                         const Cell<V>& cell) {
    const double capacity = capacity_c(p);
    const V hot = clamp((p.hot_limit_k - x.temperature_k) / p.temperature_band_k, 0.0, 1.0);
    const V cold = clamp((x.temperature_k - p.cold_limit_k) / p.temperature_band_k, 0.0, 1.0);
    const V low = clamp((x.soc - p.minimum_soc) / p.soc_band, 0.0, 1.0);
    const V high = clamp((p.maximum_soc - x.soc) / p.soc_band, 0.0, 1.0);
    const V by_low_voltage = max((cell.rest_v - p.minimum_cell_v) / cell.resistance_ohm, V(0.0));
    const V by_high_voltage = max((p.maximum_cell_v - cell.rest_v) / cell.resistance_ohm, V(0.0));
    return {min(V(p.discharge_rate_per_s * capacity), by_low_voltage) * hot * low,
            min(V(p.charge_rate_per_s * capacity), by_high_voltage) * hot * cold * high};
  }

  template <class V>
  static void set_ageing(const Parameters& p, const States<V>& x, const V& current_a,
                         States<V>& rate) {
    const V per_s = abs(current_a) / capacity_c(p);
    rate.full_cycles = per_s * 0.5;
    rate.calendar_age_s = lfp_ageing::calendar_pace(x.temperature_k, x.soc);
    rate.cycle_age =
        rate.full_cycles * lfp_ageing::cycle_pace(x.temperature_k, p.cycle_depth, per_s * 3600.0);
  }

  // What control asks for, what the limits leave of it, and the rates that follow.
  template <class V>
  static void set_control(const Parameters& p, const Modes& m, const States<V>& x,
                          const Inputs<V>& u, const Cell<V>& cell, Outputs<V>& w, States<V>& rate) {
    const auto limits = current_limits(p, x, cell);
    const V rated = ceiling_w(p, u);
    w.discharge_limit_w =
        max(min(alternating_w(p, m, direct_w(p, cell, limits.discharge_a)), rated), V(0.0)) * on(m);
    w.charge_limit_w =
        min(-alternating_w(p, m, direct_w(p, cell, -limits.charge_a)), rated) * on(m);

    const V load_w = u.measured_w + x.own_average_w;
    const V asked_w = asked_power(p, m, x, u, load_w);
    const V held_w = min(max(asked_w, -rated), rated);
    const V target_a = min(max(current_for(p, cell, held_w), -limits.charge_a), limits.discharge_a);
    rate.current_a = (target_a * on(m) - x.current_a) / p.inverter_time_s;

    const V given_w = alternating_w(p, m, direct_w(p, cell, target_a)) * on(m);
    const bool smooths = m.control == static_cast<std::int64_t>(Control::smoothing);
    const V follow = (load_w - x.import_target_w) / p.smoothing_time_s;
    rate.import_target_w =
        smooths ? min(max(follow, V(-p.ramp_limit_w_per_s)), V(p.ramp_limit_w_per_s)) +
                      (asked_w - given_w) / p.windup_time_s
                : follow;
  }

  template <class V>
  static V asked_power(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                       const V& load_w) {
    const double most_w = p.restoring_limit * p.rated_power_w;
    const V restoring_w =
        clamp((p.soc_target - x.soc) * (p.restoring_gain * p.rated_power_w), -most_w, most_w);
    const V limit_w = min(u.import_limit_w, V(from_millionths(m.import_limit_millionths)));
    switch (static_cast<Control>(m.control)) {
      case Control::set_point:
        return u.set_point_w + from_millionths(m.set_point_millionths);
      case Control::peak_shaving:
        return load_w - min(load_w + restoring_w, limit_w);
      case Control::smoothing:
        return load_w - min(x.import_target_w + restoring_w, limit_w);
      default:
        return V(0.0);
    }
  }

  static void on_order(const Happening& happening, Agenda& agenda, Modes& m) {
    if (happening.index < 4) {
      follow_condition_order(happening.index, agenda, m.condition);
    } else if (happening.index == 4) {
      m.control = static_cast<std::int64_t>(happening.value + 0.5);
    } else if (happening.index == 5) {
      m.set_point_millionths = to_millionths(happening.value);
    } else {
      m.import_limit_millionths = to_millionths(happening.value);
    }
  }
};

}  // namespace ampacity
