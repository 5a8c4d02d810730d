// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/operating_point.hpp"

#include <kinsol/kinsol.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "twin/solve/sundials_support.hpp"

namespace ampacity {

namespace {

constexpr double settling_s = 3600.0;  // T of the essay

struct MemoryDeleter {
  void operator()(void* memory) const { KINFree(&memory); }
};

// The plant with its inputs frozen at one instant; states that are kept at the start have rate
// zero.
class Frozen {
 public:
  Frozen(const Plant& plant_in, const Externals& externals, double t_s, const PlantState& state)
      : plant(plant_in),
        modes(state.modes),
        anchor(state.states),
        work(plant.workspace()),
        context(make_context()),
        linear(plant, context.get()) {
    externals.evaluate(t_s, work.signals.data() + plant.output_count());
    for (const Unit& unit : plant.units()) {
      for (const StateRow& row : unit.type->states) {
        kept.push_back(row.kept_at_start);
        tolerance.push_back(row.tolerance);
      }
    }
  }

  const std::vector<double>& rates(const double* states) {
    plant.evaluate(states, modes.data(), work);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (kept[i]) work.rates[i] = 0.0;
    }
    return work.rates;
  }

  // `rates` must have been called at the same states.
  void jacobian(const double* states, double step_s) {
    linear.plan.evaluate(plant, states, modes.data(), work, linear.values);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (!kept[i]) continue;
      const std::size_t first = linear.plan.value_begin(i);
      std::fill_n(linear.values.begin() + static_cast<std::ptrdiff_t>(first),
                  linear.plan.columns(i).size(), 0.0);
    }
    linear.gamma = step_s;
  }

  double weight(std::size_t i, double value) const {
    return 1.0 / (1e-6 * std::abs(value) + tolerance[i]);
  }

  const Plant& plant;
  std::vector<std::int64_t> modes;
  std::vector<double> anchor;
  Workspace work;
  ContextPointer context;
  TreeLinearSolver linear;
  std::vector<bool> kept;
  std::vector<double> tolerance;
};

// Pseudo-transient continuation (Kelley and Keyes, SIAM J. Numer. Anal. 35, 1998,
// doi 10.1137/S0036142996304796): linearly implicit Euler steps that grow while the states move
// little, up to a total of settling_s. Robust from cold states; leaves what Newton then polishes.
bool settle(Frozen& system, std::vector<double>& states) {
  VectorPointer move = make_vector(states.size(), system.context.get());
  double step_s = 0.01;
  double passed_s = 0.0;
  for (int count = 0; count < 2000 && passed_s < 2.0 * settling_s; ++count) {
    const std::vector<double>& rate = system.rates(states.data());
    for (std::size_t i = 0; i < states.size(); ++i) NV_DATA_S(move.get())[i] = step_s * rate[i];
    system.jacobian(states.data(), step_s);
    if (SUNLinSolSetup(system.linear.solver(), system.linear.matrix()) != 0) {
      step_s *= 0.25;
      continue;
    }
    SUNLinSolSolve(system.linear.solver(), system.linear.matrix(), move.get(), move.get(), 0.0);
    double largest = 0.0;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const double scale = 0.02 * std::abs(states[i]) + 100.0 * system.tolerance[i];
      const double change = std::abs(NV_DATA_S(move.get())[i]) / scale;
      largest = std::isfinite(change) ? std::max(largest, change) : 1e30;
    }
    if (largest > 4.0) {
      step_s *= std::max(0.1, 1.0 / largest);
      if (step_s < 1e-9) return false;
      continue;
    }
    for (std::size_t i = 0; i < states.size(); ++i) states[i] += NV_DATA_S(move.get())[i];
    passed_s += step_s;
    step_s *= largest > 1.0 ? 1.0 : 2.0;
  }
  return passed_s >= 2.0 * settling_s;
}

int residual(N_Vector u, N_Vector f, void* user) {
  auto& system = *static_cast<Frozen*>(user);
  const std::vector<double>& rate = system.rates(NV_DATA_S(u));
  for (std::size_t i = 0; i < rate.size(); ++i) {
    NV_DATA_S(f)[i] = NV_DATA_S(u)[i] - system.anchor[i] - settling_s * rate[i];
    if (!std::isfinite(NV_DATA_S(f)[i])) return 1;
  }
  return 0;
}

int residual_jacobian(N_Vector u, N_Vector, SUNMatrix, void* user, N_Vector, N_Vector) {
  auto& system = *static_cast<Frozen*>(user);
  system.rates(NV_DATA_S(u));
  system.jacobian(NV_DATA_S(u), settling_s);
  return 0;
}

// Newton with line search from `states`; true when the residual is below the tolerances.
bool polish(Frozen& system, std::vector<double>& states, EngineStatistics& statistics,
            std::string& message) {
  const std::size_t n = states.size();
  VectorPointer u = make_vector(n, system.context.get());
  VectorPointer state_scale = make_vector(n, system.context.get());
  VectorPointer residual_scale = make_vector(n, system.context.get());
  std::memcpy(NV_DATA_S(u.get()), states.data(), n * sizeof(double));
  for (std::size_t i = 0; i < n; ++i) {
    NV_DATA_S(state_scale.get())[i] = system.weight(i, states[i]);
    NV_DATA_S(residual_scale.get())[i] = system.weight(i, states[i]) * 0.01;
  }
  std::unique_ptr<void, MemoryDeleter> memory(KINCreate(system.context.get()));
  void* m = memory.get();
  require(m != nullptr, "KINCreate");
  const auto keep = [](int, const char*, const char*, char* text, void* to) {
    *static_cast<std::string*>(to) = text;
  };
  const auto ignore = [](const char*, const char*, char*, void*) {};
  require(KINSetErrHandlerFn(m, keep, &message) == KIN_SUCCESS, "KINSetErrHandlerFn");
  require(KINSetInfoHandlerFn(m, ignore, nullptr) == KIN_SUCCESS, "KINSetInfoHandlerFn");
  require(KINSetUserData(m, &system) == KIN_SUCCESS, "KINSetUserData");
  require(KINInit(m, residual, u.get()) == KIN_SUCCESS, "KINInit");
  require(KINSetLinearSolver(m, system.linear.solver(), system.linear.matrix()) == KIN_SUCCESS,
          "KINSetLinearSolver");
  require(KINSetJacFn(m, residual_jacobian) == KIN_SUCCESS, "KINSetJacFn");
  require(KINSetMaxSetupCalls(m, 1) == KIN_SUCCESS, "KINSetMaxSetupCalls");
  require(KINSetNumMaxIters(m, 60) == KIN_SUCCESS, "KINSetNumMaxIters");
  require(KINSetFuncNormTol(m, 1.0) == KIN_SUCCESS, "KINSetFuncNormTol");
  require(KINSetScaledStepTol(m, 1e-9) == KIN_SUCCESS, "KINSetScaledStepTol");
  require(KINSetMaxNewtonStep(m, 1e12) == KIN_SUCCESS, "KINSetMaxNewtonStep");
  const int flag = KINSol(m, u.get(), KIN_LINESEARCH, state_scale.get(), residual_scale.get());
  long iterations = 0;
  long evaluations = 0;
  KINGetNumNonlinSolvIters(m, &iterations);
  KINGetNumFuncEvals(m, &evaluations);
  statistics.newton_iterations += iterations;
  statistics.evaluations += evaluations;
  if (flag < 0 || flag == KIN_STEP_LT_STPTOL) return false;
  std::memcpy(states.data(), NV_DATA_S(u.get()), n * sizeof(double));
  return true;
}

std::string worst_states(Frozen& system, const std::vector<double>& states) {
  const std::vector<double>& rate = system.rates(states.data());
  std::string text = "fastest moving states (value, rate per s):";
  for (const std::size_t i : largest_states(
           states.size(), [&](std::size_t k) { return rate[k] * system.weight(k, states[k]); })) {
    text += "\n  " + system.plant.state_path(i) + "  " + std::to_string(states[i]) + "  " +
            std::to_string(rate[i]);
  }
  return text;
}

}  // namespace

Result<EngineStatistics> find_steady_state(const Plant& plant, const Externals& externals,
                                           double t_s, PlantState& state) {
  EngineStatistics statistics;
  Frozen system(plant, externals, t_s, state);
  std::vector<double> states = state.states;
  std::string message;
  if (!polish(system, states, statistics, message)) {
    states = state.states;
    if (!settle(system, states)) {
      return Failure{"no steady state found (" + message + "); " + worst_states(system, states)};
    }
    system.anchor = states;
    std::vector<double> polished = states;
    if (polish(system, polished, statistics, message)) states = polished;
  }
  state.states = states;
  return statistics;
}

}  // namespace ampacity
