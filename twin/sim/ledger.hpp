// SPDX-License-Identifier: Apache-2.0
#pragma once

// The energy ledger of a run.
//
//   error = (entered - left - (stored now - stored at the start)) / throughput
//
// `entered` and `left` are the integrals of the border accounts, carried by the engine along with
// the states; `stored` comes from enthalpy, charge and the like, unit by unit. No term is found as
// the remainder of the others, so a unit that loses or creates energy shows as an error. Throughput
// is the larger of what entered and what left. The ledger also sums the inner accounts: use by IT,
// cooling, losses, storage, water.

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "twin/site/accounts.hpp"

namespace ampacity {

// One line of the balance: energy (J) or water (kg) since the start of the run.
struct LedgerLine {
  Account account;
  std::string component;
  double total;
};

struct LedgerBalance {
  double entered_j = 0.0;
  double left_j = 0.0;
  double stored_change_j = 0.0;
  double relative_error = 0.0;
  std::vector<LedgerLine> lines;

  // Total of one account over all components.
  double total(Account account) const {
    double sum = 0.0;
    for (const LedgerLine& line : lines) {
      if (line.account == account) sum += line.total;
    }
    return sum;
  }
};

inline bool enters(Account account) {
  return account == Account::enters_grid || account == Account::enters_solar ||
         account == Account::enters_fission;
}
inline bool leaves(Account account) {
  return account == Account::leaves_water || account == Account::leaves_loss ||
         account == Account::leaves_turbine;
}

class Ledger {
 public:
  // Opens the books at the given states and integrals.
  Ledger(const Plant& plant, const Accounts& accounts, const double* states,
         std::span<const double> integrals)
      : plant_(plant),
        accounts_(accounts),
        stored_at_start_j_(plant.stored_energy_j(states)),
        start_(integrals.begin(), integrals.end()) {}

  // Balance between the start and the given states and integrals.
  LedgerBalance balance(const double* states, std::span<const double> integrals) const {
    LedgerBalance out;
    for (std::size_t i = 0; i < accounts_.lines().size(); ++i) {
      const AccountLine& line = accounts_.lines()[i];
      const double total = integrals[i] - start_[i];
      out.lines.push_back({line.account, line.component, total});
      if (enters(line.account)) out.entered_j += total;
      if (leaves(line.account)) out.left_j += total;
    }
    out.stored_change_j = plant_.stored_energy_j(states) - stored_at_start_j_;
    const double throughput = std::max(std::abs(out.entered_j), std::abs(out.left_j));
    const double gap = out.entered_j - out.left_j - out.stored_change_j;
    out.relative_error = throughput > 0.0 ? gap / throughput : 0.0;
    return out;
  }

 private:
  const Plant& plant_;
  const Accounts& accounts_;
  double stored_at_start_j_;
  std::vector<double> start_;
};

}  // namespace ampacity
