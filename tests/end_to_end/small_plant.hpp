// SPDX-License-Identifier: Apache-2.0
#pragma once

// The site file that the end-to-end tests spoil or run: two liquid-cooled racks in a hall with air
// handlers, one water loop with a cooling tower, one bus. Small, valid, and simulated in a blink.

namespace ampacity::tests {

inline const char* const small_plant_text = R"([site]
name = "small"
title = "Two racks"
latitude = 36.0
longitude = -84.0
altitude = "250 m"
time_zone = "America/New_York"
currency = "USD"
start = "2024-07-15"
duration = "10 min"

[grid.utility]

[bus.main]
fed_by = "utility"
rated_power = "2 MW"

[hall.room]
design_flow = "8 kg/s"

[crah.room-air]
hall = "room"
loop = "water"
fed_by = "main"

[island.pod]
cdus = 1
racks = 2
loop = "water"
hall = "room"
supply_set_point = "32 degC"

[island.pod.cdu]
fed_by = "main"

[island.pod.rack]
fed_by = "main"

[loop.water]
supply_volume = "4 m3"
return_volume = "4 m3"

[pump_group.pumps]
loop = "water"
fed_by = "main"

[stage.cooling]
loop = "water"

[cooling_tower.towers]
stage = "cooling"
fed_by = "main"
)";

}  // namespace ampacity::tests
