//===- Model.cpp - Questions to the model ---------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lookups in a model that was read.  Reading is Loader.cpp.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Model/Model.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace pagewarden::model;

bool Function::hasContext(StringRef Rule) const {
  return is_contained(Context, Rule);
}

bool Function::isSpelled(StringRef Callee) const {
  return Name == Callee || is_contained(Spellings, Callee);
}

bool Resource::isReturnedAs(StringRef Resource) const {
  return Name == Resource || is_contained(AlsoReturnedAs, Resource);
}

ArrayRef<const Function *> Model::lookup(StringRef Name) const {
  auto It = BySpelling.find(Name);
  if (It == BySpelling.end())
    return {};
  return It->second;
}

const Function *Model::lookup(StringRef Name, unsigned Params) const {
  const Function *Any = nullptr;
  for (const Function *F : reverse(lookup(Name))) {
    if (F->Params == Params)
      return F;
    if (!F->Params && !Any)
      Any = F;
  }
  return Any;
}

StringRef Model::familyTaken(const Function &F) const {
  const Resource *R =
      F.TheRole == Role::Acquire && !F.Extra ? resource(F.Resource) : nullptr;
  return R ? StringRef(R->Family) : "";
}

const Resource *Model::resource(StringRef Name) const {
  return ResourceByName.lookup(Name);
}

const SymbolFamily *Model::family(StringRef Name) const {
  auto It =
      find_if(Families, [&](const SymbolFamily &F) { return F.Name == Name; });
  return It == Families.end() ? nullptr : &*It;
}

ArrayRef<const Mark *> Model::marks(StringRef Kind, StringRef Name) const {
  auto OfKind = MarkByKind.find(Kind);
  if (OfKind == MarkByKind.end())
    return {};
  auto OfName = OfKind->second.find(Name);
  if (OfName == OfKind->second.end())
    return {};
  return OfName->second;
}

const Mark *Model::mark(StringRef Kind, StringRef Name) const {
  ArrayRef<const Mark *> All = marks(Kind, Name);
  return All.empty() ? nullptr : All.back();
}
