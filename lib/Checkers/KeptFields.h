//===- KeptFields.h - What a structure keeps for ever -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A structure of the file's own has a field for something that was taken; the
/// file frees the structure, and nowhere what is in the field.  Since nobody
/// else knows the structure, it is enough to read the file: every use of the
/// field must be one that cannot give anything back.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_KEPTFIELDS_H
#define PAGEWARDEN_LIB_CHECKERS_KEPTFIELDS_H

#include "pagewarden/Engine/FieldFlow.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ParentMap.h"
#include <vector>

namespace pagewarden {

struct KeptField {
  const clang::FieldDecl *Field;
  FieldFlow::Use Taken;
  const clang::CallExpr *Freed;       ///< the call that frees the structure
  const clang::FunctionDecl *FreedIn; ///< and the function that it stands in
};

using ParentsOf =
    llvm::function_ref<const clang::ParentMap &(const clang::FunctionDecl *)>;

/// The fields of \p TU that keep something of \p Family (model::Resource), in
/// the order of the source.  \p Flow is the one of \p TU.
std::vector<KeptField> keptFields(const clang::TranslationUnitDecl *TU,
                                  const FieldFlow &Flow,
                                  const ModelIndex &Index,
                                  llvm::StringRef Family, ParentsOf Parents);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_KEPTFIELDS_H
