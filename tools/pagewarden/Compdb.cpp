//===- Compdb.cpp - pagewarden compdb -------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compile commands of a kernel tree or of one external module, without
/// building it.  The commands are written as kbuild has them; `scan` puts them
/// in clang's words when it reads them, and `--show` shows them so.
///
//===----------------------------------------------------------------------===//

#include "Command.h"
#include "pagewarden/Kernel/Kbuild.h"
#include "pagewarden/Kernel/ShellWords.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int run();
static Command
    Compdb("compdb",
           "Write the compile commands of a kernel tree that is not built",
           run);

static cl::opt<std::string> Tree(cl::Positional,
                                 cl::desc("<kernel tree or build folder>"),
                                 cl::sub(Compdb));
static cl::opt<std::string>
    Output("o",
           cl::desc("Write FILE (default: compile_commands.json in the build "
                    "folder, or in the module's)"),
           cl::value_desc("FILE"), cl::sub(Compdb));
static cl::opt<std::string> Module("module",
                                   cl::desc("Only the external module in DIR"),
                                   cl::value_desc("DIR"), cl::sub(Compdb));
static cl::list<std::string>
    MakeVariables("make",
                  cl::desc("A variable that the module's Makefile wants, as on "
                           "make's command line"),
                  cl::value_desc("NAME=VALUE"), cl::sub(Compdb));
static cl::opt<unsigned>
    Llvm("llvm", cl::desc("Use clang-N whatever clang the tree names"),
         cl::value_desc("N"), cl::sub(Compdb));
// Scripts give it to every subcommand.  The dry run is one make: what several
// print gets mixed up.
static cl::opt<unsigned> Jobs("jobs",
                              cl::desc("Accepted, as in scan; one make runs"),
                              cl::value_desc("N"), cl::Hidden, cl::sub(Compdb));
static cl::opt<std::string>
    Database("p", cl::desc("With --show: the compile database to look in"),
             cl::value_desc("DIR|FILE"), cl::sub(Compdb));
static cl::opt<std::string>
    Show("show",
         cl::desc("Print how FILE of the database -p is compiled, in clang's "
                  "words, and what was left out"),
         cl::value_desc("FILE"), cl::sub(Compdb));

/// The clang whose words are used: --llvm, else the newest there is.
static unsigned clangMajor() {
  if (Llvm)
    return Llvm;
  return builtFor().empty() ? 19 : builtFor().back();
}

static void printDropped(raw_ostream &OS,
                         const std::map<std::string, unsigned> &Dropped) {
  for (const auto &[Flag, Count] : Dropped)
    OS << "  " << Flag << " (" << Count
       << " times): " << kernel::whyDropped(Flag) << '\n';
}

static int show() {
  if (Database.empty())
    return fail("--show needs -p DIR or -p compile_commands.json");
  Expected<kernel::CompileDatabase> DB =
      kernel::CompileDatabase::load(Database);
  if (!DB)
    return fail(DB.takeError());
  const kernel::CompileCommand *C = DB->find(Show);
  if (!C)
    return fail("'" + Database + "' has no command for '" + Show + "'");
  std::map<std::string, unsigned> Dropped;
  const std::vector<std::string> Adapted =
      kernel::adaptForClang(C->Arguments, clangMajor(), Dropped);
  outs() << "directory: " << C->Directory << "\nfile: " << C->File
         << "\ncommand: " << kernel::quoteWords(Adapted) << '\n';
  if (!Dropped.empty())
    outs() << "left out for clang " << clangMajor() << ":\n";
  printDropped(outs(), Dropped);
  return NothingFound;
}

static std::string outputPath() {
  if (!Output.empty())
    return Output;
  SmallString<256> Path(Module.empty() ? Tree : Module);
  sys::path::append(Path, "compile_commands.json");
  return std::string(Path);
}

static int write(const kernel::CompileDatabase &DB,
                 const kernel::KbuildSummary &Summary) {
  for (const std::string &Warning : Summary.Warnings)
    errs() << "pagewarden: warning: " << Warning << '\n';
  const std::string Path = outputPath();
  if (Error E = DB.write(Path))
    return fail(std::move(E));

  std::map<std::string, unsigned> Dropped;
  for (const kernel::CompileCommand &C : DB.commands())
    kernel::adaptForClang(C.Arguments, clangMajor(), Dropped);
  if (!Dropped.empty())
    outs() << "flags that a scan with clang " << clangMajor()
           << " will leave out:\n";
  printDropped(outs(), Dropped);
  if (Summary.NotGenerated)
    outs() << Summary.NotGenerated
           << " sources are made by the build and are not there yet; their "
              "commands are left out\n";
  outs() << DB.commands().size() << " compile commands in " << Path << " ("
         << Summary.FromDryRun << " from make's dry run, " << Summary.FromBuilt
         << " of objects built already)\n";
  return NothingFound;
}

static int run() {
  if (!Show.empty())
    return show();
  if (Tree.empty())
    return fail("compdb: no kernel tree given; usage: pagewarden compdb TREE");
  if (Jobs.getNumOccurrences() && Jobs == 0)
    return fail("--jobs 0: at least one job is needed");
  if (Llvm.getNumOccurrences() && Llvm == 0)
    return fail("--llvm 0: there is no clang 0");

  for (StringRef Variable : MakeVariables)
    if (!kernel::isMakeVariable(Variable))
      return fail("--make " + Variable + ": NAME=VALUE is expected");

  kernel::KbuildOptions Options;
  Options.Variables.assign(MakeVariables.begin(), MakeVariables.end());
  Options.Tree = Tree;
  Options.Module = Module;
  Options.Llvm = Llvm;
  auto Progress = [](size_t Count) {
    errs() << "pagewarden: " << Count << " compile commands so far\n";
  };
  Options.Progress = Progress;
  errs() << "pagewarden: asking make how it would build " << Tree << '\n';
  kernel::KbuildSummary Summary;
  Expected<kernel::CompileDatabase> DB = kernel::fromKbuild(Options, Summary);
  if (!DB)
    return fail(DB.takeError());
  return write(*DB, Summary);
}
