//===- PinResult.cpp - Results of acquisitions misread --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinResult.  Rules (numbers as in
/// docs/checks/linux.mm.PinResult.md):
///
///   1. An error (-errno) is compared as an unsigned number.
///   2. An error is the count of a release.
///   3. The result is ignored.
///   4. No page at all, or fewer, are asked for where the function wants one.
///   5. IS_ERR() is asked where failure is NULL, or NULL where it is an error
///      pointer.
///   6. A loop that goes on until all is taken, around a call that can take
///      nothing for ever, and only looks for errors.
///   7. An error is calculated with as if it were a number of pages.
///
/// Not handled: results that are stored in a structure and read elsewhere.
///
//===----------------------------------------------------------------------===//

#include "HoldingReport.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Result;
using model::Role;

namespace {

class PinResult : public Checker<check::PreStmt<BinaryOperator>, check::PreCall,
                                 check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreStmt(const BinaryOperator *Op, CheckerContext &C) const;
  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  void checkSum(const BinaryOperator *Op, CheckerContext &C) const;
  const model::Function *taking(const Expr *Call) const {
    const auto *E =
        dyn_cast_or_null<CallExpr>(Call ? Call->IgnoreParenCasts() : nullptr);
    return E ? acquisitionOf(E) : nullptr;
  }
  void checkBody(const FunctionDecl *D, AnalysisManager &Mgr,
                 BugReporter &BR) const;
  void checkLoops(const FunctionDecl *D, AnalysisManager &Mgr,
                  BugReporter &BR) const;
  const model::Function *acquisitionOf(const CallExpr *Call) const {
    const model::Function *Fn = Ground->index().find(Call);
    return Fn && Ground->index().model().familyTaken(*Fn) == "user-pages"
               ? Fn
               : nullptr;
  }
  void report(const llvm::Twine &What, const Expr *Failed,
              CheckerContext &C) const;
  void reportAt(const Decl *D, const Expr *Where, const llvm::Twine &What,
                AnalysisManager &Mgr, BugReporter &BR) const;

  const BugType Bug{this, "result misread", "Linux page references",
                    /*SuppressOnSink=*/true};
};

} // namespace

/// The acquiring call whose error \p V is on this path, or null.
static const Expr *errorOf(SVal V, ProgramStateRef State) {
  SymbolRef Sym = V.getAsSymbol();
  while (const auto *Cast = dyn_cast_or_null<SymbolCast>(Sym))
    Sym = Cast->getOperand();
  return Sym ? errnoFrom(State, Sym) : nullptr;
}

/// Says at the call that it fails on this path.
static void addFailureNote(PathSensitiveBugReport &Report, const Expr *Failed,
                           llvm::StringRef Name, CheckerContext &C) {
  Report.addNote(("'" + Name + "' fails here, with a negative errno").str(),
                 PathDiagnosticLocation::createBegin(
                     Failed, C.getSourceManager(), C.getLocationContext()));
}

void PinResult::report(const llvm::Twine &What, const Expr *Failed,
                       CheckerContext &C) const {
  const ExplodedNode *N =
      C.generateNonFatalErrorNode(forgetErrno(C.getState(), Failed));
  if (!N)
    return;
  auto Unique = PathDiagnosticLocation::createBegin(
      Failed, C.getSourceManager(), C.getLocationContext());
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, What.str(), N, Unique, whoShouldKnow(Failed, C));
  if (const auto *Call = dyn_cast<CallExpr>(Failed->IgnoreParenCasts()))
    if (const model::Function *Fn = Ground->index().find(Call))
      addFailureNote(*Report, Failed, Fn->Name, C);
  C.emitReport(std::move(Report));
}

//===----------------------------------------------------------------------===//
// Rules 1, 2, 4
//===----------------------------------------------------------------------===//

/// IS_ERR_VALUE() compares with -MAX_ERRNO, and means it.
static bool isErrnoBound(const Expr *E, const ASTContext &Ctx) {
  Expr::EvalResult Value;
  return !E->isValueDependent() && E->EvaluateAsInt(Value, Ctx) &&
         Value.Val.getInt().sextOrTrunc(64).getSExtValue() < 0;
}

static bool isCastByHand(const Expr *E) {
  return isa<ExplicitCastExpr>(E->IgnoreParenImpCasts());
}

/// Rule 7.  What is calculated with the error is a number of pages, or bytes,
/// that were never there.
void PinResult::checkSum(const BinaryOperator *Op, CheckerContext &C) const {
  for (const Expr *Side : {Op->getLHS(), Op->getRHS()}) {
    // What changes by itself ('ret += x') was no count to begin with.
    if (Op->isCompoundAssignmentOp() && Side == Op->getLHS())
      continue;
    const Expr *Failed = errorOf(C.getSVal(Side), C.getState());
    const model::Function *Fn = taking(Failed);
    if (!Fn || (Fn->TheResult != Result::CountOrErrno &&
                Fn->TheResult != Result::BytesOrErrno))
      continue;
    std::string Name = textOf(Side, C.getASTContext());
    report("an error of '" + Fn->Name + "'" +
               (Name.empty() ? "" : " in '" + Name + "'") +
               " is calculated with as if it were a number",
           Failed, C);
    return;
  }
}

void PinResult::checkPreStmt(const BinaryOperator *Op,
                             CheckerContext &C) const {
  if ((Op->isAdditiveOp() || Op->isMultiplicativeOp() || Op->isShiftOp() ||
       Op->isCompoundAssignmentOp()) &&
      !Op->isBitwiseOp()) {
    checkSum(Op, C);
    return;
  }
  if (!Op->isRelationalOp() ||
      !Op->getLHS()->getType()->isUnsignedIntegerType())
    return;
  for (auto [Side, Other] : {std::pair(Op->getLHS(), Op->getRHS()),
                             std::pair(Op->getRHS(), Op->getLHS())}) {
    const Expr *Failed = errorOf(C.getSVal(Side), C.getState());
    if (!Failed || isCastByHand(Side) || isErrnoBound(Other, C.getASTContext()))
      continue;
    const model::Function *Fn = taking(Failed);
    if (!Fn)
      continue;
    std::string Name = textOf(Side, C.getASTContext());
    report("an error of '" + Fn->Name + "'" +
               (Name.empty() ? "" : " in '" + Name + "'") +
               " is compared as an unsigned number, which makes it a large one",
           Failed, C);
    return;
  }
}

namespace {

/// What a variable is set to, and how a loop looks at it.
class VariableReader : public RecursiveASTVisitor<VariableReader> {
public:
  VariableReader(const VarDecl *Var, const ASTContext &Ctx)
      : Var(Var), Ctx(Ctx) {}

  /// Everything that is assigned to it or added as a flag.
  llvm::SmallVector<const Expr *, 4> Values;
  /// Variables that change by it: 'n -= got'.
  llvm::SmallPtrSet<const ValueDecl *, 2> Moved;
  /// How often it is named, and how often of these in 'got < 0'.
  unsigned Named = 0, Plain = 0;
  bool HasAddress = false;

  bool VisitVarDecl(VarDecl *D) {
    if (D == Var && D->getInit())
      Values.push_back(D->getInit());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    Named += Ref->getDecl() == Var;
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    HasAddress |= Op->getOpcode() == UO_AddrOf && isVar(Op->getSubExpr());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp() && isNamed(Op->getLHS())) {
      Values.push_back(Op->getRHS());
    } else if ((Op->getOpcode() == BO_LT || Op->getOpcode() == BO_GE) &&
               isVar(Op->getLHS())) {
      Expr::EvalResult Value;
      Plain += Op->getRHS()->EvaluateAsInt(Value, Ctx) &&
               Value.Val.getInt().isZero();
    } else if ((Op->getOpcode() == BO_AddAssign ||
                Op->getOpcode() == BO_SubAssign) &&
               isVar(Op->getRHS())) {
      if (const auto *Ref =
              dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParenImpCasts()))
        Moved.insert(Ref->getDecl());
    }
    return true;
  }

private:
  bool isNamed(const Expr *E) const {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Ref && Ref->getDecl() == Var;
  }
  /// By itself, or when it has just been set.
  bool isVar(const Expr *E) const {
    const auto *Set = dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts());
    return isNamed(E) ||
           (Set && Set->getOpcode() == BO_Assign && isNamed(Set->getLHS()));
  }

  const VarDecl *Var;
  const ASTContext &Ctx;
};

} // namespace

static bool isNone(const Expr *E, const ASTContext &Ctx) {
  Expr::EvalResult Value;
  return E->EvaluateAsInt(Value, Ctx) &&
         Value.Val.getInt().sextOrTrunc(64).getSExtValue() <= 0;
}

/// The function itself writes down that it asks for nothing.  A 0 that another
/// function returned or gave it may have been ruled out elsewhere.
static bool isWrittenHere(const model::Amount &Asked, const CallEvent &Call,
                          CheckerContext &C) {
  const ASTContext &Ctx = C.getASTContext();
  const Expr *E =
      Asked.Kind == model::Amount::Arg && Asked.Value < Call.getNumArgs()
          ? Call.getArgExpr(Asked.Value)
          : nullptr;
  if (!E || isNone(E, Ctx))
    return E;
  const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenCasts());
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var)
    return false;
  VariableReader Reader(Var, Ctx);
  Reader.TraverseStmt(C.getLocationContext()->getDecl()->getBody());
  return llvm::any_of(Reader.Values,
                      [&](const Expr *One) { return isNone(One, Ctx); });
}

void PinResult::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn)
    return;
  ProgramStateRef State = C.getState();
  if (Fn->TheRole == Role::Release && Fn->hasContext("count-not-negative")) {
    SVal Count = valueOf(Fn->Count, Call, State, UnknownVal());
    if (const Expr *Failed = errorOf(Count, State))
      report("an error is given to '" + Fn->Name + "' as the number of pages",
             Failed, C);
    return;
  }
  if (!Fn->hasContext("positive-count") || !Call.getOriginExpr())
    return;
  SVal Asked = valueOf(Fn->Requested, Call, State, UnknownVal());
  // A number, not a bound that some test left over.
  if (const llvm::APSInt *Number = Asked.getAsInteger();
      Number && Number->getSExtValue() <= 0 &&
      isWrittenHere(Fn->Requested, Call, C))
    report("'" + Fn->Name +
               "' is asked for no page on this path; it needs at least one",
           Call.getOriginExpr(), C);
}

//===----------------------------------------------------------------------===//
// Rules 3, 5
//===----------------------------------------------------------------------===//

void PinResult::reportAt(const Decl *D, const Expr *Where,
                         const llvm::Twine &What, AnalysisManager &Mgr,
                         BugReporter &BR) const {
  BR.EmitBasicReport(
      D, this, Bug.getDescription(), Bug.getCategory(), What.str(),
      PathDiagnosticLocation::createBegin(Where, BR.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(D)),
      Where->getSourceRange());
}

namespace {

/// How a function asks whether a pointer is one.
struct PointerTests {
  llvm::SmallVector<const Expr *, 2> Null, Error;
};

class ResultReader : public RecursiveASTVisitor<ResultReader> {
public:
  ResultReader(const ModelIndex &Index, const ASTContext &Ctx)
      : Index(Index), Ctx(Ctx) {}

  llvm::SmallVector<const CallExpr *, 8> Calls;
  llvm::StringMap<PointerTests> Tests; ///< by the text of what is tested

  bool VisitCallExpr(CallExpr *Call) {
    Calls.push_back(Call);
    const model::Function *Fn = Index.find(Call);
    if (Fn && Fn->TheRole == Role::Test && Call->getNumArgs() == 1 &&
        llvm::any_of(Fn->Context, [](llvm::StringRef Word) {
          return Word.starts_with("asks:err");
        }))
      Tests[textOf(Call->getArg(0), Ctx)].Error.push_back(Call);
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->getOpcode() == UO_LNot)
      addNull(Op->getSubExpr(), Op);
    return true;
  }
  bool VisitIfStmt(IfStmt *If) {
    addNull(If->getCond(), If->getCond());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isEqualityOp() &&
        Op->getRHS()->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                                            Expr::NPC_ValueDependentIsNotNull))
      addNull(Op->getLHS(), Op);
    return true;
  }

private:
  void addNull(const Expr *E, const Expr *Where) {
    if (E->IgnoreParenImpCasts()->getType()->isPointerType())
      Tests[textOf(E->IgnoreParenImpCasts(), Ctx)].Null.push_back(Where);
  }

  const ModelIndex &Index;
  const ASTContext &Ctx;
};

} // namespace

/// What \p Call is assigned to, as written, or "".
static std::string target(const CallExpr *Call, const ParentMap &Parents,
                          const ASTContext &Ctx) {
  const Stmt *Parent = Parents.getParentIgnoreParenCasts(Call);
  if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Parent);
      Op && Op->getOpcode() == BO_Assign)
    return textOf(Op->getLHS(), Ctx);
  if (const auto *DS = dyn_cast_or_null<DeclStmt>(Parent);
      DS && DS->isSingleDecl())
    if (const auto *Var = dyn_cast<VarDecl>(DS->getSingleDecl()))
      return Var->getNameAsString();
  return "";
}

/// Nothing looks at the value of \p Call.
static bool isIgnored(const CallExpr *Call, const ParentMap &Parents) {
  const Stmt *Child = Call;
  const Stmt *Parent = Parents.getParent(Child);
  while (isa_and_nonnull<ParenExpr, CStyleCastExpr>(Parent)) {
    Child = Parent;
    Parent = Parents.getParent(Child);
  }
  if (isa_and_nonnull<CompoundStmt, LabelStmt, CaseStmt, DefaultStmt>(Parent))
    return !isa_and_nonnull<StmtExpr>(Parents.getParent(Parent)) ||
           cast<CompoundStmt>(Parent)->body_back() != Child;
  if (const auto *If = dyn_cast_or_null<IfStmt>(Parent))
    return If->getCond() != Child;
  return false;
}

/// The variable that \p Call is assigned to is not named again in \p Body.
static bool isForgotten(const CallExpr *Call, const ParentMap &Parents,
                        const Stmt *Body, const ASTContext &Ctx) {
  const Stmt *Parent = Parents.getParentIgnoreParenCasts(Call);
  const VarDecl *Var = nullptr;
  unsigned Names = 0;
  if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Parent);
      Op && Op->getOpcode() == BO_Assign &&
      isa_and_nonnull<CompoundStmt>(Parents.getParent(Op))) {
    const auto *Ref = dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens());
    Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    Names = 1;
  } else if (const auto *DS = dyn_cast_or_null<DeclStmt>(Parent);
             DS && DS->isSingleDecl()) {
    Var = dyn_cast<VarDecl>(DS->getSingleDecl());
  }
  if (!Var || !Var->hasLocalStorage() || isa<ParmVarDecl>(Var))
    return false;
  VariableReader Reader(Var, Ctx);
  Reader.TraverseStmt(const_cast<Stmt *>(Body));
  return Reader.Named == Names;
}

/// The pages go to a variable that says by itself whether there is one, or
/// nowhere: without an array, the pages are only faulted in.
static bool tellsByItself(const CallExpr *Call, const model::Function &Fn,
                          ASTContext &Ctx) {
  if (Fn.Object.Base != model::Place::Arg ||
      Fn.Object.Index >= Call->getNumArgs())
    return false;
  if (Call->getArg(Fn.Object.Index)
          ->isNullPointerConstant(Ctx, Expr::NPC_ValueDependentIsNotNull))
    return true;
  const auto *Address = dyn_cast<UnaryOperator>(
      Call->getArg(Fn.Object.Index)->IgnoreParenImpCasts());
  const auto *Ref =
      Address ? dyn_cast<DeclRefExpr>(Address->getSubExpr()->IgnoreParens())
              : nullptr;
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Var && Var->hasInit();
}

void PinResult::checkASTDecl(const TranslationUnitDecl *TU,
                             AnalysisManager &Mgr, BugReporter &BR) const {
  for (const FunctionDecl *D : mainFileFunctions(TU))
    if (!Ground->index().find(D)) {
      checkBody(D, Mgr, BR);
      checkLoops(D, Mgr, BR);
    }
}

void PinResult::checkBody(const FunctionDecl *D, AnalysisManager &Mgr,
                          BugReporter &BR) const {
  const ASTContext &Ctx = Mgr.getASTContext();
  ResultReader Reader(Ground->index(), Ctx);
  Reader.TraverseStmt(D->getBody());
  for (const CallExpr *Call : Reader.Calls) {
    const model::Function *Fn = acquisitionOf(Call);
    if (!Fn || Fn->Extra)
      continue;
    const ParentMap &Parents = Mgr.getAnalysisDeclContext(D)->getParentMap();
    if (Fn->Object.Array && Fn->TheResult != Result::None &&
        (isIgnored(Call, Parents) ||
         isForgotten(Call, Parents, D->getBody(), Ctx)) &&
        !tellsByItself(Call, *Fn, Mgr.getASTContext())) {
      reportAt(D, Call,
               "the result of '" + Fn->Name +
                   "' is ignored: nobody knows how many pages are held",
               Mgr, BR);
      continue;
    }
    std::string Target = target(Call, Parents, Ctx);
    auto It = Target.empty() ? Reader.Tests.end() : Reader.Tests.find(Target);
    if (It == Reader.Tests.end())
      continue;
    const PointerTests &Tests = It->second;
    if (Fn->TheResult == Result::PointerOrErrPtr && Tests.Error.empty() &&
        !Tests.Null.empty())
      reportAt(
          D, Tests.Null.front(),
          "'" + Fn->Name +
              "' says failure with an error pointer; NULL is never returned",
          Mgr, BR);
    else if (Fn->TheResult == Result::PointerOrNull && Tests.Null.empty() &&
             !Tests.Error.empty())
      reportAt(D, Tests.Error.front(),
               "'" + Fn->Name +
                   "' says failure with NULL, which is no error pointer",
               Mgr, BR);
  }
}

//===----------------------------------------------------------------------===//
// Rule 6
//===----------------------------------------------------------------------===//

namespace {

/// Collects loops, conditions, names and what calls are assigned to.
class LoopFinder : public RecursiveASTVisitor<LoopFinder> {
public:
  llvm::SmallVector<std::pair<const Stmt *, const Expr *>, 4> Loops;
  llvm::SmallPtrSet<const ValueDecl *, 8> Named;
  llvm::SmallVector<const Expr *, 8> Conditions;
  llvm::MapVector<const CallExpr *, const VarDecl *> Targets;

  bool VisitWhileStmt(WhileStmt *S) { return add(S, S->getCond()); }
  bool VisitDoStmt(DoStmt *S) { return add(S, S->getCond()); }
  bool VisitForStmt(ForStmt *S) { return add(S, S->getCond()); }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    Named.insert(Ref->getDecl());
    return true;
  }
  bool VisitIfStmt(IfStmt *S) {
    Conditions.push_back(S->getCond());
    return true;
  }
  bool VisitSwitchStmt(SwitchStmt *S) {
    Conditions.push_back(S->getCond());
    return true;
  }
  bool VisitAbstractConditionalOperator(AbstractConditionalOperator *S) {
    Conditions.push_back(S->getCond());
    return true;
  }
  bool VisitVarDecl(VarDecl *D) {
    if (const Expr *Init = D->getInit())
      setTarget(Init, D);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Ref = dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens());
    if (Op->getOpcode() == BO_Assign && Ref)
      setTarget(Op->getRHS(), dyn_cast<VarDecl>(Ref->getDecl()));
    return true;
  }

private:
  bool add(const Stmt *Loop, const Expr *Condition) {
    if (Condition) {
      Loops.emplace_back(Loop, Condition);
      Conditions.push_back(Condition);
    }
    return true;
  }
  void setTarget(const Expr *Value, const VarDecl *Var) {
    if (const auto *Call = dyn_cast<CallExpr>(Value->IgnoreParenCasts()))
      if (Var && Var->hasLocalStorage())
        Targets[Call] = Var;
  }
};

} // namespace

/// All that \p E can be, or nothing where that is not written in \p In.
static std::optional<uint64_t> allFlags(const Expr *E, const FunctionDecl *In,
                                        unsigned Depth = 0) {
  const ASTContext &Ctx = In->getASTContext();
  E = E->IgnoreParenImpCasts();
  Expr::EvalResult Value;
  if (E->EvaluateAsInt(Value, Ctx))
    return Value.Val.getInt().getZExtValue();
  auto Both = [&](const Expr *A, const Expr *B) -> std::optional<uint64_t> {
    std::optional<uint64_t> First = allFlags(A, In, Depth),
                            Second = allFlags(B, In, Depth);
    return First && Second ? std::optional(*First | *Second) : std::nullopt;
  };
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
    return Both(Choice->getTrueExpr(), Choice->getFalseExpr());
  if (const auto *Op = dyn_cast<BinaryOperator>(E);
      Op && Op->getOpcode() == BO_Or)
    return Both(Op->getLHS(), Op->getRHS());
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var || !Var->hasLocalStorage() || isa<ParmVarDecl>(Var) || Depth > 2)
    return std::nullopt;
  VariableReader Reader(Var, Ctx);
  Reader.TraverseStmt(In->getBody());
  if (Reader.HasAddress || Reader.Values.empty())
    return std::nullopt;
  uint64_t All = 0;
  for (const Expr *One : Reader.Values) {
    std::optional<uint64_t> Flags = allFlags(One, In, Depth + 1);
    if (!Flags)
      return std::nullopt;
    All |= *Flags;
  }
  return All;
}

/// \p Call can take nothing and say so with 0, again and again: it does not
/// wait, or it may refuse flags that come from outside.
static bool mayTakeNothing(const CallExpr *Call, const model::Function &Fn,
                           const FunctionDecl *In, const FlagValues &Values) {
  if (Fn.TheResult != Result::CountOrErrno || !Fn.Flags ||
      *Fn.Flags >= Call->getNumArgs())
    return false;
  if (Fn.hasContext("irq-safe"))
    return true;
  std::optional<uint64_t> Flags = allFlags(Call->getArg(*Fn.Flags), In);
  if (!Flags)
    return Fn.hasContext("zero-when-refused");
  std::optional<uint64_t> NoWait = Values.of("FOLL_NOWAIT");
  return NoWait && (*Flags & *NoWait);
}

void PinResult::checkLoops(const FunctionDecl *D, AnalysisManager &Mgr,
                           BugReporter &BR) const {
  FlagValues Values(Mgr.getASTContext(), Mgr.getPreprocessor());
  LoopFinder Body;
  Body.TraverseStmt(D->getBody());
  for (auto [Loop, Condition] : Body.Loops) {
    LoopFinder Inner, Bound;
    Inner.TraverseStmt(const_cast<Stmt *>(Loop));
    Bound.TraverseStmt(const_cast<Expr *>(Condition));
    for (auto [Call, Var] : Inner.Targets) {
      const model::Function *Fn = acquisitionOf(Call);
      if (!Fn || !mayTakeNothing(Call, *Fn, D, Values))
        continue;
      VariableReader Reader(Var, Mgr.getASTContext());
      Reader.TraverseStmt(const_cast<Stmt *>(Loop));
      // Any other look at the number may be the one that ends the loop.
      VariableReader Looks(Var, Mgr.getASTContext());
      for (const Expr *One : Inner.Conditions)
        Looks.TraverseStmt(const_cast<Expr *>(One));
      if (Looks.Named != Looks.Plain ||
          llvm::none_of(Reader.Moved, [&](const ValueDecl *Moved) {
            return Bound.Named.contains(Moved);
          }))
        continue;
      reportAt(D, Call,
               "'" + Fn->Name +
                   "' can return 0, and the loop around it tries again for "
                   "ever: only errors end it",
               Mgr, BR);
    }
  }
}

void registerPinResult(CheckerManager &Mgr) {
  Mgr.registerChecker<PinResult>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
