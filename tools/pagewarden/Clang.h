//===- Clang.h - Compilers and the parts for them ------------- -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the subcommands know about clang versions: the user's and those that
/// pagewarden was built for.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_TOOLS_CLANG_H
#define PAGEWARDEN_TOOLS_CLANG_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace pagewarden::tool {

struct ClangVersion {
  unsigned Major = 0, Minor = 0, Patch = 0;
  bool operator==(const ClangVersion &) const = default;
  std::string str() const; ///< "19.1.7"
};

/// What a program said, on both streams, and how it ended.
struct ProgramOutput {
  int Status = 0; ///< exit status, or negative when it crashed or hung
  std::string Text;
};

/// Runs \p Program (a path) for at most \p Seconds, with an empty standard
/// input and without a shell.  Only for programs that the user named on the
/// command line and for pagewarden's own.
llvm::Expected<ProgramOutput> runProgram(llvm::StringRef Program,
                                         llvm::ArrayRef<llvm::StringRef> Args,
                                         unsigned Seconds = 60);

/// The path of \p Clang, which is a path or a name to be looked up in PATH.
llvm::Expected<std::string> findClang(llvm::StringRef Clang);

/// What the clang at \p Path says of itself.
llvm::Expected<ClangVersion> versionOfClang(llvm::StringRef Path);

/// The exact version that the parts for \p Major are made for.
llvm::Expected<ClangVersion> versionBuiltFor(unsigned Major);

/// Fails, and names the versions there are, when pagewarden was not built for
/// \p Major.
llvm::Error checkBuiltFor(unsigned Major);

/// Paths of what was built for \p Major.
std::string workerPath(unsigned Major);
std::string pluginPath(unsigned Major);

/// "19 and 22".
std::string builtForList();

/// 19 for "clang-19" (without folder); none for other names.
std::optional<unsigned> majorFromName(llvm::StringRef CompilerName);

/// The version of clang to read files with, and where that was taken from:
/// "the compile commands", "--clang" ...
struct ClangChoice {
  unsigned Major = 0;
  std::string Why;
};

/// \p Clang and \p Major are what the user asked for, "" and 0 for nothing;
/// \p Names are the compilers that the commands name, of which the first
/// clang-N counts; \p NamedBy says where these are from.  Nothing in \p Names
/// is run.
llvm::Expected<ClangChoice> chooseClang(llvm::StringRef Clang, unsigned Major,
                                        llvm::ArrayRef<llvm::StringRef> Names,
                                        llvm::StringRef NamedBy);

} // namespace pagewarden::tool

#endif // PAGEWARDEN_TOOLS_CLANG_H
