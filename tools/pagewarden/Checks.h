//===- Checks.h - Which checks are on ------------------------- -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names of checks and packages on the command line.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_TOOLS_CHECKS_H
#define PAGEWARDEN_TOOLS_CHECKS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace pagewarden::tool {

/// Which checks are on, beginning with the defaults.
class CheckSwitches {
public:
  CheckSwitches();

  /// Switches the check or package \p Name.  Fails on an unknown name, with a
  /// similar one when there is any.
  llvm::Error set(llvm::StringRef Name, bool On);

  /// Whether any check of \p Package ("" for all) is on.
  bool anyOn(llvm::StringRef Package = "") const;

  /// Where this differs from the defaults, as scan::Options::Checks wants it.
  std::vector<std::string> asOptions() const;

  /// The families of resources whose acquisitions let a file into a scan that
  /// names none: user pages, and what was switched on by name.  Allocating
  /// pages is so common that by default it brings no file in.
  std::vector<llvm::StringRef> families() const;

private:
  std::vector<bool> On;    ///< in the order of AllChecks
  std::vector<bool> Named; ///< switched on the command line
};

} // namespace pagewarden::tool

#endif // PAGEWARDEN_TOOLS_CHECKS_H
