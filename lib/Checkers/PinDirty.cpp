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
///   1. Pages that were pinned for writing are lent to other code, given back
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
  void excuseByCallee(const CallEvent &Call, CheckerContext &C) const;
  bool mayHaveBeenWritten(const HoldingEntry &E, CheckerContext &C) const;

  const BugType Bug{this, "user pages and their dirty state",
                    "Linux page references", /*SuppressOnSink=*/true};
  /// Functions of the file that dirty pages, directly or through others.
  mutable FileCalls::Set Dirtiers;
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
      H.resource() != "pin")
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

/// A function of the file that dirties pages may be too long to be entered.
void PinDirty::excuseByCallee(const CallEvent &Call, CheckerContext &C) const {
  const auto *Callee = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
  if (!Callee || !Dirtiers.contains(Callee->getCanonicalDecl()))
    return;
  ProgramStateRef State = C.getState();
  for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I)
    State = escape(State, Holding::Judged, [&](const HoldingEntry &E) {
      return leadsTo(E, Call.getArgSVal(I), State);
    });
  C.addTransition(State);
}

void PinDirty::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const model::Function *Fn = Ground->index().find(Call);
  if (!hasHoldings(State))
    return;
  if (!Fn)
    return excuseByCallee(Call, C);
  if (!Fn->Object)
    return;
  SVal Object = placeArg(Fn->Object, Call, C);
  bool Dirties = dirties(*Fn, Call, State);
  const model::Resource *R = Ground->index().model().resource(Fn->Resource);
  bool GivesBack =
      Fn->TheRole == Role::Release && R && R->Family == "user-pages";
  if (!Dirties && !GivesBack)
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

/// The value that \p Return returns is an error, or may well be one.
static bool isFailure(const ReturnStmt *Return, CheckerContext &C) {
  if (!Return || !Return->getRetValue())
    return false;
  SVal Value = C.getSVal(Return->getRetValue());
  const ProgramStateRef &State = C.getState();
  if (Value.getAs<Loc>()) {
    SymbolRef Sym = Value.getAsLocSymbol();
    return !State->isNonNull(Value).isConstrainedTrue() ||
           (Sym && isErrPtr(State, Sym).value_or(false)) ||
           Value.getAsInteger();
  }
  return holdsFor(State, Value, BO_NE, 0) && !holdsFor(State, Value, BO_GT, 0);
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
        describe(E, Ground->index().model()) + " for writing " +
            (isSingle(E.second) ? "is" : "are") +
            " given back without being dirtied: what was written can be lost",
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

/// The page is one that the caller brought, and may have locked.
static bool isParameter(const CallExpr *Call) {
  const auto *Ref =
      Call->getNumArgs()
          ? dyn_cast<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts())
          : nullptr;
  return Ref && isa<ParmVarDecl>(Ref->getDecl());
}

/// Only a file that takes user pages is judged: elsewhere pages are the page
/// cache's, and locked by those who know.
void PinDirty::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                            BugReporter &BR) const {
  FileCalls Calls(TU, Ground->index());
  FileCalls::Set Direct = Calls.callersOf(
      [](const model::Function &Fn) { return Fn.hasContext("marks-dirty"); });
  Dirtiers.clear();
  llvm::SmallVector<std::pair<const FunctionDecl *, const CallExpr *>, 2> Found;
  for (const FunctionDecl *D : mainFileFunctions(TU))
    if (Calls.reaches(D, Direct))
      Dirtiers.insert(D->getCanonicalDecl());
  for (const FunctionDecl *D : mainFileFunctions(TU)) {
    DirtyReader Body(Ground->index());
    Body.TraverseStmt(D->getBody());
    if (!Body.Locks)
      for (const CallExpr *Call : Body.Dirtied)
        if (!isParameter(Call))
          Found.emplace_back(D, Call);
  }
  if (Found.empty())
    return;
  const model::Model &M = Ground->index().model();
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
  llvm::erase_if(Found,
                 [&](const auto &F) { return !Calls.reaches(F.first, Give); });
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
