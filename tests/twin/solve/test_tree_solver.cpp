// SPDX-License-Identifier: Apache-2.0
// The block-bordered solver against KLU with AMD ordering, and the plan's Jacobian against
// differences, on a tree of heat capacities.
#include <doctest/doctest.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <cmath>
#include <random>

#include "tests/support/toy_components.hpp"
#include "twin/site/plant_builder.hpp"
#include "twin/solve/sundials_support.hpp"

namespace ampacity::tests {
namespace {

// site node - halls - islands - racks, with random capacities and conductances.
Plant tree_plant(int islands, int racks) {
  PlantBuilder builder;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> spread(0.5, 2.0);
  const auto join = [&](UnitId a, UnitId b, double g) {
    builder.connect(a, "temperature", b, "neighbours", g);
    builder.connect(b, "temperature", a, "neighbours", g);
  };
  const UnitId site = builder.add<Node>("site", site_block, {1e5 * spread(random), 50.0});
  const UnitId other = builder.add<Node>("other", site_block, {3e4 * spread(random), 20.0});
  join(site, other, 20.0 * spread(random));
  for (int i = 0; i < islands; ++i) {
    const std::string path = "island-" + std::to_string(i);
    const BlockId block = builder.add_block(site_block, path);
    const UnitId node = builder.add<Node>(path, block, {1e3 * spread(random), 40.0});
    join(node, site, 10.0 * spread(random));
    for (int r = 0; r < racks; ++r) {
      const BlockId leaf = builder.add_block(block, path + "/rack-" + std::to_string(r));
      const UnitId plate = builder.add<Node>(path + "/plate-" + std::to_string(r), leaf,
                                             {10.0 * spread(random), 5.0});
      const UnitId coolant = builder.add<Node>(path + "/coolant-" + std::to_string(r), leaf,
                                               {30.0 * spread(random), 8.0});
      join(plate, coolant, 5.0 * spread(random));
      join(coolant, node, 3.0 * spread(random));
      builder.connect(plate, "temperature", other, "neighbours", 0.1 * spread(random));
    }
  }
  return std::move(builder).compile();
}

struct Evaluated {
  explicit Evaluated(const Plant& plant) : plan(plant), values(plan.value_count()) {
    PlantState state = plant.start_state();
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> kelvin(280.0, 340.0);
    for (double& x : state.states) x = kelvin(random);
    states = state.states;
    Workspace work = plant.workspace();
    plant.evaluate(state.states.data(), state.modes.data(), work);
    plan.evaluate(plant, state.states.data(), state.modes.data(), work, values);
  }
  JacobianPlan plan;
  std::vector<double> values;
  std::vector<double> states;
};

TEST_CASE("the Jacobian of a plant equals differences of its rates") {
  const Plant plant = tree_plant(3, 4);
  const Evaluated at(plant);
  PlantState state = plant.start_state();
  Workspace work = plant.workspace();
  const std::size_t n = plant.state_count();
  for (std::size_t column = 0; column < n; ++column) {
    std::vector<double> up = at.states;
    std::vector<double> down = at.states;
    up[column] += 0.5;
    down[column] -= 0.5;
    plant.evaluate(up.data(), state.modes.data(), work);
    const std::vector<double> high = work.rates;
    plant.evaluate(down.data(), state.modes.data(), work);
    for (std::size_t row = 0; row < n; ++row) {
      double exact = 0.0;
      const auto columns = at.plan.columns(row);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (columns[k] == column) exact = at.values[at.plan.value_begin(row) + k];
      }
      CHECK(high[row] - work.rates[row] == doctest::Approx(exact).epsilon(1e-6).scale(1e-6));
    }
  }
}

TEST_CASE("block solver and KLU agree to 1e-10") {
  const Plant plant = tree_plant(9, 16);
  const Evaluated at(plant);
  const std::size_t n = plant.state_count();
  TreeSolver tree(plant, at.plan);
  const ContextPointer context = make_context();
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> unit(-1.0, 1.0);
  for (const double gamma : {0.01, 1.0, 100.0, 3600.0}) {
    // KLU takes compressed columns; rows of J are columns of its transpose, so the entries are
    // sorted by column first.
    std::vector<std::vector<std::pair<std::size_t, double>>> by_column(n);
    std::size_t count = 0;
    for (std::size_t row = 0; row < n; ++row) {
      const auto columns = at.plan.columns(row);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const double value =
            (columns[k] == row ? 1.0 : 0.0) - gamma * at.values[at.plan.value_begin(row) + k];
        by_column[columns[k]].emplace_back(row, value);
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
    VectorPointer b = make_vector(n, context.get());
    VectorPointer x = make_vector(n, context.get());
    std::vector<double> mine(n);
    for (std::size_t i = 0; i < n; ++i) mine[i] = NV_DATA_S(b.get())[i] = unit(random);
    SolverPointer klu(SUNLinSol_KLU(x.get(), matrix.get(), context.get()));
    SUNLinSol_KLUSetOrdering(klu.get(), 0);
    REQUIRE(SUNLinSolInitialize(klu.get()) == 0);
    REQUIRE(SUNLinSolSetup(klu.get(), matrix.get()) == 0);
    REQUIRE(SUNLinSolSolve(klu.get(), matrix.get(), x.get(), b.get(), 0.0) == 0);
    REQUIRE(tree.factor(at.values, gamma));
    tree.solve(mine.data());
    double worst = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      worst = std::max(worst, std::abs(mine[i] - NV_DATA_S(x.get())[i]));
    }
    INFO("gamma " << gamma);
    CHECK(worst < 1e-10);
  }
}

TEST_CASE("a coupling between two branches is refused by name") {
  PlantBuilder builder;
  const UnitId a = builder.add<Node>("left", builder.add_block(site_block, "left"), {1.0, 1.0});
  const UnitId b = builder.add<Node>("right", builder.add_block(site_block, "right"), {1.0, 1.0});
  builder.connect(a, "temperature", b, "neighbours", 1.0);
  const Plant plant = std::move(builder).compile();
  const JacobianPlan plan(plant);
  CHECK_THROWS_WITH_AS(TreeSolver(plant, plan), doctest::Contains("left/temperature"),
                       std::logic_error);
}

}  // namespace
}  // namespace ampacity::tests
