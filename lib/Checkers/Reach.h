//===- Reach.h - What can come before what in a function --------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For checks that look at the AST and still must not mix up branches: whether
/// some path of a function evaluates one statement before another.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_REACH_H
#define PAGEWARDEN_LIB_CHECKERS_REACH_H

#include "clang/AST/Decl.h"
#include "clang/Analysis/CFG.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace pagewarden {

class Reach {
public:
  Reach(const clang::FunctionDecl *Fn, clang::ento::AnalysisManager &Mgr)
      : Fn(Fn), Mgr(Mgr) {}

  /// Whether \p First may have been evaluated when \p Then is.  Where the
  /// control flow graph does not know one of them, it may.
  bool mayPrecede(const clang::Stmt *First, const clang::Stmt *Then);

  /// Whether some path leads from \p First, or from the function's beginning
  /// where that is null, to \p Then and passes none of \p Others.
  bool reachesPast(const clang::Stmt *First, const clang::Stmt *Then,
                   llvm::ArrayRef<const clang::Stmt *> Others);

private:
  void index();
  bool reaches(const clang::CFGBlock *From, const clang::CFGBlock *To);

  struct Position {
    const clang::CFGBlock *Block = nullptr;
    unsigned Index = 0;
  };
  /// Where \p S is evaluated: itself, or what the graph knows of its parts.
  const Position *positionOf(const clang::Stmt *S) const;
  const clang::FunctionDecl *Fn;
  clang::ento::AnalysisManager &Mgr;
  bool Indexed = false;
  llvm::DenseMap<const clang::Stmt *, Position> Positions;
  llvm::DenseMap<const clang::CFGBlock *,
                 llvm::SmallPtrSet<const clang::CFGBlock *, 16>>
      Behind;
};

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_REACH_H
