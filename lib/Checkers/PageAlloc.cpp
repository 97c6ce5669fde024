//===- PageAlloc.cpp - Allocated pages ------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PageAlloc: the rules of LeakCheck.h and of ReleaseCheck.h for what
/// the page allocator gave, and three of its own:
///
///   - An area of no bytes is asked for.
///   - A result is looked behind before anybody asked whether there is one, or
///     is asked for an error where failure is null.
///   - The number of a bulk allocation is ignored.
///
//===----------------------------------------------------------------------===//

#include "AllocFlow.h"
#include "GfpMask.h"
#include "LeakCheck.h"
#include "ReleaseCheck.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Result;
using model::Role;

namespace {

class PageAllocLeaks : public LeakCheck {
public:
  PageAllocLeaks()
      : LeakCheck("page-allocator", "lost pages", "Linux page allocator") {}
};

class PageAlloc : public ReleaseCheck {
public:
  PageAlloc()
      : ReleaseCheck("page-allocator", "wrong release of pages",
                     "Linux page allocator") {}
};

/// Sizes on a path.
class PageAllocSize : public Checker<check::PreCall> {
public:
  const Groundwork *Ground = nullptr;
  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;

private:
  const BugType Bug{this, "empty area", "Linux page allocator",
                    /*SuppressOnSink=*/true};
};

/// Results in the order of statements.
class PageAllocUse : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  void checkResults(const FunctionDecl *Fn, const GfpReader &Reader,
                    AnalysisManager &Mgr, BugReporter &BR) const;
  void checkIgnored(const FunctionDecl *Fn, AnalysisManager &Mgr,
                    BugReporter &BR) const;
  void report(const FunctionDecl *In, const Stmt *At, const llvm::Twine &What,
              AnalysisManager &Mgr, BugReporter &BR) const;
};

} // namespace

void PageAllocSize::checkPreCall(const CallEvent &Call,
                                 CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn || Fn->TheRole != Role::Acquire || !Fn->Size || !Call.getOriginExpr())
    return;
  const llvm::APSInt *Size = knownNumber(
      C.getState(), valueOf(Fn->Size, Call, C.getState(), UnknownVal()));
  if (!Size || !Size->isZero())
    return;
  const ExplodedNode *N = C.generateNonFatalErrorNode();
  if (!N)
    return;
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, "'" + Fn->Name + "' is asked for no bytes on this path", N,
      PathDiagnosticLocation::createBegin(
          Call.getOriginExpr(), C.getSourceManager(), C.getLocationContext()),
      C.getLocationContext()->getDecl());
  Report->addRange(Call.getSourceRange());
  C.emitReport(std::move(Report));
}

//===----------------------------------------------------------------------===//
// Results that nobody asked about
//===----------------------------------------------------------------------===//

void PageAllocUse::report(const FunctionDecl *In, const Stmt *At,
                          const llvm::Twine &What, AnalysisManager &Mgr,
                          BugReporter &BR) const {
  BR.EmitBasicReport(
      In, this, "unchecked allocation", "Linux page allocator", What.str(),
      PathDiagnosticLocation::createBegin(At, BR.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(In)),
      At->getSourceRange());
}

namespace {
/// What one use of a result means.
enum class Meaning { Nothing, Known, Behind, AsError };
} // namespace

/// A function of a few statements and no branches looks behind its parameter
/// \p Number, whoever calls it.
static bool looksBehind(const FunctionDecl *Fn, unsigned Number,
                        unsigned Depth = 0) {
  const FunctionDecl *Definition = nullptr;
  if (!Fn || Depth > 2 || !Fn->hasBody(Definition) ||
      Number >= Definition->getNumParams())
    return false;
  const ParmVarDecl *Param = Definition->getParamDecl(Number);
  auto IsParam = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenCasts());
    return Ref && Ref->getDecl() == Param;
  };
  bool Branches = false, Behind = false;
  forEachStmt(Definition->getBody(), [&](const Stmt *S) {
    Branches |=
        isa<IfStmt, SwitchStmt, ForStmt, WhileStmt, DoStmt, GotoStmt,
            AbstractConditionalOperator>(S) ||
        (isa<BinaryOperator>(S) && cast<BinaryOperator>(S)->isLogicalOp());
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      Behind |= Member->isArrow() && IsParam(Member->getBase());
    if (const auto *Call = dyn_cast<CallExpr>(S))
      for (unsigned I = 0; I != Call->getNumArgs(); ++I)
        Behind |= IsParam(Call->getArg(I)) &&
                  looksBehind(Call->getDirectCallee(), I, Depth + 1);
  });
  return Behind && !Branches;
}

static Meaning meaningOf(const Expr *Read, const ParentMap &Parents,
                         const ModelIndex &Index, const ASTContext &Ctx) {
  const Expr *E = Read;
  const Stmt *Use = useOf(E, Parents);
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Use))
    return Member->isArrow() ? Meaning::Behind : Meaning::Known;
  if (const auto *Sub = dyn_cast_or_null<ArraySubscriptExpr>(Use))
    return Sub->getBase()->IgnoreParenImpCasts() == E->IgnoreParenImpCasts()
               ? Meaning::Behind
               : Meaning::Known;
  if (const auto *Op = dyn_cast_or_null<UnaryOperator>(Use))
    return Op->getOpcode() == UO_Deref ? Meaning::Behind : Meaning::Known;
  // The neighbour of nothing.
  if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Use))
    return Op->getOpcode() == BO_Add && Op->getType()->isPointerType()
               ? Meaning::Behind
               : Meaning::Known;
  const auto *Call = dyn_cast_or_null<CallExpr>(Use);
  if (!Call)
    return Meaning::Known;
  Marked M(Index.model());
  for (const std::string &Name : namesOf(Call, Ctx))
    if (const model::Mark *Mark = M.find("dereferences", llvm::StringRef(Name)))
      for (unsigned Arg : Mark->Arguments)
        if (Arg < Call->getNumArgs() &&
            Call->getArg(Arg)->IgnoreParenImpCasts() ==
                E->IgnoreParenImpCasts())
          return Meaning::Behind;
  for (unsigned I = 0; I != Call->getNumArgs(); ++I)
    if (Call->getArg(I)->IgnoreParenImpCasts() == E->IgnoreParenImpCasts() &&
        looksBehind(Call->getDirectCallee(), I))
      return Meaning::Behind;
  const model::Function *Entry = Index.find(Call);
  if (Entry && Entry->hasContext("asks:err-ptr"))
    return Meaning::AsError;
  // What only computes with it (the size of what it points to).
  return Call->getBuiltinCallee() ? Meaning::Nothing : Meaning::Known;
}

void PageAllocUse::checkResults(const FunctionDecl *Fn, const GfpReader &Reader,
                                AnalysisManager &Mgr, BugReporter &BR) const {
  const ModelIndex &Index = Ground->index();
  ASTContext &Ctx = Mgr.getASTContext();
  auto NeverFails = [&](const CallExpr *Call) {
    std::optional<unsigned> Flags = Reader.argument(Call->getDirectCallee());
    if (!Flags || *Flags >= Call->getNumArgs())
      return false;
    for (const auto &Mark : Index.model().marks())
      if (Mark->Kind == "gfp-never-fails")
        for (const GfpMask &Mask : Reader.masks(Call->getArg(*Flags), {}))
          for (const std::string &Name : Mark->Names)
            if (Mask.has(Reader.value(Name).value_or(0)))
              return true;
    return false;
  };
  auto IsSource = [&](const CallExpr *Call) {
    const model::Function *Entry = Index.find(Call);
    return Entry && Entry->TheResult == Result::PointerOrNull &&
           Index.model().familyTaken(*Entry) == "page-allocator" &&
           !NeverFails(Call);
  };
  if (llvm::none_of(callsIn(Fn->getBody()), IsSource))
    return;
  AllocFlow Flow(Fn, Mgr, IsSource);
  llvm::DenseSet<const CallExpr *> Reported;
  Flow.run([&](const CallExpr *Source, const Expr *Read, bool Final) {
    Meaning What = meaningOf(Read, Flow.parents(), Index, Ctx);
    if (What == Meaning::Nothing)
      return AllocFlow::Keep;
    std::string Name = "'" + spelling(Source, Ctx) + "'";
    if (Final && What == Meaning::Behind && Reported.insert(Source).second)
      report(Fn, Read,
             "result of " + Name +
                 " is used here, and nobody asked whether it is null",
             Mgr, BR);
    if (Final && What == Meaning::AsError)
      report(Fn, Read,
             Name + " returns null when it fails, and no error pointer", Mgr,
             BR);
    // It is not asked about by that, in whatever round of a loop.
    return What == Meaning::Behind ? AllocFlow::Keep : AllocFlow::Drop;
  });
}

/// A call that stands alone says nothing of how many there are.
void PageAllocUse::checkIgnored(const FunctionDecl *Fn, AnalysisManager &Mgr,
                                BugReporter &BR) const {
  auto Look = [&](const Stmt *S) {
    const auto *E = dyn_cast_or_null<Expr>(S);
    const auto *Call = E ? dyn_cast<CallExpr>(E->IgnoreParenCasts()) : nullptr;
    if (const auto *Statements =
            E ? dyn_cast<StmtExpr>(E->IgnoreParenCasts()) : nullptr)
      for (const CallExpr *Inner : callsIn(Statements))
        Call = Ground->index().find(Inner) ? Inner : Call;
    const model::Function *Entry = Call ? Ground->index().find(Call) : nullptr;
    if (Entry && Entry->TheResult == Result::CountOrZero &&
        Ground->index().model().familyTaken(*Entry) == "page-allocator")
      report(Fn, Call,
             "'" + spelling(Call, Mgr.getASTContext()) +
                 "' can take fewer pages than asked for, and the number is "
                 "ignored",
             Mgr, BR);
  };
  llvm::DenseSet<const Stmt *> Macros;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Statements = dyn_cast<StmtExpr>(S))
      Macros.insert(Statements->getSubStmt());
    if (const auto *Block = dyn_cast<CompoundStmt>(S))
      for (const Stmt *Child : Block->body())
        // The last value of a macro is its result.
        if (Child != Block->body_back() || !Macros.contains(Block))
          Look(Child);
    if (const auto *If = dyn_cast<IfStmt>(S)) {
      Look(If->getThen());
      Look(If->getElse());
    }
  });
}

void PageAllocUse::checkASTDecl(const TranslationUnitDecl *TU,
                                AnalysisManager &Mgr, BugReporter &BR) const {
  GfpReader Reader(Mgr.getASTContext(), Mgr.getPreprocessor(),
                   Ground->index().model());
  for (const FunctionDecl *Fn : mainFileFunctions(TU)) {
    checkResults(Fn, Reader, Mgr, BR);
    checkIgnored(Fn, Mgr, BR);
  }
}

void registerPageAlloc(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<PageAlloc>();
  Check->Ground = &groundworkOf(Mgr);
  // One check to the user, several sets of rules inside.
  Mgr.registerChecker<PageAllocLeaks>()->Ground = Check->Ground;
  Mgr.registerChecker<PageAllocSize>()->Ground = Check->Ground;
  Mgr.registerChecker<PageAllocUse>()->Ground = Check->Ground;
}

} // namespace pagewarden
