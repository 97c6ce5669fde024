//===- Check.cpp - pagewarden check ---------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// kbuild's checker hook: 'make C=1 CHECK="pagewarden check"' runs
///
///   pagewarden check <CHECKFLAGS> -Wp,-MMD,<file> <flags of the compiler> x.c
///
/// in the build folder.  CHECKFLAGS are meant for sparse.  make stops when the
/// checker fails, so what is found does not change the exit status, unless
/// PAGEWARDEN_CHECK_STATUS=1 is set.
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Scan/WorkList.h"
#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <map>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int runCheck();
static Command CheckCommand("check",
                            "analyse one file, as kbuild's CHECK program: make "
                            "C=1 CHECK=\"pagewarden check\"",
                            runCheck);
// Any option is one of the compiler's or of sparse's.
static cl::list<std::string> Options(cl::Sink, cl::sub(CheckCommand));
static cl::list<std::string> Operands(cl::Positional, cl::ZeroOrMore,
                                      cl::desc("FLAGS... FILE.c"),
                                      cl::sub(CheckCommand));

/// The arguments in the order in which they were given.
static std::vector<std::string> allArguments() {
  std::map<unsigned, std::string> Ordered;
  for (unsigned I = 0; I < Options.size(); ++I)
    Ordered[Options.getPosition(I)] = Options[I];
  for (unsigned I = 0; I < Operands.size(); ++I)
    Ordered[Operands.getPosition(I)] = Operands[I];
  std::vector<std::string> Out;
  Out.reserve(Ordered.size());
  for (auto &[Position, Argument] : Ordered)
    Out.push_back(std::move(Argument));
  return Out;
}

/// Flags that kernel makefiles have for sparse: it knows fewer macros than a
/// compiler, and warnings of its own.
static bool isForSparse(StringRef Argument) {
  static constexpr StringLiteral Exact[] = {
      "-D__linux__",       "-Dlinux",
      "-D__STDC__",        "-Dunix",
      "-D__unix__",        "-Wbitwise",
      "-Wno-return-void",  "-Wno-unknown-attribute",
      "-Wsparse-all",      "-Wsparse-error",
      "-Wcontext",         "-Wcast-truncate",
      "-Wno-cast-truncate"};
  return is_contained(Exact, Argument) || Argument.starts_with("--arch=") ||
         Argument.starts_with("-fdiagnostic-prefix");
}

/// Drops what comes before the compiler's own flags, which kbuild begins with
/// the name of the file for dependencies.
static void dropCheckFlags(std::vector<std::string> &Arguments) {
  auto First = find_if(Arguments, [](StringRef Argument) {
    return Argument.starts_with("-Wp,-M");
  });
  if (First != Arguments.end())
    Arguments.erase(Arguments.begin(), First);
  erase_if(Arguments, isForSparse);
}

/// The compiler that make is using.  It is not run; its name tells the version.
static std::string compilerOfMake() {
  std::string CC = sys::Process::GetEnv("CC").value_or("");
  SmallVector<StringRef, 4> Words;
  StringRef(CC).split(Words, ' ', -1, /*KeepEmpty=*/false);
  // Behind wrappers such as ccache, before flags.
  for (StringRef Word : reverse(Words))
    if (!Word.starts_with("-"))
      return Word.str();
  return "clang";
}

static Expected<scan::Job> makeJob() {
  std::vector<std::string> Arguments = allArguments();
  dropCheckFlags(Arguments);
  auto IsC = [](StringRef Argument) {
    return !Argument.starts_with("-") && Argument.ends_with(".c");
  };
  if (Arguments.empty() || !IsC(Arguments.back()))
    return createStringError(
        inconvertibleErrorCode(),
        "check: the last argument must be a C file; this subcommand is for "
        "make: make C=1 CHECK=\"pagewarden check\"");
  scan::Job Job;
  SmallString<256> Folder, File(Arguments.back());
  if (std::error_code EC = sys::fs::current_path(Folder))
    return createStringError(EC, "cannot tell the current folder");
  if (std::error_code EC = sys::fs::access(File, sys::fs::AccessMode::Exist))
    return createStringError(EC, "cannot read '%s': %s", File.c_str(),
                             EC.message().c_str());
  (void)sys::fs::make_absolute(File);
  sys::path::remove_dots(File, /*remove_dot_dot=*/true);
  Job.File = std::string(File);
  Job.Directory = std::string(Folder);
  Job.Arguments = std::move(Arguments);
  Job.Arguments.insert(Job.Arguments.begin(), compilerOfMake());
  return Job;
}

static int runCheck() {
  Expected<scan::Job> Job = makeJob();
  if (!Job)
    return fail(Job.takeError());
  Expected<ClangChoice> Choice =
      chooseClang("", 0, {sys::path::filename(Job->Arguments.front())}, "CC");
  if (!Choice)
    return fail(Choice.takeError());

  scan::Request Req;
  Req.TimeLimit = 120;
  Req.MemoryLimit = 4096;
  std::map<std::string, unsigned>
      Dropped; // in every file: nobody would read it
  Job->Arguments =
      kernel::adaptForClang(Job->Arguments, Choice->Major, Dropped);
  Req.Jobs.push_back(*Job);

  scan::FileResult Result;
  Result.Detail = "the worker gave no result";
  Error E = scan::runWorker(
      workerPath(Choice->Major), Req,
      [&](scan::FileResult R) { Result = std::move(R); }, [] {});
  if (E)
    return fail(toString(std::move(E)));

  for (Finding &F : Result.Findings)
    makeAbsolute(F, Job->Directory);
  normalise(Result.Findings);
  std::string Root = scan::kernelSourceOf(Job->File);
  writeText(errs(), Result.Findings, Root.empty() ? Job->Directory : Root,
            sys::Process::StandardErrIsDisplayed());
  if (Result.Status != scan::FileResult::Ok)
    return fail(printable(Job->File + ": not analysed: " + Result.Detail));
  const bool Tell =
      sys::Process::GetEnv("PAGEWARDEN_CHECK_STATUS").value_or("") == "1";
  return Tell && !Result.Findings.empty() ? Found : NothingFound;
}
