// SPDX-License-Identifier: Apache-2.0
#pragma once

// Uninterruptible power supply, double conversion: rectifier, battery, inverter, static bypass.
//
// The inverter always makes the output voltage; the question is only who feeds it. `share` is the
// part of the demand that comes from the mains, the battery gives the rest:
//
//   loss       = rated (a + b beta + c beta^2),       beta = load/rated
//   demand     = load + loss
//   from mains = share demand + charge,  from battery = (1 - share) demand
//   d(energy)/dt = eta charge - (1 - share) demand/eta
//   charge     = min(charge_power, (capacity - energy)/taper_time)     in normal operation
//
// Conditions, and what moves between them:
//
//   normal --- mains low for the detection time ---> battery --- mains good for the hold time --->
//   walk_in (share rises from 0 to 1) ---> normal;   mains low during walk_in ---> battery
//   battery, walk_in --- N sags within the counting window ---> lockout: on battery, no automatic
//       return, an order `run` ends it
//   battery, lockout --- battery empty ---> off;   off --- mains good for the hold time --->
//   normal,
//       unless locked out
//   any --- overload used up ---> bypass when the mains are within their window, else off;
//       bypass --- load within the rating and cooled down ---> normal
//
// The counter is what turned a brief disturbance into the loss of about 1,500 MW of data-centre
// load on 10 July 2024 (six faults in 82 s, each 42 to 66 ms at 0.25 to 0.40 pu): three
// disturbances within one minute moved the sites to their own supply until somebody switched them
// back. Set `lockout_count` to 0 for a policy that does not count.
//
// Overload is used up at the rate 1/t(beta): 125 % for 10 min, 150 % for 1 min, 165 % for 1 s (MGE
// Galaxy PW manual), ln t linear in beta between these points, the rate rising from 0 at 100 %;
// below 100 % it recovers with a time constant. Eco operation (load on the bypass by choice) is
// left out.
//
// Losses: 1.0 % + 1.5 % beta + 1.0 % beta^2 of the rating stand in for a typical unit (94.6 to 96.6
// % from quarter to full load); no manufacturer's table is behind them.
//
// During the detection time the link capacitor carries the inverter; its charge is booked to the
// mains at once (feed.hpp says why). Output voltage is 1 pu unless off or on bypass.

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"

namespace ampacity {

struct Ups {
  static constexpr const char* name = "ups";
  static constexpr const char* summary = "double-conversion UPS with battery, counter and bypass";

  struct Parameters {
    double rated_power_w;
    double loss_constant;
    double loss_linear;
    double loss_quadratic;
    double bypass_loss;
    double capacity_j;
    double battery_efficiency;
    double charge_fraction;
    double taper_time_s;
    double low_voltage;
    double good_voltage;
    double detection_time_s;
    double hold_time_s;
    double walk_in_time_s;
    double lockout_count;
    double lockout_window_s;
    double bypass_window;
    double overload_recovery_s;
    double room_fraction;
  };
  template <class V>
  struct States {
    V energy_j;
    V share;
    V overload;
  };
  template <class V>
  struct Inputs {
    V voltage_in;
    V load_w;
  };
  template <class V>
  struct Outputs {
    V voltage_out;
    V power_w;
    V loss_w;
    V battery_w;
    V heat_to_room_w;
    V heat_to_outdoors_w;
    V load_factor;
    V charge_left;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t operation;
    std::int64_t mains;
    std::int64_t locked;
    std::int64_t counted;   // sags since the last order to run
    std::int64_t low_ns;    // the mains went low
    std::int64_t good_ns;   // the mains came back
    std::int64_t sag_1_ns;  // the latest counted sag
    std::int64_t sag_2_ns;
    std::int64_t sag_3_ns;
  };
  enum class Operation : std::int64_t { normal, battery, walk_in, lockout, bypass, off };
  enum class Mains : std::int64_t { good, low };

  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", 2.5e6, 100.0, 1e9, "power of the load at 100 %", "assumed"},
      ParameterRow{"loss_constant", "1", 0.010, 0.0, 0.1, "loss without load, of rated power",
                   "assumed"},
      ParameterRow{"loss_linear", "1", 0.015, 0.0, 0.1, "loss that grows with load", "assumed"},
      ParameterRow{"loss_quadratic", "1", 0.010, 0.0, 0.1, "loss that grows with load squared",
                   "assumed"},
      ParameterRow{"bypass_loss", "1", 0.005, 0.0, 0.1, "loss on bypass, of the load", "assumed"},
      ParameterRow{"battery_capacity", "J", 300.0 * 2.5e6, 1.0, 1e13,
                   "energy of the charged battery",
                   "assumed: 5 min at rated power (typical run time, SemiAnalysis)"},
      ParameterRow{"battery_efficiency", "1", 0.97, 0.5, 1.0, "one-way, charging and discharging",
                   "assumed"},
      ParameterRow{"charge_fraction", "1", 0.1, 0.0, 1.0, "charging power over rated power",
                   "assumed"},
      ParameterRow{"taper_time", "s", 120.0, 1.0, 1e5, "time constant of the end of charging",
                   "assumed"},
      ParameterRow{"low_voltage", "1", 0.88, 0.1, 1.0, "mains below this are low, pu",
                   "assumed (range 0.85 to 0.90)"},
      ParameterRow{"good_voltage", "1", 0.895, 0.1, 1.0, "mains above this are good again, pu",
                   "assumed"},
      ParameterRow{"detection_time", "s", 0.003, 0.0, 1.0, "low mains are seen after this time",
                   "assumed (range 2 to 4 ms)"},
      ParameterRow{"hold_time", "s", 5.0, 0.0, 3600.0, "good mains are trusted after this time",
                   "assumed (range 1 to 10 s)"},
      ParameterRow{"walk_in_time", "s", 20.0, 0.05, 600.0, "time in which the mains take the load",
                   "assumed (range 10 to 30 s)"},
      ParameterRow{"lockout_count", "1", 3.0, 0.0, 4.0,
                   "this many sags within the window lock the unit on battery; 0: never",
                   "3: event of 10 July 2024 (secondary reports of the NERC review)"},
      ParameterRow{"lockout_window", "s", 60.0, 0.0, 3600.0, "window in which sags are counted",
                   "60 s: event of 10 July 2024 (secondary reports of the NERC review)"},
      ParameterRow{"bypass_window", "1", 0.1, 0.01, 0.5, "mains this far from 1 pu bar the bypass",
                   "10 %: MGE Galaxy PW manual"},
      ParameterRow{"overload_recovery", "s", 600.0, 1.0, 1e5,
                   "time constant in which overload is forgotten", "assumed"},
      ParameterRow{"room_fraction", "1", 0.0, 0.0, 1.0, "share of the loss that heats a room",
                   "assumed (own plant room)"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"battery_energy", "J", 7.5e8, 0.0, 7.5e8, 100.0, "energy in the battery", true},
      StateRow{"share", "1", 1.0, 0.0, 1.0, 1e-6, "part of the demand that the mains carry", true},
      StateRow{"overload", "1", 0.0, 0.0, 1.0, 1e-6, "overload capability that is used up", true}};
  static constexpr std::array inputs{
      InputRow{"voltage_in", "1", required, 0.0, 1.2, "voltage of the mains, pu"},
      InputRow{"load", "W", 0.0, 0.0, 4e6, "power of the load"}};
  static constexpr std::array outputs{
      OutputRow{"voltage_out", "1", "voltage of the load, pu"},
      OutputRow{"power", "W", "power drawn from the mains"},
      OutputRow{"loss", "W", "loss of converters and battery", Account::use_loss},
      OutputRow{"battery_power", "W", "flow into the stored energy, negative out of it",
                Account::use_storage},
      OutputRow{"heat_to_room", "W", "part of the loss that heats a room"},
      OutputRow{"heat_to_outdoors", "W", "part of the loss that leaves the site",
                Account::leaves_loss},
      OutputRow{"load_factor", "1", "load over rated power"},
      OutputRow{"charge_left", "1", "stored energy over capacity"}};
  static constexpr std::array modes{
      condition_row,
      ModeRow{"operation", "normal|battery|walk_in|lockout|bypass|off", "who carries the load"},
      ModeRow{"mains", "good|low", "what the unit thinks of its mains"},
      ModeRow{"locked", "no|yes", "waits for an order to run"},
      ModeRow{"counted_sags", "", "sags since the last order to run"},
      ModeRow{"low_instant", "", "instant at which the mains last went low, ns"},
      ModeRow{"good_instant", "", "instant at which the mains last came back, ns"},
      ModeRow{"sag_1_instant", "", "latest counted sag, ns"},
      ModeRow{"sag_2_instant", "", "the one before, ns"},
      ModeRow{"sag_3_instant", "", "the one before that, ns"}};
  static constexpr std::array guards{
      GuardRow{"mains_low", Severity::warning, "mains voltage below the lower threshold"},
      GuardRow{"mains_good", Severity::information, "mains voltage above the upper threshold"},
      GuardRow{"walk_in_done", Severity::information, "the mains carry the whole load again"},
      GuardRow{"battery_empty", Severity::trip, "the battery is empty"},
      GuardRow{"overload_trip", Severity::trip, "the overload capability is used up"},
      GuardRow{"overload_over", Severity::information, "the load is back within the rating"}};
  static constexpr std::array orders{
      run_order, standby_order, fail_order, repair_order,
      OrderRow{"bypass", "1", 0.0, 1.0, "put the load on the bypass"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 1;

  static constexpr int detection_timer = 0;
  static constexpr int hold_timer = 1;

  // Rate at which overload capability is used up, 1/s; see the essay. Used by tests and by limits.
  template <class V>
  static V overload_rate(const V& load_factor) {
    constexpr double long_s = 600.0;
    constexpr double middle_slope = 9.2103403719761827;  // ln(600 s/60 s)/(1.50 - 1.25)
    constexpr double short_slope = 27.295630414814002;   // ln(60 s/1 s)/(1.65 - 1.50)
    const V below = clamp(load_factor - 1.0, 0.0, 0.25) / 0.25;
    const V middle = clamp(load_factor - 1.25, 0.0, 0.25) * middle_slope;
    const V high = clamp(load_factor - 1.5, 0.0, 0.15) * short_slope;
    return below * exp(middle + high) / long_s;
  }

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage_out = m.operation == code(Operation::off)
                        ? V(0.0)
                        : (m.operation == code(Operation::bypass) ? u.voltage_in : V(1.0));
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const bool bypass = m.operation == code(Operation::bypass);
    const bool converting = !bypass && m.operation != code(Operation::off);
    const double on = converting ? 1.0 : 0.0;
    const double charging = m.operation == code(Operation::normal) ? 1.0 : 0.0;
    const V factor = u.load_w / p.rated_power_w;
    const V converter_w = ((factor * p.loss_quadratic + p.loss_linear) * factor + p.loss_constant) *
                              (p.rated_power_w * on) +
                          abs(u.load_w) * (bypass ? p.bypass_loss : 0.0);
    const V demand_w = u.load_w + converter_w;
    const V from_battery_w = (1.0 - x.share) * demand_w * on;
    const V charge_w = max(min(V(p.charge_fraction * p.rated_power_w),
                               (p.capacity_j - x.energy_j) / p.taper_time_s),
                           V(0.0)) *
                       charging;
    w.battery_w = charge_w * p.battery_efficiency - from_battery_w / p.battery_efficiency;
    w.power_w = demand_w - from_battery_w + charge_w;
    w.loss_w = converter_w + charge_w * (1.0 - p.battery_efficiency) +
               from_battery_w * (1.0 / p.battery_efficiency - 1.0);
    w.heat_to_room_w = w.loss_w * p.room_fraction;
    w.heat_to_outdoors_w = w.loss_w * (1.0 - p.room_fraction);
    w.load_factor = factor;
    w.charge_left = x.energy_j / p.capacity_j;
    rate.energy_j = w.battery_w;
    rate.share = V(m.operation == code(Operation::walk_in) ? 1.0 / p.walk_in_time_s : 0.0);
    const V loaded = factor * on;
    rate.overload =
        overload_rate(loaded) - x.overload * max(1.0 - loaded, V(0.0)) / p.overload_recovery_s;
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    x.energy_j = p.capacity_j;
    x.share = 1.0;
    forget_sags(m);
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    const bool good = m.mains == code(Mains::good);
    guard[0] = good ? p.low_voltage - u.voltage_in : -1.0;
    guard[1] = good ? -1.0 : u.voltage_in - p.good_voltage;
    guard[2] = in(m, Operation::walk_in) ? x.share - 1.0 : -1.0;
    guard[3] = drains(m) ? -x.energy_j / p.capacity_j : -1.0;
    guard[4] = drains(m) || in(m, Operation::normal) ? x.overload - 1.0 : -1.0;
    guard[5] = in(m, Operation::bypass) && is_running(m.condition) && m.locked == 0
                   ? min(0.1 - x.overload, 1.0 - w.load_factor)
                   : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>& u, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) {
      on_guard(happening.index, agenda, p, m, x, u);
    } else if (happening.kind == Happening::Kind::order) {
      on_order(happening.index, agenda, m, x, u, p);
    } else if (happening.index == detection_timer) {
      const bool due = agenda.now_ns() >= m.low_ns + seconds(p.detection_time_s).ns;
      if (m.mains == code(Mains::low) && due) see_sag(agenda, p, m, x);
    } else {
      const bool due = agenda.now_ns() >= m.good_ns + seconds(p.hold_time_s).ns;
      if (m.mains == code(Mains::good) && due) trust_mains(agenda, m, x);
    }
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_w - u.load_w - w.heat_to_room_w - w.heat_to_outdoors_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>& x) {
    return x.energy_j;
  }

 private:
  static constexpr std::int64_t code(Operation operation) {
    return static_cast<std::int64_t>(operation);
  }
  static constexpr std::int64_t code(Mains mains) { return static_cast<std::int64_t>(mains); }
  static bool in(const Modes& m, Operation operation) { return m.operation == code(operation); }

  // The battery gives power, and may run empty.
  static bool drains(const Modes& m) {
    return in(m, Operation::battery) || in(m, Operation::lockout) || in(m, Operation::walk_in);
  }

  static void forget_sags(Modes& m) {
    constexpr std::int64_t long_ago_ns = INT64_MIN / 4;
    m.counted = 0;
    m.sag_1_ns = long_ago_ns;
    m.sag_2_ns = long_ago_ns;
    m.sag_3_ns = long_ago_ns;
  }

  static void enter(Operation operation, double share, Modes& m, States<double>& x) {
    m.operation = code(operation);
    x.share = share;
  }

  // Guards that fire together are delivered one after the other; the first may have settled the
  // others, so each looks at the operation again.
  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                       const Inputs<double>& u) {
    if (index == 0) {
      m.mains = code(Mains::low);
      m.low_ns = agenda.now_ns();
      if (p.detection_time_s > 0.0) agenda.wake_after(p.detection_time_s, detection_timer);
      if (p.detection_time_s <= 0.0) see_sag(agenda, p, m, x);
    } else if (index == 1) {
      m.mains = code(Mains::good);
      m.good_ns = agenda.now_ns();
      if (p.hold_time_s > 0.0) agenda.wake_after(p.hold_time_s, hold_timer);
      if (p.hold_time_s <= 0.0) trust_mains(agenda, m, x);
    } else if (index == 2 && in(m, Operation::walk_in)) {
      enter(Operation::normal, 1.0, m, x);
    } else if (index == 3 && drains(m)) {
      x.energy_j = max(x.energy_j, 0.0);
      const bool mains_carry = in(m, Operation::walk_in) && m.mains == code(Mains::good);
      enter(mains_carry ? Operation::normal : Operation::off, mains_carry ? 1.0 : 0.0, m, x);
    } else if (index == 4 && (drains(m) || in(m, Operation::normal))) {
      give_up(agenda, p, m, x, u);
    } else if (index == 5 && in(m, Operation::bypass)) {
      enter(Operation::normal, 1.0, m, x);
    }
  }

  // The overload capability is used up.
  static void give_up(Agenda& agenda, const Parameters& p, Modes& m, States<double>& x,
                      const Inputs<double>& u) {
    if (abs(u.voltage_in - 1.0) <= p.bypass_window) {
      enter(Operation::bypass, 1.0, m, x);
      agenda.note(Severity::warning, "load moved to the bypass");
    } else {
      enter(Operation::off, 0.0, m, x);
      m.locked = 1;
      agenda.note(Severity::trip, "load dropped: no bypass on these mains");
    }
  }

  // The mains have been low for the detection time: take over, count, and maybe lock out.
  static void see_sag(Agenda& agenda, const Parameters& p, Modes& m, States<double>& x) {
    const bool mains_carry = in(m, Operation::normal) || in(m, Operation::walk_in);
    if (!mains_carry && !in(m, Operation::battery)) return;
    ++m.counted;
    const std::int64_t since_ns = m.low_ns - seconds(p.lockout_window_s).ns;
    const int count = static_cast<int>(p.lockout_count + 0.5);
    const std::int64_t first_ns =
        count <= 1 ? m.low_ns : (count == 2 ? m.sag_1_ns : (count == 3 ? m.sag_2_ns : m.sag_3_ns));
    m.sag_3_ns = m.sag_2_ns;
    m.sag_2_ns = m.sag_1_ns;
    m.sag_1_ns = m.low_ns;
    if (count > 0 && first_ns >= since_ns) {
      enter(Operation::lockout, 0.0, m, x);
      m.locked = 1;
      agenda.note(Severity::trip, "locked out on battery: too many sags within the window");
    } else if (mains_carry) {
      enter(Operation::battery, 0.0, m, x);
      agenda.note(Severity::warning, "on battery");
    }
  }

  // The mains have been good for the hold time: begin the walk-in, or start again after a drop.
  static void trust_mains(Agenda& agenda, Modes& m, States<double>& x) {
    if (in(m, Operation::battery)) {
      enter(Operation::walk_in, 0.0, m, x);
      agenda.note(Severity::information, "walk-in begins");
    } else if (in(m, Operation::off) && m.locked == 0 && is_running(m.condition)) {
      enter(Operation::normal, 1.0, m, x);
      agenda.note(Severity::information, "output voltage is back");
    }
  }

  static void on_order(int index, Agenda& agenda, Modes& m, States<double>& x,
                       const Inputs<double>& u, const Parameters& p) {
    if (index == 4) {
      if (m.condition == static_cast<std::int64_t>(UnitCondition::failed)) {
        agenda.note(Severity::warning, "order refused: the unit has failed");
      } else if (abs(u.voltage_in - 1.0) > p.bypass_window) {
        agenda.note(Severity::warning, "bypass refused: mains outside of their window");
      } else {
        m.locked = 1;
        enter(Operation::bypass, 1.0, m, x);
      }
      return;
    }
    follow_condition_order(index, agenda, m.condition);
    if (!is_running(m.condition)) {
      enter(Operation::off, 0.0, m, x);
      m.locked = 0;
      return;
    }
    if (index != 0) return;
    m.locked = 0;
    forget_sags(m);
    resume(m, x);
  }

  // After an order to run: whoever can carry the load does.
  static void resume(Modes& m, States<double>& x) {
    const bool good = m.mains == code(Mains::good);
    const bool from_battery = in(m, Operation::lockout);
    if (good && from_battery) {
      enter(Operation::walk_in, 0.0, m, x);
    } else if (good && m.operation != code(Operation::normal) &&
               m.operation != code(Operation::walk_in) && m.operation != code(Operation::battery)) {
      enter(Operation::normal, 1.0, m, x);
    } else if (!good && from_battery) {
      enter(Operation::battery, 0.0, m, x);
    }
  }
};

}  // namespace ampacity
