//===- Holdings.h - What a path holds ---------------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The state that all checks of page references share: for each acquisition on
/// a path, what is held, where it is, and what counts it.
///
///                    acquire, result says success
///        (nothing) ───────────────────────────────► Held
///                                                    │
///     release by count, by element in a loop, singly │  handed over, stored
///                 ┌──────────────────────────────────┤  where it outlives, or
///                 ▼                                  ▼  out of sight
///             Released                            Escaped
///
/// Released and Escaped are final.  A holding that is Held when the last way
/// to give it back is gone is a leak; that judgement is a checker's.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_HOLDINGS_H
#define PAGEWARDEN_ENGINE_HOLDINGS_H

#include "pagewarden/Model/Model.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace pagewarden {

/// One acquisition on a path.
class Holding {
public:
  enum StatusKind { Held, Released, Escaped };

  /// How a holding got out of sight.
  enum WayKind {
    None,
    Stored,   ///< where it outlives the function
    Handed,   ///< to something that the model knows to give it back
    Passed,   ///< to code that is not known
    Returned, ///< to the caller
    Judged    ///< it was reported; nothing more is said of it
  };

  Holding(const model::Function *By, const clang::Expr *Site,
          clang::ento::SVal Count, clang::ento::SVal Asked,
          clang::ento::SVal Flags, clang::ento::SVal Extent,
          clang::ento::SymbolRef Content, clang::ento::SymbolRef Owner,
          bool Outlives)
      : By(By), Site(Site), Count(Count), Asked(Asked), Flags(Flags),
        Extent(Extent), Content(Content), Owner(Owner), Outlives(Outlives) {}

  /// The model's entry of the call that took it, and the call.
  const model::Function *acquiredBy() const { return By; }
  const clang::Expr *site() const { return Site; }
  llvm::StringRef resource() const { return By->Resource; }

  /// How many are held; the holding is empty where this is not positive.
  clang::ento::SVal count() const { return Count; }
  /// How many were asked for; unknown where the model does not say.
  clang::ento::SVal asked() const { return Asked; }
  /// The flags it was taken with; unknown where the function has none.
  clang::ento::SVal flags() const { return Flags; }
  /// The order, or else the size in bytes, that it was taken with; unknown
  /// where there is no such thing.
  clang::ento::SVal extent() const { return Extent; }
  /// The symbol of the object itself (single object), or null.
  clang::ento::SymbolRef content() const { return Content; }
  /// Memory allocated on this path that holds the array or its address; when
  /// it is freed, so is the way to the pages.  Null when there is none.
  clang::ento::SymbolRef owner() const { return Owner; }
  /// The array belongs to somebody outside: the end of the function is no
  /// loss.
  bool outlives() const { return Outlives; }

  StatusKind status() const { return Status; }
  bool isHeld() const { return Status == Held; }
  WayKind way() const { return Way; }
  /// The call that gave it back, or the condition of the loop that did; null
  /// unless Released.
  const clang::Expr *releasedAt() const { return ReleasedAt; }
  /// One more reference was taken to what is held: who gives back what is not
  /// to be told any more.
  bool isShared() const { return Shared; }
  /// The count was held against something that is no constant, so the path may
  /// know more of it than the engine does.
  bool isMeasured() const { return Measured; }
  /// The function that took it and has returned with it still held, saying
  /// failure or keeping to itself where it is; or null.
  const clang::Decl *failedIn() const { return FailedIn; }
  /// The function that took it has returned, and its caller has it.
  bool isCallers() const { return Callers; }
  /// It was stored in a structure that is a local variable.
  bool isInRecord() const { return InRecord; }

  Holding released(const clang::Expr *At) const {
    Holding Result = *this;
    Result.Status = Released;
    Result.ReleasedAt = At;
    return Result;
  }
  Holding escaped(WayKind How) const {
    Holding Result = *this;
    Result.Status = Escaped;
    Result.Way = How;
    return Result;
  }
  Holding shared() const {
    Holding Result = *this;
    Result.Shared = true;
    return Result;
  }
  Holding measured() const {
    Holding Result = *this;
    Result.Measured = true;
    return Result;
  }
  Holding failed(const clang::Decl *In) const {
    Holding Result = *this;
    Result.FailedIn = In;
    return Result;
  }
  Holding callers() const {
    Holding Result = *this;
    Result.Callers = true;
    return Result;
  }
  Holding inRecord() const {
    Holding Result = *this;
    Result.InRecord = true;
    return Result;
  }
  Holding ownedBy(clang::ento::SymbolRef NewOwner) const {
    Holding Result = *this;
    Result.Owner = NewOwner;
    Result.Outlives = false;
    return Result;
  }

  bool operator==(const Holding &O) const = default;
  void Profile(llvm::FoldingSetNodeID &ID) const;
  void print(llvm::raw_ostream &OS) const;

private:
  const model::Function *By;
  const clang::Expr *Site;
  clang::ento::SVal Count, Asked, Flags, Extent;
  clang::ento::SymbolRef Content, Owner;
  const clang::Expr *ReleasedAt = nullptr;
  const clang::Decl *FailedIn = nullptr;
  bool Outlives;
  bool Shared = false, Measured = false, Callers = false, InRecord = false;
  StatusKind Status = Held;
  WayKind Way = None;
};

/// A holding with its key: the region that was passed to the acquiring call,
/// or that the returned pointer points to.
using HoldingEntry = std::pair<const clang::ento::MemRegion *, Holding>;

/// The region without its element selections: &pages[i] and pages are one.
const clang::ento::MemRegion *arrayBase(const clang::ento::MemRegion *R);

/// Both point to the same place: '&pages[0]' and 'pages' are one.
bool isSamePlace(const clang::ento::MemRegion *A,
                 const clang::ento::MemRegion *B);

/// The symbol of the memory that \p R lies in, or null when it is a variable.
clang::ento::SymbolRef memoryOf(const clang::ento::MemRegion *R);

/// All holdings of \p State.
llvm::SmallVector<HoldingEntry, 4> holdings(clang::ento::ProgramStateRef State);

/// True when no state of any kind is kept: nothing on this path was taken.
bool hasHoldings(clang::ento::ProgramStateRef State);

clang::ento::ProgramStateRef setHolding(clang::ento::ProgramStateRef State,
                                        const clang::ento::MemRegion *Key,
                                        const Holding &H);

using HoldingTest = llvm::function_ref<bool(const HoldingEntry &)>;

/// The held holdings for which \p Which says yes are given back \p At.
clang::ento::ProgramStateRef release(clang::ento::ProgramStateRef State,
                                     const clang::Expr *At, HoldingTest Which);

/// Those for which \p Which says yes get out of sight.
clang::ento::ProgramStateRef escape(clang::ento::ProgramStateRef State,
                                    Holding::WayKind How, HoldingTest Which);

/// \p V is the array of \p E, a pointer into it, or one of its objects.
bool denotes(const HoldingEntry &E, clang::ento::SVal V,
             clang::ento::ProgramStateRef State);

/// \p V is one of the objects of \p E (not the array that they are in).
bool denotesObject(const HoldingEntry &E, clang::ento::SVal V,
                   clang::ento::ProgramStateRef State);

/// \p V points into what an object of \p E contains: it was computed from the
/// address that the object was mapped at.
bool isInside(const HoldingEntry &E, clang::ento::SVal V,
              clang::ento::ProgramStateRef State);

/// Some part of the expression that \p V stands for denotes \p E.
bool mentions(const HoldingEntry &E, clang::ento::SVal V,
              clang::ento::ProgramStateRef State);

/// May \p E hold anything, as far as the path's constraints say?
bool mayBeNonEmpty(const HoldingEntry &E, clang::ento::ProgramStateRef State);

/// Is it certain that fewer were taken than were asked for?
bool isPartial(const HoldingEntry &E, clang::ento::ProgramStateRef State);

/// \p Other is another name of what \p Original denotes (a folio of its page).
clang::ento::ProgramStateRef addAlias(clang::ento::ProgramStateRef State,
                                      clang::ento::SVal Other,
                                      clang::ento::SVal Original);

/// The object that \p Sym is another name of, or maps; else \p Sym itself.
clang::ento::SymbolRef originalOf(clang::ento::ProgramStateRef State,
                                  clang::ento::SymbolRef Sym);

/// The call that gave the object \p Sym back on this path, or null.  Objects
/// that were not taken on the path are known here as well.
const clang::Expr *givenBackAt(clang::ento::ProgramStateRef State,
                               clang::ento::SymbolRef Sym);
bool hasGivenBack(clang::ento::ProgramStateRef State);
clang::ento::ProgramStateRef noteGivenBack(clang::ento::ProgramStateRef State,
                                           clang::ento::SymbolRef Sym,
                                           const clang::Expr *At);
/// One more reference to \p Sym: one of those who give it back is right.
clang::ento::ProgramStateRef noteTakenAgain(clang::ento::ProgramStateRef State,
                                            clang::ento::SymbolRef Sym);

/// All calls of this path that took one more reference.
llvm::SmallVector<const clang::Expr *, 2>
extraCalls(clang::ento::ProgramStateRef State);

/// A reference that was taken for somebody who did not take it over.
struct Refused {
  const clang::Expr *Taken, *By;
};
/// The call took one more reference, and nothing was done with it so far.
clang::ento::ProgramStateRef notePending(clang::ento::ProgramStateRef State,
                                         const clang::Expr *Call);
/// Whoever it was for, \p By, has it now, or has \p Failed.
clang::ento::ProgramStateRef settlePending(clang::ento::ProgramStateRef State,
                                           const clang::Expr *By, bool Failed);
/// Something was given back: that may have been it.
clang::ento::ProgramStateRef dropPending(clang::ento::ProgramStateRef State);
std::optional<Refused> refused(clang::ento::ProgramStateRef State);

/// Acquiring calls that returned NULL on this path.
bool hasFailed(clang::ento::ProgramStateRef State, const clang::Expr *Call);
clang::ento::ProgramStateRef noteFailed(clang::ento::ProgramStateRef State,
                                        const clang::Expr *Call);

/// The acquiring call whose negative result \p Sym is on this path, or null.
const clang::Expr *errnoFrom(clang::ento::ProgramStateRef State,
                             clang::ento::SymbolRef Sym);
clang::ento::ProgramStateRef noteErrno(clang::ento::ProgramStateRef State,
                                       clang::ento::SymbolRef Sym,
                                       const clang::Expr *Call);

/// Nothing more is to be said of the error of \p Call.
clang::ento::ProgramStateRef forgetErrno(clang::ento::ProgramStateRef State,
                                         const clang::Expr *Call);

/// Forgets what is known of symbols that \p Reaper calls dead.
clang::ento::ProgramStateRef removeDeadNotes(clang::ento::ProgramStateRef State,
                                             clang::ento::SymbolReaper &Reaper);

/// What IS_ERR() says of the pointer \p Sym, where it is known on this path.
std::optional<bool> isErrPtr(clang::ento::ProgramStateRef State,
                             clang::ento::SymbolRef Sym);
clang::ento::ProgramStateRef setErrPtr(clang::ento::ProgramStateRef State,
                                       clang::ento::SymbolRef Sym, bool IsErr);

/// Whether the path's iterator is one whose pages are pinned, where the path
/// has asked.
std::optional<bool> iteratorPins(clang::ento::ProgramStateRef State);
clang::ento::ProgramStateRef setIteratorPins(clang::ento::ProgramStateRef State,
                                             bool Pins);

/// Nothing is known on this path that a report could be about: nothing was
/// taken or given back, no error of an acquisition is at hand, and no function
/// was called that the model marks as explored.
bool isBlank(clang::ento::ProgramStateRef State);
/// An explored function was called: what follows is a check's own business.
clang::ento::ProgramStateRef noteExplored(clang::ento::ProgramStateRef State);

/// A number for what is on record: equal for paths that differ in values only.
uint64_t summaryOf(clang::ento::ProgramStateRef State);

/// Memory that this path allocated and has not let out of sight.
bool isOwnMemory(clang::ento::ProgramStateRef State,
                 clang::ento::SymbolRef Sym);
clang::ento::ProgramStateRef addOwnMemory(clang::ento::ProgramStateRef State,
                                          clang::ento::SymbolRef Sym);
/// The address of \p Sym was stored in \p Outer; both are own memory.
clang::ento::ProgramStateRef setOuter(clang::ento::ProgramStateRef State,
                                      clang::ento::SymbolRef Sym,
                                      clang::ento::SymbolRef Outer);
/// The memory that \p Sym was stored in, and that in, and so on: whoever has
/// that has \p Sym.  \p Sym itself where it was stored nowhere.
clang::ento::SymbolRef outermost(clang::ento::ProgramStateRef State,
                                 clang::ento::SymbolRef Sym);
clang::ento::ProgramStateRef removeOwnMemory(clang::ento::ProgramStateRef State,
                                             clang::ento::SymbolRef Sym);

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_HOLDINGS_H
