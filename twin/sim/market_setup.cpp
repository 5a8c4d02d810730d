// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/market_setup.hpp"

#include "twin/inputs/market.hpp"

namespace ampacity {

namespace {

// A step-wise course as a load: held between its jumps.
class StepLoad final : public Load {
 public:
  StepLoad(std::size_t external, std::shared_ptr<const Series> series, Time start)
      : external_(external), series_(std::move(series)), next_(start) {}

  Time next_change() const override { return next_; }

  void advance(Time now, const Plant&, std::span<const double>, ExternalTable& externals,
               EventSink&) override {
    externals.hold(external_, series_->value(0, now));
    next_ = series_->next_break(now).value_or(never);
  }

  std::unique_ptr<Load> clone() const override { return std::make_unique<StepLoad>(*this); }

 private:
  std::size_t external_;
  std::shared_ptr<const Series> series_;
  Time next_;
};

void add_steps(RunContext& run, const std::string& path, Series series) {
  const auto number = run.external(path);
  if (!number) return;
  series.require_range(run.from, run.to);
  auto shared = std::make_shared<const Series>(std::move(series));
  run.setup.loads.push_back(std::make_unique<StepLoad>(*number, std::move(shared), run.from));
}

void note_default(RunContext& run, const char* path, const char* key) {
  const Setting& setting = run.site.setting(key);
  if (setting.given || !run.external(path)) return;
  run.setup.notices.push_back(std::string(key) + ": " + setting.text + " (default, assumed)");
}

// One value, or 24 by local hour over the days of the run.
void add_hours(RunContext& run, const std::string& path, const Setting& setting) {
  if (setting.values.size() < 2) {
    run.hold(path, setting.value);
    return;
  }
  std::vector<Time> times;
  std::vector<double> rows;
  const TimeZone& zone = run.site.zone;
  for (Time t = zone.start_of_day(run.from); t <= run.to + hours(1); t += hours(1)) {
    times.push_back(t);
    rows.push_back(setting.values[static_cast<std::size_t>(zone.local(t).hour)]);
  }
  add_steps(run, path, Series(path, Interpolation::step, {{path, ""}}, times, rows, hours(1)));
}

void set_price(RunContext& run, const MarketOptions& options) {
  const std::filesystem::path file = run.file("price", run.inputs.price, "economy.price_file");
  if (file.empty()) {
    note_default(run, "grid/price", "economy.price");
    add_hours(run, "grid/price", run.site.setting("economy.price"));
    return;
  }
  PriceData data = read_price(file, options);
  run.note(data.notices);
  if (data.currency != run.word("site.currency")) {
    throw ConfigurationError({file.string(), 1, 0}, "",
                             "prices in " + data.currency + " for a site that counts in " +
                                 run.word("site.currency") + " (set site.currency)");
  }
  add_steps(run, "grid/price", std::move(data.price));
}

void set_carbon(RunContext& run, const MarketOptions& options) {
  const std::filesystem::path file = run.file("carbon", run.inputs.carbon, "economy.carbon_file");
  if (file.empty()) {
    note_default(run, "grid/carbon", "economy.carbon");
    add_hours(run, "grid/carbon", run.site.setting("economy.carbon"));
    return;
  }
  CarbonData data = read_carbon(file, CarbonBasis::direct, options);
  run.note(data.notices);
  add_steps(run, "grid/carbon", std::move(data.intensity));
}

}  // namespace

void set_market(RunContext& run) {
  MarketOptions options;
  options.zone = run.site.zone;
  set_price(run, options);
  set_carbon(run, options);
  run.hold("grid/contract", run.value("economy.contract"));
  run.hold("grid/export_limit", run.value("economy.export_limit"));
}

}  // namespace ampacity
