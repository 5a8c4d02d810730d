// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a symbol means in a unit of configuration: the tables behind units.cpp, used by nothing
// else.
//
// A symbol that is not in `symbols` has no meaning here, whatever udunits makes of it; one in
// `refused` has two, and the message names both. To add a unit, add a row: its expression may use
// m, kg, s, A, K, mol, J, W, Pa, N, V, ohm, S (which udunits reads in one way only), numbers, and
// the dimensions of our own; `prefixes` lists the SI prefixes that are usual with it, so that
// "kmin" or "Gs" stay typing errors.
//
// Sources of the figures: SI brochure, 9th edition (2019), and NIST SP 811 (2008), appendix B: US
// gallon 3.785411784 L, foot 0.3048 m, pound 0.45359237 kg, pound-force per square inch 6894.757
// Pa, BTU(IT) 1055.05585262 J, refrigeration ton 12000 BTU(IT)/h, inch of water (4 degC) 249.089
// Pa, foot of water 2989.067 Pa; pcm (per cent mille) 1e-5. A year is the Julian year of 365.25
// days (IAU).

#include <array>
#include <string_view>
#include <utility>

namespace ampacity::unit_symbols {

struct Symbol {
  std::string_view name;
  std::string_view expression;  // in units that udunits reads in one way only
  std::string_view prefixes = "";
};

// Dimensions that udunits lacks or merges with others; we map them as base units of our own.
inline constexpr std::string_view angle = "ampacity_radian";
inline constexpr std::string_view any_currency = "ampacity_currency_any";
inline constexpr std::array<std::string_view, 4> own_dimensions = {
    angle, any_currency, "ampacity_reactive", "ampacity_apparent"};
inline constexpr std::array<std::string_view, 14> currencies = {"USD", "EUR", "GBP", "CHF", "SEK",
                                                                "NOK", "DKK", "ISK", "JPY", "CNY",
                                                                "INR", "AUD", "CAD", "AED"};

inline constexpr auto symbols = std::to_array<Symbol>({
    // ratios
    {"%", "0.01"},
    {"percent", "0.01"},
    {"ppm", "1e-6"},
    {"pcm", "1e-5"},
    {"pu", "1"},
    {"cycle", "1"},
    {"cycles", "1"},
    {"GPU", "1"},
    {"GPUs", "1"},
    // time
    {"s", "s", "num"},
    {"sec", "s"},
    {"min", "(60 s)"},
    {"h", "(3600 s)"},
    {"hr", "(3600 s)"},
    {"d", "(86400 s)"},
    {"day", "(86400 s)"},
    {"days", "(86400 s)"},
    {"week", "(604800 s)"},
    {"weeks", "(604800 s)"},
    {"year", "(31557600 s)"},
    {"years", "(31557600 s)"},
    {"yr", "(31557600 s)"},
    {"Hz", "s^-1", "mkMG"},
    // length, area, volume
    {"m", "m", "numck"},
    {"ft", "(0.3048 m)"},
    {"in", "(0.0254 m)"},
    {"ha", "(1e4 m^2)"},
    {"acre", "(4046.8564224 m^2)"},
    {"L", "(1e-3 m^3)", "mkM"},
    {"l", "(1e-3 m^3)", "m"},
    {"US_gal", "(3.785411784e-3 m^3)"},
    {"US_gallon", "(3.785411784e-3 m^3)"},
    // flow
    {"gpm", "(3.785411784e-3 m^3/(60 s))"},
    {"GPM", "(3.785411784e-3 m^3/(60 s))"},
    {"lpm", "(1e-3 m^3/(60 s))"},
    {"LPM", "(1e-3 m^3/(60 s))"},
    {"cfm", "(0.028316846592 m^3/(60 s))"},
    {"CFM", "(0.028316846592 m^3/(60 s))"},
    // speed, angle
    {"mph", "(0.44704 m/s)"},
    {"knot", "(1852 m/(3600 s))"},
    {"knots", "(1852 m/(3600 s))"},
    {"kn", "(1852 m/(3600 s))"},
    {"rad", angle, "m"},
    {"radian", angle},
    {"radians", angle},
    {"arc_degree", "(0.017453292519943295 ampacity_radian)"},
    {"degree", "(0.017453292519943295 ampacity_radian)"},
    {"degrees", "(0.017453292519943295 ampacity_radian)"},
    {"turn", "(6.283185307179586 ampacity_radian)"},
    {"rev", "(6.283185307179586 ampacity_radian)"},
    {"rpm", "(0.10471975511965977 ampacity_radian/s)"},
    {"RPM", "(0.10471975511965977 ampacity_radian/s)"},
    // mass and substance
    {"g", "(1e-3 kg)", "numkM"},
    {"t", "(1e3 kg)", "kM"},
    {"tonne", "(1e3 kg)"},
    {"tonnes", "(1e3 kg)"},
    {"lb", "(0.45359237 kg)"},
    {"CO2", "1"},
    {"CO2e", "1"},
    {"CO2eq", "1"},
    {"gCO2", "(1e-3 kg)", "k"},
    {"gCO2e", "(1e-3 kg)", "k"},
    {"gCO2eq", "(1e-3 kg)", "k"},
    {"tCO2", "(1e3 kg)", "k"},
    {"tCO2e", "(1e3 kg)", "k"},
    {"tCO2eq", "(1e3 kg)", "k"},
    {"mol", "mol", "mk"},
    // force and pressure
    {"N", "N", "mkM"},
    {"Pa", "Pa", "mhkMG"},
    {"bar", "(1e5 Pa)", "m"},
    {"atm", "(101325 Pa)"},
    {"psi", "(6894.757293168361 Pa)"},
    {"psia", "(6894.757293168361 Pa)"},
    {"inH2O", "(249.08891 Pa)"},
    {"ftH2O", "(2989.06692 Pa)"},
    {"mH2O", "(9806.65 Pa)", "m"},
    // energy, power
    {"J", "J", "mkMGTP"},
    {"Wh", "(3600 J)", "kMGT"},
    {"eV", "(1.602176634e-19 J)", "kM"},
    {"Btu", "(1055.05585262 J)", "k"},
    {"BTU", "(1055.05585262 J)", "k"},
    {"btu", "(1055.05585262 J)"},
    {"MMBtu", "(1.05505585262e9 J)"},
    {"MMBTU", "(1.05505585262e9 J)"},
    {"W", "W", "numkMGT"},
    {"refrigeration_ton", "(12000 (1055.05585262 J)/(3600 s))"},
    {"refrigeration_tons", "(12000 (1055.05585262 J)/(3600 s))"},
    {"VA", "(W ampacity_apparent)", "kMG"},
    {"var", "(W ampacity_reactive)", "kMG"},
    {"VAr", "(W ampacity_reactive)", "kMG"},
    {"varh", "(3600 J ampacity_reactive)", "kMG"},
    // electricity
    {"A", "A", "numkM"},
    {"Ah", "(3600 A s)", "mk"},
    {"V", "V", "umkM"},
    {"ohm", "ohm", "numkM"},
    {"S", "S", "um"},
    {"mho", "S"},
    // temperature; a bare one may be a level, see `level_scale`
    {"K", "K", "m"},
    {"degC", "K"},
    {"deg_C", "K"},
    {"celsius", "K"},
    {"Celsius", "K"},
    {"degF", "(K/1.8)"},
    {"deg_F", "(K/1.8)"},
    {"fahrenheit", "(K/1.8)"},
    {"Fahrenheit", "(K/1.8)"},
    {"delta_K", "K"},
    {"delta_degC", "K"},
    {"delta_degF", "(K/1.8)"},
    // money
    {"currency", any_currency},
});

struct Refused {
  std::string_view name;
  std::string_view why;  // "'x' ..."
};

inline constexpr auto refused = std::to_array<Refused>({
    {"ton", "is ambiguous (write refrigeration_ton for cooling, tonne or short_ton for mass)"},
    {"tons", "is ambiguous (write refrigeration_ton for cooling, tonne or short_ton for mass)"},
    {"TR", "is ambiguous (write refrigeration_ton or kW)"},
    {"RT", "is ambiguous (write refrigeration_ton or kW)"},
    {"deg", "is ambiguous (write degC, degF or arc_degree)"},
    {"C", "is ambiguous (write degC for a temperature, A s or Ah for a charge, 1/h for a C-rate)"},
    {"F", "is ambiguous (write degF for a temperature, farad for a capacitance)"},
    {"H", "is ambiguous (write h for an hour, henry for an inductance)"},
    {"T", "is ambiguous (write t for a tonne, tesla for a field)"},
    {"R", "is ambiguous (write degF or K for a temperature)"},
    {"a", "is ambiguous (write year, or m2 for an area)"},
    {"Ma", "is ambiguous (write year)"},
    {"y", "is ambiguous (write year)"},
    {"M", "is ambiguous (write the unit after the prefix, as in MW, or min)"},
    {"k", "is no unit (write the unit after the prefix, as in kW, or K)"},
    {"G", "is no unit (write the unit after the prefix, as in GW)"},
    {"Mo", "is ambiguous (write days)"},
    {"mo", "is ambiguous (write days)"},
    {"month", "has no fixed length (write days)"},
    {"months", "has no fixed length (write days)"},
    {"gal", "is ambiguous (write US_gal, or L)"},
    {"gallon", "is ambiguous (write US_gal, or L)"},
    {"gallons", "is ambiguous (write US_gal, or L)"},
    {"hp", "is ambiguous (mechanical or metric horsepower: write kW)"},
    {"horsepower", "is ambiguous (mechanical or metric horsepower: write kW)"},
    {"cal", "is ambiguous (several calories exist: write J)"},
    {"kcal", "is ambiguous (several calories exist: write kJ)"},
    {"calorie", "is ambiguous (several calories exist: write J)"},
    {"calories", "is ambiguous (several calories exist: write J)"},
    {"MBtu", "is ambiguous (a thousand or a million: write kBtu or MMBtu)"},
    {"MBTU", "is ambiguous (a thousand or a million: write kBtu or MMBtu)"},
    {"MBH", "is ambiguous (write kBtu/h)"},
    {"psig", "is a gauge pressure (write the absolute pressure in psi, or the difference in psi)"},
    {"barg", "is a gauge pressure (write the absolute pressure in bar, or the difference in bar)"},
    {"bara", "is not needed (write bar: pressures are absolute)"},
    {"pa", "is no unit (write Pa)"},
    {"mt", "is ambiguous (write t for a metric tonne, kg for a thousandth of it)"},
    {"MT", "is ambiguous (write t for a metric tonne, Mt for a million of them)"},
    {"kph", "is no unit (write km/h)"},
    {"kmh", "is no unit (write km/h)"},
    {"$", "is ambiguous (write the ISO code, such as USD)"},
    {"ct", "is ambiguous (write 0.01 of the currency, such as USD)"},
    {"cent", "is ambiguous (write 0.01 of the currency, such as USD)"},
    {"cents", "is ambiguous (write 0.01 of the currency, such as USD)"},
    {"rankine", "is not used here (write degF or K)"},
    {"arcminute", "is not used here (write arc_degree)"},
    {"arcsecond", "is not used here (write arc_degree)"},
    {"circle", "is ambiguous (write turn)"},
    {"nan", "is no number"},
    {"inf", "is no number"},
    {"infinity", "is no number"},
});

inline constexpr std::pair<char, std::string_view> prefixes[] = {
    {'n', "1e-9"}, {'u', "1e-6"}, {'m', "1e-3"}, {'c', "1e-2"}, {'h', "1e2"},
    {'k', "1e3"},  {'M', "1e6"},  {'G', "1e9"},  {'T', "1e12"}, {'P', "1e15"},
};

}  // namespace ampacity::unit_symbols
