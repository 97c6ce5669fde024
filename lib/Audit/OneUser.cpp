//===- OneUser.cpp - Exports for one module -------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Exactly one module of the tree uses the symbol, and it is in no namespace:
/// a candidate for one, or for EXPORT_SYMBOL_FOR_MODULES() where the tree has
/// that.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace pagewarden::audit {

void judgeOneUser(const Subject &In, std::vector<Judgement> &Out) {
  const bool ForModules = any_of(In.symbols(), [](const Symbol &S) {
    return StringRef(S.first().Namespace).starts_with("module:");
  });
  for (const Symbol &S : In.symbols()) {
    if (!In.inScope(S) || !S.first().Namespace.empty())
      continue;
    const UsesOf Uses = In.usesOf(S);
    if (Uses.Modules.size() != 1 || Uses.DirectModules.size() != 1)
      continue;
    // Who the one user is must be known.
    if (any_of(Uses.Uses, [](const Use &U) {
          return U.Owner.Kind != kernel::Owner::BuiltIn && !U.Owner.Certain;
        }))
      continue;
    const StringRef Module = Uses.Modules.front();
    Judgement J = about(In, S, "OneUser",
                        "'" + S.Name +
                            "' is exported for every module and "
                            "used by one: " +
                            Module);
    addFacts(In, J);
    J.Recommendation = ForModules
                           ? ("EXPORT_SYMBOL_FOR_MODULES(" + S.Name + ", \"" +
                              sys::path::filename(Module) + "\")")
                                 .str()
                           : "a namespace, EXPORT_SYMBOL_NS_GPL";
    Out.push_back(std::move(J));
  }
}

} // namespace pagewarden::audit
