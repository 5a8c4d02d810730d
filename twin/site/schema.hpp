// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sections of a site file that describe no unit: what the site is, its weather, money, work,
// and what is recorded. One row per key; `check`, `describe` and the readers use the same rows.
// Rows are read in their order: money and local times are judged by the currency and time zone
// that stand above them.

#include <span>

namespace ampacity {

struct SettingRow {
  // A name becomes part of paths; a file is named relative to where it is written.
  enum class Kind { quantity, quantities, duration, instant, text, texts, name, file, choice };
  const char* section;
  const char* key;
  Kind kind;
  const char* unit;      // of quantities; of a choice: the words, separated by '|'
  const char* standard;  // as a user would write it; nullptr: must be given
  double minimum;
  double maximum;
  const char* description;
  const char* source;  // of the default: a publication, 'assumed', or 'a choice' where nothing is
                       // claimed about the world
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
