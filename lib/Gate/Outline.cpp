//===- Outline.cpp - What the text of a file names ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The store is one file: a head, then for each file its path, stamp and
/// outline, numbers as they are in memory.  Whatever does not fit is read as
/// if it were not there.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Gate/Outline.h"
#include "Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <sys/stat.h>
#include <thread>

using namespace llvm;

namespace pagewarden::gate {

uint32_t hashOf(StringRef Identifier) {
  uint64_t Hash = 0xcbf29ce484222325; // FNV-1a
  for (char C : Identifier)
    Hash = (Hash ^ uint8_t(C)) * 0x100000001b3;
  // Tables of hashes keep the highest ones to themselves.
  return uint32_t(Hash ^ (Hash >> 32)) & 0x7fffffff;
}

bool Outline::mayNameHash(uint32_t Hash) const {
  return std::binary_search(Words.begin(), Words.end(), Hash);
}

bool Outline::mayName(StringRef Identifier) const {
  return mayNameHash(hashOf(Identifier));
}

static const char *skipBlanks(const char *At, const char *End) {
  while (At != End && (*At == ' ' || *At == '\t'))
    ++At;
  return At;
}

/// Behind "include <x>" when that is what stands at \p At, behind its '#'.
static const char *readInclude(const char *At, const char *End, Outline &Out) {
  const char *Start = skipBlanks(At, End);
  StringRef Rest(Start, End - Start);
  if (!Rest.consume_front("include"))
    return At;
  const char *Open = skipBlanks(Rest.begin(), End);
  if (Open == End || (*Open != '<' && *Open != '"'))
    return At;
  StringRef Name(Open, kernel::findChar(Open, End, '\n') - Open);
  size_t Close = Name.find(*Open == '<' ? '>' : '"', 1);
  if (Close == StringRef::npos)
    return At;
  Out.Includes.push_back(Name.take_front(Close + 1).str());
  return Open + Close + 1;
}

/// What stands in the parentheses at \p At.
static std::string readLicense(const char *At, const char *End) {
  StringRef Rest = StringRef(At, End - At).ltrim();
  if (!Rest.consume_front("("))
    return "";
  Rest = Rest.ltrim();
  if (!Rest.consume_front("\""))
    return UnknownLicense.str();
  return Rest.take_until([](char C) { return C == '"' || C == '\n'; }).str();
}

Outline outlineOf(StringRef Text) {
  Outline Out;
  lex(
      Text,
      [&](StringRef Word, const char *Behind) {
        Out.Words.push_back(hashOf(Word));
        if (Word == "MODULE_LICENSE")
          if (std::string L = readLicense(Behind, Text.end());
              !L.empty() && !is_contained(Out.Licenses, L))
            Out.Licenses.push_back(L);
        return true;
      },
      [&](const char *At, const char *End) {
        return *At == '#' ? readInclude(At + 1, End, Out) : At + 1;
      });
  llvm::sort(Out.Words);
  Out.Words.erase(std::unique(Out.Words.begin(), Out.Words.end()),
                  Out.Words.end());
  Out.Words.shrink_to_fit();
  return Out;
}

namespace {
/// Follows braces and directives through a header.
class UseReader {
public:
  using Handler = function_ref<void(const Use &)>;
  UseReader(StringRef Text, Handler OnUse) : Text(Text), OnUse(OnUse) {}

  void run() {
    lex(
        Text, [&](StringRef Word, const char *) { return word(Word), true; },
        [&](const char *At, const char *End) { return other(At, End); });
  }

private:
  enum Directive { None, Begun, Define, InMacro, Ignored };

  void word(StringRef Word) {
    if (Line == Begun) {
      Line = Word == "define" ? Define : Ignored;
      return;
    }
    if (Line == Define) {
      Macro = Word;
      LastInMacro = "";
      Line = InMacro;
      return;
    }
    if (Line == InMacro) {
      use(Macro, Word, Use::InMacro, Pasted);
      Pasted = false;
      LastInMacro = Word;
    } else if (Line == None && Depth && !Function.empty()) {
      use(Function, Word, Use::InFunction, false);
    } else if (Line == None && (Depth || Parens)) {
      use("", Word, Use::Elsewhere, false);
    } else if (Line == None) {
      LastIsName = Before == Part::Word || Before == Part::Star;
      Last = Word;
    }
    if (Line == None)
      Before = Part::Word;
  }

  /// By custom what is to be completed by ## ends with an underscore.
  void use(StringRef Name, StringRef Word, Use::Place Where, bool IsPart) {
    OnUse({Name, Word, Where, IsPart || Word.ends_with("_")});
  }

  const char *other(const char *At, const char *End) {
    const char C = *At;
    if (C == '\n') {
      if (At == Text.begin() || At[-1] != '\\') {
        Line = None;
        Pasted = false;
      }
    } else if (C == '#' && Line == None) {
      Line = Begun;
    } else if (C == '#' && Line == InMacro && At + 1 != End && At[1] == '#') {
      if (!LastInMacro.empty())
        use(Macro, LastInMacro, Use::InMacro, true);
      Pasted = true;
      return At + 2;
    } else if (Line == None) {
      code(At);
    } else if (Line == InMacro && C != ' ' && C != '\t' && C != '\\') {
      LastInMacro = "";
      Pasted = false;
    }
    return At + 1;
  }

  void code(const char *At) {
    switch (*At) {
    case ' ':
    case '\t':
    case '\r':
      return;
    case '(':
      if (!Depth && !Parens++)
        open();
      break;
    case ')':
      if (!Depth && Parens)
        --Parens;
      break;
    case '{':
      if (!Depth++)
        Function = Candidate;
      break;
    case '}':
      // Branches of an #if may have opened more than is closed; a brace in the
      // first column ends all of them.
      if (Depth)
        --Depth;
      if (At == Text.begin() || At[-1] == '\n')
        Depth = 0;
      if (!Depth)
        Candidate = Function = "";
      break;
    case ';':
    case '=':
      if (!Depth)
        Candidate = "", Parens = 0;
      break;
    default:
      break;
    }
    Before = *At == '*' ? Part::Star : Part::Other;
  }

  /// What stands before parentheses outside a function: a declarator comes
  /// behind its type, a macro that makes declarations behind nothing.
  void open() {
    if (Before != Part::Word)
      return;
    if (!LastIsName)
      use("", Last, Use::Elsewhere, false);
    else if (isBetterName(Last))
      Candidate = Last;
  }

  /// Of several, one is the function's name and the others are attributes,
  /// which begin with "__" as a rule.
  bool isBetterName(StringRef Name) const {
    return Candidate.empty() || Candidate == "__attribute__" ||
           (Candidate.starts_with("__") && Name != "__attribute__");
  }

  enum class Part { Word, Star, Other };

  StringRef Text;
  Handler OnUse;
  Directive Line = None;
  StringRef Macro, LastInMacro, Function, Candidate, Last;
  Part Before = Part::Other;
  bool LastIsName = false, Pasted = false;
  unsigned Depth = 0, Parens = 0;
};
} // namespace

void forEachUse(StringRef Text, function_ref<void(const Use &)> OnUse) {
  UseReader(Text, OnUse).run();
}

//===----------------------------------------------------------------------===//
// Many files
//===----------------------------------------------------------------------===//

/// Changes with the form of the store and with what an outline says.
static constexpr StringLiteral Head = "pagewarden outlines 2\n";

static int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

OutlineStore::OutlineStore(std::string Path)
    : Path(std::move(Path)), Start(now()) {
  if (!this->Path.empty())
    load();
}

bool OutlineStore::stamp(StringRef File, Stamp &At) {
  struct stat S;
  if (::stat(File.str().c_str(), &S))
    return false;
  auto Nanoseconds = [](const timespec &T) {
    return int64_t(T.tv_sec) * 1'000'000'000 + T.tv_nsec;
  };
  At = {uint64_t(S.st_size), uint64_t(S.st_ino), Nanoseconds(S.st_mtim),
        Nanoseconds(S.st_ctim)};
  return true;
}

void OutlineStore::readOne(StringRef File, Entry &E, bool &IsNew) {
  Stamp At;
  if (!stamp(File, At)) {
    E.Good = false;
    return;
  }
  if (E.Good && E.At == At)
    return;
  IsNew = true;
  E.At = At;
  E.Good = false;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      File, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return;
  E.Of = outlineOf((*Buffer)->getBuffer());
  E.Good = true;
}

void OutlineStore::read(ArrayRef<std::string> Files, unsigned Threads,
                        function_ref<void(size_t)> OnProgress) {
  std::vector<StringMapEntry<Entry> *> Work;
  for (const std::string &File : Files) {
    StringMapEntry<Entry> &E = *Entries.try_emplace(File).first;
    if (!E.getValue().Used)
      Work.push_back(&E);
    E.getValue().Used = true;
  }
  std::atomic<size_t> Next = 0, New = 0;
  auto Run = [&](bool Tells) {
    for (size_t I = Next++; I < Work.size(); I = Next++) {
      if (Tells)
        OnProgress(I);
      bool IsNew = false;
      readOne(Work[I]->getKey(), Work[I]->getValue(), IsNew);
      New += IsNew;
    }
  };
  std::vector<std::thread> Others;
  for (unsigned I = 1; I < Threads && I < Work.size(); ++I)
    Others.emplace_back(Run, false);
  Run(true);
  for (std::thread &Other : Others)
    Other.join();
  Anew += New;
}

const Outline *OutlineStore::of(StringRef File) const {
  auto It = Entries.find(File);
  return It != Entries.end() && It->getValue().Used && It->getValue().Good
             ? &It->getValue().Of
             : nullptr;
}

namespace {
/// Reads what Error OutlineStore::save() writes; after a failure, nothing.
class Reader {
public:
  explicit Reader(StringRef Text) : Rest(Text) {}
  bool good() const { return Good; }
  bool atEnd() const { return Rest.empty(); }

  uint64_t number() {
    uint64_t N = 0;
    StringRef Bytes = take(sizeof(N));
    if (Good)
      memcpy(&N, Bytes.data(), sizeof(N));
    return N;
  }
  std::string text() { return take(number()).str(); }
  std::vector<std::string> texts() {
    std::vector<std::string> Out;
    for (uint64_t N = number(); Good && N; --N)
      Out.push_back(text());
    return Out;
  }
  std::vector<uint32_t> words() {
    const uint64_t N = number();
    StringRef Bytes = N > Rest.size() ? fail() : take(N * sizeof(uint32_t));
    std::vector<uint32_t> Out(Bytes.size() / sizeof(uint32_t));
    if (!Out.empty())
      memcpy(Out.data(), Bytes.data(), Bytes.size());
    return Out;
  }

private:
  StringRef fail() {
    Good = false;
    return "";
  }
  StringRef take(uint64_t N) {
    if (!Good || N > Rest.size())
      return fail();
    StringRef Out = Rest.take_front(N);
    Rest = Rest.drop_front(N);
    return Out;
  }
  StringRef Rest;
  bool Good = true;
};

class Writer {
public:
  explicit Writer(raw_ostream &OS) : OS(OS) {}
  void number(uint64_t N) {
    OS.write(reinterpret_cast<const char *>(&N), sizeof(N));
  }
  void text(StringRef Text) {
    number(Text.size());
    OS << Text;
  }
  void texts(ArrayRef<std::string> Texts) {
    number(Texts.size());
    for (const std::string &Text : Texts)
      text(Text);
  }
  void words(ArrayRef<uint32_t> Words) {
    number(Words.size());
    OS.write(reinterpret_cast<const char *>(Words.data()),
             Words.size() * sizeof(uint32_t));
  }

private:
  raw_ostream &OS;
};
} // namespace

void OutlineStore::load() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return;
  StringRef Text = (*Buffer)->getBuffer();
  if (!Text.consume_front(Head))
    return;
  for (Reader R(Text); !R.atEnd();) {
    std::string File = R.text();
    Entry E;
    E.At = {R.number(), R.number(), int64_t(R.number()), int64_t(R.number())};
    E.Of.Words = R.words();
    E.Of.Includes = R.texts();
    E.Of.Licenses = R.texts();
    E.Good = true;
    if (!R.good())
      return;
    Entries[File] = std::move(E);
  }
}

Error OutlineStore::save() const {
  // Files are stamped by a clock that ticks every 10 ms at least: what was
  // written in the last tick may change again unnoticed.
  constexpr int64_t Tick = 10'000'000;
  if (Path.empty() || !Anew)
    return Error::success();
  if (std::error_code EC =
          sys::fs::create_directories(sys::path::parent_path(Path)))
    return createFileError(sys::path::parent_path(Path), EC);
  SmallString<256> Temporary;
  int FD = -1;
  if (std::error_code EC =
          sys::fs::createUniqueFile(Path + ".%%%%%%%%", FD, Temporary))
    return createFileError(Path, EC);
  raw_fd_ostream OS(FD, /*shouldClose=*/true);
  OS << Head;
  Writer W(OS);
  for (const auto &E : Entries) {
    const Entry &Of = E.getValue();
    if (!Of.Used || !Of.Good ||
        std::max(Of.At.Modified, Of.At.Changed) >= Start - Tick)
      continue;
    W.text(E.getKey());
    W.number(Of.At.Size);
    W.number(Of.At.Inode);
    W.number(uint64_t(Of.At.Modified));
    W.number(uint64_t(Of.At.Changed));
    W.words(Of.Of.Words);
    W.texts(Of.Of.Includes);
    W.texts(Of.Of.Licenses);
  }
  OS.close();
  std::error_code EC = OS.error();
  OS.clear_error();
  if (!EC)
    EC = sys::fs::rename(Temporary, Path);
  if (!EC)
    return Error::success();
  (void)sys::fs::remove(Temporary);
  return createFileError(Path, EC);
}

} // namespace pagewarden::gate
