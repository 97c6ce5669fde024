//===- Groundwork.h - What every path check stands on -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The hidden check that all others depend on.  It prepares the AST, evaluates
/// calls of modelled functions instead of entering them, and keeps the state
/// of Holdings.h.  It reports nothing.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_GROUNDWORK_H
#define PAGEWARDEN_ENGINE_GROUNDWORK_H

#include "pagewarden/Engine/Callees.h"
#include "pagewarden/Engine/Holdings.h"
#include "pagewarden/Engine/ModelIndex.h"
#include "clang/StaticAnalyzer/Core/Checker.h"
#include "llvm/ADT/DenseMap.h"
#include <memory>

namespace pagewarden {

/// Numbers for the summary.
struct AnalysisStats {
  unsigned Functions = 0; ///< functions whose paths were explored
  unsigned Exhausted = 0; ///< of these, how many ran out of node budget
};

class FieldFlow;
class Pruning;

class Groundwork
    : public clang::ento::Checker<
          clang::ento::check::ASTDecl<clang::TranslationUnitDecl>,
          clang::ento::check::BeginFunction, clang::ento::check::PostCall,
          clang::ento::check::Bind, clang::ento::check::BranchCondition,
          clang::ento::check::PreStmt<clang::ReturnStmt>,
          clang::ento::check::EndFunction,
          clang::ento::check::PostStmt<clang::BinaryOperator>,
          clang::ento::check::PostStmt<clang::GCCAsmStmt>,
          clang::ento::check::PointerEscape, clang::ento::check::LiveSymbols,
          clang::ento::check::DeadSymbols, clang::ento::check::EndAnalysis,
          clang::ento::eval::Call, clang::ento::eval::Assume> {
public:
  /// Full name of the hidden check, for dependencies and its options.
  static constexpr llvm::StringLiteral FullName = "linux.Groundwork";
  /// Option: model files, separated by ':'.
  static constexpr llvm::StringLiteral ModelOption = "Model";
  /// Option: enter every callee, whether it matters or not.
  static constexpr llvm::StringLiteral ExhaustiveOption = "Exhaustive";

  Groundwork();
  ~Groundwork();

  /// Reads the model; an error is one for the user.
  llvm::Error loadModel(llvm::StringRef Files);
  bool Exhaustive = false;

  const ModelIndex &index() const { return *Index; }

  /// The release that \p Call makes, or null.
  const model::Function *releaseOf(const clang::ento::CallEvent &Call) const;
  /// The freeing of memory that \p Call makes, or null.
  const model::Function *freeOf(const clang::ento::CallEvent &Call) const;

  void checkASTDecl(const clang::TranslationUnitDecl *TU,
                    clang::ento::AnalysisManager &Mgr,
                    clang::ento::BugReporter &BR) const;
  bool evalCall(const clang::ento::CallEvent &Call,
                clang::ento::CheckerContext &C) const;
  void checkBeginFunction(clang::ento::CheckerContext &C) const;
  void checkPostCall(const clang::ento::CallEvent &Call,
                     clang::ento::CheckerContext &C) const;
  void checkBranchCondition(const clang::Stmt *Condition,
                            clang::ento::CheckerContext &C) const;
  void checkPreStmt(const clang::ReturnStmt *Return,
                    clang::ento::CheckerContext &C) const;
  void checkEndFunction(const clang::ReturnStmt *Return,
                        clang::ento::CheckerContext &C) const;
  void checkPostStmt(const clang::BinaryOperator *Op,
                     clang::ento::CheckerContext &C) const;
  void checkPostStmt(const clang::GCCAsmStmt *Asm,
                     clang::ento::CheckerContext &C) const;
  clang::ento::ProgramStateRef
  checkPointerEscape(clang::ento::ProgramStateRef State,
                     const clang::ento::InvalidatedSymbols &Escaped,
                     const clang::ento::CallEvent *Call,
                     clang::ento::PointerEscapeKind Kind) const;
  void checkLiveSymbols(clang::ento::ProgramStateRef State,
                        clang::ento::SymbolReaper &Reaper) const;

  void checkDeadSymbols(clang::ento::SymbolReaper &Reaper,
                        clang::ento::CheckerContext &C) const;

  clang::ento::ProgramStateRef evalAssume(clang::ento::ProgramStateRef State,
                                          clang::ento::SVal Condition,
                                          bool Assumption) const;
  void checkEndAnalysis(clang::ento::ExplodedGraph &Graph,
                        clang::ento::BugReporter &BR,
                        clang::ento::ExprEngine &Engine) const;

  /// What the fields of \p TU hold; read when first asked for.
  const FieldFlow &fields(const clang::TranslationUnitDecl *TU) const;

  /// What was explored in this process since it was last set.
  static AnalysisStats &stats();

  // The engine's signature of this callback gained a parameter; both are
  // here, and the engine takes the one it knows.
  void checkBind(clang::ento::SVal Location, clang::ento::SVal Value,
                 const clang::Stmt *S, clang::ento::CheckerContext &C) const;
  void checkBind(clang::ento::SVal Location, clang::ento::SVal Value,
                 const clang::Stmt *S, bool /*AtDeclInit*/,
                 clang::ento::CheckerContext &C) const {
    checkBind(Location, Value, S, C);
  }

private:
  void evalAcquire(const model::Function &Fn,
                   const clang::ento::CallEvent &Call,
                   clang::ento::CheckerContext &C) const;
  void evalRelease(const model::Function &Fn,
                   const clang::ento::CallEvent &Call,
                   clang::ento::CheckerContext &C) const;
  void evalTransfer(const model::Function &Fn,
                    const clang::ento::CallEvent &Call,
                    clang::ento::CheckerContext &C) const;
  void evalConvert(const model::Function &Fn,
                   const clang::ento::CallEvent &Call,
                   clang::ento::CheckerContext &C) const;
  void evalTest(const model::Function &Fn, const clang::ento::CallEvent &Call,
                clang::ento::CheckerContext &C) const;
  void evalLooking(const model::Function &Fn,
                   const clang::ento::CallEvent &Call,
                   clang::ento::CheckerContext &C) const;
  void evalBorrow(const model::Function &Fn, const clang::ento::CallEvent &Call,
                  clang::ento::CheckerContext &C) const;
  void evalPlain(const clang::ento::CallEvent &Call,
                 clang::ento::CheckerContext &C) const;
  bool evalIrrelevant(const clang::ento::CallEvent &Call,
                      clang::ento::CheckerContext &C) const;

  /// Ends the path where it has nothing to say any more; true when it did.
  bool prune(const clang::Stmt *Condition,
             clang::ento::CheckerContext &C) const;
  /// A function that the model marks as explored.
  bool isExplored(const clang::FunctionDecl *Fn) const;

  /// What a loop does with pages, element by element.
  struct LoopSummary {
    bool Acquires = false;
    /// Pointers to the arrays whose elements are released.
    llvm::SmallVector<const clang::Expr *, 2> Released;
    /// Pointers to the arrays whose elements are handed on or copied.
    llvm::SmallVector<const clang::Expr *, 2> Passed;
    /// Something is released, and it is not known what.
    bool Unknown = false;
  };
  const LoopSummary &summarise(const clang::Stmt *Loop) const;

  std::shared_ptr<const model::Model> TheModel;
  std::unique_ptr<ModelIndex> Index;
  std::unique_ptr<Callees> TheCallees;
  std::unique_ptr<Pruning> ThePruning;
  mutable llvm::DenseMap<const clang::Stmt *, LoopSummary> Loops;
  mutable std::unique_ptr<FieldFlow> Fields;
  /// The flag that asks for zeroes, once somebody asked for it.
  mutable std::optional<uint64_t> Clears;
};

/// The groundwork of \p Mgr; it is there wherever a check depends on it.
const Groundwork &groundworkOf(clang::ento::CheckerManager &Mgr);

/// The value that \p E would have in \p State, as far as variables, members
/// and the bases of subscripts tell without evaluating anything.
clang::ento::SVal peek(const clang::Expr *E, clang::ento::ProgramStateRef State,
                       const clang::LocationContext *LCtx);

/// The same without what the path has assumed since: a symbol that can only be
/// 0 is still a symbol.
clang::ento::SVal peekStored(const clang::Expr *E,
                             clang::ento::ProgramStateRef State,
                             const clang::LocationContext *LCtx);

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_GROUNDWORK_H
