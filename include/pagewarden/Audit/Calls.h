//===- Calls.h - What exported functions call -----------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls by name, read from a file's text.  Static functions of the file are
/// seen through; what headers define inline does not count.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_CALLS_H
#define PAGEWARDEN_AUDIT_CALLS_H

#include "pagewarden/Kernel/SourceTree.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <functional>
#include <string>
#include <vector>

namespace pagewarden::audit {

/// One function that is called.
struct Callee {
  std::string Name;
  unsigned Line = 0; ///< of the first call, from 1
  /// Static functions of the file on the way, outermost first.
  std::vector<std::string> Through;
};

struct CallsOf {
  bool Known = false; ///< the file defines the function
  /// Out of line, without what is incidental (locks, prints), each once.
  std::vector<Callee> Callees;
  unsigned Words = 0; ///< tokens of its own body
};

class CallGraph {
public:
  /// \p Incidental tells which names do not count as calls.
  CallGraph(const kernel::SourceTree &Tree,
            std::function<bool(llvm::StringRef)> Incidental)
      : Tree(Tree), Incidental(std::move(Incidental)) {}

  /// What \p Function of \p File calls.
  CallsOf callsOf(llvm::StringRef File, llvm::StringRef Function);

private:
  struct FunctionCalls {
    std::vector<std::pair<std::string, unsigned>> Names; ///< with lines
    bool Static = false;
    unsigned Words = 0;
  };
  using FileCalls = llvm::StringMap<FunctionCalls>;
  const FileCalls &read(llvm::StringRef File);
  void collect(const FileCalls &In, const FunctionCalls &F,
               std::vector<std::string> &Through, CallsOf &Out);

  const kernel::SourceTree &Tree;
  std::function<bool(llvm::StringRef)> Incidental;
  llvm::StringMap<FileCalls> Files;
};

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_CALLS_H
