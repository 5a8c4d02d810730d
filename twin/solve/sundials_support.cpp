// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/sundials_support.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "twin/solve/vector_kernels.hpp"

namespace ampacity {

ContextPointer make_context() {
  SUNContext context = nullptr;
  require(SUNContext_Create(nullptr, &context) == 0 && context != nullptr, "SUNContext_Create");
  return ContextPointer(context);
}

VectorPointer make_vector(std::size_t size, SUNContext context) {
  VectorPointer vector(N_VNew_Serial(static_cast<sunindextype>(size), context));
  require(vector != nullptr, "N_VNew_Serial");
  install_vector_kernels(vector.get());
  N_VConst(0.0, vector.get());
  return vector;
}

std::vector<std::size_t> largest_states(std::size_t count,
                                        const std::function<double(std::size_t)>& size) {
  constexpr std::size_t most = 10;
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto magnitude = [&](std::size_t i) {
    const double value = std::abs(size(i));
    return std::isfinite(value) ? value : std::numeric_limits<double>::max();
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return magnitude(a) > magnitude(b); });
  order.resize(std::min(most, count));
  return order;
}

TreeLinearSolver::TreeLinearSolver(const Plant& plant, SUNContext context)
    : plan(plant),
      values(plan.value_count()),
      tree_(plant, plan),
      size_(plant.state_count()),
      matrix_(SUNMatNewEmpty(context)),
      solver_(SUNLinSolNewEmpty(context)) {
  require(matrix_ != nullptr && solver_ != nullptr, "SUNMatNewEmpty, SUNLinSolNewEmpty");
  matrix_->ops->getid = [](SUNMatrix) { return SUNMATRIX_CUSTOM; };
  matrix_->ops->zero = [](SUNMatrix) { return 0; };  // KINSOL clears before it asks for a Jacobian
  matrix_->ops->destroy = [](SUNMatrix m) { SUNMatFreeEmpty(m); };
  solver_->content = this;
  solver_->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
  solver_->ops->getid = [](SUNLinearSolver) { return SUNLINEARSOLVER_CUSTOM; };
  solver_->ops->setup = setup;
  solver_->ops->solve = solve;
  solver_->ops->free = [](SUNLinearSolver s) {
    s->content = nullptr;
    SUNLinSolFreeEmpty(s);
    return 0;
  };
}

int TreeLinearSolver::setup(SUNLinearSolver handle, SUNMatrix) {
  auto& me = *static_cast<TreeLinearSolver*>(handle->content);
  ++me.factorisations;
  return me.tree_.factor(me.values, me.gamma) ? 0 : 1;
}

int TreeLinearSolver::solve(SUNLinearSolver handle, SUNMatrix, N_Vector x, N_Vector b, double) {
  auto& me = *static_cast<TreeLinearSolver*>(handle->content);
  std::memcpy(NV_DATA_S(x), NV_DATA_S(b), me.size_ * sizeof(double));
  me.tree_.solve(NV_DATA_S(x));
  return 0;
}

}  // namespace ampacity
