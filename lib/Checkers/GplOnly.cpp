//===- GplOnly.cpp - GPL-only symbols in other modules --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.GplOnly.  Rule: the object of a module whose MODULE_LICENSE is
/// not GPL-compatible (include/linux/license.h) needs a symbol that the target
/// kernel's Module.symvers calls GPL-only (scripts/mod/modpost.c refuses such
/// a module: "GPL-incompatible module ... uses GPL-only symbol ...").
///
/// What counts is what the compiler emits, so the needs are those of optimized
/// code (Facts/ObjectFacts.h), with the inline functions they came through.
///
/// The other side of it, in the kernel's own files: a symbol is exported
/// GPL-only although an inline function that every module may use (mark
/// "open-api" of the model) reaches it.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Facts/OwnExports.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class GplOnly : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  void judgeModule(AnalysisManager &Mgr, BugReporter &BR) const;
  void judgeExports(const TranslationUnitDecl *TU, BugReporter &BR) const;
  void reportClosed(const ExportLine &E, const model::Mark &Api,
                    const FunctionDecl *Inline,
                    llvm::ArrayRef<ReferenceStep> Way, BugReporter &BR) const;
  void reportNoExports(const DeclaredLicense &Bad, AnalysisManager &Mgr,
                       BugReporter &BR) const;

  const BugType Type{this, "GPL-only symbol", "Linux exports"};
};

} // namespace

/// Without the kernel's exports there is no verdict, and that must be said.
void GplOnly::reportNoExports(const DeclaredLicense &Bad, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  const SourceManager &SM = Mgr.getSourceManager();
  SourceLocation Loc = Bad.Where ? SM.getExpansionLoc(Bad.Where->getLocation())
                                 : SM.getLocForStartOfFile(SM.getMainFileID());
  BR.EmitBasicReport(nullptr, this, "GPL-only symbol", "Linux exports",
                     "symbols of a GPL-incompatible module (licence '" +
                         Bad.Text +
                         "') are not judged: no Module.symvers was found or "
                         "given",
                     PathDiagnosticLocation(Loc, SM));
}

void GplOnly::judgeModule(AnalysisManager &Mgr, BugReporter &BR) const {
  const DeclaredLicense *Bad = Facts->unit().incompatible();
  if (!Bad || !Facts->unit().IsModule)
    return;
  if (!Facts->Exports) {
    reportNoExports(*Bad, Mgr, BR);
    return;
  }
  if (!Facts->object())
    return;
  for (const scan::Need &N : Facts->object()->Needs) {
    const kernel::Export *E = Facts->Exports->find(N.Symbol);
    if (E && E->GplOnly)
      Facts->report(Type, BR, Mgr.getASTContext(), N,
                    "GPL-incompatible module (licence '" + Bad->Text +
                        "') uses GPL-only symbol '" + N.Symbol + "' of " +
                        E->Module);
  }
}

void GplOnly::reportClosed(const ExportLine &E, const model::Mark &Api,
                           const FunctionDecl *Inline,
                           llvm::ArrayRef<ReferenceStep> Way,
                           BugReporter &BR) const {
  const SourceManager &SM = BR.getSourceManager();
  auto Report = std::make_unique<BasicBugReport>(
      Type,
      "exporting '" + E.Symbol + "' GPL-only makes '" +
          Inline->getNameAsString() + "' GPL-only, which every module may use" +
          (Api.Text.empty() ? "" : " (" + Api.Text + ")"),
      PathDiagnosticLocation(E.Loc, SM));
  Report->setDeclWithIssue(Inline);
  for (const ReferenceStep &Step : Way) {
    const bool Last = &Step == &Way.back();
    Report->addNote("'" + Step.From->getNameAsString() +
                        (Last ? "' refers to '" : "' calls '") +
                        Step.Ref->getDecl()->getNameAsString() + "' here",
                    PathDiagnosticLocation(
                        SM.getExpansionLoc(Step.Ref->getLocation()), SM));
  }
  BR.emitReport(std::move(Report));
}

/// The inline function \p Name of a header, if the unit has it.
static const FunctionDecl *inlineOf(const TranslationUnitDecl *TU,
                                    llvm::StringRef Name) {
  const DeclarationName Wanted(&TU->getASTContext().Idents.get(Name));
  for (const NamedDecl *D : TU->lookup(Wanted))
    if (const auto *Fn = dyn_cast<FunctionDecl>(D))
      if (const FunctionDecl *Body = Fn->getDefinition();
          Body && Body->isInlineSpecified())
        return Body;
  return nullptr;
}

void GplOnly::judgeExports(const TranslationUnitDecl *TU,
                           BugReporter &BR) const {
  for (const ExportLine &E : readOwnExports(TU)) {
    if (!E.GplOnly)
      continue;
    for (const auto &Mark : Ground->index().model().marks()) {
      if (Mark->Kind != "open-api" || llvm::is_contained(Mark->With, E.Symbol))
        continue;
      for (const std::string &Name : Mark->Names) {
        const FunctionDecl *Inline = inlineOf(TU, Name);
        if (!Inline)
          continue;
        std::vector<ReferenceStep> Way = wayTo(Inline, E.Symbol);
        if (Way.empty())
          continue;
        reportClosed(E, *Mark, Inline, Way, BR);
        break;
      }
    }
  }
}

void GplOnly::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                           BugReporter &BR) const {
  judgeModule(Mgr, BR);
  judgeExports(TU, BR);
}

void registerGplOnly(CheckerManager &Mgr) {
  ExportFacts &Facts = exportFacts(Mgr);
  Facts.WantsGpl = true;
  auto *Check = Mgr.registerChecker<GplOnly>();
  Check->Facts = &Facts;
  Check->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
