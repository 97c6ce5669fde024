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

/// Direct calls of one function body.
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

Slice::Slice(const TranslationUnitDecl *TU, const Reachable &Unit,
             const ModelIndex &Index,
             llvm::ArrayRef<llvm::StringRef> Families) {
  llvm::DenseMap<const Decl *, llvm::SmallVector<const Decl *, 4>> Callers;
  llvm::SmallVector<const Decl *, 8> Level;
  const SourceManager &SM = TU->getASTContext().getSourceManager();
  for (const FunctionDecl *Fn : Unit.definitions()) {
    if (!isOfInterest(Index.find(Fn), SM.isInMainFile(Fn->getLocation())))
      continue;
    CallCollector Calls(Index, Families);
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
