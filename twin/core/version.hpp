// SPDX-License-Identifier: Apache-2.0
#pragma once

// The version of the project, as printed by `ampacity --version` and written to the manifest of a
// run. It is set once, in the top CMakeLists.txt, and says nothing about the checkout or the host:
// two builds of the same sources must write the same bytes.

namespace ampacity {

// "major.minor.patch"
const char* version();

}  // namespace ampacity
