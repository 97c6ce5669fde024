//===- CompileDatabase.h - How each file is compiled ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// compile_commands.json: read, written, and made from a kernel tree without
/// building it.  Nothing named in a database is ever executed.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_COMPILEDATABASE_H
#define PAGEWARDEN_KERNEL_COMPILEDATABASE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace pagewarden::kernel {

struct CompileCommand {
  std::string Directory;              ///< absolute
  std::string File;                   ///< absolute
  std::string Output;                 ///< as given, may be empty
  std::vector<std::string> Arguments; ///< argv, compiler first
};

class CompileDatabase {
public:
  /// \p Path is a compile_commands.json or a folder that has one.  Entries
  /// with "command" are split as a POSIX shell would, without expansions.
  /// Errors name the file, and the entry by number or the byte by offset.
  static llvm::Expected<CompileDatabase> load(llvm::StringRef Path);

  llvm::ArrayRef<CompileCommand> commands() const { return Commands; }
  void add(CompileCommand C) {
    Commands.push_back(std::move(C));
    ByPath.clear();
    ByRealPath.clear();
  }

  /// The command for \p File: as it stands in the database, or by path
  /// relative to the current folder or to an entry's folder, or through
  /// symbolic links.  Null when there is none; the first when there are
  /// several.  The first call builds an index: not for two threads at once.
  const CompileCommand *find(llvm::StringRef File) const;

  /// Writes \p Path in one step (a new file takes the old one's place), one
  /// entry to a line.  Errors, a full disk among them, name the file.
  llvm::Error write(llvm::StringRef Path) const;

private:
  std::vector<CompileCommand> Commands;
  // Indices into Commands, built by the first find() that needs them.
  mutable llvm::StringMap<size_t> ByPath;
  mutable llvm::StringMap<size_t> ByRealPath;
  mutable std::vector<std::string> Directories;

  void indexPaths() const;
  void indexRealPaths() const;
};

/// Flags of a gcc command that clang must not see, dropped or put in clang's
/// words, so that trees configured for gcc can be scanned.
/// Compiler wrappers (ccache) in front, plugins, and options that write files
/// next to the object go as well: nothing is loaded, nothing is written.
/// Every flag that was dropped is counted in \p Dropped, those that differ
/// from file to file only in a value under one spelling that ends in "...".
/// \p ClangMajor is the clang that will read the command.
std::vector<std::string>
adaptForClang(llvm::ArrayRef<std::string> Arguments, unsigned ClangMajor,
              std::map<std::string, unsigned> &Dropped);

/// Why adaptForClang drops \p Flag, a key of its \p Dropped: a few words,
/// empty when it would not drop it.
llvm::StringRef whyDropped(llvm::StringRef Flag);

/// The kernel's word for the architecture that \p Arguments compile for
/// ("x86", "arm64"): from the folder of arch/ that is searched for headers,
/// else from --target= or the prefix of the compiler.  Empty when unknown.
std::string targetArchitecture(llvm::ArrayRef<std::string> Arguments);

/// The kernel's word for the architecture of a triple or another name of it:
/// "x86" for "x86_64-linux-gnu" or "amd64".  Empty when unknown.
llvm::StringRef architectureWord(llvm::StringRef TripleOrName);

/// The compiler that \p Command names, without folder or a wrapper such as
/// ccache in front: "clang-19", "gcc".
llvm::StringRef compilerName(const CompileCommand &Command);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_COMPILEDATABASE_H
