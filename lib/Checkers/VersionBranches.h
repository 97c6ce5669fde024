//===- VersionBranches.h - Code for other kernels ---------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A module for several kernels has branches that compare LINUX_VERSION_CODE.
/// Those of other kernels are not compiled; this reads the main file as words
/// and says for which kernels each is.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_VERSIONBRANCHES_H
#define PAGEWARDEN_LIB_CHECKERS_VERSIONBRANCHES_H

#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Token.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace pagewarden {

/// "4.13" or "4.13.2" as one number that grows with the version; 0 for what is
/// none.
unsigned kernelVersion(llvm::StringRef Text);

class VersionBranches {
public:
  VersionBranches(const clang::SourceManager &SM,
                  const clang::LangOptions &Options)
      : SM(SM), Options(Options) {}

  /// A word in a branch that kernels before \p FirstBeyond get, and those from
  /// it on do not.
  using Visit = llvm::function_ref<void(
      llvm::StringRef Word, clang::SourceLocation Loc, unsigned FirstBeyond)>;

  /// Calls \p See for the words of branches that end with some version, except
  /// words that a condition around them asks for.
  void run(Visit See);

private:
  /// One #if, as far as its lines have been read.
  struct Frame {
    /// Kernels from Low on, and before High, if High is not 0.
    unsigned Low = 0, High = 0;
    /// What is left for the branches that follow.
    unsigned RestLow = 0, RestHigh = 0;
    /// Its conditions so far are comparisons, or ask for the configuration.
    /// Others may stand for a version as well.
    bool Plain = true;
    std::vector<std::string> Asked;
  };
  using Line = llvm::SmallVector<clang::Token, 16>;

  void directive(const Line &Tokens);
  void branch(Frame &Of, const Line &Tokens);
  std::string text(const clang::Token &Token) const;
  unsigned end() const;

  const clang::SourceManager &SM;
  const clang::LangOptions &Options;
  std::vector<Frame> Frames;
};

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_VERSIONBRANCHES_H
