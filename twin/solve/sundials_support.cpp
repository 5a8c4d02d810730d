// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/sundials_support.hpp"

#include <cstring>

#include "twin/solve/vector_kernels.hpp"

namespace ampacity {

ContextPointer make_context() {
  SUNContext context = nullptr;
  SUNContext_Create(nullptr, &context);
  return ContextPointer(context);
}

VectorPointer make_vector(std::size_t size, SUNContext context) {
  VectorPointer vector(N_VNew_Serial(static_cast<sunindextype>(size), context));
  install_vector_kernels(vector.get());
  N_VConst(0.0, vector.get());
  return vector;
}

TreeLinearSolver::TreeLinearSolver(const Plant& plant, SUNContext context)
    : plan(plant),
      values(plan.value_count()),
      tree_(plant, plan),
      size_(plant.state_count()),
      matrix_(SUNMatNewEmpty(context)),
      solver_(SUNLinSolNewEmpty(context)) {
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
