//===- FactsFile.h - Facts about uses, kept -------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One SQLite file with what 'pagewarden users' found out, so that nothing is
/// read twice, and for people to query. docs/facts.md describes its tables,
/// which change only with their version.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_FACTSFILE_H
#define PAGEWARDEN_AUDIT_FACTSFILE_H

#include "pagewarden/Scan/UseFact.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace pagewarden::audit {

/// What tells a file from its earlier contents.
struct Stamp {
  int64_t Size = -1;   ///< bytes; -1: there is no such file
  int64_t Changed = 0; ///< time of last change, nanoseconds since 1970
  bool operator==(const Stamp &) const = default;
};

/// Of the file at \p Path, now.
Stamp stampOf(llvm::StringRef Path);

/// When this was asked for first, nanoseconds since 1970.
int64_t startOfRun();

/// One translation unit that was read.
struct Unit {
  std::string File;    ///< absolute
  std::string Command; ///< hash of the compile command
  std::string Module;  ///< "drivers/dax/dax"; of built-in code the same
  bool Modular = false;
  std::string License; ///< as MODULE_LICENSE() says it; may be empty
  std::vector<std::string> Dependencies; ///< absolute, with File
  std::vector<scan::UseFact> Uses;
};

/// A use with what is known of its translation unit.
struct StoredUse {
  scan::UseFact Fact;
  /// Empty of a use in a header that belongs to no module.
  std::string Module, License;
  bool Modular = false;
};

/// What the choice of files rests on, besides their own text.
struct Search {
  /// What tells the tree's headers, and the program, from changed ones.
  std::string Headers;
  std::string Words; ///< that files were searched for, with blanks between
};

/// Only one thread may use it.  After a failure what was stored before is still
/// there.
class FactsFile {
public:
  /// The version of the tables.
  static constexpr int Version = 1;

  /// Opens or makes \p Path.  Tables of another version are dropped and built
  /// anew; \p Note then says so.  What is no database, or one of something
  /// else, is left alone, and an error.
  static llvm::Expected<FactsFile> open(llvm::StringRef Path,
                                        std::string &Note);
  FactsFile(FactsFile &&Other) noexcept
      : DB(std::exchange(Other.DB, nullptr)), Path(std::move(Other.Path)),
        Started(Other.Started) {}
  FactsFile(const FactsFile &) = delete;
  ~FactsFile();

  /// Whether \p Database was searched for \p Key in a tree with these
  /// \p Headers, all that it chose was read for \p Symbols, and no file that
  /// was looked at has changed since.
  bool isCurrent(llvm::StringRef Database, llvm::StringRef Key,
                 llvm::StringRef Headers, llvm::ArrayRef<std::string> Symbols);

  std::optional<Search> lastSearch(llvm::StringRef Database,
                                   llvm::StringRef Key);

  /// Files that were searched for \p Key and are unchanged, and whether they
  /// named a symbol.
  llvm::StringMap<bool> searched(llvm::StringRef Database, llvm::StringRef Key);

  /// Whether \p File was read with \p Command for all of \p Symbols, and
  /// nothing that it depends on has changed since.
  bool isRead(llvm::StringRef File, llvm::StringRef Command,
              llvm::ArrayRef<std::string> Symbols);

  /// The symbols that \p File was read for, whatever has changed since: what
  /// store() takes the place of.
  std::vector<std::string> coveredBy(llvm::StringRef File);

  /// What went wrong in the questions above, once.
  llvm::Error check();

  /// Carries out \p Do as a whole or not at all.
  llvm::Error write(llvm::function_ref<llvm::Error()> Do);

  /// Goes on with a copy in memory, for a disk that takes no more.
  llvm::Error continueInMemory();
  bool isInMemory() const { return InMemory; }

  // To be called within write().

  /// Takes the place of what is known of the unit's file.
  llvm::Error store(const Unit &U, llvm::ArrayRef<std::string> Symbols);

  /// Remembers a search: files, and whether each named a symbol.
  llvm::Error storeSearch(llvm::StringRef Database, llvm::StringRef Key,
                          const Search &What,
                          const llvm::StringMap<bool> &Files);

  /// The rules that hold for a symbol, for people who query the file.
  llvm::Error storeRules(llvm::StringRef Symbol,
                         llvm::ArrayRef<std::string> Rules);

  /// Uses of \p Symbol in units that the search found, by module and place;
  /// each place once.
  llvm::Expected<std::vector<StoredUse>>
  uses(llvm::StringRef Database, llvm::StringRef Key, llvm::StringRef Symbol);

private:
  class Statement;
  FactsFile(sqlite3 *DB, llvm::StringRef Path) : DB(DB), Path(Path) {}
  void remember(const char *What) const;
  bool isBroken() const { return !Trouble.empty(); }
  llvm::Error run(const char *SQL);
  int64_t number(const char *SQL) const;
  llvm::Error establish();
  bool areUnchanged(Statement &Files);
  scan::UseFact readUse(const Statement &S, llvm::StringRef Symbol) const;
  int64_t fileId(llvm::StringRef Path);
  int64_t searchId(llvm::StringRef Database, llvm::StringRef Key,
                   const Search &What);
  llvm::Error forget(llvm::StringRef File);
  void storeUse(int64_t Unit, const scan::UseFact &Use);
  const Stamp &now(llvm::StringRef Path);

  sqlite3 *DB;
  std::string Path;
  bool InMemory = false;
  mutable std::string Trouble;    ///< the first that was not yet told
  int64_t Started = startOfRun(); ///< like Stamp::Changed
  llvm::StringMap<Stamp> Stamps;  ///< asked for once in a run
};

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_FACTSFILE_H
