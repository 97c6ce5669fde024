//===- FlagValues.cpp - Values of named flags -----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A macro is expanded into text and read as a C integer expression.  Casts are
/// stepped over: flags are unsigned and no wider than 64 bits.
///
/// Not handled: strings, comparisons, "#", and macros that the file undefines
/// again.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Engine/FlagValues.h"
#include "clang/AST/Decl.h"
#include "clang/Lex/MacroInfo.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <map>

using namespace clang;

namespace pagewarden {

namespace {

using Tokens = std::vector<std::string>;

bool isName(llvm::StringRef Token) {
  return !Token.empty() &&
         (isalpha(static_cast<unsigned char>(Token[0])) || Token[0] == '_');
}

/// Expands macros, as far as integer constants need it.
class Expander {
public:
  explicit Expander(const Preprocessor &PP) : PP(PP) {}

  /// False where the text grows without end.
  bool run(llvm::ArrayRef<std::string> In, Tokens &Out, unsigned Depth) {
    for (size_t I = 0; I < In.size(); ++I) {
      const MacroInfo *Macro = Depth < MaxDepth ? macro(In[I]) : nullptr;
      if (!Macro) {
        Out.push_back(In[I]);
        if (Out.size() > MaxTokens)
          return false;
        continue;
      }
      std::map<std::string, Tokens> Arguments;
      if (Macro->isFunctionLike() && !readArguments(*Macro, In, I, Arguments))
        return false;
      if (!run(body(*Macro, Arguments), Out, Depth + 1))
        return false;
    }
    return true;
  }

private:
  static constexpr unsigned MaxDepth = 16;
  static constexpr size_t MaxTokens = 512;

  const MacroInfo *macro(llvm::StringRef Name) const {
    if (!isName(Name))
      return nullptr;
    auto It = PP.getIdentifierTable().find(Name);
    return It == PP.getIdentifierTable().end() ? nullptr
                                               : PP.getMacroInfo(It->second);
  }

  /// \p I stands on the macro's name, and then on the closing parenthesis.
  static bool readArguments(const MacroInfo &Macro,
                            llvm::ArrayRef<std::string> In, size_t &I,
                            std::map<std::string, Tokens> &Arguments) {
    if (I + 1 >= In.size() || In[I + 1] != "(" || Macro.isVariadic())
      return false;
    std::vector<Tokens> Given(1);
    unsigned Nesting = 0;
    for (I += 2; I < In.size(); ++I) {
      if (In[I] == ")" && !Nesting)
        break;
      if (In[I] == "," && !Nesting) {
        Given.emplace_back();
        continue;
      }
      Nesting += In[I] == "(";
      Nesting -= In[I] == ")";
      Given.back().push_back(In[I]);
    }
    size_t N = 0;
    for (const IdentifierInfo *Parameter : Macro.params())
      if (N < Given.size())
        Arguments[Parameter->getName().str()] = Given[N++];
    return I < In.size();
  }

  Tokens body(const MacroInfo &Macro,
              const std::map<std::string, Tokens> &Arguments) const {
    Tokens Out;
    bool Paste = false;
    for (const Token &T : Macro.tokens()) {
      if (T.is(tok::hashhash)) {
        Paste = true;
        continue;
      }
      std::string Text = PP.getSpelling(T);
      auto Argument = Arguments.find(Text);
      Tokens Part =
          Argument == Arguments.end() ? Tokens{Text} : Argument->second;
      if (Paste && !Out.empty() && !Part.empty()) {
        Out.back() += Part.front();
        Part.erase(Part.begin());
      }
      Paste = false;
      Out.insert(Out.end(), Part.begin(), Part.end());
    }
    return Out;
  }

  const Preprocessor &PP;
};

/// Reads a constant expression; the value is meaningless once it failed.
class Evaluator {
public:
  using Lookup =
      llvm::function_ref<std::optional<uint64_t>(llvm::StringRef Name)>;

  Evaluator(const Tokens &Text, Lookup Enumerator)
      : Text(Text), Enumerator(Enumerator) {}

  std::optional<uint64_t> run() {
    uint64_t Value = bitOr();
    return Failed || At != Text.size() ? std::nullopt : std::optional(Value);
  }

private:
  bool take(llvm::StringRef Token) {
    if (At == Text.size() || Text[At] != Token)
      return false;
    ++At;
    return true;
  }

  uint64_t bitOr() {
    uint64_t Value = bitXor();
    while (!Failed && take("|"))
      Value |= bitXor();
    return Value;
  }

  uint64_t bitXor() {
    uint64_t Value = bitAnd();
    while (!Failed && take("^"))
      Value ^= bitAnd();
    return Value;
  }

  uint64_t bitAnd() {
    uint64_t Value = shift();
    while (!Failed && take("&"))
      Value &= shift();
    return Value;
  }

  uint64_t shift() {
    uint64_t Value = sum();
    while (!Failed) {
      bool Left = take("<<");
      if (!Left && !take(">>"))
        break;
      uint64_t By = sum();
      Failed |= By > 63;
      if (!Failed)
        Value = Left ? Value << By : Value >> By;
    }
    return Value;
  }

  uint64_t sum() {
    uint64_t Value = unary();
    while (!Failed) {
      if (take("+"))
        Value += unary();
      else if (take("-"))
        Value -= unary();
      else
        break;
    }
    return Value;
  }

  uint64_t unary() {
    if (++Depth > MaxDepth)
      return fail();
    uint64_t Value = prefixed();
    --Depth;
    return Value;
  }

  uint64_t prefixed() {
    if (take("~"))
      return ~unary();
    if (take("-"))
      return -unary();
    if (!take("("))
      return primary();
    if (skipCast())
      return unary();
    uint64_t Value = bitOr();
    return take(")") ? Value : fail();
  }

  /// "(type)", of which the first parenthesis is taken.
  bool skipCast() {
    size_t End = At;
    while (End != Text.size() && isName(Text[End]) && !Enumerator(Text[End]))
      ++End;
    if (End == At || End == Text.size() || Text[End] != ")")
      return false;
    At = End + 1;
    return true;
  }

  uint64_t primary() {
    if (At == Text.size())
      return fail();
    llvm::StringRef Token = Text[At++];
    if (isName(Token)) {
      std::optional<uint64_t> Value = Enumerator(Token);
      return Value ? *Value : fail();
    }
    uint64_t Value = 0;
    return Token.rtrim("uUlL").getAsInteger(0, Value) ? fail() : Value;
  }

  uint64_t fail() {
    Failed = true;
    return 0;
  }

  static constexpr unsigned MaxDepth = 64;
  const Tokens &Text;
  Lookup Enumerator;
  size_t At = 0;
  unsigned Depth = 0;
  bool Failed = false;
};

} // namespace

static std::optional<uint64_t> enumerator(const ASTContext &Ctx,
                                          llvm::StringRef Name) {
  auto It = Ctx.Idents.find(Name);
  if (It == Ctx.Idents.end())
    return std::nullopt;
  for (const NamedDecl *D :
       Ctx.getTranslationUnitDecl()->lookup(DeclarationName(It->second)))
    if (const auto *Constant = dyn_cast<EnumConstantDecl>(D))
      return Constant->getInitVal().getZExtValue();
  return std::nullopt;
}

std::optional<uint64_t> FlagValues::of(llvm::StringRef Name) const {
  if (std::optional<uint64_t> Value = enumerator(Ctx, Name))
    return Value;
  Tokens Text;
  if (!Expander(PP).run(Tokens{Name.str()}, Text, 0))
    return std::nullopt;
  return Evaluator(
             Text,
             [&](llvm::StringRef Other) { return enumerator(Ctx, Other); })
      .run();
}

} // namespace pagewarden
