//===- HoldingReport.cpp - Words for what is held -------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HoldingReport.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FieldFlow.h"
#include "clang/AST/ParentMap.h"
#include "clang/Lex/Lexer.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporterVisitors.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

std::string textOf(const Expr *E, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Range = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Ctx.getLangOpts());
  llvm::StringRef Text =
      Lexer::getSourceText(Range, SM, Ctx.getLangOpts()).trim();
  return Text.size() <= 40 && !Text.contains('\n') ? Text.str() : "";
}

const ValueDecl *rootOf(const Expr *E) {
  E = stripToRoot(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl();
  const auto *Member = dyn_cast<MemberExpr>(E);
  return Member ? Member->getMemberDecl() : nullptr;
}

void reportPair(const BugType &Bug, llvm::StringRef What, CallIn At,
                llvm::StringRef Note, CallIn Other, AnalysisManager &Mgr,
                BugReporter &BR) {
  auto Where = [&](CallIn C) {
    return PathDiagnosticLocation::createBegin(
        C.Call, BR.getSourceManager(), Mgr.getAnalysisDeclContext(C.In));
  };
  auto Report = std::make_unique<BasicBugReport>(Bug, What, Where(At));
  Report->setDeclWithIssue(At.In);
  Report->addRange(At.Call->getSourceRange());
  Report->addNote(Note, Where(Other));
  BR.emitReport(std::move(Report));
}

namespace {

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
                     const Groundwork &Ground, bool Partial)
      : Key(Key), H(H), Ground(Ground), Partial(Partial) {}

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
      Text += (llvm::StringRef("aeiou").contains(R->Singular.front()) ? "an "
                                                                      : "a ") +
              R->Singular;
    else if (Asked.empty())
      Text += R->Plural;
    else
      Text += "up to '" + Asked + "' " + R->Plural;
    Text += Partial ? " here, and fewer than asked for on this path" : " here";
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
  bool Partial;
  bool Done = false;
};

} // namespace

bool isSingle(const Holding &H) {
  const llvm::APSInt *Asked = H.asked().getAsInteger();
  return !H.acquiredBy()->Object.Array || (Asked && *Asked == 1);
}

llvm::StringRef expectedRelease(const model::Function &Fn, bool Single,
                                const model::Model &M) {
  for (llvm::StringRef Name : Fn.ReleasedBy)
    for (const model::Function *Release : M.lookup(Name))
      if (Release->Object.Array != Single)
        return Name;
  return Fn.ReleasedBy.empty() ? llvm::StringRef() : Fn.ReleasedBy.front();
}

std::string describe(const HoldingEntry &E, const model::Model &M) {
  const model::Function &Fn = *E.second.acquiredBy();
  llvm::StringRef Noun = isSingle(E.second) ? "page " : "pages ";
  return (Noun + M.resource(Fn.Resource)->Taken + " by '" + Fn.Name + "'")
      .str();
}

const Decl *blame(const Holding &H, const ExplodedNode *N) {
  if (H.failedIn())
    return H.failedIn();
  const SourceManager &SM = N->getCodeDecl().getASTContext().getSourceManager();
  SourceLocation Where = SM.getExpansionLoc(H.site()->getBeginLoc());
  for (const LocationContext *L = N->getLocationContext(); L;
       L = L->getParent()) {
    const auto *Fn = dyn_cast<FunctionDecl>(L->getDecl());
    if (!Fn)
      continue;
    SourceRange Range = SM.getExpansionRange(Fn->getSourceRange()).getAsRange();
    if (SM.isPointWithin(Where, Range.getBegin(), Range.getEnd()))
      return Fn;
  }
  // Taken by a function that has returned since: whoever called it.
  return N->getLocationContext()->getStackFrame()->getDecl();
}

const Decl *functionAround(const Expr *E, CheckerContext &C) {
  const SourceManager &SM = C.getSourceManager();
  SourceLocation Where = SM.getExpansionLoc(E->getBeginLoc());
  for (const FunctionDecl *Fn :
       mainFileFunctions(C.getASTContext().getTranslationUnitDecl())) {
    SourceRange Range = SM.getExpansionRange(Fn->getSourceRange()).getAsRange();
    if (SM.isPointWithin(Where, Range.getBegin(), Range.getEnd()))
      return Fn;
  }
  return nullptr;
}

/// \p S calls \p Callee.
static bool callsDirectly(const Stmt *S, const Decl *Callee) {
  if (const auto *Call = dyn_cast<CallExpr>(S))
    if (const FunctionDecl *Fn = Call->getDirectCallee();
        Fn && Fn->getCanonicalDecl() == Callee->getCanonicalDecl())
      return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return Child && callsDirectly(Child, Callee);
  });
}

const Decl *whoShouldKnow(const Expr *Taken, CheckerContext &C) {
  const Decl *By = functionAround(Taken, C);
  if (!By)
    return C.getLocationContext()->getDecl();
  for (const LocationContext *L = C.getLocationContext(); L; L = L->getParent())
    if (L->getDecl()->getCanonicalDecl() == By->getCanonicalDecl())
      return By;
  for (const LocationContext *L = C.getLocationContext(); L; L = L->getParent())
    if (const Stmt *Body = L->getDecl()->getBody();
        Body && callsDirectly(Body, By))
      return L->getDecl();
  return By;
}

std::unique_ptr<PathSensitiveBugReport>
makeReport(const BugType &Bug, llvm::StringRef Message, const HoldingEntry &E,
           const ExplodedNode *N, CheckerContext &C, const Groundwork &Ground,
           const Decl *Blame) {
  auto Unique = PathDiagnosticLocation::createBegin(
      E.second.site(), C.getSourceManager(), C.getLocationContext());
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, Message, N, Unique, Blame ? Blame : blame(E.second, N));
  Report->addVisitor<AcquisitionVisitor>(E.first, E.second, Ground,
                                         !isSingle(E.second) &&
                                             isPartial(E, C.getState()));
  return Report;
}

} // namespace pagewarden
