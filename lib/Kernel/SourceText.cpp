//===- SourceText.cpp - Kernel source as words ----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tokens, conditions and the outline of a file.
///
/// Branches of a condition that open different numbers of braces would leave
/// the outline in the wrong place: at '#else' it goes back to where it was at
/// '#if'.  Where that does not help, a closing brace in column 1 ends the
/// function, as kernel style has it.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/SourceText.h"
#include "pagewarden/Kernel/Lexemes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <array>
#include <cstring>

using namespace llvm;

namespace pagewarden::kernel {

//===----------------------------------------------------------------------===//
// Lexer
//===----------------------------------------------------------------------===//

namespace {
enum CharClass : uint8_t { Other, Letter, Digit, Space };

constexpr std::array<uint8_t, 256> makeClasses() {
  std::array<uint8_t, 256> Table = {};
  for (unsigned C = 0; C < 256; ++C) {
    const bool IsLetter = (C >= 'a' && C <= 'z') || (C >= 'A' && C <= 'Z');
    if (IsLetter || C == '_' || C == '$')
      Table[C] = Letter;
    else if (C >= '0' && C <= '9')
      Table[C] = Digit;
    else if (C == ' ' || C == '\t' || C == '\r' || C == '\f' || C == '\v')
      Table[C] = Space;
  }
  return Table;
}

constexpr std::array<uint8_t, 256> Classes = makeClasses();
uint8_t classOf(char C) { return Classes[static_cast<unsigned char>(C)]; }

bool opensComment(const char *At, const char *End) {
  return *At == '/' && At + 1 != End && (At[1] == '/' || At[1] == '*');
}

const char *skipComment(const char *At, const char *End) {
  return At[1] == '/' ? skipLineComment(At + 2, End)
                      : skipBlockComment(At + 2, End);
}
} // namespace

unsigned Lexer::lineOf(const char *P) {
  while (Counted < P) {
    Counted = findChar(Counted, P, '\n');
    if (Counted == P)
      break;
    ++Counted;
    ++Line;
  }
  return Line;
}

/// To the next character of a token; false at the end.
bool Lexer::skipSpace() {
  for (; At != End; ++At) {
    if (*At == '\n') {
      FreshLine = true;
      continue;
    }
    if (classOf(*At) == Space)
      continue;
    // A spliced line goes on.
    if (*At == '\\' && At + 1 != End && (At[1] == '\n' || At[1] == '\r'))
      continue;
    if (!opensComment(At, End))
      return true;
    At = skipComment(At, End);
    if (At == End)
      return false;
    --At;
  }
  return false;
}

void Lexer::lexDirective(Token &T) {
  T.Kind = Token::Directive;
  const char *Begin = At;
  while (At != End && *At != '\n') {
    if (*At == '\\' && At + 1 != End) {
      ++At;
      if (*At == '\r' && At + 1 != End && At[1] == '\n')
        ++At;
      ++At;
    } else if (opensComment(At, End)) {
      At = skipComment(At, End);
    } else if (*At == '"' || *At == '\'') {
      At = skipLiteral(At, End);
    } else {
      ++At;
    }
  }
  T.Text = StringRef(Begin, At - Begin);
}

bool Lexer::next(Token &T) {
  if (!skipSpace())
    return false;
  const char *Begin = At;
  T.Line = lineOf(Begin);
  T.FirstInLine = Begin == Start || Begin[-1] == '\n';
  if (*At == '#' && FreshLine && Directives) {
    lexDirective(T);
    return true;
  }
  FreshLine = false;
  switch (classOf(*At)) {
  case Letter:
    T.Kind = Token::Identifier;
    while (At != End && (classOf(*At) == Letter || classOf(*At) == Digit))
      ++At;
    break;
  case Digit:
    T.Kind = Token::Number;
    while (At != End &&
           (classOf(*At) == Letter || classOf(*At) == Digit || *At == '.'))
      ++At;
    break;
  default:
    if (*At == '"' || *At == '\'') {
      T.Kind = Token::Literal;
      At = skipLiteral(At, End);
      break;
    }
    T.Kind = Token::Punctuator;
    ++At;
  }
  T.Text = StringRef(Begin, At - Begin);
  return true;
}

//===----------------------------------------------------------------------===//
// Directives
//===----------------------------------------------------------------------===//

static bool isWordChar(char C) {
  return classOf(C) == Letter || classOf(C) == Digit;
}

StringRef directiveName(StringRef Directive) {
  return Directive.drop_front().ltrim(" \t").take_while(isWordChar);
}

StringRef directiveRest(StringRef Directive) {
  StringRef Rest = Directive.drop_front().ltrim(" \t");
  return Rest.drop_while(isWordChar);
}

/// The words of \p Text, as one would write them in one line.
static std::string normalised(StringRef Text) {
  std::string Out;
  Lexer L(Text, 1, /*Directives=*/false);
  Token T, Before;
  while (L.next(T)) {
    // A space wherever there was one, but no two.
    if (!Out.empty() && Before.Text.end() != T.Text.begin())
      Out += ' ';
    Out += T.Text;
    Before = T;
  }
  return Out;
}

static std::string negated(StringRef Condition) {
  const bool Simple = all_of(Condition, isWordChar) ||
                      ((Condition.starts_with("defined(") ||
                        Condition.starts_with("IS_ENABLED(")) &&
                       Condition.find(')') == Condition.size() - 1);
  if (Simple)
    return ("!" + Condition).str();
  return ("!(" + Condition + ")").str();
}

bool Conditions::take(StringRef Directive) {
  StringRef Name = directiveName(Directive);
  StringRef Rest = directiveRest(Directive);
  if (Name == "if" || Name == "ifdef" || Name == "ifndef") {
    Level L;
    std::string Word = normalised(Rest);
    if (Name == "if") {
      L.Dead = Word == "0";
      L.Always = Word == "1";
      if (!L.Dead && !L.Always)
        L.Now = Word;
    } else {
      L.Now = (Name == "ifdef" ? "defined(" : "!defined(") + Word + ")";
    }
    Stack.push_back(std::move(L));
    return true;
  }
  const bool Elif = Name == "elif" || Name == "elifdef" || Name == "elifndef";
  if (Elif || Name == "else") {
    if (Stack.empty())
      return true;
    Level &L = Stack.back();
    if (!L.Now.empty())
      L.Before.push_back(negated(L.Now));
    L.Dead = L.Always;
    L.Later = true;
    L.Now = Elif ? normalised(Rest) : "";
    return true;
  }
  if (Name != "endif")
    return false;
  if (!Stack.empty())
    Stack.pop_back();
  return true;
}

bool Conditions::dead() const {
  return any_of(Stack, [](const Level &L) { return L.Dead; });
}

void Conditions::forgetGuard() {
  if (Stack.size() == 1)
    Stack.back().Now.clear();
}

std::string Conditions::text() const {
  std::string Out;
  auto Add = [&](StringRef Part) {
    if (Part.empty())
      return;
    if (!Out.empty())
      Out += " && ";
    if (Part.contains("||") && !Part.starts_with("!("))
      Out += ("(" + Part + ")").str();
    else
      Out += Part;
  };
  for (const Level &L : Stack) {
    for (const std::string &Part : L.Before)
      Add(Part);
    Add(L.Now);
  }
  return Out;
}

bool parseMacro(const Token &Directive, MacroDefinition &Out) {
  if (directiveName(Directive.Text) != "define")
    return false;
  StringRef Rest = directiveRest(Directive.Text).ltrim(" \t");
  Out = MacroDefinition();
  Out.Line = Directive.Line;
  Out.Name = Rest.take_while(isWordChar);
  Rest = Rest.drop_front(Out.Name.size());
  if (Out.Name.empty())
    return false;
  if (Rest.consume_front("(")) {
    Out.HasParameters = true;
    size_t Close = Rest.find(')');
    if (Close == StringRef::npos)
      return false;
    StringRef List = Rest.take_front(Close);
    Rest = Rest.drop_front(Close + 1);
    while (!List.trim(" \t\n\\").empty()) {
      StringRef One;
      std::tie(One, List) = List.split(',');
      Out.Parameters.push_back(One.trim(" \t\n\\"));
    }
  }
  Out.Body = Rest;
  return true;
}

//===----------------------------------------------------------------------===//
// Outline
//===----------------------------------------------------------------------===//

namespace {

/// Words with parentheses that can stand in a function's head and are not its
/// name.
constexpr StringLiteral Attributes[] = {
    "__attribute__",
    "__aligned",
    "__section",
    "__printf",
    "__scanf",
    "__must_hold",
    "__acquires",
    "__releases",
    "__acquire",
    "__release",
    "__alloc_size",
    "__malloc",
    "__cond_acquires",
    "__cond_lock",
    "__counted_by",
    "__assume_aligned",
    "__diagnose_as",
    "__format_arg",
    "__nonnull",
    "typeof",
    "__typeof__",
    "__typeof",
    "__no_context_analysis",
    "__realloc_size",
    "__bpf_kfunc",
    "alignas",
    "_Alignas",
    "__must_hold_shared",
    "__acquires_shared",
    "__releases_shared",
    "__assumes_ctx_lock",
    "defined",
};

class Walker {
public:
  Walker(StringRef Text, Outline::OnIdentifier Identifier,
         Outline::OnFunction Function, Outline::OnMacro Macro)
      : L(Text), Identifier(Identifier), Function(Function), Macro(Macro) {}

  void run() {
    Token T;
    while (L.next(T)) {
      if (T.Kind == Token::Directive) {
        directive(T);
        continue;
      }
      if (Now.Depth)
        inBraces(T);
      else
        atFileLevel(T);
      BeforeLast = Last;
      Last = T;
    }
  }

private:
  enum BraceKind { NoBrace, FunctionBody, OtherBody, TypeBody };
  struct State {
    unsigned Depth = 0, Parens = 0;
    BraceKind Kind = NoBrace;
    // The head at file level.
    const char *HeadStart = nullptr;
    StringRef First;   ///< its first word
    Token Name;        ///< what the function would be called
    StringRef Pending; ///< the identifier before this token
    bool Assigned = false, Type = false, Static = false, Inline = false,
         Init = false, Split = false;
  };

  void resetHead() {
    State Fresh;
    Fresh.Depth = Now.Depth;
    Fresh.Kind = Now.Kind;
    Now = Fresh;
  }

  void directive(const Token &T) {
    MacroDefinition M;
    if (parseMacro(T, M)) {
      macro(M);
      return;
    }
    StringRef Name = directiveName(T.Text);
    if (Name.starts_with("if"))
      Saved.push_back(Now);
    if (!Where.take(T.Text))
      return;
    Now.Split = true;
    if (Saved.empty())
      return;
    if (Name == "endif")
      Saved.pop_back();
    else if (Name.starts_with("el") && Saved.back().Depth != Now.Depth) {
      Now = Saved.back();
      Now.Split = true;
    }
  }

  void macro(const MacroDefinition &M) {
    Macro(M);
    Lexer Inner(M.Body, M.Line, /*Directives=*/false);
    Token T;
    Token B, BB;
    Scope S{Scope::Macro, M.Name};
    while (Inner.next(T)) {
      if (T.isIdentifier() && !isMember(B, BB) &&
          !is_contained(M.Parameters, T.Text))
        Identifier(T, S);
      BB = B;
      B = T;
    }
  }

  static bool isMember(const Token &Last, const Token &BeforeLast) {
    if (Last.is('.'))
      return !BeforeLast.is('.');
    return Last.is('>') && BeforeLast.is('-') &&
           BeforeLast.Text.end() == Last.Text.begin();
  }

  void report(const Token &T, Scope::PlaceKind Place, StringRef In = "") {
    if (!isMember(Last, BeforeLast))
      Identifier(T, Scope{Place, In});
  }

  void atFileLevel(const Token &T) {
    if (T.isIdentifier())
      return headWord(T);
    if (T.Kind != Token::Punctuator || T.Text.empty())
      return;
    switch (T.Text.front()) {
    case '(':
      if (!Now.Parens && Last.isIdentifier() && Now.Name.Text.empty() &&
          !Now.Assigned && !is_contained(Attributes, Last.Text))
        Now.Name = Last;
      ++Now.Parens;
      break;
    case ')':
      if (Now.Parens)
        --Now.Parens;
      break;
    case '=':
      if (!Now.Parens)
        Now.Assigned = true;
      break;
    case ';':
      if (!Now.Parens || T.FirstInLine)
        resetHead();
      break;
    case '{':
      openBrace(T);
      break;
    case '}':
      resetHead();
      break;
    default:
      break;
    }
  }

  void headWord(const Token &T) {
    // A macro's call at file level may have no semicolon.
    if (T.FirstInLine && !Now.Parens && Last.is(')') && !Now.Assigned)
      resetHead();
    if (!Now.HeadStart) {
      Now.HeadStart = T.Text.begin();
      Now.First = T.Text;
    }
    if (!Now.Parens) {
      Now.Static |= T.Text == "static";
      Now.Inline |= T.Text == "inline" || T.Text == "__always_inline" ||
                    T.Text == "__inline" || T.Text == "__inline__";
      Now.Init |= T.Text == "__init" || T.Text == "__exit";
      if (Now.Name.Text.empty())
        Now.Type |= T.Text == "struct" || T.Text == "union" || T.Text == "enum";
    }
    const bool MacroCall =
        Now.Parens && none_of(Now.First, [](char C) { return isLower(C); });
    report(T, Now.Assigned || MacroCall ? Scope::Initializer : Scope::Head);
  }

  void openBrace(const Token &T) {
    Now.Depth = 1;
    Open = T;
    if (Now.Assigned || Now.Parens) {
      Now.Kind = OtherBody;
    } else if (!Now.Name.Text.empty()) {
      Now.Kind = FunctionBody;
      // Conditions within the body are what can unbalance it.
      Now.Split = false;
    } else {
      Now.Kind = Now.Type ? TypeBody : OtherBody;
    }
  }

  void inBraces(const Token &T) {
    if (T.isIdentifier()) {
      if (Now.Kind == FunctionBody)
        report(T, Scope::Body, Now.Name.Text);
      else
        report(T, Now.Kind == TypeBody ? Scope::Type : Scope::Initializer);
      return;
    }
    if (T.is('{')) {
      ++Now.Depth;
      return;
    }
    if (!T.is('}'))
      return;
    if (T.FirstInLine && Now.Split && Now.Kind == FunctionBody)
      Now.Depth = 1;
    if (--Now.Depth)
      return;
    if (Now.Kind == FunctionBody)
      finishFunction(T);
    else
      Now.Kind = NoBrace;
  }

  void finishFunction(const Token &Close) {
    FunctionText F;
    F.Name = Now.Name.Text;
    F.Line = Now.Name.Line;
    F.Static = Now.Static;
    F.Inline = Now.Inline;
    F.Init = Now.Init;
    F.Head = StringRef(Now.HeadStart, Open.Text.begin() - Now.HeadStart);
    F.Body = StringRef(Open.Text.begin(), Close.Text.end() - Open.Text.begin());
    F.Condition = Where.dead() ? "0" : Where.text();
    Function(F);
    Now.Kind = NoBrace;
    resetHead();
  }

  Lexer L;
  Outline::OnIdentifier Identifier;
  Outline::OnFunction Function;
  Outline::OnMacro Macro;
  Conditions Where;
  State Now;
  SmallVector<State, 8> Saved;
  Token Last, BeforeLast, Open;
};

} // namespace

void Outline::walk(StringRef Text, OnIdentifier Identifier, OnFunction Function,
                   OnMacro Macro) {
  Walker(Text, Identifier, Function, Macro).run();
}

} // namespace pagewarden::kernel
