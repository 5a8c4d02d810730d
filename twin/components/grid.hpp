// SPDX-License-Identifier: Apache-2.0
#pragma once

// The utility at the point of connection.
//
// Seen from the site the grid is stiff: it sets voltage and frequency (inputs, both relative to
// nominal, from a series or constant 1), and takes or gives whatever power the balance of the site
// leaves. A disturbance is an order: `voltage` 0.5 and, 150 ms later, `voltage` 1 is a sag. The
// ordered value multiplies the series, so that a sag may be played on top of a measured voltage.
//
//   voltage = voltage_series * ordered_voltage
//
// What the connection agreement says is watched, never enforced, as the utility's meter does it:
// power above the contract, export above the limit, and change of power faster than the ramp limit.
// The ramp is read from a lag of the power with time constant T (parameter `ramp_window`):
//
//   d(averaged)/dt = (power - averaged)/T,      ramp = (power - averaged)/T
//
// A steady ramp reads exactly after a few T; a step of dP reads dP/T at once, as a change of power
// within a window of length T does. The demand of fixed 15-minute windows is arithmetic on the
// recorded power: see demand.hpp.
//
//   cost rate = price * import                  (export earns the share `export_price_share`)
//   carbon rate = intensity * import            (location based; export earns no credit)

#include "twin/components/component.hpp"
#include "twin/components/fraction.hpp"

namespace ampacity {

struct Grid {
  static constexpr const char* name = "grid";
  static constexpr const char* summary = "utility connection with contract, price and carbon";

  struct Parameters {
    double ramp_limit_w_per_s;
    double ramp_window_s;
    double export_price_share;
  };
  template <class V>
  struct States {
    V averaged_w;
  };
  template <class V>
  struct Inputs {
    V voltage;
    V frequency;
    V power_w;
    V contract_w;
    V export_limit_w;
    V price_per_j;
    V carbon_kg_per_j;
  };
  template <class V>
  struct Outputs {
    V voltage;
    V frequency;
    V import_w;
    V over_contract_w;
    V ramp_w_per_s;
    V cost_per_s;
    V carbon_kg_per_s;
  };
  struct Modes {
    std::int64_t voltage_millionths;
    std::int64_t disturbed;
    std::int64_t over_contract;
    std::int64_t over_export;
    std::int64_t over_ramp;
  };

  static constexpr std::array parameters{
      ParameterRow{"ramp_limit", "W/s", 20e6 / 60.0, 1.0, 1e12, "fastest allowed change of power",
                   "20 MW/min: Southern Company (CIGRE US GOTF 2025)"},
      ParameterRow{"ramp_window", "s", 60.0, 0.1, 3600.0, "time over which the change is read",
                   "60 s: ramp limits are stated per minute"},
      ParameterRow{"export_price_share", "1", 1.0, 0.0, 1.0,
                   "price of exported over imported energy", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"averaged_power", "W", 0.0, -1e9, 1e9, 1.0, "lag of the imported power"}};
  static constexpr std::array inputs{
      InputRow{"voltage", "1", 1.0, 0.0, 1.2, "voltage of the utility, pu"},
      InputRow{"frequency", "1", 1.0, 0.9, 1.1, "frequency of the utility, pu"},
      InputRow{"power", "W", 0.0, -1e9, 1e9, "power that the site draws"},
      InputRow{"contract", "W", 1e12, 0.0, 1e12, "contracted power"},
      InputRow{"export_limit", "W", 1e12, 0.0, 1e12, "highest allowed export"},
      InputRow{"price", "1/J", 0.0, -1e-5, 1e-5, "price of imported energy, currency per joule"},
      InputRow{"carbon", "kg/J", 0.0, 0.0, 1e-6, "carbon intensity of imported energy"}};
  static constexpr std::array outputs{
      OutputRow{"voltage", "1", "voltage at the point of connection, pu"},
      OutputRow{"frequency", "1", "frequency, pu"},
      OutputRow{"import_power", "W", "power from the utility", Account::enters_grid},
      OutputRow{"over_contract", "W", "power above the contract"},
      OutputRow{"ramp", "W/s", "change of the imported power"},
      OutputRow{"cost_rate", "1/s", "cost of energy, currency per second"},
      OutputRow{"carbon_rate", "kg/s", "carbon of imported energy, location based"}};
  static constexpr std::array modes{
      ModeRow{"ordered_voltage", "", "ordered voltage in millionths of the series' voltage"},
      ModeRow{"disturbed", "no|yes", "voltage below 0.9 pu"},
      ModeRow{"over_contract", "no|yes", "import above the contract"},
      ModeRow{"over_export", "no|yes", "export above its limit"},
      ModeRow{"over_ramp", "no|yes", "power changes faster than allowed"}};
  static constexpr std::array guards{
      GuardRow{"voltage_low", Severity::warning, "utility voltage below 0.9 pu"},
      GuardRow{"voltage_normal", Severity::information, "utility voltage above 0.9 pu again"},
      GuardRow{"contract_exceeded", Severity::limit, "import above the contract"},
      GuardRow{"contract_kept", Severity::information, "import within the contract again"},
      GuardRow{"export_exceeded", Severity::limit, "export above its limit"},
      GuardRow{"export_kept", Severity::information, "export within its limit again"},
      GuardRow{"ramp_exceeded", Severity::limit, "power changes faster than the connection allows"},
      GuardRow{"ramp_kept", Severity::information, "change of power is within the limit again"}};
  static constexpr std::array orders{OrderRow{
      "voltage", "1", 0.0, 1.2, "voltage relative to the series: below 1 a sag, 0 an outage"}};
  static constexpr std::size_t offered = 2;
  static constexpr std::size_t early_inputs = 2;

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage = u.voltage * from_millionths(m.voltage_millionths);
    w.frequency = u.frequency;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    w.import_w = u.power_w;
    w.over_contract_w = max(u.power_w - u.contract_w, V(0.0));
    w.ramp_w_per_s = (u.power_w - x.averaged_w) / p.ramp_window_s;
    rate.averaged_w = w.ramp_w_per_s;
    const V imported_w = max(u.power_w, V(0.0));
    const V exported_w = max(-u.power_w, V(0.0));
    w.cost_per_s = u.price_per_j * (imported_w - exported_w * p.export_price_share);
    w.carbon_kg_per_s = u.carbon_kg_per_j * imported_w;
  }

  static void start(const Parameters&, Modes& m, States<double>&) {
    m.voltage_millionths = 1'000'000;
  }

  // Limits are left with a hysteresis of 1 %, so that a power that rides on its limit makes one
  // event, not a thousand.
  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    const double import = over(u.power_w, u.contract_w);
    const double exported = over(-u.power_w, u.export_limit_w);
    const double ramp = over(abs(w.ramp_w_per_s), p.ramp_limit_w_per_s);
    guard[0] = m.disturbed == 0 ? 0.9 - w.voltage : -1.0;
    guard[1] = m.disturbed != 0 ? w.voltage - 0.905 : -1.0;
    guard[2] = m.over_contract == 0 ? import : -1.0;
    guard[3] = m.over_contract != 0 ? -import - 0.01 : -1.0;
    guard[4] = m.over_export == 0 ? exported : -1.0;
    guard[5] = m.over_export != 0 ? -exported - 0.01 : -1.0;
    guard[6] = m.over_ramp == 0 ? ramp : -1.0;
    guard[7] = m.over_ramp != 0 ? -ramp - 0.01 : -1.0;
  }

  static void react(const Happening& happening, Agenda&, const Parameters&, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      m.voltage_millionths = to_millionths(happening.value);
    } else if (happening.kind == Happening::Kind::guard) {
      const std::int64_t entered = happening.index % 2 == 0 ? 1 : 0;
      if (happening.index / 2 == 0) m.disturbed = entered;
      if (happening.index / 2 == 1) m.over_contract = entered;
      if (happening.index / 2 == 2) m.over_export = entered;
      if (happening.index / 2 == 3) m.over_ramp = entered;
    }
  }

  // What the utility gives, the site draws.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.import_w - u.power_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }

 private:
  // By how much `value` is above `limit`, relative to the limit.
  static double over(double value, double limit) { return (value - limit) / max(limit, 1.0); }
};

}  // namespace ampacity
