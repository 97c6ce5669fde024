//===- Holdings.cpp - What a path holds -----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Evaluation.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h"

using namespace clang;
using namespace ento;

REGISTER_MAP_WITH_PROGRAMSTATE(HoldingMap, const MemRegion *,
                               pagewarden::Holding)
REGISTER_MAP_WITH_PROGRAMSTATE(AliasMap, SymbolRef, SVal)
REGISTER_SET_WITH_PROGRAMSTATE(OwnMemory, SymbolRef)
REGISTER_MAP_WITH_PROGRAMSTATE(ErrPtrs, SymbolRef, bool)
REGISTER_MAP_WITH_PROGRAMSTATE(GivenBack, SymbolRef, const Expr *)
REGISTER_MAP_WITH_PROGRAMSTATE(Errnos, SymbolRef, const Expr *)
REGISTER_SET_WITH_PROGRAMSTATE(TakenAgain, SymbolRef)
REGISTER_SET_WITH_PROGRAMSTATE(FailedCalls, const Expr *)
REGISTER_SET_WITH_PROGRAMSTATE(ExtraCalls, const Expr *)
REGISTER_TRAIT_WITH_PROGRAMSTATE(PendingExtra, const void *)
REGISTER_TRAIT_WITH_PROGRAMSTATE(RefusedBy, const void *)
REGISTER_MAP_WITH_PROGRAMSTATE(OuterMemory, SymbolRef, SymbolRef)
REGISTER_TRAIT_WITH_PROGRAMSTATE(SawExplored, bool)

namespace {
/// What a path knows of its iterator.
enum class IteratorKind : unsigned { Unknown, Pins, NoPins };
} // namespace

REGISTER_TRAIT_WITH_PROGRAMSTATE(IteratorKindState, unsigned)

namespace pagewarden {

void Holding::Profile(llvm::FoldingSetNodeID &ID) const {
  ID.AddPointer(By);
  ID.AddPointer(Site);
  Count.Profile(ID);
  Asked.Profile(ID);
  Flags.Profile(ID);
  Extent.Profile(ID);
  ID.AddPointer(Content);
  ID.AddPointer(Owner);
  ID.AddPointer(ReleasedAt);
  ID.AddPointer(FailedIn);
  ID.AddBoolean(Outlives);
  ID.AddBoolean(Shared);
  ID.AddBoolean(Measured);
  ID.AddBoolean(Callers);
  ID.AddBoolean(InRecord);
  ID.AddInteger(Status);
  ID.AddInteger(Way);
}

void Holding::print(llvm::raw_ostream &OS) const {
  static constexpr llvm::StringLiteral Words[] = {"held", "released",
                                                  "escaped"};
  OS << Words[Status] << ' ' << By->Resource << " by " << By->Name << ", count "
     << Count;
  if (Owner)
    OS << ", owned by " << Owner;
  if (Outlives)
    OS << ", outlives";
}

const MemRegion *arrayBase(const MemRegion *R) {
  while (const auto *Element = dyn_cast_or_null<ElementRegion>(R))
    R = Element->getSuperRegion();
  return R;
}

static const MemRegion *withoutZeroes(const MemRegion *R) {
  while (const auto *Element = dyn_cast_or_null<ElementRegion>(R)) {
    if (!Element->getIndex().isZeroConstant())
      break;
    R = Element->getSuperRegion();
  }
  return R;
}

bool isSamePlace(const MemRegion *A, const MemRegion *B) {
  return withoutZeroes(A) == withoutZeroes(B);
}

SymbolRef memoryOf(const MemRegion *R) {
  const auto *Base = R ? R->getBaseRegion()->getAs<SymbolicRegion>() : nullptr;
  return Base ? Base->getSymbol() : nullptr;
}

llvm::SmallVector<HoldingEntry, 4> holdings(ProgramStateRef State) {
  llvm::SmallVector<HoldingEntry, 4> Result;
  for (const auto &[Key, H] : State->get<HoldingMap>())
    Result.emplace_back(Key, H);
  return Result;
}

bool hasHoldings(ProgramStateRef State) {
  return !State->get<HoldingMap>().isEmpty();
}

ProgramStateRef setHolding(ProgramStateRef State, const MemRegion *Key,
                           const Holding &H) {
  return State->set<HoldingMap>(Key, H);
}

ProgramStateRef release(ProgramStateRef State, const Expr *At,
                        HoldingTest Which) {
  for (const HoldingEntry &E : holdings(State))
    if (E.second.isHeld() && Which(E))
      State = setHolding(State, E.first, E.second.released(At));
  return State;
}

ProgramStateRef escape(ProgramStateRef State, Holding::WayKind How,
                       HoldingTest Which) {
  for (const HoldingEntry &E : holdings(State))
    if (E.second.isHeld() && Which(E))
      State = setHolding(State, E.first, E.second.escaped(How));
  return State;
}

/// The value that \p Sym is another name of, or \p Sym itself.
static SVal resolveAlias(SVal V, ProgramStateRef State) {
  for (unsigned Steps = 0; Steps < 4; ++Steps) {
    SymbolRef Sym = V.getAsSymbol(/*IncludeBaseRegions=*/true);
    const SVal *Original = Sym ? State->get<AliasMap>(Sym) : nullptr;
    if (!Original)
      return V;
    V = *Original;
  }
  return V;
}

/// \p Sym was loaded from the array of \p E, or is its single object.
static bool isObject(const HoldingEntry &E, SymbolRef Sym) {
  if (E.second.content() == Sym)
    return true;
  // What is stored in a page is not the page.
  if (E.second.acquiredBy()->hasContext("address"))
    return false;
  const MemRegion *Origin = Sym->getOriginRegion();
  return Origin && arrayBase(Origin) == arrayBase(E.first);
}

static bool denotesSymbol(const HoldingEntry &E, SymbolRef Sym) {
  // A pointer that a call returned points to what is held.
  const auto *Key = dyn_cast<SymbolicRegion>(E.first);
  if (Key && !E.second.acquiredBy()->Object.Array && Key->getSymbol() == Sym)
    return true;
  return isObject(E, Sym);
}

bool denotesObject(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  V = resolveAlias(V, State);
  if (const MemRegion *R = V.getAsRegion()) {
    // A member of the object, or a neighbour of it, names it as well.
    const auto *Base = R->getBaseRegion()->getAs<SymbolicRegion>();
    return Base && denotesSymbol(E, Base->getSymbol());
  }
  SymbolRef Sym = V.getAsSymbol();
  return Sym && denotesSymbol(E, Sym);
}

bool denotes(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  if (const MemRegion *R = V.getAsRegion();
      R && arrayBase(R) == arrayBase(E.first))
    return true;
  return denotesObject(E, V, State);
}

bool isInside(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  SymbolRef Sym = memoryOf(V.getAsRegion());
  const SVal *Original = Sym ? State->get<AliasMap>(Sym) : nullptr;
  return Original && denotesObject(E, *Original, State);
}

bool mentions(const HoldingEntry &E, SVal V, ProgramStateRef State) {
  if (denotes(E, V, State))
    return true;
  SymbolRef Sym = V.getAsSymbol(/*IncludeBaseRegions=*/true);
  if (!Sym)
    return false;
  const MemRegion *Base = arrayBase(E.first);
  for (SymbolRef Part : Sym->symbols()) {
    if (denotesSymbol(E, Part) || memoryOf(Base) == Part)
      return true;
    if (const SVal *Original = State->get<AliasMap>(Part);
        Original && denotes(E, *Original, State))
      return true;
  }
  return false;
}

bool mayBeNonEmpty(const HoldingEntry &E, ProgramStateRef State) {
  return assuming(State, E.second.count(), BO_GT, 0) != nullptr;
}

bool isPartial(const HoldingEntry &E, ProgramStateRef State) {
  return !assuming(State, E.second.count(), BO_EQ, E.second.asked());
}

ProgramStateRef addAlias(ProgramStateRef State, SVal Other, SVal Original) {
  SymbolRef Sym = Other.getAsSymbol(/*IncludeBaseRegions=*/true);
  if (!Sym || Original.isUnknownOrUndef())
    return State;
  return State->set<AliasMap>(Sym, resolveAlias(Original, State));
}

SymbolRef originalOf(ProgramStateRef State, SymbolRef Sym) {
  const SVal *Original = State->get<AliasMap>(Sym);
  SymbolRef Object = Original ? objectSymbol(*Original) : nullptr;
  return Object ? Object : Sym;
}

const Expr *givenBackAt(ProgramStateRef State, SymbolRef Sym) {
  const Expr *const *At = State->get<GivenBack>(Sym);
  return At ? *At : nullptr;
}

bool hasGivenBack(ProgramStateRef State) {
  return !State->get<GivenBack>().isEmpty();
}

ProgramStateRef noteGivenBack(ProgramStateRef State, SymbolRef Sym,
                              const Expr *At) {
  return State->contains<TakenAgain>(Sym) ? State->remove<TakenAgain>(Sym)
                                          : State->set<GivenBack>(Sym, At);
}

ProgramStateRef noteTakenAgain(ProgramStateRef State, SymbolRef Sym) {
  return State->remove<GivenBack>(Sym)->add<TakenAgain>(Sym);
}

llvm::SmallVector<const Expr *, 2> extraCalls(ProgramStateRef State) {
  llvm::SmallVector<const Expr *, 2> Result;
  for (const Expr *Call : State->get<ExtraCalls>())
    Result.push_back(Call);
  return Result;
}

ProgramStateRef notePending(ProgramStateRef State, const Expr *Call) {
  return State->add<ExtraCalls>(Call)->set<PendingExtra>(Call)->set<RefusedBy>(
      nullptr);
}

ProgramStateRef settlePending(ProgramStateRef State, const Expr *By,
                              bool Failed) {
  if (!Failed)
    return dropPending(State);
  return State->get<PendingExtra>() ? State->set<RefusedBy>(By) : State;
}

ProgramStateRef dropPending(ProgramStateRef State) {
  return State->set<PendingExtra>(nullptr)->set<RefusedBy>(nullptr);
}

std::optional<Refused> refused(ProgramStateRef State) {
  const auto *By = static_cast<const Expr *>(State->get<RefusedBy>());
  if (!By)
    return std::nullopt;
  return Refused{static_cast<const Expr *>(State->get<PendingExtra>()), By};
}

bool hasFailed(ProgramStateRef State, const Expr *Call) {
  return State->contains<FailedCalls>(Call);
}

ProgramStateRef noteFailed(ProgramStateRef State, const Expr *Call) {
  return State->add<FailedCalls>(Call);
}

const Expr *errnoFrom(ProgramStateRef State, SymbolRef Sym) {
  const Expr *const *Call = State->get<Errnos>(Sym);
  return Call ? *Call : nullptr;
}

ProgramStateRef noteErrno(ProgramStateRef State, SymbolRef Sym,
                          const Expr *Call) {
  return State->set<Errnos>(Sym, Call);
}

ProgramStateRef forgetErrno(ProgramStateRef State, const Expr *Call) {
  for (const auto &[Sym, Of] : State->get<Errnos>())
    if (Of == Call)
      State = State->remove<Errnos>(Sym);
  return State;
}

ProgramStateRef removeDeadNotes(ProgramStateRef State, SymbolReaper &Reaper) {
  for (const auto &[Sym, At] : State->get<GivenBack>())
    if (Reaper.isDead(Sym))
      State = State->remove<GivenBack>(Sym);
  for (const auto &[Sym, Call] : State->get<Errnos>())
    if (Reaper.isDead(Sym))
      State = State->remove<Errnos>(Sym);
  return State;
}

bool isBlank(ProgramStateRef State) {
  return State->get<HoldingMap>().isEmpty() &&
         State->get<GivenBack>().isEmpty() && State->get<Errnos>().isEmpty() &&
         !State->get<SawExplored>();
}

ProgramStateRef noteExplored(ProgramStateRef State) {
  return State->set<SawExplored>(true);
}

uint64_t summaryOf(ProgramStateRef State) {
  const std::optional<bool> Pins = iteratorPins(State);
  llvm::hash_code Hash = llvm::hash_combine(
      bool(State->get<SawExplored>()), Pins.has_value(), Pins.value_or(false));
  for (const auto &[Key, H] : State->get<HoldingMap>())
    Hash = llvm::hash_combine(Hash, H.site(), unsigned(H.status()),
                              unsigned(H.way()), H.releasedAt(), H.isShared(),
                              H.failedIn(), H.owner() != nullptr);
  for (const auto &[Sym, At] : State->get<GivenBack>())
    Hash = llvm::hash_combine(Hash, At);
  for (const auto &[Sym, Call] : State->get<Errnos>())
    Hash = llvm::hash_combine(Hash, Call);
  return size_t(Hash);
}

std::optional<bool> isErrPtr(ProgramStateRef State, SymbolRef Sym) {
  const bool *Known = State->get<ErrPtrs>(Sym);
  return Known ? std::optional<bool>(*Known) : std::nullopt;
}

ProgramStateRef setErrPtr(ProgramStateRef State, SymbolRef Sym, bool IsErr) {
  return State->set<ErrPtrs>(Sym, IsErr);
}

std::optional<bool> iteratorPins(ProgramStateRef State) {
  auto Kind = IteratorKind(State->get<IteratorKindState>());
  return Kind == IteratorKind::Unknown
             ? std::nullopt
             : std::optional<bool>(Kind == IteratorKind::Pins);
}

ProgramStateRef setIteratorPins(ProgramStateRef State, bool Pins) {
  return State->set<IteratorKindState>(
      unsigned(Pins ? IteratorKind::Pins : IteratorKind::NoPins));
}

bool isOwnMemory(ProgramStateRef State, SymbolRef Sym) {
  return Sym && State->contains<OwnMemory>(Sym);
}

ProgramStateRef addOwnMemory(ProgramStateRef State, SymbolRef Sym) {
  return State->add<OwnMemory>(Sym);
}

ProgramStateRef setOuter(ProgramStateRef State, SymbolRef Sym,
                         SymbolRef Outer) {
  // No circles: a list's head and its first entry lead to each other.
  for (const SymbolRef *Next = &Outer; Next;
       Next = State->get<OuterMemory>(*Next))
    if (*Next == Sym)
      return State;
  return State->set<OuterMemory>(Sym, Outer);
}

SymbolRef outermost(ProgramStateRef State, SymbolRef Sym) {
  while (const SymbolRef *Outer = Sym ? State->get<OuterMemory>(Sym) : nullptr)
    Sym = *Outer;
  return Sym;
}

ProgramStateRef removeOwnMemory(ProgramStateRef State, SymbolRef Sym) {
  return State->remove<OwnMemory>(Sym);
}

} // namespace pagewarden
