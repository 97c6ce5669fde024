//===- UnitFacts.h - What one object needs and offers -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The symbols of one translation unit's object, as modpost would read them,
/// with the lines of source that they come from.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_UNITFACTS_H
#define PAGEWARDEN_SCAN_UNITFACTS_H

#include "pagewarden/Findings/Finding.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace pagewarden::scan {

/// One step of the way from a module's line to a symbol.
struct Frame {
  std::string Function; ///< or the variable whose initialiser it is
  Location Loc;         ///< line 0: the compiler does not know it
};

/// A symbol that the object leaves undefined.
struct Need {
  std::string Symbol;
  /// Nobody minds when a weak one stays undefined.
  bool Weak = false;
  /// The kernel is built with gcc, which does not make this reference.
  bool Dropped = false;
  /// Its type, as the headers declare it; empty when they do not.
  std::string Type;
  /// From the file's own code inwards, the last frame names the symbol.  Empty
  /// when the compiler itself made the reference.
  std::vector<Frame> Chain;
};

/// A symbol that the unit exports to modules.
struct OwnExport {
  std::string Symbol;
  std::string Namespace; ///< empty for none
  bool GplOnly = false;
};

struct UnitFacts {
  std::vector<Need> Needs;          ///< sorted by symbol
  std::vector<std::string> Defines; ///< global ones, sorted
  std::vector<OwnExport> Exports;   ///< sorted by symbol
  std::vector<std::string> ModInfo; ///< "license=GPL", in the file's order
  /// The kernel matches namespaces "module:a,b" with a module's name.
  bool ModuleNamespaces = false;
};

llvm::json::Value toJSON(const UnitFacts &);
bool fromJSON(const llvm::json::Value &, UnitFacts &, llvm::json::Path);

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_UNITFACTS_H
