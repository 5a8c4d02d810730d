// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a gang goes, and when: nodes, racks, and first-come first-served with EASY backfill.
//
// A rack holds nodes of equal size. A gang of at least one node's GPUs takes whole nodes for itself
// (its last node may be partly used; the rest of it stays empty). A smaller job shares a node with
// others. The order of filling is fixed:
//
//   whole nodes  the first rack (in the order of the site) that holds the gang alone; if no rack
//                does, the free nodes of all racks in order
//   shared node  the node with the fewest free GPUs that still hold the job (best fit), the first
//                of them: opened nodes fill up before a new one is opened
//
// EASY backfill (Lifka, JSSPP 1995; Mu'alem and Feitelson, IEEE TPDS 12(6), 2001): jobs start in
// the order of the queue while they fit. The first that does not, the head, gets a reservation: the
// earliest instant (shadow time) at which it fits if every running job ends as its owner asked. A
// later job may go ahead if it fits now and either ends by the shadow time or leaves enough at the
// shadow time for the head. Both are checked on the nodes themselves, not on counts of GPUs, so
// that fragmentation cannot break the promise: as long as no job overruns its walltime and no rack
// is lost, the head starts by its first reservation at the latest.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/core/time.hpp"

namespace ampacity {

// `count` neighbouring nodes from `first_node` on, of which each gives `gpus` GPUs.
struct NodeSlice {
  int first_node = 0;
  int count = 0;
  int gpus = 0;
};

// GPUs that work for the gang on one rack.
struct RackShare {
  int rack = 0;
  int gpus = 0;
};

struct Allocation {
  std::vector<NodeSlice> slices;  // what is taken
  std::vector<RackShare> shares;  // what works, racks rising; at most what is taken
};

// GPUs of a site: which are free. A value; copies are snapshots.
class GpuPool {
 public:
  GpuPool() = default;

  // GPUs per rack, each a multiple of `gpus_per_node` (0: a rack without GPUs), and the size of a
  // node, 1 or more. All free and available.
  GpuPool(std::span<const int> gpus_per_rack, int gpus_per_node);

  // Does a gang fit now? Same answer as allocate, without doing it.
  bool fits(int gpus) const;
  // Could it fit if everything were free and available?
  bool fits_empty(int gpus) const;

  // Places a gang of 1 or more GPUs, or nothing when it does not fit.
  std::optional<Allocation> allocate(int gpus);
  // Takes the slices of an allocation made on another copy of this pool; they must be free here.
  void take(const Allocation& allocation);
  void release(const Allocation& allocation);

  // A rack that is not available gives no GPUs. Everything on it must have been released.
  void set_available(int rack, bool available);
  bool available(int rack) const;

  int racks() const { return static_cast<int>(rack_available_.size()); }
  int total_gpus() const { return static_cast<int>(node_free_.size()) * gpus_per_node_; }
  // On available racks.
  int free_gpus() const { return free_gpus_; }
  int free_gpus(int rack) const;

 private:
  void change(int node, int rack, int gpus);  // adds `gpus` (may be negative) to what is free
  void change(const Allocation& allocation, int sign);
  std::size_t rack_count_at(int rack, int free) const;
  int whole_nodes(int rack) const;  // free ones
  Allocation allocate_shared(int gpus);
  Allocation allocate_nodes(int gpus);
  void take_whole_nodes(int rack, int nodes, Allocation& out);

  int gpus_per_node_ = 1;
  int free_gpus_ = 0;
  std::vector<int> first_node_;       // per rack, and one past the last
  std::vector<int> rack_nodes_with_;  // nodes of a rack by number of free GPUs, rack by rack
  std::vector<std::uint8_t> rack_available_;
  std::vector<int> node_free_;   // free GPUs per node
  std::vector<int> nodes_with_;  // available nodes by number of free GPUs
};

struct QueuedGang {
  int gpus = 1;
  Duration walltime;
};

struct RunningGang {
  const Allocation* allocation = nullptr;
  Time expected_end;  // start plus walltime; one in the past counts as 'any moment now'
};

struct GangStart {
  std::size_t queue_index = 0;
  Allocation allocation;
};

struct Reservation {
  std::size_t queue_index = 0;  // the head
  Time start;                   // at the latest
};

struct ScheduleResult {
  std::vector<GangStart> starts;  // queue indices rising
  // Of the first job that waits; none when nobody waits, or when the head does not fit the racks
  // that are available now even with everything else gone (it then holds nobody back).
  std::optional<Reservation> reservation;
};

// One pass of EASY over a queue in order of priority. The starts are allocated in `pool`.
ScheduleResult schedule_easy(GpuPool& pool, Time now, std::span<const QueuedGang> queue,
                             std::span<const RunningGang> running);

}  // namespace ampacity
