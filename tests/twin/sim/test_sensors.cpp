// SPDX-License-Identifier: Apache-2.0
// Sensors against closed forms: gain of the average, bound of the rounding, statistics and
// independence of the noise, delay to the nanosecond, copies.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "tests/support/toy_components.hpp"
#include "twin/sim/sensors.hpp"
#include "twin/site/plant_builder.hpp"

namespace ampacity::tests {
namespace {

const Time start{1'700'000'000LL * ns_per_second};

SensorSettings settings(Duration every, Duration average = {}) {
  SensorSettings out;
  out.every = every;
  out.average = average;
  return out;
}

// Half of the swing that a sensor shows of sin(2 pi f t), observed every millisecond.
double shown_amplitude(double frequency_hz, Duration average) {
  Sensor sensor("rack/power", settings(milliseconds(10), average), 1, start);
  double least = 1e9;
  double most = -1e9;
  for (int k = 0; k <= 20'000; ++k) {
    const Time at = start + milliseconds(k);
    sensor.observe(at, std::sin(2.0 * std::numbers::pi * frequency_hz * 0.001 * k));
    if (k < 5000) continue;
    least = std::min(least, sensor.reading(at));
    most = std::max(most, sensor.reading(at));
  }
  return 0.5 * (most - least);
}

TEST_CASE("the gain of a mean over 1 s is |sin(pi f)/(pi f)|") {
  struct Row {
    double frequency_hz;
    double gain;
  };
  // Closed form, three decimals.
  for (const Row& row : {Row{0.2, 0.935}, Row{0.5, 0.637}, Row{1.0, 0.0}, Row{1.5, 0.212},
                         Row{2.5, 0.127}, Row{3.0, 0.0}, Row{4.3, 0.060}}) {
    CAPTURE(row.frequency_hz);
    CHECK(std::abs(shown_amplitude(row.frequency_hz, seconds(1.0)) - row.gain) < 0.001);
  }
  CHECK(shown_amplitude(1.0, Duration{}) > 0.999);  // without an average the swing is all there
}

TEST_CASE("a mean is exact for what was observed, also between observations") {
  // A ramp of 2 per second, observed at odd instants; mean over 10 s = value 5 s ago.
  Sensor sensor("a", settings(seconds(3.0), seconds(10.0)), 1, start);
  for (double t : {0.0, 0.7, 5.3, 9.9, 14.2, 20.1, 21.0}) {
    sensor.observe(start + seconds(t), 100.0 + 2.0 * t);
  }
  CHECK(sensor.reading(start + seconds(21.0)) ==
        doctest::Approx(100.0 + 2.0 * 16.0).epsilon(1e-12));
  // Before 10 s have passed: over the time since the start.
  Sensor young("a", settings(seconds(3.0), seconds(10.0)), 1, start);
  young.observe(start, 100.0);
  CHECK(young.reading(start) == 100.0);
  young.observe(start + seconds(6.0), 112.0);
  CHECK(young.reading(start + seconds(6.0)) == doctest::Approx(106.0).epsilon(1e-12));
}

TEST_CASE("a constant stays what it is for ever") {
  Sensor sensor("a", settings(seconds(1.0), seconds(7.3)), 1, start);
  for (int k = 0; k < 100'000; ++k) sensor.observe(start + milliseconds(640) * k, 1.23456789e7);
  CHECK(sensor.reading(start + milliseconds(640) * 99'999) == 1.23456789e7);
}

TEST_CASE("samples stand at start + k every, whenever the plant is observed") {
  Sensor sensor("a", settings(seconds(10.0)), 1, start);
  for (int k = 0; k <= 25; ++k) sensor.observe(start + seconds(1.0 * k), 1.0 * k);
  CHECK(sensor.reading(start + seconds(25.0)) == 20.0);
  // A sensor that starts late samples at the next multiple, not at its first observation.
  Sensor late("a", settings(seconds(10.0)), 1, start);
  late.observe(start + seconds(13.0), 13.0);
  CHECK(std::isnan(late.reading(start + seconds(13.0))));
  late.observe(start + seconds(24.0), 24.0);
  CHECK(late.reading(start + seconds(24.0)) == doctest::Approx(20.0).epsilon(1e-12));
}

TEST_CASE("a reading arrives after its delay, not a nanosecond before") {
  SensorSettings s = settings(seconds(1.0));
  s.delay = milliseconds(2500);
  Sensor sensor("a", s, 1, start);
  for (int k = 0; k <= 10; ++k) sensor.observe(start + seconds(1.0 * k), 1.0 * k);
  CHECK(sensor.reading(start + seconds(10.0)) == 7.0);
  const Time eighth = start + seconds(8.0) + s.delay;
  CHECK(sensor.reading(eighth - Duration{1}) == 7.0);
  CHECK(sensor.reading(eighth) == 8.0);
  Sensor young("a", s, 1, start);
  young.observe(start, 5.0);
  CHECK(std::isnan(young.reading(start + milliseconds(2499))));
  CHECK(young.reading(start + milliseconds(2500)) == 5.0);
}

TEST_CASE("rounding is to the nearest step") {
  SensorSettings s = settings(seconds(1.0));
  s.resolution = 0.25;
  Sensor sensor("a", s, 1, start);
  double worst = 0.0;
  double sum = 0.0;
  for (int k = 0; k < 10'000; ++k) {
    const double truth = -7.0 + 0.00137 * k;
    sensor.observe(start + seconds(1.0 * k), truth);
    const double seen = sensor.reading(start + seconds(1.0 * k));
    CHECK(std::fmod(seen, 0.25) == 0.0);
    worst = std::max(worst, std::abs(seen - truth));
    sum += (seen - truth) * (seen - truth);
  }
  CHECK(worst <= 0.125 + 1e-12);
  CHECK(std::sqrt(sum / 10'000) == doctest::Approx(0.25 / std::sqrt(12.0)).epsilon(0.01));
}

TEST_CASE("noise has its deviation, no memory, and a stream of its own") {
  SensorSettings s = settings(seconds(1.0));
  s.noise = 2.0;
  Sensor one("rack-1/power", s, 42, start);
  Sensor other("rack-2/power", s, 42, start);
  Sensor reseeded("rack-1/power", s, 43, start);
  constexpr int n = 40'000;
  double sum = 0, squares = 0, lagged = 0, crossed = 0, seeds = 0, fourth = 0, before = 0;
  for (int k = 0; k < n; ++k) {
    const Time at = start + seconds(1.0 * k);
    for (Sensor* sensor : {&one, &other, &reseeded}) sensor->observe(at, 10.0);
    const double e = one.reading(at) - 10.0;
    sum += e;
    squares += e * e;
    fourth += e * e * e * e;
    lagged += e * before;
    crossed += e * (other.reading(at) - 10.0);
    seeds += e * (reseeded.reading(at) - 10.0);
    before = e;
  }
  // Four standard errors: mean 2/sqrt(n), deviation 2/sqrt(2n), correlation 1/sqrt(n).
  CHECK(std::abs(sum / n) < 4 * 2.0 / std::sqrt(n));
  CHECK(std::abs(std::sqrt(squares / n) - 2.0) < 4 * 2.0 / std::sqrt(2.0 * n));
  CHECK(std::abs(fourth / n / 16.0 - 3.0) < 4 * std::sqrt(96.0 / n));
  for (const double product : {lagged, crossed, seeds}) {
    CHECK(std::abs(product / n / 4.0) < 4 / std::sqrt(n));
  }
}

TEST_CASE("noise belongs to the sample's number: a copy and a later start see the same") {
  SensorSettings s = settings(seconds(1.0), seconds(5.0));
  s.noise = 1.0;
  s.delay = milliseconds(1500);
  Sensor whole("a", s, 7, start);
  const auto truth = [](int k) { return std::sin(0.3 * k); };
  for (int k = 0; k <= 100; ++k) whole.observe(start + seconds(1.0 * k), truth(k));
  Sensor copy = whole;
  for (int k = 101; k <= 200; ++k) {
    const Time at = start + seconds(1.0 * k);
    whole.observe(at, truth(k));
    copy.observe(at, truth(k));
    CHECK(whole.reading(at) == copy.reading(at));
  }
  SensorSettings bare = settings(seconds(1.0));
  bare.noise = 1.0;
  Sensor early("a", bare, 7, start);
  Sensor late("a", bare, 7, start);
  early.observe(start, 0.0);
  for (int k = 50; k <= 60; ++k) {
    const Time at = start + seconds(1.0 * k);
    early.observe(at, 0.0);
    late.observe(at, 0.0);
    CHECK(early.reading(at) == late.reading(at));
  }
  // Nor does it depend on when the plant is looked at.
  Sensor seldom("a", bare, 7, start);
  for (int k = 0; k <= 36; ++k) seldom.observe(start + milliseconds(1675) * k, 0.0);
  CHECK(seldom.reading(start + milliseconds(60'300)) == late.reading(start + seconds(60.0)));
}

TEST_CASE("a bank senses outputs and states, behind the signals of a sample") {
  PlantBuilder builder;
  builder.add<Node>("a", site_block, {1000.0, 0.0});
  builder.add<Node>("b", site_block, {1000.0, 0.0});
  builder.connect(builder.external("heat", "W"), UnitId{0}, "heat");
  const Plant plant = std::move(builder).compile();
  SensorRequest request{"node.heat", settings(seconds(1.0))};
  request.settings.resolution = 10.0;
  SensorBank bank(plant, {request}, 1, start);
  REQUIRE(bank.variables().size() == 1);
  const RecordVariable& variable = bank.variables()[0];
  CHECK(variable.name == "node_heat_sensor");
  CHECK(variable.unit == "W");
  REQUIRE(variable.columns.size() == 2);
  std::vector<double> signals(plant.output_count() + plant.externals().size(), 0.0);
  const RecordVariable truth = plan_records(plant, {"node.heat"})[0];
  signals[truth.columns[0].index] = 123.0;
  signals[truth.columns[1].index] = 456.0;
  const std::vector<double> states(plant.state_count(), 300.0);
  const auto extended = bank.observe(start, signals, states);
  REQUIRE(extended.size() == signals.size() + 2);
  CHECK(extended[variable.columns[0].index] == 120.0);
  CHECK(extended[variable.columns[1].index] == 460.0);
}

}  // namespace
}  // namespace ampacity::tests
