// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random numbers that depend on what they are for, not on when they are drawn.
//
// A usual generator hands out one sequence; whoever asks first gets the first number. Add a sensor,
// change the number of threads, restore a snapshot, and every number after it goes to somebody
// else: two runs that should differ in one sensor differ in everything. Here a number is a pure
// function of the master seed, the name of a stream (the path of the unit and what the numbers are
// for, "hall-1/row-3/cdu-7.supply/noise") and an index (the sample's number). Streams can be read
// in any order, from any thread, and adding one changes no other.
//
// The function is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1,
// 2, 3. SC'11, doi:10.1145/2063384.2063405): ten rounds of two 32 x 32 -> 64 bit products over a
// 128-bit counter with a 64-bit key. It passes the BigCrush test suite. Here
//
//   key      FNV-1a hash, 64 bits, of the stream's name (offset 0xcbf29ce484222325, prime
//            0x100000001b3; Fowler, Noll, Vo)
//   counter  words 0, 1: the index; words 2, 3: the master seed
//
// so that different seeds and indices can never meet, and names meet with probability 2^-64 a pair.
//
// Of the 128 bits, 52 become a uniform number u in the open interval (0, 1), a multiple of 2^-53
// that is never 0 or 1. All else is made from u by the inverse of the distribution function: one
// index, one number, no rejection, no pair to remember. The normal one is Wichura's (Algorithm
// AS241, PPND16, Applied Statistics 37 (1988) 477-484, doi:10.2307/2347330), 1e-16 relative. Logs
// and roots are those of math.hpp, so no bit depends on the C library.
//
// One index of one stream is one draw: uniform(7) and normal(7) are the same chance seen twice.

#include <array>
#include <cstdint>
#include <string_view>

#include "twin/core/errors.hpp"
#include "twin/core/math.hpp"

namespace ampacity {

// Ten rounds of Philox on a counter of four words with a key of two.
constexpr std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                     std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t multiplier_0 = 0xd2511f53;
  constexpr std::uint64_t multiplier_1 = 0xcd9e8d57;
  constexpr std::uint32_t key_step_0 = 0x9e3779b9;  // golden ratio
  constexpr std::uint32_t key_step_1 = 0xbb67ae85;  // sqrt(3) - 1
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product_0 = multiplier_0 * counter[0];
    const std::uint64_t product_1 = multiplier_1 * counter[2];
    counter = {static_cast<std::uint32_t>(product_1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product_1),
               static_cast<std::uint32_t>(product_0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product_0)};
    key[0] += key_step_0;
    key[1] += key_step_1;
  }
  return counter;
}

// FNV-1a over `text`, going on from `hash`.
constexpr std::uint64_t fnv1a_64(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

namespace random_detail {

// Polynomial with the coefficient of the highest power first.
template <std::size_t N>
constexpr double polynomial(const std::array<double, N>& coefficients, double x) {
  double sum = 0;
  for (const double coefficient : coefficients) sum = sum * x + coefficient;
  return sum;
}

}  // namespace random_detail

// The x below which a standard normal number lies with probability p, 0 < p < 1 (AS241).
inline double normal_quantile(double p) {
  using random_detail::polynomial;
  using Coefficients = std::array<double, 8>;
  static constexpr Coefficients centre_top = {
      2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080};
  static constexpr Coefficients centre_bottom = {
      5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
      5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0};
  static constexpr Coefficients flank_top = {7.7454501427834140764e-4, 0.0227238449892691845833,
                                             0.241780725177450611770,  1.27045825245236838258,
                                             3.64784832476320460504,   5.76949722146069140550,
                                             4.63033784615654529590,   1.42343711074968357734};
  static constexpr Coefficients flank_bottom = {
      1.05075007164441684324e-9, 5.47593808499534494600e-4,
      0.0151986665636164571966,  0.148103976427480074590,
      0.689767334985100004550,   1.67638483018380384940,
      2.05319162663775882187,    1.0};
  static constexpr Coefficients tail_top = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                            0.00124266094738807843860, 0.0265321895265761230930,
                                            0.296560571828504891230,   1.78482653991729133580,
                                            5.46378491116411436990,    6.65790464350110377720};
  static constexpr Coefficients tail_bottom = {
      2.04426310338993978564e-15, 1.42151175831644588870e-7,
      1.84631831751005468180e-5,  7.86869131145613259100e-4,
      0.0148753612908506148525,   0.136929880922735805310,
      0.599832206555887937690,    1.0};
  AMPACITY_ASSERT(p > 0.0 && p < 1.0, "a probability of a quantile is inside (0, 1)");
  const double q = p - 0.5;
  if (math::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(centre_top, r) / polynomial(centre_bottom, r);
  }
  const double r = math::sqrt(-math::log(q < 0 ? p : 1.0 - p));
  const double x = r <= 5.0 ? polynomial(flank_top, r - 1.6) / polynomial(flank_bottom, r - 1.6)
                            : polynomial(tail_top, r - 5.0) / polynomial(tail_bottom, r - 5.0);
  return q < 0 ? -x : x;
}

// A named stream of random numbers: a cheap value without state.
class RandomStream {
 public:
  RandomStream(std::uint64_t master_seed, std::string_view name)
      : master_seed_(master_seed), key_(fnv1a_64(name)) {}

  // The stream named "<this name>/<name>".
  RandomStream child(std::string_view name) const {
    RandomStream out = *this;
    out.key_ = fnv1a_64(name, fnv1a_64("/", key_));
    return out;
  }

  // 64 random bits.
  std::uint64_t bits(std::uint64_t index) const {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const std::array<std::uint32_t, 4> block = philox4x32_10(
        {low(index), high(index), low(master_seed_), high(master_seed_)}, {low(key_), high(key_)});
    return (std::uint64_t{block[1]} << 32) | block[0];
  }

  // Uniform in (0, 1), both ends excluded.
  double uniform(std::uint64_t index) const {
    return (static_cast<double>(bits(index) >> 12) + 0.5) * 0x1p-52;
  }
  // Uniform in (low, high).
  double uniform(std::uint64_t index, double low, double high) const {
    return low + (high - low) * uniform(index);
  }
  // Uniform in 0 .. count - 1; `count` at least 1. (Bias below count / 2^32.)
  std::uint32_t below(std::uint64_t index, std::uint32_t count) const {
    AMPACITY_ASSERT(count > 0, "a choice is among one or more");
    return static_cast<std::uint32_t>(((bits(index) >> 32) * count) >> 32);
  }
  // Normal with mean 0 and standard deviation 1.
  double normal(std::uint64_t index) const { return normal_quantile(uniform(index)); }
  // Exponential with mean 1.
  double exponential(std::uint64_t index) const { return -math::log(uniform(index)); }
  // Its logarithm is uniform between those of `low` and `high`; 0 < low <= high.
  double log_uniform(std::uint64_t index, double low, double high) const {
    AMPACITY_ASSERT(low > 0.0 && low <= high, "a log-uniform range is positive and ordered");
    const double log_low = math::log(low);
    return math::exp(log_low + (math::log(high) - log_low) * uniform(index));
  }
  // Its logarithm is normal around that of `median` > 0 with standard deviation `sigma`.
  double log_normal(std::uint64_t index, double median, double sigma) const {
    return median * math::exp(sigma * normal(index));
  }

 private:
  std::uint64_t master_seed_;
  std::uint64_t key_;
};

// Reads a stream in order, for code that draws one number after another. `index` is all that a
// snapshot needs to keep.
struct RandomCursor {
  RandomStream stream;
  std::uint64_t index = 0;

  double uniform() { return stream.uniform(index++); }
  double uniform(double low, double high) { return stream.uniform(index++, low, high); }
  std::uint32_t below(std::uint32_t count) { return stream.below(index++, count); }
  double normal() { return stream.normal(index++); }
  double exponential() { return stream.exponential(index++); }
  double log_uniform(double low, double high) { return stream.log_uniform(index++, low, high); }
  double log_normal(double median, double sigma) {
    return stream.log_normal(index++, median, sigma);
  }
};

}  // namespace ampacity
