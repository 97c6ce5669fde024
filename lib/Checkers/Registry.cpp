//===- Registry.cpp - All checks, for clang's registry --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Checkers/Registry.h"
#include "ExportFacts.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/StaticAnalyzer/Core/AnalyzerOptions.h"
#include "clang/StaticAnalyzer/Frontend/CheckerRegistry.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

#define CHECK(PACKAGE, NAME, DEFAULT, SEVERITY, FAMILY, HELP)                  \
  void register##NAME(CheckerManager &Mgr);
#include "pagewarden/Checkers/Checks.def"

void registerExportFacts(CheckerManager &Mgr);

static void registerGroundwork(CheckerManager &Mgr) {
  auto *Checker = Mgr.registerChecker<Groundwork>();
  llvm::StringRef Files = Mgr.getAnalyzerOptions().getCheckerStringOption(
      Checker, Groundwork::ModelOption);
  Checker->Exhaustive = Mgr.getAnalyzerOptions().getCheckerBooleanOption(
      Checker, Groundwork::ExhaustiveOption);
  if (llvm::Error E = Checker->loadModel(Files)) {
    llvm::errs() << toString(std::move(E)) << '\n';
    Mgr.reportInvalidCheckerOptionValue(Checker, Groundwork::ModelOption,
                                        "model files without errors");
    // The groundwork must be usable until clang stops for the error.
    consumeError(Checker->loadModel(""));
  }
}

static bool isForC(const CheckerManager &Mgr) {
  return !Mgr.getLangOpts().CPlusPlus;
}

static std::string docsUri(const CheckInfo &Info) { return Info.page(); }

void registerChecks(CheckerRegistry &Registry) {
  Registry.addChecker(registerGroundwork, isForC, Groundwork::FullName,
                      "prepares kernel code and tracks what is held", "",
                      /*IsHidden=*/true);
  Registry.addCheckerOption(
      "string", Groundwork::FullName, Groundwork::ModelOption, "",
      "files that extend the model, separated by ':'", "released");
  Registry.addCheckerOption(
      "bool", Groundwork::FullName, Groundwork::ExhaustiveOption, "false",
      "enter every callee, whether it matters or not", "released");
  // Facts are collected before the groundwork rewrites the AST.
  Registry.addChecker(registerExportFacts, isForC, ExportFacts::FullName,
                      "collects what the checks of exports judge", "",
                      /*IsHidden=*/true);
  Registry.addDependency(Groundwork::FullName, ExportFacts::FullName);
  // The registry keeps references to these strings.
  static const auto Names = [] {
    std::vector<std::pair<std::string, std::string>> Result;
    for (const CheckInfo &Info : AllChecks)
      Result.emplace_back(Info.fullName(), docsUri(Info));
    return Result;
  }();
  static constexpr void (*Functions[])(CheckerManager &) = {
#define CHECK(PACKAGE, NAME, DEFAULT, SEVERITY, FAMILY, HELP) register##NAME,
#include "pagewarden/Checkers/Checks.def"
  };
  for (size_t I = 0; I < std::size(AllChecks); ++I) {
    Registry.addChecker(Functions[I], isForC, Names[I].first, AllChecks[I].Help,
                        Names[I].second,
                        /*IsHidden=*/false);
    Registry.addDependency(Names[I].first, Groundwork::FullName);
  }
  Registry.addCheckerOption("string", option::ExportOwner, option::Symvers, "",
                            "Module.symvers of the target kernel, or the "
                            "folder that has it, for all of linux.export",
                            "released");
  Registry.addCheckerOption("string", option::ExportOwner, option::License, "",
                            "licence of the module when the file does not "
                            "say it, for all of linux.export",
                            "released");
}

} // namespace pagewarden
