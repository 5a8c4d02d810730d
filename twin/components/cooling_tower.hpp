// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cooling tower: a group of equal cells over a common basin.
//
//   hot water --> cells: fill and air (merkel.hpp) --> basin --> cold water
//                          ^ fans                        ^ make-up, heater
//
// All open cells carry the same water and run their fans at the same speed n (a drive each, one
// command). Air follows the speed; a stopped fan leaves a natural draught, so the air ratio is
//   x = f + (n - f)+,   f = 0.1 (free convection), (.)+ smoothed over 0.01.
// The basin is well mixed:
//
//   M cp dY/dt = m cp (T_in - T) - Q(m, x, ...) - G_b (T - T_dry) + P_heater
//
// The state is the basin's heat, as the temperature Y that it would have if water did not freeze;
// what lies below 0 degC is ice (latent heat L = 334 kJ/kg) that floats in water of 0 degC:
//
//   T = max(Y, 0 degC),   ice share = cp (0 degC - Y)+/L
//
// A basin with more ice than `ice_limit` has its outlet blocked: no water passes until it is
// molten.
//
// Q is the heat out of the water by Merkel's method for the number of cells that are open. Cells
// open and close with their isolation valves: c follows the number in use with the valves' lag;
// valves without voltage, and stuck ones, keep their place. A fault takes cells that are in use; a
// spare one opens after the changeover time.
//
// Control. Leaving water is held at wet bulb + approach (not below a minimum), or at a fixed
// set-point, by one PI (pi_control.hpp) for all fans between a minimum speed and 1, with the lag
// and ramp of the drives, and fans that stop when even the minimum speed cools too much. Cells are
// staged on the speed command: more cells at lower speed need less power (speed cubed).
//
//   e = T - T_set,   dn/dt = clamp((command - n)/T_n, +-ramp)
//
// Fan power of a cell: P_0 (0.02 + 0.98 n^3), the first term only while the drive runs, and what
// changes the kinetic energy of the fans (rotor.hpp); it leaves with the air. The group has one
// feeder; cells on two boards are two units of a stage. The basin's heater holds a frost
// temperature.
//
// Water. Evaporation is what the air takes up; blowdown keeps the salt at CoC times that of the
// make-up: evaporation/(CoC - 1), of which drift is a part; make-up replaces all at the basin's
// temperature (Merkel's own simplification: water flow is constant).
//
// Frost: when the basin falls to the frost limit, fans stop and the water by-passes the cells (none
// open); they open again when the water that returns is warm. Without voltage the fans coast down
// on their kinetic energy and the water falls on through the natural draught.
//
// Ports: a unit of a loop's stage (open, flow per share, inlet temperature, enthalpy flow).
// Defaults: cells of Frontier (16 cells, 62.9 kg/s and 37.3 kW each, ORNL data centre cooling
// library); the air flow follows from a usual ratio of water to air, the design temperatures are
// those of EnergyPlus (both assumed). With them a cell at Frontier's nominal 500 kg/s over 11 cells
// and 4.7 K of range keeps within 0.15 K of that library's own correlation of the approach (tested
// between 3 and 13 degC wet bulb).

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/merkel.hpp"
#include "twin/components/pi_control.hpp"
#include "twin/components/rotor.hpp"
#include "twin/components/staging.hpp"

namespace ampacity {

struct CoolingTower {
  static constexpr const char* name = "cooling_tower";
  static constexpr const char* summary = "cooling-tower cells over a basin, with fans and staging";

  struct Parameters {
    double cell_count;
    double minimum_cells;
    double start_cells;
    double design_water_flow_kg_s;
    double design_air_flow_m3_s;
    double design_wet_bulb_k;
    double design_dry_bulb_k;
    double design_pressure_pa;
    double design_inlet_k;
    double design_outlet_k;
    double heat_capacity_j_kg_k;
    double basin_volume_m3;
    double basin_loss_w_k;
    double start_k;
    double fan_power_w;
    double drive_share;
    double free_convection;
    double approach_k;
    double minimum_set_point_k;
    double gain_1_k;
    double integral_time_s;
    double minimum_speed;
    double speed_time_s;
    double speed_ramp_hz;
    double coasting_time_s;
    double fan_band_k;
    double valve_time_s;
    double changeover_s;
    double stage_up_speed;
    double stage_down_speed;
    double stage_up_delay_s;
    double stage_down_delay_s;
    double cycles_of_concentration;
    double drift;
    double frost_limit_k;
    double thaw_limit_k;
    double heater_power_w;
    double heater_set_point_k;
    double ice_limit;
    double share;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V fan_speed;
    V integral;
    V basin_k;
    V open_cells;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V flow_per_share_kg_s;
    V inlet_k;
    V wet_bulb_k;
    V dry_bulb_k;
    V pressure_pa;
  };
  template <class V>
  struct Outputs {
    V open;
    V leaving_k;
    V cells;
    V flow_kg_s;
    V enthalpy_flow_w;
    V power_w;
    V heat_w;
    V heat_rejected_w;
    V evaporation_kg_s;
    V make_up_kg_s;
    V speed_command;
    V set_point_k;
    V approach_k;
    V ice_share;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t wanted_cells;
    std::int64_t available_cells;
    std::int64_t cells_in_use;
    std::int64_t changeover_timer_ns;
    std::int64_t valves;
    std::int64_t staging;
    std::int64_t staging_timer_ns;
    std::int64_t fans;
    std::int64_t frost;
    std::int64_t ice;
    std::int64_t set_point_kind;
    std::int64_t set_point_uk;
    std::int64_t approach_uk;
    std::int64_t hand_speed_millionths;
  };

  static constexpr std::array parameters{
      ParameterRow{"cell_count", "1", 16.0, 1.0, 512.0, "cells of the group",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"minimum_cells", "1", 7.0, 1.0, 512.0, "cells that are always open",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"start_cells", "1", 11.0, 1.0, 512.0, "cells that are open at the start",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"design_water_flow", "kg/s", 62.874, 0.01, 1e4, "water of one cell at design",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"design_air_flow", "m3/s", 46.0, 0.01, 1e4,
                   "air that enters one cell at full speed", "assumed (1.2 kg of water per kg)"},
      ParameterRow{"design_wet_bulb", "K", 298.75, 253.15, 308.15, "wet bulb at design",
                   "assumed (25.6 degC, default of EnergyPlus towers)"},
      ParameterRow{"design_dry_bulb", "K", 308.15, 253.15, 333.15, "dry bulb at design",
                   "assumed (35 degC, default of EnergyPlus towers)"},
      ParameterRow{"design_pressure", "Pa", 101325.0, 5e4, 1.1e5, "air pressure at design",
                   "standard atmosphere"},
      ParameterRow{"design_inlet_temperature", "K", 308.15, 273.15, 343.15,
                   "water before the cell at design",
                   "assumed (35 degC, default of EnergyPlus towers)"},
      ParameterRow{"design_outlet_temperature", "K", 302.65, 273.15, 343.15,
                   "water behind the cell at design",
                   "assumed (29.5 degC, default of EnergyPlus towers)"},
      ParameterRow{"heat_capacity", "J/(kg K)", 4180.0, 1500.0, 5000.0,
                   "specific heat capacity of the water", "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"basin_volume", "m3", 50.0, 0.01, 1e5, "water in the basin",
                   "Frontier tower loop, ORNL data centre cooling library"},
      ParameterRow{"basin_loss", "W/K", 500.0, 0.0, 1e6,
                   "conductance from the basin to outdoor air", "assumed"},
      ParameterRow{"start_temperature", "K", 293.15, 273.15, 343.15, "basin at the start",
                   "Frontier tower loop, ORNL data centre cooling library"},
      ParameterRow{"fan_power", "W", 37285.0, 0.0, 1e7, "electric power of one fan at full speed",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"drive_share", "1", 0.02, 0.0, 0.5,
                   "share of the fan power that does not depend on speed",
                   "fan curve of the EnergyPlus Merkel validation data: 0.02 + 0.98 n^3"},
      ParameterRow{"free_convection", "1", 0.1, 0.01, 0.5, "share of air with a stopped fan",
                   "default of EnergyPlus towers"},
      ParameterRow{"approach", "delta_K", 9.444, 0.5, 40.0, "set-point above wet bulb",
                   "Frontier towers, 17 degF, ORNL data centre cooling library"},
      ParameterRow{"minimum_set_point", "K", 283.15, 275.15, 333.15,
                   "lowest set-point of the leaving water", "assumed"},
      ParameterRow{"gain", "1/K", 0.1, 0.0, 10.0, "fan speed per kelvin of error", "assumed"},
      ParameterRow{"integral_time", "s", 60.0, 1.0, 7200.0, "integral time of the fan control",
                   "Frontier towers, ORNL data centre cooling library"},
      ParameterRow{"minimum_speed", "1", 0.2, 0.0, 1.0, "lowest relative speed of running fans",
                   "assumed"},
      ParameterRow{"speed_time", "s", 5.0, 0.05, 300.0, "lag of drive and fan", "assumed"},
      ParameterRow{"speed_ramp", "1/s", 0.0167, 1e-4, 10.0, "fastest change of relative speed",
                   "assumed (60 s from rest to full speed)"},
      ParameterRow{"coasting_time", "s", 5.0, 0.01, 600.0,
                   "a coasting fan falls from full to half speed; says its inertia", "assumed"},
      ParameterRow{"fan_band", "delta_K", 1.0, 0.05, 10.0,
                   "running fans stop this far below the set-point", "assumed"},
      ParameterRow{"valve_time", "s", 20.0, 0.5, 600.0, "lag of the cells' isolation valves",
                   "assumed"},
      ParameterRow{"changeover", "s", 30.0, 0.0, 3600.0,
                   "from the loss of a cell to the opening of a spare one", "assumed"},
      ParameterRow{"stage_up_speed", "1", 0.9, 0.0, 1.0,
                   "speed command above which a cell is added", "assumed"},
      ParameterRow{"stage_down_speed", "1", 0.45, 0.0, 1.0,
                   "speed command below which a cell is taken out", "assumed"},
      ParameterRow{"stage_up_delay", "s", 180.0, 1.0, 86400.0, "time before a cell is added",
                   "assumed"},
      ParameterRow{"stage_down_delay", "s", 600.0, 1.0, 86400.0, "time before a cell is taken out",
                   "assumed"},
      ParameterRow{"cycles_of_concentration", "1", 4.0, 1.05, 50.0,
                   "salt in the basin relative to make-up", "assumed"},
      ParameterRow{"drift", "1", 1e-4, 0.0, 0.01, "droplets lost per water flow", "assumed"},
      ParameterRow{"frost_limit", "K", 277.15, 273.15, 293.15,
                   "basin temperature at which the water by-passes the cells", "assumed"},
      ParameterRow{"thaw_limit", "K", 285.15, 273.15, 313.15,
                   "water before the cells at which they open again", "assumed"},
      ParameterRow{"heater_power", "W", 1e5, 0.0, 1e7, "electric heater of the basin", "assumed"},
      ParameterRow{"heater_set_point", "K", 278.15, 273.15, 293.15, "basin held by the heater",
                   "assumed"},
      ParameterRow{"ice_limit", "1", 0.1, 1e-3, 0.9,
                   "share of the basin that is ice at which its outlet is blocked", "assumed"},
      ParameterRow{"share", "1", 1.0, 0.0, 1.0, "share of the loop's flow when in service",
                   "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                   "voltage below which the drives stop, pu", "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drives ride through", "assumed"},
      ParameterRow{"restart_delay", "s", 30.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"fan_speed", "1", 0.3, 0.0, 1.0, 1e-4, "relative speed of the fans"},
      StateRow{"integral", "1", 0.3, -1.0, 2.0, 1e-4, "integral part of the fan control"},
      StateRow{"basin_heat", "K", 293.15, 253.15, 333.15, 1e-3,
               "heat of the basin as a temperature; what is below 0 degC is ice"},
      StateRow{"open_cells", "1", 1.0, 0.0, 512.0, 1e-3, "cells that carry water"}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the feed, pu"},
      InputRow{"flow_per_share", "kg/s", required, 0.0, 2000.0,
               "flow of a unit that is fully open"},
      InputRow{"inlet_temperature", "K", required, 274.15, 333.15, "water before the cells"},
      InputRow{"wet_bulb", "K", required, 253.15, 306.15, "wet bulb of outdoor air"},
      InputRow{"dry_bulb", "K", 288.15, 253.15, 323.15,
               "temperature of outdoor air (taken as wet bulb when below it)"},
      InputRow{"pressure", "Pa", 101325.0, 7e4, 1.05e5, "pressure of outdoor air"}};
  static constexpr std::array outputs{
      OutputRow{"open", "1", "share of the loop's flow that the group takes"},
      OutputRow{"leaving_temperature", "K", "water that leaves the basin"},
      OutputRow{"cells", "1", "cells that carry water"},
      OutputRow{"flow", "kg/s", "water through the cells"},
      OutputRow{"enthalpy_flow", "W", "enthalpy flow that leaves the basin"},
      OutputRow{"power", "W", "electric power of fans and heater", Account::use_cooling},
      OutputRow{"heat", "W", "heat out of the falling water"},
      OutputRow{"heat_rejected", "W", "heat to the atmosphere, power of the fans included",
                Account::leaves_water},
      OutputRow{"evaporation", "kg/s", "water taken up by the air"},
      OutputRow{"make_up", "kg/s", "make-up water: evaporation, blowdown and drift",
                Account::water_use},
      OutputRow{"speed_command", "1", "relative speed that the control asks for"},
      OutputRow{"set_point_temperature", "K", "set-point of the leaving water"},
      OutputRow{"approach", "delta_K", "leaving water above wet bulb"},
      OutputRow{"ice_share", "1", "share of the basin that is ice"}};
  static constexpr std::array modes{
      condition_row,
      supply_row,
      supply_timer_row,
      ModeRow{"wanted_cells", "", "cells that the staging wants open"},
      ModeRow{"available_cells", "", "cells that have not failed"},
      ModeRow{"cells_in_use", "", "cells that are open or opening"},
      ModeRow{"changeover_timer", "", "instant at which a spare cell opens, ns"},
      ModeRow{"valves", "free|stuck", "whether the isolation valves obey"},
      staging_row,
      staging_timer_row,
      ModeRow{"fans", "stopped|running", "fans of the open cells"},
      ModeRow{"frost", "normal|protecting", "frost protection"},
      ModeRow{"ice", "open|blocked", "whether ice blocks the basin's outlet"},
      ModeRow{"set_point_kind", "approach|fixed", "how the set-point is formed"},
      ModeRow{"set_point", "", "fixed set-point, microkelvin"},
      ModeRow{"approach", "", "approach to hold, microkelvin"},
      ModeRow{"hand_speed", "", "fan speed in hand, millionths"}};
  static constexpr std::array guards{
      voltage_lost_row,
      voltage_back_row,
      signal_high_row,
      signal_low_row,
      signal_inside_row,
      GuardRow{"water_warm", Severity::information, "leaving water is above its set-point"},
      GuardRow{"water_cold", Severity::information, "even slow fans cool too much"},
      GuardRow{"frost", Severity::warning, "the basin is close to freezing"},
      GuardRow{"thaw", Severity::information, "the returning water is warm again"},
      GuardRow{"frozen", Severity::limit, "ice blocks the basin's outlet"},
      GuardRow{"molten", Severity::information, "the ice in the basin is molten"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"fail_cells", "1", 1.0, 512.0, "fault: so many cells are lost, open ones first"},
      OrderRow{"repair_cells", "1", 1.0, 512.0, "so many cells are available again"},
      OrderRow{"set_point", "K", 275.15, 333.15, "fixed set-point of the leaving water"},
      OrderRow{"approach", "delta_K", 0.5, 40.0, "set-point by this approach to wet bulb"},
      OrderRow{"hand_speed", "1", 0.0, 1.0, "takes the fans in hand at this relative speed"},
      OrderRow{"stick_valve", "1", 0.0, 1.0,
               "fault: the isolation valves stay where they are (1), or are free (0)"}};
  static constexpr std::size_t offered = 3;
  static constexpr std::size_t early_inputs = 0;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>&,
                    Outputs<V>& w) {
    // The group takes its share as soon as the cells that are always open are open.
    w.open = clamp(x.open_cells / p.minimum_cells, 0.0, 1.0) * p.share;
    w.leaving_k = water_k(x.basin_k);
    w.cells = x.open_cells;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    cool(p, x, u, w);
    const bool powered = is_powered(m.supply);
    const bool moves = is_live(m.supply) && m.valves == 0;
    rate.open_cells =
        moves ? (V(static_cast<double>(cells(m))) - x.open_cells) / p.valve_time_s : V(0.0);
    control(p, m, x, u, w, rate);
    const V cubed = x.fan_speed * x.fan_speed * x.fan_speed;
    const V basin_k = w.leaving_k;
    w.ice_share = ice_share(p, x.basin_k);
    const auto fans = rotor::power(
        fans_on(m), rotor::Motion<V>{x.open_cells, rate.open_cells, x.fan_speed, rate.fan_speed},
        x.open_cells * cubed * ((1.0 - p.drive_share) * p.fan_power_w), rotor_j(p), 1.0);
    const V standing_w = x.open_cells * (fans_on(m) ? p.drive_share * p.fan_power_w : 0.0);
    const V heater_w =
        powered ? clamp(V(p.heater_set_point_k) - basin_k, 0.0, 1.0) * p.heater_power_w : V(0.0);
    w.power_w = fans.electric_w + standing_w + heater_w;

    const V loss_w = (basin_k - u.dry_bulb_k) * p.basin_loss_w_k;
    w.heat_rejected_w = w.heat_w + loss_w + fans.load_w + fans.braking_w + standing_w;
    w.enthalpy_flow_w = w.flow_kg_s * (basin_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
    const V through_w = w.flow_kg_s * (u.inlet_k - basin_k) * p.heat_capacity_j_kg_k;
    rate.basin_k = (through_w - w.heat_w - loss_w + heater_w) / basin_j_k(p);
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    m.available_cells = static_cast<std::int64_t>(p.cell_count);
    const double first = math::max(p.start_cells, p.minimum_cells);
    m.wanted_cells = static_cast<std::int64_t>(math::min(first, p.cell_count));
    m.cells_in_use = m.wanted_cells;
    m.fans = 1;
    m.approach_uk = to_millionths(p.approach_k);
    m.set_point_uk = to_millionths(p.minimum_set_point_k);
    x.basin_k = p.start_k;
    x.open_cells = static_cast<double>(m.wanted_cells);
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    guard[0] = voltage_lost_guard(supply_rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(supply_rules(p), m.supply, u.voltage);
    const auto staging = staging_guards(staging_rules(p, m), m.staging, w.speed_command);
    guard[2] = staging[0];
    guard[3] = staging[1];
    guard[4] = staging[2];
    const bool automatic = is_automatic(m) && m.frost == 0;
    guard[5] = automatic && m.fans == 0 ? x.basin_k - w.set_point_k : -1.0;
    guard[6] = automatic && m.fans == 1 ? w.set_point_k - p.fan_band_k - x.basin_k : -1.0;
    guard[7] = m.frost == 0 ? p.frost_limit_k - x.basin_k : -1.0;
    guard[8] =
        m.frost == 1 ? min(u.inlet_k - p.thaw_limit_k, x.basin_k - p.frost_limit_k - 0.5) : -1.0;
    guard[9] = m.ice == 0 ? ice_share(p, x.basin_k) - p.ice_limit : -1.0;
    guard[10] = m.ice == 1 ? (x.basin_k - freezing_k) - 1e-3 : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer && happening.index == supply_timer) {
      note_change(on_supply_timer(agenda, m.supply, m.supply_timer_ns), agenda, p, x);
    } else if (happening.kind == Happening::Kind::timer && happening.index == changeover_timer) {
      if (agenda.now_ns() < m.changeover_timer_ns) return;
      m.cells_in_use = machines_in_use(m.wanted_cells, m.available_cells);
    } else if (happening.kind == Happening::Kind::timer) {
      const int step = end_staging(agenda, m.staging, m.staging_timer_ns);
      m.wanted_cells += step;
      if (step != 0) {
        m.cells_in_use = machines_in_use(m.wanted_cells, m.available_cells);
        agenda.note(Severity::information, step > 0 ? "one more cell" : "one cell less");
      }
    } else {
      on_guard(happening.index, agenda, p, m, x);
    }
  }

  template <class V>
  static V net_power_w(const Parameters& p, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    const V inlet_w = w.flow_kg_s * (u.inlet_k - enthalpy_reference_k) * p.heat_capacity_j_kg_k;
    return inlet_w - w.enthalpy_flow_w + w.power_w - w.heat_rejected_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return (x.basin_k - enthalpy_reference_k) * basin_j_k(p) +
           rotor::stored_j(x.open_cells, x.fan_speed, rotor_j(p));
  }

  // The design point of one cell.
  static merkel::Design design(const Parameters& p) {
    return {p.design_water_flow_kg_s, p.design_air_flow_m3_s, p.design_wet_bulb_k,
            p.design_dry_bulb_k,      p.design_pressure_pa,   p.design_inlet_k,
            p.design_outlet_k,        p.heat_capacity_j_kg_k};
  }

 private:
  static constexpr int supply_timer = 0;
  static constexpr int staging_timer = 1;
  static constexpr int changeover_timer = 2;

  static SupplyRules supply_rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static StagingRules staging_rules(const Parameters& p, const Modes& m) {
    const bool free = is_automatic(m) && m.frost == 0;
    return {p.stage_up_speed,
            p.stage_down_speed,
            0.02,
            p.stage_up_delay_s,
            p.stage_down_delay_s,
            free && m.wanted_cells < m.available_cells,
            free && m.wanted_cells > static_cast<std::int64_t>(p.minimum_cells)};
  }
  // Fans under local automatic control.
  static bool is_automatic(const Modes& m) {
    return m.condition == static_cast<std::int64_t>(UnitCondition::running) && is_powered(m.supply);
  }
  static bool fans_on(const Modes& m) {
    const bool allowed = is_running(m.condition) && is_powered(m.supply) && m.frost == 0;
    return allowed &&
           (m.fans == 1 || m.condition == static_cast<std::int64_t>(UnitCondition::in_hand));
  }
  // Cells that shall be open.
  static std::int64_t cells(const Modes& m) {
    const bool open = is_running(m.condition) && m.frost == 0 && m.ice == 0;
    return open ? m.cells_in_use : 0;
  }
  static double rotor_j(const Parameters& p) {
    return rotor::energy_j((1.0 - p.drive_share) * p.fan_power_w, p.coasting_time_s);
  }
  static constexpr double freezing_k = 273.15;
  template <class V>
  static V water_k(const V& heat_k) {
    return max(heat_k, V(freezing_k));
  }
  // Share of the basin that is ice; latent heat 334 kJ/kg (assumed).
  template <class V>
  static V ice_share(const Parameters& p, const V& heat_k) {
    return max(freezing_k - heat_k, V(0.0)) * (p.heat_capacity_j_kg_k / 334e3);
  }
  static double basin_j_k(const Parameters& p) {
    return p.basin_volume_m3 * 997.0 * p.heat_capacity_j_kg_k;
  }

  // Water, air and their exchange.
  template <class V>
  static void cool(const Parameters& p, const States<V>& x, const Inputs<V>& u, Outputs<V>& w) {
    const merkel::Design d = design(p);
    w.flow_kg_s = w.open * u.flow_per_share_kg_s;
    // Flow of one cell: the group's over its cells, of which at least the minimum is counted.
    const V cell_kg_s = u.flow_per_share_kg_s * p.share / max(x.open_cells, V(p.minimum_cells));
    const V wetted_kg_s = smooth_positive(cell_kg_s, 1e-4 * d.water_kg_s);
    const V air_ratio = smooth_positive(x.fan_speed - p.free_convection, 0.01) + p.free_convection;
    const auto cell =
        merkel::cell(d, merkel::design_transfer_w_k(d), wetted_kg_s, u.inlet_k, air_ratio,
                     u.wet_bulb_k, max(u.dry_bulb_k, u.wet_bulb_k), u.pressure_pa);
    const V wet_cells = x.open_cells * exchanger::flow_presence(cell_kg_s, d.water_kg_s);
    w.heat_w = cell.heat_w * wet_cells;
    w.evaporation_kg_s = cell.evaporation_kg_s * wet_cells;
    const V drift_kg_s = w.flow_kg_s * p.drift;
    const V blowdown_kg_s = max(w.evaporation_kg_s / (p.cycles_of_concentration - 1.0), drift_kg_s);
    w.make_up_kg_s = w.evaporation_kg_s + blowdown_kg_s;
  }

  // Fans.
  template <class V>
  static void control(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const V by_approach =
        max(u.wet_bulb_k + from_millionths(m.approach_uk), V(p.minimum_set_point_k));
    w.set_point_k = m.set_point_kind == 0 ? by_approach : V(from_millionths(m.set_point_uk));
    w.approach_k = w.leaving_k - u.wet_bulb_k;
    const V error_k = w.leaving_k - w.set_point_k;
    const PiControl<V> by_control =
        pi_control({p.gain_1_k, p.integral_time_s, p.minimum_speed, 1.0}, x.integral, error_k);
    const bool on = fans_on(m);
    const bool by_hand = m.condition == static_cast<std::int64_t>(UnitCondition::in_hand);
    w.speed_command = !on       ? V(0.0)
                      : by_hand ? V(from_millionths(m.hand_speed_millionths))
                                : by_control.command;
    rate.integral = on && !by_hand ? by_control.integral_rate : V(0.0);
    rate.fan_speed =
        on ? rotor::driven_rate_hz(w.speed_command, x.fan_speed, p.speed_time_s, p.speed_ramp_hz)
           : rotor::coasting_rate_hz(x.fan_speed, x.open_cells, rate.open_cells, p.coasting_time_s);
  }

  static void note_change(SupplyChange change, Agenda& agenda, const Parameters& p,
                          States<double>& x) {
    if (change == SupplyChange::stopped) agenda.note(Severity::warning, "fans dropped out");
    if (change == SupplyChange::started) {
      agenda.note(Severity::information, "fans run up again");
      x.integral = p.minimum_speed;
    }
  }

  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m,
                       States<double>& x) {
    if (index == 0) {
      note_change(
          on_voltage_lost(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
          agenda, p, x);
    } else if (index == 1) {
      note_change(
          on_voltage_back(supply_rules(p), agenda, supply_timer, m.supply, m.supply_timer_ns),
          agenda, p, x);
    } else if (index == 2 || index == 3) {
      begin_staging(staging_rules(p, m), agenda, staging_timer,
                    index == 2 ? Staging::adding : Staging::taking, m.staging, m.staging_timer_ns);
    } else if (index == 4) {
      m.staging = static_cast<std::int64_t>(Staging::steady);
    } else if (index == 5 || index == 6) {
      m.fans = index == 5 ? 1 : 0;
      x.integral = p.minimum_speed;
    } else if (index >= 9) {
      m.ice = index == 9 ? 1 : 0;
    } else {
      m.frost = index == 7 ? 1 : 0;
      agenda.note(index == 7 ? Severity::warning : Severity::information,
                  index == 7 ? "frost protection: cells by-passed" : "frost protection ended");
    }
  }

  // A spare cell takes over when there is one.
  static void change_over(Agenda& agenda, const Parameters& p, Modes& m) {
    if (m.cells_in_use >= machines_in_use(m.wanted_cells, m.available_cells)) return;
    m.changeover_timer_ns = instant_after(agenda, p.changeover_s);
    agenda.wake_after(p.changeover_s, changeover_timer);
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    const auto all = static_cast<std::int64_t>(p.cell_count);
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      lose_machines(count, m.available_cells, m.cells_in_use);
      agenda.note(Severity::warning, "cells lost");
      change_over(agenda, p, m);
    } else if (order.index == 5) {
      m.available_cells = m.available_cells + count < all ? m.available_cells + count : all;
      change_over(agenda, p, m);
    } else if (order.index == 6) {
      m.set_point_kind = 1;
      m.set_point_uk = to_millionths(order.value);
    } else if (order.index == 7) {
      m.set_point_kind = 0;
      m.approach_uk = to_millionths(order.value);
    } else if (order.index == 9) {
      m.valves = order.value >= 0.5 ? 1 : 0;
    } else if (is_running(m.condition)) {
      m.condition = static_cast<std::int64_t>(UnitCondition::in_hand);
      m.hand_speed_millionths = to_millionths(order.value);
    }
  }
};

}  // namespace ampacity
