// SPDX-License-Identifier: Apache-2.0
#include "twin/components/list.hpp"

#include <array>

#include "twin/components/air_rack.hpp"
#include "twin/components/battery.hpp"
#include "twin/components/breaker.hpp"
#include "twin/components/bus.hpp"
#include "twin/components/cdu.hpp"
#include "twin/components/chiller.hpp"
#include "twin/components/cooling_tower.hpp"
#include "twin/components/crah.hpp"
#include "twin/components/dry_cooler.hpp"
#include "twin/components/grid.hpp"
#include "twin/components/hall.hpp"
#include "twin/components/heat_exchanger.hpp"
#include "twin/components/heat_sink.hpp"
#include "twin/components/island.hpp"
#include "twin/components/liquid_rack.hpp"
#include "twin/components/loop.hpp"
#include "twin/components/meter.hpp"
#include "twin/components/pipe.hpp"
#include "twin/components/pump_group.hpp"
#include "twin/components/pv.hpp"
#include "twin/components/smr.hpp"
#include "twin/components/stage.hpp"
#include "twin/components/tank.hpp"
#include "twin/components/transfer_switch.hpp"
#include "twin/components/transformer.hpp"
#include "twin/components/ups.hpp"

namespace ampacity {

std::span<const ComponentType* const> component_list() {
  static const std::array list{
      &component_type<LiquidRack>(),
      &component_type<AirRack>(),
      &component_type<Island>(),
      &component_type<Cdu>(),
      &component_type<Hall>(),
      &component_type<Crah>(),
      &component_type<Loop>(),
      &component_type<PumpGroup>(),
      &component_type<Stage>(),
      &component_type<Pipe>(),
      &component_type<Tank>(),
      &component_type<HeatExchanger>(),
      &component_type<CoolingTower>(),
      &component_type<DryCooler>(),
      &component_type<Chiller>(),
      &component_type<HeatSink>(),
      &component_type<Grid>(),
      &component_type<Transformer>(),
      &component_type<Bus>(),
      &component_type<Breaker>(),
      &component_type<TransferSwitch>(),
      &component_type<Ups>(),
      &component_type<Meter>(),
      &component_type<Battery>(),
      &component_type<Pv>(),
      &component_type<Smr>(),
  };
  return list;
}

const ComponentType* find_component(const std::string& name) {
  for (const ComponentType* type : component_list()) {
    if (name == type->name) return type;
  }
  return nullptr;
}

const CurveTable* shipped_curve(const std::string& name) {
  static const std::array<CurveTable, 1> tables{lfp_ocv_table()};
  for (const CurveTable& table : tables) {
    if (table.name() == name) return &table;
  }
  return nullptr;
}

}  // namespace ampacity
