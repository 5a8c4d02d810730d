// SPDX-License-Identifier: Apache-2.0

// Factors against their definitions (SI brochure 2019, NIST SP 811), and the traps: what udunits
// alone makes of a text is measured here too, so that this file says why the reader exists.

#include <doctest/doctest.h>
#include <udunits2.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "twin/core/units.hpp"

using namespace ampacity;

namespace {

double si(const char* text, const char* wanted, TemperatureKind kind = TemperatureKind::level) {
  const Result<double> value = to_si(text, wanted, kind);
  if (!value) FAIL_CHECK(std::string(text), ": ", value.error());
  return value ? value.value() : std::numeric_limits<double>::quiet_NaN();
}

// The refusal of a text, or "accepted".
std::string refusal(const std::string& text, const char* wanted,
                    TemperatureKind kind = TemperatureKind::level) {
  const Result<double> value = to_si(text, wanted, kind);
  return value ? "accepted" : value.error();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-14); }

constexpr TemperatureKind difference = TemperatureKind::difference;

}  // namespace

TEST_CASE("what udunits alone makes of temperatures and symbols") {
  ut_set_error_message_handler(ut_ignore);
  ut_system* const system = ut_read_xml(nullptr);
  REQUIRE(system != nullptr);
  const auto alone = [&](const char* from, const char* to) {
    ut_unit* const a = ut_parse(system, from, UT_ASCII);
    ut_unit* const b = ut_parse(system, to, UT_ASCII);
    REQUIRE(a != nullptr);
    REQUIRE(b != nullptr);
    cv_converter* const converter = ut_get_converter(a, b);
    REQUIRE(converter != nullptr);
    const double value = cv_convert_double(converter, 1.0);
    cv_free(converter);
    ut_free(a);
    ut_free(b);
    return value;
  };
  // One of "40 degC" is 40 K + offset of its own making; as a product it is 40 K, not 313.15 K.
  CHECK(alone("40 degC", "K") != doctest::Approx(313.15));
  CHECK(alone("17 degF", "K") != doctest::Approx(264.8167).epsilon(1e-4));
  CHECK(alone("mph", "lx") == doctest::Approx(10));  // milliphot
  CHECK(alone("pu", "kg") == doctest::Approx(1.6605e-39).epsilon(1e-4));
  CHECK(alone("cycle", "1") == doctest::Approx(6.2831853));
  CHECK(alone("ton", "kg") == doctest::Approx(907.18474));
  CHECK(alone("4 s", "Hz") == doctest::Approx(0.25));  // the inverse passes
  ut_free_system(system);
}

TEST_CASE("temperatures are levels or differences, as the table says") {
  CHECK(si("40 degC", "K") == near(313.15));
  CHECK(si("40 degC", "K", difference) == near(40));
  CHECK(si("40 degC", "delta_K") == near(40));
  CHECK(si("17 degF", "K") == near((17 + 459.67) / 1.8));
  CHECK(si("17 degF", "K", difference) == near(17 / 1.8));
  CHECK(si("32 degF", "K") == near(273.15));
  CHECK(si("-40 degF", "K") == near(si("-40 degC", "K")));
  CHECK(si("-40 °C", "K") == near(233.15));
  CHECK(si("5 K", "K") == 5);
  CHECK(si("5 K", "delta_K") == 5);
  CHECK(si("9 delta_degF", "delta_K") == near(5));
  CHECK(si("0 kelvin", "K") == 0);
  CHECK(si("1.8 degF", "K", difference) == near(1));

  CHECK(contains(refusal("-1 K", "K"), "absolute zero"));
  CHECK(contains(refusal("-300 degC", "K"), "absolute zero"));
  CHECK(si("-300 degC", "K", difference) == near(-300));
  CHECK(contains(refusal("5 delta_degC", "K"), "no temperature scale"));
  CHECK(contains(refusal("40 C", "K"), "write degC"));
  CHECK(contains(refusal("40 F", "K"), "write degF"));
  CHECK(contains(refusal("40 deg", "K"), "degC, degF or arc_degree"));
  CHECK(contains(refusal("40", "K"), "degC"));

  // In compounds a temperature is a difference, whatever the kind.
  CHECK(si("2 kW/degC", "W/K") == near(2000));
  CHECK(si("1.8 1/degF", "1/K") == near(3.24));
  CHECK(si("-0.4 %/°C", "1/K") == near(-0.004));
  CHECK(si("4.18 kJ/(kg degC)", "J/(kg K)") == near(4180));
}

TEST_CASE("usual units of plants") {
  CHECK(si("132 kW", "W") == near(132000));
  CHECK(si("1.5 GW", "W") == near(1.5e9));
  CHECK(si("40 MWh", "J") == near(1.44e11));
  CHECK(si("5 kWh", "J") == near(1.8e7));
  CHECK(si("3 Wh", "J") == near(10800));
  CHECK(si("100 Ah", "A s") == near(360000));
  CHECK(si("2500 mAh", "A s") == near(9000));
  CHECK(si("410 g/kWh", "kg/J") == near(0.41 / 3.6e6));
  CHECK(si("410 gCO2/kWh", "kg/J") == near(0.41 / 3.6e6));
  CHECK(si("0.41 kg CO2e/kWh", "kg/J") == near(0.41 / 3.6e6));
  CHECK(si("0.41 tCO2/MWh", "kg/J") == near(410 / 3.6e9));
  CHECK(si("1000 gpm", "m3/s") == near(1000 * 3.785411784e-3 / 60));
  CHECK(si("60 L/min", "m3/s") == near(1e-3));
  CHECK(si("60 lpm", "m3/s") == near(1e-3));
  CHECK(si("1.5 L/min/kW", "m3/s/W") == near(1.5e-3 / 60 / 1000));
  CHECK(si("1.5 L/min/kW", "m3/J") == near(2.5e-8));
  CHECK(si("3600 m³/h", "m3/s") == near(1));
  CHECK(si("100 cfm", "m3/s") == near(100 * 0.3048 * 0.3048 * 0.3048 / 60));
  CHECK(si("-3 pcm/K", "1/K") == near(-3e-5));
  CHECK(si("0.5 pu", "1") == 0.5);
  CHECK(si("94.5 %", "1") == near(0.945));
  CHECK(si("94.5%", "1") == near(0.945));
  CHECK(si("0.945", "1") == 0.945);
  CHECK(si("0.945", "") == 0.945);
  CHECK(si("400 ppm", "1") == near(4e-4));
  CHECK(si("6000 cycles", "1") == 6000);
  CHECK(si("5 MW/min", "W/s") == near(5e6 / 60));
  CHECK(si("25 kW/K", "W/K") == near(25000));
  CHECK(si("1 refrigeration_ton", "W") == near(12000 * 1055.05585262 / 3600));
  CHECK(si("10 tonne", "kg") == near(10000));
  CHECK(si("2 short_ton", "kg") == near(1814.36948));
  CHECK(si("30 psi", "Pa") == near(30 * 6894.757293168361));
  CHECK(si("150 kPa", "Pa") == near(150000));
  CHECK(si("1 bar", "Pa") == near(1e5));
  CHECK(si("10 inH2O", "Pa") == near(2490.8891));
  CHECK(si("20 mH2O", "Pa") == near(196133));
  CHECK(si("12 kBtu/h", "W") == near(12000 * 1055.05585262 / 3600));
  CHECK(si("1 MMBtu", "J") == near(1.05505585262e9));
  CHECK(si("3000 W/(m2 K)", "W/(m2 K)") == near(3000));
  CHECK(si("3 kW m-2 K-1", "W/(m^2 K)") == near(3000));
  CHECK(si("3 kW/m^2/K", "W/(m2 K)") == near(3000));
  CHECK(si("3 kW·m^-2·K^-1", "W/(m2 K)") == near(3000));
  CHECK(si("13.8 kV", "V") == near(13800));
  CHECK(si("5 mΩ", "ohm") == near(0.005));
  CHECK(si("50 µs", "s") == near(5e-5));
  CHECK(si("20 years", "s") == near(20 * 365.25 * 86400));
  CHECK(si("0.5 1/h", "1/s") == near(0.5 / 3600));
  CHECK(si("1500 uS/cm", "S/m") == near(0.15));
  CHECK(si("60 Hz", "1/s") == 60);
  CHECK(si("3000 rpm", "rad/s") == near(3000 * 2 * 3.141592653589793 / 60));
  CHECK(si("180 arc_degree", "rad") == near(3.141592653589793));
  CHECK(si("12 knots", "m/s") == near(12 * 1852.0 / 3600));
  CHECK(si("10 mph", "m/s") == near(4.4704));
  CHECK(si("1.2 kWh/kg", "J/kg") == near(4.32e6));
  CHECK(si("80 kvar", "var") == near(80000));
  CHECK(si("2.5 MVA", "VA") == near(2.5e6));
  CHECK(si("3 kilowatts", "W") == near(3000));
  CHECK(si("2 atm", "Pa") == near(202650));
}

TEST_CASE("spaces and signs around a quantity") {
  for (const char* text : {"132 kW", "132kW", " 132 kW ", "\t132\tkW", "132\u00a0kW", "+132 kW",
                           "132.0 kW", "1.32e2 kW", "13.2E1 kW", "132. kW", "0132 kW"}) {
    CHECK(si(text, "W") == near(132000));
  }
  CHECK(si("-.5 kW", "W") == near(-500));
  CHECK(si("5 kW / K", "W/K") == near(5000));
  CHECK(si("5 kW /K", "W/K") == near(5000));
}

TEST_CASE("money converts into no other money") {
  CHECK(si("48.2 EUR/MWh", "EUR/J") == near(48.2 / 3.6e9));
  CHECK(si("48.2 USD/MWh", "USD/J") == near(48.2 / 3.6e9));
  CHECK(si("48.2 €/MWh", "EUR/J") == near(48.2 / 3.6e9));
  CHECK(si("1.5 MUSD", "USD") == near(1.5e6));
  CHECK(contains(refusal("48.2 EUR/MWh", "USD/J"), "another kind"));
  CHECK(contains(refusal("48.2 USD", "EUR"), "another kind"));
  CHECK(contains(refusal("48.2 $/MWh", "USD/J"), "ISO code"));
  CHECK(contains(refusal("48.2 EUR/USD", "1"), "two currencies"));
  CHECK(contains(refusal("48.2 EUR/MWh", "1/J"), "another kind"));

  // A table that leaves the currency open takes any one.
  CHECK(si("48.2 EUR/MWh", "currency/J") == near(48.2 / 3.6e9));
  CHECK(si("12 USD/(kW d)", "currency/J") == near(12 / 8.64e7));
  CHECK(contains(refusal("48.2 1/MWh", "currency/J"), "another kind"));
  CHECK(currency_of("48.2 EUR/MWh") == "EUR");
  CHECK(currency_of("USD/J") == "USD");
  CHECK(currency_of("MUSD") == "USD");
  CHECK(currency_of("currency/J") == "currency");
  CHECK(currency_of("48.2 kW") == "");
  CHECK(currency_of("garbage %&") == "");
}

TEST_CASE("a wrong dimension is refused and says what is wanted") {
  CHECK(contains(refusal("5 kg", "W"), "'kg' is of another kind (write a unit such as kW)"));
  CHECK(contains(refusal("5 kWh", "W"), "another kind"));
  CHECK(contains(refusal("5 kW", "1"), "a number without unit"));
  CHECK(contains(refusal("5 %", "W"), "another kind"));
  CHECK(contains(refusal("5 degC", "W"), "another kind"));
  CHECK(contains(refusal("5", "W"), "a unit is missing"));
  CHECK(contains(refusal("5 1", "W"), "a unit is missing"));
  // The inverse: udunits alone would take these.
  CHECK(contains(refusal("5 kW/K", "K/W"), "another kind"));
  CHECK(contains(refusal("5 s", "Hz"), "another kind"));
  // Kinds of power, turns and frequency.
  CHECK(contains(refusal("5 kvar", "W"), "another kind"));
  CHECK(contains(refusal("5 MVA", "W"), "another kind"));
  CHECK(contains(refusal("5 MW", "VA"), "another kind"));
  CHECK(contains(refusal("5 MVA", "var"), "another kind"));
  CHECK(contains(refusal("3000 rpm", "Hz"), "another kind"));
  CHECK(contains(refusal("180 arc_degree", "1"), "another kind"));
}

TEST_CASE("ambiguous and unknown units are refused with a remedy") {
  struct Case {
    const char* text;
    const char* wanted;
    const char* remedy;
  };
  for (const Case& c : std::vector<Case>{{"500 ton", "W", "refrigeration_ton"},
                                         {"500 tons", "kg", "tonne"},
                                         {"500 TR", "W", "refrigeration_ton"},
                                         {"40 deg", "rad", "arc_degree"},
                                         {"40 °", "rad", "arc_degree"},
                                         {"5 C", "A s", "Ah"},
                                         {"5 H", "s", "write h"},
                                         {"5 T", "kg", "tonne"},
                                         {"5 a", "s", "year"},
                                         {"5 months", "s", "days"},
                                         {"5 gal/min", "m3/s", "US_gal"},
                                         {"5 gallons", "m3", "US_gal"},
                                         {"5 hp", "W", "kW"},
                                         {"5 kcal/h", "W", "kJ"},
                                         {"5 psig", "Pa", "gauge"},
                                         {"5 barg", "Pa", "gauge"},
                                         {"5 mt", "kg", "tonne"},
                                         {"5 MBtu/h", "W", "MMBtu"},
                                         {"5 M", "W", "MW"},
                                         {"5 kw", "W", "nearest: 'kW'"},
                                         {"5 KW", "W", "nearest: 'kW'"},
                                         {"5 mwh", "J", "nearest: 'MWh'"},
                                         {"5 Kpa", "Pa", "nearest: 'kPa'"},
                                         {"5 degc", "K", "nearest: 'degC'"},
                                         {"5 p.u.", "1", "not a known unit"},
                                         {"5 mkW", "W", "not a known unit"},
                                         {"5 kmin", "s", "not a known unit"},
                                         {"5 ampacity_radian", "rad", "not a known unit"},
                                         {"5 degree_celsius", "K", "not a known unit"},
                                         {"5 steradian", "1", "not a known unit"},
                                         {"5 W/m2 K", "W/(m2 K)", "two ways"},
                                         {"5 W/m2.K", "W/(m2 K)", "two ways"}}) {
    CHECK_MESSAGE(contains(refusal(c.text, c.wanted), c.remedy), std::string(c.text), " -> ",
                  refusal(c.text, c.wanted));
  }
}

TEST_CASE("what is no number is refused") {
  for (const char* text : {"",
                           " ",
                           "kW",
                           "nan kW",
                           "NaN kW",
                           "inf kW",
                           "-inf kW",
                           "infinity kW",
                           "+ 5 kW",
                           "- 5 kW",
                           "--5 kW",
                           "+-5 kW",
                           "1,5 kW",
                           "1 000 kW",
                           "1_000 kW",
                           "1'000 kW",
                           "0x10 kW",
                           "5 kW kW",
                           "5 5 kW",
                           "5 kW 5",
                           "5 kW5.5",
                           "5 2 kW",
                           "1/4 kW",
                           "50/60 kW",
                           "1e400 kW",
                           "1e308 GW",
                           "5 kW + 1 kW",
                           "5 kW @ 3",
                           "5 kW from 3",
                           "5 lg(re 1 kW)",
                           "5 kW # five",
                           "5 (kW",
                           "5 kW)",
                           "5 ((((((((((kW))))))))))",
                           "5 kW^",
                           "5 kW^x",
                           "5 kW/",
                           "5 /kW",
                           "5 kW//1",
                           "5 kW**1",
                           "5 kW^0.5",
                           "5 kW^10",
                           "5 kW-",
                           "5 \x01kW",
                           "5 \xff\xfe",
                           "5 \xc2",
                           "5 kW;rm",
                           "five kW"}) {
    CHECK_MESSAGE(contains(refusal(text, "W"), "is not a quantity: "), std::string(text));
  }
  CHECK(contains(refusal("1,5 kW", "W"), "decimal point"));
  CHECK(contains(refusal(std::string("5 kW\0", 5), "W"), "is not a quantity"));
  CHECK(contains(refusal("5 " + std::string(100000, '('), "W"), "too long"));
}

TEST_CASE("units of tables are checked and shown") {
  for (const char* unit : {"1", "", "W", "K", "delta_K", "kg/s", "W/K", "1/K", "Pa", "rad/s", "var",
                           "VA", "currency/J", "J/(kg K)", "m2", "m3/s", "A s", "1/s", "kg/J"}) {
    CHECK_MESSAGE(unit_problem(unit).empty(), std::string(unit));
    CHECK_MESSAGE(from_si(1, unit, display_unit(unit)), std::string(unit));
  }
  CHECK(!unit_problem("furlongs per fortnight").empty());
  CHECK(display_unit("K") == "degC");
  CHECK(display_unit("K", difference) == "K");
  CHECK(display_unit("W") == "kW");
  CHECK(display_unit("W", TemperatureKind::level, 28.2e6) == "MW");
  CHECK(display_unit("W", TemperatureKind::level, -1.5e9) == "GW");
  CHECK(display_unit("W", TemperatureKind::level, 12) == "W");
  CHECK(display_unit("J", TemperatureKind::level, 3.6e9) == "MWh");
  CHECK(display_unit("") == "1");

  CHECK(from_si(313.15, "K", "degC").value() == doctest::Approx(40).epsilon(1e-12));
  CHECK(from_si(313.15, "K", "degF").value() == doctest::Approx(104).epsilon(1e-12));
  CHECK(from_si(5, "K", "degF", difference).value() == near(9));
  CHECK(from_si(1.44e11, "J", "MWh").value() == near(40));
  CHECK(!from_si(5, "K", "W"));

  CHECK(format_quantity(132000, "W") == "132 kW");
  CHECK(format_quantity(28227884, "W") == "28.2279 MW");
  CHECK(format_quantity(301.15, "K") == "28 degC");
  CHECK(format_quantity(6.5, "K", difference) == "6.5 K");
  CHECK(format_quantity(6.5, "delta_K") == "6.5 K");
  CHECK(format_quantity(0.945, "1") == "0.945");
  CHECK(format_quantity(150000, "Pa") == "150 kPa");

  CHECK(cf_unit("delta_K") == "K");
  CHECK(cf_unit("var") == "W");
  CHECK(cf_unit("currency/J", "EUR") == "EUR/J");
  CHECK(cf_unit("") == "1");
}

TEST_CASE("a column converts by scale and offset") {
  const UnitConversion fahrenheit = unit_conversion("degF", "K").value();
  CHECK(fahrenheit(32) == doctest::Approx(273.15).epsilon(1e-14));
  CHECK(fahrenheit(212) == doctest::Approx(373.15).epsilon(1e-14));
  CHECK(unit_conversion("kW", "W").value()(5) == near(5000));
  // There and back again.
  for (const char* shown : {"degC", "degF", "K"}) {
    const double back = unit_conversion(shown, "K").value()(from_si(290, "K", shown).value());
    CHECK(back == doctest::Approx(290).epsilon(1e-13));
  }
}

TEST_CASE("random text is refused or read, and never more") {
  std::mt19937 random(7);
  const std::string letters = "kMWhdegCFKJLminPa/().*^- 0123456789e%$\xc2\xb0\xb2\x01";
  const char* const starts[] = {"", "5 kW", "1.5 L/min/kW", "40 degC", "3 W/(m2 K)", "2 EUR/MWh"};
  int read = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = starts[random() % 6];
    for (unsigned change = random() % 8; change > 0; --change) {
      const char c =
          i % 3 == 0 ? static_cast<char>(random() % 256) : letters[random() % letters.size()];
      const std::size_t where = text.empty() ? 0 : random() % text.size();
      if (text.empty() || random() % 2 == 0) {
        text.insert(text.begin() + static_cast<std::ptrdiff_t>(where), c);
      } else {
        text[where] = c;
      }
    }
    for (const char* wanted : {"W", "K", "1"}) {
      const Result<double> value = to_si(text, wanted);
      if (value) {
        CHECK(std::isfinite(value.value()));
        ++read;
      } else {
        CHECK(!value.error().empty());
      }
    }
  }
  CHECK(read > 50);
}

TEST_CASE("several threads may convert at once") {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  threads.reserve(wrong.size());
  for (int& count : wrong) {
    threads.emplace_back([&count] {
      for (int i = 1; i < 100; ++i) {
        const Result<double> value = to_si(std::to_string(i) + " kW", "W");
        if (!value || value.value() != 1000.0 * i) ++count;
        if (to_si("5 kg", "W")) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) CHECK(count == 0);
}
