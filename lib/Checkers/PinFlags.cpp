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
///   3. A truth value, a bare 1 or an enumerator of something else where flags
///      are expected.
///   4. Arguments in the order of another function: behind casts, or the flags
///      where the number of pages should be.
///   5. mmap_lock is held where the function takes it, or is not held where the
///      function needs it.
///   6. A parameter for the flags, and constant flags in its place.
///   7. A pin that outlives the call without FOLL_LONGTERM, or a reference that
///      does where a pin should be.
///   8. Pages that were not taken for writing are written or dirtied.
///
/// What the flags mean is read from the code under analysis.
///
/// Not handled: one mmap_lock is like another, whatever mm it belongs to; how
/// long code outside the file keeps what it is given.
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
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace ento;

namespace {
/// What a path knows of mmap_lock.  NotHeld: something was called that must not
/// be called with it.
enum class MmapLock : unsigned { Unknown, Read, Write, LetGo, NotHeld };
} // namespace

REGISTER_TRAIT_WITH_PROGRAMSTATE(MmapLockState, unsigned)
/// Holdings that unknown code has seen, and whose owner was handed to something
/// that lives on: a list, a tree.
REGISTER_SET_WITH_PROGRAMSTATE(KeptAfterwards, const MemRegion *)

namespace pagewarden {

using model::Role;

namespace {

class PinFlags
    : public Checker<check::PreCall, check::PostCall, check::Location,
                     check::EndFunction, check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPostCall(const CallEvent &Call, CheckerContext &C) const;
  void checkLocation(SVal Location, bool IsLoad, const Stmt *S,
                     CheckerContext &C) const;
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
  bool isReadOnly(const Holding &H, CheckerContext &C) const;
  bool reportWritten(const HoldingEntry &E, const llvm::Twine &How,
                     CheckerContext &C) const;
  bool checkWritten(const model::Function &Fn, const CallEvent &Call,
                    CheckerContext &C) const;
  void checkLock(const model::Function &Fn, const CallEvent &Call,
                 CheckerContext &C) const;
  void checkFlagsArgument(const model::Function &Fn, const Expr *Flags,
                          const FunctionDecl *In, AnalysisManager &Mgr,
                          BugReporter &BR) const;
  void findLives(const TranslationUnitDecl *TU) const;
  void checkArguments(const model::Function &Fn, const CallExpr *Call,
                      const FunctionDecl *In, AnalysisManager &Mgr,
                      BugReporter &BR) const;
  void noteKept(const model::Function &Fn, const CallEvent &Call,
                CheckerContext &C) const;
  bool isElsewhere(const HoldingEntry &E, ProgramStateRef State) const;
  bool outlives(const HoldingEntry &E, CheckerContext &C) const;

  const BugType Bug{this, "flags of an acquisition", "Linux page references",
                    /*SuppressOnSink=*/true};
  /// Resources that code outside gives back at a time of its own, through this
  /// file, or without it where the file never does.
  mutable llvm::StringSet<> ReleasedLater, ReleasedElsewhere;
  /// Resources of which single ones stay in what they are stored in.
  mutable llvm::StringSet<> KeptWhenStored;
  /// Functions of the file that take or release mmap_lock.
  mutable FileCalls::Set Lockers;
  /// Acquisitions that were reported as long-lived, and on the way from which
  /// function: the next function has nothing new to say.
  mutable llvm::DenseMap<const Expr *, const Decl *> Told;
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
  if (!Fn || !Call.getOriginExpr())
    return;
  if (!isOurs(Fn)) {
    if (!checkWritten(*Fn, Call, C))
      noteKept(*Fn, Call, C);
    return;
  }
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
  else if (Lock == MmapLock::NotHeld && Fn.hasContext("mmap-lock-held"))
    report("'" + Fn.Name +
               "' needs mmap_lock, which is not held: what was called before "
               "on this path must not be called with it",
           Call, C);
}

void PinFlags::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Ground->index().find(Call);
  MmapLock New = MmapLock(C.getState()->get<MmapLockState>());
  MmapLock Old = New;
  if (!Fn) {
    // A function of the file that was not entered may do anything to the lock.
    const auto *Callee = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
    if (New != MmapLock::Unknown && !C.wasInlined && Callee &&
        Lockers.contains(Callee->getCanonicalDecl()))
      C.addTransition(
          C.getState()->set<MmapLockState>(unsigned(MmapLock::Unknown)));
    return;
  }
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
  else if (Fn->hasContext("mmap-lock-not-held") && New == MmapLock::Unknown)
    New = MmapLock::NotHeld;
  if (New != Old)
    C.addTransition(C.getState()->set<MmapLockState>(unsigned(New)));
}

//===----------------------------------------------------------------------===//
// Rule 8: written all the same
//===----------------------------------------------------------------------===//

/// \p Fn writes to the page or dirties it; a release that computes whether it
/// dirties has a reason.
static bool isForWriting(const model::Function &Fn, const CallEvent &Call) {
  if (Fn.hasContext("writes-page"))
    return true;
  if (!Fn.hasContext("marks-dirty"))
    return false;
  if (Fn.TheRole != Role::Release)
    return true;
  const llvm::APSInt *Number =
      Call.getNumArgs() ? Call.getArgSVal(Call.getNumArgs() - 1).getAsInteger()
                        : nullptr;
  return Number && !Number->isZero();
}

/// Held, and taken from a user without FOLL_WRITE for certain.
bool PinFlags::isReadOnly(const Holding &H, CheckerContext &C) const {
  const llvm::APSInt *Flags = knownNumber(C.getState(), H.flags());
  if (!Flags || !H.isHeld() || H.isShared() || !isOurs(H.acquiredBy()))
    return false;
  std::optional<uint64_t> Write =
      FlagValues(C.getASTContext(), C.getPreprocessor()).of("FOLL_WRITE");
  return Write && !(Flags->getZExtValue() & *Write);
}

bool PinFlags::reportWritten(const HoldingEntry &E, const llvm::Twine &How,
                             CheckerContext &C) const {
  if (const ExplodedNode *N = C.generateNonFatalErrorNode())
    C.emitReport(makeReport(Bug,
                            (describe(E, Ground->index().model()) +
                             " without FOLL_WRITE " +
                             (isSingle(E.second) ? "is " : "are ") + How)
                                .str(),
                            E, N, C, *Ground));
  return true;
}

/// A store through the address that a page was mapped at.
void PinFlags::checkLocation(SVal Location, bool IsLoad, const Stmt *S,
                             CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (IsLoad || !hasHoldings(State))
    return;
  for (const HoldingEntry &E : holdings(State))
    if (isInside(E, Location, State) && isReadOnly(E.second, C)) {
      reportWritten(E, "written", C);
      return;
    }
}

bool PinFlags::checkWritten(const model::Function &Fn, const CallEvent &Call,
                            CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!hasHoldings(State) || !Fn.Object || !isForWriting(Fn, Call))
    return false;
  SVal Object = placeArg(Fn.Object, Call, C);
  for (const HoldingEntry &E : holdings(State))
    // What is written into the array is no page's.
    if ((Fn.Object.Array ? denotes(E, Object, State)
                         : denotesObject(E, Object, State)) &&
        isReadOnly(E.second, C))
      return reportWritten(
          E,
          (Fn.hasContext("writes-page") ? "written by '" : "dirtied by '") +
              Fn.Name + "'",
          C);
  return false;
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

static bool isFlagName(llvm::StringRef Name) {
  return Name.starts_with("FOLL_");
}

static const EnumConstantDecl *enumerator(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  return Ref ? dyn_cast<EnumConstantDecl>(Ref->getDecl()) : nullptr;
}

/// The enumerator of something else that \p E is, or may be; or null.
static const EnumConstantDecl *foreignEnumerator(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
    const EnumConstantDecl *First = foreignEnumerator(Choice->getTrueExpr());
    return First ? First : foreignEnumerator(Choice->getFalseExpr());
  }
  const EnumConstantDecl *Constant = enumerator(E);
  return Constant && !isFlagName(Constant->getName()) ? Constant : nullptr;
}

/// A 1 as it is written; the value of a macro has a name.
static bool isBareOne(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
    return isBareOne(Choice->getTrueExpr()) ||
           isBareOne(Choice->getFalseExpr());
  const auto *Literal = dyn_cast<IntegerLiteral>(E);
  return Literal && Literal->getValue() == 1 &&
         !Literal->getBeginLoc().isMacroID();
}

/// Some FOLL flag is named in \p E.
static bool namesFlag(const Stmt *S) {
  if (const auto *E = dyn_cast_or_null<Expr>(S))
    if (const EnumConstantDecl *Constant = enumerator(E))
      return isFlagName(Constant->getName());
  return S && llvm::any_of(S->children(), namesFlag);
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

void PinFlags::checkFlagsArgument(const model::Function &Fn, const Expr *Flags,
                                  const FunctionDecl *In, AnalysisManager &Mgr,
                                  BugReporter &BR) const {
  std::string Gets = "'" + Fn.Name + "' takes FOLL flags, and gets ";
  if (isTruth(Flags))
    reportAt(In, Flags,
             Gets + "a truth value: right only as long as FOLL_WRITE is 1", Mgr,
             BR);
  else if (const EnumConstantDecl *Other = foreignEnumerator(Flags))
    reportAt(In, Flags, Gets + "'" + Other->getName() + "', which is none", Mgr,
             BR);
  else if (isBareOne(Flags))
    reportAt(In, Flags,
             Gets + "a bare 1: right only as long as FOLL_WRITE is 1", Mgr, BR);
}

void PinFlags::checkArguments(const model::Function &Fn, const CallExpr *Call,
                              const FunctionDecl *In, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  if (!Fn.Flags || *Fn.Flags >= Call->getNumArgs())
    return;
  const Expr *Flags = Call->getArg(*Fn.Flags);
  checkFlagsArgument(Fn, Flags, In, Mgr, BR);
  if (Fn.Requested.Kind == model::Amount::Arg &&
      Fn.Requested.Value < Call->getNumArgs() &&
      namesFlag(Call->getArg(Fn.Requested.Value)))
    reportAt(In, Call->getArg(Fn.Requested.Value),
             "'" + Fn.Name + "' gets FOLL flags as the number of pages", Mgr,
             BR);
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
  Lockers.clear();
  ReleasedLater.clear();
  ReleasedElsewhere.clear();
  KeptWhenStored.clear();
  Told.clear();
  if (Any)
    findLives(TU);
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

/// The type, or what it points to, is a structure that an MMU notifier is in.
static bool hasNotifier(QualType Type, const model::Model &M) {
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const RecordDecl *Record = Type->getAsRecordDecl();
  Record = Record ? Record->getDefinition() : nullptr;
  return Record && llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
           const RecordDecl *Inner = Field->getType()->getAsRecordDecl();
           return Inner && Inner->getIdentifier() &&
                  M.mark("mm-watcher", Inner->getName());
         });
}

namespace {
/// Whether code looks at anything that is told when pages go away.
class WatcherFinder : public RecursiveASTVisitor<WatcherFinder> {
public:
  explicit WatcherFinder(const model::Model &M) : M(M) {}
  bool Found = false;
  bool VisitVarDecl(VarDecl *Var) {
    Found |= hasNotifier(Var->getType(), M);
    return !Found;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    Found |= hasNotifier(Member->getBase()->getType(), M);
    return !Found;
  }

private:
  const model::Model &M;
};
} // namespace

/// How long pages live, by who gives them back.  Where the file has an entry
/// that gives some back and takes none, they live until somebody outside calls
/// it; where it never gives any back, somebody outside does.  What a completion
/// handler gives back lives as long as the I/O.
void PinFlags::findLives(const TranslationUnitDecl *TU) const {
  const model::Model &M = Ground->index().model();
  FileCalls Calls(TU, Ground->index());
  FileCalls::Set Locking = Calls.callersOf([](const model::Function &Fn) {
    return llvm::any_of(Fn.Context, [](llvm::StringRef Word) {
      return Word.ends_with(":mmap-read") || Word.ends_with(":mmap-write");
    });
  });
  for (const FunctionDecl *D : mainFileFunctions(TU))
    if (Calls.reaches(D, Locking))
      Lockers.insert(D->getCanonicalDecl());
  // An MMU notifier makes the driver give the pages up when they go away.
  if (!Calls
           .callersOf([](const model::Function &Fn) {
             return Fn.hasContext("watches-mm");
           })
           .empty())
    return;
  WatcherFinder Watchers(M);
  for (const FunctionDecl *D : mainFileFunctions(TU))
    Watchers.TraverseDecl(const_cast<FunctionDecl *>(D));
  FileCalls::Set Take = Calls.callersOf([&](const model::Function &Fn) {
    return M.familyTaken(Fn) == "user-pages";
  });
  for (llvm::StringRef Resource : {"pin", "ref"}) {
    if (Resource == "ref" && Watchers.Found)
      continue;
    FileCalls::Set Give = Calls.callersOf([&](const model::Function &Fn) {
      return Fn.TheRole == Role::Release && Fn.Resource == Resource;
    });
    // A page that is stored stays there, unless something has an end that
    // tells.  An entry that takes one as well gives back the one before it.
    bool Ends = llvm::any_of(Calls.entries(), [&](const FunctionDecl *Entry) {
      return isCompletion(Entry) && Calls.reaches(Entry, Give);
    });
    if (Give.empty() && !Watchers.Found)
      ReleasedElsewhere.insert(Resource);
    else if (Resource == "pin" && !Watchers.Found && !Ends)
      KeptWhenStored.insert(Resource);
    if (llvm::any_of(Calls.entries(), [&](const FunctionDecl *Entry) {
          return !isCompletion(Entry) && Calls.reaches(Entry, Give) &&
                 !Calls.reaches(Entry, Take);
        }))
      ReleasedLater.insert(Resource);
  }
}

/// An array that the caller brought, by itself or as a part of an object that
/// it brought: for how long, it knows.  A single page in such an object is kept
/// there.
static bool isParameter(const MemRegion *Array) {
  SymbolRef Sym = memoryOf(Array);
  const MemRegion *Origin = Sym ? Sym->getOriginRegion() : nullptr;
  const auto *Var = dyn_cast_or_null<VarRegion>(Origin);
  if (!Var || !isa<ParmVarDecl>(Var->getDecl()))
    return false;
  const auto *Field = dyn_cast<FieldRegion>(arrayBase(Array));
  return !Field || Field->getDecl()->getType()->isArrayType();
}

/// What unknown code has seen may still be kept, or given back.
void PinFlags::noteKept(const model::Function &Fn, const CallEvent &Call,
                        CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  bool Hands = Fn.TheRole == Role::Transfer;
  if (!hasHoldings(State) || !Fn.Object ||
      (!Hands && Fn.TheRole != Role::Release))
    return;
  SVal Object = placeArg(Fn.Object, Call, C);
  for (const HoldingEntry &E : holdings(State))
    if (E.second.way() == Holding::Passed && leadsTo(E, Object, State))
      State = Hands ? State->add<KeptAfterwards>(E.first)
                    : State->remove<KeptAfterwards>(E.first);
  if (State != C.getState())
    C.addTransition(State);
}

/// The pages of \p E are in an object now that lives on.
bool PinFlags::isElsewhere(const HoldingEntry &E, ProgramStateRef State) const {
  const Holding &H = E.second;
  bool Stored = H.way() == Holding::Stored;
  if (!ReleasedLater.contains(H.resource()))
    return Stored && H.content() &&
           (ReleasedElsewhere.contains(H.resource()) ||
            (KeptWhenStored.contains(H.resource()) && isSingle(H)));
  return Stored || H.way() == Holding::Handed ||
         (H.way() == Holding::Passed &&
          State->contains<KeptAfterwards>(E.first)) ||
         (H.isHeld() && H.outlives() && !isParameter(E.first)) ||
         (H.resource() == "pin" && H.way() == Holding::Returned);
}

/// The pages of \p E are taken, not for long, and are somewhere else now.
bool PinFlags::outlives(const HoldingEntry &E, CheckerContext &C) const {
  const Holding &H = E.second;
  // The pages of an iterator are for one I/O.
  if (!isOurs(H.acquiredBy()) || !H.acquiredBy()->Flags ||
      !isElsewhere(E, C.getState()) || !mayBeNonEmpty(E, C.getState()))
    return false;
  // A reference cannot ask for it at all.
  if (H.resource() != "pin")
    return true;
  const llvm::APSInt *Flags = knownNumber(C.getState(), H.flags());
  std::optional<uint64_t> LongTerm =
      FlagValues(C.getASTContext(), C.getPreprocessor()).of("FOLL_LONGTERM");
  return Flags && LongTerm && !(Flags->getZExtValue() & *LongTerm);
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
  if ((ReleasedLater.empty() && ReleasedElsewhere.empty() &&
       KeptWhenStored.empty()) ||
      !C.inTopFrame() || !hasHoldings(State) || !isSuccess(Return, C))
    return;
  const ExplodedNode *N = nullptr;
  for (const HoldingEntry &E : holdings(State)) {
    const Decl *Top = C.getLocationContext()->getDecl();
    if (!outlives(E, C) ||
        Told.try_emplace(E.second.site(), Top).first->second != Top)
      continue;
    if (!N)
      N = C.generateNonFatalErrorNode();
    if (!N)
      return;
    bool Pin = E.second.resource() == "pin";
    C.emitReport(makeReport(
        Bug,
        describe(E, Ground->index().model()) +
            (isSingle(E.second) ? " lives" : " live") +
            " on when the function has returned; " +
            (Pin ? "" : "a pin with ") + "FOLL_LONGTERM expected",
        E, N, C, *Ground,
        passesFlagsOn(E.second) ? C.getLocationContext()->getDecl()
                                : functionAround(E.second.site(), C)));
  }
}

void registerPinFlags(CheckerManager &Mgr) {
  Mgr.registerChecker<PinFlags>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
