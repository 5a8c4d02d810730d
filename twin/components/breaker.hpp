// SPDX-License-Identifier: Apache-2.0
#pragma once

// Circuit breaker with its relay: how much current, for how long.
//
// Current I in units of the rated one follows from power and voltage at constant power factor:
// I = |load|/(rated V). Three functions watch it, as in a usual feeder relay:
//
//   inverse time   M = I/pickup, trip time t(M) = TMS (A/(M^p - 1) + B). The relay integrates
//                  (IEEE C37.112: the disk travels), so that a changing current trips when
//                  d(travel)/dt = 1/t(M) has brought `travel` to 1. Below pick-up it runs back:
//                  d(travel)/dt = -travel (1 - M^2)/tau_reset.
//   thermal image  tau d(heat)/dt = I^2 - heat, trip at heat = k^2. From a steady preload Ip this
//   is
//                  t = tau ln((I^2 - Ip^2)/(I^2 - k^2)).
//   instantaneous  trip at I above a multiple.
//
// Constants A, p, B of usual curves are listed in docs/equations.md. Breakers in series are
// selective when, at the same fault current, the lower one is open before the upper one has
// travelled to 1: a matter of settings, with no other communication between them.
//
// A trip opens the contacts one opening time later. A breaker may stick (order `stick`): the relay
// trips, the contacts stay; the next one upstream has to act. Closing is refused while the thermal
// image is above its limit. An open breaker hands down no voltage; see bus.hpp about the power of
// hold-up stores.
//
// Short circuits are outside of the model: loads are powers, and their current below 0.2 pu of
// voltage is taken as at 0.2 pu.

#include "twin/components/feed.hpp"

namespace ampacity {

struct Breaker {
  static constexpr const char* name = "breaker";
  static constexpr const char* summary = "opens a branch on too much current for too long";

  struct Parameters {
    double rated_power_w;
    double pickup;
    double curve_factor_s;
    double curve_exponent;
    double curve_offset_s;
    double time_multiplier;
    double reset_time_s;
    double thermal_time_s;
    double thermal_factor;
    double instantaneous;
    double opening_time_s;
  };
  template <class V>
  struct States {
    V travel;
    V heat;
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
    V current;
    V used;
  };
  struct Modes {
    std::int64_t position;
    std::int64_t stuck;
    std::int64_t open_ns;
  };
  enum class Position : std::int64_t { closed, tripping, open };

  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", required, 1.0, 1e11, "power at rated current and voltage",
                   "required"},
      ParameterRow{"pickup", "1", 1.05, 0.5, 3.0, "pick-up current over rated current", "assumed"},
      ParameterRow{"curve_factor", "s", 13.5, 0.0, 1000.0, "A of t = TMS (A/(M^p - 1) + B)",
                   "assumed (very inverse)"},
      ParameterRow{"curve_exponent", "1", 1.0, 0.01, 4.0, "p of t = TMS (A/(M^p - 1) + B)",
                   "assumed (very inverse)"},
      ParameterRow{"curve_offset", "s", 0.0, 0.0, 10.0, "B of t = TMS (A/(M^p - 1) + B)",
                   "assumed (very inverse)"},
      ParameterRow{"time_multiplier", "1", 1.0, 0.01, 20.0, "TMS of t = TMS (A/(M^p - 1) + B)",
                   "assumed"},
      ParameterRow{"reset_time", "s", 60.0, 0.1, 3600.0, "time constant of the way back",
                   "assumed"},
      ParameterRow{"thermal_time", "s", 300.0, 1.0, 1e5, "time constant of the thermal image",
                   "assumed"},
      ParameterRow{"thermal_factor", "1", 1.05, 0.5, 3.0,
                   "lasting current that just does not trip, over rated current", "assumed"},
      ParameterRow{"instantaneous", "1", 10.0, 1.0, 1000.0,
                   "current that trips at once, over rated", "assumed"},
      ParameterRow{"opening_time", "s", 0.05, 0.0, 1.0, "from the trip to open contacts",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"travel", "1", 0.0, 0.0, 1.2, 1e-6, "part of the inverse-time travel", true},
      StateRow{"heat", "1", 0.0, 0.0, 2.0, 1e-6, "thermal image: square of the heating current"}};
  static constexpr std::array inputs{
      InputRow{"voltage_in", "1", required, 0.0, 1.2, "voltage of the upper side, pu"},
      InputRow{"load", "W", 0.0, -1e9, 1e9, "power drawn from the lower side"}};
  static constexpr std::array outputs{
      OutputRow{"voltage_out", "1", "voltage of the lower side, pu"},
      OutputRow{"power", "W", "power drawn from the upper side"},
      OutputRow{"current", "1", "current over rated current"},
      OutputRow{"used", "1", "nearness of a trip: the larger of travel and heat over its limit"}};
  static constexpr std::array modes{
      ModeRow{"position", "closed|tripping|open", "contacts"},
      ModeRow{"stuck", "no|yes", "the contacts do not follow the relay"},
      ModeRow{"open_instant", "", "instant at which the contacts open, ns"}};
  static constexpr std::array guards{
      GuardRow{"overload_trip", Severity::trip, "the inverse-time function trips"},
      GuardRow{"thermal_trip", Severity::trip, "the thermal image trips"},
      GuardRow{"instantaneous_trip", Severity::trip, "the instantaneous function trips"}};
  static constexpr std::array orders{
      OrderRow{"open", "1", 0.0, 1.0, "open the breaker"},
      OrderRow{"close", "1", 0.0, 1.0, "close the breaker"},
      OrderRow{"stick", "1", 0.0, 1.0, "1: the contacts no longer follow the relay, 0: they do"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 1;

  // Time to trip of the inverse-time function at a constant current of `multiple` times pick-up
  // (above 1), from rest.
  static double trip_time_s(const Parameters& p, double multiple) {
    return p.time_multiplier *
           (p.curve_factor_s / (pow(multiple, p.curve_exponent) - 1.0) + p.curve_offset_s);
  }

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage_out = m.position == code(Position::open) ? V(0.0) : u.voltage_in;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    w.power_w = u.load_w;
    w.current = abs(u.load_w) / (max(u.voltage_in, V(0.2)) * p.rated_power_w);
    const V multiple = w.current / p.pickup;
    const V above = pow(max(multiple, V(1.0)), p.curve_exponent) - 1.0;
    const V travel_rate =
        above / ((above * p.curve_offset_s + p.curve_factor_s) * p.time_multiplier);
    const V below = max(1.0 - square(multiple), V(0.0));
    rate.travel = travel_rate - x.travel * below / p.reset_time_s;
    rate.heat = (square(w.current) - x.heat) / p.thermal_time_s;
    w.used = max(x.travel, x.heat / (p.thermal_factor * p.thermal_factor));
  }

  static void start(const Parameters&, Modes&, States<double>&) {}

  static void watch(const Parameters& p, const Modes& m, const States<double>& x,
                    const Inputs<double>&, const Outputs<double>& w, double* guard) {
    const bool closed = m.position == code(Position::closed);
    guard[0] = closed ? x.travel - 1.0 : -1.0;
    guard[1] = closed ? x.heat / (p.thermal_factor * p.thermal_factor) - 1.0 : -1.0;
    guard[2] = closed ? w.current / p.instantaneous - 1.0 : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) {
      begin_opening(agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer) {
      const bool due = agenda.now_ns() >= m.open_ns;
      if (m.position == code(Position::tripping) && due) open(agenda, m);
    } else if (happening.index == 0) {
      begin_opening(agenda, p, m);
    } else if (happening.index == 1) {
      if (x.heat >= p.thermal_factor * p.thermal_factor || x.travel >= 1.0) {
        agenda.note(Severity::warning,
                    "order to close refused: the overload image is above its "
                    "limit");
      } else {
        m.position = code(Position::closed);
      }
    } else {
      m.stuck = happening.value > 0.5 ? 1 : 0;
      if (m.stuck == 0 && m.position == code(Position::tripping)) open(agenda, m);
    }
  }

  // What flows in flows out.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_w - u.load_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }

 private:
  static constexpr std::int64_t code(Position position) {
    return static_cast<std::int64_t>(position);
  }

  static void begin_opening(Agenda& agenda, const Parameters& p, Modes& m) {
    if (m.position != code(Position::closed)) return;
    m.position = code(Position::tripping);
    m.open_ns = instant_after(agenda, p.opening_time_s);
    if (p.opening_time_s > 0.0) {
      agenda.wake_after(p.opening_time_s, 0);
    } else {
      open(agenda, m);
    }
  }

  static void open(Agenda& agenda, Modes& m) {
    if (m.stuck != 0) {
      agenda.note(Severity::trip, "the breaker was told to open and stuck");
    } else {
      m.position = code(Position::open);
      agenda.note(Severity::information, "contacts open");
    }
  }
};

}  // namespace ampacity
