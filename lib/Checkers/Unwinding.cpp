//===- Unwinding.cpp - Loops that go back over elements -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Unwinding.h"
#include "HoldingReport.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace pagewarden {

using model::Place;
using model::Role;

namespace {

/// The variable that \p E is, or null.
const VarDecl *variable(const Expr *E) {
  const auto *Ref =
      E ? dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()) : nullptr;
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

bool isNumber(const Expr *E, int64_t Value, const ASTContext &Ctx) {
  Expr::EvalResult Result;
  return E && !E->isValueDependent() && E->EvaluateAsInt(Result, Ctx) &&
         Result.Val.getInt() == Value;
}

/// One element: the array as it is written, and the variable that counts.
struct Element {
  std::string Array;
  const VarDecl *Index = nullptr;
  bool First = false; ///< element 0, without a variable
};

Element elementOf(const Expr *E, const ASTContext &Ctx) {
  E = E->IgnoreParenCasts();
  if (const auto *Op = dyn_cast<UnaryOperator>(E);
      Op && Op->getOpcode() == UO_AddrOf)
    E = Op->getSubExpr()->IgnoreParenCasts();
  const auto *Sub = dyn_cast<ArraySubscriptExpr>(E);
  if (!Sub)
    return {};
  return {textOf(Sub->getBase()->IgnoreParenImpCasts(), Ctx),
          variable(Sub->getIdx()), isNumber(Sub->getIdx(), 0, Ctx)};
}

/// Calls of modelled functions in a loop, and what it does to variables.
class LoopText : public RecursiveASTVisitor<LoopText> {
public:
  LoopText(const ModelIndex &Index, const ASTContext &Ctx)
      : Index(Index), Ctx(Ctx) {}

  struct Use {
    const CallExpr *Call;
    const model::Function *Fn;
    Element At;
  };
  std::vector<Use> Taken, Given;
  llvm::SmallVector<const VarDecl *, 4> Changed;

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (!Fn)
      return true;
    if (Fn->TheRole == Role::Acquire && !Fn->Extra) {
      Element At;
      if (Fn->Object.Base == Place::Arg &&
          Fn->Object.Index < Call->getNumArgs())
        At = elementOf(Call->getArg(Fn->Object.Index), Ctx);
      Taken.push_back({Call, Fn, At});
    } else if (Fn->TheRole == Role::Release && !Fn->Object.Array &&
               Fn->Object.Base == Place::Arg &&
               Fn->Object.Index < Call->getNumArgs()) {
      Given.push_back(
          {Call, Fn, elementOf(Call->getArg(Fn->Object.Index), Ctx)});
    }
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (!Op->isAssignmentOp())
      return true;
    if (const VarDecl *Var = variable(Op->getLHS()))
      Changed.push_back(Var);
    // a[i] = take();
    Element At = elementOf(Op->getLHS(), Ctx);
    if (At.Index && Op->getOpcode() == BO_Assign)
      Stores.push_back({Op->getRHS(), At});
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->isIncrementDecrementOp() || Op->getOpcode() == UO_AddrOf)
      if (const VarDecl *Var = variable(Op->getSubExpr()))
        Changed.push_back(Var);
    return true;
  }

  /// Gives what was taken as a result the element that it was stored in.
  void finish() {
    for (Use &U : Taken)
      for (const auto &[Value, At] : Stores)
        if (!U.At.Index && contains(Value, U.Call))
          U.At = At;
  }

private:
  static bool contains(const Stmt *Outer, const Stmt *Inner) {
    return Outer == Inner ||
           llvm::any_of(Outer->children(),
                        [&](const Stmt *S) { return S && contains(S, Inner); });
  }

  const ModelIndex &Index;
  const ASTContext &Ctx;
  std::vector<std::pair<const Expr *, Element>> Stores;
};

/// How a loop goes down: the variable, and whether it stops before 0 or goes on
/// below it.
struct Descent {
  const VarDecl *Index = nullptr;
  enum { StopsBefore, Includes, Endless } How = Includes;
};

/// What \p Condition says of a variable that goes down; \p Stepped: elsewhere,
/// and not in the condition.
Descent descentOf(const Expr *Condition, bool Stepped, const ASTContext &Ctx) {
  if (!Condition)
    return {};
  Condition = Condition->IgnoreParenImpCasts();
  const Expr *Left = Condition;
  BinaryOperatorKind How = BO_NE;
  int64_t Bound = 0;
  if (const auto *Op = dyn_cast<BinaryOperator>(Condition)) {
    How = Op->getOpcode();
    if (isNumber(Op->getRHS(), 1, Ctx))
      Bound = 1;
    else if (!isNumber(Op->getRHS(), 0, Ctx))
      return {};
    Left = Op->getLHS()->IgnoreParenImpCasts();
  }
  const VarDecl *Var = variable(Left);
  if (!Stepped) {
    const auto *Step = dyn_cast<UnaryOperator>(Left);
    if (!Step || Step->getOpcode() != UO_PreDec)
      return {};
    Var = variable(Step->getSubExpr());
  }
  if (!Var)
    return {};
  // The body sees what the condition has seen.
  if ((Bound == 0 && (How == BO_GT || How == BO_NE)) ||
      (Bound == 1 && How == BO_GE))
    return {Var, Descent::StopsBefore};
  if (Bound == 0 && How == BO_GE)
    return {Var, Var->getType()->isUnsignedIntegerType() ? Descent::Endless
                                                         : Descent::Includes};
  return {};
}

bool stepsDown(const Expr *Step, const VarDecl *&Var) {
  const auto *Op =
      dyn_cast_or_null<UnaryOperator>(Step ? Step->IgnoreParens() : nullptr);
  if (!Op || !Op->isDecrementOp())
    return false;
  Var = variable(Op->getSubExpr());
  return Var;
}

/// The variable that a loop counts up from 0, or null.
const VarDecl *countsUp(const ForStmt *For, const ASTContext &Ctx) {
  const auto *Step = dyn_cast_or_null<UnaryOperator>(For->getInc());
  const VarDecl *Var =
      Step && Step->isIncrementOp() ? variable(Step->getSubExpr()) : nullptr;
  if (!Var)
    return nullptr;
  if (const auto *Group = dyn_cast_or_null<DeclStmt>(For->getInit()))
    return Group->isSingleDecl() && Group->getSingleDecl() == Var &&
                   isNumber(Var->getInit(), 0, Ctx)
               ? Var
               : nullptr;
  const auto *Set = dyn_cast_or_null<BinaryOperator>(For->getInit());
  return Set && Set->getOpcode() == BO_Assign &&
                 variable(Set->getLHS()) == Var &&
                 isNumber(Set->getRHS(), 0, Ctx)
             ? Var
             : nullptr;
}

class Finder : public RecursiveASTVisitor<Finder> {
public:
  Finder(const ModelIndex &Index, llvm::StringRef Family, const ASTContext &Ctx)
      : Index(Index), Family(Family), Ctx(Ctx) {}

  struct Way {
    Descent Down;
    LoopText::Use Given;
  };
  std::vector<LoopText::Use> Fills;
  std::vector<Way> Ways;

  bool VisitForStmt(ForStmt *For) {
    if (const VarDecl *Var = countsUp(For, Ctx)) {
      for (const LoopText::Use &Use : read(For->getBody()).Taken)
        if (Use.At.Index == Var && Index.model().familyTaken(*Use.Fn) == Family)
          Fills.push_back(Use);
      return true;
    }
    const VarDecl *Var = nullptr;
    if (stepsDown(For->getInc(), Var))
      descend(descentOf(For->getCond(), true, Ctx), Var, For->getBody());
    return true;
  }

  bool VisitWhileStmt(WhileStmt *While) {
    Descent Down = descentOf(While->getCond(), false, Ctx);
    descend(Down, Down.Index, While->getBody());
    return true;
  }

private:
  LoopText read(const Stmt *Body) const {
    LoopText Text(Index, Ctx);
    Text.TraverseStmt(const_cast<Stmt *>(Body));
    Text.finish();
    return Text;
  }

  void descend(const Descent &Down, const VarDecl *Stepped, const Stmt *Body) {
    if (!Down.Index || Down.Index != Stepped || Down.How == Descent::Includes)
      return;
    LoopText Text = read(Body);
    if (!Text.Taken.empty() || llvm::is_contained(Text.Changed, Down.Index))
      return;
    for (const LoopText::Use &Use : Text.Given)
      if (Use.At.Index == Down.Index)
        Ways.push_back({Down, Use});
  }

  const ModelIndex &Index;
  llvm::StringRef Family;
  const ASTContext &Ctx;
};

} // namespace

std::vector<UnwindingFault> unwindingFaults(const FunctionDecl *Fn,
                                            const ModelIndex &Index,
                                            llvm::StringRef Family) {
  const ASTContext &Ctx = Fn->getASTContext();
  Finder Loops(Index, Family, Ctx);
  Loops.TraverseStmt(Fn->getBody());
  std::vector<UnwindingFault> Result;
  if (Loops.Ways.empty() || Loops.Fills.empty())
    return Result;
  // The first one may be given back by itself.
  LoopText Whole(Index, Ctx);
  Whole.TraverseStmt(Fn->getBody());
  for (const Finder::Way &Way : Loops.Ways)
    for (const LoopText::Use &Fill : Loops.Fills) {
      const std::string &Array = Way.Given.At.Array;
      if (Array.empty() || Fill.At.Array != Array ||
          llvm::any_of(Whole.Given, [&](const LoopText::Use &Use) {
            return Use.At.First && Use.At.Array == Array;
          }))
        continue;
      Result.push_back(
          {Fill.Call, Way.Given.Call,
           Way.Down.How == Descent::Endless
               ? (llvm::Twine("'") + Way.Down.Index->getName() +
                  "' is unsigned and never below 0: the loop goes on in front "
                  "of '" +
                  Array + "'")
                     .str()
               : (llvm::Twine("the loop stops before '") + Array +
                  "[0]', which is not given back")
                     .str()});
      break;
    }
  return Result;
}

} // namespace pagewarden
