//===- Ahead.cpp - What the rest of a path can reach ----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/Ahead.h"
#include "clang/Analysis/AnalysisDeclContext.h"
#include "clang/Analysis/CFG.h"

using namespace clang;

namespace pagewarden {

bool Ahead::takes(const CFGBlock &Block, unsigned From) {
  for (unsigned I = From; I < Block.size(); ++I)
    if (std::optional<CFGStmt> Element = Block[I].getAs<CFGStmt>())
      if (const auto *Call = dyn_cast<CallExpr>(Element->getStmt());
          Call && Of.takes(Call))
        return true;
  return false;
}

const llvm::BitVector &Ahead::reaching(const CFG &Graph) {
  auto [It, New] = Known.try_emplace(&Graph);
  if (!New)
    return It->second;
  llvm::BitVector Reaching(Graph.getNumBlockIDs());
  llvm::SmallVector<const CFGBlock *, 16> Pending;
  for (const CFGBlock *Block : Graph)
    if (takes(*Block, 0))
      Pending.push_back(Block);
  while (!Pending.empty()) {
    const CFGBlock *Block = Pending.pop_back_val();
    if (Reaching.test(Block->getBlockID()))
      continue;
    Reaching.set(Block->getBlockID());
    for (const CFGBlock *Before : Block->preds())
      if (Before)
        Pending.push_back(Before);
  }
  return It->second = std::move(Reaching);
}

bool Ahead::leavesTo(const CFGBlock &Block, const CFG &Graph) {
  const llvm::BitVector &Reaching = reaching(Graph);
  for (const CFGBlock *Next : Block.succs())
    if (Next && Reaching.test(Next->getBlockID()))
      return true;
  return false;
}

bool Ahead::behind(const CFGBlock *Block, const LocationContext *LCtx) {
  const StackFrameContext *Frame = LCtx->getStackFrame();
  if (leavesTo(*Block, *Frame->getCFG()))
    return true;
  while (const LocationContext *Outer = Frame->getParent()) {
    const CFGBlock *Site = Frame->getCallSiteBlock();
    if (!Site || takes(*Site, Frame->getIndex() + 1) ||
        leavesTo(*Site, *Outer->getStackFrame()->getCFG()))
      return true;
    Frame = Outer->getStackFrame();
  }
  return false;
}

} // namespace pagewarden
