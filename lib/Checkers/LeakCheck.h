//===- LeakCheck.h - What was taken and got lost ----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rules for things that get lost, for one family of resources:
///
///   1. An array is freed while it holds some.
///   2. A function ends while a variable or array of its own holds some.
///   3. An acquisition overwrites what nobody gave back.
///   4. A reference was taken for a call that takes it over, and that failed.
///   5. A function fails, and how many it took into somebody else's array
///      nobody but it can know.
///   6. A function fails and keeps what it gives back elsewhere.
///   7. A structure of the file's own is freed, and nowhere what one of its
///      fields keeps (KeptFields.h).
///
/// The states are those of Holdings.h; these rules ask, where the last way to
/// give something back is lost, whether it is still held and how much it may
/// be.
///
/// Not handled: arrays that belong to the caller, where all that was asked for
/// is held (the caller may know more).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_CHECKERS_LEAKCHECK_H
#define PAGEWARDEN_CHECKERS_LEAKCHECK_H

#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

namespace pagewarden {

class LeakCheck
    : public clang::ento::Checker<
          clang::ento::check::PreCall, clang::ento::check::EndFunction,
          clang::ento::check::ASTDecl<clang::TranslationUnitDecl>> {
public:
  /// \p Family is the one of model::Resource; \p Name and \p Category are the
  /// bug type's, and outlive the check.
  LeakCheck(llvm::StringLiteral Family, llvm::StringLiteral Name,
            llvm::StringLiteral Category)
      : Family(Family), Bug(this, Name, Category, /*SuppressOnSink=*/true) {}

  const Groundwork *Ground = nullptr;

  void checkPreCall(const clang::ento::CallEvent &Call,
                    clang::ento::CheckerContext &C) const;
  void checkEndFunction(const clang::ReturnStmt *Return,
                        clang::ento::CheckerContext &C) const;
  void checkASTDecl(const clang::TranslationUnitDecl *TU,
                    clang::ento::AnalysisManager &Mgr,
                    clang::ento::BugReporter &BR) const;

private:
  void checkRefused(clang::ento::CheckerContext &C) const;
  void checkRefusedCall(const clang::ento::CallEvent &Call,
                        clang::ento::CheckerContext &C) const;
  bool isOurs(const HoldingEntry &E, clang::ento::ProgramStateRef State) const;
  bool isLikely(const Holding &H, clang::ento::ProgramStateRef State) const;
  void reportAll(HoldingTest Which, llvm::StringRef How,
                 clang::ento::CheckerContext &C) const;
  void checkFree(const model::Function &Free,
                 const clang::ento::CallEvent &Call,
                 clang::ento::CheckerContext &C) const;
  void checkOverwrite(const model::Function &Fn,
                      const clang::ento::CallEvent &Call,
                      clang::ento::CheckerContext &C) const;
  bool isGivenBackElsewhere(const Holding &H,
                            clang::ento::CheckerContext &C) const;
  void checkFailure(const clang::ReturnStmt *Return,
                    clang::ento::CheckerContext &C) const;

  llvm::StringLiteral Family;
  /// Resources that the file gives back, and so knows that it may have; read
  /// when first asked for.
  mutable std::optional<llvm::StringSet<>> GivenBack;
  const clang::ento::BugType Bug;
};

} // namespace pagewarden

#endif // PAGEWARDEN_CHECKERS_LEAKCHECK_H
