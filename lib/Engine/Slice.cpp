//===- Slice.cpp - Functions worth exploring ------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Slice.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtVisitor.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace pagewarden {

namespace {

/// Direct calls of one function body.
class CallCollector : public ConstStmtVisitor<CallCollector> {
public:
  CallCollector(const ModelIndex &Index) : Index(Index) {}

  void visit(const Stmt *S) {
    Visit(S);
    for (const Stmt *Child : S->children())
      if (Child)
        visit(Child);
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
    else if (Entry->TheRole == model::Role::Acquire && !Entry->Extra &&
             Entry->Resource != "memory")
      Acquires = true;
  }

  llvm::SmallSetVector<const Decl *, 16> Callees;
  bool Acquires = false;

private:
  const ModelIndex &Index;
};

} // namespace

Slice::Slice(const TranslationUnitDecl *TU, const ModelIndex &Index) {
  llvm::DenseMap<const Decl *, llvm::SmallVector<const Decl *, 4>> Callers;
  llvm::SmallVector<const Decl *, 8> Level;
  for (const Decl *D : TU->decls()) {
    const auto *Fn = dyn_cast<FunctionDecl>(D);
    if (!Fn || !Fn->doesThisDeclarationHaveABody() || Index.find(Fn))
      continue; // what the model describes keeps rules of its own
    CallCollector Calls(Index);
    Calls.visit(Fn->getBody());
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
