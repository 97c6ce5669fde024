//===- Options.h - Options that every door understands ----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_PLUGIN_OPTIONS_H
#define PAGEWARDEN_PLUGIN_OPTIONS_H

#include "pagewarden/Scan/Protocol.h"
#include "llvm/Support/Error.h"

namespace pagewarden {

/// Full names of the checks that \p Opts leaves on.
std::vector<std::string> enabledChecks(const scan::Options &Opts);

/// The families of resources that these follow along paths.
std::vector<llvm::StringRef> enabledFamilies(const scan::Options &Opts);

/// Of these, the ones that bring a file into the analysis: user pages, and
/// those of checks that Options::Checks names.
std::vector<llvm::StringRef> gateFamilies(const scan::Options &Opts);

/// An entry of Options::Checks is "<check or package>=on" or "...=off" with a
/// name that exists.
llvm::Error checkCheckNames(const scan::Options &Opts);

} // namespace pagewarden

#endif // PAGEWARDEN_PLUGIN_OPTIONS_H
