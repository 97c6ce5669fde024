//===- Sinks.h - Where findings go ------------------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Text as compilers print it, SARIF 2.1.0, and HTML.  All escape what they
/// show: scanned code is not trusted.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FINDINGS_SINKS_H
#define PAGEWARDEN_FINDINGS_SINKS_H

#include "pagewarden/Findings/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace pagewarden {

/// What happened besides findings: goes into SARIF's invocation and the
/// summary, so that "nothing found" can be told from "nothing done".
struct RunInfo {
  std::string Root;        ///< absolute source root, %SRCROOT% of SARIF
  std::string ToolVersion; ///< pagewarden's
  std::string ClangVersion;
  std::string CommandLine;
  unsigned FilesAsked = 0, FilesDone = 0;
  struct Failure {
    std::string File, What; ///< "time limit of 60 s reached", with the reason
  };
  std::vector<Failure> Failures;
  /// A file that was analysed, but not all of whose paths were explored.
  struct Partial {
    std::string File;
    unsigned Exhausted, Functions; ///< of so many functions, so many
  };
  std::vector<Partial> Partials;
};

/// \p Text with everything that a terminal or a reader could be misled by
/// (control characters, bytes that are not UTF-8, invisible characters)
/// spelled out as \\xNN or \\u{NNNN}.
std::string printable(llvm::StringRef Text);

/// "file:line:col: warning: message [check]", the path's steps and the notes
/// below it as "note:".  File names are made relative to \p Root where they
/// are below it.
void writeText(llvm::raw_ostream &OS, llvm::ArrayRef<Finding> Findings,
               llvm::StringRef Root, bool Colors = false);

/// SARIF 2.1.0, one run.
void writeSARIF(llvm::raw_ostream &OS, llvm::ArrayRef<Finding> Findings,
                const RunInfo &Run);

/// Writes SARIF to \p Path through a temporary file beside it, so that a full
/// disk or a kill leaves no truncated report.  A device or pipe is written
/// directly.
llvm::Error writeSARIFFile(llvm::StringRef Path,
                           llvm::ArrayRef<Finding> Findings,
                           const RunInfo &Run);

/// Writes an index.html and a page for each finding, with the source around its
/// path, into \p Folder, which is made where it is not there.  The index is
/// written last; pages of findings that are gone are removed.
llvm::Error writeHTML(llvm::StringRef Folder, llvm::ArrayRef<Finding> Findings,
                      const RunInfo &Run);

/// Sorts, and drops findings that are equal in fingerprint, location and
/// message (a header's finding seen from several files).
void normalise(std::vector<Finding> &Findings);

} // namespace pagewarden

#endif // PAGEWARDEN_FINDINGS_SINKS_H
