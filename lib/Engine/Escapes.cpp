//===- Escapes.cpp - Ways out of sight ----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where the engine loses sight of pages (a value that it cannot express, a
/// call of unknown code), the holding escapes: nothing is reported about it.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/Groundwork.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

void Groundwork::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const auto *Fn = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
  if (isExplored(Fn))
    State = noteExplored(State);
  bool Loses = !C.wasInlined && hasHoldings(State) && !Index->find(Call) &&
               !(Fn && (Fn->isImplicit() || Fn->hasAttr<PureAttr>() ||
                        Fn->hasAttr<ConstAttr>()));
  for (unsigned I = 0, N = Loses ? Call.getNumArgs() : 0; I != N; ++I) {
    SVal Arg = Call.getArgSVal(I);
    State = escape(State, Holding::Passed, [&](const HoldingEntry &E) {
      return leadsTo(E, Arg, State) ||
             (Arg.isUnknown() && namesObject(E, Call.getArgExpr(I), State,
                                             C.getLocationContext()));
    });
  }
  C.addTransition(State);
}

/// \p Value is computed from the number of what \p H holds.
static bool countsWith(const Holding &H, SVal Value) {
  SymbolRef Count = H.count().getAsSymbol();
  SymbolRef Sym = Value.getAsSymbol();
  if (!Count || !Sym)
    return false;
  for (SymbolRef Part : Sym->symbols())
    if (Part == Count)
      return true;
  return false;
}

void Groundwork::checkBind(SVal Location, SVal Value, const Stmt *S,
                           CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const MemRegion *Target = Location.getAsRegion();
  bool Local = Target && compat::isOnStack(Target);
  bool Plain = Local && isa<VarRegion>(Target);
  SymbolRef Memory = memoryOf(Target);
  bool Own = isOwnMemory(State, Memory);
  SymbolRef Stored = Value.getAsLocSymbol();

  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (!H.isHeld())
      continue;
    if (Value.isUnknown()) {
      // Computed from the pages, in a way that the engine cannot say.
      if (namesObject(E, S, State, C.getLocationContext()))
        State = setHolding(State, E.first, H.escaped(Holding::Passed));
      continue;
    }
    if (!Local && H.outlives() && countsWith(H, Value)) {
      // Whoever knows the array knows the number now.
      State = setHolding(State, E.first, H.escaped(Holding::Stored));
      continue;
    }
    bool OfOwner = H.owner() && Stored == H.owner();
    if (!OfOwner && !mentions(E, Value, State))
      continue;
    if (Plain)
      continue;
    // What is computed from one object leads to it as well.
    bool Array = OfOwner || (H.acquiredBy()->Object.Array &&
                             !denotesObject(E, Value, State));
    if (Array && Local)
      continue;
    if (Array && Own && denotes(E, Value, State))
      State = setHolding(State, E.first, H.ownedBy(outermost(State, Memory)));
    else
      State = setHolding(State, E.first, H.escaped(Holding::Stored));
  }
  if (Stored && !Local && isOwnMemory(State, Stored))
    State =
        Own ? setOuter(State, Stored, Memory) : removeOwnMemory(State, Stored);
  C.addTransition(State);
}

ProgramStateRef Groundwork::checkPointerEscape(
    ProgramStateRef State, const InvalidatedSymbols &Escaped,
    const CallEvent *Call, PointerEscapeKind Kind) const {
  // A store is judged in checkBind, which knows where it goes.
  if (Kind == PSK_EscapeOnBind || (Call && Index->find(*Call)))
    return State;
  for (SymbolRef Sym : Escaped) {
    State = escape(State, Holding::Passed, [&](const HoldingEntry &E) {
      return E.second.content() == Sym || E.second.owner() == Sym ||
             memoryOf(E.first) == Sym;
    });
    if (isOwnMemory(State, Sym))
      State = removeOwnMemory(State, Sym);
  }
  return State;
}

/// \p Value says that the function failed.
static bool saysFailure(SVal Value, ProgramStateRef State) {
  if (SymbolRef Sym = Value.getAsLocSymbol())
    return isErrPtr(State, Sym).value_or(false);
  if (const llvm::APSInt *Bits = Value.getAsInteger();
      Bits && Value.getAs<Loc>())
    return Bits->isZero() || Bits->getZExtValue() >= -uint64_t(MaxErrno);
  return Value.getAs<NonLoc>() && holdsFor(State, Value, BO_LT, 0);
}

static bool standsIn(const Expr *E, const Decl *Fn, CheckerContext &C) {
  const SourceManager &SM = C.getSourceManager();
  SourceRange Range = SM.getExpansionRange(Fn->getSourceRange()).getAsRange();
  return SM.isPointWithin(SM.getExpansionLoc(E->getBeginLoc()),
                          Range.getBegin(), Range.getEnd());
}

/// What the function returns is its caller's.  A function that returns an
/// error while something that it took is held is to be named for it.
void Groundwork::checkPreStmt(const ReturnStmt *Return,
                              CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!Return->getRetValue() || !hasHoldings(State))
    return;
  SVal Value = C.getSVal(Return->getRetValue());
  if (C.inTopFrame()) {
    C.addTransition(
        escape(State, Holding::Returned, [&](const HoldingEntry &E) {
          return leadsTo(E, Value, State);
        }));
    return;
  }
  bool Failure = saysFailure(Value, State);
  const Decl *Fn = C.getLocationContext()->getDecl();
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (!H.isHeld() || H.failedIn() || !standsIn(H.site(), Fn, C))
      continue;
    // A page that only a variable of the function knows goes with it.
    if (Failure || (H.content() && !H.owner() && !leadsTo(E, Value, State)))
      State = setHolding(State, E.first, H.failed(Fn));
  }
  C.addTransition(State);
}

} // namespace pagewarden
