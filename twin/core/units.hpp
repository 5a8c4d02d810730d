// SPDX-License-Identifier: Apache-2.0
#pragma once

// Quantities of configuration: from "132 kW" to 132000.
//
// The twin computes in SI; people write kilowatts, gallons per minute and degrees Celsius. The
// conversion itself is udunits2's. What is ours is the reading in front of it, because udunits
// serves scientists who know its rules and we serve people who do not:
//
//   level or difference  udunits reads "40 degC" as the product of 40 and a degree, 40 K, and "17
//                        degF" as 9.4 K. Here number and unit are split first, and whoever asks
//                        says whether a temperature is a level (40 degC = 313.15 K) or a difference
//                        (40 K). Inside a compound ("1.5 %/degC") it is always a difference.
//   the other way up     udunits takes a unit and its inverse for convertible ("5 s" to 0.2 Hz), so
//                        a thermal resistance would pass for a conductance. Refused here.
//   false friends        udunits knows C (coulomb), F (farad), R (roentgen), T (tesla), gal
//                        (galileo), mph (milliphot), kt (knot), mt (millitonne), pu (pico atomic
//                        mass), pa (pico are), cycle (6.28 rad) and ton (short ton, a mass). A
//                        symbol means something here only if the table in units.cpp lists it; what
//                        has two meanings is refused with the names of both. Only whole words of
//                        four letters and more go to udunits's own dictionary.
//   kinds of power       active (W), reactive (var) and apparent power (VA) are not the same; nor
//                        are turns (rpm) and a frequency (Hz). They do not convert.
//   money                each currency is a dimension of its own. A table may ask for "currency"
//                        (as in "currency/J"): any one currency will do then, and the site checks
//                        that it is the same one everywhere.
//   products             "W/m2 K" is refused, since half of its readers mean W/(m2 K).
//
// Units of tables ("wanted" below) are written in the same language: "W", "K", "1", "kg/s",
// "W/K", "1/K", "rad/s", "var", "currency/J". "K" is a level unless the caller says otherwise;
// "delta_K" is always a difference. In all other units temperatures are differences.
//
// Conversions are made while files are read, not in the loop of a run. Readers of columns ask once
// for the `UnitConversion` and then multiply. All functions may be called from several threads.

#include <string>
#include <string_view>

#include "twin/core/errors.hpp"

namespace ampacity {

enum class TemperatureKind { level, difference };

// wanted = scale * given + offset
struct UnitConversion {
  double scale = 1;
  double offset = 0;
  double operator()(double given) const { return scale * given + offset; }
};

// How to get from unit `from` to unit `to`. `kind` matters only where one of them is a bare
// temperature. Fails on unknown or ambiguous units and where the dimensions differ.
Result<UnitConversion> unit_conversion(std::string_view from, std::string_view to,
                                       TemperatureKind kind = TemperatureKind::level);

// The value of a text such as "132 kW", "1.5e3 W", "40 degC", "5 %" in the `wanted` unit of the
// table. A bare number is taken only where the wanted unit is "1". Fails, with a remedy, on text
// that is no finite number and unit, on a level below absolute zero, and as unit_conversion does.
Result<double> to_si(std::string_view text, std::string_view wanted,
                     TemperatureKind kind = TemperatureKind::level);

// A value in the table's unit `si_unit`, in the unit `shown`.
Result<double> from_si(double value, std::string_view si_unit, std::string_view shown,
                       TemperatureKind kind = TemperatureKind::level);

// What is wrong with a unit, or nothing (an empty text) where it can be read.
std::string unit_problem(std::string_view unit);

// The ISO code of the currency in a quantity or unit ("48.2 EUR/MWh": "EUR"), empty where there is
// none; "currency" for the placeholder.
std::string currency_of(std::string_view text);

// The unit in which people like to see a quantity of the table: K level as degC, J as kWh, W as kW,
// and W, J, VA and var with the prefix that suits `magnitude` (a value in SI; 0: no preference).
// A unit without an entry is its own.
std::string display_unit(std::string_view si_unit, TemperatureKind kind = TemperatureKind::level,
                         double magnitude = 0);

// Number and unit for a message or a page: "132 kW", "40 degC", "0.945" (for unit "1").
std::string format_quantity(double value, std::string_view si_unit,
                            TemperatureKind kind = TemperatureKind::level, int digits = 6);

// The unit as udunits and the CF convention spell it, for files that others read: "delta_K" is
// "K", "var" and "VA" are "W", "currency/J" with currency EUR is "EUR/J".
std::string cf_unit(std::string_view si_unit, std::string_view currency = "");

}  // namespace ampacity
