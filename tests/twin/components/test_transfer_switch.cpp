// SPDX-License-Identifier: Apache-2.0

// Transfer switch: transfer, retransfer and its cancellation, both kinds of switch.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/transfer_switch.hpp"

namespace ampacity {
namespace {

using tests::Bench;

constexpr std::int64_t millisecond_ns = 1'000'000;

// Moves on to the last timer and delivers it.
void deliver_last_timer(Bench<TransferSwitch>& bench) {
  REQUIRE(!bench.agenda.timers.empty());
  const auto [at_ns, tag] = bench.agenda.timers.back();
  bench.agenda.time_ns = at_ns;
  bench.react(Happening::Kind::timer, tag);
}

TEST_CASE("transfer switch: laws of all components") {
  tests::check_component<TransferSwitch>(tests::standard_parameters<TransferSwitch>());
}

TEST_CASE("transfer switch: leaves a dead source and comes back after the delay") {
  for (const double transfer_s : {0.004, 0.1}) {  // static, contactor
    auto p = tests::standard_parameters<TransferSwitch>();
    p.transfer_time_s = transfer_s;
    Bench<TransferSwitch> bench(p);
    bench.u = {1.0, 1.0, 3e6};
    bench.evaluate();
    CHECK(bench.w.voltage == 1.0);
    CHECK(bench.w.power_1_w == 3e6);

    bench.u.voltage_1 = 0.5;
    REQUIRE(bench.guards()[0] > 0.0);
    bench.react(Happening::Kind::guard, 0);
    CHECK(bench.w.voltage == 0.0);
    CHECK(bench.w.power_1_w + bench.w.power_2_w == 3e6);
    CHECK(bench.guards()[0] < 0.0);
    deliver_last_timer(bench);
    CHECK(bench.agenda.time_ns == static_cast<std::int64_t>(transfer_s * 1e9 + 0.5));
    CHECK(bench.w.voltage == 1.0);
    CHECK(bench.w.power_2_w == 3e6);

    bench.u.voltage_1 = 1.0;
    REQUIRE(bench.guards()[1] > 0.0);
    bench.react(Happening::Kind::guard, 1);
    CHECK(bench.guards()[1] < 0.0);
    deliver_last_timer(bench);  // end of the delay: opens
    CHECK(bench.w.voltage == 0.0);
    deliver_last_timer(bench);
    CHECK(bench.m.position == 1);
    CHECK(bench.w.power_1_w == 3e6);
  }
}

TEST_CASE("transfer switch: the delay starts anew when the preferred source goes low again") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 1.0, 1e6};
  bench.react(Happening::Kind::guard, 0);
  deliver_last_timer(bench);
  bench.u.voltage_1 = 1.0;
  bench.react(Happening::Kind::guard, 1);
  const auto first = bench.agenda.timers.back();
  bench.agenda.time_ns += 1000 * millisecond_ns;
  bench.u.voltage_1 = 0.2;
  REQUIRE(bench.guards()[2] > 0.0);
  bench.react(Happening::Kind::guard, 2);
  bench.agenda.time_ns += 1000 * millisecond_ns;
  bench.u.voltage_1 = 1.0;
  bench.react(Happening::Kind::guard, 1);
  bench.agenda.time_ns = first.first;
  bench.react(Happening::Kind::timer, first.second);
  CHECK(bench.m.position == 2);
  deliver_last_timer(bench);
  CHECK(bench.m.position == 0);
}

TEST_CASE("transfer switch: stays where it is when the other side is no better") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 0.7, 1e6};
  CHECK(bench.guards()[0] < 0.0);
  bench.u.voltage_2 = 0.95;
  CHECK(bench.guards()[0] > 0.0);
}

TEST_CASE("transfer switch: sources that change places at one instant cause one transfer") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 1.0, 1e6};
  bench.react(Happening::Kind::guard, 0);
  deliver_last_timer(bench);
  bench.u = {1.0, 0.0, 1e6};
  REQUIRE(bench.guards()[0] > 0.0);
  REQUIRE(bench.guards()[1] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  bench.react(Happening::Kind::guard, 1);
  CHECK(bench.m.returning == 0);
  deliver_last_timer(bench);
  CHECK(bench.m.position == 1);
}

TEST_CASE("transfer switch: orders") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {1.0, 1.0, 1e6};
  bench.react(Happening::Kind::order, 0, 2.0);
  deliver_last_timer(bench);
  CHECK(bench.m.position == 2);
  bench.react(Happening::Kind::order, 1, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 2, 1.0);
  CHECK(bench.w.voltage == 1.0);
}

}  // namespace
}  // namespace ampacity
