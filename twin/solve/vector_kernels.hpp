// SPDX-License-Identifier: Apache-2.0
#pragma once

// Vector operations of the reference engine.
//
// CVODE spends most of its time in N_Vector operations once the linear solver is structured, and
// Debian's serial vector is compiled without SIMD instructions. The nine operations that dominate
// are replaced in the vector's table of function pointers by plain loops that our own compiler
// flags vectorise; results differ from the library's only in the order of summation of the norms,
// which here is four fixed partial sums, the same in every run.

#include <nvector/nvector_serial.h>

namespace ampacity {

// Installs the kernels in `vector` and in everything cloned from it.
void install_vector_kernels(N_Vector vector);

}  // namespace ampacity
