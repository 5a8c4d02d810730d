// SPDX-License-Identifier: Apache-2.0
#pragma once

// Billed demand: the arithmetic of a utility's demand register.
//
// A demand register adds up energy in fixed windows aligned to the hour (15 minutes, usually) and
// divides each sum by the window's length; the highest mean of the billing period is the demand.
// The same six minutes at full power count for more inside one window than split over two, so
// windows must be exact to the instant:
//
//   80 MW with 100 MW for 6 minutes inside one window: 80 + 20 * 6/15 = 88 MW
//   the same split 3 + 3 over a boundary:              80 + 20 * 3/15 = 84 MW
//
// Large-load tariffs bill at least a share of the contracted power (Dominion GS-5: 85 % for
// transmission and distribution, 60 % for generation).
//
// Power between two instants is linear, as recorded series are; the energy of a piece is exact.

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace ampacity {

// Sums energy into fixed windows. Pieces are added in order of time, without overlap; time that is
// left out counts as zero power, as it does in the register.
class DemandRegister {
 public:
  // `origin_ns` is any window boundary (local midnight of a time zone with odd minutes, else 0).
  explicit DemandRegister(std::int64_t window_ns = 900'000'000'000, std::int64_t origin_ns = 0)
      : window_ns_(window_ns), origin_ns_(origin_ns) {
    if (window_ns <= 0) throw std::logic_error("DemandRegister: the window must have a length");
  }

  // Power runs linearly from `first_w` at `from_ns` to `last_w` at `to_ns`.
  void add(std::int64_t from_ns, std::int64_t to_ns, double first_w, double last_w) {
    if (to_ns < from_ns || (started_ && from_ns < last_ns_)) {
      throw std::logic_error("DemandRegister: pieces must follow each other in time");
    }
    const double slope = to_ns > from_ns ? (last_w - first_w) / seconds(to_ns - from_ns) : 0.0;
    std::int64_t at_ns = from_ns;
    while (at_ns < to_ns) {
      enter(window_of(at_ns));
      const std::int64_t end_ns = std::min(to_ns, start_of(window_ + 1));
      const double begin_w = first_w + slope * seconds(at_ns - from_ns);
      const double end_w = first_w + slope * seconds(end_ns - from_ns);
      energy_j_ += 0.5 * (begin_w + end_w) * seconds(end_ns - at_ns);
      at_ns = end_ns;
    }
    last_ns_ = to_ns;
  }

  // Constant power.
  void add(std::int64_t from_ns, std::int64_t to_ns, double power_w) {
    add(from_ns, to_ns, power_w, power_w);
  }

  // Highest window mean so far, the running window included as if its rest had no power. W.
  double peak_w() const { return std::max(peak_w_, mean_w()); }

  // Start of the window with the highest mean.
  std::int64_t peak_start_ns() const { return mean_w() > peak_w_ ? start_of(window_) : peak_ns_; }

  // Mean of the running window as if its rest had no power, W: what is already certain to be
  // billed.
  double mean_w() const { return energy_j_ / seconds(window_ns_); }

  // A new billing period begins: the peak is forgotten, the running window is kept.
  void forget_peak() { peak_w_ = 0.0; }

 private:
  static double seconds(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }
  std::int64_t start_of(std::int64_t window) const { return origin_ns_ + window * window_ns_; }
  std::int64_t window_of(std::int64_t at_ns) const {
    const std::int64_t since = at_ns - origin_ns_;
    return since / window_ns_ - (since % window_ns_ < 0 ? 1 : 0);
  }

  // Closes the running window when `window` is a later one.
  void enter(std::int64_t window) {
    if (started_ && window == window_) return;
    if (started_ && mean_w() > peak_w_) {
      peak_w_ = mean_w();
      peak_ns_ = start_of(window_);
    }
    started_ = true;
    window_ = window;
    energy_j_ = 0.0;
  }

  std::int64_t window_ns_;
  std::int64_t origin_ns_;
  bool started_ = false;
  std::int64_t last_ns_ = 0;
  std::int64_t window_ = 0;
  double energy_j_ = 0.0;
  double peak_w_ = 0.0;
  std::int64_t peak_ns_ = 0;
};

// Demand that is billed: the metered one, but at least `minimum_share` of the contract. W.
inline double billed_demand_w(double metered_w, double contract_w, double minimum_share) {
  return std::max(metered_w, minimum_share * contract_w);
}

}  // namespace ampacity
