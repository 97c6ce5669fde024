//===- PageAlloc.cpp - Allocated pages ------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PageAlloc: the rules of LeakCheck.h and of ReleaseCheck.h for what
/// the page allocator gave, and one of its own: an area of no bytes is asked
/// for.
///
//===----------------------------------------------------------------------===//

#include "LeakCheck.h"
#include "ReleaseCheck.h"
#include "pagewarden/Engine/Evaluation.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

class PageAllocLeaks : public LeakCheck {
public:
  PageAllocLeaks()
      : LeakCheck("page-allocator", "lost pages", "Linux page allocator") {}
};

class PageAlloc : public ReleaseCheck {
public:
  PageAlloc()
      : ReleaseCheck("page-allocator", "wrong release of pages",
                     "Linux page allocator") {}
};

} // namespace

void registerPageAlloc(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<PageAlloc>();
  Check->Ground = &groundworkOf(Mgr);
  // One check to the user, two sets of rules inside.
  auto *Leaks = Mgr.registerChecker<PageAllocLeaks>();
  Leaks->Ground = Check->Ground;
}

} // namespace pagewarden
