//===- NewExport.cpp - Plain exports that are new -------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A plain export that no earlier kernel has, under this name or another one.
/// Practically no symbol changes its class later, so the time to ask is when it
/// comes.
///
/// The Module.symvers of a build knows nothing of files that it did not build:
/// with no other baseline, only exports of files are judged of which it has
/// something.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace pagewarden::audit {

/// Whether the absence of a symbol of \p File means anything.
static bool fileIsKnown(const Subject &In, StringRef File) {
  if (any_of(In.Baselines, [](const Baseline &B) { return B.isSource(); }))
    return true;
  return any_of(In.symbols(), [&](const Symbol &S) {
    return S.first().File == File && !In.isNew(S);
  });
}

/// C7 and C8 are what speaks for a plain new symbol.
static void addCounterArguments(const Subject &In, Judgement &J) {
  const Symbol &S = *J.Subject;
  const Share File = In.inFile(S.first().File);
  const unsigned Others = File.plain() - 1;
  if (Others && Others * 2 >= File.All - 1)
    J.Against.push_back({"C8",
                         (Twine(Others) + " of the " + Twine(File.All - 1) +
                          " other exports of " + S.first().File + " are plain")
                             .str(),
                         {}});
  else if (File.GplOnly * 2 > File.All)
    J.For.push_back({"C8", inWords(File, S.first().File, true), {}});
  for (const model::SymbolFamily *F : S.Families) {
    const Share Of = In.inFamily(*F);
    if ((Of.plain() - 1) * 2 >= Of.All)
      J.Against.push_back({"C8", inWords(Of, F->Title, false), {}});
    else
      J.For.push_back({"C8", inWords(Of, F->Title, true), {}});
  }
  const CallsOf Calls = In.calls().callsOf(S.first().File, S.Name);
  if (Calls.Callees.size() != 1)
    return;
  const Symbol *To = In.find(Calls.Callees.front().Name);
  if (To && !To->GplOnly)
    J.Against.push_back(
        {"C7",
         ("the same can be had through '" + To->Name + "', which is plain")
             .str(),
         {To->first().File, To->first().Line, 1}});
}

void judgeNewExport(const Subject &In, std::vector<Judgement> &Out) {
  if (In.Baselines.empty())
    return;
  StringMap<bool> Known;
  for (const Symbol &S : In.symbols()) {
    if (S.GplOnly || !In.inScope(S) || !In.isNew(S))
      continue;
    auto [It, New] = Known.try_emplace(S.first().File);
    if (New)
      It->second = fileIsKnown(In, S.first().File);
    if (!It->second)
      continue;
    Judgement J = about(In, S, "NewExport",
                        "new symbol '" + S.Name + "' is exported plainly; " +
                            In.Baselines.back().name() + " did not export it");
    J.For.push_back(
        {"C5", "a new symbol starts GPL-only unless there is a reason", {}});
    J.For.push_back({"C6", "it was not exported before", {}});
    addCounterArguments(In, J);
    addFacts(In, J);
    J.Recommendation =
        any_of(J.Against,
               [](const Argument &A) {
                 return A.Criterion == "C7" || A.Criterion == "C8";
               })
            ? "say in the commit why it is plain; its siblings are a reason"
            : "EXPORT_SYMBOL_GPL";
    Out.push_back(std::move(J));
  }
}

} // namespace pagewarden::audit
