// SPDX-License-Identifier: Apache-2.0

// The reading of units. A unit text goes through four steps:
//
//   spelling   the signs of print ("°C", "m³/h", "W·h", "µS", "−") become plain ASCII
//   grammar    product := factor {(blank | '.' | '*' | '/') factor}
//              factor  := '(' product ')' [exponent] | '1' | symbol [exponent]
//              Exponents as in m2, m^2, m-1. No number but 1, no product after a slash.
//   meaning    each symbol is looked up in `symbols` (with the prefixes that it allows), or refused
//              with a remedy by `refused`, or, if it is a long word, asked of udunits
//   udunits    gets the expression in units that have one meaning only, and converts

#include "twin/core/units.hpp"

#include <udunits2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "twin/core/text.hpp"
#include "twin/core/unit_symbols.hpp"

namespace ampacity {
namespace {

using namespace unit_symbols;

const Symbol* find_symbol(std::string_view name) {
  const auto found = std::find_if(symbols.begin(), symbols.end(),
                                  [&](const Symbol& symbol) { return symbol.name == name; });
  return found == symbols.end() ? nullptr : &*found;
}

const Refused* find_refused(std::string_view name) {
  const auto found = std::find_if(refused.begin(), refused.end(),
                                  [&](const Refused& entry) { return entry.name == name; });
  return found == refused.end() ? nullptr : &*found;
}

bool is_currency(std::string_view name) {
  return std::find(currencies.begin(), currencies.end(), name) != currencies.end();
}

std::string currency_dimension(std::string_view code) {
  return "ampacity_currency_" + std::string(code);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// ---- udunits ------------------------------------------------------------------------------------

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;

// udunits keeps its error status in a global and its parser is not reentrant: one system, built
// once, and one thread at a time inside. After its construction it only answers questions.
class UnitSystem {
 public:
  static const UnitSystem& instance() {
    static const UnitSystem system;
    return system;
  }

  // Why there is no system; empty where there is one.
  const std::string& problem() const { return problem_; }

  // Whether the word is a unit's name in udunits, with or without a prefix spelt out, and a plain
  // multiple (a scale with an offset or a logarithm would not survive in a product).
  bool knows_word(const std::string& word) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::string name = word;
    for (const char* prefix :
         {"nano", "micro", "milli", "centi", "hecto", "kilo", "mega", "giga"}) {
      if (name.starts_with(prefix)) {
        name.erase(0, std::string_view(prefix).size());
        break;
      }
    }
    const bool known = Unit(ut_get_unit_by_name(system_.get(), word.c_str())) != nullptr ||
                       Unit(ut_get_unit_by_name(system_.get(), name.c_str())) != nullptr;
    if (!known) return false;
    const Unit unit = parse(word);
    if (!unit) return false;
    std::array<char, 256> text{};
    const int length = ut_format(unit.get(), text.data(), text.size(), UT_ASCII | UT_DEFINITION);
    if (length < 0 || length >= static_cast<int>(text.size())) return false;
    const std::string_view definition(text.data(), static_cast<std::size_t>(length));
    return definition.find('@') == std::string_view::npos &&
           definition.find("re") == std::string_view::npos &&
           definition.find("rad") == std::string_view::npos;
  }

  // `from` in units of `to`; nothing where their dimensions differ.
  std::optional<double> ratio(const std::string& from, const std::string& to) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Unit from_unit = parse(from);
    const Unit to_unit = parse(to);
    if (!from_unit || !to_unit) return std::nullopt;
    // Not ut_are_convertible(from, to): that accepts the inverse as well.
    const Unit quotient(ut_divide(from_unit.get(), to_unit.get()));
    if (!quotient) return std::nullopt;
    return convert(quotient.get(), one_.get(), 1.0);
  }

  // The kelvin of the zero of a temperature scale ("degC": 273.15).
  double zero_k(const std::string& scale) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::optional<double> zero = convert(parse(scale).get(), parse("K").get(), 0.0);
    AMPACITY_ASSERT(zero.has_value(), "udunits knows the temperature scales");
    return *zero;
  }

 private:
  UnitSystem() {
    ut_set_error_message_handler(ut_ignore);
    system_.reset(ut_read_xml(nullptr));
    if (!system_) {
      problem_ = "the units database of udunits2 cannot be read (install libudunits2-data)";
      return;
    }
    one_.reset(ut_get_dimensionless_unit_one(system_.get()));
    for (const std::string_view name : own_dimensions) add_dimension(std::string(name));
    for (const std::string_view code : currencies) add_dimension(currency_dimension(code));
  }

  void add_dimension(const std::string& name) {
    const Unit unit(ut_new_base_unit(system_.get()));
    const ut_status status = ut_map_name_to_unit(name.c_str(), UT_ASCII, unit.get());
    AMPACITY_ASSERT(status == UT_SUCCESS, "a dimension of our own can be added");
  }

  Unit parse(const std::string& text) const {
    return Unit(ut_parse(system_.get(), text.c_str(), UT_ASCII));
  }

  static std::optional<double> convert(ut_unit* from, ut_unit* to, double value) {
    cv_converter* const converter = ut_get_converter(from, to);
    if (converter == nullptr) return std::nullopt;
    const double converted = cv_convert_double(converter, value);
    cv_free(converter);
    return converted;
  }

  struct FreeSystem {
    void operator()(ut_system* system) const { ut_free_system(system); }
  };
  mutable std::mutex mutex_;
  std::unique_ptr<ut_system, FreeSystem> system_;
  Unit one_;
  std::string problem_;
};

// ---- reading ------------------------------------------------------------------------------------

// A unit that has been understood.
struct Reading {
  std::string expression;   // for udunits
  std::string level_scale;  // "K", "degC", "degF" where the unit is just that; else empty
  std::string currency;     // ISO code, "currency", or empty
  bool is_one = false;      // the text was empty or "1"
};

// Signs of print in plain ASCII.
std::string plain_spelling(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> signs[] = {
      {"\u00b0C", "degC"}, {"\u00b0F", "degF"}, {"\u2103", "degC"}, {"\u2109", "degF"},
      {"\u00b0", "deg"},   {"\u00b7", "*"},     {"\u22c5", "*"},    {"\u00d7", "*"},
      {"\u00b2", "2"},     {"\u00b3", "3"},     {"\u00b9", "1"},    {"\u207b", "-"},
      {"\u2212", "-"},     {"\u00b5", "u"},     {"\u03bc", "u"},    {"\u03a9", "ohm"},
      {"\u2126", "ohm"},   {"\u20ac", "EUR"},   {"\u00a0", " "},    {"\u202f", " "},
      {"\u2009", " "},     {"\u2082", "2"},     {"\t", " "},
  };
  std::string out;
  while (!text.empty()) {
    const auto sign = std::find_if(std::begin(signs), std::end(signs), [&](const auto& entry) {
      return text.starts_with(entry.first);
    });
    if (sign != std::end(signs)) {
      out += sign->second;
      text.remove_prefix(sign->first.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::string unknown_unit(std::string_view name) {
  std::vector<std::string> names;
  for (const Symbol& symbol : symbols) {
    names.emplace_back(symbol.name);
    for (const char prefix : symbol.prefixes) names.push_back(prefix + std::string(symbol.name));
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return "'" + std::string(name) + "' is not a known unit " +
         nearest_hint(name, views, "(write an SI unit or a usual one, such as kW, L/min, degC)");
}

// The expression of one symbol with its prefix, or what is wrong with it.
Result<std::string> expression_of(std::string_view name) {
  if (const Refused* entry = find_refused(name)) {
    return Failure{"'" + std::string(name) + "' " + std::string(entry->why)};
  }
  if (const Symbol* symbol = find_symbol(name)) return std::string(symbol->expression);
  if (is_currency(name)) return currency_dimension(name);
  for (const auto& [letter, factor] : prefixes) {
    if (name.size() < 2 || name.front() != letter) continue;
    const std::string_view rest = name.substr(1);
    const Symbol* symbol = find_symbol(rest);
    const std::string_view allowed =
        symbol != nullptr ? symbol->prefixes : (is_currency(rest) ? "kM" : "");
    if (allowed.find(letter) == std::string_view::npos) continue;
    const std::string unit =
        symbol != nullptr ? std::string(symbol->expression) : currency_dimension(rest);
    return "(" + std::string(factor) + " " + unit + ")";
  }
  // Whole words in small letters mean one thing; shorter ones collide.
  const bool long_word = name.size() >= 4 && !name.starts_with("ampacity") &&
                         std::all_of(name.begin(), name.end(),
                                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (long_word && UnitSystem::instance().knows_word(std::string(name))) return std::string(name);
  return Failure{unknown_unit(name)};
}

class UnitReader {
 public:
  explicit UnitReader(std::string text) : text_(std::move(text)) {}

  Result<Reading> read() {
    Reading out;
    if (text_.empty() || text_ == "1") {
      out.expression = "1";
      out.is_one = true;
      return out;
    }
    constexpr std::size_t longest = 80;
    if (text_.size() > longest) return Failure{"the unit is too long"};
    std::string problem = product(out.expression, 0);
    if (problem.empty() && at_ != text_.size()) problem = unexpected();
    if (!problem.empty()) return Failure{problem};
    out.currency = currency_;
    out.level_scale = level_scale();
    return out;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (peek() == ' ') ++at_;
  }

  std::string unexpected() const {
    const char c = peek();
    if (c == '\0') return "a unit is missing at the end of '" + text_ + "'";
    if (is_digit(c)) {
      return "a number stands inside the unit '" + text_ +
             "' (write one number, then the unit; exponents as in m2 or m^2)";
    }
    if (c < ' ' || c > '~') return "the unit holds a sign that cannot be read";
    return "'" + std::string(1, c) + "' is not expected in the unit '" + text_ + "'";
  }

  // All readers append to `out` and return what is wrong, or nothing.
  std::string product(std::string& out, int depth) {
    bool after_slash = false;
    std::string problem = factor(out, depth);
    while (problem.empty()) {
      const std::size_t before = at_;
      skip_blanks();
      const char c = peek();
      if (c == '\0' || c == ')') break;
      const bool slash = c == '/';
      const bool sign = slash || c == '.' || c == '*';
      if (!sign && at_ == before) return unexpected();
      if (!slash && after_slash) {
        return "'" + text_ + "' can be read in two ways (put brackets, as in W/(m2 K))";
      }
      after_slash = after_slash || slash;
      if (sign) ++at_;
      skip_blanks();
      out += slash ? "/" : " ";
      problem = factor(out, depth);
    }
    return problem;
  }

  std::string factor(std::string& out, int depth) {
    skip_blanks();
    if (peek() == '(') {
      if (depth > 4) return "the unit has too many brackets";
      ++at_;
      out += "(";
      std::string problem = product(out, depth + 1);
      if (!problem.empty()) return problem;
      if (peek() != ')') return "a bracket is not closed in the unit '" + text_ + "'";
      ++at_;
      out += ")";
      return exponent(out);
    }
    if (peek() == '1' && (at_ + 1 == text_.size() || !is_digit(text_[at_ + 1]))) {
      if (!out.empty()) return unexpected();
      ++at_;
      out += "1";
      return "";
    }
    return symbol(out);
  }

  std::string symbol(std::string& out) {
    const std::size_t from = at_;
    if (peek() == '%' || peek() == '$') {
      ++at_;
    } else {
      while (is_letter(peek()) || (at_ > from && is_digit(peek()))) ++at_;
    }
    if (at_ == from) return unexpected();
    std::string name = text_.substr(from, at_ - from);
    // Digits at the end belong to the name ("CO2") where that is known, else they are an exponent.
    while (is_digit(name.back()) && !expression_of(name)) {
      name.pop_back();
      --at_;
    }
    const Result<std::string> found = expression_of(name);
    if (!found) return found.error();
    if (std::string problem = note_currency(name); !problem.empty()) return problem;
    out += "(" + found.value() + ")";
    return exponent(out);
  }

  std::string exponent(std::string& out) {
    const bool raised = peek() == '^';
    if (raised) ++at_;
    const bool negative = peek() == '-';
    if (negative) ++at_;
    if (!is_digit(peek())) {
      return raised || negative ? "an exponent is missing in the unit '" + text_ + "'" : "";
    }
    const char digit = peek();
    ++at_;
    if (is_digit(peek()) || digit == '0') return "an exponent goes from 1 to 9";
    out += std::string("^") + (negative ? "-" : "") + digit;
    return "";
  }

  std::string note_currency(std::string_view name) {
    std::string_view code = name;
    if (!is_currency(code) && code != "currency") code.remove_prefix(1);
    if (!is_currency(code) && code != "currency") return "";
    if (!currency_.empty() && currency_ != code) return "two currencies stand in one unit";
    currency_ = code;
    return "";
  }

  std::string level_scale() const {
    for (const char* name : {"degC", "deg_C", "celsius", "Celsius"}) {
      if (text_ == name) return "degC";
    }
    for (const char* name : {"degF", "deg_F", "fahrenheit", "Fahrenheit"}) {
      if (text_ == name) return "degF";
    }
    return text_ == "K" || text_ == "kelvin" ? "K" : "";
  }

  std::string text_;
  std::size_t at_ = 0;
  std::string currency_;
};

Result<Reading> read_unit(std::string_view unit) {
  const std::string& problem = UnitSystem::instance().problem();
  if (!problem.empty()) return Failure{problem};
  return UnitReader(plain_spelling(unit)).read();
}

std::string with_currency(std::string expression, std::string_view code) {
  const std::size_t at = expression.find(any_currency);
  if (at != std::string::npos && !code.empty() && code != "currency") {
    expression.replace(at, any_currency.size(), currency_dimension(code));
  }
  return expression;
}

std::string wanted_text(std::string_view to) {
  if (to.empty() || to == "1") return "a number without unit (or %)";
  const std::string shown = display_unit(to);
  return "a unit such as " + (shown.empty() || shown == "1" ? std::string(to) : shown);
}

// A number at the start of a text, and the rest without blanks in front.
struct Split {
  double number = 0;
  std::string_view unit;
};

Result<Split> split_quantity(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  if (text.empty()) return Failure{"it is empty"};
  const bool plus = text.front() == '+';
  const char first = text.size() > (plus ? 1U : 0U) ? text[plus ? 1 : 0] : '\0';
  const bool sign_ahead = !plus && first == '-';
  const char lead = sign_ahead && text.size() > 1 ? text[1] : first;
  if (!is_digit(lead) && lead != '.') return Failure{"it does not begin with a number"};
  if (plus) text.remove_prefix(1);
  Split out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.number);
  if (error == std::errc::result_out_of_range) return Failure{"the number is out of range"};
  if (error != std::errc()) return Failure{"it does not begin with a number"};
  out.unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (out.unit.starts_with(',')) return Failure{"a decimal point is wanted, not a comma"};
  const bool gap = !out.unit.empty() && blank(out.unit.front());
  while (!out.unit.empty() && blank(out.unit.front())) out.unit.remove_prefix(1);
  if (!gap && out.unit.starts_with('_')) return Failure{"a number has no '_' here"};
  return out;
}

}  // namespace

Result<UnitConversion> unit_conversion(std::string_view from, std::string_view to,
                                       TemperatureKind kind) {
  const Result<Reading> given = read_unit(from);
  if (!given) return Failure{given.error()};
  const Result<Reading> wanted = read_unit(to);
  if (!wanted) return Failure{wanted.error()};
  const UnitSystem& system = UnitSystem::instance();
  const std::optional<double> scale =
      system.ratio(with_currency(given.value().expression, wanted.value().currency),
                   with_currency(wanted.value().expression, given.value().currency));
  if (!scale) {
    return Failure{given.value().is_one
                       ? "a unit is missing (write " + wanted_text(to) + ")"
                       : "the unit '" + std::string(from) + "' is of another kind (write " +
                             wanted_text(to) + ")"};
  }
  UnitConversion out{*scale, 0.0};
  if (kind == TemperatureKind::difference) return out;
  const std::string& from_scale = given.value().level_scale;
  const std::string& to_scale = wanted.value().level_scale;
  if (!to_scale.empty() && from_scale.empty()) {
    return Failure{"the unit '" + std::string(from) +
                   "' is no temperature scale (write degC, degF or K)"};
  }
  if (from_scale.empty() || to_scale.empty()) return out;
  const double kelvin_per_to = system.ratio(wanted.value().expression, "K").value();
  out.offset = (system.zero_k(from_scale) - system.zero_k(to_scale)) / kelvin_per_to;
  return out;
}

Result<double> to_si(std::string_view text, std::string_view wanted, TemperatureKind kind) {
  const auto refuse = [&](const std::string& why) {
    return Failure{"'" + std::string(text.substr(0, 60)) + "' is not a quantity: " + why};
  };
  const Result<Split> split = split_quantity(text);
  if (!split) return refuse(split.error() + " (write " + wanted_text(wanted) + " after a number)");
  const Result<UnitConversion> conversion = unit_conversion(split.value().unit, wanted, kind);
  if (!conversion) return refuse(conversion.error());
  const double value = conversion.value()(split.value().number);
  if (!std::isfinite(value)) return refuse("the number is out of range");
  if (wanted == "K" && kind == TemperatureKind::level && value < 0) {
    return refuse("it is below absolute zero");
  }
  return value;
}

Result<double> from_si(double value, std::string_view si_unit, std::string_view shown,
                       TemperatureKind kind) {
  if (si_unit == "delta_K") kind = TemperatureKind::difference;
  const Result<UnitConversion> conversion = unit_conversion(si_unit, shown, kind);
  if (!conversion) return Failure{conversion.error()};
  return conversion.value()(value);
}

std::string unit_problem(std::string_view unit) {
  const Result<Reading> reading = read_unit(unit);
  return reading ? "" : reading.error();
}

std::string currency_of(std::string_view text) {
  const Result<Split> split = split_quantity(text);
  const Result<Reading> reading = read_unit(split ? split.value().unit : text);
  return reading ? reading.value().currency : "";
}

std::string display_unit(std::string_view si_unit, TemperatureKind kind, double magnitude) {
  struct Preference {
    std::string_view si;
    std::string_view shown;
  };
  static constexpr auto preferences = std::to_array<Preference>({
      {"delta_K", "K"},
      {"Pa", "kPa"},
      {"A s", "Ah"},
      {"currency/J", "currency/MWh"},
      {"USD/J", "USD/MWh"},
      {"EUR/J", "EUR/MWh"},
      {"kg/J", "g/kWh"},
      {"W/K", "kW/K"},
      {"J/K", "kJ/K"},
      {"W/s", "kW/min"},
      {"rad", "arc_degree"},
      {"rad/s", "rpm"},
      {"m3/s", "L/s"},
  });
  struct Scaled {
    std::string_view si;
    std::string_view base;
    double per_base;
  };
  static constexpr auto scaled = std::to_array<Scaled>(
      {{"W", "W", 1.0}, {"J", "Wh", 3600.0}, {"VA", "VA", 1.0}, {"var", "var", 1.0}});
  if (si_unit == "K") return kind == TemperatureKind::level ? "degC" : "K";
  for (const Preference& preference : preferences) {
    if (preference.si == si_unit) return std::string(preference.shown);
  }
  for (const Scaled& unit : scaled) {
    if (unit.si != si_unit) continue;
    const double size = std::abs(magnitude) / unit.per_base;
    std::string base(unit.base);
    if (size >= 1e9) return "G" + base;
    if (size >= 1e6) return "M" + base;
    if (size > 0 && size < 1e3 && unit.si != "J") return base;
    return "k" + base;
  }
  return si_unit.empty() ? "1" : std::string(si_unit);
}

std::string format_quantity(double value, std::string_view si_unit, TemperatureKind kind,
                            int digits) {
  const std::string shown = display_unit(si_unit, kind, value);
  const Result<double> converted = from_si(value, si_unit, shown, kind);
  if (!converted) return format_number(value, digits) + " " + std::string(si_unit);
  const std::string number = format_number(converted.value(), digits);
  return shown == "1" ? number : number + " " + shown;
}

std::string cf_unit(std::string_view si_unit, std::string_view currency) {
  std::string out(si_unit.empty() ? "1" : si_unit);
  const auto replace = [&](std::string_view what, std::string_view by) {
    const std::size_t at = out.find(what);
    if (at != std::string::npos) out.replace(at, what.size(), by);
  };
  replace("delta_K", "K");
  replace("VA", "W");
  replace("var", "W");
  if (!currency.empty()) replace("currency", currency);
  return out;
}

}  // namespace ampacity
