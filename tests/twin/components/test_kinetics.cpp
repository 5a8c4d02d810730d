// SPDX-License-Identifier: Apache-2.0

// Point kinetics, xenon, decay heat and Mann's core against exact tables.
//
// Steps, ramps, sine and adiabatic feedback: B. D. Ganapol, A highly accurate algorithm for the
// solution of the point kinetics equations, Annals of Nuclear Energy 62 (2013); the digits below
// were recomputed in 60-digit or quadruple precision and agree with every published one. Xenon and
// decay heat: closed forms with the constants of kinetics.hpp. Reference problem S1 (six groups,
// fuel, two coolant nodes): quadruple precision, and a closed form at infinity.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/twin/components/radau.hpp"
#include "twin/components/kinetics.hpp"
#include "twin/core/dual.hpp"

namespace ampacity::tests {
namespace {

using kinetics::DecayHeat;
using kinetics::DelayedNeutrons;

constexpr DelayedNeutrons<6> tr1{{0.0127, 0.0317, 0.115, 0.311, 1.4, 3.87},
                                 {2.85e-4, 1.5975e-3, 1.41e-3, 3.0525e-3, 9.6e-4, 1.95e-4},
                                 5e-4};
constexpr DelayedNeutrons<6> tr2{{0.0127, 0.0317, 0.115, 0.311, 1.4, 3.87},
                                 {2.66e-4, 1.491e-3, 1.316e-3, 2.849e-3, 8.96e-4, 1.82e-4},
                                 2e-5};
constexpr DelayedNeutrons<6> tr3{{0.0124, 0.0305, 0.111, 0.301, 1.13, 3.0},
                                 {2.1e-4, 1.41e-3, 1.27e-3, 2.55e-3, 7.4e-4, 2.7e-4},
                                 5e-5};
constexpr DelayedNeutrons<1> f1{{0.077}, {0.0079}, 1e-8};

bool near(double value, double expected, double relative) {
  return std::abs(value - expected) <= relative * std::abs(expected);
}

// A point reactor with reactivity rho(t, energy), energy the integral of n: state n, c, energy.
template <std::size_t N>
class Reactor {
 public:
  static constexpr std::size_t size = N + 2;
  using Reactivity = std::function<double(double)>;  // of time

  Reactor(const DelayedNeutrons<N>& groups, Reactivity reactivity, double feedback)
      : groups_(groups),
        reactivity_(std::move(reactivity)),
        feedback_(feedback),
        radau_(
            size, 5, [this](double t, const double* y, double* f) { slope(t, y, f); },
            [this](double t, const double* y, double* j) { jacobian(t, y, j); }) {
    y_.assign(size, 1.0);
    y_[N + 1] = 0.0;
  }

  double level() const { return y_[0]; }
  Radau& radau() { return radau_; }

  void run_to(double t_s) {
    radau_.advance(y_, time_s_, t_s, 1e-4);
    time_s_ = t_s;
  }

  // Instant and height of the first maximum after the start, by golden section on dn/dt between
  // accepted steps.
  std::pair<double, double> peak(double limit_s) {
    std::vector<double> before = y_;
    double before_s = 0.0;
    double found_s = -1.0;
    std::vector<double> start;
    radau_.watch = [&](double t, const std::vector<double>& y) {
      std::vector<double> f(size);
      slope(t, y.data(), f.data());
      if (found_s < 0.0 && f[0] < 0.0) {
        found_s = t;
        start = before;
      }
      if (found_s < 0.0) {
        before = y;
        before_s = t;
      }
    };
    double t = 0.0;
    while (found_s < 0.0 && t < limit_s) {
      const double next = std::min(limit_s, t + limit_s / 200.0);
      radau_.advance(y_, t, next, 1e-4);
      t = next;
    }
    radau_.watch = nullptr;
    REQUIRE(found_s > 0.0);
    double low = before_s;
    double high = found_s;
    std::vector<double> at = start;
    for (int i = 0; i < 45; ++i) {
      const double middle = 0.5 * (low + high);
      std::vector<double> trial = at;
      radau_.advance(trial, low, middle, middle - low);
      std::vector<double> f(size);
      slope(middle, trial.data(), f.data());
      if (f[0] > 0.0) {
        low = middle;
        at = trial;
      } else {
        high = middle;
      }
      if (high - low < 1e-9 * high) break;
    }
    return {low, at[0]};
  }

 private:
  template <class V>
  void rates(double t, const std::array<V, size>& y, std::array<V, size>& f) const {
    std::array<V, N> c{};
    std::array<V, N> c_rate{};
    for (std::size_t i = 0; i < N; ++i) c[i] = y[1 + i];
    const V rho = y[N + 1] * (-feedback_) + reactivity_(t);
    kinetics::neutron_rates(groups_, rho, 0.0, y[0], c, f[0], c_rate);
    for (std::size_t i = 0; i < N; ++i) f[1 + i] = c_rate[i];
    f[N + 1] = y[0];
  }
  void slope(double t, const double* from, double* to) const {
    std::array<double, size> y{};
    std::array<double, size> f{};
    std::copy_n(from, size, y.begin());
    rates(t, y, f);
    std::copy_n(f.begin(), size, to);
  }
  void jacobian(double t, const double* from, double* to) const {
    std::array<Dual, size> y{};
    std::array<Dual, size> f{};
    for (std::size_t i = 0; i < size; ++i) y[i] = Dual::variable(from[i], static_cast<int>(i));
    rates(t, y, f);
    for (std::size_t r = 0; r < size; ++r) {
      for (std::size_t c = 0; c < size; ++c) to[r * size + c] = f[r].slope[c];
    }
  }

  DelayedNeutrons<N> groups_;
  Reactivity reactivity_;
  double feedback_;
  double time_s_ = 0.0;
  std::vector<double> y_;
  Radau radau_;
};

struct Row {
  double reactivity;
  double time_s;
  double level;
};
constexpr std::array<Row, 20> tr1_steps{
    {{-0.0075, 0.1, .52056428660884811},  {-0.0075, 0.5, .46298195424092756},
     {-0.0075, 1, .43333344530058017},    {-0.0075, 10, .23611065078877558},
     {-0.0075, 100, .028667642454479197}, {-0.00375, 0.1, .69892522557069255},
     {-0.00375, 0.5, .63488860932688777}, {-0.00375, 1, .6070535656062128},
     {-0.00375, 10, .39607769071549192},  {-0.00375, 100, .0715828544385858},
     {0.00375, 0.1, 1.5331126459521111},  {0.00375, 0.5, 2.1647618890061342},
     {0.00375, 1, 2.5114942914910883},    {0.00375, 10, 14.21502524244271},
     {0.00375, 100, 80061435.6244042},    {0.0075, 0.1, 2.5157661414043723},
     {0.0075, 0.5, 10.362533810640215},   {0.0075, 1, 32.183540945534212},
     {0.0075, 10, 3.2469788980305281e9},  {0.0075, 100, 2.5964846465508731e89}}};
constexpr std::array<Row, 12> tr2_steps{{{.003, 1, 2.2098404569826816},
                                         {.003, 10, 8.0191999732273322},
                                         {.003, 20, 28.297399781012385},
                                         {.0055, .1, 5.2100283900123401},
                                         {.0055, 2, 43.025143515704083},
                                         {.0055, 10, 1.3886022560166568e5},
                                         {.007, .01, 4.5088584863522958},
                                         {.007, .5, 5345.8876120448777},
                                         {.007, 2, 2.0591560178193471e11},
                                         {.008, .01, 6.2028535750937458},
                                         {.008, .1, 1410.4218035912098},
                                         {.008, 1, 6.1633337499075967e23}}};

}  // namespace

TEST_CASE("kinetics: step reactivity, integrated, holds 7 digits") {
  for (const auto& [reactor, rows] :
       {std::pair{&tr1, std::vector<Row>(tr1_steps.begin(), tr1_steps.end())},
        std::pair{&tr2, std::vector<Row>(tr2_steps.begin(), tr2_steps.end())}}) {
    for (const Row& row : rows) {
      Reactor<6> point(
          *reactor, [&](double) { return row.reactivity; }, 0.0);
      point.run_to(row.time_s);
      CAPTURE(row.reactivity);
      CAPTURE(row.time_s);
      CAPTURE(point.level());
      CHECK(near(point.level(), row.level, 1e-7));
    }
  }
}

TEST_CASE("kinetics: step reactivity by residues at the inhour roots") {
  for (const Row& row : tr1_steps) {
    CHECK(near(kinetics::level_after_step(tr1, row.reactivity, row.time_s), row.level, 1e-10));
  }
  for (const Row& row : tr2_steps) {
    CHECK(near(kinetics::level_after_step(tr2, row.reactivity, row.time_s), row.level, 1e-10));
  }
}

TEST_CASE("kinetics: inhour roots") {
  struct Root {
    const DelayedNeutrons<6>* reactor;
    double reactivity;
    double largest;
  };
  for (const Root& row :
       {Root{&tr1, -0.0075, -0.0121420963034588}, Root{&tr1, -0.00375, -0.0114291306376023},
        Root{&tr1, 0.00375, .172512737562438}, Root{&tr1, 0.0075, 2.04425823240472},
        Root{&tr2, .003, .123537334264316}, Root{&tr2, .0055, 1.00847309025303},
        Root{&tr2, .007, 11.6442552823254}, Root{&tr2, .008, 52.8035249733923}}) {
    const auto roots = kinetics::inhour_roots(*row.reactor, row.reactivity);
    CHECK(near(roots[0], row.largest, 1e-10));
    for (std::size_t k = 0; k < roots.size(); ++k) {
      CAPTURE(k);
      // A root is good when the sign changes within its neighbouring doubles.
      const double width = 4e-15 * std::abs(roots[k]) + 1e-300;
      const double slope = kinetics::inhour_slope(*row.reactor, roots[k]);
      const double miss = kinetics::inhour_reactivity(*row.reactor, roots[k]) - row.reactivity;
      CHECK(std::abs(miss) <= slope * width + 1e-15);
      if (k > 0) CHECK(roots[k] < roots[k - 1]);
    }
  }
}

TEST_CASE("kinetics: ramp of 0.1 dollar per second") {
  Reactor<6> point(
      tr2, [](double t) { return 0.1 * 0.007 * t; }, 0.0);
  for (const auto& [time_s, level] : {std::pair{2., 1.3382000500491288},
                                      {4., 2.2284418968095853},
                                      {6., 5.5820524486739833},
                                      {8., 42.786295731117279},
                                      {9., 487.52002172310},
                                      {10., 4.5116362390904556e5},
                                      {11., 1.7922136073426323e16}}) {
    point.run_to(time_s);
    CAPTURE(time_s);
    CAPTURE(point.level());
    CHECK(near(point.level(), level, time_s > 10.5 ? 1e-5 : 1e-6));
  }
}

TEST_CASE("kinetics: sine reactivity") {
  const auto sine = [](double amplitude, double half_period_s) {
    return [=](double t) { return amplitude * std::sin(std::numbers::pi * t / half_period_s); };
  };
  Reactor<1> point(f1, sine(0.0053333, 50.0), 0.0);
  for (const auto& [time_s, level] : {std::pair{10., 2.0653835191399833},
                                      {20., 8.8541339205886760},
                                      {30., 40.643542217470311},
                                      {40., 61.356075167397930},
                                      {50., 46.106287702075746},
                                      {60., 29.126348395774150},
                                      {70., 18.951770423018656},
                                      {80., 13.93829211},
                                      {90., 12.53353406},
                                      {100., 15.44816514}}) {
    point.run_to(time_s);
    CAPTURE(time_s);
    CAPTURE(point.level());
    CHECK(near(point.level(), level, 1e-6));
  }
  struct Peak {
    double half_period_s;
    double amplitude;
    double time_s;
    double level;
  };
  for (const Peak& row : {Peak{50, .0053333, 39.107119011417540, 61.530146019711576},
                          Peak{150, .0032327, 137.31975743508660, 95.811500721075283},
                          Peak{250, .0023193, 237.12647934970154, 113.46788692858004}}) {
    Reactor<1> swing(f1, sine(row.amplitude, row.half_period_s), 0.0);
    const auto [time_s, level] = swing.peak(1.2 * row.half_period_s);
    CAPTURE(time_s);
    CAPTURE(level);
    CHECK(near(time_s, row.time_s, 1e-5));
    CHECK(near(level, row.level, 1e-5));
  }
}

TEST_CASE("kinetics: adiabatic feedback, steps" * doctest::test_suite("full")) {
  struct Case {
    double dollars;
    std::array<double, 3> level;  // at 10, 50, 100 s; 0 where the table has none
    double peak_s;
    double peak;
  };
  for (const Case& row : {Case{0.1, {0, 0, 0}, 1.0896940352908474e2, 2.1104902689565155},
                          Case{0.5, {0, 0, 0}, 2.8294686784010188e1, 4.5752434599234886e1},
                          Case{1.0,
                               {1.3203859643124775e2, 1.2779577032403320e1, 3.5501027659970170},
                               9.5347763454268952e-1,
                               8.0786813557230333e2},
                          Case{1.5,
                               {1.0791168320058570e2, 1.0890143145336689e1, 2.9660749515551067},
                               1.6828943383376090e-1,
                               4.3024605130664731e4},
                          Case{2.0,
                               {1.0338085354613079e2, 1.0318611082705671e1, 2.7551268864060968},
                               9.8390547930585409e-2,
                               1.6784568211958094e5}}) {
    const double reactivity = row.dollars * 0.00645;
    CAPTURE(row.dollars);
    Reactor<6> point(
        tr3, [=](double) { return reactivity; }, 2.5e-6);
    if (row.level[0] > 0.0) {
      for (std::size_t i = 0; i < 3; ++i) {
        point.run_to(std::array{10.0, 50.0, 100.0}[i]);
        CAPTURE(point.level());
        CHECK(near(point.level(), row.level[i], 1e-5));
      }
    }
    Reactor<6> again(
        tr3, [=](double) { return reactivity; }, 2.5e-6);
    const auto [time_s, level] = again.peak(1.5 * row.peak_s);
    CAPTURE(time_s);
    CAPTURE(level);
    CHECK(near(time_s, row.peak_s, 1e-5));
    CHECK(near(level, row.peak, 1e-5));
  }
}

TEST_CASE("kinetics: adiabatic feedback, peaks of ramps" * doctest::test_suite("full")) {
  struct Case {
    double ramp;
    double feedback;
    double peak_s;
    double peak;
  };
  for (const Case& row : {Case{.1, 1e-11, 2.2466344468344445e-01, 2.4203814948447632e+11},
                          Case{.1, 1e-13, 2.3890693322907239e-01, 2.8986740622941852e+13},
                          Case{.01, 1e-11, 1.1060774395144950e+00, 2.0123518747706922e+10},
                          Case{.01, 1e-13, 1.1551475655388425e+00, 2.4911782484518448e+12},
                          Case{.003, 1e-11, 2.9105820989562667e+00, 5.1141598788259978e+09},
                          Case{.003, 1e-13, 3.0076014905888622e+00, 6.5344738354489728e+11},
                          Case{.001, 1e-11, 7.4887663276975638e+00, 1.2740752444558511e+09},
                          Case{.001, 1e-13, 7.6835875816629921e+00, 1.7210079785792290e+11}}) {
    Reactor<6> point(
        tr3, [=](double t) { return row.ramp * t; }, row.feedback);
    const auto [time_s, level] = point.peak(1.1 * row.peak_s);
    CAPTURE(row.ramp);
    CAPTURE(time_s);
    CAPTURE(level);
    CHECK(near(time_s, row.peak_s, 1e-5));
    CHECK(near(level, row.peak, 1e-5));
  }
}

namespace {

// Iodine and xenon from given start values at constant level, by the closed form of the linear
// equations (values relative to equilibrium at n = 1).
struct XenonPath {
  kinetics::XenonChain chain;
  double burn_per_s;
  double level;

  double xenon(double t_s) const {
    const double a = chain.iodine_decay_per_s;
    const double b = chain.xenon_decay_per_s + burn_per_s * level;
    const double scale =
        (chain.xenon_decay_per_s + burn_per_s) / (chain.iodine_yield + chain.xenon_yield);
    const double settled = scale * (chain.iodine_yield + chain.xenon_yield) * level / b;
    const double driven = scale * chain.iodine_yield * (1.0 - level) / (b - a);
    return settled + driven * (std::exp(-a * t_s) - std::exp(-b * t_s)) +
           (1.0 - settled) * std::exp(-b * t_s);
  }
};

// The model, integrated.
std::vector<double> integrate_xenon(double burn_per_s, double level, double until_s) {
  const kinetics::XenonChain chain;
  Radau radau(
      2, 5,
      [&](double, const double* y, double* f) {
        kinetics::xenon_rates(chain, burn_per_s, level, y[0], y[1], f[0], f[1]);
      },
      [&](double, const double* y, double* j) {
        Dual i_rate;
        Dual x_rate;
        kinetics::xenon_rates(chain, burn_per_s, Dual(level), Dual::variable(y[0], 0),
                              Dual::variable(y[1], 1), i_rate, x_rate);
        j[0] = i_rate.slope[0];
        j[1] = i_rate.slope[1];
        j[2] = x_rate.slope[0];
        j[3] = x_rate.slope[1];
      });
  std::vector<double> y{1.0, 1.0};
  radau.advance(y, 0.0, until_s, 10.0);
  return y;
}

double burn(double flux_per_cm2_s) {
  return kinetics::XenonChain{}.absorption_m2 * flux_per_cm2_s * 1e4;
}

// Instant of the xenon maximum: rate zero, by bisection on the integrated model.
double xenon_peak_s(double burn_per_s, double level) {
  const kinetics::XenonChain chain;
  double low = 60.0;
  double high = 20.0 * 3600.0;
  for (int i = 0; i < 45; ++i) {
    const double middle = 0.5 * (low + high);
    const auto y = integrate_xenon(burn_per_s, level, middle);
    double i_rate = 0.0;
    double x_rate = 0.0;
    kinetics::xenon_rates(chain, burn_per_s, level, y[0], y[1], i_rate, x_rate);
    (x_rate > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

TEST_CASE("kinetics: xenon after shutdown") {
  struct Row {
    double flux;
    double equilibrium;  // Xe per Sigma_f, 1/cm2... as tabulated
    double peak_h;
    double peak;
    double return_h;
  };
  for (const Row& row :
       {Row{1e12, 2.6937910271304e15, .630685045784, 1.00165563443, 1.286349116},
        Row{1e13, 1.3571300764102e16, 5.44587086921, 1.1990500856, 13.62417842},
        Row{3e13, 1.9362970602025e16, 8.31160105693, 1.86595162149, 25.94139348},
        Row{5e13, 2.1169854236641e16, 9.25641377219, 2.57578593635, 32.57123522},
        Row{1e14, 2.2762974152902e16, 10.1113669459, 4.37959240485, 41.98250463},
        Row{2e14, 2.3652966389321e16, 10.5983287245, 8.00933499514, 51.57368953}}) {
    CAPTURE(row.flux);
    const kinetics::XenonChain chain;
    const double b = burn(row.flux);
    const double equilibrium =
        (chain.iodine_yield + chain.xenon_yield) * row.flux / (chain.xenon_decay_per_s + b);
    CHECK(near(equilibrium, row.equilibrium, 1e-12));
    const double peak_s = xenon_peak_s(b, 0.0);
    CHECK(std::abs(peak_s / 3600.0 - row.peak_h) < 1e-4);
    CHECK(near(integrate_xenon(b, 0.0, peak_s)[1], row.peak, 1e-6));
    CHECK(near(integrate_xenon(b, 0.0, row.return_h * 3600.0)[1], 1.0, 1e-6));
    CHECK(near(integrate_xenon(b, 0.0, peak_s)[1], XenonPath{chain, b, 0.0}.xenon(peak_s), 1e-9));
  }
}

TEST_CASE("kinetics: xenon after a power step") {
  struct Row {
    double flux;
    double level;
    double peak_h;
    double peak;
    double after_3h;
    double after_24h;
    double settled;
  };
  for (const Row& row :
       {Row{3e13, .5, 5.38983558762, 1.27012892744, 1.2324940497, .939325450556, .824144588671},
        Row{3e13, .2, 6.73166271687, 1.55384183554, 1.42124558632, .944095146569, .539514798333},
        Row{3e13, .8, 4.57035391428, 1.0893356645, 1.08255989777, .977088667293, .949356726959},
        Row{5e13, .5, 4.78078892848, 1.38327010727, 1.34960362855, .978200970229, .877212472242},
        Row{5e13, .2, 6.52737461641, 1.87245820939, 1.68234858217, 1.05356181435, .641067274833},
        Row{5e13, .8, 3.86878574323, 1.11954327717, 1.11631518002, .990324939506, .96618948599}}) {
    CAPTURE(row.flux);
    CAPTURE(row.level);
    const double b = burn(row.flux);
    const double peak_s = xenon_peak_s(b, row.level);
    CHECK(std::abs(peak_s / 3600.0 - row.peak_h) < 1e-4);
    CHECK(near(integrate_xenon(b, row.level, peak_s)[1], row.peak, 1e-6));
    CHECK(near(integrate_xenon(b, row.level, 3 * 3600.0)[1], row.after_3h, 1e-6));
    CHECK(near(integrate_xenon(b, row.level, 24 * 3600.0)[1], row.after_24h, 1e-6));
    CHECK(near(kinetics::xenon_equilibrium({}, b, row.level), row.settled, 1e-9));
    CHECK(near(integrate_xenon(b, row.level, 40 * 86400.0)[1], row.settled, 1e-9));
  }
}

namespace {

// Group contents after operation at n = 1 for `operation_s` and shutdown for `cooling_s`,
// integrated with the model's own rates.
double integrated_decay_power(double operation_s, double cooling_s) {
  constexpr std::size_t n = DecayHeat::groups;
  double level = 1.0;
  Radau radau(
      n, 5,
      [&](double, const double* y, double* f) {
        std::array<double, n> content{};
        std::array<double, n> rate{};
        std::copy_n(y, n, content.begin());
        kinetics::decay_heat_rates(level, content, rate);
        std::copy_n(rate.begin(), n, f);
      },
      [](double, const double*, double* j) {
        for (std::size_t r = 0; r < n; ++r) {
          for (std::size_t c = 0; c < n; ++c) {
            j[r * n + c] = r == c ? -DecayHeat::decay_per_s[r] : 0.0;
          }
        }
      });
  std::vector<double> y(n, operation_s > 1e20 ? 1.0 : 0.0);
  if (operation_s < 1e20) radau.advance(y, 0.0, operation_s, 0.1);
  level = 0.0;
  if (cooling_s > 0.0) radau.advance(y, 0.0, cooling_s, 0.1);
  std::array<double, n> content{};
  std::copy_n(y.begin(), n, content.begin());
  return kinetics::decay_power(content);
}

}  // namespace

TEST_CASE("kinetics: decay heat, TRACE 11 groups" * doctest::test_suite("full")) {
  struct Row {
    double time_s;
    double infinite;
    double year;
    double month;
  };
  for (const Row& row : {Row{0, 0.06999, 0.0692319498341, 0.0680012689355},
                         Row{1, 0.0627530475847, 0.0619949974276, 0.0607643168126},
                         Row{10, 0.0499489597211, 0.049190909643, 0.0479602315808},
                         Row{60, 0.0371530061292, 0.0363949564902, 0.0351642926099},
                         Row{100, 0.0337414342352, 0.0329833849475, 0.0317527324124},
                         Row{600, 0.0212902494498, 0.0205322045536, 0.0193016938167},
                         Row{1000, 0.019225404756, 0.0184673633728, 0.0172369660514},
                         Row{3600, 0.0132921593116, 0.0125341407612, 0.0113044801383},
                         Row{1e4, 0.00975848941936, 0.00900052705863, 0.00777267614836},
                         Row{28800, 0.00705489805415, 0.00629710063301, 0.0050745354835},
                         Row{86400, 0.00495897468683, 0.00420168152455, 0.00299503409483},
                         Row{1e5, 0.00479491902342, 0.00403774468345, 0.00283479565894},
                         Row{604800, 0.00304164043616, 0.00228881295747, 0.00120852204613},
                         Row{1e6, 0.00268946619078, 0.00193995753253, 0.000938802484879},
                         Row{2592000, 0.00198873106455, 0.00125189017657, 0.000471048806934},
                         Row{1e7, 0.00119254066625, 0.000502916140032, 9.98967712274e-5}}) {
    CAPTURE(row.time_s);
    CHECK(near(integrated_decay_power(1e30, row.time_s), row.infinite, 1e-9));
    CHECK(near(integrated_decay_power(365 * 86400.0, row.time_s), row.year, 1e-9));
    CHECK(near(integrated_decay_power(30 * 86400.0, row.time_s), row.month, 1e-9));
  }
  CHECK(DecayHeat::total() == doctest::Approx(0.06999).epsilon(1e-12));
}

TEST_CASE("kinetics: reference problem S1, six groups with fuel and two coolant nodes") {
  const auto groups = kinetics::trace_six_groups(2e-5);
  const kinetics::MannCore core{10500, 300, 0.974, 1.2373e6, 1500, 5400};
  constexpr double rated_w = 160e6;
  constexpr double flow = 552.9;
  constexpr double inlet = 528.584;
  constexpr std::array<double, 3> start{681.3304145070, 555.3787455504, 582.1734911008};
  constexpr std::size_t n = 10;

  // The start of the table by its closed form.
  const double rise = rated_w / (2.0 * flow * 5400.0);
  const double first = inlet + rise;
  CHECK(std::abs(first - start[1]) < 1e-9);
  CHECK(std::abs(first + rise - start[2]) < 1e-9);
  CHECK(std::abs(first + 0.974 * rated_w / 1.2373e6 - start[0]) < 1e-9);
  const double fuel_start = first + 0.974 * rated_w / 1.2373e6;
  const double mean_start = first + 0.5 * rise;

  struct Case {
    const char* name;
    double step;
    double ramp_per_s;
    double inlet_change_k;
    double settled;
    std::vector<std::array<double, 6>> rows;  // t, n, T_F, T_1, T_2, rho
  };
  const std::vector<Case> cases{
      {"step of 50 pcm",
       50e-5,
       0.0,
       0.0,
       1.04216888392,
       {{0.1, 1.084991260627, 681.7259631910, 555.3856044253, 582.1805583968, 4.8871866581e-04},
        {1, 1.081597072122, 684.8335810141, 555.6220040524, 582.4746495325, 3.5798086365e-04},
        {2, 1.064968475008, 686.8245917802, 555.9852064698, 583.0422343664, 2.1512514967e-04},
        {5, 1.036096117702, 687.5137093583, 556.4439723622, 584.1480950849, 4.1434549126e-05},
        {10, 1.038229788092, 687.0751487720, 556.3872270928, 584.1970836170, 5.3174237514e-05},
        {30, 1.040063370851, 687.4185346201, 556.4448989170, 584.3033214870, 2.8198621893e-05},
        {60, 1.041136355487, 687.6010714369, 556.4780106644, 584.3710438089, 1.3551794538e-05},
        {120, 1.041861122378, 687.7214923553, 556.4996926645, 584.4151538403, 3.9620684366e-06},
        {300, 1.042147011118, 687.7680698524, 556.5080293136, 584.4320475374, 2.7459637581e-07},
        {1000, 1.042168880409, 687.7715597702, 556.5086499658, 584.4332999298, 0},
        {3000, 1.042168883920, 687.7715603296, 556.5086500652, 584.4333001304, 0}}},
      {"inlet 5 K colder",
       0.0,
       0.0,
       -5.0,
       1.09487998882,
       {{0.1, 1.005529736215, 681.3365636946, 555.0262337057, 582.1634523589, 3.6101328978e-05},
        {1, 1.053730524881, 682.0608860724, 552.9788120562, 581.5832762356, 2.8075304680e-04},
        {2, 1.088255096817, 683.9058883679, 552.1534826207, 580.8850177212, 3.8698678440e-04},
        {5, 1.094780869384, 688.4792337720, 552.3347542947, 580.9484763417, 2.4818011985e-04},
        {10, 1.084845138179, 689.1911107676, 552.6270944483, 581.6366726928, 1.3232954449e-04},
        {30, 1.089970102368, 689.9955128797, 552.7713535132, 581.9525262368, 6.6208230803e-05},
        {60, 1.092515488795, 690.4319814720, 552.8507288795, 582.1151672010, 3.1095017038e-05},
        {120, 1.094188200927, 690.7103459461, 552.9008719963, 582.2172154085, 8.9166386591e-06},
        {300, 1.094831801296, 690.8153019646, 552.9196629466, 582.2553013955, 6.0504446329e-07},
        {1000, 1.094879981164, 690.8229913880, 552.9210304918, 582.2580609800, 0},
        {3000, 1.094879988820, 690.8229926078, 552.9210307087, 582.2580614173, 0}}},
      {"ramp of 1 pcm/s for 60 s",
       0.0,
       1e-5,
       0.0,
       1.05060266070,
       {{0.1, 1.000150800659, 681.3307707863, 555.3787509166, 582.1734965834, 9.9000812897e-07},
        {1, 1.001582897175, 681.3650313513, 555.3805159911, 582.1755747324, 8.7491424860e-06},
        {2, 1.003004307719, 681.4522139592, 555.3885298155, 582.1863925802, 1.4686439240e-05},
        {5, 1.005843862812, 681.8159452156, 555.4418696843, 582.2757450949, 2.1323919486e-05},
        {10, 1.009491277099, 682.3999966640, 555.5451440754, 582.4787683586, 2.6092867796e-05},
        {30, 1.025253633244, 684.7838586259, 555.9620691321, 583.3112315025, 4.1557498685e-05},
        {60, 1.049744141395, 688.5116859586, 556.6152539018, 584.6165923054, 5.2507258107e-05},
        {120, 1.049903227918, 688.9450103666, 556.7140420354, 584.8434791419, 9.1066508966e-06},
        {300, 1.050563117724, 689.0534711549, 556.7335068572, 584.8829930304, 4.9726015475e-07},
        {1000, 1.050602654504, 689.0597885063, 556.7346307926, 584.8852615821, 0},
        {3000, 1.050602660704, 689.0597894941, 556.7346309681, 584.8852619363, 0}}}};

  for (const Case& test : cases) {
    CAPTURE(test.name);
    const auto rates = [&]<class V>(double t, const std::array<V, n>& y, std::array<V, n>& f,
                                    V& rho) {
      std::array<V, 6> c{};
      std::array<V, 6> c_rate{};
      for (std::size_t i = 0; i < 6; ++i) c[i] = y[1 + i];
      rho = (y[7] - fuel_start) * -2.5e-5 + ((y[8] + y[9]) * 0.5 - mean_start) * -2e-4 +
            (test.step + test.ramp_per_s * std::min(t, 60.0));
      kinetics::neutron_rates(groups, rho, 0.0, y[0], c, f[0], c_rate);
      for (std::size_t i = 0; i < 6; ++i) f[1 + i] = c_rate[i];
      const auto mann = kinetics::mann_rates(core, y[0] * rated_w, V(flow),
                                             V(inlet + test.inlet_change_k), y[7], y[8], y[9]);
      f[7] = mann.fuel_k_s;
      f[8] = mann.first_k_s;
      f[9] = mann.second_k_s;
    };
    const auto slope = [&](double t, const double* from, double* to) {
      std::array<double, n> y{};
      std::array<double, n> f{};
      double rho = 0.0;
      std::copy_n(from, n, y.begin());
      rates(t, y, f, rho);
      std::copy_n(f.begin(), n, to);
    };
    const auto jacobian = [&](double t, const double* from, double* to) {
      for (std::size_t begin = 0; begin < n; begin += Dual::directions) {
        std::array<Dual, n> y{};
        std::array<Dual, n> f{};
        Dual rho;
        for (std::size_t i = 0; i < n; ++i) {
          y[i] = Dual(from[i]);
          if (i >= begin && i < begin + Dual::directions) y[i].slope[i - begin] = 1.0;
        }
        rates(t, y, f, rho);
        for (std::size_t r = 0; r < n; ++r) {
          for (std::size_t d = 0; d + begin < n && d < Dual::directions; ++d) {
            to[r * n + begin + d] = f[r].slope[d];
          }
        }
      }
    };
    Radau radau(n, 5, slope, jacobian);
    radau.longest_step_s = 60.0;
    std::vector<double> y{1, 1, 1, 1, 1, 1, 1, fuel_start, first, first + rise};
    double now = 0.0;
    for (const auto& row : test.rows) {
      if (now < 60.0 && row[0] > 60.0) {
        radau.advance(y, now, 60.0, 1e-3);
        now = 60.0;
      }
      radau.advance(y, now, row[0], 1e-3);
      now = row[0];
      CAPTURE(now);
      CAPTURE(y[0]);
      CHECK(near(y[0], row[1], 1e-7));
      CHECK(near(y[7], row[2], 1e-7));
      CHECK(near(y[8], row[3], 1e-7));
      CHECK(near(y[9], row[4], 1e-7));
      if (row[5] != 0.0) {
        std::array<double, n> f{};
        std::array<double, n> at{};
        std::copy_n(y.begin(), n, at.begin());
        double rho = 0.0;
        rates(now, at, f, rho);
        CHECK(near(rho, row[5], 1e-5));
      }
    }
    // At infinity: dn (alpha_F (P0/(2 m c) + f P0/UA) + alpha_C 0.75 P0/(m c)) = rho_ext, where a
    // colder inlet counts as its own feedback.
    const double per_level = 2.5e-5 * (rated_w / (2 * flow * 5400.0) + 0.974 * rated_w / 1.2373e6) +
                             2e-4 * 0.75 * rated_w / (flow * 5400.0);
    const double external =
        test.step + 60.0 * test.ramp_per_s - test.inlet_change_k * (2.5e-5 + 2e-4);
    const double settled = 1.0 + external / per_level;
    CHECK(near(settled, test.settled, 1e-10));
    CHECK(near(y[0], settled, 1e-7));
  }
}

TEST_CASE("kinetics: prompt jump") {
  // Shortly after a step, before the delayed groups move: n = beta/(beta - rho).
  for (const double dollars : {0.5, -1.0, 0.1}) {
    DelayedNeutrons<6> fast = tr1;
    fast.generation_time_s = 1e-9;
    const double level = kinetics::level_after_step(fast, dollars * 0.0075, 1e-5);
    CHECK(near(level, 1.0 / (1.0 - dollars), 1e-4));
  }
}

TEST_CASE("kinetics: ANS-5.1 lies beside the TRACE groups") {
  // Two independent fits of the same physics: the 11 groups (infinite operation) against the
  // ANS-5.1-1979 curve for uranium-235 with 202.2 MeV per fission. They differ by up to 13 % in the
  // first minutes and must not differ more.
  const auto file = reference_file("reference/kinetics/ans51_1979_u235.csv");
  if (!file) return;
  std::ifstream stream(*file);
  std::string line;
  std::getline(stream, line);
  int rows = 0;
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    std::string field;
    std::vector<double> row;
    while (std::getline(fields, field, ',')) row.push_back(std::stod(field));
    REQUIRE(row.size() == 4);
    const double ratio = integrated_decay_power(1e30, row[0]) / row[2];
    CAPTURE(row[0]);
    CAPTURE(ratio);
    CHECK(std::abs(ratio - 1.0) < 0.15);
    ++rows;
  }
  CHECK(rows == 24);
}

}  // namespace ampacity::tests
