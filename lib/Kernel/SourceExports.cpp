//===- SourceExports.cpp - Exports as the source has them -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two passes over the tree.  The first collects macros of headers that wrap
/// exports; the second reads the files that export:
///
///   EXPORT_SYMBOL...(x)          a leaf: its name says class and namespace
///   WRAPPER(x)                   expanded as the file or a header defines it,
///                                until only leaves are left
///   #include <list of GEN(x)>    read, where the file defines such a wrapper
///                                just before: lists of registers and the like
///
/// Where headers define a wrapper several times, under conditions, each of
/// these definitions counts that exports something.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/SourceExports.h"
#include "pagewarden/Kernel/SourceText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <mutex>

using namespace llvm;

namespace pagewarden::kernel {

namespace {

/// Wrappers within wrappers, and no further.
constexpr unsigned MaxDepth = 12;

struct Leaf {
  StringLiteral Name;
  bool GplOnly;
  /// What the second argument is.
  enum SecondKind { Nothing, Namespace, Modules } Second;
};

/// include/linux/export.h, and export.h of older kernels.
constexpr Leaf Leaves[] = {
    {"EXPORT_SYMBOL", false, Leaf::Nothing},
    {"EXPORT_SYMBOL_GPL", true, Leaf::Nothing},
    {"EXPORT_SYMBOL_GPL_FUTURE", false, Leaf::Nothing},
    {"EXPORT_UNUSED_SYMBOL", false, Leaf::Nothing},
    {"EXPORT_UNUSED_SYMBOL_GPL", true, Leaf::Nothing},
    {"EXPORT_SYMBOL_NS", false, Leaf::Namespace},
    {"EXPORT_SYMBOL_NS_GPL", true, Leaf::Namespace},
    {"EXPORT_SYMBOL_FOR_MODULES", true, Leaf::Modules},
    {"EXPORT_SYMBOL_GPL_FOR_MODULES", true, Leaf::Modules},
};

/// The same for trees that do not say what these are.
constexpr Leaf Defaults[] = {
    {"EXPORT_PER_CPU_SYMBOL", false, Leaf::Nothing},
    {"EXPORT_PER_CPU_SYMBOL_GPL", true, Leaf::Nothing},
    {"EXPORT_SYMBOL_FOR_KVM", true, Leaf::Nothing},
    {"EXPORT_SYMBOL_FOR_KVM_INTERNAL", true, Leaf::Nothing},
    {"EXPORT_DATA_SYMBOL", false, Leaf::Nothing},
    {"EXPORT_DATA_SYMBOL_GPL", true, Leaf::Nothing},
    {"EXPORT_INDIRECT_CALLABLE", false, Leaf::Nothing},
};

const Leaf *leaf(ArrayRef<Leaf> Table, StringRef Name) {
  for (const Leaf &L : Table)
    if (L.Name == Name)
      return &L;
  return nullptr;
}

struct Macro {
  std::string Name, Body, Condition;
  std::vector<std::string> Parameters;
  bool HasParameters = false;
  /// It exports something, itself or through another macro.
  bool Exports = false;
};

using MacroTable = StringMap<SmallVector<Macro, 1>>;

bool isIdentifier(StringRef Text) {
  return !Text.empty() && !isDigit(Text.front()) && all_of(Text, [](char C) {
    return isAlnum(C) || C == '_' || C == '$';
  });
}

/// "..." of a string literal, or the text itself.
StringRef unquoted(StringRef Text) {
  Text = Text.trim();
  if (Text.size() >= 2 && Text.front() == '"' && Text.back() == '"')
    return Text.drop_front().drop_back();
  return Text;
}

Macro keep(const MacroDefinition &D, const Conditions &Where) {
  Macro M;
  M.Name = D.Name.str();
  M.Body = D.Body.str();
  M.Condition = Where.text();
  M.HasParameters = D.HasParameters;
  for (StringRef P : D.Parameters)
    M.Parameters.push_back(P.str());
  return M;
}

/// Follows the conditions of a file, and knows a header's guard.
class ConditionReader {
public:
  Conditions Where;

  void take(const Token &T) {
    StringRef Name = directiveName(T.Text);
    if (Name == "ifndef" && Where.depth() == 0) {
      Guard = directiveRest(T.Text).trim();
    } else if (Name == "define" && !Guard.empty() && Where.depth() == 1 &&
               directiveRest(T.Text).trim() == Guard) {
      Where.forgetGuard();
      Guard = "";
    } else {
      Guard = "";
    }
    Where.take(T.Text);
  }

private:
  StringRef Guard;
};

//===----------------------------------------------------------------------===//
// Macro expansion
//===----------------------------------------------------------------------===//

bool isPaste(const Token &A, const Token &B) {
  return A.is('#') && B.is('#') && A.Text.end() == B.Text.begin();
}

/// The body of \p M with \p Args in place of its parameters, tokens separated
/// by spaces.
std::string substitute(const Macro &M, ArrayRef<std::string> Args) {
  auto Value = [&](StringRef Name) -> std::optional<std::string> {
    for (size_t I = 0; I < M.Parameters.size(); ++I) {
      StringRef P = M.Parameters[I];
      const bool Rest = P.consume_back("...");
      if (Name != (P.empty() ? StringRef("__VA_ARGS__") : P))
        continue;
      if (Rest)
        return join(Args.drop_front(std::min(I, Args.size())), ", ");
      return I < Args.size() ? Args[I] : std::string();
    }
    return std::nullopt;
  };
  SmallVector<Token, 32> Tokens;
  Lexer L(M.Body, 1, /*Directives=*/false);
  for (Token T; L.next(T);)
    Tokens.push_back(T);
  std::string Out;
  for (size_t I = 0; I < Tokens.size(); ++I) {
    if (I + 1 < Tokens.size() && isPaste(Tokens[I], Tokens[I + 1])) {
      ++I;
      while (!Out.empty() && Out.back() == ' ')
        Out.pop_back();
      continue;
    }
    if (Tokens[I].is('#') && I + 1 < Tokens.size())
      if (auto V = Value(Tokens[I + 1].Text)) {
        Out += "\"" + StringRef(*V).trim().str() + "\" ";
        ++I;
        continue;
      }
    if (auto V = Value(Tokens[I].Text))
      Out += StringRef(*V).trim().str() + " ";
    else
      Out += (Tokens[I].Text + " ").str();
  }
  return Out;
}

/// Reads "( a, b )" behind a macro's name; false when there is none.
bool readArguments(Lexer &L, std::vector<std::string> &Args) {
  Token T;
  if (!L.next(T) || !T.is('('))
    return false;
  std::string One;
  const char *Before = nullptr;
  for (unsigned Depth = 1; L.next(T);) {
    if (T.Kind == Token::Directive)
      continue;
    if (T.is('('))
      ++Depth;
    if (T.is(')') && --Depth == 0) {
      if (!One.empty() || !Args.empty())
        Args.push_back(One);
      return true;
    }
    if (T.is(',') && Depth == 1) {
      Args.push_back(One);
      One.clear();
      Before = nullptr;
      continue;
    }
    if (Before && Before != T.Text.begin())
      One += ' ';
    One += T.Text;
    Before = T.Text.end();
  }
  return false;
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

/// What the files of a tree share.
struct Shared {
  const SourceTree &Tree;
  MacroTable Headers;
  /// Names of wrappers that do not look like ones.
  std::vector<std::string> Disguised;
  /// Macros that look like exports and are not.
  StringSet<> Harmless;
  /// "folder" or "folder/file.o" to the namespace that its Makefile gives.
  StringMap<std::string> Namespaces;
};

class FileReader {
public:
  FileReader(const Shared &S, StringRef File, StringRef Text)
      : S(S), File(File), Text(Text), Namespace(namespaceOfFile()) {}

  std::vector<SourceExport> Exports;
  std::vector<HiddenExport> Hidden;

  void run() {
    Lexer L(Text);
    scan(L, 0, "");
    if (!Exports.empty())
      findDefinitions();
  }

private:
  std::string namespaceOfFile() const {
    SmallString<128> Object(File);
    sys::path::replace_extension(Object, "o");
    auto Own = S.Namespaces.find(Object);
    if (Own != S.Namespaces.end())
      return Own->second;
    return S.Namespaces.lookup(sys::path::parent_path(File));
  }

  /// \p Depth 0 is the file itself, more is what macros expand to, called at
  /// Line under \p Condition.
  void scan(Lexer &L, unsigned Depth, const std::string &Condition) {
    for (Token T; L.next(T);) {
      if (T.Kind == Token::Directive)
        directive(T);
      else if (T.isIdentifier() && !Reader.Where.dead())
        word(L, T, Depth, Condition);
    }
  }

  void directive(const Token &T) {
    Reader.take(T);
    MacroDefinition D;
    if (Reader.Where.dead())
      return;
    if (parseMacro(T, D)) {
      Macro M = keep(D, Reader.Where);
      M.Exports = D.Body.contains("EXPORT_") || callsExporter(D.Body);
      // export.h asks for it when it is read, and so does not see a later one.
      if (D.Name == "DEFAULT_SYMBOL_NAMESPACE" && !Included)
        Namespace = unquoted(D.Body).str();
      Own[D.Name].push_back(std::move(M));
      return;
    }
    StringRef Name = directiveName(T.Text);
    if (Name == "undef")
      Own.erase(directiveRest(T.Text).trim());
    else if (Name == "include")
      include(T);
  }

  bool callsExporter(StringRef Body) const {
    Lexer L(Body, 1, false);
    for (Token T; L.next(T);)
      if (T.isIdentifier() && ownExporter(T.Text))
        return true;
    return false;
  }

  bool ownExporter(StringRef Name) const {
    auto It = Own.find(Name);
    return It != Own.end() &&
           any_of(It->second, [](const Macro &M) { return M.Exports; });
  }

  void include(const Token &T) {
    Included = true;
    StringRef Name = directiveRest(T.Text).trim();
    if (Name.ends_with(".c\"") && !Template)
      includeTemplate(Name.trim('"'));
    else
      includeList(T);
  }

  /// Code that is compiled once more, under other names.
  void includeTemplate(StringRef Name) {
    const std::string Place = (sys::path::parent_path(File) + "/" + Name).str();
    auto Buffer = S.Tree.read(Place);
    if (!Buffer)
      return;
    Template = true;
    const StringRef Outer = File;
    const ConditionReader Conditions = std::exchange(Reader, {});
    File = Place;
    Lexer L(Buffer->getBuffer());
    scan(L, 0, "");
    File = Outer;
    Reader = Conditions;
    Template = false;
    Written = "";
  }

  /// A list that calls a macro which this file defines for it.
  void includeList(const Token &T) {
    SmallVector<StringRef, 4> Names;
    for (const auto &M : Own)
      if (ownExporter(M.getKey()))
        Names.push_back(M.getKey());
    if (Names.empty())
      return;
    StringRef Header = directiveRest(T.Text).trim().trim("\"<>");
    SmallVector<std::string, 4> Places = {
        (sys::path::parent_path(File) + "/" + Header).str(),
        ("include/" + Header).str()};
    StringRef Arch = architectureOf(File);
    if (!Arch.empty())
      Places.push_back(("arch/" + Arch + "/include/" + Header).str());
    for (const std::string &Place : Places) {
      auto Buffer = S.Tree.read(Place);
      if (!Buffer)
        continue;
      Lexer L(Buffer->getBuffer());
      Line = T.Line;
      for (Token W; L.next(W);)
        if (W.isIdentifier() && is_contained(Names, W.Text)) {
          std::vector<std::string> Args;
          Written = W.Text.str();
          if (readArguments(L, Args))
            call(W.Text, Args, 1, "");
        }
      return;
    }
  }

  void word(Lexer &L, const Token &T, unsigned Depth,
            const std::string &Condition) {
    const bool Looks = T.Text.contains("EXPORT_");
    if (!Looks && !Own.contains(T.Text) && !S.Headers.contains(T.Text))
      return;
    const bool Known = leaf(Leaves, T.Text) || leaf(Defaults, T.Text) ||
                       T.Text == "__EXPORT_SYMBOL" ||
                       T.Text == "_EXPORT_SYMBOL" || ownExporter(T.Text) ||
                       S.Headers.contains(T.Text);
    const bool Suspect = Looks && T.Text.contains("SYMBOL");
    if (!Known && !Suspect)
      return;
    Lexer Saved = L;
    std::vector<std::string> Args;
    if (!readArguments(L, Args)) {
      // The name alone: a comment of an assembler's, an argument.
      L = Saved;
      return;
    }
    if (Depth == 0) {
      Line = T.Line;
      Written = T.Text.str();
    }
    if (Known)
      return call(T.Text, Args, Depth, Condition);
    // Empty for some configurations, and for the rest unknown.
    if (Own.contains(T.Text) || S.Harmless.contains(T.Text))
      return;
    hide(T.Text, Args, "no header of the tree says what this macro exports");
  }

  void hide(StringRef Name, ArrayRef<std::string> Args, StringRef Why) {
    Hidden.push_back({File.str(), Line,
                      (Name + "(" + join(Args, ", ") + ")").str(), Why.str()});
  }

  void call(StringRef Name, std::vector<std::string> Args, unsigned Depth,
            const std::string &Condition) {
    if (Args.empty())
      return;
    if (const Leaf *L = leaf(Leaves, Name)) {
      std::string Second =
          Args.size() > 1 ? unquoted(resolveText(Args[1])).str() : "";
      if (L->Second == Leaf::Modules)
        Second = "module:" + Second;
      else if (L->Second == Leaf::Nothing)
        Second = Namespace;
      return emit(Name, Args, L->GplOnly, Second, Condition);
    }
    if (Name == "__EXPORT_SYMBOL" || Name == "_EXPORT_SYMBOL") {
      const bool Gpl =
          Args.size() > 1 && StringRef(Args[1]).contains_insensitive("gpl");
      return emit(Name, Args, Gpl,
                  Args.size() > 2 ? unquoted(Args[2]) : StringRef(Namespace),
                  Condition);
    }
    if (Depth > MaxDepth)
      return hide(Name, Args, "macros within macros without end");
    if (ownExporter(Name))
      return expand(Own.find(Name)->second, Args, Depth, Condition);
    auto Header = S.Headers.find(Name);
    if (Header != S.Headers.end())
      return expand(Header->second, Args, Depth, Condition);
    if (const Leaf *L = leaf(Defaults, Name))
      emit(Name, Args, L->GplOnly, Namespace, Condition);
  }

  void expand(ArrayRef<Macro> Definitions, ArrayRef<std::string> Args,
              unsigned Depth, const std::string &Condition) {
    // They may be replaced while their bodies are read.
    SmallVector<Macro, 2> Copies(Definitions.begin(), Definitions.end());
    for (const Macro &M : Copies) {
      if (!M.Exports)
        continue;
      std::string Inner = Condition;
      if (!M.Condition.empty() && !StringRef(Inner).contains(M.Condition))
        Inner += (Inner.empty() ? "" : " && ") + M.Condition;
      std::string Body = substitute(M, Args);
      Lexer L(Body, Line, /*Directives=*/false);
      scan(L, Depth + 1, Inner);
    }
  }

  /// Replaces macros that make names, in \p Text.
  std::string resolveText(StringRef Text, unsigned Depth = 0) const {
    if (isIdentifier(Text)) {
      auto It = Own.find(Text);
      if (It == Own.end() || Depth > MaxDepth)
        return Text.str();
      for (const Macro &M : It->second)
        if (!M.HasParameters && !StringRef(M.Body).trim().empty() &&
            StringRef(M.Body).trim() != Text)
          return resolveText(StringRef(M.Body).trim(), Depth + 1);
      return Text.str();
    }
    if (!Text.contains('(') || Depth > MaxDepth)
      return Text.str();
    std::string Out;
    Lexer L(Text, 1, /*Directives=*/false);
    for (Token T; L.next(T);) {
      std::vector<std::string> Args;
      Lexer Saved = L;
      if (T.isIdentifier() && readArguments(L, Args))
        if (auto Name = makeName(T.Text, Args, Depth)) {
          Out += *Name;
          continue;
        }
      L = Saved;
      Out += T.Text;
    }
    return Out;
  }

  std::optional<std::string> makeName(StringRef Macro,
                                      std::vector<std::string> Args,
                                      unsigned Depth) const {
    for (std::string &A : Args)
      A = resolveText(A, Depth + 1);
    if (Macro == "STATIC_CALL_KEY")
      return "__SCK__" + Args.front();
    if (Macro == "STATIC_CALL_TRAMP")
      return "__SCT__" + Args.front();
    if (Macro == "__PASTE" || Macro == "___PASTE" || Macro == "CONCATENATE" ||
        Macro == "__CONCAT")
      return join(Args, "");
    if (Macro == "__stringify" || Macro == "__stringify_1")
      return "\"" + join(Args, ",") + "\"";
    auto It = Own.find(Macro);
    if (It == Own.end() || !It->second.front().HasParameters)
      return std::nullopt;
    return resolveText(StringRef(substitute(It->second.front(), Args)).trim(),
                       Depth + 1);
  }

  void emit(StringRef Macro, ArrayRef<std::string> Args, bool GplOnly,
            StringRef InNamespace, const std::string &Condition) {
    std::string Symbol = resolveText(StringRef(Args.front()).trim());
    llvm::erase(Symbol, ' ');
    if (!isIdentifier(Symbol))
      return hide(Macro, Args,
                  StringRef(Symbol).contains('\\')
                      ? "the name is an argument of an assembler macro"
                      : "the name is made by a macro that the file does not "
                        "define");
    std::string All = Reader.Where.text();
    if (!Condition.empty())
      All += (All.empty() ? "" : " && ") + Condition;
    // The same from another definition of the wrapper.
    for (SourceExport &E : Exports)
      if (E.Symbol == Symbol && E.Line == Line) {
        E.GplOnly &= GplOnly;
        return;
      }
    SourceExport E;
    E.Symbol = std::move(Symbol);
    E.Macro = Written;
    E.GplOnly = GplOnly;
    E.Namespace = InNamespace.str();
    E.File = File.str();
    E.Line = Line;
    E.Condition = std::move(All);
    Exports.push_back(std::move(E));
  }

  //===--------------------------------------------------------------------===//
  // Definitions
  //===--------------------------------------------------------------------===//

  static std::string oneLine(StringRef Text) {
    SmallVector<StringRef, 32> Words;
    SplitString(Text, Words, " \t\r\n\\");
    return join(Words, " ");
  }

  /// The comment that ends right before \p At.
  StringRef commentBefore(const char *At) const {
    StringRef Before = StringRef(Text.begin(), At - Text.begin()).rtrim();
    if (!Before.ends_with("*/"))
      return "";
    size_t Open = Before.rfind("/*");
    return Open == StringRef::npos ? "" : Before.substr(Open);
  }

  void findDefinitions() {
    StringMap<SmallVector<size_t, 1>> ByName;
    for (size_t I = 0; I < Exports.size(); ++I)
      ByName[Exports[I].Symbol].push_back(I);
    Outline::walk(
        Text, [](const Token &, const Scope &) {},
        [&](const FunctionText &F) {
          auto It = ByName.find(F.Name);
          if (It == ByName.end() || F.Condition == "0")
            return;
          for (size_t I : It->second)
            define(Exports[I].Defined, F);
        },
        [](const MacroDefinition &) {});
  }

  void define(Definition &D, const FunctionText &F) const {
    if (D.Line) {
      // Another branch of a condition.
      D.Static &= F.Static;
      D.Init &= F.Init;
      return;
    }
    D.Line = F.Line;
    D.Static = F.Static;
    D.Init = F.Init;
    D.Signature = oneLine(F.Head);
    D.Body = F.Body.str();
    D.Comment = commentBefore(F.Head.begin()).str();
  }

  const Shared &S;
  StringRef File, Text;
  std::string Namespace;
  ConditionReader Reader;
  MacroTable Own;
  unsigned Line = 0;
  std::string Written;
  bool Included = false, Template = false;
};

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

/// "-DDEFAULT_SYMBOL_NAMESPACE=X" for a folder or for one object of it.
void readNamespaces(Shared &S) {
  std::mutex Lock;
  S.Tree.forEach(S.Tree.makefiles(), [&](size_t I, StringRef Text) {
    static constexpr StringLiteral Option = "-DDEFAULT_SYMBOL_NAMESPACE=";
    if (!Text.contains(Option))
      return;
    std::string Folder = sys::path::parent_path(S.Tree.makefiles()[I]).str();
    SmallVector<StringRef, 0> Lines;
    Text.split(Lines, '\n');
    for (StringRef Line : Lines) {
      auto [Before, Value] = Line.split(Option);
      if (Value.empty() || Before.ltrim().starts_with("#"))
        continue;
      StringRef Key = Before.ltrim();
      std::string Where = Folder;
      if (Key.consume_front("CFLAGS_"))
        Where += "/" + Key.take_until([](char C) {
                            return C == ' ' || C == '\t' || C == '+' ||
                                   C == ':' || C == '=';
                          })
                           .str();
      Value = Value.take_until([](char C) { return C == ' ' || C == '\t'; });
      std::lock_guard<std::mutex> Guard(Lock);
      S.Namespaces[Where] = Value.trim("'\"\\\r").str();
    }
  });
}

/// Macros of headers that export something.
void readWrappers(Shared &S, ArrayRef<size_t> Files) {
  std::vector<std::string> Names;
  for (size_t I : Files)
    if (StringRef(S.Tree.code()[I]).ends_with(".h"))
      Names.push_back(S.Tree.code()[I]);
  std::vector<std::vector<Macro>> Found(Names.size());
  S.Tree.forEach(Names, [&](size_t I, StringRef Text) {
    ConditionReader Reader;
    Lexer L(Text);
    for (Token T; L.next(T);) {
      if (T.Kind != Token::Directive)
        continue;
      Reader.take(T);
      MacroDefinition D;
      if (!parseMacro(T, D) || Reader.Where.dead() ||
          !(D.Body.contains("EXPORT_") || D.Name.contains("EXPORT_")) ||
          leaf(Leaves, D.Name) || D.Name == "__EXPORT_SYMBOL" ||
          D.Name == "_EXPORT_SYMBOL" || D.Name == "___EXPORT_SYMBOL")
        continue;
      Found[I].push_back(keep(D, Reader.Where));
    }
  });
  // A macro exports when a leaf is in it, or one that exports.
  std::vector<Macro *> All;
  for (auto &List : Found)
    for (Macro &M : List)
      All.push_back(&M);
  StringSet<> Exporting;
  for (bool Grew = true; Grew;) {
    Grew = false;
    for (Macro *M : All) {
      if (M->Exports)
        continue;
      Lexer L(M->Body, 1, false);
      for (Token T; L.next(T) && !M->Exports;)
        M->Exports = T.isIdentifier() &&
                     (leaf(Leaves, T.Text) || leaf(Defaults, T.Text) ||
                      T.Text.starts_with("EXPORT_SYMBOL") ||
                      T.Text == "__EXPORT_SYMBOL" ||
                      T.Text == "_EXPORT_SYMBOL" || Exporting.contains(T.Text));
      if (M->Exports) {
        Exporting.insert(M->Name);
        Grew = true;
      }
    }
  }
  for (Macro *M : All) {
    if (!M->Exports) {
      S.Harmless.insert(M->Name);
      continue;
    }
    if (!StringRef(M->Name).contains("EXPORT_") &&
        !is_contained(S.Disguised, M->Name))
      S.Disguised.push_back(M->Name);
    S.Headers[M->Name].push_back(std::move(*M));
  }
}

} // namespace

StringRef architectureOf(StringRef File) {
  if (!File.consume_front("arch/"))
    return "";
  return File.split('/').first;
}

Error checkArchitecture(const SourceTree &Tree, StringRef Architecture) {
  if (Architecture.empty())
    return Error::success();
  std::vector<std::string> Known;
  for (const std::string &File : Tree.code()) {
    const StringRef Arch = architectureOf(File);
    // Files are sorted.
    if (!Arch.empty() && (Known.empty() || Known.back() != Arch))
      Known.push_back(Arch.str());
  }
  if (Known.empty() || is_contained(Known, Architecture))
    return Error::success();
  return createStringError(inconvertibleErrorCode(),
                           "'" + Tree.root() + "' has no architecture '" +
                               Architecture + "'; it has " + join(Known, ", "));
}

std::vector<SourceExport> readExportsOf(const SourceTree &Tree,
                                        const std::vector<std::string> &Files) {
  const Shared S{Tree, {}, {}, {}, {}};
  std::vector<SourceExport> Out;
  for (const std::string &File : Files)
    if (auto Buffer = Tree.read(File)) {
      FileReader R(S, File, Buffer->getBuffer());
      R.run();
      std::move(R.Exports.begin(), R.Exports.end(), std::back_inserter(Out));
    }
  return Out;
}

SourceExports readExports(const SourceTree &Tree) {
  Shared S{Tree, {}, {}, {}, {}};
  SourceExports Out;
  const auto &Code = Tree.code();
  std::vector<uint8_t> Mentions(Code.size());
  Out.Unreadable = Tree.forEach(Code, [&](size_t I, StringRef Text) {
    // Code that includes code exports what that does.
    Mentions[I] = Text.contains("EXPORT_") || Text.contains(".c\"\n");
  });
  std::vector<size_t> Files;
  for (size_t I = 0; I < Code.size(); ++I)
    if (Mentions[I])
      Files.push_back(I);
  readWrappers(S, Files);
  readNamespaces(S);
  if (!S.Disguised.empty()) {
    Tree.forEach(Code, [&](size_t I, StringRef Text) {
      if (!Mentions[I] && any_of(S.Disguised, [&](const std::string &Name) {
            return Text.contains(Name);
          }))
        Mentions[I] = true;
    });
  }

  std::vector<std::string> Names;
  for (size_t I = 0; I < Code.size(); ++I)
    if (Mentions[I])
      Names.push_back(Code[I]);
  struct Result {
    std::vector<SourceExport> Exports;
    std::vector<HiddenExport> Hidden;
  };
  std::vector<Result> Results(Names.size());
  Tree.forEach(Names, [&](size_t I, StringRef Text) {
    FileReader R(S, Names[I], Text);
    R.run();
    Results[I] = {std::move(R.Exports), std::move(R.Hidden)};
  });
  llvm::StringSet<> Seen;
  for (Result &R : Results) {
    // A template is read on its own as well.
    llvm::erase_if(R.Exports, [&](const SourceExport &E) {
      return !Seen.insert(E.File + ":" + utostr(E.Line) + ":" + E.Symbol)
                  .second;
    });
    std::move(R.Exports.begin(), R.Exports.end(),
              std::back_inserter(Out.Exports));
    std::move(R.Hidden.begin(), R.Hidden.end(), std::back_inserter(Out.Hidden));
  }
  return Out;
}

} // namespace pagewarden::kernel
