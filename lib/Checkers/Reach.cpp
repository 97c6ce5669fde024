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

const Reach::Position *Reach::positionOf(const Stmt *S) const {
  if (!S)
    return nullptr;
  if (auto At = Positions.find(S); At != Positions.end())
    return &At->second;
  const Position *Last = nullptr;
  for (const Stmt *Child : S->children())
    if (const Position *At = positionOf(Child))
      Last = At;
  return Last;
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

bool Reach::reachesPast(const Stmt *First, const Stmt *Then,
                        llvm::ArrayRef<const Stmt *> Others) {
  if (!Indexed)
    index();
  const CFG *Graph = Mgr.getCFG(Fn);
  const Position *From = positionOf(First), *To = positionOf(Then);
  if (!Graph || !To || (First && !From))
    return true;
  // Of each block, the statement that stops a path earliest behind an index.
  auto StopsIn = [&](const CFGBlock *Block, unsigned After) {
    unsigned Stop = ~0U;
    for (const Stmt *Other : Others) {
      const Position *At = positionOf(Other);
      if (At && At->Block == Block && At->Index > After)
        Stop = std::min(Stop, At->Index);
    }
    return Stop;
  };
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  llvm::SmallVector<std::pair<const CFGBlock *, unsigned>, 16> Open;
  if (First)
    Open.push_back({From->Block, From->Index});
  else
    Open.push_back({&Graph->getEntry(), 0});
  while (!Open.empty()) {
    auto [Block, After] = Open.pop_back_val();
    unsigned Stop = StopsIn(Block, After);
    if (Block == To->Block && To->Index > After && To->Index < Stop)
      return true;
    if (Stop != ~0U)
      continue;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *Succ = Next.getReachableBlock();
          Succ && Seen.insert(Succ).second)
        Open.push_back({Succ, 0});
  }
  return false;
}

} // namespace pagewarden
