//===- UseFact.cpp - One use of a function --------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/UseFact.h"
#include "pagewarden/Findings/JSON.h"

using namespace llvm;

namespace pagewarden::scan {

json::Value toJSON(const ReleaseFact &R) {
  return json::Object{{"callee", bytesToJSON(R.Callee)},
                      {"function", bytesToJSON(R.Function)},
                      {"loc", pagewarden::toJSON(R.Loc)},
                      {"handed", R.Handed}};
}

bool fromJSON(const json::Value &V, ReleaseFact &F, json::Path P) {
  JSONReader R(V, P);
  R.bytes("callee", F.Callee);
  R.bytes("function", F.Function);
  R.value("loc", F.Loc);
  R.value("handed", F.Handed);
  return R.good();
}

json::Value toJSON(const UseFact &U) {
  json::Array Releases;
  for (const ReleaseFact &R : U.Releases)
    Releases.push_back(toJSON(R));
  return json::Object{{"symbol", bytesToJSON(U.Symbol)},
                      {"spelled", bytesToJSON(U.Spelled)},
                      {"loc", pagewarden::toJSON(U.Loc)},
                      {"function", bytesToJSON(U.Function)},
                      {"kind", bytesToJSON(U.Kind)},
                      {"via", bytesToJSON(U.Via)},
                      {"macros", bytesToJSON(U.Macros)},
                      {"flags", bytesToJSON(U.Flags)},
                      {"flagsValue", bytesToJSON(U.FlagsValue)},
                      {"count", bytesToJSON(U.Count)},
                      {"countValue", bytesToJSON(U.CountValue)},
                      {"inLoop", U.InLoop},
                      {"result", bytesToJSON(U.Result)},
                      {"object", bytesToJSON(U.Object)},
                      {"field", bytesToJSON(U.Field)},
                      {"escape", bytesToJSON(U.Escape)},
                      {"releases", std::move(Releases)}};
}

bool fromJSON(const json::Value &V, UseFact &F, json::Path P) {
  JSONReader R(V, P);
  R.bytes("symbol", F.Symbol);
  R.bytes("spelled", F.Spelled);
  R.value("loc", F.Loc);
  R.bytes("function", F.Function);
  R.bytes("kind", F.Kind);
  R.bytes("via", F.Via);
  R.bytes("macros", F.Macros);
  R.bytes("flags", F.Flags);
  R.bytes("flagsValue", F.FlagsValue);
  R.bytes("count", F.Count);
  R.bytes("countValue", F.CountValue);
  R.value("inLoop", F.InLoop);
  R.bytes("result", F.Result);
  R.bytes("object", F.Object);
  R.bytes("field", F.Field);
  R.bytes("escape", F.Escape);
  R.value("releases", F.Releases);
  return R.good();
}

} // namespace pagewarden::scan
