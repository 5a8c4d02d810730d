// SPDX-License-Identifier: Apache-2.0
#pragma once

// Block-bordered direct solver for (I - gamma J) x = b on the plant's block tree.
//
// Racks see their island, islands see the site, and never each other: ordered from the leaves to
// the root, the Newton matrix is an arrowhead of arrowheads. It is eliminated block by block. For
// block k let P be its own states and B its border: all states of ancestors that share an entry
// with P, directly or through k's children. The front of k is the dense matrix
//
//        P    B
//   P [ F11  F12 ]    entries of I - gamma J, plus the Schur complements that the children pass up
//   B [ F21  F22 ]
//
// Eliminating P (LU with row exchanges inside P, for the pivot that is largest against its row: a
// row of humidity and one of pressure are ten orders of magnitude apart) leaves S = F22 - F21
// F11^-1 F12, which is added to the front of the parent. There is no fill outside the fronts, no
// symbolic phase at run time, and the work is linear in the number of racks: this is a multifrontal
// factorisation whose elimination tree is the site's own structure. (Duff and Reid, ACM TOMS 9,
// 1983, doi 10.1145/356044.356047, for the general method.)
//
// An entry that links two branches of the tree would break the scheme; the constructor refuses it
// and names the two states.

#include <cstdint>
#include <vector>

#include "twin/site/plant.hpp"
#include "twin/solve/jacobian.hpp"

namespace ampacity {

class TreeSolver {
 public:
  TreeSolver(const Plant& plant, const JacobianPlan& plan);

  // Factors I - gamma J for Jacobian values as JacobianPlan::evaluate gives them. False when a
  // block is singular. Does not allocate.
  bool factor(const std::vector<double>& values, double gamma);

  // Solves in place: on entry b, on return x. Does not allocate.
  void solve(double* b);

  // Doubles in all fronts: a measure of cost.
  std::size_t front_size() const { return fronts_.size(); }

 private:
  struct Entry {
    std::size_t value;     // in the Jacobian's values
    std::size_t position;  // in the front
  };
  struct Front {
    std::size_t parent;
    std::size_t pivots;       // |P|
    std::size_t border;       // |B|
    std::size_t index_begin;  // into index_: states of P, then of B
    std::size_t value_begin;  // into fronts_
    std::size_t pivot_begin;  // into row_order_
    std::size_t entry_begin;
    std::size_t entry_end;
    std::size_t up_begin;  // into up_: position of each border state in the parent's front
  };

  void analyse(const Plant& plant, const JacobianPlan& plan);
  bool eliminate(const Front& front);

  std::vector<Front> order_;  // children before parents
  std::vector<std::uint32_t> index_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> up_;
  std::vector<std::uint32_t> row_order_;
  std::vector<double> fronts_;
  std::vector<double> scratch_;
};

}  // namespace ampacity
