//===- Namespace.cpp - Symbols from namespaces that nobody imported -------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.Namespace.  Rule: a module uses a symbol from a namespace and
/// does not import it (modpost: "module ... uses symbol ... from namespace ...,
/// but does not import it"; the loader refuses it as well).
///
/// Namespaces "module:a,b" are for the modules that they name, where the kernel
/// knows that form (its headers have EXPORT_SYMBOL_FOR_MODULES); nobody can
/// import them there.  Older kernels compare them letter by letter like others.
///
/// Imports count for the whole module, and the file that has the licence is
/// taken for the one that has them.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class Namespace : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  const BugType Type{this, "namespace that is not imported", "Linux exports"};
};

} // namespace

void Namespace::checkASTDecl(const TranslationUnitDecl *TU,
                             AnalysisManager &Mgr, BugReporter &BR) const {
  const UnitContext &Unit = Facts->unit();
  if (!Facts->object() || !Unit.SpeaksForModule)
    return;
  for (const scan::Need &N : Facts->object()->Needs) {
    const kernel::Export *E = Facts->Exports->find(N.Symbol);
    if (!E || E->Namespace.empty())
      continue;
    const bool ForModules =
        llvm::StringRef(E->Namespace).starts_with("module:");
    if (ForModules && Unit.HasModuleNamespaces) {
      // The module's name decides, which kbuild knows and code does not say.
      if (Unit.IsOutOfTree)
        Facts->report(Type, BR, Mgr.getASTContext(), N,
                      "symbol '" + N.Symbol + "' is for modules '" +
                          E->Namespace.substr(7) + "' only");
      continue;
    }
    if (llvm::is_contained(Unit.ImportedNamespaces, E->Namespace))
      continue;
    Facts->report(Type, BR, Mgr.getASTContext(), N,
                  "module uses symbol '" + N.Symbol + "' from namespace " +
                      E->Namespace + ", but does not import it");
  }
}

void registerNamespace(CheckerManager &Mgr) {
  ExportFacts &Facts = exportFacts(Mgr);
  Facts.WantsOther = true;
  Mgr.registerChecker<Namespace>()->Facts = &Facts;
}

} // namespace pagewarden
