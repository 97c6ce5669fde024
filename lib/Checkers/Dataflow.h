//===- Dataflow.h - What is known at each statement -------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A forward dataflow over the CFG of one function: for questions that need the
/// order of statements and no paths.  It costs a few visits of each block,
/// where exploring paths costs many.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_DATAFLOW_H
#define PAGEWARDEN_LIB_CHECKERS_DATAFLOW_H

#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>
#include <vector>

namespace pagewarden {

/// \p State must have 'bool join(const State &)', which makes it hold on both
/// ways and says whether it changed; the number of changes must be bounded.
template <typename State> class Dataflow {
public:
  using Step = llvm::function_ref<void(const clang::Stmt *, State &)>;

  /// Brings what holds at the beginning of each block to rest.
  Dataflow(const clang::CFG &G, State AtEntry, Step Pass) : G(G) {
    Blocks.resize(G.getNumBlockIDs());
    std::vector<const clang::CFGBlock *> Work{&G.getEntry()};
    Blocks[G.getEntry().getBlockID()] = std::move(AtEntry);
    while (!Work.empty()) {
      const clang::CFGBlock *Block = Work.back();
      Work.pop_back();
      State S = *Blocks[Block->getBlockID()];
      through(*Block, S, Pass);
      for (const clang::CFGBlock *Next : Block->succs()) {
        if (!Next)
          continue;
        std::optional<State> &There = Blocks[Next->getBlockID()];
        bool Changed = !There;
        if (There)
          Changed = There->join(S);
        else
          There = S;
        if (Changed)
          Work.push_back(Next);
      }
    }
  }

  /// Calls \p See for every statement that can be reached, with what holds
  /// before it; \p See applies the statement itself.
  void visit(Step See) const {
    for (const clang::CFGBlock *Block : G)
      if (const std::optional<State> &At = Blocks[Block->getBlockID()]) {
        State S = *At;
        through(*Block, S, See);
      }
  }

private:
  static void through(const clang::CFGBlock &Block, State &S, Step Pass) {
    for (const clang::CFGElement &Element : Block)
      if (auto Statement = Element.getAs<clang::CFGStmt>())
        Pass(Statement->getStmt(), S);
  }

  const clang::CFG &G;
  std::vector<std::optional<State>> Blocks;
};

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_DATAFLOW_H
