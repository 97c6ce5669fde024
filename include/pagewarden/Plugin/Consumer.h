//===- Consumer.h - The analysis as an AST consumer -------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the worker and the compile-time door share: an AST consumer that runs
/// clang's path exploration with our checks over the functions that matter,
/// and hands over findings.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_PLUGIN_CONSUMER_H
#define PAGEWARDEN_PLUGIN_CONSUMER_H

#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Findings/Finding.h"
#include "pagewarden/Scan/HeaderBodies.h"
#include "pagewarden/Scan/Protocol.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/SourceLocation.h"
#include <functional>
#include <memory>
#include <vector>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace pagewarden {

/// A finding with the places that clang's diagnostics need.
struct CompilerFinding {
  Finding Text;
  clang::SourceLocation Loc;
  std::vector<clang::SourceLocation> Path;  ///< parallel to Text.Path
  std::vector<clang::SourceLocation> Notes; ///< parallel to Text.Notes
};

using FindingHandler =
    std::function<void(std::vector<CompilerFinding>, AnalysisStats)>;

struct AnalysisRules {
  /// Unless null, bodies of header functions that it rules out are not parsed;
  /// then no code can be generated.
  const scan::CalledNames *Called = nullptr;
  /// Files that the gate would not let pass are left alone.
  bool Gated = false;
};

/// Sets \p CI's analyzer options for \p Opts and returns the consumer.
/// \p Done is called once, at the end of the translation unit, unless the
/// unit has errors.
std::unique_ptr<clang::ASTConsumer> createAnalysis(clang::CompilerInstance &CI,
                                                   const scan::Options &Opts,
                                                   FindingHandler Done,
                                                   AnalysisRules Rules = {});

} // namespace pagewarden

#endif // PAGEWARDEN_PLUGIN_CONSUMER_H
