//===- FlagValues.h - Values of named flags ---------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a flag of the kernel means in the code under analysis: the enumerator
/// of that name (FOLL_* since 6.2), or else the macro, which may be made of
/// other macros and enumerators (__GFP_*).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_FLAGVALUES_H
#define PAGEWARDEN_ENGINE_FLAGVALUES_H

#include "clang/AST/ASTContext.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace pagewarden {

class FlagValues {
public:
  FlagValues(const clang::ASTContext &Ctx, const clang::Preprocessor &PP)
      : Ctx(Ctx), PP(PP) {}

  /// The value of \p Name, or nothing where the code does not know it.
  std::optional<uint64_t> of(llvm::StringRef Name) const;

private:
  const clang::ASTContext &Ctx;
  const clang::Preprocessor &PP;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_FLAGVALUES_H
