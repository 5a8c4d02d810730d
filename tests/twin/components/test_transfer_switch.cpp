// SPDX-License-Identifier: Apache-2.0

// Transfer switch: dips, open and closed transition, retransfer and its cancellation, both kinds of
// switch.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/transfer_switch.hpp"

namespace ampacity {
namespace {

using tests::Bench;

constexpr std::int64_t millisecond_ns = 1'000'000;
enum Guard { source_low, source_recovered, source_lost, preferred_back, preferred_lost };

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

// The source in use goes low and stays so: seen, and left.
void lose_source(Bench<TransferSwitch>& bench) {
  REQUIRE(bench.guards()[source_low] > 0.0);
  bench.react(Happening::Kind::guard, source_low);
  REQUIRE(bench.guards()[source_lost] < 0.0);
  deliver_last_timer(bench);
  REQUIRE(bench.guards()[source_lost] > 0.0);
  bench.react(Happening::Kind::guard, source_lost);
}

TEST_CASE("transfer switch: leaves a dead source and comes back without a gap") {
  for (const double transfer_s : {0.004, 0.1}) {  // static, contactor
    auto p = tests::standard_parameters<TransferSwitch>();
    p.transfer_time_s = transfer_s;
    p.detection_time_s = transfer_s;
    Bench<TransferSwitch> bench(p);
    bench.u = {1.0, 1.0, 3e6};
    bench.evaluate();
    CHECK(bench.w.voltage == 1.0);
    CHECK(bench.w.power_1_w == 3e6);

    bench.u.voltage_1 = 0.5;
    lose_source(bench);
    CHECK(bench.w.voltage == 0.0);
    CHECK(bench.w.power_1_w + bench.w.power_2_w == 3e6);
    deliver_last_timer(bench);
    CHECK(bench.agenda.time_ns == 2 * static_cast<std::int64_t>(transfer_s * 1e9 + 0.5));
    CHECK(bench.w.voltage == 1.0);
    CHECK(bench.w.power_2_w == 3e6);

    bench.u.voltage_1 = 1.0;
    REQUIRE(bench.guards()[preferred_back] > 0.0);
    bench.react(Happening::Kind::guard, preferred_back);
    CHECK(bench.guards()[preferred_back] < 0.0);
    const std::size_t timers = bench.agenda.timers.size();
    deliver_last_timer(bench);  // end of the delay: both are good, no gap
    CHECK(bench.m.position == 1);
    CHECK(bench.w.voltage == 1.0);
    CHECK(bench.w.power_1_w == 3e6);
    CHECK(bench.agenda.timers.size() == timers);
  }
}

TEST_CASE("transfer switch: a dip of 42 ms is ridden through, one of 150 ms is not") {
  for (const std::int64_t dip_ms : {42, 150}) {
    Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
    bench.u = {0.5, 1.0, 1e6};
    bench.react(Happening::Kind::guard, source_low);
    CHECK(bench.m.position == 1);
    CHECK(bench.w.voltage == 0.5);
    if (dip_ms == 42) {
      bench.agenda.time_ns = dip_ms * millisecond_ns;
      bench.u.voltage_1 = 0.98;
      REQUIRE(bench.guards()[source_recovered] > 0.0);
      bench.react(Happening::Kind::guard, source_recovered);
      CHECK(bench.guards()[source_recovered] < 0.0);
      deliver_last_timer(bench);
      CHECK(bench.guards()[source_lost] < 0.0);
      CHECK(bench.m.position == 1);
    } else {
      deliver_last_timer(bench);
      CHECK(bench.agenda.time_ns == 100 * millisecond_ns);
      CHECK(bench.guards()[source_lost] > 0.0);
    }
  }
}

TEST_CASE("transfer switch: a second dip within the first one's wait has its own") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.5, 1.0, 1e6};
  bench.react(Happening::Kind::guard, source_low);
  const auto first = bench.agenda.timers.back();
  bench.agenda.time_ns = 40 * millisecond_ns;
  bench.u.voltage_1 = 1.0;
  bench.react(Happening::Kind::guard, source_recovered);
  bench.agenda.time_ns = 60 * millisecond_ns;
  bench.u.voltage_1 = 0.5;
  bench.react(Happening::Kind::guard, source_low);
  const auto second = bench.agenda.timers.back();
  bench.agenda.time_ns = first.first;
  bench.react(Happening::Kind::timer, first.second);
  CHECK(bench.guards()[source_lost] < 0.0);
  bench.agenda.time_ns = second.first;
  bench.react(Happening::Kind::timer, second.second);
  CHECK(bench.guards()[source_lost] > 0.0);
}

TEST_CASE("transfer switch: the delay starts anew when the preferred source goes low again") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 1.0, 1e6};
  lose_source(bench);
  deliver_last_timer(bench);
  bench.u.voltage_1 = 1.0;
  bench.react(Happening::Kind::guard, preferred_back);
  const auto first = bench.agenda.timers.back();
  bench.agenda.time_ns += 1000 * millisecond_ns;
  bench.u.voltage_1 = 0.2;
  REQUIRE(bench.guards()[preferred_lost] > 0.0);
  bench.react(Happening::Kind::guard, preferred_lost);
  bench.agenda.time_ns += 1000 * millisecond_ns;
  bench.u.voltage_1 = 1.0;
  bench.react(Happening::Kind::guard, preferred_back);
  bench.agenda.time_ns = first.first;
  bench.react(Happening::Kind::timer, first.second);
  CHECK(bench.m.position == 2);
  // The other source is low at the end of the second delay: open transition.
  bench.u.voltage_2 = 0.87;
  deliver_last_timer(bench);
  CHECK(bench.m.position == 0);
  deliver_last_timer(bench);
  CHECK(bench.m.position == 1);
}

TEST_CASE("transfer switch: stays where it is until the other side is good") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 0.7, 1e6};
  bench.react(Happening::Kind::guard, source_low);
  deliver_last_timer(bench);
  CHECK(bench.guards()[source_lost] < 0.0);
  bench.u.voltage_2 = 0.95;
  CHECK(bench.guards()[source_lost] > 0.0);
}

TEST_CASE("transfer switch: sources that change places cause one transfer") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {0.0, 1.0, 1e6};
  lose_source(bench);
  deliver_last_timer(bench);
  bench.u = {1.0, 0.0, 1e6};
  bench.react(Happening::Kind::guard, source_low);
  bench.react(Happening::Kind::guard, preferred_back);
  // Timers of both waits lie in the agenda; the detection's is the first.
  bench.agenda.time_ns += 100 * millisecond_ns;
  bench.react(Happening::Kind::timer, TransferSwitch::detection_timer);
  REQUIRE(bench.guards()[source_lost] > 0.0);
  bench.react(Happening::Kind::guard, source_lost);
  CHECK(bench.m.returning == 0);
  deliver_last_timer(bench);
  CHECK(bench.m.position == 1);
  bench.agenda.time_ns += 400'000 * millisecond_ns;
  bench.react(Happening::Kind::timer, TransferSwitch::return_timer);
  CHECK(bench.m.position == 1);
}

TEST_CASE("transfer switch: orders") {
  Bench<TransferSwitch> bench(tests::standard_parameters<TransferSwitch>());
  bench.u = {1.0, 1.0, 1e6};
  bench.react(Happening::Kind::order, 0, 2.0);  // both good: closed transition
  CHECK(bench.m.position == 2);
  bench.react(Happening::Kind::order, 1, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 2, 1.0);
  CHECK(bench.w.voltage == 1.0);
}

}  // namespace
}  // namespace ampacity
