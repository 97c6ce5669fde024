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
  llvm::SmallPtrSet<const DeclRefExpr *, 16> Callees;
  llvm::SmallVector<const DeclRefExpr *, 16> Refs;
  bool VisitCallExpr(CallExpr *Call) {
    Found.push_back(Call);
    if (const auto *Ref =
            dyn_cast<DeclRefExpr>(Call->getCallee()->IgnoreParenImpCasts()))
      Callees.insert(Ref);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (isa<FunctionDecl>(Ref->getDecl()))
      Refs.push_back(Ref);
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
    for (const DeclRefExpr *Ref : Body.Refs)
      if (!Body.Callees.contains(Ref))
        if (auto *It = Nodes.find(
                cast<FunctionDecl>(Ref->getDecl())->getCanonicalDecl());
            It != Nodes.end())
          It->second.Handed = true;
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

bool FileCalls::alwaysWithin(const FunctionDecl *Fn, const Set &These) const {
  llvm::SmallSetVector<const FunctionDecl *, 16> Pending;
  Pending.insert(Fn->getCanonicalDecl());
  for (unsigned I = 0; I != Pending.size(); ++I) {
    const FunctionDecl *F = Pending[I];
    if (These.contains(F))
      continue;
    const auto *It = Nodes.find(F);
    if (It == Nodes.end() || It->second.InTable || It->second.Handed ||
        F->hasExternalFormalLinkage())
      return false;
    bool Called = false;
    for (const auto &[Caller, N] : Nodes)
      if (N.Callees.contains(F)) {
        Pending.insert(Caller);
        Called = true;
      }
    if (!Called)
      return false;
  }
  return true;
}

llvm::SmallVector<const FunctionDecl *, 16> FileCalls::entries() const {
  llvm::SmallVector<const FunctionDecl *, 16> Result;
  for (const auto &[Fn, N] : Nodes)
    if (N.InTable || Fn->hasExternalFormalLinkage())
      Result.push_back(Fn);
  return Result;
}

} // namespace pagewarden
