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
#include "pagewarden/Scan/Includes.h"
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

/// A licence that \p Outline names, other than the GPL-compatible ones, or "?"
/// when it is known only after preprocessing; null when there is none.
static const std::string *otherLicense(const gate::Outline &Outline) {
  auto It = find_if_not(Outline.Licenses, [](StringRef License) {
    return kernel::isGplCompatible(License);
  });
  return It == Outline.Licenses.end() ? nullptr : &*It;
}

namespace {
class Chooser {
public:
  explicit Chooser(const GateRules &Rules)
      : Rules(Rules), Store(Rules.Store), Included(Store, Rules.Threads) {}

  void run(ArrayRef<const kernel::CompileCommand *> Commands, WorkList &List) {
    Included.read(Commands, Rules.OnProgress);
    std::vector<std::string> Words;
    for (const auto &Word : Rules.Words.words())
      Words.push_back(Word.getKey().str());
    for (HeaderWord &Word : Included.wordsLeadingTo(Words, Rules.IsKnown))
      HeaderWords.push_back({gate::hashOf(Word.Name), std::move(Word)});
    for (const std::string &Word : Words)
      Hashes.push_back(gate::hashOf(Word));
    for (const kernel::CompileCommand *Command : Commands)
      look(*Command, List);
    choose(List);
    // A full disk costs the next run some time, and this one nothing.
    consumeError(Store.save());
  }

private:
  struct Entry {
    const kernel::CompileCommand *Command;
    std::string Module, Why;
  };

  void look(const kernel::CompileCommand &Command, WorkList &List) {
    const gate::Outline *Outline = Store.of(Command.File);
    if (!Outline) {
      std::error_code EC = MemoryBuffer::getFile(Command.File).getError();
      List.Failures.push_back(
          {Command.File,
           "cannot be read: " + (EC ? EC.message() : "it changed meanwhile")});
      return;
    }
    std::string Why = whyByWords(Command, *Outline);
    std::string Module = moduleOf(Command);
    if (Rules.ByLicense && otherLicense(*Outline)) {
      if (Why.empty())
        Why = "its licence";
      if (!Module.empty())
        OtherModules.insert(Module);
    }
    Looked.push_back({&Command, std::move(Module), std::move(Why)});
  }

  std::string whyByWords(const kernel::CompileCommand &Command,
                         const gate::Outline &Outline) const {
    auto Names = [&](uint32_t Hash) { return Outline.mayNameHash(Hash); };
    if (llvm::any_of(Hashes, Names))
      if (std::string Word = confirmed(Command.File); !Word.empty())
        return "'" + Word + "'";
    for (const auto &[Hash, Word] : HeaderWords)
      if (Names(Hash) && Included.reaches(Command.File, Word.Header))
        return "'" + Word.Name + "', which " + Word.Header + " defines with '" +
               Word.Uses + "'";
    return "";
  }

  /// Two identifiers may have one hash.
  std::string confirmed(StringRef File) const {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
        File, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return Buffer ? Rules.Words.why((*Buffer)->getBuffer()).str() : "";
  }

  void choose(WorkList &List) const {
    const bool All = Rules.ByLicense && !Rules.License.empty() &&
                     !kernel::isGplCompatible(Rules.License);
    for (const Entry &E : Looked) {
      const bool ByModule = OtherModules.contains(E.Module);
      if (E.Why.empty() && !ByModule && !All)
        continue;
      List.Commands.push_back(E.Command);
      List.Why[E.Command->File] = !E.Why.empty() ? E.Why
                                  : ByModule     ? "its module's licence"
                                                 : "the licence given";
    }
  }

  const GateRules &Rules;
  gate::OutlineStore Store;
  Includes Included;
  std::vector<uint32_t> Hashes;
  std::vector<std::pair<uint32_t, HeaderWord>> HeaderWords;
  std::vector<Entry> Looked;
  StringSet<> OtherModules;
};
} // namespace

WorkList chooseFiles(const kernel::CompileDatabase &Database,
                     const GateRules *Rules) {
  WorkList List;
  std::vector<const kernel::CompileCommand *> Commands;
  StringSet<> Seen;
  for (const kernel::CompileCommand &Command : Database.commands())
    if (isC(Command.File) && Seen.insert(Command.File).second)
      Commands.push_back(&Command);
  List.Considered = Commands.size();
  if (Rules) {
    Chooser(*Rules).run(Commands, List);
    return List;
  }
  for (const kernel::CompileCommand *Command : Commands)
    if (std::error_code EC =
            MemoryBuffer::getFileSlice(Command->File, 0, 0).getError())
      List.Failures.push_back(
          {Command->File, "cannot be read: " + EC.message()});
    else
      List.Commands.push_back(Command);
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
    if (!Buffer)
      continue;
    const gate::Outline Outline = gate::outlineOf((*Buffer)->getBuffer());
    if (const std::string *Other = otherLicense(Outline);
        Other && *Other != gate::UnknownLicense)
      It->second = *Other;
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
