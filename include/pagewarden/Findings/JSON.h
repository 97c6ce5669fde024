//===- JSON.h - Bytes and objects as JSON -----------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the JSON forms of findings and of the worker's protocol share.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FINDINGS_JSON_H
#define PAGEWARDEN_FINDINGS_JSON_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace pagewarden {

/// A string as JSON that comes back byte by byte: JSON strings are UTF-8, file
/// names and source text need not be.  Other bytes travel as {"hex": "..."}.
llvm::json::Value bytesToJSON(llvm::StringRef Bytes);
llvm::json::Value bytesToJSON(const std::vector<std::string> &Strings);
bool bytesFromJSON(const llvm::json::Value &V, std::string &Bytes,
                   llvm::json::Path P);
bool bytesFromJSON(const llvm::json::Value &V,
                   std::vector<std::string> &Strings, llvm::json::Path P);

/// Reads the members of an object, all of which must be there.  After the
/// first failure, which is reported to the path, nothing more is read.
class JSONReader {
public:
  JSONReader(const llvm::json::Value &V, llvm::json::Path P)
      : P(P), O(V.getAsObject()) {
    if (!O)
      P.report("expected object");
  }

  /// A string, or strings, as bytesToJSON() writes them.
  template <typename T> void bytes(llvm::StringLiteral Key, T &Out) {
    if (const llvm::json::Value *V = member(Key))
      Good = bytesFromJSON(*V, Out, P.field(Key));
  }
  /// Anything that has a fromJSON().
  template <typename T> void value(llvm::StringLiteral Key, T &Out) {
    using llvm::json::fromJSON;
    if (const llvm::json::Value *V = member(Key))
      Good = fromJSON(*V, Out, P.field(Key));
  }
  void number(llvm::StringRef Key, unsigned &Out);

  bool good() const { return O && Good; }

private:
  const llvm::json::Value *member(llvm::StringRef Key);

  llvm::json::Path P;
  const llvm::json::Object *O;
  bool Good = true;
};

} // namespace pagewarden

#endif // PAGEWARDEN_FINDINGS_JSON_H
