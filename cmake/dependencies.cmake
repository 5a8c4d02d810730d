# SPDX-License-Identifier: Apache-2.0
#
# Libraries, all from Debian 12 (script/setup installs them) and all linked dynamically.

find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SUNDIALS 6.4 REQUIRED
             COMPONENTS cvodes kinsol nvecserial sunmatrixsparse sunlinsolklu)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(doctest REQUIRED)

# udunits2 has no CMake package; that of netCDF names static parts of other libraries.
function(ampacity_find_library target library header)
  find_library(${library}_LIBRARY ${library} REQUIRED)
  find_path(${library}_INCLUDE ${header} REQUIRED)
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${${library}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${library}_INCLUDE})
endfunction()

ampacity_find_library(udunits2::udunits2 udunits2 udunits2.h)
ampacity_find_library(netcdf::netcdf netcdf netcdf.h)
