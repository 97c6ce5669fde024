//===- Marked.h - What the model marks, in one translation unit -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Marks of the model (model::Mark) for declarations and expressions, and the
/// small questions to the AST that the checks of device memory and of hotplug
/// share.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_MARKED_H
#define PAGEWARDEN_LIB_CHECKERS_MARKED_H

#include "pagewarden/Model/Model.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h"

namespace pagewarden {

class Marked {
public:
  explicit Marked(const model::Model &M) : M(M) {}

  /// The mark of \p Kind on a function, or null.  A static function of the
  /// main file with a name of the kernel's is not the kernel's.
  const model::Mark *find(llvm::StringRef Kind,
                          const clang::FunctionDecl *Fn) const;
  const model::Mark *find(llvm::StringRef Kind,
                          const clang::CallExpr *Call) const;
  const model::Mark *find(llvm::StringRef Kind,
                          const clang::ento::CallEvent &Call) const;
  /// On a field: that of "struct.field", else that of "struct.".
  const model::Mark *find(llvm::StringRef Kind,
                          const clang::FieldDecl *Field) const;
  /// On a bare name.
  const model::Mark *find(llvm::StringRef Kind, llvm::StringRef Name) const {
    return M.mark(Kind, Name);
  }
  const model::Model &model() const { return M; }

private:
  const model::Model &M;
};

/// Functions that the main file defines, in its order.
std::vector<const clang::FunctionDecl *>
ownFunctions(const clang::TranslationUnitDecl *TU);

/// Calls \p See for \p S and all statements in it.
void forEachStmt(const clang::Stmt *S,
                 llvm::function_ref<void(const clang::Stmt *)> See);

/// Direct calls in \p S, in the order of the source.
std::vector<const clang::CallExpr *> callsIn(const clang::Stmt *S);

/// Whether the file is compiled as (a part of) a module that can be unloaded,
/// as far as its own MODULE_* lines tell: in built-in code they carry the
/// module's name in front.
bool isModule(const clang::TranslationUnitDecl *TU);

/// Whether \p Fn is exported to modules by a line of the same file.
bool isExported(const clang::FunctionDecl *Fn);

/// The variable or field that \p E names, through casts, '&' and '*'.
const clang::ValueDecl *declOf(const clang::Expr *E);

/// The text of \p E as written, with its macros unexpanded.
std::string sourceOf(const clang::Expr *E, const clang::ASTContext &Ctx);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_MARKED_H
