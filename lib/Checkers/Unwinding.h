//===- Unwinding.h - Loops that go back over elements -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A function fills the elements of an array from the first one on and, when
/// that fails, goes back over them in another loop.  Which ones that loop
/// gives back is in its condition:
///
///   while (--i > 0) put(a[i]);           not the first
///   for (i--; i > 0; i--) put(a[i]);     not the first
///   while (--i >= 0) put(a[i]);          no end, where i is unsigned
///
/// Or it goes over all elements from the first one, as if all were filled:
///
///   for (i = 0; i < n; i++) { a[i] = get(); if (!a[i]) goto out; }
///   out: for (i = 0; i < n; i++) put(a[i]);
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_UNWINDING_H
#define PAGEWARDEN_LIB_CHECKERS_UNWINDING_H

#include "pagewarden/Engine/ModelIndex.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include <string>
#include <vector>

namespace pagewarden {

struct UnwindingFault {
  const clang::CallExpr *Taken, *Given;
  std::string What;
};

/// What loops of \p Fn leave out of what other loops of it took from
/// \p Family (model::Resource), in the order of the source.
std::vector<UnwindingFault> unwindingFaults(const clang::FunctionDecl *Fn,
                                            const ModelIndex &Index,
                                            llvm::StringRef Family);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_UNWINDING_H
