// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tests that hold for every component, and a bench that runs one component alone.
//
//   check_component<C>(parameters)   draws states and inputs from the bounds of the tables and
//   checks at each sample:
//     - the Jacobian by dual numbers equals central finite differences (kinks are recognised by
//     one-sided differences that disagree, and left out)
//     - energy: d(stored)/dt along the rates equals the net power through the ports
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

template <class C>
void check_component(const typename C::Parameters& p, int samples = 50) {
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
      double scale = 1.0;
      for (std::size_t r = 0; r < K::outputs; ++r) {
        if (std::string(C::outputs[r].unit) == "W") scale = std::max(scale, std::abs(value[r]));
      }
      for (std::size_t i = K::states; i < columns; ++i) {
        if (std::string(C::inputs[i - K::states].unit) == "W") {
          scale = std::max(scale, std::abs(point[i]));
        }
      }
      INFO(C::name << " sample " << sample << ": stored " << stored << " W, net " << net << " W");
      CHECK(std::abs(stored - net) <= 1e-9 * scale);
    }

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
        if (std::abs(forward - backward) > 0.05 * size + rounding)
          continue;  // a kink, or strong curvature
        const char* row = r < K::outputs ? C::outputs[r].name : C::states[r - K::outputs].name;
        const char* column = c < K::states ? C::states[c].name : C::inputs[c - K::states].name;
        INFO(C::name << " sample " << sample << ": d(" << row << ")/d(" << column << ") exact "
                     << exact[r * columns + c] << " differences " << central);
        CHECK(std::abs(central - exact[r * columns + c]) <=
              std::max(2e-3 * size, 0.1 * std::abs(forward - backward)) + rounding * 10 + 1e-12);
      }
    }
  }
}

}  // namespace ampacity::tests
