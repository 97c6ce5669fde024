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
///   6. The map's own reference count is set up or killed by the caller.
///   7. A map of private memory is taken away while pages are handed out.
///   8. The range is memory of the page allocator.
///
/// Rules 1, 3, 4 (failure) and 5 follow paths, the others look at the AST.
/// What a kernel asks for is in the model, with the fields and functions that
/// tell the kernels apart.
///
/// Not handled: what only a running kernel knows (overlapping ranges, ranges
/// outside the direct map); page maps that are filled in another file.
///
//===----------------------------------------------------------------------===//

#include "Marked.h"
#include "PageOrigins.h"
#include "Reach.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Engine/FlagValues.h"
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
  std::string faultOfTable(SVal Pagemap, const RecordDecl *Record,
                           CheckerContext &C) const;
  std::string faultOfAltmap(SVal Pagemap, const RecordDecl *Record,
                            CheckerContext &C) const;
  std::string faultOfRange(SVal Pagemap, const RecordDecl *Record,
                           CheckerContext &C) const;
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
  void checkKept(const FunctionDecl *Fn,
                 const llvm::DenseSet<const FieldDecl *> &Kept,
                 AnalysisManager &Mgr, BugReporter &BR) const;
  void checkEvicted(const FunctionDecl *Fn,
                    const std::vector<const FunctionDecl *> &All,
                    AnalysisManager &Mgr, BugReporter &BR) const;
  void checkOrdinary(const FunctionDecl *Fn, AnalysisManager &Mgr,
                     BugReporter &BR) const;
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

/// The field of \p Record that points to a table of methods called \p Name, if
/// that table has \p Method here; else null.
static const FieldDecl *tableOf(const RecordDecl *Record, llvm::StringRef Name,
                                llvm::StringRef Method) {
  for (const FieldDecl *Field : Record->fields()) {
    QualType To = Field->getType()->getPointeeType();
    const RecordDecl *Table = To.isNull() ? nullptr : To->getAsRecordDecl();
    if (Table && Table->getName() == Name && fieldOf(Table, Method))
      return Field;
  }
  return nullptr;
}

/// What follows, in the kernel's words where it has some.
static std::string because(const model::Mark *M) {
  return M->Text.empty() ? "" : ": " + M->Text;
}

/// Fields of this type that the model calls needed and that are not there.
std::string DevPagemap::faultOfType(const EnumConstantDecl *Type, SVal Pagemap,
                                    const RecordDecl *Record,
                                    CheckerContext &C) const {
  const ProgramStateRef &State = C.getState();
  for (const model::Mark *Needs :
       marked().all("pgmap-needs", Type->getName(), Type->getASTContext()))
    for (llvm::StringRef Need : Needs->With) {
      auto [Outer, Name] = Need.split('.');
      if (Outer == Record->getName()) {
        const FieldDecl *Field = fieldOf(Record, Name);
        if (Field && isUnset(valueOf(Field, Pagemap, State), State))
          return (Type->getName() + " needs '" + Name + "', which is not set" +
                  because(Needs))
              .str();
        continue;
      }
      // A method: the field that points to such a table leads to it.
      const FieldDecl *Field = tableOf(Record, Outer, Name);
      if (!Field)
        continue;
      SVal Ops = valueOf(Field, Pagemap, State);
      if (isUnset(Ops, State))
        return (Type->getName() + " needs '" + Field->getName() + "->" + Name +
                "', and '" + Field->getName() + "' is not set" + because(Needs))
            .str();
      if (lacksMethod(Ops, Name))
        return (Type->getName() + " needs '" + Field->getName() + "->" + Name +
                "', which is not set" + because(Needs))
            .str();
    }
  return "";
}

/// Fields that go together: one is set, and what it needs is not.
std::string DevPagemap::faultOfTable(SVal Pagemap, const RecordDecl *Record,
                                     CheckerContext &C) const {
  const ProgramStateRef &State = C.getState();
  for (const FieldDecl *Field : Record->fields()) {
    const model::Mark *Goes = marked().find("pgmap-goes-with", Field);
    SVal Value = Goes ? valueOf(Field, Pagemap, State) : UnknownVal();
    if (!Goes || Value.isUnknownOrUndef() ||
        !State->isNonNull(Value).isConstrainedTrue())
      continue;
    for (llvm::StringRef Need : Goes->With) {
      auto [Outer, Name] = Need.split('.');
      const FieldDecl *Table = tableOf(Record, Outer, Name);
      SVal Ops = Table ? valueOf(Table, Pagemap, State) : UnknownVal();
      if (Table && (isUnset(Ops, State) || lacksMethod(Ops, Name)))
        return ("'" + Field->getName() + "' needs '" + Table->getName() + "->" +
                Name + "', which is not set" + because(Goes))
            .str();
    }
  }
  return "";
}

/// The number that \p V certainly is.
static std::optional<uint64_t> numberIn(SVal V) {
  if (const llvm::APSInt *Value = V.getAsInteger())
    return Value->extOrTrunc(64).getZExtValue();
  return std::nullopt;
}

/// Room that is set aside for struct pages: in one range only, and only where
/// a flag says so.
std::string DevPagemap::faultOfAltmap(SVal Pagemap, const RecordDecl *Record,
                                      CheckerContext &C) const {
  const ProgramStateRef &State = C.getState();
  FlagValues Values(C.getASTContext(), C.getPreprocessor());
  for (const FieldDecl *Field : Record->fields()) {
    const model::Mark *Flags = marked().find("pgmap-altmap", Field);
    if (!Flags || Flags->With.empty())
      continue;
    std::optional<uint64_t> Bit = Values.of(Flags->With.front());
    std::optional<uint64_t> Set = numberIn(valueOf(Field, Pagemap, State));
    for (const FieldDecl *Count : Record->fields()) {
      if (!marked().find("pgmap-ranges", Count))
        continue;
      std::optional<uint64_t> Ranges = numberIn(valueOf(Count, Pagemap, State));
      if (Bit && Set && (*Set & *Bit) && Ranges && *Ranges > 1)
        return Flags->With.front() + " and several ranges: " + Flags->Text;
    }
  }
  return "";
}

/// The first and last byte of a range, where the code says them.
std::string DevPagemap::faultOfRange(SVal Pagemap, const RecordDecl *Record,
                                     CheckerContext &C) const {
  const ProgramStateRef &State = C.getState();
  FlagValues Values(C.getASTContext(), C.getPreprocessor());
  for (const FieldDecl *Field : Record->fields()) {
    // Through the union of one range and several.
    const RecordDecl *Union =
        Field->getIdentifier() ? nullptr : Field->getType()->getAsRecordDecl();
    const FieldDecl *Range = Field;
    SVal Base = Pagemap;
    if (Union) {
      Base = State->getLValue(Field, Pagemap);
      for (const FieldDecl *Inner : Union->fields())
        if (marked().find("pgmap-range", Inner) &&
            Inner->getType()->isRecordType())
          Range = Inner;
    }
    const model::Mark *Aligned = marked().find("pgmap-range", Range);
    const RecordDecl *Ends = Range->getType()->getAsRecordDecl();
    if (!Aligned || Aligned->With.size() != 3 || !Ends)
      continue;
    const FieldDecl *Start = fieldOf(Ends, Aligned->With[1]);
    const FieldDecl *End = fieldOf(Ends, Aligned->With[2]);
    std::optional<uint64_t> Shift = Values.of(Aligned->With[0]);
    if (!Start || !End || !Shift || *Shift > 40)
      continue;
    uint64_t Rest = (uint64_t(1) << *Shift) - 1;
    SVal Where = State->getLValue(Range, Base);
    SVal From = valueOf(Start, Where, State), To = valueOf(End, Where, State);
    std::optional<uint64_t> First = numberIn(From), Last = numberIn(To);
    std::string Unit = Aligned->Text;
    if (First && *First && (*First & Rest))
      return "'" + Start->getNameAsString() + "' is no multiple of " + Unit;
    // The end as a sum of the start and a number.
    if (const auto *Sum = dyn_cast_or_null<SymIntExpr>(To.getAsSymbol());
        Sum && Sum->getOpcode() == BO_Add &&
        Sum->getLHS() == From.getAsSymbol()) {
      const llvm::APSInt &Length = Sum->getRHS();
      First = 0;
      Last = Length.extOrTrunc(64).getZExtValue();
    }
    if (!First || !Last || !*Last)
      continue;
    uint64_t Size = *Last - *First;
    if (Size && !(Size & Rest))
      return "'" + End->getNameAsString() +
             "' is the last byte of a range, and this is the one behind it; "
             "the size is no multiple of " +
             Unit;
    if ((Size + 1) & Rest)
      return "the size of its range is no multiple of " + Unit;
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
      if (std::string Text = faultOfType(Type, Pagemap, Record, C);
          !Text.empty())
        return Text;
  }
  if (std::string Text = faultOfTable(Pagemap, Record, C); !Text.empty())
    return Text;
  if (std::string Text = faultOfAltmap(Pagemap, Record, C); !Text.empty())
    return Text;
  return faultOfRange(Pagemap, Record, C);
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
               "' cannot work with this page map: " + Text,
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

/// Whether \p Call, which a page map is handed to, certainly neither puts nor
/// keeps a reference to it.
static bool onlyLooks(const Expr *Call, const Marked &M) {
  const auto *Made = dyn_cast_or_null<CallExpr>(Call);
  if (!Made)
    return false;
  const auto *Method =
      dyn_cast<MemberExpr>(Made->getCallee()->IgnoreParenCasts());
  return M.find("pgmap-looks", Made) ||
         (Method &&
          M.find("pgmap-looks", dyn_cast<FieldDecl>(Method->getMemberDecl())));
}

/// \p Fn or what it calls puts a reference or keeps a page map.  \p Seen are
/// those that are being looked at: a recursion adds nothing to itself.
static bool takesOver(const FunctionDecl *Fn, const Marked &M,
                      llvm::DenseSet<const FunctionDecl *> &Seen) {
  if (!Seen.insert(Fn->getCanonicalDecl()).second)
    return false;
  bool Stores = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    const Expr *To =
        Op && Op->isAssignmentOp() ? Op->getLHS()->IgnoreParenCasts() : nullptr;
    Stores |= To && !isa<DeclRefExpr>(To) && To->getType()->isPointerType();
  });
  auto IsPagemap = [&](const Expr *Arg) {
    QualType To = Arg->IgnoreParenCasts()->getType()->getPointeeType();
    const RecordDecl *R = To.isNull() ? nullptr : To->getAsRecordDecl();
    return R && M.find("zone-source", R->getNameAsString() + ".",
                       R->getASTContext());
  };
  bool Takes = false;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call || Takes || onlyLooks(Call, M))
      return;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionDecl *Body = Callee ? Callee->getDefinition() : nullptr;
    Takes = M.find("pgmap-put", Call) ||
            (llvm::any_of(Call->arguments(), IsPagemap) &&
             (!Body || takesOver(Body, M, Seen)));
  });
  return Stores || Takes;
}

ProgramStateRef DevPagemap::checkPointerEscape(
    ProgramStateRef State, const InvalidatedSymbols &Escaped,
    const CallEvent *Call, PointerEscapeKind Kind) const {
  if (State->get<PagemapRefs>().isEmpty() &&
      State->get<PagemapTraded>().isEmpty())
    return State;
  if (Call &&
      (marked().find("pgmap-get", *Call) || marked().find("pgmap-put", *Call) ||
       onlyLooks(Call->getOriginExpr(), marked())))
    return State;
  // A function of the file that is not entered: what would it do to those that
  // are handed to it as such?
  const auto *Callee =
      Call ? dyn_cast_or_null<FunctionDecl>(Call->getDecl()) : nullptr;
  Callee = Callee ? Callee->getDefinition() : nullptr;
  llvm::DenseSet<const FunctionDecl *> Seen;
  bool Looks =
      Callee && Callee->getBody() && !takesOver(Callee, marked(), Seen);
  for (SymbolRef Sym : Escaped) {
    bool Argument = false;
    for (unsigned I = 0; Looks && I < Call->getNumArgs(); ++I)
      Argument |= Call->getArgSVal(I).getAsSymbol() == Sym;
    if (Argument)
      continue;
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
                   "' of a page map is given to '" +
                   Call->getDirectCallee()->getNameAsString() +
                   "': " + Stale->Text,
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
      if (!Type || !Missing.empty())
        return;
      for (const model::Mark *Needs :
           M.all("pgmap-needs", Type->getName(), Fn->getASTContext()))
        for (llvm::StringRef Need : Needs->With) {
          auto [Outer, Name] = Need.split('.');
          const FieldDecl *Field = Outer == Record->getName()
                                       ? fieldOf(Record, Name)
                                       : tableOf(Record, Outer, Name);
          if (Field && !Written.contains(Field) && Missing.empty())
            Missing = Type->getNameAsString() + " needs '" +
                      Field->getNameAsString() + "', which is not set" +
                      because(Needs);
        }
    });
    for (const FieldDecl *Field : Record->fields())
      if (const model::Mark *Goes = M.find("pgmap-goes-with", Field);
          Goes && Missing.empty() && Written.contains(Field))
        for (llvm::StringRef Need : Goes->With) {
          auto [Outer, Name] = Need.split('.');
          const FieldDecl *Table = tableOf(Record, Outer, Name);
          if (Table && Missing.empty() &&
              !Written.contains(fieldOf(
                  Table->getType()->getPointeeType()->getAsRecordDecl(), Name)))
            Missing = "'" + Field->getNameAsString() + "' needs '" +
                      Table->getNameAsString() + "->" + Name.str() +
                      "', which is not set" + because(Goes);
        }
    // Room for struct pages that nobody is told of.
    for (const FieldDecl *Field : Record->fields())
      if (const model::Mark *Room = M.find("pgmap-room", Field);
          Room && Missing.empty() && Here.contains(Field) &&
          llvm::none_of(Record->fields(), [&](const FieldDecl *Other) {
            return M.find("pgmap-altmap", Other) && Written.contains(Other);
          }))
        Missing =
            "'" + Field->getNameAsString() + "' is filled, but " + Room->Text;
    if (Missing.empty())
      continue;
    Said.insert(Call);
    report(Fn, Call,
           "'" + Call->getDirectCallee()->getNameAsString() +
               "' cannot work with this page map: " + Missing,
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

//===----------------------------------------------------------------------===//
// Rule 5, references that are kept in an object
//===----------------------------------------------------------------------===//

/// The field that \p S stores a reference to a page map in, or null.
static const FieldDecl *keptIn(const Stmt *S, const Marked &M) {
  const auto *Op = dyn_cast<BinaryOperator>(S);
  const auto *Call = Op && Op->getOpcode() == BO_Assign
                         ? dyn_cast<CallExpr>(Op->getRHS()->IgnoreParenCasts())
                         : nullptr;
  return Call && M.find("pgmap-get", Call)
             ? dyn_cast_or_null<FieldDecl>(declOf(Op->getLHS()))
             : nullptr;
}

/// An object of \p Fn's own in which a reference is kept goes with the
/// function.
void DevPagemap::checkKept(const FunctionDecl *Fn,
                           const llvm::DenseSet<const FieldDecl *> &Kept,
                           AnalysisManager &Mgr, BugReporter &BR) const {
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Group = dyn_cast<DeclStmt>(S);
    if (!Group || Kept.empty())
      return;
    for (const Decl *D : Group->decls()) {
      const auto *Var = dyn_cast<VarDecl>(D);
      const RecordDecl *Record = Var && Var->hasLocalStorage()
                                     ? Var->getType()->getAsRecordDecl()
                                     : nullptr;
      if (!Record || !Record->getDefinition())
        continue;
      for (const FieldDecl *Field : Record->getDefinition()->fields()) {
        if (!Kept.contains(Field))
          continue;
        bool Given = false, Put = false;
        for (const CallExpr *Call : callsIn(Fn->getBody()))
          for (const Expr *Arg : Call->arguments()) {
            Given |= declOf(Arg) == Var;
            Put |= declOf(Arg) == Field;
          }
        if (Given && !Put)
          report(Fn, S,
                 "the page map reference that is kept in '" +
                     Field->getNameAsString() + "' of '" +
                     Var->getNameAsString() +
                     "' is not put before that object is gone; its mapping "
                     "can never be removed",
                 Mgr, BR);
      }
    }
  });
}

//===----------------------------------------------------------------------===//
// Rule 7: private pages that are still handed out
//===----------------------------------------------------------------------===//

/// How many calls deep the return of pages is looked for.
static constexpr unsigned EvictDepth = 3;

static bool evicts(const FunctionDecl *Fn, const Marked &M, unsigned Depth) {
  return llvm::any_of(callsIn(Fn->getBody()), [&](const CallExpr *Call) {
    if (M.find("pgmap-evicts", Call))
      return true;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionDecl *Body = Callee ? Callee->getDefinition() : nullptr;
    return Depth && Body && evicts(Body, M, Depth - 1);
  });
}

void DevPagemap::checkEvicted(const FunctionDecl *Fn,
                              const std::vector<const FunctionDecl *> &All,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  Marked M = marked();
  const model::Mark *Rule = M.era("pgmap-evicts", Fn->getASTContext());
  std::vector<const CallExpr *> Calls = callsIn(Fn->getBody());
  // The way back of a function that maps has handed nothing out.
  if (!Rule || llvm::any_of(Calls, [&](const CallExpr *Call) {
        return M.find("pgmap-maps", Call);
      }))
    return;
  Reach Paths(Fn, Mgr);
  for (const CallExpr *Unmap : Calls) {
    if (!M.find("pgmap-unmaps", Unmap))
      continue;
    auto Before = [&](const CallExpr *Call) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      const FunctionDecl *Body = Callee ? Callee->getDefinition() : nullptr;
      return (M.find("pgmap-evicts", Call) ||
              (Body && evicts(Body, M, EvictDepth))) &&
             Paths.mayPrecede(Call, Unmap);
    };
    auto CallerEvicts = [&](const FunctionDecl *Caller) {
      Reach There(Caller, Mgr);
      std::vector<const CallExpr *> Made = callsIn(Caller->getBody());
      return llvm::any_of(Made, [&](const CallExpr *To) {
        const FunctionDecl *Callee = To->getDirectCallee();
        return Callee && Callee->getCanonicalDecl() == Fn->getCanonicalDecl() &&
               llvm::any_of(Made, [&](const CallExpr *Call) {
                 const FunctionDecl *Other = Call->getDirectCallee();
                 const FunctionDecl *Body =
                     Other ? Other->getDefinition() : nullptr;
                 return Call != To &&
                        (M.find("pgmap-evicts", Call) ||
                         (Body && evicts(Body, M, EvictDepth))) &&
                        There.mayPrecede(Call, To);
               });
      });
    };
    if (llvm::any_of(Calls, Before) || llvm::any_of(All, CallerEvicts))
      continue;
    report(Fn, Unmap,
           "a page map of private memory is removed, and nothing before "
           "brings back the pages that were handed out: " +
               Rule->Text,
           Mgr, BR);
  }
}

//===----------------------------------------------------------------------===//
// Rule 8: the range is ordinary memory
//===----------------------------------------------------------------------===//

/// Whether \p E is where memory of the page allocator lies, in \p Fn.
static bool isOrdinary(const Expr *E, const FunctionDecl *Fn,
                       const ModelIndex &Index, const Marked &M) {
  return mentions(E, [&](const Expr *Part) {
    const Expr *Of = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(Part)) {
      if (const model::Mark *Mark = M.find("ram-number", Call))
        Of = markedArg(Call, Mark);
    } else if (const auto *Minus = dyn_cast<BinaryOperator>(Part);
               Minus && Minus->getOpcode() == BO_Sub &&
               macroAround(Minus, "ram-number", M, Fn->getASTContext())) {
      Of = Minus->getLHS();
    }
    const auto *Var = dyn_cast_or_null<VarDecl>(Of ? declOf(Of) : nullptr);
    if (!Var || !Var->isLocalVarDecl())
      return false;
    bool Allocated = false, Other = false;
    auto See = [&](const Expr *From) {
      const auto *Call =
          From ? dyn_cast<CallExpr>(From->IgnoreParenCasts()) : nullptr;
      const model::Function *By = Call ? Index.find(Call) : nullptr;
      bool Takes = By && By->TheRole == model::Role::Acquire &&
                   Index.model().familyTaken(*By) == "page-allocator";
      (Takes ? Allocated : Other) = true;
    };
    if (Var->getInit())
      See(Var->getInit());
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      const auto *Op = dyn_cast<BinaryOperator>(S);
      if (Op && Op->isAssignmentOp() && declOf(Op->getLHS()) == Var)
        See(Op->getRHS());
    });
    return Allocated && !Other;
  });
}

void DevPagemap::checkOrdinary(const FunctionDecl *Fn, AnalysisManager &Mgr,
                               BugReporter &BR) const {
  Marked M = marked();
  const ModelIndex &Index = Ground->index();
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Op = dyn_cast<BinaryOperator>(S);
    const auto *To =
        Op && Op->getOpcode() == BO_Assign
            ? dyn_cast<MemberExpr>(Op->getLHS()->IgnoreParenCasts())
            : nullptr;
    const auto *Outer =
        To ? dyn_cast<MemberExpr>(To->getBase()->IgnoreParenCasts()) : nullptr;
    const model::Mark *Range =
        Outer
            ? M.find("pgmap-range", dyn_cast<FieldDecl>(Outer->getMemberDecl()))
            : nullptr;
    const model::Mark *Rule = M.era("ram-number", Fn->getASTContext());
    if (Range && Rule && isOrdinary(Op->getRHS(), Fn, Index, M))
      report(Fn, Op,
             "the range of a page map is memory of the page allocator: " +
                 Rule->Text,
             Mgr, BR);
  });
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

/// The file is the kernel's own implementation, or stands in for it at link
/// time.
static bool implements(const std::vector<const FunctionDecl *> &Functions,
                       const Marked &M) {
  return llvm::any_of(Functions, [&](const FunctionDecl *Fn) {
    llvm::StringRef Name = Fn->getName();
    Name.consume_front("__wrap_");
    return M.find("pgmap-maps", Name, Fn->getASTContext()) != nullptr;
  });
}

static bool
hasPrivateMethods(const TranslationUnitDecl *TU,
                  const std::vector<const FunctionDecl *> &Functions,
                  const Marked &M, const ModelIndex &Index) {
  return llvm::any_of(Functions,
                      [&](const FunctionDecl *Fn) {
                        return llvm::any_of(
                            callsIn(Fn->getBody()), [&](const CallExpr *Call) {
                              return M.find("pgmap-unmaps", Call);
                            });
                      }) &&
         !originsIn(TU, Functions, Index).PrivateMethods.empty();
}

void DevPagemap::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  Marked M = marked();
  llvm::DenseSet<const FieldDecl *> Written, Kept;
  for (const FunctionDecl *Fn : Functions) {
    addWritten(Fn->getBody(), Written);
    forEachStmt(Fn->getBody(), [&](const Stmt *S) {
      if (const FieldDecl *Field = keptIn(S, M))
        Kept.insert(Field);
    });
  }
  for (const FunctionDecl *Fn : Functions)
    checkKept(Fn, Kept, Mgr, BR);
  if (implements(Functions, M))
    return;
  for (const Decl *D : TU->decls())
    if (const auto *Var = dyn_cast<VarDecl>(D))
      addWritten(Var->getInit(), Written);
  bool Private = hasPrivateMethods(TU, Functions, M, Ground->index());
  for (const FunctionDecl *Fn : Functions) {
    checkResults(Fn, Mgr, BR);
    checkFilled(Fn, Written, Mgr, BR);
    checkOrdinary(Fn, Mgr, BR);
    if (Private)
      checkEvicted(Fn, Functions, Mgr, BR);
  }
  checkMixed(Functions, Mgr, BR);
}

void registerDevPagemap(CheckerManager &Mgr) {
  Mgr.registerChecker<DevPagemap>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
