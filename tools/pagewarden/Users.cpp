//===- Users.cpp - pagewarden users ---------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every use of some functions in a build. What was found out is kept in the
/// facts file; only what changed since is read again.
///
///   symbols ─► words ─► gate over the text of all files ─► worker ─► facts
///   file
///                       (unchanged files are not read again)           │
///                                                         report ◄─────┘
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "pagewarden/Audit/FactsFile.h"
#include "pagewarden/Audit/UsersReport.h"
#include "pagewarden/Audit/Uses.h"
#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Gate/TextGate.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Kernel/Modules.h"
#include "pagewarden/Kernel/SourceExports.h"
#include "pagewarden/Model/Model.h"
#include "pagewarden/Scan/Progress.h"
#include "pagewarden/Scan/WorkList.h"
#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SHA1.h"
#include "llvm/Support/Threading.h"
#include <map>
#include <optional>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::audit;
using namespace pagewarden::tool;

static int runUsers();
static Command UsersCommand("users", "list every use of some functions",
                            runUsers);

static cl::OptionCategory UsersOptions("Options of users");
static cl::list<std::string> Asked(cl::Positional, cl::desc("SYMBOL|FAMILY..."),
                                   cl::sub(UsersCommand),
                                   cl::cat(UsersOptions));
static cl::opt<std::string>
    BuildPath("p", cl::desc("compile database, or the folder that has it"),
              cl::value_desc("DIR|compile_commands.json"), cl::init("."),
              cl::sub(UsersCommand), cl::cat(UsersOptions));
static cl::opt<std::string> Format("format",
                                   cl::desc("text (default), json or markdown"),
                                   cl::value_desc("FORMAT"), cl::init("text"),
                                   cl::sub(UsersCommand),
                                   cl::cat(UsersOptions));
static cl::opt<std::string> ChangedBy(
    "changed-by", cl::desc("only uses that a change of this rule would touch"),
    cl::value_desc("RULE"), cl::sub(UsersCommand), cl::cat(UsersOptions));
static cl::opt<std::string>
    FactsPath("facts",
              cl::desc("keep the facts there (default: a file of its own for "
                       "each database, in the user's cache folder)"),
              cl::value_desc("FILE"), cl::sub(UsersCommand),
              cl::cat(UsersOptions));
static cl::list<std::string>
    ModelFiles("model", cl::desc("add a model to the one built in"),
               cl::value_desc("FILE"), cl::sub(UsersCommand),
               cl::cat(UsersOptions));
static cl::opt<unsigned> Jobs("jobs",
                              cl::desc("files at a time (default: one per "
                                       "core)"),
                              cl::value_desc("N"), cl::sub(UsersCommand),
                              cl::cat(UsersOptions));
static cl::opt<unsigned>
    TimeLimit("time-limit",
              cl::desc("seconds for one file (default: 120; 0: no limit)"),
              cl::value_desc("S"), cl::init(120), cl::sub(UsersCommand),
              cl::cat(UsersOptions));
static cl::opt<unsigned> Llvm("llvm",
                              cl::desc("read files as this version of clang "
                                       "does"),
                              cl::value_desc("N"), cl::sub(UsersCommand),
                              cl::cat(UsersOptions));

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

static std::string absolute(StringRef Path) {
  SmallString<256> Out(Path);
  (void)sys::fs::make_absolute(Out);
  sys::path::remove_dots(Out, /*remove_dot_dot=*/true);
  return std::string(Out);
}

static std::string hashOf(ArrayRef<std::string> Parts) {
  SHA1 Hash;
  for (const std::string &Part : Parts) {
    Hash.update(Part);
    Hash.update(StringRef("\0", 1));
  }
  return toHex(ArrayRef(Hash.final()).take_front(10), /*LowerCase=*/true);
}

/// Whether MODULE is defined, and what the command calls the module: its path
/// (of built-in code, mostly), or no more than its name.
static void readModule(const kernel::CompileCommand &Command, Unit &U) {
  std::string Name;
  for (StringRef Arg : Command.Arguments) {
    U.Modular |= Arg == "-DMODULE";
    if (Arg.consume_front("-DKBUILD_MODFILE="))
      U.Module = Arg.trim("\"\\'").str();
    else if (Arg.consume_front("-DKBUILD_MODNAME="))
      Name = Arg.trim("\"\\'").str();
  }
  if (U.Module.empty())
    U.Module = Name;
}

namespace {

/// One run of the subcommand.
class Users {
public:
  Users()
      : Bar(errs(), sys::Process::StandardErrIsDisplayed()
                        ? scan::Progress::OneLine
                        : scan::Progress::Lines) {}

  Error prepare();
  Error refresh();
  int report();

private:
  Error chooseSymbols();
  void addFamily(const model::SymbolFamily &F);
  Error openFacts();
  Error search();
  Error readUnits();
  std::vector<std::string> words() const;
  StringRef licenseOf(StringRef Module);
  std::string commandHash(const kernel::CompileCommand &Command) const;
  void describeModule(const kernel::CompileCommand &Command, Unit &U);
  void take(const scan::FileResult &Result);
  Error keepPending();
  Error write(function_ref<Error()> Do);

  scan::Progress Bar;
  std::unique_ptr<model::Model> TheModel;
  std::vector<std::string> Symbols;
  std::string DatabaseFile, Key;
  std::optional<kernel::CompileDatabase> Database;
  std::optional<FactsFile> Facts;
  std::string Source;    ///< the kernel's source, or ""
  std::string Program;   ///< tells this program from another build of it
  Search Chosen;         ///< by what files are chosen
  StringMap<bool> Named; ///< file of the database to whether it names one
  std::map<std::string, const kernel::CompileCommand *> Commands;
  StringMap<std::string> Licenses;             ///< by module
  StringMap<std::string> Paths;                ///< of modules, by name
  StringMap<std::vector<std::string>> FilesOf; ///< modules
  std::optional<kernel::ModuleMap> Modules;    ///< read when it is needed
  std::vector<RunInfo::Failure> Failures;
  std::vector<std::string> ReadFor; ///< symbols, with what was known before
  std::vector<Unit> Pending;        ///< read, not yet stored
  size_t Read = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// What is asked
//===----------------------------------------------------------------------===//

/// The members that a family names, and what its files export.
void Users::addFamily(const model::SymbolFamily &F) {
  auto Add = [&](StringRef Name) {
    if (!is_contained(Symbols, Name))
      Symbols.push_back(Name.str());
  };
  for (const std::string &Symbol : F.Symbols)
    Add(Symbol);
  for (const kernel::SourceExport &E :
       kernel::readExportsOf(kernel::SourceTree::at(Source), F.Files))
    Add(E.Symbol);
}

Error Users::chooseSymbols() {
  if (Asked.empty() && ChangedBy.empty())
    return failure("'users' needs the name of a function or a family");
  if (Asked.empty()) {
    Symbols = symbolsWith(*TheModel, ChangedBy);
    if (Symbols.empty())
      return failure("the model has no rule '" + ChangedBy +
                     "'; 'pagewarden users SYMBOL' shows those of a symbol");
  }
  for (const std::string &Name : Asked) {
    if (const model::SymbolFamily *F = TheModel->family(Name)) {
      if (Source.empty())
        return failure("the kernel's source was not found, and so not what "
                       "the family '" +
                       Name + "' exports");
      addFamily(*F);
      continue;
    }
    if (!all_of(Name, [](char C) { return isAlnum(C) || C == '_'; }))
      return failure("'" + Name + "' is neither a C identifier nor a family");
    if (!is_contained(Symbols, Name))
      Symbols.push_back(Name);
  }
  if (ChangedBy.empty())
    return Error::success();
  std::vector<std::string> Known;
  for (const std::string &Symbol : Symbols)
    for (const std::string &Rule : rulesOf(*TheModel, Symbol))
      if (!is_contained(Known, Rule))
        Known.push_back(Rule);
  llvm::sort(Known);
  if (!is_contained(Known, ChangedBy))
    return failure("no rule '" + ChangedBy + "' holds for these; there are " +
                   (Known.empty() ? std::string("none") : join(Known, ", ")));
  llvm::erase_if(Symbols, [&](const std::string &Symbol) {
    return !is_contained(rulesOf(*TheModel, Symbol), ChangedBy);
  });
  return Error::success();
}

/// "linux/.../a.c" in a command's file name leads to the source.
static std::string sourceOf(StringRef DatabaseFile) {
  // kbuild leaves a link to the source in the folder of a build.
  SmallString<256> Link(sys::path::parent_path(DatabaseFile));
  if (sys::fs::exists(Link + "/MAINTAINERS"))
    return std::string(Link);
  sys::path::append(Link, "source");
  SmallString<256> Real;
  if (!sys::fs::real_path(Link, Real) && sys::fs::exists(Real + "/MAINTAINERS"))
    return std::string(Real);
  return "";
}

Error Users::openFacts() {
  std::string Path = FactsPath;
  if (Path.empty()) {
    SmallString<256> Cache;
    if (!sys::path::cache_directory(Cache))
      return failure("there is no cache folder for the facts; name a file with "
                     "--facts");
    sys::path::append(Cache, "pagewarden",
                      "facts-" + hashOf({DatabaseFile}) + ".sqlite");
    Path = std::string(Cache);
  }
  std::string Note;
  auto Opened = FactsFile::open(Path, Note);
  if (!Opened)
    return Opened.takeError();
  if (!Note.empty())
    errs() << "pagewarden: note: " << printable(Note) << '\n';
  Facts.emplace(std::move(*Opened));
  return Error::success();
}

Error Users::prepare() {
  if (Format != "text" && Format != "json" && Format != "markdown")
    return failure("unknown format '" + Format +
                   "'; allowed are text, json, markdown");
  if (Jobs.getNumOccurrences() && Jobs == 0)
    return failure("--jobs 0: at least one file at a time is needed");
  auto Loaded = model::Model::load(ModelFiles);
  if (!Loaded)
    return Loaded.takeError();
  TheModel = std::move(*Loaded);
  DatabaseFile = absolute(BuildPath);
  if (sys::fs::is_directory(DatabaseFile))
    DatabaseFile += "/compile_commands.json";
  Source = sourceOf(DatabaseFile);
  if (Source.empty()) {
    auto D = kernel::CompileDatabase::load(DatabaseFile);
    if (!D)
      return D.takeError();
    Database = std::move(*D);
    for (const kernel::CompileCommand &C : Database->commands()) {
      Source = scan::kernelSourceOf(C.File);
      if (!Source.empty())
        break;
    }
  }
  if (Error E = chooseSymbols())
    return E;
  // What else decides what is found: the model's files.
  std::vector<std::string> Parts = Symbols;
  llvm::sort(Parts);
  for (const std::string &File : ModelFiles) {
    const Stamp S = stampOf(File);
    Parts.push_back(absolute(File) + " " + itostr(S.Size) + " " +
                    itostr(S.Changed));
  }
  Key = join(Parts, ",");
  return openFacts();
}

//===----------------------------------------------------------------------===//
// Reading what is not known yet
//===----------------------------------------------------------------------===//

/// Everything by which a file can use one of the symbols.
std::vector<std::string> Users::words() const {
  std::vector<std::string> Out = Symbols;
  for (const std::string &Symbol : Symbols)
    for (const model::Function *F : TheModel->lookup(Symbol)) {
      Out.push_back(F->Name);
      Out.insert(Out.end(), F->Spellings.begin(), F->Spellings.end());
    }
  if (!Source.empty())
    for (std::string &Name : headerUsers(Source, Out))
      Out.push_back(std::move(Name));
  llvm::sort(Out);
  Out.erase(llvm::unique(Out), Out.end());
  return Out;
}

Error Users::search() {
  const std::optional<Search> Last = Facts->lastSearch(DatabaseFile, Key);
  // Only headers decide by which words a symbol can be used.
  Chosen.Words = Last && Last->Headers == Chosen.Headers ? Last->Words
                                                         : join(words(), " ");
  StringMap<bool> Known;
  if (Last && Last->Words == Chosen.Words)
    Known = Facts->searched(DatabaseFile, Key);
  gate::TextGate Gate;
  SmallVector<StringRef, 0> Words;
  SplitString(Chosen.Words, Words);
  for (StringRef Word : Words)
    Gate.add(Word);
  size_t Done = 0;
  for (const kernel::CompileCommand &C : Database->commands()) {
    Bar.show([&] {
      return "[" + utostr(Done) + "/" + utostr(Database->commands().size()) +
             "] choosing files";
    });
    ++Done;
    if (!StringRef(C.File).ends_with(".c") ||
        !Commands.try_emplace(C.File, &C).second)
      continue;
    auto It = Known.find(C.File);
    if (It != Known.end()) {
      Named[C.File] = It->second;
      continue;
    }
    auto Buffer = MemoryBuffer::getFile(C.File, /*IsText=*/false,
                                        /*RequiresNullTerminator=*/false);
    if (!Buffer) {
      Failures.push_back(
          {C.File, "cannot be read: " + Buffer.getError().message()});
      continue;
    }
    Named[C.File] = !Gate.why((*Buffer)->getBuffer()).empty();
  }
  Bar.clear();
  return Facts->check();
}

/// A command that has the module's name only does not say where it is; the
/// kernel's Makefiles do.
void Users::describeModule(const kernel::CompileCommand &Command, Unit &U) {
  readModule(Command, U);
  if (StringRef(U.Module).contains('/') || Source.empty())
    return;
  if (!Modules) {
    auto Tree = kernel::SourceTree::open(Source);
    if (Tree)
      Modules = kernel::ModuleMap::read(*Tree);
    else
      Modules.emplace();
    consumeError(Tree.takeError());
  }
  const kernel::Owner O = Modules->ownerOf(relativeTo(Command.File, Source));
  if (O.Certain && O.Kind == kernel::Owner::Modular) {
    U.Module = O.Module;
    return;
  }
  auto [Path, New] = Paths.try_emplace(U.Module);
  if (New)
    Path->second = Modules->pathOf(U.Module);
  if (!Path->second.empty())
    U.Module = Path->second;
}

/// "GPL" of the first MODULE_LICENSE("GPL") in \p File, or "".
static std::string licenseIn(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return "";
  StringRef Text = (*Buffer)->getBuffer();
  const size_t At = Text.find("MODULE_LICENSE(");
  if (At == StringRef::npos)
    return "";
  StringRef Rest = Text.drop_front(At).split('(').second.ltrim();
  if (!Rest.consume_front("\""))
    return "";
  return Rest.take_until([](char C) { return C == '"' || C == '\n'; }).str();
}

/// The licence of a module, from whichever of its files says it.
StringRef Users::licenseOf(StringRef Module) {
  if (FilesOf.empty())
    for (const auto &[File, Command] : Commands) {
      Unit U;
      describeModule(*Command, U);
      FilesOf[U.Module].push_back(File);
    }
  auto [Entry, New] = Licenses.try_emplace(Module);
  if (!New || Module.empty())
    return Entry->second;
  for (const std::string &File : FilesOf.lookup(Module)) {
    Entry->second = licenseIn(File);
    if (!Entry->second.empty())
      break;
  }
  return Entry->second;
}

/// Another model, or another way to look, is in another program.
std::string Users::commandHash(const kernel::CompileCommand &Command) const {
  std::vector<std::string> Parts = Command.Arguments;
  Parts.push_back(Program);
  return hashOf(Parts);
}

void Users::take(const scan::FileResult &Result) {
  if (Result.Status != scan::FileResult::Ok) {
    Failures.push_back(
        {Result.File, Result.Status == scan::FileResult::ParseError
                          ? "does not compile: " + Result.Detail
                          : Result.Detail});
    return;
  }
  const kernel::CompileCommand *Command = Commands[Result.File];
  Unit U;
  U.File = Result.File;
  U.Command = commandHash(*Command);
  describeModule(*Command, U);
  U.License = licenseOf(U.Module).str();
  U.Dependencies = Result.Inputs;
  U.Uses = Result.Uses;
  ++Read;
  Pending.push_back(std::move(U));
}

/// Carries out \p Do.  Where the file takes no more, the facts stay in memory
/// for this run's report, and the failure is told at its end.
Error Users::write(function_ref<Error()> Do) {
  Error E = Facts->write(Do);
  if (!E || Facts->isInMemory())
    return E;
  Failures.push_back(
      {"", toString(std::move(E)) + "; what was found out is not kept"});
  if (Error Lost = Facts->continueInMemory())
    return Lost;
  return Facts->write(Do);
}

Error Users::keepPending() {
  std::vector<Unit> Units;
  std::swap(Units, Pending);
  return write([&]() -> Error {
    for (const Unit &U : Units)
      if (Error E = Facts->store(U, ReadFor))
        return E;
    return Error::success();
  });
}

Error Users::readUnits() {
  scan::Request Req;
  Req.Parallel =
      Jobs ? unsigned(Jobs) : hardware_concurrency().compute_thread_count();
  Req.TimeLimit = TimeLimit;
  Req.MemoryLimit = 4096;
  for (const std::string &File : ModelFiles)
    Req.Opts.ModelFiles.push_back(absolute(File));
  std::vector<const kernel::CompileCommand *> ToRead;
  SmallVector<StringRef, 0> Names;
  for (const auto &[File, Command] : Commands)
    if (Named.lookup(File) &&
        !Facts->isRead(File, commandHash(*Command), Symbols)) {
      ToRead.push_back(Command);
      Names.push_back(kernel::compilerName(*Command));
    }
  if (ToRead.empty())
    return Error::success();
  // What takes the place of known facts must not be less.
  ReadFor = Symbols;
  for (const kernel::CompileCommand *Command : ToRead)
    for (std::string &Symbol : Facts->coveredBy(Command->File))
      if (!is_contained(ReadFor, Symbol))
        ReadFor.push_back(std::move(Symbol));
  Req.Opts.Uses = ReadFor;
  auto Choice = chooseClang("", Llvm, Names, "the compile commands");
  if (!Choice)
    return Choice.takeError();
  std::map<std::string, unsigned> Dropped;
  for (const kernel::CompileCommand *Command : ToRead)
    Req.Jobs.push_back(
        {Command->File, Command->Directory,
         kernel::adaptForClang(Command->Arguments, Choice->Major, Dropped),
         /*License=*/""});
  StringSet<> Waiting;
  for (const scan::Job &J : Req.Jobs)
    Waiting.insert(J.File);
  Error Stored = Error::success();
  Error E = scan::runWorker(
      workerPath(Choice->Major), Req,
      [&](const scan::FileResult &Result) {
        Waiting.erase(Result.File);
        take(Result);
        // Whoever stops the run keeps most of it.
        if (Pending.size() >= 32 && !Stored)
          Stored = keepPending();
      },
      [&] {
        Bar.show([&] {
          return "[" + utostr(Req.Jobs.size() - Waiting.size()) + "/" +
                 utostr(Req.Jobs.size()) + "] reading files";
        });
      });
  Bar.clear();
  for (const auto &File : Waiting)
    Failures.push_back({File.getKey().str(), "not read"});
  if (E)
    Failures.push_back({"", toString(std::move(E))});
  if (Stored)
    return Stored;
  return keepPending();
}

Error Users::refresh() {
  if (Symbols.empty())
    return Error::success();
  std::vector<std::string> Parts = {programPath()};
  for (const unsigned Major : builtFor())
    Parts.push_back(workerPath(Major));
  for (std::string &Part : Parts) {
    const Stamp S = stampOf(Part);
    Part = itostr(S.Size) + " " + itostr(S.Changed);
  }
  Program = hashOf(Parts);
  Chosen.Headers =
      hashOf({Program, Source.empty() ? "" : stampOfHeaders(Source)});
  if (Facts->isCurrent(DatabaseFile, Key, Chosen.Headers, Symbols))
    return Error::success();
  if (Error E = Facts->check())
    return E;
  if (!Database) {
    auto Loaded = kernel::CompileDatabase::load(DatabaseFile);
    if (!Loaded)
      return Loaded.takeError();
    Database = std::move(*Loaded);
  }
  if (Error E = search())
    return E;
  if (Error E = readUnits())
    return E;
  return write([&]() -> Error {
    if (Error E = Facts->storeSearch(DatabaseFile, Key, Chosen, Named))
      return E;
    for (const std::string &Symbol : Symbols)
      if (Error E = Facts->storeRules(Symbol, rulesOf(*TheModel, Symbol)))
        return E;
    return Error::success();
  });
}

//===----------------------------------------------------------------------===//
// Telling
//===----------------------------------------------------------------------===//

int Users::report() {
  std::vector<SymbolUses> All;
  size_t Total = 0;
  for (const std::string &Symbol : Symbols) {
    auto Uses = Facts->uses(DatabaseFile, Key, Symbol);
    if (!Uses)
      return fail(Uses.takeError());
    if (!ChangedBy.empty())
      llvm::erase_if(*Uses, [](const StoredUse &U) {
        return !isTouched(U.Fact, ChangedBy);
      });
    Total += Uses->size();
    All.push_back({Symbol, rulesOf(*TheModel, Symbol), std::move(*Uses)});
  }
  // Below the source, a file is shown as the kernel names it.
  if (Format == "json")
    writeUsersJSON(outs(), All, Source);
  else if (Format == "markdown")
    writeUsersMarkdown(outs(), All, Source);
  else
    writeUsersText(outs(), All, Source);
  outs().flush();
  for (const RunInfo::Failure &F : Failures)
    fail((F.File.empty() ? "" : printable(relativeTo(F.File, Source)) + ": ") +
         printable(F.What));
  errs() << Total << " uses of " << Symbols.size() << " symbols; " << Read
         << " files read anew\n";
  if (!Failures.empty())
    return NotDone;
  return Total ? Found : NothingFound;
}

static int runUsers() {
  Users U;
  if (Error E = U.prepare())
    return fail(std::move(E));
  if (Error E = U.refresh())
    return fail(std::move(E));
  return U.report();
}
