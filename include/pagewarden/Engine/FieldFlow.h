//===- FieldFlow.h - What fields keep between functions ---------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pages that one function takes and another gives back go through a field or
/// a global variable in between.  What the main file does with each of these
/// is collected here, without regard to paths: which acquisitions fill it,
/// which releases empty it, and whether anything else is ever put there.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_FIELDFLOW_H
#define PAGEWARDEN_ENGINE_FIELDFLOW_H

#include "pagewarden/Engine/ModelIndex.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"

namespace pagewarden {

/// What \p E looks at through casts, offsets and subscripts: a variable, a
/// member, or something else.  A transparent union (release_pages()) is the
/// pointer that was written.
const clang::Expr *stripToRoot(const clang::Expr *E);

class FieldFlow {
public:
  /// One modelled call about what a field holds.
  struct Use {
    const clang::CallExpr *Call;
    const model::Function *Fn;
    const clang::FunctionDecl *In; ///< where the call stands
    bool Element; ///< about what the field's array holds, not the field itself
  };

  /// All uses of one field or global variable.
  struct Uses {
    llvm::SmallVector<Use, 2> Acquired, Released;
    /// Something else than what Acquired says may be there, too: in the field,
    /// or in what it points to.
    bool Mixed = false, MixedElements = false;
    /// Memory of another kind may be there, for an array or in its place.
    bool Memory = false;
  };

  FieldFlow(const clang::TranslationUnitDecl *TU, const ModelIndex &Index);

  /// In the order of the source.
  const llvm::MapVector<const clang::ValueDecl *, Uses> &all() const {
    return Fields;
  }

private:
  llvm::MapVector<const clang::ValueDecl *, Uses> Fields;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_FIELDFLOW_H
