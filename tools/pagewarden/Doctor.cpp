//===- Doctor.cpp - pagewarden doctor -------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Holds compiler, plugin, tree and database against each other and says what
/// to do.  Runs no compiler but those that the user or pagewarden names.
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Kernel/Symvers.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <map>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int runDoctor();
static Command
    DoctorCommand("doctor",
                  "check that compiler, plugin, tree and database fit together",
                  runDoctor);
static cl::opt<std::string>
    Where("p", cl::desc("the tree's build folder, or its compile database"),
          cl::value_desc("DIR|compile_commands.json"), cl::sub(DoctorCommand));
static cl::opt<std::string>
    Clang("clang",
          cl::desc("the compiler that builds with the plugin (default: every "
                   "clang-N that pagewarden was built for)"),
          cl::value_desc("CLANG"), cl::sub(DoctorCommand));

namespace {

class Doctor {
public:
  int run();

private:
  enum Verdict { Ok, Warning, Fault };
  void say(Verdict V, StringRef What, const Twine &Text);
  void checkCompiler(StringRef Name, bool Required);
  void checkPlugin(StringRef Compiler, unsigned Major);
  void checkParts(unsigned Major);
  void checkTree();
  void checkDatabase();
  void checkCompilersNamed(const kernel::CompileDatabase &Database);
  void checkSymvers();
  std::string inTree(StringRef Name) const {
    SmallString<256> Path(Folder);
    sys::path::append(Path, Name);
    return std::string(Path);
  }

  std::string Folder;       ///< build folder of the tree
  std::string DatabaseFile; ///< may not exist
  bool AnyFault = false;
};

} // namespace

void Doctor::say(Verdict V, StringRef What, const Twine &Text) {
  static constexpr StringLiteral Words[] = {"ok", "warning", "error"};
  AnyFault |= V == Fault;
  outs() << left_justify(Words[V], 9) << left_justify(What, 10)
         << printable(Text.str()) << '\n';
}

void Doctor::checkParts(unsigned Major) {
  Expected<ClangVersion> Built = versionBuiltFor(Major);
  if (Built)
    say(Ok, "worker", "for clang " + Built->str());
  else
    say(Fault, "worker", toString(Built.takeError()));
}

void Doctor::checkPlugin(StringRef Compiler, unsigned Major) {
  const std::string Plugin = pluginPath(Major);
  if (!sys::fs::exists(Plugin)) {
    say(Fault, "plugin", "'" + Plugin + "' is missing: build pagewarden again");
    return;
  }
  const std::string Load = "-fplugin=" + Plugin;
  Expected<ProgramOutput> Out =
      runProgram(Compiler, {Load, "-fplugin-arg-pagewarden-version",
                            "-fsyntax-only", "-x", "c", "/dev/null"});
  if (!Out) {
    say(Fault, "plugin", toString(Out.takeError()));
    return;
  }
  StringRef Said = StringRef(Out->Text).trim();
  if (Out->Status == 0 && Said.contains("pagewarden ")) {
    say(Ok, "plugin", "loads in " + Compiler + ": " + Said);
    return;
  }
  say(Fault, "plugin",
      "'" + Plugin + "' does not load in " + Compiler + ": " +
          (Said.empty() ? "it says nothing" : Said.split('\n').first) +
          "; build pagewarden again for this clang");
}

/// \p Required: the user asked for it.
void Doctor::checkCompiler(StringRef Name, bool Required) {
  Expected<std::string> Path = findClang(Name);
  if (!Path) {
    say(Required ? Fault : Warning, "compiler",
        toString(Path.takeError()) +
            (Required ? ""
                      : "; 'scan' works without, building with the "
                        "plugin does not"));
    return;
  }
  Expected<ClangVersion> Version = versionOfClang(*Path);
  if (!Version) {
    say(Fault, "compiler", toString(Version.takeError()));
    return;
  }
  Expected<ClangVersion> Built = versionBuiltFor(Version->Major);
  if (!Built) {
    say(Fault, "compiler",
        *Path + " is clang " + Version->str() + ": " +
            toString(Built.takeError()));
    return;
  }
  if (*Built != *Version) {
    say(Fault, "compiler",
        *Path + " is clang " + Version->str() + ", the plugin is for " +
            Built->str() + ": build pagewarden again for this clang");
    return;
  }
  say(Ok, "compiler", *Path + " is clang " + Version->str());
  checkPlugin(*Path, Version->Major);
}

static std::string valueIn(StringRef Config, StringRef Key) {
  SmallVector<StringRef, 0> Lines;
  Config.split(Lines, '\n');
  for (StringRef Line : Lines)
    if (Line.consume_front(Key) && Line.consume_front("="))
      return Line.trim("\"\r").str();
  return "";
}

/// Whether \p A was written after \p B; false when either is missing.
static bool newer(StringRef A, StringRef B) {
  sys::fs::file_status StatusA, StatusB;
  if (sys::fs::status(A, StatusA) || sys::fs::status(B, StatusB))
    return false;
  return StatusA.getLastModificationTime() > StatusB.getLastModificationTime();
}

void Doctor::checkTree() {
  const std::string ConfigFile = inTree(".config");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Config =
      MemoryBuffer::getFile(ConfigFile);
  if (!Config) {
    say(Warning, "tree",
        "'" + Folder +
            "' has no .config: not a configured kernel (for a "
            "module's folder this is as it should be)");
    return;
  }
  StringRef Text = (*Config)->getBuffer();
  const std::string Compiler = valueIn(Text, "CONFIG_CC_VERSION_TEXT");
  if (valueIn(Text, "CONFIG_CC_IS_CLANG") == "y")
    say(Ok, "tree", "configured for " + Compiler);
  else
    say(Warning, "tree",
        "configured for " + (Compiler.empty() ? "gcc" : Compiler) +
            ": 'scan' leaves out what clang does not know; to build with the "
            "plugin, configure with 'make LLVM=1'");

  const std::string Prepared = inTree("include/config/auto.conf");
  if (!sys::fs::exists(Prepared) ||
      !sys::fs::exists(inTree("include/generated/autoconf.h")))
    say(Fault, "tree", "not prepared: run 'make LLVM=1 prepare' in it");
  else if (newer(ConfigFile, Prepared))
    say(Warning, "tree",
        ".config changed since it was prepared: run 'make LLVM=1 prepare' and "
        "'pagewarden compdb' again");
  else
    say(Ok, "tree", "prepared");
}

void Doctor::checkCompilersNamed(const kernel::CompileDatabase &Database) {
  std::map<std::string, unsigned> Names;
  for (const kernel::CompileCommand &Command : Database.commands())
    ++Names[kernel::compilerName(Command).str()];
  for (const auto &[Name, Count] : Names) {
    std::optional<unsigned> Major = majorFromName(Name);
    if (!Major) {
      say(Ok, "database",
          Name + " in " + Twine(Count) + " commands: read as clang " +
              Twine(builtFor().back()) + " does, unless --llvm says another");
      continue;
    }
    if (Error E = checkBuiltFor(*Major)) {
      say(Fault, "database",
          Name + " in " + Twine(Count) +
              " commands: " + toString(std::move(E)) + "; use --llvm");
      continue;
    }
    say(Ok, "database", Name + " in " + Twine(Count) + " commands");
  }
}

void Doctor::checkDatabase() {
  Expected<kernel::CompileDatabase> Database =
      kernel::CompileDatabase::load(DatabaseFile);
  if (!Database) {
    say(Fault, "database",
        toString(Database.takeError()) + ": make one with 'pagewarden compdb'");
    return;
  }
  size_t Gone = 0;
  std::string First;
  for (const kernel::CompileCommand &Command : Database->commands()) {
    if (sys::fs::exists(Command.File))
      continue;
    if (!Gone++)
      First = Command.File;
  }
  const size_t Total = Database->commands().size();
  if (!Total)
    say(Fault, "database",
        "'" + DatabaseFile + "' is empty: run 'pagewarden compdb'");
  else if (Gone)
    say(Fault, "database",
        Twine(Gone) + " of " + Twine(Total) + " files are gone, first '" +
            First + "': run 'pagewarden compdb' again");
  else
    say(Ok, "database", Twine(Total) + " files, all there");
  checkCompilersNamed(*Database);

  if (newer(inTree("include/generated/autoconf.h"), DatabaseFile) ||
      newer(inTree(".config"), DatabaseFile))
    say(Warning, "database",
        "the tree was configured again since it was made: run 'pagewarden "
        "compdb' again");
}

void Doctor::checkSymvers() {
  const std::string File = inTree("Module.symvers");
  if (!sys::fs::exists(File)) {
    say(Warning, "symvers",
        "'" + File +
            "' is not there: linux.export.GplOnly needs one; build "
            "the kernel, or give one with --symvers");
    return;
  }
  Expected<kernel::Symvers> Loaded = kernel::Symvers::load(File);
  if (Loaded)
    say(Ok, "symvers", Twine(Loaded->size()) + " exported symbols");
  else
    say(Fault, "symvers", toString(Loaded.takeError()));
}

int Doctor::run() {
  if (!Clang.empty()) {
    checkCompiler(Clang, /*Required=*/true);
  } else {
    for (unsigned Major : builtFor()) {
      checkParts(Major);
      checkCompiler(("clang-" + Twine(Major)).str(), /*Required=*/false);
    }
  }
  if (!Where.empty()) {
    Folder = DatabaseFile = Where;
    if (sys::fs::is_directory(Folder))
      DatabaseFile = inTree("compile_commands.json");
    else
      Folder = sys::path::parent_path(Folder).str();
    if (Folder.empty())
      Folder = ".";
    checkTree();
    checkDatabase();
    checkSymvers();
  }
  return AnyFault ? NotDone : NothingFound;
}

static int runDoctor() { return Doctor().run(); }
