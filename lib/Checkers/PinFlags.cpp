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
#include "pagewarden/Engine/FieldFlow.h"
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

class PinFlags : public Checker<check::PreCall, check::PostCall,
                                check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPostCall(const CallEvent &Call, CheckerContext &C) const;
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
  void checkArguments(const model::Function &Fn, const CallExpr *Call,
                      const FunctionDecl *In, AnalysisManager &Mgr,
                      BugReporter &BR) const;
  void checkLifetime(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                     BugReporter &BR) const;

  const BugType Bug{this, "flags of an acquisition", "Linux page references",
                    /*SuppressOnSink=*/true};
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
  if (Any)
    checkLifetime(TU, Mgr, BR);
}

//===----------------------------------------------------------------------===//
// Rule 7: the lifetime of a pin
//===----------------------------------------------------------------------===//

void PinFlags::checkLifetime(const TranslationUnitDecl *TU,
                             AnalysisManager &Mgr, BugReporter &BR) const {}

void registerPinFlags(CheckerManager &Mgr) {
  Mgr.registerChecker<PinFlags>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
