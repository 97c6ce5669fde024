//===- PinFlags.cpp - Flags and locks of acquisitions ---------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinFlags.  Rules (numbers as in docs/checks/linux.mm.PinFlags.md):
///
///   1. A flag that the function refuses.
///   2. Flags that it refuses together.
///   3. A truth value where flags are expected.
///   4. Arguments in the order of another function, behind casts.
///   5. mmap_lock is held where the function takes it, or was let go where the
///      function needs it.
///   6. A parameter for the flags, and constant flags in its place.
///   7. A pin that outlives the call without FOLL_LONGTERM.
///
/// What the flags mean is read from the code under analysis.
///
//===----------------------------------------------------------------------===//

#include "HoldingReport.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FileCalls.h"
#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace ento;

namespace {
/// What a path knows of mmap_lock.
enum class MmapLock : unsigned { Unknown, Read, Write, LetGo };
} // namespace

REGISTER_TRAIT_WITH_PROGRAMSTATE(MmapLockState, unsigned)

namespace pagewarden {

using model::Role;

namespace {

class PinFlags
    : public Checker<check::PreCall, check::PostCall, check::EndFunction,
                     check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPostCall(const CallEvent &Call, CheckerContext &C) const;
  void checkEndFunction(const ReturnStmt *Return, CheckerContext &C) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  bool isOurs(const model::Function *Fn) const {
    return Fn && Fn->TheRole == Role::Acquire &&
           Ground->index().model().familyTaken(*Fn) == "user-pages";
  }
  void report(const llvm::Twine &What, const CallEvent &Call,
              CheckerContext &C) const;
  void reportAt(const Decl *D, const Expr *Where, const llvm::Twine &What,
                AnalysisManager &Mgr, BugReporter &BR) const;
  bool checkRefused(const model::Function &Fn, const CallEvent &Call,
                    CheckerContext &C) const;
  void checkLock(const model::Function &Fn, const CallEvent &Call,
                 CheckerContext &C) const;
  bool isReleasedLater(const TranslationUnitDecl *TU) const;
  void checkArguments(const model::Function &Fn, const CallExpr *Call,
                      const FunctionDecl *In, AnalysisManager &Mgr,
                      BugReporter &BR) const;
  bool outlives(const HoldingEntry &E, CheckerContext &C) const;

  const BugType Bug{this, "flags of an acquisition", "Linux page references",
                    /*SuppressOnSink=*/true};
  /// Code outside gives user pages back at a time of its own.
  mutable bool ReleasedLater = false;
};

} // namespace

void PinFlags::report(const llvm::Twine &What, const CallEvent &Call,
                      CheckerContext &C) const {
  const ExplodedNode *N = C.generateNonFatalErrorNode();
  if (!N)
    return;
  auto Unique = PathDiagnosticLocation::createBegin(
      Call.getOriginExpr(), C.getSourceManager(), C.getLocationContext());
  auto Report = std::make_unique<PathSensitiveBugReport>(
      Bug, What.str(), N, Unique, C.getLocationContext()->getDecl());
  Report->addRange(Call.getSourceRange());
  C.emitReport(std::move(Report));
}

void PinFlags::reportAt(const Decl *D, const Expr *Where,
                        const llvm::Twine &What, AnalysisManager &Mgr,
                        BugReporter &BR) const {
  BR.EmitBasicReport(
      D, this, Bug.getDescription(), Bug.getCategory(), What.str(),
      PathDiagnosticLocation::createBegin(Where, BR.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(D)),
      Where->getSourceRange());
}

//===----------------------------------------------------------------------===//
// Rules 1, 2, 5: on a path
//===----------------------------------------------------------------------===//

void PinFlags::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  if (!isOurs(Fn) || !Call.getOriginExpr())
    return;
  if (!checkRefused(*Fn, Call, C))
    checkLock(*Fn, Call, C);
}

bool PinFlags::checkRefused(const model::Function &Fn, const CallEvent &Call,
                            CheckerContext &C) const {
  if (!Fn.Flags || *Fn.Flags >= Call.getNumArgs())
    return false;
  const llvm::APSInt *Number =
      knownNumber(C.getState(), Call.getArgSVal(*Fn.Flags));
  if (!Number)
    return false;
  uint64_t Given = Number->getZExtValue();
  FlagValues Values(C.getASTContext(), C.getPreprocessor());
  for (const std::string &Name : Fn.Rejects)
    if (std::optional<uint64_t> Bit = Values.of(Name); Bit && (Given & *Bit)) {
      report("'" + Fn.Name + "' refuses " + Name, Call, C);
      return true;
    }
  if (Fn.RejectsTogether.empty())
    return false;
  for (const std::string &Name : Fn.RejectsTogether)
    if (std::optional<uint64_t> Bit = Values.of(Name); !Bit || !(Given & *Bit))
      return false;
  report("'" + Fn.Name + "' refuses " +
             llvm::join(Fn.RejectsTogether, " together with "),
         Call, C);
  return true;
}

void PinFlags::checkLock(const model::Function &Fn, const CallEvent &Call,
                         CheckerContext &C) const {
  auto Lock = MmapLock(C.getState()->get<MmapLockState>());
  bool Held = Lock == MmapLock::Read || Lock == MmapLock::Write;
  if (Held && Fn.hasContext("mmap-lock-not-held"))
    report("'" + Fn.Name + "' takes mmap_lock itself, and it is held here",
           Call, C);
  else if (Lock == MmapLock::Write && Fn.hasContext("mmap-write-lock-not-held"))
    report("'" + Fn.Name +
               "' may take mmap_lock itself, and it is held for writing here",
           Call, C);
  else if (Lock == MmapLock::LetGo && Fn.hasContext("mmap-lock-held"))
    report("'" + Fn.Name + "' needs mmap_lock, which was let go on this path",
           Call, C);
}

void PinFlags::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn)
    return;
  MmapLock New = MmapLock(C.getState()->get<MmapLockState>());
  MmapLock Old = New;
  for (llvm::StringRef Word : Fn->Context) {
    bool Write = Word.ends_with(":mmap-write");
    if (!Write && !Word.ends_with(":mmap-read"))
      continue;
    if (Word.starts_with("locks:"))
      New = Write ? MmapLock::Write : MmapLock::Read;
    else if (Word.starts_with("unlocks:"))
      New = New == MmapLock::Write && !Write ? New : MmapLock::LetGo;
    else
      New = MmapLock::Unknown; // the result tells
  }
  if (Fn->hasContext("mmap-lock-dropped"))
    New = MmapLock::Unknown;
  if (New != Old)
    C.addTransition(C.getState()->set<MmapLockState>(unsigned(New)));
}

//===----------------------------------------------------------------------===//
// Rules 3, 4, 6: in the source
//===----------------------------------------------------------------------===//

static bool isTruth(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (E->getType()->isBooleanType())
    return true;
  if (const auto *Op = dyn_cast<BinaryOperator>(E))
    return Op->isComparisonOp() || Op->isLogicalOp();
  const auto *Op = dyn_cast<UnaryOperator>(E);
  return Op && Op->getOpcode() == UO_LNot;
}

/// A pointer, or a number, behind a cast that hides it from the compiler.
static bool isPointerInDisguise(const Expr *E) {
  const auto *Cast = dyn_cast<CastExpr>(E->IgnoreParens());
  while (Cast && Cast->getCastKind() != CK_PointerToIntegral)
    Cast = dyn_cast<CastExpr>(Cast->getSubExpr()->IgnoreParens());
  return Cast != nullptr;
}

static bool isNumberInDisguise(const Expr *E, const ASTContext &Ctx) {
  const auto *Cast = dyn_cast<CastExpr>(E->IgnoreParens());
  while (Cast && Cast->getCastKind() != CK_IntegralToPointer)
    Cast = dyn_cast<CastExpr>(Cast->getSubExpr()->IgnoreParens());
  // An array whose address is a number (a page for it) is an array.
  return Cast &&
         Cast->getSubExpr()->IgnoreParenCasts()->getType()->isIntegerType() &&
         Ctx.getTypeSize(Cast->getSubExpr()->IgnoreParenCasts()->getType()) <
             Ctx.getTypeSize(E->getType());
}

namespace {
class CallsAndNames : public RecursiveASTVisitor<CallsAndNames> {
public:
  llvm::SmallVector<const CallExpr *, 16> Calls;
  llvm::SmallPtrSet<const ValueDecl *, 16> Named;
  bool VisitCallExpr(CallExpr *Call) {
    Calls.push_back(Call);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    Named.insert(Ref->getDecl());
    return true;
  }
};
} // namespace

/// \p Parameter is, by its name, for what an acquisition may do to the pages.
static bool isForFlags(const ParmVarDecl *Parameter) {
  llvm::StringRef Name = Parameter->getName();
  return Parameter->getType()->isIntegralOrEnumerationType() &&
         (Name == "flags" || Name == "gup_flags" || Name == "foll_flags" ||
          Name == "write" || Name == "writable");
}

void PinFlags::checkArguments(const model::Function &Fn, const CallExpr *Call,
                              const FunctionDecl *In, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  if (!Fn.Flags || *Fn.Flags >= Call->getNumArgs())
    return;
  const Expr *Flags = Call->getArg(*Fn.Flags);
  if (isTruth(Flags))
    reportAt(In, Flags,
             "'" + Fn.Name +
                 "' takes FOLL flags, and gets a truth value: right only as "
                 "long as FOLL_WRITE is 1",
             Mgr, BR);
  else if (isPointerInDisguise(Flags) ||
           (Fn.Object.Base == model::Place::Arg &&
            Fn.Object.Index < Call->getNumArgs() &&
            isNumberInDisguise(Call->getArg(Fn.Object.Index),
                               Mgr.getASTContext())))
    reportAt(In, Flags,
             "the arguments of '" + Fn.Name +
                 "' are in another function's order: argument " +
                 llvm::Twine(*Fn.Flags + 1) + " is the flags",
             Mgr, BR);
}

void PinFlags::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                            BugReporter &BR) const {
  const ASTContext &Ctx = TU->getASTContext();
  bool Any = false;
  for (const FunctionDecl *D : mainFileFunctions(TU)) {
    CallsAndNames Body;
    Body.TraverseStmt(D->getBody());
    for (const CallExpr *Call : Body.Calls) {
      const model::Function *Fn = Ground->index().find(Call);
      if (!isOurs(Fn))
        continue;
      Any = true;
      checkArguments(*Fn, Call, D, Mgr, BR);
      Expr::EvalResult Value;
      if (!Fn->Flags || *Fn->Flags >= Call->getNumArgs() ||
          !Call->getArg(*Fn->Flags)->EvaluateAsInt(Value, Ctx))
        continue;
      for (const ParmVarDecl *Parameter : D->parameters())
        if (isForFlags(Parameter) && !Body.Named.contains(Parameter))
          reportAt(D, Call,
                   "'" + Fn->Name + "' gets constant flags, and parameter '" +
                       Parameter->getName() +
                       "' that says how to pin is never looked at",
                   Mgr, BR);
    }
  }
  ReleasedLater = Any && isReleasedLater(TU);
}

//===----------------------------------------------------------------------===//
// Rule 7: the lifetime of a pin
//===----------------------------------------------------------------------===//

/// By its name, \p Fn is called when something has ended that was begun.
static bool isCompletion(const FunctionDecl *Fn) {
  static constexpr llvm::StringLiteral Words[] = {"done", "finish", "irq",
                                                  "callback", "endio"};
  llvm::SmallVector<llvm::StringRef, 8> Parts;
  Fn->getName().split(Parts, '_', -1, /*KeepEmpty=*/false);
  return llvm::any_of(Parts, [](llvm::StringRef Part) {
    return llvm::is_contained(Words, Part) || Part.starts_with("complet");
  });
}

/// The file has an entry that gives user pages back and takes none: pages live
/// until somebody outside calls it.  What a completion handler gives back lives
/// as long as the I/O.
bool PinFlags::isReleasedLater(const TranslationUnitDecl *TU) const {
  const model::Model &M = Ground->index().model();
  FileCalls Calls(TU, Ground->index());
  FileCalls::Set Take = Calls.callersOf([&](const model::Function &Fn) {
    return M.familyTaken(Fn) == "user-pages";
  });
  FileCalls::Set Give = Calls.callersOf([&](const model::Function &Fn) {
    return Fn.TheRole == Role::Release && Fn.Resource == "pin";
  });
  // An MMU notifier makes the driver give the pages up when they go away.
  if (!Calls
           .callersOf([](const model::Function &Fn) {
             return Fn.hasContext("watches-mm");
           })
           .empty())
    return false;
  return llvm::any_of(Calls.entries(), [&](const FunctionDecl *Entry) {
    return !isCompletion(Entry) && Calls.reaches(Entry, Give) &&
           !Calls.reaches(Entry, Take);
  });
}

/// An array that the caller brought: for how long, it knows.
static bool isParameter(const MemRegion *Array) {
  SymbolRef Sym = memoryOf(Array);
  const MemRegion *Origin = Sym ? Sym->getOriginRegion() : nullptr;
  const auto *Var = dyn_cast_or_null<VarRegion>(Origin);
  return Var && isa<ParmVarDecl>(Var->getDecl());
}

/// The pages of \p E are pinned, not for long, and are somewhere else now.
bool PinFlags::outlives(const HoldingEntry &E, CheckerContext &C) const {
  const Holding &H = E.second;
  bool Elsewhere = (H.isHeld() && H.outlives() && !isParameter(E.first)) ||
                   H.way() == Holding::Stored || H.way() == Holding::Handed ||
                   H.way() == Holding::Returned;
  const llvm::APSInt *Flags = knownNumber(C.getState(), H.flags());
  if (!Elsewhere || !Flags || H.resource() != "pin")
    return false;
  std::optional<uint64_t> LongTerm =
      FlagValues(C.getASTContext(), C.getPreprocessor()).of("FOLL_LONGTERM");
  return LongTerm && !(Flags->getZExtValue() & *LongTerm) &&
         mayBeNonEmpty(E, C.getState());
}

/// What the function returns says that all went well.
static bool isSuccess(const ReturnStmt *Return, CheckerContext &C) {
  if (!Return || !Return->getRetValue())
    return false;
  SVal Value = C.getSVal(Return->getRetValue());
  if (Value.getAs<NonLoc>())
    return holdsFor(C.getState(), Value, BO_GE, 0);
  SymbolRef Sym = Value.getAsLocSymbol();
  return Sym && C.getState()->isNonNull(Value).isConstrainedTrue() &&
         !isErrPtr(C.getState(), Sym).value_or(false);
}

/// The flags were chosen by the caller of the function that pins.
static bool passesFlagsOn(const Holding &H) {
  const auto *Call = dyn_cast<CallExpr>(H.site()->IgnoreParenCasts());
  std::optional<unsigned> N = H.acquiredBy()->Flags;
  if (!Call || !N || *N >= Call->getNumArgs())
    return false;
  const auto *Ref = dyn_cast<DeclRefExpr>(Call->getArg(*N)->IgnoreParenCasts());
  return Ref && isa<ParmVarDecl>(Ref->getDecl());
}

void PinFlags::checkEndFunction(const ReturnStmt *Return,
                                CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!ReleasedLater || !C.inTopFrame() || !hasHoldings(State) ||
      !isSuccess(Return, C))
    return;
  for (const HoldingEntry &E : holdings(State)) {
    if (!outlives(E, C))
      continue;
    const ExplodedNode *N = C.generateNonFatalErrorNode();
    if (!N)
      return;
    auto Report = makeReport(
        Bug,
        describe(E, Ground->index().model()) +
            (isSingle(E.second) ? " lives" : " live") +
            " on when the function has returned; FOLL_LONGTERM expected",
        E, N, C, *Ground,
        passesFlagsOn(E.second) ? C.getLocationContext()->getDecl()
                                : functionAround(E.second.site(), C));
    C.emitReport(std::move(Report));
    return;
  }
}

void registerPinFlags(CheckerManager &Mgr) {
  Mgr.registerChecker<PinFlags>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
