// SPDX-License-Identifier: Apache-2.0
// Power by source, by use and of the cooling machines; grid import against its windows; PUE.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "app/report/sections.hpp"
#include "app/report/text.hpp"

namespace ampacity::report {

namespace {

// Something that is summed over its units and shown as one colour.
struct Part {
  const char* variable;
  const char* label;
  const char* tone;
  double sign = 1.0;
};

constexpr std::array sources{
    Part{"smr_power", "reactor", "t-smr"}, Part{"grid_import_power", "grid", "t-grid"},
    Part{"pv_power", "solar", "t-solar"}, Part{"battery_power", "battery", "t-battery", -1.0}};
constexpr std::array it_parts{Part{"liquid_rack_power", "racks, liquid-cooled", "t-it"},
                              Part{"air_rack_power", "racks, air-cooled", "t-it-air"}};
constexpr std::array cooling_parts{Part{"pump_group_power", "pumps", "t-c1"},
                                   Part{"cdu_power", "coolant distribution units", "t-c2"},
                                   Part{"chiller_power", "chillers", "t-c3"},
                                   Part{"crah_power", "room air handlers", "t-c5"},
                                   Part{"cooling_tower_power", "cooling towers", "t-c4"},
                                   Part{"dry_cooler_power", "dry coolers", "t-c6"}};
constexpr std::array loss_parts{Part{"transformer_loss", "", ""}, Part{"ups_loss", "", ""}};

void add_to(std::vector<float>& sum, const std::vector<float>& values) {
  if (sum.empty()) sum.assign(values.size(), 0.0F);
  for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += std::isnan(values[c]) ? 0.0F : values[c];
}

std::vector<float> mean_total(const ResultsReader& results, const Part& part) {
  return scaled(results.reduced(results.total(part.variable)).mean, part.sign);
}

template <class Parts>
std::vector<Layer> layers_of(const ResultsReader& results, const Parts& parts) {
  std::vector<Layer> out;
  for (const Part& part : parts) {
    if (results.has(part.variable)) {
      out.push_back({part.label, part.tone, mean_total(results, part)});
    }
  }
  return out;
}

template <class Parts>
std::vector<float> sum_of(const ResultsReader& results, const Parts& parts) {
  std::vector<float> sum;
  for (const Part& part : parts) {
    if (results.has(part.variable)) add_to(sum, mean_total(results, part));
  }
  return sum;
}

// Watts to the unit that suits the largest value of the stack.
void use_power_unit(Chart& chart) {
  double largest_w = 0.0;
  for (const Layer& layer : chart.layers) {
    largest_w = std::max(largest_w, static_cast<double>(std::abs(greatest(layer.value))));
  }
  for (const Line& line : chart.lines) {
    largest_w = std::max(largest_w, static_cast<double>(std::abs(greatest(line.trace.high))));
  }
  const PowerUnit unit = power_unit(largest_w);
  chart.unit = unit.name;
  chart.decimals = unit.decimals;
  for (Layer& layer : chart.layers) layer.value = scaled(std::move(layer.value), 1.0 / unit.watt);
  for (Line& line : chart.lines) line.trace = scaled(std::move(line.trace), 1.0 / unit.watt);
  for (Level& level : chart.levels) level.value /= unit.watt;
}

Chart source_chart(const ResultsReader& results) {
  Chart chart;
  chart.id = "power-by-source";
  chart.title = "Power by source";
  chart.height = 190;
  chart.from_zero = true;
  chart.layers = layers_of(results, sources);
  // UPS batteries give power only when the mains fail: shown when they did.
  if (results.has("ups_battery_power")) {
    std::vector<float> given = scaled(results.reduced(results.total("ups_battery_power")).mean, -1);
    for (float& v : given) v = std::max(v, 0.0F);
    if (greatest(given) > 1e4F) chart.layers.push_back({"UPS batteries", "t-ups", given});
  }
  const bool below = std::any_of(chart.layers.begin(), chart.layers.end(),
                                 [](const Layer& layer) { return least(layer.value) < 0.0F; });
  if (below) chart.note = "below zero: a battery that charges, power that is exported";
  use_power_unit(chart);
  return chart;
}

Chart use_chart(const ResultsReader& results) {
  Chart chart;
  chart.id = "power-by-use";
  chart.title = "Power by use";
  chart.height = 190;
  chart.from_zero = true;
  chart.layers = layers_of(results, it_parts);
  if (auto cooling = sum_of(results, cooling_parts); !cooling.empty()) {
    chart.layers.push_back({"cooling", "t-cool", std::move(cooling)});
  }
  if (auto loss = sum_of(results, loss_parts); !loss.empty()) {
    chart.layers.push_back({"electrical losses", "t-loss", std::move(loss)});
  }
  if (results.has("battery_power")) {
    auto charging = results.reduced(results.total("battery_power")).mean;
    for (float& v : charging) v = std::max(v, 0.0F);
    if (greatest(charging) > 0.0F) {
      chart.layers.push_back({"battery charging", "t-battery", std::move(charging)});
    }
  }
  use_power_unit(chart);
  return chart;
}

Chart cooling_chart(const ResultsReader& results) {
  Chart chart;
  chart.id = "cooling-power";
  chart.title = "Electricity for cooling";
  chart.height = 130;
  chart.from_zero = true;
  chart.layers = layers_of(results, cooling_parts);
  use_power_unit(chart);
  return chart;
}

// Mean of each 15-minute window of local time, on the samples.
std::vector<double> window_means(const ResultsReader& results, const std::vector<double>& power_w,
                                 const TimeZone& zone) {
  const auto& times_s = results.times_s();
  std::vector<double> out(power_w.size());
  std::size_t first = 0;
  double sum = 0.0;
  Time window{};
  for (std::size_t k = 0; k <= power_w.size(); ++k) {
    const bool end = k == power_w.size();
    const Time at = end ? Time{} : zone.start_of_window(results.start() + seconds(times_s[k]));
    if (k > 0 && (end || at != window)) {
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(first),
                out.begin() + static_cast<std::ptrdiff_t>(k), sum / static_cast<double>(k - first));
      first = k;
      sum = 0.0;
    }
    if (end) break;
    window = at;
    sum += power_w[k];
  }
  return out;
}

Chart grid_chart(const ResultsReader& results, const RunFiles& run) {
  Chart chart;
  chart.id = "grid-import";
  chart.title = "Grid import";
  if (!results.has("grid_import_power")) return chart;
  chart.note = "as metered, and its mean over each 15-minute window, which is what is billed";
  chart.summary = Summary::highest;
  const std::vector<double> power_w = results.total("grid_import_power");
  chart.lines.push_back({"import", "t-grid", results.reduced(power_w)});
  Trace windows = results.reduced(window_means(results, power_w, run.zone));
  windows.low = windows.mean;
  windows.high = windows.mean;
  chart.lines.push_back({"15-minute mean", "t-dark", std::move(windows), true});
  const auto contract = run.manifest.find("contract_w");
  if (contract != run.manifest.end() && contract->is_number()) {
    chart.levels.push_back({"contract", contract->get<double>(), true});
  }
  use_power_unit(chart);
  return chart;
}

Chart pue_chart(const ResultsReader& results, const RunFiles& run) {
  Chart chart;
  chart.id = "pue";
  chart.title = "PUE";
  chart.note = "power of racks, cooling and losses over power of racks";
  chart.decimals = 3;
  chart.height = 110;
  chart.summary = Summary::none;
  const std::vector<float> it = sum_of(results, it_parts);
  const std::vector<float> cooling = sum_of(results, cooling_parts);
  const std::vector<float> loss = sum_of(results, loss_parts);
  if (it.empty() || cooling.empty()) return chart;
  const float least_it_w = 0.01F * greatest(it);
  Trace trace;
  for (std::size_t c = 0; c < it.size(); ++c) {
    const float all = it[c] + cooling[c] + (loss.empty() ? 0.0F : loss[c]);
    trace.mean.push_back(it[c] > least_it_w ? all / it[c] : no_value);
  }
  chart.lines.push_back({"PUE", "t-middle", std::move(trace)});
  if (const auto pue = run.figure("pue")) {
    chart.levels.push_back({number(*pue, 3) + " over the run", *pue, false});
  }
  return chart;
}

}  // namespace

Section power_section(const ResultsReader& results, const RunFiles& run) {
  Section out{"power", "Power", "", {}};
  out.charts.push_back(source_chart(results));
  out.charts.push_back(use_chart(results));
  out.charts.push_back(grid_chart(results, run));
  out.charts.push_back(cooling_chart(results));
  out.charts.push_back(pue_chart(results, run));
  return out;
}

}  // namespace ampacity::report
