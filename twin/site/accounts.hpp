// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which outputs are added up for the energy ledger.
//
// Output rows that carry an Account (core/tables.hpp) are summed by account and component type:
// "electricity used for cooling by pumps", "heat that leaves through towers". The engine integrates
// each sum along with the states, with the same formula and steps, so that the ledger compares like
// with like; nothing is found as a remainder.

#include <string>
#include <vector>

#include "twin/site/plant.hpp"

namespace ampacity {

// One sum: all outputs of one component type under one account.
struct AccountLine {
  Account account;
  const char* component;
  std::vector<std::uint32_t> outputs;
};

class Accounts {
 public:
  explicit Accounts(const Plant& plant) {
    for (const Unit& unit : plant.units()) {
      for (std::size_t i = 0; i < unit.type->outputs.size(); ++i) {
        const Account account = unit.type->outputs[i].account;
        if (account == Account::none) continue;
        line(account, unit.type->name)
            .outputs.push_back(static_cast<std::uint32_t>(unit.output_at + i));
      }
    }
  }

  const std::vector<AccountLine>& lines() const { return lines_; }

  // Sums of the present signals, one per line (W, or kg/s for water).
  void evaluate(const double* signals, double* sums) const {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      double sum = 0.0;
      for (std::uint32_t output : lines_[i].outputs) sum += signals[output];
      sums[i] = sum;
    }
  }

  // Total of an account over all component types, from values laid out like lines().
  double total(Account account, const double* values) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].account == account) sum += values[i];
    }
    return sum;
  }

 private:
  AccountLine& line(Account account, const char* component) {
    for (AccountLine& known : lines_) {
      if (known.account == account && known.component == component) return known;
    }
    return lines_.emplace_back(AccountLine{account, component, {}});
  }

  std::vector<AccountLine> lines_;
};

}  // namespace ampacity
