//===- DeepTie.cpp - Plain exports that do what GPL-only ones do ----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two shapes, for plain exports anywhere in the tree:
///
///   wrapper   all that it calls out of line is one GPL-only member of a
///             family, perhaps in a loop or under a lock
///   twin      most of what it calls out of line is not exported, or GPL-only
///             and of a family, and a GPL-only member of a family in another
///             file calls the same
///
/// Functions of one file share their helpers; that makes them no twins.
///
/// Mere reachability is no fault: half of mm/ reaches something GPL-only.
/// Calls of an inline function of a header do not count, nor what the model
/// marks as incidental (locks, messages).
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace pagewarden::audit {

/// A wrapper of more words than this does something of its own.
constexpr unsigned LongestWrapper = 200;
/// Twins have so many internal callees in common, which are at least this part
/// of all that the plain one calls.
constexpr size_t CommonCallees = 3;
constexpr double CommonPart = 0.6;

static bool inSomeFamily(const Symbol &S) { return !S.Families.empty(); }

static Location locationOf(const Symbol &S) {
  return {S.first().File, S.first().Line, 1};
}

static void addChain(Judgement &J, const Symbol &S, const Callee &Call,
                     const Symbol *To) {
  const kernel::SourceExport &E = S.first();
  J.TheFinding.Path.push_back({{E.File, E.Defined.Line, 1},
                               ("'" + S.Name + "' is exported plainly").str(),
                               0});
  std::string Through;
  for (const std::string &F : Call.Through)
    Through += " through '" + F + "'";
  J.TheFinding.Path.push_back(
      {{E.File, Call.Line, 1}, "calls '" + Call.Name + "'" + Through, 1});
  if (To)
    J.TheFinding.Path.push_back(
        {locationOf(*To), "which is exported GPL-only", 1});
}

static void finish(const Subject &In, Judgement J,
                   std::vector<Judgement> &Out) {
  Share File = In.inFile(J.Subject->first().File);
  if (File.plain() > 1)
    J.Against.push_back(
        {"C8", inWords(File, J.Subject->first().File, false), {}});
  addFacts(In, J);
  J.Recommendation = "EXPORT_SYMBOL_GPL, or an entry in the allow-list that "
                     "says why not";
  Out.push_back(std::move(J));
}

/// The one GPL-only function that \p S wraps.
static const Symbol *wrapped(const Subject &In, const CallsOf &Calls) {
  if (Calls.Callees.size() != 1 || Calls.Words > LongestWrapper)
    return nullptr;
  const Symbol *To = In.find(Calls.Callees.front().Name);
  return To && To->GplOnly && inSomeFamily(*To) ? To : nullptr;
}

namespace {
/// GPL-only members of families and what internal functions they call.
struct Sibling {
  const Symbol *S;
  StringSet<> Internal;
};
} // namespace

static bool isInternal(const Subject &In, StringRef Name) {
  const Symbol *S = In.find(Name);
  return !S || (S->GplOnly && inSomeFamily(*S));
}

static std::vector<Sibling> gplOnlyMembers(const Subject &In) {
  std::vector<Sibling> Out;
  for (const Symbol &S : In.symbols()) {
    if (!S.GplOnly || !inSomeFamily(S) || !S.first().Defined.Line)
      continue;
    Sibling Sib{&S, {}};
    for (const Callee &C : In.calls().callsOf(S.first().File, S.Name).Callees)
      if (isInternal(In, C.Name))
        Sib.Internal.insert(C.Name);
    if (Sib.Internal.size() >= CommonCallees)
      Out.push_back(std::move(Sib));
  }
  return Out;
}

static void judgeTwin(const Subject &In, const Symbol &S, const CallsOf &Calls,
                      ArrayRef<Sibling> Siblings, std::vector<Judgement> &Out) {
  const Sibling *Best = nullptr;
  std::vector<const Callee *> Common;
  for (const Sibling &Sib : Siblings) {
    if (Sib.S->first().File == S.first().File)
      continue;
    std::vector<const Callee *> Shared;
    for (const Callee &C : Calls.Callees)
      if (Sib.Internal.contains(C.Name))
        Shared.push_back(&C);
    if (Shared.size() > Common.size()) {
      Common = std::move(Shared);
      Best = &Sib;
    }
  }
  if (!Best || Common.size() < CommonCallees ||
      Common.size() < CommonPart * Calls.Callees.size())
    return;
  std::string Inline;
  if (In.serves(S, Inline))
    return;
  Judgement J = about(In, S, "DeepTie",
                      "plain export '" + S.Name + "' does what GPL-only '" +
                          Best->S->Name + "' does: " + Twine(Common.size()) +
                          " of " + Twine(Calls.Callees.size()) +
                          " functions that it calls are internal and the "
                          "same");
  for (const Callee *C : Common)
    addChain(J, S, *C, nullptr);
  // The first step says once whose calls these are.
  auto &Path = J.TheFinding.Path;
  for (size_t I = 2; I < Path.size(); ++I)
    Path.erase(Path.begin() + I);
  J.For.push_back({"C1",
                   "GPL-only '" + Best->S->Name.str() + "' calls the same",
                   locationOf(*Best->S)});
  finish(In, std::move(J), Out);
}

void judgeDeepTie(const Subject &In, std::vector<Judgement> &Out) {
  const std::vector<Sibling> Siblings = gplOnlyMembers(In);
  for (const Symbol &S : In.symbols()) {
    if (S.GplOnly || !S.first().Defined.Line)
      continue;
    const CallsOf Calls = In.calls().callsOf(S.first().File, S.Name);
    if (Calls.Callees.empty())
      continue;
    const Symbol *To = wrapped(In, Calls);
    if (!To) {
      judgeTwin(In, S, Calls, Siblings, Out);
      continue;
    }
    Judgement J =
        about(In, S, "DeepTie",
              "plain export '" + S.Name + "' is a wrapper of GPL-only '" +
                  To->Name + "', and calls nothing else out of line");
    addChain(J, S, Calls.Callees.front(), To);
    J.For.push_back(
        {"C1", "what is GPL-only under one name is plain under another", {}});
    finish(In, std::move(J), Out);
  }
}

} // namespace pagewarden::audit
