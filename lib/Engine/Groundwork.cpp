//===- Groundwork.cpp - What every path check stands on -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls of modelled functions are evaluated here, by role; what they do to
/// holdings is drawn in Holdings.h.  Acquisition.cpp takes, Escapes.cpp loses
/// sight, Loops.cpp reads what a loop does to single elements.
///
/// Not handled: which elements of an array a call is about (a release of one
/// element outside a loop is taken for a release of all), and how many a
/// release by count gives back.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FieldFlow.h"
#include "pagewarden/Engine/PrepareAST.h"
#include "pagewarden/Engine/Pruning.h"
#include "clang/AST/Attr.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/ExprEngine.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Place;
using model::Result;
using model::Role;

//===----------------------------------------------------------------------===//
// The model and the AST
//===----------------------------------------------------------------------===//

Groundwork::Groundwork() = default;
Groundwork::~Groundwork() = default;

llvm::Error Groundwork::loadModel(llvm::StringRef Files) {
  llvm::SmallVector<llvm::StringRef, 4> Parts;
  Files.split(Parts, ':', -1, /*KeepEmpty=*/false);
  std::vector<std::string> Paths(Parts.begin(), Parts.end());
  auto Loaded = model::Model::shared(Paths);
  if (!Loaded)
    return Loaded.takeError();
  TheModel = std::move(*Loaded);
  Index = std::make_unique<ModelIndex>(*TheModel);
  TheCallees = std::make_unique<Callees>(*Index);
  ThePruning = std::make_unique<Pruning>(*TheCallees);
  return llvm::Error::success();
}

void Groundwork::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  forgetMainFileFunctions();
  Fields.reset();
  prepareAST(Mgr.getASTContext());
}

static bool hasRole(const model::Function *Fn, Role R) {
  return Fn && Fn->TheRole == R;
}

const model::Function *Groundwork::releaseOf(const CallEvent &Call) const {
  const model::Function *Fn = Index->find(Call);
  return hasRole(Fn, Role::Release) ? Fn : nullptr;
}

const model::Function *Groundwork::freeOf(const CallEvent &Call) const {
  const model::Function *Fn = Index->find(Call);
  return Fn && (Fn->TheRole == Role::Free || Fn->hasContext("frees-memory"))
             ? Fn
             : nullptr;
}

//===----------------------------------------------------------------------===//
// Calls of modelled functions
//===----------------------------------------------------------------------===//

bool Groundwork::evalCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Index->find(Call);
  if (!Call.getOriginExpr())
    return false;
  if (!Fn)
    return evalIrrelevant(Call, C);
  switch (Fn->TheRole) {
  case Role::Acquire:
    evalAcquire(*Fn, Call, C);
    return true;
  case Role::Release:
    evalRelease(*Fn, Call, C);
    return true;
  case Role::Transfer:
    evalTransfer(*Fn, Call, C);
    return true;
  case Role::Convert:
    evalConvert(*Fn, Call, C);
    return true;
  case Role::Test:
    evalTest(*Fn, Call, C);
    return true;
  case Role::Free:
  case Role::Context:
    evalPlain(Call, C);
    return true;
  case Role::Borrow:
    if (Fn->hasContext("leaves-memory")) {
      evalLooking(*Fn, Call, C);
      return true;
    }
    // May write to memory that it is given; what its body does besides (checks
    // of a copy's size) is not the caller's business.
    evalBorrow(*Fn, Call, C);
    return true;
  }
  return false;
}

void Groundwork::evalPlain(const CallEvent &Call, CheckerContext &C) const {
  C.addTransition(bindResult(C.getState(), Call, C, conjureResult(Call, C)));
}

/// What it is given stays as it is; that a count in a page now decides about
/// the page is no change of memory.
void Groundwork::evalLooking(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (Fn.hasContext("counts-object")) {
    SVal Object = placeArg(Fn.Object, Call, C);
    State = escape(State, Holding::Handed, [&](const HoldingEntry &E) {
      return E.second.content() && denotesObject(E, Object, State);
    });
  }
  C.addTransition(bindResult(State, Call, C, conjureResult(Call, C)));
}

/// The number that a device knows a page by: whoever keeps it has the page.
void Groundwork::evalBorrow(const model::Function &Fn, const CallEvent &Call,
                            CheckerContext &C) const {
  SVal Ret = conjureResult(Call, C);
  ProgramStateRef State = bindResult(
      Call.invalidateRegions(C.blockCount(), C.getState()), Call, C, Ret);
  // An address that goes beside it as a number is kept there.
  for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I) {
    const Expr *Arg = Call.getArgExpr(I);
    if (!Arg || !Arg->getType()->isIntegralOrEnumerationType() ||
        (Fn.Object.Base == Place::Arg && Fn.Object.Index == I))
      continue;
    State = escape(State, Holding::Stored, [&](const HoldingEntry &E) {
      return E.second.content() && denotesObject(E, Call.getArgSVal(I), State);
    });
  }
  if (Fn.hasContext("names-object")) {
    SVal Object = placeArg(Fn.Object, Call, C);
    for (const HoldingEntry &E : holdings(State))
      if (TheModel->familyTaken(*E.second.acquiredBy()) == "page-allocator" &&
          denotesObject(E, Object, State)) {
        State = addAlias(State, Ret, Object);
        break;
      }
  }
  C.addTransition(State);
}

/// A callee that cannot matter is not entered: it returns something and
/// changes what it was given, as if its code were not known.  One that gets
/// what is held may hand it on, and is entered all the same.
bool Groundwork::evalIrrelevant(const CallEvent &Call,
                                CheckerContext &C) const {
  const auto *Fn = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
  // Another body may take the place of a weak one.
  if (Fn && Fn->hasBody() && Fn->hasAttr<WeakAttr>()) {
    ProgramStateRef State =
        Call.invalidateRegions(C.blockCount(), C.getState());
    C.addTransition(bindResult(State, Call, C, conjureResult(Call, C)));
    return true;
  }
  if (Exhaustive || !Fn || !Fn->hasBody())
    return false;
  const Callees::Facts &Facts = TheCallees->facts(Fn);
  if (Facts.Relevant || !Facts.Long)
    return false;
  ProgramStateRef State = C.getState();
  if (!Facts.OnlyReads) {
    for (const HoldingEntry &E : holdings(State))
      for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I)
        if (leadsTo(E, Call.getArgSVal(I), State) ||
            mentions(E, Call.getArgSVal(I), State))
          return false;
    State = Call.invalidateRegions(C.blockCount(), State);
  }
  C.addTransition(bindResult(State, Call, C, conjureResult(Call, C)));
  return true;
}

/// The result is the object itself where it is a structure (a page's folio) or
/// a number (its address): one value, however often it is converted.  What is
/// behind an address (kmap) is other memory, known by an alias.
void Groundwork::evalConvert(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  QualType Type = Call.getResultType();
  ProgramStateRef State = C.getState();
  if (Fn.Object.Base != Place::Arg || Fn.Object.Index >= Call.getNumArgs()) {
    evalPlain(Call, C);
    return;
  }
  SVal Object = Call.getArgSVal(Fn.Object.Index);
  bool Same = Type->isIntegralOrEnumerationType() ||
              (Type->isPointerType() && Type->getPointeeType()->isRecordType());
  if (Same && !Object.isUnknownOrUndef()) {
    SVal Result = C.getSValBuilder().evalCast(
        Object, Type, Call.getArgExpr(Fn.Object.Index)->getType());
    C.addTransition(bindResult(State, Call, C, Result));
    return;
  }
  SVal Ret = conjureResult(Call, C);
  State = addAlias(bindResult(State, Call, C, Ret), Ret, Object);
  if (SymbolRef Sym = Ret.getAsLocSymbol()) {
    State = setErrPtr(State, Sym, false);
    if (ProgramStateRef NonNull =
            State->assume(Ret.castAs<DefinedOrUnknownSVal>(), true))
      State = NonNull;
  }
  C.addTransition(State);
}

//===--- release, transfer ------------------------------------------------===//

/// A count that is known not to be positive gives nothing back.  What the
/// engine believes of a sum is not knowledge: to it, two positive numbers may
/// well add up to zero.
static bool mayBePositive(SVal Count, ProgramStateRef State) {
  if (SymbolRef Sym = Count.getAsSymbol(); Sym && !isa<SymbolData>(Sym))
    return true;
  const llvm::APSInt *Known = knownNumber(State, Count);
  return !Known || *Known > 0;
}

/// A page is named by arithmetic on its address (virt_to_page()) as well.
static bool isAbout(const HoldingEntry &E, SVal Object, const Expr *Written,
                    ProgramStateRef State, const LocationContext *LCtx) {
  return mentions(E, Object, State) ||
         (Written && !isa<DeclRefExpr>(Written->IgnoreParenImpCasts()) &&
          namesObject(E, Written, State, LCtx));
}

/// Of several acquisitions in one array the one that begins at \p Object and
/// took \p Count, or null where the call may be about others as well.
static const MemRegion *onlyOne(SVal Object, SVal Count,
                                ProgramStateRef State) {
  const MemRegion *Place = Object.getAsRegion();
  if (!Place || !Count.getAsSymbol())
    return nullptr;
  for (const HoldingEntry &E : holdings(State))
    if (E.second.isHeld() && E.second.acquiredBy()->Object.Array &&
        isSamePlace(E.first, Place) && E.second.count() == Count)
      return E.first;
  return nullptr;
}

void Groundwork::evalRelease(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  SVal Ret = conjureResult(Call, C);
  ProgramStateRef State = bindResult(C.getState(), Call, C, Ret);
  SVal Object = placeArg(Fn.Object, Call, C);
  const Expr *Written = placeExpr(Fn.Object, Call);
  SVal Count = valueOf(Fn.Count, Call, State, Ret);
  const MemRegion *Only =
      Fn.Object.Array ? onlyOne(Object, Count, State) : nullptr;
  if (!Fn.Count || mayBePositive(Count, State))
    State = release(State, Call.getOriginExpr(), [&](const HoldingEntry &E) {
      // The array may lie in a page that was allocated for it.
      if ((Fn.Object.Array && E.second.acquiredBy()->hasContext("address")) ||
          (Only && E.first != Only))
        return false;
      // What is given back may own it (a region of memory and its pages).
      return isAbout(E, Object, Written, State, C.getLocationContext()) ||
             leadsTo(E, Object, State);
    });
  // Which of its kind are given back, the call does not say.
  if (!Fn.Object)
    State = release(State, Call.getOriginExpr(), [&](const HoldingEntry &E) {
      return E.second.resource() == Fn.Resource;
    });
  State = dropPending(State);
  SymbolRef Sym = Fn.Object.Array ? nullptr : objectSymbol(Object);
  auto Last = Ret.getAs<DefinedSVal>();
  if (Sym && Last && Fn.hasContext("tells-last")) {
    auto [IsLast, IsNot] = State->assume(*Last);
    if (IsLast)
      C.addTransition(IsLast);
    if (IsNot)
      C.addTransition(noteGivenBack(IsNot, Sym, Call.getOriginExpr()));
    return;
  }
  if (Sym)
    State = noteGivenBack(State, Sym, Call.getOriginExpr());
  C.addTransition(State);
}

void Groundwork::evalTransfer(const model::Function &Fn, const CallEvent &Call,
                              CheckerContext &C) const {
  SVal Ret = conjureResult(Call, C);
  ProgramStateRef State = bindResult(C.getState(), Call, C, Ret);
  SVal Object = placeArg(Fn.Object, Call, C);
  const Expr *Written = placeExpr(Fn.Object, Call);
  ProgramStateRef Given =
      escape(State, Holding::Handed, [&](const HoldingEntry &E) {
        return leadsTo(E, Object, State) ||
               isAbout(E, Object, Written, State, C.getLocationContext());
      });
  auto Value = Ret.getAs<DefinedOrUnknownSVal>();
  if (Value && Fn.hasContext("takes-reference")) {
    auto [Failed, Done] = State->assume(*Value);
    if (Failed)
      C.addTransition(settlePending(Failed, Call.getOriginExpr(), true));
    if (Done)
      C.addTransition(settlePending(Done, Call.getOriginExpr(), false));
    return;
  }
  bool Tells = Fn.TheResult == Result::ZeroOrErrno ||
               Fn.TheResult == Result::PointerOrNull ||
               Fn.TheResult == Result::CountOrZero ||
               Fn.TheResult == Result::Bool;
  if (!Tells || !Value || Given == State) {
    C.addTransition(Given);
    return;
  }
  // On failure nothing was handed over.
  auto [NonZero, Zero] = State->assume(*Value);
  if (Fn.TheResult == Result::ZeroOrErrno) {
    if (ProgramStateRef S = assuming(State, *Value, BO_LT, 0))
      C.addTransition(S);
    if (ProgramStateRef S = Given->assume(*Value, false))
      C.addTransition(S);
    return;
  }
  if (Zero)
    C.addTransition(Zero);
  if (ProgramStateRef S = Given->assume(*Value, true))
    C.addTransition(S);
}

/// The engine takes the distance of two members of a structure at address 0
/// (offsetof() by hand) for 0, and what is divided by it for undefined; clang
/// 22 then crashes where __builtin_mul_overflow() gets it.
void Groundwork::checkPostStmt(const BinaryOperator *Op,
                               CheckerContext &C) const {
  if (Op->isMultiplicativeOp() && C.getSVal(Op).isUndef()) {
    C.addTransition(
        C.getState()->BindExpr(Op, C.getLocationContext(), UnknownVal()));
    return;
  }
  // Of a store to a place that the engine cannot name it forgets what checks
  // say in checkBind().
  ProgramStateRef State = C.getState();
  if (Op->isAssignmentOp() && hasHoldings(State) &&
      !isa<DeclRefExpr>(Op->getLHS()->IgnoreParens()) &&
      C.getSVal(Op->getLHS()).isUnknown()) {
    SVal Value = C.getSVal(Op->getRHS());
    C.addTransition(escape(State, Holding::Stored, [&](const HoldingEntry &E) {
      return leadsTo(E, Value, State);
    }));
  }
}

void Groundwork::checkLiveSymbols(ProgramStateRef State,
                                  SymbolReaper &Reaper) const {
  for (const HoldingEntry &E : holdings(State))
    for (SVal V : {E.second.count(), E.second.asked(), E.second.extent()})
      if (SymbolRef Sym = V.getAsSymbol())
        for (SymbolRef Part : Sym->symbols())
          Reaper.markLive(Part);
}

void Groundwork::checkDeadSymbols(SymbolReaper &Reaper,
                                  CheckerContext &C) const {
  C.addTransition(removeDeadNotes(C.getState(), Reaper));
}

static SymbolRef withoutCasts(SymbolRef Sym) {
  while (const auto *Cast = dyn_cast_or_null<SymbolCast>(Sym))
    Sym = Cast->getOperand();
  return Sym;
}

/// Whether \p Sym is more than zero; nothing where it may be less.  Counts do
/// not overflow: numbers of which none is negative, and one positive, do not
/// add up to zero, which the engine does not know.
static std::optional<bool> isPositive(SymbolRef Sym, ProgramStateRef State) {
  Sym = withoutCasts(Sym);
  if (const auto *Sum = dyn_cast<SymSymExpr>(Sym)) {
    if (Sum->getOpcode() != BO_Add)
      return std::nullopt;
    std::optional<bool> Left = isPositive(Sum->getLHS(), State);
    std::optional<bool> Right = isPositive(Sum->getRHS(), State);
    if (!Left || !Right)
      return std::nullopt;
    return *Left || *Right;
  }
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  const llvm::APSInt *Min =
      isa<SymbolData>(Sym) ? Builder.getMinValue(State, nonloc::SymbolVal(Sym))
                           : nullptr;
  if (!Min || *Min < 0)
    return std::nullopt;
  return *Min > 0;
}

/// Each term of a sum of numbers that are not negative; null where one cannot
/// be zero.
static ProgramStateRef assumeAllZero(SymbolRef Sym, ProgramStateRef State) {
  Sym = withoutCasts(Sym);
  if (const auto *Sum = dyn_cast<SymSymExpr>(Sym)) {
    State = assumeAllZero(Sum->getLHS(), State);
    return State ? assumeAllZero(Sum->getRHS(), State) : nullptr;
  }
  return State->assume(nonloc::SymbolVal(Sym), false);
}

/// What was just taken, and nobody else knows, is none of what there was.
static bool isNewAndOther(SymbolRef Sym, bool Assumption,
                          ProgramStateRef State) {
  const auto *Compare = dyn_cast_or_null<SymSymExpr>(Sym);
  if (!Compare || !BinaryOperator::isEqualityOp(Compare->getOpcode()) ||
      (Compare->getOpcode() == BO_EQ) != Assumption ||
      Compare->getLHS() == Compare->getRHS())
    return false;
  return llvm::any_of(holdings(State), [&](const HoldingEntry &E) {
    SymbolRef New = E.second.isHeld() ? E.second.content() : nullptr;
    return New &&
           ((Compare->getLHS() == New && isa<SymbolData>(Compare->getRHS())) ||
            (Compare->getRHS() == New && isa<SymbolData>(Compare->getLHS())));
  });
}

/// What was taken in bytes is no more pages than were asked for, either.
static bool isMoreThanAsked(SymbolRef Sym, bool Assumption,
                            ProgramStateRef State) {
  const auto *Compare = dyn_cast_or_null<SymSymExpr>(Sym);
  if (!Compare || !Assumption || Compare->getOpcode() != BO_GT)
    return false;
  auto Names = [](SymbolRef In, SVal Number) {
    SymbolRef What = Number.getAsSymbol();
    for (SymbolRef Part : In->symbols())
      if (Part == What)
        return true;
    return false;
  };
  return llvm::any_of(holdings(State), [&](const HoldingEntry &E) {
    return E.second.acquiredBy()->TheResult == Result::BytesOrErrno &&
           Names(Compare->getLHS(), E.second.count()) &&
           Names(Compare->getRHS(), E.second.asked());
  });
}

ProgramStateRef Groundwork::evalAssume(ProgramStateRef State, SVal Condition,
                                       bool Assumption) const {
  SymbolRef Sym = hasHoldings(State) ? Condition.getAsSymbol() : nullptr;
  bool IsZero = !Assumption;
  if (isNewAndOther(Sym, Assumption, State) ||
      isMoreThanAsked(Sym, Assumption, State))
    return nullptr;
  if (const auto *Compare = dyn_cast_or_null<SymIntExpr>(Sym)) {
    const llvm::APSInt &Bound = Compare->getRHS();
    if (!BinaryOperator::isEqualityOp(Compare->getOpcode()) || !Bound.isZero())
      return State;
    IsZero = (Compare->getOpcode() == BO_EQ) == Assumption;
    Sym = Compare->getLHS();
  }
  Sym = withoutCasts(Sym);
  std::optional<bool> Positive = IsZero && isa_and_nonnull<SymSymExpr>(Sym)
                                     ? isPositive(Sym, State)
                                     : std::nullopt;
  if (!Positive)
    return State;
  return *Positive ? nullptr : assumeAllZero(Sym, State);
}

void Groundwork::checkEndAnalysis(ExplodedGraph &Graph, BugReporter &BR,
                                  ExprEngine &Engine) const {
  ++stats().Functions;
  ThePruning->forget();
  // A loop that was left after some rounds is no spent budget.
  if (!Engine.hasEmptyWorkList())
    ++stats().Exhausted;
}

const FieldFlow &Groundwork::fields(const TranslationUnitDecl *TU) const {
  if (!Fields)
    Fields = std::make_unique<FieldFlow>(TU, *Index);
  return *Fields;
}

AnalysisStats &Groundwork::stats() {
  static AnalysisStats Stats;
  return Stats;
}

const Groundwork &groundworkOf(CheckerManager &Mgr) {
  return *Mgr.getChecker<Groundwork>();
}

} // namespace pagewarden
