//===- Groundwork.cpp - What every path check stands on -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls of modelled functions are evaluated here, by role; what they do to
/// holdings is drawn in Holdings.h.
///
/// Where the engine loses sight of pages (a value that it cannot express, a
/// call of unknown code), the holding escapes: nothing is reported about it.
///
/// Not handled: which elements of an array a call is about (a release of one
/// element outside a loop is taken for a release of all), and how many a
/// release by count gives back.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Engine/PrepareAST.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/ExprEngine.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Place;
using model::Result;
using model::Role;

//===----------------------------------------------------------------------===//
// The model and the AST
//===----------------------------------------------------------------------===//

llvm::Error Groundwork::loadModel(llvm::StringRef Files) {
  llvm::SmallVector<llvm::StringRef, 4> Parts;
  Files.split(Parts, ':', -1, /*KeepEmpty=*/false);
  std::vector<std::string> Paths(Parts.begin(), Parts.end());
  auto Loaded = model::Model::load(Paths);
  if (!Loaded)
    return Loaded.takeError();
  TheModel = std::move(*Loaded);
  Index = std::make_unique<ModelIndex>(*TheModel);
  return llvm::Error::success();
}

void Groundwork::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  prepareAST(Mgr.getASTContext());
}

static bool hasRole(const model::Function *Fn, Role R) {
  return Fn && Fn->TheRole == R;
}

const model::Function *Groundwork::releaseOf(const CallEvent &Call) const {
  const model::Function *Fn = Index->find(Call);
  return hasRole(Fn, Role::Release) ? Fn : nullptr;
}

const model::Function *Groundwork::freeOf(const CallEvent &Call) const {
  const model::Function *Fn = Index->find(Call);
  return hasRole(Fn, Role::Free) ? Fn : nullptr;
}

//===----------------------------------------------------------------------===//
// Calls of modelled functions
//===----------------------------------------------------------------------===//

bool Groundwork::evalCall(const CallEvent &Call, CheckerContext &C) const {
  const model::Function *Fn = Index->find(Call);
  if (!Fn || !Call.getOriginExpr())
    return false;
  switch (Fn->TheRole) {
  case Role::Acquire:
    evalAcquire(*Fn, Call, C);
    return true;
  case Role::Release:
    evalRelease(*Fn, Call, C);
    return true;
  case Role::Transfer:
    evalTransfer(*Fn, Call, C);
    return true;
  case Role::Convert:
    evalConvert(*Fn, Call, C);
    return true;
  case Role::Test:
    evalTest(*Fn, Call, C);
    return true;
  case Role::Free:
  case Role::Context:
    evalPlain(Call, C);
    return true;
  case Role::Borrow:
    if (Fn->hasContext("leaves-memory")) {
      evalPlain(Call, C);
      return true;
    }
    // May write to memory that it is given: the engine knows how.
    return false;
  }
  return false;
}

static ProgramStateRef bindResult(ProgramStateRef State, const CallEvent &Call,
                                  CheckerContext &C, SVal Value) {
  return State->BindExpr(Call.getOriginExpr(), C.getLocationContext(), Value);
}

/// Errors as numbers and pointers (include/linux/err.h).
static constexpr int64_t MaxErrno = 4095;

static SVal conjureResult(const CallEvent &Call, CheckerContext &C) {
  QualType Type = Call.getResultType();
  return Type->isVoidType() ? SVal(UnknownVal())
                            : SVal(compat::conjure(C, Call, Type));
}

void Groundwork::evalPlain(const CallEvent &Call, CheckerContext &C) const {
  C.addTransition(bindResult(C.getState(), Call, C, conjureResult(Call, C)));
}

namespace {

/// IS_ERR() and its family (include/linux/err.h).  The engine cannot compare a
/// symbolic pointer with -MAX_ERRNO, so what is known is kept beside it.
class ErrPtrTest {
public:
  ErrPtrTest(const model::Function &Fn, const CallEvent &Call,
             CheckerContext &C)
      : OrZero(Fn.hasContext("asks:errno-or-zero")),
        Errno(OrZero || Fn.hasContext("asks:errno")),
        OrNull(Fn.hasContext("asks:err-ptr-or-null")), Call(Call), C(C),
        Pointer(Call.getArgSVal(0)), State(C.getState()) {}

  void run() {
    if (const llvm::APSInt *Bits = Pointer.getAsInteger()) {
      bool IsErr = Bits->getZExtValue() >= -uint64_t(MaxErrno);
      answer(State, IsErr, Bits->isZero(), Bits->getSExtValue());
      return;
    }
    SymbolRef Sym = Pointer.getAsLocSymbol();
    if (!Sym) { // the address of something
      answer(State, false, false, 0);
      return;
    }
    std::optional<bool> Known = isErrPtr(State, Sym);
    if (Known.value_or(true))
      answer(setErrPtr(State, Sym, true), true, false, 0);
    if (!Known.value_or(false))
      answerValid(setErrPtr(State, Sym, false));
  }

private:
  void answerValid(ProgramStateRef S) {
    auto Value = Pointer.getAs<DefinedOrUnknownSVal>();
    if (!OrNull || !Value) {
      answer(S, false, false, 0);
      return;
    }
    auto [NonNull, Null] = S->assume(*Value);
    if (NonNull)
      answer(NonNull, false, false, 0);
    if (Null)
      answer(Null, false, true, 0);
  }

  /// \p Bits is the pointer's value where it is known, else 0.
  void answer(ProgramStateRef S, bool IsErr, bool IsNull, int64_t Bits) {
    SValBuilder &Builder = C.getSValBuilder();
    QualType Type = Call.getResultType();
    if (!Errno) {
      bool Yes = IsErr || (OrNull && IsNull);
      C.addTransition(S->BindExpr(Call.getOriginExpr(), C.getLocationContext(),
                                  Builder.makeIntVal(Yes, Type)));
      return;
    }
    SVal Value = Builder.makeIntVal(Bits, Type);
    if (IsErr && !Bits)
      S = someErrno(S, Value);
    else if (!IsErr && !OrZero)
      Value = compat::conjure(C, Call, Type);
    C.addTransition(
        S->BindExpr(Call.getOriginExpr(), C.getLocationContext(), Value));
  }

  ProgramStateRef someErrno(ProgramStateRef S, SVal &Value) {
    QualType Type = Call.getResultType();
    auto Some = compat::conjure(C, Call, Type);
    Value = Some;
    SValBuilder &Builder = C.getSValBuilder();
    for (auto [Op, Bound] :
         {std::pair(BO_LT, int64_t(0)), std::pair(BO_GE, -MaxErrno)}) {
      auto Cond = Builder
                      .evalBinOp(S, Op, Some, Builder.makeIntVal(Bound, Type),
                                 Builder.getConditionType())
                      .getAs<DefinedOrUnknownSVal>();
      if (ProgramStateRef Limited = Cond ? S->assume(*Cond, true) : nullptr)
        S = Limited;
    }
    return S;
  }

  bool OrZero, Errno, OrNull;
  const CallEvent &Call;
  CheckerContext &C;
  SVal Pointer;
  ProgramStateRef State;
};

} // namespace

void Groundwork::evalTest(const model::Function &Fn, const CallEvent &Call,
                          CheckerContext &C) const {
  bool Asks = llvm::any_of(Fn.Context, [](llvm::StringRef Word) {
    return Word.starts_with("asks:");
  });
  if (Asks && Call.getNumArgs() == 1)
    ErrPtrTest(Fn, Call, C).run();
  else
    evalPlain(Call, C);
}

/// The result is the object itself where it is a structure (a page's folio) or
/// a number (its address): one value, however often it is converted.  What is
/// behind an address (kmap) is other memory, known by an alias.
void Groundwork::evalConvert(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  QualType Type = Call.getResultType();
  ProgramStateRef State = C.getState();
  if (Fn.Object.Base != Place::Arg || Fn.Object.Index >= Call.getNumArgs()) {
    evalPlain(Call, C);
    return;
  }
  SVal Object = Call.getArgSVal(Fn.Object.Index);
  bool Same = Type->isIntegralOrEnumerationType() ||
              (Type->isPointerType() && Type->getPointeeType()->isRecordType());
  if (Same && !Object.isUnknownOrUndef()) {
    SVal Result = C.getSValBuilder().evalCast(
        Object, Type, Call.getArgExpr(Fn.Object.Index)->getType());
    C.addTransition(bindResult(State, Call, C, Result));
    return;
  }
  SVal Ret = conjureResult(Call, C);
  C.addTransition(addAlias(bindResult(State, Call, C, Ret), Ret, Object));
}

/// The value of an argument.  release_pages() takes a transparent union of
/// pointers, which is the pointer that was written.
static SVal placeArg(const Place &P, const CallEvent &Call, CheckerContext &C) {
  if (P.Base != Place::Arg || P.Index >= Call.getNumArgs())
    return UnknownVal();
  SVal Value = Call.getArgSVal(P.Index);
  const Expr *E = Call.getArgExpr(P.Index);
  if (!E || !E->getType()->isUnionType())
    return Value;
  if (auto Union = Value.getAs<nonloc::CompoundVal>();
      Union && Union->begin() != Union->end())
    return *Union->begin();
  E = E->IgnoreParenImpCasts();
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E))
    E = Literal->getInitializer()->IgnoreParenImpCasts();
  const auto *List = dyn_cast<InitListExpr>(E);
  return List && List->getNumInits() == 1 ? C.getSVal(List->getInit(0))
                                          : UnknownVal();
}

//===--- acquire ----------------------------------------------------------===//

namespace {

/// Evaluates one acquisition: one state for its failure, one for its success.
class Acquisition {
public:
  Acquisition(const model::Function &Fn, const CallEvent &Call,
              CheckerContext &C)
      : Fn(Fn), Call(Call), C(C), Builder(C.getSValBuilder()),
        Ret(conjureResult(Call, C)),
        State(bindResult(C.getState(), Call, C, Ret)) {}

  void run() {
    if (Fn.Extra || isPrefault()) {
      C.addTransition(State);
      return;
    }
    if (Fn.Resource == "memory") {
      allocate();
      return;
    }
    if (ProgramStateRef Failed = failure())
      C.addTransition(Failed);
    if (ProgramStateRef Taken = success())
      C.addTransition(Taken);
  }

private:
  /// A NULL array asks for no references.
  bool isPrefault() const {
    return Fn.Object.Base == Place::Arg && !Fn.Object.Indirect &&
           State->isNull(placeArg(Fn.Object, Call, C)).isConstrainedTrue();
  }

  void allocate() {
    SymbolRef Sym = Ret.getAsLocSymbol();
    if (!Sym) {
      C.addTransition(State);
      return;
    }
    State = setErrPtr(addOwnMemory(State, Sym), Sym, false);
    if (Fn.hasContext("zeroed"))
      State = State->bindDefaultZero(Ret, C.getLocationContext());
    C.addTransition(State);
  }

  ProgramStateRef assume(ProgramStateRef S, BinaryOperatorKind Op, SVal Bound) {
    SVal Cond =
        Builder.evalBinOp(S, Op, Ret, Bound, Builder.getConditionType());
    auto Defined = Cond.getAs<DefinedOrUnknownSVal>();
    return Defined ? S->assume(*Defined, true) : S;
  }

  SVal number(int64_t N) { return Builder.makeIntVal(N, Call.getResultType()); }

  ProgramStateRef failure() {
    switch (Fn.TheResult) {
    case Result::None:
      return nullptr;
    case Result::CountOrErrno:
    case Result::BytesOrErrno:
    case Result::ZeroOrErrno: {
      ProgramStateRef S = assume(State, BO_LT, number(0));
      return S ? assume(S, BO_GE, number(-MaxErrno)) : nullptr;
    }
    case Result::CountOrZero:
    case Result::Bool:
      return assume(State, BO_EQ, number(0));
    case Result::PointerOrNull:
      return bindResult(State, Call, C,
                        Builder.makeNullWithType(Call.getResultType()));
    case Result::PointerOrErrPtr:
      return bindResult(
          State, Call, C,
          loc::ConcreteInt(Builder.getBasicValueFactory().getValue(
              -int64_t(ENoMem), C.getASTContext().getUIntPtrType())));
    }
    return nullptr;
  }

  ProgramStateRef success() {
    ProgramStateRef S = State;
    switch (Fn.TheResult) {
    case Result::None:
      break;
    case Result::CountOrErrno:
    case Result::BytesOrErrno:
      S = assume(S, BO_GE, number(0));
      if (S && Fn.Requested)
        S = limit(S);
      break;
    case Result::ZeroOrErrno:
      S = assume(S, BO_EQ, number(0));
      break;
    case Result::CountOrZero:
    case Result::Bool:
      S = assume(S, BO_GT, number(0));
      break;
    case Result::PointerOrNull:
      S = S->assume(Ret.castAs<DefinedOrUnknownSVal>(), true);
      break;
    case Result::PointerOrErrPtr:
      S = S->assume(Ret.castAs<DefinedOrUnknownSVal>(), true);
      if (SymbolRef Sym = Ret.getAsLocSymbol(); S && Sym)
        S = setErrPtr(S, Sym, false);
      break;
    }
    return S ? hold(writeNumbers(S)) : nullptr;
  }

  /// Numbers that the call returns through pointers, besides the objects; a
  /// success counts at least one.
  ProgramStateRef writeNumbers(ProgramStateRef S) {
    static const char Tags[16] = {};
    for (unsigned I = 0, N = std::min(Call.getNumArgs(), 16U); I != N; ++I) {
      const MemRegion *Target = Call.getArgSVal(I).getAsRegion();
      QualType Type = pointee(I);
      if (!Target || Type.isNull() || Type.isConstQualified() ||
          !Type->isIntegralOrEnumerationType() ||
          (Fn.Object.Base == Place::Arg && Fn.Object.Index == I))
        continue;
      auto Number = compat::conjure(C, Call, Type, &Tags[I]);
      S = S->bindLoc(loc::MemRegionVal(Target), Number, C.getLocationContext());
      if (Fn.Count.Kind == model::Amount::Indirect && Fn.Count.Value == I)
        S = assumePositive(S, Number, Type);
    }
    return S;
  }

  ProgramStateRef assumePositive(ProgramStateRef S, SVal Number,
                                 QualType Type) {
    auto Positive =
        Builder
            .evalBinOp(S, BO_GT, Number, Builder.makeIntVal(0, Type),
                       Builder.getConditionType())
            .getAs<DefinedOrUnknownSVal>();
    ProgramStateRef Result = Positive ? S->assume(*Positive, true) : nullptr;
    return Result ? Result : S;
  }

  /// Never more are taken than were asked for.
  ProgramStateRef limit(ProgramStateRef S) {
    SVal Asked = valueOf(Fn.Requested, Call, S, Ret);
    if (Asked.isUnknownOrUndef())
      return S;
    QualType Type = Call.getResultType();
    SVal Same = Builder.evalCast(Asked, Type, QualType());
    ProgramStateRef Limited = assume(S, BO_LE, Same);
    return Limited ? Limited : S;
  }

  ProgramStateRef hold(ProgramStateRef S) {
    const MemRegion *Key = nullptr;
    SymbolRef Content = nullptr;
    std::tie(S, Key, Content) = place(S);
    if (!Key)
      return S;
    SVal Asked = valueOf(Fn.Requested, Call, S, Ret);
    const llvm::APSInt *Number = Asked.getAsInteger();
    if (Content && (!Fn.Object.Array || (Number && *Number == 1)))
      if (ProgramStateRef NonNull = S->assume(Builder.makeLoc(Content), true))
        S = NonNull;
    const MemRegion *Base = arrayBase(Key);
    SymbolRef Memory = outermost(S, memoryOf(Base));
    bool Own = isOwnMemory(S, Memory);
    bool Direct = Fn.Object.Base == Place::Ret && !Fn.Object.Array;
    bool Outlives = !Own && !Direct && !compat::isOnStack(Base);
    SVal Count = Fn.Count
                     ? valueOf(Fn.Count, Call, S, Ret)
                     : SVal(Builder.makeIntVal(1, Builder.getArrayIndexType()));
    Holding H(&Fn, Call.getOriginExpr(), Count, Asked, Content,
              Own ? Memory : nullptr, Outlives);
    return setHolding(S, Key, H);
  }

  using Placed = std::tuple<ProgramStateRef, const MemRegion *, SymbolRef>;

  /// Writes what the call wrote, and says where the objects are now.
  Placed place(ProgramStateRef S) {
    if (Fn.Object.Base == Place::Ret)
      return placeReturned(S);
    const MemRegion *Target = placeArg(Fn.Object, Call, C).getAsRegion();
    if (!Target)
      return {S, nullptr, nullptr};
    if (Fn.Object.Indirect && Fn.Object.Array)
      return placeNewArray(S, Target);
    return placeElements(S, Target);
  }

  Placed placeReturned(ProgramStateRef S) {
    const MemRegion *Target = Ret.getAsRegion();
    if (!Target)
      return {S, nullptr, nullptr};
    if (SymbolRef Sym = Ret.getAsLocSymbol(); Sym && Fn.Object.Array)
      S = addOwnMemory(S, Sym);
    return {S, Target, Fn.Object.Array ? nullptr : Ret.getAsLocSymbol()};
  }

  /// The call may allocate the array and store its address.
  Placed placeNewArray(ProgramStateRef S, const MemRegion *Target) {
    QualType Type = pointee(Fn.Object.Index);
    if (Type.isNull())
      return {S, nullptr, nullptr};
    loc::MemRegionVal Where(Target);
    SVal Before = S->getSVal(Where, Type);
    const MemRegion *Array = Before.getAsRegion();
    if (!Array || !S->isNonNull(Before).isConstrainedTrue()) {
      SVal Fresh = compat::conjure(C, Call, Type, &ArrayTag);
      S = S->bindLoc(Where, Fresh, C.getLocationContext());
      Array = Fresh.getAsRegion();
      if (SymbolRef Sym = Fresh.getAsLocSymbol())
        S = addOwnMemory(S, Sym);
    }
    return {S, Array, nullptr};
  }

  Placed placeElements(ProgramStateRef S, const MemRegion *Target) {
    RegionAndSymbolInvalidationTraits Traits;
    const MemRegion *Base = arrayBase(Target);
    Traits.setTrait(
        Base, RegionAndSymbolInvalidationTraits::TK_DoNotInvalidateSuperRegion);
    S = compat::invalidate(S, Base, Call, C, &Traits);
    SymbolRef Content = nullptr;
    if (QualType Type = pointee(Fn.Object.Index);
        !Type.isNull() && Type->isPointerType())
      Content = S->getSVal(loc::MemRegionVal(Target), Type).getAsLocSymbol();
    return {S, Target, Content};
  }

  QualType pointee(unsigned Arg) const {
    const Expr *E = Call.getArgExpr(Arg);
    return E ? E->getType()->getPointeeType() : QualType();
  }

  static constexpr int64_t ENoMem = 12; // any -errno serves
  static inline int ArrayTag;

  const model::Function &Fn;
  const CallEvent &Call;
  CheckerContext &C;
  SValBuilder &Builder;
  SVal Ret;
  ProgramStateRef State;
};

} // namespace

void Groundwork::evalAcquire(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  Acquisition(Fn, Call, C).run();
}

//===--- release, transfer ------------------------------------------------===//

/// A count that is known not to be positive gives nothing back.  What the
/// engine believes of a sum is not knowledge: to it, two positive numbers may
/// well add up to zero.
static bool mayBePositive(SVal Count, ProgramStateRef State) {
  if (SymbolRef Sym = Count.getAsSymbol(); Sym && !isa<SymbolData>(Sym))
    return true;
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  const llvm::APSInt *Known = Builder.getKnownValue(State, Count);
  return !Known || *Known > 0;
}

void Groundwork::evalRelease(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  SVal Ret = conjureResult(Call, C);
  ProgramStateRef State = bindResult(C.getState(), Call, C, Ret);
  SVal Object = placeArg(Fn.Object, Call, C);
  if (!Fn.Count || mayBePositive(valueOf(Fn.Count, Call, State, Ret), State))
    State = setStatus(State, Holding::Released, [&](const HoldingEntry &E) {
      return mentions(E, Object, State);
    });
  C.addTransition(State);
}

/// \p V leads to what \p E holds: by itself, or as (a part of) its owner.
static bool leadsTo(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  SymbolRef Owner = E.second.owner();
  return mentions(E, V, State) || (Owner && memoryOf(V.getAsRegion()) == Owner);
}

void Groundwork::evalTransfer(const model::Function &Fn, const CallEvent &Call,
                              CheckerContext &C) const {
  SVal Ret = conjureResult(Call, C);
  ProgramStateRef State = bindResult(C.getState(), Call, C, Ret);
  SVal Object = placeArg(Fn.Object, Call, C);
  ProgramStateRef Given =
      setStatus(State, Holding::Escaped, [&](const HoldingEntry &E) {
        return leadsTo(E, Object, State);
      });
  auto Value = Ret.getAs<DefinedOrUnknownSVal>();
  bool Tells = Fn.TheResult == Result::ZeroOrErrno ||
               Fn.TheResult == Result::PointerOrNull ||
               Fn.TheResult == Result::Bool;
  if (!Tells || !Value || Given == State) {
    C.addTransition(Given);
    return;
  }
  // On failure nothing was handed over.
  auto [NonZero, Zero] = State->assume(*Value);
  if (Fn.TheResult == Result::ZeroOrErrno) {
    SValBuilder &Builder = C.getSValBuilder();
    auto Negative = Builder
                        .evalBinOp(State, BO_LT, *Value,
                                   Builder.makeZeroVal(Call.getResultType()),
                                   Builder.getConditionType())
                        .getAs<DefinedOrUnknownSVal>();
    if (ProgramStateRef S = Negative ? State->assume(*Negative, true) : NonZero)
      C.addTransition(S);
    if (ProgramStateRef S = Given->assume(*Value, false))
      C.addTransition(S);
    return;
  }
  if (Zero)
    C.addTransition(Zero);
  if (ProgramStateRef S = Given->assume(*Value, true))
    C.addTransition(S);
}

//===----------------------------------------------------------------------===//
// Ways out of sight
//===----------------------------------------------------------------------===//

void Groundwork::checkPostCall(const CallEvent &Call, CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (C.wasInlined || !hasHoldings(State) || Index->find(Call))
    return;
  const auto *Fn = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
  if (Fn &&
      (Fn->isImplicit() || Fn->hasAttr<PureAttr>() || Fn->hasAttr<ConstAttr>()))
    return;
  for (unsigned I = 0, N = Call.getNumArgs(); I != N; ++I) {
    SVal Arg = Call.getArgSVal(I);
    State = setStatus(State, Holding::Escaped, [&](const HoldingEntry &E) {
      return leadsTo(E, Arg, State);
    });
  }
  C.addTransition(State);
}

/// Objects of \p E are named somewhere in \p S.
static bool namesObject(const HoldingEntry &E, const Stmt *S,
                        ProgramStateRef State, const LocationContext *LCtx) {
  if (!S)
    return false;
  if (const auto *Cast = dyn_cast<CastExpr>(S);
      Cast && Cast->getCastKind() == CK_LValueToRValue) {
    SVal V = peek(Cast, State, LCtx);
    if (!V.isUnknown() && denotes(E, V, State))
      return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return namesObject(E, Child, State, LCtx);
  });
}

/// \p Value is computed from the number of what \p H holds.
static bool countsWith(const Holding &H, SVal Value) {
  SymbolRef Count = H.count().getAsSymbol();
  SymbolRef Sym = Value.getAsSymbol();
  if (!Count || !Sym)
    return false;
  for (SymbolRef Part : Sym->symbols())
    if (Part == Count)
      return true;
  return false;
}

void Groundwork::checkBind(SVal Location, SVal Value, const Stmt *S,
                           CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  const MemRegion *Target = Location.getAsRegion();
  bool Local = Target && compat::isOnStack(Target);
  bool Plain = Local && isa<VarRegion>(Target);
  SymbolRef Memory = memoryOf(Target);
  bool Own = isOwnMemory(State, Memory);
  SymbolRef Stored = Value.getAsLocSymbol();

  for (const HoldingEntry &E : holdings(State)) {
    const Holding &H = E.second;
    if (!H.isHeld())
      continue;
    if (Value.isUnknown()) {
      // Computed from the pages, in a way that the engine cannot say.
      if (namesObject(E, S, State, C.getLocationContext()))
        State = setHolding(State, E.first, H.as(Holding::Escaped));
      continue;
    }
    if (!Local && H.outlives() && countsWith(H, Value)) {
      // Whoever knows the array knows the number now.
      State = setHolding(State, E.first, H.as(Holding::Escaped));
      continue;
    }
    bool OfOwner = H.owner() && Stored == H.owner();
    if (!OfOwner && !mentions(E, Value, State))
      continue;
    if (Plain)
      continue;
    bool Array = OfOwner || !denotesObject(E, Value, State);
    if (Array && Local)
      continue;
    if (Array && Own && denotes(E, Value, State))
      State = setHolding(State, E.first, H.ownedBy(Memory));
    else
      State = setHolding(State, E.first, H.as(Holding::Escaped));
  }
  if (Stored && !Local && isOwnMemory(State, Stored))
    State =
        Own ? setOuter(State, Stored, Memory) : removeOwnMemory(State, Stored);
  C.addTransition(State);
}

ProgramStateRef Groundwork::checkPointerEscape(
    ProgramStateRef State, const InvalidatedSymbols &Escaped,
    const CallEvent *Call, PointerEscapeKind Kind) const {
  // A store is judged in checkBind, which knows where it goes.
  if (Kind == PSK_EscapeOnBind || (Call && Index->find(*Call)))
    return State;
  for (SymbolRef Sym : Escaped) {
    State = setStatus(State, Holding::Escaped, [&](const HoldingEntry &E) {
      return E.second.content() == Sym || E.second.owner() == Sym ||
             memoryOf(E.first) == Sym;
    });
    if (isOwnMemory(State, Sym))
      State = removeOwnMemory(State, Sym);
  }
  return State;
}

/// What the function returns is its caller's.
void Groundwork::checkPreStmt(const ReturnStmt *Return,
                              CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!C.inTopFrame() || !Return->getRetValue() || !hasHoldings(State))
    return;
  SVal Value = C.getSVal(Return->getRetValue());
  C.addTransition(
      setStatus(State, Holding::Escaped, [&](const HoldingEntry &E) {
        return leadsTo(E, Value, State);
      }));
}

/// The engine takes the distance of two members of a structure at address 0
/// (offsetof() by hand) for 0, and what is divided by it for undefined; clang
/// 22 then crashes where __builtin_mul_overflow() gets it.
void Groundwork::checkPostStmt(const BinaryOperator *Op,
                               CheckerContext &C) const {
  if (Op->isMultiplicativeOp() && C.getSVal(Op).isUndef())
    C.addTransition(
        C.getState()->BindExpr(Op, C.getLocationContext(), UnknownVal()));
}

void Groundwork::checkLiveSymbols(ProgramStateRef State,
                                  SymbolReaper &Reaper) const {
  for (const HoldingEntry &E : holdings(State))
    for (SVal V : {E.second.count(), E.second.asked()})
      if (SymbolRef Sym = V.getAsSymbol())
        for (SymbolRef Part : Sym->symbols())
          Reaper.markLive(Part);
}

/// Counts do not overflow: numbers of which each is positive do not add up to
/// zero, which the engine does not know.
static bool isSumOfPositives(SymbolRef Sym, ProgramStateRef State) {
  if (const auto *Sum = dyn_cast<SymSymExpr>(Sym))
    return Sum->getOpcode() == BO_Add &&
           isSumOfPositives(Sum->getLHS(), State) &&
           isSumOfPositives(Sum->getRHS(), State);
  SValBuilder &Builder = State->getStateManager().getSValBuilder();
  const llvm::APSInt *Min =
      isa<SymbolData>(Sym) ? Builder.getMinValue(State, nonloc::SymbolVal(Sym))
                           : nullptr;
  return Min && *Min > 0;
}

ProgramStateRef Groundwork::evalAssume(ProgramStateRef State, SVal Condition,
                                       bool Assumption) const {
  SymbolRef Sym = hasHoldings(State) ? Condition.getAsSymbol() : nullptr;
  bool IsZero = !Assumption;
  if (const auto *Compare = dyn_cast_or_null<SymIntExpr>(Sym)) {
    const llvm::APSInt &Bound = Compare->getRHS();
    if (!BinaryOperator::isEqualityOp(Compare->getOpcode()) || !Bound.isZero())
      return State;
    IsZero = (Compare->getOpcode() == BO_EQ) == Assumption;
    Sym = Compare->getLHS();
  }
  return IsZero && isa_and_nonnull<SymSymExpr>(Sym) &&
                 isSumOfPositives(Sym, State)
             ? nullptr
             : State;
}

void Groundwork::checkEndAnalysis(ExplodedGraph &Graph, BugReporter &BR,
                                  ExprEngine &Engine) const {
  ++stats().Functions;
  // A loop that was left after some rounds is no spent budget.
  if (!Engine.hasEmptyWorkList())
    ++stats().Exhausted;
}

AnalysisStats &Groundwork::stats() {
  static AnalysisStats Stats;
  return Stats;
}

//===----------------------------------------------------------------------===//
// Loops over pages
//===----------------------------------------------------------------------===//

namespace {

/// Finds what a loop does to single elements, and what they are elements of.
class LoopReader : public RecursiveASTVisitor<LoopReader> {
public:
  LoopReader(const ModelIndex &Index, const Stmt *Loop)
      : Index(Index), Loop(Loop) {}

  bool Acquires = false, Unknown = false;
  llvm::SmallVector<const Expr *, 2> Released, Passed;

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const model::Function *Fn = Index.find(Callee);
    if (!Fn) {
      bool Releases = Callee && releasesSomething(Callee, 0);
      for (const Expr *Arg : Call->arguments())
        collectArrays(Arg, Releases ? Released : Passed, 0);
    } else if (Fn->TheRole == Role::Acquire) {
      Acquires |= Fn->Resource != "memory" && !Fn->Extra;
    } else if (Fn->TheRole == Role::Release) {
      addRelease(*Fn, Call);
    } else if (Fn->TheRole == Role::Transfer) {
      for (const Expr *Arg : Call->arguments())
        collectArrays(Arg, Passed, 0);
    }
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp() && !isa<DeclRefExpr>(Op->getLHS()->IgnoreParens()))
      collectArrays(Op->getRHS(), Passed, 0);
    return true;
  }

private:
  using Arrays = llvm::SmallVectorImpl<const Expr *>;

  void addRelease(const model::Function &Fn, const CallExpr *Call) {
    if (Fn.Object.Array || Fn.Object.Base != Place::Arg ||
        Fn.Object.Index >= Call->getNumArgs())
      return;
    size_t Before = Released.size();
    collectArrays(Call->getArg(Fn.Object.Index), Released, 0);
    Unknown |= Released.size() == Before;
  }

  /// A function of the file whose body gives something back.
  bool releasesSomething(const FunctionDecl *Fn, unsigned Depth) {
    const FunctionDecl *Definition = nullptr;
    if (Depth > 2 || !Fn->hasBody(Definition))
      return false;
    return anyCall(Definition->getBody(), [&](const FunctionDecl *Callee) {
      const model::Function *Entry = Index.find(Callee);
      return Entry ? Entry->TheRole == Role::Release
                   : releasesSomething(Callee, Depth + 1);
    });
  }

  static bool anyCall(const Stmt *S,
                      llvm::function_ref<bool(const FunctionDecl *)> Which) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Callee = Call->getDirectCallee();
          Callee && Which(Callee))
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) {
      return Child && anyCall(Child, Which);
    });
  }

  void collectArrays(const Stmt *S, Arrays &Out, unsigned Depth) {
    if (!S || Depth > 3)
      return;
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(S)) {
      Out.push_back(Subscript->getBase());
      return;
    }
    if (const auto *Op = dyn_cast<UnaryOperator>(S);
        Op && Op->getOpcode() == UO_Deref) {
      Out.push_back(Op->getSubExpr());
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        for (const Expr *Source : sources(Var))
          collectArrays(Source, Out, Depth + 1);
      return;
    }
    for (const Stmt *Child : S->children())
      collectArrays(Child, Out, Depth);
  }

  /// What the loop assigns to \p Var.
  llvm::SmallVector<const Expr *, 2> sources(const VarDecl *Var) {
    struct Finder : RecursiveASTVisitor<Finder> {
      const VarDecl *Var;
      llvm::SmallVector<const Expr *, 2> Found;
      bool VisitVarDecl(VarDecl *D) {
        if (D == Var && D->getInit())
          Found.push_back(D->getInit());
        return true;
      }
      bool VisitBinaryOperator(BinaryOperator *Op) {
        const auto *Ref =
            Op->getOpcode() == BO_Assign
                ? dyn_cast<DeclRefExpr>(Op->getLHS()->IgnoreParens())
                : nullptr;
        if (Ref && Ref->getDecl() == Var)
          Found.push_back(Op->getRHS());
        return true;
      }
    } F;
    F.Var = Var;
    F.TraverseStmt(const_cast<Stmt *>(Loop));
    return F.Found;
  }

  const ModelIndex &Index;
  const Stmt *Loop;
};

} // namespace

const Groundwork::LoopSummary &Groundwork::summarise(const Stmt *Loop) const {
  auto [It, New] = Loops.try_emplace(Loop);
  if (!New)
    return It->second;
  LoopReader Reader(*Index, Loop);
  Reader.TraverseStmt(const_cast<Stmt *>(Loop));
  It->second.Acquires = Reader.Acquires;
  It->second.Unknown = Reader.Unknown;
  It->second.Released = Reader.Released;
  It->second.Passed = Reader.Passed;
  return It->second;
}

/// The loop whose condition \p Condition is (a part of), or null.
static const Stmt *loopOf(const Stmt *Condition, const ParentMap &Parents) {
  const Stmt *Child = Condition;
  const Stmt *Parent = Parents.getParent(Child);
  while (isa_and_nonnull<Expr>(Parent)) {
    Child = Parent;
    Parent = Parents.getParent(Child);
  }
  if (const auto *For = dyn_cast_or_null<ForStmt>(Parent))
    return For->getCond() == Child ? For : nullptr;
  if (const auto *While = dyn_cast_or_null<WhileStmt>(Parent))
    return While->getCond() == Child ? While : nullptr;
  return nullptr;
}

/// A loop that gives back the elements of an array gives back what the array
/// holds, however often it runs: that its bound is the right one is another
/// question than whether anything is lost.  A loop that hands elements on is
/// taken to do so where something is held, even on the path that leaves it at
/// once.
void Groundwork::checkBranchCondition(const Stmt *Condition,
                                      CheckerContext &C) const {
  ProgramStateRef State = C.getState();
  if (!hasHoldings(State))
    return;
  const LocationContext *LCtx = C.getLocationContext();
  const Stmt *Loop = loopOf(Condition, LCtx->getParentMap());
  if (!Loop)
    return;
  const LoopSummary &Summary = summarise(Loop);
  if (Summary.Acquires)
    return;
  for (const Expr *Array : Summary.Released) {
    SVal V = peek(Array, State, LCtx);
    State = setStatus(State, Holding::Released, [&](const HoldingEntry &E) {
      return !V.isUnknown() && mentions(E, V, State);
    });
  }
  if (Summary.Unknown)
    State = setStatus(State, Holding::Escaped,
                      [](const HoldingEntry &) { return true; });
  auto Enters = C.getSVal(Condition).getAs<DefinedOrUnknownSVal>();
  if (C.blockCount() == 1 && Enters && !State->assume(*Enters, true))
    for (const Expr *Array : Summary.Passed) {
      SVal V = peek(Array, State, LCtx);
      State = setStatus(State, Holding::Escaped, [&](const HoldingEntry &E) {
        return !V.isUnknown() && mentions(E, V, State);
      });
    }
  C.addTransition(State);
}

const Groundwork &groundworkOf(CheckerManager &Mgr) {
  return *Mgr.getChecker<Groundwork>();
}

} // namespace pagewarden
