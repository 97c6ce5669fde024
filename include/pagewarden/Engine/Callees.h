//===- Callees.h - Which callees are worth entering -------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Most of what a driver calls has nothing to do with pages, and every branch
/// in it doubles the paths of its callers.  This says of a function whether
/// its body can matter: it reaches something that the model knows, or it is so
/// small that entering it costs nothing and tells exactly what it returns.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_CALLEES_H
#define PAGEWARDEN_ENGINE_CALLEES_H

#include "pagewarden/Engine/ModelIndex.h"
#include "llvm/ADT/DenseMap.h"

namespace pagewarden {

class Callees {
public:
  explicit Callees(const ModelIndex &Index) : Index(Index) {}

  /// What is known of one function with a body.
  struct Facts {
    /// It makes, or a function with a body that it calls makes, a modelled call
    /// that takes, gives back, frees, hands over or changes a context.
    bool Relevant = false;
    /// The same, but only for what starts a report: something of a family is
    /// taken or given back, or a function that the model marks as explored is
    /// called.
    bool Takes = false;
    /// It loops, or has more branches than are worth following for a result.
    bool Long = false;
    /// Nothing but its own variables changes, in it and in what it calls.
    bool OnlyReads = false;
  };

  /// \p Fn must have a body.
  const Facts &facts(const clang::FunctionDecl *Fn);

  /// \p Call, or what it enters, does what Facts::Takes says.
  bool takes(const clang::CallExpr *Call);

private:
  /// More than this and a function is Long.  list_add() has none, a getter of a
  /// field or two, a chain of small tests a few.
  static constexpr unsigned FewBranches = 3;

  const ModelIndex &Index;
  llvm::DenseMap<const clang::FunctionDecl *, Facts> Known;
};

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_CALLEES_H
