//===- GplOnly.cpp - GPL-only symbols in other modules --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.GplOnly.  Rule: code of a module whose MODULE_LICENSE is not
/// GPL-compatible (include/linux/license.h) names a symbol that the target
/// kernel's Module.symvers calls GPL-only (scripts/mod/modpost.c refuses such
/// a module: "GPL-incompatible module ... uses GPL-only symbol ...").
///
/// What counts is what the compiler will emit: code under a constant false
/// condition and static functions that nobody uses do not.
///
/// Not handled: symbols that a header's inline function brings in.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Kernel/Symvers.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/AnalyzerOptions.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/MapVector.h"
#include <optional>

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

/// A licence, and the declaration that says it (null: an option did).
struct DeclaredLicense {
  std::string Text;
  const VarDecl *Where;
};

/// Licences that the file declares, as MODULE_LICENSE leaves them in the
/// section ".modinfo": "license=GPL" in a module.  Built-in code has the
/// module's name in front and is no module.
std::vector<DeclaredLicense> declaredLicenses(const TranslationUnitDecl *TU) {
  std::vector<DeclaredLicense> Result;
  for (const Decl *D : TU->decls()) {
    const auto *Var = dyn_cast<VarDecl>(D);
    const auto *Section = Var ? Var->getAttr<SectionAttr>() : nullptr;
    if (!Section || Section->getName() != ".modinfo" || !Var->getInit())
      continue;
    const auto *Text =
        dyn_cast<StringLiteral>(Var->getInit()->IgnoreParenImpCasts());
    if (!Text || !Text->isOrdinary())
      continue;
    llvm::StringRef Value = Text->getString();
    if (Value.consume_front("license="))
      Result.push_back({Value.str(), Var});
  }
  return Result;
}

/// The references that code generation will need.
class NeededReferences : public RecursiveASTVisitor<NeededReferences> {
public:
  explicit NeededReferences(const ASTContext &Ctx) : Ctx(Ctx) {}

  llvm::MapVector<const ValueDecl *,
                  std::pair<const DeclRefExpr *, const Decl *>>
      First;

  void addFrom(Decl *D) {
    Where = D;
    TraverseDecl(D);
  }

  bool TraverseIfStmt(IfStmt *If) {
    std::optional<bool> Known = constant(If->getCond());
    if (!Known)
      return RecursiveASTVisitor::TraverseIfStmt(If);
    Stmt *Live = *Known ? If->getThen() : If->getElse();
    return !Live || TraverseStmt(Live);
  }

  bool TraverseConditionalOperator(ConditionalOperator *Op) {
    std::optional<bool> Known = constant(Op->getCond());
    if (!Known)
      return RecursiveASTVisitor::TraverseConditionalOperator(Op);
    return TraverseStmt(*Known ? Op->getTrueExpr() : Op->getFalseExpr());
  }

  // Operands of sizeof and typeof are not evaluated.
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *,
                                        DataRecursionQueue * = nullptr) {
    return true;
  }
  bool TraverseTypeOfExprTypeLoc(TypeOfExprTypeLoc, bool = true) {
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    const ValueDecl *D = Ref->getDecl();
    if ((isa<FunctionDecl>(D) || isa<VarDecl>(D)) && isUndefined(D))
      First.insert({cast<ValueDecl>(D->getCanonicalDecl()), {Ref, Where}});
    return true;
  }

private:
  std::optional<bool> constant(const Expr *Cond) const {
    bool Value = false;
    if (Cond->isValueDependent() ||
        !Cond->EvaluateAsBooleanCondition(Value, Ctx))
      return std::nullopt;
    return Value;
  }

  static bool isUndefined(const ValueDecl *D) {
    if (!D->hasExternalFormalLinkage())
      return false;
    if (const auto *Fn = dyn_cast<FunctionDecl>(D))
      return !Fn->isDefined() && !Fn->getBuiltinID();
    return !cast<VarDecl>(D)->hasDefinition();
  }

  const ASTContext &Ctx;
  const Decl *Where = nullptr;
};

class GplOnly : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  std::optional<kernel::Symvers> Exports;
  std::string License;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  /// The licence that makes the module incompatible, if one does.
  std::optional<DeclaredLicense>
  incompatible(const TranslationUnitDecl *TU) const;
  void reportNoExports(const DeclaredLicense &Bad,
                       const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                       BugReporter &BR) const;
};

} // namespace

std::optional<DeclaredLicense>
GplOnly::incompatible(const TranslationUnitDecl *TU) const {
  std::vector<DeclaredLicense> Licenses = declaredLicenses(TU);
  if (Licenses.empty() && !License.empty())
    Licenses.push_back({License, nullptr});
  for (DeclaredLicense &L : Licenses)
    if (!kernel::isGplCompatible(L.Text)) {
      L.Text = L.Text.substr(0, L.Text.find('\0'));
      return L;
    }
  return std::nullopt;
}

/// Without the kernel's exports there is no verdict, and that must be said.
void GplOnly::reportNoExports(const DeclaredLicense &Bad,
                              const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  const SourceManager &SM = Mgr.getSourceManager();
  SourceLocation Loc = Bad.Where ? SM.getExpansionLoc(Bad.Where->getLocation())
                                 : SM.getLocForStartOfFile(SM.getMainFileID());
  BR.EmitBasicReport(nullptr, this, "GPL-only symbol", "Linux exports",
                     "symbols of a GPL-incompatible module (licence '" +
                         Bad.Text +
                         "') are not judged: no Module.symvers was found or "
                         "given",
                     PathDiagnosticLocation(Loc, SM));
}

/// Code that the main file itself contributes.
static bool isOwnCode(const Decl *D, const SourceManager &SM) {
  if (!SM.isInMainFile(SM.getExpansionLoc(D->getLocation())))
    return false;
  if (const auto *Fn = dyn_cast<FunctionDecl>(D))
    return Fn->doesThisDeclarationHaveABody() &&
           (Fn->isExternallyVisible() || Fn->isUsed() || Fn->isReferenced() ||
            Fn->hasAttr<UsedAttr>());
  const auto *Var = dyn_cast<VarDecl>(D);
  return Var && Var->getInit() && Var->hasGlobalStorage();
}

void GplOnly::checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                           BugReporter &BR) const {
  std::optional<DeclaredLicense> Bad = incompatible(TU);
  if (!Bad)
    return;
  if (!Exports) {
    reportNoExports(*Bad, TU, Mgr, BR);
    return;
  }
  const SourceManager &SM = Mgr.getSourceManager();
  NeededReferences Needed(Mgr.getASTContext());
  for (Decl *D : TU->decls())
    if (isOwnCode(D, SM))
      Needed.addFrom(D);

  for (const auto &[Symbol, Use] : Needed.First) {
    const auto &[Ref, Where] = Use;
    const kernel::Export *E = Exports->find(Symbol->getName());
    if (!E || !E->GplOnly)
      continue;
    std::string Text = "GPL-incompatible module (licence '" + Bad->Text +
                       "') uses GPL-only symbol '" + Symbol->getNameAsString() +
                       "' of " + E->Module;
    BR.EmitBasicReport(Where, this, "GPL-only symbol", "Linux exports", Text,
                       PathDiagnosticLocation::createBegin(
                           Ref, SM, Mgr.getAnalysisDeclContext(Where)),
                       Ref->getSourceRange());
  }
}

void registerGplOnly(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<GplOnly>();
  const AnalyzerOptions &Options = Mgr.getAnalyzerOptions();
  Check->License = Options.getCheckerStringOption(Check, option::License).str();
  llvm::StringRef Path = Options.getCheckerStringOption(Check, option::Symvers);
  if (Path.empty())
    return;
  auto Loaded = kernel::Symvers::load(Path);
  if (Loaded) {
    Check->Exports = std::move(*Loaded);
    return;
  }
  llvm::errs() << "pagewarden: error: " << toString(Loaded.takeError()) << '\n';
  Mgr.reportInvalidCheckerOptionValue(Check, option::Symvers,
                                      "a Module.symvers without errors");
}

} // namespace pagewarden
