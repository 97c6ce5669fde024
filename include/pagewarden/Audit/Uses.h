//===- Uses.h - Where a tree names its exports ----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which files name a symbol, themselves or through an inline function or a
/// macro of a header, judged by their text.  A word that is something else
/// (a variable of that name) counts as well: it is better to think a symbol
/// used than to call it unused.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_USES_H
#define PAGEWARDEN_AUDIT_USES_H

#include "pagewarden/Kernel/Modules.h"
#include "pagewarden/Kernel/SourceTree.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace pagewarden::audit {

/// One file that uses a symbol.
struct Use {
  llvm::StringRef File; ///< relative to the tree
  unsigned Line = 0;    ///< of the first time, from 1
  unsigned Times = 0;   ///< how often it is named there
  llvm::StringRef Via;  ///< the inline function or macro; empty: itself
  kernel::Owner Owner;
};

/// Everything that uses one symbol, outside the file that exports it.
struct UsesOf {
  std::vector<Use> Uses; ///< by file; one for each file and way
  /// Modules that can be built as such; with doubt, a file's folder.
  std::vector<std::string> Modules;
  /// Of these, the ones that name the symbol themselves.
  std::vector<std::string> DirectModules;
  /// Inline functions and macros of headers that name it.
  std::vector<std::string> Inlines;
  /// By other files of the modules that export it; not among Uses.
  std::vector<Use> OwnModule;
  /// Out of tree, without an owner; the file begins with its folder's name.
  std::vector<Use> Outside;
};

class UseIndex {
public:
  /// Reads all of \p Tree for \p Symbols.
  static UseIndex build(const kernel::SourceTree &Tree,
                        const kernel::ModuleMap &Modules,
                        llvm::ArrayRef<llvm::StringRef> Symbols);

  /// Reads code that is in no tree, for the same symbols.
  void addOutside(const kernel::SourceTree &Folder);

  /// The inline functions and macros of headers that name \p Symbol
  /// themselves.
  llvm::SmallVector<llvm::StringRef, 2>
  mentionedBy(llvm::StringRef Symbol) const;

  /// Who uses \p Symbol, apart from \p Except (files that export it) and the
  /// rest of the modules that these are part of.
  UsesOf usesOf(llvm::StringRef Symbol,
                llvm::ArrayRef<llvm::StringRef> Except) const;

  /// Whether a header of the tree defines \p Name as an inline function or a
  /// macro.
  bool inHeader(llvm::StringRef Name) const;

private:
  using Id = uint32_t;
  /// A name in a file and how often it stands there.
  struct Mention {
    Id Name;
    unsigned File, Line, Times;
  };
  /// The names that \p File, with the contents \p Text, uses.
  void scan(llvm::StringRef File, llvm::StringRef Text,
            std::vector<Mention> &Found) const;

  llvm::StringMap<Id> Ids;
  std::vector<llvm::StringRef> Names;
  /// To a name, the definitions in headers that mention it.
  std::vector<llvm::SmallVector<Id, 2>> MentionedBy;
  std::vector<bool> Defined;     ///< in a header
  std::vector<bool> Wanted;      ///< a symbol, or leads to one
  std::vector<Mention> Mentions; ///< by name
  std::vector<size_t> Begin;     ///< of a name's, in Mentions
  std::vector<std::string> Files;
  std::vector<Mention> OutsideMentions; ///< by file; of OutsideFiles
  std::vector<std::string> OutsideFiles;
  const kernel::ModuleMap *Modules = nullptr;
};

/// Inline functions and macros of the headers below \p Root that mention one
/// of \p Words, or one another that does. Where these are very many, those
/// only that mention one of \p Words themselves.
std::vector<std::string> headerUsers(llvm::StringRef Root,
                                     llvm::ArrayRef<std::string> Words);

/// Tells these headers from changed ones, by their names, sizes and times.
std::string stampOfHeaders(llvm::StringRef Root);

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_USES_H
