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
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include <dlfcn.h>

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
        {Called});
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
    return std::make_unique<Collector>(CI, Result);
  }

private:
  class Collector : public ASTConsumer {
  public:
    Collector(CompilerInstance &CI, FileResult &Result)
        : CI(CI), Result(Result) {}
    void HandleTranslationUnit(ASTContext &Ctx) override {
      if (!Ctx.getDiagnostics().hasErrorOccurred())
        Result.Facts = collectObjectFacts(Ctx, CI.getPreprocessor(), &CI);
    }

  private:
    CompilerInstance &CI;
    FileResult &Result;
  };

  FileResult &Result;
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

static FileResult analyzeOnce(const scan::Job &Job, const scan::Options &Opts,
                              const scan::CalledNames *Called) {
  FileResult Result;
  Result.File = Job.File;
  Result.Status = FileResult::ParseError;
  if (std::error_code EC = llvm::sys::fs::set_current_path(Job.Directory)) {
    Result.Detail = Job.Directory + ": " + EC.message();
    return Result;
  }
  FirstError Errors;
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
  if (!Invocation) {
    Result.Detail =
        "clang does not take its command line: " + DriverErrors->Text;
    return Result;
  }
  disarm(*Invocation);
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

FileResult analyzeFile(const scan::Job &Job, const scan::Options &Opts,
                       const scan::CalledNames *Called) {
  if (Job.Binary)
    return readBinary(Job);
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
