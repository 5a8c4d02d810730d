// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tables by which a component describes itself.
//
// Every quantity of the twin has exactly one row, written where its physics is written.
// Configuration checks, `ampacity describe`, the names and units of recorded signals, telemetry
// metadata and the tests that run over all components read these rows; nothing is typed twice.
// Names carry no unit (the row has one); values are SI. Rows stand in the order of the fields of
// the struct that they describe.

#include <limits>

namespace ampacity {

// A bound that does not bind.
inline constexpr double unbounded = std::numeric_limits<double>::infinity();

// A parameter without a default: the site file must give it.
inline constexpr double required = std::numeric_limits<double>::quiet_NaN();

// A fixed property of a unit. `source` names the publication of the default, or says "assumed".
struct ParameterRow {
  const char* name;
  const char* unit;
  double standard;
  double minimum;
  double maximum;
  const char* description;
  const char* source;
};

// A parameter that is a function: a named curve (curve.hpp). `standard` names the default curve;
// the bounds are those of its values.
struct CurveRow {
  const char* name;
  const char* x_unit;
  const char* y_unit;
  const char* standard;
  const char* description;
  const char* source;
  double minimum = -unbounded;
  double maximum = unbounded;
};

// A quantity with memory, advanced by the integrator. `minimum` and `maximum` bound what the model
// is valid for; `tolerance` is the absolute tolerance that the reference engine starts from. A
// state that is `kept_at_start` (a charge, an age, a stratified tank) keeps its initial value when
// the starting operating point is sought; the others settle.
struct StateRow {
  const char* name;
  const char* unit;
  double initial;
  double minimum;
  double maximum;
  double tolerance;
  const char* description;
  bool kept_at_start = false;
};

// What a unit sees of its neighbours. `standard` holds while nothing is connected; `required` means
// that something must be. The bounds are the range in which the model is meant to be used; the
// tests over all components draw their samples from it.
struct InputRow {
  const char* name;
  const char* unit;
  double standard;
  double minimum;
  double maximum;
  const char* description;
};

// What an output counts as when energy is added up. Fluxes that enter or leave cross the border of
// the site and are integrated by the ledger; the other kinds are inside and feed the breakdown by
// use.
enum class Account {
  none,
  enters_grid,       // electric energy from the utility (negative: export)
  enters_solar,      // electric energy out of sunlight
  enters_fission,    // heat of fission and decay
  leaves_water,      // heat to the atmosphere through towers, dry coolers and other rejection
  leaves_loss,       // heat of electrical losses and machines to outdoor air or plant rooms
  leaves_turbine,    // condenser heat of a power station
  use_it,            // electricity taken by IT
  use_cooling,       // electricity taken by pumps, fans, chillers
  use_other,         // electricity for anything else
  use_loss,          // electric losses between the sources and the users
  use_storage,       // electricity into storage (negative: out of it)
  source_generator,  // electricity that a power station of the site delivers
  water_use,         // make-up water, kg/s
};

// What a unit shows. The first `offered` rows of a component are set from states and modes (and
// early inputs) alone; see component.hpp.
struct OutputRow {
  const char* name;
  const char* unit;
  const char* description;
  Account account = Account::none;
};

// A discrete condition. `labels` are separated by '|', the first for value 0; empty for counters
// and instants.
struct ModeRow {
  const char* name;
  const char* labels;
  const char* description;
};

enum class Severity { information, warning, limit, trip };

constexpr const char* severity_name(Severity severity) {
  switch (severity) {
    case Severity::information:
      return "information";
    case Severity::warning:
      return "warning";
    case Severity::limit:
      return "limit";
    case Severity::trip:
      return "trip";
  }
  return "";
}

// A condition that is watched: the event happens when the guard's value rises through zero.
struct GuardRow {
  const char* name;
  Severity severity;
  const char* description;
};

// Something that a scenario or a controller may ask of a unit: a set-point or a fault. Requests
// beyond the bounds are refused.
struct OrderRow {
  const char* name;
  const char* unit;
  double minimum;
  double maximum;
  const char* description;
};

}  // namespace ampacity
