// SPDX-License-Identifier: Apache-2.0
#pragma once

// The records and tables of a reactor module; its physics is in smr.hpp.
//
// Where the figures come from. HYBRID: idaholab/HYBRID 2296b20d, SMR_Generic, NuScale-style module
// of 160 MW, end states of its own tests. TRANSFORM: ORNL TRANSFORM-Library. Arda and Holbert:
// Nuclear Engineering and Design 289 (2015) 218. EUR: European Utility Requirements since 2001,
// quoted by the World Nuclear Association. IAEA: Advances in SMR Technology Developments, 2022
// edition, as quoted.
//
// What no public source gives, and is therefore assumed and meant to be set by the site: ramps and
// minimum power of a given design (vendors publish none; EUR's 3 %/min and 50 % stand in), restart
// and lockout times, house load, drive speeds, trip set-points, controller settings, masses of
// steam-generator inventory, condenser and feed train. Each says 'assumed' in its row.

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/kinetics.hpp"

namespace ampacity::smr {

// A fixed module. All quantities are of the whole module, whatever its share.
struct Parameters {
  double share;
  double initial_load;
  // design point
  double rated_thermal_w;
  double efficiency;
  double generator_efficiency;
  double house_load_w;
  double primary_flow_kg_s;
  double average_k;
  double fuel_k;
  double steam_pressure_pa;
  double steam_enthalpy_j_kg;
  double feed_k;
  double condensing_k;
  double sink_k;
  double tower_approach_k;
  double minimum_sink_k;
  double evaporated_share;
  double cycles_of_concentration;
  double heat_addition_k;
  double idle_steam;
  // primary side
  double generation_time_s;
  double source_per_s;
  double flux_per_m2_s;
  double xenon_worth;
  double fuel_feedback_per_k;
  double coolant_feedback_per_k;
  double fuel_mass_kg;
  double fuel_heat_capacity_j_kgk;
  double fuel_share;
  double core_coolant_kg;
  double riser_kg;
  double generator_coolant_kg;
  double downcomer_kg;
  double coolant_heat_capacity_j_kgk;
  double natural_circulation;
  double circulation_time_s;
  // secondary side
  double inventory_kg;
  double generator_metal_j_k;
  double feed_train_j_k;
  double condenser_j_k;
  double hotwell_kg;
  double turbine_time_s;
  double valve_opening;
  double valve_time_s;
  double feed_time_s;
  double bypass_capacity;
  double decay_heat_removal_w;
  // rods and shim
  double rod_worth;
  double rod_position;
  double rod_speed_per_s;
  double scram_time_s;
  double shim_rate_per_s;
  // control
  double rod_gain_per_k;
  double rod_integral_s;
  double heating_rate_k_s;
  double valve_gain;
  double valve_integral_s;
  double feed_gain;
  double feed_integral_s;
  // load and protection
  double minimum_load;
  double ramp_per_s;
  double start_level;
  double start_reactivity;
  double restart_lockout_s;
  double house_load_operation;
  double drop_out_voltage;
  double ride_through_s;
  double reconnect_delay_s;
  double high_flux;
  double high_temperature_k;
  double high_pressure_pa;
  double low_inventory;
};

template <class V>
struct States {
  V level;
  std::array<V, 6> precursor;
  V fuel_k;
  V core_first_k;
  V core_second_k;
  V riser_k;
  V generator_k;
  V downcomer_k;
  V flow_kg_s;
  V iodine;
  V xenon;
  std::array<V, kinetics::DecayHeat::groups> decay;
  V steam_k;
  V inventory_kg;
  V feed_kg_s;
  V feed_k;
  V turbine_w;
  V valve;
  V valve_integral;
  V bypass;
  V condenser_k;
  V rod;
  V rod_integral;
  V shim;
  V load;
  V reference_k;
  V feed_integral;
};

template <class V>
struct Inputs {
  V dispatch;
  V voltage;
  V wet_bulb_k;
};

template <class V>
struct Outputs {
  V power_w;
  V fission_w;
  V condenser_w;
  V decay_heat_removed_w;
  V loss_w;
  V accepted_load;
  V shortfall;
  V average_k;
  V hot_k;
  V cold_k;
  V steam_pressure_pa;
  V steam_kg_s;
  V reactivity;
  V decay_heat_w;
  V sink_k;
  V make_up_kg_s;
};

enum class Operation : std::int64_t { at_power, house_load, tripped, starting };
enum class Request : std::int64_t { followed, below_minimum };

struct Modes {
  std::int64_t condition;
  std::int64_t operation;
  std::int64_t supply;
  std::int64_t supply_timer_ns;
  std::int64_t lockout_until_ns;
  std::int64_t start_wanted;
  std::int64_t hold;
  std::int64_t request;
  std::int64_t rods_limited;
};

inline constexpr std::array parameters{
    ParameterRow{"share", "1", 1.0, 1e-6, 1.0,
                 "share of the module that belongs to the site; scales what crosses its border",
                 "site"},
    ParameterRow{"initial_load", "1", 1.0, 0.2, 1.0,
                 "gross electric power at the start, relative to rated", "assumed"},
    ParameterRow{"rated_thermal_power", "W", 160e6, 1e5, 5e9, "core power at full load",
                 "HYBRID: 160 MW"},
    ParameterRow{"efficiency", "1", 0.308, 0.05, 0.6, "gross electric over core power at full load",
                 "77 MW of 250 MW: NuScale VOYGR, IAEA"},
    ParameterRow{"generator_efficiency", "1", 0.985, 0.8, 1.0, "electric over shaft power",
                 "assumed"},
    ParameterRow{"house_load", "W", 2.5e6, 0.0, 1e8,
                 "own electric consumption, pumps and fans of its cooling tower included",
                 "assumed (5 % of gross)"},
    ParameterRow{"primary_flow", "kg/s", 552.9, 1.0, 1e5, "coolant through the core at full load",
                 "HYBRID: 552.9 kg/s"},
    ParameterRow{"average_temperature", "K", 556.15, 450.0, 620.0,
                 "mean of core inlet and outlet, held by the rods", "HYBRID: 556.15 K"},
    ParameterRow{"fuel_temperature", "K", 688.85, 500.0, 1500.0,
                 "effective fuel temperature at full load", "HYBRID: 688.85 K"},
    ParameterRow{"steam_pressure", "Pa", 3.465e6, 5e5, 9e6, "steam pressure, held by the valve",
                 "HYBRID: 3.465 MPa"},
    ParameterRow{"steam_enthalpy", "J/kg", 3002090.0, 2.7e6, 3.4e6,
                 "enthalpy of the steam at full load", "HYBRID: 3002.09 kJ/kg"},
    ParameterRow{"feed_temperature", "K", 421.65, 300.0, 530.0, "feedwater at full load",
                 "Arda and Holbert: 148.5 degC"},
    ParameterRow{"condensing_temperature", "K", 318.96, 290.0, 370.0, "condenser at full load",
                 "HYBRID: 10 kPa"},
    ParameterRow{"design_sink_temperature", "K", 288.15, 270.0, 320.0,
                 "circulating water at full load and condensing temperature", "assumed"},
    ParameterRow{"tower_approach", "delta_K", 5.0, 0.0, 30.0,
                 "circulating water above the wet bulb at full load; proportional to the heat",
                 "assumed"},
    ParameterRow{"minimum_sink_temperature", "K", 280.15, 273.15, 320.0,
                 "circulating water below which the tower's fans are slowed", "assumed"},
    ParameterRow{"evaporated_share", "1", 0.8, 0.0, 1.0,
                 "share of the condenser's heat that leaves by evaporation", "assumed"},
    ParameterRow{"cycles_of_concentration", "1", 4.0, 1.05, 50.0,
                 "salt in the tower's basin relative to make-up", "assumed"},
    ParameterRow{"heat_addition_temperature", "K", 508.0, 380.0, 900.0,
                 "mean temperature at which the cycle takes heat: the lever of the condenser",
                 "heat over entropy between feed and steam of HYBRID's plant"},
    ParameterRow{"idle_steam", "1", 0.07, 0.0, 0.5, "steam of the turbine at no load, of rated",
                 "Willans line through a large saturated-steam turbine's part-load heat rates"},
    ParameterRow{"generation_time", "s", 2e-5, 1e-7, 1e-2, "neutron generation time",
                 "reference problem S1; TRANSFORM 1e-5 s"},
    ParameterRow{"neutron_source", "1/s", 1e-4, 0.0, 1.0,
                 "source of neutrons, relative to the level at full power", "assumed"},
    ParameterRow{"neutron_flux", "1/(m2 s)", 2.05e17, 1e14, 1e19, "thermal flux at full power",
                 "from the xenon worths of HYBRID at 160 and 200 MW"},
    ParameterRow{"xenon_worth", "1", 0.01745, 0.0, 0.1,
                 "reactivity held down by xenon at full power", "HYBRID: 1745 pcm at 160 MW"},
    ParameterRow{"fuel_feedback", "1/K", -2.5e-5, -1e-3, 0.0, "reactivity over fuel temperature",
                 "HYBRID: -2.5 pcm/K"},
    ParameterRow{"coolant_feedback", "1/K", -2e-4, -2e-3, 0.0,
                 "reactivity over coolant temperature", "HYBRID: -20 pcm/K"},
    ParameterRow{"fuel_mass", "kg", 10500.0, 1.0, 1e6, "fuel", "reference problem S1"},
    ParameterRow{"fuel_heat_capacity", "J/(kg K)", 300.0, 100.0, 2000.0,
                 "heat capacity of the fuel", "reference problem S1"},
    ParameterRow{"fuel_share", "1", 0.974, 0.5, 1.0, "share of power released in the fuel",
                 "reference problem S1"},
    ParameterRow{"core_coolant", "kg", 1500.0, 1.0, 1e6, "coolant in the core",
                 "reference problem S1"},
    ParameterRow{"riser_coolant", "kg", 12600.0, 1.0, 1e6, "coolant in the riser",
                 "HYBRID: 18.0 m3 at 700 kg/m3"},
    ParameterRow{"generator_coolant", "kg", 6000.0, 1.0, 1e6,
                 "primary coolant around the steam generator", "assumed"},
    ParameterRow{"downcomer_coolant", "kg", 15900.0, 1.0, 1e6, "coolant in the downcomer",
                 "HYBRID: 20.4 m3 at 780 kg/m3"},
    ParameterRow{"coolant_heat_capacity", "J/(kg K)", 5240.0, 3000.0, 8000.0,
                 "heat capacity of the primary coolant", "HYBRID: power over flow and rise, 5234"},
    ParameterRow{"natural_circulation", "1", 1.0, 0.0, 1.0,
                 "share of the driving head that is buoyancy (0: pumps)",
                 "assumed: integral module without pumps"},
    ParameterRow{"circulation_time", "s", 1.0, 0.05, 100.0, "inertia of the primary loop",
                 "sum of length over area of HYBRID's loop, 12.5 1/m, at 7.8 kPa"},
    ParameterRow{"inventory", "kg", 2200.0, 10.0, 1e6, "water and steam in the tubes at full load",
                 "assumed: 200 kg/m3 in HYBRID's 1380 tubes (11.1 m3)"},
    ParameterRow{"generator_metal", "J/K", 17.1e6, 1e4, 1e10, "heat capacity of the tubes",
                 "HYBRID's tubes with 8190 kg/m3 and 450 J/(kg K) of Arda and Holbert"},
    ParameterRow{"feed_train", "J/K", 2e7, 1e4, 1e10, "heat capacity of the feedwater heaters",
                 "assumed"},
    ParameterRow{"condenser_capacity", "J/K", 3e7, 1e4, 1e10, "heat capacity of the condenser",
                 "assumed"},
    ParameterRow{"hotwell", "kg", 20000.0, 100.0, 1e7, "condensate in the hotwell", "assumed"},
    ParameterRow{"turbine_time", "s", 1.0, 0.05, 30.0, "lag of shaft power behind steam flow",
                 "assumed"},
    ParameterRow{"valve_opening", "1", 0.9, 0.1, 1.0, "governor valve at full load", "assumed"},
    ParameterRow{"valve_time", "s", 0.4, 0.05, 30.0, "lag of the governor valve", "assumed"},
    ParameterRow{"feed_time", "s", 3.0, 0.1, 60.0, "lag of the feedwater flow", "assumed"},
    ParameterRow{"bypass_capacity", "1", 1.0, 0.0, 1.2,
                 "steam past the turbine to the condenser, of rated", "assumed"},
    ParameterRow{"decay_heat_removal", "W", 8e6, 0.0, 1e9,
                 "passive heat removal at rated steam temperature, when the condenser is lost",
                 "assumed: 5 % of core power"},
    ParameterRow{"rod_worth", "1", 0.049386, 1e-3, 0.5, "amplitude of the rods' worth curve",
                 "HYBRID: banks of 1361 and 3577.6 pcm"},
    ParameterRow{"rod_position", "1", 0.57, 0.1, 0.95,
                 "withdrawn share to which the shim brings the rods back", "assumed"},
    ParameterRow{"rod_speed", "1/s", 0.005, 1e-4, 0.1, "fastest drive, full strokes per second",
                 "assumed"},
    ParameterRow{"scram_time", "s", 2.0, 0.5, 10.0, "time for the rods to fall in", "assumed"},
    ParameterRow{"shim_rate", "1/s", 5e-7, 0.0, 1e-4,
                 "fastest reactivity change by boration and dilution", "assumed: 3 pcm/min"},
    ParameterRow{"rod_gain", "1/K", 0.004, 0.0, 1.0, "rod position over temperature error",
                 "assumed"},
    ParameterRow{"rod_integral_time", "s", 100.0, 1.0, 1e5, "integral time of the rod controller",
                 "assumed"},
    ParameterRow{"heating_rate", "K/s", 0.015, 1e-4, 1.0,
                 "fastest change of the temperature reference", "assumed: 54 K/h"},
    ParameterRow{"valve_gain", "1", 3.0, 0.0, 100.0, "valve over relative pressure error",
                 "assumed"},
    ParameterRow{"valve_integral_time", "s", 15.0, 0.1, 1e4,
                 "integral time of the valve controller", "assumed"},
    ParameterRow{"feed_gain", "1", 0.5, 0.0, 10.0, "feed flow over power error", "assumed"},
    ParameterRow{"feed_integral_time", "s", 60.0, 0.1, 1e4, "integral time of the feed controller",
                 "assumed"},
    ParameterRow{"minimum_load", "1", 0.5, 0.1, 1.0, "lowest load that is accepted",
                 "EUR: 50 %; no vendor figures are public: set by the site"},
    ParameterRow{"ramp", "1/s", 5e-4, 1e-6, 0.1, "fastest change of accepted load",
                 "EUR: 3 %/min; no vendor figures are public: set by the site"},
    ParameterRow{"start_level", "1", 0.15, 0.02, 0.5,
                 "core power at which the turbine is put on line", "assumed"},
    ParameterRow{"start_reactivity", "1", 6e-4, 1e-5, 2e-3, "largest reactivity during start-up",
                 "assumed: a period of two minutes"},
    ParameterRow{"restart_lockout", "s", 43200.0, 0.0, 1e7, "time after a trip without restart",
                 "assumed; xenon may hold the core down for longer"},
    ParameterRow{"house_load_operation", "1", 0.0, 0.0, 1.0,
                 "1: on loss of the bus the module stays up on its house load; 0: it trips",
                 "assumed"},
    ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                 "voltage below which the bus counts as lost, pu", "assumed"},
    ParameterRow{"ride_through", "s", 0.6, 0.0, 60.0, "time that it stays connected below it",
                 "assumed"},
    ParameterRow{"reconnect_delay", "s", 300.0, 0.0, 1e5,
                 "time from the return of voltage to reconnection", "assumed"},
    ParameterRow{"high_flux_trip", "1", 1.2, 1.02, 2.0, "neutron level that trips", "assumed"},
    ParameterRow{"high_temperature_trip", "K", 600.0, 400.0, 640.0,
                 "core outlet temperature that trips", "assumed"},
    ParameterRow{"high_pressure_trip", "Pa", 5.2e6, 1e6, 2e7, "steam pressure that trips",
                 "assumed: 1.5 of rated"},
    ParameterRow{"low_inventory_trip", "1", 0.02, 0.0, 0.5,
                 "steam-generator inventory that trips, of rated", "assumed"}};

inline constexpr std::array<StateRow, 42> states{
    StateRow{"neutron_level", "1", 1.0, 1e-4, 1.3, 1e-7, "neutron level, 1 at full power"},
    StateRow{"precursor_1", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 0.0127 1/s"},
    StateRow{"precursor_2", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 0.0317 1/s"},
    StateRow{"precursor_3", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 0.115 1/s"},
    StateRow{"precursor_4", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 0.311 1/s"},
    StateRow{"precursor_5", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 1.40 1/s"},
    StateRow{"precursor_6", "1", 1.0, 0.0, 1.3, 1e-6, "delayed neutrons, 3.87 1/s"},
    StateRow{"fuel_temperature", "K", 690.0, 420.0, 1200.0, 1e-2, "effective fuel temperature"},
    StateRow{"core_temperature_1", "K", 556.0, 420.0, 620.0, 1e-3, "coolant, lower half of core"},
    StateRow{"core_temperature_2", "K", 584.0, 420.0, 620.0, 1e-3, "coolant, upper half of core"},
    StateRow{"riser_temperature", "K", 584.0, 420.0, 620.0, 1e-3, "coolant in the riser"},
    StateRow{"generator_temperature", "K", 529.0, 420.0, 620.0, 1e-3,
             "primary coolant behind the steam generator"},
    StateRow{"downcomer_temperature", "K", 529.0, 420.0, 620.0, 1e-3, "coolant in the downcomer"},
    StateRow{"primary_flow", "kg/s", 553.0, 50.0, 900.0, 1e-2, "coolant flow"},
    StateRow{"iodine", "1", 1.0, 0.0, 1.3, 1e-5, "iodine-135, 1 at equilibrium"},
    StateRow{"xenon", "1", 1.0, 0.0, 5.0, 1e-5, "xenon-135, 1 at equilibrium"},
    StateRow{"decay_heat_1", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 1.772 1/s"},
    StateRow{"decay_heat_2", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 0.5774 1/s"},
    StateRow{"decay_heat_3", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 0.06743 1/s"},
    StateRow{"decay_heat_4", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 6.214e-3 1/s"},
    StateRow{"decay_heat_5", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 4.739e-4 1/s"},
    StateRow{"decay_heat_6", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 4.81e-5 1/s"},
    StateRow{"decay_heat_7", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 5.344e-6 1/s"},
    StateRow{"decay_heat_8", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 5.726e-7 1/s"},
    StateRow{"decay_heat_9", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 1.036e-7 1/s"},
    StateRow{"decay_heat_10", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 2.959e-8 1/s"},
    StateRow{"decay_heat_11", "1", 1.0, 0.0, 1.2, 1e-4, "decay heat, 7.585e-10 1/s"},
    StateRow{"steam_temperature", "K", 515.0, 420.0, 580.0, 1e-3,
             "saturation temperature in the steam generator"},
    StateRow{"inventory", "kg", 2200.0, 50.0, 6000.0, 1e-1, "water and steam in the tubes"},
    StateRow{"feed_flow", "kg/s", 67.0, 0.0, 100.0, 1e-3, "feedwater flow"},
    StateRow{"feed_temperature", "K", 421.65, 300.0, 450.0, 1e-2, "feedwater temperature"},
    StateRow{"turbine_power", "W", 50e6, 0.0, 70e6, 10.0, "shaft power of the turbine"},
    StateRow{"governor_valve", "1", 0.9, 0.0, 1.0, 1e-5, "opening of the governor valve"},
    StateRow{"valve_integral", "1", 0.9, 0.0, 1.0, 1e-5, "integral of the pressure controller"},
    StateRow{"bypass_valve", "1", 0.0, 0.0, 1.0, 1e-5, "opening of the turbine bypass"},
    StateRow{"condenser_temperature", "K", 319.0, 280.0, 370.0, 1e-3, "condensing temperature"},
    StateRow{"rod_position", "1", 0.57, 0.0, 1.0, 1e-6, "rods, 1 withdrawn"},
    StateRow{"rod_integral", "1", 0.57, -0.2, 1.2, 1e-6, "integral of the rod controller"},
    StateRow{"shim_reactivity", "1", 0.03, -0.05, 0.1, 1e-8,
             "excess reactivity of the core less what boron takes"},
    StateRow{"load", "1", 1.0, 0.0, 1.05, 1e-6, "load that the plant has accepted and ramps"},
    StateRow{"temperature_reference", "K", 556.15, 420.0, 600.0, 1e-3,
             "reference of the rod controller"},
    StateRow{"feed_integral", "1", 0.0, -0.3, 0.3, 1e-6, "integral of the power controller"}};

inline constexpr std::array inputs{
    InputRow{"dispatch", "1", 1.0, 0.0, 1.2,
             "requested gross electric power, relative to rated; a request, not an order"},
    InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the bus, pu"},
    InputRow{"wet_bulb", "K", 283.15, 243.15, 315.0, "wet bulb at its cooling tower"}};

inline constexpr std::array outputs{
    OutputRow{"power", "W", "net electric power to the bus; negative: the house load is drawn",
              Account::source_generator},
    OutputRow{"fission_heat", "W", "heat of fission and decay", Account::enters_fission},
    OutputRow{"condenser_heat", "W", "heat to the circulating water", Account::leaves_turbine},
    OutputRow{"decay_heat_removed", "W", "heat to the pool by passive decay-heat removal",
              Account::leaves_turbine},
    OutputRow{"loss", "W", "generator loss and house load, to plant rooms", Account::leaves_loss},
    OutputRow{"accepted_load", "1", "load that the plant has accepted, after limits and ramp"},
    OutputRow{"shortfall", "1", "request less what is delivered, of rated gross power"},
    OutputRow{"average_temperature", "K", "mean of core inlet and outlet"},
    OutputRow{"hot_temperature", "K", "core outlet"},
    OutputRow{"cold_temperature", "K", "core inlet"},
    OutputRow{"steam_pressure", "Pa", "steam pressure"},
    OutputRow{"steam_flow", "kg/s", "steam out of the steam generator"},
    OutputRow{"reactivity", "1", "total reactivity"},
    OutputRow{"decay_heat", "W", "part of the heat that comes from decay"},
    OutputRow{"sink_temperature", "K", "circulating water into the condenser"},
    OutputRow{"make_up", "kg/s", "make-up water of the cooling tower: evaporation and blowdown"}};

inline constexpr std::array modes{
    condition_row,
    ModeRow{"operation", "at_power|house_load|tripped|starting", "what the module does"},
    supply_row,
    supply_timer_row,
    ModeRow{"lockout_until", "", "instant before which it may not be restarted, ns"},
    ModeRow{"start_wanted", "no|yes", "a restart was asked for during the lockout"},
    ModeRow{"hold", "off|on", "the operator holds the load"},
    ModeRow{"request", "followed|below_minimum", "what becomes of the request"},
    ModeRow{"rods_limited", "no|yes", "rods are almost out: no more load until xenon decays"}};

inline constexpr std::array guards{
    voltage_lost_row,
    voltage_back_row,
    GuardRow{"high_flux", Severity::trip, "neutron level over its trip set-point"},
    GuardRow{"high_temperature", Severity::trip, "core outlet over its trip set-point"},
    GuardRow{"high_pressure", Severity::trip, "steam pressure over its trip set-point"},
    GuardRow{"low_inventory", Severity::trip, "steam generator almost dry"},
    GuardRow{"synchronised", Severity::information, "start-up level reached, turbine on line"},
    GuardRow{"request_refused", Severity::information, "the request is below the minimum load"},
    GuardRow{"request_accepted", Severity::information, "the request is above the minimum again"},
    GuardRow{"rods_out", Severity::limit, "rods almost withdrawn: load increase delayed"},
    GuardRow{"rods_back", Severity::information, "rods have room again"}};

inline constexpr std::array orders{
    run_order,
    standby_order,
    fail_order,
    repair_order,
    OrderRow{"trip", "1", 0.0, 1.0, "scram and turbine trip"},
    OrderRow{"hold", "1", 0.0, 1.0, "1: keep the present load; 0: follow requests again"}};

}  // namespace ampacity::smr
