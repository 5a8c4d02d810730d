// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/tree_solver.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace ampacity {

namespace {

// target -= factor * source over `count` neighbours; the inner loop of all elimination.
inline void subtract_multiple(double* target, const double* source, double factor,
                              std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) target[k] -= factor * source[k];
}

// Sum of a[k] b[k] in eight fixed partial sums: one chain of additions would wait for itself at
// every term, and the compiler may not reorder.
inline double dot(const double* a, const double* b, std::size_t count) {
  double part[8] = {};
  std::size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) part[lane] += a[k + lane] * b[k + lane];
  }
  for (; k < count; ++k) part[0] += a[k] * b[k];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

}  // namespace

TreeSolver::TreeSolver(const Plant& plant, const JacobianPlan& plan) { analyse(plant, plan); }

void TreeSolver::analyse(const Plant& plant, const JacobianPlan& plan) {
  const std::vector<Block>& blocks = plant.blocks();
  std::vector<std::size_t> block_of(plant.state_count());
  for (const Unit& unit : plant.units()) {
    std::fill_n(block_of.begin() + static_cast<std::ptrdiff_t>(unit.state_at),
                unit.type->states.size(), unit.block);
  }
  const auto is_ancestor = [&](std::size_t above, std::size_t below) {
    while (below != above && below != 0) below = blocks[below].parent;
    return below == above;
  };

  // Border of each block: direct entries first, then what the children bring up.
  struct Cell {
    std::size_t row;
    std::size_t column;
    std::size_t value;
  };
  std::vector<std::set<std::size_t>> border(blocks.size());
  std::vector<std::vector<Cell>> cells(blocks.size());
  for (std::size_t row = 0; row < plant.state_count(); ++row) {
    const auto columns = plan.columns(row);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::size_t a = block_of[row];
      const std::size_t b = block_of[columns[k]];
      if (!is_ancestor(a, b) && !is_ancestor(b, a)) {
        throw std::logic_error("states of two branches are coupled: " + plant.state_path(row) +
                               " and " + plant.state_path(columns[k]) +
                               "; units of different blocks may meet only in a common ancestor");
      }
      const std::size_t lower = is_ancestor(a, b) ? b : a;
      cells[lower].push_back({row, columns[k], plan.value_begin(row) + k});
      if (a != b) border[lower].insert(lower == a ? columns[k] : row);
    }
  }
  for (std::size_t block = blocks.size(); block-- > 1;) {
    for (std::size_t state : border[block]) {
      if (block_of[state] != blocks[block].parent) border[blocks[block].parent].insert(state);
    }
  }

  // Fronts, children first (parents have lower indices than their children).
  std::vector<std::size_t> place(blocks.size());
  std::vector<std::vector<std::uint32_t>> members(blocks.size());
  std::size_t widest = 0;
  for (std::size_t block = blocks.size(); block-- > 0;) {
    Front front{};
    front.pivots = blocks[block].state_count;
    front.border = border[block].size();
    front.index_begin = index_.size();
    front.value_begin = fronts_.size();
    front.pivot_begin = row_order_.size();
    front.entry_begin = entries_.size();
    auto& member = members[block];
    for (std::size_t i = 0; i < front.pivots; ++i) {
      member.push_back(static_cast<std::uint32_t>(blocks[block].first_state + i));
    }
    for (std::size_t state : border[block]) member.push_back(static_cast<std::uint32_t>(state));
    const std::size_t size = member.size();
    const auto local = [&](std::size_t state) -> std::size_t {
      if (block_of[state] == block) return state - blocks[block].first_state;
      return front.pivots +
             static_cast<std::size_t>(
                 std::lower_bound(member.begin() + static_cast<std::ptrdiff_t>(front.pivots),
                                  member.end(), state) -
                 (member.begin() + static_cast<std::ptrdiff_t>(front.pivots)));
    };
    for (const Cell& cell : cells[block]) {
      entries_.push_back({cell.value, local(cell.row) * size + local(cell.column)});
    }
    front.entry_end = entries_.size();
    index_.insert(index_.end(), member.begin(), member.end());
    fronts_.resize(fronts_.size() + size * size);
    row_order_.resize(row_order_.size() + front.pivots);
    place[block] = order_.size();
    order_.push_back(front);
    widest = std::max(widest, size);
  }
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    Front& front = order_[place[block]];
    front.parent = place[blocks[block].parent];
    front.up_begin = up_.size();
    const auto& above = members[blocks[block].parent];
    const Front& parent = order_[front.parent];
    for (std::size_t i = 0; i < front.border; ++i) {
      const std::uint32_t state = members[block][front.pivots + i];
      const bool pivot = block_of[state] == blocks[block].parent;
      const auto begin = above.begin() + static_cast<std::ptrdiff_t>(pivot ? 0 : parent.pivots);
      const auto end =
          pivot ? above.begin() + static_cast<std::ptrdiff_t>(parent.pivots) : above.end();
      up_.push_back(
          static_cast<std::uint32_t>(std::lower_bound(begin, end, state) - above.begin()));
    }
  }
  scratch_.resize(widest);
}

bool TreeSolver::factor(const std::vector<double>& values, double gamma) {
  std::fill(fronts_.begin(), fronts_.end(), 0.0);
  for (const Front& front : order_) {
    double* f = fronts_.data() + front.value_begin;
    const std::size_t size = front.pivots + front.border;
    for (std::size_t e = front.entry_begin; e < front.entry_end; ++e) {
      f[entries_[e].position] -= gamma * values[entries_[e].value];
    }
    for (std::size_t i = 0; i < front.pivots; ++i) f[i * size + i] += 1.0;
    if (!eliminate(front)) return false;
    if (front.border == 0 || &front == &order_.back()) continue;
    const Front& parent = order_[front.parent];
    double* g = fronts_.data() + parent.value_begin;
    const std::size_t wide = parent.pivots + parent.border;
    const std::uint32_t* up = up_.data() + front.up_begin;
    for (std::size_t i = 0; i < front.border; ++i) {
      const double* from = f + (front.pivots + i) * size + front.pivots;
      double* to = g + up[i] * wide;
      for (std::size_t j = 0; j < front.border; ++j) to[up[j]] += from[j];
    }
  }
  return true;
}

bool TreeSolver::eliminate(const Front& front) {
  double* f = fronts_.data() + front.value_begin;
  std::uint32_t* order = row_order_.data() + front.pivot_begin;
  const std::size_t size = front.pivots + front.border;
  // A pivot is large when it is large in its row.
  double* weight = scratch_.data();
  for (std::size_t i = 0; i < front.pivots; ++i) {
    double largest = 0.0;
    for (std::size_t j = 0; j < size; ++j) largest = std::max(largest, std::abs(f[i * size + j]));
    weight[i] = 1.0 / largest;
  }
  for (std::size_t k = 0; k < front.pivots; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < front.pivots; ++i) {
      if (std::abs(f[i * size + k]) * weight[i] > std::abs(f[best * size + k]) * weight[best]) {
        best = i;
      }
    }
    order[k] = static_cast<std::uint32_t>(best);
    std::swap(weight[k], weight[best]);
    if (best != k) std::swap_ranges(f + k * size, f + (k + 1) * size, f + best * size);
    const double pivot = f[k * size + k];
    if (!(std::abs(pivot) > 0.0) || !std::isfinite(pivot)) return false;
    const double inverse = 1.0 / pivot;
    for (std::size_t i = k + 1; i < size; ++i) {
      double& factor = f[i * size + k];
      if (factor == 0.0) continue;
      factor *= inverse;
      subtract_multiple(f + i * size + k + 1, f + k * size + k + 1, factor, size - k - 1);
    }
  }
  return true;
}

void TreeSolver::solve(double* b) {
  for (const Front& front : order_) {
    const double* f = fronts_.data() + front.value_begin;
    const std::uint32_t* index = index_.data() + front.index_begin;
    const std::uint32_t* order = row_order_.data() + front.pivot_begin;
    const std::size_t size = front.pivots + front.border;
    double* y = b + (front.pivots > 0 ? index[0] : 0);
    // Row exchanges were applied to whole rows while eliminating, so they come first here too.
    for (std::size_t k = 0; k < front.pivots; ++k) std::swap(y[k], y[order[k]]);
    for (std::size_t i = 1; i < front.pivots; ++i) {
      y[i] -= dot(f + i * size, y, i);
    }
    for (std::size_t i = front.pivots; i < size; ++i) {
      b[index[i]] -= dot(f + i * size, y, front.pivots);
    }
  }
  for (std::size_t at = order_.size(); at-- > 0;) {
    const Front& front = order_[at];
    const double* f = fronts_.data() + front.value_begin;
    const std::uint32_t* index = index_.data() + front.index_begin;
    const std::size_t size = front.pivots + front.border;
    for (std::size_t j = front.pivots; j < size; ++j) scratch_[j] = b[index[j]];
    double* y = b + (front.pivots > 0 ? index[0] : 0);
    for (std::size_t i = front.pivots; i-- > 0;) {
      const double* row = f + i * size;
      const double own = dot(row + i + 1, y + i + 1, front.pivots - i - 1);
      const double above = dot(row + front.pivots, scratch_.data() + front.pivots, front.border);
      y[i] = (y[i] - own - above) / row[i];
    }
  }
}

}  // namespace ampacity
