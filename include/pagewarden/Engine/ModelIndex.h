//===- ModelIndex.h - The model as one translation unit sees it -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which of the translation unit's functions the model describes, and with
/// which of their shapes.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_MODELINDEX_H
#define PAGEWARDEN_ENGINE_MODELINDEX_H

#include "pagewarden/Model/Model.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h"
#include "llvm/ADT/DenseMap.h"

namespace pagewarden {

class ModelIndex {
public:
  explicit ModelIndex(const model::Model &M) : M(M) {}

  /// The model's entry for \p Fn, or null.  A function that the main file
  /// defines with a name of the kernel's is not the kernel's.
  const model::Function *find(const clang::FunctionDecl *Fn) const;
  const model::Function *find(const clang::CallExpr *Call) const;
  const model::Function *find(const clang::ento::CallEvent &Call) const;

  const model::Model &model() const { return M; }

private:
  const model::Function *lookUp(const clang::FunctionDecl *Fn) const;

  const model::Model &M;
  mutable llvm::DenseMap<const clang::FunctionDecl *, const model::Function *>
      Cache;
};

/// The structure that \p E points to, where the model says that it describes a
/// page ("describes-page"), or null.
const clang::RecordDecl *pageStructure(const clang::Expr *E,
                                       const model::Model &M);

/// The value that \p Amount has in \p State, at or after \p Call; \p Ret is
/// what the call returned.
clang::ento::SVal valueOf(const model::Amount &Amount,
                          const clang::ento::CallEvent &Call,
                          clang::ento::ProgramStateRef State,
                          clang::ento::SVal Ret);

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_MODELINDEX_H
