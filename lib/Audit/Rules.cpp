//===- Rules.cpp - What the rules of an audit share -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "pagewarden/Checkers/CheckList.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace pagewarden::audit {

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

std::vector<Judgement> judge(StringRef Name, const Subject &S) {
  using Rule = void (*)(const Subject &, std::vector<Judgement> &);
  static constexpr std::pair<StringLiteral, Rule> Rules[] = {
#define POLICY(PACKAGE, NAME, DEFAULT, SEVERITY, CRITERIA, HELP)               \
  {#NAME, judge##NAME},
#include "pagewarden/Checkers/Checks.def"
  };
  std::vector<Judgement> Out;
  for (const auto &[RuleName, Run] : Rules)
    if (RuleName == Name)
      Run(S, Out);
  for (Judgement &J : Out)
    if (const model::Mark *M =
            S.model().mark("export-allowed", J.Subject->Name))
      if (M->With.empty() || is_contained(M->With, Name))
        J.Allowed = M->Text;
  llvm::stable_sort(Out, [](const Judgement &A, const Judgement &B) {
    return A.TheFinding < B.TheFinding;
  });
  return Out;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

Judgement about(const Subject &In, const Symbol &S, StringRef Rule,
                const Twine &Message) {
  Judgement J;
  J.Subject = &S;
  Finding &F = J.TheFinding;
  F.Check = ("linux.export.policy." + Rule).str();
  F.Message = Message.str();
  F.Loc = {S.first().File, S.first().Line, 1};
  F.Function = S.Name.str();
  F.Identity = S.Name.str();
  return J;
}

Finding Judgement::withNotes() const {
  Finding F = TheFinding;
  auto Add = [&](StringRef Side, const Argument &A) {
    Note N;
    N.Loc = A.Loc.File.empty() ? F.Loc : A.Loc;
    N.Message = (Side + " (" + A.Criterion + "): " + A.Text).str();
    F.Notes.push_back(std::move(N));
  };
  for (const Argument &A : For)
    Add("for", A);
  for (const Argument &A : Against)
    Add("against", A);
  if (!Recommendation.empty())
    F.Notes.push_back({F.Loc, "recommended: " + Recommendation, 0});
  return F;
}

std::string inWords(const Share &S, StringRef Of, bool GplOnly) {
  return (Twine(GplOnly ? S.GplOnly : S.plain()) + " of " + Twine(S.All) +
          " exports of " + Of + " are " + (GplOnly ? "GPL-only" : "plain"))
      .str();
}

std::string places(ArrayRef<Use> Uses, size_t AtMost) {
  // A file can use a symbol in several ways.
  SmallVector<const Use *, 8> Files;
  for (const Use &U : Uses)
    if (Files.empty() || Files.back()->File != U.File)
      Files.push_back(&U);
  std::string Out;
  for (size_t I = 0; I < Files.size() && I < AtMost; ++I) {
    if (I)
      Out += ", ";
    Out += Files[I]->File.str() + ":" + utostr(Files[I]->Line);
  }
  if (Files.size() > AtMost)
    Out += " and " + utostr(Files.size() - AtMost) + " more";
  return Out;
}

//===----------------------------------------------------------------------===//
// Facts about any export
//===----------------------------------------------------------------------===//

/// They are sorted by file.
static size_t countFiles(ArrayRef<Use> Uses) {
  size_t Out = 0;
  for (size_t I = 0; I < Uses.size(); ++I)
    Out += !I || Uses[I].File != Uses[I - 1].File;
  return Out;
}

/// Who uses it.
static void addUsers(const Subject &In, const UsesOf &Uses, Judgement &J) {
  if (!Uses.Outside.empty()) {
    const size_t Files = countFiles(Uses.Outside);
    J.Against.push_back({"C9",
                         utostr(Files) + (Files == 1 ? " file" : " files") +
                             " out of tree use" + (Files == 1 ? "s" : "") +
                             " it: " + places(Uses.Outside),
                         {}});
  }
  if (Uses.Modules.empty()) {
    std::string Text = Uses.OwnModule.empty()
                           ? "no module of this tree uses it"
                           : "no module of this tree but its own uses it: " +
                                 places(Uses.OwnModule);
    if (!Uses.Uses.empty())
      Text += "; built-in code does: " + places(Uses.Uses);
    J.For.push_back({"C9", Text, {}});
    return;
  }
  std::string Text = utostr(Uses.Modules.size()) +
                     (Uses.Modules.size() == 1 ? " module" : " modules") +
                     " of this tree use" +
                     (Uses.Modules.size() == 1 ? "s" : "") +
                     " it: " + join(ArrayRef(Uses.Modules).take_front(3), ", ");
  if (Uses.Modules.size() > 3)
    Text += " ...";
  J.Against.push_back({"C9", Text, {}});
}

/// A lock that nothing exported takes.
static void addLock(const Subject &In, Judgement &J) {
  const model::Mark *Needs = In.model().mark("needs-lock", J.Subject->Name);
  if (!Needs)
    return;
  std::string Takers;
  for (const auto &M : In.model().marks()) {
    if (M->Kind != "locks" || M->Text != Needs->Text)
      continue;
    for (const std::string &Name : M->Names) {
      if (In.isExport(Name))
        return;
      Takers += (Takers.empty() ? "" : ", ") + Name;
    }
  }
  if (!Takers.empty())
    J.For.push_back({"C4",
                     "no module can call it rightly: it must be called under " +
                         Needs->Text + ", and what takes that (" + Takers +
                         ") is not exported",
                     {}});
}

/// What the other kernels say.
static void addHistory(const Subject &In, Judgement &J) {
  const Symbol &S = *J.Subject;
  std::string Signature = S.first().Defined.Signature;
  std::vector<std::string> Had;
  unsigned Changes = 0, Known = 0;
  std::string Earlier;
  for (const Baseline &B : In.Baselines) {
    const Entry *E = In.earlier(B, S);
    if (!E)
      continue;
    Had.push_back(B.name() + (E->GplOnly ? " (GPL-only)" : " (plain)"));
    if (E->Signature.empty())
      continue;
    Changes += !Earlier.empty() && Earlier != E->Signature;
    Earlier = E->Signature;
    ++Known;
  }
  if (!Had.empty())
    J.Against.push_back({"C6", "exported already in " + join(Had, ", "), {}});
  if (!Known || Signature.empty())
    return;
  Changes += Earlier != Signature;
  if (Changes)
    J.For.push_back({"C3",
                     "its signature changed " + utostr(Changes) +
                         (Changes == 1 ? " time" : " times") + " in " +
                         utostr(Known + 1) + " kernels",
                     {}});
  else
    J.Against.push_back(
        {"C3",
         "its signature is the same in " + utostr(Known + 1) + " kernels",
         {}});
}

void addFacts(const Subject &In, Judgement &J) {
  addUsers(In, In.usesOf(*J.Subject), J);
  addLock(In, J);
  addHistory(In, J);
}

} // namespace pagewarden::audit
