//===- Pruning.cpp - Paths that are not worth following -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two reasons to end a path:
///
///   1. Nothing is on record, and nothing that starts a report lies ahead.
///   2. So many paths have come by with the same on record that one more will
///      hardly say something new.  Where something is held, more may come.
///
/// A path that was ended is a sink to the engine, which withholds a report of
/// which all paths end in sinks.  So rule 1 does not hold once there is a
/// report; by rule 2 others came by before, and went on.
///
/// Not handled: what checks keep on record beyond holdings.  A function that is
/// marked as explored counts as a record, which covers theirs.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Pruning.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/Analysis/CFGStmtMap.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugReporter.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

/// Paths that may come by one branch with nothing on record.
static constexpr unsigned BlankVisits = 256;
/// The same with something on record.
static constexpr unsigned RecordVisits = 64;

static bool hasReports(CheckerContext &C) {
  auto Classes = C.getBugReporter().equivalenceClasses();
  return Classes.begin() != Classes.end();
}

/// The places of the calls that led to \p Condition, and it.
static uint64_t placeOf(const Stmt *Condition, const LocationContext *LCtx) {
  llvm::hash_code Hash = llvm::hash_value(Condition);
  for (const StackFrameContext *Frame = LCtx->getStackFrame();
       Frame && !Frame->inTopFrame();
       Frame = Frame->getParent()->getStackFrame())
    Hash = llvm::hash_combine(Hash, Frame->getCallSite());
  return size_t(Hash);
}

bool Groundwork::isExplored(const FunctionDecl *Fn) const {
  return Fn && Fn->getIdentifier() && Index->model().isExplored(Fn->getName());
}

void Groundwork::checkBeginFunction(CheckerContext &C) const {
  if (Exhaustive || !C.inTopFrame())
    return;
  const auto *Fn = dyn_cast<FunctionDecl>(C.getLocationContext()->getDecl());
  if (Fn && !ThePruning->Rest.of(Fn))
    C.generateSink(C.getState(), C.getPredecessor());
}

bool Groundwork::prune(const Stmt *Condition, CheckerContext &C) const {
  if (Exhaustive)
    return false;
  ProgramStateRef State = C.getState();
  const LocationContext *LCtx = C.getLocationContext();
  bool Blank = isBlank(State);
  bool Ends = false;
  if (Blank && !hasReports(C)) {
    const CFGStmtMap *Blocks = LCtx->getAnalysisDeclContext()->getCFGStmtMap();
    const CFGBlock *Block = Blocks ? Blocks->getBlock(Condition) : nullptr;
    Ends = Block && !ThePruning->Rest.behind(Block, LCtx);
  }
  if (!Ends) {
    uint64_t Key = llvm::hash_combine(placeOf(Condition, LCtx), C.blockCount(),
                                      Blank ? 0 : summaryOf(State));
    Ends = ++ThePruning->Visits[Key] > (Blank ? BlankVisits : RecordVisits);
  }
  if (Ends)
    C.generateSink(State, C.getPredecessor());
  return Ends;
}

} // namespace pagewarden
