//===- ReleaseCheck.h - What is given back wrongly --------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rules for giving things back, for one family of resources:
///
///   1. What one side of the model took, another side's function gives back.
///   2. One object, or all of an array, is given back twice.
///   3. Nothing is given back as if it were something: NULL, or an error.
///   4. More is given back than was taken.
///   5. A loop gives back the same element every time.
///   6. An object is used after the last reference that the path had is gone.
///   7. The order or the size is another one than that of the allocation.
///   8. Memory is read for what to give back, to which nothing was stored.
///   9. Elements are given back of which only some were filled.
///  10. A reference is given back that is taken on other paths only.
///  11. What is given back is not of this kind at all: the structure that
///      describes a page, memory of another allocator.
///  12. A loop that goes back over elements leaves one out (Unwinding.h).
///
/// Not handled: which elements of an array a release by count is about, and
/// objects that were taken by another function than the one at hand (where a
/// field keeps them: FieldFlow.h).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_CHECKERS_RELEASECHECK_H
#define PAGEWARDEN_CHECKERS_RELEASECHECK_H

#include "pagewarden/Engine/FieldFlow.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"

namespace pagewarden {

class ReleaseCheck
    : public clang::ento::Checker<
          clang::ento::check::PreCall, clang::ento::check::Location,
          clang::ento::check::BranchCondition,
          clang::ento::check::ASTDecl<clang::TranslationUnitDecl>> {
public:
  /// \p Family is the one of model::Resource; \p Name and \p Category are the
  /// bug type's, and outlive the check.
  ReleaseCheck(llvm::StringLiteral Family, llvm::StringLiteral Name,
               llvm::StringLiteral Category)
      : Family(Family), Bug(this, Name, Category, /*SuppressOnSink=*/true) {}

  const Groundwork *Ground = nullptr;

  void checkPreCall(const clang::ento::CallEvent &Call,
                    clang::ento::CheckerContext &C) const;
  void checkLocation(clang::ento::SVal Location, bool IsLoad,
                     const clang::Stmt *S,
                     clang::ento::CheckerContext &C) const;
  void checkBranchCondition(const clang::Stmt *Condition,
                            clang::ento::CheckerContext &C) const;
  void checkASTDecl(const clang::TranslationUnitDecl *TU,
                    clang::ento::AnalysisManager &Mgr,
                    clang::ento::BugReporter &BR) const;

private:
  struct Release;

  bool ofFamily(llvm::StringRef Resource) const;
  bool isJudged(const Holding &H) const;
  void report(const HoldingEntry &E, const llvm::Twine &What,
              clang::ento::CheckerContext &C) const;
  void reportPlain(const llvm::Twine &What, const clang::Expr *First,
                   clang::ento::CheckerContext &C) const;
  void reportGiven(const Release &R, const llvm::Twine &What, bool Tracked,
                   clang::ento::CheckerContext &C) const;

  bool checkNothing(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkUnfilled(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkKind(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkElsewhere(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkGone(clang::ento::SymbolRef Sym,
                 clang::ento::CheckerContext &C) const;
  bool checkNeverFilled(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkTwice(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkSide(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkOrder(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkCompound(const Release &R, clang::ento::CheckerContext &C) const;
  bool checkCount(const Release &R, clang::ento::CheckerContext &C) const;
  void checkHalfFilled(const clang::ValueDecl *Field,
                       const FieldFlow::Uses &Uses,
                       clang::ento::AnalysisManager &Mgr,
                       clang::ento::BugReporter &BR) const;
  void checkLoops(const clang::FunctionDecl *D,
                  clang::ento::AnalysisManager &Mgr,
                  clang::ento::BugReporter &BR) const;
  void checkUnwinding(const clang::FunctionDecl *D,
                      clang::ento::AnalysisManager &Mgr,
                      clang::ento::BugReporter &BR) const;
  void checkFields(const clang::TranslationUnitDecl *TU,
                   clang::ento::AnalysisManager &Mgr,
                   clang::ento::BugReporter &BR) const;
  bool checkUse(const clang::ento::MemRegion *Used,
                clang::ento::CheckerContext &C) const;

  llvm::StringLiteral Family;
  const clang::ento::BugType Bug;
  /// Calls that a report on loops has named.
  mutable llvm::SmallPtrSet<const clang::Expr *, 4> Told;
};

} // namespace pagewarden

#endif // PAGEWARDEN_CHECKERS_RELEASECHECK_H
