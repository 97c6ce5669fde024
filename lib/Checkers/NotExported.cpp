//===- NotExported.cpp - Symbols that no module can have ------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.NotExported.  Rule: the object of an out-of-tree module needs
/// a symbol that a header of the kernel declares and that the kernel does not
/// export (modpost: "... undefined!").
///
/// A single file does not know what the module's other files define, so only
/// what the kernel's own headers declare counts here, and only where the file
/// is not the kernel's.  `pagewarden exports` knows all files and judges all.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class NotExported : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  bool isKernels(const TranslationUnitDecl *TU, llvm::StringRef Symbol) const;

  const BugType Type{this, "symbol that is not exported", "Linux exports"};
};

} // namespace

/// Whether only headers of the kernel declare \p Symbol.
bool NotExported::isKernels(const TranslationUnitDecl *TU,
                            llvm::StringRef Symbol) const {
  const DeclarationName Name(&TU->getASTContext().Idents.get(Symbol));
  bool Any = false;
  for (const NamedDecl *Found : TU->lookup(Name))
    for (const Decl *D : Found->redecls()) {
      if (D->isImplicit())
        continue;
      if (!isInKernelHeader(D, Facts->unit()))
        return false;
      Any = true;
    }
  return Any;
}

void NotExported::checkASTDecl(const TranslationUnitDecl *TU,
                               AnalysisManager &Mgr, BugReporter &BR) const {
  if (!Facts->object() || !Facts->unit().IsOutOfTree)
    return;
  for (const scan::Need &N : Facts->object()->Needs) {
    if (N.Weak || N.Chain.empty() || Facts->Exports->find(N.Symbol) ||
        !isKernels(TU, N.Symbol))
      continue;
    Facts->report(Type, BR, Mgr.getASTContext(), N,
                  "symbol '" + N.Symbol +
                      "' is not exported: the module will not link");
  }
}

void registerNotExported(CheckerManager &Mgr) {
  ExportFacts &Facts = exportFacts(Mgr);
  Facts.WantsOther = true;
  Mgr.registerChecker<NotExported>()->Facts = &Facts;
}

} // namespace pagewarden
