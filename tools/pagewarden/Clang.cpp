//===- Clang.cpp - Compilers and the parts for them -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finding compilers, and asking them.
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace pagewarden::tool {

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

std::string ClangVersion::str() const {
  return utostr(Major) + "." + utostr(Minor) + "." + utostr(Patch);
}

Expected<ProgramOutput> runProgram(StringRef Program, ArrayRef<StringRef> Args,
                                   unsigned Seconds) {
  SmallString<128> OutputFile;
  if (std::error_code EC =
          sys::fs::createTemporaryFile("pagewarden", "txt", OutputFile))
    return failure("cannot make a temporary file: " + EC.message());
  FileRemover Remover(OutputFile);

  SmallVector<StringRef, 8> Argv = {Program};
  append_range(Argv, Args);
  std::optional<StringRef> Redirects[] = {StringRef(""), StringRef(OutputFile),
                                          StringRef(OutputFile)};
  std::string Message;
  bool Failed = false;
  ProgramOutput Out;
  Out.Status =
      sys::ExecuteAndWait(Program, Argv, std::nullopt, Redirects, Seconds,
                          /*MemoryLimit=*/0, &Message, &Failed);
  if (Failed)
    return failure("cannot run '" + Program + "': " + Message);
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(OutputFile);
  if (!Buffer)
    return failure("cannot read what '" + Program +
                   "' said: " + Buffer.getError().message());
  Out.Text = (*Buffer)->getBuffer().str();
  if (Out.Status < 0)
    Out.Text += Message;
  return Out;
}

Expected<std::string> findClang(StringRef Clang) {
  ErrorOr<std::string> Path = sys::findProgramByName(Clang);
  if (!Path)
    return failure("there is no compiler '" + Clang + "' in PATH");
  if (!sys::fs::can_execute(*Path))
    return failure("the compiler '" + Clang + "' cannot be run: " +
                   (sys::fs::exists(*Path) ? "it is not executable"
                                           : "there is no such file"));
  return *Path;
}

static std::optional<ClangVersion> parseVersion(StringRef Text,
                                                StringRef Pattern) {
  SmallVector<StringRef, 4> Parts;
  ClangVersion V;
  Regex Expression((Pattern + "([0-9]+)\\.([0-9]+)\\.([0-9]+)").str());
  if (!Expression.match(Text, &Parts) || Parts[1].getAsInteger(10, V.Major) ||
      Parts[2].getAsInteger(10, V.Minor) || Parts[3].getAsInteger(10, V.Patch))
    return std::nullopt;
  return V;
}

Expected<ClangVersion> versionOfClang(StringRef Path) {
  Expected<ProgramOutput> Out = runProgram(Path, {"--version"});
  if (!Out)
    return Out.takeError();
  if (std::optional<ClangVersion> V = parseVersion(Out->Text, "clang version "))
    return *V;
  return failure("'" + Path + "' is not clang: '--version' says '" +
                 StringRef(Out->Text).split('\n').first + "'");
}

Expected<ClangVersion> versionBuiltFor(unsigned Major) {
  if (Error E = checkBuiltFor(Major))
    return E;
  const std::string Worker = workerPath(Major);
  if (!sys::fs::can_execute(Worker))
    return failure("the worker '" + Worker +
                   "' is missing; build pagewarden "
                   "again");
  Expected<ProgramOutput> Out = runProgram(Worker, {"--version"});
  if (!Out)
    return Out.takeError();
  if (std::optional<ClangVersion> V = parseVersion(Out->Text, "for clang "))
    return *V;
  return failure("the worker '" + Worker +
                 "' does not work: " + StringRef(Out->Text).trim());
}

std::string builtForList() {
  std::string List;
  ArrayRef<unsigned> Versions = builtFor();
  for (size_t I = 0; I < Versions.size(); ++I) {
    if (I)
      List += I + 1 == Versions.size() ? " and " : ", ";
    List += utostr(Versions[I]);
  }
  return List;
}

Error checkBuiltFor(unsigned Major) {
  if (is_contained(builtFor(), Major))
    return Error::success();
  return failure("this pagewarden was built for clang " + builtForList() +
                 ", not for clang " + Twine(Major));
}

static std::string part(unsigned Major, StringRef Name) {
  SmallString<256> Path(versionFolder(Major));
  sys::path::append(Path, Name);
  return std::string(Path);
}

std::string workerPath(unsigned Major) {
  return part(Major, "pagewarden-worker");
}

std::string pluginPath(unsigned Major) { return part(Major, "pagewarden.so"); }

std::optional<unsigned> majorFromName(StringRef CompilerName) {
  unsigned Major = 0;
  if (!CompilerName.consume_front("clang-") ||
      CompilerName.consumeInteger(10, Major))
    return std::nullopt;
  // "clang-19", "clang-19.1"
  if (!CompilerName.empty() && CompilerName.front() != '.')
    return std::nullopt;
  return Major;
}

static Expected<ClangChoice> checked(ClangChoice Choice) {
  if (Error E = checkBuiltFor(Choice.Major))
    return failure(toString(std::move(E)) + ", which comes from " + Choice.Why);
  return Choice;
}

Expected<ClangChoice> chooseClang(StringRef Clang, unsigned Major,
                                  ArrayRef<StringRef> Names,
                                  StringRef NamedBy) {
  if (!Clang.empty()) {
    Expected<std::string> Path = findClang(Clang);
    if (!Path)
      return Path.takeError();
    Expected<ClangVersion> Version = versionOfClang(*Path);
    if (!Version)
      return Version.takeError();
    if (Major && Major != Version->Major)
      return failure("--llvm " + Twine(Major) + " and --clang " + Clang +
                     ", which is " + Version->str() +
                     ", contradict each other");
    return checked({Version->Major, "--clang"});
  }
  if (Major)
    return checked({Major, "--llvm"});
  for (StringRef Name : Names)
    if (std::optional<unsigned> Named = majorFromName(Name))
      return checked({*Named, NamedBy.str()});
  return ClangChoice{builtFor().back(), "the newest there is"};
}

} // namespace pagewarden::tool
