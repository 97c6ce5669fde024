//===- Finding.h - The one thing that is reported ---------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Everything that pagewarden reports, from whatever check and through
/// whatever door, is a Finding and leaves through a Sink.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FINDINGS_FINDING_H
#define PAGEWARDEN_FINDINGS_FINDING_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace pagewarden {

/// A presumed location: what '#line' says, so that preprocessed input (ccache,
/// icecream) is reported where its author wrote it.
struct Location {
  std::string File;    ///< as the compiler names it; may be relative
  unsigned Line = 0;   ///< from 1; 0 is unknown
  unsigned Column = 0; ///< from 1; 0 is unknown
  auto operator<=>(const Location &) const = default;
};

/// One step of a path, or one remark to a finding.
struct Note {
  Location Loc;
  std::string Message;
  unsigned Depth = 0; ///< call depth below the function analysed, in a path
};

struct Finding {
  std::string Check;   ///< full name, "linux.mm.PinLeak"
  std::string Message; ///< lower case, no full stop
  Location Loc;
  std::string Function; ///< the function that the finding is in; may be empty
  /// What tells this finding from others of its check in its function, and
  /// survives line shifts: "<acquired by>;<lost how>".  Never shown.
  std::string Identity;
  std::vector<Note> Path;  ///< the way to the fault, last step at the fault
  std::vector<Note> Notes; ///< remarks outside the path
  /// Less than a warning: true, and no fault that anybody need mend.
  bool Remark = false;

  /// Hash of Check, file name, Function and Identity (Message where there is
  /// none), in hex, 16 digits.  Equal for the same fault after unrelated edits
  /// of the file.  The file counts as named relative to \p Root, so that the
  /// place of a checkout does not matter; of an absolute name elsewhere the
  /// last two components count.
  std::string fingerprint(llvm::StringRef Root = "") const;
};

/// Order of reports: file, line, column, check, message.
bool operator<(const Finding &A, const Finding &B);

/// \p File without dots, relative to \p Root where it is below it.
std::string relativeTo(llvm::StringRef File, llvm::StringRef Root);

/// Makes the file names of \p F, which a compiler that ran in \p Folder gave,
/// absolute and free of dots.
void makeAbsolute(Finding &F, llvm::StringRef Folder);

llvm::json::Value toJSON(const Location &L);
llvm::json::Value toJSON(const Note &N);
llvm::json::Value toJSON(const Finding &F);
bool fromJSON(const llvm::json::Value &V, Location &L, llvm::json::Path P);
bool fromJSON(const llvm::json::Value &V, Note &N, llvm::json::Path P);
bool fromJSON(const llvm::json::Value &V, Finding &F, llvm::json::Path P);

} // namespace pagewarden

#endif // PAGEWARDEN_FINDINGS_FINDING_H
