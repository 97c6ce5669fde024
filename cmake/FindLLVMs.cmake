# Finds every supported LLVM on the machine and sets
#   PAGEWARDEN_LLVMS                 the major versions found
#   PAGEWARDEN_LLVM_<v>_VERSION      full version, e.g. 19.1.7
#   PAGEWARDEN_LLVM_<v>_INCLUDE      include folder (LLVM's and clang's)
#   PAGEWARDEN_LLVM_<v>_BIN          folder of the tools
#   PAGEWARDEN_LLVM_<v>_LIBLLVM      shared libLLVM
#   PAGEWARDEN_LLVM_<v>_CLANG_CPP    shared libclang-cpp
#
# find_package(LLVM) defines global targets and so serves one version per
# build; llvm-config serves any number.
include(SupportedLLVM)
set(PAGEWARDEN_ONLY_LLVM "" CACHE STRING
    "Build for these LLVM versions only (a ;-list); empty: every supported one found")

set(PAGEWARDEN_LLVMS)
foreach(v IN LISTS PAGEWARDEN_SUPPORTED_LLVM)
  if(PAGEWARDEN_ONLY_LLVM AND NOT v IN_LIST PAGEWARDEN_ONLY_LLVM)
    continue()
  endif()
  find_program(PAGEWARDEN_LLVM_CONFIG_${v} NAMES llvm-config-${v}
               HINTS "/usr/lib/llvm-${v}/bin")
  if(NOT PAGEWARDEN_LLVM_CONFIG_${v})
    message(STATUS "LLVM ${v}: not found")
    continue()
  endif()
  foreach(what IN ITEMS version includedir libdir bindir)
    execute_process(COMMAND "${PAGEWARDEN_LLVM_CONFIG_${v}}" --${what}
                    OUTPUT_VARIABLE _${what} OUTPUT_STRIP_TRAILING_WHITESPACE
                    COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  unset(_llvm CACHE)
  find_library(_llvm NAMES LLVM-${v} LLVM HINTS "${_libdir}" NO_DEFAULT_PATH)
  # The plain name is in a package of its own (libclang-cpp<v>-dev), which
  # nothing else needs.
  file(GLOB _clang_cpp "${_libdir}/libclang-cpp.so*")
  if(_clang_cpp)
    list(GET _clang_cpp 0 _clang_cpp)
  endif()
  if(NOT _llvm OR NOT _clang_cpp OR
     NOT EXISTS "${_includedir}/clang/StaticAnalyzer/Core/Checker.h")
    message(STATUS "LLVM ${v}: found, but without its clang libraries "
                   "(Debian: llvm-${v}-dev libclang-${v}-dev)")
    continue()
  endif()
  set(PAGEWARDEN_LLVM_${v}_VERSION "${_version}")
  set(PAGEWARDEN_LLVM_${v}_INCLUDE "${_includedir}")
  set(PAGEWARDEN_LLVM_${v}_BIN "${_bindir}")
  set(PAGEWARDEN_LLVM_${v}_LIBLLVM "${_llvm}")
  set(PAGEWARDEN_LLVM_${v}_CLANG_CPP "${_clang_cpp}")
  list(APPEND PAGEWARDEN_LLVMS ${v})
  message(STATUS "LLVM ${v}: ${_version} in ${_libdir}")
endforeach()
unset(_llvm CACHE)
if(NOT PAGEWARDEN_LLVMS)
  message(FATAL_ERROR
    "No supported LLVM found (supported: ${PAGEWARDEN_SUPPORTED_LLVM}).  On "
    "Debian: apt-get install llvm-19-dev libclang-19-dev clang-19")
endif()
