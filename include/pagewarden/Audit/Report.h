//===- Report.h - What an audit found, for readers --------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// JSON and Markdown. Text and SARIF come from the sinks of findings.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_REPORT_H
#define PAGEWARDEN_AUDIT_REPORT_H

#include "pagewarden/Audit/Audit.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace pagewarden::audit {

/// How much was looked at.
struct Summary {
  std::string Kernel; ///< "6.12.117"
  unsigned Files = 0; ///< of source
  unsigned Exports = 0, GplOnly = 0, Symbols = 0;
  std::vector<std::string> Baselines;
  std::vector<std::string> Unreadable;
};

Summary summarise(const Subject &S);

/// One JSON object; its keys are described in docs/audit.md.
void writeJSON(llvm::raw_ostream &OS, const Summary &About,
               llvm::ArrayRef<Judgement> Judgements,
               llvm::ArrayRef<kernel::HiddenExport> Hidden);

/// For a mail or a wiki: a section for each rule, an entry for each symbol.
void writeMarkdown(llvm::raw_ostream &OS, const Summary &About,
                   llvm::ArrayRef<Judgement> Judgements,
                   llvm::ArrayRef<kernel::HiddenExport> Hidden);

/// What changed between two kernels.
void writeText(llvm::raw_ostream &OS, const Baseline &Old, const Baseline &New,
               const Difference &D);
void writeMarkdown(llvm::raw_ostream &OS, const Baseline &Old,
                   const Baseline &New, const Difference &D);
void writeJSON(llvm::raw_ostream &OS, const Baseline &Old, const Baseline &New,
               const Difference &D);

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_REPORT_H
