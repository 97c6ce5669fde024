//===- Includes.h - What the files of a database include --------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Who includes whom, by text: each #include is looked for where the command
/// says, whatever the #if around it.  From that, the words of headers that
/// lead to a word of the gate: a driver that reaches pin_user_pages() through
/// a subsystem's inline function names only that.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_INCLUDES_H
#define PAGEWARDEN_SCAN_INCLUDES_H

#include "pagewarden/Gate/Outline.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "llvm/ADT/StringSet.h"
#include <map>

namespace pagewarden::scan {

/// A word that some header defines in words of the gate.
struct HeaderWord {
  std::string Name;
  std::string Header; ///< absolute
  std::string Uses;   ///< the word in its definition that counts
};

class Includes {
public:
  Includes(gate::OutlineStore &Store, unsigned Threads)
      : Store(Store), Threads(Threads) {}

  /// Reads \p Commands' files and all that they include, as far as that is
  /// not known.  \p OnProgress is called with the numbers of files read and of
  /// files known.
  void read(llvm::ArrayRef<const kernel::CompileCommand *> Commands,
            llvm::function_ref<void(size_t, size_t)> OnProgress);

  /// The macros and functions of headers whose definitions name one of \p
  /// Words, or one of those, and so on; none that \p IsKnown says yes to,
  /// since the model says what it does.
  std::vector<HeaderWord>
  wordsLeadingTo(llvm::ArrayRef<std::string> Words,
                 llvm::function_ref<bool(llvm::StringRef)> IsKnown) const;

  /// \p File, one of those read, includes \p Header, directly or not.
  bool reaches(llvm::StringRef File, llvm::StringRef Header) const;

  /// \p File, one of those read, and all that it includes.
  std::vector<llvm::StringRef> closure(llvm::StringRef File) const;

private:
  struct Node {
    std::string Path;
    unsigned Search = 0; ///< index in Searches
    std::vector<unsigned> Next;
    bool IsHeader = true;
  };
  unsigned add(llvm::StringRef Path, unsigned Search);
  unsigned searchOf(const kernel::CompileCommand &Command);
  void addForced(const kernel::CompileCommand &Command, unsigned Of);
  std::string resolve(llvm::StringRef Spelled, llvm::StringRef From,
                      unsigned Search);
  bool exists(llvm::StringRef Folder, llvm::StringRef Name);
  std::vector<bool> reachedFrom(unsigned Node) const;

  gate::OutlineStore &Store;
  const unsigned Threads;
  std::vector<Node> Nodes;
  llvm::StringMap<unsigned> ByPath;
  /// The folders that a command searches, in order.
  std::vector<std::vector<std::string>> Searches;
  std::map<std::vector<std::string>, unsigned> SearchNumbers;
  std::vector<llvm::StringMap<std::string>> Resolved; ///< by search
  llvm::StringMap<llvm::StringSet<>> Folders;
};

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_INCLUDES_H
