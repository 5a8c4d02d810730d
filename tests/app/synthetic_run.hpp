// SPDX-License-Identifier: Apache-2.0
#pragma once

// A run directory of an invented day, for the tests of the report: plausible curves, a sag at 14:00
// that drops pumps and chillers, a rack that reaches slowdown. Written with the program's own
// RunDirectory and with NetCDF directly, so that no plant has to be built.

#include <netcdf.h>

#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "twin/sim/run_directory.hpp"

namespace ampacity::tests {

// Writes results.nc: variables by name, each a function of unit and time in seconds.
class ResultsWriter {
 public:
  using Value = std::function<double(std::size_t unit, double t_s)>;

  ResultsWriter(const std::filesystem::path& path, Time start, double length_s, double every_s) {
    check(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
    for (double t_s = 0.0; t_s <= length_s + 1e-9; t_s += every_s) times_s_.push_back(t_s);
    check(nc_def_dim(file_, "time", NC_UNLIMITED, &time_dimension_));
    int id = 0;
    check(nc_def_var(file_, "time", NC_DOUBLE, 1, &time_dimension_, &id));
    const std::string units = "seconds since " + format_time(start);
    check(nc_put_att_text(file_, id, "units", units.size(), units.c_str()));
    const std::size_t first = 0;
    const std::size_t count = times_s_.size();
    check(nc_put_vara_double(file_, id, &first, &count, times_s_.data()));
  }
  ~ResultsWriter() { nc_close(file_); }
  ResultsWriter(const ResultsWriter&) = delete;
  ResultsWriter& operator=(const ResultsWriter&) = delete;

  void component(const std::string& name, const std::vector<std::string>& paths) {
    int dimension = 0;
    check(nc_def_dim(file_, name.c_str(), paths.size(), &dimension));
    dimensions_[name] = {dimension, paths.size()};
    int id = 0;
    check(nc_def_var(file_, (name + "_path").c_str(), NC_STRING, 1, &dimension, &id));
    std::vector<const char*> texts;
    for (const std::string& path : paths) texts.push_back(path.c_str());
    check(nc_put_var_string(file_, id, texts.data()));
  }

  // Weather belongs to no component.
  void weather(const std::string& quantity, double (*value)(double t_s)) {
    int id = 0;
    check(nc_def_var(file_, ("weather_" + quantity).c_str(), NC_FLOAT, 1, &time_dimension_, &id));
    std::vector<float> column;
    for (const double t_s : times_s_) column.push_back(static_cast<float>(value(t_s)));
    const std::size_t from = 0;
    const std::size_t count = column.size();
    check(nc_put_vara_float(file_, id, &from, &count, column.data()));
  }

  void variable(const std::string& component, const std::string& quantity, const Value& value) {
    const auto [dimension, units] = dimensions_.at(component);
    const int both[2] = {time_dimension_, dimension};
    int id = 0;
    check(nc_def_var(file_, (component + "_" + quantity).c_str(), NC_FLOAT, 2, both, &id));
    check(nc_def_var_deflate(file_, id, 1, 1, 1));
    const std::size_t chunks[2] = {3600, 1};
    check(nc_def_var_chunking(file_, id, NC_CHUNKED, chunks));
    std::vector<float> column(times_s_.size());
    for (std::size_t unit = 0; unit < units; ++unit) {
      for (std::size_t k = 0; k < column.size(); ++k) {
        column[k] = static_cast<float>(value(unit, times_s_[k]));
      }
      const std::size_t from[2] = {0, unit};
      const std::size_t count[2] = {column.size(), 1};
      check(nc_put_vara_float(file_, id, from, count, column.data()));
    }
  }

 private:
  static void check(int status) {
    if (status != NC_NOERR) throw std::runtime_error(nc_strerror(status));
  }
  int file_ = -1;
  int time_dimension_ = 0;
  std::map<std::string, std::pair<int, std::size_t>> dimensions_;
  std::vector<double> times_s_;
};

// The curves of the invented day, over seconds since local midnight.
struct SyntheticDay {
  static constexpr double sag_s = 14.0 * 3600.0;

  // Smooth noise in [-1, 1] that differs from unit to unit.
  static double wobble(std::size_t unit, double t_s) {
    const double u = static_cast<double>(unit);
    return (std::sin(t_s / 611.0 + 1.7 * u) + std::sin(t_s / 173.0 + 2.9 * u) +
            std::sin(t_s / 47.0 + 0.6 * u)) /
           3.0;
  }
  static double sun(double t_s) {
    const double day = std::sin((t_s / 3600.0 - 6.0) / 14.0 * 3.14159265);
    const double cloud = t_s > 15 * 3600 && t_s < 17 * 3600 ? 0.55 + 0.35 * wobble(3, 7 * t_s) : 1;
    return day > 0.0 && t_s > 6 * 3600 && t_s < 20 * 3600 ? day * cloud : 0.0;
  }
  static double dry_bulb_k(double t_s) {
    return 300.8 + 5.5 * std::cos((t_s / 3600.0 - 15.0) / 24.0 * 6.28318531);
  }
  static double wet_bulb_k(double t_s) {
    return 297.1 + 1.5 * std::cos((t_s / 3600.0 - 15.0) / 24.0 * 6.28318531);
  }
  // Warmth that the stop of pumps and chillers leaves behind, K.
  static double after_sag_k(double t_s) {
    const double t = t_s - sag_s;
    return t < 0.0 ? 0.0 : 6.0 * (t / 240.0) * std::exp(1.0 - t / 240.0);
  }
  static double rack_w(std::size_t unit, double t_s) {
    const double work = unit % 7 == 3 && t_s < 32'000 ? 0.25 : 1.0;
    return work * (112e3 + 6e3 * wobble(unit, t_s)) +
           (std::fmod(t_s + 900.0 * static_cast<double>(unit / 8), 5400.0) < 60.0 ? -35e3 : 0.0);
  }
};

inline std::vector<std::string> numbered(const std::string& prefix, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i <= count; ++i) out.push_back(prefix + std::to_string(i));
  return out;
}

// Writes the whole directory; returns its path.
inline std::filesystem::path write_synthetic_run(const std::filesystem::path& path,
                                                 std::size_t racks, double every_s) {
  using Day = SyntheticDay;
  RunDescription d;
  d.site = "demo";
  d.title = "Demo: a 10 MW AI site <with> two feeds";
  d.scenario = "sag-on-feed-a";
  d.engine = "cvode";
  d.sundials = "6.4.1";
  d.configuration = "[site]\nname = \"demo\"\n\n[grid.utility]\n";
  d.seed = 1;
  d.zone = TimeZone::fixed(hours(-4));
  d.start = parse_time("2024-07-16T04:00Z").value();
  d.end = d.start + hours(24);
  d.sample_every = seconds(every_s);
  d.currency = "USD";
  d.notices = {"weather: design day of Greensboro NC, NREL TMY3 723170; its daily swing is assumed",
               "price: day-ahead shape, assumed"};
  RunDirectory run(path, d);

  ResultsWriter out(run.results_path(), d.start, 86'400.0, every_s);
  const double n = static_cast<double>(racks);
  const auto it_w = [racks](double t_s) {
    double sum = 0.0;
    for (std::size_t i = 0; i < std::min<std::size_t>(racks, 16); ++i) sum += Day::rack_w(i, t_s);
    return sum / static_cast<double>(std::min<std::size_t>(racks, 16));
  };
  std::vector<std::string> rack_paths;
  for (std::size_t i = 0; i < racks; ++i) {
    rack_paths.push_back("hall-1/pod-" + std::to_string(i / 8 + 1) + "/rack-" +
                         std::to_string(i % 8 + 1));
  }
  out.component("liquid_rack", rack_paths);
  out.variable("liquid_rack", "power", Day::rack_w);
  const auto die_k = [](std::size_t unit, double t_s) {
    return 309.5 + Day::rack_w(unit, t_s) / 4.6e3 + Day::after_sag_k(t_s) +
           (unit == 11 ? 9.0 + 0.8 * Day::after_sag_k(t_s) : 0.0);
  };
  out.variable("liquid_rack", "die_temperature", die_k);
  out.variable("liquid_rack", "die_margin",
               [&](std::size_t unit, double t_s) { return 352.15 - die_k(unit, t_s); });
  out.component("air_rack", numbered("hall-2/rack-", 10));
  out.variable("air_rack", "power", [](std::size_t unit, double t_s) {
    return 30e3 + 2e3 * Day::wobble(unit + 50, t_s);
  });
  out.component("island", numbered("hall-1/pod-", racks / 8));
  out.variable("island", "set_point", [](std::size_t, double) { return 309.15; });
  out.variable("island", "return_temperature", [](std::size_t unit, double t_s) {
    return 318.6 + 0.7 * Day::wobble(unit, t_s) + Day::after_sag_k(t_s);
  });
  out.component("cdu", numbered("hall-1/cdu-", racks / 4));
  out.variable("cdu", "secondary_outlet_temperature", [](std::size_t unit, double t_s) {
    return 309.15 + 0.12 * Day::wobble(unit, t_s) + 0.8 * Day::after_sag_k(t_s);
  });
  out.variable("cdu", "power",
               [](std::size_t unit, double t_s) { return 4e3 + 200 * Day::wobble(unit, t_s); });
  out.variable("cdu", "valve_position", [](std::size_t unit, double t_s) {
    return 0.62 + 0.05 * Day::wobble(unit, t_s) + 0.02 * Day::after_sag_k(t_s);
  });
  out.component("hall", {"hall-2"});
  out.variable("hall", "cold_aisle_temperature", [](std::size_t, double t_s) {
    return 297.2 + 0.2 * Day::wobble(0, t_s) + Day::after_sag_k(t_s);
  });
  out.variable("hall", "hot_aisle_temperature", [](std::size_t, double t_s) {
    return 309.0 + 0.3 * Day::wobble(1, t_s) + Day::after_sag_k(t_s);
  });
  out.component("crah", numbered("hall-2/crah-", 4));
  out.variable("crah", "power", [](std::size_t, double) { return 6e3; });
  out.variable("crah", "fan_speed",
               [](std::size_t unit, double t_s) { return 0.7 + 0.04 * Day::wobble(unit, t_s); });
  out.component("loop", {"facility", "chilled"});
  out.variable("loop", "supply_temperature", [](std::size_t unit, double t_s) {
    return unit == 0 ? Day::wet_bulb_k(t_s) + 6.0 + 0.1 * Day::wobble(4, t_s)
                     : 291.2 + 0.1 * Day::wobble(5, t_s) + Day::after_sag_k(t_s);
  });
  out.variable("loop", "return_temperature", [&](std::size_t unit, double t_s) {
    return unit == 0 ? Day::wet_bulb_k(t_s) + 6.0 + it_w(t_s) / 10.5e3
                     : 297.0 + 0.3 * Day::wobble(6, t_s) + Day::after_sag_k(t_s);
  });
  const auto stopped = [](double t_s, double seconds_off) {
    return t_s >= Day::sag_s && t_s < Day::sag_s + seconds_off;
  };
  out.component("pump_group", {"facility-pumps", "tower-pumps"});
  out.variable("pump_group", "power", [&](std::size_t unit, double t_s) {
    return stopped(t_s, 20.0) ? 0.0
                              : (unit == 0 ? 58e3 : 41e3) * (1 + 0.03 * Day::wobble(unit, t_s));
  });
  out.variable("pump_group", "running", [&](std::size_t unit, double t_s) {
    return stopped(t_s, 20.0) ? 0.0 : unit == 0 ? 3.0 : (t_s > 36'000 && t_s < 72'000 ? 4.0 : 3.0);
  });
  out.weather("dry_bulb", Day::dry_bulb_k);
  out.weather("wet_bulb", Day::wet_bulb_k);
  out.component("cooling_tower", {"towers"});
  out.variable("cooling_tower", "power", [](std::size_t, double t_s) {
    return 60e3 + 9e3 * (Day::wet_bulb_k(t_s) - 297.0) + 8e3 * Day::after_sag_k(t_s);
  });
  out.variable("cooling_tower", "cells",
               [](std::size_t, double t_s) { return t_s > 30'000 && t_s < 75'000 ? 6.0 : 5.0; });
  out.variable("cooling_tower", "fan_speed", [](std::size_t, double t_s) {
    return std::min(1.0,
                    0.6 + 0.06 * (Day::wet_bulb_k(t_s) - 297.0) + 0.06 * Day::after_sag_k(t_s));
  });
  out.variable("cooling_tower", "leaving_temperature",
               [](std::size_t, double t_s) { return Day::wet_bulb_k(t_s) + 4.0; });
  out.variable("cooling_tower", "heat_rejected",
               [&](std::size_t, double t_s) { return 1.02 * n * it_w(t_s) + 3.2e5; });
  out.variable("cooling_tower", "make_up",
               [&](std::size_t, double t_s) { return n * it_w(t_s) / 1.9e6; });
  out.component("dry_cooler", {"trim"});
  out.variable("dry_cooler", "leaving_temperature",
               [](std::size_t, double t_s) { return Day::dry_bulb_k(t_s) + 6.0; });
  out.component("chiller", numbered("chiller-", 2));
  out.variable("chiller", "power", [&](std::size_t unit, double t_s) {
    if (stopped(t_s, 300.0)) return 0.0;
    if (unit == 1 && (t_s < 32'000 || t_s > 70'000)) return 0.0;
    return 52e3 + 4e3 * (Day::wet_bulb_k(t_s) - 297.0);
  });
  const auto pv_w = [](double t_s) { return 1.9e6 * Day::sun(t_s); };
  const auto battery_w = [](double t_s) {
    const double evening = std::exp(-std::pow((t_s - 18.5 * 3600) / 5400.0, 2.0));
    const double night = std::exp(-std::pow((t_s - 3.0 * 3600) / 7200.0, 2.0));
    return 1.1e6 * night - 1.6e6 * evening + 6e4 * Day::wobble(9, t_s);
  };
  const auto use_w = [&](double t_s) { return n * it_w(t_s) * 1.035 + 9.2e5; };
  out.component("pv", {"roof"});
  out.variable("pv", "power", [&](std::size_t, double t_s) { return pv_w(t_s); });
  out.component("battery", {"bess"});
  out.variable("battery", "power", [&](std::size_t, double t_s) { return battery_w(t_s); });
  out.variable("battery", "charge", [](std::size_t, double t_s) {
    return 0.6 + 0.18 * std::tanh((t_s - 10'800) / 7000.0) -
           0.2 * std::tanh((t_s - 66'600) / 5000.0);
  });
  out.component("smr", {"module"});
  const auto xenon = [](double t_s) { return 1.0 + 0.08 * std::sin(t_s / 14'000.0); };
  const auto smr_w = [](double t_s) { return t_s > 36'000 && t_s < 50'000 ? 2.05e6 : 2.45e6; };
  out.variable("smr", "power", [&](std::size_t, double t_s) { return smr_w(t_s); });
  out.variable("smr", "neutron_level",
               [&](std::size_t, double t_s) { return smr_w(t_s) / 2.45e6; });
  out.variable("smr", "xenon", [&](std::size_t, double t_s) { return xenon(t_s); });
  out.variable("smr", "accepted_load",
               [&](std::size_t, double t_s) { return smr_w(t_s) / 2.45e6; });
  out.component("grid", {"utility"});
  out.variable("grid", "import_power", [&](std::size_t, double t_s) {
    return use_w(t_s) + battery_w(t_s) - pv_w(t_s) - smr_w(t_s);
  });
  out.variable("grid", "voltage", [&](std::size_t, double t_s) {
    return stopped(t_s, std::max(0.15, every_s)) ? 0.5 : 1.0;
  });
  out.component("transformer", {"tx-a", "tx-b"});
  out.variable("transformer", "loss", [&](std::size_t, double t_s) { return use_w(t_s) * 0.004; });
  out.variable("transformer", "load_factor",
               [&](std::size_t, double t_s) { return use_w(t_s) / 2 / 16e6; });
  out.variable("transformer", "hot_spot_temperature",
               [&](std::size_t, double t_s) { return Day::dry_bulb_k(t_s) + 22.0; });
  out.component("ups", {"ups-a", "ups-b"});
  out.variable("ups", "loss", [&](std::size_t, double t_s) { return use_w(t_s) * 0.014; });
  out.variable("ups", "load_factor",
               [&](std::size_t, double t_s) { return use_w(t_s) / 2 / 12e6; });
  out.variable("ups", "charge_left", [](std::size_t unit, double t_s) {
    const double t = t_s - Day::sag_s;
    return unit == 1 || t < 0.0 ? 1.0 : 1.0 - 0.03 * std::exp(-t / 1500.0);
  });

  const Time sag = d.start + seconds(Day::sag_s);
  run.on_event({d.start + minutes(30), Severity::information, "smr/module", "order hold = 0"});
  run.on_event({sag, Severity::warning, "utility", "voltage_low: utility voltage below 0.9 pu"});
  run.on_event({sag + milliseconds(3), Severity::warning, "ups-a",
                "mains_low: mains voltage below the lower threshold"});
  for (const char* machine : {"facility-pumps", "tower-pumps", "chiller-1", "chiller-2"}) {
    run.on_event({sag + milliseconds(40), Severity::trip, machine, "dropped out on low voltage"});
  }
  run.on_event({sag + milliseconds(150), Severity::information, "utility",
                "voltage_normal: utility voltage above 0.9 pu again"});
  for (std::size_t i = 0; i < racks; i += 5) {
    run.on_event({sag + seconds(210.0), Severity::limit, rack_paths[i],
                  "slowdown: a die reached the slowdown temperature"});
  }
  for (int i = 0; i < 70; ++i) {
    run.on_event({d.start + minutes(20 * i + 7), Severity::information, "pump_group/facility-pumps",
                  "speed_inside: the speed command left its limit"});
  }
  nlohmann::ordered_json kpi;
  kpi["duration_s"] = 86400.0;
  kpi["it_energy_mwh"] = 189.72;
  kpi["facility_energy_mwh"] = 207.31;
  kpi["pue"] = 1.0927;
  kpi["wue_l_per_kwh"] = 1.9012;
  kpi["peak_grid_mw_15min"] = 6.8123;
  kpi["max_ramp_mw_per_min"] = 0.912;
  kpi["cost"] = 4312.11;
  kpi["carbon_location_t"] = 38.4;
  kpi["carbon_market_t"] = nullptr;
  kpi["over_temperature_k_min"] = 14.25;
  kpi["trips"] = 4;
  kpi["min_power_headroom_mw"] = 2.12;
  kpi["energy_balance_relative_error"] = 3.1e-9;
  run.write_kpi(kpi);

  RunEnding ending;
  ending.reached = d.end;
  ending.solver.steps = 51'234;
  ending.extra["contract_w"] = 9e6;
  const double mwh = 3.6e9;
  ending.balance.entered_j = 252.0 * mwh;
  ending.balance.left_j = 251.1 * mwh;
  ending.balance.stored_change_j = 0.9 * mwh;
  ending.balance.relative_error = 3.1e-9;
  ending.balance.lines = {{Account::enters_grid, "grid", 130.0 * mwh},
                          {Account::enters_solar, "pv", 14.0 * mwh},
                          {Account::enters_fission, "smr", 108.0 * mwh},
                          {Account::leaves_water, "cooling_tower", 196.5 * mwh},
                          {Account::leaves_loss, "transformer", 1.6 * mwh},
                          {Account::leaves_turbine, "smr", 53.0 * mwh},
                          {Account::use_it, "liquid_rack", 182.6 * mwh},
                          {Account::use_it, "air_rack", 7.1 * mwh},
                          {Account::use_cooling, "pump_group", 6.4 * mwh},
                          {Account::use_cooling, "cdu", 1.5 * mwh},
                          {Account::use_cooling, "chiller", 2.0 * mwh},
                          {Account::use_loss, "ups", 2.9 * mwh},
                          {Account::use_storage, "battery", 1.0 * mwh}};
  ending.stored = {{"loop", 0.2 * mwh}, {"battery", 0.7 * mwh}};
  run.finish(ending);
  return path;
}

}  // namespace ampacity::tests
