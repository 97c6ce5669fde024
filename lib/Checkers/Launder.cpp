//===- Launder.cpp - Plain exports that pass on GPL-only symbols ----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.Launder.  Rule: a module exports, for everybody, a function
/// that does nothing but call what is GPL-only, and so hands it on to modules
/// that may not have it.  GPL-only is what the file itself exports so, and what
/// the kernel's Module.symvers says.
///
///   thin:  no loop, and every call is of something GPL-only or of another
///          function that the file exports
///
/// Built-in code is left alone: there plain exports over GPL-only ones are
/// interfaces that were meant so.
///
/// Not handled: wrappers in two steps through a function that is not exported.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "Marked.h"
#include "pagewarden/Facts/OwnExports.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class Launder : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  const CallExpr *passedOn(const FunctionDecl *Fn,
                           const llvm::StringMap<bool> &Own) const;

  const BugType Type{this, "GPL-only symbol passed on", "Linux exports"};
};

} // namespace

static bool hasLoop(const Stmt *Body, const ASTContext &Ctx) {
  bool Found = false;
  forEachStmt(Body, [&](const Stmt *S) {
    Found |= isa<ForStmt, WhileStmt, GotoStmt>(S);
    // "do { } while (0)" is how macros are written.
    bool Again = true;
    if (const auto *Do = dyn_cast<DoStmt>(S))
      Found |= !Do->getCond()->EvaluateAsBooleanCondition(Again, Ctx) || Again;
  });
  return Found;
}

/// The call of something GPL-only that makes \p Fn a thin wrapper, or null.
const CallExpr *Launder::passedOn(const FunctionDecl *Fn,
                                  const llvm::StringMap<bool> &Own) const {
  const CallExpr *First = nullptr;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getIdentifier())
      return nullptr;
    if (Callee->getBuiltinID())
      continue;
    const llvm::StringRef Name = Callee->getName();
    auto Exported = Own.find(Name);
    const kernel::Export *E =
        Facts->Exports ? Facts->Exports->find(Name) : nullptr;
    const bool Gpl = Exported != Own.end() ? Exported->second : E && E->GplOnly;
    if (!Gpl && Exported == Own.end())
      return nullptr;
    if (Gpl && !First)
      First = Call;
  }
  return First && !hasLoop(Fn->getBody(), Fn->getASTContext()) ? First
                                                               : nullptr;
}

void Launder::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                           BugReporter &BR) const {
  if (!Facts->unit().IsModule)
    return;
  const SourceManager &SM = BR.getSourceManager();
  const std::vector<ExportLine> Exports = readOwnExports(TU);
  llvm::StringMap<bool> Own;
  for (const ExportLine &E : Exports)
    Own[E.Symbol] = E.GplOnly;
  for (const FunctionDecl *Fn : ownFunctions(TU)) {
    auto Export = llvm::find_if(Exports, [&](const ExportLine &E) {
      return E.Symbol == Fn->getNameAsString();
    });
    if (Export == Exports.end() || Export->GplOnly)
      continue;
    const CallExpr *Call = passedOn(Fn, Own);
    if (!Call)
      continue;
    const std::string Callee = Call->getDirectCallee()->getNameAsString();
    auto Report = std::make_unique<BasicBugReport>(
        Type,
        "'" + Export->Symbol +
            "' is exported to everybody and only passes on '" + Callee +
            "', which is GPL-only",
        PathDiagnosticLocation(Export->Loc, SM));
    Report->setDeclWithIssue(Fn);
    Report->addNote(
        "'" + Callee + "' is called here",
        PathDiagnosticLocation(SM.getExpansionLoc(Call->getBeginLoc()), SM));
    BR.emitReport(std::move(Report));
  }
}

void registerLaunder(CheckerManager &Mgr) {
  Mgr.registerChecker<Launder>()->Facts = &exportFacts(Mgr);
}

} // namespace pagewarden
