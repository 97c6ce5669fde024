//===- Reachable.h - Functions that a unit can reach ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A unit has thousands of functions from headers, and most of them it neither
/// calls nor hands on: those say nothing about it.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_REACHABLE_H
#define PAGEWARDEN_ENGINE_REACHABLE_H

#include "pagewarden/Engine/ModelIndex.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace pagewarden {

/// The functions of the main file, those that are not static inline, what
/// variables are initialized with, and what the bodies of all of these name, in
/// turn.  Bodies of functions that the model describes are not looked into
/// outside the main file.
class Reachable {
public:
  Reachable(const clang::TranslationUnitDecl *TU, const ModelIndex &Index);

  /// Definitions, in no order.
  llvm::ArrayRef<const clang::FunctionDecl *> definitions() const {
    return Definitions;
  }
  /// All functions that are named, with a body or without; canonical.
  const llvm::DenseSet<const clang::FunctionDecl *> &named() const {
    return Named;
  }

private:
  void addNamed(const clang::Stmt *S);
  void add(const clang::FunctionDecl *Fn);

  llvm::DenseSet<const clang::FunctionDecl *> Named, Seen;
  llvm::SmallVector<const clang::FunctionDecl *, 0> Definitions;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_REACHABLE_H
