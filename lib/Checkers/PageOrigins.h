//===- PageOrigins.h - Where the pages of a file come from ------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The provenance of pages, by the AST.  Whether a page may be a device's is
/// decided by where it came from:
///
///   Device   the result of a mapping, or a page map's range
///   Private  a device's own memory that the CPU cannot reach
///   User     an acquisition of user memory
///   Mapped   what is mapped at a user's address, without an acquisition
///   Entry    a scatterlist, bio or the like
///   Pfn      a pfn
///   Unknown  anything else, or several of these; nothing is to be said
///
/// Parameters of a file's own functions, and fields of its own structures,
/// have the origin that everything has that the file puts into them.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_CHECKERS_PAGEORIGINS_H
#define PAGEWARDEN_LIB_CHECKERS_PAGEORIGINS_H

#include "Marked.h"
#include "Reach.h"
#include "pagewarden/Engine/ModelIndex.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace pagewarden {

enum class Origin { None, Device, Private, User, Mapped, Entry, Pfn, Unknown };

/// A pointer to a page or a folio.
bool isPageType(clang::QualType Type);

/// The outermost macro around \p E with a mark of \p Kind, or null.
const model::Mark *macroAround(const clang::Expr *E, llvm::StringRef Kind,
                               const Marked &M, const clang::ASTContext &Ctx);

/// What \p Field is a field of: through the unnamed members between.
const clang::Expr *ownerOf(const clang::MemberExpr *Field);

/// The argument that \p Mark is about, the first where it does not say, or
/// null.
const clang::Expr *markedArg(const clang::CallExpr *Call,
                             const model::Mark *Mark);

/// The variable or field that \p E names, through elements, '&' and '*'.
const clang::ValueDecl *targetOf(const clang::Expr *E);

/// Whether \p S contains an expression that \p Is.
bool mentions(const clang::Stmt *S,
              llvm::function_ref<bool(const clang::Expr *)> Is);

/// What holds in the whole file.
struct UnitOrigins {
  /// Parameters of the file's own functions, and fields of its own structures.
  llvm::DenseMap<const clang::ValueDecl *, Origin> Outside;
  /// Such parameters that somebody outside chooses, as far as a caller tells.
  llvm::DenseSet<const clang::ValueDecl *> Chosen;
  /// Methods whose argument leads to a page of private memory.
  llvm::DenseSet<const clang::FunctionDecl *> PrivateMethods;
  /// No memory of the file is of a type that the CPU can reach.
  bool OnlyPrivate = false;
};

/// The origins in one function.
class PageOrigins {
public:
  /// With \p Paths, of several origins of a variable those count that reach
  /// its use.
  PageOrigins(const clang::FunctionDecl *Fn, const UnitOrigins &Unit,
              const ModelIndex &Index, Reach *Paths = nullptr);

  Origin of(const clang::Expr *E) const;
  /// The pfn that \p E is the page of, or null where it is not written so.
  const clang::Expr *pfnOf(const clang::Expr *E) const;
  /// \p E is computed from where a page map lies.
  bool isDeviceNumber(const clang::Expr *E) const;
  /// \p E is computed from a number that runs over a range, or that somebody
  /// outside wrote down.
  bool isWalked(const clang::Expr *E) const;
  /// From what somebody outside wrote down, or where a zone begins.
  bool isChosen(const clang::Expr *E) const;
  /// \p E is the number of a page: its pfn, physical address or a sum of such.
  /// \p Page is the page, as far as it is written there.
  bool isNumberOfPage(const clang::Expr *E,
                      const clang::Expr **Page = nullptr) const;
  /// Whether what is known of \p A may be known of \p B: not when they are
  /// variables that have nothing to do with each other.
  bool related(const clang::ValueDecl *A, const clang::ValueDecl *B) const;

  const clang::FunctionDecl *function() const { return Fn; }

private:
  using Visit =
      llvm::function_ref<void(const clang::Expr *To, const clang::Expr *From,
                              const clang::ValueDecl *Declared)>;
  void eachAssignment(Visit See) const;
  bool isSpan(const clang::Stmt *E) const;
  void collectNumbers();
  void collectPages();
  void collectGroups();
  void note(const clang::ValueDecl *D, Origin From,
            const clang::Stmt *At = nullptr);
  Origin reaching(const clang::DeclRefExpr *Use) const;
  const clang::ValueDecl *groupOf(const clang::ValueDecl *D) const;

  const clang::FunctionDecl *Fn;
  const UnitOrigins &Unit;
  const ModelIndex &Index;
  Marked M;
  Reach *Paths;
  llvm::DenseMap<const clang::ValueDecl *, Origin> Origins;
  /// Each place where a variable is set, and what it is then; no place for
  /// its value at the beginning.
  llvm::DenseMap<const clang::ValueDecl *,
                 llvm::SmallVector<std::pair<const clang::Stmt *, Origin>, 2>>
      Sets;
  llvm::DenseSet<const clang::ValueDecl *> DeviceNumbers, Walked, Chosen;
  /// Numbers of pages in variables: where they are written.
  llvm::DenseMap<const clang::ValueDecl *, const clang::Expr *> Numbers;
  llvm::DenseMap<const clang::ValueDecl *, const clang::ValueDecl *> Groups;
};

/// What reaches parameters and fields, for the functions of the main file.
UnitOrigins originsIn(const clang::TranslationUnitDecl *TU,
                      const std::vector<const clang::FunctionDecl *> &Functions,
                      const ModelIndex &Index);

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_CHECKERS_PAGEORIGINS_H
