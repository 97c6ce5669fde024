//===- GfpContext.cpp - Sleeping where nothing may ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.GfpContext.  Rules (numbers as in
/// docs/checks/linux.mm.GfpContext.md):
///
///   1. An allocation that may sleep, or another call that does, where a
///      spinlock is held, interrupts or preemption are off, or RCU is read.
///   2. The same in a function that the kernel calls where nothing may sleep.
///   3. An allocation under a raw spinlock, even one that does not sleep.
///
/// Each through functions of the file.  What is held is what is held on every
/// way to a place: a dataflow over the statements, not over paths.
///
///        begin                          end, or what may be one
///     ──────────► held on all ways ──────────────────────────────► not known
///
/// Not handled: tried locks, locks taken in a branch, and what callers of other
/// files hold.
///
//===----------------------------------------------------------------------===//

#include "Dataflow.h"
#include "GfpMask.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ParentMap.h"
#include "clang/Lex/Lexer.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

/// One reason why nothing may sleep.
struct Section {
  const model::Mark *By = nullptr;
  const ValueDecl *Lock = nullptr; ///< null where there is none
  const Stmt *At = nullptr;        ///< null for a callback
  const FunctionDecl *In = nullptr;

  bool operator==(const Section &O) const {
    return By->Text == O.By->Text && Lock == O.Lock;
  }
  bool is(llvm::StringRef Word) const {
    return llvm::is_contained(By->With, Word);
  }
};

struct ContextState {
  llvm::SmallVector<Section, 2> Held;
  GfpVariables Masks;

  bool join(const ContextState &Other) {
    size_t Before = Held.size();
    llvm::erase_if(Held, [&](const Section &S) {
      return !llvm::is_contained(Other.Held, S);
    });
    bool Changed = Masks.join(Other.Masks);
    return Changed || Held.size() != Before;
  }
};

class GfpContext : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

  const BugType Bug{this, "sleeping where nothing may", "Linux contexts"};
  const BugType RemarkBug{this, "allocating under a raw lock",
                          ("Linux contexts" + RemarkSuffix).str()};
};

/// The flag with which an allocation may sleep, or nothing.
std::optional<uint64_t> blocking(const GfpReader &Reader,
                                 const model::Model &M) {
  for (const auto &Mark : M.marks())
    if (Mark->Kind == "gfp-blocks")
      return Reader.value(Mark->Names.front());
  return std::nullopt;
}

/// The check at work on one translation unit.
class ContextJudge {
public:
  ContextJudge(const GfpContext &Check, AnalysisManager &Mgr, BugReporter &BR)
      : Check(Check), Mgr(Mgr), BR(BR), Ctx(Mgr.getASTContext()),
        Marks(Check.Ground->index().model()),
        Reader(Ctx, Mgr.getPreprocessor(), Marks.model()),
        Sleepy(blocking(Reader, Marks.model())) {}

  void run(const TranslationUnitDecl *TU);

private:
  /// What a call does to the sections.
  struct Effect {
    const model::Mark *Begins = nullptr, *Ends = nullptr;
    /// It may end any of them.
    bool MayEnd = false;
  };

  const model::Mark *find(llvm::StringRef Kind, const CallExpr *Call) const;
  Effect effectOf(const CallExpr *Call);
  Effect bodyEffect(const FunctionDecl *Fn, unsigned Depth);
  void apply(const Stmt *S, ContextState &State, const FunctionDecl *In);
  bool asksWhere(const FunctionDecl *Fn);
  bool beginsSomething(const FunctionDecl *Fn);

  void judge(const FunctionDecl *Fn, ContextState AtEntry, unsigned Depth);
  void judgeCall(const CallExpr *Call, const ContextState &Here,
                 const FunctionDecl *In, unsigned Depth);
  const FunctionDecl *definitionHere(const FunctionDecl *Fn) const;
  void enter(const CallExpr *Call, const ContextState &Here,
             const FunctionDecl *In, unsigned Depth);
  bool isConditional(const Stmt *S, const FunctionDecl *In);
  void report(const CallExpr *Call, const llvm::Twine &What, const Section &Why,
              bool Remark, const FunctionDecl *In,
              const CallExpr *Inside = nullptr,
              const FunctionDecl *InsideIn = nullptr);
  void reportFlags(const CallExpr *Call, const Expr *Flags, const Section &Why,
                   const FunctionDecl *In);

  void collectCallbacks(const TranslationUnitDecl *TU);
  void addCallback(const Expr *E, const model::Mark *Mark);
  void collectFrom(const InitListExpr *List);
  const FunctionDecl *notifierCall(const Expr *E) const;

  static constexpr unsigned MaxDepth = 3;

  const GfpContext &Check;
  AnalysisManager &Mgr;
  BugReporter &BR;
  ASTContext &Ctx;
  Marked Marks;
  GfpReader Reader;
  std::optional<uint64_t> Sleepy;
  llvm::DenseMap<const FunctionDecl *, Effect> Bodies;
  llvm::DenseMap<const FunctionDecl *, bool> Asking;
  llvm::DenseMap<const FunctionDecl *, const model::Mark *> Callbacks;
  llvm::DenseSet<std::pair<const FunctionDecl *, const model::Mark *>> Entered;
  llvm::DenseSet<const Stmt *> Reported;
  /// Calls on the way to the function at hand, with the functions they are in;
  /// the last one enters it.
  llvm::SmallVector<std::pair<const CallExpr *, const FunctionDecl *>, 4> Way;
};

} // namespace

/// The member or variable that an argument is about: the last that is named on
/// the way to it.
static const ValueDecl *lockOf(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return Member->getMemberDecl();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return dyn_cast<VarDecl>(Ref->getDecl());
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return Call->getNumArgs() ? lockOf(Call->getArg(0)) : nullptr;
  if (const auto *Op = dyn_cast<UnaryOperator>(E))
    return lockOf(Op->getSubExpr());
  if (const auto *Sub = dyn_cast<ArraySubscriptExpr>(E))
    return lockOf(Sub->getBase());
  return nullptr;
}

static const ValueDecl *lockOf(const CallExpr *Call, const model::Mark &Mark) {
  return !Mark.Arguments.empty() && Mark.Arguments.front() < Call->getNumArgs()
             ? lockOf(Call->getArg(Mark.Arguments.front()))
             : nullptr;
}

const model::Mark *ContextJudge::find(llvm::StringRef Kind,
                                      const CallExpr *Call) const {
  for (const std::string &Name : namesOf(Call, Ctx))
    if (const model::Mark *Mark = Marks.find(Kind, llvm::StringRef(Name)))
      return Mark;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Where sections begin and end
//===----------------------------------------------------------------------===//

/// What entering \p Fn, which the model does not know, does to its caller.
ContextJudge::Effect ContextJudge::bodyEffect(const FunctionDecl *Fn,
                                              unsigned Depth) {
  const FunctionDecl *Definition = nullptr;
  if (!Fn || !Fn->hasBody(Definition) || Depth > MaxDepth)
    return {};
  auto [It, New] = Bodies.try_emplace(Definition);
  if (!New)
    return It->second;
  Effect Result;
  bool Branches = false;
  llvm::SmallVector<const model::Mark *, 2> Begun, Ended;
  forEachStmt(Definition->getBody(), [&](const Stmt *S) {
    Branches |= isa<IfStmt, SwitchStmt, ForStmt, WhileStmt, GotoStmt>(S);
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return;
    Effect Inner;
    if (const model::Mark *Begins = find("atomic-begin", Call))
      Inner.Begins = Begins;
    else if (const model::Mark *Ends = find("atomic-end", Call))
      Inner.Ends = Ends;
    else
      Inner = bodyEffect(Call->getDirectCallee(), Depth + 1);
    if (Inner.Begins)
      Begun.push_back(Inner.Begins);
    if (Inner.Ends)
      Ended.push_back(Inner.Ends);
    Result.MayEnd |= Inner.MayEnd;
  });
  auto HasOther = [](llvm::ArrayRef<const model::Mark *> These,
                     const model::Mark *Mark) {
    return llvm::any_of(These, [&](const model::Mark *Other) {
      return Other->Text == Mark->Text;
    });
  };
  // What begins and ends inside is its own; what only ends was begun outside.
  for (const model::Mark *End : Ended)
    Result.MayEnd |= !HasOther(Begun, End);
  if (!Branches && !Result.MayEnd)
    for (const model::Mark *Begin : Begun)
      if (!HasOther(Ended, Begin))
        Result.Begins = Begin;
  return Bodies[Definition] = Result;
}

ContextJudge::Effect ContextJudge::effectOf(const CallExpr *Call) {
  Effect Result;
  Result.Begins = find("atomic-begin", Call);
  Result.Ends = Result.Begins ? nullptr : find("atomic-end", Call);
  if (Result.Begins || Result.Ends)
    return Result;
  const FunctionDecl *Fn = Call->getDirectCallee();
  if (!Fn || !Fn->getIdentifier())
    return Result;
  if (Fn->hasBody())
    return bodyEffect(Fn, 0);
  Result.MayEnd = Fn->getName().contains_insensitive("unlock");
  return Result;
}

void ContextJudge::apply(const Stmt *S, ContextState &State,
                         const FunctionDecl *In) {
  Reader.apply(S, State.Masks);
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return;
  Effect E = effectOf(Call);
  if (E.MayEnd) {
    State.Held.clear();
    return;
  }
  if (E.Begins) {
    bool Direct = find("atomic-begin", Call) != nullptr;
    Section New{E.Begins, Direct ? lockOf(Call, *E.Begins) : nullptr, Call, In};
    if (!llvm::is_contained(State.Held, New))
      State.Held.push_back(New);
    return;
  }
  if (E.Ends) {
    Section Old{E.Ends, lockOf(Call, *E.Ends), Call, In};
    size_t Before = State.Held.size();
    llvm::erase_if(State.Held,
                   [&](const Section &Held) { return Held == Old; });
    // A lock by another name: which one is not known.
    if (State.Held.size() == Before)
      State.Held.clear();
    return;
  }
  // Whoever is given a lock may let it go.
  for (const Expr *Arg : Call->arguments())
    if (const auto *Address = dyn_cast<UnaryOperator>(Arg->IgnoreParenCasts());
        Address && Address->getOpcode() == UO_AddrOf)
      llvm::erase_if(State.Held, [&](const Section &Held) {
        return Held.Lock && Held.Lock == lockOf(Arg);
      });
}

//===----------------------------------------------------------------------===//
// What is worth looking at
//===----------------------------------------------------------------------===//

/// \p Fn asks where it runs, or whether it may sleep: it knows better.
bool ContextJudge::asksWhere(const FunctionDecl *Fn) {
  auto [It, New] = Asking.try_emplace(Fn, false);
  if (!New)
    return It->second;
  const SourceManager &SM = Ctx.getSourceManager();
  llvm::StringRef Text = Lexer::getSourceText(
      SM.getExpansionRange(Fn->getBody()->getSourceRange()), SM,
      Ctx.getLangOpts());
  bool Asks = false;
  while (!Text.empty() && !Asks) {
    Text = Text.drop_until([](char C) { return isalpha(C) || C == '_'; });
    llvm::StringRef Word =
        Text.take_while([](char C) { return isalnum(C) || C == '_'; });
    Text = Text.drop_front(Word.size());
    Asks = !Word.empty() && Marks.find("atomic-test", Word);
  }
  return Asking[Fn] = Asks;
}

bool ContextJudge::beginsSomething(const FunctionDecl *Fn) {
  bool Begins = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Call = Begins ? nullptr : dyn_cast<CallExpr>(S);
    Begins = Begins || (Call && effectOf(Call).Begins);
  });
  return Begins;
}

/// An argument of \p In decides whether \p S runs.
bool ContextJudge::isConditional(const Stmt *S, const FunctionDecl *In) {
  const ParentMap &Parents = Mgr.getAnalysisDeclContext(In)->getParentMap();
  auto Asks = [](const Stmt *Condition) {
    bool Found = false;
    forEachStmt(Condition, [&](const Stmt *At) {
      const auto *Ref = dyn_cast<DeclRefExpr>(At);
      Found |= Ref && isa<ParmVarDecl>(Ref->getDecl()) &&
               Ref->getType()->isIntegralOrEnumerationType();
    });
    return Found;
  };
  for (const Stmt *Child = S; Child; Child = Parents.getParent(Child)) {
    const Stmt *Parent = Parents.getParent(Child);
    if (const auto *If = dyn_cast_or_null<IfStmt>(Parent))
      if (If->getCond() != Child && Asks(If->getCond()))
        return true;
    if (const auto *Switch = dyn_cast_or_null<SwitchStmt>(Parent))
      if (Switch->getCond() != Child && Asks(Switch->getCond()))
        return true;
    // if (cannot) return; in front of it.
    if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Parent))
      for (const Stmt *Before : Block->body()) {
        if (Before == Child)
          break;
        const auto *If = dyn_cast<IfStmt>(Before);
        bool Leaves = false;
        if (If)
          forEachStmt(If->getThen(), [&](const Stmt *At) {
            Leaves |= isa<ReturnStmt, GotoStmt, BreakStmt, ContinueStmt>(At);
          });
        if (Leaves && Asks(If->getCond()))
          return true;
      }
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Judging
//===----------------------------------------------------------------------===//

void ContextJudge::report(const CallExpr *Call, const llvm::Twine &What,
                          const Section &Why, bool Remark,
                          const FunctionDecl *In, const CallExpr *Inside,
                          const FunctionDecl *InsideIn) {
  if (!Reported.insert(Call).second)
    return;
  const SourceManager &SM = BR.getSourceManager();
  std::string Reason;
  if (!Why.At)
    Reason = "'" + Why.In->getNameAsString() + "' is " + Why.By->Text;
  else if (!Why.By->Arguments.empty())
    Reason = (Why.Lock ? Why.By->Text + " '" + Why.Lock->getNameAsString() + "'"
                       : "a " + Why.By->Text) +
             " is held";
  else
    Reason = std::string("this is in ") +
             (llvm::StringRef("aeiouR").contains(Why.By->Text.front()) ? "an "
                                                                       : "a ") +
             Why.By->Text;
  auto Report = std::make_unique<BasicBugReport>(
      Remark ? Check.RemarkBug : Check.Bug, (What + ", and " + Reason).str(),
      PathDiagnosticLocation::createBegin(Call, SM,
                                          Mgr.getAnalysisDeclContext(In)));
  Report->setDeclWithIssue(In);
  Report->addRange(Call->getSourceRange());
  if (Inside)
    Report->addNote("'" + spelling(Inside, Ctx) + "' gets them here",
                    PathDiagnosticLocation::createBegin(
                        Inside, SM, Mgr.getAnalysisDeclContext(InsideIn)));
  if (Why.At)
    Report->addNote("it began here",
                    PathDiagnosticLocation::createBegin(
                        Why.At, SM, Mgr.getAnalysisDeclContext(Why.In)));
  else
    Report->addNote("called by the kernel",
                    PathDiagnosticLocation::createBegin(Why.In, SM));
  BR.emitReport(std::move(Report));
}

/// Flags that a caller gave are wrong where they were given.
void ContextJudge::reportFlags(const CallExpr *Call, const Expr *Flags,
                               const Section &Why, const FunctionDecl *In) {
  const CallExpr *At = Call;
  const FunctionDecl *AtIn = In;
  for (const auto &[Outer, OuterIn] : llvm::reverse(Way)) {
    const auto *Param =
        dyn_cast_or_null<ParmVarDecl>(declOf(Flags->IgnoreParenCasts()));
    unsigned Index = Param ? Param->getFunctionScopeIndex() : ~0U;
    if (Index >= Outer->getNumArgs())
      break;
    At = Outer;
    AtIn = OuterIn;
    Flags = Outer->getArg(Index);
  }
  report(At, "'" + spelling(At, Ctx) + "' may sleep with these flags", Why,
         false, AtIn, At == Call ? nullptr : Call, In);
}

void ContextJudge::judgeCall(const CallExpr *Call, const ContextState &Here,
                             const FunctionDecl *In, unsigned Depth) {
  if (Here.Held.empty() || find("atomic-begin", Call) ||
      find("atomic-end", Call) || (Depth && isConditional(Call, In)))
    return;
  const Section &Why = Here.Held.front();
  std::string Name = "'" + spelling(Call, Ctx) + "'";
  if (const model::Mark *Sleeps = find("sleeps", Call)) {
    // Where an argument says so.
    for (unsigned Arg : Sleeps->Arguments)
      if (Expr::EvalResult Value;
          Arg >= Call->getNumArgs() ||
          !Call->getArg(Arg)->EvaluateAsInt(Value, Ctx) ||
          Value.Val.getInt().isZero())
        return;
    for (const Section &Held : Here.Held) {
      bool Right = llvm::all_of(Sleeps->With, [&](llvm::StringRef Word) {
        return Word == "not_in_handler" ? Held.At != nullptr : Held.is(Word);
      });
      if (Right)
        return report(Call, Name + " may sleep", Held, false, In);
    }
    return;
  }
  const FunctionDecl *Fn = Call->getDirectCallee();
  if (definitionHere(Fn))
    return enter(Call, Here, In, Depth);
  std::optional<unsigned> Flags = Reader.argument(Fn);
  if (Flags && *Flags < Call->getNumArgs() && Sleepy &&
      !find("gfp-kept", Call)) {
    GfpMasks Masks = Reader.masks(Call->getArg(*Flags), Here.Masks);
    if (llvm::all_of(Masks,
                     [&](const GfpMask &Mask) { return Mask.has(*Sleepy); }))
      return reportFlags(Call, Call->getArg(*Flags), Why, In);
    // Rule 3: only what the model knows to allocate.
    const model::Function *Entry = Check.Ground->index().find(Call);
    for (const Section &Held : Here.Held)
      if (Held.is("raw") && Entry && Entry->TheRole == model::Role::Acquire)
        return report(Call, Name + " takes locks that sleep on PREEMPT_RT",
                      Held, true, In);
  }
}

/// The definition of \p Fn if the main file has it.
const FunctionDecl *ContextJudge::definitionHere(const FunctionDecl *Fn) const {
  const FunctionDecl *Definition = nullptr;
  const SourceManager &SM = Ctx.getSourceManager();
  return Fn && Fn->hasBody(Definition) &&
                 SM.isInMainFile(SM.getExpansionLoc(Definition->getLocation()))
             ? Definition
             : nullptr;
}

/// A function of the file that is called where nothing may sleep.
void ContextJudge::enter(const CallExpr *Call, const ContextState &Here,
                         const FunctionDecl *In, unsigned Depth) {
  const FunctionDecl *Fn = Call->getDirectCallee();
  const FunctionDecl *Definition = definitionHere(Fn);
  if (Depth >= MaxDepth || bodyEffect(Fn, 0).MayEnd || asksWhere(Definition))
    return;
  ContextState Inside;
  Inside.Held = Here.Held;
  bool Masks = false;
  for (unsigned I = 0; I < Definition->getNumParams() && I < Call->getNumArgs();
       ++I) {
    const ParmVarDecl *Parameter = Definition->getParamDecl(I);
    if (!Reader.isMaskType(Parameter->getType()))
      continue;
    Inside.Masks.Known[Parameter] = Reader.masks(Call->getArg(I), Here.Masks);
    Masks = true;
  }
  if (!Masks && !Entered.insert({Definition, Here.Held.front().By}).second)
    return;
  Way.emplace_back(Call, In);
  judge(Definition, Inside, Depth + 1);
  Way.pop_back();
}

void ContextJudge::judge(const FunctionDecl *Fn, ContextState AtEntry,
                         unsigned Depth) {
  const CFG *G = Mgr.getAnalysisDeclContext(Fn)->getCFG();
  if (!G)
    return;
  Dataflow<ContextState> Flow(
      *G, std::move(AtEntry),
      [&](const Stmt *S, ContextState &Here) { apply(S, Here, Fn); });
  Flow.visit([&](const Stmt *S, ContextState &Here) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      judgeCall(Call, Here, Fn, Depth);
    apply(S, Here, Fn);
  });
}

//===----------------------------------------------------------------------===//
// Callbacks
//===----------------------------------------------------------------------===//

/// What a notifier block, named by its address, calls.
const FunctionDecl *ContextJudge::notifierCall(const Expr *E) const {
  const auto *Var = dyn_cast_or_null<VarDecl>(declOf(E));
  const auto *List = Var && Var->getAnyInitializer()
                         ? dyn_cast<InitListExpr>(
                               Var->getAnyInitializer()->IgnoreParenImpCasts())
                         : nullptr;
  if (!List)
    return nullptr;
  for (const Expr *Init : List->inits())
    if (const auto *Fn = dyn_cast_or_null<FunctionDecl>(declOf(Init)))
      return Fn;
  return nullptr;
}

void ContextJudge::addCallback(const Expr *E, const model::Mark *Mark) {
  const auto *Fn = dyn_cast_or_null<FunctionDecl>(declOf(E));
  if (!Fn)
    Fn = notifierCall(E);
  if (Fn && Fn->getDefinition())
    Callbacks.try_emplace(Fn->getDefinition(), Mark);
}

void ContextJudge::collectFrom(const InitListExpr *List) {
  if (List->isSyntacticForm() && List->getSemanticForm())
    List = List->getSemanticForm();
  const RecordDecl *Record = List->getType()->getAsRecordDecl();
  if (Record && Record->isUnion()) {
    if (const FieldDecl *Field = List->getInitializedFieldInUnion();
        Field && List->getNumInits())
      if (const model::Mark *Mark = Marks.find("atomic-callback", Field))
        addCallback(List->getInit(0), Mark);
  }
  auto Field = Record ? Record->field_begin() : RecordDecl::field_iterator();
  for (const Expr *Init : List->inits()) {
    const FieldDecl *At = nullptr;
    if (Record && !Record->isUnion() && Field != Record->field_end())
      At = *Field++;
    if (const auto *Inner = dyn_cast<InitListExpr>(Init->IgnoreParenImpCasts()))
      collectFrom(Inner);
    else if (const model::Mark *Mark =
                 At ? Marks.find("atomic-callback", At) : nullptr)
      addCallback(Init, Mark);
  }
}

void ContextJudge::collectCallbacks(const TranslationUnitDecl *TU) {
  for (const Decl *D : TU->decls())
    if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->getInit())
      if (const auto *List =
              dyn_cast<InitListExpr>(Var->getInit()->IgnoreParenImpCasts()))
        collectFrom(List);
  for (const FunctionDecl *Fn : ownFunctions(TU))
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const auto *Op = dyn_cast<BinaryOperator>(S);
          Op && Op->getOpcode() == BO_Assign)
        if (const auto *Field =
                dyn_cast_or_null<FieldDecl>(declOf(Op->getLHS())))
          if (const model::Mark *Mark = Marks.find("atomic-callback", Field))
            addCallback(Op->getRHS(), Mark);
      const auto *Call = dyn_cast<CallExpr>(S);
      const model::Mark *Mark = Call ? find("atomic-callback", Call) : nullptr;
      if (!Mark)
        return;
      for (unsigned Arg : Mark->Arguments)
        if (Arg < Call->getNumArgs())
          addCallback(Call->getArg(Arg), Mark);
    });
}

void ContextJudge::run(const TranslationUnitDecl *TU) {
  collectCallbacks(TU);
  for (const FunctionDecl *Fn : ownFunctions(TU)) {
    const model::Mark *Callback = Callbacks.lookup(Fn);
    if ((!Callback && !beginsSomething(Fn)) || asksWhere(Fn))
      continue;
    ContextState AtEntry;
    if (Callback)
      AtEntry.Held.push_back({Callback, nullptr, nullptr, Fn});
    judge(Fn, std::move(AtEntry), 0);
  }
}

void GfpContext::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  ContextJudge(*this, Mgr, BR).run(TU);
}

void registerGfpContext(CheckerManager &Mgr) {
  Mgr.registerChecker<GfpContext>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
