//===- FieldFlow.cpp - What fields keep between functions -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/FieldFlow.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace pagewarden {

using model::Place;
using model::Role;

const Expr *stripToRoot(const Expr *E) {
  while (true) {
    E = E->IgnoreParenCasts();
    if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E)) {
      E = Literal->getInitializer();
      continue;
    }
    if (const auto *List = dyn_cast<InitListExpr>(E);
        List && List->getNumInits() == 1) {
      E = List->getInit(0);
      continue;
    }
    if (const auto *Sub = dyn_cast<ArraySubscriptExpr>(E))
      E = Sub->getBase();
    else if (const auto *Op = dyn_cast<UnaryOperator>(E);
             Op &&
             (Op->getOpcode() == UO_AddrOf || Op->getOpcode() == UO_Deref))
      E = Op->getSubExpr();
    else if (const auto *Sum = dyn_cast<BinaryOperator>(E);
             Sum && Sum->isAdditiveOp() && Sum->getType()->isPointerType())
      E = Sum->getLHS()->getType()->isPointerType() ? Sum->getLHS()
                                                    : Sum->getRHS();
    else
      return E;
  }
}

namespace {

/// Reads one function.  Locals stand for what they are assigned, as long as
/// that is one field.
class Reader : public RecursiveASTVisitor<Reader> {
public:
  using FieldMap = llvm::MapVector<const ValueDecl *, FieldFlow::Uses>;

  Reader(const FunctionDecl *Fn, const ModelIndex &Index, FieldMap &Fields)
      : Fn(Fn), Index(Index), Fields(Fields) {}

  void run() {
    Collecting = true;
    TraverseStmt(Fn->getBody());
    Collecting = false;
    for (const CallExpr *Call : Fills)
      if (const VarDecl *Array =
              localArray(Call->getArg(Index.find(Call)->Object.Index), 0))
        FilledArrays[Array].push_back(Call);
    TraverseStmt(Fn->getBody());
  }

  bool VisitVarDecl(VarDecl *Var) {
    if (Collecting && Var->hasLocalStorage() && Var->getInit())
      Sources[Var].push_back(Var->getInit());
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->getOpcode() != BO_Assign)
      return true;
    const Expr *Left = Op->getLHS()->IgnoreParenImpCasts();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Left))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
          Var && Var->hasLocalStorage()) {
        if (Collecting)
          Sources[Var].push_back(Op->getRHS());
        return true;
      }
    if (!Collecting)
      store(Left, Op->getRHS());
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Collecting && Op->getOpcode() == UO_AddrOf)
      if (const auto *Ref =
              dyn_cast<DeclRefExpr>(Op->getSubExpr()->IgnoreParens()))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
          ++Addressed[Var];
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) {
    const model::Function *Entry = Index.find(Call);
    if (Collecting) {
      if (const VarDecl *Var = Entry ? filledByAddress(*Entry, Call) : nullptr)
        Filled[Var] = Call;
      else if (Entry && fillsArray(*Entry, Call))
        Fills.push_back(Call);
      return true;
    }
    if (!Entry) {
      // Code that is not known may fill an array that it is given.
      for (const Expr *Arg : Call->arguments())
        if (const ValueDecl *Field = addressed(Arg))
          Fields[Field].Mixed = Fields[Field].MixedElements = true;
      return true;
    }
    if (Entry->Object.Base != Place::Arg ||
        Entry->Object.Index >= Call->getNumArgs())
      return true;
    const ValueDecl *Field = root(Call->getArg(Entry->Object.Index), 0);
    if (!Field)
      return true;
    const Expr *Object = Call->getArg(Entry->Object.Index);
    FieldFlow::Use Use{Call, Entry, Fn,
                       Entry->Object.Array ? !isAddressOfField(Object)
                                           : isElement(Object, 0)};
    if (Entry->TheRole == Role::Acquire && !Entry->Extra)
      Fields[Field].Acquired.push_back(Use);
    else if (Entry->TheRole == Role::Release || Entry->TheRole == Role::Free)
      Fields[Field].Released.push_back(Use);
    return true;
  }

private:
  /// The field or global variable that \p E is, or is an element of; null
  /// where it may be something else.
  const ValueDecl *root(const Expr *E, unsigned Depth) {
    E = stripToRoot(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return dyn_cast<FieldDecl>(Member->getMemberDecl());
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Var)
      return nullptr;
    if (Var->hasGlobalStorage())
      return Var->getCanonicalDecl();
    auto It = Sources.find(Var);
    if (It == Sources.end() || Depth > 2 || isa<ParmVarDecl>(Var))
      return nullptr;
    const ValueDecl *Only = nullptr;
    for (const Expr *Source : It->second) {
      if (isNull(Source))
        continue;
      const ValueDecl *One = root(Source, Depth + 1);
      if (!One || (Only && One != Only))
        return nullptr;
      Only = One;
    }
    return Only;
  }

  /// The one object that \p E is an array of: &x->page.
  static bool isAddressOfField(const Expr *E) {
    const auto *Op = dyn_cast<UnaryOperator>(E->IgnoreParenCasts());
    return Op && Op->getOpcode() == UO_AddrOf &&
           isa<MemberExpr>(Op->getSubExpr()->IgnoreParens());
  }

  static bool fillsArray(const model::Function &Entry, const CallExpr *Call) {
    return Entry.TheRole == Role::Acquire && Entry.Object.Array &&
           !Entry.Extra && Entry.Object.Base == Place::Arg &&
           !Entry.Object.Indirect && Entry.Object.Index < Call->getNumArgs();
  }

  /// The local that points to the array \p E, or the one that this one was
  /// computed from; null where there is none.
  const VarDecl *localArray(const Expr *E, unsigned Depth) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripToRoot(E));
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Var || !Var->hasLocalStorage() || !Var->getType()->isPointerType())
      return nullptr;
    auto It = Sources.find(Var);
    if (It != Sources.end() && Depth < 3)
      for (const Expr *Source : It->second)
        if (const VarDecl *Other = localArray(Source, Depth + 1);
            Other && Other != Var)
          return Other;
    return Var;
  }

  /// The local pointer that \p Call, an acquisition, gets the address of.
  static const VarDecl *filledByAddress(const model::Function &Entry,
                                        const CallExpr *Call) {
    if (Entry.TheRole != Role::Acquire || !Entry.Object.Array || Entry.Extra ||
        Entry.Object.Base != Place::Arg ||
        Entry.Object.Index >= Call->getNumArgs())
      return nullptr;
    const auto *Op = dyn_cast<UnaryOperator>(
        Call->getArg(Entry.Object.Index)->IgnoreParenCasts());
    const auto *Ref =
        Op && Op->getOpcode() == UO_AddrOf
            ? dyn_cast<DeclRefExpr>(Op->getSubExpr()->IgnoreParens())
            : nullptr;
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Var && Var->hasLocalStorage() && Var->getType()->isPointerType()
               ? Var
               : nullptr;
  }

  /// \p E was read through a subscript or a pointer on its way from the field.
  bool isElement(const Expr *E, unsigned Depth) {
    E = E->IgnoreParenCasts();
    if (isa<ArraySubscriptExpr>(E))
      return true;
    if (const auto *Op = dyn_cast<UnaryOperator>(E);
        Op && Op->getOpcode() == UO_Deref)
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    auto It = Var ? Sources.find(Var) : Sources.end();
    return It != Sources.end() && Depth < 3 &&
           llvm::any_of(
               It->second,
               [&](const Expr *Source) {
                 return isElement(Source, Depth + 1);
               });
  }

  bool isNull(const Expr *E) const {
    return E->isNullPointerConstant(Fn->getASTContext(),
                                    Expr::NPC_ValueDependentIsNotNull) !=
           Expr::NPCK_NotNull;
  }

  /// A field whose address, or whose array, is handed out in \p Arg.
  const ValueDecl *addressed(const Expr *Arg) {
    Arg = Arg->IgnoreParenCasts();
    QualType Type = Arg->getType();
    bool Writes = Type->isPointerType() &&
                  Type->getPointeeType()->isPointerType() &&
                  !Type->getPointeeType().isConstQualified();
    return Writes ? root(Arg, 0) : nullptr;
  }

  /// The acquisition whose result \p E is; null where it is something else.
  const CallExpr *acquisition(const Expr *E, unsigned Depth) {
    E = E->IgnoreParenCasts();
    if (const auto *Statements = dyn_cast<StmtExpr>(E))
      return valueOfStatements(Statements, Depth);
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      const model::Function *Entry = Index.find(Call);
      return Entry && Entry->TheRole == Role::Acquire ? Call : nullptr;
    }
    if (const auto *Op = dyn_cast<BinaryOperator>(E);
        Op && Op->getOpcode() == BO_Assign)
      return acquisition(Op->getRHS(), Depth);
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    auto It = Var ? Sources.find(Var) : Sources.end();
    if (!Var || Depth > 2)
      return nullptr;
    // The address of a local lets anything be put there.
    unsigned Times = Addressed.lookup(Var);
    const CallExpr *Only = Times == 1 ? Filled.lookup(Var) : nullptr;
    if (Times && !Only)
      return nullptr;
    if (It == Sources.end())
      return Only;
    for (const Expr *Source : It->second) {
      if (isNull(Source))
        continue;
      const CallExpr *One = acquisition(Source, Depth + 1);
      if (!One || (Only && !isSameMacro(One, Only) && !isFallback(One, Only)))
        return nullptr;
      Only = Only ? Only : One;
    }
    return Only;
  }

  /// The variable that says the order at \p Call, or null.
  const ValueDecl *orderVariable(const CallExpr *Call) const {
    const model::Amount &Order = Index.find(Call)->Order;
    if (Order.Kind != model::Amount::Arg || Order.Value >= Call->getNumArgs())
      return nullptr;
    const auto *Ref =
        dyn_cast<DeclRefExpr>(Call->getArg(Order.Value)->IgnoreParenImpCasts());
    return Ref ? Ref->getDecl() : nullptr;
  }

  /// What one call could not give, another one may, of the same order.
  bool isFallback(const CallExpr *A, const CallExpr *B) const {
    const ValueDecl *Order = orderVariable(A);
    return Order && Order == orderVariable(B) &&
           Index.find(A)->Resource == Index.find(B)->Resource;
  }

  /// alloc_hooks() writes its call twice.
  bool isSameMacro(const CallExpr *A, const CallExpr *B) const {
    const SourceManager &SM = Fn->getASTContext().getSourceManager();
    return A->getDirectCallee() == B->getDirectCallee() &&
           A->getBeginLoc().isMacroID() &&
           SM.getExpansionLoc(A->getBeginLoc()) ==
               SM.getExpansionLoc(B->getBeginLoc());
  }

  /// A macro around the call: ({ ...; result; }).
  const CallExpr *valueOfStatements(const StmtExpr *S, unsigned Depth) {
    const auto *Last = dyn_cast_or_null<Expr>(S->getSubStmt()->body_back());
    return Last ? acquisition(Last, Depth) : nullptr;
  }

  void store(const Expr *Left, const Expr *Right) {
    const Expr *Base = stripToRoot(Left);
    const ValueDecl *Field = root(Left, 0);
    if (!Field || isNull(Right))
      return;
    const CallExpr *Call = acquisition(Right, 0);
    const model::Function *Entry = Call ? Index.find(Call) : nullptr;
    bool Element = Base != Left->IgnoreParenImpCasts();
    bool IsFilled = !Element && storeArray(Field, Right);
    if (!Entry && IsFilled)
      return;
    if (!Entry) {
      // An array of somebody else's, with who knows what in it.
      if (Field->getType()->isPointerType() &&
          Field->getType()->getPointeeType()->isPointerType())
        Fields[Field].MixedElements = true;
      // The same in another place (x->pages = y->pages), or unknown.  What is
      // written to the memory that a field points to is not in the field.
      (Element ? Fields[Field].MixedElements : Fields[Field].Mixed) = true;
      return;
    }
    // Memory for an array; what is in it is another question.
    if (Entry->Resource == "memory" && !Element) {
      Fields[Field].Memory = true;
      return;
    }
    Fields[Field].Acquired.push_back({Call, Entry, Fn, Element});
  }

  /// The field takes over an array that the function has filled before.
  bool storeArray(const ValueDecl *Field, const Expr *Right) {
    const VarDecl *Array = localArray(Right, 0);
    auto It = Array ? FilledArrays.find(Array) : FilledArrays.end();
    if (It == FilledArrays.end())
      return false;
    for (const CallExpr *Call : It->second)
      Fields[Field].Acquired.push_back({Call, Index.find(Call), Fn, true});
    return true;
  }

  const FunctionDecl *Fn;
  const ModelIndex &Index;
  FieldMap &Fields;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const Expr *, 2>> Sources;
  /// Acquisitions into arrays, and the locals that point to these.
  llvm::SmallVector<const CallExpr *, 2> Fills;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const CallExpr *, 1>>
      FilledArrays;
  /// How often the address of a local is taken, and the acquisition that got
  /// it.
  llvm::DenseMap<const VarDecl *, unsigned> Addressed;
  llvm::DenseMap<const VarDecl *, const CallExpr *> Filled;
  bool Collecting = false;
};

} // namespace

FieldFlow::FieldFlow(const TranslationUnitDecl *TU, const ModelIndex &Index) {
  for (const FunctionDecl *Fn : mainFileFunctions(TU))
    Reader(Fn, Index, Fields).run();
}

} // namespace pagewarden
