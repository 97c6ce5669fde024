//===- GfpFlags.cpp - Allocation flags ------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.GfpFlags.  Rules (numbers as in docs/checks/linux.mm.GfpFlags.md):
///
///   1. A flag that the function refuses or ignores, or one missing that it
///      needs.
///   2. Flags that exclude each other, or say nothing without another one.
///   3. A flag that is not supported for the order at hand.
///   4. Masks joined of which one adds nothing, or contradicts the other.
///   5. A null check where the allocation does not fail.
///   6. Flags and another argument in each other's place.
///   7. A flag that the kernel gave up, defined by the file itself, or used in
///      a branch for kernels of which some have it no more.
///   8. A page that user space gets before anything was written to it.
///
/// All of it is data (model/gfp.yaml): this file only compares.  Masks are
/// constants, or what a variable of the function can be at that place.
///
/// Not handled: masks in members and globals, and masks that a caller gives.
///
//===----------------------------------------------------------------------===//

#include "AllocFlow.h"
#include "Dataflow.h"
#include "GfpMask.h"
#include "VersionBranches.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

constexpr llvm::StringLiteral Category = "Linux allocation flags";

/// What is wrong with one call or expression.
struct Fault {
  std::string What;
  const model::Mark *Rule;
  bool Remark;
};

class GfpFlags : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;
};

/// The check at work on one translation unit.
class FlagJudge {
public:
  FlagJudge(const GfpFlags &Check, AnalysisManager &Mgr, BugReporter &BR)
      : Check(Check), Mgr(Mgr), BR(BR), Ctx(Mgr.getASTContext()),
        Marks(Check.Ground->index().model()),
        Reader(Ctx, Mgr.getPreprocessor(), Marks.model()) {
    for (const auto &Mark : Marks.model().marks()) {
      if (llvm::StringRef(Mark->Kind).starts_with("gfp-"))
        General.push_back(Mark.get());
      if (Mark->Kind == "gfp-type")
        TypeRule = Mark.get();
      if (Mark->Kind == "gfp-redundant")
        RedundantRule = Mark.get();
    }
  }

  void run(const FunctionDecl *Fn);
  void runOnMacros();
  void runOnBranches();

private:
  void report(const Stmt *At, const Fault &F);
  const model::Mark *ruleFor(llvm::StringRef Kind, const CallExpr *Call) const;

  void judgeCall(const CallExpr *Call, const GfpVariables &Here);
  bool judgeFunction(const CallExpr *Call, const GfpMask &Mask);
  bool judgeMask(const CallExpr *Call, const GfpMask &Mask);
  void judgeOrder(const CallExpr *Call, unsigned Flags);
  void judgeUnion(const BinaryOperator *Or);
  void judgeUncleared();
  AllocFlow::Answer followToUser(const CallExpr *Source, const Expr *Read,
                                 bool Final, const ParentMap &Parents);
  void judgeNullChecks(const Stmt *S);
  void judgeNullCheck(const Expr *Condition, const Expr *Place,
                      const CallExpr *Call);

  /// Names from \p Names whose flags \p Which says yes to.
  std::string flagsOf(llvm::ArrayRef<std::string> Names,
                      llvm::function_ref<bool(uint64_t)> Which) const {
    std::vector<std::string> Found;
    for (const std::string &Name : Names)
      if (std::optional<uint64_t> Bits = Reader.value(Name);
          Bits && *Bits && Which(*Bits))
        Found.push_back(Name);
    return llvm::join(Found, ", ");
  }

  const GfpFlags &Check;
  AnalysisManager &Mgr;
  BugReporter &BR;
  ASTContext &Ctx;
  Marked Marks;
  GfpReader Reader;
  std::vector<const model::Mark *> General;
  const model::Mark *TypeRule = nullptr, *RedundantRule = nullptr;
  const FunctionDecl *In = nullptr;
  /// Those that take pages and certainly do not clear them.
  llvm::DenseSet<const CallExpr *> Uncleared;
  /// Calls of the function at hand that cannot fail, with the rule that says
  /// so.
  llvm::DenseMap<const CallExpr *, const model::Mark *> NeverFail;
};

} // namespace

static std::string macroOf(const Expr *E, const ASTContext &Ctx);

/// "name: text" as words for a report, with the place it comes from.
static std::string quoted(const model::Mark &Rule) {
  auto [Name, Text] = llvm::StringRef(Rule.Text).split(": ");
  return (Name + (Text.empty() ? "" : ": \"") + Text +
          (Text.empty() ? "" : "\"") + " (" + Rule.Source + ")")
      .str();
}

void FlagJudge::report(const Stmt *At, const Fault &F) {
  std::string Where = Category.str() + (F.Remark ? RemarkSuffix : "").str();
  BR.EmitBasicReport(
      In, &Check, "allocation flags", Where, F.What + "; " + quoted(*F.Rule),
      PathDiagnosticLocation::createBegin(At, BR.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(In)),
      At->getSourceRange());
}

const model::Mark *FlagJudge::ruleFor(llvm::StringRef Kind,
                                      const CallExpr *Call) const {
  if (const model::Mark *Rule = Marks.find(Kind, Call))
    return Rule;
  // The macros around it; a function of the file has rules of its own.
  llvm::SmallVector<std::string, 4> Names = namesOf(Call, Ctx);
  if (Call->getDirectCallee() && !Names.empty())
    Names.pop_back();
  for (const std::string &Name : Names)
    if (const model::Mark *Rule = Marks.find(Kind, llvm::StringRef(Name)))
      return Rule;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Rules 1 to 3, 6: a call
//===----------------------------------------------------------------------===//

/// Rule 1; true when something was said.
bool FlagJudge::judgeFunction(const CallExpr *Call, const GfpMask &Mask) {
  // The file that has the function in it knows what it does.
  const FunctionDecl *Body = Call->getDirectCallee()->getDefinition();
  const SourceManager &SM = Ctx.getSourceManager();
  if (Body && SM.isInMainFile(SM.getExpansionLoc(Body->getLocation())))
    return false;
  std::string Name = "'" + spelling(Call, Ctx) + "'";
  if (const model::Mark *Rule = ruleFor("gfp-refuses", Call)) {
    std::string Flags =
        flagsOf(Rule->With, [&](uint64_t Bits) { return Mask.has(Bits); });
    if (!Flags.empty()) {
      report(Call, {Name + " does not support " + Flags, Rule, false});
      return true;
    }
  }
  if (const model::Mark *Rule = ruleFor("gfp-needs", Call)) {
    std::string Flags = flagsOf(
        Rule->With, [&](uint64_t Bits) { return Mask.lacksOneOf(Bits); });
    if (!Flags.empty()) {
      report(Call, {Name + " needs " + Flags, Rule, false});
      return true;
    }
  }
  if (const model::Mark *Rule = ruleFor("gfp-prefers", Call)) {
    std::string Flags = flagsOf(
        Rule->With, [&](uint64_t Bits) { return Mask.lacksOneOf(Bits); });
    if (!Flags.empty()) {
      report(Call, {Name + " expects " + Flags + " as well", Rule, true});
      return true;
    }
  }
  if (const model::Mark *Rule = ruleFor("gfp-ignores", Call)) {
    std::string Flags =
        flagsOf(Rule->With, [&](uint64_t Bits) { return Mask.has(Bits); });
    if (!Flags.empty()) {
      report(Call, {Name + " makes no use of " + Flags, Rule, true});
      return true;
    }
  }
  return false;
}

/// Rule 2; true when something was said.
bool FlagJudge::judgeMask(const CallExpr *Call, const GfpMask &Mask) {
  for (const model::Mark *Rule : General)
    for (const std::string &Name : Rule->Names) {
      std::optional<uint64_t> Bits = Reader.value(Name);
      if (!Bits || !Mask.has(*Bits))
        continue;
      if (Rule->Kind == "gfp-excludes") {
        std::string Flags = flagsOf(Rule->With, [&](uint64_t Other) {
          return Other != *Bits && Mask.has(Other);
        });
        if (Flags.empty())
          continue;
        report(Call,
               {(llvm::Twine(Name) + " excludes " + Flags).str(), Rule, false});
        return true;
      }
      bool Needs = Rule->Kind == "gfp-flag-needs";
      if (Needs || Rule->Kind == "gfp-flag-wants") {
        if (!flagsOf(Rule->With, [&](uint64_t Other) {
               return !Mask.hasNoneOf(Other);
             }).empty())
          continue;
        report(Call, {Name + (Needs ? " needs " : " says nothing without ") +
                          llvm::join(Rule->With, " or "),
                      Rule, !Needs});
        return true;
      }
      if (Rule->Kind == "gfp-flag-node" &&
          llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
            return llvm::is_contained(Rule->With, macroOf(Argument, Ctx));
          })) {
        report(Call,
               {Name + " says nothing with " + llvm::join(Rule->With, " or "),
                Rule, true});
        return true;
      }
      if (Rule->Kind == "gfp-alone" && Mask.Set == *Bits && Mask.May == *Bits) {
        report(Call, {Name + " is the whole mask", Rule, true});
        return true;
      }
    }
  return false;
}

/// Rule 3.
void FlagJudge::judgeOrder(const CallExpr *Call, unsigned Flags) {
  const model::Function *Fn = Check.Ground->index().find(Call);
  Expr::EvalResult Value;
  if (!Fn || Fn->Order.Kind != model::Amount::Arg ||
      Fn->Order.Value >= Call->getNumArgs() ||
      !Call->getArg(Fn->Order.Value)->EvaluateAsInt(Value, Ctx))
    return;
  for (const model::Mark *Rule : General) {
    unsigned Most = 0;
    if (Rule->Kind != "gfp-flag-order" || Rule->Arguments.empty())
      continue;
    Most = Rule->Arguments.front();
    for (const GfpMask &Mask : Reader.masks(Call->getArg(Flags), {}))
      for (const std::string &Name : Rule->Names)
        if (std::optional<uint64_t> Bits = Reader.value(Name);
            Bits && Mask.has(*Bits) && Value.Val.getInt() > Most)
          report(Call, {Name + " with order " +
                            llvm::toString(Value.Val.getInt(), 10),
                        Rule, false});
  }
}

void FlagJudge::judgeCall(const CallExpr *Call, const GfpVariables &Here) {
  const FunctionDecl *Fn = Call->getDirectCallee();
  std::optional<unsigned> Flags = Reader.argument(Fn);
  if (!Flags || *Flags >= Call->getNumArgs() || ruleFor("gfp-kept", Call))
    return;
  const Expr *Given = Call->getArg(*Flags);
  // Rule 6.
  for (unsigned I = 0; I < Call->getNumArgs() && !Reader.isMask(Given); ++I) {
    if (I == *Flags || I >= Fn->getNumParams() || !TypeRule ||
        !Fn->getParamDecl(I)->getType()->isIntegerType() ||
        !Reader.isMask(Call->getArg(I)))
      continue;
    report(Call,
           {"argument " + llvm::utostr(I + 1) + " of '" + spelling(Call, Ctx) +
                "' is flags, and its flags are "
                "argument " +
                llvm::utostr(*Flags + 1),
            TypeRule, false});
    return;
  }
  bool Said = false;
  GfpMasks Masks = Reader.masks(Given, Here);
  for (const GfpMask &Mask : Masks)
    if (Mask.May != ~uint64_t(0) || Mask.Set)
      Said |= !Said && (judgeFunction(Call, Mask) || judgeMask(Call, Mask));
  judgeOrder(Call, *Flags);
  const model::Model &M = Marks.model();
  const model::Function *Entry = Check.Ground->index().find(Call);
  for (const model::Mark *Rule : General)
    if (Rule->Kind == "gfp-clears" && Entry &&
        M.familyTaken(*Entry) == "page-allocator" &&
        !Entry->hasContext("zeroed") &&
        llvm::all_of(Masks, [&](const GfpMask &Mask) {
          return !flagsOf(Rule->Names, [&](uint64_t Bits) {
                    return Mask.hasNoneOf(Bits);
                  }).empty();
        }))
      Uncleared.insert(Call);
  // Of other functions it is not known that they fail for lack of memory only.
  for (const model::Mark *Rule : General)
    if (Rule->Kind == "gfp-never-fails" && Entry &&
        Entry->TheRole == model::Role::Acquire &&
        llvm::all_of(Masks, [&](const GfpMask &Mask) {
          return !flagsOf(Rule->Names, [&](uint64_t Bits) {
                    return Mask.has(Bits);
                  }).empty();
        }))
      NeverFail[Call] = Rule;
}

//===----------------------------------------------------------------------===//
// Rule 4: masks that are joined
//===----------------------------------------------------------------------===//

namespace {
/// One operand of a union: the macro that it is written as, and its value.
struct Operand {
  std::string Name;
  uint64_t Bits;
};
} // namespace

/// The outermost macro that \p E as a whole stands for where a person wrote it,
/// or "".
static std::string macroOf(const Expr *E, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Loc = E->getBeginLoc();
  std::string Name;
  while (Loc.isMacroID()) {
    if (SM.isMacroArgExpansion(Loc)) {
      Loc = SM.getImmediateSpellingLoc(Loc);
      continue;
    }
    Name = Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts()).str();
    Loc = SM.getImmediateExpansionRange(Loc).getBegin();
  }
  return Name;
}

/// \p Loc is in the body of a macro, not in what a person wrote here.
static bool isInMacroBody(SourceLocation Loc, const SourceManager &SM) {
  while (Loc.isMacroID() && SM.isMacroArgExpansion(Loc))
    Loc = SM.getImmediateSpellingLoc(Loc);
  return Loc.isMacroID();
}

static void collectOperands(const Expr *E, const ASTContext &Ctx,
                            llvm::SmallVectorImpl<const Expr *> &Out) {
  E = E->IgnoreParenImpCasts();
  const auto *Op = dyn_cast<BinaryOperator>(E);
  // The parts of a macro are its own business.
  bool Inside =
      Op && isInMacroBody(Op->getOperatorLoc(), Ctx.getSourceManager());
  if (!Op || Op->getOpcode() != BO_Or || Inside) {
    Out.push_back(E);
    return;
  }
  collectOperands(Op->getLHS(), Ctx, Out);
  collectOperands(Op->getRHS(), Ctx, Out);
}

void FlagJudge::judgeUnion(const BinaryOperator *Or) {
  llvm::SmallVector<const Expr *, 6> Parts;
  collectOperands(Or, Ctx, Parts);
  llvm::SmallVector<Operand, 6> Operands;
  for (const Expr *Part : Parts) {
    std::string Name = macroOf(Part, Ctx);
    std::optional<uint64_t> Bits =
        Name.empty() ? std::nullopt : Reader.value(Name);
    if (Bits)
      Operands.push_back({Name, *Bits});
  }
  for (const Operand &A : Operands)
    for (const Operand &B : Operands) {
      if (&A == &B)
        continue;
      const model::Mark *Against =
          Marks.find("gfp-contradicts", llvm::StringRef(A.Name));
      if (Against && llvm::is_contained(Against->With, B.Name))
        return report(Or, {A.Name + " and " + B.Name + " contradict each other",
                           Against, true});
      // Of two of one value, the second is too many.
      if (A.Bits && !(A.Bits & ~B.Bits) && (A.Bits != B.Bits || &A > &B) &&
          RedundantRule)
        return report(
            Or, {A.Name + " adds nothing to " + B.Name, RedundantRule, true});
    }
}

//===----------------------------------------------------------------------===//
// Rule 5: null checks
//===----------------------------------------------------------------------===//

/// The pointer that \p E compares with null, or null.
static const Expr *testedForNull(const Expr *E, const ASTContext &Ctx) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Call = dyn_cast<CallExpr>(E)) // __builtin_expect()
    return Call->getBuiltinCallee() && Call->getNumArgs()
               ? testedForNull(Call->getArg(0), Ctx)
               : nullptr;
  if (const auto *Op = dyn_cast<UnaryOperator>(E);
      Op && Op->getOpcode() == UO_LNot) {
    const Expr *Sub = Op->getSubExpr()->IgnoreParenImpCasts();
    if (const auto *Again = dyn_cast<UnaryOperator>(Sub);
        Again && Again->getOpcode() == UO_LNot)
      return testedForNull(Again->getSubExpr(), Ctx);
    return testedForNull(Sub, Ctx);
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E); Op && Op->isEqualityOp()) {
    auto IsNull = [&](const Expr *Side) {
      return Side->IgnoreParenImpCasts()->isNullPointerConstant(
                 const_cast<ASTContext &>(Ctx),
                 Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull;
    };
    if (IsNull(Op->getRHS()))
      return Op->getLHS()->IgnoreParenImpCasts();
    return IsNull(Op->getLHS()) ? Op->getRHS()->IgnoreParenImpCasts() : nullptr;
  }
  return E->getType()->isPointerType() ? E : nullptr;
}

/// \p A and \p B name the same variable or member.
static bool isSamePlace(const Expr *A, const Expr *B) {
  A = A->IgnoreParenCasts();
  B = B->IgnoreParenCasts();
  const auto *RefA = dyn_cast<DeclRefExpr>(A), *RefB = dyn_cast<DeclRefExpr>(B);
  if (RefA && RefB)
    return RefA->getDecl() == RefB->getDecl();
  const auto *MemberA = dyn_cast<MemberExpr>(A),
             *MemberB = dyn_cast<MemberExpr>(B);
  return MemberA && MemberB &&
         MemberA->getMemberDecl() == MemberB->getMemberDecl() &&
         isSamePlace(MemberA->getBase(), MemberB->getBase());
}

/// The call in \p E whose value \p E is.
static const CallExpr *
callIn(const Expr *E,
       const llvm::DenseMap<const CallExpr *, const model::Mark *> &Calls) {
  for (const CallExpr *Call : callsIn(E))
    if (Calls.contains(Call) && Call->getType()->isPointerType())
      return Call;
  return nullptr;
}

void FlagJudge::judgeNullCheck(const Expr *Condition, const Expr *Place,
                               const CallExpr *Call) {
  const Expr *Tested = testedForNull(Condition, Ctx);
  if (!Tested)
    return;
  if (const auto *Op = dyn_cast<BinaryOperator>(Tested->IgnoreParenCasts());
      Op && Op->getOpcode() == BO_Assign) {
    Call = callIn(Op->getRHS(), NeverFail);
    if (!Call)
      return;
  } else if (!Place || !isSamePlace(Tested, Place)) {
    return;
  }
  const model::Mark *Rule = NeverFail.lookup(Call);
  report(Condition, {"'" + spelling(Call, Ctx) +
                         "' does not fail here, and its result is compared "
                         "with null",
                     Rule, true});
}

void FlagJudge::judgeNullChecks(const Stmt *S) {
  forEachStmt(S, [&](const Stmt *At) {
    if (const auto *If = dyn_cast<IfStmt>(At))
      judgeNullCheck(If->getCond(), nullptr, nullptr);
    const auto *Block = dyn_cast<CompoundStmt>(At);
    if (!Block)
      return;
    const Expr *Place = nullptr;
    const CallExpr *Call = nullptr;
    for (const Stmt *Child : Block->body()) {
      if (const auto *If = dyn_cast<IfStmt>(Child); If && Place)
        judgeNullCheck(If->getCond(), Place, Call);
      Place = nullptr;
      const auto *E = dyn_cast<Expr>(Child);
      const auto *Op =
          E ? dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts()) : nullptr;
      Call = Op && Op->getOpcode() == BO_Assign
                 ? callIn(Op->getRHS(), NeverFail)
                 : nullptr;
      if (Call)
        Place = Op->getLHS();
    }
  });
}

//===----------------------------------------------------------------------===//
// Rule 8: pages that go to user space uncleared
//===----------------------------------------------------------------------===//

/// One use of a page that nothing was written to so far.
AllocFlow::Answer FlagJudge::followToUser(const CallExpr *Source,
                                          const Expr *Read, bool Final,
                                          const ParentMap &Parents) {
  auto Say = [&](const model::Mark *Rule) {
    if (Final)
      report(Source, {"'" + spelling(Source, Ctx) +
                          "' gives a page that user space gets before anything "
                          "is written to it; __GFP_ZERO expected",
                      Rule, false});
    return AllocFlow::Drop;
  };
  const Expr *E = Read;
  while (const Stmt *Use = useOf(E, Parents)) {
    if (const auto *Op = dyn_cast<BinaryOperator>(Use)) {
      if (Op->isComparisonOp() || Op->isLogicalOp())
        return AllocFlow::Keep;
      if (Op->isAssignmentOp()) {
        const model::Mark *Rule = Marks.find(
            "gfp-to-user", dyn_cast_or_null<FieldDecl>(declOf(Op->getLHS())));
        return Rule && Op->getRHS() == E ? Say(Rule) : AllocFlow::Drop;
      }
      E = Op; // an address, or the number of the page
      continue;
    }
    if (const auto *Op = dyn_cast<UnaryOperator>(Use);
        Op && Op->getOpcode() == UO_LNot)
      return AllocFlow::Keep;
    if (isa<MemberExpr, IfStmt>(Use))
      return AllocFlow::Keep;
    const auto *Call = dyn_cast<CallExpr>(Use);
    if (!Call)
      return AllocFlow::Drop;
    if (const model::Mark *Rule = ruleFor("gfp-to-user", Call))
      for (unsigned Arg : Rule->Arguments)
        if (Arg < Call->getNumArgs() && Call->getArg(Arg) == E)
          return Say(Rule);
    if (Call->getBuiltinCallee())
      return AllocFlow::Keep;
    const model::Function *Entry = Check.Ground->index().find(Call);
    if (!Entry)
      return AllocFlow::Drop;
    if (Entry->TheRole == model::Role::Convert) {
      E = Call;
      continue;
    }
    bool Looks = Entry->TheRole == model::Role::Test || Entry->Extra ||
                 (Entry->TheRole == model::Role::Borrow &&
                  Entry->hasContext("leaves-memory"));
    return Looks ? AllocFlow::Keep : AllocFlow::Drop;
  }
  return AllocFlow::Keep;
}

void FlagJudge::judgeUncleared() {
  auto IsSource = [&](const CallExpr *Call) {
    return Uncleared.contains(Call);
  };
  AllocFlow Flow(In, Mgr, IsSource);
  Flow.run([&](const CallExpr *Source, const Expr *Read, bool Final) {
    return followToUser(Source, Read, Final, Flow.parents());
  });
}

//===----------------------------------------------------------------------===//
// Rule 7: flags that are gone
//===----------------------------------------------------------------------===//

void FlagJudge::runOnMacros() {
  const Preprocessor &PP = Mgr.getPreprocessor();
  const SourceManager &SM = Ctx.getSourceManager();
  for (const model::Mark *Rule : General) {
    if (Rule->Kind != "gfp-gone")
      continue;
    for (const std::string &Name : Rule->Names) {
      auto It = PP.getIdentifierTable().find(Name);
      const MacroInfo *Macro = It == PP.getIdentifierTable().end()
                                   ? nullptr
                                   : PP.getMacroInfo(It->second);
      if (!Macro || !SM.isInMainFile(Macro->getDefinitionLoc()))
        continue;
      BR.EmitBasicReport(
          Ctx.getTranslationUnitDecl(), &Check, "allocation flags",
          (Category + RemarkSuffix).str(),
          Name + " is no flag of this kernel, and is defined here" +
              (Rule->With.empty() ? ""
                                  : "; " + Rule->With.front() + " instead") +
              "; " + quoted(*Rule),
          PathDiagnosticLocation(Macro->getDefinitionLoc(), SM));
    }
  }
}

void FlagJudge::runOnBranches() {
  const SourceManager &SM = Ctx.getSourceManager();
  const Preprocessor &PP = Mgr.getPreprocessor();
  VersionBranches Branches(SM, Ctx.getLangOpts());
  Branches.run([&](llvm::StringRef Word, SourceLocation Loc,
                   unsigned FirstBeyond) {
    for (const model::Mark *Rule : General) {
      if (Rule->Kind != "gfp-gone" || !llvm::is_contained(Rule->Names, Word))
        continue;
      unsigned Gone =
          kernelVersion(llvm::StringRef(Rule->Text).split("since ").second);
      auto It = PP.getIdentifierTable().find(Word);
      // Whoever defines it himself has it everywhere.
      if (!Gone || FirstBeyond <= Gone ||
          (It != PP.getIdentifierTable().end() && PP.getMacroInfo(It->second)))
        continue;
      BR.EmitBasicReport(
          Ctx.getTranslationUnitDecl(), &Check, "allocation flags",
          (Category + RemarkSuffix).str(),
          (Word + " is gone from some of the kernels that this branch is for" +
           (Rule->With.empty()
                ? llvm::Twine()
                : "; " + llvm::Twine(Rule->With.front()) + " instead") +
           "; " + quoted(*Rule))
              .str(),
          PathDiagnosticLocation(Loc, SM));
    }
  });
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

void FlagJudge::run(const FunctionDecl *Fn) {
  In = Fn;
  NeverFail.clear();
  Uncleared.clear();
  std::vector<const CallExpr *> Calls;
  bool Variables = false;
  llvm::DenseSet<const Expr *> Within;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S);
        Call && Reader.argument(Call->getDirectCallee()))
      Calls.push_back(Call);
    if (const auto *Group = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Group->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          Variables |= Reader.isMaskType(Var->getType());
    // Parents come before their operands.  What is taken out may be named
    // twice.
    if (const auto *Not = dyn_cast<UnaryOperator>(S);
        Not && Not->getOpcode() == UO_Not)
      Within.insert(Not->getSubExpr()->IgnoreParenImpCasts());
    const auto *Op = dyn_cast<BinaryOperator>(S);
    if (!Op || Op->getOpcode() != BO_Or)
      return;
    for (const Expr *Side : {Op->getLHS(), Op->getRHS()})
      Within.insert(Side->IgnoreParenImpCasts());
    if (!Within.contains(Op) && Reader.isMask(Op))
      judgeUnion(Op);
  });
  for (const ParmVarDecl *Parameter : Fn->parameters())
    Variables |= Reader.isMaskType(Parameter->getType());
  if (Calls.empty())
    return;
  const CFG *G = Variables ? Mgr.getAnalysisDeclContext(Fn)->getCFG() : nullptr;
  if (G) {
    Dataflow<GfpVariables> Flow(*G, {}, [&](const Stmt *S, GfpVariables &Here) {
      Reader.apply(S, Here);
    });
    Flow.visit([&](const Stmt *S, GfpVariables &Here) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        judgeCall(Call, Here);
      Reader.apply(S, Here);
    });
  } else {
    for (const CallExpr *Call : Calls)
      judgeCall(Call, {});
  }
  if (!NeverFail.empty())
    judgeNullChecks(Fn->getBody());
  if (!Uncleared.empty())
    judgeUncleared();
}

void GfpFlags::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                            BugReporter &BR) const {
  FlagJudge Judge(*this, Mgr, BR);
  for (const FunctionDecl *Fn : ownFunctions(TU))
    Judge.run(Fn);
  Judge.runOnMacros();
  Judge.runOnBranches();
}

void registerGfpFlags(CheckerManager &Mgr) {
  Mgr.registerChecker<GfpFlags>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
