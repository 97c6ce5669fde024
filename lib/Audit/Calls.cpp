//===- Calls.cpp - What exported functions call ---------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/Calls.h"
#include "pagewarden/Kernel/SourceText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace pagewarden::audit {

/// Static functions within static functions, and no further.
constexpr size_t MaxThrough = 3;

/// Words that stand before a parenthesis and call nothing.
constexpr StringLiteral Keywords[] = {
    "if",       "while",
    "for",      "switch",
    "return",   "sizeof",
    "typeof",   "__typeof__",
    "else",     "do",
    "case",     "defined",
    "_Generic", "__builtin_return_address",
    "goto",     "asm",
    "__asm__",  "alignof",
    "offsetof",
};

static bool isCall(StringRef Name) {
  // Constants, and macros that are spelled like ones.
  return !is_contained(Keywords, Name) && !Name.starts_with("__builtin_") &&
         any_of(Name, [](char C) { return isLower(C); });
}

const CallGraph::FileCalls &CallGraph::read(StringRef File) {
  auto [It, New] = Files.try_emplace(File);
  if (!New)
    return It->second;
  auto Buffer = Tree.read(File);
  if (!Buffer)
    return It->second;
  StringSet<> Macros;
  FileCalls &Out = It->second;
  kernel::Outline::walk(
      Buffer->getBuffer(), [](const kernel::Token &, const kernel::Scope &) {},
      [&](const kernel::FunctionText &F) {
        FunctionCalls &Calls = Out[F.Name];
        Calls.Static |= F.Static;
        unsigned FirstLine =
            F.Line +
            unsigned(
                F.Head.drop_front(F.Name.end() - F.Head.begin()).count('\n'));
        kernel::Lexer L(F.Body, FirstLine);
        kernel::Token T, Before, Last;
        while (L.next(T)) {
          ++Calls.Words;
          if (T.is('(') && Before.isIdentifier() && isCall(Before.Text) &&
              !Last.is('.') && !Last.is('>'))
            Calls.Names.push_back({Before.Text.str(), Before.Line});
          Last = Before;
          Before = T;
        }
      },
      [&](const kernel::MacroDefinition &M) { Macros.insert(M.Name); });
  for (auto &F : Out)
    llvm::erase_if(F.second.Names, [&](const auto &Call) {
      return Macros.contains(Call.first);
    });
  return Out;
}

void CallGraph::collect(const FileCalls &In, const FunctionCalls &F,
                        std::vector<std::string> &Through, CallsOf &Out) {
  for (const auto &[Name, Line] : F.Names) {
    auto Own = In.find(Name);
    if (Own != In.end() && Own->second.Static) {
      if (Through.size() >= MaxThrough || is_contained(Through, Name))
        continue;
      Through.push_back(Name);
      collect(In, Own->second, Through, Out);
      Through.pop_back();
      continue;
    }
    if (Incidental(Name) ||
        any_of(Out.Callees, [&, Wanted = StringRef(Name)](const Callee &C) {
          return C.Name == Wanted;
        }))
      continue;
    Out.Callees.push_back({Name, Line, Through});
  }
}

CallsOf CallGraph::callsOf(StringRef File, StringRef Function) {
  CallsOf Out;
  const FileCalls &In = read(File);
  auto It = In.find(Function);
  if (It == In.end())
    return Out;
  Out.Known = true;
  Out.Words = It->second.Words;
  std::vector<std::string> Through;
  collect(In, It->second, Through, Out);
  llvm::erase_if(Out.Callees,
                 [&](const Callee &C) { return C.Name == Function; });
  return Out;
}

} // namespace pagewarden::audit
