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
///   1. Pages that were pinned for writing are lent to other code or written by
///      the function, given back without being dirtied, and the function, which
///      dirties nothing on any path, says success.  Where nothing in the file
///      dirties pages, nobody has to be seen writing.
///   2. A user page is dirtied by a function that needs the page lock, and the
///      lock is not taken.
///   3. A page is dirtied when its pin was given back.
///   4. Pages that one function pins for writing are kept in a field, another
///      function gives them back from there, and the file dirties nothing.
///
/// Sources: mm/gup.c above __get_user_pages() and
/// unpin_user_pages_dirty_lock(); Documentation/core-api/pin_user_pages.rst.
///
//===----------------------------------------------------------------------===//

#include "HoldingReport.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FieldFlow.h"
#include "pagewarden/Engine/FileCalls.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

/// Holdings that the path itself has written to.
REGISTER_SET_WITH_PROGRAMSTATE(WrittenHere, const MemRegion *)
/// Holdings that the path has dirtied, or that somebody else may have.
REGISTER_SET_WITH_PROGRAMSTATE(Dirtied, const MemRegion *)
/// Holdings that were given back clean, and the call that did.
REGISTER_MAP_WITH_PROGRAMSTATE(GivenBackClean, const MemRegion *, const Expr *)
/// The function that is to blame for it.
REGISTER_MAP_WITH_PROGRAMSTATE(GivenBackIn, const MemRegion *, const Decl *)

namespace pagewarden {

using model::Role;

namespace {

class PinDirty : public Checker<check::PreCall, check::EndFunction,
                                check::ASTDecl<TranslationUnitDecl>,
                                check::EndOfTranslationUnit> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkEndFunction(const ReturnStmt *Return, CheckerContext &C) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;
  void checkEndOfTranslationUnit(const TranslationUnitDecl *TU,
                                 AnalysisManager &Mgr, BugReporter &BR) const;

private:
  bool checkLate(const model::Function *Fn, const CallEvent &Call,
                 CheckerContext &C) const;
  void excuseByCallee(const CallEvent &Call, CheckerContext &C) const;
  bool isDirtier(const Decl *D) const;
  bool mayHaveBeenWritten(const HoldingEntry &E, CheckerContext &C) const;

  const BugType Bug{this, "user pages and their dirty state",
                    "Linux page references", /*SuppressOnSink=*/true};
  /// Functions of the file that dirty pages, directly or through others.
  mutable FileCalls::Set Dirtiers;
  /// Releases that a report on a path has named.
  mutable llvm::SmallPtrSet<const Expr *, 4> Told;
};

} // namespace

//===----------------------------------------------------------------------===//
// Rule 1
//===----------------------------------------------------------------------===//

/// Taken for writing, and out of the function's hands since or written by it.
/// Who writes need not name the pages (by the user's address, by assembler).
bool PinDirty::mayHaveBeenWritten(const HoldingEntry &E,
                                  CheckerContext &C) const {
  const Holding &H = E.second;
  bool Lent = H.status() == Holding::Escaped &&
              (H.way() == Holding::Passed || H.way() == Holding::Stored);
  bool Written = H.isHeld() && (C.getState()->contains<WrittenHere>(E.first) ||
                                Dirtiers.empty());
  if (H.isShared() || (!Lent && !Written) || H.resource() != "pin" ||
      C.getState()->contains<Dirtied>(E.first))
    return false;
  const llvm::APSInt *Flags = knownNumber(C.getState(), H.flags());
  if (!Flags)
    return false;
  std::optional<uint64_t> Write =
      FlagValues(C.getASTContext(), C.getPreprocessor()).of("FOLL_WRITE");
  return Write && (Flags->getZExtValue() & *Write);
}

/// unpin_user_pages_dirty_lock() and others dirty only where they are told to;
/// what the code computes, it decides.
static bool mayDirty(const model::Function &Fn, const CallExpr *Call,
                     const ASTContext &Ctx) {
  if (!Fn.hasContext("marks-dirty"))
    return false;
  unsigned N = Call->getNumArgs();
  Expr::EvalResult Value;
  return Fn.TheRole != Role::Release || !N ||
         !Call->getArg(N - 1)->EvaluateAsInt(Value, Ctx) ||
         !Value.Val.getInt().isZero();
}

/// A function of the file that dirties pages may be too long to be entered.
void PinDirty::excuseByCallee(const CallEvent &Call, CheckerContext &C) const {
  const auto *Callee = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
  if (!Callee || !Dirtiers.contains(Callee->getCanonicalDecl()))
    return;
  ProgramStateRef State = C.getState();
  for (const HoldingEntry &E : holdings(State))
    for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I)
      if (E.second.isHeld() && leadsTo(E, Call.getArgSVal(I), State))
        State = State->add<Dirtied>(E.first);
  C.addTransition(State);
}

void PinDirty::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const model::Function *Fn = Ground->index().find(Call);
  if (!hasHoldings(State) || checkLate(Fn, Call, C))
    return;
  if (!Fn)
    return excuseByCallee(Call, C);
  if (!Fn->Object)
    return;
  SVal Object = placeArg(Fn->Object, Call, C);
  const auto *Expr = dyn_cast_or_null<CallExpr>(Call.getOriginExpr());
  if (!Expr)
    return;
  bool Dirties = mayDirty(*Fn, Expr, C.getASTContext());
  const model::Resource *R = Ground->index().model().resource(Fn->Resource);
  bool GivesBack =
      Fn->TheRole == Role::Release && R && R->Family == "user-pages";
  bool Writes = Fn->TheRole == Role::Borrow && Fn->hasContext("writes-page");
  if (!Dirties && !GivesBack && !Writes)
    return;
  for (const HoldingEntry &E : holdings(State)) {
    if (!denotes(E, Object, State))
      continue;
    if (Dirties)
      State = State->remove<GivenBackClean>(E.first)->add<Dirtied>(E.first);
    else if (Writes && denotesObject(E, Object, State))
      State = State->add<WrittenHere>(E.first);
    else if (GivesBack && mayHaveBeenWritten(E, C))
      State =
          State->set<GivenBackClean>(E.first, Call.getOriginExpr())
              ->set<GivenBackIn>(E.first, whoShouldKnow(E.second.site(), C));
  }
  C.addTransition(State);
}

/// A function that dirties on some paths knows what was written on which.
bool PinDirty::isDirtier(const Decl *D) const {
  const auto *Fn = dyn_cast<FunctionDecl>(D);
  return Fn && Dirtiers.contains(Fn->getCanonicalDecl());
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
      isFailure(Return, C) || isDirtier(C.getLocationContext()->getDecl()))
    return;
  const ExplodedNode *N = nullptr;
  for (const HoldingEntry &E : holdings(State)) {
    const Expr *const *Call = State->get<GivenBackClean>(E.first);
    if (!Call || E.second.isShared() || State->contains<Dirtied>(E.first))
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
        E, N, C, *Ground, *State->get<GivenBackIn>(E.first));
    Told.insert(*Call);
    Report->addNote("given back here",
                    PathDiagnosticLocation::createBegin(
                        *Call, C.getSourceManager(), C.getLocationContext()));
    C.emitReport(std::move(Report));
  }
}

//===----------------------------------------------------------------------===//
// Rule 3
//===----------------------------------------------------------------------===//

/// With the last pin the page may be somebody else's.
bool PinDirty::checkLate(const model::Function *Fn, const CallEvent &Call,
                         CheckerContext &C) const {
  if (!Fn || !Fn->Object || Fn->TheRole == Role::Release ||
      !Fn->hasContext("marks-dirty"))
    return false;
  SymbolRef Page = objectSymbol(placeArg(Fn->Object, Call, C));
  const auto *First = dyn_cast_or_null<CallExpr>(
      Page ? givenBackAt(C.getState(), Page) : nullptr);
  const model::Function *By = First ? Ground->index().find(First) : nullptr;
  const ExplodedNode *N =
      By && By->Resource == "pin" ? C.generateNonFatalErrorNode() : nullptr;
  if (!N)
    return false;
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug,
      ("'" + Fn->Name + "' on a page that '" + By->Name +
       "' gave back already: dirty it before"),
      N);
  Report->addNote("given back here",
                  PathDiagnosticLocation::createBegin(
                      First, C.getSourceManager(), C.getLocationContext()));
  C.emitReport(std::move(Report));
  return true;
}

//===----------------------------------------------------------------------===//
// Rule 2
//===----------------------------------------------------------------------===//

namespace {

/// What a function does to the lock and the dirty state of pages.
class DirtyReader : public RecursiveASTVisitor<DirtyReader> {
public:
  DirtyReader(const ModelIndex &Index, const ASTContext &Ctx)
      : Index(Index), Ctx(Ctx) {}

  /// Calls that need the page lock to dirty.
  llvm::SmallVector<const CallExpr *, 2> Dirtied;
  bool Dirties = false, Locks = false;

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (!Fn)
      return true;
    if (Fn->hasContext("needs-page-lock"))
      Dirtied.push_back(Call);
    Dirties |= mayDirty(*Fn, Call, Ctx);
    Locks |= llvm::any_of(Fn->Context, [](llvm::StringRef Word) {
      return Word == "locks:page" || Word == "trylocks:page" ||
             Word == "unlocks:page";
    });
    return true;
  }

private:
  const ModelIndex &Index;
  const ASTContext &Ctx;
};

/// Finds whether a variable is assigned what is no user page.
class AcquisitionFinder : public RecursiveASTVisitor<AcquisitionFinder> {
public:
  AcquisitionFinder(const ModelIndex &Index, const ValueDecl *Var)
      : Index(Index), Var(Var) {}

  bool Other = false;

  bool VisitVarDecl(VarDecl *D) {
    if (D == Var && D->getInit())
      look(D->getInit());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Ref = Op->getOpcode() == BO_Assign
                          ? dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens())
                          : nullptr;
    if (Ref && Ref->getDecl() == Var)
      look(Op->getRHS());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Inside ? Index.find(Call) : nullptr;
    Other |= Fn && Fn->TheRole == Role::Acquire &&
             Index.model().familyTaken(*Fn) != "user-pages";
    return true;
  }

private:
  void look(const Expr *Source) {
    Inside = true;
    TraverseStmt(const_cast<Expr *>(Source));
    Inside = false;
  }

  const ModelIndex &Index;
  const ValueDecl *Var;
  bool Inside = false;
};

} // namespace

/// The page is one that the caller brought, and may have locked, or one that
/// \p Fn has taken elsewhere than from a user.
static bool isOther(const CallExpr *Call, const FunctionDecl *Fn,
                    const ModelIndex &Index) {
  const auto *Ref =
      Call->getNumArgs()
          ? dyn_cast<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts())
          : nullptr;
  if (!Ref || isa<ParmVarDecl>(Ref->getDecl()))
    return Ref;
  AcquisitionFinder Finder(Index, Ref->getDecl());
  Finder.TraverseStmt(Fn->getBody());
  return Finder.Other;
}

/// Only a file that takes user pages is judged: elsewhere pages are the page
/// cache's, and locked by those who know.
void PinDirty::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                            BugReporter &BR) const {
  FileCalls Calls(TU, Ground->index());
  FileCalls::Set Direct, Locking;
  Dirtiers.clear();
  Told.clear();
  llvm::SmallVector<std::pair<const FunctionDecl *, const CallExpr *>, 2> Found;
  for (const FunctionDecl *D : mainFileFunctions(TU)) {
    DirtyReader Body(Ground->index(), TU->getASTContext());
    Body.TraverseStmt(D->getBody());
    if (Body.Dirties)
      Direct.insert(D->getCanonicalDecl());
    if (Body.Locks)
      Locking.insert(D->getCanonicalDecl());
    for (const CallExpr *Call : Body.Dirtied)
      if (!isOther(Call, D, Ground->index()))
        Found.emplace_back(D, Call);
  }
  for (const FunctionDecl *D : mainFileFunctions(TU))
    if (Calls.reaches(D, Direct))
      Dirtiers.insert(D->getCanonicalDecl());
  llvm::erase_if(Found, [&](const auto &F) {
    return Calls.alwaysWithin(F.first, Locking);
  });
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

//===----------------------------------------------------------------------===//
// Rule 4
//===----------------------------------------------------------------------===//

namespace {
/// Finds what a variable may have been set to.
class ValuesOf : public RecursiveASTVisitor<ValuesOf> {
public:
  explicit ValuesOf(const ValueDecl *Var) : Var(Var) {}
  llvm::SmallVector<const Expr *, 4> Values;

  bool VisitVarDecl(VarDecl *D) {
    if (D == Var && D->getInit())
      Values.push_back(D->getInit());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Ref = Op->isAssignmentOp()
                          ? dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens())
                          : nullptr;
    if (Ref && Ref->getDecl() == Var)
      Values.push_back(Op->getRHS());
    return true;
  }

private:
  const ValueDecl *Var;
};
} // namespace

/// \p Flags, in \p In, are or may be written down with \p Bit.
static bool mayHave(const Expr *Flags, uint64_t Bit, const FunctionDecl *In,
                    unsigned Depth) {
  const Expr *E = Flags->IgnoreParenCasts();
  Expr::EvalResult Value;
  if (E->EvaluateAsInt(Value, In->getASTContext()))
    return (Value.Val.getInt().getZExtValue() & Bit) != 0;
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
    return mayHave(Choice->getTrueExpr(), Bit, In, Depth) ||
           mayHave(Choice->getFalseExpr(), Bit, In, Depth);
  if (const auto *Op = dyn_cast<BinaryOperator>(E))
    return Op->getOpcode() == BO_Or && (mayHave(Op->getLHS(), Bit, In, Depth) ||
                                        mayHave(Op->getRHS(), Bit, In, Depth));
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  if (!Ref || Depth > 2)
    return false;
  ValuesOf Finder(Ref->getDecl());
  Finder.TraverseStmt(In->getBody());
  return llvm::any_of(Finder.Values, [&](const Expr *One) {
    return mayHave(One, Bit, In, Depth + 1);
  });
}

/// The acquisition by which \p Uses may hold pages that were pinned for
/// writing, or null.
static const FieldFlow::Use *pinnedForWriting(const FieldFlow::Uses &Uses,
                                              uint64_t Write) {
  for (const FieldFlow::Use &Use : Uses.Acquired) {
    std::optional<unsigned> N = Use.Fn->Flags;
    if (Use.Element && Use.Fn->Resource == "pin" && N &&
        *N < Use.Call->getNumArgs() &&
        mayHave(Use.Call->getArg(*N), Write, Use.In, 0))
      return &Use;
  }
  return nullptr;
}

/// Where nothing in the file can dirty, what was written is lost whatever the
/// paths are.  One page that an object keeps is for talking to somebody; arrays
/// are for data.  The function that took the pages gives them back when
/// something has failed.
void PinDirty::checkEndOfTranslationUnit(const TranslationUnitDecl *TU,
                                         AnalysisManager &Mgr,
                                         BugReporter &BR) const {
  std::optional<uint64_t> Write =
      FlagValues(TU->getASTContext(), BR.getPreprocessor()).of("FOLL_WRITE");
  if (!Write || !Dirtiers.empty())
    return;
  for (const auto &[Field, Uses] : Ground->fields(TU).all()) {
    const FieldFlow::Use *Taken = pinnedForWriting(Uses, *Write);
    if (!Taken || llvm::any_of(Uses.Released, [&](const FieldFlow::Use &Use) {
          return Told.contains(Use.Call);
        }))
      continue;
    for (const FieldFlow::Use &Given : Uses.Released) {
      if (!Given.Element || Given.Fn->TheRole != Role::Release ||
          Given.Fn->Resource != "pin" ||
          llvm::any_of(Uses.Acquired, [&](const FieldFlow::Use &Use) {
            return Use.In == Given.In;
          }))
        continue;
      reportPair(
          Bug,
          ("pages in '" + Field->getName() + "' are pinned for writing by '" +
           Taken->Fn->Name +
           "' and given back here without being dirtied: what was written can "
           "be lost")
              .str(),
          {Given.Call, Given.In}, "taken here", {Taken->Call, Taken->In}, Mgr,
          BR);
      break;
    }
  }
}

void registerPinDirty(CheckerManager &Mgr) {
  Mgr.registerChecker<PinDirty>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
