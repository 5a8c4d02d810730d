// SPDX-License-Identifier: Apache-2.0
#include "twin/workload/placement.hpp"

// The pool keeps, besides the free GPUs of each node, counts that answer most questions without a
// scan of the nodes: how many nodes have how many free GPUs, per rack and on all available racks,
// and all free GPUs.

#include <algorithm>

#include "twin/core/errors.hpp"

namespace ampacity {

GpuPool::GpuPool(std::span<const int> gpus_per_rack, int gpus_per_node)
    : gpus_per_node_(gpus_per_node) {
  AMPACITY_ASSERT(gpus_per_node >= 1, "a node has at least one GPU");
  first_node_.push_back(0);
  for (int gpus : gpus_per_rack) {
    AMPACITY_ASSERT(gpus >= 0 && gpus % gpus_per_node == 0, "a rack holds whole nodes");
    first_node_.push_back(first_node_.back() + gpus / gpus_per_node);
    rack_nodes_with_.resize(rack_nodes_with_.size() + static_cast<std::size_t>(gpus_per_node) + 1);
    rack_nodes_with_.back() = gpus / gpus_per_node;
  }
  const auto nodes = static_cast<std::size_t>(first_node_.back());
  rack_available_.assign(gpus_per_rack.size(), 1);
  node_free_.assign(nodes, gpus_per_node);
  nodes_with_.assign(static_cast<std::size_t>(gpus_per_node) + 1, 0);
  nodes_with_.back() = static_cast<int>(nodes);
  free_gpus_ = total_gpus();
}

std::size_t GpuPool::rack_count_at(int rack, int free) const {
  return static_cast<std::size_t>(rack) * nodes_with_.size() + static_cast<std::size_t>(free);
}

int GpuPool::whole_nodes(int rack) const {
  return rack_nodes_with_[rack_count_at(rack, gpus_per_node_)];
}

bool GpuPool::available(int rack) const {
  return rack_available_[static_cast<std::size_t>(rack)] != 0;
}

int GpuPool::free_gpus(int rack) const {
  int sum = 0;
  for (int free = 1; free <= gpus_per_node_; ++free) {
    sum += free * rack_nodes_with_[rack_count_at(rack, free)];
  }
  return available(rack) ? sum : 0;
}

bool GpuPool::fits(int gpus) const {
  AMPACITY_ASSERT(gpus >= 1, "a gang has at least one GPU");
  if (gpus >= gpus_per_node_) {
    return nodes_with_.back() >= (gpus + gpus_per_node_ - 1) / gpus_per_node_;
  }
  return std::any_of(nodes_with_.begin() + gpus, nodes_with_.end(), [](int n) { return n > 0; });
}

bool GpuPool::fits_empty(int gpus) const {
  AMPACITY_ASSERT(gpus >= 1, "a gang has at least one GPU");
  return gpus <= total_gpus();
}

void GpuPool::change(int node, int rack, int gpus) {
  int& free = node_free_[static_cast<std::size_t>(node)];
  const int before = free;
  free += gpus;
  AMPACITY_ASSERT(free >= 0 && free <= gpus_per_node_, "a node gives what it has, once");
  --rack_nodes_with_[rack_count_at(rack, before)];
  ++rack_nodes_with_[rack_count_at(rack, free)];
  if (!available(rack)) return;
  --nodes_with_[static_cast<std::size_t>(before)];
  ++nodes_with_[static_cast<std::size_t>(free)];
  free_gpus_ += gpus;
}

void GpuPool::change(const Allocation& allocation, int sign) {
  for (const NodeSlice& slice : allocation.slices) {
    const auto after = std::upper_bound(first_node_.begin(), first_node_.end(), slice.first_node);
    const int rack = static_cast<int>(after - first_node_.begin()) - 1;
    for (int node = slice.first_node; node < slice.first_node + slice.count; ++node) {
      change(node, rack, sign * slice.gpus);
    }
  }
}

void GpuPool::take(const Allocation& allocation) { change(allocation, -1); }
void GpuPool::release(const Allocation& allocation) { change(allocation, 1); }

void GpuPool::set_available(int rack, bool available) {
  const auto r = static_cast<std::size_t>(rack);
  if ((rack_available_[r] != 0) == available) return;
  const int nodes = first_node_[r + 1] - first_node_[r];
  AMPACITY_ASSERT(whole_nodes(rack) == nodes, "a rack changes availability only when it is empty");
  rack_available_[r] = available ? 1 : 0;
  nodes_with_.back() += available ? nodes : -nodes;
  free_gpus_ += (available ? nodes : -nodes) * gpus_per_node_;
}

std::optional<Allocation> GpuPool::allocate(int gpus) {
  if (!fits(gpus)) return std::nullopt;
  return gpus < gpus_per_node_ ? allocate_shared(gpus) : allocate_nodes(gpus);
}

Allocation GpuPool::allocate_shared(int gpus) {
  int wanted = gpus;
  while (nodes_with_[static_cast<std::size_t>(wanted)] == 0) ++wanted;
  for (int rack = 0; rack < racks(); ++rack) {
    if (!available(rack) || rack_nodes_with_[rack_count_at(rack, wanted)] == 0) continue;
    const auto r = static_cast<std::size_t>(rack);
    for (int node = first_node_[r]; node < first_node_[r + 1]; ++node) {
      if (node_free_[static_cast<std::size_t>(node)] != wanted) continue;
      change(node, rack, -gpus);
      return {{{node, 1, gpus}}, {{rack, gpus}}};
    }
  }
  AMPACITY_ASSERT(false, "the count of nodes agrees with the nodes");
  return {};
}

void GpuPool::take_whole_nodes(int rack, int nodes, Allocation& out) {
  const auto r = static_cast<std::size_t>(rack);
  for (int node = first_node_[r]; nodes > 0 && node < first_node_[r + 1]; ++node) {
    if (node_free_[static_cast<std::size_t>(node)] != gpus_per_node_) continue;
    change(node, rack, -gpus_per_node_);
    --nodes;
    if (!out.slices.empty() && out.shares.back().rack == rack &&
        out.slices.back().first_node + out.slices.back().count == node) {
      ++out.slices.back().count;
    } else {
      out.slices.push_back({node, 1, gpus_per_node_});
    }
    if (out.shares.empty() || out.shares.back().rack != rack) out.shares.push_back({rack, 0});
    out.shares.back().gpus += gpus_per_node_;
  }
}

Allocation GpuPool::allocate_nodes(int gpus) {
  int nodes = (gpus + gpus_per_node_ - 1) / gpus_per_node_;
  const int unused = nodes * gpus_per_node_ - gpus;
  Allocation out;
  for (int rack = 0; rack < racks() && nodes > 0; ++rack) {
    if (!available(rack) || whole_nodes(rack) < nodes) continue;
    take_whole_nodes(rack, nodes, out);
    nodes = 0;
  }
  for (int rack = 0; rack < racks() && nodes > 0; ++rack) {
    const int taken = std::min(nodes, whole_nodes(rack));
    if (!available(rack) || taken == 0) continue;
    take_whole_nodes(rack, taken, out);
    nodes -= taken;
  }
  out.shares.back().gpus -= unused;
  return out;
}

namespace {

// The pool as it will be when the head can start at the latest, and when that is.
struct Shadow {
  GpuPool pool;
  Time start;
};

std::optional<Shadow> find_shadow(const GpuPool& pool, Time now, int head_gpus,
                                  std::vector<RunningGang> running) {
  std::stable_sort(running.begin(), running.end(),
                   [](const auto& a, const auto& b) { return a.expected_end < b.expected_end; });
  Shadow shadow{pool, now};
  for (std::size_t i = 0; i < running.size(); ++i) {
    shadow.start = std::max(now, running[i].expected_end);
    shadow.pool.release(*running[i].allocation);
    // What ends at the same instant is free too.
    const bool more = i + 1 < running.size() && running[i + 1].expected_end <= shadow.start;
    if (!more && shadow.pool.fits(head_gpus)) return shadow;
  }
  return std::nullopt;
}

}  // namespace

ScheduleResult schedule_easy(GpuPool& pool, Time now, std::span<const QueuedGang> queue,
                             std::span<const RunningGang> running) {
  ScheduleResult out;
  out.starts.reserve(queue.size());  // allocations are pointed to below and must not move
  std::vector<RunningGang> planned(running.begin(), running.end());
  std::size_t next = 0;
  for (; next < queue.size(); ++next) {
    std::optional<Allocation> allocation = pool.allocate(queue[next].gpus);
    if (!allocation) break;
    out.starts.push_back({next, std::move(*allocation)});
    planned.push_back({&out.starts.back().allocation, now + queue[next].walltime});
  }
  if (next == queue.size()) return out;

  const int head_gpus = queue[next].gpus;
  std::optional<Shadow> shadow = find_shadow(pool, now, head_gpus, std::move(planned));
  if (shadow) out.reservation = Reservation{next, shadow->start};
  for (++next; next < queue.size() && pool.free_gpus() > 0; ++next) {
    std::optional<Allocation> allocation = pool.allocate(queue[next].gpus);
    if (!allocation) continue;
    if (shadow && now + queue[next].walltime > shadow->start) {
      shadow->pool.take(*allocation);
      if (!shadow->pool.fits(head_gpus)) {
        shadow->pool.release(*allocation);
        pool.release(*allocation);
        continue;
      }
    }
    out.starts.push_back({next, std::move(*allocation)});
  }
  return out;
}

}  // namespace ampacity
