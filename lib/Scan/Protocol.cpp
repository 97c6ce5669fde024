//===- Protocol.cpp - What command and worker say to each other -----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// JSON form of the protocol.  Every member is required, command and worker
/// coming from one build, but those that are rarely set: these are left out
/// when they are empty.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/Protocol.h"
#include "pagewarden/Findings/JSON.h"
#include <iterator>

using namespace llvm;

namespace pagewarden::scan {

/// In the order of FileResult::StatusKind.
static constexpr StringLiteral StatusNames[] = {
    "ok", "parse-error", "timed-out", "crashed", "not-run"};

static bool has(const json::Value &V, StringRef Key) {
  const json::Object *O = V.getAsObject();
  return O && O->get(Key);
}

json::Value toJSON(const Options &O) {
  json::Object Out{{"modelFiles", bytesToJSON(O.ModelFiles)},
                   {"checks", bytesToJSON(O.Checks)},
                   {"symvers", bytesToJSON(O.Symvers)},
                   {"license", bytesToJSON(O.License)},
                   {"exhaustive", O.Exhaustive},
                   {"verbose", O.Verbose}};
  if (O.FactsOnly)
    Out["factsOnly"] = true;
  if (!O.Uses.empty())
    Out["uses"] = bytesToJSON(O.Uses);
  return Out;
}

bool fromJSON(const json::Value &V, Options &O, json::Path P) {
  JSONReader R(V, P);
  R.bytes("modelFiles", O.ModelFiles);
  R.bytes("checks", O.Checks);
  R.bytes("symvers", O.Symvers);
  R.bytes("license", O.License);
  R.value("exhaustive", O.Exhaustive);
  if (has(V, "factsOnly"))
    R.value("factsOnly", O.FactsOnly);
  R.value("verbose", O.Verbose);
  if (has(V, "uses"))
    R.bytes("uses", O.Uses);
  return R.good();
}

static json::Value toJSON(const Job &J) {
  json::Object Out{{"file", bytesToJSON(J.File)},
                   {"directory", bytesToJSON(J.Directory)},
                   {"arguments", bytesToJSON(J.Arguments)}};
  if (!J.License.empty())
    Out["license"] = bytesToJSON(J.License);
  if (J.Binary)
    Out["binary"] = true;
  if (!J.Prefix.empty())
    Out["prefix"] = bytesToJSON(J.Prefix);
  if (J.Text)
    Out["text"] = bytesToJSON(*J.Text);
  if (!J.Precompile.empty())
    Out["precompile"] = bytesToJSON(J.Precompile);
  if (!J.Ask.empty())
    Out["ask"] = bytesToJSON(J.Ask);
  return Out;
}

bool fromJSON(const json::Value &V, Job &J, json::Path P) {
  JSONReader R(V, P);
  R.bytes("file", J.File);
  R.bytes("directory", J.Directory);
  R.bytes("arguments", J.Arguments);
  if (has(V, "license"))
    R.bytes("license", J.License);
  if (has(V, "binary"))
    R.value("binary", J.Binary);
  if (has(V, "prefix"))
    R.bytes("prefix", J.Prefix);
  if (has(V, "text"))
    R.bytes("text", J.Text.emplace());
  if (has(V, "precompile"))
    R.bytes("precompile", J.Precompile);
  if (has(V, "ask"))
    R.bytes("ask", J.Ask);
  return R.good();
}

json::Value toJSON(const Request &Req) {
  json::Array Jobs;
  for (const Job &J : Req.Jobs)
    Jobs.push_back(toJSON(J));
  return json::Object{{"options", toJSON(Req.Opts)},
                      {"jobs", std::move(Jobs)},
                      {"parallel", int64_t(Req.Parallel)},
                      {"followMake", Req.FollowMake},
                      {"timeLimit", int64_t(Req.TimeLimit)},
                      {"memoryLimit", int64_t(Req.MemoryLimit)}};
}

bool fromJSON(const json::Value &V, Request &Req, json::Path P) {
  JSONReader R(V, P);
  R.value("options", Req.Opts);
  R.value("jobs", Req.Jobs);
  R.number("parallel", Req.Parallel);
  R.value("followMake", Req.FollowMake);
  R.number("timeLimit", Req.TimeLimit);
  R.number("memoryLimit", Req.MemoryLimit);
  return R.good();
}

json::Value toJSON(const FileResult &F) {
  json::Object Out{{"status", StatusNames[F.Status]},
                   {"file", bytesToJSON(F.File)},
                   {"detail", bytesToJSON(F.Detail)},
                   {"seconds", F.Seconds},
                   {"functions", int64_t(F.Functions)},
                   {"exhausted", int64_t(F.Exhausted)},
                   {"findings", json::Array(F.Findings)},
                   {"inputs", bytesToJSON(F.Inputs)}};
  if (F.Facts)
    Out["facts"] = toJSON(*F.Facts);
  if (!F.Answers.empty())
    Out["answers"] = F.Answers;
  if (F.Uses.empty())
    return Out;
  json::Array Uses;
  for (const UseFact &U : F.Uses)
    Uses.push_back(toJSON(U));
  Out["uses"] = std::move(Uses);
  return Out;
}

bool fromJSON(const json::Value &V, FileResult &F, json::Path P) {
  JSONReader R(V, P);
  std::string Status;
  R.bytes("status", Status);
  R.bytes("file", F.File);
  R.bytes("detail", F.Detail);
  R.value("seconds", F.Seconds);
  R.number("functions", F.Functions);
  R.number("exhausted", F.Exhausted);
  R.value("findings", F.Findings);
  if (has(V, "facts"))
    R.value("facts", F.Facts);
  if (has(V, "uses"))
    R.value("uses", F.Uses);
  if (has(V, "answers"))
    R.bytes("answers", F.Answers);
  R.bytes("inputs", F.Inputs);
  if (!R.good())
    return false;
  for (size_t I = 0; I < std::size(StatusNames); ++I)
    if (Status == StatusNames[I]) {
      F.Status = static_cast<FileResult::StatusKind>(I);
      return true;
    }
  P.field("status").report("unknown status");
  return false;
}

} // namespace pagewarden::scan
