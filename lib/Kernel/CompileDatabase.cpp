//===- CompileDatabase.cpp - compile_commands.json, read and written ------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The JSON Compilation Database format of clang's documentation.  What a
/// command holds is data: it is split here and never given to a shell.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Kernel/ShellWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace pagewarden::kernel {

namespace {

Error error(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

/// \p File seen from \p Directory, without "." and "..".
std::string absolutePath(StringRef Directory, StringRef File) {
  SmallString<256> Path;
  if (!sys::path::is_absolute(File))
    Path = Directory;
  sys::path::append(Path, File);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

/// Reads one entry; errors say what is wrong with it, not where it is.
Expected<CompileCommand> parseEntry(const json::Value &Value) {
  const json::Object *Entry = Value.getAsObject();
  if (!Entry)
    return error("not an object");
  auto Directory = Entry->getString("directory");
  if (!Directory)
    return error("no \"directory\"");
  if (!sys::path::is_absolute(*Directory))
    return error("\"directory\" is '" + *Directory +
                 "', which is not an absolute path");
  auto File = Entry->getString("file");
  if (!File || File->empty())
    return error("no \"file\"");
  CompileCommand C;
  C.Directory = Directory->str();
  C.File = absolutePath(*Directory, *File);
  C.Output = Entry->getString("output").value_or("").str();
  if (const json::Array *Arguments = Entry->getArray("arguments")) {
    C.Arguments.reserve(Arguments->size());
    for (const json::Value &A : *Arguments) {
      auto Text = A.getAsString();
      if (!Text)
        return error("\"arguments\" holds something that is not a string");
      C.Arguments.push_back(Text->str());
    }
  } else if (auto Command = Entry->getString("command")) {
    auto Words = splitWords(*Command);
    if (!Words)
      return error("a quote in \"command\" is not closed");
    C.Arguments = std::move(*Words);
  } else {
    return error("neither \"command\" nor \"arguments\"");
  }
  if (C.Arguments.empty())
    return error("the command is empty");
  return C;
}

/// The folder's real path, or the folder itself when there is none.  Folders
/// hold many files, so each is looked up once.
StringRef realFolder(StringMap<std::string> &Cache, StringRef Folder) {
  auto [It, New] = Cache.try_emplace(Folder);
  if (New) {
    SmallString<256> Real;
    It->second = sys::fs::real_path(Folder, Real) ? Folder.str()
                                                  : std::string(Real.str());
  }
  return It->second;
}

void writeEntries(raw_ostream &Out, ArrayRef<CompileCommand> Commands) {
  StringRef Separator = "[\n";
  for (const CompileCommand &C : Commands) {
    Out << Separator;
    Separator = ",\n";
    json::OStream J(Out);
    // "command" and not "arguments": analyze-build reads nothing else.
    J.object([&] {
      J.attribute("directory", json::fixUTF8(C.Directory));
      J.attribute("command", json::fixUTF8(quoteWords(C.Arguments)));
      J.attribute("file", json::fixUTF8(C.File));
      if (!C.Output.empty())
        J.attribute("output", json::fixUTF8(C.Output));
    });
  }
  Out << (Commands.empty() ? "[]\n" : "\n]\n");
}

/// Writes \p Commands to the open file \p FD and closes it.
std::error_code writeAndClose(int FD, ArrayRef<CompileCommand> Commands) {
  raw_fd_ostream Out(FD, /*shouldClose=*/true);
  writeEntries(Out, Commands);
  Out.close();
  const std::error_code EC = Out.error();
  Out.clear_error();
  return EC;
}

} // namespace

Expected<CompileDatabase> CompileDatabase::load(StringRef Path) {
  SmallString<256> File(Path);
  if (sys::fs::is_directory(File))
    sys::path::append(File, "compile_commands.json");
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return createStringError(Buffer.getError(),
                             "cannot read '" + File +
                                 "': " + Buffer.getError().message());
  Expected<json::Value> Root = json::parse((*Buffer)->getBuffer());
  if (!Root)
    return error("'" + File +
                 "' is not JSON, or is cut off: " + toString(Root.takeError()));
  const json::Array *Entries = Root->getAsArray();
  if (!Entries)
    return error("'" + File +
                 "' is not a compile database: not an array of entries");
  if (Entries->empty())
    return error("'" + File + "' has no entries");

  CompileDatabase Result;
  Result.Commands.reserve(Entries->size());
  for (auto [Index, Value] : enumerate(*Entries)) {
    Expected<CompileCommand> C = parseEntry(Value);
    if (!C)
      return error("'" + File + "': entry " + Twine(Index + 1) + ": " +
                   toString(C.takeError()));
    Result.Commands.push_back(std::move(*C));
  }
  return Result;
}

void CompileDatabase::indexPaths() const {
  Directories.clear();
  StringSet<> Known;
  for (auto [Index, C] : enumerate(Commands)) {
    ByPath.try_emplace(C.File, Index);
    if (Known.insert(C.Directory).second)
      Directories.push_back(C.Directory);
  }
}

void CompileDatabase::indexRealPaths() const {
  StringMap<std::string> Folders;
  for (auto [Index, C] : enumerate(Commands)) {
    SmallString<256> Real(realFolder(Folders, sys::path::parent_path(C.File)));
    sys::path::append(Real, sys::path::filename(C.File));
    ByRealPath.try_emplace(Real, Index);
  }
}

const CompileCommand *CompileDatabase::find(StringRef File) const {
  if (Commands.empty() || File.empty())
    return nullptr;
  if (ByPath.empty())
    indexPaths();
  auto Lookup = [&](const StringMap<size_t> &Index,
                    StringRef Path) -> const CompileCommand * {
    auto It = Index.find(Path);
    return It == Index.end() ? nullptr : &Commands[It->second];
  };

  SmallString<256> Here;
  if (!sys::path::is_absolute(File))
    (void)sys::fs::current_path(Here);
  const std::string Absolute = absolutePath(Here, File);
  if (const CompileCommand *C = Lookup(ByPath, Absolute))
    return C;
  if (!sys::path::is_absolute(File))
    for (const std::string &Directory : Directories)
      if (const CompileCommand *C =
              Lookup(ByPath, absolutePath(Directory, File)))
        return C;

  // Through symbolic links: of the file asked for, then of the entries.
  SmallString<256> Real;
  if (sys::fs::real_path(File, Real))
    return nullptr;
  if (const CompileCommand *C = Lookup(ByPath, Real))
    return C;
  if (ByRealPath.empty())
    indexRealPaths();
  if (const CompileCommand *C = Lookup(ByRealPath, Real))
    return C;
  // The file's own last part may be a link that an entry names as it is.
  SmallString<256> Folder, Parent(sys::path::parent_path(Absolute));
  if (sys::fs::real_path(Parent, Folder))
    return nullptr;
  sys::path::append(Folder, sys::path::filename(File));
  return Lookup(ByRealPath, Folder);
}

Error CompileDatabase::write(StringRef Path) const {
  auto Failed = [&](std::error_code EC) {
    return createStringError(EC,
                             "cannot write '" + Path + "': " + EC.message());
  };
  sys::fs::file_status Status;
  if (!sys::fs::status(Path, Status) && !sys::fs::is_regular_file(Status)) {
    // A device or a pipe cannot be replaced.
    int FD = -1;
    if (std::error_code EC = sys::fs::openFileForWrite(
            Path, FD, sys::fs::CD_OpenExisting, sys::fs::OF_None))
      return Failed(EC);
    if (std::error_code EC = writeAndClose(FD, Commands))
      return Failed(EC);
    return Error::success();
  }

  // A link stays one: what it points to is replaced.
  SmallString<256> Target(Path);
  if (SmallString<256> Real; !sys::fs::real_path(Path, Real))
    Target = Real;
  int FD = -1;
  SmallString<256> Temporary;
  if (std::error_code EC = sys::fs::createUniqueFile(
          Target + ".%%%%%%.new", FD, Temporary, sys::fs::OF_None,
          sys::fs::all_read | sys::fs::owner_write))
    return Failed(EC);
  std::error_code EC = writeAndClose(FD, Commands);
  if (!EC)
    EC = sys::fs::rename(Temporary, Target);
  if (!EC)
    return Error::success();
  (void)sys::fs::remove(Temporary);
  return Failed(EC);
}

} // namespace pagewarden::kernel
