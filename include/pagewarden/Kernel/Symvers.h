//===- Symvers.h - What a kernel exports, and how ---------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Module.symvers (Documentation/kbuild/modules.rst) and the licences that
/// include/linux/license.h calls compatible.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_SYMVERS_H
#define PAGEWARDEN_KERNEL_SYMVERS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace pagewarden::kernel {

struct Export {
  std::string Module;    ///< "vmlinux" or a path without ".ko"
  std::string Namespace; ///< empty for none
  bool GplOnly = false;
};

/// The exports of one kernel build.
class Symvers {
public:
  /// \p Path is a Module.symvers or a folder that has one.  An empty file, a
  /// line that is none, or an unknown export type is an error that names file
  /// and line.
  static llvm::Expected<Symvers> load(llvm::StringRef Path);

  /// Adds the exports of \p Other, a Module.symvers of an external module, as
  /// modpost does with KBUILD_EXTRA_SYMBOLS; what is there stays.  Errors as
  /// from load().
  llvm::Error add(llvm::StringRef Other);

  /// Null when the kernel does not export \p Symbol.
  const Export *find(llvm::StringRef Symbol) const;
  size_t size() const { return Exports.size(); }
  llvm::StringRef path() const { return Path; }
  /// By symbol, in no order.
  const llvm::StringMap<Export> &exports() const { return Exports; }

private:
  std::string Path;
  llvm::StringMap<Export> Exports;
};

/// Module.symvers does not say which architecture it is of, but names some
/// symbols that only one architecture exports.  \p Architecture is a triple,
/// or a kernel's or compiler's word for one.  When \p S has symbols of another
/// architecture and none of this one, returns "looks like arm64, but the code
/// is compiled for x86_64".
std::optional<std::string> architectureMismatch(const Symvers &S,
                                                llvm::StringRef Architecture);

/// include/linux/license.h: one of the six strings that the kernel takes for
/// GPL-compatible, compared as the kernel compares (strcmp: up to a NUL).
bool isGplCompatible(llvm::StringRef License);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_SYMVERS_H
