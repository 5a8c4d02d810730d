// SPDX-License-Identifier: Apache-2.0

// Placement by hand, EASY backfill against a schedule worked out on paper, and its promises on
// random queues.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "twin/core/random.hpp"
#include "twin/workload/placement.hpp"

using namespace ampacity;

namespace {

Time at(std::int64_t n) { return Time{n * ns_per_second}; }
Duration s(std::int64_t n) { return Duration{ns_per_second} * n; }

std::vector<std::pair<int, int>> shares_of(const Allocation& allocation) {
  std::vector<std::pair<int, int>> out;
  for (const RackShare& share : allocation.shares) out.push_back({share.rack, share.gpus});
  return out;
}

using Shares = std::vector<std::pair<int, int>>;

struct Gang {
  Time submit;
  int gpus = 1;
  Duration walltime;
  Duration run;
};

struct Outcome {
  std::vector<Time> start;
  std::map<std::size_t, Time> promised;  // first reservation of each head
};

// A clock around schedule_easy that keeps its own book of every node.
Outcome play(GpuPool pool, int nodes, int gpus_per_node, const std::vector<Gang>& gangs) {
  struct Running {
    std::size_t gang;
    Time end;
    Allocation allocation;
  };
  Outcome out;
  out.start.assign(gangs.size(), Time{-1});
  std::vector<int> used(static_cast<std::size_t>(nodes), 0);
  std::vector<Running> running;
  std::vector<std::size_t> queue;
  std::size_t submitted = 0;
  const auto book = [&](const Allocation& allocation, int sign) {
    for (const NodeSlice& slice : allocation.slices) {
      for (int node = slice.first_node; node < slice.first_node + slice.count; ++node) {
        int& n = used[static_cast<std::size_t>(node)];
        n += sign * slice.gpus;
        REQUIRE(n >= 0);
        REQUIRE(n <= gpus_per_node);
      }
    }
  };
  while (submitted < gangs.size() || !running.empty()) {
    Time now{INT64_MAX};
    if (submitted < gangs.size()) now = gangs[submitted].submit;
    for (const Running& r : running) now = std::min(now, r.end);
    std::erase_if(running, [&](const Running& r) {
      if (r.end > now) return false;
      pool.release(r.allocation);
      book(r.allocation, -1);
      return true;
    });
    while (submitted < gangs.size() && gangs[submitted].submit <= now) queue.push_back(submitted++);

    std::vector<QueuedGang> queued;
    for (std::size_t g : queue) queued.push_back({gangs[g].gpus, gangs[g].walltime});
    std::vector<RunningGang> known;
    for (const Running& r : running) {
      known.push_back({&r.allocation, out.start[r.gang] + gangs[r.gang].walltime});
    }
    ScheduleResult result = schedule_easy(pool, now, queued, known);
    if (result.reservation) {
      out.promised.try_emplace(queue[result.reservation->queue_index], result.reservation->start);
    }
    std::set<std::size_t> started;
    for (GangStart& next : result.starts) {
      const std::size_t g = queue[next.queue_index];
      int given = 0;
      for (const RackShare& share : next.allocation.shares) given += share.gpus;
      REQUIRE(given == gangs[g].gpus);
      book(next.allocation, 1);
      out.start[g] = now;
      started.insert(g);
      running.push_back({g, now + gangs[g].run, std::move(next.allocation)});
    }
    std::erase_if(queue, [&](std::size_t g) { return started.contains(g); });
    // The first in the queue never waits while it fits.
    if (!queue.empty()) CHECK_FALSE(pool.fits(gangs[queue.front()].gpus));
    int free = 0;
    for (int n : used) free += gpus_per_node - n;
    CHECK(pool.free_gpus() == free);
  }
  CHECK(queue.empty());
  return out;
}

}  // namespace

TEST_CASE("gangs take whole nodes, in one rack where one holds them") {
  GpuPool pool(std::vector<int>{16, 32, 0, 24}, 8);
  CHECK(pool.total_gpus() == 72);
  CHECK(shares_of(*pool.allocate(24)) == Shares{{1, 24}});  // rack 0 is too small
  CHECK(shares_of(*pool.allocate(8)) == Shares{{0, 8}});
  const Allocation spread = *pool.allocate(30);  // 4 nodes; no rack has them: 1 + 1 + 2
  CHECK(shares_of(spread) == Shares{{0, 8}, {1, 8}, {3, 14}});  // two GPUs of the last node rest
  CHECK(pool.free_gpus() == 8);
  CHECK_FALSE(pool.fits(9));
  CHECK(pool.fits(8));
  pool.release(spread);
  CHECK(pool.free_gpus() == 40);
  CHECK(pool.fits(40));
  CHECK_FALSE(pool.fits(41));
  CHECK(pool.fits_empty(72));
  CHECK_FALSE(pool.fits_empty(73));
}

TEST_CASE("small jobs share nodes, best fit") {
  GpuPool pool(std::vector<int>{8, 16}, 8);
  const Allocation a = *pool.allocate(5);  // opens node 0: 3 left
  const Allocation b = *pool.allocate(6);  // does not fit node 0, opens node 1: 2 left
  const Allocation c = *pool.allocate(2);  // node 1 is the tighter one
  const Allocation d = *pool.allocate(3);  // node 0, full
  CHECK(a.slices[0].first_node == 0);
  CHECK(b.slices[0].first_node == 1);
  CHECK(c.slices[0].first_node == 1);
  CHECK(d.slices[0].first_node == 0);
  CHECK(pool.free_gpus(0) == 0);
  CHECK(pool.free_gpus(1) == 8);
  CHECK(pool.fits(8));
  pool.release(a);
  pool.release(c);
  CHECK(pool.free_gpus() == 15);
  CHECK_FALSE(pool.fits(9));  // 15 are free, but only one whole node
  CHECK_FALSE(pool.allocate(9).has_value());
}

TEST_CASE("a rack that is not available gives nothing") {
  GpuPool pool(std::vector<int>{16, 16}, 8);
  pool.set_available(0, false);
  CHECK(pool.free_gpus() == 16);
  CHECK(pool.free_gpus(0) == 0);
  CHECK_FALSE(pool.fits(24));
  CHECK(pool.fits_empty(24));
  CHECK(shares_of(*pool.allocate(16)) == Shares{{1, 16}});
  CHECK_FALSE(pool.fits(1));
  pool.set_available(0, true);
  pool.set_available(0, true);
  CHECK(shares_of(*pool.allocate(3)) == Shares{{0, 3}});
}

TEST_CASE("EASY backfill on ten GPUs: a schedule worked out by hand") {
  // A runs on 6 until 100. B (8) must wait for it: reservation at 100, which leaves 2 beside it.
  // C (4, 90 s) ends at 92, before B: goes ahead. D (2, 500 s) fits beside B: starts when C ends.
  // E (3, 20 s) never fits in between: 2 free at 92, then B takes all but D's.
  const std::vector<Gang> gangs = {{at(0), 6, s(100), s(100)},
                                   {at(1), 8, s(50), s(50)},
                                   {at(2), 4, s(90), s(90)},
                                   {at(3), 2, s(500), s(500)},
                                   {at(4), 3, s(20), s(20)}};
  const Outcome out = play(GpuPool(std::vector<int>{10}, 1), 10, 1, gangs);
  CHECK(out.start == std::vector<Time>{at(0), at(100), at(2), at(92), at(150)});
  CHECK(out.promised.at(1) == at(100));
  CHECK(out.promised.at(4) == at(150));
}

TEST_CASE("a long job that would delay the head is not backfilled; early ends are used") {
  // D asks for 3 at 92: one more than fits beside B, so it waits until B is done.
  const std::vector<Gang> delayed = {{at(0), 6, s(100), s(100)},
                                     {at(1), 8, s(50), s(50)},
                                     {at(2), 4, s(90), s(90)},
                                     {at(3), 3, s(500), s(500)}};
  CHECK(play(GpuPool(std::vector<int>{10}, 1), 10, 1, delayed).start ==
        std::vector<Time>{at(0), at(100), at(2), at(150)});

  // A ends at 30 though it asked for 100: B needs C's GPUs too, which come at 92; D (2) has gone
  // ahead at 30, when 6 were free, B's reservation having moved to 92 with 2 beside it.
  const std::vector<Gang> early = {{at(0), 6, s(100), s(30)},
                                   {at(1), 8, s(50), s(50)},
                                   {at(2), 4, s(90), s(90)},
                                   {at(3), 2, s(500), s(500)}};
  CHECK(play(GpuPool(std::vector<int>{10}, 1), 10, 1, early).start ==
        std::vector<Time>{at(0), at(92), at(2), at(30)});
}

TEST_CASE("the reservation counts nodes, not GPUs") {
  // Two nodes of 4. A shares node 0 (2 of 4) until 100, B has node 1 until 50. The head (8) needs
  // both: 100. C (2 GPUs, 80 s from 10 on) fits beside A and ends at 90: allowed. D (1 GPU, long)
  // would keep node 0 broken after 100: refused until the head is through, at 100 + 10.
  const std::vector<Gang> gangs = {{at(0), 2, s(100), s(100)},
                                   {at(0), 4, s(50), s(50)},
                                   {at(5), 8, s(10), s(10)},
                                   {at(10), 2, s(80), s(80)},
                                   {at(11), 1, s(300), s(300)}};
  const Outcome out = play(GpuPool(std::vector<int>{8}, 4), 2, 4, gangs);
  CHECK(out.start == std::vector<Time>{at(0), at(0), at(100), at(10), at(110)});
}

TEST_CASE("a head that cannot fit the racks that are left holds nobody back") {
  GpuPool pool(std::vector<int>{8, 8}, 8);
  pool.set_available(1, false);
  const std::vector<QueuedGang> queue = {{16, s(100)}, {8, s(1000)}};
  const ScheduleResult result = schedule_easy(pool, at(0), queue, {});
  REQUIRE(result.starts.size() == 1);
  CHECK(result.starts[0].queue_index == 1);
  CHECK_FALSE(result.reservation.has_value());
}

TEST_CASE("EASY keeps its promises on random queues") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    RandomCursor random{RandomStream(seed, "queue")};
    std::vector<Gang> gangs;
    Time submit = at(0);
    for (int i = 0; i < 150; ++i) {
      submit += s(random.below(60));
      const int gpus = random.uniform() < 0.5 ? 1 + static_cast<int>(random.below(4))
                                              : 4 + static_cast<int>(random.below(60));
      const Duration run = s(1 + random.below(600));
      // A third ends exactly when it said, the others earlier.
      const Duration walltime = run + s(random.below(3) * random.below(300));
      gangs.push_back({submit, gpus, walltime, run});
    }
    // 4 + 8 + 5 nodes of 4 GPUs.
    const Outcome out = play(GpuPool(std::vector<int>{16, 32, 20}, 4), 17, 4, gangs);
    int heads = 0;
    for (const auto& [gang, promise] : out.promised) {
      CAPTURE(gang);
      CHECK(out.start[gang] <= promise);
      ++heads;
    }
    CHECK(heads > 10);
    for (std::size_t i = 0; i < gangs.size(); ++i) CHECK(out.start[i] >= gangs[i].submit);
  }
}
