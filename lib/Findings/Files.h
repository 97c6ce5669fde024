//===- Files.h - What the sinks that write files share ----------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_FINDINGS_FILES_H
#define PAGEWARDEN_LIB_FINDINGS_FILES_H

#include "llvm/Support/Error.h"

namespace pagewarden {

/// "cannot write 'path': why"
inline llvm::Error cannotWrite(llvm::StringRef Path, std::error_code EC) {
  return llvm::createStringError(EC, "cannot write '%s': %s",
                                 Path.str().c_str(), EC.message().c_str());
}

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_FINDINGS_FILES_H
