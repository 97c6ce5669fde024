//===- PageOrigins.cpp - Where the pages of a file come from --------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PageOrigins.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace pagewarden {

//===----------------------------------------------------------------------===//
// Questions to the AST
//===----------------------------------------------------------------------===//

bool isPageType(QualType Type) {
  QualType Pointee = Type->getPointeeType();
  const RecordDecl *Record =
      Pointee.isNull() ? nullptr : Pointee->getAsRecordDecl();
  return Record && Record->getIdentifier() &&
         (Record->getName() == "page" || Record->getName() == "folio");
}

/// An array of such pointers, or a pointer to one.
static bool isPageArray(QualType Type) {
  if (const ArrayType *Array = Type->getAsArrayTypeUnsafe())
    return isPageType(Array->getElementType());
  QualType Pointee = Type->getPointeeType();
  return !Pointee.isNull() && isPageType(Pointee);
}

const model::Mark *macroAround(const Expr *E, llvm::StringRef Kind,
                               const Marked &M, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  const model::Mark *Found = nullptr;
  for (SourceLocation Loc = E->getBeginLoc(); Loc.isMacroID();
       Loc = SM.getImmediateMacroCallerLoc(Loc))
    if (const model::Mark *Mark = M.find(
            Kind, Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts()),
            Ctx))
      Found = Mark;
  return Found;
}

const Expr *ownerOf(const MemberExpr *Field) {
  const Expr *Base = Field->getBase()->IgnoreParenCasts();
  while (const auto *Outer = dyn_cast<MemberExpr>(Base)) {
    if (Outer->getMemberDecl()->getIdentifier())
      break;
    Base = Outer->getBase()->IgnoreParenCasts();
  }
  return Base;
}

const Expr *markedArg(const CallExpr *Call, const model::Mark *Mark) {
  unsigned Arg = Mark->Arguments.empty() ? 0 : Mark->Arguments.front();
  return Arg < Call->getNumArgs() ? Call->getArg(Arg) : nullptr;
}

bool mentions(const Stmt *S, llvm::function_ref<bool(const Expr *)> Is) {
  bool Found = false;
  forEachStmt(S, [&](const Stmt *At) {
    if (const auto *E = dyn_cast<Expr>(At); E && !Found)
      Found = Is(E);
  });
  return Found;
}

/// \p S is computed from one of \p Set.  What an array or a function makes of
/// a number has nothing to do with it.
static bool isMadeOf(const Stmt *S,
                     const llvm::DenseSet<const ValueDecl *> &Set) {
  if (!S || Set.empty())
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Set.contains(Ref->getDecl());
  if (isa<ArraySubscriptExpr, CallExpr>(S))
    return false;
  return llvm::any_of(S->children(),
                      [&](const Stmt *Child) { return isMadeOf(Child, Set); });
}

const ValueDecl *targetOf(const Expr *To) {
  To = To->IgnoreParenCasts();
  if (const auto *Element = dyn_cast<ArraySubscriptExpr>(To))
    To = Element->getBase();
  return declOf(To);
}

static bool isElement(const Expr *To) {
  To = To->IgnoreParenCasts();
  const auto *Star = dyn_cast<UnaryOperator>(To);
  return isa<ArraySubscriptExpr>(To) || (Star && Star->getOpcode() == UO_Deref);
}

static bool isNull(const Expr *E, ASTContext &Ctx) {
  return E->isNullPointerConstant(Ctx, Expr::NPC_ValueDependentIsNotNull);
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

PageOrigins::PageOrigins(const FunctionDecl *Fn, const UnitOrigins &Unit,
                         const ModelIndex &Index, Reach *Paths)
    : Fn(Fn), Unit(Unit), Index(Index), M(Index.model()), Paths(Paths) {
  for (const ParmVarDecl *Param : Fn->parameters()) {
    if (Unit.Chosen.contains(Param))
      Chosen.insert(Param);
    auto It = Unit.Outside.find(Param);
    if (It != Unit.Outside.end())
      Origins[Param] = It->second;
    else if (isPageType(Param->getType()))
      Origins[Param] = Origin::Unknown;
  }
  collectNumbers();
  collectPages();
  collectGroups();
}

void PageOrigins::eachAssignment(Visit See) const {
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    if (const auto *Op = dyn_cast<BinaryOperator>(S);
        Op && Op->isAssignmentOp())
      See(Op->getLHS(), Op->getRHS(), targetOf(Op->getLHS()));
    if (const auto *Group = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Group->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->getInit())
          See(nullptr, Var->getInit(), Var);
  });
}

bool PageOrigins::isDeviceNumber(const Expr *E) const {
  return mentions(E, [&](const Expr *Part) {
    if (const auto *Call = dyn_cast<CallExpr>(Part))
      return M.find("zone-source", Call) != nullptr;
    if (const auto *Member = dyn_cast<MemberExpr>(Part))
      return M.find("zone-source",
                    dyn_cast<FieldDecl>(Member->getMemberDecl())) != nullptr;
    const auto *Ref = dyn_cast<DeclRefExpr>(Part);
    return Ref && DeviceNumbers.contains(Ref->getDecl());
  });
}

bool PageOrigins::isWalked(const Expr *E) const {
  return isMadeOf(E, Walked) || isMadeOf(E, Chosen);
}

bool PageOrigins::isChosen(const Expr *E) const {
  return isMadeOf(E, Chosen) || isSpan(E);
}

/// \p E is computed from where a zone or node begins or ends, with holes and
/// offline memory between.
bool PageOrigins::isSpan(const Stmt *E) const {
  if (!E || isa<ArraySubscriptExpr>(E))
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return M.find("span-number", Call) != nullptr;
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return M.find("span-number",
                  dyn_cast<FieldDecl>(Member->getMemberDecl())) != nullptr;
  return llvm::any_of(E->children(),
                      [&](const Stmt *Child) { return isSpan(Child); });
}

bool PageOrigins::isNumberOfPage(const Expr *E, const Expr **Page) const {
  return mentions(E, [&](const Expr *Part) {
    if (const auto *Call = dyn_cast<CallExpr>(Part))
      if (const model::Mark *Mark = M.find("number-of-page", Call)) {
        if (Page)
          *Page = markedArg(Call, Mark);
        return true;
      }
    // page_to_pfn() is a macro with a subtraction of two pages in it.
    if (const auto *Minus = dyn_cast<BinaryOperator>(Part);
        Minus && Minus->getOpcode() == BO_Sub &&
        isPageType(Minus->getLHS()->getType()) &&
        macroAround(Minus, "number-of-page", M, Fn->getASTContext())) {
      if (Page)
        *Page = Minus->getLHS();
      return true;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(Part);
    auto It = Ref ? Numbers.find(Ref->getDecl()) : Numbers.end();
    if (It == Numbers.end())
      return false;
    return !Page || isNumberOfPage(It->second, Page);
  });
}

/// The calls that write a number which somebody outside chose.
static const ValueDecl *parsedInto(const CallExpr *Call, const Marked &M) {
  const model::Mark *Mark = M.find("parses-number", Call);
  const Expr *Arg = Mark ? markedArg(Call, Mark) : nullptr;
  return Arg ? declOf(Arg) : nullptr;
}

/// Variables that grow inside a loop of \p S.
static void addCounters(const Stmt *S, bool InLoop,
                        llvm::DenseSet<const ValueDecl *> &Counters) {
  if (!S)
    return;
  InLoop |= isa<ForStmt, WhileStmt, DoStmt>(S);
  const Expr *To = nullptr;
  if (const auto *Op = dyn_cast<UnaryOperator>(S); Op && Op->isIncrementOp())
    To = Op->getSubExpr();
  if (const auto *Op = dyn_cast<BinaryOperator>(S);
      Op && Op->getOpcode() == BO_AddAssign)
    To = Op->getLHS();
  if (InLoop && To && To->getType()->isIntegerType())
    if (const auto *Ref = dyn_cast<DeclRefExpr>(To->IgnoreParenCasts()))
      Counters.insert(Ref->getDecl());
  for (const Stmt *Child : S->children())
    addCounters(Child, InLoop, Counters);
}

/// Two rounds: a variable may be set from one that is set further down.
void PageOrigins::collectNumbers() {
  addCounters(Fn->getBody(), false, Walked);
  for (const CallExpr *Call : callsIn(Fn->getBody()))
    if (const ValueDecl *Into = parsedInto(Call, M))
      Chosen.insert(Into);
  for (const ParmVarDecl *Param : Fn->parameters()) {
    QualType To = Param->getType()->getPointeeType();
    if (To.isNull())
      To = Param->getType();
    const auto *Named = To->getAs<TypedefType>();
    if (Named && M.find("outside-number", Named->getDecl()->getName(),
                        Fn->getASTContext()))
      Chosen.insert(Param);
  }
  auto See = [&](const Expr *To, const Expr *From, const ValueDecl *D) {
    if (!isa_and_nonnull<VarDecl>(D) || (To && isElement(To)) ||
        isPageType(From->getType()))
      return;
    if (isDeviceNumber(From))
      DeviceNumbers.insert(D);
    if (!D->getType()->isIntegerType())
      return;
    if (isNumberOfPage(From) && !Numbers.count(D))
      Numbers[D] = From;
    if (isChosen(From))
      Chosen.insert(D);
    else if (isWalked(From))
      Walked.insert(D);
  };
  eachAssignment(See);
  eachAssignment(See);
}

const Expr *PageOrigins::pfnOf(const Expr *E) const {
  E = E->IgnoreParenCasts();
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const model::Mark *Mark = M.find("page-of-pfn", Call);
    return Mark ? markedArg(Call, Mark) : nullptr;
  }
  const auto *Op = dyn_cast<BinaryOperator>(E);
  if (Op && Op->getOpcode() == BO_Add && isPageType(Op->getType()) &&
      !macroAround(Op, "page-of-address", M, Fn->getASTContext()) &&
      macroAround(Op, "page-of-pfn", M, Fn->getASTContext()))
    return Op->getRHS();
  return nullptr;
}

Origin PageOrigins::of(const Expr *E) const {
  E = E->IgnoreParenCasts();
  const ASTContext &Ctx = Fn->getASTContext();
  if (const Expr *Pfn = pfnOf(E)) {
    if (isDeviceNumber(Pfn))
      return Origin::Device;
    return isNumberOfPage(Pfn) ? Origin::Unknown : Origin::Pfn;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (const model::Mark *Mark = M.find("page-name", Call))
      if (const Expr *Arg = markedArg(Call, Mark))
        return of(Arg);
    if (const model::Mark *Mark = M.find("page-of-address", Call))
      if (const Expr *Arg = markedArg(Call, Mark))
        return isDeviceNumber(Arg) ? Origin::Device : Origin::Unknown;
    if (M.find("page-of-mapping", Call))
      return Origin::Mapped;
    return M.find("page-of-entry", Call) ? Origin::Entry : Origin::Unknown;
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E);
      Op && Op->getOpcode() == BO_Add && isPageType(Op->getType())) {
    if (macroAround(Op, "page-of-address", M, Ctx))
      return isDeviceNumber(Op->getRHS()) ? Origin::Device : Origin::Unknown;
    return of(Op->getLHS());
  }
  if (isElement(E))
    E = isa<ArraySubscriptExpr>(E)
            ? cast<ArraySubscriptExpr>(E)->getBase()->IgnoreParenCasts()
            : cast<UnaryOperator>(E)->getSubExpr()->IgnoreParenCasts();
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (M.find("page-of-entry", Field))
      return Origin::Entry;
    if (M.find("private-page", Field) &&
        Unit.PrivateMethods.contains(Fn->getCanonicalDecl()))
      return Origin::Private;
    auto It = Unit.Outside.find(Field);
    return It == Unit.Outside.end() ? Origin::Unknown : It->second;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    auto It = Origins.find(Ref->getDecl());
    if (It == Origins.end())
      return Origin::Unknown;
    return It->second == Origin::Unknown && Paths ? reaching(Ref) : It->second;
  }
  return Origin::Unknown;
}

static Origin join(Origin A, Origin B) {
  if (A == Origin::None || A == B)
    return B;
  return B == Origin::None ? A : Origin::Unknown;
}

void PageOrigins::note(const ValueDecl *D, Origin From, const Stmt *At) {
  const auto *Var = dyn_cast_or_null<VarDecl>(D);
  if (!Var || !Var->isLocalVarDeclOrParm())
    return;
  Origin &Now = Origins[Var];
  Now = join(Now, From);
  Sets[Var].push_back({At, From});
}

/// A variable that is reused: which of its values is this?
Origin PageOrigins::reaching(const DeclRefExpr *Use) const {
  auto It = Sets.find(Use->getDecl());
  if (It == Sets.end() || !isPageType(Use->getDecl()->getType()))
    return Origin::Unknown;
  llvm::SmallVector<const Stmt *, 4> Places;
  for (const auto &[At, From] : It->second) {
    // Set in a way that has no place: by a callee.
    if (!At)
      return Origin::Unknown;
    Places.push_back(At);
  }
  Origin Now = Origin::None;
  if (isa<ParmVarDecl>(Use->getDecl()) &&
      Paths->reachesPast(nullptr, Use, Places))
    Now = Origin::Unknown;
  for (const auto &[At, From] : It->second)
    if (Paths->reachesPast(At, Use, Places))
      Now = join(Now, From);
  return Now == Origin::None ? Origin::Unknown : Now;
}

/// The argument that \p Call fills with user memory, or null.
static const Expr *userPagesIn(const CallExpr *Call, const ModelIndex &Index) {
  const model::Function *By = Index.find(Call);
  if (!By || By->TheRole != model::Role::Acquire || By->Extra ||
      By->Conditional || By->Object.Base != model::Place::Arg ||
      Index.model().familyTaken(*By) != "user-pages" ||
      By->Object.Index >= Call->getNumArgs())
    return nullptr;
  return Call->getArg(By->Object.Index);
}

void PageOrigins::collectPages() {
  // Arrays and pages that an acquisition fills.
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    if (const Expr *Into = userPagesIn(Call, Index)) {
      note(targetOf(Into), Origin::User);
      continue;
    }
    const model::Function *By = Index.find(Call);
    if (By && By->TheRole == model::Role::Acquire &&
        By->Object.Base == model::Place::Arg &&
        By->Object.Index < Call->getNumArgs() &&
        isPageArray(
            Call->getArg(By->Object.Index)->IgnoreParenCasts()->getType()))
      note(targetOf(Call->getArg(By->Object.Index)), Origin::Unknown);
  }
  eachAssignment([&](const Expr *To, const Expr *From, const ValueDecl *D) {
    if (isPageType(From->getType()) && !isNull(From, Fn->getASTContext()))
      note(D, of(From), From);
  });
  // Whose own private page becomes somebody's.
  if (!Unit.OnlyPrivate)
    return;
  for (const CallExpr *Call : callsIn(Fn->getBody()))
    if (const model::Mark *Hands = M.find("zone-hands-out", Call))
      if (const Expr *Page = markedArg(Call, Hands))
        if (const auto *Ref = dyn_cast<DeclRefExpr>(Page->IgnoreParenCasts()))
          Origins[Ref->getDecl()] = Origin::Private;
}

//===----------------------------------------------------------------------===//
// What has to do with what
//===----------------------------------------------------------------------===//

const ValueDecl *PageOrigins::groupOf(const ValueDecl *D) const {
  for (auto It = Groups.find(D); It != Groups.end(); It = Groups.find(D))
    D = It->second;
  return D;
}

void PageOrigins::collectGroups() {
  eachAssignment([&](const Expr *, const Expr *From, const ValueDecl *D) {
    if (!isa_and_nonnull<VarDecl>(D) ||
        !(isPageType(D->getType()) || isPageArray(D->getType())))
      return;
    forEachStmt(From, [&](const Stmt *S) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      if (!Ref || !isa<VarDecl>(Ref->getDecl()))
        return;
      const ValueDecl *A = groupOf(D), *B = groupOf(Ref->getDecl());
      if (A != B)
        Groups[A] = B;
    });
  });
}

bool PageOrigins::related(const ValueDecl *A, const ValueDecl *B) const {
  auto IsPage = [](const ValueDecl *D) {
    return isa_and_nonnull<VarDecl>(D) &&
           (isPageType(D->getType()) || isPageArray(D->getType()));
  };
  return !IsPage(A) || !IsPage(B) || groupOf(A) == groupOf(B);
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

namespace {

/// Gathers, in one round, what the file puts into parameters and fields.
class Gatherer {
public:
  Gatherer(const TranslationUnitDecl *TU, const ModelIndex &Index)
      : SM(TU->getASTContext().getSourceManager()), Index(Index) {}

  void see(const PageOrigins &In);
  void forget(const ValueDecl *D) { Found.Outside[D] = Origin::Unknown; }

  UnitOrigins Found;

private:
  void seeCall(const PageOrigins &In, const CallExpr *Call);
  bool isOwnField(const ValueDecl *D) const {
    const auto *Field = dyn_cast_or_null<FieldDecl>(D);
    return Field && SM.isInMainFile(SM.getExpansionLoc(Field->getLocation())) &&
           (isPageType(D->getType()) || isPageArray(D->getType()));
  }
  void join(const ValueDecl *D, Origin From) {
    Origin &Now = Found.Outside[D];
    Now = pagewarden::join(Now, From);
  }

  const SourceManager &SM;
  const ModelIndex &Index;
};

} // namespace

void Gatherer::seeCall(const PageOrigins &In, const CallExpr *Call) {
  const Expr *Filled = userPagesIn(Call, Index);
  if (Filled && isOwnField(targetOf(Filled)))
    join(targetOf(Filled), Origin::User);
  const FunctionDecl *To = Call->getDirectCallee();
  To = To ? To->getDefinition() : nullptr;
  bool Own = To && To->getStorageClass() == SC_Static &&
             SM.isInMainFile(SM.getExpansionLoc(To->getLocation()));
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    const Expr *Arg = Call->getArg(I);
    const ValueDecl *D = targetOf(Arg);
    // Who gets the array, or a field's address, may fill it.
    bool Whole = isPageArray(Arg->IgnoreParenCasts()->getType());
    if (Arg != Filled && Whole && isOwnField(D) && !Index.find(Call))
      join(D, Origin::Unknown);
    if (!Own || I >= To->getNumParams())
      continue;
    const ParmVarDecl *Param = To->getParamDecl(I);
    if (isPageType(Param->getType()) || isPageArray(Param->getType()))
      join(Param, In.of(Arg));
    else if (Param->getType()->isIntegerType() && In.isChosen(Arg))
      Found.Chosen.insert(Param);
  }
}

void Gatherer::see(const PageOrigins &In) {
  const FunctionDecl *Fn = In.function();
  for (const CallExpr *Call : callsIn(Fn->getBody()))
    seeCall(In, Call);
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    if (!Op || Op->getOpcode() != BO_Assign)
      return;
    const ValueDecl *D = targetOf(Op->getLHS());
    const Expr *From = Op->getRHS();
    if (!isOwnField(D) || isNull(From, Fn->getASTContext()))
      return;
    // Memory for an array has no pages in it yet.
    bool Whole = isPageArray(D->getType()) && !isElement(Op->getLHS());
    if (!Whole || !isa<CallExpr>(From->IgnoreParenCasts()))
      join(D, In.of(From));
  });
}

/// Functions of the file that are named without being called.
static void addNamed(const Stmt *S,
                     llvm::DenseSet<const FunctionDecl *> &Named) {
  if (!S)
    return;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    for (const Expr *Arg : Call->arguments())
      addNamed(Arg, Named);
    if (!Call->getDirectCallee())
      addNamed(Call->getCallee(), Named);
    return;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Fn = dyn_cast<FunctionDecl>(Ref->getDecl()))
      Named.insert(Fn->getCanonicalDecl());
  for (const Stmt *Child : S->children())
    addNamed(Child, Named);
}

/// Methods in \p List whose argument leads to a private page.
static void addPrivateMethods(const InitListExpr *List, const Marked &M,
                              UnitOrigins &Unit) {
  if (List->isSyntacticForm() && List->getSemanticForm())
    List = List->getSemanticForm();
  const RecordDecl *Record = List->getType()->getAsRecordDecl();
  if (!Record || Record->isUnion())
    return;
  for (const FieldDecl *Field : Record->fields())
    if (Field->getFieldIndex() < List->getNumInits() &&
        M.find("private-callback", Field))
      if (const auto *Fn = dyn_cast_or_null<FunctionDecl>(
              declOf(List->getInit(Field->getFieldIndex()))))
        Unit.PrivateMethods.insert(Fn->getCanonicalDecl());
}

/// Whether all types of device memory that the file names are private ones.
static bool namesOnlyPrivate(const std::vector<const FunctionDecl *> &Functions,
                             const Marked &M) {
  bool Private = false, Other = false;
  for (const FunctionDecl *Fn : Functions)
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      const auto *Type =
          Ref ? dyn_cast<EnumConstantDecl>(Ref->getDecl()) : nullptr;
      if (!Type)
        return;
      const ASTContext &Ctx = Fn->getASTContext();
      if (M.find("private-type", Type->getName(), Ctx))
        Private = true;
      else if (M.find("pgmap-needs", Type->getName(), Ctx) ||
               M.find("memory-type", Type->getName(), Ctx))
        Other = true;
    });
  return Private && !Other;
}

UnitOrigins originsIn(const TranslationUnitDecl *TU,
                      const std::vector<const FunctionDecl *> &Functions,
                      const ModelIndex &Index) {
  Marked M(Index.model());
  UnitOrigins Unit;
  llvm::DenseSet<const FunctionDecl *> Named;
  for (const FunctionDecl *Fn : Functions)
    addNamed(Fn->getBody(), Named);
  for (const Decl *D : TU->decls())
    if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->getInit()) {
      addNamed(Var->getInit(), Named);
      if (const auto *List =
              dyn_cast<InitListExpr>(Var->getInit()->IgnoreParenImpCasts()))
        addPrivateMethods(List, M, Unit);
    }
  Unit.OnlyPrivate = namesOnlyPrivate(Functions, M);
  // Each round goes one call further; what is not known is Unknown.
  for (int Round = 0; Round < 2; ++Round) {
    Gatherer Next(TU, Index);
    for (const FunctionDecl *Fn : Functions)
      Next.see(PageOrigins(Fn, Unit, Index));
    for (const FunctionDecl *Fn : Functions)
      if (Named.contains(Fn->getCanonicalDecl()))
        for (const ParmVarDecl *Param : Fn->parameters())
          Next.forget(Param);
    Unit.Outside = std::move(Next.Found.Outside);
    Unit.Chosen = std::move(Next.Found.Chosen);
  }
  return Unit;
}

} // namespace pagewarden
