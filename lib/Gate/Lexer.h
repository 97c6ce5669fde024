//===- Lexer.h - C as far as the gate needs it ------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One pass over the text, without building tokens.
///
/// Not handled: identifiers split by a backslash at the end of a line, and
/// trigraphs.  Text in '#if 0' counts as code: a file too many is parsed, none
/// is missed.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_GATE_LEXER_H
#define PAGEWARDEN_LIB_GATE_LEXER_H

#include "pagewarden/Kernel/Lexemes.h"
#include "llvm/ADT/StringRef.h"
#include <array>
#include <cstdint>

namespace pagewarden::gate {

enum CharClass : uint8_t { Other, Letter, Digit, Quote, Slash };

constexpr std::array<uint8_t, 256> makeClasses() {
  std::array<uint8_t, 256> Table = {};
  for (unsigned C = 0; C < 256; ++C) {
    const bool IsLetter = (C >= 'a' && C <= 'z') || (C >= 'A' && C <= 'Z');
    if (IsLetter || C == '_' || C == '$' || C >= 0x80)
      Table[C] = Letter;
    else if (C >= '0' && C <= '9')
      Table[C] = Digit;
  }
  Table['"'] = Table['\''] = Quote;
  Table['/'] = Slash;
  return Table;
}

inline constexpr std::array<uint8_t, 256> Classes = makeClasses();

inline uint8_t classOf(char C) {
  return Classes[static_cast<unsigned char>(C)];
}
inline bool inWord(char C) {
  return classOf(C) == Letter || classOf(C) == Digit;
}

/// Calls \p OnWord with each identifier (it says whether to go on) and
/// \p OnOther with the place of each other character of code, which may move
/// it forward and must at least leave it.
template <typename Word, typename Rest>
void lex(llvm::StringRef Text, Word OnWord, Rest OnOther) {
  const char *At = Text.begin(), *End = Text.end();
  while (At != End) {
    switch (classOf(*At)) {
    case Other:
      At = OnOther(At, End);
      break;
    case Quote:
      At = kernel::skipLiteral(At, End);
      break;
    case Slash:
      if (++At == End)
        break;
      if (*At == '/')
        At = kernel::skipLineComment(At, End);
      else if (*At == '*')
        At = kernel::skipBlockComment(At + 1, End);
      break;
    case Digit:
      while (At != End && (inWord(*At) || *At == '.'))
        ++At;
      break;
    case Letter: {
      const char *Start = At;
      while (At != End && inWord(*At))
        ++At;
      if (!OnWord(llvm::StringRef(Start, At - Start), At))
        return;
      break;
    }
    }
  }
}

} // namespace pagewarden::gate

#endif // PAGEWARDEN_LIB_GATE_LEXER_H
