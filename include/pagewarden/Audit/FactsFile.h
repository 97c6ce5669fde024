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
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
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

class FactsFile {
public:
  /// The version of the tables.
  static constexpr int Version = 1;

  /// Opens or makes \p Path. Tables of another version are dropped and built
  /// anew; \p Note then says so.
  static llvm::Expected<FactsFile> open(llvm::StringRef Path,
                                        std::string &Note);
  FactsFile(FactsFile &&Other) noexcept
      : DB(std::exchange(Other.DB, nullptr)) {}
  FactsFile(const FactsFile &) = delete;
  ~FactsFile();

  /// Whether \p Database was searched for \p Key, and neither it nor any file
  /// that was looked at has changed since.
  bool isCurrent(llvm::StringRef Database, llvm::StringRef Key);

  /// Files that were searched for \p Key and are unchanged, and whether they
  /// named a symbol.
  llvm::StringMap<bool> searched(llvm::StringRef Database, llvm::StringRef Key);

  /// Whether \p File was read with \p Command for all of \p Symbols, and
  /// nothing that it depends on has changed since.
  bool isRead(llvm::StringRef File, llvm::StringRef Command,
              llvm::ArrayRef<std::string> Symbols);

  /// Takes the place of what is known of the unit's file for \p Symbols.
  llvm::Error store(const Unit &U, llvm::ArrayRef<std::string> Symbols);

  /// Remembers a search: files, and whether each named a symbol.
  llvm::Error storeSearch(llvm::StringRef Database, llvm::StringRef Key,
                          const llvm::StringMap<bool> &Files);

  /// The rules that hold for a symbol, for people who query the file.
  llvm::Error storeRules(llvm::StringRef Symbol,
                         llvm::ArrayRef<std::string> Rules);

  /// Uses of \p Symbol in units that the search found, by module and place;
  /// each place once.
  llvm::Expected<std::vector<StoredUse>>
  uses(llvm::StringRef Database, llvm::StringRef Key, llvm::StringRef Symbol);

  llvm::Error begin();
  llvm::Error commit();

private:
  class Statement;
  explicit FactsFile(sqlite3 *DB) : DB(DB) {}
  llvm::Error failure(llvm::StringRef What) const;
  llvm::Error run(const char *SQL);
  scan::UseFact readUse(const Statement &S, llvm::StringRef Symbol) const;
  int64_t fileId(llvm::StringRef Path, const Stamp &S);
  int64_t searchId(llvm::StringRef Database, llvm::StringRef Key);
  llvm::Error storeUse(int64_t Unit, const scan::UseFact &Use);
  const Stamp &now(llvm::StringRef Path);

  sqlite3 *DB;
  llvm::StringMap<Stamp> Stamps; ///< asked for once in a run
};

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_FACTSFILE_H
