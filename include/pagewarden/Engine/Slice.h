//===- Slice.h - Functions worth exploring ----------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_SLICE_H
#define PAGEWARDEN_ENGINE_SLICE_H

#include "pagewarden/Engine/Reachable.h"
#include "llvm/ADT/DenseSet.h"

namespace pagewarden {

/// Of the functions that a translation unit can reach, those in which something of the families may
/// be taken that must be given back: those that call an acquisition, and their
/// callers, up to CallerDepth calls away.  Canonical declarations.
class Slice {
public:
  /// Wrappers that fill their caller's array, and wrappers of those.
  static constexpr unsigned CallerDepth = 2;

  Slice(const clang::TranslationUnitDecl *TU, const Reachable &Unit,
        const ModelIndex &Index, llvm::ArrayRef<llvm::StringRef> Families);

  bool contains(const clang::Decl *D) const {
    return Functions.contains(D->getCanonicalDecl());
  }
  bool empty() const { return Functions.empty(); }

private:
  llvm::DenseSet<const clang::Decl *> Functions;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_SLICE_H
