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

using model::Role;

/// A structure goes as a whole, with what was stored in it.
static bool isRecord(SVal Value) {
  return Value.getAs<nonloc::LazyCompoundVal>() ||
         Value.getAs<nonloc::CompoundVal>();
}

static ProgramStateRef escapeRecords(ProgramStateRef State,
                                     Holding::WayKind How) {
  return escape(State, How,
                [](const HoldingEntry &E) { return E.second.isInRecord(); });
}

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
    if (isRecord(Arg))
      State = escapeRecords(State, Holding::Passed);
    State = escape(State, Holding::Passed, [&](const HoldingEntry &E) {
      return leadsTo(E, Arg, State) ||
             (Arg.isUnknown() && namesObject(E, Call.getArgExpr(I), State,
                                             C.getLocationContext()));
    });
  }
  C.addTransition(State);
}

/// \p Value is computed from the number of what \p H holds, or is the number of
/// what was asked for.
static bool countsWith(const Holding &H, SVal Value) {
  if (!Value.isUnknownOrUndef() && Value == H.asked())
    return true;
  SymbolRef Count = H.count().getAsSymbol();
  SymbolRef Sym = Value.getAsSymbol();
  if (!Count || !Sym)
    return false;
  for (SymbolRef Part : Sym->symbols())
    if (Part == Count)
      return true;
  return false;
}

/// \p Value is the object itself or its address, not what a list or a tree
/// would link.
static bool isWhole(const HoldingEntry &E, SVal Value, ProgramStateRef State) {
  SymbolRef Object = E.second.content();
  SymbolRef Sym = Object ? objectSymbol(Value) : nullptr;
  return Sym && (Sym == Object || originalOf(State, Sym) == Object);
}

/// \p R is a member of a structure that is a variable.
static bool isInRecord(const MemRegion *R) {
  if (!isa<FieldRegion>(R))
    return false;
  while (const auto *Field = dyn_cast<FieldRegion>(R)) {
    if (Field->getDecl()->getParent()->isUnion())
      return false;
    R = Field->getSuperRegion();
  }
  return isa<VarRegion>(R);
}

/// \p E is a sum with a pointer, or the address of an array's element.
static bool isComputedAddress(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Sum = dyn_cast<BinaryOperator>(E))
    return Sum->isAdditiveOp() && Sum->getType()->isPointerType();
  const auto *Address = dyn_cast<UnaryOperator>(E);
  return Address && Address->getOpcode() == UO_AddrOf &&
         isa<ArraySubscriptExpr>(Address->getSubExpr()->IgnoreParens());
}

/// Nobody computes with a pointer that may be null.
static ProgramStateRef assumeIsThere(const Stmt *S, SVal Value,
                                     ProgramStateRef State) {
  const auto *Store = dyn_cast_or_null<BinaryOperator>(S);
  auto Known = Value.getAs<DefinedOrUnknownSVal>();
  if (!Store || Store->getOpcode() != BO_Assign || !Known ||
      !isComputedAddress(Store->getRHS()))
    return State;
  ProgramStateRef There = State->assume(*Known, true);
  return There ? There : State;
}

void Groundwork::checkBind(SVal Location, SVal Value, const Stmt *S,
                           CheckerContext &C) const {
  ProgramStateRef State = assumeIsThere(S, Value, C.getState());
  const MemRegion *Target = Location.getAsRegion();
  bool Local = Target && compat::isOnStack(Target);
  bool Plain = Local && isa<VarRegion>(Target);
  bool Callers = Local && compat::frameOf(Target) != C.getStackFrame();
  bool Record = Local && !Callers && isInRecord(Target);
  if (isRecord(Value) && (!Plain || Callers))
    State = escapeRecords(State, Holding::Stored);
  SymbolRef Memory = memoryOf(Target);
  bool Own = isOwnMemory(State, Memory);
  SymbolRef Stored = memoryOf(Value.getAsRegion());

  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (H.way() == Holding::Passed && !Local && leadsTo(E, Value, State)) {
      // What unknown code has seen, and is kept all the same.
      State = setHolding(State, E.first,
                         Own ? H.ownedBy(outermost(State, Memory))
                             : H.escaped(Holding::Stored));
      continue;
    }
    if (!H.isHeld())
      continue;
    if (Value.isUnknown()) {
      // Computed from the pages, in a way that the engine cannot say.
      if (namesObject(E, S, State, C.getLocationContext()))
        State = setHolding(State, E.first, H.escaped(Holding::Passed));
      continue;
    }
    if ((!Local || Callers) && H.outlives() && countsWith(H, Value)) {
      // Whoever knows the array knows the number now.
      State = setHolding(State, E.first, H.escaped(Holding::Stored));
      continue;
    }
    bool OfOwner = H.owner() && Stored == H.owner();
    if (!OfOwner && !mentions(E, Value, State))
      continue;
    if (Plain) {
      if (Callers && isWhole(E, Value, State))
        State = setHolding(State, E.first, H.callers());
      continue;
    }
    // The address that it is mapped at does not lead further than the page.
    if (Record && (isWhole(E, Value, State) || isInside(E, Value, State))) {
      State = setHolding(State, E.first, H.inRecord());
      continue;
    }
    // What is computed from one object leads to it as well.
    bool Array = OfOwner || (H.acquiredBy()->Object.Array &&
                             !denotesObject(E, Value, State));
    if (Array && Local)
      continue;
    if (Own && denotes(E, Value, State) && (Array || isWhole(E, Value, State)))
      State = setHolding(State, E.first, H.ownedBy(outermost(State, Memory)));
    else
      State = setHolding(State, E.first, H.escaped(Holding::Stored));
  }
  if (Stored && !Local && isOwnMemory(State, Stored))
    State =
        Own ? setOuter(State, Stored, Memory) : removeOwnMemory(State, Stored);
  C.addTransition(State);
}

/// \p Call gets \p Sym itself, or a part of what it points to.
static bool isArgument(SymbolRef Sym, const CallEvent &Call) {
  for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I)
    if (SVal Arg = Call.getArgSVal(I);
        Arg.getAsSymbol() == Sym || memoryOf(Arg.getAsRegion()) == Sym)
      return true;
  return false;
}

ProgramStateRef Groundwork::checkPointerEscape(
    ProgramStateRef State, const InvalidatedSymbols &Escaped,
    const CallEvent *Call, PointerEscapeKind Kind) const {
  // A store is judged in checkBind, which knows where it goes.
  const model::Function *Known = Call ? Index->find(*Call) : nullptr;
  if (Kind == PSK_EscapeOnBind || (Known && Known->TheRole != Role::Borrow))
    return State;
  for (SymbolRef Sym : Escaped) {
    // Of what is known to borrow: where an object was stored, it may have
    // written.
    if (Known) {
      if (!isArgument(Sym, *Call))
        State = escape(State, Holding::Passed, [&](const HoldingEntry &E) {
          return E.second.content() == Sym &&
                 !E.second.acquiredBy()->Object.Array;
        });
      continue;
    }
    State = escape(State, Holding::Passed, [&](const HoldingEntry &E) {
      return E.second.content() == Sym || E.second.owner() == Sym ||
             memoryOf(E.first) == Sym;
    });
    if (isOwnMemory(State, Sym))
      State = removeOwnMemory(State, Sym);
  }
  return State;
}

/// What assembly gets in a register (the new value of cmpxchg()), it may store.
void Groundwork::checkPostStmt(const GCCAsmStmt *Asm, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!hasHoldings(State))
    return;
  llvm::SmallVector<SVal, 4> Given;
  for (unsigned I = 0, N = Asm->getNumInputs(); I != N; ++I)
    if (const Expr *In = Asm->getInputExpr(I); !In->isGLValue())
      Given.push_back(C.getSVal(In));
  for (unsigned I = 0, N = Asm->getNumOutputs(); I != N; ++I)
    if (Asm->isOutputPlusConstraint(I))
      if (const auto *Ref = dyn_cast<DeclRefExpr>(
              Asm->getOutputExpr(I)->IgnoreParenImpCasts()))
        if (auto Where = C.getSVal(Ref).getAs<Loc>())
          Given.push_back(State->getSVal(*Where));
  for (SVal Value : Given)
    State = escape(State, Holding::Stored, [&](const HoldingEntry &E) {
      return isWhole(E, Value, State);
    });
  C.addTransition(State);
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
  if (isRecord(Value))
    State = escapeRecords(State, Holding::Returned);
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
    if (!H.isHeld() || H.failedIn() || H.isCallers() ||
        !standsIn(H.site(), Fn, C))
      continue;
    // A page that only a variable of the function knows goes with it.
    bool Lost =
        Failure || (H.content() && !H.owner() && !leadsTo(E, Value, State));
    State = setHolding(State, E.first, Lost ? H.failed(Fn) : H.callers());
  }
  C.addTransition(State);
}

/// The same of a function that returns nothing.
void Groundwork::checkEndFunction(const ReturnStmt *Return,
                                  CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (C.inTopFrame() || (Return && Return->getRetValue()) ||
      !hasHoldings(State))
    return;
  const Decl *Fn = C.getLocationContext()->getDecl();
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (H.isHeld() && !H.failedIn() && !H.isCallers() && H.content() &&
        !H.owner() && standsIn(H.site(), Fn, C))
      State = setHolding(State, E.first, H.failed(Fn));
  }
  if (State != C.getState())
    C.addTransition(State);
}

} // namespace pagewarden
