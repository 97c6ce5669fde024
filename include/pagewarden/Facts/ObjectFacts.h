//===- ObjectFacts.h - What the compiler makes of a unit --------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which external symbols a translation unit really needs is decided by the
/// optimizer: constants are passed into inline functions and conditions on
/// them vanish.  No walk over the AST gets that right, so code is generated
/// and optimized here, in memory, and read.  Nothing is written to disk.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FACTS_OBJECTFACTS_H
#define PAGEWARDEN_FACTS_OBJECTFACTS_H

#include "pagewarden/Scan/UnitFacts.h"
#include "clang/Basic/SourceLocation.h"
#include <functional>
#include <memory>
#include <optional>

namespace clang {
class ASTConsumer;
class ASTContext;
class CompilerInstance;
class Decl;
class Preprocessor;
} // namespace clang

namespace pagewarden {

/// Generates code for the unit, which must have been parsed without errors and
/// not been rewritten by prepareAST().  With \p CI the code is that of its
/// options, down to the object file.  Without one (the analyzer has none) it is
/// optimized as usual, and symbols that only instrumentation and lowering bring
/// in are missing.  None when code generation fails.
std::optional<scan::UnitFacts> collectObjectFacts(clang::ASTContext &Ctx,
                                                  clang::Preprocessor &PP,
                                                  clang::CompilerInstance *CI);

/// A consumer that does the same while \p CI parses a unit, which may begin
/// with a precompiled part: of that, only what the unit uses is read.  \p Done
/// gets the facts at the end of a unit without errors.
std::unique_ptr<clang::ASTConsumer>
createFactsConsumer(clang::CompilerInstance &CI,
                    std::function<void(std::optional<scan::UnitFacts>)> Done);

/// Facts of a file in assembly language, which \p CI was set up to preprocess.
/// None when the assembler does not take it.
std::optional<scan::UnitFacts>
collectAssemblyFacts(clang::CompilerInstance &CI);

/// Facts of an object file that a module comes with instead of its source.
/// None when it cannot be read.
std::optional<scan::UnitFacts> readObjectFacts(llvm::StringRef Path);

/// A frame of UnitFacts in the unit that it came from.
struct FoundFrame {
  const clang::Decl *Where = nullptr; ///< function or variable; may be null
  clang::SourceLocation Loc;          ///< invalid when it cannot be found
};

/// \p Symbol is what the frame refers to when it is a variable.
FoundFrame findFrame(clang::ASTContext &Ctx, const scan::Frame &F,
                     llvm::StringRef Symbol);

} // namespace pagewarden

#endif // PAGEWARDEN_FACTS_OBJECTFACTS_H
