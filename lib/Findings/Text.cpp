//===- Text.cpp - Findings as compilers print them ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The text sink, and what all sinks share.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"

using namespace llvm;

namespace pagewarden {

void normalise(std::vector<Finding> &Findings) {
  llvm::stable_sort(Findings);
  // Equal location, check and message puts twins side by side.
  auto Same = [](const Finding &A, const Finding &B) {
    return A.Loc == B.Loc && A.Message == B.Message &&
           A.fingerprint() == B.fingerprint();
  };
  Findings.erase(llvm::unique(Findings, Same), Findings.end());
}

std::string printable(StringRef Text) {
  if (all_of(Text, [](char C) { return C >= ' ' && C < 0x7f; }))
    return Text.str();

  std::string Out;
  raw_string_ostream OS(Out);
  const auto *At = Text.bytes_begin(), *End = Text.bytes_end();
  while (At != End) {
    const UTF8 *Start = At;
    UTF32 Char = 0;
    if (convertUTF8Sequence(&At, End, &Char, strictConversion) !=
        conversionOK) {
      At = Start + 1;
      OS << format("\\x%02X", unsigned(*Start));
      continue;
    }
    if (Char < ' ' || Char == 0x7f)
      OS << format("\\x%02X", unsigned(Char));
    else if (Char > 0x7f && !sys::unicode::isPrintable(int(Char)))
      OS << format("\\u{%04X}", unsigned(Char));
    else
      OS << StringRef(reinterpret_cast<const char *>(Start), At - Start);
  }
  return Out;
}

namespace {
/// Prints one finding after the other, in colours or without.
class TextWriter {
public:
  TextWriter(raw_ostream &OS, StringRef Root, bool Colors)
      : OS(OS), Root(Root), Colors(Colors) {}

  void write(const Finding &F) {
    location(F.Loc);
    if (F.Remark)
      style("\x1b[1;36m", "note: ");
    else
      style("\x1b[1;35m", "warning: ");
    style("\x1b[1m", printable(F.Message));
    OS << " [" << printable(F.Check) << "]\n";
    for (const Note &N : F.Path)
      note(N);
    for (const Note &N : F.Notes)
      note(N);
  }

private:
  void style(StringRef On, StringRef Text) {
    if (Colors)
      OS << On << Text << "\x1b[0m";
    else
      OS << Text;
  }
  void location(const Location &L) {
    std::string Text = L.File.empty() ? std::string("<unknown>")
                                      : printable(relativeTo(L.File, Root));
    if (L.Line) {
      Text.append(1, ':').append(utostr(L.Line));
      if (L.Column)
        Text.append(1, ':').append(utostr(L.Column));
    }
    style("\x1b[1m", Text + ": ");
  }
  void note(const Note &N) {
    location(N.Loc);
    style("\x1b[1;36m", "note: ");
    OS << printable(N.Message) << '\n';
  }

  raw_ostream &OS;
  StringRef Root;
  bool Colors;
};
} // namespace

void writeText(raw_ostream &OS, ArrayRef<Finding> Findings, StringRef Root,
               bool Colors) {
  TextWriter Writer(OS, Root, Colors);
  for (const Finding &F : Findings)
    Writer.write(F);
}

} // namespace pagewarden
