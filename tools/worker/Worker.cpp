//===- Worker.cpp - The worker: many files, one process each --------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a Request from standard input, writes results to standard output.
/// Not for people: 'pagewarden scan' is.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Plugin/Analyze.h"
#include "pagewarden/Scan/WorkerPool.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pagewarden;

static int fail(const Twine &Message) {
  errs() << "pagewarden-worker: error: " << Message << '\n';
  return 2;
}

/// Facts are read from code that is generated, or from every body.
static bool needsAllBodies(const scan::Options &Opts) {
  return Opts.FactsOnly || !Opts.Uses.empty();
}

int main(int argc, char **argv) {
  if (argc == 2 && StringRef(argv[1]) == "--version") {
    outs() << "pagewarden-worker " PAGEWARDEN_VERSION
              " for clang " PAGEWARDEN_CLANG_VERSION "\n";
    return 0;
  }
  if (argc != 1)
    return fail("a request is expected on standard input, and no arguments "
                "but --version; 'pagewarden scan' is the command to use");

  ErrorOr<std::unique_ptr<MemoryBuffer>> Input = MemoryBuffer::getSTDIN();
  if (!Input)
    return fail("cannot read the request: " + Input.getError().message());
  Expected<json::Value> Value = json::parse((*Input)->getBuffer());
  if (!Value)
    return fail("the request is not JSON: " + toString(Value.takeError()));
  scan::Request Request;
  json::Path::Root Root("request");
  if (!fromJSON(*Value, Request, Root))
    return fail(toString(Root.getError()));
  if (Error E = checkOptions(Request.Opts))
    return fail(toString(std::move(E)));
  if (Request.Opts.Exhaustive || needsAllBodies(Request.Opts))
    return scan::runPool(Request, warmUp,
                         [](const scan::Job &Job, const scan::Options &Opts) {
                           return analyzeFile(Job, Opts, nullptr);
                         });
  scan::HeaderBodies Bodies;
  return scan::runPool(
      Request, warmUp,
      [&](const scan::Job &Job, const scan::Options &Opts) {
        const scan::CalledNames Called = Bodies.calledBy(Job);
        return analyzeFile(Job, Opts, &Called);
      },
      [&](const scan::Job &Job) { Bodies.read(Job); });
}
