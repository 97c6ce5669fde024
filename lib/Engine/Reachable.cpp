//===- Reachable.cpp - Functions that a unit can reach --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Reachable.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace pagewarden {

static bool isItsOwn(const FunctionDecl *Fn, const SourceManager &SM) {
  return !Fn->isInlineSpecified() || Fn->getStorageClass() != SC_Static ||
         SM.isInMainFile(SM.getExpansionLoc(Fn->getLocation()));
}

void Reachable::add(const FunctionDecl *Fn) {
  const FunctionDecl *Definition = nullptr;
  if (Fn->hasBody(Definition) && Seen.insert(Definition).second)
    Definitions.push_back(Definition);
}

void Reachable::addNamed(const Stmt *S) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Fn = dyn_cast<FunctionDecl>(Ref->getDecl()))
      if (Named.insert(Fn->getCanonicalDecl()).second)
        add(Fn);
  for (const Stmt *Child : S->children())
    if (Child)
      addNamed(Child);
}

Reachable::Reachable(const TranslationUnitDecl *TU, const ModelIndex &Index) {
  const SourceManager &SM = TU->getASTContext().getSourceManager();
  for (const Decl *D : TU->decls()) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(D)) {
      if (Fn->doesThisDeclarationHaveABody() && isItsOwn(Fn, SM))
        add(Fn);
    } else if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasInit()) {
      addNamed(Var->getInit());
    }
  }
  for (size_t I = 0; I < Definitions.size(); ++I) {
    const FunctionDecl *Fn = Definitions[I];
    if (!Index.find(Fn) || SM.isInMainFile(Fn->getLocation()))
      addNamed(Fn->getBody());
  }
}

} // namespace pagewarden
