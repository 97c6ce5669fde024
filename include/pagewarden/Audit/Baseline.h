//===- Baseline.h - The exports of some other kernel ----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel to compare with: a source tree, or the Module.symvers of a build.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_BASELINE_H
#define PAGEWARDEN_AUDIT_BASELINE_H

#include "pagewarden/Kernel/SourceExports.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace pagewarden::audit {

/// One symbol as one kernel exports it.
struct Entry {
  bool GplOnly = false;
  bool Mixed = false;    ///< plain in one place and GPL-only in another
  std::string Namespace; ///< empty for none
  std::string Where;     ///< "mm/gup.c:12", or the module in Module.symvers
  std::string Signature; ///< of the function; empty where it is not known
};

class Baseline {
public:
  /// Reads \p Path, a folder of source or a Module.symvers (or a folder of a
  /// build that has one).  A Module.symvers that looks like another
  /// architecture than \p Architecture is an error; "" takes any.  With
  /// \p Only, exports of a tree's other architectures are left out.
  static llvm::Expected<Baseline>
  load(llvm::StringRef Path, llvm::StringRef Architecture, bool Only = false);
  static Baseline of(const kernel::SourceTree &Tree,
                     const kernel::SourceExports &Exports,
                     llvm::StringRef Architecture = "");

  /// "6.1.192" of a tree, the path otherwise.
  const std::string &name() const { return Name; }
  /// Every configuration's exports, not one build's.
  bool isSource() const { return Source; }
  const llvm::StringMap<Entry> &entries() const { return Entries; }
  const Entry *find(llvm::StringRef Symbol) const;
  /// Exports that were not understood; of a tree.
  const std::vector<kernel::HiddenExport> &hidden() const { return Hidden; }

private:
  std::string Name;
  bool Source = false;
  llvm::StringMap<Entry> Entries;
  std::vector<kernel::HiddenExport> Hidden;
};

/// What changed from one kernel to the next.
struct Difference {
  struct Change {
    std::string Symbol;
    const Entry *Old = nullptr; ///< null: it is new
    const Entry *New = nullptr; ///< null: it is gone
  };
  std::vector<Change> Added, Gone, ToGpl, ToPlain, Namespaces, Signatures;
};

/// By symbol.  Both kernels must outlive the result.
Difference compare(const Baseline &Old, const Baseline &New);

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_BASELINE_H
