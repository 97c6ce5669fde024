//===- SourceText.h - Kernel source as words ------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads kernel source without compiling it: no configuration, no header is
/// needed, and every branch of every condition is seen.  For questions about a
/// whole tree that a compiler could answer for one configuration only.
///
/// Not handled: trigraphs, and identifiers split by a backslash at the end of
/// a line.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_SOURCETEXT_H
#define PAGEWARDEN_KERNEL_SOURCETEXT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace pagewarden::kernel {

struct Token {
  enum TokenKind : uint8_t {
    Identifier,
    Number,
    Literal,    ///< string or character, with its quotes
    Punctuator, ///< one character
    Directive,  ///< a whole preprocessor line, with its continuations
  } Kind = Punctuator;
  llvm::StringRef Text;     ///< points into the source
  unsigned Line = 0;        ///< from 1, where it starts
  bool FirstInLine = false; ///< in column 1

  bool is(char C) const {
    return Kind == Punctuator && Text.size() == 1 && Text.front() == C;
  }
  bool isIdentifier() const { return Kind == Identifier; }
};

/// Splits source into tokens; comments are dropped.  The text must outlive the
/// tokens.
class Lexer {
public:
  /// \p Directives: a '#' at the start of a line begins a directive.  Without,
  /// it is a character like others: for the text of a directive.
  explicit Lexer(llvm::StringRef Text, unsigned FirstLine = 1,
                 bool Directives = true)
      : Start(Text.begin()), At(Text.begin()), End(Text.end()), Counted(At),
        Line(FirstLine), Directives(Directives) {}

  /// False at the end.
  bool next(Token &T);

private:
  bool skipSpace();
  void lexDirective(Token &T);
  unsigned lineOf(const char *P);

  const char *Start, *At, *End;
  const char *Counted; ///< Line is the line of this
  unsigned Line;
  bool Directives;
  bool FreshLine = true; ///< only space since the last line break
};

/// The conditions (#if and so on) that hold at a place.
class Conditions {
public:
  /// What a directive that changes them does; false for any other directive.
  bool take(llvm::StringRef Directive);

  /// Number of conditions that are open.
  size_t depth() const { return Stack.size(); }
  /// In a branch that no configuration compiles ("#if 0").
  bool dead() const;
  /// "defined(CONFIG_NUMA) && !defined(MODULE)"; empty where nothing is asked.
  std::string text() const;
  /// The first condition of a header asks whether the header was read
  /// already, and says nothing about its contents.
  void forgetGuard();
  /// True between '#if' and '#endif' of a branch that is not the first.
  bool inLaterBranch() const { return !Stack.empty() && Stack.back().Later; }

private:
  struct Level {
    std::string Now;                          ///< empty: always
    llvm::SmallVector<std::string, 2> Before; ///< earlier branches
    bool Dead = false, Always = false, Later = false;
  };
  std::vector<Level> Stack;
};

/// "if", "ifdef", "define" ..., and what follows it, without comments.
llvm::StringRef directiveName(llvm::StringRef Directive);
llvm::StringRef directiveRest(llvm::StringRef Directive);

/// A macro's definition.
struct MacroDefinition {
  llvm::StringRef Name;
  bool HasParameters = false;
  llvm::SmallVector<llvm::StringRef, 4> Parameters; ///< "..." for the rest
  llvm::StringRef Body; ///< with continuations and comments
  unsigned Line = 0;    ///< of the #define
};

/// Reads "#define NAME(a, b) body"; false when \p Directive is none.
bool parseMacro(const Token &Directive, MacroDefinition &Out);

/// Where a token stands in a file.
struct Scope {
  /// What the token does there.
  enum PlaceKind {
    Head,        ///< a declaration, or what comes before a function's body
    Body,        ///< in a function's body
    Initializer, ///< of a variable at file level, or arguments of a macro there
    Type,        ///< in the braces of a struct, union or enum
    Macro,       ///< in the body of a macro
  } Place = Head;
  /// The function or macro; empty in Head, Initializer and Type.
  llvm::StringRef Function;
};

/// A function's definition.
struct FunctionText {
  llvm::StringRef Name;
  unsigned Line = 0; ///< of the name
  bool Static = false, Inline = false, Init = false;
  llvm::StringRef Head; ///< from its first word to the brace
  llvm::StringRef Body; ///< with its braces
  std::string Condition;
};

/// Walks through a file and tells what stands where.
class Outline {
public:
  /// Called for each identifier that is no member's name (after '.' or "->").
  using OnIdentifier = llvm::function_ref<void(const Token &, const Scope &)>;
  /// Called when a function's body ends.
  using OnFunction = llvm::function_ref<void(const FunctionText &)>;
  /// Called for each #define.
  using OnMacro = llvm::function_ref<void(const MacroDefinition &)>;

  static void walk(llvm::StringRef Text, OnIdentifier Identifier,
                   OnFunction Function, OnMacro Macro);
};

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_SOURCETEXT_H
