//===- FactsFile.cpp - Facts about uses, kept -----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/FactsFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <sqlite3.h>
#include <utility>

using namespace llvm;

namespace pagewarden::audit {

/// docs/facts.md is about these: keep them equal, and change Version with any
/// change that a query could notice.
static constexpr const char *Schema = R"sql(
CREATE TABLE file(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, changed INTEGER NOT NULL);
CREATE TABLE unit(
  id INTEGER PRIMARY KEY, file INTEGER NOT NULL UNIQUE REFERENCES file,
  command TEXT NOT NULL, module TEXT NOT NULL, modular INTEGER NOT NULL,
  license TEXT NOT NULL);
CREATE TABLE dependency(
  unit INTEGER NOT NULL REFERENCES unit, file INTEGER NOT NULL REFERENCES file,
  PRIMARY KEY(unit, file)) WITHOUT ROWID;
CREATE TABLE covers(
  unit INTEGER NOT NULL REFERENCES unit, symbol TEXT NOT NULL,
  PRIMARY KEY(unit, symbol)) WITHOUT ROWID;
CREATE TABLE use(
  id INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit,
  symbol TEXT NOT NULL, spelled TEXT NOT NULL, path TEXT NOT NULL,
  line INTEGER NOT NULL, col INTEGER NOT NULL, function TEXT NOT NULL,
  kind TEXT NOT NULL, via TEXT NOT NULL, macros TEXT NOT NULL,
  flags TEXT NOT NULL, flags_value TEXT NOT NULL, count TEXT NOT NULL,
  in_loop INTEGER NOT NULL, result TEXT NOT NULL, object TEXT NOT NULL,
  field TEXT NOT NULL);
CREATE INDEX use_symbol ON use(symbol);
CREATE INDEX use_unit ON use(unit);
CREATE TABLE release(
  use INTEGER NOT NULL REFERENCES use, callee TEXT NOT NULL,
  function TEXT NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL,
  col INTEGER NOT NULL, handed INTEGER NOT NULL);
CREATE INDEX release_use ON release(use);
CREATE TABLE rule(
  symbol TEXT NOT NULL, rule TEXT NOT NULL,
  PRIMARY KEY(symbol, rule)) WITHOUT ROWID;
CREATE TABLE search(
  id INTEGER PRIMARY KEY, database TEXT NOT NULL, key TEXT NOT NULL,
  size INTEGER NOT NULL, changed INTEGER NOT NULL, UNIQUE(database, key));
CREATE TABLE searched(
  search INTEGER NOT NULL REFERENCES search,
  file INTEGER NOT NULL REFERENCES file, size INTEGER NOT NULL,
  changed INTEGER NOT NULL, named INTEGER NOT NULL,
  PRIMARY KEY(search, file)) WITHOUT ROWID;
)sql";

static constexpr StringLiteral Tables[] = {"searched",   "search", "rule",
                                           "release",    "use",    "covers",
                                           "dependency", "unit",   "file"};

Stamp stampOf(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status))
    return {};
  const auto Time = Status.getLastModificationTime().time_since_epoch();
  return {int64_t(Status.getSize()),
          std::chrono::duration_cast<std::chrono::nanoseconds>(Time).count()};
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// One statement, with its parameters in order.
class FactsFile::Statement {
public:
  Statement(sqlite3 *DB, const char *SQL) {
    sqlite3_prepare_v2(DB, SQL, -1, &S, nullptr);
  }
  ~Statement() { sqlite3_finalize(S); }
  Statement(const Statement &) = delete;

  Statement &bind(StringRef Text) {
    sqlite3_bind_text(S, ++Bound, Text.data() ? Text.data() : "",
                      int(Text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement &bind(int64_t Number) {
    sqlite3_bind_int64(S, ++Bound, Number);
    return *this;
  }
  /// True when there is a row.
  bool step() { return sqlite3_step(S) == SQLITE_ROW; }
  /// True when it was carried out.
  bool done() { return sqlite3_step(S) == SQLITE_DONE; }
  void again() {
    sqlite3_reset(S);
    Bound = 0;
  }
  int64_t number(int Column) const { return sqlite3_column_int64(S, Column); }
  StringRef text(int Column) const {
    const auto *Text =
        reinterpret_cast<const char *>(sqlite3_column_text(S, Column));
    return StringRef(Text, Text ? sqlite3_column_bytes(S, Column) : 0);
  }

private:
  sqlite3_stmt *S = nullptr;
  int Bound = 0;
};

Error FactsFile::failure(StringRef What) const {
  return createStringError(inconvertibleErrorCode(),
                           "facts file: " + What + ": " + sqlite3_errmsg(DB));
}

Error FactsFile::run(const char *SQL) {
  if (sqlite3_exec(DB, SQL, nullptr, nullptr, nullptr) == SQLITE_OK)
    return Error::success();
  return failure("cannot change it");
}

Error FactsFile::begin() { return run("BEGIN IMMEDIATE"); }
Error FactsFile::commit() { return run("COMMIT"); }

FactsFile::~FactsFile() {
  if (DB)
    sqlite3_close(DB);
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

Expected<FactsFile> FactsFile::open(StringRef Path, std::string &Note) {
  auto Failure = [&](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(),
                             "facts file '" + Path + "': " + Why);
  };
  StringRef Folder = sys::path::parent_path(Path);
  if (!Folder.empty())
    if (std::error_code EC = sys::fs::create_directories(Folder))
      return Failure("cannot make its folder: " + EC.message());
  sqlite3 *DB = nullptr;
  const int Status = sqlite3_open(Path.str().c_str(), &DB);
  FactsFile File(DB);
  if (Status != SQLITE_OK)
    return Failure(DB ? sqlite3_errmsg(DB) : "no memory");
  // Another run may be writing.
  sqlite3_busy_timeout(DB, 60'000);
  int Found = 0, Existing = 0;
  {
    Statement S(DB, "PRAGMA user_version");
    if (!S.step())
      return Failure(sqlite3_errmsg(DB));
    Found = int(S.number(0));
    Statement Any(DB, "SELECT count(*) FROM sqlite_master");
    if (!Any.step())
      return Failure(sqlite3_errmsg(DB));
    Existing = int(Any.number(0));
  }
  if (Found == Version)
    return std::move(File);
  if (Found == 0 && Existing)
    return Failure("it is a database of something else");
  if (Existing) {
    Note = ("facts file '" + Path + "' is of version " + Twine(Found) +
            ", this is version " + Twine(Version) + "; it is built anew")
               .str();
    for (StringRef Table : Tables)
      if (Error E = File.run(("DROP TABLE IF EXISTS " + Table).str().c_str()))
        return std::move(E);
  }
  if (Error E = File.run(Schema))
    return std::move(E);
  if (Error E = File.run(
          ("PRAGMA user_version = " + std::to_string(Version)).c_str()))
    return std::move(E);
  return std::move(File);
}

//===----------------------------------------------------------------------===//
// What is current
//===----------------------------------------------------------------------===//

const Stamp &FactsFile::now(StringRef Path) {
  auto [It, New] = Stamps.try_emplace(Path);
  if (New)
    It->second = stampOf(Path);
  return It->second;
}

bool FactsFile::isCurrent(StringRef Database, StringRef Key) {
  Statement S(DB, "SELECT id, size, changed FROM search "
                  "WHERE database = ? AND key = ?");
  S.bind(Database).bind(Key);
  if (!S.step() || Stamp{S.number(1), S.number(2)} != now(Database))
    return false;
  const int64_t Id = S.number(0);
  Statement Files(DB, "SELECT path, searched.size, searched.changed "
                      "FROM searched JOIN file ON file = file.id "
                      "WHERE search = ?");
  Files.bind(Id);
  while (Files.step())
    if (Stamp{Files.number(1), Files.number(2)} != now(Files.text(0)))
      return false;
  // Files that name a symbol were read, and depend on headers.
  Statement Unread(DB, "SELECT 1 FROM searched s LEFT JOIN unit u "
                       "ON u.file = s.file "
                       "WHERE s.search = ? AND s.named AND u.id IS NULL");
  Unread.bind(Id);
  if (Unread.step())
    return false;
  Statement Headers(
      DB, "SELECT DISTINCT f.path, f.size, f.changed FROM searched s "
          "JOIN unit u ON u.file = s.file JOIN dependency d ON d.unit = u.id "
          "JOIN file f ON f.id = d.file WHERE s.search = ? AND s.named");
  Headers.bind(Id);
  while (Headers.step())
    if (Stamp{Headers.number(1), Headers.number(2)} != now(Headers.text(0)))
      return false;
  return true;
}

StringMap<bool> FactsFile::searched(StringRef Database, StringRef Key) {
  StringMap<bool> Out;
  Statement S(DB, "SELECT f.path, s.size, s.changed, s.named FROM searched s "
                  "JOIN file f ON f.id = s.file "
                  "JOIN search q ON q.id = s.search "
                  "WHERE q.database = ? AND q.key = ?");
  S.bind(Database).bind(Key);
  while (S.step())
    if (Stamp{S.number(1), S.number(2)} == now(S.text(0)))
      Out[S.text(0)] = S.number(3) != 0;
  return Out;
}

bool FactsFile::isRead(StringRef File, StringRef Command,
                       ArrayRef<std::string> Symbols) {
  Statement S(DB, "SELECT u.id FROM unit u JOIN file f ON f.id = u.file "
                  "WHERE f.path = ? AND u.command = ?");
  S.bind(File).bind(Command);
  if (!S.step())
    return false;
  const int64_t Id = S.number(0);
  for (const std::string &Symbol : Symbols) {
    Statement Covers(DB, "SELECT 1 FROM covers WHERE unit = ? AND symbol = ?");
    Covers.bind(Id).bind(Symbol);
    if (!Covers.step())
      return false;
  }
  Statement Headers(DB, "SELECT f.path, f.size, f.changed FROM dependency d "
                        "JOIN file f ON f.id = d.file WHERE d.unit = ?");
  Headers.bind(Id);
  while (Headers.step())
    if (Stamp{Headers.number(1), Headers.number(2)} != now(Headers.text(0)))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

int64_t FactsFile::fileId(StringRef Path, const Stamp &S) {
  Statement Insert(DB, "INSERT INTO file(path, size, changed) VALUES(?, ?, ?) "
                       "ON CONFLICT(path) DO UPDATE SET size = excluded.size, "
                       "changed = excluded.changed RETURNING id");
  Insert.bind(Path).bind(S.Size).bind(S.Changed);
  return Insert.step() ? Insert.number(0) : -1;
}

Error FactsFile::store(const Unit &U, ArrayRef<std::string> Symbols) {
  const int64_t File = fileId(U.File, now(U.File));
  if (File < 0)
    return failure("cannot store a file");
  // What was known of it is of other contents, or will be said again.
  Statement Old(DB, "SELECT id FROM unit WHERE file = ?");
  Old.bind(File);
  if (Old.step()) {
    const int64_t Id = Old.number(0);
    for (const char *SQL :
         {"DELETE FROM release WHERE use IN (SELECT id FROM use WHERE unit = "
          "?)",
          "DELETE FROM use WHERE unit = ?", "DELETE FROM covers WHERE unit = ?",
          "DELETE FROM dependency WHERE unit = ?",
          "DELETE FROM unit WHERE id = ?"}) {
      Statement Delete(DB, SQL);
      Delete.bind(Id);
      if (!Delete.done())
        return failure("cannot remove old facts");
    }
  }
  Statement Insert(DB, "INSERT INTO unit(file, command, module, modular, "
                       "license) VALUES(?, ?, ?, ?, ?) RETURNING id");
  Insert.bind(File).bind(U.Command).bind(U.Module).bind(int64_t(U.Modular));
  Insert.bind(U.License);
  if (!Insert.step())
    return failure("cannot store a unit");
  const int64_t Id = Insert.number(0);
  Statement Covers(DB, "INSERT OR IGNORE INTO covers VALUES(?, ?)");
  for (const std::string &Symbol : Symbols) {
    Covers.bind(Id).bind(Symbol);
    if (!Covers.done())
      return failure("cannot store what a unit was read for");
    Covers.again();
  }
  Statement Depends(DB, "INSERT OR IGNORE INTO dependency VALUES(?, ?)");
  for (const std::string &Path : U.Dependencies) {
    Depends.bind(Id).bind(fileId(Path, now(Path)));
    if (!Depends.done())
      return failure("cannot store a dependency");
    Depends.again();
  }
  for (const scan::UseFact &Use : U.Uses)
    if (Error E = storeUse(Id, Use))
      return E;
  return Error::success();
}

Error FactsFile::storeUse(int64_t Unit, const scan::UseFact &Use) {
  Statement Insert(DB,
                   "INSERT INTO use(unit, symbol, spelled, path, line, col, "
                   "function, kind, via, macros, flags, flags_value, "
                   "count, in_loop, result, object, field) "
                   "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                   "RETURNING id");
  Insert.bind(Unit).bind(Use.Symbol).bind(Use.Spelled).bind(Use.Loc.File);
  Insert.bind(int64_t(Use.Loc.Line)).bind(int64_t(Use.Loc.Column));
  Insert.bind(Use.Function).bind(Use.Kind).bind(Use.Via).bind(Use.Macros);
  Insert.bind(Use.Flags).bind(Use.FlagsValue).bind(Use.Count);
  Insert.bind(int64_t(Use.InLoop)).bind(Use.Result).bind(Use.Object);
  Insert.bind(Use.Field);
  if (!Insert.step())
    return failure("cannot store a use");
  const int64_t Id = Insert.number(0);
  for (const scan::ReleaseFact &R : Use.Releases) {
    Statement Release(DB, "INSERT INTO release VALUES(?, ?, ?, ?, ?, ?, ?)");
    Release.bind(Id).bind(R.Callee).bind(R.Function).bind(R.Loc.File);
    Release.bind(int64_t(R.Loc.Line)).bind(int64_t(R.Loc.Column));
    Release.bind(int64_t(R.Handed));
    if (!Release.done())
      return failure("cannot store a release");
  }
  return Error::success();
}

int64_t FactsFile::searchId(StringRef Database, StringRef Key) {
  const Stamp &S = now(Database);
  Statement Insert(DB, "INSERT INTO search(database, key, size, changed) "
                       "VALUES(?, ?, ?, ?) ON CONFLICT(database, key) DO "
                       "UPDATE SET size = excluded.size, "
                       "changed = excluded.changed RETURNING id");
  Insert.bind(Database).bind(Key).bind(S.Size).bind(S.Changed);
  return Insert.step() ? Insert.number(0) : -1;
}

Error FactsFile::storeSearch(StringRef Database, StringRef Key,
                             const StringMap<bool> &Files) {
  const int64_t Id = searchId(Database, Key);
  if (Id < 0)
    return failure("cannot store a search");
  Statement Clear(DB, "DELETE FROM searched WHERE search = ?");
  Clear.bind(Id);
  if (!Clear.done())
    return failure("cannot store a search");
  Statement Insert(DB, "INSERT INTO searched VALUES(?, ?, ?, ?, ?)");
  for (const auto &[Path, Named] : Files) {
    const Stamp &S = now(Path);
    // A file that was searched only says nothing about units that include it.
    Statement Known(DB, "SELECT id FROM file WHERE path = ?");
    Known.bind(Path);
    const int64_t File = Known.step() ? Known.number(0) : fileId(Path, S);
    Insert.bind(Id).bind(File).bind(S.Size).bind(S.Changed);
    Insert.bind(int64_t(Named));
    if (!Insert.done())
      return failure("cannot store a search");
    Insert.again();
  }
  return Error::success();
}

Error FactsFile::storeRules(StringRef Symbol, ArrayRef<std::string> Rules) {
  Statement Clear(DB, "DELETE FROM rule WHERE symbol = ?");
  Clear.bind(Symbol);
  if (!Clear.done())
    return failure("cannot store rules");
  for (const std::string &Rule : Rules) {
    Statement Insert(DB, "INSERT OR IGNORE INTO rule VALUES(?, ?)");
    Insert.bind(Symbol).bind(Rule);
    if (!Insert.done())
      return failure("cannot store rules");
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// A header of everybody is no module's, whichever was read first.
static bool isShared(StringRef Path) {
  return Path.ends_with(".h") && Path.contains("/include/");
}

scan::UseFact FactsFile::readUse(const Statement &S, StringRef Symbol) const {
  scan::UseFact F;
  F.Symbol = Symbol.str();
  F.Spelled = S.text(1).str();
  F.Loc = {S.text(2).str(), unsigned(S.number(3)), unsigned(S.number(4))};
  F.Function = S.text(5).str();
  F.Kind = S.text(6).str();
  F.Via = S.text(7).str();
  F.Macros = S.text(8).str();
  F.Flags = S.text(9).str();
  F.FlagsValue = S.text(10).str();
  F.Count = S.text(11).str();
  F.InLoop = S.number(12) != 0;
  F.Result = S.text(13).str();
  F.Object = S.text(14).str();
  F.Field = S.text(15).str();
  Statement R(DB, "SELECT callee, function, path, line, col, handed "
                  "FROM release WHERE use = ? ORDER BY path, line, col");
  R.bind(S.number(0));
  while (R.step())
    F.Releases.push_back(
        {R.text(0).str(),
         R.text(1).str(),
         {R.text(2).str(), unsigned(R.number(3)), unsigned(R.number(4))},
         R.number(5) != 0});
  return F;
}

static bool samePlace(const scan::UseFact &A, const scan::UseFact &B) {
  return A.Loc == B.Loc && A.Kind == B.Kind && A.Via == B.Via;
}

Expected<std::vector<StoredUse>>
FactsFile::uses(StringRef Database, StringRef Key, StringRef Symbol) {
  std::vector<StoredUse> Out;
  Statement S(
      DB, "SELECT x.id, x.spelled, x.path, x.line, x.col, x.function, "
          "x.kind, x.via, x.macros, x.flags, x.flags_value, x.count, "
          "x.in_loop, x.result, x.object, x.field, u.module, u.modular, "
          "u.license FROM use x JOIN unit u ON u.id = x.unit "
          "JOIN searched s ON s.file = u.file JOIN search q ON q.id = s.search "
          "WHERE x.symbol = ? AND q.database = ? AND q.key = ? AND s.named "
          "ORDER BY x.path, x.line, x.col, x.kind, x.via, u.module");
  S.bind(Symbol).bind(Database).bind(Key);
  while (S.step()) {
    StoredUse U{readUse(S, Symbol), S.text(16).str(), S.text(18).str(),
                S.number(17) != 0};
    if (isShared(U.Fact.Loc.File)) {
      U.Module = U.License = "";
      U.Modular = false;
    }
    // A unit that is compiled for two modules is listed with the first.
    if (Out.empty() || !samePlace(Out.back().Fact, U.Fact))
      Out.push_back(std::move(U));
  }
  llvm::stable_sort(Out, [](const StoredUse &A, const StoredUse &B) {
    return std::pair(A.Module.empty(), StringRef(A.Module)) <
           std::pair(B.Module.empty(), StringRef(B.Module));
  });
  return Out;
}

} // namespace pagewarden::audit
