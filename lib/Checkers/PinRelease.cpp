//===- PinRelease.cpp - Page references given back wrongly ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.mm.PinRelease: the rules of ReleaseCheck.h for references to user
/// pages.
///
//===----------------------------------------------------------------------===//

#include "ReleaseCheck.h"

using namespace clang::ento;

namespace pagewarden {

namespace {
class PinRelease : public ReleaseCheck {
public:
  PinRelease()
      : ReleaseCheck("user-pages", "wrong release of page references",
                     "Linux page references") {}
};
} // namespace

void registerPinRelease(CheckerManager &Mgr) {
  Mgr.registerChecker<PinRelease>()->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
