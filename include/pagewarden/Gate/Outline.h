//===- Outline.h - What the text of a file names ----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All that the gate wants to know of a file, from one pass over its text, and
/// the same of many files, kept between runs.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_GATE_OUTLINE_H
#define PAGEWARDEN_GATE_OUTLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace pagewarden::gate {

/// Stands for a licence that only the preprocessor knows.
inline constexpr llvm::StringLiteral UnknownLicense = "?";

struct Outline {
  /// Hashes of the identifiers outside comments and literals, sorted, each
  /// once.  Different identifiers may have one hash.
  std::vector<uint32_t> Words;
  /// What stands behind #include, with its quotes or angles, in order.
  std::vector<std::string> Includes;
  /// What stands in MODULE_LICENSE("..."), each once; UnknownLicense where
  /// that is no literal.
  std::vector<std::string> Licenses;

  /// False: \p Identifier is not there.  True: it very probably is.
  bool mayName(llvm::StringRef Identifier) const;
  bool mayNameHash(uint32_t Hash) const;
};

uint32_t hashOf(llvm::StringRef Identifier);

Outline outlineOf(llvm::StringRef Text);

/// An identifier where it stands.
struct Use {
  enum Place {
    InFunction, ///< in the body of the function Name
    InMacro,    ///< in the definition of the macro Name
    Elsewhere   ///< in an initializer, or given to a macro outside functions
  };
  llvm::StringRef Name; ///< empty Elsewhere
  llvm::StringRef Used;
  Place Where;
  /// Part of a longer identifier: it stands beside a ##, or may be given to a
  /// macro that puts one there.
  bool IsPart;
};

/// Calls \p OnUse for each identifier in the definitions of \p Text, as often
/// as it occurs.
void forEachUse(llvm::StringRef Text,
                llvm::function_ref<void(const Use &)> OnUse);

/// The outlines of many files.
class OutlineStore {
public:
  /// \p Path: where they are kept between runs; "" keeps nothing.
  explicit OutlineStore(std::string Path);

  /// Reads those of \p Files (absolute) that are not known, or have another
  /// size, inode or times than when they were, with \p Threads threads.
  /// \p OnProgress is called by this thread with the number of those done.
  void read(llvm::ArrayRef<std::string> Files, unsigned Threads,
            llvm::function_ref<void(size_t)> OnProgress);

  /// Null when it could not be read; must be one of those given to read().
  const Outline *of(llvm::StringRef File) const;

  /// Files that had to be read anew.
  size_t readAnew() const { return Anew; }

  llvm::Error save() const;

private:
  struct Stamp {
    uint64_t Size = 0, Inode = 0;
    int64_t Modified = 0, Changed = 0;
    bool operator==(const Stamp &) const = default;
  };
  struct Entry {
    Stamp At;
    Outline Of;
    bool Good = false, Used = false;
  };
  static bool stamp(llvm::StringRef File, Stamp &At);
  static void readOne(llvm::StringRef File, Entry &E, bool &IsNew);
  void load();

  const std::string Path;
  int64_t Start;
  llvm::StringMap<Entry> Entries;
  size_t Anew = 0;
};

} // namespace pagewarden::gate

#endif // PAGEWARDEN_GATE_OUTLINE_H
