//===- SharedPrefix.h - What files begin with, compiled once ----*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The files of a module begin with much the same #include lines, and reading
/// those headers is most of the time that it takes to compile one.  What
/// several files begin with is compiled once, and each file from there.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_SHAREDPREFIX_H
#define PAGEWARDEN_SCAN_SHAREDPREFIX_H

#include "pagewarden/Scan/Protocol.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace pagewarden::scan {

using ResultFn = llvm::function_ref<void(FileResult)>;
/// Has the worker run jobs, and hands on their results.
using RunJobsFn = llvm::function_ref<void(std::vector<Job>, ResultFn)>;

/// Runs \p Jobs, each of which is of another file and collects facts, through
/// \p Run, and calls \p OnResult with the result of each.  Precompiled
/// beginnings are written to \p Folder and are the caller's to remove.  The
/// results are those of Run(Jobs, OnResult).
void runSharing(llvm::ArrayRef<Job> Jobs, llvm::StringRef Folder, RunJobsFn Run,
                ResultFn OnResult);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_SHAREDPREFIX_H
