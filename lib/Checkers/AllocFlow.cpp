//===- AllocFlow.cpp - What happens to a result before anything else ------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AllocFlow.h"
#include "Dataflow.h"
#include <map>

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

/// A variable, and members of it.
using Place = std::vector<const ValueDecl *>;

struct Results {
  std::map<Place, const CallExpr *> At;

  bool join(const Results &Other) {
    size_t Before = At.size();
    for (auto It = At.begin(); It != At.end();) {
      auto There = Other.At.find(It->first);
      It = There != Other.At.end() && There->second == It->second
               ? std::next(It)
               : At.erase(It);
    }
    return At.size() != Before;
  }

  /// Forgets \p P and what is in it.
  void forget(const Place &P) {
    for (auto It = At.begin(); It != At.end();)
      It = It->first.size() >= P.size() &&
                   std::equal(P.begin(), P.end(), It->first.begin())
               ? At.erase(It)
               : std::next(It);
  }
};

} // namespace

/// Empty where \p E is something else.
static Place placeOf(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var ? Place{Var} : Place{};
  }
  const auto *Member = dyn_cast<MemberExpr>(E);
  Place P = Member ? placeOf(Member->getBase()) : Place{};
  if (!P.empty())
    P.push_back(Member->getMemberDecl());
  return P;
}

const Stmt *useOf(const Expr *&E, const ParentMap &Parents) {
  const Stmt *Parent = Parents.getParent(E);
  while (isa_and_nonnull<ParenExpr, CastExpr>(Parent)) {
    E = cast<Expr>(Parent);
    Parent = Parents.getParent(E);
  }
  return Parent;
}

AllocFlow::AllocFlow(const FunctionDecl *Fn, AnalysisManager &Mgr,
                     llvm::function_ref<bool(const CallExpr *)> IsSource)
    : Fn(Fn), Mgr(Mgr), IsSource(IsSource),
      Parents(Mgr.getAnalysisDeclContext(Fn)->getParentMap()) {}

namespace {

class Step {
public:
  Step(llvm::function_ref<bool(const CallExpr *)> IsSource,
       AllocFlow::Reader OnRead, const ParentMap &Parents, bool Final)
      : IsSource(IsSource), OnRead(OnRead), Parents(Parents), Final(Final) {}

  void operator()(const Stmt *S, Results &R) const {
    if (const auto *Group = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Group->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          store({Var}, Var->getInit(), R);
      return;
    }
    if (const auto *Op = dyn_cast<BinaryOperator>(S);
        Op && Op->isAssignmentOp()) {
      if (Place P = placeOf(Op->getLHS()); !P.empty())
        store(P,
              Op->getOpcode() == BO_Assign && !isAsked(Op) ? Op->getRHS()
                                                           : nullptr,
              R);
      return;
    }
    // Whoever has its address may do anything.
    if (const auto *Op = dyn_cast<UnaryOperator>(S);
        Op && Op->getOpcode() == UO_AddrOf) {
      R.forget(placeOf(Op->getSubExpr()));
      return;
    }
    if (const auto *Cast = dyn_cast<CastExpr>(S);
        Cast && Cast->getCastKind() == CK_LValueToRValue)
      read(Cast, R);
  }

private:
  /// if (!(p = f()))
  bool isAsked(const BinaryOperator *Op) const {
    const Expr *E = Op;
    const Stmt *Use = useOf(E, Parents);
    const auto *If = dyn_cast_or_null<IfStmt>(Use);
    const auto *While = dyn_cast_or_null<WhileStmt>(Use);
    return isa_and_nonnull<Expr>(Use) || (If && If->getCond() == E) ||
           (While && While->getCond() == E);
  }

  void store(const Place &P, const Expr *Value, Results &R) const {
    R.forget(P);
    if (const CallExpr *Source = Value ? sourceIn(Value, R) : nullptr)
      R.At[P] = Source;
  }

  /// A macro around the call hands on a variable of its own.
  const CallExpr *sourceIn(const Expr *E, Results &R) const {
    E = E->IgnoreParenCasts();
    if (const auto *Statements = dyn_cast<StmtExpr>(E)) {
      const auto *Last =
          dyn_cast_or_null<Expr>(Statements->getSubStmt()->body_back());
      if (!Last)
        return nullptr;
      auto Known = R.At.find(placeOf(Last));
      return Known == R.At.end() ? sourceIn(Last, R) : Known->second;
    }
    const auto *Call = dyn_cast<CallExpr>(E);
    return Call && IsSource(Call) ? Call : nullptr;
  }

  void read(const CastExpr *Read, Results &R) const {
    auto Known = R.At.find(placeOf(Read->getSubExpr()));
    if (Known == R.At.end())
      return;
    const Expr *E = Read;
    // The last value of the macro.
    if (isa_and_nonnull<CompoundStmt>(useOf(E, Parents)))
      return;
    if (OnRead(Known->second, Read, Final) == AllocFlow::Drop)
      R.At.erase(Known);
  }

  llvm::function_ref<bool(const CallExpr *)> IsSource;
  AllocFlow::Reader OnRead;
  const ParentMap &Parents;
  bool Final;
};

} // namespace

void AllocFlow::run(Reader OnRead) const {
  const CFG *G = Mgr.getAnalysisDeclContext(Fn)->getCFG();
  if (!G)
    return;
  Step Quiet(IsSource, OnRead, Parents, false);
  Step Loud(IsSource, OnRead, Parents, true);
  Dataflow<Results> Flow(*G, {}, Quiet);
  Flow.visit(Loud);
}

} // namespace pagewarden
