//===- Ahead.h - What the rest of a path can reach --------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A path that has taken nothing, and on which nothing can be taken or given
/// back any more, has nothing to say.  This says what lies ahead of a place in
/// the code, in its function and in those that it was entered from.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_AHEAD_H
#define PAGEWARDEN_ENGINE_AHEAD_H

#include "pagewarden/Engine/Callees.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"

namespace clang {
class CFG;
class CFGBlock;
class LocationContext;
} // namespace clang

namespace pagewarden {

class Ahead {
public:
  explicit Ahead(Callees &Of) : Of(Of) {}

  /// Something is taken, given back or explored (Callees::Facts::Takes) at or
  /// behind the beginning of \p Fn.
  bool of(const clang::FunctionDecl *Fn) { return Of.facts(Fn).Takes; }

  /// The same of what follows the end of \p Block in the frame of \p LCtx and
  /// in the frames around it.
  bool behind(const clang::CFGBlock *Block, const clang::LocationContext *LCtx);

  /// To be called before control flow graphs are deleted.
  void forget() { Known.clear(); }

private:
  /// By block number: the block, or one that it leads to, takes something.
  const llvm::BitVector &reaching(const clang::CFG &Graph);
  bool takes(const clang::CFGBlock &Block, unsigned From);
  bool leavesTo(const clang::CFGBlock &Block, const clang::CFG &Graph);

  Callees &Of;
  llvm::DenseMap<const clang::CFG *, llvm::BitVector> Known;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_AHEAD_H
