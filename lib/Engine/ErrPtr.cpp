//===- ErrPtr.cpp - IS_ERR() and other questions ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Evaluation.h"
#include "pagewarden/Engine/Groundwork.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

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
    // What was taken is there.
    if (!Known && llvm::any_of(holdings(State), [&](const HoldingEntry &E) {
          return E.second.content() == Sym;
        }))
      Known = false;
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
    for (auto [Op, Bound] :
         {std::pair(BO_LT, int64_t(0)), std::pair(BO_GE, -MaxErrno)})
      if (ProgramStateRef Limited = assuming(S, Some, Op, Bound))
        S = Limited;
    return S;
  }

  bool OrZero, Errno, OrNull;
  const CallEvent &Call;
  CheckerContext &C;
  SVal Pointer;
  ProgramStateRef State;
};

} // namespace

/// Whether an iterator's pages are pinned: asked once, it stays so.
static void askIterator(bool YesPins, const CallEvent &Call,
                        CheckerContext &C) {
  ProgramStateRef State = C.getState();
  std::optional<bool> Pins = iteratorPins(State);
  auto Answer = [&](ProgramStateRef S, bool Yes) {
    C.addTransition(bindResult(
        S, Call, C, C.getSValBuilder().makeIntVal(Yes, Call.getResultType())));
  };
  // An iterator that is not of one kind without pins may be of another.
  if (Pins.value_or(YesPins) == YesPins)
    Answer(setIteratorPins(State, YesPins), true);
  if (!YesPins)
    Answer(State, false);
  else if (!Pins.value_or(false))
    Answer(setIteratorPins(State, false), false);
}

void Groundwork::evalTest(const model::Function &Fn, const CallEvent &Call,
                          CheckerContext &C) const {
  bool Asks = llvm::any_of(Fn.Context, [](llvm::StringRef Word) {
    return Word.starts_with("asks:");
  });
  if (Fn.hasContext("asks:pins") || Fn.hasContext("asks:no-pins"))
    askIterator(Fn.hasContext("asks:pins"), Call, C);
  else if (Asks && Call.getNumArgs() == 1)
    ErrPtrTest(Fn, Call, C).run();
  else
    evalPlain(Call, C);
}

} // namespace pagewarden
