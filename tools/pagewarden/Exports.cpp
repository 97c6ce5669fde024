//===- Exports.cpp - pagewarden exports -----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a module may use: its folder is asked, through a dry run of kbuild, how
/// each file is compiled for each kernel; the worker says what the objects
/// would need; the kernels' Module.symvers say what may be had.
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "ExportsTable.h"
#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Kernel/Kbuild.h"
#include "pagewarden/Kernel/ShellWords.h"
#include "pagewarden/Scan/Progress.h"
#include "pagewarden/Scan/SharedPrefix.h"
#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"
#include <set>
#include <sys/utsname.h>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int runExports();
static Command
    ExportsCommand("exports",
                   "Tell which symbols a module may not use, and in which "
                   "kernels",
                   runExports);

static cl::opt<std::string>
    ModuleFolder("module",
                 cl::desc("the module: a folder with a Kbuild or "
                          "Makefile as kbuild wants it"),
                 cl::value_desc("DIR"), cl::sub(ExportsCommand));
static cl::list<std::string> Kernels(
    "kernel",
    cl::desc("a kernel to judge by: folder of a headers package, build "
             "folder, or Module.symvers (default: headers of the running "
             "kernel)"),
    cl::value_desc("K"), cl::sub(ExportsCommand));
static cl::list<std::string> MakeVariables(
    "make",
    cl::desc("with --module: a variable that its Makefile wants, as on make's "
             "command line"),
    cl::value_desc("NAME=VALUE"), cl::sub(ExportsCommand));
static cl::list<std::string> ExtraSymbols(
    "extra-symbols",
    cl::desc("Module.symvers of another external module that this one uses"),
    cl::value_desc("FILE"), cl::sub(ExportsCommand));
static cl::opt<std::string>
    DatabasePath("p",
                 cl::desc("instead of --module: a compile database; with FILE, "
                          "only these files of it"),
                 cl::value_desc("DIR|FILE"), cl::sub(ExportsCommand));
static cl::list<std::string> Files(cl::Positional, cl::desc("[FILE...]"),
                                   cl::sub(ExportsCommand));
static cl::opt<std::string>
    License("license",
            cl::desc("judge as if this were the licence of the module"),
            cl::value_desc("L"), cl::sub(ExportsCommand));
static cl::opt<std::string> SarifPath("sarif", cl::desc("write SARIF there"),
                                      cl::value_desc("OUT"),
                                      cl::sub(ExportsCommand));
static cl::opt<std::string> JsonPath("json", cl::desc("write JSON there"),
                                     cl::value_desc("OUT"),
                                     cl::sub(ExportsCommand));
static cl::opt<std::string>
    MarkdownPath("markdown", cl::desc("write the table as Markdown there"),
                 cl::value_desc("OUT"), cl::sub(ExportsCommand));
static cl::opt<std::string> HtmlPath("html",
                                     cl::desc("write the table as HTML there"),
                                     cl::value_desc("OUT"),
                                     cl::sub(ExportsCommand));
static cl::opt<bool>
    AllSymbols("all",
               cl::desc("list every symbol in the table, not only those "
                        "that differ or are refused"),
               cl::sub(ExportsCommand));
static cl::opt<unsigned>
    Jobs("jobs", cl::desc("files at a time (default: one per core)"),
         cl::value_desc("N"), cl::sub(ExportsCommand));
static cl::opt<unsigned>
    TimeLimit("time-limit",
              cl::desc("seconds for one file (default: 300; 0: no limit)"),
              cl::value_desc("S"), cl::init(300), cl::sub(ExportsCommand));
static cl::opt<unsigned> Llvm("llvm", cl::desc("compile as clang N does"),
                              cl::value_desc("N"), cl::sub(ExportsCommand));
static cl::opt<bool>
    EachKernel("each-kernel",
               cl::desc("compile for every kernel, also between two builds of "
                        "one release line that need the same"),
               cl::sub(ExportsCommand));
static cl::opt<bool>
    EachFile("each-file",
             cl::desc("read each file from its first line, also where several "
                      "begin alike"),
             cl::sub(ExportsCommand));
static cl::opt<bool> Quiet("quiet", cl::desc("no progress"),
                           cl::sub(ExportsCommand));

static std::string absolute(StringRef Path) {
  SmallString<256> Out(Path);
  (void)sys::fs::make_absolute(Out);
  sys::path::remove_dots(Out, /*remove_dot_dot=*/true);
  return std::string(Out);
}

static std::string joined(StringRef Folder, const Twine &Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return std::string(Path);
}

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

/// The name of a kernel for people: what it calls itself, else its path.
static std::string releaseOf(StringRef Folder) {
  for (StringRef File :
       {"include/generated/utsrelease.h", "include/config/kernel.release"}) {
    auto Buffer = MemoryBuffer::getFile(joined(Folder, File), /*IsText=*/true);
    if (!Buffer)
      continue;
    StringRef Text = (*Buffer)->getBuffer().trim();
    if (Text.starts_with("#define"))
      Text = Text.split('"').second.split('"').first;
    if (!Text.empty())
      return Text.str();
  }
  return Folder.str();
}

/// The .ko files that a command's object goes into, without suffix and with '_'
/// for '-'.  Some kernels say it without the folder only.
static SmallVector<StringRef, 1>
moduleNamesOf(const kernel::CompileCommand &C) {
  SmallVector<StringRef, 1> Names;
  for (StringRef Argument : C.Arguments)
    if (Argument.consume_front("-DKBUILD_MODNAME=")) {
      // Of an object that goes into several: "a:b".
      Argument.trim("\"'\\").split(Names, ':', -1, /*KeepEmpty=*/false);
      return Names;
    }
  Names.push_back(sys::path::stem(C.File));
  return Names;
}

namespace {

/// One object of a module, and how it is come by.
struct Part {
  std::string Object; ///< absolute; the key
  scan::Job Job;
};

struct Plan {
  struct Module {
    std::string Name;
    std::vector<std::string> Objects;
    bool Complete = true; ///< all of its objects have a part
  };
  std::vector<Part> Parts; ///< each object once
  std::vector<Module> Modules;
};

} // namespace

namespace {

/// One run of the subcommand.
class Exports {
public:
  Error prepare();
  void analyse();
  int report();

private:
  Error openKernels();
  Error addKernel(StringRef Path);
  Expected<kernel::CompileDatabase> databaseFor(const KernelColumn &K,
                                                kernel::KbuildSummary &Summary);
  void collect(KernelColumn &K);
  void collectOnce(size_t Column);
  void collectRow(ArrayRef<size_t> Row);
  Plan planOf(const kernel::CompileDatabase &Database,
              const kernel::KbuildSummary &Summary, StringRef Kernel);
  void planByName(const kernel::CompileDatabase &Database, Plan &P);
  scan::Job jobOf(const kernel::CompileCommand &C);
  std::vector<scan::Module> runPlan(const Plan &P, StringRef Kernel);
  std::map<std::string, scan::UnitFacts> runWorkerOn(ArrayRef<Part> Parts,
                                                     StringRef Kernel);
  void runJobs(std::vector<scan::Job> Work, scan::ResultFn OnResult);
  void fail(std::string File, std::string What) {
    Failures.push_back({std::move(File), std::move(What)});
  }
  RunInfo runInfo() const;
  void write(StringRef Path, function_ref<void(raw_ostream &)> Write);

  ExportsTable Table;
  std::string Root, ClangText;
  unsigned Major = 0;
  std::vector<RunInfo::Failure> Failures;
  unsigned Asked = 0, Done = 0;
  bool WorkerFailed = false;
  std::set<size_t> Collected; ///< columns that were compiled for
  unsigned Spared = 0;        ///< columns between two equal ones
};

} // namespace

Error Exports::addKernel(StringRef Path) {
  auto Loaded = kernel::Symvers::load(Path);
  if (!Loaded)
    return Loaded.takeError();
  KernelColumn K;
  K.Exports = std::move(*Loaded);
  for (const std::string &Extra : ExtraSymbols)
    if (Error E = K.Exports.add(Extra))
      return E;
  if (sys::fs::is_directory(Path)) {
    K.Folder = absolute(Path);
    K.Name = releaseOf(K.Folder);
  } else {
    K.Name = Path.str();
  }
  Table.Kernels.push_back(std::move(K));
  return Error::success();
}

Error Exports::openKernels() {
  if (Kernels.empty()) {
    utsname Name;
    if (::uname(&Name))
      return failure("no --kernel given, and the running one is unknown");
    const std::string Running =
        joined("/lib/modules", Twine(Name.release) + "/build");
    if (!sys::fs::is_directory(Running))
      return failure("no --kernel given, and there are no headers of the "
                     "running kernel in '" +
                     Running + "'");
    return addKernel(Running);
  }
  // Each is tried, so that all that is wrong with them is said at once.
  Error All = Error::success();
  for (const std::string &Kernel : Kernels)
    All = joinErrors(std::move(All), addKernel(Kernel));
  return All;
}

Error Exports::prepare() {
  if (ModuleFolder.empty() == DatabasePath.empty())
    return failure("exports: one of --module DIR and -p DATABASE is needed");
  if (!Files.empty() && DatabasePath.empty())
    return failure("exports: files are named together with -p only");
  if (Jobs.getNumOccurrences() && Jobs == 0)
    return failure("--jobs 0: at least one file at a time is needed");
  for (StringRef Variable : MakeVariables)
    if (!kernel::isMakeVariable(Variable))
      return failure("--make " + Variable + ": NAME=VALUE is expected");
  if (Error E = openKernels())
    return E;
  if (DatabasePath.empty() &&
      llvm::none_of(Table.Kernels,
                    [](const KernelColumn &K) { return !K.Folder.empty(); }))
    return failure("exports: one --kernel must be a folder with headers, to "
                   "know how the module is compiled");
  Root = ModuleFolder.empty() ? absolute(".") : absolute(ModuleFolder);
  Table.License = License;
  Table.AllSymbols = AllSymbols;
  return Error::success();
}

Expected<kernel::CompileDatabase>
Exports::databaseFor(const KernelColumn &K, kernel::KbuildSummary &Summary) {
  if (!DatabasePath.empty())
    return kernel::CompileDatabase::load(DatabasePath);
  kernel::KbuildOptions Options;
  Options.Tree = K.Folder;
  Options.Module = ModuleFolder;
  Options.Variables.assign(MakeVariables.begin(), MakeVariables.end());
  auto Database = kernel::fromKbuild(Options, Summary);
  for (const std::string &Warning : Summary.Warnings)
    errs() << "pagewarden: warning: " << K.Name << ": " << printable(Warning)
           << '\n';
  return Database;
}

scan::Job Exports::jobOf(const kernel::CompileCommand &C) {
  std::map<std::string, unsigned> Dropped;
  scan::Job Job;
  Job.File = C.File;
  Job.Directory = C.Directory;
  Job.Arguments = kernel::adaptForClang(C.Arguments, Major, Dropped);
  return Job;
}

/// A database does not say what is linked with what; KBUILD_MODNAME does.
void Exports::planByName(const kernel::CompileDatabase &Database, Plan &P) {
  std::vector<const kernel::CompileCommand *> Commands;
  for (const std::string &File : Files) {
    if (const kernel::CompileCommand *C = Database.find(File))
      Commands.push_back(C);
    else
      fail(File, "is not in the compile database");
  }
  if (Files.empty())
    for (const kernel::CompileCommand &C : Database.commands())
      // kbuild writes this one itself, after the verdict.
      if (StringRef(C.File).ends_with(".c") &&
          !StringRef(C.File).ends_with(".mod.c"))
        Commands.push_back(&C);
  for (const kernel::CompileCommand *C : Commands) {
    const std::string Object =
        C->Output.empty() ? C->File : kernel::objectPath(*C);
    if (llvm::any_of(P.Parts,
                     [&](const Part &Other) { return Other.Object == Object; }))
      continue;
    P.Parts.push_back({Object, jobOf(*C)});
    for (StringRef Name : moduleNamesOf(*C)) {
      auto It = llvm::find_if(
          P.Modules, [&](const Plan::Module &M) { return M.Name == Name; });
      if (It == P.Modules.end())
        It = P.Modules.insert(P.Modules.end(), {Name.str(), {}});
      It->Objects.push_back(Object);
    }
  }
}

/// The object that a module comes with in place of the source of \p Object;
/// empty when there is none.
static std::string binaryOf(StringRef Object) {
  for (StringRef Suffix : {"_shipped", "_binary", ""})
    if (std::string Path = (Object + Suffix).str();
        sys::fs::is_regular_file(Path))
      return Path;
  return "";
}

Plan Exports::planOf(const kernel::CompileDatabase &Database,
                     const kernel::KbuildSummary &Summary, StringRef Kernel) {
  Plan P;
  if (Summary.Modules.empty()) {
    planByName(Database, P);
    return P;
  }
  std::map<std::string, const kernel::CompileCommand *> Commands;
  for (const kernel::CompileCommand &C : Database.commands())
    Commands.try_emplace(kernel::objectPath(C), &C);
  for (const kernel::CompileCommand &C : Summary.Assembly)
    Commands.try_emplace(kernel::objectPath(C), &C);
  std::set<std::string> Planned;
  for (const kernel::ModuleParts &M : Summary.Modules) {
    P.Modules.push_back({M.Name, {}});
    for (const std::string &Object : M.Objects) {
      P.Modules.back().Objects.push_back(Object);
      if (!Planned.insert(Object).second)
        continue;
      if (auto It = Commands.find(Object); It != Commands.end()) {
        P.Parts.push_back({Object, jobOf(*It->second)});
      } else if (std::string Binary = binaryOf(Object); !Binary.empty()) {
        scan::Job Job;
        Job.File = Binary;
        Job.Binary = true;
        P.Parts.push_back({Object, std::move(Job)});
      } else {
        fail(Object, ("has no source in " + M.Name + " for " + Kernel).str());
      }
    }
  }
  return P;
}

namespace {

/// A folder that goes with all that is in it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    SmallString<128> Model;
    sys::path::system_temp_directory(/*ErasedOnReboot=*/true, Model);
    sys::path::append(Model, "pagewarden-%%%%%%%%");
    for (unsigned Try = 0; Try < 16 && Path.empty(); ++Try) {
      SmallString<128> Name;
      sys::fs::createUniquePath(Model, Name, /*MakeAbsolute=*/false);
      if (!sys::fs::create_directory(Name, /*IgnoreExisting=*/false,
                                     sys::fs::owner_all))
        Path = std::string(Name);
    }
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    if (!Path.empty())
      (void)sys::fs::remove_directories(Path);
  }
  /// Empty when there is none.
  StringRef path() const { return Path; }

private:
  std::string Path;
};

} // namespace

/// Until something goes wrong with the worker as such.
void Exports::runJobs(std::vector<scan::Job> Work, scan::ResultFn OnResult) {
  if (WorkerFailed || Work.empty())
    return;
  scan::Request Req;
  Req.Opts.FactsOnly = true;
  Req.Parallel =
      Jobs ? unsigned(Jobs) : hardware_concurrency().compute_thread_count();
  Req.TimeLimit = TimeLimit;
  Req.Jobs = std::move(Work);
  if (Error E = scan::runWorker(workerPath(Major), Req, OnResult, [] {})) {
    WorkerFailed = true;
    fail("", toString(std::move(E)));
  }
}

std::map<std::string, scan::UnitFacts>
Exports::runWorkerOn(ArrayRef<Part> Parts, StringRef Kernel) {
  std::vector<scan::Job> Work;
  std::map<std::string, std::string> ObjectOf;
  std::vector<Part> Again; // one source in several objects
  for (const Part &P : Parts) {
    if (ObjectOf.try_emplace(P.Job.File, P.Object).second)
      Work.push_back(P.Job);
    else
      Again.push_back(P);
  }
  std::map<std::string, scan::UnitFacts> Facts;
  Asked += Work.size();
  auto OnResult = [&](scan::FileResult Result) {
    auto It = ObjectOf.find(Result.File);
    if (It == ObjectOf.end())
      return;
    if (Result.Status == scan::FileResult::Ok && Result.Facts) {
      ++Done;
      Facts[It->second] = std::move(*Result.Facts);
      return;
    }
    fail(Result.File, (Result.Status == scan::FileResult::ParseError
                           ? "does not compile for " + Kernel + ": "
                           : "for " + Kernel + ": ")
                              .str() +
                          Result.Detail);
  };
  auto Run = [&](std::vector<scan::Job> Some, scan::ResultFn Each) {
    runJobs(std::move(Some), Each);
  };
  TemporaryFolder Folder;
  if (EachFile || Folder.path().empty())
    Run(std::move(Work), OnResult);
  else
    scan::runSharing(Work, Folder.path(), Run, OnResult);
  if (!Again.empty())
    Facts.merge(runWorkerOn(Again, Kernel));
  return Facts;
}

std::vector<scan::Module> Exports::runPlan(const Plan &P, StringRef Kernel) {
  const std::map<std::string, scan::UnitFacts> Facts =
      runWorkerOn(P.Parts, Kernel);
  std::map<std::string, std::string> FileOf;
  for (const Part &Each : P.Parts)
    FileOf[Each.Object] = Each.Job.File;
  std::vector<scan::Module> Modules;
  for (const Plan::Module &M : P.Modules) {
    scan::Module Module{M.Name, {}};
    // In the order of the objects: the first use of a symbol is reported.
    for (const std::string &Object : M.Objects) {
      if (auto It = Facts.find(Object); It != Facts.end())
        Module.Units.push_back({FileOf[Object], It->second});
      else
        Module.Complete = false;
    }
    Modules.push_back(std::move(Module));
  }
  return Modules;
}

void Exports::collect(KernelColumn &K) {
  kernel::KbuildSummary Summary;
  auto Database = databaseFor(K, Summary);
  if (!Database) {
    fail(K.Name, toString(Database.takeError()));
    return;
  }
  SmallVector<StringRef, 0> Names;
  for (const kernel::CompileCommand &C : Database->commands())
    Names.push_back(kernel::compilerName(C));
  Expected<ClangChoice> Choice =
      chooseClang("", Llvm, Names, "the compile commands");
  Expected<ClangVersion> Version =
      Choice ? versionBuiltFor(Choice->Major)
             : Expected<ClangVersion>(Choice.takeError());
  if (!Version) {
    fail(K.Name, toString(Version.takeError()));
    return;
  }
  Major = Choice->Major;
  ClangText = Version->str();
  const Plan P = planOf(*Database, Summary, K.Name);
  if (P.Parts.empty()) {
    fail(K.Name, "no C file to compile");
    return;
  }
  if (std::optional<std::string> Mismatch = kernel::architectureMismatch(
          K.Exports,
          kernel::targetArchitecture(Database->commands().front().Arguments))) {
    fail(K.Name, *Mismatch);
    return;
  }
  K.Modules = runPlan(P, K.Name);
}

/// Kernels with equal keys are builds of one release line and one flavour.
static std::string lineOf(StringRef Release) {
  std::string Flavour;
  for (char C : Release)
    if (!isDigit(C))
      Flavour += C;
  auto [Major, Rest] = Release.split('.');
  return (Major + "." + Rest.take_while(isDigit) + Flavour).str();
}

/// Whether the module needs the same of both kernels, from the same lines.
static bool sameNeeds(const KernelColumn &A, const KernelColumn &B) {
  auto Same = [](const scan::ModuleUnit &L, const scan::ModuleUnit &R) {
    return L.File == R.File &&
           llvm::equal(L.Facts.Needs, R.Facts.Needs,
                       [](const scan::Need &N, const scan::Need &M) {
                         return N.Symbol == M.Symbol && N.Type == M.Type &&
                                N.Weak == M.Weak;
                       });
  };
  return llvm::equal(
      A.Modules, B.Modules, [&](const scan::Module &L, const scan::Module &R) {
        return L.Name == R.Name && llvm::equal(L.Units, R.Units, Same);
      });
}

void Exports::collectOnce(size_t Column) {
  if (!Collected.insert(Column).second)
    return;
  if (!Quiet)
    errs() << "compiling for " << printable(Table.Kernels[Column].Name) << '\n';
  collect(Table.Kernels[Column]);
}

/// What is needed at both ends of a row of builds is needed between them, too.
void Exports::collectRow(ArrayRef<size_t> Row) {
  collectOnce(Row.front());
  collectOnce(Row.back());
  if (Row.size() < 3)
    return;
  const KernelColumn &First = Table.Kernels[Row.front()];
  if (!EachKernel && sameNeeds(First, Table.Kernels[Row.back()])) {
    for (size_t Column : Row.drop_front().drop_back()) {
      Table.Kernels[Column].Modules = First.Modules;
      ++Spared;
    }
    return;
  }
  const size_t Middle = Row.size() / 2;
  collectRow(Row.take_front(Middle + 1));
  collectRow(Row.drop_front(Middle));
}

void Exports::analyse() {
  std::vector<KernelColumn> &Columns = Table.Kernels;
  if (!DatabasePath.empty()) {
    collectOnce(0);
    for (KernelColumn &K : drop_begin(Columns))
      K.Modules = Columns.front().Modules;
    Table.judge();
    return;
  }
  std::map<std::string, std::vector<size_t>> Rows;
  for (size_t I = 0; I < Columns.size(); ++I)
    if (!Columns[I].Folder.empty())
      Rows[lineOf(Columns[I].Name)].push_back(I);
  for (const auto &Entry : Rows)
    collectRow(Entry.second);
  // A bare Module.symvers judges the code for the first headers there are.
  for (KernelColumn &K : Columns)
    if (K.Folder.empty())
      K.Modules = llvm::find_if(Columns, [](const KernelColumn &Other) {
                    return !Other.Folder.empty();
                  })->Modules;
  Table.judge();
}

RunInfo Exports::runInfo() const {
  RunInfo Run;
  Run.Root = Root;
  Run.ToolVersion = PAGEWARDEN_VERSION;
  Run.ClangVersion = ClangText;
  std::vector<std::string> Words = {"pagewarden", "exports"};
  auto Add = [&](StringRef Option, const std::string &Value) {
    if (!Value.empty())
      Words.insert(Words.end(), {Option.str(), Value});
  };
  Add("--module", ModuleFolder);
  Add("-p", DatabasePath);
  for (const std::string &K : Kernels)
    Add("--kernel", K);
  for (const std::string &Variable : MakeVariables)
    Add("--make", Variable);
  for (const std::string &Extra : ExtraSymbols)
    Add("--extra-symbols", Extra);
  Add("--license", License);
  Words.insert(Words.end(), Files.begin(), Files.end());
  Run.CommandLine = kernel::quoteWords(Words);
  Run.FilesAsked = Asked;
  Run.FilesDone = Done;
  Run.Failures = Failures;
  return Run;
}

/// Writes \p Path; what goes wrong is a failure like any other.
void Exports::write(StringRef Path, function_ref<void(raw_ostream &)> Write) {
  if (Path.empty())
    return;
  std::error_code EC;
  raw_fd_ostream OS(Path, EC);
  if (!EC) {
    Write(OS);
    OS.close();
    EC = OS.error();
    OS.clear_error();
  }
  if (EC)
    fail("", "cannot write '" + Path.str() + "': " + EC.message());
}

int Exports::report() {
  const std::vector<Finding> Findings = Table.findings();
  writeText(outs(), Findings, Root,
            sys::Process::StandardOutIsDisplayed() &&
                !sys::Process::GetEnv("NO_COLOR"));
  if (Table.Kernels.size() > 1)
    Table.writeText(outs());
  outs().flush();
  write(JsonPath, [&](raw_ostream &OS) { Table.writeJSON(OS, Root); });
  write(MarkdownPath, [&](raw_ostream &OS) { Table.writeMarkdown(OS); });
  write(HtmlPath, [&](raw_ostream &OS) { Table.writeHTML(OS); });
  if (!SarifPath.empty())
    if (Error E = writeSARIFFile(SarifPath, Findings, runInfo()))
      fail("", toString(std::move(E)));
  if (!Failures.empty())
    errs() << "not done:\n";
  for (const RunInfo::Failure &F : Failures)
    errs() << "  " << printable(relativeTo(F.File, Root))
           << (F.File.empty() ? "" : ": ") << printable(F.What) << '\n';
  if (Spared)
    errs() << Spared << " of " << Table.Kernels.size()
           << " kernels lie between builds that need the same, and were not "
              "compiled for\n";
  errs() << Done << " of " << Asked << " files compiled for "
         << Collected.size()
         << (Collected.size() == 1 ? " kernel\n" : " kernels\n");
  if (!Failures.empty())
    return NotDone;
  return Findings.empty() ? NothingFound : Found;
}

static int runExports() {
  Exports Run;
  if (Error E = Run.prepare())
    return fail(std::move(E));
  Run.analyse();
  return Run.report();
}
