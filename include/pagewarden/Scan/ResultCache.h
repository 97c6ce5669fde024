//===- ResultCache.h - Findings of files that did not change ----*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an earlier scan found in a file counts again as long as nothing that
/// it came from has changed: the content of all that the file includes, its
/// command, the model, the options, and pagewarden and its clang.
///
/// Every result is stored as soon as it is there, so that a scan that was
/// killed goes on where it was.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_RESULTCACHE_H
#define PAGEWARDEN_SCAN_RESULTCACHE_H

#include "pagewarden/Scan/Protocol.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace pagewarden::scan {

/// Digests of files' contents.  A file is read again only when its size, inode
/// or times are others than they were.
class ContentDigests {
public:
  /// \p Store keeps them between runs; what it cannot say is read anew.
  explicit ContentDigests(std::string Store);

  /// 32 hexadecimal digits, or "" when \p Path (absolute) cannot be read.
  llvm::StringRef of(llvm::StringRef Path);

  /// \p Path was written to after this object was made.
  bool isFresh(llvm::StringRef Path);

  /// Writes the store, when there is something new.
  llvm::Error save();

private:
  struct Stamp {
    uint64_t Size = 0, Inode = 0;
    int64_t Modified = 0, Changed = 0; ///< nanoseconds since 1970
    bool operator==(const Stamp &) const = default;
  };
  struct Entry {
    Stamp At;
    std::string Digest;
    bool Looked = false; ///< in this run
  };
  static std::optional<Stamp> stampOf(llvm::StringRef Path);
  Entry &look(llvm::StringRef Path);
  void load();

  const std::string Store;
  int64_t Start;
  llvm::StringMap<Entry> Entries;
  bool New = false;
};

class ResultCache {
public:
  /// \p Folder is made when something is to be written there.  \p Identity is
  /// all that results depend on beside the file and its command, as a text.
  ResultCache(llvm::StringRef Folder, llvm::StringRef Identity);

  /// The result of \p Job, if it would be the same again.
  std::optional<FileResult> find(const Job &Job);

  /// Keeps \p Result; one that is no verdict on the file (a crash, an error),
  /// or that came from what was written during the scan, is not kept.
  llvm::Error store(const Job &Job, const FileResult &Result);

  /// To be called once at the end.  Removes what other versions left behind a
  /// month ago.
  llvm::Error finish();

  /// The digests of contents, for other uses in the same run.
  ContentDigests &digests() { return Digests; }

private:
  std::string pathOf(const Job &Job);
  std::string digestOf(llvm::ArrayRef<std::string> Inputs);

  const std::string Top;
  std::string Folder;
  ContentDigests Digests;
};

/// A digest of \p Text: 32 hexadecimal digits.
std::string digestOfText(llvm::StringRef Text);

/// Where results are kept: $XDG_CACHE_HOME/pagewarden/findings, or the same in
/// ~/.cache; "" when there is no home.
std::string defaultCacheFolder();

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_RESULTCACHE_H
