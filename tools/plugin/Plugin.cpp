//===- Plugin.cpp - What clang finds in pagewarden.so ---------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The compile-time door (-fplugin) and the analyzer's door (-load,
/// scan-build -load-plugin).
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Plugin/CompileDoor.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/StaticAnalyzer/Frontend/CheckerRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

#define PAGEWARDEN_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

/// A plugin in the wrong clang must not pass for a clean run.  Clang's own
/// check of clang_analyzerAPIVersionString is a warning, and 'clang --analyze'
/// silences warnings.
struct HostCheck {
  HostCheck() {
    std::string Host = clang::getClangFullVersion();
    if (llvm::StringRef(Host).contains("version " PAGEWARDEN_CLANG_VERSION))
      return;
    llvm::errs() << "pagewarden: error: this plugin is for "
                    "clang " PAGEWARDEN_CLANG_VERSION ", and was loaded into "
                 << Host
                 << "; 'pagewarden plugin-path --clang CLANG' names the right "
                    "one\n";
    llvm::errs().flush();
    _exit(1);
  }
} const TheHostCheck;

} // namespace

static clang::FrontendPluginRegistry::Add<pagewarden::CompileDoor>
    Door("pagewarden", "checks page references and exports of kernel code");

PAGEWARDEN_EXPORT const char clang_analyzerAPIVersionString[] =
    CLANG_ANALYZER_API_VERSION_STRING;

PAGEWARDEN_EXPORT void
clang_registerCheckers(clang::ento::CheckerRegistry &Registry) {
  pagewarden::registerChecks(Registry);
}
