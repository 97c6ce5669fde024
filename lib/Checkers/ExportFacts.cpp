//===- ExportFacts.cpp - What the checks of exports share -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Facts/ObjectFacts.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Driver/DriverDiagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/StaticAnalyzer/Core/AnalyzerOptions.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

static CompilerInstance *TheCompiler = nullptr;
static bool LackBodies = false;

void setCompilerForFacts(CompilerInstance *CI) {
  TheCompiler = CI;
  if (CI)
    LackBodies = false;
}

bool factsLackBodies() { return LackBodies; }

ExportFacts &exportFacts(CheckerManager &Mgr) {
  return *Mgr.getChecker<ExportFacts>();
}

/// Whether the file mentions, in whatever code, a symbol that it may be refused
/// besides GPL-only ones.
static bool mentionsRefused(const TranslationUnitDecl *TU,
                            const UnitContext &Unit,
                            const kernel::Symvers &Exports) {
  return llvm::any_of(TU->decls(), [&](const Decl *D) {
    const auto *Value = dyn_cast<ValueDecl>(D);
    if (!Value || !Value->getIdentifier() || !Value->isReferenced() ||
        !Value->hasExternalFormalLinkage())
      return false;
    if (const kernel::Export *E = Exports.find(Value->getName()))
      return !E->Namespace.empty() &&
             !llvm::is_contained(Unit.ImportedNamespaces, E->Namespace);
    return Unit.IsOutOfTree && isInKernelHeader(Value, Unit);
  });
}

/// Code is generated only where somebody can be refused something.
bool ExportFacts::wantsObject(const TranslationUnitDecl *TU) const {
  if (!Exports || !Unit.IsModule)
    return false;
  if (WantsGpl && Unit.incompatible())
    return true;
  return WantsOther && (Unit.IsOutOfTree || Unit.SpeaksForModule) &&
         mentionsRefused(TU, Unit, *Exports);
}

void ExportFacts::checkASTDecl(const TranslationUnitDecl *TU,
                               AnalysisManager &Mgr, BugReporter &BR) const {
  ASTContext &Ctx = Mgr.getASTContext();
  Unit = readUnitContext(Ctx, Mgr.getPreprocessor());
  if (Unit.Licenses.empty() && !License.empty()) {
    Unit.IsModule = true;
    Unit.Licenses.push_back({License.substr(0, License.find('\0'))});
  }
  if (!wantsObject(TU))
    return;
  LackBodies = TheCompiler && TheCompiler->getFrontendOpts().SkipFunctionBodies;
  if (!LackBodies)
    Object = collectObjectFacts(Ctx, Mgr.getPreprocessor(), TheCompiler);
}

/// "'put_page' calls 'folio_put' here"
static std::string stepText(const std::vector<scan::Frame> &Chain, size_t I,
                            llvm::StringRef Symbol) {
  const bool Last = I + 1 == Chain.size();
  return "'" + Chain[I].Function + (Last ? "' refers to '" : "' calls '") +
         (Last ? Symbol.str() : Chain[I + 1].Function) + "' here";
}

void ExportFacts::report(const BugType &Type, BugReporter &BR, ASTContext &Ctx,
                         const scan::Need &N, std::string Message) const {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Loc = SM.getLocForStartOfFile(SM.getMainFileID());
  const Decl *Where = nullptr;
  if (!N.Chain.empty()) {
    const FoundFrame First = findFrame(Ctx, N.Chain.front(), N.Symbol);
    Where = First.Where;
    if (First.Loc.isValid())
      Loc = First.Loc;
  }
  if (N.Chain.size() > 1)
    Message += ", through '" + N.Chain[1].Function + "'";
  auto Report = std::make_unique<BasicBugReport>(
      Type, Message, PathDiagnosticLocation(Loc, SM));
  if (Where)
    Report->setDeclWithIssue(Where);
  for (size_t I = 1; I < N.Chain.size(); ++I) {
    const FoundFrame Step = findFrame(Ctx, N.Chain[I], N.Symbol);
    if (Step.Loc.isValid())
      Report->addNote(stepText(N.Chain, I, N.Symbol),
                      PathDiagnosticLocation(Step.Loc, SM));
  }
  BR.emitReport(std::move(Report));
}

void registerExportFacts(CheckerManager &Mgr) {
  auto *Facts = Mgr.registerChecker<ExportFacts>();
  const AnalyzerOptions &Options = Mgr.getAnalyzerOptions();
  Facts->License =
      Options.getCheckerStringOption(option::ExportOwner, option::License)
          .str();
  const llvm::StringRef Path =
      Options.getCheckerStringOption(option::ExportOwner, option::Symvers);
  if (Path.empty())
    return;
  auto Loaded = kernel::Symvers::load(Path);
  if (Loaded) {
    Facts->Exports = std::move(*Loaded);
    return;
  }
  llvm::errs() << "pagewarden: error: " << toString(Loaded.takeError()) << '\n';
  Mgr.getASTContext().getDiagnostics().Report(
      diag::err_analyzer_checker_option_invalid_input)
      << (option::ExportOwner + ":" + option::Symvers).str()
      << "a Module.symvers without errors";
}

} // namespace pagewarden
