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
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL,
  changed INTEGER NOT NULL, UNIQUE(path, size, changed));
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
  count_value TEXT NOT NULL, in_loop INTEGER NOT NULL, result TEXT NOT NULL,
  object TEXT NOT NULL, field TEXT NOT NULL, escapes TEXT NOT NULL);
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
  size INTEGER NOT NULL, changed INTEGER NOT NULL, headers TEXT NOT NULL,
  words TEXT NOT NULL, UNIQUE(database, key));
CREATE TABLE searched(
  search INTEGER NOT NULL REFERENCES search,
  file INTEGER NOT NULL REFERENCES file, named INTEGER NOT NULL,
  PRIMARY KEY(search, file)) WITHOUT ROWID;
)sql";

static constexpr StringLiteral Tables[] = {"searched",   "search", "rule",
                                           "release",    "use",    "covers",
                                           "dependency", "unit",   "file"};

/// "PgWd" in the head of each of our files, whatever its version.
static constexpr int64_t ApplicationId = 0x50675764;

Stamp stampOf(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status))
    return {};
  const auto Time = Status.getLastModificationTime().time_since_epoch();
  return {int64_t(Status.getSize()),
          std::chrono::duration_cast<std::chrono::nanoseconds>(Time).count()};
}

int64_t startOfRun() {
  static const int64_t Start =
      std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::system_clock::now().time_since_epoch())
          .count();
  return Start;
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// One statement, with its parameters in order.  What goes wrong is remembered
/// by its file.
class FactsFile::Statement {
public:
  Statement(const FactsFile &File, const char *SQL) : File(File) {
    if (sqlite3_prepare_v2(File.DB, SQL, -1, &S, nullptr) != SQLITE_OK)
      File.remember("it cannot be read");
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
  bool step() {
    const int Status = S ? sqlite3_step(S) : SQLITE_ERROR;
    if (Status != SQLITE_ROW && Status != SQLITE_DONE)
      File.remember("it cannot be read or written");
    return Status == SQLITE_ROW;
  }
  /// True when it was carried out.
  bool done() { return !step() && !File.isBroken(); }
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
  const FactsFile &File;
  sqlite3_stmt *S = nullptr;
  int Bound = 0;
};

void FactsFile::remember(const char *What) const {
  if (isBroken())
    return;
  const int Code = sqlite3_errcode(DB);
  Trouble = "facts file '" + Path + "': " + What + ": " + sqlite3_errmsg(DB);
  if (Code == SQLITE_CORRUPT || Code == SQLITE_NOTADB)
    Trouble += "; it is left as it is: remove it, or name another with --facts";
}

Error FactsFile::check() {
  if (Trouble.empty())
    return Error::success();
  return createStringError(inconvertibleErrorCode(),
                           std::exchange(Trouble, ""));
}

Error FactsFile::run(const char *SQL) {
  if (sqlite3_exec(DB, SQL, nullptr, nullptr, nullptr) != SQLITE_OK)
    remember("it cannot be written");
  return check();
}

Error FactsFile::write(function_ref<Error()> Do) {
  if (Error E = run("BEGIN IMMEDIATE"))
    return E;
  Error E = Do();
  if (!E)
    E = run("COMMIT");
  if (E)
    sqlite3_exec(DB, "ROLLBACK", nullptr, nullptr, nullptr);
  return E;
}

Error FactsFile::continueInMemory() {
  sqlite3 *Memory = nullptr;
  if (sqlite3_open(":memory:", &Memory) != SQLITE_OK) {
    sqlite3_close(Memory);
    return createStringError(inconvertibleErrorCode(), "no memory for facts");
  }
  sqlite3_backup *Copy = sqlite3_backup_init(Memory, "main", DB, "main");
  if (Copy) {
    sqlite3_backup_step(Copy, -1);
    sqlite3_backup_finish(Copy);
  }
  sqlite3_close(std::exchange(DB, Memory));
  InMemory = true;
  return establish();
}

FactsFile::~FactsFile() {
  if (DB)
    sqlite3_close(DB);
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

Error FactsFile::establish() {
  return write([&]() -> Error {
    // Another run may have done it meanwhile.
    if (number("PRAGMA user_version") == Version)
      return check();
    for (StringRef Table : Tables)
      if (Error E = run(("DROP TABLE IF EXISTS " + Table).str().c_str()))
        return E;
    if (Error E = run(Schema))
      return E;
    if (Error E =
            run(("PRAGMA application_id = " + itostr(ApplicationId)).c_str()))
      return E;
    return run(("PRAGMA user_version = " + itostr(Version)).c_str());
  });
}

int64_t FactsFile::number(const char *SQL) const {
  Statement S(*this, SQL);
  return S.step() ? S.number(0) : 0;
}

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
  FactsFile File(DB, Path);
  if (Status != SQLITE_OK)
    return Failure(DB ? sqlite3_errmsg(DB) : "no memory");
  // Another run may be writing.
  sqlite3_busy_timeout(DB, 60'000);
  const int64_t Found = File.number("PRAGMA user_version");
  const bool Ours = File.number("PRAGMA application_id") == ApplicationId;
  const bool Empty = File.number("SELECT count(*) FROM sqlite_master") == 0;
  if (Error E = File.check())
    return E;
  if (!Ours && (Found || !Empty))
    return Failure("it is a database of something else");
  if (Ours && Found == Version)
    return File;
  if (Ours)
    Note = ("facts file '" + Path + "' is of version " + Twine(Found) +
            ", this is version " + Twine(Version) + "; it is built anew")
               .str();
  if (Error E = File.establish())
    return E;
  return File;
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

bool FactsFile::areUnchanged(Statement &Files) {
  while (Files.step())
    if (Stamp{Files.number(1), Files.number(2)} != now(Files.text(0)))
      return false;
  return true;
}

std::optional<Search> FactsFile::lastSearch(StringRef Database, StringRef Key) {
  Statement S(*this, "SELECT headers, words FROM search "
                     "WHERE database = ? AND key = ?");
  S.bind(Database).bind(Key);
  if (!S.step())
    return std::nullopt;
  return Search{S.text(0).str(), S.text(1).str()};
}

bool FactsFile::isCurrent(StringRef Database, StringRef Key, StringRef Headers,
                          ArrayRef<std::string> Symbols) {
  Statement S(*this, "SELECT id, size, changed FROM search "
                     "WHERE database = ? AND key = ? AND headers = ?");
  S.bind(Database).bind(Key).bind(Headers);
  if (!S.step() || Stamp{S.number(1), S.number(2)} != now(Database))
    return false;
  const int64_t Id = S.number(0);
  Statement Files(*this, "SELECT path, size, changed FROM searched "
                         "JOIN file ON file = file.id WHERE search = ?");
  Files.bind(Id);
  if (!areUnchanged(Files))
    return false;
  // Files that name a symbol were read, and depend on headers.
  Statement Unread(*this, "SELECT 1 FROM searched s LEFT JOIN unit u "
                          "ON u.file = s.file "
                          "WHERE s.search = ? AND s.named AND u.id IS NULL");
  Unread.bind(Id);
  if (Unread.step())
    return false;
  Statement Partly(*this, "SELECT 1 FROM searched s JOIN unit u "
                          "ON u.file = s.file WHERE s.search = ? AND s.named "
                          "AND NOT EXISTS (SELECT 1 FROM covers c "
                          "WHERE c.unit = u.id AND c.symbol = ?)");
  for (const std::string &Symbol : Symbols) {
    Partly.bind(Id).bind(Symbol);
    if (Partly.step())
      return false;
    Partly.again();
  }
  Statement Needed(*this,
                   "SELECT path, size, changed FROM file WHERE id IN ("
                   "SELECT d.file FROM searched s JOIN unit u "
                   "ON u.file = s.file JOIN dependency d ON d.unit = u.id "
                   "WHERE s.search = ? AND s.named)");
  Needed.bind(Id);
  return areUnchanged(Needed);
}

StringMap<bool> FactsFile::searched(StringRef Database, StringRef Key) {
  StringMap<bool> Out;
  Statement S(*this, "SELECT f.path, f.size, f.changed, s.named "
                     "FROM searched s JOIN file f ON f.id = s.file "
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
  Statement S(*this, "SELECT u.id FROM unit u JOIN file f ON f.id = u.file "
                     "WHERE f.path = ? AND u.command = ?");
  S.bind(File).bind(Command);
  if (!S.step())
    return false;
  const int64_t Id = S.number(0);
  Statement Covers(*this, "SELECT 1 FROM covers WHERE unit = ? AND symbol = ?");
  for (const std::string &Symbol : Symbols) {
    Covers.bind(Id).bind(Symbol);
    if (!Covers.step())
      return false;
    Covers.again();
  }
  Statement Needed(*this, "SELECT f.path, f.size, f.changed FROM dependency d "
                          "JOIN file f ON f.id = d.file WHERE d.unit = ?");
  Needed.bind(Id);
  return areUnchanged(Needed);
}

std::vector<std::string> FactsFile::coveredBy(StringRef File) {
  std::vector<std::string> Out;
  Statement S(*this,
              "SELECT DISTINCT c.symbol FROM covers c "
              "JOIN unit u ON u.id = c.unit JOIN file f ON f.id = u.file "
              "WHERE f.path = ?");
  S.bind(File);
  while (S.step())
    Out.push_back(S.text(0).str());
  return Out;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

int64_t FactsFile::fileId(StringRef Path) {
  Stamp S = now(Path);
  // Changed while this run was at it: nobody knows which of the two was read.
  if (S.Changed >= Started)
    S.Changed = -1;
  Statement Known(*this, "SELECT id FROM file WHERE path = ? AND size = ? "
                         "AND changed = ?");
  Known.bind(Path).bind(S.Size).bind(S.Changed);
  if (Known.step())
    return Known.number(0);
  Statement Insert(*this, "INSERT INTO file(path, size, changed) "
                          "VALUES(?, ?, ?) RETURNING id");
  Insert.bind(Path).bind(S.Size).bind(S.Changed);
  return Insert.step() ? Insert.number(0) : -1;
}

/// What was known of a file is of other contents, or will be said again.
Error FactsFile::forget(StringRef File) {
  SmallVector<int64_t, 1> Units;
  Statement Old(*this, "SELECT u.id FROM unit u JOIN file f ON f.id = u.file "
                       "WHERE f.path = ?");
  Old.bind(File);
  while (Old.step())
    Units.push_back(Old.number(0));
  static constexpr const char *Deletions[] = {
      "DELETE FROM release WHERE use IN (SELECT id FROM use WHERE unit = ?)",
      "DELETE FROM use WHERE unit = ?", "DELETE FROM covers WHERE unit = ?",
      "DELETE FROM dependency WHERE unit = ?", "DELETE FROM unit WHERE id = ?"};
  for (const int64_t Id : Units)
    for (const char *SQL : Deletions) {
      Statement Delete(*this, SQL);
      Delete.bind(Id);
      Delete.step();
    }
  return check();
}

Error FactsFile::store(const Unit &U, ArrayRef<std::string> Symbols) {
  if (Error E = forget(U.File))
    return E;
  Statement Insert(*this, "INSERT INTO unit(file, command, module, modular, "
                          "license) VALUES(?, ?, ?, ?, ?) RETURNING id");
  Insert.bind(fileId(U.File)).bind(U.Command).bind(U.Module);
  Insert.bind(int64_t(U.Modular)).bind(U.License);
  if (!Insert.step())
    return check();
  const int64_t Id = Insert.number(0);
  Statement Covers(*this, "INSERT OR IGNORE INTO covers VALUES(?, ?)");
  for (const std::string &Symbol : Symbols) {
    Covers.bind(Id).bind(Symbol);
    Covers.step();
    Covers.again();
  }
  Statement Depends(*this, "INSERT OR IGNORE INTO dependency VALUES(?, ?)");
  for (const std::string &Path : U.Dependencies) {
    Depends.bind(Id).bind(fileId(Path));
    Depends.step();
    Depends.again();
  }
  for (const scan::UseFact &Use : U.Uses)
    storeUse(Id, Use);
  return check();
}

void FactsFile::storeUse(int64_t Unit, const scan::UseFact &Use) {
  Statement Insert(*this,
                   "INSERT INTO use(unit, symbol, spelled, path, line, col, "
                   "function, kind, via, macros, flags, flags_value, count, "
                   "count_value, in_loop, result, object, field, escapes) "
                   "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                   "RETURNING id");
  Insert.bind(Unit).bind(Use.Symbol).bind(Use.Spelled).bind(Use.Loc.File);
  Insert.bind(int64_t(Use.Loc.Line)).bind(int64_t(Use.Loc.Column));
  Insert.bind(Use.Function).bind(Use.Kind).bind(Use.Via).bind(Use.Macros);
  Insert.bind(Use.Flags).bind(Use.FlagsValue).bind(Use.Count);
  Insert.bind(Use.CountValue).bind(int64_t(Use.InLoop)).bind(Use.Result);
  Insert.bind(Use.Object).bind(Use.Field).bind(Use.Escape);
  if (!Insert.step())
    return;
  const int64_t Id = Insert.number(0);
  for (const scan::ReleaseFact &R : Use.Releases) {
    Statement Release(*this, "INSERT INTO release VALUES(?, ?, ?, ?, ?, ?, ?)");
    Release.bind(Id).bind(R.Callee).bind(R.Function).bind(R.Loc.File);
    Release.bind(int64_t(R.Loc.Line)).bind(int64_t(R.Loc.Column));
    Release.bind(int64_t(R.Handed));
    Release.step();
  }
}

int64_t FactsFile::searchId(StringRef Database, StringRef Key,
                            const Search &What) {
  const Stamp &S = now(Database);
  Statement Insert(*this,
                   "INSERT INTO search(database, key, size, changed, headers, "
                   "words) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(database, key) "
                   "DO UPDATE SET size = excluded.size, changed = "
                   "excluded.changed, headers = excluded.headers, "
                   "words = excluded.words RETURNING id");
  Insert.bind(Database).bind(Key).bind(S.Size).bind(S.Changed);
  Insert.bind(What.Headers).bind(What.Words);
  return Insert.step() ? Insert.number(0) : -1;
}

Error FactsFile::storeSearch(StringRef Database, StringRef Key,
                             const Search &What, const StringMap<bool> &Files) {
  const int64_t Id = searchId(Database, Key, What);
  Statement Clear(*this, "DELETE FROM searched WHERE search = ?");
  Clear.bind(Id);
  Clear.step();
  Statement Insert(*this, "INSERT INTO searched VALUES(?, ?, ?)");
  for (const auto &[Path, Named] : Files) {
    Insert.bind(Id).bind(fileId(Path)).bind(int64_t(Named));
    Insert.step();
    Insert.again();
  }
  Statement Sweep(*this,
                  "DELETE FROM file WHERE id NOT IN (SELECT file FROM unit "
                  "UNION SELECT file FROM dependency "
                  "UNION SELECT file FROM searched)");
  Sweep.step();
  return check();
}

Error FactsFile::storeRules(StringRef Symbol, ArrayRef<std::string> Rules) {
  Statement Clear(*this, "DELETE FROM rule WHERE symbol = ?");
  Clear.bind(Symbol);
  Clear.step();
  for (const std::string &Rule : Rules) {
    Statement Insert(*this, "INSERT OR IGNORE INTO rule VALUES(?, ?)");
    Insert.bind(Symbol).bind(Rule);
    Insert.step();
  }
  return check();
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
  F.CountValue = S.text(12).str();
  F.InLoop = S.number(13) != 0;
  F.Result = S.text(14).str();
  F.Object = S.text(15).str();
  F.Field = S.text(16).str();
  F.Escape = S.text(17).str();
  Statement R(*this, "SELECT callee, function, path, line, col, handed "
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
      *this,
      "SELECT x.id, x.spelled, x.path, x.line, x.col, x.function, "
      "x.kind, x.via, x.macros, x.flags, x.flags_value, x.count, "
      "x.count_value, x.in_loop, x.result, x.object, x.field, x.escapes, "
      "u.module, u.modular, "
      "u.license FROM use x JOIN unit u ON u.id = x.unit "
      "JOIN searched s ON s.file = u.file JOIN search q ON q.id = s.search "
      "WHERE x.symbol = ? AND q.database = ? AND q.key = ? AND s.named "
      "ORDER BY x.path, x.line, x.col, x.kind, x.via, u.module");
  S.bind(Symbol).bind(Database).bind(Key);
  while (S.step()) {
    StoredUse U{readUse(S, Symbol), S.text(18).str(), S.text(20).str(),
                S.number(19) != 0};
    if (isShared(U.Fact.Loc.File)) {
      U.Module = U.License = "";
      U.Modular = false;
    }
    // A unit that is compiled for two modules is listed with the first.
    if (Out.empty() || !samePlace(Out.back().Fact, U.Fact))
      Out.push_back(std::move(U));
  }
  if (Error E = check())
    return E;
  llvm::stable_sort(Out, [](const StoredUse &A, const StoredUse &B) {
    return std::pair(A.Module.empty(), StringRef(A.Module)) <
           std::pair(B.Module.empty(), StringRef(B.Module));
  });
  return Out;
}

} // namespace pagewarden::audit
