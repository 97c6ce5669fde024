//===- HeaderBodies.h - Which functions of headers matter -------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel file includes some thousand functions and calls a few hundred of
/// them, over however many steps.  Which, its text and that of the headers
/// says: what it names, what the macros and functions that it names name in
/// turn, and what headers name outside functions.  The bodies of the others
/// need not be parsed.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_HEADERBODIES_H
#define PAGEWARDEN_SCAN_HEADERBODIES_H

#include "pagewarden/Scan/Includes.h"
#include "pagewarden/Scan/Protocol.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

namespace pagewarden::scan {

/// What one file may call.
class CalledNames {
public:
  /// False: \p Function is defined in a header of the file, under this very
  /// name, and nothing that counts names it.
  bool mayBeCalled(llvm::StringRef Function) const;

private:
  friend class HeaderBodies;
  llvm::DenseSet<uint32_t> Called, Defined; ///< hashes of names
  /// Beginnings and ends of names that macros complete.
  llvm::StringSet<> Parts;
};

/// The texts of headers, each read once for all files.
class HeaderBodies {
public:
  HeaderBodies() : Store(""), Included(Store, /*Threads=*/1) {}

  /// Reads the file of \p Job and what it includes, as far as that is not
  /// known.
  void read(const Job &Job);

  /// \p Job must have been read.
  CalledNames calledBy(const Job &Job) const;

private:
  struct Text {
    /// Name and what its definition names, sorted.
    std::vector<std::pair<uint32_t, uint32_t>> Uses;
    std::vector<uint32_t> Functions; ///< with a body
    std::vector<uint32_t> Elsewhere;
    /// Name (0: none) and part.
    std::vector<std::pair<uint32_t, std::string>> Parts;
  };
  const Text *textOf(llvm::StringRef Path) const;
  void readText(llvm::StringRef Path);

  gate::OutlineStore Store;
  Includes Included;
  llvm::StringMap<Text> Texts;
};

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_HEADERBODIES_H
