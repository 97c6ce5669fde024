//===- AllocFlow.h - What happens to a result before anything else -*- C++
//-*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows the result of a call from the variable or member that it is stored
/// in to the first thing that is done with it, in the order of statements.
/// What is on one way only is not followed any further.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_ALLOCFLOW_H
#define PAGEWARDEN_LIB_CHECKERS_ALLOCFLOW_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ParentMap.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace pagewarden {

class AllocFlow {
public:
  /// Keep: the use says nothing, and the next is asked for.
  enum Answer { Keep, Drop };
  /// \p Read is the place where the result of \p Source is read.  Asked
  /// several times; only with \p Final may it report.
  using Reader = llvm::function_ref<Answer(
      const clang::CallExpr *Source, const clang::Expr *Read, bool Final)>;

  /// Follows the results of calls in \p Fn for which \p IsSource says yes.
  AllocFlow(const clang::FunctionDecl *Fn, clang::ento::AnalysisManager &Mgr,
            llvm::function_ref<bool(const clang::CallExpr *)> IsSource);

  void run(Reader OnRead) const;

  const clang::ParentMap &parents() const { return Parents; }

private:
  const clang::FunctionDecl *Fn;
  clang::ento::AnalysisManager &Mgr;
  llvm::function_ref<bool(const clang::CallExpr *)> IsSource;
  const clang::ParentMap &Parents;
};

/// What the value of \p E is used in, past parentheses and casts: \p E becomes
/// the operand.  Null at the end of a statement.
const clang::Stmt *useOf(const clang::Expr *&E,
                         const clang::ParentMap &Parents);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_ALLOCFLOW_H
