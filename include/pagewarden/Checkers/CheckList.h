//===- CheckList.h - The checks by name -------------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Checks.def as data, for whatever shows or registers checks.  No clang.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_CHECKERS_CHECKLIST_H
#define PAGEWARDEN_CHECKERS_CHECKLIST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>

namespace pagewarden {

enum class Severity { HIGH, MEDIUM, LOW, STYLE };

struct CheckInfo {
  llvm::StringLiteral Package; ///< "linux.mm"
  llvm::StringLiteral Name;    ///< "PinLeak"
  bool OnByDefault;
  Severity Level;
  llvm::StringLiteral Family; ///< of the resources that it follows, or "";
                              ///< of a policy, its criteria: "C5,C6"
  llvm::StringLiteral Help;

  std::string fullName() const { return (Package + "." + Name).str(); }
  /// Page of the check, relative to the project: "docs/checks/....md".
  std::string page() const { return "docs/checks/" + fullName() + ".md"; }
};

inline constexpr CheckInfo AllChecks[] = {
#define CHECK(PACKAGE, NAME, DEFAULT, SEVERITY, FAMILY, HELP)                  \
  {PACKAGE, #NAME, DEFAULT, Severity::SEVERITY, FAMILY, HELP},
#include "pagewarden/Checkers/Checks.def"
};

/// What 'pagewarden audit' judges by.
inline constexpr CheckInfo AllPolicies[] = {
#define POLICY(PACKAGE, NAME, DEFAULT, SEVERITY, CRITERIA, HELP)               \
  {PACKAGE, #NAME, DEFAULT, Severity::SEVERITY, CRITERIA, HELP},
#include "pagewarden/Checkers/Checks.def"
};

} // namespace pagewarden

#endif // PAGEWARDEN_CHECKERS_CHECKLIST_H
