// SPDX-License-Identifier: Apache-2.0

// Demand register: the two six-minute cases, linear power, gaps, and minimum billing.

#include <doctest/doctest.h>

#include "twin/components/demand.hpp"

namespace ampacity {
namespace {

constexpr std::int64_t minute_ns = 60'000'000'000;

// 80 MW for an hour with 100 MW in six minutes that start `start_min` after the hour.
double peak_w(std::int64_t start_min, std::int64_t origin_ns = 0) {
  DemandRegister demand(15 * minute_ns, origin_ns);
  const std::int64_t hour_ns = 10 * 60 * minute_ns;
  demand.add(hour_ns, hour_ns + start_min * minute_ns, 80e6);
  demand.add(hour_ns + start_min * minute_ns, hour_ns + (start_min + 6) * minute_ns, 100e6);
  demand.add(hour_ns + (start_min + 6) * minute_ns, hour_ns + 60 * minute_ns, 80e6);
  return demand.peak_w();
}

TEST_CASE("demand: six minutes inside one window and split over two") {
  CHECK(peak_w(19) == doctest::Approx(88.0e6).epsilon(1e-12));
  CHECK(peak_w(15) == doctest::Approx(88.0e6).epsilon(1e-12));
  CHECK(peak_w(12) == doctest::Approx(84.0e6).epsilon(1e-12));
  CHECK(peak_w(19, 7 * minute_ns) == doctest::Approx(84.0e6).epsilon(1e-12));
}

TEST_CASE("demand: windows before the epoch are aligned too") {
  DemandRegister demand;
  demand.add(-18 * minute_ns, -12 * minute_ns, 60e6);
  CHECK(demand.peak_w() == doctest::Approx(60e6 * 3.0 / 15.0).epsilon(1e-12));
  CHECK(demand.peak_start_ns() == -30 * minute_ns);
}

TEST_CASE("demand: linear power is integrated exactly, gaps count as zero") {
  DemandRegister demand;
  demand.add(0, 30 * minute_ns, 0.0, 60e6);
  CHECK(demand.mean_w() == doctest::Approx(45e6).epsilon(1e-12));
  CHECK(demand.peak_w() == doctest::Approx(45e6).epsilon(1e-12));
  CHECK(demand.peak_start_ns() == 15 * minute_ns);
  demand.add(45 * minute_ns, 50 * minute_ns, 60e6);
  CHECK(demand.mean_w() == doctest::Approx(20e6).epsilon(1e-12));
  demand.forget_peak();
  CHECK(demand.peak_w() == doctest::Approx(20e6).epsilon(1e-12));
}

TEST_CASE("demand: pieces out of order are refused") {
  DemandRegister demand;
  demand.add(0, 2 * minute_ns, 1.0);
  CHECK_THROWS_AS(demand.add(minute_ns, 3 * minute_ns, 1.0), std::logic_error);
  CHECK_THROWS_AS(DemandRegister(0), std::logic_error);
}

TEST_CASE("demand: a share of the contract is billed at least") {
  CHECK(billed_demand_w(88e6, 120e6, 0.85) == doctest::Approx(102e6).epsilon(1e-12));
  CHECK(billed_demand_w(88e6, 120e6, 0.60) == doctest::Approx(88e6).epsilon(1e-12));
}

}  // namespace
}  // namespace ampacity
