//===- Contradiction.cpp - Exports against their own words ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An exported function that is static or in a section which is gone after
/// boot, or whose comment says that it is not for modules.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace pagewarden::audit {

/// What comments say of functions that should not be exported.  Each stands
/// for itself: "internal" alone is said of much.
constexpr StringLiteral Disclaimers[] = {
    "not exported",
    "should not be exported",
    "must not be exported",
    "not for modules",
    "not for use by modules",
    "not available to modules",
    "must not be used by modules",
    "must not be used by drivers",
    "not be used by drivers",
    "not be used in drivers",
    "not for drivers",
};

/// The words of a comment, in lower case, without its stars.
static std::string plainText(StringRef Comment) {
  std::string Out;
  for (char C : Comment) {
    if (C == '*' || C == '/')
      continue;
    if (isSpace(C)) {
      if (!Out.empty() && Out.back() != ' ')
        Out += ' ';
      continue;
    }
    Out += toLower(C);
  }
  return Out;
}

static std::string contradictionOf(const kernel::SourceExport &E,
                                   std::string &Criterion,
                                   std::string &Recommendation) {
  Criterion = "C13";
  if (E.Defined.Init) {
    Recommendation = "no export, or no __init";
    return "is in a section that is freed after boot";
  }
  if (E.Defined.Static) {
    Recommendation = "no export, or no static";
    return "is static";
  }
  Criterion = "C12";
  const std::string Text = plainText(E.Defined.Comment);
  for (StringRef Phrase : Disclaimers)
    if (StringRef(Text).contains(Phrase)) {
      Recommendation = "no export, a namespace, or another comment";
      return ("has a comment that says '" + Phrase + "'").str();
    }
  return "";
}

void judgeContradiction(const Subject &In, std::vector<Judgement> &Out) {
  for (const Symbol &S : In.symbols())
    for (const kernel::SourceExport *E : S.Exports) {
      std::string Criterion, Recommendation;
      std::string What = contradictionOf(*E, Criterion, Recommendation);
      if (What.empty())
        continue;
      Judgement J = about(In, S, "Contradiction",
                          "'" + S.Name + "' is exported and " + What);
      J.TheFinding.Loc = {E->File, E->Line, 1};
      J.For.push_back(
          {Criterion, "defined here", {E->File, E->Defined.Line, 1}});
      addFacts(In, J);
      J.Recommendation = Recommendation;
      Out.push_back(std::move(J));
      break;
    }
}

} // namespace pagewarden::audit
