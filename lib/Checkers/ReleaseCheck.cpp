//===- ReleaseCheck.cpp - What is given back wrongly ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReleaseCheck.h"
#include "HoldingReport.h"
#include "Unwinding.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporterVisitors.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Role;

/// One call that gives something back.
struct ReleaseCheck::Release {
  const model::Function &Fn;
  const CallEvent &Call;
  SVal Object;
  const Expr *Written; ///< the object's argument, or null
  SVal Count;          ///< unknown where the call has none

  llvm::StringRef name() const {
    const IdentifierInfo *Id = Call.getCalleeIdentifier();
    return Id ? Id->getName() : llvm::StringRef(Fn.Name);
  }
  SymbolRef symbol() const { return objectSymbol(Object); }
};

bool ReleaseCheck::ofFamily(llvm::StringRef Resource) const {
  const model::Resource *R = Ground->index().model().resource(Resource);
  return R && R->Family == Family;
}

bool ReleaseCheck::isJudged(const Holding &H) const {
  return ofFamily(H.resource()) && !H.isShared() &&
         !H.acquiredBy()->Conditional && H.way() != Holding::Judged;
}

void ReleaseCheck::report(const HoldingEntry &E, const llvm::Twine &What,
                          CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  State = setHolding(State, E.first, E.second.escaped(Holding::Judged));
  if (const ExplodedNode *N = C.generateNonFatalErrorNode(State))
    C.emitReport(makeReport(Bug, What.str(), E, N, C, *Ground));
}

/// About something that this path did not take; \p First is where it was given
/// back before.
void ReleaseCheck::reportPlain(const llvm::Twine &What, const Expr *First,
                               CheckerContext &C) const {
  const ExplodedNode *N = C.generateNonFatalErrorNode();
  if (!N)
    return;
  // Who gave it back first and kept its address is to blame.
  const Decl *Fn = functionAround(First, C);
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, What.str(), N,
      PathDiagnosticLocation::createBegin(First, C.getSourceManager(),
                                          C.getLocationContext()),
      Fn ? Fn : C.getLocationContext()->getDecl());
  Report->addNote("given back here first",
                  PathDiagnosticLocation::createBegin(
                      First, C.getSourceManager(), C.getLocationContext()));
  C.emitReport(std::move(Report));
}

void ReleaseCheck::checkPreCall(const CallEvent &Call,
                                CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn || !Fn->Object)
    return;
  if (Fn->TheRole == Role::Test) {
    if (SymbolRef Sym = objectSymbol(placeArg(Fn->Object, Call, C)))
      checkGone(Sym, C);
    return;
  }
  if (Fn->TheRole == Role::Borrow && Fn->hasContext("writes-page")) {
    checkUse(placeArg(Fn->Object, Call, C).getAsRegion(), C);
    return;
  }
  if (Fn->TheRole != Role::Release && Fn->TheRole != Role::Free)
    return;
  Release R{*Fn, Call, placeArg(Fn->Object, Call, C),
            placeExpr(Fn->Object, Call),
            valueOf(Fn->Count, Call, C.getState(), UnknownVal())};
  // One call, one fault: the first rule that says something ends it.
  checkNothing(R, C) || checkUnfilled(R, C) || checkKind(R, C) ||
      checkNeverFilled(R, C) || checkElsewhere(R, C) || checkTwice(R, C) ||
      checkSide(R, C) || checkOrder(R, C) || checkCompound(R, C) ||
      checkCount(R, C);
}

//===----------------------------------------------------------------------===//
// Rule 3: nothing
//===----------------------------------------------------------------------===//

namespace {
/// Finds whether all that a variable is ever assigned, but for NULL, it is
/// assigned in loops that do not contain a given place.
class LoopAssignments : public RecursiveASTVisitor<LoopAssignments> {
public:
  LoopAssignments(const VarDecl *Var, const ParentMap &Parents,
                  const Stmt *Place)
      : Var(Var), Parents(Parents), Place(Place) {}

  bool Any = false, AllInLoops = true, Nulled = false;

  bool VisitVarDecl(VarDecl *D) {
    Nulled |= D == Var && D->getInit() && isNull(D->getInit());
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Ref = Op->isAssignmentOp()
                          ? dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens())
                          : nullptr;
    if (!Ref || Ref->getDecl() != Var)
      return true;
    if (isNull(Op->getRHS())) {
      Nulled = true;
    } else {
      Any = true;
      AllInLoops &= isInOtherLoop(Op);
    }
    return true;
  }

  /// A call that gets its address may set it.
  bool VisitUnaryOperator(UnaryOperator *Op) {
    const auto *Ref =
        Op->getOpcode() == UO_AddrOf
            ? dyn_cast<DeclRefExpr>(Op->getSubExpr()->IgnoreParens())
            : nullptr;
    if (Ref && Ref->getDecl() == Var) {
      Any = true;
      AllInLoops &= isInOtherLoop(Op);
    }
    return true;
  }

private:
  bool isNull(const Expr *E) const {
    return E->isNullPointerConstant(Var->getASTContext(),
                                    Expr::NPC_ValueDependentIsNotNull);
  }

  bool isInOtherLoop(const Stmt *S) const {
    for (; S; S = Parents.getParent(S))
      if (isa<ForStmt, WhileStmt, DoStmt>(S) && !contains(S, Place))
        return true;
    return false;
  }

  bool contains(const Stmt *Outer, const Stmt *Inner) const {
    for (; Inner; Inner = Parents.getParent(Inner))
      if (Inner == Outer)
        return true;
    return false;
  }

  const VarDecl *Var;
  const ParentMap &Parents;
  const Stmt *Place;
};
} // namespace

/// That a loop may run no time at all is the engine's idea, not the code's; and
/// so is a null pointer that the function never writes down.
static bool isNullByAssumption(const Expr *Written,
                               const LocationContext *LCtx) {
  const auto *Ref = dyn_cast<DeclRefExpr>(Written->IgnoreParenCasts());
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var)
    return false;
  LoopAssignments Finder(Var, LCtx->getParentMap(), Written);
  Finder.TraverseStmt(LCtx->getDecl()->getBody());
  return !Finder.Nulled || (Finder.Any && Finder.AllInLoops);
}

/// \p R gets \p What, which its argument's way to here explains where it is
/// to be \p Tracked (the engine takes a pointer that is there for a false
/// alarm about null).
void ReleaseCheck::reportGiven(const Release &R, const llvm::Twine &What,
                               bool Tracked, CheckerContext &C) const {
  const ExplodedNode *N = C.generateNonFatalErrorNode();
  if (!N)
    return;
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, (llvm::Twine("'") + R.name() + "' gets " + What).str(), N,
      PathDiagnosticLocation::createBegin(
          R.Call.getOriginExpr(), C.getSourceManager(), C.getLocationContext()),
      C.getLocationContext()->getDecl());
  Report->addRange(R.Call.getSourceRange());
  if (Tracked)
    bugreporter::trackExpressionValue(N, R.Written, *Report);
  C.emitReport(std::move(Report));
}

namespace {
/// Finds whether a call that failed on the path was to fill an element of the
/// array that \p Element is one of.
class FailedToFill : public RecursiveASTVisitor<FailedToFill> {
public:
  FailedToFill(const ArraySubscriptExpr *Element, ProgramStateRef State)
      : State(State), Ctx(State->getStateManager().getContext()),
        Array(textOf(Element->getBase()->IgnoreParenImpCasts(), Ctx)) {}
  bool Found = false;

  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Sub =
        Op->getOpcode() == BO_Assign
            ? dyn_cast<ArraySubscriptExpr>(Op->getLHS()->IgnoreParens())
            : nullptr;
    if (Sub && !Array.empty() &&
        textOf(Sub->getBase()->IgnoreParenImpCasts(), Ctx) == Array)
      Found |= hasFailedCall(Op->getRHS());
    return true;
  }

private:
  bool hasFailedCall(const Stmt *S) const {
    if (const auto *Call = dyn_cast_or_null<CallExpr>(S);
        Call && hasFailed(State, Call))
      return true;
    return S && llvm::any_of(S->children(), [&](const Stmt *Child) {
             return hasFailedCall(Child);
           });
  }

  ProgramStateRef State;
  const ASTContext &Ctx;
  std::string Array;
};
} // namespace

/// An element is null because the path could not fill it, and is given back all
/// the same.
bool ReleaseCheck::checkUnfilled(const Release &R, CheckerContext &C) const {
  const auto *Element =
      R.Written ? dyn_cast<ArraySubscriptExpr>(R.Written->IgnoreParenCasts())
                : nullptr;
  if (!Element || !ofFamily(R.Fn.Resource) || R.Fn.Object.Array ||
      R.Fn.hasContext("null-ok") || !R.Written->getType()->isPointerType() ||
      !C.getState()->isNull(R.Object).isConstrainedTrue())
    return false;
  // All of the loop is wrong.
  if (Told.contains(R.Call.getOriginExpr()))
    return true;
  FailedToFill Finder(Element, C.getState());
  Finder.TraverseStmt(C.getLocationContext()->getDecl()->getBody());
  if (!Finder.Found)
    return false;
  reportGiven(R, "an element that is null on this path: it could not be filled",
              false, C);
  return true;
}

bool ReleaseCheck::checkNothing(const Release &R, CheckerContext &C) const {
  if (!ofFamily(R.Fn.Resource) || R.Fn.Object.Array || !R.Written ||
      !isa<DeclRefExpr>(R.Written->IgnoreParenCasts()) ||
      R.Fn.hasContext("null-ok") || !R.Written->getType()->isPointerType())
    return false;
  bool Null = C.getState()->isNull(R.Object).isConstrainedTrue();
  const llvm::APSInt *Bits = R.Object.getAsInteger();
  bool Error = !Null && Bits && Bits->getZExtValue() >= -uint64_t(MaxErrno);
  if ((!Null && !Error) ||
      (Null && isNullByAssumption(R.Written, C.getLocationContext())))
    return false;
  reportGiven(R,
              llvm::Twine(Null ? "a null pointer" : "an error pointer") +
                  " on this path, on which nothing was taken",
              true, C);
  return true;
}

/// What is read from memory that this path allocated, did not clear, and never
/// wrote to at that place, is whatever was there before.
static bool isNeverFilled(SVal Object, ProgramStateRef State) {
  const auto *Sym = dyn_cast_or_null<SymbolRegionValue>(objectSymbol(Object));
  const MemRegion *Place = Sym ? Sym->getRegion() : nullptr;
  SymbolRef Memory = memoryOf(Place);
  if (!Memory || !isOwnMemory(State, Memory))
    return false;
  // Arrays that an acquisition filled are another matter.
  return llvm::none_of(holdings(State), [&](const HoldingEntry &E) {
    return E.second.owner() == Memory || E.second.content() == Memory ||
           memoryOf(E.first) == Memory;
  });
}

bool ReleaseCheck::checkNeverFilled(const Release &R, CheckerContext &C) const {
  if (!ofFamily(R.Fn.Resource) || R.Fn.Object.Array || !R.Written ||
      !isNeverFilled(R.Object, C.getState()))
    return false;
  reportGiven(R,
              "what was in new memory before: nothing was stored there on this "
              "path",
              true, C);
  return true;
}

/// The structure that describes a page is not what is in it; and memory of
/// another allocator is no page.
bool ReleaseCheck::checkKind(const Release &R, CheckerContext &C) const {
  const model::Model &M = Ground->index().model();
  bool Frees = R.Fn.TheRole == Role::Free;
  if (!R.Written || R.Fn.Object.Array ||
      (!Frees && (R.Fn.TheRole != Role::Release || !ofFamily(R.Fn.Resource))))
    return false;
  if (Frees ? Family == "page-allocator" : R.Fn.hasContext("address")) {
    if (const RecordDecl *Record = pageStructure(R.Written, M)) {
      reportGiven(R,
                  "the address of a 'struct " + Record->getName() + "', " +
                      (Frees ? "which is no memory of its own"
                             : "not of what is in the page"),
                  false, C);
      return true;
    }
  }
  // A wrapper's object may be memory that its user allocates.
  if (Frees || Family != "page-allocator")
    return false;
  ProgramStateRef State = C.getState();
  const auto *Sym = dyn_cast_or_null<SymbolConjured>(R.symbol());
  if (!Sym || !isOwnMemory(State, Sym) ||
      llvm::any_of(holdings(State), [&](const HoldingEntry &E) {
        return E.second.content() == Sym;
      }))
    return false;
  const auto *From = dyn_cast_or_null<CallExpr>(Sym->getStmt());
  const model::Function *By = From ? Ground->index().find(From) : nullptr;
  if (!By || By->TheRole != Role::Acquire || !M.familyTaken(*By).empty())
    return false;
  reportGiven(R, "memory that '" + By->Name + "' allocated", false, C);
  return true;
}

namespace {
/// What a function does to one member, by its text: calls that take one more
/// reference to what it names, and whether anything is stored there.
class MemberUses : public RecursiveASTVisitor<MemberUses> {
public:
  MemberUses(const ModelIndex &Index, const Expr *Member, const ASTContext &Ctx)
      : Index(Index), Member(cast<MemberExpr>(Member)->getMemberDecl()),
        Text(textOf(Member, Ctx)), Ctx(Ctx) {}

  llvm::SmallVector<const CallExpr *, 2> Extra;
  bool Stored = false;

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (Fn && Fn->Extra && Fn->TheRole == Role::Acquire &&
        Fn->Object.Base == model::Place::Arg &&
        Fn->Object.Index < Call->getNumArgs() && !Text.empty() &&
        textOf(Call->getArg(Fn->Object.Index)->IgnoreParenCasts(), Ctx) == Text)
      Extra.push_back(Call);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Left = Op->isAssignmentOp()
                           ? dyn_cast<MemberExpr>(Op->getLHS()->IgnoreParens())
                           : nullptr;
    Stored |= Left && Left->getMemberDecl() == Member;
    return true;
  }

private:
  const ModelIndex &Index;
  const ValueDecl *Member;
  std::string Text;
  const ASTContext &Ctx;
};
} // namespace

/// The member stays as it is, so whoever it belongs to still relies on its
/// page; the reference that is given back must be the function's own.
bool ReleaseCheck::checkElsewhere(const Release &R, CheckerContext &C) const {
  const auto *Member =
      R.Written ? dyn_cast<MemberExpr>(R.Written->IgnoreParenCasts()) : nullptr;
  if (!Member || !ofFamily(R.Fn.Resource) || R.Fn.Object.Array ||
      R.Fn.hasContext("one-reference"))
    return false;
  MemberUses Uses(Ground->index(), Member, C.getASTContext());
  Uses.TraverseStmt(C.getLocationContext()->getDecl()->getBody());
  if (Uses.Extra.empty() || Uses.Stored)
    return false;
  for (const Expr *Taken : extraCalls(C.getState()))
    if (llvm::is_contained(Uses.Extra, Taken))
      return false;
  const ExplodedNode *N = C.generateNonFatalErrorNode();
  if (!N)
    return true;
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug,
      ("'" + R.name() + "' gives back a reference to '" +
       textOf(Member, C.getASTContext()) +
       "' that is taken on other paths, and not on this one")
          .str(),
      N);
  Report->addRange(R.Call.getSourceRange());
  C.emitReport(std::move(Report));
  return true;
}

//===----------------------------------------------------------------------===//
// Rules 1, 2, 4, 7
//===----------------------------------------------------------------------===//

/// The release that \p At is; null where it is none, such as the condition of
/// a loop.
static const CallExpr *asCall(const Expr *At) {
  return dyn_cast_or_null<CallExpr>(At ? At->IgnoreParenImpCasts() : nullptr);
}

/// Both calls say the same: the same function with arguments of one text.
static bool readAlike(const CallExpr *A, const CallExpr *B,
                      const ASTContext &Ctx) {
  if (A->getDirectCallee() != B->getDirectCallee() ||
      A->getNumArgs() != B->getNumArgs())
    return false;
  for (unsigned I = 0; I != A->getNumArgs(); ++I) {
    std::string Text = textOf(A->getArg(I), Ctx);
    if (Text.empty() || Text != textOf(B->getArg(I), Ctx))
      return false;
  }
  return true;
}

bool ReleaseCheck::checkTwice(const Release &R, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const ModelIndex &Index = Ground->index();
  SymbolRef Sym = R.symbol();
  if (Sym && ofFamily(R.Fn.Resource) && R.Fn.hasContext("one-reference"))
    if (const CallExpr *First = asCall(givenBackAt(State, Sym)))
      if (const model::Function *Before = Index.find(First);
          Before && Before->hasContext("one-reference") &&
          First != R.Call.getOriginExpr()) {
        reportPlain("'" + R.name() + "' gives back what '" + Before->Name +
                        "' gave back already",
                    First, C);
        return true;
      }
  const auto *This = dyn_cast<CallExpr>(R.Call.getOriginExpr());
  for (const HoldingEntry &E : holdings(State)) {
    const CallExpr *First = asCall(E.second.releasedAt());
    if (!First || First == This || !isJudged(E.second) ||
        !denotes(E, R.Object, State))
      continue;
    bool Whole = isSingle(E.second)
                     ? Sym && E.second.content() == Sym
                     : R.Fn.Object.Array && R.Count == E.second.count() &&
                           This && readAlike(First, This, C.getASTContext());
    if (!Whole)
      continue;
    report(E,
           describe(E, Index.model()) + (isSingle(E.second) ? " is" : " are") +
               " given back twice",
           C);
    return true;
  }
  return false;
}

bool ReleaseCheck::checkSide(const Release &R, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const model::Model &M = Ground->index().model();
  bool Frees = R.Fn.TheRole == Role::Free;
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    // Where a loop gives single elements back, the groundwork has read the
    // whole loop when it began.
    bool InLoop = H.releasedAt() && !asCall(H.releasedAt()) &&
                  isInLoopOf(H.releasedAt(), R.Call.getOriginExpr(),
                             C.getLocationContext());
    // The array may lie in a page that was allocated for it.
    if (!(H.isHeld() || InLoop) || !isJudged(H) ||
        (R.Fn.Object.Array && H.acquiredBy()->hasContext("address")))
      continue;
    const model::Resource *Taken = M.resource(H.resource());
    if (Frees ? !H.content() || H.content() != R.symbol() ||
                    H.acquiredBy()->Object.Array
              : Taken->isReturnedAs(R.Fn.Resource) ||
                    !(R.Fn.Object.Array ? denotes(E, R.Object, State)
                                        : denotesObject(E, R.Object, State)))
      continue;
    // A wrapper may have rules of its own.
    if (!Frees && M.resource(R.Fn.Resource)->Family.empty())
      continue;
    bool Single = isSingle(H) || !R.Fn.Object.Array;
    report(E,
           describe(E, M) + (isSingle(H) ? " is" : " are") +
               " given back by '" + R.name() + "'; '" +
               expectedRelease(*H.acquiredBy(), Single, M) + "' expected",
           C);
    return true;
  }
  return false;
}

/// The constant that \p A is at \p Call, or nothing.
static std::optional<llvm::APSInt> constantAt(const model::Amount &A,
                                              const CallExpr *Call,
                                              const ASTContext &Ctx) {
  if (A.Kind == model::Amount::Constant)
    return llvm::APSInt::get(A.Value);
  if (!Call || A.Kind != model::Amount::Arg || A.Value >= Call->getNumArgs())
    return std::nullopt;
  Expr::EvalResult Value;
  const Expr *E = Call->getArg(A.Value);
  if (E->isValueDependent() || !E->EvaluateAsInt(Value, Ctx))
    return std::nullopt;
  return Value.Val.getInt();
}

/// The order or size of \p By as it is written at \p Call, in quotes.
static std::string extentText(const model::Function &By, const CallExpr *Call,
                              const ASTContext &Ctx) {
  const model::Amount &A = By.Order ? By.Order : By.Size;
  std::string Text =
      Call && A.Kind == model::Amount::Arg && A.Value < Call->getNumArgs()
          ? textOf(Call->getArg(A.Value), Ctx)
          : "";
  return Text.empty() ? "that varies" : "'" + Text + "'";
}

/// What is given back is held against a constant only: an order that depends on
/// the device may be asked for twice with two answers on one path.
bool ReleaseCheck::checkOrder(const Release &R, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const ASTContext &Ctx = C.getASTContext();
  bool ByOrder = bool(R.Fn.Order);
  const model::Amount &Amount = ByOrder ? R.Fn.Order : R.Fn.Size;
  auto Given =
      constantAt(Amount, dyn_cast<CallExpr>(R.Call.getOriginExpr()), Ctx);
  // A wrapper that was entered gets its caller's constant.
  if (!Given)
    if (SVal V = valueOf(Amount, R.Call, State, UnknownVal()); V.getAsInteger())
      Given = *V.getAsInteger();
  if (!Given)
    return false;
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    const model::Function &By = *H.acquiredBy();
    // What was handed over (split_page()) may have another order since.
    if (H.status() == Holding::Released || H.way() == Holding::Handed ||
        !isJudged(H) || !H.content() || H.content() != R.symbol() ||
        bool(By.Order) != ByOrder)
      continue;
    auto Taken =
        constantAt(ByOrder ? By.Order : By.Size, asCall(H.site()), Ctx);
    if (!Taken && H.extent().getAsInteger())
      Taken = *H.extent().getAsInteger();
    std::string With = Taken ? llvm::toString(*Taken, 10) : "";
    if (!Taken) {
      // One that varies, and this path does not know it to be the constant.
      SVal Extent = H.extent();
      if (!Extent.getAsSymbol() ||
          holdsFor(State, Extent, BO_EQ, Given->getExtValue()))
        continue;
      With = extentText(By, asCall(H.site()), Ctx);
    } else if (llvm::APSInt::isSameValue(*Given, *Taken)) {
      continue;
    }
    report(E,
           describe(E, Ground->index().model()) + " with " +
               (ByOrder ? "order " : "size ") + With + " is given back with " +
               llvm::toString(*Given, 10),
           C);
    return true;
  }
  return false;
}

/// Several pages that are not one to their count: a reference less frees the
/// first of them only.
bool ReleaseCheck::checkCompound(const Release &R, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (R.Fn.Order || R.Fn.Object.Array || R.Fn.TheRole != Role::Release)
    return false;
  uint64_t Compound = 0;
  FlagValues Values(C.getASTContext(), C.getPreprocessor());
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    const model::Function &By = *H.acquiredBy();
    if (!H.isHeld() || !isJudged(H) || !H.content() ||
        H.content() != R.symbol() || !By.Order || By.hasContext("compound") ||
        R.Fn.Resource == H.resource())
      continue;
    auto Order = constantAt(By.Order, asCall(H.site()), C.getASTContext());
    const llvm::APSInt *Flags = knownNumber(State, H.flags());
    for (const auto &Mark : Ground->index().model().marks())
      if (Mark->Kind == "gfp-compound")
        Compound |= Values.of(Mark->Names.front()).value_or(0);
    if (!Order || Order->isZero() || !Flags || !Compound ||
        (Flags->getZExtValue() & Compound))
      continue;
    report(E,
           "'" + R.name() + "' frees the first of the pages only that '" +
               By.Name + "' gave with order " + llvm::toString(*Order, 10) +
               "; they are no compound page",
           C);
    return true;
  }
  return false;
}

bool ReleaseCheck::checkCount(const Release &R, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!R.Fn.Object.Array || R.Count.isUnknownOrUndef() ||
      holdsFor(State, R.Count, BO_LE, 0))
    return false;
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (!H.isHeld() || !isJudged(H) || !denotes(E, R.Object, State) ||
        H.acquiredBy()->TheResult != model::Result::CountOrErrno ||
        !isSamePlace(R.Object.getAsRegion(), E.first))
      continue;
    bool Certain =
        holdsFor(State, H.count(), BO_LT, R.Count) ||
        (R.Count == H.asked() && R.Count.getAsSymbol() && isPartial(E, State));
    bool Assumed = !H.isMeasured() && R.Count == H.asked() &&
                   R.Count != H.count() && R.Count.getAsSymbol() &&
                   !holdsFor(State, H.count(), BO_EQ, H.asked());
    if (!Certain && !Assumed)
      continue;
    report(E,
           "'" + R.name() + "' gives back more pages than '" +
               H.acquiredBy()->Name +
               (Certain ? "' took on this path"
                        : "' may have taken: it can take fewer than asked for"),
           C);
    return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Rule 6: used after release
//===----------------------------------------------------------------------===//

/// Somebody else had the last reference when this path gave its own back.
bool ReleaseCheck::checkGone(SymbolRef Sym, CheckerContext &C) const {
  const CallExpr *At = asCall(givenBackAt(C.getState(), Sym));
  const model::Function *Fn = At ? Ground->index().find(At) : nullptr;
  if (!Fn || !Fn->hasContext("tells-last") || !ofFamily(Fn->Resource))
    return false;
  reportPlain("the page is looked at after '" + Fn->Name +
                  "' gave this path's reference back, and may be gone",
              At, C);
  return true;
}

bool ReleaseCheck::checkUse(const MemRegion *Used, CheckerContext &C) const {
  SymbolRef Sym = memoryOf(Used);
  ProgramStateRef State = C.getState();
  if (!Sym)
    return false;
  if (checkGone(Sym, C))
    return true;
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    // By its own address, or where it is mapped.
    if (H.status() != Holding::Released || !H.content() ||
        (H.content() != Sym && H.content() != originalOf(State, Sym)) ||
        !isJudged(H) || !asCall(H.releasedAt()) || !isSingle(H))
      continue;
    report(E,
           describe(E, Ground->index().model()) +
               " is used after it was given back",
           C);
    return true;
  }
  return false;
}

void ReleaseCheck::checkLocation(SVal Location, bool IsLoad, const Stmt *S,
                                 CheckerContext &C) const {
  if (hasHoldings(C.getState()) || hasGivenBack(C.getState()))
    checkUse(Location.getAsRegion(), C);
}

//===----------------------------------------------------------------------===//
// Rule 4 again: a loop with a bound
//===----------------------------------------------------------------------===//

/// The right side of "index < bound", or null.
static const Expr *boundOf(const Stmt *Condition) {
  const auto *Op =
      dyn_cast<BinaryOperator>(cast<Expr>(Condition)->IgnoreParenImpCasts());
  return Op && Op->getOpcode() == BO_LT ? Op->getRHS() : nullptr;
}

void ReleaseCheck::checkBranchCondition(const Stmt *Condition,
                                        CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!hasHoldings(State) || C.blockCount() != 1 || !isa<Expr>(Condition))
    return;
  const Expr *Bound = boundOf(Condition);
  if (!Bound)
    return;
  SVal Count = peek(Bound, State, C.getLocationContext());
  if (Count.isUnknownOrUndef())
    return;
  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    // The groundwork has just read the loop.
    if (H.releasedAt() != Condition || !isJudged(H) || H.isMeasured() ||
        H.acquiredBy()->TheResult != model::Result::CountOrErrno ||
        Count != H.asked() || Count == H.count() || !Count.getAsSymbol() ||
        holdsFor(State, H.count(), BO_EQ, H.asked()))
      continue;
    report(E,
           "the loop gives back more pages than '" + H.acquiredBy()->Name +
               "' may have taken: it can take fewer than asked for",
           C);
    return;
  }
}

//===----------------------------------------------------------------------===//
// Rule 5: the same element every time
//===----------------------------------------------------------------------===//

namespace {

/// What a loop changes, and what it gives back.
class LoopBody : public RecursiveASTVisitor<LoopBody> {
public:
  LoopBody(const ModelIndex &Index) : Index(Index) {}

  struct Call {
    const CallExpr *Expr;
    const model::Function *Fn;
  };
  llvm::SmallPtrSet<const ValueDecl *, 8> Changed;
  llvm::SmallVector<Call, 4> Releases;
  bool Acquires = false, Leaves = false;

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp())
      change(Op->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->isIncrementDecrementOp() || Op->getOpcode() == UO_AddrOf)
      change(Op->getSubExpr());
    return true;
  }
  bool VisitVarDecl(VarDecl *Var) {
    Changed.insert(Var);
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *) { return Leaves = true; }
  bool VisitGotoStmt(GotoStmt *) { return Leaves = true; }
  bool VisitBreakStmt(BreakStmt *) { return Leaves = true; }
  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Fn = Index.find(Call);
    if (Fn && Fn->TheRole == Role::Release && !Fn->Object.Array &&
        Fn->Object.Base == model::Place::Arg &&
        Fn->Object.Index < Call->getNumArgs())
      Releases.push_back({Call, Fn});
    // Code that is not known may fill the array again.
    else if (!Fn || Fn->TheRole == Role::Acquire)
      Acquires = true;
    return true;
  }

private:
  void change(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      Changed.insert(Ref->getDecl());
    else if (const auto *Member = dyn_cast<MemberExpr>(E))
      Changed.insert(Member->getMemberDecl());
    else if (const auto *Sub = dyn_cast<ArraySubscriptExpr>(E))
      change(Sub->getBase());
    else if (const auto *Op = dyn_cast<UnaryOperator>(E))
      change(Op->getSubExpr());
  }

  const ModelIndex &Index;
};

/// All variables and members that an expression names are the same in every
/// round.
class SameEveryTime : public RecursiveASTVisitor<SameEveryTime> {
public:
  SameEveryTime(const LoopBody &Body) : Body(Body) {}
  bool Same = true, Element = false;

  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    Same &= !Body.Changed.contains(Ref->getDecl());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    Same &= !Body.Changed.contains(Member->getMemberDecl());
    return true;
  }
  bool VisitCallExpr(CallExpr *) { return Same = false; }
  bool VisitArraySubscriptExpr(ArraySubscriptExpr *) {
    Element = true;
    return true;
  }

private:
  const LoopBody &Body;
};

class LoopFinder : public RecursiveASTVisitor<LoopFinder> {
public:
  LoopFinder(llvm::function_ref<void(Stmt *)> Handle) : Handle(Handle) {}
  bool VisitForStmt(ForStmt *S) { return Handle(S), true; }
  bool VisitWhileStmt(WhileStmt *S) { return Handle(S), true; }
  bool VisitDoStmt(DoStmt *S) { return Handle(S), true; }

private:
  llvm::function_ref<void(Stmt *)> Handle;
};

} // namespace

void ReleaseCheck::checkASTDecl(const TranslationUnitDecl *TU,
                                AnalysisManager &Mgr, BugReporter &BR) const {
  Told.clear();
  for (const FunctionDecl *D : mainFileFunctions(TU)) {
    checkLoops(D, Mgr, BR);
    checkUnwinding(D, Mgr, BR);
  }
  checkFields(TU, Mgr, BR);
}

void ReleaseCheck::checkUnwinding(const FunctionDecl *D, AnalysisManager &Mgr,
                                  BugReporter &BR) const {
  for (const UnwindingFault &Fault :
       unwindingFaults(D, Ground->index(), Family)) {
    Told.insert(Fault.Given);
    reportPair(Bug, Fault.What, {Fault.Given, D},
               "taken here, from the first element on", {Fault.Taken, D}, Mgr,
               BR);
  }
}

void ReleaseCheck::checkLoops(const FunctionDecl *D, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  LoopFinder([&](Stmt *Loop) {
    // do { } while (0) is no loop.
    Expr::EvalResult Value;
    if (const auto *Do = dyn_cast<DoStmt>(Loop);
        Do && Do->getCond()->EvaluateAsInt(Value, Mgr.getASTContext()) &&
        Value.Val.getInt().isZero())
      return;
    LoopBody Body(Ground->index());
    Body.TraverseStmt(Loop);
    if (Body.Acquires || Body.Leaves)
      return;
    for (const LoopBody::Call &Call : Body.Releases) {
      const Expr *Object = Call.Expr->getArg(Call.Fn->Object.Index);
      SameEveryTime Reader(Body);
      Reader.TraverseStmt(const_cast<Expr *>(Object));
      if (!Reader.Same || !Reader.Element || !ofFamily(Call.Fn->Resource))
        continue;
      PathDiagnosticLocation Where(Call.Expr, BR.getSourceManager(),
                                   Mgr.getAnalysisDeclContext(D));
      BR.EmitBasicReport(D, this, Bug.getDescription(), Bug.getCategory(),
                         "the loop gives back the same page every time: '" +
                             textOf(Object, Mgr.getASTContext()) +
                             "' does not change in it",
                         Where, Call.Expr->getSourceRange());
    }
  }).TraverseStmt(D->getBody());
}

//===----------------------------------------------------------------------===//
// Rules 1 and 7 between functions
//===----------------------------------------------------------------------===//

namespace {
/// What a field was filled with, where all that fill it agree.
struct Filling {
  const FieldFlow::Use *First = nullptr;
  std::optional<llvm::APSInt> Order;
};
} // namespace

static std::optional<Filling> fillingOf(const FieldFlow::Uses &Uses,
                                        const ASTContext &Ctx) {
  if (Uses.Acquired.empty() ||
      (Uses.Acquired.front().Element ? Uses.MixedElements
                                     : Uses.Mixed || Uses.Memory))
    return std::nullopt;
  Filling Result;
  for (const FieldFlow::Use &Use : Uses.Acquired) {
    std::optional<llvm::APSInt> Order =
        constantAt(Use.Fn->Order ? Use.Fn->Order : Use.Fn->Size, Use.Call, Ctx);
    if (!Result.First)
      Result = {&Use, Order};
    else if (Use.Fn->Resource != Result.First->Fn->Resource ||
             Use.Element != Result.First->Element)
      return std::nullopt;
    else if (!Order || !Result.Order ||
             !llvm::APSInt::isSameValue(*Order, *Result.Order))
      Result.Order.reset();
    if (Use.Fn->Conditional)
      return std::nullopt;
  }
  return Result;
}

/// The loop that \p S stands in, or null.
static const Stmt *loopAround(const Stmt *S, const ParentMap &Parents) {
  while ((S = Parents.getParent(S)))
    if (isa<ForStmt, WhileStmt>(S))
      return S;
  return nullptr;
}

static const Expr *conditionOf(const Stmt *Loop) {
  if (const auto *For = dyn_cast<ForStmt>(Loop))
    return For->getCond();
  return cast<WhileStmt>(Loop)->getCond();
}

/// The member that the loop counts up to, or null.
static const ValueDecl *boundMember(const Stmt *Loop) {
  const Expr *Condition = conditionOf(Loop);
  const Expr *Bound = Condition ? boundOf(Condition) : nullptr;
  const auto *Member =
      Bound ? dyn_cast<MemberExpr>(Bound->IgnoreParenCasts()) : nullptr;
  return Member ? Member->getMemberDecl() : nullptr;
}

namespace {
/// Whether conditions in a loop name a member or a variable.
class AskedFor : public RecursiveASTVisitor<AskedFor> {
public:
  explicit AskedFor(llvm::SmallPtrSet<const ValueDecl *, 2> These)
      : These(std::move(These)) {}
  bool Asked = false;

  bool VisitIfStmt(IfStmt *If) { return look(If->getCond()); }
  bool VisitWhileStmt(WhileStmt *While) { return look(While->getCond()); }
  bool VisitForStmt(ForStmt *For) { return look(For->getCond()); }
  bool VisitConditionalOperator(ConditionalOperator *Choice) {
    return look(Choice->getCond());
  }

private:
  bool look(const Stmt *S) {
    if (!S)
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      Asked |= These.contains(Ref->getDecl());
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      Asked |= These.contains(Member->getMemberDecl());
    for (const Stmt *Child : S->children())
      look(Child);
    return true;
  }

  llvm::SmallPtrSet<const ValueDecl *, 2> These;
};

/// Whether something is stored in a member behind a place in the source.
class StoredLater : public RecursiveASTVisitor<StoredLater> {
public:
  StoredLater(const ValueDecl *Member, SourceLocation After,
              const SourceManager &SM)
      : Member(Member), After(After), SM(SM) {}
  bool Found = false;
  bool VisitBinaryOperator(BinaryOperator *Op) {
    const auto *Left = Op->isAssignmentOp()
                           ? dyn_cast<MemberExpr>(Op->getLHS()->IgnoreParens())
                           : nullptr;
    Found |= Left && Left->getMemberDecl() == Member &&
             SM.isBeforeInTranslationUnit(
                 After, SM.getExpansionLoc(Op->getBeginLoc()));
    return true;
  }

private:
  const ValueDecl *Member;
  SourceLocation After;
  const SourceManager &SM;
};

/// Whether a function is called.
class Caller : public RecursiveASTVisitor<Caller> {
public:
  explicit Caller(const FunctionDecl *Callee) : Callee(Callee) {}
  bool Found = false;
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Fn = Call->getDirectCallee();
    Found |= Fn && Fn->getCanonicalDecl() == Callee->getCanonicalDecl();
    return true;
  }

private:
  const FunctionDecl *Callee;
};
} // namespace

/// One function fills the elements in a loop and, when that fails half-way,
/// calls another, which gives all of them back up to the same bound and does
/// not ask which are there.
void ReleaseCheck::checkHalfFilled(const ValueDecl *Field,
                                   const FieldFlow::Uses &Uses,
                                   AnalysisManager &Mgr,
                                   BugReporter &BR) const {
  for (const FieldFlow::Use &Given : Uses.Released) {
    if (Given.Fn->TheRole != Role::Release || !ofFamily(Given.Fn->Resource) ||
        Given.Fn->hasContext("null-ok") || Given.Fn->Object.Array)
      continue;
    const Stmt *Loop = loopAround(
        Given.Call, Mgr.getAnalysisDeclContext(Given.In)->getParentMap());
    const ValueDecl *Bound = Loop ? boundMember(Loop) : nullptr;
    if (!Bound)
      continue;
    llvm::SmallPtrSet<const ValueDecl *, 2> These = {Field};
    const Expr *Object = Given.Call->getArg(Given.Fn->Object.Index);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Object->IgnoreParenCasts()))
      These.insert(Ref->getDecl());
    AskedFor Asking(These);
    Asking.TraverseStmt(const_cast<Stmt *>(Loop));
    if (Asking.Asked)
      continue;
    for (const FieldFlow::Use &Taken : Uses.Acquired) {
      const Stmt *Fills = loopAround(
          Taken.Call, Mgr.getAnalysisDeclContext(Taken.In)->getParentMap());
      Caller Calls(Given.In);
      Calls.TraverseStmt(Taken.In->getBody());
      if (Taken.In == Given.In || !Fills || boundMember(Fills) != Bound ||
          Taken.Fn->TheResult != model::Result::PointerOrNull || !Calls.Found)
        continue;
      // It may set the bound to what it has filled.
      const SourceManager &SM = BR.getSourceManager();
      StoredLater Sets(Bound, SM.getExpansionLoc(Taken.Call->getBeginLoc()),
                       SM);
      Sets.TraverseStmt(Taken.In->getBody());
      if (Sets.Found)
        continue;
      reportPair(Bug,
                 (llvm::Twine("'") + Field->getName() +
                  "' is given back for every element, and '" +
                  Taken.In->getName() +
                  "' calls this when it could fill some of them only; nobody "
                  "asks whether it is null")
                     .str(),
                 {Given.Call, Given.In}, "taken here", {Taken.Call, Taken.In},
                 Mgr, BR);
      break;
    }
  }
}

void ReleaseCheck::checkFields(const TranslationUnitDecl *TU,
                               AnalysisManager &Mgr, BugReporter &BR) const {
  const ASTContext &Ctx = TU->getASTContext();
  const model::Model &M = Ground->index().model();
  for (const auto &[Field, Uses] : Ground->fields(TU).all()) {
    checkHalfFilled(Field, Uses, Mgr, BR);
    std::optional<Filling> From = fillingOf(Uses, Ctx);
    if (!From || !ofFamily(From->First->Fn->Resource))
      continue;
    const model::Function &Taken = *From->First->Fn;
    for (const FieldFlow::Use &Use : Uses.Released) {
      // What is no memory at all is said where it is freed (checkKind).
      if (Use.Element != From->First->Element ||
          (Use.Fn->TheRole == Role::Free &&
           pageStructure(Use.Call->getArg(Use.Fn->Object.Index), M)))
        continue;
      std::string What;
      bool Other =
          Use.Fn->TheRole == Role::Free ||
          (!M.resource(Taken.Resource)->isReturnedAs(Use.Fn->Resource) &&
           !M.resource(Use.Fn->Resource)->Family.empty());
      bool ByOrder = bool(Use.Fn->Order);
      std::optional<llvm::APSInt> Order =
          constantAt(ByOrder ? Use.Fn->Order : Use.Fn->Size, Use.Call, Ctx);
      // Of one acquisition it is known how it is written.
      bool Varies = Uses.Acquired.size() == 1 && !From->Order &&
                    (Taken.Order || Taken.Size);
      if (Other)
        What = (llvm::Twine("what '") + Field->getName() + "' holds was " +
                M.resource(Taken.Resource)->Taken + " by '" + Taken.Name +
                "' and is given back by '" + Use.Fn->Name + "'; '" +
                expectedRelease(Taken, !Use.Fn->Object.Array, M) + "' expected")
                   .str();
      else if (Order && ByOrder == bool(Taken.Order) &&
               (Varies || (From->Order &&
                           !llvm::APSInt::isSameValue(*Order, *From->Order))))
        What = (llvm::Twine("what '") + Field->getName() +
                "' holds was allocated with " + (ByOrder ? "order " : "size ") +
                (Varies ? extentText(Taken, From->First->Call, Ctx)
                        : llvm::toString(*From->Order, 10)) +
                " by '" + Taken.Name + "' and is freed with " +
                (ByOrder ? "order " : "size ") + llvm::toString(*Order, 10))
                   .str();
      else
        continue;
      reportPair(Bug, What, {Use.Call, Use.In}, "taken here",
                 {From->First->Call, From->First->In}, Mgr, BR);
    }
  }
}

} // namespace pagewarden
