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
#include <array>
#include <cstdint>

namespace pagewarden::gate {

class TextGate {
public:
  void add(llvm::StringRef Identifier);
  bool empty() const { return Words.empty(); }
  const llvm::StringSet<> &words() const { return Words; }

  /// The first identifier of the gate that occurs in \p Text as a whole word
  /// outside comments and string and character literals, or "" when none does.
  /// What is returned lives as long as the gate.
  llvm::StringRef why(llvm::StringRef Text) const;

private:
  bool mayContain(llvm::StringRef Word) const;

  llvm::StringSet<> Words;
  /// By first character: bit N is set when a word of N characters (63: or
  /// more) starts with it.  Spares nearly all look-ups.
  std::array<uint64_t, 256> Lengths = {};
};

} // namespace pagewarden::gate

#endif // PAGEWARDEN_GATE_TEXTGATE_H
