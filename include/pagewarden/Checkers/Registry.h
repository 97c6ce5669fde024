//===- Registry.h - All checks, for clang's registry ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_CHECKERS_REGISTRY_H
#define PAGEWARDEN_CHECKERS_REGISTRY_H

#include "llvm/ADT/StringRef.h"

namespace clang {
class CompilerInstance;
namespace ento {
class CheckerRegistry;
} // namespace ento
} // namespace clang

namespace pagewarden {

/// Options that checks read from clang's analyzer configuration
/// ("-analyzer-config <check>:<option>=<value>").
namespace option {
/// All checks of linux.export share the options of this one.
inline constexpr llvm::StringLiteral ExportOwner = "linux.export.GplOnly";
inline constexpr llvm::StringLiteral Symvers = "Symvers";
inline constexpr llvm::StringLiteral License = "License";
} // namespace option

/// A report whose category ends with this is a remark: true, and no fault that
/// anybody need mend.
inline constexpr llvm::StringLiteral RemarkSuffix = " (remark)";

/// Adds the groundwork and every row of Checks.def.
void registerChecks(clang::ento::CheckerRegistry &Registry);

/// The compiler whose options the checks of linux.export generate code by, in
/// the analysis that is about to run.  Null, as it is at first, in clang's own
/// analyzer, which has none to offer.
void setCompilerForFacts(clang::CompilerInstance *CI);

/// Code would have been generated, and the compiler has not parsed all bodies:
/// the file must be analysed once more with all of them.
bool factsLackBodies();

} // namespace pagewarden

#endif // PAGEWARDEN_CHECKERS_REGISTRY_H
