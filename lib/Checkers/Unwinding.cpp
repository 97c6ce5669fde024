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

/// One element, or a member of one: the array as it is written (and the
/// member), and the variable that counts.
struct Element {
  std::string Array, Member;
  const VarDecl *Index = nullptr;
  bool First = false; ///< element 0, without a variable

  bool isLike(const Element &Other) const {
    return !Array.empty() && Array == Other.Array && Member == Other.Member;
  }
};

Element elementOf(const Expr *E, const ASTContext &Ctx) {
  E = E->IgnoreParenCasts();
  if (const auto *Op = dyn_cast<UnaryOperator>(E);
      Op && Op->getOpcode() == UO_AddrOf)
    E = Op->getSubExpr()->IgnoreParenCasts();
  std::string Member;
  while (const auto *Of = dyn_cast<MemberExpr>(E)) {
    if (Of->isArrow())
      return {};
    Member = ("." + Of->getMemberDecl()->getName() + Member).str();
    E = Of->getBase()->IgnoreParenImpCasts();
  }
  const auto *Sub = dyn_cast<ArraySubscriptExpr>(E);
  if (!Sub)
    return {};
  return {textOf(Sub->getBase()->IgnoreParenImpCasts(), Ctx), Member,
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
    if (const VarDecl *Var = variable(Op->getLHS())) {
      Changed.push_back(Var);
      Sets.push_back({Var, Op->getRHS()});
    }
    // a[i] = take();
    Element At = elementOf(Op->getLHS(), Ctx);
    if (At.Index && Op->getOpcode() == BO_Assign)
      Stores.push_back({Op->getRHS(), At});
    return true;
  }

  bool VisitVarDecl(VarDecl *Var) {
    if (Var->getInit())
      Sets.push_back({Var, Var->getInit()});
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->isIncrementDecrementOp() || Op->getOpcode() == UO_AddrOf)
      if (const VarDecl *Var = variable(Op->getSubExpr()))
        Changed.push_back(Var);
    return true;
  }

  /// \p S names what \p U took, by its element or by the variable that the
  /// result was put in first.
  bool names(const Stmt *S, const Use &U) const {
    if (!S)
      return false;
    if (const auto *E = dyn_cast<Expr>(S)) {
      Element At = elementOf(E, Ctx);
      if ((At.Index && At.isLike(U.At)) || isSet(E, U.Call))
        return true;
    }
    return llvm::any_of(S->children(),
                        [&](const Stmt *Child) { return names(Child, U); });
  }

  /// Gives what was taken as a result the element that it was stored in.
  void finish() {
    for (Use &U : Taken)
      for (const auto &[Value, At] : Stores)
        if (!U.At.Index && (contains(Value, U.Call) || isSet(Value, U.Call)))
          U.At = At;
  }

private:
  /// \p Value is a variable that the result of \p Call was put in.
  bool isSet(const Expr *Value, const CallExpr *Call) const {
    const VarDecl *Var = variable(Value->IgnoreParenCasts());
    return Var && llvm::any_of(Sets, [&](const auto &Set) {
             return Set.first == Var && contains(Set.second, Call);
           });
  }

  static bool contains(const Stmt *Outer, const Stmt *Inner) {
    return Outer == Inner ||
           llvm::any_of(Outer->children(),
                        [&](const Stmt *S) { return S && contains(S, Inner); });
  }

  const ModelIndex &Index;
  const ASTContext &Ctx;
  std::vector<std::pair<const Expr *, Element>> Stores;
  std::vector<std::pair<const VarDecl *, const Expr *>> Sets;
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

/// What a loop counts up to, by its text, and what that names.
struct Bound {
  std::string Text;
  llvm::SmallVector<const ValueDecl *, 2> Names;
};

void collectNames(const Stmt *S, llvm::SmallVectorImpl<const ValueDecl *> &To) {
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S))
    To.push_back(Ref->getDecl());
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(S))
    To.push_back(Member->getMemberDecl());
  for (const Stmt *Child : S->children())
    if (Child)
      collectNames(Child, To);
}

Bound boundOf(const ForStmt *For, const VarDecl *Var, const ASTContext &Ctx) {
  const auto *Op = dyn_cast_or_null<BinaryOperator>(
      For->getCond() ? For->getCond()->IgnoreParenImpCasts() : nullptr);
  if (!Op || Op->getOpcode() != BO_LT || variable(Op->getLHS()) != Var)
    return {};
  Bound Result{textOf(Op->getRHS()->IgnoreParenImpCasts(), Ctx), {}};
  collectNames(Op->getRHS(), Result.Names);
  return Result;
}

/// Jumps that leave a loop, and the question before each.
class Exits : public RecursiveASTVisitor<Exits> {
public:
  llvm::SmallVector<std::pair<const Expr *, const LabelDecl *>, 2> Found;
  bool Asks = false;

  bool VisitIfStmt(IfStmt *If) {
    Asks = true;
    Stmt *Then = If->getThen();
    if (const auto *Block = dyn_cast<CompoundStmt>(Then))
      Then = Block->body_empty() ? nullptr
                                 : const_cast<Stmt *>(Block->body_back());
    if (const auto *Goto = dyn_cast_or_null<GotoStmt>(Then))
      Found.push_back({If->getCond(), Goto->getLabel()});
    return true;
  }
  bool VisitConditionalOperator(ConditionalOperator *) { return Asks = true; }
  bool VisitContinueStmt(ContinueStmt *) { return Asks = true; }
  bool VisitBreakStmt(BreakStmt *) { return Asks = true; }
};

/// Where variables and members are changed.
class Changes : public RecursiveASTVisitor<Changes> {
public:
  std::vector<std::pair<const ValueDecl *, SourceLocation>> Found;

  bool VisitBinaryOperator(BinaryOperator *Op) {
    return !Op->isAssignmentOp() || add(Op->getLHS());
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    return (!Op->isIncrementDecrementOp() && Op->getOpcode() != UO_AddrOf) ||
           add(Op->getSubExpr());
  }

private:
  bool add(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      Found.push_back({Ref->getDecl(), E->getBeginLoc()});
    else if (const auto *Member = dyn_cast<MemberExpr>(E))
      Found.push_back({Member->getMemberDecl(), E->getBeginLoc()});
    return true;
  }
};

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
  /// A loop over elements from the first one up to a bound: it fills them, and
  /// goes to one of the labels when it cannot; or it gives all of them back.
  struct Run {
    const ForStmt *Loop;
    Bound To;
    LoopText::Use Use;
    llvm::SmallVector<const LabelDecl *, 2> Labels;
  };
  std::vector<Run> Filling, Emptying;

  bool VisitForStmt(ForStmt *For) {
    if (const VarDecl *Var = countsUp(For, Ctx)) {
      LoopText Text = read(For->getBody());
      Exits Out;
      Out.TraverseStmt(For->getBody());
      Bound To = boundOf(For, Var, Ctx);
      for (const LoopText::Use &Use : Text.Taken) {
        if (Use.At.Index != Var || Index.model().familyTaken(*Use.Fn) != Family)
          continue;
        Fills.push_back(Use);
        Run R{For, To, Use, {}};
        for (const auto &[Question, Label] : Out.Found)
          if (Text.names(Question, Use))
            R.Labels.push_back(Label);
        if (Use.Fn->TheResult == model::Result::PointerOrNull &&
            !To.Text.empty() && !R.Labels.empty())
          Filling.push_back(R);
      }
      if (!To.Text.empty() && !Out.Asks && Text.Taken.empty())
        for (const LoopText::Use &Use : Text.Given)
          if (Use.At.Index == Var && !Use.Fn->hasContext("null-ok"))
            Emptying.push_back({For, To, Use, {}});
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

/// What is behind \p Label in the outermost statements of \p Body, up to a
/// return.
static llvm::SmallVector<const Stmt *, 8> behind(const LabelDecl *Label,
                                                 const Stmt *Body) {
  llvm::SmallVector<const Stmt *, 8> Result;
  bool In = false;
  for (const Stmt *S : cast<CompoundStmt>(Body)->body()) {
    while (const auto *At = dyn_cast<LabelStmt>(S)) {
      In |= At->getDecl() == Label;
      S = At->getSubStmt();
    }
    if (In && isa<ReturnStmt, GotoStmt>(S))
      break;
    if (In)
      Result.push_back(S);
  }
  return Result;
}

/// All elements are given back, as if the loop that fills them had not ended
/// before.
static void findHalfFilled(const FunctionDecl *Fn, const Finder &Loops,
                           std::vector<UnwindingFault> &Result) {
  if (Loops.Filling.empty() || Loops.Emptying.empty())
    return;
  const SourceManager &SM = Fn->getASTContext().getSourceManager();
  Changes Changed;
  Changed.TraverseStmt(Fn->getBody());
  auto IsFixed = [&](const Bound &To, SourceLocation From) {
    return llvm::none_of(Changed.Found, [&](const auto &C) {
      return llvm::is_contained(To.Names, C.first) &&
             SM.isBeforeInTranslationUnit(SM.getExpansionLoc(From),
                                          SM.getExpansionLoc(C.second));
    });
  };
  for (const Finder::Run &Given : Loops.Emptying)
    for (const Finder::Run &Fill : Loops.Filling) {
      const Element &At = Given.Use.At;
      if (!Fill.Use.At.isLike(At) || Fill.To.Text != Given.To.Text ||
          !IsFixed(Fill.To, Fill.Loop->getBeginLoc()) ||
          llvm::none_of(Fill.Labels, [&](const LabelDecl *Label) {
            return llvm::is_contained(behind(Label, Fn->getBody()), Given.Loop);
          }))
        continue;
      Result.push_back(
          {Fill.Use.Call, Given.Use.Call,
           (llvm::Twine("'") + At.Array + "' is given back up to '" +
            Given.To.Text +
            "' also when not all of it could be filled; nobody asks whether "
            "an element is null")
               .str()});
      break;
    }
}

std::vector<UnwindingFault> unwindingFaults(const FunctionDecl *Fn,
                                            const ModelIndex &Index,
                                            llvm::StringRef Family) {
  const ASTContext &Ctx = Fn->getASTContext();
  Finder Loops(Index, Family, Ctx);
  Loops.TraverseStmt(Fn->getBody());
  std::vector<UnwindingFault> Result;
  findHalfFilled(Fn, Loops, Result);
  if (Loops.Ways.empty() || Loops.Fills.empty())
    return Result;
  // The first one may be given back by itself.
  LoopText Whole(Index, Ctx);
  Whole.TraverseStmt(Fn->getBody());
  for (const Finder::Way &Way : Loops.Ways)
    for (const LoopText::Use &Fill : Loops.Fills) {
      const Element &At = Way.Given.At;
      if (!Fill.At.isLike(At) ||
          llvm::any_of(Whole.Given, [&](const LoopText::Use &Use) {
            return Use.At.First && Use.At.isLike(At);
          }))
        continue;
      Result.push_back(
          {Fill.Call, Way.Given.Call,
           Way.Down.How == Descent::Endless
               ? (llvm::Twine("'") + Way.Down.Index->getName() +
                  "' is unsigned and never below 0: the loop goes on in front "
                  "of '" +
                  At.Array + "'")
                     .str()
               : (llvm::Twine("the loop stops before '") + At.Array + "[0]" +
                  At.Member + "', which is not given back")
                     .str()});
      break;
    }
  return Result;
}

} // namespace pagewarden
