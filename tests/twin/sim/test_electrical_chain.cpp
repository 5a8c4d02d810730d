// SPDX-License-Identifier: Apache-2.0

// The electrical graph under the simulator: grid, transformer, breaker and bus feed a UPS with IT
// behind it, a motor that restarts after five minutes, and a battery that smooths the import seen
// by the meter. A sag of 0.5 pu for 150 ms, then the energy of ten minutes.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "tests/support/component_check.hpp"
#include "twin/components/battery.hpp"
#include "twin/components/breaker.hpp"
#include "twin/components/bus.hpp"
#include "twin/components/grid.hpp"
#include "twin/components/meter.hpp"
#include "twin/components/transformer.hpp"
#include "twin/components/ups.hpp"
#include "twin/sim/ledger.hpp"
#include "twin/sim/simulator.hpp"
#include "twin/site/plant_builder.hpp"

namespace ampacity {
namespace {

// A machine on one feeder: takes constant power while it is supplied and turns it into heat.
struct Machine {
  static constexpr const char* name = "machine";
  static constexpr const char* summary = "constant power with drop-out and restart";
  struct Parameters {
    double power_w;
    double hold_up_s;
    double restart_delay_s;
  };
  template <class V>
  using States = NoFields<V>;
  template <class V>
  struct Inputs {
    V voltage;
  };
  template <class V>
  struct Outputs {
    V power_w;
    V heat_w;
  };
  struct Modes {
    std::int64_t supply;
    std::int64_t supply_timer_ns;
  };
  static constexpr std::array parameters{
      ParameterRow{"power", "W", 1e6, 0.0, 1e9, "power", "assumed"},
      ParameterRow{"hold_up", "s", 0.02, 0.0, 10.0, "hold-up time", "assumed"},
      ParameterRow{"restart_delay", "s", 0.0, 0.0, 1e4, "restart delay", "assumed"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array<StateRow, 0> states{};
  static constexpr std::array inputs{InputRow{"voltage", "1", required, 0.0, 1.2, "voltage, pu"}};
  static constexpr std::array outputs{OutputRow{"power", "W", "power", Account::use_it},
                                      OutputRow{"heat", "W", "heat", Account::leaves_loss}};
  static constexpr std::array modes{supply_row, supply_timer_row};
  static constexpr std::array guards{voltage_lost_row, voltage_back_row};
  static constexpr std::array<OrderRow, 0> orders{};
  static constexpr std::size_t offered = 0;
  static constexpr std::size_t early_inputs = 0;

  static SupplyRules rules(const Parameters& p) { return {0.85, p.hold_up_s, p.restart_delay_s}; }

  template <class V>
  static void offer(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                    Outputs<V>&) {}
  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>&, const Inputs<V>&,
                      Outputs<V>& w, States<V>&) {
    w.power_w = V(is_powered(m.supply) ? p.power_w : 0.0);
    w.heat_w = w.power_w;
  }
  static void start(const Parameters&, Modes&, States<double>&) {}
  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>& u, const Outputs<double>&, double* guard) {
    guard[0] = voltage_lost_guard(rules(p), m.supply, u.voltage);
    guard[1] = voltage_back_guard(rules(p), m.supply, u.voltage);
  }
  static void react(const Happening& happening, Agenda& agenda, const Parameters& p, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::timer) {
      on_supply_timer(agenda, m.supply, m.supply_timer_ns);
    } else if (happening.index == 0) {
      on_voltage_lost(rules(p), agenda, 0, m.supply, m.supply_timer_ns);
    } else {
      on_voltage_back(rules(p), agenda, 0, m.supply, m.supply_timer_ns);
    }
  }
  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>&,
                       const Outputs<V>& w) {
    return w.power_w - w.heat_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

struct Signals final : SampleSink {
  std::vector<std::vector<double>> values;
  void on_sample(std::int64_t, Time, const Plant&, const PlantState&,
                 std::span<const double> signals, std::span<const double>) override {
    values.emplace_back(signals.begin(), signals.end());
  }
};

struct Lines final : EventSink {
  std::vector<EventRecord> records;
  void on_event(const EventRecord& event) override { records.push_back(event); }
  bool has(const std::string& path, const std::string& begin) const {
    return std::any_of(records.begin(), records.end(), [&](const EventRecord& record) {
      return record.path == path && record.text.rfind(begin, 0) == 0;
    });
  }
};

Plant chain() {
  PlantBuilder builder;
  auto ups = tests::standard_parameters<Ups>();
  auto breaker = tests::standard_parameters<Breaker>();
  breaker.rated_power_w = 10e6;
  auto bus = tests::standard_parameters<Bus>();
  bus.rated_power_w = 10e6;
  auto battery = tests::standard_parameters<Battery>();
  battery.rated_power_w = 4e6;
  battery.rated_energy_j = 4e6 * 3600.0;
  battery.control = static_cast<double>(Battery::Control::smoothing);
  battery.open_circuit_voltage = builder.add_curve(lfp_ocv_table());

  const UnitId grid = builder.add<Grid>("grid", site_block, tests::standard_parameters<Grid>());
  const UnitId meter = builder.add<Meter>("meter", site_block, {1.0});
  const UnitId transformer = builder.add<Transformer>("transformer", site_block,
                                                      tests::standard_parameters<Transformer>());
  const UnitId feeder = builder.add<Breaker>("feeder", site_block, breaker);
  const UnitId bar = builder.add<Bus>("bar", site_block, bus);
  const UnitId supply = builder.add<Ups>("ups", site_block, ups);
  const UnitId servers = builder.add<Machine>("it", site_block, {2e6, 0.02, 0.0});
  const UnitId chiller = builder.add<Machine>("chiller", site_block, {1e6, 0.0, 300.0});
  const UnitId store = builder.add<Battery>("battery", site_block, battery);

  builder.connect(grid, "voltage", transformer, "voltage_in");
  builder.connect(transformer, "voltage_out", feeder, "voltage_in");
  builder.connect(feeder, "voltage_out", bar, "voltage_in");
  for (const UnitId unit : {chiller, store}) builder.connect(bar, "voltage", unit, "voltage");
  builder.connect(bar, "voltage", supply, "voltage_in");
  builder.connect(supply, "voltage_out", servers, "voltage");
  builder.connect(servers, "power", supply, "load");
  for (const UnitId unit : {chiller, store, supply}) builder.connect(unit, "power", bar, "load");
  builder.connect(bar, "power", feeder, "load");
  builder.connect(feeder, "power", transformer, "load");
  builder.connect(transformer, "power", meter, "power");
  builder.connect(meter, "power", grid, "power");
  builder.connect(meter, "averaged_power", store, "measured_power");
  return std::move(builder).compile();
}

std::size_t index_of(const Plant& plant, const char* path) {
  const Unit* unit = plant.find(path);
  REQUIRE(unit != nullptr);
  return static_cast<std::size_t>(unit - plant.units().data());
}

double signal(const Plant& plant, const std::vector<double>& signals, const char* path,
              const std::string& output) {
  const Unit& unit = plant.units()[index_of(plant, path)];
  for (std::size_t i = 0; i < unit.type->outputs.size(); ++i) {
    if (unit.type->outputs[i].name == output) return signals[unit.output_at + i];
  }
  FAIL("no such output");
  return 0.0;
}

TEST_CASE("a sag: the UPS carries the IT, the chiller drops out and restarts, energy closes") {
  const Plant plant = chain();
  const Accounts accounts(plant);
  SimulatorSettings settings;
  settings.start = Time{1'700'000'000LL * ns_per_second};
  Simulator simulator(plant, accounts, ExternalTable(plant.externals().size()), settings);
  Signals samples;
  Lines events;
  REQUIRE(simulator.find_operating_point(events).finished);
  const Ledger ledger(plant, accounts, simulator.state().states.data(), simulator.integrals());

  const Time start = simulator.now();
  simulator.schedule_order(start + seconds(60.0), index_of(plant, "grid"), 0, 0.5);
  simulator.schedule_order(start + seconds(60.15), index_of(plant, "grid"), 0, 1.0);
  const Outcome outcome = simulator.run_until(start + seconds(600.0), samples, events, {});
  INFO(outcome.message);
  REQUIRE(outcome.finished);

  CHECK(events.has("ups", "on battery"));
  CHECK(events.has("ups", "walk_in_done"));
  CHECK(events.has("chiller", "voltage_lost"));
  CHECK_FALSE(events.has("it", "voltage_lost"));
  const auto at = [&](std::size_t second, const char* path, const char* output) {
    return signal(plant, samples.values[second], path, output);
  };
  CHECK(at(59, "chiller", "power") == 1e6);
  CHECK(at(61, "chiller", "power") == 0.0);
  CHECK(at(360, "chiller", "power") == 0.0);
  CHECK(at(361, "chiller", "power") == 1e6);
  CHECK(at(61, "ups", "power") == 0.0);
  CHECK(at(61, "it", "power") == 2e6);
  CHECK(at(90, "ups", "power") > 2e6);

  const LedgerBalance balance =
      ledger.balance(simulator.state().states.data(), simulator.integrals());
  CHECK(std::abs(balance.relative_error) < 1e-6);
}

}  // namespace
}  // namespace ampacity
