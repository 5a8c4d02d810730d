// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/weather_setup.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "twin/components/clear_sky.hpp"
#include "twin/components/psychrometrics.hpp"
#include "twin/components/sun.hpp"
#include "twin/inputs/weather.hpp"

namespace ampacity {

namespace {

using psychrometrics::humidity_ratio_from_wet_bulb;
using psychrometrics::molar_mass_ratio;
using psychrometrics::saturation_pressure_pa;
using psychrometrics::standard_atmosphere_pa;
using psychrometrics::wet_bulb_k;

// One value per instant of the grid.
struct WeatherCourses {
  std::vector<double> dry_bulb_k;
  std::vector<double> wet_bulb_k;
  std::vector<double> pressure_pa;
  std::vector<double> wind_m_s;
  std::vector<double> global_w_m2;
  std::vector<double> direct_w_m2;
  std::vector<double> diffuse_w_m2;
};

GeographicPlace place_of(const RunContext& run) {
  return {run.value("site.latitude") * std::numbers::pi / 180.0,
          run.value("site.longitude") * std::numbers::pi / 180.0, run.value("site.altitude")};
}

Duration standard_offset(const RunContext& run) {
  const TimeZone& zone = run.site.zone;
  const int year = zone.local(run.from).year;
  const auto offset = [&](int month) {
    LocalTime local;
    local.year = year;
    local.month = month;
    local.hour = 12;
    const Result<Time> t = zone.to_utc(local);
    return t ? zone.utc_offset(t.value()) : Duration{};
  };
  return std::min(offset(1), offset(7));
}

// Share of the day's swing: 1 at the hottest hour, 0 twelve hours away.
double swing(const RunContext& run, Time t) {
  const double hour = to_seconds(t + standard_offset(run) - Time{}) / 3600.0;
  const double angle = (hour - run.value("weather.hottest_hour")) / 24.0 * 2.0 * std::numbers::pi;
  return 0.5 * (1.0 + std::cos(angle));
}

WeatherCourses design_day(const RunContext& run) {
  const GeographicPlace place = place_of(run);
  WeatherCourses day;
  day.dry_bulb_k = run.on_grid([&](std::size_t i) {
    return run.value("weather.dry_bulb_max") -
           run.value("weather.dry_bulb_range") * (1.0 - swing(run, run.times[i]));
  });
  day.wet_bulb_k = run.on_grid([&](std::size_t i) {
    const double design = run.value("weather.wet_bulb_max") -
                          run.value("weather.wet_bulb_range") * (1.0 - swing(run, run.times[i]));
    return std::min(design, day.dry_bulb_k[i]);
  });
  day.pressure_pa =
      run.on_grid([&](std::size_t) { return standard_atmosphere_pa(place.altitude_m); });
  day.wind_m_s = run.on_grid([&](std::size_t) { return run.value("weather.wind_speed"); });
  for (const Time t : run.times) {
    const Irradiance sky = clear_sky(t, place, run.value("weather.linke_turbidity"));
    day.global_w_m2.push_back(sky.global_w_m2);
    day.direct_w_m2.push_back(sky.direct_w_m2);
    day.diffuse_w_m2.push_back(sky.diffuse_w_m2);
  }
  return day;
}

std::vector<double> on_grid(const RunContext& run, const Series& series) {
  SeriesCursor cursor(series);
  return run.on_grid([&](std::size_t i) { return cursor.value(0, run.times[i]); });
}

std::vector<double> wet_bulb_from_moisture(const RunContext& run, const Weather& weather,
                                           const WeatherCourses& courses) {
  const bool by_dew_point = !weather.dew_point_k.empty();
  const std::vector<double> moisture =
      on_grid(run, by_dew_point ? weather.dew_point_k : weather.relative_humidity);
  return run.on_grid([&](std::size_t i) {
    const double dry_k = courses.dry_bulb_k[i];
    const double pressure_pa = courses.pressure_pa[i];
    const double vapour_pa = by_dew_point ? saturation_pressure_pa(moisture[i])
                                          : moisture[i] * saturation_pressure_pa(dry_k);
    const double ratio = molar_mass_ratio * vapour_pa / (pressure_pa - vapour_pa);
    return wet_bulb_k(dry_k, ratio, pressure_pa);
  });
}

void take_irradiance(const RunContext& run, const Weather& weather, WeatherCourses& courses) {
  const GeographicPlace place = place_of(run);
  courses.global_w_m2 = weather.ghi_w_m2.empty() ? std::vector<double>(run.times.size(), 0.0)
                                                 : on_grid(run, weather.ghi_w_m2);
  const bool direct = !weather.dni_w_m2.empty();
  const bool diffuse = !weather.dhi_w_m2.empty();
  if (direct) courses.direct_w_m2 = on_grid(run, weather.dni_w_m2);
  if (diffuse) courses.diffuse_w_m2 = on_grid(run, weather.dhi_w_m2);
  if (direct && diffuse) return;
  courses.direct_w_m2.resize(run.times.size());
  courses.diffuse_w_m2.resize(run.times.size());
  for (std::size_t i = 0; i < run.times.size(); ++i) {
    const double global_w_m2 = courses.global_w_m2[i];
    const double zenith_rad = sun_position(run.times[i], place).zenith_rad;
    if (direct) {
      const double beam_w_m2 = courses.direct_w_m2[i] * std::max(std::cos(zenith_rad), 0.0);
      courses.diffuse_w_m2[i] = std::max(global_w_m2 - beam_w_m2, 0.0);
    } else {
      const Irradiance parts =
          decompose_global(global_w_m2, zenith_rad, extraterrestrial_w_m2(run.times[i]));
      courses.direct_w_m2[i] = parts.direct_w_m2;
      courses.diffuse_w_m2[i] = parts.diffuse_w_m2;
    }
  }
}

WeatherCourses weather_of_file(RunContext& run, const std::filesystem::path& path) {
  const double standard_pa = standard_atmosphere_pa(run.value("site.altitude"));
  WeatherOptions options;
  options.utc_offset = standard_offset(run);
  options.zone = run.site.zone;
  options.pressure_pa = standard_pa;
  const WeatherFile file = read_weather(path, options);
  run.note(file.notices());
  const Weather weather = file.between(run.from, run.times.back());
  WeatherCourses courses;
  courses.dry_bulb_k = on_grid(run, weather.dry_bulb_k);
  courses.pressure_pa = weather.pressure_pa.empty()
                            ? run.on_grid([&](std::size_t) { return standard_pa; })
                            : on_grid(run, weather.pressure_pa);
  courses.wind_m_s = weather.wind_m_s.empty()
                         ? run.on_grid([&](std::size_t) { return run.value("weather.wind_speed"); })
                         : on_grid(run, weather.wind_m_s);
  courses.wet_bulb_k = weather.wet_bulb_k.empty() ? wet_bulb_from_moisture(run, weather, courses)
                                                  : on_grid(run, weather.wet_bulb_k);
  if (weather.ghi_w_m2.empty()) {
    run.setup.notices.push_back(path.string() + ": no irradiance; photovoltaics give nothing");
  }
  take_irradiance(run, weather, courses);
  return courses;
}

// Wet bulb as measured with the trace. A dry bulb of the design day keeps its distance from it;
// one from a file stands, and no wet bulb lies above it.
void take_wet_bulb(RunContext& run, const UnitTrace& trace, bool design_day,
                   WeatherCourses& courses) {
  std::vector<double>& dry_k = courses.dry_bulb_k;
  std::vector<double>& wet_k = courses.wet_bulb_k;
  wet_k = run.on_grid([&](std::size_t i) {
    const Time t = std::clamp(run.times[i], trace.power_w.start(), trace.power_w.end());
    return trace.wet_bulb_k.value(0, t);
  });
  if (design_day) {
    const double depression_k =
        run.value("weather.dry_bulb_max") - run.value("weather.wet_bulb_max");
    dry_k = run.on_grid([&](std::size_t i) { return wet_k[i] + std::max(depression_k, 0.0); });
    run.setup.notices.emplace_back(
        "weather: wet bulb from the trace; dry bulb kept at the design day's distance from it "
        "(assumed)");
    return;
  }
  std::size_t lowered = 0;
  for (std::size_t i = 0; i < wet_k.size(); ++i) {
    if (wet_k[i] <= dry_k[i]) continue;
    wet_k[i] = dry_k[i];
    ++lowered;
  }
  run.setup.notices.push_back("weather: wet bulb from the trace, the rest from the weather file; " +
                              std::to_string(lowered) + " of " + std::to_string(wet_k.size()) +
                              " minutes lay above the dry bulb and were lowered to it");
}

void follow(RunContext& run, WeatherCourses courses) {
  run.follow("weather/humidity_ratio", run.on_grid([&](std::size_t i) {
    return std::max(humidity_ratio_from_wet_bulb(courses.dry_bulb_k[i], courses.wet_bulb_k[i],
                                                 courses.pressure_pa[i]),
                    1e-5);
  }));
  run.follow("weather/dry_bulb", std::move(courses.dry_bulb_k));
  run.follow("weather/wet_bulb", std::move(courses.wet_bulb_k));
  run.follow("weather/pressure", std::move(courses.pressure_pa));
  run.follow("weather/wind_speed", std::move(courses.wind_m_s));
  run.follow("weather/global_irradiance", std::move(courses.global_w_m2));
  run.follow("weather/direct_irradiance", std::move(courses.direct_w_m2));
  run.follow("weather/diffuse_irradiance", std::move(courses.diffuse_w_m2));
}

}  // namespace

void set_weather(RunContext& run, const std::optional<UnitTrace>& trace) {
  const std::filesystem::path path = run.file("weather", run.inputs.weather, "weather.file");
  const bool measured = trace && !trace->wet_bulb_k.empty();
  WeatherCourses courses = path.empty() ? design_day(run) : weather_of_file(run, path);
  if (path.empty() && !measured && !run.site.setting("weather.dry_bulb_max").given) {
    run.setup.notices.emplace_back("weather: the default design day (assumed)");
  }
  if (measured && !run.inputs.weather.empty()) {
    run.setup.notices.push_back("weather: wet bulb from " + path.string() +
                                "; that of the trace is not used");
  } else if (measured) {
    take_wet_bulb(run, *trace, path.empty(), courses);
  }
  follow(run, std::move(courses));
}

void set_sun(RunContext& run) {
  const GeographicPlace place = place_of(run);
  run.follow("sun/extraterrestrial_irradiance",
             run.on_grid([&](std::size_t i) { return extraterrestrial_w_m2(run.times[i]); }));
  run.follow("sun/apparent_zenith", run.on_grid([&](std::size_t i) {
    return sun_position(run.times[i], place).apparent_zenith_rad;
  }));
  double turns = 0.0;
  double last = 0.0;
  run.follow("sun/azimuth", run.on_grid([&](std::size_t i) {
    const double azimuth = sun_position(run.times[i], place).azimuth_rad;
    if (i > 0 && azimuth - last < -std::numbers::pi) turns += 2.0 * std::numbers::pi;
    if (i > 0 && azimuth - last > std::numbers::pi) turns -= 2.0 * std::numbers::pi;
    last = azimuth;
    return azimuth + turns;
  }));
}

}  // namespace ampacity
