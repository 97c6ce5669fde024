//===- Subject.cpp - A tree and what rules ask of it ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>
#include <map>

using namespace llvm;

namespace pagewarden::audit {

/// An inline function is general when so many modules use it: what it needs
/// is then decided by all of them, not by its family.
constexpr size_t GeneralInline = 20;

bool Symbol::isIn(const model::SymbolFamily &F) const {
  return is_contained(Families, &F);
}

Expected<std::unique_ptr<Subject>>
Subject::read(StringRef Path, const model::Model &M, const AuditOptions &Opts) {
  for (const std::string &Name : Opts.Families)
    if (!M.family(Name)) {
      std::vector<std::string> Known;
      for (const model::SymbolFamily &F : M.families())
        Known.push_back(F.Name);
      return createStringError(inconvertibleErrorCode(),
                               "there is no family '" + Name + "'; known are " +
                                   join(Known, ", "));
    }
  std::unique_ptr<Subject> S(new Subject(M, Opts));
  auto Tree = kernel::SourceTree::open(Path);
  if (!Tree)
    return Tree.takeError();
  if (Error E = kernel::checkArchitecture(*Tree, Opts.Architecture))
    return E;
  S->Tree = std::move(*Tree);
  // Before the tree is read, so that a wrong one is known at once.
  std::vector<kernel::SourceTree> Outside;
  for (const std::string &Folder : Opts.OutOfTree) {
    auto Code = kernel::SourceTree::folder(Folder);
    if (!Code)
      return Code.takeError();
    Outside.push_back(std::move(*Code));
  }
  S->gather();
  for (const kernel::SourceTree &Code : Outside)
    S->Uses.addOutside(Code);
  return S;
}

void Subject::gather() {
  Exports = kernel::readExports(*Tree);
  Modules = kernel::ModuleMap::read(*Tree);

  std::map<StringRef, Symbol> ByName;
  for (const kernel::SourceExport &E : Exports.Exports) {
    StringRef Arch = kernel::architectureOf(E.File);
    if (!Arch.empty() && !Opts.Architecture.empty() &&
        Arch != Opts.Architecture)
      continue;
    Symbol &S = ByName[E.Symbol];
    S.Name = E.Symbol;
    S.Exports.push_back(&E);
    S.GplOnly &= E.GplOnly;
  }
  for (auto &[Name, S] : ByName) {
    for (const model::SymbolFamily &F : M.families())
      if (is_contained(F.Symbols, Name) ||
          any_of(S.Exports, [&](const kernel::SourceExport *E) {
            return is_contained(F.Files, E->File);
          }))
        S.Families.push_back(&F);
    // Stand-ins for other configurations come behind.
    std::stable_partition(
        S.Exports.begin(), S.Exports.end(), [&](const kernel::SourceExport *E) {
          return any_of(S.Families, [&](const model::SymbolFamily *F) {
            return is_contained(F->Files, E->File);
          });
        });
    Index[Name] = Symbols.size();
    Symbols.push_back(std::move(S));
  }
  std::vector<StringRef> Names;
  Names.reserve(Symbols.size());
  for (const Symbol &S : Symbols)
    Names.push_back(S.Name);
  Uses = UseIndex::build(*Tree, Modules, Names);
  Calls = std::make_unique<CallGraph>(*Tree, [this](StringRef Name) {
    return M.mark("incidental", Name) ||
           (!isExport(Name) && Uses.inHeader(Name));
  });
}

const Symbol *Subject::find(StringRef Name) const {
  auto It = Index.find(Name);
  return It == Index.end() ? nullptr : &Symbols[It->second];
}

bool Subject::inScope(const Symbol &S) const {
  if (Opts.EveryExport)
    return true;
  if (Opts.Families.empty())
    return !S.Families.empty();
  return any_of(S.Families, [&](const model::SymbolFamily *F) {
    return is_contained(Opts.Families, F->Name);
  });
}

UsesOf Subject::usesOf(const Symbol &S) const {
  SmallVector<StringRef, 4> Except;
  for (const kernel::SourceExport *E : S.Exports)
    Except.push_back(E->File);
  return Uses.usesOf(S.Name, Except);
}

/// An old name may be a macro around a macro around the new one.
constexpr unsigned MaxRenameDepth = 3;

const Entry *Subject::earlier(const Baseline &B, const Symbol &S) const {
  if (const Entry *E = B.find(S.Name))
    return E;
  SetVector<StringRef> Names;
  Names.insert(S.Name);
  for (size_t From = 0, Depth = 0; Depth < MaxRenameDepth; ++Depth)
    for (const size_t To = Names.size(); From < To; ++From)
      for (const StringRef Name : Uses.mentionedBy(Names[From])) {
        // What has an export of its own was not renamed.
        if (isExport(Name) || !Names.insert(Name))
          continue;
        const Entry *E = B.find(Name);
        if (E && (!E->GplOnly || S.GplOnly))
          return E;
      }
  return nullptr;
}

bool Subject::isNew(const Symbol &S) const {
  return !Baselines.empty() && none_of(Baselines, [&](const Baseline &B) {
    return earlier(B, S) != nullptr;
  });
}

Share Subject::inFile(StringRef File) const {
  Share Out;
  for (const Symbol &S : Symbols)
    if (any_of(S.Exports, [&](const kernel::SourceExport *E) {
          return E->File == File;
        })) {
      ++Out.All;
      Out.GplOnly += S.GplOnly;
    }
  return Out;
}

Share Subject::inFamily(const model::SymbolFamily &F) const {
  Share Out;
  for (const Symbol &S : Symbols)
    if (S.isIn(F)) {
      ++Out.All;
      Out.GplOnly += S.GplOnly;
    }
  return Out;
}

bool Subject::serves(const Symbol &S, std::string &Inline) const {
  UsesOf All = usesOf(S);
  StringMap<StringSet<>> ByInline;
  for (const Use &U : All.Uses)
    if (!U.Via.empty() && U.Owner.Kind != kernel::Owner::BuiltIn)
      ByInline[U.Via].insert(U.Owner.Module);
  size_t Most = 0;
  for (const auto &[Name, InModules] : ByInline)
    if (InModules.size() > Most ||
        (InModules.size() == Most && StringRef(Name) < Inline)) {
      Most = InModules.size();
      Inline = Name.str();
    }
  return Most >= GeneralInline;
}

} // namespace pagewarden::audit
