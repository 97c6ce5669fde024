//===- Includes.cpp - What the files of a database include ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Not handled: '#include' of a macro; a header that two commands find in
/// different places has what the first of them finds.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/Includes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace pagewarden::scan {

static std::string joined(StringRef Folder, StringRef Name) {
  if (sys::path::is_absolute(Name))
    return Name.str();
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

/// Calls \p OnValue for each option of \p Command that is one of \p Names,
/// with its value, joined or behind it.
static void forEachOption(const kernel::CompileCommand &Command,
                          ArrayRef<StringRef> Names,
                          function_ref<void(StringRef)> OnValue) {
  ArrayRef<std::string> Args = Command.Arguments;
  for (size_t I = 1; I < Args.size(); ++I)
    for (StringRef Name : Names) {
      StringRef Value = Args[I];
      if (!Value.consume_front(Name))
        continue;
      if (!Value.empty())
        OnValue(Value);
      else if (I + 1 < Args.size())
        OnValue(Args[++I]);
      break;
    }
}

unsigned Includes::searchOf(const kernel::CompileCommand &Command) {
  std::vector<std::string> Folders;
  forEachOption(Command, {"-iquote", "-isystem", "-I"}, [&](StringRef Folder) {
    Folders.push_back(joined(Command.Directory, Folder));
  });
  auto [It, New] = SearchNumbers.try_emplace(Folders, Searches.size());
  if (New) {
    Searches.push_back(std::move(Folders));
    Resolved.emplace_back();
  }
  return It->second;
}

unsigned Includes::add(StringRef Path, unsigned Search) {
  auto [It, New] = ByPath.try_emplace(Path, Nodes.size());
  if (New)
    Nodes.push_back({Path.str(), Search, {}});
  return It->second;
}

/// A folder is listed once: there are far more names to look for than folders.
bool Includes::exists(StringRef Folder, StringRef Name) {
  std::string Path = joined(Folder, Name);
  StringRef Parent = sys::path::parent_path(Path);
  auto [It, New] = Folders.try_emplace(Parent);
  if (New) {
    std::error_code EC;
    for (sys::fs::directory_iterator Entry(Parent, EC), End;
         !EC && Entry != End; Entry.increment(EC))
      It->getValue().insert(sys::path::filename(Entry->path()));
  }
  return It->getValue().contains(sys::path::filename(Path));
}

std::string Includes::resolve(StringRef Spelled, StringRef From,
                              unsigned Search) {
  StringRef Name = Spelled.drop_front().drop_back();
  if (Spelled.front() == '"') {
    StringRef Folder = sys::path::parent_path(From);
    if (exists(Folder, Name))
      return joined(Folder, Name);
  }
  auto [It, New] = Resolved[Search].try_emplace(Name);
  if (New)
    for (const std::string &Folder : Searches[Search])
      if (exists(Folder, Name)) {
        It->getValue() = joined(Folder, Name);
        break;
      }
  return It->getValue();
}

void Includes::addForced(const kernel::CompileCommand &Command, unsigned Of) {
  forEachOption(Command, {"-include"}, [&](StringRef File) {
    const unsigned Next =
        add(joined(Command.Directory, File), Nodes[Of].Search);
    Nodes[Of].Next.push_back(Next);
  });
}

void Includes::read(ArrayRef<const kernel::CompileCommand *> Commands,
                    function_ref<void(size_t, size_t)> OnProgress) {
  const size_t Known = Nodes.size();
  std::vector<std::pair<unsigned, const kernel::CompileCommand *>> New;
  for (const kernel::CompileCommand *Command : Commands) {
    const size_t Before = Nodes.size();
    const unsigned Node = add(Command->File, searchOf(*Command));
    Nodes[Node].IsHeader = false;
    if (Nodes.size() != Before)
      New.emplace_back(Node, Command);
  }
  for (const auto &[Node, Command] : New)
    addForced(*Command, Node);
  for (size_t Begin = Known; Begin < Nodes.size();) {
    const size_t End = Nodes.size();
    std::vector<std::string> Level;
    for (size_t I = Begin; I < End; ++I)
      Level.push_back(Nodes[I].Path);
    Store.read(Level, Threads,
               [&](size_t Done) { OnProgress(Begin + Done, End); });
    for (size_t I = Begin; I < End; ++I) {
      const gate::Outline *Outline = Store.of(Nodes[I].Path);
      for (const std::string &Spelled :
           Outline ? Outline->Includes : std::vector<std::string>()) {
        std::string Path = resolve(Spelled, Nodes[I].Path, Nodes[I].Search);
        if (Path.empty())
          continue;
        const unsigned Next = add(Path, Nodes[I].Search);
        Nodes[I].Next.push_back(Next);
      }
    }
    Begin = End;
  }
}

std::vector<HeaderWord>
Includes::wordsLeadingTo(ArrayRef<std::string> Words,
                         function_ref<bool(StringRef)> IsKnown) const {
  std::vector<HeaderWord> Found;
  StringSet<> Seen, Places;
  std::vector<std::string> Round(Words.begin(), Words.end());
  for (const std::string &Word : Words)
    Seen.insert(Word);
  while (!Round.empty()) {
    StringSet<> Wanted;
    std::vector<uint32_t> Hashes;
    for (const std::string &Word : Round) {
      Wanted.insert(Word);
      Hashes.push_back(gate::hashOf(Word));
    }
    Round.clear();
    for (const Node &Header : Nodes) {
      const gate::Outline *Outline =
          Header.IsHeader ? Store.of(Header.Path) : nullptr;
      if (!Outline || none_of(Hashes, [&](uint32_t Hash) {
            return Outline->mayNameHash(Hash);
          }))
        continue;
      ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
          MemoryBuffer::getFile(Header.Path, /*IsText=*/false,
                                /*RequiresNullTerminator=*/false);
      if (!Buffer)
        continue;
      gate::forEachUse((*Buffer)->getBuffer(), [&](const gate::Use &U) {
        if (U.Name.empty() || !Wanted.contains(U.Used) || U.Name == U.Used ||
            IsKnown(U.Name) ||
            !Places.insert((U.Name + "\n" + Header.Path).str()).second)
          return;
        Found.push_back({U.Name.str(), Header.Path, U.Used.str()});
        if (Seen.insert(U.Name).second)
          Round.push_back(U.Name.str());
      });
    }
  }
  return Found;
}

std::vector<bool> Includes::reachedFrom(unsigned Node) const {
  std::vector<bool> Seen(Nodes.size());
  std::vector<unsigned> Pending = {Node};
  while (!Pending.empty()) {
    const unsigned At = Pending.back();
    Pending.pop_back();
    if (Seen[At])
      continue;
    Seen[At] = true;
    Pending.insert(Pending.end(), Nodes[At].Next.begin(), Nodes[At].Next.end());
  }
  return Seen;
}

bool Includes::reaches(StringRef File, StringRef Header) const {
  auto From = ByPath.find(File), To = ByPath.find(Header);
  return From != ByPath.end() && To != ByPath.end() &&
         reachedFrom(From->getValue())[To->getValue()];
}

std::vector<StringRef> Includes::closure(StringRef File) const {
  std::vector<StringRef> Out;
  auto From = ByPath.find(File);
  if (From == ByPath.end())
    return Out;
  const std::vector<bool> Reached = reachedFrom(From->getValue());
  for (size_t I = 0; I < Nodes.size(); ++I)
    if (Reached[I])
      Out.push_back(Nodes[I].Path);
  return Out;
}

} // namespace pagewarden::scan
