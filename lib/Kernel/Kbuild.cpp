//===- Kbuild.cpp - Compile commands out of a kernel tree -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `make -n V=1 all` prints every recipe; the compile commands are in there,
/// next to copies of themselves in quotes.  Objects that are up to date are
/// not printed, but left their command in a .cmd file.
///
/// kbuild configures anew, even in a dry run, when the tools or the
/// environment differ from those that the tree was configured with.  These are
/// recorded in include/config/auto.conf.cmd, so make is told to use them again.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/Kbuild.h"
#include "pagewarden/Kernel/ShellWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <array>
#include <chrono>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

extern char **environ;

namespace pagewarden::kernel {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds ProgressInterval(2);

Error error(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

std::string joined(StringRef Folder, const Twine &Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return std::string(Path);
}

std::string readFile(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

/// A prepared kernel tree and what it was configured with.
struct Tree {
  std::string Build;  ///< real path; where make runs and .config is
  std::string Source; ///< real path; Build itself when built in place
  bool OwnMakefile = true;
  std::string Config; ///< text of .config
  /// Variables that make must have as they were, by name.
  std::map<std::string, std::string> Recorded;

  StringRef option(StringRef Name) const;
  bool clang() const { return option("CONFIG_CC_IS_CLANG") == "y"; }
};

/// The value of CONFIG_x without quotes, empty when not set.
StringRef Tree::option(StringRef Name) const {
  const std::string Start = ("\n" + Name + "=").str();
  const size_t At = StringRef(Config).find(Start);
  if (At == StringRef::npos)
    return {};
  StringRef Value =
      StringRef(Config).drop_front(At + Start.size()).split('\n').first;
  if (Value.consume_front("\""))
    Value.consume_back("\"");
  return Value;
}

bool isKernelMakefile(StringRef Folder) {
  const std::string Text = "\n" + readFile(joined(Folder, "Makefile"));
  return StringRef(Text).contains("\nPATCHLEVEL") &&
         StringRef(Text).contains("\nVERSION");
}

/// The folder of the kernel's own Makefile: \p Build, or where its `source`
/// link or its generated Makefile points; empty when that is no kernel.
std::string sourceOf(StringRef Build) {
  if (isKernelMakefile(Build))
    return Build.str();
  SmallString<256> Real;
  if (!sys::fs::real_path(joined(Build, "source"), Real) &&
      isKernelMakefile(Real))
    return std::string(Real);
  const std::string Makefile = readFile(joined(Build, "Makefile"));
  SmallVector<StringRef, 32> Lines;
  StringRef(Makefile).split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (!Line.consume_front("include "))
      continue;
    StringRef Folder = sys::path::parent_path(Line.trim());
    if (!sys::fs::real_path(Folder, Real) && isKernelMakefile(Real))
      return std::string(Real);
  }
  return {};
}

/// Reads the `ifneq "$(CC)" "clang-19"` lines of auto.conf.cmd.
void readRecorded(Tree &T) {
  // Not srctree and the like: those follow from where make runs.
  static constexpr StringLiteral Tools[] = {"ARCH",
                                            "CC",
                                            "LD",
                                            "AR",
                                            "NM",
                                            "STRIP",
                                            "OBJCOPY",
                                            "OBJDUMP",
                                            "READELF",
                                            "PAHOLE",
                                            "RUSTC",
                                            "BINDGEN",
                                            "HOSTCC",
                                            "CC_VERSION_TEXT",
                                            "RUSTC_VERSION_TEXT",
                                            "CROSS_COMPILE"};
  const std::string Text =
      readFile(joined(T.Build, "include/config/auto.conf.cmd"));
  SmallVector<StringRef, 0> Lines;
  StringRef(Text).split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (!Line.consume_front("ifneq \"$(") || !Line.consume_back("\""))
      continue;
    auto [Name, Value] = Line.split(")\" \"");
    if (is_contained(Tools, Name))
      T.Recorded[Name.str()] = Value.str();
  }
}

/// "x86" of "# Linux/x86 6.12.1 Kernel Configuration".
StringRef configuredArch(StringRef Config) {
  const size_t At = Config.find("# Linux/");
  if (At == StringRef::npos)
    return {};
  return Config.drop_front(At + 8).take_while(
      [](char C) { return isAlnum(C) || C == '_'; });
}

bool isNewer(StringRef A, StringRef B) {
  sys::fs::file_status StatusA, StatusB;
  return !sys::fs::status(A, StatusA) && !sys::fs::status(B, StatusB) &&
         StatusA.getLastModificationTime() > StatusB.getLastModificationTime();
}

Expected<Tree> openTree(StringRef Path, KbuildSummary &Summary) {
  if (!sys::fs::is_directory(Path))
    return error("'" + Path + "' is not a folder");
  Tree T;
  SmallString<256> Real;
  if (std::error_code EC = sys::fs::real_path(Path, Real))
    return error("'" + Path + "': " + EC.message());
  T.Build = std::string(Real);
  T.Source = sourceOf(T.Build);
  if (T.Source.empty())
    return error("'" + Path +
                 "' is not a kernel tree: it has neither a Makefile with "
                 "VERSION and PATCHLEVEL nor a 'source' link to one");
  T.OwnMakefile = sys::fs::exists(joined(T.Build, "Makefile"));
  const std::string Make = T.Source == T.Build
                               ? "make -C " + T.Build
                               : "make -C " + T.Source + " O=" + T.Build;
  const std::string ConfigFile = joined(T.Build, ".config");
  if (!sys::fs::exists(ConfigFile))
    return error("'" + Path + "' has no .config; configure it first: " + Make +
                 " LLVM=1 defconfig");
  T.Config = "\n" + readFile(ConfigFile);
  for (StringRef Needed :
       {"include/config/auto.conf", "include/generated/autoconf.h",
        "include/generated/utsrelease.h"})
    if (!sys::fs::exists(joined(T.Build, Needed)))
      return error("'" + Path + "' is configured but not prepared (" + Needed +
                   " is not there); prepare it first: " + Make +
                   (T.clang() ? " LLVM=1" : "") + " prepare modules_prepare");
  if (isNewer(ConfigFile, joined(T.Build, "include/config/auto.conf")))
    Summary.Warnings.push_back(
        "'" + ConfigFile + "' was changed after the tree was prepared; run '" +
        Make + " prepare modules_prepare' again if sources are missing");
  readRecorded(T);
  if (StringRef Arch = configuredArch(T.Config);
      !Arch.empty() && T.Recorded["ARCH"].empty())
    T.Recorded["ARCH"] = Arch.str();
  return T;
}

//===----------------------------------------------------------------------===//
// The compiler
//===----------------------------------------------------------------------===//

/// The program of a CC value: the last word that is no option ("ccache gcc").
std::string programOf(StringRef CC) {
  auto Words = splitWords(CC);
  if (!Words || Words->empty())
    return CC.str();
  CompileCommand C;
  C.Arguments = *Words;
  const StringRef Name = compilerName(C);
  for (const std::string &Word : *Words)
    if (sys::path::filename(Word) == Name)
      return Word;
  return Words->front();
}

bool isThere(StringRef Program) {
  return !Program.empty() && static_cast<bool>(sys::findProgramByName(Program));
}

/// kbuild's LLVM= for a clang: "-19" for clang-19, "/opt/bin/" for a path.
std::string llvmValue(StringRef Clang) {
  StringRef Folder = sys::path::parent_path(Clang);
  if (!Folder.empty())
    return (Folder + "/").str();
  if (Clang.consume_front("clang-") && !Clang.empty())
    return ("-" + Clang).str();
  return "1";
}

/// The clang of \p T: as recorded, else the versioned one, else any.
std::string findClang(const Tree &T, unsigned &Major) {
  unsigned Version = 0;
  T.option("CONFIG_CLANG_VERSION").getAsInteger(10, Version);
  Major = Version / 10000;
  const auto Recorded = T.Recorded.find("CC");
  if (Recorded != T.Recorded.end() && isThere(programOf(Recorded->second)))
    return Recorded->second;
  std::string Versioned = "clang-" + utostr(Major);
  if (isThere(Versioned))
    return Versioned;
  return isThere("clang") ? "clang" : std::string();
}

void addAssignment(std::vector<std::string> &Arguments, StringRef Name,
                   StringRef Value) {
  std::string Text = (Name + "=").str();
  for (char C : Value) {
    if (C == '$')
      Text += '$';
    Text += C;
  }
  Arguments.push_back(std::move(Text));
}

/// Adds what makes kbuild use the tools that the tree was configured with.
Error addTools(const Tree &T, const KbuildOptions &Options,
               KbuildSummary &Summary, std::vector<std::string> &Arguments) {
  const StringRef VersionText = T.option("CONFIG_CC_VERSION_TEXT");
  std::map<std::string, std::string> Variables = T.Recorded;
  // Pinned even for another compiler, or kbuild would configure anew.
  if (!VersionText.empty() && Variables["CC_VERSION_TEXT"].empty())
    Variables["CC_VERSION_TEXT"] = VersionText.str();

  if (T.clang()) {
    unsigned Major = 0;
    std::string Clang = findClang(T, Major);
    if (Options.Llvm)
      Clang = "clang-" + utostr(Options.Llvm);
    if (!isThere(programOf(Clang)))
      return error("the tree is configured for '" + VersionText + "', but " +
                   (Options.Llvm ? "'" + Clang + "' is not"
                                 : "neither 'clang-" + utostr(Major) +
                                       "' nor 'clang' is") +
                   " on this machine; install it, or name one with --llvm");
    const bool AsRecorded = Variables["CC"] == Clang;
    Summary.Compiler = Clang;
    if (!AsRecorded)
      for (StringRef Tool : {"LD", "AR", "NM", "STRIP", "OBJCOPY", "OBJDUMP",
                             "READELF", "HOSTCC"})
        Variables.erase(Tool.str());
    Variables["CC"] = Clang;
    const auto LD = Variables.find("LD");
    if (LD == Variables.end() || StringRef(LD->second).contains("lld"))
      Variables["LLVM"] = llvmValue(programOf(Clang));
  } else {
    if (Options.Llvm)
      return error("--llvm " + Twine(Options.Llvm) +
                   " does not fit: the tree is configured for '" +
                   (VersionText.empty() ? "gcc" : VersionText) +
                   "'; configure it with LLVM=-" + Twine(Options.Llvm) +
                   ", or leave --llvm out");
    // The version line of gcc starts with the program's own name.
    if (Variables["CC"].empty())
      Variables["CC"] =
          VersionText.empty() ? "gcc" : VersionText.split(' ').first.str();
    Summary.Compiler = Variables["CC"];
    if (!isThere(programOf(Summary.Compiler)))
      return error("the tree is configured for '" + VersionText + "', but '" +
                   programOf(Summary.Compiler) +
                   "' is not on this machine; install it, or configure the "
                   "tree for clang: make LLVM=1 olddefconfig");
    const size_t Gcc = StringRef(Summary.Compiler).rfind("gcc");
    if (Gcc != StringRef::npos && Gcc > 0 &&
        Summary.Compiler.find(' ') == std::string::npos &&
        Variables["CROSS_COMPILE"].empty())
      Variables["CROSS_COMPILE"] = Summary.Compiler.substr(0, Gcc);
  }
  for (const auto &[Name, Value] : Variables)
    if (!Value.empty() || Name == "RUSTC_VERSION_TEXT")
      addAssignment(Arguments, Name, Value);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Commands
//===----------------------------------------------------------------------===//

/// Collects compile commands; the first for an object stays.
class Collector {
public:
  Collector(const Tree &T, StringRef Module) : Current(T.Build) {
    Folders.push_back(T.Build);
    if (T.Source != T.Build)
      Folders.push_back(T.Source);
    if (!Module.empty())
      Folders.push_back(Module.str());
  }

  /// A line of make's output, or the lines of one recipe.
  void line(StringRef Line);
  /// The text of a .cmd file.
  void savedCommand(StringRef Text, StringRef Folder);

  size_t size() const { return Database.commands().size(); }
  size_t notGenerated() const { return Missing.size(); }
  CompileDatabase take() { return std::move(Database); }
  std::vector<ModuleParts> takeModules() { return std::move(Modules); }
  std::vector<CompileCommand> takeAssembly() { return std::move(Assembly); }

private:
  CompileDatabase Database;
  std::vector<CompileCommand> Assembly;
  std::vector<ModuleParts> Modules;
  std::vector<std::string> Listed; ///< objects printed by this line so far
  StringSet<> Seen;
  StringSet<> Missing;
  std::vector<std::string> Folders;
  std::string Current;

  void command(std::vector<std::string> &Words);
  void parts(ArrayRef<std::string> Words);
  void linked(ArrayRef<std::string> Words);
  ModuleParts &module(StringRef Path);
  std::string absolutePath(StringRef Path, StringRef Folder) const;
  std::string folderOf(StringRef Source) const;
};

/// Where \p Source is looked up from: the first folder that has it.
std::string Collector::folderOf(StringRef Source) const {
  if (sys::fs::exists(sys::path::is_absolute(Source) ? Source.str()
                                                     : joined(Current, Source)))
    return Current;
  if (!sys::path::is_absolute(Source))
    for (const std::string &Folder : Folders)
      if (sys::fs::exists(joined(Folder, Source)))
        return Folder;
  return {};
}

bool isAssignment(StringRef Word) {
  const size_t Equal = Word.find('=');
  return Equal != StringRef::npos && Equal > 0 &&
         all_of(Word.take_front(Equal),
                [](char C) { return isAlnum(C) || C == '_'; });
}

void Collector::command(std::vector<std::string> &Words) {
  // "if … then cc …" and "VAR=value cc …" are compile commands all the same.
  static constexpr StringLiteral Keywords[] = {"then", "else", "do",  "!",
                                               "{",    "@",    "exec"};
  auto Start = find_if(Words, [](const std::string &Word) {
    return !is_contained(Keywords, Word) && !isAssignment(Word);
  });
  Words.erase(Words.begin(), Start);
  // Everything that becomes kernel code is compiled with __KERNEL__.
  if (Words.size() < 5 || !is_contained(Words, "-D__KERNEL__") ||
      !is_contained(Words, "-c"))
    return;
  StringRef Output, Source;
  for (size_t I = 1; I < Words.size(); ++I) {
    if (Words[I] == "-o" && I + 1 < Words.size())
      Output = Words[++I];
    else if (Words[I] == "-include" && I + 1 < Words.size())
      ++I;
    else if (StringRef(Words[I]).ends_with(".c") ||
             StringRef(Words[I]).ends_with(".S"))
      Source = Words[I].front() == '-' ? Source : StringRef(Words[I]);
  }
  // scripts/ has an empty file that only shows what objects look like.
  if (Output.empty() || Source.empty() || !Output.ends_with(".o") ||
      Output.starts_with("scripts/"))
    return;
  const std::string Folder = folderOf(Source);
  if (Folder.empty()) {
    Missing.insert(Source);
    return;
  }
  CompileCommand C;
  C.Directory = Folder;
  SmallString<256> File(
      sys::path::is_absolute(Source) ? Source.str() : joined(Folder, Source));
  sys::path::remove_dots(File, /*remove_dot_dot=*/true);
  C.File = std::string(File);
  C.Output = Output.str();
  if (!Seen.insert(objectPath(C)).second)
    return;
  C.Arguments = std::move(Words);
  if (File.ends_with(".S"))
    Assembly.push_back(std::move(C));
  else
    Database.add(std::move(C));
}

std::string Collector::absolutePath(StringRef Path, StringRef Folder) const {
  SmallString<256> Result(sys::path::is_absolute(Path) ? Path.str()
                                                       : joined(Folder, Path));
  sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return std::string(Result);
}

/// The module whose list or object is \p Path.
ModuleParts &Collector::module(StringRef Path) {
  StringRef Name = sys::path::stem(Path);
  auto It =
      find_if(Modules, [&](const ModuleParts &M) { return M.Name == Name; });
  if (It == Modules.end())
    It = Modules.insert(Modules.end(), ModuleParts{Name.str(), {}});
  return *It;
}

/// "printf '%s\n' a.o b.o | awk ... > x.mod", in older kernels
/// "{ echo /path/a.o /path/b.o; echo; } > x.mod".
void Collector::parts(ArrayRef<std::string> Words) {
  const StringRef First = Words.front() == "{" && Words.size() > 1
                              ? StringRef(Words[1])
                              : StringRef(Words.front());
  if (First == "printf" || First == "echo")
    for (StringRef Word : Words)
      if (Word.ends_with(".o"))
        Listed.push_back(Word.str());
  const auto *To = find(Words, ">");
  if (To == Words.end() || std::next(To) == Words.end() ||
      !StringRef(*std::next(To)).ends_with(".mod"))
    return;
  const std::string List = absolutePath(*std::next(To), Current);
  ModuleParts &M = module(List);
  if (M.Objects.empty())
    for (StringRef Object : Listed)
      M.Objects.push_back(absolutePath(Object, sys::path::parent_path(List)));
  Listed.clear();
}

/// "ld ... vendor.o_shipped -r -o x.o @x.mod": objects that a Makefile has in
/// its linker's options.
void Collector::linked(ArrayRef<std::string> Words) {
  const auto *To = find(Words, "-o");
  if (!is_contained(Words, "-r") || To == Words.end() ||
      std::next(To) == Words.end() ||
      !StringRef(*std::next(To)).ends_with(".o") ||
      !any_of(Words, [](StringRef W) { return W.ends_with(".mod"); }))
    return;
  for (StringRef Word : Words) {
    if (!Word.contains(".o") || Word.starts_with("-") || Word == *std::next(To))
      continue;
    const std::string Object = absolutePath(Word, Current);
    ModuleParts &M = module(*std::next(To));
    if (sys::fs::is_regular_file(Object) && !is_contained(M.Objects, Object))
      M.Objects.push_back(Object);
  }
}

void Collector::line(StringRef Line) {
  // With several makes at a time these lines come in any order, so only
  // folders that kernel code is compiled in count.
  if (const size_t At = Line.find(": Entering directory '");
      At != StringRef::npos && Line.starts_with("make")) {
    StringRef Folder = Line.drop_front(At + 22).split('\'').first;
    if (is_contained(Folders, Folder))
      Current = Folder.str();
    return;
  }
  if (Line.contains(".mod")) {
    Listed.clear();
    forEachCommand(Line, [&](std::vector<std::string> &W) {
      parts(W);
      linked(W);
    });
  }
  if (!Line.contains(" -c ") || !Line.contains("-D__KERNEL__"))
    return;
  forEachCommand(Line, [&](std::vector<std::string> &W) { command(W); });
}

void Collector::savedCommand(StringRef Text, StringRef Folder) {
  // savedcmd_x/y.o := cc …        (cmd_x/y.o before 6.2)
  if (!Text.starts_with("savedcmd_") && !Text.starts_with("cmd_"))
    return;
  StringRef Line = Text.split('\n').first.split(" := ").second;
  std::string Plain;
  Plain.reserve(Line.size());
  // make's own quoting goes: "$$" and "\#".
  for (size_t I = 0; I < Line.size(); ++I) {
    if (I + 1 < Line.size() && ((Line[I] == '$' && Line[I + 1] == '$') ||
                                (Line[I] == '\\' && Line[I + 1] == '#')))
      ++I;
    Plain += Line[I];
  }
  Current = Folder.str();
  line(Plain);
}

//===----------------------------------------------------------------------===//
// make
//===----------------------------------------------------------------------===//

/// This process's environment without what an outer make left in it, and with
/// messages in English.
std::vector<std::string> makeEnvironment() {
  static constexpr StringLiteral Left[] = {"MAKEFLAGS", "MFLAGS",
                                           "MAKELEVEL", "MAKEOVERRIDES",
                                           "MAKEFILES", "GNUMAKEFLAGS",
                                           "LC_ALL",    "LANGUAGE",
                                           "ARCH",      "CROSS_COMPILE",
                                           "LLVM",      "KBUILD_OUTPUT",
                                           "O",         "M",
                                           "C",         "W"};
  std::vector<std::string> Result;
  for (char **Entry = environ; *Entry; ++Entry)
    if (!is_contained(Left, StringRef(*Entry).split('=').first))
      Result.push_back(*Entry);
  Result.push_back("LC_ALL=C");
  return Result;
}

std::vector<char *> pointers(std::vector<std::string> &Strings) {
  std::vector<char *> Result;
  Result.reserve(Strings.size() + 1);
  for (std::string &S : Strings)
    Result.push_back(S.data());
  Result.push_back(nullptr);
  return Result;
}

/// Both outputs of a running make, cut into lines.
class MakeRun {
public:
  /// Starts \p Program; errors name it.
  static Expected<MakeRun> start(StringRef Program,
                                 std::vector<std::string> Arguments);

  /// Feeds each recipe on standard output to \p Line until make ends.
  /// \p Tick is called whenever output came or a second passed.
  void follow(function_ref<void(StringRef)> Line, function_ref<void()> Tick);

  /// Lines that make wrote to standard error.
  std::vector<std::string> Errors;

private:
  pid_t Process = -1;
  std::array<int, 2> Streams = {-1, -1}; ///< standard output, standard error
  std::array<std::string, 2> Pending;

  bool read(size_t Stream, function_ref<void(StringRef)> Line);
  void cut(size_t Stream, function_ref<void(StringRef)> Line);
};

Expected<MakeRun> MakeRun::start(StringRef Program,
                                 std::vector<std::string> Arguments) {
  std::array<std::array<int, 2>, 2> Pipes;
  for (auto &Pipe : Pipes)
    if (::pipe2(Pipe.data(), O_CLOEXEC))
      return createStringError(std::error_code(errno, std::generic_category()),
                               "cannot make a pipe to '" + Program + "'");
  posix_spawn_file_actions_t Actions;
  posix_spawn_file_actions_init(&Actions);
  posix_spawn_file_actions_addopen(&Actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&Actions, Pipes[0][1], 1);
  posix_spawn_file_actions_adddup2(&Actions, Pipes[1][1], 2);
  std::vector<std::string> Environment = makeEnvironment();
  MakeRun Run;
  const int Status =
      ::posix_spawn(&Run.Process, Program.str().c_str(), &Actions, nullptr,
                    pointers(Arguments).data(), pointers(Environment).data());
  posix_spawn_file_actions_destroy(&Actions);
  for (size_t I = 0; I < 2; ++I) {
    ::close(Pipes[I][1]);
    Run.Streams[I] = Pipes[I][0];
  }
  if (Status == 0)
    return Run;
  for (int FD : Run.Streams)
    ::close(FD);
  const std::error_code EC(Status, std::generic_category());
  return createStringError(EC, "cannot run '" + Program + "': " + EC.message());
}

/// False at the end of the stream.
bool MakeRun::read(size_t Stream, function_ref<void(StringRef)> Line) {
  std::array<char, 65536> Buffer;
  const ssize_t Count = ::read(Streams[Stream], Buffer.data(), Buffer.size());
  if (Count < 0 && errno == EINTR)
    return true;
  if (Count > 0) {
    Pending[Stream].append(Buffer.data(), Count);
    cut(Stream, Line);
    return true;
  }
  if (!Pending[Stream].empty()) {
    Pending[Stream] += '\n';
    cut(Stream, Line);
  }
  return false;
}

/// Hands on the complete lines; one that ends in a backslash goes on.
void MakeRun::cut(size_t Stream, function_ref<void(StringRef)> Line) {
  StringRef Rest = Pending[Stream];
  size_t Searched = 0;
  while (true) {
    const size_t End = Rest.find('\n', Searched);
    if (End == StringRef::npos)
      break;
    if (Stream == 0 && End > 0 && Rest[End - 1] == '\\') {
      Searched = End + 1;
      continue;
    }
    if (Stream == 0)
      Line(Rest.take_front(End));
    else
      Errors.push_back(Rest.take_front(End).str());
    Rest = Rest.drop_front(End + 1);
    Searched = 0;
  }
  Pending[Stream] = Rest.str();
}

void MakeRun::follow(function_ref<void(StringRef)> Line,
                     function_ref<void()> Tick) {
  std::array<pollfd, 2> Polled = {pollfd{Streams[0], POLLIN, 0},
                                  pollfd{Streams[1], POLLIN, 0}};
  unsigned Open = 2;
  while (Open) {
    ::poll(Polled.data(), Polled.size(), /*milliseconds*/ 1000);
    for (size_t I = 0; I < 2; ++I)
      if (Polled[I].fd >= 0 && Polled[I].revents && !read(I, Line)) {
        ::close(Polled[I].fd);
        Polled[I].fd = -1; // poll passes over it from now on
        --Open;
      }
    Tick();
  }
  int Status = 0;
  while (::waitpid(Process, &Status, 0) < 0 && errno == EINTR)
    ;
}

/// What make complains of, without what every dry run complains of: there are
/// no objects to link, and sub-makes say that a sub-make failed.
std::vector<std::string> realComplaints(ArrayRef<std::string> Lines) {
  std::vector<std::string> Result;
  for (StringRef Line : Lines) {
    if (!Line.contains("***") || Line.contains("] Error ") ||
        Line.contains("target 'vmlinux") || Line.contains("target 'modules.") ||
        Line.contains("target 'Module.symvers'") ||
        Line.contains("/modules.order', needed by "))
      continue;
    Result.push_back(Line.str());
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// Objects that are built already
//===----------------------------------------------------------------------===//

/// \p MakeRuns: where commands are run from, also those of external modules.
Error readBuilt(StringRef Folder, StringRef MakeRuns, Collector &Found,
                function_ref<void()> Tick) {
  std::error_code EC;
  sys::fs::recursive_directory_iterator It(Folder, EC,
                                           /*follow_symlinks=*/false);
  const sys::fs::recursive_directory_iterator End{};
  for (; It != End && !EC; It.increment(EC)) {
    StringRef Name = sys::path::filename(It->path());
    if (It.level() == 0 && (Name == ".git" || Name == "Documentation"))
      It.no_push();
    if (!Name.starts_with(".") ||
        !(Name.ends_with(".o.cmd") || Name.ends_with(".mod.cmd")))
      continue;
    Found.savedCommand(readFile(It->path()), MakeRuns);
    Tick();
  }
  if (EC)
    return error("cannot read all of '" + Folder + "': " + EC.message());
  return Error::success();
}

} // namespace

bool isMakeVariable(StringRef Text) {
  StringRef Name = Text.split('=').first;
  return Name.size() < Text.size() && !Name.empty() && !Name.starts_with("-") &&
         all_of(
             Name,
             [](char C) {
               return isAlnum(C) || C == '_' || C == '-' || C == '.';
             });
}

std::string objectPath(const CompileCommand &C) {
  SmallString<256> Path(sys::path::is_absolute(C.Output)
                            ? C.Output
                            : joined(C.Directory, C.Output));
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

Expected<CompileDatabase> fromKbuild(const KbuildOptions &Options,
                                     KbuildSummary &Summary) {
  Expected<Tree> T = openTree(Options.Tree, Summary);
  if (!T)
    return T.takeError();
  SmallString<256> Module;
  if (!Options.Module.empty()) {
    if (sys::fs::real_path(Options.Module, Module) ||
        !sys::fs::is_directory(Module))
      return error("'" + Options.Module + "' is not a folder");
    if (!sys::fs::exists(joined(Module, "Kbuild")) &&
        !sys::fs::exists(joined(Module, "Makefile")))
      return error("'" + Options.Module +
                   "' is not a module's folder: no Kbuild or Makefile in it");
  }
  auto Make = sys::findProgramByName("make");
  if (!Make)
    return error("'make' is not on this machine; install it (Debian: apt "
                 "install make)");

  // One make at a time: several write into each other's lines, which -O does
  // not prevent in a dry run (make 4.3 lost 7 commands of 24,000 with -j2).
  std::vector<std::string> Arguments = {"make", "-n", "-k", "-j1", "V=1"};
  if (T->OwnMakefile) {
    Arguments.insert(Arguments.end(), {"-C", T->Build});
  } else {
    Arguments.insert(Arguments.end(), {"-C", T->Source});
    addAssignment(Arguments, "O", T->Build);
  }
  if (Error E = addTools(*T, Options, Summary, Arguments))
    return E;
  for (StringRef Variable : Options.Variables) {
    auto [Name, Value] = Variable.split('=');
    addAssignment(Arguments, Name, Value);
  }
  if (Module.empty()) {
    Arguments.push_back("all");
  } else {
    addAssignment(Arguments, "M", Module);
    Arguments.push_back("modules");
  }

  Collector Found(*T, Module);
  Clock::time_point Last = Clock::now();
  auto Tick = [&] {
    if (!Options.Progress || Clock::now() - Last < ProgressInterval)
      return;
    Last = Clock::now();
    Options.Progress(Found.size());
  };
  Expected<MakeRun> Run = MakeRun::start(*Make, std::move(Arguments));
  if (!Run)
    return Run.takeError();
  Run->follow([&](StringRef Line) { Found.line(Line); }, Tick);
  Summary.FromDryRun = Found.size();
  if (Error E =
          readBuilt(Module.empty() ? StringRef(T->Build) : StringRef(Module),
                    T->Build, Found, Tick))
    return E;
  Summary.FromBuilt = Found.size() - Summary.FromDryRun;
  Summary.NotGenerated = Found.notGenerated();
  Summary.Modules = Found.takeModules();
  Summary.Assembly = Found.takeAssembly();

  if (Found.size() == 0) {
    std::string Message = "make printed no compile command for '" +
                          (Module.empty() ? T->Build : Module.str().str()) +
                          "'";
    for (StringRef Line : ArrayRef(Run->Errors).take_back(5))
      Message += "\n  " + Line.str();
    return error(Message);
  }
  for (std::string &Line : realComplaints(Run->Errors))
    Summary.Warnings.push_back(std::move(Line));
  return Found.take();
}

} // namespace pagewarden::kernel
