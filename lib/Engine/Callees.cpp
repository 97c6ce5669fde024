//===- Callees.cpp - Which callees are worth entering ---------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Callees.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace pagewarden {

using model::Role;

/// What starts a report, whichever check it is for.
static bool startsReport(const model::Function *Entry, const FunctionDecl *Fn,
                         const CallExpr *Call, const model::Model &M) {
  if (Fn->getIdentifier() && M.isExplored(Fn->getName()))
    return true;
  // Freed as memory, of which it is none.
  if (Entry && Entry->TheRole == Role::Free)
    return llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
      return pageStructure(Argument, M) != nullptr;
    });
  if (!Entry ||
      (Entry->TheRole != Role::Acquire && Entry->TheRole != Role::Release))
    return false;
  const model::Resource *R = M.resource(Entry->Resource);
  return R && !R->Family.empty();
}

namespace {

class BodyReader : public RecursiveASTVisitor<BodyReader> {
public:
  BodyReader(const ModelIndex &Index, const ASTContext &Ctx)
      : Index(Index), Ctx(Ctx) {}

  bool Relevant = false, Takes = false, OnlyReads = true, Loops = false;
  unsigned Branches = 0;
  llvm::SmallPtrSet<const FunctionDecl *, 8> Called;

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Fn = Call->getDirectCallee();
    const model::Function *Entry = Fn ? Index.find(Fn) : nullptr;
    const FunctionDecl *Definition = nullptr;
    Takes |= Fn && startsReport(Entry, Fn, Call, Index.model());
    if (Entry) {
      // Tests, conversions and uses take nothing and give nothing back.
      Relevant |= Entry->TheRole != Role::Test &&
                  Entry->TheRole != Role::Convert &&
                  Entry->TheRole != Role::Borrow;
      OnlyReads &=
          Entry->TheRole == Role::Test || Entry->TheRole == Role::Convert;
    } else if (Fn && Fn->hasBody(Definition)) {
      Called.insert(Definition);
    } else if (!Fn || !Fn->getBuiltinID()) {
      OnlyReads = false;
    }
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp())
      changes(Op->getLHS());
    else if (Op->isLogicalOp())
      ++Branches;
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->isIncrementDecrementOp())
      changes(Op->getSubExpr());
    return true;
  }
  bool VisitAsmStmt(AsmStmt *) {
    OnlyReads = false;
    return true;
  }
  bool VisitIfStmt(IfStmt *) { return ++Branches; }
  bool VisitConditionalOperator(ConditionalOperator *) { return ++Branches; }
  bool VisitSwitchCase(SwitchCase *) { return ++Branches; }
  bool VisitForStmt(ForStmt *) { return Loops = true; }
  bool VisitWhileStmt(WhileStmt *) { return Loops = true; }
  /// do { } while (0) is no loop.
  bool VisitDoStmt(DoStmt *Do) {
    Expr::EvalResult Value;
    Loops |= !Do->getCond()->EvaluateAsInt(Value, Ctx) ||
             !Value.Val.getInt().isZero();
    return true;
  }
  bool VisitGotoStmt(GotoStmt *) { return ++Branches; }

private:
  /// Assignments to a local, or to a member of one, stay inside.
  void changes(const Expr *E) {
    while (true) {
      E = E->IgnoreParenImpCasts();
      const auto *Member = dyn_cast<MemberExpr>(E);
      if (!Member || Member->isArrow())
        break;
      E = Member->getBase();
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    OnlyReads &= Var && Var->hasLocalStorage();
  }

  const ModelIndex &Index;
  const ASTContext &Ctx;
};

} // namespace

const Callees::Facts &Callees::facts(const FunctionDecl *Fn) {
  const FunctionDecl *Definition = nullptr;
  Fn->hasBody(Definition);
  auto [It, New] = Known.try_emplace(Definition);
  if (!New) // or on the way: a recursion adds nothing to itself
    return It->second;
  BodyReader Body(Index, Definition->getASTContext());
  Body.TraverseStmt(Definition->getBody());
  Facts Result{Body.Relevant, Body.Takes,
               Body.Loops || Body.Branches > FewBranches, Body.OnlyReads};
  for (const FunctionDecl *Callee : Body.Called) {
    const Facts &Inner = facts(Callee);
    Result.Relevant |= Inner.Relevant;
    Result.Takes |= Inner.Takes;
    Result.OnlyReads &= Inner.OnlyReads;
  }
  return Known[Definition] = Result;
}

bool Callees::takes(const CallExpr *Call) {
  const FunctionDecl *Fn = Call->getDirectCallee();
  if (!Fn)
    return false;
  const model::Function *Entry = Index.find(Fn);
  return startsReport(Entry, Fn, Call, Index.model()) ||
         (!Entry && Fn->hasBody() && facts(Fn).Takes);
}

} // namespace pagewarden
