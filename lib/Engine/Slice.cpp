//===- Slice.cpp - Functions worth exploring ------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Slice.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace pagewarden {

namespace {

/// Direct calls of one function body, and the functions that it names.
class CallCollector : public ConstStmtVisitor<CallCollector> {
public:
  CallCollector(const ModelIndex &Index,
                llvm::ArrayRef<llvm::StringRef> Families)
      : Index(Index), Families(Families) {}

  void visit(const Stmt *S) {
    Visit(S);
    for (const Stmt *Child : S->children())
      if (Child)
        visit(Child);
  }

  void VisitDeclRefExpr(const DeclRefExpr *Ref) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(Ref->getDecl()))
      Named.insert(Fn);
  }

  void VisitCallExpr(const CallExpr *Call) {
    const FunctionDecl *Fn = Call->getDirectCallee();
    if (!Fn)
      return;
    const model::Function *Entry = Index.find(Fn);
    if (Fn->getIdentifier() && Index.model().isExplored(Fn->getName()))
      Acquires = true;
    if (!Entry)
      Callees.insert(Fn->getCanonicalDecl());
    else
      Acquires |=
          llvm::is_contained(Families, Index.model().familyTaken(*Entry));
  }

  llvm::SmallSetVector<const Decl *, 16> Callees;
  llvm::SmallSetVector<const FunctionDecl *, 16> Named;
  bool Acquires = false;

private:
  const ModelIndex &Index;
  llvm::ArrayRef<llvm::StringRef> Families;
};

} // namespace

/// The bodies of functions that the model describes say nothing new, but for
/// those that make something else of the pages they take or give back.
static bool isOfInterest(const model::Function *Entry, bool InMainFile) {
  return !Entry || (InMainFile &&
                    (Entry->TheRole == model::Role::Acquire ||
                     Entry->TheRole == model::Role::Release) &&
                    Entry->Resource != "pin" && Entry->Resource != "ref");
}

/// A unit has thousands of functions from headers, and most of them it neither
/// calls nor hands on: those say nothing about it.
static bool isItsOwn(const FunctionDecl *Fn, const SourceManager &SM) {
  return !Fn->isInlineSpecified() || Fn->getStorageClass() != SC_Static ||
         SM.isInMainFile(SM.getExpansionLoc(Fn->getLocation()));
}

Slice::Slice(const TranslationUnitDecl *TU, const ModelIndex &Index,
             llvm::ArrayRef<llvm::StringRef> Families) {
  llvm::DenseMap<const Decl *, llvm::SmallVector<const Decl *, 4>> Callers;
  llvm::SmallVector<const Decl *, 8> Level;
  llvm::SmallVector<const FunctionDecl *, 32> Pending;
  llvm::DenseSet<const FunctionDecl *> Seen;
  auto Add = [&](const FunctionDecl *Fn) {
    const FunctionDecl *Definition = nullptr;
    if (Fn->hasBody(Definition) && Seen.insert(Definition).second)
      Pending.push_back(Definition);
  };
  const SourceManager &SM = TU->getASTContext().getSourceManager();
  for (const Decl *D : TU->decls()) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(D)) {
      if (Fn->doesThisDeclarationHaveABody() && isItsOwn(Fn, SM))
        Add(Fn);
    } else if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasInit()) {
      CallCollector Values(Index, Families);
      Values.visit(Var->getInit());
      llvm::for_each(Values.Named, Add);
    }
  }
  while (!Pending.empty()) {
    const FunctionDecl *Fn = Pending.pop_back_val();
    if (!isOfInterest(Index.find(Fn), SM.isInMainFile(Fn->getLocation())))
      continue;
    CallCollector Calls(Index, Families);
    Calls.visit(Fn->getBody());
    llvm::for_each(Calls.Named, Add);
    const Decl *Canonical = Fn->getCanonicalDecl();
    for (const Decl *Callee : Calls.Callees)
      Callers[Callee].push_back(Canonical);
    if (Calls.Acquires)
      Level.push_back(Canonical);
  }
  for (unsigned Depth = 0; !Level.empty(); ++Depth) {
    llvm::SmallVector<const Decl *, 8> Next;
    for (const Decl *D : Level)
      if (Functions.insert(D).second && Depth < CallerDepth)
        Next.append(Callers[D]);
    Level = std::move(Next);
  }
}

} // namespace pagewarden
