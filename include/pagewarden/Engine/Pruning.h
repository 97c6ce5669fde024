//===- Pruning.h - What it is decided by that a path ends -------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_PRUNING_H
#define PAGEWARDEN_ENGINE_PRUNING_H

#include "pagewarden/Engine/Ahead.h"

namespace pagewarden {

/// What the groundwork keeps while it explores one function.
class Pruning {
public:
  explicit Pruning(Callees &Of) : Rest(Of) {}

  Ahead Rest;
  /// How many paths came by a place with the same on record.
  llvm::DenseMap<uint64_t, unsigned> Visits;

  /// To be called when the exploration of a function ends.
  void forget() {
    Rest.forget();
    Visits.clear();
  }
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_PRUNING_H
