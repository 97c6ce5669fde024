//===- PinLeak.cpp - Page references that get lost ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinLeak.  Rules (numbers as in docs/checks/linux.mm.PinLeak.md):
///
///   1. An array is freed while it holds page references.
///   2. A function ends while a variable or array of its own holds some.
///   3. An acquisition overwrites references that nobody gave back.
///
/// The states are those of Holdings.h; this check asks, where the last way to
/// give pages back is lost, whether they are still held and how many it may
/// be.
///
/// Not handled: arrays that belong to the caller (the caller may know more),
/// and references whose number is lost while the array lives on.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ParentMap.h"
#include "clang/Lex/Lexer.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporterVisitors.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

/// Source text of \p E on one line, for messages; empty when it is long.
std::string textOf(const Expr *E, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Range = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Ctx.getLangOpts());
  llvm::StringRef Text =
      Lexer::getSourceText(Range, SM, Ctx.getLangOpts()).trim();
  return Text.size() <= 40 && !Text.contains('\n') ? Text.str() : "";
}

/// The variable or member that the value of \p Call is stored in, as written.
std::string nameOfResult(const Expr *Call, const LocationContext *LCtx) {
  const ParentMap &Parents = LCtx->getParentMap();
  const Stmt *Parent = Parents.getParentIgnoreParenCasts(Call);
  const ASTContext &Ctx = LCtx->getDecl()->getASTContext();
  if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Parent);
      Op && Op->isAssignmentOp())
    return textOf(Op->getLHS(), Ctx);
  if (const auto *DS = dyn_cast_or_null<DeclStmt>(Parent))
    for (const Decl *D : DS->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D);
          Var && Var->getInit() &&
          Var->getInit()->IgnoreParenCasts() == Call->IgnoreParenCasts())
        return Var->getNameAsString();
  return "";
}

/// Says at the acquiring call what was taken and what counts it.
class AcquisitionVisitor : public BugReporterVisitor {
public:
  AcquisitionVisitor(const MemRegion *Key, const Holding &H,
                     const Groundwork &Ground)
      : Key(Key), H(H), Ground(Ground) {}

  void Profile(llvm::FoldingSetNodeID &ID) const override {
    static int Tag;
    ID.AddPointer(&Tag);
    ID.AddPointer(Key);
  }

  PathDiagnosticPieceRef VisitNode(const ExplodedNode *N,
                                   BugReporterContext &BRC,
                                   PathSensitiveBugReport &) override {
    const ExplodedNode *Before = N->getFirstPred();
    if (Done || !Before || !has(N) || has(Before))
      return nullptr;
    Done = true;
    PathDiagnosticLocation Where(H.site(), BRC.getSourceManager(),
                                 N->getLocationContext());
    return std::make_shared<PathDiagnosticEventPiece>(Where, text(N), true);
  }

private:
  bool has(const ExplodedNode *N) const {
    return llvm::any_of(holdings(N->getState()), [&](const HoldingEntry &E) {
      return E.first == Key && E.second.site() == H.site();
    });
  }

  std::string text(const ExplodedNode *N) const {
    const model::Function &Fn = *H.acquiredBy();
    const model::Resource *R = Ground.index().model().resource(Fn.Resource);
    const auto *Call = dyn_cast<CallExpr>(H.site()->IgnoreParenCasts());
    const ASTContext &Ctx = N->getCodeDecl().getASTContext();
    std::string Text = "'" + Fn.Name + "' takes ";
    std::string Asked;
    if (Call && Fn.Requested.Kind == model::Amount::Arg &&
        Fn.Requested.Value < Call->getNumArgs() &&
        Fn.TheResult != model::Result::BytesOrErrno)
      Asked = textOf(Call->getArg(Fn.Requested.Value), Ctx);
    if (!Fn.Object.Array || Asked == "1")
      Text += "a " + R->Singular;
    else if (Asked.empty())
      Text += R->Plural;
    else
      Text += "up to '" + Asked + "' " + R->Plural;
    Text += " here";
    if (Fn.Count.Kind == model::Amount::Ret && Asked != "1")
      if (std::string Count = nameOfResult(H.site(), N->getLocationContext());
          !Count.empty())
        Text += "; '" + Count + "' says how " +
                (Fn.TheResult == model::Result::BytesOrErrno ? "many bytes"
                                                             : "many");
    return Text;
  }

  const MemRegion *Key;
  Holding H;
  const Groundwork &Ground;
  bool Done = false;
};

class PinLeak : public Checker<check::PreCall, check::EndFunction> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkEndFunction(const ReturnStmt *Return, CheckerContext &C) const;

private:
  bool isOurs(const HoldingEntry &E, ProgramStateRef State) const {
    const Holding &H = E.second;
    return H.isHeld() && !H.acquiredBy()->Conditional &&
           !H.acquiredBy()->ReleasedBy.empty() && mayBeNonEmpty(E, State);
  }
  std::string message(const HoldingEntry &E, llvm::StringRef How,
                      ProgramStateRef State) const;
  void reportAll(llvm::function_ref<bool(const HoldingEntry &)> Which,
                 llvm::StringRef How, CheckerContext &C) const;
  void checkFree(const model::Function &Free, const CallEvent &Call,
                 CheckerContext &C) const;
  void checkOverwrite(const model::Function &Fn, const CallEvent &Call,
                      CheckerContext &C) const;

  const BugType Bug{this, "lost page references", "Linux page references",
                    /*SuppressOnSink=*/true};
};

} // namespace

/// The function that is to blame when pages taken at \p Site in the frame
/// where \p N stands, or in one below or above it, get lost at \p N: the
/// innermost frame of \p N that the acquisition is in, or else the whole.
static const Decl *blame(const Expr *Site, const ExplodedNode *N) {
  const SourceManager &SM = N->getCodeDecl().getASTContext().getSourceManager();
  SourceLocation Where = SM.getExpansionLoc(Site->getBeginLoc());
  const LocationContext *Last = N->getLocationContext();
  for (const LocationContext *L = Last; L; L = L->getParent()) {
    const auto *Fn = dyn_cast<FunctionDecl>(L->getDecl());
    if (!Fn)
      continue;
    Last = L;
    SourceRange Range = SM.getExpansionRange(Fn->getSourceRange()).getAsRange();
    if (SM.isPointWithin(Where, Range.getBegin(), Range.getEnd()))
      return Fn;
  }
  // Taken by a function that has returned since: whoever called it.
  return N->getLocationContext()->getStackFrame()->getDecl();
}

/// The function to name as the one that was expected: the first of those that
/// take what was taken, an array or a single object.
static llvm::StringRef expected(const model::Function &Fn, bool Single,
                                const model::Model &M) {
  for (llvm::StringRef Name : Fn.ReleasedBy)
    for (const model::Function *Release : M.lookup(Name))
      if (Release->Object.Array != Single)
        return Name;
  return Fn.ReleasedBy.front();
}

static bool isSingle(const Holding &H) {
  const llvm::APSInt *Asked = H.asked().getAsInteger();
  return !H.acquiredBy()->Object.Array || (Asked && *Asked == 1);
}

std::string PinLeak::message(const HoldingEntry &E, llvm::StringRef How,
                             ProgramStateRef State) const {
  const model::Function &Fn = *E.second.acquiredBy();
  const model::Model &M = Ground->index().model();
  bool Single = isSingle(E.second);
  llvm::StringRef Noun = Single                ? "page "
                         : isPartial(E, State) ? "pages of a partial success "
                                               : "pages ";
  return (Noun + M.resource(Fn.Resource)->Taken + " by '" + Fn.Name + "' " +
          (Single ? "is " : "are ") + How + "; '" + expected(Fn, Single, M) +
          "' expected")
      .str();
}

/// Reports all that \p Which says and that is still held, at one node, after
/// which nothing more is said of them.
void PinLeak::reportAll(llvm::function_ref<bool(const HoldingEntry &)> Which,
                        llvm::StringRef How, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  llvm::SmallVector<HoldingEntry, 2> Lost;
  for (const HoldingEntry &E : holdings(State))
    if (Which(E) && isOurs(E, State))
      Lost.push_back(E);
  ProgramStateRef After = setStatus(State, Holding::Escaped, Which);
  if (Lost.empty()) {
    C.addTransition(After);
    return;
  }
  const ExplodedNode *N = C.generateNonFatalErrorNode(After);
  if (!N)
    return;
  for (const HoldingEntry &E : Lost) {
    auto Unique = PathDiagnosticLocation::createBegin(
        E.second.site(), C.getSourceManager(), C.getLocationContext());
    auto Report = std::make_unique<PathSensitiveBugReport>(
        Bug, message(E, How, State), N, Unique, blame(E.second.site(), N));
    Report->addVisitor<AcquisitionVisitor>(E.first, E.second, *Ground);
    C.emitReport(std::move(Report));
  }
}

void PinLeak::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
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
void PinLeak::checkFree(const model::Function &Free, const CallEvent &Call,
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
void PinLeak::checkOverwrite(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  const MemRegion *Target = regionAt(Fn.Object, Call);
  if (!Target || (Fn.Object.Indirect && Fn.Object.Array))
    return;
  reportAll([&](const HoldingEntry &E) { return E.first == Target; },
            ("lost when '" + Fn.Name + "' overwrites the array"), C);
}

/// Rule 2.
void PinLeak::checkEndFunction(const ReturnStmt *Return,
                               CheckerContext &C) const {
  if (!C.inTopFrame() || !hasHoldings(C.getState()))
    return;
  reportAll([](const HoldingEntry &E) { return !E.second.outlives(); },
            "not given back on this path", C);
}

void registerPinLeak(CheckerManager &Mgr) {
  Mgr.registerChecker<PinLeak>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
