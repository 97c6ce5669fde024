//===- Baseline.cpp - The exports of some other kernel --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Baseline.h"
#include "pagewarden/Kernel/Symvers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace pagewarden::audit {

Baseline Baseline::of(const kernel::SourceTree &Tree,
                      const kernel::SourceExports &Exports,
                      StringRef Architecture) {
  Baseline B;
  B.Name = Tree.version().str();
  B.Source = true;
  for (const kernel::SourceExport &E : Exports.Exports) {
    const StringRef Arch = kernel::architectureOf(E.File);
    if (!Arch.empty() && !Architecture.empty() && Arch != Architecture)
      continue;
    auto [It, New] = B.Entries.try_emplace(E.Symbol);
    Entry &X = It->second;
    if (X.Signature.empty())
      X.Signature = E.Defined.Signature;
    if (!New) {
      // Several architectures, or several branches of a condition.
      X.Mixed |= X.GplOnly != E.GplOnly;
      X.GplOnly &= E.GplOnly;
      if (X.Namespace.empty())
        X.Namespace = E.Namespace;
      continue;
    }
    X.GplOnly = E.GplOnly;
    X.Namespace = E.Namespace;
    X.Where = E.File + ":" + utostr(E.Line);
  }
  B.Hidden = Exports.Hidden;
  return B;
}

Expected<Baseline> Baseline::load(StringRef Path, StringRef Architecture,
                                  bool Only) {
  SmallString<256> Symvers(Path);
  if (sys::fs::is_directory(Path)) {
    SmallString<256> Header(Path);
    sys::path::append(Header, "init", "Kconfig");
    sys::path::append(Symvers, "Module.symvers");
    // A tree that was built in place is still the source of all exports.
    if (sys::fs::exists(Header) || !sys::fs::exists(Symvers)) {
      auto Tree = kernel::SourceTree::open(Path);
      if (!Tree)
        return Tree.takeError();
      if (Error E = kernel::checkArchitecture(*Tree, Architecture))
        return E;
      return of(*Tree, kernel::readExports(*Tree), Only ? Architecture : "");
    }
  }
  auto Loaded = kernel::Symvers::load(Symvers);
  if (!Loaded)
    return Loaded.takeError();
  if (auto Wrong = kernel::architectureMismatch(*Loaded, Architecture))
    return createStringError(inconvertibleErrorCode(),
                             "'" + Path + "' " +
                                 StringRef(*Wrong).split(',').first +
                                 ", but --arch is " + Architecture);
  Baseline B;
  B.Name = Path.str();
  for (const auto &Row : Loaded->exports()) {
    Entry &X = B.Entries[Row.getKey()];
    X.GplOnly = Row.second.GplOnly;
    X.Namespace = Row.second.Namespace;
    X.Where = Row.second.Module;
  }
  return B;
}

const Entry *Baseline::find(StringRef Symbol) const {
  auto It = Entries.find(Symbol);
  return It == Entries.end() ? nullptr : &It->second;
}

Difference compare(const Baseline &Old, const Baseline &New) {
  Difference Out;
  for (const auto &Row : Old.entries())
    if (!New.find(Row.getKey()))
      Out.Gone.push_back({Row.getKey().str(), &Row.second, nullptr});
  for (const auto &Row : New.entries()) {
    const Entry *Before = Old.find(Row.getKey());
    Difference::Change C{Row.getKey().str(), Before, &Row.second};
    if (!Before) {
      Out.Added.push_back(std::move(C));
      continue;
    }
    if (Before->GplOnly != Row.second.GplOnly)
      (Row.second.GplOnly ? Out.ToGpl : Out.ToPlain).push_back(C);
    if (Before->Namespace != Row.second.Namespace)
      Out.Namespaces.push_back(C);
    if (!Before->Signature.empty() && !Row.second.Signature.empty() &&
        Before->Signature != Row.second.Signature)
      Out.Signatures.push_back(C);
  }
  for (auto *List : {&Out.Added, &Out.Gone, &Out.ToGpl, &Out.ToPlain,
                     &Out.Namespaces, &Out.Signatures})
    llvm::sort(*List, [](const auto &A, const auto &B) {
      return A.Symbol < B.Symbol;
    });
  return Out;
}

} // namespace pagewarden::audit
