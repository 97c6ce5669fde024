//===- WorkList.cpp - Which files a scan is about -------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Text decides: nothing is parsed here.  A module's licence stands in one of
/// its files and counts for all of them, so files are joined by the name that
/// kbuild gives their module on the command line.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/WorkList.h"
#include "pagewarden/Kernel/Symvers.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace pagewarden::scan {

gate::TextGate acquiringWords(const model::Model &M,
                              ArrayRef<StringRef> Families) {
  gate::TextGate Words;
  for (const std::unique_ptr<model::Function> &F : M.functions()) {
    if (!is_contained(Families, M.familyTaken(*F)))
      continue;
    Words.add(F->Name);
    for (const std::string &Spelling : F->Spellings)
      Words.add(Spelling);
  }
  // Of a family, a mark brings files in when that is followed.
  auto IsFollowed = [&](const model::Mark &Mark) {
    return Mark.With.empty() || any_of(Families, [&](StringRef Family) {
             std::string Word = Family.str();
             for (char &C : Word)
               C = C == '-' ? '_' : C;
             return is_contained(Mark.With, Word);
           });
  };
  for (const std::unique_ptr<model::Mark> &Mark : M.marks())
    if ((Mark->Kind == "explored" || Mark->Kind == "looked-at") &&
        IsFollowed(*Mark))
      for (const std::string &Name : Mark->Names)
        Words.add(Name);
  return Words;
}

static bool isC(StringRef File) {
  return sys::path::extension(File).equals_insensitive(".c");
}

/// The module that kbuild compiles \p Command for, or "".  Some kernels say it
/// without the folder only; then the folder of the file tells namesakes apart.
static std::string moduleOf(const kernel::CompileCommand &Command) {
  std::string Name;
  for (StringRef Argument : Command.Arguments) {
    if (Argument.consume_front("-DKBUILD_MODFILE="))
      return Argument.trim("\"'\\").str();
    if (Argument.consume_front("-DKBUILD_MODNAME="))
      Name = Argument.trim("\"'\\").str();
  }
  return Name.empty()
             ? Name
             : (sys::path::parent_path(Command.File) + "/" + Name).str();
}

/// Whether \p Text says a licence, or something that is only known after
/// preprocessing, other than the GPL-compatible ones.
static bool saysOtherLicense(StringRef Text, std::string *Which = nullptr) {
  static constexpr StringLiteral Macro = "MODULE_LICENSE";
  for (size_t At = 0; (At = Text.find(Macro, At)) != StringRef::npos;) {
    At += Macro.size();
    StringRef Rest = Text.drop_front(At).ltrim();
    if (!Rest.consume_front("("))
      continue;
    Rest = Rest.ltrim();
    if (!Rest.consume_front("\""))
      return true;
    const StringRef License =
        Rest.take_until([](char C) { return C == '"' || C == '\n'; });
    if (kernel::isGplCompatible(License))
      continue;
    if (Which)
      *Which = License.str();
    return true;
  }
  return false;
}

namespace {
class Chooser {
public:
  explicit Chooser(const GateRules &Rules) : Rules(Rules) {}

  void look(const kernel::CompileCommand &Command, StringRef Text) {
    const bool ByWords = !Rules.Words.why(Text).empty();
    const std::string Module = moduleOf(Command);
    bool ByLicense = false;
    if (Rules.ByLicense && saysOtherLicense(Text)) {
      ByLicense = true;
      if (!Module.empty())
        OtherModules.insert(Module);
    }
    Looked.push_back({&Command, Module, ByWords || ByLicense});
  }

  std::vector<const kernel::CompileCommand *> chosen() const {
    const bool All = Rules.ByLicense && !Rules.License.empty() &&
                     !kernel::isGplCompatible(Rules.License);
    std::vector<const kernel::CompileCommand *> Out;
    for (const Entry &E : Looked)
      if (All || E.Passed || OtherModules.contains(E.Module))
        Out.push_back(E.Command);
    return Out;
  }

private:
  struct Entry {
    const kernel::CompileCommand *Command;
    std::string Module;
    bool Passed;
  };
  const GateRules &Rules;
  std::vector<Entry> Looked;
  StringSet<> OtherModules;
};
} // namespace

WorkList chooseFiles(const kernel::CompileDatabase &Database,
                     const GateRules *Rules,
                     function_ref<void(size_t, size_t)> OnFile) {
  static const GateRules None;
  WorkList List;
  Chooser Choice(Rules ? *Rules : None);
  StringSet<> Seen;
  size_t Done = 0;
  for (const kernel::CompileCommand &Command : Database.commands()) {
    OnFile(Done++, Database.commands().size());
    if (!isC(Command.File) || !Seen.insert(Command.File).second)
      continue;
    ++List.Considered;
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
        MemoryBuffer::getFile(Command.File, /*IsText=*/false,
                              /*RequiresNullTerminator=*/false);
    if (!Buffer) {
      List.Failures.push_back(
          {Command.File, "cannot be read: " + Buffer.getError().message()});
      continue;
    }
    if (Rules)
      Choice.look(Command, (*Buffer)->getBuffer());
    else
      List.Commands.push_back(&Command);
  }
  if (Rules)
    List.Commands = Choice.chosen();
  return List;
}

WorkList namedFiles(const kernel::CompileDatabase &Database,
                    ArrayRef<std::string> Files) {
  WorkList List;
  StringSet<> Seen;
  for (const std::string &File : Files) {
    const kernel::CompileCommand *Command = Database.find(File);
    if (!Command) {
      ++List.Considered;
      List.Failures.push_back(
          {File, sys::fs::exists(File)
                     ? "is not in the compile database"
                     : "is not in the compile database, nor is there such "
                       "a file"});
      continue;
    }
    if (!Seen.insert(Command->File).second)
      continue;
    ++List.Considered;
    if (std::error_code EC =
            sys::fs::access(Command->File, sys::fs::AccessMode::Exist)) {
      List.Failures.push_back(
          {Command->File, "cannot be read: " + EC.message()});
      continue;
    }
    List.Commands.push_back(Command);
  }
  return List;
}

ModuleLicenses::ModuleLicenses(const kernel::CompileDatabase &Database) {
  for (const kernel::CompileCommand &Command : Database.commands())
    if (is_contained(Command.Arguments, "-DMODULE"))
      if (std::string Module = moduleOf(Command); !Module.empty())
        Modules[Module].push_back(&Command);
}

std::string
ModuleLicenses::incompatible(const kernel::CompileCommand &Command) {
  const std::string Module = moduleOf(Command);
  auto Files = Modules.find(Module);
  if (Files == Modules.end())
    return "";
  auto [It, New] = Known.try_emplace(Module);
  for (const kernel::CompileCommand *File : Files->second) {
    if (!New || !It->second.empty())
      break;
    auto Buffer = MemoryBuffer::getFile(File->File, /*IsText=*/false,
                                        /*RequiresNullTerminator=*/false);
    if (Buffer)
      saysOtherLicense((*Buffer)->getBuffer(), &It->second);
  }
  return It->second;
}

std::string kernelSourceOf(StringRef File) {
  for (StringRef Folder = sys::path::parent_path(File); !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    auto Has = [&](StringRef Name) {
      SmallString<256> Path(Folder);
      sys::path::append(Path, Name);
      return sys::fs::exists(Path);
    };
    if (Has("Kbuild") && Has("MAINTAINERS"))
      return Folder.str();
  }
  return "";
}

} // namespace pagewarden::scan
