//===- Analyze.cpp - One file, from command line to findings --------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Plugin/Analyze.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Facts/ObjectFacts.h"
#include "pagewarden/Facts/Uses.h"
#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Model/Model.h"
#include "pagewarden/Plugin/Consumer.h"
#include "pagewarden/Plugin/Options.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/ExternalPreprocessorSource.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include <dlfcn.h>
#include <set>

using namespace clang;

namespace pagewarden {

using scan::FileResult;

/// \p Name in the current folder, without dots.
static std::string absoluteName(llvm::StringRef Name) {
  llvm::SmallString<256> Path(Name);
  (void)llvm::sys::fs::make_absolute(Path);
  llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

/// What a unit was read from, sorted.
static std::vector<std::string> filesRead(const SourceManager &SM) {
  std::vector<std::string> Files;
  for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It)
    Files.push_back(absoluteName(It->first.getName()));
  llvm::sort(Files);
  return Files;
}

namespace {

/// Keeps the first error, for the summary.
class FirstError : public DiagnosticConsumer {
public:
  std::string Text;

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < DiagnosticsEngine::Error || !Text.empty())
      return;
    llvm::SmallString<128> Message;
    Info.FormatDiagnostic(Message);
    if (Info.hasSourceManager() && Info.getLocation().isValid()) {
      PresumedLoc Loc = Info.getSourceManager().getPresumedLoc(
          Info.getSourceManager().getExpansionLoc(Info.getLocation()));
      if (Loc.isValid())
        Text = std::string(Loc.getFilename()) + ":" +
               std::to_string(Loc.getLine()) + ":" +
               std::to_string(Loc.getColumn()) + ": ";
    }
    Text += Message.str();
  }
};

/// Keeps the lines of the main file that errors are on.
class LinesWithErrors : public DiagnosticConsumer {
public:
  std::set<unsigned> Lines;

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level >= DiagnosticsEngine::Error && Info.hasSourceManager() &&
        Info.getLocation().isValid())
      Lines.insert(
          Info.getSourceManager().getExpansionLineNumber(Info.getLocation()));
  }
};

class AnalyzeAction : public ASTFrontendAction {
public:
  AnalyzeAction(const scan::Options &Opts, const scan::CalledNames *Called,
                FileResult &Result)
      : Opts(Opts), Called(Called), Result(Result) {}

  bool Ended = false;

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    return createAnalysis(
        CI, Opts,
        [this](std::vector<CompilerFinding> Found, AnalysisStats Stats) {
          for (CompilerFinding &F : Found)
            Result.Findings.push_back(std::move(F.Text));
          Result.Functions = Stats.Functions;
          Result.Exhausted = Stats.Exhausted;
          Ended = true;
        },
        Called);
  }

  void EndSourceFileAction() override {
    Result.Inputs = filesRead(getCompilerInstance().getSourceManager());
  }

private:
  const scan::Options &Opts;
  const scan::CalledNames *Called;
  FileResult &Result;
};

/// Collects facts at the end of the unit, and runs no check.
class FactsAction : public ASTFrontendAction {
public:
  explicit FactsAction(FileResult &Result) : Result(Result) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    return createFactsConsumer(CI,
                               [this](std::optional<scan::UnitFacts> Facts) {
                                 Result.Facts = std::move(Facts);
                               });
  }

private:
  FileResult &Result;
};

/// The name by which an answer is known.
std::string answerName(size_t I) {
  return "__pagewarden_answer_" + std::to_string(I);
}

/// A precompiled part on top of another loses macros: a name that is declared
/// anew is written again, and without the macro that it came with.  So all
/// that have one are written again.
class KeepMacros : public ASTConsumer {
public:
  KeepMacros(Preprocessor &PP, std::vector<std::string> &Macros)
      : PP(PP), Macros(Macros) {}
  void HandleTranslationUnit(ASTContext &) override {
    for (const auto &Entry : PP.getIdentifierTable()) {
      IdentifierInfo &Name = *Entry.second;
      if (!Name.hadMacroDefinition())
        continue;
      if (Name.isFromAST())
        Name.setChangedSinceDeserialization();
      if (Name.hasMacroDefinition())
        Macros.push_back(Name.getName().str());
    }
  }

private:
  Preprocessor &PP;
  std::vector<std::string> &Macros; ///< that are defined at the end
};

class PrecompileAction : public GeneratePCHAction {
public:
  explicit PrecompileAction(std::vector<std::string> &Macros)
      : Macros(Macros) {}

protected:
  std::unique_ptr<ASTConsumer>
  CreateASTConsumer(CompilerInstance &CI, llvm::StringRef File) override {
    std::vector<std::unique_ptr<ASTConsumer>> Consumers;
    Consumers.push_back(
        std::make_unique<KeepMacros>(CI.getPreprocessor(), Macros));
    Consumers.push_back(GeneratePCHAction::CreateASTConsumer(CI, File));
    if (!Consumers.back())
      return nullptr;
    return std::make_unique<MultiplexConsumer>(std::move(Consumers));
  }

private:
  std::vector<std::string> &Macros;
};

/// Finds out how conditions turn out, and whether macros are still there.
class AskAction : public ASTFrontendAction {
public:
  AskAction(size_t Count, std::string &Answers,
            const std::vector<std::string> &Macros)
      : Count(Count), Answers(Answers), Macros(Macros) {}

  std::string Lost; ///< a macro that is not there

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    return std::make_unique<ASTConsumer>();
  }
  void EndSourceFileAction() override {
    Preprocessor &PP = getCompilerInstance().getPreprocessor();
    for (size_t I = 0; I < Count; ++I)
      Answers += PP.isMacroDefined(answerName(I)) ? '1' : '0';
    auto It = llvm::find_if(Macros, [&](llvm::StringRef Name) {
      // What is in the table from the start, as keywords are, is looked up
      // when it is met.
      IdentifierInfo &Known = *PP.getIdentifierInfo(Name);
      if (Known.isOutOfDate() && PP.getExternalSource())
        PP.getExternalSource()->updateOutOfDateIdentifier(Known);
      return !PP.isMacroDefined(&Known);
    });
    if (It != Macros.end())
      Lost = *It;
  }

private:
  size_t Count;
  std::string &Answers;
  const std::vector<std::string> &Macros;
};

/// Collects uses instead of analysing paths.
class UsesAction : public ASTFrontendAction {
public:
  UsesAction(const model::Model &M, const scan::Options &Opts,
             FileResult &Result)
      : M(M), Opts(Opts), Result(Result) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    return facts::createUseCollector(M, Opts.Uses, Result.Uses);
  }

  void EndSourceFileAction() override {
    Result.Inputs = filesRead(getCompilerInstance().getSourceManager());
  }

private:
  const model::Model &M;
  const scan::Options &Opts;
  FileResult &Result;
};

/// The same of a file in assembly language.
class AssemblyAction : public PreprocessorFrontendAction {
public:
  explicit AssemblyAction(FileResult &Result) : Result(Result) {}

protected:
  void ExecuteAction() override {
    Result.Facts = collectAssemblyFacts(getCompilerInstance());
  }

private:
  FileResult &Result;
};

} // namespace

static bool isAssembly(llvm::StringRef File) { return File.ends_with(".S"); }

/// Folder of clang's own headers, beside the libclang-cpp that runs.
static std::string resourceFolder() {
  Dl_info Info;
  if (!dladdr(reinterpret_cast<void *>(&getClangFullVersion), &Info))
    return "";
  llvm::SmallString<256> Library;
  if (llvm::sys::fs::real_path(Info.dli_fname, Library))
    return "";
  llvm::SmallString<256> Folder(llvm::sys::path::parent_path(Library));
  llvm::sys::path::append(Folder, "clang",
                          std::to_string(PAGEWARDEN_CLANG_MAJOR));
  if (llvm::sys::fs::is_directory(Folder))
    return std::string(Folder);
  // Debian keeps the library in the multiarch folder.
  std::string Debian = "/usr/lib/llvm-" +
                       std::to_string(PAGEWARDEN_CLANG_MAJOR) + "/lib/clang/" +
                       std::to_string(PAGEWARDEN_CLANG_MAJOR);
  return llvm::sys::fs::is_directory(Debian) ? Debian : "";
}

static std::vector<std::string> clangArguments(const scan::Job &Job) {
  std::vector<std::string> Args = Job.Arguments;
  if (Args.empty())
    Args.push_back("clang");
  if (std::string Folder = resourceFolder(); !Folder.empty()) {
    Args.push_back("-resource-dir");
    Args.push_back(Folder);
  }
  // Warnings are the build's business.
  Args.push_back("-w");
  Args.push_back(isAssembly(Job.File) ? "-E" : "-fsyntax-only");
  return Args;
}

/// A database may name plugins, passes and outputs: none of them is ours to
/// run or write.
static void disarm(CompilerInvocation &Invocation) {
  FrontendOptions &Frontend = Invocation.getFrontendOpts();
  Frontend.Plugins.clear();
  Frontend.PluginArgs.clear();
  Frontend.AddPluginActions.clear();
  Frontend.LLVMArgs.clear();
  Frontend.OutputFile.clear();
  Frontend.DisableFree = true;
  Invocation.getCodeGenOpts().PassPlugins.clear();
  Invocation.getDependencyOutputOpts() = DependencyOutputOptions();
  Invocation.getDiagnosticOpts().DiagnosticSerializationFile.clear();
}

/// Has \p Invocation read \p Text in place of \p File, from where the
/// precompiled \p Prefix ends.
static void readInstead(CompilerInvocation &Invocation, const std::string &File,
                        llvm::StringRef Text, const std::string &Prefix) {
  FrontendInputFile &Input = Invocation.getFrontendOpts().Inputs.front();
  Input = FrontendInputFile(File, Input.getKind());
  PreprocessorOptions &Options = Invocation.getPreprocessorOpts();
  Options.addRemappedFile(
      File, llvm::MemoryBuffer::getMemBufferCopy(Text, File).release());
  if (Prefix.empty())
    return;
  Options.ImplicitPCHInclude = Prefix;
  // They are at the beginning of the prefix.
  Options.Includes.clear();
  Options.MacroIncludes.clear();
}

/// False when the work did not reach its end.
static bool run(CompilerInstance &CI, const scan::Options &Opts,
                const scan::CalledNames *Called, FileResult &Result) {
  if (Opts.FactsOnly && isAssembly(Result.File)) {
    AssemblyAction Action(Result);
    return CI.ExecuteAction(Action) && Result.Facts;
  }
  if (Opts.FactsOnly) {
    FactsAction Action(Result);
    return CI.ExecuteAction(Action) && Result.Facts;
  }
  AnalyzeAction Action(Opts, Called, Result);
  return CI.ExecuteAction(Action) && Action.Ended;
}

static void makeAbsolute(scan::UseFact &U) {
  U.Loc.File = absoluteName(U.Loc.File);
  for (scan::ReleaseFact &R : U.Releases)
    R.Loc.File = absoluteName(R.Loc.File);
}

static FileResult collectUses(CompilerInstance &CI,
                              const std::string &FirstError,
                              const scan::Options &Opts, FileResult Result) {
  auto Model = model::Model::shared(Opts.ModelFiles);
  if (!Model) {
    Result.Detail = toString(Model.takeError());
    return Result;
  }
  UsesAction Action(**Model, Opts, Result);
  const bool Parsed = CI.ExecuteAction(Action);
  for (scan::UseFact &U : Result.Uses)
    makeAbsolute(U);
  if (!FirstError.empty())
    Result.Detail = FirstError;
  else if (!Parsed)
    Result.Detail = "the file was not read to its end";
  else
    Result.Status = FileResult::Ok;
  return Result;
}

/// Facts of an object that comes without source.
static FileResult readBinary(const scan::Job &Job) {
  FileResult Result;
  Result.File = Job.File;
  Result.Facts = readObjectFacts(Job.File);
  Result.Status = Result.Facts ? FileResult::Ok : FileResult::ParseError;
  if (!Result.Facts)
    Result.Detail = "is not an object file";
  return Result;
}

/// A result for \p Job, which says so if its folder cannot be entered.
static FileResult enter(const scan::Job &Job) {
  FileResult Result;
  Result.File = Job.File;
  Result.Status = FileResult::ParseError;
  if (std::error_code EC = llvm::sys::fs::set_current_path(Job.Directory))
    Result.Detail = Job.Directory + ": " + EC.message();
  return Result;
}

/// Null, with the reason in \p Error, when clang does not take the command.
static std::shared_ptr<CompilerInvocation> invocationOf(const scan::Job &Job,
                                                        std::string &Error) {
  CreateInvocationOptions Create;
  auto *DriverErrors = new FirstError; // owned by DriverDiags
  auto DriverDiags = compat::createDiagnostics(DriverErrors);
  Create.Diags = DriverDiags;
  std::vector<std::string> Args = clangArguments(Job);
  std::vector<const char *> Pointers;
  Pointers.reserve(Args.size());
  for (const std::string &Arg : Args)
    Pointers.push_back(Arg.c_str());
  std::shared_ptr<CompilerInvocation> Invocation =
      createInvocation(Pointers, std::move(Create));
  if (!Invocation)
    Error = "clang does not take its command line: " + DriverErrors->Text;
  else
    disarm(*Invocation);
  return Invocation;
}

static FileResult analyzeOnce(const scan::Job &Job, const scan::Options &Opts,
                              const scan::CalledNames *Called) {
  FileResult Result = enter(Job);
  if (!Result.Detail.empty())
    return Result;
  FirstError Errors;
  std::shared_ptr<CompilerInvocation> Invocation =
      invocationOf(Job, Result.Detail);
  if (!Invocation)
    return Result;
  if (Job.Text)
    readInstead(*Invocation, Job.File, *Job.Text, Job.Prefix);
  std::unique_ptr<CompilerInstance> CI =
      compat::createInstance(std::move(Invocation), &Errors);
  if (!Opts.Uses.empty())
    return collectUses(*CI, Errors.Text, Opts, std::move(Result));
  scan::Options OfFile = Opts;
  if (!Job.License.empty())
    OfFile.License = Job.License;
  const bool Ended = run(*CI, OfFile, Called, Result);
  if (!Errors.Text.empty())
    Result.Detail = Errors.Text;
  else if (!Ended)
    Result.Detail = "the analysis did not reach its end";
  else
    Result.Status = FileResult::Ok;
  return Result;
}

/// Adds the answers to the conditions of \p Job, behind what it has
/// precompiled. False, with the reason in \p Result, when that lacks one of \p
/// Macros.
static bool answer(const scan::Job &Job, const std::vector<std::string> &Macros,
                   FileResult &Result) {
  std::string Text;
  std::shared_ptr<CompilerInvocation> Invocation =
      invocationOf(Job, Result.Detail);
  if (!Invocation)
    return false;
  for (size_t I = 0; I < Job.Ask.size(); ++I)
    Text += Job.Ask[I] + "\n#define " + answerName(I) + "\n#endif\n";
  readInstead(*Invocation, Job.File + ".ask", Text, Job.Precompile);
  LinesWithErrors Errors;
  std::unique_ptr<CompilerInstance> CI =
      compat::createInstance(std::move(Invocation), &Errors);
  AskAction Action(Job.Ask.size(), Result.Answers, Macros);
  if (!CI->ExecuteAction(Action) && Errors.Lines.empty())
    Result.Detail = "cannot be read again";
  else if (!Action.Lost.empty())
    Result.Detail = "has lost the macro '" + Action.Lost + "'";
  for (size_t I = 0; I < Result.Answers.size(); ++I)
    if (Errors.Lines.count(3 * I + 1))
      Result.Answers[I] = '?';
  return Result.Detail.empty();
}

static FileResult precompile(const scan::Job &Job) {
  FileResult Result = enter(Job);
  if (!Result.Detail.empty())
    return Result;
  FirstError Errors;
  std::shared_ptr<CompilerInvocation> Invocation =
      invocationOf(Job, Result.Detail);
  if (!Invocation)
    return Result;
  readInstead(*Invocation, Job.File, Job.Text.value_or(""), Job.Prefix);
  Invocation->getFrontendOpts().OutputFile = Job.Precompile;
  std::unique_ptr<CompilerInstance> CI =
      compat::createInstance(std::move(Invocation), &Errors);
  std::vector<std::string> Macros;
  PrecompileAction Action(Macros);
  if (!CI->ExecuteAction(Action) || !Errors.Text.empty()) {
    Result.Detail = Errors.Text;
    return Result;
  }
  if (answer(Job, Macros, Result))
    Result.Status = FileResult::Ok;
  return Result;
}

FileResult analyzeFile(const scan::Job &Job, const scan::Options &Opts,
                       const scan::CalledNames *Called) {
  if (Job.Binary)
    return readBinary(Job);
  if (!Job.Precompile.empty())
    return precompile(Job);
  FileResult Result = analyzeOnce(Job, Opts, Called);
  return Called && factsLackBodies() ? analyzeOnce(Job, Opts, nullptr) : Result;
}

llvm::Error checkOptions(const scan::Options &Opts) {
  if (llvm::Error E = checkCheckNames(Opts))
    return E;
  auto Model = model::Model::shared(Opts.ModelFiles);
  if (!Model)
    return Model.takeError();
  if (Opts.Symvers.empty())
    return llvm::Error::success();
  auto Exports = kernel::Symvers::load(Opts.Symvers);
  return Exports ? llvm::Error::success() : Exports.takeError();
}

void warmUp(const scan::Options &Opts) {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargets();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmParsers();
  llvm::InitializeAllAsmPrinters();
}

} // namespace pagewarden
