//===- Uses.cpp - Where a tree names its exports --------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Headers below include/ and arch/*/include/ first: what their inline
/// functions and macros mention is a graph, in which "reaches a symbol" is a
/// search backwards.  Then everything else: code, and the private headers of
/// drivers.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Uses.h"
#include "pagewarden/Kernel/SourceText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"
#include <mutex>

using namespace llvm;

namespace pagewarden::audit {

using kernel::MacroDefinition;
using kernel::Outline;
using kernel::Owner;
using kernel::Scope;
using kernel::Token;

/// How far a symbol is followed through inline functions of headers.
constexpr unsigned MaxInlineDepth = 6;

static bool isSharedHeader(StringRef File) {
  if (!File.ends_with(".h"))
    return false;
  if (File.starts_with("include/"))
    return true;
  return File.starts_with("arch/") && File.contains("/include/");
}

namespace {
/// An inline function or a macro, and the words of its body.
struct HeaderDefinition {
  std::string Name;
  std::vector<std::string> Words;
};
} // namespace

static std::vector<HeaderDefinition> readHeader(StringRef Text) {
  std::vector<HeaderDefinition> Out;
  StringMap<size_t> Index;
  StringSet<> Callable;
  Outline::walk(
      Text,
      [&](const Token &T, const Scope &S) {
        if (S.Place != Scope::Body && S.Place != Scope::Macro)
          return;
        auto [It, New] = Index.try_emplace(S.Function, Out.size());
        if (New)
          Out.push_back({S.Function.str(), {}});
        if (T.Text == S.Function)
          return;
        auto &Words = Out[It->second].Words;
        if (!is_contained(Words, T.Text))
          Words.push_back(T.Text.str());
      },
      [&](const kernel::FunctionText &F) { Callable.insert(F.Name); },
      [&](const MacroDefinition &M) {
        if (M.HasParameters)
          Callable.insert(M.Name);
      });
  // A constant uses nothing; another name for one word does.
  llvm::erase_if(Out, [&](const HeaderDefinition &D) {
    return !Callable.contains(D.Name) && D.Words.size() != 1;
  });
  return Out;
}

UseIndex UseIndex::build(const kernel::SourceTree &Tree,
                         const kernel::ModuleMap &Modules,
                         ArrayRef<StringRef> Symbols) {
  UseIndex Out;
  Out.Modules = &Modules;
  auto IdOf = [&](StringRef Name) {
    auto [It, New] = Out.Ids.try_emplace(Name, Id(Out.Names.size()));
    if (New) {
      Out.Names.push_back(It->getKey());
      Out.MentionedBy.emplace_back();
      Out.Defined.push_back(false);
    }
    return It->second;
  };
  for (StringRef S : Symbols)
    IdOf(S);

  std::vector<std::string> Headers;
  for (const std::string &File : Tree.code())
    (isSharedHeader(File) ? Headers : Out.Files).push_back(File);

  std::vector<std::vector<HeaderDefinition>> InHeader(Headers.size());
  Tree.forEach(Headers, [&](size_t I, StringRef Text) {
    InHeader[I] = readHeader(Text);
  });
  for (const auto &List : InHeader)
    for (const HeaderDefinition &D : List)
      Out.Defined[IdOf(D.Name)] = true;
  // Only what is a symbol or such a definition can lead anywhere.
  for (const auto &List : InHeader)
    for (const HeaderDefinition &D : List) {
      Id Definition = Out.Ids.lookup(D.Name);
      for (const std::string &Word : D.Words) {
        auto It = Out.Ids.find(Word);
        if (It != Out.Ids.end() &&
            !is_contained(Out.MentionedBy[It->second], Definition))
          Out.MentionedBy[It->second].push_back(Definition);
      }
    }

  // What leads to no symbol need not be looked for.
  std::vector<bool> &Wanted = Out.Wanted;
  Wanted.resize(Out.Names.size());
  SmallVector<Id, 0> Work;
  for (StringRef S : Symbols) {
    Id I = Out.Ids.lookup(S);
    if (!Wanted[I])
      Work.push_back(I);
    Wanted[I] = true;
  }
  while (!Work.empty()) {
    Id I = Work.pop_back_val();
    for (Id By : Out.MentionedBy[I])
      if (!Wanted[By]) {
        Wanted[By] = true;
        Work.push_back(By);
      }
  }

  std::vector<std::vector<Mention>> InFile(Out.Files.size());
  Tree.forEach(Out.Files, [&](size_t I, StringRef Text) {
    Out.scan(Out.Files[I], Text, InFile[I]);
  });
  for (unsigned I = 0; I < InFile.size(); ++I)
    for (const Mention &M : InFile[I])
      Out.Mentions.push_back({M.Name, I, M.Line, M.Times});
  llvm::sort(Out.Mentions, [](const Mention &A, const Mention &B) {
    return std::tie(A.Name, A.File) < std::tie(B.Name, B.File);
  });
  Out.Begin.assign(Out.Names.size() + 1, 0);
  for (const Mention &M : Out.Mentions)
    ++Out.Begin[M.Name + 1];
  for (size_t I = 1; I < Out.Begin.size(); ++I)
    Out.Begin[I] += Out.Begin[I - 1];
  return Out;
}

void UseIndex::scan(StringRef File, StringRef Text,
                    std::vector<Mention> &Found) const {
  DenseMap<Id, std::pair<unsigned, unsigned>> Words;
  StringSet<> Own;
  // Assembler has no heads and bodies.
  const bool InC = !File.ends_with(".S");
  Outline::walk(
      Text,
      [&](const Token &T, const Scope &S) {
        if (InC && (S.Place == Scope::Head || S.Place == Scope::Type))
          return;
        auto It = Ids.find(T.Text);
        if (It == Ids.end() || !Wanted[It->second])
          return;
        auto &Entry = Words[It->second];
        if (!Entry.second++)
          Entry.first = T.Line;
      },
      [&](const kernel::FunctionText &F) { Own.insert(F.Name); },
      [&](const MacroDefinition &M) { Own.insert(M.Name); });
  for (const auto &[Name, Where] : Words)
    // Defined here, the word means that and nothing else.
    if (!Own.contains(Names[Name]))
      Found.push_back({Name, 0, Where.first, Where.second});
}

void UseIndex::addOutside(const kernel::SourceTree &Folder) {
  const StringRef Top = sys::path::filename(Folder.root());
  std::vector<std::vector<Mention>> InFile(Folder.code().size());
  Folder.forEach(Folder.code(), [&](size_t I, StringRef Text) {
    scan(Folder.code()[I], Text, InFile[I]);
  });
  for (size_t I = 0; I < InFile.size(); ++I) {
    const auto File = unsigned(OutsideFiles.size());
    OutsideFiles.push_back((Top + "/" + Folder.code()[I]).str());
    for (const Mention &M : InFile[I])
      OutsideMentions.push_back({M.Name, File, M.Line, M.Times});
  }
}

SmallVector<StringRef, 2> UseIndex::mentionedBy(StringRef Symbol) const {
  SmallVector<StringRef, 2> Out;
  auto It = Ids.find(Symbol);
  if (It != Ids.end())
    for (const Id By : MentionedBy[It->second])
      Out.push_back(Names[By]);
  return Out;
}

/// More inline functions than this are too many to look for.
constexpr size_t TooManyInlines = 200;

/// Headers of everybody below \p Root, relative to it, sorted.
static std::vector<std::string> sharedHeaders(StringRef Root) {
  std::vector<std::string> Folders = {"include"};
  std::error_code EC;
  for (sys::fs::directory_iterator At(Root + "/arch", EC), End;
       At != End && !EC; At.increment(EC))
    Folders.push_back(
        ("arch/" + sys::path::filename(At->path()) + "/include").str());
  std::vector<std::string> Out;
  for (const std::string &Folder : Folders)
    for (sys::fs::recursive_directory_iterator
             At(Root + "/" + Folder, EC, /*follow_symlinks=*/false),
         End;
         At != End && !EC; At.increment(EC))
      if (StringRef(At->path()).ends_with(".h"))
        Out.push_back(StringRef(At->path()).drop_front(Root.size() + 1).str());
  llvm::sort(Out);
  return Out;
}

std::string stampOfHeaders(StringRef Root) {
  SHA1 Hash;
  for (const std::string &File : sharedHeaders(Root)) {
    sys::fs::file_status Status;
    if (sys::fs::status(Root + "/" + File, Status))
      continue;
    const auto Changed = Status.getLastModificationTime().time_since_epoch();
    Hash.update(File + "\n" + utostr(Status.getSize()) + "\n" +
                itostr(Changed.count()) + "\n");
  }
  return toHex(ArrayRef(Hash.final()).take_front(10), /*LowerCase=*/true);
}

std::vector<std::string> headerUsers(StringRef Root,
                                     ArrayRef<std::string> Words) {
  const kernel::SourceTree Tree = kernel::SourceTree::at(Root);
  const std::vector<std::string> Headers = sharedHeaders(Root);
  std::vector<std::vector<HeaderDefinition>> InHeader(Headers.size());
  Tree.forEach(Headers, [&](size_t I, StringRef Text) {
    InHeader[I] = readHeader(Text);
  });
  StringSet<> Reached;
  for (const std::string &Word : Words)
    Reached.insert(Word);
  std::vector<std::string> Out;
  for (unsigned Round = 0; Round < MaxInlineDepth; ++Round) {
    std::vector<std::string> New;
    for (const auto &List : InHeader)
      for (const HeaderDefinition &D : List)
        if (!Reached.contains(D.Name) &&
            any_of(D.Words, [&](StringRef W) { return Reached.contains(W); }))
          New.push_back(D.Name);
    if (New.empty() || (Round && Out.size() + New.size() > TooManyInlines))
      break;
    for (const std::string &Name : New)
      if (Reached.insert(Name).second)
        Out.push_back(Name);
  }
  return Out;
}

bool UseIndex::inHeader(StringRef Name) const {
  auto It = Ids.find(Name);
  return It != Ids.end() && Defined[It->second];
}

UsesOf UseIndex::usesOf(StringRef Symbol, ArrayRef<StringRef> Except) const {
  StringSet<> OwnModules;
  for (StringRef File : Except) {
    Owner O = Modules->ownerOf(File);
    if (O.Kind != Owner::BuiltIn)
      OwnModules.insert(O.Module);
  }
  UsesOf Out;
  auto It = Ids.find(Symbol);
  if (It == Ids.end())
    return Out;
  SetVector<Id> Ways;
  Ways.insert(It->second);
  for (size_t From = 0, Depth = 0; Depth < MaxInlineDepth; ++Depth) {
    const size_t To = Ways.size();
    for (; From < To; ++From)
      for (Id By : MentionedBy[Ways[From]])
        Ways.insert(By);
  }
  StringSet<> All, Direct;
  for (Id Way : Ways) {
    const bool Itself = Way == It->second;
    if (!Itself)
      Out.Inlines.push_back(Names[Way].str());
    for (size_t I = Begin[Way]; I < Begin[Way + 1]; ++I) {
      const Mention &M = Mentions[I];
      if (is_contained(Except, Files[M.File]))
        continue;
      Use U;
      U.File = Files[M.File];
      U.Line = M.Line;
      U.Times = M.Times;
      if (!Itself)
        U.Via = Names[Way];
      U.Owner = Modules->ownerOf(U.File);
      if (OwnModules.contains(U.Owner.Module)) {
        Out.OwnModule.push_back(std::move(U));
        continue;
      }
      if (U.Owner.Kind != Owner::BuiltIn) {
        All.insert(U.Owner.Module);
        if (Itself)
          Direct.insert(U.Owner.Module);
      }
      Out.Uses.push_back(std::move(U));
    }
  }
  for (const Mention &M : OutsideMentions) {
    if (!Ways.contains(M.Name))
      continue;
    Use U;
    U.File = OutsideFiles[M.File];
    U.Line = M.Line;
    U.Times = M.Times;
    if (M.Name != It->second)
      U.Via = Names[M.Name];
    Out.Outside.push_back(std::move(U));
  }
  for (const auto &M : All)
    Out.Modules.push_back(M.getKey().str());
  for (const auto &M : Direct)
    Out.DirectModules.push_back(M.getKey().str());
  llvm::sort(Out.Modules);
  llvm::sort(Out.DirectModules);
  llvm::sort(Out.Inlines);
  for (auto *List : {&Out.Uses, &Out.OwnModule, &Out.Outside})
    llvm::stable_sort(*List, [](const Use &A, const Use &B) {
      return std::tie(A.File, A.Line) < std::tie(B.File, B.Line);
    });
  return Out;
}

} // namespace pagewarden::audit
