//===- DevPagemap.cpp - Device page maps ----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.DevPagemap.  Rules (numbers as in docs/checks/linux.mm.DevPagemap):
///
///   1. A page map is handed over that the mapping function refuses, warns of
///      or crashes on (mm/memremap.c, memremap_pages()).
///   2. The result is ignored, compared with NULL or never asked for an error.
///   3. The result of a failed set-up is success: nothing was mapped, and 0 or
///      an unset variable is returned.
///   4. Managed and plain release are mixed, or a failed mapping is released.
///   5. A reference to a page map is lost, or one that was traded in for
///      another is used.
///   6. The map's own reference count is set up by the caller.
///
/// Rules 1, 3, 4 (failure) and 5 follow paths, the others look at the AST.
///
/// Not handled: what only a running kernel knows (overlapping ranges, ranges
/// outside the direct map); page maps that are filled in another file.
///
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;
using namespace ento;

/// References to page maps that this path took: where.
REGISTER_MAP_WITH_PROGRAMSTATE(PagemapRefs, SymbolRef, const Expr *)
/// References that were traded in: where.
REGISTER_MAP_WITH_PROGRAMSTATE(PagemapTraded, SymbolRef, const Expr *)
/// Page maps whose mapping failed on this path: where.
REGISTER_MAP_WITH_PROGRAMSTATE(PagemapFailed, const MemRegion *, const Expr *)
/// The last call on the path that was to get something, or null, and the
/// symbol that it returned; none when it is known to have failed at once.
REGISTER_TRAIT_WITH_PROGRAMSTATE(LastTaking, const void *)
REGISTER_TRAIT_WITH_PROGRAMSTATE(LastTaken, const void *)

namespace pagewarden {

namespace {

class DevPagemap
    : public Checker<check::PreCall, check::PostCall, check::Bind,
                     check::PreStmt<ReturnStmt>, check::DeadSymbols,
                     check::LiveSymbols, check::PointerEscape,
                     check::ASTDecl<TranslationUnitDecl>> {
public:
  const Groundwork *Ground = nullptr;

  void checkPreCall(const CallEvent &Call, CheckerContext &C) const;
  void checkPostCall(const CallEvent &Call, CheckerContext &C) const;
  void checkBind(SVal Loc, SVal Val, const Stmt *S, CheckerContext &C) const;
  void checkBind(SVal Loc, SVal Val, const Stmt *S, bool /*AtDeclInit*/,
                 CheckerContext &C) const {
    checkBind(Loc, Val, S, C);
  }
  void checkPreStmt(const ReturnStmt *Return, CheckerContext &C) const;
  void checkDeadSymbols(SymbolReaper &Reaper, CheckerContext &C) const;
  void checkLiveSymbols(ProgramStateRef State, SymbolReaper &Reaper) const;
  ProgramStateRef checkPointerEscape(ProgramStateRef State,
                                     const InvalidatedSymbols &Escaped,
                                     const CallEvent *Call,
                                     PointerEscapeKind Kind) const;
  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  Marked marked() const { return Marked(Ground->index().model()); }
  void judge(const CallEvent &Call, SVal Pagemap, const RecordDecl *Record,
             CheckerContext &C) const;
  std::string fault(const CallEvent &Call, SVal Pagemap,
                    const RecordDecl *Record, CheckerContext &C) const;
  std::string faultOfType(const EnumConstantDecl *Type, SVal Pagemap,
                          const RecordDecl *Record, CheckerContext &C) const;
  void get(const CallEvent &Call, CheckerContext &C) const;
  void put(const CallEvent &Call, unsigned Arg, CheckerContext &C) const;
  void report(llvm::StringRef Text, CheckerContext &C,
              ProgramStateRef State = nullptr) const;

  void checkResults(const FunctionDecl *Fn, AnalysisManager &Mgr,
                    BugReporter &BR) const;
  void checkFilled(const FunctionDecl *Fn,
                   const llvm::DenseSet<const FieldDecl *> &Written,
                   AnalysisManager &Mgr, BugReporter &BR) const;
  void checkMixed(const std::vector<const FunctionDecl *> &Functions,
                  AnalysisManager &Mgr, BugReporter &BR) const;
  void report(const FunctionDecl *Fn, const Stmt *At, llvm::StringRef Text,
              AnalysisManager &Mgr, BugReporter &BR) const;

  /// Calls about whose page maps all has been said.
  mutable llvm::DenseSet<const Expr *> Said;
  const BugType Bug{this, "device page map", "Linux device pages",
                    /*SuppressOnSink=*/true};
};

} // namespace

void DevPagemap::report(llvm::StringRef Text, CheckerContext &C,
                        ProgramStateRef State) const {
  if (const ExplodedNode *N =
          C.generateNonFatalErrorNode(State ? State : C.getState()))
    C.emitReport(std::make_unique<PathSensitiveBugReport>(Bug, Text, N));
}

void DevPagemap::report(const FunctionDecl *Fn, const Stmt *At,
                        llvm::StringRef Text, AnalysisManager &Mgr,
                        BugReporter &BR) const {
  BR.EmitBasicReport(
      Fn, this, "device page map", "Linux device pages", Text,
      PathDiagnosticLocation::createBegin(At, Mgr.getSourceManager(),
                                          Mgr.getAnalysisDeclContext(Fn)),
      At->getSourceRange());
}

//===----------------------------------------------------------------------===//
// Rule 1: what the page map says
//===----------------------------------------------------------------------===//

static const FieldDecl *fieldOf(const RecordDecl *Record,
                                llvm::StringRef Name) {
  if (const RecordDecl *Whole = Record ? Record->getDefinition() : nullptr)
    for (const FieldDecl *Field : Whole->fields())
      if (Field->getName() == Name)
        return Field;
  return nullptr;
}

static SVal valueOf(const FieldDecl *Field, SVal Base, ProgramStateRef State) {
  return State->getSVal(State->getLValue(Field, Base).castAs<Loc>(),
                        Field->getType());
}

/// Zero on this path, or never set at all.
static bool isUnset(SVal V, ProgramStateRef State) {
  if (V.isUndef())
    return true;
  if (V.isUnknown())
    return false;
  return State->isNull(V).isConstrainedTrue();
}

static const RecordDecl *pointeeRecord(const Expr *E) {
  QualType Type = E->IgnoreParenImpCasts()->getType();
  QualType Pointee = Type->getPointeeType();
  return Pointee.isNull() ? nullptr : Pointee->getAsRecordDecl();
}

/// What the table of operations that \p Ops points to says of \p Method:
/// true when it certainly has none.
static bool lacksMethod(SVal Ops, llvm::StringRef Method) {
  const auto *Region = dyn_cast_or_null<VarRegion>(Ops.getAsRegion());
  const VarDecl *Table = Region ? Region->getDecl() : nullptr;
  if (!Table || !Table->getType().isConstQualified())
    return false;
  const auto *List = dyn_cast_or_null<InitListExpr>(Table->getAnyInitializer());
  const RecordDecl *Record = Table->getType()->getAsRecordDecl();
  const FieldDecl *Field = fieldOf(Record, Method);
  if (!List || !Field)
    return false;
  if (List->isSyntacticForm() && List->getSemanticForm())
    List = List->getSemanticForm();
  if (Field->getFieldIndex() >= List->getNumInits())
    return true;
  const Expr *Init = List->getInit(Field->getFieldIndex());
  return isa<ImplicitValueInitExpr>(Init) ||
         Init->isNullPointerConstant(Table->getASTContext(),
                                     Expr::NPC_ValueDependentIsNotNull);
}

/// The enumerator of \p Type that has the value of \p V.
static const EnumConstantDecl *enumeratorOf(SVal V, QualType Type) {
  const llvm::APSInt *Value = V.getAsInteger();
  const auto *Enum = dyn_cast_or_null<EnumDecl>(Type->getAsTagDecl());
  if (!Value || !Enum)
    return nullptr;
  for (const EnumConstantDecl *E : Enum->enumerators())
    if (llvm::APSInt::isSameValue(E->getInitVal(), *Value))
      return E;
  return nullptr;
}

/// Fields of this type that the model calls needed and that are not there.
std::string DevPagemap::faultOfType(const EnumConstantDecl *Type, SVal Pagemap,
                                    const RecordDecl *Record,
                                    CheckerContext &C) const {
  const model::Mark *Needs = marked().find("pgmap-needs", Type->getName());
  if (!Needs)
    return "";
  const ProgramStateRef &State = C.getState();
  for (llvm::StringRef Need : Needs->With) {
    auto [Outer, Name] = Need.split('.');
    if (Outer == Record->getName()) {
      const FieldDecl *Field = fieldOf(Record, Name);
      if (Field && isUnset(valueOf(Field, Pagemap, State), State))
        return (Type->getName() + " needs '" + Name + "', which is not set")
            .str();
      continue;
    }
    // A method: the field that points to such a table leads to it.
    for (const FieldDecl *Field : Record->fields()) {
      const auto *Table =
          Field->getType()->getPointeeType().isNull()
              ? nullptr
              : Field->getType()->getPointeeType()->getAsRecordDecl();
      if (!Table || Table->getName() != Outer || !fieldOf(Table, Name))
        continue;
      SVal Ops = valueOf(Field, Pagemap, State);
      if (isUnset(Ops, State))
        return (Type->getName() + " needs '" + Field->getName() + "->" + Name +
                "', and '" + Field->getName() + "' is not set")
            .str();
      if (lacksMethod(Ops, Name))
        return (Type->getName() + " needs '" + Field->getName() + "->" + Name +
                "', which is not set")
            .str();
    }
  }
  return "";
}

std::string DevPagemap::fault(const CallEvent &Call, SVal Pagemap,
                              const RecordDecl *Record,
                              CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  for (const FieldDecl *Field : Record->fields()) {
    const model::Mark *M = marked().find("may-not-be-zero", Field);
    if (M && isUnset(valueOf(Field, Pagemap, State), State))
      return ("'" + Field->getName() + "' is not set: " + M->Text).str();
  }
  for (const FieldDecl *Field : Record->fields()) {
    if (!marked().find("pgmap-type", Field))
      continue;
    if (const EnumConstantDecl *Type =
            enumeratorOf(valueOf(Field, Pagemap, State), Field->getType()))
      return faultOfType(Type, Pagemap, Record, C);
  }
  return "";
}

void DevPagemap::judge(const CallEvent &Call, SVal Pagemap,
                       const RecordDecl *Record, CheckerContext &C) const {
  if (!Record || !Pagemap.getAsRegion() || Said.contains(Call.getOriginExpr()))
    return;
  Record = Record->getDefinition();
  if (!Record)
    return;
  std::string Text = fault(Call, Pagemap, Record, C);
  if (!Text.empty())
    report("'" + Call.getCalleeIdentifier()->getName().str() +
               "' refuses this page map: " + Text,
           C);
}

//===----------------------------------------------------------------------===//
// Calls on a path
//===----------------------------------------------------------------------===//

void DevPagemap::checkPreCall(const CallEvent &Call, CheckerContext &C) const {
  Marked M = marked();
  if (const model::Mark *Maps = M.find("pgmap-maps", Call)) {
    unsigned Arg = Maps->Arguments.empty() ? 0 : Maps->Arguments.front();
    if (Arg < Call.getNumArgs() && Call.getArgExpr(Arg))
      judge(Call, Call.getArgSVal(Arg), pointeeRecord(Call.getArgExpr(Arg)), C);
    return;
  }
  if (const model::Mark *Unmaps = M.find("pgmap-unmaps", Call)) {
    unsigned Arg = Unmaps->Arguments.empty() ? 0 : Unmaps->Arguments.front();
    const MemRegion *R =
        Arg < Call.getNumArgs() ? Call.getArgSVal(Arg).getAsRegion() : nullptr;
    if (R && C.getState()->get<PagemapFailed>(R))
      report("'" + Call.getCalleeIdentifier()->getName().str() +
                 "' releases a page map whose mapping failed; the failed call "
                 "has cleaned up after itself",
             C);
    return;
  }
  if (const model::Mark *Put = M.find("pgmap-put", Call))
    put(Call, Put->Arguments.empty() ? 0 : Put->Arguments.front(), C);
}

void DevPagemap::put(const CallEvent &Call, unsigned Arg,
                     CheckerContext &C) const {
  SymbolRef Sym =
      Arg < Call.getNumArgs() ? Call.getArgSVal(Arg).getAsSymbol() : nullptr;
  if (!Sym)
    return;
  ProgramStateRef State = C.getState();
  if (State->get<PagemapTraded>(Sym)) {
    report("a page map reference is put that was given up when it was passed "
           "on as the cached one; only the new one is held",
           C);
    return;
  }
  C.addTransition(State->remove<PagemapRefs>(Sym));
}

void DevPagemap::get(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  // A cached reference is given up, or becomes the result.
  for (unsigned I = 1; I < Call.getNumArgs(); ++I)
    if (SymbolRef Cached = Call.getArgSVal(I).getAsSymbol();
        Cached && State->get<PagemapRefs>(Cached)) {
      State = State->remove<PagemapRefs>(Cached);
      State = State->set<PagemapTraded>(Cached, Call.getOriginExpr());
    }
  if (SymbolRef Sym = Call.getReturnValue().getAsSymbol())
    State = State->set<PagemapRefs>(Sym, Call.getOriginExpr());
  C.addTransition(State);
}

void DevPagemap::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  Marked M = marked();
  if (M.find("pgmap-get", Call))
    return get(Call, C);
  const model::Function *Fn = Ground->index().find(Call);
  if (!Fn || Fn->TheRole != model::Role::Acquire ||
      Fn->Object.Base != model::Place::Ret)
    return;
  ProgramStateRef State = C.getState();
  SVal Ret = Call.getReturnValue();
  SymbolRef Sym = Ret.getAsSymbol();
  bool IsErr = Sym && isErrPtr(State, Sym).value_or(false);
  if (!IsErr)
    if (const llvm::APSInt *Value = Ret.getAsInteger())
      IsErr = Value->getExtValue() < 0;
  bool Failed = IsErr || State->isNull(Ret).isConstrainedTrue();
  // What succeeds at once is forgotten; a symbol is asked at the return.
  State =
      State->set<LastTaking>(Failed || Sym ? Call.getOriginExpr() : nullptr);
  State = State->set<LastTaken>(Failed ? nullptr : Sym);
  // What the device owns is nobody's here, and zero all the same.
  if (Fn->Extra && Fn->hasContext("zeroed") && Sym)
    State = State->bindDefaultZero(Ret, C.getLocationContext());
  const model::Mark *Maps = M.find("pgmap-maps", Call);
  if (Maps && !Maps->Arguments.empty()) {
    const MemRegion *R = Call.getArgSVal(Maps->Arguments.front()).getAsRegion();
    if (R)
      State = IsErr ? State->set<PagemapFailed>(R, Call.getOriginExpr())
                    : State->remove<PagemapFailed>(R);
  }
  C.addTransition(State);
}

//===----------------------------------------------------------------------===//
// Rule 3: failure that looks like success
//===----------------------------------------------------------------------===//

/// Cannot be negative on this path.
static bool isNoError(SVal V, ProgramStateRef State) {
  auto Known = V.getAs<NonLoc>();
  if (!Known)
    return false;
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  QualType Type = V.getType(Builder.getContext());
  if (Type.isNull() || !Type->isSignedIntegerOrEnumerationType())
    return false;
  auto Negative =
      Builder
          .evalBinOp(State, BO_LT, *Known, Builder.makeIntVal(0, Type),
                     Builder.getConditionType())
          .getAs<DefinedSVal>();
  return Negative && !State->assume(*Negative, true);
}

void DevPagemap::checkPreStmt(const ReturnStmt *Return,
                              CheckerContext &C) const {
  const Expr *Value = Return->getRetValue();
  ProgramStateRef State = C.getState();
  if (!Value || !Value->getType()->isIntegerType())
    return;
  const auto *Fn = dyn_cast<FunctionDecl>(C.getLocationContext()->getDecl());
  const auto *Failed = static_cast<const Expr *>(State->get<LastTaking>());
  if (const auto *Taken = static_cast<SymbolRef>(State->get<LastTaken>()))
    if (!isErrPtr(State, Taken).value_or(false) &&
        !State->getConstraintManager().isNull(State, Taken).isConstrainedTrue())
      Failed = nullptr;
  const auto *Call =
      dyn_cast_or_null<CallExpr>(Failed ? Failed->IgnoreParenCasts() : nullptr);
  if (!Fn || !Call || !isa_and_nonnull<VarDecl>(declOf(Value)) ||
      !Call->getDirectCallee())
    return;
  Marked M = marked();
  if (llvm::none_of(callsIn(Fn->getBody()), [&](const CallExpr *Other) {
        return M.find("pgmap-maps", Other) != nullptr;
      }))
    return;
  SVal Ret = State->getSVal(Value, C.getLocationContext());
  if (!isUnset(Ret, State) && !isNoError(Ret, State))
    return;
  const model::Function *By = Ground->index().find(Call);
  report("nothing is mapped when '" +
             (By ? By->Name : Call->getDirectCallee()->getNameAsString()) +
             "' fails, but " + (Ret.isUndef() ? "an unset value" : "success") +
             " is returned; an error expected",
         C);
}

/// The last result is asked for at the return.
void DevPagemap::checkLiveSymbols(ProgramStateRef State,
                                  SymbolReaper &Reaper) const {
  if (const auto *Taken = static_cast<SymbolRef>(State->get<LastTaken>()))
    Reaper.markLive(Taken);
}

//===----------------------------------------------------------------------===//
// Rule 5: references
//===----------------------------------------------------------------------===//

void DevPagemap::checkBind(SVal Loc, SVal Val, const Stmt *S,
                           CheckerContext &C) const {
  SymbolRef Sym = Val.getAsSymbol();
  const MemRegion *Where = Loc.getAsRegion();
  if (!Sym || !C.getState()->get<PagemapRefs>(Sym))
    return;
  if (Where && compat::isOnStack(Where))
    return;
  C.addTransition(C.getState()->remove<PagemapRefs>(Sym));
}

ProgramStateRef DevPagemap::checkPointerEscape(
    ProgramStateRef State, const InvalidatedSymbols &Escaped,
    const CallEvent *Call, PointerEscapeKind Kind) const {
  if (Call &&
      (marked().find("pgmap-get", *Call) || marked().find("pgmap-put", *Call)))
    return State;
  for (SymbolRef Sym : Escaped) {
    State = State->remove<PagemapRefs>(Sym);
    State = State->remove<PagemapTraded>(Sym);
  }
  return State;
}

void DevPagemap::checkDeadSymbols(SymbolReaper &Reaper,
                                  CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  bool Lost = false;
  for (auto [Sym, At] : State->get<PagemapRefs>()) {
    if (!Reaper.isDead(Sym))
      continue;
    if (!State->isNull(State->getStateManager().getSValBuilder().makeLoc(Sym))
             .isConstrainedTrue())
      Lost = true;
    State = State->remove<PagemapRefs>(Sym);
  }
  for (auto [Sym, At] : State->get<PagemapTraded>())
    if (Reaper.isDead(Sym))
      State = State->remove<PagemapTraded>(Sym);
  if (Lost)
    report("a page map reference taken on this path is not put; its mapping "
           "can never be removed",
           C, State);
  else
    C.addTransition(State);
}

//===----------------------------------------------------------------------===//
// Rules 2, 4 and 6, in the AST
//===----------------------------------------------------------------------===//

void DevPagemap::checkResults(const FunctionDecl *Fn, AnalysisManager &Mgr,
                              BugReporter &BR) const {
  Marked M = marked();
  std::vector<const CallExpr *> Calls = callsIn(Fn->getBody());
  const ModelIndex &Index = Ground->index();
  auto IsErrorTest = [&](const CallExpr *Call) {
    const model::Function *Test = Index.find(Call);
    return Test && Test->TheRole == model::Role::Test &&
           (Test->hasContext("asks:err-ptr") ||
            Test->hasContext("asks:err-ptr-or-null") ||
            Test->hasContext("asks:errno-or-zero"));
  };
  for (const CallExpr *Call : Calls) {
    if (const model::Mark *Stale = M.find("pgmap-stale", Call);
        Stale && !Stale->Arguments.empty() &&
        Stale->Arguments.front() < Call->getNumArgs()) {
      const auto *Field = dyn_cast_or_null<FieldDecl>(
          declOf(Call->getArg(Stale->Arguments.front())));
      if (M.find("pgmap-field", Field))
        report(Fn, Call,
               "'" + Field->getNameAsString() +
                   "' of a page map is set up here, but the mapping function "
                   "sets it up itself; this one is lost",
               Mgr, BR);
    }
    if (!M.find("pgmap-maps", Call))
      continue;
    std::string Name = Call->getDirectCallee()->getNameAsString();
    // Where does the result go?
    const ValueDecl *Into = nullptr;
    bool Used = false;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const auto *Op = dyn_cast<BinaryOperator>(S);
          Op && Op->getOpcode() == BO_Assign &&
          Op->getRHS()->IgnoreParenCasts() == Call)
        Into = declOf(Op->getLHS()), Used = true;
      if (const auto *Group = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Group->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D);
              Var && Var->getInit() &&
              Var->getInit()->IgnoreParenCasts() == Call)
            Into = Var, Used = true;
      if (const auto *Other = dyn_cast<CallExpr>(S); Other && Other != Call)
        for (const Expr *Arg : Other->arguments())
          Used |= Arg->IgnoreParenCasts() == Call;
      if (const auto *Return = dyn_cast<ReturnStmt>(S);
          Return && Return->getRetValue())
        Used |= Return->getRetValue()->IgnoreParenCasts() == Call;
    });
    bool Discarded = false;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const auto *Block = dyn_cast<CompoundStmt>(S))
        for (const Stmt *Child : Block->body())
          if (const auto *E = dyn_cast<Expr>(Child))
            Discarded |= E->IgnoreParenCasts() == Call;
    });
    if (Discarded) {
      report(Fn, Call,
             "result of '" + Name +
                 "' is ignored; it is an ERR_PTR when nothing was mapped",
             Mgr, BR);
      continue;
    }
    if (!Used || !Into)
      continue;
    bool Tested = false, Passed = false;
    const Stmt *NullTest = nullptr;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const auto *Other = dyn_cast<CallExpr>(S); Other && Other != Call)
        for (const Expr *Arg : Other->arguments())
          if (declOf(Arg) == Into)
            (IsErrorTest(Other) ? Tested : Passed) = true;
      if (const auto *Return = dyn_cast<ReturnStmt>(S);
          Return && Return->getRetValue() &&
          declOf(Return->getRetValue()) == Into)
        Passed = true;
      if (const auto *Op = dyn_cast<UnaryOperator>(S);
          Op && Op->getOpcode() == UO_LNot && declOf(Op->getSubExpr()) == Into)
        NullTest = Op;
      if (const auto *Op = dyn_cast<BinaryOperator>(S);
          Op && Op->isEqualityOp() && declOf(Op->getLHS()) == Into &&
          Op->getRHS()->isNullPointerConstant(
              Fn->getASTContext(), Expr::NPC_ValueDependentIsNotNull))
        NullTest = Op;
    });
    if (Tested)
      continue;
    if (NullTest)
      report(Fn, NullTest,
             "result of '" + Name +
                 "' is compared with NULL; it is an ERR_PTR when nothing was "
                 "mapped, and never NULL",
             Mgr, BR);
    else if (!Passed)
      report(Fn, Call, "result of '" + Name + "' is not tested with IS_ERR",
             Mgr, BR);
  }
}

/// Fields that \p S writes, by assignment or in an initialiser.
static void addWritten(const Stmt *S,
                       llvm::DenseSet<const FieldDecl *> &Written) {
  forEachStmt(S, [&](const Stmt *At) {
    if (const auto *Op = dyn_cast<BinaryOperator>(At);
        Op && Op->isAssignmentOp()) {
      const Expr *To = Op->getLHS()->IgnoreParenCasts();
      while (const auto *Member = dyn_cast<MemberExpr>(To)) {
        if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
          Written.insert(Field);
        To = Member->getBase()->IgnoreParenCasts();
      }
    }
    const auto *List = dyn_cast<InitListExpr>(At);
    const RecordDecl *Record =
        List ? List->getType()->getAsRecordDecl() : nullptr;
    if (Record && !Record->isUnion())
      for (const FieldDecl *Field : Record->fields())
        if (Field->getFieldIndex() < List->getNumInits() &&
            !isa<ImplicitValueInitExpr>(List->getInit(Field->getFieldIndex())))
          Written.insert(Field);
  });
}

/// Rule 1 where paths lose sight of the page map: a function fills it, and
/// nobody in the file sets what is needed.
void DevPagemap::checkFilled(const FunctionDecl *Fn,
                             const llvm::DenseSet<const FieldDecl *> &Written,
                             AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  std::vector<const CallExpr *> Calls = callsIn(Fn->getBody());
  for (const CallExpr *Call : Calls) {
    const model::Mark *Maps = M.find("pgmap-maps", Call);
    if (!Maps || Maps->Arguments.empty() ||
        Maps->Arguments.front() >= Call->getNumArgs())
      continue;
    const Expr *Pagemap = Call->getArg(Maps->Arguments.front());
    const RecordDecl *Record = pointeeRecord(Pagemap);
    Record = Record ? Record->getDefinition() : nullptr;
    const ValueDecl *Object = declOf(Pagemap);
    if (!Record || !Object)
      continue;
    // Others may fill it: it is handed to them, or copied.
    bool Elsewhere = false;
    for (const CallExpr *Other : Calls)
      if (!M.find("pgmap-maps", Other) && !M.find("pgmap-unmaps", Other) &&
          !Ground->index().find(Other))
        for (const Expr *Arg : Other->arguments())
          // As itself, not as so many bytes.
          Elsewhere |=
              declOf(Arg) == Object && !Arg->getType()->isVoidPointerType();
    llvm::DenseSet<const FieldDecl *> Here;
    addWritten(Fn->getBody(), Here);
    unsigned Filled = 0;
    for (const FieldDecl *Field : Record->fields())
      Filled += Here.contains(Field);
    if (Elsewhere || Filled < 2)
      continue;
    std::string Missing;
    for (const FieldDecl *Field : Record->fields())
      if (M.find("may-not-be-zero", Field) && !Written.contains(Field))
        Missing = "'" + Field->getNameAsString() +
                  "' is not set: " + M.find("may-not-be-zero", Field)->Text;
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      const auto *Type =
          Ref ? dyn_cast<EnumConstantDecl>(Ref->getDecl()) : nullptr;
      const model::Mark *Needs =
          Type ? M.find("pgmap-needs", Type->getName()) : nullptr;
      if (!Needs || !Missing.empty())
        return;
      for (llvm::StringRef Need : Needs->With) {
        auto [Outer, Name] = Need.split('.');
        const FieldDecl *Field =
            Outer == Record->getName() ? fieldOf(Record, Name) : nullptr;
        if (Outer != Record->getName())
          for (const FieldDecl *Table : Record->fields()) {
            QualType To = Table->getType()->getPointeeType();
            const RecordDecl *Methods =
                To.isNull() ? nullptr : To->getAsRecordDecl();
            if (Methods && Methods->getName() == Outer &&
                fieldOf(Methods, Name))
              Field = Table;
          }
        if (Field && !Written.contains(Field))
          Missing = Type->getNameAsString() + " needs '" +
                    Field->getNameAsString() + "', which is not set";
      }
    });
    if (Missing.empty())
      continue;
    Said.insert(Call);
    report(Fn, Call,
           "'" + Call->getDirectCallee()->getNameAsString() +
               "' refuses this page map: " + Missing,
           Mgr, BR);
  }
}

/// Rule 4: releases whose mapping function the file never calls, although it
/// calls the other one.
void DevPagemap::checkMixed(const std::vector<const FunctionDecl *> &Functions,
                            AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  llvm::SmallVector<llvm::StringRef, 2> Mapping;
  for (const FunctionDecl *Fn : Functions)
    for (const CallExpr *Call : callsIn(Fn->getBody()))
      if (M.find("pgmap-maps", Call))
        Mapping.push_back(Call->getDirectCallee()->getName());
  if (Mapping.empty())
    return;
  for (const FunctionDecl *Fn : Functions)
    for (const CallExpr *Call : callsIn(Fn->getBody())) {
      const model::Mark *Unmaps = M.find("pgmap-unmaps", Call);
      if (!Unmaps || llvm::any_of(Mapping, [&](llvm::StringRef Name) {
            return llvm::is_contained(Unmaps->With, Name);
          }))
        continue;
      report(Fn, Call,
             ("'" + Call->getDirectCallee()->getName() +
              "' releases a page map that '" + Mapping.front() + "' mapped; " +
              Unmaps->Text)
                 .str(),
             Mgr, BR);
    }
}

void DevPagemap::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  llvm::DenseSet<const FieldDecl *> Written;
  for (const FunctionDecl *Fn : Functions)
    addWritten(Fn->getBody(), Written);
  for (const Decl *D : TU->decls())
    if (const auto *Var = dyn_cast<VarDecl>(D))
      addWritten(Var->getInit(), Written);
  for (const FunctionDecl *Fn : Functions)
    if (!marked().find("pgmap-maps", Fn)) { // the kernel's own
      checkResults(Fn, Mgr, BR);
      checkFilled(Fn, Written, Mgr, BR);
    }
  checkMixed(Functions, Mgr, BR);
}

void registerDevPagemap(CheckerManager &Mgr) {
  Mgr.registerChecker<DevPagemap>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
