// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text of a page: escaping and numbers.
//
// All that comes from outside (paths, titles, messages, configuration) goes through `escape`; the
// page has no other way to put text into markup. Numbers carry a true minus sign, and as many
// decimals as their use deserves.

#include <string>
#include <string_view>

namespace ampacity::report {

// Text as content or attribute value: & < > " ' are replaced.
std::string escape(std::string_view text);

// A number with fixed decimals; "-" (an en dash) for NaN.
std::string number(double value, int decimals);

// With about `digits` significant digits, never in exponent form: 1234, 123.4, 1.234, 0.0123;
// from 10 000 on with narrow spaces between thousands.
std::string significant(double value, int digits = 3);

// Power in the unit that suits `largest`: "7.12 MW", "930 kW".
struct PowerUnit {
  double watt = 1e6;
  const char* name = "MW";
  int decimals = 2;
};
PowerUnit power_unit(double largest_w);

}  // namespace ampacity::report
