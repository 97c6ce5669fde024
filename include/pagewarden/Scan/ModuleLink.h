//===- ModuleLink.h - The verdicts of modpost, before a build ---*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Facts of a module's files joined, and judged by the exports of a kernel as
/// scripts/mod/modpost.c judges (check_exports(), read_symbols()).
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_MODULELINK_H
#define PAGEWARDEN_SCAN_MODULELINK_H

#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Scan/UnitFacts.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <map>
#include <string>
#include <vector>

namespace pagewarden::scan {

/// One file of a module.
struct ModuleUnit {
  std::string File; ///< absolute
  UnitFacts Facts;
};

/// All files that become one .ko.
struct Module {
  std::string Name; ///< without folder and ".ko"
  std::vector<ModuleUnit> Units;
  bool Complete = true; ///< no file is missing
};

enum class Verdict {
  Fine,
  GplOnly,   ///< the kernel has it for GPL-compatible modules only
  Namespace, ///< in a namespace that the module does not import
  Missing,   ///< neither exported nor defined in the module
  Unknown,   ///< not exported, or not imported; a file of the module that is
             ///< missing, since it does not compile, may say otherwise
  Duplicate, ///< defined by the module and by the kernel's core, too
  Taints,    ///< of a sibling that is not GPL-compatible, while the module
             ///< uses GPL-only symbols: since 5.9 it is not loaded
  Shim,      ///< of a GPL-compatible sibling that uses GPL-only symbols, by a
             ///< module that may not
};

/// What a module knows of a symbol that a module built beside it exports.
struct SiblingExport {
  kernel::Export Export;
  bool Compatible = true;   ///< the sibling's licence
  bool UsesGplOnly = false; ///< symbols of the kernel
};

/// What modpost would say of one symbol of a module.
struct Judgement {
  Verdict What = Verdict::Fine;
  std::string Symbol;
  std::string Owner;     ///< module or "vmlinux" that exports it; may be empty
  std::string Namespace; ///< of the export
  bool GplOnly = false;  ///< of the export, whatever the module's licence
  /// Where the module needs it; null for Duplicate.
  const Need *Use = nullptr;
  const ModuleUnit *Unit = nullptr;
};

/// Facts of one module, joined.
class LinkedModule {
public:
  /// \p M must outlive this.  \p License, when not empty, is taken for the
  /// module's, whatever its files say.
  LinkedModule(const Module &M, llvm::StringRef License);

  const std::string &name() const { return M.Name; }
  /// What MODULE_LICENSE says, in the order of the files; may be empty.
  llvm::ArrayRef<std::string> licenses() const { return Licenses; }
  /// The kernel takes "module:a,b" for a list of modules.
  bool knowsModuleNamespaces() const { return ModuleNamespaces; }
  /// The first that is not GPL-compatible, or "".
  llvm::StringRef incompatible() const;

  /// One entry for every symbol that the module needs from outside, sorted.
  /// \p Siblings are exports of modules that are built together.
  std::vector<Judgement>
  judge(const kernel::Symvers &Kernel,
        const std::map<std::string, SiblingExport> &Siblings) const;

  /// What it exports, as siblings see it.
  std::map<std::string, SiblingExport>
  exports(const kernel::Symvers &Kernel) const;

private:
  bool imports(llvm::StringRef Namespace) const;
  bool isNamedIn(llvm::StringRef Namespace) const;
  bool usesGplOnly(const kernel::Symvers &Kernel) const;
  void judgeSibling(const SiblingExport &E, bool UsesGpl, Judgement &J) const;
  void addDuplicates(const kernel::Symvers &Kernel,
                     std::vector<Judgement> &Result) const;

  const Module &M;
  std::vector<std::string> Licenses;
  std::vector<std::string> Imports;
  bool ModuleNamespaces = false; ///< the kernel knows "module:a,b"
  llvm::StringSet<> Defined;
  struct Use {
    const Need *N;
    const ModuleUnit *Unit;
    bool Weak; ///< in every file
  };
  std::map<std::string, Use> Uses;
};

/// Lower-case words of a verdict, "GPL-only".
llvm::StringRef verdictText(Verdict V);

/// The check of linux.export that reports it; empty for Fine and Unknown.
llvm::StringRef checkOf(Verdict V);

/// \p J as a finding about \p M, with the chain as notes.  Only for verdicts
/// that a check reports.
Finding findingOf(const LinkedModule &M, const Judgement &J);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_MODULELINK_H
