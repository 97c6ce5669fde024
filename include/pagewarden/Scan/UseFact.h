//===- UseFact.h - One use of a function ------------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a compiler knows of one place that uses a function. docs/facts.md
/// describes these to readers of the facts file.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_USEFACT_H
#define PAGEWARDEN_SCAN_USEFACT_H

#include "pagewarden/Findings/Finding.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace pagewarden::scan {

/// A call that gives back what a use took, or hands it on.
struct ReleaseFact {
  std::string Callee;   ///< "unpin_user_pages"
  std::string Function; ///< that it is in
  Location Loc;
  bool Handed = false; ///< handed on, not given back
};

struct UseFact {
  std::string Symbol;   ///< as it was asked for
  std::string Spelled;  ///< as the compiler sees it
  Location Loc;         ///< where it is written, outside of macros
  std::string Function; ///< that it is in; empty in an initialiser
  std::string Kind;     ///< "call" or "reference"
  /// The functions through which it is used, inline ones of headers and those
  /// of the file that are nothing but a call, outermost first, "a > b"; empty:
  /// it is named here.
  std::string Via;
  std::string Macros;     ///< that it is written with, likewise
  std::string Flags;      ///< the flags argument as it is spelled
  std::string FlagsValue; ///< its value, "0x10001"; empty: not constant
  std::string Count;      ///< how many were asked for, as it is spelled
  std::string CountValue; ///< its value, "16"; empty: not constant
  bool InLoop = false;
  /// "ignored", "returned", "tested", "in 'n'", "passed to 'f'" ...
  std::string Result;
  std::string Object; ///< where what was taken is, as it is spelled
  std::string Field;  ///< where it is kept, "struct foo.pages"; or empty
  /// How else it leaves the function: "returned", "in the caller's 'pages'",
  /// "passed to 'f'", with commas between.
  std::string Escape;
  std::vector<ReleaseFact> Releases; ///< in the file
};

llvm::json::Value toJSON(const ReleaseFact &);
llvm::json::Value toJSON(const UseFact &);
bool fromJSON(const llvm::json::Value &, ReleaseFact &, llvm::json::Path);
bool fromJSON(const llvm::json::Value &, UseFact &, llvm::json::Path);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_USEFACT_H
