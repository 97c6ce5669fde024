//===- WorkerProcess.h - What a worker is told and tells ------ -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The command's side of the protocol: one worker program, from its start to
/// its end.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_WORKERPROCESS_H
#define PAGEWARDEN_SCAN_WORKERPROCESS_H

#include "pagewarden/Scan/Protocol.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace pagewarden::scan {

/// Starts \p Program (a path; no shell, no search), hands it \p Req and calls
/// \p OnResult for every result, in the order in which files end, and \p
/// OnTick at least every 250 ms.  The worker's standard error is ours.
///
/// SIGINT and SIGTERM end the worker and this call; what was done until then
/// has been reported.
///
/// Fails when the worker cannot be started, dies, says what is no result, or
/// was interrupted.  The jobs without a result are then the ones not done.
llvm::Error runWorker(llvm::StringRef Program, const Request &Req,
                      llvm::function_ref<void(FileResult)> OnResult,
                      llvm::function_ref<void()> OnTick);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_WORKERPROCESS_H
