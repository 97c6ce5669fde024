//===- ResultCache.cpp - Findings of files that did not change ------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// <folder>/contents              size, inode, times, digest, path: a line each
/// <folder>/<identity>/<key>.json one file's inputs and result
///
/// Whatever is there and cannot be read is as if it were not there.  Files are
/// written beside their place and renamed, so that none is ever half one.
///
/// Not handled: a header that appears in a folder that is searched before the
/// one where its namesake was found.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/ResultCache.h"
#include "pagewarden/Findings/JSON.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace pagewarden::scan {

/// Times of files come from a clock that ticks this often, in nanoseconds, or
/// more often: what was written a tick before may still change unnoticed.
static constexpr int64_t ClockTick = 10'000'000;

static int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string digestOfText(StringRef Text) {
  const BLAKE3Result<16> Sum = BLAKE3::hash<16>(arrayRefFromStringRef(Text));
  return toHex(Sum, /*LowerCase=*/true);
}

std::string defaultCacheFolder() {
  SmallString<256> Folder;
  std::optional<std::string> Cache = sys::Process::GetEnv("XDG_CACHE_HOME");
  if (Cache && sys::path::is_absolute(*Cache))
    Folder = *Cache;
  else if (sys::path::home_directory(Folder))
    sys::path::append(Folder, ".cache");
  else
    return "";
  sys::path::append(Folder, "pagewarden", "findings");
  return std::string(Folder);
}

static Error writeWhole(StringRef Path, StringRef Text) {
  if (std::error_code EC =
          sys::fs::create_directories(sys::path::parent_path(Path)))
    return createFileError(sys::path::parent_path(Path), EC);
  SmallString<256> Temporary;
  int FD = -1;
  if (std::error_code EC =
          sys::fs::createUniqueFile(Path + ".%%%%%%%%", FD, Temporary))
    return createFileError(Path, EC);
  std::error_code EC;
  {
    raw_fd_ostream OS(FD, /*shouldClose=*/true);
    OS << Text;
    OS.close();
    EC = OS.error();
    OS.clear_error();
  }
  if (!EC)
    EC = sys::fs::rename(Temporary, Path);
  if (!EC)
    return Error::success();
  (void)sys::fs::remove(Temporary);
  return createFileError(Path, EC);
}

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

ContentDigests::ContentDigests(std::string Store)
    : Store(std::move(Store)), Start(now()) {
  load();
}

std::optional<ContentDigests::Stamp> ContentDigests::stampOf(StringRef Path) {
  struct stat S;
  if (::stat(Path.str().c_str(), &S))
    return std::nullopt;
  auto Nanoseconds = [](const timespec &T) {
    return int64_t(T.tv_sec) * 1'000'000'000 + T.tv_nsec;
  };
  return Stamp{uint64_t(S.st_size), uint64_t(S.st_ino), Nanoseconds(S.st_mtim),
               Nanoseconds(S.st_ctim)};
}

void ContentDigests::load() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Store);
  if (!Buffer)
    return;
  StringRef Rest = (*Buffer)->getBuffer();
  while (!Rest.empty()) {
    auto [Line, After] = Rest.split('\n');
    Rest = After;
    Entry E;
    StringRef Digest;
    if (Line.consumeInteger(10, E.At.Size) || !Line.consume_front(" ") ||
        Line.consumeInteger(10, E.At.Inode) || !Line.consume_front(" ") ||
        Line.consumeInteger(10, E.At.Modified) || !Line.consume_front(" ") ||
        Line.consumeInteger(10, E.At.Changed) || !Line.consume_front(" "))
      return;
    std::tie(Digest, Line) = Line.split(' ');
    if (Digest.size() != 32 || Line.empty())
      return;
    E.Digest = Digest.str();
    Entries[Line] = std::move(E);
  }
}

ContentDigests::Entry &ContentDigests::look(StringRef Path) {
  Entry &E = Entries[Path];
  if (E.Looked)
    return E;
  E.Looked = true;
  std::optional<Stamp> At = stampOf(Path);
  if (!At) {
    E.Digest.clear();
    return E;
  }
  if (!E.Digest.empty() && E.At == *At)
    return E;
  New = true;
  E.At = *At;
  E.Digest.clear();
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (Buffer)
    E.Digest = digestOfText((*Buffer)->getBuffer());
  return E;
}

StringRef ContentDigests::of(StringRef Path) { return look(Path).Digest; }

bool ContentDigests::isFresh(StringRef Path) {
  const Stamp &At = look(Path).At;
  return std::max(At.Modified, At.Changed) >= Start;
}

Error ContentDigests::save() {
  if (!New)
    return Error::success();
  std::string Text;
  raw_string_ostream OS(Text);
  for (const auto &E : Entries) {
    const Entry &Of = E.getValue();
    // A file that was just written may change again within the same tick.
    if (Of.Digest.empty() || E.getKey().contains('\n') ||
        std::max(Of.At.Modified, Of.At.Changed) >= Start - ClockTick)
      continue;
    OS << Of.At.Size << ' ' << Of.At.Inode << ' ' << Of.At.Modified << ' '
       << Of.At.Changed << ' ' << Of.Digest << ' ' << E.getKey() << '\n';
  }
  OS.flush();
  return writeWhole(Store, Text);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static std::string inFolder(StringRef Folder, StringRef Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return std::string(Path);
}

ResultCache::ResultCache(StringRef Folder, StringRef Identity)
    : Top(Folder.str()), Folder(inFolder(Folder, digestOfText(Identity))),
      Digests(inFolder(Folder, "contents")) {}

std::string ResultCache::pathOf(const Job &Job) {
  std::string Text = Job.File + '\0' + Job.Directory + '\0' + Job.License;
  for (const std::string &Argument : Job.Arguments)
    Text += '\0' + Argument;
  // The exports that the analysis finds by itself.
  Text += '\0';
  Text += Digests.of(inFolder(Job.Directory, "Module.symvers"));
  return inFolder(Folder, digestOfText(Text) + ".json");
}

std::string ResultCache::digestOf(ArrayRef<std::string> Inputs) {
  std::string Text;
  for (const std::string &Input : Inputs) {
    StringRef Digest = Digests.of(Input);
    if (Digest.empty())
      return "";
    Text += Input;
    Text += '\0';
    Text += Digest;
  }
  return digestOfText(Text);
}

/// Sorted paths have long beginnings in common: each is written as the number
/// of characters that it shares with the one before, and the rest.
static std::string pack(ArrayRef<std::string> Sorted) {
  std::string Out;
  StringRef Before;
  for (StringRef Path : Sorted) {
    size_t Shared = 0;
    while (Shared < std::min(Before.size(), Path.size()) &&
           Before[Shared] == Path[Shared])
      ++Shared;
    Out += utostr(Shared) + ' ' + Path.drop_front(Shared).str() + '\n';
    Before = Path;
  }
  return Out;
}

static std::optional<std::vector<std::string>> unpack(StringRef Text) {
  std::vector<std::string> Out;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    size_t Shared = 0;
    if (Line.consumeInteger(10, Shared) || !Line.consume_front(" ") ||
        Shared > (Out.empty() ? 0 : Out.back().size()))
      return std::nullopt;
    Out.push_back((Out.empty() ? "" : Out.back().substr(0, Shared)) +
                  Line.str());
  }
  return Out;
}

namespace {
struct Stored {
  std::string Inputs, Digest;
  FileResult Result;
};
} // namespace

static bool fromJSON(const json::Value &V, Stored &S, json::Path P) {
  JSONReader R(V, P);
  R.bytes("inputs", S.Inputs);
  R.bytes("digest", S.Digest);
  R.value("result", S.Result);
  return R.good();
}

std::optional<FileResult> ResultCache::find(const Job &Job) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(pathOf(Job));
  if (!Buffer)
    return std::nullopt;
  Expected<json::Value> Value = json::parse((*Buffer)->getBuffer());
  if (!Value) {
    consumeError(Value.takeError());
    return std::nullopt;
  }
  Stored S;
  json::Path::Root Root;
  if (!fromJSON(*Value, S, Root) || S.Result.File != Job.File ||
      S.Result.Status != FileResult::Ok)
    return std::nullopt;
  std::optional<std::vector<std::string>> Inputs = unpack(S.Inputs);
  if (!Inputs || Inputs->empty() || digestOf(*Inputs) != S.Digest)
    return std::nullopt;
  return std::move(S.Result);
}

Error ResultCache::store(const Job &Job, const FileResult &Result) {
  if (Result.Status != FileResult::Ok || Result.Inputs.empty())
    return Error::success();
  std::vector<std::string> Inputs = Result.Inputs;
  llvm::sort(Inputs);
  Inputs.erase(llvm::unique(Inputs, std::equal_to<>()), Inputs.end());
  for (const std::string &Input : Inputs)
    if (StringRef(Input).contains('\n') || Digests.isFresh(Input))
      return Error::success();
  std::string Digest = digestOf(Inputs);
  if (Digest.empty())
    return Error::success();
  FileResult Kept = Result;
  Kept.Inputs.clear();
  std::string Text;
  raw_string_ostream OS(Text);
  OS << json::Value(json::Object{{"inputs", bytesToJSON(pack(Inputs))},
                                 {"digest", Digest},
                                 {"result", toJSON(Kept)}});
  OS.flush();
  return writeWhole(pathOf(Job), Text);
}

Error ResultCache::finish() {
  using namespace std::chrono_literals;
  const auto Old = std::chrono::system_clock::now() - 30 * 24h;
  std::error_code EC;
  for (sys::fs::directory_iterator It(Top, EC), End; !EC && It != End;
       It.increment(EC)) {
    sys::fs::file_status Status;
    if (It->path() == Folder || sys::fs::status(It->path(), Status) ||
        !sys::fs::is_directory(Status) ||
        sys::path::filename(It->path()).size() != 32 ||
        Status.getLastModificationTime() > Old)
      continue;
    (void)sys::fs::remove_directories(It->path());
  }
  return Digests.save();
}

} // namespace pagewarden::scan
