//===- Protocol.h - What command and worker say to each other ---*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The command runs one worker program per LLVM: a Request on its standard
/// input (one JSON value), FileResults on its standard output (one JSON value
/// a line, in the order in which files end).  The worker forks one process
/// per file from a warmed-up parent.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_PROTOCOL_H
#define PAGEWARDEN_SCAN_PROTOCOL_H

#include "pagewarden/Findings/Finding.h"
#include "pagewarden/Scan/UnitFacts.h"
#include "pagewarden/Scan/UseFact.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>
#include <vector>

namespace pagewarden::scan {

/// What does not depend on the file.
struct Options {
  std::vector<std::string> ModelFiles; ///< --model, absolute
  /// Checks switched on ("linux.mm.PinLeak=on") or off ("...=off") beyond the
  /// defaults; packages are allowed.
  std::vector<std::string> Checks;
  std::string Symvers; ///< Module.symvers to judge by; empty: find it
  std::string License; ///< licence of the module when no file says it
  /// Take part in nothing that saves time: every function, no pruning.
  bool Exhaustive = false;
  /// Collect facts instead of running checks.
  bool FactsOnly = false;
  /// Print what is explored to standard error.
  bool Verbose = false;
  /// When there are any: no check is run; the uses of these functions are
  /// collected instead.
  std::vector<std::string> Uses;
};

struct Job {
  std::string File;                   ///< absolute
  std::string Directory;              ///< absolute
  std::vector<std::string> Arguments; ///< argv for clang, compiler first
  /// Licence of the file's module, before Options::License; may be empty.
  std::string License;
  /// The file is an object, to be read as it is; only with Options::FactsOnly.
  bool Binary = false;

  // What several files begin with is compiled once; only with
  // Options::FactsOnly.
  std::string Prefix = {}; ///< precompiled beginning to start from, if any
  /// In place of what is in the file; of what the prefix has read there are
  /// empty lines.
  std::optional<std::string> Text = {};
  /// When not empty: no facts; what was read, the prefix included, is written
  /// there, to be the prefix of other jobs.
  std::string Precompile = {};
  /// Conditional directives ("#ifdef FOO"), of which is said how each would
  /// turn out at the end of the text; only with Precompile.
  std::vector<std::string> Ask = {};
};

struct Request {
  Options Opts;
  std::vector<Job> Jobs;
  unsigned Parallel = 1;
  /// Under make: run as many at a time as its jobserver has tokens for, and
  /// never more than Parallel.
  bool FollowMake = false;
  unsigned TimeLimit = 0;   ///< seconds of wall time per file; 0: none
  unsigned MemoryLimit = 0; ///< MiB of address space per file; 0: none
};

struct FileResult {
  enum StatusKind { Ok, ParseError, TimedOut, Crashed, NotRun } Status = NotRun;
  std::string File;
  std::string Detail;     ///< first error, signal name ...; empty when Ok
  double Seconds = 0;     ///< CPU time of the file's process
  unsigned Functions = 0; ///< functions whose paths were explored
  unsigned Exhausted = 0; ///< of these, how many ran out of node budget
  std::vector<Finding> Findings;
  std::optional<UnitFacts> Facts; ///< only with Options::FactsOnly
  std::vector<UseFact> Uses;      ///< only with Options::Uses
  /// For each of Job::Ask '1', '0', or '?' where the compiler cannot tell.
  std::string Answers;
  /// Absolute paths of all files that were read, sorted; none with
  /// Options::FactsOnly.
  std::vector<std::string> Inputs;
};

llvm::json::Value toJSON(const Options &);
llvm::json::Value toJSON(const Request &);
llvm::json::Value toJSON(const FileResult &);
bool fromJSON(const llvm::json::Value &, Options &, llvm::json::Path);
bool fromJSON(const llvm::json::Value &, Job &, llvm::json::Path);
bool fromJSON(const llvm::json::Value &, Request &, llvm::json::Path);
bool fromJSON(const llvm::json::Value &, FileResult &, llvm::json::Path);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_PROTOCOL_H
