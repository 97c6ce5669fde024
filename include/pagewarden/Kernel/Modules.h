//===- Modules.h - Which module a source file is part of ------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads kbuild's Makefiles and Kconfig without running them
/// (Documentation/kbuild/makefiles.rst): whatever some configuration would
/// build counts.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_MODULES_H
#define PAGEWARDEN_KERNEL_MODULES_H

#include "pagewarden/Kernel/SourceTree.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace pagewarden::kernel {

/// What a file is linked into.
struct Owner {
  enum OwnerKind {
    /// No Makefile that can be followed names it: a header, a template, a list
    /// that make computes.
    Unknown,
    BuiltIn, ///< in no configuration part of a module
    Modular, ///< in some configuration part of a module
  } Kind = Unknown;
  /// Path of the module without ".ko", "drivers/dax/dax"; of the folder where
  /// it is unknown; "vmlinux".
  std::string Module;
  /// A Makefile says so; false: Kind is what the folder makes likely.
  bool Certain = false;
};

class ModuleMap {
public:
  static ModuleMap read(const SourceTree &Tree);

  /// Who owns \p File, relative to the tree.  Where no Makefile says it, a
  /// file counts as modular when the nearest Makefile above it can build a
  /// module.
  Owner ownerOf(llvm::StringRef File) const;

  /// Path of the one module that is called \p Name, with '-' or '_' alike;
  /// empty where there is none, or more than one.
  std::string pathOf(llvm::StringRef Name) const;

private:
  llvm::StringMap<Owner> Objects; ///< by path without suffix
  llvm::StringMap<bool> Folders;  ///< whether its Makefile can build a module
};

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_MODULES_H
