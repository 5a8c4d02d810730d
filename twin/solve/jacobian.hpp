// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Jacobian of the whole plant, df/dx, from the local Jacobians of its units.
//
// Every unit gives the exact derivatives of its outputs and rates by its own states and inputs
// (kernel.hpp). An input is a sum of signals, and a signal's gradient by the plant's states is
// already known when its reader is evaluated, because the schedule is sorted. So the chain rule
// runs once through the schedule:
//
//   d(row)/dx = d(row)/d(own states) + sum over inputs u, terms (s, gain):  d(row)/du * gain *
//   d(s)/dx
//
// All rows of one pass of one unit share one set of columns (the union over what the pass can
// read), so a gradient is a small dense matrix (rows x columns of the set) and the chain rule is a
// handful of axpy loops with index maps fixed when the plan is made. The structure is conservative:
// it does not depend on values or modes and never changes during a run. Nothing is allocated in
// evaluate().

#include <cstdint>
#include <vector>

#include "twin/site/plant.hpp"

namespace ampacity {

class JacobianPlan {
 public:
  explicit JacobianPlan(const Plant& plant);

  // Columns (ascending) of row `state`; its values stand at values + value_begin(state), in the
  // same order.
  std::span<const std::uint32_t> columns(std::size_t state) const;
  std::size_t value_begin(std::size_t state) const { return row_value_[state]; }

  // Doubles that evaluate() fills.
  std::size_t value_count() const { return value_count_; }

  // Fills `values` at the given states and modes. `work` must hold the evaluation at the same point
  // (Plant::evaluate).
  void evaluate(const Plant& plant, const double* states, const std::int64_t* modes,
                Workspace& work, std::vector<double>& values);

 private:
  // Contribution of one term of one input: rows += J[:, column] * gain * gradient of the source.
  struct Chain {
    std::size_t column;  // in the local Jacobian
    double gain;
    std::size_t source_value;  // first value of the source's gradient row
    std::size_t map_begin;     // into map_: position in this node's columns per source column
    std::size_t count;
  };
  struct Node {
    std::size_t unit;
    Pass pass;
    std::size_t first_row;  // rows of the local Jacobian that this node keeps
    std::size_t row_count;
    std::size_t column_begin;  // into columns_
    std::size_t column_count;
    std::size_t value_begin;
    std::size_t own_begin;  // into map_: position of each own state
    std::size_t chain_begin;
    std::size_t chain_end;
  };

  void add_node(const Plant& plant, std::size_t unit, Pass pass);

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> map_;
  std::vector<Chain> chains_;
  std::vector<std::size_t> node_of_;  // 2*unit + pass -> node
  std::vector<std::size_t> row_value_;
  std::vector<std::size_t> row_node_;
  std::size_t value_count_ = 0;
  std::vector<double> local_;  // scratch: the largest local Jacobian
};

}  // namespace ampacity
