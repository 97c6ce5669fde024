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
    Judgement J = about(
        In, S, "Unused",
        "'" + S.Name + "' is exported" + (S.GplOnly ? " GPL-only" : "") +
            " and no module of the tree uses it" +
            (Uses.Uses.empty() ? Twine(", nor does anything outside its file")
                               : Twine("")));
    addFacts(In, J);
    J.Recommendation = Uses.Uses.empty()
                           ? "no export; static, where its own file is all "
                             "that uses it"
                           : "no export";
    Out.push_back(std::move(J));
  }
}

} // namespace pagewarden::audit
