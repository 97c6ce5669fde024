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
///   2. User memory, which may be a device's, gets fields or its count set.
///   3. The count of such a page is compared with a constant.
///   4. PG_reserved decides whether a page of a pfn is counted.
///   5. A reference is added to the page of a pfn that may have none.
///   6. The count that decides about reuse is read anew, although the same
///      file samples it at the time when it means something.
///   7. Private memory is handed out without its count and reference.
///
/// Where a page comes from decides, per function:
///
///   Device   from the result of a mapping, or from a page map's range
///   User     from an acquisition of user memory
///   Entry    from a scatterlist, bio or the like
///   Pfn      from a pfn
///   Unknown  from anywhere else; nothing is said
///
/// A variable that several of these reach is Unknown.  A function that asks
/// any of the questions that tell device pages apart is not judged by rules 2
/// to 5: it knows.
///
/// Not handled: pages that come through parameters or fields; paths.  All is
/// AST, and so a question anywhere in the function counts.
///
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

enum class Origin { None, Device, User, Entry, Pfn, Unknown };

class ZoneDevice : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;
};

/// What one translation unit says, once.
struct UnitFacts {
  llvm::DenseSet<const FunctionDecl *> Tests; ///< own functions that ask
  const FunctionDecl *Sampler = nullptr;      ///< stores a page's count
  bool IdleIsOne = false;   ///< an idle FS_DAX page has count 1 here
  bool OwnsPrivate = false; ///< has the methods of private memory
  const FunctionDecl *HandsOut = nullptr; ///< declared in this kernel
};

/// Judges one function.
class FunctionJudge {
public:
  FunctionJudge(const FunctionDecl *Fn, const UnitFacts &Unit,
                const ModelIndex &Index, const CheckerBase *Check,
                AnalysisManager &Mgr, BugReporter &BR)
      : Fn(Fn), Unit(Unit), Index(Index), M(Index.model()), Check(Check),
        Mgr(Mgr), BR(BR) {}

  void run();

private:
  void collect();
  void note(const ValueDecl *D, Origin From);
  Origin originOf(const Expr *E) const;
  bool isDeviceNumber(const Expr *E) const;
  void judge(const CallExpr *Call);
  void judgeList(const MemberExpr *Field);
  void judgeWrite(const Expr *To);
  void judgeCount(const BinaryOperator *Op);
  void judgeReserved(const CallExpr *Call);
  void judgeHandOut();
  void report(const Stmt *At, const llvm::Twine &Text);

  const FunctionDecl *Fn;
  const UnitFacts &Unit;
  const ModelIndex &Index;
  Marked M;
  const CheckerBase *Check;
  AnalysisManager &Mgr;
  BugReporter &BR;
  llvm::DenseMap<const ValueDecl *, Origin> Origins;
  llvm::DenseSet<const ValueDecl *> DeviceNumbers;
  bool Asks = false;
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
// Where pages come from
//===----------------------------------------------------------------------===//

/// The outermost macro around \p E with a mark of \p Kind, or null.
static const model::Mark *macroAround(const Expr *E, llvm::StringRef Kind,
                                      const Marked &M, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  const model::Mark *Found = nullptr;
  for (SourceLocation Loc = E->getBeginLoc(); Loc.isMacroID();
       Loc = SM.getImmediateMacroCallerLoc(Loc))
    if (const model::Mark *Mark = M.find(
            Kind, Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts())))
      Found = Mark;
  return Found;
}

static bool isPageType(QualType Type) {
  QualType Pointee = Type->getPointeeType();
  const RecordDecl *Record =
      Pointee.isNull() ? nullptr : Pointee->getAsRecordDecl();
  return Record && Record->getIdentifier() &&
         (Record->getName() == "page" || Record->getName() == "folio");
}

static bool mentions(const Stmt *S, llvm::function_ref<bool(const Expr *)> Is) {
  bool Found = false;
  forEachStmt(S, [&](const Stmt *At) {
    if (const auto *E = dyn_cast<Expr>(At))
      Found |= Is(E);
  });
  return Found;
}

/// What \p Field is a field of: through the unnamed members between.
static const Expr *ownerOf(const MemberExpr *Field) {
  const Expr *Base = Field->getBase()->IgnoreParenCasts();
  while (const auto *Outer = dyn_cast<MemberExpr>(Base)) {
    if (Outer->getMemberDecl()->getIdentifier())
      break;
    Base = Outer->getBase()->IgnoreParenCasts();
  }
  return Base;
}

/// \p E is computed from where a page map lies.
bool FunctionJudge::isDeviceNumber(const Expr *E) const {
  return mentions(E, [&](const Expr *Part) {
    if (const auto *Call = dyn_cast<CallExpr>(Part))
      return M.find("zone-source", Call) != nullptr;
    if (const auto *Member = dyn_cast<MemberExpr>(Part))
      return M.find("zone-source",
                    dyn_cast<FieldDecl>(Member->getMemberDecl())) != nullptr;
    const auto *Ref = dyn_cast<DeclRefExpr>(Part);
    return Ref && DeviceNumbers.contains(Ref->getDecl());
  });
}

Origin FunctionJudge::originOf(const Expr *E) const {
  E = E->IgnoreParenCasts();
  const ASTContext &Ctx = Fn->getASTContext();
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    auto Argument = [&](const model::Mark *Mark) -> const Expr * {
      unsigned Arg = Mark->Arguments.empty() ? 0 : Mark->Arguments.front();
      return Arg < Call->getNumArgs() ? Call->getArg(Arg) : nullptr;
    };
    if (const model::Mark *Mark = M.find("page-name", Call))
      if (const Expr *Arg = Argument(Mark))
        return originOf(Arg);
    if (const model::Mark *Mark = M.find("page-of-pfn", Call))
      if (const Expr *Arg = Argument(Mark))
        return isDeviceNumber(Arg) ? Origin::Device : Origin::Pfn;
    if (const model::Mark *Mark = M.find("page-of-address", Call))
      if (const Expr *Arg = Argument(Mark))
        return isDeviceNumber(Arg) ? Origin::Device : Origin::Unknown;
    if (M.find("page-of-entry", Call))
      return Origin::Entry;
    return Origin::Unknown;
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E);
      Op && Op->getOpcode() == BO_Add && isPageType(Op->getType())) {
    if (macroAround(Op, "page-of-address", M, Ctx))
      return isDeviceNumber(Op->getRHS()) ? Origin::Device : Origin::Unknown;
    if (macroAround(Op, "page-of-pfn", M, Ctx))
      return isDeviceNumber(Op->getRHS()) ? Origin::Device : Origin::Pfn;
    return originOf(Op->getLHS());
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return M.find("page-of-entry", dyn_cast<FieldDecl>(Member->getMemberDecl()))
               ? Origin::Entry
               : Origin::Unknown;
  if (const auto *Element = dyn_cast<ArraySubscriptExpr>(E))
    E = Element->getBase()->IgnoreParenCasts();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    auto It = Origins.find(Ref->getDecl());
    return It == Origins.end() ? Origin::Unknown : It->second;
  }
  return Origin::Unknown;
}

void FunctionJudge::note(const ValueDecl *D, Origin From) {
  const auto *Var = dyn_cast_or_null<VarDecl>(D);
  if (!Var || !Var->isLocalVarDeclOrParm())
    return;
  Origin &Now = Origins[Var];
  if (isa<ParmVarDecl>(Var) && Now == Origin::None &&
      !Var->getType()->getPointeeType()->isPointerType())
    Now = Origin::Unknown;
  Now = Now == Origin::None || Now == From ? From : Origin::Unknown;
}

/// Finds what reaches each local variable.  Two rounds: a variable may be set
/// from one that is set further down.
void FunctionJudge::collect() {
  auto Assigned = [&](const ValueDecl *To, const Expr *From) {
    if (!To || !From)
      return;
    if (isa<VarDecl>(To) && !isPageType(From->getType()) &&
        isDeviceNumber(From))
      DeviceNumbers.insert(To);
  };
  auto Pages = [&](const ValueDecl *To, const Expr *From) {
    if (To && From && isPageType(To->getType()) &&
        !From->isNullPointerConstant(Fn->getASTContext(),
                                     Expr::NPC_ValueDependentIsNotNull))
      note(To, originOf(From));
  };
  auto EachAssignment =
      [&](llvm::function_ref<void(const ValueDecl *, const Expr *)> See) {
        forEachStmt(Fn->getBody(), [&](const Stmt *S) {
          if (const auto *Op = dyn_cast<BinaryOperator>(S);
              Op && Op->isAssignmentOp())
            if (const auto *Ref =
                    dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParenCasts()))
              See(Ref->getDecl(), Op->getRHS());
          if (const auto *Group = dyn_cast<DeclStmt>(S))
            for (const Decl *D : Group->decls())
              if (const auto *Var = dyn_cast<VarDecl>(D))
                See(Var, Var->getInit());
        });
      };
  EachAssignment(Assigned);
  EachAssignment(Assigned);
  // Arrays and pages that an acquisition of user memory fills.
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    const model::Function *By = Index.find(Call);
    if (By && By->TheRole == model::Role::Acquire && !By->Extra &&
        !By->Conditional && By->Object.Base == model::Place::Arg &&
        (By->Resource == "pin" || By->Resource == "ref") &&
        By->Object.Index < Call->getNumArgs())
      note(declOf(Call->getArg(By->Object.Index)), Origin::User);
  }
  EachAssignment(Pages);
}

//===----------------------------------------------------------------------===//
// The rules
//===----------------------------------------------------------------------===//

static llvm::StringRef words(Origin From) {
  switch (From) {
  case Origin::Device:
    return "a device page";
  case Origin::User:
    return "user memory, which may be a device page,";
  case Origin::Entry:
    return "a page that may be a device's";
  default:
    return "the page of a pfn, which may be a device's,";
  }
}

void FunctionJudge::judge(const CallExpr *Call) {
  auto Argument = [&](const model::Mark *Mark) -> const Expr * {
    unsigned Arg = Mark->Arguments.empty() ? 0 : Mark->Arguments.front();
    return Arg < Call->getNumArgs() ? Call->getArg(Arg) : nullptr;
  };
  if (const model::Mark *Sink = M.find("zone-sink", Call))
    if (const Expr *Page = Argument(Sink);
        Page && originOf(Page) == Origin::Device)
      report(Call, "a device page is given to '" +
                       Call->getDirectCallee()->getName() + "': " + Sink->Text);
  if (Asks)
    return;
  if (const model::Mark *Set = M.find("page-count-set", Call))
    if (const Expr *Page = Argument(Set);
        Page && originOf(Page) == Origin::User)
      report(Call, "count of " + words(Origin::User) + " is set: " + Set->Text);
  if (const model::Mark *Get = M.find("blind-get", Call)) {
    // Only a pfn as such: one that is computed may well be of an own page.
    const Expr *Page = Argument(Get);
    const Expr *Bare = Page ? Page->IgnoreParenCasts() : nullptr;
    const Expr *Pfn = nullptr;
    if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Bare))
      Pfn = Op->getRHS();
    else if (const auto *Of = dyn_cast_or_null<CallExpr>(Bare);
             Of && Of->getNumArgs())
      Pfn = Of->getArg(0);
    if (Pfn && originOf(Page) == Origin::Pfn &&
        isa<DeclRefExpr, MemberExpr>(Pfn->IgnoreParenCasts()))
      report(Call, "reference added to the page of a pfn that nothing holds: " +
                       Get->Text);
  }
  judgeReserved(Call);
}

/// Rule 4: a function from a pfn to the page that its callers count.
void FunctionJudge::judgeReserved(const CallExpr *Call) {
  const model::Mark *Reserved = M.find("page-reserved", Call);
  if (!Reserved || !isPageType(Fn->getReturnType()) || !Call->getNumArgs())
    return;
  const Expr *Page = Call->getArg(0);
  const ValueDecl *Var = declOf(Page);
  if (originOf(Page) != Origin::Pfn || !Var)
    return;
  bool Returned = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S);
        Return && Return->getRetValue())
      Returned |= declOf(Return->getRetValue()) == Var;
  });
  if (Returned)
    report(Call, "the reserved flag decides whether the page is counted, but " +
                     Reserved->Text);
}

/// Rule 1, lists.
void FunctionJudge::judgeList(const MemberExpr *Field) {
  const auto *Decl = dyn_cast<FieldDecl>(Field->getMemberDecl());
  const model::Mark *List = M.find("zone-list", Decl);
  if (List && originOf(ownerOf(Field)) == Origin::Device)
    report(Field,
           "'" + Decl->getName() + "' of a device page is used: " + List->Text);
}

/// Rule 2, fields: \p To is written.
void FunctionJudge::judgeWrite(const Expr *To) {
  const auto *Field = dyn_cast<MemberExpr>(To->IgnoreParenCasts());
  const auto *Decl =
      Field ? dyn_cast<FieldDecl>(Field->getMemberDecl()) : nullptr;
  const model::Mark *Mark = M.find("zone-field", Decl);
  if (Mark && !Asks && originOf(ownerOf(Field)) == Origin::User)
    report(Field, "'" + Decl->getName() + "' of " + words(Origin::User) +
                      " is written: " + Mark->Text);
}

/// Rules 3 and 6.
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
    const auto *Call = dyn_cast<CallExpr>(Counted);
    const model::Mark *Count = Call ? M.find("page-count", Call) : nullptr;
    if (!Count || !Call->getNumArgs())
      continue;
    if (Biased && Unit.Sampler && Unit.Sampler != Fn->getCanonicalDecl()) {
      report(Call, "the count is read when others may have dropped their "
                   "references already; '" +
                       Unit.Sampler->getName() +
                       "' samples it for this decision");
      continue;
    }
    Expr::EvalResult Value;
    if (Asks || macroAround(Op, "asserts", M, Fn->getASTContext()) ||
        !Other->EvaluateAsInt(Value, Fn->getASTContext()) ||
        Value.Val.getInt() < 1)
      continue;
    // "Is there any reference at all" is a fair question.
    if (Op->getLHS()->IgnoreParenCasts() == Call && Op->getOpcode() == BO_LT &&
        Value.Val.getInt() == 1)
      continue;
    Origin From = originOf(Call->getArg(0));
    if (From == Origin::User || From == Origin::Entry || From == Origin::Device)
      report(Op, "count of " + words(From) +
                     " is compared with a constant; an idle FS_DAX page has " +
                     (Unit.IdleIsOne ? "count 1 in this kernel, 0 in later ones"
                                     : "count 0 in this kernel, 1 in earlier "
                                       "ones"));
  }
}

/// Rule 7: a page leaves the list of free private pages.
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
    if (Owner && originOf(ownerOf(Owner)) == Origin::Pfn &&
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

void FunctionJudge::run() {
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    Asks |= M.find("zone-test", Call) ||
            (Callee && Unit.Tests.contains(Callee->getCanonicalDecl()));
  }
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    Asks |= Member &&
            M.find("pgmap-type", dyn_cast<FieldDecl>(Member->getMemberDecl()));
  });
  collect();
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      judge(Call);
    else if (const auto *Member = dyn_cast<MemberExpr>(S))
      judgeList(Member);
    else if (const auto *Op = dyn_cast<BinaryOperator>(S)) {
      judgeCount(Op);
      if (Op->isAssignmentOp())
        judgeWrite(Op->getLHS());
    }
  });
  judgeHandOut();
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

static UnitFacts factsOf(const TranslationUnitDecl *TU,
                         const std::vector<const FunctionDecl *> &Functions,
                         const Marked &M) {
  UnitFacts Facts;
  for (const FunctionDecl *Fn : Functions) {
    for (const CallExpr *Call : callsIn(Fn->getBody()))
      if (M.find("zone-test", Call) && Fn->getReturnType()->isBooleanType())
        Facts.Tests.insert(Fn->getCanonicalDecl());
    if (!Facts.Sampler && samples(Fn, M))
      Facts.Sampler = Fn->getCanonicalDecl();
  }
  for (const Decl *D : TU->decls()) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(D)) {
      Facts.IdleIsOne |= M.find("zone-era", Fn) != nullptr;
      if (!Facts.HandsOut && M.find("zone-hands-out", Fn))
        Facts.HandsOut = Fn;
    }
    const auto *Var = dyn_cast<VarDecl>(D);
    const RecordDecl *Record =
        Var && Var->getInit() ? Var->getType()->getAsRecordDecl() : nullptr;
    if (Record && M.find("zone-methods", Record->getName()))
      Facts.OwnsPrivate = true;
  }
  return Facts;
}

void ZoneDevice::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M(Ground->index().model());
  std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  UnitFacts Facts = factsOf(TU, Functions, M);
  for (const FunctionDecl *Fn : Functions)
    FunctionJudge(Fn, Facts, Ground->index(), this, Mgr, BR).run();
}

void registerZoneDevice(CheckerManager &Mgr) {
  Mgr.registerChecker<ZoneDevice>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
