// SPDX-License-Identifier: Apache-2.0
#include "twin/site/schema.hpp"

#include <array>

namespace ampacity {

namespace {

using Kind = SettingRow::Kind;

constexpr std::array rows{
    SettingRow{"site", "name", Kind::name, "", nullptr, 0, 0, "short name", "a choice"},
    SettingRow{"site", "title", Kind::text, "", "", 0, 0, "one line for reports", "a choice"},
    SettingRow{"site", "latitude", Kind::quantity, "1", "0", -90, 90, "degrees north", "assumed"},
    SettingRow{"site", "longitude", Kind::quantity, "1", "0", -180, 180, "degrees east", "assumed"},
    SettingRow{"site", "altitude", Kind::quantity, "m", "0 m", -430, 6000, "above sea level",
               "assumed"},
    SettingRow{"site", "time_zone", Kind::text, "", "UTC", 0, 0,
               "IANA name or fixed offset, for bills and displays", "a choice"},
    SettingRow{"site", "currency", Kind::text, "", "USD", 0, 0, "of all prices of the site",
               "a choice"},
    SettingRow{"site", "start", Kind::instant, "", "2024-07-15", 0, 0,
               "start of a run: local time, or with an offset", "a choice"},
    SettingRow{"site", "duration", Kind::duration, "", "24 h", 0, 0, "length of a run", "a choice"},

    SettingRow{"weather", "file", Kind::file, "", "", 0, 0, "EPW or CSV file; else the design day",
               "a choice"},
    SettingRow{"weather", "source", Kind::text, "", "assumed", 0, 0, "where the design day is from",
               "a choice"},
    SettingRow{"weather", "dry_bulb_max", Kind::quantity, "K", "30 degC", 213.15, 333.15,
               "highest dry bulb of the design day", "assumed"},
    SettingRow{"weather", "dry_bulb_range", Kind::quantity, "delta_K", "10 K", 0, 40,
               "highest less lowest dry bulb", "assumed"},
    SettingRow{"weather", "wet_bulb_max", Kind::quantity, "K", "20 degC", 213.15, 313.15,
               "highest wet bulb of the design day", "assumed"},
    SettingRow{"weather", "wet_bulb_range", Kind::quantity, "delta_K", "4 K", 0, 20,
               "highest less lowest wet bulb", "assumed"},
    SettingRow{"weather", "hottest_hour", Kind::quantity, "1", "15", 0, 24,
               "local standard hour of the highest temperature", "assumed"},
    SettingRow{"weather", "wind_speed", Kind::quantity, "m/s", "3 m/s", 0, 60, "wind at 10 m",
               "assumed"},
    SettingRow{"weather", "linke_turbidity", Kind::quantity, "1", "3", 1, 12,
               "haze of the clear sky that gives the irradiance of a design day", "assumed"},

    SettingRow{"economy", "price", Kind::quantities, "currency/J", "0.05 USD/kWh", -1e-3, 1e-2,
               "price of imported energy: one value, or 24 by local hour", "assumed"},
    SettingRow{"economy", "price_file", Kind::file, "", "", 0, 0, "hourly prices; replaces `price`",
               "a choice"},
    SettingRow{"economy", "carbon", Kind::quantities, "kg/J", "400 g/kWh", 0, 1e-5,
               "carbon of imported energy: one value, or 24 by local hour", "assumed"},
    SettingRow{"economy", "carbon_file", Kind::file, "", "", 0, 0, "hourly; replaces `carbon`",
               "a choice"},
    SettingRow{"economy", "contract", Kind::quantity, "W", "1e12 W", 0, 1e13, "import contract",
               "a choice"},
    SettingRow{"economy", "export_limit", Kind::quantity, "W", "0 W", 0, 1e13, "largest export",
               "a choice"},

    SettingRow{"workload", "source", Kind::choice, "constant|generator|jobs|trace", "constant", 0,
               0, "where the power of the racks comes from", "a choice"},
    SettingRow{"workload", "file", Kind::file, "", "", 0, 0,
               "job log (SWF or CSV) or trace of heat or power per CDU or rack (CSV, also gzip)",
               "a choice"},
    SettingRow{"workload", "utilisation", Kind::quantity, "1", "0.7", 0, 1,
               "constant: share of the GPUs' power range; generator: share of the GPUs in use",
               "assumed"},
    SettingRow{"workload", "gpus_per_node", Kind::quantity, "1", "8", 1, 1024, "GPUs of a node",
               "assumed"},
    SettingRow{"workload", "resolution", Kind::choice, "average|phases", "average", 0, 0,
               "power of a job averaged over its iterations, or phase by phase", "a choice"},
    SettingRow{"workload", "gather", Kind::quantity, "s", "0 s", 0, 3600,
               "changes of jobs take effect together at multiples of this time from the start of a "
               "run; 0: each at its instant (a large site has one every few seconds)",
               "a choice"},
    SettingRow{"workload", "idle_share", Kind::quantity, "1", "0.23", 0, 1,
               "power of an idle rack over its rated power",
               "Frontier node: 626 W of 2704 W, ORNL RAPS"},
    SettingRow{"workload", "log_offset", Kind::quantity, "s", "0 s", 0, 1e9,
               "time in a job log that counts in seconds at which a run starts", "a choice"},

    SettingRow{"record", "every", Kind::duration, "", "1 s", 0, 0, "interval of the results",
               "a choice"},
    SettingRow{"record", "patterns", Kind::texts, "", "", 0, 0,
               "what is recorded; empty: what the report shows", "a choice"},

    SettingRow{"solver", "relative_tolerance", Kind::quantity, "1", "1e-6", 1e-12, 1e-2,
               "relative tolerance of the reference engine", "a choice"},
    SettingRow{"solver", "tolerance_factor", Kind::quantity, "1", "1", 1e-6, 1e3,
               "multiplies the absolute tolerances of the states", "a choice"},
};

constexpr std::array sensors{
    SensorKey{"every", "s", 1.0, 1e-3, 86400, "sampling interval"},
    SensorKey{"average", "s", 0.0, 0, 86400, "averaging time before a sample"},
    SensorKey{"delay", "s", 0.0, 0, 86400, "from sample to reader"},
    SensorKey{"resolution", "", 0.0, 0, 1e15, "quantisation step"},
    SensorKey{"noise", "", 0.0, 0, 1e15, "standard deviation of the noise"},
};

}  // namespace

std::span<const SettingRow> setting_rows() { return rows; }
std::span<const SensorKey> sensor_keys() { return sensors; }

}  // namespace ampacity
