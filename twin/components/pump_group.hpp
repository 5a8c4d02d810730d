// SPDX-License-Identifier: Apache-2.0
#pragma once

// A group of equal pumps in parallel that holds the pressure difference of a loop.
//
// A motor has one feeder: `pumps_on_b` of the pumps hang on feed B, the others on feed A. Each feed
// has its own drop-out, its own relative speed n_f (one command for all, but what has no voltage
// coasts) and its own number of pumps that turn, N_f. With the loop's pressure difference dp and
// the resistance r m^2 of what lies between pumps and header (strainers, exchangers, pipes), flow
// follows from the pump law of hydraulics.hpp, each pump behind a check valve:
//
//   H0 n_f^2 - H2 (m_f/N_f)^2 - r m^2 = dp + static lift,   m = m_a + m_b
//
// r is given at a reference flow. Where it is that of parallel units that open and close
// (`through`: the cells of a tower, plates), it follows their number: r = r_0 (k_0/k)^2, k not
// below k_0/4.
//
// Local control by PI (pi_control.hpp) between n_min and n_max, speed drive with command c:
//
//   e = (dp_set - dp)/dp_set,  dn/dt = clamp((c - n)/T_n, +-ramp)
//
// Staging: when the command has stood at its upper limit for a while one more pump is wanted, at
// the lower limit one less. A pump that trips or whose feed dies is off at once; the changeover
// starts a standby pump, if one hangs on a live feed, a moment later. What turns follows: dN/dt =
// (running - N)/T with T the run-up time for a pump that joins and the coasting time for one that
// leaves.
//
// Power: hydraulic power over efficiencies, and kinetic energy (rotor.hpp). Shaft power warms the
// water in the end (friction in pump and pipes; `added_heat` goes to the supply header), the loss
// of motors and drives the plant room.
//
//   P_s = m_f (dp + lift + r m^2)/(rho eta),   electric P = (P_s + dE_k/dt)+ / eta_m
//
// Without voltage the drives draw nothing: rotors coast down on their kinetic energy, and what they
// lose warms the water. When voltage is back, the pumps of that feed run up after the restart
// delay. Defaults: hot-water pumps of Frontier (ORNL data centre cooling library: 4 pumps, 53 to 72
// % of 1785 rpm, efficiency 0.835, integral time 30 s; curve fitted to reference points up to 250
// kg/s).

#include "twin/components/condition.hpp"
#include "twin/components/feed.hpp"
#include "twin/components/fraction.hpp"
#include "twin/components/hydraulics.hpp"
#include "twin/components/pi_control.hpp"
#include "twin/components/rotor.hpp"

namespace ampacity {

struct PumpGroup {
  static constexpr const char* name = "pump_group";
  static constexpr const char* summary = "equal pumps in parallel, speed-controlled and staged";

  struct Parameters {
    double pump_count;
    double pumps_on_b;
    double minimum_running;
    double start_running;
    double shut_off_pressure_pa;
    double curvature_pa_s2_kg2;
    double series_pressure_pa;
    double series_flow_kg_s;
    double series_units;
    double static_lift_pa;
    double density_kg_m3;
    double efficiency;
    double motor_efficiency;
    double set_point_pa;
    double gain;
    double integral_time_s;
    double minimum_speed;
    double maximum_speed;
    double start_speed;
    double speed_time_s;
    double speed_ramp_hz;
    double coasting_time_s;
    double run_up_time_s;
    double changeover_s;
    double stage_delay_s;
    double drop_out_voltage;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  struct States {
    V speed_a;
    V speed_b;
    V turning_a;
    V turning_b;
    V integral;
  };
  template <class V>
  struct Inputs {
    V voltage_a;
    V voltage_b;
    V pressure_difference_pa;
    V open_units;
  };
  template <class V>
  struct Outputs {
    V flow_kg_s;
    V flow_a_kg_s;
    V flow_b_kg_s;
    V power_a_w;
    V power_b_w;
    V power_w;
    V added_heat_w;
    V loss_w;
    V speed_command;
    V running;
  };
  // What one feed does.
  struct Feed {
    std::int64_t supply;
    std::int64_t supply_timer_ns;
    std::int64_t running;
    std::int64_t available;
  };
  struct Modes {
    std::int64_t condition;
    Feed a;
    Feed b;
    std::int64_t wanted;
    std::int64_t changeover;
    std::int64_t changeover_timer_ns;
    std::int64_t staging;
    std::int64_t staging_timer_ns;
    std::int64_t set_point_upa;
  };

  static constexpr std::array parameters{
      ParameterRow{"pump_count", "1", 4.0, 1.0, 64.0, "pumps of the group",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"pumps_on_b", "1", 0.0, 0.0, 64.0,
                   "pumps that hang on feed B; the others hang on feed A", "assumed"},
      ParameterRow{"minimum_running", "1", 1.0, 0.0, 64.0, "pumps that never stop",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"start_running", "1", 2.0, 0.0, 64.0, "pumps that run at the start",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"shut_off_pressure", "Pa", 707500.0, 1e3, 1e7,
                   "pressure of one pump at full speed without flow",
                   "fit to Frontier hot-water pump curve, 60 to 250 kg/s"},
      ParameterRow{"curvature", "Pa s2/kg2", 0.6834, 1e-9, 1e9,
                   "pressure that a pump loses per square of its flow",
                   "fit to Frontier hot-water pump curve, 60 to 250 kg/s"},
      ParameterRow{"series_pressure", "Pa", 15858.0, 0.0, 1e7,
                   "pressure lost between pumps and header at series_flow",
                   "Frontier exchangers, hot side, 2.3 psi, ORNL data centre cooling library"},
      ParameterRow{"series_flow", "kg/s", 486.0, 1e-3, 1e6, "flow at which series_pressure is lost",
                   "Frontier exchangers, three of 2572 gpm, ORNL data centre cooling library"},
      ParameterRow{"series_units", "1", 1.0, 1.0, 4096.0,
                   "open units of `through` at which series_pressure is lost",
                   "assumed (without `through`: no dependence)"},
      ParameterRow{"static_lift", "Pa", 0.0, 0.0, 1e6, "height to a tower basin",
                   "assumed (closed)"},
      ParameterRow{"density", "kg/m3", 997.0, 500.0, 1500.0, "density of the liquid",
                   "water at 25 degC, IAPWS SR6-08"},
      ParameterRow{"efficiency", "1", 0.835, 0.05, 1.0, "hydraulic over shaft power",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"motor_efficiency", "1", 0.95, 0.05, 1.0,
                   "shaft over electric power, with drive", "assumed"},
      ParameterRow{"set_point", "Pa", 164095.0, 1e3, 2e6, "pressure difference to hold",
                   "Frontier hot-water loop, 23.8 psi, ORNL data centre cooling library"},
      ParameterRow{"gain", "1", 0.3, 0.0, 100.0, "speed per relative error", "assumed"},
      ParameterRow{"integral_time", "s", 30.0, 0.5, 3600.0, "integral time of the speed control",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"minimum_speed", "1", 0.53, 0.0, 1.0, "lowest relative speed",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"maximum_speed", "1", 0.72, 0.05, 1.2, "highest relative speed",
                   "Frontier hot-water pumps, ORNL data centre cooling library"},
      ParameterRow{"start_speed", "1", 0.6, 0.0, 1.2, "relative speed at the start", "assumed"},
      ParameterRow{"speed_time", "s", 2.0, 0.05, 60.0, "lag of drive and rotor",
                   "assumed (1 to 3 s)"},
      ParameterRow{"speed_ramp", "1/s", 0.1, 1e-3, 10.0, "fastest change of relative speed",
                   "assumed"},
      ParameterRow{"coasting_time", "s", 1.0, 0.01, 600.0,
                   "a coasting pump falls from full to half speed; says its inertia",
                   "assumed (0.5 to 2 s)"},
      ParameterRow{"run_up_time", "s", 3.0, 0.05, 60.0,
                   "lag with which a started pump joins those that turn", "assumed"},
      ParameterRow{"changeover", "s", 0.25, 0.0, 600.0,
                   "from the loss of a pump to the start of a standby one",
                   "Vertiv CDU 600 manual, P207 to P217 (50 to 500 ms)"},
      ParameterRow{"stage_delay", "s", 120.0, 1.0, 7200.0,
                   "time at a limit of speed before a pump is added or taken away", "assumed"},
      ParameterRow{"drop_out_voltage", "1", 0.7, 0.0, 1.0,
                   "voltage below which the drives stop, pu", "assumed"},
      ParameterRow{"hold_up", "s", 0.05, 0.0, 5.0, "time that the drives ride through", "assumed"},
      ParameterRow{"restart_delay", "s", 15.0, 0.0, 3600.0, "from return of voltage to run-up",
                   "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"speed_a", "1", 0.6, 0.0, 1.2, 1e-4, "relative speed of the pumps on feed A"},
      StateRow{"speed_b", "1", 0.6, 0.0, 1.2, 1e-4, "relative speed of the pumps on feed B"},
      StateRow{"turning_a", "1", 2.0, 0.0, 64.0, 1e-4, "pumps on feed A that turn"},
      StateRow{"turning_b", "1", 0.0, 0.0, 64.0, 1e-4, "pumps on feed B that turn"},
      StateRow{"integral", "1", 0.6, -1.0, 2.0, 1e-4, "integral part of the speed control"}};
  static constexpr std::array inputs{
      InputRow{"voltage_a", "1", 1.0, 0.0, 1.2, "voltage of feed A, pu"},
      InputRow{"voltage_b", "1", 0.0, 0.0, 1.2, "voltage of feed B, pu"},
      InputRow{"pressure_difference", "Pa", required, 0.0, 6e5, "pressure difference of the loop"},
      InputRow{"open_units", "1", 1.0, 0.0, 4096.0,
               "parallel units behind the pumps that are open"}};
  static constexpr std::array outputs{
      OutputRow{"flow", "kg/s", "flow of all pumps"},
      OutputRow{"flow_a", "kg/s", "flow of the pumps on feed A"},
      OutputRow{"flow_b", "kg/s", "flow of the pumps on feed B"},
      OutputRow{"power_a", "W", "power drawn from feed A"},
      OutputRow{"power_b", "W", "power drawn from feed B"},
      OutputRow{"power", "W", "electric power of the group", Account::use_cooling},
      OutputRow{"added_heat", "W", "shaft power to the water, which warms it"},
      OutputRow{"loss", "W", "heat of motors and drives", Account::leaves_loss},
      OutputRow{"speed_command", "1", "relative speed that the control asks for"},
      OutputRow{"running", "1", "running pumps"}};
  static constexpr std::array modes{
      condition_row,
      ModeRow{"supply_a", supply_labels, "what feed A lets its pumps do"},
      ModeRow{"supply_a_timer", "", "instant at which the wait of feed A is over, ns"},
      ModeRow{"running_a", "", "pumps on feed A that run"},
      ModeRow{"available_a", "", "pumps on feed A that have not failed"},
      ModeRow{"supply_b", supply_labels, "what feed B lets its pumps do"},
      ModeRow{"supply_b_timer", "", "instant at which the wait of feed B is over, ns"},
      ModeRow{"running_b", "", "pumps on feed B that run"},
      ModeRow{"available_b", "", "pumps on feed B that have not failed"},
      ModeRow{"wanted", "", "pumps that the staging wants to run"},
      ModeRow{"changeover", "none|waiting", "a standby pump is about to start"},
      ModeRow{"changeover_timer", "", "instant at which it starts, ns"},
      ModeRow{"staging", "steady|adding|taking", "what the staging waits for"},
      ModeRow{"staging_timer", "", "instant at which the wait is over, ns"},
      ModeRow{"set_point", "", "pressure difference to hold, micropascal"}};
  static constexpr std::array guards{
      GuardRow{"voltage_lost_a", Severity::warning, "feed A is below the drop-out voltage"},
      GuardRow{"voltage_back_a", Severity::information, "feed A is above it again"},
      GuardRow{"voltage_lost_b", Severity::warning, "feed B is below the drop-out voltage"},
      GuardRow{"voltage_back_b", Severity::information, "feed B is above it again"},
      GuardRow{"speed_at_maximum", Severity::information, "the control asks for its highest speed"},
      GuardRow{"speed_at_minimum", Severity::information, "the control asks for its lowest speed"},
      GuardRow{"speed_inside", Severity::information, "the speed command left its limit"}};
  static constexpr std::array orders{
      run_order,
      standby_order,
      fail_order,
      repair_order,
      OrderRow{"trip_pumps", "1", 1.0, 64.0, "fault: so many pumps are lost, running ones first"},
      OrderRow{"repair_pumps", "1", 1.0, 64.0, "so many pumps are available again"},
      OrderRow{"set_point", "Pa", 1e3, 2e6, "pressure difference to hold"}};
  static constexpr std::size_t offered = 3;
  static constexpr std::size_t early_inputs = 4;

  template <class V>
  static void offer(const Parameters& p, const Modes&, const States<V>& x, const Inputs<V>& u,
                    Outputs<V>& w) {
    const auto flows = parallel_flow(
        law(p), PumpSet<V>{x.turning_a, x.speed_a}, PumpSet<V>{x.turning_b, x.speed_b},
        u.pressure_difference_pa + p.static_lift_pa, series_pa_s2_kg2(p, u));
    w.flow_a_kg_s = flows.first;
    w.flow_b_kg_s = flows.second;
    w.flow_kg_s = flows.first + flows.second;
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double set_pa = from_millionths(m.set_point_upa);
    const V error = (V(set_pa) - u.pressure_difference_pa) / set_pa;
    const PiControl<V> control = pi_control(
        {p.gain, p.integral_time_s, p.minimum_speed, p.maximum_speed}, x.integral, error);
    const bool on = is_on(m);
    w.speed_command = on ? control.command : V(0.0);
    rate.integral = on ? control.integral_rate : V(0.0);
    w.running = V(static_cast<double>(running(m)));

    const V head_pa = u.pressure_difference_pa + p.static_lift_pa +
                      series_pa_s2_kg2(p, u) * w.flow_kg_s * w.flow_kg_s;
    const V per_flow_j_kg = max(head_pa, V(0.0)) / (p.density_kg_m3 * p.efficiency);
    const auto a = drive(p, m, m.a, x.turning_a, x.speed_a, w.speed_command,
                         w.flow_a_kg_s * per_flow_j_kg, rate.turning_a, rate.speed_a);
    const auto b = drive(p, m, m.b, x.turning_b, x.speed_b, w.speed_command,
                         w.flow_b_kg_s * per_flow_j_kg, rate.turning_b, rate.speed_b);
    w.power_a_w = a.electric_w;
    w.power_b_w = b.electric_w;
    w.power_w = a.electric_w + b.electric_w;
    w.added_heat_w = a.load_w + b.load_w;
    w.loss_w = w.power_w * (1.0 - p.motor_efficiency) + a.braking_w + b.braking_w;
  }

  static void start(const Parameters& p, Modes& m, States<double>& x) {
    const auto all = static_cast<std::int64_t>(p.pump_count);
    m.b.available = on_b(p);
    m.a.available = all - m.b.available;
    m.wanted = static_cast<std::int64_t>(math::min(p.start_running, p.pump_count));
    m.set_point_upa = to_millionths(p.set_point_pa);
    start_pumps(m);
    x.speed_a = p.start_speed;
    x.speed_b = p.start_speed;
    x.turning_a = static_cast<double>(m.a.running);
    x.turning_b = static_cast<double>(m.b.running);
    x.integral = p.start_speed;
  }

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>& w, double* guard) {
    guard[0] = voltage_lost_guard(rules(p), m.a.supply, u.voltage_a);
    guard[1] = voltage_back_guard(rules(p), m.a.supply, u.voltage_a);
    const bool uses_b = on_b(p) > 0;
    guard[2] = uses_b ? voltage_lost_guard(rules(p), m.b.supply, u.voltage_b) : -1.0;
    guard[3] = uses_b ? voltage_back_guard(rules(p), m.b.supply, u.voltage_b) : -1.0;
    const double band = 0.01 * (p.maximum_speed - p.minimum_speed);
    const double above = w.speed_command - (p.maximum_speed - band);
    const double below = p.minimum_speed + band - w.speed_command;
    const bool steady = is_on(m) && m.staging == 0;
    guard[4] = steady && m.wanted < usable(m.a) + usable(m.b) ? above : -1.0;
    guard[5] = steady && m.wanted > minimum(p) ? below : -1.0;
    const double left = m.staging == 1 ? -above : -below;
    guard[6] = m.staging != 0 ? left - band : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>& x, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      obey(happening, agenda, p, m);
    } else if (happening.kind == Happening::Kind::timer) {
      on_timer(happening.index, agenda, p, m, x);
    } else if (happening.index < 4) {
      const int tag = happening.index < 2 ? feed_a_timer : feed_b_timer;
      Feed& feed = tag == feed_a_timer ? m.a : m.b;
      const auto answer = happening.index % 2 == 0 ? on_voltage_lost : on_voltage_back;
      note_change(answer(rules(p), agenda, tag, feed.supply, feed.supply_timer_ns), tag, agenda, p,
                  m, x);
    } else if (happening.index == 6) {
      m.staging = 0;
    } else {
      m.staging = happening.index == 4 ? 1 : 2;
      m.staging_timer_ns = instant_after(agenda, p.stage_delay_s);
      agenda.wake_after(p.stage_delay_s, stage_timer);
    }
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.power_a_w + w.power_b_w - w.added_heat_w - w.loss_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters& p, const States<V>& x) {
    return rotor::stored_j(x.turning_a, x.speed_a, rotor_j(p)) +
           rotor::stored_j(x.turning_b, x.speed_b, rotor_j(p));
  }

 private:
  static constexpr int feed_a_timer = 0;
  static constexpr int feed_b_timer = 1;
  static constexpr int stage_timer = 2;
  static constexpr int changeover_timer = 3;

  static PumpLaw law(const Parameters& p) {
    return {p.shut_off_pressure_pa, p.curvature_pa_s2_kg2};
  }
  static SupplyRules rules(const Parameters& p) {
    return {p.drop_out_voltage, p.hold_up_s, p.restart_delay_s};
  }
  static double rotor_j(const Parameters& p) {
    return rotor::energy_j(full_shaft_power_w(law(p), p.density_kg_m3, p.efficiency),
                           p.coasting_time_s);
  }
  template <class V>
  static V series_pa_s2_kg2(const Parameters& p, const Inputs<V>& u) {
    const V open = V(p.series_units) / max(u.open_units, V(0.25 * p.series_units));
    return open * open * (p.series_pressure_pa / (p.series_flow_kg_s * p.series_flow_kg_s));
  }

  static std::int64_t on_b(const Parameters& p) {
    return static_cast<std::int64_t>(math::min(p.pumps_on_b, p.pump_count));
  }
  static std::int64_t minimum(const Parameters& p) {
    return static_cast<std::int64_t>(p.minimum_running);
  }
  static std::int64_t running(const Modes& m) { return m.a.running + m.b.running; }
  static bool is_on(const Modes& m) { return is_running(m.condition) && running(m) > 0; }
  // Pumps of a feed that could run.
  static std::int64_t usable(const Feed& feed) {
    return is_powered(feed.supply) ? feed.available : 0;
  }

  // One feed's drives: sets the rates of what turns and how fast, gives the power.
  template <class V>
  static rotor::Power<V> drive(const Parameters& p, const Modes& m, const Feed& feed,
                               const V& turning, const V& speed, const V& command, const V& shaft_w,
                               V& turning_rate, V& speed_rate) {
    const bool driven = is_running(m.condition) && is_powered(feed.supply);
    turning_rate =
        driven ? rotor::count_rate_hz(turning, feed.running, p.run_up_time_s, p.coasting_time_s)
               : V(0.0);
    speed_rate = driven ? rotor::driven_rate_hz(command, speed, p.speed_time_s, p.speed_ramp_hz)
                        : rotor::coasting_rate_hz(speed, turning, turning_rate, p.coasting_time_s);
    return rotor::power(driven, rotor::Motion<V>{turning, turning_rate, speed, speed_rate}, shaft_w,
                        rotor_j(p), p.motor_efficiency);
  }

  // Starts pumps until those that are wanted run, as far as there are any; evenly over the feeds.
  static void start_pumps(Modes& m) {
    while (running(m) < m.wanted) {
      const bool room_a = m.a.running < usable(m.a);
      const bool room_b = m.b.running < usable(m.b);
      if (!room_a && !room_b) return;
      const bool take_a = room_a && (!room_b || m.a.running <= m.b.running);
      ++(take_a ? m.a : m.b).running;
    }
  }

  // A standby pump follows one that was lost, if there is one.
  static void change_over(Agenda& agenda, const Parameters& p, Modes& m) {
    const std::int64_t spare = usable(m.a) + usable(m.b) - running(m);
    if (running(m) >= m.wanted || spare <= 0) return;
    m.changeover = 1;
    m.changeover_timer_ns = instant_after(agenda, p.changeover_s);
    agenda.wake_after(p.changeover_s, changeover_timer);
  }

  static void on_timer(int tag, Agenda& agenda, const Parameters& p, Modes& m, States<double>& x) {
    if (tag == stage_timer) {
      change_stage(agenda, p, m);
    } else if (tag == changeover_timer) {
      if (m.changeover == 0 || agenda.now_ns() < m.changeover_timer_ns) return;
      m.changeover = 0;
      start_pumps(m);
      agenda.note(Severity::information, "standby pump started");
    } else {
      Feed& feed = tag == feed_a_timer ? m.a : m.b;
      note_change(on_supply_timer(agenda, feed.supply, feed.supply_timer_ns), tag, agenda, p, m, x);
    }
  }

  static void note_change(SupplyChange change, int tag, Agenda& agenda, const Parameters& p,
                          Modes& m, States<double>& x) {
    const bool is_a = tag == feed_a_timer;
    Feed& feed = is_a ? m.a : m.b;
    if (change == SupplyChange::stopped) {
      agenda.note(Severity::warning,
                  is_a ? "pumps on feed A dropped out" : "pumps on feed B dropped out");
      feed.running = 0;
      m.staging = 0;
      change_over(agenda, p, m);
    }
    if (change == SupplyChange::started) {
      if (running(m) == 0) x.integral = p.minimum_speed;
      start_pumps(m);
      if (feed.running == 0) return;
      agenda.note(Severity::information,
                  is_a ? "pumps on feed A run up again" : "pumps on feed B run up again");
    }
  }

  static void change_stage(Agenda& agenda, const Parameters& p, Modes& m) {
    if (m.staging == 0 || agenda.now_ns() < m.staging_timer_ns) return;
    if (m.staging == 1 && m.wanted < usable(m.a) + usable(m.b)) ++m.wanted;
    if (m.staging == 2 && m.wanted > minimum(p)) --m.wanted;
    m.staging = 0;
    start_pumps(m);
    if (running(m) > m.wanted) --(m.b.running >= m.a.running ? m.b : m.a).running;
    agenda.note(Severity::information, "number of running pumps changed");
  }

  // Takes one pump out, a running one if there is any.
  static void lose_pump(Modes& m) {
    const bool from_a =
        m.a.running != m.b.running ? m.a.running > m.b.running : m.a.available >= m.b.available;
    Feed& feed = from_a ? m.a : m.b;
    if (feed.available == 0) return;
    --feed.available;
    if (feed.running > 0) --feed.running;
  }

  static void repair_pump(const Parameters& p, Modes& m) {
    const std::int64_t missing_b = on_b(p) - m.b.available;
    const std::int64_t missing_a =
        static_cast<std::int64_t>(p.pump_count) - on_b(p) - m.a.available;
    if (missing_a <= 0 && missing_b <= 0) return;
    ++(missing_a >= missing_b ? m.a : m.b).available;
  }

  static void obey(const Happening& order, Agenda& agenda, const Parameters& p, Modes& m) {
    const auto count = static_cast<std::int64_t>(order.value + 0.5);
    if (order.index < 4) {
      follow_condition_order(order.index, agenda, m.condition);
    } else if (order.index == 4) {
      for (std::int64_t i = 0; i < count; ++i) lose_pump(m);
      agenda.note(Severity::warning, "pump lost");
      change_over(agenda, p, m);
    } else if (order.index == 5) {
      for (std::int64_t i = 0; i < count; ++i) repair_pump(p, m);
      change_over(agenda, p, m);
    } else {
      m.set_point_upa = to_millionths(order.value);
    }
  }
};

}  // namespace ampacity
