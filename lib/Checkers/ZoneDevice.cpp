//===- ZoneDevice.cpp - Pages that may be a device's ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.ZoneDevice.  Rules (numbers as in docs/checks/linux.mm.ZoneDevice):
///
///   1. A device page is put on a list through a field that overlays its page
///      map, or is freed, isolated or flagged as an ordinary page.
///   2. So is user memory, which may be a device's; or its count is set or
///      frozen, or its fields are written.
///   3. The count of such a page is compared with a constant.
///   4. PG_reserved decides whether a page of a pfn is counted.
///   5. A reference is added to the page of a pfn that may have none.
///   6. The count that decides about reuse is read anew, although the same
///      file samples it at the time when it means something.
///   7. Private memory is handed out without its count and reference.
///   8. The CPU reads or writes private memory.
///   9. Neighbours become one segment and nobody asks whether they have the
///      same page map.
///  10. The page map of a page is read that may not have one.
///  11. Pages of a range of pfns are looked at that may be offline.
///  12. The first pages of a page map are looked at, which may be the room for
///      its own struct pages.
///
/// PageOrigins.h says where pages come from.  A question that tells device
/// pages apart makes a use safe (rules 2 to 5 and 10) where some path leads
/// from it to the use, unless it is about a variable that has nothing to do
/// with the page.  Which of the rules hold, and what a message says of the
/// kernel at hand, is read from the code under analysis: 'where:' and
/// 'unless:' of the model's marks.
///
/// Not handled: what a question answered; pages that go through other files.
///
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "PageOrigins.h"
#include "Reach.h"
#include "pagewarden/Engine/FileCalls.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class ZoneDevice : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;
};

using FunctionSet = llvm::DenseSet<const FunctionDecl *>;

/// What one translation unit says, once.
struct UnitFacts {
  UnitOrigins Origins;
  FunctionSet Tests;     ///< own functions that ask
  FunctionSet SameOwner; ///< own functions that ask for the same page map
  FunctionSet Skips;     ///< own functions that know the room of an altmap
  FunctionSet Counting;  ///< own functions that take or give references
  FunctionSet Boot;      ///< own functions that run before memory goes offline
  /// Own functions that do something with a page which they are given and do
  /// not ask about: the call, by parameter.
  llvm::DenseMap<const ParmVarDecl *, const CallExpr *> Sinks;
  const FunctionDecl *Sampler = nullptr; ///< stores a page's count
  std::string Idle;          ///< counts of idle pages in this kernel, in words
  bool OwnsPrivate = false;  ///< has the methods of private memory
  bool FillsEntries = false; ///< makes segments longer
  const FunctionDecl *HandsOut = nullptr; ///< declared in this kernel
};

/// Judges one function.
class FunctionJudge {
public:
  FunctionJudge(const FunctionDecl *Fn, const UnitFacts &Unit,
                const ModelIndex &Index, const CheckerBase *Check,
                AnalysisManager &Mgr, BugReporter &BR)
      : Fn(Fn), Unit(Unit), Index(Index), M(Index.model()), Check(Check),
        Mgr(Mgr), BR(BR), Paths(Fn, Mgr),
        Pages(Fn, Unit.Origins, Index, &Paths) {}

  void run();

private:
  /// A question: where, and about which variable, if that is known.
  struct Question {
    const Stmt *At;
    const ValueDecl *About;
  };

  void collectQuestions();
  bool asked(const Stmt *Use, const Expr *Page);
  bool calls(const FunctionSet &Own, llvm::StringRef Kind) const;
  void judge(const CallExpr *Call);
  void judgeSink(const CallExpr *Call);
  void judgeOwnSink(const CallExpr *Call);
  void judgeGet(const CallExpr *Call);
  void judgeField(const MemberExpr *Field);
  void judgeWrite(const Expr *To);
  void judgeCount(const BinaryOperator *Op);
  void judgeReserved(const CallExpr *Call);
  void judgeHandOut();
  void judgeReachable(const CallExpr *Call);
  void judgeBranches(const Stmt *S);
  void judgePrivate(const Stmt *Where, const ValueDecl *Page);
  void judgeMerge();
  void judgeWalk();
  void judgeFirst();
  const CallExpr *countIn(const Expr *E) const;
  void report(const Stmt *At, const llvm::Twine &Text);

  const FunctionDecl *Fn;
  const UnitFacts &Unit;
  const ModelIndex &Index;
  Marked M;
  const CheckerBase *Check;
  AnalysisManager &Mgr;
  BugReporter &BR;
  Reach Paths;
  PageOrigins Pages;
  std::vector<Question> Questions;
  llvm::DenseSet<const Expr *> Written; ///< what assignments change
};

} // namespace

void FunctionJudge::report(const Stmt *At, const llvm::Twine &Text) {
  BR.EmitBasicReport(
      Fn, Check, "device page", "Linux device pages", Text.str(),
      PathDiagnosticLocation::createBegin(At, Mgr.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(Fn)),
      At->getSourceRange());
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

void FunctionJudge::collectQuestions() {
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (M.find("zone-test", Call) ||
          (Callee && Unit.Tests.contains(Callee->getCanonicalDecl())))
        Questions.push_back(
            {S, Call->getNumArgs() ? targetOf(Call->getArg(0)) : nullptr});
    }
    const auto *Member = dyn_cast<MemberExpr>(S);
    if (Member &&
        M.find("pgmap-type", dyn_cast<FieldDecl>(Member->getMemberDecl())))
      Questions.push_back({S, nullptr});
  });
}

/// Whether some path leads from a question about \p Page to \p Use.
bool FunctionJudge::asked(const Stmt *Use, const Expr *Page) {
  const ValueDecl *About = Page ? targetOf(Page) : nullptr;
  return llvm::any_of(Questions, [&](const Question &Q) {
    return Pages.related(Q.About, About) && Paths.mayPrecede(Q.At, Use);
  });
}

/// The function calls one of \p Own, or what has a mark of \p Kind.
bool FunctionJudge::calls(const FunctionSet &Own, llvm::StringRef Kind) const {
  return llvm::any_of(callsIn(Fn->getBody()), [&](const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return M.find(Kind, Call) ||
           (Callee && Own.contains(Callee->getCanonicalDecl()));
  });
}

//===----------------------------------------------------------------------===//
// Rules 1, 2 and 5: calls
//===----------------------------------------------------------------------===//

static llvm::StringRef words(Origin From) {
  switch (From) {
  case Origin::Device:
    return "a device page";
  case Origin::Private:
    return "private memory of a device";
  case Origin::User:
    return "user memory, which may be a device page,";
  case Origin::Mapped:
    return "a mapped page, which may be a device's,";
  case Origin::Entry:
    return "a page that may be a device's";
  default:
    return "the page of a pfn, which may be a device's,";
  }
}

void FunctionJudge::judge(const CallExpr *Call) {
  judgeSink(Call);
  judgeOwnSink(Call);
  judgeGet(Call);
  judgeReserved(Call);
  judgeReachable(Call);
  // Functions that write a field, or read the page map.
  if (const model::Mark *Writes = M.find("zone-write", Call))
    if (const Expr *Page = markedArg(Call, Writes);
        Page && Pages.of(Page) == Origin::User && !asked(Call, Page))
      report(Call, words(Origin::User) + " is given to '" +
                       Call->getDirectCallee()->getName() +
                       "': " + Writes->Text);
  if (const model::Mark *Set = M.find("page-count-set", Call))
    if (const Expr *Page = markedArg(Call, Set);
        Page && Pages.of(Page) == Origin::User && !asked(Call, Page))
      report(Call, "count of " + words(Origin::User) + " is set: " + Set->Text);
}

/// A function of the file that hands the page on.  What all callers do is said
/// there.
void FunctionJudge::judgeOwnSink(const CallExpr *Call) {
  const FunctionDecl *To = Call->getDirectCallee();
  To = To ? To->getDefinition() : nullptr;
  if (!To || Unit.Sinks.empty())
    return;
  for (unsigned I = 0; I < Call->getNumArgs() && I < To->getNumParams(); ++I) {
    const CallExpr *Sink = Unit.Sinks.lookup(To->getParamDecl(I));
    Origin From = Sink ? Pages.of(Call->getArg(I)) : Origin::Unknown;
    auto All = Unit.Origins.Outside.find(To->getParamDecl(I));
    if ((From != Origin::Device && From != Origin::User &&
         From != Origin::Mapped) ||
        (All != Unit.Origins.Outside.end() && All->second == From) ||
        (From != Origin::Device && asked(Call, Call->getArg(I))))
      continue;
    report(Call, words(From) + " is given to '" + To->getName() +
                     "', which gives it to '" +
                     Sink->getDirectCallee()->getName() +
                     "': " + M.find("zone-sink", Sink)->Text);
  }
}

void FunctionJudge::judgeSink(const CallExpr *Call) {
  const model::Mark *Sink = M.find("zone-sink", Call);
  const Expr *Page = Sink ? markedArg(Call, Sink) : nullptr;
  if (!Page)
    return;
  Origin From = Pages.of(Page);
  // Whether user memory is given back rightly is said by another check.
  const model::Function *Known = Index.find(Call);
  bool Frees = Known && Known->TheRole == model::Role::Release;
  if (From == Origin::Device ||
      ((From == Origin::User || From == Origin::Mapped) && !Frees &&
       !asked(Call, Page)))
    report(Call, words(From) + " is given to '" +
                     Call->getDirectCallee()->getName() + "': " + Sink->Text);
}

/// Rule 5.  Only a pfn as such: one that is computed may well be of an own
/// page.
void FunctionJudge::judgeGet(const CallExpr *Call) {
  const model::Mark *Get = M.find("blind-get", Call);
  const Expr *Page = Get ? markedArg(Call, Get) : nullptr;
  const Expr *Pfn = Page ? Pages.pfnOf(Page) : nullptr;
  if (Pfn && Pages.of(Page) == Origin::Pfn &&
      isa<DeclRefExpr, MemberExpr>(Pfn->IgnoreParenCasts()) &&
      !asked(Call, Page))
    report(Call, "reference added to the page of a pfn that nothing holds: " +
                     Get->Text);
}

//===----------------------------------------------------------------------===//
// Rule 4: the reserved flag
//===----------------------------------------------------------------------===//

/// A function from a pfn to the page that its callers count, or to the answer
/// whether they do.
void FunctionJudge::judgeReserved(const CallExpr *Call) {
  const model::Mark *Reserved = M.find("page-reserved", Call);
  const Expr *Page = Reserved ? markedArg(Call, Reserved) : nullptr;
  // The question may well follow, for what is reserved.
  if (!Page || Pages.of(Page) != Origin::Pfn ||
      llvm::any_of(Questions, [&](const Question &Q) {
        return Pages.related(Q.About, targetOf(Page));
      }))
    return;
  bool Decides = false;
  const ValueDecl *Var = targetOf(Page);
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Return = dyn_cast<ReturnStmt>(S);
    const Expr *Value = Return ? Return->getRetValue() : nullptr;
    if (!Value)
      return;
    if (isPageType(Fn->getReturnType()))
      Decides |= Var && declOf(Value) == Var;
    else
      Decides |= Unit.Counting.contains(Fn->getCanonicalDecl()) &&
                 mentions(Value, [&](const Expr *E) { return E == Call; });
  });
  if (Decides)
    report(Call, "the reserved flag decides whether the page is counted, but " +
                     Reserved->Text);
}

//===----------------------------------------------------------------------===//
// Rules 1, 2 and 10: fields
//===----------------------------------------------------------------------===//

void FunctionJudge::judgeField(const MemberExpr *Field) {
  const auto *Decl = dyn_cast<FieldDecl>(Field->getMemberDecl());
  const Expr *Page = ownerOf(Field);
  if (const model::Mark *List = M.find("zone-list", Decl)) {
    Origin From = Pages.of(Page);
    if (From == Origin::Device ||
        ((From == Origin::User || From == Origin::Mapped) &&
         !asked(Field, Page)))
      report(Field, "'" + Decl->getName() + "' of " + words(From) +
                        " is used: " + List->Text);
  }
  if (const model::Mark *Map = M.find("zone-owner", Decl);
      Map && !Written.contains(Field)) {
    Origin From = Pages.of(Page);
    // Who handed the entry in may have asked.
    if (From == Origin::Entry && mentions(Page, [](const Expr *E) {
          const auto *Ref = dyn_cast<DeclRefExpr>(E);
          return Ref && isa<ParmVarDecl>(Ref->getDecl());
        }))
      return;
    if ((From == Origin::User || From == Origin::Entry ||
         From == Origin::Pfn) &&
        !asked(Field, Page))
      report(Field, "'" + Decl->getName() + "' of " + words(From) +
                        " is read: " + Map->Text);
  }
}

/// Rule 2: \p To is written.
void FunctionJudge::judgeWrite(const Expr *To) {
  const auto *Field = dyn_cast<MemberExpr>(To->IgnoreParenCasts());
  const auto *Decl =
      Field ? dyn_cast<FieldDecl>(Field->getMemberDecl()) : nullptr;
  const model::Mark *Mark = M.find("zone-field", Decl);
  if (Mark && Pages.of(ownerOf(Field)) == Origin::User &&
      !asked(Field, ownerOf(Field)))
    report(Field, "'" + Decl->getName() + "' of " + words(Origin::User) +
                      " is written: " + Mark->Text);
}

//===----------------------------------------------------------------------===//
// Rules 3 and 6: counts
//===----------------------------------------------------------------------===//

/// The call that reads the count which \p E is: itself, or through a variable
/// that is set nowhere else.
const CallExpr *FunctionJudge::countIn(const Expr *E) const {
  E = E->IgnoreParenCasts();
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (Var && Var->isLocalVarDecl()) {
    const Expr *Value = Var->getInit();
    unsigned Sets = Value ? 1 : 0;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Op = dyn_cast<BinaryOperator>(S);
      const auto *Step = dyn_cast<UnaryOperator>(S);
      if (Op && Op->isAssignmentOp() && declOf(Op->getLHS()) == Var) {
        Value = Op->getRHS();
        Sets += Op->getOpcode() == BO_Assign ? 1 : 2;
      }
      if (Step && Step->isIncrementDecrementOp() &&
          declOf(Step->getSubExpr()) == Var)
        Sets += 2;
    });
    E = Sets == 1 && Value ? Value->IgnoreParenCasts() : E;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  return Call && Call->getNumArgs() && M.find("page-count", Call) ? Call
                                                                  : nullptr;
}

void FunctionJudge::judgeCount(const BinaryOperator *Op) {
  if (!Op->isComparisonOp())
    return;
  for (const auto &[Side, Other] : {std::pair(Op->getLHS(), Op->getRHS()),
                                    std::pair(Op->getRHS(), Op->getLHS())}) {
    const Expr *Counted = Side->IgnoreParenCasts();
    const auto *Minus = dyn_cast<BinaryOperator>(Counted);
    const bool Biased = Minus && Minus->getOpcode() == BO_Sub;
    if (Biased)
      Counted = Minus->getLHS()->IgnoreParenCasts();
    const CallExpr *Call = countIn(Counted);
    if (!Call)
      continue;
    if (Biased && Unit.Sampler && Unit.Sampler != Fn->getCanonicalDecl()) {
      report(Call, "the count is read when others may have dropped their "
                   "references already; '" +
                       Unit.Sampler->getName() +
                       "' samples it for this decision");
      continue;
    }
    Expr::EvalResult Value;
    if (macroAround(Op, "asserts", M, Fn->getASTContext()) ||
        !Other->EvaluateAsInt(Value, Fn->getASTContext()) ||
        Value.Val.getInt() < 1)
      continue;
    // "Is there any reference at all" is a fair question.
    if (Side == Op->getLHS() && Op->getOpcode() == BO_LT &&
        Value.Val.getInt() == 1)
      continue;
    Origin From = Pages.of(Call->getArg(0));
    if ((From == Origin::User || From == Origin::Entry ||
         From == Origin::Device) &&
        !asked(Op, Call->getArg(0)))
      report(Op, "count of " + words(From) + " is compared with a constant; " +
                     Unit.Idle);
  }
}

//===----------------------------------------------------------------------===//
// Rule 7: handing out
//===----------------------------------------------------------------------===//

/// A page leaves the list of free private pages.
void FunctionJudge::judgeHandOut() {
  if (!Unit.OwnsPrivate || !Unit.HandsOut)
    return;
  const Stmt *Pop = nullptr, *Given = nullptr;
  bool Ready = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Ready |= M.find("zone-hands-out", Call) != nullptr ||
               M.find("zone-source", Call) != nullptr;
    const auto *Op = dyn_cast<BinaryOperator>(S);
    // A page of the own range gets its owner.
    const auto *Owner =
        Op && Op->getOpcode() == BO_Assign
            ? dyn_cast<MemberExpr>(Op->getLHS()->IgnoreParenCasts())
            : nullptr;
    if (Owner && Pages.of(ownerOf(Owner)) == Origin::Pfn &&
        M.find("zone-link", dyn_cast<FieldDecl>(Owner->getMemberDecl())))
      Given = Op;
    const auto *Link =
        Op && Op->getOpcode() == BO_Assign
            ? dyn_cast<MemberExpr>(Op->getRHS()->IgnoreParenCasts())
            : nullptr;
    const auto *Field =
        Link ? dyn_cast<FieldDecl>(Link->getMemberDecl()) : nullptr;
    const auto *Page =
        Link ? dyn_cast_or_null<VarDecl>(declOf(ownerOf(Link))) : nullptr;
    if (!Page || !M.find("zone-link", Field))
      return;
    // "head = page->link" after "page = head": the page is taken off.
    const ValueDecl *Head = declOf(Op->getLHS());
    forEachStmt(Fn->getBody(), [&](const Stmt *Other) {
      if (const auto *Load = dyn_cast<BinaryOperator>(Other);
          Load && Load->getOpcode() == BO_Assign &&
          declOf(Load->getLHS()) == Page && declOf(Load->getRHS()) == Head)
        Pop = Op;
      if (const auto *Group = dyn_cast<DeclStmt>(Other))
        for (const Decl *D : Group->decls())
          if (D == Page && Page->getInit() && declOf(Page->getInit()) == Head)
            Pop = Op;
    });
  });
  if (!isPageType(Fn->getReturnType()))
    Pop = nullptr;
  if (!Pop)
    Pop = Given;
  if (Pop && !Ready)
    report(Pop, "a page of private memory is handed out without '" +
                    Unit.HandsOut->getName() +
                    "': " + M.find("zone-hands-out", Unit.HandsOut)->Text);
}

//===----------------------------------------------------------------------===//
// Rule 8: private memory and the CPU
//===----------------------------------------------------------------------===//

void FunctionJudge::judgeReachable(const CallExpr *Call) {
  const model::Mark *Access = M.find("cpu-access", Call);
  if (!Access)
    return;
  for (unsigned Arg : Access->Arguments)
    if (Arg < Call->getNumArgs() &&
        Pages.of(Call->getArg(Arg)) == Origin::Private)
      report(Call, words(Origin::Private) + " is given to '" +
                       Call->getDirectCallee()->getName() +
                       "': " + Access->Text);
}

/// The page that \p Condition certainly asks for and finds private, when it is
/// \p Answer; null for none.
static const ValueDecl *foundPrivate(const Expr *Condition, bool Answer,
                                     const Marked &M) {
  Condition = Condition->IgnoreParenCasts();
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition);
      Not && Not->getOpcode() == UO_LNot)
    return foundPrivate(Not->getSubExpr(), !Answer, M);
  if (const auto *Both = dyn_cast<BinaryOperator>(Condition);
      Both && Both->getOpcode() == (Answer ? BO_LAnd : BO_LOr)) {
    const ValueDecl *Left = foundPrivate(Both->getLHS(), Answer, M);
    return Left ? Left : foundPrivate(Both->getRHS(), Answer, M);
  }
  const auto *Call = dyn_cast<CallExpr>(Condition);
  if (!Call || !Call->getNumArgs())
    return nullptr;
  // likely() and unlikely()
  if (Call->getBuiltinCallee())
    return foundPrivate(Call->getArg(0), Answer, M);
  return Answer && M.find("private-test", Call) ? declOf(Call->getArg(0))
                                                : nullptr;
}

/// Nothing behind \p S is reached through it.
static bool leaves(const Stmt *S) {
  if (const auto *Block = dyn_cast_or_null<CompoundStmt>(S))
    S = Block->body_empty() ? nullptr : Block->body_back();
  return isa_and_nonnull<ReturnStmt, GotoStmt, BreakStmt, ContinueStmt>(S);
}

void FunctionJudge::judgeBranches(const Stmt *S) {
  if (const auto *If = dyn_cast<IfStmt>(S))
    if (const ValueDecl *Page = foundPrivate(If->getCond(), true, M))
      judgePrivate(If->getThen(), Page);
  const auto *Block = dyn_cast<CompoundStmt>(S);
  if (!Block)
    return;
  const ValueDecl *Page = nullptr;
  for (const Stmt *Child : Block->body()) {
    if (Page)
      judgePrivate(Child, Page);
    const auto *If = dyn_cast<IfStmt>(Child);
    if (If && !If->getElse() && leaves(If->getThen()))
      if (const ValueDecl *Found = foundPrivate(If->getCond(), false, M))
        Page = Found;
  }
}

/// \p Page is known to be private in \p Where.
void FunctionJudge::judgePrivate(const Stmt *Where, const ValueDecl *Page) {
  if (!isa<VarDecl>(Page))
    return;
  // Set anew somewhere: which page it is then is not known.
  bool Changed = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    Changed |= Op && Op->isAssignmentOp() && declOf(Op->getLHS()) == Page &&
               Paths.mayPrecede(Where, Op);
  });
  for (const CallExpr *Call : callsIn(Where)) {
    const model::Mark *Access = M.find("cpu-access", Call);
    if (!Access || Changed)
      continue;
    for (unsigned Arg : Access->Arguments)
      if (Arg < Call->getNumArgs() && declOf(Call->getArg(Arg)) == Page)
        report(Call, words(Origin::Private) + " is given to '" +
                         Call->getDirectCallee()->getName() +
                         "': " + Access->Text);
  }
}

//===----------------------------------------------------------------------===//
// Rule 9: neighbours
//===----------------------------------------------------------------------===//

/// A comparison of where one page ends and another begins decides that they
/// become one segment: here, or where this answers.
void FunctionJudge::judgeMerge() {
  const model::Mark *Rule = M.era("same-owner", Fn->getASTContext());
  if (!Rule || calls(Unit.SameOwner, "same-owner"))
    return;
  bool Extends = false;
  unsigned PageParams = 0;
  for (const ParmVarDecl *Param : Fn->parameters())
    PageParams += isPageType(Param->getType());
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    const auto *Member =
        Op && Op->getOpcode() == BO_AddAssign
            ? dyn_cast<MemberExpr>(Op->getLHS()->IgnoreParenCasts())
            : nullptr;
    Extends |= Member && M.find("entry-length",
                                dyn_cast<FieldDecl>(Member->getMemberDecl()));
  });
  bool Answers = PageParams == 2 && Unit.FillsEntries &&
                 Fn->getReturnType()->isIntegerType();
  if (!Extends && !Answers)
    return;
  const BinaryOperator *At = nullptr;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    if (At || !Op || !Op->isEqualityOp())
      return;
    const Expr *One = nullptr, *Other = nullptr;
    if (!Pages.isNumberOfPage(Op->getLHS(), &One) ||
        !Pages.isNumberOfPage(Op->getRHS(), &Other) || !One || !Other)
      return;
    const ValueDecl *A = targetOf(One), *B = targetOf(Other);
    bool Entry =
        Pages.of(One) == Origin::Entry || Pages.of(Other) == Origin::Entry;
    if (A != B && (Extends ? Entry
                           : isa_and_nonnull<ParmVarDecl>(A) &&
                                 isa_and_nonnull<ParmVarDecl>(B)))
      At = Op;
  });
  if (At)
    report(At, "pages become one segment because they lie beside each other: " +
                   Rule->Text);
}

//===----------------------------------------------------------------------===//
// Rule 11: ranges of pfns
//===----------------------------------------------------------------------===//

static bool isInit(const FunctionDecl *Fn) {
  const auto *Section = Fn->getAttr<SectionAttr>();
  return Section && Section->getName().contains("init");
}

void FunctionJudge::judgeWalk() {
  if (Unit.Boot.contains(Fn->getCanonicalDecl()) || calls({}, "pfn-online"))
    return;
  const model::Mark *Rule = nullptr;
  auto InQuestion = [&](const model::Mark &Of, const Expr *Pfn) {
    return llvm::is_contained(Of.With, "chosen") ? Pages.isChosen(Pfn)
                                                 : Pages.isWalked(Pfn);
  };
  for (const CallExpr *Call : callsIn(Fn->getBody()))
    if (const model::Mark *Exists = M.find("pfn-exists", Call))
      if (const Expr *Pfn = markedArg(Call, Exists);
          Pfn && InQuestion(*Exists, Pfn))
        Rule = Exists;
  if (!Rule)
    return;
  // Who sets the pages up finds them as they are.
  for (const CallExpr *Call : callsIn(Fn->getBody()))
    for (llvm::StringRef Kind : {"zone-sink", "page-count-set"})
      if (const model::Mark *SetUp = M.find(Kind, Call))
        if (const Expr *Page = markedArg(Call, SetUp);
            Page && Pages.of(Page) == Origin::Pfn)
          return;
  const Expr *At = nullptr;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    const Expr *Pfn = E && !At ? Pages.pfnOf(E) : nullptr;
    if (Pfn && InQuestion(*Rule, Pfn) && Pages.of(E) == Origin::Pfn)
      At = E;
  });
  // Printed when all is lost.
  if (llvm::any_of(callsIn(Fn->getBody()), [&](const CallExpr *Call) {
        const model::Mark *Prints = M.find("page-diagnosis", Call);
        const Expr *Page = Prints ? markedArg(Call, Prints) : nullptr;
        return Page && Pages.of(Page) == Origin::Pfn;
      }))
    return;
  if (At)
    report(At, "pages of a range of pfns are looked at: " + Rule->Text);
}

//===----------------------------------------------------------------------===//
// Rule 12: the first pages of a page map
//===----------------------------------------------------------------------===//

/// Only where another function of the file knows that there may be no such
/// page.
void FunctionJudge::judgeFirst() {
  if (Unit.Skips.empty() || calls(Unit.Skips, "altmap-offset"))
    return;
  bool Takes = llvm::any_of(Fn->parameters(), [&](const ParmVarDecl *Param) {
    QualType To = Param->getType()->getPointeeType();
    const RecordDecl *Record = To.isNull() ? nullptr : To->getAsRecordDecl();
    return Record && M.find("zone-source", Record->getNameAsString() + ".",
                            Fn->getASTContext());
  });
  const model::Mark *Rule = M.era("altmap-offset", Fn->getASTContext());
  if (!Takes || !Rule)
    return;
  const Expr *At = nullptr;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (E && !At && Pages.pfnOf(E) && Pages.of(E) == Origin::Device)
      At = E;
  });
  if (At)
    report(At, "the first page of a page map is looked at: " + Rule->Text +
                   "; '" + (*Unit.Skips.begin())->getName() +
                   "' knows where they begin");
}

void FunctionJudge::run() {
  collectQuestions();
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Op = dyn_cast<BinaryOperator>(S);
        Op && Op->isAssignmentOp())
      Written.insert(Op->getLHS()->IgnoreParenCasts());
  });
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      judge(Call);
    else if (const auto *Member = dyn_cast<MemberExpr>(S))
      judgeField(Member);
    else if (const auto *Op = dyn_cast<BinaryOperator>(S)) {
      judgeCount(Op);
      if (Op->isAssignmentOp())
        judgeWrite(Op->getLHS());
    }
    judgeBranches(S);
  });
  judgeHandOut();
  judgeMerge();
  judgeWalk();
  judgeFirst();
}

//===----------------------------------------------------------------------===//
// One translation unit
//===----------------------------------------------------------------------===//

/// \p Fn stores the count of a page where others find it.
static bool samples(const FunctionDecl *Fn, const Marked &M) {
  bool Found = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    if (!Op || Op->getOpcode() != BO_Assign)
      return;
    const Expr *To = Op->getLHS()->IgnoreParenCasts();
    const auto *Star = dyn_cast<UnaryOperator>(To);
    bool Elsewhere =
        isa<MemberExpr>(To) || (Star && Star->getOpcode() == UO_Deref);
    if (!Elsewhere)
      return;
    for (const CallExpr *Call : callsIn(Op->getRHS()))
      Found |= M.find("page-count", Call) != nullptr;
  });
  return Found;
}

/// Functions from a pfn to a truth by which a function of the file decides
/// whether it takes or gives back references.
static void addCounting(const FunctionDecl *Fn, const ModelIndex &Index,
                        FunctionSet &Counting) {
  bool Counts = false;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    const model::Function *Known = Index.find(Call);
    Counts |= Known &&
              (Known->TheRole == model::Role::Release ||
               (Known->TheRole == model::Role::Acquire && Known->Extra)) &&
              (Known->Resource == "ref" || Known->Resource == "pin");
  }
  if (!Counts)
    return;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *If = dyn_cast<IfStmt>(S))
      for (const CallExpr *Call : callsIn(If->getCond()))
        if (const FunctionDecl *Asked = Call->getDirectCallee())
          Counting.insert(Asked->getCanonicalDecl());
  });
}

/// \p Fn gives a page that it was given to a function that must not get a
/// device's, and nowhere asks whether it is one.
static void addSinks(const FunctionDecl *Fn, const Marked &M,
                     const ModelIndex &Index, UnitFacts &Facts) {
  if (Fn->getStorageClass() != SC_Static ||
      llvm::any_of(callsIn(Fn->getBody()), [&](const CallExpr *Call) {
        return M.find("zone-test", Call) != nullptr;
      }))
    return;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    const model::Mark *Sink = M.find("zone-sink", Call);
    const model::Function *Known = Index.find(Call);
    const Expr *Page = Sink ? markedArg(Call, Sink) : nullptr;
    const auto *Param =
        Page ? dyn_cast_or_null<ParmVarDecl>(declOf(Page)) : nullptr;
    if (!Param || (Known && Known->TheRole == model::Role::Release))
      continue;
    bool Changed = false;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Op = dyn_cast<BinaryOperator>(S);
      Changed |= Op && Op->isAssignmentOp() && declOf(Op->getLHS()) == Param;
    });
    if (!Changed)
      Facts.Sinks[Param] = Call;
  }
}

static void addFacts(const FunctionDecl *Fn, const Marked &M,
                     UnitFacts &Facts) {
  const FunctionDecl *Self = Fn->getCanonicalDecl();
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    if (M.find("zone-test", Call) && Fn->getReturnType()->isBooleanType())
      Facts.Tests.insert(Self);
    if (M.find("same-owner", Call))
      Facts.SameOwner.insert(Self);
    if (M.find("altmap-offset", Call))
      Facts.Skips.insert(Self);
  }
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    Facts.FillsEntries |=
        Member &&
        M.find("entry-length", dyn_cast<FieldDecl>(Member->getMemberDecl()));
  });
  if (!Facts.Sampler && samples(Fn, M))
    Facts.Sampler = Self;
}

static UnitFacts factsOf(const TranslationUnitDecl *TU,
                         const std::vector<const FunctionDecl *> &Functions,
                         const ModelIndex &Index) {
  Marked M(Index.model());
  UnitFacts Facts;
  for (const FunctionDecl *Fn : Functions) {
    addFacts(Fn, M, Facts);
    addSinks(Fn, M, Index, Facts);
    addCounting(Fn, Index, Facts.Counting);
  }
  if (const model::Mark *Idle = M.era("idle-count", TU->getASTContext()))
    Facts.Idle = Idle->Text;
  for (const Decl *D : TU->decls()) {
    const auto *Fn = dyn_cast<FunctionDecl>(D);
    if (Fn && !Facts.HandsOut && M.find("zone-hands-out", Fn))
      Facts.HandsOut = Fn;
    const auto *Var = dyn_cast<VarDecl>(D);
    const RecordDecl *Record =
        Var && Var->getInit() ? Var->getType()->getAsRecordDecl() : nullptr;
    if (Record &&
        M.find("zone-methods", Record->getName(), TU->getASTContext()))
      Facts.OwnsPrivate = true;
  }
  Facts.Origins = originsIn(TU, Functions, Index);
  FileCalls Calls(TU, Index);
  FileCalls::Set Init;
  for (const FunctionDecl *Fn : Functions)
    if (isInit(Fn))
      Init.insert(Fn->getCanonicalDecl());
  for (const FunctionDecl *Fn : Functions)
    if (Calls.alwaysWithin(Fn->getCanonicalDecl(), Init))
      Facts.Boot.insert(Fn->getCanonicalDecl());
  return Facts;
}

void ZoneDevice::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  UnitFacts Facts = factsOf(TU, Functions, Ground->index());
  for (const FunctionDecl *Fn : Functions)
    FunctionJudge(Fn, Facts, Ground->index(), this, Mgr, BR).run();
}

void registerZoneDevice(CheckerManager &Mgr) {
  Mgr.registerChecker<ZoneDevice>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
