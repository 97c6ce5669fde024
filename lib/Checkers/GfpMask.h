//===- GfpMask.h - Allocation flags in an expression ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the source says of a mask of allocation flags: which bits are certainly
/// set and which may be.  The type of masks comes from the model, the values of
/// flags from the code under analysis.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_GFPMASK_H
#define PAGEWARDEN_LIB_CHECKERS_GFPMASK_H

#include "Marked.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <map>

namespace pagewarden {

/// Set is a part of May.
struct GfpMask {
  uint64_t Set = 0;
  uint64_t May = ~uint64_t(0);

  bool has(uint64_t Bits) const { return Bits && (Set & Bits) == Bits; }
  /// None of \p Bits can be set.
  bool hasNoneOf(uint64_t Bits) const { return !(May & Bits); }
  /// One of \p Bits cannot be set.
  bool lacksOneOf(uint64_t Bits) const { return Bits & ~May; }
  bool operator==(const GfpMask &) const = default;
};

/// What a mask may be: one alternative for each way through ?: and the code.
using GfpMasks = llvm::SmallVector<GfpMask, 2>;

/// Masks in variables of one function, at one place of it.
struct GfpVariables {
  std::map<const clang::VarDecl *, GfpMasks> Known;
  bool join(const GfpVariables &Other);
};

class GfpReader {
public:
  GfpReader(const clang::ASTContext &Ctx, const clang::Preprocessor &PP,
            const model::Model &M);

  const clang::ASTContext &context() const { return Ctx; }
  /// The value of a flag or mask by its name, or nothing.
  std::optional<uint64_t> value(llvm::StringRef Name) const;

  bool isMaskType(clang::QualType Type) const;
  /// \p E is made of masks, as far as its spelling tells.
  bool isMask(const clang::Expr *E) const;
  /// The number of the argument that takes a mask, or nothing.
  std::optional<unsigned> argument(const clang::FunctionDecl *Fn) const;

  GfpMasks masks(const clang::Expr *E, const GfpVariables &Here) const;
  /// What \p S changes in \p Here.
  void apply(const clang::Stmt *S, GfpVariables &Here) const;

private:
  const clang::ASTContext &Ctx;
  FlagValues Values;
  const model::Model &M;
  mutable llvm::StringMap<std::optional<uint64_t>> Cache;
};

/// What \p Call is written as: the function, or the macro around it.
std::string spelling(const clang::CallExpr *Call, const clang::ASTContext &Ctx);

/// Names of the macros that \p S comes from, the outermost first, and then of
/// the function that it calls.
llvm::SmallVector<std::string, 4> namesOf(const clang::CallExpr *Call,
                                          const clang::ASTContext &Ctx);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_GFPMASK_H
