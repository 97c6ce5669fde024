//===- LeakCheck.cpp - What was taken and got lost ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LeakCheck.h"
#include "HoldingReport.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

bool LeakCheck::isOurs(const HoldingEntry &E, ProgramStateRef State) const {
  const Holding &H = E.second;
  const model::Resource *R = Ground->index().model().resource(H.resource());
  return H.isHeld() && !H.isShared() && R && R->Family == Family &&
         !H.acquiredBy()->Conditional && !H.acquiredBy()->ReleasedBy.empty() &&
         mayBeNonEmpty(E, State);
}

/// Reports all that \p Which says and that is still held, at one node, after
/// which nothing more is said of them.
void LeakCheck::reportAll(HoldingTest Which, llvm::StringRef How,
                          CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const model::Model &M = Ground->index().model();
  llvm::SmallVector<HoldingEntry, 2> Lost;
  for (const HoldingEntry &E : holdings(State))
    if (Which(E) && isOurs(E, State))
      Lost.push_back(E);
  if (Lost.empty())
    return;
  ProgramStateRef After = State;
  for (const HoldingEntry &E : Lost)
    After = setHolding(After, E.first, E.second.escaped(Holding::Judged));
  const ExplodedNode *N = C.generateNonFatalErrorNode(After);
  if (!N)
    return;
  for (const HoldingEntry &E : Lost) {
    llvm::StringRef Expected =
        expectedRelease(*E.second.acquiredBy(), isSingle(E.second), M);
    std::string Message =
        (describe(E, M) + (isSingle(E.second) ? " is " : " are ") + How +
         "; '" + Expected + "' expected")
            .str();
    C.emitReport(makeReport(Bug, Message, E, N, C, *Ground));
  }
}

/// Rule 4: code that is not known, and gets what was refused, may give it back.
void LeakCheck::checkRefusedCall(const CallEvent &Call,
                                 CheckerContext &C) const {
  std::optional<Refused> Left = refused(C.getState());
  if (!Left || Ground->index().find(Call))
    return;
  const ASTContext &Ctx = C.getASTContext();
  for (const Expr *Other : {Left->Taken, Left->By}) {
    const auto *Before = cast<CallExpr>(Other);
    const model::Function *Fn = Ground->index().find(Before);
    if (!Fn || Fn->Object.Base != model::Place::Arg ||
        Fn->Object.Index >= Before->getNumArgs())
      continue;
    std::string Object = textOf(Before->getArg(Fn->Object.Index), Ctx);
    for (unsigned I = 0; I < Call.getNumArgs() && !Object.empty(); ++I)
      if (const Expr *Arg = Call.getArgExpr(I);
          Arg && textOf(Arg, Ctx) == Object) {
        C.addTransition(dropPending(C.getState()));
        return;
      }
  }
}

void LeakCheck::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  checkRefusedCall(Call, C);
  if (!hasHoldings(C.getState()))
    return;
  if (const model::Function *Free = Ground->freeOf(Call))
    checkFree(*Free, Call, C);
  else if (const model::Function *Fn = Ground->index().find(Call);
           Fn && Fn->TheRole == model::Role::Acquire)
    checkOverwrite(*Fn, Call, C);
}

/// The region that argument \p P of \p Call points to, or null.
static const MemRegion *regionAt(const model::Place &P, const CallEvent &Call) {
  return P.Base == model::Place::Arg && P.Index < Call.getNumArgs()
             ? Call.getArgSVal(P.Index).getAsRegion()
             : nullptr;
}

/// Rule 1.
void LeakCheck::checkFree(const model::Function &Free, const CallEvent &Call,
                          CheckerContext &C) const {
  const MemRegion *Freed = regionAt(Free.Object, Call);
  if (!Freed)
    return;
  SymbolRef Memory = memoryOf(Freed);
  auto IsIn = [&](const HoldingEntry &E) {
    if (E.second.owner() && E.second.owner() == Memory)
      return true;
    return E.second.acquiredBy()->Object.Array &&
           arrayBase(E.first) == arrayBase(Freed);
  };
  reportAll(IsIn,
            ("lost when '" + Call.getCalleeIdentifier()->getName() +
             "' frees the memory that says where")
                .str(),
            C);
}

/// Rule 3.
void LeakCheck::checkOverwrite(const model::Function &Fn, const CallEvent &Call,
                               CheckerContext &C) const {
  const MemRegion *Target = regionAt(Fn.Object, Call);
  if (!Target || Fn.Extra || (Fn.Object.Indirect && Fn.Object.Array))
    return;
  reportAll([&](const HoldingEntry &E) { return E.first == Target; },
            ("lost when '" + Fn.Name + "' overwrites the array"), C);
}

/// Rule 4: a reference that was taken for a call which failed.
void LeakCheck::checkRefused(CheckerContext &C) const {
  std::optional<Refused> Left = refused(C.getState());
  // The function that took it is the one to give it back.
  if (Left && !C.inTopFrame() &&
      functionAround(Left->Taken, C) != C.getLocationContext()->getDecl())
    return;
  const model::Function *Taken =
      Left ? Ground->index().find(cast<CallExpr>(Left->Taken)) : nullptr;
  const model::Function *By =
      Left ? Ground->index().find(cast<CallExpr>(Left->By)) : nullptr;
  const model::Resource *R =
      Taken ? Ground->index().model().resource(Taken->Resource) : nullptr;
  if (!R || !By || R->Family != Family)
    return;
  const ExplodedNode *N =
      C.generateNonFatalErrorNode(dropPending(C.getState()));
  if (!N)
    return;
  C.emitReport(std::make_unique<PathSensitiveBugReport>(
      Bug,
      "the reference that '" + Taken->Name + "' took for '" + By->Name +
          "' is not given back when that fails",
      N,
      PathDiagnosticLocation::createBegin(Left->Taken, C.getSourceManager(),
                                          C.getLocationContext()),
      functionAround(Left->Taken, C)));
}

/// Rule 2.
void LeakCheck::checkEndFunction(const ReturnStmt *Return,
                                 CheckerContext &C) const {
  checkRefused(C);
  if (!C.inTopFrame() || !hasHoldings(C.getState()))
    return;
  reportAll([](const HoldingEntry &E) { return !E.second.outlives(); },
            "not given back on this path", C);
}

} // namespace pagewarden
