//===- Reach.cpp - What can come before what in a function ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reach.h"

using namespace clang;

namespace pagewarden {

void Reach::index() {
  Indexed = true;
  const CFG *Graph = Mgr.getCFG(Fn);
  if (!Graph)
    return;
  for (const CFGBlock *Block : *Graph) {
    unsigned Index = 0;
    for (const CFGElement &Element : *Block) {
      ++Index;
      if (auto At = Element.getAs<CFGStmt>())
        Positions[At->getStmt()] = {Block, Index};
    }
  }
}

bool Reach::reaches(const CFGBlock *From, const CFGBlock *To) {
  auto [It, New] = Behind.try_emplace(From);
  if (New) {
    llvm::SmallVector<const CFGBlock *, 16> Open(1, From);
    while (!Open.empty())
      for (const CFGBlock::AdjacentBlock &Next : Open.pop_back_val()->succs())
        if (const CFGBlock *Block = Next.getReachableBlock();
            Block && It->second.insert(Block).second)
          Open.push_back(Block);
  }
  return It->second.contains(To);
}

bool Reach::mayPrecede(const Stmt *First, const Stmt *Then) {
  if (!Indexed)
    index();
  auto A = Positions.find(First), B = Positions.find(Then);
  if (A == Positions.end() || B == Positions.end())
    return true;
  if (A->second.Block == B->second.Block && A->second.Index <= B->second.Index)
    return true;
  return reaches(A->second.Block, B->second.Block);
}

} // namespace pagewarden
