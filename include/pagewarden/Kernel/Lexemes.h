//===- Lexemes.h - Stepping over comments and literals ----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What everybody who reads kernel source as text has to step over.  Each
/// function returns a place in [At, End].
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_LEXEMES_H
#define PAGEWARDEN_KERNEL_LEXEMES_H

#include <cstring>

namespace pagewarden::kernel {

/// The first \p What, or \p End.
inline const char *findChar(const char *At, const char *End, char What) {
  const void *Hit = memchr(At, What, End - At);
  return Hit ? static_cast<const char *>(Hit) : End;
}

/// The line break that ends the "//" comment around \p At.
inline const char *skipLineComment(const char *At, const char *End) {
  while (true) {
    const char *Line = findChar(At, End, '\n');
    if (Line == End)
      return End;
    const char *Last = Line;
    if (Last != At && Last[-1] == '\r')
      --Last;
    if (Last == At || Last[-1] != '\\')
      return Line;
    At = Line + 1; // spliced: the comment goes on
  }
}

/// Behind a block comment, \p At standing behind its opening.
inline const char *skipBlockComment(const char *At, const char *End) {
  for (; (At = findChar(At, End, '*')) != End; ++At)
    if (At + 1 != End && At[1] == '/')
      return At + 2;
  return End;
}

/// Behind a literal, \p At standing on its opening quote.  A literal that is
/// not closed ends with its line ("#error can't").
inline const char *skipLiteral(const char *At, const char *End) {
  const char Close = *At++;
  for (; At != End; ++At) {
    if (*At == '\\' && At + 1 != End) {
      ++At;
      if (*At == '\r' && At + 1 != End && At[1] == '\n')
        ++At;
      continue;
    }
    if (*At == Close)
      return At + 1;
    if (*At == '\n')
      return At;
  }
  return End;
}

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_LEXEMES_H
