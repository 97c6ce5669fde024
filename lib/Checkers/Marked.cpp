//===- Marked.cpp - What the model marks, in one translation unit ---------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

static bool inMainFile(const Decl *D) {
  const SourceManager &SM = D->getASTContext().getSourceManager();
  return SM.isInMainFile(SM.getExpansionLoc(D->getLocation()));
}

const model::Mark *Marked::find(llvm::StringRef Kind,
                                const FunctionDecl *Fn) const {
  if (!Fn || !Fn->getIdentifier())
    return nullptr;
  const model::Mark *Found = M.mark(Kind, Fn->getName());
  if (!Found)
    return nullptr;
  Fn = Fn->getCanonicalDecl();
  bool Own = Fn->getStorageClass() == SC_Static && inMainFile(Fn);
  return Own ? nullptr : Found;
}

const model::Mark *Marked::find(llvm::StringRef Kind,
                                const CallExpr *Call) const {
  return find(Kind, Call->getDirectCallee());
}

const model::Mark *Marked::find(llvm::StringRef Kind,
                                const CallEvent &Call) const {
  return find(Kind, dyn_cast_or_null<FunctionDecl>(Call.getDecl()));
}

const model::Mark *Marked::find(llvm::StringRef Kind,
                                const FieldDecl *Field) const {
  if (!Field || !Field->getIdentifier())
    return nullptr;
  // Fields of unnamed members are those of the struct around them.
  const RecordDecl *Record = Field->getParent();
  while (Record && !Record->getIdentifier())
    Record = dyn_cast<RecordDecl>(Record->getDeclContext());
  if (!Record)
    return nullptr;
  std::string Name = Record->getNameAsString() + ".";
  if (const model::Mark *Found = M.mark(Kind, Name + Field->getNameAsString()))
    return Found;
  return M.mark(Kind, Name);
}

std::vector<const FunctionDecl *> ownFunctions(const TranslationUnitDecl *TU) {
  std::vector<const FunctionDecl *> Result;
  for (const Decl *D : TU->decls())
    if (const auto *Fn = dyn_cast<FunctionDecl>(D);
        Fn && Fn->doesThisDeclarationHaveABody() && inMainFile(Fn))
      Result.push_back(Fn);
  return Result;
}

void forEachStmt(const Stmt *S, llvm::function_ref<void(const Stmt *)> See) {
  if (!S)
    return;
  See(S);
  for (const Stmt *Child : S->children())
    forEachStmt(Child, See);
}

std::vector<const CallExpr *> callsIn(const Stmt *S) {
  std::vector<const CallExpr *> Result;
  forEachStmt(S, [&](const Stmt *At) {
    if (const auto *Call = dyn_cast<CallExpr>(At))
      Result.push_back(Call);
  });
  return Result;
}

bool isModule(const TranslationUnitDecl *TU) {
  for (const Decl *D : TU->decls()) {
    const auto *Var = dyn_cast<VarDecl>(D);
    const auto *Section = Var ? Var->getAttr<SectionAttr>() : nullptr;
    if (!Section || Section->getName() != ".modinfo" || !Var->getInit())
      continue;
    const auto *Text =
        dyn_cast<StringLiteral>(Var->getInit()->IgnoreParenImpCasts());
    if (Text && Text->isOrdinary())
      return !Text->getString().split('=').first.contains('.');
  }
  return false;
}

bool isExported(const FunctionDecl *Fn) {
  // EXPORT_SYMBOL() leaves a declaration with a name made of the symbol's.
  std::string Suffix = "_" + Fn->getNameAsString();
  for (const Decl *D : Fn->getASTContext().getTranslationUnitDecl()->decls()) {
    const auto *Var = dyn_cast<VarDecl>(D);
    if (!Var || !Var->getIdentifier() || !inMainFile(Var))
      continue;
    llvm::StringRef Name = Var->getName();
    if (Name.ends_with(Suffix) &&
        (Name.starts_with("__export_symbol") || Name.starts_with("__ksymtab") ||
         Name.starts_with("__UNIQUE_ID___addressable") ||
         Name.starts_with("___addressable")))
      return true;
    if (Name.contains("__addressable" + Suffix))
      return true;
  }
  return false;
}

const ValueDecl *declOf(const Expr *E) {
  while (E) {
    E = E->IgnoreParenCasts();
    const auto *Op = dyn_cast<UnaryOperator>(E);
    if (!Op || (Op->getOpcode() != UO_AddrOf && Op->getOpcode() != UO_Deref))
      break;
    E = Op->getSubExpr();
  }
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E))
    return Ref->getDecl();
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(E))
    return Member->getMemberDecl();
  return nullptr;
}

std::string sourceOf(const Expr *E, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Range = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Ctx.getLangOpts());
  return Lexer::getSourceText(Range, SM, Ctx.getLangOpts()).trim().str();
}

} // namespace pagewarden
