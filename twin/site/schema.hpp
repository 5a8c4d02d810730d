// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sections of a site file that describe no unit: what the site is, its weather, money, work,
// and what is recorded. One row per key; `check`, `describe` and the readers use the same rows.

#include <span>

namespace ampacity {

struct SettingRow {
  enum class Kind { quantity, quantities, text, texts, choice };
  const char* section;
  const char* key;
  Kind kind;
  const char* unit;      // of quantities; of a choice: the words, separated by '|'
  const char* standard;  // as a user would write it; nullptr: must be given
  double minimum;
  double maximum;
  const char* description;
};

// Sensors of the quantities that a pattern selects, [sensors."<pattern>"].
struct SensorKey {
  const char* key;
  const char* unit;  // "" : the unit of the quantity, as a difference
  double standard;
  double minimum;
  double maximum;
  const char* description;
};

std::span<const SettingRow> setting_rows();
std::span<const SensorKey> sensor_keys();

}  // namespace ampacity
