//===- HoldingReport.h - Words for what is held -----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the reports about holdings share: the words for what was taken, the
/// note at the place where it was, the function to name, the expected call.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_CHECKERS_HOLDINGREPORT_H
#define PAGEWARDEN_CHECKERS_HOLDINGREPORT_H

#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include <string>

namespace pagewarden {

/// Source text of \p E on one line, for messages; empty when it is long.
std::string textOf(const clang::Expr *E, const clang::ASTContext &Ctx);

/// The variable or member that \p E is, points into or is an element of; null
/// where it is none.
const clang::ValueDecl *rootOf(const clang::Expr *E);

/// It was one object that was taken, not as many as an array has room for.
bool isSingle(const Holding &H);

/// "page pinned by 'pin_user_pages_fast'".
std::string describe(const HoldingEntry &E, const model::Model &M);

/// The function of the main file that \p E stands in, or null.
const clang::Decl *functionAround(const clang::Expr *E,
                                  clang::ento::CheckerContext &C);

/// The function to name as the one that was expected: the first of those that
/// take what was taken, an array or a single object; empty when the model
/// names none.
llvm::StringRef expectedRelease(const model::Function &Fn, bool Single,
                                const model::Model &M);

/// The function that is to blame when what \p H holds is lost at \p N: the
/// one that said failure while it was held, or the innermost frame that the
/// acquisition is in, or else the whole.
const clang::Decl *blame(const Holding &H, const clang::ento::ExplodedNode *N);

/// The function to name where what \p Taken took is misused at the place at
/// hand: the one that took it, if it is at work, or else the innermost one that
/// called it; the one that took it where neither is.
const clang::Decl *whoShouldKnow(const clang::Expr *Taken,
                                 clang::ento::CheckerContext &C);

/// Adds to \p Report the note that says at the acquiring call what was taken
/// and what counts it, and makes the acquisition and the function to blame
/// what tells this finding from others.  \p Blame is blame() unless given.
std::unique_ptr<clang::ento::PathSensitiveBugReport>
makeReport(const clang::ento::BugType &Bug, llvm::StringRef Message,
           const HoldingEntry &E, const clang::ento::ExplodedNode *N,
           clang::ento::CheckerContext &C, const Groundwork &Ground,
           const clang::Decl *Blame = nullptr);

/// A call and the function that it stands in.
struct CallIn {
  const clang::CallExpr *Call;
  const clang::FunctionDecl *In;
};

/// Reports \p What at one call, with \p Note at another, in whatever function
/// each is; no path leads from one to the other.
void reportPair(const clang::ento::BugType &Bug, llvm::StringRef What,
                CallIn At, llvm::StringRef Note, CallIn Other,
                clang::ento::AnalysisManager &Mgr,
                clang::ento::BugReporter &BR);

} // namespace pagewarden

#endif // PAGEWARDEN_CHECKERS_HOLDINGREPORT_H
