//===- Acquisition.cpp - Calls that take something ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/FlagValues.h"
#include "pagewarden/Engine/Groundwork.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

using model::Place;
using model::Result;

namespace {

/// Evaluates one acquisition: one state for its failure, one for its success.
class Acquisition {
public:
  /// \p Clears is the flag that asks for zeroes, or 0.
  Acquisition(const model::Function &Fn, const CallEvent &Call,
              CheckerContext &C, uint64_t Clears)
      : Fn(Fn), Call(Call), C(C), Clears(Clears), Builder(C.getSValBuilder()),
        Ret(makeResult()), State(bindResult(C.getState(), Call, C, Ret)) {}

  void run() {
    if (Fn.Extra)
      State = share(State);
    if (Fn.Extra || isPrefault()) {
      C.addTransition(State);
      return;
    }
    if (Fn.Resource == "memory") {
      allocate();
      return;
    }
    assumeSomeAsked();
    if (ProgramStateRef Failed = failure())
      C.addTransition(Failed);
    if (ProgramStateRef Taken = success())
      C.addTransition(Taken);
  }

private:
  /// An address that is returned as a number (__get_free_pages()) is an address
  /// all the same, also after it was cast.
  SVal makeResult() {
    QualType Type = Call.getResultType();
    ASTContext &Ctx = C.getASTContext();
    if (!Fn.hasContext("address") || !Type->isIntegerType())
      return conjureResult(Call, C);
    auto Address =
        compat::conjure(C, Call, Ctx.getPointerType(Ctx.CharTy)).getAs<Loc>();
    return Address ? Builder.makeLocAsInteger(*Address, Ctx.getTypeSize(Type))
                   : conjureResult(Call, C);
  }

  /// A NULL array asks for no references.
  bool isPrefault() const {
    return Fn.Object.Base == Place::Arg && !Fn.Object.Indirect &&
           State->isNull(placeArg(Fn.Object, Call, C)).isConstrainedTrue();
  }

  /// A call for less than one page is another fault, and no path of its own.
  void assumeSomeAsked() {
    SVal Asked = valueOf(Fn.Requested, Call, State, Ret);
    if (!Asked.getAsSymbol())
      return;
    if (ProgramStateRef Some = assuming(State, Asked, BO_GT, 0))
      State = Some;
  }

  /// One more reference to what is held already.
  ProgramStateRef share(ProgramStateRef S) {
    SVal Object = placeArg(Fn.Object, Call, C);
    for (const HoldingEntry &E : holdings(S))
      if (mentions(E, Object, S))
        S = setHolding(S, E.first, E.second.shared());
    if (SymbolRef Sym = objectSymbol(Object))
      S = noteTakenAgain(S, Sym);
    return notePending(S, Call.getOriginExpr());
  }

  void allocate() {
    SymbolRef Sym = Ret.getAsLocSymbol();
    if (!Sym) {
      C.addTransition(State);
      return;
    }
    State = setErrPtr(addOwnMemory(State, Sym), Sym, false);
    if (isZeroed())
      State = State->bindDefaultZero(Ret, C.getLocationContext());
    C.addTransition(State);
  }

  /// By itself, or since the flags ask for it; those may be in part unknown.
  bool isZeroed() const {
    if (Fn.hasContext("zeroed"))
      return true;
    if (!Clears || !Fn.Flags || *Fn.Flags >= Call.getNumArgs())
      return false;
    SVal Flags = Call.getArgSVal(*Fn.Flags);
    if (const llvm::APSInt *Known = knownNumber(State, Flags))
      return Known->getZExtValue() & Clears;
    const auto *Union = dyn_cast_or_null<SymIntExpr>(Flags.getAsSymbol());
    if (!Union || Union->getOpcode() != BO_Or)
      return false;
    const llvm::APSInt &Bits = Union->getRHS();
    return (Bits.getZExtValue() & Clears) != 0;
  }

  ProgramStateRef assume(ProgramStateRef S, BinaryOperatorKind Op, int64_t N) {
    return assuming(S, Ret, Op, N);
  }

  ProgramStateRef failure() {
    switch (Fn.TheResult) {
    case Result::None:
      return nullptr;
    case Result::CountOrErrno:
    case Result::BytesOrErrno:
    case Result::ZeroOrErrno: {
      ProgramStateRef S = assume(State, BO_LT, 0);
      if (S)
        S = assume(S, BO_GE, -MaxErrno);
      SymbolRef Sym = Ret.getAsSymbol();
      return S && Sym ? noteErrno(S, Sym, Call.getOriginExpr()) : S;
    }
    case Result::CountOrZero:
    case Result::Bool:
      return assume(State, BO_EQ, 0);
    case Result::PointerOrNull:
      return noteFailed(
          bindResult(State, Call, C, Builder.makeZeroVal(Call.getResultType())),
          Call.getOriginExpr());
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
      S = assume(S, BO_GE, 0);
      if (S && Fn.Requested)
        S = limit(S, Fn.Requested);
      break;
    case Result::BytesOrErrno:
      S = assume(S, BO_GE, 0);
      if (S && Fn.Size)
        S = limit(S, Fn.Size);
      break;
    case Result::ZeroOrErrno:
      S = assume(S, BO_EQ, 0);
      break;
    case Result::CountOrZero:
    case Result::Bool:
      S = assume(S, BO_GT, 0);
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
        S = assumePositive(S, Number);
    }
    return S;
  }

  static ProgramStateRef assumePositive(ProgramStateRef S, SVal Number) {
    ProgramStateRef Result = assuming(S, Number, BO_GT, 0);
    return Result ? Result : S;
  }

  /// Never more are taken than were asked for.
  ProgramStateRef limit(ProgramStateRef S, const model::Amount &Most) {
    SVal Asked = valueOf(Most, Call, S, Ret);
    if (Asked.isUnknownOrUndef())
      return S;
    QualType Type = Call.getResultType();
    SVal Same = Builder.evalCast(Asked, Type, QualType());
    ProgramStateRef Limited = assuming(S, Ret, BO_LE, Same);
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
    bool Own = Memory != Content && isOwnMemory(S, Memory);
    bool Direct = Fn.Object.Base == Place::Ret && !Fn.Object.Array;
    bool Outlives = !Own && !Direct && !compat::isOnStack(Base);
    SVal Count = Fn.Count
                     ? valueOf(Fn.Count, Call, S, Ret)
                     : SVal(Builder.makeIntVal(1, Builder.getArrayIndexType()));
    SVal Flags = Fn.Flags && *Fn.Flags < Call.getNumArgs()
                     ? Call.getArgSVal(*Fn.Flags)
                     : SVal(UnknownVal());
    SVal Extent = valueOf(Fn.Order ? Fn.Order : Fn.Size, Call, S, Ret);
    Holding H(&Fn, Call.getOriginExpr(), Count, Asked, Flags, Extent, Content,
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
    SymbolRef Sym = Ret.getAsLocSymbol();
    const MemRegion *Target = Ret.getAsRegion();
    if (!Target)
      return {S, nullptr, nullptr};
    if (Sym && (Fn.Object.Array || Fn.hasContext("address")))
      S = addOwnMemory(S, Sym);
    if (Sym && isZeroed())
      S = S->bindDefaultZero(Builder.makeLoc(Sym), C.getLocationContext());
    return {S, Target, Fn.Object.Array ? nullptr : Sym};
  }

  /// The call may allocate the array and store its address.
  Placed placeNewArray(ProgramStateRef S, const MemRegion *Target) {
    QualType Type = pointee(Fn.Object.Index);
    if (Type.isNull())
      return {S, nullptr, nullptr};
    loc::MemRegionVal Where(Target);
    SVal Before = S->getSVal(Where, Type);
    const MemRegion *Array = Before.getAsRegion();
    // The engine does not say of a variable that it has an address.
    bool IsThere = Array && (!Before.getAsSymbol(/*IncludeBaseRegions=*/true) ||
                             S->isNonNull(Before).isConstrainedTrue());
    if (!IsThere) {
      auto Fresh = compat::conjure(C, Call, Type, &ArrayTag);
      S = S->bindLoc(Where, Fresh, C.getLocationContext());
      // What holds something is there.
      if (ProgramStateRef NonNull = S->assume(Fresh, true))
        S = NonNull;
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
  uint64_t Clears;
  SValBuilder &Builder;
  SVal Ret;
  ProgramStateRef State;
};

} // namespace

void Groundwork::evalAcquire(const model::Function &Fn, const CallEvent &Call,
                             CheckerContext &C) const {
  if (!Clears) {
    Clears = 0;
    FlagValues Values(C.getASTContext(), C.getPreprocessor());
    for (const auto &Mark : TheModel->marks())
      if (Mark->Kind == "gfp-clears")
        for (const std::string &Name : Mark->Names)
          Clears = *Clears | Values.of(Name).value_or(0);
  }
  Acquisition(Fn, Call, C, *Clears).run();
}

} // namespace pagewarden
