// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/simulator.hpp"

#include <algorithm>
#include <cmath>

#include "twin/solve/operating_point.hpp"

namespace ampacity {

namespace {
// A cascade (feed lost, pumps drop out, chiller trips) settles within a few rounds; more than this
// is two units that undo each other.
constexpr int most_guard_rounds = 100;
// Units that set a timer for the present instant would never let time go on.
constexpr int most_events_at_once = 100000;

// Longer than the water loops of a site need to settle (a few hundred tonnes at some hundred kg/s:
// a quarter of an hour).
constexpr double spin_up_s = 7200.0;
}  // namespace

// Hands the engine's dense output to the sample sink.
class Simulator::Sampler final : public StepObserver {
 public:
  Sampler(Simulator& simulator, SampleSink& sink, const std::function<void(Time)>& progress)
      : simulator_(simulator),
        sink_(sink),
        progress_(progress),
        state_(simulator.state_),
        work_(simulator.plant_.workspace()),
        integrals_(simulator.engine_.integrals()) {}

  void on_step(StepView& step) override {
    state_.modes = simulator_.state_.modes;
    while (true) {
      const Time at = simulator_.sample_time(simulator_.next_sample_);
      const double t_s = simulator_.seconds_since_start(at);
      if (t_s > step.to_s()) break;
      step.states_at(std::max(t_s, step.from_s()), state_.states.data());
      step.integrals_at(std::max(t_s, step.from_s()), integrals_.data());
      emit(at, t_s);
    }
    if (progress_) {
      progress_(simulator_.settings_.start + seconds(step.to_s()));
    }
  }

  void on_restart() override { sink_.on_change(simulator_.now_, simulator_.work_.signals); }

  // The sample at the very start, before any step.
  void at_start() {
    state_ = simulator_.state_;
    emit(simulator_.now_, simulator_.seconds_since_start(simulator_.now_));
  }

 private:
  void emit(Time at, double t_s) {
    simulator_.externals_.evaluate(t_s, work_.signals.data() + simulator_.plant_.output_count());
    simulator_.plant_.evaluate(state_.states.data(), state_.modes.data(), work_);
    sink_.on_sample(simulator_.next_sample_++, at, simulator_.plant_, state_, work_.signals,
                    integrals_);
  }

  Simulator& simulator_;
  SampleSink& sink_;
  const std::function<void(Time)>& progress_;
  PlantState state_;
  Workspace work_;
  std::vector<double> integrals_;
};

// Answers what one unit asks for while it reacts.
class Simulator::UnitAgenda final : public Agenda {
 public:
  UnitAgenda(Simulator& simulator, std::size_t unit, EventSink& events)
      : simulator_(simulator), unit_(unit), events_(events) {}

  std::int64_t now_ns() const override { return simulator_.now_.ns; }

  void wake_after(double delay_s, int tag) override {
    simulator_.queue_.schedule(simulator_.now_ + seconds(delay_s), ScheduledEvent::Kind::timer,
                               unit_, tag, 0.0);
  }

  void note(Severity severity, const char* text) override {
    events_.on_event({simulator_.now_, severity, simulator_.plant_.units()[unit_].path, text});
  }

 private:
  Simulator& simulator_;
  std::size_t unit_;
  EventSink& events_;
};

// Whether a unit's conditions (not its counters and instants) agree in two sets of modes.
bool same_conditions(const Unit& unit, const std::vector<std::int64_t>& a,
                     const std::vector<std::int64_t>& b) {
  for (std::size_t i = 0; i < unit.type->modes.size(); ++i) {
    const bool condition = *unit.type->modes[i].labels != '\0';
    if (condition && a[unit.mode_at + i] != b[unit.mode_at + i]) return false;
  }
  return true;
}

// Keeps what was serious before the start, each thing once.
class Simulator::SpinUp final : public EventSink, public StepObserver {
 public:
  void on_event(const EventRecord& event) override {
    if (event.severity != Severity::limit && event.severity != Severity::trip) return;
    const bool known = std::any_of(serious.begin(), serious.end(), [&](const EventRecord& earlier) {
      return earlier.path == event.path && earlier.text == event.text;
    });
    if (!known) serious.push_back(event);
  }
  void on_step(StepView&) override {}

  std::vector<EventRecord> serious;
};

Simulator::Simulator(const Plant& plant, const Accounts& accounts, ExternalTable externals,
                     SimulatorSettings settings)
    : plant_(plant),
      externals_(std::move(externals)),
      settings_(settings),
      engine_(plant, accounts, externals_, settings.engine),
      state_(plant.start_state()),
      work_(plant.workspace()),
      now_(settings.start) {
  std::size_t most = 0;
  for (const Unit& unit : plant.units()) most = std::max(most, unit.type->guards.size());
  guard_values_.resize(most);
}

Time Simulator::sample_time(std::int64_t index) const {
  return settings_.start + settings_.sample_every * index;
}

void Simulator::evaluate_now() {
  externals_.evaluate(seconds_since_start(now_), work_.signals.data() + plant_.output_count());
  plant_.evaluate(state_.states.data(), state_.modes.data(), work_);
}

void Simulator::react(const Happening& happening, std::size_t index, EventSink& events) {
  const Unit& unit = plant_.units()[index];
  UnitAgenda agenda(*this, index, events);
  unit.type->react(happening, agenda, plant_.parameters(unit), state_.modes.data() + unit.mode_at,
                   state_.states.data() + unit.state_at, work_.inputs.data() + unit.input_at,
                   work_.signals.data() + unit.output_at);
}

void Simulator::handle_guard(const GuardHit& hit, EventSink& events) {
  const Unit& unit = plant_.units()[hit.unit];
  const GuardRow& row = unit.type->guards[hit.guard];
  events.on_event({now_, row.severity, unit.path, std::string(row.name) + ": " + row.description});
  react({Happening::Kind::guard, static_cast<int>(hit.guard), 0.0}, hit.unit, events);
}

bool Simulator::settle_guards(EventSink& events, std::string& message, bool& reacted) {
  for (int round = 0; round < most_guard_rounds; ++round) {
    evaluate_now();
    std::vector<GuardHit> hits;
    for (std::size_t u = 0; u < plant_.units().size(); ++u) {
      const Unit& unit = plant_.units()[u];
      if (unit.type->guards.empty()) continue;
      unit.type->watch(plant_.slice(unit, state_.states.data(), state_.modes.data(), work_),
                       guard_values_.data());
      for (std::size_t g = 0; g < unit.type->guards.size(); ++g) {
        if (guard_values_[g] > 0.0) hits.push_back({u, g});
      }
    }
    if (hits.empty()) return true;
    if (round == most_guard_rounds - 1) {
      message = "events do not settle: " + plant_.units()[hits.front().unit].path + " (" +
                plant_.units()[hits.front().unit].type->guards[hits.front().guard].name +
                ") is raised again and again";
      return false;
    }
    for (const GuardHit& hit : hits) handle_guard(hit, events);
    reacted = true;
  }
  return true;
}

bool Simulator::empty_queue(EventSink& events, std::string& message, bool& reacted) {
  for (int count = 0; !queue_.empty() && queue_.next() <= now_; ++count) {
    const ScheduledEvent event = queue_.pop();
    const Unit& unit = plant_.units()[event.unit];
    if (count == most_events_at_once) {
      message =
          "timers do not end: " + unit.path + " sets one for the same instant again and again";
      return false;
    }
    const bool timer = event.kind == ScheduledEvent::Kind::timer;
    if (!timer) {
      events.on_event({now_, Severity::information, unit.path,
                       std::string("order ") +
                           unit.type->orders[static_cast<std::size_t>(event.index)].name + " = " +
                           std::to_string(event.value)});
    }
    react({timer ? Happening::Kind::timer : Happening::Kind::order, event.index, event.value},
          event.unit, events);
    evaluate_now();
    reacted = true;
  }
  return true;
}

void Simulator::ask_loads(bool all, EventSink& events) {
  for (const auto& load : loads_) {
    if (!all && load->next_change() > now_) continue;
    load->advance(now_, plant_, work_.signals, externals_, events);
  }
}

bool Simulator::happen(EventSink& events, std::string& message, bool reacted) {
  evaluate_now();
  if (!empty_queue(events, message, reacted)) return false;
  ask_loads(false, events);
  if (!settle_guards(events, message, reacted)) return false;
  if (reacted && now_ >= settings_.start) {
    // Units that went on or off matter to the loads: a job whose rack is gone must move.
    ask_loads(true, events);
    if (!settle_guards(events, message, reacted)) return false;
  }
  engine_.restart(seconds_since_start(now_), state_);
  return true;
}

Time Simulator::next_event() const {
  Time next = queue_.next();
  for (const auto& load : loads_) next = std::min(next, load->next_change());
  return next;
}

Outcome Simulator::find_operating_point(EventSink& events) {
  SpinUp spin_up;
  evaluate_now();
  for (const auto& load : loads_) load->advance(now_, plant_, work_.signals, externals_, spin_up);
  const PlantState initial = state_;
  // Without a steady state the spin-up starts from the tables' defaults; its end is what counts.
  const Result<EngineStatistics> steady =
      find_steady_state(plant_, externals_, seconds_since_start(now_), state_);
  if (!steady) {
    events.on_event({settings_.start, Severity::information, "site",
                     "before the start: the spin-up began from default states: " + steady.error()});
  }
  now_ = settings_.start - seconds(spin_up_s);
  std::string message;
  if (!run_segments(settings_.start, spin_up, spin_up, message)) {
    return {false, "no operating point at the start: " + message};
  }
  for (EventRecord event : spin_up.serious) {
    const Unit* unit = plant_.find(event.path);
    if (unit != nullptr && same_conditions(*unit, initial.modes, state_.modes)) continue;
    event.at = settings_.start;
    event.text = "before the start: " + event.text;
    events.on_event(event);
  }
  for (const Unit& unit : plant_.units()) {
    for (std::size_t i = 0; i < unit.type->states.size(); ++i) {
      const std::size_t at = unit.state_at + i;
      if (unit.type->states[i].kept_at_start) state_.states[at] = initial.states[at];
    }
  }
  engine_.set_integrals(std::vector<double>(engine_.integrals().size(), 0.0));
  return {true, {}};
}

bool Simulator::run_segments(Time end, StepObserver& observer, EventSink& events,
                             std::string& message) {
  if (!happen(events, message)) return false;
  while (now_ < end) {
    const Time until = std::min(end, next_event());
    bool reacted = false;
    if (until > now_) {
      const Stop stop = engine_.advance(seconds_since_start(until), state_, observer);
      if (stop.kind == Stop::Kind::failed) {
        now_ = settings_.start + seconds(stop.t_s);
        message = stop.message;
        return false;
      }
      if (stop.kind == Stop::Kind::guard) {
        now_ = std::clamp(settings_.start + seconds(stop.t_s), now_, until);
        evaluate_now();
        for (const GuardHit& hit : stop.hits) handle_guard(hit, events);
        reacted = true;
      } else {
        now_ = until;
      }
    }
    if (!happen(events, message, reacted)) return false;
    observer.on_restart();
  }
  return true;
}

Outcome Simulator::run_until(Time end, SampleSink& samples, EventSink& events,
                             const std::function<void(Time)>& progress) {
  std::string message;
  Sampler sampler(*this, samples, progress);
  if (next_sample_ == 0) {
    if (!happen(events, message)) return {false, message};
    sampler.at_start();
  }
  if (!run_segments(end, sampler, events, message)) return {false, message};
  return {true, {}};
}

Snapshot Simulator::snapshot() const {
  Snapshot out{now_, state_, engine_.integrals(), queue_, {}, externals_};
  for (const auto& load : loads_) out.loads.push_back(load->clone());
  return out;
}

void Simulator::restore(const Snapshot& snapshot) {
  now_ = snapshot.at;
  state_ = snapshot.state;
  queue_ = snapshot.queue;
  externals_ = snapshot.externals;
  loads_.clear();
  for (const auto& load : snapshot.loads) loads_.push_back(load->clone());
  engine_.set_integrals(snapshot.integrals);
  const Duration past = now_ - settings_.start;
  next_sample_ = past.ns / settings_.sample_every.ns + 1;
}

}  // namespace ampacity
