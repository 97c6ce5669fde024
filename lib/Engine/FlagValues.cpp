//===- FlagValues.cpp - Values of named flags -----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/Decl.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerHelpers.h"

using namespace clang;

namespace pagewarden {

std::optional<uint64_t> FlagValues::of(llvm::StringRef Name) const {
  auto It = Ctx.Idents.find(Name);
  if (It == Ctx.Idents.end())
    return std::nullopt;
  for (const NamedDecl *D :
       Ctx.getTranslationUnitDecl()->lookup(DeclarationName(It->second)))
    if (const auto *Constant = dyn_cast<EnumConstantDecl>(D))
      return Constant->getInitVal().getZExtValue();
  if (std::optional<int> Value = ento::tryExpandAsInteger(Name, PP))
    return uint64_t(uint32_t(*Value));
  return std::nullopt;
}

} // namespace pagewarden
