// SPDX-License-Identifier: Apache-2.0
#pragma once

// Key figures of a run: kpi.json.
//
// A figure that decides between two plants must not depend on how often the run was sampled. So
// energies are never summed from powers: they are differences of the account integrals, which the
// engine carries along with the states (site/accounts.hpp). Peaks of billed demand are differences
// of the same integrals at the borders of the billing windows. What is an extreme of a curve (the
// ramp, the least headroom) is taken from samples and right after each event, since a sag is over
// within a sample; only time over a limit is a sum over samples.
//
//   it_energy        E_it
//   facility_energy  E_it + E_cooling + E_other + E_loss; losses of storage are among E_loss, what
//                    it holds is not
//   pue              facility_energy / it_energy                         (ISO/IEC 30134-2)
//   wue              make-up water / it_energy, 1 L for 1 kg             (ISO/IEC 30134-9); the
//   water
//                    of a power station's own tower is shown with the station, not here
//   peak_grid        highest mean import of a 15-minute window, windows of local time; a window
//                    that the run covers in part counts its missing time as zero, as a demand
//                    register does (components/demand.hpp)
//   max_ramp         maximum minus minimum of the import within any 60 s
//   cost             sum of dE p over the sampling intervals: dE the exact imported energy, p the
//                    mean of the prices at both ends; where power flows out at either end, the
//                    mean of the cost rates instead. Energy only, no demand charge.
//   carbon_location  the same with the carbon intensity of the grid
//   over_temperature integral of how far dies are beyond slowdown, summed over racks
//   over_limit       integral of import above the contract
//   trips            events of severity `trip`
//   full cycles      of all batteries, weighted by rated energy
//   power headroom   least value of contract - import: what the site could draw more while its own
//                    generation and its batteries do what they are doing
//   cooling headroom least value of (available - heat), summed over the chillers: the only cooling
//                    units that state what they could take
//
// What does not exist on a site has no figure: the key is there and its value is null, never 0.

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/components/demand.hpp"
#include "twin/sim/ledger.hpp"
#include "twin/sim/simulator.hpp"

namespace ampacity {

// What a workload reports at the end of a run; empty for a site without jobs.
struct WorkloadFigures {
  std::optional<double> gpu_hours_served;
  std::optional<double> gpu_hours_lost;
  std::optional<std::int64_t> deadline_misses;
};

// Change of the energy held by all units of one component (J).
struct StoredChange {
  std::string component;
  double change_j;
};

// Collects the key figures while a run goes on. A value: a copy taken with a snapshot goes on from
// there. Plant and accounts must outlive it.
class KpiCollector final : public SampleSink, public EventSink {
 public:
  KpiCollector(const Plant& plant, const Accounts& accounts, const TimeZone& zone);

  // The first sample opens the books.
  void on_sample(std::int64_t index, Time at, const Plant& plant, const PlantState& state,
                 std::span<const double> signals, std::span<const double> integrals) override;
  void on_change(Time at, std::span<const double> signals) override;
  void on_event(const EventRecord& event) override;

  // Carries the energies to the end of the run when that is no sampling instant.
  void close_books(Time at, const PlantState& state, std::span<const double> integrals);

  // The keys of kpi.json in their order. Without a sample all are null.
  nlohmann::ordered_json figures(const WorkloadFigures& workload) const;

  // Whether nothing tripped, no die was beyond slowdown and no import above the contract.
  bool limits_kept() const;
  // Sum of the grids' contracts at the end; nothing where one of them has none.
  std::optional<double> contract_w() const { return last_contract_w_; }

  // The energy balance from the first sample to the last; all zero without one.
  LedgerBalance balance() const;
  // The parts of its stored change, one per component that stores energy, in the plant's order.
  std::vector<StoredChange> stored_changes() const;

 private:
  // Outputs that are watched in samples, as indices into the signals.
  struct Watched {
    std::vector<std::uint32_t> grid_import;
    std::vector<std::uint32_t> grid_over_contract;
    std::vector<std::uint32_t> grid_cost_rate;
    std::vector<std::uint32_t> grid_carbon_rate;
    std::vector<std::uint32_t> die_margin;
    std::vector<std::uint32_t> cooling_capacity;
    std::vector<std::uint32_t> cooling_heat;
    std::vector<std::size_t> grids;      // units
    std::vector<std::size_t> batteries;  // units
  };
  // A rate that follows the imported energy: cost, carbon.
  struct Charge {
    double total = 0.0;
    double last_rate = 0.0;
  };

  void watch_outputs();
  std::optional<double> contract_w(std::span<const double> signals) const;
  bool grid_input_is_given(const char* input) const;
  void take_energy(Time at, const PlantState& state, std::span<const double> integrals);
  void take_interval(double interval_s, double import_w, std::span<const double> signals);
  void take_ramp(Time at, double import_w);
  void take_headroom(double import_w, std::span<const double> signals);
  void charge(Charge& charge, double rate, double import_w, double energy_j, double interval_s);
  std::optional<double> account_total(const LedgerBalance& books, Account account) const;
  std::optional<double> full_cycles() const;
  double grid_energy_j(std::span<const double> integrals) const;

  const Plant* plant_;
  const Accounts* accounts_;
  TimeZone zone_;
  Watched watched_;

  std::shared_ptr<const Ledger> ledger_;   // opened by the first sample, constant from there on
  std::vector<double> stored_at_start_j_;  // per unit
  std::vector<double> cycles_at_start_;    // per battery
  bool open_ = false;
  bool contract_known_ = false;  // at the start
  Time start_;
  Time last_;
  Time last_sample_;
  PlantState last_state_;
  std::vector<double> last_integrals_;

  std::optional<DemandRegister> demand_;
  std::deque<std::pair<Time, double>> ramp_least_;
  std::deque<std::pair<Time, double>> ramp_most_;
  double max_ramp_w_ = 0.0;
  double last_import_w_ = 0.0;
  double last_grid_energy_j_ = 0.0;
  std::vector<double> last_over_temperature_k_;
  double last_over_contract_w_ = 0.0;
  std::optional<double> last_contract_w_;
  double over_temperature_k_s_ = 0.0;
  double over_limit_j_ = 0.0;
  Charge cost_;
  Charge carbon_;
  std::optional<double> min_power_headroom_w_;
  std::optional<double> min_cooling_headroom_w_;
  std::int64_t trips_ = 0;
};

}  // namespace ampacity
