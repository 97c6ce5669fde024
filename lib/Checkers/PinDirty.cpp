//===- PinDirty.cpp - Dirtying user pages ---------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinDirty.  Rules (numbers as in docs/checks/linux.mm.PinDirty.md):
///
///   1. Pages that were taken for writing are lent to other code, given back
///      without being dirtied, and the function says success.
///   2. A user page is dirtied by a function that needs the page lock, and the
///      lock is not taken.
///
/// Sources: mm/gup.c above __get_user_pages() and
/// unpin_user_pages_dirty_lock(); Documentation/core-api/pin_user_pages.rst.
///
//===----------------------------------------------------------------------===//

#include "HoldingReport.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FileCalls.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

/// Holdings that were given back clean, and the call that did.
REGISTER_MAP_WITH_PROGRAMSTATE(GivenBackClean, const MemRegion *, const Expr *)

namespace pagewarden {

using model::Role;

namespace {

class PinDirty : public Checker<check::PreCall, check::EndFunction,
                                check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkEndFunction(const ReturnStmt *Return, CheckerContext &C) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  bool mayHaveBeenWritten(const HoldingEntry &E, CheckerContext &C) const;

  const BugType Bug{this, "user pages and their dirty state",
                    "Linux page references", /*SuppressOnSink=*/true};
};

} // namespace

//===----------------------------------------------------------------------===//
// Rule 1
//===----------------------------------------------------------------------===//

/// Taken for writing, all of what was asked for, and out of the function's
/// hands since.
bool PinDirty::mayHaveBeenWritten(const HoldingEntry &E,
                                  CheckerContext &C) const {
  const Holding &H = E.second;
  if (H.status() != Holding::Escaped || H.isShared() ||
      (H.way() != Holding::Passed && H.way() != Holding::Stored) ||
      Ground->index().model().familyTaken(*H.acquiredBy()) != "user-pages")
    return false;
  const llvm::APSInt *Flags = knownNumber(C.getState(), H.flags());
  if (!Flags)
    return false;
  std::optional<uint64_t> Write =
      FlagValues(C.getASTContext(), C.getPreprocessor()).of("FOLL_WRITE");
  return Write && (Flags->getZExtValue() & *Write);
}

/// unpin_user_pages_dirty_lock() and others dirty only where they are told to.
static bool dirties(const model::Function &Fn, const CallEvent &Call,
                    ProgramStateRef State) {
  if (!Fn.hasContext("marks-dirty"))
    return false;
  unsigned N = Call.getNumArgs();
  if (Fn.TheRole != Role::Release || !N)
    return true;
  const llvm::APSInt *Told = knownNumber(State, Call.getArgSVal(N - 1));
  return !Told || !Told->isZero();
}

void PinDirty::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn || !Fn->Object || !hasHoldings(State))
    return;
  SVal Object = placeArg(Fn->Object, Call, C);
  bool Dirties = dirties(*Fn, Call, State);
  if (!Dirties && Fn->TheRole != Role::Release)
    return;
  for (const HoldingEntry &E : holdings(State)) {
    if (!denotes(E, Object, State))
      continue;
    if (Dirties)
      State = setHolding(State->remove<GivenBackClean>(E.first), E.first,
                         E.second.escaped(Holding::Judged));
    else if (mayHaveBeenWritten(E, C))
      State = State->set<GivenBackClean>(E.first, Call.getOriginExpr());
  }
  C.addTransition(State);
}

/// The value that \p Return returns is an error.
static bool isFailure(const ReturnStmt *Return, CheckerContext &C) {
  if (!Return || !Return->getRetValue())
    return false;
  SVal Value = C.getSVal(Return->getRetValue());
  return Value.getAs<NonLoc>() && holdsFor(C.getState(), Value, BO_LT, 0);
}

void PinDirty::checkEndFunction(const ReturnStmt *Return,
                                CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!C.inTopFrame() || State->get<GivenBackClean>().isEmpty() ||
      isFailure(Return, C))
    return;
  const ExplodedNode *N = nullptr;
  for (const HoldingEntry &E : holdings(State)) {
    const Expr *const *Call = State->get<GivenBackClean>(E.first);
    if (!Call || !mayHaveBeenWritten(E, C))
      continue;
    if (!N)
      N = C.generateNonFatalErrorNode();
    if (!N)
      return;
    auto Report = makeReport(
        Bug,
        describe(E, Ground->index().model()) +
            " for writing are given back without being dirtied: what was "
            "written can be lost",
        E, N, C, *Ground);
    Report->addNote("given back here",
                    PathDiagnosticLocation::createBegin(
                        *Call, C.getSourceManager(), C.getLocationContext()));
    C.emitReport(std::move(Report));
  }
}

//===----------------------------------------------------------------------===//
// Rule 2
//===----------------------------------------------------------------------===//

namespace {

/// What a function does to the lock and the dirty state of pages.
class DirtyReader : public RecursiveASTVisitor<DirtyReader> {
public:
  explicit DirtyReader(const ModelIndex &Index) : Index(Index) {}

  llvm::SmallVector<const CallExpr *, 2> Dirtied;
  bool Locks = false;

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (!Fn)
      return true;
    if (Fn->hasContext("needs-page-lock"))
      Dirtied.push_back(Call);
    Locks |= llvm::any_of(Fn->Context, [](llvm::StringRef Word) {
      return Word == "locks:page" || Word == "trylocks:page" ||
             Word == "unlocks:page";
    });
    return true;
  }

private:
  const ModelIndex &Index;
};

} // namespace

/// Only a file that takes user pages is judged: elsewhere pages are the page
/// cache's, and locked by those who know.
void PinDirty::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                            BugReporter &BR) const {
  llvm::SmallVector<std::pair<const FunctionDecl *, const CallExpr *>, 2> Found;
  for (const FunctionDecl *D : mainFileFunctions(TU)) {
    DirtyReader Body(Ground->index());
    Body.TraverseStmt(D->getBody());
    if (!Body.Locks)
      for (const CallExpr *Call : Body.Dirtied)
        Found.emplace_back(D, Call);
  }
  if (Found.empty())
    return;
  const model::Model &M = Ground->index().model();
  FileCalls Calls(TU, Ground->index());
  FileCalls::Set Give = Calls.callersOf([&](const model::Function &Fn) {
    const model::Resource *R = M.resource(Fn.Resource);
    return Fn.TheRole == Role::Release && R && R->Family == "user-pages";
  });
  if (Calls
          .callersOf([&](const model::Function &Fn) {
            return M.familyTaken(Fn) == "user-pages";
          })
          .empty())
    return;
  llvm::erase_if(Found, [&](const auto &F) {
    return !Calls.reaches(F.first, Give);
  });
  for (const auto &[D, Call] : Found)
    BR.EmitBasicReport(
        D, this, Bug.getDescription(), Bug.getCategory(),
        ("'" + Ground->index().find(Call)->Name +
         "' on a user page without the page lock; the page may be truncated "
         "meanwhile"),
        PathDiagnosticLocation::createBegin(Call, BR.getSourceManager(),
                                            Mgr.getAnalysisDeclContext(D)),
        Call->getSourceRange());
}

void registerPinDirty(CheckerManager &Mgr) {
  Mgr.registerChecker<PinDirty>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
