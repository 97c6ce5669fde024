//===- WorkerPool.h - One process per file ----------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs the jobs of a Request in processes forked from this one, so that a
/// file that crashes, hangs or eats memory harms no other.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_WORKERPOOL_H
#define PAGEWARDEN_SCAN_WORKERPOOL_H

#include "pagewarden/Scan/Protocol.h"
#include <functional>

namespace pagewarden::scan {

using WarmUpFn = std::function<void(const Options &)>;
using AnalyzeFn = std::function<FileResult(const Job &, const Options &)>;
using PrepareFn = std::function<void(const Job &)>;

/// Calls \p WarmUp once, then \p Analyze for every job in a process of its
/// own, at most Request::Parallel at a time, and writes one line of JSON to
/// \p Output (a file descriptor) for each file as it ends.  \p Prepare, unless
/// null, is called for every job in the calling process before its own starts,
/// which inherits what was done.
///
/// The calling process must have one thread.  Every job gets a result: a
/// child that ends without one is Crashed, one over the time limit is killed
/// and TimedOut.  What a child prints, on either stream, goes to the tail of
/// the result's Detail when it fails, and to standard error when
/// Options::Verbose is set.
///
/// Returns 0 when every job has a line; 2 after an I/O error (named on
/// standard error); 128 + signal after SIGHUP, SIGINT or SIGTERM.  In the
/// last two cases, and when the reader of \p Output goes away, all children
/// have been killed.
int runPool(const Request &Req, const WarmUpFn &WarmUp,
            const AnalyzeFn &Analyze, const PrepareFn &Prepare = nullptr,
            int Output = 1);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_WORKERPOOL_H
