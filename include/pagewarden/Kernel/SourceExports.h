//===- SourceExports.h - Exports as the source has them -------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every export of a kernel tree, read from its text: all forms of
/// EXPORT_SYMBOL from 4.19 to 7.x, and the macros that headers or files wrap
/// around them (per-cpu variables, tracepoints, static calls, dev_pm_ops).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_SOURCEEXPORTS_H
#define PAGEWARDEN_KERNEL_SOURCEEXPORTS_H

#include "pagewarden/Kernel/SourceTree.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace pagewarden::kernel {

/// The definition of an exported function, in the file that exports it.
struct Definition {
  unsigned Line = 0; ///< from 1; 0: the file defines no such function
  bool Static = false, Init = false;
  std::string Signature; ///< the head, with single spaces
  std::string Body;      ///< with its braces
  std::string Comment;   ///< the comment before it
};

struct SourceExport {
  std::string Symbol;
  std::string Macro; ///< as it is written there
  bool GplOnly = false;
  std::string Namespace; ///< "module:..." where only some modules may import
  std::string File;      ///< relative to the tree
  unsigned Line = 0;     ///< from 1
  std::string Condition; ///< of the preprocessor; empty: none
  Definition Defined;
};

/// What looks like an export and was not understood.
struct HiddenExport {
  std::string File;
  unsigned Line = 0;
  std::string Text; ///< what is written there
  std::string Why;
};

struct SourceExports {
  std::vector<SourceExport> Exports; ///< by file and line
  std::vector<HiddenExport> Hidden;  ///< likewise
  std::vector<std::string> Unreadable;
};

/// Reads the exports of \p Tree on all cores.
SourceExports readExports(const SourceTree &Tree);

/// Those of \p Files only, without what headers wrap around exports. Files that
/// are not there are left out.
std::vector<SourceExport> readExportsOf(const SourceTree &Tree,
                                        const std::vector<std::string> &Files);

/// An error, naming those that there are, when \p Tree has code of
/// architectures and none of \p Architecture; "" is any.
llvm::Error checkArchitecture(const SourceTree &Tree,
                              llvm::StringRef Architecture);

/// "CONFIG_X && Y" etc. aside: the folder below arch/ that \p File is in, or
/// "".
llvm::StringRef architectureOf(llvm::StringRef File);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_SOURCEEXPORTS_H
