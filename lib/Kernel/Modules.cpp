//===- Modules.cpp - Which module a source file is part of ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
///   obj-$(CONFIG_X) += foo.o    foo is a module if X is tristate
///   foo-y, foo-objs := a.o b.o  a and b are parts of whatever foo is
///
/// Conditions of make are not asked: both branches count.  Lists that make
/// computes are followed only where they are a plain variable.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/Modules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <mutex>

using namespace llvm;

namespace pagewarden::kernel {

namespace {

/// Names of the options that can be 'm'.
StringSet<> readTristates(const SourceTree &Tree) {
  StringSet<> Out;
  std::mutex Lock;
  Tree.forEach(Tree.kconfigs(), [&](size_t, StringRef Text) {
    StringRef Current;
    SmallVector<StringRef, 0> Found;
    while (!Text.empty()) {
      StringRef Line;
      std::tie(Line, Text) = Text.split('\n');
      StringRef Word = Line.trim();
      if (Word.consume_front("config ") || Word.consume_front("menuconfig "))
        Current = Word.trim();
      else if (!Line.empty() && !isSpace(Line.front()) && Line[0] != '#')
        Current = "";
      else if (!Current.empty() && (Word.starts_with("tristate") ||
                                    Word.starts_with("def_tristate")))
        Found.push_back(Current);
    }
    std::lock_guard<std::mutex> Guard(Lock);
    for (StringRef Name : Found)
      Out.insert(Name);
  });
  return Out;
}

/// One assignment of a Makefile.
struct Assignment {
  StringRef Name;
  SmallVector<StringRef, 8> Values;
};

/// "drivers/foo" and "../bar/x.o" make "drivers/bar/x", without the suffix.
std::string objectPath(StringRef Folder, StringRef Object) {
  SmallString<128> Path(Folder);
  sys::path::append(Path, Object);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  sys::path::replace_extension(Path, "");
  return std::string(Path);
}

class MakefileReader {
public:
  explicit MakefileReader(const StringSet<> &Tristates)
      : Tristates(Tristates) {}

  /// What one Makefile says.
  struct Result {
    std::vector<std::pair<std::string, Owner::OwnerKind>> Objects;
    /// Composite and its part, as paths.
    std::vector<std::pair<std::string, std::string>> Parts;
    bool CanBuildModule = false;
  };

  Result read(StringRef Folder, StringRef Text) {
    Result Out;
    std::string Joined = joined(Text);
    StringRef Rest = Joined;
    std::vector<Assignment> All;
    while (!Rest.empty()) {
      StringRef Line;
      std::tie(Line, Rest) = Rest.split('\n');
      Assignment A;
      if (parse(Line, A))
        All.push_back(std::move(A));
    }
    StringMap<SmallVector<StringRef, 8>> Variables;
    for (const Assignment &A : All)
      for (StringRef V : A.Values)
        Variables[A.Name].push_back(V);
    for (const Assignment &A : All)
      take(Folder, A, Variables, Out);
    return Out;
  }

private:
  /// Lines that go on are one line.
  static std::string joined(StringRef Text) {
    std::string Out;
    Out.reserve(Text.size());
    for (size_t I = 0; I < Text.size(); ++I) {
      if (Text[I] == '\\' && I + 1 < Text.size() && Text[I + 1] == '\n') {
        Out += ' ';
        ++I;
        continue;
      }
      Out += Text[I];
    }
    return Out;
  }

  static bool parse(StringRef Line, Assignment &A) {
    if (Line.starts_with("\t") || Line.ltrim().starts_with("#"))
      return false;
    size_t Equal = Line.find('=');
    if (Equal == StringRef::npos)
      return false;
    A.Name = Line.take_front(Equal).rtrim(" \t:+?").ltrim();
    A.Name.consume_front("export ");
    if (A.Name.empty() || A.Name.contains(' '))
      return false;
    SplitString(Line.drop_front(Equal + 1).split('#').first, A.Values);
    return true;
  }

  Owner::OwnerKind kindOf(StringRef Suffix) const {
    if (Suffix == "m")
      return Owner::Modular;
    // $(CONFIG_X), perhaps after other letters
    size_t At = Suffix.find("$(CONFIG_");
    if (At != 0)
      return Owner::BuiltIn;
    StringRef Name = Suffix.drop_front(strlen("$(CONFIG_"));
    Name = Name.take_until([](char C) { return C == ')'; });
    return Tristates.contains(Name) ? Owner::Modular : Owner::BuiltIn;
  }

  void take(StringRef Folder, const Assignment &A,
            const StringMap<SmallVector<StringRef, 8>> &Variables,
            Result &Out) {
    StringRef Name = A.Name;
    const bool Object = Name.consume_front("obj-");
    const bool Library = !Object && Name.consume_front("lib-");
    if (Object || Library) {
      Owner::OwnerKind Kind = Library ? Owner::BuiltIn : kindOf(Name);
      Out.CanBuildModule |= Kind == Owner::Modular;
      forObjects(A.Values, Variables, 0, [&](StringRef O) {
        Out.Objects.push_back({objectPath(Folder, O), Kind});
      });
      return;
    }
    size_t Dash = Name.rfind('-');
    if (Dash == StringRef::npos || Dash == 0)
      return;
    StringRef Suffix = Name.drop_front(Dash + 1);
    if (Suffix != "y" && Suffix != "m" && Suffix != "objs" &&
        !Suffix.starts_with("$("))
      return;
    std::string Whole = objectPath(Folder, Name.take_front(Dash));
    // A name with a dot in it has no suffix here.
    SmallString<128> Exact(Folder);
    sys::path::append(Exact, Name.take_front(Dash));
    Whole = std::string(Exact);
    forObjects(A.Values, Variables, 0, [&](StringRef O) {
      Out.Parts.push_back({Whole, objectPath(Folder, O)});
    });
  }

  void forObjects(ArrayRef<StringRef> Values,
                  const StringMap<SmallVector<StringRef, 8>> &Variables,
                  unsigned Depth, function_ref<void(StringRef)> Do) {
    if (Depth > 4)
      return;
    for (StringRef V : Values) {
      if (V.ends_with(".o")) {
        Do(V);
        continue;
      }
      if (!V.consume_front("$(") || !V.consume_back(")"))
        continue;
      auto It = Variables.find(V);
      if (It != Variables.end())
        forObjects(It->second, Variables, Depth + 1, Do);
    }
  }

  const StringSet<> &Tristates;
};

} // namespace

ModuleMap ModuleMap::read(const SourceTree &Tree) {
  const StringSet<> Tristates = readTristates(Tree);
  const auto &Files = Tree.makefiles();
  std::vector<MakefileReader::Result> Results(Files.size());
  Tree.forEach(Files, [&](size_t I, StringRef Text) {
    Results[I] =
        MakefileReader(Tristates).read(sys::path::parent_path(Files[I]), Text);
  });

  ModuleMap Out;
  StringMap<SmallVector<StringRef, 2>> WholesOf; // part to composites
  for (size_t I = 0; I < Files.size(); ++I) {
    Out.Folders[sys::path::parent_path(Files[I])] |= Results[I].CanBuildModule;
    for (const auto &[Path, Kind] : Results[I].Objects) {
      Owner &O = Out.Objects[Path];
      O.Certain = true;
      O.Kind = std::max(O.Kind, Kind);
      O.Module = O.Kind == Owner::Modular ? Path : "vmlinux";
    }
    for (const auto &[Whole, Part] : Results[I].Parts)
      WholesOf[Part].push_back(Whole);
  }
  // A part of a part, three deep at most.
  for (unsigned Round = 0; Round < 3; ++Round)
    for (const auto &Entry : WholesOf)
      for (StringRef Whole : Entry.second) {
        auto It = Out.Objects.find(Whole);
        if (It == Out.Objects.end() || Whole == Entry.getKey())
          continue;
        const Owner W = It->second;
        Owner &O = Out.Objects[Entry.getKey()];
        if (W.Kind >= O.Kind && O.Kind != Owner::Modular)
          O = W;
      }
  return Out;
}

std::string ModuleMap::pathOf(StringRef Name) const {
  auto Normal = [](StringRef N) {
    std::string Out = N.str();
    for (char &C : Out)
      if (C == '-')
        C = '_';
    return Out;
  };
  const std::string Wanted = Normal(Name);
  StringSet<> Paths;
  for (const auto &Entry : Objects)
    if (Entry.second.Kind == Owner::Modular &&
        Normal(sys::path::filename(Entry.second.Module)) == Wanted)
      Paths.insert(Entry.second.Module);
  return Paths.size() == 1 ? Paths.begin()->getKey().str() : std::string();
}

Owner ModuleMap::ownerOf(StringRef File) const {
  SmallString<128> Path(File);
  sys::path::replace_extension(Path, "");
  auto It = Objects.find(Path);
  if (It != Objects.end() && !File.ends_with(".h"))
    return It->second;
  Owner Out;
  StringRef Folder = sys::path::parent_path(File);
  Out.Module = Folder.str();
  for (; !Folder.empty(); Folder = sys::path::parent_path(Folder)) {
    auto Makefile = Folders.find(Folder);
    if (Makefile == Folders.end())
      continue;
    if (Makefile->second)
      Out.Kind = Owner::Modular;
    break;
  }
  return Out;
}

} // namespace pagewarden::kernel
