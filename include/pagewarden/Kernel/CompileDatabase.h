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
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace pagewarden::kernel {

struct CompileCommand {
  std::string Directory; ///< absolute
  std::string File;      ///< absolute
  std::string Output;    ///< as given, may be empty
  std::vector<std::string> Arguments; ///< argv, compiler first
};

class CompileDatabase {
public:
  /// \p Path is a compile_commands.json or a folder that has one.  Entries
  /// with "command" are split as a POSIX shell would, without expansions.
  /// Errors name the file, and the entry by number or the byte by offset.
  static llvm::Expected<CompileDatabase> load(llvm::StringRef Path);

  llvm::ArrayRef<CompileCommand> commands() const { return Commands; }
  void add(CompileCommand C) { Commands.push_back(std::move(C)); }

  /// The command for \p File: as it stands in the database, or by path
  /// relative to the current folder or to an entry's folder, or through
  /// symbolic links.  Null when there is none.
  const CompileCommand *find(llvm::StringRef File) const;

  llvm::Error write(llvm::StringRef Path) const;

private:
  std::vector<CompileCommand> Commands;
};

/// Flags of a gcc command that clang must not see, dropped or put in clang's
/// words, so that trees configured for gcc can be scanned.
/// Every flag that was dropped is counted in \p Dropped.
/// \p ClangMajor is the clang that will read the command.
std::vector<std::string>
adaptForClang(llvm::ArrayRef<std::string> Arguments, unsigned ClangMajor,
              std::map<std::string, unsigned> &Dropped);

/// The compiler that \p Command names, without folder: "clang-19", "gcc".
llvm::StringRef compilerName(const CompileCommand &Command);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_COMPILEDATABASE_H
