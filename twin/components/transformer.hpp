// SPDX-License-Identifier: Apache-2.0
#pragma once

// Power transformer: losses and the temperatures that age it.
//
// Magnetising the core costs the no-load loss P0 whenever there is voltage; the windings cost the
// load loss, which grows with the square of the current. With apparent power S = |load|/cos(phi),
// load factor K = S/(Sn V) (current relative to rated) and voltage V in pu:
//
//   loss = P0 V^2 + Pk K^2,   Pk = vkr Sn
//   efficiency at V = 1:  eta = S/(S + P0 + K^2 Pk), best at K = sqrt(P0/Pk)
//
// Two temperatures follow the load, in the manner of IEC 60076-7 (exponential form, without the
// hot-spot overshoot of large units):
//
//   tau_o d(oil_rise)/dt     = oil_rise_r ((1 + R K^2)/(1 + R))^x - oil_rise,   R = Pk/P0
//   tau_w d(winding_rise)/dt = winding_rise_r K^y - winding_rise
//   hot spot = ambient + oil_rise + winding_rise
//
// The rises are what a thermal image sees: they drive limits. The heat of the losses leaves the
// unit at once; its delay through the oil (hours) is left out, so the unit stores no energy.
//
// The ratio is held by the tap changer: the voltage is handed down unchanged, the drop over the
// short-circuit impedance is outside of the model. Loss may flow from either side: a load below
// zero is power that the site sends upstream.
//
// Validity: V from 0.5 to 1.2 pu in operation (below 0.2 pu the current is taken as at 0.2 pu,
// loads have dropped out by then), K up to 1.5. Rated data: pandapower standard types (BSD-3), for
// instance 63 MVA 110/20 kV: P0 = 22 kW, vkr = 0.32 %.

#include "twin/components/condition.hpp"

namespace ampacity {

struct Transformer {
  static constexpr const char* name = "transformer";
  static constexpr const char* summary = "changes voltage; core and winding loss, hot spot";

  struct Parameters {
    double rated_power_w;
    double no_load_loss_w;
    double resistance;
    double power_factor;
    double oil_rise_k;
    double oil_exponent;
    double oil_time_s;
    double winding_rise_k;
    double winding_exponent;
    double winding_time_s;
    double hot_spot_limit_k;
    double room_fraction;
  };
  template <class V>
  struct States {
    V oil_rise_k;
    V winding_rise_k;
  };
  template <class V>
  struct Inputs {
    V voltage_in;
    V load_w;
    V ambient_k;
  };
  template <class V>
  struct Outputs {
    V voltage_out;
    V power_w;
    V loss_w;
    V heat_to_room_w;
    V heat_to_outdoors_w;
    V load_factor;
    V oil_k;
    V hot_spot_k;
  };
  struct Modes {
    std::int64_t condition;
    std::int64_t hot;
    std::int64_t overloaded;
  };

  static constexpr std::array parameters{
      ParameterRow{"rated_power", "W", 63e6, 1e3, 2e9, "rated apparent power (1 VA = 1 W)",
                   "63 MVA 110/20 kV, pandapower std_types.py (BSD-3)"},
      ParameterRow{"no_load_loss", "W", 22e3, 0.0, 1e7, "core loss at rated voltage",
                   "63 MVA 110/20 kV, pandapower std_types.py (BSD-3)"},
      ParameterRow{"resistance", "1", 0.0032, 0.0, 0.1,
                   "resistive part of the short-circuit voltage, pu",
                   "63 MVA 110/20 kV, pandapower std_types.py (BSD-3)"},
      ParameterRow{"power_factor", "1", 1.0, 0.5, 1.0, "power over apparent power of the load",
                   "assumed"},
      ParameterRow{"oil_rise", "delta_K", 55.0, 10.0, 80.0, "top-oil rise at rated load",
                   "assumed"},
      ParameterRow{"oil_exponent", "1", 0.8, 0.5, 1.0, "top-oil rise over total loss",
                   "assumed (in the manner of IEC 60076-7)"},
      ParameterRow{"oil_time", "s", 10800.0, 60.0, 1e5, "time constant of the oil",
                   "assumed (180 min, natural air and oil)"},
      ParameterRow{"winding_rise", "delta_K", 23.0, 1.0, 60.0,
                   "hot spot over top oil at rated load", "assumed"},
      ParameterRow{"winding_exponent", "1", 1.6, 0.8, 2.0, "winding rise over current",
                   "assumed (in the manner of IEC 60076-7)"},
      ParameterRow{"winding_time", "s", 420.0, 10.0, 3600.0, "time constant of the winding",
                   "assumed (range 4 to 10 min)"},
      ParameterRow{"hot_spot_limit", "K", 393.15, 343.15, 453.15, "hot spot that raises an alarm",
                   "assumed"},
      ParameterRow{"room_fraction", "1", 0.0, 0.0, 1.0, "share of the loss that heats a room",
                   "assumed (stands outdoors)"}};
  static constexpr std::array<CurveRow, 0> curves{};
  static constexpr std::array states{
      StateRow{"oil_rise", "delta_K", 20.0, 0.0, 150.0, 1e-3, "top oil above ambient"},
      StateRow{"winding_rise", "delta_K", 5.0, 0.0, 100.0, 1e-3, "hot spot above top oil"}};
  static constexpr std::array inputs{
      InputRow{"voltage_in", "1", required, 0.0, 1.2, "voltage of the upper side, pu"},
      InputRow{"load", "W", 0.0, -1e8, 1e8, "power drawn from the lower side"},
      InputRow{"ambient_temperature", "K", 293.15, 233.15, 333.15, "air around the tank"}};
  static constexpr std::array outputs{
      OutputRow{"voltage_out", "1", "voltage of the lower side, pu"},
      OutputRow{"power", "W", "power drawn from the upper side"},
      OutputRow{"loss", "W", "core and winding loss", Account::use_loss},
      OutputRow{"heat_to_room", "W", "part of the loss that heats a room"},
      OutputRow{"heat_to_outdoors", "W", "part of the loss that leaves the site",
                Account::leaves_loss},
      OutputRow{"load_factor", "1", "current relative to rated current"},
      OutputRow{"oil_temperature", "K", "top oil"},
      OutputRow{"hot_spot_temperature", "K", "hottest place of the winding"}};
  static constexpr std::array modes{condition_row,
                                    ModeRow{"hot", "no|yes", "hot spot above its limit"},
                                    ModeRow{"overloaded", "no|yes", "more current than rated"}};
  static constexpr std::array guards{
      GuardRow{"hot_spot_high", Severity::limit, "the hot spot is above its limit"},
      GuardRow{"hot_spot_normal", Severity::information, "the hot spot is 3 K below its limit"},
      GuardRow{"overload", Severity::warning,
               "the transformer carries more than its rated current"},
      GuardRow{"overload_over", Severity::information,
               "the transformer is within its rating again"}};
  static constexpr std::array orders{run_order, standby_order, fail_order, repair_order};
  static constexpr std::size_t offered = 1;
  static constexpr std::size_t early_inputs = 1;

  template <class V>
  static void offer(const Parameters&, const Modes& m, const States<V>&, const Inputs<V>& u,
                    Outputs<V>& w) {
    w.voltage_out = is_running(m.condition) ? u.voltage_in : V(0.0);
  }

  template <class V>
  static void balance(const Parameters& p, const Modes& m, const States<V>& x, const Inputs<V>& u,
                      Outputs<V>& w, States<V>& rate) {
    const double in_service = is_running(m.condition) ? 1.0 : 0.0;
    const double rated_load_loss_w = p.resistance * p.rated_power_w;
    const V core_w = square(u.voltage_in) * (p.no_load_loss_w * in_service);
    const V factor =
        abs(u.load_w) / (max(u.voltage_in, V(0.2)) * (p.rated_power_w * p.power_factor));
    const V winding_w = square(factor) * rated_load_loss_w;
    w.loss_w = core_w + winding_w;
    w.power_w = u.load_w + w.loss_w;
    w.heat_to_room_w = w.loss_w * p.room_fraction;
    w.heat_to_outdoors_w = w.loss_w * (1.0 - p.room_fraction);
    w.load_factor = factor;
    w.oil_k = u.ambient_k + x.oil_rise_k;
    w.hot_spot_k = w.oil_k + x.winding_rise_k;

    // The small numbers keep the powers differentiable without voltage and without load.
    const V relative_loss = w.loss_w / (p.no_load_loss_w + rated_load_loss_w + 1e-6) + 1e-9;
    rate.oil_rise_k =
        (pow(relative_loss, p.oil_exponent) * p.oil_rise_k - x.oil_rise_k) / p.oil_time_s;
    rate.winding_rise_k =
        (pow(square(factor) + 1e-12, 0.5 * p.winding_exponent) * p.winding_rise_k -
         x.winding_rise_k) /
        p.winding_time_s;
  }

  static void start(const Parameters&, Modes&, States<double>&) {}

  static void watch(const Parameters& p, const Modes& m, const States<double>&,
                    const Inputs<double>&, const Outputs<double>& w, double* guard) {
    const double margin = (w.hot_spot_k - p.hot_spot_limit_k) / 10.0;
    guard[0] = m.hot == 0 ? margin : -1.0;
    guard[1] = m.hot != 0 ? -margin - 0.3 : -1.0;
    guard[2] = m.overloaded == 0 ? w.load_factor - 1.0 : -1.0;
    guard[3] = m.overloaded != 0 ? 0.98 - w.load_factor : -1.0;
  }

  static void react(const Happening& happening, Agenda& agenda, const Parameters&, Modes& m,
                    States<double>&, const Inputs<double>&, const Outputs<double>&) {
    if (happening.kind == Happening::Kind::order) {
      follow_condition_order(happening.index, agenda, m.condition);
    } else if (happening.kind == Happening::Kind::guard) {
      if (happening.index < 2) m.hot = happening.index == 0 ? 1 : 0;
      if (happening.index >= 2) m.overloaded = happening.index == 2 ? 1 : 0;
    }
  }

  template <class V>
  static V net_power_w(const Parameters&, const Modes&, const States<V>&, const Inputs<V>& u,
                       const Outputs<V>& w) {
    return w.power_w - u.load_w - w.heat_to_room_w - w.heat_to_outdoors_w;
  }
  template <class V>
  static V stored_energy_j(const Parameters&, const States<V>&) {
    return V(0.0);
  }
};

}  // namespace ampacity
