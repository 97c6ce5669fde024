//===- Bypass.cpp - Ways around the export table --------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.Bypass.  Rules, for modules outside the kernel tree and for
/// those that are not GPL-compatible:
///
///   - a symbol is looked up by its name, which is a literal;
///   - an address is taken out of a probe, where the kernel wrote it;
///   - a number that can only be an address of kernel code becomes a function;
///   - the kernel's list of symbols is opened as a file;
///   - a GPL-only symbol of the kernel is defined anew, so that inline
///     functions link (only when the licence is not compatible).
///
/// And for every module: a NUL in the licence, behind which the kernel does not
/// read.
///
/// Not handled: names that are put together at run time, function hooks.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "Marked.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class Bypass : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

  void report(const Decl *Where, SourceLocation Loc, const std::string &Message,
              BugReporter &BR) const {
    const SourceManager &SM = BR.getSourceManager();
    auto Report = std::make_unique<BasicBugReport>(
        Type, Message, PathDiagnosticLocation(SM.getExpansionLoc(Loc), SM));
    Report->setDeclWithIssue(Where);
    BR.emitReport(std::move(Report));
  }
  /// "GPL-only", "not exported" ..., when the kernel's exports are known.
  std::string classOf(llvm::StringRef Symbol) const;

private:
  void judgeLicenses(BugReporter &BR) const;
  void judgeDefinitions(const TranslationUnitDecl *TU, BugReporter &BR) const;

  const BugType Type{this, "way around the export table", "Linux exports"};
};

/// The text of \p E when it is a string literal.
std::optional<std::string> literal(const Expr *E) {
  const auto *Text = dyn_cast<StringLiteral>(E->IgnoreParenCasts());
  if (!Text || !Text->isOrdinary())
    return std::nullopt;
  return Text->getString().split('\0').first.str();
}

/// Looks through one function or initialiser.
class Finder : public RecursiveASTVisitor<Finder> {
public:
  Finder(const Bypass &Check, const Decl *Where, BugReporter &BR)
      : Check(Check), Marks(Check.Ground->index().model()), Where(Where),
        BR(BR) {}

  bool VisitCallExpr(CallExpr *Call) {
    if (const model::Mark *Mark = Marks.find("looks-up-symbol", Call))
      lookUp(Call, *Mark);
    if (const model::Mark *Mark = Marks.find("opens-file", Call))
      if (std::optional<std::string> Path = argument(Call, *Mark);
          Path && *Path == "/proc/kallsyms")
        Check.report(Where, Call->getBeginLoc(),
                     "the kernel's list of symbols is read to find addresses",
                     BR);
    return true;
  }

  // The address is a way in only where it becomes something to call.
  bool VisitCastExpr(CastExpr *Cast) {
    const QualType To = Cast->getType();
    const Expr *From = Cast->getSubExpr()->IgnoreParenCasts();
    if (!To->isFunctionPointerType())
      return true;
    if (const auto *Member = dyn_cast<MemberExpr>(From)) {
      const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
      if (Field && Marks.find("probe-address", Field) &&
          Done.insert(Member).second)
        Check.report(Where, Member->getBeginLoc(),
                     "a probe is used to learn the address of a function that "
                     "is called afterwards",
                     BR);
    }
    fixedAddress(Cast, From);
    return true;
  }

private:
  std::optional<std::string> argument(const CallExpr *Call,
                                      const model::Mark &Mark) const {
    if (Mark.Arguments.empty() || Mark.Arguments[0] >= Call->getNumArgs())
      return std::nullopt;
    return literal(Call->getArg(Mark.Arguments[0]));
  }

  void lookUp(const CallExpr *Call, const model::Mark &Mark) {
    std::optional<std::string> Symbol = argument(Call, Mark);
    if (!Symbol)
      return;
    if (const model::Mark *Refuses = Marks.find("refuses-plain-symbol", Call)) {
      // Between GPL-compatible modules this is how optional symbols are had.
      const kernel::Export *E =
          Check.Facts->Exports ? Check.Facts->Exports->find(*Symbol) : nullptr;
      if (E && !E->GplOnly)
        Check.report(
            Where, Call->getBeginLoc(),
            "'" + *Symbol + "' cannot be had by name: " + Refuses->Text, BR);
      else if (Check.Facts->unit().incompatible())
        Check.report(Where, Call->getBeginLoc(),
                     "'" + *Symbol + "' is looked up by name" +
                         Check.classOf(*Symbol),
                     BR);
      return;
    }
    Check.report(
        Where, Call->getBeginLoc(),
        "'" + *Symbol + "' is looked up by name" + Check.classOf(*Symbol), BR);
  }

  /// Error codes and poison are numbers as well, but not of code.
  void fixedAddress(const CastExpr *Cast, const Expr *From) {
    const ASTContext &Ctx = BR.getContext();
    Expr::EvalResult Value;
    if (!From->getType()->isIntegerType() || From->isValueDependent() ||
        Ctx.getTypeSize(From->getType()) < 64 ||
        !From->EvaluateAsInt(Value, Ctx))
      return;
    const uint64_t Address = Value.Val.getInt().getZExtValue();
    constexpr uint64_t KernelHalf = 0xffff800000000000, Errors = ~0xfffULL;
    if (Address >= KernelHalf && Address < Errors)
      Check.report(Where, Cast->getBeginLoc(),
                   "a fixed address is called: it is of one build of one "
                   "kernel, and says nothing of what is there in others",
                   BR);
  }

  const Bypass &Check;
  const Marked Marks;
  const Decl *Where;
  BugReporter &BR;
  llvm::SmallPtrSet<const MemberExpr *, 4> Done;
};

} // namespace

std::string Bypass::classOf(llvm::StringRef Symbol) const {
  if (!Facts->Exports)
    return "";
  const kernel::Export *E = Facts->Exports->find(Symbol);
  if (!E)
    return ", which the kernel does not export";
  return E->GplOnly ? ", which is GPL-only" : "";
}

void Bypass::judgeLicenses(BugReporter &BR) const {
  for (const DeclaredLicense &L : Facts->unit().Licenses)
    if (L.HasNul && L.Where)
      report(L.Where, L.Where->getLocation(),
             "licence with a NUL in it: the kernel reads '" + L.Text +
                 "' and no further",
             BR);
}

void Bypass::judgeDefinitions(const TranslationUnitDecl *TU,
                              BugReporter &BR) const {
  if (!Facts->Exports || !Facts->unit().incompatible())
    return;
  for (const Decl *D : TU->decls()) {
    const auto *Value = dyn_cast<ValueDecl>(D);
    if (!Value || !Value->getIdentifier() || !Value->hasExternalFormalLinkage())
      continue;
    const auto *Fn = dyn_cast<FunctionDecl>(D);
    const auto *Var = dyn_cast<VarDecl>(D);
    const bool IsCode =
        Fn && Fn->doesThisDeclarationHaveABody() && !Fn->isInlined();
    const bool IsData =
        Var && Var->isThisDeclarationADefinition() != VarDecl::DeclarationOnly;
    if (!IsCode && !IsData)
      continue;
    const kernel::Export *E = Facts->Exports->find(Value->getName());
    if (E && E->GplOnly)
      report(D, D->getLocation(),
             "own definition of '" + Value->getNameAsString() + "', which " +
                 E->Module + " exports GPL-only",
             BR);
  }
}

void Bypass::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                          BugReporter &BR) const {
  const UnitContext &Unit = Facts->unit();
  if (!Unit.IsModule)
    return;
  judgeLicenses(BR);
  if (!Unit.IsOutOfTree && !Unit.incompatible())
    return;
  judgeDefinitions(TU, BR);
  const SourceManager &SM = BR.getSourceManager();
  for (Decl *D : TU->decls())
    if (SM.isInMainFile(SM.getExpansionLoc(D->getLocation())))
      Finder(*this, D, BR).TraverseDecl(D);
}

void registerBypass(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<Bypass>();
  Check->Facts = &exportFacts(Mgr);
  Check->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
