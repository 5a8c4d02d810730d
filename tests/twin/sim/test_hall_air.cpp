// SPDX-License-Identifier: Apache-2.0

// Air of liquid-cooled racks in a whole site: what their fans draw stands in the hall's balance, so
// that hot air comes back to their inlets when the air handlers stop.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/twin/sim/small_site.hpp"
#include "twin/components/hall.hpp"
#include "twin/sim/ledger.hpp"

namespace ampacity::tests {
namespace {

void replace(std::string& text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The small site in a hall with two air handlers, on a cool day.
std::string site_text() {
  std::string text = small_site_text;
  replace(text, "[workload]\nsource = \"generator\"", "[workload]\nsource = \"constant\"");
  replace(text, "vents = \"room\"\n", "");
  replace(text, "[island.pod]\n", "[island.pod]\nhall = \"hall\"\n");
  replace(text, "[dry_cooler.roof]\n", "[dry_cooler.roof]\nset_point = \"18 degC\"\n");
  replace(text, "[heat_sink.room]\n", R"([weather]
dry_bulb_max = "15 degC"
wet_bulb_max = "10 degC"
dry_bulb_range = "1 K"
wet_bulb_range = "1 K"

[hall.hall]
design_flow = "10 kg/s"
cold_volume = "80 m3"
hot_volume = "160 m3"
mass_capacity = "20 MJ/K"
mass_conductance = "2 kW/K"
infiltration = "0.001 kg/s"

[crah.air]
count = 2
hall = "hall"
loop = "facility"
fed_by = "feed-b"
air_flow = "5 kg/s"
)");
  return text;
}

struct Ignored final : SampleSink, EventSink {
  void on_sample(std::int64_t, Time, const Plant&, const PlantState&, std::span<const double>,
                 std::span<const double>) override {}
  void on_event(const EventRecord&) override {}
};

TEST_CASE("all air handlers stop: the racks' inlets follow the hot aisle within two minutes") {
  const TemporaryFolder folder;
  const SiteDescription site = read_site(folder.write("hall.toml", site_text()), {});
  const Assembly assembly = assemble(site);
  const Accounts accounts(assembly.plant);
  RunSetup setup = prepare_run(site, assembly, {}, site.start, site.start + site.duration);
  SimulatorSettings settings;
  settings.start = site.start;
  Simulator simulator(assembly.plant, accounts, std::move(setup.externals), settings);
  for (auto& load : setup.loads) simulator.add_load(std::move(load));
  const auto index = [&](const std::string& path) {
    const Unit* unit = assembly.plant.find(path);
    REQUIRE(unit != nullptr);
    return static_cast<std::size_t>(unit - assembly.plant.units().data());
  };
  const std::size_t hall_at = assembly.plant.units()[index("hall")].state_at;
  const auto hall = [&] {
    const double* states = simulator.state().states.data() + hall_at;
    return Hall::States<double>{states[0], states[1], states[2], states[3]};
  };
  Ignored sink;
  REQUIRE(simulator.find_operating_point(sink).finished);
  const Ledger ledger(assembly.plant, accounts, simulator.state().states.data(),
                      simulator.integrals());
  const auto run = [&](double duration_s) {
    const Outcome outcome =
        simulator.run_until(simulator.now() + seconds(duration_s), sink, sink, {});
    INFO(outcome.message);
    REQUIRE(outcome.finished);
  };
  run(600.0);
  const auto before = hall();
  CHECK(std::abs(before.cold_aisle_k - 298.15) < 0.5);
  // Four racks at 0.8 of what lies above idle; the air rises by less than the design's 12 K.
  CHECK(before.hot_aisle_k - before.cold_aisle_k > 5.0);
  CHECK(before.hot_aisle_k - before.cold_aisle_k < 12.5);
  for (const char* unit : {"hall/air-1", "hall/air-2"}) {
    simulator.schedule_order(simulator.now(), index(unit), 2, 1.0);
  }
  run(120.0);
  const auto after = hall();
  MESSAGE("two minutes without air handlers: cold aisle "
          << before.cold_aisle_k - 273.15 << " -> " << after.cold_aisle_k - 273.15 << ", hot aisle "
          << before.hot_aisle_k - 273.15 << " -> " << after.hot_aisle_k - 273.15);
  // The lag of the closed form, P C_c/((1 + s) m cp (C_c + C_h)), is a third of the racks' own
  // rise.
  const double rise_k = before.hot_aisle_k - before.cold_aisle_k;
  CHECK(after.hot_aisle_k - after.cold_aisle_k < 0.5 * rise_k);
  CHECK(after.cold_aisle_k - before.cold_aisle_k > rise_k);
  CHECK(std::abs(
            ledger.balance(simulator.state().states.data(), simulator.integrals()).relative_error) <
        1e-6);
}

}  // namespace
}  // namespace ampacity::tests
