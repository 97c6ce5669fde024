//===- FileCalls.cpp - Who calls whom in one file -------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/FileCalls.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace pagewarden {

namespace {

class Names : public RecursiveASTVisitor<Names> {
public:
  llvm::SmallVector<const FunctionDecl *, 16> Named;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(Ref->getDecl()))
      Named.push_back(Fn->getCanonicalDecl());
    return true;
  }
};

class Calls : public RecursiveASTVisitor<Calls> {
public:
  llvm::SmallVector<const CallExpr *, 16> Found;
  bool VisitCallExpr(CallExpr *Call) {
    Found.push_back(Call);
    return true;
  }
};

} // namespace

FileCalls::FileCalls(const TranslationUnitDecl *TU, const ModelIndex &Index) {
  for (const FunctionDecl *Fn : mainFileFunctions(TU))
    Nodes[Fn->getCanonicalDecl()];
  for (const FunctionDecl *Fn : mainFileFunctions(TU)) {
    Calls Body;
    Body.TraverseStmt(Fn->getBody());
    Node &N = Nodes[Fn->getCanonicalDecl()];
    for (const CallExpr *Call : Body.Found) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (const model::Function *Entry = Index.find(Callee))
        N.Modelled.insert(Entry);
      else if (Callee && Nodes.contains(Callee->getCanonicalDecl()))
        N.Callees.insert(Callee->getCanonicalDecl());
    }
  }
  for (const Decl *D : TU->decls()) {
    const auto *Var = dyn_cast<VarDecl>(D);
    if (!Var || !Var->getInit())
      continue;
    Names Init;
    Init.TraverseStmt(const_cast<Expr *>(Var->getInit()));
    for (const FunctionDecl *Fn : Init.Named)
      if (auto *It = Nodes.find(Fn); It != Nodes.end())
        It->second.InTable = true;
  }
}

FileCalls::Set FileCalls::callersOf(
    llvm::function_ref<bool(const model::Function &)> Which) const {
  Set Result;
  for (const auto &[Fn, N] : Nodes)
    if (llvm::any_of(N.Modelled, [&](const model::Function *Entry) {
          return Which(*Entry);
        }))
      Result.insert(Fn);
  return Result;
}

bool FileCalls::reaches(const FunctionDecl *From, const Set &To) const {
  llvm::SmallSetVector<const FunctionDecl *, 16> Seen;
  Seen.insert(From->getCanonicalDecl());
  for (unsigned I = 0; I != Seen.size(); ++I) {
    if (To.contains(Seen[I]))
      return true;
    if (const auto *It = Nodes.find(Seen[I]); It != Nodes.end())
      Seen.insert(It->second.Callees.begin(), It->second.Callees.end());
  }
  return false;
}

llvm::SmallVector<const FunctionDecl *, 16> FileCalls::entries() const {
  llvm::SmallVector<const FunctionDecl *, 16> Result;
  for (const auto &[Fn, N] : Nodes)
    if (N.InTable || Fn->hasExternalFormalLinkage())
      Result.push_back(Fn);
  return Result;
}

} // namespace pagewarden
