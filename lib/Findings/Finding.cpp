//===- Finding.cpp - The one thing that is reported -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Order, fingerprint and JSON form of findings.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Findings/Finding.h"
#include "pagewarden/Findings/JSON.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"
#include <tuple>

using namespace llvm;

namespace pagewarden {

std::string relativeTo(StringRef File, StringRef Root) {
  SmallString<256> Name(File);
  sys::path::remove_dots(Name, /*remove_dot_dot=*/true);
  SmallString<256> Base(Root);
  sys::path::remove_dots(Base, /*remove_dot_dot=*/true);
  StringRef Rest = Name;
  if (!Base.empty() && Rest.consume_front(Base) &&
      (Base.ends_with("/") || Rest.starts_with("/")))
    return Rest.ltrim('/').str();
  return std::string(Name);
}

void makeAbsolute(Finding &F, StringRef Folder) {
  auto Resolve = [&](Location &L) {
    // "<built-in>" is no file.
    if (L.File.empty() || L.File.front() == '<')
      return;
    SmallString<256> Path;
    if (!sys::path::is_absolute(L.File))
      Path = Folder;
    sys::path::append(Path, L.File);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    L.File = std::string(Path);
  };
  Resolve(F.Loc);
  for (Note &N : F.Path)
    Resolve(N.Loc);
  for (Note &N : F.Notes)
    Resolve(N.Loc);
}

/// The part of \p File that does not depend on where the tree stands.
static std::string stableName(StringRef File, StringRef Root) {
  std::string Name = relativeTo(File, Root);
  StringRef Rest = Name;
  while (Rest.consume_front("../"))
    ;
  if (!sys::path::is_absolute(Rest))
    return Rest.str();
  SmallString<128> Tail(
      sys::path::filename(sys::path::parent_path(Rest)).ltrim('/'));
  sys::path::append(Tail, sys::path::filename(Rest));
  return std::string(Tail);
}

std::string Finding::fingerprint(StringRef Root) const {
  SHA1 Hash;
  const std::string File = stableName(Loc.File, Root);
  for (StringRef Part : {StringRef(Check), StringRef(File), StringRef(Function),
                         StringRef(Identity.empty() ? Message : Identity)}) {
    Hash.update(Part);
    // No part can hold a NUL, so the parts cannot run into one another.
    Hash.update(StringRef("\0", 1));
  }
  return toHex(ArrayRef(Hash.final()).take_front(8), /*LowerCase=*/true);
}

bool operator<(const Finding &A, const Finding &B) {
  return std::tie(A.Loc, A.Check, A.Message, A.Function, A.Identity) <
         std::tie(B.Loc, B.Check, B.Message, B.Function, B.Identity);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

void JSONReader::number(StringRef Key, unsigned &Out) {
  const json::Value *V = member(Key);
  if (!V)
    return;
  std::optional<int64_t> Number = V->getAsInteger();
  if (Number && *Number >= 0 && *Number <= UINT32_MAX) {
    Out = static_cast<unsigned>(*Number);
    return;
  }
  P.field(Key).report("expected unsigned number");
  Good = false;
}

const json::Value *JSONReader::member(StringRef Key) {
  if (!good())
    return nullptr;
  const json::Value *V = O->get(Key);
  if (V)
    return V;
  P.field(Key).report("missing value");
  Good = false;
  return nullptr;
}

json::Value bytesToJSON(const std::vector<std::string> &Strings) {
  json::Array Out;
  for (const std::string &S : Strings)
    Out.push_back(bytesToJSON(S));
  return Out;
}

json::Value bytesToJSON(StringRef Bytes) {
  if (json::isUTF8(Bytes))
    return Bytes.str();
  return json::Object{{"hex", toHex(Bytes)}};
}

bool bytesFromJSON(const json::Value &V, std::string &Bytes, json::Path P) {
  if (std::optional<StringRef> Text = V.getAsString()) {
    Bytes = Text->str();
    return true;
  }
  if (const json::Object *O = V.getAsObject())
    if (std::optional<StringRef> Hex = O->getString("hex"))
      if (tryGetFromHex(*Hex, Bytes))
        return true;
  P.report("expected string or {\"hex\": ...}");
  return false;
}

bool bytesFromJSON(const json::Value &V, std::vector<std::string> &Strings,
                   json::Path P) {
  const json::Array *Array = V.getAsArray();
  if (!Array) {
    P.report("expected array");
    return false;
  }
  Strings.assign(Array->size(), "");
  for (size_t I = 0; I < Array->size(); ++I)
    if (!bytesFromJSON((*Array)[I], Strings[I], P.index(I)))
      return false;
  return true;
}

json::Value toJSON(const Location &L) {
  return json::Object{{"file", bytesToJSON(L.File)},
                      {"line", int64_t(L.Line)},
                      {"column", int64_t(L.Column)}};
}

json::Value toJSON(const Note &N) {
  return json::Object{{"loc", toJSON(N.Loc)},
                      {"message", bytesToJSON(N.Message)},
                      {"depth", int64_t(N.Depth)}};
}

json::Value toJSON(const Finding &F) {
  json::Object O{{"check", bytesToJSON(F.Check)},
                 {"message", bytesToJSON(F.Message)},
                 {"loc", toJSON(F.Loc)},
                 {"function", bytesToJSON(F.Function)},
                 {"identity", bytesToJSON(F.Identity)},
                 {"path", json::Array(F.Path)},
                 {"notes", json::Array(F.Notes)}};
  if (F.Remark)
    O["remark"] = true;
  return O;
}

bool fromJSON(const json::Value &V, Location &L, json::Path P) {
  JSONReader R(V, P);
  R.bytes("file", L.File);
  R.number("line", L.Line);
  R.number("column", L.Column);
  return R.good();
}

bool fromJSON(const json::Value &V, Note &N, json::Path P) {
  JSONReader R(V, P);
  R.value("loc", N.Loc);
  R.bytes("message", N.Message);
  R.number("depth", N.Depth);
  return R.good();
}

bool fromJSON(const json::Value &V, Finding &F, json::Path P) {
  JSONReader R(V, P);
  R.bytes("check", F.Check);
  R.bytes("message", F.Message);
  R.value("loc", F.Loc);
  R.bytes("function", F.Function);
  R.bytes("identity", F.Identity);
  R.value("path", F.Path);
  R.value("notes", F.Notes);
  // Few findings are, and only those say so.
  if (const json::Object *O = V.getAsObject())
    F.Remark = O->getBoolean("remark").value_or(false);
  return R.good();
}

} // namespace pagewarden
