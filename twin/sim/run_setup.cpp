// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/run_setup.hpp"

#include "twin/sim/market_setup.hpp"
#include "twin/sim/run_context.hpp"
#include "twin/sim/weather_setup.hpp"
#include "twin/sim/work_setup.hpp"

namespace ampacity {

RunSetup prepare_run(const SiteDescription& site, const Assembly& assembly, const RunInputs& inputs,
                     Time from, Time to) {
  RunContext run(site, assembly, inputs, from, to);
  const std::optional<UnitTrace> trace = read_work_trace(run);  // may bring the wet bulb
  set_weather(run, trace);
  set_sun(run);
  set_market(run);
  set_work(run, trace);
  return std::move(run.setup);
}

}  // namespace ampacity
