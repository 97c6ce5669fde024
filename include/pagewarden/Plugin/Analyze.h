//===- Analyze.h - One file, from command line to findings ------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The worker's door into clang.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_PLUGIN_ANALYZE_H
#define PAGEWARDEN_PLUGIN_ANALYZE_H

#include "pagewarden/Scan/HeaderBodies.h"
#include "pagewarden/Scan/Protocol.h"
#include "llvm/Support/Error.h"

namespace pagewarden {

/// Model files can be read, checks have known names, exports can be loaded.
llvm::Error checkOptions(const scan::Options &Opts);

/// Does once what every file needs, for children to inherit.
void warmUp(const scan::Options &Opts);

/// Parses and analyses one file.  Changes the process's current folder.
/// Unless \p Called is null, bodies of header functions that it rules out are
/// not parsed, as far as Options and the checks do not need all of them.
scan::FileResult analyzeFile(const scan::Job &Job, const scan::Options &Opts,
                             const scan::CalledNames *Called);

} // namespace pagewarden

#endif // PAGEWARDEN_PLUGIN_ANALYZE_H
