//===- GfpMask.cpp - Allocation flags in an expression --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GfpMask.h"
#include "clang/Lex/Lexer.h"
#include <algorithm>

using namespace clang;

namespace pagewarden {

/// More alternatives than this are one that says nothing.
static constexpr size_t MaxAlternatives = 12;

static void add(GfpMasks &To, const GfpMask &Mask) {
  if (!llvm::is_contained(To, Mask))
    To.push_back(Mask);
  if (To.size() > MaxAlternatives)
    To = {GfpMask()};
}

bool GfpVariables::join(const GfpVariables &Other) {
  bool Changed = false;
  for (auto &[Var, Masks] : Known) {
    auto There = Other.Known.find(Var);
    GfpMasks Before = Masks;
    if (There == Other.Known.end())
      Masks = {GfpMask()};
    else
      for (const GfpMask &Mask : There->second)
        add(Masks, Mask);
    // What says nothing covers the rest; it stays once it is there.
    if (llvm::is_contained(Masks, GfpMask()))
      Masks = {GfpMask()};
    Changed |= Masks != Before;
  }
  return Changed;
}

GfpReader::GfpReader(const ASTContext &Ctx, const Preprocessor &PP,
                     const model::Model &M)
    : Ctx(Ctx), Values(Ctx, PP), M(M) {}

std::optional<uint64_t> GfpReader::value(llvm::StringRef Name) const {
  auto [It, New] = Cache.try_emplace(Name);
  if (New)
    It->second = Values.of(Name);
  return It->second;
}

bool GfpReader::isMaskType(QualType Type) const {
  while (const auto *Alias = Type->getAs<TypedefType>()) {
    const TypedefNameDecl *D = Alias->getDecl();
    if (D->getIdentifier() && M.mark("gfp-type", D->getName()))
      return true;
    Type = D->getUnderlyingType();
  }
  return false;
}

bool GfpReader::isMask(const Expr *E) const {
  E = E->IgnoreParenImpCasts();
  if (isMaskType(E->getType()))
    return true;
  if (const auto *Op = dyn_cast<BinaryOperator>(E))
    return Op->isBitwiseOp() && (isMask(Op->getLHS()) || isMask(Op->getRHS()));
  if (const auto *Op = dyn_cast<UnaryOperator>(E))
    return Op->getOpcode() == UO_Not && isMask(Op->getSubExpr());
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
    return isMask(Choice->getTrueExpr()) || isMask(Choice->getFalseExpr());
  return false;
}

std::optional<unsigned> GfpReader::argument(const FunctionDecl *Fn) const {
  if (!Fn)
    return std::nullopt;
  for (unsigned I = 0; I < Fn->getNumParams(); ++I)
    if (isMaskType(Fn->getParamDecl(I)->getType()))
      return I;
  return std::nullopt;
}

static GfpMasks combined(const GfpMasks &A, BinaryOperatorKind Op,
                         const GfpMasks &B) {
  GfpMasks Result;
  for (const GfpMask &X : A)
    for (const GfpMask &Y : B)
      add(Result, Op == BO_Or ? GfpMask{X.Set | Y.Set, X.May | Y.May}
                              : GfpMask{X.Set & Y.Set, X.May & Y.May});
  return Result;
}

GfpMasks GfpReader::masks(const Expr *E, const GfpVariables &Here) const {
  GfpMasks Nothing = {GfpMask()};
  E = E->IgnoreParenCasts();
  Expr::EvalResult Value;
  if (E->isValueDependent())
    return Nothing;
  if (E->EvaluateAsInt(Value, Ctx)) {
    // Of 32 bits, whatever the signs of the operands are.
    uint64_t Bits = uint32_t(Value.Val.getInt().getExtValue());
    return {GfpMask{Bits, Bits}};
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E)) {
    if (Op->getOpcode() == BO_Or || Op->getOpcode() == BO_And)
      return combined(masks(Op->getLHS(), Here), Op->getOpcode(),
                      masks(Op->getRHS(), Here));
    return Op->getOpcode() == BO_Assign ? masks(Op->getRHS(), Here) : Nothing;
  }
  if (const auto *Op = dyn_cast<UnaryOperator>(E);
      Op && Op->getOpcode() == UO_Not) {
    GfpMasks Result = masks(Op->getSubExpr(), Here);
    for (GfpMask &Mask : Result)
      Mask = {~Mask.May, ~Mask.Set};
    return Result;
  }
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
    GfpMasks Result = masks(Choice->getTrueExpr(), Here);
    for (const GfpMask &Mask : masks(Choice->getFalseExpr(), Here))
      add(Result, Mask);
    return Result;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    auto Known = Here.Known.find(dyn_cast<VarDecl>(Ref->getDecl()));
    if (Known != Here.Known.end())
      return Known->second;
  }
  return Nothing;
}

void GfpReader::apply(const Stmt *S, GfpVariables &Here) const {
  auto Local = [](const Expr *E) -> const VarDecl * {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParens());
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Var && Var->hasLocalStorage() ? Var : nullptr;
  };
  if (const auto *Group = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Group->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D);
          Var && isMaskType(Var->getType()))
        Here.Known[Var] =
            Var->getInit() ? masks(Var->getInit(), Here) : GfpMasks{GfpMask()};
    return;
  }
  if (const auto *Op = dyn_cast<UnaryOperator>(S);
      Op && Op->getOpcode() == UO_AddrOf) {
    if (const VarDecl *Var = Local(Op->getSubExpr()))
      Here.Known.erase(Var);
    return;
  }
  const auto *Op = dyn_cast<BinaryOperator>(S);
  if (!Op || !Op->isAssignmentOp())
    return;
  const VarDecl *Var = Local(Op->getLHS());
  if (!Var || !isMaskType(Var->getType()))
    return;
  GfpMasks Right = masks(Op->getRHS(), Here);
  auto Before = Here.Known.find(Var);
  GfpMasks Old =
      Before == Here.Known.end() ? GfpMasks{GfpMask()} : Before->second;
  switch (Op->getOpcode()) {
  case BO_Assign:
    Here.Known[Var] = Right;
    break;
  case BO_OrAssign:
    Here.Known[Var] = combined(Old, BO_Or, Right);
    break;
  case BO_AndAssign:
    Here.Known[Var] = combined(Old, BO_And, Right);
    break;
  default:
    Here.Known[Var] = {GfpMask()};
  }
}

std::string spelling(const CallExpr *Call, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Loc = SM.getExpansionLoc(Call->getBeginLoc());
  llvm::StringRef Text = Lexer::getSourceText(
      CharSourceRange::getTokenRange(Loc, Loc), SM, Ctx.getLangOpts());
  // A macro of another shape does not begin with the name of a call.
  const FunctionDecl *Fn = Call->getDirectCallee();
  return Text.empty() && Fn ? Fn->getNameAsString() : Text.str();
}

llvm::SmallVector<std::string, 4> namesOf(const CallExpr *Call,
                                          const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  llvm::SmallVector<std::string, 4> Names;
  if (const FunctionDecl *Fn = Call->getDirectCallee();
      Fn && Fn->getIdentifier())
    Names.push_back(Fn->getName().str());
  SourceLocation Loc = Call->getBeginLoc();
  while (Loc.isMacroID()) {
    if (SM.isMacroArgExpansion(Loc)) {
      Loc = SM.getImmediateSpellingLoc(Loc);
      continue;
    }
    Names.push_back(
        Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts()).str());
    Loc = SM.getImmediateExpansionRange(Loc).getBegin();
  }
  std::reverse(Names.begin(), Names.end());
  return Names;
}

} // namespace pagewarden
