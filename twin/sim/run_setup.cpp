// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/run_setup.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "twin/components/clear_sky.hpp"
#include "twin/components/liquid_rack.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/sun.hpp"
#include "twin/inputs/job_log.hpp"
#include "twin/inputs/market.hpp"
#include "twin/inputs/trace.hpp"
#include "twin/inputs/weather.hpp"
#include "twin/site/site_checks.hpp"
#include "twin/workload/generator.hpp"
#include "twin/workload/log_jobs.hpp"

namespace ampacity {

namespace {

using psychrometrics::humidity_ratio_from_wet_bulb;
using psychrometrics::molar_mass_ratio;
using psychrometrics::saturation_pressure_pa;
using psychrometrics::standard_atmosphere_pa;
using psychrometrics::wet_bulb_k;

constexpr double grid_step_s =
    60.0;  // of weather and sun: a minute moves the sun by a quarter degree

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

class Preparer {
 public:
  Preparer(const SiteDescription& site, const Assembly& assembly, const RunInputs& inputs,
           Time from, Time to)
      : site_(site),
        assembly_(assembly),
        inputs_(inputs),
        from_(from),
        to_(to),
        out_{ExternalTable(assembly.plant.externals().size()), {}, {}, {}, nullptr} {
    for (std::size_t i = 0; i < assembly.plant.externals().size(); ++i) {
      index_[assembly.plant.externals()[i].path] = i;
    }
  }

  RunSetup run() {
    make_grid();
    read_trace_file();
    set_weather();
    set_market();
    set_work();
    return std::move(out_);
  }

 private:
  // --- plain helpers
  // ------------------------------------------------------------------------------------------------------------

  double value(const char* key) const { return site_.setting(key).value; }
  const std::string& word(const char* key) const { return site_.setting(key).text; }

  // A file that an option names, or a setting: relative to where the setting was written.
  std::filesystem::path file(const char* role, const std::filesystem::path& option,
                             const char* key) {
    if (option.empty()) {
      if (auto finding = missing_file(site_, key)) throw ConfigurationError({std::move(*finding)});
    }
    const std::filesystem::path path = option.empty() ? site_.setting(key).file() : option;
    if (!path.empty()) out_.files.push_back({role, path});
    return path;
  }

  void note(const std::vector<Notice>& notices) {
    for (const Notice& notice : notices) out_.notices.push_back(notice.text());
  }

  bool wanted(const std::string& path) const { return index_.contains(path); }

  void follow(const std::string& path, std::vector<double> values) {
    if (wanted(path)) out_.externals.follow(index_.at(path), grid_, std::move(values));
  }

  void make_grid() {
    const double length_s = to_seconds(to_ - from_);
    const auto steps = static_cast<std::size_t>(std::ceil(length_s / grid_step_s));
    std::vector<double> times_s;
    for (std::size_t i = 0; i < steps; ++i) {
      times_s.push_back(grid_step_s * static_cast<double>(i));
    }
    times_s.push_back(length_s);
    for (const double t_s : times_s) times_.push_back(from_ + seconds(t_s));
    grid_ = out_.externals.add_grid(times_s);
  }

  template <class Law>
  std::vector<double> on_grid(const Law& law) const {
    std::vector<double> values;
    values.reserve(times_.size());
    for (std::size_t i = 0; i < times_.size(); ++i) values.push_back(law(i));
    return values;
  }

  // --- weather and sun
  // ----------------------------------------------------------------------------------------------------------

  // Share of the day's swing at an hour of local standard time: 1 at the hottest, 0 twelve hours
  // away.
  double swing(Time t) const {
    const double hour = to_seconds(t + standard_offset() - Time{}) / 3600.0;
    const double angle = (hour - value("weather.hottest_hour")) / 24.0 * 2.0 * std::numbers::pi;
    return 0.5 * (1.0 + std::cos(angle));
  }

  void set_weather() {
    const GeographicPlace place{value("site.latitude") * std::numbers::pi / 180.0,
                                value("site.longitude") * std::numbers::pi / 180.0,
                                value("site.altitude")};
    const std::filesystem::path path = file("weather", inputs_.weather, "weather.file");
    std::vector<double> dry;
    std::vector<double> wet;
    std::vector<double> pressure;
    std::vector<double> wind;
    std::array<std::vector<double>, 3> irradiance;  // global, direct, diffuse
    if (path.empty()) {
      dry = on_grid([&](std::size_t i) {
        return value("weather.dry_bulb_max") -
               value("weather.dry_bulb_range") * (1.0 - swing(times_[i]));
      });
      wet = on_grid([&](std::size_t i) {
        const double design = value("weather.wet_bulb_max") -
                              value("weather.wet_bulb_range") * (1.0 - swing(times_[i]));
        return std::min(design, dry[i]);
      });
      pressure = on_grid([&](std::size_t) { return standard_atmosphere_pa(place.altitude_m); });
      wind = on_grid([&](std::size_t) { return value("weather.wind_speed"); });
      for (auto& values : irradiance) values.resize(times_.size());
      for (std::size_t i = 0; i < times_.size(); ++i) {
        const Irradiance sky = clear_sky(times_[i], place, value("weather.linke_turbidity"));
        irradiance[0][i] = sky.global_w_m2;
        irradiance[1][i] = sky.direct_w_m2;
        irradiance[2][i] = sky.diffuse_w_m2;
      }
      if (!site_.setting("weather.dry_bulb_max").given && !trace_wet_bulb_) {
        out_.notices.emplace_back("weather: the default design day (assumed)");
      }
    } else {
      read_weather_file(path, place, dry, wet, pressure, wind, irradiance);
    }
    if (trace_wet_bulb_ && !inputs_.weather.empty()) {
      out_.notices.push_back("weather: wet bulb from " + path.string() +
                             "; that of the trace is not used");
    } else if (trace_wet_bulb_) {
      take_wet_bulb_of_trace(path.empty(), dry, wet);
    }
    follow("weather/humidity_ratio", on_grid([&](std::size_t i) {
             return std::max(humidity_ratio_from_wet_bulb(dry[i], wet[i], pressure[i]), 1e-5);
           }));
    follow("weather/dry_bulb", std::move(dry));
    follow("weather/wet_bulb", std::move(wet));
    follow("weather/pressure", std::move(pressure));
    follow("weather/wind_speed", std::move(wind));
    follow("weather/global_irradiance", std::move(irradiance[0]));
    follow("weather/direct_irradiance", std::move(irradiance[1]));
    follow("weather/diffuse_irradiance", std::move(irradiance[2]));
    follow("sun/extraterrestrial_irradiance",
           on_grid([&](std::size_t i) { return extraterrestrial_w_m2(times_[i]); }));
    follow("sun/apparent_zenith", on_grid([&](std::size_t i) {
             return sun_position(times_[i], place).apparent_zenith_rad;
           }));
    // Unwound, so that a polyline may pass north.
    double turns = 0.0;
    double last = 0.0;
    follow("sun/azimuth", on_grid([&](std::size_t i) {
             const double azimuth = sun_position(times_[i], place).azimuth_rad;
             if (i > 0 && azimuth - last < -std::numbers::pi) turns += 2.0 * std::numbers::pi;
             if (i > 0 && azimuth - last > std::numbers::pi) turns -= 2.0 * std::numbers::pi;
             last = azimuth;
             return azimuth + turns;
           }));
  }

  // Wet bulb as measured with the trace. A dry bulb of the design day keeps its distance from it;
  // one from a file stands, and no wet bulb lies above it.
  void take_wet_bulb_of_trace(bool design_day, std::vector<double>& dry, std::vector<double>& wet) {
    const double depression = value("weather.dry_bulb_max") - value("weather.wet_bulb_max");
    wet = on_grid([&](std::size_t i) { return trace_wet_bulb_->value(0, clamped(i)); });
    if (design_day) {
      dry = on_grid([&](std::size_t i) { return wet[i] + std::max(depression, 0.0); });
      out_.notices.emplace_back(
          "weather: wet bulb from the trace; dry bulb kept at the design day's distance from it "
          "(assumed)");
      return;
    }
    std::size_t lowered = 0;
    for (std::size_t i = 0; i < wet.size(); ++i) {
      if (wet[i] <= dry[i]) continue;
      wet[i] = dry[i];
      ++lowered;
    }
    out_.notices.push_back("weather: wet bulb from the trace, the rest from the weather file; " +
                           std::to_string(lowered) + " of " + std::to_string(wet.size()) +
                           " minutes lay above the dry bulb and were lowered to it");
  }

  void read_weather_file(const std::filesystem::path& path, const GeographicPlace& place,
                         std::vector<double>& dry, std::vector<double>& wet,
                         std::vector<double>& pressure, std::vector<double>& wind,
                         std::array<std::vector<double>, 3>& irradiance) {
    WeatherOptions options;
    options.utc_offset = standard_offset();
    options.zone = site_.zone;
    options.pressure_pa = standard_atmosphere_pa(place.altitude_m);
    const WeatherFile weather_file = read_weather(path, options);
    note(weather_file.notices());
    const Weather weather = weather_file.between(from_, times_.back());
    const auto course = [&](const Series& series) {
      SeriesCursor cursor(series);
      return on_grid([&](std::size_t i) { return cursor.value(0, times_[i]); });
    };
    dry = course(weather.dry_bulb_k);
    pressure = weather.pressure_pa.empty()
                   ? on_grid([&](std::size_t) { return *options.pressure_pa; })
                   : course(weather.pressure_pa);
    wind = weather.wind_m_s.empty()
               ? on_grid([&](std::size_t) { return value("weather.wind_speed"); })
               : course(weather.wind_m_s);
    if (!weather.wet_bulb_k.empty()) {
      wet = course(weather.wet_bulb_k);
    } else {
      const bool by_dew_point = !weather.dew_point_k.empty();
      const std::vector<double> moisture =
          course(by_dew_point ? weather.dew_point_k : weather.relative_humidity);
      wet = on_grid([&](std::size_t i) {
        const double vapour = by_dew_point ? saturation_pressure_pa(moisture[i])
                                           : moisture[i] * saturation_pressure_pa(dry[i]);
        const double ratio = molar_mass_ratio * vapour / (pressure[i] - vapour);
        return wet_bulb_k(dry[i], ratio, pressure[i]);
      });
    }
    irradiance[0] = weather.ghi_w_m2.empty() ? std::vector<double>(times_.size(), 0.0)
                                             : course(weather.ghi_w_m2);
    if (weather.ghi_w_m2.empty()) {
      out_.notices.push_back(path.string() + ": no irradiance; photovoltaics give nothing");
    }
    const bool direct = !weather.dni_w_m2.empty();
    const bool diffuse = !weather.dhi_w_m2.empty();
    if (direct) irradiance[1] = course(weather.dni_w_m2);
    if (diffuse) irradiance[2] = course(weather.dhi_w_m2);
    if (direct && diffuse) return;
    irradiance[1].resize(times_.size());
    irradiance[2].resize(times_.size());
    for (std::size_t i = 0; i < times_.size(); ++i) {
      const SunPosition sun = sun_position(times_[i], place);
      if (direct) {
        const double beam = irradiance[1][i] * std::max(std::cos(sun.zenith_rad), 0.0);
        irradiance[2][i] = std::max(irradiance[0][i] - beam, 0.0);
      } else {
        const Irradiance parts =
            decompose_global(irradiance[0][i], sun.zenith_rad, extraterrestrial_w_m2(times_[i]));
        irradiance[1][i] = parts.direct_w_m2;
        irradiance[2][i] = parts.diffuse_w_m2;
      }
    }
  }

  // Weather files count in standard time: the zone's offset in January (north) or July (south),
  // whichever is less.
  Duration standard_offset() const {
    const int year = site_.zone.local(from_).year;
    const auto offset = [&](int month) {
      LocalTime local;
      local.year = year;
      local.month = month;
      local.hour = 12;
      const Result<Time> t = site_.zone.to_utc(local);
      return t ? site_.zone.utc_offset(t.value()) : Duration{};
    };
    return std::min(offset(1), offset(7));
  }

  // --- money
  // --------------------------------------------------------------------------------------------------------------------

  void add_steps(const std::string& path, Series series) {
    if (!wanted(path)) return;
    series.require_range(from_, to_);
    auto shared = std::make_shared<const Series>(std::move(series));
    out_.loads.push_back(std::make_unique<StepLoad>(index_.at(path), std::move(shared), from_));
  }

  // One value, or 24 by local hour over the days of the run.
  void add_hours(const std::string& path, const Setting& setting) {
    if (!wanted(path)) return;
    if (setting.values.size() < 2) {
      out_.externals.hold(index_.at(path), setting.value);
      return;
    }
    std::vector<Time> times;
    std::vector<double> rows;
    const Time first = site_.zone.start_of_day(from_);
    for (Time t = first; t <= to_ + hours(1); t += hours(1)) {
      times.push_back(t);
      rows.push_back(setting.values[static_cast<std::size_t>(site_.zone.local(t).hour)]);
    }
    add_steps(path, Series(path, Interpolation::step, {{path, ""}}, times, rows, hours(1)));
  }

  void set_market() {
    MarketOptions options;
    options.zone = site_.zone;
    const std::filesystem::path price = file("price", inputs_.price, "economy.price_file");
    if (price.empty()) {
      add_hours("grid/price", site_.setting("economy.price"));
    } else {
      PriceData data = read_price(price, options);
      note(data.notices);
      if (data.currency != word("site.currency")) {
        throw ConfigurationError({price.string(), 1, 0}, "",
                                 "prices in " + data.currency + " for a site that counts in " +
                                     word("site.currency") + " (set site.currency)");
      }
      add_steps("grid/price", std::move(data.price));
    }
    const std::filesystem::path carbon = file("carbon", inputs_.carbon, "economy.carbon_file");
    if (carbon.empty()) {
      add_hours("grid/carbon", site_.setting("economy.carbon"));
    } else {
      CarbonData data = read_carbon(carbon, CarbonBasis::direct, options);
      note(data.notices);
      add_steps("grid/carbon", std::move(data.intensity));
    }
    for (const char* key : {"contract", "export_limit"}) {
      const std::string path = std::string("grid/") + key;
      if (wanted(path)) {
        out_.externals.hold(index_.at(path), value((std::string("economy.") + key).c_str()));
      }
    }
  }

  // --- work
  // ---------------------------------------------------------------------------------------------------------------------

  // What the workload must know of a rack, from its parameters.
  struct RackFacts {
    double full_w;
    double idle_w;
    int gpus;
    double capture;
    PowerChain chain;
  };

  RackFacts facts(const RackSlot& slot) const {
    const Unit& unit = assembly_.plant.units()[slot.unit];
    const UnitDescription& description = *site_.find(unit.path);
    const auto parameter = [&](const std::string& name) {
      for (std::size_t i = 0; i < unit.type->parameters.size(); ++i) {
        if (name == unit.type->parameters[i].name) return description.parameters[i];
      }
      AMPACITY_ASSERT(false, "racks of all kinds have these parameters");
      return 0.0;
    };
    RackFacts out{};
    out.full_w = parameter("rated_power");
    out.idle_w = value("workload.idle_share") * out.full_w;
    out.gpus = static_cast<int>(parameter("gpu_count"));
    out.capture = slot.island.empty() ? 1.0 : parameter("capture");
    out.chain = {parameter("converter_count"),      parameter("converter_loss"),
                 parameter("converter_efficiency"), parameter("auxiliary_power"),
                 parameter("rectifier_count"),      parameter("rectifier_loss"),
                 parameter("rectifier_efficiency"), parameter("rectifier_curvature")};
    return out;
  }

  Time clamped(std::size_t i) const {
    return std::clamp(times_[i], trace_.power_w.start(), trace_.power_w.end());
  }

  bool uses_trace() const {
    if (!inputs_.heat.empty() || !inputs_.power.empty()) return true;
    return inputs_.jobs.empty() && word("workload.source") == "trace";
  }

  void read_trace_file() {
    if (!uses_trace()) return;
    const bool power = !inputs_.power.empty();
    const std::filesystem::path path =
        file(power ? "power" : "heat", power ? inputs_.power : inputs_.heat, "workload.file");
    if (path.empty()) {
      throw ConfigurationError(site_.setting("workload.source").place, "workload.file",
                               "missing: a trace of heat or power (or give --heat)");
    }
    TraceOptions options;
    options.start = from_;
    options.zone = site_.zone;
    trace_ = read_trace(path, options);
    note(trace_.notices);
    trace_.power_w.require_range(from_, to_);
    if (!trace_.wet_bulb_k.empty()) trace_wet_bulb_ = trace_.wet_bulb_k;
  }

  void set_work() {
    if (uses_trace()) {
      follow_trace();
      return;
    }
    const std::string& source = word("workload.source");
    if (!inputs_.jobs.empty() || source == "jobs") {
      run_jobs(log_jobs());
    } else if (source == "generator") {
      run_jobs(generated_jobs());
    } else {
      for (const RackSlot& slot : assembly_.racks) hold_share(slot, facts(slot));
    }
  }

  // Constant work.
  void hold_share(const RackSlot& slot, const RackFacts& rack) {
    const double share = value("workload.utilisation");
    out_.externals.hold(slot.demand, rack.idle_w + share * (rack.full_w - rack.idle_w));
  }

  void follow_trace() {
    std::vector<std::string> islands;
    for (const RackSlot& slot : assembly_.racks) {
      if (!slot.island.empty() &&
          std::find(islands.begin(), islands.end(), slot.island) == islands.end()) {
        islands.push_back(slot.island);
      }
    }
    const Series& series = trace_.power_w;
    const std::size_t channels = trace_.units.size();
    const bool by_island = channels == islands.size();
    if (!by_island && channels != assembly_.racks.size()) {
      throw ConfigurationError({series.source(), 1, 0}, "",
                               std::to_string(channels) + " columns for a site of " +
                                   std::to_string(islands.size()) + " islands and " +
                                   std::to_string(assembly_.racks.size()) +
                                   " racks (one column per island or per rack is wanted)");
    }
    const std::vector<Time>& times = series.times();
    std::vector<double> seconds_s;
    for (Time t : times) seconds_s.push_back(to_seconds(t - from_));
    const std::size_t grid = out_.externals.add_grid(seconds_s);
    const bool heat = inputs_.power.empty();
    bool left_out = false;
    for (std::size_t r = 0; r < assembly_.racks.size(); ++r) {
      const RackSlot& slot = assembly_.racks[r];
      const RackFacts rack = facts(slot);
      std::size_t number = r + 1;
      double share = 1.0;
      if (by_island && slot.island.empty()) {
        hold_share(slot, rack);
        left_out = true;
        continue;
      }
      if (by_island) {
        const auto island = std::find(islands.begin(), islands.end(), slot.island);
        number = static_cast<std::size_t>(island - islands.begin()) + 1;
        share = 1.0 / static_cast<double>(std::count_if(
                          assembly_.racks.begin(), assembly_.racks.end(),
                          [&](const RackSlot& other) { return other.island == slot.island; }));
      }
      const auto column =
          std::find(trace_.units.begin(), trace_.units.end(), static_cast<int>(number));
      if (column == trace_.units.end()) {
        throw ConfigurationError(
            {series.source(), 1, 0}, "",
            "no column for number " + std::to_string(number) + " (numbers run from 1)");
      }
      const auto at = static_cast<std::size_t>(column - trace_.units.begin());
      std::vector<double> demand;
      demand.reserve(times.size());
      for (std::size_t i = 0; i < times.size(); ++i) {
        const double power_w = share * series.at(i, at) / (heat ? rack.capture : 1.0);
        demand.push_back(std::max(chain_output(rack.chain, power_w), 0.0));
      }
      out_.externals.follow(slot.demand, grid, std::move(demand));
    }
    if (left_out) {
      out_.notices.push_back(series.source() +
                             ": has a column per island; air-cooled racks draw the constant share "
                             "of workload.utilisation");
    }
  }

  std::vector<Job> log_jobs() {
    const std::filesystem::path path = file("jobs", inputs_.jobs, "workload.file");
    if (path.empty()) {
      throw ConfigurationError(site_.setting("workload.source").place, "workload.file",
                               "missing: a job log (or give --jobs)");
    }
    JobLogOptions options;
    options.zone = site_.zone;
    options.origin = from_ - seconds(value("workload.log_offset"));
    JobLog log = read_job_log(path, options);
    note(log.notices);
    std::erase_if(log.jobs, [&](const JobRecord& job) { return job.submit >= to_; });
    return jobs_from_log(log.jobs, inputs_.seed, static_cast<int>(value("workload.gpus_per_node")));
  }

  int total_gpus() const {
    int total = 0;
    for (const RackSlot& slot : assembly_.racks) total += facts(slot).gpus;
    return total;
  }

  std::vector<Job> generated_jobs() const {
    GeneratorOptions options;
    options.seed = inputs_.seed;
    options.from = from_ - days(8);
    options.to = to_;
    options.site_gpus = total_gpus();
    options.gpus_per_node = static_cast<int>(value("workload.gpus_per_node"));
    options.utilisation = value("workload.utilisation");
    return generate_jobs(options);
  }

  void run_jobs(std::vector<Job> jobs) {
    std::vector<RackGpus> racks;
    for (const RackSlot& slot : assembly_.racks) {
      const RackFacts rack = facts(slot);
      racks.push_back(
          {assembly_.plant.units()[slot.unit].path, rack.gpus, rack.idle_w, rack.full_w});
    }
    const bool phases = word("workload.resolution") == "phases";
    out_.manager = std::make_shared<const JobManager>(
        std::move(racks), static_cast<int>(value("workload.gpus_per_node")), std::move(jobs),
        phases ? Resolution::phases : Resolution::average);
    out_.loads.push_back(std::make_unique<JobLoad>(out_.manager, assembly_.racks, from_,
                                                   seconds(value("workload.gather"))));
  }

  const SiteDescription& site_;
  const Assembly& assembly_;
  const RunInputs& inputs_;
  Time from_;
  Time to_;
  RunSetup out_;
  std::map<std::string, std::size_t> index_;
  std::vector<Time> times_;
  std::size_t grid_ = 0;
  UnitTrace trace_;
  std::optional<Series> trace_wet_bulb_;
};

// Failures of jobs are everyday; a gang that lost its rack is the plant's doing.
Severity severity_of(const JobEvent& event) {
  const bool rack_lost = event.kind == JobEventKind::requeued && event.rack >= 0;
  return rack_lost ? Severity::warning : Severity::information;
}

}  // namespace

JobLoad::JobLoad(std::shared_ptr<const JobManager> manager, std::vector<RackSlot> slots, Time start,
                 Duration gather)
    : manager_(std::move(manager)),
      slots_(std::move(slots)),
      state_(manager_->initial(start)),
      start_(start),
      gather_(gather),
      reports_(slots_.size()) {}

Time JobLoad::next_change() const {
  if (!started_) return state_.now();
  Time next = manager_->next_event(state_);
  // While racks are throttled their share changes without an event of its own.
  if (disturbed_) next = std::min(next, state_.now() + seconds(30.0));
  if (gather_.ns <= 0 || next == never) return next;
  const std::int64_t steps = ((next - start_).ns + gather_.ns - 1) / gather_.ns;
  return start_ + gather_ * steps;
}

void JobLoad::advance(Time now, const Plant& plant, std::span<const double> signals,
                      ExternalTable& externals, EventSink& events) {
  disturbed_ = false;
  for (std::size_t r = 0; started_ && r < slots_.size(); ++r) {
    const Unit& unit = plant.units()[slots_[r].unit];
    double delivered = 1.0;
    for (std::size_t i = 0; i < unit.type->outputs.size(); ++i) {
      if (std::string_view(unit.type->outputs[i].name) == "delivered") {
        delivered = signals[unit.output_at + i];
      }
    }
    reports_[r].available = delivered > 1e-3;
    reports_[r].delivered = std::clamp(delivered, 0.0, 1.0);
    if (delivered < 0.999) disturbed_ = true;
  }
  started_ = true;
  std::vector<JobEvent> happened;
  manager_->advance(state_, now, reports_, happened);
  for (const JobEvent& event : happened) {
    if (event.kind == JobEventKind::checkpoint) continue;  // too many to tell
    const Time seen = gather_.ns > 0 ? now : event.time;
    events.on_event({seen, severity_of(event), "workload", manager_->text(event)});
  }
  const std::span<const double> demand = manager_->demand_w(state_);
  for (std::size_t r = 0; r < slots_.size(); ++r) externals.hold(slots_[r].demand, demand[r]);
}

RunSetup prepare_run(const SiteDescription& site, const Assembly& assembly, const RunInputs& inputs,
                     Time from, Time to) {
  return Preparer(site, assembly, inputs, from, to).run();
}

}  // namespace ampacity
