//===- Family.cpp - Exports of another class than their siblings ----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A member of a family is plain although nearly all of its siblings, in its
/// file or in the family, are GPL-only; or, for a symbol that an earlier kernel
/// did not have, the other way round.
///
/// A file of which every export is plain is one question, and one finding.
///
/// Not judged: exports for the sake of an inline function that much code uses
/// (put_page() and what it calls): their class is that of the inline function.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace pagewarden::audit {

/// A file or a family speaks for one class when it has so many exports, and at
/// least this part of them, the one in question among them, is of that class.
constexpr unsigned EnoughInFile = 4, EnoughInFamily = 8;
constexpr double Nearly = 0.75;

static bool speaks(const Share &S, unsigned Enough, bool ForGplOnly) {
  const unsigned Part = ForGplOnly ? S.GplOnly : S.plain();
  return S.All >= Enough && Part >= Nearly * S.All;
}

namespace {
/// What the siblings of one symbol are.
struct Siblings {
  Share File;
  const model::SymbolFamily *Family = nullptr; ///< that speaks the clearest
  Share InFamily;
  bool FileSpeaks = false, FamilySpeaks = false;
};
} // namespace

static Siblings siblings(const Subject &In, const Symbol &S) {
  Siblings Out;
  const bool Others = !S.GplOnly;
  Out.File = In.inFile(S.first().File);
  Out.FileSpeaks = speaks(Out.File, EnoughInFile, Others);
  for (const model::SymbolFamily *F : S.Families) {
    Share Of = In.inFamily(*F);
    const bool Speaks = speaks(Of, EnoughInFamily, Others);
    if (Out.Family && !Speaks)
      continue;
    Out.Family = F;
    Out.InFamily = Of;
    Out.FamilySpeaks = Speaks;
  }
  return Out;
}

static Judgement makeJudgement(const Subject &In, const Symbol &S,
                               const Siblings &Of) {
  const bool Others = !S.GplOnly;
  const StringRef File = S.first().File;
  Judgement J = about(
      In, S, "Family",
      Twine("export of '") + S.Name + "' is " +
          (S.GplOnly ? "GPL-only" : "plain") + ", but " +
          (Of.FileSpeaks ? inWords(Of.File, File, Others)
                         : inWords(Of.InFamily, Of.Family->Title, Others)));
  if (Of.FileSpeaks && Of.Family)
    (Of.FamilySpeaks ? J.For : J.Against)
        .push_back({"C8",
                    inWords(Of.InFamily, Of.Family->Title,
                            Of.FamilySpeaks ? Others : !Others),
                    {}});
  // In a file of its own a symbol has no siblings to disagree with.
  if (!Of.FileSpeaks && Of.File.All > 1 && Of.File.GplOnly) {
    const bool Same = speaks(Of.File, 1, Others);
    (Same ? J.For : J.Against)
        .push_back({"C8", inWords(Of.File, File, Same ? Others : !Others), {}});
  }
  return J;
}

/// The file disagrees with its family as a whole.
static bool isOfOneMind(const Siblings &Of) {
  return !Of.FileSpeaks && Of.File.All > 1 && Of.File.GplOnly == 0;
}

static void addOthers(const Subject &In, Judgement &J) {
  std::string Others;
  for (const Symbol &S : In.symbols())
    if (&S != J.Subject && S.first().File == J.Subject->first().File)
      Others += (Others.empty() ? "" : ", ") + S.Name.str();
  J.Against.push_back({"C8",
                       "all exports of " + J.Subject->first().File +
                           " are plain, and the question is the same for " +
                           Others,
                       {}});
}

void judgeFamily(const Subject &In, std::vector<Judgement> &Out) {
  StringSet<> Asked; // files of one mind
  for (const Symbol &S : In.symbols()) {
    if (S.Families.empty() || !In.inScope(S))
      continue;
    const bool New = In.isNew(S);
    if (S.GplOnly && !New)
      continue;
    const Siblings Of = siblings(In, S);
    if (!Of.FileSpeaks && !Of.FamilySpeaks)
      continue;
    std::string Inline;
    if (In.serves(S, Inline))
      continue;
    const bool WholeFile = !S.GplOnly && isOfOneMind(Of);
    if (WholeFile && !Asked.insert(S.first().File).second)
      continue;
    Judgement J = makeJudgement(In, S, Of);
    if (WholeFile)
      addOthers(In, J);
    if (S.GplOnly)
      J.Against.push_back(
          {"C5", "a new symbol starts GPL-only unless there is a reason", {}});
    addFacts(In, J);
    const bool Unused = !S.GplOnly && any_of(J.For, [](const Argument &A) {
      return A.Criterion == "C9";
    });
    J.Recommendation = Unused      ? "no export, or EXPORT_SYMBOL_GPL"
                       : S.GplOnly ? "say in the commit why it differs"
                                   : "EXPORT_SYMBOL_GPL, or a comment that "
                                     "says why it differs";
    Out.push_back(std::move(J));
  }
}

} // namespace pagewarden::audit
