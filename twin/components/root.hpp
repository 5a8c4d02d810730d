// SPDX-License-Identifier: Apache-2.0
#pragma once

// A root that is found by iteration and differentiated exactly.
//
// Some laws give their result only implicitly: f(x, a) = 0, where a are states and inputs. An
// iteration that runs until it is content would make the result a staircase, and derivatives that
// are carried through the iteration lag one step behind it. Here a fixed number of Newton steps
// runs on plain numbers, and one last step is done in the value type of the kernel:
//
//   x = x0 - f(x0, a) / f_x        f_x as a plain number
//
// Since f(x0, a) is zero to rounding, the value does not move, while the derivative of the step is
//   dx = -(f_a / f_x) da,          the implicit function theorem.
//
// The function is called with the unknown first and then the arguments, all of one type.

#include "twin/core/dual.hpp"

namespace ampacity {

// `function` is callable as function(x, arguments...) for double and Dual. `steps` Newton steps
// start at `guess`; the caller chooses both so that the root is reached to rounding in the whole
// range of use (a test says so).
template <class V, class Function, class... Arguments>
V implicit_root(const Function& function, double guess, int steps, const Arguments&... arguments) {
  using math::value_of;
  double x = guess;
  double slope = 1.0;
  for (int step = 0; step <= steps; ++step) {
    const Dual residual = function(Dual::variable(x, 0), Dual(value_of(arguments))...);
    slope = residual.slope[0];
    if (step < steps) x -= residual.value / slope;
  }
  return V(x) - function(V(x), arguments...) / slope;
}

}  // namespace ampacity
