//===- Unused.cpp - Exports that no module of the tree uses ---------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// No file that can be part of a module names the symbol, nor an inline
/// function or macro that leads to it.  A file of which no Makefile says what
/// it becomes counts as part of a module.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace pagewarden::audit {

void judgeUnused(const Subject &In, std::vector<Judgement> &Out) {
  for (const Symbol &S : In.symbols()) {
    if (!In.inScope(S))
      continue;
    const UsesOf Uses = In.usesOf(S);
    if (!Uses.Modules.empty())
      continue;
    const bool OnlyItsFile = Uses.Uses.empty() && Uses.OwnModule.empty();
    Judgement J =
        about(In, S, "Unused",
              "'" + S.Name + "' is exported" + (S.GplOnly ? " GPL-only" : "") +
                  " and no " + (Uses.OwnModule.empty() ? "" : "other ") +
                  "module of the tree uses it" +
                  (OnlyItsFile ? ", nor does anything outside its file" : ""));
    addFacts(In, J);
    J.Recommendation = "no export";
    if (!Uses.Outside.empty())
      J.Recommendation += ", unless it is meant for what is out of tree";
    else if (OnlyItsFile)
      J.Recommendation += "; static, where its own file is all that uses it";
    Out.push_back(std::move(J));
  }
}

} // namespace pagewarden::audit
