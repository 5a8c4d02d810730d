// SPDX-License-Identifier: Apache-2.0
#include "twin/solve/cvode_engine.hpp"

#include <cvodes/cvodes.h>
#include <sundials/sundials_version.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "twin/solve/sundials_support.hpp"

namespace ampacity {

namespace {
struct MemoryDeleter {
  void operator()(void* memory) const { CVodeFree(&memory); }
};
using MemoryPointer = std::unique_ptr<void, MemoryDeleter>;
}  // namespace

struct CvodeEngine::Impl final : StepView {
  // The context must outlive every vector and solver, so it is declared first.
  ContextPointer context = make_context();
  const Plant& plant;
  const Accounts& accounts;
  const Externals& externals;
  EngineSettings settings;
  TreeLinearSolver linear;
  Workspace work;
  std::vector<double> absolute_tolerance;
  std::vector<GuardHit> guards;
  std::vector<double> guard_scratch;
  std::vector<int> root_info;
  const std::int64_t* modes = nullptr;
  std::string last_error;
  std::vector<double> integrals;
  std::vector<double> integrals_before;  // at the last restart
  mutable EngineStatistics total;
  VectorPointer y;
  VectorPointer dense;
  VectorPointer flux;
  VectorPointer error;
  VectorPointer weight;
  MemoryPointer memory;
  double step_from = 0.0;
  double step_to = 0.0;
  bool initialised = false;

  Impl(const Plant& plant_in, const Accounts& accounts_in, const Externals& externals_in,
       EngineSettings settings_in)
      : plant(plant_in),
        accounts(accounts_in),
        externals(externals_in),
        settings(settings_in),
        linear(plant, context.get()),
        work(plant.workspace()),
        integrals(accounts.lines().size(), 0.0),
        integrals_before(integrals),
        y(make_vector(plant.state_count(), context.get())),
        dense(make_vector(plant.state_count(), context.get())),
        flux(make_vector(accounts.lines().size(), context.get())),
        error(make_vector(plant.state_count(), context.get())),
        weight(make_vector(plant.state_count(), context.get())) {
    for (std::size_t u = 0; u < plant.units().size(); ++u) {
      const Unit& unit = plant.units()[u];
      for (const StateRow& row : unit.type->states) {
        absolute_tolerance.push_back(row.tolerance * settings.tolerance_factor);
      }
      for (std::size_t g = 0; g < unit.type->guards.size(); ++g) guards.push_back({u, g});
    }
    guard_scratch.resize(guards.size());
    root_info.resize(guards.size());
  }

  // --- evaluation
  // ---------------------------------------------------------------------------------------------------------------

  void evaluate(double t_s, const double* states) {
    externals.evaluate(t_s, work.signals.data() + plant.output_count());
    plant.evaluate(states, modes, work);
  }

  static Impl& self(void* user) { return *static_cast<Impl*>(user); }

  // Nothing in these callbacks throws or allocates. They return 1 for values that are not finite:
  // CVODE then tries a shorter step.
  static int finite(const double* values, std::size_t count) {
    return std::isfinite(std::accumulate(values, values + count, 0.0)) ? 0 : 1;
  }

  static int rates(double t, N_Vector y_in, N_Vector ydot, void* user) {
    Impl& me = self(user);
    me.evaluate(t, NV_DATA_S(y_in));
    std::memcpy(NV_DATA_S(ydot), me.work.rates.data(), me.work.rates.size() * sizeof(double));
    return finite(NV_DATA_S(ydot), me.work.rates.size());
  }

  static int fluxes(double t, N_Vector y_in, N_Vector sums, void* user) {
    Impl& me = self(user);
    me.evaluate(t, NV_DATA_S(y_in));
    me.accounts.evaluate(me.work.signals.data(), NV_DATA_S(sums));
    return finite(NV_DATA_S(sums), me.integrals.size());
  }

  static int watch(double t, N_Vector y_in, double* values, void* user) {
    Impl& me = self(user);
    me.evaluate(t, NV_DATA_S(y_in));
    std::size_t at = 0;
    for (const Unit& unit : me.plant.units()) {
      if (unit.type->guards.empty()) continue;
      unit.type->watch(me.plant.slice(unit, NV_DATA_S(y_in), me.modes, me.work), values + at);
      at += unit.type->guards.size();
    }
    return finite(values, at);
  }

  static int weights(N_Vector y_in, N_Vector out, void* user) {
    Impl& me = self(user);
    const double* states = NV_DATA_S(y_in);
    double* w = NV_DATA_S(out);
    const std::size_t n = me.absolute_tolerance.size();
    const double relative = me.settings.relative_tolerance;
    for (std::size_t i = 0; i < n; ++i) {
      w[i] = 1.0 / (relative * std::abs(states[i]) + me.absolute_tolerance[i]);
    }
    return 0;
  }

  // --- linear algebra
  // -----------------------------------------------------------------------------------------------------------

  static int linear_system(double t, N_Vector y_in, N_Vector, SUNMatrix, int jacobian_is_good,
                           int* jacobian_is_current, double gamma_in, void* user, N_Vector,
                           N_Vector, N_Vector) {
    Impl& me = self(user);
    *jacobian_is_current = 0;
    if (jacobian_is_good == 0) {
      me.evaluate(t, NV_DATA_S(y_in));
      me.linear.plan.evaluate(me.plant, NV_DATA_S(y_in), me.modes, me.work, me.linear.values);
      *jacobian_is_current = 1;
      ++me.total.jacobians;
    }
    me.linear.gamma = gamma_in;
    return 0;
  }

  // --- life
  // ---------------------------------------------------------------------------------------------------------------------

  static void on_message(int code, const char*, const char* function, char* text, void* user) {
    if (code < 0) self(user).last_error = std::string(function) + ": " + text;
  }

  void initialise(double t_s) {
    memory.reset(CVodeCreate(CV_BDF, context.get()));
    void* m = memory.get();
    require(m != nullptr, "CVODE memory");
    require(CVodeSetErrHandlerFn(m, on_message, this) == CV_SUCCESS, "CVodeSetErrHandlerFn");
    require(CVodeSetUserData(m, this) == CV_SUCCESS, "CVodeSetUserData");
    require(CVodeInit(m, rates, t_s, y.get()) == CV_SUCCESS, "CVodeInit");
    require(CVodeWFtolerances(m, weights) == CV_SUCCESS, "CVodeWFtolerances");
    require(CVodeSetLinearSolver(m, linear.solver(), linear.matrix()) == CV_SUCCESS,
            "CVodeSetLinearSolver");
    require(CVodeSetLinSysFn(m, linear_system) == CV_SUCCESS, "CVodeSetLinSysFn");
    // What Newton leaves over opens the energy balance; the default of 0.1 is too loose for 1e-6.
    require(CVodeSetNonlinConvCoef(m, 1e-4) == CV_SUCCESS, "CVodeSetNonlinConvCoef");
    if (!guards.empty()) {
      require(CVodeRootInit(m, static_cast<int>(guards.size()), watch) == CV_SUCCESS,
              "CVodeRootInit");
      std::vector<int> rising(guards.size(), 1);
      require(CVodeSetRootDirection(m, rising.data()) == CV_SUCCESS, "CVodeSetRootDirection");
      require(CVodeSetNoInactiveRootWarn(m) == CV_SUCCESS, "CVodeSetNoInactiveRootWarn");
    }
    if (!integrals.empty()) {
      require(CVodeQuadInit(m, fluxes, flux.get()) == CV_SUCCESS, "CVodeQuadInit");
    }
    initialised = true;
  }

  void collect_statistics() {
    long steps = 0;
    long evaluations = 0;
    long setups = 0;
    long failures = 0;
    int order = 0;
    int next_order = 0;
    double h0 = 0.0;
    double h = 0.0;
    double h_next = 0.0;
    double t_now = 0.0;
    long iterations = 0;
    long divergences = 0;
    CVodeGetIntegratorStats(memory.get(), &steps, &evaluations, &setups, &failures, &order,
                            &next_order, &h0, &h, &h_next, &t_now);
    CVodeGetNonlinSolvStats(memory.get(), &iterations, &divergences);
    total.steps += steps;
    total.evaluations += evaluations;
    total.newton_iterations += iterations;
    total.error_test_failures += failures;
    total.newton_failures += divergences;
    total.factorisations = linear.factorisations;
  }

  void restart(double t_s, const PlantState& state) {
    std::memcpy(NV_DATA_S(y.get()), state.states.data(), state.states.size() * sizeof(double));
    modes = state.modes.data();
    integrals_before = integrals;
    N_VConst(0.0, flux.get());
    if (!initialised) {
      initialise(t_s);
    } else {
      collect_statistics();
      require(CVodeReInit(memory.get(), t_s, y.get()) == CV_SUCCESS, "CVodeReInit");
      if (!integrals.empty()) {
        require(CVodeQuadReInit(memory.get(), flux.get()) == CV_SUCCESS, "CVodeQuadReInit");
      }
    }
    ++total.restarts;
    step_from = step_to = t_s;
  }

  Stop advance(double until_s, PlantState& state, StepObserver& observer) {
    Stop stop;
    modes = state.modes.data();
    void* m = memory.get();
    require(CVodeSetStopTime(m, until_s) == CV_SUCCESS, "CVodeSetStopTime");
    const double began = step_to;
    double t = began;
    while (t < until_s) {
      const int flag = CVode(m, until_s, y.get(), &t, CV_ONE_STEP);
      if (flag < 0) {
        stop = failure(flag);
        break;
      }
      step_from = step_to;
      step_to = t;
      observer.on_step(*this);
      if (flag == CV_ROOT_RETURN) {
        require(CVodeGetRootInfo(m, root_info.data()) == CV_SUCCESS, "CVodeGetRootInfo");
        for (std::size_t i = 0; i < guards.size(); ++i) {
          if (root_info[i] > 0) stop.hits.push_back(guards[i]);
        }
        stop.kind = Stop::Kind::guard;
        break;
      }
    }
    stop.t_s = step_to;
    if (stop.kind != Stop::Kind::failed) {
      std::memcpy(state.states.data(), NV_DATA_S(y.get()), state.states.size() * sizeof(double));
      integrals_at(step_to, integrals.data());
    } else if (step_to > began) {
      // After a failure everything stands where the last good step ended.
      states_at(step_to, state.states.data());
      integrals_at(step_to, integrals.data());
    }
    return stop;
  }

  Stop failure(int flag) {
    Stop stop;
    stop.kind = Stop::Kind::failed;
    stop.message = last_error.empty() ? "CVODE returned " + std::to_string(flag) : last_error;
    // Zero where CVODE cannot say: then the list is in storage order.
    N_VConst(0.0, error.get());
    N_VConst(0.0, weight.get());
    CVodeGetEstLocalErrors(memory.get(), error.get());
    CVodeGetErrWeights(memory.get(), weight.get());
    const double* errors = NV_DATA_S(error.get());
    const double* weights_now = NV_DATA_S(weight.get());
    stop.message += "\nlargest local errors (error over tolerance, value):";
    for (const std::size_t i : largest_states(
             plant.state_count(), [&](std::size_t k) { return errors[k] * weights_now[k]; })) {
      stop.message += "\n  " + plant.state_path(i) + "  " +
                      std::to_string(errors[i] * weights_now[i]) + "  " +
                      std::to_string(NV_DATA_S(y.get())[i]);
    }
    return stop;
  }

  // --- dense output
  // -------------------------------------------------------------------------------------------------------------

  double from_s() const override { return step_from; }
  double to_s() const override { return step_to; }

  void states_at(double t_s, double* states) override {
    require(CVodeGetDky(memory.get(), t_s, 0, dense.get()) == CV_SUCCESS, "CVodeGetDky");
    std::memcpy(states, NV_DATA_S(dense.get()), plant.state_count() * sizeof(double));
  }

  void integrals_at(double t_s, double* out) override {
    if (integrals.empty()) return;
    require(CVodeGetQuadDky(memory.get(), t_s, 0, flux.get()) == CV_SUCCESS, "CVodeGetQuadDky");
    for (std::size_t i = 0; i < integrals.size(); ++i) {
      out[i] = integrals_before[i] + NV_DATA_S(flux.get())[i];
    }
  }
};

CvodeEngine::CvodeEngine(const Plant& plant, const Accounts& accounts, const Externals& externals,
                         EngineSettings settings)
    : impl_(std::make_unique<Impl>(plant, accounts, externals, settings)) {}

CvodeEngine::~CvodeEngine() = default;

void CvodeEngine::restart(double t_s, const PlantState& state) { impl_->restart(t_s, state); }

Stop CvodeEngine::advance(double until_s, PlantState& state, StepObserver& observer) {
  return impl_->advance(until_s, state, observer);
}

const std::vector<double>& CvodeEngine::integrals() const { return impl_->integrals; }

void CvodeEngine::set_integrals(const std::vector<double>& integrals) {
  impl_->integrals = integrals;
}

std::string sundials_version() {
  char text[32] = {};
  SUNDIALSGetVersion(text, sizeof(text));
  return text;
}

EngineStatistics CvodeEngine::statistics() const {
  Impl& me = *impl_;
  EngineStatistics sum = me.total;
  if (me.initialised) {
    me.collect_statistics();
    std::swap(sum, me.total);
  }
  return sum;
}

}  // namespace ampacity
