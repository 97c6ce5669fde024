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
  /// On a bare name, in whatever kernel.
  const model::Mark *find(llvm::StringRef Kind, llvm::StringRef Name) const {
    return M.mark(Kind, Name);
  }
  /// On a bare name, in the code of \p Ctx.
  const model::Mark *find(llvm::StringRef Kind, llvm::StringRef Name,
                          const clang::ASTContext &Ctx) const;
  /// All marks of \p Kind on \p Name that hold in the code of \p Ctx.
  llvm::SmallVector<const model::Mark *, 2>
  all(llvm::StringRef Kind, llvm::StringRef Name,
      const clang::ASTContext &Ctx) const;
  /// The last mark of \p Kind, on whatever, that holds in the code of \p Ctx.
  const model::Mark *era(llvm::StringRef Kind,
                         const clang::ASTContext &Ctx) const;
  const model::Model &model() const { return M; }

private:
  const model::Model &M;
};

/// Whether the code of \p Ctx declares \p Spelling: a function, "function(3)"
/// with three parameters, a variable, type or enumerator, or "struct.field".
bool declares(const clang::ASTContext &Ctx, llvm::StringRef Spelling);

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

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_MARKED_H
