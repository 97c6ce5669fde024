//===- TextGate.cpp - Which files are worth parsing -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Gate/TextGate.h"
#include "Lexer.h"
#include <algorithm>

using namespace llvm;

namespace pagewarden::gate {

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
  StringRef Result;
  lex(
      Text,
      [&](StringRef Word, const char *) {
        if (!mayContain(Word))
          return true;
        auto Found = Words.find(Word);
        if (Found == Words.end())
          return true;
        Result = Found->getKey();
        return false;
      },
      [](const char *At, const char *) { return At + 1; });
  return Result;
}

} // namespace pagewarden::gate
