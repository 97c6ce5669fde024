//===- ShellWords.cpp - Reading shell text without a shell ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One lexer for both users: compile databases (words only) and the recipes
/// that make prints (words and command separators).
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/ShellWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <array>

using namespace llvm;

namespace pagewarden::kernel {

namespace {

constexpr StringLiteral Separators = ";&|()\n";

/// Characters that may end a plain stretch of a word.  Nearly all of a compile
/// database is such stretches, so they are looked up in a table.
constexpr std::array<bool, 256> EndsPlain = [] {
  std::array<bool, 256> Table{};
  for (char C :
       {' ', '\t', '\r', '\n', '\'', '"', '\\', ';', '&', '|', '(', ')'})
    Table[static_cast<unsigned char>(C)] = true;
  return Table;
}();

/// Reads one word after the other.
class Lexer {
public:
  Lexer(StringRef Text, bool Operators) : Rest(Text), Operators(Operators) {}

  enum class Token { Word, Separator, End, Unterminated };

  /// The next token; a word is put into \p Word.
  Token next(std::string &Word) {
    skipBlanks();
    if (Rest.empty())
      return Token::End;
    if (Operators && Separators.contains(Rest.front())) {
      Rest = Rest.drop_front();
      return Token::Separator;
    }
    Word.clear();
    while (!Rest.empty() && !endsWord(Rest.front()))
      if (!part(Word))
        return Token::Unterminated;
    return Token::Word;
  }

private:
  StringRef Rest;
  bool Operators;

  static bool isBlank(char C) { return C == ' ' || C == '\t' || C == '\r'; }

  bool endsWord(char C) const {
    return isBlank(C) || C == '\n' || (Operators && Separators.contains(C));
  }

  void skipBlanks() {
    while (!Rest.empty()) {
      if (Rest.starts_with("\\\n"))
        Rest = Rest.drop_front(2);
      else if (isBlank(Rest.front()) || (!Operators && Rest.front() == '\n'))
        Rest = Rest.drop_front();
      else
        return;
    }
  }

  /// One quoted or plain stretch of a word.  False when a quote stays open.
  bool part(std::string &Word) {
    switch (Rest.front()) {
    case '\'':
      return singleQuoted(Word);
    case '"':
      return doubleQuoted(Word);
    case '\\':
      escaped(Word);
      return true;
    default:
      break;
    }
    size_t Length = 1;
    while (Length < Rest.size() &&
           !EndsPlain[static_cast<unsigned char>(Rest[Length])])
      ++Length;
    Word += Rest.take_front(Length);
    Rest = Rest.drop_front(Length);
    return true;
  }

  bool singleQuoted(std::string &Word) {
    const size_t Close = Rest.find('\'', 1);
    if (Close == StringRef::npos)
      return false;
    Word += Rest.slice(1, Close);
    Rest = Rest.drop_front(Close + 1);
    return true;
  }

  bool doubleQuoted(std::string &Word) {
    Rest = Rest.drop_front();
    while (!Rest.empty()) {
      const char C = Rest.front();
      Rest = Rest.drop_front();
      if (C == '"')
        return true;
      if (C == '\\' && !Rest.empty() &&
          StringRef("$`\"\\\n").contains(Rest.front())) {
        if (Rest.front() != '\n')
          Word += Rest.front();
        Rest = Rest.drop_front();
        continue;
      }
      Word += C;
    }
    return false;
  }

  void escaped(std::string &Word) {
    Rest = Rest.drop_front();
    if (Rest.empty()) {
      Word += '\\';
      return;
    }
    if (Rest.front() != '\n')
      Word += Rest.front();
    Rest = Rest.drop_front();
  }
};

bool needsQuotes(StringRef Word) {
  if (Word.empty())
    return true;
  return !all_of(Word, [](char C) {
    return isAlnum(C) || StringRef("-_=+./,:@%").contains(C);
  });
}

} // namespace

std::optional<std::vector<std::string>> splitWords(StringRef Text) {
  Lexer L(Text, /*Operators=*/false);
  std::vector<std::string> Words;
  Words.reserve(Text.count(' ') + 1);
  std::string Word;
  while (true) {
    switch (L.next(Word)) {
    case Lexer::Token::Word:
      Words.push_back(Word);
      break;
    case Lexer::Token::Separator:
      break;
    case Lexer::Token::End:
      return Words;
    case Lexer::Token::Unterminated:
      return std::nullopt;
    }
  }
}

void forEachCommand(StringRef Text,
                    function_ref<void(std::vector<std::string> &)> Visit) {
  Lexer L(Text, /*Operators=*/true);
  std::vector<std::string> Words;
  std::string Word;
  while (true) {
    const Lexer::Token T = L.next(Word);
    if (T == Lexer::Token::Unterminated)
      return;
    if (T == Lexer::Token::Word) {
      Words.push_back(std::move(Word));
      continue;
    }
    if (!Words.empty())
      Visit(Words);
    Words.clear();
    if (T == Lexer::Token::End)
      return;
  }
}

std::string quoteWords(const std::vector<std::string> &Words) {
  std::string Text;
  for (const std::string &Word : Words) {
    if (!Text.empty())
      Text += ' ';
    if (!needsQuotes(Word)) {
      Text += Word;
      continue;
    }
    Text += '\'';
    for (char C : Word) {
      if (C == '\'')
        Text += "'\\''";
      else
        Text += C;
    }
    Text += '\'';
  }
  return Text;
}

} // namespace pagewarden::kernel
