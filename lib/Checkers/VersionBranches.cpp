//===- VersionBranches.cpp - Code for other kernels -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VersionBranches.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include <optional>

using namespace clang;

namespace pagewarden {

static unsigned versionOf(unsigned A, unsigned B, unsigned C) {
  return (A << 16) + (B << 8) + std::min(C, 255U);
}

unsigned kernelVersion(llvm::StringRef Text) {
  unsigned Parts[3] = {0, 0, 0};
  for (unsigned &Part : Parts) {
    if (Text.consumeInteger(10, Part))
      break;
    if (!Text.consume_front("."))
      break;
  }
  return Parts[0] ? versionOf(Parts[0], Parts[1], Parts[2]) : 0;
}

std::string VersionBranches::text(const Token &Token) const {
  return Lexer::getSpelling(Token, SM, Options);
}

namespace {
/// "LINUX_VERSION_CODE < KERNEL_VERSION(4, 4, 0)"
struct Comparison {
  /// The kernels for which it is true: from Low on, and before High.
  unsigned Low = 0, High = 0;
};
} // namespace

/// The comparison that \p Words is, without any other word.
static std::optional<Comparison> comparison(llvm::ArrayRef<std::string> Words) {
  while (Words.size() > 2 && Words.front() == "(" && Words.back() == ")")
    Words = Words.drop_front().drop_back();
  if (Words.size() != 10 || Words[0] != "LINUX_VERSION_CODE" ||
      Words[2] != "KERNEL_VERSION" || Words[3] != "(" || Words[5] != "," ||
      Words[7] != "," || Words[9] != ")")
    return std::nullopt;
  unsigned Parts[3];
  for (unsigned I = 0; I < 3; ++I)
    if (llvm::StringRef(Words[4 + 2 * I]).getAsInteger(10, Parts[I]))
      return std::nullopt;
  unsigned Version = versionOf(Parts[0], Parts[1], Parts[2]);
  if (Words[1] == "<")
    return Comparison{0, Version};
  if (Words[1] == "<=")
    return Comparison{0, Version + 1};
  if (Words[1] == ">=")
    return Comparison{Version, 0};
  if (Words[1] == ">")
    return Comparison{Version + 1, 0};
  return std::nullopt;
}

static bool isConfig(llvm::StringRef Word) {
  return Word.starts_with("CONFIG_") || Word == "defined" ||
         Word == "IS_ENABLED";
}

void VersionBranches::branch(Frame &Of, const Line &Tokens) {
  Of.Low = Of.RestLow;
  Of.High = Of.RestHigh;
  std::vector<std::string> Words;
  for (const Token &Token : Tokens) {
    Words.push_back(text(Token));
    if (Token.is(tok::raw_identifier))
      Of.Asked.push_back(Words.back());
  }
  std::optional<Comparison> Is = comparison(Words);
  if (!Is) {
    for (const Token &Token : Tokens)
      Of.Plain &= !Token.is(tok::raw_identifier) || isConfig(text(Token));
    return;
  }
  Of.Low = std::max(Of.Low, Is->Low);
  if (Is->High && (!Of.High || Is->High < Of.High))
    Of.High = Is->High;
  if (Is->High)
    Of.RestLow = std::max(Of.RestLow, Is->High);
  else if (!Of.RestHigh || Is->Low < Of.RestHigh)
    Of.RestHigh = Is->Low;
}

void VersionBranches::directive(const Line &Tokens) {
  if (Tokens.empty())
    return;
  std::string Name = text(Tokens.front());
  Line Rest(Tokens.begin() + 1, Tokens.end());
  if (Name == "if" || Name == "ifdef" || Name == "ifndef") {
    Frames.emplace_back();
    branch(Frames.back(), Rest);
  } else if (Frames.empty()) {
    return;
  } else if (Name == "elif") {
    branch(Frames.back(), Rest);
  } else if (Name == "else") {
    Frame &Last = Frames.back();
    Last.Low = Last.RestLow;
    Last.High = Last.RestHigh;
  } else if (Name == "endif") {
    Frames.pop_back();
  }
}

/// The first version that the place at hand is certainly not for, or 0.
unsigned VersionBranches::end() const {
  unsigned End = 0, Begin = 0;
  for (const Frame &Frame : Frames) {
    if (!Frame.Plain)
      return 0;
    Begin = std::max(Begin, Frame.Low);
    if (Frame.High && (!End || Frame.High < End))
      End = Frame.High;
  }
  // Nobody gets there.
  return End > Begin ? End : 0;
}

void VersionBranches::run(Visit See) {
  auto SeeWord = [&](const clang::Token &Token) {
    unsigned End = Token.is(tok::raw_identifier) ? end() : 0;
    std::string Word = End ? text(Token) : "";
    if (End && llvm::none_of(Frames, [&](const Frame &Frame) {
          return llvm::is_contained(Frame.Asked, Word);
        }))
      See(Word, Token.getLocation(), End);
  };
  FileID File = SM.getMainFileID();
  std::optional<llvm::MemoryBufferRef> Buffer = SM.getBufferOrNone(File);
  if (!Buffer || !Buffer->getBuffer().contains("LINUX_VERSION_CODE"))
    return;
  Lexer Lex(File, *Buffer, SM, Options);
  Token Token;
  Lex.LexFromRawLexer(Token);
  while (Token.isNot(tok::eof)) {
    if (Token.is(tok::hash) && Token.isAtStartOfLine()) {
      Line Tokens;
      Lex.LexFromRawLexer(Token);
      while (Token.isNot(tok::eof) && !Token.isAtStartOfLine()) {
        Tokens.push_back(Token);
        Lex.LexFromRawLexer(Token);
      }
      directive(Tokens);
      // What a macro stands for.
      if (Tokens.size() > 2 && text(Tokens.front()) == "define")
        for (const clang::Token &Part : llvm::drop_begin(Tokens, 2))
          SeeWord(Part);
      continue;
    }
    SeeWord(Token);
    Lex.LexFromRawLexer(Token);
  }
}

} // namespace pagewarden
