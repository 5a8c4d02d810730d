// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs one stiff component alone: the bench of component_check.hpp with the Radau integrator, its
// guards and its timers. Events are found at the end of short stretches, not located: good enough
// to see a plant act, not to time it.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "tests/support/component_check.hpp"
#include "tests/twin/components/radau.hpp"

namespace ampacity::tests {

template <class C>
class ImplicitBench : public Bench<C> {
 public:
  static constexpr std::size_t size = C::states.size();
  using K = kernel::Of<C>;

  explicit ImplicitBench(const typename C::Parameters& parameters, std::size_t stages = 2)
      : Bench<C>(parameters),
        radau_(
            size, stages, [this](double, const double* y, double* f) { slope(y, f); },
            [this](double, const double* y, double* j) { jacobian(y, j); }) {
    radau_.relative = 1e-6;
    radau_.absolute = 1e-7;
    before_ = this->guards();
  }

  double time_s = 0.0;
  std::function<void()> watch;  // after every stretch
  Radau& radau() { return radau_; }

  // Goes on for `duration_s` in stretches of `stretch_s`; guards and due timers after each.
  void run(double duration_s, double stretch_s) {
    const double end_s = time_s + duration_s;
    while (time_s < end_s - 1e-9) {
      const double stretch = std::min(stretch_s, end_s - time_s);
      std::vector<double> y(size);
      std::memcpy(y.data(), &this->x, size * sizeof(double));
      radau_.advance(y, 0.0, stretch, std::min(stretch, step_s_));
      step_s_ = stretch;
      std::memcpy(static_cast<void*>(&this->x), y.data(), size * sizeof(double));
      time_s += stretch;
      this->agenda.time_ns = static_cast<std::int64_t>(time_s * 1e9);
      before_ = answer(before_);
      if (watch) watch();
    }
    this->evaluate();
  }

  // After an order or a changed input: the next step is small.
  void disturb() { step_s_ = 1e-3; }

 private:
  using Guards = std::array<double, C::guards.size() + 1>;

  Guards answer(const Guards& before) {
    Guards now = this->guards();
    for (std::size_t g = 0; g < C::guards.size(); ++g) {
      if (now[g] <= 0.0 || before[g] > 0.0) continue;
      this->react(Happening::Kind::guard, static_cast<int>(g));
      disturb();
      now = this->guards();
    }
    auto& timers = this->agenda.timers;
    for (std::size_t i = 0; i < timers.size();) {
      if (timers[i].first > this->agenda.time_ns) {
        ++i;
        continue;
      }
      const int tag = timers[i].second;
      timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(i));
      this->react(Happening::Kind::timer, tag);
      disturb();
      now = this->guards();
    }
    return now;
  }

  void slope(const double* y, double* f) {
    std::memcpy(static_cast<void*>(&this->x), y, size * sizeof(double));
    this->evaluate();
    std::memcpy(f, &this->rate, size * sizeof(double));
  }
  void jacobian(const double* y, double* j) {
    constexpr std::size_t columns = K::columns;
    std::vector<double> all((K::outputs + size) * columns);
    std::vector<std::int64_t> modes(K::modes + 1);
    kernel::store(this->m, modes.data(), K::modes);
    std::vector<double> outputs(K::outputs + 1);
    std::vector<double> rates(size);
    const Slice slice{reinterpret_cast<const std::byte*>(&this->p), modes.data(),   y,
                      reinterpret_cast<const double*>(&this->u),    outputs.data(), rates.data()};
    K::template jacobian<true>(slice, all.data());
    for (std::size_t r = 0; r < size; ++r) {
      for (std::size_t c = 0; c < size; ++c) j[r * size + c] = all[(K::outputs + r) * columns + c];
    }
  }

  Radau radau_;
  double step_s_ = 1e-3;
  Guards before_{};
};

}  // namespace ampacity::tests
