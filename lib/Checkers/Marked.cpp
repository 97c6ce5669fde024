//===- Marked.cpp - What the model marks, in one translation unit ---------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "pagewarden/Facts/UnitContext.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

static bool inMainFile(const Decl *D) {
  const SourceManager &SM = D->getASTContext().getSourceManager();
  return SM.isInMainFile(SM.getExpansionLoc(D->getLocation()));
}

//===----------------------------------------------------------------------===//
// Which kernel this is
//===----------------------------------------------------------------------===//

/// The struct around \p Field, through unnamed ones.
static const RecordDecl *namedParent(const FieldDecl *Field) {
  const RecordDecl *Record = Field->getParent();
  while (Record && !Record->getIdentifier())
    Record = dyn_cast<RecordDecl>(Record->getDeclContext());
  return Record;
}

static bool hasField(const RecordDecl *Record, llvm::StringRef Name) {
  for (const FieldDecl *Field : Record->fields()) {
    if (Field->getName() == Name)
      return true;
    const RecordDecl *Inner = Field->getType()->getAsRecordDecl();
    if (!Field->getIdentifier() && Inner && hasField(Inner, Name))
      return true;
  }
  return false;
}

bool declares(const ASTContext &Ctx, llvm::StringRef Spelling) {
  auto [Name, Field] = Spelling.split('.');
  auto [Function, Count] = Name.split('(');
  unsigned Params = 0;
  bool Counted = Count.consume_back(")") && !Count.getAsInteger(10, Params);
  auto Known = Ctx.Idents.find(Function);
  if (Known == Ctx.Idents.end())
    return false;
  for (const NamedDecl *D :
       Ctx.getTranslationUnitDecl()->lookup(Known->second)) {
    const auto *Record = dyn_cast<RecordDecl>(D);
    const auto *Fn = dyn_cast<FunctionDecl>(D);
    if (Record && Record->getDefinition())
      Record = Record->getDefinition();
    if (!Field.empty() ? Record && hasField(Record, Field)
                       : !Counted || (Fn && Fn->getNumParams() == Params))
      return true;
  }
  return false;
}

static bool holds(const model::Mark &M, const ASTContext &Ctx) {
  auto Declared = [&](llvm::StringRef Name) { return declares(Ctx, Name); };
  return (M.Where.empty() || llvm::any_of(M.Where, Declared)) &&
         llvm::none_of(M.Unless, Declared);
}

llvm::SmallVector<const model::Mark *, 2>
Marked::all(llvm::StringRef Kind, llvm::StringRef Name,
            const ASTContext &Ctx) const {
  llvm::SmallVector<const model::Mark *, 2> Result;
  for (const model::Mark *Mark : M.marks(Kind, Name))
    if (holds(*Mark, Ctx))
      Result.push_back(Mark);
  return Result;
}

const model::Mark *Marked::find(llvm::StringRef Kind, llvm::StringRef Name,
                                const ASTContext &Ctx) const {
  for (const model::Mark *Mark : llvm::reverse(M.marks(Kind, Name)))
    if (holds(*Mark, Ctx))
      return Mark;
  return nullptr;
}

const model::Mark *Marked::era(llvm::StringRef Kind,
                               const ASTContext &Ctx) const {
  for (const std::unique_ptr<model::Mark> &Mark : llvm::reverse(M.marks()))
    if (Mark->Kind == Kind && holds(*Mark, Ctx))
      return Mark.get();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

const model::Mark *Marked::find(llvm::StringRef Kind,
                                const FunctionDecl *Fn) const {
  if (!Fn || !Fn->getIdentifier())
    return nullptr;
  const model::Mark *Found = find(Kind, Fn->getName(), Fn->getASTContext());
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
  const RecordDecl *Record = namedParent(Field);
  if (!Record)
    return nullptr;
  const ASTContext &Ctx = Field->getASTContext();
  std::string Name = Record->getNameAsString() + ".";
  if (const model::Mark *Found =
          find(Kind, Name + Field->getNameAsString(), Ctx))
    return Found;
  return find(Kind, Name, Ctx);
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
  const std::vector<ModInfo> Infos = modInfoOf(TU);
  return !Infos.empty() && Infos.front().isOfModule();
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

} // namespace pagewarden
