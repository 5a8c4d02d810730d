// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tests that hold for every component, and a bench that runs one component alone.
//
//   check_component<C>(parameters)   draws states and inputs from the bounds of the tables and
//   checks at each sample:
//     - the Jacobian by dual numbers equals central finite differences. Kinks are recognised by
//     one-sided differences that disagree, and left out; but every entry that is ever different
//     from zero must have been compared in three samples (or in all, where it is different from
//     zero in fewer), unless it is named as an exception
//     - energy: d(stored)/dt along the rates equals the net power through the ports, to 1e-9 of the
//     largest term of that balance
//     - bounds: a share, a speed or a stroke (a state in the unit "1") that stands at a bound of
//     its table is not driven beyond it, except for those named in `open_bounds`
//     - everything is finite
//   Bench<C>                         holds parameters, modes, states, inputs; evaluates, integrates
//   with a classical Runge-Kutta of fixed step,
//     delivers guards and orders. For closed forms and published tables; not an engine.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "twin/components/kernel.hpp"

namespace ampacity::tests {

// Collects what a component asks for.
class RecordingAgenda final : public Agenda {
 public:
  std::int64_t time_ns = 0;
  std::vector<std::pair<std::int64_t, int>> timers;  // instant, tag
  std::vector<std::string> notes;

  std::int64_t now_ns() const override { return time_ns; }
  void wake_after(double delay_s, int tag) override {
    timers.emplace_back(time_ns + static_cast<std::int64_t>(std::llround(delay_s * 1e9)), tag);
  }
  void note(Severity, const char* text) override { notes.emplace_back(text); }
};

// Defaults of the table as a parameter record. Rows without default stay NaN: set them by hand.
template <class C>
typename C::Parameters standard_parameters() {
  std::array<double, C::parameters.size()> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = C::parameters[i].standard;
  typename C::Parameters p{};
  std::memcpy(static_cast<void*>(&p), values.data(), sizeof(values));
  return p;
}

template <class C>
struct Bench {
  typename C::Parameters p;
  typename C::Modes m{};
  typename C::template States<double> x{};
  typename C::template Inputs<double> u{};
  typename C::template Outputs<double> w{};
  typename C::template States<double> rate{};
  RecordingAgenda agenda;

  explicit Bench(const typename C::Parameters& parameters) : p(parameters) {
    auto* states = reinterpret_cast<double*>(&x);
    for (std::size_t i = 0; i < C::states.size(); ++i) states[i] = C::states[i].initial;
    auto* inputs = reinterpret_cast<double*>(&u);
    for (std::size_t i = 0; i < C::inputs.size(); ++i) inputs[i] = C::inputs[i].standard;
    C::start(p, m, x);
  }

  void evaluate() {
    C::template offer<double>(p, m, x, u, w);
    C::template balance<double>(p, m, x, u, w, rate);
  }

  // Classical Runge-Kutta, `steps` equal steps over `duration_s`, inputs held.
  void integrate(double duration_s, int steps) {
    constexpr std::size_t n = C::states.size();
    const double h = duration_s / steps;
    auto* state = reinterpret_cast<double*>(&x);
    const auto* slope = reinterpret_cast<const double*>(&rate);
    for (int step = 0; step < steps; ++step) {
      std::array<double, n> start{};
      std::array<double, n> sum{};
      constexpr std::array<double, 4> reach{0.5, 0.5, 1.0, 0.0};
      constexpr std::array<double, 4> weight{1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
      for (std::size_t i = 0; i < n; ++i) start[i] = state[i];
      for (std::size_t stage = 0; stage < 4; ++stage) {
        evaluate();
        for (std::size_t i = 0; i < n; ++i) {
          sum[i] += weight[stage] * slope[i];
          state[i] = start[i] + h * reach[stage] * slope[i];
        }
      }
      for (std::size_t i = 0; i < n; ++i) state[i] = start[i] + h * sum[i];
    }
    evaluate();
  }

  // Integrates until `settle_rate` bounds every |rate| relative to its tolerance, at most
  // `limit_s`.
  void settle(double step_s, double limit_s) {
    const int steps = static_cast<int>(limit_s / step_s);
    integrate(step_s * steps, steps);
  }

  std::array<double, C::guards.size() + 1> guards() {
    std::array<double, C::guards.size() + 1> values{};
    evaluate();
    C::watch(p, m, x, u, w, values.data());
    return values;
  }

  void react(Happening::Kind kind, int index, double value = 0.0) {
    evaluate();
    C::react({kind, index, value}, agenda, p, m, x, u, w);
    evaluate();
  }
};

// An entry of a Jacobian by the names of its row and its column; "*" stands for all.
struct Entry {
  const char* row;
  const char* column;
};

inline bool names(const std::vector<Entry>& entries, const std::string& row,
                  const std::string& column) {
  return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    return (row == entry.row || std::string(entry.row) == "*") &&
           (column == entry.column || std::string(entry.column) == "*");
  });
}

// Largest term of a unit's net power at a point, W: what a value that enters it contributes. A
// limit in the unit W that is no power does not enter.
template <class C>
double largest_power_w(const Bench<C>& bench) {
  using K = kernel::Of<C>;
  constexpr std::size_t count = K::states + K::inputs + K::outputs;
  std::array<double, count + 1> at{};
  kernel::store(bench.x, at.data(), K::states);
  kernel::store(bench.u, at.data() + K::states, K::inputs);
  kernel::store(bench.w, at.data() + K::states + K::inputs, K::outputs);
  double largest = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<Dual, count + 1> seeds;
    for (std::size_t k = 0; k < count; ++k) seeds[k] = Dual(at[k]);
    seeds[i].slope[0] = 1.0;
    const auto x = kernel::load<typename K::template States<Dual>>(seeds.data(), K::states);
    const auto u =
        kernel::load<typename K::template Inputs<Dual>>(seeds.data() + K::states, K::inputs);
    const auto w = kernel::load<typename K::template Outputs<Dual>>(
        seeds.data() + K::states + K::inputs, K::outputs);
    const Dual net = C::template net_power_w<Dual>(bench.p, bench.m, x, u, w);
    largest = std::max(largest, std::abs(net.slope[0] * at[i]));
  }
  return largest;
}

// States in the unit "1" whose bounds the rates do not keep: component, state.
inline bool has_open_bounds(const std::string& component, const std::string& state) {
  static const std::vector<std::pair<std::string, std::string>> open_bounds{
      // Integrals of controls: back-calculation brings them back from wherever they are.
      {"*", "integral"},
      // Counters: the upper bound says how far the model is valid.
      {"battery", "cycle_age"},
      {"battery", "full_cycles"},
      // An event acts at the bound, or before it: limits that the current follows with a lag,
      // trips.
      {"battery", "charge"},
      {"breaker", "heat"},
      {"breaker", "travel"},
      {"ups", "overload"},
      // Kinetics of the core: bounds say how far the model is valid.
      {"smr", "neutron_level"},
      {"smr", "decay_heat"},
      {"smr", "load"},
      {"smr", "shim_reactivity"}};
  return std::any_of(open_bounds.begin(), open_bounds.end(), [&](const auto& entry) {
    return (entry.first == "*" || entry.first == component) &&
           state.find(entry.second) != std::string::npos;
  });
}

// A state at a bound of its table is not driven beyond it; the other states and the inputs stand
// where the bench has them.
template <class C>
void check_bounds(Bench<C> bench, const std::string& what) {
  auto* states = reinterpret_cast<double*>(&bench.x);
  const auto* rates = reinterpret_cast<const double*>(&bench.rate);
  for (std::size_t i = 0; i < C::states.size(); ++i) {
    const StateRow& row = C::states[i];
    const std::string name = row.name;
    if (std::string(row.unit) != "1" || has_open_bounds(C::name, name)) continue;
    const double kept = states[i];
    INFO(what << ", state " << name);
    states[i] = row.minimum;
    bench.evaluate();
    if (std::isfinite(row.minimum)) CHECK(rates[i] >= -1e-12);
    states[i] = row.maximum;
    bench.evaluate();
    if (std::isfinite(row.maximum)) CHECK(rates[i] <= 1e-12);
    states[i] = kept;
  }
}

template <class C>
void check_component(const typename C::Parameters& p, int samples = 50,
                     const std::vector<Entry>& never_compared = {}) {
  using K = kernel::Of<C>;
  constexpr std::size_t columns = K::columns;
  constexpr std::size_t rows = K::outputs + K::states;
  std::mt19937_64 random(12345);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const auto draw = [&](double low, double high) {
    if (!std::isfinite(low)) low = -1.0;
    if (!std::isfinite(high)) high = low + 2.0;
    return low + (high - low) * unit(random);
  };
  std::array<int, rows * columns + 1> nonzero{};
  std::array<int, rows * columns + 1> compared{};
  for (int sample = 0; sample < samples; ++sample) {
    Bench<C> bench(p);
    std::array<double, columns + 1> point{};
    std::array<double, columns + 1> span{};
    for (std::size_t i = 0; i < columns; ++i) {
      const bool state = i < K::states;
      const double low = state ? C::states[i].minimum : C::inputs[i - K::states].minimum;
      const double high = state ? C::states[i].maximum : C::inputs[i - K::states].maximum;
      point[i] = draw(low, high);
      span[i] = std::max(1e-3 * std::abs(point[i]), 1e-6 * std::min(high - low, 1e9)) + 1e-9;
    }
    std::array<double, rows + 1> value{};
    const auto evaluate = [&](const std::array<double, columns + 1>& at,
                              std::array<double, rows + 1>& out) {
      if constexpr (K::states > 0) std::memcpy(&bench.x, at.data(), K::states * sizeof(double));
      if constexpr (K::inputs > 0) {
        std::memcpy(&bench.u, at.data() + K::states, K::inputs * sizeof(double));
      }
      bench.evaluate();
      kernel::store(bench.w, out.data(), K::outputs);
      kernel::store(bench.rate, out.data() + K::outputs, K::states);
    };
    evaluate(point, value);
    for (std::size_t r = 0; r < rows; ++r) {
      const char* row = r < K::outputs ? C::outputs[r].name : C::states[r - K::outputs].name;
      INFO(C::name << " sample " << sample << " row " << row);
      REQUIRE(std::isfinite(value[r]));
    }

    // Energy.
    {
      const auto seeds = [&] {
        std::array<double, K::states + 1> rate{};
        kernel::store(bench.rate, rate.data(), K::states);
        return rate;
      }();
      std::array<double, K::states + 1> states{};
      kernel::store(bench.x, states.data(), K::states);
      const double stored =
          K::stored_power_w(reinterpret_cast<const std::byte*>(&p), states.data(), seeds.data());
      const double net = C::template net_power_w<double>(p, bench.m, bench.x, bench.u, bench.w);
      const double scale = std::max({1.0, std::abs(stored), largest_power_w(bench)});
      INFO(C::name << " sample " << sample << ": stored " << stored << " W, net " << net << " W");
      CHECK(std::abs(stored - net) <= 1e-9 * scale);
    }
    check_bounds(bench, std::string(C::name) + " sample " + std::to_string(sample));

    // Jacobian.
    std::array<double, rows * columns + 1> exact{};
    std::array<double, rows + 1> outputs_scratch{};
    std::array<double, rows + 1> rates_scratch{};
    std::array<std::int64_t, K::modes + 1> modes{};
    kernel::store(bench.m, modes.data(), K::modes);
    const Slice slice{reinterpret_cast<const std::byte*>(&p),
                      modes.data(),
                      point.data(),
                      point.data() + K::states,
                      outputs_scratch.data(),
                      rates_scratch.data()};
    K::template jacobian<true>(slice, exact.data());
    for (std::size_t c = 0; c < columns; ++c) {
      const double h = span[c] * 1e-2;
      auto shifted = point;
      std::array<double, rows + 1> up{};
      std::array<double, rows + 1> down{};
      shifted[c] = point[c] + h;
      evaluate(shifted, up);
      shifted[c] = point[c] - h;
      evaluate(shifted, down);
      for (std::size_t r = 0; r < rows; ++r) {
        const double forward = (up[r] - value[r]) / h;
        const double backward = (value[r] - down[r]) / h;
        const double central = 0.5 * (forward + backward);
        const double size =
            std::max({std::abs(forward), std::abs(backward), std::abs(exact[r * columns + c])});
        const double rounding = 4e-14 * std::abs(value[r]) / h;
        const bool counts = exact[r * columns + c] != 0.0;
        if (counts) ++nonzero[r * columns + c];
        if (std::abs(forward - backward) > 0.05 * size + rounding)
          continue;  // a kink, or strong curvature
        if (counts) ++compared[r * columns + c];
        const char* row = r < K::outputs ? C::outputs[r].name : C::states[r - K::outputs].name;
        const char* column = c < K::states ? C::states[c].name : C::inputs[c - K::states].name;
        INFO(C::name << " sample " << sample << ": d(" << row << ")/d(" << column << ") exact "
                     << exact[r * columns + c] << " differences " << central);
        CHECK(std::abs(central - exact[r * columns + c]) <=
              std::max(2e-3 * size, 0.1 * std::abs(forward - backward)) + rounding * 10 + 1e-12);
      }
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const char* row = r < K::outputs ? C::outputs[r].name : C::states[r - K::outputs].name;
      const char* column = c < K::states ? C::states[c].name : C::inputs[c - K::states].name;
      if (names(never_compared, row, column)) continue;
      INFO(C::name << ": d(" << row << ")/d(" << column << ") is not zero in "
                   << nonzero[r * columns + c] << " samples and compared in "
                   << compared[r * columns + c]);
      CHECK(compared[r * columns + c] >= std::min(3, nonzero[r * columns + c]));
    }
  }
}

}  // namespace ampacity::tests
