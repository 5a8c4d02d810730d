// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transfer switch: one load, two sources, never both.
//
// The switch stays on the source that it is closed to while that source is healthy. A dip below
// `low_voltage` that is over (above `good_voltage`) within the detection time is ridden through;
// after that time the source counts as lost, and as soon as the other one is good the switch opens
// and closes to the other side one transfer time later (open transition). Once the preferred source
// has been good without a break for the retransfer delay, it goes back: with both sources good in
// closed transition, the new contact before the old one, so that the load notices nothing; with the
// present source low it opens in between.
//
//             low for the detection time, other good     transfer time over
//   source 1 -------------------------------------> open ------------------> source 2
//      ^                                                                        |
//      +-- closed transition (or open, when source 2 is low) <-- preferred good for the delay
//
// A static switch (thyristors) needs a few milliseconds, which a server's power supply rides
// through; a contactor or motor-driven switch needs 50 to 150 ms, and motor loads notice. Both are
// this component with different times. Both sources must be in step for a closed transition; that
// they are, and what flows between them in the tenth of a second in which both are closed, is left
// out.
//
// In the open position no power should flow, as nothing has voltage; what machines draw from their
// hold-up stores is booked to the side that was closed last, so that power in equals power out.

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"

namespace ampacity {

struct TransferSwitch {
  static constexpr const char* name = "transfer_switch";
  static constexpr const char* summary = "feeds a load from the better of two sources";

  struct Parameters {
    double detection_time_s;
    double transfer_time_s;
    double retransfer_delay_s;
    double low_voltage;
    double good_voltage;
    double preferred_source;
  };
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V voltage_1;
    V voltage_2;
    V load_w;
  };
  template <class V>
  struct Outputs {
    V voltage;
    V power_1_w;
    V power_2_w;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t position;   // 0 open, 1, 2
    std::int64_t side;       // the source that is closed, or was closed last
    std::int64_t preferred;  // 1 or 2
    std::int64_t source;     // health of the source in use
    std::int64_t returning;  // waits for the retransfer delay
    std::int64_t return_ns;
    std::int64_t close_ns;
    std::int64_t lost_ns;
  };
  enum class Source : std::int64_t { good, low, lost };

  static constexpr std::array parameters{
      ParameterRow{"detection_time", "s", 0.1, 0.0, 60.0,
                   "a source that is low for this time is lost",
                   "assumed (contactor; static switch 2 to 4 ms)"},
      ParameterRow{"transfer_time", "s", 0.1, 0.0, 60.0, "open time of a transfer",
                   "assumed (contactor 50 to 150 ms, static switch 4 to 5 ms)"},
      ParameterRow{"retransfer_delay", "s", 300.0, 0.0, 36000.0,
                   "time that the preferred source must be good before the switch goes back",
                   "assumed"},
      ParameterRow{"low_voltage", "1", 0.85, 0.1, 1.0, "a source below this is left, pu",
                   "assumed"},
      ParameterRow{"good_voltage", "1", 0.9, 0.1, 1.0, "a source above this may be taken, pu",
                   "assumed"},
      ParameterRow{"preferred_source", "1", 1.0, 1.0, 2.0,
                   "source that is taken when both are good", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{
      InputRow{"voltage_1", "1", required, 0.0, 1.2, "voltage of source 1, pu"},
      InputRow{"voltage_2", "1", required, 0.0, 1.2, "voltage of source 2, pu"},
      InputRow{"load", "W", 0.0, -1e9, 1e9, "power of the load"}};
  static constexpr std::array outputs{OutputRow{"voltage", "1", "voltage of the load, pu"},
                                      OutputRow{"power_1", "W", "power drawn from source 1"},
                                      OutputRow{"power_2", "W", "power drawn from source 2"}};
  static constexpr std::array modes{
      condition_row,
      ModeRow{"position", "open|source_1|source_2", "source that feeds the load"},
      ModeRow{"side", "none|source_1|source_2", "source that was closed last, or will be"},
      ModeRow{"preferred", "none|source_1|source_2", "source that is taken when both are good"},
      ModeRow{"source", "good|low|lost", "what the switch thinks of the source in use"},
      ModeRow{"returning", "no|yes", "the retransfer delay runs"},
      ModeRow{"return_instant", "", "end of the retransfer delay, ns"},
      ModeRow{"close_instant", "", "end of the present transfer, ns"},
      ModeRow{"lost_instant", "", "end of the detection time, ns"}};
  static constexpr std::array guards{
      GuardRow{"source_low", Severity::information, "the source in use is low"},
      GuardRow{"source_recovered", Severity::information, "the source in use is good again"},
      GuardRow{"source_lost", Severity::warning, "the source in use is lost, the other is good"},
      GuardRow{"preferred_back", Severity::information, "the preferred source is good again"},
      GuardRow{"preferred_lost", Severity::information,
               "the preferred source went low before the delay was over"}};
  static constexpr std::array orders{
      OrderRow{"prefer", "1", 1.0, 2.0, "makes source 1 or 2 the preferred one"},
      OrderRow{"fail", "1", 0.0, 1.0, "the switch fails open"},
      OrderRow{"repair", "1", 0.0, 1.0, "the switch closes to its last side again"}};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 2;

  static constexpr int close_timer = 0;
  static constexpr int return_timer = 1;
  static constexpr int detection_timer = 2;

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage = m.position == 1 ? u.voltage_1 : (m.position == 2 ? u.voltage_2 : V(0.0));
  }

  template <class V>
  static void balance(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                      Outputs<V>& w, States<V>&) {
    const double from_1 = m.side == 1 ? 1.0 : 0.0;
    w.power_1_w = u.load_w * from_1;
    w.power_2_w = u.load_w * (1.0 - from_1);
  }

  static void start(const Parameters& p, Modes& m, States<double>&) {
    m.preferred = p.preferred_source < 1.5 ? 1 : 2;
    m.position = m.preferred;
    m.side = m.preferred;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    const bool closed = m.position != 0;
    const double active = active_voltage(m, u);
    const double other = other_voltage(m, u);
    guard[0] = closed && is(m, Source::good) ? p.low_voltage - active : -1.0;
    guard[1] = closed && !is(m, Source::good) ? active - p.good_voltage : -1.0;
    guard[2] = closed && is(m, Source::lost) ? other - p.good_voltage : -1.0;
    guard[3] = is_away(m) && m.returning == 0 ? other - p.good_voltage : -1.0;
    guard[4] = is_away(m) && m.returning != 0 ? p.low_voltage - other : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>& u, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::guard) {
      on_guard(happening.index, agenda, p, m, u);
    } else if (happening.kind == Happening::Kind::timer) {
      on_timer(happening.index, agenda, p, m, u);
    } else {
      on_order(happening, agenda, p, m, u);
    }
  }

  // What flows in flows out.
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_1_w + w.power_2_w - u.load_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }

 private:
  // Closed to the source that is not preferred.
  static bool is_away(const Modes& m) { return m.position != 0 && m.side != m.preferred; }

  static bool is(const Modes& m, Source source) {
    return m.source == static_cast<std::int64_t>(source);
  }
  static void see(Source source, Modes& m) { m.source = static_cast<std::int64_t>(source); }
  static double active_voltage(const Modes& m, const Inputs<double>& u) {
    return m.side == 1 ? u.voltage_1 : u.voltage_2;
  }
  static double other_voltage(const Modes& m, const Inputs<double>& u) {
    return m.side == 1 ? u.voltage_2 : u.voltage_1;
  }

  // Guards that fire together are delivered one after the other; the first may have settled the
  // others, so each looks again.
  static void on_guard(int index, Agenda& agenda, const Parameters& p, Modes& m,
                       const Inputs<double>& u) {
    if (index == 0) {
      see(p.detection_time_s > 0.0 ? Source::low : Source::lost, m);
      m.lost_ns = instant_after(agenda, p.detection_time_s);
      if (is(m, Source::low)) agenda.wake_after(p.detection_time_s, detection_timer);
    } else if (index == 1) {
      see(Source::good, m);
    } else if (index == 2 && is(m, Source::lost)) {
      transfer(agenda, p, m, u);
    } else if (index == 3 && is_away(m)) {
      begin_return(agenda, p, m, u);
    } else if (index == 4) {
      m.returning = 0;
    }
  }

  // To the other side: at once when both sources are good, else through open.
  static void transfer(Agenda& agenda, const Parameters& p, Modes& m, const Inputs<double>& u) {
    const bool both_good = min(active_voltage(m, u), other_voltage(m, u)) > p.good_voltage;
    m.returning = 0;
    m.side = m.side == 1 ? 2 : 1;
    see(Source::good, m);
    if (both_good || p.transfer_time_s <= 0.0) {
      m.position = m.side;
      note_side(agenda, m);
      return;
    }
    m.position = 0;
    m.close_ns = instant_after(agenda, p.transfer_time_s);
    agenda.wake_after(p.transfer_time_s, close_timer);
  }

  static void note_side(Agenda& agenda, const Modes& m) {
    agenda.note(Severity::information, m.side == 1 ? "closed to source 1" : "closed to source 2");
  }

  static void begin_return(Agenda& agenda, const Parameters& p, Modes& m, const Inputs<double>& u) {
    if (p.retransfer_delay_s <= 0.0) {
      transfer(agenda, p, m, u);
      return;
    }
    m.returning = 1;
    m.return_ns = instant_after(agenda, p.retransfer_delay_s);
    agenda.wake_after(p.retransfer_delay_s, return_timer);
  }

  static void on_timer(int tag, Agenda& agenda, const Parameters& p, Modes& m,
                       const Inputs<double>& u) {
    if (tag == close_timer) {
      const bool due = agenda.now_ns() >= m.close_ns;
      if (m.position == 0 && is_running(m.condition) && due) {
        m.position = m.side;
        note_side(agenda, m);
      }
    } else if (tag == detection_timer) {
      if (is(m, Source::low) && agenda.now_ns() >= m.lost_ns) see(Source::lost, m);
    } else if (m.returning != 0 && agenda.now_ns() >= m.return_ns) {
      transfer(agenda, p, m, u);
    }
  }

  static void on_order(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                       const Inputs<double>& u) {
    if (happening.index == 0) {
      m.preferred = happening.value < 1.5 ? 1 : 2;
      m.returning = 0;
      const double voltage = m.preferred == 1 ? u.voltage_1 : u.voltage_2;
      if (is_away(m) && voltage > p.good_voltage) transfer(agenda, p, m, u);
    } else if (happening.index == 1) {
      m.condition = static_cast<std::int64_t>(UnitCondition::failed);
      m.position = 0;
      m.returning = 0;
      see(Source::good, m);
    } else if (!is_running(m.condition)) {
      m.condition = static_cast<std::int64_t>(UnitCondition::running);
      m.position = m.side;
    }
  }
};

}  // namespace ampacity
