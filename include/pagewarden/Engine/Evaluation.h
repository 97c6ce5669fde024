//===- Evaluation.h - Calls and comparisons on a path -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Small questions that everything on a path asks: what an argument is, what
/// is known of two numbers, whether a value leads to what is held.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_EVALUATION_H
#define PAGEWARDEN_ENGINE_EVALUATION_H

#include "pagewarden/Engine/Holdings.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h"

namespace clang {
class ParentMap;
} // namespace clang

namespace pagewarden {

/// Errors as numbers and pointers (include/linux/err.h).
inline constexpr int64_t MaxErrno = 4095;

/// \p State with \p X \p Op \p Y; \p State itself where the engine cannot
/// express it, null where it cannot be.
clang::ento::ProgramStateRef assuming(clang::ento::ProgramStateRef State,
                                      clang::ento::SVal X,
                                      clang::BinaryOperatorKind Op,
                                      clang::ento::SVal Y);
clang::ento::ProgramStateRef assuming(clang::ento::ProgramStateRef State,
                                      clang::ento::SVal X,
                                      clang::BinaryOperatorKind Op, int64_t Y);

/// It is certain on this path that \p X \p Op \p Y.
bool holdsFor(clang::ento::ProgramStateRef State, clang::ento::SVal X,
              clang::BinaryOperatorKind Op, clang::ento::SVal Y);
bool holdsFor(clang::ento::ProgramStateRef State, clang::ento::SVal X,
              clang::BinaryOperatorKind Op, int64_t Y);

/// The one number that \p V can be on this path, or null.
const llvm::APSInt *knownNumber(clang::ento::ProgramStateRef State,
                                clang::ento::SVal V);

/// \p State with the result of \p Call.
clang::ento::ProgramStateRef bindResult(clang::ento::ProgramStateRef State,
                                        const clang::ento::CallEvent &Call,
                                        clang::ento::CheckerContext &C,
                                        clang::ento::SVal Value);
/// A new value for the result of \p Call; unknown where it returns nothing.
clang::ento::SVal conjureResult(const clang::ento::CallEvent &Call,
                                clang::ento::CheckerContext &C);

/// The value of the argument that \p P names, unknown where it names none.
/// release_pages() takes a transparent union of pointers, which is the pointer
/// that was written.
clang::ento::SVal placeArg(const model::Place &P,
                           const clang::ento::CallEvent &Call,
                           clang::ento::CheckerContext &C);
/// The argument that \p P names as it is written, or null.
const clang::Expr *placeExpr(const model::Place &P,
                             const clang::ento::CallEvent &Call);

/// The symbol of the object that \p V points to the beginning of, or null.
clang::ento::SymbolRef objectSymbol(clang::ento::SVal V);

/// \p V leads to what \p E holds: by itself, or as (a part of) its owner.
bool leadsTo(const HoldingEntry &E, clang::ento::SVal V,
             clang::ento::ProgramStateRef State);

/// Objects of \p E are named somewhere in \p S.
bool namesObject(const HoldingEntry &E, const clang::Stmt *S,
                 clang::ento::ProgramStateRef State,
                 const clang::LocationContext *LCtx);

/// The functions that the main file of \p TU defines.  They are looked for once
/// in a unit, which has far more from headers.
llvm::ArrayRef<const clang::FunctionDecl *>
mainFileFunctions(const clang::TranslationUnitDecl *TU);
/// To be called when a unit begins: it may lie where another did.
void forgetMainFileFunctions();

/// The loop whose condition \p Condition is (a part of), or null.
const clang::Stmt *loopOf(const clang::Stmt *Condition,
                          const clang::ParentMap &Parents);

/// \p S, in the frame of \p LCtx, runs inside the loop whose condition
/// \p Condition is (a part of): in its body, or called from there.
bool isInLoopOf(const clang::Expr *Condition, const clang::Stmt *S,
                const clang::LocationContext *LCtx);

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_EVALUATION_H
