// SPDX-License-Identifier: Apache-2.0
#include "twin/core/version.hpp"

namespace ampacity {

const char* version() { return AMPACITY_VERSION; }

}  // namespace ampacity
