//===- WorkList.h - Which files a scan is about --------------- -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Chooses from a compile database the files to analyse.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_WORKLIST_H
#define PAGEWARDEN_SCAN_WORKLIST_H

#include "pagewarden/Gate/TextGate.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Model/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <string>
#include <vector>

namespace pagewarden::scan {

/// The files to analyse, and those that cannot be.  Points into the database.
struct WorkList {
  struct Failure {
    std::string File, What;
  };
  /// In the order of the database (or of the files asked for), each file once,
  /// with the first of its commands.
  std::vector<const kernel::CompileCommand *> Commands;
  std::vector<Failure> Failures;
  /// Why the gate let a file pass: what it names, or the licence of its
  /// module.  By file.
  llvm::StringMap<std::string> Why;
  /// Files looked at, chosen or not.
  size_t Considered = 0;
};

/// What makes a file worth analysing.
struct GateRules {
  /// For the checks of linux.mm; empty: they are off.
  gate::TextGate Words;
  /// For the checks of linux.export: choose all files of a module that calls
  /// itself, or may call itself, something that is not GPL-compatible.
  bool ByLicense = false;
  /// The licence that the user gave for what names none.
  std::string License;
  /// What the model describes: a header's definition of it says nothing more.
  std::function<bool(llvm::StringRef)> IsKnown = [](llvm::StringRef) {
    return false;
  };
  /// Where the outlines of files are kept between runs; "": nowhere.
  std::string Store;
  unsigned Threads = 1;
  /// Called now and then with the numbers of files read and of files known,
  /// which grows: what a file includes is known once it was read.
  std::function<void(size_t, size_t)> OnProgress = [](size_t, size_t) {};
};

/// The identifiers that take a page reference: acquiring functions of any
/// resource but plain memory, without those the model marks as extra.
gate::TextGate acquiringWords(const model::Model &M,
                              llvm::ArrayRef<llvm::StringRef> Families);

/// Every file of \p Database that passes \p Rules, or simply every file when
/// \p Rules is null.  Assembler files do not count.  A file that cannot be
/// read is a failure.
///
/// A file passes by its words when its text names one of them, or a macro or a
/// function of a header that it includes whose definition does, over any
/// number of such steps.
WorkList chooseFiles(const kernel::CompileDatabase &Database,
                     const GateRules *Rules);

/// \p Files, whatever is in them.  One that the database does not have, or
/// that cannot be read, is a failure.
WorkList namedFiles(const kernel::CompileDatabase &Database,
                    llvm::ArrayRef<std::string> Files);

/// Licences of modules, for those of their files that do not say any.
class ModuleLicenses {
public:
  explicit ModuleLicenses(const kernel::CompileDatabase &Database);

  /// The licence that another file of the module of \p Command names, when it
  /// is not GPL-compatible; otherwise "".  Reads the module's files.
  std::string incompatible(const kernel::CompileCommand &Command);

private:
  llvm::StringMap<std::vector<const kernel::CompileCommand *>> Modules;
  llvm::StringMap<std::string> Known;
};

/// The kernel source (the nearest folder upwards from \p File that has both
/// Kbuild and MAINTAINERS), or "".
std::string kernelSourceOf(llvm::StringRef File);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_WORKLIST_H
