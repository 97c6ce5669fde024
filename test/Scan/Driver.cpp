//===- Driver.cpp - Findings, Gate and Scan without clang -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For tests.  The first argument says what to do with standard input:
///
///   text ROOT              findings (a JSON array) as text
///   colors ROOT            the same in colours
///   sarif ROOT             findings as SARIF; {"findings", "failures",
///                          "asked", "done"} is read instead of an array
///   sarif-file ROOT PATH   the same to a file
///   html ROOT FOLDER       the same as HTML
///   fingerprints ROOT      one a line
///   json                   findings read and written again
///   gate WORD...           the word that is found, or "-"
///   gate-speed WORD...     microseconds for one pass, best of 20
///   pool                   a Request, with an analysis that does what the
///                          name of each file says
///   run WORKER             a Request given to a worker
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Findings/Sinks.h"
#include "pagewarden/Gate/TextGate.h"
#include "pagewarden/Scan/WorkerPool.h"
#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <unistd.h>

using namespace llvm;
using namespace pagewarden;

[[noreturn]] static void die(const Twine &Message) {
  errs() << "driver: " << Message << '\n';
  std::exit(2);
}

static std::string input() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getSTDIN();
  if (!Buffer)
    die("no input");
  return (*Buffer)->getBuffer().str();
}

template <typename T> static T read(const json::Value &V) {
  T Out;
  json::Path::Root Root("input");
  if (!fromJSON(V, Out, Root))
    die(toString(Root.getError()));
  return Out;
}

static json::Value inputJSON() {
  Expected<json::Value> V = json::parse(input());
  if (!V)
    die(toString(V.takeError()));
  return std::move(*V);
}

static std::vector<Finding> readFindings(const json::Value &V) {
  auto Findings = read<std::vector<Finding>>(V);
  normalise(Findings);
  return Findings;
}

static RunInfo readRun(const json::Value &V, StringRef Root,
                       std::vector<Finding> &Findings) {
  RunInfo Run;
  Run.Root = Root.str();
  Run.ToolVersion = "0.0.1";
  Run.ClangVersion = "19.1.7";
  Run.CommandLine = "pagewarden scan -p 'a b'";
  const json::Object *O = V.getAsObject();
  if (!O) {
    Findings = readFindings(V);
    return Run;
  }
  Findings = readFindings(*O->get("findings"));
  Run.FilesAsked = unsigned(O->getInteger("asked").value_or(0));
  Run.FilesDone = unsigned(O->getInteger("done").value_or(0));
  for (const json::Value &F : *O->getArray("failures"))
    Run.Failures.push_back({F.getAsObject()->getString("file")->str(),
                            F.getAsObject()->getString("what")->str()});
  return Run;
}

/// What a file is called is what happens to it.
static scan::FileResult analyse(const scan::Job &J, const scan::Options &O) {
  scan::FileResult Result;
  Result.Status = scan::FileResult::Ok;
  Result.File = "not the name of the job";
  Result.Functions = 7;
  StringRef Name = sys::path::stem(J.File);
  if (Name.starts_with("segv")) {
    errs() << "one\ntwo\n\nlast words\n";
    std::raise(SIGSEGV);
  }
  if (Name.starts_with("abort"))
    std::abort();
  if (Name.starts_with("exit"))
    _exit(3);
  if (Name.starts_with("silent"))
    _exit(0);
  if (Name.starts_with("hang"))
    while (true)
      pause();
  if (Name.starts_with("orphan") && fork() == 0)
    while (true)
      pause();
  if (Name.starts_with("memory")) {
    // In one piece, so that the machine is not loaded; volatile, so that the
    // compiler does not do without.
    void *volatile Block = std::malloc(size_t(8) << 30);
    if (!Block)
      std::abort();
    std::free(Block);
  }
  if (Name.starts_with("print"))
    outs() << "{\"status\":\"ok\"}\n";
  if (Name.starts_with("burn"))
    for (auto Start = std::clock(); std::clock() - Start < CLOCKS_PER_SEC / 2;)
      ;
  if (Name.starts_with("parse")) {
    Result.Status = scan::FileResult::ParseError;
    Result.Detail = "x.c:1:1: expected ';'";
  }
  if (Name.starts_with("find")) {
    Finding F;
    F.Check = "linux.mm.PinLeak";
    F.Message = "lost \xff here";
    F.Loc = {J.Directory + "/" + J.Arguments.front(), 3, 9};
    F.Function = O.License;
    Result.Findings.push_back(F);
  }
  return Result;
}

static int gateSpeed(const gate::TextGate &Gate, StringRef Text) {
  using Clock = std::chrono::steady_clock;
  auto Best = Clock::duration::max();
  for (unsigned I = 0; I < 20; ++I) {
    auto Start = Clock::now();
    if (!Gate.why(Text).empty())
      die("the gate stops before the end of the text");
    Best = std::min(Best, Clock::now() - Start);
  }
  outs() << std::chrono::duration_cast<std::chrono::microseconds>(Best).count()
         << '\n';
  return 0;
}

static int runWorker(StringRef Worker) {
  unsigned Results = 0, Ticks = 0;
  Error E = scan::runWorker(
      Worker, read<scan::Request>(inputJSON()),
      [&](scan::FileResult R) {
        ++Results;
        outs() << toJSON(R) << '\n';
      },
      [&] { ++Ticks; });
  outs() << Results << " results, " << (Ticks ? "ticks" : "no ticks") << '\n';
  if (!E)
    return 0;
  errs() << "error: " << toString(std::move(E)) << '\n';
  return 2;
}

int main(int argc, char **argv) {
  std::vector<StringRef> Args(argv + 1, argv + argc);
  if (Args.empty())
    die("what?");
  StringRef Mode = Args[0], First = Args.size() > 1 ? Args[1] : "";
  if (Mode == "text" || Mode == "colors") {
    writeText(outs(), readFindings(inputJSON()), First, Mode == "colors");
    return 0;
  }
  if (Mode == "fingerprints") {
    for (const Finding &F : readFindings(inputJSON()))
      outs() << F.fingerprint(First) << '\n';
    return 0;
  }
  if (Mode == "json") {
    outs() << json::Value(json::Array(readFindings(inputJSON()))) << '\n';
    return 0;
  }
  if (Mode == "html") {
    std::vector<Finding> Findings;
    RunInfo Run = readRun(inputJSON(), First, Findings);
    if (Error E = writeHTML(Args[2], Findings, Run))
      die(toString(std::move(E)));
    return 0;
  }
  if (Mode == "sarif" || Mode == "sarif-file") {
    std::vector<Finding> Findings;
    RunInfo Run = readRun(inputJSON(), First, Findings);
    if (Mode == "sarif") {
      writeSARIF(outs(), Findings, Run);
      return 0;
    }
    if (Error E = writeSARIFFile(Args[2], Findings, Run))
      die(toString(std::move(E)));
    return 0;
  }
  if (Mode.starts_with("gate")) {
    gate::TextGate Gate;
    for (StringRef Word : ArrayRef(Args).drop_front())
      Gate.add(Word);
    std::string Text = input();
    if (Mode == "gate-speed")
      return gateSpeed(Gate, Text);
    StringRef Why = Gate.why(Text);
    outs() << (Why.empty() ? "-" : Why) << '\n';
    return 0;
  }
  if (Mode == "pool") {
    unsigned WarmUps = 0;
    scan::Request Req = read<scan::Request>(inputJSON());
    int Status =
        scan::runPool(Req, [&](const scan::Options &) { ++WarmUps; }, analyse);
    errs() << "warmed up " << WarmUps << " time(s), status " << Status << '\n';
    return Status;
  }
  if (Mode == "run")
    return runWorker(First);
  die("what is '" + Mode + "'?");
}
