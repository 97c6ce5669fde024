//===- FindingConsumer.h - From clang's reports to findings -----*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_LIB_PLUGIN_FINDINGCONSUMER_H
#define PAGEWARDEN_LIB_PLUGIN_FINDINGCONSUMER_H

#include "pagewarden/Plugin/Consumer.h"
#include "clang/Analysis/PathDiagnostic.h"

namespace pagewarden {

/// Turns reports of our checks into findings; those of clang's own modelling
/// checks are dropped.
class FindingConsumer : public clang::ento::PathDiagnosticConsumer {
public:
  explicit FindingConsumer(std::vector<CompilerFinding> &Out) : Out(Out) {}

  llvm::StringRef getName() const override { return "pagewarden"; }
  PathGenerationScheme getGenerationScheme() const override { return Minimal; }
  bool supportsCrossFileDiagnostics() const override { return true; }

  void
  FlushDiagnosticsImpl(std::vector<const clang::ento::PathDiagnostic *> &Diags,
                       FilesMade *) override;

private:
  std::vector<CompilerFinding> &Out;
};

} // namespace pagewarden

#endif // PAGEWARDEN_LIB_PLUGIN_FINDINGCONSUMER_H
