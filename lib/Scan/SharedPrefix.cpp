//===- SharedPrefix.cpp - What files begin with, compiled once ------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Files with the same command, in the same folder, make a tree: a node is a
/// run of #include, #define and #undef lines that several of them have next,
/// compiled on top of its parent.
///
///   (what the command includes) ─ <config.h> ─┬─ "all.h" "own.h" ─ a.c b.c
///                                             ├─ "stds.h" ─────── c.c d.c
///                                             └─ e.c
///
/// Between nodes stand conditions.  The compiler is asked how those ahead turn
/// out where a node ends, so that a file can be followed into the branch that
/// counts.  In the text that is compiled in place of a file, the lines that its
/// node has read are empty and the conditions passed are "#if 1" or "#if 0":
/// it reads the same tokens as before, on the same lines.
///
/// Not handled: a header that asks for the name of the file that includes it
/// (KBUILD_BASENAME) does not compile without, and so is not shared.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/SharedPrefix.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace pagewarden::scan {

namespace {

/// So many conditions ahead are asked about at a time.
constexpr size_t MaxAsked = 16;

//===----------------------------------------------------------------------===//
// Lines of a file
//===----------------------------------------------------------------------===//

struct Item {
  enum KindType { Text, If, Elif, Else, Endif, Null, Code } Kind;
  size_t First, Last; ///< lines, from 0
  std::string Line;   ///< without comments, with single spaces
};

/// Cuts a file into its directives, and lines that are none.
class LineReader {
public:
  explicit LineReader(StringRef Source) : Source(Source) {}

  std::vector<Item> read() {
    while (!Source.empty()) {
      const size_t First = Line;
      std::string Text = logicalLine();
      StringRef Trimmed = StringRef(Text).trim();
      if (!Trimmed.empty())
        Items.push_back({kindOf(Trimmed), First, Line - 1, squeezed(Trimmed)});
    }
    return std::move(Items);
  }

private:
  /// Up to a newline that is neither escaped nor in a comment; comments are
  /// spaces.
  std::string logicalLine() {
    std::string Out;
    char Quote = 0;
    while (!Source.empty()) {
      if (Source.consume_front("\\\n") || Source.consume_front("\\\r\n")) {
        ++Line;
        continue;
      }
      if (!Quote && Source.starts_with("/*")) {
        const size_t End = Source.find("*/", 2);
        StringRef Comment =
            Source.take_front(End == StringRef::npos ? End : End + 2);
        Line += Comment.count('\n');
        Source = Source.drop_front(Comment.size());
        Out += ' ';
        continue;
      }
      if (!Quote && Source.starts_with("//")) {
        Source = Source.drop_while([](char C) { return C != '\n'; });
        continue;
      }
      const char C = Source.front();
      Source = Source.drop_front();
      if (C == '\n')
        break;
      Out += C;
      if (C == '\\' && Quote && !Source.empty() && Source.front() != '\n') {
        Out += Source.front();
        Source = Source.drop_front();
      } else if (Quote ? C == Quote : C == '"' || C == '\'') {
        Quote = Quote ? 0 : C;
      }
    }
    ++Line;
    return Out;
  }

  /// Spaces in literals count.
  static std::string squeezed(StringRef Text) {
    std::string Out;
    char Quote = 0;
    for (size_t I = 0; I < Text.size(); ++I) {
      const char C = Text[I];
      if (Quote || !isSpace(C))
        Out += C;
      else if (Out.back() != ' ')
        Out += ' ';
      if (C == '\\' && Quote && I + 1 < Text.size())
        Out += Text[++I];
      else if (Quote ? C == Quote : C == '"' || C == '\'')
        Quote = Quote ? 0 : C;
    }
    if (StringRef(Out).starts_with("# "))
      Out.erase(1, 1);
    return Out;
  }

  static Item::KindType kindOf(StringRef Text) {
    if (!Text.consume_front("#"))
      return Item::Code;
    const StringRef Word =
        Text.ltrim().take_while([](char C) { return isAlnum(C) || C == '_'; });
    if (Word == "include" || Word == "define" || Word == "undef")
      return Item::Text;
    if (Word == "if" || Word == "ifdef" || Word == "ifndef")
      return Item::If;
    if (Word == "elif" || Word == "elifdef" || Word == "elifndef")
      return Item::Elif;
    if (Word == "else")
      return Item::Else;
    if (Word == "endif")
      return Item::Endif;
    return Text.trim().empty() ? Item::Null : Item::Code;
  }

  StringRef Source;
  size_t Line = 0;
  std::vector<Item> Items;
};

//===----------------------------------------------------------------------===//
// A file on its way down the tree
//===----------------------------------------------------------------------===//

class Walker {
public:
  Walker(const Job &J, std::string Source)
      : J(J), Source(std::move(Source)),
        Items(LineReader(this->Source).read()) {}

  const Job &job() const { return J; }
  bool hasMoved() const { return !Changed.empty(); }

  /// Follows conditions by their \p Answers up to a line that can be shared;
  /// null when there is none, or it is not known.
  const Item *advance(const std::map<std::string, char> &Answers);
  /// The item after the \p Ahead next ones, when it can be shared with them.
  const Item *peek(size_t Ahead) const {
    const size_t I = At + Ahead;
    return I < Items.size() && Items[I].Kind == Item::Text ? &Items[I]
                                                           : nullptr;
  }
  /// The next \p Count items were compiled.
  void pass(size_t Count) {
    for (; Count; --Count)
      replace(Items[At++], "");
  }
  /// Conditions ahead.
  void collectConditions(std::vector<std::string> &Out) const;
  /// What is left to compile, on its lines.
  std::string text() const;

private:
  static std::string condition(const Item &I) {
    return I.Kind == Item::Elif ? "#" + I.Line.substr(3) : I.Line;
  }
  /// From a branch that does not count to the next one.
  void skipBranch(bool ToEnd);
  void replace(const Item &I, StringRef By) {
    for (size_t Line = I.First; Line <= I.Last; ++Line)
      Changed[Line] = Line == I.First ? By.str() : "";
  }

  const Job &J;
  std::string Source;
  std::vector<Item> Items;
  size_t At = 0;
  bool AtElif = false; ///< no branch counted so far
  std::map<size_t, std::string> Changed;
};

const Item *Walker::advance(const std::map<std::string, char> &Answers) {
  while (At < Items.size()) {
    const Item &I = Items[At];
    switch (I.Kind) {
    case Item::Text:
      return &I;
    case Item::Code:
      return nullptr;
    case Item::Null:
    case Item::Endif:
      ++At;
      continue;
    case Item::Else:
      skipBranch(/*ToEnd=*/true);
      continue;
    case Item::Elif:
      if (!AtElif) {
        skipBranch(/*ToEnd=*/true);
        continue;
      }
      break;
    case Item::If:
      break;
    }
    auto Answer = Answers.find(condition(I));
    if (Answer == Answers.end() || Answer->second == '?')
      return nullptr;
    replace(I, (I.Kind == Item::Elif ? "#elif " : "#if ") +
                   std::string(1, Answer->second));
    AtElif = false;
    if (Answer->second == '1')
      ++At;
    else
      skipBranch(/*ToEnd=*/false);
  }
  return nullptr;
}

void Walker::skipBranch(bool ToEnd) {
  unsigned Depth = 0;
  for (++At; At < Items.size(); ++At) {
    const Item::KindType Kind = Items[At].Kind;
    if (Kind == Item::If)
      ++Depth;
    else if (Kind == Item::Endif && Depth)
      --Depth;
    else if (Kind == Item::Endif)
      return;
    else if (!Depth && !ToEnd && Kind == Item::Else) {
      ++At;
      return;
    } else if (!Depth && !ToEnd && Kind == Item::Elif) {
      AtElif = true;
      return;
    }
  }
}

void Walker::collectConditions(std::vector<std::string> &Out) const {
  size_t Count = 0;
  for (const Item &I : ArrayRef(Items).drop_front(At)) {
    if (I.Kind != Item::If && I.Kind != Item::Elif)
      continue;
    if (std::string Line = condition(I); !is_contained(Out, Line))
      Out.push_back(std::move(Line));
    if (++Count == MaxAsked)
      return;
  }
}

std::string Walker::text() const {
  std::string Out;
  StringRef Rest = Source;
  for (size_t Line = 0; !Rest.empty(); ++Line) {
    auto [Text, After] = Rest.split('\n');
    auto It = Changed.find(Line);
    Out += It == Changed.end() ? Text : StringRef(It->second);
    if (Text.size() < Rest.size())
      Out += '\n';
    Rest = After;
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

struct Node {
  const Node *Parent = nullptr;
  Job Precompile;
  std::vector<Walker *> Files; ///< for its children to share
  size_t Items = 0;            ///< of each file, that it compiles
  bool Good = false;           ///< could be precompiled
  std::string Failure;         ///< its first error
  std::map<std::string, char> Answers;
};

class Tree {
public:
  Tree(StringRef Folder, RunJobsFn Run, ResultFn OnResult)
      : Folder(Folder), Run(Run), OnResult(OnResult) {}

  void add(const Job &J);
  void run();

private:
  void precompile(ArrayRef<Node *> Level);
  void split(Node &N, std::vector<Node *> &Children);
  Node *child(const Node *Parent, std::vector<Walker *> Files);
  void leave(Walker *W, const Node *From);
  void compile();
  void settle(Node &Failed, const FileResult &Probe);

  StringRef Folder;
  RunJobsFn Run;
  ResultFn OnResult;
  std::vector<std::unique_ptr<Walker>> Walkers;
  std::vector<std::unique_ptr<Node>> Nodes;
  std::map<std::string, std::vector<Walker *>> Roots; ///< by what they share
  std::vector<Job> Ready;
  std::vector<Node *> Failed;
};

bool isNameOfFile(StringRef Argument) {
  return Argument.starts_with("-DKBUILD_BASENAME=");
}

void placeIn(StringRef Folder, SmallVectorImpl<char> &Path) {
  if (sys::path::is_absolute(Path))
    return;
  SmallString<256> Result(Folder);
  sys::path::append(Result, Path);
  Path.assign(Result.begin(), Result.end());
}

bool isSource(StringRef Argument, const Job &J) {
  if (Argument.starts_with("-") ||
      sys::path::filename(Argument) != sys::path::filename(J.File))
    return false;
  SmallString<256> Path(Argument);
  placeIn(J.Directory, Path);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path == J.File;
}

bool isFolder(StringRef Argument) {
  return Argument.starts_with("-I") && Argument.size() > 2;
}

/// What files must have in common to share anything; last the folders with
/// headers.  Where one has more of them behind the others, what compiles
/// without these is found where it would be with them.
std::string keyOf(const Job &J) {
  std::string Key = J.Directory + '\0' + sys::path::parent_path(J.File).str();
  std::string Folders;
  bool IsOutput = false;
  for (StringRef Argument : J.Arguments) {
    const bool Skip = IsOutput || isSource(Argument, J) ||
                      isNameOfFile(Argument) || Argument.starts_with("-Wp,-M");
    IsOutput = Argument == "-o";
    if (Skip || IsOutput)
      continue;
    std::string &To = isFolder(Argument) ? Folders : Key;
    To += '\0';
    To += Argument;
  }
  return Key + '\0' + Folders + '\0';
}

void Tree::add(const Job &J) {
  auto Buffer = MemoryBuffer::getFile(J.File);
  if (J.Binary || !StringRef(J.File).ends_with(".c") || !Buffer) {
    Ready.push_back(J);
    return;
  }
  Walkers.push_back(std::make_unique<Walker>(J, (*Buffer)->getBuffer().str()));
  Roots[keyOf(J)].push_back(Walkers.back().get());
}

Node *Tree::child(const Node *Parent, std::vector<Walker *> Files) {
  auto N = std::make_unique<Node>();
  N->Parent = Parent;
  N->Files = std::move(Files);
  Job &J = N->Precompile;
  J = N->Files.front()->job();
  llvm::erase_if(J.Arguments, isNameOfFile);
  const std::string Number = utostr(Nodes.size());
  SmallString<256> Path(sys::path::parent_path(J.File));
  sys::path::append(Path, ".pagewarden-" + Number + ".c");
  J.File = std::string(Path);
  Path = Folder;
  sys::path::append(Path, Number + ".pch");
  J.Precompile = std::string(Path);
  J.Text = "";
  if (Parent) {
    J.Prefix = Parent->Precompile.Precompile;
    J.Arguments = Parent->Precompile.Arguments; // the fewest folders
  }
  Nodes.push_back(std::move(N));
  return Nodes.back().get();
}

/// \p W is compiled from where \p From ends.
void Tree::leave(Walker *W, const Node *From) {
  Job J = W->job();
  if (From && W->hasMoved()) {
    J.Prefix = From->Precompile.Precompile;
    J.Text = W->text();
  }
  Ready.push_back(std::move(J));
}

void Tree::precompile(ArrayRef<Node *> Level) {
  std::map<std::string, Node *> Of;
  std::vector<Job> Jobs;
  for (Node *N : Level) {
    std::vector<std::string> &Ask = N->Precompile.Ask;
    // What is asked lies behind the lines that this node compiles.
    for (const Walker *W : N->Files)
      W->collectConditions(Ask);
    Of[N->Precompile.File] = N;
    Jobs.push_back(N->Precompile);
  }
  Run(std::move(Jobs), [&](FileResult Result) {
    Node &N = *Of[Result.File];
    N.Good = Result.Status == FileResult::Ok;
    if (Result.Status == FileResult::ParseError)
      N.Failure = Result.Detail;
    for (size_t I = 0;
         I < std::min(N.Precompile.Ask.size(), Result.Answers.size()); ++I)
      N.Answers[N.Precompile.Ask[I]] = Result.Answers[I];
  });
}

/// The file that an #include line names, looked for as the compiler does;
/// empty where that is not clear.
std::string includedFile(StringRef Line, const Job &J) {
  if (!Line.consume_front("#include "))
    return "";
  const bool Quoted = Line.consume_front("\"") && Line.consume_back("\"");
  if (!Quoted && !(Line.consume_front("<") && Line.consume_back(">")))
    return "";
  std::vector<StringRef> Folders;
  if (Quoted)
    Folders.push_back(sys::path::parent_path(J.File));
  for (size_t I = 0; I < J.Arguments.size(); ++I) {
    StringRef Argument = J.Arguments[I];
    if (Argument.starts_with("-iquote") || Argument == "-I-")
      return "";
    if (!Argument.consume_front("-I"))
      continue;
    if (Argument.empty() && I + 1 < J.Arguments.size())
      Argument = J.Arguments[I + 1];
    Folders.push_back(Argument);
  }
  for (StringRef Folder : Folders) {
    SmallString<256> Path(Folder), Real;
    sys::path::append(Path, Line);
    placeIn(J.Directory, Path);
    if (!sys::fs::real_path(Path, Real))
      return std::string(Real);
  }
  return "";
}

/// Equal for lines that read the same file, whichever way they spell it.
std::string sameSpelling(const Item &I, const Job &J) {
  std::string File = includedFile(I.Line, J);
  return File.empty() ? I.Line : File;
}

/// How many of the next items all \p Files have in common; at least the first.
size_t commonItems(ArrayRef<Walker *> Files) {
  size_t Count = 1;
  while (const Item *First = Files.front()->peek(Count)) {
    const std::string Line = sameSpelling(*First, Files.front()->job());
    if (!llvm::all_of(Files.drop_front(), [&](const Walker *W) {
          const Item *I = W->peek(Count);
          return I && sameSpelling(*I, W->job()) == Line;
        }))
      break;
    ++Count;
  }
  return Count;
}

void Tree::split(Node &N, std::vector<Node *> &Children) {
  std::map<std::string, std::vector<Walker *>> ByNext;
  for (Walker *W : N.Files) {
    if (const Item *Next = W->advance(N.Answers))
      ByNext[sameSpelling(*Next, W->job())].push_back(W);
    else
      leave(W, &N);
  }
  for (auto &Entry : ByNext) {
    std::vector<Walker *> &Files = Entry.second;
    if (Files.size() < 2) {
      leave(Files.front(), &N);
      continue;
    }
    const size_t Count = commonItems(Files);
    Node *Child = child(&N, Files);
    std::string Text;
    for (size_t I = 0; I < Count; ++I)
      Text += Files.front()->peek(I)->Line + '\n';
    Child->Precompile.Text = Text;
    Child->Items = Count;
    Children.push_back(Child);
  }
}

/// Compiles what is ready, and one file for each node that failed: when that
/// fails in the same place, the others do.  Whether a file compiles is not said
/// before it was read from its first line.
void Tree::compile() {
  std::map<std::string, Node *> Probed;
  for (Node *N : Failed) {
    Probed[N->Files.front()->job().File] = N;
    Ready.push_back(N->Files.front()->job());
  }
  Failed.clear();
  std::vector<Job> Jobs = std::move(Ready);
  Ready.clear();
  std::map<std::string, const Walker *> Shared;
  for (const std::unique_ptr<Walker> &W : Walkers)
    Shared[W->job().File] = W.get();
  for (const Job &J : Jobs)
    if (J.Prefix.empty())
      Shared.erase(J.File);
  Run(std::move(Jobs), [&](FileResult Result) {
    auto It = Probed.find(Result.File);
    if (It != Probed.end())
      settle(*It->second, Result);
    auto From = Shared.find(Result.File);
    if (Result.Status == FileResult::Ok || From == Shared.end())
      OnResult(std::move(Result));
    else
      Ready.push_back(From->second->job());
  });
  if (!Ready.empty())
    compile();
}

void Tree::settle(Node &N, const FileResult &Probe) {
  const bool Same =
      Probe.Status == FileResult::ParseError && Probe.Detail == N.Failure;
  for (Walker *W : drop_begin(N.Files)) {
    if (!Same) {
      leave(W, N.Parent);
      continue;
    }
    FileResult Result;
    Result.File = W->job().File;
    Result.Status = FileResult::ParseError;
    Result.Detail = N.Failure;
    OnResult(std::move(Result));
  }
}

void Tree::run() {
  // In the order of their keys a root follows the one that it begins like.
  for (auto It = Roots.begin(); It != Roots.end();) {
    auto Next = std::next(It);
    while (Next != Roots.end() &&
           StringRef(Next->first).starts_with(It->first)) {
      llvm::append_range(It->second, Next->second);
      Next = Roots.erase(Next);
    }
    It = Next;
  }
  std::vector<Node *> Level;
  for (auto &Entry : Roots) {
    if (Entry.second.size() < 2)
      leave(Entry.second.front(), nullptr);
    else
      Level.push_back(child(nullptr, std::move(Entry.second)));
  }
  while (!Level.empty()) {
    precompile(Level);
    std::vector<Node *> Children;
    for (Node *N : Level) {
      if (!N->Good) {
        Failed.push_back(N);
        continue;
      }
      for (Walker *W : N->Files)
        W->pass(N->Items);
      split(*N, Children);
    }
    Level = std::move(Children);
  }
  compile();
}

} // namespace

void runSharing(ArrayRef<Job> Jobs, StringRef Folder, RunJobsFn Run,
                ResultFn OnResult) {
  Tree T(Folder, Run, OnResult);
  for (const Job &J : Jobs)
    T.add(J);
  T.run();
}

} // namespace pagewarden::scan
