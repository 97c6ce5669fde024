//===- Loops.cpp - Loops over pages -------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Place;
using model::Role;

namespace {

/// Finds what a loop does to single elements, and what they are elements of.
class LoopReader : public RecursiveASTVisitor<LoopReader> {
public:
  LoopReader(const ModelIndex &Index, const Stmt *Loop)
      : Index(Index), Loop(Loop) {}

  bool Acquires = false, Unknown = false;
  llvm::SmallVector<const Expr *, 2> Released, Passed;

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const model::Function *Fn = Index.find(Callee);
    if (!Fn) {
      bool Releases = Callee && releasesSomething(Callee, 0);
      for (const Expr *Arg : Call->arguments())
        collectArrays(Arg, Releases ? Released : Passed, 0);
    } else if (Fn->TheRole == Role::Acquire) {
      Acquires |= !Index.model().familyTaken(*Fn).empty();
    } else if (Fn->TheRole == Role::Release) {
      addRelease(*Fn, Call);
    } else if (Fn->TheRole == Role::Transfer) {
      for (const Expr *Arg : Call->arguments())
        collectArrays(Arg, Passed, 0);
    }
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp() && !isa<DeclRefExpr>(Op->getLHS()->IgnoreParens()))
      collectArrays(Op->getRHS(), Passed, 0);
    return true;
  }

private:
  using Arrays = llvm::SmallVectorImpl<const Expr *>;

  void addRelease(const model::Function &Fn, const CallExpr *Call) {
    if (Fn.Object.Array || Fn.Object.Base != Place::Arg ||
        Fn.Object.Index >= Call->getNumArgs())
      return;
    size_t Before = Released.size();
    collectArrays(Call->getArg(Fn.Object.Index), Released, 0);
    Unknown |= Released.size() == Before;
  }

  /// A function of the file whose body gives something back.
  bool releasesSomething(const FunctionDecl *Fn, unsigned Depth) {
    const FunctionDecl *Definition = nullptr;
    if (Depth > 2 || !Fn->hasBody(Definition))
      return false;
    return anyCall(Definition->getBody(), [&](const FunctionDecl *Callee) {
      const model::Function *Entry = Index.find(Callee);
      return Entry ? Entry->TheRole == Role::Release
                   : releasesSomething(Callee, Depth + 1);
    });
  }

  static bool anyCall(const Stmt *S,
                      llvm::function_ref<bool(const FunctionDecl *)> Which) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Callee = Call->getDirectCallee();
          Callee && Which(Callee))
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) {
      return Child && anyCall(Child, Which);
    });
  }

  void collectArrays(const Stmt *S, Arrays &Out, unsigned Depth) {
    if (!S || Depth > 3)
      return;
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(S)) {
      Out.push_back(Subscript->getBase());
      return;
    }
    if (const auto *Op = dyn_cast<UnaryOperator>(S);
        Op && Op->getOpcode() == UO_Deref) {
      Out.push_back(Op->getSubExpr());
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        for (const Expr *Source : sources(Var))
          collectArrays(Source, Out, Depth + 1);
      return;
    }
    for (const Stmt *Child : S->children())
      collectArrays(Child, Out, Depth);
  }

  /// What the loop assigns to \p Var.
  llvm::SmallVector<const Expr *, 2> sources(const VarDecl *Var) {
    struct Finder : RecursiveASTVisitor<Finder> {
      const VarDecl *Var;
      llvm::SmallVector<const Expr *, 2> Found;
      bool VisitVarDecl(VarDecl *D) {
        if (D == Var && D->getInit())
          Found.push_back(D->getInit());
        return true;
      }
      bool VisitBinaryOperator(BinaryOperator *Op) {
        const auto *Ref =
            Op->getOpcode() == BO_Assign
                ? dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens())
                : nullptr;
        if (Ref && Ref->getDecl() == Var)
          Found.push_back(Op->getRHS());
        return true;
      }
    } F;
    F.Var = Var;
    F.TraverseStmt(const_cast<Stmt *>(Loop));
    return F.Found;
  }

  const ModelIndex &Index;
  const Stmt *Loop;
};

} // namespace

const Groundwork::LoopSummary &Groundwork::summarise(const Stmt *Loop) const {
  auto [It, New] = Loops.try_emplace(Loop);
  if (!New)
    return It->second;
  LoopReader Reader(*Index, Loop);
  Reader.TraverseStmt(const_cast<Stmt *>(Loop));
  It->second.Acquires = Reader.Acquires;
  It->second.Unknown = Reader.Unknown;
  It->second.Released = Reader.Released;
  It->second.Passed = Reader.Passed;
  return It->second;
}

/// The code says both sides of the comparison: that the loop does not run is
/// not an assumption.
static bool comparesNumbers(const Stmt *Condition, ProgramStateRef State,
                            CheckerContext &C) {
  const auto *Op = dyn_cast<BinaryOperator>(Condition);
  if (!Op || !Op->isComparisonOp())
    return false;
  auto IsNumber = [&](const Expr *Side) {
    Expr::EvalResult Value;
    return Side->EvaluateAsInt(Value, C.getASTContext()) ||
           peekStored(Side, State, C.getLocationContext()).getAsInteger();
  };
  return IsNumber(Op->getLHS()) && IsNumber(Op->getRHS());
}

/// A loop that gives back the elements of an array gives back what the array
/// holds, however often it runs: that its bound is the right one is another
/// question than whether anything is lost.  A loop that hands elements on is
/// taken to do so where something is held, even on the path that leaves it at
/// once.
void Groundwork::checkBranchCondition(const Stmt *Condition,
                                      CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (prune(Condition, C) || !hasHoldings(State))
    return;
  const LocationContext *LCtx = C.getLocationContext();
  const Stmt *Loop = loopOf(Condition, LCtx->getParentMap());
  if (!Loop)
    return;
  const LoopSummary &Summary = summarise(Loop);
  if (Summary.Acquires)
    return;
  SVal Test = C.getSVal(Condition);
  bool First = C.blockCount() == 1;
  bool Skipped =
      First && Test.isZeroConstant() && comparesNumbers(Condition, State, C);
  if (!Skipped)
    for (const Expr *Array : Summary.Released) {
      SVal V = peek(Array, State, LCtx);
      State = release(State, cast<Expr>(Condition), [&](const HoldingEntry &E) {
        return !V.isUnknown() && mentions(E, V, State);
      });
    }
  if (Summary.Unknown)
    State = escape(State, Holding::Passed,
                   [](const HoldingEntry &) { return true; });
  auto Enters = Test.getAs<DefinedSVal>();
  if (!First || !Enters || Summary.Passed.empty()) {
    C.addTransition(State);
    return;
  }
  auto [Entered, Left] = State->assume(*Enters);
  if (Entered)
    C.addTransition(Entered);
  if (!Left)
    return;
  for (const Expr *Array : Summary.Passed) {
    SVal V = peek(Array, Left, LCtx);
    Left = escape(Left, Holding::Passed, [&](const HoldingEntry &E) {
      return !V.isUnknown() && mentions(E, V, Left);
    });
  }
  C.addTransition(Left);
}

} // namespace pagewarden
