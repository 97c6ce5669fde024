//===- main.cpp - The pagewarden command ----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Command.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace pagewarden::tool;

static std::string ProgramPath;

int pagewarden::tool::fail(const Twine &Message) {
  errs() << "pagewarden: error: " << Message << '\n';
  return NotDone;
}

int pagewarden::tool::fail(Error E) { return fail(toString(std::move(E))); }

const std::string &pagewarden::tool::programPath() { return ProgramPath; }

std::string pagewarden::tool::versionFolder(unsigned ClangMajor) {
  SmallString<256> Folder(ProgramPath);
  sys::path::remove_filename(Folder); // .../bin
  sys::path::remove_filename(Folder); // ...
  sys::path::append(Folder, "lib", "pagewarden", utostr(ClangMajor));
  return std::string(Folder);
}

ArrayRef<unsigned> pagewarden::tool::builtFor() {
  static const SmallVector<unsigned, 4> Versions = [] {
    SmallVector<unsigned, 4> Result;
    SmallVector<StringRef, 4> Parts;
    StringRef(PAGEWARDEN_BUILT_FOR).split(Parts, ',');
    for (StringRef Part : Parts) {
      unsigned Version = 0;
      if (!Part.getAsInteger(10, Version))
        Result.push_back(Version);
    }
    return Result;
  }();
  return Versions;
}

int main(int argc, char **argv) {
  InitLLVM X(argc, argv);
  static int Anchor;
  ProgramPath = sys::fs::getMainExecutable(argv[0], &Anchor);

  cl::SetVersionPrinter([](raw_ostream &OS) {
    OS << "pagewarden " PAGEWARDEN_VERSION ", for clang " PAGEWARDEN_BUILT_FOR
          "\n";
  });
  // LLVM's own options are for compilers.
  static cl::OptionCategory Own("Options of pagewarden");
  cl::HideUnrelatedOptions(Own);
  // With a stream for errors, cl returns instead of exiting with 1: bad usage
  // is status 2 here.
  std::string Errors;
  raw_string_ostream ErrorStream(Errors);
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "pagewarden - keeps Linux kernel code honest about pages and "
          "exports\n",
          &ErrorStream)) {
    errs() << ErrorStream.str();
    return NotDone;
  }
  for (const Command *C = Command::first(); C; C = C->next())
    if (*C)
      return C->run();
  return fail("no subcommand given; 'pagewarden --help' lists them");
}
