//===- UnitFacts.cpp - What one object needs and offers -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// JSON form.  Every member is required.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/UnitFacts.h"
#include "pagewarden/Findings/JSON.h"

using namespace llvm;

namespace pagewarden::scan {

static json::Value toJSON(const Frame &F) {
  return json::Object{{"function", bytesToJSON(F.Function)},
                      {"location", pagewarden::toJSON(F.Loc)}};
}

// Found by json::fromJSON() through the namespace of its argument.
bool fromJSON(const json::Value &V, Frame &F, json::Path P);
bool fromJSON(const json::Value &V, Need &N, json::Path P);
bool fromJSON(const json::Value &V, OwnExport &E, json::Path P);

bool fromJSON(const json::Value &V, Frame &F, json::Path P) {
  JSONReader R(V, P);
  R.bytes("function", F.Function);
  R.value("location", F.Loc);
  return R.good();
}

static json::Value toJSON(const Need &N) {
  json::Array Chain;
  for (const Frame &F : N.Chain)
    Chain.push_back(toJSON(F));
  return json::Object{{"symbol", bytesToJSON(N.Symbol)},
                      {"weak", N.Weak},
                      {"dropped", N.Dropped},
                      {"type", bytesToJSON(N.Type)},
                      {"chain", std::move(Chain)}};
}

bool fromJSON(const json::Value &V, Need &N, json::Path P) {
  JSONReader R(V, P);
  R.bytes("symbol", N.Symbol);
  R.value("weak", N.Weak);
  R.value("dropped", N.Dropped);
  R.bytes("type", N.Type);
  R.value("chain", N.Chain);
  return R.good();
}

static json::Value toJSON(const OwnExport &E) {
  return json::Object{{"symbol", bytesToJSON(E.Symbol)},
                      {"namespace", bytesToJSON(E.Namespace)},
                      {"gplOnly", E.GplOnly}};
}

bool fromJSON(const json::Value &V, OwnExport &E, json::Path P) {
  JSONReader R(V, P);
  R.bytes("symbol", E.Symbol);
  R.bytes("namespace", E.Namespace);
  R.value("gplOnly", E.GplOnly);
  return R.good();
}

json::Value toJSON(const UnitFacts &F) {
  json::Array Needs, Exports;
  for (const Need &N : F.Needs)
    Needs.push_back(toJSON(N));
  for (const OwnExport &E : F.Exports)
    Exports.push_back(toJSON(E));
  return json::Object{{"needs", std::move(Needs)},
                      {"defines", bytesToJSON(F.Defines)},
                      {"exports", std::move(Exports)},
                      {"modInfo", bytesToJSON(F.ModInfo)},
                      {"moduleNamespaces", F.ModuleNamespaces}};
}

bool fromJSON(const json::Value &V, UnitFacts &F, json::Path P) {
  JSONReader R(V, P);
  R.value("needs", F.Needs);
  R.bytes("defines", F.Defines);
  R.value("exports", F.Exports);
  R.bytes("modInfo", F.ModInfo);
  R.value("moduleNamespaces", F.ModuleNamespaces);
  return R.good();
}

} // namespace pagewarden::scan
