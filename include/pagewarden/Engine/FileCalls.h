//===- FileCalls.h - Who calls whom in one file -----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The direct calls between the functions of the main file, and how each of
/// them can be reached from elsewhere.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_FILECALLS_H
#define PAGEWARDEN_ENGINE_FILECALLS_H

#include "pagewarden/Engine/ModelIndex.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace pagewarden {

class FileCalls {
public:
  using Set = llvm::SmallPtrSet<const clang::FunctionDecl *, 8>;

  FileCalls(const clang::TranslationUnitDecl *TU, const ModelIndex &Index);

  /// The functions of the file that make a modelled call for which \p Which
  /// says yes.
  Set callersOf(llvm::function_ref<bool(const model::Function &)> Which) const;

  /// Whether \p From is, or calls directly or through others, one of \p To.
  bool reaches(const clang::FunctionDecl *From, const Set &To) const;

  /// Whether \p Fn is one of \p These, or nothing but code of the file calls it
  /// and all of its callers are within.
  bool alwaysWithin(const clang::FunctionDecl *Fn, const Set &These) const;

  /// Functions that code outside calls at times of its own: those with external
  /// linkage, and those that a table of operations names.  A function whose
  /// address is only taken by code of the file is a callback of that code.
  llvm::SmallVector<const clang::FunctionDecl *, 16> entries() const;

private:
  struct Node {
    llvm::SmallSetVector<const clang::FunctionDecl *, 8> Callees;
    llvm::SmallSetVector<const model::Function *, 4> Modelled;
    bool InTable = false;
    /// A function of the file names it without calling it.
    bool Handed = false;
  };
  llvm::MapVector<const clang::FunctionDecl *, Node> Nodes;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_FILECALLS_H
