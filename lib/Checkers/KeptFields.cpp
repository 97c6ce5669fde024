//===- KeptFields.cpp - What a structure keeps for ever -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeptFields.h"
#include "Marked.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace pagewarden {

using model::Place;
using model::Role;

/// A field that holds objects of \p Family and nothing else, all of them taken
/// in this file, and that no modelled call gives back.
static bool isCandidate(const FieldFlow::Uses &Uses, const ModelIndex &Index,
                        llvm::StringRef Family) {
  return !Uses.Acquired.empty() && Uses.Released.empty() && !Uses.Mixed &&
         !Uses.Memory &&
         llvm::all_of(Uses.Acquired, [&](const FieldFlow::Use &Use) {
           return !Use.Element && !Use.Fn->Conditional &&
                  !Use.Fn->ReleasedBy.empty() &&
                  Index.model().familyTaken(*Use.Fn) == Family;
         });
}

static bool isOfMainFile(const FieldDecl *Field) {
  const SourceManager &SM = Field->getASTContext().getSourceManager();
  return SM.isInMainFile(SM.getExpansionLoc(Field->getParent()->getLocation()));
}

/// Whether the place where \p Use of a field stands only stores into it, asks
/// about it, or works with what is behind it.
static bool isHarmless(const Expr *Use, const ParentMap &Parents,
                       const ModelIndex &Index) {
  const Stmt *Parent = Parents.getParent(Use);
  while (isa_and_nonnull<ParenExpr, CastExpr>(Parent)) {
    Use = cast<Expr>(Parent);
    Parent = Parents.getParent(Use);
  }
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
    return Member->isArrow();
  if (const auto *Sub = dyn_cast_or_null<ArraySubscriptExpr>(Parent))
    return Sub->getBase() == Use && !Sub->getType()->isPointerType();
  if (const auto *Op = dyn_cast_or_null<UnaryOperator>(Parent))
    return Op->getOpcode() == UO_LNot ||
           (Op->getOpcode() == UO_Deref && !Op->getType()->isPointerType()) ||
           (Op->getOpcode() == UO_AddrOf && isHarmless(Op, Parents, Index));
  if (const auto *Op = dyn_cast_or_null<BinaryOperator>(Parent))
    return Op->isComparisonOp() || Op->isLogicalOp() ||
           (Op->getOpcode() == BO_Assign && Op->getLHS() == Use);
  if (isa_and_nonnull<IfStmt, WhileStmt, ForStmt, DoStmt>(Parent))
    return true;
  if (const auto *Choice = dyn_cast_or_null<ConditionalOperator>(Parent))
    return Choice->getCond() == Use;
  const auto *Call = dyn_cast_or_null<CallExpr>(Parent);
  if (!Call)
    return false;
  const model::Function *Entry = Index.find(Call);
  if (Entry)
    return Entry->TheRole == Role::Acquire || Entry->TheRole == Role::Borrow;
  const FunctionDecl *Fn = Call->getDirectCallee();
  return Fn && Marked(Index.model()).find("dereferences", Fn->getName());
}

namespace {
/// Calls that free memory, by the structure that is freed.
struct Frees {
  const CallExpr *Call;
  const FunctionDecl *In;
  const RecordDecl *What;
};
} // namespace

static std::vector<Frees> freesIn(const TranslationUnitDecl *TU,
                                  const ModelIndex &Index) {
  std::vector<Frees> Result;
  for (const FunctionDecl *Fn : mainFileFunctions(TU))
    for (const CallExpr *Call : callsIn(Fn->getBody())) {
      const model::Function *Entry = Index.find(Call);
      if (!Entry || Entry->TheRole != Role::Free ||
          Entry->Object.Base != Place::Arg ||
          Entry->Object.Index >= Call->getNumArgs())
        continue;
      QualType Type =
          Call->getArg(Entry->Object.Index)->IgnoreParenCasts()->getType();
      if (const RecordDecl *Record =
              Type->isPointerType() ? Type->getPointeeType()->getAsRecordDecl()
                                    : nullptr)
        Result.push_back({Call, Fn, Record->getDefinition()});
    }
  return Result;
}

std::vector<KeptField> keptFields(const TranslationUnitDecl *TU,
                                  const FieldFlow &Flow,
                                  const ModelIndex &Index,
                                  llvm::StringRef Family, ParentsOf Parents) {
  std::vector<KeptField> Result;
  llvm::DenseSet<const ValueDecl *> Fields;
  for (const auto &[Value, Uses] : Flow.all())
    if (const auto *Field = dyn_cast<FieldDecl>(Value);
        Field && isCandidate(Uses, Index, Family) && isOfMainFile(Field) &&
        !Field->getParent()->isUnion())
      Fields.insert(Field);
  if (Fields.empty())
    return Result;
  for (const FunctionDecl *Fn : mainFileFunctions(TU))
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Member = dyn_cast<MemberExpr>(S);
      if (Member && Fields.contains(Member->getMemberDecl()) &&
          !isHarmless(Member, Parents(Fn), Index))
        Fields.erase(Member->getMemberDecl());
    });
  if (Fields.empty())
    return Result;
  std::vector<Frees> Freed = freesIn(TU, Index);
  for (const auto &[Value, Uses] : Flow.all()) {
    const auto *Field = dyn_cast<FieldDecl>(Value);
    if (!Field || !Fields.contains(Field))
      continue;
    // The last one is where a structure ends that was set up in full.
    for (const Frees &F : llvm::reverse(Freed))
      if (F.What == Field->getParent()->getDefinition()) {
        Result.push_back({Field, Uses.Acquired.front(), F.Call, F.In});
        break;
      }
  }
  return Result;
}

} // namespace pagewarden
