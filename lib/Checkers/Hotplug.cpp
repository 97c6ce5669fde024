//===- Hotplug.cpp - Memory hotplug ---------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.Hotplug.  Rules (numbers as in docs/checks/linux.mm.Hotplug.md):
///
///   1. A function whose caller must hold the hotplug lock is reached from
///      code that cannot hold it: from a module, or from where code starts or
///      modules call in, with nobody on the way taking it.
///   2. The lock is given up before such a call, taken although it is held,
///      or still held at a return of a function that gives it up elsewhere.
///   3. A callback, notifier or memory group is left behind: a module never
///      undoes it, or a failing path of the function that made it does not.
///   4. A result that says whether anything happened is ignored, or the range
///      is given up although its memory may still be there.
///   5. Arguments that the kernel refuses: name, alignment, flags, protection,
///      a node for a memory group and the other way round.
///   6. Memory of a device counts as the end of memory.
///
/// Rule 2, the failing paths of rule 3 and the range of rule 4 follow paths;
/// the rest is AST.
///
/// Not handled: locks taken by callers in other files (assumed), and undoing
/// in another file of the same module (assumed where the file is part of one).
///
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "PageOrigins.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;
using namespace ento;

/// The lock as this path has seen it: 0 not at all, 1 taken, 2 given up.
REGISTER_TRAIT_WITH_PROGRAMSTATE(HotplugLock, unsigned)
/// What was opened on this path and not undone: the mark of the call, where.
REGISTER_MAP_WITH_PROGRAMSTATE(HotplugOpen, const void *, const Expr *)
/// The value that the opening call returned.
REGISTER_MAP_WITH_PROGRAMSTATE(HotplugResult, const void *, SVal)
/// The last removal on this path: its call, and what it returned.
REGISTER_TRAIT_WITH_PROGRAMSTATE(HotplugRemoval, const void *)
REGISTER_TRAIT_WITH_PROGRAMSTATE(HotplugRemoved, const void *)

namespace pagewarden {

namespace {

/// How many calls deep an undo is looked for.
constexpr unsigned UndoDepth = 3;

enum LockState : unsigned { Unseen, Taken, GivenUp };

class Hotplug : public Checker<check::PreCall, check::PostCall,
                               check::PreStmt<ReturnStmt>, check::LiveSymbols,
                               check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPostCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPreStmt(const ReturnStmt *Return, CheckerContext &C) const;
  void checkLiveSymbols(ProgramStateRef State, SymbolReaper &Reaper) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  Marked marked() const { return Marked(Ground->index().model()); }
  void report(llvm::StringRef Text, CheckerContext &C) const;
  void report(const FunctionDecl *Fn, const Stmt *At, const llvm::Twine &Text,
              AnalysisManager &Mgr, BugReporter &BR) const;
  void checkLocked(const TranslationUnitDecl *TU,
                   const std::vector<const FunctionDecl *> &Functions,
                   AnalysisManager &Mgr, BugReporter &BR) const;
  void checkUndone(const TranslationUnitDecl *TU,
                   const std::vector<const FunctionDecl *> &Functions,
                   AnalysisManager &Mgr, BugReporter &BR) const;
  void checkIgnored(bool Module, const FunctionDecl *Fn, AnalysisManager &Mgr,
                    BugReporter &BR) const;
  void checkArguments(const FunctionDecl *Fn, const CallExpr *Call,
                      AnalysisManager &Mgr, BugReporter &BR) const;
  void checkFlags(const FunctionDecl *Fn, AnalysisManager &Mgr,
                  BugReporter &BR) const;
  void checkGroups(const std::vector<const FunctionDecl *> &Functions,
                   AnalysisManager &Mgr, BugReporter &BR) const;
  void checkEnd(const FunctionDecl *Fn, AnalysisManager &Mgr,
                BugReporter &BR) const;
  void checkParameters(const FunctionDecl *Fn, AnalysisManager &Mgr,
                       BugReporter &BR) const;
  bool undoes(const FunctionDecl *Fn, const model::Mark *Opens,
              unsigned Depth = 0) const;
  bool callerUndoes(const FunctionDecl *Fn, const model::Mark *Opens,
                    unsigned Depth) const;
  bool mustUndo(const FunctionDecl *Fn, const model::Mark *Opens) const;

  const BugType Bug{this, "memory hotplug", "Linux memory hotplug",
                    /*SuppressOnSink=*/true};
};

} // namespace

void Hotplug::report(llvm::StringRef Text, CheckerContext &C) const {
  if (const ExplodedNode *N = C.generateNonFatalErrorNode())
    C.emitReport(std::make_unique<PathSensitiveBugReport>(Bug, Text, N));
}

void Hotplug::report(const FunctionDecl *Fn, const Stmt *At,
                     const llvm::Twine &Text, AnalysisManager &Mgr,
                     BugReporter &BR) const {
  BR.EmitBasicReport(
      Fn, this, "memory hotplug", "Linux memory hotplug", Text.str(),
      PathDiagnosticLocation::createBegin(At, Mgr.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(Fn)),
      At->getSourceRange());
}

static std::string quoted(const CallEvent &Call) {
  return "'" + Call.getCalleeIdentifier()->getName().str() + "'";
}

static std::string quoted(const CallExpr *Call) {
  return "'" + Call->getDirectCallee()->getNameAsString() + "'";
}

//===----------------------------------------------------------------------===//
// Rule 2, and what a failing path leaves behind
//===----------------------------------------------------------------------===//

void Hotplug::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  Marked M = marked();
  ProgramStateRef State = C.getState();
  unsigned Lock = State->get<HotplugLock>();
  if (const model::Mark *Takes = M.find("takes-lock", Call);
      Takes && Lock == Taken)
    return report(quoted(Call) + " takes " + Takes->Text +
                      ", which is held here; the kernel waits for itself",
                  C);
  if (const model::Mark *Needs = M.find("needs-lock", Call);
      Needs && Lock == GivenUp)
    return report(quoted(Call) + " needs " + Needs->Text +
                      ", which was given up on this path",
                  C);
  if (const model::Mark *Frees = M.find("frees-range", Call))
    if (const auto *At =
            static_cast<const CallExpr *>(State->get<HotplugRemoval>())) {
      const auto *Result = static_cast<SymbolRef>(State->get<HotplugRemoved>());
      if (Result && !State->getConstraintManager()
                         .isNull(State, Result)
                         .isConstrainedTrue())
        return report("the range is given up with " + quoted(Call) +
                          ", although " + quoted(At) +
                          " may have failed: " + Frees->Text,
                      C);
    }
  // An undo of whatever kind; arguments are not compared.
  const IdentifierInfo *Name = Call.getCalleeIdentifier();
  if (!Name)
    return;
  for (auto [Key, At] : State->get<HotplugOpen>()) {
    const auto *Opens = static_cast<const model::Mark *>(Key);
    const auto *Callee = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
    const FunctionDecl *Body = Callee ? Callee->getDefinition() : nullptr;
    bool Undone =
        llvm::is_contained(Opens->With, Name->getName()) ||
        (Body && !Body->isInlineSpecified() && undoes(Body, Opens, UndoDepth));
    // An action that is left with somebody who will take it.
    for (unsigned I = 0; I < Call.getNumArgs() && !Undone; ++I) {
      const auto *Action = dyn_cast_or_null<FunctionDecl>(
          Call.getArgExpr(I) ? declOf(Call.getArgExpr(I)) : nullptr);
      Action = Action ? Action->getDefinition() : nullptr;
      Undone = Action && undoes(Action, Opens, UndoDepth);
    }
    if (Undone)
      State = State->remove<HotplugOpen>(Key);
  }
  C.addTransition(State);
}

void Hotplug::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  Marked M = marked();
  ProgramStateRef State = C.getState();
  if (M.find("locks", Call)) {
    // A try that can fail says 0 when the lock was taken.
    auto Tried = Call.getReturnValue().getAs<DefinedSVal>();
    if (!Call.getResultType()->isVoidType() && Tried) {
      auto [Failed, Done] = State->assume(*Tried);
      if (Failed)
        C.addTransition(Failed);
      if (Done)
        C.addTransition(Done->set<HotplugLock>(Taken));
      return;
    }
    State = State->set<HotplugLock>(Taken);
  }
  if (M.find("unlocks", Call))
    State = State->set<HotplugLock>(GivenUp);
  const auto *At = dyn_cast_or_null<CallExpr>(Call.getOriginExpr());
  if (At && M.find("removes-range", Call)) {
    State = State->set<HotplugRemoval>(At);
    State = State->set<HotplugRemoved>(Call.getReturnValue().getAsSymbol());
  }
  if (const model::Mark *Opens = M.find("opens", Call);
      Opens && Call.getOriginExpr()) {
    State = State->set<HotplugOpen>(Opens, Call.getOriginExpr());
    State = State->set<HotplugResult>(Opens, Call.getReturnValue());
  }
  if (State != C.getState())
    C.addTransition(State);
}

static bool isNegative(SVal V, ProgramStateRef State) {
  if (const llvm::APSInt *Value = V.getAsInteger())
    return Value->isSigned() && Value->isNegative();
  auto Known = V.getAs<NonLoc>();
  if (!Known)
    return false;
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  QualType Int = V.getType(Builder.getContext());
  if (Int.isNull() || !Int->isSignedIntegerOrEnumerationType())
    return false;
  SVal Less =
      Builder.evalBinOp(State, BO_LT, *Known, Builder.makeIntVal(0, Int),
                        Builder.getConditionType());
  auto Condition = Less.getAs<DefinedSVal>();
  return Condition && !State->assume(*Condition, false);
}

/// Not zero on this path.
static bool isNonZero(SVal V, ProgramStateRef State) {
  auto Known = V.getAs<DefinedSVal>();
  return Known && !State->assume(*Known, false);
}

/// \p Fn undoes it, itself or in functions of this file that it calls, up to
/// \p Depth calls away.
bool Hotplug::undoes(const FunctionDecl *Fn, const model::Mark *Opens,
                     unsigned Depth) const {
  return llvm::any_of(callsIn(Fn->getBody()), [&](const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getIdentifier())
      return false;
    if (llvm::is_contained(Opens->With, Callee->getName()))
      return true;
    const FunctionDecl *Body = Callee->getDefinition();
    return Depth && Body && !Body->isInlineSpecified() &&
           undoes(Body, Opens, Depth - 1);
  });
}

/// A function of this file on the way to \p Fn undoes it.
bool Hotplug::callerUndoes(const FunctionDecl *Fn, const model::Mark *Opens,
                           unsigned Depth) const {
  return llvm::any_of(
      ownFunctions(Fn->getASTContext().getTranslationUnitDecl()),
      [&](const FunctionDecl *Caller) {
        if (Caller == Fn ||
            llvm::none_of(
                callsIn(Caller->getBody()), [&](const CallExpr *Call) {
                  const FunctionDecl *To = Call->getDirectCallee();
                  return To && To->getCanonicalDecl() == Fn->getCanonicalDecl();
                }))
          return false;
        return undoes(Caller, Opens, UndoDepth) ||
               (Depth && callerUndoes(Caller, Opens, Depth - 1));
      });
}

/// Whether a failing \p Fn owes the undo: it makes it on another path, or it
/// is a file's own function, somebody in the file makes it, and nobody on the
/// way to \p Fn does.
bool Hotplug::mustUndo(const FunctionDecl *Fn, const model::Mark *Opens) const {
  if (undoes(Fn, Opens))
    return true;
  if (Fn->isExternallyVisible() || callerUndoes(Fn, Opens, UndoDepth))
    return false;
  return llvm::any_of(
      ownFunctions(Fn->getASTContext().getTranslationUnitDecl()),
      [&](const FunctionDecl *Other) { return undoes(Other, Opens); });
}

/// The mark of the unlocking call, if \p Fn both takes the lock and gives it
/// up.
static const model::Mark *locksAndUnlocks(const FunctionDecl *Fn,
                                          const Marked &M) {
  const model::Mark *Unlocks = nullptr;
  bool Locks = false;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    if (const model::Mark *Found = M.find("unlocks", Call))
      Unlocks = Found;
    Locks |= M.find("locks", Call) != nullptr;
  }
  return Locks ? Unlocks : nullptr;
}

void Hotplug::checkPreStmt(const ReturnStmt *Return, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const auto *Fn = dyn_cast<FunctionDecl>(C.getLocationContext()->getDecl());
  if (!Fn)
    return;
  if (State->get<HotplugLock>() == Taken)
    if (const model::Mark *Unlocks = locksAndUnlocks(Fn, marked()))
      return report(Unlocks->Text + " is still held at this return", C);
  const Expr *Value = Return->getRetValue();
  if (!Value || !Value->getType()->isIntegerType())
    return;
  SVal Ret = State->getSVal(Value, C.getLocationContext());
  std::vector<const CallExpr *> Calls = callsIn(Fn->getBody());
  for (auto [Key, At] : State->get<HotplugOpen>()) {
    const auto *Opens = static_cast<const model::Mark *>(Key);
    const SVal *Result = State->get<HotplugResult>(Key);
    // Nothing was opened when the call itself failed, and a function whose
    // result is the call's does not fail after it.
    if (!Result || *Result == Ret || isNegative(*Result, State) ||
        (Result->getAs<Loc>() && State->isNull(*Result).isConstrainedTrue()) ||
        !llvm::is_contained(Calls, At->IgnoreParenCasts()))
      continue;
    bool Fails = isNegative(Ret, State) ||
                 (isNonZero(Ret, State) &&
                  !isa<IntegerLiteral>(Value->IgnoreParenCasts()));
    // Who undoes nothing here may have a caller that does.
    if (!Fails || !mustUndo(Fn, Opens))
      continue;
    return report(Opens->Text +
                      " made here is left behind when the function "
                      "fails; '" +
                      Opens->With.front() + "' expected",
                  C);
  }
}

/// Whether the opening call failed is asked at the return.
void Hotplug::checkLiveSymbols(ProgramStateRef State,
                               SymbolReaper &Reaper) const {
  for (auto [Key, Result] : State->get<HotplugResult>())
    for (SymbolRef Sym : Result.symbols())
      Reaper.markLive(Sym);
  if (const auto *Sym = static_cast<SymbolRef>(State->get<HotplugRemoved>()))
    Reaper.markLive(Sym);
}

//===----------------------------------------------------------------------===//
// Rule 1
//===----------------------------------------------------------------------===//

namespace {

/// Who calls whom in one file, and where code starts.
struct CallGraph {
  llvm::MapVector<const FunctionDecl *,
                  llvm::SmallVector<const FunctionDecl *, 4>>
      Callers;
  llvm::DenseSet<const FunctionDecl *> Locking;
  /// Why a function runs without the lock, in words.
  llvm::DenseMap<const FunctionDecl *, std::string> Starts;
};

} // namespace

static const FunctionDecl *functionOf(const Expr *E) {
  const auto *Fn = dyn_cast_or_null<FunctionDecl>(declOf(E));
  return Fn ? Fn->getCanonicalDecl() : nullptr;
}

/// Functions that the initialiser \p List puts where the model says that code
/// starts without the lock.
static void addStarts(const InitListExpr *List, const Marked &M,
                      CallGraph &Graph) {
  if (List->isSyntacticForm() && List->getSemanticForm())
    List = List->getSemanticForm();
  const RecordDecl *Record = List->getType()->getAsRecordDecl();
  auto Field = Record ? Record->field_begin() : RecordDecl::field_iterator();
  for (const Expr *Init : List->inits()) {
    const FieldDecl *At = nullptr;
    if (Record && !Record->isUnion() && Field != Record->field_end())
      At = *Field++;
    else if (Record && Record->isUnion())
      At = List->getInitializedFieldInUnion();
    if (const auto *Inner =
            dyn_cast<InitListExpr>(Init->IgnoreParenImpCasts())) {
      addStarts(Inner, M, Graph);
      continue;
    }
    const FunctionDecl *Fn = functionOf(Init);
    if (Fn && At && M.find("starts-unlocked", At))
      Graph.Starts.try_emplace(Fn, "a '" + At->getParent()->getNameAsString() +
                                       "' calls '" + Fn->getNameAsString() +
                                       "'");
  }
}

static CallGraph graphOf(const TranslationUnitDecl *TU,
                         const std::vector<const FunctionDecl *> &Functions,
                         const Marked &M) {
  CallGraph Graph;
  for (const FunctionDecl *Fn : Functions) {
    const FunctionDecl *Self = Fn->getCanonicalDecl();
    if (Fn->isExternallyVisible() && isExported(Fn))
      Graph.Starts.try_emplace(Self, "'" + Fn->getNameAsString() +
                                         "' is exported to modules, which "
                                         "cannot take it");
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const auto *Op = dyn_cast<BinaryOperator>(S);
          Op && Op->getOpcode() == BO_Assign) {
        const FunctionDecl *Target = functionOf(Op->getRHS());
        const auto *Field = dyn_cast_or_null<FieldDecl>(declOf(Op->getLHS()));
        if (Target && M.find("starts-unlocked", Field))
          Graph.Starts.try_emplace(Target, "work calls '" +
                                               Target->getNameAsString() + "'");
      }
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call)
        return;
      if (M.find("locks", Call))
        Graph.Locking.insert(Self);
      if (const FunctionDecl *Callee = Call->getDirectCallee())
        Graph.Callers[Callee->getCanonicalDecl()].push_back(Self);
      if (M.find("starts-unlocked", Call))
        for (const Expr *Arg : Call->arguments())
          if (const FunctionDecl *Started = functionOf(Arg))
            Graph.Starts.try_emplace(Started, "'" + Started->getNameAsString() +
                                                  "' is a thread");
    });
  }
  for (const Decl *D : TU->decls())
    if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->getInit())
      if (const auto *List =
              dyn_cast<InitListExpr>(Var->getInit()->IgnoreParenImpCasts()))
        addStarts(List, M, Graph);
  return Graph;
}

/// Why \p Fn can run without the lock, or "".
static std::string whyUnlocked(const FunctionDecl *Fn, const CallGraph &Graph,
                               llvm::DenseSet<const FunctionDecl *> &Seen) {
  if (!Seen.insert(Fn).second || Graph.Locking.contains(Fn))
    return "";
  auto Start = Graph.Starts.find(Fn);
  if (Start != Graph.Starts.end())
    return Start->second;
  const auto *It = Graph.Callers.find(Fn);
  if (It != Graph.Callers.end())
    for (const FunctionDecl *Caller : It->second)
      if (std::string Why = whyUnlocked(Caller, Graph, Seen); !Why.empty())
        return Why;
  return "";
}

void Hotplug::checkLocked(const TranslationUnitDecl *TU,
                          const std::vector<const FunctionDecl *> &Functions,
                          AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  CallGraph Graph;
  bool Built = false, Module = false;
  for (const FunctionDecl *Fn : Functions) {
    // Where the rule is kept by whoever calls this in its turn.
    if (M.find("needs-lock", Fn))
      continue;
    for (const CallExpr *Call : callsIn(Fn->getBody())) {
      const model::Mark *Needs = M.find("needs-lock", Call);
      if (!Needs)
        continue;
      if (!Built) {
        Graph = graphOf(TU, Functions, M);
        Module = isModule(TU);
        Built = true;
      }
      if (Graph.Locking.contains(Fn->getCanonicalDecl()))
        continue;
      llvm::DenseSet<const FunctionDecl *> Seen;
      std::string Why = Module
                            ? "a module cannot take it"
                            : whyUnlocked(Fn->getCanonicalDecl(), Graph, Seen);
      if (!Why.empty())
        report(Fn, Call,
               quoted(Call) + " needs " + Needs->Text +
                   ", which is not held here: " + Why,
               Mgr, BR);
    }
  }
}

//===----------------------------------------------------------------------===//
// Rules 3 to 5
//===----------------------------------------------------------------------===//

void Hotplug::checkUndone(const TranslationUnitDecl *TU,
                          const std::vector<const FunctionDecl *> &Functions,
                          AnalysisManager &Mgr, BugReporter &BR) const {
  if (!isModule(TU))
    return;
  Marked M = marked();
  for (const FunctionDecl *Fn : Functions)
    for (const CallExpr *Call : callsIn(Fn->getBody())) {
      const model::Mark *Opens = M.find("opens", Call);
      if (!Opens || llvm::any_of(Functions, [&](const FunctionDecl *Other) {
            return undoes(Other, Opens);
          }))
        continue;
      report(Fn, Call,
             Opens->Text + " of a module is never given up; '" +
                 Opens->With.front() + "' expected before it is unloaded",
             Mgr, BR);
    }
}

void Hotplug::checkIgnored(bool Module, const FunctionDecl *Fn,
                           AnalysisManager &Mgr, BugReporter &BR) const {
  if (!Module)
    return;
  Marked M = marked();
  auto Look = [&](const Stmt *S) {
    const auto *E = dyn_cast_or_null<Expr>(S);
    const auto *Call =
        E ? dyn_cast<CallExpr>(E->IgnoreParenImpCasts()) : nullptr;
    const model::Mark *Must = Call ? M.find("must-use", Call) : nullptr;
    if (Must && !Call->getType()->isVoidType())
      report(Fn, Call,
             "result of " + quoted(Call) +
                 " is ignored; it may have failed: " + Must->Text,
             Mgr, BR);
  };
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Block = dyn_cast<CompoundStmt>(S))
      for (const Stmt *Child : Block->body())
        Look(Child);
    if (const auto *If = dyn_cast<IfStmt>(S)) {
      Look(If->getThen());
      Look(If->getElse());
    }
  });
}

/// The text that \p E certainly is, if it is a literal.
static const StringLiteral *literalOf(const Expr *E) {
  return dyn_cast<StringLiteral>(E->IgnoreParenCasts());
}

void Hotplug::checkArguments(const FunctionDecl *Fn, const CallExpr *Call,
                             AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  const ASTContext &Ctx = Fn->getASTContext();
  if (const model::Mark *Named = M.find("names-resource", Call))
    for (unsigned Arg : Named->Arguments) {
      const StringLiteral *Name =
          Arg < Call->getNumArgs() ? literalOf(Call->getArg(Arg)) : nullptr;
      if (Name && Name->isOrdinary() &&
          (!Name->getString().starts_with(Named->Text) ||
           !Name->getString().ends_with(")")))
        report(Fn, Call,
               quoted(Call) + " refuses the resource name \"" +
                   Name->getString() + "\"; it must be \"" + Named->Text +
                   "...)\"",
               Mgr, BR);
    }
  if (const model::Mark *Aligned = M.find("aligned-range", Call))
    for (unsigned Arg : Aligned->Arguments) {
      Expr::EvalResult Value;
      if (Arg >= Call->getNumArgs() ||
          !Call->getArg(Arg)->EvaluateAsInt(Value, Ctx) || !Value.Val.getInt())
        continue;
      report(Fn, Call,
             "a constant as the range of " + quoted(Call) +
                 " is wrong where a memory block is larger; a multiple of '" +
                 Aligned->Text + "' expected",
             Mgr, BR);
      break;
    }
}

/// A flag that the code writes somewhere, by its macro or enumerator, with the
/// mark of \p Kind; and the flag's name.
static const model::Mark *flagIn(const Stmt *S, llvm::StringRef Kind,
                                 const Marked &M, const ASTContext &Ctx,
                                 llvm::StringRef *Name = nullptr) {
  const model::Mark *Found = nullptr;
  forEachStmt(S, [&](const Stmt *At) {
    const auto *E = dyn_cast<Expr>(At);
    if (!E || Found)
      return;
    Found = macroAround(E, Kind, M, Ctx);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E); Ref && !Found)
      Found = M.find(Kind, Ref->getDecl()->getName(), Ctx);
    if (Found && Name)
      *Name = Found->Names.front();
  });
  return Found;
}

/// Flags without what they need, in the argument or beside it.
void Hotplug::checkFlags(const FunctionDecl *Fn, AnalysisManager &Mgr,
                         BugReporter &BR) const {
  Marked M = marked();
  const ASTContext &Ctx = Fn->getASTContext();
  std::vector<const CallExpr *> Calls = callsIn(Fn->getBody());
  for (const CallExpr *Call : Calls) {
    const model::Mark *Takes = M.find("takes-flags", Call);
    if (!Takes || Takes->Arguments.empty() ||
        Takes->Arguments.front() >= Call->getNumArgs())
      continue;
    const Expr *Flags = Call->getArg(Takes->Arguments.front());
    llvm::StringRef Name;
    // A flag in a variable may be the one that is missing.
    bool Variable = mentions(Flags, [](const Expr *E) {
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      return Ref && isa<VarDecl>(Ref->getDecl());
    });
    if (const model::Mark *Needs = flagIn(Flags, "flag-needs", M, Ctx, &Name);
        Needs && !Variable && !flagIn(Flags, "flag-needed", M, Ctx))
      report(Fn, Call, Name + " has no effect without " + Needs->With.front(),
             Mgr, BR);
    const model::Mark *Asks = flagIn(Flags, "flag-asks", M, Ctx, &Name);
    // What must be asked for first may be added to a variable.
    forEachStmt(Variable ? Fn->getBody() : nullptr, [&](const Stmt *S) {
      const auto *Op = dyn_cast<BinaryOperator>(S);
      const ValueDecl *To =
          Op && Op->isAssignmentOp() ? declOf(Op->getLHS()) : nullptr;
      if (To && !Asks && mentions(Flags, [&](const Expr *E) {
            const auto *Ref = dyn_cast<DeclRefExpr>(E);
            return Ref && Ref->getDecl() == To;
          }))
        Asks = flagIn(Op->getRHS(), "flag-asks", M, Ctx, &Name);
    });
    if (Asks && llvm::none_of(Calls, [&](const CallExpr *Other) {
          const FunctionDecl *To = Other->getDirectCallee();
          return To && To->getIdentifier() &&
                 llvm::is_contained(Asks->With, To->getName());
        }))
      report(Fn, Call,
             Name + " is passed to " + quoted(Call) + ": " + Asks->Text, Mgr,
             BR);
  }
}

//===----------------------------------------------------------------------===//
// Rule 5: nodes and memory groups
//===----------------------------------------------------------------------===//

namespace {

/// What the file puts into variables and fields: group numbers, other things.
struct GroupNumbers {
  llvm::DenseSet<const ValueDecl *> Groups, Nodes, Others;

  /// All that \p E ever is.
  bool isGroup(const ValueDecl *D) const {
    return Groups.contains(D) && !Nodes.contains(D) && !Others.contains(D);
  }
  bool isNode(const ValueDecl *D) const {
    return Nodes.contains(D) && !Groups.contains(D) && !Others.contains(D);
  }
};

} // namespace

static void addGroups(const FunctionDecl *Fn, const Marked &M,
                      GroupNumbers &Numbers) {
  auto See = [&](const ValueDecl *D, const Expr *From) {
    if (!D || !From || !D->getType()->isIntegerType())
      return;
    From = From->IgnoreParenCasts();
    const auto *Call = dyn_cast<CallExpr>(From);
    const ValueDecl *Other = declOf(From);
    if (Call && M.find("group-number", Call))
      Numbers.Groups.insert(D);
    else if (Call && M.find("node-number", Call))
      Numbers.Nodes.insert(D);
    // An error code passes through the same variable.
    else if (Other && Numbers.Groups.contains(Other))
      Numbers.Groups.insert(D);
    else if (Other && Numbers.isNode(Other))
      Numbers.Nodes.insert(D);
    else if (!From->isIntegerConstantExpr(Fn->getASTContext()))
      Numbers.Others.insert(D);
  };
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Op = dyn_cast<BinaryOperator>(S);
        Op && Op->getOpcode() == BO_Assign)
      See(declOf(Op->getLHS()), Op->getRHS());
    if (const auto *Group = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Group->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          See(Var, Var->getInit());
  });
}

void Hotplug::checkGroups(const std::vector<const FunctionDecl *> &Functions,
                          AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  GroupNumbers Numbers;
  for (const FunctionDecl *Fn : Functions)
    addGroups(Fn, M, Numbers);
  for (const FunctionDecl *Fn : Functions)
    for (const CallExpr *Call : callsIn(Fn->getBody())) {
      const model::Mark *Takes = M.find("takes-flags", Call);
      if (!Takes || Takes->Arguments.empty() ||
          Takes->Arguments.front() >= Call->getNumArgs())
        continue;
      const ASTContext &Ctx = Fn->getASTContext();
      const Expr *Flags = Call->getArg(Takes->Arguments.front());
      // A variable of the function's own: all that is put into it.
      bool Known = true;
      const bool Says = flagIn(Flags, "flag-says-group", M, Ctx) != nullptr;
      bool MaySay = Says;
      forEachStmt(Flags, [&](const Stmt *S) {
        const auto *Ref = dyn_cast<DeclRefExpr>(S);
        const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
        if (!Var)
          return;
        Known &= Var->isLocalVarDecl();
        MaySay |= flagIn(Var->getInit(), "flag-says-group", M, Ctx) != nullptr;
        forEachStmt(Fn->getBody(), [&](const Stmt *At) {
          const auto *Address = dyn_cast<UnaryOperator>(At);
          Known &= !Address || Address->getOpcode() != UO_AddrOf ||
                   declOf(Address->getSubExpr()) != Var;
          const auto *Op = dyn_cast<BinaryOperator>(At);
          if (Op && Op->isAssignmentOp() && declOf(Op->getLHS()) == Var) {
            MaySay |=
                flagIn(Op->getRHS(), "flag-says-group", M, Ctx) != nullptr;
            Known &= !mentions(Op->getRHS(), [](const Expr *E) {
              const auto *Other = dyn_cast<DeclRefExpr>(E);
              return isa<CallExpr>(E) ||
                     (Other && isa<VarDecl>(Other->getDecl()));
            });
          }
        });
      });
      const Expr *Node = Call->getArg(0)->IgnoreParenCasts();
      const auto *Asked = dyn_cast<CallExpr>(Node);
      const ValueDecl *D = declOf(Node);
      if (!MaySay && Known && D && Numbers.isGroup(D))
        report(Fn, Call,
               "the number of a memory group is passed to " + quoted(Call) +
                   " as a node; MHP_NID_IS_MGID expected",
               Mgr, BR);
      if (Says &&
          ((Asked && M.find("node-number", Asked)) || (D && Numbers.isNode(D))))
        report(Fn, Call,
               "a node is passed to " + quoted(Call) +
                   " as the number of a memory group, which "
                   "MHP_NID_IS_MGID says",
               Mgr, BR);
    }
}

//===----------------------------------------------------------------------===//
// Rule 6: where memory ends
//===----------------------------------------------------------------------===//

static bool takesParameters(const FunctionDecl *Fn, const Marked &M) {
  return llvm::any_of(Fn->parameters(), [&](const ParmVarDecl *Param) {
    QualType To = Param->getType()->getPointeeType();
    const RecordDecl *Record = To.isNull() ? nullptr : To->getAsRecordDecl();
    return Record && Record->getDefinition() &&
           llvm::any_of(Record->getDefinition()->fields(),
                        [&](const FieldDecl *Field) {
                          return M.find("adds-device-memory", Field);
                        });
  });
}

/// The mark of a variable with the end of memory that \p S sets, or null.
static const model::Mark *setsEnd(const Stmt *S, const Marked &M,
                                  const ASTContext &Ctx) {
  const model::Mark *Found = nullptr;
  forEachStmt(S, [&](const Stmt *At) {
    const auto *Op = dyn_cast<BinaryOperator>(At);
    const auto *Var = Op && Op->isAssignmentOp()
                          ? dyn_cast_or_null<VarDecl>(declOf(Op->getLHS()))
                          : nullptr;
    if (Var && Var->hasGlobalStorage() && !Found)
      Found = M.find("memory-end", Var->getName(), Ctx);
  });
  return Found;
}

void Hotplug::checkEnd(const FunctionDecl *Fn, AnalysisManager &Mgr,
                       BugReporter &BR) const {
  Marked M = marked();
  const ASTContext &Ctx = Fn->getASTContext();
  if (!takesParameters(Fn, M) || mentions(Fn->getBody(), [&](const Expr *E) {
        const auto *Member = dyn_cast<MemberExpr>(E);
        return Member && M.find("adds-device-memory",
                                dyn_cast<FieldDecl>(Member->getMemberDecl()));
      }))
    return;
  const Stmt *At = nullptr;
  const model::Mark *Rule = nullptr;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (At)
      return;
    if (const auto *Op = dyn_cast<BinaryOperator>(S))
      Rule = setsEnd(Op, M, Ctx);
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *To = Call->getDirectCallee();
          To && To->getDefinition() && !takesParameters(To, M))
        Rule = setsEnd(To->getDefinition()->getBody(), M, Ctx);
    if (Rule)
      At = S;
  });
  if (At)
    report(Fn, At,
           "memory that is added becomes the end of memory: " + Rule->Text, Mgr,
           BR);
}

/// Local structures that are filled here, with a field left out that the
/// kernel asks for.
void Hotplug::checkParameters(const FunctionDecl *Fn, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  Marked M = marked();
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Group = dyn_cast<DeclStmt>(S);
    if (!Group)
      return;
    for (const Decl *D : Group->decls()) {
      const auto *Var = dyn_cast<VarDecl>(D);
      const auto *List =
          Var ? dyn_cast_or_null<InitListExpr>(Var->getInit()) : nullptr;
      const RecordDecl *Record =
          List ? Var->getType()->getAsRecordDecl() : nullptr;
      if (!Record)
        continue;
      if (List->isSyntacticForm() && List->getSemanticForm())
        List = List->getSemanticForm();
      for (const FieldDecl *Field : Record->fields()) {
        const model::Mark *Needed = M.find("parameter-needs", Field);
        if (!Needed || Field->getFieldIndex() >= List->getNumInits() ||
            !isa<ImplicitValueInitExpr>(List->getInit(Field->getFieldIndex())))
          continue;
        bool Set = false;
        forEachStmt(Fn->getBody(), [&](const Stmt *Other) {
          if (const auto *Op = dyn_cast<BinaryOperator>(Other);
              Op && Op->isAssignmentOp()) {
            const Expr *To = Op->getLHS()->IgnoreParenCasts();
            while (const auto *Member = dyn_cast<MemberExpr>(To)) {
              Set |= Member->getMemberDecl() == Field;
              To = Member->getBase()->IgnoreParenCasts();
            }
          }
        });
        if (!Set)
          report(Fn, List,
                 "'" + Field->getName() +
                     "' of these parameters is not set: " + Needed->Text,
                 Mgr, BR);
      }
    }
  });
}

void Hotplug::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                           BugReporter &BR) const {
  std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  checkLocked(TU, Functions, Mgr, BR);
  checkUndone(TU, Functions, Mgr, BR);
  bool Module = isModule(TU);
  for (const FunctionDecl *Fn : Functions) {
    checkIgnored(Module, Fn, Mgr, BR);
    for (const CallExpr *Call : callsIn(Fn->getBody()))
      checkArguments(Fn, Call, Mgr, BR);
    checkFlags(Fn, Mgr, BR);
    checkEnd(Fn, Mgr, BR);
    checkParameters(Fn, Mgr, BR);
  }
  checkGroups(Functions, Mgr, BR);
}

void registerHotplug(CheckerManager &Mgr) {
  Mgr.registerChecker<Hotplug>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
