//===- Report.cpp - What an audit found, for readers ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Report.h"
#include "pagewarden/Findings/JSON.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>

using namespace llvm;

namespace pagewarden::audit {

Summary summarise(const Subject &S) {
  Summary Out;
  Out.Kernel = S.tree().version().str();
  Out.Files = unsigned(S.tree().code().size());
  Out.Exports = unsigned(S.exports().Exports.size());
  for (const kernel::SourceExport &E : S.exports().Exports)
    Out.GplOnly += E.GplOnly;
  Out.Symbols = unsigned(S.symbols().size());
  for (const Baseline &B : S.Baselines)
    Out.Baselines.push_back(B.name());
  Out.Unreadable = S.exports().Unreadable;
  return Out;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static json::Array arguments(ArrayRef<Argument> List) {
  json::Array Out;
  for (const Argument &A : List) {
    json::Object O{{"criterion", A.Criterion}, {"text", bytesToJSON(A.Text)}};
    if (!A.Loc.File.empty())
      O["loc"] = toJSON(A.Loc);
    Out.push_back(std::move(O));
  }
  return Out;
}

static json::Array placesOf(const Symbol &S) {
  json::Array Out;
  for (const kernel::SourceExport *E : S.Exports)
    Out.push_back(json::Object{{"file", bytesToJSON(E->File)},
                               {"line", int64_t(E->Line)},
                               {"macro", bytesToJSON(E->Macro)},
                               {"gplOnly", E->GplOnly},
                               {"namespace", bytesToJSON(E->Namespace)},
                               {"condition", bytesToJSON(E->Condition)}});
  return Out;
}

static json::Object toObject(const Judgement &J) {
  json::Array Families;
  for (const model::SymbolFamily *F : J.Subject->Families)
    Families.push_back(F->Name);
  json::Object Out{{"check", J.TheFinding.Check},
                   {"symbol", bytesToJSON(J.Subject->Name)},
                   {"message", bytesToJSON(J.TheFinding.Message)},
                   {"loc", toJSON(J.TheFinding.Loc)},
                   {"exports", placesOf(*J.Subject)},
                   {"families", std::move(Families)},
                   {"chain", json::Array(J.TheFinding.Path)},
                   {"for", arguments(J.For)},
                   {"against", arguments(J.Against)},
                   {"recommendation", bytesToJSON(J.Recommendation)}};
  if (!J.Allowed.empty())
    Out["allowed"] = bytesToJSON(J.Allowed);
  return Out;
}

static json::Array toArray(ArrayRef<kernel::HiddenExport> Hidden) {
  json::Array Out;
  for (const kernel::HiddenExport &H : Hidden)
    Out.push_back(json::Object{{"file", bytesToJSON(H.File)},
                               {"line", int64_t(H.Line)},
                               {"text", bytesToJSON(H.Text)},
                               {"why", bytesToJSON(H.Why)}});
  return Out;
}

void writeJSON(raw_ostream &OS, const Summary &About,
               ArrayRef<Judgement> Judgements,
               ArrayRef<kernel::HiddenExport> Hidden) {
  json::Array Findings, Allowed;
  for (const Judgement &J : Judgements)
    (J.Allowed.empty() ? Findings : Allowed).push_back(toObject(J));
  json::Object Out{{"kernel", bytesToJSON(About.Kernel)},
                   {"files", int64_t(About.Files)},
                   {"exports", int64_t(About.Exports)},
                   {"gplOnly", int64_t(About.GplOnly)},
                   {"symbols", int64_t(About.Symbols)},
                   {"baselines", bytesToJSON(About.Baselines)},
                   {"findings", std::move(Findings)},
                   {"allowed", std::move(Allowed)},
                   {"notUnderstood", toArray(Hidden)}};
  OS << formatv("{0:2}", json::Value(std::move(Out))) << '\n';
}

//===----------------------------------------------------------------------===//
// Markdown
//===----------------------------------------------------------------------===//

/// Text that means nothing to a reader of Markdown.
static std::string escaped(StringRef Text) {
  std::string Out;
  for (char C : printable(Text)) {
    if (StringRef("\\`*[]<>|#").contains(C))
      Out += '\\';
    Out += C;
  }
  return Out;
}

static std::string code(StringRef Text) {
  // A backtick in code cannot be escaped.
  std::string Out = printable(Text);
  for (char &C : Out)
    if (C == '`')
      C = '\'';
  return "`" + Out + "`";
}

static void writeSide(raw_ostream &OS, StringRef Side,
                      ArrayRef<Argument> List) {
  for (const Argument &A : List) {
    OS << "- " << Side << " (" << A.Criterion << "): " << escaped(A.Text);
    if (!A.Loc.File.empty())
      OS << ", " << code(A.Loc.File + ":" + utostr(A.Loc.Line));
    OS << '\n';
  }
}

static void writeOne(raw_ostream &OS, const Judgement &J) {
  OS << "### " << code(J.Subject->Name) << ", "
     << code(J.TheFinding.Loc.File + ":" + utostr(J.TheFinding.Loc.Line))
     << "\n\n"
     << escaped(J.TheFinding.Message) << ".\n\n";
  for (const Note &N : J.TheFinding.Path)
    OS << "- " << code(N.Loc.File + ":" + utostr(N.Loc.Line)) << ' '
       << escaped(N.Message) << '\n';
  writeSide(OS, "for", J.For);
  writeSide(OS, "against", J.Against);
  if (!J.Allowed.empty())
    OS << "- allowed: " << escaped(J.Allowed) << '\n';
  else if (!J.Recommendation.empty())
    OS << "- recommended: " << escaped(J.Recommendation) << '\n';
  OS << '\n';
}

void writeMarkdown(raw_ostream &OS, const Summary &About,
                   ArrayRef<Judgement> Judgements,
                   ArrayRef<kernel::HiddenExport> Hidden) {
  OS << "# Exports of Linux " << escaped(About.Kernel) << "\n\n"
     << About.Exports << " exports of " << About.Symbols << " symbols in "
     << About.Files << " files; " << About.GplOnly << " are GPL-only.";
  if (!About.Baselines.empty())
    OS << " Compared with " << escaped(join(About.Baselines, ", ")) << ".";
  OS << "\n\n";
  StringRef Check;
  for (const Judgement &J : Judgements) {
    if (!J.Allowed.empty())
      continue;
    if (J.TheFinding.Check != Check) {
      Check = J.TheFinding.Check;
      OS << "## " << Check << "\n\n";
    }
    writeOne(OS, J);
  }
  if (any_of(Judgements, [](const Judgement &J) { return !J.Allowed.empty(); }))
    OS << "## Allowed\n\n";
  for (const Judgement &J : Judgements)
    if (!J.Allowed.empty())
      writeOne(OS, J);
  if (!Hidden.empty())
    OS << "## Not understood\n\n";
  for (const kernel::HiddenExport &H : Hidden)
    OS << "- " << code(H.File + ":" + utostr(H.Line)) << ' ' << code(H.Text)
       << ": " << escaped(H.Why) << '\n';
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

namespace {
struct Section {
  StringRef Key, Title;
  const std::vector<Difference::Change> *List;
};
} // namespace

static SmallVector<Section, 6> sections(const Difference &D) {
  return {{"toGplOnly", "plain before, GPL-only now", &D.ToGpl},
          {"toPlain", "GPL-only before, plain now", &D.ToPlain},
          {"namespaces", "other namespace", &D.Namespaces},
          {"signatures", "other signature", &D.Signatures},
          {"new", "new", &D.Added},
          {"gone", "gone", &D.Gone}};
}

static StringRef className(const Entry &E) {
  return E.Mixed ? "plain and GPL-only" : E.GplOnly ? "GPL-only" : "plain";
}

static std::string describe(const Section &S, const Difference::Change &C) {
  const Entry &E = C.New ? *C.New : *C.Old;
  if (S.Key == "namespaces") {
    auto Named = [](const Entry &E) {
      return E.Namespace.empty() ? std::string("none") : E.Namespace;
    };
    return Named(*C.Old) + " -> " + Named(*C.New) + ", " + E.Where;
  }
  if (S.Key == "signatures")
    return "'" + C.Old->Signature + "' -> '" + C.New->Signature + "'";
  std::string Out = E.Where;
  if (S.Key == "new" || S.Key == "gone")
    Out = className(E).str() + ", " + Out;
  if (!E.Namespace.empty())
    Out += ", namespace " + E.Namespace;
  return Out;
}

/// "3321 new, 2185 of them GPL-only"
static std::string title(const Section &S) {
  std::string Out = utostr(S.List->size()) + " " + S.Title.str();
  if (S.Key != "new" && S.Key != "gone")
    return Out;
  const size_t Gpl = count_if(*S.List, [](const Difference::Change &C) {
    return (C.New ? C.New : C.Old)->GplOnly;
  });
  return Out + ", " + utostr(Gpl) + " GPL-only";
}

void writeText(raw_ostream &OS, const Baseline &Old, const Baseline &New,
               const Difference &D) {
  OS << "exports of " << printable(Old.name()) << " and "
     << printable(New.name()) << '\n';
  for (const Section &S : sections(D)) {
    OS << '\n' << title(S) << '\n';
    for (const Difference::Change &C : *S.List)
      OS << "  " << printable(C.Symbol) << ": " << printable(describe(S, C))
         << '\n';
  }
}

void writeMarkdown(raw_ostream &OS, const Baseline &Old, const Baseline &New,
                   const Difference &D) {
  OS << "# Exports of " << escaped(Old.name()) << " and " << escaped(New.name())
     << "\n\n";
  for (const Section &S : sections(D))
    OS << "- " << title(S) << '\n';
  for (const Section &S : sections(D)) {
    // A mail has no room for headings of nothing.
    if (S.List->empty())
      continue;
    OS << "\n## " << title(S) << "\n\n";
    for (const Difference::Change &C : *S.List)
      OS << "- " << code(C.Symbol) << ": " << escaped(describe(S, C)) << '\n';
  }
}

static json::Value toJSON(const Entry *E) {
  if (!E)
    return nullptr;
  return json::Object{{"class", className(*E)},
                      {"namespace", bytesToJSON(E->Namespace)},
                      {"where", bytesToJSON(E->Where)},
                      {"signature", bytesToJSON(E->Signature)}};
}

void writeJSON(raw_ostream &OS, const Baseline &Old, const Baseline &New,
               const Difference &D) {
  json::Object Out{{"old", bytesToJSON(Old.name())},
                   {"new", bytesToJSON(New.name())}};
  json::Object Changes;
  for (const Section &S : sections(D)) {
    json::Array List;
    for (const Difference::Change &C : *S.List)
      List.push_back(json::Object{{"symbol", bytesToJSON(C.Symbol)},
                                  {"old", toJSON(C.Old)},
                                  {"new", toJSON(C.New)}});
    Changes[S.Key] = std::move(List);
  }
  Out["changes"] = std::move(Changes);
  OS << formatv("{0:2}", json::Value(std::move(Out))) << '\n';
}

} // namespace pagewarden::audit
