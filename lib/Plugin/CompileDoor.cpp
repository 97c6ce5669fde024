//===- CompileDoor.cpp - The analysis inside an ordinary compile ----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Plugin/CompileDoor.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Plugin/Analyze.h"
#include "pagewarden/Plugin/Consumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace pagewarden {

static void printHelp() {
  llvm::errs()
      << "pagewarden " PAGEWARDEN_VERSION " for clang " PAGEWARDEN_CLANG_VERSION
         "\n\n"
         "Options, each given as -fplugin-arg-pagewarden-<option>:\n"
         "  help             this text\n"
         "  version          versions of pagewarden and of its clang\n"
         "  model=FILE       extend the model (repeatable)\n"
         "  enable=CHECK     switch a check or package on (repeatable)\n"
         "  disable=CHECK    switch a check or package off (repeatable)\n"
         "  symvers=FILE     Module.symvers of the target kernel\n"
         "  license=TEXT     licence of the module when the file has none\n"
         "  exhaustive       explore every function\n"
         "  no-gate          analyse every file, not only those that take "
         "pages\n"
         "                   or whose licence is no GPL\n\n"
         "Checks:\n";
  for (const CheckInfo &Info : AllChecks)
    llvm::errs() << "  " << Info.fullName()
                 << (Info.OnByDefault ? "" : " (off)") << "\n      "
                 << Info.Help << '\n';
}

static std::string absolute(llvm::StringRef Path) {
  llvm::SmallString<256> Result(Path);
  (void)llvm::sys::fs::make_absolute(Result);
  return std::string(Result);
}

/// An error of clang's own, so that the compile fails: clang goes on without a
/// plugin that does not like its options.
static bool fail(const CompilerInstance &CI, llvm::StringRef Message) {
  DiagnosticsEngine &Diags = CI.getDiagnostics();
  Diags.Report(
      Diags.getCustomDiagID(DiagnosticsEngine::Error, "pagewarden: %0"))
      << Message;
  return false;
}

bool CompileDoor::ParseArgs(const CompilerInstance &CI,
                            const std::vector<std::string> &Args) {
  for (llvm::StringRef Arg : Args) {
    auto [Name, Value] = Arg.split('=');
    if (Arg == "help") {
      printHelp();
    } else if (Arg == "version") {
      llvm::errs() << "pagewarden " PAGEWARDEN_VERSION
                      " for clang " PAGEWARDEN_CLANG_VERSION "\n";
    } else if (Arg == "exhaustive") {
      Opts.Exhaustive = true;
    } else if (Arg == "no-gate") {
      Gated = false;
    } else if (Name == "model" && !Value.empty()) {
      Opts.ModelFiles.push_back(absolute(Value));
    } else if ((Name == "enable" || Name == "disable") && !Value.empty()) {
      Opts.Checks.push_back(
          (Value + (Name == "enable" ? "=on" : "=off")).str());
    } else if (Name == "symvers" && !Value.empty()) {
      Opts.Symvers = absolute(Value);
    } else if (Name == "license" && !Value.empty()) {
      Opts.License = Value.str();
    } else {
      return fail(CI, ("unknown option '" + Arg +
                       "'; -fplugin-arg-pagewarden-help lists them")
                          .str());
    }
  }
  if (llvm::Error E = checkOptions(Opts))
    return fail(CI, toString(std::move(E)));
  return true;
}

/// Findings are warnings, whatever -w or -Werror say of the compiler's own:
/// they must neither vanish nor stop a build.
static void emit(CompilerInstance &CI,
                 const std::vector<CompilerFinding> &Found) {
  DiagnosticsEngine &Diags = CI.getDiagnostics();
  bool Ignore = Diags.getIgnoreAllWarnings();
  bool AsErrors = Diags.getWarningsAsErrors();
  Diags.setIgnoreAllWarnings(false);
  Diags.setWarningsAsErrors(false);
  unsigned Warning =
      Diags.getCustomDiagID(DiagnosticsEngine::Warning, "%0 [%1]");
  unsigned Remark = Diags.getCustomDiagID(DiagnosticsEngine::Remark, "%0 [%1]");
  unsigned Note = Diags.getCustomDiagID(DiagnosticsEngine::Note, "%0");
  for (const CompilerFinding &F : Found) {
    Diags.Report(F.Loc, F.Text.Remark ? Remark : Warning)
        << F.Text.Message << F.Text.Check;
    for (size_t I = 0; I < F.Path.size(); ++I)
      Diags.Report(F.Path[I], Note) << F.Text.Path[I].Message;
    for (size_t I = 0; I < F.Notes.size(); ++I)
      Diags.Report(F.Notes[I], Note) << F.Text.Notes[I].Message;
  }
  Diags.setIgnoreAllWarnings(Ignore);
  Diags.setWarningsAsErrors(AsErrors);
}

std::unique_ptr<ASTConsumer>
CompileDoor::CreateASTConsumer(CompilerInstance &CI, llvm::StringRef) {
  // 'clang --analyze' runs the same checks itself.
  bool IsAnalysis = CI.getFrontendOpts().ProgramAction == frontend::RunAnalysis;
  if (IsAnalysis || CI.getLangOpts().CPlusPlus)
    return std::make_unique<ASTConsumer>();
  return createAnalysis(
      CI, Opts,
      [&CI](std::vector<CompilerFinding> Found, AnalysisStats) {
        llvm::sort(Found,
                   [](const CompilerFinding &A, const CompilerFinding &B) {
                     return A.Text < B.Text;
                   });
        emit(CI, Found);
      },
      {/*Called=*/nullptr, Gated});
}

} // namespace pagewarden
