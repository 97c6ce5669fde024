//===- LeakCheck.cpp - What was taken and got lost ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LeakCheck.h"
#include "HoldingReport.h"
#include "KeptFields.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

bool LeakCheck::isOurs(const HoldingEntry &E, ProgramStateRef State) const {
  const Holding &H = E.second;
  const model::Resource *R = Ground->index().model().resource(H.resource());
  return H.isHeld() && !H.isShared() && R && R->Family == Family &&
         (!H.acquiredBy()->Conditional || isLikely(H, State)) &&
         !H.acquiredBy()->ReleasedBy.empty() && mayBeNonEmpty(E, State);
}

namespace {
/// Finds what a body gives back, by itself or in inline functions of headers.
class ReleaseFinder : public RecursiveASTVisitor<ReleaseFinder> {
public:
  ReleaseFinder(const ModelIndex &Index, llvm::StringSet<> &Found)
      : Index(Index), Found(Found) {}

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionDecl *Definition = nullptr;
    if (const model::Function *Fn = Index.find(Callee)) {
      if (Fn->TheRole == model::Role::Release)
        Found.insert(Fn->Resource);
    } else if (Callee && Callee->hasBody(Definition) &&
               Seen.insert(Definition).second && Seen.size() < MaxBodies) {
      TraverseStmt(Definition->getBody());
    }
    return true;
  }

private:
  static constexpr unsigned MaxBodies = 1000;
  const ModelIndex &Index;
  llvm::StringSet<> &Found;
  llvm::SmallPtrSet<const FunctionDecl *, 32> Seen;
};
} // namespace

/// What a conditional acquisition took, if anything, must be given back: the
/// file does so elsewhere, and the path has not found out that it took nothing.
bool LeakCheck::isLikely(const Holding &H, ProgramStateRef State) const {
  // What else is conditional is given back by its address, namelessly.
  if (H.acquiredBy()->TheResult != model::Result::BytesOrErrno)
    return false;
  if (!GivenBack) {
    GivenBack.emplace();
    ReleaseFinder Finder(Ground->index(), *GivenBack);
    const ASTContext &Ctx = State->getStateManager().getContext();
    for (const FunctionDecl *Fn :
         mainFileFunctions(Ctx.getTranslationUnitDecl()))
      Finder.TraverseStmt(Fn->getBody());
  }
  return GivenBack->contains(H.resource()) &&
         iteratorPins(State).value_or(true);
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
  checkFailure(Return, C);
}

/// Nobody but the function that took the objects of \p E can know how many
/// there are: their number is a result, and it is not what was asked for.
static bool isItsSecret(const HoldingEntry &E, ProgramStateRef State) {
  const Holding &H = E.second;
  const model::Function &By = *H.acquiredBy();
  if (!H.outlives() || !By.Object.Array ||
      By.Count.Kind != model::Amount::Ret || isSingle(H))
    return false;
  return By.TheResult == model::Result::BytesOrErrno ||
         (By.TheResult == model::Result::CountOrErrno && isPartial(E, State));
}

namespace {
/// Finds whether a function gives back, on any path, what some variable or
/// field has.
class GivesBack : public RecursiveASTVisitor<GivesBack> {
public:
  GivesBack(const ModelIndex &Index, const ValueDecl *What,
            const model::Resource &Taken)
      : Index(Index), What(What), Taken(Taken) {}
  bool Found = false;

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (Fn && Fn->TheRole == model::Role::Release &&
        Taken.isReturnedAs(Fn->Resource) &&
        Fn->Object.Base == model::Place::Arg &&
        Fn->Object.Index < Call->getNumArgs())
      Found |= rootOf(Call->getArg(Fn->Object.Index)) == What;
    return true;
  }

private:
  const ModelIndex &Index;
  const ValueDecl *What;
  const model::Resource &Taken;
};
} // namespace

/// The function gives the same back elsewhere.  A caller that is told of a
/// failure cannot know which one it was.
bool LeakCheck::isGivenBackElsewhere(const Holding &H,
                                     CheckerContext &C) const {
  const auto *Fn = dyn_cast<FunctionDecl>(C.getLocationContext()->getDecl());
  const auto *Call = dyn_cast<CallExpr>(H.site()->IgnoreParenCasts());
  const model::Place &Object = H.acquiredBy()->Object;
  if (!Fn || !Call || functionAround(H.site(), C) != Fn ||
      Object.Base != model::Place::Arg || Object.Index >= Call->getNumArgs())
    return false;
  const ValueDecl *What = rootOf(Call->getArg(Object.Index));
  const model::Resource *R = Ground->index().model().resource(H.resource());
  if (!What || !R)
    return false;
  GivesBack Finder(Ground->index(), What, *R);
  Finder.TraverseStmt(Fn->getBody());
  return Finder.Found;
}

/// Rules 5 and 6.  Where the number was stored or returned, the holding has
/// escaped.
void LeakCheck::checkFailure(const ReturnStmt *Return,
                             CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  bool Failed = Return && Return->getRetValue() &&
                saysFailure(C.getSVal(Return->getRetValue()), State);
  // Whoever called the one that failed cannot make up for it.
  reportAll(
      [&](const HoldingEntry &E) {
        return (Failed || E.second.failedIn()) && isItsSecret(E, State);
      },
      "lost when the function fails: nobody else knows how many there are", C);
  if (!Failed)
    return;
  State = C.getState();
  reportAll(
      [&](const HoldingEntry &E) {
        return E.second.outlives() && !isItsSecret(E, State) &&
               !E.second.acquiredBy()->Conditional &&
               isGivenBackElsewhere(E.second, C);
      },
      "not given back where the function fails, as it does elsewhere", C);
}

/// Rule 7.
void LeakCheck::checkASTDecl(const TranslationUnitDecl *TU,
                             AnalysisManager &Mgr, BugReporter &BR) const {
  const ModelIndex &Index = Ground->index();
  auto ParentsOf = [&](const FunctionDecl *Fn) -> const ParentMap & {
    return Mgr.getAnalysisDeclContext(Fn)->getParentMap();
  };
  for (const KeptField &Kept :
       keptFields(TU, Ground->fields(TU), Index, Family, ParentsOf)) {
    const model::Function &By = *Kept.Taken.Fn;
    const model::Resource &R = *Index.model().resource(By.Resource);
    std::string What = (llvm::Twine("'") + Kept.Field->getName() +
                        "' of what is freed here "
                        "holds what '" +
                        By.Name +
                        "' gave, and nothing in this file gives "
                        "it back; '" +
                        expectedRelease(By, true, Index.model()) + "' expected")
                           .str();
    reportPair(Bug, What, {Kept.Freed, Kept.FreedIn}, R.Taken + " here",
               {Kept.Taken.Call, Kept.Taken.In}, Mgr, BR);
  }
}

} // namespace pagewarden
