# What is built for one LLVM, and the command that stands over all of them.
#
#   core    Model, Kernel, Findings, Gate, Scan, Audit: LLVM's Support, no clang
#   clang   Engine, Checkers, Facts and the doors: needs clang's libraries
#   plugin  links neither LLVM nor clang: every symbol comes from the clang
#           that loads it.  A second copy, static or shared, would register
#           its options and checkers where nobody looks.
#   worker  links the shared libclang-cpp
set(PAGEWARDEN_CORE_ROOMS Model Kernel Findings Gate Scan Audit)
set(PAGEWARDEN_CLANG_ROOMS Engine Facts Checkers Plugin)

set(PAGEWARDEN_WARNINGS -Wall -Wextra -Wpedantic -Wno-unused-parameter)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees these in libstdc++'s strings, in LLVM's hashing and in clang's
  # lazy pointers, where they are not.
  list(APPEND PAGEWARDEN_WARNINGS -Wno-restrict -Wno-maybe-uninitialized
       -Wno-nonnull)
else()
  # std::stable_sort of libstdc++ 12 uses what libstdc++ 12 deprecates.
  list(APPEND PAGEWARDEN_WARNINGS -Wno-deprecated-declarations)
endif()
if(PAGEWARDEN_WERROR)
  list(APPEND PAGEWARDEN_WARNINGS -Werror)
endif()

function(_pagewarden_sources out)
  set(all)
  foreach(room IN LISTS ARGN)
    file(GLOB sources CONFIGURE_DEPENDS
         "${CMAKE_SOURCE_DIR}/lib/${room}/*.cpp")
    list(APPEND all ${sources})
  endforeach()
  set(${out} ${all} PARENT_SCOPE)
endfunction()

function(_pagewarden_flags target version)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/include"
                             "${CMAKE_BINARY_DIR}/generated")
  # LLVM's headers are not warning-free under every compiler.
  target_include_directories(${target} SYSTEM PRIVATE
                             "${PAGEWARDEN_LLVM_${version}_INCLUDE}")
  target_compile_definitions(${target} PRIVATE
    _GNU_SOURCE __STDC_CONSTANT_MACROS __STDC_FORMAT_MACROS
    __STDC_LIMIT_MACROS PAGEWARDEN_VERSION="${PROJECT_VERSION}"
    PAGEWARDEN_CLANG_VERSION="${PAGEWARDEN_LLVM_${version}_VERSION}"
    PAGEWARDEN_CLANG_MAJOR=${version})
  # Debian's LLVM is built without RTTI and exceptions.
  target_compile_options(${target} PRIVATE -fno-rtti -fno-exceptions
                         ${PAGEWARDEN_WARNINGS})
  if(PAGEWARDEN_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${PAGEWARDEN_SANITIZE}
                           -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${PAGEWARDEN_SANITIZE})
  endif()
  add_dependencies(${target} embed-BuiltinModel)
endfunction()

# What most files of the clang rooms include.  Reading clang's headers is most
# of the time that it takes to compile them.
set(PAGEWARDEN_CLANG_HEADERS
  <clang/AST/ParentMap.h>
  <clang/AST/RecursiveASTVisitor.h>
  <clang/Frontend/CompilerInstance.h>
  <clang/StaticAnalyzer/Core/BugReporter/BugReporterVisitors.h>
  <clang/StaticAnalyzer/Core/Checker.h>
  <clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h>
  <clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h>
  <clang/StaticAnalyzer/Core/PathSensitive/ExprEngine.h>
  <clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h>
  <clang/StaticAnalyzer/Frontend/AnalysisConsumer.h>)

function(pagewarden_add_llvm version)
  _pagewarden_sources(core ${PAGEWARDEN_CORE_ROOMS})
  _pagewarden_sources(clang ${PAGEWARDEN_CLANG_ROOMS})

  add_library(pagewarden-core-${version} STATIC ${core})
  _pagewarden_flags(pagewarden-core-${version} ${version})

  add_library(pagewarden-clang-${version} OBJECT ${clang})
  _pagewarden_flags(pagewarden-clang-${version} ${version})
  target_precompile_headers(pagewarden-clang-${version} PRIVATE
                            ${PAGEWARDEN_CLANG_HEADERS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Equal headers make an equal file, by which ccache knows it.
    target_compile_options(pagewarden-clang-${version} PRIVATE
                           -Xclang -fno-pch-timestamp)
  endif()

  set(dir "${CMAKE_BINARY_DIR}/lib/pagewarden/${version}")

  add_library(pagewarden-plugin-${version} MODULE
              "${CMAKE_SOURCE_DIR}/tools/plugin/Plugin.cpp"
              $<TARGET_OBJECTS:pagewarden-clang-${version}>)
  _pagewarden_flags(pagewarden-plugin-${version} ${version})
  target_link_libraries(pagewarden-plugin-${version} PRIVATE
                        pagewarden-core-${version})
  # Resolve everything on loading: in the wrong clang the load itself fails.
  target_link_options(pagewarden-plugin-${version} PRIVATE
                      -Wl,-z,now -Wl,--exclude-libs,ALL)
  set_target_properties(pagewarden-plugin-${version} PROPERTIES
    PREFIX "" OUTPUT_NAME pagewarden LIBRARY_OUTPUT_DIRECTORY "${dir}")

  add_executable(pagewarden-worker-${version}
                 "${CMAKE_SOURCE_DIR}/tools/worker/Worker.cpp"
                 $<TARGET_OBJECTS:pagewarden-clang-${version}>)
  _pagewarden_flags(pagewarden-worker-${version} ${version})
  target_link_libraries(pagewarden-worker-${version} PRIVATE
                        pagewarden-core-${version}
                        "${PAGEWARDEN_LLVM_${version}_CLANG_CPP}"
                        "${PAGEWARDEN_LLVM_${version}_LIBLLVM}")
  set_target_properties(pagewarden-worker-${version} PROPERTIES
    OUTPUT_NAME pagewarden-worker RUNTIME_OUTPUT_DIRECTORY "${dir}")
endfunction()

# The command needs Support only; it is linked with the newest LLVM there is,
# and with SQLite for its facts file.
function(pagewarden_add_command)
  find_package(SQLite3)
  if(NOT SQLite3_FOUND)
    message(FATAL_ERROR "SQLite 3 is needed.  On Debian: apt-get install "
                        "libsqlite3-dev")
  endif()
  list(GET PAGEWARDEN_LLVMS -1 version)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tools/pagewarden/*.cpp")
  add_executable(pagewarden ${sources})
  _pagewarden_flags(pagewarden ${version})
  string(REPLACE ";" "," versions "${PAGEWARDEN_LLVMS}")
  target_compile_definitions(pagewarden PRIVATE
                             PAGEWARDEN_BUILT_FOR="${versions}")
  target_link_libraries(pagewarden PRIVATE pagewarden-core-${version}
                        "${PAGEWARDEN_LLVM_${version}_LIBLLVM}"
                        SQLite::SQLite3)
  set_target_properties(pagewarden PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()
