//===- TextGate.cpp - Which files are worth parsing -----------------------===//
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

#include "pagewarden/Gate/TextGate.h"
#include "pagewarden/Kernel/Lexemes.h"
#include <algorithm>

using namespace llvm;
using namespace pagewarden::kernel;

namespace pagewarden::gate {

namespace {
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

constexpr std::array<uint8_t, 256> Classes = makeClasses();

uint8_t classOf(char C) { return Classes[static_cast<unsigned char>(C)]; }
bool inWord(char C) { return classOf(C) == Letter || classOf(C) == Digit; }
} // namespace

static uint64_t lengthBit(StringRef Word) {
  return uint64_t(1) << std::min<size_t>(Word.size(), 63);
}

void TextGate::add(StringRef Identifier) {
  if (Identifier.empty())
    return;
  Words.insert(Identifier);
  Lengths[static_cast<unsigned char>(Identifier.front())] |=
      lengthBit(Identifier);
}

bool TextGate::mayContain(StringRef Word) const {
  return Lengths[static_cast<unsigned char>(Word.front())] & lengthBit(Word);
}

StringRef TextGate::why(StringRef Text) const {
  const char *At = Text.begin(), *End = Text.end();
  while (At != End) {
    switch (classOf(*At)) {
    case Other:
      ++At;
      break;
    case Quote:
      At = skipLiteral(At, End);
      break;
    case Slash:
      if (++At == End)
        break;
      if (*At == '/')
        At = skipLineComment(At, End);
      else if (*At == '*')
        At = skipBlockComment(At + 1, End);
      break;
    case Digit:
      while (At != End && (inWord(*At) || *At == '.'))
        ++At;
      break;
    case Letter: {
      const char *Start = At;
      while (At != End && inWord(*At))
        ++At;
      StringRef Word(Start, At - Start);
      if (!mayContain(Word))
        break;
      auto Found = Words.find(Word);
      if (Found != Words.end())
        return Found->getKey();
      break;
    }
    }
  }
  return "";
}

} // namespace pagewarden::gate
