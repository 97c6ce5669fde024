//===- TextGate.h - Which files are worth parsing ---------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Decides by text alone whether a file can reach a modelled operation.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_GATE_TEXTGATE_H
#define PAGEWARDEN_GATE_TEXTGATE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace pagewarden::gate {

class TextGate {
public:
  void add(llvm::StringRef Identifier) { Words.insert(Identifier); }

  /// The first identifier of the gate that occurs in \p Text as a whole word
  /// outside comments and string literals, or "" when none does.
  llvm::StringRef why(llvm::StringRef Text) const;

private:
  llvm::StringSet<> Words;
};

} // namespace pagewarden::gate

#endif // PAGEWARDEN_GATE_TEXTGATE_H
