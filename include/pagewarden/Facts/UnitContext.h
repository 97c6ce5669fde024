//===- UnitContext.h - What a unit says of its module -----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Licence, imported namespaces, and whether the file belongs to the kernel
/// whose headers it includes.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FACTS_UNITCONTEXT_H
#define PAGEWARDEN_FACTS_UNITCONTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Decl;
class Preprocessor;
class TranslationUnitDecl;
class VarDecl;
} // namespace clang

namespace pagewarden {

/// A licence, and the declaration that says it (null: an option did).
struct DeclaredLicense {
  std::string Text; ///< up to a NUL, as the kernel reads it
  const clang::VarDecl *Where = nullptr;
  bool HasNul = false; ///< there is more text behind a NUL
};

struct UnitContext {
  std::vector<DeclaredLicense> Licenses;
  std::vector<std::string> ImportedNamespaces;
  /// Code of a module, as far as the unit tells.
  bool IsModule = false;
  /// The file lies outside the kernel source whose headers it includes.
  bool IsOutOfTree = false;
  /// No other file of the module adds a licence or an import.
  bool SpeaksForModule = false;
  /// The kernel matches "module:..." namespaces with the module's name; older
  /// ones take them for ordinary namespaces.
  bool HasModuleNamespaces = false;
  /// Folder above the include/linux that the unit reads, absolute; "" when
  /// there is none.
  std::string KernelSource;

  /// The first licence that is not GPL-compatible, or null.
  const DeclaredLicense *incompatible() const;
};

UnitContext readUnitContext(clang::ASTContext &Ctx,
                            const clang::Preprocessor &PP);

/// See UnitContext::HasModuleNamespaces.
bool hasModuleNamespaces(const clang::Preprocessor &PP);

/// The kernel is configured for gcc, which will compile the file for it.
bool isForGcc(const clang::Preprocessor &PP);

/// A text of the section ".modinfo" ("license=GPL"), NULs in it included.
/// Built-in code has the module's name in front.
struct ModInfo {
  llvm::StringRef Text;
  const clang::VarDecl *Where;

  /// What the kernel reads of it: up to a NUL.
  llvm::StringRef read() const { return Text.split('\0').first; }
  bool isOfModule() const { return !Text.split('=').first.contains('.'); }
};

/// In the order of the source.  The texts live as long as the AST.
std::vector<ModInfo> modInfoOf(const clang::TranslationUnitDecl *TU);

/// Absolute, without "." and "..": one spelling for each file.
std::string plainPath(llvm::StringRef File, llvm::StringRef Folder = "");

/// Whether \p D stands in a header of the kernel that \p Unit is compiled for.
bool isInKernelHeader(const clang::Decl *D, const UnitContext &Unit);

} // namespace pagewarden

#endif // PAGEWARDEN_FACTS_UNITCONTEXT_H
