// SPDX-License-Identifier: Apache-2.0

// Bus bar: hands voltage down and power up, and loses its voltage when it fails.

#include <doctest/doctest.h>

#include "tests/support/component_check.hpp"
#include "twin/components/bus.hpp"

namespace ampacity {
namespace {

using tests::Bench;

Bus::Parameters ten_megawatts() {
  auto p = tests::standard_parameters<Bus>();
  p.rated_power_w = 10e6;
  return p;
}

TEST_CASE("bus: laws of all components") { tests::check_component<Bus>(ten_megawatts()); }

TEST_CASE("bus: a failed bar has no voltage until it is repaired and run") {
  Bench<Bus> bench(ten_megawatts());
  bench.u.voltage_in = 0.98;
  bench.u.load_w = 7e6;
  bench.evaluate();
  CHECK(bench.w.voltage == 0.98);
  CHECK(bench.w.power_w == 7e6);
  bench.react(Happening::Kind::order, 2, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 3, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(bench.w.voltage == 0.98);
}

TEST_CASE("bus: an ordered sag scales the voltage and leaves the power balance alone") {
  Bench<Bus> bench(ten_megawatts());
  bench.u.voltage_in = 0.98;
  bench.u.load_w = 7e6;
  bench.evaluate();
  CHECK(bench.w.voltage == 0.98);
  bench.react(Happening::Kind::order, 4, 0.5);
  CHECK(bench.w.voltage == doctest::Approx(0.49).epsilon(1e-12));
  CHECK(bench.w.power_w == 7e6);
  bench.react(Happening::Kind::order, 2, 1.0);
  CHECK(bench.w.voltage == 0.0);
  bench.react(Happening::Kind::order, 3, 1.0);
  bench.react(Happening::Kind::order, 0, 1.0);
  CHECK(bench.w.voltage == doctest::Approx(0.49).epsilon(1e-12));
  bench.react(Happening::Kind::order, 4, 1.0);
  CHECK(bench.w.voltage == 0.98);
}

TEST_CASE("bus: overload in either direction is reported once") {
  Bench<Bus> bench(ten_megawatts());
  bench.u.voltage_in = 1.0;
  bench.u.load_w = -10.1e6;
  CHECK(bench.guards()[0] > 0.0);
  bench.react(Happening::Kind::guard, 0);
  CHECK(bench.guards()[0] < 0.0);
  CHECK(bench.guards()[1] < 0.0);
  bench.u.load_w = 9.7e6;
  CHECK(bench.guards()[1] > 0.0);
}

}  // namespace
}  // namespace ampacity
