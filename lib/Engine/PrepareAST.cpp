//===- PrepareAST.cpp - Kernel C in words the engine knows ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two rewritings, both local to a function body:
///
///   asm goto ("..." : "=r"(out) : ... : : l1, l2);
///     becomes
///   { out = opaque(); if (opaque()) goto l1; if (opaque()) goto l2; }
///
///   { T v __attribute__((cleanup(f))) = e; ...; return x; ... }
///     becomes
///   { T v = e; ...; { R tmp = x; f(&v); return tmp; } ... f(&v); }
///
/// opaque() is an undefined pure function of our own: nothing is invalidated,
/// and each visit yields a new value.  A cleanup runs when its scope is left:
/// at the end of the block, at a return, and at a break, continue or goto that
/// leaves it.
///
/// Not handled: a cleanup in a statement expression whose value is used (the
/// variable's cleanup is then not run, and checkers see the variable die), and
/// computed gotos.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/PrepareAST.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "clang/AST/StmtVisitor.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace clang;

static constexpr llvm::StringLiteral OpaqueName = "__pagewarden_opaque";

namespace {

/// Makes AST nodes that stand at the place of the statement they replace.
class Builder {
public:
  explicit Builder(ASTContext &Ctx) : Ctx(Ctx) {}

  ASTContext &context() { return Ctx; }

  /// A call of the undefined pure function that returns \p Type.
  Expr *opaque(QualType Type, SourceLocation Loc) {
    FunctionDecl *&Fn = OpaqueFunctions[Type.getCanonicalType().getTypePtr()];
    if (!Fn)
      Fn = makeOpaqueFunction(Type.getCanonicalType().getUnqualifiedType());
    return call(Fn, {}, Loc);
  }

  Expr *call(FunctionDecl *Fn, ArrayRef<Expr *> Args, SourceLocation Loc) {
    auto *Ref =
        DeclRefExpr::Create(Ctx, NestedNameSpecifierLoc(), SourceLocation(), Fn,
                            false, Loc, Fn->getType(), VK_LValue);
    Expr *Callee = implicitCast(Ref, Ctx.getPointerType(Fn->getType()),
                                CK_FunctionToPointerDecay);
    return CallExpr::Create(Ctx, Callee, Args,
                            Fn->getReturnType().getNonLValueExprType(Ctx),
                            VK_PRValue, Loc, FPOptionsOverride());
  }

  Expr *implicitCast(Expr *E, QualType Type, CastKind Kind) {
    return ImplicitCastExpr::Create(Ctx, Type, Kind, E, nullptr, VK_PRValue,
                                    FPOptionsOverride());
  }

  DeclRefExpr *reference(VarDecl *Var, SourceLocation Loc) {
    return DeclRefExpr::Create(Ctx, NestedNameSpecifierLoc(), SourceLocation(),
                               Var, false, Loc, Var->getType(), VK_LValue);
  }

  Expr *load(VarDecl *Var, SourceLocation Loc) {
    return implicitCast(reference(Var, Loc),
                        Var->getType().getUnqualifiedType(), CK_LValueToRValue);
  }

  Stmt *assignOpaque(Expr *Target) {
    SourceLocation Loc = Target->getBeginLoc();
    QualType Type = Target->getType().getUnqualifiedType();
    return BinaryOperator::Create(Ctx, Target, opaque(Type, Loc), BO_Assign,
                                  Type, VK_PRValue, OK_Ordinary, Loc,
                                  FPOptionsOverride());
  }

  Stmt *branch(LabelDecl *Label, SourceLocation Loc) {
    auto *Goto = new (Ctx) GotoStmt(Label, Loc, Loc);
    return IfStmt::Create(Ctx, Loc, IfStatementKind::Ordinary, nullptr, nullptr,
                          opaque(Ctx.IntTy, Loc), Loc, Loc, Goto);
  }

  Stmt *block(ArrayRef<Stmt *> Stmts, SourceLocation Begin,
              SourceLocation End) {
    return CompoundStmt::Create(Ctx, Stmts, FPOptionsOverride(), Begin, End);
  }

private:
  FunctionDecl *makeOpaqueFunction(QualType Result) {
    FunctionProtoType::ExtProtoInfo Info;
    QualType Type = Ctx.getFunctionType(Result, {}, Info);
    TranslationUnitDecl *TU = Ctx.getTranslationUnitDecl();
    auto *Fn =
        FunctionDecl::Create(Ctx, TU, SourceLocation(), SourceLocation(),
                             &Ctx.Idents.get(OpaqueName), Type,
                             Ctx.getTrivialTypeSourceInfo(Type), SC_Extern);
    Fn->setImplicit();
    Fn->addAttr(PureAttr::CreateImplicit(Ctx));
    return Fn;
  }

  ASTContext &Ctx;
  llvm::DenseMap<const Type *, FunctionDecl *> OpaqueFunctions;
};

/// The variables with a cleanup that are alive at a statement, outermost
/// first.
using LiveCleanups = llvm::SmallVector<VarDecl *, 4>;

/// What a function body has that is worth a rewriting.
struct Contents {
  bool AsmGoto = false;
  bool Cleanup = false;
};

class Scanner : public ConstStmtVisitor<Scanner> {
public:
  Contents scan(const Stmt *S) {
    Found = {};
    visitAll(S);
    return Found;
  }

  void VisitGCCAsmStmt(const GCCAsmStmt *S) { Found.AsmGoto |= S->isAsmGoto(); }
  void VisitDeclStmt(const DeclStmt *S) {
    for (const Decl *D : S->decls())
      Found.Cleanup |= D->hasAttr<CleanupAttr>();
  }

private:
  void visitAll(const Stmt *S) {
    Visit(S);
    for (const Stmt *Child : S->children())
      if (Child)
        visitAll(Child);
  }

  Contents Found;
};

class Rewriter {
public:
  explicit Rewriter(Builder &Build) : Build(Build) {}

  void rewrite(FunctionDecl *Fn, Contents What) {
    Stmt *Body = Fn->getBody();
    if (What.AsmGoto)
      rewriteAsmGoto(Body);
    if (What.Cleanup) {
      Function = Fn;
      Labels.clear();
      LiveCleanups Live;
      collectLabels(Body, Live);
      Live.clear();
      Body = rewriteCleanups(Body, Live, 0, 0);
      // The engine ends every path at the CFG's own element for a cleanup.
      for (VarDecl *Var : Rewritten)
        Var->dropAttr<CleanupAttr>();
      Rewritten.clear();
    }
    if (Body != Fn->getBody())
      Fn->setBody(Body);
  }

private:
  //===--- asm goto -------------------------------------------------------===//

  void rewriteAsmGoto(Stmt *S) {
    for (Stmt *&Child : S->children()) {
      if (!Child)
        continue;
      auto *Asm = dyn_cast<GCCAsmStmt>(Child);
      if (Asm && Asm->isAsmGoto())
        Child = withoutAsmGoto(Asm);
      else
        rewriteAsmGoto(Child);
    }
  }

  Stmt *withoutAsmGoto(GCCAsmStmt *Asm) {
    llvm::SmallVector<Stmt *, 4> Stmts;
    for (unsigned I = 0, E = Asm->getNumOutputs(); I != E; ++I) {
      Expr *Output = Asm->getOutputExpr(I);
      if (Output->getType()->isScalarType() && Output->isLValue() &&
          !Output->getType().isConstQualified())
        Stmts.push_back(Build.assignOpaque(Output));
    }
    for (unsigned I = 0, E = Asm->getNumLabels(); I != E; ++I)
      Stmts.push_back(
          Build.branch(Asm->getLabelExpr(I)->getLabel(), Asm->getAsmLoc()));
    return Build.block(Stmts, Asm->getBeginLoc(), Asm->getEndLoc());
  }

  //===--- cleanup --------------------------------------------------------===//

  /// The cleanups that are alive at each label, to know what a goto leaves.
  void collectLabels(Stmt *S, LiveCleanups &Live) {
    size_t Outer = Live.size();
    if (auto *Label = dyn_cast<LabelStmt>(S))
      Labels[Label->getDecl()] = Live;
    for (Stmt *Child : S->children()) {
      if (!Child)
        continue;
      collectLabels(Child, Live);
      size_t Before = Live.size();
      addDeclared(Child, Live);
      Rewritten.append(Live.begin() + Before, Live.end());
    }
    Live.resize(Outer);
  }

  static void addDeclared(Stmt *S, LiveCleanups &Live) {
    auto *DS = dyn_cast<DeclStmt>(S);
    if (!DS)
      return;
    for (Decl *D : DS->decls())
      if (auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasAttr<CleanupAttr>())
        Live.push_back(Var);
  }

  /// Appends the calls for Live[From..], innermost first.
  void appendCleanups(llvm::SmallVectorImpl<Stmt *> &Out,
                      const LiveCleanups &Live, size_t From,
                      SourceLocation Loc) {
    for (size_t I = Live.size(); I > From; --I)
      if (Stmt *Call = cleanupCall(Live[I - 1], Loc))
        Out.push_back(Call);
  }

  Stmt *cleanupCall(VarDecl *Var, SourceLocation Loc) {
    FunctionDecl *Fn = Var->getAttr<CleanupAttr>()->getFunctionDecl();
    if (!Fn || Fn->getNumParams() != 1)
      return nullptr;
    ASTContext &Ctx = Build.context();
    Expr *Address = UnaryOperator::Create(
        Ctx, Build.reference(Var, Loc), UO_AddrOf,
        Ctx.getPointerType(Var->getType()), VK_PRValue, OK_Ordinary, Loc,
        /*CanOverflow=*/false, FPOptionsOverride());
    QualType Param = Fn->getParamDecl(0)->getType();
    if (!Ctx.hasSameType(Param, Address->getType()))
      Address = Build.implicitCast(Address, Param, CK_BitCast);
    return Build.call(Fn, Address, Loc);
  }

  /// \p AtBreak and \p AtContinue are the numbers of cleanups that were alive
  /// outside the statement that a break or continue would leave.
  Stmt *rewriteCleanups(Stmt *S, LiveCleanups &Live, size_t AtBreak,
                        size_t AtContinue) {
    switch (S->getStmtClass()) {
    case Stmt::ReturnStmtClass:
      return rewriteReturn(cast<ReturnStmt>(S), Live);
    case Stmt::BreakStmtClass:
      return rewriteJump(S, Live, AtBreak);
    case Stmt::ContinueStmtClass:
      return rewriteJump(S, Live, AtContinue);
    case Stmt::GotoStmtClass:
      return rewriteJump(S, Live,
                         commonDepth(cast<GotoStmt>(S)->getLabel(), Live));
    case Stmt::CompoundStmtClass:
      return rewriteBlock(cast<CompoundStmt>(S), Live, AtBreak, AtContinue);
    case Stmt::ForStmtClass:
      return rewriteFor(cast<ForStmt>(S), Live);
    case Stmt::WhileStmtClass:
    case Stmt::DoStmtClass:
      rewriteChildren(S, Live, Live.size(), Live.size());
      return S;
    case Stmt::SwitchStmtClass:
      rewriteChildren(S, Live, Live.size(), AtContinue);
      return S;
    case Stmt::StmtExprClass:
      rewriteStmtExpr(cast<StmtExpr>(S), Live, AtBreak, AtContinue);
      return S;
    default:
      rewriteChildren(S, Live, AtBreak, AtContinue);
      return S;
    }
  }

  void rewriteChildren(Stmt *S, LiveCleanups &Live, size_t AtBreak,
                       size_t AtContinue) {
    for (Stmt *&Child : S->children())
      if (Child)
        Child = rewriteCleanups(Child, Live, AtBreak, AtContinue);
  }

  Stmt *rewriteReturn(ReturnStmt *Return, const LiveCleanups &Live) {
    if (Live.empty())
      return Return;
    SourceLocation Loc = Return->getReturnLoc();
    llvm::SmallVector<Stmt *, 4> Stmts;
    if (Expr *Value = Return->getRetValue();
        Value && !Value->getType()->isVoidType()) {
      VarDecl *Temp = makeTemporary(Value, Loc);
      Stmts.push_back(new (Build.context())
                          DeclStmt(DeclGroupRef(Temp), Loc, Loc));
      Return->setRetValue(Build.load(Temp, Loc));
    }
    appendCleanups(Stmts, Live, 0, Loc);
    Stmts.push_back(Return);
    return Build.block(Stmts, Loc, Return->getEndLoc());
  }

  VarDecl *makeTemporary(Expr *Value, SourceLocation Loc) {
    ASTContext &Ctx = Build.context();
    QualType Type = Value->getType().getUnqualifiedType();
    auto *Temp = VarDecl::Create(Ctx, Function, Loc, Loc,
                                 &Ctx.Idents.get("__pagewarden_result"), Type,
                                 Ctx.getTrivialTypeSourceInfo(Type), SC_None);
    Temp->setImplicit();
    Temp->setInit(Value);
    return Temp;
  }

  Stmt *rewriteJump(Stmt *Jump, const LiveCleanups &Live, size_t Outer) {
    if (Live.size() <= Outer)
      return Jump;
    llvm::SmallVector<Stmt *, 4> Stmts;
    appendCleanups(Stmts, Live, Outer, Jump->getBeginLoc());
    Stmts.push_back(Jump);
    return Build.block(Stmts, Jump->getBeginLoc(), Jump->getEndLoc());
  }

  size_t commonDepth(LabelDecl *Label, const LiveCleanups &Live) {
    auto It = Labels.find(Label);
    if (It == Labels.end())
      return Live.size();
    auto Mismatch = std::mismatch(Live.begin(), Live.end(), It->second.begin(),
                                  It->second.end());
    return Mismatch.first - Live.begin();
  }

  Stmt *rewriteBlock(CompoundStmt *Block, LiveCleanups &Live, size_t AtBreak,
                     size_t AtContinue) {
    size_t Outer = Live.size();
    llvm::SmallVector<Stmt *, 16> Stmts;
    for (Stmt *Child : Block->body()) {
      Stmts.push_back(rewriteCleanups(Child, Live, AtBreak, AtContinue));
      addDeclared(Child, Live);
    }
    bool Changed = !llvm::equal(Stmts, Block->body());
    if (Live.size() > Outer) {
      Changed = true;
      appendCleanups(Stmts, Live, Outer, Block->getRBracLoc());
    }
    Live.resize(Outer);
    if (!Changed)
      return Block;
    return Build.block(Stmts, Block->getLBracLoc(), Block->getRBracLoc());
  }

  /// scoped_guard() declares its variable in the head of a for statement: it
  /// lives until the loop ends.
  Stmt *rewriteFor(ForStmt *For, LiveCleanups &Live) {
    size_t Outer = Live.size();
    if (Stmt *Init = For->getInit())
      addDeclared(Init, Live);
    size_t Inside = Live.size();
    // A break goes behind the loop, where the variables of its head are
    // cleaned up.
    For->setBody(rewriteCleanups(For->getBody(), Live, Inside, Inside));
    if (Inside == Outer)
      return For;
    llvm::SmallVector<Stmt *, 4> Stmts{For};
    appendCleanups(Stmts, Live, Outer, For->getEndLoc());
    Live.resize(Outer);
    return Build.block(Stmts, For->getBeginLoc(), For->getEndLoc());
  }

  /// The value of a statement expression is that of its last statement, so
  /// nothing may be put behind that one.
  void rewriteStmtExpr(StmtExpr *E, LiveCleanups &Live, size_t AtBreak,
                       size_t AtContinue) {
    size_t Outer = Live.size();
    for (Stmt *&Child : E->getSubStmt()->body()) {
      Stmt *Original = Child;
      Child = rewriteCleanups(Child, Live, AtBreak, AtContinue);
      addDeclared(Original, Live);
    }
    Live.resize(Outer);
  }

  Builder &Build;
  FunctionDecl *Function = nullptr;
  llvm::DenseMap<LabelDecl *, LiveCleanups> Labels;
  LiveCleanups Rewritten; ///< all variables with a cleanup
};

} // namespace

void pagewarden::prepareAST(ASTContext &Context) {
  Builder Build(Context);
  Rewriter Rewrite(Build);
  Scanner Scan;
  for (Decl *D : Context.getTranslationUnitDecl()->decls()) {
    auto *Fn = dyn_cast<FunctionDecl>(D);
    if (!Fn || !Fn->doesThisDeclarationHaveABody())
      continue;
    Contents What = Scan.scan(Fn->getBody());
    if (What.AsmGoto || What.Cleanup)
      Rewrite.rewrite(Fn, What);
  }
}

bool pagewarden::isOpaqueBranch(const Stmt *S) {
  const auto *Call = dyn_cast_or_null<CallExpr>(S);
  const FunctionDecl *Fn = Call ? Call->getDirectCallee() : nullptr;
  return Fn && Fn->isImplicit() && Fn->getIdentifier() &&
         Fn->getName() == OpaqueName;
}
