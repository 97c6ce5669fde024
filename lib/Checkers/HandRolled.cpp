//===- HandRolled.cpp - Page pinning of a module's own --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.HandRolled.  Rule: a function of an out-of-tree module walks a
/// page table, over at least two levels, and takes a reference to a page that
/// it found there.  That is get_user_pages() without its locks, its rules for
/// device pages, and its accounting.
///
/// Not handled: walks that are spread over several functions.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "Marked.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class HandRolled : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  void judge(const FunctionDecl *Fn, BugReporter &BR) const;

  const BugType Type{this, "page-table walk that takes pages", "Linux exports"};
};

} // namespace

void HandRolled::judge(const FunctionDecl *Fn, BugReporter &BR) const {
  const Marked Marks(Ground->index().model());
  llvm::StringSet<> Levels;
  const CallExpr *Walk = nullptr, *Take = nullptr;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    if (Marks.find("walks-page-table", Call)) {
      Levels.insert(Call->getDirectCallee()->getName());
      Walk = Walk ? Walk : Call;
    } else if (Walk && !Take && Marks.find("takes-page", Call)) {
      Take = Call;
    }
  }
  if (Levels.size() < 2 || !Take)
    return;
  const SourceManager &SM = BR.getSourceManager();
  auto At = [&](const CallExpr *Call) {
    return PathDiagnosticLocation(SM.getExpansionLoc(Call->getBeginLoc()), SM);
  };
  auto Report = std::make_unique<BasicBugReport>(
      Type,
      "page found in a page table and taken by hand; the functions that pin "
      "user pages do this with their locks and their accounting",
      At(Take));
  Report->setDeclWithIssue(Fn);
  Report->addNote("the walk starts here", At(Walk));
  BR.emitReport(std::move(Report));
}

void HandRolled::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  if (!Facts->unit().IsModule || !Facts->unit().IsOutOfTree)
    return;
  for (const FunctionDecl *Fn : ownFunctions(TU))
    judge(Fn, BR);
}

void registerHandRolled(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<HandRolled>();
  Check->Facts = &exportFacts(Mgr);
  Check->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
