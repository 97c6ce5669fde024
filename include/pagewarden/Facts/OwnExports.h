//===- OwnExports.h - What a file exports to modules ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// EXPORT_SYMBOL and its kin, read from what they expand to, and how functions
/// of a unit reach what is exported.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FACTS_OWNEXPORTS_H
#define PAGEWARDEN_FACTS_OWNEXPORTS_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include <string>
#include <vector>

namespace pagewarden {

struct ExportLine {
  std::string Symbol;
  bool GplOnly = false;
  clang::SourceLocation Loc; ///< where the file says so
};

/// The exports of the unit, in its order.  From 6.4 on they are notes to
/// modpost in assembler text, before that entries of "___ksymtab..." sections.
std::vector<ExportLine> readOwnExports(const clang::TranslationUnitDecl *TU);

/// One step from a function to what it refers to.
struct ReferenceStep {
  const clang::FunctionDecl *From;
  const clang::DeclRefExpr *Ref;
};

/// The shortest way from \p Fn through bodies that become part of it to a
/// reference to \p Symbol; empty when there is none.  A function that is
/// neither inline nor static ends a way: callers need its symbol and no more.
/// Code in unevaluated operands does not count, conditions are not folded.
std::vector<ReferenceStep> wayTo(const clang::FunctionDecl *Fn,
                                 llvm::StringRef Symbol);

} // namespace pagewarden

#endif // PAGEWARDEN_FACTS_OWNEXPORTS_H
