//===- Consumer.cpp - The analysis as an AST consumer ---------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Plugin/Consumer.h"
#include "FindingConsumer.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Engine/Groundwork.h"
#include "pagewarden/Engine/Slice.h"
#include "pagewarden/Facts/UnitContext.h"
#include "pagewarden/Plugin/Options.h"
#include "pagewarden/Scan/WorkList.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

/// CreateAnalysisConsumer() ends -Werror for the whole compile.
static std::unique_ptr<AnalysisASTConsumer> createInner(CompilerInstance &CI) {
  DiagnosticsEngine &Diags = CI.getDiagnostics();
  bool AsErrors = Diags.getWarningsAsErrors();
  auto Inner = CreateAnalysisConsumer(CI);
  Diags.setWarningsAsErrors(AsErrors);
  return Inner;
}

namespace {

/// Feeds clang's analysis consumer with the functions that matter.  That one
/// is made when all is parsed: in most files nothing is there for it.
class Analysis : public ASTConsumer {
public:
  Analysis(CompilerInstance &CI, const scan::Options &Opts, FindingHandler Done,
           AnalysisRules Rules)
      : CI(CI), Opts(Opts), Done(std::move(Done)), Rules(Rules) {}

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    Groups.push_back(Group);
    return true;
  }

  bool shouldSkipFunctionBody(Decl *D) override {
    const auto *Fn = dyn_cast<FunctionDecl>(D);
    return Rules.Called && Fn && Fn->getIdentifier() &&
           Fn->getStorageClass() == SC_Static &&
           !CI.getSourceManager().isInMainFile(Fn->getLocation()) &&
           !Rules.Called->mayBeCalled(Fn->getName());
  }

  void HandleTranslationUnit(ASTContext &Ctx) override {
    if (Ctx.getDiagnostics().hasErrorOccurred())
      return;
    Groundwork::stats() = {};
    auto Model = model::Model::shared(Opts.ModelFiles);
    if (Model) {
      const ModelIndex Index(**Model);
      const Reachable Unit(Ctx.getTranslationUnitDecl(), Index);
      if (!Rules.Gated || passes(Ctx, Unit, **Model))
        analyse(Ctx, Unit, Index);
    } else { // the groundwork says why
      llvm::consumeError(Model.takeError());
    }
    Done(std::move(Found), Groundwork::stats());
  }

private:
  void analyse(ASTContext &Ctx, const Reachable &Unit,
               const ModelIndex &Index) {
    std::unique_ptr<AnalysisASTConsumer> Inner = createInner(CI);
    Inner->AddCheckerRegistrationFn(registerChecks);
    compat::addDiagnosticConsumer(*Inner,
                                  std::make_unique<FindingConsumer>(Found));
    Inner->Initialize(Ctx);
    const Slice Relevant(Ctx.getTranslationUnitDecl(), Unit, Index,
                         enabledFamilies(Opts));
    for (DeclGroupRef Group : Groups)
      for (Decl *D : Group)
        if (Opts.Exhaustive || Relevant.contains(D))
          Inner->HandleTopLevelDecl(DeclGroupRef(D));
    setCompilerForFacts(&CI);
    Inner->HandleTranslationUnit(Ctx);
    setCompilerForFacts(nullptr);
    // Reports are flushed when the analysis ends its life.
    Inner.reset();
  }

  /// What the gate of a scan says of a file, from what was parsed instead of
  /// what is written.
  bool passes(ASTContext &Ctx, const Reachable &Unit,
              const model::Model &Model) const {
    const gate::TextGate Words =
        scan::acquiringWords(Model, gateFamilies(Opts));
    if (Words.words().empty() || !Opts.License.empty())
      return true;
    for (const FunctionDecl *Fn : Unit.named())
      if (Fn->getIdentifier() && Words.words().contains(Fn->getName()))
        return true;
    const SourceManager &SM = Ctx.getSourceManager();
    if (!Words.why(SM.getBufferData(SM.getMainFileID())).empty())
      return true;
    const UnitContext Context = readUnitContext(Ctx, CI.getPreprocessor());
    return Context.IsModule && (Context.IsOutOfTree || Context.incompatible());
  }

  CompilerInstance &CI;
  const scan::Options Opts;
  FindingHandler Done;
  const AnalysisRules Rules;
  std::vector<CompilerFinding> Found;
  std::vector<DeclGroupRef> Groups;
};

} // namespace

/// The Module.symvers of the build folder that the include paths name
/// ("-I./include", "-I.../include/generated/uapi"), or "".
static std::string findSymvers(const HeaderSearchOptions &Search) {
  for (const HeaderSearchOptions::Entry &Entry : Search.UserEntries) {
    llvm::StringRef Folder = Entry.Path;
    if (llvm::sys::path::filename(Folder) != "include")
      continue;
    llvm::SmallString<256> File(llvm::sys::path::parent_path(Folder));
    llvm::sys::path::append(File, "Module.symvers");
    if (llvm::sys::fs::exists(File))
      return std::string(File);
  }
  return "";
}

/// What a function may cost at most; clang's own budget is 225,000.  With paths
/// that say nothing ended early, findings come long before this.
static constexpr unsigned MaxNodes = 40'000;

static void configure(CompilerInstance &CI, const scan::Options &Opts) {
  AnalyzerOptions &A = CI.getAnalyzerOpts();
  A.AnalysisDiagOpt = PD_NONE;
  if (!Opts.Exhaustive)
    A.MaxNodesPerTopLevelFunction = MaxNodes;
  A.CheckersAndPackages = {{"core.builtin", true},
                           {"core.NullDereference", true}};
  for (const std::string &Check : enabledChecks(Opts))
    A.CheckersAndPackages.emplace_back(Check, true);
  auto Set = [&](llvm::StringRef Check, llvm::StringRef Option,
                 llvm::StringRef Value) {
    if (!Value.empty())
      A.Config[(Check + ":" + Option).str()] = Value.str();
  };
  Set(Groundwork::FullName, Groundwork::ModelOption,
      llvm::join(Opts.ModelFiles, ":"));
  Set(Groundwork::FullName, Groundwork::ExhaustiveOption,
      Opts.Exhaustive ? "true" : "");
  Set("linux.export.GplOnly", option::License, Opts.License);
  Set("linux.export.GplOnly", option::Symvers,
      Opts.Symvers.empty() ? findSymvers(CI.getHeaderSearchOpts())
                           : Opts.Symvers);
}

std::unique_ptr<ASTConsumer> createAnalysis(CompilerInstance &CI,
                                            const scan::Options &Opts,
                                            FindingHandler Done,
                                            AnalysisRules Rules) {
  configure(CI, Opts);
  if (Rules.Called)
    CI.getFrontendOpts().SkipFunctionBodies = true;
  return std::make_unique<Analysis>(CI, Opts, std::move(Done), Rules);
}

} // namespace pagewarden
