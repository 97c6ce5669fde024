//===- PrepareAST.h - Kernel C in words the engine knows --------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Clang's path exploration (19 to 22) ends at every 'asm goto' and ignores
/// '__attribute__((cleanup))'.  Kernel code has the first in put_page(),
/// mmap_read_lock() and every static key, and the second in __free() and
/// guard().  Before paths are explored, and after code was generated, the AST
/// is rewritten to say the same in statements that the engine follows.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_ENGINE_PREPAREAST_H
#define PAGEWARDEN_ENGINE_PREPAREAST_H

namespace clang {
class ASTContext;
class Stmt;
} // namespace clang

namespace pagewarden {

/// Rewrites all function bodies of \p Context, once per context.
void prepareAST(clang::ASTContext &Context);

/// True for a call that prepareAST() put in to stand for "this may go either
/// way"; notes about it tell a reader nothing.
bool isOpaqueBranch(const clang::Stmt *S);

} // namespace pagewarden

#endif // PAGEWARDEN_ENGINE_PREPAREAST_H
