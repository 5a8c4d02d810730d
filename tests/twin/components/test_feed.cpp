// SPDX-License-Identifier: Apache-2.0

// Feeders: sharing in all combinations of live and dead, and the drop-out sequence including the
// overtaken timers.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/feed.hpp"

namespace ampacity {
namespace {

constexpr int tag = 7;
constexpr std::int64_t second_ns = 1'000'000'000;

std::int64_t code(Supply supply) { return static_cast<std::int64_t>(supply); }

TEST_CASE("feed: power is shared by the feeders that are alive") {
  struct Case {
    double a, b, from_a, from_b;
  };
  for (const Case& c :
       {Case{1.0, 1.0, 500.0, 500.0}, Case{1.0, 0.0, 1000.0, 0.0}, Case{0.3, 1.0, 0.0, 1000.0},
        Case{0.85, 0.85, 500.0, 500.0}, Case{0.4, 0.3, 1000.0, 0.0}, Case{0.3, 0.4, 0.0, 1000.0},
        Case{0.0, 0.0, 1000.0, 0.0}}) {
    CAPTURE(c.a);
    CAPTURE(c.b);
    const auto share = share_feeds(1000.0, c.a, c.b, 0.85);
    CHECK(share.a_w == c.from_a);
    CHECK(share.b_w == c.from_b);
  }
  CHECK(live_voltage(0.4, 0.9) == 0.9);
}

TEST_CASE("feed: a sag shorter than the hold-up time is ridden through") {
  const SupplyRules rules{0.85, 0.02, 300.0};
  tests::RecordingAgenda agenda;
  std::int64_t supply = 0;
  std::int64_t timer_ns = 0;
  CHECK(voltage_lost_guard(rules, supply, 0.5) > 0.0);
  CHECK(voltage_back_guard(rules, supply, 1.0) < 0.0);
  CHECK(on_voltage_lost(rules, agenda, tag, supply, timer_ns) == SupplyChange::held);
  CHECK(voltage_lost_guard(rules, supply, 0.5) < 0.0);
  REQUIRE(agenda.timers.size() == 1);
  CHECK(agenda.timers[0] == std::pair<std::int64_t, int>(20'000'000, tag));
  agenda.time_ns = 10'000'000;
  CHECK(voltage_back_guard(rules, supply, 1.0) > 0.0);
  CHECK(on_voltage_back(rules, agenda, tag, supply, timer_ns) == SupplyChange::none);
  CHECK(supply == code(Supply::powered));
  // The timer of the first sag comes while the hold-up of a second one still runs.
  agenda.time_ns = 15'000'000;
  on_voltage_lost(rules, agenda, tag, supply, timer_ns);
  agenda.time_ns = 20'000'000;
  CHECK(on_supply_timer(agenda, supply, timer_ns) == SupplyChange::none);
  CHECK(supply == code(Supply::holding));
  agenda.time_ns = 35'000'000;
  CHECK(on_supply_timer(agenda, supply, timer_ns) == SupplyChange::stopped);
  CHECK_FALSE(is_powered(supply));
}

TEST_CASE("feed: a machine restarts its delay after the last return of voltage") {
  const SupplyRules rules{0.8, 0.0, 300.0};
  tests::RecordingAgenda agenda;
  std::int64_t supply = 0;
  std::int64_t timer_ns = 0;
  CHECK(on_voltage_lost(rules, agenda, tag, supply, timer_ns) == SupplyChange::stopped);
  agenda.time_ns = second_ns;
  CHECK(on_voltage_back(rules, agenda, tag, supply, timer_ns) == SupplyChange::waiting);
  agenda.time_ns = 100 * second_ns;
  CHECK(voltage_lost_guard(rules, supply, 0.0) > 0.0);
  CHECK(on_voltage_lost(rules, agenda, tag, supply, timer_ns) == SupplyChange::none);
  CHECK(supply == code(Supply::stopped));
  agenda.time_ns = 150 * second_ns;
  on_voltage_back(rules, agenda, tag, supply, timer_ns);
  agenda.time_ns = 301 * second_ns;
  CHECK(on_supply_timer(agenda, supply, timer_ns) == SupplyChange::none);
  agenda.time_ns = 450 * second_ns;
  CHECK(on_supply_timer(agenda, supply, timer_ns) == SupplyChange::started);
  CHECK(is_powered(supply));
}

TEST_CASE("feed: without delays nothing waits") {
  const SupplyRules rules{0.8, 0.0, 0.0};
  tests::RecordingAgenda agenda;
  std::int64_t supply = 0;
  std::int64_t timer_ns = 0;
  CHECK(on_voltage_lost(rules, agenda, tag, supply, timer_ns) == SupplyChange::stopped);
  CHECK(on_voltage_back(rules, agenda, tag, supply, timer_ns) == SupplyChange::started);
  CHECK(agenda.timers.empty());
}

}  // namespace
}  // namespace ampacity
