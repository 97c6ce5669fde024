//===- ExportFacts.h - What the checks of exports share ---------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A hidden check that runs before the groundwork, which rewrites the AST, and
/// collects what the checks of linux.export judge: the module's licence, the
/// kernel's exports, and the symbols that the unit's object needs.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_EXPORTFACTS_H
#define PAGEWARDEN_LIB_CHECKERS_EXPORTFACTS_H

#include "pagewarden/Facts/UnitContext.h"
#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Scan/UnitFacts.h"
#include "clang/AST/Decl.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/Checker.h"
#include <optional>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace pagewarden {

class ExportFacts
    : public clang::ento::Checker<
          clang::ento::check::ASTDecl<clang::TranslationUnitDecl>> {
public:
  static constexpr llvm::StringLiteral FullName = "linux.export.Facts";

  // Set while checks are registered.
  std::optional<kernel::Symvers> Exports;
  std::string License;     ///< of the module, when the file does not say it
  bool WantsGpl = false;   ///< needs of GPL-incompatible modules are wanted
  bool WantsOther = false; ///< needs of out-of-tree modules are wanted

  void checkASTDecl(const clang::TranslationUnitDecl *TU,
                    clang::ento::AnalysisManager &Mgr,
                    clang::ento::BugReporter &BR) const;

  // Results, for checks that run later.
  const UnitContext &unit() const { return Unit; }
  /// Needs of the object; null when nobody wants them or it cannot be made.
  const scan::UnitFacts *object() const { return Object ? &*Object : nullptr; }

  /// Reports \p N with its chain as notes.
  void report(const clang::ento::BugType &Type, clang::ento::BugReporter &BR,
              clang::ASTContext &Ctx, const scan::Need &N,
              std::string Message) const;

private:
  mutable UnitContext Unit;
  mutable std::optional<scan::UnitFacts> Object;

  bool wantsObject(const clang::TranslationUnitDecl *TU) const;
};

/// The shared facts, for a check's registration.
ExportFacts &exportFacts(clang::ento::CheckerManager &Mgr);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_EXPORTFACTS_H
