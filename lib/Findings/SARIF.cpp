//===- SARIF.cpp - Findings as SARIF 2.1.0 --------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One run per file.  Clang's own SARIF writer mixes up the rules of plugin
/// checkers, hence this one.
///
//===----------------------------------------------------------------------===//

#include "Files.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace llvm;

namespace pagewarden {

/// RFC 3986: everything but unreserved characters and '/' is escaped.
static std::string percentEncoded(StringRef Path) {
  std::string Out;
  for (unsigned char C : Path.bytes()) {
    if (isAlnum(C) || StringRef("-._~/").contains(C)) {
      Out += C;
      continue;
    }
    Out += '%';
    Out += hexdigit(C >> 4);
    Out += hexdigit(C & 15);
  }
  return Out;
}

static std::string fileURI(StringRef AbsolutePath) {
  return "file://" + percentEncoded(AbsolutePath);
}

static json::Object message(StringRef Text) {
  return json::Object{{"text", printable(Text)}};
}

namespace {
class SARIFWriter {
public:
  explicit SARIFWriter(const RunInfo &Run) : Run(Run) {}

  json::Value document(ArrayRef<Finding> Findings) {
    // Before the results: it numbers the rules.
    json::Object Driver = driver();
    json::Array Results;
    for (const Finding &F : Findings)
      Results.push_back(result(F));
    json::Object TheRun{{"tool", json::Object{{"driver", std::move(Driver)}}},
                        {"columnKind", "unicodeCodePoints"},
                        {"invocations", json::Array{invocation()}},
                        {"results", std::move(Results)}};
    if (!Run.Root.empty())
      TheRun["originalUriBaseIds"] =
          json::Object{{"%SRCROOT%", json::Object{{"uri", rootURI()}}}};
    return json::Object{
        {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/"
                    "os/schemas/sarif-schema-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", json::Array{std::move(TheRun)}}};
  }

private:
  /// A base must end in a slash.
  std::string rootURI() const {
    return fileURI(StringRef(Run.Root).rtrim('/')) + "/";
  }

  static StringRef severityName(Severity S) {
    switch (S) {
    case Severity::HIGH:
      return "HIGH";
    case Severity::MEDIUM:
      return "MEDIUM";
    case Severity::LOW:
      return "LOW";
    case Severity::STYLE:
      return "STYLE";
    }
    return "";
  }

  static json::Object rule(const CheckInfo &Check) {
    return json::Object{
        {"id", Check.fullName()},
        {"name", Check.Name.str()},
        {"shortDescription", message(Check.Help)},
        {"help", message("see " + Check.page() + " of pagewarden")},
        {"defaultConfiguration",
         json::Object{{"level", "warning"}, {"enabled", Check.OnByDefault}}},
        {"properties",
         json::Object{{"severity", severityName(Check.Level)},
                      {"tags", json::Array{Check.Package.str()}}}}};
  }

  json::Object driver() {
    json::Array Rules;
    for (ArrayRef<CheckInfo> List :
         {ArrayRef(AllChecks), ArrayRef(AllPolicies)})
      for (const CheckInfo &Check : List) {
        RuleIndex[Check.fullName()] = int64_t(Rules.size());
        Rules.push_back(rule(Check));
      }
    return json::Object{
        {"name", "pagewarden"},
        {"version", Run.ToolVersion},
        {"rules", std::move(Rules)},
        {"properties", json::Object{{"clangVersion", Run.ClangVersion}}}};
  }

  json::Object artifact(StringRef File) const {
    std::string Name = relativeTo(File, Run.Root);
    if (sys::path::is_absolute(Name))
      return json::Object{{"uri", fileURI(Name)}};
    json::Object Out{{"uri", percentEncoded(Name)}};
    if (!Run.Root.empty())
      Out["uriBaseId"] = "%SRCROOT%";
    return Out;
  }

  json::Object physical(const Location &L) const {
    json::Object Out{{"artifactLocation", artifact(L.File)}};
    if (!L.Line)
      return Out;
    json::Object Region{{"startLine", int64_t(L.Line)}};
    if (L.Column)
      Region["startColumn"] = int64_t(L.Column);
    Out["region"] = std::move(Region);
    return Out;
  }

  json::Object location(const Note &N) const {
    json::Object Out{{"message", message(N.Message)}};
    if (!N.Loc.File.empty())
      Out["physicalLocation"] = physical(N.Loc);
    return Out;
  }

  json::Array codeFlows(ArrayRef<Note> Path) const {
    json::Array Steps;
    for (const Note &N : Path)
      Steps.push_back(json::Object{{"location", location(N)},
                                   {"nestingLevel", int64_t(N.Depth)}});
    return json::Array{json::Object{
        {"threadFlows",
         json::Array{json::Object{{"locations", std::move(Steps)}}}}}};
  }

  /// Faults that are alike in one function are told apart by their order,
  /// which survives line shifts too.
  std::string uniqueFingerprint(const Finding &F) {
    std::string Print = F.fingerprint(Run.Root);
    const unsigned Nth = ++Seen[Print];
    return Nth == 1 ? Print : Print + ":" + utostr(Nth);
  }

  json::Object result(const Finding &F) {
    json::Object Where;
    if (!F.Loc.File.empty())
      Where["physicalLocation"] = physical(F.Loc);
    if (!F.Function.empty())
      Where["logicalLocations"] = json::Array{
          json::Object{{"name", printable(F.Function)}, {"kind", "function"}}};
    json::Object Out{{"ruleId", printable(F.Check)},
                     {"level", F.Remark ? "note" : "warning"},
                     {"message", message(F.Message)},
                     {"locations", json::Array{std::move(Where)}},
                     {"partialFingerprints",
                      json::Object{{"pagewarden/v1", uniqueFingerprint(F)}}}};
    auto Rule = RuleIndex.find(F.Check);
    if (Rule != RuleIndex.end())
      Out["ruleIndex"] = Rule->second;
    if (!F.Path.empty())
      Out["codeFlows"] = codeFlows(F.Path);
    if (F.Notes.empty())
      return Out;
    json::Array Related;
    for (const Note &N : F.Notes)
      Related.push_back(location(N));
    Out["relatedLocations"] = std::move(Related);
    return Out;
  }

  json::Object notification(StringRef Level, StringRef What,
                            StringRef File) const {
    json::Object Out{{"level", Level}, {"message", message(What)}};
    if (!File.empty())
      Out["locations"] = json::Array{
          json::Object{{"physicalLocation",
                        json::Object{{"artifactLocation", artifact(File)}}}}};
    return Out;
  }

  json::Object invocation() const {
    json::Array Notifications;
    for (const RunInfo::Failure &Failure : Run.Failures)
      Notifications.push_back(
          notification("error", Failure.What, Failure.File));
    for (const RunInfo::Partial &P : Run.Partials)
      Notifications.push_back(notification(
          "warning",
          "explored in part: the budget of paths was spent in " +
              utostr(P.Exhausted) + " of " + utostr(P.Functions) + " functions",
          P.File));
    json::Object Out{
        {"executionSuccessful",
         Run.Failures.empty() && Run.FilesDone == Run.FilesAsked},
        {"toolExecutionNotifications", std::move(Notifications)},
        {"properties", json::Object{{"filesAsked", int64_t(Run.FilesAsked)},
                                    {"filesDone", int64_t(Run.FilesDone)}}}};
    if (!Run.CommandLine.empty())
      Out["commandLine"] = printable(Run.CommandLine);
    return Out;
  }

  const RunInfo &Run;
  StringMap<int64_t> RuleIndex;
  StringMap<unsigned> Seen;
};
} // namespace

void writeSARIF(raw_ostream &OS, ArrayRef<Finding> Findings,
                const RunInfo &Run) {
  SARIFWriter Writer(Run);
  OS << formatv("{0:2}", Writer.document(Findings)) << '\n';
}

/// Writes to the open \p FD and closes it.
static std::error_code writeAndClose(int FD, ArrayRef<Finding> Findings,
                                     const RunInfo &Run) {
  raw_fd_ostream OS(FD, /*shouldClose=*/true);
  writeSARIF(OS, Findings, Run);
  OS.close();
  std::error_code EC = OS.error();
  OS.clear_error();
  return EC;
}

Error writeSARIFFile(StringRef Path, ArrayRef<Finding> Findings,
                     const RunInfo &Run) {
  // Through symbolic links, so that the link is not replaced by a file.
  SmallString<256> Target;
  if (sys::fs::real_path(Path, Target))
    Target = Path;

  sys::fs::file_status Status;
  const bool Exists = !sys::fs::status(Target, Status);
  if (Exists && Status.type() == sys::fs::file_type::directory_file)
    return cannotWrite(Path, make_error_code(errc::is_a_directory));

  int FD = -1;
  if (Exists && Status.type() != sys::fs::file_type::regular_file) {
    if (std::error_code EC =
            sys::fs::openFileForWrite(Target, FD, sys::fs::CD_OpenExisting))
      return cannotWrite(Path, EC);
    if (std::error_code EC = writeAndClose(FD, Findings, Run))
      return cannotWrite(Path, EC);
    return Error::success();
  }

  const std::string Temporary =
      (Target + ".tmp" + utostr(sys::Process::getProcessId())).str();
  if (std::error_code EC =
          sys::fs::openFileForWrite(Temporary, FD, sys::fs::CD_CreateAlways))
    return cannotWrite(Path, EC);
  std::error_code EC = writeAndClose(FD, Findings, Run);
  if (!EC)
    EC = sys::fs::rename(Temporary, Target);
  if (!EC)
    return Error::success();
  (void)sys::fs::remove(Temporary);
  return cannotWrite(Path, EC);
}

} // namespace pagewarden
