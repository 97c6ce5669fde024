//===- ModelIndex.cpp - The model as one translation unit sees it ---------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/ModelIndex.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

const RecordDecl *pageStructure(const Expr *E, const model::Model &M) {
  const QualType Type = E->IgnoreParenCasts()->getType();
  const RecordDecl *Record = Type->isPointerType()
                                 ? Type->getPointeeType()->getAsRecordDecl()
                                 : nullptr;
  return Record && M.mark("describes-page", Record->getName()) ? Record
                                                               : nullptr;
}

const model::Function *ModelIndex::find(const FunctionDecl *Fn) const {
  if (!Fn)
    return nullptr;
  Fn = Fn->getCanonicalDecl();
  auto [It, New] = Cache.try_emplace(Fn, nullptr);
  if (New)
    It->second = lookUp(Fn);
  return It->second;
}

const model::Function *ModelIndex::lookUp(const FunctionDecl *Fn) const {
  const IdentifierInfo *Name = Fn->getIdentifier();
  // What clang knows as a builtin (strcmp()) is implicit at first.
  if (!Name || Fn->getMostRecentDecl()->isImplicit())
    return nullptr;
  const model::Function *Entry = M.lookup(Name->getName(), Fn->getNumParams());
  if (!Entry)
    return nullptr;
  const SourceManager &SM = Fn->getASTContext().getSourceManager();
  bool Own = Fn->getStorageClass() == SC_Static &&
             SM.isInMainFile(SM.getExpansionLoc(Fn->getLocation()));
  return Own ? nullptr : Entry;
}

const model::Function *ModelIndex::find(const CallExpr *Call) const {
  return find(Call->getDirectCallee());
}

const model::Function *ModelIndex::find(const CallEvent &Call) const {
  return find(dyn_cast_or_null<FunctionDecl>(Call.getDecl()));
}

SVal valueOf(const model::Amount &Amount, const CallEvent &Call,
             ProgramStateRef State, SVal Ret) {
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  ASTContext &Ctx = Builder.getContext();
  switch (Amount.Kind) {
  case model::Amount::None:
    return UnknownVal();
  case model::Amount::Constant:
    return Builder.makeIntVal(Amount.Value, Ctx.LongTy);
  case model::Amount::Ret:
    return Ret;
  case model::Amount::Arg:
    return Amount.Value < Call.getNumArgs() ? Call.getArgSVal(Amount.Value)
                                            : UnknownVal();
  case model::Amount::Indirect: {
    if (Amount.Value >= Call.getNumArgs())
      return UnknownVal();
    auto Address = Call.getArgSVal(Amount.Value).getAs<Loc>();
    const Expr *Arg = Call.getArgExpr(Amount.Value);
    if (!Address || !Arg)
      return UnknownVal();
    QualType Pointee = Arg->IgnoreImpCasts()->getType()->getPointeeType();
    return Pointee.isNull() ? UnknownVal() : State->getSVal(*Address, Pointee);
  }
  }
  return UnknownVal();
}

} // namespace pagewarden
