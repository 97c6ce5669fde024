//===- Scan.cpp - pagewarden scan -----------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Many files of a compile database: choose them, have the worker analyse
/// them, report what was found and what could not be done.
///
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "Clang.h"
#include "Command.h"
#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "pagewarden/Kernel/ShellWords.h"
#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Model/Model.h"
#include "pagewarden/Scan/Progress.h"
#include "pagewarden/Scan/ResultCache.h"
#include "pagewarden/Scan/WorkList.h"
#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"
#include <cmath>
#include <map>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int runScan();
static Command ScanCommand("scan", "analyse files of a compile database",
                           runScan);

static cl::OptionCategory ScanOptions("Options of scan");
static cl::opt<std::string>
    DatabasePath("p", cl::desc("compile database, or the folder that has it"),
                 cl::value_desc("DIR|compile_commands.json"), cl::init("."),
                 cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::list<std::string> Files(cl::Positional, cl::desc("[FILE...]"),
                                   cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<std::string> SarifPath("sarif",
                                      cl::desc("write SARIF 2.1.0 there"),
                                      cl::value_desc("OUT"),
                                      cl::sub(ScanCommand),
                                      cl::cat(ScanOptions));
static cl::opt<std::string>
    HtmlPath("html",
             cl::desc("write an index and a page for each finding there"),
             cl::value_desc("DIR"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<unsigned>
    Jobs("jobs",
         cl::desc("files at a time (default: one per core; under make, as "
                  "many as its jobserver lets run)"),
         cl::value_desc("N"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::alias JobsShort("j", cl::desc("Alias for --jobs"),
                           cl::aliasopt(Jobs), cl::cat(ScanOptions));
static cl::opt<unsigned>
    TimeLimit("time-limit",
              cl::desc("seconds for one file (default: 120; 0: no limit)"),
              cl::value_desc("S"), cl::init(120), cl::sub(ScanCommand),
              cl::cat(ScanOptions));
static cl::opt<unsigned>
    MemoryLimit("memory-limit",
                cl::desc("MiB of address space for one file (default: 4096; "
                         "0: no limit)"),
                cl::value_desc("MIB"), cl::init(4096), cl::sub(ScanCommand),
                cl::cat(ScanOptions));
static cl::list<std::string>
    ModelFiles("model", cl::desc("add a model to the one built in"),
               cl::value_desc("FILE"), cl::sub(ScanCommand),
               cl::cat(ScanOptions));
static cl::list<std::string> Enable("enable",
                                    cl::desc("switch a check or package on"),
                                    cl::value_desc("CHECK"),
                                    cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::list<std::string> Disable("disable",
                                     cl::desc("switch a check or package off"),
                                     cl::value_desc("CHECK"),
                                     cl::sub(ScanCommand),
                                     cl::cat(ScanOptions));
static cl::opt<std::string> SymversPath(
    "symvers", cl::desc("Module.symvers to judge by (default: the tree's)"),
    cl::value_desc("FILE"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<std::string>
    License("license", cl::desc("licence of modules that do not say theirs"),
            cl::value_desc("L"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<std::string> ClangPath("clang",
                                      cl::desc("read files as this clang does"),
                                      cl::value_desc("CLANG"),
                                      cl::sub(ScanCommand),
                                      cl::cat(ScanOptions));
static cl::opt<unsigned> Llvm("llvm",
                              cl::desc("read files as this version of clang "
                                       "does (default: as the compile "
                                       "commands say)"),
                              cl::value_desc("N"), cl::sub(ScanCommand),
                              cl::cat(ScanOptions));
static cl::opt<bool>
    Gate("gate",
         cl::desc("without FILE: only files that can have a fault, judged by "
                  "their text (default)"),
         cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool> NoGate("no-gate",
                            cl::desc("without FILE: every file there is"),
                            cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<std::string>
    WhyFile("why", cl::desc("say what lets FILE pass the gate, and stop"),
            cl::value_desc("FILE"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool> ListWords("list-words",
                               cl::desc("print the identifiers that let a file "
                                        "pass the gate, and stop"),
                               cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool> Quiet("quiet", cl::desc("no progress and no statistics"),
                           cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool> ListFiles("list-files",
                               cl::desc("print the files that would be "
                                        "analysed, and stop"),
                               cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool>
    Exhaustive("exhaustive",
               cl::desc("explore every function, without shortcuts"),
               cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<std::string> CacheFolder(
    "cache-dir",
    cl::desc("keep results there (default: $XDG_CACHE_HOME/pagewarden)"),
    cl::value_desc("DIR"), cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool>
    NoCache("no-cache",
            cl::desc("analyse every file anew, and keep no results"),
            cl::sub(ScanCommand), cl::cat(ScanOptions));
static cl::opt<bool> Verbose("verbose", cl::desc("print what is explored"),
                             cl::sub(ScanCommand), cl::cat(ScanOptions));

static std::string absolute(StringRef Path) {
  SmallString<256> Out(Path);
  (void)sys::fs::make_absolute(Out);
  sys::path::remove_dots(Out, /*remove_dot_dot=*/true);
  return std::string(Out);
}

static std::string plural(size_t N, StringRef Noun) {
  return utostr(N) + " " + Noun.str() + (N == 1 ? "" : "s");
}

namespace {

/// One run of the subcommand.
class Scan {
public:
  Scan()
      : Bar(errs(), Quiet ? scan::Progress::Silent
                    : sys::Process::StandardErrIsDisplayed()
                        ? scan::Progress::OneLine
                        : scan::Progress::Lines) {}

  Error prepare();
  int listFiles() const;
  int listWords() const;
  int why() const;
  void analyse();
  int report();

private:
  Error readOptions();
  Error chooseFiles();
  Error makeJobs();
  Error checkSymvers() const;
  std::string cacheFolder() const;
  std::string storeOfOutlines() const;
  void openCache();
  void takeKept();
  void finishCache();
  std::string progressText(size_t Jobs, double Seconds, size_t Before) const;
  void take(scan::FileResult Result);
  void count(scan::FileResult Result, size_t Job);
  void showDropped(const std::map<std::string, unsigned> &Dropped) const;
  void writeSummary() const;
  void writeFailures() const;
  RunInfo runInfo() const;
  std::string shown(StringRef File) const {
    return printable(relativeTo(File, Root));
  }
  std::vector<std::string> commandFor(StringRef File) const;

  scan::Progress Bar;
  scan::Request Req;
  std::optional<scan::ResultCache> Cache;
  CheckSwitches Switches;
  std::unique_ptr<model::Model> TheModel;
  std::optional<kernel::CompileDatabase> Database;
  scan::WorkList List;
  std::string Root, ClangText, Worker;

  std::vector<Finding> Findings;
  std::vector<RunInfo::Failure> Failures;
  std::vector<RunInfo::Partial> Partials;
  std::map<std::string, size_t> Waiting; ///< file to index of its job
  size_t Oldest = 0; ///< index of the first job that is not done
  std::vector<bool> Done;
  size_t Ended = 0, Good = 0, Kept = 0;
  double CpuSeconds = 0;
  std::chrono::steady_clock::time_point Start;
};

} // namespace

Error Scan::readOptions() {
  auto Failure = [](const Twine &Message) {
    return createStringError(inconvertibleErrorCode(), Message);
  };
  if (Jobs.getNumOccurrences() && Jobs == 0)
    return Failure("--jobs 0: at least one file at a time is needed");
  if (Llvm.getNumOccurrences() && Llvm == 0)
    return Failure("--llvm 0: there is no such version; pagewarden was built "
                   "for " +
                   builtForList());
  if (NoCache && CacheFolder.getNumOccurrences())
    return Failure("--no-cache and --cache-dir contradict each other");
  if (Gate && NoGate)
    return Failure("--gate and --no-gate contradict each other");
  if (WhyFile.getNumOccurrences() && (NoGate || !Files.empty()))
    return Failure("--why asks the gate, which --no-gate and FILE go around");
  if (SarifPath.getNumOccurrences() && SarifPath.empty())
    return Failure("--sarif needs the name of a file");
  if (HtmlPath.getNumOccurrences() && HtmlPath.empty())
    return Failure("--html needs the name of a folder");

  Req.Parallel =
      Jobs ? unsigned(Jobs) : hardware_concurrency().compute_thread_count();
  Req.FollowMake = !Jobs.getNumOccurrences();
  Req.TimeLimit = TimeLimit;
  Req.MemoryLimit = MemoryLimit;
  for (const std::string &File : ModelFiles)
    Req.Opts.ModelFiles.push_back(absolute(File));
  if (!SymversPath.empty())
    Req.Opts.Symvers = absolute(SymversPath);
  Req.Opts.License = License;
  Req.Opts.Exhaustive = Exhaustive;
  Req.Opts.Verbose = Verbose;

  // In the order of the command line: the later one counts.
  std::map<unsigned, std::pair<std::string, bool>> Ordered;
  for (unsigned I = 0; I < Enable.size(); ++I)
    Ordered[Enable.getPosition(I)] = {Enable[I], true};
  for (unsigned I = 0; I < Disable.size(); ++I)
    Ordered[Disable.getPosition(I)] = {Disable[I], false};
  for (const auto &[Position, Switch] : Ordered)
    if (Error E = Switches.set(Switch.first, Switch.second))
      return E;
  if (!Switches.anyOn())
    return Failure("no check is on");
  Req.Opts.Checks = Switches.asOptions();
  return Error::success();
}

Error Scan::chooseFiles() {
  Expected<kernel::CompileDatabase> Loaded =
      kernel::CompileDatabase::load(DatabasePath);
  if (!Loaded)
    return Loaded.takeError();
  Database = std::move(*Loaded);

  if (!Files.empty()) {
    List = scan::namedFiles(*Database, Files);
    return Error::success();
  }
  // With all of linux.mm off, its words say nothing; then only a licence can
  // rule a file out.
  scan::GateRules Rules;
  if (Switches.anyOn("linux.mm"))
    Rules.Words = scan::acquiringWords(*TheModel, Switches.families());
  Rules.ByLicense = Switches.anyOn("linux.export");
  Rules.License = License;
  const bool Gated = Gate || (!NoGate && !Rules.Words.empty());
  Rules.IsKnown = [&](StringRef Name) {
    return !TheModel->lookup(Name).empty();
  };
  Rules.Threads = Req.Parallel;
  if (!NoCache)
    Rules.Store = storeOfOutlines();
  Rules.OnProgress = [&](size_t Read, size_t Known) {
    Bar.show([&] {
      return "[" + utostr(Read) + "/" + utostr(Known) + "] choosing files";
    });
  };
  List = scan::chooseFiles(*Database, Gated ? &Rules : nullptr);
  Bar.clear();
  if (!List.Commands.empty() || !List.Failures.empty() ||
      WhyFile.getNumOccurrences())
    return Error::success();
  const std::string Where = " of '" + DatabasePath + "'";
  if (Gated && List.Considered)
    return createStringError(
        inconvertibleErrorCode(),
        "no file" + Where + " passes the gate (" +
            plural(List.Considered, "file") +
            " read); --no-gate analyses all, or name files");
  return createStringError(inconvertibleErrorCode(),
                           "there is no C file in the database" + Where);
}

Error Scan::makeJobs() {
  SmallVector<StringRef, 0> Names;
  for (const kernel::CompileCommand *Command : List.Commands)
    Names.push_back(kernel::compilerName(*Command));
  Expected<ClangChoice> Choice =
      chooseClang(ClangPath, Llvm, Names, "the compile commands");
  if (!Choice && !Llvm && ClangPath.empty())
    return createStringError(inconvertibleErrorCode(),
                             toString(Choice.takeError()) +
                                 "; another version can be named with --llvm");
  if (!Choice)
    return Choice.takeError();
  Expected<ClangVersion> Version = versionBuiltFor(Choice->Major);
  if (!Version)
    return Version.takeError();
  ClangText = Version->str();
  Worker = workerPath(Choice->Major);
  if (!Quiet)
    errs() << "using clang " << ClangText << " (from " << Choice->Why << ")\n";

  std::optional<scan::ModuleLicenses> Licenses;
  if (Switches.anyOn("linux.export"))
    Licenses.emplace(*Database);
  std::map<std::string, unsigned> Dropped;
  for (const kernel::CompileCommand *Command : List.Commands) {
    Waiting[Command->File] = Req.Jobs.size();
    Req.Jobs.push_back(
        {Command->File, Command->Directory,
         kernel::adaptForClang(Command->Arguments, Choice->Major, Dropped),
         Licenses ? Licenses->incompatible(*Command) : ""});
  }
  Done.assign(Req.Jobs.size(), false);
  if (!Quiet)
    showDropped(Dropped);
  return checkSymvers();
}

/// Exports of another architecture would be taken for verdicts.
Error Scan::checkSymvers() const {
  if (Req.Opts.Symvers.empty())
    return Error::success();
  Expected<kernel::Symvers> Exports = kernel::Symvers::load(Req.Opts.Symvers);
  if (!Exports)
    return Exports.takeError();
  for (const scan::Job &Job : Req.Jobs)
    if (std::optional<std::string> Mismatch = kernel::architectureMismatch(
            *Exports, kernel::targetArchitecture(Job.Arguments)))
      return createStringError(inconvertibleErrorCode(),
                               Exports->path() + ": " + *Mismatch + " (" +
                                   shown(Job.File) + ")");
  return Error::success();
}

void Scan::showDropped(const std::map<std::string, unsigned> &Dropped) const {
  if (Dropped.empty())
    return;
  errs() << "flags of the compile commands that are left out:\n";
  for (const auto &[Flag, Count] : Dropped)
    errs() << "  " << printable(Flag) << ", " << plural(Count, "time") << ": "
           << kernel::whyDropped(Flag) << '\n';
}

Error Scan::prepare() {
  if (Error E = readOptions())
    return E;
  Expected<std::unique_ptr<model::Model>> Loaded =
      model::Model::load(Req.Opts.ModelFiles);
  if (!Loaded)
    return Loaded.takeError();
  TheModel = std::move(*Loaded);
  if (ListWords)
    return Error::success();
  if (Error E = chooseFiles())
    return E;

  for (const scan::WorkList::Failure &F : List.Failures)
    Failures.push_back({F.File, F.What});
  SmallString<256> Current;
  (void)sys::fs::current_path(Current);
  if (!List.Commands.empty())
    Root = scan::kernelSourceOf(List.Commands.front()->File);
  if (Root.empty())
    Root = std::string(Current);
  if (ListFiles || WhyFile.getNumOccurrences() || List.Commands.empty())
    return Error::success();
  return makeJobs();
}

int Scan::listWords() const {
  std::vector<StringRef> Words;
  const gate::TextGate All =
      scan::acquiringWords(*TheModel, Switches.families());
  for (const auto &Word : All.words())
    Words.push_back(Word.getKey());
  llvm::sort(Words);
  for (StringRef Word : Words)
    outs() << Word << '\n';
  return NothingFound;
}

int Scan::why() const {
  const kernel::CompileCommand *Command = Database->find(WhyFile);
  if (!Command)
    return fail("'" + printable(WhyFile) + "' is not in the compile database");
  auto It = List.Why.find(Command->File);
  if (It == List.Why.end()) {
    outs() << shown(Command->File) << ": does not pass\n";
    return NothingFound;
  }
  outs() << shown(Command->File) << ": passes by " << printable(It->getValue())
         << '\n';
  return NothingFound;
}

int Scan::listFiles() const {
  for (const kernel::CompileCommand *Command : List.Commands)
    outs() << printable(Command->File) << '\n';
  for (const RunInfo::Failure &F : Failures)
    fail(printable(F.File) + " " + F.What);
  return Failures.empty() ? NothingFound : NotDone;
}

/// \p Before were known when the clock started.
std::string Scan::progressText(size_t Of, double Seconds, size_t Before) const {
  std::string Text;
  raw_string_ostream OS(Text);
  OS << '[' << format("%*u", int(utostr(Of).size()), unsigned(Ended)) << '/'
     << Of << "] " << plural(Findings.size(), "finding");
  if (Ended > Before)
    OS << ", about "
       << scan::durationText(std::chrono::seconds(std::llround(
              Seconds * double(Of - Ended) / double(Ended - Before))))
       << " left";
  if (Oldest < Req.Jobs.size())
    OS << ", now " << shown(Req.Jobs[Oldest].File);
  OS.flush();
  return Text;
}

void Scan::take(scan::FileResult Result) {
  auto Job = Waiting.find(Result.File);
  if (Job == Waiting.end() || Done[Job->second]) {
    Failures.push_back({Result.File, "is not what the worker was asked for"});
    return;
  }
  if (Cache)
    if (Error E = Cache->store(Req.Jobs[Job->second], Result)) {
      // Once is enough: the disk is full, or the folder not ours.
      errs() << "results are not kept: " << toString(std::move(E)) << '\n';
      Cache.reset();
    }
  CpuSeconds += Result.Seconds;
  count(std::move(Result), Job->second);
}

void Scan::count(scan::FileResult Result, size_t Job) {
  ++Ended;
  Done[Job] = true;
  while (Oldest < Done.size() && Done[Oldest])
    ++Oldest;
  for (Finding &F : Result.Findings) {
    makeAbsolute(F, Req.Jobs[Job].Directory);
    Findings.push_back(std::move(F));
  }
  if (Result.Exhausted)
    Partials.push_back({Result.File, Result.Exhausted, Result.Functions});
  if (Result.Status == scan::FileResult::Ok) {
    ++Good;
    return;
  }
  if (Result.Status == scan::FileResult::ParseError)
    Result.Detail = "does not compile: " + Result.Detail;
  Failures.push_back({Result.File, Result.Detail});
}

std::string Scan::cacheFolder() const {
  return CacheFolder.empty() ? scan::defaultCacheFolder()
                             : absolute(CacheFolder);
}

/// One for each database: trees of several kernels share nothing.
std::string Scan::storeOfOutlines() const {
  SmallString<256> Path(cacheFolder());
  if (Path.empty())
    return "";
  sys::path::append(Path,
                    "outlines-" + scan::digestOfText(absolute(DatabasePath)));
  return std::string(Path);
}

void Scan::openCache() {
  std::string Folder = cacheFolder();
  if (NoCache || Exhaustive || Verbose || Folder.empty())
    return;
  std::string Identity = PAGEWARDEN_VERSION " " + ClangText + '\n';
  raw_string_ostream OS(Identity);
  OS << scan::toJSON(Req.Opts) << '\n';
  scan::ContentDigests Contents("");
  OS << Contents.of(Worker);
  for (const std::string &File : Req.Opts.ModelFiles)
    OS << '\n' << Contents.of(File);
  if (!Req.Opts.Symvers.empty())
    OS << '\n' << Contents.of(Req.Opts.Symvers);
  OS.flush();
  Cache.emplace(Folder, Identity);
}

/// What is known from an earlier scan.
void Scan::takeKept() {
  for (size_t I = 0; I < Req.Jobs.size(); ++I)
    if (std::optional<scan::FileResult> Result = Cache->find(Req.Jobs[I])) {
      ++Kept;
      count(std::move(*Result), I);
    }
}

void Scan::finishCache() {
  if (!Cache)
    return;
  if (Error E = Cache->finish())
    errs() << "results are not kept: " << toString(std::move(E)) << '\n';
}

void Scan::analyse() {
  if (Req.Jobs.empty())
    return;
  openCache();
  if (Cache)
    takeKept();
  scan::Request Rest = Req;
  Rest.Jobs.clear();
  for (size_t I = 0; I < Req.Jobs.size(); ++I)
    if (!Done[I])
      Rest.Jobs.push_back(Req.Jobs[I]);
  if (Rest.Jobs.empty()) {
    finishCache();
    return;
  }
  const size_t Before = Ended;
  Start = std::chrono::steady_clock::now();
  auto Tick = [&] {
    Bar.show([&] {
      std::chrono::duration<double> Elapsed =
          std::chrono::steady_clock::now() - Start;
      return progressText(Req.Jobs.size(), Elapsed.count(), Before);
    });
  };
  Error E = scan::runWorker(
      Worker, Rest, [&](scan::FileResult Result) { take(std::move(Result)); },
      Tick);
  Bar.clear();
  finishCache();
  std::string What = E ? toString(std::move(E)) : "";
  if (!What.empty())
    Failures.push_back({"", What});
  for (size_t I = 0; I < Done.size(); ++I)
    if (!Done[I])
      Failures.push_back(
          {Req.Jobs[I].File,
           "not analysed: " + (What.empty() ? "the worker forgot it" : What)});
}

std::vector<std::string> Scan::commandFor(StringRef File) const {
  std::vector<std::string> Words = {"pagewarden", "scan", "-p", DatabasePath};
  auto Add = [&](StringRef Option, StringRef Value) {
    if (Value.empty())
      return;
    Words.push_back(Option.str());
    Words.push_back(Value.str());
  };
  for (const std::string &Model : ModelFiles)
    Add("--model", Model);
  Add("--symvers", SymversPath);
  Add("--license", License);
  Add("--clang", ClangPath);
  if (Llvm)
    Add("--llvm", utostr(Llvm));
  if (!File.empty())
    Words.push_back(File.str());
  return Words;
}

RunInfo Scan::runInfo() const {
  RunInfo Run;
  Run.Root = Root;
  Run.ToolVersion = PAGEWARDEN_VERSION;
  Run.ClangVersion = ClangText;
  Run.CommandLine = kernel::quoteWords(commandFor(""));
  for (const std::string &File : Files)
    Run.CommandLine += " " + kernel::quoteWords({File});
  Run.FilesAsked = unsigned(List.Commands.size() + List.Failures.size());
  Run.FilesDone = unsigned(Good);
  Run.Failures = Failures;
  Run.Partials = Partials;
  return Run;
}

void Scan::writeFailures() const {
  if (Failures.empty())
    return;
  errs() << "not done:\n";
  // The same reason for every file that is left needs to be said once.
  size_t NotStarted = 0;
  for (const RunInfo::Failure &F : Failures) {
    if (F.File.empty()) {
      errs() << "  " << printable(F.What) << '\n';
      continue;
    }
    if (StringRef(F.What).starts_with("not analysed: ") && ++NotStarted > 10)
      continue;
    errs() << "  " << shown(F.File) << ": " << printable(F.What) << '\n';
    if (Waiting.count(F.File))
      errs() << "    again: "
             << printable(kernel::quoteWords(commandFor(F.File))) << '\n';
  }
  if (NotStarted > 10)
    errs() << "  and " << plural(NotStarted - 10, "more file")
           << " not analysed\n";
}

void Scan::writeSummary() const {
  if (!Quiet) {
    std::map<std::string, size_t> PerCheck;
    for (const Finding &F : Findings)
      ++PerCheck[F.Check];
    errs() << plural(Findings.size(), "finding") << '\n';
    for (const auto &[Check, Count] : PerCheck)
      errs() << format("%6u  ", unsigned(Count)) << printable(Check) << '\n';
  }
  writeFailures();
  if (!Quiet) {
    if (!Partials.empty())
      errs() << "explored in part, the budget of paths being spent:\n";
    for (const RunInfo::Partial &P : Partials)
      errs() << "  " << shown(P.File) << ": " << P.Exhausted << " of "
             << plural(P.Functions, "function") << '\n';
    if (Kept)
      errs() << plural(Kept, "file") << " unchanged since an earlier scan\n";
    errs() << format("%.1f", CpuSeconds) << " CPU seconds\n";
  }
}

int Scan::report() {
  normalise(Findings);
  llvm::sort(Partials,
             [](const RunInfo::Partial &A, const RunInfo::Partial &B) {
               return A.File < B.File;
             });
  llvm::stable_sort(Failures,
                    [](const RunInfo::Failure &A, const RunInfo::Failure &B) {
                      return A.File < B.File;
                    });
  const bool Colors = sys::Process::StandardOutIsDisplayed() &&
                      !sys::Process::GetEnv("NO_COLOR");
  writeText(outs(), Findings, Root, Colors);
  outs().flush();
  if (outs().has_error()) {
    Failures.push_back(
        {"", "cannot write to standard output: " + outs().error().message()});
    outs().clear_error();
  }
  if (!SarifPath.empty()) {
    const RunInfo Run = runInfo();
    if (Error E = writeSARIFFile(SarifPath, Findings, Run))
      Failures.push_back({"", toString(std::move(E))});
    else if (!Quiet)
      errs() << "SARIF: " << printable(SarifPath) << '\n';
  }
  if (!HtmlPath.empty()) {
    if (Error E = writeHTML(HtmlPath, Findings, runInfo()))
      Failures.push_back({"", toString(std::move(E))});
    else if (!Quiet)
      errs() << "HTML: " << printable(HtmlPath) << "/index.html\n";
  }
  writeSummary();
  errs() << Good << " of " << List.Commands.size() + List.Failures.size()
         << " files analysed\n";
  if (!Failures.empty())
    return NotDone;
  return Findings.empty() ? NothingFound : Found;
}

static int runScan() {
  Scan TheScan;
  if (Error E = TheScan.prepare())
    return fail(std::move(E));
  if (ListWords)
    return TheScan.listWords();
  if (WhyFile.getNumOccurrences())
    return TheScan.why();
  if (ListFiles)
    return TheScan.listFiles();
  TheScan.analyse();
  return TheScan.report();
}
