// SPDX-License-Identifier: Apache-2.0

// Known answers: Philox4x32-10 from the vectors that Random123 publishes (counters and keys of
// zeros, of ones, of the digits of pi), FNV-1a from its authors' tables, AS241 from the check
// values of Wichura's paper and from erfc. Then statistics: with n draws a mean lies within five
// standard errors of its expectation.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "twin/core/random.hpp"

using namespace ampacity;

using Block = std::array<std::uint32_t, 4>;

TEST_CASE("Philox4x32-10 gives the published answers") {
  static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0}) ==
                Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("FNV-1a gives the published answers") {
  static_assert(fnv1a_64("") == 0xcbf29ce484222325);
  static_assert(fnv1a_64("a") == 0xaf63dc4c8601ec8c);
  static_assert(fnv1a_64("foobar") == 0x85944171f73967e8);
  CHECK(fnv1a_64("\xff") != fnv1a_64("\x7f"));
}

TEST_CASE("normal quantiles agree with Wichura's check values and with erfc") {
  CHECK(normal_quantile(0.25) == doctest::Approx(-0.6744897501960817).epsilon(1e-15));
  CHECK(normal_quantile(0.001) == doctest::Approx(-3.090232306167814).epsilon(1e-15));
  CHECK(normal_quantile(1e-20) == doctest::Approx(-9.262340089798408).epsilon(1e-15));
  CHECK(normal_quantile(0.5) == 0);
  for (const double p : {1e-16, 1e-12, 1e-9, 1e-6, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.99}) {
    const double back = 0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0));
    CHECK(back == doctest::Approx(p).epsilon(1e-13));
    if (p > 1e-3) {
      CHECK(normal_quantile(1 - p) == doctest::Approx(-normal_quantile(p)).epsilon(1e-12));
    }
  }
}

TEST_CASE("a stream depends on seed, name and index only") {
  const RandomStream stream(42, "hall-1/cdu-7.supply/noise");
  const double seventh = stream.uniform(7);
  stream.uniform(8);
  CHECK(RandomStream(42, "hall-1/cdu-7.supply/noise").uniform(7) == seventh);
  CHECK(RandomStream(43, "hall-1/cdu-7.supply/noise").uniform(7) != seventh);
  CHECK(RandomStream(42, "hall-1/cdu-8.supply/noise").uniform(7) != seventh);
  CHECK(stream.uniform(6) != seventh);
  CHECK(RandomStream(42, "hall-1").child("cdu-7.supply").child("noise").bits(3) == stream.bits(3));
  // Both halves of seed and index count.
  CHECK(RandomStream(42 + (1ULL << 32), "hall-1").bits(0) != RandomStream(42, "hall-1").bits(0));
  CHECK(stream.bits(1ULL << 32) != stream.bits(0));

  std::set<std::uint64_t> seen;
  for (int unit = 0; unit < 100; ++unit) {
    const RandomStream noise(1, "rack-" + std::to_string(unit));
    for (std::uint64_t i = 0; i < 100; ++i) seen.insert(noise.bits(i));
  }
  CHECK(seen.size() == 10000);
}

TEST_CASE("the stated mapping from names to counters holds") {
  // key = FNV-1a("a"), counter = index 5 and seed 9, words 0 and 1 of the block.
  const Block block = philox4x32_10({5, 0, 9, 0}, {0x8601ec8c, 0xaf63dc4c});
  CHECK(RandomStream(9, "a").bits(5) == ((std::uint64_t{block[1]} << 32) | block[0]));
}

TEST_CASE("a cursor reads the stream in order and can be put back") {
  const RandomStream stream(1, "jobs");
  RandomCursor cursor{stream};
  CHECK(cursor.uniform() == stream.uniform(0));
  CHECK(cursor.normal() == stream.normal(1));
  CHECK(cursor.below(6) == stream.below(2, 6));
  CHECK(cursor.index == 3);
  const double next = cursor.exponential();
  RandomCursor restored{stream, 3};
  CHECK(restored.exponential() == next);
}

TEST_CASE("distributions have their moments") {
  constexpr int n = 200000;
  const RandomStream stream(2024, "moments");
  struct Moments {
    double mean = 0;
    double variance = 0;
    double fourth = 0;
    double least = 1e300;
    double most = -1e300;
  };
  const auto moments_of = [&](auto draw) {
    std::vector<double> values(n);
    Moments out;
    for (int i = 0; i < n; ++i) {
      values[static_cast<std::size_t>(i)] = draw(static_cast<std::uint64_t>(i));
    }
    for (const double x : values) out.mean += x / n;
    for (const double x : values) {
      const double d = x - out.mean;
      out.variance += d * d / n;
      out.fourth += d * d * d * d / n;
      out.least = std::min(out.least, x);
      out.most = std::max(out.most, x);
    }
    return out;
  };
  const double error = 5 / std::sqrt(static_cast<double>(n));  // five standard errors of a mean

  const Moments uniform = moments_of([&](std::uint64_t i) { return stream.uniform(i); });
  CHECK(std::abs(uniform.mean - 0.5) < error * std::sqrt(1.0 / 12));
  CHECK(std::abs(uniform.variance - 1.0 / 12) < error * std::sqrt(1.0 / 180));
  CHECK(uniform.least > 0);
  CHECK(uniform.most < 1);

  const Moments normal = moments_of([&](std::uint64_t i) { return stream.normal(i); });
  CHECK(std::abs(normal.mean) < error);
  CHECK(std::abs(normal.variance - 1) < error * std::sqrt(2.0));
  CHECK(std::abs(normal.fourth - 3) < error * std::sqrt(96.0));

  const Moments exponential = moments_of([&](std::uint64_t i) { return stream.exponential(i); });
  CHECK(std::abs(exponential.mean - 1) < error);
  CHECK(std::abs(exponential.variance - 1) < error * std::sqrt(8.0));
  CHECK(exponential.least > 0);

  const Moments ratio =
      moments_of([&](std::uint64_t i) { return std::log(stream.log_uniform(i, 1e-3, 1e3)); });
  CHECK(std::abs(ratio.mean) < error * std::log(1e6) / std::sqrt(12.0));
  CHECK(ratio.least > std::log(1e-3));
  CHECK(ratio.most < std::log(1e3));

  const Moments span = moments_of([&](std::uint64_t i) { return stream.uniform(i, -3.0, 5.0); });
  CHECK(std::abs(span.mean - 1) < error * 8 / std::sqrt(12.0));

  const Moments skewed =
      moments_of([&](std::uint64_t i) { return std::log(stream.log_normal(i, 7.0, 0.5)); });
  CHECK(std::abs(skewed.mean - std::log(7.0)) < error * 0.5);
  CHECK(std::abs(skewed.variance - 0.25) < error * 0.25 * std::sqrt(2.0));

  std::vector<int> counts(7, 0);
  for (int i = 0; i < n; ++i) ++counts[stream.below(static_cast<std::uint64_t>(i), 7)];
  double chi_squared = 0;
  for (const int count : counts) chi_squared += (count - n / 7.0) * (count - n / 7.0) / (n / 7.0);
  CHECK(chi_squared < 32);  // 6 degrees of freedom: exceeded once in 60,000
}

TEST_CASE("neighbours in index and name are uncorrelated") {
  constexpr int n = 100000;
  const RandomStream a(1, "rack-1");
  const RandomStream b(1, "rack-2");
  double serial = 0;
  double across = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    serial += a.normal(i) * a.normal(i + 1) / n;
    across += a.normal(i) * b.normal(i) / n;
  }
  CHECK(std::abs(serial) < 5 / std::sqrt(static_cast<double>(n)));
  CHECK(std::abs(across) < 5 / std::sqrt(static_cast<double>(n)));
}
