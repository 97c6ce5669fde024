//===- ExportsTable.h - Symbols of a module by kernel ----------- -*- C++
//-*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What `pagewarden exports` knows after compiling, and the forms in which it
/// says so.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_TOOLS_EXPORTSTABLE_H
#define PAGEWARDEN_TOOLS_EXPORTSTABLE_H

#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Scan/ModuleLink.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pagewarden::tool {

/// One kernel, and the modules as they are compiled for it.
struct KernelColumn {
  std::string Name;   ///< its release, or the path of its Module.symvers
  std::string Folder; ///< of headers; empty for a bare Module.symvers
  kernel::Symvers Exports;
  std::vector<scan::Module> Modules;
};

class ExportsTable {
public:
  std::vector<KernelColumn> Kernels; ///< in the order of the command line
  std::string License;               ///< to judge by instead of the modules'
  bool AllSymbols = false; ///< rows for symbols that are fine everywhere, too

  /// Fills the rows; once, when all modules are in.
  void judge();

  /// What is refused, each symbol of a module once, for the first kernel that
  /// refuses it; the kernels are named in the message when there are several.
  std::vector<Finding> findings() const;

  void writeText(llvm::raw_ostream &OS) const;
  void writeMarkdown(llvm::raw_ostream &OS) const;
  void writeHTML(llvm::raw_ostream &OS) const;
  /// Files relative to \p Root.
  void writeJSON(llvm::raw_ostream &OS, llvm::StringRef Root) const;

private:
  /// A symbol of a module, with its judgement for each kernel that it is needed
  /// for.
  struct Row {
    std::string Module, Symbol;
    std::vector<const scan::Judgement *> Cells; ///< by kernel; null: not needed
  };

  std::string cell(const Row &R, size_t Kernel) const;
  std::string works(const Row &R) const;
  bool isComplete(const Row &R, size_t Kernel) const;
  bool isShown(const Row &R) const;
  bool typeChanged(const Row &R, size_t Kernel) const;

  std::vector<std::unique_ptr<scan::LinkedModule>> Linked;
  std::vector<std::vector<scan::Judgement>> Judged;
  /// The linked module of each entry of Judged, and its kernel.
  std::vector<std::pair<const scan::LinkedModule *, size_t>> Of;
  std::vector<Row> Rows;
};

} // namespace pagewarden::tool

#endif // PAGEWARDEN_TOOLS_EXPORTSTABLE_H
