// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/kpi.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace ampacity {

namespace {

constexpr double joules_per_mwh = 3.6e9;
constexpr double joules_per_kwh = 3.6e6;
constexpr Duration ramp_window = seconds(60.0);
constexpr Duration demand_window = minutes(15);
// A contract as large as the default of the grid's table is none.
constexpr double no_contract_w = 1e12;

// Outputs that say how much more a unit could do: {component, limit, what it does now}.
struct Reserve {
  std::string_view component;
  std::string_view limit;
  std::string_view use;
};
constexpr std::array cooling_units{Reserve{"chiller", "available", "heat"}};

template <class Row>
std::optional<std::size_t> row_of(std::span<const Row> rows, std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (name == rows[i].name) return i;
  }
  return std::nullopt;
}

void watch_output(const Unit& unit, std::string_view output, std::vector<std::uint32_t>& to) {
  if (const auto row = row_of(unit.type->outputs, output)) {
    to.push_back(static_cast<std::uint32_t>(unit.output_at + *row));
  }
}

// Both outputs of a reserve, or neither.
void watch_reserve(const Unit& unit, const Reserve& reserve, std::vector<std::uint32_t>& limit,
                   std::vector<std::uint32_t>& use) {
  if (reserve.component != unit.type->name) return;
  if (!row_of(unit.type->outputs, reserve.limit) || !row_of(unit.type->outputs, reserve.use)) {
    return;
  }
  watch_output(unit, reserve.limit, limit);
  watch_output(unit, reserve.use, use);
}

double sum_of(const std::vector<std::uint32_t>& which, std::span<const double> signals) {
  double sum = 0.0;
  for (const std::uint32_t signal : which) sum += signals[signal];
  return sum;
}

// Integral of max(0, f) over an interval in which f runs linearly from `first` to `last`.
double positive_integral(double first, double last, double interval_s) {
  if (first >= 0.0 && last >= 0.0) return 0.5 * (first + last) * interval_s;
  if (first <= 0.0 && last <= 0.0) return 0.0;
  const double above = std::max(first, last);
  return 0.5 * above * above / std::abs(first - last) * interval_s;
}

void keep_least(std::optional<double>& least, double value) {
  least = least ? std::min(*least, value) : value;
}

nlohmann::ordered_json figure(std::optional<double> value, double unit = 1.0) {
  if (!value) return nullptr;
  const double scaled = *value / unit;
  return scaled == 0.0 ? 0.0 : scaled;  // no negative zero in the file
}

}  // namespace

KpiCollector::KpiCollector(const Plant& plant, const Accounts& accounts, const TimeZone& zone)
    : plant_(&plant), accounts_(&accounts), zone_(zone) {
  watch_outputs();
}

void KpiCollector::watch_outputs() {
  for (std::size_t u = 0; u < plant_->units().size(); ++u) {
    const Unit& unit = plant_->units()[u];
    const std::string_view component = unit.type->name;
    if (component == "grid") {
      watched_.grids.push_back(u);
      watch_output(unit, "import_power", watched_.grid_import);
      watch_output(unit, "over_contract", watched_.grid_over_contract);
      watch_output(unit, "cost_rate", watched_.grid_cost_rate);
      watch_output(unit, "carbon_rate", watched_.grid_carbon_rate);
    }
    if (component == "battery") watched_.batteries.push_back(u);
    if (component == "liquid_rack" || component == "air_rack") {
      watch_output(unit, "die_margin", watched_.die_margin);
    }
    for (const Reserve& reserve : cooling_units) {
      watch_reserve(unit, reserve, watched_.cooling_capacity, watched_.cooling_heat);
    }
  }
}

// Sum of the contracts of all grids at an instant; nothing where one of them has none.
std::optional<double> KpiCollector::contract_w(std::span<const double> signals) const {
  double sum_w = 0.0;
  for (const std::size_t u : watched_.grids) {
    const Unit& unit = plant_->units()[u];
    const auto row = row_of(unit.type->inputs, "contract");
    if (!row) return std::nullopt;
    const std::size_t input = unit.input_at + *row;
    double one_w = plant_->constant(input);
    for (const Term& term : plant_->terms(input)) one_w += term.gain * signals[term.signal];
    if (one_w >= no_contract_w) return std::nullopt;
    sum_w += one_w;
  }
  if (watched_.grids.empty()) return std::nullopt;
  return sum_w;
}

// Whether any grid's input has a value: connected, or a constant other than 0.
bool KpiCollector::grid_input_is_given(const char* input) const {
  return std::any_of(watched_.grids.begin(), watched_.grids.end(), [&](std::size_t u) {
    const Unit& unit = plant_->units()[u];
    const auto row = row_of(unit.type->inputs, input);
    if (!row) return false;
    const std::size_t index = unit.input_at + *row;
    return !plant_->terms(index).empty() || plant_->constant(index) != 0.0;
  });
}

double KpiCollector::grid_energy_j(std::span<const double> integrals) const {
  return accounts_->total(Account::enters_grid, integrals.data());
}

void KpiCollector::on_sample(std::int64_t, Time at, const Plant&, const PlantState& state,
                             std::span<const double> signals, std::span<const double> integrals) {
  const double import_w = sum_of(watched_.grid_import, signals);
  if (!open_) {
    open_ = true;
    start_ = last_ = last_sample_ = at;
    ledger_ = std::make_shared<const Ledger>(*plant_, *accounts_, state.states.data(), integrals);
    for (const Unit& unit : plant_->units()) {
      stored_at_start_j_.push_back(unit.type->stored_energy_j(plant_->parameters(unit),
                                                              state.states.data() + unit.state_at));
    }
    for (const std::size_t u : watched_.batteries) {
      const Unit& unit = plant_->units()[u];
      const auto row = row_of(unit.type->states, "full_cycles");
      cycles_at_start_.push_back(row ? state.states[unit.state_at + *row] : 0.0);
    }
    demand_.emplace(demand_window.ns, zone_.start_of_window(at, demand_window).ns);
    last_integrals_.assign(integrals.begin(), integrals.end());
    last_over_temperature_k_.resize(watched_.die_margin.size());
    last_grid_energy_j_ = grid_energy_j(integrals);
    contract_known_ = contract_w(signals).has_value();
  }
  const double interval_s = to_seconds(at - last_sample_);
  take_energy(at, state, integrals);
  take_interval(interval_s, import_w, signals);
  take_ramp(at, import_w);
  take_headroom(import_w, signals);
  last_sample_ = at;
}

void KpiCollector::on_change(Time at, std::span<const double> signals) {
  if (!open_) return;
  const double import_w = sum_of(watched_.grid_import, signals);
  take_ramp(at, import_w);
  take_headroom(import_w, signals);
}

void KpiCollector::take_energy(Time at, const PlantState& state,
                               std::span<const double> integrals) {
  const double before_j = grid_energy_j(last_integrals_);
  const double interval_s = to_seconds(at - last_);
  if (interval_s > 0.0) {
    demand_->add(last_.ns, at.ns, (grid_energy_j(integrals) - before_j) / interval_s);
  }
  last_ = at;
  last_state_ = state;
  last_integrals_.assign(integrals.begin(), integrals.end());
}

void KpiCollector::close_books(Time at, const PlantState& state,
                               std::span<const double> integrals) {
  if (open_ && at > last_) take_energy(at, state, integrals);
}

void KpiCollector::charge(Charge& charge, double rate, double import_w, double energy_j,
                          double interval_s) {
  if (interval_s > 0.0) {
    const bool imports = import_w > 0.0 && last_import_w_ > 0.0;
    charge.total += imports ? 0.5 * (rate / import_w + charge.last_rate / last_import_w_) * energy_j
                            : 0.5 * (rate + charge.last_rate) * interval_s;
  }
  charge.last_rate = rate;
}

void KpiCollector::take_interval(double interval_s, double import_w,
                                 std::span<const double> signals) {
  const double grid_j = grid_energy_j(last_integrals_);
  const double energy_j = grid_j - last_grid_energy_j_;
  charge(cost_, sum_of(watched_.grid_cost_rate, signals), import_w, energy_j, interval_s);
  charge(carbon_, sum_of(watched_.grid_carbon_rate, signals), import_w, energy_j, interval_s);
  last_grid_energy_j_ = grid_j;
  for (std::size_t i = 0; i < watched_.die_margin.size(); ++i) {
    const double over_k = -signals[watched_.die_margin[i]];
    over_temperature_k_s_ += positive_integral(last_over_temperature_k_[i], over_k, interval_s);
    last_over_temperature_k_[i] = over_k;
  }
  const double over_contract_w = sum_of(watched_.grid_over_contract, signals);
  over_limit_j_ += positive_integral(last_over_contract_w_, over_contract_w, interval_s);
  last_over_contract_w_ = over_contract_w;
  last_import_w_ = import_w;
}

// Two queues of candidates, each in order of time: the front is the extreme of the window.
void KpiCollector::take_ramp(Time at, double import_w) {
  while (!ramp_least_.empty() && ramp_least_.back().second >= import_w) ramp_least_.pop_back();
  while (!ramp_most_.empty() && ramp_most_.back().second <= import_w) ramp_most_.pop_back();
  ramp_least_.emplace_back(at, import_w);
  ramp_most_.emplace_back(at, import_w);
  while (ramp_least_.front().first < at - ramp_window) ramp_least_.pop_front();
  while (ramp_most_.front().first < at - ramp_window) ramp_most_.pop_front();
  max_ramp_w_ = std::max(max_ramp_w_, ramp_most_.front().second - ramp_least_.front().second);
}

void KpiCollector::take_headroom(double import_w, std::span<const double> signals) {
  last_contract_w_ = contract_w(signals);
  if (last_contract_w_) keep_least(min_power_headroom_w_, *last_contract_w_ - import_w);
  if (!watched_.cooling_capacity.empty()) {
    keep_least(min_cooling_headroom_w_,
               sum_of(watched_.cooling_capacity, signals) - sum_of(watched_.cooling_heat, signals));
  }
}

void KpiCollector::on_event(const EventRecord& event) {
  if (event.severity == Severity::trip) ++trips_;
}

LedgerBalance KpiCollector::balance() const {
  return open_ ? ledger_->balance(last_state_.states.data(), last_integrals_) : LedgerBalance{};
}

std::vector<StoredChange> KpiCollector::stored_changes() const {
  std::vector<StoredChange> out;
  if (!open_) return out;
  for (std::size_t u = 0; u < plant_->units().size(); ++u) {
    const Unit& unit = plant_->units()[u];
    const double now_j = unit.type->stored_energy_j(plant_->parameters(unit),
                                                    last_state_.states.data() + unit.state_at);
    const double change_j = now_j - stored_at_start_j_[u];
    const auto known = std::find_if(out.begin(), out.end(), [&](const StoredChange& line) {
      return line.component == unit.type->name;
    });
    if (known != out.end()) {
      known->change_j += change_j;
    } else if (now_j != 0.0 || stored_at_start_j_[u] != 0.0) {
      out.push_back({unit.type->name, change_j});
    }
  }
  return out;
}

std::optional<double> KpiCollector::account_total(const LedgerBalance& books,
                                                  Account account) const {
  const auto& lines = accounts_->lines();
  const bool exists = std::any_of(lines.begin(), lines.end(),
                                  [&](const AccountLine& line) { return line.account == account; });
  if (!exists) return std::nullopt;
  return books.total(account);
}

std::optional<double> KpiCollector::full_cycles() const {
  double cycles = 0.0;
  double weight = 0.0;
  for (std::size_t i = 0; i < watched_.batteries.size(); ++i) {
    const Unit& unit = plant_->units()[watched_.batteries[i]];
    const auto state = row_of(unit.type->states, "full_cycles");
    const auto energy = row_of(unit.type->parameters, "rated_energy");
    if (!state || !energy) continue;
    double energy_j = 0.0;
    std::memcpy(&energy_j, plant_->parameters(unit) + *energy * sizeof(double), sizeof(double));
    cycles += energy_j * (last_state_.states[unit.state_at + *state] - cycles_at_start_[i]);
    weight += energy_j;
  }
  if (weight == 0.0) return std::nullopt;
  return cycles / weight;
}

bool KpiCollector::limits_kept() const {
  const bool over_contract = contract_known_ && over_limit_j_ > 0.0;
  return trips_ == 0 && over_temperature_k_s_ == 0.0 && !over_contract;
}

nlohmann::ordered_json KpiCollector::figures(const WorkloadFigures& workload) const {
  const LedgerBalance books = balance();
  std::optional<double> it_j;
  std::optional<double> facility_j;
  std::optional<double> cooling_j;
  std::optional<double> grid_j;
  std::optional<double> water_kg;
  if (open_) {
    it_j = account_total(books, Account::use_it);
    cooling_j = account_total(books, Account::use_cooling);
    grid_j = account_total(books, Account::enters_grid);
    water_kg = account_total(books, Account::water_use);
    if (it_j) {
      facility_j = *it_j + books.total(Account::use_cooling) + books.total(Account::use_other) +
                   books.total(Account::use_loss);
    }
  }
  const bool worked = it_j && *it_j > 0.0;
  const auto only_if = [](bool exists, double value) {
    return exists ? std::optional(value) : std::nullopt;
  };
  const bool grid = open_ && !watched_.grids.empty();

  nlohmann::ordered_json out;
  out["duration_s"] = figure(only_if(open_, to_seconds(last_ - start_)));
  out["it_energy_mwh"] = figure(it_j, joules_per_mwh);
  out["facility_energy_mwh"] = figure(facility_j, joules_per_mwh);
  out["pue"] = figure(worked ? std::optional(*facility_j / *it_j) : std::nullopt);
  out["wue_l_per_kwh"] = figure(
      worked && water_kg ? std::optional(*water_kg / (*it_j / joules_per_kwh)) : std::nullopt);
  out["cooling_energy_mwh"] = figure(cooling_j, joules_per_mwh);
  out["grid_energy_mwh"] = figure(grid_j, joules_per_mwh);
  out["peak_grid_mw_15min"] = figure(grid ? std::optional(demand_->peak_w()) : std::nullopt, 1e6);
  out["max_ramp_mw_per_min"] = figure(only_if(grid, max_ramp_w_), 1e6);
  out["cost"] = figure(only_if(grid && grid_input_is_given("price"), cost_.total));
  out["carbon_location_t"] =
      figure(only_if(grid && grid_input_is_given("carbon"), carbon_.total), 1e3);
  out["carbon_market_t"] = nullptr;
  out["gpu_hours_served"] = figure(workload.gpu_hours_served);
  out["gpu_hours_lost"] = figure(workload.gpu_hours_lost);
  out["deadline_misses"] = nullptr;
  if (workload.deadline_misses) out["deadline_misses"] = *workload.deadline_misses;
  out["over_temperature_k_min"] =
      figure(only_if(open_ && !watched_.die_margin.empty(), over_temperature_k_s_), 60.0);
  out["over_limit_kw_s"] = figure(only_if(contract_known_, over_limit_j_), 1e3);
  out["trips"] = nullptr;
  if (open_) out["trips"] = trips_;
  out["battery_equivalent_full_cycles"] = figure(open_ ? full_cycles() : std::nullopt);
  out["min_power_headroom_mw"] = figure(min_power_headroom_w_, 1e6);
  out["min_cooling_headroom_mw"] = figure(min_cooling_headroom_w_, 1e6);
  out["energy_balance_relative_error"] = figure(only_if(open_, std::abs(books.relative_error)));
  return out;
}

}  // namespace ampacity
