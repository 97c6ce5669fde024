//===- PinLeak.cpp - Page references that get lost ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinLeak: the rules of LeakCheck.h for references to user pages.
///
//===----------------------------------------------------------------------===//

#include "LeakCheck.h"

using namespace clang::ento;

namespace pagewarden {

namespace {
class PinLeak : public LeakCheck {
public:
  PinLeak()
      : LeakCheck("user-pages", "lost page references",
                  "Linux page references") {}
};
} // namespace

void registerPinLeak(CheckerManager &Mgr) {
  Mgr.registerChecker<PinLeak>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
