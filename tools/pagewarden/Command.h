//===- Command.h - Subcommands of pagewarden --------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One file per subcommand.  Each defines a Command object; its options are
/// cl::opts with cl::sub(TheCommand).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_TOOLS_COMMAND_H
#define PAGEWARDEN_TOOLS_COMMAND_H

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace pagewarden::tool {

/// Exit statuses of every subcommand (docs/design.md, contracts).
enum ExitStatus : int {
  NothingFound = 0, ///< done, nothing found
  Found = 1,        ///< done, something found
  NotDone = 2,      ///< not done as asked; what and why are on stderr
};

class Command : public llvm::cl::SubCommand {
public:
  using Entry = int (*)();
  Command(llvm::StringRef Name, llvm::StringRef Help, Entry Run)
      : SubCommand(Name, Help), Run(Run), Next(First) {
    First = this;
  }
  /// Runs the subcommand after its options were parsed.
  int run() const { return Run(); }
  static Command *first() { return First; }
  Command *next() const { return Next; }

private:
  Entry Run;
  Command *Next;
  static inline Command *First = nullptr;
};

/// Prints "pagewarden: error: <message>" and returns NotDone.
int fail(const llvm::Twine &Message);
int fail(llvm::Error E);

/// Path of the running program.
const std::string &programPath();

/// Folder of this program's own files for an LLVM version:
/// <build>/lib/pagewarden/<major>, holding pagewarden.so and
/// pagewarden-worker.
std::string versionFolder(unsigned ClangMajor);

/// The LLVM versions that pagewarden was built for, oldest first.
llvm::ArrayRef<unsigned> builtFor();

} // namespace pagewarden::tool

#endif // PAGEWARDEN_TOOLS_COMMAND_H
