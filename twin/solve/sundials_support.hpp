// SPDX-License-Identifier: Apache-2.0
#pragma once

// What both SUNDIALS solvers (CVODE, KINSOL) of this folder share: owning pointers, vectors with
// our kernels, and the block-bordered solver behind SUNDIALS' linear-solver interface.
//
// A structured solver needs no sparse matrix: the SUNMatrix is an empty handle of kind CUSTOM, the
// callback that would fill it fills TreeLinearSolver::values instead, and `setup` factors I - gamma
// J.

#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

#include <functional>
#include <memory>
#include <vector>

#include "twin/core/errors.hpp"
#include "twin/solve/tree_solver.hpp"

namespace ampacity {

struct ContextDeleter {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
};
struct VectorDeleter {
  void operator()(N_Vector vector) const { N_VDestroy(vector); }
};
struct SolverDeleter {
  void operator()(SUNLinearSolver solver) const { SUNLinSolFree(solver); }
};
struct MatrixDeleter {
  void operator()(SUNMatrix matrix) const { SUNMatDestroy(matrix); }
};
using ContextPointer = std::unique_ptr<std::remove_pointer_t<SUNContext>, ContextDeleter>;
using VectorPointer = std::unique_ptr<std::remove_pointer_t<N_Vector>, VectorDeleter>;
using SolverPointer = std::unique_ptr<std::remove_pointer_t<SUNLinearSolver>, SolverDeleter>;
using MatrixPointer = std::unique_ptr<std::remove_pointer_t<SUNMatrix>, MatrixDeleter>;

ContextPointer make_context();

// A serial vector of zeros with our kernels.
VectorPointer make_vector(std::size_t size, SUNContext context);

// For messages: the ten states for which |size(i)| is largest, those that are not finite first.
std::vector<std::size_t> largest_states(std::size_t count,
                                        const std::function<double(std::size_t)>& size);

// Our own mistakes in calling SUNDIALS.
inline void require(bool good, const char* text) { AMPACITY_ASSERT(good, text); }

// Solves (I - gamma J) x = b for SUNDIALS; the caller sets `values` (by `plan`) and `gamma` before
// setup.
class TreeLinearSolver {
 public:
  JacobianPlan plan;
  std::vector<double> values;
  double gamma = 0.0;
  long factorisations = 0;

  TreeLinearSolver(const Plant& plant, SUNContext context);
  TreeLinearSolver(const TreeLinearSolver&) = delete;
  TreeLinearSolver& operator=(const TreeLinearSolver&) = delete;

  SUNLinearSolver solver() const { return solver_.get(); }
  SUNMatrix matrix() const { return matrix_.get(); }

 private:
  static int setup(SUNLinearSolver handle, SUNMatrix matrix);
  static int solve(SUNLinearSolver handle, SUNMatrix matrix, N_Vector x, N_Vector b, double);

  TreeSolver tree_;
  std::size_t size_;
  MatrixPointer matrix_;
  SolverPointer solver_;
};

}  // namespace ampacity
