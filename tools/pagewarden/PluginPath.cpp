//===- PluginPath.cpp - pagewarden plugin-path ----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints the plugin for a clang, so that build scripts need not know where
/// it is.
///
//===----------------------------------------------------------------------===//

#include "Clang.h"
#include "Command.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace pagewarden::tool;

static int runPluginPath();
static Command PluginPathCommand("plugin-path",
                                 "print the path of the plugin for a clang",
                                 runPluginPath);
static cl::opt<std::string>
    Clang("clang", cl::desc("the compiler that will load it (default: clang)"),
          cl::value_desc("CLANG"), cl::init("clang"),
          cl::sub(PluginPathCommand));

static int runPluginPath() {
  Expected<std::string> Path = findClang(Clang);
  if (!Path)
    return fail(Path.takeError());
  Expected<ClangVersion> Version = versionOfClang(*Path);
  if (!Version)
    return fail(Version.takeError());
  Expected<ClangVersion> Built = versionBuiltFor(Version->Major);
  if (!Built)
    return fail("'" + *Path + "' is clang " + Version->str() + ": " +
                toString(Built.takeError()));
  if (*Version != *Built)
    return fail("'" + *Path + "' is clang " + Version->str() +
                ", and the plugin was built for " + Built->str() +
                "; a plugin works in the exact version only: build pagewarden "
                "again");
  const std::string Plugin = pluginPath(Version->Major);
  if (!sys::fs::exists(Plugin))
    return fail("the plugin '" + Plugin +
                "' is missing; build pagewarden again");
  outs() << Plugin << '\n';
  return NothingFound;
}
