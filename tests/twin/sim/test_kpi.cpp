// SPDX-License-Identifier: Apache-2.0
// Key figures against closed forms: the collector is fed with curves whose energy, windows, ramp
// and time over a limit are known.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/support/toy_components.hpp"
#include "twin/components/grid.hpp"
#include "twin/sim/kpi.hpp"
#include "twin/site/plant_builder.hpp"

namespace ampacity::tests {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

// A consumer that shows what IT, cooling and water meters would.
struct Consumer {
  static constexpr const char* name = "liquid_rack";
  static constexpr const char* summary = "a rack that does as it is told";
  using Parameters = NoModes;
  using Modes = NoModes;
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V it_w;
  };
  template <class V>
  struct Outputs {
    V power_w;
    V cooling_w;
    V water_kg_s;
    V die_margin_k;
  };
  static constexpr std::array<ParameterRow, 0> parameters{};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{InputRow{"it", "W", 0.0, 0.0, 1e9, "power"}};
  static constexpr std::array outputs{
      OutputRow{"power", "W", "power", Account::use_it},
      OutputRow{"cooling", "W", "power of pumps", Account::use_cooling},
      OutputRow{"water", "kg/s", "make-up", Account::water_use},
      OutputRow{"die_margin", "K", "margin"}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;
  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}
  template <class V>
  static void balance(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                      Outputs<V>&, States<V>&) {}
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>&) {
    return V(0.0);
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

// A battery whose books the test writes: what it took, holds and has cycled.
struct Store {
  static constexpr const char* name = "battery";
  static constexpr const char* summary = "a store that does as it is told";
  struct Parameters {
    double other;
    double rated_energy_j;
  };
  using Modes = NoModes;
  template <class V>
  struct States {
    V energy_j;
    V full_cycles;
  };
  template <class V>
  using Inputs = NoFields<V>;
  template <class V>
  struct Outputs {
    V power_w;
    V loss_w;
  };
  static constexpr std::array parameters{
      ParameterRow{"other", "1", 0.0, 0.0, 1.0, "something else", "assumed"},
      ParameterRow{"rated_energy", "J", 1.0, 0.0, 1e12, "capacity", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{StateRow{"energy", "J", 0.0, 0.0, 1e12, 1.0, "energy"},
                                     StateRow{"full_cycles", "1", 3.0, 0.0, 1e6, 1e-6, "cycles"}};
  static constexpr std::array<InputRow, 0> inputs{};
  static constexpr std::array outputs{OutputRow{"power", "W", "stored", Account::use_storage},
                                      OutputRow{"loss", "W", "lost", Account::use_loss}};
  static constexpr std::array<ModeRow, 0> modes{};
  static constexpr std::array<GuardRow, 0> guards{};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;
  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}
  template <class V>
  static void balance(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                      Outputs<V>&, States<V>&) {}
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters&, const Modes&, const States<double>&, const Inputs<double>&,
                    const Outputs<double>&, double*) {}
  static void react(const Happening&, Agenda&, const Parameters&, Modes&, States<double>&,
                    const Inputs<double>&, const Outputs<double>&) {}
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.power_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>& x) {
    return x.energy_j;
  }
};

// A curve of time in seconds and its integral.
struct Curve1 {
  std::function<double(double)> value;
  std::function<double(double)> integral;
};

Curve1 constant(double v) {
  return {[v](double) { return v; }, [v](double t) { return v * t; }};
}

// 80 MW, and 100 MW between two instants.
Curve1 block(double from_s, double to_s) {
  return {[=](double t) { return t >= from_s && t < to_s ? 100e6 : 80e6; },
          [=](double t) { return 80e6 * t + 20e6 * std::clamp(t - from_s, 0.0, to_s - from_s); }};
}

// Runs a day of curves through a collector.
struct Bench {
  bool with_contract = true;
  Curve1 import = constant(80e6);
  Curve1 it = constant(70e6);
  std::function<double(double)> margin = [](double) { return 10.0; };
  std::function<double(double)> price = [](double) { return 1e-8; };
  double contract_w = 90e6;
  Time start{1'700'000'100LL * ns_per_second};  // 22:15:00 UTC: a border of windows

  Plant plant = build();
  Accounts accounts{plant};

  Plant build() const {
    PlantBuilder builder;
    const UnitId grid = builder.add<Grid>("grid", site_block, {1e6, 60.0, 1.0});
    builder.add<Consumer>("rack", site_block, {});
    builder.connect(builder.external("grid/power", "W"), grid, "power");
    builder.connect(builder.external("grid/price", "1/J"), grid, "price");
    if (with_contract) builder.connect(builder.external("grid/contract", "W"), grid, "contract");
    return std::move(builder).compile();
  }

  std::size_t output(const char* unit, const char* row) const {
    const Unit& u = *plant.find(unit);
    for (std::size_t i = 0; i < u.type->outputs.size(); ++i) {
      if (std::string(u.type->outputs[i].name) == row) return u.output_at + i;
    }
    REQUIRE(false);
    return 0;
  }

  void sample(KpiCollector& kpi, double t) const {
    std::vector<double> signals(plant.output_count() + plant.externals().size());
    const double import_w = import.value(t);
    signals[output("grid", "import_power")] = import_w;
    signals[output("grid", "over_contract")] = std::max(0.0, import_w - contract_w);
    signals[output("grid", "cost_rate")] = price(t) * import_w;
    signals[output("rack", "die_margin")] = margin(t);
    for (std::size_t e = 0; e < plant.externals().size(); ++e) {
      if (plant.externals()[e].path == "grid/contract") {
        signals[plant.output_count() + e] = contract_w;
      }
    }
    std::vector<double> integrals;
    for (const AccountLine& line : accounts.lines()) {
      switch (line.account) {
        case Account::enters_grid:
          integrals.push_back(import.integral(t));
          break;
        case Account::use_it:
          integrals.push_back(it.integral(t));
          break;
        case Account::use_cooling:
          integrals.push_back(0.1 * it.integral(t));
          break;
        default:
          integrals.push_back(2.0 * t);
          break;  // water
      }
    }
    PlantState state = plant.start_state();
    kpi.on_sample(0, start + seconds(t), plant, state, signals, integrals);
  }

  nlohmann::ordered_json run(double from_s, double to_s, double every_s) const {
    KpiCollector kpi(plant, accounts, TimeZone());
    for (double t = from_s; t <= to_s; t += every_s) sample(kpi, t);
    return kpi.figures({});
  }
};

TEST_CASE("the keys of kpi.json are those of the contract, in order") {
  const Bench bench;
  const auto figures = bench.run(0, 3600, 1);
  const std::vector<std::string> keys{
      "duration_s",
      "it_energy_mwh",
      "facility_energy_mwh",
      "pue",
      "wue_l_per_kwh",
      "cooling_energy_mwh",
      "grid_energy_mwh",
      "peak_grid_mw_15min",
      "max_ramp_mw_per_min",
      "cost",
      "carbon_location_t",
      "carbon_market_t",
      "gpu_hours_served",
      "gpu_hours_lost",
      "deadline_misses",
      "over_temperature_k_min",
      "over_limit_kw_s",
      "trips",
      "battery_equivalent_full_cycles",
      "min_power_headroom_mw",
      "min_cooling_headroom_mw",
      "energy_balance_relative_error",
  };
  std::vector<std::string> found;
  for (const auto& [key, value] : figures.items()) found.push_back(key);
  CHECK(found == keys);
}

TEST_CASE("energies come from integrals, whatever the sampling") {
  Bench bench;
  // A swing whose samples at full periods all show the same value.
  bench.it = {[](double) { return 0.0; },
              [](double t) { return 70e6 * t + 1e6 * (1.0 - std::cos(0.1 * t)); }};
  for (const double every_s : {1.0, 60.0, 900.0}) {
    const auto f = bench.run(0, 3600, every_s);
    const double it_mwh = (70e6 * 3600 + 1e6 * (1.0 - std::cos(360.0))) / 3.6e9;
    CHECK(f["it_energy_mwh"].get<double>() == doctest::Approx(it_mwh).epsilon(1e-12));
    CHECK(f["cooling_energy_mwh"].get<double>() == doctest::Approx(0.1 * it_mwh).epsilon(1e-12));
    CHECK(f["facility_energy_mwh"].get<double>() == doctest::Approx(1.1 * it_mwh).epsilon(1e-12));
    CHECK(f["pue"].get<double>() == doctest::Approx(1.1).epsilon(1e-12));
    CHECK(f["wue_l_per_kwh"].get<double>() ==
          doctest::Approx(2.0 * 3600 / (1e3 * it_mwh)).epsilon(1e-12));
    CHECK(f["grid_energy_mwh"].get<double>() == doctest::Approx(80.0).epsilon(1e-12));
    CHECK(f["duration_s"] == 3600.0);
  }
}

TEST_CASE("peak demand is that of exact windows, also when samples straddle their borders") {
  Bench bench;
  bench.import = block(900 + 120, 900 + 480);  // six minutes inside one window
  CHECK(bench.run(0, 3600, 1)["peak_grid_mw_15min"].get<double>() ==
        doctest::Approx(88.0).epsilon(1e-12));
  bench.import = block(900 - 180, 900 + 180);  // three minutes on either side of a border
  CHECK(bench.run(0, 3600, 1)["peak_grid_mw_15min"].get<double>() ==
        doctest::Approx(84.0).epsilon(1e-12));
  // Samples every 100 s that never meet the border at 1800 s: constant power must stay exact.
  bench.import = constant(80e6);
  CHECK(bench.run(50, 3650, 100)["peak_grid_mw_15min"].get<double>() ==
        doctest::Approx(80.0).epsilon(1e-12));
}

TEST_CASE("the ramp is the largest swing within any minute, also one that comes back") {
  Bench bench;
  bench.import.value = [](double t) { return t >= 300 && t < 320 ? 50e6 : 80e6; };
  CHECK(bench.run(0, 900, 1)["max_ramp_mw_per_min"] == 30.0);
  bench.import.value = [](double t) { return 80e6 + 1e5 * t; };  // 0.1 MW/s
  CHECK(bench.run(0, 900, 1)["max_ramp_mw_per_min"].get<double>() ==
        doctest::Approx(6.0).epsilon(1e-9));
}

TEST_CASE("a swing between two samples counts: events tell the import right after them") {
  Bench bench;
  bench.import = constant(80e6);
  KpiCollector kpi(bench.plant, bench.accounts, TimeZone());
  bench.sample(kpi, 0.0);
  std::vector<double> signals(bench.plant.output_count() + bench.plant.externals().size());
  signals[bench.output("grid", "import_power")] = -5e6;
  kpi.on_change(bench.start + seconds(0.3), signals);
  bench.sample(kpi, 1.0);
  CHECK(kpi.figures({})["max_ramp_mw_per_min"] == 85.0);
}

TEST_CASE("cost is exact energy times price; out of the site, the mean of the rates") {
  Bench bench;
  bench.import = {[](double) { return 80e6; },
                  [](double t) { return 80e6 * t + 5e6 * std::sin(t); }};
  const double energy_j = 80e6 * 3600 + 5e6 * std::sin(3600.0);
  CHECK(bench.run(0, 3600, 60)["cost"].get<double>() ==
        doctest::Approx(1e-8 * energy_j).epsilon(1e-12));
  bench.import = constant(-10e6);
  CHECK(bench.run(0, 3600, 60)["cost"].get<double>() ==
        doctest::Approx(-1e-8 * 10e6 * 3600).epsilon(1e-12));
  CHECK(bench.run(0, 3600, 60)["carbon_location_t"].is_null());  // nothing gives an intensity
}

TEST_CASE("time over limits is integrated with its depth") {
  Bench bench;
  // Margin from +5 K to -5 K in 600 s and back: a triangle 300 + 300 s wide, 5 K deep.
  bench.margin = [](double t) { return std::abs(t - 600.0) / 60.0 - 5.0; };
  bench.import = block(600, 900);  // 10 MW above the contract for 300 s
  // Every 8 s: the apex is a sample, the crossings at 300 s and 900 s are none.
  for (const double every_s : {1.0, 8.0}) {
    CHECK(bench.run(0, 1200, every_s)["over_temperature_k_min"].get<double>() ==
          doctest::Approx(5.0 * 600 / 2 / 60).epsilon(1e-9));
  }
  const auto fine = bench.run(0, 1200, 1);
  CHECK(fine["over_limit_kw_s"].get<double>() == doctest::Approx(10e3 * 300).epsilon(1e-9));
  CHECK(fine["min_power_headroom_mw"] == -10.0);
}

TEST_CASE("only trips count as trips") {
  const Bench bench;
  KpiCollector kpi(bench.plant, bench.accounts, TimeZone());
  bench.sample(kpi, 0);
  for (const Severity severity : {Severity::information, Severity::warning, Severity::limit,
                                  Severity::trip, Severity::trip}) {
    kpi.on_event({bench.start, severity, "rack", "text"});
  }
  CHECK(kpi.figures({})["trips"] == 2);
}

TEST_CASE("what does not exist is null, never 0") {
  Bench bench;
  bench.with_contract = false;
  bench.contract_w = inf;
  bench.plant = bench.build();
  bench.accounts = Accounts(bench.plant);
  const auto f = bench.run(0, 900, 1);
  for (const char* key : {"carbon_market_t", "gpu_hours_served", "gpu_hours_lost",
                          "deadline_misses", "over_limit_kw_s", "battery_equivalent_full_cycles",
                          "min_power_headroom_mw", "min_cooling_headroom_mw"}) {
    CHECK_MESSAGE(f[key].is_null(), key);
  }
  KpiCollector idle(bench.plant, bench.accounts, TimeZone());
  const auto nothing = idle.figures({});
  for (const auto& [key, value] : nothing.items()) CHECK_MESSAGE(value.is_null(), key);
  WorkloadFigures workload;
  workload.gpu_hours_served = 12.5;
  workload.gpu_hours_lost = 0.0;
  CHECK(idle.figures(workload)["gpu_hours_served"] == 12.5);
  CHECK(idle.figures(workload)["gpu_hours_lost"] == 0.0);
}

TEST_CASE("a copy goes on to the same figures") {
  const Bench bench;
  KpiCollector kpi(bench.plant, bench.accounts, TimeZone());
  for (int t = 0; t <= 1000; ++t) bench.sample(kpi, t);
  KpiCollector copy = kpi;
  for (int t = 1001; t <= 3000; ++t) bench.sample(kpi, t);
  for (int t = 1001; t <= 3000; ++t) bench.sample(copy, t);
  CHECK(copy.figures({}).dump() == kpi.figures({}).dump());
}

TEST_CASE("a store costs the facility what it lost, not what it holds") {
  PlantBuilder builder;
  builder.add<Consumer>("rack", site_block, {});
  builder.add<Store>("small", site_block, {0.0, 1e9});
  builder.add<Store>("large", site_block, {0.0, 3e9});
  const Plant plant = std::move(builder).compile();
  const Accounts accounts(plant);
  KpiCollector kpi(plant, accounts, TimeZone());
  const std::vector<double> signals(plant.output_count());
  // Racks 3.6e9 J, cooling none; the stores hold 2e9 J more and lost 0.25e9 J.
  std::vector<double> integrals(accounts.lines().size(), 0.0);
  PlantState state = plant.start_state();
  kpi.on_sample(0, Time{}, plant, state, signals, integrals);
  for (std::size_t i = 0; i < integrals.size(); ++i) {
    const Account account = accounts.lines()[i].account;
    integrals[i] = account == Account::use_it        ? 3.6e9
                   : account == Account::use_storage ? 2e9
                   : account == Account::use_loss    ? 0.25e9
                                                     : 0.0;
  }
  state.states = {0.5e9, 3.5, 1.0e9, 3.1};  // energy and cycles of small, of large
  kpi.on_sample(1, Time{} + hours(1), plant, state, signals, integrals);
  const auto f = kpi.figures({});
  CHECK(f["it_energy_mwh"] == 1.0);
  CHECK(f["facility_energy_mwh"].get<double>() == doctest::Approx(1.0 + 0.25 / 3.6).epsilon(1e-12));
  CHECK(f["battery_equivalent_full_cycles"].get<double>() ==
        doctest::Approx((0.5 * 1.0 + 0.1 * 3.0) / 4.0).epsilon(1e-12));
  CHECK(f["grid_energy_mwh"].is_null());
  CHECK(f["peak_grid_mw_15min"].is_null());
  CHECK(f["cost"].is_null());
}

TEST_CASE("stored changes add up to that of the balance") {
  PlantBuilder builder;
  builder.add<Node>("a", site_block, {1000.0, 0.0});
  builder.add<Node>("b", site_block, {500.0, 0.0});
  const Plant plant = std::move(builder).compile();
  const Accounts accounts(plant);
  KpiCollector kpi(plant, accounts, TimeZone());
  PlantState state = plant.start_state();
  const std::vector<double> signals(plant.output_count());
  kpi.on_sample(0, Time{}, plant, state, signals, std::vector<double>{0.0});
  state.states = {310.0, 290.0};
  kpi.close_books(Time{} + seconds(100.0), state, std::vector<double>{5000.0});
  const auto stored = kpi.stored_changes();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].component == "node");
  CHECK(stored[0].change_j == doctest::Approx(10.0 * 1000.0 - 10.0 * 500.0).epsilon(1e-9));
  CHECK(kpi.balance().stored_change_j == doctest::Approx(5000.0).epsilon(1e-9));
  CHECK(kpi.figures({})["energy_balance_relative_error"].get<double>() ==
        doctest::Approx(0.0).epsilon(1e-9));
  CHECK(kpi.figures({})["duration_s"] == 100.0);
  CHECK(kpi.figures({})["it_energy_mwh"].is_null());
}

}  // namespace
}  // namespace ampacity::tests
