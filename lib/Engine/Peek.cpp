//===- Peek.cpp - Values of expressions without evaluating them -----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks ahead at code that the path has not reached (the body of a loop), or
/// whose value the engine could not express.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Groundwork.h"

using namespace clang;
using namespace ento;

namespace {

class Peeker {
public:
  Peeker(ProgramStateRef State, const LocationContext *LCtx, bool Raw)
      : State(std::move(State)), LCtx(LCtx), Raw(Raw) {}

  SVal value(const Expr *E) {
    E = E->IgnoreParens();
    if (const auto *Cast = dyn_cast<CastExpr>(E))
      return valueOfCast(Cast);
    if (const auto *Op = dyn_cast<UnaryOperator>(E);
        Op && Op->getOpcode() == UO_AddrOf)
      return address(Op->getSubExpr());
    // 'pages++' points into the same array before and after.
    if (const auto *Op = dyn_cast<UnaryOperator>(E);
        Op && Op->isIncrementDecrementOp() && Op->getType()->isPointerType())
      return load(Op->getSubExpr());
    if (const auto *Op = dyn_cast<BinaryOperator>(E);
        Op && Op->isAdditiveOp() && Op->getType()->isPointerType())
      return value(Op->getLHS()->getType()->isPointerType() ? Op->getLHS()
                                                            : Op->getRHS());
    return UnknownVal();
  }

private:
  SVal valueOfCast(const CastExpr *Cast) {
    const Expr *Sub = Cast->getSubExpr();
    switch (Cast->getCastKind()) {
    case CK_LValueToRValue:
      return load(Sub);
    case CK_ArrayToPointerDecay:
      return address(Sub);
    default:
      return value(Sub);
    }
  }

  SVal load(const Expr *E) {
    auto Where = address(E).getAs<Loc>();
    if (!Where)
      return UnknownVal();
    return Raw ? State->getRawSVal(*Where, E->getType())
               : State->getSVal(*Where, E->getType());
  }

  /// Elements of an array are all taken for its beginning.
  SVal address(const Expr *E) {
    E = E->IgnoreParens();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      return Var ? SVal(State->getLValue(Var, LCtx)) : UnknownVal();
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
      SVal Base = Member->isArrow() ? value(Member->getBase())
                                    : address(Member->getBase());
      return Field ? State->getLValue(Field, Base) : UnknownVal();
    }
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      return value(Subscript->getBase());
    if (const auto *Op = dyn_cast<UnaryOperator>(E);
        Op && Op->getOpcode() == UO_Deref)
      return value(Op->getSubExpr());
    return UnknownVal();
  }

  ProgramStateRef State;
  const LocationContext *LCtx;
  bool Raw;
};

} // namespace

SVal pagewarden::peek(const Expr *E, ProgramStateRef State,
                      const LocationContext *LCtx) {
  return Peeker(std::move(State), LCtx, /*Raw=*/false).value(E);
}

SVal pagewarden::peekStored(const Expr *E, ProgramStateRef State,
                            const LocationContext *LCtx) {
  return Peeker(std::move(State), LCtx, /*Raw=*/true).value(E);
}
