//===- SourceTree.h - The files of a kernel's source ----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel's source as a list of files, unbuilt and of any configuration.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_SOURCETREE_H
#define PAGEWARDEN_KERNEL_SOURCETREE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace pagewarden::kernel {

class SourceTree {
public:
  /// Lists the source below \p Root: C, headers, assembler, Makefiles and
  /// Kconfig files, without what is no part of the kernel (Documentation,
  /// scripts, tools, .git) and without generated code.  Fails, naming what is
  /// missing, where no kernel is.
  static llvm::Expected<SourceTree> open(llvm::StringRef Root);

  /// Any folder with code, a module's for example: no version, and everything
  /// in it counts.  Fails where there is no folder.
  static llvm::Expected<SourceTree> folder(llvm::StringRef Root);

  /// The tree at \p Root without its lists, for reading single files.
  static SourceTree at(llvm::StringRef Root) {
    SourceTree T;
    T.Root = Root.str();
    return T;
  }

  llvm::StringRef root() const { return Root; }
  /// "6.12.117"
  llvm::StringRef version() const { return Version; }
  /// Relative to the root, sorted.
  const std::vector<std::string> &code() const { return Code; }
  /// Makefile, Kbuild and what they include; likewise.
  const std::vector<std::string> &makefiles() const { return Makefiles; }
  const std::vector<std::string> &kconfigs() const { return Kconfigs; }

  /// The contents of a file; null when it cannot be read.
  std::unique_ptr<llvm::MemoryBuffer> read(llvm::StringRef File) const;

  /// Calls \p Do for each of \p Files, on all cores, in no order.  \p Do gets
  /// the number of the file and its contents; files that cannot be read are
  /// returned, sorted.
  std::vector<std::string>
  forEach(const std::vector<std::string> &Files,
          llvm::function_ref<void(size_t, llvm::StringRef)> Do) const;

private:
  /// Fills the lists; \p IsKernel: without what is no part of a kernel.
  llvm::Error list(bool IsKernel);

  std::string Root, Version;
  std::vector<std::string> Code, Makefiles, Kconfigs;
};

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_SOURCETREE_H
