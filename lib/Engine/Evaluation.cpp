//===- Evaluation.cpp - Calls and comparisons on a path -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ParentMap.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Place;

ProgramStateRef assuming(ProgramStateRef State, SVal X, BinaryOperatorKind Op,
                         SVal Y) {
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  auto Holds = Builder.evalBinOp(State, Op, X, Y, Builder.getConditionType())
                   .getAs<DefinedOrUnknownSVal>();
  return Holds ? State->assume(*Holds, true) : State;
}

static SVal numberLike(SVal X, int64_t Y, ProgramStateRef State) {
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  QualType Type = X.getType(Builder.getContext());
  if (Type.isNull() || !Type->isIntegralOrEnumerationType())
    Type = Builder.getContext().LongTy;
  return Builder.makeIntVal(Y, Type);
}

ProgramStateRef assuming(ProgramStateRef State, SVal X, BinaryOperatorKind Op,
                         int64_t Y) {
  return assuming(State, X, Op, numberLike(X, Y, State));
}

bool holdsFor(ProgramStateRef State, SVal X, BinaryOperatorKind Op, SVal Y) {
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  auto Holds = Builder.evalBinOp(State, Op, X, Y, Builder.getConditionType())
                   .getAs<DefinedSVal>();
  return Holds && !State->assume(*Holds, false);
}

bool holdsFor(ProgramStateRef State, SVal X, BinaryOperatorKind Op, int64_t Y) {
  return holdsFor(State, X, Op, numberLike(X, Y, State));
}

const llvm::APSInt *knownNumber(ProgramStateRef State, SVal V) {
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  return Builder.getKnownValue(State, V);
}

ProgramStateRef bindResult(ProgramStateRef State, const CallEvent &Call,
                           CheckerContext &C, SVal Value) {
  return State->BindExpr(Call.getOriginExpr(), C.getLocationContext(), Value);
}

SVal conjureResult(const CallEvent &Call, CheckerContext &C) {
  QualType Type = Call.getResultType();
  return Type->isVoidType() ? SVal(UnknownVal())
                            : SVal(compat::conjure(C, Call, Type));
}

SymbolRef objectSymbol(SVal V) {
  const MemRegion *R = V.getAsRegion();
  while (const auto *Element = dyn_cast_or_null<ElementRegion>(R)) {
    if (!Element->getIndex().isZeroConstant())
      return nullptr;
    R = Element->getSuperRegion();
  }
  if (const auto *Symbolic = dyn_cast_or_null<SymbolicRegion>(R))
    return Symbolic->getSymbol();
  return R ? nullptr : V.getAsSymbol();
}

const Expr *placeExpr(const Place &P, const CallEvent &Call) {
  return P.Base == Place::Arg && P.Index < Call.getNumArgs()
             ? Call.getArgExpr(P.Index)
             : nullptr;
}

SVal placeArg(const Place &P, const CallEvent &Call, CheckerContext &C) {
  if (P.Base != Place::Arg || P.Index >= Call.getNumArgs())
    return UnknownVal();
  SVal Value = Call.getArgSVal(P.Index);
  const Expr *E = Call.getArgExpr(P.Index);
  if (!E || !E->getType()->isUnionType())
    return Value;
  if (auto Union = Value.getAs<nonloc::CompoundVal>();
      Union && Union->begin() != Union->end())
    return *Union->begin();
  E = E->IgnoreParenImpCasts();
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E))
    E = Literal->getInitializer()->IgnoreParenImpCasts();
  const auto *List = dyn_cast<InitListExpr>(E);
  return List && List->getNumInits() == 1 ? C.getSVal(List->getInit(0))
                                          : UnknownVal();
}

bool leadsTo(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  SymbolRef Owner = E.second.owner();
  return mentions(E, V, State) || (Owner && memoryOf(V.getAsRegion()) == Owner);
}

bool namesObject(const HoldingEntry &E, const Stmt *S, ProgramStateRef State,
                 const LocationContext *LCtx) {
  if (!S)
    return false;
  if (const auto *Cast = dyn_cast<CastExpr>(S);
      Cast && Cast->getCastKind() == CK_LValueToRValue) {
    SVal V = peek(Cast, State, LCtx);
    if (!V.isUnknown() && denotes(E, V, State))
      return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return namesObject(E, Child, State, LCtx);
  });
}

/// Of the unit that was asked about last; there is one at a time.
static llvm::SmallVector<const FunctionDecl *, 32> MainFileFunctions;
static const TranslationUnitDecl *MainFileOf = nullptr;

void forgetMainFileFunctions() { MainFileOf = nullptr; }

llvm::ArrayRef<const FunctionDecl *>
mainFileFunctions(const TranslationUnitDecl *TU) {
  if (MainFileOf == TU)
    return MainFileFunctions;
  const SourceManager &SM = TU->getASTContext().getSourceManager();
  MainFileOf = TU;
  MainFileFunctions.clear();
  for (const Decl *D : TU->decls())
    if (const auto *Fn = dyn_cast<FunctionDecl>(D);
        Fn && Fn->doesThisDeclarationHaveABody() &&
        SM.isInMainFile(SM.getExpansionLoc(Fn->getLocation())))
      MainFileFunctions.push_back(Fn);
  return MainFileFunctions;
}

const Stmt *loopOf(const Stmt *Condition, const ParentMap &Parents) {
  const Stmt *Child = Condition;
  const Stmt *Parent = Parents.getParent(Child);
  while (isa_and_nonnull<Expr>(Parent)) {
    Child = Parent;
    Parent = Parents.getParent(Child);
  }
  if (const auto *For = dyn_cast_or_null<ForStmt>(Parent))
    return For->getCond() == Child ? For : nullptr;
  if (const auto *While = dyn_cast_or_null<WhileStmt>(Parent))
    return While->getCond() == Child ? While : nullptr;
  return nullptr;
}

bool isInLoopOf(const Expr *Condition, const Stmt *S,
                const LocationContext *LCtx) {
  for (const StackFrameContext *Frame = LCtx->getStackFrame(); S && Frame;) {
    const ParentMap &Parents = Frame->getParentMap();
    if (const Stmt *Loop = loopOf(Condition, Parents))
      for (const Stmt *Outer = S; Outer; Outer = Parents.getParent(Outer))
        if (Outer == Loop)
          return true;
    S = Frame->getCallSite();
    Frame = Frame->getParent() ? Frame->getParent()->getStackFrame() : nullptr;
  }
  return false;
}

} // namespace pagewarden
