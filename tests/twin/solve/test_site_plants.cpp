// SPDX-License-Identifier: Apache-2.0
// The solver's parts on the plants of the shipped sites: block solver against KLU, and no
// allocation in what runs at every step.
#include <doctest/doctest.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>

#include "twin/sim/run_setup.hpp"
#include "twin/site/accounts.hpp"
#include "twin/solve/sundials_support.hpp"

namespace {
long allocations = 0;
}

// Counts every allocation of this executable. Not inlined: g++ would take the malloc below for the
// partner of a delete expression, and warn.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace ampacity::tests {
namespace {

// A shipped site at the first instant of its run, in its default states.
struct Site {
  explicit Site(const std::string& name)
      : description(read_site("site-configs/sites/" + name + ".toml", {})),
        assembly(assemble(description)),
        setup(prepare_run(description, assembly, {}, description.start,
                          description.start + hours(1))),
        state(assembly.plant.start_state()),
        work(assembly.plant.workspace()),
        plan(assembly.plant),
        values(plan.value_count()) {
    setup.externals.evaluate(0.0, work.signals.data() + assembly.plant.output_count());
    for (std::size_t i = 0; i < assembly.plant.externals().size(); ++i) {
      double& value = work.signals[assembly.plant.output_count() + i];
      if (assembly.plant.externals()[i].path.ends_with("/demand")) value = 60e3;
    }
  }
  void evaluate() { assembly.plant.evaluate(state.states.data(), state.modes.data(), work); }
  void jacobian() {
    plan.evaluate(assembly.plant, state.states.data(), state.modes.data(), work, values);
  }

  SiteDescription description;
  Assembly assembly;
  RunSetup setup;
  PlantState state;
  Workspace work;
  JacobianPlan plan;
  std::vector<double> values;
};

TEST_CASE("what runs at every step of the engine allocates nothing") {
  Site site("demo");
  const Plant& plant = site.assembly.plant;
  TreeSolver tree(plant, site.plan);
  const Accounts accounts(plant);
  std::vector<double> sums(accounts.lines().size());
  std::size_t guard_count = 0;
  for (const Unit& unit : plant.units()) guard_count += unit.type->guards.size();
  REQUIRE(guard_count > 0);
  std::vector<double> guards(guard_count);
  std::vector<double> b(plant.state_count(), 1.0);
  site.evaluate();
  const long before = allocations;
  site.setup.externals.evaluate(90.0, site.work.signals.data() + plant.output_count());
  site.evaluate();
  accounts.evaluate(site.work.signals.data(), sums.data());
  std::size_t guard = 0;
  for (const Unit& unit : plant.units()) {
    if (unit.type->guards.empty()) continue;
    unit.type->watch(
        plant.slice(unit, site.state.states.data(), site.state.modes.data(), site.work),
        guards.data() + guard);
    guard += unit.type->guards.size();
  }
  site.jacobian();
  const bool regular = tree.factor(site.values, 10.0);
  tree.solve(b.data());
  const long after = allocations;
  CHECK(regular);
  CHECK(after == before);
  // The counter counts.
  const auto probe = std::make_unique<int>(1);
  CHECK(allocations == after + 1);
}

// Solves (I - gamma J) x = b by KLU with AMD ordering.
std::vector<double> by_klu(const Site& site, double gamma, const std::vector<double>& b) {
  const std::size_t n = b.size();
  const ContextPointer context = make_context();
  std::vector<std::vector<std::pair<std::size_t, double>>> by_column(n);
  std::size_t count = 0;
  for (std::size_t row = 0; row < n; ++row) {
    const auto columns = site.plan.columns(row);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double unit = columns[k] == row ? 1.0 : 0.0;
      by_column[columns[k]].emplace_back(
          row, unit - gamma * site.values[site.plan.value_begin(row) + k]);
      ++count;
    }
  }
  const auto size = static_cast<sunindextype>(n);
  MatrixPointer matrix(
      SUNSparseMatrix(size, size, static_cast<sunindextype>(count), CSC_MAT, context.get()));
  sunindextype position = 0;
  for (std::size_t column = 0; column < n; ++column) {
    SUNSparseMatrix_IndexPointers(matrix.get())[column] = position;
    for (const auto& [row, value] : by_column[column]) {
      SUNSparseMatrix_IndexValues(matrix.get())[position] = static_cast<sunindextype>(row);
      SUNSparseMatrix_Data(matrix.get())[position++] = value;
    }
  }
  SUNSparseMatrix_IndexPointers(matrix.get())[n] = position;
  VectorPointer right = make_vector(n, context.get());
  VectorPointer x = make_vector(n, context.get());
  std::copy(b.begin(), b.end(), NV_DATA_S(right.get()));
  SolverPointer klu(SUNLinSol_KLU(x.get(), matrix.get(), context.get()));
  SUNLinSol_KLUSetOrdering(klu.get(), 0);
  REQUIRE(SUNLinSolInitialize(klu.get()) == 0);
  REQUIRE(SUNLinSolSetup(klu.get(), matrix.get()) == 0);
  REQUIRE(SUNLinSolSolve(klu.get(), matrix.get(), x.get(), right.get(), 0.0) == 0);
  return {NV_DATA_S(x.get()), NV_DATA_S(x.get()) + n};
}

TEST_CASE("on the shipped sites block solver and KLU agree to 1e-10") {
  for (const char* name : {"frontier", "demo", "campus-100mw"}) {
    Site site(name);
    site.evaluate();
    site.jacobian();
    TreeSolver tree(site.assembly.plant, site.plan);
    const std::size_t n = site.assembly.plant.state_count();
    // A right-hand side of the size of the states, as Newton sees it.
    std::vector<double> b(n);
    for (std::size_t i = 0; i < n; ++i) {
      b[i] = (1e-3 * std::abs(site.state.states[i]) + 1e-6) * (i % 2 == 0 ? 1.0 : -1.0);
    }
    for (const double gamma : {0.01, 1.0, 30.0}) {
      std::vector<double> mine = b;
      REQUIRE(tree.factor(site.values, gamma));
      tree.solve(mine.data());
      const std::vector<double> other = by_klu(site, gamma, b);
      double worst = 0.0;
      std::size_t where = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double difference =
            std::abs(mine[i] - other[i]) / (std::abs(other[i]) + std::abs(b[i]));
        if (difference > worst) {
          worst = difference;
          where = i;
        }
      }
      INFO(name << " gamma " << gamma << " worst at " << site.assembly.plant.state_path(where));
      CHECK(worst < 1e-10);
    }
  }
}

}  // namespace
}  // namespace ampacity::tests
